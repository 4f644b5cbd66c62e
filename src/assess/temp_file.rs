//! What editors and systems leave behind.

use crate::matching::Facts;
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::Pack;
use crate::model::text::normalise;

use super::{Case, Check};

pub(super) struct TempFile;

impl Check for TempFile {
    fn codes(&self) -> &'static [&'static str] {
        &["temp-file"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let temporary = case.facts.iter().filter(|facts| is_temporary(facts, case.pack));
        temporary.map(|facts| Finding::of_file(Kind::TempFile, Severity::Warning, &facts.path)).collect()
    }
}

/// By its name alone: an editor's lock file has a size and bytes of its own.
pub(super) fn is_temporary(facts: &Facts, pack: &Pack) -> bool {
    let name = normalise(facts.path.name());
    pack.vocabulary.temporary.iter().any(|pattern| pattern.is_in(&name))
}
