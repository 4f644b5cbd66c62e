//! Writes texts into cells of a Word file and leaves everything else in it as it is.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::form::FormError;
use crate::form::package::{Package, attribute, broken, escape};
use crate::model::Place;

const DOCUMENT: &str = "word/document.xml";

/// A cell, the text that was read from it, and the one that takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::form) struct Edit {
    pub place: Place,
    pub old: String,
    pub new: String,
}

/// A cell of the document's XML.
#[derive(Debug, Default)]
struct Found {
    /// Table, row and column, counted from 1; of a merged cell its first.
    at: (u32, u32, u32),
    /// From behind the cell's properties to its end tag.
    content: Range<usize>,
    text: String,
    /// The first paragraph's and the first run's properties, as they stand.
    paragraph: Range<usize>,
    run: Range<usize>,
}

/// # Errors
/// Where a cell is not where it was read, or holds something else than was read: nothing is written then.
pub(in crate::form) fn edit(package: &mut Package, edits: &[Edit]) -> Result<(), FormError> {
    let xml = package.text(DOCUMENT)?;
    let cells = cells(xml)?;
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for edit in edits {
        let Place::TableCell { table, row, column } = &edit.place else { return Err(FormError::Misfit) };
        let at = (table.get(), row.get(), column.get());
        let cell = cells.iter().find(|cell| cell.at == at).ok_or(FormError::Misfit)?;
        if bare(&cell.text) != bare(&edit.old) {
            return Err(FormError::Misfit);
        }
        let (paragraph, run) = (&xml[cell.paragraph.clone()], &xml[cell.run.clone()]);
        let line = |line: &str| {
            let text = escape(line);
            format!("<w:p>{paragraph}<w:r>{run}<w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
        };
        let lines: Vec<&str> = if edit.new.is_empty() { vec![""] } else { edit.new.lines().collect() };
        changes.push((cell.content.clone(), lines.into_iter().map(line).collect()));
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(xml.len());
    let mut done = 0;
    for (range, text) in changes {
        out.push_str(&xml[done..range.start]);
        out.push_str(&text);
        done = range.end;
    }
    out.push_str(&xml[done..]);
    package.set(DOCUMENT, out);
    Ok(())
}

/// What two readers of one cell agree on: letters, digits and characters of Chinese.
pub(in crate::form) fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The cells of the body's own tables. Cells of tables inside cells are part of their text.
fn cells(xml: &str) -> Result<Vec<Found>, FormError> {
    let mut reader = Reader::from_str(xml);
    let mut walk = Walk::default();
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| broken(&error))?;
        let end = reader.buffer_position() as usize;
        match event {
            Event::Start(tag) => {
                walk.start(tag.local_name().as_ref(), start, end);
                walk.attributes(&tag);
            }
            Event::Empty(tag) => {
                walk.start(tag.local_name().as_ref(), start, end);
                walk.attributes(&tag);
                walk.end(tag.local_name().as_ref(), start, end);
            }
            Event::End(tag) => walk.end(tag.local_name().as_ref(), start, end),
            Event::Text(text) if walk.in_text => {
                walk.cell.text.push_str(&text.xml10_content());
            }
            Event::GeneralRef(reference) if walk.in_text => {
                let name = reference.to_string();
                let resolved = reference.resolve_char_ref().ok().flatten();
                let text = resolved.or(match name.as_str() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                });
                walk.cell.text.extend(text);
            }
            Event::Eof => return Ok(walk.cells),
            _ => {}
        }
    }
}

/// How far the walk through the document has come.
#[derive(Debug, Default)]
struct Walk {
    cells: Vec<Found>,
    /// Tables that are open; only the outermost counts.
    depth: u32,
    table: u32,
    row: u32,
    column: u32,
    /// Columns of the cell that is open.
    span: u32,
    cell: Found,
    /// Runs and texts of the cell that are open.
    in_run: bool,
    in_text: bool,
    /// Where the first properties of a paragraph and of a run began.
    paragraph_from: Option<usize>,
    run_from: Option<usize>,
}

impl Walk {
    fn start(&mut self, name: &str, start: usize, end: usize) {
        match (name, self.depth) {
            ("tbl", depth) => {
                self.depth = depth + 1;
                if depth == 0 {
                    self.table += 1;
                    self.row = 0;
                }
            }
            ("tr", 1) => {
                self.row += 1;
                self.column = 1;
            }
            ("tc", 1) => {
                self.span = 1;
                self.cell = Found { at: (self.table, self.row, self.column), content: end..end, ..Found::default() };
            }
            ("pPr", 1) if self.cell.paragraph.is_empty() => self.paragraph_from = Some(start),
            ("r", 1) => self.in_run = true,
            ("rPr", 1) if self.in_run && self.cell.run.is_empty() => self.run_from = Some(start),
            ("t", 1..) => self.in_text = true,
            _ => {}
        }
    }

    fn attributes(&mut self, tag: &quick_xml::events::BytesStart<'_>) {
        let number = |name| attribute(tag, name).and_then(|value| value.parse::<u32>().ok());
        match (tag.local_name().as_ref(), self.depth) {
            ("gridSpan", 1) => self.span = number("val").unwrap_or(1).max(1),
            ("gridBefore", 1) => self.column += number("val").unwrap_or(0),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, start: usize, end: usize) {
        match (name, self.depth) {
            ("tbl", depth) => self.depth = depth.saturating_sub(1),
            ("tcPr", 1) => self.cell.content = end..end,
            ("tc", 1) => {
                self.cell.content.end = start;
                self.cells.push(std::mem::take(&mut self.cell));
                self.column += self.span;
            }
            ("pPr", 1) => {
                if let Some(from) = self.paragraph_from.take() {
                    self.cell.paragraph = from..end;
                }
            }
            ("r", 1) => self.in_run = false,
            ("rPr", 1) if self.in_run => {
                if let Some(from) = self.run_from.take() {
                    self.cell.run = from..end;
                }
            }
            ("t", _) => self.in_text = false,
            _ => {}
        }
    }
}
