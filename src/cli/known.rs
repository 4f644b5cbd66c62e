//! Only what is new: what a baseline or another commit knows is taken out of the findings.
//!
//! Verdicts of clauses stay as they are; the exit code counts what is reported.

use std::fs;
use std::path::Path;

use evlint::assess::known::{self, Before, Known};
use evlint::baseline::Baseline;
use evlint::model::{Assessment, assessment};

use super::args::{self, Global};
use super::error::CliError;
use super::{terminal, write};

/// Leaves in the assessment what is new. `before` is the folder as it was, where that is asked for.
/// With `stale`, what the baseline knows and nobody finds is a finding of its own.
pub(crate) fn leave_new(
    assessment: &mut Assessment,
    before: Option<&Before>,
    asked: &args::Known,
    stale: bool,
    global: &Global,
) -> Result<(), CliError> {
    let baseline = asked.baseline.as_deref().map(read).transpose()?;
    let mut known = before.map(|before| before.known.clone()).unwrap_or_default();
    let mut gone = Vec::new();
    if let (Some(baseline), Some(file)) = (&baseline, &asked.baseline) {
        let found = Known::of(&assessment.findings);
        let updated =
            if asked.update_baseline { Some(update(baseline, assessment, asked, file, global)?) } else { None };
        let baseline = updated.as_ref().unwrap_or(baseline);
        if stale {
            gone =
                baseline.stale(&found).iter().map(|entry| known::stale(&entry.fingerprint, &entry.message)).collect();
        }
        known = known.or(baseline.known());
    }
    if baseline.is_none() && before.is_none() {
        return Ok(());
    }
    let hidden = known.hide(&mut assessment.findings);
    assessment.findings.append(&mut gone);
    known::sort(&mut assessment.findings);
    assessment.known = Some(assessment::Known {
        hidden,
        baseline: asked.baseline.as_ref().map(|file| file.display().to_string()),
        since: before.and(asked.since.clone()),
    });
    Ok(())
}

fn read(file: &Path) -> Result<Baseline, CliError> {
    let text = fs::read_to_string(file).map_err(|source| CliError::Read { path: file.to_path_buf(), source })?;
    Baseline::parse(&file.display().to_string(), &text).map_err(|error| CliError::Baseline(Box::new(error)))
}

/// Drops what is found no more; takes in what is new only where that is asked for.
fn update(
    baseline: &Baseline,
    assessment: &Assessment,
    asked: &args::Known,
    file: &Path,
    global: &Global,
) -> Result<Baseline, CliError> {
    let updated = if asked.accept_new {
        Baseline::of(assessment, terminal::language(global.lang))
    } else {
        baseline.shrunk(&Known::of(&assessment.findings))
    };
    if updated != *baseline {
        write::atomically(file, updated.to_json().as_bytes())?;
        let (old, new) = (baseline.count(), updated.count());
        terminal::note(
            global,
            &format!("基线 {} 已更新：{old} 处变为 {new} 处", file.display()),
            &format!("baseline {} updated: {old} findings, now {new}", file.display()),
        );
    }
    Ok(updated)
}
