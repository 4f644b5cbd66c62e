//! A repository with an evidence folder in it, judged by the small pack.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Where the evidence lies in every repository of these tests.
pub(crate) const EVIDENCE: &str = "证据";

/// A report without faults; [`BAD`] lacks an item that the clause names.
pub(crate) const GOOD: &str = "# 甲方调研报告\n\n日期：2025-03-01\n\n甲方有两个业务系统，部署在自有机房，设备运行六年，缺少专人维护。\n\n## 服务时间\n\n工作日 8:30 至 17:30，期限一年。\n";
pub(crate) const BAD: &str =
    "# 甲方调研报告\n\n日期：2025-03-01\n\n甲方有两个业务系统，部署在自有机房，设备运行六年，缺少专人维护。\n";
/// Serves no clause; with a fault of its own.
pub(crate) const UNFILLED: &str =
    "# 会议记录\n\n日期：2025-03-02\n\n参会人：待补充\n\n讨论了机房的门禁和值班安排，没有形成决议。\n";

/// Paths in the evidence folder.
pub(crate) const REPORT: &str = "证据/调研.md";
pub(crate) const OTHER: &str = "证据/说明.md";

pub(crate) struct Repository {
    /// Everything of a test, home folder included.
    place: TempDir,
    pub(crate) top: PathBuf,
}

/// What a run of evlint said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Repository {
    /// Empty but for `evlint.json` and a file that serves nothing, neither of them staged.
    pub(crate) fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let top = fs::canonicalize(place.path()).expect("it is there").join("仓库");
        fs::create_dir(&top).expect("a folder");
        let repository = Self { place, top };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write("证据/evlint.json", &config("1"));
        repository.write(OTHER, "# 说明\n\n这里放一般的说明，与各条款无关。\n");
        repository
    }

    /// As [`Self::new`], with the good report, all committed.
    pub(crate) fn with_report() -> Self {
        let repository = Self::new();
        repository.write(REPORT, GOOD);
        repository.commit_all("good");
        repository
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.top.join(path)
    }

    /// Beside the repository, gone with it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.place.path()).expect("it is there").join(name)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("it was there");
    }

    pub(crate) fn commit_all(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// A program that sees nothing of the user, the machine or a hook that runs the tests.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        for name in
            ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "NO_GRAPHICS", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"]
        {
            command.env_remove(name);
        }
        let binary = Path::new(env!("CARGO_BIN_EXE_evlint")).parent().expect("a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = [binary.to_path_buf()].into_iter().chain(std::env::split_paths(&path));
        command
            .current_dir(folder)
            .stdin(Stdio::null())
            .env("HOME", self.place.path())
            .env("PATH", std::env::join_paths(paths).expect("no odd folder on the PATH"))
            .env("GIT_CONFIG_GLOBAL", self.place.path().join("none"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", "甲"), ("GIT_AUTHOR_EMAIL", "a@example.com")])
            .envs([("GIT_COMMITTER_NAME", "甲"), ("GIT_COMMITTER_EMAIL", "a@example.com")]);
        command
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.top, arguments)
    }

    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.command("git", folder).args(arguments).output().expect("git is here");
        assert!(output.status.success(), "git {arguments:?}: {}", said(&output).err);
        said(&output).out.trim_end().to_owned()
    }

    /// Whether git commits, and what it says.
    pub(crate) fn commits(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command("git", &self.top).args(["commit", "-m", "x"]).args(arguments).output();
        let output = output.expect("git is here");
        let Said { out, err, .. } = said(&output);
        (output.status.success(), out + &err)
    }

    pub(crate) fn evlint(&self, arguments: &[&str]) -> Said {
        self.evlint_in(&self.top, arguments)
    }

    pub(crate) fn evlint_in(&self, folder: &Path, arguments: &[&str]) -> Said {
        said(&self.command(env!("CARGO_BIN_EXE_evlint"), folder).args(arguments).output().expect("the binary runs"))
    }

    /// Findings of a check as `CODE` or `CODE FILE`, notes left out, sorted.
    pub(crate) fn found(&self, arguments: &[&str]) -> Vec<String> {
        findings(&self.report(arguments))
    }

    pub(crate) fn report(&self, arguments: &[&str]) -> Value {
        let said = self.evlint(&[&["check", "--format", "json"], arguments].concat());
        said.json()
    }
}

impl Said {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no report ({}): {}", self.code, self.err))
    }
}

pub(crate) fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

pub(crate) fn findings(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let mut found: Vec<String> = findings
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| match (&finding["clause"], &finding["path"]) {
            (Value::Null, Value::String(path)) => format!("{} {path}", finding["code"].as_str().expect("a code")),
            _ => finding["code"].as_str().expect("a code").to_owned(),
        })
        .collect();
    found.sort();
    found
}

/// Paths of the files that were judged.
pub(crate) fn files(report: &Value) -> Vec<&str> {
    report["files"].as_array().expect("files").iter().map(|file| file["path"].as_str().expect("a path")).collect()
}

/// An evlint.json for a level of the small pack.
pub(crate) fn config(level: &str) -> String {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules/small");
    let value = serde_json::json!({
        "level": level,
        "as_of": "2026-01-20",
        "period": { "from": "2025-01-01", "to": "2025-12-31" },
        "rules": rules,
    });
    value.to_string()
}
