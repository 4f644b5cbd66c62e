//! Reads Visio drawings (MS-VSDX): the words of shapes, page by page.
//!
//! Start reading at [`Vsdx::read`].

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::parts::{Element, Node, Package, resolved};
use super::{File, Outcome, Reader, limit_name};
use crate::model::document::{Extent, Metadata, Part, Remark};
use crate::model::{Block, Content, Document, FileFormat, Place, Unreadable};

/// The reader of Visio drawings.
#[derive(Debug)]
pub struct Vsdx;

/// Pages of a drawing; real ones have some tens.
const MAX_PAGES: usize = 500;

const PAGES: &str = "visio/pages/pages.xml";
const MASTERS: &str = "visio/masters/masters.xml";

impl Reader for Vsdx {
    fn name(&self) -> &'static str {
        "vsdx"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Vsdx]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let mut package = Package::open(file.bytes)?;
        let list = package.xml(PAGES)?.ok_or_else(|| Unreadable::Corrupt { detail: format!("no {PAGES}") })?;
        let targets = targets(&mut package, PAGES)?;
        let masters = masters(&mut package)?;
        let mut document = Document::default();
        let pages = list.all("Page");
        for (index, page) in pages.iter().take(MAX_PAGES).enumerate() {
            let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
            let place = Place::Page(number);
            if let Some(name) = page.attribute("Name").filter(|name| !name.trim().is_empty()) {
                let content = Content::Heading { level: 1, text: name.trim().to_owned() };
                document.blocks.push(Block { place: place.clone(), content });
            }
            let target = page.child("Rel").and_then(|rel| rel.attribute("id")).and_then(|id| targets.get(id));
            let Some(content) = target.map(|target| package.xml(target)).transpose()?.flatten() else {
                document.remarks.push(Remark::PartUnreadable { part: Part::Page(number) });
                continue;
            };
            for text in words(&content, &masters) {
                document.blocks.push(Block { place: place.clone(), content: Content::Paragraph { text } });
            }
        }
        if pages.len() > MAX_PAGES {
            document.remarks.push(Remark::Truncated { limit: limit_name("MAX_PAGES", MAX_PAGES) });
        }
        document.metadata = metadata(&mut package, pages.len())?;
        Ok(Outcome { document: Some(document), members: Vec::new() })
    }
}

fn metadata(package: &mut Package<'_>, pages: usize) -> Result<Metadata, Unreadable> {
    let core = package.xml("docProps/core.xml")?;
    let said = |name: &str| {
        let text = core.as_ref()?.child(name)?.text().trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let extent = u32::try_from(pages).ok().map(Extent::Pages);
    Ok(Metadata { title: said("title"), author: said("creator"), extent })
}

/// Where a part's relations point, by their identifiers.
fn targets(package: &mut Package<'_>, part: &str) -> Result<BTreeMap<String, String>, Unreadable> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let relations = package.xml(&format!("{folder}/_rels/{name}.rels"))?;
    let relations = relations.iter().flat_map(Element::elements);
    Ok(relations
        .filter_map(|relation| {
            let id = relation.attribute("Id")?.to_owned();
            Some((id, resolved(part, relation.attribute("Target")?)))
        })
        .collect())
}

/// The words that masters give to shapes without words of their own, by the master's and the shape's number.
type Masters = BTreeMap<(String, String), String>;

fn masters(package: &mut Package<'_>) -> Result<Masters, Unreadable> {
    let mut out = Masters::new();
    let Some(list) = package.xml(MASTERS)? else { return Ok(out) };
    let targets = targets(package, MASTERS)?;
    for master in list.all("Master") {
        let target = master.child("Rel").and_then(|rel| rel.attribute("id")).and_then(|id| targets.get(id));
        let Some(content) = target.map(|target| package.xml(target)).transpose()?.flatten() else { continue };
        let number = master.attribute("ID").unwrap_or_default();
        let mut top = true;
        let mut shapes: Vec<&Element> = content.elements().collect();
        while let Some(shape) = shapes.pop() {
            shapes.extend(shape.elements());
            if shape.name == "Shape"
                && let Some(text) = own_words(shape)
            {
                out.insert((number.to_owned(), shape.attribute("ID").unwrap_or_default().to_owned()), text.clone());
                if top {
                    out.insert((number.to_owned(), String::new()), text);
                }
                top = false;
            }
        }
    }
    Ok(out)
}

/// The words of a page's shapes, from the top of the page and from its left.
fn words(page: &Element, masters: &Masters) -> Vec<String> {
    let mut shapes: Vec<&Element> = page.child("Shapes").into_iter().flat_map(Element::elements).collect();
    // The origin is at the bottom left. Rows of boxes seldom stand exactly level: an inch is three rows.
    let at = |shape: &Element, name: &str| {
        let cell = shape.elements().find(|cell| cell.name == "Cell" && cell.attribute("N") == Some(name));
        cell.and_then(|cell| cell.attribute("V")).and_then(|value| value.parse::<f64>().ok()).unwrap_or_default()
    };
    let row = |shape: &Element| (-at(shape, "PinY") * 3.0).round();
    shapes.sort_by(|a, b| row(a).total_cmp(&row(b)).then(at(a, "PinX").total_cmp(&at(b, "PinX"))));
    let mut out = Vec::new();
    for shape in shapes {
        collect(shape, "", masters, &mut out);
    }
    out
}

fn collect(shape: &Element, master: &str, masters: &Masters, out: &mut Vec<String>) {
    let master = shape.attribute("Master").unwrap_or(master);
    let in_master = shape.attribute("MasterShape").unwrap_or_default();
    let inherited = || masters.get(&(master.to_owned(), in_master.to_owned())).cloned();
    let text = if shape.child("Text").is_some() { own_words(shape) } else { inherited() };
    out.extend(text);
    for part in shape.child("Shapes").into_iter().flat_map(Element::elements) {
        collect(part, master, masters, out);
    }
}

/// A shape's own words; the marks of formatting between them are empty, those of fields hold their value.
fn own_words(shape: &Element) -> Option<String> {
    let text = shape.child("Text")?;
    let joined: String = text
        .children
        .iter()
        .map(|node| match node {
            Node::Text(text) => text.clone(),
            Node::Element(field) => field.text(),
        })
        .collect();
    let lines: Vec<&str> = joined.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::model::EvidencePath;

    #[test]
    fn shapes_are_read_from_the_top_with_what_their_masters_say() {
        let relation =
            |target: &str| format!("<Relationships><Relationship Id='r1' Target='{target}'/></Relationships>");
        let shape = |y: u32, inner: &str| {
            format!("<Shape Master='4'><Cell N='PinX' V='1'/><Cell N='PinY' V='{y}'/>{inner}</Shape>")
        };
        let page = format!(
            "<PageContents><Shapes>{}{}{}</Shapes></PageContents>",
            shape(2, "<Text>报告<cp IX='0'/>验收\n</Text>"),
            shape(9, "<Text>受理</Text><Shapes><Shape><Text>派单</Text></Shape></Shapes>"),
            shape(5, ""),
        );
        let master = "<MasterContents><Shapes><Shape ID='7'><Text>审批</Text></Shape></Shapes></MasterContents>";
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in [
            (PAGES, "<Pages><Page Name='服务流程'><Rel r:id='r1'/></Page></Pages>"),
            ("visio/pages/_rels/pages.xml.rels", &relation("page1.xml")),
            ("visio/pages/page1.xml", &page),
            (MASTERS, "<Masters><Master ID='4'><Rel r:id='r1'/></Master></Masters>"),
            ("visio/masters/_rels/masters.xml.rels", &relation("master1.xml")),
            ("visio/masters/master1.xml", master),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("to memory");
            zip.write_all(content.as_bytes()).expect("to memory");
        }
        let bytes = zip.finish().expect("to memory").into_inner();
        let path = EvidencePath::new("a.vsdx");
        let outcome = Vsdx.read(&File { path: &path, format: FileFormat::Vsdx, bytes: &bytes }).expect("readable");
        let document = outcome.document.expect("a document");
        let texts: Vec<&str> = document.blocks.iter().filter_map(|block| block.content.text()).collect();
        assert_eq!(texts, ["服务流程", "受理", "派单", "审批", "报告验收"]);
    }
}
