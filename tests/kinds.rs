//! Every kind of finding has a folder that shows it, and a near miss that must not.
//!
//! `fixtures/kinds/<kind>[.<manner>]/` holds `shows` and `near`, an evidence folder each with its
//! evlint.json; `finding.json`, what the finding must be; and `args.json` where flags are needed,
//! with `{tree}` for the folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use evlint::wording::codes;
use rayon::prelude::*;
use serde_json::Value;

/// A day after the audited year.
const AS_OF: &str = "2026-01-20";

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kinds");
    let entries = fs::read_dir(folder).expect("the kinds").map(|entry| entry.expect("an entry").path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn name(case: &Path) -> String {
    case.file_name().expect("a name").to_string_lossy().into_owned()
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// What is found in one of the case's folders.
fn findings(case: &Path, side: &str) -> Vec<Value> {
    let tree = case.join(side);
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.arg("check").arg(&tree).args(["--format", "json", "--as-of", AS_OF]).stdin(Stdio::null());
    if case.join("args.json").exists() {
        for arg in json(&case.join("args.json")).as_array().expect("a list") {
            command.arg(arg.as_str().expect("a text").replace("{tree}", &tree.to_string_lossy()));
        }
    }
    let output = command.output().expect("the binary runs");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|why| panic!("{}: {why}: {}", tree.display(), String::from_utf8_lossy(&output.stderr)));
    report["findings"].as_array().expect("findings").clone()
}

/// Whether a finding has all that `expected` names of `keys`.
fn is_like(finding: &Value, expected: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| expected.get(*key).is_none_or(|value| finding[*key] == *value))
}

#[test]
fn every_kind_has_a_folder_that_shows_it() {
    let cases: Vec<String> = cases().iter().map(|case| name(case)).collect();
    let kinds: Vec<&str> = cases.iter().map(|case| case.split('.').next().unwrap_or(case)).collect();
    for code in codes() {
        assert!(kinds.contains(&code), "no fixtures/kinds/{code}");
    }
    for kind in kinds {
        assert!(codes().any(|code| code == kind), "fixtures/kinds/{kind} is of no kind");
    }
}

#[test]
fn each_kind_is_shown_and_its_near_miss_is_not() {
    let wrong: Vec<String> = cases()
        .par_iter()
        .flat_map_iter(|case| {
            let expected = json(&case.join("finding.json"));
            let all = ["code", "severity", "clause", "material", "item", "path"];
            let shown = findings(case, "shows");
            let mut wrong = Vec::new();
            if !shown.iter().any(|finding| is_like(finding, &expected, &all)) {
                let alike: Vec<&Value> = shown.iter().filter(|one| is_like(one, &expected, &["code"])).collect();
                wrong.push(format!("{}/shows: {expected} is not found; but {alike:?}", name(case)));
            }
            let near = findings(case, "near");
            if let Some(finding) = near.iter().find(|one| is_like(one, &expected, &["code", "clause", "material"])) {
                wrong.push(format!("{}/near: {finding}", name(case)));
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
