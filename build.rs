//! Prepares what a command must not spend time on: the language table.

#[path = "build/languages.rs"]
mod languages;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    languages::generate();
}
