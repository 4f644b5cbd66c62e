//! Where the standard's own words stand in a clause's texts.

use crate::model::finding::{Cite, ClauseText};
use crate::model::pack::Clause;

/// Finds the words in 需提供证明材料, else in 条款; white space does not count. Words that stand
/// between separators (、内容、) are preferred to the same words inside longer ones (合同内容).
#[must_use]
pub(super) fn find(clause: &Clause, words: &str) -> Option<Cite> {
    [(ClauseText::Evidence, &clause.evidence), (ClauseText::Clause, &clause.clause)].into_iter().find_map(
        |(text, written)| {
            let (start, end) = locate(written, words)?;
            Some(Cite { text, start, end })
        },
    )
}

fn locate(text: &str, words: &str) -> Option<(usize, usize)> {
    let words: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
    let letters: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
    if words.is_empty() || letters.len() < words.len() {
        return None;
    }
    let separates = |at: Option<&(usize, char)>| {
        at.is_none_or(|(_, c)| "、，,。；;：:（）()“”".contains(*c) || *c == '和' || *c == '等' || *c == '及')
    };
    let places: Vec<usize> = (0..=letters.len() - words.len())
        .filter(|&at| words.iter().enumerate().all(|(n, word)| letters[at + n].1 == *word))
        .collect();
    let alone = |at: &&usize| {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        separates(letters.get(**at + words.len())) && separates(before)
    };
    let ended = |at: &&usize| separates(letters.get(**at + words.len()));
    let at = *places.iter().find(alone).or_else(|| places.iter().find(ended)).or_else(|| places.last())?;
    let (start, _) = letters[at];
    let (last, c) = letters[at + words.len() - 1];
    Some((start, last + c.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_list_are_preferred() {
        let text = "合同内容应至少包含服务范围、目标、时间、内容、金额、质量和输出等。";
        for (words, before) in [
            ("内容", "合同内容应至少包含服务范围、目标、时间、"),
            ("服务范围", "合同内容应至少包含"),
            ("输出", "合同内容应至少包含服务范围、目标、时间、内容、金额、质量和"),
        ] {
            let (start, end) = locate(text, words).expect(words);
            assert_eq!((&text[..start], &text[start..end]), (before, words));
        }
        assert_eq!(locate(text, "保密"), None);
    }
}
