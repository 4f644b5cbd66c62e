//! Gaps of one material in one project as one diagnostic: what, where, and what to do.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Page;
use super::frame::{self, Mark};
use super::layout::{Ink, columns, hang, pad};
use crate::model::Finding;
use crate::model::finding::ClauseText;
use crate::report::Gap;
use crate::wording::{safe, severity};

/// A frame with the standard's words, then what to know and to do.
pub(super) fn render(page: &Page<'_>, gap: &Gap<'_>) -> String {
    let Some(first) = gap.findings().next() else { return String::new() };
    let headline = gap.headline(&page.wording);
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
    let facts = gap.facts(&page.wording);
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
