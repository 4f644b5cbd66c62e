//! Turns the bytes of one file into a [`Document`] with places.
//!
//! The format is decided by content; the extension is a hint. One reader per family of formats,
//! all listed in [`READERS`]. Start reading at [`read`].

mod layout;
pub mod msg;
pub mod ocr;
pub mod odf;
pub mod ofd;
mod parts;
pub mod pdf;
pub mod rtf;
pub mod vsdx;

use crate::model::{Document, EvidencePath, FileFormat, Source, Unreadable};

/// Reads one family of formats.
pub trait Reader: Sync {
    /// The name reports give; also the name of the file it lives in.
    fn name(&self) -> &'static str;
    /// The formats it takes, as [`FileFormat`] by content.
    fn formats(&self) -> &'static [FileFormat];
    /// # Errors
    /// Why nothing could be read; a part that could not be read is a remark instead.
    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable>;
}

/// What a reader is given.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    pub path: &'a EvidencePath,
    pub format: FileFormat,
    pub bytes: &'a [u8],
}

/// What a reader found: text of its own, files inside it, or both (a mail with attachments).
#[derive(Debug, Default)]
pub struct Outcome {
    pub document: Option<Document>,
    pub members: Vec<Member>,
}

/// A file inside a file.
#[derive(Debug)]
pub struct Member {
    /// Relative, with `/`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Every reader. The first that takes a format reads it.
pub static READERS: &[&dyn Reader] = &[&pdf::Pdf, &ofd::Ofd, &odf::Odf, &vsdx::Vsdx, &rtf::Rtf, &msg::Msg];

/// Reads a file and, where it holds others, its members, to a limited depth. The first source is
/// the file itself. Never panics and never fails: what cannot be read says why.
#[must_use]
pub fn read(path: &EvidencePath, bytes: &[u8]) -> Vec<Source> {
    let _ = (path, bytes);
    todo!("dispatch to READERS")
}
