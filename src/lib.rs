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
//! 7. [`examiner`]: all files through 3 to 5, or what an earlier run found in them; [`report`]: the answer, in the format asked for; [`location`]: the file and line that machines
//!    open for a finding; [`form`]: the standard's own form, filled and checked; [`bundle`]: the
//!    auditor's binder; [`baseline`]: findings that are known, as a file; [`starter`]: an evidence folder to begin with; [`wording`]: every sentence
//!    they need.
//!
//! [`check`] walks all of it.

pub mod assess;
pub mod baseline;
pub mod bundle;
pub mod config;
pub mod examiner;
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

use assess::known::Before;
use examiner::Examiner;
use extract::Extractor;
use matching::Facts;
use model::{Assessment, EvidencePath, Pack, Settings};
use tree::git::Folder;
use tree::{Entry, Tree, TreeError};

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
    let entries: Vec<&Entry> = tree.files.iter().collect();
    let facts = Examiner::new(pack, settings, extractor, done).examine(&entries);
    assess::assess(pack, settings, &all(&facts), root)
}

/// As [`check`] for the folder as it is now, and what is to be known of it as it was `before`, both by the
/// same pack and settings, so that what differs is the evidence alone. A file that has not changed is
/// read once; a version that an earlier run has judged is not even listed.
///
/// # Errors
/// Where the other version cannot be listed.
pub fn check_since(
    pack: &Pack,
    settings: &Settings,
    now: &Tree,
    before: &Folder,
    extractor: &Extractor,
    root: &str,
    done: &(dyn Fn() + Sync),
) -> Result<(Assessment, Before), TreeError> {
    let examiner = Examiner::new(pack, settings, extractor, done);
    let entries: Vec<&Entry> = now.files.iter().collect();
    let judged = |facts: &[&Facts]| assess::assess(pack, settings, facts, root);
    let key_before = examiner.key_of(settings, &before.id());
    let found = examiner.examine(&entries);
    let (is, was) = if let Some(was) = examiner.judged(key_before) {
        (judged(&all(&found)), was)
    } else {
        let before = before.tree(&settings.ignore)?;
        let (others, unchanged) = rest(&examiner, &entries, &before);
        let mut others = others.iter();
        let was = unchanged.into_iter().filter_map(|at| at.map_or_else(|| others.next(), |at| found.get(at))).flatten();
        let was: Vec<&Facts> = was.collect();
        let (assessment, earlier) = rayon::join(|| judged(&all(&found)), || judged(&was));
        let was = Before::of(&earlier);
        examiner.keep_judged(key_before, &was);
        (assessment, was)
    };
    free(found);
    if let Some(id) = &now.id {
        // What is to be committed is what the next commit is compared with.
        examiner.keep_judged(examiner.key_of(settings, id), &Before::of(&is));
    }
    Ok((is, was))
}

/// What is in the other version's files that are not the same by now, and for each of its files the place
/// of the one that is.
fn rest(examiner: &Examiner<'_>, entries: &[&Entry], before: &Tree) -> (Vec<Vec<Facts>>, Vec<Option<usize>>) {
    let by_path: HashMap<&EvidencePath, usize> =
        entries.iter().enumerate().map(|(at, entry)| (&entry.path, at)).collect();
    let same = |entry: &Entry| by_path.get(&entry.path).copied().filter(|at| entries[*at].same_content(entry));
    let unchanged: Vec<Option<usize>> = before.files.iter().map(same).collect();
    let others = before.files.iter().zip(&unchanged).filter(|(_, same)| same.is_none());
    let others: Vec<&Entry> = others.map(|(entry, _)| entry).collect();
    (examiner.examine(&others), unchanged)
}

fn all(found: &[Vec<Facts>]) -> Vec<&Facts> {
    found.iter().flatten().collect()
}

/// Beside the report, which need not wait for it.
fn free<T: Send + 'static>(what: T) {
    rayon::spawn(move || drop(what));
}
