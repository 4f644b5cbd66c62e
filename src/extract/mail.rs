//! Mail, and web pages saved as one file (RFC 5322, RFC 2045, RFC 2557).

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Address, DateTime, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::flow::{Emphasis, Flow};
use super::{File, Member, Outcome, Reader, encoding, html};
use crate::model::document::Metadata;
use crate::model::{Document, FileFormat, Place, Unreadable};

/// Reads who wrote what to whom, and hands attachments on.
#[derive(Debug)]
pub struct Mail;

impl Reader for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn formats(&self) -> &'static [FileFormat] {
        &[FileFormat::Eml]
    }

    fn read(&self, file: &File<'_>) -> Result<Outcome, Unreadable> {
        let bytes = with_readable_headers(file.bytes);
        let message = MessageParser::default()
            .parse(bytes.as_ref())
            .ok_or_else(|| Unreadable::Corrupt { detail: "no header of a mail".to_owned() })?;
        let members =
            message.attachments().enumerate().filter_map(|(index, part)| attachment(&message, part, index)).collect();
        Ok(Outcome { document: Some(document(&message)), members })
    }
}

/// Headers are ASCII by the rules; some programs write GBK into them.
fn with_readable_headers(bytes: &[u8]) -> Cow<'_, [u8]> {
    let end = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let end = end.or_else(|| bytes.windows(2).position(|bytes| bytes == b"\n\n")).unwrap_or(bytes.len());
    let (head, body) = bytes.split_at(end);
    if std::str::from_utf8(head).is_ok() {
        return Cow::Borrowed(bytes);
    }
    match encoding::decode(head) {
        Some(head) => Cow::Owned([head.as_bytes(), body].concat()),
        None => Cow::Borrowed(bytes),
    }
}

fn document(message: &Message<'_>) -> Document {
    let mut flow = Flow::default();
    let subject = message.subject().map(str::trim).filter(|subject| !subject.is_empty());
    if let Some(subject) = subject {
        let place = flow.next_paragraph();
        flow.heading(place, 1, subject);
    }
    let from = message.from().map(people).filter(|people| !people.is_empty());
    let labels = [
        ("发件人", from.clone()),
        ("收件人", message.to().map(people)),
        ("抄送", message.cc().map(people)),
        ("日期", message.date().map(date)),
    ];
    for (label, value) in labels {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let place = flow.next_paragraph();
            flow.plain(place, &format!("{label}：{value}"));
        }
    }
    let title = body(&mut flow, message);
    let metadata = Metadata { title: subject.map(str::to_owned).or(title), author: from, extent: None };
    Document { metadata, blocks: flow.finish(), remarks: Vec::new() }
}

/// The body once, as HTML where there is one: it knows headings and tables. Returns a page's title.
fn body(flow: &mut Flow, message: &Message<'_>) -> Option<String> {
    let mut title = None;
    for part in message.html_bodies() {
        match &part.body {
            PartType::Html(page) => title = title.or(html::add_to(flow, page)),
            PartType::Text(text) => {
                for line in repaired(message, part, text).lines().filter(|line| !line.trim().is_empty()) {
                    let place = flow.next_paragraph();
                    flow.paragraph(&place, line, Emphasis::None);
                }
            }
            _ => {}
        }
    }
    for part in message.attachments().filter(|part| is_inline_picture(part)) {
        flow.picture(Place::Whole, part.attachment_name().map(str::to_owned));
    }
    title
}

/// A text that does not say its encoding is taken for UTF-8; here its bytes are asked again.
fn repaired<'t>(message: &'t Message<'_>, part: &MessagePart<'_>, text: &'t str) -> Cow<'t, str> {
    if !text.contains('\u{fffd}') {
        return Cow::Borrowed(text);
    }
    let bytes = sent(message, part);
    bytes.as_deref().and_then(encoding::decode).map_or(Cow::Borrowed(text), |text| Cow::Owned(text.into_owned()))
}

/// A part's bytes as its sender had them, before its transfer encoding (RFC 2045, 6).
fn sent(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let raw = message.raw_message().get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    }
}

fn people(address: &Address<'_>) -> String {
    let person = |person: &mail_parser::Addr<'_>| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    address.iter().map(person).filter(|person| !person.is_empty()).collect::<Vec<_>>().join("；")
}

/// As the sender's clock showed it.
fn date(date: &DateTime) -> String {
    format!("{:04}-{:02}-{:02} {:02}:{:02}", date.year, date.month, date.day, date.hour, date.minute)
}

/// Pictures within the text: logos and screenshots.
fn is_inline_picture(part: &MessagePart<'_>) -> bool {
    let is_image = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
    is_image && (matches!(part.body, PartType::InlineBinary(_)) || part.content_id().is_some())
}

fn attachment(message: &Message<'_>, part: &MessagePart<'_>, index: usize) -> Option<Member> {
    if is_inline_picture(part) {
        return None;
    }
    let name = part.attachment_name().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let number = index + 1;
    let (bytes, unnamed) = match &part.body {
        PartType::Message(inner) => {
            (inner.raw_message().to_vec(), format!("{}.eml", inner.subject().unwrap_or("mail")))
        }
        // A file is attached as it is; which encoding it has is its reader's question.
        PartType::Text(text) => {
            (sent(message, part).unwrap_or_else(|| text.as_bytes().to_vec()), format!("{number}.txt"))
        }
        PartType::Html(page) => {
            (sent(message, part).unwrap_or_else(|| page.as_bytes().to_vec()), format!("{number}.html"))
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => (bytes.to_vec(), format!("{number}.bin")),
        PartType::Multipart(_) => return None,
    };
    Some(Member { name: name.unwrap_or(unnamed).replace('/', "_"), bytes: Ok(bytes) })
}

#[cfg(test)]
mod tests {
    use crate::extract::{Options, read};
    use crate::model::{Content, EvidencePath, Reading};

    #[test]
    fn a_mail_is_a_document_with_attachments() {
        let mail = "From: =?gb2312?B?1cXI/Q==?= <z@example.com>\r\nTo: l@example.com\r\nSubject: =?utf-8?B?5pyN5Yqh5riF5Y2V?=\r\n\
            Date: Tue, 18 Mar 2025 09:30:00 +0800\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>确认如下</p><table><tr><td>项<td>数<tr><td>巡检<td>12</table>\r\n\
            --b\r\nContent-Type: text/csv; name=\"a.csv\"\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\nx,y\r\n1,2\r\n--b--\r\n";
        let sources = read(&EvidencePath::new("确认.eml"), mail.as_bytes(), &Options::default());
        let Reading::Document(document) = &sources[0].reading else { panic!("{:?}", sources[0].reading) };
        let texts: Vec<&str> = document.blocks.iter().filter_map(|block| block.content.text()).collect();
        assert_eq!(
            texts,
            ["服务清单", "发件人：张三 <z@example.com>", "收件人：l@example.com", "日期：2025-03-18 09:30", "确认如下"]
        );
        assert!(matches!(document.blocks[5].content, Content::Table(_)));
        assert_eq!(sources[1].path.as_str(), "确认.eml!/a.csv");
        assert!(matches!(sources[1].reading, Reading::Document(_)));
    }
}
