//! Files that are empty, locked by a password, broken, only a pointer, or not what they are named.

use crate::matching::{Candidate, State};
use crate::model::document::Remark;
use crate::model::evidence::Unreadable;
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check, temp_file};

pub(super) struct FileState;

impl Check for FileState {
    fn codes(&self) -> &'static [&'static str] {
        &["empty-file", "encrypted", "corrupt", "lfs-pointer", "type-mismatch", "partly-read", "unread-file"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for facts in case.facts.iter().filter(|facts| !temp_file::is_temporary(facts, case.pack)) {
            // Also where nothing could be read: a photograph named .pdf opens in no viewer.
            let extension = facts.path.extension();
            if facts.format.clashes_with(&extension) {
                let kind = Kind::TypeMismatch { extension, format: facts.format };
                findings.push(Finding::of_file(kind, Severity::Warning, &facts.path));
            }
            let part = facts.remarks.iter().find_map(|remark| match remark {
                Remark::Truncated { limit: what } | Remark::PartUnreadable { part: what } => Some(what),
                _ => None,
            });
            if let Some(what) = part {
                let kind = Kind::PartlyRead { what: what.clone() };
                findings.push(Finding::of_file(kind, Severity::Note, &facts.path));
            }
            let State::Unreadable(why) = &facts.state else { continue };
            let (kind, severity) = match why {
                Unreadable::Empty => (Kind::EmptyFile, Severity::Warning),
                Unreadable::Encrypted => (Kind::Encrypted, Severity::Warning),
                Unreadable::Corrupt { detail } => (Kind::Corrupt { detail: detail.clone() }, Severity::Warning),
                Unreadable::LfsPointer => (Kind::LfsPointer, Severity::Warning),
                // A person has read it instead.
                _ if facts.candidates.iter().any(Candidate::is_confirmed) => continue,
                // A clause that hangs on it says so itself; without one it is only worth a note.
                why => (Kind::UnreadFile { why: why.clone(), format: facts.format }, Severity::Note),
            };
            findings.push(Finding::of_file(kind, severity, &facts.path));
        }
        findings
    }
}
