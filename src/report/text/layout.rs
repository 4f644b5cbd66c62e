//! Columns, lines and colour of a terminal.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::Style;

/// A terminal narrower than this is written for as if it had so many columns.
const NARROWEST: usize = 40;

/// Wider lines are tiring to read; frames and sentences stop here.
const WIDEST: usize = 120;

/// What may stand out (ECMA-48, select graphic rendition).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Bold,
    Dim,
    Red,
    Yellow,
    Green,
    Cyan,
}

pub(super) fn columns(style: &Style) -> usize {
    style.width.clamp(NARROWEST, WIDEST)
}

pub(super) fn paint(text: &str, ink: Ink, style: &Style) -> String {
    if !style.color || text.is_empty() {
        return text.to_owned();
    }
    let code = match ink {
        Ink::Bold => "1",
        Ink::Dim => "2",
        Ink::Red => "31",
        Ink::Yellow => "33",
        Ink::Green => "32",
        Ink::Cyan => "36",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

pub(super) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// Lines of at most `width` columns, hanging under the first, which follows `head` (`head_width`
/// columns wide, perhaps painted).
pub(super) fn hang(head: &str, head_width: usize, text: &str, width: usize) -> String {
    let room = width.saturating_sub(head_width).max(10);
    let indent = " ".repeat(head_width);
    let mut out = String::new();
    for (n, line) in wrap(text, room, &pieces(text)).into_iter().enumerate() {
        out.push_str(if n == 0 { head } else { &indent });
        out.push_str(text[line].trim_end());
        out.push('\n');
    }
    out
}

/// What is read or copied more easily in one piece: a command between backticks, a fact between
/// middle dots.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let ticks: Vec<usize> = text.match_indices('`').map(|(at, _)| at).collect();
    let mut pieces: Vec<Range<usize>> = ticks.chunks_exact(2).map(|pair| pair[0]..pair[1] + 1).collect();
    let mut start = 0;
    for (end, dot) in text.match_indices(" · ") {
        pieces.push(start..end + dot.len() - 1);
        start = end + dot.len();
    }
    if start > 0 {
        pieces.push(start..text.len());
    }
    pieces
}

/// Splits `text` into lines of at most `width` columns, as byte ranges that together are all of
/// it. Breaks after spaces and beside wide characters, though never before a closing mark, after
/// an opening one, or inside a range of `keep` unless nothing else fits.
pub(super) fn wrap(text: &str, width: usize, keep: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut columns, mut chance) = (0, 0, None);
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, c))
            && !keep.iter().any(|kept| kept.start < at && at < kept.end)
        {
            chance = Some(at);
        }
        columns += c.width().unwrap_or(0);
        if columns > width && at > start && c != ' ' {
            let end = chance.filter(|chance| *chance > start).unwrap_or(at);
            lines.push(start..end);
            start = end;
            columns = text[start..at + c.len_utf8()].width();
        }
        before = Some(c);
    }
    if start < text.len() || lines.is_empty() {
        lines.push(start..text.len());
    }
    lines
}

fn may_break(before: char, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    let opens = |c| matches!(c, '“' | '‘' | '（' | '《' | '【' | '(' | '[' | '「');
    let closes = |c| "”’）》】)]」、，。；：？！,.;:?!…".contains(c);
    if after == ' ' || closes(after) || opens(before) {
        return false;
    }
    before == ' ' || wide(before) || wide(after) || opens(after) || (before == '/' && after != '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_chinese_may() {
        for (text, width, keep, lines) in [
            ("项目合同及保密协议。", 10, None, vec!["项目合同及", "保密协议。"]),
            ("项目合同及保密，协议", 14, None, vec!["项目合同及保", "密，协议"]),
            ("包含质量和输出等", 6, Some(6..12), vec!["包含", "质量和", "输出等"]),
            ("包含质量和输出等", 10, Some(6..12), vec!["包含质量和", "输出等"]),
            ("run evlint check now", 10, None, vec!["run evlint ", "check now"]),
            ("abcdefghijkl", 5, None, vec!["abcde", "fghij", "kl"]),
            ("", 5, None, vec![""]),
        ] {
            let keep: Vec<Range<usize>> = keep.into_iter().collect();
            let found: Vec<&str> = wrap(text, width, &keep).into_iter().map(|line| &text[line]).collect();
            assert_eq!(found, lines, "{text} at {width}");
        }
    }

    #[test]
    fn wrapping_loses_nothing_and_keeps_the_width() {
        let text = "补上这份材料，要求见 `evlint explain 11.contract`；若文件夹里已有（甲医院/合同.pdf），用 `evlint why 文件` 看为何没有认出。";
        for width in 20..120 {
            let lines = wrap(text, width, &[]);
            assert_eq!(lines.iter().map(|line| &text[line.clone()]).collect::<String>(), text);
            assert!(lines.iter().all(|line| text[line.clone()].trim_end().width() <= width), "{width}");
        }
    }
}
