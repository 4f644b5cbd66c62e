//! What a run judges by: the pack, and evlint.json with the flags over it.

use std::path::{Path, PathBuf};

use evlint::config::{self, Config, ConfigFile};
use evlint::model::settings::{Language, Origin};
use evlint::model::{Pack, Settings, Span};
use evlint::rules::PackError;
use evlint::tree::{At, Entry, Tree};
use evlint::{rules, tree, wording};

use super::args::{Global, Judge};
use super::error::{CliError, did_you_mean};
use super::terminal;

/// Everything that judging needs besides the files.
pub(crate) struct Setup {
    /// The evidence root: the folder of evlint.json, else the folder given.
    pub(crate) root: PathBuf,
    pub(crate) pack: Pack,
    pub(crate) settings: Settings,
}

/// The configuration that speaks for a folder, and the evidence root it stands for.
pub(crate) struct Found {
    /// Where it was read, as the user would name it.
    pub(crate) file: Option<(PathBuf, ConfigFile)>,
    pub(crate) root: PathBuf,
    /// Its `lines` are not known before the pack is.
    pub(crate) origin: Origin,
}

/// What the flag names, else what lies in the folder or above it.
pub(crate) fn on_disk(path: &Path, judge: &Judge) -> Result<Found, CliError> {
    let found = judge.config.clone().or_else(|| config::find(path));
    let root = match (&judge.config, &found) {
        (None, Some(found)) => found.parent().map_or_else(|| path.to_path_buf(), Path::to_path_buf),
        _ => path.to_path_buf(),
    };
    let origin = origin(&root, found.as_deref());
    let read = |file: PathBuf| config::read(&file).map(|shape| (file, shape));
    let file = found.map(read).transpose().map_err(config_error)?;
    Ok(Found { file, root, origin })
}

/// What is known about a folder on disk whose clauses are to be judged.
pub(crate) fn judged(path: &Path, judge: &Judge) -> Result<Setup, CliError> {
    let setup = prepare(on_disk(path, judge)?, judge)?;
    demand_level(&setup)?;
    Ok(setup)
}

/// To judge clauses a level must be known.
pub(crate) fn demand_level(setup: &Setup) -> Result<(), CliError> {
    let Settings { level, audit, .. } = &setup.settings;
    check_ids(&setup.pack, level, audit, &setup.root)
}

/// Level and audit are the pack's.
pub(crate) fn check_ids(pack: &Pack, level: &str, audit: &str, root: &Path) -> Result<(), CliError> {
    let levels: Vec<&str> = pack.levels.iter().map(|level| level.id.as_str()).collect();
    let audits: Vec<&str> = pack.audits.iter().map(|audit| audit.id.as_str()).collect();
    if level.is_empty() {
        let names: Vec<String> = pack.levels.iter().map(|level| format!("{} {}", level.id, level.name.zh)).collect();
        let help = format!(
            "用 --level 说明（{}），或在 {} 里写 \"level\" (say --level ID, or \"level\" in evlint.json)",
            names.join("，"),
            root.join(config::NAME).display()
        );
        return Err(CliError::NoLevel { help });
    }
    if !levels.contains(&level) {
        return Err(CliError::UnknownLevel { id: level.to_owned(), help: did_you_mean(level, &levels) });
    }
    if !audits.contains(&audit) {
        return Err(CliError::UnknownAudit { id: audit.to_owned(), help: did_you_mean(audit, &audits) });
    }
    Ok(())
}

/// What is known about the folder, which may be nothing.
pub(crate) fn prepare(found: Found, judge: &Judge) -> Result<Setup, CliError> {
    prepare_with(found, judge, rules::builtin)
}

/// As [`prepare`], with a builtin pack that may be on its way.
pub(crate) fn prepare_with(
    Found { file, root, origin }: Found,
    judge: &Judge,
    builtin: impl FnOnce() -> Result<Pack, PackError>,
) -> Result<Setup, CliError> {
    // evlint.json names a pack relative to itself. It lies in the root unless a flag names it.
    let near = judge.config.as_deref().and_then(Path::parent).unwrap_or(&root);
    let named = || file.as_ref()?.1.rules().map(|rules| beside(near, rules));
    let pack = match judge.rules.clone().or_else(named) {
        Some(rules) => pack(Some(&rules))?,
        None => builtin().map_err(pack_error)?,
    };
    let (name, file) = file.unzip();
    let config = file.map(|file| file.check(&pack)).transpose().map_err(config_error)?.unwrap_or_default();
    let lines = if origin.config.is_some() { config.lines.clone() } else { Vec::new() };
    let origin = Origin { lines, ..origin };
    let settings = Settings { origin, ..settings(config, judge, &pack, name.as_deref())? };
    Ok(Setup { root, pack, settings })
}

pub(crate) fn config_error(error: config::ConfigError) -> CliError {
    CliError::Config(Box::new(error))
}

/// A folder of this name there, else the name of a built-in pack.
fn beside(folder: &Path, rules: &str) -> PathBuf {
    let near = folder.join(rules);
    if near.is_dir() { near } else { PathBuf::from(rules) }
}

/// A folder, else the name of a built-in pack; the standard's own where none is named.
pub(crate) fn pack(rules: Option<&Path>) -> Result<Pack, CliError> {
    let loaded = match rules {
        None => rules::builtin(),
        Some(folder) if folder.is_dir() => rules::load(folder),
        Some(name) if name.components().count() == 1 => rules::builtin_named(&name.to_string_lossy()),
        Some(folder) => rules::load(folder),
    };
    loaded.map_err(pack_error)
}

fn pack_error(error: PackError) -> CliError {
    CliError::Pack(Box::new(error))
}

/// Flags beat evlint.json; today is the clock's where neither says.
fn settings(config: Config, judge: &Judge, pack: &Pack, file: Option<&Path>) -> Result<Settings, CliError> {
    let period = judge.period.as_deref().map(period).transpose()?;
    let first_audit = pack.audits.first().map(|audit| audit.id.clone());
    Ok(Settings {
        organization: config.organization,
        level: judge.level.clone().or(config.level).unwrap_or_default(),
        audit: judge.audit.clone().or(config.audit).or(first_audit).unwrap_or_default(),
        period: period.or(config.period),
        as_of: judge.as_of.or(config.as_of).unwrap_or_else(|| jiff::Zoned::now().date()),
        assessed_on: config.assessed_on,
        assessors: config.assessors,
        projects: config.projects,
        prior_findings: config.prior_findings,
        evidence: config.evidence,
        waivers: config.waivers,
        confirmations: config.confirmations,
        ignore: config.ignore,
        config: file.map(|file| file.display().to_string()),
        origin: Origin::default(),
    })
}

/// Where folder and configuration lie in the repository around them. Outside of one, names start
/// at the folder.
fn origin(root: &Path, file: Option<&Path>) -> Origin {
    let Ok(root) = std::fs::canonicalize(root) else { return Origin::default() };
    let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&root);
    let file = file.and_then(|file| std::fs::canonicalize(file).ok()).filter(|file| file.starts_with(top));
    Origin {
        folder: tree::evidence_path(&root, top).to_string(),
        lines: Vec::new(),
        config: file.map(|file| tree::evidence_path(&file, top).to_string()),
    }
}

/// `2025-01-01..2025-12-31`; both days count.
pub(crate) fn period(text: &str) -> Result<Span, CliError> {
    let bad = || CliError::Period { text: text.to_owned() };
    let (from, to) = text.split_once("..").ok_or_else(bad)?;
    let (from, to) = (from.trim().parse().map_err(|_| bad())?, to.trim().parse().map_err(|_| bad())?);
    if from <= to { Ok(Span { from, to }) } else { Err(bad()) }
}

/// The file as the walk would name it.
pub(crate) fn entry(root: &Path, file: &Path) -> Result<Entry, CliError> {
    let unread = |source| CliError::Read { path: file.to_path_buf(), source };
    let whole = std::fs::canonicalize(file).map_err(unread)?;
    let root = std::fs::canonicalize(root).map_err(unread)?;
    let inside = whole.strip_prefix(&root).unwrap_or(&whole);
    let size = std::fs::metadata(file).map_err(unread)?.len();
    Ok(Entry { path: tree::evidence_path(inside, Path::new("")), at: At::Disk(file.to_path_buf()), size })
}

/// What the walk could not look at goes to standard error; the rest was checked.
#[expect(clippy::print_stderr, reason = "trouble goes to standard error")]
pub(crate) fn tell_troubles(tree: &Tree, global: &Global) {
    let language = terminal::language(global.lang);
    for trouble in &tree.troubles {
        let label = if language == Language::Zh { "注意：" } else { "note: " };
        eprintln!("{label}{}", wording::trouble(trouble, language));
    }
}
