//! Every format, in both languages, against golden files; `UPDATE=1 cargo test` rewrites them.

mod sample;

use std::fs;
use std::path::Path;

use evlint::model::Assessment;
use evlint::model::settings::Language;
use evlint::report::{FORMATS, Format, Style};
use evlint::wording::{Wording, codes, explain_kind};
use unicode_width::UnicodeWidthStr;

use sample::{clean, sample};

fn style() -> Style {
    Style { language: Language::Zh, width: 80, color: false, graphics: true, links: false, evidence: String::new() }
}

fn format(name: &str) -> &'static dyn Format {
    *FORMATS.iter().find(|format| format.name() == name).expect(name)
}

fn written(format: &dyn Format, assessment: &Assessment, style: &Style) -> String {
    let mut out = Vec::new();
    format.write(assessment, style, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("UTF-8")
}

/// A release changes no golden file.
fn without_version(text: &str) -> String {
    let version = |version: &str| format!("ersion\": \"{version}\"");
    let text = text.replace(&version(env!("CARGO_PKG_VERSION")), &version("@VERSION@"));
    text.replace(concat!("evlint ", env!("CARGO_PKG_VERSION"), "</p>"), "evlint @VERSION@</p>")
}

/// What stands in files of its own, and its digests: a golden file shows the page, not its looks.
fn without_assets(text: &str) -> String {
    let assets = regex::Regex::new("(?s)(<style>).*(</style>)|(<script>).*(</script>)").expect("a pattern");
    let digests = regex::Regex::new("sha256-.*?&#x27;").expect("a pattern");
    digests.replace_all(&assets.replace_all(text, "$1$3@ASSET@$2$4"), "sha256-@DIGEST@&#x27;").into_owned()
}

/// A golden file's name, the format and the style; the format's own name is its Chinese report.
fn goldens() -> Vec<(String, &'static dyn Format, Style)> {
    let text = format("text");
    let mut goldens = vec![
        ("text-plain".to_owned(), text, Style { graphics: false, ..style() }),
        ("text-color".to_owned(), text, Style { color: true, ..style() }),
        ("text-narrow".to_owned(), text, Style { width: 60, ..style() }),
        ("text-wide".to_owned(), text, Style { width: 120, ..style() }),
    ];
    for format in FORMATS {
        goldens.push((format.name().to_owned(), *format, style()));
        goldens.push((format!("{}-en", format.name()), *format, Style { language: Language::En, ..style() }));
    }
    goldens
}

#[test]
fn every_format_is_as_its_golden_file() {
    let mut differ = Vec::new();
    for (golden, format, style) in goldens() {
        let path = Path::new("fixtures/report").join(format!("{golden}.golden"));
        let found = without_assets(&without_version(&written(format, &sample(), &style)));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &found).expect("fixtures can be written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected.replace("\r\n", "\n") != found {
            differ.push(golden);
        }
    }
    assert!(differ.is_empty(), "{differ:?} differ; UPDATE=1 cargo test rewrites them, then read the diff");
}

#[test]
fn nothing_wrong_is_a_short_glad_line() {
    let text = written(format("text"), &clean(), &style());
    assert!(text.ends_with("适用的 2 条全部符合，没有发现差距。\n"), "{text}");
    assert!(!text.contains("差距 "), "{text}");
}

#[test]
fn lines_fit_the_terminal() {
    for (width, language) in [(60, Language::Zh), (80, Language::Zh), (120, Language::Zh), (80, Language::En)] {
        let text = written(format("text"), &sample(), &Style { width, language, ..style() });
        for line in text.lines() {
            assert!(line.width() <= width, "{} columns at {width}: {line}", line.width());
        }
    }
}

#[test]
fn colour_is_only_colour() {
    let plain = written(format("text"), &sample(), &style());
    let painted = written(format("text"), &sample(), &Style { color: true, ..style() });
    assert_ne!(plain, painted);
    let strip = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    assert_eq!(strip.replace_all(&painted, ""), plain);
    assert!(!plain.contains('\u{1b}'));
}

#[test]
fn plain_text_has_no_graphics() {
    let plain = written(format("text"), &sample(), &Style { graphics: false, ..style() });
    assert!(!plain.contains(|c| ('\u{2500}'..='\u{25ff}').contains(&c)), "{plain}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(written(*format, &sample(), &style()), written(*format, &sample(), &style()), "{}", format.name());
    }
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = fs::read_to_string("rules/report.schema.json").expect("the schema ships");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for assessment in [sample(), clean()] {
        for language in [Language::Zh, Language::En] {
            let text = written(format("json"), &assessment, &Style { language, ..style() });
            let report = serde_json::from_str(&text).expect("JSON");
            let errors: Vec<String> =
                validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

#[test]
fn json_keeps_names_and_codes_whatever_the_language() {
    let of = |language| -> serde_json::Value {
        let text = written(format("json"), &sample(), &Style { language, ..style() });
        serde_json::from_str(&text).expect("JSON")
    };
    let (zh, en) = (of(Language::Zh), of(Language::En));
    for (zh, en) in zh["findings"].as_array().expect("an array").iter().zip(en["findings"].as_array().expect("one")) {
        for key in ["code", "severity", "clause", "material", "project", "path", "item", "fingerprint"] {
            assert_eq!(zh[key], en[key], "{key}");
        }
        assert_ne!(zh["message"], en["message"]);
    }
}

#[test]
fn a_project_is_named_where_there_are_several() {
    let mut assessment = sample();
    let contract = assessment.findings[0].clone();
    let message = |assessment: &Assessment| Wording::new(assessment, Language::Zh).message(&contract);
    assert_eq!(message(&assessment), "项目合同（甲医院运维）：未体现“目标”");
    assessment.projects.truncate(1);
    assert_eq!(message(&assessment), "项目合同：未体现“目标”");
}

/// Written into the folder, it is no evidence the next time.
#[test]
fn a_report_is_known_as_our_own() {
    for (name, language) in
        [("text", Language::Zh), ("json", Language::Zh), ("html", Language::Zh), ("html", Language::En)]
    {
        let text = written(format(name), &sample(), &Style { language, ..style() });
        assert!(evlint::tree::is_own(name, &text.as_bytes()[..4096]), "{name}");
    }
}

/// A code that the sample never shows is a sentence nobody has read.
#[test]
fn every_kind_has_words_in_both_languages() {
    let assessment = sample();
    for code in codes() {
        assert!(assessment.findings.iter().any(|finding| finding.kind.code() == code), "{code} is not in the sample");
    }
    for finding in &assessment.findings {
        let code = finding.kind.code();
        assert!(explain_kind(code).is_some(), "{code} is not explained");
        for language in [Language::Zh, Language::En] {
            let wording = Wording::new(&assessment, language);
            for text in [wording.title(&finding.kind).to_owned(), wording.message(finding), wording.help(finding)] {
                assert!(!text.trim().is_empty() && !text.contains("“”"), "{code}: {text:?}");
            }
        }
    }
}

#[test]
fn names_from_strangers_cannot_play_with_the_terminal() {
    let mut assessment = sample();
    assessment.organization = Some("坏\u{1b}[2J名\u{202e}".to_owned());
    assessment.projects[0].name = "项\u{9b}目".to_owned();
    for finding in &mut assessment.findings {
        finding.path = finding.path.as_ref().map(|path| path.member("\u{1b}]0;x\u{7}\u{202e}fdp.exe"));
        finding.looked_at = finding.looked_at.iter().map(|path| path.member("\u{200b}")).collect();
    }
    for clause in &mut assessment.clauses {
        clause.evidence = clause.evidence.replace('，', "\u{2067}");
    }
    for format in FORMATS {
        for graphics in [true, false] {
            let text = written(*format, &assessment, &Style { graphics, ..style() });
            let odd = |c: char| {
                let obeyed = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
                obeyed || (c.is_control() && c != '\n')
            };
            assert_eq!(text.chars().find(|c| odd(*c)), None, "{}", format.name());
        }
    }
}

/// A file in `src/report/` is a format and stands in `FORMATS`.
#[test]
fn every_format_is_registered() {
    for entry in fs::read_dir("src/report").expect("the sources are here") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        if path.extension().is_some_and(|extension| extension == "rs") && name != "mod" {
            assert!(FORMATS.iter().any(|format| format.name() == name), "{name} is not in FORMATS");
        }
    }
    assert!(FORMATS.iter().all(|format| Path::new("src/report").join(format.name()).with_extension("rs").exists()));
}
