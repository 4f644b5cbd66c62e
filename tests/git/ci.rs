//! The files for CI: their shape against the official schemas, and the shell that they run.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::pre_commit::is_here;
use super::repository::{BAD, EVIDENCE, REPORT, Repository, Said, said};

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_files_are_what_their_readers_take() {
    if !is_here("check-jsonschema") {
        return;
    }
    for (schema, file) in [("vendor.github-actions", "action.yml"), ("vendor.gitlab-ci", "ci/gitlab.yml")] {
        let mut command = Command::new("check-jsonschema");
        command.current_dir(PROJECT).args(["--builtin-schema", schema, file]);
        let output = command.output().expect("it is here");
        assert!(output.status.success(), "{file}: {}{}", said(&output).out, said(&output).err);
    }
}

/// Actions of others by their commits, and no input in the text of a script.
#[test]
fn the_action_runs_what_it_names_and_nothing_else() {
    let action = fs::read_to_string(Path::new(PROJECT).join("action.yml")).expect("the action");
    let uses: Vec<&str> = action.lines().filter_map(|line| line.trim().strip_prefix("uses: ")).collect();
    assert!(uses.len() >= 2, "{uses:?}");
    for one in uses {
        let (_, pin) = one.split_once('@').expect(one);
        let commit = pin.split(' ').next().unwrap_or_default();
        assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
    }
    let scripts = action.split("run: ").skip(1).map(|step| step.split("\n    - ").next().unwrap_or_default());
    for script in scripts {
        assert!(!script.contains("${{"), "{script}");
    }
}

struct Run {
    said: Said,
    output: String,
    summary: String,
}

/// `ci/check.sh` as the action runs it.
fn check(repository: &Repository, variables: &[(&str, &str)]) -> Run {
    let temp = repository.beside("runner");
    let _ = fs::remove_dir_all(&temp); // of an earlier run
    fs::create_dir(&temp).expect("a folder");
    let mut command = repository.command("bash", &repository.top);
    command
        .arg(Path::new(PROJECT).join("ci/check.sh"))
        .env("EVLINT", env!("CARGO_BIN_EXE_evlint"))
        .env("EVLINT_PATH", EVIDENCE)
        .env("RUNNER_TEMP", &temp)
        .env("GITHUB_OUTPUT", temp.join("output"))
        .env("GITHUB_STEP_SUMMARY", temp.join("summary"))
        .envs(variables.iter().copied());
    let said = said(&command.output().expect("bash is here"));
    let read = |name: &str| fs::read_to_string(temp.join(name)).unwrap_or_default();
    Run { said, output: read("output"), summary: read("summary") }
}

#[test]
fn the_actions_script_reports_and_keeps_the_exit_code() {
    let repository = Repository::with_report();
    repository.write(REPORT, BAD);
    repository.commit_all("bad");
    for (variables, code) in [
        (&[][..], "1"),
        (&[("EVLINT_SINCE", "HEAD~1")], "1"),
        (&[("EVLINT_SINCE", "HEAD")], "0"),
        (&[("EVLINT_FAIL_ON", "never")], "0"),
        (&[("EVLINT_ARGS", "--level=1\n--exit-zero\n")], "0"),
        (&[("EVLINT_SINCE", "nobody")], "2"),
        (&[("EVLINT_PATH", "$(touch x)")], "2"),
    ] {
        let run = check(&repository, variables);
        assert_eq!(run.said.code, 0, "{variables:?}: {}", run.said.err);
        assert!(run.output.contains(&format!("code={code}\n")), "{variables:?}: {}{}", run.output, run.said.err);
        assert_eq!(run.output.contains("sarif="), code != "2", "{variables:?}");
        assert_eq!(run.summary.is_empty(), code == "2", "{variables:?}");
    }
    assert!(!repository.path("x").exists());
}

/// Evidence is confidential: nothing of it stays on a runner unless that is asked for.
#[test]
fn findings_are_kept_only_where_the_workflow_asks() {
    let repository = Repository::with_report();
    let run = check(&repository, &[]);
    assert!(run.output.contains("code=0"), "{}", run.said.err);
    assert!(!repository.beside(".cache").exists());
    let kept = repository.beside("kept");
    let first = check(&repository, &[("EVLINT_CACHE", &kept.to_string_lossy())]);
    assert!(kept.join("found.sqlite").is_file(), "{}", first.said.err);
    let second = check(&repository, &[("EVLINT_CACHE", &kept.to_string_lossy())]);
    assert_eq!((&second.said.out, &second.summary), (&first.said.out, &first.summary));
    assert_eq!(first.said.out, run.said.out);
}
