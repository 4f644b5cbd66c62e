//! Files made to take a reader down: each costs one finding, the files beside it nothing.
//!
//! The bombs are made here, as they are needed: [`make`] says how.

mod make;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a run may take in all, on a slow machine with a debug build.
const LONGEST: Duration = Duration::from_mins(10);

type Maker = fn() -> Vec<u8>;

/// The bombs, by the name of the file that each becomes.
const BOMBS: &[(&str, Maker)] = &[
    ("inflating.docx", make::inflating_docx),
    ("inflating.pdf", make::inflating_pdf),
    ("tables.docx", make::nested_tables_docx),
    ("cells.xlsx", make::cells_xlsx),
    ("page-loop.pdf", make::page_loop_pdf),
    ("forms.pdf", make::nested_forms_pdf),
    ("arrays.pdf", make::nested_arrays_pdf),
    ("zips.zip", make::zip_in_zip_in_zip),
    ("huge.png", make::huge_png),
];

/// Documents beside the bombs.
const GOOD: &[(&str, &str)] = &[
    ("会议纪要.txt", "会议纪要\n时间：2025-03-04\n内容：讨论了备份方案。\n"),
    ("巡检记录.csv", "日期,对象,结果\n2025-03-01,防火墙,正常\n"),
    ("说明.md", "# 说明\n\n本文说明巡检的做法。\n"),
];

#[test]
fn a_bomb_costs_one_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in GOOD {
        fs::write(folder.path().join(name), text).expect(name);
    }
    let without = check(folder.path());
    for (name, make) in BOMBS {
        fs::write(folder.path().join(name), make()).expect(name);
    }
    let start = Instant::now();
    let with = check(folder.path());
    assert!(start.elapsed() < LONGEST, "the bombs held the run up for {:?}", start.elapsed());

    for (name, _) in GOOD {
        assert_eq!(of(&with, name), of(&without, name), "{name}");
    }
    for (name, _) in BOMBS {
        let said = unread(&with, name);
        // An archive says it of each member that was too much.
        assert!(said.len() == 1 || *name == "zips.zip" && unread_inside(&with, name) > 0, "{name}: {said:?}");
    }
    assert_eq!(verdicts(&with), verdicts(&without), "a bomb changed a verdict");
}

/// Also inside an archive: the member is the finding, its neighbours are read.
#[test]
fn a_bomb_in_an_archive_harms_no_other_member() {
    let folder = tempfile::tempdir().expect("a folder");
    let members: Vec<(&str, Vec<u8>)> = vec![
        ("a.txt", "第一份记录".into()),
        ("tables.docx", make::nested_tables_docx()),
        ("forms.pdf", make::nested_forms_pdf()),
        ("z.txt", "最后一份记录".into()),
    ];
    fs::write(folder.path().join("记录.zip"), make::zip(&members)).expect("a zip");
    let report = check(folder.path());
    let mut paths: Vec<&str> = report["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| file["path"].as_str().expect("a path"))
        .filter(|path| path.contains("!/"))
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["记录.zip!/a.txt", "记录.zip!/forms.pdf", "记录.zip!/tables.docx", "记录.zip!/z.txt"]);
    for (name, expected) in [("a.txt", 0), ("forms.pdf", 1), ("tables.docx", 1), ("z.txt", 0)] {
        assert_eq!(unread(&report, &format!("记录.zip!/{name}")).len(), expected, "{name}");
    }
}

/// The workers are bounded; whoever asks holds their answers, and must not grow with what a bomb inflates to.
#[cfg(target_os = "linux")]
#[test]
fn a_bomb_costs_the_asking_process_little() {
    /// Memory of the asking process at most, in KiB: answers of two workers and the program itself.
    const MOST: u64 = 1 << 20;
    for (name, make) in [("zips.zip", make::zip_in_zip_in_zip as Maker), ("lines.zip", make::lines_in_zip)] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(name), make()).expect(name);
        let mut run = command(folder.path()).stdout(std::process::Stdio::null()).spawn().expect("the binary runs");
        let status = format!("/proc/{}/status", run.id());
        let mut peak = 0;
        while run.try_wait().expect("a child").is_none() {
            // The most it ever held, so that the last look before its end is nearly all of it.
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(peak > 1 << 10, "{name}: nothing was measured");
        assert!(peak < MOST, "{name}: {peak} KiB");
    }
}

/// By clause.
fn verdicts(report: &Value) -> Vec<(&Value, &Value)> {
    let clauses = report["clauses"].as_array().expect("clauses");
    clauses.iter().map(|clause| (&clause["no"], &clause["verdict"])).collect()
}

/// The JSON report of a folder, by the binary that users run.
fn check(folder: &Path) -> Value {
    let output = command(folder).output().expect("the binary runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a JSON report")
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command
        .args(["check", "--level", "3", "--as-of", "2025-12-31", "--no-ocr", "--jobs", "2", "--format", "json"])
        .arg(folder);
    command
}

/// A file's own part of a report.
fn of<'r>(report: &'r Value, name: &str) -> Vec<&'r Value> {
    let parts = ["files", "findings"].into_iter().flat_map(|part| report[part].as_array().expect(part));
    let found: Vec<&Value> = parts.filter(|part| part["path"] == name).collect();
    assert!(!found.is_empty(), "{name} is not in the report");
    found
}

/// Members of a file that were not read, or not to their ends.
fn unread_inside(report: &Value, name: &str) -> usize {
    let inside = format!("{name}!/");
    let of_member = |finding: &&Value| {
        finding["path"].as_str().is_some_and(|path| path.starts_with(&inside))
            && matches!(finding["code"].as_str(), Some("unread-file" | "partly-read"))
    };
    report["findings"].as_array().expect("findings").iter().filter(of_member).count()
}

/// What a report says of a file that was not read, or not to its end.
fn unread<'r>(report: &'r Value, name: &str) -> Vec<&'r str> {
    of(report, name)
        .into_iter()
        .filter(|part| matches!(part["code"].as_str(), Some("unread-file" | "partly-read" | "unreadable" | "corrupt")))
        .map(|part| part["message"].as_str().expect("a message"))
        .collect()
}
