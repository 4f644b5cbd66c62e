//! Reads PDF files (ISO 32000-2): text in order, tables, headings by size and number.
//!
//! Two engines read: `unpdf` first, `pdfni` those pages that come back empty, thin or implausible,
//! and only where its words are plausible. Start reading at [`Pdf::read`].

use std::num::NonZeroU32;

use unpdf::ParseOptions;
use unpdf::parser::backend::{PdfBackend as _, RawBackend};

use super::layout::{self, Page};
use super::{File, Outcome, Reader, limit_name};
use crate::model::document::{Extent, Metadata, Part, Remark};
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
        match whole(file.bytes) {
            // Printers and gateways write their own lines in front; places in the file count from its header.
            Err(Unreadable::Corrupt { detail }) => match header(file.bytes) {
                Some(at @ 1..) => whole(&file.bytes[at..]),
                _ => Err(Unreadable::Corrupt { detail }),
            },
            read => read,
        }
    }
}

/// Where the header stands: anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13).
fn header(bytes: &[u8]) -> Option<usize> {
    bytes[..bytes.len().min(1024)].windows(5).position(|window| window == b"%PDF-")
}

fn whole(bytes: &[u8]) -> Result<Outcome, Unreadable> {
    guard::check(bytes)?;
    let backend = RawBackend::load_bytes(bytes).map_err(why)?;
    let count = u32::try_from(backend.pages().len()).unwrap_or(u32::MAX);
    if count == 0 {
        return Err(Unreadable::Corrupt { detail: "no pages".to_owned() });
    }
    let last = count.min(MAX_PAGES);
    let wanted = unpdf::PageSelection::Range(1..=last);
    let options = ParseOptions::new().lenient().sequential().with_pages(wanted);
    let parsed = unpdf::parse_bytes_with_options(bytes, options).map_err(why)?;

    let mut pages = first::pages(&backend, &parsed);
    second::mend(bytes, &mut pages);
    // A seal lies over the page, in none of what the page itself draws.
    if let Some(last) = pages.last_mut().filter(|_| is_sealed(bytes)) {
        last.page.pieces.push(layout::Piece::Picture);
    }
    let mut document = document(pages)?;
    document.metadata = metadata(&parsed.metadata, count);
    if count > last {
        document.remarks.push(Remark::Truncated { limit: limit_name("MAX_PAGES", MAX_PAGES) });
    }
    Ok(Outcome { document: Some(document), members: Vec::new() })
}

/// It holds a digital signature or a stamp (ISO 32000-1, 12.8.1 and 12.5.6.12); a signature's range of bytes
/// is written in the clear.
fn is_sealed(bytes: &[u8]) -> bool {
    [&b"/ByteRange"[..], b"/Stamp"].iter().any(|mark| bytes.windows(mark.len()).any(|part| part == *mark))
}

/// The pictures of scanned pages, those that are asked for or all pages without text, by page: the largest
/// picture of each as PNG or JPEG. `None` where a page's picture is of a kind that cannot be given.
pub(super) fn pictures(bytes: &[u8], only: Option<&[NonZeroU32]>) -> Vec<(NonZeroU32, Option<Vec<u8>>)> {
    let wanted = only.map(|pages| pages.iter().map(|page| page.get()).collect());
    let selection = wanted.map_or(unpdf::PageSelection::Range(1..=MAX_PAGES), unpdf::PageSelection::Pages);
    let options =
        ParseOptions::new().lenient().sequential().with_text(false).with_resources(true).with_pages(selection);
    let parsed = guard::check(bytes).ok().and_then(|()| unpdf::parse_bytes_with_options(bytes, options).ok());
    let pages = parsed.into_iter().flat_map(|parsed| parsed.pages);
    let picture = |page: unpdf::Page| {
        let pictures = page.images.into_iter().map(|(_, picture)| picture);
        let shown = pictures.filter(|picture| matches!(picture.mime_type.as_str(), "image/png" | "image/jpeg"));
        let area =
            |picture: &unpdf::Resource| u64::from(picture.width.unwrap_or(0)) * u64::from(picture.height.unwrap_or(0));
        shown.max_by_key(area).map(|picture| picture.data)
    };
    pages.filter_map(|page| Some((NonZeroU32::new(page.number)?, picture(page)))).collect()
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
    /// A language, but most of what the page draws is said to lie outside of it.
    Cut,
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
        doubtful.into_iter().map(|number| Remark::PartUnreadable { part: Part::Page(number) }).collect();
    let blocks = layout::blocks(readings.into_iter().map(|reading| reading.page).collect());
    let has_text = blocks.iter().any(|block| {
        !matches!(block.content, crate::model::Content::Picture { .. } | crate::model::Content::Margin { .. })
    });
    if !has_text && !remarks.is_empty() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Content, EvidencePath, Margin, Place};

    fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
        let path = EvidencePath::new("a.pdf");
        let outcome = Pdf.read(&File { path: &path, format: FileFormat::Pdf, bytes })?;
        Ok(outcome.document.expect("a PDF is no container"))
    }

    fn fixture(name: &str) -> Result<Document, Unreadable> {
        read(&std::fs::read(format!("fixtures/extract/{name}")).expect(name))
    }

    fn text(document: &Document) -> String {
        document.blocks.iter().filter_map(|block| block.content.text()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn a_contract_keeps_its_articles_tables_and_signatures() {
        let document = fixture("contract.pdf").expect("readable");
        assert_eq!(document.metadata.title.as_deref(), Some("安全运维服务合同"));
        assert_eq!(document.metadata.extent, Some(Extent::Pages(2)));
        let headings: Vec<(u8, &str)> = document
            .blocks
            .iter()
            .filter_map(|block| match &block.content {
                Content::Heading { level, text } => Some((*level, text.as_str())),
                _ => None,
            })
            .collect();
        let expected =
            [(1, "安全运维服务合同"), (2, "第一条 服务范围与目标"), (2, "第二条 服务内容"), (2, "第三条 保密")];
        assert_eq!(headings, expected);
        let text = text(&document);
        for paragraph in [
            "|乙方为甲方机房内的安全设备、网络设备、服务器及其上运行的业务系统提供安全运维服务，及时发现并消除隐患，全年可用率不低于99.9%。|",
            "|3.1 服务期限自2025年1月1日起至2025年12月31日止。|",
            "|甲方（盖章）：某市数据中心|授权代表：赵一|日期：2025年1月2日|",
            "|乙方（盖章）：某某信息安全技术股份有限公司|授权代表：钱二|日期：2025年1月3日",
        ] {
            assert!(text.contains(paragraph), "{paragraph} in {text}");
        }
        assert!(!text.contains("第 1 页"), "{text}");
        let header = |content: &Content| matches!(content, Content::Margin { kind: Margin::Header, .. });
        assert_eq!(document.blocks.iter().filter(|block| header(&block.content)).count(), 1);
    }

    #[test]
    fn a_table_over_two_pages_is_one_with_its_cells_pages() {
        let document = fixture("contract.pdf").expect("readable");
        let mut tables = document.blocks.iter().filter_map(|block| match &block.content {
            Content::Table(table) => Some(table),
            _ => None,
        });
        let table = tables.next().expect("a table");
        assert_eq!(tables.next(), None);
        assert_eq!(table.rows.len(), 25, "a header, not repeated, and 24 rows");
        assert!(table.rows.iter().all(|row| row.cells.len() == 3));
        let last = &table.rows[24].cells;
        assert_eq!(last[1].text, "服务项24");
        assert_eq!(last[2].text, "每月一次，形成记录并由双方签字确认后归档保存三年。");
        assert_eq!(last[0].place, Place::Page(NonZeroU32::new(2).expect("two")));
    }

    #[test]
    fn files_that_need_care_give_their_text() {
        for (name, expected) in [
            ("open.pdf", "Monthly report of security operation services"),
            // The first reader knows no such encoding.
            ("gbkp.pdf", "季度巡检报告由双方签字确认后归档保存"),
            ("landscape.pdf", "一、年度巡检计划|巡检每月一次，由驻场工程师执行。|巡检结果经复核后提交客户签字。"),
            ("half_scan.pdf", "本页是正文，上一页是扫描件。"),
        ] {
            assert_eq!(text(&fixture(name).expect(name)), expected, "{name}");
        }
        let scanned = fixture("half_scan.pdf").expect("readable").remarks;
        assert_eq!(scanned, [Remark::PicturePages { pages: vec![NonZeroU32::MIN] }]);
    }

    #[test]
    fn files_without_text_say_why() {
        for (name, expected) in [
            ("password.pdf", Unreadable::Encrypted),
            ("scan.pdf", Unreadable::PictureOnly),
            ("unmapped.pdf", Unreadable::Garbled),
        ] {
            assert_eq!(fixture(name), Err(expected), "{name}");
        }
        let whole = std::fs::read("fixtures/extract/contract.pdf").expect("a fixture");
        let with_junk = [b"@PJL SET RESOLUTION=600\r\n", whole.as_slice()].concat();
        assert!(text(&read(&with_junk).expect("readable")).contains("第一条"));
        for bytes in [&b"%PDF-1.7\nnothing"[..], &whole[..200]] {
            assert!(matches!(read(bytes), Err(Unreadable::Corrupt { .. })), "{:?}", read(bytes));
        }
    }
}
