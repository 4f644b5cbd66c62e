//! Reads rule packs: a folder of JSON to a checked [`Pack`].
//!
//! Packs in the project's `rules/` are built in; [`load`] takes a folder of the user's own.
//! Start reading at [`load`].

mod check;
mod error;
pub(crate) mod named;
mod patterns;
mod shape;
#[cfg(test)]
mod shipped;
pub(crate) mod source;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

pub use self::error::PackError;
use self::source::{Source, did_you_mean};
use crate::model::Pack;

/// The pack that is used where none is named.
pub const DEFAULT: &str = "ccrc-om";

/// The file of a pack that holds what its clauses share.
const COMMON: &str = "pack.json";

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The default pack.
///
/// # Errors
/// Never in a released binary: tests load it.
pub fn builtin() -> Result<Pack, PackError> {
    builtin_named(DEFAULT)
}

/// A pack that the binary carries.
///
/// # Errors
/// Where there is none of that name, or as for [`load`].
pub fn builtin_named(name: &str) -> Result<Pack, PackError> {
    let Some(dir) = BUILT_IN.dirs().find(|dir| dir.path() == Path::new(name)) else {
        let help = did_you_mean(name, builtin_names());
        return Err(PackError::NoSuchPack { name: name.to_owned(), help });
    };
    let files = dir.files().map(|file| {
        let path = Path::new("rules").join(file.path());
        File { name: name_of(file.path()), path, bytes: file.contents().to_vec() }
    });
    // Tests load these from their folder, and so check them.
    assemble(Path::new("rules").join(name), files.collect(), true)
}

/// The JSON Schema of `evlint.json`.
///
/// # Panics
/// Never: the binary carries it.
#[must_use]
pub fn config_schema() -> &'static str {
    let file = BUILT_IN.get_file("evlint.schema.json").and_then(include_dir::File::contents_utf8);
    file.expect("it lies in the folder that is compiled in, and tests read it")
}

/// The names of the packs that the binary carries, sorted.
#[must_use]
pub fn builtin_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = BUILT_IN.dirs().filter_map(|dir| dir.path().to_str()).collect();
    names.sort_unstable();
    names
}

/// The pack in a folder.
///
/// # Errors
/// Where a file cannot be read, is not valid, or contradicts another; of many errors the first
/// in the order of the clauses.
pub fn load(dir: &Path) -> Result<Pack, PackError> {
    let unread = |path: &Path| {
        let path = path.to_path_buf();
        move |source: io::Error| PackError::Read { path, source }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(unread(dir))? {
        let path = entry.map_err(unread(dir))?.path();
        let name = name_of(&path);
        if is_ours(&name) && path.is_file() {
            let bytes = fs::read(&path).map_err(unread(&path))?;
            files.push(File { name, path, bytes });
        }
    }
    assemble(dir.to_path_buf(), files, false)
}

/// A file of a pack, under the name its user knows it by.
struct File {
    name: String,
    path: PathBuf,
    bytes: Vec<u8>,
}

fn assemble(dir: PathBuf, mut files: Vec<File>, checked: bool) -> Result<Pack, PackError> {
    files.retain(|file| is_ours(&file.name));
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let Some(common) = files.iter().find(|file| file.name == COMMON) else {
        return Err(PackError::Missing { path: dir });
    };
    let mut clauses: Vec<(u32, Source)> = Vec::new();
    for file in files.iter().filter(|file| file.name != COMMON) {
        let no = number(file)?;
        if clauses.iter().any(|(known, _)| *known == no) {
            let help = format!("另一个文件已是条款 {no} (another file is clause {no} already)");
            return Err(PackError::Misnamed { path: file.path.clone(), help });
        }
        clauses.push((no, text(file)?));
    }
    clauses.sort_by_key(|(no, _)| *no);
    let mut pack = check::pack(&text(common)?, &clauses, checked)?;
    pack.digest = digest(&files);
    Ok(pack)
}

/// JSON files belong to the pack; notes beside them and what editors and systems leave do not.
fn is_ours(name: &str) -> bool {
    !name.starts_with('.') && Path::new(name).extension().is_some_and(|extension| extension == "json")
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `11-contract.json` is clause 11.
fn number(file: &File) -> Result<u32, PackError> {
    let number = file.name.split_once('-').and_then(|(number, _)| number.parse().ok());
    number.ok_or_else(|| PackError::Misnamed {
        path: file.path.clone(),
        help: "条款文件名以条款号开头，如 11-contract.json (begin with the clause's number)".to_owned(),
    })
}

fn text(file: &File) -> Result<Source, PackError> {
    match str::from_utf8(&file.bytes) {
        Ok(text) => Ok(Source::new(&file.path.display().to_string(), text)),
        Err(error) => {
            let source =
                io::Error::new(io::ErrorKind::InvalidData, format!("not UTF-8 from byte {} on", error.valid_up_to()));
            Err(PackError::Read { path: file.path.clone(), source })
        }
    }
}

/// Over names and contents in the order of the names; lengths keep them apart.
fn digest(files: &[File]) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|file| [file.name.as_bytes(), &file.bytes]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    crate::model::text::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use miette::Diagnostic;

    use super::*;
    use crate::model::pack::{Need, Structure, Timing};

    const SMALL: &str = "fixtures/rules/small";

    #[test]
    fn a_pack_is_read_with_its_defaults() {
        let pack = load(Path::new(SMALL)).map_err(miette::Report::new).expect("the small pack is valid");
        assert_eq!(pack.clauses.iter().map(|clause| clause.no).collect::<Vec<_>>(), [1, 2]);
        let (survey, contract) = (&pack.clauses[0].materials[0], &pack.clauses[1].materials[0]);
        assert_eq!((survey.timing, contract.timing), (Timing::Any, Timing::Contract));
        assert_eq!(survey.recognise.titles[0].as_str(), "(?:甲方|客户)?调研报告");
        assert_eq!(pack.vocabulary.customers[0].as_str(), "(?:(?:甲方|客户)名称)");
        assert_eq!(survey.confused_with[0].to_string(), "2.contract");
        let (time, price) = (&survey.items[0], &contract.items[0]);
        assert_eq!((time.need, time.words.len(), time.words[0].len()), (Need::All, 1, 2));
        assert_eq!((price.need, price.words.len(), price.words[0].len()), (Need::Suitable, 2, 2));
        assert!(!time.shown_by.contains(&Structure::Title) && time.shown_by.len() == 5);
        assert_eq!(price.shown_by, [Structure::Row]);
        assert_eq!(pack.digest.len(), 64);
    }

    /// One change to the small pack, the code it gives, what is underlined, and what help says.
    #[test]
    fn a_bad_pack_says_what_is_wrong_and_where() {
        const PACK: &str = "pack.json";
        const ONE: &str = "01-survey.json";
        const TWO: &str = "2-contract.json";
        for (file, from, to, code, here, help) in [
            (ONE, "\"no\"", "no", "syntax", "n", ""),
            (ONE, "titles", "titels", "syntax", "\"titels\"", "did you mean `titles`?"),
            (PACK, "\"drafts\"", "\"draft\"", "syntax", "\"draft\"", "did you mean `drafts`?"),
            (ONE, "\"report\"", "\"reprot\"", "syntax", "\"reprot\"", "did you mean `report`?"),
            (ONE, "\"project\"", "\"projekt\"", "syntax", "\"projekt\"", "did you mean `project`?"),
            (PACK, "\"客户名\"", "\"客户\"", "syntax", "\"客户\"", ""),
            (TWO, "总价", "总价(", "pattern", "(", "regex"),
            (TWO, "总价", "总价：", "unmatchable", "：", "半角"),
            (PACK, "待补充", "{客戶}", "unknown", "{客戶}", "客户"),
            (PACK, "{客户}名称", "{客户名}名称", "unknown", "{客户名}", "客户"),
            (ONE, "\"1\", \"2\"", "\"1\", \"5\"", "unknown", "\"5\"", "可用：1, 2"),
            (ONE, "\"initial\"", "\"inital\"", "unknown", "\"inital\"", "did you mean `initial`?"),
            (ONE, "\"准备阶段\"", "\"准备阶断\"", "unknown", "\"准备阶断\"", "did you mean `准备阶段`?"),
            (ONE, "2.contract", "2.contrakt", "unknown", "\"2.contrakt\"", "did you mean `2.contract`?"),
            (ONE, "2.contract", "contract", "unknown", "\"contract\"", "did you mean `2.contract`?"),
            (PACK, "[\"2\"]", "[\"4\"]", "unknown", "\"4\"", "可用：1, 2"),
            (ONE, "\"cite\": \"调研报告\"", "\"cite\": \"调查报告\"", "not_in_text", "\"调查报告\"", "word for word"),
            (ONE, "\"name\": \"服务时间\"", "\"name\": \"服务期\"", "not_in_text", "\"服务期\"", "word for word"),
            (PACK, "\"id\": \"2\"", "\"id\": \"1\"", "duplicate", "\"1\"", ""),
            (ONE, "\"levels\": [\"1\", \"2\"]", "\"levels\": []", "empty", "[", ""),
            (TWO, "\"人民币\"", "", "empty", "[", ""),
            (TWO, "\"no\": 2", "\"no\": 3", "unknown", "3", "文件名中是 2"),
        ] {
            let dir = tempfile::tempdir().expect("a folder");
            for name in [PACK, ONE, TWO] {
                let mut text = fs::read_to_string(Path::new(SMALL).join(name)).expect(name);
                if name == file {
                    assert!(text.contains(from), "{from}");
                    text = text.replacen(from, to, 1);
                }
                fs::write(dir.path().join(name), text).expect(name);
            }
            let error = load(dir.path()).expect_err(to);
            assert_eq!(
                error.code().expect(to).to_string(),
                format!("evlint::pack::{code}"),
                "{from} to {to}: {error:?}"
            );
            let label = error.labels().and_then(|mut labels| labels.next()).expect(to);
            let source = error.source_code().expect(to).read_span(label.inner(), 0, 0).expect(to);
            assert_eq!(String::from_utf8_lossy(source.data()), here, "{from} to {to}");
            assert!(source.name().is_some_and(|name| name.ends_with(file)), "{from} to {to}");
            assert!(
                error.help().map(|help| help.to_string()).unwrap_or_default().contains(help),
                "{from} to {to}: {:?}",
                error.help().map(|h| h.to_string())
            );
        }
    }

    #[test]
    fn a_folder_that_is_no_pack_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let code = |path: &Path| load(path).expect_err("no pack").code().expect("a code").to_string();
        assert_eq!(code(&dir.path().join("none")), "evlint::pack::read");
        assert_eq!(code(dir.path()), "evlint::pack::missing");
        fs::copy(Path::new(SMALL).join("pack.json"), dir.path().join("pack.json")).expect("a copy");
        fs::write(dir.path().join("contract.json"), "{}").expect("a file");
        assert_eq!(code(dir.path()), "evlint::pack::misnamed");
        fs::rename(dir.path().join("contract.json"), dir.path().join("1-contract.json")).expect("a name");
        fs::write(dir.path().join("1-contract.json"), [b'"', 0xd6, 0xd0, b'"']).expect("a file");
        assert_eq!(code(dir.path()), "evlint::pack::read");
        assert_eq!(
            builtin_named("ccrc").expect_err("no such").code().expect("a code").to_string(),
            "evlint::pack::no_such_pack"
        );
    }

    #[test]
    fn the_digest_follows_names_and_contents() {
        let digest = |name: &str, more: &str| {
            let dir = tempfile::tempdir().expect("a folder");
            for from in ["pack.json", "01-survey.json", "2-contract.json"] {
                let text = fs::read_to_string(Path::new(SMALL).join(from)).expect(from);
                let to = if from.starts_with('2') { name } else { from };
                fs::write(dir.path().join(to), text + more).expect(to);
            }
            fs::write(dir.path().join("notes.txt"), more).expect("a note");
            load(dir.path()).map_err(miette::Report::new).expect("valid").digest
        };
        let first = digest("2-contract.json", "");
        assert_eq!(first, load(Path::new(SMALL)).expect("valid").digest);
        assert_ne!(first, digest("02-contract.json", ""));
        assert_ne!(first, digest("2-contract.json", "\n"));
    }
}
