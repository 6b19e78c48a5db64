//! `ctx symbol`: one symbol, where it stands, and who has to do with it, as a [`crate::view::View`].
//!
//! The story: [`Target`] reads what was typed, [`find()`] looks it up in a [`Graph`](crate::code::graph::Graph), and
//! [`view()`] shows one definition with its relations, or the candidates, best first. Nothing
//! here opens a file.

mod definition;
mod find;
mod relations;

pub(crate) use definition::signature;
pub use definition::view;
pub use find::{admits, admits_file, find, near};

use crate::code::outline::Tests;
use crate::view::Level;

/// What a reader types to name a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `name`, `Container.name`, `Container::name`
    Name(String),
    /// `path#name`
    InFile(String, String),
    /// `path:line`: the innermost symbol around the line.
    Around(String, u32),
}

impl Target {
    /// Reads a target; never fails: what is no place is a name.
    pub fn parse(typed: &str) -> Target {
        let typed = typed.trim();
        if let Some((path, name)) = typed.split_once('#')
            && !path.is_empty()
            && !name.is_empty()
        {
            return Target::InFile(path.to_owned(), name.to_owned());
        }
        if let Some((path, line)) = typed.rsplit_once(':')
            && !path.is_empty()
            && let Some(line) = first_line(line)
        {
            return Target::Around(path.to_owned(), line);
        }
        Target::Name(typed.trim_end_matches("()").to_owned())
    }

    /// The name that is asked for, if one is.
    pub fn name(&self) -> Option<&str> {
        match self {
            Target::Name(name) | Target::InFile(_, name) => Some(name),
            Target::Around(..) => None,
        }
    }
}

/// The first line of `12`, `12-40`, `L12`.
fn first_line(text: &str) -> Option<u32> {
    let first = text.split('-').next().unwrap_or(text);
    let line = first.trim_start_matches('L').parse().ok()?;
    (line > 0).then_some(line)
}

/// What of a symbol is asked for.
#[derive(Clone, Debug)]
pub struct SymbolRequest {
    /// Which symbol.
    pub target: Target,
    /// The highest level of its definition; `None` for all of it, if it fits.
    pub level: Option<Level>,
    /// Every use of it.
    pub references: bool,
    /// Calls of it.
    pub callers: bool,
    /// What it calls.
    pub callees: bool,
    /// The tests that cover it.
    pub covered_by: bool,
    /// Which tests among definitions and uses are shown.
    pub tests: Tests,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

impl SymbolRequest {
    /// Whether anything beside the definition is asked for.
    pub fn wants_relations(&self) -> bool {
        self.references || self.callers || self.callees || self.covered_by
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn targets_are_read_as_they_are_typed() {
        let cases = [
            ("pack", Target::Name("pack".into())),
            ("pack()", Target::Name("pack".into())),
            ("Packer::new", Target::Name("Packer::new".into())),
            (
                "a/b.rs#Packer.new",
                Target::InFile("a/b.rs".into(), "Packer.new".into()),
            ),
            ("a/b.rs:12", Target::Around("a/b.rs".into(), 12)),
            ("a/b.rs:L12-L40", Target::Around("a/b.rs".into(), 12)),
            ("a:0", Target::Name("a:0".into())),
        ];
        for (typed, expected) in cases {
            assert_eq!(Target::parse(typed), expected, "{typed}");
        }
    }
}
