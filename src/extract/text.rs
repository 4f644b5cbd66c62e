//! Plain text: each line a paragraph, a heading, or a row of a table drawn with separators.

use std::num::NonZeroU32;

use super::flow::{Emphasis, Flow};
use super::{File, MAX_PIECES, Outcome, Reader, encoding, headings};
use crate::model::{Block, Cell, Document, FileFormat, Place, Row, Unreadable};

/// Reads text, logs and configurations line by line.
#[derive(Debug)]
pub struct Text;

/// Rows from which on lines with the same separators are a table rather than chance.
const MIN_ROWS: usize = 3;

impl Reader for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Text, FileFormat::Xml]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let (text, remarks) = encoding::decode_bounded(file.bytes)?;
        let blocks = blocks(&text);
        Ok(Outcome { document: Some(Document { blocks, remarks, ..Document::default() }), members: Vec::new() })
    }
}

/// The blocks of a plain text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    // One more than is kept: whoever keeps says that there were more.
    let mut shown = 0;
    let is_wanted = |line: &&str| {
        shown += usize::from(!is_drawn(line));
        shown <= MAX_PIECES + 1
    };
    let lines: Vec<&str> = text.lines().take_while(is_wanted).collect();
    let first = lines.iter().position(|line| !is_drawn(line));
    let mut flow = Flow::default();
    let mut index = 0;
    while index < lines.len() {
        if let Some(length) = table_length(&lines[index..]) {
            flow.table_of(place(index, 1), rows(&lines, index, length));
            index += length;
            continue;
        }
        let line = lines[index];
        if !is_drawn(line) {
            let indent = line.chars().take_while(|c| c.is_whitespace()).count();
            if Some(index) == first && is_title(line) {
                title(&mut flow, index, indent, line.trim());
            } else {
                flow.paragraph(&place(index, indent + 1), line, Emphasis::None);
            }
        }
        index += 1;
    }
    flow.finish()
}

/// Empty, or a rule drawn with characters.
fn is_drawn(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, '=' | '-' | '*' | '#' | '_' | '+' | '~' | '—' | '─' | '═'))
}

/// A first line is the title if it is mostly Chinese: logs and listings begin with something else.
fn is_title(line: &str) -> bool {
    let han = line.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
    han * 2 > line.chars().count()
}

/// A title may share its line with who wrote it, far to its right.
fn title(flow: &mut Flow, index: usize, indent: usize, line: &str) {
    let parts = cells(line, Separator::Spaces);
    let apart =
        matches!(parts.as_slice(), [(_, title), ..] if headings::could_be_title(title) && line.contains(['：', ':']));
    if !apart {
        return flow.paragraph(&place(index, indent + 1), line, Emphasis::Title);
    }
    for ((start, part), number) in parts.iter().zip(0..) {
        let emphasis = if number == 0 { Emphasis::Title } else { Emphasis::None };
        flow.paragraph(&place(index, indent + start + 1), part, emphasis);
    }
}

/// How cells of a row are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Tab,
    Bar,
    Spaces,
}

/// Lines from the first one on that make a table.
fn table_length(lines: &[&str]) -> Option<usize> {
    [Separator::Tab, Separator::Bar, Separator::Spaces].into_iter().find_map(|separator| {
        let columns = cells(lines.first()?, separator).len();
        if columns < 2 || is_rule(lines[0]) {
            return None;
        }
        let is_row = |line: &&&str| is_rule(line) || cells(line, separator).len() == columns;
        let length = lines.iter().take_while(is_row).count();
        let rows = lines[..length].iter().filter(|line| !is_rule(line)).count();
        (rows >= MIN_ROWS).then_some(length)
    })
}

/// `|---|---|`, `+----+`: a line that only draws.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains("--") && line.chars().all(|c| matches!(c, '-' | '|' | '+' | ':' | ' ' | '='))
}

/// The cells of a line and the character where each begins, counted from 0.
fn cells(line: &str, separator: Separator) -> Vec<(usize, String)> {
    let characters: Vec<char> = line.chars().collect();
    let mut cells = Vec::new();
    let mut start = 0;
    let mut index = 0;
    while index <= characters.len() {
        let gap = if index == characters.len() { 1 } else { gap(&characters[index..], separator) };
        if gap > 0 {
            cells.push((start, characters[start..index].iter().collect::<String>()));
            start = index + gap;
            index += gap;
        } else {
            index += 1;
        }
    }
    trim_cells(cells, separator)
}

/// Characters of the separator that stands at the front; 0: none does.
fn gap(characters: &[char], separator: Separator) -> usize {
    let matches = |c: char| match separator {
        Separator::Tab => c == '\t',
        Separator::Bar => matches!(c, '|' | '│'),
        Separator::Spaces => matches!(c, ' ' | '\u{3000}'),
    };
    let run = characters.iter().take_while(|c| matches(**c)).count();
    match separator {
        Separator::Tab | Separator::Bar => run.min(1),
        Separator::Spaces if run >= 2 => run,
        Separator::Spaces => 0,
    }
}

/// Cells trimmed, each beginning at its first character. What stands outside the outer bars or
/// before the indent is no cell; nor is a line of empty cells a row.
fn trim_cells(cells: Vec<(usize, String)>, separator: Separator) -> Vec<(usize, String)> {
    let mut cells: Vec<(usize, String)> = cells
        .into_iter()
        .map(|(start, text)| (start + text.chars().take_while(|c| c.is_whitespace()).count(), text.trim().to_owned()))
        .collect();
    if separator != Separator::Tab {
        if cells.first().is_some_and(|(_, text)| text.is_empty()) {
            cells.remove(0);
        }
        if cells.last().is_some_and(|(_, text)| text.is_empty()) {
            cells.pop();
        }
    }
    if cells.iter().all(|(_, text)| text.is_empty()) { Vec::new() } else { cells }
}

fn rows(lines: &[&str], from: usize, length: usize) -> Vec<Row> {
    let separators = [Separator::Tab, Separator::Bar, Separator::Spaces];
    let separator = separators.into_iter().find(|separator| cells(lines[from], *separator).len() >= 2);
    let mut rows = Vec::new();
    for index in (from..from + length).filter(|index| !is_rule(lines[*index])) {
        let mut cells = cells(lines[index], separator.unwrap_or(Separator::Tab));
        while cells.last().is_some_and(|(_, text)| text.is_empty()) {
            cells.pop();
        }
        let cell = |(start, text)| Cell { text, place: place(index, start + 1), columns: 1 };
        rows.push(Row { cells: cells.into_iter().map(cell).collect() });
    }
    rows
}

/// `index` counts lines from 0, `column` characters from 1.
fn place(index: usize, column: usize) -> Place {
    let from_one = |n: usize| u32::try_from(n).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
    Place::Line { line: from_one(index + 1), column: from_one(column) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Content;

    fn shown(text: &str) -> Vec<String> {
        let show = |block: Block| {
            let Place::Line { line, column } = block.place else { panic!("{:?}", block.place) };
            let text = match block.content {
                Content::Heading { level, text } => format!("{level} {text}"),
                Content::Table(table) => {
                    let row = |row: &Row| row.cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>().join("|");
                    table.rows.iter().map(row).collect::<Vec<_>>().join("/")
                }
                content => content.text().unwrap_or_default().to_owned(),
            };
            format!("{line}:{column} {text}")
        };
        blocks(text).into_iter().map(show).collect()
    }

    #[test]
    fn lines_become_paragraphs_headings_and_tables() {
        for (text, expected) in [
            ("机房巡检记录\n\n  一、情况\n正常。\n", vec!["1:1 1 机房巡检记录", "3:3 2 一、情况", "4:1 正常。"]),
            ("2025-03-01 10:00 start\n", vec!["1:1 2025-03-01 10:00 start"]),
            ("设备\t状态\nA\t好\nB\t\nC\t坏\n完\n", vec!["1:1 设备|状态/A|好/B/C|坏", "5:1 完"]),
            ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", vec!["1:1 a|b/1|2/3|4"]),
            ("时间    人\n周一    张\n周二    王\n", vec!["1:1 时间|人/周一|张/周二|王"]),
            ("月度汇总　　驻场：张三\n正常。", vec!["1:1 1 月度汇总", "1:7 驻场：张三", "2:1 正常。"]),
            ("甲  乙\n只有一行\n", vec!["1:1 甲  乙", "2:1 只有一行"]),
        ] {
            assert_eq!(shown(text), expected);
        }
    }
}
