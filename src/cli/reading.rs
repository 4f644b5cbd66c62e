//! Where files are read: in workers, which are this program once more.

use std::num::NonZeroUsize;
use std::thread;

use evlint::extract::worker::{Limits, WorkerCommand, Workers};
use evlint::extract::{Extractor, Where};

use super::args::{Global, Read};
use super::{cache, ocr, terminal};

/// The one argument that makes this program a worker.
pub(crate) const WORKER: &str = "--evlint-worker-v1";

/// As many as there are cores, unless the user says how many.
pub(crate) fn jobs(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// Reads up to `jobs` files at a time, each in a worker, unless an earlier run has. Where the system
/// starts no worker, reads here and says so.
pub(crate) fn extractor(read: &Read, jobs: NonZeroUsize, global: &Global) -> Extractor {
    let cache = cache::open(&read.cache, global);
    let eyes = ocr::eyes(read.no_ocr, global, cache.as_ref());
    let name = eyes.as_ref().map(|eyes| eyes.name.clone()).unwrap_or_default();
    let options = ocr::options(eyes);
    let global = global.clone();
    let start = move || {
        let started = std::env::current_exe().and_then(|program| {
            let command = WorkerCommand { program, arguments: vec![WORKER.into()] };
            Workers::start(command, jobs, Limits::of(&options), options.clone())
        });
        started.map_or_else(
            |error| {
                terminal::note(
                    &global,
                    &format!("无法启动读取进程（{error}），改在本进程内读取"),
                    &format!("cannot start workers ({error}), so files are read in this process"),
                );
                Where::Here(options.clone())
            },
            Where::InWorkers,
        )
    };
    Extractor::when_needed(name, start).with_cache(cache)
}

/// Writes what is to be kept, and tells of trouble with it.
pub(crate) fn finish(extractor: &Extractor, global: &Global) {
    if let Some(trouble) = extractor.cache().and_then(evlint::extract::cache::Cache::finish) {
        cache::tell(&trouble, global);
    }
}
