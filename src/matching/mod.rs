//! Decides what a document is and which items it shows.
//!
//! Takes one readable document at a time and gives [`Facts`]: everything that judging needs to
//! know about the file, and none of its text. Knows nothing of severity, output, or which
//! materials are lacking. Start reading at [`examine`].

mod contract;
mod dates;
mod indicators;
mod items;
mod kind;
mod observe;
mod parties;
mod recognise;
mod time;
mod view;
mod word;

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::model::document::{Document, Extent, Place, Remark};
use crate::model::evidence::{EvidencePath, FileFormat, Reading, Source, Unreadable};
use crate::model::pack::{About, DocumentKind, MaterialRef, Pack, Structure};
use crate::model::text::normalise;
use crate::model::time::{Period, Span};

pub use contract::{Contract, Stated};
pub use indicators::Indicator;
#[cfg(test)]
pub(crate) use observe::sample;
pub use observe::{Field, Observation, Signing};
pub use parties::Party;
pub use recognise::{Signal, Strength};
pub use word::{Confirmed, Word};

/// What judging knows about a file. Small: none of its text is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub path: EvidencePath,
    /// In bytes.
    pub size: u64,
    pub sha256: String,
    pub format: FileFormat,
    pub reader: String,
    pub state: State,
    /// As written, for people.
    pub title: Option<String>,
    /// As written, in upper case: `V1.2`, `A/0`.
    pub version: Option<String>,
    pub kind: Option<DocumentKind>,
    pub extent: Option<Extent>,
    /// It calls itself a draft.
    pub draft: Option<Place>,
    /// A form that nobody filled in.
    pub template: bool,
    /// Nobody filled it in, or nothing stands under its title.
    pub blank: bool,
    /// It calls itself a template, or is kept among templates.
    pub kept_blank: bool,
    /// By its name one that an editor or a system left behind.
    pub temporary: bool,
    pub time: Time,
    /// Materials it may be, strongest first; those it was refused for come last.
    pub candidates: Vec<Candidate>,
    /// Names of the settings that its text holds: customers, projects, aliases.
    pub mentions: Vec<Mention>,
    /// Those of them that the file's name holds, as indices.
    pub named: Vec<usize>,
    /// The contract that it speaks of.
    pub contract: Contract,
    /// Organisations that it names as its customer.
    pub parties: Vec<Party>,
    /// What it promises in numbers; only of documents whose material is held against another.
    pub indicators: Vec<Indicator>,
    pub remarks: Vec<Remark>,
    /// What has no business in its text.
    pub observations: Vec<Observation>,
    /// Pictures among its text: one may be a signature or a seal.
    pub pictured: bool,
    /// Who signed and approved it.
    pub signing: Signing,
    /// What people say of it, which counts among what was found.
    pub word: Word,
}

/// Whether a file could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    Read,
    /// Its members have facts of their own.
    Container,
    Unreadable(Unreadable),
}

/// What a document says of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Its own day: approval, else issue, else the first it gives for itself.
    pub dated: Option<Date>,
    /// Periods it is about, by its title, sheets, labels or rows.
    pub periods: Vec<Period>,
    /// Those that its title, sheets or labels state, where they do.
    pub stated: Vec<Period>,
    /// Periods that the file's name says.
    pub named: Vec<Period>,
    /// From when to when it binds: a contract's or a plan's 服务期限.
    pub term: Option<(Span, Place)>,
    /// The first and the last of the days that it gives for itself behind a label: 批准日期, 签订日期.
    pub labelled: Option<[(Date, Place); 2]>,
}

/// A material that a document may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    pub material: MaterialRef,
    pub strength: Strength,
    /// From 0 to 1; only to rank and to explain.
    pub score: f32,
    pub signals: Vec<Signal>,
    /// The periods of those sheets that are it, where the workbook holds other things as well.
    pub periods: Option<Vec<Period>>,
    /// By the material's items, in their order.
    pub items: Vec<FoundItem>,
}

/// Whether a document shows an item, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundItem {
    pub shown: Option<(Place, Structure)>,
}

/// A name of the settings in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Index into the names given to [`examine`].
    pub name: usize,
    pub times: u32,
    pub first: Place,
}

/// Examines one file. `names` are names of projects and customers, in any form; where one is
/// mentioned matters for telling projects apart. `word` is what people say of this very file.
#[must_use]
pub fn examine(pack: &Pack, names: &[String], word: &Word, source: &Source) -> Facts {
    let mut facts = Facts {
        path: source.path.clone(),
        size: source.size,
        sha256: source.sha256.clone(),
        format: source.format,
        reader: source.reader.clone(),
        state: State::Read,
        title: None,
        version: None,
        kind: None,
        extent: None,
        draft: None,
        template: false,
        blank: false,
        kept_blank: false,
        temporary: is_temporary(pack, &source.path),
        time: Time::default(),
        candidates: Vec::new(),
        mentions: Vec::new(),
        named: named(names, &source.path),
        contract: Contract::default(),
        parties: Vec::new(),
        indicators: Vec::new(),
        remarks: Vec::new(),
        observations: Vec::new(),
        pictured: false,
        signing: Signing::default(),
        word: word.clone(),
    };
    match &source.reading {
        Reading::Document(document) => read(pack, names, word, document, &mut facts),
        Reading::Container { .. } => facts.state = State::Container,
        Reading::Unreadable(why) => {
            facts.state = State::Unreadable(why.clone());
            facts.candidates = recognise::by_name(pack, &source.path);
            word::heed(pack, word, None, &mut facts.candidates);
            if !word.confirmed.is_empty() {
                // Its content counts by a person's word; its time is what its name says.
                let nothing = view::View::of(&Document::default(), &pack.vocabulary);
                facts.time = time::of(&nothing, &source.path, &pack.vocabulary);
            }
        }
    }
    facts
}

fn read(pack: &Pack, names: &[String], word: &Word, document: &Document, facts: &mut Facts) {
    let view = view::View::of(document, &pack.vocabulary);
    facts.extent = document.metadata.extent;
    facts.pictured = view.pictures > 0;
    facts.remarks.clone_from(&document.remarks);
    facts.title = view.title().map(|line| as_written(document, line));
    let name = name(&facts.path);
    // What is read from a picture comes in no sure order: its first line is no title to rely on.
    let title = view.title().filter(|_| !facts.format.is_picture()).map_or(name.as_str(), |line| line.text.as_str());
    facts.kind = kind::of_title(title, &pack.vocabulary).or_else(|| kind::of_title(&name, &pack.vocabulary));
    if recognise::is_binder(&view, &pack.vocabulary) {
        facts.kind = None;
    }
    // An agreement says what will be, and is one.
    if facts.kind != Some(DocumentKind::Agreement) && recognise::intends(&view, &pack.vocabulary) {
        facts.kind = Some(DocumentKind::Plan);
    }
    facts.draft = recognise::draft(&view, &name, &pack.vocabulary).or_else(|| observe::draft(&view, &pack.vocabulary));
    facts.version = observe::version(&view, &name, &pack.vocabulary);
    facts.template = recognise::template(&view, &name, &pack.vocabulary);
    facts.time = time::of(&view, &facts.path, &pack.vocabulary);
    let read = facts.remarks.iter().any(|remark| matches!(remark, Remark::Recognised { .. }));
    facts.mentions = mentions(&view, names, read);
    facts.contract = contract::of(&view, &pack.vocabulary);
    facts.parties = parties::of(document, &view, &pack.vocabulary);
    facts.candidates = recognise::candidates(pack, &view, facts);
    word::heed(pack, word, Some(&view), &mut facts.candidates);
    facts.kept_blank = recognise::is_called_template(&view, &name, &pack.vocabulary)
        || view::any(&pack.vocabulary.templates, &normalise(facts.path.folder()));
    (facts.observations, facts.signing) = observe::of(document, &view, &pack.vocabulary);
    let signals = facts.candidates.iter().flat_map(|candidate| &candidate.signals);
    let is_blank = |signal: &Signal| matches!(signal, Signal::Template | Signal::NoSubstance);
    facts.blank = facts.template || signals.into_iter().any(is_blank);
    if promises(pack, facts) {
        facts.indicators = indicators::of(document, &view, &pack.vocabulary);
    }
}

/// Which of the names the file's own name holds: 环监3季度报告.
fn named(names: &[String], path: &EvidencePath) -> Vec<usize> {
    let stem = normalise(path.stem());
    let held = |(at, name): (usize, &String)| {
        let name = normalise(name);
        (!name.is_empty() && stem.contains(&name)).then_some(at)
    };
    names.iter().enumerate().filter_map(held).collect()
}

/// By its name alone: an editor's lock file has a size and bytes of its own.
fn is_temporary(pack: &Pack, path: &EvidencePath) -> bool {
    let name = normalise(path.name());
    pack.vocabulary.temporary.iter().any(|pattern| pattern.is_in(&name))
}

/// Whether it may be a material whose promises are held against another's.
fn promises(pack: &Pack, facts: &Facts) -> bool {
    let compared = |of: &MaterialRef| {
        let agreements = || pack.clauses.iter().flat_map(|clause| &clause.materials).flat_map(|one| &one.agrees_with);
        let own = pack.material(of).map_or(&[][..], |material| &material.agrees_with);
        own.iter().any(|agreement| agreement.about == About::Indicators)
            || agreements().any(|agreement| agreement.about == About::Indicators && agreement.with == *of)
    };
    facts.candidates.iter().any(|candidate| candidate.is_match() && compared(&candidate.material))
}

/// The title's own characters, for people; the view holds only its normalised form.
fn as_written(document: &Document, line: &view::Line) -> String {
    document
        .blocks
        .get(line.block)
        .and_then(|block| block.content.text())
        .and_then(|text| text.lines().find(|part| normalise(part) == line.text))
        .map_or_else(|| line.text.clone(), |text| text.trim().to_owned())
}

/// Names in the text; in text `read` from a picture a character of a long name may be another.
fn mentions(view: &view::View, names: &[String], read: bool) -> Vec<Mention> {
    names
        .iter()
        .enumerate()
        .filter_map(|(index, name)| {
            let name = normalise(name);
            let times = view.body.matches(name.as_str()).count();
            let margin = view.margins.iter().find(|line| line.text.contains(&name));
            if name.is_empty() || (times == 0 && margin.is_none()) {
                let misread = read.then(|| view.lines.iter().find(|line| is_misread(&line.text, &name))).flatten()?;
                return Some(Mention { name: index, times: 1, first: misread.place.clone() });
            }
            let first = view
                .lines
                .iter()
                .find(|line| line.text.contains(&name))
                .map(|line| line.place.clone())
                .or_else(|| first_cell(view, &name))
                .or_else(|| margin.map(|line| line.place.clone()))
                .unwrap_or(Place::Whole);
            Some(Mention { name: index, times: times as u32, first })
        })
        .collect()
}

/// The text has the name but for one character.
fn is_misread(text: &str, name: &str) -> bool {
    /// Shorter names are like many others, in characters.
    const LONG: usize = 6;
    let (text, name): (Vec<char>, Vec<char>) = (text.chars().collect(), name.chars().collect());
    let differ = |part: &[char]| part.iter().zip(&name).filter(|(a, b)| a != b).count();
    name.len() >= LONG && text.windows(name.len()).any(|part| differ(part) <= 1)
}

fn first_cell(view: &view::View, name: &str) -> Option<Place> {
    let captions = view.tables.iter().flat_map(|table| &table.caption).map(|line| (&line.text, &line.place));
    let cells = view.tables.iter().flat_map(|table| table.rows.iter().flatten()).map(|cell| (&cell.text, &cell.place));
    captions.chain(cells).find(|(text, _)| text.contains(name)).map(|(_, place)| place.clone())
}

/// White space behind a year and before another number.
static DIGITS_APART: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"((?:^|[^0-9])20[0-9]{2})\s+\b").expect("a pattern of this file compiles"));

/// A file's name, normalised. A code before it stays apart: QR-11-04-NH CMDB全量导出 says `cmdb`.
fn name(path: &EvidencePath) -> String {
    // 2025 4-6月 is no 20254.
    let stem = &DIGITS_APART.replace_all(path.stem(), "${1}_");
    let code = |word: &str| word.is_ascii() && word.contains(|c: char| c.is_ascii_digit());
    match stem.split_once(char::is_whitespace) {
        Some((first, rest)) if code(first) => format!("{}_{}", normalise(first), normalise(rest)),
        _ => normalise(stem),
    }
}

impl Facts {
    /// Without the materials that it is not, nor would be with its blanks filled in, nor could stand in
    /// for: who explains a file wants to hear of them, who judges a folder of thousands never asks.
    #[must_use]
    pub fn for_judging(mut self) -> Self {
        if !matches!(self.state, State::Unreadable(_)) {
            let counts = |candidate: &Candidate| {
                candidate.strength != Strength::Refused
                    || candidate.is_unfilled()
                    || recognise::does_as(candidate, &self.candidates)
            };
            let mut counts = self.candidates.iter().map(counts).collect::<Vec<bool>>().into_iter();
            self.candidates.retain(|_| counts.next().unwrap_or_default());
        }
        self
    }

    /// Whether the document does as a material that no document names: its content shows it as a
    /// whole, and its title is none that says otherwise.
    #[must_use]
    pub fn does_as(&self, candidate: &Candidate) -> bool {
        recognise::does_as(candidate, &self.candidates)
    }
}

impl Candidate {
    /// Strong enough to be the material without asking anybody.
    #[must_use]
    pub fn is_match(&self) -> bool {
        matches!(self.strength, Strength::Sure | Strength::Likely)
    }

    /// By its title it would be the material, were it filled in.
    #[must_use]
    pub fn is_unfilled(&self) -> bool {
        let titles = |signal: &Signal| matches!(signal, Signal::Title { .. } | Signal::TopLine { .. } | Signal::Name);
        self.signals.contains(&Signal::Template) && self.signals.iter().any(titles)
    }

    /// A person has seen it and says that it is the material and shows every item.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.signals.iter().any(|signal| matches!(signal, Signal::Confirmed { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_a_year_stay_apart_from_the_name() {
        for (path, expected) in [
            ("a/QR-11-04-NH CMDB全量导出.xlsx", "qr-11-04-nh_cmdb全量导出"),
            ("日志审计 2025 4-6月.docx", "日志审计2025_4-6月"),
            ("服务 方案.docx", "服务方案"),
        ] {
            assert_eq!(name(&EvidencePath::new(path)), expected);
        }
    }

    #[test]
    fn a_long_name_is_known_with_one_character_misread() {
        for (text, name, is) in [
            ("客户:临河市第二人民医阮信息科", "临河市第二人民医院", true),
            ("客户:临河市第三人民医阮信息科", "临河市第二人民医院", false),
            ("客户:临河医阮", "临河医院", false),
        ] {
            assert_eq!(is_misread(text, name), is, "{text}");
        }
    }
}
