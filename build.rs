//! Packs are carried inside the binary: a new file in `rules/` must rebuild it. What was found in files
//! is kept between runs for the program that found it: that is told by all it is made of.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=rules");
    let mut files = Vec::new();
    for source in ["src", "Cargo.toml", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={source}");
        list(Path::new(source), &mut files);
    }
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in files {
        file.hash(&mut hash);
        fs::read(&file).unwrap_or_default().hash(&mut hash); // a package may lack Cargo.lock
    }
    println!("cargo:rustc-env=EVLINT_SOURCES={} {:016x}", env!("CARGO_PKG_VERSION"), hash.finish());
}

fn list(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| list(&entry.path(), files)),
        Err(_) => files.push(path.to_path_buf()),
    }
}
