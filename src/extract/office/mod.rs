//! Word, Excel and `PowerPoint`, in their XML formats (ECMA-376) and the binary ones before
//! (MS-DOC, MS-XLS, MS-PPT), WPS's included.
//!
//! One library reads all six. It is told the format, because it would trust the extension; what
//! it returns is laid out here: [`flowing`] for texts, [`slides`], and [`sheets`] with the
//! addresses that their users see.

use std::io::Cursor;

use office_oxide::limits::Limits;
use office_oxide::options::{Damage, DamageKind, ParseOptions};
use office_oxide::{Document as Parsed, DocumentFormat, OfficeError, doc, docx, ppt, pptx, xls, xlsx};

use super::{File, Outcome, Reader};
use crate::model::document::{Extent, Metadata, Part, Remark};
use crate::model::{Document, FileFormat, Unreadable};

mod biff;
mod flowing;
mod inline;
mod numbers;
mod sheets;
mod slide_tables;
mod slides;
mod tracked;

#[cfg(test)]
mod tests;

/// Reads the six formats of the office.
#[derive(Debug)]
pub struct Office;

impl Reader for Office {
    fn name(&self) -> &'static str {
        "office"
    }

    fn formats(&self) -> &'static [FileFormat] {
        use FileFormat as F;
        &[F::Docx, F::Xlsx, F::Pptx, F::Doc, F::Xls, F::Ppt]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let format = match file.format {
            FileFormat::Docx => DocumentFormat::Docx,
            FileFormat::Xlsx => DocumentFormat::Xlsx,
            FileFormat::Pptx => DocumentFormat::Pptx,
            FileFormat::Doc => DocumentFormat::Doc,
            FileFormat::Xls => DocumentFormat::Xls,
            FileFormat::Ppt => DocumentFormat::Ppt,
            _ => return Err(Unreadable::Unsupported),
        };
        let parsed = Parsed::from_reader_with(Cursor::new(file.bytes.to_vec()), format, &options())
            .map_err(|error| unreadable(&error))?;
        let mut document = convert(&parsed, file.bytes);
        if file.format == FileFormat::Docx {
            document.remarks.extend(tracked::remarks(file.bytes));
        }
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

/// Deleted text stays out; hidden text is text. Sizes are bounded as for strangers' files, but a
/// document that is cut at a limit is read as far as it goes.
fn options() -> ParseOptions {
    let mut options = ParseOptions::default();
    let usual_ratio = options.limits.inflate_ratio;
    options.limits = Limits::strict();
    // A sheet of repeated rows inflates more than the strict hundredfold.
    options.limits.inflate_ratio = usual_ratio;
    options.include_hidden_text = true;
    options.include_deleted_text = false;
    options
}

fn convert(parsed: &Parsed, bytes: &[u8]) -> Document {
    if let Some(book) = parsed.as_xlsx() {
        return sheets::xlsx(book);
    }
    if let Some(book) = parsed.as_xls() {
        return sheets::xls(book, biff::beside_cells(bytes));
    }
    let ir = parsed.to_ir();
    let slides = parsed.as_pptx().map(|show| show.slides.len()).or(parsed.as_ppt().map(|show| show.slides.len()));
    let blocks = match slides {
        Some(count) if parsed.as_ppt().is_some() => slide_tables::restored(bytes, slides::blocks(&ir.sections, count)),
        Some(count) => slides::blocks(&ir.sections, count),
        None => flowing::blocks(&ir.sections, &mut numbers::Numbers::of(parsed.as_docx())),
    };
    // The library takes a document without a title by its first heading; the format's own word is wanted here.
    let own_title = match parsed.as_docx() {
        Some(text) => text.core_properties.as_ref().and_then(|properties| properties.title.clone()),
        None => ir.metadata.title.clone(),
    };
    Document {
        metadata: Metadata {
            title: filled(own_title),
            author: filled(ir.metadata.author.clone()),
            extent: slides.map(|count| Extent::Slides(u32::try_from(count).unwrap_or(u32::MAX))),
        },
        blocks,
        remarks: remarks(&parsed.damage()),
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| repaired(text.trim())).filter(|text| !text.is_empty())
}

/// Properties of old files may be UTF-8 while they claim a Western code page: `è¨¾` for `訾`.
fn repaired(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// What the library's own limits are called here; its words for each are English sentences.
const LIMITS: &str = "office_oxide::Limits";

fn remarks(damage: &[Damage]) -> Vec<Remark> {
    let remark = |damage: &Damage| match damage.kind {
        DamageKind::UnreadablePart => Some(Remark::PartUnreadable {
            part: Part::Named(damage.part.clone().unwrap_or_else(|| damage.detail.clone())),
        }),
        DamageKind::Truncated => {
            Some(Remark::Truncated { limit: damage.part.clone().unwrap_or_else(|| LIMITS.to_owned()) })
        }
        _ => None,
    };
    damage.iter().filter_map(remark).collect()
}

fn unreadable(error: &OfficeError) -> Unreadable {
    match error {
        OfficeError::Doc(doc::DocError::Encrypted)
        | OfficeError::Ppt(ppt::PptError::Encrypted)
        | OfficeError::Xls(xls::XlsError::Encrypted | xls::XlsError::EncryptionNotSupported(_)) => {
            Unreadable::Encrypted
        }
        OfficeError::Panic(detail) => Unreadable::Fault { detail: detail.clone() },
        OfficeError::Core(part)
        | OfficeError::Docx(docx::DocxError::Core(part))
        | OfficeError::Xlsx(xlsx::XlsxError::Core(part))
        | OfficeError::Pptx(pptx::PptxError::Core(part))
            if is_limit(part) =>
        {
            Unreadable::Limit { limit: LIMITS.to_owned() }
        }
        // A sheet's limit comes as the reason why its workbook has none.
        error if error.to_string().contains("limit exceeded") => Unreadable::Limit { limit: LIMITS.to_owned() },
        _ => Unreadable::Corrupt { detail: error.to_string() },
    }
}

fn is_limit(error: &office_oxide::core::Error) -> bool {
    matches!(error, office_oxide::core::Error::DecompressionLimit { .. } | office_oxide::core::Error::PackageLimit(_))
}
