//! Photographs as telephones take them, turned into pictures that everybody reads.
//!
//! The codec is a patent's, so that no library here decodes it; systems bring programs that do. They take files
//! by name, so the picture lies in a folder of its own, private to the user and removed again, while one runs.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::{told, wait};

/// A program that turns a file of one kind into another: `heif-convert a.heic b.jpg`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Converter {
    /// A path, never a name to be searched for.
    pub program: PathBuf,
    /// Those before the names of both files.
    pub arguments: Vec<String>,
    /// The one between both names, where the program wants one: `--out`.
    pub before_output: Option<String>,
}

/// Bytes of a picture that came out.
const MAX_PICTURE: u64 = 256 << 20;

impl Converter {
    /// The first picture of a HEIC file as JPEG, since a program may make 16 bits a channel of PNG, which `tesseract`
    /// reads badly; `None` where the program fails or takes too long.
    pub(super) fn converted(&self, heic: &[u8]) -> Option<Vec<u8>> {
        let folder = told(tempfile::tempdir().map(Some))?;
        let (from, to) = (folder.path().join("in.heic"), folder.path().join("out.jpg"));
        told(fs::write(&from, heic).map(Some))?;
        let mut arguments: Vec<OsString> = self.arguments.iter().map(OsString::from).collect();
        arguments.push(from.into());
        arguments.extend(self.before_output.iter().map(OsString::from));
        arguments.push(to.into());
        let child = Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        // It says alike that the file is broken and that there was no room for what it made.
        let ended = child.and_then(|mut child| wait(&mut child, &|| false));
        told(ended.and_then(|ended| if ended { Ok(Some(())) } else { Err(io::ErrorKind::StorageFull.into()) }))?;
        // A file of several pictures becomes `out-1.jpg`, `out-2.jpg`.
        let made = fs::read_dir(folder.path()).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
        let first = made.filter(|path| path.extension().is_some_and(|is| is == "jpg")).min()?;
        let is_small = fs::metadata(&first).is_ok_and(|file| file.len() <= MAX_PICTURE);
        if is_small { told(fs::read(&first).map(Some)) } else { None }
    }
}
