//! An agreement promises less than the one that it must keep up with: a supplier slower than the
//! team that relies on it, a service level below the contract's own.

use crate::matching::{Facts, Indicator};
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::{About, Measure, Pack, Pattern};

use super::{Case, Check, Slot};

/// Shorter subjects are in too many others to be the same; in characters.
const SUBJECT: usize = 2;

pub(super) struct LooserPromise;

impl Check for LooserPromise {
    fn codes(&self) -> &'static [&'static str] {
        &["inconsistent"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter_map(|slot| looser(slot, case)).collect()
    }
}

/// One finding for all promises of the material: the gravest speaks for the rest.
fn looser(slot: &Slot<'_>, case: &Case<'_>) -> Option<Finding> {
    let with = &slot.material.agrees_with.iter().find(|agreement| agreement.about == About::Indicators)?.with;
    let others: Vec<&Facts> = case.partners(slot, with).collect();
    let mut found = Vec::new();
    // A draft beside the document in force promises nothing yet.
    let in_force = slot.good.iter().any(|hit| hit.facts.draft.is_none());
    for hit in slot.good.iter().filter(|hit| !in_force || hit.facts.draft.is_none()) {
        let measured: Vec<(&Indicator, &Facts)> = others
            .iter()
            .filter(|other| other.path != hit.facts.path)
            .flat_map(|other| other.indicators.iter().map(|indicator| (indicator, *other)))
            .collect();
        for own in &hit.facts.indicators {
            if let Some((there, other)) = contradicted(own, &hit.facts.indicators, &measured, case.pack) {
                found.push((own, hit.facts, there, other));
            }
        }
    }
    let rank = |own: &Indicator| (own.kind, own.level.as_ref().map_or(usize::MAX, |(rank, _)| *rank));
    let (own, facts, there, other) = found.into_iter().min_by_key(|(own, ..)| rank(own))?;
    let kind = Kind::Inconsistent {
        item: own.name.clone(),
        here: own.stated.clone(),
        there: there.stated.clone(),
        other: Some(other.path.clone()),
    };
    Some(Finding {
        path: Some(facts.path.clone()),
        place: Some(own.place.clone()),
        looked_at: others.iter().map(|other| other.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, &slot.material.cite)
    })
}

/// The promise of the same thing than which `own` is looser. Of several it must be looser than
/// each: who is to say which of them is meant?
fn contradicted<'a, T: Copy>(
    own: &Indicator,
    beside: &[Indicator],
    measured: &[(&'a Indicator, T)],
    pack: &Pack,
) -> Option<(&'a Indicator, T)> {
    let measure = pack.vocabulary.indicators.kinds.get(own.kind)?.measure;
    let rank = |one: &Indicator| one.level.as_ref().map(|(rank, _)| *rank);
    let alike: Vec<_> =
        measured.iter().filter(|(other, _)| other.kind == own.kind && rank(other) == rank(own)).collect();
    let mut same: Vec<_> = alike
        .iter()
        .copied()
        .filter(|(other, _)| same_subject(&own.subject, &other.subject, measure, &pack.vocabulary.indicators.others))
        .collect();
    if same.iter().any(|(other, _)| other.level == own.level) {
        same.retain(|(other, _)| other.level == own.level);
    }
    if same.is_empty() && measure == Measure::Share {
        // A share of the whole is not kept where each part promises less.
        let whole = |other: &Indicator| {
            other.subject.is_empty()
                && beside.iter().filter(|one| one.kind == own.kind).all(|one| is_looser(one, other, measure))
        };
        same = alike.into_iter().filter(|(other, _)| whole(other)).collect();
    }
    let first = same.first().copied().copied()?;
    same.iter().all(|(other, _)| is_looser(own, other, measure)).then_some(first)
}

/// Shares are of systems, which every author names in his own way: a name in the other is enough.
fn same_subject(own: &str, other: &str, measure: Measure, others: &[Pattern]) -> bool {
    let (short, long) = if own.len() <= other.len() { (own, other) } else { (other, own) };
    let is_other = |text: &str| others.iter().any(|pattern| pattern.is_in(text));
    let within = || short.chars().count() >= SUBJECT && long.contains(short) && is_other(short) == is_other(long);
    own == other || (measure == Measure::Share && within())
}

fn is_looser(own: &Indicator, other: &Indicator, measure: Measure) -> bool {
    match measure {
        Measure::Duration => own.value > other.value,
        Measure::Share | Measure::Hours => own.value < other.value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Place;
    use crate::rules;

    fn promise(kind: usize, level: Option<(usize, &str)>, subject: &str, value: u32) -> Indicator {
        Indicator {
            kind,
            level: level.map(|(rank, word)| (rank, word.to_owned())),
            subject: subject.to_owned(),
            value,
            name: String::new(),
            stated: String::new(),
            place: Place::Whole,
        }
    }

    #[test]
    fn only_the_same_promise_is_compared() {
        let pack = rules::builtin().expect("the shipped pack loads");
        let grave = Some((0, "重大"));
        for (own, other, expected) in [
            (promise(0, grave, "", 60), promise(0, grave, "", 15), true),
            (promise(0, grave, "", 15), promise(0, grave, "", 15), false),
            (promise(0, grave, "", 10), promise(0, grave, "", 15), false),
            (promise(0, None, "", 60), promise(0, grave, "", 15), false),
            (promise(0, Some((2, "一般")), "", 60), promise(0, grave, "", 15), false),
            (promise(0, Some((0, "一级")), "", 60), promise(0, grave, "", 15), true),
            (promise(1, grave, "高危漏洞", 60), promise(1, grave, "", 15), false),
            (promise(3, None, "核心", 9950), promise(3, None, "核心", 9990), true),
            (promise(3, None, "核心业务", 9950), promise(3, None, "核心", 9990), true),
            (promise(3, None, "非核心", 9950), promise(3, None, "核心", 9990), false),
            (promise(3, None, "影像pacs", 9950), promise(3, None, "核心业务", 9990), false),
            (promise(3, None, "影像pacs", 9950), promise(3, None, "", 9990), true),
        ] {
            let found = contradicted(&own, std::slice::from_ref(&own), &[(&other, ())], &pack);
            assert_eq!(found.is_some(), expected, "{own:?} {other:?}");
        }
        // One system as promised is enough for a share of the whole to be kept.
        let (low, high) = (promise(3, None, "影像pacs", 9950), promise(3, None, "his", 9990));
        let whole = promise(3, None, "", 9990);
        assert!(contradicted(&low, &[low.clone(), high], &[(&whole, ())], &pack).is_none());
    }
}
