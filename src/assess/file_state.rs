//! Files that are empty, locked by a password, broken, only a pointer, or not what they are named.

use crate::matching::{Candidate, State};
use crate::model::document::{Part, Remark};
use crate::model::evidence::Unreadable;
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct FileState;

impl Check for FileState {
    fn codes(&self) -> &'static [&'static str] {
        &["empty-file", "encrypted", "corrupt", "lfs-pointer", "type-mismatch", "partly-read", "unread-file"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for facts in case.facts.iter().filter(|facts| !facts.temporary) {
            // Also where nothing could be read: a photograph named .pdf opens in no viewer.
            let extension = facts.path.extension();
            if facts.format.clashes_with(&extension) {
                let kind = Kind::TypeMismatch { extension, format: facts.format };
                findings.push(Finding::of_file(kind, Severity::Warning, &facts.path));
            }
            findings
                .extend(partly_read(&facts.remarks).map(|kind| Finding::of_file(kind, Severity::Note, &facts.path)));
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

/// One finding for all that was not read of a file.
fn partly_read(remarks: &[Remark]) -> Option<Kind> {
    let (mut pages, mut what) = (Vec::new(), None);
    for remark in remarks {
        match remark {
            Remark::PartUnreadable { part: Part::Page(page) } => pages.push(*page),
            Remark::PartUnreadable { part: Part::Named(name) } => what = what.or(Some(name)),
            Remark::Truncated { limit } => what = what.or(Some(limit)),
            _ => {}
        }
    }
    (what.is_some() || !pages.is_empty()).then(|| Kind::PartlyRead { pages, what: what.cloned() })
}
