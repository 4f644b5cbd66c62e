//! git's id of a folder, from what it lists of it.
//!
//! The id that the folder has in a commit is known before the commit is made, and nothing is written
//! for it: a tree object is its entries in order, each `MODE NAME<nul>ID` (git documentation, «Git
//! Internals - Git Objects»), behind `tree LENGTH<nul>`.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::listing::{Kind, Listed};
use crate::model::text::hex;

/// Of a folder without files, in repositories of either hash: both are the same everywhere.
const EMPTY: [&str; 2] =
    ["4b825dc642cb6eb9a060e54bf8d69288fbee4904", "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"];

const FOLDER: &str = "40000";

/// The same for a folder without files as for one that is not there.
pub(super) fn or_none(id: String) -> String {
    if EMPTY.contains(&&id[..]) { String::new() } else { id }
}

/// `within` are all files of one folder, in git's order, and `depth` is where their names in it begin.
/// Empty for no files: git holds no empty folder.
pub(super) fn of(within: &[Listed], depth: usize) -> String {
    match within.first() {
        None => String::new(),
        Some(first) if first.id.len() == 40 => hex(&tree::<Sha1>(within, depth)),
        Some(_) => hex(&tree::<Sha256>(within, depth)),
    }
}

fn tree<D: Digest>(within: &[Listed], depth: usize) -> Vec<u8> {
    let mut entries = Vec::new();
    let mut rest = within;
    while let Some(first) = rest.first() {
        let below = &first.path[depth..];
        let folder = below.iter().position(|byte| *byte == b'/').map(|end| &first.path[..=depth + end]);
        let count = folder.map_or(1, |folder| rest.partition_point(|one| one.path.starts_with(folder)));
        let (here, others) = rest.split_at(count);
        let (mode, name, id) = match folder {
            Some(folder) => (FOLDER, &folder[depth..folder.len() - 1], tree::<D>(here, folder.len())),
            None => (first.kind.mode(), below, bytes(&first.id)),
        };
        entries.extend_from_slice(mode.as_bytes());
        entries.push(b' ');
        entries.extend_from_slice(name);
        entries.push(0);
        entries.extend_from_slice(&id);
        rest = others;
    }
    D::new().chain_update(format!("tree {}\0", entries.len())).chain_update(entries).finalize().to_vec()
}

impl Kind {
    fn mode(self) -> &'static str {
        match self {
            Self::File { executable: false } => "100644",
            Self::File { executable: true } => "100755",
            Self::Link => "120000",
            Self::Folder => FOLDER,
            Self::Submodule => "160000",
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
    hex.as_bytes().chunks_exact(2).filter_map(|two| u8::try_from(digit(two[0]) * 16 + digit(two[1])).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `git write-tree` says for the same index.
    #[test]
    fn it_is_the_one_that_git_gives() {
        let blob = "ce013625030ba8dba906f756967f9e9ca394464a";
        let one = |kind: Kind, path: &str| Listed { kind, id: blob.to_owned(), path: path.as_bytes().to_vec() };
        let file = Kind::File { executable: false };
        let files = [
            one(file, "a.b"),
            one(Kind::File { executable: true }, "a/run"),
            one(file, "a/x/深.txt"),
            one(Kind::Link, "a0"),
            one(file, "合同.pdf"),
        ];
        assert_eq!(of(&files, 0), "2f6c03ea8e5e42f2e9c048de4120bd234296ef15");
        assert_eq!(of(&files[1..3], 2), "7b9da78179cc67c0868ecf22efc135275533af1e");
        assert_eq!(of(&[], 0), "");
    }
}
