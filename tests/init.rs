//! `evlint init`: a folder that reports every material as missing and nothing else, and that comes out
//! clean once the documents are in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const FROM: &str = env!("CARGO_MANIFEST_DIR");

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

fn json(folder: &Path, args: &[&str]) -> (Value, Option<i32>) {
    let output = evlint(folder, &[&["check", ".", "--format", "json"], args].concat());
    (
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output))),
        output.status.code(),
    )
}

/// Every file below a folder, by its relative path.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(root).expect("inside").to_path_buf());
            }
        }
    }
    found.sort();
    found
}

/// What the pack's own files ask for: clause, material, and whether each project needs it.
fn materials(level: &str, audit: &str) -> Vec<(u64, String, bool)> {
    let mut found = Vec::new();
    for file in files(&Path::new(FROM).join("rules/ccrc-om")) {
        let text = fs::read_to_string(Path::new(FROM).join("rules/ccrc-om").join(&file)).expect("a rule file");
        let clause: Value = serde_json::from_str(&text).expect("JSON");
        let holds = |list: &Value, id: &str| list.as_array().is_some_and(|list| list.iter().any(|one| one == id));
        if !holds(&clause["levels"], level) || !holds(&clause["audits"], audit) || clause["no"].is_null() {
            continue;
        }
        for material in clause["materials"].as_array().expect("materials") {
            let id = material["id"].as_str().expect("an id").to_owned();
            found.push((clause["no"].as_u64().expect("a number"), id, material["scope"] == "project"));
        }
    }
    found
}

#[test]
fn a_new_folder_lacks_every_material_and_has_no_other_finding() {
    for level in ["1", "2", "3"] {
        for audit in ["initial", "surveillance"] {
            for projects in [&[][..], &["甲医院"], &["甲医院", "乙港务/一期"]] {
                let top = tempfile::tempdir().expect("a folder");
                let mut args = vec!["init", "证据", "--level", level, "--audit", audit];
                args.extend(["--organization", "某公司", "--period", "2025-01-01..2025-12-31"]);
                args.extend(projects.iter().flat_map(|name| ["--project", name]));
                let made = evlint(top.path(), &args);
                assert_eq!(made.status.code(), Some(0), "{}", said(&made));
                let (report, code) = json(&top.path().join("证据"), &[]);
                assert_eq!(code, Some(3), "the folder holds no file but evlint's own");
                assert_eq!(report["organization"], "某公司");
                let expected: BTreeSet<(u64, String, Option<String>)> = materials(level, audit)
                    .into_iter()
                    .flat_map(|(no, id, of_project)| {
                        let names: Vec<Option<String>> = if of_project && !projects.is_empty() {
                            projects.iter().map(|name| Some((*name).to_owned())).collect()
                        } else {
                            vec![None]
                        };
                        names.into_iter().map(move |name| (no, id.clone(), name))
                    })
                    .collect();
                let findings = report["findings"].as_array().expect("findings");
                let text = |value: &Value| value.as_str().map(str::to_owned);
                let found: BTreeSet<(u64, String, Option<String>)> = findings
                    .iter()
                    .map(|finding| {
                        assert_eq!(finding["code"], "missing-material", "{finding}");
                        (
                            finding["clause"].as_u64().expect("a clause"),
                            text(&finding["material"]).expect("a material"),
                            text(&finding["project"]),
                        )
                    })
                    .collect();
                assert_eq!(found, expected, "level {level}, {audit}, {projects:?}");
                assert_eq!(findings.len(), expected.len());
            }
        }
    }
}

/// The documents of the example, each in the folder of the clause that it serves, and in place of what
/// the example lacks on purpose what these notes ask for.
#[test]
fn the_folder_filled_with_documents_is_clean() {
    let example = Path::new(FROM).join("fixtures/example");
    let (report, _) = json(&example, &["--as-of", "2026-01-20"]);
    let top = tempfile::tempdir().expect("a folder");
    let organization = report["organization"].as_str().expect("a name");
    let project = report["projects"][0].as_str().expect("a name");
    let args = [
        "init",
        "--level",
        "3",
        "--organization",
        organization,
        "--project",
        project,
        "--period",
        "2025-01-01..2025-12-31",
    ];
    let made = evlint(top.path(), &args);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let empty = files(top.path());
    let bad = ["duplicate", "out-of-period", "empty-file", "temp-file"];
    let findings = report["findings"].as_array().expect("findings");
    let lacks = |file: &Value| {
        findings
            .iter()
            .any(|finding| finding["path"] == file["path"] && bad.iter().any(|code| finding["code"] == *code))
    };
    let mut copied = 0;
    for file in report["files"].as_array().expect("files") {
        let (Some(path), Some(matched)) = (file["path"].as_str(), file["matched"][0].as_str()) else { continue };
        if lacks(file) || matched.starts_with("25.") {
            continue;
        }
        let name = Path::new(path).file_name().expect("a name");
        fs::copy(example.join(path), clause_folder(top.path(), matched).join(name)).expect("a copy");
        copied += 1;
    }
    assert!(copied > 30, "{copied}");
    for (matched, name, text) in [
        ("25.asset-register", "资产识别表.csv", ASSETS),
        ("29.inspection-record", "2025年7月日常巡检记录.md", INSPECTION),
        ("45.annual-summary-report", "2025年年终安全运维总结报告.md", SUMMARY),
        ("46.acceptance-report", "项目验收报告.md", ACCEPTANCE),
    ] {
        fs::write(clause_folder(top.path(), matched).join(name), text).expect("a file");
    }
    let (report, code) = json(top.path(), &["--as-of", "2026-01-20"]);
    let findings: Vec<String> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| format!("{} {} {} {}", finding["code"], finding["clause"], finding["path"], finding["message"]))
        .collect();
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(code, Some(0));
    assert_eq!(report["summary"]["clauses"]["unsatisfied"], 0);
    assert!(empty.iter().all(|file| top.path().join(file).is_file()), "check moves nothing");
}

/// The folder whose name begins with the clause's number.
fn clause_folder(root: &Path, matched: &str) -> PathBuf {
    let no = matched.split('.').next().expect("a clause");
    let begins = format!("{no:0>2} ");
    let notes = files(root).into_iter().filter_map(|file| file.parent().map(Path::to_path_buf));
    let found = notes
        .into_iter()
        .find(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begins)));
    root.join(found.unwrap_or_else(|| panic!("no folder for {matched}")))
}

const ASSETS: &str = "资产编号,资产名称,资产类别,型号,功能,部署情况,IP地址,端口对应情况,责任人,重要性,位置\n\
    ZC-01,出口防火墙,安全设备,FW-100,互联网出口访问控制,二层机房 A01 机柜串联部署,10.1.1.1,GE0/1 对应核心交换机 GE0/24,程禾,高,二层机房 A01\n\
    ZC-02,核心交换机,网络设备,SW-58,核心数据交换,二层机房 A01 机柜双机部署,10.1.1.2,GE0/24 对应出口防火墙 GE0/1,程禾,高,二层机房 A01\n\
    ZC-03,业务服务器,主机,SV-20,运行借阅业务系统,二层机房 A02 机柜单机部署,10.1.2.10,eth0 对应核心交换机 GE0/3,程禾,高,二层机房 A02\n";

const INSPECTION: &str = "# 日常巡检记录（2025年7月）\n\n项目：临澜市图书馆业务系统安全运维服务项目\n\n巡检日期：2025年7月15日\n\n\
    | 巡检对象 | 巡检内容 | 巡检结果 | 处理情况 | 巡检人 |\n|---|---|---|---|---|\n\
    | 出口防火墙 | CPU、内存、会话数、策略命中 | 正常 | 无需处理 | 程禾 |\n\
    | 核心交换机 | 端口状态、日志、温度 | 正常 | 无需处理 | 程禾 |\n\
    | 业务服务器 | 磁盘、服务状态、补丁 | 正常 | 无需处理 | 程禾 |\n\n审核：陆川 2025年7月16日\n";

const SUMMARY: &str = "# 2025年年终安全运维总结报告\n\n项目：临澜市图书馆业务系统安全运维服务项目\n\n编制日期：2025年12月28日\n\n\
    ## 服务概况\n\n2025年1月至12月按合同完成全部运维服务，巡检12次，处理事件3起，系统可用性达到99.95%。\n\n\
    ## 服务目标完成情况\n\n各项服务指标均达到合同与服务级别要求，响应及时率100%。\n\n\
    ## 安全事件与处置情况\n\n全年发生一般安全事件3起，均在4小时内处置完成，没有造成业务中断。\n\n\
    ## 运行情况分析\n\n与上年相比，事件减少2起，主要原因是补丁更新及时；告警集中在3月和9月，分析为业务系统升级所致。\n\n## 存在的问题\n\n个别终端补丁更新滞后，已列入下一年度整改。\n\n\
    ## 下一年度工作计划与改进建议\n\n增加补丁核查频次，完善应急预案并组织演练。\n";

const ACCEPTANCE: &str = "# 项目验收报告\n\n项目名称：临澜市图书馆业务系统安全运维服务项目\n\n甲方：临澜市图书馆\n\n乙方：映川信息安全技术有限公司\n\n\
    验收日期：2026年1月8日\n\n## 验收内容\n\n对2025年1月1日至2025年12月31日的安全运维服务进行验收，包括巡检、健康检查、日志审计、事件处置和报告。\n\n\
    ## 验收结论\n\n服务内容、质量和交付物符合合同要求，同意通过验收。\n\n甲方代表（签字）：沈知 2026年1月8日\n\n乙方代表（签字）：陆川 2026年1月8日\n";

#[test]
fn nothing_is_ever_overwritten() {
    let top = tempfile::tempdir().expect("a folder");
    for existing in ["evlint.json", "说明.md", "1 服务技术要求"] {
        let place = top.path().join("证据");
        fs::create_dir(&place).expect("a folder");
        fs::write(place.join(existing), "mine").expect("a file");
        let refused = evlint(top.path(), &["init", "证据", "--level", "3"]);
        assert_eq!(refused.status.code(), Some(2));
        // A narrow frame breaks its lines anywhere.
        let text: String = said(&refused).split_whitespace().filter(|word| *word != "│").collect();
        assert!(text.contains(&existing.replace(' ', "")), "{text}");
        assert_eq!(files(&place), [PathBuf::from(existing)], "nothing half-made");
        fs::remove_dir_all(place).expect("removed");
    }
    let first = evlint(top.path(), &["init", "证据", "--level", "3"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let before = files(top.path());
    assert_eq!(evlint(top.path(), &["init", "证据", "--level", "1"]).status.code(), Some(2));
    assert_eq!(files(top.path()), before);
}

#[test]
fn bad_flags_make_nothing() {
    for (args, code) in [
        (&["init", "证据"][..], "evlint::level::missing"),
        (&["init", "证据", "--level", "9"], "evlint::level::unknown"),
        (&["init", "证据", "--level", "3", "--audit", "x"], "evlint::audit::unknown"),
        (&["init", "证据", "--level", "3", "--period", "2025"], "evlint::period::bad"),
        (&["init", "证据", "--level", "3", "--rules", "none"], "evlint::pack::"),
    ] {
        let top = tempfile::tempdir().expect("a folder");
        let refused = evlint(top.path(), args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(said(&refused).contains(code), "{}", said(&refused));
        assert_eq!(files(top.path()), Vec::<PathBuf>::new());
        assert!(!top.path().join("证据").exists());
    }
}

#[test]
fn evlint_json_is_good_and_names_its_schema() {
    let top = tempfile::tempdir().expect("a folder");
    let args =
        ["init", "--level", "2", "--audit", "surveillance", "--project", "甲", "--project", "CON", "--lang", "en"];
    assert_eq!(evlint(top.path(), &args).status.code(), Some(0));
    let text = fs::read_to_string(top.path().join("evlint.json")).expect("a file");
    let config: Value = serde_json::from_str(&text).expect("JSON");
    let schema = config["$schema"].as_str().expect("a schema");
    let schema = fs::read_to_string(top.path().join(schema)).expect("the schema lies where it is named");
    let schema = jsonschema::draft202012::new(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    assert!(schema.is_valid(&config), "{text}");
    for project in config["projects"].as_array().expect("projects") {
        assert!(top.path().join(project["path"].as_str().expect("a folder")).is_dir(), "{project}");
    }
    let note = fs::read_to_string(top.path().join("README.md")).expect("a note");
    assert!(note.contains("evlint check"), "{note}");
}

/// In a terminal it asks. Python lends one.
#[cfg(unix)]
#[test]
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
fn in_a_terminal_it_asks() {
    let script = r"
import os, pty, select, sys
folder, program = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.execv(program, [program, 'init'])
answers = [('组织名称', '问答公司\r'), ('申报级别', '\x1b[B\r'), ('审核类型', '\r'), ('审核期', 'x\r'), ('写成', '\x7f2025-01-01..2025-12-31\r'), ('项目名称', '甲项目\r'), ('下一个项目', '\r')]
seen = ''
while True:
    ready, _, _ = select.select([terminal], [], [], 20)
    if not ready:
        sys.exit('no more output: ' + seen)
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    seen += part.decode('utf-8', 'replace')
    if answers and answers[0][0] in seen:
        os.write(terminal, answers.pop(0)[1].encode())
        seen = ''
_, status = os.waitpid(pid, 0)
if answers or status != 0:
    sys.exit(f'{status} {answers} {seen}')
";
    let top = tempfile::tempdir().expect("a folder");
    let python = Command::new("python3")
        .args(["-c", script])
        .arg(top.path())
        .arg(env!("CARGO_BIN_EXE_evlint"))
        .env("TERM", "xterm")
        .env("LANG", "C.UTF-8")
        .output();
    let Ok(output) = python else {
        eprintln!("no python3 here: the questions were not asked");
        return;
    };
    assert!(output.status.success(), "{}", said(&output));
    let config: Value =
        serde_json::from_str(&fs::read_to_string(top.path().join("evlint.json")).expect("a file")).expect("JSON");
    assert_eq!(
        (&config["organization"], &config["level"], &config["audit"]),
        (&"问答公司".into(), &2.into(), &"initial".into())
    );
    assert_eq!(config["period"]["to"], "2025-12-31");
    assert_eq!(config["projects"][0]["name"], "甲项目");
}
