//! Writes an [`Assessment`], one file per format.
//!
//! A format lays out; it never decides. All are listed in [`FORMATS`].

pub mod html;
pub mod json;
pub mod text;

use std::io::{self, Write};

use crate::model::Assessment;
use crate::model::settings::Language;

/// One way of writing an [`Assessment`].
pub trait Format: Sync {
    /// What the user types after `--format`; also the name of the file it lives in.
    fn name(&self) -> &'static str;
    /// One line for `--help` and the manual.
    fn about(&self) -> &'static str;
    /// Writes all of it, escaped for this syntax; the same input gives the same bytes.
    ///
    /// # Errors
    /// Where `out` fails.
    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()>;
}

/// How people are to read it, decided once by the command line.
#[derive(Debug, Clone)]
pub struct Style {
    pub language: Language,
    /// In columns of a terminal.
    pub width: usize,
    pub color: bool,
    /// Frames, bars and underlines; without them a plain text for screen readers.
    pub graphics: bool,
    /// Names link to files (OSC 8).
    pub links: bool,
    /// The way from where the report will lie to the evidence root: a URI reference that ends in
    /// `/`, or empty where it lies there.
    pub evidence: String,
}

/// Every format, in the order `--help` lists them.
pub static FORMATS: &[&dyn Format] = &[&text::Text, &json::Json, &html::Html];
