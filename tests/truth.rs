//! Documents whose text is known to the letter are read to the letter, in every format.
//!
//! `fixtures/truth/make.py` makes them with other people's writers. What is measured: the share of
//! known characters that are found, and the share of table cells found in their order.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use evlint::extract::ocr::{Converter, Engine};
use evlint::extract::{Ocr, Options, read};
use evlint::model::{Content, EvidencePath, FileFormat, Reading, Source};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

/// Characters of a text, and of a scan, that must be found.
const RECALL: f64 = 0.99;
const RECALL_OCR: f64 = 0.90;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    files: Vec<Entry>,
    truths: Vec<Truth>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    /// An index into `truths`.
    truth: usize,
    /// Other names for the same bytes.
    #[serde(default)]
    also: Vec<String>,
    /// Only a program that reads pictures can read it.
    #[serde(default)]
    ocr: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Truth {
    /// Each is somewhere in the text, in one piece.
    text: Vec<String>,
    /// Rows of cells; a merged cell stands in its first place and the others are empty.
    tables: Vec<Vec<Vec<String>>>,
    /// Not in the text.
    absent: Vec<String>,
    /// In the text, but not twice.
    once: Vec<String>,
    /// One behind the other.
    order: Vec<String>,
    /// Boxes in front of a word, and whether they are checked.
    boxes: Vec<(String, bool)>,
    /// Sheets that their user does not see.
    hidden: Vec<String>,
    /// Names of what is inside, sorted.
    members: Vec<String>,
    /// The kind of refusal that is due.
    unreadable: Option<String>,
}

/// What a format came to, over all its files.
#[derive(Debug, Default)]
struct Score {
    files: u32,
    found: f64,
    known: f64,
    cells_found: usize,
    cells: usize,
}

#[test]
#[expect(clippy::print_stderr, reason = "says what passes over, and the measures")]
fn known_texts_are_read_to_the_letter() {
    let made: Made = serde_json::from_str(&fs::read_to_string("fixtures/truth/truth.json").expect("made"))
        .expect("as make.py writes it");
    let ocr = tesseract();
    if ocr.is_none() {
        assert!(std::env::var_os("EVLINT_OCR").is_none(), "tesseract with chi_sim was promised and is not here");
        eprintln!("tesseract with chi_sim is not here: the scans are passed over");
    }
    let heic = ocr.as_ref().is_some_and(|ocr| ocr.heic.is_some());
    if !heic {
        assert!(std::env::var_os("EVLINT_HEIC").is_none(), "heif-convert was promised and is not here");
        eprintln!("heif-convert is not here: the photographs of telephones are passed over");
    }
    let mut scores: BTreeMap<(String, bool), Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    let is_heic = |entry: &Entry| Path::new(&entry.file).extension().is_some_and(|extension| extension == "heic");
    let readable = |entry: &&Entry| (!entry.ocr || ocr.is_some()) && (heic || !is_heic(entry));
    for entry in made.files.iter().filter(readable) {
        let bytes = fs::read(Path::new("fixtures/truth/documents").join(&entry.file)).expect(&entry.file);
        for name in std::iter::once(&entry.file).chain(&entry.also) {
            let options = Options { ocr: ocr.clone().filter(|_| entry.ocr) };
            let sources = read(&EvidencePath::new(name.as_str()), &bytes, &options);
            let (_, extension) = name.rsplit_once('.').expect("a name with an extension");
            let score = scores.entry((extension.to_owned(), entry.ocr)).or_default();
            judge(name, &made.truths[entry.truth], entry.ocr, &sources, score, &mut wrong);
        }
    }
    eprintln!("{}", table(&scores));
    for ((extension, scanned), score) in &scores {
        let (recall, least) = (share(score.found, score.known), if *scanned { RECALL_OCR } else { RECALL });
        if recall < least {
            wrong.push(format!(".{extension}: recall {recall:.3} < {least}"));
        }
        if score.cells_found < score.cells {
            wrong.push(format!(".{extension}: {} of {} cells in order", score.cells_found, score.cells));
        }
    }
    assert!(scores.len() > 30, "only {} formats: the fixtures are incomplete", scores.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn judge(name: &str, truth: &Truth, scanned: bool, sources: &[Source], score: &mut Score, wrong: &mut Vec<String>) {
    let text = Text::of(sources);
    score.files += 1;
    for segment in &truth.text {
        let (found, known) = recall(segment, &text.plain);
        score.found += found;
        score.known += known;
        if found < known && !scanned {
            wrong.push(format!("{name}: «{segment}» {:.2}", found / known));
        }
    }
    for known in &truth.tables {
        let cells = known.iter().map(Vec::len).sum::<usize>();
        let best = text.tables.iter().map(|table| in_order(known, table)).max().unwrap_or_default();
        score.cells += cells;
        score.cells_found += best;
        if best < cells {
            wrong.push(format!("{name}: a table has {best} of {cells} cells; known {known:?}\nread {:?}", text.tables));
        }
    }
    let joined: String = text.plain.chars().filter(|c| *c != '\n').collect();
    let mut rest = joined.as_str();
    for word in truth.order.iter().map(|word| plain(word)) {
        match rest.find(&word) {
            Some(at) => rest = &rest[at + word.len()..],
            None => wrong.push(format!("{name}: «{word}» is out of order")),
        }
    }
    for absent in truth.absent.iter().filter(|absent| text.plain.contains(&plain(absent))) {
        wrong.push(format!("{name}: «{absent}» is read"));
    }
    for once in truth.once.iter().filter(|once| text.plain.matches(&plain(once)).count() > 1) {
        wrong.push(format!("{name}: «{once}» is read twice"));
    }
    for (label, checked) in &truth.boxes {
        let label = plain(label);
        let before: HashSet<char> =
            text.plain.match_indices(&label).filter_map(|(at, _)| text.plain[..at].chars().next_back()).collect();
        let marks: &[char] = if *checked { &['☒', '☑', '√', '✓'] } else { &['☐', '□'] };
        if !marks.iter().any(|mark| before.contains(mark)) {
            wrong.push(format!("{name}: the box before «{label}» reads {before:?}"));
        }
    }
    if truth.hidden != text.hidden {
        wrong.push(format!("{name}: hidden sheets {:?}, known {:?}", text.hidden, truth.hidden));
    }
    if !truth.members.is_empty() && truth.members != text.members {
        wrong.push(format!("{name}: members {:?}", text.members));
    }
    if truth.unreadable.as_deref() != text.unreadable.first().map(String::as_str) {
        wrong.push(format!("{name}: unreadable {:?}", text.unreadable));
    }
    if sources[0].format == FileFormat::Unknown {
        wrong.push(format!("{name}: of no known format"));
    }
}

/// What was read, as it is compared.
#[derive(Debug, Default)]
struct Text {
    /// All of it, normalised, without white space.
    plain: String,
    tables: Vec<Vec<Vec<String>>>,
    hidden: Vec<String>,
    members: Vec<String>,
    unreadable: Vec<String>,
}

impl Text {
    fn of(sources: &[Source]) -> Self {
        let mut text = Self::default();
        for source in sources {
            if let Some((_, member)) = source.path.as_str().split_once("!/") {
                text.members.push(member.to_owned());
            }
            match &source.reading {
                Reading::Document(document) => document.blocks.iter().for_each(|block| text.add(&block.content)),
                Reading::Unreadable(why) => {
                    let why = format!("{why:?}");
                    text.unreadable.push(why.split([' ', '(']).next().unwrap_or_default().to_owned());
                }
                Reading::Container { .. } => {}
            }
        }
        text.members.sort();
        text
    }

    fn add(&mut self, content: &Content) {
        let Content::Table(table) = content else {
            self.plain.push_str(&plain(content.text().unwrap_or_default()));
            return self.plain.push('\n');
        };
        if let Some(name) = &table.name {
            self.plain.push_str(&plain(name));
            self.plain.push('\n');
            if table.hidden {
                self.hidden.push(name.clone());
            }
        }
        let rows: Vec<Vec<String>> =
            table.rows.iter().map(|row| row.cells.iter().map(|cell| plain(&cell.text)).collect()).collect();
        for cell in rows.iter().flatten() {
            self.plain.push_str(cell);
            self.plain.push('\n');
        }
        self.tables.push(rows);
    }
}

/// As matching sees it: NFKC, no white space.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Characters of a segment that are found, and all of them: the whole of it, else by pairs.
fn recall(segment: &str, text: &str) -> (f64, f64) {
    let segment = plain(segment);
    let characters: Vec<char> = segment.chars().collect();
    let known = characters.len() as f64;
    if text.contains(&segment) {
        return (known, known);
    }
    // A line that breaks off within a segment is no loss.
    let joined: String = text.chars().filter(|c| *c != '\n').collect();
    if joined.contains(&segment) {
        return (known, known);
    }
    let pairs: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    let found = pairs.iter().filter(|pair| joined.contains(pair.as_str())).count();
    (known * share(found as f64, pairs.len() as f64), known)
}

/// Cells of known rows that stand where they should: each row is sought behind the one before it,
/// each cell in its column.
fn in_order(known: &[Vec<String>], read: &[Vec<String>]) -> usize {
    let (mut found, mut from) = (0, 0);
    for row in known {
        let same = |read: &Vec<String>| {
            row.iter()
                .enumerate()
                .filter(|(column, cell)| read.get(*column).map_or("", String::as_str) == plain(cell))
                .count()
        };
        let Some((at, best)) =
            read.iter().enumerate().skip(from).map(|(at, read)| (at, same(read))).rev().max_by_key(|(_, same)| *same)
        else {
            continue;
        };
        found += best;
        if best > 0 {
            from = at + 1;
        }
    }
    found
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 1.0 }
}

fn table(scores: &BTreeMap<(String, bool), Score>) -> String {
    let mut table = format!("{:10} {:>5} {:>7} {:>9}\n", "format", "files", "recall", "cells");
    for ((extension, scanned), score) in scores {
        let name = if *scanned { format!("{extension} (OCR)") } else { extension.clone() };
        let recall = share(score.found, score.known);
        let cells = if score.cells == 0 { String::new() } else { format!("{}/{}", score.cells_found, score.cells) };
        let _ = writeln!(table, "{name:10} {:>5} {recall:>7.3} {cells:>9}", score.files);
    }
    table
}

/// The program that reads pictures, where it is here with its Chinese data; with the one that turns
/// a telephone's into others.
fn tesseract() -> Option<Ocr> {
    let program = on_path("tesseract")?;
    let output = std::process::Command::new(&program).arg("--list-langs").output().ok()?;
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    let languages: Vec<String> = ["chi_sim", "eng"]
        .iter()
        .filter(|name| listed.lines().any(|line| line == **name))
        .map(ToString::to_string)
        .collect();
    let heic = ["heif-dec", "heif-convert"].into_iter().find_map(on_path);
    languages.iter().any(|name| name == "chi_sim").then_some(Ocr {
        engine: Engine::Program { program, languages },
        heic: heic.map(|program| Converter { program, arguments: Vec::new(), before_output: None }),
    })
}

fn on_path(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
}
