//! Reads Rich Text Format files (RTF 1.9.1): paragraphs, tables, heading levels, headers and footers.
//!
//! Start reading at [`Rtf::read`].

use std::num::NonZeroU32;

use encoding_rs::{Encoding, GBK, WINDOWS_1252};

use super::layout::is_page_number;
use super::{File, Outcome, Reader, limit_name};
use crate::model::document::Remark;
use crate::model::{Block, Cell, Content, Document, FileFormat, Margin, Place, Row, Table, Unreadable};

/// The reader of Rich Text files.
#[derive(Debug)]
pub struct Rtf;

/// Groups within each other; editors write some tens.
const MAX_DEPTH: usize = 1_000;

impl Reader for Rtf {
    fn name(&self) -> &'static str {
        "rtf"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Rtf]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        if !file.bytes.trim_ascii_start().starts_with(b"{\\rtf") {
            return Err(Unreadable::Corrupt { detail: "does not begin with {\\rtf".to_owned() });
        }
        let mut writer = Writer::default();
        let truncated = writer.run(file.bytes);
        writer.end_paragraph();
        writer.end_table();
        if writer.changes > 0 {
            let changes = Remark::TrackedChanges { count: writer.changes, first: Place::Whole };
            writer.document.remarks.push(changes);
        }
        if truncated {
            writer.document.remarks.push(Remark::Truncated { limit: limit_name("MAX_DEPTH", MAX_DEPTH) });
        }
        Ok(Outcome { document: Some(writer.document), members: Vec::new() })
    }
}

/// Where text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Target {
    #[default]
    Body,
    Margin(Margin),
    Title,
    Author,
    /// The font table, whose entries name a font's character set.
    Fonts,
    Nowhere,
}

/// What holds inside a group and ends with it.
#[derive(Debug, Clone, Copy)]
struct State {
    target: Target,
    /// Bytes that stand for one Unicode character to readers that know none (`\uc`).
    fallback: usize,
    encoding: &'static Encoding,
    in_table: bool,
    /// From 0; 9 is body text (`\outlinelevel`).
    outline: u8,
    hidden: bool,
    /// Taken out, but not yet for good (`\\deleted`).
    deleted: bool,
}

/// A check box of a form (`\\formfield`): its own state, or that it begins with.
#[derive(Debug, Default)]
struct CheckBox {
    is_box: bool,
    state: Option<bool>,
    first: bool,
}

#[derive(Debug)]
struct Writer {
    document: Document,
    states: Vec<State>,
    state: State,
    /// The encoding of fonts by their numbers.
    fonts: Vec<(i32, &'static Encoding)>,
    defining: i32,
    default_encoding: &'static Encoding,
    /// Bytes of the document's encoding, until it is clear that they are whole characters.
    bytes: Vec<u8>,
    text: String,
    /// Texts that wait for a group of another target to end.
    waiting: Vec<String>,
    cells: Vec<String>,
    /// Right edges of the current row's cells, in twips.
    edges: Vec<i32>,
    rows: Vec<(Vec<String>, Vec<i32>)>,
    check_box: Option<CheckBox>,
    /// Insertions and deletions nobody has accepted.
    changes: u32,
    paragraphs: u32,
    tables: u32,
    /// Characters of the fallback still to be passed over.
    pass: usize,
}

impl Default for Writer {
    fn default() -> Self {
        let state = State {
            target: Target::Body,
            fallback: 1,
            encoding: WINDOWS_1252,
            in_table: false,
            outline: BODY_TEXT,
            hidden: false,
            deleted: false,
        };
        Self {
            document: Document::default(),
            states: Vec::new(),
            state,
            fonts: Vec::new(),
            defining: 0,
            default_encoding: WINDOWS_1252,
            bytes: Vec::new(),
            text: String::new(),
            waiting: Vec::new(),
            cells: Vec::new(),
            edges: Vec::new(),
            check_box: None,
            changes: 0,
            rows: Vec::new(),
            paragraphs: 0,
            tables: 0,
            pass: 0,
        }
    }
}

/// The outline level of a paragraph that is no heading.
const BODY_TEXT: u8 = 9;

impl Writer {
    /// Whether a limit was reached.
    fn run(&mut self, bytes: &[u8]) -> bool {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.states.len() >= MAX_DEPTH {
                        return true;
                    }
                    self.states.push(self.state);
                }
                b'}' => self.close(),
                b'\\' => at = self.control(bytes, at),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
        false
    }

    fn close(&mut self) {
        self.flush();
        self.pass = 0;
        let ended = self.state;
        if let Some(state) = self.states.pop() {
            self.state = state;
        }
        if ended.target != self.state.target {
            self.end_target(ended.target);
        }
    }

    /// What follows a backslash; where the rest begins.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if first == b'\'' {
            let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
            if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                self.byte(byte);
            }
            return (at + 3).min(bytes.len());
        }
        if !first.is_ascii_alphabetic() {
            match first {
                b'\\' | b'{' | b'}' => self.byte(first),
                b'~' => self.put(' '),
                b'_' => self.put('-'),
                b'*' => self.aim(Target::Nowhere),
                b'\r' | b'\n' => self.word("par", None),
                _ => {}
            }
            return at + 1;
        }
        let letters = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&bytes[at..at + letters]).into_owned();
        let rest = &bytes[at + letters..];
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length = if digits > 0 { sign + digits } else { 0 };
        let number = std::str::from_utf8(&rest[..length]).ok().and_then(|number| number.parse::<i32>().ok());
        let end = at + letters + length;
        if word == "bin" {
            let skip = number.and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
            return end.saturating_add(1).saturating_add(skip).min(bytes.len());
        }
        if word == "u" {
            self.unicode(number.unwrap_or_default());
        } else {
            self.flush();
            self.word(&word, number);
        }
        end + usize::from(bytes.get(end) == Some(&b' '))
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // Sixteen bits with a sign; characters beyond them are written as two surrogates.
        let unit = u16::try_from(number & 0xffff).unwrap_or_default();
        self.pass = self.state.fallback;
        if let Ok(half) = u16::try_from(self.pending_surrogate()) {
            self.text.pop();
            if let Some(Ok(c)) = char::decode_utf16([half, unit]).next() {
                return self.put(c);
            }
        }
        match char::decode_utf16([unit]).next() {
            Some(Ok(c)) => self.put(c),
            // Kept as a private character until its other half comes.
            _ => self.put(char::from_u32(SURROGATES + (u32::from(unit) & 0x7ff)).unwrap_or('\u{fffd}')),
        }
    }

    fn pending_surrogate(&self) -> u32 {
        let last = self.text.chars().next_back().map_or(0, u32::from);
        if (SURROGATES..SURROGATES + 0x400).contains(&last) { 0xd800 + (last - SURROGATES) } else { u32::MAX }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let state = &mut self.state;
        match word {
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" => self.put('\n'),
            "tab" => self.put('\t'),
            "cell" | "nestcell" => self.end_cell(),
            "row" | "nestrow" => self.end_row(),
            "intbl" => state.in_table = true,
            "pard" => (state.in_table, state.outline) = (false, BODY_TEXT),
            "plain" => (state.hidden, state.deleted) = (false, false),
            "deleted" | "mvf" => {
                self.changes += u32::from(!state.deleted && number != Some(0));
                state.deleted = number != Some(0);
            }
            "revised" => self.changes += u32::from(number != Some(0)),
            "trowd" => self.edges.clear(),
            "cellx" => self.edges.extend(number),
            "formfield" => self.check_box = Some(CheckBox::default()),
            "fftype" | "ffres" | "ffdefres" => self.form(word, number.unwrap_or_default()),
            "fldrslt" => self.check(),
            "v" => state.hidden = number != Some(0),
            "outlinelevel" => state.outline = number.and_then(|level| u8::try_from(level).ok()).unwrap_or(BODY_TEXT),
            "uc" => state.fallback = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1),
            "ansicpg" => self.set_default(code_page(number.unwrap_or_default())),
            "f" if state.target == Target::Fonts => self.defining = number.unwrap_or_default(),
            "f" => {
                let font = number.unwrap_or_default();
                let found = self.fonts.iter().find(|(number, _)| *number == font).map(|(_, encoding)| *encoding);
                state.encoding = found.unwrap_or(self.default_encoding);
            }
            "fcharset" => {
                if let Some(encoding) = character_set(number.unwrap_or_default()) {
                    self.fonts.push((self.defining, encoding));
                }
            }
            "fonttbl" => self.aim(Target::Fonts),
            "title" => self.aim(Target::Title),
            "author" => self.aim(Target::Author),
            "header" | "headerl" | "headerr" | "headerf" => self.aim(Target::Margin(Margin::Header)),
            "footer" | "footerl" | "footerr" | "footerf" => self.aim(Target::Margin(Margin::Footer)),
            "footnote" => self.aim(Target::Margin(Margin::Footnote)),
            "annotation" => self.aim(Target::Margin(Margin::Comment)),
            "colortbl" | "stylesheet" | "info" | "pict" | "object" | "listtable" | "listoverridetable" | "revtbl"
            | "fldinst" | "themedata" | "datastore" | "xmlnstbl" | "rsidtbl" | "generator" | "nonshppict" => {
                self.aim(Target::Nowhere);
            }
            "shptxt" => self.aim(Target::Body),
            "emdash" => self.put('—'),
            "endash" => self.put('–'),
            "bullet" => self.put('•'),
            "lquote" => self.put('‘'),
            "rquote" => self.put('’'),
            "ldblquote" => self.put('“'),
            "rdblquote" => self.put('”'),
            _ => {}
        }
    }

    /// Sends the group's text elsewhere until the group ends.
    fn aim(&mut self, target: Target) {
        let around = self.states.last().map_or(Target::Body, |state| state.target);
        if self.state.target == around && target != around {
            self.waiting.push(std::mem::take(&mut self.text));
        } else if self.state.target != around && target == around {
            self.text = self.waiting.pop().unwrap_or_default();
        }
        self.state.target = target;
    }

    fn set_default(&mut self, encoding: &'static Encoding) {
        self.default_encoding = encoding;
        self.state.encoding = encoding;
        for state in &mut self.states {
            state.encoding = encoding;
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.pass > 0 {
            self.pass -= 1;
        } else if self.is_written() {
            self.bytes.push(byte);
        }
    }

    fn put(&mut self, c: char) {
        self.flush();
        if self.is_written() {
            self.text.push(c);
        }
    }

    fn is_written(&self) -> bool {
        let State { target, hidden, deleted, .. } = self.state;
        !matches!(target, Target::Nowhere | Target::Fonts) && !hidden && !deleted
    }

    /// What a form's field says of itself: 1 is a check box; 25 as its state is the state it begins with.
    fn form(&mut self, word: &str, number: i32) {
        let Some(check_box) = &mut self.check_box else { return };
        match word {
            "fftype" => check_box.is_box = number == 1,
            "ffres" => check_box.state = (number < 25).then_some(number == 1),
            _ => check_box.first = number == 1,
        }
    }

    /// A field's result begins; that of a check box is drawn, not written.
    fn check(&mut self) {
        if let Some(check_box) = self.check_box.take().filter(|check_box| check_box.is_box) {
            self.put(if check_box.state.unwrap_or(check_box.first) { '☑' } else { '☐' });
        }
    }

    /// Bytes so far as text: a two-byte character is never cut by a control word.
    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            // Chinese editors write GBK under fonts that claim a Western character set.
            let western = self.state.encoding == WINDOWS_1252 && self.default_encoding == GBK;
            let encoding = if western { GBK } else { self.state.encoding };
            self.text.push_str(&encoding.decode_without_bom_handling(&self.bytes).0);
            self.bytes.clear();
        }
    }

    fn end_target(&mut self, ended: Target) {
        let text = std::mem::replace(&mut self.text, self.waiting.pop().unwrap_or_default());
        let text = text.trim().to_owned();
        if text.is_empty() {
            return;
        }
        match ended {
            Target::Title => self.document.metadata.title = Some(text),
            Target::Author => self.document.metadata.author = Some(text),
            Target::Margin(kind) if !is_page_number(&text) => {
                self.document.blocks.push(Block { place: Place::Whole, content: Content::Margin { kind, text } });
            }
            Target::Body => self.paragraph(text),
            _ => {}
        }
    }

    fn paragraph(&mut self, text: String) {
        self.paragraphs += 1;
        let place = NonZeroU32::new(self.paragraphs).map_or(Place::Whole, Place::Paragraph);
        let level = self.state.outline;
        let content =
            if level < BODY_TEXT { Content::Heading { level: level + 1, text } } else { Content::Paragraph { text } };
        self.document.blocks.push(Block { place, content });
    }

    fn end_paragraph(&mut self) {
        self.flush();
        match self.state.target {
            Target::Body if self.state.in_table => self.text.push('\n'),
            Target::Body => {
                self.end_table();
                let text = std::mem::take(&mut self.text);
                if !text.trim().is_empty() {
                    self.paragraph(text.trim().to_owned());
                }
            }
            Target::Margin(_) => self.text.push('\n'),
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        self.flush();
        self.cells.push(std::mem::take(&mut self.text).trim().to_owned());
    }

    fn end_row(&mut self) {
        let mut cells = std::mem::take(&mut self.cells);
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if !cells.is_empty() {
            self.rows.push((cells, self.edges.clone()));
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return;
        }
        self.tables += 1;
        let from_one =
            |index: usize| u32::try_from(index + 1).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        let table = NonZeroU32::new(self.tables).unwrap_or(NonZeroU32::MIN);
        let place = |row, column| Place::TableCell { table, row: from_one(row), column: from_one(column) };
        let grid = grid(&rows);
        let rows = rows.into_iter().enumerate().map(|(row, (cells, edges))| {
            let cells = by_column(cells, &edges, &grid).into_iter().enumerate();
            let cell = |(column, (text, columns))| Cell { text, place: place(row, column), columns };
            Row { cells: cells.map(cell).collect() }
        });
        let content = Content::Table(Table { name: None, hidden: false, rows: rows.collect() });
        self.document.blocks.push(Block { place: place(0, 0), content });
    }
}

/// Edges nearer to each other than this, in twips, are one: editors round.
const NEAR: i32 = 40;

/// Right edges of all columns of a table, that no row alone need have.
fn grid(rows: &[(Vec<String>, Vec<i32>)]) -> Vec<i32> {
    let mut edges: Vec<i32> = rows.iter().flat_map(|(_, edges)| edges.iter().copied()).collect();
    edges.sort_unstable();
    edges.dedup_by(|next, edge| next.saturating_sub(*edge) < NEAR);
    edges
}

/// Cells with the columns that each covers, and empty ones in those it covers beyond its first.
fn by_column(cells: Vec<String>, edges: &[i32], grid: &[i32]) -> Vec<(String, u16)> {
    let mut out = Vec::new();
    for (index, text) in cells.into_iter().enumerate() {
        let end =
            edges.get(index).and_then(|edge| grid.iter().rposition(|column| *column <= edge.saturating_add(NEAR / 2)));
        let columns = end.map_or(1, |end| (end + 1).saturating_sub(out.len()).max(1));
        out.push((text, u16::try_from(columns).unwrap_or(u16::MAX)));
        out.extend((1..columns).map(|_| (String::new(), 1)));
    }
    while out.last().is_some_and(|(text, _)| text.is_empty()) {
        out.pop();
    }
    out
}

/// Where halves of characters wait for the other half: the private planes are in no file's text.
const SURROGATES: u32 = 0x0010_0000;

/// `\ansicpg`.
fn code_page(number: i32) -> &'static Encoding {
    match number {
        936 => GBK,
        54936 => encoding_rs::GB18030,
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        65001 => encoding_rs::UTF_8,
        _ => WINDOWS_1252,
    }
}

/// `\fcharset`; `None` for those that say nothing.
fn character_set(number: i32) -> Option<&'static Encoding> {
    match number {
        0 => Some(WINDOWS_1252),
        128 => Some(encoding_rs::SHIFT_JIS),
        129 => Some(encoding_rs::EUC_KR),
        134 => Some(GBK),
        136 => Some(encoding_rs::BIG5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EvidencePath;

    fn shown(rtf: &[u8]) -> Vec<String> {
        let path = EvidencePath::new("a.rtf");
        let outcome = Rtf.read(&File { path: &path, format: FileFormat::Rtf, bytes: rtf }).expect("readable");
        let row = |row: &Row| row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("|");
        let show = |block: &Block| match &block.content {
            Content::Heading { level, text } => format!("{} {text}", "#".repeat((*level).into())),
            Content::Margin { text, .. } => format!("~ {text}"),
            Content::Table(table) => table.rows.iter().map(row).collect::<Vec<_>>().join(" / "),
            content => content.text().unwrap_or_default().to_owned(),
        };
        outcome.document.expect("a document").blocks.iter().map(show).collect()
    }

    #[test]
    fn texts_are_read_in_every_spelling() {
        for (rtf, expected) in [
            (r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 \'d4\'cb\'ce\'ac\par}", vec!["运维"]),
            (r"{\rtf1\ansi\uc1 \u-28720?\u32500?\par second\par}", vec!["运维", "second"]),
            (
                r"{\rtf1{\*\generator none}{\info{\title T}}\pard\outlinelevel1 \u19968?\par\pard body\par}",
                vec!["## 一", "body"],
            ),
            (
                r"{\rtf1\trowd\intbl a\cell b\cell\row\trowd\intbl c\cell d\par e\cell\row\pard after\par}",
                vec!["a|b / c|d\ne", "after"],
            ),
            (r"{\rtf1{\header Company\par}text{\pict 0123456789}\{x\}\par}", vec!["~ Company", "text{x}"]),
            (r"{\rtf1\uc1 \u-10179?\u-8704?\par}", vec!["\u{1f600}"]),
            (r"{\rtf1 a{\deleted gone}{\revised new}\par}", vec!["anew"]),
            (
                r"{\rtf1{\field{\*\fldinst FORMCHECKBOX{\*\formfield{\fftype1\ffres25\ffdefres1}}}{\fldrslt }}yes\par}",
                vec!["☑yes"],
            ),
            (
                r"{\rtf1\trowd\cellx2000\cellx3000\intbl wide\cell b\cell\row\trowd\cellx1000\cellx2000\cellx3000\intbl 1\cell 2\cell 3\cell\row}",
                vec!["wide||b / 1|2|3"],
            ),
        ] {
            assert_eq!(shown(rtf.as_bytes()), expected, "{rtf}");
        }
    }

    #[test]
    fn raw_bytes_of_chinese_editors_are_gbk() {
        let mut rtf = br"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset0 Arial;}}\f0 ".to_vec();
        rtf.extend(GBK.encode("季度巡检").0.iter());
        rtf.extend(br"\par}");
        assert_eq!(shown(&rtf), ["季度巡检"]);
    }
}
