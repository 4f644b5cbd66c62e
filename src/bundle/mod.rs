//! The auditor's binder: evidence by clause, its index, the form, the report, and lists of hashes.
//!
//! Takes an [`Assessment`] and plans which file stands where ([`Plan`]); gives the bytes of all that
//! the binder adds to the evidence ([`Binder::own_files`]). Pure: whoever calls copies the evidence and
//! writes the files. Start reading at [`Binder`].
//!
//! - A file stands in the folder of the clause that it names; other clauses refer to it, unless copies
//!   are asked for. Byte-identical files are stored once.
//! - A member of an archive or a mail comes out of it and stands alone: an assessor opens files, not
//!   archives. Its path in the index says where it came from.
//! - What serves no clause and what nobody can open stays out, and the index says so.

mod divider;
mod index;
pub mod manifest;
mod page;
mod plan;
mod report;
mod sheet;
pub mod zip;

pub use plan::{Entry, LeftOut, Listed, Plan, Stored, Tab};
pub(crate) use plan::{clause_title, folder_name};

use std::io;

use serde::Serialize;

use crate::form::{self, FileKind, FormError, Subject};
use crate::model::assessment::{BINDER, OWN_MARK};
use crate::model::settings::Language;
use crate::model::{Assessment, Pack, Settings};
use crate::report::Style;
use crate::wording::binder as said;

/// How the binder is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub language: Language,
    /// A file that serves several clauses is copied into the folder of each.
    pub copy: bool,
}

/// What a binder is made of.
#[derive(Debug, Clone, Copy)]
pub struct Binder<'a> {
    pub pack: &'a Pack,
    pub settings: &'a Settings,
    pub assessment: &'a Assessment,
    /// How the report in the binder is to be read.
    pub style: &'a Style,
    /// Copies, as [`Options::copy`].
    pub copy: bool,
}

/// Why a file of the binder cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BinderError {
    #[error("做不出自评估表 (cannot make the form)")]
    Form(#[from] FormError),
    #[error("做不出索引工作簿 (cannot make the index)")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    #[error("做不出索引网页 (cannot make the index page)")]
    Page(#[from] minijinja::Error),
    #[error("做不出检查报告 (cannot make the report)")]
    Report(#[from] io::Error),
}

impl Binder<'_> {
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::of(self.pack, self.assessment, Options { language: self.language(), copy: self.copy })
    }

    /// Everything but the evidence and the lists of hashes: path in the binder and bytes, in the order
    /// in which an archive holds them. The first tells whoever walks a folder that this is a binder.
    ///
    /// # Errors
    /// Where one of them cannot be made.
    pub fn own_files(&self, plan: &Plan) -> Result<Vec<(String, Vec<u8>)>, BinderError> {
        let names = said::names(self.language());
        let relocated = report::relocated(self.assessment, plan);
        let subject = Subject { pack: self.pack, settings: self.settings, assessment: &relocated };
        let about = self.about(plan);
        let mut files = vec![
            (BINDER.to_owned(), self.description(plan)?),
            (names.about.to_owned(), divider::text(&about)),
            (format!("{}.xlsx", names.index), sheet::write(self, plan)?),
            (format!("{}.html", names.index), page::write(self, plan)?),
            (self.form_name(), form::fill(&subject, FileKind::Docx)?),
            (report::name(self.language()), report::write(&relocated, self.style)?),
        ];
        files.extend(divider::all(self, plan));
        Ok(files)
    }

    fn language(&self) -> Language {
        self.style.language
    }

    fn form_name(&self) -> String {
        format!("{}.docx", said::names(self.language()).form)
    }

    /// Form and report: path and label.
    fn beside(&self) -> [(String, &'static str); 2] {
        let labels = said::labels(self.language());
        [(self.form_name(), labels.form), (report::name(self.language()), labels.report)]
    }

    fn about(&self, plan: &Plan) -> Vec<String> {
        let language = self.language();
        let title = self.assessment.organization.as_deref().map(crate::wording::safe).unwrap_or_default();
        let mut lines = vec![
            format!("{title} {}", said::labels(language).title).trim().to_owned(),
            divider::own(self),
            String::new(),
        ];
        lines.extend(said::about(plan.stored.len(), plan.left_out.len(), self.copy, language));
        lines
    }

    /// What programs know the binder by.
    fn description(&self, plan: &Plan) -> io::Result<Vec<u8>> {
        let assessment = self.assessment;
        let description = Description {
            mark: OWN_MARK,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            bundle_version: "1",
            pack: &assessment.pack_id,
            pack_version: &assessment.pack_version,
            organization: assessment.organization.as_deref(),
            level: &assessment.level,
            audit: &assessment.audit,
            as_of: assessment.as_of,
            stored: plan.stored.len(),
            left_out: plan.left_out.len(),
        };
        let mut text = serde_json::to_vec_pretty(&description)?;
        text.push(b'\n');
        Ok(text)
    }
}

#[derive(Serialize)]
struct Description<'a> {
    mark: &'static str,
    tool: Tool,
    bundle_version: &'static str,
    pack: &'a str,
    pack_version: &'a str,
    organization: Option<&'a str>,
    level: &'a str,
    audit: &'a str,
    as_of: jiff::civil::Date,
    stored: usize,
    left_out: usize,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}
