//! Whether characters are a language, and the repair of one known kind that is not.

use encoding_rs::GBK;

/// Fewer characters than this prove nothing.
const ENOUGH: usize = 12;

/// Whether text is plausible Chinese or Latin. Little text is given the benefit of the doubt.
pub(in crate::extract) fn plausible(text: &str) -> bool {
    let (mut han, mut common, mut latin, mut vowels, mut other, mut strange, mut all) = (0, 0, 0, 0, 0, 0, 0_usize);
    // The leaders of a table of contents are many and say nothing.
    let leader = |c: char| matches!(c, '.' | '·' | '…' | '_' | '-' | '—' | '―' | '．');
    for c in text.chars().filter(|c| !c.is_whitespace() && !leader(*c)) {
        all += 1;
        match c {
            'A'..='Z' | 'a'..='z' => {
                latin += 1;
                vowels += usize::from(matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
            }
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => {
                han += 1;
                common += usize::from(is_common(c));
            }
            // Letters with accents, Greek, Cyrillic, kana, and Latin as wide as Han: names, units and letters from abroad.
            '\u{c0}'..='\u{24f}'
            | '\u{370}'..='\u{52f}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{ff10}'..='\u{ff19}'
            | '\u{ff21}'..='\u{ff3a}'
            | '\u{ff41}'..='\u{ff5a}' => other += 1,
            // Controls and private characters are none; Arabic, Hangul and so on have no place in these
            // files, unlike Greek and signs.
            '\u{0}'..='\u{1f}'
            | '\u{80}'..='\u{9f}'
            | '\u{600}'..='\u{1fff}'
            | '\u{3100}'..='\u{31ff}'
            | '\u{a000}'..='\u{f8ff}'
            | '\u{fffd}' => strange += 1,
            _ => {}
        }
    }
    if all < ENOUGH {
        return strange * 2 <= all;
    }
    let letters = han + latin + other;
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    strange * 10 <= all
        && (letters + digits) * 10 >= all * 3
        && (han < ENOUGH || common * 2 >= han)
        && (han + other > 0 || latin < 60 || vowels * 8 >= latin)
}

/// One of the 3 755 characters of level 1 of GB/T 2312-1980, which make up over 99 % of modern text;
/// of all Han characters in Unicode they are less than a fifth.
fn is_common(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmapped) = GBK.encode(c.encode_utf8(&mut buffer));
    !unmapped && matches!(*bytes, [0xb0..=0xd7, 0xa1..=0xfe])
}

/// Founder's fonts name Latin letters and digits as the rare characters at 0xA0 + 0x80 + ASCII in GBK:
/// `犐犆犛` is ICS.
pub(in crate::extract) fn repaired(text: &str) -> String {
    let letter = |c: char| {
        let mut buffer = [0; 4];
        let (bytes, _, unmapped) = GBK.encode(c.encode_utf8(&mut buffer));
        match *bytes {
            [0xa0, low] if !unmapped && (low & 0x7f).is_ascii_alphanumeric() && low >= 0x80 => {
                Some(char::from(low & 0x7f))
            }
            _ => None,
        }
    };
    let found = text.chars().filter(|c| letter(*c).is_some()).count();
    // One such character may be a name; several are the font.
    if found < 2 {
        return text.to_owned();
    }
    text.chars().map(|c| letter(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_is_told_from_wrong_glyphs() {
        for (text, expected) in [
            ("乙方应交付：资产识别表、月度巡检单、季度服务报告。", true),
            ("牟知远、郁南星、訾文、芮明川、柴立冬、贺远山、郗文博", true),
            ("The service provider shall deliver monthly reports to the customer.", true),
            ("1 目的..............................3 2 范围............................4", true),
            ("Ｏｐｔｉｍｉｚａｔｉｏｎ　ｏｆ　ｗａｔｅｒ", true),
            ("スタートメニューから削除してください", true),
            ("2025-01-01 99.93% 12,345 7×24", true),
            ("嘰嚩嚭囖圚圫坈坰垇垊垙垪埳堁堗塃塯墂壀夃夐奒", false),
            ("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~!\"#$%&", false),
            ("\u{f0a7}\u{f0b7}\u{f06c}\u{f06e}\u{f0fc}\u{f0a7}\u{f0b7}\u{f06c}\u{f06e}\u{f0fc}\u{f0a7}\u{f0b7}", false),
        ] {
            assert_eq!(plausible(text), expected, "{text}");
        }
    }

    #[test]
    fn founder_letters_are_repaired() {
        for (text, expected) in [("犐犆犛 35.040", "ICS 35.040"), ("犃先生", "犃先生")] {
            assert_eq!(repaired(text), expected);
        }
    }
}
