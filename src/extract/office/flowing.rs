//! Texts of Word and WPS: paragraphs in order, tables, what stands in the margins.

use office_oxide::ir::{Element, HeaderFooter, List, Note, Paragraph, Section, Table};

use super::inline;
use super::numbers::Numbers;
use crate::extract::flow::{Emphasis, Flow, Span};
use crate::model::document::Margin;
use crate::model::{Block, Place};

/// Levels of tables within tables, lists and boxes whose text is followed.
const MAX_DEPTH: u8 = 32;

pub(super) fn blocks(sections: &[Section], numbers: &mut Numbers) -> Vec<Block> {
    let mut walk = Walk {
        flow: Flow::default(),
        usual: inline::usual_size(sections.iter().flat_map(|section| &section.elements)),
        indented: is_indented(sections),
        numbers,
    };
    margins(&mut walk.flow, sections, Margin::Header, |section| {
        [&section.first_page_header, &section.header, &section.even_page_header]
    });
    for section in sections {
        walk.elements(&section.elements, 0);
    }
    margins(&mut walk.flow, sections, Margin::Footer, |section| {
        [&section.first_page_footer, &section.footer, &section.even_page_footer]
    });
    walk.flow.finish()
}

/// Each header or footer once, however many sections repeat it.
fn margins(flow: &mut Flow, sections: &[Section], kind: Margin, of: impl Fn(&Section) -> [&Option<HeaderFooter>; 3]) {
    let mut seen = Vec::new();
    for part in sections.iter().flat_map(|section| of(section).into_iter().flatten()) {
        let text = text_of(&part.content, 0);
        if !seen.contains(&text) {
            flow.margin(Place::Whole, kind, &text);
            seen.push(text);
        }
    }
}

struct Walk<'n> {
    flow: Flow,
    /// The size of the body's text in half-points.
    usual: Option<u32>,
    /// The body's paragraphs begin two characters in, as Chinese ones do.
    indented: bool,
    numbers: &'n mut Numbers,
}

impl Walk<'_> {
    fn elements(&mut self, elements: &[Element], depth: u8) {
        if depth > MAX_DEPTH {
            return;
        }
        for (element, number) in elements.iter().zip(1..) {
            match element {
                Element::Heading(heading) => {
                    let text = inline::text(&heading.content);
                    if !text.trim().is_empty() {
                        let place = self.flow.next_paragraph();
                        self.flow.heading(place, heading.clamped_level(), &text);
                    }
                }
                Element::Paragraph(paragraph) => {
                    let opens = self.indented && opens_a_part(paragraph, &elements[number..]);
                    self.paragraph(paragraph, None, opens);
                }
                Element::Table(table) => self.table(table),
                Element::List(list) => self.list(list, 0, depth),
                Element::Image(image) => {
                    let text = image.alt_text.clone().filter(|text| !text.trim().is_empty());
                    let place = self.flow.here();
                    self.flow.picture(place, text);
                }
                Element::TextBox(text_box) => self.elements(&text_box.content, depth + 1),
                Element::Footnote(note) | Element::Endnote(note) => self.note(note),
                Element::CodeBlock(code) => {
                    let place = self.flow.next_paragraph();
                    self.flow.plain(place, &code.content);
                }
                _ => {}
            }
        }
    }

    /// `marker` is the number that Word draws before it; `opens`: it stands like a heading.
    fn paragraph(&mut self, paragraph: &Paragraph, marker: Option<&str>, opens: bool) {
        let text = inline::text(&paragraph.content);
        if text.trim().is_empty() {
            return;
        }
        let text = match marker {
            Some(marker) => format!("{marker}{}{text}", if marker.ends_with(['.', ')']) { " " } else { "" }),
            None => text,
        };
        let place = self.flow.next_paragraph();
        match Style::of(paragraph) {
            Style::Heading(level) => self.flow.heading(place, level, &text),
            Style::Contents => self.flow.plain(place, &text),
            Style::Title => self.flow.paragraph(&place, &text, Emphasis::Title),
            Style::Body => {
                let emphasis = match inline::emphasis(&paragraph.content, paragraph.alignment.as_ref(), self.usual) {
                    Emphasis::None if opens => Emphasis::Strong,
                    emphasis => emphasis,
                };
                self.flow.paragraph(&place, &text, emphasis);
            }
        }
    }

    /// `inner`: lists of the same group around this one.
    fn list(&mut self, list: &List, inner: usize, depth: u8) {
        if depth > MAX_DEPTH {
            return;
        }
        for (item, number) in list.items.iter().zip(0..) {
            let mut marker = self.numbers.next(list, inner, number == 0);
            for element in &item.content {
                match element {
                    Element::Paragraph(paragraph) => self.paragraph(paragraph, marker.take().as_deref(), false),
                    other => self.elements(std::slice::from_ref(other), depth + 1),
                }
            }
            if let Some(nested) = &item.nested {
                self.list(nested, inner + 1, depth + 1);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        if let Some(caption) = table.caption.as_deref().filter(|caption| !caption.trim().is_empty()) {
            let place = self.flow.next_paragraph();
            self.flow.plain(place, caption);
        }
        self.flow.table(&spans(table));
    }

    fn note(&mut self, note: &Note) {
        let is_comment = note.marker.as_deref().is_some_and(|marker| marker.starts_with("Comment"));
        let kind = if is_comment { Margin::Comment } else { Margin::Footnote };
        let place = self.flow.here();
        self.flow.margin(place, kind, &text_of(&note.content, 0));
    }
}

/// Characters from which on a paragraph is text for sure.
const LONG: usize = 20;

/// Most long paragraphs of the body are indented.
fn is_indented(sections: &[Section]) -> bool {
    let long = sections.iter().flat_map(|section| &section.elements).filter_map(|element| match element {
        Element::Paragraph(paragraph) if inline::text(&paragraph.content).chars().count() >= LONG => Some(paragraph),
        _ => None,
    });
    let (indented, flush): (Vec<_>, Vec<_>) = long.partition(|paragraph| has_indent(paragraph));
    indented.len() > flush.len()
}

fn has_indent(paragraph: &Paragraph) -> bool {
    paragraph.first_line_indent_twips.is_some_and(|indent| indent > 0)
}

/// Flush among indented ones, short, and followed by text or a table: old files may have lost
/// everything else that made it a heading.
fn opens_a_part(paragraph: &Paragraph, after: &[Element]) -> bool {
    let is_empty = |element: &&Element| matches!(element, Element::Paragraph(paragraph) if inline::text(&paragraph.content).trim().is_empty());
    let text = inline::text(&paragraph.content);
    let next = after.iter().find(|element| !is_empty(element));
    let text_follows = match next {
        Some(Element::Paragraph(next)) => has_indent(next),
        Some(Element::Table(_)) => true,
        _ => false,
    };
    !has_indent(paragraph) && text.trim().chars().count() < LONG && text_follows
}

/// What a paragraph's style says, whatever language Word or WPS named it in.
enum Style {
    Title,
    Heading(u8),
    Contents,
    Body,
}

impl Style {
    fn of(paragraph: &Paragraph) -> Self {
        if let Some(level) = paragraph.outline_level.filter(|level| *level < 9) {
            return Self::Heading(level + 1);
        }
        let name = paragraph.style.as_deref().unwrap_or_default().trim().to_lowercase();
        if name == "title" || name == "标题" || name == "文档标题" {
            return Self::Title;
        }
        if name.starts_with("toc") || name.starts_with("目录") {
            return Self::Contents;
        }
        let level = name.strip_prefix("标题").or_else(|| name.strip_prefix("heading")).map(str::trim);
        match level.and_then(|level| level.parse().ok()) {
            Some(level @ 1..=9) => Self::Heading(level),
            _ => Self::Body,
        }
    }
}

/// The rows of a table as they are stored: merged cells once, with what they cover.
pub(super) fn spans(table: &Table) -> Vec<Vec<Span>> {
    let row = |row: &office_oxide::ir::TableRow| {
        let cells = row.cells.iter().map(|cell| Span {
            text: text_of(&cell.content, 0),
            columns: cell.col_span,
            rows: cell.row_span,
        });
        cells.collect()
    };
    table.rows.iter().map(row).collect()
}

/// All text of elements, a line for each paragraph and for each row of a table.
pub(super) fn text_of(elements: &[Element], depth: u8) -> String {
    let mut lines = Vec::new();
    collect(elements, depth, &mut lines);
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

fn collect(elements: &[Element], depth: u8, lines: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    for element in elements {
        match element {
            Element::Heading(heading) => lines.push(inline::text(&heading.content)),
            Element::Paragraph(paragraph) => lines.push(inline::text(&paragraph.content)),
            Element::Table(table) => {
                for row in &table.rows {
                    let cells = row.cells.iter().map(|cell| text_of(&cell.content, depth + 1));
                    lines.push(cells.collect::<Vec<_>>().join("\t"));
                }
            }
            Element::List(list) => collect_list(list, depth + 1, lines),
            Element::TextBox(text_box) => collect(&text_box.content, depth + 1, lines),
            Element::CodeBlock(code) => lines.push(code.content.clone()),
            _ => {}
        }
    }
}

fn collect_list(list: &List, depth: u8, lines: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    for item in &list.items {
        collect(&item.content, depth, lines);
        if let Some(nested) = &item.nested {
            collect_list(nested, depth + 1, lines);
        }
    }
}
