//! `evlint baseline` and `check --baseline`; and `check --files`, which looks at files as such.

use std::fs;

use super::repository::{BAD, EVIDENCE, GOOD, OTHER, REPORT, Repository, UNFILLED, findings};

const FILE: &str = "证据/evlint-baseline.json";

fn with_baseline() -> Repository {
    let repository = Repository::new();
    repository.write(REPORT, BAD);
    repository.write("证据/会.md", UNFILLED);
    let said = repository.evlint(&["baseline", EVIDENCE]);
    assert_eq!(said.code, 0, "{}", said.err);
    repository
}

#[test]
fn what_is_known_is_not_reported_and_the_file_is_no_evidence() {
    let repository = with_baseline();
    let written = fs::read_to_string(repository.path(FILE)).expect("a baseline");
    assert!(
        written.contains("missing-content") && written.contains("会.md") && written.contains("服务时间"),
        "{written}"
    );
    let said = repository.evlint(&["check", "--baseline", FILE, "--fail-on", "warning", EVIDENCE]);
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(said.out.contains("已知的问题没有列出，记在基线 证据/evlint-baseline.json 里"), "{}", said.out);
    let report = repository.report(&["--baseline", FILE, EVIDENCE]);
    assert_eq!(super::repository::files(&report), ["会.md", "说明.md", "调研.md"]);
    // The same findings, the same bytes.
    repository.evlint(&["baseline", EVIDENCE]);
    assert_eq!(fs::read_to_string(repository.path(FILE)).expect("a baseline"), written);
    repository.write("证据/会二.md", &UNFILLED.replace("门禁", "电源"));
    assert_eq!(repository.found(&["--baseline", FILE, EVIDENCE]), ["placeholder 会二.md"]);
}

#[test]
fn what_is_gone_is_told_until_the_baseline_is_updated() {
    let repository = with_baseline();
    repository.write(REPORT, GOOD);
    repository.write("证据/空.md", "");
    let before = fs::read_to_string(repository.path(FILE)).expect("a baseline");
    let known = ["check", "--baseline", FILE, "--format", "json", EVIDENCE];
    let said = repository.evlint(&known);
    assert_eq!(findings(&said.json()), ["baseline-stale", "empty-file 空.md"]);
    assert_eq!(fs::read_to_string(repository.path(FILE)).expect("a baseline"), before);
    // It shrinks: what is new stays new.
    let said = repository.evlint(&[&known[..], &["--update-baseline"]].concat());
    assert_eq!(findings(&said.json()), ["empty-file 空.md"]);
    assert!(said.err.contains("已更新"), "{}", said.err);
    assert_eq!(findings(&repository.evlint(&known).json()), ["empty-file 空.md"]);
    let said = repository.evlint(&[&known[..], &["--update-baseline", "--accept-new"]].concat());
    assert_eq!(findings(&said.json()), [""; 0]);
    assert_eq!(findings(&repository.evlint(&known).json()), [""; 0]);
}

#[test]
fn baseline_and_since_are_one_mechanism() {
    let repository = with_baseline();
    repository.commit_all("known");
    repository.write("证据/空.md", "");
    repository.commit_all("empty");
    repository.write("证据/会三.md", &UNFILLED.replace("门禁", "空调"));
    let all = ["--baseline", FILE, "--since", "HEAD", EVIDENCE];
    assert_eq!(repository.found(&all), ["placeholder 会三.md"]);
    let report = repository.report(&all);
    assert_eq!((&report["known"]["baseline"], &report["known"]["since"]), (&FILE.into(), &"HEAD".into()));
}

#[test]
fn a_file_that_is_no_baseline_is_left_alone() {
    let repository = with_baseline();
    for (out, code) in [(REPORT, 2), ("证据/evlint.json", 2), (FILE, 0), ("不在/这里.json", 2)] {
        let before = fs::read(repository.path(out)).ok();
        let said = repository.evlint(&["baseline", "--out", out, EVIDENCE]);
        assert_eq!(said.code, code, "{out}: {}", said.err);
        assert_eq!(fs::read(repository.path(out)).ok(), before, "{out}");
    }
    repository.write("基线.json", "{\n  \"schema_version\": 1\n}");
    for (file, code) in [("基线.json", "baseline::syntax"), (REPORT, "baseline::syntax"), ("没有.json", "file::read")]
    {
        let said = repository.evlint(&["check", "--baseline", file, EVIDENCE]);
        assert!(said.code == 2 && said.err.contains(&format!("evlint::{code}")), "{file}: {}", said.err);
    }
}

#[test]
fn files_are_looked_at_as_such() {
    let repository = Repository::with_report();
    repository.write(REPORT, BAD);
    repository.write("证据/会.md", UNFILLED);
    repository.write("证据/旧/会.md", &UNFILLED.replace("门禁", "空调"));
    repository.write("证据/.evlintignore", "旧/\n");
    repository.write("main.md", "待补充\n");
    repository.write("证据/空.md", "");
    let (meeting, old, empty) = ("证据/会.md", "证据/旧/会.md", "证据/空.md");
    for (flags, files, expected, code) in [
        (&[][..], &[REPORT, OTHER][..], &[][..], 0),
        (&[], &[REPORT, meeting], &["placeholder 会.md"], 0),
        (&["--fail-on", "warning"], &[REPORT, meeting], &["placeholder 会.md"], 1),
        (&[], &[old, empty], &["empty-file 空.md", "placeholder 旧/会.md"], 0),
        (&["--force-exclude"], &[old, empty], &["empty-file 空.md"], 0),
        (&["--force-exclude"], &["main.md"], &[], 0),
        (&[], &["main.md", meeting], &["placeholder 会.md"], 0),
        (&[], &["证据/没有.md"], &[], 2),
        (&["--force-exclude"], &["证据/evlint.json", "证据/.evlintignore"], &[], 0),
        (&[], &["证据/evlint.json"], &[], 0),
    ] {
        let said = repository.evlint(&[&["check", "--format", "json"], flags, &["--files"], files].concat());
        assert_eq!(said.code, code, "{flags:?} {files:?}: {}", said.err);
        if code != 2 {
            assert_eq!(findings(&said.json()), expected, "{flags:?} {files:?}");
            assert_eq!(said.json()["clauses"], serde_json::json!([]));
        }
    }
    let said = repository.evlint(&["check", "--files", "main.md", meeting]);
    assert!(said.err.contains("main.md 不在证据文件夹"), "{}", said.err);
    assert!(said.out.contains("只看了文件本身：1 份文件，1 处问题。"), "{}", said.out);
    // Staged, they are those of the index.
    repository.git(&["add", "-A"]);
    repository.write(meeting, "填好了\n");
    let said = repository.evlint(&["check", "--format", "json", "--staged", "--files", meeting]);
    assert_eq!(findings(&said.json()), ["placeholder 会.md"]);
}
