//! The parts of an OOXML file (ECMA-376 part 2), taken apart and put together again.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::FormError;
use super::record::is_ours;

/// Bytes of all parts together: a form with many pictures, and far below what memory holds.
const MAX_SIZE: u64 = 256 * 1024 * 1024;
const MAX_PARTS: usize = 4096;

const CUSTOM: &str = "docProps/custom.xml";
const TYPES: &str = "[Content_Types].xml";
const RELATIONS: &str = "_rels/.rels";
const CUSTOM_TYPE: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
const CUSTOM_RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties";
/// The format identifier of custom properties (MS-OLEPS 2.18.1.1).
const FORMAT_ID: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// All parts, in the file's order.
#[derive(Debug)]
pub(super) struct Package {
    parts: Vec<(String, Vec<u8>)>,
}

impl Package {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, FormError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        let mut parts = Vec::new();
        let mut left = MAX_SIZE;
        for index in 0..archive.len().min(MAX_PARTS) {
            let part = archive.by_index(index).map_err(|error| broken(&error))?;
            if part.is_dir() {
                continue;
            }
            let name = part.name().map_err(|error| broken(&error))?.into_owned();
            let mut content = Vec::new();
            part.take(left + 1).read_to_end(&mut content).map_err(|error| broken(&error))?;
            left = left.checked_sub(content.len() as u64).ok_or_else(|| broken(&"its parts are too large"))?;
            parts.push((name, content));
        }
        Ok(Self { parts })
    }

    pub(super) fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts.iter().find(|(known, _)| known == name).map(|(_, content)| content.as_slice())
    }

    /// The text of a part that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, FormError> {
        let content = self.part(name).ok_or(FormError::Misfit)?;
        std::str::from_utf8(content).map_err(|error| broken(&error))
    }

    pub(super) fn set(&mut self, name: &str, content: impl Into<Vec<u8>>) {
        match self.parts.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = content.into(),
            None => self.parts.push((name.to_owned(), content.into())),
        }
    }

    /// The same parts give the same bytes: no clock, one order.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, FormError> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in &self.parts {
            out.start_file(name.as_str(), options).map_err(|error| broken(&error))?;
            out.write_all(content).map_err(|error| broken(&error))?;
        }
        Ok(out.finish().map_err(|error| broken(&error))?.into_inner())
    }

    /// Custom properties of the document, by name, those that hold text.
    pub(super) fn properties(&self) -> Result<Vec<(String, String)>, FormError> {
        if self.part(CUSTOM).is_none() {
            return Ok(Vec::new());
        }
        let mut reader = Reader::from_str(self.text(CUSTOM)?);
        let mut properties: Vec<(String, String)> = Vec::new();
        let mut open = false;
        loop {
            match reader.read_event().map_err(|error| broken(&error))? {
                Event::Start(tag) if tag.local_name().as_ref() == "property" => {
                    let name = attribute(&tag, "name").unwrap_or_default();
                    properties.push((name, String::new()));
                }
                Event::Start(tag) => open = matches!(tag.local_name().as_ref(), "lpwstr" | "lpstr"),
                Event::End(_) => open = false,
                Event::Text(text) if open => {
                    if let Some((_, value)) = properties.last_mut() {
                        value.push_str(&text.xml10_content());
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(properties)
    }

    /// Replaces our own properties; those of others stay, whatever they hold.
    pub(super) fn set_own_properties(&mut self, own: &[(String, String)]) -> Result<(), FormError> {
        let (mut kept, mut last) = (String::new(), 1);
        if self.part(CUSTOM).is_some() {
            (kept, last) = foreign(self.text(CUSTOM)?)?;
        } else {
            self.register()?;
        }
        let mut xml = String::from(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">"#,
        );
        xml.push_str(&kept);
        for (name, value) in own {
            last += 1;
            let (name, value) = (escape(name), escape(value));
            let _ = write!(
                xml,
                r#"<property fmtid="{FORMAT_ID}" pid="{last}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property>"#
            ); // a string takes all
        }
        xml.push_str("</Properties>");
        self.set(CUSTOM, xml);
        Ok(())
    }

    /// Makes the part of properties known to the package.
    fn register(&mut self) -> Result<(), FormError> {
        let types = self.text(TYPES)?;
        let at = types.rfind("</Types>").ok_or(FormError::Misfit)?;
        let entry = format!(r#"<Override PartName="/{CUSTOM}" ContentType="{CUSTOM_TYPE}"/>"#);
        let types = format!("{}{entry}{}", &types[..at], &types[at..]);
        let relations = self.text(RELATIONS)?;
        let at = relations.rfind("</Relationships>").ok_or(FormError::Misfit)?;
        let entry = format!(r#"<Relationship Id="rIdEvlint" Type="{CUSTOM_RELATION}" Target="{CUSTOM}"/>"#);
        let relations = format!("{}{entry}{}", &relations[..at], &relations[at..]);
        self.set(TYPES, types);
        self.set(RELATIONS, relations);
        Ok(())
    }
}

/// The properties that are not ours as they stand, and the greatest id among them.
fn foreign(xml: &str) -> Result<(String, u32), FormError> {
    let mut reader = Reader::from_str(xml);
    let (mut kept, mut last) = (String::new(), 1);
    let mut keep_from = None;
    loop {
        let start = reader.buffer_position() as usize;
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(tag) if is_foreign(&tag) => {
                last = attribute(&tag, "pid").and_then(|id| id.parse().ok()).unwrap_or(0).max(last);
                keep_from = Some(start);
            }
            Event::End(tag) if tag.local_name().as_ref() == "property" => {
                if let Some(from) = keep_from.take() {
                    kept.push_str(&xml[from..reader.buffer_position() as usize]);
                }
            }
            Event::Eof => return Ok((kept, last)),
            _ => {}
        }
    }
}

fn is_foreign(tag: &quick_xml::events::BytesStart<'_>) -> bool {
    tag.local_name().as_ref() == "property" && !attribute(tag, "name").is_some_and(|name| is_ours(&name))
}

/// An attribute by its local name, unescaped.
pub(super) fn attribute(tag: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|one| one.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Explicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Text for an XML document: what XML 1.0 forbids (2.2, Char) is left out.
pub(super) fn escape(text: &str) -> String {
    let allowed =
        |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text: String = text.chars().filter(allowed).collect();
    quick_xml::escape::escape(text.as_str()).into_owned()
}

pub(super) fn broken(why: &dyn std::fmt::Display) -> FormError {
    FormError::Package { detail: why.to_string() }
}
