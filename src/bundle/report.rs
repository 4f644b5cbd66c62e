//! The report inside the binder: it names files as the binder does.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::Plan;
use crate::model::settings::Language;
use crate::model::{Assessment, EvidencePath, Kind};
use crate::report::{FORMATS, Format, Style};
use crate::wording::binder as said;

/// Formats for people, the best first, with the extension of their file.
const READABLE: &[(&str, &str)] = &[("html", "html"), ("markdown", "md"), ("text", "txt")];

fn format() -> (&'static dyn Format, &'static str) {
    let listed = |(name, extension): &(&str, &'static str)| {
        FORMATS.iter().find(|format| format.name() == *name).map(|format| (*format, *extension))
    };
    READABLE.iter().find_map(listed).unwrap_or((FORMATS[0], "txt"))
}

pub(super) fn name(language: Language) -> String {
    format!("{}.{}", said::names(language).report, format().1)
}

pub(super) fn write(relocated: &Assessment, style: &Style) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    format().0.write(relocated, style, &mut bytes)?;
    Ok(bytes)
}

/// The same answer with every file where the binder has it; files that it does not hold keep their
/// own path. Nothing tells of the machine that the binder was made on.
pub(super) fn relocated(assessment: &Assessment, plan: &Plan) -> Assessment {
    let places = plan.places();
    let moved: BTreeMap<&EvidencePath, EvidencePath> =
        places.iter().map(|(file, to)| (&assessment.files[*file].path, EvidencePath::new(*to))).collect();
    let to = |path: &EvidencePath| moved.get(path).unwrap_or(path).clone();
    let all = |paths: &mut Vec<EvidencePath>| {
        let mut seen = BTreeSet::new();
        *paths = paths.iter().map(to).filter(|path| seen.insert(path.clone())).collect();
    };
    let mut out = assessment.clone();
    ".".clone_into(&mut out.root);
    out.config = None;
    for material in out.clauses.iter_mut().flat_map(|clause| &mut clause.materials) {
        all(&mut material.files);
        for (path, _) in material.items.iter_mut().filter_map(|item| item.at.as_mut()) {
            *path = to(path);
        }
    }
    for finding in &mut out.findings {
        finding.path = finding.path.as_ref().map(to);
        all(&mut finding.looked_at);
        match &mut finding.kind {
            Kind::Duplicate { of } => *of = to(of),
            Kind::Inconsistent { other: Some(other), .. } => *other = to(other),
            _ => {}
        }
    }
    // Copies of a file are one in the binder.
    out.findings
        .retain(|finding| !matches!(&finding.kind, Kind::Duplicate { of } if finding.path.as_ref() == Some(of)));
    for answer in &mut out.rectification {
        all(&mut answer.files);
    }
    for file in &mut out.files {
        file.path = to(&file.path);
    }
    out.files.sort_by(|one, other| one.path.cmp(&other.path));
    out.files.dedup_by(|one, other| one.path == other.path);
    out
}
