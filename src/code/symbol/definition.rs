//! A definition, or the candidates for one, as items of a view.

use super::SymbolRequest;
use super::relations;
use crate::code::graph::{Graph, SymbolId};
use crate::code::outline::Tests;
use crate::code::syntax::signature::doc_summary;
use crate::code::syntax::{Symbol, Visibility};
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, ItemBuilder, Level, Noun, Place, View, pack};
use std::collections::BTreeMap;

pub(super) const FILES: u8 = 0;
pub(super) const SYMBOLS: u8 = 1;
pub(super) const USES: u8 = 2;
pub(super) const SECTIONS: u8 = 3;
const NOTES: u8 = 4;

/// Longest documentation shown beside a signature, in bytes.
const MAX_DOC: usize = 600;
/// What the first line of a definition is worth.
const DEFINITION: f32 = 100.0;
/// Most candidates that become items; the others are counted.
const MOST: usize = 2_000;

/// The view of `found`, best first: the definition with what else was asked for, when they are
/// one thing; else the candidates.
pub fn view(
    graph: &Graph,
    found: &[SymbolId],
    request: &SymbolRequest,
    format: Format,
    counter: &Counter,
    budget: Tokens,
) -> View {
    let one: Vec<SymbolId> = same_thing(graph, found);
    if one.len() < found.len() {
        let related = request.wants_relations().then_some(&one[..]);
        return candidates(graph, found, related, request, counter);
    }
    let level = request.level.unwrap_or(Level::Body);
    let whole = definitions(graph, &one, level, false, request, counter);
    let has_members = one.iter().any(|id| has_members(graph, *id));
    if !has_members || request.level.is_some() {
        return whole;
    }
    match pack(&whole, format, counter, budget) {
        Ok(packing) if packing.is_complete(&whole) => whole,
        _ => definitions(graph, &one, Level::Doc, true, request, counter),
    }
}

/// The candidates that are the best one under another guise: overloads, declarations.
fn same_thing(graph: &Graph, found: &[SymbolId]) -> Vec<SymbolId> {
    let Some(best) = found.first() else {
        return Vec::new();
    };
    let language = |id: SymbolId| graph.source(id).language.map(|language| language.name);
    let folder = |id: SymbolId| {
        let path = &graph.source(id).path;
        path[..path.rfind('/').unwrap_or(0)].to_owned()
    };
    let is_same = |id: &&SymbolId| {
        let (own, other) = (graph.symbol(*best), graph.symbol(**id));
        own.qualified_name == other.qualified_name
            && language(*best) == language(**id)
            && folder(*best) == folder(**id)
    };
    found.iter().filter(is_same).copied().collect()
}

fn has_members(graph: &Graph, id: SymbolId) -> bool {
    let kind = graph.symbol(id).kind;
    kind.has_methods() && !members(graph, id).is_empty()
}

/// The symbols directly inside `id`, and inside the `impl` blocks of it in its file.
fn members(graph: &Graph, id: SymbolId) -> Vec<SymbolId> {
    let name = &graph.symbol(id).name;
    let file = graph.file_of(id);
    let is_own = |parent: SymbolId| {
        parent == id || {
            let around = graph.symbol(parent);
            around.kind.has_methods() && !around.kind.is_type() && around.name == *name
        }
    };
    graph
        .symbols_of(file)
        .filter(|member| graph.parent(*member).is_some_and(is_own))
        .collect()
}

fn new_view(request: &SymbolRequest) -> View {
    let noun = |one, many| Noun { one, many };
    let nouns = vec![
        noun("file", "files"),
        noun("symbol", "symbols"),
        noun("use", "uses"),
        noun("section", "sections"),
        noun("note", "notes"),
    ];
    View::new("symbol", request.command.clone(), nouns)
}

/// The parent item of a file's item, and the file.
type FileKey = (Option<u32>, usize);

/// Items for the files and containers that symbols stand in, each added once.
pub(super) struct Around<'a> {
    graph: &'a Graph,
    counter: &'a Counter,
    /// The last file added: its parent, itself, its item and path. Items stand in preorder, so
    /// none before it can be added to.
    file: Option<(FileKey, (u32, u32))>,
    containers: BTreeMap<SymbolId, u32>,
}

impl<'a> Around<'a> {
    pub fn new(graph: &'a Graph, counter: &'a Counter) -> Around<'a> {
        Around {
            graph,
            counter,
            file: None,
            containers: BTreeMap::new(),
        }
    }

    /// The item and the path index of a file under `parent`.
    pub fn file(
        &mut self,
        view: &mut View,
        parent: Option<u32>,
        file: usize,
        value: f32,
    ) -> (u32, u32) {
        if let Some((key, known)) = self.file
            && key == (parent, file)
        {
            return known;
        }
        self.containers.clear();
        let source = &self.graph.sources()[file];
        let path = view.add_path(source.path.clone());
        let label = plain(&source.path);
        let item = view.add(ItemBuilder {
            parent,
            noun: FILES,
            place: Place { path, lines: None },
            kind: "file",
            is_parent: true,
            levels: &[(Level::Name, &label, value)],
            ..ItemBuilder::default()
        });
        self.file = Some(((parent, file), (item, path)));
        (item, path)
    }

    /// The item of what `id` stands in, with its own surroundings.
    fn container(&mut self, view: &mut View, id: SymbolId, value: f32) -> (u32, u32) {
        let file = self.graph.file_of(id);
        let Some(parent) = self.graph.parent(id) else {
            return self.file(view, None, file, value);
        };
        if let Some(item) = self.containers.get(&parent).copied() {
            let (_, path) = self.file(view, None, file, value);
            return (item, path);
        }
        let (above, path) = self.container(view, parent, value);
        let symbol = self.graph.symbol(parent);
        let tokens = self.tokens(parent);
        let item = view.add(ItemBuilder {
            parent: Some(above),
            noun: SYMBOLS,
            place: Place {
                path,
                lines: Some((symbol.lines.start, symbol.lines.end)),
            },
            kind: symbol.kind.word(),
            label: symbol.kind.short(),
            tokens,
            is_parent: true,
            levels: &[(Level::Name, &symbol.name, value)],
        });
        self.containers.insert(parent, item);
        (item, path)
    }

    /// Tokens of the whole of a symbol with its documentation.
    pub fn tokens(&self, id: SymbolId) -> u64 {
        let text = whole(self.graph, id).1;
        self.counter.count(text).0
    }
}

/// First line, and the text of a symbol in whole lines with the documentation before it.
fn whole(graph: &Graph, id: SymbolId) -> (u32, &str) {
    let symbol = graph.symbol(id);
    let text: &str = &graph.source(id).text;
    let doc = symbol.doc.as_ref().map_or(usize::MAX, |doc| doc.start);
    let start = symbol.span.start.min(doc);
    let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[start..symbol.span.start].matches('\n').count() as u32;
    let end = symbol.span.end.max(start);
    (
        symbol.lines.start.saturating_sub(before).max(1),
        &text[start..end],
    )
}

/// A path as the beginning of a line, never white space or a mark first.
fn plain(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@');
    if path.starts_with(is_plain) {
        path.to_owned()
    } else {
        format!("./{path}")
    }
}

/// Texts of the levels of a symbol up to `most`, with their values as multiples of `value`.
pub(super) fn levels(
    graph: &Graph,
    id: SymbolId,
    most: Level,
    value: f32,
) -> Vec<(Level, String, f32)> {
    let symbol = graph.symbol(id);
    let text = &graph.source(id).text;
    let signature = signature(symbol, text);
    let mut levels = vec![
        (Level::Name, symbol.qualified_name.clone(), value),
        (Level::Signature, signature, 1.7 * value),
    ];
    if let Some(doc) = symbol.doc.clone() {
        let doc = doc_summary(&text[doc], MAX_DOC);
        if !doc.is_empty() {
            levels.push((Level::Doc, doc, 2.0 * value));
        }
    }
    levels.push((Level::Body, whole(graph, id).1.to_owned(), 2.6 * value));
    levels.retain(|(level, ..)| *level <= most);
    levels
}

/// The signature of a symbol on one line, whatever it is.
pub(crate) fn signature(symbol: &Symbol, text: &str) -> String {
    let whole = &text[symbol.span.start.max(symbol.signature.start)..symbol.span.end];
    let signature = if whole.len() <= 100 && !whole.trim_end().contains('\n') {
        crate::code::syntax::signature::signature_line(whole)
    } else {
        symbol.signature_line(text)
    };
    if signature.is_empty() {
        format!("{} {}", symbol.kind.short(), symbol.name)
    } else {
        signature
    }
}

fn add_symbol(
    view: &mut View,
    around: &mut Around,
    id: SymbolId,
    most: Level,
    value: f32,
    is_parent: bool,
) -> u32 {
    let graph = around.graph;
    let (above, path) = around.container(view, id, value);
    let symbol = graph.symbol(id);
    let levels = levels(graph, id, most, value);
    let levels: Vec<_> = levels
        .iter()
        .map(|(level, text, value)| (*level, text.as_str(), *value))
        .collect();
    let item = view.add(ItemBuilder {
        parent: Some(above),
        noun: SYMBOLS,
        place: Place {
            path,
            lines: Some((whole(graph, id).0, symbol.lines.end)),
        },
        kind: symbol.kind.word(),
        label: symbol.kind.short(),
        tokens: around.tokens(id),
        is_parent,
        levels: &levels,
    });
    if is_parent {
        around.containers.insert(id, item);
    }
    item
}

/// The definitions, by file, then what else was asked for.
fn definitions(
    graph: &Graph,
    ids: &[SymbolId],
    most: Level,
    with_members: bool,
    request: &SymbolRequest,
    counter: &Counter,
) -> View {
    let mut view = new_view(request);
    let mut around = Around::new(graph, counter);
    let mut sorted = ids.to_vec();
    sorted.sort();
    for id in sorted {
        let members = match with_members {
            true => members(graph, id),
            false => Vec::new(),
        };
        add_symbol(
            &mut view,
            &mut around,
            id,
            most,
            DEFINITION,
            !members.is_empty(),
        );
        for member in members {
            let symbol = graph.symbol(member);
            let shown = match request.tests {
                Tests::No => !symbol.is_test,
                Tests::Also | Tests::Only => true,
            };
            if shown {
                let value = if symbol.visibility == Visibility::Public {
                    20.0
                } else {
                    12.0
                };
                let value = if symbol.kind.is_member_data() {
                    0.5 * value
                } else {
                    value
                };
                add_symbol(&mut view, &mut around, member, most, value, false);
            }
        }
    }
    relations::add(&mut view, graph, ids, request, counter);
    view
}

/// The candidates, best first: files in the order of their best one.
fn candidates(
    graph: &Graph,
    found: &[SymbolId],
    related: Option<&[SymbolId]>,
    request: &SymbolRequest,
    counter: &Counter,
) -> View {
    let mut view = new_view(request);
    let most = request.level.unwrap_or(Level::Doc);
    let shown = &found[..found.len().min(MOST)];
    let mut by_file: BTreeMap<usize, Vec<(usize, SymbolId)>> = BTreeMap::new();
    for (rank, id) in shown.iter().enumerate() {
        by_file
            .entry(graph.file_of(*id))
            .or_default()
            .push((rank, *id));
    }
    let mut files: Vec<Vec<(usize, SymbolId)>> = by_file.into_values().collect();
    files.sort_by_key(|ids| ids.iter().map(|(rank, _)| *rank).min());
    let mut around = Around::new(graph, counter);
    for mut ids in files {
        ids.sort_by_key(|(_, id)| *id);
        for (rank, id) in ids {
            let value = DEFINITION / (1.0 + 0.2 * rank as f32);
            add_symbol(&mut view, &mut around, id, most, value, false);
        }
    }
    if found.len() > shown.len() {
        view.unlisted.push((
            SYMBOLS,
            found.len() - shown.len(),
            60 * (found.len() - shown.len()) as u64,
        ));
    }
    if let (Some(best), Some(name)) = (related, request.target.name()) {
        let path = &graph.source(best[0]).path;
        let note = format!(
            "uses are those of the best of {} definitions; `ctx symbol {}` asks for one",
            found.len(),
            crate::shell::path(&format!("{path}#{name}")),
        );
        view.add_note(NOTES, "", &note, DEFINITION);
        relations::add(&mut view, graph, best, request, counter);
    }
    view
}
