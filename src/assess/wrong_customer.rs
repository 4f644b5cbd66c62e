//! A project's document is about another customer: left over from it, or filed in the wrong place.

use crate::matching::Facts;
use crate::model::finding::{Finding, Kind, Severity};

use super::customers::Foreign;
use super::{Case, Check, Slot};

pub(super) struct WrongCustomer;

impl Check for WrongCustomer {
    fn codes(&self) -> &'static [&'static str] {
        &["wrong-customer", "inconsistent"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let files = case.slots.iter().flat_map(|slot| slot.foreign.iter().map(|(hit, foreign)| (hit.facts, foreign)));
        let files = files.chain(case.strays.iter().map(|(facts, foreign)| (*facts, foreign)));
        let files = files.map(|(facts, foreign)| of_file(facts, foreign));
        files.chain(case.slots.iter().filter_map(|slot| of_material(slot, case))).collect()
    }
}

fn of_file(facts: &Facts, foreign: &Foreign) -> Finding {
    let kind = Kind::WrongCustomer { found: foreign.found.clone(), expected: foreign.expected.clone() };
    Finding { place: Some(foreign.place.clone()), ..Finding::of_file(kind, Severity::Warning, &facts.path) }
}

/// The material has no document about its own customer.
fn of_material(slot: &Slot<'_>, case: &Case<'_>) -> Option<Finding> {
    let (hit, foreign) = slot.foreign.first().filter(|_| slot.good.is_empty() && slot.borrowed.is_empty())?;
    let kind = Kind::Inconsistent {
        item: case.pack.vocabulary.customer_name.clone(),
        here: foreign.found.clone(),
        there: foreign.expected.clone(),
        other: foreign.source.clone(),
    };
    Some(Finding {
        path: Some(hit.facts.path.clone()),
        place: Some(foreign.place.clone()),
        looked_at: slot.foreign.iter().map(|(hit, _)| hit.facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, &slot.material.cite)
    })
}
