//! A text under the name its user knows it by, whose columns are counted in characters.
//!
//! `miette` counts bytes, three for a Chinese character: the place it named would stand far to the
//! right of the mistake. What `serde_json` says of columns has the same fault, so [`JsonError`]
//! leaves it to the diagnostic to name the place.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A JSON text that a person wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedText {
    name: String,
    text: String,
}

impl NamedText {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn inner(&self) -> &str {
        &self.text
    }
}

impl SourceCode for NamedText {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let found = self.text.read_span(span, lines_before, lines_after)?;
        let before = self.text.get(..found.span().offset()).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[line..].chars().count();
        let contents = MietteSpanContents::new_named(
            self.name.clone(),
            found.data(),
            *found.span(),
            found.line(),
            column,
            found.line_count(),
        );
        Ok(Box::new(contents.with_language("json")))
    }
}

/// What is wrong with a JSON text; where, is the diagnostic's to say.
#[derive(Debug)]
pub struct JsonError(serde_json::Error);

impl JsonError {
    pub(crate) fn new(error: serde_json::Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let message = self.0.to_string();
        let place = format!(" at line {} column {}", self.0.line(), self.0.column());
        out.write_str(message.strip_suffix(&place).unwrap_or(&message))
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let text = NamedText::new("evlint.json", "{\n  \"名称\": \"映川\", \"级别\": 9\n}");
        let at = text.inner().find('9').expect("it is there");
        let contents = text.read_span(&(at, 1).into(), 0, 0).expect("a place in the text");
        assert_eq!((contents.line(), contents.column(), contents.name()), (1, 20, Some("evlint.json")));
    }

    #[test]
    fn the_message_names_no_place() {
        for (text, message) in [("{\n \"a\" 1}", "expected `:`"), ("[1", "EOF while parsing a list")] {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            assert_eq!(JsonError::new(error).to_string(), message);
        }
    }
}
