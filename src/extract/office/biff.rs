//! What sheets of the old workbooks say beside their cells: running heads and text boxes (MS-XLS).
//!
//! The library behind [`sheets`](super::sheets) gives cells, comments and charts. Here the same stream is gone
//! through once more for records 2.4.136 `Header`, 2.4.124 `Footer` and 2.4.329 `TxO`.

use std::io::Cursor;

use office_oxide::cfb::CfbReader;

/// What stands beside the cells of a sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) header: Option<String>,
    pub(super) footer: Option<String>,
    pub(super) boxes: Vec<String>,
}

/// By sheet, in the order of the stream. Empty where the stream is none of Excel 97 and later.
pub(super) fn beside_cells(workbook: &[u8]) -> Vec<Beside> {
    let Ok(mut file) = CfbReader::new(Cursor::new(workbook)) else { return Vec::new() };
    file.open_stream("Workbook").map(|stream| in_stream(&stream)).unwrap_or_default()
}

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const HEADER: u16 = 0x0014;
const FOOTER: u16 = 0x0015;
const CONTINUE: u16 = 0x003c;
const OBJECT: u16 = 0x005d;
const TEXT: u16 = 0x01b6;

fn in_stream(stream: &[u8]) -> Vec<Beside> {
    let mut sheets: Vec<Beside> = Vec::new();
    let mut records = Records(stream).peekable();
    // Sheets stand behind the globals; charts stand within sheets.
    let (mut depth, mut of_comment) = (0_u32, false);
    while let Some((kind, data)) = records.next() {
        match kind {
            BOF => {
                depth += 1;
                if depth == 1 && short(data, 2) != Some(GLOBALS) {
                    sheets.push(Beside::default());
                }
            }
            EOF => depth = depth.saturating_sub(1),
            _ if depth != 1 => {}
            HEADER | FOOTER => {
                let Some(sheet) = sheets.last_mut() else { continue };
                let text =
                    running_head(&string(data.get(2..).unwrap_or_default(), short(data, 0).unwrap_or_default().into()));
                let side = if kind == HEADER { &mut sheet.header } else { &mut sheet.footer };
                *side = Some(text).filter(|text| !text.is_empty());
            }
            // The kind of object that the next text belongs to (2.5.143); comments are read elsewhere.
            OBJECT => of_comment = short(data, 4) == Some(COMMENT),
            TEXT if !of_comment => {
                let mut left = usize::from(short(data, 10).unwrap_or_default());
                let mut text = String::new();
                while left > 0
                    && let Some((_, more)) = records.next_if(|(kind, _)| *kind == CONTINUE)
                {
                    let part = string(more, left);
                    left = left.saturating_sub(part.encode_utf16().count().max(1));
                    text.push_str(&part);
                }
                let text = text.trim().to_owned();
                if let Some(sheet) = sheets.last_mut().filter(|_| !text.is_empty()) {
                    sheet.boxes.push(text);
                }
            }
            _ => {}
        }
    }
    sheets
}

/// The workbook's own part, before its sheets (2.4.21).
const GLOBALS: u16 = 0x0005;
const COMMENT: u16 = 0x0019;

struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

/// Characters behind a byte that says whether each takes one byte or two (2.5.293), `most` at most.
fn string(data: &[u8], most: usize) -> String {
    let Some((flags, characters)) = data.split_first() else { return String::new() };
    if flags & 1 == 0 {
        return characters.iter().take(most).map(|byte| char::from(*byte)).collect();
    }
    let units = characters.chunks_exact(2).take(most).map(|two| u16::from_le_bytes([two[0], two[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
}

/// A running head without its codes (ECMA-376 part 1, 18.3.1.46): sections, fonts, page numbers.
fn running_head(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('&') => out.push('&'),
            Some('L' | 'C' | 'R') => out.push(' '),
            Some('"') => while rest.next().is_some_and(|c| c != '"') {},
            Some('K') => (0..6).for_each(|_| {
                let _ = rest.next_if(char::is_ascii_hexdigit);
            }),
            Some(digit) if digit.is_ascii_digit() => while rest.next_if(char::is_ascii_digit).is_some() {},
            _ => {}
        }
    }
    let words = out.trim();
    let says_something = words.chars().any(char::is_alphabetic);
    if says_something { words.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        std::iter::once(1).chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    }

    #[test]
    fn heads_and_boxes_are_found_by_sheet() {
        let mut text = vec![0; 18];
        text[10] = 4;
        let count = |text: &str| [&(text.encode_utf16().count() as u16).to_le_bytes()[..], &wide(text)].concat();
        let stream = [
            record(BOF, &[0, 6, 5, 0]),
            record(EOF, &[]),
            record(BOF, &[0, 6, 0x10, 0]),
            record(HEADER, &count("&C&\"宋体,常规\"&9云岚&&内部")),
            record(FOOTER, &count("&R&P/&N")),
            record(OBJECT, &[0x15, 0, 0x12, 0, 6, 0]),
            record(TEXT, &text),
            record(CONTINUE, &wide("复核")),
            record(CONTINUE, &wide("周倩")),
            record(OBJECT, &[0x15, 0, 0x12, 0, 0x19, 0]),
            record(TEXT, &text),
            record(CONTINUE, &wide("批注在此")),
            record(EOF, &[]),
            record(BOF, &[0, 6, 0x10, 0]),
        ];
        let sheet =
            Beside { header: Some("云岚&内部".to_owned()), footer: None, boxes: vec!["复核周倩".to_owned()] };
        assert_eq!(in_stream(&stream.concat()), [sheet, Beside::default()]);
        assert_eq!(in_stream(&stream.concat()[..30]).len(), 1);
    }
}
