//! What a file says of itself: the comment or documentation string at its top.

use super::symbol::{Symbol, SymbolKind};
use std::ops::Range;

/// Words that mark a licence or an instruction to a tool rather than a description.
const NO_DESCRIPTION: &[&str] = &[
    "copyright",
    "license",
    "licence",
    "spdx-",
    "all rights reserved",
    "eslint",
    "@ts-",
    "go:build",
    "+build",
    "vim:",
    "-*-",
    "frozen_string_literal",
    "clang-format",
    "prettier-",
    "shellcheck",
    "rubocop",
    "noinspection",
    "pragma",
    "noqa",
    "pylint",
    "mypy:",
    "type: ignore",
    "isort:",
    "nolint",
    "tslint",
    "jshint",
    "istanbul",
    "use strict",
    "pragma:",
    "noqa",
    "pylint:",
    "mypy:",
    "type: ignore",
    "nolint",
    "istanbul",
    "jshint",
];

/// First words of lines that a description of the file no longer follows: what comes after the
/// imports describes a part of the file.
const IMPORTS: &[&str] = &[
    "#include",
    "#import",
    "import",
    "from",
    "use",
    "using",
    "require",
    "require_relative",
    "open",
    "extern",
    "const",
    "let",
    "var",
];

/// Most lines of code before a description: `<?php`, a guard, a package.
const MAX_PREAMBLE: usize = 3;

/// The bytes of the description of a file: its first comment before any symbol that is neither
/// a licence nor the documentation of a symbol, or a documentation string in its place.
///
/// `comments` are sorted by their start.
pub(super) fn file_doc(
    text: &str,
    comments: &[Range<usize>],
    symbols: &[Symbol],
) -> Option<Range<usize>> {
    let first_symbol = symbols
        .first()
        .map_or(text.len(), |symbol| symbol.span.start);
    let is_taken = |run: &Range<usize>| {
        let takes = |symbol: &Symbol| {
            let is_file = matches!(
                symbol.kind,
                SymbolKind::Package | SymbolKind::Module | SymbolKind::Namespace
            );
            !is_file && symbol.doc.as_ref().is_some_and(|doc| doc.start < run.end)
        };
        symbols.first().is_some_and(takes)
    };
    let described = runs(text, comments)
        .take_while(|run| run.start < first_symbol && is_at_top(text, comments, run.start))
        .take(4)
        .find(|run| is_description(&text[run.clone()]) && !is_taken(run));
    let string = documentation_string(text, comments);
    match (described, string) {
        (Some(comment), Some(string)) if string.start < comment.start => Some(string),
        (described, string) => string.or(described),
    }
}

/// Whether only comments and a short preamble come before `at`, and nothing on its line.
fn is_at_top(text: &str, comments: &[Range<usize>], at: usize) -> bool {
    let mut n_lines = 0;
    let mut start = 0;
    for comment in comments.iter().take_while(|comment| comment.start <= at) {
        let code = text.get(start..comment.start).unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim().is_empty()) {
            let word = line.split_whitespace().next().unwrap_or_default();
            n_lines += 1;
            if n_lines > MAX_PREAMBLE || IMPORTS.contains(&word) {
                return false;
            }
        }
        start = comment.end.max(start);
    }
    let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
    text[line..at].trim().is_empty()
}

fn is_description(comment: &str) -> bool {
    let lower = comment.to_lowercase();
    let has_words = comment
        .split_whitespace()
        .filter(|word| word.len() > 1)
        .count()
        > 2;
    has_words && !NO_DESCRIPTION.iter().any(|word| lower.contains(word))
}

/// Comments with nothing but line breaks between them, as one range; a blank line separates.
fn runs<'a>(
    text: &'a str,
    comments: &'a [Range<usize>],
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut run = comments.get(at)?.clone();
        at += 1;
        while let Some(next) = comments.get(at)
            && let Some(between) = text.get(run.end..next.start)
            && between.trim().is_empty()
            && between.matches('\n').count() <= 1
        {
            run.end = next.end;
            at += 1;
        }
        Some(run)
    })
}

/// A string in triple quotes that opens the file, after comments.
fn documentation_string(text: &str, comments: &[Range<usize>]) -> Option<Range<usize>> {
    let mut start = 0;
    for comment in comments {
        if !text.get(start..comment.start)?.trim().is_empty() {
            break;
        }
        start = comment.end;
    }
    let rest = text.get(start..)?;
    let start = start + rest.len() - rest.trim_start().len();
    let quoted = text[start..].trim_start_matches(['r', 'R', 'u', 'U']);
    let prefix = text.len() - start - quoted.len();
    let quote = ["\"\"\"", "'''"]
        .into_iter()
        .find(|quote| quoted.starts_with(quote))?;
    let end = quoted[3..].find(quote)? + 6;
    (prefix <= 2).then_some(start..start + prefix + end)
}
