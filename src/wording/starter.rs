//! Sentences of the notes that `evlint init` puts into each folder, and of its questions.

use super::{pick, plural, safe};
use crate::model::pack::Timing;
use crate::model::settings::Language;

#[must_use]
pub fn note_name(language: Language) -> &'static str {
    pick(language, "说明.md", "README.md")
}

/// The folder of what is the organisation's rather than a project's.
#[must_use]
pub fn company(language: Language) -> &'static str {
    pick(language, "公司", "Company")
}

#[must_use]
pub fn for_organization(language: Language) -> &'static str {
    pick(language, "公司一份", "one for the organisation")
}

#[must_use]
pub fn for_project(language: Language) -> &'static str {
    pick(language, "每个项目一份", "one for each project")
}

#[must_use]
pub fn all(language: Language) -> &'static str {
    pick(language, "必须写明：", "It must state:")
}

#[must_use]
pub fn any(language: Language) -> &'static str {
    pick(language, "至少有其中一项：", "At least one of:")
}

#[must_use]
pub fn suitable(language: Language) -> &'static str {
    pick(language, "适宜时写明：", "When suitable:")
}

/// None where any date will do.
#[must_use]
pub fn timing(timing: Timing, language: Language) -> Option<&'static str> {
    match timing {
        Timing::Period => Some(pick(language, "时间：审核期内。", "Dates: inside the audited period.")),
        Timing::Review => Some(pick(
            language,
            "时间：审核期内，或回顾上一年度。",
            "Dates: inside the audited period, or about the year before it.",
        )),
        Timing::Contract => Some(pick(
            language,
            "时间：与项目合同期相符，可以早于审核期。",
            "Dates: as the contract's; they may be older than the period.",
        )),
        Timing::Any => None,
    }
}

#[must_use]
pub fn series(language: Language) -> &'static str {
    pick(
        language,
        "定期：按自己的周期（每月、每季度……）连续，中间不缺。",
        "A series: at its own pace (monthly, quarterly…), without holes.",
    )
}

#[must_use]
pub fn approval(language: Language) -> &'static str {
    pick(language, "发布：有批准人、批准日期，不是草稿。", "Issued: approved, with a name and a day; no draft.")
}

#[must_use]
pub fn inside(names: &[String], language: Language) -> String {
    match language {
        Language::Zh => format!("不需要单独的文件：由 {} 的文件写明。", names.join("、")),
        Language::En => format!("No file of its own: the documents of {} state it.", names.join(", ")),
    }
}

#[must_use]
pub fn shown_by(names: &[String], language: Language) -> String {
    match language {
        Language::Zh => format!("没有单独的文件时，由 {} 的记录体现。", names.join("、")),
        Language::En => format!("Without a document of its own, the records of {} show it.", names.join(", ")),
    }
}

/// What stands in the note at the top.
#[must_use]
pub fn root(several: bool, language: Language) -> Vec<String> {
    let lines: &[&str] = match language {
        Language::Zh => &[
            "把证明材料放进对应条款的文件夹；每个文件夹里的“说明.md”写明要放什么、必须写明什么。",
            "",
            "- 文件夹名开头的两位数是自评估表的序号。evlint 看内容，不看文件夹：放错位置的文件也能对上条款。",
            "- 一份文件用于几个条款的，放一份即可。",
            "- 文件名写清是什么、哪个项目、什么时间，如“2025年3月日常巡检记录.docx”。",
            "- evlint.json 写组织、级别、审核期和项目；请补上每个项目的客户（customer）和合同期（contract）。",
            "- 不用的空文件夹可以删去。",
            "",
            "然后在这里运行 evlint check，看还缺什么。",
        ],
        Language::En => &[
            "Put each document into the folder of its clause; the README.md there says what belongs there and what it must state.",
            "",
            "- The two digits of a folder's name are the number in the self-assessment form. evlint reads contents: a file in the wrong folder is found all the same.",
            "- A document that serves several clauses need be here once.",
            "- Say in a file's name what it is, of which project, of which time.",
            "- evlint.json holds organisation, level, period and projects; add each project's customer and contract.",
            "- Folders that you do not need can go.",
            "",
            "Then run `evlint check` here to see what is missing.",
        ],
    };
    let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if several {
        let line = pick(
            language,
            "- “00 公司”放公司统一的文件；每个项目的文件放各自的文件夹。",
            "- «00 Company» is for what all projects share; each project has a folder of its own.",
        );
        lines.insert(2, line.to_owned());
    }
    lines
}

#[must_use]
pub fn rectification(kind: &str, language: Language) -> Vec<String> {
    match language {
        Language::Zh => vec![
            "上次审核提出的每一项，各放一份整改报告或整改记录：写明编号、原因、措施、完成日期和验证结果。".to_owned(),
            String::new(),
            format!("在 evlint.json 的 prior_findings 里写上每一项：{{ \"id\": \"编号\", \"kind\": \"{kind}\", \"text\": \"原文\" }}。"),
        ],
        Language::En => vec![
            "For each finding of the last audit a report or record: its number, cause, action, day of completion, and verification.".to_owned(),
            String::new(),
            format!("Name each in evlint.json under prior_findings: {{ \"id\": \"…\", \"kind\": \"{kind}\", \"text\": \"…\" }}."),
        ],
    }
}

/// `已建立 38 个文件夹：…`, and what comes next.
#[must_use]
pub fn made(path: &str, folders: usize, language: Language) -> String {
    let path = safe(path);
    match language {
        Language::Zh => format!(
            "已在 {path} 建立 {folders} 个条款文件夹、说明和 evlint.json。\n放入材料后运行：evlint check {path}"
        ),
        Language::En => format!(
            "Made {folders} folder{} for clauses with notes, and evlint.json, in {path}.\nPut the documents there, then run: evlint check {path}",
            plural(folders)
        ),
    }
}

/// What is asked in a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Questions {
    pub organization: &'static str,
    pub level: &'static str,
    pub audit: &'static str,
    pub period: &'static str,
    pub bad_period: &'static str,
    pub project: &'static str,
    pub next_project: &'static str,
}

#[must_use]
pub fn questions(language: Language) -> Questions {
    match language {
        Language::Zh => Questions {
            organization: "组织名称（可留空）",
            level: "申报级别",
            audit: "审核类型",
            period: "审核期，如 2025-01-01..2025-12-31（可留空）",
            bad_period: "写成 2025-01-01..2025-12-31，前一天不晚于后一天",
            project: "项目名称（可留空）",
            next_project: "下一个项目（没有就留空）",
        },
        Language::En => Questions {
            organization: "Organisation (may be empty)",
            level: "Level applied for",
            audit: "Kind of audit",
            period: "Audited period, as 2025-01-01..2025-12-31 (may be empty)",
            bad_period: "write FROM..TO as 2025-01-01..2025-12-31",
            project: "Project (may be empty)",
            next_project: "Next project (empty: no more)",
        },
    }
}
