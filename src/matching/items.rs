//! Which items a document shows, and where: by structure, never by a word that merely occurs.
//!
//! Start reading at [`find`].

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::document::Place;
use crate::model::pack::{Item, Material, Pattern, Structure, Vocabulary};
use crate::model::time::Span;

use super::dates;
use super::view::{CellView, Line, Role, Section, TableView, View, any, is_unticked, says_something};

/// A heading in a line of text is no longer, in characters.
const HEADING: usize = 6;
/// A sentence with so many enumeration commas is a list.
const LIST: usize = 3;
/// Fewer characters under a heading are no body.
const BODY: usize = 6;
/// Fewer characters are no sentence.
const SENTENCE: usize = 8;
/// … nor what a full stop ends, or the part of a longer line that semicolons make: 巡检;打补丁;看日志.
const PART: usize = 4;
/// A label and its item's words are no longer than this, in characters.
const LABEL: usize = 18;
/// A cell that names something is no longer than this, in characters.
const NAME: usize = 30;
/// A line that names the table below it is no longer than this, in characters.
const CAPTION: usize = 20;
/// What is left of a statement without its aside states something from here on, in characters.
const STATEMENT: usize = 12;
/// A cell that names the row of an item is no longer than this, in characters.
const OWN_ROW: usize = 8;
/// A span of so many days is for how long somebody is bound, and no event.
const TERM: i32 = 60;
/// How many places of one item are kept.
const PLACES: usize = 3;

/// A place where an item is shown, and what kind of structure shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub place: Place,
    pub by: Structure,
}

/// What part of a document an item is looked for in.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub blocks: Range<usize>,
    /// Only what was done counts, not what will be: the document is a record.
    pub done: bool,
}

impl Scope {
    #[must_use]
    pub(super) fn whole() -> Self {
        Self { blocks: 0..usize::MAX, done: false }
    }

    /// The whole of a document that is this material: what is of a period tells what was done in it.
    #[must_use]
    pub(super) fn of(material: &Material) -> Self {
        Self { done: material.timing.looks_back(), ..Self::whole() }
    }
}

/// Where the document shows the item, best structure first; empty if it does not.
/// An item of several word groups is shown when each group is.
#[must_use]
pub(super) fn find(view: &View, vocabulary: &Vocabulary, item: &Item, scope: &Scope) -> Vec<Shown> {
    let scopes = narrow(view, item, scope);
    let mut shown = Vec::new();
    for words in &item.words {
        let search = Search { view, vocabulary, words, value: item.value.as_ref(), value_in: &item.value_in };
        // 检查频次:每年____次 in the chapter itself: what its other sentences count is something else.
        let blank = !item.within.is_empty() && scopes.iter().any(|scope| search.leaves_blank(scope));
        let places: Vec<Shown> = item
            .shown_by
            .iter()
            .filter(|structure| !(blank && **structure == Structure::Sentence))
            .flat_map(|structure| scopes.iter().flat_map(|scope| search.by(*structure, scope)))
            .chain(search.beside(&item.within, scope))
            .take(PLACES)
            .collect();
        let said_only = places.iter().all(|place| place.by == Structure::Sentence);
        if places.is_empty() || (said_only && search.disowned(&item.name, scope)) {
            return Vec::new();
        }
        shown.extend(places);
    }
    shown
}

/// The chapters that `within` names; the whole scope where it names none.
fn narrow(view: &View, item: &Item, scope: &Scope) -> Vec<Scope> {
    if item.within.is_empty() {
        return vec![scope.clone()];
    }
    view.sections
        .iter()
        .filter(|section| inside(&scope.blocks, section.heading.block) && any(&item.within, &section.heading.text))
        .map(|section| Scope { blocks: section.heading.block..section.blocks.end, done: scope.done })
        .collect()
}

fn inside(blocks: &Range<usize>, block: usize) -> bool {
    blocks.contains(&block)
}

struct Search<'a> {
    view: &'a View,
    vocabulary: &'a Vocabulary,
    words: &'a [Pattern],
    value: Option<&'a Pattern>,
    value_in: &'a [Pattern],
}

impl Search<'_> {
    fn by(&self, structure: Structure, scope: &Scope) -> Vec<Shown> {
        let places = match structure {
            Structure::Title => self.titles(scope),
            Structure::Heading => self.headings(scope),
            Structure::Column => self.columns(scope),
            Structure::Row => self.rows(scope),
            Structure::Label => self.labels(scope),
            Structure::Sentence => self.sentences(scope),
            Structure::Term => self.terms(scope),
        };
        places.into_iter().map(|place| Shown { place, by: structure }).collect()
    }

    /// Outside the chapters that `within` names: a row or a sentence that names it by itself,
    /// 健康检查 ｜ 上门 ｜ 每半年一次.
    fn beside(&self, within: &[Pattern], scope: &Scope) -> Vec<Shown> {
        if within.is_empty() {
            return Vec::new();
        }
        // 每月巡检记录、体检报告、年终总结: each part of a list speaks of itself.
        let together = |sentence: &str| {
            sentence.matches('、').count() < LIST
                || sentence.split('、').any(|part| any(within, part) && any(self.words, part))
        };
        let own = |sentence: &str| any(within, sentence) && together(sentence) && self.sentence(sentence, scope.done);
        let sentences = self
            .statements(&scope.blocks)
            .filter(|line| line.text.split(['。', ';']).any(own))
            .map(|line| Shown { place: line.place.clone(), by: Structure::Sentence });
        let names = |cell: &CellView| cell.text.chars().count() <= NAME && any(within, &cell.text);
        let cells = self.tables(scope).flat_map(|table| {
            let rows = table.rows.iter().filter(|row| row.iter().any(names));
            rows.flat_map(|row| row.iter().enumerate()).filter(|(at, cell)| {
                let headed = table.columns.get(*at).is_some_and(|column| any(self.words, &column.header));
                !names(cell)
                    && cell.states(self.vocabulary)
                    && (headed || any(self.words, &cell.text))
                    && self.value.is_none_or(|value| value.is_in(&cell.text))
            })
        });
        sentences.chain(cells.map(|(_, cell)| Shown { place: cell.place.clone(), by: Structure::Row })).collect()
    }

    /// The document's own title or a sheet's name, with something under it.
    fn titles(&self, scope: &Scope) -> Vec<Place> {
        let titles =
            self.view.titles.iter().filter(|line| inside(&scope.blocks, line.block) && any(self.words, &line.text));
        let sheets = self.tables(scope).filter_map(|table| {
            let name = table.name.as_deref()?;
            let top =
                table.caption.iter().map(|line| &line.place).chain(table.columns.iter().map(|column| &column.place));
            let filled = table.rows.iter().flatten().find(|cell| cell.filled)?;
            any(self.words, name).then(|| top.chain([&filled.place]).next().unwrap_or(&filled.place).clone())
        });
        if self.view.substance() < BODY {
            Vec::new()
        } else {
            titles.map(|line| line.place.clone()).chain(sheets).collect()
        }
    }

    /// A heading that names it, with a body under it that does not deny it. The document's own title
    /// is none: 需求调查记录 does not say that a need stands in it.
    fn headings(&self, scope: &Scope) -> Vec<Place> {
        let title = self.view.title().map(|line| line.block);
        self.view
            .sections
            .iter()
            .filter(|section| Some(section.heading.block) != title)
            .filter(|section| inside(&scope.blocks, section.heading.block) && any(self.words, &section.heading.text))
            .filter(|section| section.weight >= BODY && !self.denied_whole(section) && self.section_has_value(section))
            .filter(|section| !self.left_open(section) && !self.denied_within(section, scope.done))
            .filter(|section| !(scope.done && self.promised(section)))
            .map(|section| section.heading.place.clone())
            .chain(self.captions(scope))
            .collect()
    }

    /// A short line right above a table names what is in it.
    fn captions(&self, scope: &Scope) -> impl Iterator<Item = Place> {
        let tables: BTreeSet<usize> =
            self.tables(scope).filter(|table| table.says_something()).map(|table| table.block).collect();
        let title = self.view.title().map(|line| line.block);
        let lines = self.view.lines.iter().filter(move |line| {
            line.role == Role::Statement
                && Some(line.block) != title
                && tables.contains(&(line.block + 1))
                && (2..=CAPTION).contains(&line.text.chars().count())
                && !line.text.contains(['。', ':', ';', ','])
        });
        lines.filter(|line| any(self.words, &line.text) && self.value.is_none()).map(|line| line.place.clone())
    }

    /// All that a short chapter says is that there is no such thing.
    fn denied_whole(&self, section: &Section) -> bool {
        // 不要求驻场,每月上门两次 says how, though it begins with a denial.
        let denied = |sentence: &str| {
            let parts: Vec<&str> = sentence.split(',').filter(|part| !part.is_empty()).collect();
            let denied = |at: &usize| self.is_none_or_later(parts[*at]) || self.is_put_off_next(&parts, *at);
            (0..parts.len()).filter(denied).count() * 2 > parts.len()
        };
        let denied = |line: &Line| line.text.split(['。', ';']).filter(|part| !part.is_empty()).all(denied);
        let mut statements = self.statements(&section.blocks).peekable();
        let has_table =
            self.view.tables.iter().any(|table| inside(&section.blocks, table.block) && !table.rows.is_empty());
        !has_table && statements.peek().is_some() && statements.all(denied)
    }

    /// Wherever a chapter names the thing again, it says that there is none, 本合同不约定须交付的成果, or that in a
    /// record it is still to come.
    fn denied_within(&self, section: &Section, done: bool) -> bool {
        let sentences = self.statements(&section.blocks).flat_map(|line| line.text.split(['。', ';']));
        let mut named = sentences.filter(|sentence| any(self.words, sentence)).peekable();
        let promised = |sentence: &str| done && any(&self.vocabulary.intentions.sentences, sentence);
        named.peek().is_some() && named.all(|sentence| self.denied(sentence, done) || promised(sentence))
    }

    /// Every sentence that calls it by the standard's own word says that there is none: 未能达成共识. What others
    /// hint at, 没有异议, is about something else.
    fn disowned(&self, name: &str, scope: &Scope) -> bool {
        let sentences = self.statements(&scope.blocks).flat_map(|line| line.text.split(['。', ';']));
        let mut named = sentences.filter(|sentence| sentence.contains(name)).peekable();
        named.peek().is_some() && named.all(|sentence| self.denied(sentence, false))
    }

    /// There is none, or it is to be settled later.
    fn is_none_or_later(&self, part: &str) -> bool {
        let part = without_aside(part);
        any(&self.vocabulary.denials, &part) || any(&self.vocabulary.deferrals, &part)
    }

    /// 例会制度,待启动会后补充 says no more than its second part.
    fn is_put_off_next(&self, parts: &[&str], at: usize) -> bool {
        let bare = !parts[at].contains(|c: char| c.is_ascii_digit());
        bare && parts.get(at + 1).is_some_and(|next| any(&self.vocabulary.deferrals, next))
    }

    fn is_yet_to_come(&self, part: &str) -> bool {
        any(&self.vocabulary.intentions.sentences, part)
    }

    /// Most of what a chapter has is lines to write on: 不低于____%, 日期:  数量:, (由各组补充).
    fn left_open(&self, section: &Section) -> bool {
        let tables = || self.view.tables.iter().filter(|table| inside(&section.blocks, table.block));
        let parts = || {
            let lines = self.statements(&section.blocks);
            lines.flat_map(|line| line.text.split(['。', ';'])).filter(|part| !part.is_empty())
        };
        let is_blank = |part: &&str| {
            any(&self.vocabulary.placeholders.words, part)
                || !says_something(part, &self.vocabulary.blanks)
                || part.ends_with(':')
                || any(&self.vocabulary.deferrals, part)
        };
        let open = parts().filter(is_blank).count();
        if tables().next().is_some() {
            return tables().all(is_open) && open == parts().count();
        }
        open * 2 > parts().count()
    }

    /// All that a chapter says of it is that it will be: 届时形成分析结论.
    fn promised(&self, section: &Section) -> bool {
        let has_table = self.view.tables.iter().any(|table| inside(&section.blocks, table.block));
        let sentences = self.statements(&section.blocks).flat_map(|line| line.text.split(['。', ';']));
        // The heading's last word, 分析 of 结果分析, is what they would speak of.
        let heading = section.heading.text.as_str();
        let last = heading.char_indices().rev().nth(1).map_or(heading, |(at, _)| &heading[at..]);
        let is_about = |sentence: &&str| any(self.words, sentence) || sentence.contains(last);
        let mut about = sentences.filter(is_about).peekable();
        !has_table
            && about.peek().is_some()
            && about.all(|sentence| any(&self.vocabulary.intentions.sentences, sentence))
    }

    fn section_has_value(&self, section: &Section) -> bool {
        let Some(value) = self.value else { return true };
        self.statements(&section.blocks).any(|line| value.is_in(&line.text))
            || value.is_in(&section.heading.text)
            || self
                .view
                .tables
                .iter()
                .filter(|table| inside(&section.blocks, table.block))
                .any(|table| table.rows.iter().flatten().any(|cell| value.is_in(&cell.text)))
    }

    fn statements(&self, blocks: &Range<usize>) -> impl Iterator<Item = &Line> {
        let blocks = blocks.clone();
        self.view.lines.iter().filter(move |line| line.role == Role::Statement && inside(&blocks, line.block))
    }

    fn tables<'a>(&'a self, scope: &Scope) -> impl Iterator<Item = &'a TableView> {
        let (blocks, done) = (scope.blocks.clone(), scope.done);
        self.view.tables.iter().filter(move |table| inside(&blocks, table.block) && !(done && table.intends))
    }

    /// A column whose header names it, with cells that say something.
    fn columns(&self, scope: &Scope) -> Vec<Place> {
        let mut places = Vec::new();
        for table in self.tables(scope) {
            for (at, column) in table.columns.iter().enumerate() {
                if !any(self.words, &column.header) || column.filled * 5 < table.rows.len() {
                    continue;
                }
                let mut cells =
                    table.rows.iter().filter_map(|row| row.get(at)).filter(|cell| cell.states(self.vocabulary));
                if cells.any(|cell| self.value.is_none_or(|value| value.is_in(&cell.text))) {
                    places.push(column.place.clone());
                }
            }
        }
        places
    }

    /// The tables but those with a column for it that nobody filled in, or with nothing but 未采集: what
    /// stands in their other columns is about other things.
    fn filled_tables<'a>(&'a self, scope: &Scope) -> impl Iterator<Item = &'a TableView> {
        self.tables(scope).filter(|table| {
            let own = |at: &usize| any(self.words, &table.columns[*at].header);
            let mut own = (0..table.columns.len()).filter(own).peekable();
            let is_filled = |at: usize| table.column_states(at, self.vocabulary);
            // A row for it with nothing behind: 应用系统 ｜ ｜ ｜.
            let is_empty_row = |row: &Vec<CellView>| {
                let mut cells = row.iter();
                let names = |cell: &CellView| {
                    cell.filled && cell.text.chars().count() <= OWN_ROW && any(self.words, &cell.text)
                };
                row.len() > 2 && cells.next().is_some_and(names) && cells.all(|cell| cell.text.is_empty())
            };
            let is_blank = !table.columns.is_empty() && table.rows.iter().any(is_empty_row);
            let is_blank = is_blank || (table.columns.len() > 1 && is_open(table));
            table.rows.is_empty() || (!is_blank && (own.peek().is_none() || own.any(is_filled)))
        })
    }

    /// A cell that names it, with a cell to its right that says something.
    fn rows(&self, scope: &Scope) -> Vec<Place> {
        let mut places = Vec::new();
        for table in self.filled_tables(scope) {
            let holds_value = |at: &usize| any(self.value_in, &table.columns[*at].header);
            let value_at: Vec<usize> = (0..table.columns.len()).filter(holds_value).collect();
            let width = table.rows.iter().map(Vec::len).chain([table.columns.len()]).max().unwrap_or_default();
            for row in &table.rows {
                if let Some(place) = self.row(row, width, &value_at) {
                    places.push(place);
                }
            }
        }
        places
    }

    /// `value_at` are the columns of the value, if the table has any: 承诺指标 may hold names or values.
    /// Empty cells at the end of a row may not be written: its table is `width` cells wide.
    fn row(&self, row: &[CellView], width: usize, value_at: &[usize]) -> Option<Place> {
        let has_value = |at: &usize| {
            row.get(*at).is_some_and(|cell| cell.filled && self.value.is_none_or(|value| value.is_in(&cell.text)))
        };
        if !value_at.is_empty() && !value_at.iter().any(has_value) {
            return None;
        }
        row.iter().enumerate().find_map(|(at, cell)| {
            let names = cell.filled && cell.text.chars().count() <= NAME && any(self.words, &cell.text);
            if !names || self.is_none_or_later(&cell.text) {
                return None;
            }
            let neighbours = || row.iter().enumerate().filter(|(other, cell)| *other != at && cell.filled);
            let beside =
                if at + 1 == width { neighbours().next() } else { neighbours().find(|(other, _)| *other > at) };
            beside.filter(|(_, cell)| cell.states(self.vocabulary))?;
            let value_here = self.value.is_none_or(|value| {
                neighbours().any(|(other, cell)| other > at && value.is_in(&cell.text)) || value.is_in(&cell.text)
            });
            value_here.then(|| cell.place.clone())
        })
    }

    /// `服务期限: 2025年…` in a line of text or in a cell.
    fn labels(&self, scope: &Scope) -> Vec<Place> {
        let lines = self.statements(&scope.blocks).map(|line| (&line.text, &line.place));
        let captions = self.tables(scope).flat_map(|table| &table.caption).map(|line| (&line.text, &line.place));
        let cells = self
            .filled_tables(scope)
            .flat_map(|table| table.rows.iter().flatten())
            .map(|cell| (&cell.text, &cell.place));
        lines
            .chain(captions)
            .chain(cells)
            .filter(|(text, _)| self.label(text, scope.done))
            .map(|(_, place)| place.clone())
            .collect()
    }

    /// A label that names it stands before a line to write on.
    fn leaves_blank(&self, scope: &Scope) -> bool {
        self.statements(&scope.blocks).any(|line| {
            let Some((label, value)) = line.text.split_once(':') else { return false };
            label.chars().count() <= LABEL && any(self.words, label) && (value.contains("__") || value.contains("()"))
        })
    }

    fn label(&self, text: &str, done: bool) -> bool {
        self.words.iter().any(|words| {
            words.regex().find_iter(text).any(|found| {
                let Some(colon) = text[found.end()..].find([':', '：']) else { return false };
                let name = &text[found.end()..found.end() + colon];
                let before = text[..found.start()].rsplit([';', '。', ',', ':', '、']).next().unwrap_or_default();
                let short = name.chars().count() + before.chars().count() + found.as_str().chars().count() <= LABEL;
                let value = text[found.end() + colon..].trim_start_matches([':', '：']);
                let value = value.split([';', '。']).next().unwrap_or_default();
                short
                    && says_something(value, &self.vocabulary.blanks)
                    && !value.split(',').all(|part| self.is_none_or_later(part) || (done && self.is_yet_to_come(part)))
                    && self.value.is_none_or(|pattern| pattern.is_in(value))
            })
        })
    }

    /// A sentence that states it, in the text or in a cell.
    fn sentences(&self, scope: &Scope) -> Vec<Place> {
        // 各项指标如下: above a table without a value states nothing.
        let open: BTreeSet<usize> =
            self.tables(scope).filter(|table| is_open(table)).map(|table| table.block).collect();
        let introduces = |line: &&Line| line.text.ends_with(':') && open.contains(&(line.block + 1));
        let lines = self.statements(&scope.blocks).filter(|line| !introduces(line));
        let lines = lines.map(|line| (&line.text, &line.place));
        let cells = self
            .filled_tables(scope)
            .flat_map(|table| table.rows.iter().flatten())
            .map(|cell| (&cell.text, &cell.place));
        let captions = self.tables(scope).flat_map(|table| &table.caption).map(|line| (&line.text, &line.place));
        lines
            .chain(captions)
            .chain(cells)
            .filter(|(text, _)| self.sentence(text, scope.done))
            .map(|(_, place)| place.clone())
            .collect()
    }

    /// A first and a last day far enough apart to bind somebody, whatever words stand around.
    fn terms(&self, scope: &Scope) -> Vec<Place> {
        let lines = self.statements(&scope.blocks).map(|line| (&line.text, &line.place));
        let cells = self
            .filled_tables(scope)
            .flat_map(|table| table.rows.iter().flatten())
            .map(|cell| (&cell.text, &cell.place));
        let is_term = |part: &str| {
            let long = |span: &Span| span.from.until(span.to).is_ok_and(|length| length.get_days() >= TERM);
            dates::ranges(part).iter().any(long)
                && !any(&self.vocabulary.looking_back, part)
                && !self.is_none_or_later(part)
        };
        lines
            .chain(cells)
            .filter(|(text, _)| text.split(['。', ';']).any(is_term))
            .map(|(_, place)| place.clone())
            .collect()
    }

    fn sentence(&self, text: &str, done: bool) -> bool {
        let listed = text.contains(';') && text.chars().count() >= SENTENCE * 2;
        let least = if listed || text.ends_with('。') { PART } else { SENTENCE };
        text.split(['。', '!', '?', ';']).any(|sentence| {
            sentence.chars().count() >= least
                && any(self.words, sentence)
                && !(done && self.only_names(sentence))
                && self.value.is_none_or(|value| value.is_in(sentence))
                && !self.denied(sentence, done)
                && !any(&self.vocabulary.placeholders.words, sentence)
                && !is_unticked(sentence)
        })
    }

    /// 5.补丁。 in a record is a heading: what was done stands behind it.
    fn only_names(&self, sentence: &str) -> bool {
        let name = sentence.trim_start_matches(|c: char| !c.is_alphabetic());
        let is_name = |words: &Pattern| words.regex().find(name).is_some_and(|found| found.len() == name.len());
        name.chars().count() <= HEADING && self.words.iter().any(is_name)
    }

    /// The part of the sentence that names the item, between commas, is denied or left to be settled, or
    /// is yet to come in a record of what was done.
    fn denied(&self, sentence: &str, done: bool) -> bool {
        let parts: Vec<&str> = sentence.split(',').collect();
        let is_denied = |at: usize| {
            self.is_none_or_later(parts[at])
                || self.is_put_off_next(&parts, at)
                || (done && self.is_yet_to_come(parts[at]))
        };
        let mut about = (0..parts.len()).filter(|at| any(self.words, parts[*at])).peekable();
        about.peek().is_some() && about.all(is_denied)
    }
}

/// Nothing stands beside the first cells of its rows.
fn is_open(table: &TableView) -> bool {
    table.rows.iter().all(|row| row.iter().skip(1).all(|cell| !cell.filled))
}

/// What a statement says but for an exception in brackets: 全部服务器(涉密网段除外)及安全设备. A few words
/// with all that is to be said in brackets, 保密(另行约定), stay as they are.
fn without_aside(part: &str) -> Cow<'_, str> {
    static ASIDE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[(〈〔][^()〈〉〔〕]*[)〉〕]").expect("a pattern of this file compiles"));
    let rest = ASIDE.replace_all(part, "");
    let length = rest.chars().count();
    if length >= STATEMENT && length * 2 > part.chars().count() { rest } else { Cow::Borrowed(part) }
}

#[cfg(test)]
mod tests {
    use super::super::observe::sample;
    use super::*;

    /// Whether a document shows the item; `done` where only what was done counts.
    fn shows(text: &str, of: &str, item: &str, done: bool) -> bool {
        let pack = sample::pack();
        let clause = pack.clauses.iter().flat_map(|clause| &clause.materials);
        let material = clause.clone().find(|material| material.id == of).expect("a material of the pack");
        let item = material.items.iter().find(|known| known.name == item).expect("an item of it");
        let document = sample::document(text);
        let view = View::of(&document, &pack.vocabulary);
        !find(&view, &pack.vocabulary, item, &Scope { done, ..Scope::whole() }).is_empty()
    }

    #[test]
    fn what_is_denied_or_put_off_shows_nothing() {
        for (text, item, expected) in [
            ("# 第一条 服务范围\n甲方机房内全部服务器、网络设备和安全设备（涉密网段除外）。", "服务范围", true),
            ("# 第一条 服务范围\n服务范围（另行约定）。", "服务范围", false),
            ("# 第七条 服务质量\n本合同暂不约定服务质量标准，亦不设考核，由双方日后另行商定。", "质量", false),
            ("# 第七条 服务质量\n响应不超过30分钟，客户满意度不低于90分。", "质量", true),
            ("# 第八条 交付成果\n应提交的成果清单，待项目启动会后由双方另行拟定。", "输出", false),
            ("1 服务范围 2 目标 3 服务内容 4 服务时间 5 价款 6 服务质量 7 交付物", "质量", false),
        ] {
            assert_eq!(shows(&format!("# 服务合同\n{text}"), "contract", item, false), expected, "{text}");
        }
    }

    #[test]
    fn a_record_shows_what_was_done_and_no_row_that_is_empty() {
        let log =
            "|类别|来源|存放路径|开始|大小\n|数据库|MES库、ERP库|/d|2025.4.7|19G\n|应用系统|MES操作日志|/a|2025.4.9|8G";
        for (text, expected) in [(log, true), (&log.replace("|MES操作日志|/a|2025.4.9|8G", "||||"), false)] {
            let text = format!("# 日志保存情况表\n{text}");
            assert_eq!(shows(&text, "log-retention-record", "应用系统", true), expected, "{text}");
        }
        for (text, done, expected) in [
            ("补丁安装：6月12日为12台主机安装补丁37个。", true, true),
            ("补丁安装计划于明年春节后统一进行。", true, false),
            ("补丁包已下载，补丁安装待测试环境建成后再进行。", true, false),
        ] {
            assert_eq!(
                shows(&format!("# 日常记录\n{text}"), "daily-operation-record", "补丁安装", done),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn a_row_or_a_sentence_names_what_has_no_chapter() {
        let plan = |rows: &str| format!("# 服务方案\n# 2 内容与方式\n|内容|方式|频率\n|巡检|上门|每月一次\n{rows}");
        let check = plan("|健康检查|上门|半年一次");
        for (text, item, expected) in [
            (check.clone(), "服务方式", true),
            (check, "检查频次", true),
            (plan("|漏洞扫描|远程|每月一次"), "服务方式", false),
            (plan("健康检查由高级工程师上门做，内容包括防火墙的性能、冗余和授权。"), "检查内容", true),
            (plan("健康检查另行约定。巡检内容包括防火墙的性能、冗余和授权。"), "检查内容", false),
        ] {
            assert_eq!(shows(&text, "service-plan-health-check", item, false), expected, "{text}");
        }
    }

    #[test]
    fn a_first_and_a_last_day_are_a_term_unless_they_look_back() {
        for (text, expected) in [
            ("从2025年3月1日干到2025年12月31日。", false),
            ("从2025年3月1日到2025年12月31日。", true),
            ("自2025年3月1日到2025年3月20日驻点。", false),
            ("去年工单统计区间：2024年2月1日至2024年11月30日。", false),
        ] {
            let text = format!("# 方案\n# 1 安排\n{text}");
            assert_eq!(shows(&text, "service-plan", "服务期限", false), expected, "{text}");
        }
    }

    #[test]
    fn a_table_of_names_without_values_states_nothing() {
        let terms = "# 服务合同\n# 第六条 质量要求\n6.1 各项质量指标如下：\n|指标|约定值\n|月度系统可用率|\n|用户满意度|\n6.2 上表数值双方进场后另行商定。";
        let agreed = terms.replace("可用率|", "可用率|99.9%").replace("6.2 上表数值双方进场后另行商定。", "");
        assert!(!shows(terms, "contract", "质量", false));
        assert!(shows(&agreed, "contract", "质量", false));
    }

    #[test]
    fn a_row_whose_last_cells_are_empty_says_nothing_of_what_it_names() {
        let check = "# 体检记录\n|设备|看哪方面|6月结果|12月结果\n|防火墙|可靠性|主备切换3秒|切换3秒\n|防火墙|持续性";
        assert!(shows(check, "health-check-record", "可靠性", true));
        assert!(!shows(check, "health-check-record", "持续性", true));
        assert!(shows(&format!("{check}|授权到2026.9|同前"), "health-check-record", "持续性", true));
    }

    #[test]
    fn of_columns_that_may_hold_the_value_any_will_do() {
        let sla = "# 服务级别协议\n|序号|承诺指标|承诺值\n|1|核心系统年可用率|≥99.5%";
        assert!(shows(sla, "sla", "可用性", false));
        assert!(!shows(&sla.replace("≥99.5%", ""), "sla", "可用性", false));
    }
}
