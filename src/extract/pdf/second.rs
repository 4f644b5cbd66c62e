//! The second opinion: `pdfni` on pages that the first reader read badly.

use pdfni::{DocBlock, DocPage, ExtractOptions, ExtractQuery};

use super::super::layout::{GridCell, Line, Page, Piece, Spot};
use super::words;
use super::{Reading, State};

/// Re-reads doubtful pages. The words are taken only where they are a language and more than the
/// first reader's; a page that stays doubtful loses what are no words.
pub(super) fn mend(bytes: &[u8], readings: &mut [Reading]) {
    let doubtful: Vec<String> = readings
        .iter()
        .filter(|reading| is_wanted(reading.state))
        .map(|reading| reading.page.number.to_string())
        .collect();
    if doubtful.is_empty() {
        return;
    }
    let query = ExtractQuery { pages: doubtful.join(",").parse().ok(), region: None };
    let again = pdfni::extract_document_from_bytes_with_query(bytes, None, &ExtractOptions::default(), &query);
    let mut again = again.map(|document| document.pages).unwrap_or_default().into_iter();
    for reading in readings.iter_mut().filter(|reading| is_wanted(reading.state)) {
        let words_before = text(&reading.page);
        if let Some(page) = again.next() {
            let better =
                Page { number: reading.page.number, height: page.height as f32, columns: false, pieces: pieces(&page) };
            let words_now = text(&better);
            let is_more = words_now.chars().count() > words_before.chars().count();
            if (is_more || !words::plausible(&words_before)) && words::plausible(&words_now) {
                *reading = Reading { page: better, state: State::Fine };
                continue;
            }
        }
        if reading.state == State::Cut {
            reading.state = State::Fine;
        } else if !words::plausible(&words_before) {
            reading.page.pieces.clear();
        }
    }
}

fn is_wanted(state: State) -> bool {
    matches!(state, State::Doubtful | State::Cut)
}

/// A page's characters without white space.
pub(super) fn text(page: &Page) -> String {
    let mut text = String::new();
    for piece in &page.pieces {
        match piece {
            Piece::Line(line) => text.push_str(&line.text),
            Piece::Table(rows) => rows.iter().flatten().for_each(|cell| text.push_str(&cell.text)),
            Piece::Picture => {}
        }
    }
    text.retain(|c| !c.is_whitespace());
    text
}

fn pieces(page: &DocPage) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for block in &page.blocks {
        match block {
            DocBlock::Table(table) => {
                let cells = |row: &Vec<pdfni::Cell>| {
                    row.iter().map(|cell| GridCell { text: cell.text.trim().to_owned(), columns: 1 }).collect()
                };
                pieces.push(Piece::Table(table.data.iter().map(cells).collect()));
            }
            DocBlock::Text(block) => {
                pieces.extend(block.lines.iter().map(|line| {
                    let first = line.chars.first().and_then(|index| page.chars.get(*index as usize));
                    let spot = Spot {
                        left: line.left as f32,
                        right: line.right as f32,
                        y: line.bottom as f32,
                        size: first.map_or((line.bottom - line.top) as f32, |c| c.font_size as f32),
                        bold: first.and_then(|c| page.fonts.get(c.font as usize)).is_some_and(|font| font.bold),
                    };
                    let text = line.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
                    Piece::Line(Line { text: words::repaired(&text), spot: Some(spot), heading: false, wraps: false })
                }));
            }
        }
    }
    pieces
}
