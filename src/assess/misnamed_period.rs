//! A record whose name says one period and whose content another: an old one filed again.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::matching::Time;
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::time::{Cadence, Period};

use super::{Case, Check, Hit, Slot, missing_period};

/// A day in a name says when the file was made: the month of it need not be the record's.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"20\d\d(?:\d{4}|[-_.年]\d{1,2}[-_.月]\d{1,2})").expect("a pattern of this file compiles")
});

pub(super) struct MisnamedPeriod;

impl Check for MisnamedPeriod {
    fn codes(&self) -> &'static [&'static str] {
        &["inconsistent", "missing-period"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let series = case.slots.iter().filter(|slot| slot.material.series);
        series.flat_map(|slot| of_content(slot, case).chain(of_copies(slot, case))).collect()
    }
}

/// Name and content of one file disagree.
fn of_content<'c>(slot: &'c Slot<'_>, case: &'c Case<'_>) -> impl Iterator<Item = Finding> + 'c {
    let hits = || slot.good.iter().chain(&slot.late);
    let wrong: Vec<(&Hit<'_>, Period, &[Period])> = hits()
        .filter_map(|hit| contradiction(&hit.facts.time, hit.facts.path.stem()).map(|(named, is)| (hit, named, is)))
        .collect();
    // Where most names differ, they mean something else: the month of delivery.
    let habit = wrong.len() > 1 && wrong.len() * 2 > hits().count();
    wrong.into_iter().filter(move |_| !habit).map(|(hit, named, stated)| {
        let here = stated.iter().map(|period| period.label()).collect::<Vec<_>>().join(", ");
        finding(slot, case, hit, named, (here, named.label()), hit)
    })
}

/// The same bytes under the names of two periods, and no word in them which of the two is meant.
fn of_copies<'c>(slot: &'c Slot<'_>, case: &'c Case<'_>) -> impl Iterator<Item = Finding> + 'c {
    let mut copies: BTreeMap<&str, Vec<&Hit<'_>>> = BTreeMap::new();
    for hit in slot.good.iter().filter(|hit| hit.facts.time.stated.is_empty() && !hit.facts.time.named.is_empty()) {
        copies.entry(&hit.facts.sha256).or_default().push(hit);
    }
    copies.into_values().flat_map(move |mut copies| {
        copies.sort_by_key(|hit| (hit.facts.time.named.first().copied(), hit.facts.path.clone()));
        let first = copies[0];
        let of_first = first.facts.time.named[0];
        copies[1..]
            .iter()
            .filter_map(|hit| {
                let named = *hit.facts.time.named.first()?;
                let differ = named != of_first && named.cadence() == of_first.cadence();
                differ.then(|| finding(slot, case, hit, named, (named.label(), of_first.label()), first))
            })
            .collect::<Vec<_>>()
    })
}

/// The period of the name and those of the content; both finer than a year, of one cadence.
fn contradiction<'t>(time: &'t Time, stem: &str) -> Option<(Period, &'t [Period])> {
    let (all, stated) = (&time.named, &time.stated);
    let named = all.iter().copied().find(|period| period.cadence() != Cadence::Yearly)?;
    let dated = named.cadence() == Cadence::Monthly && DAY.is_match(stem);
    let alike = !stated.is_empty()
        && stated.len() <= all.len()
        && stated.iter().all(|period| period.cadence() == named.cadence());
    let apart = all.iter().all(|named| !stated.contains(named));
    (alike && apart && !dated).then_some((named, stated.as_slice()))
}

/// The period that the name promises is missing, unless another file shows it.
fn finding(
    slot: &Slot<'_>,
    case: &Case<'_>,
    hit: &Hit<'_>,
    named: Period,
    (here, there): (String, String),
    other: &Hit<'_>,
) -> Finding {
    let elsewhere =
        slot.good.iter().any(|good| good.facts.path != hit.facts.path && good.facts.time.periods.contains(&named));
    let other = Some(other.facts.path.clone());
    let (kind, severity) = if elsewhere {
        (Kind::Inconsistent { item: named.label(), here, there, other: other.clone() }, Severity::Warning)
    } else {
        let shown = missing_period::shown(slot).iter().filter(|period| **period != named).count();
        let instead = Some(if here == named.label() { there } else { here });
        (Kind::MissingPeriod { period: named.label(), shown, instead }, Severity::Error)
    };
    Finding {
        path: Some(hit.facts.path.clone()),
        looked_at: other.into_iter().collect(),
        ..slot.finding(case.settings, kind, severity, &slot.material.cite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_contradict_contents() {
        let (q1, q2, last) = (Period::Quarter(2025, 1), Period::Quarter(2025, 2), Period::Quarter(2024, 2));
        let month = |month| Period::Month(2025, month);
        for (stem, named, stated, expected) in [
            ("核查表2025Q2", vec![q2], vec![last], true),
            ("核查表2025Q2", vec![q2], vec![q2], false),
            ("核查表2025Q2", vec![q2], vec![], false),
            ("月报2025-04", vec![month(4)], vec![q1], false),
            ("月报2025-04", vec![month(4)], vec![month(3)], true),
            ("月报20250408", vec![month(4)], vec![month(3)], false),
            ("台账202512", vec![month(12)], vec![month(10), month(11)], false),
            ("总结2025", vec![Period::Year(2025)], vec![Period::Year(2024)], false),
        ] {
            let time = Time { stated, named, ..Time::default() };
            assert_eq!(contradiction(&time, stem).is_some(), expected, "{stem} {time:?}");
        }
    }
}
