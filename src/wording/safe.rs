//! Makes text that strangers wrote fit to print.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// Columns of a quotation: enough to recognise a passage, too few to leak one.
const QUOTE_COLUMNS: usize = 40;

/// White space becomes single spaces; what a terminal would obey instead of showing (controls,
/// escapes, directional marks, invisible characters) is written out as `\u{202e}`.
#[must_use]
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_unsafe(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c)); // writing to a string cannot fail
        } else {
            out.push(c);
        }
    }
    out
}

/// A short passage, safe to print, without quotation marks; cut with `…`.
#[must_use]
pub fn quote(text: &str) -> String {
    let text = safe(text);
    let mut columns = 0;
    for (at, c) in text.char_indices() {
        columns += c.width().unwrap_or(0);
        if columns > QUOTE_COLUMNS {
            return format!("{}…", &text[..at]);
        }
    }
    text
}

/// Characters that change how the text around them shows: C0 and C1 controls, bidirectional
/// embeddings, overrides and isolates (UAX 9), zero-width characters, tags.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        for (written, printed) in [
            ("合同.pdf", "合同.pdf"),
            ("合同\u{202e}fdp.exe", "合同\\u{202e}fdp.exe"),
            ("\u{1b}[31m红", "\\u{1b}[31m红"),
            ("两行\n 文字\t末", "两行  文字 末"),
            ("零\u{200b}宽", "零\\u{200b}宽"),
        ] {
            assert_eq!(safe(written), printed);
        }
    }

    #[test]
    fn a_quotation_is_short() {
        assert_eq!(quote("待补充"), "待补充");
        assert_eq!(quote(&"字".repeat(30)), format!("{}…", "字".repeat(20)));
    }
}
