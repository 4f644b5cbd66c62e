//! Whom a document names as its customer.
//!
//! Reads the document's own words rather than the view: where one name ends and the next label
//! begins is told by white space, which the view has dropped. Start reading at [`of`].

use serde::{Deserialize, Serialize};

use crate::model::document::{Block, Content, Document, Margin, Place, Table};
use crate::model::pack::{DocumentKind, KindWords, Pattern, Vocabulary};
use crate::model::text::normalise;

use super::kind;
use super::view::{Role, View, any};

/// More names say nothing new.
const PARTIES: usize = 6;
/// Longer than any organisation's name, in characters.
const NAME: usize = 40;
/// A label in a cell of its own is a word, not a sentence; in characters.
const LABEL: usize = 16;
/// Longer texts are prose: a customer's label stands on covers and in forms.
const LABELLED: usize = 240;
/// Lines of a cover.
const COVER: usize = 4;
/// A register's rows say little new after so many.
const ROWS: usize = 60;
/// A name of a title that the text repeats so often is whom the document is about.
const REPEATED: usize = 3;

/// An organisation that a document is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Normalised.
    pub name: String,
    /// It stands behind a customer's label; else in a title, and the text repeats it.
    pub labelled: bool,
    /// How often the text has the name.
    pub times: u32,
    pub place: Place,
}

/// The organisations that the document names as its customer, each once, in order.
#[must_use]
pub(super) fn of(document: &Document, view: &View, vocabulary: &Vocabulary) -> Vec<Party> {
    let mut found: Vec<Party> = Vec::new();
    let mut push = |name: String, labelled: bool, place: &Place| {
        let times = view.body.matches(name.as_str()).count() as u32;
        let counts = labelled || times as usize >= REPEATED;
        if counts && found.len() < PARTIES && found.iter().all(|known| known.name != name) {
            found.push(Party { name, labelled, times, place: place.clone() });
        }
    };
    for block in &document.blocks {
        for (name, place) in labelled(block, vocabulary) {
            push(name, true, &place);
        }
    }
    for line in view.titles.iter().take(REPEATED) {
        if let Some((name, _)) = leading(&line.text, vocabulary) {
            push(name, false, &line.place);
        }
    }
    let covered = || covered(view, vocabulary);
    if let Some((name, place)) = titled(view, vocabulary).or_else(covered).filter(|_| found.is_empty()) {
        found.push(Party { name, labelled: false, times: 1, place });
    }
    found
}

/// The authority whose name the title begins with, before what the document is: 甲县教育局日志分析.
/// A company there may as well have made what the document is about.
fn titled(view: &View, vocabulary: &Vocabulary) -> Option<(String, Place)> {
    let line = view.title()?;
    let (name, rest) = leading(&line.text, vocabulary)?;
    (!name.ends_with("公司") && kind::of_title(rest, vocabulary).is_some()).then(|| (name, line.place.clone()))
}

/// The organisation that a title begins with, and what stands behind it. What leads up to a name is
/// none of it: 与甲港务集团沟通纪要.
fn leading<'t>(title: &'t str, vocabulary: &Vocabulary) -> Option<(String, &'t str)> {
    let lead = |pattern: &Pattern| pattern.regex().find(title).map(|found| found.end());
    let text = &title[vocabulary.leads.iter().filter_map(lead).max().unwrap_or_default()..];
    let name = organisation(text, &vocabulary.organizations)?;
    // What the document is may stand first: 月度记录 某学院.
    let tells = |kind: &&KindWords| matches!(kind.kind, DocumentKind::Record | DocumentKind::Report);
    let words = vocabulary.kinds.iter().filter(tells).flat_map(|kind| &kind.words);
    let called = words.filter_map(|word| Some(word.regex().find(&name)?.end()));
    let called = called.filter(|end| *end < name.len()).max().unwrap_or_default();
    let text = &text[called..];
    let name = organisation(text, &vocabulary.organizations)?;
    let rest = &text[name.len()..];
    Some((name, rest))
}

/// The customer of a cover, before what is done for it: 甲机场集团有限公司 · 离港系统安全运维.
fn covered(view: &View, vocabulary: &Vocabulary) -> Option<(String, Place)> {
    let mut lines = view.lines.iter().filter(|line| line.role != Role::Contents).take(COVER);
    lines.find_map(|line| {
        let name = organisation(&line.text, &vocabulary.organizations)?;
        let rest = line.text[name.len()..].strip_prefix(['·', '|', '-', '—', '–'])?;
        any(&vocabulary.projects, rest).then(|| (name, line.place.clone()))
    })
}

fn labelled(block: &Block, vocabulary: &Vocabulary) -> Vec<(String, Place)> {
    match &block.content {
        Content::Heading { text, .. }
        | Content::Paragraph { text }
        | Content::Margin { kind: Margin::Header | Margin::Footer, text } => {
            behind_labels(text, vocabulary).map(|name| (name, block.place.clone())).collect()
        }
        Content::Table(table) => of_table(table, vocabulary),
        Content::Picture { .. } | Content::Margin { .. } => Vec::new(),
    }
}

fn of_table(table: &Table, vocabulary: &Vocabulary) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for row in table.rows.iter().take(ROWS) {
        for cell in &row.cells {
            found.extend(behind_labels(&cell.text, vocabulary).map(|name| (name, cell.place.clone())));
        }
        let filled: Vec<_> = row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).collect();
        for pair in filled.windows(2).filter(|pair| is_label(&pair[0].text, &vocabulary.customers)) {
            let value = spaced(&pair[1].text);
            let value = value.split(is_end).next().unwrap_or_default();
            found.extend(organisation(value, &vocabulary.organizations).map(|name| (name, pair[1].place.clone())));
        }
    }
    found
}

/// A cell that is such a label and nothing else: 委托方（甲方）.
fn is_label(text: &str, labels: &[Pattern]) -> bool {
    let text = normalise(text);
    let bare = without_parentheses(text.trim_end_matches(':'));
    text.chars().count() <= LABEL
        && labels.iter().any(|label| label.regex().find(bare).is_some_and(|found| found.range() == (0..bare.len())))
}

/// Organisations behind 甲方：, several to a text.
fn behind_labels<'t>(text: &'t str, vocabulary: &'t Vocabulary) -> impl Iterator<Item = String> + 't {
    let lines = text.lines().filter(|line| line.contains([':', '：']) && line.chars().count() <= LABELLED);
    lines.flat_map(|line| {
        let line = spaced(line);
        let parts: Vec<&str> = line.split(':').collect();
        let pairs = parts.windows(2).map(|pair| (pair[0], pair[1]));
        pairs
            .filter_map(|(before, behind)| {
                // The label is the last word before the colon, a note in parentheses apart.
                let before = without_parentheses(before);
                let label = before.rsplit(is_end).next().unwrap_or_default();
                let value = behind.trim_start().split(is_end).next().unwrap_or_default();
                is_label(label, &vocabulary.customers).then(|| organisation(value, &vocabulary.organizations)).flatten()
            })
            .collect::<Vec<_>>()
    })
}

/// Normalised word by word, with one space between; words of a single character are one word
/// (甲　方).
fn spaced(text: &str) -> String {
    let mut line = String::new();
    let mut last = 0;
    for word in text.split_whitespace().map(normalise).filter(|word| !word.is_empty()) {
        if last > 1 {
            line.push(' ');
        }
        last = word.chars().count();
        line.push_str(&word);
    }
    line
}

/// A name does not go on behind it.
fn is_end(c: char) -> bool {
    matches!(c, ' ' | ',' | '。' | ';' | '|' | '、' | '/')
}

fn without_parentheses(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(at) = text.ends_with(')').then(|| text.rfind('(')).flatten() {
        text = text[..at].trim_end();
    }
    text
}

/// The organisation that the text begins with: the longest name that reads like one.
fn organisation(text: &str, patterns: &[Pattern]) -> Option<String> {
    // A year before it is the document's.
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(NAME);
    ends.collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|end| &text[..end])
        .find(|name| any(patterns, name))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    fn names(text: &str) -> Vec<String> {
        let pack = rules::builtin().expect("the shipped pack loads");
        behind_labels(text, &pack.vocabulary).collect()
    }

    #[test]
    fn customers_stand_behind_labels() {
        for (text, expected) in [
            ("甲方：临洹市第三人民医院 乙方：北辰砚安信息安全技术有限公司", vec!["临洹市第三人民医院"]),
            ("甲　　方（盖章）：淞桥县供水集团有限公司 代表：冉伯钧", vec!["淞桥县供水集团有限公司"]),
            ("委托单位：汶岩市妇幼保健院    编制：云岭数盾", vec!["汶岩市妇幼保健院"]),
            ("合同编号：A-1　甲方（采购人）： 渭川（新区）数据有限公司", vec!["渭川(新区)数据有限公司"]),
            ("客户：苏合 2025-06-16", vec![]),
            ("客户：信息中心", vec![]),
            ("乙方：北辰砚安信息安全技术有限公司", vec![]),
            ("甲方按季考核：低于80分扣减", vec![]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }
}
