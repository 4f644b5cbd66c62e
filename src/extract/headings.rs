//! Tells a heading from its words, where a document's format does not mark it.
//!
//! Chinese documents number their headings by hand, in a fixed order of schemes: `第一章`,
//! `一、`, `（一）`, `1.`, `1.1`. Start reading at [`Outline::found`]; [`level`] is the same without context.

use std::sync::LazyLock;

use regex::Regex;

/// A line that reads as a heading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// From 1; a document's title is 1.
    pub level: u8,
    /// By its number; else by its emphasis alone.
    pub numbered: bool,
    /// Could as well be an item of a list: `1. 防火墙`, not emphasised.
    pub listable: bool,
    /// Numbered among the annexes of another document: it may be a document of its own.
    pub is_annex: bool,
}

/// Schemes of numbering, the outer ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scheme {
    /// 第一章, 第二部分
    Part,
    /// 第一节
    Section,
    /// 第三条
    Article,
    /// 附件1
    Annex,
    /// 一、
    Han,
    /// （一）
    HanInParentheses,
    /// 1. is 1, 1.1 is 2
    Decimal(u8),
    /// （1） 1)
    DecimalInParentheses,
}

/// The schemes in use around the current line.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Level of the last heading that the format marked; 0 if none did.
    marked: u8,
    /// Schemes of found headings beneath it, outermost first.
    schemes: Vec<Scheme>,
}

impl Outline {
    /// A heading marked by the format has come: what is found after it stands beneath it.
    pub fn marked(&mut self, level: u8) {
        self.marked = level;
        self.schemes.clear();
    }

    /// Decides whether a line is a heading, and on which level among those that came before it.
    pub fn found(&mut self, text: &str, emphasised: bool) -> Option<Found> {
        let text = text.trim();
        let base = self.marked.max(1);
        if is_caption_or_contents(text) {
            return None;
        }
        if let Some((scheme, rest)) = numbering(text) {
            if !reads_as_heading(scheme, rest, emphasised) {
                return None;
            }
            while self.schemes.last().is_some_and(|last| *last >= scheme) {
                self.schemes.pop();
            }
            self.schemes.push(scheme);
            let level = base.saturating_add(self.schemes.len() as u8).min(9);
            let listable = !emphasised && scheme >= Scheme::Decimal(1);
            return Some(Found { level, numbered: true, listable, is_annex: scheme == Scheme::Annex });
        }
        let level = base.saturating_add(self.schemes.len() as u8).saturating_add(1).min(9);
        (emphasised && could_be_title(text)).then_some(Found { level, ..Found::default() })
    }
}

/// The level of a line on its own. Readers that keep an order use [`Outline`] or
/// [`Flow`](super::flow::Flow), which know what came before.
#[must_use]
pub fn level(text: &str, emphasised: bool) -> Option<u8> {
    let level = Outline::default().found(text, emphasised)?.level;
    Some(match numbering(text.trim()) {
        Some((Scheme::HanInParentheses, _)) => 3,
        Some((Scheme::Decimal(depth), _)) => depth + 1,
        _ => level,
    })
}

/// Begins with a number of any scheme but that of annexes.
#[must_use]
pub fn is_numbered(text: &str) -> bool {
    numbering(text.trim()).is_some_and(|(scheme, _)| scheme != Scheme::Annex)
}

/// Short, and neither a sentence nor a label with its value.
#[must_use]
pub fn could_be_title(text: &str) -> bool {
    text.chars().count() <= MAX_TITLE_CHARS
        && !text.contains(['。', '；', ';', '，', '！', '？', '：', ':', '\t', '_', '|', '=', '√', '□', '☑', '☐'])
        && text.chars().any(char::is_alphabetic)
        && !is_caption_or_contents(text)
        && !DATE.is_match(text)
}

/// Characters of a heading without a number.
const MAX_TITLE_CHARS: usize = 40;

/// Characters after the number, where nothing but the number speaks for a heading.
const MAX_PLAIN_CHARS: usize = 25;

/// A pattern that is part of the program.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are tested")
}

/// A scheme, told from the number where its depth counts, and how its lines begin.
type Number = (fn(&str) -> Scheme, Regex);

static NUMBERS: LazyLock<[Number; 8]> = LazyLock::new(|| {
    [
        (|_| Scheme::Part, pattern(r"^第[一二三四五六七八九十百\d]{1,4}\s*(?:[章编篇]|部分)[\s、:：.．]*(.*)$")),
        (|_| Scheme::Section, pattern(r"^第[一二三四五六七八九十百\d]{1,4}\s*节[\s、:：.．]*(.*)$")),
        (|_| Scheme::Article, pattern(r"^第[一二三四五六七八九十百\d]{1,4}\s*条[\s、:：.．]*(.*)$")),
        (|_| Scheme::Annex, pattern(r"^(?:附件|附录|附表)\s*[一二三四五六七八九十\dA-Z]{1,2}[\s、:：.．]*(.*)$")),
        (|_| Scheme::Han, pattern(r"^[一二三四五六七八九十]{1,3}\s*[、.．]\s*(.+)$")),
        (|_| Scheme::HanInParentheses, pattern(r"^[（(][一二三四五六七八九十]{1,3}[)）]\s*[、.．]?\s*(.+)$")),
        (
            decimal,
            pattern(r"^(?:\d{1,2}(?:[.．]\d{1,2}){1,4}[.．、]?\s*|\d{1,2}(?:\s*[.．、]\s*|\s+))([^\s\d.．、].*)$"),
        ),
        (|_| Scheme::DecimalInParentheses, pattern(r"^(?:[（(]\d{1,2}[)）]|\d{1,2}[)）])\s*(.+)$")),
    ]
});

/// What follows a number that measures rather than numbers a heading. Only units that begin no
/// word of a heading: `人` begins 人员, `日` 日常, `项` 项目.
static UNIT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:[万亿倍%％‰℃]|小时|分钟|工作日|个工作日|元$|[kmgt]?b(?:ps)?\b|u\b|ms\b|ghz)"));

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[\d\s年月日./\-—~至到()（）]+$|^[二〇零一三四五六七八九十]+年[一二三四五六七八九十]+月")
});

/// A line of a table of contents, with its page; a caption of a figure or table.
static CAPTION_OR_CONTENTS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\t|…|\.{3,}|·{3,})\s*\d{1,4}$|^[图表]\s*\d"));

fn is_caption_or_contents(text: &str) -> bool {
    CAPTION_OR_CONTENTS.is_match(text)
}

fn numbering(text: &str) -> Option<(Scheme, &str)> {
    NUMBERS.iter().find_map(|(scheme, number)| {
        let rest = number.captures(text)?.get(1)?;
        Some((scheme(&text[..rest.start()]), rest.as_str().trim()))
    })
}

/// `1.`, `1 ` is 1; `1.1`, `1.1.` is 2.
fn decimal(number: &str) -> Scheme {
    Scheme::Decimal(number.split(['.', '．', '、']).filter(|part| !part.trim().is_empty()).count() as u8)
}

fn reads_as_heading(scheme: Scheme, rest: &str, emphasised: bool) -> bool {
    let outer = scheme <= Scheme::Article;
    if rest.is_empty() {
        return outer || emphasised;
    }
    let counts = matches!(scheme, Scheme::Decimal(_)) && UNIT.is_match(rest);
    let needs_emphasis = matches!(scheme, Scheme::Annex | Scheme::DecimalInParentheses);
    if counts || (needs_emphasis && !emphasised) || (scheme >= Scheme::Decimal(4) && !emphasised) {
        return false;
    }
    let longest = if emphasised { MAX_TITLE_CHARS } else { MAX_PLAIN_CHARS };
    rest.chars().count() <= longest && !is_sentence(rest, emphasised) && !has_value(rest)
}

fn is_sentence(text: &str, emphasised: bool) -> bool {
    text.contains(['。', '；', ';', '！', '!', '？', '?', '√', '□', '☑', '☐'])
        || text.ends_with(['，', ',', '、'])
        || (!emphasised && text.contains(['，', ',', '\t', '|']))
}

/// A label with something after its colon; `三、服务内容：` has nothing after it.
fn has_value(text: &str) -> bool {
    text.split_once([':', '：']).is_some_and(|(_, value)| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbered_line_is_a_heading_if_it_is_short_and_no_sentence() {
        for (text, emphasised, expected) in [
            ("第一章 总则", false, Some(2)),
            ("第三条 服务期限", false, Some(2)),
            ("第三条 甲方应在收到发票后三十日内付款。", false, None),
            ("一、服务内容", false, Some(2)),
            ("三、服务内容：", false, Some(2)),
            ("（一）日常巡检", false, Some(3)),
            ("3.2 服务级别", false, Some(3)),
            ("3.2服务级别", false, Some(3)),
            ("1 目的", false, Some(2)),
            ("1. 完成了全部设备的巡检，未发现异常。", false, None),
            ("1、联系人：张三", false, None),
            ("3.5万元", false, None),
            ("24 小时响应", false, None),
            ("1.1 人员配置", false, Some(3)),
            ("2025.3.18 例会", false, None),
            ("192.168.1.10 核心交换机", false, None),
            ("（1）检查口令", false, None),
            ("（1）检查口令", true, Some(2)),
            ("附件1 资产清单", true, Some(2)),
            ("附件1：保密协议", false, None),
            ("1.1 目的…………3", false, None),
            ("总体要求", false, None),
            ("总体要求", true, Some(2)),
            ("甲方：某公司", true, None),
            ("2025年3月18日", true, None),
            ("图1 组织架构", true, None),
        ] {
            assert_eq!(level(text, emphasised), expected, "{text}");
        }
    }

    #[test]
    fn levels_follow_the_schemes_in_use() {
        let mut outline = Outline::default();
        for (text, expected) in [
            ("一、总体", 2),
            ("（一）目标", 3),
            ("1. 近期", 4),
            ("（二）原则", 3),
            ("二、实施", 2),
            ("1. 准备", 3),
            ("1.1 人员", 4),
        ] {
            assert_eq!(outline.found(text, false).map(|found| found.level), Some(expected), "{text}");
        }
        outline.marked(2);
        assert_eq!(outline.found("3.1 范围", false).map(|found| found.level), Some(3));
    }
}
