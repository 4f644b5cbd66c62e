//! The worker's side: reads what it is asked to read until nobody asks any more.

use std::fs::File;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};

use super::super::{Answer, Options, read_watched};
use super::wire::{self, GREETING, Job, Message, Terms};
use super::{MAX_ANSWER_BYTES, confine, unread};
use crate::extract::limit;

/// Serves the process that started this one, through standard input and output, until that closes
/// its end or is gone. For a program's `main`, before anything else is done.
#[must_use]
pub fn serve() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn run() -> io::Result<()> {
    let mut output = take_output()?;
    let terms: Terms = wire::receive(&mut io::stdin().lock(), 1 << 20)?;
    confine::confine(terms.memory);
    wire::send(&mut output, &GREETING)?;
    for job in jobs()? {
        answer(&job, &terms.options, &mut output)?;
    }
    Ok(())
}

/// Jobs as they come. Whoever asks may go away while a file is being read, so a thread of its own
/// listens and ends the process then.
fn jobs() -> io::Result<Receiver<Job>> {
    let (sender, jobs) = sync_channel(1);
    let listen = move || {
        let mut input = io::stdin().lock();
        while let Ok(job) = Job::receive(&mut input) {
            if sender.send(job).is_err() {
                break;
            }
        }
        std::process::exit(0);
    };
    std::thread::Builder::new().name("listener".to_owned()).spawn(listen)?;
    Ok(jobs)
}

fn answer(job: &Job, options: &Options, output: &mut File) -> io::Result<()> {
    let mut told = Ok(());
    let mut begun = |at: usize, source: &_| {
        if told.is_ok() {
            told = wire::send(output, &Message::Begun(at, Box::new(Clone::clone(source))));
        }
    };
    let read = read_watched(&job.path, &job.bytes, options, &job.refused, &mut begun);
    told?;
    let answer = wire::encode(&Message::Read(read))?;
    if answer.len() as u64 <= MAX_ANSWER_BYTES {
        return wire::send_bytes(output, &answer);
    }
    drop(answer);
    let why = limit("MAX_ANSWER_BYTES", MAX_ANSWER_BYTES);
    wire::send(output, &Message::Read(Answer::new(unread(&job.path, &job.bytes, why), true)))
}

/// Takes standard output for answers alone: what a library prints would be nonsense between them.
fn take_output() -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;

        let output = io::stdout().as_fd().try_clone_to_owned()?;
        rustix::stdio::dup2_stdout(File::options().write(true).open("/dev/null")?)?;
        Ok(File::from(output))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle;

        // Where a library prints all the same, the answer is nonsense and the file a fault.
        Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
    }
}
