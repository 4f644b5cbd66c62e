//! Lines on pages to blocks: paragraphs, headings and margins out of positions and letter sizes.
//!
//! Page formats (PDF, OFD, scans) say where letters stand, not what they are. The readers of those
//! formats give [`Page`]s of [`Piece`]s in reading order; [`blocks`] keeps page numbers and running
//! heads out, joins wrapped lines and finds the headings. Start reading at [`blocks`].

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Block, Cell, Content, Margin, Place, Row, Table};

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
    let mut margins = take_margins(&mut pages, body);
    let right = right_edge(&pages);
    let mut parts = Vec::new();
    for page in pages {
        let number = page.number;
        parts.extend(margins.remove(&number).into_iter().flatten());
        append(&mut parts, paragraphs(page, right), number);
    }
    let levels = heading_levels(&parts, body);
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

// --- margins -------------------------------------------------------------------------------

/// The share of a page's height, at its top and at its bottom, where running heads stand.
const MARGIN_SHARE: f32 = 0.09;

/// Takes page numbers out for good and running heads out to be shown once. The answer is by page.
fn take_margins(pages: &mut [Page], body: f32) -> BTreeMap<NonZeroU32, Vec<Part>> {
    let mut seen: BTreeMap<(bool, String), u32> = BTreeMap::new();
    for page in pages.iter() {
        for (top, line) in page.pieces.iter().filter_map(|piece| zone(piece, page.height)) {
            *seen.entry((top, masked(&line.text))).or_default() += 1;
        }
    }
    let mut shown: BTreeMap<NonZeroU32, Vec<Part>> = BTreeMap::new();
    for page in pages {
        let (height, number) = (page.height, page.number);
        let last = page.pieces.len().saturating_sub(1);
        let mut index = 0;
        page.pieces.retain(|piece| {
            let outermost = index == 0 || index == last;
            index += 1;
            let Piece::Line(line) = piece else { return true };
            let Some((top, _)) = zone(piece, height) else {
                return !(outermost && line.spot.is_none() && is_page_number(&line.text));
            };
            if is_page_number(&line.text) {
                return false;
            }
            let size = line.spot.map_or(body, |spot| spot.size);
            let key = (top, masked(&line.text));
            let times = seen.get_mut(&key);
            let repeated = times.as_ref().is_none_or(|times| **times != 1) && size <= body * LARGE;
            if !repeated && size >= body * SMALL {
                return true;
            }
            // Zero says that it has been shown.
            if let Some(times) = times.filter(|times| **times > 0) {
                *times = 0;
                let kind = if top { Margin::Header } else { Margin::Footer };
                shown
                    .entry(number)
                    .or_default()
                    .push(Part { page: number, what: What::Margin(kind, line.text.clone()) });
            }
            false
        });
    }
    shown
}

/// A line in the top (true) or bottom margin of its page.
fn zone(piece: &Piece, height: f32) -> Option<(bool, &Line)> {
    let Piece::Line(line) = piece else { return None };
    let y = line.spot?.y;
    if y < height * MARGIN_SHARE {
        return Some((true, line));
    }
    (y > height * (1.0 - MARGIN_SHARE)).then_some((false, line))
}

/// Running heads differ in their numbers only.
fn masked(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// `第 1 页 共 3 页`, `- 4 -`, `3/12`, `Page 2 of 5`, and what is left of them without their numbers.
pub(super) fn is_page_number(text: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^(?: [-–—―·]* \d{1,4} [-–—―·]* | \d{1,4} [/／] \d{1,4}
              | p(?:age|\.)? \d{1,4} (?: (?:of|/) \d{1,4} )? | page of
              | 第? [\d一二三四五六七八九十百]* 页 [,，/／()（]? (?: [共总] [\d一二三四五六七八九十百]* 页? )? [)）]?
              | [共总] [\d一二三四五六七八九十百]* 页 [,，/／]? (?: 第 [\d一二三四五六七八九十百]* 页 )? | 第 )$",
        )
        .expect("checked by the tests")
    });
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    NUMBER.is_match(&compact)
}

// --- paragraphs ----------------------------------------------------------------------------

/// A line this much larger than the body text looks like a heading.
const LARGE: f32 = 1.12;
/// A line this much smaller than the body text looks like a running head or a note.
const SMALL: f32 = 0.93;
/// Lines further apart than this many letter heights belong to different paragraphs.
const LEADING: f32 = 2.6;

/// The letter size that most characters of running text have.
fn body_size(pages: &[Page]) -> f32 {
    let mut characters: BTreeMap<u32, usize> = BTreeMap::new();
    for piece in pages.iter().flat_map(|page| &page.pieces) {
        if let Piece::Line(Line { text, spot: Some(spot), .. }) = piece {
            // Halves of a point are finer than any printed difference.
            *characters.entry((spot.size * 2.0).round().max(0.0) as u32).or_default() += text.chars().count();
        }
    }
    let most = characters.iter().max_by_key(|(size, count)| (**count, std::cmp::Reverse(**size)));
    most.map_or(0.0, |(size, _)| *size as f32 / 2.0)
}

/// One page's pieces with wrapped lines joined.
fn paragraphs(page: Page, right: f32) -> Vec<What> {
    let mut out: Vec<What> = Vec::new();
    for piece in page.pieces {
        match piece {
            Piece::Line(line) if line.text.trim().is_empty() => {}
            Piece::Line(line) => {
                let room = line.spot.map_or(f32::MAX, |spot| if page.columns { 0.0 } else { right - spot.right });
                if let Some(What::Paragraph(open)) = out.last_mut() {
                    if continues(open, &line) {
                        open.text = if on_one_line(&open.last, &line) {
                            format!("{} {}", open.text, line.text)
                        } else {
                            joined(&open.text, &line.text)
                        };
                        open.room = room;
                        open.last = line;
                        continue;
                    }
                }
                let left = line.spot.map_or(0.0, |spot| spot.left);
                let text = line.text.trim().to_owned();
                out.push(What::Paragraph(Paragraph { text, left, room, heading: line.heading, last: line }));
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
    // The first line of a Chinese paragraph is indented by two characters; a list item hangs instead.
    let indent = if opens_item(&open.text) || numbering(&open.text).is_some() { 4.0 } else { 0.7 };
    here.left <= open.left.min(above.left) + indent * size
}

/// Whether a paragraph's last line had no room for what the next one begins with: a word of letters
/// or digits, or a Han character with the punctuation that may not part from it.
fn is_full(open: &Paragraph, next: &str, size: f32) -> bool {
    let word = next.trim_start().chars().take_while(|c| c.is_ascii_graphic()).count();
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
    if let (Some(before), Some(first)) = (before, whats.peek_mut()) {
        if join_over_pages(&mut parts[before].what, first) {
            whats.next();
        }
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

// --- headings ------------------------------------------------------------------------------

/// Headings are short; longer lines are text however they look.
const HEADING_CHARACTERS: usize = 50;
/// A heading that only its number shows is shorter still.
const NUMBERED_CHARACTERS: usize = 30;

/// A section number at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Numbering {
    /// 1 for `第一章` and `3`, 2 for `3.2` and so on.
    depth: u8,
    /// `第三条`, `一、`, `3.2`: hardly ever a list item.
    strong: bool,
}

/// The section number a line opens with.
fn numbering(text: &str) -> Option<Numbering> {
    static FORMS: LazyLock<[(Regex, u8, bool); 5]> = LazyLock::new(|| {
        let form = |pattern| Regex::new(pattern).expect("checked by the tests");
        [
            (
                form(
                    r"^(?:第\s*[\d一二三四五六七八九十百零〇]+\s*[章节条篇]|第[\d一二三四五六七八九十]+部分|附[录件表]\s*[\dA-Z一二三四五六七八九十]+)(?:\s|[：:、]|\p{Han}|$)",
                ),
                1,
                true,
            ),
            (form(r"^[一二三四五六七八九十]{1,3}\s*[、．.]"), 1, true),
            (form(r"^\d{1,2}(?:\.\d{1,2}){1,4}(?:\s|、|[．.]\s?)?[\p{Han}A-Za-z（《“]"), 2, true),
            (form(r"^[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]"), 2, false),
            (form(r"^\d{1,2}(?:\s+|[、．.]\s*)[\p{Han}A-Za-z（《“]"), 1, false),
        ]
    });
    let text = text.trim_start();
    let (_, depth, strong) = FORMS.iter().find(|(form, ..)| form.is_match(text))?;
    let number = text.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
    let dots = number.trim_end_matches('.').matches('.').count();
    Some(Numbering { depth: if dots > 0 { dots as u8 + 1 } else { *depth }, strong: *strong })
}

/// `• `, `1) `, `（3）`, `①`, `a) `: an item of a list.
fn opens_item(text: &str) -> bool {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:[•·●○◆■□▪√☑☐➢※\-–—*]\s*\S|[（(]?(?:\d{1,2}|[a-zA-Z])[）)]|[①-⑳])")
            .expect("checked by the tests")
    });
    ITEM.is_match(text)
}

/// `甲方（盖章）：…`, `日期: …`: a short name before a colon.
pub(super) fn is_label(text: &str) -> bool {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\s*[\p{Han}A-Za-z（()）、/ ]{1,14}[：:]").expect("checked by the tests"));
    LABEL.is_match(text)
}

/// The heading level of each part, `None` for what is no heading.
fn heading_levels(parts: &[Part], body: f32) -> Vec<Option<u8>> {
    let bold_share = bold_share(parts);
    let headings: Vec<Option<(u32, u8)>> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let What::Paragraph(paragraph) = &part.what else { return None };
            heading_look(
                paragraph,
                body,
                bold_share < 0.4,
                parts[index + 1..].iter().find(|part| !matches!(part.what, What::Margin(..))),
            )
        })
        .collect();
    // Larger letters are higher levels; a deeper number is a lower one among equals.
    let mut sizes: Vec<u32> = headings.iter().flatten().map(|(size, _)| *size).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    let level = |(size, depth): (u32, u8)| {
        let rank = sizes.iter().position(|other| *other == size).unwrap_or_default();
        (rank as u8).saturating_add(depth).clamp(1, 9)
    };
    headings.into_iter().map(|heading| heading.map(level)).collect()
}

/// The share of text set in bold: where most is, bold says nothing.
fn bold_share(parts: &[Part]) -> f32 {
    let (mut bold, mut all) = (0, 0);
    for part in parts {
        if let What::Paragraph(Paragraph { text, last: Line { spot: Some(spot), .. }, .. }) = &part.what {
            all += text.chars().count();
            bold += if spot.bold { text.chars().count() } else { 0 };
        }
    }
    if all == 0 { 0.0 } else { bold as f32 / all as f32 }
}

/// Size class and depth of number of a paragraph that looks like a heading.
fn heading_look(paragraph: &Paragraph, body: f32, bold_counts: bool, next: Option<&Part>) -> Option<(u32, u8)> {
    let text = paragraph.text.trim();
    let number = numbering(text);
    if !may_be_heading(text, number) {
        return None;
    }
    let class = |size: f32| (size * 2.0).round().max(0.0) as u32;
    let depth = number.map_or(1, |number| number.depth);
    let size = paragraph.last.spot.map_or(body, |spot| spot.size);
    if size >= body * LARGE && body > 0.0 {
        return Some((class(size), depth));
    }
    let here = class(body);
    let bold = bold_counts && paragraph.last.spot.is_some_and(|spot| spot.bold);
    if (paragraph.heading && paragraph.last.spot.is_none()) || (bold && !is_label(text)) {
        return Some((here, depth));
    }
    let number = number?;
    let length = text.chars().count();
    let sentence = text.contains(['，', '。', '；', '：', ':']);
    let has_body = match next.map(|part| &part.what) {
        Some(What::Paragraph(next)) => {
            number.strong || numbering(&next.text).is_none_or(|below| below.depth > number.depth)
        }
        Some(_) => true,
        None => false,
    };
    (length <= NUMBERED_CHARACTERS && !sentence && has_body && !text.starts_with(['（', '('])).then_some((here, depth))
}

/// Whether the words, however they look, can be a heading: no sentence, date, company or number.
fn may_be_heading(text: &str, number: Option<Numbering>) -> bool {
    static NEVER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:公司|集团)$|^[\d\s年月日./-]+$|〔\d{4}〕|^[^\p{Han}]*\d[^\p{Han}]*$")
            .expect("checked by the tests")
    });
    let length = text.chars().count();
    (2..=HEADING_CHARACTERS).contains(&length)
        && !text.ends_with(['。', '；', '，', '、', ',', ';', '：', ':'])
        && text.chars().any(char::is_alphabetic)
        && !opens_item(text)
        && (number.is_some() || !NEVER.is_match(text) && !is_label(text))
}
