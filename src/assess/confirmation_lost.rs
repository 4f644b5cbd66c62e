//! A file that a person confirmed has changed or gone since: the confirmation says nothing anymore.

use crate::matching::Facts;
use crate::model::finding::{Finding, Kind, Lost, Severity};
use crate::model::settings::Confirmation;

use super::{Case, Check};

pub(super) struct ConfirmationLost;

impl Check for ConfirmationLost {
    fn codes(&self) -> &'static [&'static str] {
        &["confirmation-lost"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let confirmations = case.settings.confirmations.iter();
        confirmations
            .filter_map(|confirmation| {
                let kind = Kind::ConfirmationLost {
                    of: confirmation.material.to_string(),
                    by: confirmation.by.clone(),
                    why: lost(confirmation, case.facts)?,
                };
                Some(Finding::of_file(kind, Severity::Warning, &confirmation.path))
            })
            .collect()
    }
}

fn lost(confirmation: &Confirmation, facts: &[&Facts]) -> Option<Lost> {
    // Two names that only their Unicode form tells apart have one path.
    let mut same = facts.iter().filter(|facts| facts.path == confirmation.path).peekable();
    let first = same.peek().copied();
    match first {
        None => Some(Lost::Gone),
        Some(_) if same.any(|facts| facts.sha256 == confirmation.sha256) => None,
        Some(first) if first.sha256.is_empty() => Some(Lost::Unread),
        Some(_) => Some(Lost::Changed),
    }
}
