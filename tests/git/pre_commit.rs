//! The hooks of this repository, run by the real `pre-commit` on the example organisation.
//!
//! The hooks are `language: rust`, which would build evlint once more, for minutes. So the test hands
//! pre-commit a copy of `.pre-commit-hooks.yaml` that says `language: system` instead: the binary that
//! was built for the tests is on the PATH. Everything else is what users get.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::repository::{Repository, said};

const CONTRACT: &str = "证据/02_准备与签约/安全运维服务合同（盖章）.pdf";

/// Whether a program is here; says what is passed over where it is not.
#[expect(clippy::print_stderr, reason = "who runs the tests must know what was passed over")]
pub(crate) fn is_here(program: &str) -> bool {
    let is_here = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_here {
        eprintln!("passed over: {program} is not installed (pip install {program})");
    }
    is_here
}

/// The example organisation in a repository, with the hooks installed as a user would.
fn example() -> Repository {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = Repository::new();
    fs::remove_dir_all(repository.path("证据")).expect("it was there");
    copy(&project.join("fixtures/example"), &repository.path("证据"));
    // A fault of its own that the first commit would be stopped for.
    fs::remove_file(repository.path("证据/02_准备与签约/~$密协议.docx")).expect("it was there");

    let hooks = repository.beside("hooks");
    fs::create_dir(&hooks).expect("a folder");
    let yaml = fs::read_to_string(project.join(".pre-commit-hooks.yaml")).expect("the hooks");
    assert_eq!(yaml.matches("language: rust").count(), 2);
    fs::write(hooks.join(".pre-commit-hooks.yaml"), yaml.replace("language: rust", "language: system"))
        .expect("a file");
    repository.git_in(&hooks, &["init", "-q", "-b", "main"]);
    repository.git_in(&hooks, &["add", "-A"]);
    repository.git_in(&hooks, &["commit", "-q", "-m", "hooks"]);
    let commit = repository.git_in(&hooks, &["rev-parse", "HEAD"]);
    let config = format!(
        "repos:\n- repo: {}\n  rev: {commit}\n  hooks:\n  - id: evlint\n    args: [证据, --as-of=2026-01-20]\n  - id: evlint-files\n",
        hooks.display()
    );
    repository.write(".pre-commit-config.yaml", &config);
    repository.commit_all("example");
    let output = pre_commit(&repository, &["install"]).output().expect("pre-commit is here");
    assert!(output.status.success(), "{}{}", said(&output).out, said(&output).err);
    repository
}

fn pre_commit(repository: &Repository, arguments: &[&str]) -> Command {
    let mut command = repository.command("pre-commit", &repository.top);
    command.env("PRE_COMMIT_HOME", repository.beside("pre-commit")).args(arguments);
    command
}

/// Whether git commits what is staged, with the hooks, and what they say.
fn commits(repository: &Repository) -> (bool, String) {
    let mut command = repository.command("git", &repository.top);
    command.env("PRE_COMMIT_HOME", repository.beside("pre-commit")).args(["commit", "-m", "x"]);
    let output = command.output().expect("git is here");
    (output.status.success(), said(&output).out + &said(&output).err)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).expect("a file");
        }
    }
}

#[test]
fn the_real_pre_commit_stops_what_makes_the_evidence_worse() {
    if !is_here("pre-commit") {
        return;
    }
    let repository = example();
    // The only contract, deleted: no file name is passed, the hook runs all the same.
    repository.git(&["rm", "-q", CONTRACT]);
    let (is_done, said) = commits(&repository);
    assert!(!is_done && said.contains("11.contract"), "{said}");
    repository.git(&["reset", "-q", "--hard"]);

    // The record that was missing.
    let june = fs::read(repository.path("证据/04_实施/日常巡检/巡检记录202506.docx")).expect("a record");
    let july = another_month(&repository, &june);
    fs::write(repository.path("证据/04_实施/日常巡检/巡检记录202507.docx"), july).expect("a record");
    repository.git(&["add", "-A"]);
    let (is_done, said) = commits(&repository);
    assert!(is_done, "{said}");

    // Nothing of the evidence.
    repository.write("说明.txt", "不是证据，待补充\n");
    repository.git(&["add", "-A"]);
    let (is_done, said) = commits(&repository);
    assert!(is_done, "{said}");

    // A fault of the file alone.
    repository
        .write("证据/会议记录.md", "# 会议记录\n\n参会人：待补充\n\n讨论了机房的门禁和值班安排，没有形成决议。\n");
    repository.git(&["add", "-A"]);
    let (is_done, said) = commits(&repository);
    assert!(!is_done && said.contains("待补充"), "{said}");
}

/// The record of June as one of July: a Word file is an archive, so its text is changed by python,
/// which pre-commit needs anyway.
fn another_month(repository: &Repository, june: &[u8]) -> Vec<u8> {
    let (from, to) = (repository.beside("june.docx"), repository.beside("july.docx"));
    fs::write(&from, june).expect("a file");
    let script = "import sys, zipfile\n\
        old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')\n\
        for name in old.namelist():\n    \
            data = old.read(name)\n    \
            if name.endswith('.xml'):\n        \
                text = data.decode().replace('2025年6月', '2025年7月').replace('2025-06', '2025-07')\n        \
                data = text.replace('202506', '202507').encode()\n    \
            new.writestr(name, data)\n\
        new.close()\n";
    let output = repository.command("python3", &repository.top).args(["-c", script]).args([&from, &to]).output();
    let output = output.expect("python is here");
    assert!(output.status.success(), "{}", said(&output).err);
    fs::read(to).expect("a file")
}
