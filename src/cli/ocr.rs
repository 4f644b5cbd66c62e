//! Finds what reads pictures.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use evlint::extract::ocr::{Converter, Engine, ModelsError, models};
use evlint::extract::{Ocr, Options};

use super::args::Global;
use super::error::CliError;

/// Language data that evidence needs; Chinese first, for it decides.
const LANGUAGES: [&str; 2] = ["chi_sim", "eng"];

/// The models that `--ocr-models` names, else `tesseract` where the machine has it with Chinese; nothing where
/// `--no-ocr` says no.
pub(crate) fn options(no_ocr: bool, global: &Global) -> Options {
    let engine = match &global.ocr_models {
        _ if no_ocr => None,
        Some(folder) => Some(Engine::Models { folder: folder.clone() }),
        None => tesseract(),
    };
    Options { ocr: engine.map(|engine| Ocr { engine, heic: converter() }) }
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

fn tesseract() -> Option<Engine> {
    let program = on_path("tesseract")?;
    let languages = languages(&program);
    let has_chinese = languages.first().is_some_and(|first| first == LANGUAGES[0]);
    has_chinese.then_some(Engine::Program { program, languages })
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

/// Those of our languages that the program has data for, in our order.
fn languages(program: &PathBuf) -> Vec<String> {
    let listed =
        Command::new(Path::new(program)).arg("--list-langs").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    LANGUAGES
        .iter()
        .filter(|language| listed.lines().any(|line| line.trim() == **language))
        .map(|&language| language.to_owned())
        .collect()
}
