//! The one form of text that patterns see, and the one that hashes are written in.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, without white space and invisible characters: `服务 期限：ＳＬＡ` becomes
/// `服务期限:sla`. Full-width punctuation becomes ASCII with it (`：` `（` `，` to `:` `(` `,`);
/// `、` `。` `《》` stay. Quoting uses the text as written, never this one.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

/// Lower-case hex, two digits a byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Characters without width that editors leave inside words: soft hyphen, zero-width spaces and
/// joiners, directional marks, byte-order mark, controls.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        || c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_see_one_form() {
        for (written, seen) in [
            ("服务 期限：ＳＬＡ", "服务期限:sla"),
            ("资产\u{200b}识别\n表（２０２５）", "资产识别表(2025)"),
            ("不\u{f967}", "不不"),
        ] {
            assert_eq!(normalise(written), seen);
        }
    }
}
