//! Files: what is wrong with them, kind by kind, and those that serve nothing, folder by folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Page;
use super::layout::{Ink, columns, hang, pad};
use crate::model::settings::Language;
use crate::model::{Finding, Kind, Severity};
use crate::wording::{plural, safe};

/// Rows of one kind, or folders, before the rest is counted.
const LISTED: usize = 12;

/// Findings about files and the configuration under the title of their kind; their number first.
pub(super) fn hygiene(page: &Page<'_>) -> (usize, String) {
    let mut kinds: Vec<Vec<&Finding>> = Vec::new();
    for finding in page.assessment.findings.iter().filter(|finding| is_hygiene(finding)) {
        match kinds.iter_mut().find(|kind| kind[0].kind.code() == finding.kind.code()) {
            Some(kind) => kind.push(finding),
            None => kinds.push(vec![finding]),
        }
    }
    let out: Vec<String> = kinds.iter().map(|kind| list(page, kind)).collect();
    (kinds.iter().map(Vec::len).sum(), out.join("\n"))
}

fn is_hygiene(finding: &Finding) -> bool {
    finding.clause.is_none() && finding.kind != Kind::UnmatchedFile
}

fn list(page: &Page<'_>, alike: &[&Finding]) -> String {
    let Some(first) = alike.first() else { return String::new() };
    let width = columns(page.style);
    let title = format!("{} {}", page.wording.title(&first.kind), alike.len());
    let mut helps: Vec<String> = alike.iter().map(|finding| page.wording.help(finding)).collect();
    helps.dedup();
    let help = if helps.len() == 1 { helps[0].as_str() } else { page.wording.fix(&first.kind) };
    let mut out = String::new();
    if page.style.graphics {
        let code = page.paint(first.kind.code(), Ink::Dim);
        let _ = writeln!(out, "  {}  {code}", page.paint(&title, ink(first.severity))); // a string takes all
        for line in hang("", 0, help, width - 2).lines() {
            let _ = writeln!(out, "  {}", page.paint(line, Ink::Dim));
        }
    } else {
        let (open, close) = (page.wording.pick("（", " ("), page.wording.pick("）：", "): "));
        let _ = writeln!(out, "{title}{open}{}{close}{}", first.kind.code(), help);
    }
    let rows: Vec<Row> =
        alike.iter().map(|finding| Row::of(page, finding)).filter(|row| !row.name.is_empty()).collect();
    let name_width = rows.iter().take(LISTED).map(|row| row.name.width()).max().unwrap_or(0).min(width * 3 / 5);
    for row in rows.iter().take(LISTED) {
        out.push_str(&row.line(page, name_width));
    }
    out.push_str(&more(page, rows.len()));
    out
}

/// A line of a list: a file, and what is particular about it.
struct Row {
    name: String,
    detail: String,
}

impl Row {
    fn of(page: &Page<'_>, finding: &Finding) -> Self {
        let detail = page.wording.detail(finding);
        match &finding.path {
            Some(path) => Self { name: safe(path.as_str()), detail: detail.unwrap_or_default() },
            None => Self { name: detail.unwrap_or_default(), detail: String::new() },
        }
    }

    fn line(&self, page: &Page<'_>, name_width: usize) -> String {
        let width = columns(page.style);
        if !page.style.graphics {
            let separator = if self.detail.is_empty() { "" } else { page.wording.pick("：", ": ") };
            return format!("{}{separator}{}\n", self.name, self.detail);
        }
        if self.detail.is_empty() {
            return hang("    ", 4, &self.name, width);
        }
        let beside = format!("    {}  ", pad(&self.name, name_width));
        if beside.width() + self.detail.width() <= width {
            return format!("{beside}{}\n", self.detail);
        }
        let name = hang("    ", 4, &self.name, width);
        name + &hang("      ", 6, &self.detail, width)
    }
}

/// Files that serve no clause: a line for each folder; their number first.
pub(super) fn unmatched(page: &Page<'_>) -> (usize, String) {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    let paths = page.assessment.findings.iter().filter(|finding| finding.kind == Kind::UnmatchedFile);
    for path in paths.filter_map(|finding| finding.path.as_ref()) {
        *folders.entry(path.folder()).or_default() += 1;
    }
    let total = folders.values().sum();
    if total == 0 {
        return (0, String::new());
    }
    let names: Vec<(String, usize)> = folders.into_iter().map(|(folder, count)| (name(page, folder), count)).collect();
    let width = columns(page.style);
    let name_width = names.iter().map(|(name, _)| name.width()).max().unwrap_or(0).min(width * 3 / 4);
    let mut out = String::new();
    for (name, count) in names.iter().take(LISTED) {
        let count = match page.style.language {
            Language::Zh => format!("{count} 份"),
            Language::En => format!("{count} file{}", plural(*count)),
        };
        out.push_str(&Row { name: name.clone(), detail: count }.line(page, name_width));
    }
    out.push_str(&more(page, names.len()));
    let see = page.wording.pick(
        "某份文件为何没有用到，见 `evlint why 文件`；全部文件见 `--format json` 的 files。",
        "`evlint why FILE` says why a file serves nothing; `--format json` lists all under files.",
    );
    for line in hang("", 0, see, width - 2).lines() {
        let _ = writeln!(out, "  {}", page.paint(line, Ink::Dim)); // a string takes all
    }
    (total, out)
}

fn name(page: &Page<'_>, folder: &str) -> String {
    if folder.is_empty() {
        page.wording.pick("（根文件夹）", "(top folder)").to_owned()
    } else {
        format!("{}/", safe(folder))
    }
}

fn more(page: &Page<'_>, count: usize) -> String {
    let rest = count.saturating_sub(LISTED);
    let indent = if page.style.graphics { "    " } else { "" };
    match (rest, page.style.language) {
        (0, _) => String::new(),
        (_, Language::Zh) => format!("{indent}另有 {rest} 行，全部见 `--format json`\n"),
        (_, Language::En) => format!("{indent}and {rest} more; `--format json` lists all\n"),
    }
}

fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Red,
        Severity::Warning => Ink::Yellow,
        Severity::Note => Ink::Bold,
    }
}
