//! A hash of everything that decides what a parse finds and which terms a text has: an index
//! made by a program with another hash is not used.

use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders whose content decides.
const SOURCES: &[&str] = &[
    "grammars",
    "src/code/syntax",
    "src/code/index",
    "src/code/files/role.rs",
    "src/code/files/text.rs",
    "src/code/search/terms.rs",
    "src/code/search/units.rs",
    "src/code/search/copies.rs",
    "Cargo.lock",
];

/// Sets `CTX_PARSING` for the crate.
pub fn set_hash() {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files);
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        let content = fs::read(&file).unwrap_or_default();
        let name = file.to_string_lossy().into_owned();
        for byte in name.bytes().chain([0]).chain(content).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=CTX_PARSING={hash:016x}");
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries
            .flatten()
            .for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}
