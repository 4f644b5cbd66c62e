//! The index as a page for a browser: links to every file, nothing loaded, every value escaped.

use std::fmt::Write as _;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::index::{self, Row};
use super::plan::Tab;
use super::{Binder, Plan};
use crate::model::Verdict;
use crate::model::assessment::OWN_MARK;
use crate::model::settings::Language;
use crate::wording::{self, binder as said, safe, words};

const TEMPLATE: &str = include_str!("index.html");

/// What RFC 3986 lets stand in a path's segment without a meaning of its own.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn write(binder: &Binder<'_>, plan: &Plan) -> Result<Vec<u8>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    let template = TEMPLATE.replace("\r\n", "\n");
    let mut page = environment.template_from_str(&template)?.render(Serde(View::of(binder, plan)))?;
    page.push('\n');
    Ok(page.into_bytes())
}

/// A path of the binder as a link from its root.
fn href(path: &str) -> String {
    let mut link = String::new();
    for (at, segment) in path.split('/').enumerate() {
        let _ = write!(link, "{}{}", if at > 0 { "/" } else { "" }, utf8_percent_encode(segment, SEGMENT)); // writing to a string cannot fail
    }
    link
}

#[derive(Serialize)]
struct View {
    mark: &'static str,
    lang: &'static str,
    organization: String,
    about: Vec<String>,
    links: Vec<Link>,
    t: Labels,
    /// There are several, so that a column says which.
    projects: bool,
    stages: Vec<StageView>,
    left_out: Vec<OutView>,
}

#[derive(Serialize)]
struct Labels {
    title: &'static str,
    evidence: &'static str,
    nothing: &'static str,
    left_out: &'static str,
    columns: Vec<&'static str>,
    /// Of each column, whether there is one for projects or not.
    cells: [&'static str; 8],
    left_out_columns: Vec<&'static str>,
}

#[derive(Serialize)]
struct Link {
    href: String,
    text: String,
}

#[derive(Serialize)]
struct StageView {
    name: String,
    tabs: Vec<TabView>,
}

#[derive(Serialize)]
struct TabView {
    no: u32,
    title: String,
    clause: String,
    evidence: String,
    verdict: &'static str,
    why: &'static str,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    material: String,
    project: String,
    status: String,
    file: Option<FileView>,
}

#[derive(Serialize)]
struct FileView {
    href: String,
    name: String,
    title: String,
    date: String,
    extent: String,
    original: String,
    sha256: String,
}

#[derive(Serialize)]
struct OutView {
    original: String,
    why: String,
    title: String,
    sha256: String,
}

impl View {
    fn of(binder: &Binder<'_>, plan: &Plan) -> Self {
        let (assessment, language) = (binder.assessment, binder.language());
        let labels = said::labels(language);
        let projects = assessment.projects.len() > 1;
        let about = [&assessment.pack_title, &assessment.level_name, &assessment.audit_name];
        let mut about: Vec<String> = about.iter().map(|name| words(name, language).to_owned()).collect();
        about.extend(assessment.period.map(|period| format!("{} {}", labels.period, wording::span(period, language))));
        about.push(format!("{} {}", labels.as_of, assessment.as_of));
        Self {
            mark: OWN_MARK,
            lang: if language == Language::Zh { "zh-CN" } else { "en" },
            organization: assessment.organization.as_deref().map(safe).unwrap_or_default(),
            about,
            links: links(binder, plan),
            t: Labels {
                title: labels.title,
                evidence: labels.evidence,
                nothing: labels.nothing,
                left_out: labels.left_out,
                columns: columns(&labels, projects),
                cells: [3, 4, 5, 6, 7, 8, 9, 10].map(|at| labels.columns[at]),
                left_out_columns: labels.left_out_columns[..3].to_vec(),
            },
            projects,
            stages: stages(binder, plan),
            left_out: index::left_out(binder, plan)
                .into_iter()
                .map(|out| OutView { original: out.original, why: out.why, title: out.title, sha256: out.sha256 })
                .collect(),
        }
    }
}

/// Of the workbook's columns those that a page has room for.
fn columns(labels: &said::Labels, projects: bool) -> Vec<&'static str> {
    let all = [3, 4, 5, 6, 7, 8, 9, 10];
    all.iter().filter(|at| projects || **at != 4).map(|at| labels.columns[*at]).collect()
}

/// Form, report, and the files that are not here.
fn links(binder: &Binder<'_>, plan: &Plan) -> Vec<Link> {
    let labels = said::labels(binder.language());
    let mut links: Vec<Link> =
        binder.beside().into_iter().map(|(path, text)| Link { href: href(&path), text: text.to_owned() }).collect();
    if !plan.left_out.is_empty() {
        let text = format!("{} ({})", labels.left_out, plan.left_out.len());
        links.push(Link { href: "#left-out".to_owned(), text });
    }
    links
}

fn stages(binder: &Binder<'_>, plan: &Plan) -> Vec<StageView> {
    let mut stages: Vec<StageView> = Vec::new();
    for tab in &plan.tabs {
        let view = tab_view(binder, tab);
        match stages.last_mut().filter(|stage| stage.name == tab.stage) {
            Some(stage) => stage.tabs.push(view),
            None => stages.push(StageView { name: tab.stage.clone(), tabs: vec![view] }),
        }
    }
    stages
}

fn tab_view(binder: &Binder<'_>, tab: &Tab) -> TabView {
    let language = binder.language();
    let applies = tab.verdict != Some(Verdict::NotApplicable);
    TabView {
        no: tab.no,
        title: tab.title.clone(),
        clause: tab.clause.clone(),
        evidence: tab.evidence.clone(),
        verdict: tab.verdict.map_or("", |verdict| wording::verdict(verdict, language)),
        why: if applies { "" } else { said::not_applicable(tab.why_not_applicable, language) },
        rows: index::of_tab(binder, tab).into_iter().map(row_view).collect(),
    }
}

fn row_view(row: Row) -> RowView {
    let file = row.file.map(|file| FileView {
        href: href(&file.to),
        name: file.name,
        title: file.title,
        date: file.date,
        extent: file.extent,
        original: file.original,
        sha256: file.sha256,
    });
    RowView { material: row.material, project: row.project, status: row.status, file }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_path_and_nothing_else() {
        for (path, link) in [
            ("11 合同/11-01 a.pdf", "11%20%E5%90%88%E5%90%8C/11-01%20a.pdf"),
            ("javascript:x", "javascript%3Ax"),
            ("a'\"<b>?#", "a%27%22%3Cb%3E%3F%23"),
        ] {
            assert_eq!(href(path), link);
        }
    }
}
