//! The bytes of a file, or why they cannot be had.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::{At, Entry};
use crate::model::Unreadable;

/// Larger files are left to a person: a file is held in memory while it is read. In bytes.
pub(super) const LARGEST: u64 = 512 * 1024 * 1024;

/// All bytes of a file.
///
/// # Errors
/// Where the operating system refuses, another program holds the file, git does not have it, or it
/// is too large.
pub fn read(entry: &Entry) -> Result<Vec<u8>, Unreadable> {
    match &entry.at {
        _ if entry.size > LARGEST => Err(too_large()),
        At::Disk(path) => read_file(path, entry.size),
        At::Git(blob) => blob.read(),
    }
}

/// `size` is what it probably is: it may have grown since the folder was walked.
pub(super) fn read_file(path: &Path, size: u64) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(LARGEST)).unwrap_or_default());
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
}

pub(super) fn too_large() -> Unreadable {
    Unreadable::Limit { limit: format!("file size {} MiB", LARGEST / 1024 / 1024) }
}

pub(super) fn unreadable(error: &io::Error) -> Unreadable {
    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION (Windows SDK, winerror.h).
    let is_shared = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    match error.kind() {
        _ if is_shared => Unreadable::Locked,
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy | ErrorKind::WouldBlock => Unreadable::Locked,
        // The kind and not the message, which comes in the language of the machine.
        kind => Unreadable::Denied { detail: kind.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EvidencePath;

    #[test]
    fn what_the_system_refuses_has_a_reason() {
        let denied = |detail: &str| Unreadable::Denied { detail: detail.to_owned() };
        for (kind, why) in [
            (ErrorKind::PermissionDenied, denied("permission denied")),
            (ErrorKind::NotFound, denied("entity not found")),
            (ErrorKind::ResourceBusy, Unreadable::Locked),
        ] {
            assert_eq!(unreadable(&kind.into()), why);
        }
    }

    #[test]
    fn a_file_too_large_is_not_opened() {
        let entry = Entry { path: EvidencePath::new("a"), at: At::Disk("none".into()), size: LARGEST + 1 };
        assert!(matches!(read(&entry), Err(Unreadable::Limit { .. })));
        assert!(matches!(read(&Entry { size: 1, ..entry }), Err(Unreadable::Denied { .. })));
    }
}
