//! What is wrong with a self-assessment form that a person filled, as typed data. Sentences are
//! made of it in one place: `wording`.

use super::assessment::{NotApplicable, Verdict};
use super::document::Place;
use super::evidence::EvidencePath;
use super::finding::Severity;

/// One thing that is wrong with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFinding {
    pub kind: FormKind,
    pub severity: Severity,
    /// The form's own row number; None for its head and its end.
    pub row: Option<u32>,
    /// The column's or field's label, as the form prints it.
    pub cell: Option<String>,
    /// Where in the file the cell stands; None for what is not there.
    pub place: Option<Place>,
}

/// What kind of finding, with what only that kind knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormKind {
    /// The form lacks a row of the standard.
    RowMissing,
    /// A row that the standard does not have, or has once only.
    RowUnknown {
        text: String,
    },
    /// The standard's own words were changed.
    TextChanged {
        expected: String,
        found: String,
    },
    /// The title, a column, a field of the head, the conclusion or the pledge is not there.
    PartMissing {
        part: String,
    },
    BothTicked,
    /// `open`: evlint cannot answer either, so that a person must.
    NoneTicked {
        open: bool,
    },
    /// The tick says one thing and the folder another.
    VerdictDiffers {
        ticked: bool,
        verdict: Verdict,
    },
    /// 符合 without a single document.
    NoEvidence,
    /// The list of a row that applies is empty.
    ListEmpty,
    /// A listed document is not in the folder. `nearest` comes close.
    DocumentMissing {
        name: String,
        nearest: Option<EvidencePath>,
    },
    /// An entry that names no document: 见附件.
    DocumentVague {
        text: String,
    },
    /// Files that serve this row's clause and are listed nowhere.
    DocumentForgotten {
        paths: Vec<EvidencePath>,
    },
    /// A clause that is not asked for was ticked.
    NotApplicableFilled {
        why: NotApplicable,
    },
    HeadEmpty,
    /// `expected` is what evlint.json says.
    HeadDiffers {
        expected: String,
        found: String,
    },
    /// Nobody wrote the level into the conclusion.
    ConclusionEmpty,
    ConclusionDiffers {
        expected: String,
        found: String,
    },
    /// A finding of the last audit that no row answers.
    PriorMissing {
        id: String,
    },
}

impl FormKind {
    /// The stable name that reports use.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::RowMissing => "form-row-missing",
            Self::RowUnknown { .. } => "form-row-unknown",
            Self::TextChanged { .. } => "form-text-changed",
            Self::PartMissing { .. } => "form-part-missing",
            Self::BothTicked => "form-both-ticked",
            Self::NoneTicked { .. } => "form-none-ticked",
            Self::VerdictDiffers { .. } => "form-verdict-differs",
            Self::NoEvidence => "form-no-evidence",
            Self::ListEmpty => "form-list-empty",
            Self::DocumentMissing { .. } => "form-document-missing",
            Self::DocumentVague { .. } => "form-document-vague",
            Self::DocumentForgotten { .. } => "form-document-forgotten",
            Self::NotApplicableFilled { .. } => "form-not-applicable-filled",
            Self::HeadEmpty => "form-head-empty",
            Self::HeadDiffers { .. } => "form-head-differs",
            Self::ConclusionEmpty => "form-conclusion-empty",
            Self::ConclusionDiffers { .. } => "form-conclusion-differs",
            Self::PriorMissing { .. } => "form-prior-missing",
        }
    }
}
