//! How each stage of the standard stands, as a map of its clauses.

use serde::Serialize;

use super::{Page, key};
use crate::model::Verdict;
use crate::model::settings::Language;
use crate::wording::{Counts, safe, verdict, words};

/// In the order of the form's own words.
const VERDICTS: [Verdict; 5] =
    [Verdict::Satisfied, Verdict::Unsatisfied, Verdict::NeedsReview, Verdict::Waived, Verdict::NotApplicable];

#[derive(Debug, Serialize)]
pub(super) struct Overview {
    met: usize,
    judged: usize,
    standing: String,
    next: &'static str,
    verdicts: Vec<Share>,
    stages: Vec<Stage>,
}

/// How many clauses have a verdict, and their part of the bar, in percent of its width.
#[derive(Debug, Serialize)]
struct Share {
    key: &'static str,
    name: &'static str,
    count: usize,
    x: String,
    width: String,
}

#[derive(Debug, Serialize)]
struct Stage {
    name: String,
    met: usize,
    judged: usize,
    tiles: Vec<Tile>,
}

/// A clause on the map.
#[derive(Debug, Serialize)]
struct Tile {
    no: u32,
    key: &'static str,
    said: String,
    title: String,
}

pub(super) fn of(page: &Page<'_>) -> Overview {
    let assessment = page.assessment;
    let judged = assessment.clauses.len() - assessment.count(Verdict::NotApplicable);
    let open = |verdict| assessment.count(verdict);
    let counts = Counts { gaps: open(Verdict::Unsatisfied), others: open(Verdict::NeedsReview), files: 0 };
    let glad = counts.gaps + counts.others == 0 && open(Verdict::Waived) == 0;
    Overview {
        met: assessment.count(Verdict::Satisfied),
        judged,
        standing: page.wording.and_known(page.wording.standing()),
        next: if glad { "" } else { page.wording.next_step(counts) },
        verdicts: shares(page, judged),
        stages: stages(page),
    }
}

/// Clauses that do not apply have no part of the bar.
fn shares(page: &Page<'_>, judged: usize) -> Vec<Share> {
    let percent = |clauses: usize| format!("{:.2}%", clauses as f64 * 100.0 / judged.max(1) as f64);
    let mut before = 0;
    let mut shares = Vec::new();
    for of in VERDICTS {
        let count = page.assessment.count(of);
        let drawn = if of == Verdict::NotApplicable { 0 } else { count };
        let name = verdict(of, page.wording.language);
        shares.push(Share { key: key(of), name, count, x: percent(before), width: percent(drawn) });
        before += drawn;
    }
    shares
}

fn stages(page: &Page<'_>) -> Vec<Stage> {
    let (assessment, language) = (page.assessment, page.wording.language);
    let stage = |(at, name)| {
        let clauses: Vec<_> = assessment.clauses.iter().filter(|clause| clause.stage == at).collect();
        let count = |of: Verdict| clauses.iter().filter(|clause| clause.verdict == of).count();
        let tile = |clause: &&crate::model::ClauseResult| Tile {
            no: clause.no,
            key: key(clause.verdict),
            said: match language {
                Language::Zh => format!("条款 {}：{}", clause.no, verdict(clause.verdict, language)),
                Language::En => format!("Clause {}: {}", clause.no, verdict(clause.verdict, language)),
            },
            title: safe(&clause.clause),
        };
        Stage {
            name: safe(words(name, language)),
            met: count(Verdict::Satisfied),
            judged: clauses.len() - count(Verdict::NotApplicable),
            tiles: clauses.iter().map(tile).collect(),
        }
    };
    assessment.stages.iter().enumerate().map(stage).filter(|stage| !stage.tiles.is_empty()).collect()
}
