//! Tables of the old presentations, which know none: groups of boxes that say they are one (MS-PPT, MS-ODRAW).
//!
//! The library behind [`slides`](super::slides) gives their boxes as paragraphs one behind the other. Here the same
//! stream is gone through once more for groups with the property `tableProperties`; where their words stand among
//! the blocks, the table takes their place.

use std::io::Cursor;

use office_oxide::cfb::CfbReader;

use crate::model::document::{Cell, Row, Table};
use crate::model::{Block, Content};

/// Tables that are looked for; a presentation of a hundred slides has some dozens.
const MAX_TABLES: usize = 500;
/// Records within each other.
const MAX_DEPTH: u32 = 32;
/// Boxes of one table.
const MAX_BOXES: usize = 10_000;

// Types of records: MS-ODRAW 2.2, MS-PPT 2.13.24.
const GROUP: u16 = 0xf003;
const SHAPE: u16 = 0xf004;
const TEXT_BOX: u16 = 0xf00d;
const ANCHOR: u16 = 0xf00f;
const PROPERTIES: [u16; 3] = [0xf00b, 0xf121, 0xf122];
const WIDE_TEXT: u16 = 0x0fa0;
const NARROW_TEXT: u16 = 0x0fa8;
/// Property of a group that is a table (MS-ODRAW 2.3.4.36).
const TABLE_PROPERTIES: u16 = 0x039f;

/// Puts tables where their words stand one behind the other.
pub(super) fn restored(presentation: &[u8], mut blocks: Vec<Block>) -> Vec<Block> {
    let stream = CfbReader::new(Cursor::new(presentation)).and_then(|mut file| file.open_stream("PowerPoint Document"));
    let mut grids = Vec::new();
    collect(&stream.unwrap_or_default(), 0, &mut grids);
    for grid in grids {
        let words: String = grid.boxes.iter().flat_map(|one| compact(&one.text)).collect();
        if let Some((from, to)) = find(&blocks, &words) {
            let place = blocks[from].place.clone();
            let table = grid.table(|text, columns| Cell { text, place: place.clone(), columns });
            blocks.splice(from..to, [Block { place, content: Content::Table(table) }]);
        }
    }
    blocks
}

/// Blocks of one slide whose words together are these.
fn find(blocks: &[Block], words: &str) -> Option<(usize, usize)> {
    (0..blocks.len()).find_map(|from| {
        let mut rest = words;
        for (at, block) in blocks.iter().enumerate().skip(from) {
            let (Content::Paragraph { text } | Content::Heading { text, .. }) = &block.content else { return None };
            rest = rest.strip_prefix(compact(text).collect::<String>().as_str())?;
            if block.place != blocks[from].place {
                return None;
            }
            if rest.is_empty() {
                return Some((from, at + 1));
            }
        }
        None
    })
}

fn compact(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control())
}

/// A box of a table: where it stands in its group, and what it says.
#[derive(Debug)]
struct Boxed {
    left: i32,
    top: i32,
    right: i32,
    text: String,
}

#[derive(Debug)]
struct Grid {
    /// In the order of the stream.
    boxes: Vec<Boxed>,
}

impl Grid {
    fn table(&self, cell: impl Fn(String, u16) -> Cell) -> Table {
        let starts = |of: fn(&Boxed) -> i32| {
            let mut starts: Vec<i32> = self.boxes.iter().map(of).collect();
            starts.sort_unstable();
            starts.dedup();
            starts
        };
        let (lefts, tops) = (starts(|one| one.left), starts(|one| one.top));
        let row = |top: &i32| {
            let mut cells: Vec<Cell> = lefts.iter().map(|_| cell(String::new(), 1)).collect();
            for one in self.boxes.iter().filter(|one| one.top == *top) {
                let at = lefts.partition_point(|left| *left < one.left);
                let columns = lefts.iter().filter(|left| (one.left..one.right).contains(left)).count().max(1);
                let lines = one.text.split(['\r', '\u{b}', '\n']).map(str::trim);
                let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
                cells[at] = cell(text, u16::try_from(columns).unwrap_or(u16::MAX));
            }
            while cells.last().is_some_and(|last| last.text.is_empty()) {
                cells.pop();
            }
            Row { cells }
        };
        let rows = tops.iter().map(row).filter(|row| !row.cells.is_empty()).collect();
        Table { name: None, hidden: false, rows }
    }
}

/// Tables anywhere in a stream of records.
fn collect(bytes: &[u8], depth: u32, grids: &mut Vec<Grid>) {
    for (record, content) in Records(bytes) {
        if grids.len() >= MAX_TABLES || depth > MAX_DEPTH {
            return;
        }
        if record.kind == GROUP
            && let Some(grid) = grid(content)
        {
            grids.push(grid);
        } else if record.is_container() {
            collect(content, depth + 1, grids);
        }
    }
}

/// A group as a table, where its first shape, which stands for the group, says that it is one.
fn grid(group: &[u8]) -> Option<Grid> {
    let mut shapes = Records(group).filter(|(record, _)| record.kind == SHAPE);
    let is_table = Records(shapes.next()?.1)
        .filter(|(record, _)| PROPERTIES.contains(&record.kind))
        .any(|(record, content)| record.properties(content).any(|property| property == TABLE_PROPERTIES));
    let boxes: Vec<Boxed> = shapes.take(MAX_BOXES).filter_map(|(_, shape)| boxed(shape)).collect();
    (is_table && boxes.len() > 1 && boxes.iter().any(|one| !one.text.trim().is_empty())).then_some(Grid { boxes })
}

/// Lines of the table's frame are no boxes: they say nothing, and are as thin as lines are.
fn boxed(shape: &[u8]) -> Option<Boxed> {
    let part = |kind: u16| Records(shape).find(|(record, _)| record.kind == kind).map(|(_, content)| content);
    let [left, top, right, bottom] =
        [0, 4, 8, 12].map(|at| part(ANCHOR)?.get(at..)?.first_chunk().map(|four| i32::from_le_bytes(*four)));
    let (left, top, right, bottom) = (left?, top?, right?, bottom?);
    let text: String = Records(part(TEXT_BOX).unwrap_or_default())
        .map(|(record, content)| match record.kind {
            WIDE_TEXT => String::from_utf16_lossy(
                &content.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)).collect::<Vec<_>>(),
            ),
            NARROW_TEXT => content.iter().map(|byte| char::from(*byte)).collect(),
            _ => String::new(),
        })
        .collect();
    (right > left && bottom > top).then_some(Boxed { left, top, right, text })
}

/// A record's header: MS-PPT 2.3.1.
#[derive(Debug, Clone, Copy)]
struct Header {
    version_and_instance: u16,
    kind: u16,
}

impl Header {
    fn is_container(self) -> bool {
        self.version_and_instance & 0xf == 0xf
    }

    /// Of a table of properties, its entries of six bytes; what does not fit them stands behind.
    fn properties(self, content: &[u8]) -> impl Iterator<Item = u16> {
        let count = usize::from(self.version_and_instance >> 4);
        let entries = content.as_chunks::<6>().0.iter().take(count);
        entries.map(|entry| u16::from_le_bytes([entry[0], entry[1]]) & 0x3fff)
    }
}

struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (Header, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (head, rest) = self.0.split_first_chunk::<8>()?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        let header = Header {
            version_and_instance: u16::from_le_bytes([head[0], head[1]]),
            kind: u16::from_le_bytes([head[2], head[3]]),
        };
        Some((header, content))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::model::Place;

    fn record(version_and_instance: u16, kind: u16, content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32).to_le_bytes();
        [&version_and_instance.to_le_bytes()[..], &kind.to_le_bytes(), &length, content].concat()
    }

    fn shape(at: [i32; 4], text: &str) -> Vec<u8> {
        let words: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let parts = [
            record(0, ANCHOR, &at.map(i32::to_le_bytes).concat()),
            record(0xf, TEXT_BOX, &record(0, WIDE_TEXT, &words)),
        ];
        record(0xf, SHAPE, &parts.concat())
    }

    fn group(property: u16) -> Vec<u8> {
        let own = record(1 << 4 | 3, 0xf122, &[&property.to_le_bytes()[..], &[1, 0, 0, 0]].concat());
        let shapes = [
            record(0xf, SHAPE, &own),
            shape([0, 0, 20, 10], "月份"),
            shape([20, 0, 30, 10], "结果"),
            shape([0, 10, 10, 20], "一月\r首次"),
            shape([10, 10, 20, 20], ""),
            shape([20, 10, 30, 20], "正常"),
            shape([0, 10, 30, 10], ""),
        ];
        record(0xf, 0x0fe8, &record(0xf, GROUP, &shapes.concat()))
    }

    #[test]
    fn groups_that_are_tables_become_tables() {
        let place = Place::Slide(NonZeroU32::MIN);
        let block = |text: &str| Block { place: place.clone(), content: Content::Paragraph { text: text.to_owned() } };
        for (property, texts, tables) in [
            (TABLE_PROPERTIES, &["巡检", "月份", "结果", "一月", "首次", "正常", "完"][..], 1),
            (TABLE_PROPERTIES, &["月份", "结果", "一月 首次", "正常"], 1),
            (TABLE_PROPERTIES, &["月份", "结果", "正常"], 0),
            (0x0380, &["月份", "结果", "一月", "首次", "正常"], 0),
        ] {
            let mut grids = Vec::new();
            collect(&group(property), 0, &mut grids);
            let blocks: Vec<Block> = texts.iter().map(|text| block(text)).collect();
            let found = grids.first().and_then(|grid| {
                let words: String = grid.boxes.iter().flat_map(|one| compact(&one.text)).collect();
                find(&blocks, &words)
            });
            assert_eq!(usize::from(found.is_some()), tables, "{texts:?}");
            let Some(grid) = grids.first() else { continue };
            let table = grid.table(|text, columns| Cell { text, place: place.clone(), columns });
            let cells: Vec<Vec<(&str, u16)>> = table
                .rows
                .iter()
                .map(|row| row.cells.iter().map(|cell| (cell.text.as_str(), cell.columns)).collect())
                .collect();
            assert_eq!(cells, [[("月份", 2), ("", 1), ("结果", 1)], [("一月\n首次", 1), ("", 1), ("正常", 1)]]);
        }
    }
}
