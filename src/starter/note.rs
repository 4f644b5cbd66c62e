//! The notes: what belongs into a folder, and what it must contain.

use super::Start;
use crate::model::assessment::OWN_MARK;
use crate::model::pack::{Clause, Item, Material, MaterialRef, Need, RectificationRow, Scope, Timing};
use crate::wording::{binder, starter as said, words};

pub(super) fn root(start: &Start<'_>) -> String {
    let pack = start.pack;
    let level = pack.level(start.level).map_or(start.level, |level| words(&level.name, start.language));
    let audit = pack.audit(start.audit).map_or(start.audit, |audit| words(&audit.name, start.language));
    let title = format!("{} · {level} · {audit}", words(&pack.title, start.language));
    let lines = said::root(start.projects.len() > 1, start.language);
    text(&title, &lines)
}

pub(super) fn clause(start: &Start<'_>, clause: &Clause, materials: &[&Material]) -> String {
    let language = start.language;
    let labels = binder::labels(language);
    let title = format!("{} {}", clause.no, super::clause_title(clause, language));
    let mut lines = vec![
        format!("{}：{}", labels.requirement, clause.clause),
        String::new(),
        format!("{}：{}", labels.evidence, clause.evidence),
    ];
    for material in materials {
        lines.push(String::new());
        lines.extend(self::material(start, material));
    }
    text(&title, &lines)
}

pub(super) fn rectification(start: &Start<'_>, row: &RectificationRow) -> String {
    let title = format!("{} {}", row.no, words(&row.title, start.language));
    text(&title, &said::rectification(&row.kind, start.language))
}

/// Marked in a comment that no reader of Markdown shows.
fn text(title: &str, lines: &[String]) -> String {
    format!("<!-- {OWN_MARK} -->\n# {title}\n\n{}\n", lines.join("\n"))
}

fn material(start: &Start<'_>, material: &Material) -> Vec<String> {
    let language = start.language;
    let scope = match material.scope {
        Scope::Organization => said::for_organization(language),
        Scope::Project => said::for_project(language),
    };
    let mut lines = vec![
        format!("## {}（{scope}）", words(&material.name, language)),
        String::new(),
        words(&material.accepts, language).to_owned(),
    ];
    for (need, label) in
        [(Need::All, said::all(language)), (Need::Any, said::any(language)), (Need::Suitable, said::suitable(language))]
    {
        let items: Vec<&Item> = material.items.iter().filter(|item| item.need == need).collect();
        if !items.is_empty() {
            lines.extend([String::new(), label.to_owned(), String::new()]);
            lines.extend(items.iter().map(|item| format!("- {}", item.name)));
        }
    }
    let mut rules: Vec<String> = timing(material.timing, start).into_iter().collect();
    rules.extend(material.series.then(|| said::series(language).to_owned()));
    rules.extend(material.approval.then(|| said::approval(language).to_owned()));
    for (others, sentence) in [(&material.inside, true), (&material.shown_by, false)] {
        let names = names(start, others);
        if !names.is_empty() {
            rules.push(if sentence { said::inside(&names, language) } else { said::shown_by(&names, language) });
        }
    }
    if !rules.is_empty() {
        lines.push(String::new());
        lines.extend(rules);
    }
    lines
}

fn timing(timing: Timing, start: &Start<'_>) -> Option<String> {
    said::timing(timing, start.language).map(str::to_owned)
}

/// `11 项目合同`, of the clauses that apply.
fn names(start: &Start<'_>, others: &[MaterialRef]) -> Vec<String> {
    let applies =
        |of: &&MaterialRef| start.pack.clause(of.clause).is_some_and(|clause| clause.applies(start.level, start.audit));
    let name =
        |of: &MaterialRef| Some(format!("{} {}", of.clause, words(&start.pack.material(of)?.name, start.language)));
    others.iter().filter(applies).filter_map(name).collect()
}
