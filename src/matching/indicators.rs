//! What an agreement promises in numbers: response in 15 minutes, availability of 99.9%.
//!
//! From rows of tables and from sentences. Nothing here compares; start reading at [`of`].

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use crate::model::document::{Content, Document, Place};
use crate::model::pack::{IndicatorKind, Indicators, Measure, Vocabulary};
use crate::model::text::normalise;

use super::dates;
use super::view::{CellView, Role, TableView, View, any};

/// An agreement with more promises has a table of prices in it.
const INDICATORS: usize = 24;
/// Longer cells and parts of sentences explain rather than promise; in characters.
const PROMISE: usize = 48;

/// One promise of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// Index into the vocabulary's kinds.
    pub kind: usize,
    /// The level of priority: its rank from 0, the highest, and the word for it.
    pub level: Option<(usize, String)>,
    /// Of what, where it says so: 城市运行一网统管 of 城市运行一网统管平台可用率. Normalised.
    pub subject: String,
    /// Minutes, hundredths of a percent, or hours a week, by the kind's measure.
    pub value: u32,
    /// Its own name, as written: 重大事件响应.
    pub name: String,
    /// The value as written: ≤15分钟.
    pub stated: String,
    pub place: Place,
}

static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d+(?:\.\d+)?)个?(分钟|分|mins?|minutes?|小时|h|hours?|工作日|自然日|日历日|天|日)")
        .expect("a pattern of this file compiles")
});
static SHARE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(\d{1,3}(?:\.\d+)?)%").expect("a pattern of this file compiles"));
static HOURS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([1-7])[×x*](\d{1,2})").expect("a pattern of this file compiles"));

/// Every promise that the document makes, in order.
#[must_use]
pub(super) fn of(document: &Document, view: &View, vocabulary: &Vocabulary) -> Vec<Indicator> {
    let words = &vocabulary.indicators;
    let rows = view.tables.iter().flat_map(|table| of_table(table, words));
    let lines = view.lines.iter().filter(|line| line.role == Role::Statement);
    let said = lines.flat_map(|line| of_sentence(&line.text, &line.place, words));
    let mut found: Vec<Indicator> = rows.chain(said).take(INDICATORS).collect();
    let written = Written::of(document, &found);
    for indicator in &mut found {
        indicator.name = written.find(&indicator.name);
        indicator.stated = written.find(&indicator.stated);
    }
    found
}

/// A row promises by a name and a value to its right, or by a level with a value under each
/// column that names an indicator.
fn of_table(table: &TableView, words: &Indicators) -> Vec<Indicator> {
    let header = |at: usize| table.columns.get(at).map_or("", |column| column.header.as_str());
    let heads: Vec<CellView> = table
        .columns
        .iter()
        .map(|column| CellView { text: column.header.clone(), place: column.place.clone(), filled: true, head: None })
        .collect();
    // What was taken for a header may be the first row: 支持时间 | 7×24小时.
    let first = std::iter::once((&heads, true)).filter(|(heads, _)| !heads.is_empty());
    let mut found = Vec::new();
    for (row, is_first) in first.chain(table.rows.iter().map(|row| (row, false))) {
        let short = |cell: &&(usize, &CellView)| cell.1.text.chars().count() <= PROMISE && !cell.1.text.is_empty();
        let cells: Vec<(usize, &CellView)> = row.iter().enumerate().filter(|cell| short(&cell)).collect();
        let Some(&(_, name)) = cells.iter().find(|(_, cell)| cell.text.chars().any(char::is_alphabetic)) else {
            continue;
        };
        let values = cells
            .iter()
            .filter(|(at, cell)| !std::ptr::eq(*cell, name) && (is_first || !any(&words.not_columns, header(*at))));
        let own = has_kind(&name.text, words);
        for (at, cell) in values {
            let full = if own { name.text.clone() } else { format!("{}{}", name.text, header(*at)) };
            let before = found.len();
            found.extend(of_value(&full, &cell.text, &cell.place, words));
            if own && found.len() > before {
                break;
            }
        }
    }
    found
}

fn has_kind(text: &str, words: &Indicators) -> bool {
    words.kinds.iter().any(|kind| any(&kind.words, text))
}

/// The promises of a cell under a name: ≤30分钟,一级≤15分钟.
fn of_value(name: &str, value: &str, place: &Place, words: &Indicators) -> Vec<Indicator> {
    parts(value)
        .filter(|part| !any(&words.breaches, part))
        .filter_map(|part| {
            let (measure, number) = single(part)?;
            // A level in the value is the more exact: 事件响应 | 一级≤15分钟.
            let level = level(part, words).or_else(|| level(name, words));
            indicator(name, level, measure, number, words, place, (name, part))
        })
        .collect()
}

/// 重大事件15分钟响应、2小时到场: a part without a level has the level of the part before.
fn of_sentence(text: &str, place: &Place, words: &Indicators) -> Vec<Indicator> {
    // 业务系统(集群、门户)可用率: what it explains parts no promise.
    static ASIDE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\([^()\d]{1,24}\)").expect("a pattern of this file compiles"));
    let text = &ASIDE.replace_all(text, "");
    let mut found = Vec::new();
    let mut last = None;
    for part in parts(text).filter(|part| part.chars().count() <= PROMISE) {
        let own = level(part, words);
        last = own.clone().or(last.filter(|_| !text.contains('。') || found.is_empty()));
        if any(&words.breaches, part) {
            continue;
        }
        let Some((measure, number)) = single(part) else { continue };
        let bare = [&*DURATION, &*SHARE, &*HOURS]
            .iter()
            .fold(in_digits(part).into_owned(), |text, pattern| pattern.replace_all(&text, "").into_owned());
        let name = bare.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let level = own.or_else(|| last.clone());
        found.extend(indicator(&bare, level, measure, number, words, place, (&name, part)));
    }
    found
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '。', ';', '、']).filter(|part| !part.is_empty())
}

/// 三十分钟 is 30分钟; 十分 is no measure.
fn in_digits(text: &str) -> Cow<'_, str> {
    static NUMERAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([一二两三四五六七八九十]{1,3})(个?(?:分钟|小时|工作日|自然日|日历日)|天[^一-龥])")
            .expect("a pattern of this file compiles")
    });
    NUMERAL.replace_all(text, |captures: &Captures<'_>| {
        let number = dates::numeral(&captures[1].replace('两', "二"));
        number.map_or_else(|| captures[0].to_owned(), |number| format!("{number}{}", &captures[2]))
    })
}

/// The one value of a text; None where it has none or several.
fn single(text: &str) -> Option<(Measure, u32)> {
    let text = &in_digits(text);
    let measures = [(Measure::Hours, &*HOURS), (Measure::Share, &*SHARE), (Measure::Duration, &*DURATION)];
    let (measure, pattern) = measures.into_iter().find(|(_, pattern)| pattern.is_match(text))?;
    let mut all = pattern.captures_iter(text);
    let (captures, None) = (all.next()?, all.next()) else { return None };
    let number: f64 = captures[1].parse().ok()?;
    let value = match measure {
        Measure::Hours => number * captures[2].parse::<f64>().ok()?,
        Measure::Share => number * 100.0,
        Measure::Duration => number * minutes(&captures[2]),
    };
    #[expect(clippy::cast_sign_loss, reason = "the patterns take no sign")]
    (value < f64::from(u32::MAX)).then_some((measure, value.round() as u32))
}

fn minutes(unit: &str) -> f64 {
    match unit.chars().next() {
        Some('分' | 'm') => 1.0,
        Some('小' | 'h') => 60.0,
        _ => 24.0 * 60.0,
    }
}

fn level(text: &str, words: &Indicators) -> Option<(usize, String)> {
    words.levels.iter().enumerate().find_map(|(rank, pattern)| {
        let found = pattern.regex().find(text)?;
        Some((rank, found.as_str().to_owned()))
    })
}

fn indicator(
    text: &str,
    level: Option<(usize, String)>,
    measure: Measure,
    value: u32,
    words: &Indicators,
    place: &Place,
    (name, stated): (&str, &str),
) -> Option<Indicator> {
    let is = |kind: &&(usize, &IndicatorKind)| kind.1.measure == measure && any(&kind.1.words, text);
    let kinds: Vec<(usize, &IndicatorKind)> = words.kinds.iter().enumerate().filter(|kind| is(&kind)).collect();
    // A text that names two (响应并解决) promises neither surely.
    let [(kind, of)] = kinds[..] else { return None };
    let subject = subject(text, of, words);
    Some(Indicator {
        kind,
        level,
        subject,
        value,
        name: without_note(name).to_owned(),
        stated: stated.to_owned(),
        place: place.clone(),
    })
}

/// 核心系统可用率(三个系统) without what stands in parentheses.
fn without_note(name: &str) -> &str {
    name.split('(').next().filter(|before| !before.is_empty()).unwrap_or(name)
}

/// What is left of a name without its kind, level and the words that say nothing.
fn subject(text: &str, kind: &IndicatorKind, words: &Indicators) -> String {
    // What a share is of stands before its name; behind it come comparison and reason.
    let before =
        kind.words.iter().find_map(|pattern| pattern.regex().find(text)).filter(|_| kind.measure == Measure::Share);
    let mut rest = before.map_or(text, |found| &text[..found.start()]).to_owned();
    for pattern in kind.words.iter().chain(&words.levels).chain(&words.generic) {
        rest = pattern.regex().replace_all(&rest, "").into_owned();
    }
    rest.retain(char::is_alphanumeric);
    rest
}

/// The document's own characters for normalised names and values.
struct Written(Vec<(String, String)>);

impl Written {
    fn of(document: &Document, wanted: &[Indicator]) -> Self {
        let is_wanted = |text: &String| wanted.iter().any(|one| one.name == *text || one.stated == *text);
        let mut known = Vec::new();
        if wanted.is_empty() {
            return Self(known);
        }
        let mut offer = |text: &str| {
            for text in [text, text.split(['(', '（']).next().unwrap_or(text)] {
                let seen = normalise(text);
                if is_wanted(&seen) {
                    known.push((seen, text.split_whitespace().collect::<Vec<_>>().join(" ")));
                }
            }
        };
        for block in &document.blocks {
            match &block.content {
                Content::Table(table) => {
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        offer(&cell.text);
                        cell.text.split(is_end).for_each(&mut offer);
                    }
                }
                other => other.text().into_iter().flat_map(|text| text.split(is_end)).for_each(&mut offer),
            }
        }
        Self(known)
    }

    fn find(&self, text: &str) -> String {
        self.0.iter().find(|(seen, _)| seen == text).map_or_else(|| text.to_owned(), |(_, written)| written.clone())
    }
}

fn is_end(c: char) -> bool {
    matches!(c, ',' | '，' | '。' | ';' | '；' | '、' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    fn sentence(text: &str) -> Vec<String> {
        let pack = rules::builtin().expect("the shipped pack loads");
        let words = &pack.vocabulary.indicators;
        of_sentence(&normalise(text), &Place::Whole, words).iter().map(told).collect()
    }

    fn row(name: &str, value: &str) -> Vec<String> {
        let pack = rules::builtin().expect("the shipped pack loads");
        of_value(&normalise(name), &normalise(value), &Place::Whole, &pack.vocabulary.indicators)
            .iter()
            .map(told)
            .collect()
    }

    fn told(one: &Indicator) -> String {
        let level = one.level.as_ref().map_or("", |(_, word)| word.as_str());
        format!("{} {level}/{}={}", one.kind, one.subject, one.value)
    }

    #[test]
    fn an_aside_parts_no_promise() {
        let pack = crate::rules::builtin().expect("the shipped pack loads");
        let found = of_sentence("电子病历(住院、门诊)可用率不低于99.5%", &Place::Whole, &pack.vocabulary.indicators);
        assert_eq!(found.iter().map(|one| (one.subject.as_str(), one.value)).collect::<Vec<_>>(), [("电子病历", 9950)]);
    }

    #[test]
    fn sentences_promise() {
        for (text, expected) in [
            ("核心系统年度可用率不低于99.9%；一级事件15分钟内响应", vec!["3 /核心=9990", "0 一级/=15"]),
            ("重大事件15分钟响应、2小时到场，服务水平指标详见附件", vec!["0 重大/=15", "2 重大/=120"]),
            ("甲方按季考核，考核低于85分扣减当季服务费5%", vec![]),
            ("可用率低于99.5%的，扣减当月服务费10%", vec![]),
            ("超过30分钟未响应的，升级至分管副总", vec![]),
            ("可用率每低0.1个百分点，扣合同总价1%", vec![]),
            ("HIS可用率不得低于99.5%", vec!["3 /his=9950"]),
        ] {
            assert_eq!(sentence(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_promise() {
        for (name, value, expected) in [
            ("重大事件响应", "≤60分钟", vec!["0 重大/=60"]),
            ("一级事件恢复", "≤8小时", vec!["1 一级/=480"]),
            ("支持时间", "工作日5×8小时", vec!["5 /=40"]),
            ("安全事件解决率", "≥90%", vec!["4 /=9000"]),
            ("事件响应", "≤30分钟，一级≤15分钟", vec!["0 /=30", "0 一级/=15"]),
            ("视频汇聚平台可用率", "≥99.5%", vec!["3 /视频汇聚=9950"]),
            ("高危漏洞处置", "≤5个工作日", vec!["1 /高危漏洞=7200"]),
            ("巡检完成率", "100%", vec![]),
            ("告警清单送达", "每日9点前", vec![]),
        ] {
            assert_eq!(row(name, value), expected, "{name} {value}");
        }
    }
}
