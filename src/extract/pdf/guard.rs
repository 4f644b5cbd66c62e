//! Refuses a PDF that would cost its reader too much, before the reader sees it.
//!
//! The first reader follows nested arrays by recursion and inflates whole streams, so both are
//! measured here on the raw bytes, in one pass. Start reading at [`check`].

use std::io::Read as _;

use super::super::limit;
use crate::model::Unreadable;

/// Arrays and dictionaries within each other. Real files stay below 30; the reader needs about a
/// kilobyte of stack for each.
const MAX_DEPTH: u32 = 200;
/// Inflated bytes of all streams. A book of drawings has a tenth of it.
const MAX_INFLATED: u64 = 1 << 30;
/// Inflated bytes of one stream.
const MAX_INFLATED_STREAM: u64 = 256 << 20;
/// Text operators (`Tj`, `TJ`) of all streams; a full page has some hundreds, and the reader keeps
/// several hundred bytes for each.
const MAX_OPERATORS: u32 = 1_000_000;

/// # Errors
/// [`Unreadable::Limit`] with the name of the limit.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unreadable> {
    if too_deep(bytes) {
        return Err(limit("MAX_DEPTH", MAX_DEPTH));
    }
    let mut left = MAX_INFLATED;
    let mut shown = operators(bytes);
    let mut inflated = Vec::new();
    for stream in streams(bytes) {
        inflated.clear();
        let take = left.min(MAX_INFLATED_STREAM);
        // A broken stream gives what could be read; the reader will say the same.
        let _ = flate2::read::ZlibDecoder::new(stream).take(take).read_to_end(&mut inflated);
        if inflated.len() as u64 >= take {
            return Err(limit("MAX_INFLATED", MAX_INFLATED));
        }
        left -= inflated.len() as u64;
        if too_deep(&inflated) {
            return Err(limit("MAX_DEPTH", MAX_DEPTH));
        }
        shown = shown.saturating_add(operators(&inflated));
        if shown > MAX_OPERATORS {
            return Err(limit("MAX_OPERATORS", MAX_OPERATORS));
        }
    }
    Ok(())
}

/// The zlib streams of a file: what follows `stream` and starts like one (RFC 1950, 2.2).
fn streams(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    const KEYWORD: &[u8] = b"stream";
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(at) = bytes.get(from..)?.windows(KEYWORD.len()).position(|window| window == KEYWORD) {
            let start = from + at + KEYWORD.len();
            from = start;
            let data = bytes[start..].trim_ascii_start();
            let is_end = bytes[..start].ends_with(b"endstream");
            let is_zlib = matches!(data, [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0);
            if !is_end && is_zlib {
                return Some(data);
            }
        }
        None
    })
}

/// Whether `[` and `<<` nest deeper than [`MAX_DEPTH`], strings and binary data left out.
fn too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut string, mut escaped) = (0_u32, 0_u32, false);
    for (index, byte) in bytes.iter().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' if string > 0 => escaped = true,
            b'(' => string += 1,
            b')' => string = string.saturating_sub(1),
            _ if string > 0 => {}
            b'[' => depth += 1,
            b'<' if bytes.get(index + 1) == Some(&b'<') => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if bytes.get(index + 1) == Some(&b'>') => depth = depth.saturating_sub(1),
            b'\t' | b'\n' | b'\r' | 0x0c | b' '..=b'~' => {}
            // Pictures and fonts hold every byte: nothing in them nests.
            _ => (depth, string) = (0, 0),
        }
        if depth > MAX_DEPTH {
            return true;
        }
        // A bracket that nothing closes must not hide the rest of the file.
        if string > 64 {
            string = 0;
        }
    }
    false
}

fn operators(bytes: &[u8]) -> u32 {
    bytes.windows(2).filter(|pair| matches!(*pair, b"Tj" | b"TJ")).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costly_files_are_refused_by_name() {
        let deep = "[".repeat(500);
        let dictionaries = "<< /A ".repeat(500);
        let flat = "[ ] << >> ".repeat(5_000);
        let in_strings = "([[[[) Tj ".repeat(1_000);
        for (bytes, limit) in
            [(deep, Some("MAX_DEPTH = 200")), (dictionaries, Some("MAX_DEPTH = 200")), (flat, None), (in_strings, None)]
        {
            let found = match check(bytes.as_bytes()) {
                Err(Unreadable::Limit { limit }) => Some(limit),
                _ => None,
            };
            assert_eq!(found.as_deref(), limit, "{}", &bytes[..20]);
        }
    }

    #[test]
    fn streams_are_measured_inflated() {
        use std::io::Write as _;
        for (content, limit) in [
            ("[".repeat(500), Some("MAX_DEPTH = 200")),
            ("(a) Tj\n".repeat(MAX_OPERATORS as usize + 1), Some("MAX_OPERATORS = 1000000")),
            ("(a) Tj\n".repeat(10), None),
        ] {
            let mut file = b"1 0 obj << /Filter /FlateDecode >> stream\r\n".to_vec();
            let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            packed.write_all(content.as_bytes()).expect("to memory");
            file.extend(packed.finish().expect("to memory"));
            file.extend(b"\nendstream");
            let found = match check(&file) {
                Err(Unreadable::Limit { limit }) => Some(limit),
                _ => None,
            };
            assert_eq!(found.as_deref(), limit);
        }
    }
}
