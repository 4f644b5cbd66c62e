//! SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it.
//!
//! Every kind of finding is a rule, every finding a result with a place in the repository. What a
//! person must decide is no failure by the standard's word (section 3.27.9: `review`, `open`) and
//! has no level of its own; readers that know levels only take the rule's.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use serde_sarif::sarif as s;

use super::{Format, Style, is_gap, numbered, printable, whereabouts};
use crate::location::{self, Location};
use crate::model::assessment::OWN_MARK;
use crate::model::settings::Language;
use crate::model::{Assessment, Confidence, Finding, Kind, Severity};
use crate::wording::{Explanation, Wording, codes, explain_kind, safe};

/// Where the format is described; readers demand the member, nobody follows it.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Results in a run: GitHub refuses a file with more, and shows the worst 5,000.
const MAX_RESULTS: usize = 25_000;

/// Files that came close, at most so many a result: GitHub keeps a hundred locations.
const MAX_RELATED: usize = 20;

/// The root of the repository, as GitHub's examples name it.
const ROOT: &str = "%SRCROOT%";

/// `--format sarif`.
#[derive(Debug, Clone, Copy)]
pub struct Sarif;

impl Format for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0，供 GitHub 等读取 (SARIF 2.1.0 for GitHub's code scanning and others)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let log = s::Sarif::builder()
            .schema(SCHEMA)
            .properties(bag([("generator", json!(OWN_MARK))]))
            .version(json!("2.1.0"))
            .runs(vec![run(&Wording::new(assessment, style.language))])
            .build();
        writeln!(out, "{}", printable(&serde_json::to_string_pretty(&log)?))
    }
}

fn run(wording: &Wording<'_>) -> s::Run {
    let rules: Vec<&Explanation> = codes().filter_map(explain_kind).collect();
    let driver = s::ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.iter().map(|kind| rule(kind, wording.language)).collect::<Vec<_>>())
        .build();
    let results: Vec<s::Result> = numbered(wording.assessment)
        .take(MAX_RESULTS)
        .map(|(finding, fingerprint, count)| {
            let rule = rules.iter().position(|kind| kind.code == finding.kind.code());
            result(finding, &format!("{fingerprint}:{count}"), rule, wording)
        })
        .collect();
    let left_out = wording.assessment.findings.len() - results.len();
    s::Run::builder()
        .tool(s::Tool::builder().driver(driver).build())
        .automation_details(s::RunAutomationDetails::builder().id(category(wording.assessment)).build())
        .language(wording.pick("zh-CN", "en-US"))
        .column_kind(json!("unicodeCodePoints"))
        .invocations(vec![invocation(left_out, wording)])
        .results(results)
        .build()
}

/// Tells the runs of several folders and standards in one repository apart; ends with `/`, for
/// what would follow is a run's own number.
fn category(assessment: &Assessment) -> String {
    let folder = match assessment.origin.folder.as_str() {
        "" => String::new(),
        folder => format!("{}/", location::uri(&crate::model::EvidencePath::new(folder))),
    };
    format!("evlint/{}/{folder}", assessment.pack_id)
}

fn invocation(left_out: usize, wording: &Wording<'_>) -> s::Invocation {
    let mut invocation = s::Invocation::builder().execution_successful(true).build();
    if left_out > 0 {
        let notification = s::Notification::builder()
            .level(json!("warning"))
            .message(s::Message::from(&wording.left_out(left_out)))
            .build();
        invocation.tool_execution_notifications = Some(vec![notification]);
    }
    invocation
}

fn rule(kind: &Explanation, language: Language) -> s::ReportingDescriptor {
    let text = |text: &str| s::MultiformatMessageString::builder().text(text).build();
    let (means, judged, fix) = (kind.means.of(language), kind.judged.of(language), kind.fix.of(language));
    let group = if is_gap(kind.code) { "gap" } else { "file" };
    s::ReportingDescriptor::builder()
        .id(kind.code)
        .name(pascal(kind.code))
        .short_description(text(kind.title.of(language)))
        .full_description(text(means))
        .help(
            s::MultiformatMessageString::builder()
                .text(format!("{judged}\n{fix}"))
                .markdown(format!("{judged}\n\n{fix}"))
                .build(),
        )
        .default_configuration(s::ReportingConfiguration::builder().level(json!(level(usual(kind.code)))).build())
        .properties(s::PropertyBag::builder().tags(vec!["evidence".to_owned(), group.to_owned()]).build())
        .build()
}

/// `MissingMaterial`: section 3.49.7 wants a rule's name in this form.
fn pascal(code: &str) -> String {
    let word = |word: &str| -> String {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    };
    code.split('-').map(word).collect()
}

/// How grave a kind of finding is where nothing decides otherwise.
fn usual(code: &str) -> Severity {
    match code {
        "needs-confirmation" => Severity::Warning,
        "unmatched-file" | "no-period" => Severity::Note,
        gap if is_gap(gap) => Severity::Error,
        _ => Severity::Warning,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(finding: &Finding, fingerprint: &str, rule: Option<usize>, wording: &Wording<'_>) -> s::Result {
    let mut result = s::Result::builder()
        .rule_id(finding.kind.code())
        .message(s::Message::from(&wording.line(finding)))
        .locations(vec![place(finding, wording)])
        .partial_fingerprints(BTreeMap::from([("primaryLocationLineHash".to_owned(), fingerprint.to_owned())]))
        .properties(properties(finding, wording))
        .build();
    result.rule_index = rule.and_then(|at| i64::try_from(at).ok());
    let kind = kind(finding);
    // Section 3.27.10: with another kind than `fail` a level says nothing.
    let level = match finding.severity {
        Severity::Error => s::ResultLevel::Error,
        Severity::Warning => s::ResultLevel::Warning,
        Severity::Note => s::ResultLevel::Note,
    };
    result.level = (kind == s::ResultKind::Fail).then_some(level);
    result.kind = Some(kind);
    let related = related(finding, wording);
    result.related_locations = Some(related).filter(|related| !related.is_empty());
    result.suppressions = wording.waiver(finding).map(|waiver| {
        let suppression = s::Suppression::builder().kind(json!("external")).status(json!("accepted"));
        vec![suppression.justification(waiver).build()]
    });
    result
}

/// A question is to be reviewed, and what cannot be read is open, as long as nobody accepts it and
/// it is as grave as its kind: else the level must be said.
fn kind(finding: &Finding) -> s::ResultKind {
    let is_usual = finding.waived.is_none() && finding.severity == usual(finding.kind.code());
    match finding.kind {
        Kind::NeedsConfirmation { .. } if is_usual => s::ResultKind::Review,
        Kind::Unreadable { .. } if is_usual => s::ResultKind::Open,
        _ => s::ResultKind::Fail,
    }
}

fn place(finding: &Finding, wording: &Wording<'_>) -> s::Location {
    let location = location::of(finding, wording.assessment);
    let line = i64::from(location.line.get());
    let column = location.column.map_or(1, |column| i64::from(column.get()));
    let region = s::Region::builder().start_line(line).start_column(column).end_line(line).end_column(column + 1);
    let physical = s::PhysicalLocation::builder().artifact_location(artifact(&location)).region(region.build());
    let mut place = s::Location::builder().physical_location(physical.build()).build();
    let logical = logical(finding, &location, wording);
    place.logical_locations = Some(logical).filter(|logical| !logical.is_empty());
    place
}

fn artifact(location: &Location) -> s::ArtifactLocation {
    s::ArtifactLocation::builder().uri(location::uri(&location.path)).uri_base_id(ROOT).build()
}

/// The material and project, and the member of an archive.
fn logical(finding: &Finding, location: &Location, wording: &Wording<'_>) -> Vec<s::LogicalLocation> {
    let mut logical = Vec::new();
    if let Some(reference) = wording.reference(finding) {
        let project = finding.project.as_deref().map(safe);
        let name = project.map_or_else(|| reference.clone(), |project| format!("{reference}/{project}"));
        let subject = wording.subject(finding);
        logical.push(s::LogicalLocation::builder().name(subject).fully_qualified_name(name).kind("material").build());
    }
    if let Some(member) = &location.member {
        let name = format!("{}!/{member}", location.path);
        logical.push(s::LogicalLocation::builder().name(member).fully_qualified_name(name).kind("resource").build());
    }
    logical
}

fn related(finding: &Finding, wording: &Wording<'_>) -> Vec<s::Location> {
    let seen = wording.pick("看过的文件", "looked at");
    finding
        .looked_at
        .iter()
        .filter(|path| finding.path.as_ref() != Some(path))
        .take(MAX_RELATED)
        .map(|path| location::file(path, wording.assessment))
        .map(|location| {
            let physical = s::PhysicalLocation::builder().artifact_location(artifact(&location)).build();
            s::Location::builder().physical_location(physical).message(s::Message::from(seen)).build()
        })
        .collect()
}

/// What scripts may want; keys and codes as in the JSON report.
fn properties(finding: &Finding, wording: &Wording<'_>) -> s::PropertyBag {
    let sure = match finding.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let all = [
        ("clause", finding.clause.map(Value::from)),
        ("material", finding.material.as_deref().map(Value::from)),
        ("project", finding.project.as_deref().map(Value::from)),
        ("item", finding.kind.item().map(Value::from)),
        ("confidence", Some(Value::from(sure))),
        ("where", whereabouts(finding, wording).map(Value::from)),
    ];
    bag(all.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

fn bag(members: impl IntoIterator<Item = (&'static str, Value)>) -> s::PropertyBag {
    let members: BTreeMap<String, Value> = members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    s::PropertyBag::builder().additional_properties(members).build()
}
