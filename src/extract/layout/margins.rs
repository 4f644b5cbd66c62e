//! Page numbers and running heads.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use regex::Regex;

use super::{LARGE, Line, Page, Part, Piece, SMALL, What};
use crate::model::Margin;

/// The share of a page's height, at its top and at its bottom, where running heads stand.
const MARGIN_SHARE: f32 = 0.09;

/// Takes page numbers out for good and running heads out to be shown once. The answer is by page.
pub(super) fn take(pages: &mut [Page], body: f32) -> BTreeMap<NonZeroU32, Vec<Part>> {
    let mut seen: BTreeMap<(bool, String), u32> = BTreeMap::new();
    for page in pages.iter() {
        for (top, line) in page.pieces.iter().filter_map(|piece| zone(piece, page.height)) {
            *seen.entry((top, masked(&line.text))).or_default() += 1;
        }
    }
    let mut shown: BTreeMap<NonZeroU32, Vec<Part>> = BTreeMap::new();
    for page in pages {
        let (height, number) = (page.height, page.number);
        let last = page.pieces.len().saturating_sub(1);
        let mut index = 0;
        page.pieces.retain(|piece| {
            let outermost = index == 0 || index == last;
            index += 1;
            let Piece::Line(line) = piece else { return true };
            let Some((top, _)) = zone(piece, height) else {
                return !(outermost && line.spot.is_none() && is_page_number(&line.text));
            };
            if is_page_number(&line.text) {
                return false;
            }
            let size = line.spot.map_or(body, |spot| spot.size);
            let key = (top, masked(&line.text));
            let times = seen.get_mut(&key);
            let repeated = times.as_ref().is_none_or(|times| **times != 1) && size <= body * LARGE;
            if !repeated && size >= body * SMALL {
                return true;
            }
            // Zero says that it has been shown.
            if let Some(times) = times.filter(|times| **times > 0) {
                *times = 0;
                let kind = if top { Margin::Header } else { Margin::Footer };
                shown
                    .entry(number)
                    .or_default()
                    .push(Part { page: number, what: What::Margin(kind, line.text.clone()) });
            }
            false
        });
    }
    shown
}

/// A line in the top (true) or bottom margin of its page.
fn zone(piece: &Piece, height: f32) -> Option<(bool, &Line)> {
    let Piece::Line(line) = piece else { return None };
    let y = line.spot?.y;
    if y < height * MARGIN_SHARE {
        return Some((true, line));
    }
    (y > height * (1.0 - MARGIN_SHARE)).then_some((false, line))
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
