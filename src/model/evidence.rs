//! A file of the evidence folder: its name, its bytes' identity, and what reading it gave.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::document::Document;

/// A path inside the evidence folder: relative, `/` between parts, NFC, and for a member of an
/// archive `a.zip!/b.docx`. Bytes that are not UTF-8 are escaped reversibly as `%XX` with a
/// literal `%` before two hex digits escaped as `%25`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EvidencePath(String);

impl EvidencePath {
    /// `text` is already relative, with `/`, in NFC and escaped: `tree` makes it so.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the file itself, or of the innermost member.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The name without its last extension.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.name();
        match name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => name,
        }
    }

    /// The last extension in lower case, without its dot; empty if there is none.
    #[must_use]
    pub fn extension(&self) -> String {
        match self.name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension.to_lowercase(),
            _ => String::new(),
        }
    }

    /// The folder, without a `/` at its end; empty at the top.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// A member of this archive or mail.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        Self(format!("{}!/{}", self.0, escape(name.as_bytes())))
    }

    /// Archives that this may be a member of, the outermost first, each with the member's name in
    /// it. A folder's name may end with `!` too: whoever knows the files knows which it is.
    pub fn archives(&self) -> impl Iterator<Item = (Self, &str)> {
        self.0.match_indices("!/").map(|(at, mark)| (Self(self.0[..at].to_owned()), &self.0[at + mark.len()..]))
    }

    /// The bytes of the name, in NFC: each `%XX` is a byte again.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = self.0.as_bytes();
        let mut bytes = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            if text[at] == b'%'
                && let Some(byte) = hex(&text[at + 1..])
            {
                bytes.push(byte);
                at += 3;
            } else {
                bytes.push(text[at]);
                at += 1;
            }
        }
        bytes
    }

    /// For formats that cannot hold every character: those that `holds` refuses are written as the
    /// `%XX` of their bytes, as bytes that are not UTF-8 are anyway. [`Self::to_bytes`] of it is the same.
    #[must_use]
    pub fn spelled(&self, holds: impl Fn(char) -> bool) -> String {
        let mut text = String::with_capacity(self.0.len());
        for c in self.0.chars() {
            if holds(c) {
                text.push(c);
            } else {
                text.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")));
            }
        }
        text
    }
}

/// A name as [`EvidencePath`] holds it: NFC; bytes that are not UTF-8 as `%XX`, and a `%` that
/// could be taken for one of these as `%25`. [`EvidencePath::to_bytes`] is its inverse.
#[must_use]
pub fn escape(name: &[u8]) -> String {
    // Most names are written so already.
    if let Ok(plain) = std::str::from_utf8(name)
        && !plain.contains('%')
        && is_nfc_quick(plain.chars()) == IsNormalized::Yes
    {
        return plain.to_owned();
    }
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        let valid: String = chunk.valid().nfc().collect();
        for (at, c) in valid.char_indices() {
            if c == '%' && hex(&valid.as_bytes()[at + 1..]).is_some() {
                text.push_str("%25");
            } else {
                text.push(c);
            }
        }
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

/// The byte that two hex digits at the beginning of `text` write.
fn hex(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

impl fmt::Display for EvidencePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What a file is by its bytes; the extension is a hint only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    Docx,
    Xlsx,
    Pptx,
    Doc,
    Xls,
    Ppt,
    Odt,
    Ods,
    Odp,
    Ofd,
    Vsdx,
    Rtf,
    Pdf,
    Csv,
    Text,
    Markdown,
    Html,
    Xml,
    Eml,
    Msg,
    Zip,
    SevenZip,
    Rar,
    Png,
    Jpeg,
    Tiff,
    Bmp,
    Heic,
    Gif,
    /// A compound file (MS-CFB) that holds no format we know.
    Ole,
    /// A Git LFS pointer in place of the file (git-lfs specification, "The Pointer").
    LfsPointer,
    Empty,
    Unknown,
}

impl FileFormat {
    /// The format's usual short name, lower case: `docx`, `pdf`, `7z`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Doc => "doc",
            Self::Xls => "xls",
            Self::Ppt => "ppt",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::Ofd => "ofd",
            Self::Vsdx => "vsdx",
            Self::Rtf => "rtf",
            Self::Pdf => "pdf",
            Self::Csv => "csv",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Eml => "eml",
            Self::Msg => "msg",
            Self::Zip => "zip",
            Self::SevenZip => "7z",
            Self::Rar => "rar",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Heic => "heic",
            Self::Gif => "gif",
            Self::Ole => "ole",
            Self::LfsPointer => "lfs-pointer",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }

    /// A picture of a page or a thing, with no text unless something reads it.
    #[must_use]
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Tiff | Self::Bmp | Self::Heic | Self::Gif)
    }
}

/// A file or member and what reading it gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub path: EvidencePath,
    /// In bytes.
    pub size: u64,
    /// Lower-case hex of the content's SHA-256 (FIPS 180-4); empty where the bytes could not be read.
    pub sha256: String,
    pub format: FileFormat,
    /// The name of the reader that was used, as in `READERS`; empty if none was.
    pub reader: String,
    pub reading: Reading,
}

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reading {
    Document(Document),
    /// An archive: its members are sources of their own, named `a.zip!/b.docx`.
    Container {
        members: u32,
    },
    Unreadable(Unreadable),
}

/// Why a file could not be read. Never the same as the file not being there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unreadable {
    /// Zero bytes.
    Empty,
    /// It asks for a password.
    Encrypted,
    /// Its own format's rules are broken; `detail` is the reader's word, in English.
    Corrupt { detail: String },
    /// A Git LFS pointer whose object is not here.
    LfsPointer,
    /// No reader for this format.
    Unsupported,
    /// Pictures only, and nothing here that reads pictures.
    PictureOnly,
    /// Text came out, but not as plausible language: fonts without a way back to characters.
    Garbled,
    /// The operating system refused (permission, a lock, a network share that went away).
    Denied { detail: String },
    /// Another program holds it open.
    Locked,
    /// A named limit was reached before anything could be read.
    Limit { limit: String },
    /// The reader failed in a way that is our fault.
    Fault { detail: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_had_back() {
        for (name, path) in [
            (&b"\xe5\x90\x88\xe5\x90\x8c.pdf"[..], "合同.pdf"),
            (b"\xba\xb7\xc0.pdf", "%BA%B7%C0.pdf"),
            (b"100%.docx", "100%.docx"),
            (b"a%41%%41%2", "a%2541%%2541%2"),
            (b"%4\xff%\xfe1", "%4%FF%%FE1"),
            (b"a\nb\x1b", "a\nb\u{1b}"),
        ] {
            let found = EvidencePath::new(escape(name));
            assert_eq!(found.as_str(), path);
            assert_eq!(found.to_bytes(), name, "{path}");
            let spelled = found.spelled(|c| c.is_ascii_alphanumeric() || "%./".contains(c));
            assert!(spelled.is_ascii(), "{spelled}");
            assert_eq!(EvidencePath::new(spelled).to_bytes(), name, "{path}");
        }
    }

    #[test]
    fn a_member_knows_the_archives_it_may_be_in() {
        let member = EvidencePath::new("重要!/外.zip").member("内%41.zip").member("文.docx");
        let archives: Vec<(String, &str)> =
            member.archives().map(|(archive, name)| (archive.to_string(), name)).collect();
        assert_eq!(
            archives,
            [
                ("重要".to_owned(), "外.zip!/内%2541.zip!/文.docx"),
                ("重要!/外.zip".to_owned(), "内%2541.zip!/文.docx"),
                ("重要!/外.zip!/内%2541.zip".to_owned(), "文.docx"),
            ]
        );
    }
}
