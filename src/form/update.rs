//! Writes what is known now into a form that a person works on, and leaves alone what is theirs.

use crate::model::Document;

use super::content::Content;
use super::docx::edit::Edit;
use super::package::Package;
use super::read::{Text, read};
use super::record::Record;
use super::ticks;
use super::{CellId, FileKind, FormError, Subject, docx, xlsx};

/// A form brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    pub bytes: Vec<u8>,
    /// Cells that say something else now.
    pub changed: Vec<CellId>,
    /// Cells that a person wrote, where evlint would have said something else.
    pub kept: Vec<Kept>,
    /// Cells that the form does not have.
    pub absent: Vec<CellId>,
}

/// A cell that was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub cell: CellId,
    pub text: Text,
}

/// `document` is what was read from `bytes`.
///
/// # Errors
/// Where it is no form, or its parts are not as they were read: nothing is changed then.
pub fn update(subject: &Subject<'_>, kind: FileKind, bytes: &[u8], document: &Document) -> Result<Updated, FormError> {
    let content = Content::of(subject)?;
    let filled = read(subject.pack, document)?;
    let mut package = Package::open(bytes)?;
    let mut record = Record::from_properties(&package.properties()?);
    let (mut edits, mut changed, mut kept, mut absent) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (cell, new) in content.cells() {
        let Some(text) = filled.cell(cell) else {
            absent.push(cell);
            continue;
        };
        if is_same(&text.text, new) {
            record.note(cell, &text.text);
        } else if text.is_cell
            && (record.is_own(cell, &text.text) || (!record.knows(cell) && is_open(subject, cell, &text.text)))
        {
            record.note(cell, new);
            changed.push(cell);
            edits.extend(edits_of(text, new));
        } else {
            kept.push(Kept { cell, text: text.clone() });
        }
    }
    match kind {
        FileKind::Docx => docx::edit::edit(&mut package, &edits)?,
        FileKind::Xlsx => xlsx::edit::edit(&mut package, &edits)?,
    }
    package.set_own_properties(&record.properties())?;
    Ok(Updated { bytes: package.into_bytes()?, changed, kept, absent })
}

/// A text over as many cells as the old one has.
fn edits_of(text: &Text, new: &str) -> Vec<Edit> {
    let parts = text.parts();
    let lines: Vec<&str> = new.lines().collect();
    let each = lines.len().div_ceil(parts.len()).max(1);
    let mut shares = lines.chunks(each).map(|share| share.join("\n"));
    parts
        .into_iter()
        .map(|(place, old)| Edit { place: place.clone(), old: old.to_owned(), new: shares.next().unwrap_or_default() })
        .collect()
}

fn is_same(old: &str, new: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    bare(old) == bare(new)
}

/// Nobody has filled it yet, in a form that is not of our making either. A cell that a person
/// emptied had a hash, and is theirs.
fn is_open(subject: &Subject<'_>, cell: CellId, text: &str) -> bool {
    let form = &subject.pack.form;
    match cell {
        CellId::Answer(_) => {
            let ticks = ticks::of_cell(text, &form.answers);
            ticks.none() && !ticks.not_applicable
        }
        CellId::Conclusion => is_same(text, &form.conclusion),
        _ => text.trim().is_empty(),
    }
}
