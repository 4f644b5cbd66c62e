//! Which boxes of a row a person ticked, however they tick: ☑ √ ■, `[x]`, 是 or 否, one cell or two.

use crate::model::pack::Answers;

/// What a row's conclusion says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticks {
    pub yes: bool,
    pub no: bool,
    pub not_applicable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Yes,
    No,
    NotApplicable,
    /// A box or a mark; ticked or open.
    Mark(bool),
}

/// A cell that holds both answers, or one of them, or a mark alone.
pub(super) fn of_cell(text: &str, answers: &Answers) -> Ticks {
    let tokens = tokens(text, answers);
    let labels = tokens.iter().filter(|token| !matches!(token, Token::Mark(_))).count();
    let marks = tokens.len() - labels;
    let mut ticks = Ticks::default();
    if marks == 0 {
        // One word is an answer; both are the form's own print.
        if let [token] = tokens[..] {
            ticks.set(token);
        }
        return ticks;
    }
    if labels == 0 {
        ticks.yes = tokens.contains(&Token::Mark(true));
        return ticks;
    }
    let mark_comes_first = matches!(tokens.first(), Some(Token::Mark(_)));
    for pair in tokens.windows(2) {
        match (pair[0], pair[1]) {
            (Token::Mark(true), label) if mark_comes_first => ticks.set(label),
            (label, Token::Mark(true)) if !mark_comes_first => ticks.set(label),
            _ => {}
        }
    }
    ticks
}

/// Two cells, one for each answer: whatever is no empty box is a tick.
pub(super) fn of_cells(yes: &str, no: &str, answers: &Answers) -> Ticks {
    let is_ticked = |text: &str| {
        let tokens = tokens(text, answers);
        if tokens.is_empty() {
            return !text.trim().is_empty() && !is_negative(text);
        }
        tokens.contains(&Token::Mark(true)) || !tokens.iter().any(|token| matches!(token, Token::Mark(_)))
    };
    let says_na = |text: &str| tokens(text, answers).contains(&Token::NotApplicable);
    if says_na(yes) || says_na(no) {
        return Ticks { not_applicable: true, ..Ticks::default() };
    }
    Ticks { yes: is_ticked(yes), no: is_ticked(no), not_applicable: false }
}

impl Ticks {
    fn set(&mut self, token: Token) {
        match token {
            Token::Yes => self.yes = true,
            Token::No => self.no = true,
            Token::NotApplicable => self.not_applicable = true,
            Token::Mark(_) => {}
        }
    }

    #[must_use]
    pub fn none(self) -> bool {
        !self.yes && !self.no
    }
}

/// A cross, a dash or a word for no, alone in a cell.
fn is_negative(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(text.as_str(), "×" | "✗" | "✘" | "x" | "-" | "—" | "——" | "/" | "0" | "false" | "n" | "no" | "否" | "无")
}

fn tokens(text: &str, answers: &Answers) -> Vec<Token> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = text.as_str();
    let mut tokens = Vec::new();
    let words: [(&str, Token); 11] = [
        (answers.not_applicable.as_str(), Token::NotApplicable),
        (answers.no.as_str(), Token::No),
        (answers.yes.as_str(), Token::Yes),
        ("TRUE", Token::Mark(true)),
        ("FALSE", Token::Mark(false)),
        ("不是", Token::No),
        ("是", Token::Yes),
        ("否", Token::No),
        ("N/A", Token::NotApplicable),
        ("Yes", Token::Yes),
        ("No", Token::No),
    ];
    while let Some(first) = rest.chars().next() {
        if let Some((length, ticked)) = mark(rest) {
            tokens.push(Token::Mark(ticked));
            rest = &rest[length..];
        } else if let Some((word, token)) = words.iter().find(|(word, _)| !word.is_empty() && rest.starts_with(word)) {
            tokens.push(*token);
            rest = &rest[word.len()..];
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens
}

/// A mark at the text's start: how many bytes it takes, and whether it is ticked.
fn mark(text: &str) -> Option<(usize, bool)> {
    const TICKED: &[char] = &['☑', '☒', '√', '✓', '✔', '■', '●', '◉', '⊠', '🗹', '🗸', '✅', '▣', '◼', '⬛', '☆', '★'];
    const OPEN: &[char] = &['☐', '□', '○', '◯', '◻', '⬜', '▢', '❑', '❏'];
    let first = text.chars().next()?;
    if TICKED.contains(&first) {
        return Some((first.len_utf8(), true));
    }
    if OPEN.contains(&first) {
        // A tick that somebody typed behind an empty box ticks it.
        let behind = &text[first.len_utf8()..];
        let tick = behind.chars().next().filter(|c| matches!(c, '√' | '✓' | '✔'));
        return Some((first.len_utf8() + tick.map_or(0, char::len_utf8), tick.is_some()));
    }
    bracketed(text, first)
}

/// `[x]`, `（√）`, `[ ]`.
fn bracketed(text: &str, first: char) -> Option<(usize, bool)> {
    let close = match first {
        '[' => ']',
        '(' => ')',
        '（' => '）',
        '【' => '】',
        '［' => '］',
        _ => return None,
    };
    let end = text.find(close)?;
    let inside = &text[first.len_utf8()..end];
    let ticked = match inside {
        "" => false,
        "x" | "X" | "√" | "✓" | "✔" | "v" | "V" | "*" => true,
        _ => return None,
    };
    Some((end + close.len_utf8(), ticked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Answers {
        Answers { yes: "符合".into(), no: "不符合".into(), not_applicable: "不适用".into(), none: "无".into() }
    }

    #[test]
    fn a_tick_is_a_tick_however_it_is_made() {
        for (text, yes, no) in [
            ("☑符合\n☐不符合", true, false),
            ("☐ 符合 ☑ 不符合", false, true),
            ("☐符合\n☐不符合", false, false),
            ("☑符合☑不符合", true, true),
            ("符合√  不符合", true, false),
            ("符合☐ 不符合☑", false, true),
            ("□√符合 □不符合", true, false),
            ("■符合 □不符合", true, false),
            ("[x] 符合 [ ] 不符合", true, false),
            ("（ ）符合（√）不符合", false, true),
            ("☒符合☐不符合", true, false),
            ("符合", true, false),
            ("不符合", false, true),
            ("√", true, false),
            ("是", true, false),
            ("否", false, true),
            ("TRUE", true, false),
            ("符合/不符合", false, false),
            ("", false, false),
        ] {
            let ticks = of_cell(text, &answers());
            assert_eq!((ticks.yes, ticks.no), (yes, no), "{text}");
        }
        assert!(of_cell("不适用", &answers()).not_applicable);
        assert!(!of_cell("不符合", &answers()).not_applicable);
    }

    #[test]
    fn each_answer_may_have_a_cell_of_its_own() {
        for (left, right, yes, no) in [
            ("√", "", true, false),
            ("", "√", false, true),
            ("☐", "☑", false, true),
            ("符合", "", true, false),
            ("×", "✓", false, true),
            ("√", "√", true, true),
            ("", "", false, false),
            ("TRUE", "FALSE", true, false),
            ("R", "", true, false),
        ] {
            let ticks = of_cells(left, right, &answers());
            assert_eq!((ticks.yes, ticks.no), (yes, no), "{left} {right}");
        }
    }
}
