//! Which files of the folder a 证明材料清单 means, whoever wrote it.
//!
//! An entry may be a file's name, a title in 《》, a folder, or several of them in one line; notes
//! and headings are none. Start reading at [`Listing::of`].

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Assessment;
use crate::model::text::normalise;

/// Ends of names of files that evidence is made of.
const EXTENSIONS: &str = "pdf|docx?|docm|wps|xlsx?|xlsm|et|csv|pptx?|dps|ofd|odt|ods|odp|rtf|txt|md|html?|xml|json|jpe?g|png|tiff?|bmp|gif|heic|zip|rar|7z|vsdx?|eml|msg|mpp|xmind|log";

static FILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\.(?:{EXTENSIONS})(?:$|[^0-9a-z])")).expect("a pattern of this file compiles")
});
static NUMBERING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:[(（]\d{1,3}[)）]|\d{1,3}[.、．)）]|[①-⑳]|[-–—•·●▪*◆])\s*")
        .expect("a pattern of this file compiles")
});
static NOTE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[(（]?(?:注|备注|说明|不适用|无$|无[。,，;；（(])").expect("a pattern of this file compiles")
});
static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:详?见|参见|另附|附后|附件|已(?:提供|具备|有)|有$|略$|同上|齐全|相关)")
        .expect("a pattern of this file compiles")
});
static TITLES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"《([^《》]+)》").expect("a pattern of this file compiles"));

/// Shorter words are in too many names to mean one of them, in characters.
const WORD: usize = 4;
/// Likeness (Sørensen and Dice, of pairs of characters, 0 to 1) from which a name is a slip of another.
const LIKE: f64 = 0.5;

/// What one list names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listing {
    /// Indexes into the assessment's files, sorted.
    pub files: Vec<usize>,
    pub missing: Vec<Missing>,
    /// Entries that name no document.
    pub vague: Vec<String>,
}

/// A document that is not in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Missing {
    pub name: String,
    /// A file that is, under a name like it.
    pub nearest: Option<usize>,
    /// It is surely meant as a document: a file's name, or a title in 《》.
    pub sure: bool,
}

impl Listing {
    /// Nothing but notes, or nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.missing.is_empty() && self.vague.is_empty()
    }

    pub(super) fn of(text: &str, folder: &Names) -> Self {
        let mut listing = Self::default();
        // A folder's name alone means all that is in it; followed by names it only says where they are.
        let mut pending: Option<Vec<usize>> = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if NOTE.is_match(line) {
                continue;
            }
            if is_heading(line) {
                listing.files.extend(pending.take().unwrap_or_default());
                continue;
            }
            if let Some(inside) = line.strip_suffix(['/', '\\']) {
                listing.files.extend(pending.take().unwrap_or_default());
                let files = folder.inside(inside);
                if files.is_empty() {
                    listing.missing.push(Missing { name: line.to_owned(), nearest: None, sure: true });
                } else {
                    pending = Some(files);
                }
                continue;
            }
            listing.entry(line, pending.take().as_deref(), folder);
        }
        listing.files.extend(pending.unwrap_or_default());
        listing.files.sort_unstable();
        listing.files.dedup();
        listing
    }

    /// A line with one document or several. `here`: files of the folder that was named before it.
    fn entry(&mut self, line: &str, here: Option<&[usize]>, folder: &Names) {
        let bare = NUMBERING.replace(line, "");
        let split = |by: &[char]| -> Vec<String> {
            bare.split(by).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        let meant =
            |parts: &[String]| -> Vec<Vec<usize>> { parts.iter().map(|part| folder.meant(part, here)).collect() };
        // A semicolon behind a file's name begins another document; a comma may stand in a name or its details.
        let mut parts = split(&[';', '；']);
        let mut found = meant(&parts);
        let several = parts.iter().zip(&found).any(|(part, found)| file_name(part).is_some() && !found.is_empty());
        if parts.len() < 2 || !several {
            for text in [line, bare.as_ref()] {
                let found = folder.meant(text, here);
                if !found.is_empty() {
                    return self.files.extend(found);
                }
            }
            parts = split(&[';', '；', '、', '，', ',']);
            found = meant(&parts);
        }
        if parts.len() > 1 && found.iter().any(|found| !found.is_empty()) {
            for (part, found) in parts.iter().zip(found) {
                if found.is_empty() {
                    self.unknown(part, folder);
                }
                self.files.extend(found);
            }
            return;
        }
        self.unknown(&bare, folder);
    }

    fn unknown(&mut self, text: &str, folder: &Names) {
        let (name, sure) = named(text);
        if !sure && VAGUE.is_match(text) {
            let inside = folder.mentioned_folder(text);
            if inside.is_empty() {
                self.vague.push(text.to_owned());
            }
            self.files.extend(inside);
            return;
        }
        // What stands in brackets behind a name is about it, and a bare detail is none.
        if normalise(&name).chars().count() < 2 {
            return;
        }
        let nearest = folder.nearest(&name);
        self.missing.push(Missing { name, nearest, sure });
    }
}

/// `【项目】`, `合同：`.
fn is_heading(line: &str) -> bool {
    (line.starts_with('【') && line.ends_with('】')) || line.ends_with(['：', ':'])
}

/// The document that a text names, and whether it surely names one.
fn named(text: &str) -> (String, bool) {
    if let Some(file) = file_name(text) {
        return (file, true);
    }
    if let Some(title) = TITLES.captures(text) {
        return (title[1].to_owned(), true);
    }
    (without_details(text).to_owned(), false)
}

/// `《合同》 合同（盖章）.pdf（2024-12-18）` names the file `合同（盖章）.pdf`.
fn file_name(text: &str) -> Option<String> {
    let end = FILE.find_iter(text).last()?;
    let tail = text[end.start() + 1..].chars().take_while(char::is_ascii_alphanumeric).count();
    let name = &text[..end.start() + 1 + tail];
    let name = match name.rfind('》') {
        Some(at) if !name[at + '》'.len_utf8()..].trim().starts_with('.') => &name[at + '》'.len_utf8()..],
        _ => name,
    };
    Some(name.trim_start_matches(['：', ':', ' ', '　']).trim().to_owned())
}

/// Without brackets at the end: 合同（编号 HT-1，2024-12-18）.
fn without_details(text: &str) -> &str {
    let mut text = text.trim().trim_end_matches(['。', '；', ';', '，', ',']);
    while text.ends_with(['）', ')']) {
        let Some(open) = text.rfind(['（', '(']).filter(|open| *open > 0) else { break };
        text = text[..open].trim_end();
    }
    text
}

/// The folder's files by every name they go by.
#[derive(Debug)]
pub(super) struct Names {
    files: Vec<Name>,
}

/// All normalised.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "a file's name is one of its names")]
struct Name {
    path: String,
    name: String,
    stem: String,
    title: Option<String>,
}

impl Names {
    pub(super) fn of(assessment: &Assessment) -> Self {
        let name = |file: &crate::model::assessment::FileResult| Name {
            path: normalise(file.path.as_str()),
            name: normalise(file.path.name()),
            stem: normalise(file.path.stem()),
            title: file.title.as_deref().map(normalise).filter(|title| !title.is_empty()),
        };
        Self { files: assessment.files.iter().map(name).collect() }
    }

    fn filter(&self, is: impl Fn(&Name) -> bool) -> Vec<usize> {
        self.files.iter().enumerate().filter(|(_, name)| is(name)).map(|(at, _)| at).collect()
    }

    /// Files in a folder of this path, or of a path that ends so.
    fn inside(&self, folder: &str) -> Vec<usize> {
        let folder = normalise(folder).replace('\\', "/");
        let (start, within) = (format!("{folder}/"), format!("/{folder}/"));
        // The folder of an archive's members begins with the archive's own name.
        self.filter(|name| {
            name.path.starts_with(&start)
                || name.path.contains(&within)
                || name.path.starts_with(&format!("{folder}!/"))
        })
    }

    /// Files in a folder whose name a sentence holds: 见“4.5 日常巡检”文件夹.
    fn mentioned_folder(&self, text: &str) -> Vec<usize> {
        let text = normalise(text);
        self.filter(|name| {
            let mut folders = name.path.split('/').rev().skip(1);
            folders.any(|folder| folder.chars().count() >= WORD - 1 && text.contains(folder))
        })
    }

    /// The files that a text means; none where it names none that is here.
    fn meant(&self, text: &str, here: Option<&[usize]>) -> Vec<usize> {
        let near = |found: Vec<usize>| {
            let inside: Vec<usize> =
                found.iter().copied().filter(|file| here.is_some_and(|here| here.contains(file))).collect();
            if inside.is_empty() { found } else { inside }
        };
        if let Some(file) = file_name(text) {
            let wanted = normalise(&file).replace('\\', "/");
            let (end, member) = (format!("/{wanted}"), normalise(text));
            let found = self.filter(|name| name.path == wanted || name.path.ends_with(&end) || name.name == wanted);
            // The name may itself hold brackets or commas that looked like details.
            let found =
                if found.is_empty() { self.filter(|name| name.path == member || name.name == member) } else { found };
            return near(found);
        }
        let mut titles: Vec<String> = TITLES.captures_iter(text).map(|title| normalise(&title[1])).collect();
        if titles.is_empty() {
            titles.push(normalise(without_details(text)));
        }
        let meant = |wanted: &String| {
            let exact = self.filter(|name| name.stem == *wanted || name.title.as_deref() == Some(wanted));
            if !exact.is_empty() || wanted.chars().count() < WORD {
                return exact;
            }
            self.filter(|name| {
                let names = [Some(name.stem.as_str()), name.title.as_deref()];
                names.into_iter().flatten().any(|name| {
                    name.contains(wanted.as_str()) || (name.chars().count() >= WORD && wanted.contains(name))
                })
            })
        };
        let found: Vec<Vec<usize>> = titles.iter().map(meant).collect();
        // One title of several that is not here must not hide behind the others.
        if found.iter().any(Vec::is_empty) { Vec::new() } else { near(found.concat()) }
    }

    fn nearest(&self, name: &str) -> Option<usize> {
        let wanted = normalise(name);
        let alike = |one: &Name| {
            let names = [Some(one.name.as_str()), Some(one.stem.as_str()), one.title.as_deref()];
            names.into_iter().flatten().map(|name| likeness(name, &wanted)).fold(0.0, f64::max)
        };
        let best = self.files.iter().enumerate().map(|(at, one)| (alike(one), at));
        best.filter(|(likeness, _)| *likeness >= LIKE)
            .fold(
                None,
                |best: Option<(f64, usize)>, next| {
                    if best.is_some_and(|best| best.0 >= next.0) { best } else { Some(next) }
                },
            )
            .map(|(_, at)| at)
    }
}

/// Sørensen and Dice, of pairs of characters, 0 to 1. (That of `strsim` divides by bytes.)
pub(super) fn likeness(one: &str, other: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if all == 0 {
        return 0.0;
    }
    let mut shared = 0;
    for pair in one {
        if let Some(at) = other.iter().position(|known| *known == pair) {
            other.swap_remove(at);
            shared += 1;
        }
    }
    f64::from(2 * shared) / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(files: &[(&str, &str)]) -> Names {
        let name = |(path, title): &(&str, &str)| {
            let path = crate::model::EvidencePath::new(*path);
            Name {
                path: normalise(path.as_str()),
                name: normalise(path.name()),
                stem: normalise(path.stem()),
                title: Some(normalise(title)).filter(|title| !title.is_empty()),
            }
        };
        Names { files: files.iter().map(name).collect() }
    }

    #[test]
    fn a_list_is_understood_however_it_is_written() {
        let folder = names(&[
            ("02 合同/HT-1 合同（盖章）.pdf", "安全运维技术服务合同"),
            ("02 合同/保密协议.docx", ""),
            ("04 实施/巡检/2025-01 巡检.docx", "巡检记录单"),
            ("04 实施/巡检/2025-02 巡检.docx", "巡检记录单"),
            ("月报.zip!/月报/01月.docx", "月度服务报告"),
        ]);
        for (text, files) in [
            ("02 合同/\n1. 《安全运维技术服务合同》 HT-1 合同（盖章）.pdf（V1.0，2024-12-18）", vec![0]),
            ("合同：\n1. 安全运维技术服务合同；2、保密协议（2024年）", vec![0, 1]),
            ("《保密协议》、《安全运维技术服务合同》", vec![0, 1]),
            ("保密协议.docx、HT-1合同(盖章).pdf", vec![0, 1]),
            ("巡检记录单", vec![2, 3]),
            ("04 实施/巡检/", vec![2, 3]),
            ("04 实施/巡检/\n2025-02 巡检.docx", vec![3]),
            ("详见“巡检”文件夹\n【甲项目】\n注：第三季度待补", vec![]),
            ("见“04 实施”文件夹", vec![2, 3]),
            ("月报.zip!/月报/\n1. 01月.docx", vec![4]),
            ("月报.zip!/月报/", vec![4]),
            ("不适用：三级不要求", vec![]),
        ] {
            assert_eq!(Listing::of(text, &folder).files, files, "{text}");
        }
        assert!(Listing::of("不适用\n注：待补", &folder).is_empty());
    }

    #[test]
    fn what_is_not_there_is_told_with_what_comes_near() {
        let folder = names(&[("合同/技术服务合同.pdf", ""), ("合同/保密协议书.docx", "")]);
        for (text, name, nearest, sure) in [
            ("1. 技术服务合同2.pdf", "技术服务合同2.pdf", Some(0), true),
            ("《客户满意度调查表》", "客户满意度调查表", None, true),
            ("1. 技术服务合同.pdf；保密协定书", "保密协定书", Some(1), false),
            ("旧合同/", "旧合同/", None, true),
        ] {
            let listing = Listing::of(text, &folder);
            let expected = Missing { name: name.to_owned(), nearest, sure };
            assert_eq!(listing.missing, [expected], "{text}");
        }
        assert_eq!(Listing::of("见附件", &folder).vague, ["见附件"]);
    }
}
