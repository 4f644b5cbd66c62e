//! The evidence folder as git's index or a commit has it, without a checkout.
//!
//! git is reached by running `git` rather than through a library: it honours the user's
//! configuration, worktrees, partial clones, alternates and `safe.directory` exactly as the commit
//! will, and needs no hundred crates. Listings come from one `ls-files -s -z` or `ls-tree -r -z`
//! each, contents from one `cat-file --batch`; names are never taken from output meant for people.
//! What the commit holds is judged as it is held: no checkout filters, no line endings converted.
//! Only a Git LFS pointer is exchanged for its object, where the local store has it.
//!
//! Start reading at [`Repository::open`], then [`Snapshot`].

mod blobs;
mod error;
mod id;
mod ignored;
mod links;
mod listing;
mod repository;

use std::collections::HashMap;
use std::ffi::OsString;
use std::ops::Range;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::thread;

use self::blobs::Blobs;
pub use self::blobs::{Blob, Pointer};
pub use self::error::GitError;
use self::ignored::Ignored;
use self::listing::{Kind, Listed};
pub use self::repository::Repository;
use super::{At, Entry, Tree, TreeError, Trouble, name, own};
use crate::model::EvidencePath;

/// All that one commit holds, or that the next will hold.
#[derive(Debug, Clone)]
pub struct Snapshot {
    repository: Arc<Repository>,
    version: Version,
    blobs: Arc<Blobs>,
    /// What git was last asked to list, and what it said: a folder's own configuration is found on the way
    /// to the folder's files.
    listed: Arc<Mutex<Option<Asked>>>,
}

/// Paths, and what git listed of them, in its order.
type Asked = (Vec<Vec<u8>>, Arc<Vec<Listed>>);

/// The files of one folder among those that git listed.
#[derive(Debug, Clone)]
struct Inside {
    listed: Arc<Vec<Listed>>,
    range: Range<usize>,
}

impl Inside {
    /// A folder's files follow one another in git's order.
    fn of(listed: Arc<Vec<Listed>>, prefix: &[u8]) -> Self {
        let is_in = |one: &Listed| one.is_in(prefix);
        let first = listed.iter().position(is_in).unwrap_or(listed.len());
        let count = listed[first..].iter().take_while(|one| is_in(one)).count();
        Self { listed, range: first..first + count }
    }

    fn files(&self) -> &[Listed] {
        &self.listed[self.range.clone()]
    }

    fn others(&self) -> impl Iterator<Item = &Listed> {
        self.listed[..self.range.start].iter().chain(&self.listed[self.range.end..])
    }
}

#[derive(Debug, Clone)]
enum Version {
    Index,
    /// The id of a tree object.
    Tree(String),
    /// `REV:FOLDER`: the tree is the evidence folder itself.
    Folder {
        id: String,
        /// From the repository's root, without `/` at its ends.
        path: String,
    },
    /// Before the first commit.
    Nothing,
}

impl Snapshot {
    /// What the next commit will hold: the index, which `GIT_INDEX_FILE` may name.
    ///
    /// # Errors
    /// Where there can be no index.
    pub fn index(repository: &Arc<Repository>) -> Result<Self, GitError> {
        if repository.has_index() {
            Ok(Self::of(repository, Version::Index))
        } else {
            Err(GitError::NoIndex { path: repository.top().to_path_buf() })
        }
    }

    /// What a commit holds; `REVISION:FOLDER` names the evidence folder itself, as git does. `HEAD`
    /// before the first commit holds nothing.
    ///
    /// # Errors
    /// Where there is no such commit here.
    pub fn commit(repository: &Arc<Repository>, revision: &str) -> Result<Self, GitError> {
        let version = if revision.starts_with('-') {
            None // git would take it for a flag
        } else if let Some(tree) = repository.object(&format!("{revision}^{{tree}}"))? {
            Some(Version::Tree(tree))
        } else if let Some((_, path)) = revision.split_once(':') {
            let path = path.trim_matches('/').to_owned();
            repository.object(revision)?.map(|id| Version::Folder { id, path })
        } else {
            None
        };
        match version {
            Some(version) => Ok(Self::of(repository, version)),
            None if matches!(revision, "HEAD" | "@") && repository.is_unborn()? => {
                Ok(Self::of(repository, Version::Nothing))
            }
            None => Err(GitError::NoRevision {
                revision: revision.to_owned(),
                help: error::no_revision_help(repository.is_shallow()),
            }),
        }
    }

    fn of(repository: &Arc<Repository>, version: Version) -> Self {
        let repository = Arc::clone(repository);
        let blobs = Arc::new(Blobs::new(Arc::clone(&repository)));
        Self { repository, version, blobs, listed: Arc::default() }
    }

    /// The file of this name that speaks for a folder: its own, or where it has none the nearest
    /// above it, up to the repository's root. Its folder on disk, its name for people, its bytes.
    ///
    /// # Errors
    /// Where git fails, or what it lists cannot be read.
    pub fn nearest(&self, folder: &Path, name: &str) -> Result<Option<Found>, GitError> {
        let prefix = self.prefix(folder)?;
        let folders = upward(&prefix);
        let wanted: Vec<Vec<u8>> = folders.iter().map(|folder| joined(folder, name.as_bytes())).collect();
        self.blobs.start();
        let listed = self.list(&Self::paths(&prefix))?;
        let nearest = wanted
            .iter()
            .zip(&folders)
            .find_map(|(path, folder)| listed.iter().find(|one| one.path == *path).map(|one| (one, *folder)));
        let Some((listed, folder)) = nearest else { return Ok(None) };
        let path = String::from_utf8_lossy(&listed.path).into_owned();
        let bytes = self
            .blobs
            .content(&listed.id)
            .map_err(|_| GitError::Failed { doing: format!("cat-file {}", listed.id), said: path.clone() })?;
        Ok(Some(Found { folder: self.repository.top().join(name::os_path(folder)), name: path, bytes }))
    }

    /// The evidence folder as it is here; empty where there is none. What a commit holds of it is not
    /// listed before it is asked for: often it is enough to know its id.
    ///
    /// # Errors
    /// Where git fails, or files of the folder are not merged.
    pub fn folder(&self, root: &Path) -> Result<Folder, GitError> {
        let prefix = self.prefix(root)?;
        let (id, mut above, inside) = match &self.version {
            Version::Index => {
                let inside = self.inside(&prefix)?;
                let depth = if prefix.is_empty() { 0 } else { prefix.len() + 1 };
                (id::of(inside.files(), depth), inside.others().cloned().collect(), Some(inside))
            }
            Version::Nothing => (String::new(), Vec::new(), None),
            Version::Tree(id) | Version::Folder { id, .. } if prefix.is_empty() => (id.clone(), Vec::new(), None),
            Version::Tree(id) | Version::Folder { id, .. } => {
                let mut arguments: Vec<OsString> =
                    ["ls-tree", "-z", "--full-tree", id, "--"].iter().map(OsString::from).collect();
                arguments.extend(os_paths(&Self::paths(&prefix)));
                let (folders, above): (Vec<Listed>, Vec<Listed>) = listing::of_tree(&self.repository.run(&arguments)?)?
                    .into_iter()
                    .partition(|one| one.path == prefix);
                // The root may be a file here, or a link that was followed on disk.
                let folder = folders.into_iter().find(|one| one.kind == Kind::Folder);
                (folder.map(|folder| folder.id).unwrap_or_default(), above, None)
            }
        };
        above.retain(|one| one.path.ends_with(own::IGNORE.as_bytes()) && one.path != prefix);
        let inside = inside.map_or_else(OnceLock::new, OnceLock::from);
        Ok(Folder { snapshot: self.clone(), id: id::or_none(id), prefix, inside, above })
    }

    fn inside(&self, prefix: &[u8]) -> Result<Inside, GitError> {
        Ok(Inside::of(self.list(&Self::paths(prefix))?, prefix))
    }

    /// A folder's path from the repository's root; empty for the root itself.
    ///
    /// # Errors
    /// Where the folder is outside of the repository.
    pub fn place(&self, folder: &Path) -> Result<EvidencePath, GitError> {
        let path = match &self.version {
            Version::Folder { path, .. } => path.as_bytes().to_vec(),
            _ => self.prefix(folder)?,
        };
        Ok(name::of_git(&path))
    }

    /// The folder's path inside the tree; empty for the whole.
    fn prefix(&self, folder: &Path) -> Result<Vec<u8>, GitError> {
        match self.version {
            Version::Folder { .. } => Ok(Vec::new()),
            _ => self.repository.prefix(folder),
        }
    }

    /// A folder, and in those above it the files that may speak for it; nothing is named for the whole.
    fn paths(prefix: &[u8]) -> Vec<Vec<u8>> {
        if prefix.is_empty() {
            return Vec::new();
        }
        let names = [own::IGNORE, crate::config::NAME].map(str::as_bytes);
        let above = upward(prefix).into_iter().skip(1);
        above.flat_map(|folder| names.map(|name| joined(folder, name))).chain([prefix.to_vec()]).collect()
    }

    fn list(&self, paths: &[Vec<u8>]) -> Result<Arc<Vec<Listed>>, GitError> {
        let mut last = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((asked, listed)) = &*last
            && asked == paths
        {
            return Ok(Arc::clone(listed));
        }
        let listed = Arc::new(self.ask(paths)?);
        *last = Some((paths.to_vec(), Arc::clone(&listed)));
        Ok(listed)
    }

    /// These files and folders by their paths from the top; everything where none is named.
    fn ask(&self, paths: &[Vec<u8>]) -> Result<Vec<Listed>, GitError> {
        let arguments: &[&str] = match &self.version {
            Version::Nothing => return Ok(Vec::new()),
            Version::Index => &["ls-files", "-s", "-z"],
            Version::Tree(id) | Version::Folder { id, .. } => &["ls-tree", "-r", "-z", "--full-tree", id],
        };
        let mut arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        arguments.push("--".into());
        arguments.extend(os_paths(paths));
        let output = self.repository.run(&arguments)?;
        if !matches!(self.version, Version::Index) {
            return listing::of_tree(&output);
        }
        let listed = listing::of_index(&output)?;
        listing::without_intended(&self.repository, listed)
    }
}

/// A long listing is gone through in so many parts side by side.
const PARTS: usize = 4;

/// A part of fewer files is not worth a thread.
const WORTH_A_THREAD: usize = 1000;

/// A file found above a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where its folder is on disk, or would be.
    pub folder: PathBuf,
    /// From the repository's root.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// An evidence folder in one [`Snapshot`].
#[derive(Debug, Clone)]
pub struct Folder {
    snapshot: Snapshot,
    /// git's id of the folder; empty where it has no file.
    id: String,
    /// From the repository's root, without `/` at its end.
    prefix: Vec<u8>,
    inside: OnceLock<Inside>,
    /// Files with patterns in the folders above.
    above: Vec<Listed>,
}

impl Folder {
    /// The same files with the same content; nothing needs to be read to know.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id && self.above == other.above
    }

    /// All that the files that count depend on, beside patterns that are given: the folder's own id, and
    /// those of the files with patterns above it.
    #[must_use]
    pub fn id(&self) -> String {
        let above = self.above.iter().map(|one| format!("{}:{}", one.id, String::from_utf8_lossy(&one.path)));
        std::iter::once(self.id.clone()).chain(above).collect::<Vec<_>>().join("\n")
    }

    fn inside(&self) -> Result<&[Listed], GitError> {
        if let Some(inside) = self.inside.get() {
            return Ok(inside.files());
        }
        let inside = self.snapshot.inside(&self.prefix)?;
        Ok(self.inside.get_or_init(|| inside).files())
    }

    /// The files that count, as [`super::walk`] would list them after a checkout. What `.gitignore`
    /// says does not matter: these files are tracked.
    ///
    /// # Errors
    /// Where one of `ignore` is no pattern, or git fails.
    pub fn tree(&self, ignore: &[String]) -> Result<Tree, TreeError> {
        let inside = self.inside()?;
        let mut tree = Tree { id: Some(self.id()), ..Tree::default() };
        let ignored = Ignored::new(self, inside, super::patterns(ignore)?, &mut tree.troubles);
        let links = LazyLock::new(|| links::Links::new(inside, &self.prefix));
        let each = inside.len().div_ceil(PARTS).max(WORTH_A_THREAD);
        let parts: Vec<Tree> = thread::scope(|scope| {
            let (ignored, links) = (&ignored, &links);
            let part = |part| scope.spawn(move || self.part(part, ignored, links));
            let parts: Vec<_> = inside.chunks(each).map(part).collect();
            let joined = parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)));
            joined.collect()
        });
        for part in parts {
            tree.files.extend(part.files);
            tree.troubles.extend(part.troubles);
        }
        tree.put_in_order();
        Ok(tree)
    }

    /// Those of some files that count.
    fn part<'a>(
        &'a self,
        listed: &'a [Listed],
        ignored: &Ignored<'_>,
        links: &LazyLock<links::Links<'a>, impl FnOnce() -> links::Links<'a>>,
    ) -> Tree {
        let mut tree = Tree::default();
        let mut folders = HashMap::new();
        for listed in listed {
            let path = listed.below(&self.prefix);
            if ignored.is_ignored(path, &mut folders) {
                continue;
            }
            let shown = name::of_git(path);
            match listed.kind {
                Kind::File { .. } => tree.files.push(self.entry(shown, &listed.id)),
                Kind::Folder => {} // its files are listed under their own names
                Kind::Submodule => tree.troubles.push(Trouble::Submodule { path: shown }),
                Kind::Link => match links.target(path, &self.snapshot.blobs) {
                    Ok(Some(id)) => tree.files.push(self.entry(shown, id)),
                    Ok(None) => {} // a folder, whose files are listed under its own name
                    Err(why) => tree.troubles.push(why(shown)),
                },
            }
        }
        tree
    }

    fn entry(&self, path: EvidencePath, id: &str) -> Entry {
        Entry { path, at: At::Git(Blob::new(id, &self.snapshot.blobs)), size: 0 }
    }
}

/// The folder and all above it, nearest first; the top is empty.
fn upward(prefix: &[u8]) -> Vec<&[u8]> {
    let mut folders = vec![prefix];
    let mut rest = prefix;
    while !rest.is_empty() {
        rest = &rest[..rest.iter().rposition(|byte| *byte == b'/').unwrap_or(0)];
        folders.push(rest);
    }
    folders
}

fn os_paths(paths: &[Vec<u8>]) -> impl Iterator<Item = OsString> {
    paths.iter().map(|path| name::os_path(path).into_owned().into_os_string())
}

fn joined(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_upward() {
        for (prefix, folders) in [("", &[""][..]), ("a", &["a", ""]), ("a/b/c", &["a/b/c", "a/b", "a", ""])] {
            let found: Vec<&[u8]> = upward(prefix.as_bytes());
            assert_eq!(found, folders.iter().map(|folder| folder.as_bytes()).collect::<Vec<_>>());
        }
    }
}
