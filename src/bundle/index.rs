//! What the index says, whichever file it is written to.

use super::plan::{Entry, LeftOut, Listed, Tab, extent};
use super::{Binder, Plan};
use crate::model::Verdict;
use crate::wording::{self, binder as said, safe};

/// A row: a file that serves a material, or a material or clause without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) no: u32,
    pub(super) stage: String,
    pub(super) verdict: String,
    pub(super) material: String,
    pub(super) project: String,
    pub(super) status: String,
    pub(super) file: Option<FileCells>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileCells {
    /// In the binder, and the last part of it: its number says in which folder it lies.
    pub(super) to: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) date: String,
    pub(super) extent: String,
    pub(super) original: String,
    pub(super) sha256: String,
}

/// A file that is not in the binder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Out {
    pub(super) original: String,
    pub(super) why: String,
    pub(super) title: String,
    pub(super) sha256: String,
}

pub(super) fn rows(binder: &Binder<'_>, plan: &Plan) -> Vec<Row> {
    plan.tabs.iter().flat_map(|tab| of_tab(binder, tab)).collect()
}

pub(super) fn left_out(binder: &Binder<'_>, plan: &Plan) -> Vec<Out> {
    let of = |one: &LeftOut| {
        let file = &binder.assessment.files[one.file];
        Out {
            original: safe(file.path.as_str()),
            why: one.why.clone(),
            title: file.title.as_deref().map(safe).unwrap_or_default(),
            sha256: file.sha256.clone(),
        }
    };
    plan.left_out.iter().map(of).collect()
}

pub(super) fn of_tab(binder: &Binder<'_>, tab: &Tab) -> Vec<Row> {
    let language = binder.language();
    let plain = |material: String, project: String, status: String| Row {
        no: tab.no,
        stage: tab.stage.clone(),
        verdict: tab.verdict.map_or_else(String::new, |verdict| wording::verdict(verdict, language).to_owned()),
        material,
        project,
        status,
        file: None,
    };
    if tab.verdict == Some(Verdict::NotApplicable) {
        let why = said::not_applicable(tab.why_not_applicable, language).to_owned();
        return vec![plain(tab.title.clone(), String::new(), why)];
    }
    let of_entry = |entry: &Entry| {
        let project = entry.project.and_then(|project| binder.assessment.projects.get(project));
        let status = match entry.status {
            Some(status) => wording::status(status, language),
            None if entry.files.is_empty() => wording::status(crate::model::Status::Missing, language),
            None => said::labels(language).rectified,
        };
        let row =
            plain(safe(&entry.name), project.map(|project| safe(&project.name)).unwrap_or_default(), status.to_owned());
        let mut rows: Vec<Row> =
            entry.files.iter().map(|listed| Row { file: Some(cells(binder, listed)), ..row.clone() }).collect();
        if rows.is_empty() {
            rows.push(row);
        }
        rows
    };
    tab.entries.iter().flat_map(of_entry).collect()
}

fn cells(binder: &Binder<'_>, listed: &Listed) -> FileCells {
    let file = &binder.assessment.files[listed.file];
    FileCells {
        to: listed.to.clone(),
        name: listed.to.rsplit('/').next().unwrap_or_default().to_owned(),
        title: file.title.as_deref().map(safe).unwrap_or_default(),
        date: file.date.map(|date| date.to_string()).unwrap_or_default(),
        extent: extent(file, binder.language()),
        original: safe(file.path.as_str()),
        sha256: file.sha256.clone(),
    }
}
