//! The contract that a document speaks of: its number, and amounts of money.
//!
//! Start reading at [`of`].

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::model::document::Place;
use crate::model::pack::{DocumentKind, Pattern, Vocabulary};

use super::kind;
use super::view::{Line, Role, Section, View, any};

/// Longer texts behind a label are sentences; in characters.
const VALUE: usize = 40;
/// A contract names few sums and a list of prices many: these are enough to find one again.
const SUMS: usize = 60;
/// Lines from the top among which a contract gives its number.
const TOP: usize = 6;
/// A number has at least so many letters and digits.
const NUMBER: usize = 5;

/// A number or sum as a document gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated<T> {
    /// Normalised.
    pub text: String,
    pub value: T,
    pub place: Place,
}

/// What a document says of the contract that it belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Behind a label: 合同编号.
    pub number: Option<Stated<String>>,
    /// Behind a label: 合同金额; in fen.
    pub amount: Option<Stated<u64>>,
    /// Every sum in the document, in fen.
    pub sums: Vec<u64>,
}

static SUM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d[\d,]*(?:\.\d{1,4})?)(万)?元|[¥¥](\d[\d,]*(?:\.\d{1,2})?)(万)?")
        .expect("a pattern of this file compiles")
});
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9][a-z0-9()〔〕\[\]/_.\-—–]{3,38}[a-z0-9]").expect("a pattern of this file compiles")
});

/// Reads a document's labels and sums.
pub(super) fn of(view: &View, vocabulary: &Vocabulary) -> Contract {
    let labels = &vocabulary.contract;
    let pairs = pairs(view);
    let labelled = |patterns: &[Pattern]| {
        pairs
            .iter()
            .filter(|(label, ..)| any(patterns, label))
            .map(|(_, value, place)| (*value, *place))
            .collect::<Vec<_>>()
    };
    let code = |(value, place): (&str, &Place)| {
        let code = CODE.find(value)?.as_str();
        (letters(code).len() >= NUMBER).then(|| Stated {
            text: code.to_owned(),
            value: letters(code),
            place: place.clone(),
        })
    };
    let number = labelled(&labels.numbers).into_iter().find_map(code);
    let number = number.or_else(|| unlabelled(view, vocabulary).find_map(code));
    let amount = labelled(&labels.amounts).into_iter().find_map(|(value, place)| {
        let (sum, text) = sums(value).next()?;
        Some(Stated { text: text.to_owned(), value: sum, place: place.clone() })
    });
    let amount = amount.or_else(|| priced(view, vocabulary));
    let mut all: Vec<u64> = view.body.lines().flat_map(sums).map(|(sum, _)| sum).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(SUMS);
    Contract { number, amount, sums: all }
}

fn is_contract(view: &View, vocabulary: &Vocabulary) -> bool {
    view.title().and_then(|line| kind::of_title(&line.text, vocabulary)) == Some(DocumentKind::Agreement)
}

/// 合同号HX-2025-018 on a line of its own, without a colon; 编号 will do where the document is a contract.
fn unlabelled<'v>(view: &'v View, vocabulary: &'v Vocabulary) -> impl Iterator<Item = (&'v str, &'v Place)> {
    let is_contract = is_contract(view, vocabulary);
    let labels = &vocabulary.contract;
    let lines = view.lines.iter().filter(|line| line.role != Role::Contents).take(TOP);
    lines.filter_map(move |line| {
        let label = line.text.trim_end_matches(|c: char| c.is_ascii() || "〔〕—–".contains(c));
        let names = any(&labels.numbers, label) || (is_contract && any(&labels.own, label));
        (names && label.len() < line.text.len()).then(|| (&line.text[label.len()..], &line.place))
    })
}

/// The first sum of the article on the price, or behind such a label without a colon.
fn priced(view: &View, vocabulary: &Vocabulary) -> Option<Stated<u64>> {
    let labels = &vocabulary.contract;
    let stated = |line: &Line| {
        let (value, text) = sums(&line.text).next()?;
        Some(Stated { text: text.to_owned(), value, place: line.place.clone() })
    };
    let statements = || view.lines.iter().filter(|line| line.role == Role::Statement);
    let of_article = |section: &Section| {
        let inside = |line: &&Line| section.blocks.contains(&line.block);
        let heading = section.heading.text.as_str();
        let names =
            any(&labels.amounts, heading) || (is_contract(view, vocabulary) && any(&labels.own_amounts, heading));
        names.then(|| statements().filter(inside).find_map(stated)).flatten()
    };
    let said = |line: &Line| any(&labels.prices, &line.text).then(|| stated(line)).flatten();
    view.sections.iter().find_map(of_article).or_else(|| statements().find_map(said))
}

/// Labels with what stands behind them, in a line, in a cell, or in the cell beside.
fn pairs(view: &View) -> Vec<(&str, &str, &Place)> {
    let lines =
        view.lines.iter().filter(|line| line.role != Role::Contents).map(|line| (line.text.as_str(), &line.place));
    let captions = view.tables.iter().flat_map(|table| &table.caption).map(|line| (line.text.as_str(), &line.place));
    let cells =
        view.tables.iter().flat_map(|table| table.rows.iter().flatten()).map(|cell| (cell.text.as_str(), &cell.place));
    let mut found = Vec::new();
    for (text, place) in lines.chain(captions).chain(cells) {
        let parts: Vec<&str> = text.split(':').collect();
        for pair in parts.windows(2) {
            let label = pair[0].rsplit(['。', ';', ',', '(', ')']).next().unwrap_or_default();
            found.push((label, first(pair[1]), place));
        }
    }
    for table in &view.tables {
        // A form's first rows may have been taken for captions, cell by cell.
        found
            .extend(table.caption.windows(2).map(|pair| (pair[0].text.as_str(), first(&pair[1].text), &pair[1].place)));
        let heads: Vec<(&str, &Place)> =
            table.columns.iter().map(|column| (column.header.as_str(), &column.place)).collect();
        let rows =
            table.rows.iter().map(|row| row.iter().map(|cell| (cell.text.as_str(), &cell.place)).collect::<Vec<_>>());
        for row in std::iter::once(heads).chain(rows) {
            found.extend(row.windows(2).map(|pair| (pair[0].0, first(pair[1].0), pair[1].1)));
        }
    }
    found
}

/// The value's first characters: what follows has little to do with its label.
fn first(value: &str) -> &str {
    let end = value.char_indices().nth(VALUE).map_or(value.len(), |(at, _)| at);
    &value[..end]
}

/// Sums of money in a text, in fen, as they are written.
fn sums(text: &str) -> impl Iterator<Item = (u64, &str)> {
    SUM.captures_iter(text).filter_map(|found| {
        let digits = found.get(1).or_else(|| found.get(3))?.as_str().replace(',', "");
        let (whole, rest) = digits.split_once('.').unwrap_or((&digits, ""));
        let unit: u64 = if found.get(2).or_else(|| found.get(4)).is_some() { 1_000_000 } else { 100 };
        let mut fen = whole.parse::<u64>().ok()?.checked_mul(unit)?;
        let mut part = unit;
        for digit in rest.chars().filter_map(|c| c.to_digit(10)) {
            part /= 10;
            fen = fen.checked_add(u64::from(digit) * part)?;
        }
        Some((fen, found.get(0)?.as_str()))
    })
}

/// Letters and digits alone: people write hyphens and brackets in many ways.
fn letters(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::super::observe::sample;
    use super::*;

    #[test]
    fn sums_are_the_same_in_yuan_and_in_ten_thousands() {
        for (text, expected) in [
            ("合同总价为人民币叁拾玖万捌仟元整(¥398,000.00)", vec![39_800_000]),
            ("合同金额39.8万元", vec![39_800_000]),
            ("差旅12000元,总报158,000元", vec![1_200_000, 15_800_000]),
            ("三万元", vec![]),
        ] {
            assert_eq!(sums(text).map(|(sum, _)| sum).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn a_document_names_its_contract_behind_labels() {
        let pack = sample::pack();
        for (text, number, amount) in [
            ("合同编号：HXLD-2025-003　签于兰州\n合同金额：人民币98万元", Some("hxld2025003"), Some(98_000_000)),
            ("|项目名称|甲运维\n|合同编号|GBAX-2025-A018\n|合同总价|386,000元", Some("gbax2025a018"), Some(38_600_000)),
            ("# 第六条 合同价款\n总价捌万元整（¥80,000.00），分两次付，每次40,000元。", None, Some(8_000_000)),
            ("合同总价款人民币捌万元整（￥80,000.00）", None, Some(8_000_000)),
            ("本报告编号：X-2025-1\n付款30000元", None, None),
            ("# 项目验收单\n合同号 HW-IT-2024-117", Some("hwit2024117"), None),
            ("# 安全运维服务合同\n编号 ZCGS-YW-2025-031", Some("zcgsyw2025031"), None),
            ("# 项目验收单\n编号 YS-2025-031", None, None),
        ] {
            let document = sample::document(text);
            let found = of(&View::of(&document, &pack.vocabulary), &pack.vocabulary);
            assert_eq!(found.number.map(|number| number.value).as_deref(), number, "{text}");
            assert_eq!(found.amount.map(|amount| amount.value), amount, "{text}");
        }
    }
}
