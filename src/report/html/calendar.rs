//! Periodic records of each project, month by month, with the holes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::Page;
use crate::model::assessment::FileResult;
use crate::model::time::{Cadence, Period};
use crate::model::{EvidencePath, Finding, Kind, MaterialResult, Span, Status};
use crate::wording::{safe, words};

/// Months that a page has room for; of a longer time the last.
const MONTHS: usize = 24;
/// Files that a cell names before it counts the rest.
const FILES: usize = 3;

/// The series of one project, or of the organisation.
#[derive(Debug, Serialize)]
pub(super) struct Calendar {
    name: String,
    group: usize,
    years: Vec<Year>,
    months: Vec<i8>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Year {
    label: i16,
    months: usize,
}

/// One series.
#[derive(Debug, Serialize)]
struct Row {
    clause: u32,
    name: String,
    cells: Vec<Cell>,
    said: String,
    missing: usize,
}

/// One or several months of a series.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Cell {
    state: &'static str,
    months: usize,
    /// `Q3` where it is longer than a month.
    short: String,
    /// `2025-08`, or the first and the last month.
    label: String,
    /// The files that are about it.
    files: String,
}

/// What is known of a month; the period that says so, where one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Shown(Period),
    Missing(Period),
    Waived(Period),
    /// No file at all, the whole time through.
    Never(Status),
    Outside,
    Future,
    Unknown,
}

pub(super) fn all(page: &Page<'_>) -> Vec<Calendar> {
    let about: BTreeMap<&EvidencePath, &FileResult> =
        page.assessment.files.iter().map(|file| (&file.path, file)).collect();
    let calendars = page.groups().into_iter().map(|group| calendar(page, group, &about));
    calendars.filter(|calendar| !calendar.rows.is_empty()).collect()
}

fn calendar(page: &Page<'_>, group: Option<&str>, about: &BTreeMap<&EvidencePath, &FileResult>) -> Calendar {
    let series: Vec<(u32, Series<'_>)> = series(page, group);
    let months = months(page, group, &series);
    let mut years: Vec<Year> = Vec::new();
    for month in &months {
        let Period::Month(year, _) = month else { continue };
        match years.last_mut() {
            Some(last) if last.label == *year => last.months += 1,
            _ => years.push(Year { label: *year, months: 1 }),
        }
    }
    let window = window(page, group);
    let row = |(clause, series): &(u32, Series<'_>)| {
        let missing = series.missing.len();
        let states: Vec<State> =
            months.iter().map(|month| series.state(month.span(), window, page.assessment.as_of)).collect();
        Row {
            clause: *clause,
            name: safe(words(&series.material.name, page.wording.language)),
            cells: cells(page, &months, &states, series, about),
            said: if series.is_never() { String::new() } else { page.wording.periods_of(series.shown.len(), missing) },
            missing,
        }
    };
    let number = |month: &Period| if let Period::Month(_, month) = month { *month } else { 0 };
    Calendar {
        name: page.group_name(group),
        group: page.group_index(group),
        years,
        months: months.iter().map(number).collect(),
        rows: if months.is_empty() { Vec::new() } else { series.iter().map(row).collect() },
    }
}

/// A material that repeats, and the periods that are there or not.
struct Series<'a> {
    material: &'a MaterialResult,
    shown: BTreeSet<Period>,
    missing: BTreeSet<Period>,
    waived: BTreeSet<Period>,
}

/// Those of which something can be said: what they show, what they lack, or that nothing is there.
fn series<'a>(page: &Page<'a>, group: Option<&str>) -> Vec<(u32, Series<'a>)> {
    let mut found = Vec::new();
    let is_hole = |finding: &&Finding| matches!(finding.kind, Kind::MissingPeriod { .. });
    let gaps: Vec<&Finding> = page.assessment.findings.iter().filter(is_hole).collect();
    for clause in &page.assessment.clauses {
        for material in &clause.materials {
            if material.project.as_deref() != group {
                continue;
            }
            let of = |finding: &&&Finding| {
                finding.clause == Some(clause.no)
                    && finding.material.as_deref() == Some(material.id.as_str())
                    && finding.project == material.project
            };
            let holes = |waived: bool| -> BTreeSet<Period> {
                let own = gaps.iter().filter(of).filter(|finding| finding.waived.is_some() == waived);
                own.filter_map(|finding| Period::named(finding.kind.item()?)).collect()
            };
            let series = Series {
                material,
                shown: material.periods.iter().filter_map(|label| Period::named(label)).collect(),
                missing: holes(false),
                waived: holes(true),
            };
            let known = !series.shown.is_empty() || !series.missing.is_empty() || !series.waived.is_empty();
            if known || (material.series && series.is_never()) {
                found.push((clause.no, series));
            }
        }
    }
    found
}

impl Series<'_> {
    fn is_never(&self) -> bool {
        let none = self.shown.is_empty() && self.missing.is_empty() && self.waived.is_empty();
        none && matches!(self.material.status, Status::Missing | Status::NeedsReview)
    }

    fn state(&self, month: Span, window: Option<Span>, as_of: Date) -> State {
        let holds = |period: &&Period| {
            let span = period.span();
            span.from <= month.from && month.to <= span.to
        };
        // The finest period says most about a month.
        let finest = |periods: &BTreeSet<Period>| periods.iter().filter(holds).max().copied();
        match (finest(&self.missing), finest(&self.shown), finest(&self.waived)) {
            (Some(period), ..) => State::Missing(period),
            (None, Some(period), _) => State::Shown(period),
            (None, None, Some(period)) => State::Waived(period),
            _ if window.is_some_and(|window| !window.overlaps(month)) => State::Outside,
            _ if month.from > as_of => State::Future,
            _ if self.is_never() => State::Never(self.material.status),
            _ => State::Unknown,
        }
    }
}

/// The audited period within the project's contract; one of them where only one is known.
fn window(page: &Page<'_>, group: Option<&str>) -> Option<Span> {
    let projects = &page.assessment.projects;
    let project = projects.iter().find(|project| Some(project.name.as_str()) == group);
    match (page.assessment.period, project.and_then(|project| project.contract)) {
        (Some(period), Some(contract)) => period.intersection(contract).or(Some(contract)),
        (period, contract) => period.or(contract),
    }
}

/// The audited period; without one the contract, or what the series themselves are about.
fn months(page: &Page<'_>, group: Option<&str>, series: &[(u32, Series<'_>)]) -> Vec<Period> {
    let labels = || series.iter().flat_map(|(_, series)| series.shown.iter().chain(&series.missing));
    let from_labels = || {
        let from = labels().map(|period| period.span().from).min()?;
        Some(Span { from, to: labels().map(|period| period.span().to).max()? })
    };
    let Some(span) = page.assessment.period.or_else(|| window(page, group)).or_else(from_labels) else {
        return Vec::new();
    };
    let whole = Span { from: span.from.first_of_month(), to: span.to.last_of_month() };
    let months = Cadence::Monthly.periods_within(whole);
    months[months.len().saturating_sub(MONTHS)..].to_vec()
}

fn cells(
    page: &Page<'_>,
    months: &[Period],
    states: &[State],
    series: &Series<'_>,
    about: &BTreeMap<&EvidencePath, &FileResult>,
) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut at = 0;
    while at < states.len() {
        let state = states[at];
        // Days without a period stay apart: each is a place where a record could be.
        let joins = !matches!(state, State::Unknown);
        let months_of = if joins { states[at..].iter().take_while(|next| **next == state).count() } else { 1 };
        cells.push(cell(page, state, &months[at..at + months_of], series, about));
        at += months_of;
    }
    cells
}

fn cell(
    page: &Page<'_>,
    state: State,
    months: &[Period],
    series: &Series<'_>,
    about: &BTreeMap<&EvidencePath, &FileResult>,
) -> Cell {
    let (name, period) = match state {
        State::Shown(period) => ("shown", Some(period)),
        State::Missing(period) => ("missing", Some(period)),
        State::Waived(period) => ("waived", Some(period)),
        State::Never(Status::NeedsReview) => ("review", None),
        State::Never(_) => ("missing", None),
        State::Outside => ("outside", None),
        State::Future => ("future", None),
        State::Unknown => ("unknown", None),
    };
    let run = match months {
        [first, .., last] => format!("{} – {}", first.label(), last.label()),
        [one] => one.label(),
        [] => String::new(),
    };
    let label = period.map_or(run, Period::label);
    let files = match state {
        State::Shown(period) => files(page, series.material, period.span(), about),
        _ => String::new(),
    };
    let short = match period {
        Some(Period::Month(..)) | None => String::new(),
        Some(longer) => longer.label().split_once('-').map_or_else(|| longer.label(), |(_, part)| part.to_owned()),
    };
    Cell { state: name, months: months.len(), short, label, files }
}

fn files(
    page: &Page<'_>,
    material: &MaterialResult,
    span: Span,
    about: &BTreeMap<&EvidencePath, &FileResult>,
) -> String {
    let holds =
        |path: &&EvidencePath| about.get(path).and_then(|file| file.about).is_some_and(|about| about.overlaps(span));
    let names: Vec<String> = material.files.iter().filter(holds).map(|path| safe(path.name())).collect();
    let comma = page.wording.pick("、", ", ");
    let listed = names.iter().take(FILES).cloned().collect::<Vec<_>>().join(comma);
    match names.len().saturating_sub(FILES) {
        0 => listed,
        more => format!("{listed}{comma}{}", page.wording.and_more_files(more)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::pack::Words;

    fn material(status: Status) -> MaterialResult {
        MaterialResult {
            id: "x".into(),
            name: Words::default(),
            project: None,
            status,
            files: vec![],
            items: vec![],
            series: true,
            periods: vec![],
        }
    }

    fn periods(labels: &[&str]) -> BTreeSet<Period> {
        labels.iter().map(|label| Period::named(label).expect("a period")).collect()
    }

    #[test]
    fn a_month_is_as_the_finest_period_says() {
        let material = material(Status::Partial);
        let series = Series {
            material: &material,
            shown: periods(&["2025-01", "2025-Q1", "2025-H2"]),
            missing: periods(&["2025-04"]),
            waived: periods(&["2025-05"]),
        };
        let window = Some(Span { from: date(2025, 1, 1), to: date(2025, 10, 31) });
        let period = |label| Period::named(label).expect("a period");
        for (month, state) in [
            ("2025-01", State::Shown(period("2025-01"))),
            ("2025-02", State::Shown(period("2025-Q1"))),
            ("2025-04", State::Missing(period("2025-04"))),
            ("2025-05", State::Waived(period("2025-05"))),
            ("2025-06", State::Unknown),
            ("2025-12", State::Shown(period("2025-H2"))),
            ("2026-01", State::Outside),
        ] {
            assert_eq!(series.state(period(month).span(), window, date(2026, 3, 1)), state, "{month}");
        }
        assert_eq!(series.state(period("2025-06").span(), window, date(2025, 5, 1)), State::Future);
    }

    #[test]
    fn a_series_without_a_file_is_one_hole() {
        let material = material(Status::Missing);
        let none = BTreeSet::new;
        let series = Series { material: &material, shown: none(), missing: none(), waived: none() };
        let june = Period::Month(2025, 6).span();
        assert_eq!(series.state(june, None, date(2026, 1, 1)), State::Never(Status::Missing));
    }
}
