//! Passwords and keys in plain text: handing the file over gives them away.

use crate::matching::Observation;
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct PlaintextSecret;

impl Check for PlaintextSecret {
    fn codes(&self) -> &'static [&'static str] {
        &["plaintext-secret"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for facts in case.facts.iter().filter(|facts| facts.is_evidence()) {
            for observation in &facts.observations {
                if let Observation::Secret { place } = observation {
                    let finding = Finding::of_file(Kind::PlaintextSecret, Severity::Warning, &facts.path);
                    findings.push(Finding { place: Some(place.clone()), ..finding });
                }
            }
        }
        findings
    }
}
