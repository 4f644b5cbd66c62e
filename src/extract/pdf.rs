//! Reads PDF files (ISO 32000-2): text in order, tables, headings by size and number.
//!
//! Two engines read: `unpdf` first, `pdfni` those pages that come back empty, thin or implausible,
//! and only where its words are plausible. Start reading at [`Pdf::read`].

use std::num::NonZeroU32;

use unpdf::{ParseOptions, PdfParser};

use super::layout::{self, Page};
use super::{File, Outcome, Reader};
use crate::model::document::{Extent, Metadata, Remark};
use crate::model::{Document, FileFormat, Unreadable};

mod first;
mod guard;
mod second;
pub(super) mod words;

/// The reader of PDF files.
#[derive(Debug)]
pub struct Pdf;

/// A longer document is no evidence of one clause; its first pages are read.
const MAX_PAGES: u32 = 2_000;

impl Reader for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Pdf]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        guard::check(file.bytes)?;
        let options = ParseOptions::new().lenient().sequential();
        let parser = PdfParser::from_bytes_with_options(file.bytes, options.clone()).map_err(why)?;
        let count = parser.page_count();
        if count == 0 {
            return Err(Unreadable::Corrupt { detail: "no pages".to_owned() });
        }
        let last = count.min(MAX_PAGES);
        let options = options.with_pages(unpdf::PageSelection::Range(1..=last));
        let parsed =
            PdfParser::from_bytes_with_options(file.bytes, options).and_then(|parser| parser.parse()).map_err(why)?;

        let mut pages = first::pages(file.bytes, &parsed).map_err(why)?;
        second::mend(file.bytes, &mut pages);
        let mut document = document(pages)?;
        document.metadata = metadata(&parsed.metadata, count);
        if count > last {
            document.remarks.push(Remark::Truncated { limit: format!("{MAX_PAGES} pages") });
        }
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

/// A page and what is known of how well it was read.
#[derive(Debug)]
struct Reading {
    page: Page,
    state: State,
}

/// How well a page was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Text, or truly nothing.
    Fine,
    /// Fewer characters than the page draws, or characters that are no language.
    Doubtful,
    /// A picture of a page.
    Picture,
}

/// Pages to a document, or the one reason that holds for all of them.
fn document(readings: Vec<Reading>) -> Result<Document, Unreadable> {
    let numbers = |state: State| -> Vec<NonZeroU32> {
        readings.iter().filter(|reading| reading.state == state).map(|reading| reading.page.number).collect()
    };
    let (pictures, doubtful) = (numbers(State::Picture), numbers(State::Doubtful));
    let mut remarks: Vec<Remark> =
        doubtful.iter().map(|number| Remark::PartUnreadable { part: format!("text of page {number}") }).collect();
    let blocks = layout::blocks(readings.into_iter().map(|reading| reading.page).collect());
    let has_text = blocks.iter().any(|block| {
        !matches!(block.content, crate::model::Content::Picture { .. } | crate::model::Content::Margin { .. })
    });
    if !has_text && !doubtful.is_empty() {
        return Err(Unreadable::Garbled);
    }
    if !has_text && !pictures.is_empty() {
        return Err(Unreadable::PictureOnly);
    }
    if !pictures.is_empty() {
        remarks.push(Remark::PicturePages { pages: pictures });
    }
    Ok(Document { metadata: Metadata::default(), blocks, remarks })
}

fn metadata(parsed: &unpdf::Metadata, pages: u32) -> Metadata {
    // Generators fill these with their own words for «nothing».
    let said = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default().trim();
        let nothing = ["", "(anonymous)", "(unspecified)", "untitled", "anonymous", "unknown"];
        (!nothing.contains(&text.to_lowercase().as_str())).then(|| text.to_owned())
    };
    Metadata { title: said(&parsed.title), author: said(&parsed.author), extent: Some(Extent::Pages(pages)) }
}

/// The reader's word for a failure as ours.
fn why(error: unpdf::Error) -> Unreadable {
    match error {
        unpdf::Error::Encrypted | unpdf::Error::InvalidPassword => Unreadable::Encrypted,
        other => Unreadable::Corrupt { detail: other.to_string() },
    }
}
