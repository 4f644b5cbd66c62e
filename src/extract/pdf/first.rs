//! The first reader's pages: its paragraphs and tables, with the printed lines they are made of.
//!
//! `unpdf` says which lines make a paragraph and which a table, but its model has no positions. Its
//! layout analysis has them, so the words of each block are looked up there: lines get a place and a
//! letter size, wrapped lines can be told from separate ones, and a line that no block holds is not lost.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use regex::Regex;
use unpdf::parser::backend::RawBackend;
use unpdf::parser::{LayoutAnalyzer, TextSpan};

use super::super::layout::{self, GridCell, Line, Page, Piece, Run, Spot};
use super::{Reading, State, second, words};

/// Every page of a parsed file; `backend` holds the same file.
pub(super) fn pages(backend: &RawBackend, parsed: &unpdf::Document) -> Vec<Reading> {
    let analyzer = LayoutAnalyzer::new(backend);
    let numbered = parsed.pages.iter().filter_map(|page| Some((NonZeroU32::new(page.number)?, page)));
    numbered
        .map(|(number, page)| {
            // A page whose lines cannot be had keeps its blocks.
            let spans = analyzer.extract_page_spans(page.number).unwrap_or_default();
            reading(number, page, &spans)
        })
        .collect()
}

/// A picture covers a scanned page, but for its margins.
const SCAN_COVERAGE: f32 = 0.4;
/// A page of text drawn as outlines fills at least this many of them.
const OUTLINES: u32 = 200;
/// A scan may carry a page number or a scanner's name as text.
const SCAN_CHARACTERS: usize = 20;

fn reading(number: NonZeroU32, page: &unpdf::Page, spans: &[TextSpan]) -> Reading {
    let turned = turned(spans);
    let height = if turned.is_some() { page.width } else { page.height };
    let segments = segments(spans, turned.unwrap_or(TextSpan::LEFT_TO_RIGHT), (page.width, page.height));
    let pieces = match turned {
        // The reader's blocks take every line for a horizontal one.
        Some(_) => segments.into_iter().map(Segment::into_piece).collect(),
        None => Assembly { segments, reached: 0 }.pieces(page),
    };
    let mut shown = Page { number, height, columns: page.column_count > 1 && turned.is_none(), pieces };
    let state = state(page, &second::text(&shown));
    if page.image_op_count > 0 && state != State::Picture {
        shown.pieces.push(Piece::Picture);
    }
    Reading { page: shown, state }
}

fn state(page: &unpdf::Page, text: &str) -> State {
    let characters = text.chars().count();
    let scanned = page.image_coverage > SCAN_COVERAGE || page.fill_op_count > OUTLINES;
    if characters < SCAN_CHARACTERS && scanned && (characters == 0 || page.margin_text_chars == page.painted_text_chars)
    {
        return State::Picture;
    }
    let drawn = page.text_op_count.saturating_sub(page.blank_text_runs + page.clipped_text_runs);
    let painted = page.painted_text_chars.max(drawn) as usize;
    let thin = characters * 2 + (page.omitted_page_number_chars as usize) * 2 < painted;
    // Hardly any page hides most of its text behind its edges; the reader may have taken the edges wrong.
    let cut = page.clipped_text_runs * 2 > page.text_op_count.saturating_sub(page.blank_text_runs);
    match thin || !words::plausible(text) {
        true => State::Doubtful,
        false if cut => State::Cut,
        false => State::Fine,
    }
}

/// The direction that most text runs along, where it is not left to right: a landscape page.
fn turned(spans: &[TextSpan]) -> Option<[f32; 2]> {
    let upright = spans.iter().filter(|span| !span.is_rotated()).count();
    if upright * 2 >= spans.len() {
        return None;
    }
    spans.iter().map(|span| span.direction).find(|direction| *direction != TextSpan::LEFT_TO_RIGHT)
}

// --- segments ------------------------------------------------------------------------------

/// Letters on one baseline without a wide gap between them.
#[derive(Debug, Clone)]
struct Segment {
    text: String,
    /// `text` without white space.
    compact: String,
    spot: Spot,
    used: bool,
}

impl Segment {
    fn into_piece(self) -> Piece {
        Piece::Line(Line { text: self.text, spot: Some(self.spot), heading: false, wraps: false })
    }
}

/// Spans to segments in reading order: top to bottom, then left to right.
fn segments(spans: &[TextSpan], direction: [f32; 2], (width, height): (f32, f32)) -> Vec<Segment> {
    let [dx, dy] = direction;
    // The page's corner that is at the top left once its text is read from left to right.
    let origin = match (dx, dy) {
        _ if dx > 0.5 => (0.0, height),
        _ if dy > 0.5 => (0.0, 0.0),
        _ if dy < -0.5 => (width, height),
        _ => (width, 0.0),
    };
    let run = |span: &TextSpan| {
        let (x, y) = (span.x - origin.0, span.y - origin.1);
        let left = x * dx + y * dy;
        let spot =
            Spot { left, right: left + span.width, y: x * dy - y * dx, size: span.font_size, bold: span.is_bold };
        Run { text: span.text.clone(), spot }
    };
    // Stamps and watermarks at an angle are no part of a line; their words come with the reader's blocks.
    let level = spans.iter().filter(|span| span.direction[0] * dx + span.direction[1] * dy > 0.99);
    let lines = layout::lines(level.map(run).collect()).into_iter();
    lines
        .filter_map(|line| {
            let text = words::repaired(&line.text);
            Some(Segment { compact: compact(&text), text, spot: line.spot?, used: false })
        })
        .collect()
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

// --- blocks to segments ---------------------------------------------------------------------

/// A page's segments while its blocks take theirs.
struct Assembly {
    segments: Vec<Segment>,
    /// The first segment of what was found last. The next block is looked for from about here on:
    /// the words of a short cell may stand anywhere.
    reached: usize,
}

/// Cells side by side have lines side by side, and those of a centred cell start higher.
const LOOK_BACK: usize = 12;

/// A piece and how far down the page it starts, where that is known.
type Placed = (Option<f32>, Piece);

impl Assembly {
    fn pieces(mut self, page: &unpdf::Page) -> Vec<Piece> {
        let mut placed: Vec<Placed> = Vec::new();
        let tables = page.elements.iter().filter(|block| matches!(block, unpdf::Block::Table(_))).count();
        let ruled = page.ruled_tables as usize >= tables;
        // Signatures first: a name that stands a line higher has become a paragraph of its own.
        let mut signatures: BTreeMap<usize, Vec<Placed>> = BTreeMap::new();
        for (index, block) in page.elements.iter().enumerate() {
            if let unpdf::Block::Table(table) = block
                && !ruled
            {
                signatures.insert(index, self.signatures(table));
            }
        }
        for (index, block) in page.elements.iter().enumerate() {
            match block {
                unpdf::Block::Paragraph(paragraph) => placed.extend(self.paragraph(paragraph)),
                unpdf::Block::Table(table) => match signatures.remove(&index) {
                    Some(lines) if !lines.is_empty() => placed.extend(lines),
                    _ => placed.push(self.table(table)),
                },
                unpdf::Block::Code { content } | unpdf::Block::Raw { content } => {
                    placed.extend(content.lines().flat_map(|line| self.text(&[line], false)));
                }
                _ => {}
            }
        }
        let all_placed = placed.iter().all(|(y, _)| y.is_some());
        let lost = std::mem::take(&mut self.segments).into_iter().filter(|segment| !segment.used);
        placed.extend(lost.map(|segment| (Some(segment.spot.y), segment.into_piece())));
        if all_placed && page.column_count <= 1 {
            placed.sort_by(|a, b| a.0.unwrap_or_default().total_cmp(&b.0.unwrap_or_default()));
        }
        placed.into_iter().map(|(_, piece)| piece).collect()
    }

    fn paragraph(&mut self, paragraph: &unpdf::Paragraph) -> Vec<Placed> {
        let with_marker = paragraph.plain_text();
        let without: String = paragraph
            .content
            .iter()
            .map(|inline| match inline {
                unpdf::InlineContent::Text(run) => run.text.as_str(),
                unpdf::InlineContent::Link { text, .. } => text,
                _ => " ",
            })
            .collect();
        self.text(&[&with_marker, &without], paragraph.heading_level().is_some())
    }

    /// The lines of a text given in one or more spellings, or one line without a place.
    fn text(&mut self, spellings: &[&str], heading: bool) -> Vec<Placed> {
        for spelling in spellings {
            if let Some(found) = self.find(&compact(&words::repaired(spelling))) {
                let lines = found.into_iter().enumerate();
                return lines.map(|(nth, index)| self.take(index, heading, nth > 0)).collect();
            }
        }
        let text = words::repaired(spellings.first().map_or("", |spelling| spelling.trim()));
        // A page number that lost its digits on the way is printed elsewhere as it is.
        if text.is_empty() || layout::is_page_number(&text) || self.has_taken(&compact(&text)) {
            return Vec::new();
        }
        self.cover(&compact(&text));
        vec![(None, Piece::Line(Line { text, spot: None, heading, wraps: false }))]
    }

    /// Marks segments that a text found in another order has taken, so that nothing comes twice.
    fn cover(&mut self, text: &str) {
        for segment in self.segments.iter_mut().filter(|segment| !segment.used) {
            segment.used = text.contains(&segment.compact);
        }
    }

    /// Whether another block has taken all of a text.
    fn has_taken(&self, text: &str) -> bool {
        self.segments.iter().any(|segment| segment.used && segment.compact.contains(text))
    }

    fn take(&mut self, index: usize, heading: bool, wraps: bool) -> Placed {
        let segment = &mut self.segments[index];
        segment.used = true;
        let line = Line { text: segment.text.clone(), spot: Some(segment.spot), heading, wraps };
        (Some(segment.spot.y), Piece::Line(line))
    }

    /// Segments which one after the other make up a text; a bullet before it may be missing there.
    fn find(&mut self, text: &str) -> Option<Vec<usize>> {
        let mut rest = text;
        let mut found: Vec<usize> = Vec::new();
        while !rest.is_empty() {
            let from = found.last().map_or(self.reached.saturating_sub(LOOK_BACK), |last| last + 1);
            let fits = |index: &usize| {
                let segment = &self.segments[*index];
                let bare =
                    if found.is_empty() { segment.compact.trim_start_matches(is_bullet) } else { &segment.compact };
                (!segment.used && !found.contains(index) && !bare.is_empty() && rest.starts_with(bare))
                    .then_some(bare.len())
            };
            // The longest of those that follow; a column's continuation may stand higher up.
            let next = (from..self.segments.len()).chain(0..from).filter_map(|index| Some((index, fits(&index)?)));
            let (index, length) = next.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
            found.push(index);
            rest = &rest[length..];
        }
        self.reached = *found.first()?;
        Some(found)
    }
}

fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '·' | '●' | '○' | '◆' | '■' | '□' | '▪' | '➢' | '-' | '–' | '\u{e000}'..='\u{f8ff}')
}

// --- tables ---------------------------------------------------------------------------------

impl Assembly {
    fn table(&mut self, table: &unpdf::Table) -> Placed {
        let spread = spread(table);
        let mut top: Option<f32> = None;
        let mut rows: Vec<Vec<GridCell>> = Vec::new();
        for row in &spread {
            let text: String = row.iter().flatten().map(|cell| cell.plain_text()).collect();
            if layout::is_page_number(&text) {
                continue;
            }
            let mut cells = Vec::new();
            for cell in row {
                let Some(cell) = cell else {
                    cells.push(GridCell { text: String::new(), columns: 1 });
                    continue;
                };
                let (y, text) = self.cell(cell);
                top = top.into_iter().chain(y).reduce(f32::min);
                cells.push(GridCell { text, columns: u16::from(cell.colspan.max(1)) });
            }
            rows.push(cells);
        }
        (top, Piece::Table(rows))
    }

    /// A cell's lines joined, and where the first stands.
    fn cell(&mut self, cell: &unpdf::TableCell) -> (Option<f32>, String) {
        let written = words::repaired(&cell.plain_text());
        let Some(found) = self.find(&compact(&written)) else {
            self.cover(&compact(&written));
            return (None, tidy(&written));
        };
        let lines: Vec<Segment> = found.iter().map(|index| self.segments[*index].clone()).collect();
        for index in found {
            self.segments[index].used = true;
        }
        let right = lines.iter().map(|line| line.spot.right).fold(0.0, f32::max);
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            let short = index > 0 && lines[index - 1].spot.right < right - 1.6 * line.spot.size;
            if index > 0 && (short || opens_line(&line.text)) {
                text.push('\n');
                text.push_str(&line.text);
            } else {
                text = layout::joined(&text, &line.text);
            }
        }
        (lines.first().map(|line| line.spot.y), text)
    }

    /// Signatures side by side, read down one column after the other: the table that was found there
    /// cuts their names in pieces. Nothing where a table holds no signatures.
    fn signatures(&mut self, table: &unpdf::Table) -> Vec<Placed> {
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        let texts: Vec<String> =
            cells.map(|cell| compact(&cell.plain_text())).filter(|text| !text.is_empty()).collect();
        if !is_signatures(table) {
            return Vec::new();
        }
        let Some((top, bottom)) = self.extent(&texts) else { return Vec::new() };
        let first_left = self
            .segments
            .iter()
            .filter(|segment| (top..=bottom).contains(&segment.spot.y))
            .map(|segment| segment.spot.left)
            .fold(f32::MAX, f32::min);
        let mut columns: Vec<(f32, Vec<usize>)> = Vec::new();
        for (index, segment) in self.segments.iter().enumerate() {
            let spot = segment.spot;
            // A name over two lines starts higher and ends lower than the short name beside it.
            let above =
                if spot.left > first_left + 6.0 * spot.size && layout::is_label(&segment.text) { 2.3 } else { 0.9 };
            if segment.used
                || spot.y < top - above * spot.size
                || spot.y > bottom + 0.9 * spot.size
                || layout::is_page_number(&segment.text)
            {
                continue;
            }
            match columns.iter_mut().find(|(left, _)| (*left - spot.left).abs() < 2.0 * spot.size) {
                Some((_, column)) => column.push(index),
                None => columns.push((spot.left, vec![index])),
            }
        }
        columns.sort_by(|a, b| a.0.total_cmp(&b.0));
        let widths: Vec<f32> = columns.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
        let mut out = Vec::new();
        for (index, (left, column)) in columns.iter().enumerate() {
            // The last column is as wide as the one before it; a single one has no edge to wrap at.
            let width = widths.get(index).or(widths.last()).copied().unwrap_or(f32::MAX);
            let mut lines: Vec<(String, Spot)> = Vec::new();
            for index in column {
                let segment = &mut self.segments[*index];
                segment.used = true;
                let spot = segment.spot;
                match lines.last_mut() {
                    Some((text, above))
                        if above.right > left + width - 2.6 * spot.size && !layout::is_label(&segment.text) =>
                    {
                        *text = layout::joined(text, &segment.text);
                        *above = spot;
                    }
                    _ => lines.push((segment.text.clone(), spot)),
                }
            }
            let line = |(text, spot)| Piece::Line(Line { text, spot: Some(spot), heading: false, wraps: false });
            // All start where the block starts, so that sorting by place keeps the columns together.
            out.extend(lines.into_iter().map(|found| (Some(top), line(found))));
        }
        out
    }
}

impl Assembly {
    /// From where to where down the page a table's texts stand, its lowest part where they stand apart.
    fn extent(&self, texts: &[String]) -> Option<(f32, f32)> {
        // Cells may be cut anywhere, but a few characters stand in many places.
        let is_of = |part: &str, whole: &str| part == whole || (part.chars().count() >= 4 && whole.contains(part));
        let inside = |segment: &&Segment| {
            !segment.used && texts.iter().any(|text| is_of(text, &segment.compact) || is_of(&segment.compact, text))
        };
        let mut found = self.segments.iter().filter(inside).map(|segment| segment.spot).rev();
        let lowest = found.next()?;
        let top = found.fold(lowest.y, |top, spot| if top - spot.y < 6.0 * spot.size { spot.y } else { top });
        Some((top, lowest.y))
    }
}

/// A table's cells by row and column; what a merged cell covers is `None`.
fn spread(table: &unpdf::Table) -> Vec<Vec<Option<&unpdf::TableCell>>> {
    let mut rows: Vec<Vec<Option<&unpdf::TableCell>>> = Vec::new();
    // For each column, how many rows below are still covered by a cell above.
    let mut covered: Vec<u8> = Vec::new();
    for row in &table.rows {
        let mut out = Vec::new();
        for cell in &row.cells {
            while covered.get(out.len()).is_some_and(|rows| *rows > 0) {
                covered[out.len()] -= 1;
                out.push(None);
            }
            for index in 0..usize::from(cell.colspan.max(1)) {
                let column = out.len();
                if covered.len() <= column {
                    covered.resize(column + 1, 0);
                }
                covered[column] = cell.rowspan.saturating_sub(1);
                out.push((index == 0).then_some(cell));
            }
        }
        while covered.get(out.len()).is_some_and(|rows| *rows > 0) {
            covered[out.len()] -= 1;
            out.push(None);
        }
        rows.push(out);
    }
    rows
}

/// Rows that a block of signatures has at most; a table that merely has a column for them has more.
const SIGNATURE_ROWS: usize = 10;

fn is_signatures(table: &unpdf::Table) -> bool {
    static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:盖章|签章|签字|签名|签收|公章|代表|代表人)[）)]?[：:]|[（(](?:盖|公)?章[）)]")
            .expect("checked by the tests")
    });
    // Cells may be cut inside a word.
    let text = |row: &unpdf::TableRow| compact(&row.cells.iter().map(unpdf::TableCell::plain_text).collect::<String>());
    table.rows.len() <= SIGNATURE_ROWS && table.rows.iter().any(|row| SIGNATURE.is_match(&text(row)))
}

fn opens_line(text: &str) -> bool {
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:[（(]?\d{1,2}[）)、.．]|[①-⑳•●◆■□☑☐])").expect("checked by the tests"));
    ITEM.is_match(text)
}

/// Drops the spaces that joining wrapped lines put between Han characters.
fn tidy(text: &str) -> String {
    let han = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'));
    let mut out = String::new();
    let mut rest = text.trim().chars().peekable();
    while let Some(c) = rest.next() {
        if !(c == ' ' && han(out.chars().next_back()) && han(rest.peek().copied())) {
            out.push(c);
        }
    }
    out
}
