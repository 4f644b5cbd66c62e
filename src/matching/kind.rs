//! What kind of document a title names: 计划, 记录, 报告….

use std::sync::LazyLock;

use regex::Regex;

use crate::model::pack::{DocumentKind, Pattern, Vocabulary};

/// The number of a form behind its title.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[a-z]{1,4}([-_/][a-z0-9]{1,6}){1,3}[-_/]\d{1,4}$").expect("a pattern of this file compiles")
});

/// A period at the end of a title: 2025年第1季度, 2025年上半年.
static PERIOD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(20\d\d)?(年度?)?[-_.]?(第?[一二三四1-4]季度?|[上下]半年|(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?)$").expect("a pattern of this file compiles")
});

/// What joins the things that a title names.
pub(super) const SEVERAL: [char; 5] = ['、', '与', '和', '及', '暨'];

/// The kind whose word ends last in the title: 应急演练方案 is a plan, 应急演练方案评审记录 a record.
/// What stands in brackets at the end is no part of it. Of words that end together the longest wins.
#[must_use]
pub(super) fn of_title(title: &str, vocabulary: &Vocabulary) -> Option<DocumentKind> {
    let named = |text: &str| {
        let words = vocabulary.kinds.iter().flat_map(|kind| kind.words.iter().map(move |word| (kind.kind, word)));
        words
            .filter_map(|(kind, word)| {
                word.regex().find_iter(text).last().map(|found| (found.end(), found.len(), kind))
            })
            .max_by_key(|(end, length, _)| (*end, *length))
            .map(|(end, _, kind)| (end, kind))
    };
    let noted = || {
        // 怎么问,怎么算(管理办法)
        let note = title.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, note)| note)?;
        named(note).filter(|(end, _)| *end == note.len())
    };
    named(bare(title)).or_else(noted).map(|(_, kind)| kind)
}

/// The things that a title names, 计划 and 执行 of 可用性计划与执行; times are none: (6月、12月).
pub(super) fn things(title: &str) -> Vec<&str> {
    let is_named = |part: &&str| part.chars().count() > 1 && !part.chars().all(is_of_time);
    title.split(SEVERAL).filter(is_named).collect()
}

/// A character that times are written with.
pub(super) fn is_of_time(c: char) -> bool {
    c.is_ascii_digit() || "年月日度季第一二三四上下半全至~-./()".contains(c)
}

/// What a title of several things names, each with the kind that stands behind the last:
/// 现状摸底与诉求归类报告 names 现状摸底报告 and 诉求归类报告. Empty for a title of one thing.
#[must_use]
pub(super) fn each(title: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let parts = things(bare(title));
    let Some((last, others)) = parts.split_last().filter(|(_, others)| !others.is_empty()) else { return Vec::new() };
    let kind = vocabulary
        .kinds
        .iter()
        .flat_map(|kind| &kind.words)
        .filter_map(|word| word.regex().find_iter(last).last())
        .max_by_key(|found| (found.end(), found.len()))
        .map_or("", |found| found.as_str());
    let whole =
        |part: &&str| if of_title(part, vocabulary).is_some() { (*part).to_owned() } else { format!("{part}{kind}") };
    others.iter().map(whole).chain([(*last).to_owned()]).collect()
}

/// A title without the word for its kind at its end.
#[must_use]
pub(super) fn without_kind<'t>(title: &'t str, vocabulary: &Vocabulary) -> &'t str {
    let words = vocabulary.kinds.iter().flat_map(|kind| &kind.words);
    let ends = words.filter_map(|word| word.regex().find_iter(title).last().filter(|found| found.end() == title.len()));
    ends.map(|found| found.start()).min().map_or(title, |at| &title[..at])
}

/// Whether a title ends in a word for its kind: 兆云解决方案组 names none, though 方案 is in it.
#[must_use]
pub(super) fn ends_title(title: &str, vocabulary: &Vocabulary) -> bool {
    let title = bare(title);
    let ends = |word: &Pattern| word.regex().find_iter(title).last().is_some_and(|found| found.end() == title.len());
    vocabulary.kinds.iter().flat_map(|kind| &kind.words).any(ends)
}

/// A title without the remarks in brackets, the version and the period behind it.
#[must_use]
pub(super) fn bare(title: &str) -> &str {
    let mut rest = title;
    loop {
        let before = rest;
        // A form's number: 顾客评价汇总 QR-17-02.
        if let Some(code) = CODE.find(rest).filter(|code| code.start() > 0) {
            rest = &rest[..code.start()];
        }
        // 第1季度, 三月份, 上半年, 年度; 季报 and 月度 are words of their own.
        if let Some(period) = PERIOD.find(rest).filter(|period| period.start() > 0) {
            rest = &rest[..period.start()];
        }
        rest = rest.trim_end_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | 'v' | '/' | '年' | '月' | '日' | '·' | ' ')
        });
        // 2025q3, 2024-h1, fy25
        if let Some(year) = ["q", "h", "fy", "cy"]
            .iter()
            .find_map(|letter| rest.strip_suffix(letter))
            .filter(|year| rest.len() < before.len() && !year.ends_with(|c: char| c.is_ascii_alphabetic()))
        {
            rest = year;
        }
        for (open, close) in [('(', ')'), ('[', ']'), ('【', '】'), ('〔', '〕'), ('<', '>')] {
            if let Some(start) = rest.strip_suffix(close).and_then(|inner| inner.rfind(open)) {
                rest = &rest[..start];
            }
        }
        if rest.is_empty() {
            return title;
        }
        if rest.len() == before.len() {
            return rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_title_is_no_part_of_it() {
        for (title, expected) in [
            ("安全运维服务方案v1.2", "安全运维服务方案"),
            ("日志审计分析报告(2025年上半年)", "日志审计分析报告"),
            ("业务连续性计划bcp(征求意见稿)", "业务连续性计划bcp"),
            ("巡检记录单202509", "巡检记录单"),
            ("基线偏差核查2024q4(节选)", "基线偏差核查"),
            ("服务简报2025年第1季度", "服务简报"),
            ("季度评审报告-2024-q4", "季度评审报告"),
            ("值守月报2025-h1", "值守月报"),
            ("信息安全培训计划fy25", "信息安全培训计划"),
            ("巡检记录三月份", "巡检记录"),
            ("日志审计报告2025上半年", "日志审计报告"),
            ("顾客评价汇总qr-17-02", "顾客评价汇总"),
            ("网络安全sla-v2", "网络安全sla"),
            ("(2025)", "(2025)"),
        ] {
            assert_eq!(bare(title), expected);
        }
    }

    #[test]
    fn a_title_of_several_things_names_each() {
        let pack = crate::rules::builtin().expect("the shipped pack loads");
        for (title, expected) in [
            ("现状摸底与诉求归类报告", &["现状摸底报告", "诉求归类报告"][..]),
            ("运维服务方案", &[]),
            ("审计计划及审计报告", &["审计计划", "审计报告"]),
        ] {
            assert_eq!(each(title, &pack.vocabulary), expected, "{title}");
        }
    }
}
