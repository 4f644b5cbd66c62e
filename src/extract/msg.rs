//! Reads Outlook messages (MS-OXMSG): subject, people, body, attachments, in a compound file.
//!
//! Start reading at [`Msg::read`].

use std::io::{Cursor, Read as _};
use std::num::NonZeroU32;

use cfb::CompoundFile;
use encoding_rs::{Encoding, GBK, UTF_16LE};

use super::{File, Member, Outcome, Reader};
use crate::model::document::Metadata;
use crate::model::{Block, Content, Document, FileFormat, Place, Unreadable};

/// The reader of Outlook messages.
#[derive(Debug)]
pub struct Msg;

/// Files attached to one message.
const MAX_ATTACHMENTS: usize = 200;
/// Bytes of one stream.
const MAX_STREAM: u64 = 256 << 20;
/// Messages attached to messages, down to this depth, are put together from their streams.
const MAX_DEPTH: u32 = 8;

// Properties (MS-OXPROPS): identifier without its type.
const SUBJECT: &str = "0037";
const SENDER: &str = "0C1A";
const SENDER_ADDRESS: &str = "5D01";
const TO: &str = "0E04";
const COPIES: &str = "0E03";
const BODY: &str = "1000";
const BODY_HTML: &str = "1013";
const BODY_RTF: &str = "1009";
const FILE_LONG_NAME: &str = "3707";
const FILE_NAME: &str = "3704";
const FILE_BYTES: &str = "3701";
/// When the message was sent, hundreds of nanoseconds since 1601.
const SENT: u32 = 0x0039_0040;
/// The code page of texts that are not Unicode.
const CODE_PAGE: u32 = 0x3ffd_0003;

impl Reader for Msg {
    fn name(&self) -> &'static str {
        "msg"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Msg]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let corrupt = |error: std::io::Error| Unreadable::Corrupt { detail: error.to_string() };
        let mut streams = Streams { file: CompoundFile::open(Cursor::new(file.bytes)).map_err(corrupt)? };
        if !streams.file.exists(PROPERTIES) {
            return Err(Unreadable::Corrupt { detail: "no properties of a message".to_owned() });
        }
        let mut letter = Letter::default();
        letter.message(&mut streams, "", 0);
        Ok(Outcome { document: Some(letter.document), members: letter.members })
    }
}

const PROPERTIES: &str = "/__properties_version1.0";

/// The streams of a message, by folder and property.
struct Streams<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
}

impl Streams<'_> {
    fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        let mut stream = self.file.open_stream(path).ok()?.take(MAX_STREAM);
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn binary(&mut self, folder: &str, property: &str) -> Option<Vec<u8>> {
        self.bytes(&format!("{folder}/__substg1.0_{property}0102"))
    }

    /// A text property, Unicode or of the message's code page.
    fn text(&mut self, folder: &str, property: &str, encoding: &'static Encoding) -> Option<String> {
        let text = if let Some(bytes) = self.bytes(&format!("{folder}/__substg1.0_{property}001F")) {
            UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned()
        } else {
            let bytes = self.bytes(&format!("{folder}/__substg1.0_{property}001E"))?;
            encoding.decode_without_bom_handling(&bytes).0.into_owned()
        };
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// A number among the fixed properties: entries of 16 bytes, tag first and value in the second half.
    fn number(&mut self, folder: &str, tag: u32) -> Option<u64> {
        let bytes = self.bytes(&format!("{folder}{PROPERTIES}"))?;
        // The header before them is 8, 24 or 32 bytes long, so their beginning is counted from the end.
        let entries = bytes.get(bytes.len() % 16..)?.as_chunks::<16>().0;
        let entry =
            entries.iter().find(|entry| entry.first_chunk().is_some_and(|first| u32::from_le_bytes(*first) == tag))?;
        Some(u64::from_le_bytes(*entry[8..].first_chunk()?))
    }

    fn folders(&self, folder: &str, prefix: &str) -> Vec<String> {
        let path = if folder.is_empty() { "/" } else { folder };
        let Ok(entries) = self.file.read_storage(path) else { return Vec::new() };
        let names = entries.filter(cfb::Entry::is_storage).map(|entry| entry.name().to_owned());
        let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
        names.sort();
        names
    }
}

/// A message while it is read.
#[derive(Debug, Default)]
struct Letter {
    document: Document,
    members: Vec<Member>,
    paragraphs: u32,
}

impl Letter {
    /// A message, or one attached to it.
    fn message(&mut self, streams: &mut Streams<'_>, folder: &str, depth: u32) {
        let encoding = streams.number(folder, CODE_PAGE).map_or(GBK, |page| code_page(page as u32));
        let subject = streams.text(folder, SUBJECT, encoding);
        let sender = streams.text(folder, SENDER, encoding).or_else(|| streams.text(folder, SENDER_ADDRESS, encoding));
        if depth == 0 {
            self.document.metadata = Metadata { title: subject.clone(), author: sender.clone(), extent: None };
        }
        if let Some(text) = subject {
            let level = u8::try_from(depth + 1).unwrap_or(u8::MAX).min(9);
            self.push(Content::Heading { level, text });
        }
        let people = [
            ("发件人", sender),
            ("收件人", streams.text(folder, TO, encoding)),
            ("抄送", streams.text(folder, COPIES, encoding)),
        ];
        let sent = streams.number(folder, SENT).and_then(date);
        for (label, value) in people.into_iter().chain([("发送时间", sent)]) {
            if let Some(value) = value {
                self.push(Content::Paragraph { text: format!("{label}：{value}") });
            }
        }
        self.body(streams, folder, encoding);
        let attachments = streams.folders(folder, "__attach_version1.0_");
        for name in attachments {
            self.attachment(streams, &format!("{folder}/{name}"), encoding, depth);
        }
    }

    fn body(&mut self, streams: &mut Streams<'_>, folder: &str, encoding: &'static Encoding) {
        if let Some(text) = streams.text(folder, BODY, encoding) {
            for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                self.push(Content::Paragraph { text: line.to_owned() });
            }
        } else if let Some(bytes) = streams.binary(folder, BODY_HTML) {
            self.members.push(Member { name: "body.html".to_owned(), bytes: Ok(bytes) });
        } else if let Some(bytes) = streams.binary(folder, BODY_RTF).as_deref().and_then(unpacked) {
            self.members.push(Member { name: "body.rtf".to_owned(), bytes: Ok(bytes) });
        }
    }

    fn attachment(&mut self, streams: &mut Streams<'_>, folder: &str, encoding: &'static Encoding, depth: u32) {
        let message = format!("{folder}/__substg1.0_{FILE_BYTES}000D");
        if streams.file.is_storage(&message) && depth < MAX_DEPTH {
            return self.message(streams, &message, depth + 1);
        }
        let name = streams.text(folder, FILE_LONG_NAME, encoding).or_else(|| streams.text(folder, FILE_NAME, encoding));
        if self.members.len() < MAX_ATTACHMENTS
            && let (Some(name), Some(bytes)) = (name, streams.binary(folder, FILE_BYTES))
        {
            self.members.push(Member { name: name.replace(['/', '\\'], "_"), bytes: Ok(bytes) });
        }
    }

    fn push(&mut self, content: Content) {
        self.paragraphs += 1;
        let place = NonZeroU32::new(self.paragraphs).map_or(Place::Whole, Place::Paragraph);
        self.document.blocks.push(Block { place, content });
    }
}

fn code_page(number: u32) -> &'static Encoding {
    match number {
        54936 => encoding_rs::GB18030,
        950 => encoding_rs::BIG5,
        1252 | 20127 | 28591 => encoding_rs::WINDOWS_1252,
        65001 => encoding_rs::UTF_8,
        _ => GBK,
    }
}

/// A time of Windows as date and minute in China's one time zone, whose standards these messages are
/// evidence for: a message of the morning must not bear the day before.
fn date(ticks: u64) -> Option<String> {
    const FROM_1601_TO_1970: i64 = 11_644_473_600;
    const ZONE: jiff::tz::Offset = jiff::tz::Offset::constant(8);
    let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(FROM_1601_TO_1970)?;
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(ZONE.to_datetime(time).strftime("%Y-%m-%d %H:%M +08:00").to_string())
}

/// Bytes of an unpacked body; a longer one is no letter.
const MAX_BODY: usize = 64 << 20;

/// Unpacks a body of Rich Text (MS-OXRTFCP, 3.1.3).
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    const FIRST: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
    const WINDOW: usize = 4096;
    let kind = packed.get(8..12)?;
    let data = packed.get(16..)?;
    if kind == b"MELA" {
        return Some(data.to_vec());
    }
    if kind != b"LZFu" {
        return None;
    }
    let mut window = vec![b' '; WINDOW];
    window[..FIRST.len()].copy_from_slice(FIRST);
    let (mut at, mut out, mut bytes) = (FIRST.len(), Vec::new(), data.iter().copied());
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return Some(out) };
            if out.len() > MAX_BODY {
                return None;
            }
            if flags >> bit & 1 == 0 {
                out.push(first);
                window[at] = first;
                at = (at + 1) % WINDOW;
                continue;
            }
            let Some(second) = bytes.next() else { return Some(out) };
            let reference = usize::from(first) << 8 | usize::from(second);
            let (from, length) = (reference >> 4, (reference & 0xf) + 2);
            if from == at {
                return Some(out);
            }
            for step in 0..length {
                let byte = window[(from + step) % WINDOW];
                out.push(byte);
                window[at] = byte;
                at = (at + 1) % WINDOW;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::model::EvidencePath;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn a_message_gives_its_head_body_and_attachments() {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("to memory");
        let mut put = |path: &str, bytes: &[u8]| {
            file.create_storage_all(path.rsplit_once('/').expect("a path").0).ok();
            file.create_stream(path).expect(path).write_all(bytes).expect(path);
        };
        let mut properties = vec![0; 32];
        properties.extend(SENT.to_le_bytes().iter().chain(&[0; 4]).chain(&133_800_000_000_000_000_u64.to_le_bytes()));
        put(PROPERTIES, &properties);
        put("/__substg1.0_0037001F", &utf16("漏洞通报"));
        put("/__substg1.0_0C1A001E", &GBK.encode("赵一").0);
        put("/__substg1.0_1000001F", &utf16("请于本周内修复。\r\n\r\n谢谢\0"));
        put("/__attach_version1.0_#00000000/__substg1.0_3707001F", &utf16("清单.txt"));
        put("/__attach_version1.0_#00000000/__substg1.0_37010102", b"abc");
        put("/__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_0037001F", &utf16("原邮件"));
        file.flush().expect("to memory");
        let bytes = file.into_inner().into_inner();
        let path = EvidencePath::new("a.msg");
        let outcome = Msg.read(&File { path: &path, format: FileFormat::Msg, bytes: &bytes }).expect("readable");
        let document = outcome.document.expect("a document");
        let texts: Vec<&str> = document.blocks.iter().filter_map(|block| block.content.text()).collect();
        assert_eq!(
            texts,
            ["漏洞通报", "发件人：赵一", "发送时间：2024-12-30 10:40 +08:00", "请于本周内修复。", "谢谢", "原邮件"]
        );
        let members: Vec<(&str, &[u8])> = outcome
            .members
            .iter()
            .map(|member| (member.name.as_str(), member.bytes.as_deref().expect("readable")))
            .collect();
        assert_eq!(members, [("清单.txt", &b"abc"[..])]);
    }

    #[test]
    fn a_packed_body_is_unpacked() {
        // The example of MS-OXRTFCP, 4.1.1.
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0, 0x72, 0x63,
            0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77,
            0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
        ];
        assert_eq!(unpacked(&packed).as_deref(), Some(&b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"[..]));
    }
}
