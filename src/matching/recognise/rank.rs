//! Which of several materials a document is: what outranks what, and what is taken without a title.
//!
//! Start reading at [`outrank`].

use crate::model::document::Place;
use crate::model::pack::{MaterialRef, Pack};

use super::super::{Candidate, kind};
use super::{Signal, Strength};

/// A document whose content alone speaks, and for one material alone, is it from here on.
const UNOPPOSED: f32 = 0.33;
/// … and from here on where its name says so too and it shows most of several items.
const UNOPPOSED_NAMED: f32 = 0.25;
/// So far ahead of every other material.
const AHEAD: f32 = 0.08;
/// A document of another title shows a material as well if it shows at least so many of its items …
const SHOWN_ITEMS: usize = 3;
/// … and at least this share of them.
const SHOWN_SHARE: f32 = 0.75;
/// A candidate weaker than the best by more is only shown by its content, not meant.
const FAR_BEHIND: f32 = 0.30;

/// A document that is clearly one material is not one it is confused with, nor one that it only
/// resembles by its content. Titles on lines of their own stand side by side: a sheet each, a
/// chapter each, or 可用性事件、执行与改进报告.
pub(super) fn outrank(pack: &Pack, candidates: &mut [Candidate]) {
    let ranks: Vec<Rank> = candidates.iter().filter(|candidate| candidate.is_match()).map(Rank::of).collect();
    let best = ranks.iter().map(|rank| rank.score).fold(0.0, f32::max);
    let sure = candidates.iter().find(|candidate| candidate.strength == Strength::Sure).map(Rank::of);
    for candidate in candidates.iter_mut().filter(|candidate| candidate.strength != Strength::Refused) {
        let own = Rank::of(candidate);
        let confused = |other: &MaterialRef| {
            let lists = |a: &MaterialRef, b: &MaterialRef| {
                pack.material(a).is_some_and(|material| material.confused_with.contains(b))
            };
            lists(&own.material, other) || lists(other, &own.material)
        };
        let beaten = ranks.iter().find(|other| {
            other.material != own.material
                && confused(&other.material)
                && !own.stands_beside(other)
                && !(other.is_chapter && shows_most(candidate))
                && !shows_all(candidate, own.title.is_some())
                && (other.score > own.score + 0.08
                    || (other.title.is_some() && own.title.is_none() && other.score >= own.score))
        });
        let far = own.title.is_none() && own.score < best - FAR_BEHIND && !shows_most(candidate);
        let by = beaten
            .or_else(|| far.then(|| ranks.iter().find(|rank| rank.score >= best)).flatten())
            .or_else(|| is_another_kind(candidate).then_some(sure.as_ref()).flatten());
        let by = by.filter(|_| !holds_whole(&candidate.signals));
        if let Some(rank) = by {
            candidate.signals.push(Signal::Outranked { by: rank.material.clone() });
            candidate.strength = Strength::Refused;
        } else if candidate.strength == Strength::Thin && shows_most(candidate) {
            candidate.strength = Strength::Likely;
        }
    }
}

/// Nobody need be asked whether a record that is surely one thing is the report of another.
fn is_another_kind(candidate: &Candidate) -> bool {
    candidate.strength == Strength::Thin
        && candidate.signals.iter().any(|signal| matches!(signal, Signal::OtherKind { .. }))
}

/// What decides between candidates.
struct Rank {
    material: MaterialRef,
    score: f32,
    /// The line that bears the title, if any does.
    title: Option<(Place, String)>,
    /// Only a chapter of the document is it.
    is_chapter: bool,
}

impl Rank {
    fn of(candidate: &Candidate) -> Self {
        let title = candidate.signals.iter().find_map(|signal| match signal {
            Signal::Title { text, place }
            | Signal::TopLine { text, place }
            | Signal::Chapter { heading: text, place } => Some((place.clone(), text.clone())),
            _ => None,
        });
        let is_chapter = candidate.signals.iter().any(|signal| matches!(signal, Signal::Chapter { .. }));
        Self { material: candidate.material.clone(), score: candidate.score, title, is_chapter }
    }

    /// Both have a title, on lines of their own or in one that names several things.
    fn stands_beside(&self, other: &Self) -> bool {
        let (Some((own_place, own)), Some((other_place, others))) = (&self.title, &other.title) else { return false };
        (own_place, own) != (other_place, others) || names_several(own)
    }
}

/// A title of several things: 可用性执行与改进报告, 风险评估报告(含渗透测试); a year in brackets is none.
fn names_several(title: &str) -> bool {
    let brackets = title.split('(').skip(1).map(|rest| rest.split(')').next().unwrap_or(rest));
    kind::things(title).len() > 1 || brackets.into_iter().any(|inside| !inside.chars().all(kind::is_of_time))
}

/// A record of one thing may hold that of another, table, topics, items and all: the sheet of an
/// inspection with the maintenance of the devices under it.
pub(super) fn holds_whole(signals: &[Signal]) -> bool {
    let columns = signals.iter().any(|signal| matches!(signal, Signal::Columns { .. }));
    let items =
        signals.iter().any(|signal| matches!(signal, Signal::Items { found, of } if found == of && *of >= SHOWN_ITEMS));
    let topics = signals
        .iter()
        .any(|signal| matches!(signal, Signal::Body { found, of } if *found as f32 >= *of as f32 * SHOWN_SHARE));
    columns && items && topics
}

fn shows_items(candidate: &Candidate) -> bool {
    candidate.signals.iter().any(|signal| match signal {
        Signal::Items { found, of } => *found >= SHOWN_ITEMS && *found as f32 >= *of as f32 * SHOWN_SHARE,
        _ => false,
    })
}

/// It shows every one of many items and has a title for it or speaks of every topic: whatever else it is,
/// it is this too.
fn shows_all(candidate: &Candidate, titled: bool) -> bool {
    let has = |is: &dyn Fn(&Signal) -> bool| candidate.signals.iter().any(is);
    let topics = || has(&|signal| matches!(signal, Signal::Body { found, of } if found == of));
    has(&|signal| matches!(signal, Signal::Items { found, of } if found == of && *of > SHOWN_ITEMS))
        && (titled || (topics() && shows_most(candidate)))
}

/// By its content it shows most of the material's items and speaks of most of its topics, whatever it is called.
fn shows_most(candidate: &Candidate) -> bool {
    let body = candidate.signals.iter().any(|signal| match signal {
        Signal::Body { found, of } => *found as f32 >= *of as f32 * SHOWN_SHARE,
        _ => false,
    });
    let against =
        candidate.signals.iter().any(|signal| matches!(signal, Signal::OtherKind { .. } | Signal::OtherBody { .. }));
    shows_items(candidate) && body && !against
}

/// Whether a document that bears no title of the material shows it all the same: nothing speaks
/// against, and its own title names nothing, or several things. Of `all` that the document may be.
pub(in crate::matching) fn does_as(candidate: &Candidate, all: &[Candidate]) -> bool {
    let title = |signal: &Signal| match signal {
        Signal::Title { text, .. } => Some(text.clone()),
        _ => None,
    };
    let mut titles = all.iter().filter(|other| other.is_match()).flat_map(|other| &other.signals).filter_map(title);
    let holds = tabled(candidate)
        || (shows_most(candidate) || says_all(candidate)) && titles.all(|title| names_several(&title));
    holds && !is_contradicted(candidate)
}

/// Something speaks against its being the material.
fn is_contradicted(candidate: &Candidate) -> bool {
    let against = |signal: &Signal| {
        matches!(
            signal,
            Signal::OtherKind { .. }
                | Signal::OtherTitle { .. }
                | Signal::OtherBody { .. }
                | Signal::Template
                | Signal::Contents
                | Signal::OnlyInContents { .. }
                | Signal::NoSubstance
        )
    };
    candidate.signals.iter().any(against)
}

/// A table of it with all items, whatever stands around: the needs in the report of a survey.
fn tabled(candidate: &Candidate) -> bool {
    let has = |is: &dyn Fn(&Signal) -> bool| candidate.signals.iter().any(is);
    has(&|signal| matches!(signal, Signal::Columns { found, of, .. } if *found as f32 >= *of as f32 * SHOWN_SHARE))
        && has(&|signal| matches!(signal, Signal::Items { found, of } if found == of && *of > 1))
}

/// It speaks of every one of many topics; nothing more is asked of such a material.
fn says_all(candidate: &Candidate) -> bool {
    let all = |signal: &Signal| matches!(signal, Signal::Body { found, of } if found == of && *of > SHOWN_ITEMS);
    candidate.items.is_empty() && candidate.signals.iter().any(all)
}

/// Where no title speaks for any material, the one whose content is well ahead is it: good
/// documents have odd titles, or none. An export has none, `untitled`, and its columns say what it is.
pub(super) fn accept_unopposed(candidates: &mut [Candidate], untitled: bool) {
    if candidates.iter().any(Candidate::is_match) {
        return;
    }
    let mut scores: Vec<f32> = candidates.iter().map(|candidate| candidate.score).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let second = scores.get(1).copied().unwrap_or(0.0);
    let complete = |candidate: &Candidate| {
        let full = |signal: &Signal| matches!(signal, Signal::Items { found, of } if *found as f32 >= *of as f32 * SHOWN_SHARE);
        let share = |found: usize, of: usize| found as f32 >= of as f32 * SHOWN_SHARE;
        // Two items and a few columns are in many a table.
        let few = candidate.items.len() < SHOWN_ITEMS;
        let body = |signal: &Signal| match signal {
            Signal::Columns { found, of, .. } => !few || share(*found, *of),
            Signal::Body { found, of } => !few || found * 3 >= of * 2,
            signal => *signal == Signal::Name,
        };
        let columns = |signal: &Signal| matches!(signal, Signal::Columns { found, of, .. } if share(*found, *of));
        let topics = |signal: &Signal| matches!(signal, Signal::Body { found, of } if share(*found, *of));
        let has = |is: &dyn Fn(&Signal) -> bool| candidate.signals.iter().any(is);
        let called = |signal: &Signal| *signal == Signal::Name;
        let speaks = |signal: &Signal| matches!(signal, Signal::Body { .. });
        // A material without items shows itself by its columns and topics.
        (has(&full) && has(&body))
            || (candidate.items.is_empty()
                && has(&columns)
                && (has(&topics) || (untitled && (has(&called) || has(&speaks)))))
    };
    if let Some(first) = candidates.iter_mut().max_by(|a, b| a.score.total_cmp(&b.score)) {
        let named = first.signals.contains(&Signal::Name) && shows_items(first);
        if first.score >= if named { UNOPPOSED_NAMED } else { UNOPPOSED }
            && first.score >= second + AHEAD
            && complete(first)
            && !is_contradicted(first)
        {
            first.strength = Strength::Likely;
        }
    }
}
