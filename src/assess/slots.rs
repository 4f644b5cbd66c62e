//! Which files may be which material, for each project, and which of them are in time.
//!
//! Start reading at [`Ground::slots`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::ToSpan;
use rayon::prelude::*;

use crate::matching::{Candidate, Facts, State, Strength};
use crate::model::document::{Place, Remark};
use crate::model::evidence::{EvidencePath, Unreadable};
use crate::model::finding::{Confidence, Finding, Kind, Severity};
use crate::model::pack::{Clause, Material, MaterialRef, Pack, Scope, Timing};
use crate::model::settings::{Project, Settings};
use crate::model::time::{Period, Span};

use super::cite;
use super::customers::{Customers, Foreign};

/// Reports and acceptance are written after what they are about; so many days behind the period
/// a document without a period of its own still counts as of it.
const AFTERWARDS: i64 = 120;

/// One material of one project, and the files that may be it.
#[derive(Debug)]
pub struct Slot<'a> {
    pub clause: &'a Clause,
    pub material: &'a Material,
    /// Index into the settings' projects; None for the organisation.
    pub project: Option<usize>,
    /// The days that its records must fall in: the audited period within the contract.
    pub window: Option<Span>,
    /// They are the material, and of the right time.
    pub good: Vec<Hit<'a>>,
    /// They are the material of another time.
    pub late: Vec<Hit<'a>>,
    /// They are the material, of the right time, and about another customer.
    pub foreign: Vec<(Hit<'a>, Foreign)>,
    /// They may be the material: a person must look.
    pub thin: Vec<Hit<'a>>,
    /// Their name says that they are the material; their content could not be read.
    pub unreadable: Vec<Hit<'a>>,
    /// It has no document of its own: these records of others show it.
    pub borrowed: Vec<EvidencePath>,
}

/// A file and what it may be.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    pub facts: &'a Facts,
    pub candidate: &'a Candidate,
}

impl<'a> Hit<'a> {
    /// The periods that the file, or its sheets that are the material, are about. A sheet that says nothing of
    /// time is about what its workbook is.
    pub(super) fn periods(&self) -> &'a [Period] {
        let own = self.candidate.periods.as_deref().filter(|periods| !periods.is_empty());
        own.unwrap_or(&self.facts.time.periods)
    }
}

/// What the folder's files are judged on: whose projects there are, and where each file belongs.
pub(super) struct Ground<'a> {
    pack: &'a Pack,
    settings: &'a Settings,
    facts: &'a [&'a Facts],
    /// By file.
    homes: Vec<Home>,
    customers: Customers,
}

impl<'a> Ground<'a> {
    #[must_use]
    pub(super) fn of(pack: &'a Pack, settings: &'a Settings, facts: &'a [&'a Facts]) -> Self {
        let (names, folders) = (names(settings), folders(settings));
        let homes: Vec<Home> = facts.par_iter().map(|facts| home(facts, &names, &folders)).collect();
        let customers = Customers::of(pack, settings, facts, &homes);
        Self { pack, settings, facts, homes, customers }
    }

    /// Every slot of the clauses that apply.
    #[must_use]
    pub(super) fn slots(&self) -> Vec<Slot<'a>> {
        let candidates = candidates(self.facts);
        let found = |of: &MaterialRef| candidates.get(of).map_or(&[][..], Vec::as_slice);
        let mut slots = self.empty_slots();
        slots.par_iter_mut().for_each(|slot| {
            let of = slot.reference();
            self.fill(slot, found(&of));
        });
        borrow(&mut slots);
        for slot in slots.iter_mut().filter(|slot| slot.is_empty()) {
            let of = slot.reference();
            self.stand_in(slot, found(&of));
        }
        slots
    }

    fn empty_slots(&self) -> Vec<Slot<'a>> {
        let mut slots = Vec::new();
        for clause in self.pack.clauses.iter().filter(|clause| self.applies(clause)) {
            for material in &clause.materials {
                let projects: Vec<Option<usize>> = match material.scope {
                    Scope::Project if !self.settings.projects.is_empty() => {
                        (0..self.settings.projects.len()).map(Some).collect()
                    }
                    _ => vec![None],
                };
                let empty = |project| Slot::empty(clause, material, project, window(self.settings, project));
                slots.extend(projects.into_iter().map(empty));
            }
        }
        slots
    }

    /// Files that are a material of a clause that does not apply, and are about another customer:
    /// nobody asks for them, and nobody else should see them.
    #[must_use]
    pub(super) fn strays(&self) -> Vec<(&'a Facts, Foreign)> {
        let is_stray = |found: &Candidate| {
            let clause = self.pack.clauses.iter().find(|clause| clause.no == found.material.clause);
            let material = self.pack.material(&found.material);
            let is_customers = |material: &Material| material.scope == Scope::Project && !material.other_parties;
            material.is_some_and(is_customers) && !clause.is_some_and(|clause| self.applies(clause))
        };
        let stray = |facts: &Facts| {
            let mut matches = facts.candidates.iter().filter(|candidate| candidate.is_match()).peekable();
            facts.is_evidence() && matches.peek().is_some() && matches.all(is_stray)
        };
        let of = |(facts, home): (&'a Facts, &Home)| {
            let project = match home {
                Home::Project(project) => Some(*project),
                Home::Company(_) if self.settings.projects.len() == 1 => Some(0),
                Home::Company(_) => return None,
            };
            Some((facts, self.customers.foreign(facts, home, project)?))
        };
        self.facts.iter().copied().zip(&self.homes).filter(|(facts, _)| stray(facts)).filter_map(of).collect()
    }

    fn applies(&self, clause: &Clause) -> bool {
        clause.applies(&self.settings.level, &self.settings.audit)
    }

    /// Those of the files that serve the slot's project.
    fn serving<'f>(
        &'f self,
        project: Option<usize>,
        found: &'f [(usize, Hit<'a>)],
    ) -> impl Iterator<Item = (&'f Home, Hit<'a>)> {
        let homes = found.iter().map(|(at, hit)| (&self.homes[*at], *hit));
        homes.filter(move |(home, _)| project.is_none_or(|project| home.serves(project)))
    }

    fn fill(&self, slot: &mut Slot<'a>, found: &[(usize, Hit<'a>)]) {
        for (home, hit) in self.serving(slot.project, found) {
            match (&hit.facts.state, hit.candidate.strength) {
                (State::Unreadable(_), _) if !hit.candidate.is_confirmed() => slot.unreadable.push(hit),
                (_, Strength::Refused) => {}
                (_, Strength::Thin) => slot.thin.push(hit),
                _ if in_time(&hit, slot.material.timing, slot.window) => self.good(slot, hit, home),
                _ => slot.late.push(hit),
            }
        }
    }

    /// Nothing is called the material: an assessor who has looked through the folder takes the document
    /// that shows it, whatever its name.
    fn stand_in(&self, slot: &mut Slot<'a>, found: &[(usize, Hit<'a>)]) {
        for (home, hit) in self.serving(slot.project, found) {
            if hit.facts.does_as(hit.candidate) && in_time(&hit, slot.material.timing, slot.window) {
                self.good(slot, hit, home);
            }
        }
    }

    /// Sets apart what is about another customer. A company-wide document about one serves none of
    /// several projects, and contradicts none of them.
    fn good(&self, slot: &mut Slot<'a>, hit: Hit<'a>, home: &Home) {
        let is_customers = slot.material.scope != Scope::Organization && !slot.material.other_parties;
        let foreign = if is_customers { self.customers.foreign(hit.facts, home, slot.project) } else { None };
        match foreign {
            None => slot.good.push(hit),
            Some(foreign) if self.settings.projects.len() < 2 || matches!(home, Home::Project(_)) => {
                slot.foreign.push((hit, foreign));
            }
            Some(_) => {}
        }
    }
}

/// What may be a material, with the place of its file.
type Found<'a> = Vec<(usize, Hit<'a>)>;

/// The files that may be each material, in their order. Slots are many and files are many: each file is
/// looked at once.
fn candidates<'a>(facts: &[&'a Facts]) -> HashMap<&'a MaterialRef, Found<'a>> {
    let mut found: HashMap<&'a MaterialRef, Found<'a>> = HashMap::new();
    for (at, facts) in facts.iter().copied().enumerate().filter(|(_, facts)| facts.is_evidence()) {
        for candidate in &facts.candidates {
            let of = found.entry(&candidate.material).or_default();
            // The first of a file is its strongest.
            if of.last().is_none_or(|(last, _)| *last != at) {
                of.push((at, Hit { facts, candidate }));
            }
        }
    }
    found
}

/// A material without a document of its own is shown by the records of others.
fn borrow(slots: &mut [Slot<'_>]) {
    let mut lent: BTreeMap<&MaterialRef, BTreeSet<&EvidencePath>> = BTreeMap::new();
    for of in slots.iter().flat_map(|slot| &slot.material.shown_by) {
        lent.entry(of).or_default();
    }
    for (of, files) in &mut lent {
        let others = slots.iter().filter(|other| other.is(of));
        files.extend(others.flat_map(|other| other.good.iter().map(|hit| &hit.facts.path)));
    }
    for slot in slots.iter_mut().filter(|slot| slot.good.is_empty()) {
        let files: BTreeSet<&EvidencePath> =
            slot.material.shown_by.iter().filter_map(|of| lent.get(of)).flatten().copied().collect();
        slot.borrowed = files.into_iter().cloned().collect();
    }
}

/// The audited period within the project's contract; one of them where only one is known.
fn window(settings: &Settings, project: Option<usize>) -> Option<Span> {
    let contract = match project {
        Some(project) => settings.projects[project].contract,
        None if settings.projects.len() == 1 => settings.projects[0].contract,
        None => None,
    };
    match (settings.period, contract) {
        (Some(period), Some(contract)) => period.intersection(contract).or(Some(contract)),
        (period, contract) => period.or(contract),
    }
}

/// Whether the document counts for the window. Without dates of its own it gets the benefit of
/// the doubt: a date that is not there contradicts nothing.
fn in_time(hit: &Hit<'_>, timing: Timing, window: Option<Span>) -> bool {
    let Some(window) = window else { return true };
    let facts = hit.facts;
    let periods = hit.periods();
    match timing {
        Timing::Any => true,
        Timing::Contract => facts.time.term.as_ref().is_none_or(|(term, _)| term.overlaps(window)),
        Timing::Period | Timing::Review => {
            let from = if timing == Timing::Review {
                window.from.checked_sub(1.year()).unwrap_or(window.from)
            } else {
                window.from
            };
            let window = Span { from, to: window.to };
            let until = window.to.checked_add(AFTERWARDS.days()).unwrap_or(window.to);
            if !periods.is_empty() {
                return periods.iter().any(|period| period.span().overlaps(window))
                    || periods.iter().all(|period| period.span().from > window.to && period.span().from <= until);
            }
            facts.time.dated.is_none_or(|day| Span { from: window.from, to: until }.contains(day))
        }
    }
}

/// Where a file belongs.
#[derive(Debug)]
pub(super) enum Home {
    /// In a project's folder.
    Project(usize),
    /// Anywhere else; it serves these projects, or all where it names none.
    Company(Vec<usize>),
}

impl Home {
    pub(super) fn serves(&self, project: usize) -> bool {
        match self {
            Self::Project(own) => *own == project,
            Self::Company(named) => named.is_empty() || named.contains(&project),
        }
    }
}

/// The projects' folders, each with its project.
fn folders(settings: &Settings) -> HashMap<&str, usize> {
    let projects = settings.projects.iter().enumerate();
    let folders = projects.flat_map(|(at, project)| project.paths.iter().map(move |path| (path.as_str(), at)));
    // The evidence folder itself is everybody's.
    folders.filter(|(path, _)| !matches!(*path, "" | ".")).collect()
}

/// `names` are those of [`names`], `folders` those of [`folders`].
fn home(facts: &Facts, names: &[(usize, String)], folders: &HashMap<&str, usize>) -> Home {
    let path = facts.path.as_str();
    // The deepest of the folders, or archives, that it is in.
    let deepest = path.rmatch_indices(['/', '!']).find_map(|(at, _)| folders.get(&path[..at]));
    if let Some(project) = deepest {
        return Home::Project(*project);
    }
    let projects = |names: Vec<Option<usize>>| -> Vec<usize> {
        names.into_iter().flatten().collect::<BTreeSet<usize>>().into_iter().collect()
    };
    let of = |name: usize| names.get(name).map(|(project, _)| *project);
    let told = projects(facts.named.iter().map(|name| of(*name)).collect());
    // Where projects share one folder, a file's name is its folder.
    if let ([project], true) = (&told[..], folders.is_empty()) {
        return Home::Project(*project);
    }
    let spoken_of = projects(facts.mentions.iter().map(|mention| of(mention.name)).collect());
    Home::Company(if spoken_of.is_empty() { told } else { spoken_of })
}

/// Names of projects and customers with the project each means.
#[must_use]
pub(super) fn names(settings: &Settings) -> Vec<(usize, String)> {
    let of = |(at, project): (usize, &Project)| {
        let names = project.customer.iter().chain(&project.aliases).chain([&project.name]).cloned();
        names.map(|name| (at, name)).collect::<Vec<_>>()
    };
    settings.projects.iter().enumerate().flat_map(of).collect()
}

impl<'a> Slot<'a> {
    fn empty(clause: &'a Clause, material: &'a Material, project: Option<usize>, window: Option<Span>) -> Self {
        Self {
            clause,
            material,
            project,
            window,
            good: vec![],
            late: vec![],
            foreign: vec![],
            thin: vec![],
            unreadable: vec![],
            borrowed: vec![],
        }
    }
}

impl Slot<'_> {
    /// Of this material, whatever the project.
    #[must_use]
    pub fn is(&self, of: &MaterialRef) -> bool {
        self.clause.no == of.clause && self.material.id == of.material
    }

    /// No file is it, may be it, or shows it.
    fn is_empty(&self) -> bool {
        let Self { good, late, foreign, thin, unreadable, borrowed, .. } = self;
        [good, late, thin, unreadable].iter().all(|hits| hits.is_empty()) && foreign.is_empty() && borrowed.is_empty()
    }

    #[must_use]
    pub fn reference(&self) -> MaterialRef {
        MaterialRef { clause: self.clause.no, material: self.material.id.clone() }
    }

    #[must_use]
    pub fn project_name(&self, settings: &Settings) -> Option<String> {
        self.project.map(|project| settings.projects[project].name.clone())
    }

    /// The files that a report lists for the material: those that are it, in time or not, and
    /// where there is none the unreadable ones that may be.
    #[must_use]
    pub fn files(&self) -> Vec<&EvidencePath> {
        let mut files: Vec<&EvidencePath> = self.good.iter().chain(&self.late).map(|hit| &hit.facts.path).collect();
        files.extend(self.foreign.iter().map(|(hit, _)| &hit.facts.path));
        files.extend(&self.borrowed);
        if files.is_empty() {
            files = self.unreadable.iter().map(|hit| &hit.facts.path).collect();
        }
        files.sort();
        files.dedup();
        files
    }

    /// The first good file that shows the item, and where.
    #[must_use]
    pub fn shows(&self, item: usize) -> Option<(EvidencePath, Place)> {
        self.good.iter().find_map(|hit| {
            let (place, _) = hit.candidate.items.get(item)?.shown.as_ref()?;
            Some((hit.facts.path.clone(), place.clone()))
        })
    }

    /// A finding about this material; `words` are underlined in the clause's text.
    #[must_use]
    pub fn finding(&self, settings: &Settings, kind: Kind, severity: Severity, words: &str) -> Finding {
        Finding {
            kind,
            severity,
            confidence: Confidence::High,
            clause: Some(self.clause.no),
            material: Some(self.material.id.clone()),
            project: self.project_name(settings),
            path: None,
            place: None,
            cite: cite::find(self.clause, words).or_else(|| cite::find(self.clause, &self.material.cite)),
            looked_at: Vec::new(),
            waived: None,
        }
    }

    /// How sure a conclusion from the good files is: text read from a picture, or a document that
    /// only its content speaks for, leaves room for doubt.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        let sure = |hit: &Hit<'_>| {
            let recognised = hit.facts.remarks.iter().any(|remark| matches!(remark, Remark::Recognised { .. }));
            hit.candidate.strength == Strength::Sure && !recognised
        };
        if self.good.iter().all(sure) { Confidence::High } else { Confidence::Medium }
    }

    /// The only file of the material, where there is just one besides byte-identical copies.
    #[must_use]
    pub fn only_file(&self) -> Option<&Hit<'_>> {
        let first = self.good.first()?;
        self.good.iter().all(|hit| hit.facts.sha256 == first.facts.sha256).then_some(first)
    }
}

impl Hit<'_> {
    /// Why it could not be read; only for hits that could not.
    #[must_use]
    pub fn why(&self) -> Option<&Unreadable> {
        match &self.facts.state {
            State::Unreadable(why) => Some(why),
            _ => None,
        }
    }
}
