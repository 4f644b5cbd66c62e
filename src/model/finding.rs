//! What was found wrong, as typed data. Sentences are made of it in one place: `wording`.

use std::num::NonZeroU32;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::Place;
use super::evidence::{EvidencePath, FileFormat, Unreadable};

/// One thing that is wrong, or that a person must decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    pub severity: Severity,
    pub confidence: Confidence,
    /// The clause or rectification row it is about; None for hygiene and housekeeping.
    pub clause: Option<u32>,
    /// The material's id.
    pub material: Option<String>,
    /// The configured name; None for organisation scope and where no projects are configured.
    pub project: Option<String>,
    pub path: Option<EvidencePath>,
    pub place: Option<Place>,
    /// The words of the clause that are not met, to be underlined where they stand.
    pub cite: Option<Cite>,
    /// What was looked at before concluding: files that came close, or the first that fall short.
    pub looked_at: Vec<EvidencePath>,
    /// Somebody accepted it: it is only a note now.
    pub waived: Option<Waived>,
}

/// Who accepts a gap, why, and how long; one of the settings' waivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    pub reason: String,
    pub owner: String,
    /// The last day that counts.
    pub until: Date,
    /// How grave the finding is once nobody accepts it.
    pub otherwise: Severity,
}

/// Words of the standard, as a byte range of one of a clause's two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    pub text: ClauseText,
    pub start: usize,
    pub end: usize,
}

/// The standard gives two texts for each clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClauseText {
    /// 条款.
    Clause,
    /// 需提供证明材料.
    Evidence,
}

/// How grave a finding is. Ordered: an error is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// How sure we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    Low,
    Medium,
    High,
}

/// What kind of finding, with what only that kind knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// No file is the material. `item` is what the standard calls it, or the id of a finding of the
    /// last audit that nothing answers; `elsewhere`: another project has it.
    MissingMaterial {
        item: String,
        elsewhere: bool,
    },
    /// `item` is the standard's own word.
    MissingContent {
        item: String,
    },
    /// `period` is `2025-08` or `2025-Q3`; `shown` counts the periods of the series that are there.
    /// `instead`: what the file that bears the period's name is about.
    MissingPeriod {
        period: String,
        shown: usize,
        instead: Option<String>,
    },
    /// The only candidate is about another time: `found` says which, `expected` the audited one;
    /// days and periods as machines write them: `2025-01-01..2025-12-31`, `2023-Q4`.
    OutOfPeriod {
        expected: String,
        found: String,
    },
    /// A draft, or nobody approved it; `item` is the standard's word or the empty field's label.
    Unapproved {
        item: String,
    },
    /// Two documents, or a document and evlint.json, contradict each other about `item`.
    Inconsistent {
        item: String,
        here: String,
        there: String,
        other: Option<EvidencePath>,
    },
    /// The only candidate cannot be read.
    Unreadable {
        why: Unreadable,
        format: FileFormat,
    },
    /// Thin or conflicting signs: a person must say.
    NeedsConfirmation {
        question: Question,
    },

    EmptyFile,
    TempFile,
    Duplicate {
        of: EvidencePath,
    },
    Encrypted,
    Corrupt {
        detail: String,
    },
    LfsPointer,
    TypeMismatch {
        extension: String,
        format: FileFormat,
    },
    Placeholder {
        /// As written; `None` where the whole form is blank.
        text: Option<String>,
    },
    PlaintextSecret,
    TrackedChanges {
        count: u32,
    },
    WrongCustomer {
        found: String,
        expected: String,
    },
    Unsigned {
        label: String,
    },

    /// A file that serves no clause.
    UnmatchedFile,
    /// A file that was not read to its end, or not in all its parts.
    PartlyRead {
        /// Pages whose text cannot be read.
        pages: Vec<NonZeroU32>,
        /// The limit that ended the reading, or the first part, as the format names it, that cannot be read.
        what: Option<String>,
    },
    /// A file that could not be read and that no clause hangs on.
    UnreadFile {
        why: Unreadable,
        format: FileFormat,
    },
    /// `of` is what the waiver accepts, as evlint.json names it: `11.nda`, or `11` for the clause.
    WaiverLapsed {
        of: String,
        reason: String,
        owner: String,
        until: Date,
    },
    WaiverUnused {
        of: String,
        reason: String,
        owner: String,
    },
    /// `of` is the material that the file was confirmed to be: `11.nda`.
    ConfirmationLost {
        of: String,
        by: String,
        why: Lost,
    },
    /// evlint.json says which files are a material, and there is none of that name.
    EvidenceUnmatched {
        of: String,
        pattern: String,
    },
    /// The baseline knows a finding that is no more. `about` is the sentence that it wrote down.
    BaselineStale {
        fingerprint: String,
        about: String,
    },
    /// No period was given: dates are held against contracts only.
    NoPeriod,
}

/// What a person is asked about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Is this file the material? Only its name, or too little of its content, says so.
    IsThisIt,
    /// The file is a picture or a text read from one: does it show the item?
    DoesPictureShow { item: String },
    /// No day can be found in it: is it of the audited period?
    WhichPeriod,
}

/// What became of a file that a person had confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Its content is another now.
    Changed,
    Gone,
    /// It is here; its bytes cannot be read, so that nobody can compare them.
    Unread,
}

impl Kind {
    /// The stable name that configuration, reports and baselines use.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingMaterial { .. } => "missing-material",
            Self::MissingContent { .. } => "missing-content",
            Self::MissingPeriod { .. } => "missing-period",
            Self::OutOfPeriod { .. } => "out-of-period",
            Self::Unapproved { .. } => "unapproved",
            Self::Inconsistent { .. } => "inconsistent",
            Self::Unreadable { .. } => "unreadable",
            Self::NeedsConfirmation { .. } => "needs-confirmation",
            Self::EmptyFile => "empty-file",
            Self::TempFile => "temp-file",
            Self::Duplicate { .. } => "duplicate",
            Self::Encrypted => "encrypted",
            Self::Corrupt { .. } => "corrupt",
            Self::LfsPointer => "lfs-pointer",
            Self::TypeMismatch { .. } => "type-mismatch",
            Self::Placeholder { .. } => "placeholder",
            Self::PlaintextSecret => "plaintext-secret",
            Self::TrackedChanges { .. } => "tracked-changes",
            Self::WrongCustomer { .. } => "wrong-customer",
            Self::Unsigned { .. } => "unsigned",
            Self::UnmatchedFile => "unmatched-file",
            Self::PartlyRead { .. } => "partly-read",
            Self::UnreadFile { .. } => "unread-file",
            Self::WaiverLapsed { .. } => "waiver-lapsed",
            Self::WaiverUnused { .. } => "waiver-unused",
            Self::ConfirmationLost { .. } => "confirmation-lost",
            Self::EvidenceUnmatched { .. } => "evidence-unmatched",
            Self::BaselineStale { .. } => "baseline-stale",
            Self::NoPeriod => "no-period",
        }
    }

    /// About a file as such, whatever clause it serves: what [`Finding`]s about one file can say
    /// without a look at the rest of the folder.
    #[must_use]
    pub fn is_hygiene(&self) -> bool {
        matches!(
            self,
            Self::EmptyFile
                | Self::TempFile
                | Self::Duplicate { .. }
                | Self::Encrypted
                | Self::Corrupt { .. }
                | Self::LfsPointer
                | Self::TypeMismatch { .. }
                | Self::Placeholder { .. }
                | Self::PlaintextSecret
                | Self::TrackedChanges { .. }
                | Self::WrongCustomer { .. }
                | Self::Unsigned { .. }
                | Self::UnreadFile { .. }
        )
    }

    /// The word that a machine reads as the finding's item.
    #[must_use]
    pub fn item(&self) -> Option<&str> {
        match self {
            Self::MissingMaterial { item, .. }
            | Self::MissingContent { item }
            | Self::Unapproved { item }
            | Self::Inconsistent { item, .. } => Some(item),
            Self::MissingPeriod { period, .. } => Some(period),
            Self::OutOfPeriod { expected, .. } => Some(expected),
            Self::WaiverLapsed { of, .. }
            | Self::WaiverUnused { of, .. }
            | Self::ConfirmationLost { of, .. }
            | Self::EvidenceUnmatched { of, .. }
            | Self::BaselineStale { fingerprint: of, .. } => Some(of),
            _ => None,
        }
    }

    /// What tells an entry of evlint.json from another without a file of its own.
    fn entry(&self) -> Vec<&str> {
        match self {
            Self::WaiverLapsed { of, .. } | Self::WaiverUnused { of, .. } | Self::ConfirmationLost { of, .. } => {
                vec![of]
            }
            Self::EvidenceUnmatched { of, pattern } => vec![of, pattern],
            Self::BaselineStale { fingerprint, .. } => vec![fingerprint],
            _ => vec![],
        }
    }
}

impl Finding {
    /// Lower-case hex SHA-256 of what makes the finding itself: for a gap its code, clause,
    /// material, project and item, so that a renamed file is no new gap; for the rest its code
    /// and path, and of an entry of evlint.json what it is about. Never a line, a sentence, a language or a date.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            hash.update(text.as_bytes());
            hash.update([0]);
        };
        part(self.kind.code());
        if let Some(clause) = self.clause {
            part(&clause.to_string());
            part(self.material.as_deref().unwrap_or_default());
            part(self.project.as_deref().unwrap_or_default());
            part(self.kind.item().unwrap_or_default());
        } else {
            part(self.path.as_ref().map_or("", EvidencePath::as_str));
            let entry = self.kind.entry();
            for about in &entry {
                part(about);
            }
            if !entry.is_empty() {
                part(self.project.as_deref().unwrap_or_default());
            }
        }
        super::text::hex(&hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_about_different_things_have_different_fingerprints() {
        let about = |kind, project: Option<&str>, path: Option<&str>| {
            Finding {
                kind,
                severity: Severity::Warning,
                confidence: Confidence::High,
                clause: None,
                material: None,
                project: project.map(str::to_owned),
                path: path.map(EvidencePath::new),
                place: None,
                cite: None,
                looked_at: Vec::new(),
                waived: None,
            }
            .fingerprint()
        };
        let unused = |of: &str| Kind::WaiverUnused { of: of.into(), reason: "r".into(), owner: "o".into() };
        let lapsed = |of: &str, until: &str| {
            let until = until.parse().expect("a date");
            Kind::WaiverLapsed { of: of.into(), reason: "r".into(), owner: "o".into(), until }
        };
        let unmatched = |of: &str, pattern: &str| Kind::EvidenceUnmatched { of: of.into(), pattern: pattern.into() };
        let lost = |of: &str, why| Kind::ConfirmationLost { of: of.into(), by: "b".into(), why };
        let different = [
            about(lapsed("11", "2025-12-31"), None, None),
            about(lapsed("11.nda", "2025-12-31"), None, None),
            about(lapsed("11.nda", "2025-12-31"), Some("甲"), None),
            about(unused("11.nda"), None, None),
            about(unmatched("11.nda", "a.txt"), None, None),
            about(unmatched("11.nda", "b.txt"), None, None),
            about(unmatched("12.nda", "a.txt"), None, None),
            about(lost("11.nda", Lost::Gone), None, Some("a.png")),
            about(lost("12.nda", Lost::Gone), None, Some("a.png")),
            about(Kind::EmptyFile, None, Some("a.png")),
        ];
        for (at, one) in different.iter().enumerate() {
            assert!(!different[..at].contains(one), "{at}");
        }
        for (one, same) in [
            (lapsed("11", "2025-12-31"), lapsed("11", "2024-01-01")),
            (lost("11.nda", Lost::Gone), lost("11.nda", Lost::Changed)),
        ] {
            assert_eq!(about(one, None, Some("a")), about(same, None, Some("a")));
        }
    }
}
