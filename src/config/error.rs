//! Why `evlint.json` could not be taken.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use miette::{Diagnostic, SourceSpan};

use crate::rules::named::{JsonError, NamedText};
use crate::rules::source::{At, Misread};

/// Why `evlint.json` could not be taken. The codes are stable; the words may improve.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum ConfigError {
    #[error("读不了配置文件 {} (cannot read the configuration)", path.display())]
    #[diagnostic(
        code(evlint::config::read),
        help("检查路径和读取权限，编码须为 UTF-8 (check the path and its permissions; it must be UTF-8)")
    )]
    Read { path: PathBuf, source: io::Error },

    #[error("配置文件有错 (the configuration is not valid)")]
    #[diagnostic(code(evlint::config::syntax))]
    Syntax {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
        #[help]
        help: Option<String>,
        source: JsonError,
    },

    #[error("没有这样的{zh}：{name} (no {en} `{name}`)")]
    #[diagnostic(code(evlint::config::unknown))]
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

    #[error("{zh}重复：{name} ({en} `{name}` is given twice)")]
    #[diagnostic(code(evlint::config::duplicate))]
    Duplicate {
        zh: &'static str,
        en: &'static str,
        name: String,
        #[source_code]
        text: Arc<NamedText>,
        #[label("第二次 (the second)")]
        at: SourceSpan,
    },

    #[error("没有这样的日期：{written} (`{written}` is no date)")]
    #[diagnostic(code(evlint::config::date))]
    Date {
        written: String,
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
        #[help]
        help: String,
    },

    #[error("起始日晚于截止日 (`from` is after `to`)")]
    #[diagnostic(code(evlint::config::period), help("两天都计在内 (both days count)"))]
    Period {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
    },

    #[error("路径不在证据文件夹内：{written} (`{written}` leaves the evidence folder)")]
    #[diagnostic(
        code(evlint::config::path),
        help("写成相对证据文件夹的路径，不用 .. (write it relative to the evidence folder, without ..)")
    )]
    Path {
        written: String,
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
    },

    #[error("通配符有错 (not a glob)")]
    #[diagnostic(
        code(evlint::config::glob),
        help(
            "写法同 .gitignore：* ? [a-z] {{a,b}} **；要匹配字符本身，前面加 \\ (as in .gitignore; put \\ before a character meant as itself)"
        )
    )]
    Glob {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
        source: ignore::Error,
    },

    #[error("豁免须写明 clause 或 material 之一 (a waiver names either a clause or a material)")]
    #[diagnostic(
        code(evlint::config::waiver),
        help(
            "\"clause\": 11 豁免整个条款，\"material\": \"11.nda\" 只豁免一项材料 (the whole clause, or one material)"
        )
    )]
    Waiver {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
    },

    #[error("不是 SHA-256 (not a SHA-256)")]
    #[diagnostic(
        code(evlint::config::sha256),
        help("64 位十六进制数，见 JSON 报告的 files (64 hex digits, as in the JSON report's `files`)")
    )]
    Sha256 {
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
    },

    #[error("{field} 不能为空 (`{field}` must not be empty)")]
    #[diagnostic(code(evlint::config::empty))]
    Empty {
        field: &'static str,
        #[source_code]
        text: Arc<NamedText>,
        #[label("这里 (here)")]
        at: SourceSpan,
    },
}

impl ConfigError {
    pub(super) fn unknown(
        what: (&'static str, &'static str),
        name: &str,
        help: String,
        at: SourceSpan,
        source: &At<'_>,
    ) -> Self {
        Self::Unknown { zh: what.0, en: what.1, name: name.to_owned(), text: source.text(), at, help }
    }
}

impl From<Misread> for ConfigError {
    fn from(Misread { text, at, help, source }: Misread) -> Self {
        Self::Syntax { text, at, help, source }
    }
}
