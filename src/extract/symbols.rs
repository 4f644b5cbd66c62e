//! Marks that documents draw with symbol fonts, as the characters that look the same.
//!
//! A symbol font's letters stand in the private area of Unicode from U+F020 on, and mean nothing without
//! their font. Those that people tick and cross boxes with are known here, whatever format they come in.

use std::borrow::Cow;

use crate::model::{Content, Document};

/// Wingdings (0xFE, 0xFD, 0xFC, 0xFB, 0xA8, 0x6F) and Wingdings 2 (0x50 to 0x56, 0xA3, 0x2A), by Microsoft's own
/// charts. One box is as good as another: what counts is whether it is ticked.
const MARKS: &[(char, char)] = &[
    ('\u{f0fe}', '☑'),
    ('\u{f0fd}', '☒'),
    ('\u{f0fc}', '✓'),
    ('\u{f0fb}', '✗'),
    ('\u{f0a8}', '☐'),
    ('\u{f06f}', '☐'),
    ('\u{f050}', '✓'),
    ('\u{f04f}', '✗'),
    ('\u{f052}', '☑'),
    ('\u{f053}', '☒'),
    ('\u{f054}', '☒'),
    ('\u{f0a3}', '☐'),
    ('\u{f02a}', '☐'),
];

/// Replaces the marks in all texts of a document.
pub(super) fn replace(document: &mut Document) {
    for block in &mut document.blocks {
        match &mut block.content {
            Content::Heading { text, .. } | Content::Paragraph { text } | Content::Margin { text, .. } => mend(text),
            Content::Picture { text } => text.iter_mut().for_each(mend),
            Content::Table(table) => {
                table.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| mend(&mut cell.text));
            }
        }
    }
}

fn mend(text: &mut String) {
    if let Cow::Owned(mended) = mended(text) {
        *text = mended;
    }
}

fn mended(text: &str) -> Cow<'_, str> {
    // All of them are U+F0xx: in UTF-8 these begin with one byte that few texts have.
    if !text.as_bytes().contains(&0xef) {
        return Cow::Borrowed(text);
    }
    let mark = |c: char| MARKS.iter().find(|(symbol, _)| *symbol == c).map(|(_, mark)| *mark);
    if !text.chars().any(|c| mark(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| mark(c).unwrap_or(c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_told_from_empty_boxes() {
        for (text, expected) in [
            ("\u{f052}同意 \u{f0a3}不同意", "☑同意 ☐不同意"),
            ("\u{f0fe}是\u{f0a8}否", "☑是☐否"),
            ("ＡＢ，正常", "ＡＢ，正常"),
            ("\u{f0b7}项", "\u{f0b7}项"),
        ] {
            assert_eq!(mended(text), expected);
        }
    }
}
