//! When the documents of each project were made, a lane for each stage of the standard.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::Page;
use super::link::FileLink;
use crate::model::assessment::FileResult;
use crate::model::{EvidencePath, Severity, Span};
use crate::wording::{safe, words};

/// Dots side by side; more would touch.
const COLUMNS: usize = 90;
/// Dots above one another before the rest is counted.
const HIGH: usize = 6;
/// In pixels: of a dot and the space around it; above and below a lane's dots.
const DOT: usize = 9;
const ABOVE: usize = 26;
const BELOW: usize = 10;
/// Of the axis below the lanes, in pixels.
const AXIS: usize = 24;
/// Documents that the list beside the picture names.
const LISTED: usize = 400;
/// Longer than this, a picture marks years rather than quarters.
const QUARTERS: i64 = 30 * 31;

/// The documents of one project, or of the organisation.
#[derive(Debug, Serialize)]
pub(super) struct Timeline {
    name: String,
    group: usize,
    /// In pixels.
    height: usize,
    lanes_end: usize,
    said: String,
    beyond: String,
    period: Option<Band>,
    contract: Option<Band>,
    ticks: Vec<Tick>,
    lanes: Vec<Lane>,
    rows: Vec<Row>,
    more: Option<String>,
}

/// Days as parts of the picture's width, in percent.
#[derive(Debug, Serialize)]
struct Band {
    x: String,
    width: String,
    said: String,
}

#[derive(Debug, Serialize)]
struct Tick {
    x: String,
    label: String,
    major: bool,
}

#[derive(Debug, Serialize)]
struct Lane {
    name: String,
    count: usize,
    /// Of its name and of its ground, in pixels.
    label_y: usize,
    ground_y: usize,
    dots: Vec<Dot>,
}

/// A document, or where they are too many the number of the rest.
#[derive(Debug, Serialize)]
struct Dot {
    x: String,
    y: usize,
    trouble: bool,
    more: usize,
    said: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct Row {
    date: String,
    stage: String,
    file: FileLink,
}

/// A document with its day.
struct Dated<'a> {
    day: Date,
    path: &'a EvidencePath,
    stage: usize,
}

pub(super) fn all(page: &Page<'_>) -> Vec<Timeline> {
    let files: BTreeMap<&EvidencePath, &FileResult> =
        page.assessment.files.iter().map(|file| (&file.path, file)).collect();
    let troubled: BTreeSet<&EvidencePath> = page
        .assessment
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
        .filter_map(|finding| finding.path.as_ref())
        .collect();
    page.groups().into_iter().filter_map(|group| timeline(page, group, &files, &troubled)).collect()
}

fn timeline(
    page: &Page<'_>,
    group: Option<&str>,
    files: &BTreeMap<&EvidencePath, &FileResult>,
    troubled: &BTreeSet<&EvidencePath>,
) -> Option<Timeline> {
    let (documents, undated) = documents(page, group, files);
    let span = frame(page, group, &documents)?;
    let scale = Scale(span);
    let (mut lanes, mut top) = (Vec::new(), 0);
    let inside: Vec<&Dated<'_>> = documents.iter().filter(|document| span.contains(document.day)).collect();
    for (stage, name) in page.assessment.stages.iter().enumerate() {
        let own: Vec<&Dated<'_>> = inside.iter().filter(|document| document.stage == stage).copied().collect();
        if own.is_empty() {
            continue;
        }
        let (dots, high) = dots(page, &own, scale, troubled);
        let ground_y = top + ABOVE + high * DOT;
        let dots = dots.into_iter().map(|dot| Dot { y: ground_y - dot.y, ..dot }).collect();
        let name = safe(words(name, page.wording.language));
        lanes.push(Lane { name, count: own.len(), label_y: top + 17, ground_y, dots });
        top = ground_y + BELOW;
    }
    if lanes.is_empty() {
        return None;
    }
    let unique = |is: &dyn Fn(&&Dated<'_>) -> bool| {
        documents.iter().filter(is).map(|document| document.path).collect::<BTreeSet<_>>().len()
    };
    let project = page.assessment.projects.iter().find(|project| Some(project.name.as_str()) == group);
    let counts: Vec<(String, usize)> = lanes.iter().map(|lane| (lane.name.clone(), lane.count)).collect();
    Some(Timeline {
        name: page.group_name(group),
        group: page.group_index(group),
        height: top + AXIS,
        lanes_end: top,
        said: page.wording.timeline_in_words(&counts, &span.from.to_string(), &span.to.to_string()),
        beyond: page.wording.beyond_timeline(
            unique(&|document| document.day < span.from),
            unique(&|document| document.day > span.to),
            undated,
        ),
        period: page.assessment.period.and_then(|period| scale.band(page, period)),
        contract: project.and_then(|project| project.contract).and_then(|contract| scale.band(page, contract)),
        ticks: ticks(span, scale),
        rows: rows(page, &documents),
        more: Some(documents.len().saturating_sub(LISTED))
            .filter(|more| *more > 0)
            .map(|more| page.wording.and_more_files(more)),
        lanes,
    })
}

/// By day, each once in a stage; and how many have no day.
fn documents<'a>(
    page: &Page<'a>,
    group: Option<&str>,
    files: &BTreeMap<&EvidencePath, &'a FileResult>,
) -> (Vec<Dated<'a>>, usize) {
    let mut seen: BTreeSet<(Option<Date>, &EvidencePath, usize)> = BTreeSet::new();
    for clause in &page.assessment.clauses {
        for material in clause.materials.iter().filter(|material| material.project.as_deref() == group) {
            for path in &material.files {
                let day = files.get(path).and_then(|file| file.date.or(file.about.map(|about| about.to)));
                seen.insert((day, path, clause.stage));
            }
        }
    }
    let undated: BTreeSet<&EvidencePath> =
        seen.iter().filter(|(day, ..)| day.is_none()).map(|(_, path, _)| *path).collect();
    let dated = seen.into_iter().filter_map(|(day, path, stage)| Some(Dated { day: day?, path, stage }));
    (dated.collect(), undated.len())
}

/// From two years before what is judged to the day of the check, where there are documents; whole months.
fn frame(page: &Page<'_>, group: Option<&str>, documents: &[Dated<'_>]) -> Option<Span> {
    let project = page.assessment.projects.iter().find(|project| Some(project.name.as_str()) == group);
    let contract = project.and_then(|project| project.contract);
    let (first, last) = (documents.first()?.day, documents.last()?.day);
    let judged = page.assessment.period.or(contract).unwrap_or(Span { from: first, to: last });
    // A stray document of long ago must not squeeze the others: it is counted beside the picture.
    let earliest = judged.from.checked_sub(2.years()).unwrap_or(judged.from);
    let near = || documents.iter().map(|document| document.day).filter(|day| *day >= earliest);
    let from = near().min().unwrap_or(judged.from).min(judged.from).first_of_month();
    let to = near().filter(|day| *day <= page.assessment.as_of).max().unwrap_or(judged.to);
    let to = to.max(judged.to).last_of_month();
    Some(Span { from, to })
}

/// Days to percent of the width.
#[derive(Debug, Clone, Copy)]
struct Scale(Span);

impl Scale {
    fn share(self, day: Date) -> f64 {
        let days = |span: Span| f64::from((span.to - span.from).get_days().max(1));
        f64::from((day - self.0.from).get_days()) / days(self.0)
    }

    fn x(self, day: Date) -> String {
        percent(self.share(day))
    }

    /// The nearest of [`COLUMNS`]; days outside are not asked for.
    fn column(self, day: Date) -> usize {
        let days = |from: Date, to: Date| usize::try_from((to - from).get_days()).unwrap_or(0);
        let all = days(self.0.from, self.0.to).max(1);
        (days(self.0.from, day) * (COLUMNS - 1) + all / 2) / all
    }

    fn band(self, page: &Page<'_>, span: Span) -> Option<Band> {
        let seen = span.intersection(self.0)?;
        let width = self.share(seen.to) - self.share(seen.from);
        Some(Band {
            x: self.x(seen.from),
            width: format!("{:.2}%", width * INNER),
            said: crate::wording::span(span, page.wording.language),
        })
    }
}

/// The part of the width that days take; the rest keeps dots from its edges. In percent.
const INNER: f64 = 97.0;

fn percent(share: f64) -> String {
    format!("{:.2}%", (100.0 - INNER) / 2.0 + share * INNER)
}

/// In columns, one above the other; `y` above the ground. And how many stand in the highest.
fn dots(
    page: &Page<'_>,
    documents: &[&Dated<'_>],
    scale: Scale,
    troubled: &BTreeSet<&EvidencePath>,
) -> (Vec<Dot>, usize) {
    let mut columns: BTreeMap<usize, Vec<&Dated<'_>>> = BTreeMap::new();
    for document in documents {
        columns.entry(scale.column(document.day)).or_default().push(document);
    }
    let mut dots = Vec::new();
    for (column, own) in &columns {
        let x = percent(*column as f64 / (COLUMNS - 1) as f64);
        for (level, document) in own.iter().take(HIGH).enumerate() {
            dots.push(Dot {
                x: x.clone(),
                y: level * DOT + DOT / 2 + 1,
                trouble: troubled.contains(document.path),
                more: 0,
                said: format!("{} {}", document.day, safe(document.path.as_str())),
                href: page.href(document.path, None),
            });
        }
        let more = own.len().saturating_sub(HIGH);
        if more > 0 {
            let (y, said) = (HIGH * DOT + 3, page.wording.and_more_files(more));
            dots.push(Dot { x, y, trouble: false, more, said, href: String::new() });
        }
    }
    let highest = columns.values().map(|own| if own.len() > HIGH { HIGH + 1 } else { own.len() }).max();
    (dots, highest.unwrap_or(0))
}

fn ticks(span: Span, scale: Scale) -> Vec<Tick> {
    let by_quarter = i64::from((span.to - span.from).get_days()) <= QUARTERS;
    let mut ticks = Vec::new();
    let mut day = span.from;
    while day <= span.to {
        let january = day.month() == 1;
        let label = if january { day.year().to_string() } else { format!("{:02}", day.month()) };
        if january || (by_quarter && day.month() % 3 == 1) {
            ticks.push(Tick { x: scale.x(day), label, major: january });
        }
        match day.checked_add(1.month()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    ticks
}

fn rows(page: &Page<'_>, documents: &[Dated<'_>]) -> Vec<Row> {
    let stage = |at: usize| page.assessment.stages.get(at).map(|name| safe(words(name, page.wording.language)));
    let row = |document: &Dated<'_>| Row {
        date: document.day.to_string(),
        stage: stage(document.stage).unwrap_or_default(),
        file: page.link(document.path, None),
    };
    documents.iter().take(LISTED).map(row).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_keep_their_order_and_stay_inside() {
        let span = Span { from: date(2025, 1, 1), to: date(2025, 12, 31) };
        let scale = Scale(span);
        assert_eq!((scale.x(span.from), scale.x(span.to)), ("1.50%".to_owned(), "98.50%".to_owned()));
        let labels: Vec<String> = ticks(span, scale).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["2025", "04", "07", "10"]);
        let decade = Span { from: date(2016, 5, 1), to: date(2025, 12, 31) };
        assert_eq!(ticks(decade, Scale(decade)).len(), 9);
        let day = Span { from: date(2025, 1, 1), to: date(2025, 1, 1) };
        assert_eq!(Scale(day).x(day.from), "1.50%");
    }
}
