//! A series has a hole: a month or a quarter that its own cadence leads one to expect.

use std::collections::BTreeSet;

use crate::model::finding::{Finding, Kind, Severity};
use crate::model::time::{Cadence, Period, Span};

use super::{Case, Check, Hit, Slot};

/// Fewer periods of a kind make no series.
const SERIES: usize = 2;
/// A series covers at least this share of the periods it leads one to expect; a register with
/// days here and there promises no month.
const DENSITY: f32 = 0.5;

pub(super) struct MissingPeriod;

impl Check for MissingPeriod {
    fn codes(&self) -> &'static [&'static str] {
        &["missing-period"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots
            .iter()
            .filter(|slot| slot.material.series && !slot.good.is_empty())
            .flat_map(|slot| holes(slot, case))
            .collect()
    }
}

/// Periods finer than a year that the slot's good files are about.
pub(super) fn shown(slot: &Slot<'_>) -> BTreeSet<Period> {
    if !slot.material.series {
        return BTreeSet::new();
    }
    let periods = |hit: &Hit<'_>| {
        let own = hit.periods();
        if !slot.material.events {
            return own.to_vec();
        }
        // The day of an event promises no month; a column of quarters does.
        let mut stated: Vec<Period> =
            own.iter().copied().filter(|period| period.cadence() != Cadence::Monthly).collect();
        if hit.candidate.periods.is_none() {
            stated.extend(hit.facts.time.stated.iter().chain(&hit.facts.time.named));
        }
        stated
    };
    slot.good.iter().flat_map(periods).filter(|period| period.cadence() != Cadence::Yearly).collect()
}

fn holes(slot: &Slot<'_>, case: &Case<'_>) -> Vec<Finding> {
    let Some(window) = slot.window else { return Vec::new() };
    let until = window.to.min(case.settings.as_of);
    let window = Span { from: window.from, to: until };
    let shown = quarterly(slot).unwrap_or_else(|| shown(slot));
    let Some((expected, covered)) = cadence(&shown, window) else { return Vec::new() };
    expected
        .into_iter()
        .filter(|period| !covered.contains(period))
        .map(|period| {
            let kind = Kind::MissingPeriod { period: period.label(), shown: covered.len(), instead: None };
            Finding {
                confidence: slot.confidence(),
                looked_at: slot.good.iter().map(|hit| hit.facts.path.clone()).collect(),
                ..slot.finding(case.settings, kind, Severity::Error, "定期")
            }
        })
        .collect()
}

/// Files of one quarter each, with rows of its months, are a quarterly series. Sheets or headings that
/// name the months are a monthly one, however they are filed.
fn quarterly(slot: &Slot<'_>) -> Option<BTreeSet<Period>> {
    let by_month =
        |hit: &Hit<'_>| hit.facts.time.stated.iter().filter(|period| period.cadence() == Cadence::Monthly).count() > 1;
    if slot.good.iter().any(by_month) {
        return None;
    }
    let of_file = |periods: &[Period]| -> Option<Period> {
        let months = periods.iter().all(|period| period.cadence() == Cadence::Monthly);
        let quarter = Period::of(periods.first()?.span().from, Cadence::Quarterly);
        let days = quarter.span();
        (months && periods.iter().all(|period| days.contains(period.span().from))).then_some(quarter)
    };
    let files: Vec<&[Period]> = slot.good.iter().map(Hit::periods).collect();
    let quarters: BTreeSet<Period> = files.iter().map(|periods| of_file(periods)).collect::<Option<_>>()?;
    let long = files.iter().filter(|periods| periods.len() > 1).count();
    (quarters.len() == files.len() && quarters.len() >= SERIES && long * 2 > files.len()).then_some(quarters)
}

/// The finest cadence that the series keeps, what it leads one to expect, and what is covered.
fn cadence(shown: &BTreeSet<Period>, window: Span) -> Option<(Vec<Period>, BTreeSet<Period>)> {
    [Cadence::Monthly, Cadence::Quarterly].into_iter().find_map(|cadence| {
        let expected = cadence.periods_within(window);
        // April, May and June are the second quarter.
        let in_parts = |period: &Period| {
            cadence != Cadence::Monthly
                && Cadence::Monthly.periods_within(period.span()).iter().all(|month| shown.contains(month))
        };
        let own = expected.iter().filter(|period| shown.contains(period) || in_parts(period)).count();
        let covers = |period: &Period| {
            let days = period.span();
            let whole = shown.iter().any(|other| {
                other.cadence() >= cadence && {
                    let span = other.span();
                    span.from <= days.from && days.to <= span.to
                }
            });
            whole || in_parts(period)
        };
        let covered: BTreeSet<Period> = expected.iter().copied().filter(covers).collect();
        let dense = own as f32 >= expected.len() as f32 * DENSITY;
        (own >= SERIES && dense).then_some((expected, covered))
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::findings;

    /// Holes of a series of records made of these files: a name and the days of its rows.
    fn holes(files: &[(&str, &[&str])]) -> Vec<String> {
        let text = |days: &[&str]| {
            let row = |day: &&str| format!("|{day}|防火墙策略集|138 条|142 条|BG25-103|鲍松\n");
            let rows: String = days.iter().map(row).collect();
            format!("# 配置项更新维护记录\n|更新日期|配置项|更新前|更新后|依据变更单|更新人\n{rows}")
        };
        let texts: Vec<(String, String)> =
            files.iter().map(|(name, days)| (format!("{name}.docx"), text(days))).collect();
        let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let found = findings(&files, &["missing-period"]);
        found.into_iter().filter(|(_, clause, _)| *clause == Some(34)).map(|(_, _, period)| period).collect()
    }

    #[test]
    fn files_of_a_quarter_each_lack_a_quarter_not_its_months() {
        let first: &[&str] = &["2025-01-10", "2025-02-11", "2025-03-12"];
        let third: &[&str] = &["2025-07-10", "2025-08-11", "2025-09-12"];
        let fourth: &[&str] = &["2025-10-10", "2025-11-11", "2025-12-12"];
        assert_eq!(holes(&[("一", first), ("三", third), ("四", fourth)]), ["2025-Q2"]);
        let months =
            ["01", "02", "03", "04", "06", "07", "08", "09", "10", "11", "12"].map(|month| format!("2025-{month}-10"));
        let days: Vec<[&str; 1]> = months.iter().map(|day| [day.as_str()]).collect();
        let files: Vec<(&str, &[&str])> =
            months.iter().zip(&days).map(|(day, days)| (day.as_str(), &days[..])).collect();
        assert_eq!(holes(&files), ["2025-05"]);
    }

    /// Holes of the files as they are, of one clause.
    fn holes_of(clause: u32, files: &[(&str, &str)]) -> Vec<String> {
        let found = findings(files, &["missing-period"]);
        found.into_iter().filter(|(_, of, _)| *of == Some(clause)).map(|(_, _, period)| period).collect()
    }

    #[test]
    fn a_column_of_quarters_is_a_series_though_the_days_of_events_are_none() {
        let rows = |quarters: &[&str]| {
            let row = |quarter: &&str| format!("|2025年第{quarter}季度|防火墙策略集|138 条|142 条|BG25-103|鲍松\n");
            format!(
                "# 配置项更新维护记录\n|季度|配置项|更新前|更新后|依据变更单|更新人\n{}",
                quarters.iter().map(row).collect::<String>()
            )
        };
        assert_eq!(holes_of(34, &[("a.docx", &rows(&["一", "二", "四"]))]), ["2025-Q3"]);
        assert_eq!(holes_of(34, &[("a.docx", &rows(&["一", "二", "三", "四"]))]), Vec::<String>::new());
    }

    #[test]
    fn reports_bound_into_one_file_give_each_their_period() {
        let report = |season: &str, span: &str| {
            format!(
                "# {season}学期服务报告\n报告区间：{span}　编写：林曼\n# 统计\n工单63件，按时办结62件。\n# 分析\n故障以终端老旧为主。\n"
            )
        };
        let spring = report("春季", "2025年1月1日—7月31日");
        let both = spring.clone() + &report("秋季", "2025年8月1日—12月31日");
        assert_eq!(holes_of(44, &[("a.docx", &both)]), Vec::<String>::new());
        assert_eq!(holes_of(44, &[("a.docx", &both.replace("2025年8月1日", "2025年9月1日"))]), ["2025-08"]);
    }

    #[test]
    fn reports_bound_under_headings_lack_the_month_that_is_absent_or_only_announced() {
        let report = |months: &[u32], announced: u32| {
            let of = |month: &u32| {
                let text = if *month == announced {
                    "本月报告由项目组后补，预计下月15日前提交。".to_owned()
                } else {
                    format!("工单{}张，全部办结；告警以扫描为主，原因是外部探测增多。", 40 + month)
                };
                format!("# 2025年{month}月服务报告\n{text}\n")
            };
            format!("# 安全运维服务月报合订本\n编制：项目组\n{}", months.iter().map(of).collect::<String>())
        };
        let all: Vec<u32> = (1..=12).collect();
        let but_ten: Vec<u32> = all.iter().copied().filter(|month| *month != 10).collect();
        assert_eq!(holes_of(44, &[("a.docx", &report(&all, 0))]), Vec::<String>::new());
        assert_eq!(holes_of(44, &[("a.docx", &report(&but_ten, 0))]), ["2025-10"]);
        assert_eq!(holes_of(44, &[("a.docx", &report(&all, 10))]), ["2025-10"]);
    }
}
