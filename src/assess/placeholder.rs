//! Words that stand where nobody has filled in anything.

use crate::matching::Observation;
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
            for observation in &facts.observations {
                if let Observation::Placeholder { text, place } = observation {
                    let kind = Kind::Placeholder { text: text.clone() };
                    let finding = Finding::of_file(kind, Severity::Warning, &facts.path);
                    findings.push(Finding { place: Some(place.clone()), ..finding });
                }
            }
        }
        findings
    }
}
