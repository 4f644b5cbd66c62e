//! Turns the bytes of one file into a [`Document`] with places.
//!
//! The format is decided by content; the extension is a hint. One reader per family of formats,
//! all listed in [`READERS`]. Start reading at [`read`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::model::document::Remark;
use crate::model::{Content, Document, EvidencePath, FileFormat, Reading, Source, Unreadable};

pub mod archive;
pub mod cache;
pub mod csv;
pub mod encoding;
mod extractor;
pub mod flow;
mod guard;
pub mod headings;
pub mod html;
mod layout;
pub mod mail;
pub mod markdown;
pub mod msg;
pub mod ocr;
pub mod odf;
pub mod ofd;
pub mod office;
mod parts;
pub mod pdf;
pub mod rtf;
pub mod sniff;
mod symbols;
mod take_out;
pub mod text;
pub mod vsdx;
pub mod worker;

pub use extractor::{Extractor, Where};
pub use ocr::Ocr;
pub use take_out::take_out;

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
    /// Its content, or why that could not be taken out (a password, a limit).
    pub bytes: Result<Vec<u8>, Unreadable>,
}

/// Every reader. The first that takes a format reads it.
pub static READERS: &[&dyn Reader] = &[
    &office::Office,
    &pdf::Pdf,
    &ofd::Ofd,
    &odf::Odf,
    &vsdx::Vsdx,
    &rtf::Rtf,
    &mail::Mail,
    &msg::Msg,
    &archive::Archive,
    &html::Html,
    &markdown::Markdown,
    &csv::Csv,
    &text::Text,
];

/// The largest file or member that is read, in bytes. The largest genuine evidence is a scanned
/// manual of some 100 MB; a reader needs a few times a file's size in memory.
pub const MAX_FILE_BYTES: u64 = 256 << 20;

/// Bytes that all members of one file may inflate to, nested ones included: a year of scanned
/// reports fits, an archive bomb does not. They are in memory at the same time.
pub const MAX_INFLATED_BYTES: u64 = 512 << 20;

/// Members that one file may hold, nested ones included. More is a backup of a file system
/// rather than evidence.
pub const MAX_MEMBERS: usize = 5_000;

/// Pieces of text that are kept of one file with all its members: paragraphs, and cells of tables. Whoever asked
/// holds them all at once, at some hundred bytes each; a year of daily logs has a tenth.
pub const MAX_PIECES: usize = 1_000_000;

/// Archives within archives: a mail that holds a zip that holds a mail that holds a zip.
pub const MAX_DEPTH: u8 = 4;

/// Reads a file and, where it holds others, its members, to a limited depth. The first source is
/// the file itself. Never panics and never fails: what cannot be read says why.
#[must_use]
pub fn read(path: &EvidencePath, bytes: &[u8], options: &Options) -> Vec<Source> {
    read_watched(path, bytes, options, &Refused::new(), &mut |_, _| ()).sources
}

/// What reading a file gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The file, then its members.
    pub sources: Vec<Source>,
    /// The content alone decided: another time would give the same.
    pub lasting: bool,
}

impl Answer {
    /// `undisturbed`: every program that was asked for help answered.
    fn new(sources: Vec<Source>, undisturbed: bool) -> Self {
        let lasts = |source: &Source| !matches!(&source.reading, Reading::Unreadable(why) if !lasts(why));
        Self { lasting: undisturbed && sources.iter().all(lasts), sources }
    }
}

/// Limits that a file reaches on one machine and not on another, or on a busy day.
const OF_THE_MOMENT: &[&str] = &["MAX_CPU", "MAX_CPU_WHOLE", "MAX_TIME", "MAX_MEMORY", "STACK_BYTES"];

/// Whether a refusal is the content's own rather than the moment's.
fn lasts(why: &Unreadable) -> bool {
    match why {
        Unreadable::Denied { .. } | Unreadable::Locked | Unreadable::Fault { .. } => false,
        Unreadable::Limit { limit } => {
            OF_THE_MOMENT.iter().all(|name| !limit.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))
        }
        _ => true,
    }
}

/// Files and members that are not to be read, by their place in the answer, and why: those that a
/// reader did not survive.
type Refused = BTreeMap<usize, Unreadable>;

/// As [`read`]; `begun` hears of each file and member, and its place in the answer, before its
/// reader starts.
fn read_watched(
    path: &EvidencePath,
    bytes: &[u8],
    options: &Options,
    refused: &Refused,
    begun: &mut dyn FnMut(usize, &Source),
) -> Answer {
    let mut run =
        Run { options, refused, begun, sources: Vec::new(), inflated: 0, pieces: MAX_PIECES, undisturbed: true };
    run.file(path, bytes, 0);
    Answer::new(run.sources, run.undisturbed)
}

/// What the caller has to read with, beside the readers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Options {
    /// The program that reads pictures; None: pictures stay unread.
    pub ocr: Option<Ocr>,
}

/// One file with all that is inside it.
struct Run<'a> {
    options: &'a Options,
    refused: &'a Refused,
    begun: &'a mut dyn FnMut(usize, &Source),
    sources: Vec<Source>,
    /// Bytes of all members so far.
    inflated: u64,
    /// Pieces that may still be kept.
    pieces: usize,
    /// What reads pictures has answered whenever it was asked.
    undisturbed: bool,
}

impl Run<'_> {
    fn file(&mut self, path: &EvidencePath, bytes: &[u8], depth: u8) {
        let sniffed = sniff::sniff(bytes, &path.extension());
        let reader = READERS.iter().find(|reader| reader.formats().contains(&sniffed.format)).copied();
        let mut source = Source {
            path: path.clone(),
            size: bytes.len() as u64,
            sha256: sha256(bytes),
            format: sniffed.format,
            reader: reader.map_or_else(String::new, |reader| reader.name().to_owned()),
            reading: Reading::Container { members: 0 },
        };
        let at = self.sources.len();
        let refused = refusal(sniffed, bytes).or_else(|| self.refused.get(&at).cloned());
        let outcome = if let Some(refused) = refused {
            Err(refused)
        } else {
            (self.begun)(at, &source);
            let (outcome, undisturbed) = dispatch(reader, self.options, &File { path, format: sniffed.format, bytes });
            self.undisturbed &= undisturbed;
            outcome
        };
        let members;
        (source.reading, members) = match outcome {
            Ok(outcome) => reading_of(path, sniffed.format, outcome),
            Err(unreadable) => (Reading::Unreadable(unreadable), Vec::new()),
        };
        if let Reading::Document(document) = &mut source.reading
            && !keep(document, &mut self.pieces)
        {
            document.remarks.push(Remark::Truncated { limit: limit_name("MAX_PIECES", MAX_PIECES) });
        }
        self.sources.push(source);
        self.members(path, members, depth);
    }

    /// Reads members in the order their container names them, until a limit: then the first
    /// that is too much says so and the others are left out.
    fn members(&mut self, path: &EvidencePath, members: Vec<Member>, depth: u8) {
        for member in members {
            let path = path.member(&safe_name(&member.name));
            if self.sources.len() > MAX_MEMBERS {
                return self.refused(path, limit("MAX_MEMBERS", MAX_MEMBERS));
            }
            if self.pieces == 0 {
                return self.refused(path, limit("MAX_PIECES", MAX_PIECES));
            }
            match member.bytes {
                Err(unreadable) => self.refused(path, unreadable),
                Ok(bytes) => {
                    self.inflated += bytes.len() as u64;
                    if self.inflated > MAX_INFLATED_BYTES {
                        return self.refused(path, limit("MAX_INFLATED_BYTES", MAX_INFLATED_BYTES));
                    }
                    if depth + 1 > MAX_DEPTH {
                        self.refused(path, limit("MAX_DEPTH", MAX_DEPTH));
                    } else {
                        self.file(&path, &bytes, depth + 1);
                    }
                }
            }
        }
    }

    fn refused(&mut self, path: EvidencePath, unreadable: Unreadable) {
        self.sources.push(Source {
            format: FileFormat::by_extension(&path.extension()),
            path,
            size: 0,
            sha256: String::new(),
            reader: String::new(),
            reading: Reading::Unreadable(unreadable),
        });
    }
}

/// What is known to be unreadable before any reader tries.
fn refusal(sniffed: sniff::Sniffed, bytes: &[u8]) -> Option<Unreadable> {
    if sniffed.encrypted {
        return Some(Unreadable::Encrypted);
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Some(limit("MAX_FILE_BYTES", MAX_FILE_BYTES));
    }
    match sniffed.format {
        FileFormat::Empty => Some(Unreadable::Empty),
        FileFormat::LfsPointer => Some(Unreadable::LfsPointer),
        _ => None,
    }
}

/// What a reader, and where that is not enough what reads pictures, made of a file; and whether all that
/// were asked answered.
fn dispatch(
    reader: Option<&'static dyn Reader>,
    options: &Options,
    file: &File<'_>,
) -> (Result<Outcome, Unreadable>, bool) {
    let found = match reader {
        Some(reader) => guard::run(|| reader.read(file)),
        None if file.format.is_picture() => Err(Unreadable::PictureOnly),
        None => Err(Unreadable::Unsupported),
    };
    let Some(ocr) = &options.ocr else { return (found, true) };
    // On a thread of its own, so that what it says of its failing is about this file.
    match guard::run(|| Ok((ocr.second_look(file, found), !ocr::has_failed()))) {
        Ok((looked, undisturbed)) => (looked.map(with_confidence), undisturbed),
        Err(why) => (Err(why), true),
    }
}

fn with_confidence((mut outcome, confidence): (Outcome, Option<f32>)) -> Outcome {
    if let (Some(document), Some(confidence)) = (&mut outcome.document, confidence) {
        #[expect(clippy::cast_sign_loss, reason = "clamped to 0 and more")]
        let confidence = confidence.clamp(0.0, 100.0) as u8;
        document.remarks.push(Remark::Recognised { confidence });
    }
    outcome
}

fn reading_of(path: &EvidencePath, format: FileFormat, outcome: Outcome) -> (Reading, Vec<Member>) {
    let reading = match outcome.document {
        Some(mut document) => {
            symbols::replace(&mut document);
            if format.clashes_with(&path.extension()) {
                document.remarks.push(Remark::OtherFormat { extension: path.extension() });
            }
            Reading::Document(document)
        }
        None => Reading::Container { members: u32::try_from(outcome.members.len()).unwrap_or(u32::MAX) },
    };
    (reading, outcome.members)
}

/// Whether all of a document's pieces are kept; `left` may still be.
fn keep(document: &mut Document, left: &mut usize) -> bool {
    for (index, block) in document.blocks.iter().enumerate() {
        let pieces = match &block.content {
            Content::Table(table) => table.rows.iter().map(|row| 1 + row.cells.len()).sum(),
            _ => 1,
        };
        if pieces > *left {
            *left = 0;
            document.blocks.truncate(index);
            document.blocks.shrink_to_fit();
            return false;
        }
        *left -= pieces;
    }
    true
}

/// The limit that was reached, by the name and value of its constant.
fn limit(name: &str, value: impl std::fmt::Display) -> Unreadable {
    Unreadable::Limit { limit: limit_name(name, value) }
}

fn limit_name(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name} = {value}")
}

/// A member's name as [`EvidencePath`] wants it: NFC, `/` between parts, no way up or to a root.
fn safe_name(name: &str) -> String {
    let name: Cow<'_, str> = if name.contains('\\') { name.replace('\\', "/").into() } else { name.into() };
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if parts.is_empty() { "_".to_owned() } else { parts.join("/").nfc().collect() }
}

/// Lower-case hex (FIPS 180-4), as [`Source::sha256`] has it.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    crate::model::text::hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reader_has_its_own_formats() {
        for (index, reader) in READERS.iter().enumerate() {
            assert!(!reader.formats().is_empty(), "{}", reader.name());
            for other in &READERS[index + 1..] {
                assert_ne!(reader.name(), other.name());
                for format in reader.formats() {
                    assert!(!other.formats().contains(format), "{format:?} is read twice");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        for (name, bytes, expected) in [
            ("a.docx", &b""[..], Unreadable::Empty),
            ("a.pdf", pointer, Unreadable::LfsPointer),
            ("a.bin", b"\x00\x01\x02\x03", Unreadable::Unsupported),
            ("a.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF", Unreadable::PictureOnly),
        ] {
            let sources = read(&EvidencePath::new(name), bytes, &Options::default());
            assert_eq!(sources.len(), 1, "{name}");
            assert_eq!(sources[0].reading, Reading::Unreadable(expected), "{name}");
            assert_eq!(sources[0].sha256.len(), 64, "{name}");
        }
    }

    #[test]
    fn what_is_the_moments_fault_does_not_last() {
        let limit = |name: &str| Unreadable::Limit { limit: limit_name(name, 1) };
        for (why, expected) in [
            (Unreadable::Empty, true),
            (Unreadable::Corrupt { detail: "x".to_owned() }, true),
            (Unreadable::PictureOnly, true),
            (limit("MAX_MEMBERS"), true),
            (limit("MAX_TIMES"), true),
            (limit("MAX_TIME"), false),
            (limit("MAX_CPU"), false),
            (limit("MAX_CPU_WHOLE"), false),
            (limit("MAX_MEMORY"), false),
            (Unreadable::Locked, false),
            (Unreadable::Denied { detail: "x".to_owned() }, false),
            (Unreadable::Fault { detail: "the worker ended: signal: 2 (SIGINT)".to_owned() }, false),
        ] {
            assert_eq!(lasts(&why), expected, "{why:?}");
            let mut sources = read(&EvidencePath::new("a.txt"), b"text", &Options::default());
            sources.push(Source { reading: Reading::Unreadable(why.clone()), ..sources[0].clone() });
            assert_eq!(Answer::new(sources.clone(), true).lasting, expected, "{why:?}");
            assert!(!Answer::new(sources, false).lasting);
        }
    }

    #[test]
    fn pieces_are_kept_up_to_their_number() {
        for (text, left, kept, rest) in
            [("a\n\nb\n\nc", 3, 3, 0), ("a\n\nb\n\nc", 2, 2, 0), ("x,y\n1,2\n", 5, 0, 0), ("x,y\n1,2\n", 7, 1, 1)]
        {
            let name = if text.contains(',') { "a.csv" } else { "a.txt" };
            let mut source = read(&EvidencePath::new(name), text.as_bytes(), &Options::default()).swap_remove(0);
            let Reading::Document(document) = &mut source.reading else { panic!("{name} is a document") };
            let (all, mut left) = (document.blocks.len(), left);
            assert_eq!(keep(document, &mut left), kept == all, "{text}");
            assert_eq!((document.blocks.len(), left), (kept, rest), "{text}");
        }
    }

    #[test]
    fn member_names_stay_inside() {
        for (name, safe) in [
            ("a/b.txt", "a/b.txt"),
            ("..\\..\\etc\\passwd", "etc/passwd"),
            ("/abs/./x", "abs/x"),
            ("..", "_"),
            ("e\u{301}.txt", "é.txt"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
    }
}
