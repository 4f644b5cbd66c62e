//! Where files are read: in workers, which are this program once more.

use std::num::NonZeroUsize;
use std::thread;

use evlint::extract::Extractor;
use evlint::extract::worker::{Limits, WorkerCommand, Workers};

use super::args::Global;
use super::{ocr, terminal};

/// The one argument that makes this program a worker.
pub(crate) const WORKER: &str = "--evlint-worker-v1";

/// As many as there are cores, unless the user says how many.
pub(crate) fn jobs(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// Reads up to `jobs` files at a time, each in a worker. Where the system starts none, reads here and says so.
pub(crate) fn extractor(no_ocr: bool, jobs: NonZeroUsize, global: &Global) -> Extractor {
    let options = ocr::options(no_ocr, global);
    let started = std::env::current_exe().and_then(|program| {
        let command = WorkerCommand { program, arguments: vec![WORKER.into()] };
        Workers::start(command, jobs, Limits::of(&options), options.clone())
    });
    match started {
        Ok(workers) => Extractor::in_workers(workers),
        Err(error) => {
            terminal::note(
                global,
                &format!("无法启动读取进程（{error}），改在本进程内读取"),
                &format!("cannot start workers ({error}), so files are read in this process"),
            );
            Extractor::in_process(options)
        }
    }
}
