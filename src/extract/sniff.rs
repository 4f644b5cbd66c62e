//! Says what a file is by its bytes. The extension only decides between kinds of plain text,
//! and what a damaged container was meant to be.

use std::io::{Cursor, Read};

use ::zip::ZipArchive;
use office_oxide::cfb::CfbReader;

use super::encoding;
use crate::model::FileFormat;

/// What a file is, and whether it asks for a password as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sniffed {
    pub format: FileFormat,
    pub encrypted: bool,
}

/// Decides the format. `extension` is in lower case, without its dot.
#[must_use]
pub fn sniff(bytes: &[u8], extension: &str) -> Sniffed {
    let plain = |format| Sniffed { format, encrypted: false };
    if bytes.is_empty() {
        return plain(FileFormat::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return plain(in_zip(bytes, extension));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return in_compound_file(bytes, extension);
    }
    plain(magic(bytes).or_else(|| in_text(bytes, extension)).unwrap_or_else(|| wiped(extension)))
}

/// Bytes that are nothing we know under a name that promises bytes of their own: the beginning is lost,
/// and the reader says that the file is damaged.
fn wiped(extension: &str) -> FileFormat {
    use FileFormat as F;
    match FileFormat::by_extension(extension) {
        meant @ (F::Docx
        | F::Xlsx
        | F::Pptx
        | F::Doc
        | F::Xls
        | F::Ppt
        | F::Odt
        | F::Ods
        | F::Odp
        | F::Ofd
        | F::Vsdx
        | F::Pdf
        | F::Zip
        | F::SevenZip
        | F::Rar) => meant,
        _ => F::Unknown,
    }
}

/// Formats that begin with bytes of their own.
fn magic(bytes: &[u8]) -> Option<FileFormat> {
    use FileFormat as F;
    const STARTS: &[(&[u8], FileFormat)] = &[
        (b"version https://git-lfs.github.com/spec/v1", F::LfsPointer),
        (b"{\\rtf", F::Rtf),
        (b"7z\xbc\xaf\x27\x1c", F::SevenZip),
        (b"Rar!\x1a\x07", F::Rar),
        (b"\x89PNG\r\n\x1a\n", F::Png),
        (b"\xff\xd8\xff", F::Jpeg),
        (b"GIF87a", F::Gif),
        (b"GIF89a", F::Gif),
        (b"II*\0", F::Tiff),
        (b"MM\0*", F::Tiff),
    ];
    if let Some((_, format)) = STARTS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(*format);
    }
    // ISO 32000-1, annex H, implementation note 13: the header may stand anywhere in the first 1024 bytes.
    if find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some() {
        return Some(F::Pdf);
    }
    let brand = bytes.get(4..12).unwrap_or_default();
    if [&b"ftypheic"[..], b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc"].contains(&brand) {
        return Some(F::Heic);
    }
    // A bitmap's header repeats the file's size and is 14 bytes long.
    let is_bitmap = bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]);
    is_bitmap.then_some(F::Bmp)
}

/// Which of the formats that are zip archives.
fn in_zip(bytes: &[u8], extension: &str) -> FileFormat {
    use FileFormat as F;
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return in_broken_zip(bytes, extension);
    };
    if let Some(format) = mimetype(&mut archive) {
        return format;
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if !has("[Content_Types].xml") {
        return if has("OFD.xml") { F::Ofd } else { F::Zip };
    }
    let under = |folder: &str| archive.file_names_raw().any(|name| name.starts_with(folder.as_bytes()));
    for (part, folder, format) in [
        ("word/document.xml", "word/", F::Docx),
        ("xl/workbook.xml", "xl/", F::Xlsx),
        ("ppt/presentation.xml", "ppt/", F::Pptx),
        ("visio/document.xml", "visio/", F::Vsdx),
    ] {
        if has(part) || under(folder) {
            return format;
        }
    }
    F::Zip
}

/// ODF says what it is in a first, stored member (OASIS ODF 1.3 part 2, 3.3).
fn mimetype(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Option<FileFormat> {
    /// The longest media type of ODF is shorter.
    const LONGEST: u64 = 100;
    let mut media = String::new();
    archive.by_name("mimetype").ok()?.take(LONGEST).read_to_string(&mut media).ok()?;
    let kind = media.trim().strip_prefix("application/vnd.oasis.opendocument.")?;
    match kind.trim_end_matches("-template") {
        "text" => Some(FileFormat::Odt),
        "spreadsheet" => Some(FileFormat::Ods),
        "presentation" => Some(FileFormat::Odp),
        _ => None,
    }
}

/// An archive whose directory is lost still names its members in their local headers.
fn in_broken_zip(bytes: &[u8], extension: &str) -> FileFormat {
    use FileFormat as F;
    /// Where the name stands in a local file header (APPNOTE 4.3.7).
    const NAME: usize = 30;
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"PK\x03\x04").map(|at| at + from) {
        let name = bytes.get(at + NAME..).unwrap_or_default();
        for (folder, format) in [(&b"word/"[..], F::Docx), (b"xl/", F::Xlsx), (b"ppt/", F::Pptx), (b"OFD.xml", F::Ofd)]
        {
            if name.starts_with(folder) {
                return format;
            }
        }
        from = at + 4;
    }
    let meant = FileFormat::by_extension(extension);
    if matches!(meant, F::Docx | F::Xlsx | F::Pptx | F::Ofd | F::Odt | F::Ods | F::Odp | F::Vsdx) {
        meant
    } else {
        F::Zip
    }
}

/// Which of the formats that are compound files (MS-CFB), by the streams in its root.
fn in_compound_file(bytes: &[u8], extension: &str) -> Sniffed {
    use FileFormat as F;
    let meant = FileFormat::by_extension(extension);
    let Ok(file) = CfbReader::new(Cursor::new(bytes)) else {
        let format = if matches!(meant, F::Doc | F::Xls | F::Ppt | F::Msg) { meant } else { F::Ole };
        return Sniffed { format, encrypted: false };
    };
    if file.has_root_entry("EncryptedPackage") {
        // MS-OFFCRYPTO 2.3.4.4: what is inside is known by the extension only.
        let format = if matches!(meant, F::Docx | F::Xlsx | F::Pptx) { meant } else { F::Ole };
        return Sniffed { format, encrypted: true };
    }
    let streams = [
        ("WordDocument", F::Doc),
        ("PowerPoint Document", F::Ppt),
        ("Workbook", F::Xls),
        ("Book", F::Xls),
        ("__properties_version1.0", F::Msg),
    ];
    let format = streams.iter().find(|(name, _)| file.has_root_entry(name)).map_or(F::Ole, |(_, format)| *format);
    Sniffed { format, encrypted: false }
}

/// Which kind of text, if it is text at all.
fn in_text(bytes: &[u8], extension: &str) -> Option<FileFormat> {
    use FileFormat as F;
    /// Bytes that are enough to know a text by; more is read when it is decoded for good.
    const SAMPLE: usize = 64 << 10;
    let text = encoding::decode_sample(&bytes[..bytes.len().min(SAMPLE)])?;
    let start: String = text.trim_start().chars().take(2048).collect::<String>().to_ascii_lowercase();
    if is_mail(&start, FileFormat::by_extension(extension) == F::Eml) {
        return Some(F::Eml);
    }
    // Prose about markup is told from markup by what it begins with.
    let markup = start.starts_with('<');
    if markup && ["<html", "<!doctype html", "<body", "<table", "<head", "<div"].iter().any(|tag| start.contains(tag)) {
        return Some(F::Html);
    }
    if start.starts_with("<?xml") {
        return Some(F::Xml);
    }
    Some(match FileFormat::by_extension(extension) {
        kind @ (F::Csv | F::Markdown) => kind,
        F::Html if markup => F::Html,
        F::Xml if markup => F::Xml,
        _ => F::Text,
    })
}

/// A mail, or a web page saved as one, begins with headers. `promised` by its extension, two of
/// them are enough; otherwise it must be MIME.
fn is_mail(start: &str, promised: bool) -> bool {
    const HEADERS: &[&str] = &[
        "from:",
        "to:",
        "subject:",
        "date:",
        "received:",
        "return-path:",
        "message-id:",
        "mime-version:",
        "content-type:",
    ];
    let head = start.lines().take_while(|line| !line.trim().is_empty());
    let count = head.filter(|line| HEADERS.iter().any(|header| line.starts_with(header))).count();
    let mime = start.contains("mime-version:") && start.contains("content-type:");
    count >= 2 && (promised || mime)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ::zip::ZipWriter;
    use ::zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(names: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in names {
            writer.start_file(*name, SimpleFileOptions::default()).expect(name);
            writer.write_all(text.as_bytes()).expect(name);
        }
        writer.finish().expect("in memory").into_inner()
    }

    #[test]
    fn content_decides() {
        use FileFormat as F;
        let docx = zipped(&[("[Content_Types].xml", ""), ("word/document.xml", "<w:document/>")]);
        let xlsx = zipped(&[("[Content_Types].xml", ""), ("xl/workbook.xml", "")]);
        let odt = zipped(&[("mimetype", "application/vnd.oasis.opendocument.text")]);
        let gbk: &[u8] = b"\xd7\xca\xb2\xfa\xb1\xed\r\n";
        for (bytes, extension, format) in [
            (&docx[..], "doc", F::Docx),
            (&docx[..docx.len() - 30], "docx", F::Docx),
            (&xlsx, "zip", F::Xlsx),
            (&odt, "odt", F::Odt),
            (&zipped(&[("OFD.xml", "")]), "ofd", F::Ofd),
            (&zipped(&[("word/a.txt", "")]), "zip", F::Zip),
            (b"junk\n%PDF-1.7", "txt", F::Pdf),
            (b"\xff\xd8\xff\xe0", "pdf", F::Jpeg),
            (b"<html><table>", "xls", F::Html),
            (b"<?xml version='1.0'?><a/>", "txt", F::Xml),
            (b"a,b\n1,2\n", "csv", F::Csv),
            (b"# a\n", "md", F::Markdown),
            (gbk, "txt", F::Text),
            (gbk, "", F::Text),
            (b"From: a@b\nSubject: c\n\nd", "eml", F::Eml),
            (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "doc", F::Eml),
            (b"\x00\x00\x00\x01Bud1\x00\x00", "", F::Unknown),
            (b"\0\0\0\0\x14\0\x06\0\x08\0", "docx", F::Docx),
            (b"\0\0\0\0\x14\0\x06\0\x08\0", "png", F::Unknown),
            (b"", "txt", F::Empty),
        ] {
            assert_eq!(sniff(bytes, extension), Sniffed { format, encrypted: false }, "{extension}");
        }
    }
}
