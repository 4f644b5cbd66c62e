//! What a file says, whatever its format: blocks in reading order, each with its place.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// One readable document: a file, or a member of an archive or a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What the format says about the document itself.
    pub metadata: Metadata,
    /// In reading order. Text is kept as written; matching normalises its own copy.
    pub blocks: Vec<Block>,
    /// Things about the file that a reader saw on its way and that hygiene reports.
    pub remarks: Vec<Remark>,
}

/// What the format says about the document itself, where it says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    pub title: Option<String>,
    pub author: Option<String>,
    /// Pages, sheets or slides, where the format counts them.
    pub extent: Option<Extent>,
}

/// How long a document is, in the unit its format counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    Pages(u32),
    Sheets(u32),
    Slides(u32),
}

/// A piece of a document and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub place: Place,
    pub content: Content,
}

/// What a block holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Marked as a heading by the format, or plainly one by its numbering. Level from 1 to 9;
    /// a document's own title is level 1 as well.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph {
        text: String,
    },
    Table(Table),
    /// A picture without text of its own; `text` is its alternative text, if any.
    Picture {
        text: Option<String>,
    },
    /// What stands in the margins of pages rather than in the body.
    Margin {
        kind: Margin,
        text: String,
    },
}

/// The parts of a page that are not its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Margin {
    Header,
    Footer,
    Footnote,
    Comment,
    SpeakerNotes,
}

/// A table or a sheet. Empty rows and the empty cells at a row's end are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// A sheet's name; other tables have none.
    pub name: Option<String>,
    /// The sheet is hidden from its user.
    pub hidden: bool,
    pub rows: Vec<Row>,
}

/// A row of a table, its cells by column. A merged cell stands in its first position and leaves
/// empty cells in the others, so that the n-th cell is always the n-th column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub text: String,
    pub place: Place,
    /// Columns that the cell covers; 1 unless merged.
    pub columns: u16,
}

/// Where in a document something stands. Counted from 1. Set by `extract`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Place {
    /// The document as a whole: its name, or a property of its format.
    Whole,
    /// Paginated formats: PDF, OFD, scans.
    Page(NonZeroU32),
    /// A cell of a workbook, as its user names it: sheet and `C7`.
    Cell {
        sheet: String,
        cell: CellRef,
    },
    Slide(NonZeroU32),
    /// Flowing formats without pages: the n-th paragraph of the body. Tables do not count.
    Paragraph(NonZeroU32),
    /// A cell of the n-th table of a flowing format, row and column counted from 1.
    TableCell {
        table: NonZeroU32,
        row: NonZeroU32,
        column: NonZeroU32,
    },
    /// Plain text: line and column in characters, not bytes.
    Line {
        line: NonZeroU32,
        column: NonZeroU32,
    },
}

/// A cell's address in a workbook. Displays as `C7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CellRef {
    /// Counted from 1.
    pub row: NonZeroU32,
    /// Counted from 1: A is 1.
    pub column: NonZeroU32,
}

impl fmt::Display for CellRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        let mut rest = self.column.get();
        while rest > 0 {
            rest -= 1;
            letters.push(char::from(b'A' + (rest % 26) as u8));
            rest /= 26;
        }
        for letter in letters.iter().rev() {
            write!(out, "{letter}")?;
        }
        write!(out, "{}", self.row)
    }
}

/// Something a reader noticed that is no text: hygiene decides what to make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remark {
    /// Insertions and deletions nobody has accepted yet (ECMA-376 part 1, 17.13.5).
    TrackedChanges { count: u32, first: Place },
    /// The bytes are of another format than the name's extension says.
    OtherFormat { extension: String },
    /// Reading stopped at a limit; what came before it is in `blocks`.
    Truncated { limit: String },
    /// A part could not be read; the others are in `blocks`.
    PartUnreadable { part: Part },
    /// Text was read from pictures; the program's mean confidence, of 100.
    Recognised { confidence: u8 },
    /// Pages that are pictures without text.
    PicturePages { pages: Vec<NonZeroU32> },
}

/// A part of a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Page(NonZeroU32),
    /// As the format names it: `word/footnotes.xml`, a sheet.
    Named(String),
}

impl Content {
    /// The text of a block that is no table; a table's text is in its cells.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Heading { text, .. } | Self::Paragraph { text } | Self::Margin { text, .. } => Some(text),
            Self::Picture { text } => text.as_deref(),
            Self::Table(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_as_its_user_names_it() {
        let at = |row, column| CellRef {
            row: NonZeroU32::new(row).expect("from 1"),
            column: NonZeroU32::new(column).expect("from 1"),
        };
        for (cell, name) in [(at(7, 3), "C7"), (at(1, 26), "Z1"), (at(2, 27), "AA2"), (at(9, 703), "AAA9")] {
            assert_eq!(cell.to_string(), name);
        }
    }
}
