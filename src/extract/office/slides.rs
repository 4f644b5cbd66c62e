//! Presentations: every block stands on its slide.

use std::num::NonZeroU32;

use office_oxide::ir::{Element, Section};

use super::{flowing, inline};
use crate::extract::flow::{Emphasis, Flow, grid};
use crate::model::document::Margin;
use crate::model::{Block, Place};

/// `slides` of the sections are slides; what follows is text of the master, which no slide shows
/// as its own.
pub(super) fn blocks(sections: &[Section], slides: usize) -> Vec<Block> {
    let mut flow = Flow::default();
    for (section, number) in sections.iter().take(slides).zip(1..) {
        let place = Place::Slide(NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN));
        slide(&mut flow, section, &place);
    }
    flow.finish()
}

fn slide(flow: &mut Flow, section: &Section, place: &Place) {
    // The first slide's title is the document's; the others head what is on them.
    let level = if *place == Place::Slide(NonZeroU32::MIN) { 1 } else { 2 };
    for element in &section.elements {
        self::element(flow, element, level, place);
    }
    if let Some(notes) = &section.speaker_notes {
        flow.margin(place.clone(), Margin::SpeakerNotes, &flowing::text_of(notes, 0));
    }
}

fn element(flow: &mut Flow, element: &Element, level: u8, place: &Place) {
    match element {
        Element::Heading(heading) => flow.heading(place.clone(), level, &inline::text(&heading.content)),
        Element::Table(table) => {
            flow.table_of(place.clone(), grid(&flowing::spans(table), |_, _| place.clone()));
        }
        Element::Image(image) => flow.picture(place.clone(), image.alt_text.clone()),
        Element::Footnote(note) | Element::Endnote(note) => {
            flow.margin(place.clone(), Margin::Comment, &flowing::text_of(&note.content, 0));
        }
        Element::TextBox(text_box) => {
            for inner in &text_box.content {
                self::element(flow, inner, level, place);
            }
        }
        Element::Paragraph(paragraph) => {
            // Slides set most of their text large or bold: emphasis tells nothing here.
            flow.paragraph(place, &inline::text(&paragraph.content), Emphasis::None);
        }
        other => flow.paragraph(place, &flowing::text_of(std::slice::from_ref(other), 0), Emphasis::None),
    }
}
