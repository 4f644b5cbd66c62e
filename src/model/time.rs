//! Dates, periods and cadences as documents speak of them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Both days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub from: Date,
    pub to: Date,
}

impl Span {
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// The days that both have, if any.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (both.from <= both.to).then_some(both)
    }
}

/// A calendar unit that a record or report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Period {
    Year(i16),
    /// Half 1 or 2.
    Half(i16, i8),
    /// Quarter 1 to 4.
    Quarter(i16, i8),
    /// Month 1 to 12.
    Month(i16, i8),
}

/// How often a series repeats, by what the series itself shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cadence {
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
}

impl Period {
    /// Its first and last day.
    ///
    /// # Panics
    /// On a month, quarter or half that no calendar has; [`Period`]s are made of checked numbers.
    #[must_use]
    pub fn span(self) -> Span {
        let months = |year: i16, first: i8, count: i8| {
            let from = Date::new(year, first, 1).expect("a period's year and month are in range");
            let last = Date::new(year, first + count - 1, 1).expect("a period's year and month are in range");
            Span { from, to: last.last_of_month() }
        };
        match self {
            Self::Year(year) => months(year, 1, 12),
            Self::Half(year, half) => months(year, (half - 1) * 6 + 1, 6),
            Self::Quarter(year, quarter) => months(year, (quarter - 1) * 3 + 1, 3),
            Self::Month(year, month) => months(year, month, 1),
        }
    }

    #[must_use]
    pub fn cadence(self) -> Cadence {
        match self {
            Self::Year(_) => Cadence::Yearly,
            Self::Half(..) => Cadence::HalfYearly,
            Self::Quarter(..) => Cadence::Quarterly,
            Self::Month(..) => Cadence::Monthly,
        }
    }

    /// The period of this cadence that a day falls in.
    #[must_use]
    pub fn of(day: Date, cadence: Cadence) -> Self {
        match cadence {
            Cadence::Yearly => Self::Year(day.year()),
            Cadence::HalfYearly => Self::Half(day.year(), (day.month() - 1) / 6 + 1),
            Cadence::Quarterly => Self::Quarter(day.year(), (day.month() - 1) / 3 + 1),
            Cadence::Monthly => Self::Month(day.year(), day.month()),
        }
    }

    /// As machines name it: `2025`, `2025-H1`, `2025-Q3`, `2025-08`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Half(year, half) => format!("{year:04}-H{half}"),
            Self::Quarter(year, quarter) => format!("{year:04}-Q{quarter}"),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
        }
    }

    /// The period of such a [label](Self::label).
    #[must_use]
    pub fn named(label: &str) -> Option<Self> {
        let (year, part) = label.split_once('-').map_or((label, None), |(year, part)| (year, Some(part)));
        let year = year.parse().ok().filter(|year| (1..=9998).contains(year))?;
        let number = |text: &str, most: i8| text.parse().ok().filter(|n| (1..=most).contains(n));
        Some(match part {
            None => Self::Year(year),
            Some(part) => match (part.strip_prefix('H'), part.strip_prefix('Q')) {
                (Some(half), _) => Self::Half(year, number(half, 2)?),
                (_, Some(quarter)) => Self::Quarter(year, number(quarter, 4)?),
                _ => Self::Month(year, number(part, 12)?),
            },
        })
    }
}

impl Cadence {
    /// Every period of this cadence that lies wholly inside `span`, in order.
    #[must_use]
    pub fn periods_within(self, span: Span) -> Vec<Period> {
        let mut found = Vec::new();
        let mut day = span.from;
        while day <= span.to {
            let period = Period::of(day, self);
            let whole = period.span();
            if span.from <= whole.from && whole.to <= span.to {
                found.push(period);
            }
            match whole.to.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn periods_have_names_and_spans() {
        for (period, label, from, to) in [
            (Period::Month(2024, 2), "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
            (Period::Quarter(2025, 4), "2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
            (Period::Half(2025, 2), "2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
            (Period::Year(2025), "2025", date(2025, 1, 1), date(2025, 12, 31)),
        ] {
            assert_eq!(period.label(), label);
            assert_eq!(Period::named(label), Some(period));
            assert_eq!(period.span(), Span { from, to });
            assert_eq!(Period::of(from, period.cadence()), period);
        }
    }

    #[test]
    fn a_label_of_no_period_names_none() {
        for label in ["", "2025-13", "2025-Q5", "2025-H0", "2025-08-01", "0000", "第一季度"] {
            assert_eq!(Period::named(label), None, "{label}");
        }
    }

    #[test]
    fn only_whole_periods_are_expected() {
        let span = Span { from: date(2025, 4, 10), to: date(2025, 7, 31) };
        let labels = |cadence: Cadence| cadence.periods_within(span).into_iter().map(Period::label).collect::<Vec<_>>();
        assert_eq!(labels(Cadence::Monthly), ["2025-05", "2025-06", "2025-07"]);
        assert_eq!(labels(Cadence::Quarterly), Vec::<String>::new());
    }
}
