//! `evlint hook` and plain git: what is committed is what is judged.

use std::fs;

use super::repository::{BAD, EVIDENCE, GOOD, OTHER, REPORT, Repository};

fn with_hook() -> Repository {
    let repository = Repository::with_report();
    let said = repository.evlint(&["hook", "install", "--path", EVIDENCE]);
    assert_eq!(said.code, 0, "{}", said.err);
    repository
}

#[test]
fn a_commit_that_makes_the_evidence_worse_is_stopped() {
    let repository = with_hook();
    // A staged fault, mended on disk only.
    repository.write(REPORT, BAD);
    repository.git(&["add", "-A"]);
    repository.write(REPORT, GOOD);
    let (is_done, said) = repository.commits(&[]);
    assert!(!is_done && said.contains("服务时间"), "{said}");
    // Deleted, with an untracked file in its place.
    repository.git(&["reset", "-q", "--hard"]);
    repository.git(&["rm", "-q", "--cached", REPORT]);
    assert!(!repository.commits(&[]).0);
    // The only report, deleted.
    repository.git(&["reset", "-q", "--hard"]);
    repository.git(&["rm", "-q", REPORT]);
    assert!(!repository.commits(&[]).0);
    assert!(repository.commits(&["--no-verify"]).0);
}

/// git makes an index for the commit, of HEAD and the path alone.
#[test]
fn a_commit_of_paths_is_judged_by_the_index_that_git_makes_for_it() {
    let repository = with_hook();
    repository.write(REPORT, BAD);
    assert!(!repository.commits(&["--", REPORT]).0, "the fault is in the path");
    repository.git(&["add", "-A"]);
    repository.write(OTHER, "另一篇说明。\n");
    let (is_done, said) = repository.commits(&["--", OTHER]);
    assert!(is_done, "what is staged beside the path is not committed: {said}");
    repository.git(&["reset", "-q", "--hard"]);
    repository.remove(REPORT);
    assert!(!repository.commits(&["--", REPORT]).0, "a deletion");
    repository.git(&["reset", "-q", "--hard"]);
    repository.write(REPORT, BAD);
    assert!(!repository.commits(&["-a"]).0, "all that is tracked");
}

#[test]
fn a_commit_that_makes_nothing_worse_passes() {
    let repository = with_hook();
    repository.write("main.c", "int main;\n");
    repository.git(&["add", "main.c"]);
    let (is_done, said) = repository.commits(&[]);
    assert!(is_done && said.contains("证据与 HEAD 相同"), "{said}");
    repository.write("证据/记录.md", "# 说明\n\n又一篇说明，与各条款无关。\n");
    repository.write(REPORT, &GOOD.replace("六年", "七年"));
    repository.git(&["add", "-A"]);
    let (is_done, said) = repository.commits(&[]);
    assert!(is_done, "{said}");
    repository.git(&["commit", "-q", "--amend", "--no-edit"]);
}

#[test]
fn worktrees_share_the_hook() {
    let repository = with_hook();
    let worktree = repository.beside("另一个");
    repository.git(&["worktree", "add", "-q", worktree.to_str().expect("UTF-8"), "HEAD"]);
    fs::write(worktree.join(REPORT), BAD).expect("a file");
    let commit = |folder: &str| {
        let mut command = repository.command("git", &worktree.join(folder));
        command.args(["commit", "-q", "-a", "-m", "x"]).output().expect("git is here").status.success()
    };
    assert!(!commit("") && !commit(EVIDENCE));
    fs::write(worktree.join(REPORT), GOOD.replace("六年", "七年")).expect("a file");
    assert!(commit(EVIDENCE));
}

#[test]
fn install_is_idempotent_and_careful() {
    let repository = Repository::with_report();
    let hook = repository.path(".git/hooks/pre-commit");
    let install = |more: &[&str]| repository.evlint(&[&["hook", "install"], more].concat());
    let said = install(&[]);
    assert!(said.code == 2 && said.err.contains("evlint::hook::no_config"), "the top has no evlint.json: {}", said.err);
    assert_eq!(install(&["--path", EVIDENCE]).code, 0);
    let first = fs::read(&hook).expect("a hook");
    let again = install(&["--path", EVIDENCE]);
    assert!(again.code == 0 && again.out.contains("已经装好"), "{}", again.out);
    assert_eq!(fs::read(&hook).expect("a hook"), first);
    // From inside the folder it is the same folder.
    assert_eq!(repository.evlint_in(&repository.path(EVIDENCE), &["hook", "install"]).code, 0);
    assert_eq!(fs::read(&hook).expect("a hook"), first);
    assert_eq!(repository.evlint_in(&repository.path(EVIDENCE), &["hook", "uninstall"]).code, 0);
    assert!(!hook.exists());
    assert_eq!(repository.evlint(&["hook", "uninstall"]).code, 0, "nothing to remove");
    // Somebody else's hook stays.
    fs::create_dir_all(hook.parent().expect("a folder")).expect("a folder");
    fs::write(&hook, "#!/bin/sh\nmake check\n").expect("a hook");
    let said = install(&["--path", EVIDENCE]);
    assert!(said.code == 2 && said.err.contains("evlint::hook::foreign"), "{}", said.err);
    assert_eq!(repository.evlint(&["hook", "uninstall"]).code, 2);
    assert_eq!(fs::read_to_string(&hook).expect("a hook"), "#!/bin/sh\nmake check\n");
}

#[test]
fn hooks_go_where_git_looks_for_them() {
    let repository = Repository::with_report();
    repository.git(&["config", "core.hooksPath", ".钩子"]);
    let said = repository.evlint_in(&repository.path(EVIDENCE), &["hook", "install"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(repository.path(".钩子/pre-commit").exists());
    repository.write(REPORT, BAD);
    assert!(!repository.commits(&["-a"]).0);
    // A folder that other repositories use too is not ours to write in.
    let shared = repository.beside("共用");
    fs::create_dir(&shared).expect("a folder");
    repository.git(&["config", "core.hooksPath", shared.to_str().expect("UTF-8")]);
    let said = repository.evlint(&["hook", "install", "--path", EVIDENCE]);
    assert!(said.code == 2 && said.err.contains("evlint::hook::shared"), "{}", said.err);
}

/// A name is a name to the shell, too.
#[cfg(unix)]
#[test]
fn an_odd_folder_is_quoted() {
    let repository = Repository::with_report();
    repository.git(&["mv", EVIDENCE, "it's $(touch x) 证据"]);
    repository.git(&["commit", "-q", "-m", "odd"]);
    let said = repository.evlint(&["hook", "install", "--path", "it's $(touch x) 证据"]);
    assert_eq!(said.code, 0, "{}", said.err);
    repository.write("it's $(touch x) 证据/调研.md", BAD);
    let (is_done, said) = repository.commits(&["-a"]);
    assert!(!is_done && said.contains("服务时间"), "{said}");
    assert!(!repository.path("x").exists());
}
