//! What a summary needs to know of one file: computed once for each content.

use crate::code::files::is_marked_generated;
use crate::code::syntax::signature::{doc_summary, fold};
use crate::code::syntax::{self, Language, Limits, Symbol, Visibility, Wants};
use crate::tokens::Counter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest doc line kept, in bytes.
const MAX_DOC: usize = 200;
/// Most symbols kept of one file.
const MOST_SYMBOLS: usize = 400;
/// Most names kept that one file uses.
const MOST_NAMES: usize = 3_000;

/// One definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Its own name.
    pub name: String,
    /// What it is and its name, in short: `fn Item::new`.
    pub short: String,
    /// Its signature on one line, with the names around it.
    pub signature: String,
    /// The first sentence of its documentation; may be empty.
    pub doc: String,
    /// First and last line.
    pub lines: (u32, u32),
    /// Whether it is a type.
    pub is_type: bool,
    /// Whether it can be reached from outside.
    pub is_public: bool,
    /// How many symbols it stands in.
    pub depth: u8,
}

/// What is known of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Its lines.
    pub lines: u32,
    /// Its tokens, in the base encoding.
    pub tokens: u64,
    /// What it says of itself, and the line where it does; may be empty.
    pub doc: (String, u32),
    /// Types and callables, tests left out.
    pub definitions: Vec<Definition>,
    /// Names that it uses.
    pub uses: BTreeSet<String>,
    /// What it imports, as written.
    pub imports: Vec<(String, u32)>,
    /// Whether it says that a program wrote it.
    pub is_generated: bool,
    /// Kinds of secrets in it.
    pub secrets: Vec<String>,
}

/// Reads the facts of a text.
pub fn facts(
    text: &str,
    language: Option<&'static Language>,
    limits: Limits,
    counter: &Counter,
) -> Facts {
    let mut facts = Facts {
        lines: u32::try_from(text.lines().count()).unwrap_or(u32::MAX),
        tokens: counter.encoding().count(text).0,
        is_generated: is_marked_generated(text.as_bytes()),
        secrets: crate::secrets::find(text)
            .into_iter()
            .map(|secret| secret.kind.to_owned())
            .collect::<BTreeSet<String>>()
            .into_iter()
            .collect(),
        ..Facts::default()
    };
    let Some(language) = language else {
        return facts;
    };
    let wants = Wants {
        references: true,
        limits,
    };
    let syntax = syntax::parse(language, text, wants);
    if let Some(doc) = syntax.doc.clone() {
        let line = text[..doc.start].matches('\n').count() as u32 + 1;
        let told = doc_summary(&text[doc], 2 * MAX_DOC);
        if says_something(&told) {
            facts.doc = (told, line);
        }
    }
    let mut depths = vec![0_u8; syntax.symbols.len()];
    for (idx, symbol) in syntax.symbols.iter().enumerate() {
        depths[idx] = symbol
            .parent
            .map_or(0, |parent| depths[parent as usize].saturating_add(1));
        let is_told = (symbol.kind.is_type() || symbol.kind.is_callable()) && !symbol.is_test;
        let has_room = facts.definitions.len() < MOST_SYMBOLS || symbol.name == "main";
        if is_told && depths[idx] <= 2 && has_room {
            facts
                .definitions
                .push(definition(text, symbol, depths[idx]));
        }
    }
    let names = syntax
        .references
        .into_iter()
        .map(|reference| reference.name);
    facts.uses = names
        .collect::<BTreeSet<String>>()
        .into_iter()
        .take(MOST_NAMES)
        .collect();
    let imports = syntax
        .imports
        .into_iter()
        .map(|import| (import.path, import.line));
    facts.imports = imports.collect();
    facts
}

/// Whether a comment at the top of a file tells a reader what it is for, and not a tool what to
/// do with it.
fn says_something(doc: &str) -> bool {
    let lower = doc.to_ascii_lowercase();
    let to_tools = [
        "pragma",
        "noqa",
        "type:",
        "eslint",
        "copyright",
        "spdx",
        "@ts-",
        "prettier",
        "pylint",
        "mypy:",
        "rubocop",
        "frozen_string",
        "coding",
        "-*-",
        "license",
        "vim:",
        "todo",
    ];
    doc.split_whitespace().count() >= 2 && !to_tools.iter().any(|word| lower.starts_with(word))
}

fn definition(text: &str, symbol: &Symbol, depth: u8) -> Definition {
    let line = symbol.signature_line(text);
    let line = if line.is_empty() {
        format!("{} {}", symbol.kind.short(), symbol.name)
    } else {
        line
    };
    let scope = symbol
        .qualified_name
        .strip_suffix(symbol.name.as_str())
        .map(|scope| scope.trim_end_matches([':', '.', '#', '/', '\\', ' ']))
        .filter(|scope| !scope.is_empty() && !line.contains(*scope));
    let line = match scope {
        Some(scope) => format!("{line} in {scope}"),
        None => line,
    };
    Definition {
        name: symbol.name.clone(),
        short: format!("{} {}", symbol.kind.short(), symbol.qualified_name),
        signature: fold(&line, 240),
        doc: symbol.doc.clone().map_or(String::new(), |doc| {
            first_sentence(&doc_summary(&text[doc], MAX_DOC))
        }),
        lines: (symbol.lines.start, symbol.lines.end),
        is_type: symbol.kind.is_type(),
        is_public: symbol.visibility == Visibility::Public,
        depth,
    }
}

/// A text up to the end of its first sentence.
pub fn first_sentence(text: &str) -> String {
    let ends = text.match_indices(". ").map(|(at, _)| at + 1);
    // `e.g. ` and a capital letter with a dot end no sentence.
    let end = ends.into_iter().find(|end| {
        let word = text[..end - 1].rsplit(' ').next().unwrap_or("");
        word.len() > 1 && !word.contains('.') && !matches!(word, "vs" | "etc" | "cf")
    });
    text[..end.unwrap_or(text.len())].to_owned()
}
