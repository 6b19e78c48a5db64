//! What an import names, read from its text: a path in parts, and the words that it binds.

use super::habits::Habits;
use super::source::Source;
use std::ops::Range;

/// Where the path of an import begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Somewhere: at a root of sources, or outside the workspace.
    Anywhere,
    /// In this package (`crate::`).
    Package,
    /// So many folders above the file's own.
    Up(usize),
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFacts {
    /// Where the path begins.
    pub anchor: Anchor,
    /// The parts of the path, without file extension.
    pub parts: Vec<String>,
    /// How many parts at the end may be symbols rather than modules.
    pub symbols: usize,
    /// Bytes of the whole statement: its words are what it binds.
    pub statement: Range<usize>,
    /// Whether it brings all names of what it imports.
    pub is_wildcard: bool,
}

/// Longest import statement that is read, in bytes.
const LONG: usize = 4_000;
/// Most paths that one statement expands to.
const MOST: usize = 200;

/// The imports of a file.
pub(super) fn facts(source: &Source, habits: &Habits) -> Vec<ImportFacts> {
    let text: &str = &source.text;
    let mut line_starts = vec![0];
    line_starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut found = Vec::new();
    for import in &source.syntax.imports {
        let Some(start) = line_starts.get(import.line as usize - 1) else {
            continue;
        };
        let statement = *start..statement_end(text, *start);
        let mut paths = Vec::new();
        expand("", &import.path, &mut paths);
        for path in paths {
            let words = &text[statement.clone()];
            found.push(one(&path, habits, statement.clone(), words));
        }
    }
    found
}

fn one(path: &str, habits: &Habits, statement: Range<usize>, words: &str) -> ImportFacts {
    let path = path.split(" as ").next().unwrap_or(path);
    let path = path.trim().trim_matches(['"', '\'', '<', '>', '`', ';']);
    let is_file = matches!(habits.family, "javascript" | "c" | "dart") || path.contains('/');
    let (anchor, path) = anchor(path, habits, words);
    let parts: Vec<String> = if is_file {
        let path = path.trim_start_matches("package:");
        without_extension(path)
            .split(['/', ':'])
            .map(str::to_owned)
            .collect()
    } else {
        path.split(['.', ':', '\\']).map(str::to_owned).collect()
    };
    let mut parts: Vec<String> = parts
        .into_iter()
        .filter(|part| !part.is_empty() && part != "." && part != "*" && part != "_")
        .filter(|part| !(habits.family == "javascript" && part.starts_with(['@', '~'])))
        .collect();
    if parts.first().is_some_and(|part| part == "crate") {
        parts.remove(0);
    }
    let symbols = match habits.family {
        "javascript" | "c" | "go" | "dart" | "ruby" => 0,
        "python" => usize::from(words.trim_start().starts_with("import")),
        _ => 2,
    };
    let binds_all = matches!(
        habits.family,
        "c" | "c-sharp" | "ruby" | "dart" | "swift" | "haskell" | "lua"
    );
    ImportFacts {
        anchor,
        parts,
        symbols,
        statement,
        is_wildcard: binds_all || is_wildcard(words, habits),
    }
}

fn is_wildcard(words: &str, habits: &Habits) -> bool {
    match habits.family {
        // `import * as x` binds x alone.
        "javascript" => words.contains("export *"),
        "go" => words.trim_start().starts_with(". "),
        _ => words.contains('*') || words.trim_end().ends_with("._"),
    }
}

fn anchor<'a>(path: &'a str, habits: &Habits, words: &str) -> (Anchor, &'a str) {
    match habits.family {
        "rust" => {
            let mut rest = path;
            let mut ups = 0;
            while let Some(below) = rest.strip_prefix("super") {
                rest = below.trim_start_matches(':');
                ups += 1;
            }
            if ups > 0 {
                return (Anchor::Up(ups - 1), rest);
            }
            if let Some(below) = path.strip_prefix("self::") {
                return (Anchor::Up(0), below);
            }
            if path.starts_with("crate::") {
                return (Anchor::Package, path);
            }
            (Anchor::Anywhere, path)
        }
        "python" => {
            let rest = path.trim_start_matches('.');
            match path.len() - rest.len() {
                0 => (Anchor::Anywhere, path),
                dots => (Anchor::Up(dots - 1), rest),
            }
        }
        _ => {
            let mut rest = path;
            let mut ups = 0;
            loop {
                if let Some(below) = rest.strip_prefix("../") {
                    rest = below;
                    ups += 1;
                } else if let Some(below) = rest.strip_prefix("./") {
                    rest = below;
                } else {
                    break;
                }
            }
            if rest == ".." {
                return (Anchor::Up(ups + 1), "");
            }
            if rest.len() < path.len() || rest == "." || words.contains("require_relative") {
                return (Anchor::Up(ups), rest);
            }
            (Anchor::Anywhere, path)
        }
    }
}

fn without_extension(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path[name..].rfind('.') {
        Some(dot) if dot > 0 && path.len() - name - dot <= 5 => &path[..name + dot],
        _ => path,
    }
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn expand(before: &str, path: &str, found: &mut Vec<String>) {
    if found.len() >= MOST {
        return;
    }
    let Some(open) = path.find('{') else {
        let path = path.trim();
        if !path.is_empty() {
            found.push(match path {
                "self" => before.trim_end_matches([':', '\\']).to_owned(),
                _ => format!("{before}{path}"),
            });
        }
        return;
    };
    let before = format!("{before}{}", path[..open].trim());
    let inside = path[open + 1..].trim_end();
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&before, &inside[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
    expand(&before, &inside[start..], found);
}

/// Where the statement that begins at `start` ends: at the end of a line outside brackets.
fn statement_end(text: &str, start: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate().skip(start).take(LONG) {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth -= 1,
            b'\n' if depth <= 0 => return at,
            _ => {}
        }
    }
    let mut end = text.len().min(start + LONG);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{expand, without_extension};

    #[test]
    fn groups_are_expanded() {
        let mut found = Vec::new();
        expand("", "a::{self, b, c::{d, e as f}, g::*}", &mut found);
        assert_eq!(found, ["a", "a::b", "a::c::d", "a::c::e as f", "a::g::*"]);
    }

    #[test]
    fn extensions_are_dropped() {
        assert_eq!(without_extension("./a.b/view.js"), "./a.b/view");
        assert_eq!(without_extension("../x"), "../x");
        assert_eq!(without_extension(".hidden"), ".hidden");
    }
}
