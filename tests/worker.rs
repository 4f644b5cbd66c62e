//! The pool of workers, tried with a worker that breaks in every way: this test itself, started once more.
//!
//! Has a `main` of its own, for that. What a file's bytes say is what the worker does.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use evlint::extract::worker::{Limits, WorkerCommand, Workers, serve};
use evlint::extract::{Extractor, Options, read};
use evlint::model::{EvidencePath, FileFormat, Reading, Source, Unreadable};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("--as-worker") => serve(),
        Some("--as-moody-worker") => moody(),
        Some("--as-silent-worker") => silent(),
        Some("--as-loud-worker") => loud(),
        Some("--as-master") => master(),
        _ => tests(),
    }
}

fn tests() -> ExitCode {
    let tests: [(&str, fn()); 7] = [
        ("what breaks a worker breaks nothing else", what_breaks_a_worker_breaks_nothing_else),
        ("a member breaks alone", a_member_breaks_alone),
        ("the system's limit on memory holds", the_systems_limit_on_memory_holds),
        ("workers read as this process does", workers_read_as_this_process_does),
        ("what is no worker is refused", what_is_no_worker_is_refused),
        ("workers end with their master", workers_end_with_their_master),
        ("nothing is left behind", nothing_is_left_behind),
    ];
    for (name, test) in tests {
        let start = Instant::now();
        test();
        say(&format!("ok: {name} ({:.1} s)", start.elapsed().as_secs_f64()));
    }
    ExitCode::SUCCESS
}

#[expect(clippy::print_stderr, reason = "what a test harness does")]
fn say(line: &str) {
    eprintln!("{line}");
}

// What the tests share.

const MEMORY: u64 = 192 << 20;

fn limits() -> Limits {
    let cpu = Duration::from_millis(1500);
    // The clock is the slow machine's friend: only the sleeper has to reach it.
    Limits { cpu, cpu_whole: cpu * 4, time: Duration::from_secs(15), memory: MEMORY }
}

fn command(mode: &str) -> WorkerCommand {
    let program = std::env::current_exe().expect("a test is a file");
    WorkerCommand { program, arguments: vec![mode.into()] }
}

fn extractor(mode: &str, count: usize) -> Extractor {
    let count = NonZeroUsize::new(count).expect("at least one");
    Extractor::in_workers(Workers::start(command(mode), count, limits(), Options::default()).expect("a worker starts"))
}

fn why(sources: &[Source]) -> Option<&Unreadable> {
    match &sources.first()?.reading {
        Reading::Unreadable(why) => Some(why),
        _ => None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside None in the tables")]
fn limit(limit: &str) -> Option<Unreadable> {
    Some(Unreadable::Limit { limit: limit.to_owned() })
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside None in the tables")]
fn fault(detail: &str) -> Option<Unreadable> {
    Some(Unreadable::Fault { detail: detail.to_owned() })
}

// The tests.

fn what_breaks_a_worker_breaks_nothing_else() {
    let mut cases: Vec<(&str, Option<Unreadable>)> = vec![
        ("a good file", None),
        ("sleep", limit("MAX_TIME = 15 s")),
        ("spin", limit("MAX_CPU = 1.5 s")),
        ("eat", limit(&format!("MAX_MEMORY = {MEMORY}"))),
        ("ask for too much", limit(&format!("MAX_MEMORY = {MEMORY}"))),
        ("babble", fault("the worker's answer makes no sense")),
        ("promise", fault("the worker's answer makes no sense")),
        ("tired", None),
        ("another good file", None),
    ];
    if cfg!(unix) {
        cases.push(("overflow", limit(&format!("STACK_BYTES = {}", 64 << 20))));
        cases.push(("panic", fault("the worker ended: exit status: 101")));
        cases.push(("exit", fault("the worker ended: exit status: 3")));
        cases.push(("abort", fault("the worker ended: signal: 6 (SIGABRT)")));
        cases.push(("tired", None));
    }
    let extractor = extractor("--as-moody-worker", 2);
    let next = AtomicUsize::new(0);
    // More callers than workers: they take turns.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((text, expected)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let path = EvidencePath::new(format!("{text}.txt"));
                    let sources = extractor.read(&path, text.as_bytes().to_vec());
                    assert_eq!(why(&sources), expected.as_ref(), "{text}");
                    let here = read(&path, text.as_bytes(), &Options::default());
                    if expected.is_none() {
                        assert_eq!(sources, here, "{text}");
                    } else {
                        assert_eq!((sources[0].size, &sources[0].sha256), (here[0].size, &here[0].sha256), "{text}");
                    }
                }
            });
        }
    });
}

fn a_member_breaks_alone() {
    let extractor = extractor("--as-moody-worker", 1);
    let sources = extractor.read(&EvidencePath::new("a.zip"), b"member".to_vec());
    let readings: Vec<(&str, bool)> =
        sources.iter().map(|source| (source.path.as_str(), matches!(source.reading, Reading::Unreadable(_)))).collect();
    assert_eq!(readings, [("a.zip", false), ("a.zip!/good", false), ("a.zip!/bad", true)]);
    // One after the other, without end: then it is the file's fault.
    let sources = extractor.read(&EvidencePath::new("b.zip"), b"members".to_vec());
    assert_eq!(sources.len(), 1);
    assert!(why(&sources).is_some(), "{sources:?}");
}

/// `serve` confines itself, whoever watches.
fn the_systems_limit_on_memory_holds() {
    let text = "一行文字\n".repeat(4 << 20);
    let path = EvidencePath::new("long.txt");
    let extractor = extractor("--as-worker", 1);
    let sources = extractor.read(&path, text.into_bytes());
    if cfg!(target_os = "linux") {
        assert_eq!(why(&sources), limit(&format!("MAX_MEMORY = {MEMORY}")).as_ref());
    }
    assert_eq!(why(&extractor.read(&path, b"short".to_vec())), None);
}

fn workers_read_as_this_process_does() {
    let mut files = Vec::new();
    list(Path::new("fixtures"), &mut files);
    list(Path::new("rules"), &mut files);
    let extractor = extractor("--as-worker", 2);
    let options = Options::default();
    for file in &files {
        let (path, bytes) = (EvidencePath::new(file.to_string_lossy()), std::fs::read(file).expect("a fixture"));
        assert_eq!(extractor.read(&path, bytes.clone()), read(&path, &bytes, &options), "{path}");
    }
    assert!(files.len() > 40, "only {} files were compared", files.len());
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
    files.sort();
}

fn what_is_no_worker_is_refused() {
    let start = |command| Workers::start(command, NonZeroUsize::MIN, limits(), Options::default());
    let no_program = WorkerCommand { program: "/no/such/program".into(), arguments: Vec::new() };
    start(no_program).expect_err("no such program");
    for mode in ["--as-silent-worker", "--as-loud-worker"] {
        start(command(mode)).expect_err(mode);
    }
}

/// Even one at work: its master may be killed with no time to say so.
fn workers_end_with_their_master() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let program = std::env::current_exe().expect("a test is a file");
    let mut master = Command::new(program)
        .arg("--as-master")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("this test starts once more");
    let workers = wait_for(|| Some(children(master.id())).filter(|workers| !workers.is_empty()));
    master.kill().expect("it runs");
    master.wait().expect("it ended");
    wait_for(|| workers.iter().all(|worker| !is_alive(*worker)).then_some(()));
}

/// No zombie and no worker of all the tests before.
fn nothing_is_left_behind() {
    if cfg!(target_os = "linux") {
        assert_eq!(children(std::process::id()), Vec::<u32>::new());
    }
}

fn wait_for<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "nothing happened");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Processes of this parent, by proc(5): the fields after the name in brackets are state and parent.
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("Linux has it");
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| stat(*id).is_some_and(|(_, of)| of == parent)).collect()
}

fn is_alive(process: u32) -> bool {
    stat(process).is_some_and(|(state, _)| state != "Z")
}

fn stat(process: u32) -> Option<(String, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

// What this program is when it is not the test.

/// Keeps a worker busy.
fn master() -> ExitCode {
    let limits = Limits { cpu: Duration::from_mins(10), memory: 2 << 30, ..limits() };
    let Ok(workers) = Workers::start(command("--as-worker"), NonZeroUsize::MIN, limits, Options::default()) else {
        return ExitCode::FAILURE;
    };
    let text = "一行文字\n".repeat(1 << 20).into_bytes();
    loop {
        let _ = workers.read(&EvidencePath::new("long.txt"), text.clone());
    }
}

/// Ends before it says anything.
fn silent() -> ExitCode {
    ExitCode::SUCCESS
}

/// Prints what no worker says.
fn loud() -> ExitCode {
    let _ = std::io::stdout().write_all(b"running 0 tests\n\ntest result: ok\n");
    thread::sleep(Duration::from_mins(10));
    ExitCode::SUCCESS
}

/// A worker that does what the bytes of a file say, and reads all others as a good one does.
fn moody() -> ExitCode {
    let mut frames = Frames;
    let _terms = frames.next();
    frames.send(&concat!("evlint worker ", env!("CARGO_PKG_VERSION")));
    for age in 0.. {
        let (Some(header), Some(bytes)) = (frames.next(), frames.next()) else { break };
        let (path, refused): (EvidencePath, BTreeMap<usize, Unreadable>) =
            postcard::from_bytes(&header).expect("the master speaks as agreed");
        match bytes.as_slice() {
            b"member" => members(&frames, &path, &refused, 1),
            b"members" => members(&frames, &path, &refused, 100),
            b"tired" if age > 0 => std::process::abort(),
            text => misbehave(text, &frames),
        }
        frames.send(&(READ, read(&path, &bytes, &Options::default()), true));
    }
    ExitCode::SUCCESS
}

/// Tags of the two messages that a worker says.
const BEGUN: u8 = 0;
const READ: u8 = 1;

fn misbehave(text: &[u8], frames: &Frames) {
    match text {
        b"sleep" => thread::sleep(Duration::from_mins(10)),
        b"spin" => loop {
            std::hint::spin_loop();
        },
        b"eat" => {
            let mut eaten = Vec::new();
            loop {
                eaten.push(vec![1_u8; 1 << 20]);
                thread::sleep(Duration::from_millis(1));
            }
        }
        b"ask for too much" => drop(std::hint::black_box(vec![1_u8; isize::MAX as usize / 2])),
        b"babble" => frames.write(b"thread 'main' has panicked, or so\n"),
        b"promise" => frames.write(&u64::MAX.to_le_bytes()),
        b"panic" => panic!("as the file asks for"),
        b"exit" => std::process::exit(3),
        b"abort" => std::process::abort(),
        b"overflow" => {
            std::hint::black_box(deep(u64::MAX));
        }
        _ => {}
    }
}

fn deep(levels: u64) -> u64 {
    let frame = std::hint::black_box([levels; 64]);
    if levels == 0 { 0 } else { deep(frame[0] - 1) + frame[63] }
}

/// An archive of a good member and bad ones, each of which breaks this worker unless it is refused.
fn members(frames: &Frames, path: &EvidencePath, refused: &BTreeMap<usize, Unreadable>, bad: usize) {
    let source = |name: &str, reading| Source {
        path: if name.is_empty() { path.clone() } else { path.member(name) },
        size: 1,
        sha256: String::new(),
        format: FileFormat::Unknown,
        reader: String::new(),
        reading,
    };
    let container = || Reading::Container { members: 0 };
    let mut sources = vec![source("", container()), source("good", container())];
    for at in 2..2 + bad {
        frames.send(&(BEGUN, at, source("bad", container())));
        let Some(why) = refused.get(&at) else { std::process::abort() };
        sources.push(source("bad", Reading::Unreadable(why.clone())));
    }
    frames.send(&(READ, sources, true));
    // The honest answer that follows is not asked for; this worker has done its part.
    std::process::exit(0);
}

/// Frames on standard input and output: a length of eight bytes, least first, and as many bytes.
struct Frames;

#[expect(clippy::unused_self, reason = "a value that stands for the pipes reads better than three functions")]
impl Frames {
    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = std::io::stdin().lock();
        let mut length = [0; 8];
        input.read_exact(&mut length).ok()?;
        let mut bytes = vec![0; usize::try_from(u64::from_le_bytes(length)).ok()?];
        input.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    fn send(&self, value: &impl serde::Serialize) {
        let bytes = postcard::to_stdvec(value).expect("a value");
        self.write(&[&(bytes.len() as u64).to_le_bytes(), &bytes[..]].concat());
    }

    fn write(&self, bytes: &[u8]) {
        let mut output = std::io::stdout().lock();
        output.write_all(bytes).and_then(|()| output.flush()).expect("the master listens");
    }
}
