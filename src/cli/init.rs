//! `evlint init`: an evidence folder to begin with. It never overwrites, and leaves nothing half-made.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dialoguer::{Input, Select};
use evlint::model::Pack;
use evlint::model::pack::Words;
use evlint::model::settings::Language;
use evlint::model::time::Span;
use evlint::starter::Start;
use evlint::wording::{starter as said, words};

use super::args::{Global, Init};
use super::bundle::set_usual_folder_mode;
use super::check::closed_is_fine;
use super::error::CliError;
use super::{setup, terminal};

/// Names of what is in the way before the rest is counted.
const NAMED: usize = 8;

pub(crate) fn run(init: &Init, global: &Global) -> Result<ExitCode, CliError> {
    let language = terminal::language(global.lang);
    let pack = setup::pack(init.rules.as_deref())?;
    let answers = if is_asked(init) { ask(&pack, language)? } else { Answers::of(init)? };
    let level = answers.level.as_deref().unwrap_or_default();
    let audit = answers.audit.as_deref().or(pack.audits.first().map(|audit| audit.id.as_str())).unwrap_or_default();
    setup::check_ids(&pack, level, audit, &init.path)?;
    let rules = init.rules.as_ref().map(|rules| rules.to_string_lossy());
    let start = Start {
        pack: &pack,
        level,
        audit,
        organization: answers.organization.as_deref(),
        period: answers.period,
        projects: &answers.projects,
        rules: rules.as_deref(),
        language,
    };
    let unwritable = |source| CliError::Write { path: init.path.clone(), source };
    let files = start.files().map_err(|error| unwritable(error.into()))?;
    let paths: Vec<&String> = files.keys().collect();
    let tops = tops(&paths);
    let existing: Vec<String> = tops
        .iter()
        .filter(|top| fs::symlink_metadata(init.path.join(top)).is_ok())
        .map(|top| (*top).to_owned())
        .collect();
    if !existing.is_empty() {
        return Err(CliError::InitExists { names: shortened(existing) });
    }
    make(&init.path, &tops, &files).map_err(unwritable)?;
    let folders = files.len().saturating_sub(3);
    let text = said::made(&init.path.display().to_string(), folders, language);
    closed_is_fine(writeln!(io::stdout().lock(), "{text}")).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

/// What the files' paths begin with: what there must not be yet.
fn tops<'p>(paths: &[&'p String]) -> Vec<&'p str> {
    let mut tops: Vec<&str> = paths.iter().filter_map(|path| path.split('/').next()).collect();
    tops.sort_unstable();
    tops.dedup();
    tops
}

fn shortened(mut names: Vec<String>) -> Vec<String> {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("… (+{more})"));
    }
    names
}

/// Puts all of it together beside its place, then moves it there; what was moved goes back out where
/// the rest cannot follow.
fn make(root: &Path, tops: &[&str], files: &std::collections::BTreeMap<String, String>) -> io::Result<()> {
    let new = first_missing(root);
    fs::create_dir_all(root)?;
    let made = put(root, tops, files);
    if made.is_err()
        && let Some(new) = new
    {
        let _ = fs::remove_dir_all(new); // only what we made; the first error is the one to tell
    }
    made
}

/// The highest folder of the path that is not there yet.
fn first_missing(root: &Path) -> Option<PathBuf> {
    root.ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .last()
        .map(Path::to_path_buf)
}

fn put(root: &Path, tops: &[&str], files: &std::collections::BTreeMap<String, String>) -> io::Result<()> {
    let part = tempfile::Builder::new().prefix(".evlint-").tempdir_in(root)?;
    for (path, text) in files {
        let file = path.split('/').fold(part.path().to_path_buf(), |folder, name| folder.join(name));
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        File::create_new(file)?.write_all(text.as_bytes())?;
    }
    set_usual_folder_mode(part.path())?;
    let mut moved: Vec<&str> = Vec::new();
    for top in tops {
        let target = root.join(top);
        let done = if fs::symlink_metadata(&target).is_ok() {
            Err(io::ErrorKind::AlreadyExists.into())
        } else {
            fs::rename(part.path().join(top), &target)
        };
        if let Err(error) = done {
            for top in moved {
                let _ = fs::rename(root.join(top), part.path().join(top)); // back where it is deleted
            }
            return Err(error);
        }
        moved.push(top);
    }
    Ok(())
}

struct Answers {
    organization: Option<String>,
    level: Option<String>,
    audit: Option<String>,
    period: Option<Span>,
    projects: Vec<String>,
}

impl Answers {
    fn of(init: &Init) -> Result<Self, CliError> {
        Ok(Self {
            organization: init.organization.clone(),
            level: init.level.clone(),
            audit: init.audit.clone(),
            period: init.period.as_deref().map(setup::period).transpose()?,
            projects: without_repeats(init.project.clone()),
        })
    }
}

/// evlint.json takes no two projects of one name.
fn without_repeats(names: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        let name = name.trim().to_owned();
        if !name.is_empty() && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

/// Somebody sits there, and said nothing yet.
fn is_asked(init: &Init) -> bool {
    let Init { level, audit, organization, period, project, .. } = init;
    let is_said = [level, audit, organization, period].into_iter().any(Option::is_some) || !project.is_empty();
    !is_said && io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn ask(pack: &Pack, language: Language) -> Result<Answers, CliError> {
    let questions = said::questions(language);
    let failed = |source| CliError::Asked { source };
    let text = |prompt: &str| Input::<String>::new().with_prompt(prompt).allow_empty(true).interact_text();
    let choose = |prompt: &str, names: Vec<&Words>| {
        let names: Vec<&str> = names.into_iter().map(|name| words(name, language)).collect();
        Select::new().with_prompt(prompt).items(&names).default(0).interact()
    };
    let organization = text(questions.organization).map_err(failed)?;
    let level = choose(questions.level, pack.levels.iter().map(|level| &level.name).collect()).map_err(failed)?;
    let audit = choose(questions.audit, pack.audits.iter().map(|audit| &audit.name).collect()).map_err(failed)?;
    let is_period = |text: &String| -> Result<(), &'static str> {
        if text.trim().is_empty() || setup::period(text).is_ok() { Ok(()) } else { Err(questions.bad_period) }
    };
    let period: String = Input::new()
        .with_prompt(questions.period)
        .allow_empty(true)
        .validate_with(is_period)
        .interact_text()
        .map_err(failed)?;
    let mut projects = Vec::new();
    loop {
        let prompt = if projects.is_empty() { questions.project } else { questions.next_project };
        let name = text(prompt).map_err(failed)?;
        if name.trim().is_empty() {
            break;
        }
        projects.push(name);
    }
    Ok(Answers {
        organization: Some(organization.trim().to_owned()).filter(|name| !name.is_empty()),
        level: Some(pack.levels[level].id.clone()),
        audit: Some(pack.audits[audit].id.clone()),
        period: Some(period).filter(|text| !text.trim().is_empty()).as_deref().map(setup::period).transpose()?,
        projects: without_repeats(projects),
    })
}
