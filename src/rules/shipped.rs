//! The pack we ship, held against the standard and against the schemas that ship with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::*;
use crate::model::pack::{Material, Need, Scope};

/// The copy of the standard that the project keeps.
#[derive(Deserialize)]
struct Standard {
    form: String,
    header: Vec<String>,
    columns: Vec<String>,
    level_prefix: BTreeMap<String, String>,
    surveillance_suffix: String,
    conclusion: String,
    pledge: String,
    rectification: Vec<Row>,
    clauses: Vec<Clause>,
}

#[derive(Deserialize)]
struct Row {
    no: u32,
    title: String,
    entry_rows: Vec<u32>,
}

#[derive(Deserialize)]
struct Clause {
    no: u32,
    stage: String,
    levels: Vec<u8>,
    surveillance_only: bool,
    #[serde(rename = "clause")]
    text: String,
    materials: String,
    required: Vec<Required>,
}

#[derive(Deserialize)]
struct Required {
    id: String,
    name: String,
    scope: Scope,
    cite: String,
    #[serde(default)]
    all_of: Vec<String>,
    #[serde(default)]
    any_of: Vec<String>,
    #[serde(default)]
    when_suitable: Vec<String>,
    #[serde(default)]
    columns: Vec<String>,
    #[serde(default)]
    approval: bool,
    periodic: Option<String>,
}

fn standard() -> Standard {
    let text = fs::read_to_string("fixtures/standard/clauses.json").expect("the standard is kept with the project");
    serde_json::from_str(&text).expect("the standard is as we know it")
}

fn shipped() -> Pack {
    builtin().map_err(miette::Report::new).expect("the pack we ship is valid")
}

#[test]
fn the_form_is_the_standards_word_for_word() {
    let (standard, pack) = (standard(), shipped());
    assert_eq!(pack.form.title, standard.form);
    assert_eq!(
        pack.form.header.iter().map(|field| &field.label).collect::<Vec<_>>(),
        standard.header.iter().collect::<Vec<_>>()
    );
    assert_eq!(
        pack.form.columns.iter().map(|column| &column.label).collect::<Vec<_>>(),
        standard.columns.iter().collect::<Vec<_>>()
    );
    assert!(pack.form.header.iter().all(|field| field.holds.is_some()), "each field is filled");
    assert!(pack.form.columns.iter().all(|column| column.holds.is_some()), "each column is filled");
    assert_eq!(pack.form.conclusion, standard.conclusion);
    assert_eq!(pack.form.pledge, standard.pledge);
    assert_eq!(pack.form.audit_suffixes[0].text, standard.surveillance_suffix);
    for (levels, text) in &standard.level_prefix {
        let ours = pack.form.level_prefixes.iter().find(|prefix| prefix.levels.join(",") == *levels);
        assert_eq!(ours.map_or("", |prefix| &prefix.text), text, "{levels}");
    }
    let rows = |no: u32| pack.rectification.iter().find(|row| row.no == no).expect("each row");
    for row in &standard.rectification {
        assert_eq!((&rows(row.no).title.zh, &rows(row.no).entry_rows), (&row.title, &row.entry_rows));
    }
    assert_eq!(pack.rectification.len(), standard.rectification.len());
    let mut stages: Vec<&str> = standard.clauses.iter().map(|clause| clause.stage.as_str()).collect();
    stages.dedup();
    assert_eq!(pack.stages.iter().map(|stage| stage.name.zh.as_str()).collect::<Vec<_>>(), stages);
}

#[test]
fn every_clause_is_the_standards_word_for_word() {
    let (standard, pack) = (standard(), shipped());
    let numbers = |of: &mut dyn Iterator<Item = u32>| of.collect::<Vec<_>>();
    assert_eq!(
        numbers(&mut pack.clauses.iter().map(|clause| clause.no)),
        numbers(&mut standard.clauses.iter().map(|clause| clause.no))
    );
    for (ours, theirs) in pack.clauses.iter().zip(&standard.clauses) {
        let no = theirs.no;
        assert_eq!(ours.clause, theirs.text, "{no}");
        assert_eq!(ours.evidence, theirs.materials, "{no}");
        assert_eq!(pack.stages[ours.stage].name.zh, theirs.stage, "{no}");
        assert_eq!(ours.levels, theirs.levels.iter().map(u8::to_string).collect::<Vec<_>>(), "{no}");
        let audits: &[&str] = if theirs.surveillance_only { &["surveillance"] } else { &["initial", "surveillance"] };
        assert_eq!(ours.audits, audits, "{no}");
        let (mut ids, mut required): (Vec<&str>, Vec<&str>) = (
            ours.materials.iter().map(|material| material.id.as_str()).collect(),
            theirs.required.iter().map(|required| required.id.as_str()).collect(),
        );
        ids.sort_unstable();
        required.sort_unstable();
        assert_eq!(ids, required, "{no}");
        for required in &theirs.required {
            let material = ours.materials.iter().find(|material| material.id == required.id).expect("ids agree");
            same_material(material, required, no);
        }
    }
}

fn same_material(ours: &Material, theirs: &Required, no: u32) {
    let at = format!("{no}.{}", theirs.id);
    assert_eq!(ours.name.zh, theirs.name, "{at}");
    assert_eq!(ours.scope, theirs.scope, "{at}");
    assert_eq!(ours.cite, theirs.cite, "{at}");
    assert_eq!(ours.approval, theirs.approval, "{at}: approval");
    assert_eq!(ours.series, theirs.periodic.is_some(), "{at}: series");
    let sorted = |mut names: Vec<String>| {
        names.sort_unstable();
        names
    };
    let names = |need: Need| {
        let items = ours.items.iter().filter(|item| item.need == need);
        sorted(items.map(|item| item.name.clone()).collect())
    };
    // The columns that the standard lists are contents as well.
    let all = sorted(theirs.all_of.iter().chain(&theirs.columns).cloned().collect());
    assert_eq!(names(Need::All), all, "{at}: items of need `all`");
    assert_eq!(names(Need::Any), sorted(theirs.any_of.clone()), "{at}: items of need `any`");
    assert_eq!(names(Need::Suitable), sorted(theirs.when_suitable.clone()), "{at}: items of need `suitable`");
}

/// Every JSON file of a pack's folder, and whether it is its `pack.json`.
fn files(dir: &str) -> Vec<(PathBuf, bool)> {
    let entries = fs::read_dir(dir).expect(dir).map(|entry| entry.expect(dir).path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), path.ends_with(COMMON))).collect()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

#[test]
fn packs_keep_to_the_schemas_that_ship_with_them() {
    let schema = |name: &str| jsonschema::draft202012::new(&json(&Path::new("rules").join(name))).expect(name);
    let (pack, clause) = (schema("pack.schema.json"), schema("clause.schema.json"));
    for (path, common) in [files("rules/ccrc-om"), files("fixtures/rules/small")].concat() {
        let wrong: Vec<String> = if common { &pack } else { &clause }
            .iter_errors(&json(&path))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(wrong, Vec::<String>::new(), "{}", path.display());
    }
}

/// A schema that takes anything would pass the test above.
#[test]
fn the_schemas_refuse_what_the_reader_refuses() {
    let schema = jsonschema::draft202012::new(&json(Path::new("rules/clause.schema.json"))).expect("a schema");
    let good = json(Path::new("fixtures/rules/small/2-contract.json"));
    assert!(schema.is_valid(&good));
    for (pointer, value) in [
        ("/no", Value::from("2")),
        ("/levels", Value::from(Vec::<Value>::new())),
        ("/materials/0/scope", Value::from("projekt")),
        ("/materials/0/titles", Value::from("合同")),
        ("/materials/0/items/0/words/0", Value::from(1)),
        ("/materials/0/items/0/need", Value::from("always")),
        ("/materials/0/items/0/shown_by", Value::from(Vec::<Value>::new())),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect(pointer) = value;
        assert!(!schema.is_valid(&bad), "{pointer}");
    }
    let mut unknown = good;
    unknown["titel"] = Value::from(1);
    assert!(!schema.is_valid(&unknown));
}

/// The binary takes its own packs as checked: this is where they are.
#[test]
fn the_packs_of_the_binary_are_checked_here() {
    for name in builtin_names() {
        let pack = load(&Path::new("rules").join(name)).map_err(miette::Report::new).expect(name);
        let built_in = builtin_named(name).map_err(miette::Report::new).expect(name);
        assert_eq!(format!("{pack:?}"), format!("{built_in:?}"), "{name}");
    }
}

#[test]
fn the_binary_carries_every_file_of_a_pack() {
    for name in builtin_names() {
        let carried = BUILT_IN.get_dir(name).expect(name).files().count();
        assert_eq!(carried, fs::read_dir(Path::new("rules").join(name)).expect(name).count(), "{name}");
    }
}
