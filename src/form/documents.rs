//! 证明材料清单: which documents a row has, grouped by project, material and folder, and what is
//! still open about it.

use jiff::civil::Date;

use crate::model::assessment::FileResult;
use crate::model::text::normalise;
use crate::model::{Assessment, ClauseResult, EvidencePath, Finding, MaterialResult, Severity, Span, Verdict};
use crate::wording::{self, Wording};

use super::Subject;
use super::content::{LANGUAGE, wording_of};

/// The cell of a clause that applies.
pub(super) fn of_clause(subject: &Subject<'_>, clause: &ClauseResult) -> String {
    let assessment = subject.assessment;
    let mut lines = Vec::new();
    let mut projects: Vec<Option<&str>> = clause.materials.iter().map(|one| one.project.as_deref()).collect();
    projects.dedup();
    let mut seen: Vec<Option<&str>> = Vec::new();
    for project in projects {
        if seen.contains(&project) {
            continue;
        }
        seen.push(project);
        let here: Vec<&MaterialResult> =
            clause.materials.iter().filter(|one| one.project.as_deref() == project && !one.files.is_empty()).collect();
        if here.is_empty() {
            continue;
        }
        if let Some(project) = project {
            lines.push(format!("【{}】", wording::safe(project)));
        }
        let named = clause.materials.iter().any(|one| one.id != here[0].id);
        for material in here {
            if named {
                lines.push(format!("{}：", wording::words(&material.name, LANGUAGE)));
            }
            lines.extend(self::lines(assessment, &material.files));
        }
    }
    lines.extend(notes(&wording_of(subject), clause));
    lines.join("\n")
}

/// A folder's name, ending in `/`, then its files, numbered.
pub(super) fn lines(assessment: &Assessment, files: &[EvidencePath]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut folder = "";
    for (number, path) in (1..).zip(files) {
        if path.folder() != folder {
            folder = path.folder();
            lines.push(format!("{}/", wording::safe(folder)));
        }
        let file = assessment.files.iter().find(|file| file.path == *path);
        lines.push(format!("{number}. {}", entry(path, file)));
    }
    lines
}

/// `《技术服务合同》 合同（盖章）.pdf（V1.0，2024-12-18）`; the title only where the name lacks it.
fn entry(path: &EvidencePath, file: Option<&FileResult>) -> String {
    let name = wording::safe(path.name());
    let stem = normalise(path.stem());
    let title = file.and_then(|file| file.title.as_deref()).filter(|title| {
        let title = normalise(title);
        !title.is_empty() && !stem.contains(&title)
    });
    let version = file.and_then(|file| file.version.clone());
    // A date or version that the name itself shows stands there once.
    let version = version.filter(|version| !stem.contains(&normalise(version)));
    let date = file.and_then(|file| file.date.map(|day| day.to_string()).or_else(|| file.about.map(about)));
    let details: Vec<String> = version.into_iter().chain(date).collect();
    let title = title.map(|title| format!("《{}》 ", wording::safe(title))).unwrap_or_default();
    let details = if details.is_empty() { String::new() } else { format!("（{}）", details.join("，")) };
    format!("{title}{name}{details}")
}

/// A month or a year by its name, anything else from day to day.
fn about(span: Span) -> String {
    let Span { from, to } = span;
    let whole = |first: Date, last: Date| from == first && to == last;
    if whole(from.first_of_year(), from.last_of_year()) {
        return format!("{}年", from.year());
    }
    if whole(from.first_of_month(), from.last_of_month()) {
        return format!("{}年{}月", from.year(), from.month());
    }
    wording::span(span, LANGUAGE)
}

/// What a person still has to decide or put right, a line each.
fn notes(wording: &Wording<'_>, clause: &ClauseResult) -> Vec<String> {
    let telling = |finding: &&Finding| {
        finding.clause == Some(clause.no)
            && (finding.severity == Severity::Error
                || finding.waived.is_some()
                || clause.verdict == Verdict::NeedsReview)
    };
    let findings: Vec<&Finding> = wording.assessment.findings.iter().filter(telling).collect();
    let mut lines: Vec<String> = Vec::new();
    let mut rest = &findings[..];
    while let Some(first) = rest.first() {
        let alike = |other: &&Finding| key(first) == key(other) && first.waived == other.waived;
        let count = rest.iter().take_while(|other| alike(other)).count();
        let (group, after) = rest.split_at(count);
        let said = format!("{}：{}", wording.subject(first), wording.gist(group));
        let said = wording.waiver(first).map_or_else(|| said.clone(), |waiver| format!("{said}；已豁免：{waiver}"));
        lines.push(wording::form::note(&said, LANGUAGE));
        rest = after;
    }
    if clause.verdict == Verdict::NeedsReview || clause.verdict == Verdict::Waived {
        lines.push(wording::form::note(wording::form::decide(LANGUAGE), LANGUAGE));
    }
    lines
}

/// Findings alike in this are said in one sentence.
fn key(finding: &Finding) -> (&'static str, Option<&str>, Option<&str>) {
    (finding.kind.code(), finding.material.as_deref(), finding.project.as_deref())
}
