//! An evidence folder to begin with: a folder for each clause, a note in each that says what belongs
//! there and what it must contain, and `evlint.json`.
//!
//! Pure: a pack and what the organisation says of itself in, paths and texts out. All of it is marked
//! as evlint's own. Start reading at [`Start::files`].

mod note;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::bundle::{clause_title, folder_name};
use crate::config;
use crate::model::name::{Taken, portable};
use crate::model::pack::{Clause, Material, Pack, Scope};
use crate::model::settings::Language;
use crate::model::time::Span;
use crate::rules;
use crate::wording::{starter as said, words};

/// What `evlint.json` names as its schema, beside it: editors complete and check by it offline.
pub const SCHEMA: &str = "evlint.schema.json";

/// UTF-16 units of a folder's name.
const FOLDER: usize = 40;

/// What the organisation says of itself and its audit.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    pub pack: &'a Pack,
    /// Ids of the pack.
    pub level: &'a str,
    pub audit: &'a str,
    pub organization: Option<&'a str>,
    pub period: Option<Span>,
    /// Names; with one or none the folder is one, with several each has a folder.
    pub projects: &'a [String],
    /// `rules` of evlint.json, where it is not the standard's own pack.
    pub rules: Option<&'a str>,
    pub language: Language,
}

impl Start<'_> {
    /// Every file by its path, relative, with `/`.
    ///
    /// # Errors
    /// Never: what is written is made of text.
    pub fn files(&self) -> Result<BTreeMap<String, String>, serde_json::Error> {
        let mut files = BTreeMap::new();
        files.insert(config::NAME.to_owned(), self.config()?);
        files.insert(SCHEMA.to_owned(), rules::config_schema().to_owned());
        files.insert(said::note_name(self.language).to_owned(), note::root(self));
        for part in self.parts() {
            for clause in self.clauses() {
                let materials: Vec<&Material> =
                    clause.materials.iter().filter(|material| part.holds(material)).collect();
                if !materials.is_empty() {
                    let folder = format!("{}{}/{}", part.folder, self.stage(clause.stage), self.clause_folder(clause));
                    files.insert(
                        format!("{folder}/{}", said::note_name(self.language)),
                        note::clause(self, clause, &materials),
                    );
                }
            }
            if part.organization && self.pack.audit(self.audit).is_some_and(|audit| audit.rectification) {
                self.rectification(&part, &mut files);
            }
        }
        Ok(files)
    }

    fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.pack.clauses.iter().filter(|clause| clause.applies(self.level, self.audit))
    }

    /// `2 准备阶段`: one digit, so that a stage's number is no clause's.
    fn stage(&self, at: usize) -> String {
        let name = self.pack.stages.get(at).map_or("", |stage| words(&stage.name, self.language));
        portable(&format!("{} {name}", at + 1), FOLDER)
    }

    fn clause_folder(&self, clause: &Clause) -> String {
        folder_name(clause.no, &clause_title(clause, self.language))
    }

    /// Where the answers to last audit's findings go.
    fn rectification(&self, part: &Part, files: &mut BTreeMap<String, String>) {
        let stage = format!("{} {}", self.pack.stages.len() + 1, crate::wording::binder::last_audit(self.language));
        for row in &self.pack.rectification {
            let folder = folder_name(row.no, words(&row.title, self.language));
            let path = format!("{}{stage}/{folder}/{}", part.folder, said::note_name(self.language));
            files.insert(path, note::rectification(self, row));
        }
    }

    /// The company's part and each project's; one for all where there are no several projects.
    fn parts(&self) -> Vec<Part> {
        if self.projects.len() < 2 {
            return vec![Part { folder: String::new(), organization: true, project: true }];
        }
        let company =
            Part { folder: format!("00 {}/", said::company(self.language)), organization: true, project: false };
        let projects = self.project_folders().into_iter();
        let project = |name| Part { folder: format!("{name}/"), organization: false, project: true };
        std::iter::once(company).chain(projects.map(project)).collect()
    }

    fn project_folders(&self) -> Vec<String> {
        let mut taken = Taken::default();
        let name = |(at, name): (usize, &String)| taken.take(portable(&format!("{:02} {name}", at + 1), FOLDER));
        self.projects.iter().enumerate().map(name).collect()
    }

    fn config(&self) -> Result<String, serde_json::Error> {
        let several = self.projects.len() > 1;
        let folders = self.project_folders();
        let project =
            |(name, folder): (&String, String)| Project { name: name.clone(), path: several.then_some(folder) };
        let config = Config {
            schema: format!("./{SCHEMA}"),
            organization: self.organization,
            level: self.level.parse().map_or_else(|_| self.level.into(), |number: u32| number.into()),
            audit: self.audit,
            period: self.period.map(|period| Days { from: period.from.to_string(), to: period.to.to_string() }),
            projects: self.projects.iter().zip(folders).map(project).collect(),
            prior_findings: self.pack.audit(self.audit).is_some_and(|audit| audit.rectification).then(Vec::new),
            rules: self.rules,
        };
        let mut text = serde_json::to_string_pretty(&config)?;
        text.push('\n');
        Ok(text)
    }
}

/// A part of the folder with the materials of these scopes.
struct Part {
    /// Empty, or with a `/` at its end.
    folder: String,
    organization: bool,
    project: bool,
}

impl Part {
    fn holds(&self, material: &Material) -> bool {
        match material.scope {
            Scope::Organization => self.organization,
            Scope::Project => self.project,
        }
    }
}

#[derive(Serialize)]
struct Config<'a> {
    #[serde(rename = "$schema")]
    schema: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'a str>,
    level: Value,
    audit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<Days>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    projects: Vec<Project>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prior_findings: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<&'a str>,
}

#[derive(Serialize)]
struct Days {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Project {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::normalise;

    fn start<'a>(pack: &'a Pack, projects: &'a [String], language: Language) -> Start<'a> {
        Start {
            pack,
            level: "1",
            audit: "surveillance",
            organization: Some("甲"),
            period: None,
            projects,
            rules: None,
            language,
        }
    }

    /// A folder's name is a hint: it must not make templates of what is put there, and not be too
    /// long for Windows below a folder of some hundred characters.
    #[test]
    fn folders_are_named_so_that_they_do_no_harm() {
        let pack = rules::builtin().expect("the built-in pack");
        let projects = ["CON", "甲/乙", "甲:乙", "a", "A"].map(str::to_owned);
        for language in [Language::Zh, Language::En] {
            for projects in [&projects[..], &projects[..1], &[]] {
                let files = start(&pack, projects, language).files().expect("text");
                assert!(files.len() > 50, "{}", files.len());
                for path in files.keys() {
                    let folder = normalise(path.rsplit_once('/').map_or("", |(folder, _)| folder));
                    let template = pack.vocabulary.templates.iter().find(|pattern| pattern.is_in(&folder));
                    assert!(template.is_none(), "{path}: {template:?}");
                    assert!(path.encode_utf16().count() < 140, "{path}");
                }
            }
        }
    }

    #[test]
    fn names_that_a_file_system_takes_for_one_stay_apart() {
        let pack = rules::builtin().expect("the built-in pack");
        let projects = ["甲/乙", "甲:乙", "CON"].map(str::to_owned);
        let start = start(&pack, &projects, Language::Zh);
        assert_eq!(start.project_folders(), ["01 甲-乙", "02 甲-乙", "03 CON"]);
    }

    /// Every file but evlint.json carries the mark near its top.
    #[test]
    fn all_is_marked_as_our_own() {
        let pack = rules::builtin().expect("the built-in pack");
        for (path, text) in start(&pack, &[], Language::Zh).files().expect("text") {
            assert!(
                path == config::NAME
                    || text.chars().take(200).collect::<String>().contains(crate::model::assessment::OWN_MARK),
                "{path}"
            );
        }
    }
}
