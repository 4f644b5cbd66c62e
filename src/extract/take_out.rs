//! Members of archives and mails as files of their own.

use std::collections::BTreeSet;

use super::{File, MAX_DEPTH, Options, READERS, dispatch, refusal, safe_name, sniff};
use crate::model::EvidencePath;

/// Gives the bytes of the wanted members of a file, nested ones too, to `take`. Two members may bear
/// one name: `take` gets both. What cannot be taken out is left out, as when the file was read.
pub fn take_out(
    path: &EvidencePath,
    bytes: &[u8],
    wanted: &BTreeSet<EvidencePath>,
    take: &mut dyn FnMut(&EvidencePath, &[u8]),
) {
    inside(path, bytes, 0, wanted, take);
}

fn inside(
    path: &EvidencePath,
    bytes: &[u8],
    depth: u8,
    wanted: &BTreeSet<EvidencePath>,
    take: &mut dyn FnMut(&EvidencePath, &[u8]),
) {
    let sniffed = sniff::sniff(bytes, &path.extension());
    let reader = READERS.iter().find(|reader| reader.formats().contains(&sniffed.format)).copied();
    if depth > MAX_DEPTH || refusal(sniffed, bytes).is_some() {
        return;
    }
    let file = File { path, format: sniffed.format, bytes };
    let (Ok(outcome), _) = dispatch(reader, &Options::default(), &file) else { return };
    for member in outcome.members {
        let (path, Ok(bytes)) = (path.member(&safe_name(&member.name)), member.bytes) else { continue };
        if wanted.contains(&path) {
            take(&path, &bytes);
        }
        let prefix = format!("{}!/", path.as_str());
        if wanted.iter().any(|wanted| wanted.as_str().starts_with(&prefix)) {
            inside(&path, &bytes, depth + 1, wanted, take);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use ::zip::ZipWriter;
    use ::zip::write::SimpleFileOptions;

    use super::*;

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
            writer.write_all(bytes).expect("memory");
        }
        writer.finish().expect("an archive").into_inner()
    }

    #[test]
    fn members_come_out_whole_from_any_depth() {
        let inner = zip(&[("b.txt", b"two"), ("c.txt", b"three")]);
        let outer = zip(&[("a.txt", b"one"), ("x/inner.zip", &inner)]);
        let path = EvidencePath::new("f/outer.zip");
        for (wanted, expected) in [
            (&["f/outer.zip!/a.txt"][..], vec!["one"]),
            (&["f/outer.zip!/x/inner.zip!/c.txt", "f/outer.zip!/a.txt"], vec!["one", "three"]),
            (&["f/outer.zip!/none"], vec![]),
        ] {
            let wanted = wanted.iter().map(|path| EvidencePath::new(*path)).collect();
            let mut found = Vec::new();
            take_out(&path, &outer, &wanted, &mut |_, bytes| found.push(String::from_utf8_lossy(bytes).into_owned()));
            assert_eq!(found, expected);
        }
    }
}
