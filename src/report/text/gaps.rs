//! Gaps of one material in one project as one diagnostic: what, where, and what to do.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Page;
use super::frame::{self, Mark};
use super::layout::{Ink, columns, hang, pad};
use crate::model::finding::ClauseText;
use crate::model::settings::Language;
use crate::model::{Confidence, EvidencePath, Finding, Kind, Severity};
use crate::wording::{confidence, place, safe, severity};

/// Files that a diagnostic names before it counts the rest.
const NAMED_FILES: usize = 3;

/// Findings that a person would see as one: of one clause, material and project, by kind.
pub(super) struct Gap<'a> {
    /// Findings of one kind each, the worst kind first; never empty, nor is a part.
    parts: Vec<Vec<&'a Finding>>,
    /// The material is missing in every project, and this is said once.
    everywhere: bool,
}

impl<'a> Gap<'a> {
    pub(super) fn severity(&self) -> Severity {
        self.findings().map(|finding| finding.severity).max().unwrap_or(Severity::Note)
    }

    fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        self.parts.iter().flatten().copied()
    }

    /// Somebody accepts it.
    pub(super) fn is_waived(&self) -> bool {
        self.findings().all(|finding| finding.waived.is_some())
    }

    fn holds(&self, finding: &Finding) -> bool {
        let subject = |of: &Finding| (of.clause, of.material.clone(), of.project.clone(), of.waived.is_some());
        self.findings().any(|held| subject(held) == subject(finding))
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
}

/// In the order of the findings, that is worst first.
pub(super) fn gaps<'a>(page: &Page<'a>) -> Vec<Gap<'a>> {
    let mut gaps: Vec<Gap<'a>> = Vec::new();
    for finding in page.assessment.findings.iter().filter(|finding| finding.clause.is_some()) {
        match gaps.iter_mut().find(|gap| gap.holds(finding)) {
            Some(gap) => gap.add(finding),
            None => gaps.push(Gap { parts: vec![vec![finding]], everywhere: false }),
        }
    }
    say_once(gaps, page.assessment.projects.len())
}

/// Joins gaps of a material that is missing in each of several projects into the first of them.
fn say_once(gaps: Vec<Gap<'_>>, projects: usize) -> Vec<Gap<'_>> {
    let mut joined: Vec<Gap<'_>> = Vec::new();
    let material = |gap: &Gap<'_>| {
        gap.findings().next().map(|finding| (finding.clause, finding.material.clone(), gap.is_waived()))
    };
    let missing = |gap: &Gap<'_>| gap.is_missing() && gap.findings().all(|finding| finding.project.is_some());
    let counts: Vec<usize> = gaps
        .iter()
        .map(|gap| gaps.iter().filter(|other| missing(other) && material(other) == material(gap)).count())
        .collect();
    for (mut gap, count) in gaps.into_iter().zip(counts) {
        gap.everywhere = projects > 1 && missing(&gap) && count == projects;
        match joined.iter_mut().find(|first| gap.everywhere && first.everywhere && material(first) == material(&gap)) {
            Some(first) => first.parts[0].extend(gap.findings()),
            None => joined.push(gap),
        }
    }
    joined
}

/// A frame with the standard's words, then what to know and to do.
pub(super) fn render(page: &Page<'_>, gap: &Gap<'_>) -> String {
    let Some(first) = gap.findings().next() else { return String::new() };
    let headline = headline(page, gap);
    let marks = marks(page, gap);
    let mut out = String::new();
    if page.style.graphics {
        let clause = page.assessment.clauses.iter().find(|clause| Some(clause.no) == first.clause);
        out.push_str(&frame::frame(page, gap.severity(), &headline, clause, &marks));
    } else {
        let colon = page.wording.pick("：", ": ");
        let severity = severity(gap.severity(), page.style.language);
        let _ = writeln!(out, "{severity}{colon}{headline}{}", page.wording.pick("。", ".")); // a string takes all
        out.push_str(&plain_quotation(page, first, &marks));
    }
    let facts = facts(page, gap);
    let width = facts.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    for (name, text) in facts {
        if page.style.graphics {
            let head = format!("    {}  ", page.paint(&pad(name, width), Ink::Dim));
            out.push_str(&hang(&head, width + 6, &text, columns(page.style)));
        } else {
            let colon = if name.is_empty() { "" } else { page.wording.pick("：", ": ") };
            let _ = writeln!(out, "{name}{colon}{text}");
        }
    }
    out.push('\n');
    out
}

fn headline(page: &Page<'_>, gap: &Gap<'_>) -> String {
    let Some(first) = gap.findings().next() else { return String::new() };
    if gap.everywhere {
        return page.wording.everywhere(first, gap.findings().count());
    }
    let gists: Vec<String> = gap.parts.iter().map(|part| page.wording.gist(part)).collect();
    let (colon, semicolon) = (page.wording.pick("：", ": "), page.wording.pick("；", "; "));
    format!("{}{colon}{}", page.wording.subject(first), gists.join(semicolon))
}

/// The words to underline and what to write under them.
fn marks(page: &Page<'_>, gap: &Gap<'_>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for part in &gap.parts {
        let label = page.wording.label(part);
        for cite in part.iter().filter_map(|finding| finding.cite.as_ref()) {
            let mark = Mark { text: cite.text, start: cite.start, end: cite.end, label: label.clone() };
            if !marks.contains(&mark) {
                marks.push(mark);
            }
        }
    }
    marks
}

/// Without underlines the words that are not met are in the sentence; the rest is for context.
fn plain_quotation(page: &Page<'_>, finding: &Finding, marks: &[Mark]) -> String {
    let clause = page.assessment.clauses.iter().find(|clause| Some(clause.no) == finding.clause);
    let Some(clause) = clause else { return String::new() };
    let texts: BTreeSet<ClauseText> = marks.iter().map(|mark| mark.text).collect();
    let quote = |text: ClauseText| {
        let name = frame::name_of(page, clause.no, &[text]);
        format!("{name}{}{}\n", page.wording.pick("：", ": "), safe(frame::text_of(clause, text)))
    };
    texts.into_iter().map(quote).collect()
}

fn facts(page: &Page<'_>, gap: &Gap<'_>) -> Vec<(&'static str, String)> {
    let Some(first) = gap.findings().next() else { return Vec::new() };
    let pick = |zh, en| page.wording.pick(zh, en);
    let mut facts = Vec::new();
    if let Some(places) = places(page, gap) {
        facts.push((pick("文件", "file"), places));
    }
    if let Some(files) = looked_at(page, gap) {
        facts.push((pick("看过", "seen"), files));
    }
    for (n, waiver) in
        each_once(gap.findings().filter_map(|finding| page.wording.waiver(finding))).into_iter().enumerate()
    {
        facts.push((if n == 0 { pick("豁免", "waived") } else { "" }, waiver));
    }
    for (n, help) in helps(page, gap).into_iter().enumerate() {
        facts.push((if n == 0 { pick("处理", "next") } else { "" }, help));
    }
    facts.push((pick("代号", "code"), code(page, gap, first)));
    facts
}

/// What to do about each kind of finding in the gap, each once.
fn helps(page: &Page<'_>, gap: &Gap<'_>) -> Vec<String> {
    each_once(gap.parts.iter().map(|part| page.wording.help(part[0])))
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

/// `11.contract missing-content`: what `explain`, waivers and confirmations take.
fn code(page: &Page<'_>, gap: &Gap<'_>, first: &Finding) -> String {
    let mut words = Vec::new();
    words.extend(page.wording.reference(first));
    words.extend(gap.parts.iter().map(|part| part[0].kind.code().to_owned()));
    let mut out = words.join(" ");
    let sure = gap.findings().map(|finding| finding.confidence).min().unwrap_or(Confidence::High);
    if sure != Confidence::High {
        let (open, close) = (page.wording.pick("（", " ("), page.wording.pick("）", ")"));
        let _ = write!(out, "{open}{}{close}", confidence(sure, page.style.language));
    }
    out
}

/// The files at fault, with the places.
fn places(page: &Page<'_>, gap: &Gap<'_>) -> Option<String> {
    let mut named: Vec<String> = Vec::new();
    for finding in gap.findings() {
        let Some(path) = &finding.path else { continue };
        let at = finding.place.as_ref().and_then(|at| place(at, page.style.language));
        let text = match at {
            Some(at) => format!("{}{}{at}", safe(path.as_str()), page.wording.pick("，", ", ")),
            None => safe(path.as_str()),
        };
        if !named.contains(&text) {
            named.push(text);
        }
    }
    enumerate(page, &named)
}

/// Files that came close or fall short as well, without those already named.
fn looked_at(page: &Page<'_>, gap: &Gap<'_>) -> Option<String> {
    let mut seen: Vec<&EvidencePath> = Vec::new();
    for path in gap.findings().flat_map(|finding| &finding.looked_at) {
        if !seen.contains(&path) && gap.findings().all(|finding| finding.path.as_ref() != Some(path)) {
            seen.push(path);
        }
    }
    enumerate(page, &seen.into_iter().map(|path| safe(path.as_str())).collect::<Vec<_>>())
}

fn enumerate(page: &Page<'_>, names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let separator = page.wording.pick("；", "; ");
    let text = names.iter().take(NAMED_FILES).cloned().collect::<Vec<_>>().join(separator);
    Some(match (names.len(), page.style.language) {
        (count, _) if count <= NAMED_FILES => text,
        (count, Language::Zh) => format!("{text}；等 {count} 处"),
        (count, Language::En) => format!("{text}; and {} more", count - NAMED_FILES),
    })
}
