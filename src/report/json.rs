//! The whole assessment for programs: one JSON document, described by `rules/report.schema.json`.
//!
//! Names and meanings are a promise to scripts: additions are free, anything else is a new
//! [`SCHEMA_VERSION`]. Only `message`, `help` and a place's `text` are in the reader's language.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::{Format, Style, printable};
use crate::model::assessment::{FileResult, NotApplicable, RectificationResult};
use crate::model::document::Extent;
use crate::model::{
    Assessment, ClauseResult, Confidence, EvidencePath, Finding, ItemResult, MaterialResult, Place, Severity, Span,
    Status, Verdict,
};
use crate::wording::{self, Wording};

/// Of the document's shape; a change that can break a reader makes it another.
pub const SCHEMA_VERSION: &str = "1";

/// `--format json`.
#[derive(Debug, Clone, Copy)]
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "给程序用：全部内容，有版本号和 JSON Schema (for programs: everything, versioned, with a JSON Schema)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let text = serde_json::to_string_pretty(&Report::of(assessment, style))?;
        out.write_all(printable(&text).as_bytes())?;
        out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct Report<'a> {
    schema_version: &'static str,
    tool: Tool,
    pack: PackName<'a>,
    root: &'a str,
    organization: Option<&'a str>,
    level: &'a str,
    audit: &'a str,
    period: Option<Days>,
    as_of: Date,
    config: Option<&'a str>,
    projects: Vec<&'a str>,
    clauses: Vec<Clause<'a>>,
    findings: Vec<FindingRow<'a>>,
    rectification: Vec<Rectification<'a>>,
    files: Vec<File<'a>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<KnownFindings<'a>>,
}

/// Findings that are left out because they were known before.
#[derive(Serialize)]
struct KnownFindings<'a> {
    hidden: usize,
    baseline: Option<&'a str>,
    since: Option<&'a str>,
}

/// Both days count.
#[derive(Serialize)]
struct Days {
    from: Date,
    to: Date,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct PackName<'a> {
    id: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Clause<'a> {
    no: u32,
    /// 条款, word for word.
    title: &'a str,
    /// 需提供证明材料, word for word.
    evidence: &'a str,
    stage: &'a str,
    verdict: &'static str,
    why_not_applicable: Option<&'static str>,
    materials: Vec<Material<'a>>,
}

#[derive(Serialize)]
struct Material<'a> {
    id: &'a str,
    name: &'a str,
    project: Option<&'a str>,
    status: &'static str,
    files: Vec<&'a str>,
    items: Vec<Item<'a>>,
    periods: &'a [String],
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "`item` is the key that scripts read")]
struct Item<'a> {
    item: &'a str,
    shown: bool,
    path: Option<&'a str>,
    place: Option<PlaceObject<'a>>,
}

#[derive(Serialize)]
struct FindingRow<'a> {
    code: &'static str,
    severity: &'static str,
    confidence: &'static str,
    clause: Option<u32>,
    material: Option<&'a str>,
    project: Option<&'a str>,
    path: Option<&'a str>,
    place: Option<PlaceObject<'a>>,
    item: Option<&'a str>,
    looked_at: Vec<&'a str>,
    message: String,
    help: String,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<Waiver<'a>>,
}

/// Somebody accepts the finding up to this day.
#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    owner: &'a str,
    until: Date,
}

/// `text` says the place as a person would.
#[derive(Serialize)]
struct PlaceObject<'a> {
    #[serde(flatten)]
    place: PlaceKind<'a>,
    text: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum PlaceKind<'a> {
    Whole,
    Page { page: u32 },
    Cell { sheet: &'a str, cell: String },
    Slide { slide: u32 },
    Paragraph { paragraph: u32 },
    TableCell { table: u32, row: u32, column: u32 },
    Line { line: u32, column: u32 },
}

#[derive(Serialize)]
struct Rectification<'a> {
    id: &'a str,
    row: u32,
    status: &'static str,
    files: Vec<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    sha256: &'a str,
    size: u64,
    format: &'static str,
    extractor: Option<&'a str>,
    title: Option<&'a str>,
    dates: Dates,
    matched: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheets: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slides: Option<u32>,
}

/// The document's own day, and the days it is about.
#[derive(Serialize)]
struct Dates {
    document: Option<Date>,
    about: Option<Days>,
}

#[derive(Serialize)]
struct Summary {
    clauses: Verdicts,
    findings: Severities,
    files: Files,
}

#[derive(Serialize)]
struct Verdicts {
    satisfied: usize,
    unsatisfied: usize,
    needs_review: usize,
    not_applicable: usize,
    waived: usize,
}

#[derive(Serialize)]
struct Severities {
    error: usize,
    warning: usize,
    note: usize,
}

#[derive(Serialize)]
struct Files {
    total: usize,
    matched: usize,
}

impl<'a> Report<'a> {
    fn of(assessment: &'a Assessment, style: &Style) -> Self {
        let wording = Wording::new(assessment, style.language);
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            pack: PackName { id: &assessment.pack_id, version: &assessment.pack_version },
            root: &assessment.root,
            organization: assessment.organization.as_deref(),
            level: &assessment.level,
            audit: &assessment.audit,
            period: assessment.period.map(Days::of),
            as_of: assessment.as_of,
            config: assessment.config.as_deref(),
            projects: assessment.projects.iter().map(|project| project.name.as_str()).collect(),
            clauses: assessment.clauses.iter().map(|clause| Clause::of(clause, &wording)).collect(),
            findings: assessment.findings.iter().map(|finding| FindingRow::of(finding, &wording)).collect(),
            rectification: assessment.rectification.iter().map(Rectification::of).collect(),
            files: assessment.files.iter().map(File::of).collect(),
            summary: Summary::of(assessment),
            known: assessment.known.as_ref().map(|known| KnownFindings {
                hidden: known.hidden,
                baseline: known.baseline.as_deref(),
                since: known.since.as_deref(),
            }),
        }
    }
}

impl Days {
    fn of(span: Span) -> Self {
        Self { from: span.from, to: span.to }
    }
}

impl<'a> Clause<'a> {
    fn of(clause: &'a ClauseResult, wording: &Wording<'a>) -> Self {
        let stage = wording.assessment.stages.get(clause.stage);
        Self {
            no: clause.no,
            title: &clause.clause,
            evidence: &clause.evidence,
            stage: stage.map_or("", |stage| wording::words(stage, wording.language)),
            verdict: verdict(clause.verdict),
            why_not_applicable: clause.why_not_applicable.map(|why| match why {
                NotApplicable::Level => "level",
                NotApplicable::Audit => "audit",
            }),
            materials: clause.materials.iter().map(|material| Material::of(material, wording)).collect(),
        }
    }
}

impl<'a> Material<'a> {
    fn of(material: &'a MaterialResult, wording: &Wording<'_>) -> Self {
        Self {
            id: &material.id,
            name: wording::words(&material.name, wording.language),
            project: material.project.as_deref(),
            status: status(material.status),
            files: paths(&material.files),
            items: material.items.iter().map(|item| Item::of(item, wording)).collect(),
            periods: &material.periods,
        }
    }
}

impl<'a> Item<'a> {
    fn of(item: &'a ItemResult, wording: &Wording<'_>) -> Self {
        Self {
            item: &item.item,
            shown: item.shown,
            path: item.at.as_ref().map(|(path, _)| path.as_str()),
            place: item.at.as_ref().map(|(_, place)| PlaceObject::of(place, wording)),
        }
    }
}

impl<'a> FindingRow<'a> {
    fn of(finding: &'a Finding, wording: &Wording<'_>) -> Self {
        Self {
            code: finding.kind.code(),
            severity: severity(finding.severity),
            confidence: confidence(finding.confidence),
            clause: finding.clause,
            material: finding.material.as_deref(),
            project: finding.project.as_deref(),
            path: finding.path.as_ref().map(EvidencePath::as_str),
            place: finding.place.as_ref().map(|place| PlaceObject::of(place, wording)),
            item: item(finding, wording.assessment),
            looked_at: paths(&finding.looked_at),
            message: wording.message(finding),
            help: wording.help(finding),
            fingerprint: finding.fingerprint(),
            waiver: finding.waived.as_ref().map(|waived| Waiver {
                reason: &waived.reason,
                owner: &waived.owner,
                until: waived.until,
            }),
        }
    }
}

/// A finding of the last audit without an answer is its own item.
fn item<'a>(finding: &'a Finding, assessment: &Assessment) -> Option<&'a str> {
    let prior = finding.material.as_deref().filter(|id| assessment.rectification.iter().any(|row| row.id == *id));
    finding.kind.item().or(prior)
}

impl<'a> PlaceObject<'a> {
    fn of(place: &'a Place, wording: &Wording<'_>) -> Self {
        let text = wording::place(place, wording.language);
        let kind = match place {
            Place::Whole => PlaceKind::Whole,
            Place::Page(page) => PlaceKind::Page { page: page.get() },
            Place::Cell { sheet, cell } => PlaceKind::Cell { sheet, cell: cell.to_string() },
            Place::Slide(slide) => PlaceKind::Slide { slide: slide.get() },
            Place::Paragraph(paragraph) => PlaceKind::Paragraph { paragraph: paragraph.get() },
            Place::TableCell { table, row, column } => {
                PlaceKind::TableCell { table: table.get(), row: row.get(), column: column.get() }
            }
            Place::Line { line, column } => PlaceKind::Line { line: line.get(), column: column.get() },
        };
        Self { place: kind, text: text.unwrap_or_else(|| wording.pick("整份文件", "the whole file").to_owned()) }
    }
}

impl<'a> Rectification<'a> {
    fn of(answer: &'a RectificationResult) -> Self {
        let status = if answer.rectified { "rectified" } else { "missing" };
        Self { id: &answer.id, row: answer.row, status, files: paths(&answer.files) }
    }
}

impl<'a> File<'a> {
    fn of(file: &'a FileResult) -> Self {
        let (mut pages, mut sheets, mut slides) = (None, None, None);
        match file.extent {
            Some(Extent::Pages(n)) => pages = Some(n),
            Some(Extent::Sheets(n)) => sheets = Some(n),
            Some(Extent::Slides(n)) => slides = Some(n),
            None => {}
        }
        Self {
            path: file.path.as_str(),
            sha256: &file.sha256,
            size: file.size,
            format: file.format.name(),
            extractor: Some(file.reader.as_str()).filter(|reader| !reader.is_empty()),
            title: file.title.as_deref(),
            dates: Dates { document: file.date, about: file.about.map(Days::of) },
            matched: file.matched.iter().map(ToString::to_string).collect(),
            pages,
            sheets,
            slides,
        }
    }
}

impl Summary {
    fn of(assessment: &Assessment) -> Self {
        let count = |of: Severity| assessment.findings.iter().filter(|finding| finding.severity == of).count();
        Self {
            clauses: Verdicts {
                satisfied: assessment.count(Verdict::Satisfied),
                unsatisfied: assessment.count(Verdict::Unsatisfied),
                needs_review: assessment.count(Verdict::NeedsReview),
                not_applicable: assessment.count(Verdict::NotApplicable),
                waived: assessment.count(Verdict::Waived),
            },
            findings: Severities {
                error: count(Severity::Error),
                warning: count(Severity::Warning),
                note: count(Severity::Note),
            },
            files: Files {
                total: assessment.files.len(),
                matched: assessment.files.iter().filter(|file| !file.matched.is_empty()).count(),
            },
        }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "satisfied",
        Verdict::Unsatisfied => "unsatisfied",
        Verdict::NeedsReview => "needs_review",
        Verdict::NotApplicable => "not_applicable",
        Verdict::Waived => "waived",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Satisfied => "satisfied",
        Status::Partial => "partial",
        Status::Missing => "missing",
        Status::NeedsReview => "needs_review",
        Status::Waived => "waived",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn paths(paths: &[EvidencePath]) -> Vec<&str> {
    paths.iter().map(EvidencePath::as_str).collect()
}
