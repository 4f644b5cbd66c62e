//! The XML of `JUnit`, which GitLab, Jenkins and most build servers show as tests.
//!
//! Every material of every clause is a test, so that what is satisfied shows too: a gap fails it,
//! an unreadable file is its error, and what is waived, does not apply or waits for a person's
//! word is skipped. Written by the schema of Jenkins' xUnit plugin (`junit-10.xsd`), which knows
//! neither `file` nor, at the root, `skipped`. GitLab drops a second test of the same name, so
//! that names begin with the clause and the material and end with the project.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Format, Style, attribute, by_kind, is_gap, on_a_line, xml};
use crate::model::assessment::OWN_MARK;
use crate::model::{Assessment, ClauseResult, Finding, Kind, MaterialResult, Severity, Status, Verdict};
use crate::wording::{Wording, codes, explain_kind, quote, safe, status, words};

/// `--format junit`.
#[derive(Debug, Clone, Copy)]
pub struct Junit;

impl Format for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn about(&self) -> &'static str {
        "JUnit XML，每份材料是一项测试 (JUnit XML: every material is a test)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let suites = suites(&Wording::new(assessment, style.language));
        let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.write_event(Event::Comment(BytesText::from_escaped(format!(" {OWN_MARK} "))))?;
        let count = |of| suites.iter().map(|suite| suite.count(of)).sum::<usize>().to_string();
        let mut root = BytesStart::new("testsuites");
        root.push_attribute(attribute("name", "evlint"));
        root.push_attribute(attribute("tests", &count(None)));
        root.push_attribute(attribute("failures", &count(Some(Outcome::Failure))));
        root.push_attribute(attribute("errors", &count(Some(Outcome::Error))));
        xml.write_event(Event::Start(root))?;
        for suite in &suites {
            suite.write(&mut xml)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
        writeln!(out)
    }
}

/// A stage of the standard, or what stands beside its clauses.
struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    outcome: Outcome,
    /// A finding's code, or why nothing was judged.
    code: &'static str,
    message: String,
    /// Joined with line breaks.
    lines: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Pass,
    Failure,
    Error,
    Skipped,
}

/// Suites without cases are left out.
fn suites(wording: &Wording<'_>) -> Vec<Suite> {
    let assessment = wording.assessment;
    let mut suites: Vec<Suite> = assessment
        .stages
        .iter()
        .enumerate()
        .map(|(stage, name)| Suite {
            name: safe(words(name, wording.language)),
            cases: assessment
                .clauses
                .iter()
                .filter(|clause| clause.stage == stage)
                .flat_map(|clause| Case::of_clause(clause, wording))
                .collect(),
        })
        .collect();
    suites.push(Suite { name: wording.pick("整改", "rectification").to_owned(), cases: rectification(wording) });
    let files = wording.pick("文件与配置", "files and configuration").to_owned();
    suites.push(Suite { name: files, cases: hygiene(wording) });
    suites.retain(|suite| !suite.cases.is_empty());
    suites
}

impl Case {
    fn of_clause(clause: &ClauseResult, wording: &Wording<'_>) -> Vec<Self> {
        if clause.verdict == Verdict::NotApplicable || clause.materials.is_empty() {
            let outcome = if clause.verdict == Verdict::NotApplicable { Outcome::Skipped } else { Outcome::Pass };
            let code = if outcome == Outcome::Skipped { "not-applicable" } else { "" };
            let name = format!("{} {}", clause.no, quote(&clause.clause));
            let message = wording.not_applicable(clause).to_owned();
            return vec![Self { name, outcome, code, message, lines: Vec::new() }];
        }
        clause.materials.iter().map(|material| Self::of_material(clause.no, material, wording)).collect()
    }

    fn of_material(clause: u32, material: &MaterialResult, wording: &Wording<'_>) -> Self {
        let name = format!("{clause}.{} {}", safe(&material.id), wording.material(material));
        let is_its = |finding: &&Finding| {
            finding.clause == Some(clause)
                && finding.material.as_deref() == Some(material.id.as_str())
                && finding.project == material.project
        };
        let findings: Vec<&Finding> = wording.assessment.findings.iter().filter(is_its).collect();
        let unreadable = |finding: &&Finding| matches!(finding.kind, Kind::Unreadable { .. });
        let (outcome, code) = match material.status {
            Status::Satisfied => (Outcome::Pass, ""),
            Status::Waived => (Outcome::Skipped, "waived"),
            Status::NeedsReview if findings.iter().any(unreadable) => (Outcome::Error, "unreadable"),
            Status::NeedsReview => (Outcome::Skipped, "needs-confirmation"),
            Status::Partial | Status::Missing => {
                (Outcome::Failure, findings.first().map_or("", |finding| finding.kind.code()))
            }
        };
        Self::of(name, outcome, code, &findings, wording).or_message(status(material.status, wording.language))
    }

    fn of(name: String, outcome: Outcome, code: &'static str, findings: &[&Finding], wording: &Wording<'_>) -> Self {
        let message = findings.first().map(|finding| wording.message(finding)).unwrap_or_default();
        let lines = findings.iter().flat_map(|finding| described(finding, wording)).collect();
        Self { name, outcome, code, message, lines }
    }

    /// Where `--min-severity` hides the findings, the status says why.
    fn or_message(mut self, message: &str) -> Self {
        if self.message.is_empty() {
            message.clone_into(&mut self.message);
        }
        self
    }

    fn write<W: Write>(&self, suite: &str, xml: &mut Writer<W>) -> io::Result<()> {
        let mut case = BytesStart::new("testcase");
        case.push_attribute(attribute("name", &self.name));
        case.push_attribute(attribute("classname", suite));
        let tag = match self.outcome {
            Outcome::Pass if self.lines.is_empty() => return xml.write_event(Event::Empty(case)),
            Outcome::Pass => "system-out",
            Outcome::Failure => "failure",
            Outcome::Error => "error",
            Outcome::Skipped => "skipped",
        };
        let mut child = BytesStart::new(tag);
        if self.outcome != Outcome::Pass {
            child.push_attribute(attribute("message", &self.message));
            child.push_attribute(attribute("type", self.code));
        }
        let lines: Vec<String> = self.lines.iter().map(|line| self::xml(line)).collect();
        xml.write_event(Event::Start(case))?;
        xml.write_event(Event::Start(child))?;
        xml.write_event(Event::Text(BytesText::from_escaped(lines.join("\n"))))?;
        xml.write_event(Event::End(BytesEnd::new(tag)))?;
        xml.write_event(Event::End(BytesEnd::new("testcase")))
    }
}

impl Suite {
    fn count(&self, of: Option<Outcome>) -> usize {
        self.cases.iter().filter(|case| of.is_none_or(|of| case.outcome == of)).count()
    }

    fn write<W: Write>(&self, xml: &mut Writer<W>) -> io::Result<()> {
        let mut suite = BytesStart::new("testsuite");
        suite.push_attribute(attribute("name", &self.name));
        for (key, of) in [
            ("tests", None),
            ("failures", Some(Outcome::Failure)),
            ("errors", Some(Outcome::Error)),
            ("skipped", Some(Outcome::Skipped)),
        ] {
            suite.push_attribute(attribute(key, &self.count(of).to_string()));
        }
        xml.write_event(Event::Start(suite))?;
        for case in &self.cases {
            case.write(&self.name, xml)?;
        }
        xml.write_event(Event::End(BytesEnd::new("testsuite")))
    }
}

/// Each finding of the last audit, answered or not.
fn rectification(wording: &Wording<'_>) -> Vec<Case> {
    let assessment = wording.assessment;
    let of = |id: &str| -> Vec<&Finding> {
        assessment.findings.iter().filter(|finding| finding.material.as_deref() == Some(id)).collect()
    };
    assessment
        .rectification
        .iter()
        .map(|answer| {
            let findings = of(&answer.id);
            let waived = !findings.is_empty() && findings.iter().all(|finding| finding.waived.is_some());
            let (outcome, code) = match (answer.rectified, waived) {
                (true, _) => (Outcome::Pass, ""),
                (false, true) => (Outcome::Skipped, "waived"),
                (false, false) => (Outcome::Failure, "missing-material"),
            };
            let case = Case::of(safe(&answer.id), outcome, code, &findings, wording);
            case.or_message(status(Status::Missing, wording.language))
        })
        .collect()
}

/// Each kind of finding about files and the configuration. Warnings fail no test, as they fail no
/// run; they are its output.
fn hygiene(wording: &Wording<'_>) -> Vec<Case> {
    let found = by_kind(wording.assessment);
    codes()
        .filter(|code| !is_gap(code))
        .map(|code| {
            let none = Vec::new();
            let findings = found.iter().find(|alike| alike[0].kind.code() == code).unwrap_or(&none);
            let worst = findings.iter().map(|finding| finding.severity).max();
            let outcome = if worst == Some(Severity::Error) { Outcome::Failure } else { Outcome::Pass };
            let title = explain_kind(code).map_or("", |kind| kind.title.of(wording.language));
            Case::of(format!("{code} {title}"), outcome, code, findings, wording)
        })
        .collect()
}

/// A finding in lines; the file's name stands in one of its own, with nothing else.
fn described(finding: &Finding, wording: &Wording<'_>) -> Vec<String> {
    let colon = wording.pick("：", ": ");
    let mut lines = vec![format!("[{}] {}", finding.kind.code(), wording.message(finding))];
    if let Some(path) = &finding.path {
        lines.push(format!("{}{colon}{}", wording.pick("文件", "file"), on_a_line(path)));
    }
    let at = finding.place.as_ref().and_then(|at| crate::wording::place(at, wording.language));
    lines.extend(at.map(|at| format!("{}{colon}{at}", wording.pick("位置", "at"))));
    lines.push(format!("{}{colon}{}", wording.pick("处理", "next"), wording.help(finding)));
    lines
}
