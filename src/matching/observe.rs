//! What a look at a document's text shows of its state: placeholders nobody filled in, secrets in
//! plain text, signatures that are there or lacking.
//!
//! Only observations: whether one matters is for judging to say. Start reading at [`of`].

mod draft;
mod placeholders;
mod secrets;
mod signing;
mod version;

use serde::{Deserialize, Serialize};

use crate::model::document::{Block, Content, Document, Place};
use crate::model::pack::Vocabulary;
use crate::model::text::normalise;

use super::view::{Role, View, any};

pub(super) use draft::draft;
pub use signing::{Field, Signing};
pub(super) use version::version;

/// Something in a document's text that has no business there. At most one of each kind is kept:
/// the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Observation {
    /// A few characters as written.
    Placeholder { text: String, place: Place },
    /// Only where: the secret itself goes no further.
    Secret { place: Place },
}

/// Looks once through a document.
pub(super) fn of(document: &Document, view: &View, vocabulary: &Vocabulary) -> (Vec<Observation>, Signing) {
    let pieces = pieces(view);
    let mut observations = Vec::new();
    observations.extend(placeholders::first(document, view, &pieces, vocabulary));
    observations.extend(secrets::first(view, &pieces, &vocabulary.secrets));
    (observations, signing::of(document, view, vocabulary))
}

/// A line, a cell or a margin, and where it stands.
#[derive(Debug, Clone, Copy)]
struct Piece<'a> {
    /// Normalised.
    text: &'a str,
    place: &'a Place,
    block: usize,
}

/// All of a document's text but its tables of contents, in reading order.
fn pieces(view: &View) -> Vec<Piece<'_>> {
    let lines = view.lines.iter().filter(|line| line.role != Role::Contents).chain(&view.margins);
    let lines = lines.map(|line| Piece { text: &line.text, place: &line.place, block: line.block });
    let cells = view.tables.iter().flat_map(|table| {
        let captions = table.caption.iter().map(|line| (&line.text, &line.place));
        let headers = table.columns.iter().map(|column| (&column.header, &column.place));
        let cells = table.rows.iter().flatten().map(|cell| (&cell.text, &cell.place));
        let texts = captions.chain(headers).chain(cells).filter(|(text, _)| !text.is_empty());
        texts.map(|(text, place)| Piece { text, place, block: table.block })
    });
    let mut pieces: Vec<Piece<'_>> = lines.chain(cells).collect();
    pieces.sort_by_key(|piece| piece.block);
    pieces
}

/// The characters of a piece as they were written; the view holds only its normalised form.
fn as_written<'d>(document: &'d Document, piece: &Piece<'_>) -> Option<&'d str> {
    let Block { place, content } = document.blocks.get(piece.block)?;
    match content {
        Content::Table(table) => {
            let mut cells = table.rows.iter().flat_map(|row| &row.cells);
            cells.find(|cell| cell.place == *piece.place && normalise(&cell.text) == piece.text).map(|cell| &*cell.text)
        }
        _ if place == piece.place => content.text()?.lines().find(|line| normalise(line) == piece.text),
        _ => None,
    }
}

/// Whether a block stands in an annex.
fn in_annex(view: &View, block: usize, vocabulary: &Vocabulary) -> bool {
    view.sections.iter().any(|section| {
        (section.blocks.contains(&block) || section.heading.block == block)
            && (any(&vocabulary.annexes, &section.heading.text) || any(&vocabulary.templates, &section.heading.text))
    })
}

/// Views of small documents for the tests of this folder.
#[cfg(test)]
pub(crate) mod sample {
    use std::num::NonZeroU32;

    use super::*;
    use crate::model::Pack;
    use crate::model::document::{Cell, Row, Table};

    pub(crate) fn pack() -> Pack {
        crate::rules::builtin().map_err(miette::Report::new).expect("the pack we ship is valid")
    }

    fn n(number: usize) -> NonZeroU32 {
        NonZeroU32::new(u32::try_from(number).expect("small")).expect("from 1")
    }

    /// Lines of text; runs of lines with `|` are a table, `#` is a heading.
    pub(crate) fn document(text: &str) -> Document {
        let mut document = Document::default();
        for (index, line) in text.lines().enumerate() {
            let place = Place::Paragraph(n(index + 1));
            if let Some(cells) = line.strip_prefix('|') {
                let row = |at: usize| Row {
                    cells: cells
                        .split('|')
                        .enumerate()
                        .map(|(column, text)| Cell {
                            text: text.trim().to_owned(),
                            place: Place::TableCell { table: n(1), row: n(at + 1), column: n(column + 1) },
                            columns: 1,
                        })
                        .collect(),
                };
                if let Some(Block { content: Content::Table(table), .. }) = document.blocks.last_mut() {
                    let row = row(table.rows.len());
                    table.rows.push(row);
                } else {
                    let content = Content::Table(Table { rows: vec![row(0)], ..Table::default() });
                    document.blocks.push(Block { place, content });
                }
                continue;
            }
            let content = match line.strip_prefix("# ") {
                Some(text) => Content::Heading { level: 1, text: text.to_owned() },
                None => Content::Paragraph { text: line.to_owned() },
            };
            document.blocks.push(Block { place, content });
        }
        document
    }
}
