//! Reads files: here or in workers, and with what.

use super::worker::Workers;
use super::{Options, read};
use crate::model::{EvidencePath, Source};

/// Reads files, from any number of threads. Where it reads changes nothing in what it gives.
#[derive(Debug)]
pub struct Extractor {
    options: Options,
    workers: Option<Workers>,
}

impl Extractor {
    /// Reads in this process. A file that overflows the stack or eats all memory ends the program:
    /// for files one trusts, and for tests.
    #[must_use]
    pub fn in_process(options: Options) -> Self {
        Self { options, workers: None }
    }

    /// Reads in workers, which have options of their own.
    #[must_use]
    pub fn in_workers(workers: Workers) -> Self {
        Self { options: Options::default(), workers: Some(workers) }
    }

    /// A file and, where it holds others, its members, as [`read`] gives them.
    #[must_use]
    pub fn read(&self, path: &EvidencePath, bytes: Vec<u8>) -> Vec<Source> {
        match &self.workers {
            Some(workers) => workers.read(path, bytes),
            None => read(path, &bytes, &self.options),
        }
    }
}
