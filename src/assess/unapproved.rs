//! The material is a draft nobody signed, or lacks the approval that the standard asks for.

use crate::matching::{Facts, Field};
use crate::model::document::Place;
use crate::model::finding::{Confidence, Finding, Kind, Severity};
use crate::model::pack::{DocumentKind, Item, Material};
use crate::model::time::Period;

use super::{Case, Check, Hit, Slot, unsigned};

pub(super) struct Unapproved;

impl Check for Unapproved {
    fn codes(&self) -> &'static [&'static str] {
        &["unapproved"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter_map(|slot| of_slot(slot, case)).collect()
    }
}

/// Whether a lack of this item is said as a lack of approval, once for all such items.
pub(super) fn covers(material: &Material, item: &Item) -> bool {
    material.approval && item.approval
}

fn of_slot(slot: &Slot<'_>, case: &Case<'_>) -> Option<Finding> {
    // Whoever confirmed it has seen its approval.
    if slot.good.iter().any(|hit| hit.candidate.is_confirmed()) {
        return None;
    }
    let (hit, item, place) = if slot.material.approval {
        not_issued(slot)?
    } else {
        half_signed(slot)
            .or_else(|| only_draft(slot))
            .or_else(|| not_countersigned(slot))
            .or_else(|| signed_by_nobody(slot))
            .or_else(|| draft_of_series(slot))
            .or_else(|| unsigned_notice(slot))?
    };
    let kind = Kind::Unapproved { item: item.clone() };
    Some(Finding {
        path: Some(hit.facts.path.clone()),
        place,
        confidence: Confidence::Medium,
        looked_at: slot.good.iter().map(|hit| hit.facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, &item)
    })
}

type Lack<'s, 'a> = (&'s Hit<'a>, String, Option<Place>);

/// No file of the material is final with its approval and issue filled in, or saying so.
fn not_issued<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let items = || slot.material.items.iter().enumerate().filter(|(_, item)| item.approval);
    let shown = items().all(|(at, _)| slot.shows(at).is_some());
    let issued = |facts: &Facts| {
        let fields = [&facts.signing.approver, &facts.signing.issued];
        let filled = fields.iter().all(|field| **field == Field::Filled);
        facts.draft.is_none() && (filled || (shown && !fields.iter().any(|field| field.is_empty())))
    };
    let first = slot.good.first()?;
    if slot.good.iter().any(|hit| issued(hit.facts)) {
        return None;
    }
    // The pack lists issue before approval, as a document is approved to be issued: of several
    // that lack, the last says most.
    let lacking = items().filter(|(at, _)| slot.shows(*at).is_none()).last();
    let item = lacking.or_else(|| items().last()).map_or(&slot.material.cite, |(_, item)| &item.name);
    let place = empty_place(&first.facts.signing.approver)
        .or_else(|| empty_place(&first.facts.signing.issued))
        .or_else(|| first.facts.draft.clone());
    Some((first, item.clone(), place))
}

/// An agreement that one party signed and the other did not binds nobody.
fn half_signed<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let first = slot.good.first()?;
    let is_itself = first.facts.candidates.first().is_some_and(|best| best.material == slot.reference());
    let Field::Empty { label, place } = &first.facts.signing.half else { return None };
    let all = slot.good.iter().all(|hit| unsigned::is_half_signed(hit.facts));
    (is_itself && all).then(|| (first, label.clone(), Some(place.clone())))
}

/// What counts by the customer's hand, which others signed and he did not.
fn not_countersigned<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let lacks = |hit: &Hit<'_>| hit.facts.signing.customer.is_empty() && unsigned::is_electronic(hit.facts);
    let first = slot.good.first().filter(|_| slot.material.countersigned && slot.good.iter().all(lacks))?;
    let Field::Empty { label, place } = &first.facts.signing.customer else { return None };
    Some((first, label.clone(), Some(place.clone())))
}

/// An agreement or an acceptance that no party has signed: what was signed is kept as a scan.
fn signed_by_nobody<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let binds = |facts: &Facts| facts.kind == Some(DocumentKind::Agreement) || slot.material.countersigned;
    let lacks =
        |hit: &Hit<'_>| binds(hit.facts) && unsigned::parties_lack(hit.facts) && unsigned::is_electronic(hit.facts);
    let first = slot.good.first().filter(|_| slot.good.iter().all(lacks))?;
    let is_itself = first.facts.candidates.first().is_some_and(|best| best.material == slot.reference());
    let Field::Empty { label, place } = &first.facts.signing.parties else { return None };
    is_itself.then(|| (first, label.clone(), Some(place.clone())))
}

/// An appointment that nobody who could appoint has signed.
fn unsigned_notice<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let lacks = |hit: &Hit<'_>| {
        let facts = hit.facts;
        let approver = &facts.signing.approver;
        facts.kind == Some(DocumentKind::Notice) && approver.is_empty() && unsigned::is_electronic(facts)
    };
    let first = slot.good.first().filter(|_| slot.good.iter().all(lacks))?;
    let is_itself = first.facts.candidates.first().is_some_and(|best| best.material == slot.reference());
    let Field::Empty { label, place } = &first.facts.signing.approver else { return None };
    is_itself.then(|| (first, label.clone(), Some(place.clone())))
}

/// All files of the material call themselves drafts, and the first lacks those who put it into
/// force.
fn only_draft<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let first = slot.good.first()?;
    // A draft that also serves another material is told once, where it belongs most.
    let is_itself = first.facts.candidates.first().is_some_and(|best| best.material == slot.reference());
    if !is_itself || slot.good.iter().any(|hit| hit.facts.draft.is_none()) {
        return None;
    }
    if let Some(Field::Empty { label, place }) = empty_field(first.facts) {
        return Some((first, label.clone(), Some(place.clone())));
    }
    // An appointment or a notice is one by its issue: a draft of it appoints nobody. A report that
    // nobody stands for yet says nothing.
    let signing = &first.facts.signing;
    // A day of issue may be typed before anybody approves it.
    let issued = signing.approver == Field::Filled || (signing.issued == Field::Filled && !signing.approver.is_empty());
    let notice = matches!(first.facts.kind, Some(DocumentKind::Notice | DocumentKind::Report)) && !issued;
    // Nor does a draft of an agreement bind anybody who has not signed it.
    let agreed = first.facts.kind == Some(DocumentKind::Agreement) && first.facts.signing.parties != Field::Filled;
    (notice || (agreed && !issued)).then(|| (first, slot.material.cite.clone(), first.facts.draft.clone()))
}

/// The only report of one of the periods is a draft.
fn draft_of_series<'s, 'a>(slot: &'s Slot<'a>) -> Option<Lack<'s, 'a>> {
    let is_draft = |hit: &&Hit<'_>| {
        let signed = hit.facts.signing.approver == Field::Filled;
        hit.facts.draft.is_some() && hit.facts.kind == Some(DocumentKind::Report) && !signed
    };
    let is_itself = |hit: &&Hit<'_>| hit.facts.candidates.first().is_some_and(|best| best.material == slot.reference());
    let issued = || slot.good.iter().filter(|hit| !is_draft(hit));
    let covered = |period: &Period| issued().any(|hit| hit.periods().contains(period));
    let lone = |hit: &&Hit<'_>| !hit.periods().is_empty() && !hit.periods().iter().any(covered);
    let hit = slot
        .good
        .iter()
        .filter(is_draft)
        .filter(is_itself)
        .find(lone)
        .filter(|_| slot.material.series && issued().next().is_some())?;
    Some((hit, slot.material.cite.clone(), hit.facts.draft.clone()))
}

fn empty_field(facts: &Facts) -> Option<&Field> {
    let signing = &facts.signing;
    if unsigned::parties_lack(facts) {
        return Some(&signing.parties);
    }
    // A draft of a record or report is put right by its author; what binds others needs approval.
    let binds = matches!(
        facts.kind,
        Some(DocumentKind::Agreement | DocumentKind::Plan | DocumentKind::Policy | DocumentKind::Notice)
    );
    Some(&signing.approver).filter(|approver| binds && approver.is_empty())
}

fn empty_place(field: &Field) -> Option<Place> {
    match field {
        Field::Empty { place, .. } => Some(place.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::findings;

    const BCP: &str = "# 1 业务影响分析\n关键业务中断最长可容忍4小时，RTO为4小时。\n# 2 恢复策略\n同城备用席位，核心岗位AB角。\n# 3 应急响应与灾难恢复机制\n30分钟内启动，2小时内恢复监测。\n# 4 演练与维护\n每年演练一次并修订。";
    const SLA: &str = "甲方：临河医院　乙方：远山公司\n# 1 服务级别指标\n|指标|承诺值|统计周期\n|系统可用率|≥99.9%|月\n|事件解决率|≥95%|季\n|重大事件响应|≤30分钟|次\n# 2 不达标处理\n连续两季不达标的，乙方免费延长服务十天。";
    const UNSIGNED: &str =
        "|甲方（盖章）： 代表签字：____ 日期：  年  月  日|乙方（盖章）： 代表签字：____ 日期：  年  月  日";
    const SIGNED: &str = "|甲方（盖章）：临河医院 代表签字：裴仲谋|乙方（盖章）：远山公司 代表签字：纪长风";
    const HALF: &str =
        "|甲方（盖章）： 代表签字：____ 日期：  年  月  日|乙方（盖章）：远山公司 代表签字：纪长风 日期：2025年1月3日";

    #[test]
    fn a_plan_that_must_be_issued_is_approved_or_has_one_gap() {
        let gap = || vec![("unapproved".to_owned(), Some(23), "审批".to_owned())];
        for (name, head, expected) in [
            ("计划(征求意见稿)", "|角色|姓名|日期\n|编制|伏惊蛰|2025-03-03\n|批准\n发布日期：", gap()),
            ("计划", "版本：报批稿\n|批准|萧伯庸|发布日期|2025-03-10", gap()),
            ("计划", "版本：V1.0", gap()),
            ("计划", "版本：V1.0\n|批准|萧伯庸|发布日期|2025-03-10", vec![]),
            ("计划", "编制：伏惊蛰　批准：萧伯庸　发布日期：2025年3月10日", vec![]),
        ] {
            let text = format!("# 业务连续性计划\n{head}\n{BCP}");
            let found = findings(&[(&format!("{name}.docx"), &text)], &["unapproved", "missing-content"]);
            let of_plan: Vec<_> = found.into_iter().filter(|(_, clause, _)| *clause == Some(23)).collect();
            assert_eq!(of_plan, expected, "{head}");
        }
    }

    #[test]
    fn an_agreement_is_unapproved_where_nobody_signed_any_version_of_it() {
        let draft = format!("# 服务级别协议（SLA）\n（送审稿）\n{SLA}\n# 3 签署\n双方代表签署。\n{UNSIGNED}");
        let signed = format!("# 服务级别协议（SLA）\n{SLA}\n# 3 签署\n双方代表签署。\n{SIGNED}");
        let signed_draft = signed.replace("（SLA）", "（SLA）\n（送审稿）");
        let unsigned = draft.replace("（送审稿）\n", "");
        let gap = || ("unapproved".to_owned(), Some(13), "甲方(盖章)".to_owned());
        let hygiene = |path: &str| ("unsigned".to_owned(), None, path.to_owned());
        let codes = ["unapproved", "unsigned"];
        assert_eq!(findings(&[("a.docx", &draft)], &codes), [gap(), hygiene("a.docx")]);
        assert_eq!(findings(&[("a.pdf", &draft)], &codes), [gap(), hygiene("a.pdf")]);
        assert_eq!(findings(&[("a.docx", &draft), ("b.docx", &signed)], &codes), [hygiene("a.docx")]);
        assert_eq!(findings(&[("a.docx", &signed)], &codes), []);
        assert_eq!(findings(&[("a.docx", &signed_draft)], &codes), []);
        // The master of a signed copy binds nobody without it.
        assert_eq!(findings(&[("a.docx", &unsigned)], &codes), [gap(), hygiene("a.docx")]);
        assert_eq!(findings(&[("a.pdf", &unsigned)], &codes), [gap(), hygiene("a.pdf")]);
        assert_eq!(findings(&[("a.docx", &unsigned), ("b.docx", &signed)], &codes), [hygiene("a.docx")]);
        // One party has signed: the agreement waits for the other.
        let half = format!("# 服务级别协议（SLA）\n{SLA}\n# 3 签署\n双方代表签署。\n{HALF}");
        assert_eq!(findings(&[("a.docx", &half)], &codes), [gap(), hygiene("a.docx")]);
        assert_eq!(findings(&[("a.pdf", &half)], &codes), [gap(), hygiene("a.pdf")]);
    }

    #[test]
    fn an_acceptance_counts_by_the_customers_hand() {
        let report = |ends: &str| {
            format!(
                "# 项目验收报告\n|项目|临河医院安全运维|合同期|2025-01-01至2025-12-31\n# 一、完成情况\n按合同完成巡检十二次、季度报告四份，资料已移交。\n# 二、验收意见\n{ends}"
            )
        };
        for (ends, is) in [
            ("乙方代表（签字）：纪长风 2026-01-16\n甲方代表（签字）：\n甲方单位（公章）：\n日期：  年  月  日", true),
            ("验收结论：合格\n乙方代表（签字）：纪长风\n甲方代表（签字）：裴仲谋 2026-01-18", false),
            ("（由委托方填写）\n|甲方（盖章）：|乙方（盖章）：\n|日期：  年  月  日|日期：  年  月  日", true),
            // Nobody signed: the master of what was signed on paper, which is not here.
            ("验收结论：合格\n乙方代表（签字）：\n甲方代表（签字）：", true),
        ] {
            let found = findings(&[("a.docx", &report(ends))], &["unapproved"]);
            assert_eq!(found.iter().any(|(_, clause, _)| *clause == Some(46)), is, "{ends}: {found:?}");
        }
    }

    #[test]
    fn a_period_whose_only_report_is_a_draft_has_none() {
        let report = |quarter: &str, state: &str| {
            format!(
                "# 2025年第{quarter}季度安全运维服务报告{state}\n# 一、统计\n工单23张，按时办结22张。\n# 二、分析\n报障以终端为主，原因是系统老旧。\n审核：（待审）　批准：（待批准）"
            )
        };
        let quarters = ["一", "二", "三", "四"].map(|quarter| (format!("{quarter}.docx"), report(quarter, "")));
        let mut files: Vec<(&str, &str)> = quarters.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let gaps = |files: &[(&str, &str)]| findings(files, &["unapproved"]).len();
        assert_eq!(gaps(&files), 0);
        let draft = report("三", "（初稿）");
        files.push(("三稿.docx", &draft));
        assert_eq!(gaps(&files), 0, "a draft beside the report");
        files.remove(2);
        assert_eq!(gaps(&files), 1);
    }
}
