//! Only thin signs: a name without content, content without a name. A person is asked.

use crate::model::finding::{Confidence, Finding, Kind, Question, Severity};

use super::{Case, Check, other_contract};

pub(super) struct NeedsConfirmation;

impl Check for NeedsConfirmation {
    fn codes(&self) -> &'static [&'static str] {
        &["needs-confirmation"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for slot in &case.slots {
            let known = !slot.good.is_empty()
                || !slot.late.is_empty()
                || !slot.foreign.is_empty()
                || !slot.unreadable.is_empty()
                || !slot.borrowed.is_empty();
            let best = slot.thin.iter().max_by(|a, b| a.candidate.score.total_cmp(&b.candidate.score));
            let Some(hit) = best.filter(|_| !known && other_contract::differing(slot, case).is_none()) else {
                continue;
            };
            findings.push(Finding {
                path: Some(hit.facts.path.clone()),
                confidence: Confidence::Low,
                looked_at: slot.thin.iter().map(|hit| hit.facts.path.clone()).collect(),
                ..slot.finding(
                    case.settings,
                    Kind::NeedsConfirmation { question: Question::IsThisIt },
                    Severity::Warning,
                    &slot.material.cite,
                )
            });
        }
        findings
    }
}
