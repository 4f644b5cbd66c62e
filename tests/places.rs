//! Where a report says that an item is shown, the item's words stand.
//!
//! Over every fixture tree: each `place` of the JSON report is looked up in the file as the
//! extractor reads it; and over every voice. A place without the words sends a person in vain.

#[expect(dead_code, reason = "only the removals cut documents")]
mod complete;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use evlint::extract::{Extractor, Options};
use evlint::matching::{self, Word};
use evlint::model::pack::Structure;
use evlint::model::settings::Language;
use evlint::model::text::normalise;
use evlint::model::{Content, Document, EvidencePath, Item, MaterialRef, Pack, Place, Reading, Source};
use evlint::{rules, tree, wording};
use rayon::prelude::*;
use regex::Regex;
use serde_json::Value;

const AS_OF: &str = "2026-01-20";

/// What stands at each place of a document, each text by itself, by the place as people read it.
type Places = BTreeMap<String, Vec<String>>;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn spoken(place: &Place) -> String {
    wording::place(place, Language::Zh).unwrap_or_else(|| "整份文件".to_owned())
}

fn places(document: &Document) -> Places {
    let mut places = Places::new();
    let mut add = |place: &Place, text: &str| {
        places.entry(spoken(place)).or_default().push(normalise(text));
    };
    for block in &document.blocks {
        if let Some(text) = block.content.text() {
            add(&block.place, text);
        }
        if let Content::Table(table) = &block.content {
            // A sheet that shows an item by its name shows it where it begins.
            for cell in table.rows.first().iter().flat_map(|row| &row.cells) {
                add(&cell.place, table.name.as_deref().unwrap_or_default());
            }
            for cell in table.rows.iter().flat_map(|row| &row.cells) {
                add(&cell.place, &cell.text);
            }
        }
    }
    places
}

fn document(source: &Source) -> Option<Places> {
    match &source.reading {
        Reading::Document(document) => Some(places(document)),
        _ => None,
    }
}

/// Whether one of the item's words is in one of the texts, or in all of a page.
fn says(item: &Item, texts: &[String]) -> bool {
    // A term is shown by its first and last day, whatever is said of them.
    let term = Regex::new(r"20\d\d[年./-]\d{1,2}[^。;]{0,12}(至|到|-|~|—|–)").expect("a pattern");
    let is_term = |text: &str| item.shown_by.contains(&Structure::Term) && term.is_match(text);
    let says = |text: &str| item.words.iter().flatten().any(|words| words.is_in(text)) || is_term(text);
    texts.iter().any(|text| says(text)) || says(&texts.concat())
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Every evidence folder among the fixtures; the complete organisation as written to `made`.
fn trees(made: &Path) -> Vec<PathBuf> {
    for document in complete::read(&fixtures().join("complete/tree")) {
        let path = made.join(&document.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, document.without(&[])).expect("a file");
    }
    let config = r#"{ "level": 1, "audit": "surveillance", "period": { "from": "2025-01-01", "to": "2025-12-31" } }"#;
    fs::write(made.join("evlint.json"), config).expect("a file");
    let mut trees = vec![made.to_path_buf(), fixtures().join("example")];
    trees.extend(
        subfolders(&fixtures().join("organisations")).into_iter().map(|organisation| organisation.join("tree")),
    );
    let kinds = subfolders(&fixtures().join("kinds"));
    trees.extend(kinds.iter().flat_map(|kind| [kind.join("shows"), kind.join("near")]));
    trees
}

fn report(tree: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.arg("check").arg(tree).args(["--format", "json", "--as-of", AS_OF, "--no-ocr"]).stdin(Stdio::null());
    let output = command.output().expect("the binary runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|why| panic!("{}: {why}: {}", tree.display(), String::from_utf8_lossy(&output.stderr)))
}

/// What every file of a folder says where.
fn read(folder: &Path) -> BTreeMap<String, Places> {
    let extractor = Extractor::in_process(Options::default());
    let files = tree::walk(folder, &[]).expect("the tree").files;
    let sources =
        files.par_iter().flat_map_iter(|entry| extractor.read(&entry.path, tree::read(entry).expect("a fixture")));
    sources.filter_map(|source| Some((source.path.to_string(), document(&source)?))).collect()
}

/// Items of one folder that are shown, and those whose place does not hold their words.
fn wrong_places(pack: &Pack, folder: &Path) -> (usize, Vec<String>) {
    let (report, files) = (report(folder), read(folder));
    let mut wrong = Vec::new();
    let mut shown = 0;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for clause in list(&report["clauses"]) {
        for material in list(&clause["materials"]) {
            let id = material["id"].as_str().expect("an id").to_owned();
            let no = u32::try_from(clause["no"].as_u64().expect("a number")).expect("a clause");
            let of = MaterialRef { clause: no, material: id };
            let items = &pack.material(&of).expect("of the pack").items;
            for (item, found) in items.iter().zip(list(&material["items"])).filter(|(_, found)| found["shown"] == true)
            {
                shown += 1;
                let path = found["path"].as_str().expect("a path");
                let place = found["place"]["text"].as_str().expect("a place");
                let text = files.get(path).and_then(|places| places.get(place));
                if !text.is_some_and(|text| says(item, text)) {
                    let near: String =
                        text.map_or("nothing".to_owned(), |text| text.concat().chars().take(60).collect());
                    wrong.push(format!("{}: {of:?} {} at {path} {place}: {near}", folder.display(), item.name));
                }
            }
        }
    }
    (shown, wrong)
}

#[test]
fn the_words_of_an_item_stand_where_the_report_says() {
    let pack = rules::builtin().expect("the shipped pack");
    let made = tempfile::tempdir().expect("a folder");
    let found: Vec<(usize, Vec<String>)> =
        trees(made.path()).par_iter().map(|folder| wrong_places(&pack, folder)).collect();
    let shown: usize = found.iter().map(|(shown, _)| shown).sum();
    let wrong: Vec<String> = found.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(shown > 500, "only {shown} items");
    assert!(wrong.is_empty(), "{} of {shown} places:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_words_of_an_item_stand_where_a_voice_shows_it() {
    let pack = rules::builtin().expect("the shipped pack");
    let extractor = Extractor::in_process(Options::default());
    let files: Vec<PathBuf> = subfolders(&fixtures().join("voices"))
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()))
        .filter(|path| path.is_file())
        .collect();
    assert!(files.len() > 300, "only {} voices", files.len());
    let wrong: Vec<String> = files
        .par_iter()
        .flat_map_iter(|file| {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            let sources = extractor.read(&EvidencePath::new(name), fs::read(file).expect("a fixture"));
            let places = document(&sources[0]).expect("a document");
            let candidates = matching::examine(&pack, &[], &Word::default(), &sources[0]).candidates;
            let mut wrong = Vec::new();
            for candidate in candidates.iter().filter(|candidate| candidate.is_match()) {
                let items = &pack.material(&candidate.material).expect("of the pack").items;
                for (item, found) in items.iter().zip(&candidate.items) {
                    let Some((place, _)) = &found.shown else { continue };
                    let text = places.get(&spoken(place));
                    if !text.is_some_and(|text| says(item, text)) {
                        wrong.push(format!(
                            "{}: {:?} {} at {}",
                            file.display(),
                            candidate.material,
                            item.name,
                            spoken(place)
                        ));
                    }
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}
