//! Every language: its query, and its corpus case under `corpus/syntax/`.

use crate::corpus;
use ctx::code::syntax::{self, Language, Wants, language, signature};
use std::fmt::Write as _;
use std::fs;

/// The language that a case folder is named for: `rust`, or `rust-macros` for a second one.
pub fn language_of(case: &str) -> &'static Language {
    let mut name = case;
    loop {
        if let Some(language) = language::by_name(name) {
            return language;
        }
        name = name
            .rsplit_once('-')
            .unwrap_or_else(|| panic!("no language for `{case}`"))
            .0;
    }
}

/// Everything a parse found, one line each.
fn describe(language: &'static Language, text: &str) -> String {
    let wants = Wants {
        references: true,
        ..Wants::default()
    };
    let syntax = syntax::parse(language, text, wants);
    let mut out = String::new();
    let mut depths: Vec<usize> = Vec::new();
    for symbol in &syntax.symbols {
        let depth = symbol
            .parent
            .map_or(0, |parent| depths[parent as usize] + 1);
        depths.push(depth);
        let pad = "  ".repeat(depth);
        let lines = symbol.lines;
        let line = symbol.signature_line(text);
        let kind = symbol.kind.word();
        let test = if symbol.is_test { " test" } else { "" };
        let visibility = format!("{:?}", symbol.visibility).to_lowercase();
        let name = &symbol.qualified_name;
        writeln!(
            out,
            "{pad}{}-{} {visibility}{test} {kind} {name} | {line}",
            lines.start, lines.end
        )
        .unwrap();
        if let Some(doc) = &symbol.doc {
            writeln!(
                out,
                "{pad}  doc: {}",
                signature::doc_summary(&text[doc.clone()], 100)
            )
            .unwrap();
        }
    }
    for import in &syntax.imports {
        writeln!(out, "import {} {}", import.line, import.path).unwrap();
    }
    for reference in &syntax.references {
        let within = reference
            .within
            .map_or("-", |at| &syntax.symbols[at as usize].qualified_name);
        let kind = format!("{:?}", reference.kind).to_lowercase();
        writeln!(
            out,
            "{kind} {} {} in {within}",
            reference.line, reference.name
        )
        .unwrap();
    }
    for note in &syntax.notes {
        writeln!(out, "note {note}").unwrap();
    }
    out
}

#[test]
fn every_query_is_a_valid_tree_sitter_query() {
    let mut problems = String::new();
    for language in language::all() {
        let loaded = match language.load() {
            Ok(loaded) => loaded,
            Err(error) => {
                writeln!(problems, "{}: {error}", language.name).unwrap();
                continue;
            }
        };
        if let Err(error) = tree_sitter::Query::new(&loaded.grammar, language.query_source()) {
            writeln!(
                problems,
                "{}: tree-sitter refuses it: {error}",
                language.name
            )
            .unwrap();
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn corpus() {
    let mut problems = String::new();
    for case in corpus::cases("syntax") {
        let name = case.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(corpus::input(&case)).unwrap();
        let actual = describe(language_of(name), &text);
        problems.extend(corpus::check(&case, "expected.txt", &actual));
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_language_has_a_corpus_case() {
    let covered: Vec<_> = corpus::cases("syntax")
        .iter()
        .map(|case| language_of(case.file_name().unwrap().to_str().unwrap()).name)
        .collect();
    let missing: Vec<_> = language::all()
        .iter()
        .map(|l| l.name)
        .filter(|name| !covered.contains(name))
        .collect();
    assert!(
        missing.is_empty(),
        "no case under corpus/syntax for: {missing:?}"
    );
}
