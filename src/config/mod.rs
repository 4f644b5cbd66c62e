//! Reads `evlint.json`: what an organisation says about itself and its audit.
//!
//! Two steps, for the file may name the pack that it is held against: [`read`] takes its shape,
//! [`ConfigFile::check`] gives a checked [`Config`], which the command line merges with flags.
//! Start reading at [`find`].

mod check;
mod error;
mod shape;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

pub use self::error::ConfigError;
use crate::model::settings::{Confirmation, Lines, PriorFinding, Waiver};
use crate::model::{MaterialRef, Pack, Project, Span};
use crate::rules::source::Source;

/// What the file is called.
pub const NAME: &str = "evlint.json";

/// Everything that `evlint.json` can say; what it left out is None or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    pub organization: Option<String>,
    /// Id of a level of the pack.
    pub level: Option<String>,
    /// Id of an audit of the pack.
    pub audit: Option<String>,
    pub period: Option<Span>,
    pub as_of: Option<Date>,
    pub assessed_on: Option<Date>,
    pub assessors: Vec<String>,
    pub projects: Vec<Project>,
    pub prior_findings: Vec<PriorFinding>,
    /// Paths and globs relative to the evidence root, NFC, with `/`.
    pub evidence: Vec<(MaterialRef, Vec<String>)>,
    pub waivers: Vec<Waiver>,
    pub confirmations: Vec<Confirmation>,
    /// Globs as in a `.gitignore`, relative to the evidence root.
    pub ignore: Vec<String>,
    pub lines: Lines,
}

/// The `evlint.json` that speaks for a folder: its own, or where it has none the nearest above it,
/// up to the root of its git repository and never beyond. Without a repository only its own.
#[must_use]
pub fn find(start: &Path) -> Option<PathBuf> {
    let own = start.join(NAME);
    if own.is_file() {
        return Some(own);
    }
    let start = fs::canonicalize(start).ok()?;
    let root = start.ancestors().find(|folder| folder.join(".git").exists())?;
    let folders = start.ancestors().take_while(|folder| folder.starts_with(root));
    folders.map(|folder| folder.join(NAME)).find(|file| file.is_file())
}

/// Reads the file's shape; what it says is held against a pack by [`ConfigFile::check`].
///
/// # Errors
/// Where it cannot be read, is no JSON, or has a field we do not know or of another type.
pub fn read(path: &Path) -> Result<ConfigFile, ConfigError> {
    let unread = |source: io::Error| ConfigError::Read { path: path.to_path_buf(), source };
    of_bytes(&path.display().to_string(), fs::read(path).map_err(unread)?)
}

/// As [`read`], where the file is not on disk: its name for people, and its bytes.
///
/// # Errors
/// As [`read`].
pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Result<ConfigFile, ConfigError> {
    let unread = |source: io::Error| ConfigError::Read { path: name.into(), source };
    let text = String::from_utf8(bytes)
        .map_err(|error| unread(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))?;
    parse(name, &text)
}

fn parse(name: &str, text: &str) -> Result<ConfigFile, ConfigError> {
    let source = Source::new(name, text);
    let shape = source.parse()?;
    Ok(ConfigFile { source, shape })
}

/// An `evlint.json` of the right shape.
#[derive(Debug)]
pub struct ConfigFile {
    source: Source,
    shape: shape::Config,
}

impl ConfigFile {
    /// `rules` as written: the name of a built-in pack, or a folder relative to the file.
    #[must_use]
    pub fn rules(&self) -> Option<&str> {
        self.shape.rules.as_deref()
    }

    /// # Errors
    /// Where it names what the pack does not have, or a value means nothing: a date that no
    /// calendar has, a path that leaves the folder.
    pub fn check(&self, pack: &Pack) -> Result<Config, ConfigError> {
        check::config(&self.shape, pack, &self.source.root())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use miette::Diagnostic;

    use super::*;
    use crate::model::settings::Entry;
    use crate::rules;

    fn pack() -> Pack {
        rules::load(Path::new("fixtures/rules/small")).map_err(miette::Report::new).expect("the small pack is valid")
    }

    #[test]
    fn everything_it_says_is_kept() {
        let file = read(Path::new("fixtures/config/full.json")).map_err(miette::Report::new).expect("a valid file");
        assert_eq!(file.rules(), Some("../rules/small"));
        let config = file.check(&pack()).map_err(miette::Report::new).expect("it agrees with the pack");
        assert_eq!(config.organization.as_deref(), Some("甲公司"));
        assert_eq!((config.level.as_deref(), config.audit.as_deref()), (Some("2"), Some("surveillance")));
        assert_eq!(config.period, Some(Span { from: date(2025, 1, 1), to: date(2025, 12, 31) }));
        assert_eq!((config.as_of, config.assessed_on), (Some(date(2026, 3, 2)), Some(date(2026, 3, 1))));
        let paths: Vec<&[String]> = config.projects.iter().map(|project| project.paths.as_slice()).collect();
        assert_eq!(paths, [&["01-医院".to_owned(), "合同/医院".to_owned()][..], &["02-é".to_owned()], &[]]);
        assert_eq!(config.projects[0].contract.map(|span| span.to), Some(date(2025, 6, 30)));
        assert_eq!(config.evidence[0].0.to_string(), "2.contract");
        assert_eq!(config.evidence[0].1, ["合同/*.pdf"]);
        let waived: Vec<_> = config.waivers.iter().map(|waiver| (waiver.clause, waiver.material.as_deref())).collect();
        assert_eq!(waived, [(1, None), (2, Some("contract")), (3, None)]);
        assert_eq!(config.confirmations[0].path.as_str(), "归档.zip!/合同.docx");
        assert_eq!(config.prior_findings[0].kind, "observation");
        assert_eq!(config.ignore, ["*.bak", "个人/"]);
    }

    #[test]
    fn its_entries_know_their_lines() {
        let file = read(Path::new("fixtures/config/full.json")).map_err(miette::Report::new).expect("a valid file");
        let config = file.check(&pack()).map_err(miette::Report::new).expect("it agrees with the pack");
        let waiver =
            |of: &str, project: Option<&str>| Entry::Waiver { of: of.into(), project: project.map(Into::into) };
        for (entry, line) in [
            (Entry::Project("医院项目".into()), 16),
            (Entry::Project("其他".into()), 35),
            (Entry::PriorFinding("GC-01".into()), 41),
            (Entry::Evidence { of: "1.survey-report".into() }, 51),
            (waiver("1", None), 54),
            (waiver("2.contract", Some("医院项目")), 60),
            (Entry::Confirmation { path: "归档.zip!/合同.docx".into(), of: "2.contract".into() }, 75),
        ] {
            let found = config.lines.iter().find(|(of, _)| *of == entry).map(|(_, line)| line.get());
            assert_eq!(found, Some(line), "{entry:?}");
        }
        assert_eq!(config.lines.len(), 10);
    }

    /// A file, the code it gives, what is underlined, and what help says.
    #[test]
    fn a_bad_file_says_what_is_wrong_and_where() {
        let pack = pack();
        for (text, code, here, help) in [
            (r#"{"organisation": "甲"}"#, "syntax", r#""organisation""#, "`organization`"),
            (r#"{"organization": "甲""#, "syntax", "\"", ""),
            (r#"{"projects": [{"name": "甲", "customers": "乙"}]}"#, "syntax", r#""customers""#, "`customer`"),
            (r#"{"level": true}"#, "syntax", "e", ""),
            (r#"{"level": 4}"#, "unknown", "4", "1, 2"),
            (r#"{"level": "三"}"#, "unknown", r#""三""#, "1, 2"),
            (r#"{"audit": "survailance"}"#, "unknown", r#""survailance""#, "`surveillance`"),
            (r#"{"as_of": "2025-02-30"}"#, "date", r#""2025-02-30""#, "2025-02-28"),
            (r#"{"as_of": "20250228"}"#, "date", r#""20250228""#, "YYYY-MM-DD"),
            (r#"{"period": {"from": "2025-13-01", "to": "2025-12-31"}}"#, "date", r#""2025-13-01""#, ""),
            (r#"{"period": {"from": "2025-12-31", "to": "2025-01-01"}}"#, "period", "{", ""),
            (r#"{"period": {"from": "2025-12-31"}}"#, "syntax", "}", ""),
            (r#"{"projects": [{"name": "甲", "path": "/data"}]}"#, "path", r#""/data""#, ""),
            (r#"{"projects": [{"name": "甲", "path": "C:\\data"}]}"#, "path", r#""C:\\data""#, ""),
            (r#"{"projects": [{"name": "甲", "path": ["一", "二/../../三"]}]}"#, "path", r#""二/../../三""#, ""),
            (r#"{"projects": [{"name": "甲"}, {"name": "甲"}]}"#, "duplicate", r#""甲""#, ""),
            (r#"{"evidence": {"2.contrakt": "a.pdf"}}"#, "unknown", r#""2.contrakt""#, "`2.contract`"),
            (r#"{"evidence": {"2.contract": ["../a.pdf"]}}"#, "path", r#""../a.pdf""#, ""),
            (r#"{"evidence": {"2.contract": ["a{.pdf"]}}"#, "glob", r#""a{.pdf""#, ""),
            (r#"{"ignore": ["{a"]}"#, "glob", r#""{a""#, ""),
            (
                r#"{"prior_findings": [{"id": "A", "kind": "observance", "text": "x"}]}"#,
                "unknown",
                r#""observance""#,
                "`observation`",
            ),
            (
                r#"{"waivers": [{"clause": 7, "reason": "r", "owner": "o", "until": "2025-01-01"}]}"#,
                "unknown",
                "7",
                "1, 2, 3",
            ),
            (
                r#"{"waivers": [{"material": "2.x", "reason": "r", "owner": "o", "until": "2025-01-01"}]}"#,
                "unknown",
                r#""2.x""#,
                "",
            ),
            (r#"{"waivers": [{"reason": "r", "owner": "o", "until": "2025-01-01"}]}"#, "waiver", "{", ""),
            (
                r#"{"waivers": [{"clause": 1, "reason": " ", "owner": "o", "until": "2025-01-01"}]}"#,
                "empty",
                r#"" ""#,
                "",
            ),
            (
                r#"{"projects": [{"name": "甲医院"}], "waivers": [{"clause": 1, "project": "甲医", "reason": "r", "owner": "o", "until": "2025-01-01"}]}"#,
                "unknown",
                r#""甲医""#,
                "`甲医院`",
            ),
            (
                r#"{"confirmations": [{"path": "a", "sha256": "12", "material": "2.contract", "by": "b", "on": "2025-01-01"}]}"#,
                "sha256",
                r#""12""#,
                "",
            ),
        ] {
            let error = parse("evlint.json", text).and_then(|file| file.check(&pack)).expect_err(text);
            assert_eq!(error.code().expect(text).to_string(), format!("evlint::config::{code}"), "{text}");
            let label = error.labels().and_then(|mut labels| labels.next()).expect(text);
            assert_eq!(&text[label.offset()..label.offset() + label.len()], here, "{text}");
            let said = error.help().map(|help| help.to_string()).unwrap_or_default();
            assert!(said.contains(help), "{text}: {said}");
        }
    }

    #[test]
    fn the_schema_takes_what_we_take_and_refuses_what_we_refuse() {
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        let schema = fs::read_to_string("rules/evlint.schema.json").expect("a schema");
        let schema = jsonschema::draft202012::new(&json(&schema)).expect("a schema");
        for file in ["full.json", "least.json"] {
            let text = fs::read_to_string(Path::new("fixtures/config").join(file)).expect(file);
            let wrong: Vec<String> = schema.iter_errors(&json(&text)).map(|error| error.to_string()).collect();
            assert_eq!(wrong, Vec::<String>::new(), "{file}");
            parse(file, &text).and_then(|file| file.check(&pack())).map_err(miette::Report::new).expect(file);
        }
        for text in [
            r#"{"organisation": "甲"}"#,
            r#"{"level": true}"#,
            r#"{"as_of": "2025-2-3"}"#,
            r#"{"period": {"from": "2025-12-31"}}"#,
            r#"{"projects": [{"path": "甲"}]}"#,
            r#"{"projects": [{"name": "甲", "path": "/data"}]}"#,
            r#"{"projects": [{"name": "甲", "path": "../data"}]}"#,
            r#"{"evidence": {"contract": "a"}}"#,
            r#"{"waivers": [{"reason": "r", "owner": "o", "until": "2025-01-01"}]}"#,
            r#"{"waivers": [{"clause": 1, "material": "2.contract", "reason": "r", "owner": "o", "until": "2025-01-01"}]}"#,
            r#"{"confirmations": [{"path": "a", "sha256": "12", "material": "2.contract", "by": "b", "on": "2025-01-01"}]}"#,
        ] {
            assert!(!schema.is_valid(&json(text)), "{text}");
            assert!(parse("evlint.json", text).and_then(|file| file.check(&pack())).is_err(), "{text}");
        }
    }

    #[test]
    fn it_is_found_upward_to_the_repositorys_root_and_not_beyond() {
        let top = tempfile::tempdir().expect("a folder");
        let repository = top.path().join("repository");
        let deep = repository.join("证据/项目");
        fs::create_dir_all(&deep).expect("folders");
        fs::write(top.path().join(NAME), "{}").expect("a file");
        assert_eq!(find(&repository), None);
        fs::create_dir(repository.join(".git")).expect("a repository");
        assert_eq!(find(&deep), None);
        let canonical = |path: PathBuf| fs::canonicalize(path).expect("it is there");
        fs::write(repository.join(NAME), "{}").expect("a file");
        assert_eq!(find(&deep).map(canonical), Some(canonical(repository.join(NAME))));
        fs::write(deep.join(NAME), "{}").expect("a file");
        assert_eq!(find(&deep), Some(deep.join(NAME)));
        assert_eq!(find(top.path()), Some(top.path().join(NAME)));
    }
}
