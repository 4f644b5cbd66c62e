//! Zip archives (PKWARE APPNOTE), the one container that does not always say how it writes names.

use std::io::{Cursor, Read};

use ::zip::read::ZipFile;
use ::zip::result::ZipError;
use ::zip::{ExtraField, ZipArchive};

use super::{Basket, corrupt};
use crate::extract::encoding;
use crate::model::Unreadable;

pub(super) fn take_apart(bytes: &[u8], basket: &mut Basket) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| corrupt(&error))?;
    for index in 0..archive.len() {
        if basket.is_full() {
            break;
        }
        member(&mut archive, index, basket);
    }
    Ok(())
}

fn member(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, basket: &mut Basket) {
    let Ok(file) = archive.by_index_raw(index) else { return };
    let (name, encrypted) = (name_of(&file), file.encrypted());
    if file.is_dir() || file.is_symlink() || !Basket::wants(&name) {
        return;
    }
    drop(file);
    if encrypted {
        return basket.refuse(name, Unreadable::Encrypted);
    }
    match archive.by_index(index) {
        Ok(file) => {
            let stored = file.compressed_size();
            basket.inflate(name, Some(stored), file, |error| corrupt(&error));
        }
        Err(ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_)) => {
            basket.refuse(name, Unreadable::Unsupported);
        }
        Err(error) => basket.refuse(name, corrupt(&error)),
    }
}

/// Bit 11 of the general purpose flag (APPNOTE 4.4.4).
const UTF8_FLAG: u16 = 1 << 11;

/// A name is UTF-8 if its flag or its extra field says so (APPNOTE 4.4.4 bit 11, 4.6.9), or if it
/// could be nothing else; archives made in China without either are GBK.
fn name_of<R: Read>(file: &ZipFile<'_, R>) -> String {
    let raw = file.name_raw();
    let extra = file.extra_data_fields().find_map(|field| match field {
        ExtraField::UnicodePath(path) => path.clone().unwrap_valid(raw).ok(),
        _ => None,
    });
    let raw = extra.as_deref().unwrap_or(raw);
    let says_utf8 = extra.is_some() || file.flags().as_u16() & UTF8_FLAG != 0;
    encoding::decode_name(raw, says_utf8)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ::zip::ZipWriter;
    use ::zip::write::SimpleFileOptions;

    use super::*;
    use crate::extract::{MAX_DEPTH, Options, read};
    use crate::model::{EvidencePath, FileFormat, Reading};

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).expect(name);
            writer.write_all(bytes).expect(name);
        }
        writer.finish().expect("in memory").into_inner()
    }

    /// Replaces a name of the same length in both of its headers, and the flag that it is UTF-8.
    fn renamed(mut archive: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
        for at in 0..archive.len() - from.len() {
            if archive[at..].starts_with(from) {
                archive[at..at + to.len()].copy_from_slice(to);
            }
        }
        archive
    }

    #[test]
    fn members_have_their_names() {
        let archive =
            zipped(&[("2025/", b""), ("2025/ab.txt", "巡检".as_bytes()), ("x.txt", b""), ("__MACOSX/._x", b"x")]);
        let archive = renamed(archive, b"ab.txt", b"\xd1\xb2.txt");
        let sources = read(&EvidencePath::new("a.zip"), &archive, &Options::default());
        let names: Vec<&str> = sources.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(names, ["a.zip", "a.zip!/2025/巡.txt", "a.zip!/x.txt"]);
        assert_eq!(sources[0].reading, Reading::Container { members: 2 });
        assert!(matches!(sources[1].reading, Reading::Document(_)));
        assert_eq!(sources[2].reading, Reading::Unreadable(Unreadable::Empty));
    }

    #[test]
    fn an_encrypted_member_says_so() {
        let mut archive = zipped(&[("a.docx", b"x")]);
        let central = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a directory");
        // Bit 0 of the general purpose flag, in both headers.
        archive[6] |= 1;
        archive[central + 8] |= 1;
        let sources = read(&EvidencePath::new("a.zip"), &archive, &Options::default());
        assert_eq!(sources[1].reading, Reading::Unreadable(Unreadable::Encrypted));
        assert_eq!(sources[1].format, FileFormat::Docx);
    }

    #[test]
    fn archives_are_opened_to_a_depth() {
        let mut archive = zipped(&[("leaf.txt", b"x")]);
        for _ in 0..6 {
            archive = zipped(&[("in.zip", &archive)]);
        }
        let sources = read(&EvidencePath::new("out.zip"), &archive, &Options::default());
        assert_eq!(sources.len(), usize::from(MAX_DEPTH) + 2);
        let last = sources.last().expect("the member that is too deep");
        assert!(
            matches!(&last.reading, Reading::Unreadable(Unreadable::Limit { limit }) if limit.starts_with("MAX_DEPTH"))
        );
    }

    #[test]
    fn a_broken_archive_is_corrupt() {
        let archive = zipped(&[("a.txt", b"x")]);
        let sources = read(&EvidencePath::new("a.zip"), &archive[..archive.len() - 10], &Options::default());
        assert!(matches!(sources[0].reading, Reading::Unreadable(Unreadable::Corrupt { .. })));
    }
}
