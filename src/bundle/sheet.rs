//! The index as a workbook, by `rust_xlsxwriter`. Cells are written as text, so that a file's name
//! that begins with `=` is no formula.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use unicode_width::UnicodeWidthStr;

use super::index::{self, Row};
use super::{Binder, Plan};
use crate::model::assessment::OWN_MARK;
use crate::wording::binder as said;

/// Excel takes no more links on a sheet (its specifications and limits); later rows are plain.
const LINKS: usize = 65_000;
/// Excel takes no longer text in a cell, in UTF-16 units.
const TEXT: usize = 32_767;
/// In characters of the usual font, as the columns of [`said::Labels`].
const WIDTHS: [f64; 12] = [5.5, 13.0, 9.0, 18.0, 18.0, 9.0, 36.0, 24.0, 11.0, 9.0, 34.0, 36.0];
const LEFT_OUT_WIDTHS: [f64; 4] = [60.0, 40.0, 36.0, 36.0];
/// Points of a line of text in a size of 10, and of what a row has above and below it.
const LINE: f64 = 13.5;
const PADDING: f64 = 3.0;
/// Excel shows no higher row.
const HIGHEST: f64 = 409.0;
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
        sheet.write_string_with_format(at, 3, &out.sha256, &formats.hash)?;
        set_height(sheet, at, &[&out.original, &out.why, &out.title], &LEFT_OUT_WIDTHS)?;
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
        sheet.write_string_with_format(at, 6, nothing, &formats.cell)?;
        for column in 7..12 {
            sheet.write_string_with_format(at, column, "", &formats.cell)?;
        }
        return set_height(
            sheet,
            at,
            &["", &row.stage, &row.verdict, &row.material, &row.project, &row.status],
            &WIDTHS,
        );
    };
    if (at as usize) < LINKS {
        let url = Url::new(format!("file:///{}", file.to)).set_text(short(&file.name));
        sheet.write_url_with_format(at, 6, url, &formats.link)?;
    } else {
        sheet.write_string_with_format(at, 6, short(&file.name), &formats.cell)?;
    }
    for (column, text) in (7..).zip([&file.title, &file.date, &file.extent, &file.original]) {
        sheet.write_string_with_format(at, column, short(text), &formats.cell)?;
    }
    sheet.write_string_with_format(at, 11, &file.sha256, &formats.hash)?;
    let texts = [
        "",
        &row.stage,
        &row.verdict,
        &row.material,
        &row.project,
        &row.status,
        &file.name,
        &file.title,
        "",
        "",
        &file.original,
    ];
    set_height(sheet, at, &texts, &WIDTHS)
}

/// As high as its longest cell: not every program finds the height of wrapped text by itself. Two
/// lines at least, for the hash.
fn set_height(sheet: &mut Worksheet, at: u32, texts: &[&str], widths: &[f64]) -> Result<(), XlsxError> {
    #[expect(clippy::cast_sign_loss, reason = "a width is positive")]
    let lines = |(text, width): (&&str, &f64)| text.width().div_ceil((*width as usize).saturating_sub(1).max(1));
    let most = texts.iter().zip(widths).map(lines).max().unwrap_or(1).max(2);
    sheet.set_row_height(at, (most as f64 * LINE + PADDING).min(HIGHEST))?;
    Ok(())
}

/// As much as a cell takes.
fn short(text: &str) -> String {
    let fits = text.encode_utf16().count() <= TEXT;
    if fits { text.to_owned() } else { text.chars().take(TEXT / 2).collect() }
}
