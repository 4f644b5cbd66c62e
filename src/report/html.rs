//! A page for a browser: one file that needs nothing else and asks nobody.
//!
//! A template lays it out and escapes every value; the parts under `html/` turn the assessment into
//! what the template needs. Without its script the page says all but the table of files. The policy
//! in its head lets it run this script and use this style sheet and load nothing: their digests are
//! taken here, from the very text that is written. Start reading at [`Html`].

mod calendar;
mod clauses;
mod files;
mod link;
mod overview;
mod quotation;
mod timeline;

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, HtmlEscape, UndefinedBehavior};
use serde::Serialize;
use sha2::{Digest, Sha256};

use self::link::{FileLink, Files};
use super::{Format, Style};
use crate::model::settings::Language;
use crate::model::{Assessment, EvidencePath, Finding, Kind, Place, Severity, Verdict};
use crate::wording::{self, Wording, safe, words};

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// `--format html`.
#[derive(Debug, Clone, Copy)]
pub struct Html;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self) -> &'static str {
        "a page for a browser: one file, offline, with filters, calendar and timeline"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let files = assessment.files.iter().map(|file| &file.path).collect();
        let wording = Wording::new(assessment, style.language);
        let page = Page { assessment, wording, evidence: style.evidence.as_str(), files: &files };
        let text = render(&View::of(&page)?).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
        out.write_all(b"\n")
    }
}

fn render(view: &View<'_>) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("prose", |text: String| Value::from_safe_string(prose(&text)));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.template_from_str(&unix(TEMPLATE))?.render(Serde(view))
}

/// Escaped, and what a sentence sets between backticks as code.
fn prose(text: &str) -> String {
    let escaped = HtmlEscape(text).to_string();
    let parts: Vec<&str> = escaped.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped; // a backtick of a name: they make no pairs
    }
    let code =
        |(at, part): (usize, &&str)| if at % 2 == 1 { format!("<code>{part}</code>") } else { (*part).to_owned() };
    parts.iter().enumerate().map(code).collect()
}

/// What every part of the page needs to lay itself out.
#[derive(Debug, Clone, Copy)]
struct Page<'a> {
    assessment: &'a Assessment,
    wording: Wording<'a>,
    /// The way to the evidence root.
    evidence: &'a str,
    files: &'a Files<'a>,
}

impl Page<'_> {
    fn link(&self, path: &EvidencePath, place: Option<&Place>) -> FileLink {
        let said = place.and_then(|place| wording::place(place, self.wording.language));
        FileLink::of(self.href(path, place), path, said)
    }

    fn href(&self, path: &EvidencePath, place: Option<&Place>) -> String {
        link::href(self.evidence, self.files, path, place)
    }

    /// Who a part is about: the projects in their order, then the organisation. Without projects
    /// the folder is one.
    fn groups(&self) -> Vec<Option<&str>> {
        self.assessment.projects.iter().map(|project| Some(project.name.as_str())).chain([None]).collect()
    }

    /// Of a part about one of [`Page::groups`].
    fn group_name(&self, group: Option<&str>) -> String {
        match group {
            Some(project) => safe(project),
            None if self.assessment.projects.is_empty() => self.organization(),
            None => self.labels()["organization"].to_owned(),
        }
    }

    /// Which group that is; what the filters compare.
    fn group_index(&self, project: Option<&str>) -> usize {
        let projects = &self.assessment.projects;
        project.and_then(|name| projects.iter().position(|project| project.name == name)).unwrap_or(projects.len())
    }

    fn organization(&self) -> String {
        safe(self.assessment.organization.as_deref().unwrap_or(&self.assessment.root))
    }

    fn labels(&self) -> BTreeMap<&'static str, &'static str> {
        wording::labels(self.wording.language)
    }
}

/// All that the template knows.
#[derive(Serialize)]
struct View<'a> {
    lang: &'static str,
    policy: String,
    style: String,
    script: String,
    version: &'static str,
    t: BTreeMap<&'static str, &'static str>,
    brand: &'static str,
    organization: String,
    about: Vec<String>,
    facts: Vec<(&'static str, String)>,
    overview: overview::Overview,
    groups: Vec<String>,
    clauses: Vec<clauses::ClauseView>,
    calendars: Vec<calendar::Calendar>,
    timelines: Vec<timeline::Timeline>,
    rectification: Vec<files::Answer>,
    hygiene: Vec<files::Alike>,
    unmatched: Vec<files::Folder>,
    unmatched_count: usize,
    file_count: usize,
    file_formats: Vec<&'a str>,
    data: String,
}

impl<'a> View<'a> {
    fn of(page: &Page<'a>) -> io::Result<Self> {
        let (assessment, language) = (page.assessment, page.wording.language);
        let (style, script) = (unix(STYLE), unix(SCRIPT));
        let about = [&assessment.pack_title, &assessment.level_name, &assessment.audit_name];
        let unmatched = files::unmatched(page);
        Ok(Self {
            lang: match language {
                Language::Zh => "zh-CN",
                Language::En => "en",
            },
            policy: policy(&style, &script),
            style,
            script,
            version: env!("CARGO_PKG_VERSION"),
            t: page.labels(),
            brand: page.wording.report_title(),
            organization: page.organization(),
            about: about.iter().map(|name| safe(words(name, language))).filter(|name| !name.is_empty()).collect(),
            facts: page.wording.facts(),
            overview: overview::of(page),
            groups: page.groups().into_iter().map(|group| page.group_name(group)).collect(),
            clauses: clauses::all(page),
            calendars: calendar::all(page),
            timelines: timeline::all(page),
            rectification: files::rectification(page),
            hygiene: files::hygiene(page),
            unmatched_count: unmatched.iter().map(|folder| folder.count).sum(),
            unmatched,
            file_count: assessment.files.len(),
            file_formats: files::formats(page),
            data: files::data(page)?,
        })
    }
}

/// Nothing is loaded, nothing is sent, and only what we wrote runs
/// (W3C Content Security Policy Level 3, 2.3.1 and 8.3).
fn policy(style: &str, script: &str) -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        digest(script),
        digest(style)
    )
}

fn digest(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// A browser reads CR LF as LF before it takes a digest (HTML, 13.2.3.5); a checkout on Windows may
/// have given us the former.
fn unix(asset: &str) -> String {
    asset.replace("\r\n", "\n")
}

/// What the style sheet and the script call a verdict.
fn key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "satisfied",
        Verdict::Unsatisfied => "unsatisfied",
        Verdict::NeedsReview => "needs-review",
        Verdict::NotApplicable => "not-applicable",
        Verdict::Waived => "waived",
    }
}

/// How a finding looks: as the verdict it leads to, or milder.
fn tone(finding: &Finding) -> &'static str {
    match (&finding.waived, &finding.kind, finding.severity) {
        (Some(_), ..) => key(Verdict::Waived),
        (None, Kind::NeedsConfirmation { .. } | Kind::Unreadable { .. }, _) => key(Verdict::NeedsReview),
        (None, _, Severity::Error) => key(Verdict::Unsatisfied),
        (None, _, Severity::Warning) => "watch",
        (None, _, Severity::Note) => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_sets_commands_as_code_and_nothing_as_markup() {
        for (text, html) in [
            ("see `evlint why`.", "see <code>evlint why</code>."),
            ("`<b>`", "<code>&lt;b&gt;</code>"),
            ("a ` <i>", "a ` &lt;i&gt;"),
        ] {
            assert_eq!(prose(text), html);
        }
    }

    #[test]
    fn the_policy_names_the_digests_of_what_is_written() {
        // RFC 4648 of FIPS 180-4's digest of the empty text.
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(digest(&unix("a\r\nb")), digest("a\nb"));
    }
}
