//! What git lists: files, links and submodules with the ids of their contents.

use std::collections::BTreeSet;

use super::error::GitError;
use super::repository::Repository;

/// A file of the index or of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) kind: Kind,
    /// Of its content, in hex: SHA-1, or SHA-256 in repositories made with it.
    pub(super) id: String,
    /// From the repository's root, as git holds it.
    pub(super) path: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File {
        executable: bool,
    },
    Link,
    /// Only where a listing does not go down into folders.
    Folder,
    /// A commit of another repository: its files are not this one's.
    Submodule,
}

/// An empty file, and the tree without files, by the length of ids: both are the same everywhere.
const EMPTY: [(&str, &str); 2] = [
    ("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
    (
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
        "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
    ),
];

impl Listed {
    pub(super) fn is_in(&self, folder: &[u8]) -> bool {
        folder.is_empty() || self.path.strip_prefix(folder).is_some_and(|rest| rest.first() == Some(&b'/'))
    }

    /// The path below a folder that it is in.
    pub(super) fn below(&self, folder: &[u8]) -> &[u8] {
        if folder.is_empty() { &self.path } else { &self.path[folder.len() + 1..] }
    }
}

/// `MODE ID STAGE<tab>PATH<nul>` of `ls-files -s -z`.
pub(super) fn of_index(output: &[u8]) -> Result<Vec<Listed>, GitError> {
    let mut listed = Vec::new();
    for (words, path) in records(output, "ls-files")? {
        let [mode, id, stage] = words[..] else { return Err(GitError::Output { doing: "ls-files" }) };
        if stage != "0" {
            return Err(GitError::Unmerged { path: String::from_utf8_lossy(path).into_owned() });
        }
        listed.push(Listed { kind: kind(mode), id: id.to_owned(), path: path.to_vec() });
    }
    Ok(listed)
}

/// `MODE TYPE ID<tab>PATH<nul>` of `ls-tree -r -z`.
pub(super) fn of_tree(output: &[u8]) -> Result<Vec<Listed>, GitError> {
    let mut listed = Vec::new();
    for (words, path) in records(output, "ls-tree")? {
        let [mode, _, id] = words[..] else { return Err(GitError::Output { doing: "ls-tree" }) };
        listed.push(Listed { kind: kind(mode), id: id.to_owned(), path: path.to_vec() });
    }
    Ok(listed)
}

/// `git add -N` announces a file that the next commit will not hold. It looks like an empty one; git
/// itself is asked only where there is any.
pub(super) fn without_intended(repository: &Repository, mut listed: Vec<Listed>) -> Result<Vec<Listed>, GitError> {
    let Some((_, tree)) = EMPTY.iter().find(|(blob, _)| listed.iter().any(|one| one.id == *blob)) else {
        return Ok(listed);
    };
    let arguments = ["diff-index", "--cached", "--ita-invisible-in-index", "--no-renames", "--name-only", "-z", tree];
    let output = repository.run(&arguments)?;
    let held: BTreeSet<&[u8]> = output.split(|byte| *byte == 0).collect();
    listed.retain(|one| !EMPTY.iter().any(|(blob, _)| one.id == *blob) || held.contains(&one.path[..]));
    Ok(listed)
}

/// The words before the tab, and the path.
type Record<'a> = (Vec<&'a str>, &'a [u8]);

fn records<'a>(output: &'a [u8], doing: &'static str) -> Result<Vec<Record<'a>>, GitError> {
    let lines = output.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let tab = line.iter().position(|byte| *byte == b'\t')?;
            let words = std::str::from_utf8(&line[..tab]).ok()?;
            Some((words.split(' ').collect(), &line[tab + 1..]))
        })
        .collect::<Option<Vec<_>>>()
        .ok_or(GitError::Output { doing })
}

/// By git's modes (gitformat-index, «32-bit mode»).
fn kind(mode: &str) -> Kind {
    match mode {
        "120000" => Kind::Link,
        "040000" => Kind::Folder,
        "160000" => Kind::Submodule,
        mode => Kind::File { executable: mode == "100755" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_comes_through() {
        let listed = of_index("100644 aa 0\t一/合 同\t\n.pdf\x00120000 bb 0\tl\x00160000 cc 0\ts\x00".as_bytes());
        let listed = listed.expect("a listing");
        let kinds: Vec<(String, Kind)> =
            listed.iter().map(|one| (String::from_utf8_lossy(&one.path).into_owned(), one.kind)).collect();
        let expected =
            [("一/合 同\t\n.pdf", Kind::File { executable: false }), ("l", Kind::Link), ("s", Kind::Submodule)];
        assert_eq!(kinds, expected.map(|(name, kind)| (name.to_owned(), kind)));
        assert!(listed[0].is_in("一".as_bytes()) && !listed[0].is_in("一/合".as_bytes()));
        assert_eq!(listed[0].below("一".as_bytes()), "合 同\t\n.pdf".as_bytes());
    }

    #[test]
    fn what_is_not_merged_is_an_error() {
        for (output, is_unmerged) in
            [("100644 aa 1\ta\x00100644 bb 2\ta\0", true), ("100644 aa\ta\0", false), ("x\0", false)]
        {
            let error = of_index(output.as_bytes()).expect_err(output);
            assert_eq!(matches!(error, GitError::Unmerged { .. }), is_unmerged, "{output:?}");
        }
    }
}
