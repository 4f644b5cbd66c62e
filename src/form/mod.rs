//! The standard's own self-assessment form: fills it from an [`Assessment`], updates one that a
//! person works on, and checks one that a person filled.
//!
//! What the form looks like is the pack's data ([`Form`]); here stands how a Word file and a
//! workbook are laid out, and nothing of any standard. Pure: bytes and a read [`Document`] in,
//! bytes and findings out. Start reading at [`fill`], [`update()`] and [`check()`].
//!
//! A form that evlint wrote carries, as properties of the document that no editor shows by itself,
//! a hash of what evlint wrote into each cell. A cell whose text still has that hash is evlint's
//! to write anew; any other was touched by a person and stays as it is.
//!
//! [`Document`]: crate::model::Document
//! [`Form`]: crate::model::pack::Form

mod check;
mod content;
mod documents;
mod docx;
mod listed;
mod package;
mod read;
mod record;
mod report;
mod ticks;
mod update;
mod xlsx;

pub use check::check;
pub use content::{Content, Row, RowKind};
pub use read::{Filled, read};
pub use report::{write_json, write_text};
pub use update::{Kept, Updated, update};

use crate::model::pack::{Column, Head};
use crate::model::{Assessment, Pack, Settings};

/// What the form can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Docx,
    Xlsx,
}

impl FileKind {
    /// By a file name's extension.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_lowercase().as_str() {
            "docx" => Some(Self::Docx),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// What a form is about: the standard, what the organisation says of itself, and what was found.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub pack: &'a Pack,
    pub settings: &'a Settings,
    pub assessment: &'a Assessment,
}

/// Why a form cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    #[error("规则包没有说明自评估表各列放什么 (the pack does not say what the form's columns hold)")]
    NoLayout,
    #[error("这不是自评估表：找不到有“{columns}”几列的表格 (no form: it has no table with these columns)")]
    NoForm { columns: String },
    #[error(
        "文件的结构和读到的内容对不上，没有改动它 (the file's parts do not fit what was read from it; it was left alone)"
    )]
    Misfit,
    #[error("无法改写这个文件：{detail} (cannot rewrite this file)")]
    Package { detail: String },
}

/// The form as a new file. The same input gives the same bytes.
///
/// # Errors
/// Where the pack says nothing of the form's columns, or the file cannot be put together.
pub fn fill(subject: &Subject<'_>, kind: FileKind) -> Result<Vec<u8>, FormError> {
    let content = Content::of(subject)?;
    match kind {
        FileKind::Docx => docx::write(&content),
        FileKind::Xlsx => xlsx::write(&content),
    }
}

/// A cell that evlint fills: its name among the document's properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CellId {
    Head(Head),
    /// A finding of the last audit, as the form's row of this number states it.
    Finding(u32),
    Answer(u32),
    Documents(u32),
    /// The sentence at the form's end.
    Conclusion,
}

impl std::fmt::Display for CellId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Head(Head::Organization) => write!(out, "head.organization"),
            Self::Head(Head::Level) => write!(out, "head.level"),
            Self::Head(Head::AssessedOn) => write!(out, "head.assessed-on"),
            Self::Head(Head::Assessors) => write!(out, "head.assessors"),
            Self::Finding(row) => write!(out, "{row}.finding"),
            Self::Answer(row) => write!(out, "{row}.conclusion"),
            Self::Documents(row) => write!(out, "{row}.documents"),
            Self::Conclusion => write!(out, "conclusion"),
        }
    }
}

/// The label of the pack's column of this kind.
fn label(pack: &Pack, column: Column) -> &str {
    pack.form.columns.iter().find(|one| one.holds == Some(column)).map_or("", |one| one.label.as_str())
}

/// What a person calls a cell: `11 自评估结论`.
#[must_use]
pub fn cell_label(pack: &Pack, cell: CellId) -> String {
    let of_row = |row: u32, column| format!("{row} {}", label(pack, column));
    match cell {
        CellId::Head(head) => pack
            .form
            .header
            .iter()
            .find(|field| field.holds == Some(head))
            .map_or_else(String::new, |field| field.label.clone()),
        CellId::Finding(row) => of_row(row, Column::Clause),
        CellId::Answer(row) => of_row(row, Column::Conclusion),
        CellId::Documents(row) => of_row(row, Column::Documents),
        CellId::Conclusion => crate::wording::form::conclusion(content::LANGUAGE).to_owned(),
    }
}
