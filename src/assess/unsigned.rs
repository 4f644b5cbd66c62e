//! A document to be signed that nobody signed. Not each empty field: a record that its author
//! signed and the customer did not yet is none.

use crate::matching::{Facts, Field, Signal};
use crate::model::evidence::FileFormat;
use crate::model::finding::{Confidence, Finding, Kind, Severity};

use super::{Case, Check};

pub(super) struct Unsigned;

impl Check for Unsigned {
    fn codes(&self) -> &'static [&'static str] {
        &["unsigned"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let documents = case.facts.iter().filter(|facts| facts.is_evidence(case.pack) && !is_blank(facts));
        let findings = documents.filter_map(|facts| {
            let Field::Empty { label, place } = lacking(facts)? else { return None };
            let kind = Kind::Unsigned { label: label.clone() };
            let finding = Finding::of_file(kind, Severity::Warning, &facts.path);
            Some(Finding { place: Some(place.clone()), confidence: Confidence::Medium, ..finding })
        });
        findings.collect()
    }
}

/// A form that nobody filled in has nothing to sign yet.
fn is_blank(facts: &Facts) -> bool {
    let signals = facts.candidates.iter().flat_map(|candidate| &candidate.signals);
    facts.template || signals.into_iter().any(|signal| matches!(signal, Signal::Template | Signal::NoSubstance))
}

/// The field for which the document counts as unsigned.
fn lacking(facts: &Facts) -> Option<&Field> {
    if !(is_electronic(facts.format) || facts.draft.is_some()) {
        return None;
    }
    let signing = &facts.signing;
    if parties_lack(facts) {
        return Some(&signing.parties);
    }
    if signing.approver.is_empty() {
        return Some(&signing.approver);
    }
    let nobody = signing.approver == Field::Absent && signing.parties == Field::Absent;
    Some(&signing.others).filter(|others| others.is_empty() && nobody)
}

/// No party signed: of several fields none, or the only one and nobody else signed either.
pub(super) fn parties_lack(facts: &Facts) -> bool {
    let signing = &facts.signing;
    let someone = signing.others == Field::Filled || signing.approver == Field::Filled;
    signing.parties.is_empty() && (signing.party_fields > 1 || !someone)
}

/// Ink and seals leave no text: in a scan or a print nothing behind a label proves nothing.
fn is_electronic(format: FileFormat) -> bool {
    !format.is_picture() && !matches!(format, FileFormat::Pdf | FileFormat::Ofd)
}
