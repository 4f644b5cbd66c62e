//! Every sentence that people read about an assessment, in Chinese and in English.
//!
//! Formats lay out; the words come from here, so that a term is chosen once. Names and texts that
//! come from evidence pass through [`safe`] before they stand in a sentence, and no sentence
//! quotes a secret. Start reading at [`Wording`].

pub mod binder;
pub mod cache;
mod closing;
mod entries;
mod files;
pub mod form;
mod formats;
mod gaps;
mod kinds;
mod names;
mod page;
mod places;
mod safe;
mod signals;
pub mod starter;
mod troubles;

pub use closing::Counts;
pub use kinds::{Both, Explanation, codes, explain_kind};
pub(crate) use names::plural;
pub use names::{confidence, extent, format, severity, span, status, unreadable, unreadable_help, verdict, words};
pub use page::labels;
pub use places::place;
pub(crate) use safe::is_unsafe;
pub use safe::{quote, safe};
pub use signals::{document_kind, does_as, signal, strength, structure};
pub use troubles::trouble;

use crate::model::settings::Language;
use crate::model::{Assessment, Finding, Kind};

/// Puts the findings of one assessment into words of one language.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    pub assessment: &'a Assessment,
    pub language: Language,
}

impl<'a> Wording<'a> {
    #[must_use]
    pub fn new(assessment: &'a Assessment, language: Language) -> Self {
        Self { assessment, language }
    }

    /// What this kind of finding is called: `缺少材料`.
    #[must_use]
    pub fn title(&self, kind: &Kind) -> &'static str {
        explain_kind(kind.code()).map_or("", |explanation| explanation.title.of(self.language))
    }

    /// What is wrong, complete in itself: `项目合同（甲医院运维）：未体现“输出”`.
    #[must_use]
    pub fn message(&self, finding: &Finding) -> String {
        if finding.clause.is_none() {
            return files::message(finding, self.language);
        }
        let said = format!("{}{}{}", self.subject(finding), self.pick("：", ": "), self.gist(&[finding]));
        match self.waiver(finding) {
            Some(waiver) => format!("{said}{}{waiver}", self.pick("；已豁免：", "; waived: ")),
            None => said,
        }
    }

    /// The material that a gap is about and, where there are several, the project.
    #[must_use]
    pub fn subject(&self, finding: &Finding) -> String {
        gaps::subject(self, finding)
    }

    /// What is wrong with the material, in one phrase for findings of one kind about it.
    #[must_use]
    pub fn gist(&self, alike: &[&Finding]) -> String {
        gaps::gist(self, alike)
    }

    /// Why somebody accepts the finding, who, and how long; None where nobody does.
    #[must_use]
    pub fn waiver(&self, finding: &Finding) -> Option<String> {
        finding.waived.as_ref().map(|waived| entries::waived(waived, self.language))
    }

    /// What `explain` and evlint.json call a gap's material: `11.contract`; of a finding of the
    /// last audit its own id.
    #[must_use]
    pub fn reference(&self, finding: &Finding) -> Option<String> {
        gaps::reference(self, finding)
    }

    /// That a material is missing in each of several projects, said once.
    #[must_use]
    pub fn everywhere(&self, finding: &Finding, projects: usize) -> String {
        gaps::everywhere(self, finding, projects)
    }

    /// Two to six characters to stand under the words of the clause that are not met.
    #[must_use]
    pub fn label(&self, alike: &[&Finding]) -> String {
        gaps::label(self, alike)
    }

    /// What to do next, in a sentence or two.
    #[must_use]
    pub fn help(&self, finding: &Finding) -> String {
        if let Some(waived) = &finding.waived {
            return entries::help_waived(waived, self.language);
        }
        if finding.clause.is_some() {
            return gaps::help(self, finding);
        }
        files::help(finding, self.language)
    }

    /// What is always done about a finding of this kind, whatever its file.
    #[must_use]
    pub fn fix(&self, kind: &Kind) -> &'static str {
        files::fix(kind, self.language)
    }

    /// What is particular about a finding under its kind's title; None where the title says it all.
    #[must_use]
    pub fn detail(&self, finding: &Finding) -> Option<String> {
        files::detail(finding, self.language)
    }

    /// The text of this report's language.
    #[must_use]
    pub fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        pick(self.language, zh, en)
    }
}

/// The text of this language.
pub(crate) fn pick<'t>(language: Language, zh: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}
