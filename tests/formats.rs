//! What the readers of each format demand, and that any file name comes through.

mod sample;

use std::fs;
use std::process::Command;

use evlint::model::evidence::escape;
use evlint::model::settings::Language;
use evlint::model::{Assessment, Confidence, EvidencePath, FileFormat, Finding, Kind, Severity};
use evlint::report::{FORMATS, Style};
use evlint::wording::codes;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use pulldown_cmark::{Event as Markdown, Parser};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

use sample::{clean, sample};

/// Names and values, in order.
type Attributes = Vec<(String, String)>;

fn written(name: &str, assessment: &Assessment, language: Language) -> String {
    let format = FORMATS.iter().find(|format| format.name() == name).expect(name);
    let style = Style { language, width: 80, color: false, graphics: true, links: false, evidence: String::new() };
    let mut out = Vec::new();
    format.write(assessment, &style, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("UTF-8")
}

/// Every assessment of the tests in both languages.
fn all(name: &str) -> Vec<(Assessment, String)> {
    let mut empty = clean();
    empty.findings.clear();
    let mut crowded = sample();
    crowded.findings.extend(sample().findings);
    let mut texts = Vec::new();
    for assessment in [sample(), clean(), empty, crowded, hostile()] {
        for language in [Language::Zh, Language::En] {
            texts.push((assessment.clone(), written(name, &assessment, language)));
        }
    }
    texts
}

/// Names that each syntax would stumble over.
fn hostile() -> Assessment {
    let mut assessment = sample();
    let nasty = "a\n::error::,:%0A#<b>&\"']]>--\u{1b}[2J\u{202e}\u{fffe}`|@all";
    assessment.organization = Some(nasty.to_owned());
    for finding in &mut assessment.findings {
        if let Some(path) = &finding.path {
            assessment.files.push(sample::file(path.as_str(), FileFormat::Zip, "zip", None, &[]));
        }
        finding.path = finding.path.as_ref().map(|path| path.member(nasty));
        finding.looked_at = vec![EvidencePath::new(nasty)];
    }
    for project in &mut assessment.projects {
        project.name.push_str(nasty);
    }
    for clause in &mut assessment.clauses {
        clause.clause.push_str(nasty);
        for material in &mut clause.materials {
            material.name.zh.push_str(nasty);
        }
    }
    assessment
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// As published, but for a pattern with a bracket too many, which no strict reader takes: the
/// language of a run and of a component.
fn sarif_schema() -> Value {
    let text = fs::read_to_string("fixtures/report/sarif-2.1.0.schema.json").expect("the schema is here");
    let slip = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert!(text.contains(slip));
    json_of(&text.replace(slip, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"))
}

fn wrong(schema: &Value, report: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("the schema is a schema");
    validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().flat_map(strings).collect(),
        Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

/// The schema is that of OASIS, as the crate `serde-sarif` carries it.
#[test]
fn sarif_is_as_its_schema_says() {
    let schema = sarif_schema();
    for (_, text) in all("sarif") {
        assert_eq!(wrong(&schema, &json_of(&text)), Vec::<String>::new());
    }
    assert!(!wrong(&schema, &json!({ "version": "2.1.0", "runs": [{ "results": [] }] })).is_empty());
}

/// GitHub's documentation, "SARIF support for code scanning": more than the schema asks for.
#[test]
fn sarif_is_as_github_wants_it() {
    for (assessment, text) in all("sarif") {
        let log = json_of(&text);
        assert!(log["$schema"].is_string() && log["version"] == "2.1.0" && text.len() < 10 << 20);
        assert_eq!(strings(&log).iter().filter(|text| text.trim().is_empty()).count(), 0, "empty counts as absent");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        assert!(run["tool"]["driver"]["name"] == "evlint" && rules.len() == codes().count());
        for rule in rules {
            for key in ["shortDescription", "fullDescription", "help"] {
                let length = rule[key]["text"].as_str().expect(key).chars().count();
                assert!((1..=1024).contains(&length), "{} {key}", rule["id"]);
            }
            assert!(rule["properties"]["tags"].as_array().expect("tags").len() <= 10);
        }
        let results = run["results"].as_array().expect("results");
        assert_eq!(results.len(), assessment.findings.len());
        let mut hashes: Vec<&str> = Vec::new();
        for (result, finding) in results.iter().zip(&assessment.findings) {
            result_is_as_github_wants_it(result, finding, rules);
            hashes.push(result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a hash"));
        }
        let count = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), count, "alerts of one hash are one alert");
    }
}

fn result_is_as_github_wants_it(result: &Value, finding: &Finding, rules: &[Value]) {
    let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it fits")];
    assert!(result["ruleId"] == finding.kind.code() && rule["id"] == result["ruleId"]);
    assert!(result["message"]["text"].is_string());
    let locations = result["locations"].as_array().expect("without a place GitHub drops it");
    let place = &locations.first().expect("a place")["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
    assert!(uri.is_ascii() && !uri.starts_with('/') && !uri.contains('\\') && !uri.contains("!/"), "{uri}");
    assert!(uri.split('/').next().is_some_and(|first| !first.contains(':')), "{uri} begins with a scheme");
    for key in ["startLine", "startColumn", "endLine", "endColumn"] {
        assert!(place["region"][key].as_u64().is_some_and(|at| at >= 1), "{key}");
    }
    assert!(place["region"]["endColumn"].as_u64() > place["region"]["startColumn"].as_u64());
    let says_level = result.get("level").is_some();
    assert_eq!(says_level, result["kind"] == "fail", "only a failure has a level (SARIF, 3.27.10)");
    let level = if says_level { &result["level"] } else { &rule["defaultConfiguration"]["level"] };
    let expected = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    assert_eq!(level, expected, "{}", finding.kind.code());
    assert_eq!(result.get("suppressions").is_some(), finding.waived.is_some());
}

#[test]
fn sarif_holds_no_more_than_github_takes() {
    let mut assessment = clean();
    let finding = file_finding(&EvidencePath::new("空.txt"));
    assessment.findings =
        (0..25_003).map(|n| Finding { path: Some(EvidencePath::new(format!("{n}.txt"))), ..finding.clone() }).collect();
    let log = json_of(&written("sarif", &assessment, Language::Zh));
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().expect("results").len(), 25_000);
    let said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().expect("a word");
    assert!(said.contains('3'), "{said}");
}

/// GitLab's documentation, "Code Quality report format".
#[test]
fn gitlab_is_as_documented() {
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "pattern": "^(?!\\./|/)" },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } }
                        }
                    }
                }
            }
        }
    });
    for (assessment, text) in all("gitlab") {
        let report = json_of(&text);
        assert_eq!(wrong(&schema, &report), Vec::<String>::new());
        let issues = report.as_array().expect("an array");
        assert_eq!(issues.len(), assessment.findings.len());
        let mut prints: Vec<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
        assert_eq!(prints.first().copied(), assessment.findings.first().map(Finding::fingerprint).as_deref());
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), issues.len(), "GitLab drops all but one of a fingerprint");
        assert!(!text.starts_with('\u{feff}'));
    }
}

/// Elements with the attributes they may have, as Jenkins' `junit-10.xsd` says; those it demands
/// have a `!`.
const JUNIT: &[(&str, &[&str])] = &[
    ("testsuites", &["name", "tests", "failures", "errors", "time"]),
    ("testsuite", &["name!", "tests!", "failures!", "errors!", "skipped", "time", "timestamp", "id", "package"]),
    ("testcase", &["name!", "classname", "time", "group"]),
    ("failure", &["message", "type"]),
    ("error", &["message", "type"]),
    ("skipped", &["message", "type"]),
    ("system-out", &[]),
];

#[test]
fn junit_is_as_jenkins_takes_it() {
    for (_, text) in all("junit") {
        for (path, attributes) in elements(&text) {
            let name = path.last().expect("an element").as_str();
            let (_, known) = JUNIT.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("<{name}>"));
            for (key, _) in &attributes {
                assert!(known.iter().any(|known| known.trim_end_matches('!') == key), "<{name} {key}>");
            }
            for demanded in known.iter().filter_map(|known| known.strip_suffix('!')) {
                assert!(attributes.iter().any(|(key, _)| key == demanded), "<{name}> without {demanded}");
            }
        }
    }
}

/// The schema of Jenkins' xUnit plugin itself, where somebody says where it is.
#[test]
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
fn junit_is_as_jenkins_schema_says() {
    let Some(schema) = std::env::var_os("EVLINT_JUNIT_XSD") else {
        eprintln!("passed over: EVLINT_JUNIT_XSD does not name Jenkins' junit-10.xsd");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    for (nth, (_, text)) in all("junit").into_iter().enumerate() {
        let file = folder.path().join(format!("{nth}.xml"));
        fs::write(&file, text).expect("a file");
        let output =
            Command::new("xmllint").arg("--noout").arg("--schema").arg(&schema).arg(&file).output().expect("xmllint");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn junit_lists_every_material_of_every_clause_once() {
    let assessment = sample();
    let report =
        quick_junit::Report::deserialize_from_str(&written("junit", &assessment, Language::Zh)).expect("JUnit");
    let cases: Vec<(String, String, &quick_junit::TestCaseStatus)> = report
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases)
        .map(|case| (case.classname.clone().expect("a class").to_string(), case.name.to_string(), &case.status))
        .collect();
    let stage = |clause: &evlint::model::ClauseResult| assessment.stages[clause.stage].zh.clone();
    for clause in &assessment.clauses {
        for material in &clause.materials {
            let start = format!("{}.{} ", clause.no, material.id);
            let end = material.project.clone().unwrap_or_default();
            let its = cases
                .iter()
                .filter(|(class, name, _)| *class == stage(clause) && name.starts_with(&start) && name.contains(&end));
            assert_eq!(its.count(), 1, "{start}{end}");
        }
    }
    let mut names: Vec<(&str, &str)> = cases.iter().map(|(class, name, _)| (class.as_str(), name.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "GitLab drops a second test of the same name");
    for (name, tag) in [
        ("1.process 信息系统安全运维服务流程", ""),
        ("11.contract 项目合同（甲医院运维）", "failure missing-content"),
        ("11.contract 项目合同（乙银行运维）", ""),
        ("11.nda 保密协议（乙银行运维）", "failure missing-material"),
        ("13.sla 服务级别协议（乙银行运维）", "error unreadable"),
        ("20 建立配置库。", "skipped not-applicable"),
        ("29.inspection 日常巡检记录（乙银行运维）", "skipped needs-confirmation"),
        ("42.pentest 渗透测试报告（甲医院运维）", "skipped waived"),
        ("GC-2024-01", ""),
        ("BF-2024-02", "failure missing-material"),
        ("empty-file 空文件", ""),
    ] {
        let (_, _, status) = cases.iter().find(|(_, known, _)| known == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(said(status), tag, "{name}");
    }
}

fn said(status: &quick_junit::TestCaseStatus) -> String {
    use quick_junit::{NonSuccessKind, TestCaseStatus};
    match status {
        TestCaseStatus::Success { .. } => String::new(),
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, ty, .. } => {
            format!("failure {}", ty.as_deref().expect("a type"))
        }
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, ty, .. } => {
            format!("error {}", ty.as_deref().expect("a type"))
        }
        TestCaseStatus::Skipped { ty, .. } => format!("skipped {}", ty.as_deref().expect("a type")),
    }
}

#[test]
fn checkstyle_is_as_its_readers_take_it() {
    for (assessment, text) in all("checkstyle") {
        let elements = elements(&text);
        let (root, attributes) = elements.first().expect("a root");
        assert!(*root == ["checkstyle"] && attributes.iter().any(|(key, _)| key == "version"));
        let mut errors = 0;
        for (path, attributes) in &elements[1..] {
            let value = |key: &str| attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
            match path.last().map(String::as_str) {
                Some("file") => assert!(value("name").is_some_and(|name| !name.is_empty())),
                Some("error") => {
                    errors += 1;
                    assert!(value("line").and_then(|line| line.parse::<u32>().ok()).is_some_and(|line| line >= 1));
                    assert!(matches!(value("severity"), Some("error" | "warning" | "info")));
                    assert!(value("message").is_some_and(|message| !message.is_empty()));
                    assert!(value("source").is_some_and(|source| source.starts_with("evlint.")));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(errors, assessment.findings.len());
    }
}

/// The runner shows ten errors and ten warnings of a step: they must be the worst, and of
/// different clauses; and no text of a file may give the runner a command.
#[test]
fn github_annotates_a_clause_once_and_the_worst_first() {
    for (assessment, text) in all("github") {
        let commands: Vec<(String, Attributes, String)> = text.lines().map(command).collect();
        let rank = |name: &str| ["error", "warning", "notice"].iter().position(|known| *known == name);
        let (own, rest) = commands.split_first().expect("its mark");
        let (closing, annotations) = rest.split_last().expect("a summary");
        assert!(own.0 == "debug" && closing.0 == "notice" && closing.1.iter().all(|(key, _)| key != "file"));
        let ranks: Vec<Option<usize>> = annotations.iter().map(|(name, ..)| rank(name)).collect();
        assert!(ranks.is_sorted() && ranks.iter().all(Option::is_some), "{ranks:?}");
        let mut subjects: Vec<String> = assessment
            .findings
            .iter()
            .map(|finding| finding.clause.map_or_else(|| finding.kind.code().to_owned(), |clause| clause.to_string()))
            .collect();
        subjects.sort_unstable();
        subjects.dedup();
        assert_eq!(annotations.len(), subjects.len());
        for (_, properties, message) in annotations {
            let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
            assert!(keys.starts_with(&["file", "line", "endLine"]) && keys.ends_with(&["title"]), "{keys:?}");
            assert!(!message.is_empty());
        }
    }
}

/// As the runner takes a line apart (actions/runner, `ActionCommand`).
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let inner = line.strip_prefix("::").unwrap_or_else(|| panic!("not a command: {line}"));
    let (head, message) = inner.split_once("::").expect("a message");
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').expect("a property");
        (key.to_owned(), unescaped(value))
    };
    let properties = properties.split(',').filter(|pair| !pair.is_empty()).map(pair).collect();
    (name.to_owned(), properties, unescaped(message))
}

fn unescaped(text: &str) -> String {
    let text = text.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n");
    text.replace("%25", "%")
}

#[test]
fn markdown_stays_small_and_calls_nobody() {
    let mut assessment = hostile();
    let finding = assessment.findings[0].clone();
    for n in 0..20_000 {
        assessment.findings.push(Finding { material: Some(format!("m{n}")), ..finding.clone() });
    }
    let text = written("markdown", &assessment, Language::Zh);
    assert!((500_000..1 << 20).contains(&text.len()), "{}", text.len());
    let text = written("markdown", &hostile(), Language::Zh);
    for event in Parser::new_ext(&text, pulldown_cmark::Options::ENABLE_TABLES) {
        match event {
            Markdown::Text(text) => assert!(!text.contains('@'), "{text}"),
            Markdown::Html(html) => assert!(!html.contains("<b>"), "{html}"),
            Markdown::InlineHtml(html) => assert!(html.contains("evlint") || html.contains("summary"), "{html}"),
            Markdown::Start(pulldown_cmark::Tag::Link { .. } | pulldown_cmark::Tag::Image { .. }) => panic!("a link"),
            _ => {}
        }
    }
}

/// Every format says of a waived gap that it is one.
#[test]
fn a_waiver_is_said_in_every_format() {
    let mut assessment = sample();
    assessment.findings.retain(|finding| finding.waived.is_some());
    for format in FORMATS {
        for (language, word) in [(Language::Zh, "豁免"), (Language::En, "waive")] {
            let text = written(format.name(), &assessment, language);
            assert!(text.contains("张三"), "{} does not say who", format.name());
            assert!(text.contains(word), "{} does not say it is waived", format.name());
        }
    }
}

/// What a missing material lacks stands in evlint.json, at its project; a text's line is its own.
#[test]
fn a_finding_stands_where_a_person_can_go() {
    let assessment = sample();
    let report = json_of(&written("gitlab", &assessment, Language::Zh));
    let issues = report.as_array().expect("an array");
    let is_at = |issue: &Value, (code, path, line): (&str, &str, u64)| {
        let location = &issue["location"];
        issue["check_name"] == code && location["path"] == path && location["lines"]["begin"] == line
    };
    for place in [
        ("missing-material", "证明材料/evlint.json", 9),
        ("missing-material", "证明材料/evlint.json", 16),
        ("missing-content", "证明材料/甲医院/合同.pdf", 1),
        ("waiver-lapsed", "证明材料/evlint.json", 24),
        ("no-period", "证明材料/evlint.json", 1),
    ] {
        assert!(issues.iter().any(|issue| is_at(issue, place)), "{place:?}");
    }
    let mut assessment = clean();
    let line = |line, column| evlint::model::Place::Line {
        line: std::num::NonZeroU32::new(line).expect("from 1"),
        column: std::num::NonZeroU32::new(column).expect("from 1"),
    };
    let at = |path: &str| Finding { place: Some(line(7, 3)), ..file_finding(&EvidencePath::new(path)) };
    assessment.findings = vec![at("a.md"), at("b.zip!/c.md"), at("重要!/c.md")];
    assessment.files = vec![sample::file("b.zip", FileFormat::Zip, "zip", None, &[])];
    let text = written("checkstyle", &assessment, Language::Zh);
    let found: Vec<Vec<(String, String)>> = elements(&text).into_iter().map(|(_, attributes)| attributes).collect();
    let value = |nth: usize, key: &str| {
        found[nth].iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    assert_eq!((value(1, "name"), value(2, "line"), value(2, "column")), ("证明材料/a.md", "7", "3"));
    assert_eq!((value(3, "name"), value(4, "line"), value(4, "column")), ("证明材料/b.zip", "1", ""));
    assert!(value(4, "message").contains("b.zip!/c.md"), "{}", value(4, "message"));
    assert_eq!((value(5, "name"), value(6, "line")), ("证明材料/重要!/c.md", "7"));
}

/// Elements in order, each with the names from the root to it and its attributes.
fn elements(text: &str) -> Vec<(Vec<String>, Attributes)> {
    let mut reader = Reader::from_str(text);
    let (mut path, mut found): (Vec<String>, Vec<_>) = (Vec::new(), Vec::new());
    let attributes = |start: &BytesStart<'_>| {
        let of = |attribute: quick_xml::events::attributes::Attribute<'_>| {
            let value = quick_xml::escape::unescape(&attribute.value).expect("escaped").into_owned();
            (attribute.key.as_ref().to_owned(), value)
        };
        start.attributes().map(|attribute| of(attribute.expect("an attribute"))).collect::<Vec<_>>()
    };
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_owned());
                found.push((path.clone(), attributes(&start)));
            }
            Event::Empty(start) => {
                path.push(start.name().as_ref().to_owned());
                found.push((path.clone(), attributes(&start)));
                path.pop();
            }
            Event::End(_) => drop(path.pop()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn file_finding(path: &EvidencePath) -> Finding {
    Finding {
        kind: Kind::EmptyFile,
        severity: Severity::Warning,
        confidence: Confidence::High,
        clause: None,
        material: None,
        project: None,
        path: Some(path.clone()),
        place: None,
        cite: None,
        looked_at: Vec::new(),
        waived: None,
    }
}

/// The bytes of the file's name as a reader of this format has it; None where people read it.
fn name_in(format: &str, text: &str) -> Option<Vec<u8>> {
    let named = |name: &str| EvidencePath::new(name).to_bytes();
    let first = |value: &Value| value.as_str().expect("a path").to_owned();
    Some(match format {
        "text" | "html" => return None,
        "json" => named(&first(&json_of(text)["findings"][0]["path"])),
        "gitlab" => named(&first(&json_of(text)[0]["location"]["path"])),
        "sarif" => {
            let result = &json_of(text)["runs"][0]["results"][0];
            let uri = first(&result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
            percent_decode_str(uri.strip_prefix("./").unwrap_or(&uri)).collect()
        }
        "checkstyle" => named(&elements(text)[1].1[0].1),
        "junit" => {
            let report = quick_junit::Report::deserialize_from_str(text).expect("JUnit");
            let mut cases = report.test_suites.iter().flat_map(|suite| &suite.test_cases);
            let case = cases.find(|case| case.name.starts_with("empty-file ")).expect("its test");
            let out = case.system_out.as_ref().expect("its output");
            named(out.split('\n').find_map(|line| line.strip_prefix("文件：")).expect("its line"))
        }
        "github" => {
            let (_, properties, _) = command(text.lines().nth(1).expect("an annotation"));
            named(&properties[0].1)
        }
        "markdown" => {
            let code = Parser::new(text).filter_map(|event| match event {
                Markdown::Code(code) => Some(code.into_string()),
                _ => None,
            });
            named(&code.last().expect("a name"))
        }
        other => panic!("{other}: say how its reader has a file's name"),
    })
}

/// A folder's or a file's name: any bytes, and more often than chance those that mean something.
fn part() -> impl Strategy<Value = Vec<u8>> {
    let odd = prop::sample::select(vec![
        "%",
        "%41",
        ":",
        ",",
        "#",
        "?",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "`",
        "``",
        "|",
        "*",
        "[",
        "]",
        "(",
        "\\",
        "\n",
        "\r",
        "\t",
        " ",
        "\u{1b}",
        "\u{202e}",
        "\u{200b}",
        "\u{85}",
        "\u{2028}",
        "\u{fffe}",
        "e\u{301}",
        "合同",
        "，",
        "!",
        "@",
        "=",
        "::",
        "-->",
        "]]>",
        "\u{1f4c4}",
        ".",
    ]);
    let piece = prop_oneof![
        4 => odd.prop_map(|text| text.as_bytes().to_vec()),
        2 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
        2 => "[a-z0-9]{1,4}".prop_map(String::into_bytes),
        1 => prop::collection::vec(0x80u8.., 1..3),
    ];
    let name = prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
    name.prop_map(|name| name.into_iter().filter(|byte| !matches!(byte, 0 | b'/')).collect::<Vec<u8>>())
        .prop_filter("a name", |name| !matches!(name.as_slice(), b"" | b"." | b".."))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_name_comes_through_every_format(parts in prop::collection::vec(part(), 1..4)) {
        let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
        let path = EvidencePath::new(parts.join("/"));
        let mut assessment = clean();
        assessment.origin = evlint::model::settings::Origin::default();
        assessment.findings = vec![file_finding(&path)];
        for format in FORMATS {
            let text = written(format.name(), &assessment, Language::Zh);
            if let Some(name) = name_in(format.name(), &text) {
                prop_assert_eq!(name, path.to_bytes(), "{}: {}", format.name(), text);
            }
        }
    }
}

/// What a machine format says beside the place of a finding: where a member's whole name stands.
fn sentence_in(format: &str, text: &str) -> Option<String> {
    Some(match format {
        "gitlab" => json_of(text)[0]["description"].as_str().expect("a text").to_owned(),
        "checkstyle" => elements(text)[2].1.iter().find(|(key, _)| key == "message").expect("a message").1.clone(),
        "github" => command(text.lines().nth(1).expect("an annotation")).2,
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// A member's archive is the file to open; its own name stands beside, whole and reversible.
    #[test]
    fn any_member_comes_through_every_machine_format(
        outer in part(),
        parts in prop::collection::vec(part(), 1..3),
    ) {
        let archive = EvidencePath::new(escape(&outer));
        let inner: Vec<String> =
            parts.iter().map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        let path = archive.member(&inner.join("/"));
        let mut assessment = clean();
        assessment.origin = evlint::model::settings::Origin::default();
        assessment.findings = vec![file_finding(&path)];
        assessment.files = vec![sample::file(archive.as_str(), FileFormat::Zip, "zip", None, &[])];
        for format in FORMATS {
            let text = written(format.name(), &assessment, Language::Zh);
            let Some(name) = name_in(format.name(), &text) else { continue };
            match format.name() {
                "json" | "junit" | "markdown" => prop_assert_eq!(&name, &path.to_bytes(), "{}", format.name()),
                _ => prop_assert_eq!(&name, &archive.to_bytes(), "{}", format.name()),
            }
            if let Some(sentence) = sentence_in(format.name(), &text) {
                let spelled = path.spelled(|c| !c.is_control() && !sentence_hides(c));
                prop_assert_eq!(EvidencePath::new(spelled.clone()).to_bytes(), path.to_bytes());
                let is_there = sentence.contains(&format!("（{spelled}）")) || sentence.lines().any(|line| line == spelled);
                prop_assert!(is_there, "{}: {}", format.name(), sentence);
            }
            if format.name() == "sarif" {
                let result = &json_of(&text)["runs"][0]["results"][0];
                let places = result["locations"][0]["logicalLocations"].as_array().expect("a member");
                let names: Vec<Vec<u8>> = places
                    .iter()
                    .filter_map(|place| place["fullyQualifiedName"].as_str())
                    .map(|name| EvidencePath::new(name).to_bytes())
                    .collect();
                prop_assert!(names.contains(&path.to_bytes()), "{}", text);
            }
        }
    }

    /// A gap that a file shows stands at that file, whatever its name.
    #[test]
    fn any_file_of_a_gap_comes_through_every_machine_format(parts in prop::collection::vec(part(), 1..3)) {
        let parts: Vec<String> = parts.iter().map(|part| escape(part)).collect();
        let path = EvidencePath::new(parts.join("/"));
        let gap = sample().findings.into_iter().find(|gap| gap.clause.is_some() && gap.path.is_some());
        let mut assessment = sample();
        assessment.origin = evlint::model::settings::Origin::default();
        assessment.findings = vec![Finding { path: Some(path.clone()), ..gap.expect("a gap of a file") }];
        for format in ["json", "gitlab", "sarif", "checkstyle", "github"] {
            let text = written(format, &assessment, Language::Zh);
            prop_assert_eq!(name_in(format, &text), Some(path.to_bytes()), "{}: {}", format, text);
        }
    }
}

/// As evlint has it: what changes how the text around it shows.
fn sentence_hides(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// evlint's own reports are no evidence, whatever their format.
#[test]
fn every_report_is_known_as_our_own() {
    for format in FORMATS {
        for (_, text) in all(format.name()) {
            assert!(evlint::tree::is_own("report", text.as_bytes()), "{}", format.name());
        }
    }
}
