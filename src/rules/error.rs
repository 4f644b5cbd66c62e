//! Why a rule pack could not be loaded.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

use super::source::{At, Misread};

/// Why a rule pack could not be loaded. The codes are stable; the words may improve.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum PackError {
    #[error("cannot read rule pack {}", path.display())]
    #[diagnostic(code(evlint::pack::read), help("name the folder that holds pack.json and one .json file a clause"))]
    Read { path: PathBuf, source: io::Error },

    #[error("there is no built-in rule pack `{name}`")]
    #[diagnostic(code(evlint::pack::no_such_pack))]
    NoSuchPack {
        name: String,
        #[help]
        help: String,
    },

    #[error("{} holds no pack.json", path.display())]
    #[diagnostic(
        code(evlint::pack::missing),
        help(
            "a rule pack is a folder: pack.json holds what the whole standard shares, and each clause has a file of its own"
        )
    )]
    Missing { path: PathBuf },

    #[error("{} is not named as a clause file", path.display())]
    #[diagnostic(code(evlint::pack::misnamed))]
    Misnamed {
        path: PathBuf,
        #[help]
        help: String,
    },

    #[error("rule pack is not valid")]
    #[diagnostic(code(evlint::pack::syntax))]
    Syntax {
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("here")]
        at: SourceSpan,
        #[help]
        help: Option<String>,
        source: serde_json::Error,
    },

    #[error("pattern is no regular expression: {detail}")]
    #[diagnostic(
        code(evlint::pack::pattern),
        help(
            "patterns are regular expressions of the Rust `regex` crate; `{{name}}` stands for one of pack.json's synonyms"
        )
    )]
    Pattern {
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("here")]
        at: SourceSpan,
        detail: String,
    },

    #[error("pattern can never match as it is meant: {detail}")]
    #[diagnostic(
        code(evlint::pack::unmatchable),
        help("patterns see text in one form: NFKC, lower case, no white space, ASCII : ( ) , ; ? !")
    )]
    Unmatchable {
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("this")]
        at: SourceSpan,
        detail: String,
    },

    #[error("pattern matches every text")]
    #[diagnostic(code(evlint::pack::everything), help("a part of it must not be optional"))]
    Everything {
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("this")]
        at: SourceSpan,
    },

    #[error("the pack has no {what} `{name}`")]
    #[diagnostic(code(evlint::pack::unknown))]
    Unknown {
        what: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("not defined")]
        at: SourceSpan,
        #[help]
        help: String,
    },

    #[error("{what} `{name}` does not stand in the clause's texts")]
    #[diagnostic(
        code(evlint::pack::not_in_text),
        help("quote `evidence` or `clause` word for word; only white space may differ")
    )]
    NotInText {
        what: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("not in the text")]
        at: SourceSpan,
    },

    #[error("{what} `{name}` is given twice")]
    #[diagnostic(code(evlint::pack::duplicate))]
    Duplicate {
        what: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("the second")]
        at: SourceSpan,
    },

    #[error("{what}: the list is empty")]
    #[diagnostic(code(evlint::pack::empty))]
    Empty {
        what: &'static str,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("needs at least one")]
        at: SourceSpan,
        #[help]
        help: &'static str,
    },
}

impl PackError {
    pub(super) fn not_in_text(what: &'static str, name: &str, at: &At<'_>) -> Self {
        Self::NotInText { what, name: name.to_owned(), text: at.text(), at: at.span() }
    }

    pub(super) fn duplicate(what: &'static str, name: &str, at: &At<'_>) -> Self {
        Self::Duplicate { what, name: name.to_owned(), text: at.text(), at: at.span() }
    }

    pub(super) fn empty(what: &'static str, help: &'static str, at: &At<'_>) -> Self {
        Self::Empty { what, text: at.text(), at: at.span(), help }
    }

    pub(super) fn unknown(what: &'static str, name: &str, help: String, at: &At<'_>) -> Self {
        Self::Unknown { what, name: name.to_owned(), text: at.text(), at: at.span(), help }
    }
}

impl From<Misread> for PackError {
    fn from(Misread { text, at, help, source }: Misread) -> Self {
        Self::Syntax { text, at, help, source }
    }
}
