//! Collects the blocks of a flowing document in reading order and finds the headings that its
//! author only formatted as such. Shared by the readers of texts, pages and word processors.

use std::num::NonZeroU32;

use super::headings::{self, Found, Outline};
use crate::model::document::Margin;
use crate::model::{Block, Cell, Content, Place, Row, Table};

/// How a paragraph stands out from its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    None,
    /// Bold throughout, or larger than the text around it.
    Strong,
    /// Styled as the title of the document, or strong and centred.
    Title,
}

/// A cell as readers meet it: its text, and how many columns and rows it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub columns: u32,
    pub rows: u32,
}

/// Columns that a table may have: Word has 63, a sheet that an old Excel saved as a page 256.
const MAX_COLUMNS: u32 = 256;

/// Characters of a heading that a format marked; what is longer is text under a wrong style.
const MAX_HEADING_CHARS: usize = 80;

/// Blocks so far and what is known about their outline.
#[derive(Debug, Default)]
pub struct Flow {
    blocks: Vec<Block>,
    outline: Outline,
    /// Headings that were found, not marked: index into `blocks`, and what they are.
    found: Vec<(usize, Found)>,
    paragraphs: u32,
    tables: u32,
    /// Something other than titles has come: the cover is over.
    begun: bool,
}

impl Flow {
    /// The place of the next paragraph of the body, counted from 1. Empty ones do not count.
    pub fn next_paragraph(&mut self) -> Place {
        self.paragraphs = self.paragraphs.saturating_add(1);
        Place::Paragraph(from_one(self.paragraphs))
    }

    /// A heading that the format marks as such.
    pub fn heading(&mut self, place: Place, level: u8, text: &str) {
        let text = one_line(text);
        if text.is_empty() {
            return;
        }
        if text.chars().count() > MAX_HEADING_CHARS || text.ends_with('。') {
            return self.plain(place, &text);
        }
        // What opens a document is its title, whichever level of heading its author liked the look of.
        let is_title = self.is_empty() && !self.begun && !headings::is_numbered(&text);
        let level = if is_title { 1 } else { level.clamp(1, 9) };
        self.outline.marked(level);
        self.begun |= level > 1;
        self.blocks.push(Block { place, content: Content::Heading { level, text } });
    }

    /// A paragraph, which may be a heading in all but name. Each of its lines is a block.
    pub fn paragraph(&mut self, place: &Place, text: &str, emphasis: Emphasis) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match self.level_of(line, emphasis) {
                Some(found) => {
                    self.found.push((self.blocks.len(), found));
                    let content = Content::Heading { level: found.level, text: line.to_owned() };
                    self.blocks.push(Block { place: place.clone(), content });
                    self.begun |= found.level > 1;
                }
                None => self.plain(place.clone(), line),
            }
        }
    }

    /// The place of the paragraph that was counted last: what hangs on it has no number of its own.
    #[must_use]
    pub fn here(&self) -> Place {
        if self.paragraphs == 0 { Place::Whole } else { Place::Paragraph(from_one(self.paragraphs)) }
    }

    /// A paragraph that is surely no heading.
    pub fn plain(&mut self, place: Place, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.begun = true;
            self.blocks.push(Block { place, content: Content::Paragraph { text: text.to_owned() } });
        }
    }

    /// A table of a flowing document. Its place and those of its cells are counted here.
    pub fn table(&mut self, rows: &[Vec<Span>]) {
        self.tables = self.tables.saturating_add(1);
        let table = from_one(self.tables);
        let rows = grid(rows, |row, column| Place::TableCell { table, row, column });
        self.table_of(Place::TableCell { table, row: NonZeroU32::MIN, column: NonZeroU32::MIN }, rows);
    }

    /// A table whose rows and places are the reader's own.
    pub fn table_of(&mut self, place: Place, rows: Vec<Row>) {
        if !rows.is_empty() {
            self.begun = true;
            self.blocks.push(Block { place, content: Content::Table(Table { rows, ..Table::default() }) });
        }
    }

    pub fn margin(&mut self, place: Place, kind: Margin, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.blocks.push(Block { place, content: Content::Margin { kind, text: text.to_owned() } });
        }
    }

    pub fn picture(&mut self, place: Place, text: Option<String>) {
        self.blocks.push(Block { place, content: Content::Picture { text } });
    }

    /// The blocks, after a look back at what was taken for headings.
    #[must_use]
    pub fn finish(mut self) -> Vec<Block> {
        self.demote_lists();
        self.blocks
    }

    fn level_of(&mut self, line: &str, emphasis: Emphasis) -> Option<Found> {
        let found = self.outline.found(line, emphasis != Emphasis::None);
        let first = !self.begun && (self.is_empty() || self.after_organisation());
        let is_title = match found {
            Some(found) => (!found.numbered || found.is_annex) && (emphasis == Emphasis::Title || first),
            None => emphasis == Emphasis::Title && headings::could_be_title(line),
        };
        if is_title {
            self.outline.marked(1);
            return Some(Found { level: 1, ..Found::default() });
        }
        found
    }

    /// Nothing of the body has come yet.
    fn is_empty(&self) -> bool {
        self.blocks.iter().all(|block| matches!(block.content, Content::Margin { .. } | Content::Picture { .. }))
    }

    /// The line before names who wrote the document: its title comes yet.
    fn after_organisation(&self) -> bool {
        let last = self.blocks.last().and_then(|block| block.content.text()).unwrap_or_default();
        ["公司", "中心", "集团", "医院", "大学", "局", "厅", "委员会", "研究院"].iter().any(|name| last.ends_with(name))
    }

    /// `1. 防火墙`, `2. 交换机` in a row with nothing beneath them are a list, not headings.
    fn demote_lists(&mut self) {
        let mut start = 0;
        while start < self.found.len() {
            let mut end = start + 1;
            while end < self.found.len() && self.is_listed_after(end) {
                end += 1;
            }
            if end - start > 1 {
                for &(index, _) in &self.found[start..end] {
                    let content = &mut self.blocks[index].content;
                    if let Content::Heading { text, .. } = content {
                        *content = Content::Paragraph { text: std::mem::take(text) };
                    }
                }
            }
            start = end;
        }
    }

    fn is_listed_after(&self, end: usize) -> bool {
        let ((before, first), (index, second)) = (self.found[end - 1], self.found[end]);
        index == before + 1 && first.listable && second.listable && first.level == second.level
    }
}

/// Lays spans out so that the n-th cell is the n-th column: what a merged cell covers is empty.
/// Empty rows and empty cells at a row's end are left out.
pub fn grid(rows: &[Vec<Span>], mut place: impl FnMut(NonZeroU32, NonZeroU32) -> Place) -> Vec<Row> {
    // Rows that each column is still covered for, from a merged cell above.
    let mut covered: Vec<u32> = Vec::new();
    let mut out = Vec::new();
    for (index, spans) in rows.iter().enumerate() {
        let row = from_one(u32::try_from(index + 1).unwrap_or(u32::MAX));
        let mut texts: Vec<(String, u16)> = Vec::new();
        for span in spans {
            skip_covered(&mut texts, &mut covered);
            if texts.len() >= MAX_COLUMNS as usize {
                break;
            }
            let width = span.columns.clamp(1, MAX_COLUMNS - texts.len() as u32);
            for offset in 0..width {
                let text = if offset == 0 { span.text.trim().to_owned() } else { String::new() };
                cover(&mut covered, texts.len(), span.rows);
                texts.push((text, if offset == 0 { width as u16 } else { 1 }));
            }
        }
        for rest in covered.iter_mut().skip(texts.len()) {
            *rest = rest.saturating_sub(1);
        }
        while texts.last().is_some_and(|(text, _)| text.is_empty()) {
            texts.pop();
        }
        if texts.is_empty() {
            continue;
        }
        let cells = texts.into_iter().zip(1..).map(|((text, columns), column)| Cell {
            text,
            place: place(row, from_one(column)),
            columns,
        });
        out.push(Row { cells: cells.collect() });
    }
    out
}

/// Empty cells for the columns that a cell above reaches down into.
fn skip_covered(texts: &mut Vec<(String, u16)>, covered: &mut [u32]) {
    while covered.get(texts.len()).is_some_and(|rest| *rest > 0) {
        covered[texts.len()] -= 1;
        texts.push((String::new(), 1));
    }
}

fn cover(covered: &mut Vec<u32>, column: usize, rows: u32) {
    if covered.len() <= column {
        covered.resize(column + 1, 0);
    }
    covered[column] = rows.saturating_sub(1);
}

pub(super) fn from_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\u{b}']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(lines: &[(&str, Emphasis)]) -> Vec<String> {
        let mut flow = Flow::default();
        for (line, emphasis) in lines {
            let place = flow.next_paragraph();
            flow.paragraph(&place, line, *emphasis);
        }
        flow.finish()
            .into_iter()
            .map(|block| match block.content {
                Content::Heading { level, text } => format!("{level} {text}"),
                content => content.text().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    #[test]
    fn headings_are_found_and_lists_are_not() {
        use Emphasis::{None, Strong, Title};
        for (lines, expected) in [
            (
                vec![
                    ("运维方案", Title),
                    ("一、目标", None),
                    ("1. 防火墙", None),
                    ("2. 交换机", None),
                    ("二、范围", None),
                ],
                vec!["1 运维方案", "2 一、目标", "1. 防火墙", "2. 交换机", "2 二、范围"],
            ),
            (
                vec![("某公司", Strong), ("年度报告", Strong), ("概述", Strong), ("正文在此。", None)],
                vec!["1 某公司", "1 年度报告", "2 概述", "正文在此。"],
            ),
            (
                vec![("附件3 服务级别协议", Strong), ("正文在此。", None), ("附件4 保密承诺", Strong)],
                vec!["1 附件3 服务级别协议", "正文在此。", "2 附件4 保密承诺"],
            ),
            (
                vec![
                    ("一、组织", None),
                    ("1. 指挥组", None),
                    ("负责指挥。", None),
                    ("2. 执行组", None),
                    ("负责执行。", None),
                ],
                vec!["2 一、组织", "3 1. 指挥组", "负责指挥。", "3 2. 执行组", "负责执行。"],
            ),
        ] {
            assert_eq!(kinds(&lines), expected);
        }
    }

    #[test]
    fn the_nth_cell_is_the_nth_column() {
        let span = |text: &str, columns, rows| Span { text: text.to_owned(), columns, rows };
        let rows = grid(
            &[
                vec![span("a", 2, 1), span("b", 1, 2)],
                vec![span("c", 1, 2), span("d", 1, 1)],
                vec![span("e", 1, 1), span("f", 1, 1)],
                vec![span("", 1, 1)],
            ],
            |_, _| Place::Whole,
        );
        let texts: Vec<Vec<&str>> =
            rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["a", "", "b"], vec!["c", "d"], vec!["", "e", "f"]]);
        assert_eq!(rows[0].cells[0].columns, 2);
    }
}
