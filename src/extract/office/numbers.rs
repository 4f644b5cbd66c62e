//! Draws the numbers of lists that a text leaves to Word: `一、`, `（二）`, `3.`.
//!
//! They are part of what a reader sees, and what tells a heading from a paragraph. The library
//! gives a list's pattern but not which list it continues; that is found again by the pattern.

use std::collections::BTreeMap;

use office_oxide::docx::{DocxDocument, NumberFormat};
use office_oxide::ir::{List, ListStyle};

/// Levels of a list (ECMA-376 part 1, 17.9.6).
const LEVELS: usize = 9;

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By level and pattern: the definition that draws so, and whether in Chinese numerals.
    definitions: BTreeMap<(usize, String), (u32, bool)>,
    /// Counters of every definition.
    counters: BTreeMap<u32, [u32; LEVELS]>,
}

impl Numbers {
    pub(super) fn of(document: Option<&DocxDocument>) -> Self {
        let mut numbers = Self::default();
        let Some(numbering) = document.and_then(|document| document.numbering.as_ref()) else { return numbers };
        let mut ids: Vec<u32> = numbering.abstract_nums.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let levels = &numbering.abstract_nums[&id].levels;
            for (level, definition) in (0..LEVELS as u8).filter_map(|level| Some((level, levels.get(&level)?))) {
                let key = (usize::from(level), definition.level_text.clone());
                numbers.definitions.entry(key).or_insert((id, is_chinese(&definition.format)));
            }
        }
        numbers
    }

    /// The number before the next item of a list at `depth` of its group; `first`: it begins the
    /// group. `None`: none is drawn, or none that is known.
    pub(super) fn next(&mut self, list: &List, depth: usize, first: bool) -> Option<String> {
        if !list.ordered {
            return None;
        }
        let pattern = list.marker_pattern.clone().unwrap_or_else(|| format!("%{}.", depth + 1));
        let level = (1..=LEVELS).rev().find(|level| pattern.contains(&format!("%{level}")))? - 1;
        let (id, chinese) = self.definitions.get(&(level, pattern.clone())).copied().unwrap_or_default();
        let counters = self.counters.entry(id).or_default();
        let restarts = first && depth == 0 && list.start_number.is_none();
        counters[level] = if restarts { 1 } else { counters[level] + 1 };
        if first && depth == 0 && counters[level] == 1 {
            counters[level] = list.start_number.filter(|_| level == 0).unwrap_or(1);
        }
        counters[level + 1..].fill(0);
        draw(&pattern, list.style.as_ref(), chinese, counters)
    }
}

fn is_chinese(format: &NumberFormat) -> bool {
    const NAMES: [&str; 4] = ["chineseCounting", "japaneseCounting", "ideographDigital", "taiwaneseCounting"];
    matches!(format, NumberFormat::Other(name) if NAMES.iter().any(|start| name.starts_with(start)))
}

fn draw(pattern: &str, style: Option<&ListStyle>, chinese: bool, counters: &[u32; LEVELS]) -> Option<String> {
    let mut drawn = pattern.to_owned();
    for (level, counter) in (1..).zip(counters) {
        let sign = format!("%{level}");
        if drawn.contains(&sign) {
            let number = match style {
                _ if chinese => chinese_number(*counter),
                Some(ListStyle::LowerAlpha) => letter(*counter, b'a'),
                Some(ListStyle::UpperAlpha) => letter(*counter, b'A'),
                Some(ListStyle::Decimal) => counter.to_string(),
                // Roman and rarer numerals are not drawn: no number is better than a wrong one.
                _ => return None,
            };
            drawn = drawn.replace(&sign, &number);
        }
    }
    Some(drawn)
}

fn chinese_number(number: u32) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |number: u32| DIGITS[number as usize % 10];
    match number {
        0..=9 => digit(number).to_owned(),
        10 => "十".to_owned(),
        11..=19 => format!("十{}", digit(number)),
        20..=99 if number.is_multiple_of(10) => format!("{}十", digit(number / 10)),
        20..=99 => format!("{}十{}", digit(number / 10), digit(number)),
        _ => number.to_string(),
    }
}

fn letter(number: u32, first: u8) -> String {
    let offset = (number.max(1) - 1) % 26;
    char::from(first + offset as u8).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_numbered_as_word_does() {
        let mut numbers = Numbers::default();
        numbers.definitions.insert((0, "%1、".to_owned()), (1, true));
        numbers.definitions.insert((1, "（%2）".to_owned()), (1, true));
        numbers.definitions.insert((0, "%1.".to_owned()), (2, false));
        let list = |pattern: &str, style: Option<ListStyle>, start_number| List {
            ordered: true,
            marker_pattern: Some(pattern.to_owned()),
            style,
            start_number,
            ..List::default()
        };
        let chapters = |start| list("%1、", None, start);
        let sections = |start| list("（%2）", None, start);
        let plain = |start| list("%1.", Some(ListStyle::Decimal), start);
        for (list, depth, first, expected) in [
            (chapters(None), 0, true, "一、"),
            (sections(None), 1, true, "（一）"),
            (plain(None), 0, true, "1."),
            (plain(None), 0, false, "2."),
            // Groups that continue what a paragraph interrupted.
            (sections(Some(2)), 0, true, "（二）"),
            (chapters(Some(3)), 0, true, "二、"),
            (sections(None), 1, true, "（一）"),
        ] {
            assert_eq!(numbers.next(&list, depth, first).as_deref(), Some(expected));
        }
        for (number, chinese) in [(9, "九"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")] {
            assert_eq!(chinese_number(number), chinese);
        }
    }
}
