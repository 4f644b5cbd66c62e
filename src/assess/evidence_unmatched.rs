//! evlint.json names files as a material, and no file has such a name.

use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check, word};

pub(super) struct EvidenceUnmatched;

impl Check for EvidenceUnmatched {
    fn codes(&self) -> &'static [&'static str] {
        &["evidence-unmatched"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let is_here = |told: &word::Told<'_>| case.facts.iter().any(|facts| told.names(&facts.path));
        let lost = word::told(case.settings).into_iter().filter(|told| !is_here(told));
        let kind = |told: word::Told<'_>| Kind::EvidenceUnmatched {
            of: told.material.to_string(),
            pattern: told.pattern.to_owned(),
        };
        lost.map(|told| Finding::of_run(kind(told), Severity::Warning)).collect()
    }
}
