//! A document to be signed that nobody signed. Not each empty field: a record that its author
//! signed and the customer did not yet is none.

use crate::matching::{Facts, Field};
use crate::model::evidence::FileFormat;
use crate::model::finding::{Confidence, Finding, Kind, Severity};
use crate::model::pack::DocumentKind;

use super::{Case, Check};

pub(super) struct Unsigned;

impl Check for Unsigned {
    fn codes(&self) -> &'static [&'static str] {
        &["unsigned"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let documents = case.facts.iter().filter(|facts| facts.is_evidence() && !facts.blank);
        let findings = documents.filter_map(|facts| {
            let Field::Empty { label, place } = lacking(facts)? else { return None };
            let kind = Kind::Unsigned { label: label.clone() };
            let finding = Finding::of_file(kind, Severity::Warning, &facts.path);
            Some(Finding { place: Some(place.clone()), confidence: Confidence::Medium, ..finding })
        });
        findings.collect()
    }
}

/// The field for which the document counts as unsigned.
fn lacking(facts: &Facts) -> Option<&Field> {
    if !(is_electronic(facts) || facts.draft.is_some()) {
        return None;
    }
    let signing = &facts.signing;
    if parties_lack(facts) {
        return Some(&signing.parties);
    }
    if is_half_signed(facts) {
        return Some(&signing.half);
    }
    // What both sides have signed needs nobody above them: 批准 ｜ — in minutes.
    if signing.approver.is_empty() && signing.parties != Field::Filled {
        return Some(&signing.approver);
    }
    let nobody = signing.approver == Field::Absent && signing.parties == Field::Absent;
    Some(&signing.others).filter(|others| others.is_empty() && nobody)
}

/// No party signed: of several fields none, or the only one and nobody else signed either.
pub(super) fn parties_lack(facts: &Facts) -> bool {
    let signing = &facts.signing;
    let someone = signing.others == Field::Filled || signing.approver == Field::Filled;
    signing.parties.is_empty() && (signing.party_fields > 1 || !someone)
}

/// The other party signed and sealed what the customer did not.
pub(super) fn is_half_signed(facts: &Facts) -> bool {
    facts.kind == Some(DocumentKind::Agreement) && is_electronic(facts) && facts.signing.half.is_empty()
}

/// Ink and seals leave no text: in a scan, or a print with a picture in it, nothing behind a label proves
/// nothing.
pub(super) fn is_electronic(facts: &Facts) -> bool {
    match facts.format {
        FileFormat::Pdf | FileFormat::Ofd => !facts.pictured,
        format => !format.is_picture(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::findings;

    #[test]
    fn a_document_is_unsigned_where_nobody_signed_that_had_to() {
        let body = "# 巡检记录单\n|设备|巡检内容|结果\n|防火墙|策略配置|正常\n|核心交换机|端口状态|正常\n|服务器|业务操作|正常\n备注：\n";
        for (fields, is) in [
            ("巡检人签字：鲍松　客户签字：　　　日期：2025-03-04", false),
            ("巡检人签字：鲍松　客户签字：池小鱼　日期：", false),
            ("编制：鲍松　审核：", false),
            ("记录归档在质量部，由客户签字确认。", false),
            ("客户签字：　　　日期：", true),
            ("编制：　　　审核：", true),
            ("编制：鲍松　审核：牟知远　批准：", true),
            ("甲方代表签字：____　乙方代表签字：____　记录：鲍松", true),
            ("|巡检人|鲍松\n已检查。\n|记录人：|复核人：|日期：", true),
            (
                "甲方（章）：　　　代表：　　　日期：　年　月　日\n乙方（章）：　　　代表：　　　日期：　年　月　日",
                true,
            ),
            ("甲方：　　　（盖章）　日期：　年　月　日\n乙方：　　　（盖章）　日期：　年　月　日", true),
            ("甲方（章）：临河医院　代表：裴仲谋　日期：2025年1月3日", false),
            ("|总经理（签字）|公司（盖章）|日期\n|被任命人（签字）||日期", true),
            ("|巡检人|鲍松\n已检查。\n|记录人：鲍松|复核人：|日期：", false),
        ] {
            let found = findings(&[("a.docx", &format!("{body}{fields}"))], &["unsigned"]);
            assert_eq!(!found.is_empty(), is, "{fields}: {found:?}");
        }
        let blank = "# 巡检记录单\n|设备|巡检内容|结果\n|1||\n|2||\n客户签字：";
        assert_eq!(findings(&[("a.docx", blank)], &["unsigned"]), []);
    }
}
