//! Sentences about files and about the configuration: hygiene and housekeeping.

use std::num::NonZeroU32;

use super::entries;
use super::names::{format, plural, unreadable, unreadable_help};
use super::places::place;
use super::{explain_kind, pick, quote, safe};
use crate::model::settings::Language;
use crate::model::{Finding, Kind};

/// `“巡检.docx”是空文件`; without a file, what is wrong with the configuration.
pub(super) fn message(finding: &Finding, language: Language) -> String {
    let predicate = predicate(finding, language);
    let at = finding.place.as_ref().and_then(|at| place(at, language));
    let at = match (at, language) {
        (Some(at), Language::Zh) => format!("（{at}）"),
        (Some(at), Language::En) => format!(" ({at})"),
        (None, _) => String::new(),
    };
    match (&finding.path, language) {
        (Some(path), Language::Zh) => format!("“{}”{predicate}{at}", safe(path.name())),
        (Some(path), Language::En) => format!("“{}” {predicate}{at}", safe(path.name())),
        (None, _) => format!("{predicate}{at}"),
    }
}

/// What is said of the file, to follow its name.
pub(super) fn predicate(finding: &Finding, language: Language) -> String {
    entries::predicate(finding, language).unwrap_or_else(|| match language {
        Language::Zh => predicate_zh(&finding.kind),
        Language::En => predicate_en(&finding.kind),
    })
}

fn predicate_zh(kind: &Kind) -> String {
    match kind {
        Kind::EmptyFile => "是空文件".to_owned(),
        Kind::TempFile => "是临时文件或系统文件".to_owned(),
        Kind::Duplicate { of } => format!("与“{}”内容相同", safe(of.as_str())),
        Kind::Encrypted => "有打开密码".to_owned(),
        Kind::Corrupt { .. } => "已损坏".to_owned(),
        Kind::LfsPointer => "只是 Git LFS 指针，内容没有取下来".to_owned(),
        Kind::TypeMismatch { extension, format: is } => {
            format!("扩展名是 .{}，内容却是{}", quote(extension), format(*is, Language::Zh))
        }
        Kind::Placeholder { text: Some(text) } => format!("留有占位文字“{}”", quote(text)),
        Kind::Placeholder { text: None } => "是没有填写的空白表".to_owned(),
        Kind::PlaintextSecret => "含有明文口令或密钥".to_owned(),
        Kind::TrackedChanges { count } => format!("有 {count} 处修订没有接受"),
        Kind::WrongCustomer { found, expected } => {
            format!("写的是“{}”，而本项目的客户是“{}”", quote(found), quote(expected))
        }
        Kind::Unsigned { label } => format!("“{}”没有签", quote(label)),
        Kind::UnmatchedFile => "没有对应到任何条款".to_owned(),
        Kind::PartlyRead { pages, what } => format!("没有读全（{}）", unread_parts(pages, what.as_ref(), Language::Zh)),
        Kind::UnreadFile { why, format } => format!("读不出：{}", unreadable(why, *format, Language::Zh)),
        Kind::NoPeriod => "没有给出审核期间，日期只与合同对照".to_owned(),
        gap => explain_kind(gap.code()).map_or("", |explanation| explanation.title.zh).to_owned(),
    }
}

fn predicate_en(kind: &Kind) -> String {
    match kind {
        Kind::EmptyFile => "is empty".to_owned(),
        Kind::TempFile => "is a temporary or system file".to_owned(),
        Kind::Duplicate { of } => format!("has the same content as “{}”", safe(of.as_str())),
        Kind::Encrypted => "asks for a password".to_owned(),
        Kind::Corrupt { .. } => "is damaged".to_owned(),
        Kind::LfsPointer => "is only a Git LFS pointer; its content is not here".to_owned(),
        Kind::TypeMismatch { extension, format: is } => {
            format!("is named .{} but is: {}", quote(extension), format(*is, Language::En))
        }
        Kind::Placeholder { text: Some(text) } => format!("still holds the placeholder “{}”", quote(text)),
        Kind::Placeholder { text: None } => "is a form that nobody filled in".to_owned(),
        Kind::PlaintextSecret => "holds a password or key in plain text".to_owned(),
        Kind::TrackedChanges { count } => {
            format!("has {count} tracked change{} nobody accepted", plural(*count as usize))
        }
        Kind::WrongCustomer { found, expected } => {
            format!("names “{}”, but this project's customer is “{}”", quote(found), quote(expected))
        }
        Kind::Unsigned { label } => format!("is not signed at “{}”", quote(label)),
        Kind::UnmatchedFile => "serves no clause".to_owned(),
        Kind::PartlyRead { pages, what } => {
            format!("was read in part only ({})", unread_parts(pages, what.as_ref(), Language::En))
        }
        Kind::UnreadFile { why, format } => format!("cannot be read: {}", unreadable(why, *format, Language::En)),
        Kind::NoPeriod => "no audited period was given; dates are held against contracts only".to_owned(),
        gap => explain_kind(gap.code()).map_or("", |explanation| explanation.title.en).to_owned(),
    }
}

/// `第 2、3 页的文字`, `MAX_CELLS = 200000`: what was not read of a file.
fn unread_parts(pages: &[NonZeroU32], what: Option<&String>, language: Language) -> String {
    /// More are counted.
    const NAMED: usize = 5;
    let named: Vec<String> = pages.iter().take(NAMED).map(ToString::to_string).collect();
    let more = pages.len() > NAMED;
    let of_pages = match language {
        _ if pages.is_empty() => None,
        Language::Zh if more => Some(format!("第 {} 等 {} 页的文字", named.join("、"), pages.len())),
        Language::Zh => Some(format!("第 {} 页的文字", named.join("、"))),
        Language::En => {
            let rest = if more { format!(" and {} more", pages.len() - NAMED) } else { String::new() };
            Some(format!("text of page{} {}{rest}", plural(pages.len()), named.join(", ")))
        }
    };
    let parts: Vec<String> = of_pages.into_iter().chain(what.map(|what| quote(what))).collect();
    parts.join(pick(language, "；", "; "))
}

/// What a list of findings of one kind says of each, behind its path.
pub(super) fn detail(finding: &Finding, language: Language) -> Option<String> {
    let said = match &finding.kind {
        Kind::EmptyFile
        | Kind::TempFile
        | Kind::Encrypted
        | Kind::Corrupt { .. }
        | Kind::LfsPointer
        | Kind::PlaintextSecret
        | Kind::UnmatchedFile
        | Kind::NoPeriod => None,
        Kind::Duplicate { of } => Some(format!("= {}", safe(of.as_str()))),
        Kind::Placeholder { text: Some(text) } => Some(format!("“{}”", quote(text))),
        Kind::Placeholder { text: None } => Some(
            match language {
                Language::Zh => "整份空白",
                Language::En => "all blank",
            }
            .to_owned(),
        ),
        Kind::Unsigned { label } => Some(format!("“{}”", quote(label))),
        Kind::TypeMismatch { format: is, .. } => Some(format(*is, language).to_owned()),
        Kind::TrackedChanges { count } => Some(match language {
            Language::Zh => format!("{count} 处"),
            Language::En => format!("{count} change{}", plural(*count as usize)),
        }),
        Kind::WrongCustomer { found, expected } => Some(match language {
            Language::Zh => format!("“{}”，应为“{}”", quote(found), quote(expected)),
            Language::En => format!("“{}”, should be “{}”", quote(found), quote(expected)),
        }),
        Kind::PartlyRead { pages, what } => Some(unread_parts(pages, what.as_ref(), language)),
        Kind::UnreadFile { why, format } => Some(unreadable(why, *format, language)),
        _ => entries::detail(finding, language).or_else(|| Some(predicate(finding, language))),
    };
    let at = finding.place.as_ref().and_then(|at| place(at, language));
    match (at, said) {
        (Some(at), Some(said)) => Some(format!("{at} {said}")),
        (at, said) => at.or(said),
    }
}

pub(super) fn help(finding: &Finding, language: Language) -> String {
    match &finding.kind {
        Kind::UnreadFile { why, format } => unreadable_help(why, *format, language).to_owned(),
        kind => fix(kind, language).to_owned(),
    }
}

/// What is always done about a finding of this kind.
pub(super) fn fix(kind: &Kind, language: Language) -> &'static str {
    explain_kind(kind.code()).map_or("", |explanation| pick(language, explanation.fix.zh, explanation.fix.en))
}
