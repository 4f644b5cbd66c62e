//! Who signed, sealed and approved a document, and which of its fields for that are empty.
//!
//! A field is a label with room behind it: `批准:` in a line, a cell that is nothing but a label
//! with a cell beside or below it. Start reading at [`of`].

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::model::document::{Content, Document, Place};
use crate::model::pack::{Pattern, Vocabulary};

use super::super::view::{Role, TableView, View, any, says_something};
use super::in_annex;

/// Longer texts are sentences and hold no fields; in characters.
const FIELDS_LENGTH: usize = 160;
/// A name, a seal or a day on the line below its label is no longer; in characters.
const NEXT_LINE: usize = 24;
/// A value without a colon between two labels is no longer; in characters.
const BETWEEN: usize = 16;
/// Digits of a day: with one in it, a text may do without colons.
const DAY: usize = 6;
/// A picture so many blocks behind a label may be the signature.
const PICTURE: usize = 4;
/// Columns from which a table under a header is a register rather than a block of signatures.
const REGISTER: usize = 3;
/// In the label of a party's seal: 甲方(盖章).
const SEAL: char = '章';

/// The fields of a document that somebody signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// For the parties, all together: empty where all of them are.
    pub parties: Field,
    /// How many fields the parties have.
    pub party_fields: u32,
    /// The seal of one party where the other party's is there.
    pub half: Field,
    /// For the customer, all together, where somebody else signed.
    pub customer: Field,
    /// Who puts it into force.
    pub approver: Field,
    /// The day it was approved or issued.
    pub issued: Field,
    /// Anybody else: who wrote it, checked it, did what it records.
    pub others: Field,
}

/// Whether a field is there, and filled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    #[default]
    Absent,
    /// `label` is normalised.
    Empty {
        label: String,
        place: Place,
    },
    Filled,
}

impl Field {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty { .. })
    }
}

/// Reads all fields of a document that somebody signs.
pub(super) fn of(document: &Document, view: &View, vocabulary: &Vocabulary) -> Signing {
    let reader = Reader { vocabulary };
    let mut found = reader.lines(view);
    for table in &view.tables {
        found.extend(reader.table(table));
    }
    let pictured = |block: usize| {
        let behind = document.blocks.iter().skip(block).take(PICTURE + 1);
        behind.into_iter().any(|block| matches!(block.content, Content::Picture { .. }))
    };
    // A blank form printed in an annex is not this document's own; a picture may be a signature.
    found.retain(|field| {
        field.state != State::Empty || !(in_annex(view, field.block, vocabulary) || pictured(field.block))
    });
    found.sort_by_key(|field| field.block);
    let of = |part: Part| found.iter().filter(move |field| field.part == part);
    Signing {
        half: half(of(Part::Party), vocabulary),
        customer: customer(&found, vocabulary),
        parties: parties(&of(Part::Party).collect::<Vec<_>>(), &of(Part::Day).collect::<Vec<_>>()),
        party_fields: u32::try_from(of(Part::Party).count()).unwrap_or(u32::MAX),
        approver: together(of(Part::Approver)),
        issued: together(of(Part::Issue)),
        others: blank_end(&found).unwrap_or_else(|| together(of(Part::Other))),
    }
}

/// The customer's seal, with nothing behind its label, in a block where the other party's has something.
fn half<'f>(fields: impl Iterator<Item = &'f Found>, vocabulary: &Vocabulary) -> Field {
    let is_customer = |field: &Found| any(&vocabulary.customers, &field.label);
    let seals: Vec<&Found> = fields.filter(|field| field.label.contains(SEAL)).collect();
    let (customers, others): (Vec<&Found>, Vec<&Found>) = seals.into_iter().partition(|field| is_customer(field));
    let lacks = !customers.is_empty() && customers.iter().all(|field| field.state == State::Empty);
    let other =
        others.iter().any(|other| other.state != State::Empty && customers.iter().any(|own| own.block == other.block));
    customers.first().filter(|_| lacks && other).map_or(Field::Absent, |field| field.as_empty())
}

/// The customer's fields, where somebody else has signed: a day stands behind a name, or a name alone.
fn customer(found: &[Found], vocabulary: &Vocabulary) -> Field {
    let people = found.iter().filter(|field| matches!(field.part, Part::Party | Part::Other | Part::Approver));
    let (own, others): (Vec<&Found>, Vec<&Found>) =
        people.partition(|field| field.part == Part::Party && any(&vocabulary.customers, &field.label));
    let signed = others.iter().any(|field| field.state == State::Filled);
    if signed { together(own.into_iter()) } else { Field::Absent }
}

/// The block of signatures at the end, several of them and their day, with nothing in any: that
/// somebody is named further up signs nothing.
fn blank_end(found: &[Found]) -> Option<Field> {
    let last = found.last()?.block;
    let block: Vec<&Found> = found.iter().filter(|field| field.block == last).collect();
    let people = block.iter().filter(|field| field.part == Part::Other).count();
    let dated = block.iter().any(|field| field.part == Part::Day);
    let blank = block.iter().all(|field| field.state == State::Empty);
    (people >= 2 && dated && blank).then(|| together(block.into_iter().filter(|field| field.part == Part::Other)))
}

/// Filled where one is, empty where all are.
fn together<'f>(fields: impl Iterator<Item = &'f Found>) -> Field {
    let mut empty = Field::Absent;
    for field in fields {
        if field.state != State::Empty {
            return Field::Filled;
        }
        if empty == Field::Absent {
            empty = field.as_empty();
        }
    }
    empty
}

/// An organisation's name typed behind its seal's label says nothing: the other fields decide,
/// and where there is none, the days.
fn parties(fields: &[&Found], days: &[&Found]) -> Field {
    let telling: Vec<&Found> = fields.iter().copied().filter(|field| field.state != State::Named).collect();
    match (telling.is_empty(), fields.is_empty()) {
        (false, _) => together(telling.into_iter()),
        (true, true) => Field::Absent,
        (true, false) if days.iter().any(|day| day.state == State::Empty) => together(days.iter().copied()),
        (true, false) => Field::Filled,
    }
}

/// What a label is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Party,
    Approver,
    Other,
    /// When it was approved or issued.
    Issue,
    /// When somebody signed.
    Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Empty,
    /// Only the name of the organisation that is to sign.
    Named,
    Filled,
}

#[derive(Debug)]
struct Found {
    part: Part,
    state: State,
    label: String,
    place: Place,
    block: usize,
}

impl Found {
    fn as_empty(&self) -> Field {
        Field::Empty { label: self.label.clone(), place: self.place.clone() }
    }
}

/// A label in a text and where its value is looked for.
#[derive(Debug)]
struct Mark {
    part: Part,
    label: Range<usize>,
    /// In the text, behind the label.
    value: Range<usize>,
}

struct Reader<'v> {
    vocabulary: &'v Vocabulary,
}

impl Reader<'_> {
    fn lines(&self, view: &View) -> Vec<Found> {
        let lines: Vec<_> = view.lines.iter().filter(|line| line.role != Role::Contents).collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let marks = self.marks(&line.text);
            // 签署 over the fields is a chapter.
            if matches!(line.role, Role::Heading(_)) && marks.iter().all(|mark| mark.value.is_empty()) {
                continue;
            }
            for (nth, mark) in marks.iter().enumerate() {
                let mut value = &line.text[mark.value.clone()];
                let below = lines.get(at + 1).filter(|_| nth + 1 == marks.len() && value.is_empty());
                if let Some(next) = below.filter(|next| self.is_value_line(&next.text)) {
                    value = &next.text;
                }
                found.push(self.found(mark, &line.text, value, &line.place, line.block));
            }
        }
        found
    }

    /// A name, an organisation or a day on a line of its own.
    fn is_value_line(&self, text: &str) -> bool {
        text.chars().count() <= NEXT_LINE && !text.contains(['。', ';', ':']) && self.marks(text).is_empty()
    }

    fn found(&self, mark: &Mark, text: &str, value: &str, place: &Place, block: usize) -> Found {
        let label = text[mark.label.clone()].to_owned();
        Found { part: mark.part, state: self.state(mark.part, value), label, place: place.clone(), block }
    }

    fn state(&self, part: Part, value: &str) -> State {
        let signatures = &self.vocabulary.signatures;
        if is_line_to_write_on(value) {
            return State::Empty;
        }
        let value = without_blanks(value);
        // Another label, with nothing behind that either: 代表:.
        if value.ends_with(':') && value.chars().count() <= NEXT_LABEL {
            return State::Empty;
        }
        let has_digit = value.chars().any(|c| c.is_ascii_digit() || c == '〇' || c == '二');
        let says = says_something(&value, &self.vocabulary.blanks) && !any(&signatures.pending, &value);
        match part {
            Part::Issue | Part::Day if !has_digit => State::Empty,
            _ if !says => State::Empty,
            Part::Party if !has_digit && any(&signatures.organizations, &value) => State::Named,
            _ => State::Filled,
        }
    }

    fn table(&self, table: &TableView) -> Vec<Found> {
        let rows = rows(table);
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let marks: Vec<Vec<Vec<Mark>>> =
            rows.iter().map(|row| row.cells.iter().map(|(text, _)| self.marks(text)).collect()).collect();
        let grid = Grid { rows: &rows, marks: &marks, width };
        let mut found = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            if row.header && grid.is_register(r) {
                continue;
            }
            for (c, (text, place)) in row.cells.iter().enumerate() {
                let marks = &marks[r][c];
                if let Some(label) = grid.pure(r, c) {
                    if let Some(value) = grid.value(r, c) {
                        found.push(self.found(label, text, value, place, table.block));
                    }
                    continue;
                }
                found.extend(
                    marks.iter().map(|mark| self.found(mark, text, &text[mark.value.clone()], place, table.block)),
                );
            }
        }
        found
    }

    /// The fields of a text: labels with a colon, a line to write on, or nothing but another label
    /// or a day behind them.
    fn marks(&self, text: &str) -> Vec<Mark> {
        if text.chars().count() > FIELDS_LENGTH {
            return Vec::new();
        }
        let labels = self.labels(text);
        let dated = text.chars().filter(char::is_ascii_digit).count() >= DAY;
        let mut marks: Vec<Mark> = Vec::new();
        for (at, (label, part)) in labels.iter().enumerate() {
            let end = label.end + bracket(&text[label.end..]);
            let rest = &text[end..];
            let next = labels.get(at + 1).map_or(text.len(), |(next, _)| next.start);
            let anchored = label.start == 0
                || marks.last().is_some_and(|mark| text[mark.value.start..label.start].chars().count() <= BETWEEN);
            let compound = rest.len() + end > next && next == end && !text[..end].ends_with(')');
            let bare = rest.is_empty()
                || next == end
                || rest.starts_with(|c: char| c.is_ascii_digit())
                || is_signed(rest)
                || (dated && is_name(&text[end..next]));
            let from = match rest.chars().next() {
                Some(':') => end + 1,
                Some('_') => end,
                _ if compound => continue,
                _ if bare && anchored => end,
                _ => continue,
            };
            if let Some(before) = marks.last_mut() {
                before.value.end = label.start;
            }
            marks.push(Mark { part: *part, label: label.start..end, value: from.min(text.len())..text.len() });
        }
        marks
    }

    /// Labels in a text, the longest where several overlap, in order.
    fn labels(&self, text: &str) -> Vec<(Range<usize>, Part)> {
        let signatures = &self.vocabulary.signatures;
        let dates = &self.vocabulary.dates;
        let lists: [(&[Pattern], Part); 6] = [
            (&signatures.parties, Part::Party),
            (&dates.approval, Part::Issue),
            (&dates.issue, Part::Issue),
            (&signatures.days, Part::Day),
            (&signatures.approvers, Part::Approver),
            (&signatures.others, Part::Other),
        ];
        let mut found: Vec<(Range<usize>, Part)> = lists
            .iter()
            .flat_map(|(patterns, part)| {
                let matches = patterns.iter().flat_map(|pattern| pattern.regex().find_iter(text));
                matches.map(|label| (label.range(), *part))
            })
            .collect();
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut kept: Vec<(Range<usize>, Part)> = Vec::new();
        for (mut range, part) in found {
            // A pattern may take the colon with it, to be sure that one is there.
            range.end -= text[range.clone()].len() - text[range.clone()].trim_end_matches(':').len();
            if kept.last().is_none_or(|(last, _)| last.end <= range.start) {
                kept.push((range, part));
            }
        }
        kept
    }
}

/// A label behind a label is no longer, in characters, with its colon.
const NEXT_LABEL: usize = 8;

/// `(总经理)` behind a label is part of it.
fn bracket(text: &str) -> usize {
    if !text.starts_with('(') {
        return 0;
    }
    text.find(')').filter(|end| text[..*end].chars().count() <= 12).map_or(0, |end| end + 1)
}

/// A name of a person with a day behind it: `鄢素2024-01-01`.
fn is_signed(text: &str) -> bool {
    let digit = text.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    is_name(&text[..digit]) && text[digit..].chars().take(4).filter(char::is_ascii_digit).count() == 4
}

/// Two to four Chinese characters.
fn is_name(text: &str) -> bool {
    (2..=4).contains(&text.chars().count()) && text.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// `____ 备注: 无`: the line is blank, what follows has a label of its own.
fn is_line_to_write_on(value: &str) -> bool {
    let behind = value.trim_start_matches('_');
    behind.len() + 1 < value.len() && behind.split_once(':').is_some_and(|(label, _)| !label.contains('_'))
}

/// A value without lines to write on, brackets, and the bare 年月日 of a form.
fn without_blanks(value: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0_u32;
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '_' => {}
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    if bare.chars().any(|c| c.is_ascii_digit()) { bare } else { bare.replace("年月日", "") }
}

/// A row of a table as it stands, with its header and captions put back.
struct GridRow<'t> {
    cells: Vec<(&'t str, &'t Place)>,
    header: bool,
}

fn rows(table: &TableView) -> Vec<GridRow<'_>> {
    let row_of = |place: &Place| match place {
        Place::TableCell { row, .. } => Some(row.get()),
        Place::Cell { cell, .. } => Some(cell.row.get()),
        Place::Line { line, .. } => Some(line.get()),
        _ => None,
    };
    let mut rows: Vec<GridRow<'_>> = Vec::new();
    for line in &table.caption {
        let cell = (line.text.as_str(), &line.place);
        match rows
            .last_mut()
            .filter(|row| row.cells.last().is_some_and(|(_, place)| row_of(place) == row_of(&line.place)))
        {
            Some(row) => row.cells.push(cell),
            None => rows.push(GridRow { cells: vec![cell], header: false }),
        }
    }
    if !table.columns.is_empty() {
        let cells = table.columns.iter().map(|column| (column.header.as_str(), &column.place)).collect();
        rows.push(GridRow { cells, header: true });
    }
    let body = table.rows.iter().map(|row| row.iter().map(|cell| (cell.text.as_str(), &cell.place)).collect());
    rows.extend(body.map(|cells| GridRow { cells, header: false }));
    rows
}

/// A table whose labels are known.
struct Grid<'g, 't> {
    rows: &'g [GridRow<'t>],
    /// By row and column.
    marks: &'g [Vec<Vec<Mark>>],
    /// Of the widest row, in cells.
    width: usize,
}

impl<'t> Grid<'_, 't> {
    /// The label of a cell that is nothing but one.
    fn pure(&self, row: usize, column: usize) -> Option<&Mark> {
        let [mark] = self.marks.get(row)?.get(column)?.as_slice() else { return None };
        let text = self.rows[row].cells[column].0;
        (mark.label.start == 0 && text[mark.value.clone()].is_empty()).then_some(mark)
    }

    /// A header of many columns, few of them labels: what is below are records.
    fn is_register(&self, row: usize) -> bool {
        let cells = self.rows[row].cells.iter().filter(|(text, _)| !text.is_empty()).count();
        let labels = self.marks[row].iter().filter(|marks| !marks.is_empty()).count();
        cells >= REGISTER && labels * 2 < cells
    }

    /// What stands beside a label's cell, else below it; empty where there is room and nothing in
    /// it; None where there is no room: the cell is no field.
    fn value(&self, row: usize, column: usize) -> Option<&'t str> {
        let cells = &self.rows[row].cells;
        let beside = (column + 1..cells.len()).find(|&at| !cells[at].0.is_empty());
        if let Some(at) = beside.filter(|&at| self.marks[row][at].is_empty()) {
            return Some(cells[at].0);
        }
        let labels = (0..cells.len()).filter(|&at| self.pure(row, at).is_some()).count();
        let heads = labels >= 2 && beside.is_none_or(|at| at == column + 1);
        match self.below(row, column).filter(|_| heads) {
            Some(text) => Some(text),
            None => (cells[column].0.ends_with(':') || column + 1 < self.width || heads).then_some(""),
        }
    }

    /// What the column says below a cell, up to the next label: its last word, as the last version
    /// of a document is the one that counts.
    fn below(&self, row: usize, column: usize) -> Option<&'t str> {
        let cells = self.rows.iter().zip(self.marks).skip(row + 1).map(|(row, marks)| (row.cells.get(column), marks));
        let until = cells.take_while(|(_, marks)| marks.get(column).is_none_or(Vec::is_empty));
        until.filter_map(|(cell, _)| cell.map(|(text, _)| *text)).filter(|text| !text.is_empty()).last()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn signing(text: &str) -> Signing {
        let pack = sample::pack();
        let document = sample::document(text);
        of(&document, &View::of(&document, &pack.vocabulary), &pack.vocabulary)
    }

    /// `空` with the label, `有` filled, `无` absent.
    fn shown(field: &Field) -> String {
        match field {
            Field::Absent => "无".to_owned(),
            Field::Empty { label, .. } => format!("空 {label}"),
            Field::Filled => "有".to_owned(),
        }
    }

    #[test]
    fn parties_sign_or_do_not() {
        for (text, expected) in [
            (
                "|甲方（盖章）： 代表签字：________ 日期：  年  月  日|乙方（盖章）： 代表签字：________ 日期：  年  月  日",
                "空 甲方(盖章)",
            ),
            ("|甲方（签章）：|乙方（签章）：\n|代表：|代表：\n|日期：  年  月  日|日期：  年  月  日", "空 甲方(签章)"),
            ("甲方（盖章）    乙方（盖章）", "空 甲方(盖章)"),
            ("甲方代表签字：______  乙方代表签字：______", "空 甲方代表签字"),
            // A typed name is no seal where a signature is asked for and lacking.
            ("甲方（盖章）：临河医院\n代表签字：____\n乙方（盖章）：远山公司\n代表签字：____", "空 代表签字"),
            ("甲方（盖章）：临河医院\n乙方（盖章）：远山公司\n日期：  年  月  日", "空 日期"),
            ("甲方（盖章）：临河医院\n乙方（盖章）：远山公司\n2025年1月3日", "有"),
            ("甲方（盖章）：\n临河医院\n乙方（盖章）：\n远山公司\n2025年1月3日", "有"),
            ("甲方（盖章）：临河医院\n代表签字：裴仲谋\n乙方（盖章）：远山公司\n代表签字：纪长风", "有"),
            ("|甲方（盖章）2025年1月3日|乙方（盖章）段崇岳 2025年1月3日", "有"),
            ("|甲方代表|乙方代表\n|嵇文彬|申屠静", "有"),
            ("巡检人签字：鲍松　客户签字：池小鱼", "有"),
            // Sentences about signatures.
            ("本合同一式四份，经双方签字盖章后生效。", "无"),
            ("巡检结束后填写记录并请客户签字", "无"),
            ("甲方：临河医院　乙方：远山公司", "无"),
        ] {
            assert_eq!(shown(&signing(text).parties), expected, "{text}");
        }
    }

    #[test]
    fn a_document_is_approved_and_issued_or_not() {
        for (text, approver, issued) in [
            (
                "|角色|姓名|日期\n|编制|伏惊蛰|2025-03-03\n|审核\n|批准\n发布日期：      实施日期：",
                "空 批准",
                "空 发布日期",
            ),
            (
                "|起草|晏清如 2025-03-10|校核|鄢素 2025-03-14\n|批准（总经理）||批准日期|\n|发布日期||实施日期|",
                "空 批准(总经理)",
                "空 批准日期",
            ),
            (
                "|拟稿|申屠澈 2025-04-02|审核|运维部 待审\n|签发（总经理）||签发日期|年   月   日",
                "空 签发(总经理)",
                "空 签发日期",
            ),
            ("批准：____________", "空 批准", "无"),
            ("批准：待批", "空 批准", "无"),
            ("|编制|习春霖|2025-03-04\n|审核\n|批准", "空 批准", "无"),
            ("编制：鲍松 审核：牟知远 批准：解语山 2025年1月3日", "有", "无"),
            ("起草 秦牧遥  批准 鄢素  2024-01-05", "有", "无"),
            ("|批准|谈既明|生效日期|2025-01-01", "有", "有"),
            ("|版本|修订日期|编制|审核|批准\n|V1.0|2024-01-05|甲乙|丙丁|褚一鸣", "有", "无"),
            (
                "|版本|日期|说明|编制|审核|批准\n|V1.0|2024-01-05|初稿|甲乙|丙丁|\n|V2.0|2024-02-05|发布|甲乙|丙丁|陆怀谷",
                "有",
                "无",
            ),
            ("|版本|日期|说明|编制|审核|批准\n|V1.0|2024-01-05|初稿|甲乙|丙丁|", "空 批准", "无"),
            ("发布日期：2024-05-01　批准：\n翟望舒", "有", "有"),
            // Registers, duties and sentences.
            ("|单号|申请|内容|类别|审批|实施\n|1|甲|升级|一般||周五", "无", "无"),
            ("|环节|角色|动作\n|预案发布|总经理|批准", "无", "无"),
            ("本预案报总经理批准后发布施行。", "无", "无"),
            ("春节后门禁更换，请提前审批", "无", "无"),
            // A form of an annex is not the document's own.
            ("批准：翟望舒\n# 附件1 变更申请表\n审批人：____", "有", "无"),
            ("正文\n# 附件1 变更申请表\n审批人：____", "无", "无"),
        ] {
            let signing = signing(text);
            assert_eq!(
                (shown(&signing.approver).as_str(), shown(&signing.issued).as_str()),
                (approver, issued),
                "{text}"
            );
        }
    }
}
