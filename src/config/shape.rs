//! The JSON of `evlint.json`, as its user writes it; `rules/evlint.schema.json` describes it.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::rules::source::{Members, OneOrMany};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    #[serde(rename = "$schema", default)]
    pub(super) _schema: Option<String>,
    pub(super) organization: Option<String>,
    pub(super) level: Option<Level>,
    pub(super) audit: Option<String>,
    pub(super) period: Option<Span>,
    pub(super) as_of: Option<String>,
    pub(super) assessed_on: Option<String>,
    #[serde(default)]
    pub(super) assessors: Vec<String>,
    #[serde(default)]
    pub(super) projects: Vec<Project>,
    #[serde(default)]
    pub(super) prior_findings: Vec<PriorFinding>,
    #[serde(default)]
    pub(super) evidence: Members<OneOrMany>,
    #[serde(default)]
    pub(super) waivers: Vec<Waiver>,
    #[serde(default)]
    pub(super) confirmations: Vec<Confirmation>,
    #[serde(default)]
    pub(super) ignore: Vec<String>,
    pub(super) rules: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) path: Option<OneOrMany>,
    pub(super) customer: Option<String>,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) contract: Option<Span>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriorFinding {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    pub(super) clause: Option<u32>,
    pub(super) material: Option<String>,
    pub(super) project: Option<String>,
    pub(super) reason: String,
    pub(super) owner: String,
    pub(super) until: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirmation {
    pub(super) path: String,
    pub(super) sha256: String,
    pub(super) material: String,
    pub(super) by: String,
    pub(super) on: String,
    pub(super) note: Option<String>,
}

/// The id of a level; where it is a number people write it as one.
#[derive(Debug)]
pub(super) struct Level(pub(super) String);

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl Visitor<'_> for Seen {
            type Value = Level;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a level's id, as a string or a number")
            }

            fn visit_str<E>(self, id: &str) -> Result<Level, E> {
                Ok(Level(id.to_owned()))
            }

            fn visit_u64<E>(self, id: u64) -> Result<Level, E> {
                Ok(Level(id.to_string()))
            }
        }
        deserializer.deserialize_any(Seen)
    }
}
