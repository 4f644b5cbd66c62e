//! A binder as one archive: the same files give the same bytes.

use std::io::{self, Read, Seek, Write};

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Files whose formats are compressed already: trying again costs time and saves nothing.
const PACKED: &[&str] = &[
    "docx", "xlsx", "pptx", "ofd", "odt", "ods", "odp", "vsdx", "pdf", "zip", "7z", "rar", "jpg", "jpeg", "png", "gif",
    "heic", "json", // the binder's own description: its mark must be readable at the archive's head
];

/// From this size on an entry needs fields of 64 bits (APPNOTE 4.3.9.2). In bytes.
const LARGE: u64 = 0xffff_ffff;

/// Writes an archive entry by entry.
#[derive(Debug)]
pub struct Packer<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Packer<W> {
    pub fn new(out: W) -> Self {
        Self(ZipWriter::new(out))
    }

    /// Adds a file of `size` bytes. Its name is flagged as UTF-8 unless it is plain ASCII
    /// (APPNOTE 4.4.4, bit 11); its time is the format's first.
    ///
    /// # Errors
    /// Where either side fails.
    pub fn add(&mut self, path: &str, size: u64, bytes: &mut dyn Read) -> io::Result<()> {
        let is_packed =
            path.rsplit_once('.').is_some_and(|(_, extension)| PACKED.contains(&extension.to_lowercase().as_str()));
        let options = SimpleFileOptions::default()
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(size >= LARGE)
            .compression_method(if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated });
        self.0.start_file(path, options)?;
        io::copy(bytes, &mut self.0)?;
        Ok(())
    }

    /// # Errors
    /// Where the list at the archive's end cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish().map_err(io::Error::from)
    }
}

/// Gives every file of an archive, by name, to `take`; folders are no files.
///
/// # Errors
/// Where it is no archive, is damaged, or `take` fails.
pub fn each(archive: impl Read + Seek, take: &mut dyn FnMut(&str, &mut dyn Read) -> io::Result<()>) -> io::Result<()> {
    let mut archive = ZipArchive::new(archive)?;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name()?.into_owned();
        take(&name, &mut file)?;
    }
    Ok(())
}
