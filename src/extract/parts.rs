//! A zip of XML parts, read within limits: what OFD, Open Document and Visio files are.

use std::io::{Cursor, Read as _};

use encoding_rs::{Encoding, UTF_8};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::result::ZipError;

use super::limit;
use crate::model::Unreadable;

/// Inflated bytes of one part; a sheet of a million cells has less.
const MAX_PART: u64 = 128 << 20;
/// Inflated bytes of all parts that are read.
const MAX_PARTS: u64 = 512 << 20;
/// Elements of one part.
const MAX_ELEMENTS: usize = 4_000_000;
/// Elements within each other. Dropping a tree follows it by recursion.
const MAX_DEPTH: usize = 256;

/// A zip whose parts are asked for by name.
#[derive(Debug)]
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    /// # Errors
    /// [`Unreadable::Corrupt`] where the bytes are no zip.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| why(&error))?;
        Ok(Self { archive, left: MAX_PARTS })
    }

    /// A part's bytes; `None` where there is no such part.
    ///
    /// # Errors
    /// Encrypted or broken parts, and limits.
    pub(super) fn bytes(&mut self, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let Some(name) = self.name_of(path) else { return Ok(None) };
        let mut part = match self.archive.by_name(&name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(why(&error)),
        };
        let take = MAX_PART.min(self.left);
        let mut bytes = Vec::new();
        part.by_ref()
            .take(take)
            .read_to_end(&mut bytes)
            .map_err(|error| Unreadable::Corrupt { detail: error.to_string() })?;
        if bytes.len() as u64 >= take {
            return Err(limit("MAX_PART", take));
        }
        self.left -= bytes.len() as u64;
        Ok(Some(bytes))
    }

    /// A part as a tree of elements.
    ///
    /// # Errors
    /// As [`Package::bytes`], and XML that has no root.
    pub(super) fn xml(&mut self, path: &str) -> Result<Option<Element>, Unreadable> {
        self.bytes(path)?.map(|bytes| Element::parse(&decoded(&bytes))).transpose()
    }

    /// The name under which the zip holds a part: writers disagree on case and on the leading slash.
    fn name_of(&self, path: &str) -> Option<String> {
        let path = clean(path);
        let same = |name: &str| clean(name) == path;
        let alike = |name: &str| clean(name).eq_ignore_ascii_case(&path);
        let names = || self.archive.file_names().filter_map(Result::ok);
        names().find(|name| same(name)).or_else(|| names().find(|name| alike(name))).map(|name| name.to_string())
    }
}

/// `a\./b/../c` as `a/c`. Never leaves the top.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Where a part's reference to another points: from the top with a leading slash, else from its folder.
pub(super) fn resolved(from: &str, reference: &str) -> String {
    if reference.starts_with(['/', '\\']) {
        return clean(reference);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    clean(&format!("{folder}/{reference}"))
}

fn why(error: &ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(reason) if reason.contains("assword") => Unreadable::Encrypted,
        ZipError::InvalidPassword => Unreadable::Encrypted,
        error => Unreadable::Corrupt { detail: error.to_string() },
    }
}

/// XML as text, by its byte-order mark or the encoding it names (XML 1.0, appendix F).
fn decoded(bytes: &[u8]) -> String {
    let named = || {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
        let label = head.split_once("encoding=")?.1;
        Encoding::for_label(label.get(1..)?.split(['"', '\'']).next()?.as_bytes())
    };
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(named).unwrap_or(UTF_8);
    encoding.decode(bytes).0.into_owned()
}

/// An XML element. Names are without their prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// # Errors
    /// [`Unreadable::Corrupt`] without a root element; XML that breaks off later gives what stands
    /// before it.
    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        let mut open: Vec<Element> = vec![Element::default()];
        let mut count = 0;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    count += 1;
                    if open.len() > MAX_DEPTH || count > MAX_ELEMENTS {
                        return Err(limit("MAX_ELEMENTS", MAX_ELEMENTS));
                    }
                    open.push(Element::of(&start));
                }
                Ok(Event::Empty(start)) => {
                    count += 1;
                    add(&mut open, Node::Element(Element::of(&start)));
                }
                Ok(Event::End(_)) => close(&mut open),
                Ok(Event::Text(text)) => add_text(&mut open, &text.xml10_content()),
                Ok(Event::CData(text)) => add_text(&mut open, &text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => add_text(&mut open, &character(&reference)),
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        let root = open.pop().unwrap_or_default().children.into_iter().find_map(Node::into_element);
        root.ok_or_else(|| Unreadable::Corrupt { detail: "a part is no XML".to_owned() })
    }

    fn of(start: &BytesStart<'_>) -> Self {
        let mut attributes = Vec::new();
        for attribute in start.html_attributes().with_checks(false).flatten() {
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).unwrap_or_default();
            attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        }
        Self { name: start.local_name().as_ref().to_owned(), attributes, children: Vec::new() }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// Every element of a name below this one, in document order, those inside each other left out.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> Vec<&'a Element> {
        let mut found = Vec::new();
        for element in self.elements() {
            if element.name == name {
                found.push(element);
            } else {
                found.extend(element.all(name));
            }
        }
        found
    }

    /// All text below, as it stands.
    pub(super) fn text(&self) -> String {
        self.children.iter().fold(String::new(), |mut text, node| {
            match node {
                Node::Element(element) => text.push_str(&element.text()),
                Node::Text(own) => text.push_str(own),
            }
            text
        })
    }
}

impl Node {
    fn into_element(self) -> Option<Element> {
        match self {
            Self::Element(element) => Some(element),
            Self::Text(_) => None,
        }
    }
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
    {
        add(open, Node::Element(element));
    }
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn add_text(open: &mut [Element], more: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(Node::Text(text)) => text.push_str(more),
        _ => parent.children.push(Node::Text(more.to_owned())),
    }
}

/// `&amp;` and `&#x4e00;` as what they stand for; an entity nobody declares as nothing.
fn character(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_inside_the_zip() {
        for (from, reference, expected) in [
            ("Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
            ("Doc_0/Document.xml", "/Doc_0/Res/a.png", "Doc_0/Res/a.png"),
            ("OFD.xml", "Doc_0\\Document.xml", "Doc_0/Document.xml"),
            ("a/b.xml", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolved(from, reference), expected);
        }
    }

    #[test]
    fn xml_keeps_its_text() {
        for (xml, text) in [
            ("<a>1 &lt; 2 &amp; &#x4e00;</a>", "1 < 2 & 一"),
            ("<x:a xmlns:x='u'><x:b>甲</x:b><![CDATA[<乙>]]></x:a>", "甲<乙>"),
            ("<a>breaks <b>off", "breaks off"),
        ] {
            assert_eq!(Element::parse(xml).expect(xml).text(), text);
        }
        assert!(Element::parse("no markup").is_err());
        assert!(matches!(Element::parse(&"<a>".repeat(1_000)), Err(Unreadable::Limit { .. })));
    }

    #[test]
    fn parts_are_decoded_by_what_they_say() {
        let (gbk, ..) = encoding_rs::GBK.encode("<?xml version=\"1.0\" encoding=\"GBK\"?><a>运维</a>");
        for bytes in [gbk.as_ref(), "\u{feff}<a>运维</a>".as_bytes(), "<a>运维</a>".as_bytes()] {
            assert_eq!(Element::parse(&decoded(bytes)).expect("XML").text(), "运维");
        }
    }
}
