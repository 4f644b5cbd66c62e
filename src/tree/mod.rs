//! Lists the evidence folder: which files count, in which order, and their bytes.
//!
//! The folder on disk ([`walk`]), or as git's index or a commit has it ([`git`]). Patterns of `.gitignore`, `.evlintignore` and `evlint.json` leave files out, and so do a
//! binder of our own and, once they are read, other files of ours. All else is listed, hidden and temporary files too: hygiene speaks of them. What
//! could not be looked at is a [`Trouble`], never silence. Start reading at [`walk`].

mod error;
pub mod git;
mod ignored;
mod name;
mod own;
mod read;
mod stamp;

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder};

pub use self::error::{TreeError, Trouble};
pub use self::ignored::is_ignored;
pub use self::name::evidence_path;
pub use self::own::{is_housekeeping, is_own};
pub use self::read::read;
pub use self::stamp::Stamp;
use crate::model::EvidencePath;

/// The files of an evidence folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// By path; two names that only their Unicode form tells apart by their bytes.
    pub files: Vec<Entry>,
    /// What could not be looked at, in the same order.
    pub troubles: Vec<Trouble>,
    /// What git knows these files by, and nothing else of the same id differs; None of files on disk.
    pub id: Option<String>,
}

/// A file that counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub path: EvidencePath,
    pub at: At,
    /// In bytes, when the folder was walked. 0 of what git holds: git says it together with the bytes.
    pub size: u64,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// Where the operating system finds it.
    Disk(PathBuf),
    Git(git::Blob),
}

impl Entry {
    /// The file on disk; None of what git holds.
    #[must_use]
    pub fn on_disk(&self) -> Option<&Path> {
        match &self.at {
            At::Disk(path) => Some(path),
            At::Git(_) => None,
        }
    }

    /// Did evlint write it? Only the bytes tell, and to read them for this alone would cost as much as
    /// reading the evidence: so this is asked once they are read.
    #[must_use]
    pub fn is_own(&self, bytes: &[u8]) -> bool {
        let path = Path::new(self.path.as_str());
        own::may_be_own(path)
            && (is_own(self.path.name(), bytes) || own::is_own_office(path, std::io::Cursor::new(bytes)))
    }

    /// The same content, whichever way it is kept.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        match (&self.at, &other.at) {
            (At::Git(one), At::Git(two)) => one == two,
            _ => matches!((read(self), read(other)), (Ok(one), Ok(two)) if one == two),
        }
    }
}

/// Lists a folder. `ignore` are patterns as in a `.gitignore`, relative to it, in NFC.
///
/// A link to a file inside the folder counts as that file. Links to folders are not followed: what
/// lies inside is listed under its own name already, what lies outside is a trouble.
///
/// # Errors
/// Where there is no such folder, or it cannot be listed.
pub fn walk(root: &Path, ignore: &[String]) -> Result<Tree, TreeError> {
    let root = folder(root)?;
    let ignored = patterns(ignore)?;
    let mut walker = WalkBuilder::new(&root);
    walker
        .hidden(false)
        .ignore(false)
        // What only this machine has would make the result differ from that of another.
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .parents(root.ancestors().any(|folder| folder.join(".git").exists()))
        .add_custom_ignore_filename(own::IGNORE);
    let top = root.clone();
    walker.filter_entry(move |entry| is_wanted(entry, &top, &ignored));

    let mut tree = Tree::default();
    for found in walker.build() {
        match found {
            Ok(entry) => {
                tree.troubles.extend(entry.error().map(|error| Trouble::bad_patterns(&root, error)));
                if entry.depth() > 0 {
                    look(&entry, &root, &mut tree);
                }
            }
            Err(error) => tree.troubles.push(Trouble::unlisted(&root, &error)),
        }
    }
    tree.put_in_order();
    Ok(tree)
}

impl Tree {
    fn put_in_order(&mut self) {
        self.files.sort();
        let same = self.files.windows(2).filter(|two| two[0].path == two[1].path);
        self.troubles.extend(same.map(|two| Trouble::SameName { path: two[0].path.clone() }));
        self.troubles.sort();
        self.troubles.dedup();
    }
}

/// The folder by its real path: links inside are held against it, and Windows takes long paths
/// only in this form.
fn folder(given: &Path) -> Result<PathBuf, TreeError> {
    let unlisted = |source| TreeError::Unlisted { path: given.to_path_buf(), source };
    match fs::metadata(given) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(TreeError::NoFolder { path: given.to_path_buf() })
        }
        Err(error) => Err(unlisted(error)),
        Ok(found) if !found.is_dir() => {
            let parent =
                given.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
            Err(TreeError::IsFile { path: given.to_path_buf(), parent: parent.to_path_buf() })
        }
        Ok(_) => {
            fs::read_dir(given).map_err(unlisted)?;
            fs::canonicalize(given).map_err(unlisted)
        }
    }
}

fn patterns(written: &[String]) -> Result<Gitignore, TreeError> {
    let mut patterns = GitignoreBuilder::new("");
    for pattern in written {
        let wrong = |source| TreeError::Pattern { pattern: pattern.clone(), source };
        patterns.add_line(None, pattern).map_err(wrong)?;
    }
    patterns.build().map_err(|source| TreeError::Pattern { pattern: written.join(" "), source })
}

fn is_wanted(entry: &DirEntry, root: &Path, ignored: &Gitignore) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    if own::is_housekeeping(entry.file_name()) {
        return false;
    }
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    if is_dir && own::is_binder(entry.path()) {
        return false;
    }
    let path = name::evidence_path(entry.path(), root);
    !ignored.matched(path.as_str(), is_dir).is_ignore()
}

/// Takes one entry of a folder to the files, to the troubles, or nowhere.
fn look(entry: &DirEntry, root: &Path, tree: &mut Tree) {
    let path = name::evidence_path(entry.path(), root);
    let metadata = match entry.file_type() {
        Some(kind) if kind.is_dir() => return,
        Some(kind) if kind.is_symlink() => match target(entry.path(), root) {
            Ok(target) if target.is_dir() => return,
            Ok(target) => target,
            Err(why) => return tree.troubles.push(why(path)),
        },
        _ => match fs::symlink_metadata(entry.path()) {
            Ok(metadata) => metadata,
            // It is there, for the folder lists it: reading it will say what is wrong.
            Err(_) => return tree.files.push(Entry { path, at: At::Disk(entry.path().to_path_buf()), size: 0 }),
        },
    };
    if metadata.is_file() {
        tree.files.push(Entry { path, at: At::Disk(entry.path().to_path_buf()), size: metadata.len() });
    } else {
        // A pipe or a device: reading it might never end.
        tree.troubles.push(Trouble::Special { path });
    }
}

/// What a link leads to, if that is inside the folder and not around it.
fn target(link: &Path, root: &Path) -> Result<Metadata, fn(EvidencePath) -> Trouble> {
    let Ok(target) = fs::canonicalize(link) else {
        // The operating system gives up on links in a circle with an error of its own, which
        // has no portable name: a link that is there and leads nowhere is either of the two.
        return Err(|path| Trouble::DanglingLink { path });
    };
    let place = link.parent().and_then(|folder| fs::canonicalize(folder).ok());
    if place.is_some_and(|place| place.starts_with(&target)) {
        return Err(|path| Trouble::LinkLoop { path });
    }
    if !target.starts_with(root) {
        return Err(|path| Trouble::LinkOutside { path });
    }
    fs::metadata(&target).map_err(|_| (|path| Trouble::DanglingLink { path }) as fn(EvidencePath) -> Trouble)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use miette::Diagnostic;

    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let top = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, text).expect("a file");
        }
        top
    }

    fn listed(root: &Path, ignore: &[&str]) -> (Vec<String>, Vec<Trouble>) {
        let ignore: Vec<String> = ignore.iter().map(|&pattern| pattern.to_owned()).collect();
        let tree = walk(root, &ignore).map_err(miette::Report::new).expect("a folder");
        (tree.files.iter().map(|entry| entry.path.to_string()).collect(), tree.troubles)
    }

    #[test]
    fn what_counts_is_listed_in_order() {
        let top = folder_with(&[
            ("二/合同.pdf", "1"),
            ("一/合同.pdf", "1"),
            ("一/~$合同.docx", "1"),
            ("一/.DS_Store", "1"),
            ("一/个人/简历.docx", "1"),
            ("一/旧/巡检.bak", "1"),
            ("一/草稿.tmp", "1"),
            (".git/config", "1"),
            (".gitignore", "*.bak\n"),
            (".evlintignore", "/草稿/\n"),
            ("草稿/合同.docx", "1"),
            ("evlint.json", "{}"),
            ("report.json", "{\n  \"schema_version\": 1,\n  \"tool\": { \"name\": \"evlint\", \"version\": \"1\" }}"),
            ("report.html", "<!DOCTYPE html><!-- evlint:own -->"),
            ("e\u{301}.txt", "1"),
        ]);
        let expected = ["report.html", "report.json", "é.txt", "一/.DS_Store", "一/~$合同.docx", "二/合同.pdf"];
        let mut files = listed(top.path(), &["个人/", "/一/合同.pdf", "*.tmp"]);
        files.0.sort();
        let tree = walk(top.path(), &[]).expect("a folder");
        let own = tree.files.iter().filter(|entry| entry.is_own(&read(entry).expect("it is there")));
        assert_eq!(own.map(|entry| entry.path.name()).collect::<Vec<_>>(), ["report.html", "report.json"]);
        assert_eq!(files, (expected.map(str::to_owned).to_vec(), Vec::new()));
        let all = listed(top.path(), &[]).0;
        assert!(all.is_sorted());
        assert_eq!(all.len(), expected.len() + 3);
        assert_eq!(listed(&top.path().join("一/个人"), &[]).0, ["简历.docx"]);
    }

    #[test]
    fn a_pattern_above_counts_in_a_repository_only() {
        let top = folder_with(&[(".gitignore", "*.pdf"), ("证据/a.pdf", "1"), ("证据/b.docx", "1")]);
        let evidence = top.path().join("证据");
        assert_eq!(listed(&evidence, &[]).0, ["a.pdf", "b.docx"]);
        fs::create_dir(top.path().join(".git")).expect("a repository");
        assert_eq!(listed(&evidence, &[]).0, ["b.docx"]);
    }

    #[test]
    fn bad_patterns_are_told() {
        let top = folder_with(&[(".evlintignore", "{a\n*.bak\n"), ("a.bak", "1"), ("b", "1")]);
        let (files, troubles) = listed(top.path(), &[]);
        assert_eq!(files, ["b"]);
        assert!(matches!(&troubles[..], [Trouble::BadPatterns { .. }]), "{troubles:?}");
        let error = walk(top.path(), &["{a".to_owned()]).expect_err("a bad pattern");
        assert_eq!(error.code().expect("a code").to_string(), "evlint::tree::pattern");
    }

    #[test]
    fn what_is_no_folder_is_refused() {
        let top = folder_with(&[("a.pdf", "1")]);
        for (path, code) in [("none", "no_folder"), ("a.pdf", "is_file")] {
            let error = walk(&top.path().join(path), &[]).expect_err(path);
            assert_eq!(error.code().expect(path).to_string(), format!("evlint::tree::{code}"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_count_inside_and_are_told_outside() {
        use std::os::unix::fs::symlink;
        let elsewhere = folder_with(&[("secret.pdf", "1")]);
        let top = folder_with(&[("一/合同.pdf", "123"), ("二/x", "1")]);
        let link = |to: &Path, from: &str| symlink(to, top.path().join(from)).expect(from);
        link(Path::new("../一/合同.pdf"), "二/合同.pdf");
        link(Path::new("一"), "三");
        link(Path::new(".."), "二/上");
        link(Path::new("none"), "断");
        link(Path::new("圈"), "圈");
        link(elsewhere.path(), "外");
        link(&elsewhere.path().join("secret.pdf"), "外.pdf");
        let (files, troubles) = listed(top.path(), &[]);
        assert_eq!(files, ["一/合同.pdf", "二/x", "二/合同.pdf"]);
        let path = EvidencePath::new;
        let mut expected = [
            Trouble::LinkLoop { path: path("二/上") },
            Trouble::LinkOutside { path: path("外") },
            Trouble::LinkOutside { path: path("外.pdf") },
            Trouble::DanglingLink { path: path("圈") },
            Trouble::DanglingLink { path: path("断") },
        ];
        expected.sort();
        assert_eq!(troubles, expected);
        let tree = walk(top.path(), &[]).expect("a folder");
        assert_eq!(tree.files[2].size, 3);
        assert_eq!(read(&tree.files[2]), Ok(b"123".to_vec()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn odd_names_are_kept_apart() {
        use std::os::unix::ffi::OsStrExt;
        let top = folder_with(&[("e\u{301}", "1"), ("é", "22")]);
        fs::write(top.path().join(OsStr::from_bytes(b"\xd6\xd0%25\xce.txt")), "1").expect("a file");
        let tree = walk(top.path(), &[]).expect("a folder");
        let names: Vec<&str> = tree.files.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(names, ["%D6%D0%2525%CE.txt", "é", "é"]);
        assert_eq!(tree.troubles, [Trouble::SameName { path: EvidencePath::new("é") }]);
        assert_eq!(tree.files.iter().map(|entry| read(entry).expect("readable").len()).collect::<Vec<_>>(), [1, 1, 2]);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_told_and_never_opened() {
        let top = folder_with(&[("a", "1")]);
        let made = std::process::Command::new("mkfifo").arg(top.path().join("pipe")).status();
        assert!(made.expect("mkfifo is part of every unix").success());
        assert_eq!(
            listed(top.path(), &[]),
            (vec!["a".to_owned()], vec![Trouble::Special { path: EvidencePath::new("pipe") }])
        );
    }

    /// The superuser may read everything; for everybody else what is closed is told.
    #[cfg(unix)]
    #[test]
    fn what_is_closed_to_us_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let top = folder_with(&[("a.pdf", "1"), ("关/b.pdf", "1")]);
        let mode = |path: &str, mode| {
            fs::set_permissions(top.path().join(path), fs::Permissions::from_mode(mode)).expect(path);
        };
        mode("a.pdf", 0o000);
        mode("关", 0o000);
        let is_superuser = fs::read(top.path().join("a.pdf")).is_ok();
        let tree = walk(top.path(), &[]);
        mode("关", 0o755);
        let tree = tree.expect("a folder");
        let read = read(&tree.files[0]);
        if is_superuser {
            assert_eq!((tree.files.len(), tree.troubles.len(), read), (2, 0, Ok(b"1".to_vec())));
        } else {
            assert!(
                matches!(&tree.troubles[..], [Trouble::Unlisted { path, .. }] if path.as_str() == "关"),
                "{:?}",
                tree.troubles
            );
            assert!(matches!(read, Err(crate::model::Unreadable::Denied { .. })), "{read:?}");
        }
    }
}
