//! The only documents of the material are about another time.

use crate::matching::Facts;
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::time::{Cadence, Period, Span};

use super::{Case, Check};

pub(super) struct OutOfPeriod;

impl Check for OutOfPeriod {
    fn codes(&self) -> &'static [&'static str] {
        &["out-of-period"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for slot in case.slots.iter().filter(|slot| slot.good.is_empty() && slot.borrowed.is_empty()) {
            let (Some(hit), Some(window)) = (slot.late.first(), slot.window) else { continue };
            let kind = Kind::OutOfPeriod { expected: label(window), found: found(hit.facts) };
            findings.push(Finding {
                path: Some(hit.facts.path.clone()),
                looked_at: slot.late.iter().map(|hit| hit.facts.path.clone()).collect(),
                ..slot.finding(case.settings, kind, Severity::Error, &slot.material.cite)
            });
        }
        findings
    }
}

/// `2025` where the window is a year, else its first and last day.
fn label(window: Span) -> String {
    let year = Period::of(window.from, Cadence::Yearly);
    if year == Period::of(window.to, Cadence::Yearly) {
        year.label()
    } else {
        format!("{}..{}", window.from, window.to)
    }
}

/// What the document says of its own time.
fn found(facts: &Facts) -> String {
    let periods: Vec<String> = facts.time.periods.iter().map(|period| period.label()).collect();
    if !periods.is_empty() {
        return periods.join(", ");
    }
    let term = facts.time.term.as_ref().map(|(term, _)| format!("{}..{}", term.from, term.to));
    term.or_else(|| facts.time.dated.map(|day| day.to_string())).unwrap_or_default()
}
