//! Sentences about gaps: what a material lacks, and what to do about it.

use super::names::{plural, unreadable, unreadable_help, words};
use super::{Wording, quote, safe};
use crate::model::finding::Question;
use crate::model::settings::Language;
use crate::model::{EvidencePath, Finding, Kind};

/// More items than this are counted rather than named.
const NAMED_ITEMS: usize = 8;

/// `项目合同（甲医院运维）`: the material and, where there are several, the project.
pub(super) fn subject(wording: &Wording<'_>, finding: &Finding) -> String {
    let material = material(wording, finding);
    match finding.project.as_deref().filter(|_| wording.assessment.projects.len() > 1) {
        Some(project) => {
            let (open, close) = (wording.pick("（", " ("), wording.pick("）", ")"));
            format!("{material}{open}{}{close}", safe(project))
        }
        None => material,
    }
}

/// A material that no project has.
pub(super) fn everywhere(wording: &Wording<'_>, finding: &Finding, projects: usize) -> String {
    let material = material(wording, finding);
    match wording.language {
        Language::Zh => format!("{material}：{projects} 个项目都没有找到"),
        Language::En => format!("{material}: not found in any of the {projects} projects"),
    }
}

fn material(wording: &Wording<'_>, finding: &Finding) -> String {
    let id = finding.material.as_deref().unwrap_or_default();
    if is_rectification(wording, finding) {
        return match wording.language {
            Language::Zh => format!("上次审核发现 {} 的整改", safe(id)),
            Language::En => format!("answer to last audit's finding {}", safe(id)),
        };
    }
    let clause = wording.assessment.clauses.iter().find(|clause| Some(clause.no) == finding.clause);
    let found = clause.and_then(|clause| clause.materials.iter().find(|material| material.id == id));
    match (found, finding.clause) {
        (Some(material), _) => safe(words(&material.name, wording.language)),
        (None, Some(no)) if id.is_empty() => format!("{} {no}", wording.pick("条款", "clause")),
        (None, _) => safe(id),
    }
}

/// Findings of one kind about one material in one project, in one phrase. Empty for none.
pub(super) fn gist(wording: &Wording<'_>, alike: &[&Finding]) -> String {
    let Some(first) = alike.first() else { return String::new() };
    let language = wording.language;
    let items = listed(alike, language);
    match (&first.kind, language) {
        (Kind::MissingMaterial { elsewhere: true, .. }, Language::Zh) => "没有找到，而其他项目有".to_owned(),
        (Kind::MissingMaterial { elsewhere: true, .. }, Language::En) => {
            "not found, though another project has it".to_owned()
        }
        (Kind::MissingMaterial { .. }, Language::Zh) => "没有找到".to_owned(),
        (Kind::MissingMaterial { .. }, Language::En) => "not found".to_owned(),
        (Kind::MissingContent { .. }, Language::Zh) => format!("未体现{items}"),
        (Kind::MissingContent { .. }, Language::En) => format!("does not show {items}"),
        (Kind::MissingPeriod { shown, .. }, Language::Zh) => {
            format!("缺 {} 期：{}（已有 {shown} 期）{}", alike.len(), bare(alike, "、"), instead(alike, language))
        }
        (Kind::MissingPeriod { shown, .. }, Language::En) => {
            let count = alike.len();
            let instead = instead(alike, language);
            format!("{count} period{} missing: {} ({shown} present){instead}", plural(count), bare(alike, ", "))
        }
        (Kind::OutOfPeriod { expected, found }, Language::Zh) => {
            format!("日期是 {}，不在 {} 内", days(found, language), days(expected, language))
        }
        (Kind::OutOfPeriod { expected, found }, Language::En) => {
            format!("dated {}, outside {}", days(found, language), days(expected, language))
        }
        (Kind::Unapproved { .. }, Language::Zh) => format!("看不到审批{}", in_brackets(&items, language)),
        (Kind::Unapproved { .. }, Language::En) => format!("shows no approval{}", in_brackets(&items, language)),
        (Kind::Inconsistent { .. }, _) => {
            let separator = wording.pick("；", "; ");
            alike.iter().map(|finding| contradiction(finding, language)).collect::<Vec<_>>().join(separator)
        }
        (Kind::Unreadable { why, format }, Language::Zh) => {
            format!("唯一可能的文件读不出：{}", unreadable(why, *format, language))
        }
        (Kind::Unreadable { why, format }, Language::En) => {
            format!("the only candidate cannot be read: {}", unreadable(why, *format, language))
        }
        (Kind::NeedsConfirmation { .. }, _) => questions(alike, language),
        _ => super::files::predicate(first, language),
    }
}

/// What stands under the words of the clause.
pub(super) fn label(wording: &Wording<'_>, alike: &[&Finding]) -> String {
    let Some(first) = alike.first() else { return String::new() };
    match &first.kind {
        Kind::MissingMaterial { .. } => wording.pick("没有找到", "not found").to_owned(),
        Kind::MissingContent { .. } => wording.pick("未体现", "not shown").to_owned(),
        Kind::MissingPeriod { .. } => match wording.language {
            Language::Zh => format!("缺 {} 期", alike.len()),
            Language::En => format!("{} missing", alike.len()),
        },
        Kind::OutOfPeriod { .. } => wording.pick("不在期间内", "outside the period").to_owned(),
        Kind::Unapproved { .. } => wording.pick("看不到审批", "no approval").to_owned(),
        Kind::Inconsistent { .. } => wording.pick("前后不一", "contradictory").to_owned(),
        Kind::Unreadable { .. } => wording.pick("读不出", "cannot be read").to_owned(),
        _ => wording.pick("待确认", "to confirm").to_owned(),
    }
}

/// The next action.
pub(super) fn help(wording: &Wording<'_>, finding: &Finding) -> String {
    if is_rectification(wording, finding) {
        return wording
            .pick(
                "放入这条发现的整改报告（原因分析、纠正措施、验证结果），文中写明它的编号。",
                "Put the report here that answers this finding (cause, correction, verification) and names its id.",
            )
            .to_owned();
    }
    let of = reference(wording, finding).unwrap_or_default();
    let path = finding.path.as_ref().map(|path| safe(path.as_str()));
    match wording.language {
        Language::Zh => help_zh(&finding.kind, &of, path.as_deref()),
        Language::En => help_en(&finding.kind, &of, path.as_deref()),
    }
}

fn help_zh(kind: &Kind, of: &str, path: Option<&str>) -> String {
    match kind {
        Kind::MissingMaterial { .. } => format!("补上这份材料，要求见 `evlint explain {of}`。"),
        Kind::MissingContent { .. } => "补上实在的内容；已签发的文件用补充协议或附件补充。".to_owned(),
        Kind::MissingPeriod { .. } => "放入这些期的记录；确实没有开展的，如实说明原因，不要事后补造。".to_owned(),
        Kind::OutOfPeriod { .. } => {
            "放入审核期间内的那一份；若日期认错，用 `evlint why` 看日期取自何处，并在文件中写清。".to_owned()
        }
        Kind::Unapproved { .. } => "换上签批完整、正式发布的版本（批准人、日期、版本号齐全）。".to_owned(),
        Kind::Inconsistent { .. } => "核对原始资料，改正写错的一处；若 evlint.json 写错，改它。".to_owned(),
        Kind::Unreadable { why, format } => unreadable_help(why, *format, Language::Zh).to_owned(),
        Kind::NeedsConfirmation { .. } => match path {
            Some(_) => format!(
                "打开看一眼：是，就在 evlint.json 的 confirmations 里写明（material 为 \"{of}\"）；不是，就补上真正的那份。"
            ),
            None => format!("看过后在 evlint.json 的 confirmations 里写明（material 为 \"{of}\"）。"),
        },
        other => super::files::fix(other, Language::Zh).to_owned(),
    }
}

fn help_en(kind: &Kind, of: &str, path: Option<&str>) -> String {
    match kind {
        Kind::MissingMaterial { .. } => format!("Add it; `evlint explain {of}` says what is accepted."),
        Kind::MissingContent { .. } => "Add it with substance; to a signed document, as an annex.".to_owned(),
        Kind::MissingPeriod { .. } => {
            "Add the records of these periods; where nothing was done, say why, and do not make any up.".to_owned()
        }
        Kind::OutOfPeriod { .. } => {
            "Add the one of the audited period. If its date was misread, `evlint why` shows where it was found."
                .to_owned()
        }
        Kind::Unapproved { .. } => "Put the issued version here, with approver, date and version number.".to_owned(),
        Kind::Inconsistent { .. } => {
            "Check the source and correct the wrong one, or evlint.json if it is wrong.".to_owned()
        }
        Kind::Unreadable { why, format } => unreadable_help(why, *format, Language::En).to_owned(),
        Kind::NeedsConfirmation { .. } => match path {
            Some(_) => format!(
                "Look at it. If yes, say so under confirmations in evlint.json (material \"{of}\"); if not, add the right one."
            ),
            None => format!("Look, and say so under confirmations in evlint.json (material \"{of}\")."),
        },
        other => super::files::fix(other, Language::En).to_owned(),
    }
}

/// `11.contract`.
pub(super) fn reference(wording: &Wording<'_>, finding: &Finding) -> Option<String> {
    match (finding.clause, finding.material.as_deref()) {
        (_, Some(id)) if is_rectification(wording, finding) => Some(safe(id)),
        (Some(clause), Some(material)) => Some(format!("{clause}.{}", safe(material))),
        (clause, material) => clause.map(|clause| clause.to_string()).or(material.map(safe)),
    }
}

/// It is about a finding of the last audit rather than about a material.
fn is_rectification(wording: &Wording<'_>, finding: &Finding) -> bool {
    wording.assessment.rectification.iter().any(|row| Some(row.id.as_str()) == finding.material.as_deref())
}

/// A span as `assess` writes it for machines: `2025-01-01..2025-12-31`.
fn days(text: &str, language: Language) -> String {
    quote(text).replace("..", super::pick(language, " 至 ", " to "))
}

fn contradiction(finding: &Finding, language: Language) -> String {
    let Kind::Inconsistent { item, here, there, other } = &finding.kind else { return String::new() };
    let (item, here, there) = (quote(item), days(here, language), days(there, language));
    if other.is_some() && *other == finding.path {
        return match language {
            Language::Zh => format!("文件名写的是“{there}”，内容是“{here}”"),
            Language::En => format!("its name says “{there}”, its content “{here}”"),
        };
    }
    let other = other.as_ref().map_or_else(|| "evlint.json".to_owned(), |path| safe(path.as_str()));
    match language {
        Language::Zh => format!("“{item}”不一致：这里是“{here}”，{other} 是“{there}”"),
        Language::En => format!("“{item}” differs: “{here}” here, “{there}” in {other}"),
    }
}

/// What files that bear the names of missing periods are about.
fn instead(alike: &[&Finding], language: Language) -> String {
    let of = |finding: &&Finding| {
        let Kind::MissingPeriod { instead: Some(is), .. } = &finding.kind else { return None };
        let (name, is) = (safe(finding.path.as_ref()?.name()), quote(is));
        Some(match language {
            Language::Zh => format!("，“{name}”写的是 {is}"),
            Language::En => format!("; “{name}” is about {is}"),
        })
    };
    alike.iter().filter_map(of).collect()
}

fn questions(alike: &[&Finding], language: Language) -> String {
    let name = |path: &Option<EvidencePath>| match (path, language) {
        (Some(path), _) => format!("“{}”", safe(path.name())),
        (None, Language::Zh) => "这份文件".to_owned(),
        (None, Language::En) => "this file".to_owned(),
    };
    let ask = |finding: &&Finding| {
        let name = name(&finding.path);
        match (&finding.kind, language) {
            (Kind::NeedsConfirmation { question: Question::DoesPictureShow { item } }, Language::Zh) => {
                format!("{name}里能看到“{}”吗？", quote(item))
            }
            (Kind::NeedsConfirmation { question: Question::DoesPictureShow { item } }, Language::En) => {
                format!("can “{}” be seen in {name}?", quote(item))
            }
            (Kind::NeedsConfirmation { question: Question::WhichPeriod }, Language::Zh) => {
                format!("{name}里没有日期，是审核期间的吗？")
            }
            (Kind::NeedsConfirmation { question: Question::WhichPeriod }, Language::En) => {
                format!("{name} bears no date: is it of the audited period?")
            }
            (_, Language::Zh) => format!("是{name}吗？"),
            (_, Language::En) => format!("is it {name}?"),
        }
    };
    let mut asked: Vec<String> = alike.iter().map(ask).collect();
    asked.dedup();
    asked.join(match language {
        Language::Zh => "",
        Language::En => " ",
    })
}

/// `“质量”“输出”`, each once.
fn listed(alike: &[&Finding], language: Language) -> String {
    let items = items(alike);
    let named: Vec<String> = items.iter().take(NAMED_ITEMS).map(|item| format!("“{}”", quote(item))).collect();
    let more = items.len().saturating_sub(NAMED_ITEMS);
    match language {
        Language::Zh if more > 0 => format!("{}等 {} 项", named.concat(), items.len()),
        Language::Zh => named.concat(),
        Language::En if more > 0 => format!("{} and {more} more", named.join(", ")),
        Language::En => named.join(", "),
    }
}

fn bare(alike: &[&Finding], separator: &str) -> String {
    items(alike).into_iter().map(quote).collect::<Vec<_>>().join(separator)
}

fn items<'f>(alike: &[&'f Finding]) -> Vec<&'f str> {
    let mut items: Vec<&str> = Vec::new();
    for item in alike.iter().filter_map(|finding| finding.kind.item()) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items
}

fn in_brackets(text: &str, language: Language) -> String {
    match language {
        _ if text.is_empty() => String::new(),
        Language::Zh => format!("（{text}）"),
        Language::En => format!(" ({text})"),
    }
}
