//! Many people's ways of writing each material: short documents under meaningless names, which are
//! to be taken for it with all it must show; and near misses, which are not.
//!
//! `fixtures/voices/<clause>.<material>/<voice>` and `…/not/<near miss>`. One way to say a thing is
//! one file; a document that was not understood becomes one.

use std::fs;
use std::path::{Path, PathBuf};

use evlint::extract::{Extractor, Options};
use evlint::matching::{self, Candidate, Word};
use evlint::model::pack::Need;
use evlint::model::{EvidencePath, MaterialRef, Pack};
use evlint::rules;

const VOICES: &str = "fixtures/voices";

/// Candidates of a file whose name says nothing.
fn candidates(pack: &Pack, file: &Path) -> Vec<Candidate> {
    let extension = file.extension().expect("a known format").to_string_lossy();
    let path = EvidencePath::new(format!("0001.{extension}"));
    let bytes = fs::read(file).expect("a fixture");
    let sources = Extractor::in_process(Options::default()).read(&path, bytes);
    let source = sources.first().expect("the file itself");
    matching::examine(pack, &[], &Word::default(), source).candidates
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// `27.device-maintenance-record`.
fn material(folder: &Path) -> MaterialRef {
    let name = folder.file_name().expect("a name").to_string_lossy();
    let (clause, material) = name.split_once('.').expect("clause and material");
    MaterialRef { clause: clause.parse().expect("a number"), material: material.to_owned() }
}

/// The items that a material asks for and a candidate does not show.
fn lacking(pack: &Pack, candidate: &Candidate) -> Vec<String> {
    let items = &pack.material(&candidate.material).expect("a material of the pack").items;
    let asked = items.iter().zip(&candidate.items).filter(|(item, _)| item.need == Need::All);
    asked.filter(|(_, found)| found.shown.is_none()).map(|(item, _)| item.name.clone()).collect()
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(VOICES).expect("the voices").map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders
}

#[test]
fn every_voice_is_understood() {
    let pack = rules::builtin().expect("the shipped pack");
    let mut misunderstood = Vec::new();
    for folder in folders() {
        let of = material(&folder);
        assert!(pack.material(&of).is_some(), "{}: no such material", folder.display());
        for file in files(&folder) {
            let candidates = candidates(&pack, &file);
            match candidates.iter().find(|candidate| candidate.material == of && candidate.is_match()) {
                None => misunderstood.push(format!("{}: not taken", file.display())),
                Some(candidate) => {
                    let lacking = lacking(&pack, candidate);
                    if !lacking.is_empty() {
                        misunderstood.push(format!("{}: does not show {}", file.display(), lacking.join(", ")));
                    }
                }
            }
        }
    }
    assert!(misunderstood.is_empty(), "{} voices:\n{}", misunderstood.len(), misunderstood.join("\n"));
}

#[test]
fn near_misses_are_not_taken() {
    let pack = rules::builtin().expect("the shipped pack");
    let mut taken = Vec::new();
    for folder in folders() {
        let of = material(&folder);
        for file in files(&folder.join("not")) {
            let candidates = candidates(&pack, &file);
            let whole = |candidate: &&Candidate| {
                candidate.material == of && candidate.is_match() && lacking(&pack, candidate).is_empty()
            };
            if candidates.iter().any(|candidate| whole(&candidate)) {
                taken.push(file.display().to_string());
            }
        }
    }
    assert!(taken.is_empty(), "{} near misses:\n{}", taken.len(), taken.join("\n"));
}
