//! Writing to files, completions and the manual, as a user calls for them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use evlint::report::FORMATS;

fn evlint(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.current_dir(folder).args(args).stdin(Stdio::null()).output().expect("the binary runs")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

/// A repository with the evidence in a folder of its own, and no contract in it.
fn repository() -> tempfile::TempDir {
    let top = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(top.path().join(".git")).expect("a folder");
    fs::create_dir_all(top.path().join("材料/子")).expect("a folder");
    let config = "{\n  \"level\": 3,\n  \"projects\": [\n    { \"name\": \"甲\", \"path\": \"子\" },\n    { \"name\": \"乙\" }\n  ]\n}\n";
    fs::write(top.path().join("材料/evlint.json"), config).expect("a file");
    fs::write(top.path().join("材料/子/空,1.txt"), "").expect("a file");
    top
}

#[test]
fn several_formats_go_to_their_files_in_one_run() {
    let top = repository();
    let out = top.path().join("out");
    fs::create_dir(&out).expect("a folder");
    fs::write(out.join("old.xml"), "old").expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink("old.xml", out.join("junit.xml")).expect("a link");
    let args = ["check", "材料", "--as-of", "2026-01-20", "--format", "text", "--format", "sarif=out/a.sarif"];
    let more = ["--format", "junit=out/junit.xml", "--format", "gitlab=out/cq.json"];
    let output = evlint(top.path(), &[&args[..], &more[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).starts_with("evlint 检查报告"));
    let issues: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("cq.json")).expect("a report")).expect("JSON");
    let places: Vec<(&str, u64)> = issues
        .as_array()
        .expect("an array")
        .iter()
        .map(|issue| &issue["location"])
        .filter_map(|at| Some((at["path"].as_str()?, at["lines"]["begin"].as_u64()?)))
        .collect();
    for place in [("材料/evlint.json", 4), ("材料/evlint.json", 5), ("材料/子/空,1.txt", 1)] {
        assert!(places.contains(&place), "{place:?} in {places:?}");
    }
    let sarif = fs::read_to_string(out.join("a.sarif")).expect("a report");
    assert!(sarif.contains("%E6%9D%90%E6%96%99/%E5%AD%90/%E7%A9%BA,1.txt"));
    let junit = fs::read_to_string(out.join("junit.xml")).expect("a report");
    assert!(junit.starts_with("<?xml"));
    if cfg!(unix) {
        assert_eq!(fs::read_to_string(out.join("old.xml")).expect("a report"), junit, "a link stays a link");
    }
    let again = evlint(top.path(), &[&args[..], &more[..]].concat());
    assert_eq!(again.stdout, output.stdout);
    assert_eq!(fs::read_to_string(out.join("a.sarif")).expect("a report"), sarif);
}

/// Reports written into the folder are not evidence of the next run.
#[test]
fn a_report_in_the_folder_is_no_evidence() {
    let top = repository();
    let to_folder = |name: &str| format!("--format={name}=材料/报告-{name}");
    let args: Vec<String> = FORMATS.iter().map(|format| to_folder(format.name())).collect();
    let mut all = vec!["check", "材料", "--as-of", "2026-01-20", "--format", "json"];
    let first = evlint(top.path(), &all);
    all.truncate(4);
    all.extend(args.iter().map(String::as_str));
    assert_eq!(evlint(top.path(), &all).status.code(), Some(1));
    assert!(top.path().join("材料/报告-checkstyle").exists());
    let second = evlint(top.path(), &["check", "材料", "--as-of", "2026-01-20", "--format", "json"]);
    assert_eq!(stdout(&first), stdout(&second));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_written_to_as_it_is() {
    let top = repository();
    let output = evlint(top.path(), &["check", "材料", "--format", "gitlab=/dev/stderr", "--exit-zero"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.starts_with(b"["), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::symlink_metadata("/dev/stderr").expect("a device").file_type().is_symlink());
}

#[test]
fn shells_complete_commands_flags_and_formats() {
    let top = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = evlint(top.path(), &["completions", shell]);
        assert!(output.status.success(), "{shell}");
        for word in ["check", "explain", "min-severity", "completions"] {
            assert!(stdout(&output).contains(word), "{shell} does not complete {word}");
        }
        // Nobody's generator gives the last two the values of a flag.
        let has_values = !matches!(shell, "powershell" | "elvish");
        assert!(!has_values || stdout(&output).contains("checkstyle"), "{shell} does not complete formats");
        let script = top.path().join(shell);
        fs::write(&script, &output.stdout).expect("a file");
        // A shell that is here reads the script without running it.
        if let Ok(read) = Command::new(shell).arg("-n").arg(&script).output() {
            assert!(read.status.success(), "{shell}: {}", String::from_utf8_lossy(&read.stderr));
        }
    }
    assert_eq!(evlint(top.path(), &["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn the_manual_is_made_of_the_flags() {
    let top = tempfile::tempdir().expect("a folder");
    let page = evlint(top.path(), &["man"]);
    assert!(page.status.success() && stdout(&page).contains(".TH evlint 1"), "{}", stdout(&page));
    assert!(stdout(&page).contains("evlint\\-check(1)"));
    let check = evlint(top.path(), &["man", "check"]);
    for word in [".TH evlint-check 1", "\\-\\-fail\\-on", "sarif", "checkstyle", "nothing was checked"] {
        assert!(stdout(&check).contains(word), "{word} in {}", stdout(&check));
    }
    assert_eq!(evlint(top.path(), &["man", "chek"]).status.code(), Some(2));
    let written = evlint(top.path(), &["man", "--dir", "man1"]);
    assert!(written.status.success() && written.stdout.is_empty());
    let all = fs::read_to_string(top.path().join("man1/evlint-check.1")).expect("a page");
    assert_eq!(all, stdout(&check));
    assert_eq!(fs::read_to_string(top.path().join("man1/evlint.1")).expect("a page"), stdout(&page));
}
