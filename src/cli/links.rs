//! The way from a report to the evidence, so that its links open the files.

use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// What may stand in a segment of a path as it is (RFC 3986, 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// From the folder of `report`, or without one from the current folder, to the evidence root: a URI
/// reference that ends in `/`, or empty where they are one.
pub(crate) fn to_evidence(root: &Path, report: Option<&Path>) -> String {
    let folder = report.and_then(Path::parent).unwrap_or_else(|| Path::new(""));
    match (absolute(folder), absolute(root)) {
        (Some(from), Some(to)) => between(&from, &to),
        _ => String::new(),
    }
}

/// Without `.` and `..`, as a browser would resolve it.
fn absolute(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(Path::new(".").join(path)).ok()?;
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(clean.pop()),
            other => clean.push(other),
        }
    }
    Some(clean)
}

fn between(from: &Path, to: &Path) -> String {
    let drive = |path: &Path| path.components().find(|part| matches!(part, Component::Prefix(_))).map(segment);
    if drive(from) != drive(to) {
        let segments: Vec<String> = to.components().filter(|part| *part != Component::RootDir).map(segment).collect();
        return format!("file:///{}/", segments.join("/"));
    }
    let shared = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    up.chain(to.components().skip(shared).map(segment)).map(|segment| segment + "/").collect()
}

fn segment(part: Component<'_>) -> String {
    match part {
        // `C:`, whose colon belongs to a file URI (RFC 8089, appendix E.2).
        Component::Prefix(drive) => drive.as_os_str().to_string_lossy().into_owned(),
        other => percent_encode(other.as_os_str().as_encoded_bytes(), SEGMENT).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_finds_its_evidence() {
        for (root, report, way) in [
            ("evidence", Some("report.html"), "evidence/"),
            ("evidence", None, "evidence/"),
            (".", Some("report.html"), ""),
            ("evidence", Some("evidence/report.html"), ""),
            ("evidence", Some("out/2026/report.html"), "../../evidence/"),
            ("./a/../evidence", Some("out/report.html"), "../evidence/"),
            ("证明 材料#1", Some("report.html"), "%E8%AF%81%E6%98%8E%20%E6%9D%90%E6%96%99%231/"),
        ] {
            assert_eq!(to_evidence(Path::new(root), report.map(Path::new)), way, "{root} {report:?}");
        }
    }
}
