//! Sentences of the binder: its index, its dividers, and what its making and checking say.

use super::{pick, plural, safe};
use crate::model::assessment::NotApplicable;
use crate::model::settings::Language;
use crate::model::{Assessment, Verdict};

/// UTF-16 units of a list of names before the rest is left to «and others».
const TOGETHER: usize = 26;

/// Several materials as one name: `项目合同与保密协议`, `可用性计划等`.
#[must_use]
pub fn together(names: &[&str], language: Language) -> String {
    let most = if language == Language::Zh { TOGETHER } else { 2 * TOGETHER };
    let all = match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, second] => format!("{first}{}{second}", pick(language, "与", " and ")),
        [first @ .., last] => {
            format!("{}{}{last}", first.join(pick(language, "、", ", ")), pick(language, "与", " and "))
        }
    };
    match names {
        [first, _, ..] if all.encode_utf16().count() > most => {
            format!("{first}{}", pick(language, "等", " and others"))
        }
        _ => all,
    }
}

#[must_use]
pub fn last_audit(language: Language) -> &'static str {
    pick(language, "上一年度问题整改", "Last audit's findings")
}

#[must_use]
pub fn container(language: Language) -> &'static str {
    pick(
        language,
        "压缩包：其中的文件已取出，各自列出",
        "an archive: its files were taken out and are listed themselves",
    )
}

#[must_use]
pub fn unread(why: &str, language: Language) -> String {
    format!("{}{why}", pick(language, "读不出：", "cannot be read: "))
}

#[must_use]
pub fn doubted(materials: &[String], language: Language) -> String {
    match language {
        Language::Zh => format!("可能是{}，需人工确认", materials.join("、")),
        Language::En => format!("may be {}; a person must say", materials.join(", ")),
    }
}

#[must_use]
pub fn unmatched(language: Language) -> &'static str {
    pick(language, "没有对应的条款", "serves no clause")
}

#[must_use]
pub fn not_applicable(why: Option<NotApplicable>, language: Language) -> &'static str {
    match why {
        Some(NotApplicable::Audit) => pick(language, "本次审核不要求", "not asked for in this audit"),
        _ => pick(language, "申报级别不要求", "not asked for at this level"),
    }
}

/// Names of the binder's own files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    pub index: &'static str,
    pub divider: &'static str,
    pub form: &'static str,
    pub report: &'static str,
    pub about: &'static str,
}

#[must_use]
pub fn names(language: Language) -> Names {
    match language {
        Language::Zh => {
            Names {
                index: "索引", divider: "00 目录.txt", form: "自评估表", report: "检查报告", about: "说明.txt"
            }
        }
        Language::En => Names {
            index: "Index",
            divider: "00 Contents.txt",
            form: "Self-assessment form",
            report: "Report",
            about: "Read me.txt",
        },
    }
}

/// Words of the index, its sheets and its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labels {
    pub title: &'static str,
    pub columns: [&'static str; 12],
    pub left_out: &'static str,
    pub left_out_columns: [&'static str; 4],
    pub nothing: &'static str,
    pub level: &'static str,
    pub period: &'static str,
    pub as_of: &'static str,
    pub requirement: &'static str,
    pub evidence: &'static str,
    pub result: &'static str,
    pub original: &'static str,
    pub see: &'static str,
    pub form: &'static str,
    pub report: &'static str,
    pub rectified: &'static str,
    pub own: &'static str,
}

#[must_use]
pub fn labels(language: Language) -> Labels {
    match language {
        Language::Zh => Labels {
            title: "证明材料索引",
            columns: [
                "序号",
                "要点",
                "条款结论",
                "材料",
                "项目",
                "材料状态",
                "文件",
                "文件题名",
                "日期",
                "页数",
                "原文件",
                "SHA-256",
            ],
            left_out: "未收入的文件",
            left_out_columns: ["原文件", "原因", "文件题名", "SHA-256"],
            nothing: "（没有文件）",
            level: "申报级别",
            period: "审核期",
            as_of: "检查日期",
            requirement: "条款",
            evidence: "需提供证明材料",
            result: "检查结论",
            original: "原文件",
            see: "见",
            form: "自评估表",
            report: "检查报告",
            rectified: "整改材料",
            own: "本文件由 evlint 生成，不是证明材料",
        },
        Language::En => Labels {
            title: "Index of evidence",
            columns: [
                "No.",
                "Stage",
                "Verdict",
                "Material",
                "Project",
                "Status",
                "File",
                "Title",
                "Date",
                "Pages",
                "Original path",
                "SHA-256",
            ],
            left_out: "Files not in the binder",
            left_out_columns: ["Original path", "Why", "Title", "SHA-256"],
            nothing: "(no file)",
            level: "Level",
            period: "Period",
            as_of: "As of",
            requirement: "Requirement",
            evidence: "Evidence asked for",
            result: "Verdict",
            original: "original",
            see: "see",
            form: "Self-assessment form",
            report: "Report",
            rectified: "Rectification",
            own: "Written by evlint; no evidence",
        },
    }
}

/// What an assessor reads first.
#[must_use]
pub fn about(files: usize, left_out: usize, copies: bool, language: Language) -> Vec<String> {
    let names = names(language);
    match language {
        Language::Zh => vec![
            format!(
                "每个条款一个文件夹，文件夹名开头是自评估表的序号，里面的“{}”列出该条款的要求和文件。",
                names.divider
            ),
            if copies {
                "一份文件用于几个条款的，在各条款的文件夹里各有一份。".to_owned()
            } else {
                "一份文件用于几个条款的，只存一份，其他条款的目录写明到哪里看。".to_owned()
            },
            format!(
                "“{0}.xlsx”和“{0}.html”内容相同，列出全部文件及其原来的位置和哈希；点文件名可以打开。",
                names.index
            ),
            format!("收入证明材料 {files} 个；未收入的 {left_out} 个文件及原因也在索引里。"),
            "压缩包和邮件里的文件已取出，单独存放；原文件一列写明取自哪里，如“归档.zip!/合同.docx”。".to_owned(),
            "核对：在本文件夹里运行 sha256sum -c manifest.sha256，或 evlint bundle --verify 本文件夹。".to_owned(),
            "manifest.sm3 是同一清单的 SM3（GB/T 32905）哈希。".to_owned(),
        ],
        Language::En => vec![
            format!(
                "One folder for each clause, named by its number in the form; its «{}» lists what is asked for and the files.",
                names.divider
            ),
            if copies {
                "A file that serves several clauses lies in the folder of each.".to_owned()
            } else {
                "A file that serves several clauses is stored once; the other clauses say where.".to_owned()
            },
            format!(
                "«{0}.xlsx» and «{0}.html» say the same: every file, where it came from, and its hash. Click a name to open the file.",
                names.index
            ),
            format!("{files} file{} of evidence; {left_out} more stayed out, and the index says why.", plural(files)),
            "Files inside archives and mails were taken out; their original path reads like «a.zip!/b.docx»."
                .to_owned(),
            "To check: run «sha256sum -c manifest.sha256» in this folder, or «evlint bundle --verify» with its path."
                .to_owned(),
            "manifest.sm3 holds the SM3 hashes (GB/T 32905) of the same list.".to_owned(),
        ],
    }
}

/// The binder is there: `资料册已生成：…`.
#[must_use]
pub fn made(to: &str, clauses: usize, files: usize, left_out: usize, language: Language) -> String {
    match language {
        Language::Zh => {
            format!("资料册：{to}\n收入 {clauses} 个条款的 {files} 个文件；未收入 {left_out} 个，索引写明原因。")
        }
        Language::En => {
            format!(
                "Binder: {to}\n{files} file{} for {clauses} clause{}; {left_out} left out, the index says why.",
                plural(files),
                plural(clauses)
            )
        }
    }
}

/// What to write down where the binder is handed over: whoever has it can tell a changed manifest.
#[must_use]
pub fn fingerprint(sha256: &str, sm3: &str, language: Language) -> String {
    let label = pick(
        language,
        "manifest.sha256 自身的哈希，交接时请记下：",
        "Hashes of manifest.sha256 itself, to be written down at handover:",
    );
    format!("{label}\n  SHA-256  {sha256}\n  SM3      {sm3}")
}

/// That the binder is handed over with open questions; None where all is well.
#[must_use]
pub fn open(assessment: &Assessment, language: Language) -> Option<String> {
    let counts = [Verdict::Unsatisfied, Verdict::NeedsReview].map(|verdict| (assessment.count(verdict), verdict));
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, verdict)| format!("{} {count}", super::verdict(*verdict, language)))
        .collect();
    (!said.is_empty()).then(|| match language {
        Language::Zh => format!("注意：还有条款未完成（{}）。", said.join("，")),
        Language::En => format!("Note: clauses are still open ({}).", said.join(", ")),
    })
}

/// What a check of a binder found, one line a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Missing,
    Changed,
    Extra,
}

#[must_use]
pub fn trouble(trouble: Trouble, path: &str, language: Language) -> String {
    let label = match trouble {
        Trouble::Missing => pick(language, "缺少", "missing"),
        Trouble::Changed => pick(language, "已改动", "changed"),
        Trouble::Extra => pick(language, "多出", "extra"),
    };
    format!("{label}  {}", safe(path))
}

#[must_use]
pub fn verified(files: usize, troubles: usize, language: Language) -> String {
    match (troubles, language) {
        (0, Language::Zh) => format!("{files} 个文件与清单一致。"),
        (_, Language::Zh) => format!("清单列出 {files} 个文件，{troubles} 处不一致。"),
        (0, Language::En) => format!("{files} file{} as the manifest says.", plural(files)),
        (_, Language::En) => {
            format!("{files} file{} in the manifest, {troubles} difference{}.", plural(files), plural(troubles))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_materials_make_one_name() {
        for (names, zh) in [
            (&["项目合同", "保密协议"][..], "项目合同与保密协议"),
            (&["预案", "演练", "记录"], "预案、演练与记录"),
            (&["信息系统可用性计划", "信息系统可用性事件记录", "改进报告的又一份很长的名字"], "信息系统可用性计划等"),
            (
                &["漏洞的发现、分析、验证、跟踪、修复等过程记录和其他一些文字"],
                "漏洞的发现、分析、验证、跟踪、修复等过程记录和其他一些文字",
            ),
        ] {
            assert_eq!(together(names, Language::Zh), zh);
        }
    }
}
