//! Days and periods as people write them.
//!
//! All functions take normalised text. Start reading at [`periods`] and [`days`].

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use crate::model::time::{Cadence, Period, Span};

/// Years that evidence can carry: an `8` digit serial number is no date.
const YEARS: std::ops::RangeInclusive<i16> = 2005..=2049;

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("a pattern of this file compiles"));
    };
}

pattern!(
    CHINESE_DATE,
    r"二[〇○零0]([一二三四五六七八九〇○零]{2})年(?:(十[一二]?|[一二三四五六七八九])月(?:(三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])日)?)?"
);
pattern!(
    RANGE,
    r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?(?:起)?(?:,|、)?(?:至|到|-|~|—|–|~)+(?:(20\d\d)[年./-])?(\d{1,2})[月./-](\d{1,2})日?"
);
// Without white space a time of day follows at once: 2025-03-1809:30.
pattern!(DAY, r"(?:^|[^\d])(20\d\d)[年./-](\d{1,2})[月./-](3[01]|[12]\d|0?[1-9])(?:日|[^\d]|\d{1,2}:\d{2}|$)");
pattern!(COMPACT_DAY, r"(?:^|[^\d])(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:[^\d]|$)");
pattern!(SHORT_DAY, r"(?:^|[^\d.])([12]\d)[.年](\d{1,2})[.月](\d{1,2})(?:日|[^\d.%]|$)");
pattern!(SLASH_DAY, r"(?:^|[^\d./-])(2\d)/(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?:[^\d/%]|\d{1,2}:\d{2}|$)");
pattern!(MONTH_RANGE, r"(?:(20\d\d)年?)?(\d{1,2})月?(?:至|到|-|~|—|–)+(\d{1,2})月");
pattern!(YEARS_RANGE, r"(20\d\d)[年./-](\d{1,2})月?(?:至|到|-|~|—|–)+(20\d\d)[年./-](\d{1,2})(?:月|[^\d./-]|$)");
pattern!(HALF, r"(?:(20\d\d)年?)?度?(上|下)半年");
pattern!(QUARTER, r"(?:(20\d\d)年?度?[-_.]?)?(?:第?([一二三四1-4])季度?|q([1-4]))");
pattern!(MONTH, r"(?:^|[^\d])(20\d\d)[年./_-]?(1[0-2]|0?[1-9])(?:月|[^\d.]|$)");
pattern!(SHORT_YEAR_MONTH, r"(?:^|[^\d])([12]\d)(0[1-9]|1[0-2])(?:[^\d]|$)");
// A number behind a hyphen counts on from the one before it: the 06 of QR-12-06月度 is no June, nor is
// the 10 of R10月巡检表 an October.
pattern!(BARE_MONTH, r"(?:^|[^\da-z年-]|[^\d]-|[a-z]{3})(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月");
pattern!(YUE, r"(\d)yue(?:fen)?");
pattern!(
    ENGLISH_MONTH,
    r"(^|[^a-z])(jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?(\.|[^a-z]|$)"
);
pattern!(FIRST_MONTHS, r"(?:年)(?:的)?(?:头|开头|前)(?:三|3)个?月");
pattern!(
    HAN_RANGE,
    r"(^|[^月十])(十[一二]?|[一二三四五六七八九])月?(?:至|到|-|~|—|–)+(十[一二]?|[一二三四五六七八九])月"
);
// 25年3-5月, 26年第一季度; 25年 alone may be how long something lasted.
pattern!(
    SHORT_YEAR,
    r"(^|[^\d])(2\d)(?:年度?(\d{1,2}[月~—–至到-]|第?[一二三四1-4]季|[上下]半|q[1-4])|-((?:0[1-9]|1[0-2])月))"
);
pattern!(YEAR, r"(?:^|[^\d])(20\d\d)(?:年度?|全年|年|[^\d.]|$)");

/// Every day in the text, in order, each once.
#[must_use]
pub(super) fn days(text: &str) -> Vec<Date> {
    let text = &digits(text);
    let mut found: Vec<(usize, Date)> = Vec::new();
    for pattern in [&*DAY, &*COMPACT_DAY, &*SHORT_DAY, &*SLASH_DAY] {
        let mut at = 0;
        while let Some(captures) = pattern.captures_at(text, at) {
            let whole = captures.get(0).expect("group 0 always matches");
            if let Some(day) = day(&captures, 1) {
                found.push((whole.start(), day));
            }
            // The character behind a day may be the one before the next.
            at = captures.get(3).expect("a day has three groups").end();
        }
    }
    found.sort();
    let mut days: Vec<Date> = Vec::new();
    for (_, day) in found {
        if !days.contains(&day) {
            days.push(day);
        }
    }
    days
}

/// Every range of days in the text: 自2025年1月1日起至2025年12月31日止.
#[must_use]
pub(super) fn ranges(text: &str) -> Vec<Span> {
    let text = &digits(text);
    RANGE
        .captures_iter(text)
        .filter_map(|captures| {
            let from = day(&captures, 1)?;
            let year = captures.get(4).and_then(|year| year.as_str().parse().ok()).unwrap_or(from.year());
            let to = Date::new(year, number(&captures, 5)?, number(&captures, 6)?).ok()?;
            (from <= to).then_some(Span { from, to })
        })
        .collect()
}

/// The periods that a title, a sheet's name or a file's name speaks of, the finest it gives.
/// `year` is for those that give none: 三月份, Q1, 下半年.
#[must_use]
pub(super) fn periods(text: &str, year: Option<i16>) -> Vec<Period> {
    let text = &digits(text);
    let mut found = Vec::new();
    let year = years(text).first().copied().or(year);
    let year_of = |captures: &Captures<'_>| {
        captures.get(1).and_then(|y| y.as_str().parse().ok()).filter(|y| YEARS.contains(y)).or(year)
    };
    for captures in YEARS_RANGE.captures_iter(text) {
        if let (Some(first), Some(from), Some(last), Some(to)) = (
            number::<i16>(&captures, 1),
            number::<i8>(&captures, 2),
            number::<i16>(&captures, 3),
            number::<i8>(&captures, 4),
        ) && YEARS.contains(&first)
            && (first..=first + 3).contains(&last)
            && (first, from) < (last, to)
        {
            // 2025.4-2025.12.
            if first == last {
                found.extend(months(first, from, to));
                continue;
            }
            let named = |year: i16, month: i8| (year, month) >= (first, from) && (year, month) <= (last, to);
            let all = (first..=last).flat_map(|year| (1..=12).map(move |month| (year, month)));
            found.extend(
                all.filter(|(year, month)| named(*year, *month)).map(|(year, month)| Period::Month(year, month)),
            );
        }
    }
    if !found.is_empty() {
        return found;
    }
    for captures in MONTH_RANGE.captures_iter(text) {
        if let (Some(year), Some(from), Some(to)) =
            (year_of(&captures), number::<i8>(&captures, 2), number::<i8>(&captures, 3))
        {
            found.extend(months(year, from, to));
        }
    }
    for captures in QUARTER.captures_iter(text) {
        let quarter = captures.get(2).or_else(|| captures.get(3)).and_then(|quarter| numeral(quarter.as_str()));
        if let (Some(year), Some(quarter)) = (year_of(&captures), quarter) {
            found.push(Period::Quarter(year, quarter));
        }
    }
    for captures in HALF.captures_iter(text) {
        if let Some(year) = year_of(&captures) {
            found.push(Period::Half(year, if &captures[2] == "上" { 1 } else { 2 }));
        }
    }
    if found.is_empty() {
        found = single_months(text, year);
    }
    if found.is_empty() {
        found.extend(years(text).into_iter().map(Period::Year));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn single_months(text: &str, year: Option<i16>) -> Vec<Period> {
    let mut found: Vec<Period> = Vec::new();
    for captures in MONTH.captures_iter(text) {
        if let (Some(year), Some(month)) = (number::<i16>(&captures, 1), number::<i8>(&captures, 2))
            && YEARS.contains(&year)
        {
            found.push(Period::Month(year, month));
        }
    }
    if found.is_empty() {
        found.extend(days(text).into_iter().map(|day| Period::of(day, Cadence::Monthly)));
    }
    if found.is_empty() {
        for captures in BARE_MONTH.captures_iter(text) {
            // 05月度巡检 is the fifth sheet of monthly ones.
            let end = captures.get(0).map_or(0, |all| all.end());
            let counted = captures[1].starts_with('0') && text[end..].starts_with('度');
            if let (Some(year), Some(month), false) = (year, numeral(&captures[1]), counted) {
                found.push(Period::Month(year, month));
            }
        }
    }
    found
}

/// `2501` in a file's name, where nothing else says a period: 2501巡检.
#[must_use]
pub(super) fn short_month(name: &str) -> Option<Period> {
    let captures = SHORT_YEAR_MONTH.captures(name)?;
    let year = 2000 + number::<i16>(&captures, 1)?;
    Some(Period::Month(year, number(&captures, 2)?))
}

/// Years named in the text, in order.
#[must_use]
pub(super) fn years(text: &str) -> Vec<i16> {
    let text = &digits(text);
    // 2024-077 is a number of that year, not the year.
    let counted = |captures: &Captures<'_>| {
        let behind = captures.get(1).map_or("", |year| &text[year.end()..]);
        let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).count();
        behind.strip_prefix('-').is_some_and(|rest| digits(rest) == 3)
    };
    let mut found: Vec<i16> = YEAR
        .captures_iter(text)
        .filter(|captures| !counted(captures))
        .filter_map(|captures| number(&captures, 1))
        .filter(|y| YEARS.contains(y))
        .collect();
    found.dedup();
    found
}

fn months(year: i16, from: i8, to: i8) -> Vec<Period> {
    match (from, to) {
        (1, 12) => vec![Period::Year(year)],
        (1, 6) => vec![Period::Half(year, 1)],
        (7, 12) => vec![Period::Half(year, 2)],
        (1, 3) | (4, 6) | (7, 9) | (10, 12) => vec![Period::Quarter(year, (from - 1) / 3 + 1)],
        (1..=12, 1..=12) if from < to => (from..=to).map(|month| Period::Month(year, month)).collect(),
        // 12-2月 is a winter.
        (10..=12, 1..=3) => (from..=12)
            .map(|month| Period::Month(year, month))
            .chain((1..=to).map(|month| Period::Month(year + 1, month)))
            .collect(),
        _ => Vec::new(),
    }
}

fn day(captures: &Captures<'_>, first: usize) -> Option<Date> {
    let year: i16 = number(captures, first)?;
    let year = if year < 100 { 2000 + year } else { year };
    if !YEARS.contains(&year) {
        return None;
    }
    Date::new(year, number(captures, first + 1)?, number(captures, first + 2)?).ok()
}

fn number<T: std::str::FromStr>(captures: &Captures<'_>, group: usize) -> Option<T> {
    captures.get(group)?.as_str().parse().ok()
}

/// `3`, `三`, `十二`.
pub(super) fn numeral(text: &str) -> Option<i8> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| {
        "〇一二三四五六七八九".chars().position(|d| d == c).or(matches!(c, '○' | '零').then_some(0)).map(|d| d as i8)
    };
    let (tens, ones) = match text.split_once('十') {
        Some(("", ones)) => (1, ones),
        Some((tens, ones)) => (digit(tens.chars().next()?)?, ones),
        None => (0, text),
    };
    let ones = ones.chars().next().map_or(Some(0), digit)?;
    Some(tens * 10 + ones)
}

/// As English shortens them.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// 二〇二五年三月十五日 in digits, 25年3月 with its century; the rest as it is.
pub(super) fn digits(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    // 7-9yue in a file's name.
    if text.contains("yue") {
        text = Cow::Owned(YUE.replace_all(&text, "${1}月").into_owned());
    }
    if text.contains("个月") {
        text = Cow::Owned(FIRST_MONTHS.replace_all(&text, "年第1季度").into_owned());
    }
    if ENGLISH_MONTH.is_match(&text) {
        let number = |name: &str| MONTHS.iter().position(|month| *month == name).map_or(0, |at| at + 1);
        let written = ENGLISH_MONTH.replace_all(&text, |captures: &Captures<'_>| {
            format!("{}{}月{}", &captures[1], number(&captures[2]), &captures[3])
        });
        text = Cow::Owned(written.into_owned());
    }
    if HAN_RANGE.is_match(&text) {
        let number = |text: &str| numeral(text).map_or_else(|| text.to_owned(), |number| number.to_string());
        let written = HAN_RANGE.replace_all(&text, |captures: &Captures<'_>| {
            format!("{}{}-{}月", &captures[1], number(&captures[2]), number(&captures[3]))
        });
        text = Cow::Owned(written.into_owned());
    }
    if text.contains('二') {
        let written = CHINESE_DATE.replace_all(&text, |captures: &Captures<'_>| {
            let year: String =
                captures[1].chars().filter_map(|c| numeral(&c.to_string())).map(|d| d.to_string()).collect();
            let part = |group, unit| {
                captures
                    .get(group)
                    .and_then(|part| numeral(part.as_str()))
                    .map_or(String::new(), |n| format!("{n}{unit}"))
            };
            format!("20{year}年{}{}", part(2, '月'), part(3, '日'))
        });
        text = Cow::Owned(written.into_owned());
    }
    // The end of a range begins where the match of its start ends.
    while SHORT_YEAR.is_match(&text) {
        text = Cow::Owned(SHORT_YEAR.replace_all(&text, "${1}20${2}年${3}${4}").into_owned());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::normalise;

    #[test]
    fn a_number_of_a_year_is_no_year() {
        for (text, expected) in
            [("合同qdbwg-2024-077", vec![]), ("巡检报告-2024-12", vec![2024]), ("总结2024", vec![2024])]
        {
            assert_eq!(years(text), expected, "{text}");
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2025年3月18日", vec!["2025-03-18"]),
            ("2025-03-18 09:30", vec!["2025-03-18"]),
            ("2025-3-8 9:30", vec!["2025-03-08"]),
            ("2025.3.8、2025/4/9", vec!["2025-03-08", "2025-04-09"]),
            ("资产识别表_20250117", vec!["2025-01-17"]),
            ("二〇二五年三月十五日", vec!["2025-03-15"]),
            ("二○二四年十二月三十一日", vec!["2024-12-31"]),
            ("26.3.15 签", vec!["2026-03-15"]),
            ("日期：25/01/06　9:10–16:25", vec!["2025-01-06"]),
            ("24/7/365", vec![]),
            ("2025年2月30日", vec![]),
            ("版本1.2.3,编号20259999", vec![]),
        ] {
            let found: Vec<String> = days(&normalise(text)).iter().map(ToString::to_string).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn periods_are_read_as_people_write_them() {
        for (text, year, expected) in [
            ("2025年第一季度安全运维服务报告", None, vec!["2025-Q1"]),
            ("安全配置采集_2025Q3", None, vec!["2025-Q3"]),
            ("日志审计Q2", Some(2025), vec!["2025-Q2"]),
            ("2025-08 日常巡检记录", None, vec!["2025-08"]),
            ("巡检记录单202509", None, vec!["2025-09"]),
            ("三月份", Some(2025), vec!["2025-03"]),
            ("日报汇总_10月", Some(2025), vec!["2025-10"]),
            ("2025年上半年日志审计", None, vec!["2025-H1"]),
            ("流量信息采集记录(1-3月)", Some(2025), vec!["2025-Q1"]),
            ("2025年安全设备维护记录(1-12月)", None, vec!["2025"]),
            ("2025年度总结", None, vec!["2025"]),
            ("2025年馆区安全运维第三季度报告", None, vec!["2025-Q3"]),
            ("数据窗口:2024-12—2025-02", None, vec!["2024-12", "2025-01", "2025-02"]),
            ("2025年11月至12月值守", None, vec!["2025-11", "2025-12"]),
            ("健康检查", Some(2025), vec![]),
            ("2025_7-9yue巡检", None, vec!["2025-Q3"]),
            ("25年9月", None, vec!["2025-09"]),
            ("25年3-5月", None, vec!["2025-03", "2025-04", "2025-05"]),
            ("25年12-26年2月", None, vec!["2025-12", "2026-01", "2026-02"]),
            ("26年第一季度", None, vec!["2026-Q1"]),
            ("QR-12-06 月度点检记录", Some(2025), vec![]),
            ("TC-YW-R10 月巡检表", Some(2025), vec![]),
            ("xunjian10月", Some(2025), vec!["2025-10"]),
            ("巡检-6月", Some(2025), vec!["2025-06"]),
            ("从业25年", None, vec![]),
            ("澜汀港调研报告_20250305", None, vec!["2025-03"]),
        ] {
            let found: Vec<String> = periods(&normalise(text), year).into_iter().map(Period::label).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn ranges_may_leave_the_second_year_out() {
        for (text, expected) in [
            ("自2025年1月1日起至2025年12月31日止", "2025-01-01..2025-12-31"),
            ("2025.4.1-12.31", "2025-04-01..2025-12-31"),
            ("2025-04-01~2026-03-31", "2025-04-01..2026-03-31"),
        ] {
            let found = ranges(&normalise(text));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(format!("{}..{}", found[0].from, found[0].to), expected);
        }
    }
}
