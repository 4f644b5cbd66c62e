//! A person's word in evlint.json: named evidence, waivers and confirmations, each with its near miss.

use std::fs;
use std::path::Path;

use evlint::extract::{Extractor, Options};
use evlint::model::settings::{Confirmation, Language, Waiver};
use evlint::model::{Assessment, EvidencePath, Finding, MaterialRef, Pack, Project, Settings, Severity, Span, Verdict};
use evlint::report::{FORMATS, Style};
use evlint::{rules, tree};
use jiff::civil::{Date, date};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A picture, as far as its first bytes say; nothing here reads it.
const SCAN: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR scan";
/// Shows both items of the agreement, and no word of it says that it is one.
const UNTITLED: &[u8] =
    "往来备忘\n保密范围：客户的全部技术资料与账号。\n保密期限：五年，自双方签署之日起。\n".as_bytes();
const HALF: &[u8] = "往来备忘\n保密范围：客户的全部技术资料与账号。\n双方各执一份，自签署之日起生效。\n".as_bytes();
const BLANK: &[u8] = " \n\n".as_bytes();
const LAST_DAY: Date = date(2026, 6, 30);

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, bytes).expect("a new file");
    }
    folder
}

/// The clauses of this test under what the shipped pack's clauses share.
fn pack() -> Pack {
    let folder = TempDir::new().expect("a temporary folder");
    let clauses = ["fixtures/word/1-nda.json", "fixtures/word/2-report.json", "fixtures/word/3-rules.json"];
    for file in clauses.into_iter().chain(["rules/ccrc-om/pack.json"]) {
        let file = Path::new(file);
        fs::copy(file, folder.path().join(file.file_name().expect("a name"))).expect("a copy");
    }
    rules::load(folder.path()).expect("the pack of this test")
}

fn check(folder: &TempDir, settings: &Settings) -> Assessment {
    let pack = pack();
    let tree = tree::walk(folder.path(), &[]).expect("the folder of this test");
    evlint::check(&pack, settings, &tree, &Extractor::in_process(Options::default()), "evidence", &|| ())
}

fn settings() -> Settings {
    let project = |name: &str| Project {
        name: name.into(),
        paths: vec![name.into()],
        customer: None,
        aliases: vec![],
        contract: None,
    };
    Settings {
        level: "1".into(),
        audit: "initial".into(),
        period: Some(Span { from: date(2025, 1, 1), to: date(2025, 12, 31) }),
        as_of: date(2026, 3, 1),
        projects: vec![project("甲"), project("乙")],
        ..Settings::default()
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

fn material(name: &str) -> MaterialRef {
    name.parse().expect(name)
}

fn confirmation(path: &str, seen: &[u8], of: &str) -> Confirmation {
    Confirmation {
        path: EvidencePath::new(path),
        sha256: sha256(seen),
        material: material(of),
        by: "王某".into(),
        on: date(2026, 2, 1),
        note: None,
    }
}

/// Status of a material in a project, as the JSON report says it.
fn status(assessment: &Assessment, of: &str, project: &str) -> String {
    let of = material(of);
    let clause = assessment.clauses.iter().find(|clause| clause.no == of.clause).expect("a clause of the pack");
    let is_it =
        |found: &&evlint::model::MaterialResult| found.id == of.material && found.project.as_deref() == Some(project);
    format!("{:?}", clause.materials.iter().find(is_it).expect("a material of the pack").status)
}

/// Findings of this code, as `1.nda 甲`.
fn found(assessment: &Assessment, code: &str) -> Vec<String> {
    let about = |finding: &Finding| {
        let clause = finding.clause.map(|no| no.to_string());
        let material = clause.into_iter().chain(finding.material.clone()).collect::<Vec<_>>().join(".");
        let path = finding.path.as_ref().map(|path| path.as_str().to_owned());
        let item = Some(material).filter(|of| !of.is_empty()).or(finding.kind.item().map(str::to_owned));
        let words = [item, finding.project.clone(), path];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    assessment.findings.iter().filter(|finding| finding.kind.code() == code).map(about).collect()
}

#[test]
fn named_evidence_is_the_material() {
    let files: &[(&str, &[u8])] = &[
        ("甲/IMG_1.txt", UNTITLED),
        ("甲/半.txt", HALF),
        ("甲/IMG_2.png", SCAN),
        ("甲/空.txt", b""),
        ("甲/白.txt", BLANK),
        ("甲/别的/IMG_1.txt", UNTITLED),
    ];
    for (pattern, status_in_a, unmatched) in [
        ("甲/IMG_1.txt", "Satisfied", false),
        ("甲/*.txt", "Satisfied", false),
        ("甲/别的", "Satisfied", false),
        ("**/IMG_1.txt", "Satisfied", false),
        // Named, and still searched for its items.
        ("甲/半.txt", "Partial", false),
        // Named, and still unreadable.
        ("甲/IMG_2.png", "NeedsReview", false),
        // Named, and still nothing.
        ("甲/空.txt", "Missing", false),
        ("甲/白.txt", "Missing", false),
        // A path starts at the evidence folder.
        ("IMG_1.txt", "Missing", true),
        ("甲/IMG_3.txt", "Missing", true),
    ] {
        let folder = folder(files);
        let settings = Settings { evidence: vec![(material("1.nda"), vec![pattern.into()])], ..settings() };
        let assessment = check(&folder, &settings);
        assert_eq!(status(&assessment, "1.nda", "甲"), status_in_a, "{pattern}");
        // It lies in the other project's folder: nothing is said of this one.
        assert_eq!(status(&assessment, "1.nda", "乙"), "Missing", "{pattern}");
        assert_eq!(found(&assessment, "evidence-unmatched"), vec!["1.nda"; usize::from(unmatched)], "{pattern}");
    }
    let nobody_says = check(&folder(files), &settings());
    assert_eq!(status(&nobody_says, "1.nda", "甲"), "Missing");
}

#[test]
fn what_is_inside_named_evidence_is_judged_with_it() {
    let with_duty = [UNTITLED, "违约责任：泄密的一方赔偿全部损失。\n".as_bytes()].concat();
    for (content, expected) in [(&with_duty[..], "Satisfied"), (UNTITLED, "Partial")] {
        let folder = folder(&[("甲/IMG_1.txt", content)]);
        let settings = Settings { evidence: vec![(material("1.nda"), vec!["甲/IMG_1.txt".into()])], ..settings() };
        assert_eq!(status(&check(&folder, &settings), "1.duty", "甲"), expected);
    }
}

#[test]
fn a_waiver_accepts_what_it_names_up_to_its_last_day() {
    let waiver = |of: &str, project: Option<&str>| {
        let (clause, material) = of.split_once('.').map_or((of, None), |(clause, material)| (clause, Some(material)));
        Waiver {
            clause: clause.parse().expect(of),
            material: material.map(str::to_owned),
            project: project.map(str::to_owned),
            reason: "原件在客户处".into(),
            owner: "王某".into(),
            until: LAST_DAY,
        }
    };
    let before = date(2026, 6, 29);
    let after = date(2026, 7, 1);
    // A folder without a report; clause 2 asks for one of each project.
    for (of, project, as_of, in_a, in_b, verdict, warnings) in [
        ("2.report", None, before, "Waived", "Waived", Verdict::Waived, ""),
        ("2.report", None, LAST_DAY, "Waived", "Waived", Verdict::Waived, ""),
        ("2.report", None, after, "Missing", "Missing", Verdict::Unsatisfied, "waiver-lapsed 2.report"),
        ("2", None, LAST_DAY, "Waived", "Waived", Verdict::Waived, ""),
        ("2.report", Some("甲"), LAST_DAY, "Waived", "Missing", Verdict::Unsatisfied, ""),
        ("1.nda", Some("乙"), LAST_DAY, "Missing", "Missing", Verdict::Unsatisfied, "waiver-unused 1.nda 乙"),
        ("1.nda", Some("甲"), after, "Missing", "Missing", Verdict::Unsatisfied, "waiver-lapsed 1.nda 甲"),
    ] {
        let nda = "保密协议\n保密范围：客户的全部技术资料。\n保密期限：五年。\n违约责任：赔偿损失。\n";
        let folder = folder(&[("甲/保密协议.txt", nda.as_bytes()), ("乙/保密协议.txt", nda.as_bytes())]);
        let settings = Settings { waivers: vec![waiver(of, project)], as_of, ..settings() };
        let assessment = check(&folder, &settings);
        let case = format!("{of} {project:?} {as_of}");
        assert_eq!(status(&assessment, "2.report", "甲"), in_a, "{case}");
        assert_eq!(status(&assessment, "2.report", "乙"), in_b, "{case}");
        assert_eq!(assessment.clauses[0].verdict, Verdict::Satisfied, "{case}");
        assert_eq!(assessment.clauses[1].verdict, verdict, "{case}");
        let said: Vec<String> = ["waiver-lapsed", "waiver-unused"]
            .into_iter()
            .flat_map(|code| found(&assessment, code).into_iter().map(move |about| format!("{code} {about}")))
            .collect();
        assert_eq!(said.join(";"), warnings, "{case}");
        let missing = assessment
            .findings
            .iter()
            .filter(|finding| finding.kind.code() == "missing-material" && finding.clause == Some(2));
        let (accepted, open): (Vec<&Finding>, Vec<&Finding>) = missing.partition(|finding| finding.waived.is_some());
        assert_eq!(accepted.len() + open.len(), 2, "{case}: a waived finding stays listed");
        assert!(accepted.iter().all(|finding| finding.severity == Severity::Note), "{case}");
        assert!(open.iter().all(|finding| finding.severity == Severity::Error), "{case}");
        assert_eq!(accepted.len(), [in_a, in_b].iter().filter(|status| **status == "Waived").count(), "{case}");
    }
}

#[test]
fn of_two_waivers_the_longer_counts_and_none_is_unused() {
    let waiver = |material: Option<&str>, until| Waiver {
        clause: 2,
        material: material.map(str::to_owned),
        project: None,
        reason: "r".into(),
        owner: "o".into(),
        until,
    };
    let waivers = vec![waiver(None, date(2026, 4, 1)), waiver(Some("report"), LAST_DAY)];
    for (as_of, lapsed) in [(date(2026, 4, 1), 0), (date(2026, 4, 2), 1)] {
        let assessment =
            check(&folder(&[("甲/a.txt", HALF)]), &Settings { waivers: waivers.clone(), as_of, ..settings() });
        let untils: Vec<Date> = assessment.findings.iter().filter_map(|f| f.waived.as_ref()).map(|w| w.until).collect();
        assert_eq!(untils, [LAST_DAY, LAST_DAY], "{as_of}");
        assert_eq!(found(&assessment, "waiver-lapsed").len(), lapsed, "{as_of}");
        assert_eq!(found(&assessment, "waiver-unused"), [""; 0], "{as_of}");
    }
}

#[test]
fn a_waived_gap_says_so_in_every_format() {
    let waivers = vec![Waiver {
        clause: 2,
        material: None,
        project: None,
        reason: "客户不要报告".into(),
        owner: "王某".into(),
        until: LAST_DAY,
    }];
    let assessment = check(&folder(&[("甲/a.txt", HALF)]), &Settings { waivers, ..settings() });
    for format in FORMATS {
        let style = Style {
            language: Language::Zh,
            width: 100,
            color: false,
            graphics: true,
            links: false,
            evidence: String::new(),
        };
        let mut out = Vec::new();
        format.write(&assessment, &style, &mut out).expect("a vector takes all");
        let text = String::from_utf8_lossy(&out);
        for word in ["客户不要报告", "王某", "2026-06-30"] {
            assert!(text.contains(word), "{} does not say {word}", format.name());
        }
    }
}

#[test]
fn a_confirmation_holds_for_one_content_of_one_file() {
    let changed = [SCAN, b"."].concat();
    // The file now, and what of it was seen then.
    for (file, now, named, seen, of, expected, lost) in [
        ("甲/扫描.png", SCAN, "甲/扫描.png", SCAN, "1.nda", ("Satisfied", "Missing", "Missing"), false),
        ("甲/扫描.png", SCAN, "甲/扫描.png", SCAN, "2.report", ("Missing", "Satisfied", "Missing"), false),
        ("乙/扫描.png", SCAN, "乙/扫描.png", SCAN, "1.nda", ("Missing", "Missing", "Satisfied"), false),
        ("甲/扫描.png", &changed, "甲/扫描.png", SCAN, "1.nda", ("Missing", "Missing", "Missing"), true),
        ("甲/另存.png", SCAN, "甲/扫描.png", SCAN, "1.nda", ("Missing", "Missing", "Missing"), true),
        // Readable, and without the second item: a person has found it.
        ("甲/半.txt", HALF, "甲/半.txt", HALF, "1.nda", ("Satisfied", "Missing", "Missing"), false),
        ("甲/空.txt", b"", "甲/空.txt", b"", "1.nda", ("Missing", "Missing", "Missing"), false),
        // What a person has seen is still of its own time.
        ("甲/2023年.png", SCAN, "甲/2023年.png", SCAN, "2.report", ("Missing", "Partial", "Missing"), false),
        ("甲/2025年.png", SCAN, "甲/2025年.png", SCAN, "2.report", ("Missing", "Satisfied", "Missing"), false),
    ] {
        let confirmation = confirmation(named, seen, of);
        let settings = Settings { confirmations: vec![confirmation], ..settings() };
        let assessment = check(&folder(&[(file, now)]), &settings);
        let statuses = (
            status(&assessment, "1.nda", "甲"),
            status(&assessment, "2.report", "甲"),
            status(&assessment, "1.nda", "乙"),
        );
        let statuses = (statuses.0.as_str(), statuses.1.as_str(), statuses.2.as_str());
        assert_eq!(statuses, expected, "{file} {of}");
        let lost: Vec<String> = lost.then(|| format!("{of} {named}")).into_iter().collect();
        assert_eq!(found(&assessment, "confirmation-lost"), lost, "{file} {of}");
    }
}

#[test]
fn who_confirms_has_seen_the_approval() {
    let rules = "保密制度\n第一条 账号由专人保管，不得外借。\n第二条 资料用后归还，不得复制。\n批准人：\n批准日期：\n";
    for (named, expected) in [("甲/保密制度.txt", "Satisfied"), ("甲/别的.txt", "Partial")] {
        let confirmations = vec![confirmation(named, rules.as_bytes(), "3.rules")];
        let folder = folder(&[("甲/保密制度.txt", rules.as_bytes())]);
        let assessment = check(&folder, &Settings { confirmations, ..settings() });
        assert_eq!(status(&assessment, "3.rules", "甲"), expected, "{named}");
    }
    let scan = Settings { confirmations: vec![confirmation("甲/扫描.png", SCAN, "3.rules")], ..settings() };
    assert_eq!(status(&check(&folder(&[("甲/扫描.png", SCAN)]), &scan), "3.rules", "甲"), "Satisfied");
}
