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
    link_without_relocations();
}

/// The tables of the grammars hold some 30,000 pointers. In a program that may be loaded anywhere,
/// each start adjusts all of them: a third of a millisecond, and a megabyte of memory in every
/// supervisor of a task. Libraries, heap and stack still lie where nobody knows.
fn link_without_relocations() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
