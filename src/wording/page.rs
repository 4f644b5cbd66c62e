//! Labels of the page for a browser, and its few sentences with numbers in them.

use std::collections::BTreeMap;

use super::kinds::Both;
use super::names::plural;
use super::{Wording, pick};
use crate::model::Verdict;
use crate::model::assessment::NotApplicable;
use crate::model::settings::Language;

/// What the page calls its parts, by the name that its template and its script use. `{n}` and
/// `{total}` are numbers that the script puts in.
#[must_use]
pub fn labels(language: Language) -> BTreeMap<&'static str, &'static str> {
    LABELS.iter().map(|(name, text)| (*name, text.of(language))).collect()
}

const fn both(zh: &'static str, en: &'static str) -> Both {
    Both { zh, en }
}

static LABELS: &[(&str, Both)] = &[
    ("skip", both("跳到正文", "Skip to the content")),
    ("contents", both("目录", "Contents")),
    ("overview", both("概览", "Overview")),
    ("clauses", both("条款", "Clauses")),
    ("calendar", both("定期记录", "Periodic records")),
    ("timeline", both("文件时间线", "Timeline of documents")),
    ("rectification", both("上次审核发现的整改", "Answers to the last audit's findings")),
    ("hygiene", both("文件与配置问题", "Files and configuration")),
    ("unmatched", both("没有用到的文件", "Files that serve no clause")),
    ("files", both("全部文件", "All files")),
    ("nav_timeline", both("时间线", "Timeline")),
    ("nav_rectification", both("整改", "Answers")),
    ("nav_hygiene", both("文件问题", "File problems")),
    ("nav_unmatched", both("未用文件", "Unused files")),
    ("nav_files", both("文件表", "All files")),
    ("met_of", both("条符合，适用", "satisfied of")),
    ("applicable", both("条", "clauses that apply")),
    ("by_stage", both("各要点的条款结论", "Verdicts by stage")),
    ("clause", both("条款", "Clause")),
    ("requirement", both("要求与问题", "Requirement and gaps")),
    ("materials", both("材料", "Materials")),
    ("verdict", both("结论", "Verdict")),
    ("clause_text", both("条款原文", "The clause")),
    ("evidence_text", both("需提供证明材料", "Evidence required")),
    ("served_by", both("文件", "Files")),
    ("items", both("内容项", "Contents")),
    ("must_hold", both("应包含", "Must contain")),
    ("not_found", both("未见", "not found")),
    ("looked_at", both("看过", "Looked at")),
    ("waived", both("已豁免", "Waived")),
    ("others", both("其他", "Other findings")),
    ("filter", both("筛选条款", "Filter the clauses")),
    ("project", both("项目", "Project")),
    ("severity", both("严重程度", "Severity")),
    ("all", both("全部", "All")),
    ("organization", both("公司级", "The organisation")),
    ("any_severity", both("全部", "Any")),
    ("at_least_note", both("有提示及以上", "Note or worse")),
    ("at_least_warning", both("有警告及以上", "Warning or worse")),
    ("at_least_error", both("有错误", "Error")),
    ("search", both("查找", "Search")),
    ("search_clauses", both("条款、材料、文件、问题…", "clause, material, file, gap …")),
    ("search_files", both("文件名、条款编号…", "file name, clause …")),
    ("reset", both("清除筛选", "Clear filters")),
    ("open_all", both("全部展开", "Open all")),
    ("close_all", both("全部收起", "Close all")),
    ("count_clauses", both("显示 {n} 条，共 {total} 条", "{n} of {total} clauses shown")),
    ("nothing", both("没有符合筛选条件的条款。", "No clause fits the filters.")),
    ("count_files", both("找到 {n} 份，共 {total} 份", "{n} of {total} files found")),
    ("nothing_files", both("没有符合筛选条件的文件。", "No file fits the filters.")),
    ("more_files", both("再显示 {n} 份", "Show {n} more")),
    ("print_files", both("这里只印前 {n} 份，共 {total} 份。", "Only the first {n} of {total} are printed.")),
    ("use", both("用途", "Use")),
    ("use_all", both("全部文件", "All files")),
    ("use_matched", both("用于某条款", "Serves a clause")),
    ("use_unmatched", both("没有用到", "Serves none")),
    ("use_trouble", both("有问题", "Has a problem")),
    ("file", both("文件", "File")),
    ("format", both("格式", "Format")),
    ("size", both("大小", "Size")),
    ("date", both("日期", "Date")),
    ("serves", both("用于", "Serves")),
    (
        "no_script",
        both(
            "文件表和筛选需要 JavaScript；条款、问题、日历和时间线不需要。全部文件见 `--format json`。",
            "The table of files and the filters need JavaScript; clauses, findings, calendar and timeline do not. `--format json` lists all files.",
        ),
    ),
    ("series", both("系列", "Series")),
    ("cell_shown", both("有", "present")),
    ("cell_missing", both("缺", "missing")),
    ("cell_missing_short", both("缺", "✕")),
    ("cell_waived", both("已豁免", "waived")),
    ("cell_outside", both("合同期外", "outside the contract")),
    ("cell_future", both("还没到", "yet to come")),
    ("cell_unknown", both("没有记录", "nothing")),
    ("cell_review", both("待确认", "to confirm")),
    ("legend", both("图例", "Legend")),
    ("timeline_period", both("审核期间", "Audited period")),
    ("timeline_contract", both("合同期限", "Contract")),
    ("timeline_table", both("按日期列出", "List by date")),
    ("timeline_dot", both("一个点是一份文件；空心的有问题。", "A dot is a document; a hollow one has a problem.")),
    ("stage", both("要点", "Stage")),
    ("finding_id", both("发现", "Finding")),
    ("row", both("行", "Row")),
    ("status", both("状态", "Status")),
    ("answered", both("已整改", "answered")),
    ("unanswered", both("没有找到", "not found")),
    ("top_folder", both("（根文件夹）", "(top folder)")),
    (
        "made_by",
        both("由 evlint 离线生成，没有向外发送任何内容。", "Made offline by evlint; nothing was sent anywhere."),
    ),
    ("colon", both("：", ": ")),
    ("semicolon", both("；", "; ")),
];

impl Wording<'_> {
    /// `适用 46 条：符合 38，不符合 6，需人工确认 2`.
    #[must_use]
    pub fn standing(&self) -> String {
        let assessment = self.assessment;
        let judged = assessment.clauses.len() - assessment.count(Verdict::NotApplicable);
        let verdicts = [Verdict::Satisfied, Verdict::Unsatisfied, Verdict::NeedsReview, Verdict::Waived];
        let counts: Vec<String> = verdicts
            .into_iter()
            .filter(|verdict| assessment.count(*verdict) > 0)
            .map(|verdict| format!("{} {}", super::verdict(verdict, self.language), assessment.count(verdict)))
            .collect();
        match self.language {
            Language::Zh => format!("适用 {judged} 条：{}", counts.join("，")),
            Language::En => format!("{judged} clauses apply: {}", counts.join(", ")),
        }
    }

    /// Why a clause is listed but not judged.
    #[must_use]
    pub fn why_not(&self, why: NotApplicable) -> &'static str {
        match why {
            NotApplicable::Level => {
                pick(self.language, "申报级别不要求这一条。", "The level applied for does not ask for it.")
            }
            NotApplicable::Audit => {
                pick(self.language, "这类审核不要求这一条。", "This kind of audit does not ask for it.")
            }
        }
    }

    /// `3 份材料，12 份文件`.
    #[must_use]
    pub fn contents_of_clause(&self, materials: usize, files: usize) -> String {
        match self.language {
            Language::Zh => format!("原文、{materials} 份材料、{files} 份文件"),
            Language::En => format!("Text, {materials} material{}, {files} file{}", plural(materials), plural(files)),
        }
    }

    /// What stands behind the first of a list.
    #[must_use]
    pub fn and_more(&self, count: usize) -> String {
        match self.language {
            Language::Zh => format!("另有 {count} 处"),
            Language::En => format!("and {count} more"),
        }
    }

    #[must_use]
    pub fn and_more_files(&self, count: usize) -> String {
        match self.language {
            Language::Zh => format!("另有 {count} 份"),
            Language::En => format!("and {count} more file{}", plural(count)),
        }
    }

    #[must_use]
    pub fn count_of_files(&self, count: usize) -> String {
        match self.language {
            Language::Zh => format!("{count} 份"),
            Language::En => format!("{count} file{}", plural(count)),
        }
    }

    /// What a row of the calendar says at its end.
    #[must_use]
    pub fn periods_of(&self, shown: usize, missing: usize) -> String {
        match (self.language, missing) {
            (Language::Zh, 0) => format!("{shown} 期"),
            (Language::Zh, _) => format!("{shown} 期，缺 {missing} 期"),
            (Language::En, 0) => format!("{shown} period{}", plural(shown)),
            (Language::En, _) => format!("{shown} present, {missing} missing"),
        }
    }

    /// What a picture of a project's documents shows, for those who cannot see it.
    #[must_use]
    pub fn timeline_in_words(&self, lanes: &[(String, usize)], from: &str, to: &str) -> String {
        let comma = pick(self.language, "，", ", ");
        let counts: Vec<String> =
            lanes.iter().map(|(name, count)| format!("{name} {}", self.count_of_files(*count))).collect();
        match self.language {
            Language::Zh => format!("{from} 至 {to} 的文件：{}。", counts.join(comma)),
            Language::En => format!("Documents from {from} to {to}: {}.", counts.join(comma)),
        }
    }

    /// Documents whose day lies outside the picture or is not known.
    #[must_use]
    pub fn beyond_timeline(&self, before: usize, after: usize, undated: usize) -> String {
        let said = |count: usize, zh: &str, en: &str| match self.language {
            _ if count == 0 => None,
            Language::Zh => Some(format!("{zh} {count} 份")),
            Language::En => Some(format!("{count} {en}")),
        };
        let parts = [
            said(before, "更早", "earlier"),
            said(after, "更晚", "later"),
            said(undated, "没有日期", "without a date"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(pick(self.language, "，", ", "))
    }

    /// Who is assessed by what, for the head of the page.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let assessment = self.assessment;
        let mut facts = Vec::new();
        if let Some(period) = assessment.period {
            facts.push((self.pick("审核期间", "Audited period"), super::span(period, self.language)));
        }
        facts.push((self.pick("检查日", "As of"), assessment.as_of.to_string()));
        if assessment.projects.len() > 1 {
            facts.push((self.pick("项目", "Projects"), assessment.projects.len().to_string()));
        }
        facts.push((self.pick("文件", "Files"), assessment.files.len().to_string()));
        facts
    }
}
