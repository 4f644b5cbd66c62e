//! Runs the binary on every folder of `fixtures/cases`: a new case is a new folder, no Rust.
//!
//! A case holds `args` (one a line; `[FIXTURES]` is the fixtures folder), the folders and files that
//! these name, and what must come of it: `stdout`, `stderr` (absent: nothing) and `exit`. `env` may
//! set variables, one `NAME=VALUE` a line. The program runs in a copy of the case, where `evidence/`
//! exists even if it is empty. `UPDATE=1 cargo test` rewrites what must come; read the diff.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What this machine, a terminal or a user may have set, and a case must not see.
const UNSET: &[&str] = &[
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "NO_GRAPHICS",
    "COLUMNS",
    "TERM",
    "CI",
    "RUST_BACKTRACE",
];

/// What is there to tell how the program did, and nothing for it to read.
const EXPECTED: &[&str] = &["stdout", "stderr", "exit"];

#[test]
fn every_case_comes_out_as_it_says() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let found = run(case);
        for (name, found) in EXPECTED.iter().zip(found) {
            let file = case.join(name);
            if std::env::var_os("UPDATE").is_some() {
                update(&file, &found);
            }
            let expected = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
            if expected != found {
                wrong.push(format!("{}\n--- expected\n{expected}\n--- found\n{found}", file.display()));
            }
        }
    }
    assert!(cases.len() >= 20, "only {} cases: the test looks in the wrong place", cases.len());
    assert!(wrong.is_empty(), "{}\nUPDATE=1 cargo test rewrites them, then read the diff", wrong.join("\n"));
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let entries = fs::read_dir(folder).expect("the cases are here");
    let mut cases: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a case").path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

/// Standard output, standard error and exit code, as the case's files hold them.
fn run(case: &Path) -> [String; 3] {
    let place = tempfile::tempdir().expect("a temporary folder");
    copy(case, place.path());
    fs::create_dir_all(place.path().join("evidence")).expect("an evidence folder");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let fixtures = fixtures.to_str().expect("the project lies under a UTF-8 path");
    let args = fs::read_to_string(case.join("args")).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.current_dir(place.path()).stdin(Stdio::null());
    command.args(args.lines().map(|arg| arg.replace("[FIXTURES]", fixtures)));
    for name in UNSET {
        command.env_remove(name);
    }
    for line in fs::read_to_string(case.join("env")).unwrap_or_default().lines() {
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{}: env", case.display()));
        command.env(name, value);
    }
    let output = command.output().expect("the binary runs");
    let place = fs::canonicalize(place.path()).expect("the temporary folder is there");
    let said = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).expect("output is UTF-8").replace("\r\n", "\n");
        let text = text.replace(fixtures, "[FIXTURES]").replace(place.to_str().expect("UTF-8"), "[PATH]");
        text.replace("evlint.exe", "evlint").replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    };
    let code = output.status.code().expect("no signal ended it");
    [said(&output.stdout), said(&output.stderr), format!("{code}\n")]
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

/// No file where there is nothing to hold.
fn update(file: &Path, found: &str) {
    if found.is_empty() {
        let _ = fs::remove_file(file); // most cases never had one
    } else {
        fs::write(file, found).expect("fixtures can be written");
    }
}
