//! The material is there and lacks an item that the standard names.

use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::{Item, Need};

use super::{Case, Check, Slot, unapproved};

pub(super) struct MissingContent;

impl Check for MissingContent {
    fn codes(&self) -> &'static [&'static str] {
        &["missing-content"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter(|slot| !slot.good.is_empty()).flat_map(|slot| lacking(slot, case)).collect()
    }
}

fn lacking(slot: &Slot<'_>, case: &Case<'_>) -> Vec<Finding> {
    let missing = |need: Need| {
        let of_need = move |(_, item): &(usize, &Item)| item.need == need;
        slot.material
            .items
            .iter()
            .enumerate()
            .filter(of_need)
            .filter(|(_, item)| !unapproved::covers(slot.material, item))
            .filter(|(at, _)| slot.shows(*at).is_none())
            .map(|(_, item)| item)
    };
    let any_items = slot.material.items.iter().filter(|item| item.need == Need::Any).count();
    let no_any = any_items > 0 && missing(Need::Any).count() == any_items;
    let first_any = missing(Need::Any).next().filter(|_| no_any);
    missing(Need::All).chain(first_any).map(|item| finding(slot, case, item)).collect()
}

fn finding(slot: &Slot<'_>, case: &Case<'_>, item: &Item) -> Finding {
    let kind = Kind::MissingContent { item: item.name.clone() };
    Finding {
        path: slot.only_file().map(|hit| hit.facts.path.clone()),
        confidence: slot.confidence(),
        looked_at: slot.good.iter().map(|hit| hit.facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, &item.name)
    }
}
