//! Names of files and folders that every file system takes, and that a person can read.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// UTF-8 takes up to so many bytes a name on Linux and macOS (`NAME_MAX`); some are left for a number
/// that keeps two names apart.
const BYTES: usize = 240;

/// Names of devices, which Windows takes for the device whatever the extension and the case
/// (Microsoft, «Naming Files, Paths, and Namespaces»).
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A part of a path made of any text, at most `most` UTF-16 units long (what Windows counts).
///
/// What Windows forbids or a link would read as more than a name becomes a like character; controls
/// and directional marks go; so do spaces and dots at the ends. Never empty.
#[must_use]
pub fn portable(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_invisible(c) {
            out.push(like(c));
        }
    }
    let out = trimmed(cut(trimmed(&out), most));
    match out {
        "" => "_".to_owned(),
        name if is_device(name) => format!("_{name}"),
        name => name.to_owned(),
    }
}

/// `name` with `extension`, the two no longer than `most`.
#[must_use]
pub fn with_extension(name: &str, extension: &str, most: usize) -> String {
    let extension: String = extension.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
    if extension.is_empty() {
        return portable(name, most);
    }
    format!("{}.{extension}", portable(name, most.saturating_sub(extension.len() + 1)))
}

/// Keeps names apart that some file system takes for one: Windows and macOS do not tell cases apart.
#[derive(Debug, Default)]
pub struct Taken(BTreeSet<String>);

impl Taken {
    /// The name, or where it is taken the name with a number: `甲 (2)`, `甲 (2).docx`.
    pub fn take(&mut self, name: String) -> String {
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem.to_owned(), format!(".{extension}")),
            _ => (name.clone(), String::new()),
        };
        let mut free = name;
        let mut number = 2;
        while !self.0.insert(folded(&free)) {
            free = format!("{stem} ({number}){extension}");
            number += 1;
        }
        free
    }
}

/// One form for all names that a file system may take for the same.
#[must_use]
pub fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// What stands for a character that Windows forbids (`<>:"/\|?*`), or that a link reads as its own
/// (`#`, `%`). Nothing that an old code page would turn back into a separator.
fn like(c: char) -> char {
    match c {
        '/' | '\\' | ':' | '|' => '-',
        '<' => '(',
        '>' => ')',
        '"' => '\'',
        '?' | '*' => '_',
        '#' => '＃',
        '%' => '％',
        c => c,
    }
}

/// Controls, zero-width characters, directional marks (UAX 9), tags, and what is no character.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Windows drops spaces and dots at a name's end; a dot at its beginning hides it elsewhere.
fn trimmed(name: &str) -> &str {
    name.trim_end_matches([' ', '.']).trim_start_matches([' ', '.'])
}

fn cut(name: &str, most: usize) -> &str {
    let mut units = 0;
    for (at, c) in name.char_indices() {
        units += c.len_utf16();
        if units > most || at + c.len_utf8() > BYTES {
            return &name[..at];
        }
    }
    name
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |prefix: &str| {
        base.strip_prefix(prefix).is_some_and(|number| matches!(number, "¹" | "²" | "³") || is_digit(number))
    };
    DEVICES.contains(&base.as_str()) || numbered("com") || numbered("lpt")
}

fn is_digit(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names as strangers write them, and what stands in a binder.
    #[test]
    fn every_file_system_takes_the_name() {
        for (written, name) in [
            ("项目合同（盖章）.pdf", "项目合同（盖章）.pdf"),
            ("甲/乙\\丙:丁|戊", "甲-乙-丙-丁-戊"),
            ("<草稿>\"终版\"?*", "(草稿)'终版'__"),
            ("合同\u{202e}fdp.exe", "合同fdp.exe"),
            ("a\u{0}b\tc\nd\u{7f}", "ab c d"),
            ("巡检. . .", "巡检"),
            ("...", "_"),
            ("", "_"),
            (" .git", "git"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("Aux .x", "_Aux .x"),
            ("NUL", "_NUL"),
            ("COM1", "_COM1"),
            ("lpt9.docx", "_lpt9.docx"),
            ("COM²", "_COM²"),
            ("CONIN$", "_CONIN$"),
            ("COM10", "COM10"),
            ("console", "console"),
            ("e\u{301}", "é"),
            ("完成 100% #1", "完成 100％ ＃1"),
            ("../../etc/passwd", "-..-etc-passwd"),
        ] {
            assert_eq!(portable(written, 80), name, "{written:?}");
        }
    }

    #[test]
    fn names_are_short_in_units_and_bytes() {
        for (most, text) in
            [(10, "一".repeat(300)), (200, "一".repeat(300)), (9, "😀".repeat(50)), (80, "a. ".repeat(99))]
        {
            let name = portable(&text, most);
            assert!(name.encode_utf16().count() <= most && name.len() <= BYTES, "{name}");
            assert!(!name.ends_with([' ', '.']), "{name}");
        }
        assert_eq!(with_extension(&"长".repeat(99), "docx", 10), "长长长长长.docx");
        assert_eq!(with_extension("甲", "do/cx ", 10), "甲.docx");
        assert_eq!(with_extension("甲", "扩展", 10), "甲");
        assert_eq!(with_extension("aux.1", "txt", 20), "_aux.1.txt");
    }

    #[test]
    fn names_that_differ_in_case_or_form_alone_are_kept_apart() {
        let mut taken = Taken::default();
        let given = ["甲.docx", "A项目", "a项目", "Ａ项目", "甲.DOCX", "straße", "STRASSE", "甲.docx"];
        let free = given.map(|name| taken.take(name.to_owned()));
        let expected =
            ["甲.docx", "A项目", "a项目 (2)", "Ａ项目 (3)", "甲 (2).DOCX", "straße", "STRASSE (2)", "甲 (3).docx"];
        assert_eq!(free, expected);
    }
}
