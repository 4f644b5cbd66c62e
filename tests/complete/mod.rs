//! The complete organisation of `fixtures/complete`: marked documents, cut to pieces.
//!
//! Its README says what the marks mean. What a mark stands on is a [`Part`]: a section, a column,
//! a row or a line, by where the mark is. Whoever removes a part knows from the marks alone what
//! is lost, without asking the program.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// What a part shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// An item of a material: `11.contract` and `金额`.
    Item(String, String),
    /// A period of a series: `2025-05`.
    Period(String),
    /// Somebody signed here.
    Signature,
}

/// Where a part lies in its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    Lines(Range<usize>),
    /// A column of the table whose header stands in this line.
    Column(usize, usize),
}

#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) marks: Vec<Mark>,
    pub(crate) cut: Cut,
}

#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Relative to the evidence folder.
    pub(crate) path: String,
    /// Materials that it is, `11.contract`; findings of the last audit that it answers.
    pub(crate) is: Vec<String>,
    /// Items that the document as a whole shows: a 方案 is one.
    pub(crate) shows: Vec<Mark>,
    /// The period of the series that the whole of it is.
    pub(crate) period: Option<String>,
    /// Without marks.
    pub(crate) lines: Vec<String>,
    pub(crate) parts: Vec<Part>,
}

/// All documents below `folder`, by path.
pub(crate) fn read(folder: &Path) -> Vec<Document> {
    let mut documents = Vec::new();
    collect(folder, "", &mut documents);
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    documents
}

fn collect(folder: &Path, prefix: &str, documents: &mut Vec<Document>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), documents);
        } else {
            let text = fs::read_to_string(entry.path()).expect("UTF-8").replace("\r\n", "\n");
            documents.push(Document::parse(path, &text));
        }
    }
}

impl Document {
    fn parse(path: String, text: &str) -> Self {
        let mut lines = text.lines();
        let head =
            lines.next().and_then(|line| line.strip_prefix("⟦=")?.strip_suffix('⟧')).expect("a first line ⟦= …⟧");
        let (period, is): (Vec<&str>, Vec<&str>) = head.split_whitespace().partition(|word| word.starts_with('@'));
        let (items, is): (Vec<&str>, Vec<&str>) = is.into_iter().partition(|word| word.starts_with(':'));
        let is: Vec<String> = is.into_iter().map(str::to_owned).collect();
        let shows = items
            .iter()
            .map(|item| match item[1..].split_once(':') {
                Some((material, item)) => Mark::Item(material.to_owned(), item.to_owned()),
                None => Mark::Item(is[0].clone(), item[1..].to_owned()),
            })
            .collect();
        let marked: Vec<String> = lines.map(str::to_owned).collect();
        let lines: Vec<String> = marked.iter().map(|line| unmarked(line)).collect();
        let mut document = Self {
            path,
            is,
            shows,
            period: period.first().map(|period| period[1..].to_owned()),
            lines,
            parts: Vec::new(),
        };
        for (at, line) in marked.iter().enumerate() {
            document.parts.extend(document.parts_of(at, line));
        }
        document
    }

    /// Marks in a table's header are of their columns, in a heading of its section, else of the line.
    fn parts_of(&self, at: usize, marked: &str) -> Vec<Part> {
        let cells = self.cells(at, marked);
        if self.is_header(at) {
            let marked = cells.iter().enumerate().filter(|(_, cell)| cell.contains('⟦'));
            return marked
                .map(|(column, cell)| Part { marks: self.marks(cell), cut: Cut::Column(at, column) })
                .collect();
        }
        let marks = self.marks(marked);
        if marks.is_empty() {
            return Vec::new();
        }
        let end = match level(marked) {
            Some(own) => (at + 1..self.lines.len())
                .find(|next| level(&self.lines[*next]).is_some_and(|level| level <= own))
                .unwrap_or(self.lines.len()),
            None => at + 1,
        };
        vec![Part { marks, cut: Cut::Lines(at..end) }]
    }

    fn marks(&self, text: &str) -> Vec<Mark> {
        let marks = text.split('⟦').skip(1).filter_map(|rest| rest.split('⟧').next());
        marks
            .flat_map(|marks| marks.split('/'))
            .map(|mark| match (mark.strip_prefix('@'), mark.split_once(':')) {
                _ if mark == "签" => Mark::Signature,
                (Some(period), _) => Mark::Period(period.to_owned()),
                (None, Some((material, item))) => Mark::Item(material.to_owned(), item.to_owned()),
                (None, None) => Mark::Item(self.is[0].clone(), mark.to_owned()),
            })
            .collect()
    }

    fn is_csv(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "csv")
    }

    /// The first row of a table; of a sheet the first row with several cells filled.
    fn is_header(&self, at: usize) -> bool {
        if self.is_csv() {
            let full = |line: &String| line.split(',').filter(|cell| !cell.is_empty()).count() > 1;
            return self.lines.iter().position(full) == Some(at);
        }
        self.lines.get(at + 1).is_some_and(|next| next.starts_with("|---")) && self.lines[at].starts_with('|')
    }

    fn cells(&self, at: usize, text: &str) -> Vec<String> {
        if self.is_csv() {
            return text.split(',').map(str::to_owned).collect();
        }
        if !self.lines[at].starts_with('|') {
            return Vec::new();
        }
        text.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    }

    /// Whether a part is gone when `cuts` are.
    pub(crate) fn is_cut(part: &Part, cuts: &[Cut]) -> bool {
        let anchor = match &part.cut {
            Cut::Lines(lines) => lines.start,
            Cut::Column(header, _) => *header,
        };
        cuts.iter().any(|cut| *cut == part.cut || matches!(cut, Cut::Lines(lines) if lines.contains(&anchor)))
    }

    /// The text without these parts.
    pub(crate) fn without(&self, cuts: &[Cut]) -> String {
        let gone: BTreeSet<usize> = cuts
            .iter()
            .flat_map(|cut| match cut {
                Cut::Lines(lines) => lines.clone(),
                Cut::Column(..) => 0..0,
            })
            .collect();
        let kept = (0..self.lines.len()).filter(|at| !gone.contains(at));
        let mut text: String = kept.map(|at| self.line_without(at, cuts) + "\n").collect();
        if text.trim().is_empty() {
            text.clear();
        }
        text
    }

    fn line_without(&self, at: usize, cuts: &[Cut]) -> String {
        let columns: Vec<usize> = cuts
            .iter()
            .filter_map(|cut| match cut {
                Cut::Column(header, column) if self.table(*header).contains(&at) => Some(*column),
                _ => None,
            })
            .collect();
        if columns.is_empty() {
            return self.lines[at].clone();
        }
        let kept = self.cells(at, &self.lines[at]).into_iter().enumerate().filter(|(n, _)| !columns.contains(n));
        let cells: Vec<String> = kept.map(|(_, cell)| cell).collect();
        if self.is_csv() { cells.join(",") } else { format!("| {} |", cells.join(" | ")) }
    }

    fn table(&self, header: usize) -> Range<usize> {
        if self.is_csv() {
            return header..self.lines.len();
        }
        let end = (header..self.lines.len()).find(|at| !self.lines[*at].starts_with('|'));
        header..end.unwrap_or(self.lines.len())
    }

    /// The text with nothing filled in where somebody signed.
    pub(crate) fn unsigned(&self) -> String {
        let signed: BTreeSet<usize> = self
            .parts
            .iter()
            .filter(|part| part.marks.contains(&Mark::Signature))
            .filter_map(|part| match &part.cut {
                Cut::Lines(lines) => Some(lines.start),
                Cut::Column(..) => None,
            })
            .collect();
        let line = |(at, line): (usize, &String)| {
            if !signed.contains(&at) {
                return line.clone();
            }
            let cells = self.cells(at, line);
            if cells.is_empty() {
                let field =
                    |field: &str| field.split_once('：').map_or(field.to_owned(), |(label, _)| format!("{label}："));
                return line.split('　').map(field).collect::<Vec<_>>().join("　");
            }
            let label = |(n, cell): (usize, &String)| if n % 2 == 0 { cell.clone() } else { String::new() };
            format!("| {} |", cells.iter().enumerate().map(label).collect::<Vec<_>>().join(" | "))
        };
        self.lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// `text` called a draft where its title stands.
pub(crate) fn as_draft(text: &str) -> String {
    let (title, rest) = text.split_once('\n').expect("a title");
    format!("{title}（征求意见稿）\n{rest}")
}

fn unmarked(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('⟦') {
        text.push_str(before);
        rest = after.split_once('⟧').expect("a mark ends").1;
    }
    text + rest
}

/// The level of a heading.
fn level(line: &str) -> Option<usize> {
    let signs = line.bytes().take_while(|byte| *byte == b'#').count();
    (signs > 0).then_some(signs)
}
