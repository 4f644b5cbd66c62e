//! One worker as its master sees it: asked, watched, and ended.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Answer, guard, limit_name};
use super::usage;
use super::wire::{self, GREETING, Job, Message, Terms};
use super::{Limits, MAX_ANSWER_BYTES, RECYCLE_FILES, RECYCLE_MEMORY, WorkerCommand};
use crate::model::{Source, Unreadable};

/// For a program to start and say that it is a worker, on a machine that is busy.
const START_TIME: Duration = Duration::from_mins(1);

/// Bytes of standard error that are kept, the last ones: enough for the runtime's last words.
const LAST_WORDS: usize = 4 << 10;

/// How long to wait for last words once a worker is gone.
const LAST_WORDS_TIME: Duration = Duration::from_secs(1);

/// A worker process. Ended when dropped.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    jobs: Sender<Job>,
    /// What it says; its end, where it has no more to say; `InvalidData` where it says nonsense.
    heard: Receiver<io::Result<Message>>,
    last_words: Receiver<String>,
    /// Asked for so far.
    files: u32,
    /// The most memory that was seen, in bytes.
    peak: u64,
}

/// A worker that did not answer. It is of no more use.
#[derive(Debug)]
pub(super) struct Broken {
    /// What it had begun, and its place in the answer.
    pub(super) at: Option<(usize, Box<Source>)>,
    pub(super) why: Unreadable,
    /// It had read other files before, and they may have to do with it.
    pub(super) inherited: bool,
}

impl Worker {
    /// # Errors
    /// Where it cannot be started, or is no worker of this version.
    pub(super) fn start(command: &WorkerCommand, terms: &Terms) -> io::Result<Self> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            // Workers run side by side already; threads inside them would only stand in line.
            .env("RAYON_NUM_THREADS", "1")
            // A worker that panics says so in one line; to look up names of its frames costs more
            // memory than it may have.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (jobs, asked) = channel();
        let (say, heard) = channel();
        let (remember, last_words) = channel();
        // From here on an early return ends the process.
        let worker = Self { child, jobs, heard, last_words, files: 0, peak: 0 };
        let (Some(input), Some(output), Some(errors)) = pipes else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let (terms, (greet, greeted)) = (wire::encode(terms)?, channel());
        thread::Builder::new().name("worker errors".to_owned()).spawn(move || {
            let _ = remember.send(tail(errors));
        })?;
        thread::Builder::new().name("worker pipe".to_owned()).spawn(move || {
            if let Err(error) = converse(input, output, &terms, &greet, &asked, &say) {
                // Nobody listens any more where the worker was given up.
                let _ = say.send(Err(error));
            }
        })?;
        match greeted.recv_timeout(START_TIME) {
            Ok(()) => Ok(worker),
            Err(_) => Err(worker.heard.try_recv().ok().and_then(Result::err).unwrap_or(io::ErrorKind::TimedOut.into())),
        }
    }

    /// Has a file read, and waits for the answer as long as the limits allow.
    ///
    /// # Errors
    /// Where there is none. The process has ended then.
    pub(super) fn ask(&mut self, job: Job, limits: &Limits) -> Result<Answer, Broken> {
        let inherited = self.files > 0;
        self.files += 1;
        let mut at = None;
        let mut watch = Watch::new(limits);
        // A failure here shows below: nothing more will be heard.
        let _ = self.jobs.send(job);
        loop {
            match self.heard.recv_timeout(usage::EVERY) {
                Ok(Ok(Message::Read(answer))) => return Ok(answer),
                Ok(Ok(Message::Begun(place, source))) => {
                    at = Some((place, source));
                    watch.begin();
                }
                Ok(Err(error)) => {
                    let why = self.cause(&error, limits);
                    return Err(Broken { at, why, inherited });
                }
                Err(RecvTimeoutError::Timeout) => {
                    let used = usage::of(self.child.id());
                    self.peak = self.peak.max(used.map_or(0, |used| used.memory));
                    if let Some(reached) = watch.reached(used) {
                        self.end();
                        // What a file with all its members used up is no member's fault.
                        let at = at.filter(|_| reached != Reached::Whole);
                        let inherited = inherited && reached == Reached::Memory;
                        return Err(Broken { at, why: reached.why(limits), inherited });
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let why = self.cause(&io::ErrorKind::UnexpectedEof.into(), limits);
                    return Err(Broken { at, why, inherited });
                }
            }
        }
    }

    /// It has read enough, or held too much memory for the next file to be judged fairly.
    pub(super) fn is_spent(&self, limits: &Limits) -> bool {
        self.files >= RECYCLE_FILES || self.peak > limits.memory / RECYCLE_MEMORY
    }

    /// Why it broke, by what it left behind. Ends it where it lives on.
    fn cause(&mut self, error: &io::Error, limits: &Limits) -> Unreadable {
        if error.kind() == io::ErrorKind::InvalidData {
            self.end();
            return Unreadable::Fault { detail: "the worker's answer makes no sense".to_owned() };
        }
        let status = self.end();
        let last_words = self.last_words.recv_timeout(LAST_WORDS_TIME).unwrap_or_default();
        // Words of the standard library (library/std/src/alloc.rs and sys/pal/unix/stack_overflow.rs), which then aborts.
        if last_words.contains("memory allocation of ") {
            return Reached::Memory.why(limits);
        }
        if last_words.contains(" has overflowed its stack") {
            return Unreadable::Limit { limit: limit_name("STACK_BYTES", guard::STACK_BYTES) };
        }
        Unreadable::Fault { detail: format!("the worker ended: {}", status.map_or_else(String::new, in_words)) }
    }

    /// Ends the process, if it has not, and leaves no zombie.
    fn end(&mut self) -> Option<ExitStatus> {
        // One that ended by itself keeps its own status.
        let _ = self.child.kill();
        self.child.wait().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

/// Says to the worker what is asked and hears what it says. Ends with the first that fails.
fn converse(
    mut input: ChildStdin,
    mut output: ChildStdout,
    terms: &[u8],
    greet: &Sender<()>,
    asked: &Receiver<Job>,
    say: &Sender<io::Result<Message>>,
) -> io::Result<()> {
    wire::send_bytes(&mut input, terms)?;
    let greeting: String = wire::receive(&mut output, GREETING.len() as u64 + 1)?;
    if greeting != GREETING {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a worker of another version"));
    }
    let _ = greet.send(());
    for job in asked {
        job.send(&mut input)?;
        drop(job);
        loop {
            let message = wire::receive(&mut output, MAX_ANSWER_BYTES)?;
            let is_last = matches!(message, Message::Read(_));
            if say.send(Ok(message)).is_err() {
                return Ok(());
            }
            if is_last {
                break;
            }
        }
    }
    Ok(())
}

/// The end of what is written to a pipe, once it is closed.
fn tail(mut pipe: impl Read) -> String {
    let mut last = VecDeque::new();
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = pipe.read(&mut chunk) {
        last.extend(&chunk[..length]);
        last.drain(..last.len().saturating_sub(LAST_WORDS));
    }
    String::from_utf8_lossy(last.make_contiguous()).into_owned()
}

/// As `ExitStatus` says it, without whether a core file was written: that depends on the machine.
fn in_words(status: ExitStatus) -> String {
    status.to_string().replace(" (core dumped)", "")
}

/// A limit that a worker reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Memory,
    Cpu,
    Whole,
    Time,
}

impl Reached {
    fn why(self, limits: &Limits) -> Unreadable {
        let seconds = |name, limit: Duration| limit_name(name, format_args!("{} s", limit.as_secs_f64()));
        let limit = match self {
            Self::Memory => limit_name("MAX_MEMORY", limits.memory),
            Self::Cpu => seconds("MAX_CPU", limits.cpu),
            Self::Whole => seconds("MAX_CPU_WHOLE", limits.cpu_whole),
            Self::Time => seconds("MAX_TIME", limits.time),
        };
        Unreadable::Limit { limit }
    }
}

/// What one file has used, against its limits.
struct Watch<'a> {
    limits: &'a Limits,
    /// When the current file or member was begun.
    begun: Instant,
    /// CPU time of the process when the current one was first looked at; the moment before is short.
    before: Option<Duration>,
    /// The same for the first of them.
    before_all: Option<Duration>,
}

impl<'a> Watch<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, begun: Instant::now(), before: None, before_all: None }
    }

    fn begin(&mut self) {
        self.begun = Instant::now();
        self.before = None;
    }

    fn reached(&mut self, used: Option<usage::Usage>) -> Option<Reached> {
        let limits = self.limits;
        let of_used = used.and_then(|used| {
            let before = *self.before.get_or_insert(used.cpu);
            let before_all = *self.before_all.get_or_insert(used.cpu);
            let reached = [
                (used.memory > limits.memory, Reached::Memory),
                (used.cpu.saturating_sub(before) > limits.cpu, Reached::Cpu),
                (used.cpu.saturating_sub(before_all) > limits.cpu_whole, Reached::Whole),
            ];
            reached.into_iter().find_map(|(is_reached, limit)| is_reached.then_some(limit))
        });
        of_used.or_else(|| (self.begun.elapsed() > limits.time).then_some(Reached::Time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::worker::usage::Usage;

    #[test]
    fn a_member_has_limits_of_its_own() {
        let seconds = Duration::from_secs;
        let limits = Limits { cpu: seconds(3), cpu_whole: seconds(5), time: seconds(1000), memory: 100 };
        let mut watch = Watch::new(&limits);
        let mut look = |cpu, memory, begins: bool| {
            if begins {
                watch.begin();
            }
            watch.reached(Some(Usage { cpu: seconds(cpu), memory }))
        };
        // What earlier files used does not count.
        assert_eq!(look(40, 50, true), None);
        assert_eq!(look(43, 100, false), None);
        assert_eq!(look(43, 101, false), Some(Reached::Memory));
        assert_eq!(look(44, 50, false), Some(Reached::Cpu));
        assert_eq!(look(44, 50, true), None);
        assert_eq!(look(46, 50, false), Some(Reached::Whole));
    }

    #[test]
    fn the_clock_is_there_where_nothing_else_is() {
        let second = Duration::from_secs(1);
        let limits = Limits { cpu: second, cpu_whole: second, time: Duration::ZERO, memory: 1 };
        assert_eq!(Watch::new(&limits).reached(None), Some(Reached::Time));
    }

    #[test]
    fn only_the_last_words_are_kept() {
        let long = [b"x".repeat(10_000), b"thread 'reader' has overflowed its stack\n".to_vec()].concat();
        let words = tail(&long[..]);
        assert_eq!(words.len(), LAST_WORDS);
        assert!(words.ends_with("has overflowed its stack\n"));
    }
}
