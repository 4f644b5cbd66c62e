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
//!    auditor's binder; [`starter`]: an evidence folder to begin with; [`wording`]: every sentence
//!    they need.
//!
//! [`check`] walks all of it.

pub mod assess;
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

use rayon::prelude::*;

use extract::Extractor;
use matching::Facts;
use model::evidence::{Reading, Source};
use model::{Assessment, FileFormat, Pack, Settings};
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
    let names = assess::names(settings);
    let said = assess::Said::of(settings);
    let facts: Vec<Facts> = tree
        .files
        .par_iter()
        .flat_map_iter(|entry| {
            let sources = read(entry, extractor);
            let examine = |source: &Source| {
                let word = said.about(&source.path, &source.sha256);
                matching::examine(pack, &names, &word, source)
            };
            let facts: Vec<Facts> = sources.iter().map(examine).collect();
            done();
            facts
        })
        .collect();
    assess::assess(pack, settings, &facts, root)
}

/// A file of the folder and, where it holds others, its members. Never fails: what cannot be read
/// says why.
#[must_use]
pub fn read(entry: &Entry, extractor: &Extractor) -> Vec<Source> {
    match tree::read(entry) {
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
