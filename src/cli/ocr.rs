//! Finds the program that reads pictures.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use evlint::extract::cache::{Cache, Key};
use evlint::extract::{Ocr, Options};
use serde::{Deserialize, Serialize};

/// Language data that evidence needs; Chinese first, for it decides.
const LANGUAGES: [&str; 2] = ["chi_sim", "eng"];

/// Where `tesseract` looks for its data, if it is told.
const DATA: &str = "TESSDATA_PREFIX";

/// What reads pictures.
pub(crate) struct Engine {
    ocr: Ocr,
    /// Another program, or other data of its languages, has another name: it may read something else.
    pub(crate) name: String,
}

/// What the program says of its data.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Data {
    /// Where it lies; empty where the program does not say.
    folder: PathBuf,
    /// The folder's own state: a language that comes or goes changes it.
    state: String,
    /// Those of our languages that are there, in our order.
    languages: Vec<String>,
}

/// `tesseract` where the machine has it with Chinese, unless `--no-ocr` says no.
pub(crate) fn engine(no_ocr: bool, cache: Option<&Cache>) -> Option<Engine> {
    if no_ocr {
        return None;
    }
    let name = if cfg!(windows) { "tesseract.exe" } else { "tesseract" };
    let program =
        env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|program| program.is_file())?;
    let data = data(&program, cache);
    if data.languages.first().is_none_or(|first| first != LANGUAGES[0]) {
        return None;
    }
    let mut name = state(&program);
    for language in &data.languages {
        let file = data.folder.join(format!("{language}.traineddata"));
        let _ = write!(name, " {language} {}", state(&file)); // writing to a string cannot fail
    }
    Some(Engine { ocr: Ocr { program, languages: data.languages }, name })
}

pub(crate) fn options(engine: Option<Engine>) -> Options {
    Options { ocr: engine.map(|engine| engine.ocr) }
}

/// The program is asked again only where itself or its folder of data has changed: to ask takes longer
/// than all else that a short run does.
fn data(program: &Path, cache: Option<&Cache>) -> Data {
    let told = env::var_os(DATA).unwrap_or_default();
    let key = Key::of(&[b"ocr", state(program).as_bytes(), told.as_encoded_bytes()]);
    let kept = cache.and_then(|cache| cache.find::<Data>(&[key]).pop().flatten());
    if let Some(kept) = kept.filter(|kept| kept.state == state(&kept.folder)) {
        return kept;
    }
    let data = ask(program);
    if let Some(cache) = cache.filter(|_| !data.folder.as_os_str().is_empty()) {
        cache.keep(&key, &data);
    }
    data
}

/// `List of available languages in "/usr/share/tesseract-ocr/5/tessdata/" (3):`, then one a line.
fn ask(program: &Path) -> Data {
    let listed = Command::new(program).arg("--list-langs").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let folder = listed.lines().next().and_then(|line| line.split('"').nth(1)).map(PathBuf::from);
    let folder = folder.filter(|folder| folder.is_dir()).unwrap_or_default();
    let has = |language: &str| listed.lines().any(|line| line.trim() == language);
    let languages = LANGUAGES.iter().filter(|language| has(language)).map(|&language| language.to_owned()).collect();
    Data { state: state(&folder), folder, languages }
}

/// Where a file really is, how long, and when it was written; empty where it is not.
fn state(path: &Path) -> String {
    let (Ok(path), Ok(found)) = (fs::canonicalize(path), fs::metadata(path)) else { return String::new() };
    let written = found.modified().ok().and_then(|written| written.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{} {} {}", path.display(), found.len(), written.as_nanos())
}
