//! Which files of a [`Folder`] are left out: evlint's own and those that patterns name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::super::{Trouble, name, own};
use super::listing::Listed;
use super::{Folder, upward};
use crate::model::assessment::BINDER;

/// Patterns of evlint.json, and of every `.evlintignore` by the folder it lies in, from the
/// repository's root.
pub(super) struct Ignored<'a> {
    prefix: &'a [u8],
    settings: Gitignore,
    files: BTreeMap<Vec<u8>, Gitignore>,
    /// Folders that `evlint bundle` made, below the evidence folder.
    binders: BTreeSet<Vec<u8>>,
}

impl<'a> Ignored<'a> {
    /// A line that is no pattern becomes a trouble; the others count.
    pub(super) fn new(folder: &'a Folder, inside: &[Listed], settings: Gitignore, troubles: &mut Vec<Trouble>) -> Self {
        let mut binders = BTreeSet::new();
        for listed in inside {
            let (within, file) = split(listed.below(&folder.prefix));
            let is_marked = |bytes: Vec<u8>| own::is_own(BINDER, &bytes);
            if file == BINDER.as_bytes() && folder.snapshot.blobs.content(&listed.id).is_ok_and(is_marked) {
                binders.insert(within.to_vec());
            }
        }
        let mut files = BTreeMap::new();
        for listed in inside.iter().chain(&folder.above) {
            let (within, file) = split(&listed.path);
            if file != own::IGNORE.as_bytes() {
                continue;
            }
            let mut patterns = GitignoreBuilder::new("");
            let bytes = folder.snapshot.blobs.content(&listed.id).unwrap_or_default();
            for line in String::from_utf8_lossy(&bytes).lines() {
                if let Err(error) = patterns.add_line(None, line) {
                    let path = name::of_git(&listed.path);
                    troubles.push(Trouble::bad_pattern(path, &error));
                }
            }
            if let Ok(patterns) = patterns.build() {
                files.insert(within.to_vec(), patterns);
            }
        }
        Self { prefix: &folder.prefix, settings, files, binders }
    }

    /// The file, or a folder that it is in. `path` is below the evidence folder; `folders` remembers those
    /// that were asked for before.
    pub(super) fn is_ignored<'p>(&self, path: &'p [u8], folders: &mut HashMap<&'p [u8], bool>) -> bool {
        self.is_folder_ignored(split(path).0, folders) || self.is_left_out(path, false)
    }

    fn is_folder_ignored<'p>(&self, folder: &'p [u8], folders: &mut HashMap<&'p [u8], bool>) -> bool {
        if folder.is_empty() {
            return false;
        }
        if let Some(known) = folders.get(folder) {
            return *known;
        }
        let ignored = self.is_folder_ignored(split(folder).0, folders) || self.is_left_out(folder, true);
        folders.insert(folder, ignored);
        ignored
    }

    fn is_left_out(&self, path: &[u8], is_dir: bool) -> bool {
        let (_, file) = split(path);
        let is_in_settings = || {
            let shown = name::of_git(path);
            self.settings.matched(shown.as_str(), is_dir).is_ignore()
        };
        own::is_housekeeping(name::os_path(file).as_os_str())
            || (is_dir && self.binders.contains(path))
            || (!self.settings.is_empty() && is_in_settings())
            || (!self.files.is_empty() && self.is_matched(&super::joined(self.prefix, path), is_dir))
    }

    /// The file of patterns that is nearest decides, if it says anything. `path` is from the root.
    fn is_matched(&self, path: &[u8], is_dir: bool) -> bool {
        for folder in upward(split(path).0) {
            let Some(patterns) = self.files.get(folder) else { continue };
            let below = if folder.is_empty() { path } else { &path[folder.len() + 1..] };
            match patterns.matched(name::os_path(below), is_dir) {
                Match::None => {}
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}

/// The folder, without `/` at its end, and the name.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b"", path),
    }
}
