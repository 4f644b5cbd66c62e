//! Who is assessed, and how each stage of the standard stands.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Page;
use super::layout::{Ink, columns, hang, pad, pad_left};
use crate::model::settings::Language;
use crate::model::{ClauseResult, Verdict};
use crate::wording::{plural, safe, span, verdict, words};

/// Columns in the order of the form's own words; those nothing falls in are left out at the end.
const VERDICTS: [Verdict; 5] =
    [Verdict::Satisfied, Verdict::Unsatisfied, Verdict::NeedsReview, Verdict::Waived, Verdict::NotApplicable];

/// A bar shorter than this says nothing.
const SHORTEST_BAR: usize = 6;

pub(super) fn heading(page: &Page<'_>) -> String {
    let (assessment, language) = (page.assessment, page.style.language);
    let width = columns(page.style);
    let mut out = String::new();
    let organization = assessment.organization.as_deref().unwrap_or(&assessment.root);
    let title = format!("{} · {}", page.wording.report_title(), safe(organization));
    for line in hang("", 0, &title, width).lines() {
        let _ = writeln!(out, "{}", page.paint(line, Ink::Bold)); // a string takes all
    }
    let about = [&assessment.pack_title, &assessment.level_name, &assessment.audit_name];
    let about: Vec<String> =
        about.iter().map(|name| safe(words(name, language))).filter(|name| !name.is_empty()).collect();
    out.push_str(&hang("", 0, &about.join(" · "), width));
    out.push_str(&hang("", 0, &facts(page).join(" · "), width));
    out.push('\n');
    out
}

fn facts(page: &Page<'_>) -> Vec<String> {
    let (assessment, language) = (page.assessment, page.style.language);
    let mut facts = Vec::new();
    if let Some(period) = assessment.period {
        facts.push(format!("{} {}", page.wording.pick("审核期间", "period"), span(period, language)));
    }
    facts.push(format!("{} {}", page.wording.pick("检查日", "as of"), assessment.as_of));
    let (projects, files) = (assessment.projects.len(), assessment.files.len());
    match language {
        Language::Zh => {
            if projects > 1 {
                facts.push(format!("{projects} 个项目"));
            }
            facts.push(format!("{files} 份文件"));
        }
        Language::En => {
            if projects > 1 {
                facts.push(format!("{projects} projects"));
            }
            facts.push(format!("{files} file{}", plural(files)));
        }
    }
    facts
}

/// A row for each stage, a total, and beside each row its clauses as a bar.
pub(super) fn stages(page: &Page<'_>) -> String {
    if page.assessment.clauses.is_empty() {
        return String::new(); // only files were looked at
    }
    let table = Table::of(page);
    let mut out = String::new();
    if !page.style.graphics {
        for (name, row) in table.rows.iter().chain([&table.total]) {
            let counts: Vec<String> = table
                .verdicts
                .iter()
                .zip(row)
                .map(|(of, n)| format!("{} {n}", verdict(*of, page.style.language)))
                .collect();
            let (colon, comma) = (page.wording.pick("：", ": "), page.wording.pick("，", ", "));
            let _ = writeln!(out, "{name}{colon}{}{}", counts.join(comma), page.wording.pick("。", "."));
        }
        return out;
    }
    let _ = writeln!(out, "{}", table.header(page));
    for (name, row) in &table.rows {
        let _ = writeln!(out, "{}{}", table.line(page, name, row), table.bar(page, row));
    }
    let (name, row) = &table.total;
    let _ = writeln!(out, "{}", table.line(page, name, row));
    out
}

struct Table {
    verdicts: Vec<Verdict>,
    rows: Vec<(String, Vec<usize>)>,
    total: (String, Vec<usize>),
    /// Of the first column.
    width: usize,
    /// Columns left for a bar, and clauses of the longest; 0 where there is no room.
    bar: usize,
    longest: usize,
}

impl Table {
    fn of(page: &Page<'_>) -> Self {
        let (assessment, language) = (page.assessment, page.style.language);
        let verdicts: Vec<Verdict> =
            VERDICTS.into_iter().filter(|of| *of != Verdict::Waived || assessment.count(*of) > 0).collect();
        let count = |of: &dyn Fn(&ClauseResult) -> bool| -> Vec<usize> {
            let clauses: Vec<_> = assessment.clauses.iter().filter(|clause| of(clause)).collect();
            verdicts.iter().map(|v| clauses.iter().filter(|clause| clause.verdict == *v).count()).collect()
        };
        let rows: Vec<(String, Vec<usize>)> = assessment
            .stages
            .iter()
            .enumerate()
            .map(|(n, stage)| (safe(words(stage, language)), count(&|clause| clause.stage == n)))
            .collect();
        let total = (page.wording.pick("合计", "total").to_owned(), count(&|_| true));
        let width = rows.iter().map(|(name, _)| name.width()).chain([total.0.width()]).max().unwrap_or(0);
        let numbers: usize = verdicts.iter().map(|of| verdict(*of, language).width() + 2).sum();
        let width = width.min(columns(page.style).saturating_sub(numbers + 2));
        let room = columns(page.style).saturating_sub(width + numbers + 2);
        let longest = rows.iter().map(|(_, row)| judged(&verdicts, row)).max().unwrap_or(0);
        Self { verdicts, rows, total, width, bar: if room < SHORTEST_BAR { 0 } else { room.min(longest) }, longest }
    }

    fn header(&self, page: &Page<'_>) -> String {
        let names =
            self.verdicts.iter().map(|of| format!("  {}", page.paint(verdict(*of, page.style.language), ink(*of))));
        format!("{}{}", " ".repeat(self.width), names.collect::<String>())
    }

    fn line(&self, page: &Page<'_>, name: &str, row: &[usize]) -> String {
        let mut out = pad(&shorten(name, self.width), self.width);
        for (of, n) in self.verdicts.iter().zip(row) {
            let width = verdict(*of, page.style.language).width() + 2;
            let number = pad_left(&if *n == 0 { "·".to_owned() } else { n.to_string() }, width);
            out.push_str(&page.paint(&number, if *n == 0 { Ink::Dim } else { ink(*of) }));
        }
        out
    }

    /// A clause is a column, or its share of one.
    fn bar(&self, page: &Page<'_>, row: &[usize]) -> String {
        if self.bar == 0 {
            return String::new();
        }
        let (mut out, mut clauses, mut drawn) = (String::from("  "), 0, 0);
        for (of, n) in self.verdicts.iter().zip(row).filter(|(of, _)| **of != Verdict::NotApplicable) {
            clauses += n;
            let end = (clauses * self.bar).div_ceil(self.longest);
            let piece = mark(*of).repeat(end - drawn);
            out.push_str(&page.paint(&piece, ink(*of)));
            drawn = end;
        }
        out.trim_end().to_owned()
    }
}

fn judged(verdicts: &[Verdict], row: &[usize]) -> usize {
    verdicts.iter().zip(row).filter(|(of, _)| **of != Verdict::NotApplicable).map(|(_, n)| n).sum()
}

/// Readable without colour as well: the fuller, the better.
fn mark(of: Verdict) -> &'static str {
    match of {
        Verdict::Satisfied => "█",
        Verdict::Waived => "▓",
        Verdict::NeedsReview => "▒",
        Verdict::Unsatisfied => "░",
        Verdict::NotApplicable => " ",
    }
}

fn ink(of: Verdict) -> Ink {
    match of {
        Verdict::Satisfied => Ink::Green,
        Verdict::Unsatisfied => Ink::Red,
        Verdict::NeedsReview => Ink::Yellow,
        Verdict::Waived => Ink::Cyan,
        Verdict::NotApplicable => Ink::Dim,
    }
}

fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while short.width() + 1 > width && short.pop().is_some() {}
    short + "…"
}
