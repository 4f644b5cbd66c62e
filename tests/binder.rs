//! `evlint bundle`: what is in the binder, that other programs read it, and that a change is found.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn evlint(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evlint"));
    command.current_dir(folder).stdin(Stdio::null()).args(args);
    for name in ["COLUMNS", "TERM", "NO_GRAPHICS", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.output().expect("the binary runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// The example's folder, with what a binder has to cope with: an archive, a file of many clauses, two
/// projects whose names a file system takes for one, hostile names, and what nobody can open.
fn evidence() -> tempfile::TempDir {
    let top = tempfile::tempdir().expect("a folder");
    let root = top.path().join("证据");
    fs::create_dir(&root).expect("a folder");
    let write = |path: &str, bytes: &[u8]| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    };
    write("evlint.json", CONFIG.as_bytes());
    for (folder, name) in [("甲", "甲医院"), ("乙", "乙港务")] {
        write(&format!("{folder}/=合同 \"终\".md"), contract(name).as_bytes());
        write(&format!("{folder}/保密协议.md"), nda(name).as_bytes());
    }
    write("公司/流程与规范.md", PROCESS.as_bytes());
    write("公司/流程与规范 - 副本.md", PROCESS.as_bytes());
    let mail = format!(
        "From: a@b.cn\r\nSubject: note\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n见附件\r\n--x\r\nContent-Type: text/markdown; name=budget.md\r\nContent-Disposition: attachment; filename=budget.md\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{BUDGET}\r\n--x--\r\n"
    );
    write("甲/邮件.eml", mail.as_bytes());
    write("甲/归档.zip", &archive(&[("里/调研报告.md", SURVEY.as_bytes())]));
    write("随笔.md", "# 随笔\n\n今天天气很好，大家一起去爬山，晚上吃了火锅。\n".as_bytes());
    write("空.docx", b"");
    top
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("an archive").into_inner()
}

const CONFIG: &str = r#"{ "organization": "某安全公司", "level": 3, "audit": "initial", "as_of": "2026-01-20",
  "period": { "from": "2025-01-01", "to": "2025-12-31" },
  "projects": [
    { "name": "运维A/一期", "path": "甲", "customer": "甲医院", "contract": { "from": "2025-01-01", "to": "2025-12-31" } },
    { "name": "运维a:一期", "path": "乙", "customer": "乙港务", "contract": { "from": "2025-01-01", "to": "2025-12-31" } }
  ] }"#;

fn contract(customer: &str) -> String {
    format!(
        "# 安全运维服务合同\n\n甲方：{customer}\n\n乙方：某安全公司\n\n## 服务范围\n\n{customer}的服务器、网络与安全设备共 30 台的安全运维。\n\n\
         ## 服务目标\n\n保障系统安全稳定运行。\n\n## 服务期限\n\n2025年1月1日至2025年12月31日。\n\n## 服务内容\n\n日常巡检、健康检查、日志审计、事件处置。\n\n\
         ## 合同金额\n\n人民币 300000 元。\n\n## 服务质量\n\n响应时间不超过 30 分钟。\n\n## 服务输出\n\n巡检记录、健康检查报告、季度服务报告。\n\n\
         ## 服务方式\n\n驻场服务，工作日 9 点至 18 点。\n\n## 违约责任\n\n按合同法执行。\n\n签订日期：2024年12月20日\n"
    )
}

fn nda(customer: &str) -> String {
    format!(
        "# 保密协议\n\n甲方：{customer}\n\n乙方：某安全公司\n\n## 保密内容\n\n乙方在服务中接触的数据、账号、网络结构均为保密信息。\n\n\
         ## 保密义务\n\n乙方不得向第三方披露。\n\n## 保密期限\n\n2025年1月1日起三年。\n\n## 违约责任\n\n泄密的承担赔偿责任。\n\n签订日期：2024年12月20日\n"
    )
}

const PROCESS: &str = "# 信息系统安全运维服务流程\n\n批准：王工 2024年11月1日 发布日期：2024年11月1日\n\n## 需求调研流程\n\n项目经理组织调研并形成报告。\n\n## 事件处理流程\n\n受理、分级、处置、关闭。\n\n## 变更流程\n\n申请、评估、批准、实施、回退。\n\n# 信息系统安全运维服务规范\n\n## 服务要求\n\n人员持证上岗，操作双人复核，记录当日归档。\n";
const SURVEY: &str = "# 甲医院安全运维需求调研报告\n\n调研日期：2024年11月15日\n\n## 调研对象\n\n甲医院信息科。\n\n## 现状\n\n服务器 30 台，业务系统 5 套。\n\n## 需求分析\n\n需要驻场、巡检、日志审计、健康检查和应急处置。\n\n## 结论\n\n建议按年度签订服务合同。\n";
const BUDGET: &str = "# 2025年安全运维预算\n\n| 项目 | 数量 | 单价 | 金额 |\n|---|---|---|---|\n| 驻场人员 | 2 | 100000 | 200000 |\n| 工具 | 1 | 30000 | 30000 |\n\n合计金额：230000 元\n";

/// What somebody does to a binder.
type Change<'a> = &'a dyn Fn(&Path);

/// Every file below a folder with its bytes, by path with `/`.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn bundle(top: &Path, out: &str, more: &[&str]) -> PathBuf {
    let made = evlint(top, &[&["bundle", "证据", "--out", out], more].concat());
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    top.join(out)
}

/// Where each file of evidence stands, by its bytes.
fn places(binder: &BTreeMap<String, Vec<u8>>, bytes: &[u8]) -> Vec<String> {
    binder.iter().filter(|(_, found)| found.as_slice() == bytes).map(|(path, _)| path.clone()).collect()
}

#[test]
fn the_evidence_stands_by_clause_and_is_only_copied() {
    let top = evidence();
    let before = files(&top.path().join("证据"));
    let binder = files(&bundle(top.path(), "册", &[]));
    assert_eq!(files(&top.path().join("证据")), before, "evidence is never written to");
    let one = |path: &str| {
        let found = places(&binder, &before[path]);
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        found[0].clone()
    };
    assert_eq!(one("甲/=合同 \"终\".md"), "11 项目合同与保密协议/运维A-一期/11-01 项目合同（=合同 '终'）.md");
    assert_eq!(one("乙/=合同 \"终\".md"), "11 项目合同与保密协议/运维a-一期 (2)/11-03 项目合同（=合同 '终'）.md");
    assert_eq!(one("甲/保密协议.md"), "11 项目合同与保密协议/运维A-一期/11-02 保密协议.md");
    assert_eq!(
        one("公司/流程与规范.md"),
        "01 信息系统安全运维服务流程/01-01 信息系统安全运维服务流程（流程与规范）.md"
    );
    assert_eq!(places(&binder, SURVEY.as_bytes()), ["03 调研报告/运维A-一期/03-01 调研报告.md"], "members come out");
    assert!(places(&binder, &before["甲/归档.zip"]).is_empty());
    let budget: Vec<&String> = binder.keys().filter(|path| path.contains("budget")).collect();
    assert_eq!(budget, ["04 信息系统安全运维预算/运维A-一期/04-01 信息系统安全运维预算（budget）.md"]);
    for outside in ["随笔.md", "空.docx"] {
        assert!(places(&binder, &before[outside]).is_empty(), "{outside}");
        assert!(String::from_utf8_lossy(&binder["索引.html"]).contains(outside), "{outside}");
    }
    let divider = String::from_utf8_lossy(&binder["12 安全运维模式/00 目录.txt"]).into_owned();
    assert!(divider.contains("见 11 项目合同与保密协议/运维A-一期/11-01"), "{divider}");
    for own in
        ["evlint-bundle.json", "说明.txt", "索引.xlsx", "索引.html", "自评估表.docx", "manifest.sha256", "manifest.sm3"]
    {
        assert!(binder.contains_key(own), "{own}");
    }
    assert!(binder.keys().any(|path| path.starts_with("检查报告.")));
    let report = binder.iter().find(|(path, _)| path.starts_with("检查报告.")).expect("a report").1;
    let root = fs::canonicalize(top.path()).expect("a folder");
    assert!(!String::from_utf8_lossy(report).contains(root.to_str().expect("UTF-8")), "no path of this machine");
}

#[test]
fn copies_are_made_when_asked_for() {
    let top = evidence();
    let binder = files(&bundle(top.path(), "册", &["--copy"]));
    let found = places(&binder, contract("甲医院").as_bytes());
    let folders: Vec<&str> = found.iter().map(|path| &path[..3]).collect();
    assert_eq!(folders, ["11 ", "12 "], "{found:?}");
}

/// The same evidence gives the same bytes, as a folder and as an archive, and both hold the same.
#[test]
fn the_bytes_are_the_same_each_time() {
    let top = evidence();
    let first = files(&bundle(top.path(), "一", &[]));
    assert_eq!(files(&bundle(top.path(), "二", &[])), first);
    let zips = ["一.zip", "二.ZIP"].map(|out| fs::read(bundle(top.path(), out, &[])).expect("an archive"));
    assert!(zips[0] == zips[1]);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&zips[0])).expect("an archive");
    let mut inside = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("an entry");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).expect("bytes");
        inside.insert(file.name().expect("UTF-8").into_owned(), bytes);
    }
    assert_eq!(inside, first);
}

#[test]
fn every_change_is_found() {
    let top = evidence();
    let good = bundle(top.path(), "册", &[]);
    let verify = |path: &Path| {
        let output = evlint(top.path(), &["bundle", "--verify", path.to_str().expect("UTF-8")]);
        (output.status.code(), said(&output))
    };
    assert_eq!(verify(&good).0, Some(0), "{}", verify(&good).1);
    let nda = "11 项目合同与保密协议/运维A-一期/11-02 保密协议.md";
    let change: [(&str, Change<'_>); 5] = [
        ("已改动  11 项目合同", &|root| fs::write(root.join(nda), "x").expect("a file")),
        ("缺少  11 项目合同", &|root| fs::remove_file(root.join(nda)).expect("a file")),
        ("多出  11 项目合同与保密协议/新.txt", &|root| {
            fs::write(root.join("11 项目合同与保密协议/新.txt"), "").expect("a file");
        }),
        ("已改动  manifest.sm3", &|root| fs::write(root.join("manifest.sm3"), "").expect("a file")),
        ("缺少  索引.xlsx", &|root| fs::remove_file(root.join("索引.xlsx")).expect("a file")),
    ];
    for (named, change) in change {
        let changed = top.path().join("改");
        copy(&good, &changed);
        change(&changed);
        let (code, text) = verify(&changed);
        assert_eq!((code, text.contains(named)), (Some(1), true), "{named}: {text}");
        assert_eq!(
            text.lines().filter(|line| line.contains("  ") && !line.starts_with("  ")).count(),
            1,
            "and nothing else: {text}"
        );
        let packed = top.path().join("改.zip");
        let members: Vec<(String, Vec<u8>)> = files(&changed).into_iter().collect();
        let members: Vec<(&str, &[u8])> =
            members.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        fs::write(&packed, archive(&members)).expect("an archive");
        let (code, text) = verify(&packed);
        assert_eq!((code, text.contains(named)), (Some(1), true), "{named}: {text}");
        fs::remove_dir_all(changed).expect("removed");
    }
    let zip = bundle(top.path(), "册.zip", &[]);
    assert_eq!(verify(&zip).0, Some(0));
    for (path, code) in
        [("证据", "no_manifest"), ("没有", "evlint::file::read"), ("证据/随笔.md", "evlint::file::read")]
    {
        let (exit, text) = verify(&top.path().join(path));
        assert_eq!((exit, text.contains(code)), (Some(2), true), "{path}: {text}");
    }
    fs::write(good.join("manifest.sha256"), "nonsense\n").expect("a file");
    let (exit, text) = verify(&good);
    assert_eq!((exit, text.contains("evlint::bundle::bad_manifest")), (Some(2), true), "{text}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn nothing_is_overwritten_and_nothing_lands_among_the_evidence() {
    let top = evidence();
    fs::write(top.path().join("有.zip"), "mine").expect("a file");
    fs::create_dir(top.path().join("有")).expect("a folder");
    for (out, code) in [
        ("有.zip", "evlint::bundle::exists"),
        ("有", "evlint::bundle::exists"),
        ("证据/册", "evlint::bundle::inside"),
        ("证据/甲/册.zip", "evlint::bundle::inside"),
        ("没有/册", "evlint::file::write"),
    ] {
        let refused = evlint(top.path(), &["bundle", "证据", "--out", out]);
        assert_eq!(refused.status.code(), Some(2), "{out}");
        assert!(said(&refused).contains(code), "{out}: {}", said(&refused));
    }
    assert_eq!(fs::read(top.path().join("有.zip")).expect("a file"), b"mine");
    let left: Vec<_> =
        fs::read_dir(top.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left.len(), 3, "nothing half-made: {left:?}");
    fs::write(top.path().join("证据/.evlintignore"), "/出/\n").expect("a file");
    fs::create_dir(top.path().join("证据/出")).expect("a folder");
    bundle(top.path(), "证据/出/册", &[]);
}

/// A binder that was moved into the folder, as a folder or an archive, is no evidence; nor are its own
/// files where only they were.
#[test]
fn a_binder_among_the_evidence_is_known() {
    let top = evidence();
    let report = || evlint(top.path(), &["check", "证据", "--format", "json", "--as-of", "2026-01-20"]).stdout;
    let before = report();
    bundle(top.path(), "册.zip", &[]);
    let binder = bundle(top.path(), "册", &[]);
    for own in ["索引.xlsx", "索引.html", "自评估表.docx", "说明.txt", "11 项目合同与保密协议/00 目录.txt"]
    {
        let name = Path::new(own).file_name().expect("a name");
        fs::copy(binder.join(own), top.path().join("证据").join(name)).expect("a copy");
    }
    fs::rename(top.path().join("册.zip"), top.path().join("证据/册.zip")).expect("moved");
    fs::rename(binder, top.path().join("证据/册")).expect("moved");
    assert_eq!(String::from_utf8(report()), String::from_utf8(before));
}

#[test]
fn an_empty_folder_makes_no_binder() {
    let top = tempfile::tempdir().expect("a folder");
    fs::create_dir(top.path().join("证据")).expect("a folder");
    let nothing = evlint(top.path(), &["bundle", "证据", "--out", "册", "--level", "3"]);
    assert_eq!(nothing.status.code(), Some(3), "{}", said(&nothing));
    assert!(!top.path().join("册").exists());
}

/// GNU coreutils read the list.
#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
fn sha256sum_agrees() {
    let top = evidence();
    let binder = bundle(top.path(), "册", &[]);
    let check = |expected: bool| {
        let checked =
            Command::new("sha256sum").args(["-c", "--strict", "manifest.sha256"]).current_dir(&binder).output();
        let Ok(output) = checked else {
            eprintln!("no sha256sum here: the list was not checked by it");
            return;
        };
        assert_eq!(output.status.success(), expected, "{}", said(&output));
        let lines = fs::read_to_string(binder.join("manifest.sha256")).expect("a list").lines().count();
        assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), lines);
    };
    check(true);
    fs::write(binder.join("说明.txt"), "x").expect("a file");
    check(false);
}

/// Python's `zipfile` and openpyxl read archive and index; names that are not ASCII are flagged.
#[test]
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
fn python_reads_archive_and_index() {
    let top = evidence();
    let zip = bundle(top.path(), "册.zip", &[]);
    let script = r"
import io, json, sys, urllib.parse, zipfile
try:
    import openpyxl
except ImportError:
    print('no openpyxl'); sys.exit(0)
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    names = [info.filename for info in archive.infolist()]
    assert len(names) == len(set(names)) > 30
    for info in archive.infolist():
        assert info.filename.isascii() or info.flag_bits & 0x800, info
        assert info.date_time == (1980, 1, 1, 0, 0, 0), info
    book = openpyxl.load_workbook(io.BytesIO(archive.read('索引.xlsx')))
sheet, left = book.worksheets
rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
for row, cells in zip(rows, sheet.iter_rows(min_row=2)):
    assert all(cell.data_type != 'f' for cell in cells), row
    if row[11]:
        target = urllib.parse.unquote(cells[6].hyperlink.target)
        assert target in names and target.endswith('/' + row[6]), (row, target)
print(json.dumps({'head': [cell.value for cell in sheet[1]], 'rows': rows, 'left': [[c.value for c in r] for r in left.iter_rows(min_row=2)]}, ensure_ascii=False))
";
    let python = Command::new("python3").args(["-c", script]).arg(&zip).env("PYTHONIOENCODING", "utf-8").output();
    let Ok(output) = python else {
        eprintln!("no python3 here: the archive was not read by it");
        return;
    };
    assert!(output.status.success(), "{}", said(&output));
    if said(&output).starts_with("no openpyxl") {
        eprintln!("no openpyxl here: the index was not read by it");
        return;
    }
    let index: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(index["head"][6], "文件");
    let rows = index["rows"].as_array().expect("rows");
    let of = |original: &str| -> Vec<&serde_json::Value> { rows.iter().filter(|row| row[10] == original).collect() };
    let contract = of("甲/=合同 \"终\".md");
    assert_eq!(contract[0][0], 11);
    assert_eq!(contract[0][4], "运维A/一期");
    assert_eq!(contract[0][6], "11-01 项目合同（=合同 '终'）.md");
    assert!(contract.iter().any(|row| row[0] == 12), "every use is listed");
    assert_eq!(of("甲/归档.zip!/里/调研报告.md").len(), 1);
    assert_eq!(
        of("公司/流程与规范 - 副本.md").first().map(|row| &row[6]),
        of("公司/流程与规范.md").first().map(|row| &row[6])
    );
    assert!(rows.iter().any(|row| row[0] == 13 && row[5] == "申报级别不要求"));
    let left: Vec<&str> = index["left"].as_array().expect("rows").iter().filter_map(|row| row[0].as_str()).collect();
    assert_eq!(left, ["甲/归档.zip", "甲/邮件.eml", "空.docx", "随笔.md"]);
}

/// What Windows would refuse or take for something else never becomes a name in the binder.
#[test]
fn every_name_is_safe_on_windows() {
    let top = evidence();
    let root = top.path().join("证据/甲");
    if cfg!(unix) {
        for name in ["a:b*?", "con", "尾. ", "x<y>|z", "长".repeat(80).as_str(), "a\u{202e}b"] {
            fs::write(root.join(format!("{name}.md")), format!("{}\n{name}", nda("甲医院"))).expect("a file");
        }
    }
    let binder = files(&bundle(top.path(), "册", &[]));
    let mut folded = std::collections::BTreeSet::new();
    for path in binder.keys() {
        assert!(folded.insert(path.to_lowercase()), "{path}");
        assert!(path.encode_utf16().count() < 160, "{path}");
        for part in path.split('/') {
            assert!(!part.contains(['<', '>', ':', '"', '\\', '|', '?', '*', '\u{202e}']), "{path}");
            assert!(!part.ends_with(['.', ' ']) && !part.starts_with([' ', '.']), "{path}");
            assert!(part.len() <= 255 && !part.chars().any(char::is_control), "{path}");
        }
    }
    assert!(binder.keys().filter(|path| path.starts_with("11 ")).count() > if cfg!(unix) { 8 } else { 4 });
}

/// A file that changes after it was judged is named, and there is no binder.
#[cfg(unix)]
#[test]
fn a_file_that_goes_on_changing_stops_the_work() {
    let top = evidence();
    let file = top.path().join("证据/甲/保密协议.md");
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (going, path) = (stop.clone(), file.clone());
    let writer = std::thread::spawn(move || {
        let mut number = 0_u64;
        while !going.load(std::sync::atomic::Ordering::Relaxed) {
            let fresh = path.with_extension("new");
            let _ = fs::write(&fresh, format!("{}\n第 {number} 版\n", nda("甲医院")))
                .and_then(|()| fs::rename(&fresh, &path));
            number += 1;
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    });
    let output = evlint(top.path(), &["bundle", "证据", "--out", "册"]);
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writer.join().expect("the writer ends");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("evlint::bundle::changed"), "{}", said(&output));
    assert!(said(&output).contains("甲/"), "it is named: {}", said(&output));
    assert!(!top.path().join("册").exists());
    let left = fs::read_dir(top.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing half-made");
}
