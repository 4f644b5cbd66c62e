//! What the organisation says about itself and its audit: evlint.json, flags and defaults merged.

use std::num::NonZeroU32;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::evidence::EvidencePath;
use super::pack::MaterialRef;
use super::time::Span;

/// Everything that judging depends on besides pack and evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub organization: Option<String>,
    /// Id of a level of the pack.
    pub level: String,
    /// Id of an audit of the pack.
    pub audit: String,
    /// The audited period; without it dates are held against contracts only.
    pub period: Option<Span>,
    /// The day of the check.
    pub as_of: Date,
    /// 评估时间 of the form.
    pub assessed_on: Option<Date>,
    /// 评估部门/人员 of the form.
    pub assessors: Vec<String>,
    pub projects: Vec<Project>,
    pub prior_findings: Vec<PriorFinding>,
    /// A person's word which files are a material; a path or a glob.
    pub evidence: Vec<(MaterialRef, Vec<String>)>,
    pub waivers: Vec<Waiver>,
    pub confirmations: Vec<Confirmation>,
    /// Globs of files that are no evidence.
    pub ignore: Vec<String>,
    /// Where the configuration was read, as the user would name it.
    pub config: Option<String>,
    pub origin: Origin,
}

/// Where folder and configuration lie for those who see the repository rather than the folder,
/// and where the configuration speaks of what no file shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The evidence folder, relative to the root of its repository; empty where it is the root or
    /// no repository is around it.
    pub folder: String,
    /// evlint.json, relative to the same root; None where there is none.
    pub config: Option<String>,
    pub lines: Lines,
}

/// Lines of evlint.json, in its order. Counted from 1.
pub type Lines = Vec<(Entry, NonZeroU32)>;

/// What an entry of evlint.json is about; materials as evlint.json names them, `11.nda` or `11`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Project(String),
    PriorFinding(String),
    Evidence { of: String },
    Waiver { of: String, project: Option<String> },
    Confirmation { path: String, of: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub name: String,
    /// Folders relative to the evidence root, NFC, without `/` at the end. Empty: all is its own.
    pub paths: Vec<String>,
    pub customer: Option<String>,
    pub aliases: Vec<String>,
    pub contract: Option<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorFinding {
    pub id: String,
    /// As a rectification row of the pack names it: `observation`, `nonconformity`.
    pub kind: String,
    pub text: String,
}

/// An accepted gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub clause: u32,
    /// None: the whole clause.
    pub material: Option<String>,
    /// None: in every project.
    pub project: Option<String>,
    pub reason: String,
    pub owner: String,
    /// The last day that counts.
    pub until: Date,
}

impl Waiver {
    /// What it accepts, as evlint.json names it: `11.nda`, or `11` for the clause.
    #[must_use]
    pub fn of(&self) -> String {
        match &self.material {
            Some(material) => format!("{}.{material}", self.clause),
            None => self.clause.to_string(),
        }
    }
}

/// A person's word about one file's content, bound to its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    pub path: EvidencePath,
    pub sha256: String,
    pub material: MaterialRef,
    pub by: String,
    pub on: Date,
    pub note: Option<String>,
}

/// The language of what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Zh,
    En,
}
