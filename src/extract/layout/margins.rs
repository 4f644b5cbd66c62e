//! Page numbers and running heads.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use regex::Regex;

use super::{LARGE, Line, Page, Part, Piece, SMALL, What};
use crate::model::Margin;

/// The share of a page's height, at its top and at its bottom, where running heads stand.
const MARGIN_SHARE: f32 = 0.09;

/// Words without a place, such as a watermark at an angle, are no text of their own when they stand
/// on this many pages.
const WATERMARKS: u32 = 3;

/// What stands around the body of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Zone {
    Top,
    Bottom,
    /// Without a place.
    Anywhere,
}

/// How often a running head was seen, and whether it has been shown.
#[derive(Debug, Default)]
struct Seen {
    times: u32,
    shown: bool,
}

/// Takes page numbers out for good and running heads out to be shown once. The answer is by page.
pub(super) fn take(pages: &mut [Page], body: f32) -> BTreeMap<NonZeroU32, Vec<Part>> {
    let mut seen: BTreeMap<(Zone, String), Seen> = BTreeMap::new();
    for page in pages.iter() {
        for (zone, line) in page.pieces.iter().filter_map(|piece| zone(piece, page.height)) {
            seen.entry((zone, masked(&line.text))).or_default().times += 1;
        }
    }
    let mut shown: BTreeMap<NonZeroU32, Vec<Part>> = BTreeMap::new();
    for page in pages {
        let (height, number) = (page.height, page.number);
        page.pieces.retain(|piece| {
            let Some((zone, line)) = zone(piece, height) else { return true };
            if is_page_number(&line.text) {
                return false;
            }
            let Some(seen) = seen.get_mut(&(zone, masked(&line.text))) else { return true };
            if !is_running(zone, line, seen.times, body) {
                return true;
            }
            if !seen.shown {
                seen.shown = true;
                let kind = if zone == Zone::Bottom { Margin::Footer } else { Margin::Header };
                let part = Part { page: number, what: What::Margin(kind, line.text.clone()) };
                shown.entry(number).or_default().push(part);
            }
            false
        });
    }
    shown
}

/// Whether a line outside the body is a running head: one that comes again, or in small letters.
fn is_running(zone: Zone, line: &Line, times: u32, body: f32) -> bool {
    let size = line.spot.map_or(body, |spot| spot.size);
    match zone {
        Zone::Anywhere => times >= WATERMARKS,
        Zone::Top | Zone::Bottom => size < body * SMALL || (times > 1 && size <= body * LARGE),
    }
}

/// A line that stands in a margin of its page, or nowhere.
fn zone(piece: &Piece, height: f32) -> Option<(Zone, &Line)> {
    let Piece::Line(line) = piece else { return None };
    let Some(spot) = line.spot else { return Some((Zone::Anywhere, line)) };
    if spot.y < height * MARGIN_SHARE {
        return Some((Zone::Top, line));
    }
    (spot.y > height * (1.0 - MARGIN_SHARE)).then_some((Zone::Bottom, line))
}

/// Running heads differ in their numbers only.
fn masked(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

/// `第 1 页 共 3 页`, `- 4 -`, `3/12`, `Page 2 of 5`, and what is left of them without their numbers.
pub(in crate::extract) fn is_page_number(text: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^(?: [-–—―·]* \d{1,4} [-–—―·]* | \d{1,4} [/／] \d{1,4}
              | p(?:age|\.)? \d{1,4} (?: (?:of|/) \d{1,4} )? | page of
              | 第? [\d一二三四五六七八九十百]* 页 [,，/／()（]? (?: [共总] [\d一二三四五六七八九十百]* 页? )? [)）]?
              | [共总] [\d一二三四五六七八九十百]* 页 [,，/／]? (?: 第 [\d一二三四五六七八九十百]* 页 )? | 第 )$",
        )
        .expect("checked by the tests")
    });
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    NUMBER.is_match(&compact)
}
