//! Sentences about entries of evlint.json and of a baseline: waivers, confirmations, files named as
//! evidence, known findings.

use super::{quote, safe};
use crate::model::finding::{Lost, Waived};
use crate::model::settings::Language;
use crate::model::{Finding, Kind};

/// `客户机房搬迁（负责人 张三，有效至 2026-06-30）`.
pub(super) fn waived(waived: &Waived, language: Language) -> String {
    let (reason, owner, until) = (quote(&waived.reason), quote(&waived.owner), waived.until);
    match language {
        Language::Zh => format!("{reason}（负责人 {owner}，有效至 {until}）"),
        Language::En => format!("{reason} (owner {owner}, until {until})"),
    }
}

/// What becomes of a gap that somebody accepted.
pub(super) fn help_waived(waived: &Waived, language: Language) -> String {
    let until = waived.until;
    match language {
        Language::Zh => format!("{until} 之后这处差距照常计入：在那以前补上并删去豁免，或由负责人重新定期限。"),
        Language::En => format!(
            "It counts again after {until}: close it by then and delete the waiver, or let its owner set a new date."
        ),
    }
}

/// What is said of an entry, to follow the name of its file if it has one; None for other kinds.
pub(super) fn predicate(finding: &Finding, language: Language) -> Option<String> {
    Some(match (&finding.kind, language) {
        (Kind::WaiverLapsed { of, reason, owner, until }, Language::Zh) => {
            let of = subject(of, finding, language);
            format!("{}豁免已于 {until} 到期（{}，负责人 {}）", of_it(&of), quote(reason), quote(owner))
        }
        (Kind::WaiverLapsed { of, reason, owner, until }, Language::En) => {
            let of = subject(of, finding, language);
            format!("the waiver of {of} ended on {until} ({}, owner {})", quote(reason), quote(owner))
        }
        (Kind::WaiverUnused { of, reason, owner }, Language::Zh) => {
            let of = subject(of, finding, language);
            format!("{}豁免没有用上（{}，负责人 {}）", of_it(&of), quote(reason), quote(owner))
        }
        (Kind::WaiverUnused { of, reason, owner }, Language::En) => {
            let of = subject(of, finding, language);
            format!("the waiver of {of} waives nothing ({}, owner {})", quote(reason), quote(owner))
        }
        (Kind::ConfirmationLost { by, why, .. }, Language::Zh) => match why {
            Lost::Changed => format!("在 {} 确认之后改过，确认不再有效", quote(by)),
            Lost::Gone => format!("已经不在，{} 的确认不再有效", quote(by)),
            Lost::Unread => format!("的内容取不出，无法核对 {} 的确认", quote(by)),
        },
        (Kind::ConfirmationLost { by, why, .. }, Language::En) => match why {
            Lost::Changed => format!("was changed after {} confirmed it; confirm it anew", quote(by)),
            Lost::Gone => format!("is gone; {} had confirmed it", quote(by)),
            Lost::Unread => format!("cannot be opened, so that what {} confirmed cannot be compared", quote(by)),
        },
        (Kind::EvidenceUnmatched { of, pattern }, Language::Zh) => {
            format!("evlint.json 为 {} 指明的“{}”，文件夹里没有", safe(of), quote(pattern))
        }
        (Kind::EvidenceUnmatched { of, pattern }, Language::En) => {
            format!("evlint.json names “{}” for {}, and no such file is here", quote(pattern), safe(of))
        }
        (Kind::BaselineStale { about, .. }, Language::Zh) => format!("基线里的一处已不再出现：{}", safe(about)),
        (Kind::BaselineStale { about, .. }, Language::En) => {
            format!("the baseline knows what is found no more: {}", safe(about))
        }
        _ => return None,
    })
}

/// What a list says of an entry under the title of its kind; None for other kinds.
pub(super) fn detail(finding: &Finding, language: Language) -> Option<String> {
    let zh = language == Language::Zh;
    Some(match &finding.kind {
        Kind::WaiverLapsed { of, reason, owner, until } if zh => {
            let of = subject(of, finding, language);
            format!("{of}：{}（负责人 {}，至 {until}）", quote(reason), quote(owner))
        }
        Kind::WaiverLapsed { of, reason, owner, until } => {
            let of = subject(of, finding, language);
            format!("{of}: {} (owner {}, until {until})", quote(reason), quote(owner))
        }
        Kind::WaiverUnused { of, reason, owner } if zh => {
            format!("{}：{}（负责人 {}）", subject(of, finding, language), quote(reason), quote(owner))
        }
        Kind::WaiverUnused { of, reason, owner } => {
            format!("{}: {} (owner {})", subject(of, finding, language), quote(reason), quote(owner))
        }
        Kind::ConfirmationLost { of, by, why } if zh => {
            let now = match why {
                Lost::Changed => "后来改过",
                Lost::Gone => "现在不在",
                Lost::Unread => "内容取不出",
            };
            format!("{} 确认为 {}，{now}", quote(by), safe(of))
        }
        Kind::ConfirmationLost { of, by, why } => {
            let now = match why {
                Lost::Changed => "changed since",
                Lost::Gone => "gone",
                Lost::Unread => "cannot be opened",
            };
            format!("confirmed as {} by {}, {now}", safe(of), quote(by))
        }
        Kind::EvidenceUnmatched { of, pattern } if zh => format!("{}：“{}”", safe(of), quote(pattern)),
        Kind::EvidenceUnmatched { of, pattern } => format!("{}: “{}”", safe(of), quote(pattern)),
        Kind::BaselineStale { about, .. } => safe(about),
        _ => return None,
    })
}

/// With 的, which stands apart from letters and digits.
fn of_it(subject: &str) -> String {
    let apart = if subject.ends_with(|c: char| c.is_ascii()) { " " } else { "" };
    format!("{subject}{apart}的")
}

/// `11.nda（甲医院运维）`, `条款 11`: what a waiver accepts.
fn subject(of: &str, finding: &Finding, language: Language) -> String {
    let is_clause = of.bytes().all(|byte| byte.is_ascii_digit());
    let of = match (is_clause, language) {
        (true, Language::Zh) => format!("条款 {of}"),
        (true, Language::En) => format!("clause {of}"),
        (false, _) => safe(of),
    };
    match (&finding.project, language) {
        (Some(project), Language::Zh) => format!("{of}（{}）", safe(project)),
        (Some(project), Language::En) => format!("{of} ({})", safe(project)),
        (None, _) => of,
    }
}
