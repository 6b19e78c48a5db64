//! Reads the tree for a graph, from the index: nothing is parsed that was parsed before.

use super::source::Source;
use crate::code::files::{self, WalkOptions};
use crate::code::index::{self, with_tree};
use crate::code::search::Store as _;
use crate::code::syntax::Limits;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// What is read of a tree.
#[derive(Clone, Copy, Debug)]
pub struct TreeOptions {
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
}

/// What was read: the files that hold text, sorted by path, and the problems met, as
/// (path, problem).
#[derive(Debug, Default)]
pub struct Tree {
    /// The files.
    pub sources: Vec<Source>,
    /// Files that could not be read; those that hold no text are none.
    pub problems: Vec<(String, String)>,
}

/// Reads all files below `root`.
pub fn read_tree(root: &Path, options: TreeOptions) -> Tree {
    let opened = index::TreeOptions {
        walk: options.walk,
        limits: options.limits,
        max_file_bytes: options.max_file_bytes,
        progress: None,
    };
    let (mut tree, notes) = with_tree(root, &opened, |tree| Tree {
        sources: (0..tree.n_files())
            .into_par_iter()
            .map(|file| source(tree, file))
            .collect(),
        problems: tree
            .without_text()
            .iter()
            .filter_map(|path| problem(root, path, options.max_file_bytes))
            .collect(),
    });
    let notes = notes
        .into_iter()
        .map(|note| (".ctx/index".to_owned(), note));
    tree.problems.extend(notes);
    tree
}

fn source(tree: &index::Tree, file: u32) -> Source {
    let found = tree.source(file);
    Source {
        path: found.path.to_owned(),
        // That a file is a copy of others is no matter of what it defines.
        role: found.own_role,
        language: found.language,
        text: Arc::from(tree.text(file)),
        syntax: tree.syntax(file),
    }
}

/// Why a file cannot be read; one that holds no text is no problem.
fn problem(root: &Path, path: &str, limit: u64) -> Option<(String, String)> {
    match files::read(&root.join(path), limit) {
        Ok(_) | Err(files::Problem::Binary { .. } | files::Problem::TooLarge { .. }) => None,
        Err(problem) => Some((path.to_owned(), problem.to_string())),
    }
}
