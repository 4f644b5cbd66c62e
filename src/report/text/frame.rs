//! The standard's own sentence in a frame, the words that are not met underlined.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity as Grade, SourceCode,
    ThemeCharacters, ThemeStyles,
};

use unicode_width::UnicodeWidthStr;

use super::Page;
use super::layout::{columns, wrap};
use crate::model::finding::ClauseText;
use crate::model::{ClauseResult, Severity};
use crate::wording::is_unsafe;

/// Columns that the frame takes on the left.
const GUTTER: usize = 6;

/// Lines of a clause are made no narrower than this for the sake of evenness.
const NARROWEST: usize = 24;

/// Columns of the icon and the spaces around it.
const ICON: usize = 4;

/// Columns of `╰── ` before a label.
const LABEL_LEAD: usize = 4;

/// Enough lines around a label for the whole of any clause.
const WHOLE: usize = 1000;

/// Words of one of a clause's texts, as a byte range, and what to write under them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) text: ClauseText,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: String,
}

/// The text that is quoted.
pub(super) fn text_of(clause: &ClauseResult, text: ClauseText) -> &str {
    match text {
        ClauseText::Clause => &clause.clause,
        ClauseText::Evidence => &clause.evidence,
    }
}

/// `条款 11 需提供证明材料`.
pub(super) fn name_of(page: &Page<'_>, no: u32, texts: &[ClauseText]) -> String {
    let what = match texts {
        [ClauseText::Clause] => page.wording.pick("条款原文", "the clause"),
        [ClauseText::Evidence] => page.wording.pick("需提供证明材料", "evidence required"),
        _ => page.wording.pick("条款原文与需提供证明材料", "the clause and the evidence required"),
    };
    format!("{} {no} {what}", page.wording.pick("条款", "clause"))
}

/// The headline and, where words of the clause are cited, the frame.
pub(super) fn frame(
    page: &Page<'_>,
    severity: Severity,
    headline: &str,
    clause: Option<&ClauseResult>,
    marks: &[Mark],
) -> String {
    let quotation = clause.filter(|_| !marks.is_empty()).map(|clause| Quotation::of(page, clause, marks));
    let diagnostic = Quoted { headline: in_lines(headline, columns(page.style)), severity, quotation };
    let mut out = String::new();
    match handler(page, severity).render_report(&mut out, &diagnostic) {
        Ok(()) => without_line_numbers(&out),
        Err(_) => format!("{headline}\n"), // a label outside its text: say it without the frame
    }
}

/// Broken for a width of so many columns, icon included; a quotation stays in one piece.
fn in_lines(headline: &str, width: usize) -> String {
    let mut keep = Vec::new();
    for (open, _) in headline.match_indices('“') {
        keep.extend(headline[open..].find('”').map(|length| open..open + length));
    }
    let lines = wrap(headline, width.saturating_sub(ICON), &keep);
    lines.into_iter().map(|line| headline[line].trim_end()).collect::<Vec<_>>().join("\n")
}

/// Colour, characters and width are decided once, for the whole report; miette must not guess.
fn handler(page: &Page<'_>, severity: Severity) -> GraphicalReportHandler {
    let mut styles = if page.style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    styles.link = styles.linum; // the name of a clause is no link
    styles.highlights = vec![match severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Note => styles.advice,
    }];
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    GraphicalReportHandler::new_themed(theme)
        .with_width(columns(page.style))
        .with_wrap_lines(false)
        .with_context_lines(WHOLE)
        .with_links(false)
        .without_cause_chain()
        .without_primary_span_start()
        .without_syntax_highlighting()
}

/// The lines of a clause are ours, made to fit; their numbers would say nothing.
fn without_line_numbers(frame: &str) -> String {
    let mut out = String::with_capacity(frame.len());
    for line in frame.lines() {
        match line.split_once('│') {
            Some((number, rest)) if is_number(number) => {
                out.push_str("   │");
                out.push_str(rest.trim_end());
            }
            _ => out.push_str(line.trim_end()),
        }
        out.push('\n');
    }
    out
}

/// Digits alone, perhaps in colour.
fn is_number(text: &str) -> bool {
    let (mut digits, mut escaped) = (0, false);
    for c in text.chars() {
        match c {
            '\u{1b}' => escaped = true,
            'm' if escaped => escaped = false,
            _ if escaped || c == ' ' => {}
            '0'..='9' => digits += 1,
            _ => return false,
        }
    }
    digits > 0
}

/// A clause's text in lines that fit, with labels on it.
struct Quotation {
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
}

impl Quotation {
    fn of(page: &Page<'_>, clause: &ClauseResult, marks: &[Mark]) -> Self {
        let mut texts: Vec<ClauseText> = marks.iter().map(|mark| mark.text).collect();
        texts.sort_unstable();
        texts.dedup();
        let room = columns(page.style).saturating_sub(GUTTER);
        let (mut source, mut labels) = (String::new(), Vec::new());
        for text in &texts {
            let words = printable(text_of(clause, *text));
            let spans = joined(&words, marks.iter().filter(|mark| mark.text == *text));
            for line in even_lines(&words, room, &spans) {
                if !source.is_empty() {
                    source.push('\n');
                }
                labels.extend(labels_of(&line, &spans, source.len()));
                source.push_str(&words[line]);
            }
        }
        Self { source: NamedSource::new(name_of(page, clause.no, &texts), source), labels }
    }
}

/// As few lines as the text needs and their labels allow; of these the ones that end with a mark
/// of punctuation, and the most even, so that no last word stands alone.
fn even_lines(text: &str, room: usize, spans: &[(Range<usize>, String)]) -> Vec<Range<usize>> {
    let keep: Vec<Range<usize>> = spans.iter().map(|(range, _)| range.clone()).collect();
    let fits = |lines: &Vec<Range<usize>>| lines.iter().all(|line| labels_end(text, line, spans) <= room);
    (NARROWEST.min(room)..=room)
        .map(|width| wrap(text, width, &keep))
        .filter(fits)
        .min_by_key(|lines| (lines.len(), lines.iter().filter(|line| breaks_a_phrase(&text[(*line).clone()])).count()))
        .unwrap_or_else(|| wrap(text, room, &keep))
}

fn breaks_a_phrase(line: &str) -> bool {
    !line.trim_end().ends_with(['、', '，', '。', '；', '：', '）', ',', ';', '.', ')'])
}

/// The column where the labels under a line end; miette sets one from the middle of its mark.
fn labels_end(text: &str, line: &Range<usize>, spans: &[(Range<usize>, String)]) -> usize {
    let end_of = |label: LabeledSpan| {
        let before = text[line.start..label.offset()].width();
        let marked = text[label.offset()..label.offset() + label.len()].width();
        before + marked / 2 + LABEL_LEAD + label.label().unwrap_or_default().width()
    };
    labels_of(line, spans, line.start).into_iter().map(end_of).max().unwrap_or(0)
}

/// The parts of the marks that stand on one line of a text; the line starts at byte `at` of the
/// source. Where all would bear the same label only the first does.
fn labels_of(line: &Range<usize>, spans: &[(Range<usize>, String)], at: usize) -> Vec<LabeledSpan> {
    let here: Vec<&(Range<usize>, String)> =
        spans.iter().filter(|(range, _)| range.start < line.end && line.start < range.end).collect();
    let alike = here.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let mut labels = Vec::new();
    for (n, (range, label)) in here.into_iter().enumerate() {
        let (start, end) = (range.start.max(line.start), range.end.min(line.end));
        let bears = range.end <= line.end && (n == 0 || !alike);
        labels.push(LabeledSpan::new(bears.then(|| label.clone()), at + start - line.start, end - start));
    }
    labels
}

/// Marks in the order of the text; those that overlap become one with both labels.
fn joined<'m>(text: &str, marks: impl Iterator<Item = &'m Mark>) -> Vec<(Range<usize>, String)> {
    let mut marks: Vec<&Mark> =
        marks.filter(|mark| text.get(mark.start..mark.end).is_some_and(|t| !t.is_empty())).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut spans: Vec<(Range<usize>, String)> = Vec::new();
    for mark in marks {
        match spans.last_mut().filter(|(range, _)| mark.start < range.end) {
            Some((range, label)) => {
                range.end = range.end.max(mark.end);
                if !label.split('、').any(|said| said == mark.label) {
                    label.push('、');
                    label.push_str(&mark.label);
                }
            }
            None => spans.push((mark.start..mark.end, mark.label.clone())),
        }
    }
    spans
}

/// Characters that a terminal would obey become `?`, as many bytes of them, so that marks stay
/// where they are.
fn printable(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { "?".repeat(c.len_utf8()) } else { c.to_string() }).collect()
}

struct Quoted {
    headline: String,
    severity: Severity,
    quotation: Option<Quotation>,
}

impl fmt::Display for Quoted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.headline)
    }
}

impl fmt::Debug for Quoted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl std::error::Error for Quoted {}

impl Diagnostic for Quoted {
    fn severity(&self) -> Option<Grade> {
        Some(match self.severity {
            Severity::Error => Grade::Error,
            Severity::Warning => Grade::Warning,
            Severity::Note => Grade::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.quotation.as_ref().map(|quotation| &quotation.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let quotation = self.quotation.as_ref()?;
        Some(Box::new(quotation.labels.iter().cloned()))
    }
}
