//! What editors and systems leave behind.

use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct TempFile;

impl Check for TempFile {
    fn codes(&self) -> &'static [&'static str] {
        &["temp-file"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let temporary = case.facts.iter().filter(|facts| facts.temporary);
        temporary.map(|facts| Finding::of_file(Kind::TempFile, Severity::Warning, &facts.path)).collect()
    }
}
