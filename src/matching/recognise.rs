//! Which materials a document may be, with every signal that led there.
//!
//! Content outranks title, title outranks file name, file name outranks folder: a name alone
//! makes a candidate and never a match. Start reading at [`candidates`].

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::document::{Place, Remark};
use crate::model::evidence::EvidencePath;
use crate::model::pack::{DocumentKind, Material, MaterialRef, Need, Pack, Vocabulary};
use crate::model::text::normalise;

use super::items::{self, Scope};
use super::kind;
use super::view::{Line, Role, TableView, View, any};
use super::{Candidate, Facts, FoundItem};

/// What each sign is worth. A title with anything behind it is a match, and so are columns and
/// topics together; names and folders only tip the balance.
const TITLE: f32 = 0.60;
const TOP_LINE: f32 = 0.30;
const CHAPTER: f32 = 0.50;
const COLUMNS: f32 = 0.35;
const BODY: f32 = 0.25;
const ITEMS: f32 = 0.20;
const NAME: f32 = 0.12;
const FOLDER: f32 = 0.05;
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
/// A document whose content alone speaks, and for one material alone, is it from here on.
const UNOPPOSED: f32 = 0.33;
/// … and from here on where its name says so too and it shows most of several items.
const UNOPPOSED_NAMED: f32 = 0.25;
/// So far ahead of every other material.
const AHEAD: f32 = 0.10;
/// A document of another title shows a material as well if it shows at least so many of its items …
const SHOWN_ITEMS: usize = 3;
/// … and at least this share of them.
const SHOWN_SHARE: f32 = 0.75;
/// Fewer of a table's columns show nothing.
const COLUMNS_SHARE: f32 = 0.6;
/// A document says at least so much, in characters, or is nothing.
const SUBSTANCE: usize = 20;
/// A text says at least so much, in characters, beside the tables of a form.
const PROSE: usize = 120;
/// A candidate weaker than the best by more is only shown by its content, not meant.
const FAR_BEHIND: f32 = 0.30;

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

/// Every material of the pack that the document may be, strongest first, refused ones last.
#[must_use]
pub(super) fn candidates(pack: &Pack, view: &View, facts: &Facts) -> Vec<Candidate> {
    let name = normalise(facts.path.stem());
    let folder = normalise(facts.path.folder());
    let own_kind = view.title().and_then(|line| kind::of_title(&line.text, &pack.vocabulary));
    let subject = Subject { pack, view, facts, name: &name, folder: &folder, own_kind };
    let mut found: Vec<Candidate> = pack
        .clauses
        .iter()
        .flat_map(|clause| clause.materials.iter().map(move |material| (clause.no, material)))
        .filter(|(_, material)| material.inside.is_empty())
        .filter_map(|(clause, material)| subject.weigh(MaterialRef { clause, material: material.id.clone() }, material))
        .collect();
    outrank(pack, &mut found);
    accept_unopposed(&mut found);
    subject.add_inside(&mut found);
    sort(&mut found);
    found
}

pub(super) fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        b.strength.cmp(&a.strength).then(b.score.total_cmp(&a.score)).then(a.material.cmp(&b.material))
    });
}

/// Materials that the name or folder of a file suggests whose content nobody could read.
#[must_use]
pub(super) fn by_name(pack: &Pack, path: &EvidencePath) -> Vec<Candidate> {
    let name = normalise(path.stem());
    let folder = path.folder().rsplit('/').next().map(normalise).unwrap_or_default();
    let mut found = Vec::new();
    for clause in &pack.clauses {
        for material in clause.materials.iter().filter(|material| material.inside.is_empty()) {
            let recognise = &material.recognise;
            if any(&recognise.not_titles, &name) {
                continue;
            }
            let (signal, score) = if any(&recognise.titles, kind::bare(&name)) || any(&recognise.titles, &name) {
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
            found.push(Candidate { material, strength: Strength::Thin, score, signals: vec![signal], items });
        }
    }
    sort(&mut found);
    found
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

/// A form that nobody filled in: tables with headers and hardly a filled cell, or a text whose
/// title says template and that is full of placeholders.
#[must_use]
pub(super) fn template(view: &View, name: &str, vocabulary: &Vocabulary) -> bool {
    let statements: usize =
        view.lines.iter().filter(|line| line.role == Role::Statement).map(|line| line.text.chars().count()).sum();
    let unfilled = statements < PROSE
        && !view.tables.is_empty()
        && view.tables.iter().filter(|table| !table.columns.is_empty()).count() > 0
        && view.tables.iter().filter(|table| !table.columns.is_empty()).all(TableView::is_blank_form);
    let called = view.titles.iter().take(3).any(|line| any(&vocabulary.templates, &line.text))
        || any(&vocabulary.templates, name);
    let instructions = view.lines.iter().filter(|line| line.role == Role::Instruction).count();
    let statements = view.lines.iter().filter(|line| line.role == Role::Statement).count();
    unfilled
        || (called && (instructions > 0 || view.filled_share().is_none_or(|share| share < 0.5)))
        || (instructions >= 3 && instructions * 2 > statements)
}

struct Subject<'a> {
    pack: &'a Pack,
    view: &'a View,
    facts: &'a Facts,
    name: &'a str,
    folder: &'a str,
    /// The kind that the document's own title names.
    own_kind: Option<DocumentKind>,
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
    fn weigh(&self, of: MaterialRef, material: &Material) -> Option<Candidate> {
        let mut weighing = Weighing {
            score: 0.0,
            signals: Vec::new(),
            by_content: false,
            by_title: false,
            refused: false,
            scope: Scope::whole(),
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
        let strength = self.strength(&weighing);
        Some(Candidate {
            material: of,
            strength,
            score: weighing.score.clamp(0.0, 1.0),
            signals: weighing.signals,
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
        let sheet_titles = self.view.tables.iter().filter(|table| table.name.is_some()).flat_map(|table| &table.titles);
        if let Some(line) =
            self.view.title().filter(is_title).or_else(|| sheet_titles.into_iter().find(|line| is_title(line)))
        {
            weighing.by_title = true;
            weighing.add(TITLE, Signal::Title { text: line.text.clone(), place: line.place.clone() });
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
        } else {
            self.weigh_chapters(material, weighing);
        }
    }

    /// One of the first sentences says what the document is: 本文说的是…服务流程.
    fn opening(&self, material: &Material) -> Option<&Line> {
        let recognise = &material.recognise;
        let statements = self.view.lines.iter().filter(|line| line.role == Role::Statement);
        statements.take(OPENING).find(|line| {
            any(&self.pack.vocabulary.openings, &line.text)
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
        let chapter = self.view.sections.iter().find(|section| {
            (any(&material.recognise.chapters, &section.heading.text)
                || self.is_title_of(material, &section.heading.text))
                && section.weight >= SUBSTANCE
                && !self.all_denied(&section.blocks)
        });
        if let Some(section) = chapter {
            weighing.by_title = true;
            weighing.by_content = true;
            weighing.scope = Scope { blocks: section.heading.block..section.blocks.end };
            let signal =
                Signal::Chapter { heading: section.heading.text.clone(), place: section.heading.place.clone() };
            weighing.add(CHAPTER + BODY / 2.0, signal);
        }
    }

    /// A chapter that bears the title of such a document, kind and all: 第二章 可用性执行报告. In a
    /// plan or a policy such a heading only speaks of the document.
    fn is_title_of(&self, material: &Material, heading: &str) -> bool {
        let recognise = &material.recognise;
        let binds =
            matches!(self.facts.kind, Some(DocumentKind::Policy | DocumentKind::Plan | DocumentKind::Agreement));
        !binds
            && kind::of_title(heading, &self.pack.vocabulary).is_some_and(|kind| recognise.kinds.contains(&kind))
            && any(&recognise.titles, heading)
            && !any(&recognise.not_titles, heading)
    }

    fn all_denied(&self, blocks: &Range<usize>) -> bool {
        let mut lines = self
            .view
            .lines
            .iter()
            .filter(|line| line.role == Role::Statement && blocks.contains(&line.block))
            .peekable();
        lines.peek().is_some() && lines.all(|line| any(&self.pack.vocabulary.denials, &line.text))
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
        if any(&recognise.not_titles, self.name) {
            return;
        }
        if any(&recognise.titles, kind::bare(self.name)) || any(&recognise.titles, self.name) {
            weighing.add(NAME, Signal::Name);
        }
        if any(&recognise.titles, self.folder) {
            weighing.add(FOLDER, Signal::Folder);
        }
    }

    fn weigh_against(&self, material: &Material, weighing: &mut Weighing) {
        let recognise = &material.recognise;
        if let Some(is) = self.facts.kind.filter(|is| !recognise.kinds.is_empty() && !recognise.kinds.contains(is)) {
            let worth =
                if matches!(weighing.signals.first(), Some(Signal::Chapter { .. })) { 0.0 } else { -OTHER_KIND };
            weighing.add(worth, Signal::OtherKind { is });
        }
        let own_kind = self.facts.kind.is_some_and(|kind| recognise.kinds.contains(&kind));
        let title = self.view.title().filter(|_| !self.facts.format.is_picture());
        if let Some(line) = title.filter(|line| any(&recognise.not_titles, &line.text))
            && !matches!(
                weighing.signals.first(),
                Some(Signal::Chapter { .. } | Signal::Title { .. } | Signal::TopLine { .. })
            )
            && !(own_kind && holds_whole(&weighing.signals))
        {
            weighing.refuse(Signal::OtherTitle { text: line.text.clone() });
        }
        if let Some(found) = recognise.not_body.iter().find_map(|pattern| pattern.regex().find(&self.view.body)) {
            weighing.add(-OTHER_BODY, Signal::OtherBody { text: found.as_str().chars().take(30).collect() });
        }
        if self.facts.kind == Some(DocumentKind::Contents) {
            weighing.refuse(Signal::Contents);
        } else if self.facts.template {
            weighing.refuse(Signal::Template);
        } else if self.view.substance() < SUBSTANCE {
            weighing.refuse(Signal::NoSubstance);
        }
    }

    /// In a chapter that is the material; in a report what the chapter leaves out may stand beside it.
    fn items_of(&self, material: &Material, scope: &Scope) -> Vec<FoundItem> {
        let mut items = self.items(material, scope);
        let binds =
            matches!(self.facts.kind, Some(DocumentKind::Policy | DocumentKind::Plan | DocumentKind::Agreement));
        if scope.blocks.start > 0 && !binds {
            for (item, anywhere) in items.iter_mut().zip(self.items(material, &Scope::whole())) {
                if item.shown.is_none() {
                    *item = anywhere;
                }
            }
        }
        items
    }

    fn items(&self, material: &Material, scope: &Scope) -> Vec<FoundItem> {
        material
            .items
            .iter()
            .map(|item| {
                let shown = items::find(self.view, &self.pack.vocabulary, item, scope);
                FoundItem { shown: shown.into_iter().next().map(|shown| (shown.place, shown.by)) }
            })
            .collect()
    }

    fn strength(&self, weighing: &Weighing) -> Strength {
        let content = weighing.by_content || weighing.by_title;
        match weighing.score {
            _ if weighing.refused => Strength::Refused,
            score if score >= CERTAIN && content => Strength::Sure,
            score if score >= MATCH && content && !self.is_bare_picture(weighing) => Strength::Likely,
            _ if self.is_bare_picture(weighing) && !weighing.signals.contains(&Signal::Name) => Strength::Refused,
            score if score >= DOUBT => Strength::Thin,
            _ if weighing.signals.contains(&Signal::Name) => Strength::Thin,
            _ => Strength::Refused,
        }
    }

    /// Words read from a picture look like a title easily: nothing of the content supports it.
    fn is_bare_picture(&self, weighing: &Weighing) -> bool {
        let recognised = self.facts.remarks.iter().any(|remark| matches!(remark, Remark::Recognised { .. }));
        let supported = weighing
            .signals
            .iter()
            .any(|signal| matches!(signal, Signal::Body { .. } | Signal::Columns { .. } | Signal::Items { .. }));
        recognised && !supported
    }

    /// Materials that only the documents of other materials can show.
    fn add_inside(&self, found: &mut Vec<Candidate>) {
        let mut inside = Vec::new();
        for clause in &self.pack.clauses {
            for material in &clause.materials {
                let host = found
                    .iter()
                    .find(|candidate| candidate.is_match() && material.inside.contains(&candidate.material));
                if let Some(host) = host {
                    let items = self.items(material, &Scope::whole());
                    let of = MaterialRef { clause: clause.no, material: material.id.clone() };
                    let signals = vec![Signal::Inside { of: host.material.clone() }];
                    inside.push(Candidate { material: of, strength: host.strength, score: host.score, signals, items });
                }
            }
        }
        found.append(&mut inside);
    }
}

fn weigh_items(material: &Material, items: &[FoundItem], weighing: &mut Weighing) {
    let asked = material.items.iter().zip(items).filter(|(item, _)| item.need != Need::Suitable);
    let (all, found) =
        asked.fold((0, 0), |(all, found), (_, item)| (all + 1, found + usize::from(item.shown.is_some())));
    if found > 0 {
        weighing.add(ITEMS * found as f32 / all as f32, Signal::Items { found, of: all });
    }
}

/// A document that is clearly one material is not one it is confused with, nor one that it only
/// resembles by its content. Titles on lines of their own stand side by side: a sheet each, a
/// chapter each, or 可用性事件、执行与改进报告.
fn outrank(pack: &Pack, candidates: &mut [Candidate]) {
    let ranks: Vec<Rank> = candidates.iter().filter(|candidate| candidate.is_match()).map(Rank::of).collect();
    let best = ranks.iter().map(|rank| rank.score).fold(0.0, f32::max);
    for candidate in candidates.iter_mut().filter(|candidate| candidate.strength != Strength::Refused) {
        let own = Rank::of(candidate);
        let confused = |other: &MaterialRef| {
            let lists = |a: &MaterialRef, b: &MaterialRef| {
                pack.material(a).is_some_and(|material| material.confused_with.contains(b))
            };
            lists(&own.material, other) || lists(other, &own.material)
        };
        let beaten = ranks.iter().find(|other| {
            other.material != own.material
                && confused(&other.material)
                && !own.stands_beside(other)
                && (other.score > own.score + 0.08
                    || (other.title.is_some() && own.title.is_none() && other.score >= own.score))
        });
        let far = own.title.is_none() && own.score < best - FAR_BEHIND && !shows_most(candidate);
        let by = beaten.or_else(|| far.then(|| ranks.iter().find(|rank| rank.score >= best)).flatten());
        let by = by.filter(|_| !holds_whole(&candidate.signals));
        if let Some(rank) = by {
            candidate.signals.push(Signal::Outranked { by: rank.material.clone() });
            candidate.strength = Strength::Refused;
        } else if candidate.strength == Strength::Thin && shows_most(candidate) {
            candidate.strength = Strength::Likely;
        }
    }
}

/// What decides between candidates.
struct Rank {
    material: MaterialRef,
    score: f32,
    /// The line that bears the title, if any does.
    title: Option<(Place, String)>,
}

impl Rank {
    fn of(candidate: &Candidate) -> Self {
        let title = candidate.signals.iter().find_map(|signal| match signal {
            Signal::Title { text, place }
            | Signal::TopLine { text, place }
            | Signal::Chapter { heading: text, place } => Some((place.clone(), text.clone())),
            _ => None,
        });
        Self { material: candidate.material.clone(), score: candidate.score, title }
    }

    /// Both have a title, on lines of their own or in one that names several things.
    fn stands_beside(&self, other: &Self) -> bool {
        let (Some((own_place, own)), Some((other_place, others))) = (&self.title, &other.title) else { return false };
        (own_place, own) != (other_place, others) || own.contains(['、', '与', '和', '及', '('])
    }
}

/// A record of one thing may hold that of another, table, topics, items and all: the sheet of an
/// inspection with the maintenance of the devices under it.
fn holds_whole(signals: &[Signal]) -> bool {
    let columns = signals.iter().any(|signal| matches!(signal, Signal::Columns { .. }));
    let items =
        signals.iter().any(|signal| matches!(signal, Signal::Items { found, of } if found == of && *of >= SHOWN_ITEMS));
    let topics = signals
        .iter()
        .any(|signal| matches!(signal, Signal::Body { found, of } if *found as f32 >= *of as f32 * SHOWN_SHARE));
    columns && items && topics
}

fn shows_items(candidate: &Candidate) -> bool {
    candidate.signals.iter().any(|signal| match signal {
        Signal::Items { found, of } => *found >= SHOWN_ITEMS && *found as f32 >= *of as f32 * SHOWN_SHARE,
        _ => false,
    })
}

/// By its content it shows most of the material's items and speaks of most of its topics, whatever it is called.
fn shows_most(candidate: &Candidate) -> bool {
    let body = candidate.signals.iter().any(|signal| match signal {
        Signal::Body { found, of } => *found as f32 >= *of as f32 * SHOWN_SHARE,
        _ => false,
    });
    let against =
        candidate.signals.iter().any(|signal| matches!(signal, Signal::OtherKind { .. } | Signal::OtherBody { .. }));
    shows_items(candidate) && body && !against
}

/// Where no title speaks for any material, the one whose content is well ahead is it: good
/// documents have odd titles, or none.
fn accept_unopposed(candidates: &mut [Candidate]) {
    if candidates.iter().any(Candidate::is_match) {
        return;
    }
    let mut scores: Vec<f32> = candidates.iter().map(|candidate| candidate.score).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let second = scores.get(1).copied().unwrap_or(0.0);
    let complete = |candidate: &Candidate| {
        let full = |signal: &Signal| matches!(signal, Signal::Items { found, of } if *found as f32 >= *of as f32 * SHOWN_SHARE);
        let body = |signal: &Signal| matches!(signal, Signal::Body { .. } | Signal::Columns { .. } | Signal::Name);
        candidate.signals.iter().any(full) && candidate.signals.iter().any(body)
    };
    let refused = |candidate: &Candidate| {
        let against = |signal: &Signal| {
            matches!(
                signal,
                Signal::OtherKind { .. }
                    | Signal::OtherTitle { .. }
                    | Signal::OtherBody { .. }
                    | Signal::Template
                    | Signal::Contents
                    | Signal::NoSubstance
            )
        };
        candidate.signals.iter().any(against)
    };
    if let Some(first) = candidates.iter_mut().max_by(|a, b| a.score.total_cmp(&b.score)) {
        let named = first.signals.contains(&Signal::Name) && shows_items(first);
        if first.score >= if named { UNOPPOSED_NAMED } else { UNOPPOSED }
            && first.score >= second + AHEAD
            && complete(first)
            && !refused(first)
        {
            first.strength = Strength::Likely;
        }
    }
}
