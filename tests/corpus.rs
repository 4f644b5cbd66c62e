//! What fuzzing has found, and damage of every kind to good files: reading ends, and says why where it fails.
//!
//! `fuzz/` says how to look for more. `EVLINT_DAMAGE_SECONDS` makes the damage here go on as long.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use evlint::extract::{Options, read};
use evlint::model::{EvidencePath, FileFormat, Reading, Unreadable};

/// Readers written here; those of libraries have their own authors' fuzzing.
const OURS: &[&str] =
    &["7z", "csv", "eml", "html", "md", "msg", "odp", "ods", "odt", "ofd", "rar", "rtf", "txt", "vsdx", "xls", "zip"];

/// Damaged copies of each file, where nobody asks for more.
const COPIES: u32 = 40;

/// What a target's inputs mean.
#[expect(unreachable_pub, reason = "the fuzz targets are another crate, which shares the file")]
#[path = "../fuzz/src/input.rs"]
mod input;

/// Inputs in one folder for each target.
#[test]
fn what_fuzzing_found_is_read_or_refused() {
    let folders = folders(Path::new("fuzz/corpus"));
    for target in ["ofd", "odf", "vsdx", "ole", "rtf", "mail", "archive"] {
        assert!(Path::new("fuzz/fuzz_targets").join(target).with_extension("rs").is_file(), "{target}");
    }
    for folder in folders {
        let target = folder.file_name().expect("a folder").to_string_lossy().into_owned();
        for file in files(&folder) {
            let (name, bytes) = input::file(&target, &fs::read(&file).expect("a file"));
            sound(&file.to_string_lossy(), name.trim_start_matches("a."), &bytes);
        }
    }
}

/// Parts come to their readers: most of what a fuzzer does would be lost otherwise.
#[test]
fn inputs_become_containers() {
    let mail = b"%%part __properties_version1.0\n01234567\n%%part a/__substg1.0_0037001F\nb\n%%part x:/y\n";
    let pages = b"%%part OFD.xml\n<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>\n%%part D.xml\n<Document/>";
    for (target, input, format) in [
        ("ofd", &pages[..], FileFormat::Ofd),
        ("ole", mail, FileFormat::Msg),
        ("archive", b"%%part a.txt\ntext", FileFormat::Zip),
        ("odf", b"%%part mimetype\napplication/vnd.oasis.opendocument.text", FileFormat::Odt),
        ("rtf", b"{\\rtf1 %%part }", FileFormat::Rtf),
    ] {
        let (name, bytes) = input::file(target, input);
        let sources = read(&EvidencePath::new(name), &bytes, &Options::default());
        assert_eq!(sources[0].format, format, "{target}: {sources:?}");
    }
}

#[test]
fn damaged_files_are_read_or_refused() {
    let more = std::env::var("EVLINT_DAMAGE_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let until = more.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let good: Vec<(String, Vec<u8>)> = files(Path::new("fixtures/truth/documents"))
        .into_iter()
        .filter_map(|file| {
            let extension = file.extension()?.to_string_lossy().into_owned();
            OURS.contains(&extension.as_str()).then(|| (extension, fs::read(&file).expect("a file")))
        })
        .collect();
    assert!(good.len() >= OURS.len(), "only {} files to damage", good.len());
    let mut chance = Chance(1);
    for round in 0_u32.. {
        if until.map_or(round >= COPIES, |until| Instant::now() > until) {
            break;
        }
        for (extension, bytes) in &good {
            let seed = chance.0;
            sound(&format!("seed {seed}"), extension, &chance.damaged(bytes));
        }
    }
}

fn sound(what: &str, extension: &str, bytes: &[u8]) {
    let begun = Instant::now();
    for source in read(&EvidencePath::new(format!("a.{extension}")), bytes, &Options::default()) {
        if let Reading::Unreadable(Unreadable::Fault { detail }) = &source.reading {
            panic!("{what} as .{extension}: {} panics: {detail}", source.path);
        }
    }
    assert!(begun.elapsed() < Duration::from_mins(1), "{what} as .{extension} takes {:?}", begun.elapsed());
}

/// Numbers in an order that looks like none and is the same each time (xorshift64, Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap_or_default()
    }

    /// Cut short, wiped in places, pieces moved, numbers made large.
    fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(8) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            let length = 1 + self.below(64.min(bytes.len() - at));
            match self.below(7) {
                0 => bytes.truncate(at),
                1 => bytes[at..at + length].fill(0),
                2 => bytes[at..at + length].fill(0xff),
                3 => bytes[at] ^= 1 << self.below(8),
                4 => drop(bytes.drain(at..at + length)),
                5 => {
                    let piece = bytes[at..at + length].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => bytes[at] = u8::try_from(self.below(256)).unwrap_or_default(),
            }
        }
        bytes
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}
