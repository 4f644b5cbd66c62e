//! Where machines look for a finding: a file that can be opened, and a line in it.
//!
//! Code hosts and build servers show a finding beside a line of a file of the repository, and some
//! drop one without. So a member of an archive stands at its archive, and what no file shows, at
//! the line of evlint.json that asks for it. Start reading at [`of`].

use std::num::NonZeroU32;

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use crate::config;
use crate::model::settings::Entry;
use crate::model::{Assessment, EvidencePath, Finding, Kind, Place};

/// A file of the repository and a line in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Relative to the repository's root; to the evidence folder where no repository is around it.
    pub path: EvidencePath,
    /// The name inside, where the file is an archive or a mail.
    pub member: Option<String>,
    /// 1 where the format has no lines.
    pub line: NonZeroU32,
    /// In characters; only where the file is a text and the finding has a place in it.
    pub column: Option<NonZeroU32>,
}

/// Where a finding is to be shown.
#[must_use]
pub fn of(finding: &Finding, assessment: &Assessment) -> Location {
    match &finding.path {
        Some(path) if !matches!(finding.kind, Kind::ConfirmationLost { .. }) => {
            let mut location = file(path, assessment);
            if let (Some(Place::Line { line, column }), None) = (&finding.place, &location.member) {
                location.line = *line;
                location.column = Some(*column);
            }
            location
        }
        _ => in_config(finding, assessment),
    }
}

/// The file that holds this evidence, at its first line.
#[must_use]
pub fn file(path: &EvidencePath, assessment: &Assessment) -> Location {
    let is_file = |path: &EvidencePath| assessment.files.iter().any(|file| file.path == *path);
    let archive = path.archives().find(|(archive, _)| is_file(archive));
    let (outer, member) = match &archive {
        Some((archive, member)) => (archive, Some((*member).to_owned())),
        None => (path, None),
    };
    Location { path: in_repository(outer.as_str(), assessment), member, line: NonZeroU32::MIN, column: None }
}

/// evlint.json, where nothing more is known; even if it is not there, a person answers in it.
#[must_use]
pub fn config(assessment: &Assessment) -> Location {
    let own = || in_repository(config::NAME, assessment);
    let path = assessment.origin.config.as_deref().map_or_else(own, EvidencePath::new);
    Location { path, member: None, line: NonZeroU32::MIN, column: None }
}

/// As a reference by RFC 3986, section 4.2: bytes of names that are not UTF-8 are encoded as they
/// are, and a colon in the first segment does not make it a scheme.
#[must_use]
pub fn uri(path: &EvidencePath) -> String {
    let encoded = percent_encode(&path.to_bytes(), NOT_IN_PATH).to_string();
    let first = encoded.split('/').next().unwrap_or_default();
    if first.contains(':') { format!("./{encoded}") } else { encoded }
}

/// What is neither `pchar` nor `/` (RFC 3986, section 3.3); not ASCII is encoded anyway.
const NOT_IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The line of evlint.json that asks for what is missing, or says what does not hold.
fn in_config(finding: &Finding, assessment: &Assessment) -> Location {
    let lines = &assessment.origin.lines;
    let line = |is: &dyn Fn(&Entry) -> bool| lines.iter().find(|(entry, _)| is(entry)).map(|(_, line)| *line);
    let line = line(&|entry| says(entry, finding)).or_else(|| line(&|entry| asks(entry, finding)));
    Location { line: line.unwrap_or(NonZeroU32::MIN), ..config(assessment) }
}

/// The finding is about this entry.
fn says(entry: &Entry, finding: &Finding) -> bool {
    let is_waiver = |of: &str, project: &Option<String>| match &finding.kind {
        Kind::WaiverLapsed { of: about, .. } | Kind::WaiverUnused { of: about, .. } => {
            about == of && *project == finding.project
        }
        _ => finding.waived.is_some() && accepts(of, project.as_deref(), finding),
    };
    match (entry, &finding.kind) {
        (Entry::Waiver { of, project }, _) => is_waiver(of, project),
        (Entry::Evidence { of }, Kind::EvidenceUnmatched { of: about, .. }) => about == of,
        (Entry::Confirmation { path, of }, Kind::ConfirmationLost { of: about, .. }) => {
            about == of && finding.path.as_ref().is_some_and(|about| about.as_str() == path)
        }
        _ => false,
    }
}

/// A waiver of the finding's material, or of its clause.
fn accepts(of: &str, project: Option<&str>, finding: &Finding) -> bool {
    let (Some(clause), material) = (finding.clause, finding.material.as_deref().unwrap_or_default()) else {
        return false;
    };
    let covers = of == clause.to_string() || of == format!("{clause}.{material}");
    covers && (project.is_none() || project == finding.project.as_deref())
}

/// Without this entry the finding would not be: its project, or the last audit's finding.
fn asks(entry: &Entry, finding: &Finding) -> bool {
    match entry {
        Entry::Project(name) => finding.project.as_ref() == Some(name),
        Entry::PriorFinding(id) => finding.material.as_ref() == Some(id),
        _ => false,
    }
}

fn in_repository(path: &str, assessment: &Assessment) -> EvidencePath {
    match assessment.origin.folder.as_str() {
        "" => EvidencePath::new(path),
        folder => EvidencePath::new(format!("{folder}/{path}")),
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::*;
    use crate::model::evidence::escape;

    #[test]
    fn a_uri_is_ascii_and_leads_back() {
        for (name, expected) in [
            ("合同.pdf".as_bytes(), "%E5%90%88%E5%90%8C.pdf"),
            (b"a b#1?.txt", "a%20b%231%3F.txt"),
            (b"100%.txt", "100%25.txt"),
            (b"a%41.txt", "a%2541.txt"),
            (b"C:x/y.txt", "./C:x/y.txt"),
            (b"x/C:y.txt", "x/C:y.txt"),
            (b"a,b;c=d&e(f)!'*+$@~.txt", "a,b;c=d&e(f)!'*+$@~.txt"),
            (b"\xba\xcf\xcd\xac.doc", "%BA%CF%CD%AC.doc"),
            (b"a\nb\\c|d", "a%0Ab%5Cc%7Cd"),
        ] {
            let uri = uri(&EvidencePath::new(escape(name)));
            assert_eq!(uri, expected);
            let path = uri.strip_prefix("./").unwrap_or(&uri);
            assert_eq!(percent_decode_str(path).collect::<Vec<u8>>(), name);
        }
    }
}
