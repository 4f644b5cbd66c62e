//! The index as a workbook, by `rust_xlsxwriter`. Cells are written as text, so that a file's name
//! that begins with `=` is no formula.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use super::index::{self, Row};
use super::{Binder, Plan};
use crate::model::assessment::OWN_MARK;
use crate::wording::binder as said;

/// Excel takes no more links on a sheet (its specifications and limits); later rows are plain.
const LINKS: usize = 65_000;
/// Excel takes no longer text in a cell, in UTF-16 units.
const TEXT: usize = 32_767;
/// In characters of the usual font, as the columns of [`said::Labels`].
const WIDTHS: [f64; 13] = [6.0, 14.0, 10.0, 22.0, 20.0, 10.0, 46.0, 30.0, 11.0, 10.0, 44.0, 11.0, 20.0];
const LEFT_OUT_WIDTHS: [f64; 5] = [60.0, 40.0, 36.0, 12.0, 68.0];
/// ISO 216 A4 among the paper sizes of ECMA-376 part 1, 18.3.1.63.
const A4: u8 = 9;

pub(super) fn write(binder: &Binder<'_>, plan: &Plan) -> Result<Vec<u8>, XlsxError> {
    let labels = said::labels(binder.language());
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(labels.title)
        .set_author("evlint")
        .set_creation_datetime(&ExcelDateTime::from_ymd(1980, 1, 1)?)
        .set_custom_property(OWN_MARK, env!("CARGO_PKG_VERSION"));
    book.set_properties(&properties);
    let formats = Formats::new();
    let sheet = book.add_worksheet();
    sheet.set_name(labels.title)?;
    set_up(sheet, &labels.columns, &WIDTHS, &formats)?;
    let rows = index::rows(binder, plan);
    for (at, row) in (1..).zip(&rows) {
        write_row(sheet, at, row, &formats, labels.nothing)?;
    }
    sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), WIDTHS.len() as u16 - 1)?;
    let sheet = book.add_worksheet();
    sheet.set_name(labels.left_out)?;
    set_up(sheet, &labels.left_out_columns, &LEFT_OUT_WIDTHS, &formats)?;
    for (at, out) in (1..).zip(index::left_out(binder, plan)) {
        for (column, text) in (0..).zip([&out.original, &out.why, &out.title]) {
            sheet.write_string_with_format(at, column, short(text), &formats.cell)?;
        }
        sheet.write_number_with_format(at, 3, out.size as f64, &formats.number)?;
        sheet.write_string_with_format(at, 4, &out.sha256, &formats.hash)?;
    }
    book.save_to_buffer()
}

struct Formats {
    header: Format,
    cell: Format,
    number: Format,
    link: Format,
    hash: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new()
            .set_font_name("宋体")
            .set_font_size(10)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00B0_B0B0));
        Self {
            header: cell
                .clone()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0x00E7_ECF3)),
            number: cell.clone().set_num_format("#,##0"),
            link: cell
                .clone()
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            hash: cell.clone().set_font_name("Consolas").set_font_size(8),
            cell,
        }
    }
}

fn set_up(sheet: &mut Worksheet, columns: &[&str], widths: &[f64], formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer("&C&P / &N").set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_row_height(0, 24)?;
    for ((at, label), width) in (0..).zip(columns).zip(widths) {
        sheet.set_column_width(at, *width)?;
        sheet.write_string_with_format(0, at, *label, &formats.header)?;
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, at: u32, row: &Row, formats: &Formats, nothing: &str) -> Result<(), XlsxError> {
    sheet.write_number_with_format(at, 0, row.no, &formats.number)?;
    for (column, text) in (1..).zip([&row.stage, &row.verdict, &row.material, &row.project, &row.status]) {
        sheet.write_string_with_format(at, column, short(text), &formats.cell)?;
    }
    let Some(file) = &row.file else {
        let text = if row.status.is_empty() { "" } else { nothing };
        sheet.write_string_with_format(at, 6, text, &formats.cell)?;
        for column in 7..13 {
            sheet.write_string_with_format(at, column, "", &formats.cell)?;
        }
        return Ok(());
    };
    if (at as usize) < LINKS {
        let url = Url::new(format!("file:///{}", file.to)).set_text(short(&file.to));
        sheet.write_url_with_format(at, 6, url, &formats.link)?;
    } else {
        sheet.write_string_with_format(at, 6, short(&file.to), &formats.cell)?;
    }
    for (column, text) in (7..).zip([&file.title, &file.date, &file.extent, &file.original]) {
        sheet.write_string_with_format(at, column, short(text), &formats.cell)?;
    }
    sheet.write_number_with_format(at, 11, file.size as f64, &formats.number)?;
    sheet.write_string_with_format(at, 12, &file.sha256, &formats.hash)?;
    Ok(())
}

/// As much as a cell takes.
fn short(text: &str) -> String {
    text.encode_utf16()
        .count()
        .le(&TEXT)
        .then(|| text.to_owned())
        .unwrap_or_else(|| text.chars().take(TEXT / 2).collect())
}
