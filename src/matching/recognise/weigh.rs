//! What speaks for and against a document, or a part of one, being a material.
//!
//! Start reading at [`Subject::weigh`].

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::document::Place;
use crate::model::pack::{DocumentKind, Material, MaterialRef, Need, Pack};

use super::super::items::{self, Scope};
use super::super::kind;
use super::super::view::{CellView, Line, Role, Section, View, any, is_numbered};
use super::super::{Candidate, FoundItem};
use super::rank::{accept_unopposed, holds_whole, outrank};
use super::{Signal, Strength, is_called};

/// What each sign is worth. A title with anything behind it is a match, and so are columns and
/// topics together; names and folders only tip the balance.
const TITLE: f32 = 0.60;
const TOP_LINE: f32 = 0.30;
const CHAPTER: f32 = 0.50;
const COLUMNS: f32 = 0.35;
const BODY: f32 = 0.25;
const ITEMS: f32 = 0.20;
pub(super) const NAME: f32 = 0.12;
pub(super) const FOLDER: f32 = 0.05;
const OTHER_KIND: f32 = 0.35;
const OTHER_BODY: f32 = 0.40;

/// From here a candidate is a match.
const MATCH: f32 = 0.60;
/// From here it is one without doubt.
const CERTAIN: f32 = 0.75;
/// From here a person might be asked.
const DOUBT: f32 = 0.40;
/// Statements from the top among which one may say what the document is.
const OPENING: usize = 6;
/// Fewer of a table's columns show nothing.
const COLUMNS_SHARE: f32 = 0.6;
/// A document says at least so much, in characters, or is nothing.
const SUBSTANCE: usize = 20;
/// So many filled cells in a row below a header state something.
const ROW: usize = 3;

/// What is weighed: a document, or a part of one that may be a material by itself.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub pack: &'a Pack,
    pub view: &'a View,
    /// What kind of document it is, by its title or name.
    pub kind: Option<DocumentKind>,
    /// The kind that its own title names.
    pub own_kind: Option<DocumentKind>,
    /// Normalised name and folder of the file; a part has none.
    pub name: &'a str,
    pub folder: &'a str,
    /// Nobody filled it in.
    pub template: bool,
    /// It only says what is to be done.
    pub intends: bool,
    /// A picture, or text read from one.
    pub picture: bool,
    pub recognised: bool,
    pub extent: Whole,
}

/// How much of the document a [`Subject`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Document,
    /// One of several documents in a file.
    Bound,
    Sheet,
    /// One of several tables of a grid.
    Table,
    Chapter,
}

/// The signals found so far and what they are worth together.
struct Weighing {
    score: f32,
    signals: Vec<Signal>,
    /// Content, not only names, speaks for it.
    by_content: bool,
    /// A title or chapter is meant as the material; the rest only looks like it.
    by_title: bool,
    refused: bool,
    scope: Scope,
}

impl Weighing {
    fn add(&mut self, worth: f32, signal: Signal) {
        self.score += worth;
        self.signals.push(signal);
    }

    fn refuse(&mut self, signal: Signal) {
        self.refused = true;
        self.signals.push(signal);
    }
}

impl Subject<'_> {
    /// The whole of it. A record says what was done, and so does what bears no other name and is to be one.
    fn scope(&self, material: &Material) -> Scope {
        let done = match self.kind {
            Some(DocumentKind::Report) => material.timing.looks_back(),
            Some(kind) => matches!(kind, DocumentKind::Record | DocumentKind::Register | DocumentKind::Minutes),
            None => done_only(material),
        };
        Scope { done, ..Scope::whole() }
    }

    /// Every material that it may be.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let materials = self.pack.clauses.iter().flat_map(|clause| {
            clause
                .materials
                .iter()
                .filter(|material| material.inside.is_empty())
                .map(move |material| (clause.no, material))
        });
        let weighed = materials.filter_map(|(clause, material)| {
            self.weigh(MaterialRef { clause, material: material.id.clone() }, material)
        });
        let mut found: Vec<Candidate> = weighed.collect();
        outrank(self.pack, &mut found);
        accept_unopposed(&mut found, self.view.title().is_none());
        found
    }

    fn weigh(&self, of: MaterialRef, material: &Material) -> Option<Candidate> {
        let mut weighing = Weighing {
            score: 0.0,
            signals: Vec::new(),
            by_content: false,
            by_title: false,
            refused: false,
            scope: self.scope(material),
        };
        self.weigh_titles(material, &mut weighing);
        self.weigh_content(material, &mut weighing);
        self.weigh_names(material, &mut weighing);
        if weighing.score < NAME && !weighing.by_content {
            return None;
        }
        let items = self.items_of(material, &weighing.scope);
        weigh_items(material, &items, &mut weighing);
        self.weigh_against(material, &mut weighing);
        let strength = self.strength(material, &weighing);
        Some(Candidate {
            material: of,
            strength,
            score: weighing.score.clamp(0.0, 1.0),
            signals: weighing.signals,
            periods: None,
            items,
        })
    }

    fn weigh_titles(&self, material: &Material, weighing: &mut Weighing) {
        let recognise = &material.recognise;
        let is_title = |line: &&Line| {
            let bare = kind::bare(&line.text);
            (any(&recognise.titles, bare) || any(&recognise.titles, &line.text))
                && !any(&recognise.not_titles, &line.text)
        };
        // A sheet that nobody filled in is not what it is called.
        let sheets = self.view.tables.iter().filter(|table| table.name.is_some() && !table.is_blank_labels());
        let sheet_titles = sheets.flat_map(|table| &table.titles);
        if let Some(line) =
            self.view.title().filter(is_title).or_else(|| sheet_titles.into_iter().find(|line| is_title(line)))
        {
            weighing.by_title = true;
            let (text, place) = (line.text.clone(), line.place.clone());
            match self.extent {
                Whole::Chapter => weighing.add(CHAPTER, Signal::Chapter { heading: text, place }),
                Whole::Document | Whole::Bound | Whole::Sheet | Whole::Table => {
                    weighing.add(TITLE, Signal::Title { text, place });
                }
            }
        } else if let Some(line) = self.view.titles.iter().find(is_title) {
            weighing.by_title = true;
            let worth = if self.own_kind.is_none() { TITLE } else { TOP_LINE };
            weighing.add(worth, Signal::TopLine { text: line.text.clone(), place: line.place.clone() });
        } else if let Some((table, name)) = self.sheet(material) {
            weighing.by_title = true;
            weighing.add(TOP_LINE, Signal::TopLine { text: name, place: table });
        } else if let Some(line) = self.opening(material) {
            weighing.by_title = true;
            weighing.add(
                TOP_LINE,
                Signal::TopLine { text: line.text.chars().take(30).collect(), place: line.place.clone() },
            );
        } else if matches!(self.extent, Whole::Document | Whole::Bound) {
            self.weigh_chapters(material, weighing);
        }
    }

    /// One of the first sentences says what the document is: 本文说的是…服务流程.
    fn opening(&self, material: &Material) -> Option<&Line> {
        let recognise = &material.recognise;
        let statements = self.view.lines.iter().filter(|line| line.role == Role::Statement);
        statements.take(OPENING).find(|line| {
            any(&self.pack.vocabulary.openings, &line.text)
                && !is_numbered(&line.text)
                && line.text.split(['。', ',', ';']).take(2).any(|part| {
                    any(&recognise.titles, part)
                        && !any(&recognise.not_titles, part)
                        && kind::of_title(part, &self.pack.vocabulary)
                            .is_some_and(|kind| recognise.kinds.contains(&kind))
                })
        })
    }

    /// A sheet whose name is such a title, with rows.
    fn sheet(&self, material: &Material) -> Option<(Place, String)> {
        self.view.tables.iter().find_map(|table| {
            let name = table
                .name
                .as_deref()
                .filter(|name| any(&material.recognise.titles, name) && !any(&material.recognise.not_titles, name))?;
            let place = table.rows.iter().flatten().find(|cell| cell.filled)?.place.clone();
            Some((place, name.to_owned()))
        })
    }

    fn weigh_chapters(&self, material: &Material, weighing: &mut Weighing) {
        let recognise = &material.recognise;
        let names = |heading: &str| any(&recognise.chapters, heading) && !any(&recognise.not_titles, heading);
        let other = self.view.title().is_some_and(|title| any(&recognise.not_titles, &title.text));
        let is_chapter = |heading: &str| {
            names(heading) || (!other && kind::each(heading, &self.pack.vocabulary).iter().any(|part| names(part)))
        };
        // Minutes speak of documents point by point.
        let is_point =
            |section: &Section| self.kind == Some(DocumentKind::Minutes) && section.heading.role == Role::Article;
        // 6年度总结1份1份合, read from a picture, is an entry of a list.
        let is_entry = |heading: &str| {
            static COUNT: LazyLock<Regex> =
                LazyLock::new(|| Regex::new(r"\d(份|套|册|次|张)").expect("a pattern of this file compiles"));
            self.recognised && COUNT.is_match(heading)
        };
        let chapter = self.view.sections.iter().find(|section| {
            !is_point(section)
                && !is_entry(&section.heading.text)
                && (is_chapter(&section.heading.text) || self.is_title_of(material, &section.heading.text))
                && section.weight >= SUBSTANCE
                && !any(&self.pack.vocabulary.denials, &section.heading.text)
                && !self.is_other_title(material, &section.heading)
                && !self.all_denied(material, &section.blocks)
        });
        if let Some(section) = chapter {
            weighing.by_title = true;
            weighing.by_content = true;
            // The document's own title is over all of it, whatever the levels of the headings below.
            if self.view.title().is_none_or(|title| title.block != section.heading.block) {
                weighing.scope = Scope { blocks: section.heading.block..section.blocks.end, ..self.scope(material) };
            }
            let signal =
                Signal::Chapter { heading: section.heading.text.clone(), place: section.heading.place.clone() };
            weighing.add(CHAPTER + BODY / 2.0, signal);
        }
    }

    /// The document's own title, which names another kind of document or only looks alike: 漏洞管理记录
    /// is no chapter 漏洞管理.
    fn is_other_title(&self, material: &Material, heading: &Line) -> bool {
        let recognise = &material.recognise;
        let other_kind =
            self.own_kind.is_some_and(|kind| !recognise.kinds.is_empty() && !recognise.kinds.contains(&kind));
        self.view.title().is_some_and(|title| title.block == heading.block)
            && (other_kind || any(&recognise.not_titles, &heading.text))
    }

    /// A chapter that bears the title of such a document, kind and all: 第二章 可用性执行报告. In a
    /// plan or a policy such a heading only speaks of the document.
    fn is_title_of(&self, material: &Material, heading: &str) -> bool {
        let recognise = &material.recognise;
        let only_names = matches!(
            self.kind,
            Some(DocumentKind::Policy | DocumentKind::Plan | DocumentKind::Agreement | DocumentKind::Minutes)
        );
        !only_names
            && kind::of_title(heading, &self.pack.vocabulary).is_some_and(|kind| recognise.kinds.contains(&kind))
            && any(&recognise.titles, heading)
            && !any(&recognise.not_titles, heading)
    }

    /// It says next to nothing. One row of a sheet may be all that there was: 全部 ｜ 符合 ｜ 合格.
    fn is_slight(&self) -> bool {
        let row = |row: &Vec<CellView>| row.iter().filter(|cell| cell.filled).count() >= ROW;
        let sheet = matches!(self.extent, Whole::Sheet | Whole::Table);
        let told =
            sheet && self.view.tables.iter().any(|table| !table.columns.is_empty() && table.rows.iter().any(row));
        self.view.substance() < SUBSTANCE && !told
    }

    /// All it says is that it will come: 三季度数据正在汇总,报告将于十月底提交.
    fn announces(&self) -> bool {
        let vocabulary = &self.pack.vocabulary;
        let sentence = |line: &&Line| line.role == Role::Statement && line.text.contains(['。', ',']);
        let lines = self.view.lines.iter().filter(sentence);
        let sentences = lines.flat_map(|line| line.text.split(['。', ';'])).filter(|sentence| !sentence.is_empty());
        let mut sentences = sentences.peekable();
        self.view.tables.iter().all(|table| table.rows.is_empty())
            && sentences.peek().is_some()
            && sentences.all(|text| any(&vocabulary.intentions.sentences, text) || any(&vocabulary.deferrals, text))
    }

    /// It says itself that such a document is another, or is still to come: 可用性的改进,报告另行编制.
    fn leaves_out(&self, material: &Material) -> bool {
        let vocabulary = &self.pack.vocabulary;
        let lines = self.view.lines.iter().filter(|line| line.role == Role::Statement);
        let mut sentences = lines.flat_map(|line| line.text.split(['。', ';']));
        material.items.is_empty()
            && sentences.any(|sentence| {
                (any(&vocabulary.denials, sentence) || any(&vocabulary.deferrals, sentence))
                    && any(&material.recognise.titles, &sentence.replace(',', ""))
            })
    }

    /// Every sentence about the material says that there is none; of a chapter without any, every
    /// sentence. A duty stands, though another leaves something to a paper of its own; a signature under
    /// a denial grants nothing.
    fn all_denied(&self, material: &Material, blocks: &Range<usize>) -> bool {
        let recognise = &material.recognise;
        let lines = self.view.lines.iter().filter(|line| line.role == Role::Statement && blocks.contains(&line.block));
        // 甲方(盖章):… below the last chapter is none of it.
        let signs = |line: &&Line| any(&self.pack.vocabulary.signatures.parties, &line.text) && line.text.contains(':');
        let sentences: Vec<&str> = lines
            .filter(|line| !signs(line))
            .flat_map(|line| line.text.split(['。', ';']))
            .filter(|sentence| !sentence.is_empty())
            .collect();
        let is_about = |sentence: &&&str| any(&recognise.body, sentence) || any(&recognise.chapters, sentence);
        let about: Vec<&&str> = sentences.iter().filter(is_about).collect();
        let told = if about.is_empty() { sentences.iter().collect() } else { about };
        let vocabulary = &self.pack.vocabulary;
        let denied = |sentence: &str| any(&vocabulary.denials, sentence) || any(&vocabulary.deferrals, sentence);
        !told.is_empty() && told.iter().all(|sentence| denied(sentence))
    }

    fn weigh_content(&self, material: &Material, weighing: &mut Weighing) {
        let recognise = &material.recognise;
        let best = self.view.tables.iter().filter(|table| !table.rows.is_empty()).filter_map(|table| {
            let found = recognise
                .columns
                .iter()
                .filter(|column| table.columns.iter().any(|header| column.is_in(&header.header)))
                .count();
            Some((found, table.columns.first()?.place.clone()))
        });
        if let Some((found, place)) = best.max_by_key(|(found, _)| *found) {
            let share = found as f32 / recognise.columns.len().max(1) as f32;
            if found >= 2 && share >= COLUMNS_SHARE {
                weighing.by_content = true;
                weighing.add(COLUMNS * share, Signal::Columns { found, of: recognise.columns.len(), place });
            }
        }
        let found = recognise.body.iter().filter(|topic| topic.is_in(&self.view.body)).count();
        let share = found as f32 / recognise.body.len().max(1) as f32;
        if found > 0 && share >= 0.5 {
            weighing.by_content |= share >= 0.65;
            weighing.add(BODY * share, Signal::Body { found, of: recognise.body.len() });
        }
    }

    fn weigh_names(&self, material: &Material, weighing: &mut Weighing) {
        let recognise = &material.recognise;
        if self.extent != Whole::Document || any(&recognise.not_titles, self.name) {
            return;
        }
        if is_called(recognise, self.name) {
            // A form without a title is called what its file is.
            let untitled = self.view.title().is_none() && weighing.by_content;
            weighing.add(if untitled { TOP_LINE } else { NAME }, Signal::Name);
        }
        if any(&recognise.titles, self.folder) {
            weighing.add(FOLDER, Signal::Folder);
        }
    }

    fn weigh_against(&self, material: &Material, weighing: &mut Weighing) {
        let recognise = &material.recognise;
        if let Some(is) = self.kind.filter(|is| !recognise.kinds.is_empty() && !recognise.kinds.contains(is)) {
            // A report with a chapter on service levels makes no agreement of it.
            let binds = recognise.kinds == [DocumentKind::Agreement] && is != DocumentKind::Plan;
            let chapter = matches!(weighing.signals.first(), Some(Signal::Chapter { .. }));
            let worth = if chapter && !binds { 0.0 } else { -OTHER_KIND };
            weighing.add(worth, Signal::OtherKind { is });
            weighing.refused |= chapter && binds;
            // Nor is a chapter of a plan the record of what was done.
            let records = material.timing.looks_back() && done_only(material);
            weighing.refused |= chapter && is == DocumentKind::Plan && records;
            // Whatever it is called, it only says what is to be done.
            let tabled = weighing.signals.iter().any(|signal| matches!(signal, Signal::Columns { .. }));
            let ends = || self.view.title().is_some_and(|line| kind::ends_title(&line.text, &self.pack.vocabulary));
            if is == DocumentKind::Plan && (self.intends || (weighing.by_title && !chapter && !tabled && ends())) {
                weighing.refused = true;
            }
        }
        let own_kind = self.kind.is_some_and(|kind| recognise.kinds.contains(&kind));
        // Of a title of several things another part may well name this one.
        let is_other = |title: &str| {
            any(&recognise.not_titles, title)
                && kind::each(title, &self.pack.vocabulary).iter().all(|part| any(&recognise.not_titles, part))
        };
        let title = self.view.title().filter(|_| !self.picture);
        if let Some(line) = title.filter(|line| is_other(&line.text))
            && !matches!(
                weighing.signals.first(),
                Some(Signal::Chapter { .. } | Signal::Title { .. } | Signal::TopLine { .. })
            )
            && !(own_kind && holds_whole(&weighing.signals))
        {
            weighing.refuse(Signal::OtherTitle { text: line.text.clone() });
        }
        // A document of several things speaks of each.
        let several = title.is_some_and(|line| {
            let parts = kind::each(&line.text, &self.pack.vocabulary);
            parts.iter().any(|part| any(&recognise.titles, part))
        });
        if let Some(found) =
            recognise.not_body.iter().filter(|_| !several).find_map(|pattern| pattern.regex().find(&self.view.body))
        {
            weighing.add(-OTHER_BODY, Signal::OtherBody { text: found.as_str().chars().take(30).collect() });
        }
        if !weighing.by_title && self.leaves_out(material) {
            weighing.refuse(Signal::NoSubstance);
        }
        if let Some(text) = self.only_in_contents(material, weighing) {
            weighing.refuse(Signal::OnlyInContents { text });
        }
        if self.kind == Some(DocumentKind::Contents) {
            weighing.refuse(Signal::Contents);
        } else if self.template {
            weighing.refuse(Signal::Template);
        } else if self.is_slight() || (self.scope(material).done && self.announces()) {
            weighing.refuse(Signal::NoSubstance);
        }
    }

    /// A title that names several things promises each; where the table of contents lists a chapter
    /// for this one and no heading of the text says as much, it did not come.
    fn only_in_contents(&self, material: &Material, weighing: &Weighing) -> Option<String> {
        let title = self.view.title().filter(|line| kind::things(&line.text).len() > 1)?;
        let by_title = matches!(weighing.signals.first(), Some(Signal::Title { .. } | Signal::TopLine { .. }));
        if !by_title {
            return None;
        }
        let recognise = &material.recognise;
        let names = |text: &str| {
            (any(&recognise.titles, text) || any(&recognise.chapters, text)) && !any(&recognise.not_titles, text)
        };
        let mut listed = self
            .view
            .lines
            .iter()
            .filter(|line| line.role == Role::Contents)
            .map(|line| line.text.trim_end_matches(|c: char| c.is_ascii_digit() || ".…·-_".contains(c)).to_owned());
        let listed = listed.rfind(|text| names(text))?;
        let comes = self.view.sections.iter().any(|section| {
            section.heading.block != title.block
                && section.weight >= SUBSTANCE
                && (names(&section.heading.text)
                    || section.heading.text.contains(&listed)
                    || listed.contains(&section.heading.text))
        });
        (!comes).then_some(listed)
    }

    /// In a chapter that is the material; in a report what the chapter leaves out may stand beside it.
    fn items_of(&self, material: &Material, scope: &Scope) -> Vec<FoundItem> {
        let mut items = self.items_in(material, scope);
        let binds = matches!(self.kind, Some(DocumentKind::Policy | DocumentKind::Plan | DocumentKind::Agreement));
        if scope.blocks.start > 0 && !binds {
            for (item, anywhere) in items.iter_mut().zip(self.items(material)) {
                if item.shown.is_none() {
                    *item = anywhere;
                }
            }
        }
        items
    }

    /// Wherever in it they stand.
    pub(super) fn items(&self, material: &Material) -> Vec<FoundItem> {
        self.items_in(material, &self.scope(material))
    }

    fn items_in(&self, material: &Material, scope: &Scope) -> Vec<FoundItem> {
        material
            .items
            .iter()
            .map(|item| {
                let shown = items::find(self.view, &self.pack.vocabulary, item, scope);
                FoundItem { shown: shown.into_iter().next().map(|shown| (shown.place, shown.by)) }
            })
            .collect()
    }

    fn strength(&self, material: &Material, weighing: &Weighing) -> Strength {
        let content = weighing.by_content || weighing.by_title;
        match weighing.score {
            _ if weighing.refused => Strength::Refused,
            score if score >= CERTAIN && content => Strength::Sure,
            score
                if score >= MATCH
                    && content
                    && !self.is_bare_picture(weighing)
                    && !is_bare_line(material, weighing) =>
            {
                Strength::Likely
            }
            _ if self.is_bare_picture(weighing) && !weighing.signals.contains(&Signal::Name) => Strength::Refused,
            score if score >= DOUBT && self.is_named_and_whole(material, weighing) => Strength::Likely,
            score if score >= DOUBT => Strength::Thin,
            _ if weighing.signals.contains(&Signal::Name) => Strength::Thin,
            _ => Strength::Refused,
        }
    }

    /// Its file's name says so, its title nothing, its kind is right, and its content shows every item.
    fn is_named_and_whole(&self, material: &Material, weighing: &Weighing) -> bool {
        let has = |is: &dyn Fn(&Signal) -> bool| weighing.signals.iter().any(is);
        let kind = self.own_kind.is_some_and(|kind| material.recognise.kinds.contains(&kind));
        kind && has(&|signal| *signal == Signal::Name)
            && has(&|signal| matches!(signal, Signal::Items { found, of } if found == of))
            && has(&|signal| matches!(signal, Signal::Body { .. } | Signal::Columns { .. }))
            && !has(&|signal| matches!(signal, Signal::OtherBody { .. }))
    }

    /// Words read from a picture look like a title easily: nothing of the content supports it.
    fn is_bare_picture(&self, weighing: &Weighing) -> bool {
        let supported = weighing
            .signals
            .iter()
            .any(|signal| matches!(signal, Signal::Body { .. } | Signal::Columns { .. } | Signal::Items { .. }));
        self.recognised && !supported
    }

    /// Materials that only the documents of other materials can show.
    pub(super) fn add_inside(&self, found: &mut Vec<Candidate>) {
        let mut inside = Vec::new();
        for clause in &self.pack.clauses {
            for material in &clause.materials {
                let host = found
                    .iter()
                    .find(|candidate| candidate.is_match() && material.inside.contains(&candidate.material));
                if let Some(host) = host {
                    let items = self.items_in(material, &Scope::whole());
                    let of = MaterialRef { clause: clause.no, material: material.id.clone() };
                    let signals = vec![Signal::Inside { of: host.material.clone() }];
                    inside.push(Candidate {
                        material: of,
                        strength: host.strength,
                        score: host.score,
                        signals,
                        periods: host.periods.clone(),
                        items,
                    });
                }
            }
        }
        found.append(&mut inside);
    }
}

/// Only documents of what was done are the material.
fn done_only(material: &Material) -> bool {
    let of_done = |kind: &DocumentKind| {
        use DocumentKind::{Agreement, Notice, Plan, Policy};
        !matches!(kind, Policy | Plan | Agreement | Notice)
    };
    let kinds = &material.recognise.kinds;
    !kinds.is_empty() && kinds.iter().all(of_done)
}

/// A line that names it and nothing else: none of several items, no topic, no column.
fn is_bare_line(material: &Material, weighing: &Weighing) -> bool {
    let speaks = |signal: &Signal| {
        matches!(signal, Signal::Title { .. } | Signal::Body { .. } | Signal::Columns { .. } | Signal::Items { .. })
    };
    let asked = material.items.iter().filter(|item| item.need != Need::Suitable).count();
    let on_top = matches!(weighing.signals.first(), Some(Signal::TopLine { .. }));
    (asked > 1 || on_top) && !weighing.signals.iter().any(speaks)
}

fn weigh_items(material: &Material, items: &[FoundItem], weighing: &mut Weighing) {
    let asked = material.items.iter().zip(items).filter(|(item, _)| item.need != Need::Suitable);
    let (all, found) =
        asked.fold((0, 0), |(all, found), (_, item)| (all + 1, found + usize::from(item.shown.is_some())));
    if found > 0 {
        weighing.add(ITEMS * found as f32 / all as f32, Signal::Items { found, of: all });
    }
}
