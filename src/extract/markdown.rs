//! Markdown by the `CommonMark` rules, with tables.

use std::num::NonZeroU32;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::flow::{Emphasis, Flow};
use super::{File, Outcome, Reader, encoding, html};
use crate::model::{Cell, Content, Document, FileFormat, Place, Row, Unreadable};

/// Reads what the signs mean and leaves the signs out.
#[derive(Debug)]
pub struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Markdown]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let (text, remarks) = encoding::decode_bounded(file.bytes)?;
        let document = Document { remarks, ..document(&text) };
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

/// Lays a text out.
#[must_use]
pub fn document(text: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut page = Page { lines: Lines::of(text), ..Page::default() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        page.event(event, &range);
    }
    page.end_line();
    Document { blocks: page.flow.finish(), ..Document::default() }
}

#[derive(Debug, Default)]
struct Page<'t> {
    lines: Lines<'t>,
    flow: Flow,
    /// The line that is being collected, and where it begins.
    line: String,
    place: Option<Place>,
    heading: Option<u8>,
    strong: u32,
    /// The line holds text that is not strong.
    has_plain: bool,
    /// In a block whose lines stay as they are: code, or the metadata above the text.
    in_lines: bool,
    table: Option<(Place, Vec<Row>)>,
}

impl Page<'_> {
    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) if self.in_lines => {
                for (line, number) in text.lines().zip(0..) {
                    self.flow
                        .plain(self.lines.place(range.start).map_or(Place::Whole, |place| below(&place, number)), line);
                }
            }
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::SoftBreak | Event::HardBreak => self.line_break(),
            Event::Html(text) | Event::InlineHtml(text) => {
                let text = plain_html(&text);
                self.text(&text, range);
            }
            Event::TaskListMarker(done) => self.text(if done { "☑ " } else { "☐ " }, range),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_line();
                self.heading = Some(*level as u8);
            }
            Tag::Paragraph | Tag::Item | Tag::BlockQuote(_) | Tag::HtmlBlock => self.end_line(),
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.end_line();
                self.in_lines = true;
            }
            Tag::Strong => self.strong += 1,
            Tag::Table(_) => {
                self.end_line();
                self.table = self.lines.place(range.start).map(|place| (place, Vec::new()));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some((_, rows)) = &mut self.table {
                    rows.push(Row::default());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item | TagEnd::HtmlBlock => self.end_line(),
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => self.in_lines = false,
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::TableCell => self.end_cell(range),
            TagEnd::Table => self.end_table(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        if self.place.is_none() {
            self.place = self.lines.place(range.start);
        }
        self.has_plain |= self.strong == 0 && !text.trim().is_empty();
        self.line.push_str(text);
    }

    /// A paragraph's lines are kept apart, as its writer sees them; a heading's and a cell's are not.
    fn line_break(&mut self) {
        if self.heading.is_some() || self.table.is_some() {
            self.line.push(' ');
        } else {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.line);
        let strong = !std::mem::take(&mut self.has_plain);
        let heading = self.heading.take();
        let Some(place) = self.place.take() else { return };
        match heading {
            Some(level) => self.flow.heading(place, level, &text),
            // Headings are marked here, so that a number alone makes none.
            None if strong => self.flow.paragraph(&place, &text, Emphasis::Strong),
            None => self.flow.plain(place, &text),
        }
    }

    fn end_cell(&mut self, range: &Range<usize>) {
        let text = std::mem::take(&mut self.line).trim().to_owned();
        let place = self.place.take().or_else(|| self.lines.place(range.start)).unwrap_or(Place::Whole);
        self.has_plain = false;
        if let Some(row) = self.table.as_mut().and_then(|(_, rows)| rows.last_mut()) {
            row.cells.push(Cell { text, place, columns: 1 });
        }
    }

    fn end_table(&mut self) {
        let Some((place, mut rows)) = self.table.take() else { return };
        for row in &mut rows {
            while row.cells.last().is_some_and(|cell| cell.text.is_empty()) {
                row.cells.pop();
            }
        }
        rows.retain(|row| !row.cells.is_empty());
        self.flow.table_of(place, rows);
    }
}

/// Text of HTML that stands in Markdown.
fn plain_html(html: &str) -> String {
    let blocks = html::document(html).blocks;
    let texts: Vec<&str> = blocks
        .iter()
        .filter(|block| !matches!(block.content, Content::Picture { .. }))
        .filter_map(|block| block.content.text())
        .collect();
    texts.join(" ")
}

fn below(place: &Place, lines: u32) -> Place {
    match place {
        Place::Line { line, column } => Place::Line { line: line.saturating_add(lines), column: *column },
        other => other.clone(),
    }
}

/// Where the lines of a text begin, in bytes.
#[derive(Debug, Default)]
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The line and column of a byte.
    fn place(&self, byte: usize) -> Option<Place> {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.checked_sub(1)?)?;
        let column = self.text.get(*start..byte)?.chars().count() + 1;
        let from_one = |n: usize| u32::try_from(n).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        Some(Place::Line { line: from_one(line), column: from_one(column) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_structure_with_lines() {
        let text = "# 指南\n\n适用于驻场\n二线\n\n- **口令**：12位\n- 1. x\n\n**小结**\n\n| 名 | 数 |\n|---|---|\n| a | 1 |\n\n```\nshow run\n```\n";
        let shown: Vec<String> = document(text)
            .blocks
            .iter()
            .map(|block| {
                let Place::Line { line, column } = block.place else { panic!("{:?}", block.place) };
                let text = match &block.content {
                    Content::Heading { level, text } => format!("{level} {text}"),
                    Content::Table(table) => {
                        let row =
                            |row: &Row| row.cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>().join("|");
                        table.rows.iter().map(row).collect::<Vec<_>>().join("/")
                    }
                    content => content.text().unwrap_or_default().to_owned(),
                };
                format!("{line}:{column} {text}")
            })
            .collect();
        assert_eq!(
            shown,
            [
                "1:3 1 指南",
                "3:1 适用于驻场",
                "4:1 二线",
                "6:5 口令：12位",
                "7:6 x",
                "9:3 2 小结",
                "11:1 名|数/a|1",
                "16:1 show run"
            ]
        );
    }
}
