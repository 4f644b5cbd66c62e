//! The example organisation: what the README's command shows, and that its maker is told the truth.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A day after the audited year, so that the report never changes with the clock.
const AS_OF: &str = "2026-01-20";

fn check(args: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    command.args(["check", "fixtures/example", "--as-of", AS_OF, "--color", "never"]).args(args);
    for name in ["COLUMNS", "TERM", "NO_GRAPHICS"] {
        command.env_remove(name);
    }
    let output = command.output().expect("the binary runs");
    (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
}

#[test]
fn the_example_reads_as_its_golden_report() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/example.golden");
    let (found, code) = check(&[]);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).expect("fixtures can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(code, Some(1));
    assert!(expected == found, "UPDATE=1 cargo test rewrites it, then read the diff; found:\n{found}");
}

/// What `fixtures/make.py` left out on purpose is found, and nothing else.
#[test]
fn the_example_has_the_gaps_that_were_made() {
    let (json, _) = check(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("findings");
    let mut found: Vec<String> = findings
        .iter()
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| {
            format!("{} {} {}", text(&finding["code"]), finding["clause"], text(&finding["item"])).trim().to_owned()
        })
        .collect();
    found.sort();
    let expected = [
        "duplicate null",
        "empty-file null",
        "missing-content 25 端口对应情况",
        "missing-material 46 项目验收报告",
        "missing-period 29 2025-07",
        "out-of-period 45 2025",
        "temp-file null",
    ];
    assert_eq!(found, expected);
}

/// What the READMEs say of evlint.json can be pasted.
#[test]
fn the_readmes_show_a_good_configuration() {
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme)).expect(readme);
        let text = text.replace("\r\n", "\n");
        let (_, rest) = text.split_once("```json\n").expect(readme);
        let (json, _) = rest.split_once("```").expect(readme);
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("evlint.json"), json).expect("a file");
        let output =
            Command::new(env!("CARGO_BIN_EXE_evlint")).arg("check").arg(folder.path()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(3), "{readme}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
