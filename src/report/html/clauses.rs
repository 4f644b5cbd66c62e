//! The clauses, each with the standard's words, its materials and what is wrong with them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::link::FileLink;
use super::quotation::{Piece, pieces};
use super::{Page, key, tone};
use crate::model::finding::ClauseText;
use crate::model::{ClauseResult, EvidencePath, Finding, ItemResult, Kind, MaterialResult, Severity, Status, Verdict};
use crate::wording::{self, confidence, safe, severity, verdict, words};

/// Lines that a closed clause shows of what is wrong.
const GISTS: usize = 4;
/// Files that a material names before it counts the rest.
const FILES: usize = 8;
/// Files that a finding names before it counts the rest.
const LOOKED_AT: usize = 3;

#[derive(Debug, Serialize)]
pub(super) struct ClauseView {
    no: u32,
    /// The stage's name, where a new one begins.
    begins: Option<String>,
    key: &'static str,
    verdict: &'static str,
    title: String,
    clause: Vec<Piece>,
    evidence: Vec<Piece>,
    why_not: &'static str,
    /// How many of its materials are there in full, of how many; of projects counted apart.
    complete: usize,
    asked: usize,
    gists: Vec<Gist>,
    more_gists: Option<String>,
    summary: String,
    materials: Vec<MaterialView>,
    /// Findings about no material that the clause lists.
    others: Vec<FindingView>,
}

/// What is wrong, in a line.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Gist {
    tone: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct MaterialView {
    code: String,
    name: String,
    slots: Vec<SlotView>,
}

/// A material in one project, or in the organisation.
#[derive(Debug, Serialize)]
struct SlotView {
    key: &'static str,
    status: &'static str,
    group: usize,
    project: Option<String>,
    /// Of its gravest finding: 0 none, 1 note, 2 warning, 3 error.
    grade: u8,
    findings: Vec<FindingView>,
    files: Vec<FileLink>,
    more_files: Option<String>,
    items: Vec<ItemView>,
}

#[derive(Debug, Serialize)]
pub(super) struct FindingView {
    tone: &'static str,
    severity: &'static str,
    title: &'static str,
    code: &'static str,
    text: String,
    waiver: Option<String>,
    /// None where the finding before says the same.
    help: Option<String>,
    confidence: &'static str,
    files: Vec<FileLink>,
    looked_at: Vec<FileLink>,
    more: Option<String>,
    grade: u8,
    group: usize,
}

#[derive(Debug, Serialize)]
struct ItemView {
    name: String,
    /// `shown`, `gap`, or `absent` where that is no gap.
    state: &'static str,
    file: Option<FileLink>,
    /// It is the material's only file: its name needs no repeating.
    alone: bool,
}

pub(super) fn all(page: &Page<'_>) -> Vec<ClauseView> {
    let mut findings: BTreeMap<u32, Vec<&Finding>> = BTreeMap::new();
    for finding in &page.assessment.findings {
        if let Some(clause) = finding.clause {
            findings.entry(clause).or_default().push(finding);
        }
    }
    let mut stage = None;
    let view = |clause: &ClauseResult| {
        let found = findings.get(&clause.no).map_or(&[][..], Vec::as_slice);
        let begins = (stage != Some(clause.stage)).then(|| stage_name(page, clause.stage));
        stage = Some(clause.stage);
        ClauseView { begins, ..clause_view(page, clause, found) }
    };
    page.assessment.clauses.iter().map(view).collect()
}

fn stage_name(page: &Page<'_>, stage: usize) -> String {
    page.assessment.stages.get(stage).map_or(String::new(), |name| safe(words(name, page.wording.language)))
}

fn clause_view(page: &Page<'_>, clause: &ClauseResult, findings: &[&Finding]) -> ClauseView {
    let language = page.wording.language;
    let gists = gists(page, findings);
    let more = gists.len().saturating_sub(GISTS);
    let mut files: Vec<&EvidencePath> = clause.materials.iter().flat_map(|material| &material.files).collect();
    files.sort();
    files.dedup();
    let materials = materials(page, clause, findings);
    let is_listed = |finding: &&&Finding| clause.materials.iter().any(|material| is_about(finding, material));
    let others: Vec<&Finding> = findings.iter().filter(|finding| !is_listed(finding)).copied().collect();
    ClauseView {
        no: clause.no,
        begins: None,
        key: key(clause.verdict),
        verdict: verdict(clause.verdict, language),
        title: safe(&clause.clause),
        clause: pieces(&clause.clause, ClauseText::Clause, findings),
        evidence: pieces(&clause.evidence, ClauseText::Evidence, findings),
        why_not: clause.why_not_applicable.map_or("", |why| page.wording.why_not(why)),
        complete: clause.materials.iter().filter(|material| material.status == Status::Satisfied).count(),
        asked: clause.materials.len(),
        gists: gists.into_iter().take(GISTS).collect(),
        more_gists: (more > 0).then(|| page.wording.and_more(more)),
        summary: page.wording.contents_of_clause(materials.len(), files.len()),
        materials,
        others: finding_views(page, &others, &[]),
    }
}

fn is_about(finding: &Finding, material: &MaterialResult) -> bool {
    finding.material.as_deref() == Some(material.id.as_str()) && finding.project == material.project
}

/// Materials of one id together, a slot for each project.
fn materials(page: &Page<'_>, clause: &ClauseResult, findings: &[&Finding]) -> Vec<MaterialView> {
    let mut views: Vec<MaterialView> = Vec::new();
    for material in &clause.materials {
        let code = format!("{}.{}", clause.no, safe(&material.id));
        let slot = slot(page, material, findings);
        match views.last_mut() {
            Some(last) if last.code == code => last.slots.push(slot),
            _ => {
                let name = safe(words(&material.name, page.wording.language));
                views.push(MaterialView { code, name, slots: vec![slot] });
            }
        }
    }
    for view in &mut views {
        say_help_once(view.slots.iter_mut().flat_map(|slot| &mut slot.findings));
    }
    views
}

fn say_help_once<'a>(findings: impl Iterator<Item = &'a mut FindingView>) {
    let mut last = None;
    for finding in findings {
        if finding.help == last {
            finding.help = None;
        } else {
            last.clone_from(&finding.help);
        }
    }
}

fn slot(page: &Page<'_>, material: &MaterialResult, findings: &[&Finding]) -> SlotView {
    let own: Vec<&Finding> = findings.iter().filter(|finding| is_about(finding, material)).copied().collect();
    let more = material.files.len().saturating_sub(FILES);
    SlotView {
        key: key(match material.status {
            Status::Satisfied => Verdict::Satisfied,
            Status::Waived => Verdict::Waived,
            Status::NeedsReview => Verdict::NeedsReview,
            Status::Partial | Status::Missing => Verdict::Unsatisfied,
        }),
        status: wording::status(material.status, page.wording.language),
        group: page.group_index(material.project.as_deref()),
        project: material.project.as_deref().map(safe),
        grade: own.iter().map(|finding| grade(finding)).max().unwrap_or(0),
        files: material.files.iter().take(FILES).map(|path| page.link(path, None)).collect(),
        more_files: (more > 0).then(|| page.wording.and_more_files(more)),
        items: material.items.iter().map(|item| item_view(page, item, material, &own)).collect(),
        findings: finding_views(page, &own, &material.files),
    }
}

fn grade(finding: &Finding) -> u8 {
    match finding.severity {
        Severity::Note => 1,
        Severity::Warning => 2,
        Severity::Error => 3,
    }
}

fn item_view(page: &Page<'_>, item: &ItemResult, material: &MaterialResult, findings: &[&Finding]) -> ItemView {
    let is_gap = |finding: &&Finding| {
        finding.kind.item() == Some(item.item.as_str()) && !matches!(finding.kind, Kind::MissingMaterial { .. })
    };
    ItemView {
        name: safe(&item.item),
        state: match item.shown {
            true => "shown",
            false if findings.iter().any(is_gap) => "gap",
            false => "absent",
        },
        file: item.at.as_ref().map(|(path, place)| page.link(path, Some(place))),
        alone: item.at.as_ref().is_some_and(|(path, _)| material.files == [path.clone()]),
    }
}

/// Findings that a person would see as one: of one material, project and kind.
fn alike<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let subject = |of: &Finding| (of.kind.code(), of.material.clone(), of.project.clone(), of.waived.is_some());
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|group| subject(group[0]) == subject(finding)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// `served` are the material's files, by path: they are listed beside the findings.
fn finding_views(page: &Page<'_>, findings: &[&Finding], served: &[EvidencePath]) -> Vec<FindingView> {
    alike(findings).iter().map(|group| finding_view(page, group, served)).collect()
}

fn finding_view(page: &Page<'_>, group: &[&Finding], served: &[EvidencePath]) -> FindingView {
    let (first, wording) = (group[0], &page.wording);
    let text = wording.gist(group);
    let at = group.iter().filter_map(|finding| finding.path.as_ref().map(|path| (path, finding.place.as_ref())));
    let (files, more) = first_few(page, at);
    let seen = group.iter().flat_map(|finding| &finding.looked_at);
    let seen = seen.filter(|path| group.iter().all(|finding| finding.path.as_ref() != Some(path)));
    let seen = seen.filter(|path| served.binary_search(path).is_err());
    let (looked_at, more_seen) = first_few(page, seen.map(|path| (path, None)));
    FindingView {
        tone: tone(first),
        severity: severity(first.severity, wording.language),
        title: wording.title(&first.kind),
        code: first.kind.code(),
        text,
        waiver: wording.waiver(first),
        help: Some(wording.help(first)).filter(|help| !help.is_empty()),
        confidence: confidence(first.confidence, wording.language),
        files,
        looked_at,
        more: Some(more + more_seen).filter(|more| *more > 0).map(|more| wording.and_more(more)),
        grade: group.iter().map(|finding| grade(finding)).max().unwrap_or(0),
        group: page.group_index(first.project.as_deref()),
    }
}

/// Each once; the number of the rest.
fn first_few<'a>(
    page: &Page<'_>,
    paths: impl Iterator<Item = (&'a EvidencePath, Option<&'a crate::model::Place>)>,
) -> (Vec<FileLink>, usize) {
    let mut all: Vec<(&EvidencePath, Option<&crate::model::Place>)> = paths.collect();
    all.sort();
    all.dedup();
    let links = all.iter().take(LOOKED_AT).map(|(path, place)| page.link(path, *place)).collect();
    (links, all.len().saturating_sub(LOOKED_AT))
}

/// A line for each material, project and kind; one for all projects where none has the material.
fn gists(page: &Page<'_>, findings: &[&Finding]) -> Vec<Gist> {
    let (wording, projects) = (&page.wording, page.assessment.projects.len());
    let colon = wording.pick("：", ": ");
    let missing = |finding: &Finding| matches!(finding.kind, Kind::MissingMaterial { .. }) && finding.waived.is_none();
    let everywhere = |of: &Finding| {
        let same =
            |finding: &&&Finding| finding.material == of.material && missing(finding) && finding.project.is_some();
        projects > 1 && missing(of) && findings.iter().filter(same).count() == projects
    };
    let mut gists: Vec<Gist> = Vec::new();
    for group in alike(findings) {
        let first = group[0];
        let text = if everywhere(first) {
            wording.everywhere(first, projects)
        } else {
            format!("{}{colon}{}", wording.subject(first), wording.gist(&group))
        };
        let gist = Gist { tone: tone(first), text };
        if !gists.contains(&gist) {
            gists.push(gist);
        }
    }
    gists
}
