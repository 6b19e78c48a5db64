//! What a map should favor, and how near everything is to it: what was named itself, then one
//! hop over uses in both directions.

use super::rank::Edges;
use crate::code::graph::{Graph, SymbolId};
use crate::code::scope::Scope;
use crate::code::search::{Document, Query, Store as _, Weights, memory, rank};
use globset::Glob;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a map should favor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Files, by their paths from the root; `name` is how it was asked for.
    Files {
        /// As it was typed.
        name: String,
        /// The paths.
        paths: Vec<String>,
    },
    /// A path, a pattern of paths, a symbol, or else the text of a query.
    Text(String),
}

/// How near files and symbols are to what is in focus: 1 for what is not near.
#[derive(Debug, Default)]
pub struct Near {
    files: Vec<f32>,
    symbols: HashMap<SymbolId, f32>,
    unknown: Vec<String>,
    is_narrow: bool,
}

/// How much nearer what is in focus is than what is not.
const IN_FOCUS: f32 = 12.0;
/// What one hop away is, as a share of that.
const ONE_HOP: f32 = 0.3;
/// What a query finds, at most.
const FOUND: usize = 60;
/// Most symbols of one name that are in focus.
const NAMED: usize = 8;

impl Near {
    /// How near everything of `graph` is to `focus`.
    pub fn of(graph: &Graph, edges: &Edges, focus: &[Focus]) -> Near {
        let mut near = Near {
            files: vec![0.0; graph.sources().len()],
            ..Near::default()
        };
        for focus in focus {
            let found = match focus {
                Focus::Files { paths, .. } => near.add_paths(graph, paths),
                Focus::Text(text) => {
                    near.add_pattern(graph, text)
                        || near.add_symbols(graph, text)
                        || near.add_query(graph, text)
                }
            };
            if found {
                near.is_narrow = true;
            } else {
                near.unknown.push(match focus {
                    Focus::Files { name, .. } => name.clone(),
                    Focus::Text(text) => text.clone(),
                });
            }
        }
        if near.is_narrow {
            near.hop(graph, edges);
        }
        near
    }

    /// Whether anything is in focus.
    pub fn is_narrow(&self) -> bool {
        self.is_narrow
    }

    /// What was named and is not there.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// The factor for a file.
    pub fn of_file(&self, file: usize) -> f32 {
        1.0 + IN_FOCUS * self.files[file]
    }

    /// The factor for a symbol.
    pub fn of_symbol(&self, id: SymbolId) -> f32 {
        1.0 + IN_FOCUS * self.symbols.get(&id).copied().unwrap_or(0.0)
    }

    /// The factor for a folder: that of its nearest file.
    pub fn of_folder(&self, graph: &Graph, folder: &str) -> f32 {
        if !self.is_narrow {
            return 1.0;
        }
        let below = format!("{folder}/");
        let files = graph.sources().iter().zip(&self.files);
        let nearest = files
            .filter(|(source, _)| source.path.starts_with(&below))
            .map(|(_, near)| *near)
            .fold(0.0, f32::max);
        0.15 + nearest
    }

    fn file(&mut self, graph: &Graph, file: usize, near: f32) {
        self.files[file] = self.files[file].max(near);
        for id in graph.symbols_of(file) {
            self.symbol(id, 0.8 * near);
        }
    }

    fn symbol(&mut self, id: SymbolId, near: f32) {
        let known = self.symbols.entry(id).or_insert(0.0);
        *known = known.max(near);
    }

    fn add_paths(&mut self, graph: &Graph, paths: &[String]) -> bool {
        let paths: HashSet<&str> = paths.iter().map(String::as_str).collect();
        let mut found = false;
        for file in 0..graph.sources().len() {
            if paths.contains(graph.sources()[file].path.as_str()) {
                self.file(graph, file, 1.0);
                found = true;
            }
        }
        found
    }

    fn add_pattern(&mut self, graph: &Graph, text: &str) -> bool {
        let plain = text.trim_start_matches("./").trim_end_matches('/');
        if plain.is_empty() || plain.contains(' ') {
            return false;
        }
        let globs: Vec<_> = [
            plain.to_owned(),
            format!("{plain}/**"),
            format!("**/{plain}"),
        ]
        .iter()
        .filter_map(|glob| Some(Glob::new(glob).ok()?.compile_matcher()))
        .collect();
        let mut found = false;
        for file in 0..graph.sources().len() {
            let path = &graph.sources()[file].path;
            if globs.iter().any(|glob| glob.is_match(path)) {
                self.file(graph, file, 1.0);
                found = true;
            }
        }
        found
    }

    fn add_symbols(&mut self, graph: &Graph, text: &str) -> bool {
        let mut found = graph.find(text.trim_end_matches("()"));
        found.retain(|id| graph.source(*id).habits().is_code);
        let role = |id: &SymbolId| -graph.source(*id).role.weight();
        found.sort_by(|a, b| role(a).total_cmp(&role(b)).then(a.cmp(b)));
        for id in found.iter().take(NAMED) {
            let file = graph.file_of(*id);
            self.files[file] = self.files[file].max(0.6);
            self.symbol(*id, 1.0);
            for member in graph.symbols_of(file) {
                if graph.type_of_member(member) == Some(*id) || graph.parent(member) == Some(*id) {
                    self.symbol(member, 0.7);
                }
            }
        }
        !found.is_empty()
    }

    /// What a search for the text finds, as near as it is ranked.
    fn add_query(&mut self, graph: &Graph, text: &str) -> bool {
        let weights = Weights::default();
        let query = Query::new(text, &weights);
        let documents: Vec<Document> = graph
            .sources()
            .iter()
            .map(|source| Document {
                path: source.path.clone(),
                role: source.role,
                text: Arc::clone(&source.text),
                syntax: Arc::clone(&source.syntax),
            })
            .collect();
        let store = memory(documents, &query);
        let ranking = rank(&store, &query, &Scope::default(), &weights);
        let file_of: HashMap<&str, usize> = graph
            .sources()
            .iter()
            .enumerate()
            .map(|(file, source)| (source.path.as_str(), file))
            .collect();
        for (file, score) in ranking.files.iter().take(FOUND / 3) {
            if let Some(file) = file_of.get(store.file(*file).path) {
                self.files[*file] = self.files[*file].max(0.6 * score);
            }
        }
        for (unit, score) in ranking.units.iter().take(FOUND) {
            let name = store.name(*unit);
            let unit = store.unit(*unit);
            let Some(file) = file_of.get(store.file(unit.file).path) else {
                continue;
            };
            let same = graph.symbols_of(*file).find(|id| {
                let symbol = graph.symbol(*id);
                symbol.lines == unit.lines && symbol.name == name
            });
            if let Some(id) = same {
                self.symbol(id, *score);
            }
        }
        !ranking.units.is_empty()
    }

    /// Spreads nearness one hop: to what is used from near files, and to the files that use what
    /// is near.
    fn hop(&mut self, graph: &Graph, edges: &Edges) {
        let mut files = self.files.clone();
        let mut symbols: HashMap<SymbolId, f32> = HashMap::new();
        for (file, edges) in edges.of_file.iter().enumerate() {
            let out: f32 = edges.iter().map(|(_, weight)| weight.sqrt()).sum();
            let mut touched = 0.0;
            for (symbol, weight) in edges {
                let share = weight.sqrt() / out.max(1.0);
                if self.files[file] > 0.0 && graph.file_of(*symbol) != file {
                    let hop = ONE_HOP * self.files[file] * (4.0 * share).min(1.0).sqrt();
                    let known = symbols.entry(*symbol).or_insert(0.0);
                    *known = known.max(hop);
                }
                touched += share * self.symbols.get(symbol).copied().unwrap_or(0.0);
            }
            files[file] = files[file].max(ONE_HOP * (2.0 * touched).min(1.0));
        }
        for (symbol, near) in symbols {
            self.symbol(symbol, near);
        }
        self.files = files;
    }
}
