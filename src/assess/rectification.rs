//! Last audit's findings and the documents that answer them.

use crate::matching::{Facts, State};
use crate::model::assessment::RectificationResult;
use crate::model::finding::{Confidence, Finding, Kind, Severity};
use crate::model::pack::{DocumentKind, Pack};
use crate::model::settings::Settings;
use crate::model::text::normalise;

use super::{Case, slots};

/// For each finding of the last audit the reports that name it; none where the audit asks for none.
#[must_use]
pub(super) fn answer(pack: &Pack, settings: &Settings, facts: &[&Facts]) -> Vec<RectificationResult> {
    if !pack.audit(&settings.audit).is_some_and(|audit| audit.rectification) {
        return Vec::new();
    }
    let names = slots::names(settings).len();
    let mut results = Vec::new();
    for (at, prior) in settings.prior_findings.iter().enumerate() {
        let Some(row) = pack.rectification.iter().find(|row| row.kind == prior.kind) else { continue };
        let is_report = |facts: &&Facts| {
            let title = facts.title.as_deref().map(normalise).unwrap_or_default();
            let name = normalise(facts.path.stem());
            row.titles.iter().any(|pattern| pattern.is_in(&title) || pattern.is_in(&name))
        };
        let names_it = |facts: &&Facts| {
            let inside = facts.mentions.iter().any(|mention| mention.name == names + at);
            inside || normalise(facts.path.stem()).contains(&normalise(&prior.id))
        };
        // A list of what is to be done, or a plan for it, answers nothing.
        let answers = |facts: &Facts| {
            matches!(facts.kind, Some(DocumentKind::Report | DocumentKind::Record | DocumentKind::Notice) | None)
        };
        let readable = |facts: &&Facts| facts.state == State::Read && !facts.template && answers(facts);
        let files: Vec<_> = facts
            .iter()
            .copied()
            .filter(readable)
            .filter(is_report)
            .filter(names_it)
            .map(|facts| facts.path.clone())
            .collect();
        results.push(RectificationResult { id: prior.id.clone(), row: row.no, rectified: !files.is_empty(), files });
    }
    results
}

/// Findings of the last audit that nothing answers.
pub(super) fn unanswered(case: &Case<'_>) -> Vec<Finding> {
    let open = case.rectification.iter().filter(|result| !result.rectified);
    open.map(|result| Finding {
        kind: Kind::MissingMaterial { item: result.id.clone(), elsewhere: false },
        severity: Severity::Error,
        confidence: Confidence::High,
        clause: Some(result.row),
        material: Some(result.id.clone()),
        project: None,
        path: None,
        place: None,
        cite: None,
        looked_at: Vec::new(),
        waived: None,
    })
    .collect()
}
