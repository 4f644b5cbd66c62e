//! Chinese patterns as people spell them in names of files: 监控.{0,4}分析 is jiankong.{0,24}fenxi.
//!
//! Without tones and with every reading of a character, as Hanyu Pinyin has it (GB/T 16159). Only for names
//! without a Chinese character, of which nothing but the letters is looked at: see [`letters`].

use pinyin::ToPinyinMulti;
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Letters that a character is spelled with, at most.
const SYLLABLE: u32 = 6;
/// A class of more characters is a gap rather than a choice.
const CHOICE: usize = 64;
/// A shorter find says nothing: an and shi are in many an English word.
const SHORTEST: usize = 6;

/// What of a name is looked at; None where it has Chinese characters, or too few letters.
pub(crate) fn letters(name: &str) -> Option<String> {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    (letters.len() >= SHORTEST && name.is_ascii()).then_some(letters)
}

/// A pattern over [`letters`]. None where it has nothing to spell.
pub(super) fn spelled(pattern: &str, size: usize) -> Option<Regex> {
    if pattern.is_ascii() {
        return None;
    }
    let hir = spell(&regex_syntax::parse(pattern).ok()?);
    RegexBuilder::new(&hir.to_string()).size_limit(size).build().ok()
}

/// Whether [`spelled`] finds enough of a word.
pub(super) fn is_in(spelled: &Regex, letters: &str) -> bool {
    spelled.find_iter(letters).any(|found| found.len() >= SHORTEST)
}

fn spell(hir: &Hir) -> Hir {
    let all = |parts: &[Hir]| parts.iter().map(spell).collect();
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => hir.clone(),
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            Hir::concat(text.chars().map(readings).collect())
        }
        HirKind::Class(class) => match members(class) {
            Members::Few(few) => Hir::alternation(few.into_iter().map(readings).collect()),
            Members::Gap => any_letter(),
            Members::Bound => Hir::fail(),
        },
        HirKind::Repetition(repetition) => {
            let gap = matches!(repetition.sub.kind(), HirKind::Class(class) if matches!(members(class), Members::Gap));
            let longer = if gap { SYLLABLE } else { 1 };
            Hir::repetition(Repetition {
                min: repetition.min,
                max: repetition.max.map(|max| max * longer),
                greedy: repetition.greedy,
                sub: Box::new(spell(&repetition.sub)),
            })
        }
        HirKind::Capture(capture) => spell(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
    }
}

fn any_letter() -> Hir {
    regex_syntax::parse("[a-z]").unwrap_or_else(|_| Hir::fail())
}

/// 行 is xing or hang; what is no letter is not in what is looked at.
fn readings(c: char) -> Hir {
    if c.is_ascii_alphabetic() {
        return Hir::literal(c.to_string().into_bytes());
    }
    let mut readings: Vec<&str> =
        c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain).filter(|plain| plain.is_ascii()).collect();
    readings.sort_unstable();
    readings.dedup();
    match readings.is_empty() {
        true if c.is_alphanumeric() => Hir::fail(),
        true => Hir::empty(),
        false => Hir::alternation(readings.into_iter().map(|plain| Hir::literal(plain.as_bytes())).collect()),
    }
}

/// What a class of characters is for.
enum Members {
    /// A choice: [账帐].
    Few(Vec<char>),
    /// Whatever may stand between: `.`, [^,。;], [一-龥].
    Gap,
    /// What no Chinese word goes on with: [^a-z], [^一-龥].
    Bound,
}

fn members(class: &Class) -> Members {
    let Class::Unicode(class) = class else { return Members::Bound };
    let holds = |c: char| class.iter().any(|range| range.start() <= c && c <= range.end());
    let count: usize = class.iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    if count <= CHOICE {
        return Members::Few(class.iter().flat_map(|range| range.start()..=range.end()).collect());
    }
    match (holds('中'), holds('a'), holds('-')) {
        (true, true, _) | (true, false, false) => Members::Gap,
        _ => Members::Bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_it_is_spelled_as() {
        for (pattern, name, is) in [
            ("监控.{0,4}分析", "SW2502-17_jiankong_jizhong_fenxi_2025", true),
            ("监控.{0,4}分析", "jiankong_yunwei_guanli_pingtai_zhoubao_fenxi", false),
            ("台[账帐]|清单", "zichan_taizhang", true),
            ("(安全|运维)?预算(表|书)?", "yusuan.v2", true),
            ("银行", "yinhang_liushui", true),
            ("(^|[^策略])配置(变更|更新)", "peizhi-gengxin", true),
            ("配置([^一-龥]|$)", "peizhi_guanli", false),
            ("配置([^一-龥]|$)", "xitong_peizhi", true),
            // Too short to mean anything, and no Chinese name.
            ("审", "shenme_dongxi", false),
            ("预算", "预算yusuan", false),
            ("report", "final_report", false),
        ] {
            let found = letters(name).zip(spelled(pattern, 1 << 30)).is_some_and(|(name, of)| is_in(&of, &name));
            assert_eq!(found, is, "{pattern} in {name}");
        }
    }
}
