//! GitLab's Code Quality report: one JSON array, shown in merge requests.
//!
//! GitLab shows no `check_name`, so that the description begins with it; takes two findings with
//! one fingerprint for one, so that a second is hashed anew; and takes paths from the repository's
//! root (GitLab's documentation, "Code Quality report format").

use std::io::{self, Write};
use std::num::NonZeroU32;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Format, Style, numbered, printable};
use crate::location;
use crate::model::assessment::OWN_MARK;
use crate::model::{Assessment, Severity};
use crate::wording::Wording;

/// `--format gitlab`.
#[derive(Debug, Clone, Copy)]
pub struct Gitlab;

#[derive(Serialize)]
struct Issue<'a> {
    /// GitLab ignores it; evlint knows its own report by it, so that it comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    engine_name: Option<&'a str>,
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: NonZeroU32,
}

impl Format for Gitlab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn about(&self) -> &'static str {
        "GitLab 代码质量报告 (Code Quality report for GitLab's merge requests)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let wording = Wording::new(assessment, style.language);
        let locations: Vec<location::Location> =
            assessment.findings.iter().map(|finding| location::of(finding, assessment)).collect();
        let issues: Vec<Issue<'_>> = numbered(assessment)
            .zip(&locations)
            .enumerate()
            .map(|(nth, ((finding, fingerprint, count), location))| Issue {
                engine_name: (nth == 0).then_some(OWN_MARK),
                description: format!("{}: {}", finding.kind.code(), wording.line(finding)),
                check_name: finding.kind.code(),
                fingerprint: unique(fingerprint, count),
                severity: severity(finding.severity),
                location: Location { path: location.path.as_str(), lines: Lines { begin: location.line } },
            })
            .collect();
        let text = serde_json::to_string_pretty(&issues)?;
        writeln!(out, "{}", printable(&text))
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}

/// The finding's own; of a further one with the same its hash with the number.
fn unique(fingerprint: String, count: usize) -> String {
    if count == 1 {
        return fingerprint;
    }
    crate::model::text::hex(&Sha256::digest(format!("{fingerprint}:{count}")))
}
