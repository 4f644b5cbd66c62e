//! A JSON text that a person wrote, and the places in it that an error can underline.
//!
//! Packs and `evlint.json` are read alike: [`Source::parse`] gives typed values or a [`Misread`],
//! and [`At`] walks beside the values, so that a later check can name the place of any of them.
//! Places are searched for only when an error needs one.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use miette::SourceSpan;
use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::named::{JsonError, NamedText};

/// A JSON text under the name its user knows it by.
#[derive(Debug, Clone)]
pub(crate) struct Source(Arc<NamedText>);

/// JSON that breaks its syntax, or does not have the shape we ask for.
#[derive(Debug)]
pub(crate) struct Misread {
    pub(crate) text: Arc<NamedText>,
    pub(crate) at: SourceSpan,
    pub(crate) help: Option<String>,
    pub(crate) source: JsonError,
}

impl Source {
    /// A byte order mark is left out: editors write it, JSON has none (RFC 8259, section 8.1).
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self(Arc::new(NamedText::new(name, text)))
    }

    pub(crate) fn text(&self) -> &Arc<NamedText> {
        &self.0
    }

    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, Misread> {
        serde_json::from_str(self.0.inner()).map_err(|source| {
            let (at, help) = explain(self.0.inner(), &source);
            Misread { text: Arc::clone(&self.0), at, help, source: JsonError::new(source) }
        })
    }

    /// The whole value; walk on from here.
    pub(crate) fn root(&self) -> At<'_> {
        At { source: self, pointer: String::new() }
    }
}

/// A value of a text that [`Source::parse`] took, by its JSON pointer (RFC 6901).
#[derive(Debug, Clone)]
pub(crate) struct At<'a> {
    source: &'a Source,
    pointer: String,
}

impl At<'_> {
    pub(crate) fn key(&self, key: &str) -> Self {
        Self { source: self.source, pointer: format!("{}/{}", self.pointer, escaped(key)) }
    }

    pub(crate) fn nth(&self, index: usize) -> Self {
        Self { source: self.source, pointer: format!("{}/{index}", self.pointer) }
    }

    pub(crate) fn text(&self) -> Arc<NamedText> {
        Arc::clone(self.source.text())
    }

    /// The value; of an object or array its first character, for a label over many lines helps nobody.
    pub(crate) fn span(&self) -> SourceSpan {
        let range = self.located().value;
        match self.source.0.inner().as_bytes().get(range.start) {
            Some(b'{' | b'[') => (range.start..range.start + 1).into(),
            _ => range.into(),
        }
    }

    /// The member's name where the value is an object's member; else the value.
    pub(crate) fn name_span(&self) -> SourceSpan {
        self.located().name.map_or_else(|| self.span(), Into::into)
    }

    /// The line of each member of an object or array, counted from 1, in their order.
    pub(crate) fn lines(&self) -> Vec<NonZeroU32> {
        let text = self.source.0.inner();
        let (mut line, mut seen) = (NonZeroU32::MIN, 0);
        members(text, self.located().value.start)
            .map(|member| {
                let start = member.name.map_or(member.value.start, |name| name.start);
                let breaks = text[seen..start].bytes().filter(|byte| *byte == b'\n').count();
                line = line.saturating_add(breaks as u32);
                seen = start;
                line
            })
            .collect()
    }

    /// A part of a string, by its byte range after the JSON escapes were resolved.
    pub(crate) fn span_within(&self, part: Range<usize>) -> SourceSpan {
        let range = self.located().value;
        within_string(self.source.0.inner(), range, part).into()
    }

    fn located(&self) -> Located {
        locate(self.source.0.inner(), &self.pointer)
    }
}

/// The nearest of the known names, if the unknown one looks like a slip of the pen.
pub(crate) fn nearest<'n>(unknown: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let unknown = unknown.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&unknown, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        // The first of equals, so that the order of the known names decides.
        .fold(
            None,
            |best: Option<(f64, &str)>, next| if best.is_some_and(|best| best.0 >= next.0) { best } else { Some(next) },
        )
        .map(|(_, name)| name)
}

/// From which likeness (Jaro and Winkler, 0 to 1) a name counts as a slip of another. Found by
/// trying typos of our own fields; below it short names begin to resemble everything.
const LIKE: f64 = 0.78;

/// «did you mean», or else what there is to choose from.
pub(crate) fn did_you_mean<'n>(unknown: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> String {
    if let Some(name) = nearest(unknown, known.clone()) {
        return format!("是 `{name}` 吗？(did you mean `{name}`?)");
    }
    let mut names = known.into_iter();
    let first: Vec<&str> = names.by_ref().take(12).collect();
    match (first.is_empty(), names.next()) {
        (true, _) => "一个也没有定义 (none is defined)".to_owned(),
        (false, None) => format!("可用：{} (one of these)", first.join(", ")),
        (false, Some(_)) => format!("可用：{}, … (one of these)", first.join(", ")),
    }
}

/// One value where a list of one would say the same.
#[derive(Debug, Clone)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = OneOrMany;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMany, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMany::Many(texts))
            }
        }
        // Not `#[serde(untagged)]`: it buffers, and its errors lose their place.
        deserializer.deserialize_any(Seen)
    }
}

/// An object whose member names are the user's own, in the order written. A name given twice is
/// an error: a map would drop the first without a word.
#[derive(Debug, Clone)]
pub(crate) struct Members<V>(pub(crate) Vec<(String, V)>);

impl<V> Default for Members<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Members<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Seen<V> {
            type Value = Members<V>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members<V>, A::Error> {
                let mut members: Vec<(String, V)> = Vec::new();
                while let Some(name) = object.next_key::<String>()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
                    }
                    members.push((name, object.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Seen(PhantomData))
    }
}

/// Where `serde_json` stopped, and what may have been meant.
fn explain(text: &str, error: &serde_json::Error) -> (SourceSpan, Option<String>) {
    let stop = offset(text, error.line(), error.column());
    let message = error.to_string();
    // serde names what it found and then what it would take, each between backticks.
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(found) = quoted.next().filter(|_| error.is_data()) else { return (one_char(text, stop), None) };
    let name = format!("\"{found}\"");
    let end = (stop + 1).min(text.len());
    let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(end);
    let at = match text[..end].rfind(&name) {
        Some(start) if !message.starts_with("missing field") => (start..start + name.len()).into(),
        _ => one_char(text, stop),
    };
    let help = message.starts_with("unknown").then(|| did_you_mean(found, quoted.collect::<Vec<_>>()));
    (at, help)
}

/// `serde_json` counts lines from 1 and columns in bytes: the one it read last. 0 is before a line's first.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let offset = (start + column.saturating_sub(1)).min(text.len());
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn one_char(text: &str, start: usize) -> SourceSpan {
    (start, text[start..].chars().next().map_or(0, char::len_utf8)).into()
}

#[derive(Debug, Default)]
struct Located {
    name: Option<Range<usize>>,
    value: Range<usize>,
}

/// Walks to a value. `text` is valid JSON and has the value; where it has not, the place reached
/// so far is the answer.
fn locate(text: &str, pointer: &str) -> Located {
    let mut found = Located { name: None, value: value_at(text, blank(text, 0)) };
    for step in pointer.split('/').skip(1) {
        match members(text, found.value.start).find(|member| member.step == step) {
            Some(member) => found = Located { name: member.name, value: member.value },
            None => return found,
        }
    }
    found
}

struct Member {
    step: String,
    name: Option<Range<usize>>,
    value: Range<usize>,
}

/// The members of an object or array that begins at `start`; of anything else none.
fn members(text: &str, start: usize) -> impl Iterator<Item = Member> {
    let bytes = text.as_bytes();
    let is_object = bytes.get(start) == Some(&b'{');
    let is_list = bytes.get(start) == Some(&b'[');
    let mut next = blank(text, start + 1);
    let mut index = 0;
    std::iter::from_fn(move || {
        if !(is_object || is_list) || matches!(bytes.get(next), None | Some(b'}' | b']')) {
            return None;
        }
        let name = is_object.then(|| value_at(text, next));
        let step = match &name {
            Some(name) => escaped(&serde_json::from_str::<String>(&text[name.clone()]).unwrap_or_default()),
            None => index.to_string(),
        };
        index += 1;
        // Past the colon.
        let start = name.as_ref().map_or(next, |name| blank(text, blank(text, name.end) + 1));
        let value = value_at(text, start);
        next = blank(text, value.end);
        if bytes.get(next) == Some(&b',') {
            next = blank(text, next + 1);
        }
        Some(Member { step, name, value })
    })
}

/// The range of the value that begins at `start`.
fn value_at(text: &str, start: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => (depth, at) = (depth + 1, at + 1),
            b'}' | b']' => (depth, at) = (depth.saturating_sub(1), at + 1),
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth > 0 => at += 1,
            _ => at += scalar_length(&bytes[at..]),
        }
        if depth == 0 {
            break;
        }
    }
    start..at
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The length of a number, `true`, `false` or `null`; at least 1, so that every walk ends.
fn scalar_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')).count().max(1)
}

fn blank(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len()
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// From a range in a string's value to the range in the text that writes it.
fn within_string(text: &str, string: Range<usize>, part: Range<usize>) -> Range<usize> {
    let written = &text[string.clone()];
    let inner = written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    let Some(inner) = inner else { return string };
    let mut ends = Vec::from([(0, string.start + 1)]);
    let (mut value_at, mut rest) = (0, inner);
    while let Some(first) = rest.chars().next() {
        let (length, value) = if first == '\\' { escape(rest) } else { (first.len_utf8(), first.len_utf8()) };
        value_at += value;
        rest = rest.get(length..).unwrap_or_default();
        ends.push((value_at, string.end - 1 - rest.len()));
    }
    let written_at = |value: usize| ends.iter().find(|(end, _)| *end >= value).map_or(string.end - 1, |(_, at)| *at);
    written_at(part.start)..written_at(part.end)
}

/// How long an escape is written, and how many bytes of UTF-8 it stands for.
fn escape(rest: &str) -> (usize, usize) {
    let unit = |from: usize| rest.get(from..from + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    match rest.as_bytes().get(1) {
        Some(b'u') => match unit(2) {
            Some(0xd800..=0xdbff) => (12, 4),
            Some(unit) => (6, char::from_u32(unit).map_or(3, char::len_utf8)),
            None => (2, 1),
        },
        _ => (2, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{ "名称": "甲\\d乙", "a/b": [1, {"x": null}, "\u4e00二"], "深": {"列": [[], [true]]} }"#;

    fn here(span: SourceSpan) -> &'static str {
        &TEXT[span.offset()..span.offset() + span.len()]
    }

    #[test]
    fn a_value_is_found_where_it_stands() {
        let source = Source::new("x.json", TEXT);
        let root = source.root();
        for (at, value, name) in [
            (root.key("名称"), r#""甲\\d乙""#, r#""名称""#),
            (root.key("a/b").nth(0), "1", "1"),
            (root.key("a/b").nth(1).key("x"), "null", r#""x""#),
            (root.key("深").key("列").nth(1).nth(0), "true", "true"),
            (root.key("深"), "{", r#""深""#),
        ] {
            assert_eq!(here(at.span()), value);
            assert_eq!(here(at.name_span()), name);
        }
        assert_eq!(here(root.key("名称").span_within(3..5)), r"\\d");
        assert_eq!(here(root.key("a/b").nth(2).span_within(3..6)), "二");
    }

    #[test]
    fn what_serde_says_is_placed_and_explained() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            #[expect(dead_code, reason = "only its name matters here")]
            titles: Option<OneOrMany>,
            #[expect(dead_code, reason = "only its name matters here")]
            levels: Option<Members<u8>>,
        }
        for (text, here, help) in [
            (
                "{\n \"titles\": \"中文\", \"tiltes\": []}",
                "\"tiltes\"",
                Some("是 `titles` 吗？(did you mean `titles`?)"),
            ),
            ("{\"levels\": {\"中\": 1, \"中\": 2}}", "\"中\"", None),
            ("{\"titles\": \"中文中文\" \"levels\"}", "\"", None),
            ("{\"titles\": [\"中\", 5]}", "5", None),
            ("{\"levels\": {", "", None),
            ("中", "中", None),
            ("{\"zzz\": 1}", "\"zzz\"", Some("可用：titles, levels (one of these)")),
        ] {
            let wrong = Source::new("x.json", text).parse::<Shape>().expect_err(text);
            let span = wrong.at.offset()..wrong.at.offset() + wrong.at.len();
            let found = &text[span];
            assert!(found == here || here.is_empty(), "{text}: {found}");
            assert_eq!(wrong.help.as_deref(), help, "{text}");
        }
    }
}
