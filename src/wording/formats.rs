//! Sentences that only files for machines and code hosts need.

use super::names::{plural, words};
use super::safe::is_unsafe;
use super::{Wording, place, safe};
use crate::model::settings::Language;
use crate::model::{ClauseResult, EvidencePath, Finding, MaterialResult};

/// Files that came close, as many as one line names.
const SEEN: usize = 3;

/// A program may take the name out of the sentence again: what must not be printed is written as `%XX`.
fn spelled(path: &EvidencePath) -> String {
    path.spelled(|c| !is_unsafe(c))
}

impl Wording<'_> {
    /// A finding in one line, to stand alone in a list: what, in which file and where, what to do.
    #[must_use]
    pub fn line(&self, finding: &Finding) -> String {
        let (open, close) = (self.pick("（", " ("), self.pick("）", ")"));
        let message = self.message(finding);
        let at = self.at(finding).map(|at| format!("{open}{at}{close}")).unwrap_or_default();
        format!("{message}{at}{}{}", self.pick("。", ". "), self.help(finding))
    }

    /// The file of a gap, which its message does not name, or the archive's member; with the place.
    /// Where a gap has no file, those that came close.
    fn at(&self, finding: &Finding) -> Option<String> {
        let Some(path) = finding.path.as_ref().map(spelled) else { return self.seen(finding) };
        if finding.clause.is_none() {
            return path.contains("!/").then_some(path);
        }
        let at = finding.place.as_ref().and_then(|at| place(at, self.language));
        Some(at.map_or_else(|| path.clone(), |at| format!("{path}{}{at}", self.pick("，", ", "))))
    }

    fn seen(&self, finding: &Finding) -> Option<String> {
        let named: Vec<String> = finding.looked_at.iter().take(SEEN).map(|path| safe(path.as_str())).collect();
        let named = named.join(self.pick("；", "; "));
        Some(match (finding.looked_at.len(), self.language) {
            (0, _) => return None,
            (count, Language::Zh) if count > SEEN => format!("看过：{named}；等 {count} 处"),
            (count, Language::En) if count > SEEN => format!("seen: {named}; and {} more", count - SEEN),
            (_, Language::Zh) => format!("看过：{named}"),
            (_, Language::En) => format!("seen: {named}"),
        })
    }

    /// `条款 11`.
    #[must_use]
    pub fn clause_no(&self, no: u32) -> String {
        format!("{} {no}", self.pick("条款", "clause"))
    }

    /// `项目合同（甲医院运维）`.
    #[must_use]
    pub fn material(&self, material: &MaterialResult) -> String {
        let name = safe(words(&material.name, self.language));
        match &material.project {
            Some(project) => {
                format!("{name}{}{}{}", self.pick("（", " ("), safe(project), self.pick("）", ")"))
            }
            None => name,
        }
    }

    /// Why a clause is listed and not judged.
    #[must_use]
    pub fn not_applicable(&self, clause: &ClauseResult) -> &'static str {
        use crate::model::assessment::NotApplicable;
        match clause.why_not_applicable {
            Some(NotApplicable::Level) => super::pick(self.language, "本级别不适用", "does not apply at this level"),
            Some(NotApplicable::Audit) => {
                super::pick(self.language, "本次审核不适用", "does not apply in this kind of audit")
            }
            None => super::pick(self.language, "不适用", "does not apply"),
        }
    }

    /// A format holds so many and no more.
    #[must_use]
    pub fn left_out(&self, count: usize) -> String {
        match self.language {
            Language::Zh => format!("另有 {count} 处没有列出，全部见 `--format json`。"),
            Language::En => {
                format!("{count} further finding{} left out here; `--format json` lists all.", plural(count))
            }
        }
    }

    /// `差距 3 处`: several gaps of one clause under one heading.
    #[must_use]
    pub fn several(&self, count: usize) -> String {
        match self.language {
            Language::Zh => format!("{count} 处"),
            Language::En => format!("{count} finding{}", plural(count)),
        }
    }
}
