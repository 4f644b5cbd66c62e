//! Lines on pages to blocks: paragraphs, headings and margins out of positions and letter sizes.
//!
//! Page formats (PDF, OFD, scans) say where letters stand, not what they are. The readers of those
//! formats give [`Page`]s of [`Piece`]s in reading order; [`blocks`] keeps page numbers and running
//! heads out, joins wrapped lines and finds the headings. Start reading at [`blocks`].

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use crate::model::{Block, Cell, Content, Margin, Place, Row, Table};

mod grid;
mod headings;
mod margins;
mod runs;

use headings::{numbering, opens_item};

pub(super) use grid::tables;
pub(super) use headings::is_label;
pub(super) use margins::is_page_number;
pub(super) use runs::{Run, lines};

/// A page and what stands on it.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) number: NonZeroU32,
    /// In the unit of its lines' spots.
    pub(super) height: f32,
    /// Its text stands in columns, so that lines end at several edges.
    pub(super) columns: bool,
    /// In reading order.
    pub(super) pieces: Vec<Piece>,
}

/// One thing on a page.
#[derive(Debug)]
pub(super) enum Piece {
    Line(Line),
    /// Rows of cells by column.
    Table(Vec<Vec<GridCell>>),
    /// A picture, whatever it shows.
    Picture,
}

/// One printed line, or a whole paragraph where the reader could not tell its lines.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) spot: Option<Spot>,
    /// The reader takes it for a heading.
    pub(super) heading: bool,
    /// The reader takes it for the same paragraph as the line before it.
    pub(super) wraps: bool,
}

/// Where a line stands on its page, in any unit, from the top left corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) left: f32,
    pub(super) right: f32,
    /// Of the baseline.
    pub(super) y: f32,
    /// Height of a Han character.
    pub(super) size: f32,
    pub(super) bold: bool,
}

/// A cell of a table; those that a merged cell covers are there and empty.
#[derive(Debug, Clone, Default)]
pub(super) struct GridCell {
    pub(super) text: String,
    /// Columns that it covers.
    pub(super) columns: u16,
}

/// All pages as blocks in reading order.
pub(super) fn blocks(mut pages: Vec<Page>) -> Vec<Block> {
    let body = body_size(&pages);
    let mut margins = margins::take(&mut pages, body);
    let right = right_edge(&pages);
    let mut parts = Vec::new();
    for page in pages {
        let number = page.number;
        parts.extend(margins.remove(&number).into_iter().flatten());
        append(&mut parts, paragraphs(page, right), number);
    }
    let levels = headings::levels(&parts, body);
    parts.into_iter().zip(levels).filter_map(|(part, level)| part.into_block(level)).collect()
}

/// What a page's pieces have become; still without heading levels.
#[derive(Debug)]
struct Part {
    page: NonZeroU32,
    what: What,
}

#[derive(Debug)]
enum What {
    Paragraph(Paragraph),
    Table(Vec<(NonZeroU32, Vec<GridCell>)>),
    Picture,
    Margin(Margin, String),
}

/// Lines joined, with the looks that make a heading.
#[derive(Debug)]
struct Paragraph {
    text: String,
    last: Line,
    /// From its last line's end to the right edge of the page's text.
    room: f32,
    /// Left edge of its first line.
    left: f32,
    heading: bool,
}

impl Paragraph {
    fn open(line: Line, room: f32) -> Self {
        let left = line.spot.map_or(0.0, |spot| spot.left);
        Self { text: line.text.trim().to_owned(), left, room, heading: line.heading, last: line }
    }

    fn extend(&mut self, line: Line, room: f32) {
        self.text = if on_one_line(&self.last, &line) {
            format!("{} {}", self.text, line.text.trim())
        } else {
            joined(&self.text, &line.text)
        };
        self.room = room;
        self.last = line;
    }
}

impl Part {
    fn into_block(self, level: Option<u8>) -> Option<Block> {
        let content = match (self.what, level) {
            (What::Paragraph(paragraph), Some(level)) => Content::Heading { level, text: paragraph.text },
            (What::Paragraph(paragraph), None) => Content::Paragraph { text: paragraph.text },
            (What::Table(rows), _) => Content::Table(table(rows)?),
            (What::Picture, _) => Content::Picture { text: None },
            (What::Margin(kind, text), _) => Content::Margin { kind, text },
        };
        Some(Block { place: Place::Page(self.page), content })
    }
}

fn table(rows: Vec<(NonZeroU32, Vec<GridCell>)>) -> Option<Table> {
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(page, cells)| {
            let used = cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
            let cells = cells.into_iter().take(used);
            Row {
                cells: cells
                    .map(|cell| Cell { text: cell.text, place: Place::Page(page), columns: cell.columns.max(1) })
                    .collect(),
            }
        })
        .filter(|row| !row.cells.is_empty())
        .collect();
    (!rows.is_empty()).then_some(Table { name: None, hidden: false, rows })
}

/// A line this much larger than the body text looks like a heading.
const LARGE: f32 = 1.12;
/// A line this much smaller than the body text looks like a running head or a note.
const SMALL: f32 = 0.93;
/// Lines shorter than this many letter heights are not full, even where all are as short.
const NARROW: f32 = 14.0;
/// Lines further apart than this many letter heights belong to different paragraphs.
const LEADING: f32 = 2.6;

/// The letter size that most characters of running text have.
fn body_size(pages: &[Page]) -> f32 {
    let mut characters: BTreeMap<u32, usize> = BTreeMap::new();
    for piece in pages.iter().flat_map(|page| &page.pieces) {
        if let Piece::Line(Line { text, spot: Some(spot), .. }) = piece {
            *characters.entry(size_class(spot.size)).or_default() += text.chars().count();
        }
    }
    let most = characters.iter().max_by_key(|(size, count)| (**count, std::cmp::Reverse(**size)));
    most.map_or(0.0, |(size, _)| *size as f32 / 2.0)
}

/// A letter size in halves of its unit: finer than any printed difference.
#[expect(clippy::cast_sign_loss, reason = "never negative")]
fn size_class(size: f32) -> u32 {
    (size * 2.0).round().max(0.0) as u32
}

/// One page's pieces with wrapped lines joined.
fn paragraphs(page: Page, right: f32) -> Vec<What> {
    let mut out: Vec<What> = Vec::new();
    for piece in page.pieces {
        match piece {
            Piece::Line(line) if line.text.trim().is_empty() => {}
            Piece::Line(line) => {
                let room = line.spot.map_or(f32::MAX, |spot| if page.columns { 0.0 } else { right - spot.right });
                match out.last_mut() {
                    Some(What::Paragraph(open)) if continues(open, &line) => open.extend(line, room),
                    _ => out.push(What::Paragraph(Paragraph::open(line, room))),
                }
            }
            Piece::Table(rows) => out.push(What::Table(rows.into_iter().map(|row| (page.number, row)).collect())),
            Piece::Picture => out.push(What::Picture),
        }
    }
    out
}

/// Where the longest line ends. Pages have the same edges; a cover has short lines only.
fn right_edge(pages: &[Page]) -> f32 {
    let ends = pages.iter().flat_map(|page| &page.pieces).filter_map(|piece| match piece {
        Piece::Line(Line { spot: Some(spot), .. }) => Some(spot.right),
        _ => None,
    });
    ends.fold(0.0, f32::max)
}

/// Two pieces of one printed line, apart by a wide gap.
fn on_one_line(before: &Line, line: &Line) -> bool {
    let (Some(before), Some(here)) = (before.spot, line.spot) else { return false };
    (before.y - here.y).abs() < 0.4 * before.size.max(here.size) && here.left > before.left
}

/// Whether a line goes on with the paragraph above it.
fn continues(open: &Paragraph, line: &Line) -> bool {
    let (Some(above), Some(here)) = (open.last.spot, line.spot) else { return false };
    let size = above.size.max(here.size);
    if on_one_line(&open.last, line) {
        let parted = is_label(&open.text) || here.left - above.right > 1.8 * size;
        return !(parted && is_label(&line.text)) && same_look(above, here);
    }
    let gap = here.y - above.y;
    if !(0.0..=LEADING * size).contains(&gap)
        || !same_look(above, here)
        || numbering(&line.text).is_some()
        || opens_item(&line.text)
    {
        return false;
    }
    if is_wrapped_title(open, above, here) {
        return true;
    }
    let tight = if line.wraps { 1.0 } else { 0.6 };
    if !is_full(open, &line.text, tight * size)
        || is_label(&line.text) && (ends_sentence(&open.text) || is_label(&open.text))
    {
        return false;
    }
    // A full stop at the very end of a line, and the next begins where the paragraph began.
    if open.text.ends_with('。')
        && (here.left - open.left).abs() < 0.3 * size
        && (above.left - open.left).abs() < 0.3 * size
    {
        return false;
    }
    // The first line of a Chinese paragraph is indented by two characters; a list item hangs instead.
    let indent = if opens_item(&open.text) || numbering(&open.text).is_some() { 4.0 } else { 0.7 };
    here.left <= open.left.min(above.left) + indent * size
}

/// Whether a paragraph's last line had no room for what the next one begins with: a word of letters
/// or digits, or a Han character with the punctuation that may not part from it.
fn is_full(open: &Paragraph, next: &str, size: f32) -> bool {
    if open.last.spot.is_none_or(|spot| spot.right - open.left.min(spot.left) < NARROW * spot.size) {
        return false;
    }
    let word = next.trim_start().chars().take_while(char::is_ascii_graphic).count();
    open.room < size * (0.55 * word as f32 + 0.5).max(2.1)
}

fn same_look(a: Spot, b: Spot) -> bool {
    (a.size - b.size).abs() <= 0.08 * a.size.max(b.size)
}

/// A centred title over two lines: its second line is inside its first or the other way round.
fn is_wrapped_title(open: &Paragraph, above: Spot, here: Spot) -> bool {
    let middle = |spot: Spot| f32::midpoint(spot.left, spot.right);
    open.heading
        && (middle(above) - middle(here)).abs() < 0.6 * here.size
        && (here.left - above.left).abs() > here.size
        && here.y - above.y < 2.0 * here.size
        && above.right - above.left > 12.0 * above.size
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['。', '；', '：', '！', '？', ';', ':', '!', '?', '.'])
}

/// Joins two lines: no space between Han characters, one between words of letters.
pub(super) fn joined(above: &str, below: &str) -> String {
    let (above, below) = (above.trim_end(), below.trim_start());
    let wordy = |c: char| c.is_ascii() && !c.is_ascii_whitespace();
    let space = above.chars().next_back().is_some_and(|c| wordy(c) && !matches!(c, '-' | '/' | '('))
        && below.chars().next().is_some_and(|c| wordy(c) && c.is_ascii_alphanumeric());
    format!("{above}{}{below}", if space { " " } else { "" })
}

/// Adds a page's parts, joining a paragraph or a table that the page's end cut in two.
fn append(parts: &mut Vec<Part>, whats: Vec<What>, page: NonZeroU32) {
    let mut whats = whats.into_iter().peekable();
    let before = parts.iter().rposition(|part| !matches!(part.what, What::Margin(..) | What::Picture));
    if let (Some(before), Some(first)) = (before, whats.peek_mut())
        && join_over_pages(&mut parts[before].what, first)
    {
        whats.next();
    }
    parts.extend(whats.map(|what| Part { page, what }));
}

fn join_over_pages(before: &mut What, first: &mut What) -> bool {
    match (before, first) {
        (What::Paragraph(open), What::Paragraph(next)) => {
            let (Some(above), Some(here)) = (open.last.spot, next.last.spot) else { return false };
            let goes_on = is_full(open, &next.text, here.size)
                && !ends_sentence(&open.text)
                && same_look(above, here)
                && numbering(&next.text).is_none()
                && !opens_item(&next.text)
                && !is_label(&next.text)
                && next.left <= open.left.min(above.left) + 0.7 * here.size;
            if goes_on {
                open.text = joined(&open.text, &next.text);
                open.room = next.room;
                open.last = next.last.clone();
            }
            goes_on
        }
        (What::Table(above), What::Table(below)) => {
            let columns = |rows: &[(NonZeroU32, Vec<GridCell>)]| rows.iter().map(|(_, row)| row.len()).max();
            if columns(above) != columns(below) || columns(above).is_none_or(|columns| columns < 2) {
                return false;
            }
            let texts = |row: &[GridCell]| row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
            let header_again = texts(&above[0].1) == texts(&below[0].1);
            above.extend(below.drain(..).skip(usize::from(header_again)));
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: f32, right: f32, y: f32, size: f32, text: &str) -> Piece {
        let spot = Some(Spot { left, right, y, size, bold: false });
        Piece::Line(Line { text: text.to_owned(), spot, heading: false, wraps: false })
    }

    fn page(number: u32, pieces: Vec<Piece>) -> Page {
        Page { number: NonZeroU32::new(number).expect("from 1"), height: 800.0, columns: false, pieces }
    }

    /// Blocks as text: `#` for a heading's level, `~` for a margin.
    fn shown(pages: Vec<Page>) -> Vec<String> {
        let show = |block: Block| match block.content {
            Content::Heading { level, text } => format!("{} {text}", "#".repeat(level.into())),
            Content::Margin { text, .. } => format!("~ {text}"),
            Content::Table(table) => format!("table of {}", table.rows.len()),
            content => content.text().unwrap_or_default().to_owned(),
        };
        blocks(pages).into_iter().map(show).collect()
    }

    #[test]
    fn page_numbers_are_known() {
        for (text, expected) in [
            ("第 1 页", true),
            ("第 1 页 共 3 页", true),
            ("第3页，共10页", true),
            ("共 3 页 第 1 页", true),
            ("第页共页", true),
            ("- 4 -", true),
            ("3/12", true),
            ("Page 2 of 5", true),
            ("12", true),
            ("2025", true),
            ("2025-01-01", false),
            ("第一条", false),
            ("3 巡检规范", false),
            ("共享平台", false),
            ("", false),
        ] {
            assert_eq!(is_page_number(text), expected, "{text}");
        }
    }

    #[test]
    fn wrapped_lines_are_joined_and_others_are_not() {
        let full = "乙方为甲方机房内的安全设备提供运维服务，及时发现并消除";
        for (case, below, expected) in [
            ("wrapped", line(70.0, 170.0, 218.0, 10.0, "隐患。"), 1),
            ("indented further", line(111.0, 170.0, 218.0, 10.0, "隐患。"), 2),
            ("numbered", line(70.0, 170.0, 218.0, 10.0, "3.2 服务时间"), 2),
            ("another size", line(70.0, 170.0, 218.0, 14.0, "隐患。"), 2),
            ("far below", line(70.0, 170.0, 260.0, 10.0, "隐患。"), 2),
        ] {
            let pages = vec![page(1, vec![line(90.0, 520.0, 200.0, 10.0, full), below])];
            assert_eq!(shown(pages).len(), expected, "{case}");
        }
        let labels = vec![
            line(70.0, 250.0, 200.0, 10.0, "甲方（盖章）：某市数据中心"),
            line(70.0, 150.0, 220.0, 10.0, "授权代表：赵一"),
            line(70.0, 520.0, 300.0, 10.0, full),
        ];
        assert_eq!(shown(vec![page(1, labels)]).len(), 3);
    }

    #[test]
    fn headings_are_known_by_size_and_by_number() {
        let pages = vec![page(
            1,
            vec![
                line(200.0, 400.0, 100.0, 22.0, "安全运维服务合同"),
                line(70.0, 200.0, 140.0, 10.0, "合同编号：X-2025-01"),
                line(70.0, 200.0, 170.0, 14.0, "第一条 服务范围"),
                line(90.0, 400.0, 200.0, 10.0, "为甲方机房内的设备提供服务。"),
                line(70.0, 200.0, 230.0, 10.0, "第二条 服务内容"),
                line(90.0, 400.0, 260.0, 10.0, "巡检、维护、审计。"),
                line(90.0, 400.0, 290.0, 10.0, "2.1 巡检每月一次，形成记录。"),
                line(90.0, 400.0, 320.0, 10.0, "服务期限：2025年1月1日至2025年12月31日"),
                line(300.0, 400.0, 350.0, 14.0, "某某技术有限公司"),
                line(320.0, 400.0, 380.0, 14.0, "2025年1月2日"),
            ],
        )];
        let expected = [
            "# 安全运维服务合同",
            "合同编号：X-2025-01",
            "## 第一条 服务范围",
            "为甲方机房内的设备提供服务。",
            "### 第二条 服务内容",
            "巡检、维护、审计。",
            "2.1 巡检每月一次，形成记录。",
            "服务期限：2025年1月1日至2025年12月31日",
            "某某技术有限公司",
            "2025年1月2日",
        ];
        assert_eq!(shown(pages), expected);
    }

    #[test]
    fn a_table_of_contents_has_no_headings() {
        let pages = vec![page(
            1,
            vec![
                line(200.0, 300.0, 100.0, 16.0, "目  录"),
                line(70.0, 500.0, 130.0, 14.0, "一、服务范围 1"),
                line(70.0, 500.0, 160.0, 14.0, "二、服务内容 ......... 2"),
                line(70.0, 200.0, 230.0, 14.0, "一、服务范围"),
                line(90.0, 400.0, 260.0, 10.0, "为甲方机房内的全部设备提供服务，按月巡检，按季报告，按年总结。"),
                line(90.0, 400.0, 290.0, 10.0, "服务时间为工作日。"),
            ],
        )];
        let shown = shown(pages);
        assert_eq!(shown[1..4], ["一、服务范围 1", "二、服务内容 ......... 2", "## 一、服务范围"]);
    }

    #[test]
    fn running_heads_are_shown_once_and_tables_over_two_pages_are_one() {
        let cells = |texts: [&str; 2]| texts.map(|text| GridCell { text: text.to_owned(), columns: 1 }).to_vec();
        let sheet = |number: u32, below: [&str; 2]| {
            page(
                number,
                vec![
                    line(70.0, 300.0, 40.0, 9.0, "某某公司 运维月报"),
                    Piece::Table(vec![cells(["月份", "次数"]), cells(below)]),
                    line(280.0, 320.0, 780.0, 9.0, &format!("第 {number} 页")),
                ],
            )
        };
        assert_eq!(shown(vec![sheet(1, ["1月", "4"]), sheet(2, ["2月", "5"])]), ["~ 某某公司 运维月报", "table of 3"]);
    }

    #[test]
    fn a_sentence_goes_on_over_the_page() {
        let pages = vec![
            page(1, vec![line(90.0, 520.0, 700.0, 10.0, "乙方应在服务期内按月提交巡检报告并由甲")]),
            page(2, vec![line(70.0, 200.0, 100.0, 10.0, "方签字确认。"), line(90.0, 300.0, 120.0, 10.0, "另起一段。")]),
        ];
        assert_eq!(shown(pages), ["乙方应在服务期内按月提交巡检报告并由甲方签字确认。", "另起一段。"]);
    }
}
