//! Finds the form in a document that was read: its head, its rows by number, its end.
//!
//! Nothing is taken for granted about who laid the form out: columns are found by their headers,
//! the table may be in pieces or on several sheets, the conclusion may have one column or two.

use std::num::NonZeroU32;

use crate::model::document::{Content, Document, Row as TableRow, Table};
use crate::model::pack::{Column, Form, Head};
use crate::model::text::normalise;
use crate::model::{CellRef, Pack, Place};

use super::content::blank;
use super::listed::likeness;
use super::ticks::{self, Ticks};
use super::{CellId, FormError};

/// A form as somebody filled it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    pub title: Option<Text>,
    /// Values of the fields that are there.
    pub head: Vec<(Head, Text)>,
    /// Columns that the table has.
    pub columns: Vec<Column>,
    /// In the form's order.
    pub rows: Vec<FilledRow>,
    pub conclusion: Option<Text>,
    pub pledge: Option<Text>,
}

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "a text has a text")]
pub struct Text {
    pub text: String,
    pub place: Place,
    /// It is a cell of its own, which can be written to.
    pub is_cell: bool,
    /// The first part's own text, where it goes on below; `text` is all of it.
    first: String,
    /// Where it goes on, each part with its text.
    more: Vec<(Place, String)>,
}

impl Text {
    fn of(text: &str, place: &Place, is_cell: bool) -> Self {
        Self { text: text.to_owned(), place: place.clone(), is_cell, first: String::new(), more: Vec::new() }
    }

    /// Goes on with a cell below.
    fn append(&mut self, below: Self) {
        if self.more.is_empty() {
            self.first.clone_from(&self.text);
        }
        self.text.push('\n');
        self.text.push_str(&below.text);
        self.is_cell &= below.is_cell;
        self.more.push((below.place, below.text));
    }

    /// Every part with its own text.
    pub(super) fn parts(&self) -> Vec<(&Place, &str)> {
        let first = if self.more.is_empty() { &self.text } else { &self.first };
        let more = self.more.iter().map(|(place, text)| (place, text.as_str()));
        std::iter::once((&self.place, first.as_str())).chain(more).collect()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledRow {
    /// None where the row has no number that can be read.
    pub no: Option<u32>,
    pub number: Text,
    pub stage: Text,
    pub clause: Text,
    pub evidence: Text,
    pub conclusion: Text,
    pub ticks: Ticks,
    pub documents: Text,
    /// All that stands in other columns than number, conclusion and list, known or not.
    pub statement: String,
}

impl Filled {
    /// The cell that evlint fills, where the form has it.
    pub(super) fn cell(&self, id: CellId) -> Option<&Text> {
        let row = |no| self.rows.iter().find(|row| row.no == Some(no));
        match id {
            CellId::Head(head) => self.head.iter().find(|(known, _)| *known == head).map(|(_, text)| text),
            CellId::Finding(no) => row(no).map(|row| &row.stage),
            CellId::Answer(no) => row(no).map(|row| &row.conclusion),
            CellId::Documents(no) => row(no).map(|row| &row.documents),
            CellId::Conclusion => self.conclusion.as_ref(),
        }
    }
}

/// # Errors
/// Where no table has the form's columns.
pub fn read(pack: &Pack, document: &Document) -> Result<Filled, FormError> {
    let form = &pack.form;
    let mut filled = Filled::default();
    let mut layout: Option<Layout> = None;
    for block in &document.blocks {
        match &block.content {
            Content::Table(table) => read_table(pack, table, &mut layout, &mut filled),
            content => {
                if let Some(text) = content.text() {
                    read_line(form, &Text::of(text, &block.place, false), &mut filled);
                }
            }
        }
    }
    let Some(layout) = layout else {
        let columns: Vec<String> = form.columns.iter().map(|column| column.label.clone()).collect();
        return Err(FormError::NoForm { columns: columns.join("、") });
    };
    filled.columns = layout.columns();
    Ok(filled)
}

/// Columns of a table by what they hold, counted from 0.
#[derive(Debug, Clone, Default)]
struct Layout {
    at: Vec<(Column, usize)>,
    /// Where each answer has a column of its own.
    answers: Option<(usize, usize)>,
}

impl Layout {
    fn column(&self, column: Column) -> Option<usize> {
        self.at.iter().find(|(known, _)| *known == column).map(|(_, at)| *at)
    }

    fn columns(&self) -> Vec<Column> {
        self.at.iter().map(|(column, _)| *column).collect()
    }

    /// From a row that holds the headers, if it does; `below` may tell the answers apart.
    fn of(form: &Form, row: &TableRow, below: Option<&TableRow>) -> Option<Self> {
        let mut layout = Self::default();
        for (at, cell) in row.cells.iter().enumerate() {
            let text = normalise(&cell.text);
            for column in &form.columns {
                let Some(holds) = column.holds.filter(|holds| layout.column(*holds).is_none()) else { continue };
                if is_label(&text, &column.label) {
                    layout.at.push((holds, at));
                }
            }
        }
        let (yes, no) = (normalise(&form.answers.yes), normalise(&form.answers.no));
        let pair = |row: &TableRow| {
            let position = |word: &str| row.cells.iter().position(|cell| normalise(&cell.text) == word);
            Some((position(&yes)?, position(&no)?))
        };
        layout.answers = pair(row).or_else(|| below.and_then(pair));
        if let (Some((yes, no)), None) = (layout.answers, layout.column(Column::Conclusion)) {
            layout.at.push((Column::Conclusion, yes.min(no)));
        }
        // Half of the columns: somebody may have left out or renamed the others.
        let has = |column| layout.column(column).is_some();
        let enough = layout.at.len() * 2 >= form.columns.len().max(2) && layout.at.len() >= 2;
        (enough && (has(Column::Clause) || has(Column::Evidence))).then_some(layout)
    }
}

/// A header says a label: all of it, or what stands before its brackets.
fn is_label(text: &str, label: &str) -> bool {
    let label = normalise(label);
    let short = label.split('(').next().unwrap_or(&label);
    text == label || text == short || (short.chars().count() >= 3 && text.starts_with(short))
}

fn read_table(pack: &Pack, table: &Table, layout: &mut Option<Layout>, filled: &mut Filled) {
    let form = &pack.form;
    let mut here = table.rows.iter().enumerate();
    // A table without headers of its own goes on with the one before it.
    let mut headed = false;
    while let Some((at, row)) = here.next() {
        let below = table.rows.get(at + 1);
        if let Some(found) = Layout::of(form, row, below) {
            if found.answers.is_some() && below.is_some_and(|below| is_answers(form, below)) {
                here.next();
            }
            *layout = Some(found);
            headed = true;
            continue;
        }
        let is_numbered = |layout: &Layout| number(pack, layout, row).is_some();
        match layout {
            Some(layout) if headed || is_numbered(layout) => {
                headed = true;
                read_row(pack, layout, row, filled);
            }
            _ => read_loose(form, row, filled),
        }
    }
}

/// The second row of a header: 符合 and 不符合 alone.
fn is_answers(form: &Form, row: &TableRow) -> bool {
    let words = [normalise(&form.answers.yes), normalise(&form.answers.no)];
    let mut texts = row.cells.iter().map(|cell| normalise(&cell.text)).filter(|text| !text.is_empty());
    texts.all(|text| words.contains(&text))
}

/// A row's number: what its cell says, else that of the clause whose words it has.
fn number(pack: &Pack, layout: &Layout, row: &TableRow) -> Option<u32> {
    let text = |column| layout.column(column).and_then(|at| row.cells.get(at)).map(|cell| normalise(&cell.text));
    let said = text(Column::Number).unwrap_or_default();
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let is_number = !digits.is_empty() && said.chars().count() <= digits.len() + 2;
    if is_number && let Ok(no) = digits.parse() {
        return Some(no);
    }
    let clause = text(Column::Clause).filter(|text| !text.is_empty())?;
    pack.clauses.iter().find(|one| clause.contains(&normalise(&one.clause))).map(|one| one.no)
}

fn read_row(pack: &Pack, layout: &Layout, row: &TableRow, filled: &mut Filled) {
    let cell = |column| cell_at(row, layout.column(column));
    let no = number(pack, layout, row);
    let mut conclusion = cell(Column::Conclusion);
    // One text cannot be written across two cells.
    conclusion.is_cell &= layout.answers.is_none();
    let answers = &pack.form.answers;
    let ticks = match layout.answers {
        Some((yes, no)) => ticks::of_cells(&cell_at(row, Some(yes)).text, &cell_at(row, Some(no)).text, answers),
        None => ticks::of_cell(&conclusion.text, answers),
    };
    let read = FilledRow {
        no,
        statement: statement(layout, row),
        number: cell(Column::Number),
        stage: cell(Column::Stage),
        clause: cell(Column::Clause),
        evidence: cell(Column::Evidence),
        conclusion,
        ticks,
        documents: cell(Column::Documents),
    };
    if no.is_some() {
        filled.rows.push(read);
        return;
    }
    let is_whole = row.cells.first().is_some_and(|cell| usize::from(cell.columns) + 1 >= layout.at.len());
    if is_whole || filled.rows.is_empty() || !read.number.text.trim().is_empty() {
        return read_loose(&pack.form, row, filled);
    }
    // The end of the form often stands in the same table, across its columns.
    let before = (filled.conclusion.is_some(), filled.pledge.is_some());
    read_loose(&pack.form, row, filled);
    if before == (filled.conclusion.is_some(), filled.pledge.is_some())
        && let Some(last) = filled.rows.last_mut()
    {
        // A row that goes on with the one above: somebody split it, or a page did.
        for (text, more) in [
            (&mut last.clause, read.clause),
            (&mut last.evidence, read.evidence),
            (&mut last.documents, read.documents),
        ] {
            if !more.text.trim().is_empty() {
                text.append(more);
            }
        }
    }
}

fn statement(layout: &Layout, row: &TableRow) -> String {
    let answers = layout.answers.into_iter().flat_map(|(yes, no)| [yes, no]);
    let own = [Column::Number, Column::Conclusion, Column::Documents].into_iter().filter_map(|one| layout.column(one));
    let own: Vec<usize> = own.chain(answers).collect();
    let others = row.cells.iter().enumerate().filter(|(at, cell)| !own.contains(at) && !cell.text.trim().is_empty());
    others.map(|(_, cell)| cell.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// A cell by its column; one that is empty at a row's end is there all the same.
fn cell_at(row: &TableRow, column: Option<usize>) -> Text {
    let nowhere = Text::of("", &Place::Whole, false);
    let Some(column) = column else { return nowhere };
    if let Some(cell) = row.cells.get(column) {
        return Text::of(&cell.text, &cell.place, true);
    }
    let place = row.cells.first().and_then(|first| beside(&first.place, column));
    place.map_or(nowhere, |place| Text::of("", &place, true))
}

/// The place in the same row so many columns further right.
fn beside(first: &Place, columns: usize) -> Option<Place> {
    let shifted = |column: NonZeroU32| column.checked_add(u32::try_from(columns).ok()?);
    match first {
        Place::Cell { sheet, cell } => {
            Some(Place::Cell { sheet: sheet.clone(), cell: CellRef { row: cell.row, column: shifted(cell.column)? } })
        }
        Place::TableCell { table, row, column } => {
            Some(Place::TableCell { table: *table, row: *row, column: shifted(*column)? })
        }
        _ => None,
    }
}

/// A row of a table above or below the main one: fields of the head, conclusion, pledge.
fn read_loose(form: &Form, row: &TableRow, filled: &mut Filled) {
    for (at, cell) in row.cells.iter().enumerate() {
        let text = Text::of(&cell.text, &cell.place, true);
        let label = normalise(&cell.text);
        let label = label.trim_end_matches(':');
        let field = form.header.iter().find(|field| normalise(&field.label) == label);
        match field.and_then(|field| field.holds) {
            Some(holds) if filled.head.iter().all(|(known, _)| *known != holds) => {
                let value = at + usize::from(cell.columns.max(1));
                filled.head.push((holds, cell_at(row, Some(value))));
            }
            Some(_) => {}
            None => read_line(form, &text, filled),
        }
    }
}

/// A line or cell that stands by itself.
fn read_line(form: &Form, text: &Text, filled: &mut Filled) {
    let seen = normalise(&text.text);
    if filled.title.is_none() && seen.contains(&normalise(&form.title)) {
        filled.title = Some(text.clone());
    }
    for field in &form.header {
        let Some(holds) = field.holds.filter(|holds| filled.head.iter().all(|(known, _)| known != holds)) else {
            continue;
        };
        let label = format!("{}:", normalise(&field.label));
        if seen.starts_with(&label) {
            let value = text.text.split_once([':', '：']).map_or("", |(_, value)| value);
            filled.head.push((holds, Text::of(value.trim(), &text.place, false)));
        }
    }
    if filled.conclusion.is_none() && is_like(&seen, &form.conclusion) {
        filled.conclusion = Some(text.clone());
    } else if filled.pledge.is_none() && is_like(&seen, &form.pledge) {
        filled.pledge = Some(text.clone());
    }
}

/// Likeness (Sørensen and Dice, of pairs of characters, 0 to 1) from which a text is the standard's
/// sentence, however changed.
const LIKE: f64 = 0.6;

fn is_like(seen: &str, sentence: &str) -> bool {
    let sentence =
        normalise(&blank(sentence).map_or_else(|| sentence.to_owned(), |(before, after)| format!("{before}{after}")));
    // What is much shorter or longer is another thing: most cells need no closer look.
    let (own, other) = (seen.chars().count(), sentence.chars().count());
    own * 2 >= other && other * 3 >= own && likeness(seen, &sentence) >= LIKE
}
