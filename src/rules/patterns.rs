//! Patterns of a pack: synonyms put in, checked against the form of text they will see.

use std::ops::Range;

use regex_syntax::ast::{self, Ast, ClassPerlKind, ClassSetItem, Visitor};
use regex_syntax::hir::translate::Translator;

use super::PackError;
use super::source::{At, Members, did_you_mean};
use crate::model::pack::Pattern;
use crate::model::text::normalise;

/// `{name}` in a pattern stands for one of these. A synonym may use those written before it.
#[derive(Debug, Default)]
pub(super) struct Synonyms {
    known: Vec<(String, String)>,
    /// The patterns have been checked before. To do it again is most of what loading a pack costs.
    checked: bool,
}

impl Synonyms {
    /// `checked`: no pattern needs to be looked at.
    pub(super) fn read(written: &Members<String>, checked: bool, at: &At<'_>) -> Result<Self, PackError> {
        let mut known = Self { known: Vec::new(), checked };
        for (name, text) in &written.0 {
            let pattern = known.pattern(text, &at.key(name))?;
            known.known.push((name.clone(), pattern.as_str().to_owned()));
        }
        Ok(known)
    }

    pub(super) fn patterns(&self, texts: &[String], at: &At<'_>) -> Result<Vec<Pattern>, PackError> {
        texts.iter().enumerate().map(|(index, text)| self.pattern(text, &at.nth(index))).collect()
    }

    /// `at` is the place of the string `text`.
    pub(super) fn pattern(&self, text: &str, at: &At<'_>) -> Result<Pattern, PackError> {
        let expanded = self.expand(text, at)?;
        if self.checked {
            return Ok(Pattern::of_checked(expanded.text));
        }
        let span = |part: &ast::Span| at.span_within(expanded.written(part.start.offset..part.end.offset));
        let wrong = |part: &ast::Span, detail: String| PackError::Pattern { text: at.text(), at: span(part), detail };

        let tree = ast::parse::Parser::new()
            .parse(&expanded.text)
            .map_err(|error| wrong(error.span(), error.kind().to_string()))?;
        if let Err((part, detail)) = ast::visit(&tree, Seen) {
            return Err(PackError::Unmatchable { text: at.text(), at: span(&part), detail });
        }
        let meaning = Translator::new()
            .translate(&expanded.text, &tree)
            .map_err(|error| wrong(error.span(), error.kind().to_string()))?;
        if meaning.properties().minimum_len() == Some(0) && meaning.properties().look_set().is_empty() {
            return Err(PackError::Everything { text: at.text(), at: at.span() });
        }
        Ok(Pattern::of_checked(expanded.text))
    }

    fn expand(&self, written: &str, at: &At<'_>) -> Result<Expanded, PackError> {
        let mut expanded = Expanded { text: String::with_capacity(written.len()), pieces: Vec::new() };
        let mut plain = 0;
        for braces in names(written) {
            let name = &written[braces.start + 1..braces.end - 1];
            let Some((_, meaning)) = self.known.iter().find(|(known, _)| known == name) else {
                let help = did_you_mean(name, self.known.iter().map(|(known, _)| known.as_str()));
                let (text, at) = (at.text(), at.span_within(braces));
                return Err(PackError::Unknown {
                    zh: "同义词", en: "synonym", name: name.to_owned(), text, at, help
                });
            };
            expanded.push(&written[plain..braces.start], plain..braces.start);
            expanded.push(&format!("(?:{meaning})"), braces.clone());
            plain = braces.end;
        }
        expanded.push(&written[plain..], plain..written.len());
        Ok(expanded)
    }
}

/// The `{name}`s of a pattern. Digits are a repetition; behind a backslash or after `\p` and the
/// like, braces belong to the regular expression.
fn names(written: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = written[at..].find(['\\', '{']).map(|next| at + next) {
        let rest = &written[next..];
        let end = rest.find('}').map(|end| next + end + 1);
        at = if let Some(escaped) = rest.strip_prefix('\\') {
            let length = escaped.chars().next().map_or(0, char::len_utf8);
            let has_braces = escaped.starts_with(['p', 'P', 'x', 'u', 'U', 'b']) && escaped[length..].starts_with('{');
            end.filter(|_| has_braces).unwrap_or(next + 1 + length)
        } else if let Some(end) = end.filter(|_| rest[1..].starts_with(char::is_alphabetic)) {
            found.push(next..end);
            end
        } else {
            next + 1
        };
    }
    found
}

/// A pattern with its synonyms put in, and where each piece was written.
struct Expanded {
    text: String,
    /// Where in `text` a piece begins, where in the pattern it was written, and whether it was
    /// written as it stands.
    pieces: Vec<(usize, Range<usize>, bool)>,
}

impl Expanded {
    fn push(&mut self, text: &str, written: Range<usize>) {
        self.pieces.push((self.text.len(), written.clone(), text.len() == written.len()));
        self.text.push_str(text);
    }

    fn written(&self, part: Range<usize>) -> Range<usize> {
        let piece = |at: usize| self.pieces.iter().rev().find(|(start, ..)| *start <= at).cloned().unwrap_or_default();
        let (start, first, plain) = piece(part.start);
        let from = if plain { first.start + part.start - start } else { first.start };
        let (start, last, plain) = piece(part.end.saturating_sub(1));
        let to = if plain { last.start + part.end.saturating_sub(start) } else { last.end };
        from..to.max(from)
    }
}

/// Looks for characters that [`normalise`] never lets through.
struct Seen;

impl Visitor for Seen {
    type Output = ();
    type Err = (ast::Span, String);

    fn finish(self) -> Result<(), Self::Err> {
        Ok(())
    }

    fn visit_pre(&mut self, part: &Ast) -> Result<(), Self::Err> {
        match part {
            Ast::Literal(literal) => check(literal),
            Ast::ClassPerl(class) if class.kind == ClassPerlKind::Space && !class.negated => {
                Err((class.span, "文本中没有空白".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn visit_class_set_item_pre(&mut self, part: &ClassSetItem) -> Result<(), Self::Err> {
        match part {
            ClassSetItem::Literal(literal) => check(literal),
            ClassSetItem::Range(range) => check(&range.start).and_then(|()| check(&range.end)),
            _ => Ok(()),
        }
    }
}

fn check(literal: &ast::Literal) -> Result<(), (ast::Span, String)> {
    let written = literal.c;
    // Most literals are these, and are seen as they are.
    if written.is_ascii_lowercase() || written.is_ascii_digit() || ('\u{4e00}'..='\u{9fff}').contains(&written) {
        return Ok(());
    }
    let seen = normalise(written.encode_utf8(&mut [0; 4]));
    if seen.chars().eq([written]) {
        Ok(())
    } else if seen.is_empty() {
        Err((literal.span, "文本中没有空白和不可见字符".to_owned()))
    } else {
        Err((literal.span, format!("`{written}` 在文本中是 `{seen}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::source::Source;
    use miette::Diagnostic;

    #[test]
    fn synonyms_are_put_in_and_quantifiers_stay() {
        let source = Source::new("p.json", "{}");
        let synonyms = Synonyms { known: vec![("客户".to_owned(), "甲方|客户".to_owned())], checked: false };
        for (written, expanded) in [
            ("{客户}.{0,4}确认", "(?:甲方|客户).{0,4}确认"),
            (r"x{2,}|\{\{.*\}\}", r"x{2,}|\{\{.*\}\}"),
            (r"\p{Han}{2}{客户}", r"\p{Han}{2}(?:甲方|客户)"),
            ("[{}]+签", "[{}]+签"),
        ] {
            assert_eq!(synonyms.pattern(written, &source.root()).expect(written).as_str(), expanded);
        }
    }

    #[test]
    fn a_bad_pattern_is_underlined_where_it_is_bad() {
        let synonyms = Synonyms { known: vec![("客户".to_owned(), "甲方|客户".to_owned())], checked: false };
        for (json, code, here) in [
            (r#""{客户}(确认""#, "pattern", "("),
            (r#""{客户}\\d{3,1}""#, "pattern", "{3,1}"),
            (r#""{客戸}确认""#, "unknown", "{客戸}"),
            (r#""{客户}SLA""#, "unmatchable", "S"),
            (r#""协议\\(附件）""#, "unmatchable", "）"),
            (r#""服务 协议""#, "unmatchable", " "),
            (r#""服务\\s*协议""#, "unmatchable", r"\\s"),
            (r#""[^，。]+""#, "unmatchable", "，"),
            (r#""(协议)?""#, "everything", r#""(协议)?""#),
        ] {
            let source = Source::new("p.json", json);
            let text: String = source.parse().expect(json);
            let error = synonyms.pattern(&text, &source.root()).expect_err(json);
            assert_eq!(error.code().expect(json).to_string(), format!("evlint::pack::{code}"), "{json}");
            let label = error.labels().expect(json).next().expect(json);
            assert_eq!(&json[label.offset()..label.offset() + label.len()], here, "{json}");
        }
    }
}
