//! The form as a workbook of one sheet, by `rust_xlsxwriter`.
//!
//! Excel shows no row higher than 409 points and finds no height for merged cells, so heights are
//! reckoned here, and a long list goes on over several rows that are one in every other column:
//! a page may break between them, and never through a line.

pub(super) mod edit;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::FormError;
use super::content::{Content, Row, RowKind};
use super::package::broken;
use super::record::Record;
use crate::model::pack::Column;

/// All columns together, in characters of the usual font: what fits on A4 in a readable size.
const WIDTH: f64 = 142.0;
/// Points of a line of text in a size of 9, in the tallest of the fonts that may stand in for ours.
const LINE: f64 = 13.2;
/// Points that a row has above and below its text.
const PADDING: f64 = 4.0;
/// Lines from which on a row is made of several, and how many each of them has at most: what a
/// height was reckoned too large by shows at the end of each.
const LONG: (usize, usize) = (29, 5);
/// Points: Excel shows no higher row.
const MAX_HEIGHT: f64 = 409.0;
/// ISO 216 A4 among the paper sizes of ECMA-376 part 1, 18.3.1.63.
const A4: u8 = 9;
/// Inches.
const MARGINS: [f64; 6] = [0.5, 0.5, 0.6, 0.6, 0.3, 0.3];

pub(super) fn write(content: &Content) -> Result<Vec<u8>, FormError> {
    build(content).map_err(|error| broken(&error))
}

fn build(content: &Content) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut properties = DocProperties::new()
        .set_title(&content.title)
        .set_author("evlint")
        .set_creation_datetime(&ExcelDateTime::from_ymd(1980, 1, 1)?);
    for (name, value) in Record::of(content.cells()).properties() {
        properties = properties.set_custom_property(name, value);
    }
    book.set_properties(&properties);
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(&content.title))?;
    let mut page = Page { sheet, content, widths: widths(content), row: 0 };
    page.set_up()?;
    page.title()?;
    page.head()?;
    let header = page.header()?;
    let mut stage: Option<(String, u32)> = None;
    for row in &content.rows {
        let first = page.row;
        page.main_row(row)?;
        let own = match &row.kind {
            RowKind::Clause { stage, .. } => Some(stage.clone()),
            _ => None,
        };
        if own.as_ref() != stage.as_ref().map(|(name, _)| name) {
            page.stage(stage.take(), first)?;
            stage = own.map(|name| (name, first));
        }
    }
    let end = page.row;
    page.stage(stage, end)?;
    page.tail()?;
    page.sheet.set_repeat_rows(header, header)?;
    page.sheet.set_freeze_panes(header + 1, 0)?;
    book.save_to_buffer()
}

/// A sheet's name is no longer than 31 characters and free of some (Excel's own rule).
fn sheet_name(title: &str) -> String {
    title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\')).take(31).collect()
}

fn widths(content: &Content) -> Vec<f64> {
    let all: u32 = content.columns.iter().map(|column| column.width).sum();
    content.columns.iter().map(|column| WIDTH * f64::from(column.width) / f64::from(all.max(1))).collect()
}

/// Lines that a text takes in columns of so many characters.
pub(super) fn line_count(text: &str, width: f64) -> usize {
    // A character of the usual font is 7 pixels wide, half a Chinese one in a size of 9 is 6; a
    // line breaks before a character that does not fit, and fonts differ.
    let columns = ((width * 7.0 - 5.0) / 6.2 - 2.0).max(2.0);
    #[expect(clippy::cast_sign_loss, reason = "a width is positive")]
    let columns = columns as usize;
    text.lines().map(|line| line.width().div_ceil(columns).max(1)).sum::<usize>().max(1)
}

/// Points that so many lines take.
pub(super) fn height(lines: usize) -> f64 {
    lines as f64 * LINE + PADDING
}

/// The sheet and the row that comes next.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    content: &'a Content,
    widths: Vec<f64>,
    row: u32,
}

impl Page<'_> {
    fn set_up(&mut self) -> Result<(), XlsxError> {
        let [left, right, top, bottom, header, footer] = MARGINS;
        self.sheet.set_paper_size(A4).set_margins(left, right, top, bottom, header, footer);
        self.sheet.set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
        self.sheet.set_footer("&C第 &P 页　共 &N 页").set_screen_gridlines(false);
        if self.content.landscape {
            self.sheet.set_landscape();
        }
        for (column, width) in (0..).zip(&self.widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        Ok(())
    }

    fn last(&self) -> u16 {
        self.widths.len().saturating_sub(1) as u16
    }

    fn title(&mut self) -> Result<(), XlsxError> {
        let format = base().set_font_name("黑体").set_font_size(18).set_bold().set_align(FormatAlign::Center);
        self.merged(self.row, self.row, 0, self.last(), &self.content.title.clone(), &format)?;
        self.sheet.set_row_height(self.row, 40)?;
        self.row += 1;
        Ok(())
    }

    /// Two fields to a row: label and value, label and value.
    fn head(&mut self) -> Result<(), XlsxError> {
        let (label, value) = (head_label(), cell().set_font_size(11));
        // Where the labels and values end: two labels of two columns where there are enough.
        let last = self.last();
        let ends = if last >= 5 { [1, 2, 3, last] } else { [0, last / 2, last / 2 + 1, last] };
        for fields in self.content.head.clone().chunks(2) {
            let texts: Vec<&str> =
                fields.iter().flat_map(|field| [field.label.as_str(), field.text.as_str()]).collect();
            let mut from = 0;
            for (at, end) in ends.into_iter().enumerate() {
                let format = if at % 2 == 0 { &label } else { &value };
                self.merged(self.row, self.row, from, end.max(from), texts.get(at).unwrap_or(&""), format)?;
                from = end.max(from) + 1;
            }
            self.sheet.set_row_height(self.row, 24)?;
            self.row += 1;
        }
        Ok(())
    }

    fn header(&mut self) -> Result<u32, XlsxError> {
        for (column, one) in (0..).zip(&self.content.columns) {
            self.sheet.write_string_with_format(self.row, column, &one.label, &head_label().set_font_size(9))?;
        }
        self.sheet.set_row_height(self.row, 30)?;
        self.row += 1;
        Ok(self.row - 1)
    }

    fn main_row(&mut self, row: &Row) -> Result<(), XlsxError> {
        let texts: Vec<(u16, u16, String, Format)> = self.texts(row);
        let widths = self.widths.clone();
        let lines =
            |from: u16, to: u16, text: &str| line_count(text, widths[usize::from(from)..=usize::from(to)].iter().sum());
        let needed = texts.iter().map(|(from, to, text, _)| lines(*from, *to, text)).max().unwrap_or(1);
        let listing = self.content.columns.iter().position(|one| one.holds == Some(Column::Documents));
        let is_long = |at: &u16| texts.iter().any(|(from, to, text, _)| from == at && lines(*from, *to, text) > LONG.0);
        let Some(column) = listing.map(|at| at as u16).filter(is_long) else {
            self.sheet.set_row_height(self.row, height(needed.max(2)).min(MAX_HEIGHT))?;
            for (from, to, text, format) in texts {
                self.merged(self.row, self.row, from, to, &text, &format)?;
            }
            self.row += 1;
            return Ok(());
        };
        let (documents, others): (Vec<_>, Vec<_>) = texts.into_iter().partition(|(from, ..)| *from == column);
        let documents = documents.into_iter().next().map(|(_, _, text, _)| text).unwrap_or_default();
        let parts = shares(&documents, |line| lines(column, column, line));
        let last = self.row + parts.len() as u32 - 1;
        for (from, to, text, format) in others {
            self.merged(self.row, last, from, to, &text, &format.set_align(FormatAlign::Top))?;
        }
        for (at, share) in (self.row..).zip(&parts) {
            let edge = |is: bool| if is { FormatBorder::Thin } else { FormatBorder::None };
            let format = cell()
                .set_align(FormatAlign::Top)
                .set_border_top(edge(at == self.row))
                .set_border_bottom(edge(at == last));
            self.sheet.write_string_with_format(at, column, share, &format)?;
            self.sheet.set_row_height(at, height(lines(column, column, share)))?;
        }
        self.row = last + 1;
        Ok(())
    }

    /// What stands where in a row, without 要点: that cell is the stage's.
    fn texts(&self, row: &Row) -> Vec<(u16, u16, String, Format)> {
        let (plain, centred) = (cell(), cell().set_align(FormatAlign::Center));
        let columns = &self.content.columns;
        let at = |holds: Column| columns.iter().position(|one| one.holds == Some(holds)).map(|at| at as u16);
        let mut out = Vec::new();
        let mut put = |holds: Column, text: &str, format: &Format| {
            out.extend(at(holds).map(|at| (at, at, text.to_owned(), format.clone())));
        };
        put(Column::Number, &row.no.to_string(), &centred);
        match &row.kind {
            RowKind::Clause { clause, evidence, answer, documents, .. } => {
                put(Column::Clause, clause, &plain);
                put(Column::Evidence, evidence, &plain);
                put(Column::Conclusion, answer, &centred);
                put(Column::Documents, documents, &plain);
            }
            RowKind::Title(text) => {
                let format = plain.set_bold().set_background_color(SHADE);
                out.push((1.min(self.last()), self.last(), text.clone(), format));
            }
            RowKind::Entry { finding, answer, documents } => {
                put(Column::Conclusion, answer, &centred);
                put(Column::Documents, documents, &plain);
                let span: Vec<u16> =
                    [Column::Stage, Column::Clause, Column::Evidence].into_iter().filter_map(at).collect();
                if let (Some(from), Some(to)) = (span.iter().min(), span.iter().max()) {
                    out.push((*from, *to, finding.clone(), plain));
                }
            }
        }
        out
    }

    /// 要点, over all its rows.
    fn stage(&mut self, stage: Option<(String, u32)>, end: u32) -> Result<(), XlsxError> {
        let column = self.content.columns.iter().position(|one| one.holds == Some(Column::Stage));
        let (Some((name, first)), Some(column)) = (stage, column) else { return Ok(()) };
        let format = cell().set_align(FormatAlign::Center);
        self.merged(first, end - 1, column as u16, column as u16, &name, &format)
    }

    fn tail(&mut self) -> Result<(), XlsxError> {
        let last = self.last();
        let format = cell().set_font_size(11);
        for text in [self.content.conclusion.clone(), self.content.pledge.clone()] {
            self.merged(self.row, self.row, 0, last, &text, &format)?;
            self.sheet.set_row_height(self.row, 40)?;
            self.row += 1;
        }
        let half = last / 2;
        for pair in self.content.signature.clone().chunks(2) {
            let text = |at: usize| pair.get(at).map_or("", String::as_str);
            self.merged(self.row, self.row, 0, half, text(0), &format)?;
            self.merged(self.row, self.row, half + 1, last, text(1), &format)?;
            self.sheet.set_row_height(self.row, 48)?;
            self.row += 1;
        }
        Ok(())
    }

    fn merged(
        &mut self,
        top: u32,
        bottom: u32,
        from: u16,
        to: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if top == bottom && from == to {
            self.sheet.write_string_with_format(top, from, text, format)?;
        } else {
            self.sheet.merge_range(top, from, bottom, to, text, format)?;
        }
        Ok(())
    }
}

/// A long list in parts of no more than so many lines.
fn shares(text: &str, lines: impl Fn(&str) -> usize) -> Vec<String> {
    let mut shares: Vec<(usize, String)> = Vec::new();
    for line in text.lines() {
        let needed = lines(line);
        match shares.last_mut() {
            Some((count, share)) if *count + needed <= LONG.1 => {
                *count += needed;
                share.push('\n');
                share.push_str(line);
            }
            _ => shares.push((needed, line.to_owned())),
        }
    }
    if shares.is_empty() {
        shares.push((1, String::new()));
    }
    shares.into_iter().map(|(_, share)| share).collect()
}

const SHADE: u32 = 0x00ED_EDED;

/// The character set of simplified Chinese (MS-XLS 2.5.14): without it an old Excel picks a font at random.
const CHINESE: u8 = 134;

fn base() -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_charset(CHINESE)
        .set_font_size(9)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

fn cell() -> Format {
    base().set_border(FormatBorder::Thin)
}

fn head_label() -> Format {
    cell().set_font_name("黑体").set_font_size(11).set_bold().set_align(FormatAlign::Center).set_background_color(SHADE)
}
