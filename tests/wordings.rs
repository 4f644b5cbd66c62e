//! How people who never saw the rules word things: fragments that show an item, or do not; titles and
//! chapters; whole documents. The rules understand most of them, and go on doing so.
//!
//! `fixtures/wordings/<clause>.jsonl`, a line each, `material` and one of
//! - `item` and `text`: a fragment that shows it, or that does not, for the reason that `not` gives;
//! - `title`, `chapter`: what such a document or chapter is called; a title with `not` is another's;
//! - `document` and `text`: a file of that name; with `lacks`, an item that it does not show.
//!
//! A fragment that is not understood is no bug by itself: languages are large. The floors say how many are,
//! and a change of the rules may only raise them. `WORDINGS=14 cargo test --test wordings` fails with
//! what is not understood of a clause.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use evlint::extract::{Extractor, Options};
use evlint::matching::{self, Candidate, Facts, Signal, Strength, Word};
use evlint::model::pack::{Material, Need};
use evlint::model::{EvidencePath, MaterialRef, Pack};
use evlint::rules;
use rayon::prelude::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    material: String,
    item: Option<String>,
    title: Option<String>,
    chapter: Option<String>,
    document: Option<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    lacks: Vec<String>,
    not: Option<String>,
}

/// What is asked of a wording, and the least share of each that is answered right, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ask {
    ShownItem,
    ItemNotShown,
    Title,
    OtherTitle,
    Chapter,
    Document,
    OtherDocument,
    LackingDocument,
}

const FLOORS: [(Ask, usize); 8] = [
    (Ask::ShownItem, 96),
    (Ask::ItemNotShown, 83),
    (Ask::Title, 88),
    (Ask::OtherTitle, 98),
    (Ask::Chapter, 60),
    (Ask::Document, 88),
    (Ask::OtherDocument, 95),
    (Ask::LackingDocument, 85),
];

fn examine(pack: &Pack, name: &str, text: &str, told: &[MaterialRef]) -> Facts {
    let path = EvidencePath::new(name);
    let sources = Extractor::in_process(Options::default()).read(&path, text.as_bytes().to_vec());
    let word = Word { told: told.to_vec(), confirmed: Vec::new() };
    matching::examine(pack, &[], &word, sources.first().expect("the file itself"))
}

fn of<'f>(facts: &'f Facts, material: &MaterialRef) -> Option<&'f Candidate> {
    facts.candidates.iter().find(|candidate| candidate.material == *material)
}

fn is_shown(material: &Material, candidate: &Candidate, item: &str) -> bool {
    let at = material.items.iter().position(|known| known.name == item);
    at.and_then(|at| candidate.items.get(at)).is_some_and(|found| found.shown.is_some())
}

/// Every item that is asked for, and one of those that may stand for each other.
fn is_whole(material: &Material, candidate: &Candidate) -> bool {
    let shown = |need: Need| {
        let of = material.items.iter().zip(&candidate.items).filter(move |(item, _)| item.need == need);
        of.map(|(_, found)| found.shown.is_some()).collect::<Vec<_>>()
    };
    let any = shown(Need::Any);
    shown(Need::All).iter().all(|shown| *shown) && (any.is_empty() || any.contains(&true))
}

/// What the wording asks, and whether it is answered right.
fn answer(pack: &Pack, of_clause: u32, wording: &Wording) -> (Ask, bool) {
    let of_it = MaterialRef { clause: of_clause, material: wording.material.clone() };
    let material = pack.material(&of_it).unwrap_or_else(|| panic!("{of_clause}.{}: no such material", of_it.material));
    let other = wording.not.is_some();
    if let Some(title) = &wording.title {
        let text = format!(
            "# {title}\n\n项目：甲项目　2025年度\n\n本文件由项目组编写，经部门负责人审核。\n\n各项内容见以下各页，按年度归档保存。\n"
        );
        let facts = examine(pack, "0001.md", &text, &[]);
        let is_title = |signal: &Signal| matches!(signal, Signal::Title { .. } | Signal::TopLine { .. });
        let seen = of(&facts, &of_it)
            .is_some_and(|candidate| candidate.strength != Strength::Refused && candidate.signals.iter().any(is_title));
        return if other { (Ask::OtherTitle, !seen) } else { (Ask::Title, seen) };
    }
    if let Some(chapter) = &wording.chapter {
        let text = format!(
            "# 甲项目运维工作情况\n\n## 一、概况\n\n本年度服务按合同开展，项目组三人，各项工作正常。\n\n{chapter}\n\n## 其他\n\n无其他需要说明的情况。\n"
        );
        let facts = examine(pack, "0001.md", &text, &[]);
        return (Ask::Chapter, of(&facts, &of_it).is_some_and(Candidate::is_match));
    }
    if let Some(name) = &wording.document {
        let facts = examine(pack, name, &wording.text, &[]);
        let taken = of(&facts, &of_it).filter(|candidate| candidate.is_match() || facts.does_as(candidate));
        if !wording.lacks.is_empty() {
            let shows = |candidate: &Candidate| wording.lacks.iter().any(|item| is_shown(material, candidate, item));
            return (Ask::LackingDocument, !taken.is_some_and(shows));
        }
        let whole = taken.is_some_and(|candidate| is_whole(material, candidate));
        return if other { (Ask::OtherDocument, !whole) } else { (Ask::Document, whole) };
    }
    let item = wording.item.as_deref().expect("an item, a title, a chapter or a document");
    assert!(material.items.iter().any(|known| known.name == item), "{}: no item {item}", material.id);
    let text = format!("# {}\n\n{}\n\n## 其他\n\n此处略。\n", material.name.zh, wording.text);
    let facts = examine(pack, "0001.md", &text, std::slice::from_ref(&of_it));
    let shown = of(&facts, &of_it).is_some_and(|candidate| is_shown(material, candidate, item));
    if other { (Ask::ItemNotShown, !shown) } else { (Ask::ShownItem, shown) }
}

#[test]
fn most_wordings_are_understood() {
    let pack = rules::builtin().expect("the shipped pack");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wordings");
    let mut wordings: Vec<(u32, Wording)> = Vec::new();
    for entry in fs::read_dir(&folder).expect("the wordings") {
        let path = entry.expect("an entry").path();
        let clause = path.file_stem().and_then(|stem| stem.to_string_lossy().parse().ok()).expect("a clause's number");
        for (at, line) in fs::read_to_string(&path).expect("UTF-8").lines().enumerate() {
            let wording =
                serde_json::from_str(line).unwrap_or_else(|why| panic!("{}:{}: {why}", path.display(), at + 1));
            wordings.push((clause, wording));
        }
    }
    let asked: Vec<(Ask, bool)> =
        wordings.par_iter().map(|(clause, wording)| answer(&pack, *clause, wording)).collect();
    if let Some(clause) = std::env::var("WORDINGS").ok().and_then(|clause| clause.parse::<u32>().ok()) {
        let wrong = wordings.iter().zip(&asked).filter(|((of, _), (_, right))| *of == clause && !right);
        let wrong: Vec<String> = wrong.map(|((_, wording), (ask, _))| format!("{ask:?}: {wording:?}")).collect();
        assert!(wrong.is_empty(), "clause {clause}: {}\n{}", wrong.len(), wrong.join("\n"));
    }
    let mut counts: BTreeMap<Ask, (usize, usize)> = BTreeMap::new();
    for (ask, right) in asked {
        let count = counts.entry(ask).or_default();
        count.0 += usize::from(right);
        count.1 += 1;
    }
    for (ask, floor) in FLOORS {
        let (right, all) = counts.get(&ask).copied().unwrap_or_default();
        assert!(all > 20, "{ask:?}: only {all}");
        assert!(right * 100 >= all * floor, "{ask:?}: {right} of {all} right, the floor is {floor} %");
    }
}
