//! Finds what reads pictures.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use evlint::extract::cache::{Cache, Key};
use evlint::extract::ocr::{Converter, Engine, ModelsError, models};
use evlint::extract::{Ocr, Options};
use serde::{Deserialize, Serialize};

use super::args::Global;
use super::error::CliError;

/// Language data that evidence needs; Chinese first, for it decides.
const LANGUAGES: [&str; 2] = ["chi_sim", "eng"];

/// Where `tesseract` looks for its data, if it is told.
const DATA: &str = "TESSDATA_PREFIX";

/// What reads pictures.
pub(crate) struct Eyes {
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

/// The models that `--ocr-models` names, else `tesseract` where the machine has it with Chinese; nothing where
/// `--no-ocr` says no.
pub(crate) fn eyes(no_ocr: bool, global: &Global, cache: Option<&Cache>) -> Option<Eyes> {
    let (engine, name) = match &global.ocr_models {
        _ if no_ocr => return None,
        Some(folder) => (Engine::Models { folder: folder.clone() }, states(folder)),
        None => tesseract(cache)?,
    };
    let heic = converter();
    let name = heic.iter().fold(name, |name, heic| format!("{name} {}", state(&heic.program)));
    Some(Eyes { ocr: Ocr { engine, heic }, name })
}

pub(crate) fn options(eyes: Option<Eyes>) -> Options {
    Options { ocr: eyes.map(|eyes| eyes.ocr) }
}

/// # Errors
/// Where `--ocr-models` names models that cannot be used.
pub(crate) fn check(global: &Global) -> Result<(), CliError> {
    let Some(folder) = &global.ocr_models else { return Ok(()) };
    models::check(folder).map_err(|error| match error {
        ModelsError::NotBuilt => CliError::NoPpocr,
        ModelsError::Lacking(what, _) => CliError::OcrModels { path: folder.clone(), what },
    })
}

fn tesseract(cache: Option<&Cache>) -> Option<(Engine, String)> {
    let program = on_path("tesseract")?;
    let data = data(&program, cache);
    if data.languages.first().is_none_or(|first| first != LANGUAGES[0]) {
        return None;
    }
    let mut name = state(&program);
    for language in &data.languages {
        let file = data.folder.join(format!("{language}.traineddata"));
        let _ = write!(name, " {language} {}", state(&file)); // writing to a string cannot fail
    }
    Some((Engine::Program { program, languages: data.languages }, name))
}

/// The states of a folder's files, in the order of their names.
fn states(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut states: Vec<String> = entries.map(|entry| state(&entry.path())).collect();
    states.sort();
    states.join(" ")
}

/// What turns HEIC into JPEG here: libheif's program under its new and old name, macOS's, `ImageMagick`'s of today
/// and before. On Windows `convert` is another program, for disks.
fn converter() -> Option<Converter> {
    let of = |name: &str, arguments: &[&str], before_output: Option<&str>| {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Some(Converter { program: on_path(name)?, arguments, before_output: before_output.map(str::to_owned) })
    };
    of("heif-dec", &[], None)
        .or_else(|| of("heif-convert", &[], None))
        .or_else(|| of("sips", &["-s", "format", "jpeg"], Some("--out")))
        .or_else(|| of("magick", &[], None))
        .or_else(|| if cfg!(unix) { of("convert", &[], None) } else { None })
}

fn on_path(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|program| program.is_file())
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
