//! An assessment with every kind of finding, over a few clauses and two projects.

use std::num::NonZeroU32;

use evlint::model::assessment::{FileResult, Known, NotApplicable, RectificationResult};
use evlint::model::document::Extent;
use evlint::model::finding::{Cite, ClauseText, Lost, Question, Waived};
use evlint::model::pack::Words;
use evlint::model::settings::{Entry, Origin};
use evlint::model::{
    Assessment, CellRef, ClauseResult, Confidence, EvidencePath, FileFormat, Finding, ItemResult, Kind, MaterialRef,
    MaterialResult, Place, Project, Severity, Span, Status, Unreadable, Verdict,
};
use jiff::civil::date;

const A: &str = "甲医院运维";
const B: &str = "乙银行运维";

pub(crate) fn sample() -> Assessment {
    let mut assessment = frame();
    assessment.clauses = clauses();
    assessment.findings = findings(&assessment.clauses);
    assessment.rectification = vec![
        RectificationResult {
            id: "GC-2024-01".into(),
            row: 52,
            rectified: true,
            files: vec![path("整改/GC-2024-01.pdf")],
        },
        RectificationResult { id: "BF-2024-02".into(), row: 55, rectified: false, files: vec![] },
    ];
    assessment.known =
        Some(Known { hidden: 3, baseline: Some("evlint-baseline.json".into()), since: Some("origin/main".into()) });
    assessment.files = vec![
        file("甲医院/合同.pdf", FileFormat::Pdf, "pdf", Some(Extent::Pages(12)), &["11.contract", "12.mode"]),
        file("甲医院/巡检登记.xlsx", FileFormat::Xlsx, "office", Some(Extent::Sheets(12)), &["29.inspection"]),
        file("乙银行/服务协议扫描件.png", FileFormat::Png, "", None, &[]),
    ];
    assessment
}

/// Nothing is wrong with it.
pub(crate) fn clean() -> Assessment {
    let mut assessment = frame();
    assessment.projects.truncate(1);
    assessment.clauses = vec![
        clause(11, 1, Verdict::Satisfied, CONTRACT, CONTRACT_EVIDENCE, vec![]),
        clause(29, 3, Verdict::Satisfied, INSPECTION, INSPECTION_EVIDENCE, vec![]),
        clause(42, 3, Verdict::NotApplicable, RISK, RISK_EVIDENCE, vec![]),
    ];
    assessment
}

fn frame() -> Assessment {
    Assessment {
        pack_id: "ccrc-om".into(),
        pack_version: "1".into(),
        pack_title: words("信息系统安全运维服务资质认证", "CCRC security operations service certification"),
        root: "evidence".into(),
        organization: Some("示例信息安全有限公司".into()),
        level: "2".into(),
        level_name: words("二级", "level 2"),
        audit: "surveillance".into(),
        audit_name: words("监督审核", "surveillance audit"),
        period: Some(Span { from: date(2025, 1, 1), to: date(2025, 12, 31) }),
        as_of: date(2026, 1, 20),
        config: Some("evlint.json".into()),
        origin: origin(),
        projects: vec![project(A, "甲医院"), project(B, "乙银行")],
        stages: vec![
            words("服务技术要求", "technical requirements"),
            words("准备阶段—签订服务协议", "preparation: agreement"),
            words("方案设计阶段", "design"),
            words("运维服务实施", "delivery"),
            words("运维服务报告", "reporting"),
        ],
        clauses: vec![],
        findings: vec![],
        rectification: vec![],
        files: vec![],
        known: None,
    }
}

/// The folder lies in a repository beside other things.
fn origin() -> Origin {
    let waiver = Entry::Waiver { of: "30".into(), project: None };
    Origin {
        folder: "证明材料".into(),
        config: Some("证明材料/evlint.json".into()),
        lines: vec![(Entry::Project(A.into()), n(9)), (Entry::Project(B.into()), n(16)), (waiver, n(24))],
    }
}

const PROCESS: &str = "建立信息系统安全运维服务流程。";
const PROCESS_EVIDENCE: &str = "信息系统安全运维服务流程，流程图中应包括每个阶段对应的职责、输入输出等。";
const CONTRACT: &str = "与客户签订服务协议，明确范围、目标、时间、内容、金额、质量和输出等。";
const CONTRACT_EVIDENCE: &str =
    "项目合同及保密协议，合同内容应至少包含服务范围、目标、时间、内容、金额、质量和输出等。";
const SLA: &str = "签订服务级别协议。";
const SLA_EVIDENCE: &str = "与客户签订的服务级别协议，协议中应承诺信息系统核心指标，如：可用性、安全事件解决率等。";
const ANALYSIS: &str = "根据运维过程中积累的历史数据，进行分析并提出新的运维策略。";
const ANALYSIS_EVIDENCE: &str = "信息系统运维过程中的分析报告，主要分析项目应有：历史数据清单的分析报告，内容包含运维完成情况、重大事件、重大（失败）变更等；基于以往运维数据分析结果提出的新的运维策略及解决方案。";
const CONTINUITY: &str = "制定业务连续性计划，并经过审批后发布。";
const CONTINUITY_EVIDENCE: &str = "发布且通过审批的业务连续性计划。";
const INSPECTION: &str =
    "对网络设备、安全设备、主机、数据库、应用系统等进行日常巡检，包括安全策略配置巡检和业务操作巡检。";
const INSPECTION_EVIDENCE: &str = "日常巡检记录,主要针对条款要求内容。";
const RISK: &str = "对系统进行风险评估和渗透测试。";
const RISK_EVIDENCE: &str = "风险评估记录与报告；渗透测试报告。";
const REPORT: &str = "定期向客户提交服务报告。";
const REPORT_EVIDENCE: &str = "安全运维的定期服务报告,服务报告应对一段时间内运维服务实现情况进行统计与分析。";

fn clauses() -> Vec<ClauseResult> {
    let contract = |project, status, files: &[&str], shown: bool| MaterialResult {
        files: files.iter().map(|name| path(name)).collect(),
        items: vec![
            item("服务范围", Some(("甲医院/合同.pdf", page(2)))),
            item("质量", shown.then(|| ("甲医院/合同.pdf", page(5)))),
            item("输出", None),
        ],
        ..material("contract", words("项目合同", "service contract"), Some(project), status)
    };
    let of = |id, zh, en, project, status| material(id, words(zh, en), project, status);
    let mut clauses = vec![
        clause(
            1,
            0,
            Verdict::Satisfied,
            PROCESS,
            PROCESS_EVIDENCE,
            vec![of("process", "信息系统安全运维服务流程", "service process", None, Status::Satisfied)],
        ),
        clause(
            11,
            1,
            Verdict::Unsatisfied,
            CONTRACT,
            CONTRACT_EVIDENCE,
            vec![
                contract(A, Status::Partial, &["甲医院/合同.pdf"], false),
                contract(B, Status::Satisfied, &["乙银行/合同.docx"], true),
                of("nda", "保密协议", "confidentiality agreement", Some(A), Status::Missing),
                of("nda", "保密协议", "confidentiality agreement", Some(B), Status::Missing),
            ],
        ),
        clause(
            13,
            1,
            Verdict::NeedsReview,
            SLA,
            SLA_EVIDENCE,
            vec![
                of("sla", "服务级别协议", "service level agreement", Some(A), Status::Satisfied),
                of("sla", "服务级别协议", "service level agreement", Some(B), Status::NeedsReview),
            ],
        ),
        clause(
            18,
            2,
            Verdict::Unsatisfied,
            ANALYSIS,
            ANALYSIS_EVIDENCE,
            vec![
                of("analysis", "历史数据分析报告", "analysis of past data", Some(A), Status::Partial),
                of("strategy", "新的运维策略", "new strategy", Some(B), Status::Missing),
            ],
        ),
        clause(20, 2, Verdict::NotApplicable, "建立配置库。", "配置库信息。", vec![]),
        clause(
            23,
            2,
            Verdict::Unsatisfied,
            CONTINUITY,
            CONTINUITY_EVIDENCE,
            vec![of("bcp", "业务连续性计划", "business continuity plan", None, Status::Partial)],
        ),
        inspection(),
        clause(
            42,
            3,
            Verdict::Waived,
            RISK,
            RISK_EVIDENCE,
            vec![of("pentest", "渗透测试报告", "penetration test", Some(A), Status::Waived)],
        ),
        clause(
            44,
            4,
            Verdict::Unsatisfied,
            REPORT,
            REPORT_EVIDENCE,
            vec![
                of("report", "定期服务报告", "periodic service report", Some(A), Status::Partial),
                of("report", "定期服务报告", "periodic service report", Some(B), Status::Partial),
            ],
        ),
    ];
    clauses.extend(satisfied());
    clauses.sort_by_key(|clause| clause.no);
    clauses
}

fn inspection() -> ClauseResult {
    let of =
        |project, status| material("inspection", words("日常巡检记录", "inspection records"), Some(project), status);
    clause(
        29,
        3,
        Verdict::Unsatisfied,
        INSPECTION,
        INSPECTION_EVIDENCE,
        vec![
            MaterialResult {
                series: true,
                periods: vec!["2025-01".into(), "2025-02".into()],
                ..of(A, Status::Partial)
            },
            of(B, Status::NeedsReview),
        ],
    )
}

fn satisfied() -> impl Iterator<Item = ClauseResult> {
    let stages =
        [(2, 0), (12, 1), (14, 2), (15, 2), (16, 2), (25, 3), (26, 3), (27, 3), (30, 3), (31, 3), (45, 4), (46, 4)];
    stages.into_iter().map(|(no, stage)| clause(no, stage, Verdict::Satisfied, "条款。", "材料。", vec![]))
}

fn findings(clauses: &[ClauseResult]) -> Vec<Finding> {
    let mut found = gaps(clauses);
    found.push(accepted());
    found.extend(hygiene());
    found.extend(housekeeping());
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn gaps(clauses: &[ClauseResult]) -> Vec<Finding> {
    let cite = |no: u32, text, words: &str| {
        let clause = clauses.iter().find(|clause| clause.no == no).expect("a clause of the sample");
        let within = if text == ClauseText::Clause { &clause.clause } else { &clause.evidence };
        let start = within.find(words).expect("words of the clause");
        Some(Cite { text, start, end: start + words.len() })
    };
    let evidence = |no, words: &str| cite(no, ClauseText::Evidence, words);
    let content = |item: &str| Kind::MissingContent { item: item.into() };
    let month = |period: &str| Kind::MissingPeriod { period: period.into(), shown: 9, instead: None };
    let ask = |question| Kind::NeedsConfirmation { question };
    let contract = |item: &str| Finding {
        path: Some(path("甲医院/合同.pdf")),
        looked_at: vec![path("甲医院/补充协议.pdf")],
        cite: evidence(11, item),
        ..gap(11, "contract", Some(A), content(item))
    };
    let inspection =
        |kind| Finding { cite: evidence(29, "日常巡检记录"), ..gap(29, "inspection", Some(A), kind) };
    let report = |project, path_of: &str, kind| Finding {
        path: Some(path(path_of)),
        place: Some(page(1)),
        cite: evidence(44, "定期服务报告"),
        ..gap(44, "report", Some(project), kind)
    };
    vec![
        contract("目标"),
        contract("质量"),
        contract("输出"),
        Finding { cite: evidence(11, "保密协议"), ..gap(11, "nda", Some(A), missing("保密协议", false)) },
        Finding {
            cite: evidence(11, "保密协议"),
            looked_at: vec![path("公司/员工保密协议.docx")],
            ..gap(11, "nda", Some(B), missing("保密协议", false))
        },
        Finding {
            path: Some(path("乙银行/服务协议扫描件.png")),
            cite: evidence(13, "服务级别协议"),
            ..gap(13, "sla", Some(B), Kind::Unreadable { why: Unreadable::PictureOnly, format: FileFormat::Png })
        },
        Finding {
            path: Some(path("甲医院/历史数据分析.docx")),
            cite: evidence(18, "重大（失败）变更"),
            confidence: Confidence::Medium,
            ..gap(18, "analysis", Some(A), content("重大（失败）变更"))
        },
        Finding {
            cite: evidence(18, "新的运维策略"),
            ..gap(18, "strategy", Some(B), missing("新的运维策略及解决方案", true))
        },
        Finding {
            path: Some(path("公司/业务连续性计划（送审稿）.docx")),
            place: Some(Place::Paragraph(n(3))),
            cite: evidence(23, "通过审批"),
            ..gap(23, "bcp", None, Kind::Unapproved { item: "批准人".into() })
        },
        inspection(month("2025-03")),
        inspection(month("2025-08")),
        inspection(month("2025-11")),
        Finding {
            path: Some(path("甲医院/巡检登记.xlsx")),
            cite: cite(29, ClauseText::Clause, "业务操作巡检"),
            ..gap(29, "inspection", Some(A), content("业务操作巡检"))
        },
        report(
            A,
            "甲医院/服务季报.pdf",
            Kind::OutOfPeriod { expected: "2025-01-01..2025-12-31".into(), found: "2023-Q4".into() },
        ),
        report(
            B,
            "乙银行/服务月报.pdf",
            Kind::Inconsistent {
                item: "安全事件次数".into(),
                here: "12".into(),
                there: "9".into(),
                other: Some(path("乙银行/安全事件统计表.xlsx")),
            },
        ),
        Finding { cite: None, ..gap(54, "BF-2024-02", None, missing("BF-2024-02", false)) },
        Finding {
            severity: Severity::Warning,
            confidence: Confidence::Low,
            path: Some(path("乙银行/巡检.jpg")),
            cite: evidence(29, "日常巡检记录"),
            ..gap(29, "inspection", Some(B), ask(Question::IsThisIt))
        },
        Finding {
            severity: Severity::Warning,
            path: Some(path("乙银行/巡检照片.jpg")),
            cite: cite(29, ClauseText::Clause, "安全策略配置巡检"),
            ..gap(29, "inspection", Some(B), ask(Question::DoesPictureShow { item: "安全策略配置巡检".into() }))
        },
        Finding {
            severity: Severity::Warning,
            path: Some(path("甲医院/服务报告.docx")),
            cite: evidence(45, "材料"),
            ..gap(45, "annual", Some(A), ask(Question::WhichPeriod))
        },
    ]
}

fn accepted() -> Finding {
    let waived = Waived {
        reason: "客户的系统年内迁移，迁移后再测".into(),
        owner: "张三".into(),
        until: date(2026, 6, 30),
        otherwise: Severity::Error,
    };
    let start = RISK_EVIDENCE.find("渗透测试报告").expect("words of the clause");
    Finding {
        severity: Severity::Note,
        cite: Some(Cite { text: ClauseText::Evidence, start, end: start + "渗透测试报告".len() }),
        waived: Some(waived),
        ..gap(42, "pentest", Some(A), missing("渗透测试报告", false))
    }
}

fn hygiene() -> Vec<Finding> {
    let of = |kind, name: &str, place| Finding { place, ..file_finding(kind, name) };
    let at = |sheet: &str| Some(Place::Cell { sheet: sheet.into(), cell: CellRef { row: n(7), column: n(3) } });
    let cell = Place::TableCell { table: n(2), row: n(3), column: n(1) };
    vec![
        of(Kind::EmptyFile, "甲医院/巡检/2025-08.docx", None),
        of(Kind::TempFile, "甲医院/~$合同.docx", None),
        of(Kind::TempFile, "乙银行/Thumbs.db", None),
        of(Kind::Duplicate { of: path("甲医院/巡检/2025-05.docx") }, "甲医院/巡检/2025-06.docx", None),
        of(Kind::Encrypted, "乙银行/预算.xlsx", None),
        of(Kind::Corrupt { detail: "bad central directory".into() }, "乙银行/验收.docx", None),
        of(Kind::LfsPointer, "甲医院/拓扑图.vsdx", None),
        of(Kind::TypeMismatch { extension: "doc".into(), format: FileFormat::Pdf }, "甲医院/纪要.doc", None),
        of(Kind::Placeholder { text: Some("XX公司".into()) }, "甲医院/服务方案.docx", Some(Place::Paragraph(n(12)))),
        of(
            Kind::Placeholder { text: Some("待补充".into()) },
            "乙银行/信息系统安全运维服务方案（2025年度修订版）/附件三应急响应.docx",
            Some(cell),
        ),
        of(Kind::PlaintextSecret, "甲医院/设备清单.xlsx", at("登记")),
        of(Kind::TrackedChanges { count: 12 }, "公司/服务规范.docx", Some(Place::Paragraph(n(4)))),
        of(
            Kind::WrongCustomer { found: "丙学校".into(), expected: "甲医院".into() },
            "甲医院/满意度调查.docx",
            Some(page(1)),
        ),
        of(Kind::Unsigned { label: "客户签字".into() }, "甲医院/验收单.pdf", Some(page(2))),
        of(Kind::PartlyRead { pages: Vec::new(), what: Some("嵌入的对象".into()) }, "公司/服务规范.docx", None),
        of(Kind::UnreadFile { why: Unreadable::Unsupported, format: FileFormat::Rar }, "公司/旧资料.rar", None),
    ]
}

fn housekeeping() -> Vec<Finding> {
    let mut found = vec![
        config(Kind::WaiverLapsed {
            of: "30".into(),
            reason: "客户机房搬迁".into(),
            owner: "张三".into(),
            until: date(2025, 12, 31),
        }),
        Finding {
            project: Some(A.into()),
            ..config(Kind::WaiverUnused {
                of: "12.mode".into(), reason: "合同另行保管".into(), owner: "李四".into()
            })
        },
        file_finding(lost(Lost::Changed), "甲医院/巡检照片.jpg"),
        file_finding(lost(Lost::Gone), "乙银行/验收照片.jpg"),
        config(Kind::EvidenceUnmatched { of: "11.nda".into(), pattern: "合同/保密*.pdf".into() }),
        config(Kind::BaselineStale { fingerprint: "5f".repeat(32), about: "“旧合同.docx”是空文件".into() }),
        Finding { severity: Severity::Note, ..config(Kind::NoPeriod) },
    ];
    for name in ["公司/食堂菜单.xlsx", "甲医院/杂项/IMG_0001.jpg", "甲医院/杂项/IMG_0002.jpg", "readme.txt"]
    {
        found.push(Finding { severity: Severity::Note, ..file_finding(Kind::UnmatchedFile, name) });
    }
    found
}

fn lost(why: Lost) -> Kind {
    Kind::ConfirmationLost { of: "29.inspection".into(), by: "王五".into(), why }
}

fn missing(item: &str, elsewhere: bool) -> Kind {
    Kind::MissingMaterial { item: item.into(), elsewhere }
}

fn gap(clause: u32, material: &str, project: Option<&str>, kind: Kind) -> Finding {
    Finding {
        kind,
        severity: Severity::Error,
        confidence: Confidence::High,
        clause: Some(clause),
        material: Some(material.into()),
        project: project.map(Into::into),
        path: None,
        place: None,
        cite: None,
        looked_at: vec![],
        waived: None,
    }
}

fn config(kind: Kind) -> Finding {
    Finding { severity: Severity::Warning, clause: None, material: None, ..gap(0, "", None, kind) }
}

fn file_finding(kind: Kind, name: &str) -> Finding {
    Finding { path: Some(path(name)), ..config(kind) }
}

fn clause(
    no: u32,
    stage: usize,
    verdict: Verdict,
    text: &str,
    evidence: &str,
    materials: Vec<MaterialResult>,
) -> ClauseResult {
    ClauseResult {
        no,
        stage,
        clause: text.into(),
        evidence: evidence.into(),
        verdict,
        why_not_applicable: (verdict == Verdict::NotApplicable).then_some(NotApplicable::Level),
        materials,
    }
}

fn material(id: &str, name: Words, project: Option<&str>, status: Status) -> MaterialResult {
    MaterialResult {
        id: id.into(),
        name,
        project: project.map(Into::into),
        status,
        files: vec![],
        items: vec![],
        series: false,
        periods: vec![],
    }
}

fn item(item: &str, at: Option<(&str, Place)>) -> ItemResult {
    ItemResult { item: item.into(), shown: at.is_some(), at: at.map(|(name, place)| (path(name), place)) }
}

pub(crate) fn file(
    name: &str,
    format: FileFormat,
    reader: &str,
    extent: Option<Extent>,
    matched: &[&str],
) -> FileResult {
    FileResult {
        path: path(name),
        sha256: "0".repeat(64),
        size: 4096,
        format,
        reader: reader.into(),
        title: None,
        version: None,
        extent,
        date: Some(date(2025, 3, 1)),
        about: extent.map(|_| Span { from: date(2025, 1, 1), to: date(2025, 3, 31) }),
        matched: matched.iter().map(|of| of.parse::<MaterialRef>().expect("a material")).collect(),
    }
}

fn project(name: &str, folder: &str) -> Project {
    Project { name: name.into(), paths: vec![folder.into()], customer: None, aliases: vec![], contract: None }
}

fn words(zh: &str, en: &str) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

fn path(text: &str) -> EvidencePath {
    EvidencePath::new(text)
}

fn page(number: u32) -> Place {
    Place::Page(n(number))
}

fn n(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).expect("counted from 1")
}
