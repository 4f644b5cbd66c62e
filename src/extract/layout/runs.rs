//! Letters drawn in any order to lines in reading order.

use super::{Line, Spot};

/// Letters drawn at once.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Run {
    pub(in crate::extract) text: String,
    pub(in crate::extract) spot: Spot,
}

/// A gap wider than this many letter heights parts two cells or two labels.
const WIDE_GAP: f32 = 0.8;
/// A gap wider than this parts two words of letters.
const WORD_GAP: f32 = 0.15;
/// A gap wider than this parts two words of Han: narrower ones are the editor's own spacing.
const HAN_GAP: f32 = 0.6;

/// Runs on one baseline without a wide gap between them make a line. Top to bottom, then left to right.
pub(in crate::extract) fn lines(mut runs: Vec<Run>) -> Vec<Line> {
    runs.retain(|run| !run.text.trim().is_empty());
    runs.sort_by(|a, b| a.spot.y.total_cmp(&b.spot.y));
    let mut baselines: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        match baselines.last_mut() {
            Some(line) if run.spot.y - line[0].spot.y < 0.45 * line[0].spot.size.min(run.spot.size) => line.push(run),
            _ => baselines.push(vec![run]),
        }
    }
    let mut out: Vec<Line> = Vec::new();
    for mut baseline in baselines {
        baseline.sort_by(|a, b| a.spot.left.total_cmp(&b.spot.left));
        let mut open: Option<Run> = None;
        for run in baseline {
            match &mut open {
                Some(open) if run.spot.left - open.spot.right < WIDE_GAP * run.spot.size => extend(open, &run),
                _ => out.extend(open.replace(run).as_ref().map(line)),
            }
        }
        out.extend(open.as_ref().map(line));
    }
    out
}

fn line(run: &Run) -> Line {
    Line { text: run.text.trim().to_owned(), spot: Some(run.spot), heading: false, wraps: false }
}

fn extend(open: &mut Run, run: &Run) {
    let gap = (run.spot.left - open.spot.right) / run.spot.size.max(0.1);
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
    let between_words = latin(open.text.chars().next_back()) && latin(run.text.chars().next());
    if gap > HAN_GAP || (between_words && gap > WORD_GAP) {
        open.text.push(' ');
    }
    open.text.push_str(&run.text);
    open.spot.right = open.spot.right.max(run.spot.right);
    open.spot.size = open.spot.size.max(run.spot.size);
    open.spot.bold &= run.spot.bold;
}
