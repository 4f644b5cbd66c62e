//! Sentences about the standard's own form: what evlint writes into it, and what is wrong with one
//! that a person filled.

use super::{pick, quote, safe};
use crate::model::assessment::NotApplicable;
use crate::model::form::{FormFinding, FormKind};
use crate::model::settings::Language;
use crate::model::{EvidencePath, Verdict};

/// More files than this are counted rather than named.
const NAMED_FILES: usize = 6;
/// Characters around the first difference of two texts that are shown.
const AROUND: usize = 12;

/// `注：…`: a line in a list that names no document.
#[must_use]
pub fn note(text: &str, language: Language) -> String {
    format!("{}{text}", pick(language, "注：", "Note: "))
}

/// Beside boxes that stay open.
#[must_use]
pub fn decide(language: Language) -> &'static str {
    pick(language, "evlint 不能替人判断，请确认后勾选。", "evlint cannot decide this; look at it and tick a box.")
}

/// Of a finding of the last audit.
#[must_use]
pub fn unanswered(id: &str, language: Language) -> String {
    match language {
        Language::Zh => format!("没有找到 {} 的整改材料。", safe(id)),
        Language::En => format!("no document answers {}.", safe(id)),
    }
}

/// `不适用：三级不要求本条（适用于一级、二级）。`
#[must_use]
pub fn not_for_level(answer: &str, level: &str, levels: &[String], language: Language) -> String {
    match language {
        Language::Zh => format!("{answer}：{level}不要求本条（适用于{}）。", levels.join("、")),
        Language::En => format!("{answer}: {level} does not ask for it ({} do).", levels.join(", ")),
    }
}

/// `不适用：初次审核不要求本条（监督审核时适用）。`
#[must_use]
pub fn not_for_audit(answer: &str, audit: &str, audits: &[String], language: Language) -> String {
    match language {
        Language::Zh => format!("{answer}：{audit}不要求本条（{}时适用）。", audits.join("、")),
        Language::En => format!("{answer}: the {audit} does not ask for it ({} does).", audits.join(", ")),
    }
}

/// What the sentence at the form's end is called.
#[must_use]
pub fn conclusion(language: Language) -> &'static str {
    pick(language, "评估结论", "conclusion")
}

/// What the sentence under the conclusion is called.
#[must_use]
pub fn pledge(language: Language) -> &'static str {
    pick(language, "承诺", "pledge")
}

/// `第 11 行 自评估结论`; empty for the form as a whole.
#[must_use]
pub fn spot(finding: &FormFinding, language: Language) -> String {
    let row = finding.row.map(|row| match language {
        Language::Zh => format!("第 {row} 行"),
        Language::En => format!("row {row}"),
    });
    let cell = finding.cell.as_deref().map(short_label);
    row.into_iter().chain(cell).collect::<Vec<_>>().join(" ")
}

/// A column's label without what its brackets add; a long sentence by its first words.
fn short_label(label: &str) -> String {
    quote(label.split(['（', '(']).next().unwrap_or(label))
}

/// What is wrong, complete in itself.
#[must_use]
pub fn message(finding: &FormFinding, language: Language) -> String {
    match language {
        Language::Zh => message_zh(&finding.kind),
        Language::En => message_en(&finding.kind),
    }
}

fn message_zh(kind: &FormKind) -> String {
    match kind {
        FormKind::RowMissing => "表里没有这一行".to_owned(),
        FormKind::RowUnknown { text } => format!("标准没有这一行，或这一行出现了两次：“{}”", quote(text)),
        FormKind::TextChanged { expected, found } => {
            let (expected, found) = difference(expected, found);
            format!("标准原文被改动：应为“{expected}”，写的是“{found}”")
        }
        FormKind::PartMissing { part } => format!("缺少“{}”", quote(part)),
        FormKind::BothTicked => "“符合”和“不符合”都勾了".to_owned(),
        FormKind::NoneTicked { open: false } => "“符合”和“不符合”都没有勾".to_owned(),
        FormKind::NoneTicked { open: true } => "还没有勾选；evlint 也要等人确认".to_owned(),
        FormKind::VerdictDiffers { ticked: true, verdict } => {
            format!("勾了“符合”，而文件夹里的材料是“{}”", super::verdict(*verdict, Language::Zh))
        }
        FormKind::VerdictDiffers { ticked: false, verdict } => {
            format!("勾了“不符合”，而文件夹里的材料是“{}”", super::verdict(*verdict, Language::Zh))
        }
        FormKind::NoEvidence => "勾了“符合”，却没有列出任何材料".to_owned(),
        FormKind::ListEmpty => "清单是空的".to_owned(),
        FormKind::DocumentMissing { name, nearest: None } => format!("文件夹里没有“{}”", quote(name)),
        FormKind::DocumentMissing { name, nearest: Some(nearest) } => {
            format!("文件夹里没有“{}”，是“{}”吗？", quote(name), safe(nearest.as_str()))
        }
        FormKind::DocumentVague { text } => format!("“{}”没有说明是哪份材料", quote(text)),
        FormKind::DocumentForgotten { paths } => {
            format!("有 {} 份能用于本条的文件没有列入清单：{}", paths.len(), named(paths, "、", "…"))
        }
        FormKind::NotApplicableFilled { why: NotApplicable::Level } => "申报的级别不要求本条，却作了结论".to_owned(),
        FormKind::NotApplicableFilled { why: NotApplicable::Audit } => "这次审核不要求本条，却作了结论".to_owned(),
        FormKind::HeadEmpty => "没有填写".to_owned(),
        FormKind::HeadDiffers { expected, found } => {
            format!("写的是“{}”，evlint.json 里是“{}”", quote(found), quote(expected))
        }
        FormKind::ConclusionEmpty => "没有填写级别".to_owned(),
        FormKind::ConclusionDiffers { expected, found } => {
            format!("写的级别是“{}”，申报的是“{}”", quote(found), quote(expected))
        }
        FormKind::PriorMissing { id } => format!("没有填写上次审核发现 {} 的整改情况", quote(id)),
    }
}

fn message_en(kind: &FormKind) -> String {
    match kind {
        FormKind::RowMissing => "the form lacks this row".to_owned(),
        FormKind::RowUnknown { text } => {
            format!("the standard has no such row, or the form has it twice: “{}”", quote(text))
        }
        FormKind::TextChanged { expected, found } => {
            let (expected, found) = difference(expected, found);
            format!("the standard's words were changed: “{expected}” reads “{found}”")
        }
        FormKind::PartMissing { part } => format!("“{}” is not there", quote(part)),
        FormKind::BothTicked => "both boxes are ticked".to_owned(),
        FormKind::NoneTicked { open: false } => "no box is ticked".to_owned(),
        FormKind::NoneTicked { open: true } => "no box is ticked yet; evlint waits for a person's word too".to_owned(),
        FormKind::VerdictDiffers { ticked, verdict } => format!(
            "ticked as {}, while the folder's documents are {}",
            if *ticked { "satisfied" } else { "not satisfied" },
            super::verdict(*verdict, Language::En)
        ),
        FormKind::NoEvidence => "ticked as satisfied, with no document listed".to_owned(),
        FormKind::ListEmpty => "the list is empty".to_owned(),
        FormKind::DocumentMissing { name, nearest: None } => format!("the folder has no “{}”", quote(name)),
        FormKind::DocumentMissing { name, nearest: Some(nearest) } => {
            format!("the folder has no “{}”; did you mean “{}”?", quote(name), safe(nearest.as_str()))
        }
        FormKind::DocumentVague { text } => format!("“{}” does not say which document", quote(text)),
        FormKind::DocumentForgotten { paths } => {
            let count = paths.len();
            let plural = super::plural(count);
            format!("{count} file{plural} that serve this clause are not listed: {}", named(paths, ", ", "…"))
        }
        FormKind::NotApplicableFilled { why: NotApplicable::Level } => {
            "the level applied for does not ask for this clause, and it was answered".to_owned()
        }
        FormKind::NotApplicableFilled { why: NotApplicable::Audit } => {
            "this audit does not ask for this clause, and it was answered".to_owned()
        }
        FormKind::HeadEmpty => "not filled in".to_owned(),
        FormKind::HeadDiffers { expected, found } => {
            format!("reads “{}”, and evlint.json “{}”", quote(found), quote(expected))
        }
        FormKind::ConclusionEmpty => "the level is not filled in".to_owned(),
        FormKind::ConclusionDiffers { expected, found } => {
            format!("the level is “{}”, and “{}” is applied for", quote(found), quote(expected))
        }
        FormKind::PriorMissing { id } => format!("nothing answers last audit's finding {}", quote(id)),
    }
}

/// What to do next, in a sentence.
#[must_use]
pub fn help(finding: &FormFinding, language: Language) -> &'static str {
    let (zh, en) = match &finding.kind {
        FormKind::RowMissing | FormKind::PartMissing { .. } => {
            ("照标准的样式补上。", "Add it as the standard prints it.")
        }
        FormKind::RowUnknown { .. } => ("删去，或改正序号。", "Delete it, or correct its number."),
        FormKind::TextChanged { .. } => {
            ("恢复标准的原文；要说明的写进清单。", "Restore the standard's words; remarks belong into the list.")
        }
        FormKind::BothTicked => ("只留一个。", "Leave one."),
        FormKind::NoneTicked { .. } => ("看过材料后勾选一个。", "Look at the documents and tick one."),
        FormKind::VerdictDiffers { verdict: Verdict::Satisfied, .. }
        | FormKind::VerdictDiffers { ticked: false, .. } => {
            ("改为“符合”，或写明不符合的原因。", "Tick it as satisfied, or say why it is not.")
        }
        FormKind::VerdictDiffers { .. } => (
            "用 `evlint check` 看缺什么，补齐后再勾“符合”。",
            "`evlint check` says what is lacking; tick it once that is there.",
        ),
        FormKind::NoEvidence | FormKind::ListEmpty => {
            ("列出材料的名称和编号。", "List the documents by name and number.")
        }
        FormKind::DocumentMissing { .. } => {
            ("放入这份材料，或改正名称。", "Put the document into the folder, or correct its name.")
        }
        FormKind::DocumentVague { .. } => {
            ("写明材料的名称、编号和日期。", "Name the document, its number and its date.")
        }
        FormKind::DocumentForgotten { .. } => {
            ("列入清单；不用的可以不管。", "List them, unless you do not mean to use them.")
        }
        FormKind::NotApplicableFilled { .. } => ("改为“不适用”。", "Write that it does not apply."),
        FormKind::HeadEmpty => ("填写。", "Fill it in."),
        FormKind::HeadDiffers { .. } => ("改正表格或 evlint.json。", "Correct the form or evlint.json."),
        FormKind::ConclusionEmpty | FormKind::ConclusionDiffers { .. } => {
            ("填写申报的级别。", "Write the level applied for.")
        }
        FormKind::PriorMissing { .. } => (
            "在整改情况的行里写明它的编号、整改情况和材料。",
            "Name it in a row for last audit's findings, with its answer and documents.",
        ),
    };
    pick(language, zh, en)
}

/// What stands at the end of a check.
#[must_use]
pub fn totals(errors: usize, warnings: usize, language: Language) -> String {
    match (errors, warnings, language) {
        (0, 0, Language::Zh) => "自评估表与标准、evlint.json 和文件夹一致。".to_owned(),
        (0, 0, Language::En) => "The form agrees with the standard, evlint.json and the folder.".to_owned(),
        (_, _, Language::Zh) => format!("错误 {errors} 处，提醒 {warnings} 处。"),
        (_, _, Language::En) => {
            let (e, w) = (super::plural(errors), super::plural(warnings));
            format!("{errors} error{e}, {warnings} warning{w}.")
        }
    }
}

fn named(paths: &[EvidencePath], separator: &str, rest: &str) -> String {
    let mut names: Vec<String> = paths.iter().take(NAMED_FILES).map(|path| safe(path.as_str())).collect();
    if paths.len() > NAMED_FILES {
        names.push(rest.to_owned());
    }
    names.join(separator)
}

/// Both texts from shortly before they part to shortly after.
fn difference(expected: &str, found: &str) -> (String, String) {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
    let (expected, found) = (bare(expected), bare(found));
    let same = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let tail = expected[same..].iter().rev().zip(found[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let cut = |text: &[char]| {
        let from = same.saturating_sub(AROUND);
        let to = (text.len() - tail + AROUND).min(text.len());
        let before = if from > 0 { "…" } else { "" };
        let after = if to < text.len() { "…" } else { "" };
        safe(&format!("{before}{}{after}", text[from..to].iter().collect::<String>()))
    };
    (cut(&expected), cut(&found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_where_it_is() {
        let standard = "信息系统安全运维服务流程，流程图中应包括每个阶段对应的职责、输入输出等。";
        for (found, shown) in [
            (
                "信息系统安全运维服务流程，流程图中应包括每个阶段的职责、输入输出等。",
                "…，流程图中应包括每个阶段的职责、输入输出等。",
            ),
            ("", ""),
        ] {
            assert_eq!(difference(standard, found).1, shown);
        }
    }
}
