//! Which files of the tree a command is about: by path, by language, tests or not.

use super::files::Role;
use super::outline::Tests;
use super::syntax::language;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::path::Path;

/// The part of a tree that a command looks at; the default is all of it.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    paths: Option<GlobSet>,
    /// Only files of these languages; all when empty.
    pub languages: Vec<&'static str>,
    /// Tests.
    pub tests: Tests,
}

impl Scope {
    /// The files that any of `patterns` names, or all when there is none. A pattern is a file,
    /// a folder, a glob over paths relative to the workspace, or one over names (`*.rs`).
    ///
    /// # Errors
    /// A pattern that is no glob.
    pub fn new(
        patterns: &[String],
        languages: Vec<&'static str>,
        tests: Tests,
    ) -> Result<Scope, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            let pattern = if pattern == "." { "**" } else { pattern };
            set.add(glob(pattern)?);
            set.add(glob(&format!("{pattern}/**"))?);
            if !pattern.contains('/') && pattern.contains(['*', '?', '[', '{']) {
                set.add(glob(&format!("**/{pattern}"))?);
            }
        }
        Ok(Scope {
            paths: match patterns {
                [] => None,
                _ => Some(set.build()?),
            },
            languages,
            tests,
        })
    }

    /// Whether this is the whole tree.
    pub fn is_all(&self) -> bool {
        self.paths.is_none() && self.languages.is_empty() && self.tests == Tests::Also
    }

    /// Whether the file at `path`, relative to the workspace, belongs to it. Tests that stand
    /// in files of the product are not judged here.
    pub fn holds(&self, path: &str, role: Role) -> bool {
        self.holds_path(path) && self.holds_role(role) && self.holds_language(path)
    }

    /// Whether a path is named.
    pub fn holds_path(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|set| set.is_match(path))
    }

    /// Whether a file is named, and is of a language that was asked for; tests are not judged.
    pub fn holds_file(&self, path: &str, language: Option<&'static str>) -> bool {
        let is_spoken = self.languages.is_empty()
            || language.is_some_and(|name| self.languages.contains(&name));
        self.holds_path(path) && is_spoken
    }

    /// Whether a unit of a file that belongs to it does so as well.
    pub fn holds_unit(&self, role: Role, is_test: bool) -> bool {
        let is_test = is_test || role == Role::Test;
        match self.tests {
            Tests::Also => true,
            Tests::No => !is_test,
            Tests::Only => is_test,
        }
    }

    fn holds_role(&self, role: Role) -> bool {
        match self.tests {
            Tests::No => role != Role::Test,
            // Files of the product hold tests in some languages.
            Tests::Only => matches!(role, Role::Test | Role::Source),
            Tests::Also => true,
        }
    }

    fn holds_language(&self, path: &str) -> bool {
        self.languages.is_empty()
            || language::detect_by_path(Path::new(path))
                .is_some_and(|language| self.languages.contains(&language.name))
    }
}

fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(pattern: &str, path: &str) -> bool {
        Scope::new(&[pattern.to_owned()], vec![], Tests::Also)
            .unwrap()
            .holds(path, Role::Source)
    }

    #[test]
    fn a_pattern_is_a_file_a_folder_or_a_glob() {
        for (pattern, path) in [
            ("src", "src/a/b.rs"),
            ("src/", "src/b.rs"),
            ("./src/b.rs", "src/b.rs"),
            ("*.rs", "src/a/b.rs"),
            ("src/*.rs", "src/b.rs"),
            ("src/**/*.rs", "src/a/b/c.rs"),
            (".", "src/b.rs"),
        ] {
            assert!(holds(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("src", "lib/src.rs"),
            ("src/*.rs", "src/a/b.rs"),
            ("b.rs", "src/b.rs"),
        ] {
            assert!(!holds(pattern, path), "{pattern} {path}");
        }
    }
}
