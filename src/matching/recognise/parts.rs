//! Parts of a document that may be a material by themselves: sheets of a workbook, documents bound
//! into one file, chapters.
//!
//! 风险评估 with a chapter 评估记录 and a chapter 评估报告 is both; a workbook with a sheet of log
//! copies and one of their audit too; a file may hold one document after the other. Start reading at
//! [`of`].

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::evidence::EvidencePath;
use crate::model::pack::{DocumentKind, Vocabulary};
use crate::model::time::{Cadence, Period};

use super::super::Candidate;
use super::super::view::{Line, Role, Section, TableView, View, any, is_numbered, unnumbered};
use super::super::{dates, kind, time};
use super::weigh::{Subject, Whole};
use super::{Signal, intends, template};

/// More parts than these are rows of one series; the first speak for all.
const PARTS: usize = 40;
/// More tables of a grid than these are rows of one series as well.
const STACKED: usize = 120;
/// A chapter says at least so much, in characters.
const CHAPTER: usize = 40;
/// In a plan a chapter that is a plan itself says at least so much, in characters.
const PLAN: usize = 80;
/// A document bound into another says at least so much, in characters.
const BOUND: usize = 60;
/// What a document is about, in brackets behind its title, is no longer, in characters.
const SUBJECT: usize = 8;
/// The title of an annex is no longer, in characters.
const ANNEX: usize = 30;
/// Lines below a title among which stand its author and day.
const BYLINE: usize = 2;
/// A line with author and day is no longer, in characters.
const BYLINE_LENGTH: usize = 80;

/// A part and what its own title says of it.
pub(super) struct Part {
    view: View,
    kind: Option<DocumentKind>,
    template: bool,
    intends: bool,
    extent: Whole,
}

impl Part {
    /// What a sheet is about, apart from the others of its workbook.
    pub(super) fn periods(&self, path: &EvidencePath, vocabulary: &Vocabulary) -> Option<Vec<Period>> {
        matches!(self.extent, Whole::Sheet | Whole::Table).then(|| time::of(&self.view, path, vocabulary).periods)
    }

    /// The tables of a sheet, each in a grid of its own; one of several tables in a grid.
    pub(super) fn tables(&self) -> Option<BTreeSet<usize>> {
        let blocks: BTreeSet<usize> = self.view.tables.iter().map(|table| table.block).collect();
        let apart = match self.extent {
            Whole::Sheet => blocks.len() == self.view.tables.len(),
            Whole::Table => true,
            _ => false,
        };
        apart.then(|| self.view.tables.iter().map(|table| table.at).collect())
    }

    /// One of several tables of a grid.
    pub(super) fn is_table(&self) -> bool {
        self.extent == Whole::Table
    }

    /// It as something to weigh, in the document that `whole` is.
    pub(super) fn subject<'a>(&'a self, whole: &Subject<'a>) -> Subject<'a> {
        Subject {
            pack: whole.pack,
            view: &self.view,
            kind: self.kind,
            own_kind: self.kind,
            name: "",
            folder: "",
            template: self.template,
            intends: self.intends,
            picture: whole.picture,
            recognised: whole.recognised,
            extent: self.extent,
        }
    }
}

/// The parts of a document of this kind.
#[must_use]
pub(super) fn of(view: &View, kind: Option<DocumentKind>, vocabulary: &Vocabulary) -> Vec<Part> {
    let mut sheets = sheets(view, vocabulary);
    sheets.extend(stacked(view, vocabulary));
    if !sheets.is_empty() {
        return sheets;
    }
    let mut parts = bound(view, vocabulary);
    let within: Vec<Part> = parts.iter().flat_map(|part| chapters(&part.view, part.kind, vocabulary)).collect();
    parts.extend(within);
    parts.extend(chapters(view, kind, vocabulary));
    parts
}

/// Takes what a part is into what is known of the document. Items that the part leaves out may
/// stand elsewhere in the document.
pub(super) fn join(found: &mut Vec<Candidate>, part: Vec<Candidate>) {
    for mut candidate in part.into_iter().filter(Candidate::is_match) {
        let Some(known) = found.iter_mut().find(|known| known.material == candidate.material) else {
            found.push(candidate);
            continue;
        };
        let periods = candidate.periods.take().map(|own| {
            let before = known.periods.take().unwrap_or_default();
            let all = before.into_iter().chain(own).collect::<BTreeSet<_>>();
            // A sheet that says its year only leaves it to the others which months.
            let finer = all.iter().any(|period: &Period| period.cadence() != Cadence::Yearly);
            all.into_iter().filter(|period| !finer || period.cadence() != Cadence::Yearly).collect()
        });
        for (item, elsewhere) in candidate.items.iter_mut().zip(&known.items) {
            if item.shown.is_none() {
                item.shown.clone_from(&elsewhere.shown);
            }
        }
        let better = (known.strength, known.score) < (candidate.strength, candidate.score);
        if better && !is_told(known) {
            *known = candidate;
        } else {
            for (item, here) in known.items.iter_mut().zip(candidate.items) {
                if item.shown.is_none() {
                    item.shown = here.shown;
                }
            }
        }
        if periods.is_some() {
            known.periods = periods;
        }
    }
}

pub(super) fn is_told(candidate: &Candidate) -> bool {
    candidate.signals.iter().any(|signal| matches!(signal, Signal::Told | Signal::Confirmed { .. }))
}

/// Each sheet of a workbook that has several, with its caption or its name for a title.
fn sheets(view: &View, vocabulary: &Vocabulary) -> Vec<Part> {
    let mut names: Vec<&str> = view.tables.iter().filter_map(|table| table.name.as_deref()).collect();
    names.dedup();
    if names.len() < 2 {
        return Vec::new();
    }
    let part = |name: &&str| {
        let of_sheet =
            |block: usize| view.tables.iter().any(|table| table.block == block && table.name.as_deref() == Some(*name));
        let first = view.tables.iter().find(|table| table.name.as_deref() == Some(*name))?;
        let place = first.columns.first().map(|column| column.place.clone());
        let place = place.or_else(|| first.rows.iter().flatten().next().map(|cell| cell.place.clone()))?;
        let mut part = view.part(&of_sheet);
        let (telling, others): (Vec<Line>, Vec<Line>) = view
            .tables
            .iter()
            .filter(|table| of_sheet(table.block))
            .flat_map(|table| &table.titles)
            .cloned()
            .partition(|line| kind::of_title(&line.text, vocabulary).is_some());
        let own = Line { text: (*name).to_owned(), place, role: Role::Statement, block: first.block, head: None };
        part.titles = telling.into_iter().chain(others).chain([own]).collect();
        Some(finish(part, Whole::Sheet, vocabulary))
    };
    names.iter().take(PARTS).filter_map(part).collect()
}

/// Each table of a grid that holds several, with its own title.
fn stacked(view: &View, vocabulary: &Vocabulary) -> Vec<Part> {
    let block = |at: usize| view.tables[at].block;
    let several = |at: usize| {
        let before = at.checked_sub(1).is_some_and(|before| block(before) == block(at));
        before || view.tables.get(at + 1).is_some_and(|next| next.block == block(at))
    };
    let part = |at: usize| {
        let mut part = view.table(at);
        // 采集与维护表 above 一、配置采集: the counted one is this table's own.
        let (own, above): (Vec<Line>, Vec<Line>) =
            part.tables[0].titles.iter().cloned().partition(|line| is_numbered(&line.text));
        part.titles = own.into_iter().chain(above).collect();
        (!part.titles.is_empty()).then(|| finish(part, Whole::Table, vocabulary))
    };
    (0..view.tables.len()).filter(|at| several(*at)).filter_map(part).take(STACKED).collect()
}

/// Documents that stand one after the other in a file, each under its own title.
fn bound(view: &View, vocabulary: &Vocabulary) -> Vec<Part> {
    let starts: Vec<&Line> = starts(view, vocabulary);
    if starts.is_empty() {
        return Vec::new();
    }
    let ends = starts.iter().map(|line| line.block).chain([usize::MAX]);
    let begins = [None].into_iter().chain(starts.iter().map(|line| Some(*line)));
    let part = |(title, end): (Option<&Line>, usize)| {
        let blocks: Range<usize> = title.map_or(0, |line| line.block)..end;
        let mut part = view.part(&|block| blocks.contains(&block));
        part.titles = match title {
            Some(line) => {
                let own = annexed(line, vocabulary).unwrap_or(&line.text);
                vec![Line { text: own.to_owned(), ..line.clone() }]
            }
            None => view.titles.iter().filter(|line| blocks.contains(&line.block)).cloned().collect(),
        };
        (part.substance() >= BOUND).then(|| finish(part, Whole::Bound, vocabulary))
    };
    begins.zip(ends).filter_map(part).take(PARTS).collect()
}

/// Titles of the documents behind the first: headings without a number, as high as any, that name
/// what the document is and have an author and a day below them or chapters counted anew; both, where
/// they name nothing.
fn starts<'v>(view: &'v View, vocabulary: &Vocabulary) -> Vec<&'v Line> {
    let level = |line: &Line| match line.role {
        Role::Heading(level) => Some(level),
        _ => None,
    };
    let Some(top) = view.lines.iter().filter_map(level).min() else { return Vec::new() };
    let first = view.title().map_or(0, |line| line.block);
    let lines: Vec<&Line> = view.lines.iter().filter(|line| line.role != Role::Contents).collect();
    let is_start = |at: usize| {
        let line = lines[at];
        // 附:日志归档登记与审计结果, in a line of its own, with chapters counted anew.
        let annex = annexed(line, vocabulary).is_some();
        // Most lines end here: what follows looks down the document.
        if line.block <= first || !(annex || level(line) == Some(top)) {
            return false;
        }
        if !annex && (is_numbered(&line.text) || any(&vocabulary.annexes, &line.text)) {
            return false;
        }
        let below = &lines[at + 1..];
        let named = kind::ends_title(&line.text, vocabulary);
        let signed = below.iter().take(BYLINE).any(|line| is_byline(line));
        let next = below.iter().find(|line| level(line).is_some());
        let counted = next.is_some_and(|next| level(next) <= Some(top + 1) && is_first(&next.text));
        // 改进报告, and at once its first chapter: a title has no text of its own.
        let over = below.first().is_some_and(|next| {
            level(next) == Some(top) && kind::of_title(&next.text, vocabulary).is_none() && !is_numbered(&next.text)
        });
        if annex { signed && counted } else { (named && (signed || counted || over)) || (signed && counted) }
    };
    (0..lines.len()).filter(|at| is_start(*at)).map(|at| lines[at]).collect()
}

/// What a short line says is annexed below it: 附:日志归档登记.
fn annexed<'l>(line: &'l Line, vocabulary: &Vocabulary) -> Option<&'l str> {
    let (label, title) = line.text.split_once(':').filter(|_| line.role == Role::Statement)?;
    let labelled = label.starts_with('附') || any(&vocabulary.annexes, label);
    let short = (4..=ANNEX).contains(&title.chars().count()) && !title.contains(['。', ';', ',']);
    (labelled && short).then_some(title)
}

/// Author and day below a title: 颜小北 2025-12-24.
fn is_byline(line: &Line) -> bool {
    line.role == Role::Statement
        && line.text.chars().count() <= BYLINE_LENGTH
        && !line.text.contains('。')
        && !dates::days(&line.text).is_empty()
}

/// The first of several chapters.
fn is_first(heading: &str) -> bool {
    let rest = heading.trim_start_matches(['(', '第']);
    let behind = rest.strip_prefix(['1', '一']);
    behind.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || "年月日级种类十".contains(c)))
}

/// Each chapter of the highest level whose heading names a kind of document. Agreements and rules,
/// but for collections of them, speak of documents in their headings, and are none of them; a plan
/// may hold other plans. Annexed to a plan or an agreement is what somebody signed: 附件二 保密协议.
fn chapters(view: &View, kind: Option<DocumentKind>, vocabulary: &Vocabulary) -> Vec<Part> {
    let title = view.title().map(|line| kind::bare(&line.text).to_owned()).unwrap_or_default();
    if let Some(subject) = bound_subject(view, vocabulary) {
        return bound_chapters(view, subject, vocabulary);
    }
    let noted = noted(view);
    // Rules bound into one manual, and called so: each chapter is one of them.
    let collected = view.title().is_some_and(|line| any(&vocabulary.binders, &line.text));
    let part = |level: &Vec<&Section>| -> Vec<Part> {
        let parts = level.iter().filter_map(|section| {
            let heading = &section.heading;
            let own = kind::of_title(&heading.text, vocabulary).or_else(|| of_record(view, kind, section))?;
            let annexed = any(&vocabulary.annexes, &heading.text)
                && match kind {
                    Some(DocumentKind::Plan) => {
                        matches!(own, DocumentKind::Notice | DocumentKind::Agreement | DocumentKind::Policy)
                    }
                    Some(DocumentKind::Agreement) => matches!(own, DocumentKind::Notice | DocumentKind::Agreement),
                    _ => false,
                };
            let enough = match (kind, own) {
                _ if annexed => section.weight >= CHAPTER,
                (Some(DocumentKind::Policy), DocumentKind::Policy) => {
                    (collected || is_volume(&heading.text)) && section.weight >= CHAPTER
                }
                (Some(DocumentKind::Plan), DocumentKind::Plan) => section.weight >= PLAN,
                (Some(DocumentKind::Policy | DocumentKind::Agreement | DocumentKind::Plan), _) => false,
                _ => section.weight >= CHAPTER,
            };
            let blocks: Range<usize> = heading.block..section.blocks.end;
            enough.then(|| {
                let mut part = view.part(&|block| blocks.contains(&block));
                let titled = |text: String| Line { text, ..heading.clone() };
                let name = unnumbered(&heading.text);
                part.titles = vec![heading.clone(), titled(format!("{title}{name}"))];
                part.titles.extend(taken_up(&title, name).map(titled));
                part.titles.extend(noted.map(|subject| titled(format!("{subject}{name}"))));
                finish(part, if is_volume(&heading.text) { Whole::Bound } else { Whole::Chapter }, vocabulary)
            })
        });
        parts.take(PARTS).collect()
    };
    top_level(view).map(|level| part(&level)).unwrap_or_default()
}

/// What a title is about by its own note: 管理册(可用性).
fn noted(view: &View) -> Option<&str> {
    let (_, subject) = view.title()?.text.strip_suffix(')')?.rsplit_once('(')?;
    let is_subject = subject.chars().count() <= SUBJECT && !subject.contains(|c: char| c.is_ascii_digit());
    is_subject.then_some(subject)
}

/// The chapters of a record are records too, where they have a table of what was done.
fn of_record(view: &View, kind: Option<DocumentKind>, section: &Section) -> Option<DocumentKind> {
    let tabled = |table: &TableView| section.blocks.contains(&table.block) && !table.rows.is_empty();
    kind.filter(|kind| *kind == DocumentKind::Record && view.tables.iter().any(tabled))
}

/// The whole name of a chapter that takes up one of the several things that the title names: 归集登记 of
/// 某港日志归集与分析报告 is 某港日志归集登记.
fn taken_up(title: &str, name: &str) -> Option<String> {
    let first = first_of_several(title)?;
    let starts = first.char_indices().rev().skip(1).map(|(at, _)| at);
    let at = starts.filter(|at| name.starts_with(&first[*at..])).last()?;
    Some(format!("{}{name}", &first[..at]))
}

/// Documents bound into one file, and called so: 前期资料汇编, 分析报告合集. A collection of rules is
/// one body of them: 制度汇编.
pub(in crate::matching) fn is_binder(view: &View, vocabulary: &Vocabulary) -> bool {
    bound_subject(view, vocabulary).is_some()
}

/// What the documents bound into one file are all about.
fn bound_subject<'v>(view: &'v View, vocabulary: &Vocabulary) -> Option<&'v str> {
    let title = view.title()?.text.as_str();
    let called = vocabulary.binders.iter().find_map(|pattern| pattern.regex().find(title));
    let called = called.map(|found| title[..found.start()].trim_end_matches('的').trim_end_matches("方面"));
    let subject = called.or_else(|| subject_of_several(view, title, vocabulary))?;
    // A collection of rules, but one with documents of other kinds among them.
    let rules = Some(DocumentKind::Policy);
    let others = || chapter_kinds(view, vocabulary).into_iter().flatten().filter(|kind| Some(*kind) != rules).count();
    (kind::of_title(subject, vocabulary) != rules || others() > 1).then_some(subject)
}

/// A title of several things over chapters that are a document each, 计划 and 执行报告: all of 某系统可用性.
fn subject_of_several<'v>(view: &View, title: &'v str, vocabulary: &Vocabulary) -> Option<&'v str> {
    let first = first_of_several(title)?;
    let chapters = chapter_kinds(view, vocabulary);
    let kinds: Vec<DocumentKind> = chapters.iter().flatten().copied().collect();
    let several = kinds.iter().any(|kind| *kind != kinds[0]);
    (several && kinds.len() * 3 >= chapters.len() * 2).then(|| kind::without_kind(first, vocabulary))
}

/// The first of the things that a title names, where there are others.
fn first_of_several(title: &str) -> Option<&str> {
    let things = kind::things(title);
    things.first().copied().filter(|_| things.len() > 1)
}

/// What each chapter of the highest level says at its end that it is, if it says so.
fn chapter_kinds(view: &View, vocabulary: &Vocabulary) -> Vec<Option<DocumentKind>> {
    let kind = |section: &Section| {
        let name = kind::bare(&section.heading.text);
        kind::of_title(name, vocabulary).filter(|_| kind::ends_title(name, vocabulary))
    };
    top_level(view).unwrap_or_default().into_iter().map(kind).collect()
}

/// Each chapter of a binder is a document, whatever its heading names.
fn bound_chapters(view: &View, subject: &str, vocabulary: &Vocabulary) -> Vec<Part> {
    let part = |section: &&Section| {
        let heading = &section.heading;
        let blocks: Range<usize> = heading.block..section.blocks.end;
        let mut part = view.part(&|block| blocks.contains(&block));
        let name = unnumbered(&heading.text);
        let title = |text: String| Line { text, ..heading.clone() };
        // 改进报告 in what is called 业务系统可用性资料.
        part.titles = vec![title(format!("{subject}{name}")), title(name.to_owned())];
        if kind::of_title(subject, vocabulary).is_some() {
            part.titles.reverse(); // it names documents itself
        }
        part.titles.extend(noted(view).map(|subject| title(format!("{subject}{name}"))));
        finish(part, Whole::Bound, vocabulary)
    };
    let chapters = top_level(view).unwrap_or_default();
    chapters.iter().filter(|section| section.weight >= CHAPTER).take(PARTS).map(part).collect()
}

/// A document of a collection: 第二编 作业规范.
fn is_volume(heading: &str) -> bool {
    let rest = heading
        .trim_start_matches('第')
        .trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十甲乙丙丁".contains(c));
    rest.len() < heading.len() && ["编", "篇", "册", "分册", "部分"].iter().any(|word| rest.starts_with(word))
}

/// The sections of the highest level that has several.
fn top_level(view: &View) -> Option<Vec<&Section>> {
    (1..=3).find_map(|level| {
        let title = view.title().map(|line| line.block);
        let is =
            |section: &&Section| section.heading.role == Role::Heading(level) && Some(section.heading.block) != title;
        let sections: Vec<_> = view.sections.iter().filter(is).collect();
        (sections.len() > 1).then_some(sections)
    })
}

fn finish(view: View, extent: Whole, vocabulary: &Vocabulary) -> Part {
    let kind = view.titles.iter().take(1).find_map(|line| kind::of_title(&line.text, vocabulary));
    let template = template(&view, "", vocabulary);
    let intends = intends(&view, vocabulary);
    Part { kind: if intends { Some(DocumentKind::Plan) } else { kind }, view, template, intends, extent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_takes_up_one_of_the_things_that_its_title_names() {
        for (title, name, expected) in [
            ("某港日志归集与分析报告", "归集登记", Some("某港日志归集登记")),
            ("某港日志归集与分析报告", "结论", None),
            ("某港日志归集报告", "归集登记", None),
        ] {
            assert_eq!(taken_up(title, name).as_deref(), expected, "{title} {name}");
        }
    }

    #[test]
    fn a_volume_is_counted_and_called_so() {
        for (heading, is) in
            [("第二编作业规范", true), ("丙篇应急预案", true), ("第一章总则", false), ("编制说明", false)]
        {
            assert_eq!(is_volume(heading), is, "{heading}");
        }
    }
}
