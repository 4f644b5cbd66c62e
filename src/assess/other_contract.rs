//! A document gives another number or another price for the contract than the contract itself.

use crate::matching::{Contract, Facts, Signal, Stated};
use crate::model::document::Place;
use crate::model::evidence::EvidencePath;
use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::About;

use super::{Case, Check, Hit, Slot};

pub(super) struct OtherContract;

impl Check for OtherContract {
    fn codes(&self) -> &'static [&'static str] {
        &["inconsistent"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter_map(|slot| differing(slot, case)).collect()
    }
}

/// One finding a material: who took the wrong contract took its number and its price. What is only called
/// so is looked at where there is nothing else: 项目验收报告 of a building site.
pub(super) fn differing(slot: &Slot<'_>, case: &Case<'_>) -> Option<Finding> {
    slot.material.agrees_with.iter().find_map(|agreement| {
        let (item, other): (_, Other) = match &agreement.about {
            About::Number(item) => (item, other_number),
            About::Amount(item) => (item, other_amount),
            About::Term(_) | About::Indicators | About::Order(_) => return None,
        };
        let contracts: Vec<&Facts> = case.partners(slot, &agreement.with).collect();
        let called = |hit: &&Hit<'_>| hit.candidate.signals.iter().any(|signal| matches!(signal, Signal::Title { .. }));
        let thin = slot.thin.iter().filter(|_| slot.good.is_empty()).filter(called);
        let own =
            slot.good.iter().chain(thin).filter(|hit| contracts.iter().all(|contract| contract.path != hit.facts.path));
        let (hit, Sides { here, place, there, contract }) =
            own.into_iter().find_map(|hit| Some((hit, other(hit.facts, &contracts)?)))?;
        let kind = Kind::Inconsistent { item: item.clone(), here, there, other: Some(contract) };
        Some(Finding {
            path: Some(hit.facts.path.clone()),
            place: Some(place),
            looked_at: vec![hit.facts.path.clone()],
            ..slot.finding(case.settings, kind, Severity::Error, item)
        })
    })
}

/// Looks for what a document says and no contract does.
type Other = fn(&Facts, &[&Facts]) -> Option<Sides>;

/// What a document says, and where; what its contract says instead.
struct Sides {
    here: String,
    place: Place,
    there: String,
    contract: EvidencePath,
}

/// The contracts have numbers, and none has this one.
fn other_number(facts: &Facts, contracts: &[&Facts]) -> Option<Sides> {
    let own = facts.contract.number.as_ref()?;
    let same = |other: &str| other.contains(&own.value) || own.value.contains(other);
    differ(
        own,
        contracts,
        |contract| contract.number.as_ref(),
        |contract| contract.number.as_ref().is_some_and(|other| same(&other.value)),
    )
}

/// The contracts have a price, and none names this sum anywhere.
fn other_amount(facts: &Facts, contracts: &[&Facts]) -> Option<Sides> {
    let own = facts.contract.amount.as_ref()?;
    differ(own, contracts, |contract| contract.amount.as_ref(), |contract| contract.sums.contains(&own.value))
}

/// `own` is known to no contract, though one states such a thing.
fn differ<T>(
    own: &Stated<T>,
    contracts: &[&Facts],
    states: impl Fn(&Contract) -> Option<&Stated<T>>,
    knows: impl Fn(&Contract) -> bool,
) -> Option<Sides> {
    // An annex or a mail about the contract states none.
    let mut stating = contracts.iter().filter(|other| states(&other.contract).is_some());
    let first = stating.next().filter(|_| !contracts.iter().any(|other| knows(&other.contract)))?;
    Some(Sides {
        here: own.text.clone(),
        place: own.place.clone(),
        there: states(&first.contract)?.text.clone(),
        contract: first.path.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::findings;

    #[test]
    fn an_acceptance_is_of_the_contract_that_there_is() {
        let contract = "# 安全运维服务合同\n合同编号：HX-2025-018\n# 1 服务范围\n机房设备与四套系统。\n# 2 服务内容\n巡检、漏洞扫描、应急处置。\n# 3 价款\n合同总价款人民币叁拾捌万陆仟元整（￥386,000.00），首付115,800元。\n甲方（盖章）：临河医院\n乙方（盖章）：远山公司";
        let acceptance = |head: &str| {
            format!(
                "# 项目验收报告\n{head}\n# 1 完成情况\n巡检十二次，报告齐全，各项服务均已完成。\n# 2 验收结论\n验收合格，同意通过验收。\n甲方验收人签字：裴仲谋　2025-12-30"
            )
        };
        for (head, expected) in [
            ("合同编号：HX-2025-018\n合同金额：38.6万元", None),
            ("合同编号：HX2025018", None),
            ("本次验收金额：115800元", None),
            ("合同编号：HX-2024-011", Some("合同编号")),
            ("合同金额：29.8万元", Some("合同金额")),
            (
                "|项目名称|甲运维\n|合同编号|HX-2025-018\n|合同金额|人民币陆拾捌万陆仟元整（￥686,000.00）\n|服务期间|2025年3月1日至10月31日",
                Some("合同金额"),
            ),
        ] {
            let found = findings(&[("a.docx", contract), ("b.docx", &acceptance(head))], &["inconsistent"]);
            let items: Vec<&str> = found.iter().map(|(_, _, item)| item.as_str()).collect();
            assert_eq!(items, expected.into_iter().collect::<Vec<_>>(), "{head}");
        }
    }

    #[test]
    fn a_short_acceptance_under_another_contract_is_told_and_no_question() {
        let contract = "# 安全运维服务合同\n编号 HX-2025-018\n# 1 服务范围\n机房设备与四套系统。\n# 2 服务内容\n巡检、漏洞扫描、应急处置。";
        let works = "# 项目验收报告\n|合同名称|营业厅门禁与监控\n|合同编号|HX-GC-2023-118\n|验收日|2025-01-26\n验收内容：门禁12处、监控64路，图纸齐全。\n结论：同意交付。";
        let codes = ["inconsistent", "needs-confirmation"];
        let of_acceptance = |works: &str| -> Vec<String> {
            let found = findings(&[("a.docx", contract), ("b.docx", works)], &codes);
            found.into_iter().filter(|(_, clause, _)| *clause == Some(46)).map(|(code, ..)| code).collect()
        };
        assert_eq!(of_acceptance(works), ["inconsistent"]);
        assert_eq!(of_acceptance(&works.replace("HX-GC-2023-118", "HX-2025-018")), Vec::<String>::new());
    }
}
