//! What evlint itself wrote into the folder, and what keeps house there: none of it is evidence.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use encoding_rs::UTF_8;

use crate::model::assessment::{BINDER, OWN_MARK, REPORT_TITLES};

/// Patterns of files that are no evidence, as in a `.gitignore`.
pub(super) const IGNORE: &str = ".evlintignore";

/// What a report redirected with its colours begins with.
const BOLD: &str = "\u{1b}[1m";

/// How far into a file a mark may stand, in bytes.
const HEAD: usize = 4 * 1024;

/// Formats of forms and indexes: their mark is a property of the document, which outlives an
/// editor's saving it anew.
const OFFICE: &[&str] = &["docx", "xlsx"];

/// The part of such a file that holds properties (ECMA-376 part 2, 10.1), and how long it may be.
const PROPERTIES: (&str, u64) = ("docProps/custom.xml", 256 * 1024);

/// Formats that evlint does not write: no need to look inside.
const NEVER_OURS: &[&str] = &[
    "pdf", "ofd", "doc", "xls", "ppt", "pptx", "wps", "et", "dps", "vsd", "vsdx", "png", "jpg", "jpeg", "tif", "tiff",
    "bmp", "gif", "heic", "rar", "7z", "eml", "msg",
];

/// Did evlint write this file? `head` is how it begins; 4 KiB are enough.
#[must_use]
pub fn is_own(name: &str, head: &[u8]) -> bool {
    if name == crate::config::NAME {
        return true;
    }
    // Windows PowerShell redirects as UTF-16 with a mark, which this reader heeds.
    let (text, ..) = UTF_8.decode(&head[..head.len().min(HEAD)]);
    let text = without_spaces(&text);
    let is_report = REPORT_TITLES.iter().any(|title| text.trim_start_matches(BOLD).starts_with(&without_spaces(title)));
    // A Code Quality report without findings has no room for a mark.
    is_report
        || text == "[]"
        || text.contains(OWN_MARK)
        || (text.starts_with('{') && text.contains(r#""tool":{"name":"evlint""#))
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Files and folders that only tools read.
#[must_use]
pub fn is_housekeeping(name: &OsStr) -> bool {
    let names = [crate::config::NAME, IGNORE, ".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep"];
    names.iter().any(|known| name == *known)
}

/// Not by its extension alone: is it a format that evlint writes, or none that it knows?
pub(super) fn may_be_own(path: &Path) -> bool {
    !NEVER_OURS.contains(&extension(path).as_str())
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// A form or an index, by its property.
pub(super) fn is_own_office(path: &Path, file: impl Read + Seek) -> bool {
    OFFICE.contains(&extension(path).as_str()) && has_own_property(file)
}

/// [`is_own`] for a file on disk. One that cannot be read is not ours: reading it will say why.
pub(super) fn is_marked(path: &Path) -> bool {
    if !may_be_own(path) {
        return false;
    }
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head));
    if read.is_err() {
        return false;
    }
    is_own(&name, &head) || File::open(path).is_ok_and(|file| is_own_office(path, file))
}

/// A folder that `evlint bundle` made: copies of evidence, which are no evidence once more.
pub(super) fn is_binder(folder: &Path) -> bool {
    is_marked(&folder.join(BINDER))
}

/// Whether a Word or Excel file has our mark among its properties.
fn has_own_property(file: impl Read + Seek) -> bool {
    let Ok(mut parts) = zip::ZipArchive::new(BufReader::new(file)) else { return false };
    let Ok(part) = parts.by_name(PROPERTIES.0) else { return false };
    let mut text = String::new();
    part.take(PROPERTIES.1).read_to_string(&mut text).is_ok() && text.contains(&format!("\"{OWN_MARK}\""))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_form_is_known_by_its_property() {
        for (mark, own) in [("evlint:own", true), ("evlint:owner", false)] {
            let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default();
            out.start_file("word/document.xml", options).expect("a part");
            out.write_all(&vec![b' '; HEAD * 2]).expect("bytes");
            out.start_file(PROPERTIES.0, options).expect("a part");
            write!(out, r#"<Properties><property name="{mark}"/></Properties>"#).expect("text");
            assert_eq!(has_own_property(out.finish().expect("an archive")), own, "{mark}");
        }
        assert!(!has_own_property(std::io::Cursor::new(b"PK no archive")));
    }

    #[test]
    fn our_own_is_known_by_its_mark() {
        for (name, head, own) in [
            ("evlint.json", "", true),
            ("gaps.json", r#"{ "schema_version": 1, "tool": { "name": "evlint" } }"#, true),
            ("codequality.json", "[]\n", true),
            ("gaps.html", "<!-- evlint:own -->", true),
            ("gaps.txt", "evlint 检查报告 · 映川信安\n信息系统…", true),
            ("gaps.log", "\u{1b}[1mevlint report · Yingchuan\u{1b}[0m", true),
            ("manual.txt", "怎样读 evlint 检查报告", false),
            ("notes.md", "说明：本文件由 evlint 检查", false),
            ("log.txt", r#"see "tool": {"name": "evlint"}"#, false),
            ("other.json", r#"{"tool": {"name": "trivy"}}"#, false),
        ] {
            assert_eq!(is_own(name, head.as_bytes()), own, "{name}");
        }
        let utf16: Vec<u8> = "\u{feff}evlint 检查报告".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(is_own("gaps.txt", &utf16));
        let late = format!("{}{OWN_MARK}", " ".repeat(HEAD));
        assert!(!is_own("x.txt", late.as_bytes()));
    }
}
