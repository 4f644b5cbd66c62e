//! A document is older than one that it follows: accepted before the contract was signed.

use jiff::civil::Date;

use crate::matching::Facts;
use crate::model::document::Place;
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::{About, MaterialRef};

use super::{Case, Check, Slot};

pub(super) struct OutOfOrder;

impl Check for OutOfOrder {
    fn codes(&self) -> &'static [&'static str] {
        &["inconsistent"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().flat_map(|slot| of_slot(slot, case)).collect()
    }
}

fn of_slot(slot: &Slot<'_>, case: &Case<'_>) -> Vec<Finding> {
    let ordered = slot.material.agrees_with.iter().filter_map(|agreement| match &agreement.about {
        About::Order(item) => Some((item, &agreement.with)),
        _ => None,
    });
    ordered.filter_map(|(item, with)| earlier(slot, case, item, with)).collect()
}

/// The last of its days is before the first of the other's, whichever of several files one takes;
/// days without a label, which may mean anything, prove nothing. A draft is dated when it is drafted.
fn earlier(slot: &Slot<'_>, case: &Case<'_>, item: &str, with: &MaterialRef) -> Option<Finding> {
    let own = days(slot.good.iter().map(|hit| hit.facts))?;
    let others = days(case.partners(slot, with))?;
    let (facts, (day, place)) = own.iter().map(|(facts, [_, last])| (facts, last)).max_by_key(|(_, (day, _))| *day)?;
    let (other, (first, _)) =
        others.iter().map(|(facts, [first, _])| (facts, first)).min_by_key(|(_, (day, _))| *day)?;
    if day >= first || facts.path == other.path {
        return None;
    }
    let kind = Kind::Inconsistent {
        item: item.to_owned(),
        here: day.to_string(),
        there: first.to_string(),
        other: Some(other.path.clone()),
    };
    Some(Finding {
        path: Some(facts.path.clone()),
        place: Some(place.clone()),
        looked_at: own.iter().chain(&others).map(|(facts, _)| facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Warning, &slot.material.cite)
    })
}

type Days<'a> = Vec<(&'a Facts, &'a [(Date, Place); 2])>;

/// Each file's first and last day; None where one of them gives none, or there is no file.
fn days<'a>(files: impl Iterator<Item = &'a Facts>) -> Option<Days<'a>> {
    let files = files.filter(|facts| facts.draft.is_none());
    let days: Option<Days<'a>> = files.map(|facts| Some((facts, facts.time.labelled.as_ref()?))).collect();
    days.filter(|days| !days.is_empty())
}
