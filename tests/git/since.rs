//! `--since` reports what was not found before, and nothing else changes.

use super::repository::{BAD, EVIDENCE, GOOD, OTHER, REPORT, Repository, UNFILLED, config, files, said};

type Prepare = fn(&Repository);

/// What HEAD holds, what is changed then, and what of it is new.
const CASES: &[(&str, Prepare, Prepare, &[&str])] = &[
    ("a fault that was there", |r| r.write(REPORT, BAD), |r| r.write(OTHER, "另一篇说明。\n"), &[]),
    ("one that comes", |_| {}, |r| r.write(REPORT, BAD), &["missing-content"]),
    ("one that goes", |r| r.write(REPORT, BAD), |r| r.write(REPORT, GOOD), &[]),
    (
        "one that moves with its file",
        |r| r.write(REPORT, BAD),
        |r| {
            r.remove(REPORT);
            r.write("证据/新/调研.md", BAD);
        },
        &[],
    ),
    (
        "a second file of the same fault",
        |r| r.write("证据/会.md", UNFILLED),
        |r| r.write("证据/会二.md", &UNFILLED.replace("门禁", "电源")),
        &["placeholder 会二.md"],
    ),
    ("a material that goes", |_| {}, |r| r.remove(REPORT), &["missing-material"]),
    (
        "a new configuration judges both",
        |_| {},
        |r| r.write("证据/evlint.json", &config("1").replace("\"level\"", "\"ignore\":[\"调研*\"],\"level\"")),
        &[],
    ),
];

#[test]
fn only_what_is_new_is_reported() {
    for (name, before, after, expected) in CASES {
        let repository = Repository::with_report();
        before(&repository);
        repository.git(&["add", "-A"]);
        repository.git(&["commit", "-q", "--allow-empty", "-m", "before"]);
        after(&repository);
        assert_eq!(repository.found(&["--since", "HEAD", EVIDENCE]), *expected, "{name}, on disk");
        repository.git(&["add", "-A"]);
        let staged = ["--staged", "--since", "HEAD", EVIDENCE];
        assert_eq!(repository.found(&staged), *expected, "{name}, staged");
        assert_eq!(repository.found(&staged), *expected, "{name}, staged, by what was kept of it");
        repository.git(&["commit", "-q", "-m", "after"]);
        let commit = ["--commit", "HEAD", "--since", "HEAD~1", EVIDENCE];
        assert_eq!(repository.found(&commit), *expected, "{name}, committed");
        let code = i32::from(expected.iter().any(|code| code.starts_with("missing")));
        assert_eq!(repository.evlint(&[&["check"], &commit[..]].concat()).code, code, "{name}");
    }
}

/// Verdicts are as they are; the report says how many findings it leaves out.
#[test]
fn verdicts_stay_and_what_is_hidden_is_counted() {
    let repository = Repository::with_report();
    repository.write(REPORT, BAD);
    repository.commit_all("bad");
    repository.write(OTHER, "另一篇说明。\n");
    let report = repository.report(&["--since", "HEAD", EVIDENCE]);
    assert_eq!(report["clauses"][0]["verdict"], "unsatisfied");
    assert_eq!(report["known"], serde_json::json!({ "hidden": 2, "baseline": null, "since": "HEAD" }));
    let said = repository.evlint(&["check", "--since", "HEAD", "--lang", "en", EVIDENCE]);
    assert!(said.out.contains("2 findings not shown: in HEAD already."), "{}", said.out);
    assert_eq!(said.code, 0);
}

#[test]
fn a_commit_that_touches_no_evidence_is_quick_and_says_so() {
    let repository = Repository::with_report();
    repository.write(REPORT, BAD);
    repository.commit_all("bad");
    repository.write("main.c", "int main;\n");
    repository.git(&["add", "main.c"]);
    let hook = ["check", "--staged", "--since", "HEAD", EVIDENCE];
    let quick = repository.evlint(&hook);
    assert_eq!((quick.code, quick.out.as_str()), (0, "证据与 HEAD 相同，没有新的问题。\n"));
    // A program that reads the report gets one.
    assert_eq!(files(&repository.report(&hook[1..])), ["说明.md", "调研.md"]);
    // Not the index but the files on disk: they must be read.
    assert!(repository.evlint(&["check", "--since", "HEAD", EVIDENCE]).out.contains("份文件"));
}

/// Machines open files by their names in the repository, wherever the folder lies and however it is read.
#[test]
fn machines_are_told_names_from_the_repositorys_root() {
    let repository = Repository::with_report();
    repository.write("证据/会.md", UNFILLED);
    repository.commit_all("unfilled");
    let bare = repository.beside("裸.git");
    repository.git(&["clone", "-q", "--bare", ".", bare.to_str().expect("UTF-8")]);
    let checkstyle = ["check", "--format", "checkstyle"];
    for (folder, flags) in [
        (&repository.top, &[EVIDENCE][..]),
        (&repository.top, &["--staged", EVIDENCE]),
        (&repository.top, &["--commit", "HEAD", EVIDENCE]),
        (&bare, &["--commit", "HEAD:证据", "."]),
    ] {
        let said = repository.evlint_in(folder, &[&checkstyle[..], flags].concat());
        assert!(said.out.contains("证据/会.md"), "{flags:?}: {}{}", said.out, said.err);
    }
}

/// A pack, a configuration or a folder may be named from anywhere.
#[test]
fn the_folder_is_found_upward() {
    let repository = Repository::with_report();
    repository.write("证据/下/记录.md", "一条记录。\n");
    repository.commit_all("below");
    repository.write(REPORT, BAD);
    repository.git(&["add", "-A"]);
    let flags = ["check", "--staged", "--since", "HEAD", "--format", "json"];
    for (folder, path) in [(EVIDENCE, "."), ("证据/下", "."), ("证据/下", ".."), ("", "证据/下"), ("", "./证据/")]
    {
        let mut command = repository.command(env!("CARGO_BIN_EXE_evlint"), &repository.path(folder));
        let report = said(&command.args(flags).arg(path).output().expect("it runs")).json();
        assert_eq!(super::repository::findings(&report), ["missing-content"], "{folder} {path}");
        assert_eq!(report["config"], "证据/evlint.json");
    }
}
