//! Files: what is wrong with them, those that serve nothing, and all of them as data for the script.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::link::{FileLink, encode, folder_and_name};
use super::{Page, key, tone};
use crate::model::assessment::FileResult;
use crate::model::finding::Lost;
use crate::model::{EvidencePath, Finding, Kind, Verdict};
use crate::wording::{extent, is_unsafe, safe, severity};

/// Rows of one kind, and files that serve nothing, before the rest is counted: a page must open.
const LISTED: usize = 1000;

/// Findings of one kind about files or the configuration.
#[derive(Debug, Serialize)]
pub(super) struct Alike {
    tone: &'static str,
    severity: &'static str,
    title: &'static str,
    code: &'static str,
    fix: String,
    count: usize,
    rows: Vec<Row>,
    more: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    file: Option<FileLink>,
    detail: String,
}

/// Files of one folder that serve no clause.
#[derive(Debug, Serialize)]
pub(super) struct Folder {
    name: String,
    pub(super) count: usize,
    said: String,
    files: Vec<FileLink>,
    more: Option<String>,
}

/// A finding of the last audit and its answer.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    id: String,
    row: u32,
    key: &'static str,
    status: &'static str,
    files: Vec<FileLink>,
    help: String,
}

pub(super) fn hygiene(page: &Page<'_>) -> Vec<Alike> {
    let mut kinds: Vec<Vec<&Finding>> = Vec::new();
    for finding in page.assessment.findings.iter().filter(|finding| is_hygiene(finding)) {
        match kinds.iter_mut().find(|kind| kind[0].kind.code() == finding.kind.code()) {
            Some(kind) => kind.push(finding),
            None => kinds.push(vec![finding]),
        }
    }
    kinds.iter().map(|kind| alike(page, kind)).collect()
}

fn is_hygiene(finding: &Finding) -> bool {
    finding.clause.is_none() && finding.kind != Kind::UnmatchedFile
}

fn alike(page: &Page<'_>, findings: &[&Finding]) -> Alike {
    let (first, wording) = (findings[0], &page.wording);
    let mut helps: Vec<String> = findings.iter().map(|finding| wording.help(finding)).collect();
    helps.dedup();
    let fix = if helps.len() == 1 { helps.swap_remove(0) } else { wording.fix(&first.kind).to_owned() };
    let more = findings.len().saturating_sub(LISTED);
    Alike {
        tone: tone(first),
        severity: severity(first.severity, wording.language),
        title: wording.title(&first.kind),
        code: first.kind.code(),
        fix,
        count: findings.len(),
        rows: findings.iter().take(LISTED).map(|finding| row(page, finding)).collect(),
        more: (more > 0).then(|| wording.and_more(more)),
    }
}

fn row(page: &Page<'_>, finding: &Finding) -> Row {
    let link = finding.path.as_ref().map(|path| page.link(path, finding.place.as_ref()));
    let is_gone = matches!(finding.kind, Kind::ConfirmationLost { why: Lost::Gone, .. });
    Row {
        // The place is in the detail already.
        file: link.map(|link| FileLink { place: None, ..link }).map(
            |link| {
                if is_gone { link.without_target() } else { link }
            },
        ),
        detail: page.wording.detail(finding).unwrap_or_default(),
    }
}

pub(super) fn unmatched(page: &Page<'_>) -> Vec<Folder> {
    let mut folders: BTreeMap<&str, Vec<&EvidencePath>> = BTreeMap::new();
    let findings = page.assessment.findings.iter().filter(|finding| finding.kind == Kind::UnmatchedFile);
    for path in findings.filter_map(|finding| finding.path.as_ref()) {
        folders.entry(folder_and_name(path).0).or_default().push(path);
    }
    let mut room = LISTED;
    let mut list = Vec::new();
    for (folder, files) in folders {
        let named = files.len().min(room);
        room -= named;
        let more = files.len() - named;
        list.push(Folder {
            name: if folder.is_empty() { page.labels()["top_folder"].to_owned() } else { safe(folder) },
            count: files.len(),
            said: page.wording.count_of_files(files.len()),
            files: files[..named].iter().map(|path| page.link(path, None)).collect(),
            more: (more > 0).then(|| page.wording.and_more_files(more)),
        });
    }
    list
}

pub(super) fn rectification(page: &Page<'_>) -> Vec<Answer> {
    let labels = page.labels();
    let answer = |answer: &crate::model::assessment::RectificationResult| {
        let of = |finding: &&Finding| finding.material.as_deref() == Some(answer.id.as_str());
        let finding = page.assessment.findings.iter().find(of);
        Answer {
            id: safe(&answer.id),
            row: answer.row,
            key: if answer.rectified { key(Verdict::Satisfied) } else { finding.map_or("unsatisfied", tone) },
            status: labels[if answer.rectified { "answered" } else { "unanswered" }],
            files: answer.files.iter().map(|path| page.link(path, None)).collect(),
            help: finding.map(|finding| page.wording.help(finding)).unwrap_or_default(),
        }
    };
    page.assessment.rectification.iter().map(answer).collect()
}

/// The formats that there are, for the filter.
pub(super) fn formats(page: &Page<'_>) -> Vec<&'static str> {
    let formats: BTreeSet<&str> = page.assessment.files.iter().map(|file| file.format.name()).collect();
    formats.into_iter().collect()
}

/// Numbers texts that stand in many rows, so that each is written once.
#[derive(Default)]
struct Table {
    numbers: BTreeMap<String, usize>,
    texts: Vec<Value>,
}

impl Table {
    fn number(&mut self, key: &str, text: impl FnOnce() -> Value) -> usize {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        self.texts.push(text());
        self.numbers.insert(key.to_owned(), self.texts.len() - 1);
        self.texts.len() - 1
    }
}

/// Every file as JSON for the script, fit to stand in a `script` element. A row holds the numbers
/// of its folder and format, and what is its own; where the name does not say how the file is
/// reached, the link stands last.
///
/// # Errors
/// Never in practice: texts and numbers can be written as JSON.
pub(super) fn data(page: &Page<'_>) -> io::Result<String> {
    let (mut folders, mut formats, mut codes, mut kinds) =
        (Table::default(), Table::default(), Table::default(), Table::default());
    let mut troubles: BTreeMap<&EvidencePath, BTreeSet<usize>> = BTreeMap::new();
    for finding in page.assessment.findings.iter().filter(|finding| is_hygiene(finding)) {
        if let Some(path) = &finding.path {
            let kind = kinds.number(finding.kind.code(), || json!([page.wording.title(&finding.kind), tone(finding)]));
            troubles.entry(path).or_default().insert(kind);
        }
    }
    let mut rows = Vec::with_capacity(page.assessment.files.len());
    for file in &page.assessment.files {
        let (folder, name) = folder_and_name(&file.path);
        let folder = folders.number(folder, || json!([safe(folder), encode(&EvidencePath::new(folder))]));
        let format = formats.number(file.format.name(), || json!(file.format.name()));
        let matched: Vec<usize> = file
            .matched
            .iter()
            .map(|of| codes.number(&of.to_string(), || json!([of.clause, safe(&of.to_string())])))
            .collect();
        let troubles = troubles.get(&file.path).map(|kinds| kinds.iter().copied().collect::<Vec<_>>());
        let mut row = vec![
            json!(folder),
            json!(safe(name)),
            json!(format),
            json!(file.size),
            json!(day(file)),
            json!(file.extent.map(|of| extent(of, page.wording.language))),
            json!(matched),
            json!(troubles.unwrap_or_default()),
        ];
        if !is_plain(file.path.as_str()) {
            row.push(json!(page.href(&file.path, None)));
        }
        rows.push(Value::Array(row));
    }
    let data = json!({
        "evidence": page.evidence,
        "words": page.labels(),
        "folders": folders.texts,
        "formats": formats.texts,
        "codes": codes.texts,
        "kinds": kinds.texts,
        "rows": rows,
    });
    Ok(in_script(&serde_json::to_string(&data)?))
}

fn day(file: &FileResult) -> Option<String> {
    file.date.or(file.about.map(|about| about.to)).map(|day| day.to_string())
}

/// The script can make the link out of the name that is shown.
fn is_plain(path: &str) -> bool {
    !path.contains("!/") && !path.contains(|c: char| c == '%' || c.is_whitespace() || is_unsafe(c))
}

/// JSON that no HTML parser takes for markup and no old script engine for a line's end
/// (HTML, 4.12.1.3, «restrictions for contents of script elements»).
fn in_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, '<' | '>' | '&') || (!c.is_ascii() && is_unsafe(c)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}"); // writing to a string cannot fail
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_never_ends_its_script() {
        let name = "</script><!--&\u{2028}\u{2029}\u{202e}\u{e0041}";
        let written = in_script(&serde_json::to_string(name).expect("a string"));
        assert!(written.is_ascii() && !written.contains(['<', '>', '&']), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), name);
    }

    #[test]
    fn only_plain_names_make_their_own_links() {
        for (path, plain) in
            [("甲/合同.pdf", true), ("a.zip!/b", false), ("100%", false), ("a b", false), ("a\u{202e}b", false)]
        {
            assert_eq!(is_plain(path), plain, "{path}");
        }
    }
}
