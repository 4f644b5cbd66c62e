//! The page in a real browser: filters, keyboard, paper, phone, hostile names, and that nothing leaves.
//!
//! Needs node, Chromium and `npm ci` in `tests/page`, and passes over where one of them lacks;
//! `EVLINT_BROWSER=required` (CI) makes that a failure. `CHROMIUM` names a browser that is not on
//! the path. `cargo test --test page -- --ignored` holds the times against what is promised.

mod sample;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use evlint::model::assessment::FileResult;
use evlint::model::settings::Language;
use evlint::model::{Assessment, EvidencePath, FileFormat, Finding, Kind, Severity};
use evlint::report::{FORMATS, Style};
use jiff::ToSpan;
use jiff::civil::date;

use sample::{clean, sample};

#[test]
fn the_page_works_in_a_browser() {
    browse(&[]);
}

#[test]
#[ignore = "holds times against a promise: for a machine that does nothing else"]
fn the_page_opens_and_filters_in_the_promised_time() {
    browse(&["strict"]);
}

#[expect(clippy::print_stderr, reason = "says why it passes over, and the times")]
fn browse(mode: &[&str]) {
    let (browser, script) = match browser() {
        Ok(found) => found,
        Err(lacks) => {
            assert!(std::env::var_os("EVLINT_BROWSER").is_none_or(|value| value != "required"), "{lacks}");
            eprintln!("passed over: {lacks}");
            return;
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    write_pages(folder.path());
    let output = Command::new("node").arg(script).arg(folder.path()).arg(browser).args(mode).output();
    let output = output.expect("node was found");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprintln!("{said}");
    assert!(output.status.success(), "{said}");
}

/// The browser and the script that drives it, or what lacks.
fn browser() -> Result<(PathBuf, PathBuf), String> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page");
    on_path("node").ok_or("node is not installed")?;
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let known = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(on_path);
    let browser = named.or_else(known).ok_or("Chromium is not installed")?;
    for package in ["playwright-core", "axe-core"] {
        if !tests.join("node_modules").join(package).is_dir() {
            return Err(format!("{package} is not installed: `npm ci` in tests/page"));
        }
    }
    Ok((browser, tests.join("check.mjs")))
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| [folder.join(name), folder.join(format!("{name}.exe"))])
        .find(|file| file.is_file())
}

fn write_pages(folder: &Path) {
    write(&folder.join("sample.html"), &sample(), Language::Zh);
    write(&folder.join("sample-en.html"), &sample(), Language::En);
    write(&folder.join("clean.html"), &clean(), Language::Zh);
    write(&folder.join("hostile.html"), &hostile(), Language::Zh);
    write(&folder.join("files-300.html"), &many(300), Language::Zh);
    write(&folder.join("files-20000.html"), &many(20_000), Language::Zh);
    write(&folder.join("links.html"), &linked(folder), Language::Zh);
}

fn write(path: &Path, assessment: &Assessment, language: Language) {
    let format = FORMATS.iter().find(|format| format.name() == "html").expect("the page is a format");
    let evidence = "evidence/".to_owned();
    let style = Style { language, width: 80, color: false, graphics: true, links: false, evidence };
    let mut out = Vec::new();
    format.write(assessment, &style, &mut out).expect("a vector takes all");
    fs::write(path, out).expect("a file");
}

/// Names that would like to be markup, scripts, templates or directions.
const HOSTILE: &[&str] = &[
    "<script>window.pwned=1</script>",
    "\"><img src=x onerror=window.pwned=1>",
    "</script><script>window.pwned=1</script>",
    "'onmouseover='window.pwned=1",
    "javascript:window.pwned=1",
    "{{ 7 * 7 }}",
    "</style></title><!--",
    "a\u{202e}fdp.exe",
    "b\nc\u{2028}d",
    "../../etc/passwd",
];

/// The sample with such names everywhere.
fn hostile() -> Assessment {
    let mut assessment = sample();
    let all = HOSTILE.concat();
    let path = |path: &EvidencePath| EvidencePath::new(format!("{}/{}", path.as_str(), HOSTILE.join("-")));
    assessment.organization = Some(all.clone());
    assessment.pack_title.zh.clone_from(&all);
    for (project, name) in assessment.projects.iter_mut().zip(HOSTILE) {
        let old = std::mem::replace(&mut project.name, (*name).to_owned());
        for finding in assessment.findings.iter_mut().filter(|finding| finding.project.as_ref() == Some(&old)) {
            finding.project = Some((*name).to_owned());
        }
        for clause in &mut assessment.clauses {
            for material in clause.materials.iter_mut().filter(|material| material.project.as_ref() == Some(&old)) {
                material.project = Some((*name).to_owned());
            }
        }
    }
    for clause in &mut assessment.clauses {
        clause.clause.push_str(&all);
        for material in &mut clause.materials {
            material.name.zh.push_str(&all);
            material.files = material.files.iter().map(path).collect();
            for item in &mut material.items {
                item.item.push_str(&all);
                item.at = item.at.take().map(|(at, place)| (path(&at), place));
            }
        }
    }
    for finding in &mut assessment.findings {
        finding.path = finding.path.as_ref().map(path);
        finding.looked_at = finding.looked_at.iter().map(path).collect();
        if let Some(waived) = &mut finding.waived {
            waived.reason.clone_from(&all);
        }
        if let Kind::Placeholder { text } = &mut finding.kind {
            *text = Some(HOSTILE[0].to_owned());
        }
    }
    for file in &mut assessment.files {
        file.path = path(&file.path);
        file.title = Some(all.clone());
    }
    for row in &mut assessment.rectification {
        row.files = row.files.iter().map(path).collect();
    }
    assessment
}

/// The sample with so many files: a third serves inspection, some have findings.
fn many(count: usize) -> Assessment {
    let mut assessment = sample();
    let day = |n: usize| {
        let days = i64::try_from(n % 700).expect("a small number").days();
        date(2024, 6, 1).checked_add(days).expect("a day")
    };
    let template = assessment.files[0].clone();
    assessment.files = (0..count)
        .map(|n| FileResult {
            path: EvidencePath::new(format!("项目{:02}/{:02} 巡检/巡检记录{n:04}.docx", n % 40, n % 12)),
            format: if n % 5 == 0 { FileFormat::Pdf } else { FileFormat::Docx },
            date: Some(day(n)),
            matched: if n % 3 == 0 { vec!["29.inspection".parse().expect("a material")] } else { vec![] },
            ..template.clone()
        })
        .collect();
    let inspection = assessment.clauses.iter_mut().find(|clause| clause.no == 29).expect("a clause of the sample");
    let served = assessment.files.iter().filter(|file| !file.matched.is_empty());
    inspection.materials[0].files = served.map(|file| file.path.clone()).collect();
    let finding = |kind, path: &EvidencePath| Finding {
        kind,
        severity: Severity::Warning,
        clause: None,
        path: Some(path.clone()),
        ..assessment.findings[0].clone()
    };
    let mut found = Vec::new();
    for (n, file) in assessment.files.iter().enumerate().filter(|(_, file)| file.matched.is_empty()) {
        found.push(finding(Kind::UnmatchedFile, &file.path));
        if n % 10 == 1 {
            found.push(finding(Kind::Duplicate { of: template.path.clone() }, &file.path));
        }
    }
    assessment.findings.extend(found);
    assessment
}

/// Files that are there, under the names that are hardest to link to.
fn linked(folder: &Path) -> Assessment {
    let mut names = vec!["合同 1#.pdf", "100%.txt", "%25.txt", "a&b=c;d'e.txt", "é+ü.txt", "~x/[1]{2}.txt", "z?.txt"];
    if cfg!(unix) {
        names.extend(["<b>\"q\"</b>.txt", "c:d\\e.txt", "r\u{202e}l.txt", "n\nl.txt", " s .txt"]);
    } else {
        names.retain(|name| !name.contains('?'));
    }
    for name in &names {
        let path = folder.join("evidence").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "text").expect("a file");
    }
    fs::write(folder.join("links.json"), serde_json::to_string(&names).expect("JSON")).expect("a file");
    let mut assessment = clean();
    let template = sample().files.swap_remove(0);
    // As the walk names them: a `%` that would read as an escaped byte is escaped itself.
    let walked = |name: &str| EvidencePath::new(name.replace("%25", "%2525"));
    assessment.files = names.iter().map(|name| FileResult { path: walked(name), ..template.clone() }).collect();
    assessment
}
