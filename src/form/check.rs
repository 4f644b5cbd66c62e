//! Holds a filled form against the standard, evlint.json, and what the folder shows.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::assessment::NotApplicable;
use crate::model::form::{FormFinding, FormKind};
use crate::model::pack::{Column, Head};
use crate::model::text::normalise;
use crate::model::{ClauseResult, Document, EvidencePath, Place, Severity, Verdict};
use crate::wording;

use super::content::{self, blank, printed};
use super::listed::{Listing, Names};
use super::read::{Filled, FilledRow, Text, read};
use super::{FormError, Subject, label};

/// Everything that is wrong, in the form's order.
///
/// # Errors
/// Where the document is no form.
pub fn check(subject: &Subject<'_>, document: &Document) -> Result<Vec<FormFinding>, FormError> {
    // Only a pack that says where its form holds what can be held against one.
    content::Content::of(subject)?;
    let filled = read(subject.pack, document)?;
    let names = Names::of(subject.assessment);
    let mut checker = Checker { subject: *subject, filled: &filled, names, findings: Vec::new() };
    checker.parts();
    checker.head();
    checker.rows();
    checker.rectification();
    checker.forgotten();
    checker.end();
    let mut findings = checker.findings;
    findings.sort_by_key(order);
    Ok(findings)
}

/// The head, then row by row, then the end.
fn order(finding: &FormFinding) -> (u32, u32) {
    match &finding.kind {
        FormKind::ConclusionEmpty | FormKind::ConclusionDiffers { .. } => (u32::MAX, 0),
        _ => (finding.row.unwrap_or(0), 0),
    }
}

struct Checker<'a> {
    subject: Subject<'a>,
    filled: &'a Filled,
    names: Names,
    findings: Vec<FormFinding>,
}

impl Checker<'_> {
    fn find(&mut self, kind: FormKind, severity: Severity, row: Option<u32>, cell: &str, at: Option<&Text>) {
        let place = at.map(|text| text.place.clone()).filter(|place| *place != Place::Whole);
        let cell = (!cell.is_empty()).then(|| cell.to_owned());
        self.findings.push(FormFinding { kind, severity, row, cell, place });
    }

    fn label(&self, column: Column) -> String {
        label(self.subject.pack, column).to_owned()
    }

    /// Title, columns, fields of the head.
    fn parts(&mut self) {
        let form = &self.subject.pack.form;
        let mut missing = Vec::new();
        if self.filled.title.is_none() {
            missing.push(form.title.clone());
        }
        let columns =
            form.columns.iter().filter(|one| one.holds.is_some_and(|holds| !self.filled.columns.contains(&holds)));
        missing.extend(columns.map(|column| column.label.clone()));
        let has = |holds: Head| self.filled.head.iter().any(|(known, _)| *known == holds);
        let fields = form.header.iter().filter(|field| field.holds.is_some_and(|holds| !has(holds)));
        missing.extend(fields.map(|field| field.label.clone()));
        for part in missing {
            self.find(FormKind::PartMissing { part: part.clone() }, Severity::Error, None, &part, None);
        }
    }

    fn head(&mut self) {
        let Subject { pack, settings, assessment } = self.subject;
        for field in &pack.form.header {
            let Some(holds) = field.holds else { continue };
            let Some((_, value)) = self.filled.head.iter().find(|(known, _)| *known == holds) else { continue };
            let expected = content::head(settings, assessment, holds);
            if value.text.trim().is_empty() {
                // What evlint.json leaves open is a person's to write; what it says was lost.
                let severity = if expected.is_empty() { Severity::Warning } else { Severity::Error };
                self.find(FormKind::HeadEmpty, severity, None, &field.label, Some(value));
            } else if !expected.is_empty() && !agrees(holds, &value.text, &expected, settings.assessed_on) {
                let kind = FormKind::HeadDiffers { expected, found: value.text.clone() };
                self.find(kind, Severity::Error, None, &field.label, Some(value));
            }
        }
    }

    fn rows(&mut self) {
        let Subject { pack, assessment, .. } = self.subject;
        let known: Vec<u32> = assessment
            .clauses
            .iter()
            .map(|clause| clause.no)
            .chain(
                pack.rectification.iter().flat_map(|row| std::iter::once(row.no).chain(row.entry_rows.iter().copied())),
            )
            .collect();
        let mut seen = Vec::new();
        for row in &self.filled.rows {
            let Some(no) = row.no else { continue };
            if !known.contains(&no) || seen.contains(&no) {
                let kind = FormKind::RowUnknown { text: row.number.text.clone() };
                self.find(kind, Severity::Warning, Some(no), &self.label(Column::Number), Some(&row.number));
            }
            seen.push(no);
        }
        for clause in &assessment.clauses {
            match self.filled.rows.iter().find(|row| row.no == Some(clause.no)) {
                Some(row) => self.clause(clause, row),
                None => self.find(FormKind::RowMissing, Severity::Error, Some(clause.no), "", None),
            }
        }
        for no in known.into_iter().filter(|no| pack.clause(*no).is_none() && !seen.contains(no)) {
            self.find(FormKind::RowMissing, Severity::Error, Some(no), "", None);
        }
    }

    fn clause(&mut self, clause: &ClauseResult, row: &FilledRow) {
        self.texts(clause, row);
        let listing = Listing::of(&row.documents.text, &self.names);
        match clause.why_not_applicable {
            Some(why) => self.not_applicable(clause.no, row, why),
            None => self.answer(clause, row, &listing),
        }
        self.listed(clause.no, row, listing);
    }

    /// The standard's own words, where the form has a column for them.
    fn texts(&mut self, clause: &ClauseResult, row: &FilledRow) {
        let Subject { pack, assessment, .. } = self.subject;
        let stage = assessment.stages.get(clause.stage).map_or("", |stage| stage.zh.as_str());
        let expected = pack.clause(clause.no).map_or_else(|| clause.clause.clone(), |one| printed(pack, one));
        let pairs = [
            (Column::Stage, &row.stage, stage.to_owned()),
            (Column::Clause, &row.clause, expected),
            (Column::Evidence, &row.evidence, clause.evidence.clone()),
        ];
        for (column, text, expected) in pairs {
            // One cell of a stage stands for all its rows, and the others are empty.
            let is_merged = column == Column::Stage && text.text.trim().is_empty();
            if is_merged || !self.filled.columns.contains(&column) || same_words(&text.text, &expected) {
                continue;
            }
            let kind = FormKind::TextChanged { expected, found: text.text.clone() };
            self.find(kind, Severity::Error, Some(clause.no), &self.label(column), Some(text));
        }
    }

    fn not_applicable(&mut self, no: u32, row: &FilledRow, why: NotApplicable) {
        if !row.ticks.none() {
            let kind = FormKind::NotApplicableFilled { why };
            self.find(kind, Severity::Warning, Some(no), &self.label(Column::Conclusion), Some(&row.conclusion));
        }
    }

    fn answer(&mut self, clause: &ClauseResult, row: &FilledRow, listing: &Listing) {
        let cell = self.label(Column::Conclusion);
        let open = matches!(clause.verdict, Verdict::NeedsReview | Verdict::Waived);
        let verdict = clause.verdict;
        let differs = |ticked| FormKind::VerdictDiffers { ticked, verdict };
        let found = match (row.ticks.yes, row.ticks.no) {
            (true, true) => Some((FormKind::BothTicked, Severity::Error)),
            (false, false) => {
                Some((FormKind::NoneTicked { open }, if open { Severity::Warning } else { Severity::Error }))
            }
            (true, false) if verdict == Verdict::Unsatisfied => Some((differs(true), Severity::Error)),
            (false, true) if verdict == Verdict::Satisfied => Some((differs(false), Severity::Warning)),
            _ => None,
        };
        let told = found.is_some();
        if let Some((kind, severity)) = found {
            self.find(kind, severity, Some(clause.no), &cell, Some(&row.conclusion));
        }
        if told || !listing.is_empty() {
            return;
        }
        let cell = self.label(Column::Documents);
        if row.ticks.yes {
            self.find(FormKind::NoEvidence, Severity::Error, Some(clause.no), &cell, Some(&row.documents));
        } else if row.documents.text.trim().is_empty() {
            self.find(FormKind::ListEmpty, Severity::Warning, Some(clause.no), &cell, Some(&row.documents));
        }
    }

    fn listed(&mut self, no: u32, row: &FilledRow, listing: Listing) {
        let cell = self.label(Column::Documents);
        for missing in listing.missing {
            let nearest = missing.nearest.map(|at| self.subject.assessment.files[at].path.clone());
            let severity = if missing.sure { Severity::Error } else { Severity::Warning };
            let kind = FormKind::DocumentMissing { name: missing.name, nearest };
            self.find(kind, severity, Some(no), &cell, Some(&row.documents));
        }
        for text in listing.vague {
            let kind = FormKind::DocumentVague { text };
            self.find(kind, Severity::Warning, Some(no), &cell, Some(&row.documents));
        }
    }

    /// Findings of the last audit: each is answered in a row, and ticked as the folder says.
    fn rectification(&mut self) {
        let Subject { pack, assessment, .. } = self.subject;
        for row in &pack.rectification {
            if let Some(title) = self.filled.rows.iter().find(|one| one.no == Some(row.no))
                && !normalise(&title.statement).contains(&normalise(&row.title.zh))
            {
                let kind = FormKind::TextChanged { expected: row.title.zh.clone(), found: title.statement.clone() };
                self.find(kind, Severity::Error, Some(row.no), &self.label(Column::Clause), Some(&title.stage));
            }
            let entries: Vec<&FilledRow> =
                self.filled.rows.iter().filter(|one| one.no.is_some_and(|no| row.entry_rows.contains(&no))).collect();
            let mut answered: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
            for finding in content::prior(&self.subject, row) {
                let id = normalise(&finding.id);
                let text = normalise(&finding.text);
                let at = entries.iter().position(|entry| {
                    let said = normalise(&entry.statement);
                    said.contains(&id) || (!text.is_empty() && said.contains(&text))
                });
                if let Some(at) = at {
                    let result = assessment.rectification.iter().find(|result| result.id == finding.id);
                    answered.entry(at).or_default().push(result.is_some_and(|result| result.rectified));
                } else {
                    let kind = FormKind::PriorMissing { id: finding.id.clone() };
                    self.find(kind, Severity::Error, Some(row.no), &row.title.zh, None);
                }
            }
            for (at, rectified) in answered {
                self.entry(entries[at], rectified.into_iter().all(|one| one));
            }
        }
    }

    fn entry(&mut self, row: &FilledRow, rectified: bool) {
        let no = row.no.unwrap_or_default();
        let verdict = if rectified { Verdict::Satisfied } else { Verdict::Unsatisfied };
        let listing = Listing::of(&row.documents.text, &self.names);
        let found = match (row.ticks.yes, row.ticks.no) {
            (true, true) => Some((FormKind::BothTicked, Severity::Error)),
            (false, false) => Some((FormKind::NoneTicked { open: false }, Severity::Error)),
            (true, false) if !rectified => Some((FormKind::VerdictDiffers { ticked: true, verdict }, Severity::Error)),
            (false, true) if rectified => {
                Some((FormKind::VerdictDiffers { ticked: false, verdict }, Severity::Warning))
            }
            (true, false) if listing.is_empty() => Some((FormKind::NoEvidence, Severity::Error)),
            _ => None,
        };
        if let Some((kind, severity)) = found {
            let (column, text) = match kind {
                FormKind::NoEvidence => (Column::Documents, &row.documents),
                _ => (Column::Conclusion, &row.conclusion),
            };
            self.find(kind, severity, Some(no), &self.label(column), Some(text));
        }
        self.listed(no, row, listing);
    }

    /// Files that serve a clause and stand in no list. Told at the first clause they serve whose
    /// list is there to be completed; what another finding already names is not told twice.
    fn forgotten(&mut self) {
        let assessment = self.subject.assessment;
        let mut named: Vec<usize> = Vec::new();
        let mut lists: BTreeMap<u32, &FilledRow> = BTreeMap::new();
        for row in &self.filled.rows {
            let listing = Listing::of(&row.documents.text, &self.names);
            let names_some = !listing.files.is_empty() || !listing.missing.is_empty();
            if let Some(no) = row.no.filter(|_| names_some) {
                lists.entry(no).or_insert(row);
            }
            named.extend(listing.files);
            named.extend(listing.missing.iter().filter_map(|missing| missing.nearest));
        }
        let mut forgotten: BTreeMap<u32, Vec<EvidencePath>> = BTreeMap::new();
        for (at, file) in assessment.files.iter().enumerate() {
            if named.contains(&at) {
                continue;
            }
            let row = file.matched.iter().map(|material| material.clause).find(|no| lists.contains_key(no));
            if let Some(no) = row {
                forgotten.entry(no).or_default().push(file.path.clone());
            }
        }
        for (no, paths) in forgotten {
            let cell = self.label(Column::Documents);
            self.find(
                FormKind::DocumentForgotten { paths },
                Severity::Warning,
                Some(no),
                &cell,
                lists.get(&no).map(|row| &row.documents),
            );
        }
    }

    /// Conclusion and pledge.
    fn end(&mut self) {
        let Subject { pack, assessment, .. } = self.subject;
        let form = &pack.form;
        match &self.filled.conclusion {
            None => self.part_at_end(&form.conclusion),
            Some(text) => {
                let (kind, severity) = match level(&text.text, &form.conclusion) {
                    Conclusion::Level(found) if same_level(&found, &assessment.level_name.zh) => return self.pledge(),
                    Conclusion::Level(found) if found.is_empty() => (FormKind::ConclusionEmpty, Severity::Error),
                    Conclusion::Level(found) => (
                        FormKind::ConclusionDiffers { expected: assessment.level_name.zh.clone(), found },
                        Severity::Error,
                    ),
                    Conclusion::Changed => {
                        let kind =
                            FormKind::TextChanged { expected: form.conclusion.clone(), found: text.text.clone() };
                        (kind, Severity::Error)
                    }
                };
                self.find(kind, severity, None, wording::form::conclusion(content::LANGUAGE), Some(text));
            }
        }
        self.pledge();
    }

    fn pledge(&mut self) {
        let pledge = &self.subject.pack.form.pledge;
        match &self.filled.pledge {
            None => self.part_at_end(pledge),
            Some(text) if normalise(&text.text).contains(&normalise(pledge)) => {}
            Some(text) => {
                let kind = FormKind::TextChanged { expected: pledge.clone(), found: text.text.clone() };
                self.find(kind, Severity::Error, None, wording::form::pledge(content::LANGUAGE), Some(text));
            }
        }
    }

    fn part_at_end(&mut self, sentence: &str) {
        if !sentence.is_empty() {
            self.find(FormKind::PartMissing { part: sentence.to_owned() }, Severity::Error, None, "", None);
        }
    }
}

/// What stands where the conclusion has its blank.
enum Conclusion {
    Level(String),
    /// The words around it are not the standard's.
    Changed,
}

fn level(text: &str, sentence: &str) -> Conclusion {
    let text = normalise(text);
    let Some((before, after)) = blank(sentence) else {
        return if text.contains(&normalise(sentence)) {
            Conclusion::Level(String::new())
        } else {
            Conclusion::Changed
        };
    };
    let (before, after) = (normalise(before), normalise(after));
    let inside = text.find(&before).map(|at| &text[at + before.len()..]);
    match inside.and_then(|rest| rest.find(&after).map(|end| &rest[..end])) {
        Some(level) => Conclusion::Level(level.trim_matches('_').to_owned()),
        None => Conclusion::Changed,
    }
}

/// `二级`, `2级`, `贰级`, `二`.
fn same_level(found: &str, expected: &str) -> bool {
    let plain = |text: &str| -> String {
        let text = normalise(text);
        let digits = text.chars().map(|c| match c {
            '1' | '壹' | 'ⅰ' => '一',
            '2' | '贰' | 'ⅱ' => '二',
            '3' | '叁' | 'ⅲ' => '三',
            '4' | '肆' => '四',
            '5' | '伍' => '五',
            c => c,
        });
        digits.filter(|c| *c != '_').collect()
    };
    let (found, expected) = (plain(found), plain(expected));
    !found.is_empty() && (found == expected || expected.starts_with(&found) || found.starts_with(&expected))
}

/// The standard's words, whatever became of white space and dashes when the form was copied.
fn same_words(found: &str, expected: &str) -> bool {
    let plain = |text: &str| -> String {
        let dash = |c| if matches!(c, '—' | '–' | '－' | '-' | '―' | '─') { '-' } else { c };
        let quote = |c| if matches!(c, '“' | '”' | '„' | '"') { '"' } else { c };
        let mut out: String = normalise(text).chars().map(dash).map(quote).collect();
        while out.contains("--") {
            out = out.replace("--", "-");
        }
        out
    };
    plain(found) == plain(expected)
}

fn agrees(holds: Head, found: &str, expected: &str, day: Option<Date>) -> bool {
    match holds {
        Head::Level => same_level(found, expected),
        Head::AssessedOn => day.is_some_and(|day| days(found).contains(&day)),
        // Separators between people, and departments before them, are a person's own.
        Head::Assessors => {
            let found = normalise(found);
            expected.split('、').all(|one| found.contains(&normalise(one)))
        }
        Head::Organization => normalise(found) == normalise(expected),
    }
}

/// Days in a field: `2026年3月2日`, `2026-03-02`, `2026.3.2`, from day to day.
fn days(text: &str) -> Vec<Date> {
    let text = normalise(text);
    let numbers: Vec<i16> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let as_day = |three: &[i16]| {
        let (month, day) = (i8::try_from(three[1]).ok()?, i8::try_from(three[2]).ok()?);
        Date::new(three[0], month, day).ok()
    };
    numbers.windows(3).filter_map(as_day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_whatever_a_copy_does_to_them() {
        for (found, expected, same) in [
            ("准备阶段—需求 调研\n与分析", "准备阶段-需求调研与分析", true),
            ("仅一级要求: 建立流程。", "仅一级要求：建立流程。", true),
            ("建立流程", "建立流程。", false),
            ("建立服务流程。", "建立流程。", false),
        ] {
            assert_eq!(same_words(found, expected), same, "{found}");
        }
    }

    #[test]
    fn a_field_may_be_written_in_many_ways() {
        let day = jiff::civil::date(2026, 3, 2);
        for (holds, found, expected, same) in [
            (Head::Level, "2级", "二级", true),
            (Head::Level, "二 级", "二级", true),
            (Head::Level, "三级", "二级", false),
            (Head::AssessedOn, "2026.3.2", "", true),
            (Head::AssessedOn, "2026-03-01 至 2026-03-02", "", true),
            (Head::AssessedOn, "2025年3月2日", "", false),
            (Head::Assessors, "安全部：张三，李四", "张三、李四", true),
            (Head::Assessors, "张三", "张三、李四", false),
            (Head::Organization, "甲公司 ", "甲公司", true),
            (Head::Organization, "乙公司", "甲公司", false),
        ] {
            assert_eq!(agrees(holds, found, expected, Some(day)), same, "{found}");
        }
    }

    #[test]
    fn the_level_stands_in_the_conclusions_blank() {
        let sentence = "满足《规范》____级要求，申请审核。";
        let read = |text: &str| match level(text, sentence) {
            Conclusion::Level(level) => Some(level),
            Conclusion::Changed => None,
        };
        assert_eq!(read("满足《规范》二级要求，申请审核。").as_deref(), Some("二"));
        assert_eq!(read("满足《规范》 _二_ 级要求，申请审核。").as_deref(), Some("二"));
        assert_eq!(read("满足《规范》____级要求，申请审核。").as_deref(), Some(""));
        assert_eq!(read("基本满足规范二级要求，申请审核。"), None);
        assert!(same_level("二", "二级"));
    }
}
