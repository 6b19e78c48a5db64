//! From the text of one file to its symbols, references and imports.
//!
//! Each language is a folder under `grammars/`: a tree-sitter query (`symbols.scm`) and a
//! `language.toml`. A parse is bounded in size and work; a file that does not parse cleanly
//! still yields what it has, with notes. This module opens no files and knows no budget.

mod filedoc;
mod guard;
mod heading;
pub mod language;
mod matcher;
mod nest;
pub mod preprocessor;
mod prune;
pub mod query;
pub mod signature;
pub mod symbol;
mod walk;

pub use language::Language;
pub use symbol::{
    FileSyntax, Import, Lines, Reference, ReferenceKind, Symbol, SymbolKind, Visibility,
};

use std::ops::ControlFlow;
use std::ops::Range;
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
        Limits {
            max_bytes: 3_000_000,
            max_steps: 400_000,
        }
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
        Wants {
            references: false,
            limits: Limits::default(),
        }
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
    if let Some(problem) = guard::too_deep(language, text) {
        return note(problem);
    }
    if let Some(ended) = guard::ended(language, text) {
        let mut syntax = parse(language, &ended, wants);
        guard::end_at(&mut syntax, text.len());
        return syntax;
    }
    let loaded = match language.load() {
        Ok(loaded) => loaded,
        Err(error) => return note(format!("not parsed: query of {}: {error}", language.name)),
    };
    let Some(tree) = tree(language, loaded, text, wants.limits.max_steps) else {
        return note("not parsed: the parser gave up on it".to_owned());
    };
    let mut found = walk::walk(language, loaded, &tree, text, wants.references);
    look_inside(language, loaded, &mut found, text, wants);
    let mut syntax = nest::nest(language, text, found);
    if tree.root_node().has_error() {
        syntax
            .notes
            .push("holds syntax errors: symbols near them may be missing".to_owned());
    }
    syntax
}

/// Most pieces of one file that are parsed again.
const MAX_PIECES: usize = 4_000;

/// Parses again the pieces that the grammar read as bare tokens, and those inside them, and
/// adds what those define that parse without errors.
fn look_inside(
    language: &'static Language,
    loaded: &language::Loaded,
    found: &mut walk::Found,
    text: &str,
    wants: Wants,
) {
    let mut pieces = std::mem::take(&mut found.again);
    let mut parsed = 0;
    while let Some(piece) = pieces.pop()
        && parsed < MAX_PIECES
    {
        parsed += 1;
        let within = piece.start_byte..piece.end_byte;
        let tree = parse_pieces(&loaded.grammar, text, &[piece], wants.limits.max_steps);
        if let Some(tree) = tree.filter(|tree| !tree.root_node().has_error()) {
            let mut inside = walk::walk(language, loaded, &tree, text, wants.references);
            pieces.append(&mut inside.again);
            // What was guessed from the bare tokens is known better now.
            found
                .references
                .retain(|known| !within.contains(&known.span.start));
            found.append(inside);
        }
    }
}

/// The tree that symbols are read from; `None` when the parser gave up.
///
/// When errors tear functions apart, the bodies that do not parse by themselves are emptied and
/// the rest is parsed again.
pub fn tree(
    language: &'static Language,
    loaded: &language::Loaded,
    text: &str,
    max_steps: usize,
) -> Option<Tree> {
    let grammar = &loaded.grammar;
    let prepared = language.prepare(text);
    let tree = parse_tree(grammar, &prepared.text, max_steps)?;
    if prepared.bodies.is_empty() || !tree.root_node().has_error() {
        return Some(tree);
    }
    let parses = |body: &Range<usize>| {
        let tree = parse_tree(grammar, &prepared.text[body.clone()], max_steps);
        tree.is_some_and(|tree| !tree.root_node().has_error())
    };
    let mut torn = torn_bodies(&tree, &prepared.bodies);
    torn.retain(|body| !parses(body));
    if torn.is_empty() {
        return Some(tree);
    }
    let mut text = prepared.text.into_owned().into_bytes();
    for body in torn {
        let inside = &mut text[body.start + 1..body.end - 1];
        inside
            .iter_mut()
            .filter(|byte| **byte != b'\n')
            .for_each(|byte| *byte = b' ');
    }
    let text = String::from_utf8(text).expect("whole bodies are overwritten by ASCII");
    parse_tree(grammar, &text, max_steps)
}

/// The bodies that are no node of their own in `tree`.
fn torn_bodies(tree: &Tree, bodies: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut torn: Vec<bool> = vec![true; bodies.len()];
    let mut cursor = tree.walk();
    loop {
        let range = cursor.node().byte_range();
        let first = bodies.partition_point(|body| body.start < range.start);
        let is_body = bodies.get(first) == Some(&range);
        if is_body {
            torn[first] = false;
        }
        let holds_more = bodies.get(first).is_some_and(|body| body.start < range.end);
        if !is_body && holds_more && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return bodies
                    .iter()
                    .zip(torn)
                    .filter(|(_, torn)| *torn)
                    .map(|(body, _)| body.clone())
                    .collect();
            }
        }
    }
}

/// The bare tree, bounded; `None` when the parser gave up.
pub fn parse_tree(grammar: &tree_sitter::Language, text: &str, max_steps: usize) -> Option<Tree> {
    parse_pieces(grammar, text, &[], max_steps)
}

/// The tree of these pieces of `text`, or of all of it when there are none.
fn parse_pieces(
    grammar: &tree_sitter::Language,
    text: &str,
    pieces: &[tree_sitter::Range],
    max_steps: usize,
) -> Option<Tree> {
    // A parser of its own: the memory of a thread is empty again when its trees and parsers are
    // gone, and a new one costs less than what an old one keeps.
    let mut parser = Parser::new();
    parser.set_language(grammar).ok()?;
    parser.set_included_ranges(pieces).ok()?;
    let mut steps = 0;
    let mut progress = |_: &ParseState| {
        steps += 1;
        if steps > max_steps {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let bytes = text.as_bytes();
    let mut read = |at: usize, _| bytes.get(at..).unwrap_or_default();
    let options = ParseOptions::new().progress_callback(&mut progress);
    parser.parse_with_options(&mut read, None, Some(options))
}

fn note(note: String) -> FileSyntax {
    FileSyntax {
        notes: vec![note],
        ..FileSyntax::default()
    }
}
