//! Annotations of GitHub Actions: commands in the log that the runner shows beside files.
//!
//! The runner shows ten errors and ten warnings of a step, so that a clause is one annotation,
//! worst first, and so is a kind of finding about files; the rest stays in the log. A summary
//! closes it. No text can be taken for a command: every line is one of ours, and what stands in it
//! is escaped (GitHub's documentation, "Workflow commands"; actions/toolkit, `command.ts`).

use std::io::{self, Write};

use super::{Format, Gap, Style, by_kind, closing, gaps};
use crate::location::{self, Location};
use crate::model::assessment::OWN_MARK;
use crate::model::settings::Language;
use crate::model::{Assessment, Finding, Severity};
use crate::wording::{Wording, is_unsafe};

/// Files of one kind that an annotation names before it counts the rest.
const NAMED_FILES: usize = 20;

/// `--format github`.
#[derive(Debug, Clone, Copy)]
pub struct Github;

impl Format for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "GitHub Actions 注释 (annotations of GitHub Actions)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let wording = Wording::new(assessment, style.language);
        // Shown only where somebody debugs the runner; evlint knows its own report by it.
        writeln!(out, "::debug::{OWN_MARK}")?;
        let mut annotations: Vec<Annotation> =
            by_clause(assessment).iter().map(|gaps| Annotation::of_clause(gaps, &wording)).collect();
        annotations.extend(by_kind(assessment).iter().map(|alike| Annotation::of_kind(alike, &wording)));
        annotations.sort_by_key(|annotation| std::cmp::Reverse(annotation.severity));
        for annotation in &annotations {
            annotation.write(out)?;
        }
        let (totals, next) = closing(&wording);
        let lines: Vec<&str> = [totals.as_str()].into_iter().chain(next).collect();
        writeln!(out, "::notice title={}::{}", property(wording.report_title()), message(&lines.join("\n")))
    }
}

struct Annotation {
    severity: Severity,
    location: Location,
    title: String,
    /// Joined with line breaks.
    lines: Vec<String>,
}

impl Annotation {
    fn of_clause(gaps: &[Gap<'_>], wording: &Wording<'_>) -> Self {
        let assessment = wording.assessment;
        let first = gaps.iter().flat_map(Gap::findings).next();
        let location = first.map(|finding| location::of(finding, assessment));
        let clause = first.and_then(|finding| finding.clause).unwrap_or_default();
        let name = if assessment.clauses.iter().any(|known| known.no == clause) {
            wording.clause_no(clause)
        } else {
            wording.pick("整改", "rectification").to_owned()
        };
        let title = match gaps {
            [only] => format!("{name} · {}", only.headline(wording)),
            several => format!("{name} · {}", wording.several(several.len())),
        };
        let mut lines = Vec::new();
        for (nth, gap) in gaps.iter().enumerate() {
            if nth > 0 {
                lines.push(String::new());
            }
            lines.push(gap.headline(wording));
            lines.extend(gap.facts(wording).into_iter().map(|(name, text)| labelled(name, &text, wording)));
        }
        let severity = gaps.iter().map(Gap::severity).max().unwrap_or(Severity::Note);
        Self { severity, location: location.unwrap_or_else(|| location::config(assessment)), title, lines }
    }

    fn of_kind(alike: &[&Finding], wording: &Wording<'_>) -> Self {
        let assessment = wording.assessment;
        let first = alike.first();
        let location = first.map_or_else(|| location::config(assessment), |finding| location::of(finding, assessment));
        let name = first.map_or("", |finding| wording.title(&finding.kind));
        let mut lines: Vec<String> =
            alike.iter().take(NAMED_FILES).map(|finding| one_of_many(finding, wording)).collect();
        let more = alike.len().saturating_sub(NAMED_FILES);
        if more > 0 {
            lines.push(wording.left_out(more));
        }
        let help = first.map_or("", |finding| wording.fix(&finding.kind));
        lines.push(labelled(wording.pick("处理", "next"), help, wording));
        let title = format!("{name} · {}", wording.several(alike.len()));
        Self { severity: first.map_or(Severity::Note, |finding| finding.severity), location, title, lines }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let command = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        // The runner cannot take a name's line break as such, but it can be had back.
        let path = self.location.path.spelled(|c| matches!(c, '\n' | '\r') || !is_unsafe(c));
        let line = self.location.line;
        write!(out, "::{command} file={},line={line},endLine={line}", property(&path))?;
        if let Some(column) = self.location.column {
            write!(out, ",col={column},endColumn={}", column.saturating_add(1))?;
        }
        writeln!(out, ",title={}::{}", property(&self.title), message(&self.lines.join("\n")))
    }
}

/// Gaps of one clause, in the order of the worst of each.
fn by_clause(assessment: &Assessment) -> Vec<Vec<Gap<'_>>> {
    let clause = |gap: &Gap<'_>| gap.findings().next().and_then(|finding| finding.clause);
    let mut clauses: Vec<Vec<Gap<'_>>> = Vec::new();
    for gap in gaps(assessment) {
        match clauses.iter_mut().find(|gaps| gaps.first().and_then(clause) == clause(&gap)) {
            Some(gaps) => gaps.push(gap),
            None => clauses.push(vec![gap]),
        }
    }
    clauses
}

fn one_of_many(finding: &Finding, wording: &Wording<'_>) -> String {
    let detail = wording.detail(finding);
    let path = finding.path.as_ref().map(|path| path.spelled(|c| !is_unsafe(c)));
    let parts: Vec<String> = path.into_iter().chain(detail).collect();
    if parts.is_empty() { wording.message(finding) } else { parts.join(wording.pick("，", ", ")) }
}

fn labelled(name: &str, text: &str, wording: &Wording<'_>) -> String {
    match (name, wording.language) {
        ("", _) => text.to_owned(),
        (_, Language::Zh) => format!("{name}：{text}"),
        (_, Language::En) => format!("{name}: {text}"),
    }
}

/// Of a message: what ends a line, and what begins an escape.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Of a property: what ends a property or the list of them as well.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
