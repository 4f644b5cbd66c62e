//! `--staged` judges what the commit will hold, whatever lies in the working tree.

use super::repository::{BAD, EVIDENCE, GOOD, OTHER, REPORT, Repository, UNFILLED, config, files, findings};

type Prepare = fn(&Repository);

/// What is done to a committed good report, and what the commit then would be found to have.
const CASES: &[(&str, Prepare, &[&str])] = &[
    ("nothing", |_| {}, &[]),
    (
        "an unstaged fix does not hide a staged fault",
        |repository| {
            repository.write(REPORT, BAD);
            repository.git(&["add", "-A"]);
            repository.write(REPORT, GOOD);
        },
        &["missing-content"],
    ),
    ("an unstaged fault is no fault", |repository| repository.write(REPORT, BAD), &[]),
    ("nor is an unstaged deletion", |repository| repository.remove(REPORT), &[]),
    (
        "an untracked file in its place does not help",
        |repository| {
            repository.git(&["rm", "-q", "--cached", REPORT]);
        },
        &["missing-material"],
    ),
    (
        "a rename is no deletion",
        |repository| {
            repository.git(&["mv", REPORT, "证据/甲方 调研.md"]);
        },
        &[],
    ),
    (
        "out of the folder it is one",
        |repository| {
            repository.git(&["mv", REPORT, "调研.md"]);
        },
        &["missing-material"],
    ),
    (
        "a file that is only announced is not there",
        |repository| {
            repository.git(&["rm", "-q", "--cached", REPORT]);
            repository.git(&["add", "-N", REPORT]);
            repository.write("证据/空.md", "");
            repository.git(&["add", "证据/空.md"]);
        },
        &["empty-file 空.md", "missing-material"],
    ),
    (
        "a staged fault of the file itself",
        |repository| {
            repository.write("证据/会议.md", UNFILLED);
            repository.git(&["add", "-A"]);
            repository.remove("证据/会议.md");
        },
        &["placeholder 会议.md"],
    ),
    (
        "evlint.json is the staged one",
        |repository| {
            repository.write("证据/evlint.json", &config("1").replace("\"level\"", "\"ignore\":[\"调研*\"],\"level\""));
            repository.git(&["add", "-A"]);
            repository.write("证据/evlint.json", "{ this is no JSON");
        },
        &["missing-material"],
    ),
    (
        "what git ignores and tracks all the same counts",
        |repository| {
            repository.write(".gitignore", "*.md\n");
            repository.git(&["add", "-A"]);
        },
        &[],
    ),
    (
        "patterns of evlint's own are the staged ones",
        |repository| {
            repository.write("证据/.evlintignore", "/调研.md\n");
            repository.git(&["add", "-A"]);
            repository.remove("证据/.evlintignore");
        },
        &["missing-material"],
    ),
    (
        "those of the folders above too, nearer ones first",
        |repository| {
            repository.write(".evlintignore", "*.md\n");
            repository.write("证据/.evlintignore", "!调研.md\n");
            repository.write("证据/草稿/会议.md", UNFILLED);
            repository.git(&["add", "-A"]);
        },
        &[],
    ),
    (
        "nor is a binder that evlint made",
        |repository| {
            repository.write("证据/册/evlint-bundle.json", r#"{ "mark": "evlint:own" }"#);
            repository.write("证据/册/会议.md", UNFILLED);
            repository.git(&["add", "-A"]);
        },
        &[],
    ),
    (
        "evlint's own reports are no evidence",
        |repository| {
            repository.write("证据/报告.md", "<!-- evlint:own -->\n待补充\n");
            repository.git(&["add", "-A"]);
        },
        &[],
    ),
];

#[test]
fn the_tree_is_judged_as_the_commit_will_make_it() {
    for (name, prepare, expected) in CASES {
        let repository = Repository::with_report();
        prepare(&repository);
        assert_eq!(repository.found(&["--staged", EVIDENCE]), *expected, "{name}");
        // The same when it is committed: what was judged is what was made.
        repository.git(&["commit", "-q", "--allow-empty", "-m", name]);
        assert_eq!(repository.found(&["--commit", "HEAD", EVIDENCE]), *expected, "{name}, committed");
    }
}

#[test]
fn a_folder_that_is_gone_is_still_judged() {
    let repository = Repository::with_report();
    repository.git(&["rm", "-rq", EVIDENCE]);
    assert!(!repository.path(EVIDENCE).exists());
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/rules/small");
    let flags = ["check", "--staged", "--since", "HEAD", "--level", "1", "--rules", rules, EVIDENCE];
    let said = repository.evlint(&flags);
    assert_eq!((said.code, said.out.contains("没有找到")), (1, true), "{}{}", said.out, said.err);
    assert_eq!(repository.evlint(&[&flags[..2], &flags[4..]].concat()).code, 3);
}

#[test]
fn what_is_not_merged_is_an_error_that_says_so() {
    let repository = Repository::with_report();
    repository.git(&["checkout", "-q", "-b", "other"]);
    repository.write(REPORT, BAD);
    repository.commit_all("bad");
    repository.git(&["checkout", "-q", "main"]);
    repository.write(REPORT, &GOOD.replace("六年", "七年").replace("期限一年", "期限两年"));
    repository.commit_all("other");
    let merge = repository.command("git", &repository.top).args(["merge", "other"]).output().expect("git is here");
    assert!(!merge.status.success());
    let said = repository.evlint(&["check", "--staged", EVIDENCE]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("evlint::git::unmerged") && said.err.contains("证据/调研.md"), "{}", said.err);
    // Resolved, a merge is a commit like any other.
    repository.write(REPORT, BAD);
    repository.git(&["add", "-A"]);
    assert_eq!(repository.found(&["--staged", "--since", "HEAD", EVIDENCE]), ["missing-content"]);
}

/// Line endings and filters of a checkout are not applied: the bytes are those of the index.
#[test]
fn contents_are_those_of_the_index() {
    let repository = Repository::with_report();
    repository.git(&["config", "core.autocrlf", "true"]);
    repository.write(".gitattributes", "*.md text\n");
    repository.write("证据/行.md", "一行\r\n两行\r\n");
    repository.git(&["add", "-A"]);
    let size = |report: &serde_json::Value| {
        let files = report["files"].as_array().expect("files");
        files.iter().find(|file| file["path"] == "行.md").map(|file| file["size"].as_u64().expect("a size"))
    };
    assert_eq!(size(&repository.report(&["--staged", EVIDENCE])), Some(14));
    assert_eq!(size(&repository.report(&[EVIDENCE])), Some(16));
}

#[test]
fn a_submodule_is_told_and_no_file() {
    let repository = Repository::with_report();
    let head = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},证据/子模块")]);
    let said = repository.evlint(&["check", "--staged", "--format", "json", EVIDENCE]);
    assert_eq!(files(&said.json()), ["说明.md", "调研.md"]);
    assert!(said.err.contains("子模块：是 git 子模块"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn links_lead_where_they_would_after_a_checkout() {
    use std::os::unix::fs::symlink;
    let repository = Repository::with_report();
    repository.write("证据/深/处/x.md", "x");
    repository.write("外.md", "x");
    for (to, from) in [
        ("../../调研.md", "证据/深/处/链.md"),
        ("深", "证据/到文件夹"),
        ("到文件夹/处/链.md", "证据/绕.md"),
        ("../外.md", "证据/外一.md"),
        ("/etc/passwd", "证据/外二.md"),
        ("没有.md", "证据/断.md"),
        ("圈.md", "证据/圈.md"),
        ("..", "证据/深/处/上"),
    ] {
        symlink(to, repository.path(from)).expect(from);
    }
    repository.git(&["add", "-A"]);
    let said = repository.evlint(&["check", "--staged", "--format", "json", EVIDENCE]);
    assert_eq!(files(&said.json()), ["深/处/x.md", "深/处/链.md", "绕.md", "说明.md", "调研.md"]);
    let told: Vec<&str> = said.err.lines().filter_map(|line| line.strip_prefix("注意：")?.split('：').next()).collect();
    assert_eq!(told, ["圈.md", "断.md", "外一.md", "外二.md", "深/处/上"], "{}", said.err);
    let on_disk = repository.evlint(&["check", "--format", "json", EVIDENCE]);
    assert_eq!(files(&said.json()), files(&on_disk.json()));
}

#[cfg(target_os = "linux")]
#[test]
fn any_name_comes_through() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::with_report();
    let names: [&[u8]; 5] =
        ["引\"号\t.md".as_bytes(), b"new\nline.md", b"\xd6\xd0.md", "e\u{301}.md".as_bytes(), b"-x.md"];
    for name in names {
        std::fs::write(repository.path(EVIDENCE).join(OsStr::from_bytes(name)), "x").expect("a file");
    }
    repository.git(&["add", "-A"]);
    let staged = repository.report(&["--staged", EVIDENCE]);
    assert_eq!(files(&staged), files(&repository.report(&[EVIDENCE])));
    assert_eq!(files(&staged).len(), names.len() + 2);
}

/// Pointers are exchanged for their objects where the local store has them whole.
#[test]
fn large_files_come_from_the_local_store() {
    use sha2::{Digest, Sha256};
    let repository = Repository::new();
    let hex = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).expect("a digit"));
    let id: String = Sha256::digest(GOOD).iter().flat_map(hex).collect();
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize {}\n", GOOD.len());
    repository.write(REPORT, &pointer);
    repository.commit_all("pointer");
    let lacking = ["lfs-pointer 调研.md", "missing-material"];
    assert_eq!(repository.found(&["--staged", EVIDENCE]), lacking);
    let object = format!("lfs/objects/{}/{}/{id}", &id[..2], &id[2..4]);
    repository.write(&format!(".git/{object}"), &GOOD.replace("六年", "七年"));
    assert_eq!(repository.found(&["--staged", EVIDENCE]), lacking, "damaged");
    repository.write(&format!(".git/{object}"), GOOD);
    assert_eq!(repository.found(&["--staged", EVIDENCE]), [""; 0]);
    let worktree = repository.beside("另一个");
    repository.git(&["worktree", "add", "-q", worktree.to_str().expect("UTF-8"), "HEAD"]);
    let said = repository.evlint_in(&worktree, &["check", "--staged", "--format", "json", EVIDENCE]);
    assert_eq!(findings(&said.json()), [""; 0], "worktrees share the store");
    repository.git(&["config", "lfs.storage", "elsewhere"]);
    assert_eq!(repository.found(&["--staged", EVIDENCE]), lacking, "moved");
    repository.write(&format!(".git/{}", object.replace("lfs/", "elsewhere/")), GOOD);
    assert_eq!(repository.found(&["--staged", EVIDENCE]), [""; 0]);
}

#[test]
fn a_bad_staged_configuration_is_named_and_underlined() {
    let repository = Repository::with_report();
    repository.write("证据/evlint.json", r#"{"levle": "1"}"#);
    repository.git(&["add", "-A"]);
    repository.write("证据/evlint.json", &config("1"));
    let said = repository.evlint(&["check", "--staged", EVIDENCE]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("证据/evlint.json:1:2") && said.err.contains("level"), "{}", said.err);
}

#[test]
fn the_working_tree_is_not_touched() {
    let repository = Repository::with_report();
    repository.write(OTHER, "另一个\n");
    let before = (repository.git(&["status", "--porcelain=v2"]), repository.git(&["count-objects"]));
    repository.evlint(&["check", "--staged", "--since", "HEAD", EVIDENCE]);
    assert_eq!((repository.git(&["status", "--porcelain=v2"]), repository.git(&["count-objects"])), before);
}
