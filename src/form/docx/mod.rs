//! The form as a Word file: laid out by `docx-rs`, and finished by hand where that has no words
//! for it (a header row that repeats on each page, names of fonts elsewhere, one order of
//! properties).

pub(super) mod edit;

use docx_rs::{
    AlignmentType, Docx, Footer, LineSpacing, LineSpacingType, NumPages, PageMargin, PageNum, PageOrientationType,
    Paragraph, Run, RunFonts, Shading, Table, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType,
    VMergeType, WidthType,
};
use unicode_width::UnicodeWidthStr;

use super::FormError;
use super::content::{Content, Row, RowKind};
use super::package::{Package, broken};
use super::record::Record;
use crate::model::pack::Column;

/// A4 (ISO 216) in twentieths of a point: its short and its long side.
const SHEET: (usize, usize) = (11906, 16838);
const MARGIN: u16 = 1000;
/// Sizes of text in half-points.
const TITLE: usize = 36;
const HEAD: usize = 21;
const BODY: usize = 18;
/// Lines of a row that still moves to the next page as a whole; a longer one begins where it stands.
const WHOLE_ROW_LINES: usize = 24;
/// Twentieths of a point that a column's text loses to its margins.
const CELL_MARGIN: usize = 80;

pub(super) fn write(content: &Content) -> Result<Vec<u8>, FormError> {
    let (width, height) = if content.landscape { (SHEET.1, SHEET.0) } else { SHEET };
    let usable = width - 2 * usize::from(MARGIN);
    let orientation = if content.landscape { PageOrientationType::Landscape } else { PageOrientationType::Portrait };
    let margin = i32::from(MARGIN);
    let page =
        PageMargin { top: margin, left: margin, bottom: margin, right: margin, header: 500, footer: 500, gutter: 0 };
    let document = Docx::new()
        .page_size(width as u32, height as u32)
        .page_orient(orientation)
        .page_margin(page)
        .default_fonts(fonts("宋体"))
        .default_size(BODY)
        .created_at("1980-01-01T00:00:00Z")
        .updated_at("1980-01-01T00:00:00Z")
        .footer(Footer::new().add_paragraph(page_number()))
        .add_paragraph(title(&content.title))
        .add_table(head(content, usable))
        .add_paragraph(gap())
        .add_table(main(content, usable))
        .add_paragraph(gap())
        .add_table(tail(content, usable));
    let mut bytes = std::io::Cursor::new(Vec::new());
    document.build().pack(&mut bytes).map_err(|error| broken(&error))?;
    finish(&bytes.into_inner(), content)
}

/// What `docx-rs` has no words for, and what it does differently each time.
fn finish(bytes: &[u8], content: &Content) -> Result<Vec<u8>, FormError> {
    const DOCUMENT: &str = "word/document.xml";
    let mut package = Package::open(bytes)?;
    let document = package.text(DOCUMENT)?;
    let document = without_ids(document);
    // The main table is the second; its first row heads every page.
    let table = document.match_indices("<w:tbl>").nth(1).map(|(at, _)| at).ok_or(FormError::Misfit)?;
    let row = document[table..].find("<w:trPr>").ok_or(FormError::Misfit)? + table + "<w:trPr>".len();
    let document = format!("{}<w:tblHeader/>{}", &document[..row], &document[row..]);
    package.set(DOCUMENT, document);
    package.set("word/fontTable.xml", FONTS);
    let core = package.text("docProps/core.xml")?.replace("unknown", "evlint");
    package.set("docProps/core.xml", core);
    package.set_own_properties(&Record::of(content.cells()).properties())?;
    package.into_bytes()
}

/// Paragraphs without the ids that a counter of the whole process gives them.
fn without_ids(xml: &str) -> String {
    const ID: &str = " w14:paraId=\"";
    let mut parts = xml.split(ID);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('"').map_or(part, |(_, rest)| rest));
    }
    out
}

/// Each font with the name that systems in other languages know it by (ECMA-376 part 1, 17.8.3.1).
const FONTS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
    r#"<w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>"#,
    r#"<w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>"#,
    r#"<w:font w:name="Times New Roman"><w:altName w:val="Liberation Serif"/><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>"#,
    r"</w:fonts>"
);

fn fonts(chinese: &str) -> RunFonts {
    RunFonts::new().ascii("Times New Roman").hi_ansi("Times New Roman").cs("Times New Roman").east_asia(chinese)
}

fn title(text: &str) -> Paragraph {
    let run = Run::new().add_text(text).size(TITLE).bold().fonts(fonts("黑体"));
    Paragraph::new().add_run(run).align(AlignmentType::Center).line_spacing(LineSpacing::new().before(60).after(180))
}

/// Word joins tables that touch.
fn gap() -> Paragraph {
    let spacing = LineSpacing::new().before(0).after(0).line(160).line_rule(LineSpacingType::Exact);
    Paragraph::new().line_spacing(spacing)
}

fn page_number() -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(Run::new().add_text("第 "))
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_text(" 页　共 "))
        .add_num_pages(NumPages::new())
        .add_run(Run::new().add_text(" 页"))
}

fn table(widths: &[usize], rows: Vec<TableRow>) -> Table {
    Table::new(rows)
        .set_grid(widths.to_vec())
        .width(widths.iter().sum(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(30, CELL_MARGIN, 30, CELL_MARGIN))
}

/// One paragraph for each line.
fn cell(text: &str, width: usize, style: Style) -> TableCell {
    let paragraph = |line: &str| {
        let run = Run::new().add_text(line).size(style.size);
        let run = if style.bold { run.bold().fonts(fonts("黑体")) } else { run };
        let align = if style.centred { AlignmentType::Center } else { AlignmentType::Left };
        Paragraph::new().add_run(run).align(align).keep_next(style.with_next)
    };
    let cell = TableCell::new().width(width, WidthType::Dxa).vertical_align(style.vertical);
    let cell = if style.shaded { cell.shading(Shading::new().fill("EDEDED")) } else { cell };
    // `lines` of an empty text are none, and a cell without a paragraph is no cell.
    if text.is_empty() {
        return cell.add_paragraph(paragraph(""));
    }
    text.lines().fold(cell, |cell, line| cell.add_paragraph(paragraph(line)))
}

#[derive(Clone, Copy)]
struct Style {
    size: usize,
    bold: bool,
    centred: bool,
    shaded: bool,
    /// Stays on one page with what follows.
    with_next: bool,
    vertical: VAlignType,
}

const TEXT: Style =
    Style { size: BODY, bold: false, centred: false, shaded: false, with_next: false, vertical: VAlignType::Center };
const LABEL: Style =
    Style { size: BODY, bold: true, centred: true, shaded: true, with_next: false, vertical: VAlignType::Center };

/// Two fields to a row: label, value, label, value.
fn head(content: &Content, usable: usize) -> Table {
    let label = usable * 14 / 100;
    let value = usable / 2 - label;
    let rows = content.head.chunks(2).map(|fields| {
        let mut cells: Vec<TableCell> = fields
            .iter()
            .flat_map(|field| {
                [
                    cell(&field.label, label, Style { size: HEAD, ..LABEL }),
                    cell(&field.text, value, Style { size: HEAD, ..TEXT }),
                ]
            })
            .collect();
        if fields.len() == 1 {
            cells.extend([cell("", label, TEXT), cell("", value, TEXT)]);
        }
        TableRow::new(cells).cant_split()
    });
    table(&[label, value, label, value], rows.collect())
}

fn main(content: &Content, usable: usize) -> Table {
    let widths = widths(content, usable);
    let header = content.columns.iter().zip(&widths).map(|(column, width)| cell(&column.label, *width, LABEL));
    let mut rows = vec![TableRow::new(header.collect()).cant_split()];
    let mut stage: Option<&str> = None;
    for row in &content.rows {
        let own = match &row.kind {
            RowKind::Clause { stage, .. } => Some(stage.as_str()),
            _ => None,
        };
        rows.push(main_row(content, row, &widths, own.is_some() && own == stage));
        stage = own;
    }
    table(&widths, rows)
}

/// The columns' widths; their sum is `usable`.
fn widths(content: &Content, usable: usize) -> Vec<usize> {
    let all: u32 = content.columns.iter().map(|column| column.width).sum();
    let mut widths: Vec<usize> =
        content.columns.iter().map(|column| usable * column.width as usize / all.max(1) as usize).collect();
    let rest = usable - widths.iter().sum::<usize>();
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

fn main_row(content: &Content, row: &Row, widths: &[usize], continues: bool) -> TableRow {
    let no = row.no.to_string();
    let mut cells = Vec::new();
    let mut lines = 1;
    let mut skipped = 0;
    let merged: usize = texts_span(content).map(|at| widths[at]).sum();
    for (at, (column, width)) in content.columns.iter().zip(widths).enumerate() {
        let in_span = texts_span(content).any(|one| one == at);
        let (text, style) = match (&row.kind, column.holds) {
            (_, Some(Column::Number)) => (no.as_str(), Style { centred: true, ..TEXT }),
            (RowKind::Clause { stage, .. }, Some(Column::Stage)) => {
                let merge = if continues { VMergeType::Continue } else { VMergeType::Restart };
                let text = if continues { "" } else { stage };
                cells.push(cell(text, *width, Style { centred: true, ..TEXT }).vertical_merge(merge));
                continue;
            }
            (RowKind::Clause { clause, .. }, Some(Column::Clause)) => (clause.as_str(), TEXT),
            (RowKind::Clause { evidence, .. }, Some(Column::Evidence)) => (evidence.as_str(), TEXT),
            (RowKind::Title(text), _) if at + skipped >= 1 => {
                // Everything behind the number is the title's.
                if skipped == 0 {
                    let span = widths.len() - at;
                    let style = Style { bold: true, shaded: true, with_next: true, ..TEXT };
                    cells.push(cell(text, widths[at..].iter().sum(), style).grid_span(span));
                }
                skipped += 1;
                continue;
            }
            (RowKind::Entry { finding, .. }, _) if in_span => {
                if skipped == 0 {
                    cells.push(cell(finding, merged, TEXT).grid_span(texts_span(content).count()));
                }
                skipped += 1;
                continue;
            }
            (RowKind::Clause { answer, .. } | RowKind::Entry { answer, .. }, Some(Column::Conclusion)) => {
                (answer.as_str(), Style { centred: true, ..TEXT })
            }
            (RowKind::Clause { documents, .. } | RowKind::Entry { documents, .. }, Some(Column::Documents)) => {
                (documents.as_str(), TEXT)
            }
            _ => ("", TEXT),
        };
        lines = lines.max(line_count(text, *width));
        cells.push(cell(text, *width, style));
    }
    let row = TableRow::new(cells);
    if lines <= WHOLE_ROW_LINES { row.cant_split() } else { row }
}

/// The columns between number and conclusion: a finding of the last audit is written across them.
fn texts_span(content: &Content) -> impl Iterator<Item = usize> {
    let texts = [Column::Stage, Column::Clause, Column::Evidence];
    let columns = content.columns.iter().enumerate();
    columns.filter(move |(_, column)| column.holds.is_some_and(|holds| texts.contains(&holds))).map(|(at, _)| at)
}

/// Lines that a text takes in a column.
fn line_count(text: &str, width: usize) -> usize {
    // A Chinese character is as wide as the text is high, and two columns of a terminal.
    let columns = ((width - 2 * CELL_MARGIN) / (BODY * 10 / 2)).max(2);
    text.lines().map(|line| line.width().div_ceil(columns).max(1)).sum()
}

fn tail(content: &Content, usable: usize) -> Table {
    let style = Style { size: HEAD, with_next: true, ..TEXT };
    let whole = |text: &str, style: Style| TableRow::new(vec![cell(text, usable, style).grid_span(2)]).cant_split();
    let mut rows = vec![whole(&content.conclusion, style), whole(&content.pledge, style)];
    let half = usable / 2;
    for pair in content.signature.chunks(2) {
        let text = |at: usize| pair.get(at).map_or("", String::as_str);
        let cells = vec![cell(text(0), half, style), cell(text(1), usable - half, style)];
        rows.push(TableRow::new(cells).cant_split().row_height(900.0));
    }
    table(&[half, usable - half], rows)
}
