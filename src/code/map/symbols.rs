//! The symbols that matter most, by file in the order of paths, members under their type.

use super::focus::Near;
use super::rank::Ranks;
use super::{FILES, HEADING, MapRequest, SYMBOLS, heading};
use crate::code::graph::{Graph, SymbolId};
use crate::code::symbol::signature;
use crate::code::syntax::SymbolKind;
use crate::code::syntax::signature::{doc_summary, fold};
use crate::view::{ItemBuilder, Level, Place, View};
use std::collections::{BTreeMap, HashSet};

/// Most symbols that become items; the others are counted.
const MOST: usize = 2_500;
/// Longest signature, in bytes.
const LONG: usize = 150;
/// Longest line of documentation, in bytes.
const LONG_DOC: usize = 100;
/// Bytes of a line beside its text, about.
const LINE: usize = 14;
/// What each further symbol of one file is worth, against the one before it.
const AGAIN: f32 = 0.9;
/// What each further file of one folder is worth.
const AGAIN_FOLDER: f32 = 0.97;
/// What a second definition of one name is worth, against the first.
const COPY: f32 = 0.3;
/// Signatures longer than this have the bare name below them, in bytes.
const SHORT: usize = 56;
/// From worth to value within the view.
const SCALE: f32 = 700.0;

/// Adds the section of symbols.
pub(super) fn add(
    view: &mut View,
    graph: &Graph,
    request: &MapRequest,
    ranks: &Ranks,
    near: &Near,
) {
    let chosen = chosen(graph, request, ranks);
    if chosen.is_empty() {
        return;
    }
    let total = graph
        .ids()
        .filter(|id| ranks.worth[id.0 as usize] > 0.0 && request.filter.admits(graph, *id))
        .count();
    let title = match near.is_narrow() {
        true => "symbols near the focus, by file",
        false => "symbols that matter most, by file",
    };
    let parent = heading(view, "symbols", title, 1.5 * HEADING);
    let mut by_file: BTreeMap<&str, Vec<(SymbolId, f32)>> = BTreeMap::new();
    for (id, worth) in &chosen {
        let path = graph.source(*id).path.as_str();
        by_file.entry(path).or_default().push((*id, *worth));
    }
    let mut listed = 0;
    for (path, symbols) in by_file {
        listed += add_file(view, graph, parent, path, symbols);
    }
    if total > listed {
        view.unlisted
            .push((SYMBOLS, total - listed, 70 * (total - listed) as u64));
    }
}

/// The symbols worth most, each with its value; those of one file and one folder count less and
/// less.
fn chosen(graph: &Graph, request: &MapRequest, ranks: &Ranks) -> Vec<(SymbolId, f32)> {
    let mut sorted: Vec<(SymbolId, f32)> = graph
        .ids()
        .map(|id| (id, ranks.worth[id.0 as usize]))
        .filter(|(id, worth)| *worth > 0.0 && request.filter.admits(graph, *id))
        .collect();
    let by_worth = |a: &(SymbolId, f32), b: &(SymbolId, f32)| {
        b.1.total_cmp(&a.1).then_with(|| {
            let path = |id: SymbolId| graph.source(id).path.as_str();
            path(a.0).cmp(path(b.0)).then(a.0.cmp(&b.0))
        })
    };
    sorted.sort_by(by_worth);
    let mut in_file: BTreeMap<usize, i32> = BTreeMap::new();
    let mut in_folder: BTreeMap<&str, i32> = BTreeMap::new();
    let mut seen: HashSet<(&str, SymbolKind)> = HashSet::new();
    for (id, worth) in &mut sorted {
        let file = graph.file_of(*id);
        let path = graph.sources()[file].path.as_str();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let before = in_file.entry(file).or_insert(0);
        let siblings = in_folder.entry(folder).or_insert(0);
        if *before == 0 {
            *siblings += 1;
        }
        *worth *= AGAIN.powi(*before) * AGAIN_FOLDER.powi((*siblings - 1).min(40));
        *before += 1;
        // A copy of it, or its like for another platform.
        let symbol = graph.symbol(*id);
        if !seen.insert((&symbol.qualified_name, symbol.kind)) {
            *worth *= COPY;
        }
    }
    sorted.sort_by(by_worth);
    sorted.truncate(MOST);
    sorted
}

/// Adds a file with its symbols; returns how many symbols became items.
fn add_file(
    view: &mut View,
    graph: &Graph,
    parent: u32,
    path: &str,
    symbols: Vec<(SymbolId, f32)>,
) -> usize {
    let tree = Tree::of(graph, symbols);
    let file = graph.file_of(*tree.nodes.keys().next().expect("a file has symbols"));
    let source = &graph.sources()[file];
    let doc = source.syntax.doc.clone();
    let doc = doc.map_or(String::new(), |doc| {
        doc_summary(&source.text[doc], LONG_DOC)
    });
    // No more for its bytes than the best of its symbols: the one comes with the other.
    let ratio = |id: &SymbolId| {
        let symbol = graph.symbol(*id);
        let length = signature(symbol, &source.text).len();
        let length = if length > SHORT {
            symbol.name.len() + 7
        } else {
            length
        };
        tree.nodes[id].worth / (length + LINE) as f32
    };
    let best = tree.roots.iter().map(ratio).fold(0.0, f32::max);
    let value = 0.95 * SCALE * best * (path.len() + LINE) as f32;
    let path_idx = view.add_path(path.to_owned());
    let label = plain(path);
    let doc = if super::layout::is_telling(&doc) {
        doc
    } else {
        String::new()
    };
    let item = view.add(ItemBuilder {
        parent: Some(parent),
        noun: FILES,
        place: Place {
            path: path_idx,
            lines: None,
        },
        kind: "file",
        is_parent: true,
        levels: &[
            (Level::Name, &label, value),
            (Level::Doc, &doc, 1.25 * value),
        ],
        ..ItemBuilder::default()
    });
    tree.add(view, graph, item, path_idx)
}

fn plain(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@');
    if path.starts_with(is_plain) {
        path.to_owned()
    } else {
        format!("./{path}")
    }
}

struct Node {
    worth: f32,
    children: Vec<SymbolId>,
}

/// The chosen symbols of one file, members under their type.
struct Tree {
    nodes: BTreeMap<SymbolId, Node>,
    roots: Vec<SymbolId>,
}

impl Tree {
    fn of(graph: &Graph, symbols: Vec<(SymbolId, f32)>) -> Tree {
        let mut tree = Tree {
            nodes: BTreeMap::new(),
            roots: Vec::new(),
        };
        for (id, worth) in &symbols {
            let mut above = Some(*id);
            let mut worth = *worth;
            while let Some(id) = above {
                let node = tree.nodes.entry(id).or_insert(Node {
                    worth: 0.0,
                    children: Vec::new(),
                });
                node.worth = node.worth.max(worth);
                worth *= 1.02;
                above = around(graph, id);
            }
        }
        let ids: Vec<SymbolId> = tree.nodes.keys().copied().collect();
        for id in ids {
            match around(graph, id) {
                Some(above) => {
                    let above = tree.nodes.get_mut(&above).expect("added with its members");
                    above.children.push(id);
                }
                None => tree.roots.push(id),
            }
        }
        tree
    }

    fn add(&self, view: &mut View, graph: &Graph, parent: u32, path: u32) -> usize {
        let mut added = 0;
        for id in &self.roots {
            added += self.add_one(view, graph, *id, parent, path);
        }
        added
    }

    fn add_one(
        &self,
        view: &mut View,
        graph: &Graph,
        id: SymbolId,
        parent: u32,
        path: u32,
    ) -> usize {
        let node = &self.nodes[&id];
        let symbol = graph.symbol(id);
        let text = &graph.source(id).text;
        let value = SCALE * node.worth;
        let signature = fold(&signature(symbol, text), LONG);
        let doc = symbol.doc.clone();
        let doc = doc.map_or(String::new(), |doc| doc_summary(&text[doc], LONG_DOC));
        let long = [
            (Level::Name, symbol.name.as_str(), 0.8 * value),
            (Level::Signature, signature.as_str(), value),
            (Level::Doc, doc.as_str(), 1.3 * value),
        ];
        let item = view.add(ItemBuilder {
            parent: Some(parent),
            noun: SYMBOLS,
            place: Place {
                path,
                lines: Some((symbol.lines.start, symbol.lines.end)),
            },
            kind: symbol.kind.word(),
            label: symbol.kind.short(),
            tokens: 0,
            is_parent: !node.children.is_empty(),
            levels: match signature.len() > SHORT {
                true => &long,
                false => &long[1..],
            },
        });
        let children = node.children.iter();
        1 + children
            .map(|child| self.add_one(view, graph, *child, item, path))
            .sum::<usize>()
    }
}

/// What a symbol is shown under: its type in the same file, or what it stands in.
fn around(graph: &Graph, id: SymbolId) -> Option<SymbolId> {
    let same_file = |above: &SymbolId| graph.file_of(*above) == graph.file_of(id);
    graph
        .type_of_member(id)
        .filter(same_file)
        .filter(|above| *above != id)
        .or_else(|| graph.parent(id))
        .and_then(|above| outside_modules(graph, above))
}

/// The symbol itself, or the first around it that is no module or namespace: those say little
/// that the path does not.
fn outside_modules(graph: &Graph, id: SymbolId) -> Option<SymbolId> {
    let kind = graph.symbol(id).kind;
    match kind {
        SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Package => graph
            .parent(id)
            .and_then(|above| outside_modules(graph, above)),
        _ => Some(id),
    }
}
