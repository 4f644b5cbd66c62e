//! Why a file was or was not taken for a material.

use super::{pick, place, quote};
use crate::matching::{Signal, Strength};
use crate::model::pack::{DocumentKind, Structure};
use crate::model::settings::Language;

/// How surely a file is a material: `是`, `像`, `不能确定`, `不是`.
#[must_use]
pub fn strength(strength: Strength, language: Language) -> &'static str {
    match strength {
        Strength::Sure => pick(language, "是", "is"),
        Strength::Likely => pick(language, "基本是", "most likely is"),
        Strength::Thin => pick(language, "不能确定", "cannot tell"),
        Strength::Refused => pick(language, "不是", "is not"),
    }
}

/// That a file does as a material where no other is named so.
#[must_use]
pub fn does_as(language: Language) -> &'static str {
    pick(
        language,
        "没有别的文件叫这个名字时，按内容可以算它",
        "its content makes it do where no other file is named so",
    )
}

/// What kind of document a title names: `计划`, `记录`.
#[must_use]
pub fn document_kind(kind: DocumentKind, language: Language) -> &'static str {
    let (zh, en) = match kind {
        DocumentKind::Policy => ("制度规范", "policy"),
        DocumentKind::Plan => ("计划方案", "plan"),
        DocumentKind::Record => ("记录", "record"),
        DocumentKind::Register => ("台账清单", "register"),
        DocumentKind::Report => ("报告总结", "report"),
        DocumentKind::Agreement => ("合同协议", "agreement"),
        DocumentKind::Notice => ("通知任命", "notice"),
        DocumentKind::Minutes => ("会议纪要", "minutes"),
        DocumentKind::Questionnaire => ("问卷", "questionnaire"),
        DocumentKind::Slides => ("课件宣传", "slides"),
        DocumentKind::Contents => ("目录", "table of contents"),
        DocumentKind::Certificate => ("证书", "certificate"),
    };
    pick(language, zh, en)
}

/// The structure that shows an item: `标题及正文`, `表头及数据`.
#[must_use]
pub fn structure(structure: Structure, language: Language) -> &'static str {
    let (zh, en) = match structure {
        Structure::Title => ("题名", "title"),
        Structure::Heading => ("标题下有正文", "heading with a body"),
        Structure::Column => ("表头下有数据", "column with values"),
        Structure::Row => ("表格里有值", "row with a value"),
        Structure::Label => ("标签后有值", "label with a value"),
        Structure::Sentence => ("正文写明", "sentence"),
        Structure::Term => ("写明起止日期", "first and last day"),
    };
    pick(language, zh, en)
}

/// One sign, in a line.
#[must_use]
pub fn signal(signal: &Signal, language: Language) -> String {
    let zh = language == Language::Zh;
    let at = |p| place(p, language).map_or(String::new(), |p| if zh { format!("（{p}）") } else { format!(" ({p})") });
    match signal {
        Signal::Title { text, place } if zh => format!("题名{}{}", quote(text), at(place)),
        Signal::Title { text, place } => format!("title {}{}", quote(text), at(place)),
        Signal::TopLine { text, place } if zh => format!("开头有{}{}", quote(text), at(place)),
        Signal::TopLine { text, place } => format!("opens with {}{}", quote(text), at(place)),
        Signal::Chapter { heading, place } if zh => format!("有这样一章{}{}", quote(heading), at(place)),
        Signal::Chapter { heading, place } => format!("chapter {}{}", quote(heading), at(place)),
        Signal::Columns { found, of, place } if zh => format!("表头有 {of} 栏中的 {found} 栏{}", at(place)),
        Signal::Columns { found, of, place } => format!("table has {found} of {of} columns{}", at(place)),
        Signal::Body { found, of } if zh => format!("正文谈到 {of} 个话题中的 {found} 个"),
        Signal::Body { found, of } => format!("speaks of {found} of {of} topics"),
        Signal::Items { found, of } if zh => format!("体现 {of} 项内容中的 {found} 项"),
        Signal::Items { found, of } => format!("shows {found} of {of} items"),
        Signal::Name => pick(language, "文件名像", "its file name").to_owned(),
        Signal::Folder => pick(language, "文件夹名像", "its folder's name").to_owned(),
        Signal::OtherKind { is } if zh => format!("但题名是{}", document_kind(*is, language)),
        Signal::OtherKind { is } => format!("but its title names a {}", document_kind(*is, language)),
        Signal::OtherTitle { text } if zh => format!("但题名{}指别的材料", quote(text)),
        Signal::OtherTitle { text } => format!("but its title {} means something else", quote(text)),
        Signal::OtherBody { text } if zh => format!("但正文有{}，那是别的材料", quote(text)),
        Signal::OtherBody { text } => format!("but its text {} belongs to something else", quote(text)),
        Signal::Template => pick(language, "是没有填写的模板", "it is a form that nobody filled in").to_owned(),
        Signal::OnlyInContents { text } => match language {
            Language::Zh => format!("但“{}”只列在目录里，正文没有", quote(text)),
            Language::En => format!("but “{}” is only listed in its table of contents", quote(text)),
        },
        Signal::Contents => {
            pick(language, "是目录清单，不能作证明", "it is a list of documents and proves nothing").to_owned()
        }
        Signal::NoSubstance => pick(language, "题名下没有内容", "nothing stands under its title").to_owned(),
        Signal::Outranked { by } if zh => format!("更像 {by}"),
        Signal::Outranked { by } => format!("it is rather {by}"),
        Signal::Inside { of } if zh => format!("由 {of} 的文件体现"),
        Signal::Inside { of } => format!("shown by the document of {of}"),
        Signal::Confirmed { by, on } if zh => format!("{} 于 {on} 看过，确认各项都有", quote(by)),
        Signal::Confirmed { by, on } => format!("{} looked on {on} and confirmed every item", quote(by)),
        Signal::Told => pick(language, "evlint.json 指明", "evlint.json says so").to_owned(),
    }
}
