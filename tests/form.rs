//! The self-assessment form: what is filled is read back, a person's hand in it survives an update,
//! and a check finds each thing that is changed in it, and nothing else.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The example organisation as it would be in its second year, with all that a form's head asks for.
fn folder(change: impl Fn(&mut Value)) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder");
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/example");
    copy(&example, place.path());
    let answer = "# 观察项整改报告\n\n编号：GC-2024-01\n\n日期：2025-03-01\n\n原因分析：模板缺少复核栏。\n\n整改措施：修订模板。\n\n验证结果：已整改。\n";
    fs::write(place.path().join("01_公司文件/GC-2024-01观察项整改报告.md"), answer).expect("a report");
    let path = place.path().join("evlint.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).expect("evlint.json")).expect("JSON");
    config.as_object_mut().expect("an object").shift_remove("$schema");
    config["audit"] = json!("surveillance");
    config["as_of"] = json!("2026-01-20");
    config["assessed_on"] = json!("2026-01-15");
    config["assessors"] = json!(["安全运维部", "沈知遥"]);
    config["prior_findings"] = json!([
        { "id": "GC-2024-01", "kind": "observation", "text": "部分巡检单缺复核人签字。" },
        { "id": "BFH-2024-01", "kind": "nonconformity", "text": "没有提供规范评审的记录。" },
    ]);
    change(&mut config);
    fs::write(&path, serde_json::to_vec_pretty(&config).expect("JSON")).expect("evlint.json");
    place
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let (from, to) = (entry.as_ref().expect("an entry").path(), to.join(entry.expect("an entry").file_name()));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file");
        }
    }
}

fn evlint(at: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.current_dir(at).stdin(Stdio::null()).args(args).output().expect("the binary runs")
}

fn fill(at: &Path, form: &str) -> Vec<u8> {
    let output = evlint(at, &["form", "fill", "--no-ocr", "--out", form]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(at.join(form)).expect("the form")
}

/// Codes with their rows, of `form check`, and its exit code.
fn check(at: &Path, form: &str) -> (Vec<String>, Option<i32>) {
    let output = evlint(at, &["form", "check", form, "--no-ocr", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let findings = report["findings"].as_array().expect("findings");
    let code = |finding: &Value| {
        let row = finding["row"].as_u64().map(|row| format!(" {row}")).unwrap_or_default();
        format!("{}{row}", finding["code"].as_str().expect("a code"))
    };
    (findings.iter().map(code).collect(), output.status.code())
}

/// The file with one part's text changed.
fn with_part(bytes: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let path = part.name().expect("UTF-8").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML");
        let text = if path == name { change(&text) } else { text };
        out.start_file(path, SimpleFileOptions::default()).expect("a part");
        out.write_all(text.as_bytes()).expect("bytes");
    }
    out.finish().expect("an archive").into_inner()
}

const DOCUMENT: &str = "word/document.xml";

/// Changes one numbered row of a Word form.
fn in_row(xml: &str, no: u32, change: impl Fn(&str) -> String) -> String {
    let number = format!(">{no}</w:t>");
    let mut rows: Vec<String> = xml.split("<w:tr>").map(str::to_owned).collect();
    let row = rows.iter_mut().find(|row| row.split("</w:tc>").next().is_some_and(|cell| cell.contains(&number)));
    let row = row.unwrap_or_else(|| panic!("row {no}"));
    let changed = change(row);
    assert_ne!(*row, changed, "row {no} was changed");
    *row = changed;
    rows.join("<w:tr>")
}

/// Another text in the last cell of a row.
fn relist(row: &str, text: &str) -> String {
    let cell = row.rfind("<w:tc>").expect("a cell");
    let from = row[cell..].find("<w:p ").or_else(|| row[cell..].find("<w:p>")).expect("a paragraph") + cell;
    let to = row[from..].find("</w:tc>").expect("an end") + from;
    format!("{}<w:p><w:r><w:t>{text}</w:t></w:r></w:p>{}", &row[..from], &row[to..])
}

fn replaced(xml: &str, from: &str, to: &str) -> String {
    assert!(xml.contains(from), "{from}");
    xml.replacen(from, to, 1)
}

#[test]
fn what_is_filled_has_nothing_to_complain_about() {
    let place = folder(|_| {});
    for form in ["自评估表1.docx", "自评估表2.xlsx"] {
        let first = fill(place.path(), form);
        assert_eq!(check(place.path(), form), (vec![], Some(0)), "{form}");
        fs::remove_file(place.path().join(form)).expect("the form");
        assert_eq!(first, fill(place.path(), form), "{form}: the same bytes");
    }
    // Both lie in the folder, and neither is evidence.
    let output = evlint(place.path(), &["check", "--no-ocr", "--format", "json", "--exit-zero"]);
    let report = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!report.contains("自评估表1") && !report.contains("自评估表2"));
}

#[test]
fn what_evlint_json_leaves_open_is_a_warning() {
    let place = folder(|config| {
        let config = config.as_object_mut().expect("an object");
        config.shift_remove("assessed_on");
        config.shift_remove("assessors");
    });
    fill(place.path(), "form.xlsx");
    let expected = vec!["form-head-empty".to_owned(); 2];
    assert_eq!(check(place.path(), "form.xlsx"), (expected, Some(0)));
}

#[test]
fn each_change_is_found_and_nothing_else() {
    type Change<'a> = Box<dyn Fn(&str) -> String + 'a>;
    let place = folder(|_| {});
    let bytes = fill(place.path(), "form.docx");
    let swap = |row: &str| row.replace('☑', "@").replace('☐', "☑").replace('@', "☐");
    let cases: Vec<(&str, Change<'_>)> = vec![
        ("form-both-ticked 3", Box::new(|xml| in_row(xml, 3, |row| row.replace('☐', "☑")))),
        ("form-none-ticked 3", Box::new(|xml| in_row(xml, 3, |row| row.replace('☑', "☐")))),
        ("form-verdict-differs 3", Box::new(|xml| in_row(xml, 3, swap))),
        ("form-verdict-differs 29", Box::new(|xml| in_row(xml, 29, swap))),
        ("form-no-evidence 3", Box::new(|xml| in_row(xml, 3, |row| relist(row, "")))),
        ("form-list-empty 46", Box::new(|xml| in_row(xml, 46, |row| relist(row, "")))),
        ("form-document-vague 3", Box::new(|xml| in_row(xml, 3, |row| relist(row, "见附件")))),
        ("form-document-missing 3", Box::new(|xml| in_row(xml, 3, |row| row.replacen(".docx", "2.docx", 1)))),
        ("form-document-forgotten 29", Box::new(|xml| in_row(xml, 29, |row| relist(row, "巡检记录202501.docx")))),
        ("form-text-changed 5", Box::new(|xml| in_row(xml, 5, |row| row.replacen("并形成记录", "", 1)))),
        ("form-text-changed 14", Box::new(|xml| in_row(xml, 14, |row| row.replacen("条款要求", "有关要求", 1)))),
        ("form-text-changed 1", Box::new(|xml| replaced(xml, ">服务技术要求<", ">服务要求<"))),
        ("form-text-changed 51", Box::new(|xml| replaced(xml, "观察项整改情况（如有）", "观察项情况"))),
        (
            "form-row-missing 6",
            Box::new(|xml| {
                let at = xml.find(">6</w:t>").expect("row 6");
                let (from, to) =
                    (xml[..at].rfind("<w:tr>").expect("a row"), xml[at..].find("</w:tr>").expect("its end") + at);
                format!("{}{}", &xml[..from], &xml[to + "</w:tr>".len()..])
            }),
        ),
        (
            "form-row-unknown 6",
            Box::new(|xml| {
                let at = xml.find(">6</w:t>").expect("row 6");
                let (from, to) =
                    (xml[..at].rfind("<w:tr>").expect("a row"), xml[at..].find("</w:tr>").expect("its end") + at);
                let to = to + "</w:tr>".len();
                format!("{}{}", &xml[..to], &xml[from..])
            }),
        ),
        ("form-not-applicable-filled 6", Box::new(|xml| in_row(xml, 6, |row| row.replacen(">不适用<", ">☑符合<", 1)))),
        ("form-head-empty", Box::new(|xml| replaced(xml, ">映川信息安全技术有限公司<", "><"))),
        ("form-head-differs", Box::new(|xml| replaced(xml, ">映川信息安全技术有限公司<", ">映川科技有限公司<"))),
        ("form-head-differs", Box::new(|xml| replaced(xml, ">三级<", ">二级<"))),
        ("form-head-differs", Box::new(|xml| replaced(xml, "2026年1月15日", "2025年1月15日"))),
        ("form-head-differs", Box::new(|xml| replaced(xml, "安全运维部、沈知遥", "安全运维部"))),
        ("form-conclusion-empty", Box::new(|xml| replaced(xml, "》三级要求", "》____级要求"))),
        ("form-conclusion-differs", Box::new(|xml| replaced(xml, "》三级要求", "》一级要求"))),
        ("form-text-changed", Box::new(|xml| replaced(xml, "申请第三方审核", "申请审核"))),
        ("form-text-changed", Box::new(|xml| replaced(xml, "真实可信，", ""))),
        ("form-part-missing", Box::new(|xml| replaced(xml, ">信息系统安全运维服务资质认证自评估表<", ">自评估<"))),
        ("form-part-missing", Box::new(|xml| replaced(xml, ">要点<", ">分类<"))),
        (
            "form-prior-missing 51",
            Box::new(|xml| in_row(xml, 52, |row| row.replacen("GC-2024-01：部分巡检单缺复核人签字。", "另一件事", 1))),
        ),
        ("form-verdict-differs 55", Box::new(|xml| in_row(xml, 55, swap))),
        ("form-none-ticked 52", Box::new(|xml| in_row(xml, 52, |row| row.replace('☑', "☐")))),
    ];
    let mut wrong = Vec::new();
    for (expected, change) in cases {
        fs::write(place.path().join("changed.docx"), with_part(&bytes, DOCUMENT, change)).expect("a form");
        let (found, _) = check(place.path(), "changed.docx");
        if found != [expected] {
            wrong.push(format!("expected {expected}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_update_leaves_alone_what_a_person_wrote() {
    let place = folder(|config| {
        let config = config.as_object_mut().expect("an object");
        config.shift_remove("assessed_on");
        config["period"] = json!({ "from": "2025-01-01", "to": "2025-12-31" });
    });
    let bytes = fill(place.path(), "form.docx");
    // A person answers one row, adds a remark to a list in bold, and writes under the form.
    let remark = "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>（原件在档案室）";
    let touched = with_part(&bytes, DOCUMENT, |xml| {
        let xml = in_row(xml, 46, |row| row.replace('☐', "☑").replacen("☑不", "☐不", 1));
        let xml = in_row(&xml, 3, |row| {
            let at = row.rfind("</w:t>").expect("a text");
            format!("{}{remark}{}", &row[..at], &row[at..])
        });
        replaced(&xml, "单位（盖章）：", "单位（盖章）：映川")
    });
    fs::write(place.path().join("form.docx"), touched).expect("a form");
    // Then evlint.json says more, and a material is gone.
    let path = place.path().join("evlint.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).expect("evlint.json")).expect("JSON");
    config["assessed_on"] = json!("2026-01-16");
    fs::write(&path, serde_json::to_vec(&config).expect("JSON")).expect("evlint.json");
    let gone = find(place.path(), "需求调研报告").expect("the survey");
    fs::remove_file(&gone).expect("a file");

    let output = evlint(place.path(), &["form", "fill", "--no-ocr", "--update", "form.docx"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("保留人写的内容：3 证明材料清单") && told.contains("保留人写的内容：46"), "{told}");
    let updated = fs::read(place.path().join("form.docx")).expect("the form");
    with_part(&updated, DOCUMENT, |xml| {
        for kept in [remark, "单位（盖章）：映川", ">2026年1月16日<"] {
            assert!(xml.contains(kept), "{kept}");
        }
        in_row(xml, 46, |row| {
            assert!(row.contains("☑符合") && row.contains("☐不符合"));
            String::new()
        });
        // The tick that nobody had touched follows the folder.
        in_row(xml, 3, |row| {
            assert!(row.contains("☐符合") && row.contains("☑不符合"));
            String::new()
        });
        xml.to_owned()
    });
    // Once more changes nothing.
    let output = evlint(place.path(), &["form", "fill", "--no-ocr", "--update", "form.docx"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("更新了 0 处"));
    assert_eq!(fs::read(place.path().join("form.docx")).expect("the form"), updated);
}

#[test]
fn a_workbook_is_updated_in_place() {
    let place = folder(|config| {
        config.as_object_mut().expect("an object").shift_remove("assessed_on");
    });
    let bytes = fill(place.path(), "form.xlsx");
    let touched =
        with_part(&bytes, "xl/sharedStrings.xml", |xml| replaced(xml, "安全运维部、沈知遥", "沈知遥（安全运维部）"));
    fs::write(place.path().join("form.xlsx"), touched).expect("a form");
    let path = place.path().join("evlint.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).expect("evlint.json")).expect("JSON");
    config["assessed_on"] = json!("2026-01-16");
    fs::write(&path, serde_json::to_vec(&config).expect("JSON")).expect("evlint.json");
    fs::remove_file(find(place.path(), "需求调研报告").expect("the survey")).expect("a file");
    let output = evlint(place.path(), &["form", "fill", "--no-ocr", "--update", "form.xlsx"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && told.contains("保留人写的内容：评估部门/人员"), "{told}");
    let text = evlint(place.path(), &["text", "form.xlsx", "--format", "json"]);
    let text = String::from_utf8(text.stdout).expect("UTF-8");
    for said in ["沈知遥（安全运维部）", "2026年1月16日", "没有找到"] {
        assert!(text.contains(said), "{said}");
    }
    assert_eq!(check(place.path(), "form.xlsx"), (vec![], Some(0)));
}

fn find(folder: &Path, part: &str) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries.into_iter().find_map(|path| {
        if path.is_dir() {
            return find(&path, part);
        }
        path.file_name().is_some_and(|name| name.to_string_lossy().contains(part)).then_some(path)
    })
}

#[test]
fn nothing_is_overwritten_unasked() {
    let place = folder(|_| {});
    fs::write(place.path().join("form.docx"), "mine").expect("a file");
    for (args, code, said) in [
        (&["form", "fill", "--out", "form.docx"][..], 2, "evlint::form::exists"),
        (&["form", "fill", "--out", "form.pdf"][..], 2, "evlint::form::extension"),
        (&["form", "fill", "--update", "form.docx"][..], 2, "evlint::form"),
        (&["form", "check", "none.docx"][..], 2, "evlint::file::read"),
        (&["form", "check", "evlint.json"][..], 2, "evlint::form"),
    ] {
        let output = evlint(place.path(), args);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(said), "{args:?}: {told}");
    }
    assert_eq!(fs::read(place.path().join("form.docx")).expect("a file"), b"mine");
}

/// Libraries that others read forms with see every cell as the data says.
#[test]
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
fn other_readers_read_every_cell_back() {
    let place = folder(|_| {});
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let report = evlint(place.path(), &["check", "--no-ocr", "--format", "json", "--exit-zero"]);
    let path = place.path().join("gaps.json");
    fs::write(&path, report.stdout).expect("a report");
    for form in ["form.docx", "form.xlsx"] {
        fill(place.path(), form);
        let output = Command::new("python3")
            .arg(root.join("tests/form_read.py"))
            .args([&place.path().join(form), &path, &root.join("fixtures/standard/clauses.json")])
            .arg(place.path().join("evlint.json"))
            .output();
        let Ok(output) = output else {
            eprintln!("passed over: no python3 here");
            return;
        };
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.code() == Some(3) {
            eprintln!("passed over: {said}");
            return;
        }
        assert!(output.status.success(), "{form}: {said}");
    }
}
