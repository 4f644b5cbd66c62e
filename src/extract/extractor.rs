//! Reads files: here or in workers, and with what.

use std::sync::LazyLock;

use super::cache::Cache;
use super::worker::Workers;
use super::{Answer, Options, Refused, read_watched};
use crate::model::{EvidencePath, Source};

/// Reads files, from any number of threads. Where it reads changes nothing in what it gives.
#[derive(Debug)]
pub struct Extractor {
    place: LazyLock<Where, Box<dyn FnOnce() -> Where + Send>>,
    /// What reads pictures, in whatever words tell one from another; empty: nothing does.
    engine: String,
    cache: Option<Cache>,
}

/// Where files are read.
#[derive(Debug)]
pub enum Where {
    /// In this process. A file that overflows the stack or eats all memory ends the program: for files
    /// one trusts, and for tests.
    Here(Options),
    /// In workers, which have options of their own.
    InWorkers(Workers),
}

impl Extractor {
    /// Reads in this process.
    #[must_use]
    pub fn in_process(options: Options) -> Self {
        let engine = options.ocr.as_ref().map(|ocr| format!("{ocr:?}")).unwrap_or_default();
        Self::when_needed(engine, move || Where::Here(options))
    }

    /// Reads in workers.
    #[must_use]
    pub fn in_workers(workers: Workers) -> Self {
        Self::when_needed(String::new(), move || Where::InWorkers(workers))
    }

    /// Starts nothing before a file is to be read: what is kept may be enough. `engine` tells one that
    /// reads pictures from another, in any words; empty: none does.
    #[must_use]
    pub fn when_needed(engine: String, start: impl FnOnce() -> Where + Send + 'static) -> Self {
        Self { place: LazyLock::new(Box::new(start)), engine, cache: None }
    }

    /// With what earlier runs found. Nothing it gives is other than without.
    #[must_use]
    pub fn with_cache(self, cache: Option<Cache>) -> Self {
        Self { cache, ..self }
    }

    #[must_use]
    pub fn cache(&self) -> Option<&Cache> {
        self.cache.as_ref()
    }

    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// A file and, where it holds others, its members, as [`read`](super::read) gives them.
    #[must_use]
    pub fn read(&self, path: &EvidencePath, bytes: Vec<u8>) -> Vec<Source> {
        self.answer(path, bytes).sources
    }

    /// As [`Self::read`], and whether it would come out the same another time.
    #[must_use]
    pub fn answer(&self, path: &EvidencePath, bytes: Vec<u8>) -> Answer {
        match &*self.place {
            Where::InWorkers(workers) => workers.read(path, bytes),
            Where::Here(options) => read_watched(path, &bytes, options, &Refused::new(), &mut |_, _| ()),
        }
    }
}
