//! Folders and surroundings that mean no good: each costs what it must, and nothing else is lost.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SURVEY: &str = "甲方调研报告\n\n日期：2025-03-01\n服务时间：工作日 8:30 至 17:30，期限一年。\n甲方有两个业务系统，缺少专人维护。\n";

fn evlint(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.args(args).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "NO_GRAPHICS", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `check .` in a folder, held against the small pack of the fixtures.
fn check(folder: &Path, more: &[&str]) -> Output {
    let pack = root().join("fixtures/rules/small");
    let pack = pack.to_str().expect("the project lies under a UTF-8 path");
    let args = ["check", ".", "--level", "1", "--as-of", "2026-01-20", "--rules", pack];
    evlint(&args).args(more).current_dir(folder).output().expect("the binary runs")
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn paths(report: &Value) -> Vec<&str> {
    report["files"].as_array().expect("files").iter().map(|file| file["path"].as_str().expect("a path")).collect()
}

/// The findings of one kind, by path.
fn of_kind<'r>(report: &'r Value, code: &str) -> Vec<&'r str> {
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.filter(|finding| finding["code"] == code).filter_map(|finding| finding["path"].as_str()).collect()
}

/// A folder whose one clause is satisfied, so that whatever else is found comes of the test.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("调研.txt"), SURVEY).expect("a file");
    let output = check(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output));
    folder
}

#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
#[test]
fn a_file_without_read_permission_is_unread_and_not_missing() {
    let folder = folder();
    let closed = folder.path().join("合同.pdf");
    fs::write(&closed, "%PDF-1.4").expect("a file");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions");
    let report = report(&check(folder.path(), &["--format", "json"]));
    assert_eq!(paths(&report), ["合同.pdf", "调研.txt"]);
    if fs::read(&closed).is_ok() {
        eprintln!("skipped in part: the superuser reads every file, so nothing is closed to this test");
        return;
    }
    let text = report.to_string();
    assert!(text.contains("权限"), "{text}");
}

#[test]
fn links_in_a_circle_and_out_of_the_folder_are_told_and_not_followed() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("别家.txt"), SURVEY).expect("a file");
    let folder = folder();
    fs::create_dir(folder.path().join("一")).expect("a folder");
    symlink("..", folder.path().join("一/上")).expect("a link");
    symlink("圈", folder.path().join("圈")).expect("a link");
    symlink(elsewhere.path(), folder.path().join("外")).expect("a link");
    let output = check(folder.path(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(paths(&report(&output)), ["调研.txt"]);
    for link in ["一/上", "圈", "外"] {
        assert!(stderr(&output).lines().any(|line| line.contains(link)), "{link}: {}", stderr(&output));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_escaped_and_read() {
    let folder = folder();
    fs::remove_file(folder.path().join("调研.txt")).expect("the file is there");
    fs::write(folder.path().join(OsStr::from_bytes(b"\xb5\xf7\xd1\xd0.txt")), SURVEY).expect("a file");
    let output = check(folder.path(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(paths(&report(&output)), ["%B5%F7%D1%D0.txt"]);
}

#[test]
fn a_damaged_document_costs_itself_only() {
    let whole = fs::read(root().join("fixtures/example/02_准备与签约/保密协议.docx")).expect("the example is here");
    let mut holed = whole.clone();
    holed[200..2000].fill(0xff);
    for (name, bytes) in [("截断.docx", &whole[..whole.len() / 2]), ("坏.docx", &holed[..])] {
        let folder = folder();
        fs::write(folder.path().join(name), bytes).expect("a file");
        let output = check(folder.path(), &["--format", "json"]);
        let report = report(&output);
        assert_eq!(paths(&report).len(), 2, "{name}");
        assert_eq!(of_kind(&report, "corrupt"), [name], "{name}: {}", report["findings"]);
        assert_eq!(report["clauses"][0]["verdict"], "satisfied", "{name}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let example = root().join("fixtures/example");
    for format in ["text", "json"] {
        let args = ["check", ".", "--exit-zero", "--as-of", "2026-01-20", "--format", format];
        let mut child = evlint(&args)
            .current_dir(&example)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut first = String::new();
        let mut stdout = BufReader::with_capacity(16, child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut first).expect("a line");
        drop(stdout);
        let output = child.wait_with_output().expect("it ends");
        assert!(!first.is_empty());
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let example = root().join("fixtures/example");
    for format in ["text", "json"] {
        let run = |more: &[&str]| {
            let args = ["check", ".", "--as-of", "2026-01-20", "--format", format];
            evlint(&args).args(more).current_dir(&example).output().expect("the binary runs").stdout
        };
        let first = run(&[]);
        assert!(!first.is_empty());
        assert!(first == run(&[]), "{format} twice");
        assert!(first == run(&["--jobs", "1"]), "{format} with one thread");
    }
}

/// Whatever we wrote into the folder is no evidence, on the next run and on the same.
#[test]
fn our_own_reports_in_the_folder_change_nothing() {
    for language in ["zh", "en"] {
        let folder = folder();
        fs::write(folder.path().join("空.txt"), "").expect("a file");
        let run = |more: &[&str]| check(folder.path(), &[&["--lang", language], more].concat());
        let (text, json) = (run(&[]).stdout, run(&["--format", "json"]).stdout);
        let written = ["--format", "json=报告/差距.json", "--format", "text=报告/差距.txt"];
        fs::create_dir(folder.path().join("报告")).expect("a folder");
        for _ in 0..2 {
            run(&written);
            assert!(run(&[]).stdout == text && run(&["--format", "json"]).stdout == json);
        }
        assert!(fs::read(folder.path().join("报告/差距.txt")).expect("written") == text);
        assert!(fs::read(folder.path().join("报告/差距.json")).expect("written") == json);
        for (name, more) in [("a.txt", &[][..]), ("b.log", &["--color", "always"]), ("c", &["--format", "json"])] {
            for _ in 0..2 {
                redirect(folder.path(), name, &[&["--lang", language], more].concat());
                let came = fs::read(folder.path().join(name)).expect("written");
                assert!(came == run(more).stdout, "{name}: {}", String::from_utf8_lossy(&came));
            }
        }
        assert!(run(&[]).stdout == text && run(&["--format", "json"]).stdout == json);
    }
}

/// `evlint check . > name`, the way a shell does it: the file is there, empty, before we start.
fn redirect(folder: &Path, name: &str, more: &[&str]) {
    let pack = root().join("fixtures/rules/small");
    let file = fs::File::create(folder.join(name)).expect("a file");
    let status = evlint(&["check", ".", "--level", "1", "--as-of", "2026-01-20", "--rules"])
        .arg(pack)
        .args(more)
        .current_dir(folder)
        .stdout(file)
        .status()
        .expect("the binary runs");
    assert_eq!(status.code(), Some(0));
}
