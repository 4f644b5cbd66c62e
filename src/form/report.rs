//! What is wrong with a form, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::model::Severity;
use crate::model::assessment::REPORT_TITLES;
use crate::model::form::{FormFinding, FormKind};
use crate::model::settings::Language;
use crate::wording;

/// Of the JSON document's shape; a change that can break a reader makes it another.
const SCHEMA_VERSION: &str = "1";

/// One finding after the other, and how many there are. `form` is the file as the user named it.
///
/// # Errors
/// Where `out` fails.
pub fn write_text(
    findings: &[FormFinding],
    form: &str,
    language: Language,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let ink = |code: &str, text: &str| if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() };
    let title = match language {
        Language::Zh => REPORT_TITLES[0],
        Language::En => REPORT_TITLES[1],
    };
    writeln!(out, "{}", ink("1", &format!("{title} · {}", wording::safe(form))))?;
    for finding in findings {
        let severity = wording::severity(finding.severity, language);
        let severity = match finding.severity {
            Severity::Error => ink("31", severity),
            Severity::Warning => ink("33", severity),
            Severity::Note => ink("2", severity),
        };
        let spot = wording::form::spot(finding, language);
        let place = finding.place.as_ref().and_then(|place| wording::place(place, language));
        let place = place.map(|place| ink("2", &format!("  {place}"))).unwrap_or_default();
        let code = ink("2", &format!("  [{}]", finding.kind.code()));
        writeln!(out, "\n{severity}  {}{place}{code}", ink("1", &spot))?;
        writeln!(out, "  {}", wording::form::message(finding, language))?;
        writeln!(out, "  → {}", wording::form::help(finding, language))?;
    }
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    writeln!(out, "\n{}", wording::form::totals(count(Severity::Error), count(Severity::Warning), language))
}

#[derive(Serialize)]
struct Report<'a> {
    schema_version: &'static str,
    tool: Tool,
    form: &'a str,
    findings: Vec<FindingRow<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FindingRow<'a> {
    code: &'static str,
    severity: &'static str,
    /// The form's own row number.
    row: Option<u32>,
    /// The label of the column or field.
    cell: Option<&'a str>,
    /// Where in the file, as a person would say it.
    place: Option<String>,
    /// Of a workbook's cell, as formulas name it.
    address: Option<String>,
    /// Files of the folder that it is about.
    paths: Vec<&'a str>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
    message: String,
    help: &'static str,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
}

/// Everything, for programs.
///
/// # Errors
/// Where `out` fails.
pub fn write_json(findings: &[FormFinding], form: &str, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        form,
        findings: findings.iter().map(|finding| FindingRow::of(finding, language)).collect(),
        summary: Summary { error: count(Severity::Error), warning: count(Severity::Warning) },
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

impl<'a> FindingRow<'a> {
    fn of(finding: &'a FormFinding, language: Language) -> Self {
        let (expected, found) = match &finding.kind {
            FormKind::TextChanged { expected, found }
            | FormKind::HeadDiffers { expected, found }
            | FormKind::ConclusionDiffers { expected, found } => (Some(expected.as_str()), Some(found.as_str())),
            FormKind::PartMissing { part } => (Some(part.as_str()), None),
            FormKind::PriorMissing { id } => (Some(id.as_str()), None),
            FormKind::RowUnknown { text } | FormKind::DocumentVague { text } => (None, Some(text.as_str())),
            FormKind::DocumentMissing { name, .. } => (None, Some(name.as_str())),
            _ => (None, None),
        };
        Self {
            code: finding.kind.code(),
            severity: match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            },
            row: finding.row,
            cell: finding.cell.as_deref(),
            place: finding.place.as_ref().and_then(|place| wording::place(place, language)),
            address: finding.place.as_ref().and_then(|place| match place {
                crate::model::Place::Cell { cell, .. } => Some(cell.to_string()),
                _ => None,
            }),
            paths: match &finding.kind {
                FormKind::DocumentForgotten { paths } => paths.iter().map(crate::model::EvidencePath::as_str).collect(),
                FormKind::DocumentMissing { nearest: Some(nearest), .. } => vec![nearest.as_str()],
                _ => Vec::new(),
            },
            expected,
            found,
            message: wording::form::message(finding, language),
            help: wording::form::help(finding, language),
        }
    }
}
