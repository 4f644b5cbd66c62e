//! Makes the bombs. They are small on disk and large in the making, so none is committed.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use flate2::{Compress, Compression, Crc, FlushCompress};
use zip::write::{SimpleFileOptions, ZipWriter};

const GIB: u64 = 1 << 30;

/// What large parts inflate to.
const INFLATED: u64 = GIB + GIB / 2;

/// A Word file whose text is 1.5 GiB of paragraphs.
pub(crate) fn inflating_docx() -> Vec<u8> {
    let paragraph = "<w:p><w:r><w:t>巡检记录</w:t></w:r></w:p>";
    docx(&Part::repeated(WORD_OPEN, paragraph, INFLATED, WORD_CLOSE))
}

/// A Word file with 200,000 tables, each in a cell of the one before.
pub(crate) fn nested_tables_docx() -> Vec<u8> {
    const DEPTH: usize = 200_000;
    let (open, close) = ("<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>");
    docx(&Part::of(&format!("{WORD_OPEN}{}<w:p/>{}{WORD_CLOSE}", open.repeat(DEPTH), close.repeat(DEPTH))))
}

/// A workbook with a sheet of ten million cells.
pub(crate) fn cells_xlsx() -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let row = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(100));
    let open = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>");
    let sheet = Part::repeated(&open, &row, 100_000 * row.len() as u64, "</sheetData></worksheet>");
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = relations(&format!("{OFFICE}/worksheet"), "worksheets/sheet1.xml");
    package(&[
        ("[Content_Types].xml", &Part::of(&types("/xl/workbook.xml", "spreadsheetml.sheet.main"))),
        ("_rels/.rels", &Part::of(&self::relations(&format!("{OFFICE}/officeDocument"), "xl/workbook.xml"))),
        ("xl/workbook.xml", &Part::of(&workbook)),
        ("xl/_rels/workbook.xml.rels", &Part::of(&relations)),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

/// A PDF whose page's content inflates to 1.5 GiB of operators.
pub(crate) fn inflating_pdf() -> Vec<u8> {
    let content = Part::repeated("", "0 0 m 1 1 l S\n", INFLATED, "");
    let mut stream = vec![0x78, 0x01];
    stream.extend(&content.deflated);
    // The checksum of RFC 1950 is left wrong: readers see it only at the end, if they get there.
    stream.extend([0; 4]);
    let page = format!("{PAGE} /Contents 4 0 R >>");
    pdf(&[page.as_bytes(), &stream_object(&format!("/Filter /FlateDecode /Length {}", stream.len()), &stream)])
}

/// A PDF whose tree of pages holds itself.
pub(crate) fn page_loop_pdf() -> Vec<u8> {
    pdf(&[b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1000000 >>"])
}

/// A PDF whose page draws ten forms, each of which draws ten, twenty times over: 10^20 in all.
pub(crate) fn nested_forms_pdf() -> Vec<u8> {
    const LEVELS: usize = 20;
    let draws = |level: usize| {
        let mut content = String::new();
        for _ in 0..10 {
            let _ = write!(content, "/F{level} Do ");
        }
        content
    };
    let form = |level: usize| format!("/Resources << /XObject << /F{level} {} 0 R >> >>", 4 + level);
    let content = |entries: &str, level: usize| {
        let text = if level > LEVELS { "BT (x) Tj ET".to_owned() } else { draws(level) };
        stream_object(&format!("{entries} /Length {}", text.len()), text.as_bytes())
    };
    let mut objects = vec![format!("{PAGE} /Contents 4 0 R {} >>", form(1)).into_bytes(), content("", 1)];
    for level in 1..=LEVELS {
        let inner = if level == LEVELS { String::new() } else { form(level + 1) };
        let entries = format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] {inner}");
        objects.push(content(&entries, level + 1));
    }
    pdf(&objects.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// A PDF with an array in an array, 500,000 deep.
pub(crate) fn nested_arrays_pdf() -> Vec<u8> {
    const DEPTH: usize = 500_000;
    let page = format!("{PAGE} /Contents {}{} >>", "[".repeat(DEPTH), "]".repeat(DEPTH));
    pdf(&[page.as_bytes()])
}

/// Ten members of ten members of ten members of 100 MiB each.
pub(crate) fn zip_in_zip_in_zip() -> Vec<u8> {
    let text = Part::repeated("", "巡检记录\n", 100 << 20, "");
    let names: Vec<String> = (0..10).map(|number| format!("{number}")).collect();
    let leaves: Vec<String> = names.iter().map(|name| format!("{name}.txt")).collect();
    let mut archive = package(&leaves.iter().map(|name| (name.as_str(), &text)).collect::<Vec<_>>());
    let nested: Vec<String> = names.iter().map(|name| format!("{name}.zip")).collect();
    for _ in 0..2 {
        archive = zip(&nested.iter().map(|name| (name.as_str(), archive.clone())).collect::<Vec<_>>());
    }
    archive
}

/// A hundred members of half a million short lines each: little to inflate, much to keep.
pub(crate) fn lines_in_zip() -> Vec<u8> {
    let text = Part::repeated("", "a\n", 1 << 20, "");
    let names: Vec<String> = (0..100).map(|number| format!("{number}.txt")).collect();
    package(&names.iter().map(|name| (name.as_str(), &text)).collect::<Vec<_>>())
}

/// A picture of 60,000 by 60,000 pixels, one bit each, all of them there (ISO/IEC 15948).
pub(crate) fn huge_png() -> Vec<u8> {
    const SIDE: u32 = 60_000;
    let row = "\0".repeat(1 + SIDE as usize / 8);
    let data = Part::repeated("", &row, u64::from(SIDE) * row.len() as u64, "");
    let mut image = vec![0x78, 0x01];
    image.extend(&data.deflated);
    // RFC 1950, of zeros alone: the sum of bytes stays 1, the sum of sums counts them.
    image.extend((((data.inflated % 65_521) as u32) << 16 | 1).to_be_bytes());
    let side = SIDE.to_be_bytes();
    let header = [&side[..], &side, &[1, 0, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", &header), (b"IDAT", &image), (b"IEND", &Vec::new())] {
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(content);
        png.extend((content.len() as u32).to_be_bytes());
        png.extend(kind);
        png.extend(content);
        png.extend(crc.sum().to_be_bytes());
    }
    png
}

/// An archive of small members.
pub(crate) fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("an archive").into_inner()
}

// Office files.

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD_OPEN: &str = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
const WORD_CLOSE: &str = "</w:body></w:document>";

fn docx(document: &Part) -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", &Part::of(&types("/word/document.xml", "wordprocessingml.document.main"))),
        ("_rels/.rels", &Part::of(&relations(&format!("{OFFICE}/officeDocument"), "word/document.xml"))),
        ("word/document.xml", document),
    ])
}

fn types(part: &str, kind: &str) -> String {
    let officedocument = "application/vnd.openxmlformats-officedocument";
    format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"{part}\" ContentType=\"{officedocument}.{kind}+xml\"/></Types>"
    )
}

fn relations(kind: &str, target: &str) -> String {
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{kind}\" Target=\"{target}\"/></Relationships>"
    )
}

/// A part of an archive, deflated already: of a large one no more than a piece was ever inflated.
struct Part {
    deflated: Vec<u8>,
    inflated: u64,
    crc: u32,
}

impl Part {
    fn of(text: &str) -> Self {
        Self::repeated("", text, text.len() as u64, "")
    }

    /// `piece` again and again, to about `length` bytes.
    fn repeated(open: &str, piece: &str, length: u64, close: &str) -> Self {
        let times = (64 << 10_u64).min(length).div_ceil(piece.len() as u64).max(1);
        let chunk = piece.repeat(times as usize);
        let chunks = length.div_ceil(chunk.len() as u64);
        let (deflated, mut crc) = (deflate(chunk.as_bytes()), Crc::new());
        let mut part = Self { deflated: Vec::new(), inflated: 0, crc: 0 };
        let mut add = |inflated: &[u8], deflated: &[u8], sum: &Crc| {
            part.deflated.extend(deflated);
            part.inflated += inflated.len() as u64;
            crc.combine(sum);
        };
        let sum = |bytes: &[u8]| {
            let mut crc = Crc::new();
            crc.update(bytes);
            crc
        };
        add(open.as_bytes(), &deflate(open.as_bytes()), &sum(open.as_bytes()));
        let sum_of_chunk = sum(chunk.as_bytes());
        for _ in 0..chunks {
            add(chunk.as_bytes(), &deflated, &sum_of_chunk);
        }
        add(close.as_bytes(), &deflate(close.as_bytes()), &sum(close.as_bytes()));
        part.crc = crc.sum();
        // The last block, empty (RFC 1951, 3.2.6).
        part.deflated.extend([0x03, 0x00]);
        part
    }
}

/// Blocks that stand alone and end at a byte, so that copies can follow each other.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut deflated = Vec::with_capacity(bytes.len() + 1024);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(bytes, &mut deflated, FlushCompress::Full).expect("memory");
    assert_eq!(compress.total_in(), bytes.len() as u64);
    deflated
}

/// An archive of deflated parts (APPNOTE.TXT 4.3: local headers, directory, its end).
fn package(parts: &[(&str, &Part)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, part) in parts {
        let offset = archive.len() as u32;
        let mut common = Vec::new();
        // Version 2.0, UTF-8 name, deflated, no time, 1980-01-01.
        for number in [20_u16, 0x0800, 8, 0, 0x21] {
            common.extend(number.to_le_bytes());
        }
        for number in [part.crc, part.deflated.len() as u32, part.inflated as u32] {
            common.extend(number.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend([0; 2]);
        archive.extend(name.as_bytes());
        archive.extend(&part.deflated);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 12]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, count) = (archive.len() as u32, parts.len() as u16);
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend([(directory.len() as u32).to_le_bytes(), start.to_le_bytes()].concat());
    archive.extend([0; 2]);
    archive
}

// PDF files.

/// A page, left open.
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]";

/// Objects from number 3 on, the first of which is in the tree of pages.
fn pdf(objects: &[&[u8]]) -> Vec<u8> {
    let fixed: [&[u8]; 2] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    let all: Vec<&[u8]> = fixed.into_iter().chain(objects.iter().copied()).collect();
    for (index, object) in all.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        file.extend(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend(*object);
        file.extend(b"\nendobj\n");
    }
    let (start, size) = (file.len(), all.len() + 1);
    file.extend(
        format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .as_bytes(),
    );
    file
}

fn stream_object(entries: &str, content: &[u8]) -> Vec<u8> {
    [format!("<< {entries} >>\nstream\n").as_bytes(), content, b"\nendstream"].concat()
}
