//! Reads pictures of pages, where the caller has something to read them with.
//!
//! That is the program [`tesseract`], or [`models`] of PP-OCR that run in this process. Nothing here looks for
//! either: who calls says what there is. Photographs in HEIC are turned into other pictures first, by a
//! [`Converter`]. Start reading at [`Ocr::second_look`].

use std::cell::Cell;
use std::io;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::layout::{self, Page, Piece, Run, Spot};
use super::pdf::{self, words};
use super::{File, Outcome, limit_name};
use crate::model::document::{Extent, Metadata, Remark};
use crate::model::{Document, FileFormat, Place, Unreadable};

mod heic;
pub mod models;
mod tesseract;
mod tiff;

pub use heic::Converter;
pub use models::ModelsError;

/// What reads pictures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ocr {
    pub engine: Engine,
    /// Turns HEIC into a picture that the engine takes; None: such files stay unread.
    pub heic: Option<Converter>,
}

/// What sees letters in a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Engine {
    /// `tesseract` or a program that takes its arguments: a path, never a name to be searched for, and
    /// languages as the program names them: `chi_sim`, `eng`.
    Program { program: PathBuf, languages: Vec<String> },
    /// PP-OCR's models in this folder, as [`models::check`] wants them.
    Models { folder: PathBuf },
}

/// What the program read.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    pub document: Document,
    /// The program's own, mean over all characters, of 100.
    pub confidence: f32,
}

/// Scanned pages that are read; a page takes about a second.
const MAX_PAGES: usize = 60;
/// A page that takes longer is no page of text.
const MAX_TIME: Duration = Duration::from_mins(1);
/// How long one file can take, whatever the program does.
pub(super) const LONGEST: Duration = MAX_TIME.saturating_mul(MAX_PAGES as u32);
/// CPU time that the models may take for one file.
pub(super) const MAX_CPU_MODELS: Duration = models::MAX_CPU_PAGE.saturating_mul(MAX_PAGES as u32);
/// Width times height of a picture: A2 at 300 dots per inch.
const MAX_PIXELS: u64 = 40_000_000;
/// Width or height below which no line of text can be read.
const MIN_SIDE: u32 = 200;
/// Mean confidence, of 100, from which words are believed. Photographs of things give 20 to 40, clear
/// scans over 80.
const MIN_CONFIDENCE: f32 = 60.0;
/// Fewer characters than this are a stamp or a logo.
const MIN_CHARACTERS: usize = 8;

thread_local! {
    /// The program could not be run, or was given up, on this thread.
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Notes a fault of the moment: a program that cannot be run, or was given up.
fn told<T>(output: io::Result<Option<T>>) -> Option<T> {
    FAILED.set(FAILED.get() || output.is_err());
    output.ok().flatten()
}

/// Whether the program could not be run or was given up since this thread began: what it would have read,
/// it may read another time.
pub(super) fn has_failed() -> bool {
    FAILED.get()
}

impl Ocr {
    /// Reads the pictures of a file that its reader left unread: a picture, a scanned PDF, or the
    /// scanned pages of one. Everything else is given back as it came. The number is the program's mean
    /// confidence in what it read, of 100; `None` where it read nothing.
    ///
    /// # Errors
    /// The reader's own, where the pictures say nothing either.
    pub fn second_look(
        &self,
        file: &File<'_>,
        found: Result<Outcome, Unreadable>,
    ) -> Result<(Outcome, Option<f32>), Unreadable> {
        match found {
            Err(Unreadable::PictureOnly) => {
                let read = match file.format {
                    FileFormat::Pdf => self.pdf(file.bytes, None),
                    FileFormat::Heic => {
                        self.heic.as_ref().and_then(|converter| self.picture(&converter.converted(file.bytes)?))
                    }
                    format if is_readable(format) => self.picture(file.bytes),
                    _ => None,
                };
                let read = read.ok_or(Unreadable::PictureOnly)?;
                Ok((Outcome { document: Some(read.document), members: Vec::new() }, Some(read.confidence)))
            }
            Ok(mut outcome) if file.format == FileFormat::Pdf => {
                let confidence = outcome.document.as_mut().and_then(|document| self.fill(file.bytes, document));
                Ok((outcome, confidence))
            }
            found => found.map(|outcome| (outcome, None)),
        }
    }

    /// A picture as a document of one page, or of as many as a TIFF has; `None` where it shows no text.
    #[must_use]
    pub fn picture(&self, bytes: &[u8]) -> Option<Recognised> {
        let read = self.pages(NonZeroU32::MIN, bytes);
        let count = u32::try_from(read.len()).ok();
        let (pages, confidences): (Vec<Page>, Vec<f32>) = read.into_iter().flatten().unzip();
        if pages.is_empty() {
            return None;
        }
        let confidence = confidences.iter().sum::<f32>() / confidences.len() as f32;
        let metadata = Metadata { extent: count.map(Extent::Pages), ..Metadata::default() };
        let document = Document { metadata, blocks: layout::blocks(pages), remarks: Vec::new() };
        Some(Recognised { document, confidence })
    }

    /// The scanned pages of a PDF, all of them or those that are asked for; `None` where none shows text.
    fn pdf(&self, bytes: &[u8], only: Option<&[NonZeroU32]>) -> Option<Recognised> {
        let pictures = pdf::pictures(bytes, only);
        let count = pictures.len();
        let (mut unread, mut pages, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (tried, (number, picture)) in pictures.into_iter().enumerate() {
            match picture.filter(|_| tried < MAX_PAGES).and_then(|picture| self.page(number, &picture)) {
                Some((page, confidence)) => {
                    pages.push(page);
                    sum += confidence;
                }
                None => unread.push(number),
            }
        }
        if pages.is_empty() {
            return None;
        }
        let mut remarks = Vec::new();
        if !unread.is_empty() {
            remarks.push(Remark::PicturePages { pages: unread });
        }
        if count > MAX_PAGES {
            remarks.push(Remark::Truncated { limit: limit_name("MAX_PAGES", MAX_PAGES) });
        }
        let confidence = sum / pages.len() as f32;
        let metadata = Metadata { extent: u32::try_from(count).ok().map(Extent::Pages), ..Metadata::default() };
        Some(Recognised { document: Document { metadata, blocks: layout::blocks(pages), remarks }, confidence })
    }

    /// Puts what scanned pages say between the pages that have text.
    fn fill(&self, bytes: &[u8], document: &mut Document) -> Option<f32> {
        let pictures = document.remarks.iter().find_map(|remark| match remark {
            Remark::PicturePages { pages } => Some(pages.clone()),
            _ => None,
        });
        let Recognised { document: scanned, confidence } = self.pdf(bytes, Some(&pictures?))?;
        document.remarks.retain(|remark| !matches!(remark, Remark::PicturePages { .. }));
        document.remarks.extend(scanned.remarks);
        document.blocks.extend(scanned.blocks);
        // Stable: within a page the order stays.
        document.blocks.sort_by_key(|block| match block.place {
            Place::Page(number) => number.get(),
            _ => u32::MAX,
        });
        Some(confidence)
    }

    /// The first page of a picture.
    fn page(&self, number: NonZeroU32, picture: &[u8]) -> Option<(Page, f32)> {
        self.pages(number, picture).into_iter().next().flatten()
    }

    /// A picture's pages, numbered from `first`; `None` where one shows no text, or none that can be believed.
    fn pages(&self, first: NonZeroU32, picture: &[u8]) -> Vec<Option<(Page, f32)>> {
        let unfit = |(width, height): (u32, u32)| {
            width.min(height) < MIN_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS
        };
        if size(picture).is_some_and(unfit) {
            return Vec::new();
        }
        let seen = match &self.engine {
            Engine::Program { program, languages } => tesseract::read(program, languages, picture),
            Engine::Models { folder } => models::read(folder, tiff::pages(picture, MAX_PAGES)),
        };
        let seen = seen.unwrap_or_default().into_iter().zip(first.get()..);
        seen.take(MAX_PAGES).map(|(seen, number)| Self::believed(seen, NonZeroU32::new(number)?)).collect()
    }

    fn believed(read: Seen, number: NonZeroU32) -> Option<(Page, f32)> {
        let text: String = read.runs.iter().map(|run| run.text.as_str()).collect();
        let believable = read.confidence >= MIN_CONFIDENCE
            && text.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_CHARACTERS
            && words::plausible(&text);
        let pieces = layout::lines(read.runs).into_iter().map(Piece::Line).collect();
        let page = Page { number, height: read.height, columns: false, pieces };
        believable.then_some((page, read.confidence))
    }
}

/// Whether a format is a picture that the program takes.
fn is_readable(format: FileFormat) -> bool {
    matches!(format, FileFormat::Png | FileFormat::Jpeg | FileFormat::Tiff | FileFormat::Bmp)
}

/// Waits for the program's end, and makes an end of it after [`MAX_TIME`]. Whether it ended well.
///
/// # Errors
/// Where it did not end by itself.
fn wait(child: &mut Child, done: &dyn Fn() -> bool) -> io::Result<bool> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            // Without a code somebody ended it.
            Ok(Some(status)) => return status.code().map(|code| code == 0).ok_or(io::ErrorKind::Interrupted.into()),
            Ok(None) if start.elapsed() < MAX_TIME => thread::sleep(Duration::from_millis(if done() { 1 } else { 10 })),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }
}

/// The height of most lines of a page, after scaling.
const USUAL: f32 = 10.0;

/// What the engine saw on a page.
#[derive(Debug, Default)]
struct Seen {
    /// A line each, or a piece of one.
    runs: Vec<Run>,
    height: f32,
    /// Mean over all characters, of 100.
    confidence: f32,
}

impl Seen {
    /// The height of a line's box depends on its letters; lines of about the same height are the same size. Pages
    /// are scanned at different scales: the usual line of each becomes [`USUAL`] high.
    fn even_out(&mut self) {
        let mut heights: Vec<f32> = self.runs.iter().map(|run| run.spot.size).collect();
        heights.sort_by(f32::total_cmp);
        let Some(&usual) = heights.get(heights.len() / 2).filter(|usual| **usual > 0.0) else { return };
        let scale = USUAL / usual;
        self.height *= scale;
        for Spot { left, right, y, size, .. } in self.runs.iter_mut().map(|run| &mut run.spot) {
            for length in [left, right, y, &mut *size] {
                *length *= scale;
            }
            if (0.6..1.45).contains(&(*size / USUAL)) {
                *size = USUAL;
            }
        }
    }
}

/// Width and height of a picture by its header: PNG (ISO/IEC 15948), BMP, JPEG (ITU-T T.81, B.2.2).
fn size(picture: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize| Some(u32::from_be_bytes(*picture.get(at..)?.first_chunk()?));
    let little = |at: usize| Some(i32::from_le_bytes(*picture.get(at..)?.first_chunk()?).unsigned_abs());
    if picture.starts_with(b"\x89PNG") {
        return Some((big(16)?, big(20)?));
    }
    if picture.starts_with(b"BM") {
        return Some((little(18)?, little(22)?));
    }
    if picture.starts_with(b"II*\0") || picture.starts_with(b"MM\0*") {
        return tiff::size(picture);
    }
    if !picture.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    while let [0xff, marker, high, low, _, a, b, c, d, ..] = picture.get(at..)? {
        let frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if frame {
            let pair = |high: &u8, low: &u8| u32::from(u16::from_be_bytes([*high, *low]));
            return Some((pair(c, d), pair(a, b)));
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn absolute(program: &str) -> PathBuf {
        std::path::absolute(program).expect("a path")
    }

    #[cfg(unix)]
    fn by(program: &str) -> Ocr {
        let engine = Engine::Program { program: absolute(program), languages: vec!["chi_sim".to_owned()] };
        Ocr { engine, heic: None }
    }

    #[test]
    fn pictures_tell_their_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x80";
        let tiff = [
            &b"MM\0*\0\0\0\x08\0\x02"[..],
            &[1, 0, 0, 4, 0, 0, 0, 1, 0, 0, 1, 0],
            &[1, 1, 0, 3, 0, 0, 0, 1, 0, 0x80, 0, 0],
        ]
        .concat();
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 0x80, 1, 0, 3];
        for (bytes, expected) in [
            (&png[..], Some((256, 128))),
            (&jpeg[..], Some((256, 128))),
            (&tiff, Some((256, 128))),
            (b"II*\0", None),
            (b"", None),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_leaves_the_file_as_it_was() {
        use crate::model::EvidencePath;

        let path = EvidencePath::new("a.png");
        let file = File { path: &path, format: FileFormat::Png, bytes: b"\x89PNG" };
        for program in ["/bin/false", "/bin/cat", "/no/such/program"] {
            let ocr = by(program);
            let looked = ocr.second_look(&file, Err(Unreadable::PictureOnly));
            assert_eq!(looked.err(), Some(Unreadable::PictureOnly), "{program}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn scanned_pages_are_read_where_there_is_a_program() {
        use crate::extract::Reader as _;
        use crate::model::{Content, EvidencePath};

        let ocr = by("fixtures/extract/ocr.sh");
        let path = EvidencePath::new("a");
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\xe8\0\0\x05\x78";
        let texts = |document: &Document| -> Vec<String> {
            let text = |content: &Content| match content {
                Content::Heading { level, text } => format!("{} {text}", "#".repeat((*level).into())),
                content => content.text().unwrap_or_default().to_owned(),
            };
            document.blocks.iter().map(|block| text(&block.content)).collect()
        };
        let page = ["# 履约验收报告", "合同编号 A-01", "## 1 验收意见", "各项服务均已完成，同意通过验收。"];

        let file = File { path: &path, format: FileFormat::Png, bytes: png };
        let (outcome, confidence) = ocr.second_look(&file, Err(Unreadable::PictureOnly)).expect("read");
        assert_eq!(texts(&outcome.document.expect("a document")), page);
        assert_eq!(confidence.map(f32::round), Some(91.0));

        let heic = File { path: &path, format: FileFormat::Heic, bytes: b"\0\0\0\x18ftypheic" };
        for (program, expected) in [("fixtures/extract/heic.sh", true), ("/bin/false", false), ("/bin/true", false)] {
            let converter = Some(Converter { program: absolute(program), arguments: Vec::new(), before_output: None });
            let ocr = Ocr { heic: converter, ..ocr.clone() };
            let read = ocr.second_look(&heic, Err(Unreadable::PictureOnly));
            assert_eq!(read.is_ok(), expected, "{program}");
        }
        assert!(ocr.second_look(&heic, Err(Unreadable::PictureOnly)).is_err());

        for (name, behind) in [("scan.pdf", None), ("half_scan.pdf", Some("本页是正文，上一页是扫描件。"))]
        {
            let bytes = std::fs::read(format!("fixtures/extract/{name}")).expect(name);
            let file = File { path: &path, format: FileFormat::Pdf, bytes: &bytes };
            let (outcome, _) = ocr.second_look(&file, pdf::Pdf.read(&file)).expect(name);
            let document = outcome.document.expect("a document");
            let expected: Vec<&str> = page.into_iter().chain(behind).collect();
            assert_eq!(texts(&document), expected, "{name}");
            assert_eq!(document.remarks, [], "{name}");
        }
    }
}
