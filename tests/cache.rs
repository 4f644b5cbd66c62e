//! What is kept between runs changes nothing but the time a run takes.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use evlint::report::FORMATS;
use tempfile::TempDir;

const AS_OF: [&str; 2] = ["--as-of", "2026-01-20"];

/// A folder of evidence, and one for the cache.
struct Place {
    top: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { top: tempfile::tempdir().expect("a folder") };
        fs::create_dir(place.evidence()).expect("a folder");
        place
    }

    /// The example with files of every other kind: archives, what cannot be read, scans, our own.
    fn with_everything() -> Self {
        let place = Self::new();
        copy(Path::new("fixtures/example"), &place.evidence());
        copy(Path::new("fixtures/extract"), &place.evidence().join("其他"));
        place.write("其他/空.docx", b"");
        place.write("其他/指针.pdf", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        place.write("其他/上次.json", br#"{ "schema_version": 1, "tool": { "name": "evlint", "version": "1" } }"#);
        let mut zip = zip::ZipWriter::new(fs::File::create(place.evidence().join("包.zip")).expect("a file"));
        for (name, text) in [("巡检.md", "# 巡检记录\n\n日期：2025-05-06\n\n机房巡检正常。"), ("空.txt", "")]
        {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
            zip.write_all(text.as_bytes()).expect("bytes");
        }
        zip.finish().expect("an archive");
        place
    }

    /// Two documents that the small pack of the fixtures knows.
    fn small() -> Self {
        let place = Self::new();
        let rules = std::path::absolute("fixtures/rules/small").expect("a path");
        let config = serde_json::json!({ "level": "1", "rules": rules.to_string_lossy() });
        place.write("evlint.json", config.to_string().as_bytes());
        place.write("调研.md", report("服务时间", "8:30").as_bytes());
        place.write("说明.md", "# 说明\n\n这里放一般的说明。\n".as_bytes());
        place
    }

    fn evidence(&self) -> PathBuf {
        self.top.path().join("证据")
    }

    fn cache(&self) -> PathBuf {
        self.top.path().join("cache")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.evidence().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
        command.current_dir(self.evidence()).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(Stdio::piped());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "NO_GRAPHICS"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    fn check(&self) -> Output {
        let cache = self.cache();
        self.run(&["check", "--format", "json", AS_OF[0], AS_OF[1], "--cache-dir", &cache.to_string_lossy()])
    }

    /// What a check with the cache says is what one without says; and what that is.
    fn same_as_fresh(&self, name: &str) -> String {
        let fresh = self.run(&["check", "--format", "json", AS_OF[0], AS_OF[1], "--no-cache"]);
        let kept = self.check();
        assert_eq!(text(&kept.stdout), text(&fresh.stdout), "{name}");
        assert_eq!(kept.status.code(), fresh.status.code(), "{name}");
        assert!(fresh.status.code().is_some_and(|code| code < 2), "{name}: {}", text(&fresh.stderr));
        text(&kept.stdout)
    }

    fn entries(&self) -> String {
        let info = self.run(&["cache", "info", "--lang", "en", "--cache-dir", &self.cache().to_string_lossy()]);
        text(&info.stdout).lines().last().unwrap_or_default().to_owned()
    }
}

fn report(item: &str, time: &str) -> String {
    format!(
        "# 甲方调研报告\n\n日期：2025-03-01\n\n甲方有两个业务系统，部署在自有机房。\n\n## {item}\n\n工作日 {time} 至 17:30，期限一年。\n"
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, to).expect("a copy");
        }
    }
}

/// Written long enough ago for its stamp to be trusted: times of change cannot be set, so it takes waiting.
fn settle() {
    std::thread::sleep(Duration::from_secs(4));
}

#[test]
fn the_same_bytes_with_and_without_in_every_format() {
    let place = Place::with_everything();
    settle();
    let out = |name: &str| place.top.path().join(name);
    let cache = place.cache().to_string_lossy().into_owned();
    let mut runs = Vec::new();
    for (run, flags) in [
        ("none", &["--no-cache"][..]),
        ("cold", &["--cache-dir", &cache]),
        ("warm", &["--cache-dir", &cache]),
        ("warm again", &["--cache-dir", &cache, "--jobs", "1"]),
    ] {
        let formats: Vec<String> = FORMATS
            .iter()
            .map(|format| format!("--format={}={}", format.name(), out(&format!("report.{}", format.name())).display()))
            .collect();
        let mut arguments = vec!["check", AS_OF[0], AS_OF[1]];
        arguments.extend(formats.iter().map(String::as_str));
        arguments.extend(flags);
        let output = place.run(&arguments);
        assert_eq!(output.status.code(), Some(1), "{run}: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "", "{run}");
        let reports: Vec<Vec<u8>> = FORMATS
            .iter()
            .map(|format| fs::read(out(&format!("report.{}", format.name()))).expect("a report"))
            .collect();
        runs.push((run, reports, if run == "none" { String::new() } else { place.entries() }));
    }
    for (run, reports, _) in &runs[1..] {
        for (at, format) in FORMATS.iter().enumerate() {
            assert!(reports[at] == runs[0].1[at], "{} differs, {run}", format.name());
        }
    }
    assert!(!runs[1].2.is_empty() && runs[1].2 != "entries: 0", "{}", runs[1].2);
    assert_eq!(runs[1].2, runs[2].2, "a warm run finds all that it needs");
    // Other commands find it as well.
    let why = |flags: &[&str]| {
        let arguments = [&["why", "包.zip"], flags].concat();
        text(&place.run(&arguments).stdout)
    };
    let fresh = why(&["--no-cache"]);
    assert!(fresh.contains("巡检"), "{fresh}");
    assert_eq!(why(&["--cache-dir", &cache]), fresh);
    let form = |flags: &[&str], name: &str| {
        let to = out(name);
        let to = to.to_string_lossy();
        let output = place.run(&[&["form", "fill", "--out", &to, AS_OF[0], AS_OF[1]], flags].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        fs::read(out(name)).expect("a form")
    };
    assert!(form(&["--no-cache"], "a.docx") == form(&["--cache-dir", &cache], "b.docx"));
    assert_eq!(place.entries(), runs[1].2);
}

#[test]
fn every_change_of_a_folder_is_seen() {
    let place = Place::small();
    settle();
    let good = place.same_as_fresh("at first");
    assert_eq!(place.same_as_fresh("nothing changed"), good);
    // The same length and time of writing.
    let path = place.evidence().join("调研.md");
    let written = fs::metadata(&path).and_then(|found| found.modified()).expect("a time");
    place.write("调研.md", report("服务地点", "8:30").as_bytes());
    let file = fs::File::options().write(true).open(&path).expect("a file");
    file.set_times(fs::FileTimes::new().set_modified(written)).expect("times are set");
    drop(file);
    assert_ne!(place.same_as_fresh("changed without a trace"), good);
    place.write("调研.md", report("服务时间", "8:30").as_bytes());
    assert_eq!(place.same_as_fresh("changed back"), good);
    fs::rename(&path, place.evidence().join("2024年合同.md")).expect("renamed");
    place.same_as_fresh("renamed");
    fs::create_dir(place.evidence().join("2023")).expect("a folder");
    fs::rename(place.evidence().join("2024年合同.md"), place.evidence().join("2023/调研.md")).expect("moved");
    place.same_as_fresh("moved");
    fs::remove_file(place.evidence().join("2023/调研.md")).expect("removed");
    assert_ne!(place.same_as_fresh("removed"), good);
}

/// What people say of a file, and what the rules ask, is no part of its content.
#[test]
fn every_change_of_settings_and_rules_is_seen() {
    let place = Place::small();
    let rules = place.top.path().join("rules");
    copy(Path::new("fixtures/rules/small"), &rules);
    place.write("说明.md", "# 说明\n\n临河医院的一般说明，服务时间另议。\n".as_bytes());
    settle();
    let mut seen = Vec::new();
    let sha256 = evlint::extract::sha256(&fs::read(place.evidence().join("说明.md")).expect("a file"));
    for (name, more) in [
        ("nothing said", serde_json::json!({})),
        ("told", serde_json::json!({ "evidence": { "1.survey-report": ["说明.md"] } })),
        (
            "confirmed",
            serde_json::json!({ "confirmations": [
                { "path": "说明.md", "sha256": sha256, "material": "1.survey-report", "by": "王", "on": "2025-06-01" }
            ] }),
        ),
        ("a project", serde_json::json!({ "projects": [{ "name": "临河医院运维", "customer": "临河医院" }] })),
        ("nothing said again", serde_json::json!({})),
    ] {
        let mut config = serde_json::json!({ "level": "1", "rules": rules.to_string_lossy() });
        for (key, value) in more.as_object().expect("an object") {
            config[key] = value.clone();
        }
        place.write("evlint.json", config.to_string().as_bytes());
        seen.push(place.same_as_fresh(name));
        place.same_as_fresh(name);
    }
    assert_eq!(seen[0], seen[4]);
    assert!(seen[0] != seen[1] && seen[1] != seen[2] && seen[0] != seen[3]);
    let clause = rules.join("01-survey.json");
    let text = fs::read_to_string(&clause).expect("a clause");
    fs::write(&clause, text.replace("调研报告\"", "勘查报告\"")).expect("written");
    let rules = place.run(&["check", "--no-cache"]);
    if rules.status.code() != Some(2) {
        place.same_as_fresh("other rules");
    }
}

#[test]
fn a_damaged_cache_is_set_aside_and_an_impossible_one_left_alone() {
    let place = Place::small();
    let good = place.same_as_fresh("cold");
    let file = place.cache().join("found.sqlite");
    for (name, harm) in
        [("garbage", &b"no database at all"[..]), ("a head", b"SQLite format 3\0"), ("zeros", &[0; 8192])]
    {
        fs::write(&file, harm).expect("written");
        let _ = fs::remove_file(place.cache().join("found.sqlite-wal"));
        let output = place.check();
        assert_eq!(text(&output.stdout), good, "{name}");
        assert_eq!(text(&output.stderr).lines().count(), 1, "{name}: {}", text(&output.stderr));
        assert_ne!(place.entries(), "entries: 0", "{name}");
        let output = place.check();
        assert_eq!((text(&output.stdout), text(&output.stderr)), (good.clone(), String::new()), "{name}");
    }
    place.top.path().join("file").to_str().map(|path| fs::write(path, "")).expect("a path").expect("a file");
    let nowhere = place.top.path().join("file/cache");
    let arguments = ["check", "--format", "json", AS_OF[0], AS_OF[1], "--cache-dir", &nowhere.to_string_lossy()];
    let output = place.run(&arguments);
    assert_eq!(text(&output.stdout), good);
    assert_eq!(text(&output.stderr).lines().count(), 1, "{}", text(&output.stderr));
}

#[test]
fn runs_at_once_and_runs_that_are_killed_do_no_harm() {
    let place = Place::small();
    for number in 0..40 {
        place.write(&format!("{number}.md"), report(&format!("第 {number} 节"), "9:00").as_bytes());
    }
    let fresh = place.run(&["check", "--format", "json", AS_OF[0], AS_OF[1], "--no-cache"]);
    let cache = place.cache().to_string_lossy().into_owned();
    let arguments = ["check", "--format", "json", AS_OF[0], AS_OF[1], "--cache-dir", &cache];
    for wait in [30, 90, 200, 400] {
        let mut killed =
            place.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(wait));
        let _ = killed.kill(); // it may have ended
        killed.wait().expect("it ends");
    }
    let runs: Vec<_> = (0..4).map(|_| place.command(&arguments).spawn().expect("it runs")).collect();
    for run in runs {
        let output = run.wait_with_output().expect("it ends");
        assert_eq!(text(&output.stderr), "");
        assert!(output.stdout == fresh.stdout);
    }
}

fn git(place: &Place, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(place.evidence()).env("HOME", place.top.path()).env("GIT_CONFIG_NOSYSTEM", "1");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
    let output = command.output().expect("git is here");
    assert!(output.status.success(), "git {arguments:?}: {}", text(&output.stderr));
}

/// Objects that git holds one by one.
fn objects(place: &Place) -> Vec<PathBuf> {
    let folders = fs::read_dir(place.evidence().join(".git/objects")).expect("objects");
    let folders =
        folders.map(|one| one.expect("one").path()).filter(|path| path.file_name().is_some_and(|name| name.len() == 2));
    folders.flat_map(|folder| fs::read_dir(folder).expect("objects").map(|one| one.expect("one").path())).collect()
}

#[test]
fn a_hook_reads_what_changed_and_no_more() {
    let place = Place::small();
    git(&place, &["init", "-q"]);
    git(&place, &["add", "-A"]);
    git(&place, &["commit", "-q", "-m", "good"]);
    let cache = place.cache().to_string_lossy().into_owned();
    let staged =
        |flags: &[&str]| place.run(&[&["check", "--staged", "--format", "json", AS_OF[0], AS_OF[1]], flags].concat());
    let good = staged(&["--cache-dir", &cache]);
    assert_eq!(text(&good.stdout), text(&staged(&["--no-cache"]).stdout));
    // Without the contents of the evidence, what is known of them is enough.
    let kept: Vec<(PathBuf, Vec<u8>)> =
        objects(&place).into_iter().map(|path| (path.clone(), fs::read(path).expect("an object"))).collect();
    let id = |name: &str| {
        let output =
            Command::new("git").current_dir(place.evidence()).args(["rev-parse", &format!(":{name}")]).output();
        text(&output.expect("git is here").stdout).trim().to_owned()
    };
    for name in ["调研.md", "说明.md"] {
        let id = id(name);
        let path = place.evidence().join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
        fs::remove_file(path).expect("an object");
    }
    assert_eq!(text(&staged(&["--cache-dir", &cache]).stdout), text(&good.stdout));
    // What could not be read was a fault of the moment, and nothing of it is kept.
    let other = place.top.path().join("other").to_string_lossy().into_owned();
    let unread = staged(&["--cache-dir", &other]);
    assert_ne!(text(&unread.stdout), text(&good.stdout));
    for (path, bytes) in kept {
        if !path.exists() {
            fs::write(path, bytes).expect("an object");
        }
    }
    assert_eq!(text(&staged(&["--cache-dir", &other]).stdout), text(&good.stdout));
}

/// The pointer stays as it is while its object comes, goes, and is damaged.
#[test]
fn an_object_of_lfs_is_read_when_it_is_there() {
    let place = Place::small();
    let object = report("服务时间", "8:30");
    let id = evlint::extract::sha256(object.as_bytes());
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize {}\n", object.len());
    place.write("调研.md", pointer.as_bytes());
    git(&place, &["init", "-q"]);
    git(&place, &["add", "-A"]);
    let cache = place.cache().to_string_lossy().into_owned();
    let staged = |flags: &[&str]| {
        text(&place.run(&[&["check", "--staged", "--format", "json", AS_OF[0], AS_OF[1]], flags].concat()).stdout)
    };
    let file = place.evidence().join(format!(".git/lfs/objects/{}/{}/{id}", &id[..2], &id[2..4]));
    fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
    let mut seen = Vec::new();
    for content in [None, Some(object.clone()), None, Some(object.replace('8', "9")), Some(object.clone())] {
        match content {
            Some(content) => fs::write(&file, content).expect("written"),
            None => drop(fs::remove_file(&file)),
        }
        settle();
        let fresh = staged(&["--no-cache"]);
        assert_eq!(staged(&["--cache-dir", &cache]), fresh);
        assert_eq!(staged(&["--cache-dir", &cache]), fresh);
        seen.push(fresh);
    }
    assert!(seen[0] == seen[2] && seen[2] == seen[3] && seen[1] == seen[4] && seen[0] != seen[1]);
}

#[test]
fn the_cache_says_where_it_is_and_can_be_cleaned() {
    let place = Place::small();
    let cache = place.top.path().join("用户 缓存");
    let run = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        text(&command.env("XDG_CACHE_HOME", &cache).output().expect("it runs").stdout)
    };
    let info = run(&["cache", "info"]);
    assert!(info.contains(&cache.join("evlint").to_string_lossy()[..]) && info.contains("条目：0"), "{info}");
    assert!(!cache.exists(), "to look makes nothing");
    run(&["check"]);
    let info = run(&["cache", "info"]);
    assert!(!info.contains("条目：0") && info.contains("512 MiB"), "{info}");
    let cleaned = run(&["cache", "clean", "--lang", "en"]);
    assert!(cleaned.starts_with("removed the cache in "), "{cleaned}");
    assert!(run(&["cache", "info"]).contains("条目：0"));
    assert!(run(&["cache", "clean", "--lang", "en"]).starts_with("no cache in "));
    // Nothing is kept where that is not wanted.
    run(&["check", "--no-cache"]);
    assert!(run(&["cache", "info"]).contains("条目：0"));
    let old = SystemTime::now() - Duration::from_mins(1);
    assert!(fs::metadata(cache.join("evlint")).and_then(|found| found.modified()).expect("it is there") > old);
}
