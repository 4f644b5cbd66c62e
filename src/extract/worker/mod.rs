//! Reads files in processes of their own, so that a file can take down nothing but its reader.
//!
//! [`guard`](super::guard) catches a panic; a process is what it takes to survive an overflown
//! stack, a hang, or memory without end. A worker is a program that runs [`serve`]. It lives on
//! from file to file and is asked through its standard input, one file at a time. One that dies,
//! hangs or answers nonsense is replaced, its file says why, and whoever asked goes on.
//!
//! What holds a worker, by system:
//!
//! - Linux: its own limit on memory (`RLIMIT_DATA`), and CPU time and memory as `/proc` shows them;
//! - other Unix systems: CPU time and memory as `ps` shows them;
//! - Windows: the time on the clock.
//!
//! Everywhere the limits that readers count themselves come first; those here are for what
//! they miss. Start reading at [`Workers::read`].

mod confine;
mod process;
mod serve;
mod usage;
mod wire;

use std::ffi::OsString;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Answer, Options, Refused, ocr, sha256};
use crate::model::{EvidencePath, FileFormat, Reading, Source, Unreadable};
use process::{Broken, Worker};
use wire::{Job, Terms};

pub use serve::serve;

/// CPU time of a worker for one file or member, its threads together. The slowest genuine
/// evidence, a scanned manual of hundreds of pages, takes some seconds on a slow machine.
pub const MAX_CPU: Duration = Duration::from_secs(30);

/// CPU time for one file with all its members: an archive of a year's records.
pub const MAX_CPU_WHOLE: Duration = Duration::from_mins(3);

/// Time on the clock for one file or member: for a worker that sleeps, or a system that shows no CPU
/// time. Many times [`MAX_CPU`], since a busy machine is no fault of the file.
pub const MAX_TIME: Duration = Duration::from_mins(10);

/// Memory of one worker, in bytes: the largest file, all that it inflates to, and as much again to read it.
pub const MAX_MEMORY: u64 = 1 << 30;

/// Bytes of an answer: the text of 100,000 pages. The asking process holds one for each worker.
pub const MAX_ANSWER_BYTES: u64 = 256 << 20;

/// Members of one file that may each cost a worker. With more the whole file is given up.
pub const MAX_BROKEN_MEMBERS: usize = 3;

/// Files after which a worker is replaced: what leaks in a parser stays small.
const RECYCLE_FILES: u32 = 1_000;

/// A worker that held more than this part of what it may is replaced after its answer: allocators keep what
/// they once had.
const RECYCLE_MEMORY: u64 = 4;

/// How a worker is started. Always said by the caller: nothing here starts the current program by
/// itself, which in a library's user or a test would be the wrong one.
#[derive(Debug, Clone)]
pub struct WorkerCommand {
    pub program: PathBuf,
    /// Those that make the program run [`serve`] and nothing else.
    pub arguments: Vec<OsString>,
}

/// What one worker may use. See the constants of the same names.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub cpu: Duration,
    pub cpu_whole: Duration,
    pub time: Duration,
    pub memory: u64,
}

impl Limits {
    /// Reading pictures may take longer than reading: it has limits of its own.
    #[must_use]
    pub fn of(options: &Options) -> Self {
        let pictures = if options.ocr.is_some() { ocr::LONGEST } else { Duration::ZERO };
        let limits = Self { cpu: MAX_CPU, cpu_whole: MAX_CPU_WHOLE, time: MAX_TIME + pictures, memory: MAX_MEMORY };
        // A program's time is its own; models run in the worker.
        match options.ocr.as_ref().map(|ocr| &ocr.engine) {
            Some(ocr::Engine::Models { .. }) => Self {
                cpu: limits.cpu + ocr::MAX_CPU_MODELS,
                cpu_whole: limits.cpu_whole + ocr::MAX_CPU_MODELS,
                memory: ocr::models::MAX_MEMORY,
                ..limits
            },
            _ => limits,
        }
    }
}

/// Workers, started as they are needed and ended with this value.
#[derive(Debug)]
pub struct Workers {
    command: WorkerCommand,
    options: Options,
    limits: Limits,
    desk: Mutex<Desk>,
    /// A place at the desk became free.
    freed: Condvar,
}

/// Who waits for work, and how many more may be at work.
#[derive(Debug)]
struct Desk {
    idle: Vec<Worker>,
    free: usize,
}

impl Workers {
    /// At most `count` workers at a time; further callers wait. Starts the first.
    ///
    /// # Errors
    /// Where `command` cannot be started or is no worker of this version.
    pub fn start(command: WorkerCommand, count: NonZeroUsize, limits: Limits, options: Options) -> io::Result<Self> {
        let desk = Mutex::new(Desk { idle: Vec::new(), free: count.get() });
        let workers = Self { command, options, limits, desk, freed: Condvar::new() };
        let first = workers.hire()?;
        workers.desk().idle.push(first);
        Ok(workers)
    }

    /// A file and, where it holds others, its members. Never fails: what broke its worker says so,
    /// a member for itself.
    #[must_use]
    pub fn read(&self, path: &EvidencePath, bytes: Vec<u8>) -> Answer {
        let bytes = Arc::new(bytes);
        let seat = self.seat();
        let mut refused = Refused::new();
        let mut known = self.desk().idle.pop();
        loop {
            let mut worker = match known.take().map_or_else(|| self.hire(), Ok) {
                Ok(worker) => worker,
                Err(error) => {
                    let why = Unreadable::Fault { detail: format!("no worker: {error}") };
                    return Answer::new(unread(path, &bytes, why), true);
                }
            };
            let job = Job { path: path.clone(), refused: refused.clone(), bytes: Arc::clone(&bytes) };
            match worker.ask(job, &self.limits) {
                Ok(answer) => {
                    seat.leave(worker);
                    return answer;
                }
                // What earlier files left behind may have broken it: only a new worker's word counts.
                Err(Broken { inherited: true, .. }) => {}
                Err(Broken { at: Some((at, _)), why, .. })
                    if at > 0 && refused.len() < MAX_BROKEN_MEMBERS && !refused.contains_key(&at) =>
                {
                    refused.insert(at, why);
                }
                Err(Broken { at, why, .. }) => {
                    return Answer::new(broken(path, &bytes, at.map(|(_, source)| source), why), true);
                }
            }
        }
    }

    fn hire(&self) -> io::Result<Worker> {
        let terms = Terms { memory: self.limits.memory, options: self.options.clone() };
        Worker::start(&self.command, &terms)
    }

    /// Waits until fewer than all workers are at work.
    fn seat(&self) -> Seat<'_> {
        let mut desk = self.desk();
        while desk.free == 0 {
            desk = self.freed.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        desk.free -= 1;
        Seat(self)
    }

    /// Nothing panics while it holds the desk, and a count and a list are never half changed.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to have a worker at work, given back when dropped.
struct Seat<'a>(&'a Workers);

impl Seat<'_> {
    fn leave(self, worker: Worker) {
        if !worker.is_spent(&self.0.limits) {
            self.0.desk().idle.push(worker);
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.desk().free += 1;
        self.0.freed.notify_one();
    }
}

/// A file given up as a whole. `begun` is what the worker last said that it reads.
fn broken(path: &EvidencePath, bytes: &[u8], begun: Option<Box<Source>>, why: Unreadable) -> Vec<Source> {
    match begun {
        Some(source) if source.path == *path => vec![Source { reading: Reading::Unreadable(why), ..*source }],
        _ => unread(path, bytes, why),
    }
}

/// What is known about a file without looking inside.
fn unread(path: &EvidencePath, bytes: &[u8], why: Unreadable) -> Vec<Source> {
    vec![Source {
        path: path.clone(),
        size: bytes.len() as u64,
        sha256: sha256(bytes),
        format: FileFormat::by_extension(&path.extension()),
        reader: String::new(),
        reading: Reading::Unreadable(why),
    }]
}
