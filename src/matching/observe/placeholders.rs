//! Words that stand where nobody has filled in anything.

use std::ops::Range;

use crate::model::document::Document;
use crate::model::pack::{Pattern, Vocabulary};
use crate::model::text::normalise;

use super::super::view::{View, any};
use super::{Observation, Piece, as_written, in_annex, secrets};

/// A quoted placeholder is no longer, in characters.
const QUOTE: usize = 24;
/// What is quoted around it, in characters.
const AROUND: usize = 8;

/// The first placeholder of a document.
pub(super) fn first(
    document: &Document,
    view: &View,
    pieces: &[Piece<'_>],
    vocabulary: &Vocabulary,
) -> Option<Observation> {
    let found = pieces.iter().find_map(|piece| {
        let range = placeholder(piece.text, vocabulary)?;
        if secrets::is_in(view, piece, &vocabulary.secrets) {
            return None; // Xx#2024 is no blank, and is not to be shown.
        }
        (!is_blank(&piece.text[range.clone()]) || !in_annex(view, piece.block, vocabulary)).then_some((piece, range))
    });
    let (piece, range) = found?;
    let around = around(piece.text, range);
    let text = as_written(document, piece).and_then(|written| quote(written, piece.text, &around));
    let text = text.unwrap_or_else(|| piece.text[around].to_owned());
    Some(Observation::Placeholder { text, place: piece.place.clone() })
}

/// Where in a normalised text a placeholder stands, if in any sentence that does not mean it.
fn placeholder(text: &str, vocabulary: &Vocabulary) -> Option<Range<usize>> {
    let words = &vocabulary.placeholders;
    let found = |pattern: &Pattern| pattern.regex().find_iter(text).map(|found| found.range()).collect::<Vec<_>>();
    let mut ranges: Vec<Range<usize>> = words.words.iter().flat_map(found).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.into_iter().find(|range| {
        let sentence = sentence(text, range);
        // A blank behind a signature's label is a signature that lacks, and said as that.
        let signs = || {
            let signatures = &vocabulary.signatures;
            [&signatures.parties, &signatures.approvers, &signatures.others, &signatures.days]
                .iter()
                .any(|labels| any(labels, text))
        };
        !(any(&words.harmless, sentence) || is_blank(&text[range.clone()]) && signs())
    })
}

/// A line to write on rather than a word.
fn is_blank(placeholder: &str) -> bool {
    placeholder.contains("__")
}

fn sentence<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let ends = ['。', ';', '!', '?'];
    let start =
        text[..range.start].rfind(ends).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text[range.end..].find(ends).map_or(text.len(), |at| range.end + at);
    &text[start..end]
}

/// The placeholder with a few characters on both sides, or only its start where it is long.
fn around(text: &str, range: Range<usize>) -> Range<usize> {
    let take =
        |count: usize, from: usize| text[from..].char_indices().nth(count).map_or(text.len(), |(at, _)| from + at);
    if text[range.clone()].chars().count() >= QUOTE - AROUND {
        return range.start..take(QUOTE, range.start).min(range.end);
    }
    let start = text[..range.start].char_indices().rev().take(AROUND).last().map_or(range.start, |(at, _)| at);
    let start = text[start..range.start]
        .rfind(['。', ';', ',', '、', ':'])
        .map_or(start, |at| start + at + text[start + at..].chars().next().map_or(1, char::len_utf8));
    start..take(AROUND, range.end)
}

/// The same characters as they were written: each of `written` gives the next of `normalised`.
fn quote(written: &str, normalised: &str, range: &Range<usize>) -> Option<String> {
    let mut at = 0;
    let mut span: Option<Range<usize>> = None;
    for (index, c) in written.char_indices() {
        let part = normalise(c.encode_utf8(&mut [0; 4]));
        if !normalised[at..].starts_with(&part) {
            return None;
        }
        if at < range.end && at + part.len() > range.start {
            let start = span.map_or(index, |span| span.start);
            span = Some(start..index + c.len_utf8());
        }
        at += part.len();
    }
    let ends = |c: char| c.is_whitespace() || "。，；：,;:".contains(c);
    span.map(|span| written[span].trim_matches(ends).to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{pieces, sample};
    use super::*;

    #[test]
    fn what_nobody_filled_in_is_found_and_quoted_as_written() {
        let pack = sample::pack();
        for (text, expected) in [
            ("机房面积XX平方米（回头量）。", Some("机房面积XX平方米（回头量）")),
            ("运营商：XXX（电话待补充）。", Some("运营商：XXX（电话待补充）")),
            ("联系人：张三，电话：XXXXXXXX。", Some("电话：XXXXXXXX")),
            ("（此处补充ＸＸ台自助机的统计数据）", Some("（此处补充ＸＸ台自助机的统")),
            ("为某某公司提供运维服务", Some("为某某公司提供运维服务")),
            ("20XX年度服务计划", Some("20XX年度服务计划")),
            ("客户：{{客户名称}}", Some("{{客户名称}}")),
            ("（请填写本周期事件数量）", Some("（请填写本周期事件数量）")),
            ("|项目名称|请填写\n|日期|请填写", Some("请填写")),
            ("服务地点：________，服务人数：3人", Some("服务地点：________，服务人数：3人")),
            ("见错误！未找到引用源。", Some("见错误！未找到引用源")),
            ("交付日期：TBD", Some("交付日期：TBD")),
            // A secret is never quoted, whatever it looks like.
            ("|设备|登录口令|版本\n|防火墙|Bwg@2025!fw|3.7\n|应用防火墙|Xx#waf0792|22.5", None),
            ("堡垒机 密码：Xx#waf0792", None),
            // Masked data, numbers and names of things.
            ("值班电话：138****1234，备用1390XXXX123", None),
            ("管理地址10.20.xx.xx，网关192.168.1.*", None),
            ("合同编号：LZ-XX-2025-014", None),
            ("修复XXE注入与XSS漏洞，返回5xx的请求减少", None),
            ("患者张XX的检查报告无法打开，已处理", None),
            ("文件命名规则：项目名-XX巡检记录-年月", None),
            // Forms that ask and are answered.
            ("填写说明：请填写真实情况，由检查人签字。", None),
            ("其他：____________", None),
            ("签字：________ 日期：    年  月  日", None),
            ("本合同一式__肆__份", None),
            ("备件待补充采购，已列入下月计划", None),
        ] {
            let document = sample::document(text);
            let view = View::of(&document, &pack.vocabulary);
            let found = first(&document, &view, &pieces(&view), &pack.vocabulary);
            let quoted = found.map(|found| match found {
                Observation::Placeholder { text, .. } => text,
                other @ Observation::Secret { .. } => panic!("{other:?}"),
            });
            assert_eq!(quoted.as_deref(), expected, "{text}");
        }
    }
}
