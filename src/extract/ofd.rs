//! Reads OFD files (GB/T 33190-2016): pages of glyph runs with positions, like PDF, in a zip of XML.
//!
//! Start reading at [`Ofd::read`].

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::layout::{self, Page, Piece, Run, Spot};
use super::parts::{Element, Package, resolved};
use super::pdf::words;
use super::{File, Member, Outcome, Reader, limit_name};
use crate::model::document::{Extent, Metadata, Part, Remark};
use crate::model::{Block, Content, Document, FileFormat, Margin, Place, Unreadable};

/// The reader of OFD files.
#[derive(Debug)]
pub struct Ofd;

/// A longer document is no evidence of one clause; its first pages are read.
const MAX_PAGES: usize = 2_000;
/// Files inside the file.
const MAX_MEMBERS: usize = 100;

impl Reader for Ofd {
    fn name(&self) -> &'static str {
        "ofd"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Ofd]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let mut package = Package::open(file.bytes)?;
        let corrupt = |part: &str| Unreadable::Corrupt { detail: format!("no {part}") };
        let root = package.xml("OFD.xml")?.ok_or_else(|| corrupt("OFD.xml"))?;
        let mut book = Book::default();
        for body in root.all("DocBody") {
            if let Some(info) = body.child("DocInfo") {
                book.metadata.title = book.metadata.title.take().or_else(|| said(info, "Title"));
                book.metadata.author = book.metadata.author.take().or_else(|| said(info, "Author"));
            }
            if let Some(at) = body.child("DocRoot") {
                book.add(&mut package, &resolved("OFD.xml", at.text().trim()))?;
            }
        }
        if book.count == 0 {
            return Err(corrupt("pages"));
        }
        book.finish()
    }
}

fn said(info: &Element, name: &str) -> Option<String> {
    let text = info.child(name)?.text().trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// What has been read of a file; it may hold several documents.
#[derive(Debug, Default)]
struct Book {
    metadata: Metadata,
    pages: Vec<Page>,
    /// Pages that the file has, read or not.
    count: usize,
    pictures: Vec<NonZeroU32>,
    comments: Vec<Block>,
    remarks: Vec<Remark>,
    members: Vec<Member>,
}

impl Book {
    /// One document of the file.
    fn add(&mut self, package: &mut Package<'_>, at: &str) -> Result<(), Unreadable> {
        let document = package.xml(at)?.ok_or_else(|| Unreadable::Corrupt { detail: format!("no {at}") })?;
        let height = document.all("PhysicalBox").first().and_then(|area| numbers(&area.text()).get(3).copied());
        let mut templates = BTreeMap::new();
        for template in document.all("TemplatePage") {
            if let (Some(id), Some(location)) = (template.attribute("ID"), template.attribute("BaseLoc")) {
                templates.insert(id.to_owned(), resolved(at, location));
            }
        }
        let mut numbers_by_id = BTreeMap::new();
        for page in document.child("Pages").map(|pages| pages.all("Page")).unwrap_or_default() {
            self.count += 1;
            let number = u32::try_from(self.count).ok().and_then(NonZeroU32::new);
            let (Some(number), Some(location)) = (number, page.attribute("BaseLoc")) else { continue };
            numbers_by_id.insert(page.attribute("ID").unwrap_or_default().to_owned(), number);
            if self.count <= MAX_PAGES {
                self.page(package, &resolved(at, location), &templates, number, height.unwrap_or(A4_HEIGHT))?;
            }
        }
        self.annotations(package, at, &document, &numbers_by_id)?;
        self.attachments(package, at, &document)
    }

    fn page(
        &mut self,
        package: &mut Package<'_>,
        at: &str,
        templates: &BTreeMap<String, String>,
        number: NonZeroU32,
        height: f32,
    ) -> Result<(), Unreadable> {
        let Some(page) = package.xml(at)? else {
            self.remarks.push(Remark::PartUnreadable { part: Part::Page(number) });
            return Ok(());
        };
        let height =
            page.all("PhysicalBox").first().and_then(|area| numbers(&area.text()).get(3).copied()).unwrap_or(height);
        let mut drawn = Drawn::default();
        for template in page.all("Template") {
            let location = template.attribute("TemplateID").and_then(|id| templates.get(id));
            if let Some(content) = location.map(|location| package.xml(location)).transpose()?.flatten() {
                drawn.add(&content);
            }
        }
        drawn.add(&page);
        let mut pieces: Vec<Piece> = layout::tables(layout::lines(drawn.runs));
        if drawn.pictures > 0 {
            if pieces.is_empty() {
                self.pictures.push(number);
            } else {
                pieces.push(Piece::Picture);
            }
        }
        self.pages.push(Page { number, height, columns: false, pieces });
        Ok(())
    }

    /// Annotations with words: comments, stamps, filled fields. Watermarks say nothing of their own.
    fn annotations(
        &mut self,
        package: &mut Package<'_>,
        at: &str,
        document: &Element,
        pages: &BTreeMap<String, NonZeroU32>,
    ) -> Result<(), Unreadable> {
        let Some(list_at) = document.child("Annotations").map(|list| resolved(at, list.text().trim())) else {
            return Ok(());
        };
        let Some(list) = package.xml(&list_at)? else { return Ok(()) };
        for page in list.all("Page") {
            let number = page.attribute("PageID").and_then(|id| pages.get(id)).copied().unwrap_or(NonZeroU32::MIN);
            let Some(location) = page.child("FileLoc").map(Element::text) else { continue };
            let Some(annotations) = package.xml(&resolved(&list_at, location.trim()))? else { continue };
            for annotation in annotations.all("Annot") {
                if annotation.attribute("Type") == Some("Watermark") {
                    continue;
                }
                let mut drawn = Drawn::default();
                drawn.add(annotation);
                let lines = layout::lines(drawn.runs).into_iter().map(|line| line.text).collect::<Vec<_>>();
                let remark = annotation.child("Remark").map(Element::text).unwrap_or_default();
                let text = lines
                    .into_iter()
                    .chain([remark.trim().to_owned()])
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join("\n");
                if !text.is_empty() {
                    let content = Content::Margin { kind: Margin::Comment, text };
                    self.comments.push(Block { place: Place::Page(number), content });
                }
            }
        }
        Ok(())
    }

    /// Files inside the file, such as the data of an electronic invoice.
    fn attachments(&mut self, package: &mut Package<'_>, at: &str, document: &Element) -> Result<(), Unreadable> {
        let Some(list_at) = document.child("Attachments").map(|list| resolved(at, list.text().trim())) else {
            return Ok(());
        };
        let Some(list) = package.xml(&list_at)? else { return Ok(()) };
        for attachment in list.all("Attachment").into_iter().take(MAX_MEMBERS) {
            let Some(location) = attachment.child("FileLoc").map(|location| resolved(&list_at, location.text().trim()))
            else {
                continue;
            };
            let file = location.rsplit('/').next().unwrap_or_default();
            let said = attachment.attribute("Name").unwrap_or(file).replace(['/', '\\'], "_");
            let extension = file.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
            let name = if said.contains('.') || extension.is_empty() { said } else { format!("{said}.{extension}") };
            if let Some(bytes) = package.bytes(&location)? {
                self.members.push(Member { name, bytes: Ok(bytes) });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Outcome, Unreadable> {
        let count = u32::try_from(self.count).unwrap_or(u32::MAX);
        let text: String = self.pages.iter().flat_map(|page| &page.pieces).map(piece_text).collect();
        if text.is_empty() && self.comments.is_empty() && !self.pictures.is_empty() && self.members.is_empty() {
            return Err(Unreadable::PictureOnly);
        }
        if !words::plausible(&text) {
            return Err(Unreadable::Garbled);
        }
        if self.count > MAX_PAGES {
            self.remarks.push(Remark::Truncated { limit: limit_name("MAX_PAGES", MAX_PAGES) });
        }
        if !self.pictures.is_empty() {
            self.remarks.push(Remark::PicturePages { pages: self.pictures });
        }
        let mut blocks = layout::blocks(self.pages);
        blocks.extend(self.comments);
        self.metadata.extent = Some(Extent::Pages(count));
        let document = Document { metadata: self.metadata, blocks, remarks: self.remarks };
        Ok(Outcome { document: Some(document), members: self.members })
    }
}

fn piece_text(piece: &Piece) -> String {
    match piece {
        Piece::Line(line) => line.text.clone(),
        Piece::Table(rows) => rows.iter().flatten().map(|cell| cell.text.as_str()).collect(),
        Piece::Picture => String::new(),
    }
}

/// In millimetres, the unit of OFD, where a file does not say.
const A4_HEIGHT: f32 = 297.0;

/// What a page draws.
#[derive(Debug, Default)]
struct Drawn {
    runs: Vec<Run>,
    pictures: usize,
}

impl Drawn {
    fn add(&mut self, element: &Element) {
        for object in element.elements() {
            match object.name.as_str() {
                "TextObject" => self.text(object),
                "ImageObject" => self.pictures += 1,
                "Appearance" => {
                    // Objects of an annotation stand in its own box.
                    let first = self.runs.len();
                    self.add(object);
                    let corner = object.attribute("Boundary").map(numbers).unwrap_or_default();
                    if let [x, y, ..] = corner[..] {
                        for run in &mut self.runs[first..] {
                            run.spot.left += x;
                            run.spot.right += x;
                            run.spot.y += y;
                        }
                    }
                }
                _ => self.add(object),
            }
        }
    }

    fn text(&mut self, object: &Element) {
        if object.attribute("Visible") == Some("false") {
            return;
        }
        let frame = Frame::of(object);
        let number_of = |name: &str| object.attribute(name).and_then(|value| value.trim().parse::<f32>().ok());
        let size = number_of("Size").unwrap_or(DEFAULT_SIZE);
        let bold = number_of("Weight").is_some_and(|weight| weight >= BOLD_WEIGHT);
        let mut pen = (0.0, 0.0);
        for code in object.all("TextCode") {
            let number = |name: &str| code.attribute(name).and_then(|value| value.trim().parse::<f32>().ok());
            // A code that says no position starts where the one before it did (GB/T 33190-2016, 11.3).
            pen = (number("X").unwrap_or(pen.0), number("Y").unwrap_or(pen.1));
            let text = code.text();
            let deltas = [code.attribute("DeltaX"), code.attribute("DeltaY")]
                .map(|deltas| deltas.map(|deltas| steps(deltas, text.chars().count())).unwrap_or_default());
            for part in split(&text, pen, &deltas, size) {
                let [(from, baseline), (to, _)] = [part.from, part.to].map(|point| frame.on_page(point));
                let spot =
                    Spot { left: from.min(to), right: from.max(to), y: baseline, size: size * frame.scale(), bold };
                self.runs.push(Run { text: part.text, spot });
            }
        }
    }
}

/// Where an object stands: its corner on the page, and the matrix of its own space.
struct Frame {
    corner: [f32; 2],
    matrix: [f32; 6],
}

impl Frame {
    fn of(object: &Element) -> Self {
        let said = |name: &str| object.attribute(name).map(numbers).unwrap_or_default();
        let corner = said("Boundary").first_chunk().copied().unwrap_or_default();
        let matrix = said("CTM").first_chunk().copied().unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        Self { corner, matrix }
    }

    fn on_page(&self, (across, down): (f32, f32)) -> (f32, f32) {
        let m = &self.matrix;
        (self.corner[0] + across * m[0] + down * m[2] + m[4], self.corner[1] + across * m[1] + down * m[3] + m[5])
    }

    /// How much taller letters come out.
    fn scale(&self) -> f32 {
        self.matrix[2].hypot(self.matrix[3]).max(0.01)
    }
}

/// A text object must say its size; those that do not are shown in this one.
const DEFAULT_SIZE: f32 = 3.5;
/// Weights run from 100 to 1000; 400 is normal.
const BOLD_WEIGHT: f32 = 600.0;

/// Characters of a code without a wide gap between them.
struct Stretch {
    text: String,
    from: (f32, f32),
    to: (f32, f32),
}

/// Splits a code where its characters stand apart or on another line: writers put the cells of a row,
/// and sometimes lines, into one.
fn split(text: &str, pen: (f32, f32), [across, down]: &[Vec<f32>; 2], size: f32) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    let (mut x, mut y) = pen;
    let mut apart = true;
    // Line ends and the like of the XML are no characters of the code.
    for (index, c) in text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).enumerate() {
        let wide = if c.is_ascii() { 0.5 * size } else { size };
        match out.last_mut() {
            Some(open) if !apart => {
                open.text.push(c);
                open.to = (x + wide, y);
            }
            _ => out.push(Stretch { text: c.to_string(), from: (x, y), to: (x + wide, y) }),
        }
        // Where nothing is said the glyphs' own widths hold.
        let step = (
            across.get(index).copied().unwrap_or(if across.is_empty() { wide } else { 0.0 }),
            down.get(index).copied().unwrap_or_default(),
        );
        apart = step.0 > 2.5 * size || step.0 < -size || step.1.abs() > 0.7 * size;
        (x, y) = (x + step.0, y + step.1);
    }
    out
}

fn numbers(text: &str) -> Vec<f32> {
    text.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// `g 3 4.5 6` is 4.5 three times, then 6 (GB/T 33190-2016, 11.3). No more than there are characters to step over.
fn steps(text: &str, characters: usize) -> Vec<f32> {
    let mut out: Vec<f32> = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next().filter(|_| out.len() < characters) {
        if word == "g" {
            let times = words.next().and_then(|times| times.parse::<usize>().ok()).unwrap_or_default();
            let step = words.next().and_then(|step| step.parse::<f32>().ok()).unwrap_or_default();
            out.extend(std::iter::repeat_n(step, times.min(characters)));
        } else {
            out.extend(word.parse::<f32>().ok());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::Write as _;

    use crate::model::EvidencePath;

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("to memory");
            zip.write_all(content.as_bytes()).expect("to memory");
        }
        zip.finish().expect("to memory").into_inner()
    }

    fn read(parts: &[(&str, &str)]) -> Result<Outcome, Unreadable> {
        let path = EvidencePath::new("a.ofd");
        Ofd.read(&File { path: &path, format: FileFormat::Ofd, bytes: &zipped(parts) })
    }

    const ROOT: (&str, &str) = (
        "OFD.xml",
        "<o:OFD xmlns:o='u'><o:DocBody><o:DocInfo><o:Title>合同</o:Title></o:DocInfo><o:DocRoot>/Doc_0/Document.xml</o:DocRoot></o:DocBody></o:OFD>",
    );
    const DOCUMENT: (&str, &str) = (
        "Doc_0/Document.xml",
        "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>
         <TemplatePage ID='9' BaseLoc='Tpls/t.xml'/></CommonData>
         <Pages><Page ID='2' BaseLoc='Pages/b.xml'/><Page ID='1' BaseLoc='Pages/a.xml'/></Pages>
         <Annotations>Annots/all.xml</Annotations><Attachments>Att/all.xml</Attachments></Document>",
    );

    #[test]
    fn pages_come_in_the_documents_order_with_templates_annotations_and_attachments() {
        let text = |y: u32, text: &str| {
            format!(
                "<TextObject Boundary='20 {y} 170 6' Size='4'><TextCode X='0' Y='4' DeltaX='g 9 4'>{text}</TextCode></TextObject>"
            )
        };
        let template = format!("<Page><Content><Layer>{}</Layer></Content></Page>", text(50, "服务合同正文"));
        let first = format!(
            "<Page><Template TemplateID='9'/><Content><Layer>{}{}</Layer></Content></Page>",
            text(70, "乙方按月提交报告。"),
            text(60, "第一条 服务内容")
        );
        let second = format!(
            "<Page><Content><Layer><PageBlock>{}</PageBlock></Layer></Content></Page>",
            text(60, "第二页的内容。")
        );
        let note = format!(
            "<PageAnnot><Annot Type='Stamp'><Appearance Boundary='20 200 50 50'>{}</Appearance></Annot></PageAnnot>",
            text(0, "已审核")
        );
        let outcome = read(&[
            ROOT,
            DOCUMENT,
            ("Doc_0/Tpls/t.xml", &template),
            ("Doc_0/Pages/b.xml", &first),
            ("Doc_0/Pages/a.xml", &second),
            ("Doc_0/Annots/all.xml", "<Annotations><Page PageID='2'><FileLoc>p.xml</FileLoc></Page></Annotations>"),
            ("Doc_0/Annots/p.xml", &note),
            (
                "Doc_0/Att/all.xml",
                "<Attachments><Attachment Name='invoice'><FileLoc>data.xml</FileLoc></Attachment></Attachments>",
            ),
            ("Doc_0/Att/data.xml", "<Invoice/>"),
        ])
        .expect("readable");
        let document = outcome.document.expect("a document");
        let texts: Vec<&str> = document.blocks.iter().filter_map(|block| block.content.text()).collect();
        assert_eq!(texts, ["服务合同正文", "第一条 服务内容", "乙方按月提交报告。", "第二页的内容。", "已审核"]);
        assert_eq!(document.metadata.title.as_deref(), Some("合同"));
        assert_eq!(document.metadata.extent, Some(Extent::Pages(2)));
        let members: Vec<(&str, usize)> = outcome
            .members
            .iter()
            .map(|member| (member.name.as_str(), member.bytes.as_ref().map_or(0, Vec::len)))
            .collect();
        assert_eq!(members, [("invoice.xml", 10)]);
    }

    #[test]
    fn files_without_text_say_why() {
        let page = |content: &str| format!("<Page><Content><Layer>{content}</Layer></Content></Page>");
        let picture = page("<ImageObject Boundary='0 0 210 297' ResourceID='3'/>");
        let strange =
            page(&format!("<TextObject Size='4'><TextCode>{}</TextCode></TextObject>", "\u{e001}".repeat(40)));
        for (content, expected) in [(&picture, Unreadable::PictureOnly), (&strange, Unreadable::Garbled)] {
            let outcome = read(&[ROOT, DOCUMENT, ("Doc_0/Pages/a.xml", content), ("Doc_0/Pages/b.xml", content)]);
            assert_eq!(outcome.err(), Some(expected));
        }
        assert!(matches!(read(&[ROOT]), Err(Unreadable::Corrupt { .. })));
    }

    #[test]
    fn steps_are_spelled_out() {
        for (text, expected) in
            [("g 3 4", vec![4.0, 4.0, 4.0]), ("1 g 2 2.5 3", vec![1.0, 2.5, 2.5, 3.0]), ("g", vec![])]
        {
            assert_eq!(steps(text, 9), expected, "{text}");
        }
    }

    #[test]
    fn a_code_is_split_where_its_characters_stand_apart() {
        let across = [vec![4.0, 20.0, 4.0], vec![]];
        let texts: Vec<String> =
            split("编号名称", (0.0, 4.0), &across, 4.0).into_iter().map(|part| part.text).collect();
        assert_eq!(texts, ["编号", "名称"]);
    }
}
