//! Revisions that nobody has accepted or rejected: the text is not final.

use crate::model::document::Remark;
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct TrackedChanges;

impl Check for TrackedChanges {
    fn codes(&self) -> &'static [&'static str] {
        &["tracked-changes"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for facts in case.facts {
            for remark in &facts.remarks {
                if let Remark::TrackedChanges { count, first } = remark {
                    let finding =
                        Finding::of_file(Kind::TrackedChanges { count: *count }, Severity::Warning, &facts.path);
                    findings.push(Finding { place: Some(first.clone()), ..finding });
                }
            }
        }
        findings
    }
}
