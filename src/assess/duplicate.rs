//! Byte-identical copies. The same document filed under several clauses is how some folders are
//! built: such copies are a note, copies that an editor or a hurry made are a warning.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::matching::Facts;
use crate::model::finding::{Finding, Kind, Severity};

use super::{Case, Check};

/// What systems and people add to a copy's name.
static COPY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)([(（]\d{1,2}[)）]|副本|复制|拷贝|copy|_bak|备份|fuben|fuzhi|kaobei|beifen$)")
        .expect("a pattern of this file compiles")
});

pub(super) struct Duplicate;

impl Check for Duplicate {
    fn codes(&self) -> &'static [&'static str] {
        &["duplicate"]
    }

    fn look(&self, case: &Case<'_>) -> Vec<Finding> {
        let mut same: HashMap<&str, Vec<&Facts>> = HashMap::new();
        for facts in case.facts.iter().filter(|facts| !facts.sha256.is_empty() && facts.is_evidence()) {
            same.entry(&facts.sha256).or_default().push(facts);
        }
        same.into_values().filter(|copies| copies.len() > 1).flat_map(copies_of).collect()
    }
}

fn copies_of(mut copies: Vec<&Facts>) -> Vec<Finding> {
    let marked = |facts: &Facts| COPY.is_match(facts.path.stem());
    copies.sort_by_key(|facts| (marked(facts), facts.path.as_str().len(), facts.path.clone()));
    let original = copies[0];
    copies[1..]
        .iter()
        .map(|copy| {
            let careless = marked(copy) || copy.path.folder() == original.path.folder();
            let severity = if careless { Severity::Warning } else { Severity::Note };
            Finding::of_file(Kind::Duplicate { of: original.path.clone() }, severity, &copy.path)
        })
        .collect()
}
