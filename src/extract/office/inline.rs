//! Runs of text within a paragraph: their text, and how much of it stands out.

use office_oxide::ir::{Element, InlineContent, ParagraphAlignment, TextSpan, inline_to_text};

use crate::extract::flow::Emphasis;

/// The text of runs, with tabs and line breaks, without marks of notes.
pub(super) fn text(content: &[InlineContent]) -> String {
    inline_to_text(content)
}

/// How runs stand out from a text of `usual` half-points.
pub(super) fn emphasis(
    content: &[InlineContent],
    alignment: Option<&ParagraphAlignment>,
    usual: Option<u32>,
) -> Emphasis {
    let mut spans = content.iter().filter_map(span).peekable();
    if spans.peek().is_none() {
        return Emphasis::None;
    }
    let strong = spans.all(|span| span.bold || is_large(span, usual));
    match (strong, alignment == Some(&ParagraphAlignment::Center)) {
        (true, true) => Emphasis::Title,
        (true, false) => Emphasis::Strong,
        _ => Emphasis::None,
    }
}

/// Large enough that no eye misses it: a sixth more than the text around it.
fn is_large(span: &TextSpan, usual: Option<u32>) -> bool {
    span.font_size_half_pt.zip(usual).is_some_and(|(size, usual)| size * 6 >= usual * 7)
}

fn span(content: &InlineContent) -> Option<&TextSpan> {
    match content {
        InlineContent::Text(span) if !span.text.trim().is_empty() => Some(span),
        _ => None,
    }
}

/// The size in half-points that most characters of the paragraphs have.
pub(super) fn usual_size<'a>(elements: impl Iterator<Item = &'a Element>) -> Option<u32> {
    let mut characters = std::collections::BTreeMap::<u32, usize>::new();
    for element in elements {
        let Element::Paragraph(paragraph) = element else { continue };
        for span in paragraph.content.iter().filter_map(span) {
            if let Some(size) = span.font_size_half_pt {
                *characters.entry(size).or_default() += span.text.chars().count();
            }
        }
    }
    characters.into_iter().max_by_key(|(_, count)| *count).map(|(size, _)| size)
}
