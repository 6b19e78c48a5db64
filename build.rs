//! Prepares what a command must not spend time on: token vocabularies and Unicode classes as
//! tables that are read in place from the binary, and the table of languages.

#[path = "build/languages.rs"]
mod languages;
#[path = "src/tokens/layout.rs"]
mod layout;
#[path = "build/unicode.rs"]
mod unicode;
#[path = "build/vocabulary.rs"]
mod vocabulary;

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/tokens/layout.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    unicode::write_tables(&out);
    vocabulary::write_tables(&out);
    languages::write_table(&out);
}
