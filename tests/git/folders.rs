//! Any git folder: worktrees, submodules, bare and shallow repositories, and what git tells its hooks.

use std::fs;

use super::repository::{BAD, EVIDENCE, GOOD, REPORT, Repository, config, findings, said};

const STAGED: [&str; 5] = ["check", "--staged", "--format", "json", EVIDENCE];

#[test]
fn a_linked_worktree_has_an_index_of_its_own() {
    let repository = Repository::with_report();
    let worktree = repository.beside("另一个");
    repository.git(&["worktree", "add", "-q", worktree.to_str().expect("UTF-8"), "HEAD"]);
    fs::write(worktree.join(REPORT), BAD).expect("a file");
    repository.git_in(&worktree, &["add", "-A"]);
    assert_eq!(findings(&repository.evlint_in(&worktree, &STAGED).json()), ["missing-content"]);
    assert_eq!(repository.found(&["--staged", EVIDENCE]), [""; 0]);
}

#[test]
fn evidence_in_a_submodule_is_judged_by_the_submodules_index() {
    let outer = Repository::with_report();
    let inner = Repository::with_report();
    let url = inner.top.to_str().expect("UTF-8");
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", url, "子"]);
    outer.commit_all("submodule");
    outer.write("子/证据/调研.md", BAD);
    outer.git_in(&outer.path("子"), &["add", "-A"]);
    for (folder, path) in [(outer.path("子"), EVIDENCE), (outer.top.clone(), "子/证据")] {
        let said = outer.evlint_in(&folder, &["check", "--staged", "--format", "json", path]);
        assert_eq!(findings(&said.json()), ["missing-content"], "{path}");
    }
    // A hook of the outer repository speaks of the outer one: its index is not the submodule's.
    let mut command = outer.command(env!("CARGO_BIN_EXE_evlint"), &outer.top);
    command.env("GIT_INDEX_FILE", ".git/index").env("GIT_DIR", ".git");
    let output = command.args(["check", "--staged", "--format", "json", "子/证据"]).output().expect("it runs");
    assert_eq!(findings(&said(&output).json()), ["missing-content"]);
}

/// The folder of the run, the evidence folder as named there, the variables, and what is found.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

/// Each as git sets them for hooks: relative to the top, absolute, from a folder below it.
#[test]
fn what_git_tells_its_hooks_is_heeded() {
    let repository = Repository::with_report();
    let other = Repository::new();
    let index = repository.beside("index");
    fs::copy(repository.path(".git/index"), &index).expect("an index");
    fs::copy(&index, repository.path(".git/other-index")).expect("an index");
    repository.git(&["rm", "-q", "--cached", REPORT]);
    let git_dir = repository.path(".git");
    let (git_dir, absolute) = (git_dir.to_str().expect("UTF-8"), index.to_str().expect("UTF-8"));
    let theirs = other.path(".git");
    let theirs = theirs.to_str().expect("UTF-8");
    let cases: &[Case<'_>] = &[
        ("", EVIDENCE, &[], &["missing-material"]),
        ("", EVIDENCE, &[("GIT_INDEX_FILE", absolute)], &[]),
        ("", EVIDENCE, &[("GIT_INDEX_FILE", ".git/other-index")], &[]),
        (EVIDENCE, ".", &[("GIT_INDEX_FILE", ".git/other-index")], &[]),
        ("", EVIDENCE, &[("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/other-index")], &[]),
        ("", EVIDENCE, &[("GIT_DIR", git_dir), ("GIT_INDEX_FILE", absolute)], &[]),
        (EVIDENCE, ".", &[("GIT_DIR", git_dir), ("GIT_INDEX_FILE", absolute)], &[]),
        (EVIDENCE, ".", &[("GIT_DIR", git_dir), ("GIT_WORK_TREE", "..")], &["missing-material"]),
        // They speak of another repository.
        ("", EVIDENCE, &[("GIT_DIR", theirs), ("GIT_INDEX_FILE", absolute)], &["missing-material"]),
    ];
    for (at, (folder, path, variables, expected)) in cases.iter().enumerate() {
        let mut command = repository.command(env!("CARGO_BIN_EXE_evlint"), &repository.path(folder));
        command.envs(variables.iter().copied()).args(["check", "--staged", "--format", "json", path]);
        let output = command.output().expect("it runs");
        assert_eq!(findings(&said(&output).json()), *expected, "case {at}");
    }
}

#[test]
fn a_bare_repository_is_asked_for_a_commit() {
    let repository = Repository::with_report();
    repository.write(REPORT, BAD);
    repository.commit_all("bad");
    let bare = repository.beside("裸.git");
    repository.git(&["clone", "-q", "--bare", ".", bare.to_str().expect("UTF-8")]);
    let said = repository.evlint_in(&bare, &["check", "--staged", "."]);
    assert!(said.code == 2 && said.err.contains("evlint::git::no_index"), "{}", said.err);
    let commit = ["check", "--commit", "HEAD:证据", "--format", "json"];
    for (more, expected) in [
        (&["."][..], &["missing-content"][..]),
        (&["--since", "HEAD~1", "."], &["missing-content"]),
        (&["--since", "HEAD~1:证据", "."], &["missing-content"]),
        (&["--since", "HEAD", "."], &[]),
    ] {
        let said = repository.evlint_in(&bare, &[&commit[..], more].concat());
        assert_eq!(findings(&said.json()), expected, "{more:?}");
    }
    // A server's hook may have made an index.
    let index = repository.beside("index");
    let made = repository.command("git", &bare).env("GIT_INDEX_FILE", &index).args(["read-tree", "HEAD:证据"]).status();
    assert!(made.expect("git is here").success());
    let mut command = repository.command(env!("CARGO_BIN_EXE_evlint"), &bare);
    command.env("GIT_INDEX_FILE", &index).env("GIT_DIR", ".").args(["check", "--staged", "--format", "json", "."]);
    let output = command.output().expect("it runs");
    assert_eq!(findings(&super::repository::said(&output).json()), ["missing-content"]);
}

#[test]
fn a_revision_that_is_not_here_says_what_to_do() {
    let repository = Repository::with_report();
    repository.git(&["commit", "-q", "--allow-empty", "-m", "second"]);
    let shallow = repository.beside("浅");
    let url = format!("file://{}", repository.top.display());
    repository.git(&["clone", "-q", "--depth", "1", &url, shallow.to_str().expect("UTF-8")]);
    for (folder, revision, help) in [
        (&shallow, "HEAD~1", "fetch-depth: 0"),
        (&repository.top, "HEAD~7", "git fetch"),
        (&repository.top, "nobody", "git fetch"),
        (&repository.top, "--all", "git fetch"),
        (&repository.top, "HEAD:nothing", "git fetch"),
    ] {
        for flag in ["--since", "--commit"] {
            let flag = format!("{flag}={revision}");
            let said = repository.evlint_in(folder, &["check", &flag, EVIDENCE]);
            assert!(said.err.contains("evlint::git::no_revision") && said.err.contains(help), "{flag}: {}", said.err);
            assert_eq!(said.code, 2);
        }
    }
    assert_eq!(repository.evlint_in(&shallow, &["check", "--staged", "--since", "HEAD", EVIDENCE]).code, 0);
}

#[test]
fn without_a_repository_it_says_so() {
    let repository = Repository::new();
    let folder = repository.beside("别处");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("evlint.json"), config("1")).expect("a file");
    for flags in [&["--staged"][..], &["--since", "HEAD"], &["--commit", "HEAD"]] {
        let said = repository.evlint_in(&folder, &[&["check"], flags].concat());
        assert!(said.code == 2 && said.err.contains("evlint::git::no_repository"), "{flags:?}: {}", said.err);
    }
}

#[test]
fn the_first_commit_is_held_against_nothing() {
    let repository = Repository::new();
    let hook = ["check", "--staged", "--since", "HEAD", EVIDENCE];
    assert_eq!(repository.evlint(&hook).code, 0, "nothing is staged");
    repository.git(&["add", "证据/evlint.json"]);
    assert_eq!(repository.evlint(&hook).code, 0, "a configuration alone");
    repository.write(REPORT, GOOD);
    repository.git(&["add", "-A"]);
    assert_eq!(repository.found(&["--staged", "--since", "HEAD", EVIDENCE]), [""; 0]);
    repository.write(REPORT, BAD);
    repository.git(&["add", "-A"]);
    assert_eq!(repository.found(&["--staged", "--since", "HEAD", EVIDENCE]), ["missing-content"]);
    assert_eq!(repository.evlint(&["check", "--since", "HEAD~1", EVIDENCE]).code, 2);
}
