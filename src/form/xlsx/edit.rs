//! Writes texts into cells of a workbook and leaves everything else in it as it is.

use std::collections::BTreeMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::form::FormError;
use crate::form::docx::edit::Edit;
use crate::form::package::{Package, attribute, broken, escape};
use crate::model::{CellRef, Place};

use super::{MAX_HEIGHT, height, line_count};

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// Characters of a column that names no width.
const USUAL_WIDTH: f64 = 8.43;

/// # Errors
/// Where a sheet or a cell is not where it was read: nothing is written then.
pub(in crate::form) fn edit(package: &mut Package, edits: &[Edit]) -> Result<(), FormError> {
    let mut sheets: BTreeMap<&str, Vec<(CellRef, &str)>> = BTreeMap::new();
    for edit in edits {
        let Place::Cell { sheet, cell } = &edit.place else { return Err(FormError::Misfit) };
        sheets.entry(sheet).or_default().push((*cell, &edit.new));
    }
    let mut changed = Vec::new();
    for (sheet, cells) in sheets {
        let part = part_of(package, sheet)?;
        changed.push((part.clone(), edit_sheet(package.text(&part)?, &cells)?));
    }
    for (part, xml) in changed {
        package.set(&part, xml);
    }
    Ok(())
}

/// The part that holds a sheet of this name.
fn part_of(package: &Package, name: &str) -> Result<String, FormError> {
    let relation = tags(package.text(WORKBOOK)?, "sheet")?
        .into_iter()
        .find(|tag| attribute(tag, "name").as_deref() == Some(name))
        .and_then(|tag| attribute(&tag, "id"))
        .ok_or(FormError::Misfit)?;
    let target = tags(package.text(RELATIONS)?, "Relationship")?
        .into_iter()
        .find(|tag| attribute(tag, "Id").as_deref() == Some(&relation))
        .and_then(|tag| attribute(&tag, "Target"))
        .ok_or(FormError::Misfit)?;
    Ok(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
}

fn tags(xml: &str, name: &str) -> Result<Vec<BytesStart<'static>>, FormError> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == name => found.push(tag.into_owned()),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// What of a sheet's XML matters here.
#[derive(Debug, Default)]
struct Sheet {
    /// Widths in characters, of columns from and to.
    widths: Vec<(u32, u32, f64)>,
    /// By row: its start tag, and its height in points where it says one.
    rows: BTreeMap<u32, (Range<usize>, Option<f64>)>,
    /// By address: the whole element, and its style.
    cells: BTreeMap<String, (Range<usize>, Option<String>)>,
    /// Ranges of merged cells, as `A1:C2`.
    merged: Vec<String>,
}

impl Sheet {
    fn of(xml: &str) -> Result<Self, FormError> {
        let mut reader = Reader::from_str(xml);
        let mut sheet = Self::default();
        let mut open: Option<(String, usize, Option<String>)> = None;
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| broken(&error))?;
            let end = reader.buffer_position() as usize;
            let number = |tag: &BytesStart<'_>, name| attribute(tag, name).and_then(|value| value.parse::<f64>().ok());
            match &event {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "col" => {
                        let whole = |name| attribute(tag, name).and_then(|value| value.parse().ok());
                        if let (Some(min), Some(max), Some(width)) = (whole("min"), whole("max"), number(tag, "width"))
                        {
                            sheet.widths.push((min, max, width));
                        }
                    }
                    "row" => {
                        let no = attribute(tag, "r").and_then(|value| value.parse().ok());
                        let no = no.or_else(|| sheet.rows.keys().last().map(|last| last + 1)).unwrap_or(1);
                        sheet.rows.insert(no, (start..end, number(tag, "ht")));
                    }
                    "c" => {
                        let address = attribute(tag, "r").ok_or(FormError::Misfit)?;
                        let style = attribute(tag, "s");
                        if matches!(event, Event::Empty(_)) {
                            sheet.cells.insert(address, (start..end, style));
                        } else {
                            open = Some((address, start, style));
                        }
                    }
                    "mergeCell" => sheet.merged.extend(attribute(tag, "ref")),
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "c" => {
                    if let Some((address, from, style)) = open.take() {
                        sheet.cells.insert(address, (from..end, style));
                    }
                }
                Event::Eof => return Ok(sheet),
                _ => {}
            }
        }
    }

    /// Columns and rows that the cell covers: itself, or all of its merged range.
    fn covered(&self, cell: CellRef) -> (Range<u32>, Range<u32>) {
        let own = (cell.column.get()..cell.column.get() + 1, cell.row.get()..cell.row.get() + 1);
        let range = self.merged.iter().filter_map(|range| {
            let (first, last) = range.split_once(':')?;
            Some((address(first)?, address(last)?))
        });
        let mut merged = range.filter(|(first, _)| *first == (cell.column.get(), cell.row.get()));
        merged.next().map_or(own, |(first, last)| (first.0..last.0 + 1, first.1..last.1 + 1))
    }

    fn width(&self, columns: Range<u32>) -> f64 {
        columns
            .map(|column| {
                let known = self.widths.iter().find(|(min, max, _)| (*min..=*max).contains(&column));
                known.map_or(USUAL_WIDTH, |(_, _, width)| *width)
            })
            .sum()
    }
}

/// `C7` as column 3 and row 7.
fn address(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = text.split_at(digits);
    let column = letters.bytes().try_fold(0u32, |column, letter| {
        let digit = letter.is_ascii_uppercase().then(|| u32::from(letter - b'A') + 1)?;
        column.checked_mul(26)?.checked_add(digit)
    })?;
    Some((column, row.parse().ok()?))
}

fn edit_sheet(xml: &str, edits: &[(CellRef, &str)]) -> Result<String, FormError> {
    let sheet = Sheet::of(xml)?;
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut heights: BTreeMap<u32, f64> = BTreeMap::new();
    for (cell, text) in edits {
        let address = cell.to_string();
        // A cell that nobody formatted is not there; a form's cells have frames.
        let (range, style) = sheet.cells.get(&address).ok_or(FormError::Misfit)?;
        let style = style.as_ref().map(|style| format!(r#" s="{}""#, escape(style))).unwrap_or_default();
        let value = escape(text);
        changes.push((
            range.clone(),
            format!(r#"<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>"#),
        ));
        let (columns, rows) = sheet.covered(*cell);
        let needed = height(line_count(text, sheet.width(columns)));
        let each = (needed / f64::from(rows.end - rows.start)).min(MAX_HEIGHT);
        for row in rows {
            let least = heights.entry(row).or_default();
            *least = least.max(each);
        }
    }
    for (row, needed) in heights {
        let Some((range, Some(now))) = sheet.rows.get(&row) else { continue };
        if needed > *now {
            let tag = &xml[range.clone()];
            changes.push((
                range.clone(),
                tag.replace(&format!(r#" ht="{}""#, old_height(tag)), &format!(r#" ht="{needed}""#)),
            ));
        }
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
    Ok(out)
}

/// The height as the tag writes it.
fn old_height(tag: &str) -> &str {
    tag.split_once(r#" ht=""#).and_then(|(_, rest)| rest.split_once('"')).map_or("", |(height, _)| height)
}
