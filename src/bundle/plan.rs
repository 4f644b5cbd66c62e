//! Which file stands where in the binder, and which stay out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use crate::model::assessment::{FileResult, NotApplicable};
use crate::model::document::Extent;
use crate::model::name::{Taken, portable, with_extension};
use crate::model::pack::{Clause, Pack, RectificationRow};
use crate::model::settings::Language;
use crate::model::text::normalise;
use crate::model::{Assessment, ClauseResult, EvidencePath, FileFormat, Finding, Kind, MaterialRef, Status, Verdict};
use crate::wording::{self, binder as said, words};

/// UTF-16 units of a clause's folder, of a project's, and of a file's name: together with a root of
/// some hundred they stay under the 260 of Windows.
const FOLDER: usize = 32;
const PROJECT: usize = 28;
const FILE: usize = 72;

/// The binder as it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// One for each clause and each row of last audit's findings, in the form's order.
    pub tabs: Vec<Tab>,
    /// Evidence to be copied, by place in the binder.
    pub stored: Vec<Stored>,
    /// Files of the folder that are in no tab, by path.
    pub left_out: Vec<LeftOut>,
}

/// A part of the binder behind one divider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// The clause's number, or the form's row.
    pub no: u32,
    pub stage: String,
    /// What the folder is called without its number: the clause's materials.
    pub title: String,
    /// In the binder; None for a clause that does not apply.
    pub folder: Option<String>,
    /// The standard's two texts; the second is empty for a row of last audit's findings.
    pub clause: String,
    pub evidence: String,
    pub verdict: Option<Verdict>,
    pub why_not_applicable: Option<NotApplicable>,
    pub entries: Vec<Entry>,
}

/// A material of a tab, or a finding of the last audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// Index into the assessment's projects.
    pub project: Option<usize>,
    /// None where the answer is a document or nothing.
    pub status: Option<Status>,
    pub files: Vec<Listed>,
}

/// A file that serves an entry, and where it stands: perhaps behind another tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Index into the assessment's files.
    pub file: usize,
    /// In the binder, with `/`.
    pub to: String,
}

/// A copy of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// In the binder, with `/`.
    pub to: String,
    pub from: EvidencePath,
    /// What its bytes were when it was judged.
    pub sha256: String,
}

/// A file that no tab holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Index into the assessment's files.
    pub file: usize,
    pub why: String,
}

impl Plan {
    #[must_use]
    pub fn of(pack: &Pack, assessment: &Assessment, options: Options) -> Self {
        let work = Work { pack, assessment, options };
        let mut tabs = work.tabs();
        let stored = work.store(&mut tabs);
        let left_out = work.left_out(&tabs);
        Self { tabs, stored, left_out }
    }

    /// Where a file of the assessment stands first.
    #[must_use]
    pub fn places(&self) -> BTreeMap<usize, &str> {
        let mut places = BTreeMap::new();
        for listed in self.tabs.iter().flat_map(|tab| &tab.entries).flat_map(|entry| &entry.files) {
            places.entry(listed.file).or_insert(listed.to.as_str());
        }
        places
    }
}

/// The page count and the like, where the format counts them.
#[must_use]
pub(super) fn extent(file: &FileResult, language: Language) -> String {
    match file.extent {
        Some(Extent::Pages(0) | Extent::Sheets(0) | Extent::Slides(0)) | None => String::new(),
        Some(extent) => wording::extent(extent, language),
    }
}

struct Work<'a> {
    pack: &'a Pack,
    assessment: &'a Assessment,
    options: Options,
}

/// That an entry of a tab uses a file.
#[derive(Debug, Clone, Copy)]
struct Use {
    tab: usize,
    entry: usize,
}

impl Work<'_> {
    /// Every tab, its files listed and not yet placed.
    fn tabs(&self) -> Vec<Tab> {
        let index: BTreeMap<&EvidencePath, usize> =
            self.assessment.files.iter().enumerate().map(|(at, file)| (&file.path, at)).collect();
        let unfit = self.unfit();
        let listed = |paths: &[EvidencePath], accepted: bool| -> Vec<Listed> {
            let files = paths.iter().filter_map(|path| index.get(path).copied());
            let fit = files.filter(|&at| self.is_readable(at) && (accepted || !unfit.contains(&at)));
            let mut files: Vec<usize> = fit.collect();
            files.sort_by_key(|&at| self.when(at));
            files.into_iter().map(|file| Listed { file, to: String::new() }).collect()
        };
        let mut tabs: Vec<Tab> = self.assessment.clauses.iter().map(|clause| self.clause(clause, &listed)).collect();
        tabs.extend(self.pack.rectification.iter().filter_map(|row| self.rectification(row, &listed)));
        tabs.sort_by_key(|tab| tab.no);
        tabs
    }

    fn clause(&self, result: &ClauseResult, listed: &dyn Fn(&[EvidencePath], bool) -> Vec<Listed>) -> Tab {
        let language = self.options.language;
        let clause = self.pack.clause(result.no);
        let title = clause.map_or_else(String::new, |clause| clause_title(clause, language));
        let entry = |material: &crate::model::MaterialResult| Entry {
            name: words(&material.name, language).to_owned(),
            project: material.project.as_ref().and_then(|name| self.project(name)),
            status: Some(material.status),
            files: listed(&material.files, matches!(material.status, Status::Satisfied | Status::Waived)),
        };
        let applies = result.verdict != Verdict::NotApplicable;
        let mut entries: Vec<Entry> = result.materials.iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.project); // as people go through a binder: project by project
        Tab {
            no: result.no,
            stage: self.assessment.stages.get(result.stage).map_or("", |stage| words(stage, language)).to_owned(),
            folder: applies.then(|| folder_name(result.no, &title)),
            title,
            clause: result.clause.clone(),
            evidence: result.evidence.clone(),
            verdict: Some(result.verdict),
            why_not_applicable: result.why_not_applicable,
            entries,
        }
    }

    /// Last audit's findings of one kind; None where there are none.
    fn rectification(
        &self,
        row: &RectificationRow,
        listed: &dyn Fn(&[EvidencePath], bool) -> Vec<Listed>,
    ) -> Option<Tab> {
        let language = self.options.language;
        let answers = self.assessment.rectification.iter().filter(|answer| answer.row == row.no);
        let entries: Vec<Entry> = answers
            .map(|answer| Entry {
                name: answer.id.clone(),
                project: None,
                status: None,
                files: listed(&answer.files, true),
            })
            .collect();
        let title = words(&row.title, language).to_owned();
        (!entries.is_empty()).then(|| Tab {
            no: row.no,
            stage: said::last_audit(language).to_owned(),
            folder: Some(folder_name(row.no, &title)),
            clause: title.clone(),
            title,
            evidence: String::new(),
            verdict: None,
            why_not_applicable: None,
            entries,
        })
    }

    /// What a file is about, else its own day; a series reads in its order. Those without come last.
    fn when(&self, at: usize) -> (bool, Option<jiff::civil::Date>, &EvidencePath) {
        let file = self.file(at);
        let day = file.about.map(|about| about.from).or(file.date);
        (day.is_none(), day, &file.path)
    }

    fn project(&self, name: &str) -> Option<usize> {
        self.assessment.projects.iter().position(|project| project.name == name)
    }

    fn file(&self, at: usize) -> &FileResult {
        &self.assessment.files[at]
    }

    /// Its bytes could be had.
    fn is_readable(&self, at: usize) -> bool {
        !self.file(at).sha256.is_empty()
    }

    /// Files that nobody can open: left out unless a person has accepted them as they are.
    fn unfit(&self) -> BTreeSet<usize> {
        let paths: BTreeSet<&EvidencePath> = self
            .assessment
            .findings
            .iter()
            .filter(|finding| is_unfit(&finding.kind))
            .filter_map(|finding| finding.path.as_ref())
            .collect();
        (0..self.assessment.files.len()).filter(|&at| paths.contains(&self.file(at).path)).collect()
    }

    /// Gives each file a place, and each listing the place of its file.
    fn store(&self, tabs: &mut [Tab]) -> Vec<Stored> {
        let projects = self.project_folders();
        let mut stored = Vec::new();
        let mut placed: BTreeMap<(String, usize), String> = BTreeMap::new();
        let same = self.same();
        let homes = self.homes(tabs, &same);
        for (at, tab) in tabs.iter().enumerate() {
            let Some(folder) = &tab.folder else { continue };
            let only = self.only_projects(tab);
            let mut number = 0;
            for entry in &tab.entries {
                for listed in &entry.files {
                    let file = self.file(same[&listed.file]);
                    let key = (file.sha256.clone(), at);
                    if placed.contains_key(&key) || !homes.get(&file.sha256).is_some_and(|homes| homes.contains(&at)) {
                        continue;
                    }
                    number += 1;
                    let project = only.get(file.sha256.as_str());
                    let name = file_name(tab.no, number, &entry.name, file);
                    let to = match project.and_then(|project| projects.get(*project)) {
                        Some(project) => format!("{folder}/{project}/{name}"),
                        None => format!("{folder}/{name}"),
                    };
                    stored.push(Stored { to: to.clone(), from: file.path.clone(), sha256: file.sha256.clone() });
                    placed.insert(key, to);
                }
            }
        }
        for (at, tab) in tabs.iter_mut().enumerate() {
            for listed in tab.entries.iter_mut().flat_map(|entry| &mut entry.files) {
                let hash = &self.file(listed.file).sha256;
                let own = placed.get(&(hash.clone(), at));
                let other = || homes.get(hash)?.iter().find_map(|home| placed.get(&(hash.clone(), *home)));
                listed.to = own.or_else(other).cloned().unwrap_or_default();
            }
        }
        stored.sort();
        stored
    }

    /// Of files with the same bytes the one with the shortest path: the others are its copies.
    fn same(&self) -> BTreeMap<usize, usize> {
        let mut first: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, file) in self.assessment.files.iter().enumerate() {
            let known = first.entry(&file.sha256).or_insert(at);
            if file.path.as_str().len() < self.file(*known).path.as_str().len() {
                *known = at;
            }
        }
        self.assessment.files.iter().enumerate().map(|(at, file)| (at, first[file.sha256.as_str()])).collect()
    }

    /// The tabs that hold a copy of each content, by its hash.
    fn homes(&self, tabs: &[Tab], same: &BTreeMap<usize, usize>) -> BTreeMap<String, BTreeSet<usize>> {
        let mut uses: BTreeMap<usize, Vec<Use>> = BTreeMap::new();
        for (at, tab) in tabs.iter().enumerate().filter(|(_, tab)| tab.folder.is_some()) {
            for (entry, files) in tab.entries.iter().map(|entry| &entry.files).enumerate() {
                for listed in files {
                    uses.entry(same[&listed.file]).or_default().push(Use { tab: at, entry });
                }
            }
        }
        let homes = |(file, uses): (usize, Vec<Use>)| {
            let tabs = if self.options.copy {
                uses.iter().map(|one| one.tab).collect()
            } else {
                BTreeSet::from([self.home(tabs, file, &uses)])
            };
            (self.file(file).sha256.clone(), tabs)
        };
        uses.into_iter().map(homes).collect()
    }

    /// The tab where a person would look first: that of the material which the file's title names,
    /// else its name, else the first that it was taken for by itself.
    fn home(&self, tabs: &[Tab], file: usize, uses: &[Use]) -> usize {
        let file = self.file(file);
        let title = file.title.as_deref().map(normalise).unwrap_or_default();
        let name = normalise(file.path.stem());
        let is_called = |one: &&Use, text: &str| {
            self.materials(tabs, **one).any(|(_, material)| {
                let recognise = &material.recognise;
                recognise.titles.iter().any(|title| title.is_in(text))
                    && !recognise.not_titles.iter().any(|title| title.is_in(text))
            })
        };
        let is_matched = |one: &&Use| {
            self.materials(tabs, **one)
                .any(|(clause, material)| file.matched.contains(&MaterialRef { clause, material: material.id.clone() }))
        };
        let best = uses
            .iter()
            .find(|one| is_called(one, &title))
            .or_else(|| uses.iter().find(|one| is_called(one, &name)))
            .or_else(|| uses.iter().find(is_matched))
            .or_else(|| uses.first());
        best.map_or(0, |one| one.tab)
    }

    /// The pack's materials that an entry may mean: those of its name.
    fn materials<'t>(
        &'t self,
        tabs: &'t [Tab],
        one: Use,
    ) -> impl Iterator<Item = (u32, &'t crate::model::Material)> + 't {
        let (tab, entry) = (&tabs[one.tab], &tabs[one.tab].entries[one.entry]);
        let materials = self.pack.clause(tab.no).map_or(&[][..], |clause| &clause.materials);
        let language = self.options.language;
        materials
            .iter()
            .filter(move |material| words(&material.name, language) == entry.name)
            .map(move |material| (tab.no, material))
    }

    /// The project that alone uses a content behind this tab, by the content's hash.
    fn only_projects(&self, tab: &Tab) -> BTreeMap<&str, usize> {
        let mut projects: BTreeMap<&str, BTreeSet<Option<usize>>> = BTreeMap::new();
        for entry in &tab.entries {
            for listed in &entry.files {
                projects.entry(&self.file(listed.file).sha256).or_default().insert(entry.project);
            }
        }
        let only = |(hash, projects): (_, BTreeSet<Option<usize>>)| match projects.into_iter().collect::<Vec<_>>()[..] {
            [Some(only)] => Some((hash, only)),
            _ => None,
        };
        projects.into_iter().filter_map(only).collect()
    }

    /// Folders of the projects inside a tab; none where there is one project at most.
    fn project_folders(&self) -> Vec<String> {
        let mut taken = Taken::default();
        let names = self.assessment.projects.iter().map(|project| taken.take(portable(&project.name, PROJECT)));
        let names: Vec<String> = names.collect();
        if names.len() > 1 { names } else { Vec::new() }
    }

    fn left_out(&self, tabs: &[Tab]) -> Vec<LeftOut> {
        let used: BTreeSet<usize> =
            tabs.iter().flat_map(|tab| &tab.entries).flat_map(|entry| &entry.files).map(|listed| listed.file).collect();
        let mut about: BTreeMap<&EvidencePath, Vec<&Finding>> = BTreeMap::new();
        for finding in &self.assessment.findings {
            if let Some(path) = &finding.path {
                about.entry(path).or_default().push(finding);
            }
        }
        let left = (0..self.assessment.files.len()).filter(|at| !used.contains(at));
        left.map(|file| {
            let findings = about.get(&self.file(file).path).map_or(&[][..], Vec::as_slice);
            LeftOut { file, why: self.why(self.file(file), findings) }
        })
        .collect()
    }

    /// Why a file is behind no tab, in words; `about` are the findings about it.
    fn why(&self, file: &FileResult, about: &[&Finding]) -> String {
        let language = self.options.language;
        if self.is_opened(file) {
            return said::container(language).to_owned();
        }
        let reading = about.iter().find_map(|finding| match &finding.kind {
            Kind::Unreadable { why, format } | Kind::UnreadFile { why, format } => {
                Some(said::unread(&wording::unreadable(why, *format, language), language))
            }
            _ => None,
        });
        let title = |kind: &Kind| wording::explain_kind(kind.code()).map(|kind| kind.title.of(language).to_owned());
        let hygiene =
            || about.iter().filter(|finding| is_unfit(&finding.kind)).find_map(|finding| title(&finding.kind));
        if let Some(why) = reading.or_else(hygiene) {
            return why;
        }
        let doubts = about.iter().filter(|finding| matches!(finding.kind, Kind::NeedsConfirmation { .. }));
        let doubts: Vec<String> = doubts.filter_map(|finding| self.material_name(finding)).collect();
        if doubts.is_empty() { said::unmatched(language).to_owned() } else { said::doubted(&doubts, language) }
    }

    /// An archive whose members are listed themselves.
    fn is_opened(&self, file: &FileResult) -> bool {
        let prefix = format!("{}!/", file.path.as_str());
        matches!(file.format, FileFormat::Zip | FileFormat::SevenZip | FileFormat::Rar)
            && self.assessment.files.iter().any(|other| other.path.as_str().starts_with(&prefix))
    }

    /// `11 项目合同`.
    fn material_name(&self, finding: &Finding) -> Option<String> {
        let of = MaterialRef { clause: finding.clause?, material: finding.material.clone()? };
        let material = self.pack.material(&of)?;
        Some(format!("{} {}", of.clause, words(&material.name, self.options.language)))
    }
}

/// Nobody can open it as it is, or there is nothing in it.
fn is_unfit(kind: &Kind) -> bool {
    matches!(kind, Kind::Encrypted | Kind::Corrupt { .. } | Kind::LfsPointer | Kind::EmptyFile | Kind::TempFile)
}

/// The clause's materials: `项目合同与保密协议`.
#[must_use]
pub(crate) fn clause_title(clause: &Clause, language: Language) -> String {
    let names: Vec<&str> = clause.materials.iter().map(|material| words(&material.name, language)).collect();
    said::together(&names, language)
}

/// `11 项目合同与保密协议`; two digits, so that names sort as numbers.
#[must_use]
pub(crate) fn folder_name(no: u32, title: &str) -> String {
    portable(&format!("{no:02} {title}"), FOLDER)
}

/// `11-02 项目合同（甲医院2025）.pdf`: the material, and the name that its owner knows.
fn file_name(no: u32, number: u32, material: &str, file: &FileResult) -> String {
    let stem = file.path.stem();
    let (named, plain) = (normalise(material), normalise(stem));
    let text = if plain.contains(&named) || named.contains(&plain) && plain.chars().count() > 3 {
        stem.to_owned()
    } else {
        format!("{material}（{stem}）")
    };
    with_extension(&format!("{no:02}-{number:02} {text}"), &file.path.extension(), FILE)
}
