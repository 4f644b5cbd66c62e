//! Known findings as a file: what `evlint baseline` writes and `--baseline` reads.
//!
//! A person reads it too, in a review: entries stand in the order of clauses, and a finding that is
//! gone takes its lines with it. Only `fingerprint` and `count` decide; the rest says what they mean.
//! Start reading at [`Baseline`].

use miette::{Diagnostic, SourceSpan};
use serde::{Deserialize, Serialize};

use std::sync::Arc;

use crate::assess::known::Known;
use crate::model::settings::Language;
use crate::model::{Assessment, EvidencePath, Finding};
use crate::rules::named::{JsonError, NamedText};
use crate::rules::source::{Misread, Source};
use crate::wording::Wording;

/// What the file is called where nobody names it.
pub const NAME: &str = "evlint-baseline.json";

/// Of the file's shape.
const SCHEMA_VERSION: &str = "1";

/// Findings that are known, worst clause order aside: by clause, material, project and words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// One finding, or several of one fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub fingerprint: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The sentence of the report, so that a person knows what it is about.
    pub message: String,
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub count: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    schema_version: String,
    /// By it evlint knows its own file among the evidence.
    tool: Tool,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    name: String,
}

/// Why a baseline could not be taken. The codes are stable.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum BaselineError {
    #[error("基线文件有错 (the baseline is not valid)")]
    #[diagnostic(code(evlint::baseline::syntax))]
    Syntax {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
        #[help]
        help: Option<String>,
        source: JsonError,
    },

    #[error("基线文件 {name} 不是这个版本的 (it is of another version): {found}")]
    #[diagnostic(code(evlint::baseline::version), help("用 `evlint baseline --out {name}` 重新写一份 (write it anew)"))]
    Version { name: String, found: String },
}

impl From<Misread> for BaselineError {
    fn from(Misread { text, at, help, source }: Misread) -> Self {
        Self::Syntax { text, at, help, source }
    }
}

impl Baseline {
    /// All findings of an assessment but those that a waiver accepts: these have an end date, which
    /// a baseline would outlive.
    #[must_use]
    pub fn of(assessment: &Assessment, language: Language) -> Self {
        let wording = Wording::new(assessment, language);
        let mut entries: Vec<Entry> = Vec::new();
        for finding in assessment.findings.iter().filter(|finding| finding.waived.is_none()) {
            let fingerprint = finding.fingerprint();
            match entries.iter_mut().find(|entry| entry.fingerprint == fingerprint) {
                Some(entry) => entry.count += 1,
                None => entries.push(Entry::of(finding, fingerprint, &wording)),
            }
        }
        Self::sorted(entries)
    }

    /// # Errors
    /// Where it is no JSON of this shape, or of a version that we do not know.
    pub fn parse(name: &str, text: &str) -> Result<Self, BaselineError> {
        let shape: Shape = Source::new(name, text).parse()?;
        if shape.schema_version != SCHEMA_VERSION || shape.tool.name != env!("CARGO_PKG_NAME") {
            return Err(BaselineError::Version { name: name.to_owned(), found: shape.schema_version });
        }
        Ok(Self::sorted(shape.findings))
    }

    /// The same findings give the same text.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it cannot")]
    pub fn to_json(&self) -> String {
        let shape = Shape {
            schema_version: SCHEMA_VERSION.to_owned(),
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned() },
            findings: self.entries.clone(),
        };
        let json = serde_json::to_string_pretty(&shape).expect("strings and numbers are always JSON");
        json + "\n"
    }

    #[must_use]
    pub fn known(&self) -> Known {
        self.entries.iter().map(|entry| (entry.fingerprint.clone(), entry.count)).collect()
    }

    /// How many findings it knows.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }

    /// What it knows and what is found no more, or no more so often.
    #[must_use]
    pub fn stale(&self, found: &Known) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| entry.count > found.times(&entry.fingerprint)).collect()
    }

    /// What it knows and what is found still.
    #[must_use]
    pub fn shrunk(&self, found: &Known) -> Self {
        let mut entries = self.entries.clone();
        for entry in &mut entries {
            entry.count = entry.count.min(found.times(&entry.fingerprint));
        }
        entries.retain(|entry| entry.count > 0);
        Self { entries }
    }

    fn sorted(mut entries: Vec<Entry>) -> Self {
        entries.sort_by(|a, b| a.key().cmp(&b.key()));
        Self { entries }
    }
}

impl Entry {
    fn of(finding: &Finding, fingerprint: String, wording: &Wording<'_>) -> Self {
        Self {
            fingerprint,
            code: finding.kind.code().to_owned(),
            clause: finding.clause,
            material: finding.material.clone(),
            project: finding.project.clone(),
            // A gap is the same one in another file: its path would only make noise in a review.
            path: finding.path.as_ref().filter(|_| finding.clause.is_none()).map(EvidencePath::to_string),
            message: wording.message(finding),
            count: 1,
        }
    }

    fn key(&self) -> impl Ord + '_ {
        let clause = self.clause.unwrap_or(u32::MAX);
        (clause, &self.material, &self.project, &self.code, &self.path, &self.message, &self.fingerprint)
    }
}

fn once() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_once(count: &usize) -> bool {
    *count == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(fingerprint: &str, count: usize) -> Entry {
        Entry {
            fingerprint: fingerprint.to_owned(),
            code: "empty-file".to_owned(),
            clause: None,
            material: None,
            project: None,
            path: Some("一/a.docx".to_owned()),
            message: "“a.docx”是空文件".to_owned(),
            count,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let baseline = Baseline::sorted(vec![entry("b", 2), entry("a", 1)]);
        let text = baseline.to_json();
        assert_eq!(Baseline::parse("b.json", &text).map_err(miette::Report::new).expect("our own"), baseline);
        assert!(crate::tree::is_own("b.json", text.as_bytes()));
        assert!(!text.contains("\"count\": 1") && text.contains("\"count\": 2"), "{text}");
    }

    #[test]
    fn it_shrinks_to_what_is_found() {
        let baseline = Baseline::sorted(vec![entry("a", 1), entry("b", 3), entry("c", 1)]);
        let found: Known =
            [("a", 1), ("b", 2), ("d", 1)].map(|(one, times)| (one.to_owned(), times)).into_iter().collect();
        assert_eq!(baseline.stale(&found), [&entry("b", 3), &entry("c", 1)]);
        assert_eq!(baseline.shrunk(&found), Baseline::sorted(vec![entry("a", 1), entry("b", 2)]));
    }

    #[test]
    fn a_bad_file_says_what_is_wrong() {
        for (text, code) in [
            ("[]", "syntax"),
            ("{", "syntax"),
            (r#"{"schema_version": "1", "tool": {"name": "evlint"}, "findings": [{"fingerprints": "a"}]}"#, "syntax"),
            (r#"{"schema_version": "2", "tool": {"name": "evlint"}, "findings": []}"#, "version"),
            (r#"{"schema_version": "1", "tool": {"name": "other"}, "findings": []}"#, "version"),
        ] {
            let error = Baseline::parse("b.json", text).expect_err(text);
            assert_eq!(error.code().expect(text).to_string(), format!("evlint::baseline::{code}"), "{text}");
        }
    }
}
