//! Decides which clauses have gaps.
//!
//! Takes a pack, the settings and what `matching` found in each file; gives an [`Assessment`].
//! Pure: no files, no terminal, no clock. The review date is a setting.
//! Start reading at [`assess`]; every kind of gap is a [`Check`] of its own, listed in [`CHECKS`].

mod cite;
mod confirmation_lost;
mod customers;
mod duplicate;
mod evidence_unmatched;
mod file_state;
pub mod known;
mod looser_promise;
mod misnamed_period;
mod missing_content;
mod missing_material;
mod missing_period;
mod needs_confirmation;
mod other_contract;
mod out_of_order;
mod out_of_period;
mod placeholder;
mod plaintext_secret;
mod rectification;
mod slots;
mod temp_file;
mod term_mismatch;
mod tracked_changes;
mod unapproved;
mod unmatched_file;
mod unreadable;
mod unsigned;
mod waivers;
mod word;
mod wrong_customer;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::matching::{Facts, State};
use crate::model::assessment::{
    Assessment, ClauseResult, FileResult, ItemResult, MaterialResult, NotApplicable, RectificationResult, Status,
    Verdict,
};
use crate::model::evidence::EvidencePath;
use crate::model::finding::{Confidence, Finding, Kind, Severity};
use crate::model::pack::{Clause, MaterialRef, Pack};
use crate::model::settings::Settings;
use crate::model::time::Span;

pub use slots::{Hit, Slot};
pub use word::Said;

/// Looks for one kind of thing that is wrong.
pub trait Check: Sync {
    /// The codes of the findings it makes.
    fn codes(&self) -> &'static [&'static str];
    fn look(&self, case: &Case<'_>) -> Vec<Finding>;
}

/// Every check. Findings are sorted afterwards: the order here is only for people.
pub static CHECKS: &[&dyn Check] = &[
    &missing_material::MissingMaterial,
    &missing_content::MissingContent,
    &missing_period::MissingPeriod,
    &out_of_period::OutOfPeriod,
    &unapproved::Unapproved,
    &misnamed_period::MisnamedPeriod,
    &term_mismatch::TermMismatch,
    &looser_promise::LooserPromise,
    &out_of_order::OutOfOrder,
    &other_contract::OtherContract,
    &wrong_customer::WrongCustomer,
    &unreadable::Unreadable,
    &needs_confirmation::NeedsConfirmation,
    &duplicate::Duplicate,
    &file_state::FileState,
    &temp_file::TempFile,
    &placeholder::Placeholder,
    &plaintext_secret::PlaintextSecret,
    &tracked_changes::TrackedChanges,
    &unsigned::Unsigned,
    &unmatched_file::UnmatchedFile,
    &evidence_unmatched::EvidenceUnmatched,
    &confirmation_lost::ConfirmationLost,
];

/// All that a check may look at.
#[derive(Debug)]
pub struct Case<'a> {
    pub pack: &'a Pack,
    pub settings: &'a Settings,
    /// By path.
    pub facts: &'a [&'a Facts],
    /// By clause, material and project; only of clauses that apply.
    pub slots: Vec<Slot<'a>>,
    /// Files of clauses that do not apply, and the other customers that they are about.
    strays: Vec<(&'a Facts, customers::Foreign)>,
    pub rectification: Vec<RectificationResult>,
}

impl<'a> Case<'a> {
    /// The documents that are this material where `slot` belongs: of its project, or company-wide.
    fn partners(&self, slot: &Slot<'_>, material: &MaterialRef) -> impl Iterator<Item = &'a Facts> {
        let slots = self
            .slots
            .iter()
            .filter(|other| other.is(material) && (other.project.is_none() || other.project == slot.project));
        slots.flat_map(|other| other.good.iter().map(|hit| hit.facts))
    }
}

/// Judges an evidence folder. `names` are those that [`crate::matching::examine`] was given, as
/// [`names`] lists them.
#[must_use]
pub fn assess(pack: &Pack, settings: &Settings, facts: &[&Facts], root: &str) -> Assessment {
    let ground = slots::Ground::of(pack, settings, facts);
    let case = Case {
        pack,
        settings,
        facts,
        slots: ground.slots(),
        strays: ground.strays(),
        rectification: rectification::answer(pack, settings, facts),
    };
    let mut findings: Vec<Finding> = CHECKS.par_iter().flat_map_iter(|check| check.look(&case)).collect();
    if settings.period.is_none() {
        findings.push(Finding::of_run(Kind::NoPeriod, Severity::Note));
    }
    waivers::apply(settings, &mut findings);
    findings.sort_by(by_gravity);
    findings.dedup();
    let statuses = Statuses::of(&findings);
    let clauses = || pack.clauses.par_iter().map(|clause| clause_result(clause, &case, &statuses)).collect();
    let (clauses, files) = rayon::join(clauses, || file_results(facts, &case.slots));
    let level = pack.level(&settings.level);
    let audit = pack.audit(&settings.audit);
    Assessment {
        pack_id: pack.id.clone(),
        pack_version: pack.version.clone(),
        pack_title: pack.title.clone(),
        root: root.to_owned(),
        organization: settings.organization.clone(),
        level: settings.level.clone(),
        level_name: level.map(|level| level.name.clone()).unwrap_or_default(),
        audit: settings.audit.clone(),
        audit_name: audit.map(|audit| audit.name.clone()).unwrap_or_default(),
        period: settings.period,
        as_of: settings.as_of,
        config: settings.config.clone(),
        origin: settings.origin.clone(),
        projects: settings.projects.clone(),
        stages: pack.stages.iter().map(|stage| stage.name.clone()).collect(),
        clauses,
        findings,
        rectification: case.rectification,
        files,
        known: None,
    }
}

/// The names whose mention tells projects apart, and last audit's findings by their ids.
#[must_use]
pub fn names(settings: &Settings) -> Vec<String> {
    slots::names(settings)
        .into_iter()
        .map(|(_, name)| name)
        .chain(settings.prior_findings.iter().map(|prior| prior.id.clone()))
        .collect()
}

/// Worst first, then by clause, project, material, item and path.
fn by_gravity(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    fn key(finding: &Finding) -> impl Ord + '_ {
        (
            finding.clause.unwrap_or(u32::MAX),
            &finding.project,
            &finding.material,
            finding.kind.code(),
            finding.kind.item(),
            &finding.path,
        )
    }
    b.severity.cmp(&a.severity).then_with(|| key(a).cmp(&key(b)))
}

fn clause_result(clause: &Clause, case: &Case<'_>, statuses: &Statuses<'_>) -> ClauseResult {
    let settings = case.settings;
    let why_not_applicable = if !clause.levels.contains(&settings.level) {
        Some(NotApplicable::Level)
    } else if !clause.audits.contains(&settings.audit) {
        Some(NotApplicable::Audit)
    } else {
        None
    };
    let materials: Vec<MaterialResult> = case
        .slots
        .iter()
        .filter(|slot| slot.clause.no == clause.no)
        .map(|slot| material_result(slot, settings, statuses))
        .collect();
    let worst = materials.iter().map(|material| material.status).max();
    let verdict = match worst {
        _ if why_not_applicable.is_some() => Verdict::NotApplicable,
        Some(Status::Missing | Status::Partial) => Verdict::Unsatisfied,
        Some(Status::NeedsReview) => Verdict::NeedsReview,
        Some(Status::Waived) => Verdict::Waived,
        Some(Status::Satisfied) | None => Verdict::Satisfied,
    };
    ClauseResult {
        no: clause.no,
        stage: clause.stage,
        clause: clause.clause.clone(),
        evidence: clause.evidence.clone(),
        verdict,
        why_not_applicable,
        materials,
    }
}

/// The worst that findings make of each material: clause, material and project.
struct Statuses<'a>(HashMap<(u32, &'a str, Option<&'a str>), Status>);

impl<'a> Statuses<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        let mut worst = HashMap::new();
        for finding in findings {
            if let (Some(clause), Some(material)) = (finding.clause, &finding.material) {
                let of = worst.entry((clause, material.as_str(), finding.project.as_deref())).or_default();
                *of = status_of(finding).max(*of);
            }
        }
        Self(worst)
    }
}

fn material_result(slot: &Slot<'_>, settings: &Settings, statuses: &Statuses<'_>) -> MaterialResult {
    let project = slot.project_name(settings);
    let of = (slot.clause.no, slot.material.id.as_str(), project.as_deref());
    let status = statuses.0.get(&of).copied().unwrap_or_default();
    let items = slot
        .material
        .items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let found = slot.shows(at);
            ItemResult { item: item.name.clone(), shown: found.is_some(), at: found }
        })
        .collect();
    MaterialResult {
        id: slot.material.id.clone(),
        name: slot.material.name.clone(),
        project,
        status,
        files: slot.files().into_iter().cloned().collect(),
        items,
        series: slot.material.series,
        periods: missing_period::shown(slot).into_iter().map(crate::model::time::Period::label).collect(),
    }
}

/// What a finding makes of its material.
fn status_of(finding: &Finding) -> Status {
    match &finding.waived {
        Some(waived) => status_by(&finding.kind, waived.otherwise).min(Status::Waived),
        None => status_by(&finding.kind, finding.severity),
    }
}

fn status_by(kind: &Kind, severity: Severity) -> Status {
    match (kind, severity) {
        (Kind::Unreadable { .. } | Kind::NeedsConfirmation { .. }, _) => Status::NeedsReview,
        (Kind::MissingMaterial { .. }, Severity::Error) => Status::Missing,
        (_, Severity::Error) => Status::Partial,
        _ => Status::Satisfied,
    }
}

fn file_results(facts: &[&Facts], slots: &[Slot<'_>]) -> Vec<FileResult> {
    let mut matched: HashMap<&EvidencePath, Vec<MaterialRef>> = HashMap::new();
    for slot in slots {
        for path in slot.files() {
            matched.entry(path).or_default().push(slot.reference());
        }
    }
    facts
        .par_iter()
        .map(|facts| {
            let mut matched = matched.get(&facts.path).cloned().unwrap_or_default();
            matched.sort();
            matched.dedup();
            FileResult {
                path: facts.path.clone(),
                sha256: facts.sha256.clone(),
                size: facts.size,
                format: facts.format,
                reader: facts.reader.clone(),
                title: facts.title.clone(),
                version: facts.version.clone(),
                extent: facts.extent,
                date: facts.time.dated,
                about: about(facts),
                matched,
            }
        })
        .collect()
}

/// From the first to the last day of all periods that the document is about.
fn about(facts: &Facts) -> Option<Span> {
    let spans = || facts.time.periods.iter().map(|period| period.span());
    Some(Span { from: spans().map(|span| span.from).min()?, to: spans().map(|span| span.to).max()? })
}

impl Finding {
    /// About the run as a whole.
    fn of_run(kind: Kind, severity: Severity) -> Self {
        Self {
            kind,
            severity,
            confidence: Confidence::High,
            clause: None,
            material: None,
            project: None,
            path: None,
            place: None,
            cite: None,
            looked_at: Vec::new(),
            waived: None,
        }
    }

    /// About a file as such.
    fn of_file(kind: Kind, severity: Severity, path: &EvidencePath) -> Self {
        Self { path: Some(path.clone()), ..Self::of_run(kind, severity) }
    }
}

impl Facts {
    /// Anything that an assessor would open: no empty, no temporary file, no pointer.
    fn is_evidence(&self) -> bool {
        use crate::model::evidence::Unreadable;
        !matches!(self.state, State::Unreadable(Unreadable::Empty | Unreadable::LfsPointer)) && !self.temporary
    }
}

/// Small folders for the tests of checks.
#[cfg(test)]
mod sample {
    use std::path::Path;

    use crate::matching::{examine, sample};
    use crate::model::evidence::{FileFormat, Reading, Source};
    use crate::model::settings::Settings;

    use super::*;

    /// Judges files given as path and text at the highest level; code, clause and item (of hygiene:
    /// path) of the findings with one of these codes.
    pub(super) fn findings(files: &[(&str, &str)], codes: &[&str]) -> Vec<(String, Option<u32>, String)> {
        let pack = sample::pack();
        let settings = Settings {
            level: "1".to_owned(),
            audit: "initial".to_owned(),
            period: Some(Span { from: jiff::civil::date(2025, 1, 1), to: jiff::civil::date(2025, 12, 31) }),
            as_of: jiff::civil::date(2026, 1, 15),
            ..Settings::default()
        };
        let source = |(path, text): &(&str, &str)| Source {
            path: EvidencePath::new(*path),
            size: text.len() as u64,
            sha256: (*text).to_owned(),
            format: if Path::new(path).extension().is_some_and(|extension| extension == "pdf") {
                FileFormat::Pdf
            } else {
                FileFormat::Docx
            },
            reader: String::new(),
            reading: Reading::Document(sample::document(text)),
        };
        let facts: Vec<Facts> =
            files.iter().map(|file| examine(&pack, &[], &crate::matching::Word::default(), &source(file))).collect();
        let assessment = assess(&pack, &settings, &facts.iter().collect::<Vec<_>>(), "");
        let found = assessment.findings.iter().filter(|finding| codes.contains(&finding.kind.code()));
        found
            .map(|finding| {
                let path = || finding.path.as_ref().map(ToString::to_string);
                let item = finding.kind.item().map(str::to_owned).or_else(path).unwrap_or_default();
                (finding.kind.code().to_owned(), finding.clause, item)
            })
            .collect()
    }
}
