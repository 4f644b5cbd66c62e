//! Findings that are known already: from a baseline, from another commit, or from both.
//!
//! One mechanism for all: a multiset of fingerprints. As often as a finding is known it is left
//! out, and what is left is new. Not a check: it looks at what the checks found. Start reading at
//! [`Known::hide`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::assessment::Assessment;
use crate::model::finding::{Finding, Kind, Severity};

/// Fingerprints, and how often each is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known(BTreeMap<String, usize>);

/// What another version of the folder is remembered for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub known: Known,
    /// There was no file.
    pub empty: bool,
}

impl Before {
    #[must_use]
    pub fn of(assessment: &Assessment) -> Self {
        Self { known: Known::of(&assessment.findings), empty: assessment.files.is_empty() }
    }
}

impl Known {
    /// All of these.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        findings.iter().map(|finding| (finding.fingerprint(), 1)).collect()
    }

    /// What either knows: the same finding is not known twice for being in both.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (fingerprint, times) in other.0 {
            let known = self.0.entry(fingerprint).or_default();
            *known = times.max(*known);
        }
        self
    }

    /// How often it is known.
    #[must_use]
    pub fn times(&self, fingerprint: &str) -> usize {
        self.0.get(fingerprint).copied().unwrap_or_default()
    }

    /// Takes the known ones out of the findings, and says how many they were.
    pub fn hide(&self, findings: &mut Vec<Finding>) -> usize {
        let mut left = self.0.clone();
        let before = findings.len();
        findings.retain(|finding| match left.get_mut(&finding.fingerprint()) {
            Some(times) if *times > 0 => {
                *times -= 1;
                false
            }
            _ => true,
        });
        before - findings.len()
    }
}

impl FromIterator<(String, usize)> for Known {
    fn from_iter<I: IntoIterator<Item = (String, usize)>>(known: I) -> Self {
        let mut times = BTreeMap::new();
        for (fingerprint, more) in known {
            *times.entry(fingerprint).or_default() += more;
        }
        Self(times)
    }
}

/// That a baseline knows what is no more. `about` is the sentence that it wrote down.
#[must_use]
pub fn stale(fingerprint: &str, about: &str) -> Finding {
    let kind = Kind::BaselineStale { fingerprint: fingerprint.to_owned(), about: about.to_owned() };
    Finding::of_run(kind, Severity::Warning)
}

/// Puts findings into the order of every assessment.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(super::by_gravity);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EvidencePath;

    #[test]
    fn as_often_as_known_and_no_more() {
        let empty = |path: &str| Finding::of_file(Kind::EmptyFile, Severity::Warning, &EvidencePath::new(path));
        let (a, b) = (empty("a"), empty("b"));
        for (known, findings, left) in [
            (vec![], vec![&a, &b], vec![&a, &b]),
            (vec![&a], vec![&a, &b], vec![&b]),
            (vec![&a], vec![&a, &a], vec![&a]),
            (vec![&a, &a], vec![&a], vec![]),
            (vec![&b], vec![], vec![]),
        ] {
            let own = |some: &[&Finding]| some.iter().map(|one| (*one).clone()).collect::<Vec<_>>();
            let mut findings = own(&findings);
            let before = findings.len();
            assert_eq!(Known::of(&own(&known)).hide(&mut findings), before - left.len());
            assert_eq!(findings, own(&left));
        }
        let once = Known::of(std::slice::from_ref(&a));
        assert_eq!(once.clone().or(once).times(&a.fingerprint()), 1);
    }
}
