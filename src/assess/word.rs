//! What people say in evlint.json about files, ready to be asked file by file.
//!
//! Start reading at [`Said::about`].

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::matching::{Confirmed, Word};
use crate::model::evidence::EvidencePath;
use crate::model::pack::MaterialRef;
use crate::model::settings::{Confirmation, Settings};

/// A person's word about files.
#[derive(Debug)]
pub struct Said<'a> {
    evidence: Vec<Told<'a>>,
    confirmations: &'a [Confirmation],
}

/// Files that are a material, by a path or a glob.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) material: &'a MaterialRef,
    pub(super) pattern: &'a str,
    glob: Gitignore,
}

impl<'a> Said<'a> {
    #[must_use]
    pub fn of(settings: &'a Settings) -> Self {
        Self { evidence: told(settings), confirmations: &settings.confirmations }
    }

    /// What is said of the file with this content. A confirmation speaks of one content only.
    #[must_use]
    pub fn about(&self, path: &EvidencePath, sha256: &str) -> Word {
        let mut told: Vec<MaterialRef> =
            self.evidence.iter().filter(|told| told.names(path)).map(|told| told.material.clone()).collect();
        told.sort();
        told.dedup();
        let confirmed = self
            .confirmations
            .iter()
            .filter(|confirmation| confirmation.path == *path && confirmation.sha256 == sha256)
            .map(|confirmation| Confirmed {
                material: confirmation.material.clone(),
                by: confirmation.by.clone(),
                on: confirmation.on,
            })
            .collect();
        Word { told, confirmed }
    }
}

/// Each path and glob of `evidence`, in the order of evlint.json.
pub(super) fn told(settings: &Settings) -> Vec<Told<'_>> {
    settings
        .evidence
        .iter()
        .flat_map(|(material, patterns)| patterns.iter().map(move |pattern| Told::new(material, pattern)))
        .collect()
}

impl<'a> Told<'a> {
    fn new(material: &'a MaterialRef, pattern: &'a str) -> Self {
        let mut glob = GitignoreBuilder::new("");
        // From the root: a path names one file, not every file of its name. A pattern that does
        // not compile is a name with odd characters, which is compared as it is written.
        let _ = glob.add_line(None, &format!("/{pattern}"));
        Self { material, pattern, glob: glob.build().unwrap_or_else(|_| Gitignore::empty()) }
    }

    /// The file, its folder, or the archive that holds it.
    pub(super) fn names(&self, path: &EvidencePath) -> bool {
        let path = path.as_str();
        let parents = path.match_indices('/').map(|(at, _)| {
            let parent = &path[..at];
            parent.strip_suffix('!').map_or((parent, true), |archive| (archive, false))
        });
        parents
            .chain([(path, false)])
            .any(|(name, is_folder)| name == self.pattern || self.glob.matched(name, is_folder).is_ignore())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn material(name: &str) -> MaterialRef {
        name.parse().expect(name)
    }

    #[test]
    fn a_path_names_one_file_and_a_glob_several() {
        for (pattern, named, others) in [
            ("甲/保密.docx", &["甲/保密.docx"][..], &["乙/保密.docx", "甲/保密.docx.bak", "库/甲/保密.docx"][..]),
            ("保密.docx", &["保密.docx"], &["甲/保密.docx"]),
            ("甲", &["甲/a.txt", "甲/深/b.txt"], &["甲乙/a.txt", "乙/甲/a.txt"]),
            ("甲/*.txt", &["甲/a.txt"], &["甲/深/a.txt", "甲/a.pdf"]),
            ("**/保密*.docx", &["保密.docx", "甲/深/保密协议.docx"], &["甲/协议.docx"]),
            ("[2025]合同.txt", &["[2025]合同.txt"], &["合同.txt"]),
            ("!重要.txt", &["!重要.txt"], &["重要.txt"]),
            ("包.zip", &["包.zip", "包.zip!/a.docx", "包.zip!/深/a.docx"], &["包.zip.txt", "别.zip!/a.docx"]),
            ("包.zip!/a*.docx", &["包.zip!/a1.docx"], &["包.zip!/b.docx", "包.zip"]),
        ] {
            let of = material("11.nda");
            let told = Told::new(&of, pattern);
            for path in named {
                assert!(told.names(&EvidencePath::new(*path)), "{pattern} {path}");
            }
            for path in others {
                assert!(!told.names(&EvidencePath::new(*path)), "{pattern} {path}");
            }
        }
    }

    #[test]
    fn a_confirmation_is_bound_to_path_and_content() {
        let settings = Settings {
            confirmations: vec![Confirmation {
                path: EvidencePath::new("a.png"),
                sha256: "aa".into(),
                material: material("11.nda"),
                by: "王某".into(),
                on: date(2026, 3, 1),
                note: None,
            }],
            evidence: vec![(material("11.nda"), vec!["*.png".into(), "a.png".into()])],
            ..Settings::default()
        };
        for (path, sha256, told, confirmed) in
            [("a.png", "aa", 1, 1), ("a.png", "ab", 1, 0), ("b.png", "aa", 1, 0), ("a.txt", "aa", 0, 0)]
        {
            let word = Said::of(&settings).about(&EvidencePath::new(path), sha256);
            assert_eq!((word.told.len(), word.confirmed.len()), (told, confirmed), "{path} {sha256}");
        }
    }
}
