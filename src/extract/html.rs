//! Web pages, and what is one under another name: exports of wikis and of office systems.
//!
//! Tokens are read in order without building a tree, so that no nesting is too deep. What opens
//! a block closes the one before it, whether or not the page closes its tags.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::flow::{Emphasis, Flow, Span};
use super::{File, Outcome, Reader, encoding};
use crate::model::document::Metadata;
use crate::model::{Document, FileFormat, Unreadable};

/// Reads pages as their reader sees them.
#[derive(Debug)]
pub struct Html;

/// Columns or rows that a cell may cover (HTML Living Standard, 4.9.11: 1000 columns).
const MAX_SPAN: u32 = 1000;

/// Bytes of the head in which a page names its encoding (HTML Living Standard, 4.2.5.4).
const META_BYTES: usize = 1024;

impl Reader for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Html]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let named = charset(file.bytes).and_then(|label| encoding::decode_as(file.bytes, &label));
        let (text, remarks) = match named {
            Some(text) => (text, Vec::new()),
            None => encoding::decode_bounded(file.bytes)?,
        };
        let document = Document { remarks, ..document(&text) };
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

/// Lays a page out.
#[must_use]
pub fn document(html: &str) -> Document {
    let mut flow = Flow::default();
    let title = add_to(&mut flow, html);
    Document { metadata: Metadata { title, ..Metadata::default() }, blocks: flow.finish(), remarks: Vec::new() }
}

/// Adds a page's blocks to others, and returns its title.
pub(super) fn add_to(flow: &mut Flow, html: &str) -> Option<String> {
    let page = Page { flow: std::mem::take(flow), ..Page::default() };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(page)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The sink never asks for a script to run, so one call reads all of it.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut page = tokenizer.sink.0.into_inner();
    page.end_table();
    page.end_block();
    *flow = page.flow;
    Some(page.title.trim().to_owned()).filter(|title| !title.is_empty())
}

/// The encoding that a page's head names.
fn charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(META_BYTES)]).to_ascii_lowercase();
    let (_, rest) = head.split_once("charset=")?;
    let label: String = rest
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    Some(label).filter(|label| !label.is_empty())
}

struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return page.start(&tag),
            Token::TagToken(tag) => page.end(&tag),
            Token::CharacterTokens(text) => page.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Body,
    Title,
    /// Scripts and styles.
    Nothing,
}

#[derive(Debug, Default)]
struct Page {
    flow: Flow,
    title: String,
    inside: Inside,
    /// The block that is being collected.
    block: String,
    /// Level of the heading that is being collected.
    heading: Option<u8>,
    centred: bool,
    /// Open elements that embolden.
    bold: u32,
    /// The block holds text that is not bold.
    has_plain: bool,
    preformatted: bool,
    table: Option<Vec<Vec<Span>>>,
    /// Size of the open cell; its text is in `block`.
    cell: Option<(u32, u32)>,
    /// Open tables that hold others: they lay the page out and are none themselves.
    layout: u32,
}

impl Page {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        match &*tag.name {
            "script" => return self.raw(Inside::Nothing, RawKind::ScriptData),
            "style" | "noframes" | "iframe" | "xmp" | "noembed" => return self.raw(Inside::Nothing, RawKind::Rawtext),
            "title" if self.title.is_empty() => return self.raw(Inside::Title, RawKind::Rcdata),
            "textarea" => return self.raw(Inside::Body, RawKind::Rcdata),
            "table" => self.start_table(),
            "tr" => self.start_row(),
            "td" | "th" => self.start_cell(tag),
            "br" => self.line_break(),
            "b" | "strong" => self.bold += 1,
            "img" => self.picture(tag),
            "pre" => {
                self.end_block();
                self.preformatted = true;
            }
            name => {
                if let Some(level) = heading_level(name) {
                    self.end_block();
                    self.heading = self.cell.is_none().then_some(level);
                } else if is_block(name) {
                    self.end_block();
                }
                self.centred |= is_block(name) && is_centred(tag);
            }
        }
        TokenSinkResult::Continue
    }

    fn raw(&mut self, inside: Inside, kind: RawKind) -> TokenSinkResult<()> {
        self.inside = inside;
        TokenSinkResult::RawData(kind)
    }

    fn end(&mut self, tag: &Tag) {
        self.inside = Inside::Body;
        match &*tag.name {
            "table" => self.end_table(),
            "td" | "th" => self.end_cell(),
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "pre" => {
                self.end_block();
                self.preformatted = false;
            }
            name if heading_level(name).is_some() || is_block(name) => self.end_block(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.inside {
            Inside::Nothing => {}
            Inside::Title => self.title.push_str(text),
            Inside::Body if self.preformatted => self.block.push_str(text),
            Inside::Body => self.flowing_text(text),
        }
    }

    /// White space of any length is one space (CSS Text 3, 4.1.1).
    fn flowing_text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                if !self.block.is_empty() && !self.block.ends_with([' ', '\n']) {
                    self.block.push(' ');
                }
            } else {
                self.has_plain |= self.bold == 0;
                self.block.push(c);
            }
        }
    }

    fn line_break(&mut self) {
        if self.heading.is_some() {
            self.block.push(' ');
        } else {
            self.block.push('\n');
        }
    }

    /// Ends a paragraph; within a cell, a line of it.
    fn end_block(&mut self) {
        if self.cell.is_some() {
            if !self.block.is_empty() && !self.block.ends_with('\n') {
                self.block.push('\n');
            }
            return;
        }
        let text = std::mem::take(&mut self.block);
        let (heading, centred) = (self.heading.take(), std::mem::take(&mut self.centred));
        let bold = !std::mem::take(&mut self.has_plain);
        if text.trim().is_empty() {
            return;
        }
        let place = self.flow.next_paragraph();
        match heading {
            Some(level) => self.flow.heading(place, level, &text),
            None if self.preformatted => {
                for line in text.lines() {
                    self.flow.plain(place.clone(), line);
                }
            }
            None => self.flow.paragraph(&place, &text, emphasis(bold, centred)),
        }
    }

    fn start_table(&mut self) {
        if self.table.is_some() {
            // This table stands in a cell of another: the outer one only lays out.
            self.layout += 1;
            let (rows, had_cell) = (self.table.take().unwrap_or_default(), self.cell.take().is_some());
            self.emit(&rows);
            if had_cell {
                self.end_block();
            }
        } else {
            self.end_block();
        }
        self.table = Some(Vec::new());
    }

    fn end_table(&mut self) {
        self.end_cell();
        match self.table.take() {
            Some(rows) => self.emit(&rows),
            None => self.layout = self.layout.saturating_sub(1),
        }
    }

    fn emit(&mut self, rows: &[Vec<Span>]) {
        // A frame of one cell is a box around paragraphs.
        if let [row] = rows
            && let [only] = row.as_slice()
        {
            let place = self.flow.next_paragraph();
            self.flow.paragraph(&place, &only.text, Emphasis::None);
        } else if !rows.is_empty() {
            self.flow.table(rows);
        }
    }

    fn start_row(&mut self) {
        self.end_cell();
        if let Some(rows) = &mut self.table {
            rows.push(Vec::new());
        } else {
            self.end_block();
        }
    }

    fn start_cell(&mut self, tag: &Tag) {
        self.end_cell();
        let Some(rows) = &mut self.table else { return self.end_block() };
        if rows.is_empty() {
            rows.push(Vec::new());
        }
        self.block.clear();
        let size =
            |name| attribute(tag, name).and_then(|size| size.trim().parse().ok()).unwrap_or(1).clamp(1, MAX_SPAN);
        self.cell = Some((size("colspan"), size("rowspan")));
    }

    fn end_cell(&mut self) {
        let Some((columns, rows)) = self.cell.take() else { return };
        let text = std::mem::take(&mut self.block);
        self.has_plain = false;
        if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
            row.push(Span { text, columns, rows });
        }
    }

    fn picture(&mut self, tag: &Tag) {
        let text = attribute(tag, "alt").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        if self.cell.is_none() && self.block.trim().is_empty() {
            let place = self.flow.here();
            self.flow.picture(place, text);
        }
    }
}

fn emphasis(bold: bool, centred: bool) -> Emphasis {
    match (bold, centred) {
        (true, true) => Emphasis::Title,
        (true, false) => Emphasis::Strong,
        _ => Emphasis::None,
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Elements that browsers begin on a new line (HTML Living Standard, 15.3).
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "hr"
            | "body"
            | "section"
            | "article"
            | "aside"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "center"
            | "form"
            | "fieldset"
            | "legend"
            | "address"
            | "caption"
            | "details"
            | "summary"
            | "option"
            | "head"
            | "html"
    )
}

fn is_centred(tag: &Tag) -> bool {
    &*tag.name == "center"
        || attribute(tag, "align").is_some_and(|value| value.eq_ignore_ascii_case("center"))
        || attribute(tag, "style").is_some_and(|style| style.replace(' ', "").contains("text-align:center"))
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Content, Table};

    fn shown(html: &str) -> Vec<String> {
        let row = |table: &Table| {
            let rows = table
                .rows
                .iter()
                .map(|row| row.cells.iter().map(|cell| cell.text.replace('\n', "/")).collect::<Vec<_>>().join("|"));
            format!("[{}]", rows.collect::<Vec<_>>().join(";"))
        };
        document(html)
            .blocks
            .iter()
            .map(|block| match &block.content {
                Content::Heading { level, text } => format!("{level} {text}"),
                Content::Table(table) => row(table),
                content => content.text().unwrap_or_default().to_owned(),
            })
            .collect()
    }

    #[test]
    fn pages_are_read_as_they_are_seen() {
        for (html, expected) in [
            (
                "<h2>手册</h2><p>维护&amp;检查</p><script>if (a<b) x();</script><li>甲<li>乙",
                vec!["1 手册", "维护&检查", "甲", "乙"],
            ),
            ("<style>p{}</style><p>一\n  二<br>三", vec!["一 二", "三"]),
            (
                "<table><tr><th colspan=2>名<th>数<tr><td rowspan=2>a<td>b<p>c</p><td>1<tr><td>d<td>2</table>完",
                vec!["[名||数;a|b/c|1;|d|2]", "完"],
            ),
            ("<table><tr><td>左<table><tr><td>x<td>y</table>右</table>", vec!["左", "[x|y]", "右"]),
            ("<center><b>总结报告</b></center><p><b>概述</b></p><p>正文。</p>", vec!["1 总结报告", "2 概述", "正文。"]),
            ("<pre>a  b\nc</pre>", vec!["a  b", "c"]),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }

    #[test]
    fn a_page_names_its_title_and_encoding() {
        let page = b"<meta charset=gb2312><title>\xd7\xca\xb2\xfa</title><p>\xb1\xed";
        assert_eq!(charset(page).as_deref(), Some("gb2312"));
        let path = crate::model::EvidencePath::new("a.html");
        let file = File { path: &path, format: FileFormat::Html, bytes: page };
        let document = Html.read(&file).expect("a page").document.expect("of text");
        assert_eq!(document.metadata.title.as_deref(), Some("资产"));
        assert_eq!(document.blocks.len(), 1);
    }
}
