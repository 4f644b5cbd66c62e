//! The material is there and lacks an item that the standard names.

use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::{Item, Need};

use super::{Case, Check, Slot, unapproved};

pub(super) struct MissingContent;

impl Check for MissingContent {
    fn codes(&self) -> &'static [&'static str] {
        &["missing-content"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        case.slots.iter().filter(|slot| !slot.good.is_empty()).flat_map(|slot| lacking(slot, case)).collect()
    }
}

fn lacking(slot: &Slot<'_>, case: &Case<'_>) -> Vec<Finding> {
    let missing = |need: Need| {
        let of_need = move |(_, item): &(usize, &Item)| item.need == need;
        slot.material
            .items
            .iter()
            .enumerate()
            .filter(of_need)
            .filter(|(_, item)| !unapproved::covers(slot.material, item))
            .filter(|(at, _)| slot.shows(*at).is_none())
            .map(|(_, item)| item)
    };
    let any_items = slot.material.items.iter().filter(|item| item.need == Need::Any).count();
    let no_any = any_items > 0 && missing(Need::Any).count() == any_items;
    let first_any = missing(Need::Any).next().filter(|_| no_any);
    missing(Need::All).chain(first_any).map(|item| finding(slot, case, item)).collect()
}

fn finding(slot: &Slot<'_>, case: &Case<'_>, item: &Item) -> Finding {
    let kind = Kind::MissingContent { item: item.name.clone() };
    Finding {
        path: slot.only_file().map(|hit| hit.facts.path.clone()),
        confidence: slot.confidence(),
        looked_at: slot.good.iter().map(|hit| hit.facts.path.clone()).collect(),
        ..slot.finding(case.settings, kind, Severity::Error, &item.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::findings;

    #[test]
    fn what_stands_empty_open_or_promised_is_not_there() {
        let record = "# 安全设备和业务系统健康检查记录\n|对象|可靠性|可用性|持续性\n|防火墙|无宕机|99.9%|授权至2027年\n|业务系统：收费系统|双机正常|99.95%|备份可恢复\n检查人签字：鲍松　2025-06-24";
        let empty = record.replace("99.9%", "").replace("99.95%", "");
        let open = format!("{empty}\n本季度可用性指标：____%（待填）");
        let survey = "# 满意度调查情况\n# 一、发放情况\n12月8日至17日开展调查，共发出问卷18份，收回16份。\n# 二、结果分析\n得分91.2，最低为夜间响应，已加派一人。";
        let promised = survey.replace(
            "得分91.2，最低为夜间响应，已加派一人。",
            "问卷已封存。我部承诺将于2026年统计，届时形成分析结论。",
        );
        for (text, clause, items) in [
            (record, 32, vec![]),
            (&empty, 32, vec!["可用性"]),
            (&open, 32, vec!["可用性"]),
            (survey, 48, vec![]),
            (&promised, 48, vec!["分析情况"]),
        ] {
            let found = findings(&[("a.docx", text)], &["missing-content"]);
            let lacking: Vec<&str> =
                found.iter().filter(|(_, of, _)| *of == Some(clause)).map(|(_, _, item)| item.as_str()).collect();
            assert_eq!(lacking, items, "{text}");
        }
    }
}
