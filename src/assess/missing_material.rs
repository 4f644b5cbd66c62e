//! No file is the material, and none that may be.

use std::collections::BTreeSet;

use crate::model::finding::{Finding, Kind, Severity};
use crate::model::pack::Scope;

use super::{Case, Check, rectification};

pub(super) struct MissingMaterial;

impl Check for MissingMaterial {
    fn codes(&self) -> &'static [&'static str] {
        &["missing-material"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = rectification::unanswered(case);
        let good = case.slots.iter().filter(|slot| !slot.good.is_empty());
        let shown: BTreeSet<(u32, &str)> = good.map(|slot| (slot.clause.no, slot.material.id.as_str())).collect();
        for slot in &case.slots {
            let nothing =
                slot.good.is_empty() && slot.late.is_empty() && slot.thin.is_empty() && slot.unreadable.is_empty();
            if !nothing || !slot.borrowed.is_empty() || !slot.foreign.is_empty() {
                continue;
            }
            let elsewhere =
                slot.material.scope == Scope::Project && shown.contains(&(slot.clause.no, slot.material.id.as_str()));
            let item = slot.material.cite.clone();
            findings.push(slot.finding(
                case.settings,
                Kind::MissingMaterial { item, elsewhere },
                Severity::Error,
                &slot.material.cite,
            ));
        }
        findings
    }
}
