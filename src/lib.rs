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

use rayon::prelude::*;

use assess::known::Before;
use examiner::Examiner;
use extract::Extractor;
use matching::Facts;
use model::{Assessment, EvidencePath, Pack, Settings};
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
    let entries: Vec<&Entry> = tree.files.iter().collect();
    let facts = Examiner::new(pack, settings, extractor, done).examine(&entries);
    let facts: Vec<Facts> = facts.into_iter().flatten().collect();
    assess::assess(pack, settings, &facts, root)
}

/// As [`check`] for the folder as it is now, and what is to be known of it as it was `before`, both by the
/// same pack and settings, so that what differs is the evidence alone. A file that has not changed is
/// read once; a version that an earlier run has judged is not judged again.
#[must_use]
pub fn check_since(
    pack: &Pack,
    settings: &Settings,
    [now, before]: [&Tree; 2],
    extractor: &Extractor,
    root: &str,
    done: &(dyn Fn() + Sync),
) -> (Assessment, Before) {
    let examiner = Examiner::new(pack, settings, extractor, done);
    let entries: Vec<&Entry> = now.files.iter().collect();
    let judged = |facts: &[Facts]| assess::assess(pack, settings, facts, root);
    let [key, key_before] = [now, before].map(|tree| examiner.key_of(settings, tree));
    let (is, was) = if let Some(was) = examiner.judged(key_before) {
        let is: Vec<Facts> = examiner.examine(&entries).into_iter().flatten().collect();
        let assessment = judged(&is);
        free(is);
        (assessment, was)
    } else {
        let [is, was] = both(&examiner, &entries, before);
        let (assessment, earlier) = rayon::join(|| judged(&is), || judged(&was));
        free((is, was));
        let was = Before::of(&earlier);
        examiner.keep_judged(key_before, &was);
        (assessment, was)
    };
    // What is to be committed is what the next commit is compared with.
    examiner.keep_judged(key, &Before::of(&is));
    (is, was)
}

/// What is in the files now, and what was in those before.
fn both(examiner: &Examiner<'_>, entries: &[&Entry], before: &Tree) -> [Vec<Facts>; 2] {
    let is = examiner.examine(entries);
    let by_path: HashMap<&EvidencePath, usize> =
        entries.iter().enumerate().map(|(at, entry)| (&entry.path, at)).collect();
    let unchanged = |entry: &Entry| by_path.get(&entry.path).copied().filter(|at| entries[*at].same_content(entry));
    let known: Vec<Option<usize>> = before.files.iter().map(unchanged).collect();
    let others: Vec<&Entry> =
        before.files.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(entry, _)| entry).collect();
    let others = examiner.examine(&others);
    let mut rest = others.iter();
    let was: Vec<&[Facts]> = known
        .into_iter()
        .map(|known| known.map_or_else(|| rest.next().map_or(&[][..], Vec::as_slice), |at| &is[at][..]))
        .collect();
    // Both at once are worth a copy of what is small.
    let was: Vec<Facts> = was.par_iter().flat_map_iter(|facts| facts.iter().cloned()).collect();
    [is.into_iter().flatten().collect(), was]
}

/// Beside the report, which need not wait for it.
fn free<T: Send + 'static>(what: T) {
    rayon::spawn(move || drop(what));
}
