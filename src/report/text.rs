//! The report that a person reads in a terminal, the evening before the audit.
//!
//! From the whole to the single: who is assessed and how each stage stands, then every gap with
//! the standard's own words underlined, worst first; then what to confirm, what is wrong with
//! files, what serves nothing; and at the end the next step. Start reading at [`Text`].

mod frame;
mod gaps;
mod layout;
mod lists;
mod summary;

use std::fmt::Write as _;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use self::layout::{Ink, columns, paint};
use super::{Format, Gap, Style};
use crate::model::{Assessment, Severity};
use crate::wording::{Counts, Wording};

/// `--format text`.
#[derive(Debug, Clone, Copy)]
pub struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "给人看：标出条款原文中没有满足的词句，说明怎么补 (for people: the standard's words, underlined where they are not met)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(Page { assessment, style, wording: Wording::new(assessment, style.language) }.text().as_bytes())
    }
}

/// What every part of the report needs to lay itself out.
#[derive(Clone, Copy)]
struct Page<'a> {
    assessment: &'a Assessment,
    style: &'a Style,
    wording: Wording<'a>,
}

impl Page<'_> {
    fn text(&self) -> String {
        let gaps = super::gaps(self.assessment);
        let (waived, gaps): (Vec<Gap<'_>>, Vec<_>) = gaps.into_iter().partition(Gap::is_waived);
        let (errors, others): (Vec<Gap<'_>>, _) = gaps.into_iter().partition(|gap| gap.severity() == Severity::Error);
        let mut out = summary::heading(self);
        out.push_str(&summary::stages(self));
        self.section(&mut out, self.wording.pick("差距", "Gaps"), errors.len());
        out.extend(errors.iter().map(|gap| gaps::render(self, gap)));
        self.section(&mut out, self.wording.pick("待确认与提醒", "To confirm and to watch"), others.len());
        out.extend(others.iter().map(|gap| gaps::render(self, gap)));
        self.section(&mut out, self.wording.pick("已豁免", "Waived"), waived.len());
        out.extend(waived.iter().map(|gap| gaps::render(self, gap)));
        let (listed, files) = lists::hygiene(self);
        self.section(&mut out, self.wording.pick("文件与配置", "Files and configuration"), listed);
        out.push_str(&files);
        let (unmatched, folders) = lists::unmatched(self);
        self.section(&mut out, self.wording.pick("没有用到的文件", "Files that serve no clause"), unmatched);
        out.push_str(&folders);
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
        out.push_str(&self.closing(Counts { gaps: errors.len(), others: others.len(), files: listed }));
        out
    }

    /// A part's title with its count; nothing for an empty part.
    fn section(&self, out: &mut String, title: &str, count: usize) {
        if count == 0 {
            return;
        }
        if !out.ends_with("\n\n") {
            out.push('\n');
        }
        let title = format!("{title} {count}");
        if self.style.graphics {
            let rule = "─".repeat(columns(self.style).saturating_sub(title.width() + 4));
            let (left, title) = (self.paint("──", Ink::Dim), self.paint(&title, Ink::Bold));
            let _ = writeln!(out, "{left} {title} {}", self.paint(&rule, Ink::Dim)); // a string takes all
        } else {
            out.push_str(&title);
            out.push('\n');
        }
        out.push('\n');
    }

    fn closing(&self, counts: Counts) -> String {
        if self.wording.is_glad(counts) {
            return self.sentence(&self.wording.glad(counts), Ink::Green);
        }
        let mut closing = self.sentence(&self.wording.totals(counts), Ink::Bold);
        if let Some(known) = self.wording.known() {
            closing.push_str(&self.sentence(&known, Ink::Dim));
        }
        let next = self.wording.next_step(counts);
        if !next.is_empty() {
            closing.push_str(&self.sentence(next, Ink::Dim));
        }
        closing
    }

    fn sentence(&self, text: &str, ink: Ink) -> String {
        let lines =
            if self.style.graphics { layout::hang("", 0, text, columns(self.style)) } else { format!("{text}\n") };
        let painted: Vec<String> = lines.lines().map(|line| self.paint(line, ink)).collect();
        format!("{}\n", painted.join("\n"))
    }

    fn paint(&self, text: &str, ink: Ink) -> String {
        paint(text, ink, self.style)
    }
}
