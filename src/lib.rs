//! Reads a folder of audit evidence and says which clauses of a standard have gaps.
//!
//! One way through, floor by floor; each knows only the floors before it:
//!
//! 1. [`model`]: the words we all speak.
//! 2. [`rules`], [`config`]: a pack and `evlint.json` to checked values.
//! 3. [`tree`]: the files of the folder and their bytes.
//! 4. [`extract`]: bytes of one file to a `Document` with places.
//! 5. [`matching`]: what a document is and which items it shows.
//! 6. [`assess`]: what is a gap and how grave it is.
//! 7. [`report`]: the answer, in the format asked for; [`location`]: the file and line that machines
//!    open for a finding; [`form`]: the standard's own form, filled and checked; [`bundle`]: the
//!    auditor's binder; [`baseline`]: findings that are known, as a file; [`starter`]: an evidence folder to begin with; [`wording`]: every sentence
//!    they need.
//!
//! [`check`] walks all of it.

pub mod assess;
pub mod baseline;
pub mod bundle;
pub mod config;
pub mod extract;
pub mod form;
pub mod location;
pub mod matching;
pub mod model;
pub mod report;
pub mod rules;
pub mod starter;
pub mod tree;
pub mod wording;

use std::collections::HashMap;

use rayon::prelude::*;

use extract::Extractor;
use matching::Facts;
use model::evidence::{Reading, Source};
use model::{Assessment, EvidencePath, FileFormat, Pack, Settings};
use tree::{Entry, Tree};

/// Checks an evidence folder: reads every file on the current rayon pool, matches it, and judges
/// the whole. `done` is called after each file, from any thread.
#[must_use]
pub fn check(
    pack: &Pack,
    settings: &Settings,
    tree: &Tree,
    extractor: &Extractor,
    root: &str,
    done: &(dyn Fn() + Sync),
) -> Assessment {
    let examiner = Examiner::new(pack, settings, extractor, done);
    let facts: Vec<Facts> = tree.files.par_iter().flat_map_iter(|entry| examiner.examine(entry)).collect();
    assess::assess(pack, settings, &facts, root)
}

/// As [`check`] for the folder as it is now and as it was `before`, both by the same pack and
/// settings, so that what differs is the evidence alone. A file that has not changed is read once.
#[must_use]
pub fn check_both(
    pack: &Pack,
    settings: &Settings,
    [now, before]: [&Tree; 2],
    extractor: &Extractor,
    root: &str,
    done: &(dyn Fn() + Sync),
) -> [Assessment; 2] {
    let examiner = Examiner::new(pack, settings, extractor, done);
    let facts: Vec<Vec<Facts>> = now.files.par_iter().map(|entry| examiner.examine(entry)).collect();
    let counts: Vec<usize> = facts.iter().map(Vec::len).collect();
    let facts: Vec<Facts> = facts.into_iter().flatten().collect();
    let is = assess::assess(pack, settings, &facts, root);

    let mut facts = facts.into_iter();
    let mut read: HashMap<&EvidencePath, (&Entry, Vec<Facts>)> = now
        .files
        .iter()
        .zip(counts)
        .map(|(entry, count)| (&entry.path, (entry, facts.by_ref().take(count).collect())))
        .collect();
    let is_known = |entry: &Entry| read.get(&entry.path).is_some_and(|(now, _)| now.same_content(entry));
    let others: Vec<Option<Vec<Facts>>> =
        before.files.par_iter().map(|entry| (!is_known(entry)).then(|| examiner.examine(entry))).collect();
    let facts: Vec<Facts> = before
        .files
        .iter()
        .zip(others)
        .flat_map(|(entry, other)| {
            let known = || read.remove(&entry.path).map(|(_, facts)| facts);
            // Two names may be one path: the second finds nothing left.
            other.or_else(known).unwrap_or_else(|| examiner.examine(entry))
        })
        .collect();
    [is, assess::assess(pack, settings, &facts, root)]
}

/// What every file of a run is read and matched with.
struct Examiner<'a> {
    pack: &'a Pack,
    names: Vec<String>,
    said: assess::Said<'a>,
    extractor: &'a Extractor,
    done: &'a (dyn Fn() + Sync),
}

impl<'a> Examiner<'a> {
    fn new(pack: &'a Pack, settings: &'a Settings, extractor: &'a Extractor, done: &'a (dyn Fn() + Sync)) -> Self {
        Self { pack, names: assess::names(settings), said: assess::Said::of(settings), extractor, done }
    }

    /// A file and its members.
    fn examine(&self, entry: &Entry) -> Vec<Facts> {
        let examine = |source: &Source| {
            let word = self.said.about(&source.path, &source.sha256);
            matching::examine(self.pack, &self.names, &word, source)
        };
        let facts = read(entry, self.extractor).iter().map(examine).collect();
        (self.done)();
        facts
    }
}

/// A file of the folder and, where it holds others, its members; nothing for a file of evlint's own
/// that only its bytes tell apart. Never fails: what cannot be read says why.
#[must_use]
pub fn read(entry: &Entry, extractor: &Extractor) -> Vec<Source> {
    match tree::read(entry) {
        Ok(bytes) if entry.is_own(&bytes) => Vec::new(),
        Ok(bytes) => extractor.read(&entry.path, bytes),
        Err(why) => vec![Source {
            path: entry.path.clone(),
            size: entry.size,
            sha256: String::new(),
            format: FileFormat::Unknown,
            reader: String::new(),
            reading: Reading::Unreadable(why),
        }],
    }
}
