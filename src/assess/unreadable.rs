//! The only file that may be the material cannot be read: a person must look, nothing is missing yet.

use crate::model::finding::{Confidence, Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct Unreadable;

impl Check for Unreadable {
    fn codes(&self) -> &'static [&'static str] {
        &["unreadable"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for slot in &case.slots {
            let known =
                !slot.good.is_empty() || !slot.late.is_empty() || !slot.foreign.is_empty() || !slot.borrowed.is_empty();
            let Some(hit) = slot.unreadable.first().filter(|_| !known) else { continue };
            let Some(why) = hit.why() else { continue };
            let kind = Kind::Unreadable { why: why.clone(), format: hit.facts.format };
            findings.push(Finding {
                path: Some(hit.facts.path.clone()),
                confidence: Confidence::Medium,
                looked_at: slot.unreadable.iter().map(|hit| hit.facts.path.clone()).collect(),
                ..slot.finding(case.settings, kind, Severity::Error, &slot.material.cite)
            });
        }
        findings
    }
}
