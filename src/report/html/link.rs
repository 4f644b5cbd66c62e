//! Files of the evidence, as a page names them and opens them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::model::{EvidencePath, Place};
use crate::wording::safe;

/// What may stand in a path as it is (RFC 3986, 2.3), and the `/` between its segments.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

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
    /// `evidence` is the way to the evidence root; `said` is the place in words.
    pub(super) fn of(evidence: &str, path: &EvidencePath, place: Option<&Place>, said: Option<String>) -> Self {
        let (folder, name) = folder_and_name(path);
        Self { href: href(evidence, path, place), folder: safe(folder), name: safe(name), place: said }
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
pub(super) fn href(evidence: &str, path: &EvidencePath, place: Option<&Place>) -> String {
    let (file, member) = match path.as_str().split_once("!/") {
        Some((archive, _)) => (archive, true),
        None => (path.as_str(), false),
    };
    let page = match place {
        Some(Place::Page(page)) if !member && path.extension() == "pdf" => format!("#page={page}"),
        _ => String::new(),
    };
    format!("{evidence}{}{page}", encode(file))
}

/// Bytes that are not UTF-8 stand in a path as `%XX` already, and a `%` of the name's own that
/// would look like it as `%25`.
pub(super) fn encode(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut out: String = pieces.next().map(|first| utf8_percent_encode(first, PATH).to_string()).unwrap_or_default();
    for piece in pieces {
        let is_byte = piece.len() >= 2 && piece.bytes().take(2).all(|digit| digit.is_ascii_hexdigit());
        out.push_str(if is_byte { "%" } else { "%25" });
        out.extend(utf8_percent_encode(piece, PATH));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn a_link_is_a_relative_path_whatever_the_name() {
        for (path, link) in [
            ("合同.pdf", "e/%E5%90%88%E5%90%8C.pdf"),
            ("a b/c#1?.docx", "e/a%20b/c%231%3F.docx"),
            ("\"><script>.txt", "e/%22%3E%3Cscript%3E.txt"),
            ("javascript:alert(1)", "e/javascript%3Aalert%281%29"),
            ("a.zip!/b/c.docx", "e/a.zip"),
            ("100%完成.txt", "e/100%25%E5%AE%8C%E6%88%90.txt"),
            ("%25ab.txt", "e/%25ab.txt"),
            ("%b0%a1.txt", "e/%b0%a1.txt"),
            ("x%", "e/x%25"),
            ("a\u{202e}b\nc", "e/a%E2%80%AEb%0Ac"),
        ] {
            assert_eq!(href("e/", &EvidencePath::new(path), None), link, "{path}");
        }
    }

    #[test]
    fn a_pdf_opens_at_its_page() {
        let page = Place::Page(NonZeroU32::new(3).expect("from 1"));
        for (path, link) in [("a.PDF", "a.PDF#page=3"), ("a.ofd", "a.ofd"), ("a.zip!/b.pdf", "a.zip")] {
            assert_eq!(href("", &EvidencePath::new(path), Some(&page)), link);
        }
    }
}
