//! A document as matching sees it: normalised, with titles, sections, tables and statements told apart.
//!
//! Built once per document and asked many times. Start reading at [`View::of`].

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::document::{Block, Content, Document, Margin, Place, Table};
use crate::model::pack::{Pattern, Vocabulary};
use crate::model::text::normalise;

use super::kind;

/// How many lines from the top can be a title: a cover page has an organisation, a customer, a
/// number and a version around it.
const TITLE_LINES: usize = 12;
/// Longer lines are sentences, not titles; in characters.
const TITLE_LENGTH: usize = 48;
/// A heading no longer is a word of its own, no title; in characters.
const WORD: usize = 2;
/// So many headings of the title's own level are chapters.
const CHAPTERS: usize = 2;
/// Rows from the top of a table among which its header is looked for.
const HEADER_ROWS: usize = 8;
/// Longer cells are contents, not headers; in characters.
const HEADER_LENGTH: usize = 48;
/// Lines between a title inside a grid and its header, itself included.
const TITLE_ROWS: usize = 4;
/// Headers over the numbers of rows.
const SERIALS: [&str; 6] = ["序号", "编号", "序", "项次", "no", "no."];
/// Most headers are shorter than this, in characters.
const HEADER_WORD: usize = 16;

/// Letters in a row in a document's number.
const CODE: usize = 4;

/// Entries from which a line is a table of contents, and the longest, in characters.
const ENTRIES: usize = 4;
const ENTRY: usize = 16;
/// So many numbered labels below each other are the articles of a text.
const RUN: usize = 5;
/// What a title lists things of is no shorter, in characters.
const SUBJECT: usize = 6;
/// The first line of an annex is no shorter, in characters.
const ANNEX_TEXT: usize = 15;

/// Rows from which labels make a form.
const LABELS: usize = 3;
/// Columns from which a table is a register, whoever signs its rows.
const REGISTER: usize = 5;
/// A table of versions and approvals is no longer, in rows.
const CONTROL_ROWS: usize = 12;

/// A document, ready to be asked.
#[derive(Debug)]
pub(super) struct View {
    /// The document's own titles, best first.
    pub titles: Vec<Line>,
    /// Everything that states something, in reading order: paragraphs and headings, not cells.
    pub lines: Vec<Line>,
    pub sections: Vec<Section>,
    pub tables: Vec<TableView>,
    /// Page headers and footers, comments and notes.
    pub margins: Vec<Line>,
    /// All of the body's text: what [`Self::lines`] and cells say, one to a line.
    pub body: String,
    /// Pictures among the blocks.
    pub pictures: usize,
}

/// A line of text and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Normalised.
    pub text: String,
    pub place: Place,
    pub role: Role,
    /// Position among the document's blocks.
    pub block: usize,
    /// What stands before a wide blank, normalised: `配置核查　2025.3.25　查：甲`.
    pub head: Option<String>,
}

impl Line {
    fn of(text: &str, place: &Place, role: Role, block: usize) -> Self {
        Self { text: normalise(text), place: place.clone(), role, block, head: head(text) }
    }

    /// The line, or its head, where that looks like a title.
    fn title(&self) -> Option<Self> {
        let heading = matches!(self.role, Role::Heading(_)) && is_titlelike(after_colon(&self.text));
        if is_titlelike(&self.text) || heading {
            return Some(self.clone());
        }
        // 附件二:保密协议, and a title with a note behind it: 安全基线(批准:某人).
        let annex = self.text.split_once(':').filter(|(label, _)| is_annex(label)).map(|(_, title)| title);
        let noted = self.text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(title, _)| title);
        if let Some(title) = annex.or(noted).filter(|title| is_titlelike(title)) {
            return Some(Self { text: title.to_owned(), ..self.clone() });
        }
        let head = self.head.clone().filter(|head| is_titlelike(head))?;
        Some(Self { text: head, ..self.clone() })
    }

    /// A title before whom or what it is about: 调研报告:某某公司.
    fn titled_of(&self, vocabulary: &Vocabulary) -> Option<Self> {
        let (title, about) = self.text.split_once(':')?;
        let short = about.chars().count() <= TITLE_LENGTH / 2 && !about.contains(['。', ';', ':', ',']);
        (short && !about.is_empty() && title.chars().count() > WORD && kind::ends_title(title, vocabulary))
            .then(|| self.clone())
    }

    /// A title that lists what it holds, 系统可用性:计划、执行与改进; a label and its value are none.
    fn listing(&self) -> Option<Self> {
        let (subject, parts) = kind::bare(&self.text).split_once(':')?;
        let title = subject.chars().count() >= SUBJECT
            && self.text.chars().count() <= TITLE_LENGTH
            && !without_year(kind::bare(&self.text)).contains(|c: char| c.is_ascii_digit() || "()。;".contains(c))
            && parts.contains(kind::SEVERAL);
        title.then(|| self.clone())
    }
}

/// 2025年 before a title.
fn without_year(title: &str) -> &str {
    let digits = title.chars().take_while(char::is_ascii_digit).count();
    let rest = &title[digits..];
    if digits == 4 && rest.starts_with('年') { rest } else { title }
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Heading(u8),
    Statement,
    /// A heading that its text follows in the same paragraph: `第一条　服务期限。自2024年…`.
    Article,
    /// Of a table of contents: names things and says nothing of them.
    Contents,
    /// Of the form's own instructions: 请填写….
    Instruction,
}

/// A heading and what stands under it, up to the next heading of its level or higher.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub heading: Line,
    /// Blocks under the heading.
    pub blocks: Range<usize>,
    /// Characters of statements and filled cells under the heading and its subheadings.
    pub weight: usize,
}

/// A table with its header found.
#[derive(Debug, Clone)]
pub(super) struct TableView {
    pub block: usize,
    /// Which of the document's tables it is; a block may hold several, one below the other.
    pub at: usize,
    /// Normalised sheet name.
    pub name: Option<String>,
    /// Lines above the header: a title, who filled it in, when.
    pub caption: Vec<Line>,
    /// Of these the titles. Number and version of a form stand beside their labels and are none.
    pub titles: Vec<Line>,
    /// One for each column; empty where no header was found.
    pub columns: Vec<ColumnView>,
    /// Rows below the header.
    pub rows: Vec<Vec<CellView>>,
    /// It says who wrote, changed and approved the document, not what the document says.
    pub is_control: bool,
    /// It lists what is still to be done.
    pub intends: bool,
}

#[derive(Debug, Clone)]
pub(super) struct ColumnView {
    /// Normalised; of a two-row header both, joined.
    pub header: String,
    pub place: Place,
    /// Cells below that say something.
    pub filled: usize,
}

#[derive(Debug, Clone)]
pub(super) struct CellView {
    /// Normalised.
    pub text: String,
    pub place: Place,
    /// It says something: not empty, no dash, no placeholder.
    pub filled: bool,
    /// See [`Line::head`].
    pub head: Option<String>,
}

impl CellView {
    /// It says that something is there: not 未采集, 不涉及.
    pub(super) fn states(&self, vocabulary: &Vocabulary) -> bool {
        self.filled && !any(&vocabulary.absences, &self.text)
    }
}

impl View {
    #[must_use]
    pub(super) fn of(document: &Document, vocabulary: &Vocabulary) -> Self {
        let mut view = Self {
            titles: Vec::new(),
            lines: Vec::new(),
            sections: Vec::new(),
            tables: Vec::new(),
            margins: Vec::new(),
            body: String::new(),
            pictures: 0,
        };
        view.read_blocks(&document.blocks, vocabulary);
        for (at, table) in view.tables.iter_mut().enumerate() {
            table.at = at;
        }
        view.mark_contents(vocabulary);
        view.body = view.collect_body();
        view.find_sections(document.blocks.len());
        view.find_titles(vocabulary);
        view
    }

    /// What stands in some of its blocks, as a document of its own. Has no titles yet.
    #[must_use]
    pub(super) fn part(&self, takes: &dyn Fn(usize) -> bool) -> Self {
        let mut part = Self {
            titles: Vec::new(),
            lines: self.lines.iter().filter(|line| takes(line.block)).cloned().collect(),
            sections: self.sections.iter().filter(|section| takes(section.heading.block)).cloned().collect(),
            tables: self.tables.iter().filter(|table| takes(table.block)).cloned().collect(),
            margins: Vec::new(),
            body: String::new(),
            pictures: 0,
        };
        part.body = part.collect_body();
        part
    }

    /// The document without some of its tables. Has no titles.
    #[must_use]
    pub(super) fn without(&self, tables: &BTreeSet<usize>) -> Self {
        let mut part = self.part(&|_| true);
        part.tables.retain(|table| !tables.contains(&table.at));
        part.body = part.collect_body();
        part
    }

    /// One of its tables, as a document of its own. Has no titles yet.
    #[must_use]
    pub(super) fn table(&self, at: usize) -> Self {
        let mut part = self.part(&|_| false);
        part.tables.push(self.tables[at].clone());
        part.body = part.collect_body();
        part
    }

    fn read_blocks(&mut self, blocks: &[Block], vocabulary: &Vocabulary) {
        for (index, block) in blocks.iter().enumerate() {
            let line = |text: &str, role| Line::of(text, &block.place, role, index);
            match &block.content {
                // A clause in large or bold type, as a reader of pictures sees many, is none.
                Content::Heading { text, .. } if is_clause(text) => self.push_line(line(text, Role::Statement)),
                Content::Heading { level, text } => self.push_line(line(&counted(text), Role::Heading(*level))),
                Content::Paragraph { text } => {
                    for part in text.lines() {
                        self.push_line(line(part, Role::Statement));
                    }
                }
                Content::Table(table) => {
                    self.tables.extend(TableView::all_of(table, index, vocabulary));
                }
                Content::Picture { .. } => self.pictures += 1,
                Content::Margin { kind, text } => {
                    if matches!(kind, Margin::Footnote | Margin::SpeakerNotes) {
                        self.push_line(line(text, Role::Statement));
                    } else {
                        self.margins.push(line(text, Role::Statement));
                    }
                }
            }
        }
        let blank_instruction = |line: &Line| any(&vocabulary.instructions, &line.text);
        for line in &mut self.lines {
            if line.role == Role::Statement && blank_instruction(line) {
                line.role = Role::Instruction;
            }
        }
    }

    /// What the document says: no table of contents, for it names everything.
    fn collect_body(&self) -> String {
        let lines = self.lines.iter().filter(|line| line.role != Role::Contents).map(|line| line.text.as_str());
        let cells = self.tables.iter().flat_map(TableView::all_cells).filter(|text| !text.is_empty());
        let mut body = String::new();
        for text in lines.chain(cells) {
            body.push_str(text);
            body.push('\n');
        }
        body
    }

    fn push_line(&mut self, line: Line) {
        if line.text.is_empty() {
            return;
        }
        self.lines.push(line);
    }

    /// A table of contents is a run of lines behind 目录, or lines that end in dots and a page. It ends where
    /// what it has listed begins.
    fn mark_contents(&mut self, vocabulary: &Vocabulary) {
        let mut inside = false;
        let mut entries: BTreeSet<String> = BTreeSet::new();
        // 一 概况 of a table is 一、概况 over its chapter.
        let name = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let mut listed_as = None;
        for line in &mut self.lines {
            let is_title = line.text.chars().count() <= 8 && any(&vocabulary.contents, &line.text);
            let is_chapter = matches!(line.role, Role::Heading(_)) && listed_as == Some(Role::Statement);
            let is_entry =
                dotted_page(&line.text) || lists_chapters(&line.text) || (inside && ends_in_page(&line.text));
            if is_title {
                inside = true;
                line.role = Role::Contents;
            } else if is_entry && !is_chapter && !entries.contains(&name(&line.text)) {
                entries.insert(name(line.text.trim_end_matches(|c: char| c.is_ascii_digit() || ".…·-_".contains(c))));
                listed_as = Some(line.role);
                line.role = Role::Contents;
            } else {
                inside = false;
            }
        }
    }

    fn find_sections(&mut self, blocks: usize) {
        let headings: Vec<(usize, u8)> = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| match line.role {
                Role::Heading(level) => Some((index, level)),
                _ => None,
            })
            .collect();
        for (position, &(index, level)) in headings.iter().enumerate() {
            // The numbered chapters of a volume, 第一分册, or of an annex may be headings of its own level.
            let holds = |next: usize, at: u8| {
                let [own, next] = [index, next].map(|at| &self.lines[at].text);
                at == level && is_volume(own) && is_numbered(next) && !is_volume(next)
            };
            let end = headings[position + 1..]
                .iter()
                .find(|(next, at)| *at <= level && !holds(*next, *at))
                .map_or(blocks, |(next, _)| self.lines[*next].block);
            let heading = self.lines[index].clone();
            let range = heading.block + 1..end.max(heading.block + 1);
            let weight = self.weight(&range);
            self.sections.push(Section { blocks: range, weight, heading });
        }
        self.find_articles(blocks);
    }

    /// Articles go on to the next one of their scheme or a higher one, or to a heading.
    fn find_articles(&mut self, blocks: usize) {
        // 1. 范围:…, 2. 目标:…: so many below each other are articles, not labels.
        let statements = || self.lines.iter().filter(|line| line.role == Role::Statement);
        let labels = statements().filter(|line| Article::counted(&line.text).is_some()).count();
        let run = labels >= RUN && labels * 2 > statements().count();
        let articles: Vec<(usize, Article)> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.role == Role::Statement)
            .filter_map(|(index, line)| {
                // 第七条 质量　按…: a wide blank parts the name from its text.
                let blank = || line.head.as_ref().and_then(|head| Article::of(&format!("{head}。")));
                let annex = || Article::annex(&line.text, self.lines.get(index + 1)?);
                let counted = || Article::counted(&line.text).filter(|_| run);
                Some((index, Article::of(&line.text).or_else(blank).or_else(annex).or_else(counted)?))
            })
            .collect();
        for (position, (index, article)) in articles.iter().enumerate() {
            let line = &self.lines[*index];
            let heading = self.lines[index + 1..].iter().find(|line| matches!(line.role, Role::Heading(_)));
            let next = articles[position + 1..].iter().find(|(_, next)| next.scheme <= article.scheme);
            let end =
                heading.map_or(blocks, |line| line.block).min(next.map_or(blocks, |(next, _)| self.lines[*next].block));
            let range = line.block..end.max(line.block + 1);
            let weight = self.weight(&range).saturating_sub(article.length);
            let heading = Line { text: article.name.clone(), role: Role::Article, ..line.clone() };
            self.sections.push(Section { blocks: range, weight, heading });
        }
    }

    /// Characters that state something in these blocks.
    fn weight(&self, blocks: &Range<usize>) -> usize {
        let lines = self.lines.iter().filter(|line| line.role == Role::Statement && blocks.contains(&line.block));
        let rows = self.tables.iter().filter(|table| blocks.contains(&table.block)).flat_map(|table| &table.rows);
        lines.map(|line| line.text.chars().count()).sum::<usize>()
            + rows.flatten().filter(|cell| cell.filled).map(|cell| cell.text.chars().count()).sum::<usize>()
    }

    /// Titles, best first: of the first lines the one that names a kind of document, then the
    /// other short ones; a sheet's caption; a sheet's name.
    fn find_titles(&mut self, vocabulary: &Vocabulary) {
        let names_kind = |text: &str| vocabulary.kinds.iter().any(|kind| any(&kind.words, text));
        let first_table = self.tables.first().map_or(usize::MAX, |table| table.block);
        let chapters = self.chapters_among_titles();
        // Below a title without a number, numbered headings are its chapters.
        let mut headings = self.lines.iter().filter(|line| matches!(line.role, Role::Heading(_)));
        let first = headings.next().filter(|first| !is_numbered(&first.text) && first.block < first_table);
        let titled = first.map(|first| first.block);
        let counts = |text: &str| is_numbered(text) || is_coded(text) || text.starts_with('附');
        let is_chapter = |line: &Line| {
            titled.is_some_and(|title| title != line.block)
                && matches!(line.role, Role::Heading(_))
                && counts(&line.text)
        };
        let tops: Vec<Line> = self
            .lines
            .iter()
            .filter(|line| line.role != Role::Contents)
            .take(TITLE_LINES)
            .take_while(|line| {
                line.block < first_table || first_table == 0 || Self::titles_allowed_after(line, first_table)
            })
            .filter(|line| chapters.is_none_or(|first| line.block < first))
            .filter(|line| !is_chapter(line))
            .enumerate()
            .filter_map(|(at, line)| {
                let first = || line.listing().or_else(|| line.titled_of(vocabulary)).filter(|_| at == 0);
                line.title().or_else(first)
            })
            .filter(|line| !any(&vocabulary.control, &line.text))
            .collect();
        // What says what the document holds is its title, whatever the first chapter is called.
        let holds = |line: &Line| line.listing().is_some() || any(&vocabulary.binders, &line.text);
        let listing = tops.first().is_some_and(holds);
        // A chapter 分析 or 统计 names none.
        let whole = |line: &Line| line.text.chars().count() > WORD || !matches!(line.role, Role::Heading(_));
        let (ending, tops): (Vec<Line>, Vec<Line>) = title_block(tops)
            .into_iter()
            .partition(|line| whole(line) && !listing && kind::ends_title(&line.text, vocabulary));
        let (named, others): (Vec<Line>, Vec<Line>) =
            tops.into_iter().partition(|line| listing || (whole(line) && names_kind(&line.text)));
        self.titles.extend(ending.into_iter().chain(named).chain(others));
        let captions = self.tables.iter().flat_map(|table| &table.titles).cloned();
        let (named, others): (Vec<Line>, Vec<Line>) = captions.partition(|line| names_kind(&line.text));
        self.titles.extend(named);
        self.titles.extend(others);
        let labelled = self.tables.first().and_then(|table| table.labelled_title(vocabulary));
        let lines = self.lines.iter().filter(|line| line.role == Role::Statement).take(TITLE_LINES);
        // 主题:回复 三季度数据 in a mail kept as text.
        let subject = lines.filter_map(|line| {
            let (label, title) = line.text.split_once(':')?;
            let named = any(&vocabulary.title_labels, label) && is_titlelike(after_colon(title));
            named.then(|| Line { text: after_colon(title).to_owned(), ..line.clone() })
        });
        let subject: Option<Line> = subject.into_iter().next();
        self.titles.extend(subject.into_iter().chain(labelled));
    }

    /// The block of the first chapter, in a document whose chapters are headings of the same level as
    /// its title. Text that is no title parts them; a title may take several lines.
    fn chapters_among_titles(&self) -> Option<usize> {
        let mut lines = self.lines.iter().filter(|line| line.role != Role::Contents);
        let title = lines.find(|line| matches!(line.role, Role::Heading(_)))?;
        let same = || self.lines.iter().filter(|line| line.role == title.role && line.block > title.block);
        let text = lines.find(|line| line.role == Role::Statement && line.title().is_none())?;
        let first = same().find(|line| line.block > text.block)?;
        (same().count() >= CHAPTERS && same().any(|line| line.block > first.block)).then_some(first.block)
    }

    /// A document may open with a small table (number, version) before its title.
    fn titles_allowed_after(line: &Line, first_table: usize) -> bool {
        line.block <= first_table + 2
    }

    /// The best title, if the document has any.
    #[must_use]
    pub(super) fn title(&self) -> Option<&Line> {
        self.titles.first()
    }

    /// Characters of statements and filled cells in the whole document, but for what only says
    /// who wrote and approved it.
    #[must_use]
    pub(super) fn substance(&self) -> usize {
        // What stands before the contents is not weighed, the tables of its cover neither.
        let from = self.behind_contents();
        let control = self
            .tables
            .iter()
            .filter(|table| table.is_control && table.block >= from)
            .map(|table| self.weight(&(table.block..table.block + 1)));
        let weight = self.weight(&(from..usize::MAX));
        weight.saturating_sub(control.sum::<usize>())
    }

    /// The first block behind a table of contents near the top: what stands before it is the cover.
    fn behind_contents(&self) -> usize {
        let top = self.lines.iter().take(TITLE_LINES);
        let Some(first) = top.clone().position(|line| line.role == Role::Contents) else { return 0 };
        let run = self.lines[first..].iter().take_while(|line| line.role == Role::Contents);
        run.last().map_or(0, |line| line.block + 1)
    }

    /// Share of cells under headers that say something; None where there are no such cells.
    #[must_use]
    pub(super) fn filled_share(&self) -> Option<f32> {
        let cells =
            || self.tables.iter().filter(|table| !table.columns.is_empty()).flat_map(|table| &table.rows).flatten();
        let all = cells().count();
        (all > 0).then(|| cells().filter(|cell| cell.filled).count() as f32 / all as f32)
    }
}

/// The number and name that a paragraph begins with, before its own text.
#[derive(Debug, PartialEq, Eq)]
struct Article {
    /// Outer schemes are less: 第一条, 一、, (一), 1., (1).
    scheme: usize,
    name: String,
    /// Of number, name and what ends it, in characters.
    length: usize,
}

impl Article {
    /// The outermost schemes may end a name in a colon; behind the others that is a label.
    fn of(text: &str) -> Option<Self> {
        static SCHEMES: LazyLock<[Regex; 5]> = LazyLock::new(|| {
            let numbers = [
                r"第[一二三四五六七八九十百零\d]{1,4}[条章节款]",
                r"[一二三四五六七八九十]{1,3}[、.]",
                r"\([一二三四五六七八九十]{1,3}\)",
                r"\d{1,2}(?:\.\d{1,2}){0,3}[、.]?",
                r"\(\d{1,2}\)",
            ];
            numbers.map(|number| {
                let text = format!(r"^{number}([^\d,。;:、?!()][^,。;:、?!]{{1,15}})([。:])");
                Regex::new(&text).expect("a pattern of this file compiles")
            })
        });
        let article = SCHEMES.iter().enumerate().find_map(|(scheme, pattern)| {
            let found = pattern.captures(text)?;
            let outer = scheme < 2 || &found[2] == "。";
            outer.then(|| Self { scheme, name: found[1].to_owned(), length: found[0].chars().count() })
        });
        article.or_else(|| Self::question(text))
    }

    /// A number, a short name, a colon and text: `8. 保密:受托方…`.
    fn counted(text: &str) -> Option<Self> {
        static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\d{1,2}[、.]([^\d,。;:、?!()]{2,8}):..").expect("a pattern of this file compiles")
        });
        let found = COUNTED.captures(text)?;
        Some(Self { scheme: 3, name: found[1].to_owned(), length: found[0].chars().count() })
    }

    /// 附件:保密协议 on a line of its own, and the annex below it: a mere list of annexes has another entry
    /// there, or signatures.
    fn annex(text: &str, next: &Line) -> Option<Self> {
        let (label, name) = text.split_once([':', '、'])?;
        let length = text.chars().count();
        let below = next.role == Role::Statement
            && next.text.chars().count() >= ANNEX_TEXT
            && !next.text.split([':', '、']).next().is_some_and(is_annex)
            && !next.text.contains("盖章");
        (is_annex(label) && is_titlelike(name) && below).then(|| Self { scheme: 0, name: name.to_owned(), length })
    }

    /// 问:服务期限? A question names what its answer says.
    fn question(text: &str) -> Option<Self> {
        static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:问题?|q)[一二三四五六七八九十\d]{0,2}[:、.]([^?。;]{2,30})(?:\?|$)")
                .expect("a pattern of this file compiles")
        });
        let found = QUESTION.captures(text)?;
        Some(Self { scheme: usize::MAX, name: found[1].to_owned(), length: found[0].chars().count() })
    }
}

impl TableView {
    /// The tables that stand one below the other in one grid, each under a title of its own.
    fn all_of(table: &Table, block: usize, vocabulary: &Vocabulary) -> Vec<Self> {
        let rows: Vec<Vec<CellView>> = table
            .rows
            .iter()
            .map(|row| {
                let alone = row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).count() == 1;
                row.cells
                    .iter()
                    .map(|cell| {
                        let text = if alone { normalise(&counted(&cell.text)) } else { normalise(&cell.text) };
                        let filled = says_something(&text, &vocabulary.blanks);
                        CellView { text, place: cell.place.clone(), filled, head: head(&cell.text) }
                    })
                    .collect()
            })
            .collect();
        let name = table.name.as_deref().map(normalise);
        let names_kind = |text: &str| vocabulary.kinds.iter().any(|kind| any(&kind.words, text));
        let heads = |text: &str| any(&vocabulary.column_names, text);
        stacked(&rows, &names_kind, &heads).map(|rows| Self::of(rows, name.clone(), block, vocabulary)).collect()
    }

    fn of(rows: &[Vec<CellView>], name: Option<String>, block: usize, vocabulary: &Vocabulary) -> Self {
        let names_kind = |text: &str| vocabulary.kinds.iter().any(|kind| any(&kind.words, text));
        let header = find_header(rows, &names_kind);
        let (caption_rows, columns, body) = if let Some(at) = header {
            let body = rows[at + 1..].to_vec();
            (&rows[..at], columns_of(&rows[at], &body), body)
        } else {
            let title = |cell: &CellView| cell.text.chars().count() <= TITLE_LENGTH && !cell.text.contains('。');
            let captions = rows.iter().take_while(|row| only_cell(row).is_some_and(title)).count();
            (&rows[..captions.min(2)], Vec::new(), rows[captions.min(2)..].to_vec())
        };
        let line = |cell: &CellView| Line {
            text: cell.text.clone(),
            place: cell.place.clone(),
            role: Role::Statement,
            block,
            head: cell.head.clone(),
        };
        let captions: Vec<Vec<Line>> = caption_rows
            .iter()
            .map(|row| row.iter().filter(|cell| !cell.text.is_empty()).map(line).collect())
            .collect();
        let titles = captions.iter().filter_map(|row| only_title(row)).collect();
        let caption: Vec<Line> = captions.into_iter().flatten().collect();
        let intends = caption.iter().any(|line| any(&vocabulary.intentions.titles, &line.text))
            || name.as_deref().is_some_and(|name| any(&vocabulary.intentions.titles, name));
        let mut table = Self { block, at: 0, name, caption, titles, columns, rows: body, is_control: false, intends };
        let labels: BTreeSet<&str> = table.all_cells().filter(|cell| any(&vocabulary.control, cell)).collect();
        let headers = || table.columns.iter().filter(|column| !column.header.is_empty());
        let control = headers().filter(|column| any(&vocabulary.control, &column.header)).count();
        let is_register = headers().count() >= REGISTER && control * 2 < headers().count();
        // A form for something else may have a cell or two for who approved it.
        let filled = table.rows.iter().flatten().filter(|cell| cell.filled).count();
        let mostly = (control > 0 && control * 2 >= headers().count()) || labels.len() * 4 >= filled;
        table.is_control = labels.len() >= 2 && table.rows.len() <= CONTROL_ROWS && !is_register && mostly;
        table
    }

    /// A form that nobody filled in: no rows, or most columns without a single value, or none under
    /// a header for results. Columns that come printed (序号, 检查项, 要求) say nothing of whether
    /// somebody filled the others.
    pub(super) fn is_blank_form(&self, outcomes: &[Pattern]) -> bool {
        let headed: Vec<&ColumnView> = self.columns.iter().filter(|column| !column.header.is_empty()).collect();
        let empty = headed.iter().filter(|column| column.filled == 0).count();
        let no_outcome =
            || self.rows.len() >= 2 && headed.iter().any(|column| column.filled == 0 && any(outcomes, &column.header));
        self.rows.is_empty() || (empty >= 2 && empty * 2 >= headed.len()) || no_outcome()
    }

    /// Some cell of the column states something.
    pub(super) fn column_states(&self, at: usize, vocabulary: &Vocabulary) -> bool {
        self.rows.iter().filter_map(|row| row.get(at)).any(|cell| cell.states(vocabulary))
    }

    /// Some row says more than its own number.
    pub(super) fn says_something(&self) -> bool {
        let says =
            |cell: &&CellView| cell.filled && cell.text.chars().any(char::is_alphabetic) && !cell.text.ends_with(':');
        self.rows
            .iter()
            .any(|row| row.iter().filter(|cell| cell.filled).count() > 1 || row.iter().any(|cell| says(&cell)))
    }

    /// What a form calls itself in its head: 表单号 ｜ F-040 ｜ 名称 ｜ 安全设定基准书.
    fn labelled_title(&self, vocabulary: &Vocabulary) -> Option<Line> {
        let line = |text: &str, place: &Place| Line::of(text, place, Role::Statement, self.block);
        let caption: Vec<Line> = self.caption.iter().map(|cell| line(&cell.text, &cell.place)).collect();
        let head: Vec<Line> = self.columns.iter().map(|column| line(&column.header, &column.place)).collect();
        let rows = self.rows.iter().take(HEADER_ROWS);
        let rows = rows.map(|row| row.iter().map(|cell| line(&cell.text, &cell.place)).collect::<Vec<_>>());
        [caption, head].into_iter().chain(rows).find_map(|cells| {
            let named = cells.windows(2).find(|pair| any(&vocabulary.title_labels, &pair[0].text))?;
            Some(named[1].clone()).filter(|title| is_titlelike(&title.text))
        })
    }

    /// A form of labels in rows, with nothing beside nearly all of them, and no prose between them.
    pub(super) fn is_blank_labels(&self) -> bool {
        if self.rows.iter().flatten().any(|cell| cell.text.contains('。')) {
            return false;
        }
        let labelled = || self.rows.iter().filter(|row| row.first().is_some_and(|cell| !cell.text.is_empty()));
        // Labels and what belongs behind them alternate: 项目名称 ｜ ｜ 合同编号 ｜.
        let values = |row: &[CellView]| row.len().is_multiple_of(2) && row.len() > 2;
        let is_blank = |row: &&Vec<CellView>| {
            let step = if values(row) { 2 } else { 1 };
            row.iter().skip(1).step_by(step).all(|cell| !cell.filled)
        };
        let blank = labelled().filter(is_blank).count();
        let captions = self.caption.iter().filter(|line| !line.text.is_empty()).count();
        self.columns.is_empty() && labelled().count() + captions >= LABELS && blank * 5 >= labelled().count() * 4
    }

    fn all_cells(&self) -> impl Iterator<Item = &str> {
        let caption = self.caption.iter().map(|line| line.text.as_str());
        let headers = self.columns.iter().map(|column| column.header.as_str());
        let cells = self.rows.iter().flatten().map(|cell| cell.text.as_str());
        self.name.iter().map(String::as_str).chain(caption).chain(headers).chain(cells)
    }
}

/// The lines up to the first heading below the level of the first: that one opens a chapter, or the
/// next slide.
fn title_block(tops: Vec<Line>) -> Vec<Line> {
    let mut first = None;
    let mut is_title = |line: &Line| match (line.role, first) {
        (Role::Heading(level), None) => {
            first = Some(level);
            true
        }
        (Role::Heading(level), Some(first)) => level <= first && !is_numbered(&line.text),
        _ => true,
    };
    tops.into_iter().take_while(|line| is_title(line)).collect()
}

/// Begins with the code of what it is about: `gcx-25-1台账与实物不符`.
fn is_coded(text: &str) -> bool {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[a-z]{1,6}[-_]?\d{1,6}([-_./]\d{1,4})+").expect("a pattern of this file compiles")
    });
    CODE.is_match(text)
}

/// Long and with a comma in it, as headings are not; in characters.
fn is_clause(text: &str) -> bool {
    const CLAUSE: usize = 24;
    text.contains(['，', ',']) && text.chars().count() > CLAUSE
}

/// Begins as a part that has chapters of its own: 第二分册, 附件一.
fn is_volume(text: &str) -> bool {
    static VOLUME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(第[一二三四五六七八九十\d]{1,3}(部分|分册|篇|编|册|卷|辑)|(附件|附录)[一二三四五六七八九十\d]{0,2})",
        )
        .expect("a pattern of this file compiles")
    });
    VOLUME.is_match(text)
}

/// Begins with a chapter's number: `1应急处置`, `2.3`, `一、`, `(二)`, `第三章`, `a.1`. A year is none.
pub(super) fn is_numbered(text: &str) -> bool {
    // Only what `counted` has written so.
    if text.chars().nth(1) == Some('、') && text.starts_with(|c: char| c.is_ascii_lowercase() || "上中下".contains(c))
    {
        return true;
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let behind = text.chars().nth(digits);
    let chinese = |c: char| "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸壹贰叁肆伍陆柒捌玖拾".contains(c);
    // 卷一 and 之一 count as 第一卷 does.
    if text.strip_prefix(['卷', '之']).is_some_and(|rest| rest.starts_with(chinese)) {
        return true;
    }
    let rest = text.trim_start_matches(['(', '第', '附']);
    let numeral = rest.chars().take_while(|c| chinese(*c) || c.is_ascii_digit()).count();
    let counted = rest.chars().nth(numeral).is_some_and(|c| "、.)章节条部篇分件".contains(c));
    ((1..=2).contains(&digits) && behind.is_some_and(|c| c != '年' && c != '月'))
        || (numeral > 0 && counted)
        || text.starts_with("part")
}

/// A heading without its number: A、评估实施记录, 第二章 日志审计.
pub(super) fn unnumbered(text: &str) -> &str {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^([卷之][一二三四五六七八九十]{1,2}|[上中下]篇|第?[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸壹贰叁肆伍陆柒捌玖拾\d]{1,3}[章节条部篇编册件份卷]|[(]?[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸上中下壹贰叁肆伍陆柒捌玖拾a-h\d]{1,3}[、.)])+(分)?[:、.]?")
            .expect("a pattern of this file compiles")
    });
    let end = NUMBER.find(text).map_or(0, |found| found.end());
    if end == text.len() { text } else { &text[end..] }
}

/// White space alone parts a chapter's number from its name, and patterns see none: 甲 计划 is 甲、计划.
fn counted(heading: &str) -> Cow<'_, str> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^\s*([甲乙丙丁戊己庚辛壬癸上中下壹贰叁肆伍陆柒捌玖拾]|[A-H]|[一二三四五六七八九十]{1,3})[\s\u{3000}]+(\S)",
        )
        .expect("a pattern of this file compiles")
    });
    NUMBER.replace(heading, "${1}、${2}")
}

/// The header is the first row, below at most a few title rows, whose cells are short words in
/// most of the table's columns. What stands above a title inside the table (number and version of
/// the form) is none: the header is the row below the title that is as wide.
fn find_header(rows: &[Vec<CellView>], names_kind: &dyn Fn(&str) -> bool) -> Option<usize> {
    let width = rows.iter().map(|row| said(row)).max()?;
    if width < 2 {
        return None;
    }
    let mut heads = (0..rows.len().min(HEADER_ROWS)).filter(|at| is_header(rows, *at, width));
    let first = heads.next()?;
    let title = (first + 1..rows.len().min(HEADER_ROWS))
        .find(|at| only_cell(&rows[*at]).is_some_and(|cell| is_titlelike(&cell.text) && names_kind(&cell.text)));
    let below = title.and_then(|title| {
        let wide: Vec<usize> = heads.filter(|at| *at > title && said(&rows[*at]) >= said(&rows[first])).collect();
        wide.iter().copied().find(|at| said(&rows[*at]) > said(&rows[first])).or(wide.first().copied())
    });
    Some(below.unwrap_or(first))
}

/// The grid's rows, parted where a title of its own stands alone above a header: one like the one
/// before or that begins with a number's; below a title that names what it is or is counted, one of
/// another width or of words that headers have. A group of rows has a name as well, and rows below it.
fn stacked<'r>(
    rows: &'r [Vec<CellView>],
    names_kind: &dyn Fn(&str) -> bool,
    heads: &dyn Fn(&str) -> bool,
) -> impl Iterator<Item = &'r [Vec<CellView>]> + use<'r> {
    let words = |row: &[CellView]| row.iter().all(|cell| cell.text.is_empty() || is_word(&cell.text));
    let short = |row: &[CellView]| row.iter().all(|cell| header_length(&cell.text) <= HEADER_WORD);
    let serial = |row: &[CellView]| {
        row.iter().find(|cell| !cell.text.is_empty()).is_some_and(|cell| SERIALS.contains(&cell.text.as_str()))
    };
    let counted = |row: &[CellView]| row.iter().filter(|cell| cell.text.contains(|c: char| c.is_ascii_digit())).count();
    let alike = |row: &[CellView], above: &[Vec<CellView>]| {
        let same = |head: &[CellView]| {
            head.iter().filter(|cell| !cell.text.is_empty()).all(|cell| row.iter().any(|own| own.text == cell.text))
        };
        above.iter().take(HEADER_ROWS).any(|head| said(head) > 1 && same(head))
    };
    let wide = rows.iter().position(|row| said(row) > 1).unwrap_or(rows.len());
    // 一、历史数据清单 stands right above the first header: so do the others. A group stands below.
    let above = wide.checked_sub(1).and_then(|at| only_cell(&rows[at]));
    let sectioned = above.is_some_and(|cell| is_numbered(&cell.text));
    let starts = |at: usize| {
        // What it explains in brackets may be long: 表二 配置库(只有一人能改…).
        let named = |cell: &&CellView| is_titlelike(cell.text.split_once('(').map_or(&cell.text, |(name, _)| name));
        let Some(title) = only_cell(&rows[at]).filter(named) else { return false };
        let below = (at + 1..rows.len().min(at + 1 + TITLE_ROWS)).find(|row| said(&rows[*row]) > 1);
        let Some(head) = below.filter(|head| *head + 1 < rows.len()) else { return false };
        let row = &rows[head];
        let before = (0..at).rev().map(|row| said(&rows[row])).find(|said| *said > 1).unwrap_or_default();
        let titled = (at..head).filter_map(|row| only_cell(&rows[row])).any(|cell| names_kind(&cell.text));
        let numbered = is_numbered(&title.text) && (sectioned || said(row) != before);
        let headed = row.iter().filter(|cell| heads(&cell.text)).count();
        let heads = at + 1 == head && headed >= 2 && headed * 3 >= said(row);
        let own = titled || numbered || heads || (said(row) != before && at + 1 == head);
        // What stands below a sure header may be words as well.
        let sure = (numbered && sectioned) || (heads && headed * 3 >= said(row) * 2);
        // 5台设备 ｜ 0次 ｜ 停机0分钟 under words without a number.
        let stated = counted(row) == 0 && counted(&rows[head + 1]) >= 2;
        let is_header = said(row) >= if numbered || heads { 2 } else { 3 }
            && short(row)
            && (sure || stated || !words(&rows[head + 1]));
        words(row) && (serial(row) || alike(row, &rows[..at]) || (own && is_header))
    };
    let mut cuts: Vec<usize> = vec![0];
    for at in (wide + 2..rows.len().saturating_sub(2)).filter(|at| starts(*at)) {
        // Several lines may make one title.
        let last = *cuts.last().expect("the grid begins with one");
        if rows[last..at].iter().any(|row| said(row) > 1) {
            cuts.push(at);
        }
    }
    cuts.push(rows.len());
    (0..cuts.len() - 1).map(move |at| &rows[cuts[at]..cuts[at + 1]])
}

/// A table of two columns has labels rather than a header, unless its first row names both.
fn is_header(rows: &[Vec<CellView>], at: usize, width: usize) -> bool {
    let row = &rows[at];
    let texts: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).filter(|text| !text.is_empty()).collect();
    let distinct = texts.iter().enumerate().all(|(at, text)| !texts[..at].contains(text));
    // A last row is a header only of a form that nobody filled in: nothing but titles above it.
    let is_last = at + 1 == rows.len();
    // Rows of a label and its value each: the second is no header of the rest.
    let labelled = |row: &Vec<CellView>| said(row) == 2 && !row.iter().any(|cell| has_value(&cell.text));
    texts.len() >= if is_last { 3 } else { 2 }
        && !(width == 2 && rows[..at].iter().any(labelled))
        && (!is_last || rows[..at].iter().all(|row| said(row) <= 2))
        && texts.len() * 10 >= width * 6
        && distinct
        && !is_label_row(row)
        && row.iter().all(|cell| cell.text.is_empty() || cell.filled)
        && texts.iter().all(|text| text.chars().count() <= HEADER_LENGTH && is_word(text))
        && texts.iter().filter(|text| header_length(text) <= HEADER_WORD).count() * 3 >= texts.len() * 2
}

/// In characters, without what it explains in brackets: 可靠性(双电源、主备切换、硬件灯).
fn header_length(text: &str) -> usize {
    let name = text.split_once('(').filter(|(name, rest)| !name.is_empty() && rest.ends_with(')'));
    name.map_or(text, |(name, _)| name).chars().count()
}

/// How many of a row's cells hold text.
fn said(row: &[CellView]) -> usize {
    row.iter().filter(|cell| !cell.text.is_empty()).count()
}

/// The only cell of a row that looks like a title.
fn only_title(row: &[Line]) -> Option<Line> {
    if row.iter().any(|line| is_code(&line.text)) {
        return None;
    }
    let mut titles = row.iter().filter_map(Line::title);
    titles.next().filter(|_| titles.next().is_none())
}

/// What stands before a tab, an ideographic or several blanks, where there is something behind; before
/// any blank behind an article's name: 第八条 保密 受托方….
fn head(text: &str) -> Option<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^第[一二三四五六七八九十百零\d]{1,4}[条章节款]\s+[^\s,，。;；:：]{2,8}\s")
            .expect("a pattern of this file compiles")
    });
    let text = text.trim();
    let named = NAMED.find(text).map(|found| found.end());
    let at = named.or_else(|| text.find(['\t', '\u{3000}']).into_iter().chain(text.find("  ")).min())?;
    Some(normalise(&text[..at])).filter(|head| !head.is_empty())
}

/// The cell that is alone in its row.
fn only_cell(row: &[CellView]) -> Option<&CellView> {
    row.iter().find(|cell| !cell.text.is_empty()).filter(|_| said(row) == 1)
}

/// A small form alternates labels and the blanks behind them: 客户名称 ｜ ｜ 填表人. A header names
/// every column; in a wide table some of them are merged.
fn is_label_row(row: &[CellView]) -> bool {
    let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or(0);
    row.len() <= 4 && row[..last].iter().any(|cell| cell.text.is_empty())
}

/// A header or label is words: no bare number, date, or sentence, and no `label: value`.
fn is_word(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters > 0 && digits <= letters && !text.contains('。') && !text.ends_with(':') && !has_value(text)
}

fn has_value(text: &str) -> bool {
    text.split_once(':').is_some_and(|(_, value)| !value.is_empty())
}

fn columns_of(header: &[CellView], rows: &[Vec<CellView>]) -> Vec<ColumnView> {
    header
        .iter()
        .enumerate()
        .map(|(at, cell)| ColumnView {
            header: cell.text.clone(),
            place: cell.place.clone(),
            filled: rows.iter().filter(|row| row.get(at).is_some_and(|cell| cell.filled)).count(),
        })
        .collect()
}

/// Whether any of the patterns is in the text.
#[must_use]
pub(super) fn any(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.is_in(text))
}

/// A value that says something: not empty, no dash, no placeholder.
#[must_use]
pub(super) fn says_something(text: &str, blanks: &[Pattern]) -> bool {
    text.chars().any(char::is_alphanumeric) && !any(blanks, text) && !is_unticked(text) || is_tick(text)
}

/// Choices of which none is made: `□安全意识 □其他`.
#[must_use]
pub(super) fn is_unticked(text: &str) -> bool {
    text.starts_with(['□', '☐']) && !text.contains(['√', '✓', '✔', '☑', '■', '☒', '×', '✗'])
}

/// Marks that answer a question in a form, or say where something goes.
fn is_tick(text: &str) -> bool {
    matches!(text, "√" | "✓" | "✔" | "☑" | "■" | "●" | "○" | "×" | "✗" | "☒" | "↑" | "↓" | "→" | "↗" | "↘")
}

/// Short, and neither a label with a value nor a sentence nor a bare number or day.
fn is_titlelike(text: &str) -> bool {
    let length = text.chars().count();
    // An entry of a check list names a document, and is none.
    (2..=TITLE_LENGTH).contains(&length)
        && !text.ends_with([';', ':'])
        && !text.contains('。')
        && !has_value(text)
        && !text.starts_with(['☐', '☑', '□', '☒'])
        && !is_code(text)
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// A document's number: `qh-sj-2025-02`.
fn is_code(text: &str) -> bool {
    let words = || text.split(|c: char| !c.is_ascii_alphabetic());
    text.is_ascii()
        && text.contains('-')
        && text.contains(|c: char| c.is_ascii_digit())
        && words().all(|word| word.len() <= CODE)
}

/// 合同附件一, 附录b.
fn is_annex(label: &str) -> bool {
    let at = ["附件", "附录", "附表"].iter().find_map(|word| label.find(word).map(|at| (at, word.len())));
    at.is_some_and(|(at, length)| label[..at].chars().count() <= 6 && label[at + length..].chars().count() <= 3)
}

/// 回复:关于…的确认 is a title as well.
fn after_colon(text: &str) -> &str {
    text.rsplit_once(':').map_or(text, |(_, rest)| rest)
}

/// A table of contents in one line: 1服务范围2目标3服务内容4服务时间.
fn lists_chapters(text: &str) -> bool {
    if text.contains(['。', ';', ',']) {
        return false;
    }
    let chinese = ["一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、"];
    let arabic = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let run = |numbers: &[&str]| {
        let mut rest = text.strip_prefix(numbers[0])?;
        let mut found = 1;
        for number in &numbers[1..] {
            let Some(at) = rest.find(number).filter(|at| (2..=ENTRY).contains(&rest[..*at].chars().count())) else {
                break;
            };
            rest = &rest[at + number.len()..];
            found += 1;
        }
        (found >= ENTRIES && rest.chars().count() <= ENTRY).then_some(())
    };
    run(&chinese).or_else(|| run(&arabic)).is_some()
}

/// `3.2 服务范围……12`.
fn dotted_page(text: &str) -> bool {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() < text.len()
        && (before.ends_with("...") || before.ends_with("···") || before.ends_with("…") || before.ends_with("___"))
}

/// In a table of contents even a line with a bare page number at its end is an entry.
fn ends_in_page(text: &str) -> bool {
    text.chars().count() <= TITLE_LENGTH && !text.contains('。')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<CellView> {
        cells
            .iter()
            .map(|text| CellView {
                text: (*text).to_owned(),
                place: Place::Whole,
                filled: !text.is_empty(),
                head: None,
            })
            .collect()
    }

    #[test]
    fn a_header_is_found_below_a_title_row() {
        for (rows, header) in [
            (
                vec![row(&["资产识别表", "", ""]), row(&["编号", "种类", "型号"]), row(&["1", "安全设备", "x1"])],
                Some(1),
            ),
            (vec![row(&["编号", "种类", "型号"]), row(&["1", "安全设备", "x1"])], Some(0)),
            (
                vec![row(&["表", ""]), row(&["日期:2025-01-02", "客户:甲"]), row(&["项目", "结果"]), row(&["a", "b"])],
                Some(2),
            ),
            (
                vec![
                    row(&["保存期限", "三年", "归口部门", "运维部", ""]),
                    row(&["安全信息采集记录", "", "", "", ""]),
                    row(&["项目名称", "甲运维", "客户", "乙中心", ""]),
                    row(&["时间", "资产", "配置", "流量", "峰值"]),
                    row(&["2025-03-11", "防火墙", "138条", "64", "350"]),
                ],
                Some(3),
            ),
            (
                vec![row(&["设备", "检查", "结果"]), row(&["网络设备", "", ""]), row(&["交换机", "端口状态", "正常"])],
                Some(0),
            ),
            (
                vec![
                    row(&["设备", "可靠性(双电源、主备切换、硬件灯)", "持续性(授权、维保、容量够不够往后用)"]),
                    row(&["防火墙", "切换试过", "授权到2026.9"]),
                ],
                Some(0),
            ),
            (vec![row(&["只有一列"]), row(&["还是一列"])], None),
            (vec![row(&["1", "2"]), row(&["3", "4"])], None),
        ] {
            assert_eq!(find_header(&rows, &|text| text.ends_with("记录")), header, "{rows:?}");
        }
    }

    #[test]
    fn an_article_has_its_name_before_its_text() {
        for (text, expected) in [
            ("第一条服务期限。自2024年7月1日至2025年6月30日", Some((0, "服务期限"))),
            ("第三条服务内容。", Some((0, "服务内容"))),
            ("九、保密:乙方不得泄露", Some((1, "保密"))),
            ("(二)检查内容。冗余与负载", Some((2, "检查内容"))),
            ("1.2沟通机制。每周例会", Some((3, "沟通机制"))),
            ("(一)方式:现场登录", None),
            ("问:服务期限?", Some((usize::MAX, "服务期限"))),
            ("q3:平时几点到几点要人?答:早八点到晚六点", Some((usize::MAX, "平时几点到几点要人"))),
            ("问题一、想用什么服务方式?", Some((usize::MAX, "想用什么服务方式"))),
            ("问题解决率98%,均在承诺之内", None),
            ("2024年7月3日。", None),
            ("第三条甲方应在收到发票后三十日内付款,逾期按日计息。", None),
            ("服务期限。自2024年7月1日", None),
        ] {
            let found = Article::of(text).map(|article| (article.scheme, article.name));
            assert_eq!(found, expected.map(|(scheme, name)| (scheme, name.to_owned())), "{text}");
        }
    }

    #[test]
    fn entries_of_a_table_of_contents_are_known_by_their_dots() {
        for (text, is) in
            [("3.2服务范围......12", true), ("服务范围……3", true), ("服务期限2025", false), ("共12", false)]
        {
            assert_eq!(dotted_page(&normalise(text)), is, "{text}");
        }
        for (text, is) in [
            ("1 服务范围 2 目标 3 服务内容与方式 4 服务时间 5 价款", true),
            ("一、服务内容　二、服务时间和期限　三、服务方式　四、服务人员", true),
            ("1 防火墙 2 台，交换机 3 台，服务器 4 台", false),
            ("192.168.2.3", false),
            ("1、巡检 2、加固", false),
        ] {
            assert_eq!(lists_chapters(&normalise(text)), is, "{text}");
        }
    }

    #[test]
    fn tables_below_each_other_are_parted_at_their_own_titles_and_groups_are_none() {
        let records = |title: &str, month: &str| {
            let lines = [[title, "", ""], ["序号", "设备", "结果"], ["1", "防火墙", month], ["2", "交换机", month]];
            lines.iter().map(|cells| row(cells)).collect::<Vec<_>>()
        };
        let below =
            vec![row(&["配置与流量", "", ""]), row(&["采集日", "设备", "流量"]), row(&["3月27日", "防火墙", "667M"])];
        let group = |name: &str| vec![row(&[name, "", ""]), row(&["3", "终端", "正常"]), row(&["4", "打印机", "正常"])];
        for (rows, expected) in [
            ([records("三月巡检记录", "正常"), records("四月巡检记录", "正常")].concat(), vec![4, 4]),
            ([records("三月巡检记录", "正常"), group("办公区")].concat(), vec![7]),
            (records("三月巡检记录", "正常"), vec![4]),
            // Another header, of words that headers have.
            ([records("三月巡检", "正常"), below.clone()].concat(), vec![4, 3]),
            ([records("三月巡检", "正常"), below[..2].to_vec()].concat(), vec![6]),
        ] {
            let heads = |text: &str| ["设备", "结果", "采集日"].contains(&text);
            let parted: Vec<usize> = stacked(&rows, &|text| text.ends_with("记录"), &heads).map(<[_]>::len).collect();
            assert_eq!(parted, expected, "{rows:?}");
        }
    }

    #[test]
    fn a_chapters_number_is_told_from_its_name() {
        for (heading, seen, name) in [
            ("甲 计划", "甲、计划", "计划"),
            ("A　评估实施记录", "a、评估实施记录", "评估实施记录"),
            ("第二章 日志审计", "第二章日志审计", "日志审计"),
            ("壹 走访调研情况", "壹、走访调研情况", "走访调研情况"),
            ("2025年总结", "2025年总结", "2025年总结"),
        ] {
            let text = normalise(&counted(heading));
            assert_eq!((text.as_str(), unnumbered(&text)), (seen, name));
        }
    }

    #[test]
    fn the_chapter_behind_a_table_of_contents_is_no_entry_of_it() {
        let pack = super::super::observe::sample::pack();
        let text = "# 服务方案\n目录\n一、服务时间……2\n二、服务内容……3\n# 一、服务时间\n工作日8:30至17:30。\n# 二、服务内容\n巡检。";
        let document = super::super::observe::sample::document(text);
        let view = View::of(&document, &pack.vocabulary);
        let entries = view.lines.iter().filter(|line| line.role == Role::Contents).count();
        let chapters: Vec<&str> = view.sections.iter().map(|section| section.heading.text.as_str()).collect();
        assert_eq!((entries, chapters), (3, vec!["服务方案", "一、服务时间", "二、服务内容"]));
        let spaced = text.replace("一、服务时间……", "一 服务时间……").replace("二、服务内容……", "二 服务内容……");
        let view = View::of(&super::super::observe::sample::document(&spaced), &pack.vocabulary);
        assert_eq!(view.lines.iter().filter(|line| line.role == Role::Contents).count(), 3);
    }
}
