//! Files of the evidence, as a page names them and opens them.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde::Serialize;

use crate::model::{EvidencePath, Place};
use crate::wording::safe;

/// What may stand in a path as it is (RFC 3986, 2.3), and the `/` between its segments.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Every file and member that was read: by it a member is told from a file of a folder named `x!`.
pub(super) type Files<'a> = BTreeSet<&'a EvidencePath>;

/// A file and, where it is known, the place in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FileLink {
    /// Empty where there is nothing to open.
    pub(super) href: String,
    /// With `/` at its end; empty at the top.
    pub(super) folder: String,
    pub(super) name: String,
    pub(super) place: Option<String>,
}

impl FileLink {
    /// `said` is the place in words.
    pub(super) fn of(href: String, path: &EvidencePath, said: Option<String>) -> Self {
        let (folder, name) = folder_and_name(path);
        Self { href, folder: safe(folder), name: safe(name), place: said }
    }

    pub(super) fn without_target(self) -> Self {
        Self { href: String::new(), ..self }
    }
}

/// The folder with its `/`, and the rest.
pub(super) fn folder_and_name(path: &EvidencePath) -> (&str, &str) {
    let path = path.as_str();
    path.split_at(path.rfind('/').map_or(0, |slash| slash + 1))
}

/// A URI reference to the file; to the archive, for a member of one. A browser opens a PDF at its
/// page (RFC 8118, 3).
pub(super) fn href(evidence: &str, files: &Files<'_>, path: &EvidencePath, place: Option<&Place>) -> String {
    let archive = path.archives().map(|(archive, _)| archive).find(|archive| files.contains(archive));
    let page = match place {
        Some(Place::Page(page)) if archive.is_none() && path.extension() == "pdf" => format!("#page={page}"),
        _ => String::new(),
    };
    format!("{evidence}{}{page}", encode(archive.as_ref().unwrap_or(path)))
}

/// As a relative reference: no colon of a name makes a scheme.
pub(super) fn encode(path: &EvidencePath) -> String {
    percent_encode(&path.to_bytes(), PATH).to_string()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn a_link_is_a_relative_path_whatever_the_name() {
        let archive = EvidencePath::new("a.zip");
        let files = Files::from([&archive]);
        for (path, link) in [
            ("合同.pdf", "e/%E5%90%88%E5%90%8C.pdf"),
            ("a b/c#1?.docx", "e/a%20b/c%231%3F.docx"),
            ("\"><script>.txt", "e/%22%3E%3Cscript%3E.txt"),
            ("javascript:alert(1)", "e/javascript%3Aalert%281%29"),
            ("a.zip!/b/c.docx", "e/a.zip"),
            ("重要!/c.docx", "e/%E9%87%8D%E8%A6%81%21/c.docx"),
            ("100%完成.txt", "e/100%25%E5%AE%8C%E6%88%90.txt"),
            ("%25ab.txt", "e/%25ab.txt"),
            ("%b0%a1.txt", "e/%B0%A1.txt"),
            ("x%", "e/x%25"),
            ("a\u{202e}b\nc", "e/a%E2%80%AEb%0Ac"),
        ] {
            assert_eq!(href("e/", &files, &EvidencePath::new(path), None), link, "{path}");
        }
    }

    #[test]
    fn a_pdf_opens_at_its_page() {
        let archive = EvidencePath::new("a.zip");
        let files = Files::from([&archive]);
        let page = Place::Page(NonZeroU32::new(3).expect("from 1"));
        for (path, link) in [("a.PDF", "a.PDF#page=3"), ("a.ofd", "a.ofd"), ("a.zip!/b.pdf", "a.zip")] {
            assert_eq!(href("", &files, &EvidencePath::new(path), Some(&page)), link);
        }
    }
}
