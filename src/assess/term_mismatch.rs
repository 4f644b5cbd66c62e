//! A plan binds for another time than the contract that it carries out.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::evidence::EvidencePath;
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::About;
use crate::model::time::Span;

use super::{Case, Check, Slot};

/// A plan may begin when people are sent and end when the last report is handed over; in days.
const TOLERANCE: i64 = 15;
/// So many days before the contract's end a plan leaves a part of it without service.
const EARLY: i32 = 28;
/// A plan for one year of several ends early as well; in days.
const YEAR: i32 = 400;

pub(super) struct TermMismatch;

impl Check for TermMismatch {
    fn codes(&self) -> &'static [&'static str] {
        &["inconsistent"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter_map(|slot| outside(slot, case)).collect()
    }
}

fn outside(slot: &Slot<'_>, case: &Case<'_>) -> Option<Finding> {
    let (item, with) = slot.material.agrees_with.iter().find_map(|agreement| match &agreement.about {
        About::Term(item) => Some((item, &agreement.with)),
        _ => None,
    })?;
    let own: Vec<_> = slot.good.iter().filter_map(|hit| Some((hit.facts, hit.facts.time.term.as_ref()?))).collect();
    let (facts, (term, place)) = own.first()?;
    let mut allowed: Vec<(Span, Option<EvidencePath>)> = Vec::new();
    for other in case.partners(slot, with).filter(|other| own.iter().all(|(facts, _)| facts.path != other.path)) {
        allowed.extend(other.time.term.as_ref().map(|(term, _)| (*term, Some(other.path.clone()))));
    }
    let configured = slot.project.or((case.settings.projects.len() == 1).then_some(0));
    allowed.extend(configured.and_then(|at| case.settings.projects[at].contract).map(|contract| (contract, None)));
    let agrees =
        |term: &Span| allowed.iter().any(|(contract, _)| lies_in(*term, *contract) && !ends_early(*term, *contract));
    let (there, other) = allowed.first()?;
    if own.iter().any(|(_, (term, _))| agrees(term)) || is_phase(*term, *there) {
        return None;
    }
    let kind = Kind::Inconsistent { item: item.clone(), here: told(*term), there: told(*there), other: other.clone() };
    Some(Finding {
        path: Some(facts.path.clone()),
        place: Some(place.clone()),
        looked_at: own.iter().map(|(facts, _)| facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, item)
    })
}

fn lies_in(term: Span, contract: Span) -> bool {
    let from = contract.from.checked_sub(TOLERANCE.days()).unwrap_or(contract.from);
    let to = contract.to.checked_add(TOLERANCE.days()).unwrap_or(contract.to);
    from <= term.from && term.to <= to
}

/// Begins with a contract of about a year and ends well before it, without being one of several phases.
fn ends_early(term: Span, contract: Span) -> bool {
    let days = |from: Date, to: Date| (to - from).get_days();
    i64::from(days(contract.from, term.from).abs()) <= TOLERANCE
        && days(term.to, contract.to) >= EARLY
        && days(contract.from, contract.to) <= YEAR
}

/// Too short for the whole: the first of a plan's phases.
fn is_phase(term: Span, contract: Span) -> bool {
    let days = |span: Span| (span.to - span.from).get_days();
    days(term) * 2 < days(contract)
}

fn told(span: Span) -> String {
    format!("{}..{}", span.from, span.to)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_plan_lies_in_its_contract() {
        let contract = Span { from: date(2025, 4, 1), to: date(2025, 12, 31) };
        for (from, to, expected) in [
            (date(2025, 4, 1), date(2025, 12, 31), true),
            (date(2025, 3, 20), date(2026, 1, 10), true),
            (date(2025, 6, 1), date(2025, 9, 30), true),
            (date(2025, 1, 1), date(2025, 12, 31), false),
            (date(2025, 4, 1), date(2026, 3, 31), false),
        ] {
            assert!(!is_phase(Span { from, to }, contract) || expected, "{from} {to}");
            assert_eq!(lies_in(Span { from, to }, contract), expected, "{from} {to}");
        }
        for (to, expected) in [(date(2025, 12, 31), false), (date(2025, 12, 10), false), (date(2025, 11, 30), true)] {
            assert_eq!(ends_early(Span { from: contract.from, to }, contract), expected, "{to}");
        }
    }
}
