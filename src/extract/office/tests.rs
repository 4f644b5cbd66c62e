//! Documents made here, as small as their point.

use std::io::{Cursor, Write};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;

use crate::extract::{Options, read};
use crate::model::document::{Extent, Remark};
use crate::model::{Block, Content, Document, EvidencePath, Place, Reading, Row, Unreadable};

const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

fn package(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect(name);
        writer.write_all(text.as_bytes()).expect(name);
    }
    writer.finish().expect("in memory").into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    package(&[
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"#
            ),
        ),
        ("word/document.xml", format!(r#"<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>"#)),
    ])
}

/// One visible sheet and a hidden one; style 1 is a date, 2 a percentage, 3 a time.
fn xlsx(rows: &str, after: &str) -> Vec<u8> {
    let kind = |part: &str| format!("application/vnd.openxmlformats-officedocument.spreadsheetml.{part}+xml");
    let sheet = |rows: &str, after: &str| {
        format!(r#"<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData>{after}</worksheet>"#)
    };
    package(&[
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{}"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{}"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="{}"/><Override PartName="/xl/styles.xml" ContentType="{}"/></Types>"#,
                kind("sheet.main"),
                kind("worksheet"),
                kind("worksheet"),
                kind("styles")
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="记录" sheetId="1" r:id="r1"/><sheet name="旧" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{SHEET}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="20"/></cellXfs></styleSheet>"#
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet(rows, after)),
        ("xl/worksheets/sheet2.xml", sheet(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>"#, "")),
    ])
}

fn document(name: &str, bytes: &[u8]) -> Document {
    let source = read(&EvidencePath::new(name), bytes, &Options::default()).swap_remove(0);
    match source.reading {
        Reading::Document(document) => document,
        reading => panic!("{name}: {reading:?}"),
    }
}

fn row(row: &Row) -> String {
    row.cells.iter().map(|cell| cell.text.replace('\n', "/")).collect::<Vec<_>>().join("|")
}

fn shown(block: &Block) -> String {
    match &block.content {
        Content::Heading { level, text } => format!("{level} {text}"),
        Content::Table(table) => format!("[{}]", table.rows.iter().map(row).collect::<Vec<_>>().join(";")),
        content => content.text().unwrap_or_default().to_owned(),
    }
}

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn a_text_keeps_its_order_and_its_places() {
    let cell =
        |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph("", text));
    let body = [
        paragraph(r#"<w:outlineLvl w:val="0"/>"#, "运维方案"),
        paragraph("", ""),
        paragraph("", "一、范围"),
        "<w:p><w:r><w:t>共</w:t></w:r><w:del w:id=\"1\"><w:r><w:delText>八</w:delText></w:r></w:del><w:ins w:id=\"2\"><w:r><w:t>九</w:t></w:r></w:ins><w:r><w:t>项。</w:t></w:r></w:p>".to_owned(),
        format!(
            "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
            cell(r#"<w:gridSpan w:val="2"/>"#, "名称"),
            cell(r#"<w:vMerge w:val="restart"/>"#, "备注"),
            cell("", "甲"),
            cell("", "1"),
            cell("<w:vMerge/>", ""),
        ),
        paragraph("", "完毕。"),
    ];
    let document = document("a.docx", &docx(&body.concat()));
    let shown: Vec<String> = document.blocks.iter().map(shown).collect();
    assert_eq!(shown, ["1 运维方案", "2 一、范围", "共九项。", "[名称||备注;甲|1]", "完毕。"]);
    let one = std::num::NonZeroU32::MIN;
    let n = |n| std::num::NonZeroU32::new(n).expect("from 1");
    assert_eq!(document.blocks[2].place, Place::Paragraph(n(3)));
    assert_eq!(document.blocks[4].place, Place::Paragraph(n(4)));
    let Content::Table(table) = &document.blocks[3].content else { panic!("a table") };
    assert_eq!(table.rows[0].cells[0].columns, 2);
    assert_eq!(table.rows[1].cells[1].place, Place::TableCell { table: one, row: n(2), column: n(2) });
    assert_eq!(document.remarks, [Remark::TrackedChanges { count: 2, first: Place::Paragraph(n(3)) }]);
}

#[test]
fn a_sheet_shows_what_its_user_sees() {
    let text = |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = [
        format!(r#"<row r="1">{}</row>"#, text("A1", "巡检记录")),
        format!(r#"<row r="3">{}{}{}</row>"#, text("A3", "日期"), text("C3", "达成率"), text("D3", "时间")),
        r#"<row r="4"><c r="A4" s="1"><v>45734</v></c><c r="B4"><v>3</v></c><c r="C4" s="2"><v>0.95</v></c><c r="D4" s="3"><v>0.8125</v></c></row>"#.to_owned(),
        r#"<row r="5"><c r="C5"><f>SUM(B4:B4)</f><v>3.5</v></c></row>"#.to_owned(),
    ];
    let book = xlsx(&rows.concat(), r#"<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>"#);
    let document = document("a.xlsx", &book);
    let shown: Vec<String> = document.blocks.iter().map(shown).collect();
    assert_eq!(shown, ["[巡检记录;日期||达成率|时间;2025-03-18|3|95%|19:30;||3.5]", "[x]"]);
    assert_eq!(document.metadata.extent, Some(Extent::Sheets(2)));
    let tables: Vec<_> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.content {
            Content::Table(table) => Some(table),
            _ => None,
        })
        .collect();
    assert_eq!(
        tables.iter().map(|table| (table.name.as_deref(), table.hidden)).collect::<Vec<_>>(),
        [(Some("记录"), false), (Some("旧"), true)]
    );
    assert_eq!(tables[0].rows[0].cells[0].columns, 4);
    let Place::Cell { sheet, cell } = &tables[0].rows[2].cells[2].place else { panic!("a cell") };
    assert_eq!((sheet.as_str(), cell.to_string().as_str()), ("记录", "C4"));
}

#[test]
fn a_clash_of_name_and_content_is_remarked() {
    let bytes = docx(&paragraph("", "正文。"));
    for (name, remarks) in [
        ("a.docx", Vec::new()),
        ("a.docm", Vec::new()),
        ("a.doc", vec![Remark::OtherFormat { extension: "doc".to_owned() }]),
    ] {
        assert_eq!(document(name, &bytes).remarks, remarks, "{name}");
    }
}

#[test]
fn damage_is_told_from_absence() {
    let bytes = docx(&paragraph("", "正文。"));
    for length in [40, bytes.len() / 2, bytes.len() - 10] {
        let source = read(&EvidencePath::new("a.docx"), &bytes[..length], &Options::default()).swap_remove(0);
        assert!(
            matches!(source.reading, Reading::Unreadable(Unreadable::Corrupt { .. })),
            "{length}: {:?}",
            source.reading
        );
    }
}
