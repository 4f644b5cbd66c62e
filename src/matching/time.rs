//! What a document says of time: its own day, the periods it is about, the term it sets.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::document::Place;
use crate::model::evidence::EvidencePath;
use crate::model::pack::{DateLabels, Pattern, PeriodLabels, Vocabulary};
use crate::model::text::normalise;
use crate::model::time::{Cadence, Period, Span};

use super::Time;
use super::dates;
use super::view::{CellView, Line, Role, Section, TableView, View, any};

/// A line that is a date and little else: a cover's or a signature's.
const DATE_LINE: usize = 24;
/// Lines from the top that belong to a cover.
const COVER: usize = 16;
/// Characters of a label.
const LABEL: usize = 10;
/// Months of a year in which the one before is summed up.
const WRITTEN: i8 = 3;
/// A document with days in more months says of none that it is about it.
const MONTHS: usize = 3;
/// A range of so many months, or a half year, is what a report is about.
const RANGE: usize = 5;
/// Lines from the end that belong to a signature.
const SIGNATURE: usize = 12;

/// Reads the document's time; `path` gives what the content leaves out.
#[must_use]
pub(super) fn of(view: &View, path: &EvidencePath, vocabulary: &Vocabulary) -> Time {
    let name = super::name(path);
    let days = OwnDays::of(view, vocabulary);
    let dated = days.best().or_else(|| dates::days(&name).first().copied());
    let year = year_of(view, &name, path, &days);
    let mut named_periods = named(&name, year);
    let about_in = |year, named: &[Period]| periods(view, year, &days, named, vocabulary);
    let mut about = about_in(year, &named_periods);
    let mut stated_periods = stated(view, year, vocabulary);
    let last = || view.body.lines().flat_map(dates::days).max();
    // A table of the quarters in January is that of the year before, the first quarter too.
    let partly = |day: &Date| is_ahead(&about, *day) || last().is_some_and(|last| mostly_ahead(&about, last.max(*day)));
    if let Some(day) = dated.or_else(last).filter(partly) {
        // Written in January, 下半年 is that of the year before: nobody reports what is to come.
        let year = Some(day.year() - 1);
        let earlier_names = named(&name, year);
        let earlier = about_in(year, &earlier_names);
        if !is_ahead(&earlier, day) {
            (named_periods, about) = (earlier_names, earlier);
            stated_periods = stated(view, year, vocabulary);
        } else if common_year(&view.body) == Some(day.year()) && finer_than_year(&about) == 0 {
            // A new cover over last year's text.
            about = vec![Period::Year(day.year())];
        }
    }
    let labelled = days.labelled();
    let term = term(view, &vocabulary.periods);
    Time { dated, periods: about, stated: stated_periods, named: named_periods, term, labelled }
}

/// All that the document would be about begins after the day it was written on.
fn is_ahead(periods: &[Period], day: Date) -> bool {
    !periods.is_empty() && periods.iter().all(|period| period.span().from > day)
}

/// Most of what it would be about begins after that day.
fn mostly_ahead(periods: &[Period], day: Date) -> bool {
    periods.iter().filter(|period| period.span().from > day).count() * 2 > periods.len()
}

/// The year for periods that are written without one.
fn year_of(view: &View, name: &str, path: &EvidencePath, days: &OwnDays) -> Option<i16> {
    let first = |text: &str| {
        let day = || dates::days(text).first().map(|day| day.year());
        let period = || dates::periods(text, None).first().map(|period| period.span().from.year());
        dates::years(text).first().copied().or_else(day).or_else(period)
    };
    view.titles
        .iter()
        .find_map(|line| first(&line.text))
        .or_else(|| first(name))
        .or_else(|| days.best().map(Date::year))
        .or_else(|| common_year(&view.body))
        .or_else(|| path.folder().rsplit('/').find_map(|folder| first(&normalise(folder))))
}

/// The year that most days of the text are in; of equals the later.
fn common_year(body: &str) -> Option<i16> {
    let mut years: Vec<i16> = body.lines().flat_map(dates::days).map(Date::year).collect();
    years.sort_unstable();
    years.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).and_then(|same| same.first().copied())
}

fn named(name: &str, year: Option<i16>) -> Vec<Period> {
    let found = dates::periods(name, year);
    if found.is_empty() { dates::short_month(name).into_iter().collect() } else { found }
}

/// Sheets and rows by month beat a title that speaks of the year; a title beats a label; a label
/// beats rows; the file's name comes last.
fn periods(view: &View, year: Option<i16>, days: &OwnDays, named: &[Period], vocabulary: &Vocabulary) -> Vec<Period> {
    let labels = &vocabulary.periods;
    let sheets: Vec<Period> =
        sorted(view.tables.iter().filter(|table| table.says_something()).flat_map(|table| of_sheet(table, year)));
    if finer_than_year(&sheets) > 1 {
        return sheets;
    }
    // The year of 合同号 XX-2024-118 is the contract's.
    let is_number = |line: &Line| any(&vocabulary.contract.numbers, line.text.trim_end_matches(|c: char| c.is_ascii()));
    let titles = view.titles.iter().take(3).filter(|line| !is_number(line));
    let titles = titles.map(|line| (line, dates::periods(&line.text, year)));
    let says: Vec<(&Line, Vec<Period>)> = titles.filter(|(_, found)| !found.is_empty()).collect();
    // 汇总日:2025年5月30日 says when it was written.
    let of_period = says.iter().find(|(line, _)| dates::days(&line.text).is_empty());
    let spanned = of_range(view, labels);
    // 季报(1-3月), whose second line has the day in April on which it was written.
    let whole = finer_than_year(named) > 1 || named.iter().any(|period| period.cadence() == Cadence::Quarterly);
    let past =
        |found: &[Period]| whole && found.iter().all(|one| named.iter().all(|of| of.span().to < one.span().from));
    let written = says.first().filter(|(_, found)| spanned.is_empty() && !past(found));
    let title = of_period.or(written).cloned();
    let rows = of_rows(view, year, labels);
    let bound = of_chapters(view, year, vocabulary);
    let within = |title: &[Period]| {
        let span = |inner: &Period| {
            title.iter().any(|outer| outer.span().from <= inner.span().from && inner.span().to <= outer.span().to)
        };
        bound.iter().all(span)
    };
    if bound.len() > 1 && title.as_ref().is_none_or(|(_, title)| within(title)) {
        return bound;
    }
    if let Some((line, title)) = title.as_ref().filter(|(_, title)| finer_than_year(title) > 0) {
        return sorted(title.iter().copied().chain(of_siblings(view, line, year)));
    }
    let title = title.map(|(_, found)| found).unwrap_or_default();
    let labelled = of_labels(view, year, labels);
    if !spanned.is_empty() && title.is_empty() && labelled.is_empty() {
        return spanned;
    }
    if !sheets.is_empty() && finer_than_year(&sheets) > 0 {
        return sheets;
    }
    if !labelled.is_empty() && title.is_empty() {
        return labelled;
    }
    if rows.len() > 1 {
        return rows;
    }
    if !title.is_empty() {
        return title;
    }
    // Written in the first months, a summary of a year that it does not name is that of the year before.
    let annual = view.title().is_some_and(|line| any(&labels.annual, &line.text));
    if let Some(day) = days.best().filter(|day| annual && day.month() <= WRITTEN) {
        return vec![Period::Year(day.year() - 1)];
    }
    let own: Vec<Period> = days.own.iter().map(|day| Period::of(*day, Cadence::Monthly)).collect();
    // 第一季报告(3至5月), written on a day in June.
    let ended = |period: &Period| named.iter().all(|named| named.span().to < period.span().to);
    if whole && own.iter().all(ended) {
        return named.to_vec();
    }
    if !own.is_empty() {
        return sorted(own.into_iter());
    }
    if !rows.is_empty() {
        return rows;
    }
    if !named.is_empty() {
        return named.to_vec();
    }
    if let Some(day) = days.best() {
        return vec![Period::of(day, Cadence::Monthly)];
    }
    // No label says which of its days is its own: it is about all of them, where they are few.
    let months = sorted(view.body.lines().flat_map(dates::days).map(|day| Period::of(day, Cadence::Monthly)));
    if months.len() <= MONTHS { months } else { Vec::new() }
}

/// From the first day of a month to the last of one, in a line of the cover without a label: 2025年3月1日至5月31日.
/// A contract's term is longer, but a summary of a year is about it.
fn of_range(view: &View, labels: &PeriodLabels) -> Vec<Period> {
    let annual = view.titles.iter().take(3).any(|line| any(&labels.annual, &line.text));
    let lines = view.lines.iter().filter(|line| line.role != Role::Contents).take(COVER);
    let lines = lines.filter(|line| annual || !any(&labels.terms, &line.text));
    let whole = |span: &Span| span.from == span.from.first_of_month() && span.to == span.to.last_of_month();
    let mut ranges = lines.flat_map(|line| dates::ranges(&line.text)).filter(whole).map(covered);
    let fits = |months: &Vec<Period>| {
        if annual { months.len() > RANGE } else { months.len() <= RANGE && finer_than_year(months) > 0 }
    };
    ranges.find(fits).unwrap_or_default()
}

/// Periods finer than a year in so many words: by a title, a sheet or a label. A day says when
/// something was done or written, which may well be after what it is about.
fn stated(view: &View, year: Option<i16>, vocabulary: &Vocabulary) -> Vec<Period> {
    let bound = of_chapters(view, year, vocabulary);
    if bound.len() > 1 {
        return bound;
    }
    let says = |text: &str| {
        let found = if dates::days(text).is_empty() { dates::periods(text, year) } else { Vec::new() };
        let is_date = found.iter().all(|period| period.cadence() == Cadence::Monthly)
            && text.chars().filter(|c| c.is_alphabetic() && !"年月份日".contains(*c)).count() < 2;
        if finer_than_year(&found) == 0 || is_date { Vec::new() } else { found }
    };
    let captions = view.tables.iter().filter(|table| table.says_something()).flat_map(|table| {
        let lines = table.caption.iter().map(|line| line.text.as_str());
        sorted(lines.flat_map(&says).chain(table.name.iter().flat_map(|name| says(name))))
    });
    let title = view.titles.iter().take(3).map(|line| says(&line.text)).find(|found| !found.is_empty());
    let label = || label_value(view, year, &vocabulary.periods).filter(|value| dates::days(value).len() != 1);
    let labelled = || label().map(|value| of_value(&value, year)).filter(|found| finer_than_year(found) > 0);
    sorted(captions.chain(title.or_else(labelled).unwrap_or_default()))
}

fn sorted(periods: impl Iterator<Item = Period>) -> Vec<Period> {
    let mut periods: Vec<Period> = periods.collect();
    periods.sort_unstable();
    periods.dedup();
    periods
}

fn finer_than_year(periods: &[Period]) -> usize {
    periods.iter().filter(|period| period.cadence() != Cadence::Yearly).count()
}

/// Every number alike, however long.
fn shape(text: &str) -> String {
    let number = |c: char| c.is_ascii_digit() || "〇一二三四五六七八九十甲乙丙丁戊己庚辛壬癸".contains(c);
    let mut shape: Vec<char> = dates::digits(text).chars().map(|c| if number(c) { '#' } else { c }).collect();
    shape.dedup_by(|next, last| *next == '#' && *last == '#');
    shape.into_iter().collect()
}

/// Records one below the other, each under the first's `title` with a month of its own.
fn of_siblings(view: &View, title: &Line, year: Option<i16>) -> Vec<Period> {
    let of = |line: &Line| line.head.clone().unwrap_or_else(|| line.text.clone());
    let title = shape(&title.text);
    if !title.contains('#') {
        return Vec::new();
    }
    let lines = view.lines.iter().filter(|line| line.role != Role::Contents).map(of);
    lines.filter(|text| shape(text) == title).flat_map(|text| dates::periods(&text, year)).collect()
}

/// Reports bound into one file, each under a heading that says its own period: 2025年7月服务报告. One that is
/// only announced is not there.
fn of_chapters(view: &View, year: Option<i16>, vocabulary: &Vocabulary) -> Vec<Period> {
    let of = |line: &Line| dates::periods(&line.text, year);
    let is_one = |line: &Line| matches!(line.role, Role::Heading(_)) && finer_than_year(&of(line)) == 1;
    let mut shapes: BTreeMap<String, Vec<&Section>> = BTreeMap::new();
    // 七月(2025-07-16,甲), 9月(9月17日,乙).
    let named = |line: &Line| shape(line.text.split('(').next().unwrap_or_default());
    for section in view.sections.iter().filter(|section| is_one(&section.heading)) {
        shapes.entry(named(&section.heading)).or_default().push(section);
    }
    let Some(series) = shapes.into_values().max_by_key(Vec::len) else { return Vec::new() };
    let announced = |section: &&Section| {
        let has_table = view.tables.iter().any(|table| section.blocks.contains(&table.block) && !table.rows.is_empty());
        let lines = view.lines.iter().filter(|line| section.blocks.contains(&line.block));
        let mut lines = lines.filter(|line| line.role == Role::Statement && line.text.contains(['。', ','])).peekable();
        !has_table && lines.peek().is_some() && lines.all(|line| any(&vocabulary.intentions.sentences, &line.text))
    };
    sorted(series.iter().filter(|section| !announced(section)).flat_map(|section| of(&section.heading)))
}

/// A sheet's caption, else its name.
fn of_sheet(table: &TableView, year: Option<i16>) -> Vec<Period> {
    let caption =
        table.caption.iter().map(|line| dates::periods(&line.text, year)).find(|found| finer_than_year(found) > 0);
    let name = table.name.as_deref();
    let named = || name.map(|name| dates::periods(name, year)).filter(|found| !found.is_empty());
    // 2503, and a day in the caption.
    let short = || name.and_then(dates::short_month).map(|month| vec![month]);
    let day = || table.caption.iter().flat_map(|line| dates::days(&line.text)).next();
    let of_day = || day().map(|day| vec![Period::of(day, Cadence::Monthly)]);
    caption.or_else(named).or_else(short).or_else(of_day).unwrap_or_default()
}

/// Months in a column of days or months.
fn of_rows(view: &View, year: Option<i16>, labels: &PeriodLabels) -> Vec<Period> {
    let mut found = Vec::new();
    for table in &view.tables {
        for (at, column) in table.columns.iter().enumerate() {
            if !is_time(&column.header, labels) && !holds_days(table, at, labels) {
                continue;
            }
            // 年度 ｜ 期次: 2024 ｜ 下半年.
            let of_years =
                table.columns.iter().position(|column| any(&labels.years, &column.header)).filter(|of| *of != at);
            for row in &table.rows {
                let Some(cell) = row.get(at) else { continue };
                let own = of_years.and_then(|of| dates::years(&row.get(of)?.text).first().copied());
                found.extend(
                    dates::periods(&cell.text, own.or(year))
                        .into_iter()
                        .filter(|period| period.cadence() != Cadence::Yearly),
                );
            }
            if !found.is_empty() {
                break;
            }
        }
    }
    sorted(found.into_iter())
}

/// Under a header of any word nearly all cells are days: 申请日, `created_at`. Not of what is to come or
/// of what an asset has been through.
fn holds_days(table: &TableView, at: usize, labels: &PeriodLabels) -> bool {
    let header = table.columns[at].header.as_str();
    let cells = || table.rows.iter().filter_map(|row| row.get(at)).filter(|cell| cell.filled);
    let days = cells().filter(|cell| cell.text.chars().count() <= DATE_LINE && !dates::days(&cell.text).is_empty());
    days.count() * 5 >= cells().count() * 4 && cells().count() >= 2 && !any(&labels.other_days, header)
}

/// A header over days: 日期, 巡检时间, 月份, 周期. Not how long something took.
fn is_time(header: &str, labels: &PeriodLabels) -> bool {
    any(&labels.columns, header) && !any(&labels.other_columns, header)
}

/// 报告周期: 2025年1月1日至3月31日; 统计期间: 2025年第一季度.
fn of_labels(view: &View, year: Option<i16>, labels: &PeriodLabels) -> Vec<Period> {
    let Some(first) = label_value(view, year, labels) else { return Vec::new() };
    // Reports bound into one file give each their own below its title.
    let top = view.title().map(|title| title.role);
    let below = view.lines.windows(2).filter(|pair| Some(pair[0].role) == top && pair[0].role != Role::Statement);
    let labelled = below.filter_map(|pair| {
        let (label, value) = pair[1].text.split_once(':').filter(|_| pair[1].role == Role::Statement)?;
        any(&labels.labels, tail(label, LABEL)).then_some(value)
    });
    sorted([first.as_str()].into_iter().chain(labelled).flat_map(|value| of_value(value, year)))
}

/// What stands behind the first label that gives a period.
fn label_value(view: &View, year: Option<i16>, labels: &PeriodLabels) -> Option<String> {
    let lines =
        view.lines.iter().filter(|line| line.role == Role::Statement).take(COVER).map(|line| line.text.as_str());
    let captions = view.tables.iter().flat_map(|table| &table.caption).map(|line| line.text.as_str());
    // Several labels may stand in one line: 编号:… 分析期:… 编制:….
    let in_text = lines.chain(captions).flat_map(|text| {
        let parts: Vec<&str> = text.split(':').collect();
        let pairs: Vec<(&str, &str)> = parts.windows(2).map(|pair| (tail(pair[0], LABEL), pair[1])).collect();
        pairs.into_iter().filter(|(label, _)| any(&labels.labels, label)).map(|(_, value)| value)
    });
    let in_rows = view.tables.iter().take(2).flat_map(|table| table.rows.iter().take(COVER)).flat_map(|row| {
        row.windows(2)
            .filter(|pair| pair[0].text.chars().count() <= 8 && any(&labels.labels, &pair[0].text))
            .map(|pair| pair[1].text.as_str())
    });
    // A form's first row may have been taken for a caption or a header.
    let in_captions = view.tables.iter().take(2).flat_map(|table| {
        let heads: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
        let lines: Vec<&str> = table.caption.iter().map(|line| line.text.as_str()).collect();
        [heads, lines].into_iter().flat_map(|texts| {
            let pairs = texts.windows(2).filter(|pair| pair[0].chars().count() <= 8 && any(&labels.labels, pair[0]));
            pairs.map(|pair| pair[1]).collect::<Vec<_>>()
        })
    });
    let mut values = in_text.chain(in_captions).chain(in_rows);
    values.find(|value| !of_value(value, year).is_empty()).map(str::to_owned)
}

/// The last characters of a text, `most` of them.
fn tail(text: &str, most: usize) -> &str {
    let from = text.char_indices().rev().nth(most.saturating_sub(1)).map_or(0, |(at, _)| at);
    &text[from..]
}

fn of_value(value: &str, year: Option<i16>) -> Vec<Period> {
    dates::ranges(value).first().map_or_else(|| dates::periods(value, year), |span| covered(*span))
}

/// The calendar unit that a range of days is, else its months.
fn covered(span: Span) -> Vec<Period> {
    for cadence in [Cadence::Yearly, Cadence::HalfYearly, Cadence::Quarterly] {
        let period = Period::of(span.from, cadence);
        if period.span() == span {
            return vec![period];
        }
    }
    Cadence::Monthly.periods_within(Span { from: span.from.first_of_month(), to: span.to.last_of_month() })
}

/// The days that a document gives for itself, by what they mean.
#[derive(Debug, Default)]
struct OwnDays {
    approval: Vec<Date>,
    issue: Vec<Date>,
    own: Vec<Date>,
    cover: Vec<Date>,
    signature: Vec<Date>,
    /// Those behind a label, with their places.
    places: Vec<(Date, Place)>,
}

impl OwnDays {
    fn of(view: &View, vocabulary: &Vocabulary) -> Self {
        let labels = &vocabulary.dates;
        let mut days = Self::default();
        let statements: Vec<&Line> = view.lines.iter().filter(|line| line.role == Role::Statement).collect();
        for line in &statements {
            days.read(&line.text, &line.place, labels);
        }
        for table in &view.tables {
            for line in &table.caption {
                days.read(&line.text, &line.place, labels);
            }
            for row in &table.rows {
                days.read_row(row, labels);
            }
        }
        let short = |line: &&&Line| line.text.chars().count() <= DATE_LINE;
        // 服务年度 2025年3月1日至2026年2月28日 is when it was written on neither day.
        let is_one = |line: &&&Line| dates::ranges(&line.text).is_empty();
        let cover = statements.iter().take(COVER).filter(short).filter(is_one);
        days.cover = cover.flat_map(|line| dates::days(&line.text)).collect();
        days.signature = statements
            .iter()
            .rev()
            .take(SIGNATURE)
            .filter(short)
            .filter(is_one)
            .flat_map(|line| dates::days(&line.text))
            .collect();
        days
    }

    /// `批准日期: 2024-11-18`, several in one line.
    fn read(&mut self, text: &str, place: &Place, labels: &DateLabels) {
        for (patterns, days) in
            [(&labels.approval, &mut self.approval), (&labels.issue, &mut self.issue), (&labels.own, &mut self.own)]
        {
            for found in patterns.iter().flat_map(|pattern| pattern.regex().find_iter(text)) {
                let behind: String = text[found.end()..].chars().take(DATE_LINE).collect();
                let day = dates::days(&behind).first().copied();
                days.extend(day);
                self.places.extend(day.map(|day| (day, place.clone())));
            }
        }
    }

    /// A cell that names the day, and a cell to its right that is one.
    fn read_row(&mut self, row: &[CellView], labels: &DateLabels) {
        let day_behind = |at: usize| row[at + 1..].iter().flat_map(|cell| dates::days(&cell.text)).next();
        for (at, cell) in row.iter().enumerate().filter(|(_, cell)| cell.text.chars().count() <= DATE_LINE * 2) {
            let names = |patterns: &[Pattern]| any(patterns, &cell.text);
            let day = dates::days(&cell.text).first().copied().or_else(|| day_behind(at));
            let Some(day) = day else { continue };
            if [&labels.approval, &labels.issue, &labels.own].into_iter().any(|labels| names(labels)) {
                self.places.push((day, cell.place.clone()));
            }
            if names(&labels.approval) {
                self.approval.push(day);
            } else if names(&labels.issue) {
                self.issue.push(day);
            } else if names(&labels.own) {
                self.own.push(day);
            }
        }
    }

    /// The first and the last behind a label.
    fn labelled(&self) -> Option<[(Date, Place); 2]> {
        let (first, last) = (self.places.iter().min(), self.places.iter().max());
        Some([first?.clone(), last?.clone()])
    }

    fn best(&self) -> Option<Date> {
        [&self.approval, &self.issue, &self.own, &self.cover, &self.signature]
            .into_iter()
            .find_map(|days| days.first().copied())
    }
}

/// 服务期限, 合同期限, 有效期 with a first and a last day.
fn term(view: &View, labels: &PeriodLabels) -> Option<(Span, Place)> {
    let is_term = |text: &str| any(&labels.terms, text);
    let of = |text: &str, place: &Place| dates::ranges(text).first().map(|span| (*span, place.clone()));
    let mut under = false;
    for line in view.lines.iter().filter(|line| line.role != Role::Contents) {
        if let Role::Heading(_) = line.role {
            under = is_term(&line.text);
        }
        if (under || is_term(&line.text)) && !dates::ranges(&line.text).is_empty() {
            return of(&line.text, &line.place);
        }
    }
    view.tables.iter().flat_map(|table| &table.rows).find_map(|row| {
        let names = row.iter().any(|cell| is_term(&cell.text));
        names.then(|| row.iter().find_map(|cell| of(&cell.text, &cell.place))).flatten()
    })
}
