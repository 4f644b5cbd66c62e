//! Workbooks: a table for each sheet, its cells under the addresses that their users see.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

use office_oxide::xls::XlsDocument;
use office_oxide::xlsx::{self, SheetState, XlsxDocument, date};

use super::biff::Beside;
use super::filled;
use crate::extract::limit_name;
use crate::model::document::{Extent, Margin, Metadata, Part, Remark};
use crate::model::{Block, Cell, CellRef, Content, Document, Place, Row, Table};

/// Cells that are kept of a workbook, empty ones between others included: a year of daily
/// records of a hundred devices fits.
const MAX_CELLS: usize = 400_000;

/// Rows counted from 0, columns counted from 0.
type Address = (u32, u32);

/// A sheet as both formats give it.
struct Sheet<'a> {
    name: &'a str,
    hidden: bool,
    /// Texts by address, in reading order.
    cells: BTreeMap<Address, Cow<'a, str>>,
    /// First and last address of each merged range.
    merged: Vec<(Address, Address)>,
    header: Vec<String>,
    footer: Vec<String>,
    /// Text that floats above the cells: shapes, charts.
    floating: Vec<String>,
    comments: Vec<(Address, String)>,
}

pub(super) fn xlsx(book: &XlsxDocument) -> Document {
    let properties = book.core_properties.as_ref();
    let mut document = Document {
        metadata: Metadata {
            title: filled(properties.and_then(|properties| properties.title.clone())),
            author: filled(properties.and_then(|properties| properties.creator.clone())),
            extent: Some(Extent::Sheets(u32::try_from(book.worksheets.len()).unwrap_or(u32::MAX))),
        },
        ..Document::default()
    };
    let unreadable = book.unreadable_sheets.iter().chain(&book.unreadable_parts);
    document.remarks.extend(unreadable.map(|(part, _)| Remark::PartUnreadable { part: Part::Named(part.clone()) }));
    let mut left = MAX_CELLS;
    let dates = book.date_style_indices();
    for sheet in &book.worksheets {
        let sheet = xlsx_sheet(book, sheet, &dates);
        lay_out(&sheet, &mut left, &mut document);
    }
    document
}

fn xlsx_sheet<'a>(
    book: &'a XlsxDocument,
    sheet: &'a xlsx::Worksheet,
    dates: &std::collections::HashSet<u32>,
) -> Sheet<'a> {
    let mut cells = BTreeMap::new();
    for cell in sheet.rows.iter().flat_map(|row| &row.cells).take(MAX_CELLS + 1) {
        let text = xlsx_text(book, cell, dates);
        if !text.trim().is_empty() {
            cells.entry((cell.reference.row, cell.reference.col)).or_insert(text);
        }
    }
    let [first_header, header, even_header, first_footer, footer, even_footer] =
        sheet.header_footer.active(&sheet.name);
    let comments = sheet.comments.iter().filter_map(|comment| {
        let at = xlsx::CellRef::parse(&comment.cell_ref)?;
        Some(((at.row, at.col), comment.text.clone()))
    });
    Sheet {
        name: &sheet.name,
        hidden: !matches!(sheet.state, SheetState::Visible),
        cells,
        merged: sheet.merged_cells.iter().filter_map(|range| xlsx_range(range)).collect(),
        header: [first_header, header, even_header].into_iter().flatten().collect(),
        footer: [first_footer, footer, even_footer].into_iter().flatten().collect(),
        floating: sheet.text_shapes.iter().map(|shape| shape.text.clone()).collect(),
        comments: comments.collect(),
    }
}

fn xlsx_text<'a>(book: &'a XlsxDocument, cell: &'a xlsx::Cell, dates: &std::collections::HashSet<u32>) -> Cow<'a, str> {
    match &cell.value {
        // A formula that was never calculated has no value to show.
        xlsx::CellValue::Empty => Cow::Borrowed(""),
        xlsx::CellValue::String(text) => Cow::Borrowed(text),
        xlsx::CellValue::SharedString(index) => Cow::Borrowed(book.shared_strings.get(*index).unwrap_or("")),
        xlsx::CellValue::Number(number) if cell.style_index.is_some_and(|style| dates.contains(&style)) => {
            match time_of_day(*number) {
                Some(time) => Cow::Owned(time),
                None => Cow::Owned(book.format_cell_value(cell)),
            }
        }
        _ => Cow::Owned(book.format_cell_value(cell)),
    }
}

/// A date's number below one is a time without a day (ECMA-376 part 1, 18.17.4).
fn time_of_day(number: f64) -> Option<String> {
    (0.0..1.0).contains(&number).then(|| {
        #[expect(clippy::cast_sign_loss, reason = "it is not negative in this range")]
        let seconds = (number * 86_400.0).round() as u32;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
    })
}

/// `A1:C2`.
fn xlsx_range(range: &str) -> Option<(Address, Address)> {
    let (first, last) = range.split_once(':')?;
    let (first, last) = (xlsx::CellRef::parse(first)?, xlsx::CellRef::parse(last)?);
    Some(((first.row, first.col), (last.row, last.col)))
}

pub(super) fn xls(book: &XlsDocument, beside: Vec<Beside>) -> Document {
    let properties = book.summary_properties();
    let mut document = Document {
        metadata: Metadata {
            title: filled(properties.and_then(|properties| properties.title.clone())),
            author: filled(properties.and_then(|properties| properties.author.clone())),
            extent: Some(Extent::Sheets(u32::try_from(book.sheets.len()).unwrap_or(u32::MAX))),
        },
        ..Document::default()
    };
    if book.truncated() {
        let limit = book.notices().first().cloned().unwrap_or_default();
        document.remarks.push(Remark::Truncated { limit });
    }
    let mut left = MAX_CELLS;
    // Where the stream holds more or fewer sheets than the library gives, nobody knows whose words they are.
    let mut beside = if beside.len() == book.sheets.len() { beside } else { Vec::new() }.into_iter();
    for sheet in &book.sheets {
        lay_out(&xls_sheet(sheet, beside.next().unwrap_or_default()), &mut left, &mut document);
    }
    document
}

fn xls_sheet(sheet: &office_oxide::xls::Sheet, beside: Beside) -> Sheet<'_> {
    let mut cells = BTreeMap::new();
    for (row, values) in sheet.rows.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            let text = xls_text(sheet, row, column, value);
            if !text.trim().is_empty() && cells.len() <= MAX_CELLS {
                cells.insert((row as u32, column as u32), text);
            }
        }
    }
    let merged = sheet.merged_cells.iter().map(|&(first_row, last_row, first_column, last_column)| {
        ((u32::from(first_row), u32::from(first_column)), (u32::from(last_row), u32::from(last_column)))
    });
    let comments =
        sheet.comments.iter().map(|comment| ((u32::from(comment.row), u32::from(comment.col)), comment.text.clone()));
    Sheet {
        name: &sheet.name,
        hidden: sheet.hidden,
        cells,
        merged: merged.collect(),
        header: beside.header.into_iter().collect(),
        footer: beside.footer.into_iter().collect(),
        floating: [sheet.chart_text.clone(), beside.boxes].concat(),
        comments: comments.collect(),
    }
}

fn xls_text<'a>(
    sheet: &'a office_oxide::xls::Sheet,
    row: usize,
    column: usize,
    value: &'a office_oxide::xls::CellValue,
) -> Cow<'a, str> {
    use office_oxide::xls::CellValue;
    /// A day that any format of dates can show.
    const SOME_DAY: f64 = 40_000.0;
    if let CellValue::Number(number) = value
        && let Some(time) = time_of_day(*number)
    {
        // A time without a day is shown as its bare fraction; the format tells itself by a real day.
        let style = sheet.xf.get(row).and_then(|styles| styles.get(column)).copied().unwrap_or(0);
        let shown = sheet.formats.display(&CellValue::Number(SOME_DAY), style);
        if date::DateTimeValue::parse_iso8601(&shown).is_some() {
            return Cow::Owned(time);
        }
    }
    sheet.display_text(row, column).unwrap_or_default()
}

/// Adds a sheet's blocks to the document; `left` cells may still be taken.
fn lay_out(sheet: &Sheet<'_>, left: &mut usize, document: &mut Document) {
    let place = |at: Address| Place::Cell { sheet: sheet.name.to_owned(), cell: cell_ref(at) };
    let margin =
        |at, kind, text: &str| Block { place: place(at), content: Content::Margin { kind, text: text.to_owned() } };
    document.blocks.extend(sheet.header.iter().map(|text| margin((0, 0), Margin::Header, text)));
    let (rows, cut) = rows(sheet, left);
    if !rows.is_empty() {
        let table = Table { name: Some(sheet.name.to_owned()), hidden: sheet.hidden, rows };
        document.blocks.push(Block { place: place((0, 0)), content: Content::Table(table) });
    }
    let floating = sheet.floating.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    document.blocks.extend(
        floating.map(|text| Block { place: place((0, 0)), content: Content::Paragraph { text: text.to_owned() } }),
    );
    document.blocks.extend(sheet.comments.iter().map(|(at, text)| margin(*at, Margin::Comment, text.trim())));
    document.blocks.extend(sheet.footer.iter().map(|text| margin((0, 0), Margin::Footer, text)));
    if cut {
        document.remarks.push(Remark::Truncated { limit: limit_name("MAX_CELLS", MAX_CELLS) });
    }
}

/// The rows that hold something, and whether the limit cut them.
fn rows(sheet: &Sheet<'_>, left: &mut usize) -> (Vec<Row>, bool) {
    let mut merged = Merged::of(sheet);
    let mut rows: Vec<Row> = Vec::new();
    let mut current = None;
    for (&(row, column), text) in &sheet.cells {
        let Some(columns) = merged.columns((row, column)) else { continue };
        if current != Some(row) {
            current = Some(row);
            rows.push(Row::default());
        }
        let Some(Row { cells }) = rows.last_mut() else { continue };
        let needed = (column as usize + 1).saturating_sub(cells.len());
        if needed > *left {
            return (rows, true);
        }
        *left -= needed;
        let mut push = |column: u32, text: &str, columns: u16| {
            let place = Place::Cell { sheet: sheet.name.to_owned(), cell: cell_ref((row, column)) };
            cells.push(Cell { text: text.to_owned(), place, columns });
        };
        for empty in (column + 1 - needed as u32)..column {
            push(empty, "", 1);
        }
        push(column, text.trim(), columns);
    }
    (rows, false)
}

/// The merged ranges around the current row, for cells that come in reading order.
struct Merged {
    /// By first row, the last one first.
    ahead: Vec<(Address, Address)>,
    around: Vec<(Address, Address)>,
}

impl Merged {
    fn of(sheet: &Sheet<'_>) -> Self {
        let mut ahead = sheet.merged.clone();
        ahead.sort_unstable_by(|a, b| b.cmp(a));
        Self { ahead, around: Vec::new() }
    }

    /// Columns that a cell covers; `None` where another cell covers it and its user never sees it.
    fn columns(&mut self, at: Address) -> Option<u16> {
        while self.ahead.last().is_some_and(|(first, _)| first.0 <= at.0) {
            self.around.extend(self.ahead.pop());
        }
        self.around.retain(|(_, last)| last.0 >= at.0);
        let range = self.around.iter().find(|(first, last)| (first.1..=last.1).contains(&at.1));
        match range {
            None => Some(1),
            Some((first, last)) if *first == at => Some(u16::try_from(last.1 - first.1 + 1).unwrap_or(u16::MAX)),
            Some(_) => None,
        }
    }
}

fn cell_ref((row, column): Address) -> CellRef {
    let from_one = |n: u32| NonZeroU32::MIN.saturating_add(n);
    CellRef { row: from_one(row), column: from_one(column) }
}
