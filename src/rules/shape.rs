//! The JSON of `pack.json` and of a clause file, as a consultant writes it.
//!
//! Described in `rules/README.md` and by the schemas beside it. `check` turns it into [`model`]
//! values; a field renamed there never renames one here.
//!
//! [`model`]: crate::model::pack

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::source::{Members, OneOrMany};
use crate::model::pack::{Column, DocumentKind, Head, Measure, Need, Scope, Structure, Timing};
use crate::model::settings::Language;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pack {
    #[serde(rename = "$schema", default)]
    pub(super) _schema: Option<String>,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: Words,
    /// Checked, and not yet kept: all packs so far speak Chinese.
    #[serde(rename = "language")]
    pub(super) _language: Language,
    pub(super) form: Form,
    pub(super) levels: Vec<Level>,
    pub(super) audits: Vec<Audit>,
    pub(super) stages: Vec<Words>,
    #[serde(default)]
    pub(super) rectification: Vec<RectificationRow>,
    #[serde(default)]
    pub(super) synonyms: Members<String>,
    pub(super) vocabulary: Vocabulary,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) zh: String,
    pub(super) en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) title: String,
    pub(super) header: Vec<Labelled<Head>>,
    pub(super) columns: Vec<Labelled<Column>>,
    #[serde(default)]
    pub(super) answers: Answers,
    pub(super) conclusion: String,
    pub(super) pledge: String,
    #[serde(default)]
    pub(super) signature: Vec<String>,
    #[serde(default)]
    pub(super) landscape: bool,
    #[serde(default)]
    pub(super) level_prefixes: Vec<LevelPrefix>,
    #[serde(default)]
    pub(super) audit_suffixes: Vec<AuditSuffix>,
}

/// A field or column of the form; a bare label is one that evlint leaves to people.
#[derive(Debug)]
pub(super) struct Labelled<H> {
    pub(super) label: String,
    pub(super) holds: Option<H>,
    pub(super) width: Option<u32>,
}

impl<'de, H: Deserialize<'de>> Deserialize<'de> for Labelled<H> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole<H> {
            label: String,
            holds: Option<H>,
            width: Option<u32>,
        }
        struct Seen<H>(PhantomData<H>);
        impl<'de, H: Deserialize<'de>> Visitor<'de> for Seen<H> {
            type Value = Labelled<H>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a label, or an object with one")
            }

            fn visit_str<E>(self, label: &str) -> Result<Labelled<H>, E> {
                Ok(Labelled { label: label.to_owned(), holds: None, width: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Labelled<H>, A::Error> {
                let Whole { label, holds, width } = Whole::deserialize(MapAccessDeserializer::new(object))?;
                Ok(Labelled { label, holds, width })
            }
        }
        // Not `#[serde(untagged)]`: it buffers, and its errors lose their place.
        deserializer.deserialize_any(Seen(PhantomData))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Answers {
    pub(super) yes: String,
    pub(super) no: String,
    pub(super) not_applicable: String,
    pub(super) none: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LevelPrefix {
    pub(super) levels: Vec<String>,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditSuffix {
    pub(super) audits: Vec<String>,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Level {
    pub(super) id: String,
    pub(super) name: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Audit {
    pub(super) id: String,
    pub(super) name: Words,
    #[serde(default)]
    pub(super) rectification: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RectificationRow {
    pub(super) no: u32,
    pub(super) kind: String,
    pub(super) title: Words,
    pub(super) entry_rows: Vec<u32>,
    #[serde(default)]
    pub(super) titles: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vocabulary {
    pub(super) kinds: BTreeMap<DocumentKind, Vec<String>>,
    pub(super) denials: Vec<String>,
    #[serde(default)]
    pub(super) title_labels: Vec<String>,
    #[serde(default)]
    pub(super) deferrals: Vec<String>,
    #[serde(default)]
    pub(super) looking_back: Vec<String>,
    #[serde(default)]
    pub(super) column_names: Vec<String>,
    #[serde(default)]
    pub(super) absences: Vec<String>,
    pub(super) instructions: Vec<String>,
    #[serde(default)]
    pub(super) openings: Vec<String>,
    #[serde(default)]
    pub(super) control: Vec<String>,
    pub(super) contents: Vec<String>,
    pub(super) drafts: Vec<String>,
    pub(super) templates: Vec<String>,
    pub(super) blanks: Vec<String>,
    pub(super) irrelevant: Vec<String>,
    pub(super) temporary: Vec<String>,
    pub(super) dates: DateLabels,
    #[serde(default)]
    pub(super) periods: PeriodLabels,
    pub(super) customers: Vec<String>,
    #[serde(default)]
    pub(super) versions: Vec<String>,
    #[serde(default)]
    pub(super) annexes: Vec<String>,
    #[serde(default)]
    pub(super) projects: Vec<String>,
    #[serde(default)]
    pub(super) outcomes: Vec<String>,
    #[serde(default)]
    pub(super) intentions: Intentions,
    #[serde(default)]
    pub(super) placeholders: Placeholders,
    #[serde(default)]
    pub(super) secrets: Secrets,
    #[serde(default)]
    pub(super) signatures: Signatures,
    #[serde(default)]
    pub(super) customer_name: String,
    #[serde(default)]
    pub(super) organizations: Vec<String>,
    #[serde(default)]
    pub(super) leads: Vec<String>,
    #[serde(default)]
    pub(super) binders: Vec<String>,
    #[serde(default)]
    pub(super) contract: ContractLabels,
    #[serde(default)]
    pub(super) indicators: Indicators,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Intentions {
    pub(super) headers: Vec<String>,
    pub(super) sentences: Vec<String>,
    pub(super) titles: Vec<String>,
    pub(super) results: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Placeholders {
    pub(super) words: Vec<String>,
    pub(super) harmless: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Secrets {
    pub(super) labels: Vec<String>,
    pub(super) not_labels: Vec<String>,
    pub(super) harmless: Vec<String>,
    pub(super) accounts: Vec<String>,
    pub(super) lines: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Signatures {
    pub(super) parties: Vec<String>,
    pub(super) approvers: Vec<String>,
    pub(super) others: Vec<String>,
    pub(super) days: Vec<String>,
    pub(super) pending: Vec<String>,
    pub(super) organizations: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Indicators {
    pub(super) kinds: Vec<IndicatorKind>,
    pub(super) levels: Vec<String>,
    pub(super) generic: Vec<String>,
    pub(super) others: Vec<String>,
    pub(super) breaches: Vec<String>,
    pub(super) not_columns: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorKind {
    pub(super) measure: Measure,
    pub(super) words: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ContractLabels {
    pub(super) numbers: Vec<String>,
    pub(super) amounts: Vec<String>,
    pub(super) prices: Vec<String>,
    #[serde(default)]
    pub(super) own: Vec<String>,
    #[serde(default)]
    pub(super) own_amounts: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DateLabels {
    pub(super) approval: Vec<String>,
    pub(super) issue: Vec<String>,
    pub(super) own: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PeriodLabels {
    pub(super) labels: Vec<String>,
    pub(super) annual: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) other_columns: Vec<String>,
    pub(super) other_days: Vec<String>,
    pub(super) years: Vec<String>,
    pub(super) terms: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clause {
    #[serde(rename = "$schema", default)]
    pub(super) _schema: Option<String>,
    pub(super) no: u32,
    pub(super) stage: String,
    pub(super) levels: Vec<String>,
    pub(super) audits: Vec<String>,
    #[serde(rename = "clause")]
    pub(super) text: String,
    pub(super) evidence: String,
    pub(super) materials: Vec<Material>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Material {
    pub(super) id: String,
    pub(super) name: Words,
    pub(super) scope: Scope,
    pub(super) cite: String,
    pub(super) accepts: Words,
    #[serde(default = "any_timing")]
    pub(super) timing: Timing,
    #[serde(default)]
    pub(super) series: bool,
    #[serde(default)]
    pub(super) events: bool,
    #[serde(default)]
    pub(super) approval: bool,
    #[serde(default)]
    pub(super) countersigned: bool,
    #[serde(default)]
    pub(super) titles: Vec<String>,
    #[serde(default)]
    pub(super) not_titles: Vec<String>,
    #[serde(default)]
    pub(super) kinds: Vec<DocumentKind>,
    #[serde(default)]
    pub(super) columns: Vec<String>,
    #[serde(default)]
    pub(super) body: Vec<String>,
    #[serde(default)]
    pub(super) not_body: Vec<String>,
    #[serde(default)]
    pub(super) chapters: Vec<String>,
    #[serde(default)]
    pub(super) inside: Vec<String>,
    #[serde(default)]
    pub(super) shown_by: Vec<String>,
    #[serde(default)]
    pub(super) confused_with: Vec<String>,
    #[serde(default)]
    pub(super) draws_on: Vec<String>,
    #[serde(default)]
    pub(super) agrees_with: Vec<Agreement>,
    #[serde(default)]
    pub(super) other_parties: bool,
    #[serde(default)]
    pub(super) items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Agreement {
    pub(super) with: String,
    pub(super) about: About,
    #[serde(default)]
    pub(super) item: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum About {
    Term,
    Indicators,
    Order,
    Number,
    Amount,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) name: String,
    #[serde(default = "need_all")]
    pub(super) need: Need,
    /// Strings: one group. Lists: a group each. A mixture takes the strings as a group of one.
    pub(super) words: Vec<OneOrMany>,
    #[serde(default)]
    pub(super) value: Option<String>,
    #[serde(default)]
    pub(super) value_in: Vec<String>,
    #[serde(default = "all_but_title")]
    pub(super) shown_by: Vec<Structure>,
    #[serde(default)]
    pub(super) within: Vec<String>,
    #[serde(default)]
    pub(super) approval: bool,
}

fn any_timing() -> Timing {
    Timing::Any
}

fn need_all() -> Need {
    Need::All
}

fn all_but_title() -> Vec<Structure> {
    vec![Structure::Heading, Structure::Column, Structure::Row, Structure::Label, Structure::Sentence]
}
