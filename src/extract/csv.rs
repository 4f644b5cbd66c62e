//! Comma-separated values (RFC 4180), in any encoding, with whichever separator the file uses.

use std::num::NonZeroU32;

use ::csv::{ReaderBuilder, StringRecord};

use super::{File, Outcome, Reader, encoding, limit_name};
use crate::model::document::Remark;
use crate::model::{Block, Cell, Content, Document, FileFormat, Place, Row, Table, Unreadable};

/// Reads one table from one file.
#[derive(Debug)]
pub struct Csv;

/// Cells that are kept of a file: a year of hourly measurements of ten values, and more.
const MAX_CELLS: usize = 400_000;

impl Reader for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Csv]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let (text, remarks) = encoding::decode_bounded(file.bytes)?;
        let mut document = read_table(&text);
        document.remarks.extend(remarks);
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

fn read_table(text: &str) -> Document {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(text)).from_reader(text.as_bytes());
    let mut document = Document::default();
    let mut rows = Vec::new();
    let mut cells = 0;
    for record in reader.records() {
        // The reader is flexible and the text is UTF-8: no record is refused.
        let Ok(record) = record else { continue };
        let row = row(&record, text);
        cells += row.cells.len();
        if cells > MAX_CELLS {
            document.remarks.push(Remark::Truncated { limit: limit_name("MAX_CELLS", MAX_CELLS) });
            break;
        }
        if !row.cells.is_empty() {
            rows.push(row);
        }
    }
    if !rows.is_empty() {
        let place = line(1, 1);
        document.blocks.push(Block { place, content: Content::Table(Table { rows, ..Table::default() }) });
    }
    document
}

fn row(record: &StringRecord, text: &str) -> Row {
    let number = record.position().map_or(1, |position| {
        // A record begins after the one before it: the empty lines between them come first.
        let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
        let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
        position.line() + empty.count() as u64
    });
    let filled =
        record.iter().zip(1..).filter(|(text, _)| !text.trim().is_empty()).last().map_or(0, |(_, number)| number);
    let mut column = 1;
    let mut cells = Vec::with_capacity(filled);
    for text in record.iter().take(filled) {
        cells.push(Cell { text: text.trim().to_owned(), place: line(number, column), columns: 1 });
        // Quotes are not counted: the record no longer knows which of its fields had them.
        column += text.chars().count() as u64 + 1;
    }
    Row { cells }
}

fn line(line: u64, column: u64) -> Place {
    let from_one = |n: u64| u32::try_from(n).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
    Place::Line { line: from_one(line), column: from_one(column) }
}

/// The separator that splits the first lines into the same number of fields, and the most.
fn separator(text: &str) -> u8 {
    const LINES: usize = 10;
    let count = |separator: char| {
        let counts = text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
        counts.map(|line| line.matches(separator).count()).max().unwrap_or(0)
    };
    let best = [',', '\t', ';', '|'].into_iter().rev().max_by_key(|separator| count(*separator));
    best.map_or(b',', |separator| separator as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_lines_and_columns() {
        for (text, expected) in [
            ("编号,名称\n1,\"防火墙,主\"\n\n2,交换机,,\n", "1:1=编号 1:4=名称|2:1=1 2:3=防火墙,主|4:1=2 4:3=交换机"),
            ("a\tb\nc\td\n", "1:1=a 1:3=b|2:1=c 2:3=d"),
            ("", ""),
        ] {
            let document = read_table(text);
            let shown = document.blocks.iter().flat_map(|block| match &block.content {
                Content::Table(table) => table.rows.iter().map(show).collect::<Vec<_>>(),
                content => panic!("{content:?}"),
            });
            assert_eq!(shown.collect::<Vec<_>>().join("|"), expected);
        }
    }

    fn show(row: &Row) -> String {
        let cells = row.cells.iter().map(|cell| match cell.place {
            Place::Line { line, column } => format!("{line}:{column}={}", cell.text),
            _ => panic!("{:?}", cell.place),
        });
        cells.collect::<Vec<_>>().join(" ")
    }
}
