//! Reads Open Document texts, sheets and presentations (ISO/IEC 26300): a zip of XML.
//!
//! Start reading at [`Odf::read`].

use std::num::NonZeroU32;

use super::layout::is_page_number;
use super::parts::{Element, Node, Package};
use super::{File, Outcome, Reader, limit_name};
use crate::model::document::{Extent, Metadata, Remark};
use crate::model::{Block, Cell, CellRef, Content, Document, FileFormat, Margin, Place, Row, Table, Unreadable};

/// The reader of Open Document files.
#[derive(Debug)]
pub struct Odf;

/// How often a repeated cell or row that has text is repeated. Editors repeat empty ones to the edge
/// of the sheet; those are not kept at all.
const MAX_REPEAT: u32 = 1_000;
/// Cells of one file.
const MAX_CELLS: usize = 2_000_000;

impl Reader for Odf {
    fn name(&self) -> &'static str {
        "odf"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Odt, FileFormat::Ods, FileFormat::Odp]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let mut package = Package::open(file.bytes)?;
        let manifest = package.xml("META-INF/manifest.xml").ok().flatten();
        if manifest.is_some_and(|manifest| !manifest.all("encryption-data").is_empty()) {
            return Err(Unreadable::Encrypted);
        }
        let missing = || Unreadable::Corrupt { detail: "no content.xml".to_owned() };
        let content = package.xml("content.xml")?.ok_or_else(missing)?;
        let body = content.child("body").ok_or_else(missing)?;
        let mut writer = Writer::default();
        match file.format {
            FileFormat::Ods => writer.sheets(body, &content),
            FileFormat::Odp => writer.slides(body),
            _ => writer.flow(body),
        }
        if matches!(file.format, FileFormat::Odt | FileFormat::Ods)
            && let Some(styles) = package.xml("styles.xml")?
        {
            writer.margins(&styles, &pages_of(&content));
        }
        let metadata = metadata(package.xml("meta.xml")?.as_ref(), writer.extent);
        let remarks = writer.remarks();
        let document = Document { metadata, blocks: writer.blocks, remarks };
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

/// The page styles that a workbook's sheets name. Editors ship others, with running heads nobody asked for.
fn pages_of(content: &Element) -> Vec<&str> {
    let tables = content.all("style").into_iter().filter(|style| style.attribute("family") == Some("table"));
    tables.filter_map(|style| style.attribute("master-page-name")).filter(|name| !name.is_empty()).collect()
}

/// The styles of sheets that are not shown.
fn hidden_styles(content: &Element) -> Vec<&str> {
    let hides = |style: &&Element| {
        style.child("table-properties").is_some_and(|table| table.attribute("display") == Some("false"))
    };
    content.all("style").into_iter().filter(hides).filter_map(|style| style.attribute("name")).collect()
}

fn metadata(meta: Option<&Element>, extent: Option<Extent>) -> Metadata {
    let said = |name: &str| {
        let text = meta?.all(name).first()?.text().trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    Metadata { title: said("title"), author: said("creator").or_else(|| said("initial-creator")), extent }
}

/// Blocks while they are written.
#[derive(Debug, Default)]
struct Writer {
    blocks: Vec<Block>,
    paragraphs: u32,
    tables: u32,
    /// Set on slides, where paragraphs do not count.
    slide: Option<NonZeroU32>,
    extent: Option<Extent>,
    cells: usize,
    /// Insertions and deletions, and where the first stands.
    changes: u32,
}

impl Writer {
    fn remarks(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        if self.changes > 0 {
            remarks.push(Remark::TrackedChanges { count: self.changes, first: Place::Whole });
        }
        if self.cells >= MAX_CELLS {
            remarks.push(Remark::Truncated { limit: limit_name("MAX_CELLS", MAX_CELLS) });
        }
        remarks
    }

    fn place(&mut self) -> Place {
        if let Some(slide) = self.slide {
            return Place::Slide(slide);
        }
        self.paragraphs += 1;
        NonZeroU32::new(self.paragraphs).map_or(Place::Whole, Place::Paragraph)
    }

    fn push(&mut self, content: Content) {
        let place = self.place();
        self.blocks.push(Block { place, content });
    }

    /// Text in reading order. What a deletion holds is not part of it.
    fn flow(&mut self, parent: &Element) {
        for element in parent.elements() {
            match element.name.as_str() {
                "tracked-changes" => self.changes += u32::try_from(element.elements().count()).unwrap_or(u32::MAX),
                "h" => {
                    let level = element.attribute("outline-level").and_then(|level| level.parse().ok()).unwrap_or(1_u8);
                    self.paragraph(element, Some(level.clamp(1, 9)));
                }
                "p" => self.paragraph(element, None),
                "table" => self.table(element),
                "image" => self.blocks.push(Block { place: Place::Whole, content: Content::Picture { text: None } }),
                // Its text is in the document as well.
                "table-of-content" | "forms" | "settings" | "notes" => {}
                _ => self.flow(element),
            }
        }
    }

    fn paragraph(&mut self, element: &Element, level: Option<u8>) {
        let mut line = Inline::default();
        line.read(element);
        let text = line.text.trim().to_owned();
        if !text.is_empty() {
            self.push(match level {
                Some(level) => Content::Heading { level, text },
                None => Content::Paragraph { text },
            });
        }
        for (kind, text) in line.asides {
            self.blocks.push(Block { place: Place::Whole, content: Content::Margin { kind, text } });
        }
        for _ in 0..line.pictures {
            self.blocks.push(Block { place: Place::Whole, content: Content::Picture { text: None } });
        }
        for frame in line.frames {
            self.flow(frame);
        }
    }

    fn table(&mut self, element: &Element) {
        self.tables += 1;
        let (table, slide) = (NonZeroU32::new(self.tables).unwrap_or(NonZeroU32::MIN), self.slide);
        let place = |row, column| match slide {
            Some(slide) => Place::Slide(slide),
            None => Place::TableCell { table, row, column },
        };
        let rows = self.rows(element, &place);
        if !rows.is_empty() {
            let first = place(NonZeroU32::MIN, NonZeroU32::MIN);
            self.blocks
                .push(Block { place: first, content: Content::Table(Table { name: None, hidden: false, rows }) });
        }
    }

    fn sheets(&mut self, body: &Element, content: &Element) {
        let mut count = 0;
        let hidden_styles = hidden_styles(content);
        for sheet in body.all("table") {
            count += 1;
            let name = sheet.attribute("name").unwrap_or_default().to_owned();
            let place = |row, column| Place::Cell { sheet: name.clone(), cell: CellRef { row, column } };
            let rows = self.rows(sheet, &place);
            let hidden = sheet.attribute("style-name").is_some_and(|style| hidden_styles.contains(&style));
            let first = place(NonZeroU32::MIN, NonZeroU32::MIN);
            let table = Table { name: Some(name.clone()), hidden, rows };
            self.blocks.push(Block { place: first.clone(), content: Content::Table(table) });
            for note in sheet.all("annotation") {
                let text = note.all("p").into_iter().map(inline).collect::<Vec<_>>().join("\n").trim().to_owned();
                let content = Content::Margin { kind: Margin::Comment, text };
                self.blocks.push(Block { place: first.clone(), content });
            }
        }
        self.extent = Some(Extent::Sheets(count));
    }

    fn slides(&mut self, body: &Element) {
        let mut count = 0;
        for page in body.all("page") {
            count += 1;
            self.slide = NonZeroU32::new(count);
            let title = page.elements().position(|frame| frame.attribute("class") == Some("title"));
            for (index, frame) in page.elements().enumerate() {
                if frame.name == "notes" {
                    self.notes(frame);
                } else if Some(index) == title {
                    let text = frame.all("p").into_iter().map(inline).collect::<Vec<_>>().join(" ");
                    if !text.trim().is_empty() {
                        self.push(Content::Heading { level: 1, text: text.trim().to_owned() });
                    }
                } else {
                    self.frame(frame);
                }
            }
        }
        self.extent = Some(Extent::Slides(count));
    }

    /// One thing on a slide.
    fn frame(&mut self, frame: &Element) {
        match frame.name.as_str() {
            "p" => self.paragraph(frame, None),
            "table" => self.table(frame),
            _ => self.flow(frame),
        }
    }

    fn notes(&mut self, notes: &Element) {
        let text = notes.all("p").into_iter().map(inline).collect::<Vec<_>>().join("\n");
        if !text.trim().is_empty() {
            self.push(Content::Margin { kind: Margin::SpeakerNotes, text: text.trim().to_owned() });
        }
    }

    /// Headers and footers of the page styles, each once; `only` of the styles of these names, if any.
    fn margins(&mut self, styles: &Element, only: &[&str]) {
        let is_used =
            |page: &&Element| only.is_empty() || page.attribute("name").is_some_and(|name| only.contains(&name));
        let mut seen = Vec::new();
        for (name, kind) in [("header", Margin::Header), ("footer", Margin::Footer)] {
            for element in styles.all("master-page").into_iter().filter(is_used).flat_map(|page| page.all(name)) {
                let text = element.all("p").into_iter().map(inline).collect::<Vec<_>>().join("\n").trim().to_owned();
                if !text.is_empty() && !is_page_number(&text) && !seen.contains(&text) {
                    seen.push(text.clone());
                    self.blocks.push(Block { place: Place::Whole, content: Content::Margin { kind, text } });
                }
            }
        }
    }

    /// A table's rows, empty ones left out; `place` names a cell by row and column from 1.
    fn rows(&mut self, table: &Element, place: &dyn Fn(NonZeroU32, NonZeroU32) -> Place) -> Vec<Row> {
        let mut out = Vec::new();
        let mut number = 0_u32;
        for row in rows_of(table) {
            let repeat = repeated(row, "number-rows-repeated");
            let cells = cells(row);
            let kept = if cells.iter().all(|(text, _)| text.is_empty()) { 0 } else { repeat.min(MAX_REPEAT) };
            for nth in 0..kept {
                let at = NonZeroU32::new(number.saturating_add(nth + 1)).unwrap_or(NonZeroU32::MIN);
                let cell = |(column, (text, columns)): (usize, &(String, u16))| {
                    let column = u32::try_from(column + 1).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
                    Cell { text: text.clone(), place: place(at, column), columns: *columns }
                };
                self.cells += cells.len();
                if self.cells >= MAX_CELLS {
                    return out;
                }
                out.push(Row { cells: cells.iter().enumerate().map(cell).collect() });
            }
            number = number.saturating_add(repeat);
        }
        out
    }
}

/// Texts and widths of a row's cells, the empty ones at its end left out.
fn cells(row: &Element) -> Vec<(String, u16)> {
    let mut out: Vec<(String, u16)> = Vec::new();
    let mut pending = 0_u32;
    for cell in row.elements().filter(|cell| matches!(cell.name.as_str(), "table-cell" | "covered-table-cell")) {
        let text = if cell.name == "table-cell" { cell_text(cell) } else { String::new() };
        let repeat = repeated(cell, "number-columns-repeated");
        if text.is_empty() {
            pending = pending.saturating_add(repeat);
            continue;
        }
        for _ in 0..pending.min(MAX_COLUMNS) {
            out.push((String::new(), 1));
        }
        pending = 0;
        let columns = cell.attribute("number-columns-spanned").and_then(|columns| columns.parse().ok()).unwrap_or(1);
        for _ in 0..repeat.min(MAX_REPEAT) {
            out.push((text.clone(), columns));
        }
    }
    out
}

/// Columns of a sheet (16 384 in the usual editors).
const MAX_COLUMNS: u32 = 16_384;

fn repeated(element: &Element, name: &str) -> u32 {
    element.attribute(name).and_then(|times| times.parse().ok()).unwrap_or(1).max(1)
}

/// Rows, in their groups or not, those of tables inside cells left out.
fn rows_of(table: &Element) -> Vec<&Element> {
    let mut rows = Vec::new();
    for element in table.elements() {
        match element.name.as_str() {
            "table-row" => rows.push(element),
            "table-header-rows" | "table-rows" | "table-row-group" => rows.extend(rows_of(element)),
            _ => {}
        }
    }
    rows
}

/// What a cell shows; where it shows nothing, its value.
fn cell_text(cell: &Element) -> String {
    let mut lines = Vec::new();
    texts(cell, &mut lines);
    let text = lines.join("\n").trim().to_owned();
    if !text.is_empty() {
        return text;
    }
    ["string-value", "date-value", "time-value", "value"]
        .iter()
        .find_map(|name| cell.attribute(name))
        .unwrap_or_default()
        .to_owned()
}

/// The paragraphs below an element, comments left out.
fn texts(parent: &Element, lines: &mut Vec<String>) {
    for element in parent.elements() {
        match element.name.as_str() {
            "p" | "h" => lines.push(inline(element)),
            "annotation" => {}
            _ => texts(element, lines),
        }
    }
}

fn inline(paragraph: &Element) -> String {
    let mut line = Inline::default();
    line.read(paragraph);
    line.text
}

/// The parts of a paragraph: its text, and what hangs on it.
#[derive(Debug, Default)]
struct Inline<'a> {
    text: String,
    asides: Vec<(Margin, String)>,
    frames: Vec<&'a Element>,
    pictures: usize,
}

impl<'a> Inline<'a> {
    fn read(&mut self, parent: &'a Element) {
        for node in &parent.children {
            match node {
                // Runs of white space are one space; more are spelled out as elements (ODF 1.3 part 3, 6.1.2).
                Node::Text(text) => {
                    for c in text.chars() {
                        let c = if c.is_ascii_whitespace() { ' ' } else { c };
                        if c != ' ' || !self.text.ends_with(' ') {
                            self.text.push(c);
                        }
                    }
                }
                Node::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, element: &'a Element) {
        match element.name.as_str() {
            "s" => (0..repeated(element, "c").min(MAX_REPEAT)).for_each(|_| self.text.push(' ')),
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            "annotation" => self.aside(Margin::Comment, element),
            "note" => {
                if let Some(body) = element.child("note-body") {
                    self.aside(Margin::Footnote, body);
                }
            }
            "fieldmark" => self.field(element),
            "text-box" => self.frames.push(element),
            "image" => self.pictures += 1,
            "page-number" | "page-count" | "annotation-end" | "tracked-changes" => {}
            _ => self.read(element),
        }
    }

    /// A field of a form; a check box is drawn, not written.
    fn field(&mut self, element: &'a Element) {
        if element.attribute("type").is_some_and(|kind| kind.ends_with("FORMCHECKBOX")) {
            let checked = element.all("param").into_iter().any(|param| {
                param.attribute("name") == Some("Checkbox_Checked") && param.attribute("value") == Some("true")
            });
            self.text.push(if checked { '☑' } else { '☐' });
        }
        self.read(element);
    }

    fn aside(&mut self, kind: Margin, element: &Element) {
        let mut lines = Vec::new();
        texts(element, &mut lines);
        let text = lines.join("\n").trim().to_owned();
        if !text.is_empty() {
            self.asides.push((kind, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::model::EvidencePath;

    fn read(format: FileFormat, parts: &[(&str, &str)]) -> Result<Document, Unreadable> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("to memory");
            let content = format!(
                "<o:x xmlns:o='u' xmlns:text='t' xmlns:table='b' xmlns:draw='d' xmlns:office='f'>{content}</o:x>"
            );
            zip.write_all(content.as_bytes()).expect("to memory");
        }
        let bytes = zip.finish().expect("to memory").into_inner();
        let path = EvidencePath::new("a");
        Odf.read(&File { path: &path, format, bytes: &bytes }).map(|outcome| outcome.document.expect("no container"))
    }

    /// Blocks as text: `#` for a heading's level, `~` for a margin, rows with `|`.
    fn shown(document: &Document) -> Vec<String> {
        let row = |row: &Row| row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join("|");
        let show = |block: &Block| match &block.content {
            Content::Heading { level, text } => format!("{} {text}", "#".repeat((*level).into())),
            Content::Margin { text, .. } => format!("~ {text}"),
            Content::Table(table) => table.rows.iter().map(row).collect::<Vec<_>>().join(" / "),
            content => content.text().unwrap_or("picture").to_owned(),
        };
        document.blocks.iter().map(show).collect()
    }

    #[test]
    fn a_text_keeps_headings_lists_tables_notes_and_no_deletion() {
        let content = "<office:body><office:text>
            <text:tracked-changes><text:changed-region><text:deletion><text:p>删去的话</text:p></text:deletion></text:changed-region></text:tracked-changes>
            <text:h text:outline-level='2'>一、服务<text:s text:c='2'/>范围</text:h>
            <text:p>甲方的<text:span>设备</text:span>&amp;系统<text:note><text:note-body><text:p>见附件</text:p></text:note-body></text:note>。</text:p>
            <text:list><text:list-item><text:p>巡检</text:p></text:list-item></text:list>
            <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>岗位</text:p></table:table-cell>
              <table:table-cell><text:p>姓名</text:p></table:table-cell></table:table-row></table:table-header-rows>
              <table:table-row><table:table-cell table:number-columns-spanned='2'><text:p>经理</text:p></table:table-cell>
              <table:covered-table-cell/></table:table-row></table:table>
            <text:p><draw:frame><draw:text-box><text:p>框内</text:p></draw:text-box></draw:frame></text:p>
            <text:p><draw:frame><draw:image/></draw:frame></text:p>
          </office:text></office:body>";
        let styles = "<office:master-styles><x:master-page><x:header><text:p>某某公司</text:p></x:header></x:master-page></office:master-styles>";
        let document = read(FileFormat::Odt, &[("content.xml", content), ("styles.xml", styles)]).expect("readable");
        let expected = [
            "## 一、服务  范围",
            "甲方的设备&系统。",
            "~ 见附件",
            "巡检",
            "岗位|姓名 / 经理",
            "框内",
            "picture",
            "~ 某某公司",
        ];
        assert_eq!(shown(&document), expected);
        assert_eq!(document.remarks, [Remark::TrackedChanges { count: 1, first: Place::Whole }]);
        assert_eq!(document.blocks[3].place, Place::Paragraph(NonZeroU32::new(3).expect("3")));
    }

    #[test]
    fn a_sheet_keeps_its_cells_addresses_and_forgets_what_is_repeated_to_the_edge() {
        let content = "<office:body><office:spreadsheet><table:table table:name='资产'>
            <table:table-row table:number-rows-repeated='4'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>
            <table:table-row><table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>防火墙</text:p></table:table-cell>
              <table:table-cell office:value='3'/><table:table-cell table:number-columns-repeated='16380'/></table:table-row>
            <table:table-row table:number-rows-repeated='1048571'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>
          </table:table></office:spreadsheet></office:body>";
        let document = read(FileFormat::Ods, &[("content.xml", content)]).expect("readable");
        assert_eq!(shown(&document), ["||防火墙|3"]);
        let Content::Table(table) = &document.blocks[0].content else { panic!("a sheet is a table") };
        assert_eq!(table.name.as_deref(), Some("资产"));
        let Place::Cell { cell, .. } = &table.rows[0].cells[2].place else { panic!("a cell has an address") };
        assert_eq!(cell.to_string(), "C5");
    }

    #[test]
    fn a_presentation_keeps_titles_and_notes() {
        let content = "<office:body><office:presentation><draw:page>
            <draw:frame draw:class='title'><draw:text-box><text:p>年度总结</text:p></draw:text-box></draw:frame>
            <draw:frame><draw:text-box><text:p>巡检12次</text:p></draw:text-box></draw:frame>
            <x:notes><draw:frame><draw:text-box><text:p>讲稿</text:p></draw:text-box></draw:frame></x:notes>
          </draw:page></office:presentation></office:body>";
        let document = read(FileFormat::Odp, &[("content.xml", content)]).expect("readable");
        assert_eq!(shown(&document), ["# 年度总结", "巡检12次", "~ 讲稿"]);
        assert_eq!(document.metadata.extent, Some(Extent::Slides(1)));
    }

    #[test]
    fn files_that_cannot_be_read_say_why() {
        let locked = "<x:file-entry><x:encryption-data/></x:file-entry>";
        for (parts, expected) in [
            (vec![("META-INF/manifest.xml", locked), ("content.xml", "")], Unreadable::Encrypted),
            (vec![("mimetype", "")], Unreadable::Corrupt { detail: "no content.xml".to_owned() }),
        ] {
            assert_eq!(read(FileFormat::Odt, &parts), Err(expected));
        }
    }
}
