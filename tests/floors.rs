//! The floor plan holds: a module uses only the floors below it, and every member of a registry is registered.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Modules of the library by floor; a module may use its own floor's neighbours only where listed.
const FLOORS: &[(&str, u8)] = &[
    ("model", 1),
    ("rules", 2),
    ("config", 2),
    ("tree", 3),
    ("extract", 4),
    ("matching", 5),
    ("assess", 6),
    ("wording", 7),
    ("location", 7),
    ("report", 7),
    ("form", 7),
    ("bundle", 7),
    ("starter", 7),
    ("baseline", 7),
    ("examiner", 7),
];

/// Neighbours on one floor that may lean on each other.
const NEIGHBOURS: &[(&str, &str)] = &[
    ("report", "wording"),
    ("report", "location"),
    ("form", "wording"),
    ("bundle", "wording"),
    ("bundle", "report"),
    ("bundle", "form"),
    ("starter", "wording"),
    ("starter", "bundle"),
    ("baseline", "wording"),
    ("config", "rules"),
];

/// Floors that never meet: DESIGN's «must not know».
const STRANGERS: &[(&str, &str)] = &[
    ("matching", "extract"),
    ("assess", "extract"),
    ("assess", "tree"),
    ("matching", "tree"),
    ("form", "tree"),
    ("bundle", "tree"),
    ("bundle", "extract"),
    ("starter", "tree"),
    ("starter", "extract"),
    ("form", "extract"),
    ("report", "tree"),
    ("report", "extract"),
    ("extract", "tree"),
    ("tree", "rules"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The module of the library that a file belongs to; None for `lib.rs` and the binary.
fn module(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("src").expect("sources are under src");
    let first = inside.components().next()?.as_os_str().to_str()?;
    let name = first.trim_end_matches(".rs");
    (!matches!(name, "lib" | "main" | "cli")).then(|| name.to_owned())
}

#[test]
fn a_module_uses_only_the_floors_below_it() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let arrow = Regex::new(r"crate::(?:\{([^}]*)\}|(\w+))").expect("a pattern of this test compiles");
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for path in sources(Path::new("src")) {
        let Some(from) = module(&path) else { continue };
        let own =
            *floors.get(from.as_str()).unwrap_or_else(|| panic!("{} is on no floor: add it to FLOORS", path.display()));
        let text = fs::read_to_string(&path).expect("a source is UTF-8");
        for captures in arrow.captures_iter(&text) {
            let names = captures.get(1).or_else(|| captures.get(2)).expect("one group matches").as_str();
            for to in names.split(',').map(|name| name.trim().split("::").next().unwrap_or_default()) {
                let Some(&floor) = floors.get(to) else { continue };
                arrows += 1;
                let neighbours = from == to || NEIGHBOURS.contains(&(from.as_str(), to));
                if (floor >= own && !neighbours) || STRANGERS.contains(&(from.as_str(), to)) {
                    wrong.push(format!("{}: {from} uses {to}", path.display()));
                }
            }
        }
    }
    assert!(arrows > 50, "the test must see the arrows it judges, and saw {arrows}");
    assert!(wrong.is_empty(), "arrows that go up:\n{}", wrong.join("\n"));
}

#[test]
fn the_binary_names_no_private_path_of_the_library() {
    for path in sources(Path::new("src/cli")) {
        let text = fs::read_to_string(&path).expect("a source is UTF-8");
        assert!(!text.contains("include!("), "{}", path.display());
    }
}

/// Every file that implements a registry's trait is listed in the registry.
#[test]
fn every_member_is_registered() {
    for (folder, of_trait) in [("src/extract", "Reader"), ("src/assess", "Check"), ("src/report", "Format")] {
        let registry = fs::read_to_string(Path::new(folder).join("mod.rs")).expect("a registry has a mod.rs");
        let member =
            Regex::new(&format!(r"impl (?:\w+::)*{of_trait} for (\w+)")).expect("a pattern of this test compiles");
        let mut members = 0;
        for path in sources(Path::new(folder)) {
            let text = fs::read_to_string(&path).expect("a source is UTF-8");
            for captures in member.captures_iter(&text) {
                let name = &captures[1];
                let listed = Regex::new(&format!(r"&(?:\w+::)*{name}\b")).expect("a pattern of this test compiles");
                assert!(
                    listed.is_match(&registry),
                    "{} implements {of_trait} and is not listed in {folder}/mod.rs",
                    path.display()
                );
                members += 1;
            }
        }
        assert!(members >= 2, "{folder} has {members} members: the test looks in the wrong place");
    }
}
