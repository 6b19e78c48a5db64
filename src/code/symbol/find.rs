//! Looks up what was asked for: the candidates, best first, or the names nearest to it.

use super::Target;
use crate::code::graph::{Graph, SymbolId, parts, words};
use crate::code::outline::Tests;
use crate::code::syntax::{SymbolKind, Visibility};
use crate::nearest::all_near;
use globset::GlobMatcher;
use std::collections::{BTreeMap, HashSet};

/// Which symbols may be meant.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in files that one of these matches; any file when empty.
    pub paths: Vec<GlobMatcher>,
    /// Only in these languages; any when empty.
    pub languages: Vec<&'static str>,
    /// Tests.
    pub tests: Tests,
}

impl Filter {
    /// Whether a symbol may be meant.
    pub fn admits(&self, graph: &Graph, id: SymbolId) -> bool {
        let tests = match self.tests {
            Tests::Also => true,
            Tests::No => !graph.is_test(id),
            Tests::Only => graph.is_test(id),
        };
        tests && self.admits_file(graph, graph.file_of(id))
    }

    /// Whether a file may be meant.
    pub fn admits_file(&self, graph: &Graph, file: usize) -> bool {
        let source = &graph.sources()[file];
        let language = source.language.map_or("", |language| language.name);
        (self.languages.is_empty() || self.languages.contains(&language))
            && (self.paths.is_empty() || self.paths.iter().any(|glob| glob.is_match(&source.path)))
    }
}

/// The symbols that `target` may mean, best first.
pub fn find(graph: &Graph, target: &Target, filter: &Filter) -> Vec<SymbolId> {
    let mut found = match target {
        Target::Name(name) => graph.find(name),
        Target::InFile(path, name) => {
            let files = files(graph, path);
            let mut found = graph.find(name);
            found.retain(|id| files.contains(&graph.file_of(*id)));
            found
        }
        Target::Around(path, line) => files(graph, path)
            .into_iter()
            .filter_map(|file| around(graph, file, *line))
            .collect(),
    };
    found.retain(|id| filter.admits(graph, *id));
    // A heading is what was meant only where no code is.
    let is_code = |id: &SymbolId| graph.source(*id).habits().is_code;
    if found.iter().any(is_code) {
        found.retain(is_code);
    }
    drop_parts(graph, &mut found);
    let worth = worths(graph, &found);
    found.sort_by(|a, b| worth[b].total_cmp(&worth[a]).then(a.cmp(b)));
    found
}

/// The files that a path names: itself, or the end of theirs.
fn files(graph: &Graph, path: &str) -> HashSet<usize> {
    let path = path.trim_start_matches("./");
    let numbered = || graph.sources().iter().enumerate();
    let exact: HashSet<usize> = numbered()
        .filter(|(_, source)| source.path == path)
        .map(|(file, _)| file)
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let end = format!("/{path}");
    numbered()
        .filter(|(_, source)| source.path.ends_with(&end))
        .map(|(file, _)| file)
        .collect()
}

fn around(graph: &Graph, file: usize, line: u32) -> Option<SymbolId> {
    let text = &graph.sources()[file].text;
    graph
        .symbols_of(file)
        .filter(|id| {
            let symbol = graph.symbol(*id);
            let first = symbol.doc.as_ref().map_or(symbol.lines.start, |doc| {
                let before = text[..doc.start].matches('\n').count() as u32 + 1;
                before.min(symbol.lines.start)
            });
            (first..=symbol.lines.end).contains(&line)
        })
        .last()
}

/// Leaves out what is a part of another candidate: the `impl` blocks and constructors of a type.
fn drop_parts(graph: &Graph, found: &mut Vec<SymbolId>) {
    let types: HashSet<usize> = found
        .iter()
        .filter(|id| graph.symbol(**id).kind.is_type())
        .map(|id| graph.file_of(*id))
        .collect();
    let has_type = !types.is_empty();
    let candidates: HashSet<SymbolId> = found.iter().copied().collect();
    found.retain(|id| {
        let kind = graph.symbol(*id).kind;
        let in_candidate = graph
            .parent(*id)
            .is_some_and(|parent| candidates.contains(&parent));
        !(has_type && matches!(kind, SymbolKind::Impl | SymbolKind::Extension)
            || in_candidate && kind == SymbolKind::Constructor)
    });
}

/// What each candidate is worth to someone who asks for its name.
fn worths(graph: &Graph, found: &[SymbolId]) -> BTreeMap<SymbolId, f32> {
    let mut used: BTreeMap<SymbolId, f32> = BTreeMap::new();
    if found.len() > 1 {
        used = graph.weights_of(found);
    }
    let worth = |id: &SymbolId| {
        let symbol = graph.symbol(*id);
        let kind = match symbol.kind {
            kind if kind.is_type() => 1.0,
            kind if kind.is_callable() => 0.95,
            kind if kind.is_member_data() => 0.35,
            SymbolKind::Heading => 0.1,
            _ => 0.6,
        };
        let public = if symbol.visibility == Visibility::Public {
            1.0
        } else {
            0.8
        };
        let declared = if symbol.body.is_some() { 1.0 } else { 0.7 };
        let tests = if graph.is_test(*id) { 0.3 } else { 1.0 };
        let uses = used.get(id).copied().unwrap_or(0.0);
        let role = graph.source(*id).role.weight();
        kind * public * declared * tests * role * (1.0 + (1.0 + uses).ln())
    };
    found.iter().map(|id| (*id, worth(id))).collect()
}

/// Names like the one asked for, nearest first: one typed wrongly, in other case, or of the same
/// words.
pub fn near(graph: &Graph, asked: &str, filter: &Filter, most: usize) -> Vec<String> {
    let parts = parts(asked);
    let name = parts.last().copied().unwrap_or(asked);
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for id in graph.ids().filter(|id| filter.admits(graph, *id)) {
        let symbol = graph.symbol(id);
        if !matches!(symbol.kind, SymbolKind::Heading | SymbolKind::Key) {
            *known.entry(symbol.name.as_str()).or_default() += 1;
        }
    }
    let mut near: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if near.len() < most && !near.iter().any(|known| known == name) {
            near.push(name.to_owned());
        }
    };
    let lower = name.to_lowercase();
    for known in known.keys().filter(|known| known.to_lowercase() == lower) {
        add(known);
    }
    let mut asked = words(name);
    asked.sort();
    let same_words = |known: &&&str| {
        let mut own = words(known);
        own.sort();
        own == asked
    };
    for known in known.keys().filter(same_words) {
        add(known);
    }
    let alike = |known: &&str| known.len().abs_diff(name.len()) <= 1 + name.len() / 3;
    for known in all_near(name, known.keys().copied().filter(alike), most) {
        add(known);
    }
    let holds_all = |known: &&&str| {
        let own = words(known);
        asked.len() > 1 && asked.iter().all(|word| own.contains(word))
    };
    for known in known.keys().filter(holds_all) {
        add(known);
    }
    near
}
