//! Why a rule pack could not be loaded.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use miette::{Diagnostic, SourceSpan};

use super::named::{JsonError, NamedText};
use super::source::{At, Misread};

/// Why a rule pack could not be loaded. The codes are stable; the words may improve.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum PackError {
    #[error("读不了规则包 {} (cannot read rule pack)", path.display())]
    #[diagnostic(
        code(evlint::pack::read),
        help(
            "规则包是一个文件夹，内有 pack.json 和各条款的 .json，编码 UTF-8 (name the folder that holds pack.json; files are UTF-8)"
        )
    )]
    Read { path: PathBuf, source: io::Error },

    #[error("没有叫 {name} 的内置规则包 (no built-in rule pack `{name}`)")]
    #[diagnostic(code(evlint::pack::no_such_pack))]
    NoSuchPack {
        name: String,
        #[help]
        help: String,
    },

    #[error("{} 里没有 pack.json (no pack.json in it)", path.display())]
    #[diagnostic(
        code(evlint::pack::missing),
        help(
            "规则包是一个文件夹：各条款共用的内容在 pack.json，每个条款一个文件 (pack.json holds what clauses share)"
        )
    )]
    Missing { path: PathBuf },

    #[error("{} 不是条款文件的名字 (not named as a clause file)", path.display())]
    #[diagnostic(code(evlint::pack::misnamed))]
    Misnamed {
        path: PathBuf,
        #[help]
        help: String,
    },

    #[error("规则包有错 (rule pack is not valid)")]
    #[diagnostic(code(evlint::pack::syntax))]
    Syntax {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
        #[help]
        help: Option<String>,
        source: JsonError,
    },

    #[error("不是正则表达式 (no regular expression): {detail}")]
    #[diagnostic(
        code(evlint::pack::pattern),
        help(
            "语法见 Rust 的 regex 库；{{名称}} 代表 pack.json 的同义词 (syntax of the Rust `regex` crate; `{{name}}` is a synonym of pack.json)"
        )
    )]
    Pattern {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
        detail: String,
    },

    #[error("这样写永远匹配不到：{detail} (it can never match)")]
    #[diagnostic(
        code(evlint::pack::unmatchable),
        help(
            "模式看到的文本只有一种形式：NFKC、小写、没有空白、半角 : ( ) , ; ? ! (patterns see text in one form: NFKC, lower case, no white space, ASCII punctuation)"
        )
    )]
    Unmatchable {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (this)")]
        at: SourceSpan,
        detail: String,
    },

    #[error("什么文本都能匹配 (pattern matches every text)")]
    #[diagnostic(
        code(evlint::pack::everything),
        help("至少有一部分不能是可有可无的 (a part of it must not be optional)")
    )]
    Everything {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (this)")]
        at: SourceSpan,
    },

    #[error("规则包没有这样的{zh}：{name} (the pack has no {en} `{name}`)")]
    #[diagnostic(code(evlint::pack::unknown))]
    Unknown {
        zh: &'static str,
        en: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedText>,
        #[label("没有定义 (not defined)")]
        at: SourceSpan,
        #[help]
        help: String,
    },

    #[error("条款的两段文字中没有：{name} (the clause's texts do not hold {what} `{name}`)")]
    #[diagnostic(
        code(evlint::pack::not_in_text),
        help("从 evidence 或 clause 中逐字引用，只允许空白不同 (quote word for word; only white space may differ)")
    )]
    NotInText {
        what: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedText>,
        #[label("原文没有 (not in the text)")]
        at: SourceSpan,
    },

    #[error("{zh}重复：{name} ({en} `{name}` is given twice)")]
    #[diagnostic(code(evlint::pack::duplicate))]
    Duplicate {
        zh: &'static str,
        en: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedText>,
        #[label("第二次 (the second)")]
        at: SourceSpan,
    },

    #[error("{what} 是空的 (the list is empty)")]
    #[diagnostic(code(evlint::pack::empty))]
    Empty {
        what: &'static str,
        #[source_code]
        text: Arc<NamedText>,
        #[label("至少要有一个 (needs at least one)")]
        at: SourceSpan,
        #[help]
        help: &'static str,
    },
}

/// What a name is the name of, in Chinese and in English.
pub(super) type Noun = (&'static str, &'static str);

impl PackError {
    pub(super) fn not_in_text(what: &'static str, name: &str, at: &At<'_>) -> Self {
        Self::NotInText { what, name: name.to_owned(), text: at.text(), at: at.span() }
    }

    pub(super) fn duplicate((zh, en): Noun, name: &str, at: &At<'_>) -> Self {
        Self::Duplicate { zh, en, name: name.to_owned(), text: at.text(), at: at.span() }
    }

    pub(super) fn empty(what: &'static str, help: &'static str, at: &At<'_>) -> Self {
        Self::Empty { what, text: at.text(), at: at.span(), help }
    }

    pub(super) fn unknown((zh, en): Noun, name: &str, help: String, at: &At<'_>) -> Self {
        Self::Unknown { zh, en, name: name.to_owned(), text: at.text(), at: at.span(), help }
    }
}

impl From<Misread> for PackError {
    fn from(Misread { text, at, help, source }: Misread) -> Self {
        Self::Syntax { text, at, help, source }
    }
}
