//! Files that serve no clause: worth knowing, never wrong.

use std::collections::HashSet;

use crate::matching::State;
use crate::model::evidence::EvidencePath;
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct UnmatchedFile;

impl Check for UnmatchedFile {
    fn codes(&self) -> &'static [&'static str] {
        &["unmatched-file"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let answers = case.rectification.iter().flat_map(|row| &row.files);
        let used: HashSet<&EvidencePath> = case.slots.iter().flat_map(super::Slot::files).chain(answers).collect();
        case.facts
            .iter()
            .filter(|facts| facts.state == State::Read && facts.is_evidence() && !used.contains(&facts.path))
            // It is a material, only not one that this level or audit asks for.
            .filter(|facts| !facts.candidates.iter().any(crate::matching::Candidate::is_match))
            .map(|facts| Finding::of_file(Kind::UnmatchedFile, Severity::Note, &facts.path))
            .collect()
    }
}
