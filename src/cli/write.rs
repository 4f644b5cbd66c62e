//! Files that appear whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::error::CliError;

/// A reader sees the old file or the new one, never half of it. A link stays one, and what is no
/// regular file, such as `/dev/stderr` or a pipe, is written to as it is.
pub(crate) fn atomically(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    persist(path, bytes, false).map_err(|source| CliError::Write { path: path.to_path_buf(), source })
}

/// As [`atomically`], a file that can be run.
pub(crate) fn program(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    persist(path, bytes, true).map_err(|source| CliError::Write { path: path.to_path_buf(), source })
}

fn persist(path: &Path, bytes: &[u8], is_program: bool) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|is| !is.is_file()) {
        return fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    part.write_all(bytes)?;
    set_usual_mode(part.as_file(), is_program)?;
    part.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is private; a report is read by whoever reads the folder.
#[cfg(unix)]
pub(crate) fn set_usual_mode(file: &fs::File, is_program: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(if is_program { 0o755 } else { 0o644 }))
}

#[cfg(not(unix))]
pub(crate) fn set_usual_mode(_: &fs::File, _: bool) -> io::Result<()> {
    Ok(())
}
