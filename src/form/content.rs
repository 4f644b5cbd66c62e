//! What the form says, cell by cell, before anybody decides how a file lays it out.

use crate::model::assessment::NotApplicable;
use crate::model::pack::{Column, Form, FormColumn, Head, RectificationRow};
use crate::model::settings::{Language, PriorFinding};
use crate::model::{Assessment, Clause, ClauseResult, Pack, Settings, Verdict};
use crate::wording::{self, Wording};

use super::{CellId, FormError, Subject, documents};

/// The form is the standard's, and speaks its language.
pub(super) const LANGUAGE: Language = Language::Zh;

const TICKED: char = '☑';
const OPEN: char = '☐';

/// A filled form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub title: String,
    pub head: Vec<Field>,
    pub columns: Vec<FormColumn>,
    pub rows: Vec<Row>,
    pub conclusion: String,
    pub pledge: String,
    pub signature: Vec<String>,
    pub landscape: bool,
}

/// A field above the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub label: String,
    pub holds: Option<Head>,
    pub text: String,
}

/// A numbered row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub no: u32,
    pub kind: RowKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    Clause {
        stage: String,
        clause: String,
        evidence: String,
        answer: String,
        documents: String,
    },
    /// Heads the rows below it.
    Title(String),
    /// Where a finding of the last audit is answered.
    Entry {
        finding: String,
        answer: String,
        documents: String,
    },
}

impl Content {
    /// # Errors
    /// Where the pack says nothing of the form's columns.
    pub fn of(subject: &Subject<'_>) -> Result<Self, FormError> {
        let Subject { pack, settings, assessment } = *subject;
        let form = &pack.form;
        let held = |column| form.columns.iter().any(|one| one.holds == Some(column));
        let needed = [Column::Number, Column::Clause, Column::Evidence, Column::Conclusion, Column::Documents];
        if !needed.into_iter().all(held) || form.answers.yes.is_empty() || form.answers.no.is_empty() {
            return Err(FormError::NoLayout);
        }
        let mut rows: Vec<Row> = assessment.clauses.iter().map(|clause| clause_row(subject, clause)).collect();
        rows.extend(pack.rectification.iter().flat_map(|row| rectification_rows(subject, row)));
        rows.sort_by_key(|row| row.no);
        let field = |field: &crate::model::pack::HeadField| Field {
            label: field.label.clone(),
            holds: field.holds,
            text: field.holds.map(|holds| head(settings, assessment, holds)).unwrap_or_default(),
        };
        Ok(Self {
            title: form.title.clone(),
            head: form.header.iter().map(field).collect(),
            columns: form.columns.clone(),
            rows,
            conclusion: conclusion(form, &assessment.level_name.zh),
            pledge: form.pledge.clone(),
            signature: form.signature.clone(),
            landscape: form.landscape,
        })
    }

    /// Every cell that evlint fills, with its text.
    #[must_use]
    pub fn cells(&self) -> Vec<(CellId, &str)> {
        let mut cells: Vec<(CellId, &str)> = self
            .head
            .iter()
            .filter_map(|field| field.holds.map(|holds| (CellId::Head(holds), field.text.as_str())))
            .collect();
        for row in &self.rows {
            match &row.kind {
                RowKind::Clause { answer, documents, .. } => {
                    cells.extend([
                        (CellId::Answer(row.no), answer.as_str()),
                        (CellId::Documents(row.no), documents.as_str()),
                    ]);
                }
                RowKind::Title(_) => {}
                RowKind::Entry { finding, answer, documents } => cells.extend([
                    (CellId::Finding(row.no), finding.as_str()),
                    (CellId::Answer(row.no), answer.as_str()),
                    (CellId::Documents(row.no), documents.as_str()),
                ]),
            }
        }
        cells.push((CellId::Conclusion, &self.conclusion));
        cells
    }
}

/// What evlint.json says for a field of the head; empty where it says nothing.
pub(super) fn head(settings: &Settings, assessment: &Assessment, holds: Head) -> String {
    match holds {
        Head::Organization => settings.organization.clone().unwrap_or_default(),
        Head::Level => assessment.level_name.zh.clone(),
        Head::AssessedOn => settings
            .assessed_on
            .map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day()))
            .unwrap_or_default(),
        Head::Assessors => settings.assessors.join("、"),
    }
}

/// The conclusion with the level where its blank is: `满足____级要求` and `二级` make `满足二级要求`.
fn conclusion(form: &Form, level: &str) -> String {
    let Some((before, after)) = blank(&form.conclusion) else { return form.conclusion.clone() };
    let overlap = (1..=level.len())
        .filter(|&length| level.is_char_boundary(level.len() - length))
        .map(|length| &level[level.len() - length..])
        .filter(|end| after.starts_with(end))
        .max_by_key(|end| end.len())
        .unwrap_or_default();
    format!("{before}{}{after}", &level[..level.len() - overlap.len()])
}

/// What stands before and behind the line of `_` that a person fills.
pub(super) fn blank(text: &str) -> Option<(&str, &str)> {
    let start = text.find("__")?;
    let rest = &text[start..];
    Some((&text[..start], rest.trim_start_matches('_')))
}

/// 条款 as the form prints it: for whom it is, the standard's words, and for which audit.
pub(super) fn printed(pack: &Pack, clause: &Clause) -> String {
    let before = pack.form.level_prefixes.iter().find(|prefix| same(&prefix.levels, &clause.levels));
    let behind = pack.form.audit_suffixes.iter().find(|suffix| same(&suffix.audits, &clause.audits));
    let before = before.map_or("", |prefix| prefix.text.as_str());
    let behind = behind.map_or("", |suffix| suffix.text.as_str());
    format!("{before}{}{behind}", clause.clause)
}

fn same(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().all(|one| right.contains(one))
}

fn clause_row(subject: &Subject<'_>, result: &ClauseResult) -> Row {
    let Subject { pack, assessment, .. } = *subject;
    let clause = pack.clause(result.no);
    let answers = &pack.form.answers;
    let kind = RowKind::Clause {
        stage: assessment.stages.get(result.stage).map(|stage| stage.zh.clone()).unwrap_or_default(),
        clause: clause.map_or_else(|| result.clause.clone(), |clause| printed(pack, clause)),
        evidence: result.evidence.clone(),
        answer: match result.verdict {
            Verdict::Satisfied => boxes(pack, true, false),
            Verdict::Unsatisfied => boxes(pack, false, true),
            Verdict::NeedsReview | Verdict::Waived => boxes(pack, false, false),
            Verdict::NotApplicable => answers.not_applicable.clone(),
        },
        documents: match (result.verdict, clause) {
            (Verdict::NotApplicable, Some(clause)) => not_applicable(subject, clause, result.why_not_applicable),
            _ => documents::of_clause(subject, result),
        },
    };
    Row { no: result.no, kind }
}

/// 不适用, and why.
fn not_applicable(subject: &Subject<'_>, clause: &Clause, why: Option<NotApplicable>) -> String {
    let Subject { pack, assessment, .. } = *subject;
    let names = |ids: &[String], names: Vec<(&str, &str)>| -> Vec<String> {
        names.into_iter().filter(|(id, _)| ids.iter().any(|one| one == id)).map(|(_, name)| name.to_owned()).collect()
    };
    let answer = &pack.form.answers.not_applicable;
    if why == Some(NotApplicable::Audit) {
        let audits = pack.audits.iter().map(|audit| (audit.id.as_str(), audit.name.zh.as_str())).collect();
        wording::form::not_for_audit(answer, &assessment.audit_name.zh, &names(&clause.audits, audits), LANGUAGE)
    } else {
        let levels = pack.levels.iter().map(|level| (level.id.as_str(), level.name.zh.as_str())).collect();
        wording::form::not_for_level(answer, &assessment.level_name.zh, &names(&clause.levels, levels), LANGUAGE)
    }
}

/// `☑符合` over `☐不符合`.
fn boxes(pack: &Pack, yes: bool, no: bool) -> String {
    let mark = |ticked| if ticked { TICKED } else { OPEN };
    let answers = &pack.form.answers;
    format!("{}{}\n{}{}", mark(yes), answers.yes, mark(no), answers.no)
}

/// A title, and the rows below it where findings of this kind are answered. More findings than
/// rows share the last one: the form's numbers are the standard's.
fn rectification_rows(subject: &Subject<'_>, row: &RectificationRow) -> Vec<Row> {
    let Subject { pack, settings, .. } = *subject;
    let mut rows = vec![Row { no: row.no, kind: RowKind::Title(row.title.zh.clone()) }];
    let findings = prior(subject, row);
    for (at, &no) in row.entry_rows.iter().enumerate() {
        let last = at + 1 == row.entry_rows.len();
        let share: &[&PriorFinding] = match findings.get(at..) {
            Some(rest) if last => rest,
            Some([first, ..]) => std::slice::from_ref(first),
            _ => &[],
        };
        let kind = if share.is_empty() { no_entry(pack, settings, at == 0) } else { entry(subject, share) };
        rows.push(Row { no, kind });
    }
    rows
}

/// The last audit's findings of this row's kind, where this audit asks for them.
pub(super) fn prior<'a>(subject: &Subject<'a>, row: &RectificationRow) -> Vec<&'a PriorFinding> {
    let asked = subject.pack.audit(&subject.settings.audit).is_some_and(|audit| audit.rectification);
    subject.settings.prior_findings.iter().filter(|finding| asked && finding.kind == row.kind).collect()
}

/// 无 where this audit asks and there was none, 不适用 where it does not ask; said once.
fn no_entry(pack: &Pack, settings: &Settings, first: bool) -> RowKind {
    let asked = pack.audit(&settings.audit).is_some_and(|audit| audit.rectification);
    let answers = &pack.form.answers;
    let word = if asked { &answers.none } else { &answers.not_applicable };
    let text = if first { word.clone() } else { String::new() };
    RowKind::Entry { finding: text, answer: String::new(), documents: String::new() }
}

fn entry(subject: &Subject<'_>, findings: &[&PriorFinding]) -> RowKind {
    let Subject { pack, assessment, .. } = *subject;
    let result = |finding: &PriorFinding| assessment.rectification.iter().find(|result| result.id == finding.id);
    let rectified = findings.iter().all(|finding| result(finding).is_some_and(|result| result.rectified));
    let stated: Vec<String> = findings
        .iter()
        .map(|finding| format!("{}：{}", wording::safe(&finding.id), wording::safe(&finding.text)))
        .collect();
    let files = findings.iter().filter_map(|finding| result(finding)).flat_map(|result| result.files.iter().cloned());
    let mut lines = documents::lines(assessment, &files.collect::<Vec<_>>());
    for finding in findings.iter().filter(|finding| !result(finding).is_some_and(|result| result.rectified)) {
        lines.push(wording::form::note(&wording::form::unanswered(&finding.id, LANGUAGE), LANGUAGE));
    }
    RowKind::Entry {
        finding: stated.join("\n"),
        answer: boxes(pack, rectified, !rectified),
        documents: lines.join("\n"),
    }
}

/// What the assessment says of a row, in one wording for fill and check.
pub(super) fn wording_of<'a>(subject: &Subject<'a>) -> Wording<'a> {
    Wording::new(subject.assessment, LANGUAGE)
}
