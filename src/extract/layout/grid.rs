//! Lines that stand in columns to tables, for formats that do not say what a table is.
//!
//! Careful rather than keen: only rows that fill every column make a table. A row with a wrapped cell
//! stays what it was, lines.

use super::{GridCell, Line, Piece, Spot};

/// Fewer rows or columns are an address block or a pair of labels.
const MIN_ROWS: usize = 3;
const MIN_COLUMNS: usize = 3;
/// Rows further apart than this many letter heights belong to different tables.
const MAX_LEADING: f32 = 4.0;

/// Lines in reading order to lines and tables.
pub(in crate::extract) fn tables(lines: Vec<Line>) -> Vec<Piece> {
    let mut rows = baselines(lines).into_iter().peekable();
    let mut out = Vec::new();
    let mut open: Vec<Vec<Line>> = Vec::new();
    while let Some(row) = rows.next() {
        if open.last().is_some_and(|above| !goes_on(above, &row)) {
            close(&mut open, &mut out);
        }
        open.push(row);
        if rows.peek().is_none() {
            close(&mut open, &mut out);
        }
    }
    out
}

/// Lines that stand beside each other.
fn baselines(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let beside = rows.last().and_then(|row| row.last()).is_some_and(|before| match (before.spot, line.spot) {
            (Some(before), Some(here)) => {
                (here.y - before.y).abs() < 0.45 * before.size.min(here.size) && here.left > before.right
            }
            _ => false,
        });
        match rows.last_mut() {
            Some(row) if beside => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    rows
}

/// As many cells, each below the one above it, and not far below.
fn goes_on(above: &[Line], below: &[Line]) -> bool {
    let spots = |row: &[Line]| row.iter().map(|line| line.spot).collect::<Option<Vec<Spot>>>();
    let (Some(above), Some(below)) = (spots(above), spots(below)) else { return false };
    above.len() == below.len()
        && below[0].y - above[0].y < MAX_LEADING * above[0].size.max(below[0].size)
        && above.iter().zip(&below).all(|(above, below)| above.left < below.right && below.left < above.right)
}

fn close(open: &mut Vec<Vec<Line>>, out: &mut Vec<Piece>) {
    let rows = std::mem::take(open);
    if rows.len() < MIN_ROWS || rows[0].len() < MIN_COLUMNS {
        return out.extend(rows.into_iter().flatten().map(Piece::Line));
    }
    let cell = |line: Line| GridCell { text: line.text, columns: 1 };
    out.push(Piece::Table(rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect()));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of `left-right text`, one line a row.
    fn shown(rows: &[&[(f32, f32, &str)]]) -> Vec<String> {
        let line = |y: f32, &(left, right, text): &(f32, f32, &str)| {
            let spot = Some(Spot { left, right, y, size: 10.0, bold: false });
            Line { text: text.to_owned(), spot, heading: false, wraps: false }
        };
        let lines =
            rows.iter().zip(1_u8..).flat_map(|(row, y)| row.iter().map(move |cell| line(f32::from(y) * 20.0, cell)));
        let show = |piece: Piece| match piece {
            Piece::Table(rows) => rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("|"))
                .collect::<Vec<_>>()
                .join("/"),
            Piece::Line(line) => line.text,
            Piece::Picture => String::new(),
        };
        tables(lines.collect()).into_iter().map(show).collect()
    }

    #[test]
    fn rows_that_fill_every_column_are_a_table() {
        let head: &[_] = &[(10.0, 30.0, "序"), (50.0, 90.0, "名"), (120.0, 160.0, "果")];
        let row: &[_] = &[(15.0, 25.0, "1"), (45.0, 95.0, "甲"), (125.0, 150.0, "好")];
        let other: &[_] = &[(10.0, 40.0, "甲方"), (200.0, 240.0, "乙方")];
        assert_eq!(shown(&[head, row, row]), ["序|名|果/1|甲|好/1|甲|好"]);
        assert_eq!(
            shown(&[other, head, row, row, other]),
            ["甲方", "乙方", "序|名|果/1|甲|好/1|甲|好", "甲方", "乙方"]
        );
        assert_eq!(shown(&[head, row]), ["序", "名", "果", "1", "甲", "好"]);
        assert_eq!(shown(&[other, other, other]).len(), 6);
        assert_eq!(shown(&[]), Vec::<String>::new());
    }
}
