//! Whether characters are a language, and the repair of one known kind that is not.

use std::collections::BTreeMap;

use encoding_rs::GBK;

/// Fewer characters than this prove nothing.
const ENOUGH: usize = 12;

/// Whether text is plausible: Chinese or Latin, or one other script. Little text is given the benefit of the doubt.
pub(in crate::extract) fn plausible(text: &str) -> bool {
    let counted = Counted::of(text);
    let Counted { han, common, latin, vowels, other, digits, accents, signs, all, .. } = counted;
    let (foreign, strange) = counted.foreign_and_strange();
    if all < ENOUGH {
        return strange * 2 <= all;
    }
    let letters = han + latin + other + foreign;
    strange * 10 <= all
        && (letters + digits) * 10 >= all * 3
        && (han < ENOUGH || common * 2 >= han)
        && (han + other + foreign > 0 || latin < 60 || vowels * 8 >= latin)
        // Accents without their letters are letters of an encoding that was not understood.
        && accents * 8 <= all
        // Signs of Latin-1 all over: these are bytes of another encoding.
        && signs * 6 <= all
}

/// Characters by kind, white space left out, and the leaders of a table of contents, which are many and say
/// nothing.
#[derive(Debug, Default)]
struct Counted {
    han: usize,
    common: usize,
    latin: usize,
    vowels: usize,
    /// Letters with accents, Greek, Cyrillic, kana, and Latin as wide as Han: names, units and letters from abroad.
    other: usize,
    digits: usize,
    accents: usize,
    /// Of Latin-1, before its letters.
    signs: usize,
    /// Controls and private characters.
    none: usize,
    /// Letters of scripts that have little place in these files, by script.
    foreign: BTreeMap<u32, usize>,
    all: usize,
}

impl Counted {
    fn of(text: &str) -> Self {
        let mut counted = Self::default();
        let leader = |c: char| matches!(c, '.' | '·' | '…' | '_' | '-' | '—' | '―' | '．');
        for c in text.chars().filter(|c| !c.is_whitespace() && !leader(*c)) {
            counted.add(c);
        }
        counted
    }

    fn add(&mut self, c: char) {
        self.all += 1;
        self.digits += usize::from(c.is_numeric());
        self.signs += usize::from(matches!(c, '\u{a1}'..='\u{bf}'));
        match c {
            'A'..='Z' | 'a'..='z' => {
                self.latin += 1;
                self.vowels += usize::from(matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
            }
            '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => {
                self.han += 1;
                self.common += usize::from(is_common(c));
            }
            '\u{c0}'..='\u{24f}'
            | '\u{370}'..='\u{52f}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{ff10}'..='\u{ff19}'
            | '\u{ff21}'..='\u{ff3a}'
            | '\u{ff41}'..='\u{ff5a}' => self.other += 1,
            '\u{a8}' | '\u{b4}' | '\u{b8}' | '\u{2c6}'..='\u{2dd}' => self.accents += 1,
            '\u{0}'..='\u{1f}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{fffd}' => self.none += 1,
            _ => {
                if let Some(script) = script(c) {
                    *self.foreign.entry(script).or_default() += 1;
                }
            }
        }
    }

    /// A fifth of all letters in one script is a second language; fewer, or of many scripts, are numbers of glyphs
    /// taken for characters.
    fn foreign_and_strange(&self) -> (usize, usize) {
        let foreign: usize = self.foreign.values().sum();
        let main = self.foreign.values().copied().max().unwrap_or_default();
        let is_language = main * 5 >= foreign * 4 && main * 4 >= self.han + self.latin + self.other;
        let believed = if is_language { main } else { 0 };
        (believed, self.none + foreign - believed)
    }
}

/// The script of a character that is neither Han nor Latin, Greek, Cyrillic or kana, as a number of no meaning. The
/// Unicode Standard gives most scripts a block or two of 128. Signs and picture characters (from U+1F000) have none.
fn script(c: char) -> Option<u32> {
    const HEBREW: u32 = 0x590;
    const ARABIC: u32 = 0x600;
    const HANGUL: u32 = 0x1100;
    match c {
        '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}' => Some(HEBREW),
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{8a0}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{feff}' => Some(ARABIC),
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' => {
            Some(HANGUL)
        }
        '\u{530}'..='\u{1dff}'
        | '\u{2c00}'..='\u{2dff}'
        | '\u{3100}'..='\u{31ff}'
        | '\u{a000}'..='\u{abff}'
        | '\u{10000}'..='\u{1efff}' => Some(u32::from(c) >> 7),
        _ => None,
    }
}

/// One of the 3 755 characters of level 1 of GB/T 2312-1980, which make up over 99 % of modern text;
/// of all Han characters in Unicode they are less than a fifth.
fn is_common(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmapped) = GBK.encode(c.encode_utf8(&mut buffer));
    !unmapped && matches!(*bytes, [0xb0..=0xd7, 0xa1..=0xfe])
}

/// Text as it was meant, where a font names its glyphs in one of two known ways that are no Unicode.
pub(in crate::extract) fn repaired(text: &str) -> String {
    founder(&chinese(text))
}

/// The upper half of Latin-1 but for its first row of controls.
fn is_high(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{ff}')
}

/// Fonts of simple encoding name each half of a character of GB 2312 as Latin-1: `È«` is 全. Only where all of these
/// come in pairs, and the pairs are characters in use.
fn chinese(text: &str) -> String {
    let high = text.chars().filter(|c| is_high(*c)).count();
    let shown = text.chars().filter(|c| !c.is_whitespace()).count();
    if high < 4 || high * 2 <= shown || text.chars().any(|c| u32::from(c) > 0xff) {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        if !is_high(first) {
            out.push(first);
            continue;
        }
        let Some(second) = rest.next_if(|second| is_high(*second)) else { return text.to_owned() };
        // Both are below U+0100.
        let pair = [first, second].map(|c| u8::try_from(u32::from(c)).unwrap_or_default());
        let (character, _, failed) = GBK.decode(&pair);
        let is_used = matches!(pair[0], 0xa1..=0xa3 | 0xb0..=0xd7);
        if failed || !is_used {
            return text.to_owned();
        }
        // The halves were placed one by one, and so were the characters.
        if out.ends_with(' ') && out.trim_end().chars().next_back().is_some_and(|last| !last.is_ascii()) {
            out.truncate(out.trim_end().len());
        }
        out.push_str(&character);
    }
    out
}

/// Founder's fonts name Latin letters and digits as the rare characters at 0xA0 + 0x80 + ASCII in GBK:
/// `犐犆犛` is ICS.
fn founder(text: &str) -> String {
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
            ("침하게 흐린 품이 눈이 올 듯하더니 눈은 아니 오고 얼다가", true),
            ("שלום עולם, אני יורד מן החוטים, אני כבר ילד אמיתי.", true),
            ("საქართველოს იუსტიციის სამინისტრო", true),
            ("เวกเตอร์ที่มีขนาดเท่ากับ u + v ในข้อดังกล่าว", true),
            ("Contract of 2025, in English and 계약서 한국어 번역본", true),
            // Numbers of glyphs taken for characters.
            ("ଋҨǥƹ̽ୡȥဎഁୡࣧҨဌʾဎಱ̽ೌȥ৞ਮΝ੧੅ͱʸ͢ฏʤҨ", false),
            ("巡检报告由双方签字确认后归档 ԲԳԴ ଋଌ ဎဏ ഁം ࣧࣨ ೌ್ ੧੨ ৞ৡ", false),
            ("à À â ´ ä ˜ ç ˙ Ø É Ł ¨ Œ ˚ º ¸ î ˛ ï ˇ ô Ô ø Ù", false),
            ("«À¢Ã¡Á¢ Àð¼÷ «ÕÇ¢Â ³Áí ®Í¾", false),
            ("嘰嚩嚭囖圚圫坈坰垇垊垙垪埳堁堗塃塯墂壀夃夐奒", false),
            ("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~!\"#$%&", false),
            ("\u{f0a7}\u{f0b7}\u{f06c}\u{f06e}\u{f0fc}\u{f0a7}\u{f0b7}\u{f06c}\u{f06e}\u{f0fc}\u{f0a7}\u{f0b7}", false),
        ] {
            assert_eq!(plausible(text), expected, "{text}");
        }
    }

    #[test]
    fn letters_of_fonts_are_repaired() {
        for (text, expected) in [
            ("犐犆犛 35.040", "ICS 35.040"),
            ("犃先生", "犃先生"),
            ("È« ÊÀ ½ç ÎÞ ²ú Õß £¬ Áª ºÏ Æð À´ A", "全世界无产者，联合起来 A"),
            ("È«ÊÀ½çÎÞ²úÕß", "全世界无产者"),
            ("Ñandú caminó", "Ñandú caminó"),
            ("àÀâÂäÄçÇ", "àÀâÂäÄçÇ"),
            ("ÊÀ½çÎ", "ÊÀ½çÎ"),
        ] {
            assert_eq!(repaired(text), expected);
        }
    }
}
