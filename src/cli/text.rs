//! `evlint text`: what was read from a file, block by block, with places.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;

use evlint::model::document::{Content, Document, Table};
use evlint::model::evidence::{Reading, Source};
use evlint::model::settings::Language;
use evlint::model::{EvidencePath, Place};
use evlint::wording;
use serde_json::{Value, json};

use super::args::{CacheFlags, Global, Read, Text, TextFormat};
use super::check::closed_is_fine;
use super::error::CliError;
use super::{reading, terminal};

pub(crate) fn run(text: &Text, global: &Global) -> Result<ExitCode, CliError> {
    let bytes = fs::read(&text.file).map_err(|source| CliError::Read { path: text.file.clone(), source })?;
    let cache = CacheFlags { no_cache: true, cache_dir: None }; // what is kept holds no text
    let read = Read { no_ocr: text.no_ocr, jobs: None, cache };
    let sources = reading::extractor(&read, NonZeroUsize::MIN, global)
        .read(&EvidencePath::new(text.file.to_string_lossy()), bytes);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match text.format {
        TextFormat::Text => write_text(&sources, terminal::language(global.lang), &mut out),
        TextFormat::Json => write_json(&sources, &mut out),
    };
    closed_is_fine(written.and_then(|()| out.flush())).map_err(|source| CliError::Output { source })?;
    Ok(ExitCode::SUCCESS)
}

fn write_text(sources: &[Source], language: Language, out: &mut dyn Write) -> io::Result<()> {
    for source in sources {
        let reader = if source.reader.is_empty() { "-" } else { &source.reader };
        writeln!(out, "── {} · {} · {reader}", wording::safe(source.path.as_str()), source.format.name())?;
        match &source.reading {
            Reading::Document(document) => write_document(document, language, out)?,
            Reading::Container { .. } => {}
            Reading::Unreadable(why) => {
                writeln!(out, "{}", wording::unreadable(why, source.format, language))?;
                writeln!(out, "{}", wording::unreadable_help(why, source.format, language))?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_document(document: &Document, language: Language, out: &mut dyn Write) -> io::Result<()> {
    for block in &document.blocks {
        let place = wording::place(&block.place, language).unwrap_or_default();
        match &block.content {
            Content::Heading { level, text } => {
                writeln!(out, "{} {}  [{place}]", "#".repeat(usize::from(*level)), wording::safe(text))?;
            }
            Content::Paragraph { text } => writeln!(out, "{}  [{place}]", wording::safe(text))?,
            Content::Margin { kind, text } => writeln!(out, "({kind:?}) {}  [{place}]", wording::safe(text))?,
            Content::Picture { text } => {
                writeln!(out, "(Picture) {}  [{place}]", wording::safe(text.as_deref().unwrap_or("")))?;
            }
            Content::Table(table) => write_table(table, &place, out)?,
        }
    }
    Ok(())
}

fn write_table(table: &Table, place: &str, out: &mut dyn Write) -> io::Result<()> {
    let hidden = if table.hidden { " (hidden)" } else { "" };
    writeln!(out, "▦ {}{hidden}  [{place}]", wording::safe(table.name.as_deref().unwrap_or("")))?;
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(|cell| wording::safe(&cell.text)).collect();
        writeln!(out, "  | {}", cells.join(" | "))?;
    }
    Ok(())
}

fn write_json(sources: &[Source], out: &mut dyn Write) -> io::Result<()> {
    let files: Vec<Value> = sources.iter().map(source_json).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({ "schema_version": "1", "files": files }))?;
    writeln!(out)
}

fn source_json(source: &Source) -> Value {
    let (blocks, unreadable) = match &source.reading {
        Reading::Document(document) => {
            (document.blocks.iter().map(|block| block_json(&block.content, &block.place)).collect(), None)
        }
        Reading::Container { .. } => (Vec::new(), None),
        Reading::Unreadable(why) => (Vec::new(), Some(wording::unreadable(why, source.format, Language::En))),
    };
    json!({
        "path": source.path.as_str(),
        "format": source.format.name(),
        "reader": source.reader,
        "size": source.size,
        "sha256": source.sha256,
        "unreadable": unreadable,
        "blocks": blocks,
    })
}

fn block_json(content: &Content, place: &Place) -> Value {
    let place = wording::place(place, Language::En);
    match content {
        Content::Heading { level, text } => json!({ "kind": "heading", "level": level, "place": place, "text": text }),
        Content::Paragraph { text } => json!({ "kind": "paragraph", "place": place, "text": text }),
        Content::Margin { kind, text } => {
            json!({ "kind": format!("{kind:?}").to_lowercase(), "place": place, "text": text })
        }
        Content::Picture { text } => json!({ "kind": "picture", "place": place, "text": text }),
        Content::Table(table) => {
            let rows: Vec<Vec<&str>> =
                table.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect();
            json!({ "kind": "table", "name": table.name, "hidden": table.hidden, "place": place, "rows": rows })
        }
    }
}
