//! From the operating system's names to evidence paths.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::model::EvidencePath;

/// The path relative to the folder, as [`EvidencePath`] describes it.
#[must_use]
pub fn evidence_path(path: &Path, root: &Path) -> EvidencePath {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = relative
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(escaped(name)),
            _ => None,
        })
        .collect();
    EvidencePath::new(parts.join("/"))
}

/// A path in git's own bytes as the operating system names it. On Windows git holds UTF-8.
pub(super) fn os_path(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// NFC; bytes that are not UTF-8 as `%XX`, and a `%` that could be taken for one of these as `%25`.
/// On Windows the bytes of a lone surrogate are those of WTF-8.
fn escaped(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        let valid: String = chunk.valid().nfc().collect();
        for (at, c) in valid.char_indices() {
            let next = valid.as_bytes().get(at + 1..at + 3);
            if c == '%' && next.is_some_and(|next| next.iter().all(u8::is_ascii_hexdigit)) {
                text.push_str("%25");
            } else {
                text.push(c);
            }
        }
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_nfc_and_reversible() {
        for (name, path) in [
            ("一/e\u{301}.pdf", "一/é.pdf"),
            ("完成100%.docx", "完成100%.docx"),
            ("a%41.docx", "a%2541.docx"),
            ("a%%41", "a%%2541"),
            ("%2", "%2"),
        ] {
            assert_eq!(evidence_path(&Path::new("/top").join(name), Path::new("/top")).as_str(), path);
        }
    }
}
