//! The material is a draft nobody signed, or lacks the approval that the standard asks for.

use crate::matching::{Facts, Field};
use crate::model::document::Place;
use crate::model::finding::{Confidence, Finding, Kind, Severity};
use crate::model::pack::{DocumentKind, Item, Material};

use super::{Case, Check, Hit, Slot, unsigned};

pub(super) struct Unapproved;

impl Check for Unapproved {
    fn codes(&self) -> &'static [&'static str] {
        &["unapproved"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter_map(|slot| of_slot(slot, case)).collect()
    }
}

/// Whether a lack of this item is said as a lack of approval, once for all such items.
pub(super) fn covers(material: &Material, item: &Item) -> bool {
    material.approval && item.approval
}

fn of_slot(slot: &Slot<'_>, case: &Case<'_>) -> Option<Finding> {
    let (hit, item, place) = if slot.material.approval { not_issued(slot)? } else { only_draft(slot)? };
    let kind = Kind::Unapproved { item: item.clone() };
    Some(Finding {
        path: Some(hit.facts.path.clone()),
        place,
        confidence: Confidence::Medium,
        looked_at: slot.good.iter().map(|hit| hit.facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, &item)
    })
}

type Lack<'s, 'a> = (&'s Hit<'a>, String, Option<Place>);

/// No file of the material is final with its approval and issue filled in.
fn not_issued<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let items = || slot.material.items.iter().enumerate().filter(|(_, item)| item.approval);
    let shown = items().all(|(at, _)| slot.shows(at).is_some());
    let issued =
        |facts: &Facts| facts.draft.is_none() && !facts.signing.approver.is_empty() && !facts.signing.issued.is_empty();
    let first = slot.good.first()?;
    if shown && slot.good.iter().any(|hit| issued(hit.facts)) {
        return None;
    }
    // The pack lists issue before approval, as a document is approved to be issued: of several
    // that lack, the last says most.
    let lacking = items().filter(|(at, _)| slot.shows(*at).is_none()).last();
    let item = lacking.or_else(|| items().last()).map_or(&slot.material.cite, |(_, item)| &item.name);
    let place = empty_place(&first.facts.signing.approver)
        .or_else(|| empty_place(&first.facts.signing.issued))
        .or_else(|| first.facts.draft.clone());
    Some((first, item.clone(), place))
}

/// All files of the material call themselves drafts, and the first lacks those who put it into
/// force.
fn only_draft<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let first = slot.good.first()?;
    // A draft that also serves another material is told once, where it belongs most.
    let is_itself = first.facts.candidates.first().is_some_and(|best| best.material == slot.reference());
    if !is_itself || slot.good.iter().any(|hit| hit.facts.draft.is_none()) {
        return None;
    }
    let field = empty_field(first.facts)?;
    let Field::Empty { label, place } = field else { return None };
    Some((first, label.clone(), Some(place.clone())))
}

fn empty_field(facts: &Facts) -> Option<&Field> {
    let signing = &facts.signing;
    if unsigned::parties_lack(facts) {
        return Some(&signing.parties);
    }
    // A draft of a record or report is put right by its author; what binds others needs approval.
    let binds = matches!(
        facts.kind,
        Some(DocumentKind::Agreement | DocumentKind::Plan | DocumentKind::Policy | DocumentKind::Notice)
    );
    Some(&signing.approver).filter(|approver| binds && approver.is_empty())
}

fn empty_place(field: &Field) -> Option<Place> {
    match field {
        Field::Empty { place, .. } => Some(place.clone()),
        _ => None,
    }
}
