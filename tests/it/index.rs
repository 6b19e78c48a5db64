//! The index: always as the files are, whatever happens to them and to it.

use crate::sandbox::Sandbox;
use std::fs;
use std::path::PathBuf;

const FILES: &str = r#"
//- src/parser.rs
/// Reads one token of the input.
pub fn read_token(input: &str) -> Token {
    let word = split_word(input);
    Token { word }
}

pub struct Token {
    pub word: String,
}

impl Token {
    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.word.is_empty()
    }
}

fn split_word(input: &str) -> String {
    input.split(' ').next().unwrap_or_default().to_owned()
}
//- src/writer.py
class Writer:
    """Writes tokens to a file."""

    def write_token(self, token):
        self.file.write(token.word)

    def close(self):
        self.file.close()
//- docs/guide.md
# Guide

How a token is read and written.

## Tokens

A token is a word of the input.
"#;

fn index_files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let folder = sandbox.path(".ctx/index");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap() != "lock")
        .collect();
    files.sort();
    files
}

/// Answers that together ask for everything that the index holds.
fn answers(sandbox: &Sandbox) -> String {
    let queries = [
        "token word",
        "read_token in src/parser.rs:3",
        "how does Writer close the file",
        "is_empty",
    ];
    let mut all = String::new();
    for query in queries {
        let ran = sandbox.command(["search", query, "--budget", "6000"]).go();
        assert_eq!(ran.stderr, "", "{query}");
        all.push_str(&ran.text());
    }
    all
}

/// The answers of an index that is built from nothing.
fn fresh(sandbox: &Sandbox) -> String {
    fs::remove_dir_all(sandbox.path(".ctx/index")).unwrap();
    answers(sandbox)
}

#[test]
fn answers_stay_the_same_from_the_index() {
    let sandbox = Sandbox::new(FILES);
    let first = answers(&sandbox);
    assert!(first.contains("read_token"), "{first}");
    assert_eq!(answers(&sandbox), first);
    assert_eq!(fresh(&sandbox), first);
}

#[test]
fn an_edit_is_seen_at_once() {
    let sandbox = Sandbox::new(FILES);
    answers(&sandbox);
    // The same size, and within the same tick of any clock.
    for name in ["scan_token", "skip_token", "peek_token"] {
        let text = fs::read_to_string(sandbox.path("src/parser.rs")).unwrap();
        let at = text.find("pub fn ").unwrap() + 7;
        let changed = format!("{}{name}{}", &text[..at], &text[at + 10..]);
        assert_eq!(changed.len(), text.len());
        sandbox.write("src/parser.rs", changed);
        let shown = sandbox.shows("search token");
        assert!(shown.contains(name), "{name} is not in\n{shown}");
    }
    let now = answers(&sandbox);
    assert_eq!(fresh(&sandbox), now);
}

#[test]
fn a_cut_off_index_is_built_anew_with_a_note() {
    let sandbox = Sandbox::new(FILES);
    let whole = answers(&sandbox);
    for file in index_files(&sandbox) {
        let bytes = fs::read(&file).unwrap();
        for part in 0..12 {
            let end = bytes.len() * part / 12;
            fs::write(&file, &bytes[..end]).unwrap();
            let ran = sandbox.ctx("search token word --budget 6000");
            assert_eq!(ran.status, Some(0));
            assert!(ran.stderr.contains("built anew"), "{}", ran.stderr);
            assert!(whole.starts_with(&ran.text()), "{}", ran.text());
        }
        assert_eq!(answers(&sandbox), whole);
    }
}
