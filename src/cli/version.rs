//! Which version of the folder is judged: the files on disk, git's index, or a commit.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use evlint::model::settings::Origin;
use evlint::tree::git::{Folder, Repository, Snapshot};
use evlint::tree::{self, Tree};
use evlint::{config, rules};

use super::args::{Judge, Version};
use super::error::CliError;
use super::setup::{self, Setup};

/// What a run judges by, and the folder it judges.
pub(crate) struct Judged {
    pub(crate) setup: Setup,
    /// As git has it; None of files on disk.
    pub(crate) folder: Option<Folder>,
    /// The same folder in the other commit that was asked for.
    pub(crate) before: Option<Folder>,
}

impl Judged {
    pub(crate) fn tree(&self) -> Result<Tree, CliError> {
        let Setup { root, settings, .. } = &self.setup;
        match &self.folder {
            Some(folder) => folder.tree(&settings.ignore),
            None => tree::walk(root, &settings.ignore),
        }
        .map_err(CliError::tree)
    }
}

impl Version {
    pub(crate) fn is_on_disk(&self) -> bool {
        !self.staged && self.commit.is_none()
    }

    fn snapshot(&self, repository: &Arc<Repository>) -> Result<Snapshot, CliError> {
        let snapshot = match &self.commit {
            Some(revision) => Snapshot::commit(repository, revision),
            None => Snapshot::index(repository),
        };
        snapshot.map_err(CliError::git)
    }

    /// Where `REV:FOLDER` is judged, a plain `REV` to compare with means its folder too.
    fn other(&self, revision: &str) -> String {
        match self.commit.as_deref().and_then(|commit| commit.split_once(':')) {
            Some((_, folder)) if !revision.contains(':') => format!("{revision}:{folder}"),
            _ => revision.to_owned(),
        }
    }
}

/// The folder at `path` in the version asked for, with the evlint.json of that version; and as it was in
/// the commit `since`.
pub(crate) fn judged(path: &Path, judge: &Judge, version: &Version, since: Option<&str>) -> Result<Judged, CliError> {
    if version.is_on_disk() {
        let setup = setup::prepare(setup::on_disk(path, judge)?, judge)?;
        let before =
            since.map(|revision| in_commit(&open(&setup.root)?, version, revision, &setup.root)).transpose()?;
        return Ok(Judged { setup, folder: None, before });
    }
    // While git is asked, the pack is read; while it lists this version, it is asked about the other.
    let other = since.map(|revision| version.other(revision));
    thread::scope(|scope| {
        let pack = judge.rules.is_none().then(|| scope.spawn(rules::builtin));
        // Today's date needs it, and to find it may mean to look through many folders.
        scope.spawn(jiff::tz::TimeZone::system);
        let repository = open(path)?;
        let other = other.as_deref().map(|revision| {
            let repository = Arc::clone(&repository);
            scope.spawn(move || Snapshot::commit(&repository, revision))
        });
        let snapshot = version.snapshot(&repository)?;
        let found = in_git(&snapshot, path, judge)?;
        let setup = setup::prepare_with(found, judge, || pack.map_or_else(rules::builtin, joined))?;
        let folder = snapshot.folder(&setup.root).map_err(CliError::git)?;
        let before = other.map(|other| joined(other)?.folder(&setup.root)).transpose().map_err(CliError::git)?;
        Ok(Judged { setup, folder: Some(folder), before })
    })
}

/// What another thread has made.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The same folder in another commit.
fn in_commit(repository: &Arc<Repository>, version: &Version, revision: &str, root: &Path) -> Result<Folder, CliError> {
    let snapshot = Snapshot::commit(repository, &version.other(revision)).map_err(CliError::git)?;
    snapshot.folder(root).map_err(CliError::git)
}

/// The repository that a folder is in, as the environment has it: git tells its hooks.
pub(crate) fn open(path: &Path) -> Result<Arc<Repository>, CliError> {
    let is_gits = |(name, _): &(OsString, OsString)| name.to_string_lossy().starts_with("GIT_");
    let variables: Vec<(OsString, OsString)> = env::vars_os().filter(is_gits).collect();
    Repository::open(path, &variables).map(Arc::new).map_err(CliError::git)
}

/// As [`setup::on_disk`]: the file on disk may be another.
fn in_git(snapshot: &Snapshot, path: &Path, judge: &Judge) -> Result<setup::Found, CliError> {
    if judge.config.is_some() {
        return setup::on_disk(path, judge);
    }
    let Some(found) = snapshot.nearest(path, config::NAME).map_err(CliError::git)? else {
        let origin = Origin { folder: snapshot.place(path).map_err(CliError::git)?.to_string(), ..Origin::default() };
        return Ok(setup::Found { file: None, root: path.to_path_buf(), origin });
    };
    // As the repository has it: on disk it may be gone, and a bare repository has no files.
    let folder = snapshot.place(&found.folder).map_err(CliError::git)?.to_string();
    let config = if folder.is_empty() { config::NAME.to_owned() } else { format!("{folder}/{}", config::NAME) };
    let origin = Origin { folder, config: Some(config), ..Origin::default() };
    let file = config::of_bytes(&found.name, found.bytes).map_err(setup::config_error)?;
    Ok(setup::Found { file: Some((found.name.into(), file)), root: found.folder, origin })
}
