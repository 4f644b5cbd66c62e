//! Words that stand where nobody has filled in anything, and forms that are blank as a whole.

use crate::matching::{Candidate, Facts, Observation};
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct Placeholder;

impl Check for Placeholder {
    fn codes(&self) -> &'static [&'static str] {
        &["placeholder"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for facts in case.facts.iter().filter(|facts| facts.is_evidence()) {
            // What is kept as a template is blank on purpose, unless it is all that is offered.
            if facts.kept_blank && !is_offered(case, facts) {
                continue;
            }
            let words = facts.observations.iter().find_map(|observation| match observation {
                Observation::Placeholder { text, place } => Some((Some(text.clone()), Some(place.clone()))),
                Observation::Secret { .. } => None,
            });
            let blank = || facts.candidates.iter().any(Candidate::is_unfilled).then_some((None, None));
            if let Some((text, place)) = words.or_else(blank) {
                let finding = Finding::of_file(Kind::Placeholder { text }, Severity::Warning, &facts.path);
                findings.push(Finding { place, ..finding });
            }
        }
        findings
    }
}

/// It would be a material that nothing else in the folder is.
fn is_offered(case: &Case<'_>, facts: &Facts) -> bool {
    facts.candidates.iter().filter(|candidate| candidate.is_unfilled()).any(|candidate| {
        let mut slots = case.slots.iter().filter(|slot| slot.is(&candidate.material));
        slots.any(|slot| slot.good.is_empty())
    })
}
