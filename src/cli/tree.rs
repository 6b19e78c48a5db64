//! What commands share that look at who uses what.

use super::args::{limits, walk_options};
use crate::code::graph::{Graph, TreeOptions, read_tree};
use crate::workspace::Workspace;

/// The graph of the workspace.
pub fn graph(workspace: &Workspace) -> (Graph, Vec<(String, String)>) {
    let options = TreeOptions {
        walk: walk_options(workspace),
        limits: limits(workspace),
        max_file_bytes: workspace.config.integer("code.max_file_bytes"),
    };
    let tree = read_tree(&workspace.root, options);
    (Graph::new(tree.sources), tree.problems)
}
