//! Writes an [`Assessment`], one file per format.
//!
//! A format lays out; it never decides. All are listed in [`FORMATS`]. What formats share is here:
//! the findings that a person sees as one, numbered fingerprints, and escapes of JSON and XML.

pub mod checkstyle;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use quick_xml::events::attributes::Attribute;
use quick_xml::name::QName;

use crate::model::settings::Language;
use crate::model::{Assessment, Confidence, EvidencePath, Finding, Kind, Severity};
use crate::wording::{self, Counts, Wording, confidence, place, safe};

/// One way of writing an [`Assessment`].
pub trait Format: Sync {
    /// What the user types after `--format`; also the name of the file it lives in.
    fn name(&self) -> &'static str;
    /// One line for `--help` and the manual.
    fn about(&self) -> &'static str;
    /// Writes all of it, escaped for this syntax; the same input gives the same bytes.
    ///
    /// # Errors
    /// Where `out` fails.
    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()>;
}

/// How people are to read it, decided once by the command line.
#[derive(Debug, Clone)]
pub struct Style {
    pub language: Language,
    /// In columns of a terminal.
    pub width: usize,
    pub color: bool,
    /// Frames, bars and underlines; without them a plain text for screen readers.
    pub graphics: bool,
    /// Names link to files (OSC 8).
    pub links: bool,
    /// The way from where the report will lie to the evidence root: a URI reference that ends in
    /// `/`, or empty where it lies there.
    pub evidence: String,
}

/// Every format, in the order `--help` lists them.
pub static FORMATS: &[&dyn Format] = &[
    &text::Text,
    &json::Json,
    &html::Html,
    &markdown::Markdown,
    &sarif::Sarif,
    &junit::Junit,
    &gitlab::Gitlab,
    &github::Github,
    &checkstyle::Checkstyle,
];

/// Files that a gap names before it counts the rest.
const NAMED_FILES: usize = 3;

/// Findings that a person would see as one: of one clause, material and project, by kind.
struct Gap<'a> {
    /// Findings of one kind each, the worst kind first; never empty, nor is a part.
    parts: Vec<Vec<&'a Finding>>,
    /// The material is missing in every project, and this is said once.
    everywhere: bool,
}

/// What a gap is about: clause, material and project; a waived one is another.
type Subject<'a> = (Option<u32>, Option<&'a str>, Option<&'a str>, bool);

/// In the order of the findings, that is worst first.
fn gaps(assessment: &Assessment) -> Vec<Gap<'_>> {
    let mut gaps: Vec<Gap<'_>> = Vec::new();
    let mut known: BTreeMap<Subject<'_>, usize> = BTreeMap::new();
    for finding in assessment.findings.iter().filter(|finding| finding.clause.is_some()) {
        let at = *known.entry(subject(finding)).or_insert(gaps.len());
        if at == gaps.len() {
            gaps.push(Gap { parts: Vec::new(), everywhere: false });
        }
        gaps[at].add(finding);
    }
    say_once(gaps, assessment.projects.len())
}

fn subject(of: &Finding) -> Subject<'_> {
    (of.clause, of.material.as_deref(), of.project.as_deref(), of.waived.is_some())
}

/// Joins gaps of a material that is missing in each of several projects into the first of them.
fn say_once(gaps: Vec<Gap<'_>>, projects: usize) -> Vec<Gap<'_>> {
    let material = |gap: &Gap<'_>| {
        let missing = gap.is_missing() && gap.findings().all(|finding| finding.project.is_some());
        let first = gap.findings().next().filter(|_| missing)?;
        Some((first.clause, first.material.clone(), gap.is_waived()))
    };
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for material in gaps.iter().filter_map(material) {
        *counts.entry(material).or_insert(0) += 1;
    }
    let mut joined: Vec<Gap<'_>> = Vec::new();
    let mut firsts: BTreeMap<_, usize> = BTreeMap::new();
    for mut gap in gaps {
        let everywhere = material(&gap).filter(|material| projects > 1 && counts.get(material) == Some(&projects));
        gap.everywhere = everywhere.is_some();
        if let Some(first) = everywhere.as_ref().and_then(|material| firsts.get(material)) {
            joined[*first].parts[0].extend(gap.findings());
        } else {
            firsts.extend(everywhere.map(|material| (material, joined.len())));
            joined.push(gap);
        }
    }
    joined
}

impl<'a> Gap<'a> {
    fn severity(&self) -> Severity {
        self.findings().map(|finding| finding.severity).max().unwrap_or(Severity::Note)
    }

    fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        self.parts.iter().flatten().copied()
    }

    /// Somebody accepts it.
    fn is_waived(&self) -> bool {
        self.findings().all(|finding| finding.waived.is_some())
    }

    fn add(&mut self, finding: &'a Finding) {
        match self.parts.iter_mut().find(|part| part[0].kind.code() == finding.kind.code()) {
            Some(part) => part.push(finding),
            None => self.parts.push(vec![finding]),
        }
    }

    /// This material is missing, and no other gap of it is known.
    fn is_missing(&self) -> bool {
        self.findings().all(|finding| matches!(finding.kind, Kind::MissingMaterial { .. }))
    }

    fn headline(&self, wording: &Wording<'_>) -> String {
        let Some(first) = self.findings().next() else { return String::new() };
        if self.everywhere {
            return wording.everywhere(first, self.findings().count());
        }
        let gists: Vec<String> = self.parts.iter().map(|part| wording.gist(part)).collect();
        let (colon, semicolon) = (wording.pick("：", ": "), wording.pick("；", "; "));
        format!("{}{colon}{}", wording.subject(first), gists.join(semicolon))
    }

    /// What to know and to do, each under a name; a further line of the same has none.
    fn facts(&self, wording: &Wording<'_>) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if let Some(places) = self.places(wording) {
            facts.push((wording.pick("文件", "file"), places));
        }
        if let Some(files) = self.looked_at(wording) {
            facts.push((wording.pick("看过", "seen"), files));
        }
        for (n, waiver) in self.waivers(wording).into_iter().enumerate() {
            facts.push((if n == 0 { wording.pick("豁免", "waived") } else { "" }, waiver));
        }
        for (n, help) in self.helps(wording).into_iter().enumerate() {
            facts.push((if n == 0 { wording.pick("处理", "next") } else { "" }, help));
        }
        facts.push((wording.pick("代号", "code"), self.code(wording)));
        facts
    }

    /// Who accepts it, why and how long, each once.
    fn waivers(&self, wording: &Wording<'_>) -> Vec<String> {
        each_once(self.findings().filter_map(|finding| wording.waiver(finding)))
    }

    /// What to do about each kind of finding in the gap, each once.
    fn helps(&self, wording: &Wording<'_>) -> Vec<String> {
        each_once(self.parts.iter().map(|part| wording.help(part[0])))
    }

    /// `11.contract missing-content`: what `explain`, waivers and confirmations take.
    fn code(&self, wording: &Wording<'_>) -> String {
        let mut words = Vec::new();
        words.extend(self.findings().next().and_then(|first| wording.reference(first)));
        words.extend(self.parts.iter().map(|part| part[0].kind.code().to_owned()));
        let mut out = words.join(" ");
        let sure = self.findings().map(|finding| finding.confidence).min().unwrap_or(Confidence::High);
        if sure != Confidence::High {
            let (open, close) = (wording.pick("（", " ("), wording.pick("）", ")"));
            let _ = write!(out, "{open}{}{close}", confidence(sure, wording.language));
        }
        out
    }

    /// The files at fault, with the places.
    fn places(&self, wording: &Wording<'_>) -> Option<String> {
        // A file once, where another finding says the place in it.
        let placed = |of: &Finding| {
            self.findings().any(|other| other.path == of.path && other.place.is_some()) && of.place.is_none()
        };
        let findings = self.findings().filter(|finding| !placed(finding));
        enumerate(wording, &each_once(findings.filter_map(|finding| whereabouts(finding, wording))))
    }

    /// Files that came close or fall short as well, without those already named.
    fn looked_at(&self, wording: &Wording<'_>) -> Option<String> {
        let mut seen: Vec<&EvidencePath> = Vec::new();
        for path in self.findings().flat_map(|finding| &finding.looked_at) {
            if !seen.contains(&path) && self.findings().all(|finding| finding.path.as_ref() != Some(path)) {
                seen.push(path);
            }
        }
        enumerate(wording, &seen.into_iter().map(|path| safe(path.as_str())).collect::<Vec<_>>())
    }
}

/// `甲医院/合同.pdf，第 3 页`; None where there is no file.
fn whereabouts(finding: &Finding, wording: &Wording<'_>) -> Option<String> {
    let path = safe(finding.path.as_ref()?.as_str());
    let at = finding.place.as_ref().and_then(|at| place(at, wording.language));
    Some(match at {
        Some(at) => format!("{path}{}{at}", wording.pick("，", ", ")),
        None => path,
    })
}

fn each_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for text in texts {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once
}

fn enumerate(wording: &Wording<'_>, names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let text = names.iter().take(NAMED_FILES).cloned().collect::<Vec<_>>().join(wording.pick("；", "; "));
    Some(match (names.len(), wording.language) {
        (count, _) if count <= NAMED_FILES => text,
        (count, Language::Zh) => format!("{text}；等 {count} 处"),
        (count, Language::En) => format!("{text}; and {} more", count - NAMED_FILES),
    })
}

/// Is this the code of a gap, rather than of something about files or the configuration?
fn is_gap(code: &str) -> bool {
    const GAPS: [&str; 8] = [
        "missing-material",
        "missing-content",
        "missing-period",
        "out-of-period",
        "unapproved",
        "inconsistent",
        "unreadable",
        "needs-confirmation",
    ];
    GAPS.contains(&code)
}

/// Findings about files and the configuration, by kind in the order of the findings.
fn by_kind(assessment: &Assessment) -> Vec<Vec<&Finding>> {
    let mut kinds: Vec<Vec<&Finding>> = Vec::new();
    for finding in assessment.findings.iter().filter(|finding| finding.clause.is_none()) {
        match kinds.iter_mut().find(|kind| kind[0].kind.code() == finding.kind.code()) {
            Some(kind) => kind.push(finding),
            None => kinds.push(vec![finding]),
        }
    }
    kinds
}

/// What the report shows, as a person counts it.
fn counts(assessment: &Assessment) -> Counts {
    let gaps = gaps(assessment);
    let open = || gaps.iter().filter(|gap| !gap.is_waived());
    let errors = open().filter(|gap| gap.severity() == Severity::Error).count();
    let is_listed = |finding: &&Finding| finding.clause.is_none() && finding.kind != Kind::UnmatchedFile;
    let files = assessment.findings.iter().filter(is_listed).count();
    Counts { gaps: errors, others: open().count() - errors, files }
}

/// How it all stands in a sentence or two, and the next step.
fn closing(wording: &Wording<'_>) -> (String, Option<&'static str>) {
    let counts = counts(wording.assessment);
    if wording.is_glad(counts) {
        (wording.glad(counts), None)
    } else {
        let next = Some(wording.next_step(counts)).filter(|next| !next.is_empty());
        (wording.and_known(wording.totals(counts)), next)
    }
}

/// Each finding with its fingerprint, and which one of that fingerprint it is, counted from 1:
/// two questions about one material are two findings.
fn numbered(assessment: &Assessment) -> impl Iterator<Item = (&Finding, String, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    assessment.findings.iter().map(move |finding| {
        let fingerprint = finding.fingerprint();
        let count = seen.entry(fingerprint.clone()).or_default();
        *count += 1;
        (finding, fingerprint, *count)
    })
}

/// JSON leaves directional marks and C1 controls as they are; a terminal that shows the report
/// would obey them. They stand in strings only, where `\u` means the same.
fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() || !wording::is_unsafe(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}"); // writing to a string cannot fail
        }
    }
    out
}

/// Escaped for an attribute's value, where a parser would make a space of a line break (XML 1.0,
/// section 3.3.3), and for text as well. What a terminal would obey is a character reference.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if !in_xml(c) => out.push('\u{fffd}'),
            c if wording::is_unsafe(c) => {
                let _ = write!(out, "&#x{:X};", u32::from(c)); // writing to a string cannot fail
            }
            c => out.push(c),
        }
    }
    out
}

fn attribute<'a>(name: &'a str, value: &str) -> Attribute<'a> {
    Attribute { key: QName(name), value: Cow::Owned(xml(value)) }
}

/// A name that a line of text can hold and no terminal obeys.
fn on_a_line(path: &EvidencePath) -> String {
    path.spelled(|c| in_xml(c) && !wording::is_unsafe(c))
}

/// XML 1.0, section 2.2: no document can hold other characters, not even by reference.
fn in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_still_the_same_text() {
        let name = "合同\u{202e}fdp\u{9b}\u{e0041}.exe";
        let written = printable(&serde_json::to_string(name).expect("a string"));
        assert_eq!(written, r#""合同\u202efdp\u009b\udb40\udc41.exe""#);
        assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), name);
    }

    #[test]
    fn xml_says_the_same_text() {
        let name = "a<b>&\"'\n\t\r\u{202e}\u{9b}合同";
        let written = xml(name);
        assert_eq!(written, "a&lt;b&gt;&amp;&quot;&apos;&#xA;&#x9;&#xD;&#x202E;&#x9B;合同");
        assert_eq!(quick_xml::escape::unescape(&written).expect("XML"), name);
    }
}
