//! A series has a hole: a month or a quarter that its own cadence leads one to expect.

use std::collections::BTreeSet;

use crate::model::finding::{Finding, Kind, Severity};
use crate::model::time::{Cadence, Period, Span};

use super::{Case, Check, Slot};

/// Fewer periods of a kind make no series.
const SERIES: usize = 2;
/// A series covers at least this share of the periods it leads one to expect; a register with
/// days here and there promises no month.
const DENSITY: f32 = 0.5;

pub(super) struct MissingPeriod;

impl Check for MissingPeriod {
    fn codes(&self) -> &'static [&'static str] {
        &["missing-period"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots
            .iter()
            .filter(|slot| slot.material.series && !slot.good.is_empty())
            .flat_map(|slot| holes(slot, case))
            .collect()
    }
}

/// Periods finer than a year that the slot's good files are about.
pub(super) fn shown(slot: &Slot<'_>) -> BTreeSet<Period> {
    if !slot.material.series {
        return BTreeSet::new();
    }
    let all = slot.good.iter().flat_map(|hit| hit.facts.time.periods.iter().copied());
    all.filter(|period| period.cadence() != Cadence::Yearly).collect()
}

fn holes(slot: &Slot<'_>, case: &Case<'_>) -> Vec<Finding> {
    let Some(window) = slot.window else { return Vec::new() };
    let until = window.to.min(case.settings.as_of);
    let window = Span { from: window.from, to: until };
    let shown = shown(slot);
    let Some((expected, covered)) = cadence(&shown, window) else { return Vec::new() };
    expected
        .into_iter()
        .filter(|period| !covered.contains(period))
        .map(|period| {
            let kind = Kind::MissingPeriod { period: period.label(), shown: covered.len() };
            Finding {
                confidence: slot.confidence(),
                looked_at: slot.good.iter().map(|hit| hit.facts.path.clone()).collect(),
                ..slot.finding(case.settings, kind, Severity::Error, "定期")
            }
        })
        .collect()
}

/// The finest cadence that the series keeps, what it leads one to expect, and what is covered.
fn cadence(shown: &BTreeSet<Period>, window: Span) -> Option<(Vec<Period>, BTreeSet<Period>)> {
    [Cadence::Monthly, Cadence::Quarterly].into_iter().find_map(|cadence| {
        let expected = cadence.periods_within(window);
        let own = shown.iter().filter(|period| period.cadence() == cadence && expected.contains(period)).count();
        let covers = |period: &Period| {
            let days = period.span();
            shown.iter().any(|other| {
                other.cadence() >= cadence && {
                    let span = other.span();
                    span.from <= days.from && days.to <= span.to
                }
            })
        };
        let covered: BTreeSet<Period> = expected.iter().copied().filter(covers).collect();
        let dense = own as f32 >= expected.len() as f32 * DENSITY;
        (own >= SERIES && dense).then_some((expected, covered))
    })
}
