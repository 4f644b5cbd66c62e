//! What evlint last wrote into each cell, remembered as hashes among the document's properties.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::model::assessment::OWN_MARK;
use crate::model::text::hex;

use super::CellId;

/// Before the name of every property of ours.
const OURS: &str = "evlint:";

/// Hexadecimal digits of a hash: 48 bits tell two texts of one cell apart for sure.
const DIGITS: usize = 12;

/// Hash by cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record(BTreeMap<String, String>);

impl Record {
    pub(super) fn of<'a>(cells: impl IntoIterator<Item = (CellId, &'a str)>) -> Self {
        let mut record = Self::default();
        for (cell, text) in cells {
            record.note(cell, text);
        }
        record
    }

    /// From a document's properties.
    pub(super) fn from_properties(properties: &[(String, String)]) -> Self {
        let ours = properties.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix(OURS)?;
            (format!("{OURS}{name}") != OWN_MARK).then(|| (name.to_owned(), value.clone()))
        });
        Self(ours.collect())
    }

    /// The properties, our mark first.
    pub(super) fn properties(&self) -> Vec<(String, String)> {
        let mark = (OWN_MARK.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        let cells = self.0.iter().map(|(name, hash)| (format!("{OURS}{name}"), hash.clone()));
        std::iter::once(mark).chain(cells).collect()
    }

    pub(super) fn note(&mut self, cell: CellId, text: &str) {
        self.0.insert(cell.to_string(), hash(text));
    }

    /// evlint has written something there.
    pub(super) fn knows(&self, cell: CellId) -> bool {
        self.0.contains_key(&cell.to_string())
    }

    /// evlint wrote this text there, and nobody has changed it.
    pub(super) fn is_own(&self, cell: CellId, text: &str) -> bool {
        self.0.get(&cell.to_string()).is_some_and(|known| *known == hash(text))
    }
}

/// Whether a property is ours.
pub(super) fn is_ours(name: &str) -> bool {
    name.starts_with(OURS)
}

/// White space is not text: editors break lines anew.
fn hash(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex(&Sha256::digest(bare.as_bytes())).chars().take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_our_own_until_somebody_changes_it() {
        let record = Record::of([(CellId::Answer(11), "☑符合\n☐不符合"), (CellId::Documents(11), "")]);
        let read = Record::from_properties(&record.properties());
        assert_eq!(read, record);
        for (cell, text, own) in [
            (CellId::Answer(11), "☑符合 ☐不符合", true),
            (CellId::Answer(11), "☐符合 ☑不符合", false),
            (CellId::Documents(11), "", true),
            (CellId::Documents(11), "合同", false),
            (CellId::Answer(12), "☑符合\n☐不符合", false),
        ] {
            assert_eq!(read.is_own(cell, text), own, "{cell} {text}");
        }
    }
}
