//! Gaps that a person accepts: they stay listed, as notes, until the waiver's last day is over.
//!
//! Not a check: it looks at what the checks found. Start reading at [`apply`].

use crate::model::finding::{Finding, Kind, Severity, Waived};
use crate::model::settings::{Settings, Waiver};

/// Makes notes of the findings that a waiver covers, and adds a warning for each waiver that is
/// over or that covers nothing. A warning about a file is no gap: nobody can waive it.
pub(super) fn apply(settings: &Settings, findings: &mut Vec<Finding>) {
    let (current, lapsed): (Vec<&Waiver>, Vec<&Waiver>) =
        settings.waivers.iter().partition(|waiver| settings.as_of <= waiver.until);
    let is_used = |waiver: &&Waiver| findings.iter().any(|finding| covers(waiver, finding));
    let (used, unused): (Vec<&Waiver>, Vec<&Waiver>) = current.into_iter().partition(is_used);
    for finding in findings.iter_mut() {
        // Of several the one that counts longest: only after it does the finding return.
        let covering = used.iter().filter(|waiver| covers(waiver, finding)).max_by_key(|waiver| waiver.until);
        if let Some(waiver) = covering {
            finding.waived = Some(waived(waiver, finding.severity));
            finding.severity = Severity::Note;
        }
    }
    let warn =
        |waiver: &Waiver, kind| Finding { project: waiver.project.clone(), ..Finding::of_run(kind, Severity::Warning) };
    findings.extend(lapsed.into_iter().map(|waiver| warn(waiver, lapsed_kind(waiver))));
    findings.extend(unused.into_iter().map(|waiver| warn(waiver, unused_kind(waiver))));
}

/// The clause, and material and project where it names them. A note needs no waiver.
fn covers(waiver: &Waiver, finding: &Finding) -> bool {
    finding.severity > Severity::Note
        && finding.clause == Some(waiver.clause)
        && waiver.material.as_ref().is_none_or(|material| finding.material.as_ref() == Some(material))
        && waiver.project.as_ref().is_none_or(|project| finding.project.as_ref() == Some(project))
}

fn waived(waiver: &Waiver, otherwise: Severity) -> Waived {
    Waived { reason: waiver.reason.clone(), owner: waiver.owner.clone(), until: waiver.until, otherwise }
}

fn lapsed_kind(waiver: &Waiver) -> Kind {
    Kind::WaiverLapsed {
        of: waiver.of(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        until: waiver.until,
    }
}

fn unused_kind(waiver: &Waiver) -> Kind {
    Kind::WaiverUnused { of: waiver.of(), reason: waiver.reason.clone(), owner: waiver.owner.clone() }
}
