//! From the text of one file to its symbols, references and imports.
//!
//! Each language is a folder under `grammars/`: a tree-sitter query (`symbols.scm`) and a
//! `language.toml`. A parse is bounded in size and work; a file that does not parse cleanly
//! still yields what it has, with notes. This module opens no files and knows no budget.

pub mod language;
mod matcher;
mod nest;
pub mod preprocessor;
pub mod query;
pub mod signature;
pub mod symbol;
mod walk;

pub use language::Language;
pub use symbol::{FileSyntax, Import, Lines, Reference, ReferenceKind, Symbol, SymbolKind, Visibility};

use preprocessor::Prepared;
use std::cell::RefCell;
use std::ops::Range;
use std::ops::ControlFlow;
use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

/// Bounds on one parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest text parsed, in bytes. tree-sitter needs up to 60 times the text in memory.
    pub max_bytes: usize,
    /// Most steps of the parser, counted in its own progress reports rather than by a clock so
    /// that the outcome is the same on every machine.
    pub max_steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { max_bytes: 3_000_000, max_steps: 400_000 }
    }
}

/// What a caller wants of a parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// Collect uses of names as well as definitions.
    pub references: bool,
    /// Bounds on the work.
    pub limits: Limits,
}

impl Default for Wants {
    /// Definitions and imports, default limits.
    fn default() -> Self {
        Wants { references: false, limits: Limits::default() }
    }
}

/// Parses `text` as `language` and returns what it defines, uses and imports.
///
/// Never fails: what cannot be parsed is named in [`FileSyntax::notes`].
pub fn parse(language: &'static Language, text: &str, wants: Wants) -> FileSyntax {
    if text.len() > wants.limits.max_bytes {
        return note(format!(
            "not parsed: {} bytes, the limit is {} (`code.max_parse_bytes`)",
            text.len(),
            wants.limits.max_bytes
        ));
    }
    let loaded = match language.load() {
        Ok(loaded) => loaded,
        Err(error) => return note(format!("not parsed: query of {}: {error}", language.name)),
    };
    let prepared = language.prepare(text);
    let Some(tree) = parse_prepared(&loaded.grammar, &prepared, wants.limits.max_steps) else {
        return note("not parsed: the parser gave up on it".to_owned());
    };
    let mut syntax = walk::walk(language, loaded, &tree, text, wants.references);
    if tree.root_node().has_error() {
        syntax.notes.push("holds syntax errors: symbols near them may be missing".to_owned());
    }
    syntax
}

/// The tree of a prepared text. When errors reach across functions, the bodies that do not
/// parse by themselves are emptied and the rest is parsed again.
fn parse_prepared(
    grammar: &tree_sitter::Language,
    prepared: &Prepared,
    max_steps: usize,
) -> Option<Tree> {
    let tree = parse_tree(grammar, &prepared.text, max_steps)?;
    let errors = if prepared.bodies.is_empty() { Vec::new() } else { errors(&tree) };
    let is_torn = |body: &Range<usize>| {
        let reaches = |error: &Range<usize>| {
            let is_inside = body.start < error.start && error.end < body.end;
            error.start < body.end && body.start < error.end && !is_inside
        };
        errors.iter().any(reaches)
    };
    let has_errors = |body: &&Range<usize>| {
        is_torn(body)
            && parse_tree(grammar, &prepared.text[(*body).clone()], max_steps)
                .is_none_or(|tree| tree.root_node().has_error())
    };
    let culprits: Vec<_> = prepared.bodies.iter().filter(has_errors).collect();
    if culprits.is_empty() {
        return Some(tree);
    }
    let mut text = prepared.text.to_string();
    for body in culprits {
        let inside = body.start + 1..body.end - 1;
        let empty = |c: char| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
        let blank: String = text[inside.clone()].chars().map(empty).collect();
        text.replace_range(inside, &blank);
    }
    parse_tree(grammar, &text, max_steps)
}

/// Where `tree` holds errors, outermost first.
fn errors(tree: &Tree) -> Vec<Range<usize>> {
    let mut errors = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            errors.push(node.byte_range());
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return errors;
            }
        }
    }
}

/// The bare tree, bounded; `None` when the parser gave up.
pub fn parse_tree(
    grammar: &tree_sitter::Language,
    text: &str,
    max_steps: usize,
) -> Option<Tree> {
    thread_local! {
        static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
    }
    PARSER.with_borrow_mut(|parser| {
        parser.set_language(grammar).ok()?;
        parser.reset();
        let mut steps = 0;
        let mut progress = |_: &ParseState| {
            steps += 1;
            if steps > max_steps { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let bytes = text.as_bytes();
        let mut read = |at: usize, _| bytes.get(at..).unwrap_or_default();
        let options = ParseOptions::new().progress_callback(&mut progress);
        parser.parse_with_options(&mut read, None, Some(options))
    })
}

fn note(note: String) -> FileSyntax {
    FileSyntax { notes: vec![note], ..FileSyntax::default() }
}
