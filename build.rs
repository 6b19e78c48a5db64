//! Prepares what a command must not spend time on: token vocabularies and Unicode classes as
//! tables that are read in place from the binary, the table of languages,
//! and a hash of the parsing for the index.

#[path = "build/languages.rs"]
mod languages;
#[path = "src/tokens/layout.rs"]
mod layout;
#[path = "build/parsing.rs"]
mod parsing;
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
    parsing::set_hash();
}
