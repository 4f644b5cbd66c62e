//! From the operating system's names to evidence paths.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Component, Path};

use crate::model::EvidencePath;
use crate::model::evidence::escape;

/// The path relative to the folder, as [`EvidencePath`] describes it. On Windows the bytes of a
/// lone surrogate are those of WTF-8.
#[must_use]
pub fn evidence_path(path: &Path, root: &Path) -> EvidencePath {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = relative
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(escape(name.as_encoded_bytes())),
            _ => None,
        })
        .collect();
    EvidencePath::new(parts.join("/"))
}

/// A path in git's own bytes as the operating system names it. On Windows git holds UTF-8.
pub(super) fn os_path(bytes: &[u8]) -> Cow<'_, Path> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Cow::Borrowed(Path::new(OsStr::from_bytes(bytes)))
    }
    #[cfg(not(unix))]
    {
        Cow::Owned(std::path::PathBuf::from(String::from_utf8_lossy(bytes).into_owned()))
    }
}

/// A path below the folder in git's own bytes: `/` between parts that are names as they are.
pub(super) fn of_git(bytes: &[u8]) -> EvidencePath {
    EvidencePath::new(escape(bytes))
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
            assert_eq!(of_git(name.as_bytes()).as_str(), path);
        }
    }
}
