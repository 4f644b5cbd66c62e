//! Checkstyle's XML, which Jenkins' Warnings plugin and many other readers of findings take.
//!
//! A file's findings stand together, the file with the worst first. XML holds few control
//! characters: in names they are written as [`EvidencePath::spelled`] does.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Format, Style, attribute, in_xml};
use crate::location::{self, Location};
use crate::model::assessment::OWN_MARK;
use crate::model::{Assessment, EvidencePath, Finding, Severity};
use crate::wording::Wording;

/// The version that readers ask for; its form has not changed since.
const VERSION: &str = "4.3";

/// `--format checkstyle`.
#[derive(Debug, Clone, Copy)]
pub struct Checkstyle;

impl Format for Checkstyle {
    fn name(&self) -> &'static str {
        "checkstyle"
    }

    fn about(&self) -> &'static str {
        "Checkstyle XML，供 Jenkins 等读取 (Checkstyle XML for Jenkins and other readers)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let wording = Wording::new(assessment, style.language);
        let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.write_event(Event::Comment(BytesText::from_escaped(format!(" {OWN_MARK} "))))?;
        let mut root = BytesStart::new("checkstyle");
        root.push_attribute(attribute("version", VERSION));
        xml.write_event(Event::Start(root))?;
        for (path, findings) in by_file(assessment) {
            let mut file = BytesStart::new("file");
            file.push_attribute(attribute("name", &path.spelled(in_xml)));
            xml.write_event(Event::Start(file))?;
            for (finding, location) in findings {
                xml.write_event(Event::Empty(error(finding, &location, &wording)))?;
            }
            xml.write_event(Event::End(BytesEnd::new("file")))?;
        }
        xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
        writeln!(out)
    }
}

fn by_file(assessment: &Assessment) -> Vec<(EvidencePath, Vec<(&Finding, Location)>)> {
    let mut files: Vec<(EvidencePath, Vec<(&Finding, Location)>)> = Vec::new();
    let mut known: BTreeMap<EvidencePath, usize> = BTreeMap::new();
    for finding in &assessment.findings {
        let location = location::of(finding, assessment);
        let at = *known.entry(location.path.clone()).or_insert(files.len());
        if at == files.len() {
            files.push((location.path.clone(), Vec::new()));
        }
        files[at].1.push((finding, location));
    }
    files
}

fn error(finding: &Finding, location: &Location, wording: &Wording<'_>) -> BytesStart<'static> {
    let mut error = BytesStart::new("error");
    error.push_attribute(attribute("line", &location.line.to_string()));
    if let Some(column) = location.column {
        error.push_attribute(attribute("column", &column.to_string()));
    }
    error.push_attribute(attribute("severity", severity(finding.severity)));
    error.push_attribute(attribute("message", &wording.line(finding)));
    error.push_attribute(attribute("source", &format!("evlint.{}", finding.kind.code())));
    error
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    }
}
