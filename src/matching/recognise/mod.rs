//! Which materials a document may be, with every signal that led there.
//!
//! Content outranks title, title outranks file name, file name outranks folder: a name alone
//! makes a candidate and never a match. Start reading at [`candidates`].

mod parts;
mod rank;
mod weigh;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::document::{Place, Remark};
use crate::model::evidence::EvidencePath;
use crate::model::pack::{DocumentKind, MaterialRef, Pack, Pattern, Recognise, Vocabulary};
use crate::model::pinyin;
use crate::model::text::normalise;

use super::kind;
use super::view::{Line, Role, TableView, View, any, is_unticked};
use super::{Candidate, Facts, FoundItem};
pub(super) use parts::is_binder;
pub(super) use rank::does_as;
use weigh::{FOLDER, NAME, Subject, Whole};

/// A text says at least so much, in characters, beside the tables of a form.
const PROSE: usize = 120;

/// How surely a document is a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Strength {
    /// Looked like it, and is something else; the last signal says why.
    Refused,
    /// Only a name or a few words say so.
    Thin,
    Likely,
    Sure,
}

/// A sign for or against a document being a material.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Signal {
    /// Its own title, or a sheet's.
    Title {
        text: String,
        place: Place,
    },
    /// A line near its top.
    TopLine {
        text: String,
        place: Place,
    },
    /// A chapter of it is the material.
    Chapter {
        heading: String,
        place: Place,
    },
    /// A table with most of the material's columns.
    Columns {
        found: usize,
        of: usize,
        place: Place,
    },
    /// It speaks of most of the material's topics.
    Body {
        found: usize,
        of: usize,
    },
    Items {
        found: usize,
        of: usize,
    },
    Name,
    Folder,
    /// Its title names another kind of document.
    OtherKind {
        is: DocumentKind,
    },
    /// Its title is one that only looks alike.
    OtherTitle {
        text: String,
    },
    /// It speaks of what only other documents speak of.
    OtherBody {
        text: String,
    },
    /// It is a form that nobody filled in.
    Template,
    /// It is a list of other documents.
    Contents,
    /// Its table of contents lists the chapter, and there is none.
    OnlyInContents {
        text: String,
    },
    /// Nothing stands under the title.
    NoSubstance,
    /// It is more surely this other material.
    Outranked {
        by: MaterialRef,
    },
    /// Only the document of another material can show it, and this is one.
    Inside {
        of: MaterialRef,
    },
    /// evlint.json says so.
    Told,
    /// A person looked at this very content and says so.
    Confirmed {
        by: String,
        on: Date,
    },
}

/// Every material of the pack that the document may be, strongest first, refused ones last. A sheet
/// or a chapter with a title of its own may be a material that the document as a whole is not; what a
/// sheet of another material says is no item of it.
#[must_use]
pub(super) fn candidates(pack: &Pack, view: &View, facts: &Facts) -> Vec<Candidate> {
    let name = super::name(&facts.path);
    let folder = normalise(facts.path.folder());
    let title = view.title().filter(|_| !is_binder(view, &pack.vocabulary));
    let own_kind = title.and_then(|line| kind::of_title(&line.text, &pack.vocabulary));
    let whole = Subject {
        pack,
        view,
        kind: facts.kind,
        own_kind,
        name: &name,
        folder: &folder,
        template: facts.template,
        intends: intends(view, &pack.vocabulary),
        picture: facts.format.is_picture(),
        recognised: facts.remarks.iter().any(|remark| matches!(remark, Remark::Recognised { .. })),
        extent: Whole::Document,
    };
    let mut found = whole.candidates();
    let mut taken: Vec<Taken> = Vec::new();
    if facts.kind != Some(DocumentKind::Contents) {
        for part in parts::of(view, facts.kind, &pack.vocabulary) {
            let mut own = part.subject(&whole).candidates();
            if let Some(tables) = part.tables() {
                // One of several tables in a grid speaks for itself only by a title of its own.
                let counts =
                    |candidate: &&Candidate| candidate.is_match() && (!part.is_table() || is_titled(candidate));
                taken.push(Taken { tables, by: own.iter().filter(counts).map(|one| one.material.clone()).collect() });
            }
            if let Some(periods) = part.periods(&facts.path, &pack.vocabulary)
                && own.iter().any(Candidate::is_match)
            {
                for candidate in &mut own {
                    candidate.periods = Some(periods.clone());
                }
            }
            parts::join(&mut found, own);
        }
    }
    taken.retain(|taken| !taken.by.is_empty());
    for candidate in found.iter_mut().filter(|candidate| candidate.is_match()) {
        leave_to_others(candidate, &taken, &whole);
    }
    whole.add_inside(&mut found);
    sort(&mut found);
    found
}

/// Tables of a workbook that are a material by themselves.
struct Taken {
    tables: BTreeSet<usize>,
    by: BTreeSet<MaterialRef>,
}

/// What the sheets of other materials say is no item of this one. A workbook that is called so may spread
/// it over its sheets, and so may one of few; in a book of records and in a series each sheet stands by
/// itself. Who has neither a title nor, without those sheets, its items, is not in the book.
fn leave_to_others(candidate: &mut Candidate, taken: &[Taken], whole: &Subject<'_>) {
    let Some(material) = whole.pack.material(&candidate.material) else { return };
    let is_own = |of: &MaterialRef| *of == candidate.material || material.draws_on.contains(of);
    let of_others: Vec<&Taken> = taken.iter().filter(|taken| !taken.by.iter().any(is_own)).collect();
    let others: BTreeSet<usize> = of_others.iter().flat_map(|taken| &taken.tables).copied().collect();
    let book = taken.len() >= BOOK;
    let of_book = |signal: &Signal| match signal {
        Signal::Title { text, .. } => whole.view.title().is_some_and(|title| title.text == *text),
        signal => *signal == Signal::Name,
    };
    let apart = material.series || (book && !candidate.signals.iter().any(of_book));
    let untitled = book && !is_titled(candidate) && !parts::is_told(candidate);
    if others.is_empty() || !(untitled || (apart && candidate.periods.is_some())) {
        return;
    }
    let rest = whole.view.without(&others);
    let before = candidate.items.iter().filter(|item| item.shown.is_some()).count();
    candidate.items = Subject { view: &rest, ..*whole }.items(material);
    let left = candidate.items.iter().filter(|item| item.shown.is_some()).count();
    if untitled
        && left < before
        && let Some(by) = of_others.iter().flat_map(|taken| &taken.by).next()
    {
        candidate.signals.push(Signal::Outranked { by: by.clone() });
        candidate.strength = Strength::Refused;
    }
}

/// Some title, heading or name says so, not its content alone.
fn is_titled(candidate: &Candidate) -> bool {
    let says = |signal: &Signal| {
        matches!(signal, Signal::Title { .. } | Signal::TopLine { .. } | Signal::Chapter { .. } | Signal::Name)
    };
    candidate.signals.iter().any(says)
}

pub(super) fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        b.strength.cmp(&a.strength).then(b.score.total_cmp(&a.score)).then(a.material.cmp(&b.material))
    });
}

/// Materials that the name or folder of a file suggests whose content nobody could read.
#[must_use]
pub(super) fn by_name(pack: &Pack, path: &EvidencePath) -> Vec<Candidate> {
    let name = super::name(path);
    // 酒厂调研 发我看看
    let words: Vec<String> = path.stem().split_whitespace().map(normalise).collect();
    let folder = path.folder().rsplit('/').next().map(normalise).unwrap_or_default();
    let mut found = Vec::new();
    for clause in &pack.clauses {
        for material in clause.materials.iter().filter(|material| material.inside.is_empty()) {
            let recognise = &material.recognise;
            let says = |name: &str| is_called(recognise, name);
            if any(&recognise.not_titles, &name) {
                continue;
            }
            let (signal, score) = if says(&name) || words.iter().any(|word| says(word)) {
                (Signal::Name, NAME)
            } else if any(&recognise.titles, &folder) {
                (Signal::Folder, FOLDER)
            } else {
                continue;
            };
            let wrong_kind = kind::of_title(&name, &pack.vocabulary)
                .is_some_and(|is| !recognise.kinds.is_empty() && !recognise.kinds.contains(&is));
            if wrong_kind {
                continue;
            }
            let items = material.items.iter().map(|_| FoundItem { shown: None }).collect();
            let material = MaterialRef { clause: clause.no, material: material.id.clone() };
            found.push(Candidate {
                material,
                strength: Strength::Thin,
                score,
                signals: vec![signal],
                periods: None,
                items,
            });
        }
    }
    sort(&mut found);
    found
}

/// Whether a file's name is a title of the material, in Chinese or in pinyin.
fn is_called(recognise: &Recognise, name: &str) -> bool {
    let spelled = |patterns: &[Pattern], letters: &str| patterns.iter().any(|title| title.is_spelled_in(letters));
    let in_pinyin = |letters: String| spelled(&recognise.titles, &letters) && !spelled(&recognise.not_titles, &letters);
    any(&recognise.titles, kind::bare(name))
        || any(&recognise.titles, name)
        || pinyin::letters(name).is_some_and(in_pinyin)
}

/// Where the document calls itself a draft: in its titles, its name or its page margins.
#[must_use]
pub(super) fn draft(view: &View, name: &str, vocabulary: &Vocabulary) -> Option<Place> {
    let tops = view.titles.iter().take(4).chain(&view.margins);
    tops.filter(|line| any(&vocabulary.drafts, &line.text))
        .map(|line| line.place.clone())
        .next()
        .or_else(|| any(&vocabulary.drafts, name).then_some(Place::Whole))
}

/// A form that nobody filled in: tables with headers and no results, or a text whose title says
/// template and that is full of placeholders. Labels with blanks behind them state nothing.
#[must_use]
pub(super) fn template(view: &View, name: &str, vocabulary: &Vocabulary) -> bool {
    let statements = || view.lines.iter().filter(|line| line.role == Role::Statement);
    let stated: usize = statements().map(|line| stated(&line.text)).sum();
    let forms: Vec<&TableView> =
        view.tables.iter().filter(|table| !table.columns.is_empty() && !table.is_control).collect();
    let labels: Vec<&TableView> =
        view.tables.iter().filter(|table| table.columns.is_empty() && table.is_blank_labels()).collect();
    let unfilled = stated < PROSE
        && !(forms.is_empty() && labels.is_empty())
        && forms.iter().all(|table| table.is_blank_form(&vocabulary.outcomes));
    let called = is_called_template(view, name, vocabulary);
    let instructions = view.lines.iter().filter(|line| line.role == Role::Instruction).count();
    // Who has to sign has nothing to fill in before.
    let signs = |line: &Line| {
        let labels = &vocabulary.signatures;
        [&labels.parties, &labels.approvers, &labels.days].iter().any(|labels| any(labels, &line.text))
    };
    let blank = |line: &&Line| {
        !signs(line) && (self::stated(&line.text) == 0 || any(&vocabulary.placeholders.words, &line.text))
    };
    let blanks = statements().filter(blank).count();
    let half_filled = view.filled_share().is_none_or(|share| share < 0.5);
    let open = blanks + instructions;
    unfilled
        || (open >= BLANKS && open * 2 > statements().count() + instructions && half_filled)
        || (called && (instructions > 0 || half_filled))
        || (instructions > 0 && half_filled && is_noted_template(view, vocabulary))
        || (instructions >= 3 && instructions * 2 > statements().count())
        || (instructions > 0 && is_hollow(view, vocabulary))
}

/// Under most of its headings stands only what is to be written there.
fn is_hollow(view: &View, vocabulary: &Vocabulary) -> bool {
    let is_open = |line: &Line| {
        line.role == Role::Instruction || stated(&line.text) == 0 || any(&vocabulary.placeholders.words, &line.text)
    };
    let mut hollow = 0;
    let mut told = 0;
    for blocks in view.sections.iter().map(|section| &section.blocks) {
        let mut lines = view.lines.iter().filter(|line| blocks.contains(&line.block)).peekable();
        if view.tables.iter().any(|table| blocks.contains(&table.block)) {
            told += 1;
        } else if lines.peek().is_some() {
            *(if lines.all(is_open) { &mut hollow } else { &mut told }) += 1;
        }
    }
    hollow >= HOLLOW && hollow > told
}

/// By its name or a title.
pub(super) fn is_called_template(view: &View, name: &str, vocabulary: &Vocabulary) -> bool {
    let says = |text: &str| any(&vocabulary.templates, text);
    says(name) || view.titles.iter().take(3).any(|line| says(&line.text))
}

/// A short line at its top says so, CR-SM-T17 模板 V1.0; a filled form may bear that as well.
fn is_noted_template(view: &View, vocabulary: &Vocabulary) -> bool {
    let mut top = view.lines.iter().take(3).filter(|line| line.text.chars().count() <= NOTE);
    top.any(|line| any(&vocabulary.templates, &line.text))
}

/// A note above a text is no longer, in characters.
const NOTE: usize = 20;

/// So many sentences of what will be, more than half of all, are a promise.
const PROMISES: usize = 3;

/// A workbook with so many sheets that are something by themselves is a book of records.
const BOOK: usize = 4;

/// A text with so many lines to fill in, and few others, is a form.
const BLANKS: usize = 4;

/// So many headings over nothing but instructions, more than half of all, are a form's.
const HOLLOW: usize = 3;

/// Characters that state something: not a line to write on, nor a label with nothing behind it.
fn stated(text: &str) -> usize {
    let blank = text.contains("__") || text.ends_with(':') || text.contains("年月日") || is_unticked(text);
    if blank { 0 } else { text.chars().count() }
}

/// A record that only says what is to be done is a plan: headers of what is intended, sentences of
/// what will be, and no column with results in it.
#[must_use]
pub(super) fn intends(view: &View, vocabulary: &Vocabulary) -> bool {
    let columns = || view.tables.iter().flat_map(|table| &table.columns);
    let intended = columns().filter(|column| any(&vocabulary.intentions.headers, &column.header)).count();
    let statements = || view.lines.iter().filter(|line| line.role == Role::Statement);
    let will = statements().filter(|line| any(&vocabulary.intentions.sentences, &line.text)).count();
    let plans =
        |table: &TableView| table.columns.iter().any(|column| any(&vocabulary.intentions.headers, &column.header));
    let of_results = |table: &TableView| -> Vec<bool> {
        let columns = table.columns.iter().enumerate();
        let results = columns.filter(|(_, column)| any(&vocabulary.intentions.results, &column.header));
        // 状态 ｜ 未开始 is no result.
        results.map(|(at, _)| table.column_states(at, vocabulary)).collect()
    };
    let results = view.tables.iter().any(|table| of_results(table).contains(&true));
    // 计划时间 ｜ 完成时间, and nothing in the second.
    let undone = view.tables.iter().any(|table| plans(table) && !of_results(table).is_empty());
    // Sentence after sentence of what will be.
    let promises = will >= PROMISES && will * 2 > statements().count();
    !results && (undone || (intended >= 1 && intended + will >= 2) || promises)
}

#[cfg(test)]
mod tests {
    use super::super::observe::sample;
    use super::*;

    #[test]
    fn a_form_is_blank_where_nothing_but_its_instructions_stands_in_it() {
        let pack = sample::pack();
        let form = "# 可用性改进报告\nCR-T17 模板　V1.0\n|项目名称|【填写项目名称】\n|客户|【客户全称】\n|报告期|20XX年X月X日\n# 一、存在的问题\n【逐条列出未达标指标及其原因】\n|序号|问题|涉及系统|根因\n|1|XXX|XXX|XXX\n|2|||\n# 二、改进措施\n【说明措施、资源、完成时间】\n|措施|计划完成|实际完成|效果\n|XXX|||\n# 三、效果评价\n（待补充）\n审核：＿＿＿＿　批准：＿＿＿＿";
        let filled = form
            .replace("XXX", "缴费前置数据库")
            .replace("【逐条列出未达标指标及其原因】", "六月可用率99.2%，低于承诺。");
        for (text, is) in [(form, true), (&filled.replace("模板", ""), false)] {
            let document = sample::document(text);
            let view = View::of(&document, &pack.vocabulary);
            assert_eq!(template(&view, "", &pack.vocabulary), is, "{text}");
        }
    }
}
