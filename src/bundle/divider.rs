//! The sheet in front of each tab: what is asked for, what is here, and what lies behind other tabs.

use super::plan::{Entry, Listed, Tab};
use super::{Binder, Plan};
use crate::model::assessment::OWN_MARK;
use crate::wording::{self, binder as said, safe};

/// Every tab that has a folder: path in the binder, and text.
pub(super) fn all(binder: &Binder<'_>, plan: &Plan) -> Vec<(String, Vec<u8>)> {
    let name = said::names(binder.language()).divider;
    let of = |tab: &Tab| Some((format!("{}/{name}", tab.folder.as_ref()?), text(&lines(binder, tab))));
    plan.tabs.iter().filter_map(of).collect()
}

/// Old editors of Windows know UTF-8 by its mark, and lines by CR LF.
pub(super) fn text(lines: &[String]) -> Vec<u8> {
    format!("\u{feff}{}\r\n", lines.join("\r\n")).into_bytes()
}

/// What stands at the foot of the binder's own texts.
pub(super) fn own(binder: &Binder<'_>) -> String {
    format!("{}（{OWN_MARK}）", said::labels(binder.language()).own)
}

fn lines(binder: &Binder<'_>, tab: &Tab) -> Vec<String> {
    let labels = said::labels(binder.language());
    // The mark stands near the top: whoever walks a folder reads no further.
    let mut lines = vec![format!("{:02}  {}", tab.no, tab.title), tab.stage.clone(), own(binder), String::new()];
    lines.push(format!("{}：{}", labels.requirement, tab.clause));
    if !tab.evidence.is_empty() {
        lines.push(format!("{}：{}", labels.evidence, tab.evidence));
    }
    if let Some(verdict) = tab.verdict {
        lines.push(format!("{}：{}", labels.result, wording::verdict(verdict, binder.language())));
    }
    for entry in &tab.entries {
        lines.push(String::new());
        lines.push(heading(binder, entry));
        if entry.files.is_empty() {
            lines.push(format!("  {}", labels.nothing));
        }
        lines.extend(entry.files.iter().flat_map(|listed| file(binder, tab, listed)));
    }
    lines
}

fn heading(binder: &Binder<'_>, entry: &Entry) -> String {
    let project = entry.project.and_then(|project| binder.assessment.projects.get(project));
    let project = project.map_or_else(String::new, |project| format!("（{}）", safe(&project.name)));
    let status =
        entry.status.map_or_else(String::new, |status| format!("  {}", wording::status(status, binder.language())));
    format!("■ {}{project}{status}", safe(&entry.name))
}

/// Its name here or its place elsewhere, and where it came from.
fn file(binder: &Binder<'_>, tab: &Tab, listed: &Listed) -> [String; 2] {
    let labels = said::labels(binder.language());
    let here = tab.folder.as_ref().and_then(|folder| listed.to.strip_prefix(folder.as_str())?.strip_prefix('/'));
    let place = match here {
        Some(here) => format!("  {here}"),
        None => format!("  {} {}", labels.see, listed.to),
    };
    let path = &binder.assessment.files[listed.file].path;
    [place, format!("      {}：{}", labels.original, safe(path.as_str()))]
}
