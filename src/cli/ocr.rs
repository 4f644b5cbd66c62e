//! Finds the program that reads pictures.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use evlint::extract::{Ocr, Options};

/// Language data that evidence needs; Chinese first, for it decides.
const LANGUAGES: [&str; 2] = ["chi_sim", "eng"];

/// `tesseract` where the machine has it with Chinese, unless `--no-ocr` says no.
pub(crate) fn options(no_ocr: bool) -> Options {
    Options { ocr: if no_ocr { None } else { find() } }
}

fn find() -> Option<Ocr> {
    let name = if cfg!(windows) { "tesseract.exe" } else { "tesseract" };
    let program =
        env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|program| program.is_file())?;
    let languages = languages(&program);
    let has_chinese = languages.first().is_some_and(|first| first == LANGUAGES[0]);
    has_chinese.then_some(Ocr { program, languages })
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
