//! What a fuzzer's bytes mean: a file as it is, or the parts that a container is put together from.
//!
//! A container's checksums, offsets and packed bytes are in the way of whoever changes bytes at random: hardly any
//! change reaches the reader of the parts. So an input that begins with [`PART`] is text like
//!
//! ```text
//! %%part OFD.xml
//! <ofd:OFD …>
//! %%part Doc_0/Document.xml
//! <ofd:Document …>
//! ```
//!
//! and becomes a zip, or a compound file for the readers of those. The targets and `tests/corpus.rs` share this file.

use std::io::{Cursor, Write as _};

/// Before the name of each part, at the start of a line.
pub const PART: &[u8] = b"%%part ";

/// The name under which a target reads, and the bytes that it reads.
pub fn file(target: &str, input: &[u8]) -> (String, Vec<u8>) {
    let extension = match target {
        "odf" => "odt",
        "ole" => "msg",
        "mail" => "eml",
        "archive" => "zip",
        same => same,
    };
    let bytes = match (target, input.starts_with(PART)) {
        ("ofd" | "odf" | "vsdx" | "archive", true) => zip(&parts(input)),
        ("ole", true) => compound(&parts(input)),
        _ => input.to_vec(),
    };
    (format!("a.{extension}"), bytes)
}

fn parts(input: &[u8]) -> Vec<(String, &[u8])> {
    let starts: Vec<usize> =
        (0..input.len()).filter(|at| input[*at..].starts_with(PART) && (*at == 0 || input[at - 1] == b'\n')).collect();
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([input.len()]);
    let part = |(start, end): (&usize, usize)| {
        let part = &input[start + PART.len()..end.max(start + PART.len())];
        let line = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        (String::from_utf8_lossy(&part[..line]).into_owned(), part.get(line + 1..).unwrap_or_default())
    };
    starts.iter().zip(ends).map(part).collect()
}

/// Stored. A part that a zip cannot hold is left out.
fn zip(parts: &[(String, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        if archive.start_file(name.as_str(), stored).is_ok() {
            archive.write_all(bytes).expect("to memory");
        }
    }
    archive.finish().expect("to memory").into_inner()
}

/// Streams by path, in folders where the path has them. A part that a compound file cannot hold is left out.
fn compound(parts: &[(String, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("to memory");
    // Names as MS-CFB 2.6.1 allows them: the library that writes takes others for its own mistake.
    let is_name = |name: &str| {
        !matches!(name, "" | "." | "..") && name.encode_utf16().count() < 32 && !name.contains(['\\', ':', '!', '\0'])
    };
    for (name, bytes) in parts.iter().filter(|(name, _)| name.split('/').all(is_name)) {
        if let Some((folder, _)) = name.rsplit_once('/')
            && file.create_storage_all(folder).is_err()
        {
            continue;
        }
        if let Ok(mut stream) = file.create_stream(name) {
            stream.write_all(bytes).expect("to memory");
        }
    }
    file.flush().expect("to memory");
    file.into_inner().into_inner()
}
