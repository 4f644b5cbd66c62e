//! Counts insertions and deletions that nobody has accepted yet (ECMA-376 part 1, 17.13.5), and sees tables that
//! stand deeper in each other than anybody reads.

use std::io::{Cursor, Read};

use ::zip::ZipArchive;

use crate::extract::flow::from_one;
use crate::extract::limit_name;
use crate::model::Place;
use crate::model::document::Remark;

/// Bytes of the main part that are looked through: a text of a million words has fewer.
const MAX_PART_BYTES: u64 = 64 << 20;

/// What counts as a change: text put in, taken out or moved. Changes of format are none.
const CHANGES: &[&str] = &["w:ins", "w:del", "w:moveFrom"];

/// Tables within each other. Forms nest three or four; the library leaves out what stands deeper than it follows.
const MAX_TABLE_DEPTH: u32 = 50;

/// What a document's body gives reason to remark.
pub(super) fn remarks(docx: &[u8]) -> Vec<Remark> {
    body(docx).map(|xml| count(&String::from_utf8_lossy(&xml))).unwrap_or_default()
}

fn body(docx: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(docx)).ok()?;
    let part = archive.by_name("word/document.xml").ok()?;
    let mut xml = Vec::new();
    part.take(MAX_PART_BYTES).read_to_end(&mut xml).ok()?;
    Some(xml)
}

fn count(xml: &str) -> Vec<Remark> {
    let mut paragraphs = Paragraphs::default();
    let mut found: Option<(u32, u32)> = None;
    // Every piece begins with the name of an element.
    for piece in xml.split('<').skip(1) {
        let name = piece.split([' ', '>', '/', '\n', '\r', '\t']).next().unwrap_or_default();
        if CHANGES.contains(&name) {
            let (count, _) = found.get_or_insert((0, paragraphs.at_change()));
            *count = count.saturating_add(1);
        }
        paragraphs.see(piece, name);
    }
    let changes =
        found.map(|(count, first)| Remark::TrackedChanges { count, first: Place::Paragraph(from_one(first)) });
    let too_deep = paragraphs.deepest > MAX_TABLE_DEPTH;
    let too_deep = too_deep.then(|| Remark::Truncated { limit: limit_name("MAX_TABLE_DEPTH", MAX_TABLE_DEPTH) });
    changes.into_iter().chain(too_deep).collect()
}

/// Numbers the paragraphs of the body as the text's blocks are numbered: those with text,
/// outside tables.
#[derive(Default)]
struct Paragraphs {
    tables: u32,
    deepest: u32,
    before: u32,
    has_text: bool,
}

impl Paragraphs {
    fn see(&mut self, piece: &str, name: &str) {
        match name {
            "w:tbl" => {
                self.tables += 1;
                self.deepest = self.deepest.max(self.tables);
            }
            "w:t" => self.has_text |= piece.split_once('>').is_some_and(|(_, text)| !text.trim().is_empty()),
            _ if piece.starts_with("/w:tbl>") => self.tables = self.tables.saturating_sub(1),
            _ if piece.starts_with("/w:p>") => {
                self.before += u32::from(self.has_text && self.tables == 0);
                self.has_text = false;
            }
            _ => {}
        }
    }

    /// The paragraph that is being read; in a table, the one before it.
    fn at_change(&self) -> u32 {
        if self.tables == 0 { self.before + 1 } else { self.before.max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted_from_the_first() {
        let at = |count, first| vec![Remark::TrackedChanges { count, first: Place::Paragraph(from_one(first)) }];
        for (xml, expected) in [
            ("<w:p><w:r><w:t>a</w:t></w:r></w:p>", Vec::new()),
            (
                "<w:p><w:t>a</w:t></w:p><w:p/><w:p><w:ins w:id='1'><w:t>b</w:t></w:ins><w:del><w:delText>c</w:delText></w:del></w:p>",
                at(2, 2),
            ),
            ("<w:p><w:t>a</w:t></w:p><w:tbl><w:p><w:t>x</w:t><w:moveFrom/></w:p></w:tbl>", at(1, 1)),
            ("<w:p><w:pPr><w:rPr><w:insideH/></w:rPr></w:pPr></w:p>", Vec::new()),
        ] {
            assert_eq!(count(xml), expected, "{xml}");
        }
        let limit = limit_name("MAX_TABLE_DEPTH", MAX_TABLE_DEPTH);
        assert_eq!(count(&"<w:tbl>".repeat(51)), [Remark::Truncated { limit }]);
    }
}
