//! Decodes text of unknown encoding: what is certain first, what is likely after it.
//!
//! Byte-order mark, strict UTF-8, UTF-16 where both halves of its units look like it, strict
//! GB18030 (a superset of GBK and GB2312), and a statistical guess at the very end.

use std::borrow::Cow;

use super::limit_name;
use crate::model::Unreadable;
use crate::model::document::Remark;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Decodes a whole file. `None`: this is no text in any encoding we know.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[length..]);
        return is_text(&text).then_some(text);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && is_text(text)
    {
        return Some(Cow::Borrowed(text));
    }
    if let Some(text) = utf16(bytes) {
        return Some(text);
    }
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes)
        && is_text(&text)
    {
        return Some(text);
    }
    guess(bytes)
}

/// Bytes of a text that are read: a novel has one or two million, and nobody files more of a
/// log as evidence than he could show.
const MAX_TEXT_BYTES: usize = 16 << 20;

/// Decodes a file as far as [`MAX_TEXT_BYTES`], and remarks if that was not all.
///
/// # Errors
/// [`Unreadable::Garbled`]: no encoding makes text of it.
pub(super) fn decode_bounded(bytes: &[u8]) -> Result<(Cow<'_, str>, Vec<Remark>), Unreadable> {
    if bytes.len() <= MAX_TEXT_BYTES {
        return Ok((decode(bytes).ok_or(Unreadable::Garbled)?, Vec::new()));
    }
    let text = decode_sample(&bytes[..MAX_TEXT_BYTES]).ok_or(Unreadable::Garbled)?;
    Ok((text, vec![Remark::Truncated { limit: limit_name("MAX_TEXT_BYTES", MAX_TEXT_BYTES) }]))
}

/// Decodes the beginning of a file, which may be cut within a character.
#[must_use]
pub fn decode_sample(bytes: &[u8]) -> Option<Cow<'_, str>> {
    /// A character of GB18030 or UTF-8 has at most four bytes.
    const LONGEST: usize = 4;
    (0..LONGEST.min(bytes.len().max(1))).find_map(|cut| certain(&bytes[..bytes.len() - cut])).or_else(|| guess(bytes))
}

/// Decodes with the encoding a document names itself, where that name is known and the
/// bytes obey it. `None` also where there are more than are read.
#[must_use]
pub fn decode_as<'a>(bytes: &'a [u8], label: &str) -> Option<Cow<'a, str>> {
    if bytes.len() > MAX_TEXT_BYTES {
        return None;
    }
    let encoding = Encoding::for_label(label.as_bytes())?;
    // Pages that say GB2312 are GBK or GB18030 in fact; GB18030 reads all three.
    let encoding = if encoding == encoding_rs::GBK { GB18030 } else { encoding };
    let text = encoding.decode_with_bom_removal(bytes);
    (!text.1 && is_text(&text.0)).then_some(text.0)
}

/// Decodes a file's name: UTF-8 where `says_utf8` or where it could be nothing else, or GB18030.
///
/// Names are short, and two bytes of GBK may be one character of UTF-8 by chance: 巡 is Ѳ. Only
/// characters of three bytes, as Chinese ones are, prove UTF-8.
#[must_use]
pub fn decode_name(bytes: &[u8], says_utf8: bool) -> String {
    let utf8 = std::str::from_utf8(bytes).ok();
    let proven = |name: &&str| says_utf8 || name.is_ascii() || name.chars().any(|c| c >= '\u{800}');
    if let Some(name) = utf8.filter(proven) {
        return name.to_owned();
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), Cow::into_owned)
}

fn certain(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if Encoding::for_bom(bytes).is_some() {
        return decode(bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if is_text(text) => Some(Cow::Borrowed(text)),
        _ => utf16(bytes).or_else(|| {
            GB18030.decode_without_bom_handling_and_without_replacement(bytes).filter(|text| is_text(text))
        }),
    }
}

/// UTF-16 without a mark: nearly all of it must be characters of Chinese and English texts.
fn utf16(bytes: &[u8]) -> Option<Cow<'_, str>> {
    /// Per cent of the characters.
    const ENOUGH: usize = 95;
    if !bytes.len().is_multiple_of(2) || bytes.len() < 4 {
        return None;
    }
    [UTF_16LE, UTF_16BE].into_iter().find_map(|encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        let total = text.chars().count();
        let usual = text.chars().filter(|c| is_usual(*c)).count();
        (usual * 100 >= total * ENOUGH && is_text(&text)).then_some(text)
    })
}

fn is_usual(c: char) -> bool {
    matches!(c, ' '..='~' | '\t' | '\n' | '\r' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

fn guess(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    // A wrong byte here and there is damage within a text; more is no text.
    let (text, _) = if encoding == UTF_8 {
        (String::from_utf8_lossy(bytes), true)
    } else {
        encoding.decode_without_bom_handling(bytes)
    };
    is_text(&text).then_some(text)
}

/// Controls and replacement characters are rare in a text: less than one in a hundred, no NUL.
fn is_text(text: &str) -> bool {
    let odd = text
        .chars()
        .filter(|c| {
            *c == '\u{fffd}' || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}' | '\u{1a}'))
        })
        .count();
    !text.contains('\0') && odd * 100 <= text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_encoding_is_read() {
        let text = "资产识别表\n编号,名称\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let with_mark: Vec<u8> = [&b"\xff\xfe"[..], &little].concat();
        let gb18030 = GB18030.encode("资产识别表\n编号,名称\n").0.into_owned();
        for bytes in
            [text.as_bytes(), &[b"\xef\xbb\xbf", text.as_bytes()].concat(), &little, &big, &with_mark, &gb18030]
        {
            assert_eq!(decode(bytes).as_deref(), Some(text), "{bytes:x?}");
            assert!(decode_sample(&bytes[..bytes.len() - 1]).is_some(), "{bytes:x?}");
        }
        assert_eq!(decode(b"\xd7\xca\xb2\xfa\xb1\xed").as_deref(), Some("资产表"));
        assert_eq!(decode(b"\x00\x01\x02\x03\x04\x05\x80\xff"), None);
        assert_eq!(decode_as(b"\xd7\xca\xb2\xfa", "gb2312").as_deref(), Some("资产"));
        assert_eq!(decode_as(b"\xd7\xca\xb2\xfa", "utf-8"), None);
    }

    #[test]
    fn names_are_gbk_unless_they_are_surely_not() {
        for (bytes, says_utf8, name) in [
            (&b"\xd1\xb2.txt"[..], false, "巡.txt"),
            (b"\xd1\xb2.txt", true, "Ѳ.txt"),
            ("巡检.txt".as_bytes(), false, "巡检.txt"),
            (b"a.txt", false, "a.txt"),
        ] {
            assert_eq!(decode_name(bytes, says_utf8), name);
        }
    }
}
