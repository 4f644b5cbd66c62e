//! A complete organisation has no gap; whatever one takes out of it makes exactly the gaps of what
//! nothing else in the folder shows.
//!
//! `fixtures/complete` says in its marks what each document is and which of its parts shows what.
//! From the marks alone follows what must be found when a document, an item, a period or an
//! approval is gone.

mod complete;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use complete::{Cut, Document, Mark, Part, as_draft, read};
use evlint::assess::{self, assess};
use evlint::extract::{Extractor, Options};
use evlint::matching::{self, Facts, Word};
use evlint::model::pack::{Clause, DocumentKind, Item, Material, Need};
use evlint::model::settings::{PriorFinding, Project};
use evlint::model::time::Span;
use evlint::model::{EvidencePath, Pack, Settings, Severity};
use evlint::rules;
use jiff::civil::date;
use rayon::prelude::*;

/// Level and audit of each organisation; one of level 3 shows only what level 3 asks for.
const AUDITS: [(&str, &str); 3] = [("1", "surveillance"), ("2", "surveillance"), ("3", "initial")];

/// Code, material and item (of missing content and periods) of a gap.
type Gap = (String, String, String);

/// What is taken out: of each document, by its index, the parts; or all of it; or its text is another.
#[derive(Debug, Clone, Default)]
struct Removal {
    name: String,
    parts: BTreeMap<usize, Vec<Cut>>,
    whole: BTreeSet<usize>,
    other: BTreeMap<usize, String>,
    /// Gaps besides those that follow from what is gone.
    unapproved: Option<String>,
}

struct Organisation {
    pack: Pack,
    settings: Settings,
    documents: Vec<Document>,
    facts: Vec<Vec<Facts>>,
}

impl Organisation {
    fn new(level: &str, audit: &str, all: &[Document]) -> Self {
        let pack = rules::builtin().expect("the shipped pack");
        let settings = settings(level, audit);
        let mut organisation = Self { pack, settings, documents: Vec::new(), facts: Vec::new() };
        let asked: BTreeSet<String> =
            organisation.materials().map(|(clause, material)| name(clause, material)).collect();
        let prior = audit == "surveillance";
        let serves = |document: &&Document| {
            if document.answers().is_some() { prior } else { asked.contains(&document.is[0]) }
        };
        organisation.documents = all.iter().filter(serves).cloned().collect();
        organisation.facts = (0..organisation.documents.len())
            .into_par_iter()
            .map(|at| organisation.examine(at, &organisation.documents[at].without(&[])))
            .collect();
        organisation
    }

    fn examine(&self, at: usize, text: &str) -> Vec<Facts> {
        let path = EvidencePath::new(self.documents[at].path.clone());
        let names = assess::names(&self.settings);
        let sources = Extractor::in_process(Options::default()).read(&path, text.as_bytes().to_vec());
        sources.iter().map(|source| matching::examine(&self.pack, &names, &Word::default(), source)).collect()
    }

    /// Of the clauses that apply.
    fn materials(&self) -> impl Iterator<Item = (&Clause, &Material)> {
        let applies = |clause: &&Clause| clause.applies(&self.settings.level, &self.settings.audit);
        self.pack
            .clauses
            .iter()
            .filter(applies)
            .flat_map(|clause| clause.materials.iter().map(move |one| (clause, one)))
    }

    /// What the program finds with this taken out.
    fn found(&self, removal: &Removal) -> BTreeSet<Gap> {
        let kept = (0..self.documents.len()).filter(|at| !removal.whole.contains(at));
        let facts: Vec<Facts> = kept
            .flat_map(|at| match (removal.other.get(&at), removal.parts.get(&at)) {
                (Some(text), _) => self.examine(at, text),
                (None, Some(cuts)) => self.examine(at, &self.documents[at].without(cuts)),
                (None, None) => self.facts[at].clone(),
            })
            .collect();
        let assessment = assess(&self.pack, &self.settings, &facts.iter().collect::<Vec<_>>(), "");
        let about = assessment.findings.iter().filter(|finding| finding.severity > Severity::Note);
        about
            .filter(|finding| finding.kind.code() != "unsigned" || removal.other.is_empty())
            .map(|finding| {
                let code = finding.kind.code();
                let clause = finding.clause.map(|clause| format!("{clause}.")).unwrap_or_default();
                let of = finding.material.clone().or_else(|| finding.path.as_ref().map(ToString::to_string));
                let item =
                    if code == "missing-content" || code == "missing-period" { finding.kind.item() } else { None };
                (code.to_owned(), clause + &of.unwrap_or_default(), item.unwrap_or_default().to_owned())
            })
            .collect()
    }

    /// What follows from the marks.
    fn expected(&self, removal: &Removal) -> BTreeSet<Gap> {
        let mut gaps = BTreeSet::new();
        for (clause, material) in self.materials() {
            self.lacking(clause, material, removal, &mut gaps);
        }
        for row in &self.pack.rectification {
            let answered = |at: &usize| self.documents[*at].answers().is_some_and(|(kind, _)| kind == row.kind);
            for at in (0..self.documents.len()).filter(answered).filter(|at| removal.whole.contains(at)) {
                let id = self.documents[at].answers().map(|(_, id)| id).unwrap_or_default();
                gaps.insert(("missing-material".to_owned(), format!("{}.{id}", row.no), String::new()));
            }
        }
        gaps.extend(removal.unapproved.iter().map(|of| ("unapproved".to_owned(), of.clone(), String::new())));
        gaps
    }

    fn lacking(&self, clause: &Clause, material: &Material, removal: &Removal, gaps: &mut BTreeSet<Gap>) {
        let of = name(clause, material);
        let mut gap = |code: &str, item: &str| {
            gaps.insert((code.to_owned(), of.clone(), item.to_owned()));
        };
        let there: Vec<usize> = self.of(&of).filter(|at| !removal.whole.contains(at)).collect();
        if there.is_empty() {
            let others = material.shown_by.iter().map(|other| format!("{}.{}", other.clause, other.material));
            if !others.into_iter().any(|other| self.of(&other).any(|at| !removal.whole.contains(&at))) {
                gap("missing-material", "");
            }
            return;
        }
        let shows = |item: &Item| {
            let mark = Mark::Item(of.clone(), item.name.clone());
            let whole = |at: &usize| self.documents[*at].shows.contains(&mark);
            there.iter().any(|at| whole(at) || self.parts(*at, removal).any(|part| part.marks.contains(&mark)))
        };
        for item in material.items.iter().filter(|item| item.need == Need::All && !shows(item)) {
            if material.approval && item.approval {
                gap("unapproved", "");
            } else {
                gap("missing-content", &item.name);
            }
        }
        let mut any = material.items.iter().filter(|item| item.need == Need::Any).peekable();
        if let Some(first) = any.peek().map(|item| item.name.clone())
            && !any.any(shows)
        {
            gap("missing-content", &first);
        }
        let of_all = Removal::default();
        let lost = self.periods(&of, &of_all);
        let left = self.periods(&of, removal);
        for period in lost.difference(&left).filter(|_| material.series) {
            gap("missing-period", period);
        }
    }

    /// Periods that the documents of a material mark.
    fn periods(&self, of: &str, removal: &Removal) -> BTreeSet<String> {
        let there = self.of(of).filter(|at| !removal.whole.contains(at));
        there
            .flat_map(|at| {
                let rows = self.parts(at, removal).flat_map(|part| part.marks.iter()).filter_map(|mark| match mark {
                    Mark::Period(period) => Some(period.clone()),
                    _ => None,
                });
                rows.chain(self.documents[at].period.clone()).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Documents that are this material.
    fn of(&self, material: &str) -> impl Iterator<Item = usize> {
        (0..self.documents.len()).filter(move |at| self.documents[*at].is.iter().any(|is| is == material))
    }

    /// Parts that are left.
    fn parts(&self, at: usize, removal: &Removal) -> impl Iterator<Item = &Part> {
        let cuts = removal.parts.get(&at).map_or(&[][..], Vec::as_slice);
        self.documents[at].parts.iter().filter(move |part| !Document::is_cut(part, cuts))
    }

    /// Every part with such a mark, in all documents.
    fn cuts(&self, wanted: impl Fn(usize, &Mark) -> bool) -> BTreeMap<usize, Vec<Cut>> {
        let mut cuts: BTreeMap<usize, Vec<Cut>> = BTreeMap::new();
        for (at, document) in self.documents.iter().enumerate() {
            for part in document.parts.iter().filter(|part| part.marks.iter().any(|mark| wanted(at, mark))) {
                cuts.entry(at).or_default().push(part.cut.clone());
            }
        }
        cuts
    }

    fn removals(&self) -> Vec<Removal> {
        let mut removals = self.documents_gone();
        for (clause, material) in self.materials() {
            let of = name(clause, material);
            for item in &material.items {
                let mark = Mark::Item(of.clone(), item.name.clone());
                let parts = self.cuts(|_, other| *other == mark);
                removals.push(Removal { name: format!("{of} without {}", item.name), parts, ..Removal::default() });
            }
            for period in self.periods(&of, &Removal::default()) {
                let own: BTreeSet<usize> = self.of(&of).collect();
                let parts = self.cuts(|at, mark| own.contains(&at) && *mark == Mark::Period(period.clone()));
                let whole =
                    own.iter().copied().filter(|at| self.documents[*at].period.as_ref() == Some(&period)).collect();
                removals.push(Removal { name: format!("{of} without {period}"), parts, whole, ..Removal::default() });
            }
        }
        removals.extend(self.unsigned());
        removals
    }

    fn documents_gone(&self) -> Vec<Removal> {
        let whole = |at: usize| BTreeSet::from([at]);
        let one = (0..self.documents.len()).map(|at| Removal {
            name: format!("no {}", self.documents[at].path),
            whole: whole(at),
            ..Removal::default()
        });
        // A series has many documents, and another material's document may show this one too.
        let all = self.materials().map(|(clause, material)| {
            let of = name(clause, material);
            Removal { name: format!("no {of} at all"), whole: self.of(&of).collect(), ..Removal::default() }
        });
        one.chain(all).collect()
    }

    /// A draft that nobody signed, of each document that somebody signed; where the standard asks
    /// for approval, either is too little, and an agreement that nobody signed is none.
    fn unsigned(&self) -> Vec<Removal> {
        let signed = |document: &Document| document.parts.iter().any(|part| part.marks.contains(&Mark::Signature));
        let mut removals = Vec::new();
        for (at, document) in self.documents.iter().enumerate().filter(|(_, document)| signed(document)) {
            let of = document.is[0].clone();
            let any = |is: &dyn Fn(&Material) -> bool| {
                self.materials().any(|(clause, material)| is(material) && name(clause, material) == of)
            };
            let must = any(&|material| material.approval);
            let binds = any(&|material| material.recognise.kinds.contains(&DocumentKind::Agreement));
            let complete = document.without(&[]);
            for (name, text, gap) in [
                ("an unsigned draft", as_draft(&document.unsigned()), true),
                ("unsigned", document.unsigned(), must || binds),
                ("a draft", as_draft(&complete), must),
            ] {
                removals.push(Removal {
                    name: format!("{} {name}", document.path),
                    other: BTreeMap::from([(at, text)]),
                    unapproved: gap.then(|| of.clone()),
                    ..Removal::default()
                });
            }
        }
        removals
    }
}

impl Document {
    /// Kind and id of a finding of the last audit.
    fn answers(&self) -> Option<(&str, &str)> {
        match self.is.as_slice() {
            [kind, id] if !kind.contains('.') => Some((kind, id)),
            _ => None,
        }
    }
}

fn name(clause: &Clause, material: &Material) -> String {
    format!("{}.{}", clause.no, material.id)
}

fn settings(level: &str, audit: &str) -> Settings {
    let year = Some(Span { from: date(2025, 1, 1), to: date(2025, 12, 31) });
    let prior = |kind: &str, id: &str| PriorFinding { id: id.to_owned(), kind: kind.to_owned(), text: id.to_owned() };
    let asked = audit == "surveillance";
    let priors = [prior("observation", "GC-2024-01"), prior("nonconformity", "BF-2024-01")];
    Settings {
        level: level.to_owned(),
        audit: audit.to_owned(),
        period: year,
        as_of: date(2026, 1, 20),
        projects: vec![Project {
            name: "澄江市第二人民医院信息系统安全运维服务项目".to_owned(),
            paths: Vec::new(),
            customer: Some("澄江市第二人民医院".to_owned()),
            aliases: Vec::new(),
            contract: year,
        }],
        prior_findings: priors.into_iter().filter(|_| asked).collect(),
        ..Settings::default()
    }
}

fn organisations() -> Vec<Organisation> {
    let documents = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/complete/tree"));
    AUDITS.iter().map(|(level, audit)| Organisation::new(level, audit, &documents)).collect()
}

#[test]
fn the_complete_organisation_marks_all_that_is_asked() {
    for organisation in organisations() {
        let nothing = Removal::default();
        for (clause, material) in organisation.materials() {
            let of = name(clause, material);
            assert!(organisation.of(&of).next().is_some(), "{of}: no document");
            for item in material.items.iter().filter(|item| item.need == Need::All) {
                let mark = Mark::Item(of.clone(), item.name.clone());
                let whole = organisation.documents.iter().any(|document| document.shows.contains(&mark));
                let marked = whole || !organisation.cuts(|_, other| *other == mark).is_empty();
                assert!(marked, "{of}: {} is marked nowhere", item.name);
            }
            assert!(!material.series || organisation.periods(&of, &nothing).len() > 3, "{of}: no series");
        }
        assert_eq!(organisation.expected(&nothing), BTreeSet::new());
        assert_eq!(organisation.found(&nothing), BTreeSet::new(), "level {}", organisation.settings.level);
    }
}

#[test]
fn what_is_removed_is_missed_and_nothing_else() {
    let mut wrong = Vec::new();
    for organisation in organisations() {
        let (level, audit) = (&organisation.settings.level, &organisation.settings.audit);
        let removals = organisation.removals();
        assert!(removals.len() > 60, "{level}: only {}", removals.len());
        let failed: Vec<String> = removals
            .par_iter()
            .filter_map(|removal| {
                let (expected, found) = (organisation.expected(removal), organisation.found(removal));
                let told = |gaps: Vec<&Gap>| gaps.iter().map(|(a, b, c)| format!("{a} {b} {c}")).collect::<Vec<_>>();
                (expected != found).then(|| {
                    let unseen = told(expected.difference(&found).collect());
                    let false_ones = told(found.difference(&expected).collect());
                    format!("{level} {audit}: {}: not found {unseen:?}, found too {false_ones:?}", removal.name)
                })
            })
            .collect();
        wrong.extend(failed);
    }
    assert!(wrong.is_empty(), "{} removals:\n{}", wrong.len(), wrong.join("\n"));
}

/// Writers who each wrote one document of every material: an organisation each.
const VOICES: [&str; 4] = ["bank", "hospital", "iso", "secretary"];

/// One document of each material in the same voice, under the name of its material.
fn voice(pack: &Pack, name: &str) -> Vec<Facts> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/voices");
    let mut folders: Vec<_> = fs::read_dir(folder).expect("the voices").map(|entry| entry.expect("an entry")).collect();
    folders.sort_by_key(fs::DirEntry::file_name);
    let extractor = Extractor::in_process(Options::default());
    let file = |folder: &fs::DirEntry| {
        let extension =
            ["md", "csv"].into_iter().find(|extension| folder.path().join(format!("{name}.{extension}")).exists())?;
        let bytes = fs::read(folder.path().join(format!("{name}.{extension}"))).expect("a fixture");
        let path = EvidencePath::new(format!("{}.{extension}", folder.file_name().to_string_lossy()));
        extractor.read(&path, bytes).pop()
    };
    let sources: Vec<_> = folders.iter().filter_map(file).collect();
    sources.par_iter().map(|source| matching::examine(pack, &[], &Word::default(), source)).collect()
}

/// Gaps, with the item; and of each material the files that show it.
fn judged(pack: &Pack, facts: &[&Facts]) -> (BTreeSet<Gap>, BTreeMap<String, Vec<String>>) {
    let settings = Settings { projects: Vec::new(), prior_findings: Vec::new(), ..settings("1", "surveillance") };
    let assessment = assess(pack, &settings, facts, "");
    let gaps = assessment.findings.iter().filter(|finding| finding.severity > Severity::Note).filter_map(|finding| {
        let of = format!("{}.{}", finding.clause?, finding.material.as_ref()?);
        Some((finding.kind.code().to_owned(), of, finding.kind.item().unwrap_or_default().to_owned()))
    });
    let gaps = gaps.collect();
    let materials = assessment.clauses.iter().flat_map(|clause| {
        clause.materials.iter().map(|one| {
            let files = one.files.iter().map(ToString::to_string).collect();
            (format!("{}.{}", clause.no, one.id), files)
        })
    });
    (gaps, materials.collect())
}

/// The records of other materials show it too: nobody misses its own.
fn others_show(pack: &Pack, of: &str) -> bool {
    let of: evlint::model::MaterialRef = of.parse().expect("a material of the pack");
    pack.material(&of).is_some_and(|material| !material.shown_by.is_empty())
}

#[test]
fn a_voice_that_falls_silent_is_missed() {
    let pack = rules::builtin().expect("the shipped pack");
    let mut wrong = Vec::new();
    for name in VOICES {
        let facts = voice(&pack, name);
        assert!(facts.len() > 60, "{name}: only {} documents", facts.len());
        let (before, materials) = judged(&pack, &facts.iter().collect::<Vec<_>>());
        let missing = |gaps: &BTreeSet<Gap>| {
            gaps.iter().any(|(code, ..)| code == "missing-material" || code == "missing-content")
        };
        assert!(!missing(&before), "{name}: {before:?}");
        let told: Vec<String> = (0..facts.len())
            .into_par_iter()
            .flat_map_iter(|gone| {
                let path = facts[gone].path.to_string();
                let left: Vec<&Facts> =
                    facts.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, one)| one).collect();
                let (after, _) = judged(&pack, &left);
                let only: BTreeSet<&String> = materials
                    .iter()
                    .filter(|(of, files)| **files == [path.clone()] && !others_show(&pack, of))
                    .map(|(of, _)| of)
                    .collect();
                let partly = |of: &String| materials.get(of).is_some_and(|files| files.contains(&path));
                let gaps: Vec<&Gap> = after.difference(&before).collect();
                let found: BTreeSet<&String> =
                    gaps.iter().filter(|(code, ..)| code == "missing-material").map(|(_, of, _)| of).collect();
                let others = gaps
                    .iter()
                    .filter(|(code, of, _)| code != "missing-material" && !(partly(of) && code == "missing-content"));
                let others: Vec<String> = others.map(|(code, of, item)| format!("{code} {of} {item}")).collect();
                (found != only || !others.is_empty())
                    .then(|| format!("{name} without {path}: missing {found:?}, not {only:?}; besides {others:?}"))
            })
            .collect();
        wrong.extend(told);
    }
    assert!(wrong.is_empty(), "{} removals:\n{}", wrong.len(), wrong.join("\n"));
}
