//! A page for a job's summary or a merge request's comment: how it stands, clause by clause, what
//! lacks and what to do next.
//!
//! Text from the folder can neither format the page nor call people by name: punctuation is
//! escaped, and file names stand in code spans (`CommonMark` 0.31, sections 2.4 and 6.1).

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Format, Gap, Style, by_kind, closing, gaps, on_a_line};
use crate::model::Assessment;
use crate::model::assessment::OWN_MARK;
use crate::model::settings::Language;
use crate::model::{ClauseResult, EvidencePath, Finding, Kind, Severity, Status, Verdict};
use crate::wording::{Wording, place, plural, quote, safe, span, status, verdict, words};

/// Bytes of a page: GitHub takes 1 MiB as a summary, GitLab a million characters as a comment.
const MAX_BYTES: usize = 1_000_000;

/// What closes the page must fit too.
const RESERVE: usize = 2_000;

/// Files of one gap or kind before the rest is counted.
const NAMED_FILES: usize = 12;

const VERDICTS: [Verdict; 5] =
    [Verdict::Satisfied, Verdict::Unsatisfied, Verdict::NeedsReview, Verdict::Waived, Verdict::NotApplicable];

/// `--format markdown`.
#[derive(Debug, Clone, Copy)]
pub struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn about(&self) -> &'static str {
        "Markdown，供作业摘要和合并请求评论 (Markdown for job summaries and merge-request comments)"
    }

    fn write(&self, assessment: &Assessment, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(Page(Wording::new(assessment, style.language)).text().as_bytes())
    }
}

struct Page<'a>(Wording<'a>);

impl Page<'_> {
    fn text(&self) -> String {
        let gaps = gaps(self.0.assessment);
        let (waived, gaps): (Vec<&Gap<'_>>, Vec<_>) = gaps.iter().partition(|gap| gap.is_waived());
        let (errors, others): (Vec<&Gap<'_>>, _) = gaps.into_iter().partition(|gap| gap.severity() == Severity::Error);
        let mut blocks = vec![self.heading(), self.stages(), self.clauses()];
        for (title, gaps) in [
            (self.0.pick("差距", "Gaps"), errors),
            (self.0.pick("待确认与提醒", "To confirm and to watch"), others),
            (self.0.pick("已豁免", "Waived"), waived),
        ] {
            if !gaps.is_empty() {
                blocks.push(format!("## {title} {}\n\n", gaps.len()));
            }
            blocks.extend(gaps.iter().map(|gap| self.gap(gap)));
        }
        blocks.extend(self.files());
        self.joined(&blocks)
    }

    /// As many blocks as a page holds.
    fn joined(&self, blocks: &[String]) -> String {
        let mut out = String::new();
        for (nth, block) in blocks.iter().enumerate() {
            if out.len() + block.len() > MAX_BYTES - RESERVE {
                let _ = writeln!(out, "\n{}", self.0.left_out(blocks.len() - nth)); // a string takes all
                break;
            }
            out.push_str(block);
        }
        out
    }

    fn heading(&self) -> String {
        let (wording, assessment) = (&self.0, self.0.assessment);
        let organization = assessment.organization.as_deref().unwrap_or(&assessment.root);
        let about = [&assessment.pack_title, &assessment.level_name, &assessment.audit_name];
        let about: Vec<String> = about.iter().map(|name| plain(words(name, wording.language))).collect();
        let (totals, next) = closing(wording);
        let mut out = format!("<!-- {OWN_MARK} -->\n# {} · {}\n\n", wording.report_title(), plain(organization));
        let _ = writeln!(out, "{}  \n{}\n", about.join(" · "), self.facts().join(" · ")); // a string takes all
        let _ = writeln!(out, "**{totals}**\n");
        if let Some(next) = next {
            let _ = writeln!(out, "{next}\n");
        }
        out
    }

    fn facts(&self) -> Vec<String> {
        let (wording, assessment) = (&self.0, self.0.assessment);
        let mut facts = Vec::new();
        if let Some(period) = assessment.period {
            facts.push(format!("{} {}", wording.pick("审核期间", "period"), span(period, wording.language)));
        }
        facts.push(format!("{} {}", wording.pick("检查日", "as of"), assessment.as_of));
        let files = assessment.files.len();
        facts.push(match wording.language {
            Language::Zh => format!("{files} 份文件"),
            Language::En => format!("{files} file{}", plural(files)),
        });
        facts
    }

    fn stages(&self) -> String {
        let (wording, assessment) = (&self.0, self.0.assessment);
        let shown: Vec<Verdict> =
            VERDICTS.into_iter().filter(|of| *of != Verdict::Waived || assessment.count(*of) > 0).collect();
        let row = |name: &str, is_in: &dyn Fn(&ClauseResult) -> bool| {
            let count = |of: &Verdict| {
                let clauses = assessment.clauses.iter().filter(|clause| is_in(clause) && clause.verdict == *of);
                match clauses.count() {
                    0 => "·".to_owned(),
                    count => count.to_string(),
                }
            };
            format!("| {name} | {} |\n", shown.iter().map(count).collect::<Vec<_>>().join(" | "))
        };
        let names: Vec<&str> = shown.iter().map(|of| verdict(*of, wording.language)).collect();
        let mut out = format!("| | {} |\n|---|{}\n", names.join(" | "), "--:|".repeat(names.len()));
        for (nth, stage) in assessment.stages.iter().enumerate() {
            out.push_str(&row(&plain(words(stage, wording.language)), &|clause| clause.stage == nth));
        }
        out.push_str(&row(wording.pick("合计", "total"), &|_| true));
        out.push('\n');
        out
    }

    /// Folded: the overview comes first.
    fn clauses(&self) -> String {
        let wording = &self.0;
        let summary = wording.pick("各条款", "Clause by clause");
        let header = wording.pick("| 条款 | 结论 | 要求 | 材料 |", "| clause | verdict | requirement | materials |");
        let mut out = format!("<details><summary>{summary}</summary>\n\n{header}\n|--:|---|---|---|\n");
        for clause in &wording.assessment.clauses {
            let verdict = verdict(clause.verdict, wording.language);
            let title = plain(&quote(&clause.clause));
            let _ = writeln!(out, "| {} | {verdict} | {title} | {} |", clause.no, self.lacking(clause));
        }
        out.push_str("\n</details>\n\n");
        out
    }

    /// The materials that are not satisfied.
    fn lacking(&self, clause: &ClauseResult) -> String {
        if clause.verdict == Verdict::NotApplicable {
            return self.0.not_applicable(clause).to_owned();
        }
        let lacking = clause.materials.iter().filter(|material| material.status != Status::Satisfied);
        let said = lacking.map(|material| {
            format!("{} {}", plain(&self.0.material(material)), status(material.status, self.0.language))
        });
        said.collect::<Vec<_>>().join(self.0.pick("；", "; "))
    }

    fn gap(&self, gap: &Gap<'_>) -> String {
        let wording = &self.0;
        let colon = wording.pick("：", ": ");
        let mut out = format!("- **{}**\n", plain(&gap.headline(wording)));
        let mut line = |name: &str, text: &str| {
            let _ = writeln!(out, "  - {name}{colon}{text}"); // a string takes all
        };
        if let Some(files) = self.named(gap.findings()) {
            line(wording.pick("文件", "file"), &files);
        }
        if let Some(files) = gap.looked_at(wording) {
            line(wording.pick("看过", "seen"), &plain(&files));
        }
        for waiver in gap.waivers(wording) {
            line(wording.pick("豁免", "waived"), &plain(&waiver));
        }
        for help in gap.helps(wording) {
            line(wording.pick("处理", "next"), &with_code(&help));
        }
        line(wording.pick("代号", "code"), &code(&gap.code(wording)));
        out.push('\n');
        out
    }

    /// Files with their places, each once.
    fn named<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> Option<String> {
        let wording = &self.0;
        let mut named: Vec<String> = Vec::new();
        for finding in findings {
            let Some(path) = &finding.path else { continue };
            let at = finding.place.as_ref().and_then(|at| place(at, wording.language));
            let at = at.map(|at| format!("{}{}", wording.pick("，", ", "), plain(&at))).unwrap_or_default();
            let text = format!("{}{at}", self::path(path));
            if !named.contains(&text) {
                named.push(text);
            }
        }
        self.some(&named)
    }

    fn some(&self, named: &[String]) -> Option<String> {
        let more = named.len().saturating_sub(NAMED_FILES);
        let shown = named.iter().take(NAMED_FILES).cloned().collect::<Vec<_>>().join(self.0.pick("；", "; "));
        match (named.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(shown),
            (false, more) => Some(format!("{shown}{}{}", self.0.pick("；", "; "), self.0.left_out(more))),
        }
    }

    /// Kind by kind: what is wrong with files and the configuration, then what serves nothing.
    fn files(&self) -> Vec<String> {
        let wording = &self.0;
        let kinds = by_kind(wording.assessment);
        let (unmatched, kinds): (Vec<_>, Vec<_>) = kinds.iter().partition(|alike| alike[0].kind == Kind::UnmatchedFile);
        let mut blocks = Vec::new();
        if !kinds.is_empty() {
            let count: usize = kinds.iter().map(|alike| alike.len()).sum();
            blocks.push(format!("## {} {count}\n\n", wording.pick("文件与配置", "Files and configuration")));
        }
        blocks.extend(kinds.into_iter().map(|alike| self.alike(alike)));
        if let Some(alike) = unmatched.first() {
            let title = wording.pick("没有用到的文件", "Files that serve no clause");
            let files: Vec<String> = alike.iter().filter_map(|finding| finding.path.as_ref()).map(path).collect();
            let files = self.some(&files).unwrap_or_default();
            blocks.push(format!("## {title} {}\n\n{files}\n", alike.len()));
        }
        blocks
    }

    fn alike(&self, alike: &[&Finding]) -> String {
        let wording = &self.0;
        let Some(first) = alike.first() else { return String::new() };
        let kind = &first.kind;
        let (open, close) = (wording.pick("（", " ("), wording.pick("）", ")"));
        let code = code(kind.code());
        let mut out = format!("- **{} {}**{open}{code}{close}", wording.title(kind), alike.len());
        let _ = writeln!(out, "{}{}", wording.pick("：", ": "), with_code(wording.fix(kind))); // a string takes all
        for finding in alike.iter().take(NAMED_FILES) {
            let detail = wording.detail(finding).map(|detail| plain(&detail));
            let parts: Vec<String> = finding.path.as_ref().map(path).into_iter().chain(detail).collect();
            if !parts.is_empty() {
                let _ = writeln!(out, "  - {}", parts.join(wording.pick("，", ", ")));
            }
        }
        let more = alike.len().saturating_sub(NAMED_FILES);
        if more > 0 {
            let _ = writeln!(out, "  - {}", wording.left_out(more));
        }
        out.push('\n');
        out
    }
}

/// Text that shows as it is: no markup, no link, no mention of a person or an issue.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in safe(text).chars() {
        match c {
            // Code hosts look for names after the page was made, whatever was escaped; not in code.
            '@' => out.push_str("`@`"),
            '-' | '.' | ',' | '(' | ')' | '"' | '\'' | '/' | '%' | ';' | '?' => out.push(c),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    let digits = out.chars().take_while(char::is_ascii_digit).count();
    let mut rest = out[digits..].chars();
    // `1.` or `-` at the beginning of a line would begin a list (section 5.2).
    let marker = matches!((digits, rest.next()), (0, Some('-')) | (1.., Some('.' | ')')));
    if marker && rest.next().is_none_or(char::is_whitespace) {
        out.insert(digits, '\\');
    }
    out
}

/// Our own sentence, where commands stand between backticks already.
fn with_code(sentence: &str) -> String {
    sentence.split('`').enumerate().map(|(nth, part)| if nth % 2 == 1 { code(part) } else { within(part) }).collect()
}

/// [`plain`], and the spaces at the ends that a sentence has between its parts.
fn within(part: &str) -> String {
    let inner = part.trim();
    let start = &part[..part.len() - part.trim_start().len()];
    let end = if inner.is_empty() { "" } else { &part[part.trim_end().len()..] };
    format!("{start}{}{end}", plain(inner))
}

/// A file's name; what a terminal would obey or a line cannot hold is written as its bytes.
fn path(path: &EvidencePath) -> String {
    code(&on_a_line(path))
}

/// A code span whose fence is longer than any in the text. One space is taken from each end where
/// both have one, so that such a text gets another.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let spaced = text.starts_with(' ') && text.ends_with(' ') && !text.trim_matches(' ').is_empty();
    let pad = spaced || text.starts_with('`') || text.ends_with('`');
    let pad = if pad { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
