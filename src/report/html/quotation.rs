//! The standard's own sentence, the words that are not met marked.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::finding::ClauseText;
use crate::model::{Finding, Severity};
use crate::wording::safe;

/// A stretch of a clause's text; `mark` is the severity of what is not met there, `waived` where
/// somebody accepts it, and empty where nothing is wrong.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    text: String,
    mark: &'static str,
}

/// `text` in pieces. Findings that overlap share their words: the gravest marks them.
pub(super) fn pieces(text: &str, which: ClauseText, findings: &[&Finding]) -> Vec<Piece> {
    let cites: Vec<(usize, usize, &Finding)> = findings
        .iter()
        .filter_map(|finding| finding.cite.as_ref().map(|cite| (cite, *finding)))
        .filter(|(cite, _)| cite.text == which && text.get(cite.start..cite.end).is_some())
        .map(|(cite, finding)| (cite.start, cite.end, finding))
        .collect();
    let ends = cites.iter().flat_map(|(start, end, _)| [*start, *end]);
    let borders: BTreeSet<usize> = ends.chain([0, text.len()]).collect();
    let borders: Vec<usize> = borders.into_iter().collect();
    let mut pieces: Vec<Piece> = Vec::new();
    for border in borders.windows(2) {
        let (start, end) = (border[0], border[1]);
        let here = cites.iter().filter(|(from, to, _)| *from <= start && end <= *to);
        let mark = here.map(|(_, _, finding)| rank(finding)).max().map_or("", |rank| MARKS[rank]);
        let text = spaced(&text[start..end]);
        match pieces.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(&text),
            _ => pieces.push(Piece { text, mark }),
        }
    }
    pieces
}

/// From the mildest.
const MARKS: [&str; 4] = ["waived", "note", "warning", "error"];

fn rank(finding: &Finding) -> usize {
    match (&finding.waived, finding.severity) {
        (Some(_), _) => 0,
        (None, Severity::Note) => 1,
        (None, Severity::Warning) => 2,
        (None, Severity::Error) => 3,
    }
}

/// [`safe`], with the white space at its ends that joins it to what stands beside it.
fn spaced(text: &str) -> String {
    let space = |is: bool| if is { " " } else { "" };
    let starts = text.starts_with(char::is_whitespace);
    let ends = text.ends_with(char::is_whitespace) && !text.trim().is_empty();
    format!("{}{}{}", space(starts), safe(text), space(ends))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Cite;
    use crate::model::{Confidence, Kind};

    fn finding(severity: Severity, text: ClauseText, start: usize, end: usize) -> Finding {
        Finding {
            kind: Kind::EmptyFile,
            severity,
            confidence: Confidence::High,
            clause: Some(1),
            material: None,
            project: None,
            path: None,
            place: None,
            cite: Some(Cite { text, start, end }),
            looked_at: vec![],
            waived: None,
        }
    }

    #[test]
    fn the_gravest_marks_the_words_that_findings_share() {
        let found = [
            finding(Severity::Warning, ClauseText::Clause, 0, 9),
            finding(Severity::Error, ClauseText::Clause, 6, 12),
            finding(Severity::Error, ClauseText::Clause, 12, 15),
            finding(Severity::Error, ClauseText::Clause, 3, 900),
            finding(Severity::Error, ClauseText::Clause, 1, 2),
            finding(Severity::Error, ClauseText::Evidence, 15, 18),
        ];
        let pieces = pieces("范围目标质量", ClauseText::Clause, &found.iter().collect::<Vec<_>>());
        let shown: Vec<(&str, &str)> = pieces.iter().map(|piece| (piece.text.as_str(), piece.mark)).collect();
        assert_eq!(shown, [("范围", "warning"), ("目标质", "error"), ("量", "")]);
    }

    #[test]
    fn words_stay_apart() {
        let found = finding(Severity::Error, ClauseText::Clause, 4, 9);
        let pieces = pieces("the scope of it", ClauseText::Clause, &[&found]);
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), "the scope of it");
    }
}
