//! Which paragraphs are headings, by their letters, their numbers and their words.

use std::sync::LazyLock;

use regex::Regex;

use super::{LARGE, Line, Paragraph, Part, What, size_class};

/// Headings are short; longer lines are text however they look.
const HEADING_CHARACTERS: usize = 50;
/// A heading that only its number shows is shorter still.
const NUMBERED_CHARACTERS: usize = 30;

/// A section number at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbering {
    /// 1 for `第一章` and `3`, 2 for `3.2` and so on.
    pub(super) depth: u8,
    /// `第三条`, `一、`, `3.2`: hardly ever a list item.
    pub(super) strong: bool,
}

/// The section number a line opens with.
pub(super) fn numbering(text: &str) -> Option<Numbering> {
    static FORMS: LazyLock<[(Regex, u8, bool); 5]> = LazyLock::new(|| {
        let form = |pattern| Regex::new(pattern).expect("checked by the tests");
        [
            (
                form(
                    r"^(?:第\s*[\d一二三四五六七八九十百零〇]+\s*[章节条篇]|第[\d一二三四五六七八九十]+部分|附[录件表]\s*[\dA-Z一二三四五六七八九十]+)(?:\s|[：:、]|\p{Han}|$)",
                ),
                1,
                true,
            ),
            (form(r"^[一二三四五六七八九十]{1,3}\s*[、．.]"), 1, true),
            (form(r"^\d{1,2}(?:\.\d{1,2}){1,4}(?:\s|、|[．.]\s?)?[\p{Han}A-Za-z（《“]"), 2, true),
            (form(r"^[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]"), 2, false),
            (form(r"^\d{1,2}(?:\s+|[、．.]\s*)[\p{Han}A-Za-z（《“]"), 1, false),
        ]
    });
    let text = text.trim_start();
    let (_, depth, strong) = FORMS.iter().find(|(form, ..)| form.is_match(text))?;
    let number = text.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
    let dots = number.trim_end_matches('.').matches('.').count();
    Some(Numbering { depth: if dots > 0 { dots as u8 + 1 } else { *depth }, strong: *strong })
}

/// `• `, `1) `, `（3）`, `①`, `a) `: an item of a list.
pub(super) fn opens_item(text: &str) -> bool {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:[•·●○◆■□▪√☑☐➢※\-–—*]\s*\S|[（(]?(?:\d{1,2}|[a-zA-Z])[）)]|[①-⑳])")
            .expect("checked by the tests")
    });
    ITEM.is_match(text)
}

/// `甲方（盖章）：…`, `日期: …`: a short name before a colon.
pub(in crate::extract) fn is_label(text: &str) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*[\p{Han}A-Za-z（()）〈〉【】、/ ]{1,14}[：:]").expect("checked by the tests")
    });
    LABEL.is_match(text)
}

/// The heading level of each part, `None` for what is no heading.
pub(super) fn levels(parts: &[Part], body: f32) -> Vec<Option<u8>> {
    let bold_share = bold_share(parts);
    let mut headings: Vec<Option<(u32, u8)>> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let What::Paragraph(paragraph) = &part.what else { return None };
            heading_look(
                paragraph,
                body,
                bold_share < 0.4,
                parts[index + 1..].iter().find(|part| !matches!(part.what, What::Margin(..))),
            )
        })
        .collect();
    leave_out_contents(parts, &mut headings);
    let title = title(parts, &headings);
    if let Some(heading) = title.and_then(|index| headings.get_mut(index)) {
        *heading = Some((u32::MAX, 1));
    }
    // Larger letters are higher levels; a deeper number is a lower one among equals.
    let mut sizes: Vec<u32> = headings.iter().flatten().map(|(size, _)| *size).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes.dedup();
    let level = |(size, depth): (u32, u8)| {
        let rank = sizes.iter().position(|other| *other == size).unwrap_or_default();
        (rank as u8).saturating_add(depth).clamp(1, 9)
    };
    headings.into_iter().map(|heading| heading.map(level)).collect()
}

/// Lines of a table of contents look like the headings they name. They end with a page's number.
fn leave_out_contents(parts: &[Part], headings: &mut [Option<(u32, u8)>]) {
    static LEADER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:[.．·…_-]{3,}|…|[.．·]\s[.．·]\s)[.．·…_\s-]*\d{1,4}$").expect("checked by the tests")
    });
    let mut inside = false;
    for (part, heading) in parts.iter().zip(headings) {
        let What::Paragraph(Paragraph { text, .. }) = &part.what else { continue };
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if matches!(compact.as_str(), "目录" | "目次" | "Contents" | "CONTENTS") {
            inside = true;
        } else if LEADER.is_match(text) || (inside && text.ends_with(|c: char| c.is_ascii_digit())) {
            *heading = None;
        } else {
            inside = false;
        }
    }
}

/// A title stands first or below the organisation's name.
const TITLE_AMONG: usize = 3;

/// The title of a document whose letters are all alike: a short first line without a full stop.
fn title(parts: &[Part], headings: &[Option<(u32, u8)>]) -> Option<usize> {
    let mut first = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| !matches!(part.what, What::Margin(..) | What::Picture))
        .take(TITLE_AMONG);
    if first.clone().any(|(index, _)| headings[index].is_some()) || parts.len() <= TITLE_AMONG {
        return None;
    }
    first.find_map(|(index, part)| {
        let What::Paragraph(Paragraph { text, .. }) = &part.what else { return None };
        let is_title = text.chars().count() <= NUMBERED_CHARACTERS
            && text.chars().count() >= 4
            && numbering(text).is_none()
            && !text.contains(['，', '。', '；', '：', ':'])
            && may_be_heading(text, None);
        is_title.then_some(index)
    })
}

/// The share of text set in bold: where most is, bold says nothing.
fn bold_share(parts: &[Part]) -> f32 {
    let (mut bold, mut all) = (0, 0);
    for part in parts {
        if let What::Paragraph(Paragraph { text, last: Line { spot: Some(spot), .. }, .. }) = &part.what {
            all += text.chars().count();
            bold += if spot.bold { text.chars().count() } else { 0 };
        }
    }
    if all == 0 { 0.0 } else { bold as f32 / all as f32 }
}

/// Size class and depth of number of a paragraph that looks like a heading.
fn heading_look(paragraph: &Paragraph, body: f32, bold_counts: bool, next: Option<&Part>) -> Option<(u32, u8)> {
    let text = paragraph.text.trim();
    let number = numbering(text);
    if !may_be_heading(text, number) {
        return None;
    }
    let depth = number.map_or(1, |number| number.depth);
    let size = paragraph.last.spot.map_or(body, |spot| spot.size);
    if size >= body * LARGE && body > 0.0 {
        return Some((size_class(size), depth));
    }
    let here = size_class(body);
    let bold = bold_counts && paragraph.last.spot.is_some_and(|spot| spot.bold);
    if (paragraph.heading && paragraph.last.spot.is_none()) || (bold && !is_label(text)) {
        return Some((here, depth));
    }
    let number = number?;
    let length = text.chars().count();
    let sentence = text.contains(['，', '。', '；', '：', ':']);
    let has_body = match next.map(|part| &part.what) {
        Some(What::Paragraph(next)) => {
            number.strong || numbering(&next.text).is_none_or(|below| below.depth > number.depth)
        }
        Some(_) => true,
        None => false,
    };
    (length <= NUMBERED_CHARACTERS && !sentence && has_body && !text.starts_with(['（', '('])).then_some((here, depth))
}

/// Whether the words, however they look, can be a heading: no sentence, date, company or number.
fn may_be_heading(text: &str, number: Option<Numbering>) -> bool {
    static NEVER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:公司|集团)$|^[\d\s年月日./-]+$|〔\d{4}〕|^[^\p{Han}]*\d[^\p{Han}]*$")
            .expect("checked by the tests")
    });
    let length = text.chars().count();
    (2..=HEADING_CHARACTERS).contains(&length)
        && !text.ends_with(['。', '；', '，', '、', ',', ';', '：', ':'])
        && text.chars().any(char::is_alphabetic)
        && !opens_item(text)
        && (number.is_some() || !NEVER.is_match(text) && !is_label(text))
}
