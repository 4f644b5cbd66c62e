//! The answer: every clause with its verdict, every finding, every file.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::document::{Extent, Place};
use super::evidence::{EvidencePath, FileFormat};
use super::finding::Finding;
use super::pack::{MaterialRef, Words};
use super::settings::{Origin, Project};
use super::time::Span;

/// How a report for people begins, in Chinese and in English. Whoever walks a folder knows by it a
/// report that was written there, so it changes only together with a way to know the old ones.
pub const REPORT_TITLES: [&str; 2] = ["evlint 检查报告", "evlint report"];

/// What everything that evlint writes into a folder holds near its beginning or among its properties.
pub const OWN_MARK: &str = "evlint:own";

/// The file at the root of a binder by which whoever walks a folder knows it; it holds the mark.
pub const BINDER: &str = "evlint-bundle.json";

/// Everything that a report can say.
#[derive(Debug, Clone)]
pub struct Assessment {
    pub pack_id: String,
    pub pack_version: String,
    pub pack_title: Words,
    /// The evidence folder as the user named it.
    pub root: String,
    pub organization: Option<String>,
    pub level: String,
    pub level_name: Words,
    pub audit: String,
    pub audit_name: Words,
    pub period: Option<Span>,
    pub as_of: Date,
    /// Where the configuration was read.
    pub config: Option<String>,
    pub origin: Origin,
    pub projects: Vec<Project>,
    /// 要点, in the form's order.
    pub stages: Vec<Words>,
    /// By number; those that do not apply are listed too.
    pub clauses: Vec<ClauseResult>,
    /// Worst first, then by clause, project, material, item and path.
    pub findings: Vec<Finding>,
    pub rectification: Vec<RectificationResult>,
    /// By path.
    pub files: Vec<FileResult>,
    /// Findings that were known before and are left out; None where nobody asked for that.
    pub known: Option<Known>,
}

/// What was held against the findings, and how many it hides. Verdicts are as they are without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub hidden: usize,
    /// The baseline as the user named it.
    pub baseline: Option<String>,
    /// The commit as the user named it.
    pub since: Option<String>,
}

#[derive(Debug, Clone)]
pub struct ClauseResult {
    pub no: u32,
    /// Index into [`Assessment::stages`].
    pub stage: usize,
    /// 条款 and 需提供证明材料, word for word.
    pub clause: String,
    pub evidence: String,
    pub verdict: Verdict,
    pub why_not_applicable: Option<NotApplicable>,
    pub materials: Vec<MaterialResult>,
}

/// Of a clause: as bad as its worst material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    NotApplicable,
    Satisfied,
    Waived,
    NeedsReview,
    Unsatisfied,
}

/// Why a clause is listed but not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotApplicable {
    /// The level does not ask for it.
    Level,
    /// This kind of audit does not ask for it.
    Audit,
}

/// Of a material. Ordered from good to bad.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Satisfied,
    Waived,
    NeedsReview,
    Partial,
    Missing,
}

/// A material in one project, or in the organisation.
#[derive(Debug, Clone)]
pub struct MaterialResult {
    pub id: String,
    pub name: Words,
    /// The configured name; None for organisation scope and where no projects are configured.
    pub project: Option<String>,
    pub status: Status,
    /// The files that serve it, by path; members of archives by their own path.
    pub files: Vec<EvidencePath>,
    pub items: Vec<ItemResult>,
    /// It repeats: a hole in a series of it is a gap.
    pub series: bool,
    /// Periods that its series shows, by label; empty where it is no series.
    pub periods: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct ItemResult {
    /// The standard's own word.
    pub item: String,
    pub shown: bool,
    /// Where it is shown best.
    pub at: Option<(EvidencePath, Place)>,
}

/// A finding of the last audit and its answer.
#[derive(Debug, Clone)]
pub struct RectificationResult {
    pub id: String,
    /// The form's row.
    pub row: u32,
    pub rectified: bool,
    pub files: Vec<EvidencePath>,
}

/// A file as a report lists it.
#[derive(Debug, Clone)]
pub struct FileResult {
    pub path: EvidencePath,
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    pub format: FileFormat,
    /// The reader's name; empty where none read it.
    pub reader: String,
    /// The document's own title, where it has one.
    pub title: Option<String>,
    /// As the document or else its name gives it: `V1.2`, `A/0`.
    pub version: Option<String>,
    pub extent: Option<Extent>,
    /// The document's own day, and what it is about.
    pub date: Option<Date>,
    pub about: Option<Span>,
    pub matched: Vec<MaterialRef>,
}

impl Assessment {
    /// Clauses with this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.clauses.iter().filter(|clause| clause.verdict == verdict).count()
    }
}
