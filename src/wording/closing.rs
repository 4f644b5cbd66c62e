//! How a report begins and ends: its title; totals and the next step.

use super::names::plural;
use super::{Wording, safe};
use crate::model::Verdict;
use crate::model::assessment::REPORT_TITLES;
use crate::model::settings::Language;

/// What a report has shown, as a person counts it: one for each diagnostic or row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Errors about clauses.
    pub gaps: usize,
    /// Questions and warnings about clauses.
    pub others: usize,
    /// Findings about files and the configuration.
    pub files: usize,
}

impl Wording<'_> {
    /// How a report for people begins: by it evlint knows its own among the evidence.
    #[must_use]
    pub fn report_title(&self) -> &'static str {
        self.pick(REPORT_TITLES[0], REPORT_TITLES[1])
    }

    /// Every clause that applies is satisfied, and nothing is asked about any.
    #[must_use]
    pub fn is_glad(&self, counts: Counts) -> bool {
        let judged = self.judged();
        counts.gaps + counts.others == 0 && judged > 0 && judged == self.assessment.count(Verdict::Satisfied)
    }

    /// The line of an assessment without gaps.
    #[must_use]
    pub fn glad(&self, counts: Counts) -> String {
        let (judged, files) = (self.judged(), counts.files);
        match (self.language, files) {
            (Language::Zh, 0) => format!("适用的 {judged} 条全部符合，没有发现差距。"),
            (Language::Zh, _) => {
                format!("适用的 {judged} 条全部符合，没有发现差距；另有 {files} 处文件与配置问题，见上。")
            }
            (Language::En, 0) => format!("All {judged} clauses that apply are satisfied; no gaps found."),
            (Language::En, _) => format!(
                "All {judged} clauses that apply are satisfied; no gaps found. {files} finding{} on files and configuration above.",
                plural(files)
            ),
        }
    }

    #[must_use]
    pub fn totals(&self, counts: Counts) -> String {
        if self.is_of_files() {
            let (looked, found) = (self.assessment.files.len(), counts.files);
            return match self.language {
                Language::Zh => format!("只看了文件本身：{looked} 份文件，{found} 处问题。"),
                Language::En => {
                    format!("Files by themselves: {looked} file{}, {found} finding{}.", plural(looked), plural(found))
                }
            };
        }
        let (judged, met) = (self.judged(), self.assessment.count(Verdict::Satisfied));
        let Counts { gaps, others, files } = counts;
        let waived = match (self.assessment.count(Verdict::Waived), self.language) {
            (0, _) => String::new(),
            (waived, Language::Zh) => format!("，豁免 {waived} 条"),
            (waived, Language::En) => format!(", {waived} waived"),
        };
        match self.language {
            Language::Zh => {
                format!(
                    "适用的 {judged} 条中符合 {met} 条{waived}；差距 {gaps} 处，待确认与提醒 {others} 处，文件与配置 {files} 处。"
                )
            }
            Language::En => format!(
                "{met} of {judged} clauses satisfied{waived}; {gaps} gap{}, {others} to confirm or watch, {files} on files and configuration.",
                plural(gaps)
            ),
        }
    }

    /// How many findings are not shown because they were known before; None where none are.
    #[must_use]
    pub fn known(&self) -> Option<String> {
        let known = self.assessment.known.as_ref().filter(|known| known.hidden > 0)?;
        let hidden = known.hidden;
        let baseline = known.baseline.as_deref().map(safe);
        let since = known.since.as_deref().map(safe);
        Some(match (self.language, baseline, since) {
            (Language::Zh, Some(file), Some(commit)) => {
                format!("另有 {hidden} 处已知的问题没有列出：记在基线 {file} 里，或 {commit} 里已有。")
            }
            (Language::Zh, Some(file), None) => format!("另有 {hidden} 处已知的问题没有列出，记在基线 {file} 里。"),
            (Language::Zh, None, since) => {
                format!("另有 {hidden} 处问题没有列出，{} 里已有。", since.unwrap_or_default())
            }
            (Language::En, Some(file), Some(commit)) => {
                format!(
                    "{hidden} known finding{} not shown: in the baseline {file}, or in {commit} already.",
                    plural(hidden)
                )
            }
            (Language::En, Some(file), None) => {
                format!("{hidden} known finding{} not shown: in the baseline {file}.", plural(hidden))
            }
            (Language::En, None, since) => {
                format!("{hidden} finding{} not shown: in {} already.", plural(hidden), since.unwrap_or_default())
            }
        })
    }

    /// A sentence, and behind it how many findings are not shown.
    #[must_use]
    pub fn and_known(&self, said: String) -> String {
        match self.known() {
            Some(known) => format!("{said}{}{known}", self.pick("", " ")),
            None => said,
        }
    }

    /// Only files were looked at, each by itself: no clause was judged.
    fn is_of_files(&self) -> bool {
        self.assessment.clauses.is_empty()
    }

    #[must_use]
    pub fn next_step(&self, counts: Counts) -> &'static str {
        if self.is_of_files() {
            return match counts.files {
                0 => "",
                _ => super::pick(
                    self.language,
                    "下一步：逐处改正；条款的差距用 `evlint check` 看。",
                    "Next: put each right; `evlint check` shows the gaps of clauses.",
                ),
            };
        }
        if counts.gaps + counts.others == 0 && self.known().is_some() {
            return super::pick(
                self.language,
                "下一步：没有新的差距；已知的仍要在审核前补上，不带 --baseline 和 --since 运行可看全部。",
                "Next: nothing new. Close the known ones before the audit; without --baseline and --since all are shown.",
            );
        }
        match (counts.gaps, counts.others) {
            (0, 0) if self.assessment.count(Verdict::Waived) > 0 => {
                super::pick(self.language, "下一步：留意豁免的期限。", "Next: mind the last days of the waivers.")
            }
            (0, _) => super::pick(
                self.language,
                "下一步：逐一看过上面的问题，写进 evlint.json 的 confirmations。",
                "Next: look at each question above and answer it under confirmations in evlint.json.",
            ),
            _ => super::pick(
                self.language,
                "下一步：补上差距后再运行 `evlint check`；已有而没有认出的文件，用 `evlint why 文件` 看原因。",
                "Next: close the gaps and run `evlint check` again; `evlint why FILE` says why a file that is here was not taken.",
            ),
        }
    }

    /// Clauses that apply.
    fn judged(&self) -> usize {
        self.assessment.clauses.len() - self.assessment.count(Verdict::NotApplicable)
    }
}
