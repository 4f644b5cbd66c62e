//! PP-OCR's models, run in this process by `pure-onnx-ocr`, where the feature `ppocr` was built in.
//!
//! A folder holds one model that finds lines (`*det*.onnx`) and one that reads them (`*rec*.onnx`), itself or one
//! folder down (`…_det_onnx/inference.onnx`). The letters that the second knows are in its metadata, under
//! `character`, or in an `inference.yml` beside it. Where the feature is not there, [`check`] says so.

use std::path::{Path, PathBuf};

#[cfg(not(feature = "ppocr"))]
use super::Seen;
#[cfg(not(feature = "ppocr"))]
use std::borrow::Cow;

/// CPU time that a page takes at most, in seconds, before it counts as no page: a full page of small print takes
/// five of an optimised build.
pub(in crate::extract) const MAX_CPU_PAGE: std::time::Duration = std::time::Duration::from_secs(30);

/// Memory of a worker that holds the models, in bytes: they take 400 MB with all that a page needs on the way.
pub(in crate::extract) const MAX_MEMORY: u64 = 2 << 30;

/// Why models cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error("built without the feature `ppocr`")]
    NotBuilt,
    #[error("no {0} in {folder}", folder = .1.display())]
    Lacking(&'static str, PathBuf),
}

/// Whether a folder's models can be used.
///
/// # Errors
/// Without the feature, or where a model or its letters are missing.
pub fn check(folder: &Path) -> Result<(), ModelsError> {
    if cfg!(feature = "ppocr") { files(folder).map(|_| ()) } else { Err(ModelsError::NotBuilt) }
}

/// The models of a folder: what finds lines, what reads them.
fn files(folder: &Path) -> Result<(PathBuf, PathBuf), ModelsError> {
    let mut models = onnx(folder);
    for inner in sorted(folder).into_iter().filter(|path| path.is_dir()) {
        models.extend(onnx(&inner));
    }
    let named = |part: &str| {
        let is_named = |path: &&PathBuf| {
            let inside = path.strip_prefix(folder).unwrap_or(path);
            inside.to_string_lossy().to_lowercase().contains(part)
        };
        models.iter().find(is_named).cloned()
    };
    let lacking = |what| ModelsError::Lacking(what, folder.to_owned());
    Ok((named("det").ok_or_else(|| lacking("*det*.onnx"))?, named("rec").ok_or_else(|| lacking("*rec*.onnx"))?))
}

fn onnx(folder: &Path) -> Vec<PathBuf> {
    sorted(folder).into_iter().filter(|path| path.extension().is_some_and(|is| is == "onnx")).collect()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

#[cfg(not(feature = "ppocr"))]
pub(super) fn read<'a>(_folder: &Path, _pages: impl Iterator<Item = Cow<'a, [u8]>>) -> Option<Vec<Seen>> {
    None
}

#[cfg(feature = "ppocr")]
pub(super) use engine::read;

#[cfg(feature = "ppocr")]
mod engine {
    use std::borrow::Cow;
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Mutex, PoisonError};

    use pure_onnx_ocr::{OcrEngine, OcrEngineBuilder, OcrResult};

    use super::super::super::layout::{Run, Spot};
    use super::super::{Seen, size};

    /// What the models see; `None` where they cannot be loaded or a page cannot be decoded.
    pub(in super::super) fn read<'a>(folder: &Path, pages: impl Iterator<Item = Cow<'a, [u8]>>) -> Option<Vec<Seen>> {
        let engine = engine(folder)?;
        pages.map(|page| see(&engine, &page)).collect()
    }

    fn see(engine: &OcrEngine, picture: &[u8]) -> Option<Seen> {
        let found = engine.run_from_bytes(picture).ok()?;
        let mut seen = Seen { height: size(picture).map_or(0.0, |(_, height)| height as f32), ..Seen::default() };
        let (mut sum, mut characters) = (0.0, 0.0);
        for line in found.into_iter().filter(|line| !line.text.trim().is_empty()) {
            let length = line.text.chars().count() as f32;
            sum += line.confidence * 100.0 * length;
            characters += length;
            seen.runs.push(run(&line));
        }
        seen.confidence = if characters > 0.0 { sum / characters } else { 0.0 };
        seen.even_out();
        Some(seen)
    }

    fn run(line: &OcrResult) -> Run {
        let corners = || line.bounding_box.exterior().points();
        let least = |a: f64, b: f64| a.min(b);
        let most = |a: f64, b: f64| a.max(b);
        let (left, right) = (corners().map(|p| p.x()).fold(f64::MAX, least), corners().map(|p| p.x()).fold(0.0, most));
        let (top, bottom) = (corners().map(|p| p.y()).fold(f64::MAX, least), corners().map(|p| p.y()).fold(0.0, most));
        let spot = Spot {
            left: left as f32,
            right: right as f32,
            y: bottom as f32,
            size: (bottom - top).max(1.0) as f32,
            bold: false,
        };
        Run { text: line.text.trim().to_owned(), spot }
    }

    /// Loading takes a second, so the last folder's models stay.
    fn engine(folder: &Path) -> Option<Arc<OcrEngine>> {
        static LOADED: Mutex<Option<(PathBuf, Arc<OcrEngine>)>> = Mutex::new(None);
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, engine)) = loaded.as_ref().filter(|(of, _)| of == folder) {
            return Some(Arc::clone(engine));
        }
        let engine = Arc::new(load(folder)?);
        *loaded = Some((folder.to_owned(), Arc::clone(&engine)));
        Some(engine)
    }

    fn load(folder: &Path) -> Option<OcrEngine> {
        let (finds, reads) = super::files(folder).ok()?;
        let model = std::fs::read(&reads).ok()?;
        let beside = |model: &Path| Some(model.parent()?.join("inference.yml")).filter(|path| path.is_file());
        // Workers run side by side already, and one thread gives the same result each time.
        let mut builder = OcrEngineBuilder::new().det_model_path(&finds).inference_threads(1);
        if let Some(settings) = beside(&finds) {
            builder = builder.det_config_path(settings);
        }
        builder = match (super::letters(&model), beside(&reads)) {
            (Some(letters), _) => builder.dictionary_text(letters),
            (None, Some(settings)) => builder.rec_config_path(settings),
            (None, None) => return None,
        };
        builder.rec_model_bytes(model).build().ok()
    }
}

/// The value of `character` among a model's metadata, a letter a line: field 14 of an ONNX `ModelProto`, entries of a
/// key (1) and a value (2), in the encoding of Protocol Buffers.
#[cfg(any(test, feature = "ppocr"))]
fn letters(model: &[u8]) -> Option<String> {
    const METADATA: u64 = 14;
    let entry = fields(model).filter(|(field, _)| *field == METADATA).find_map(|(_, entry)| {
        let part = |wanted: u64| fields(entry).find(|(field, _)| *field == wanted).map(|(_, bytes)| bytes);
        (part(1)? == b"character").then(|| part(2))?
    })?;
    String::from_utf8(entry.to_vec()).ok().filter(|text| !text.is_empty())
}

/// The fields that are bytes, by number; the others are passed over. Ends where the encoding is broken.
#[cfg(any(test, feature = "ppocr"))]
fn fields(mut message: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            let tag = varint(&mut message)?;
            let skip = match tag & 7 {
                0 => {
                    varint(&mut message)?;
                    continue;
                }
                1 => 8,
                2 => usize::try_from(varint(&mut message)?).ok()?,
                5 => 4,
                _ => return None,
            };
            let (bytes, rest) = message.split_at_checked(skip)?;
            message = rest;
            if tag & 7 == 2 {
                return Some((tag >> 3, bytes));
            }
        }
    })
}

#[cfg(any(test, feature = "ppocr"))]
fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_among_the_metadata() {
        let bytes = |field: u8, content: &[u8]| [&[field << 3 | 2, content.len() as u8], content].concat();
        let entry = |key: &[u8], value: &[u8]| bytes(14, &[bytes(1, key), bytes(2, value)].concat());
        let number = [5 << 3, 0x96, 1];
        let model =
            [&number[..], &bytes(7, b"graph"), &entry(b"shape", b"x"), &entry(b"character", "一\n二".as_bytes())];
        for (model, expected) in [
            (model.concat(), Some("一\n二")),
            (entry(b"other", b"x"), None),
            (model.concat()[..20].to_vec(), None),
            (vec![0xff; 30], None),
            (Vec::new(), None),
        ] {
            assert_eq!(letters(&model).as_deref(), expected);
        }
    }

    #[test]
    fn a_folder_says_what_it_lacks() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect(name);
            std::fs::write(&path, b"").expect(name);
            path
        };
        assert!(matches!(files(folder.path()), Err(ModelsError::Lacking("*det*.onnx", _))));
        let finds = made("small_det/inference.onnx");
        assert!(matches!(files(folder.path()), Err(ModelsError::Lacking("*rec*.onnx", _))));
        let reads = made("ch_rec.onnx");
        assert_eq!(files(folder.path()).expect("both"), (finds, reads));
        assert_eq!(check(folder.path()).is_ok(), cfg!(feature = "ppocr"));
    }
}
