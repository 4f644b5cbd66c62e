//! The lists of hashes beside a binder, and what differs from them.
//!
//! `manifest.sha256` is what `sha256sum -c` reads; it covers `manifest.sm3` too, so that its own hash
//! stands for the whole binder.

use std::collections::BTreeMap;
use std::io::{self, Write};

use sha2::{Digest, Sha256};
use sm3::Sm3;
use unicode_normalization::UnicodeNormalization;

use crate::model::text::hex;
use crate::wording::binder::Trouble;

pub const SHA256: &str = "manifest.sha256";
pub const SM3: &str = "manifest.sm3";

/// Both hashes of one file, in lower-case hex: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashes {
    pub sha256: String,
    pub sm3: String,
}

/// Takes both hashes of what is written to it.
#[derive(Debug, Default)]
pub struct Hashing {
    sha256: Sha256,
    sm3: Sm3,
}

impl Hashing {
    #[must_use]
    pub fn finish(self) -> Hashes {
        Hashes { sha256: hex(&self.sha256.finalize()), sm3: hex(&self.sm3.finalize()) }
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sha256.update(bytes);
        self.sm3.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Both hashes of some bytes.
#[must_use]
pub fn hashes(bytes: &[u8]) -> Hashes {
    Hashes { sha256: hex(&Sha256::digest(bytes)), sm3: hex(&Sm3::digest(bytes)) }
}

/// The two lists, in the order in which they are to be written: SM3, then SHA-256 over all of it.
#[must_use]
pub fn write(mut files: BTreeMap<String, Hashes>) -> [(&'static str, String); 2] {
    let sm3 = list(files.iter().map(|(path, hashes)| (path, &hashes.sm3)));
    files.insert(SM3.to_owned(), hashes(sm3.as_bytes()));
    let sha256 = list(files.iter().map(|(path, hashes)| (path, &hashes.sha256)));
    [(SM3, sm3), (SHA256, sha256)]
}

/// As GNU coreutils write it: hash, two spaces, path. Paths of a binder hold nothing to escape.
fn list<'a>(files: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    files.fold(String::new(), |list, (path, hash)| list + hash + "  " + path + "\n")
}

/// A list as [`write`] made it, by path in NFC; also with `*` for binary, with CR LF, and with a BOM.
///
/// # Errors
/// The number of the first line that is none of such a list.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, usize> {
    let mut files = BTreeMap::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (hash, path) = line.split_once(' ').filter(|(hash, _)| is_hash(hash)).ok_or(at + 1)?;
        let path = path.strip_prefix([' ', '*']).filter(|path| !path.is_empty()).ok_or(at + 1)?;
        files.insert(path.nfc().collect(), hash.to_lowercase());
    }
    Ok(files)
}

/// What differs between the lists and what is there, by path. `found` is everything but
/// `manifest.sha256`, its names in NFC; None is what is no regular file.
#[must_use]
pub fn compare(
    sha256: &BTreeMap<String, String>,
    sm3: &BTreeMap<String, String>,
    found: &BTreeMap<String, Option<Hashes>>,
) -> Vec<(String, Trouble)> {
    let mut troubles: BTreeMap<String, Trouble> = BTreeMap::new();
    for (path, hash) in sha256 {
        match found.get(path) {
            None => troubles.insert(path.clone(), Trouble::Missing),
            Some(Some(hashes)) if hashes.sha256 == *hash => continue,
            Some(_) => troubles.insert(path.clone(), Trouble::Changed),
        };
    }
    for (path, hash) in sm3 {
        let differs = match found.get(path) {
            Some(Some(hashes)) => hashes.sm3 != *hash,
            _ => false,
        };
        if differs {
            troubles.insert(path.clone(), Trouble::Changed);
        }
    }
    for path in found.keys().filter(|path| !sha256.contains_key(*path)) {
        troubles.insert(path.clone(), Trouble::Extra);
    }
    // The second list must speak of the same files, or it is not the one that was written.
    let same =
        sm3.keys().chain([&SM3.to_owned()]).all(|path| sha256.contains_key(path)) && sm3.len() + 1 == sha256.len();
    if !same {
        troubles.entry(SM3.to_owned()).or_insert(Trouble::Changed);
    }
    troubles.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// GB/T 32905-2016, annex A, examples 1 and 2; FIPS 180-2, appendix B.1.
    #[test]
    fn hashes_are_those_of_the_standards() {
        let abc = hashes(b"abc");
        assert_eq!(abc.sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(abc.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let long = hashes("abcd".repeat(16).as_bytes());
        assert_eq!(long.sm3, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
        let mut hashing = Hashing::default();
        hashing.write_all(b"ab").and_then(|()| hashing.write_all(b"c")).expect("hashing never fails");
        assert_eq!(hashing.finish(), abc);
    }

    #[test]
    fn what_differs_is_named() {
        let files = |files: &[(&str, &str)]| -> BTreeMap<String, Hashes> {
            files.iter().map(|(path, text)| ((*path).to_owned(), hashes(text.as_bytes()))).collect()
        };
        let [(_, sm3), (_, sha256)] = write(files(&[("11/a", "1"), ("12/b", "2"), ("目录", "3")]));
        let (listed, listed_sm3) = (parse(&sha256).expect("a list"), parse(&sm3).expect("a list"));
        let list = (SM3, sm3.as_str());
        for (found, expected) in [
            (vec![("11/a", "1"), ("12/b", "2"), ("目录", "3"), list], vec![]),
            (
                vec![("11/a", "x"), ("目录", "3"), list, ("新", "")],
                vec![("11/a", Trouble::Changed), ("12/b", Trouble::Missing), ("新", Trouble::Extra)],
            ),
            (vec![("11/a", "1"), ("12/b", "2"), ("目录", "3")], vec![(SM3, Trouble::Missing)]),
            (vec![("11/a", "1"), ("12/b", "2"), ("目录", "3"), (SM3, "")], vec![(SM3, Trouble::Changed)]),
        ] {
            let found = files(&found).into_iter().map(|(path, hashes)| (path, Some(hashes))).collect();
            let troubles = compare(&listed, &listed_sm3, &found);
            let troubles: Vec<(&str, Trouble)> =
                troubles.iter().map(|(path, trouble)| (path.as_str(), *trouble)).collect();
            assert_eq!(troubles, expected);
        }
        let link = BTreeMap::from([("11/a".to_owned(), None)]);
        let only = BTreeMap::from([("11/a".to_owned(), hashes(b"1").sha256)]);
        assert_eq!(compare(&only, &listed_sm3, &link)[0], ("11/a".to_owned(), Trouble::Changed));
    }

    #[test]
    fn lists_of_other_programs_are_read() {
        let hash = hashes(b"1").sha256;
        let text = format!("\u{feff}{} *e\u{301} b\r\n\n{hash}  c", hash.to_uppercase());
        let files = parse(&text).expect("a list");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["c", "é b"]);
        assert!(files.values().all(|one| *one == hash));
        for (text, line) in [("x", 1), (&*format!("{hash}  a\n{hash}"), 2), (&format!("{hash} "), 1)] {
            assert_eq!(parse(text), Err(line), "{text}");
        }
    }
}
