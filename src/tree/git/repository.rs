//! Which repository a folder belongs to, and how to ask git about it.
//!
//! In a hook git says by `GIT_DIR`, `GIT_INDEX_FILE` and others where it is; they count if they
//! speak of the repository that the folder is in, and are kept from git if they speak of another.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::super::name;
use super::error::GitError;

/// Variables that name a place of one repository (`git rev-parse --local-env-vars`), not how git behaves.
const PLACES: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A git repository, and how git is asked about it.
#[derive(Debug)]
pub struct Repository {
    place: Place,
    /// Variables that git is given, or that are kept from it.
    variables: Vec<(OsString, Option<OsString>)>,
}

/// Where a repository is, by real paths.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    git_dir: PathBuf,
    /// Of the working tree; None in a bare repository.
    top: Option<PathBuf>,
}

impl Repository {
    /// The repository that a folder belongs to; the folder may be gone. `variables` are those of
    /// the environment that begin with `GIT_`.
    ///
    /// # Errors
    /// Where git cannot be run, or the folder is in no repository that it accepts.
    pub fn open(folder: &Path, variables: &[(OsString, OsString)]) -> Result<Self, GitError> {
        let (here, _) = existing(folder);
        let removed: Vec<(OsString, Option<OsString>)> = PLACES.iter().map(|name| ((*name).into(), None)).collect();
        let own = Place::ask(&here, &removed);
        if !variables.iter().any(|(name, _)| PLACES.iter().any(|place| name == *place)) {
            return own.map(|place| Self { place, variables: removed });
        }
        let said = Place::ask(Path::new("."), &[]);
        // Without it git takes the current folder for the top, which says nothing about ours.
        let is_top_said = variables.iter().any(|(name, _)| name == "GIT_WORK_TREE");
        let (place, is_said) = match (own, said) {
            (Ok(own), Ok(said)) if own.git_dir == said.git_dir => (own, true),
            (Ok(own), Ok(said)) if is_top_said && said.holds(&here) && !own.is_inside(&said) => (said, true),
            (Ok(own), _) => (own, false),
            (Err(_), Ok(said)) if said.top.is_none() || said.holds(&here) => (said, true),
            (Err(error), _) => return Err(error),
        };
        let variables = if is_said { place.variables(variables) } else { removed };
        Ok(Self { place, variables })
    }

    /// The top of the working tree; of a bare repository its own folder.
    #[must_use]
    pub fn top(&self) -> &Path {
        self.place.top.as_deref().unwrap_or(&self.place.git_dir)
    }

    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.place.top.is_none()
    }

    /// Where git looks for hooks: `core.hooksPath`, else the folder that all worktrees share.
    ///
    /// # Errors
    /// Where git fails.
    pub fn hooks(&self) -> Result<PathBuf, GitError> {
        Ok(self.top().join(line(self.run(&["rev-parse", "--git-path", "hooks"])?)))
    }

    /// What all worktrees of the repository share.
    ///
    /// # Errors
    /// Where git fails.
    pub fn common(&self) -> Result<PathBuf, GitError> {
        Ok(self.top().join(line(self.run(&["rev-parse", "--git-common-dir"])?)))
    }

    /// A folder's path from the top in git's own words: `/` between parts, none at the end.
    ///
    /// # Errors
    /// Where the folder is outside of the working tree.
    pub fn prefix(&self, folder: &Path) -> Result<Vec<u8>, GitError> {
        let Some(top) = &self.place.top else { return Ok(Vec::new()) };
        let (here, rest) = existing(folder);
        let inside = here
            .strip_prefix(top)
            .map_err(|_| GitError::Outside { path: folder.to_path_buf(), top: top.clone() })?
            .join(rest);
        let parts: Vec<&[u8]> = inside.iter().map(OsStr::as_encoded_bytes).collect();
        Ok(parts.join(&b'/'))
    }

    /// The index of a bare repository is one that somebody names: a server's hook.
    pub(super) fn has_index(&self) -> bool {
        let named = self.variables.iter().any(|(name, value)| name == "GIT_INDEX_FILE" && value.is_some());
        !self.is_bare() || named
    }

    /// The id of what a revision names; None where nothing is of that name.
    pub(super) fn object(&self, revision: &str) -> Result<Option<String>, GitError> {
        let output = self.output(&["rev-parse", "--verify", "--quiet", revision])?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned()))
    }

    /// `HEAD` names a branch that has no commit yet.
    pub(super) fn is_unborn(&self) -> Result<bool, GitError> {
        Ok(self.output(&["symbolic-ref", "--quiet", "HEAD"])?.status.success() && self.object("HEAD")?.is_none())
    }

    pub(super) fn is_shallow(&self) -> bool {
        self.run(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said.starts_with(b"true"))
    }

    /// What git says to standard output.
    pub(super) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Vec<u8>, GitError> {
        let output = self.output(arguments)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let doing: Vec<String> = arguments.iter().map(|one| one.as_ref().to_string_lossy().into_owned()).collect();
        Err(GitError::Failed { doing: doing.join(" "), said: said(&output) })
    }

    fn output<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<Output, GitError> {
        self.command().args(arguments).stdin(Stdio::null()).output().map_err(no_git)
    }

    /// git at the top, paths taken as they are written.
    pub(super) fn command(&self) -> Command {
        let mut command = git(self.top(), &self.variables);
        command.env("GIT_LITERAL_PATHSPECS", "1");
        command
    }
}

impl Place {
    fn ask(folder: &Path, variables: &[(OsString, Option<OsString>)]) -> Result<Self, GitError> {
        let ask = |question: &str| git(folder, variables).args(["rev-parse", question]).output().map_err(no_git);
        if let Some(place) = Self::ask_at_once(folder, variables) {
            return Ok(place);
        }
        let git_dir = ask("--absolute-git-dir")?;
        if !git_dir.status.success() {
            return Err(GitError::NoRepository { path: folder.to_path_buf(), said: said(&git_dir) });
        }
        let top = ask("--show-toplevel")?;
        let top = Some(line(top.stdout)).filter(|path| top.status.success() && !path.as_os_str().is_empty());
        Ok(Self { git_dir: real(&line(git_dir.stdout)), top: top.map(|top| real(&top)) })
    }

    /// Both answers from one process; None where there are not just two lines: in a bare repository, or
    /// where a folder's name has lines of its own.
    fn ask_at_once(folder: &Path, variables: &[(OsString, Option<OsString>)]) -> Option<Self> {
        let asked =
            git(folder, variables).args(["rev-parse", "--absolute-git-dir", "--show-toplevel"]).output().ok()?;
        let said = asked.stdout.strip_suffix(b"\n").filter(|_| asked.status.success())?;
        let lines: Vec<&[u8]> = said.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        let [git_dir, top] = lines[..] else { return None };
        Some(Self { git_dir: real(&line(git_dir.to_vec())), top: Some(real(&line(top.to_vec()))) })
    }

    fn holds(&self, folder: &Path) -> bool {
        self.top.as_ref().is_some_and(|top| folder.starts_with(top))
    }

    /// A repository within another: a submodule, a clone in a folder of it.
    fn is_inside(&self, outer: &Self) -> bool {
        match (&self.top, &outer.top) {
            (Some(own), Some(outer)) => own != outer && own.starts_with(outer),
            _ => false,
        }
    }

    /// What the environment says, independent of the folder that git is run in.
    fn variables(&self, said: &[(OsString, OsString)]) -> Vec<(OsString, Option<OsString>)> {
        let mut variables = vec![("GIT_DIR".into(), Some(self.git_dir.clone().into_os_string()))];
        variables.push(("GIT_WORK_TREE".into(), self.top.clone().map(PathBuf::into_os_string)));
        if let Some((name, index)) = said.iter().find(|(name, _)| name == "GIT_INDEX_FILE") {
            // git itself reads it from the top (git documentation, «git», GIT_INDEX_FILE).
            let base = self.top.as_ref().unwrap_or(&self.git_dir);
            variables.push((name.clone(), Some(base.join(index).into_os_string())));
        }
        variables
    }
}

fn git(folder: &Path, variables: &[(OsString, Option<OsString>)]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).stdin(Stdio::null()).env("GIT_OPTIONAL_LOCKS", "0");
    for (name, value) in variables {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

fn no_git(source: io::Error) -> GitError {
    GitError::NoGit { source }
}

/// git's own words, in one line.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A path that git printed.
fn line(mut bytes: Vec<u8>) -> PathBuf {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    name::os_path(&bytes).into_owned()
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The nearest folder that is there, by its real path, and what of the path is gone.
fn existing(folder: &Path) -> (PathBuf, PathBuf) {
    for here in folder.ancestors() {
        let named = if here.as_os_str().is_empty() { Path::new(".") } else { here };
        if let Ok(real) = fs::canonicalize(named)
            && real.is_dir()
        {
            return (real, folder.strip_prefix(here).unwrap_or(Path::new("")).to_path_buf());
        }
    }
    (PathBuf::from("."), folder.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_gone_is_named_from_one_that_is_there() {
        let top = tempfile::tempdir().expect("a folder");
        let real = fs::canonicalize(top.path()).expect("it is there");
        for (path, rest) in [("", ""), ("一", "一"), ("一/二", "一/二")] {
            assert_eq!(existing(&top.path().join(path)), (real.clone(), PathBuf::from(rest)));
        }
    }
}
