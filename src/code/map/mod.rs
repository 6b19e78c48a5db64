//! `ctx map`: a repository at a glance, for someone new to it, as a [`View`].
//!
//! The story: [`purpose()`] finds what the project says of itself, [`entries()`] where it
//! starts, [`layout()`] what its folders hold, and [`Ranks`] the symbols that matter most, by
//! who uses whom; a [`Focus`] pulls all of that towards itself. Values are coarse on purpose, so
//! that a small edit moves few lines. Nothing here opens a file.

mod entries;
mod focus;
mod layout;
mod manifest;
mod purpose;
mod rank;
mod symbols;

pub use entries::{Entry, entries};
pub use focus::{Focus, Near};
pub use layout::{Folder, layout};
pub use purpose::{Purpose, purpose};
pub use rank::{Edges, Ranks};

use crate::code::graph::Graph;
use crate::code::outline::Tests;
use crate::code::symbol::Filter;
use crate::view::{ItemBuilder, Level, Noun, Place, View};

const FILES: u8 = 0;
const SYMBOLS: u8 = 1;
const FOLDERS: u8 = 2;
const ENTRIES: u8 = 3;
const SECTIONS: u8 = 4;
const NOTES: u8 = 5;

/// What a section's heading is worth: more than all that stands under it.
const HEADING: f32 = 2_000.0;

/// What to map.
#[derive(Clone, Debug)]
pub struct MapRequest {
    /// What the map should favor.
    pub focus: Vec<Focus>,
    /// Which symbols are shown.
    pub filter: Filter,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// The map of `graph`. `notes` are problems met while it was read, as (about, problem).
pub fn map(graph: &Graph, request: &MapRequest, notes: &[(String, String)]) -> View {
    let noun = |one, many| Noun { one, many };
    let nouns = vec![
        noun("file", "files"),
        noun("symbol", "symbols"),
        noun("folder", "folders"),
        noun("entry point", "entry points"),
        noun("section", "sections"),
        noun("note", "notes"),
    ];
    let mut view = View::new("map", request.command.clone(), nouns);
    view.costs_in_text = false;
    let edges = Edges::of(graph);
    let near = Near::of(graph, &edges, &request.focus);
    let ranks = Ranks::of(graph, &edges, &near);
    add_purpose(&mut view, graph);
    if !near.is_narrow() {
        add_entries(&mut view, graph, request);
    }
    add_layout(&mut view, graph, request, &near);
    symbols::add(&mut view, graph, request, &ranks, &near);
    for focus in near.unknown() {
        let text = format!("nothing here is near `{focus}`");
        view.add_note(NOTES, "", &text, HEADING);
    }
    for (about, problem) in notes.iter().take(20) {
        view.add_note(NOTES, about, problem, 20.0);
    }
    view
}

fn heading(view: &mut View, kind: &'static str, title: &str, value: f32) -> u32 {
    let path = view.add_path(".".to_owned());
    view.add(ItemBuilder {
        noun: SECTIONS,
        place: Place { path, lines: None },
        kind,
        is_parent: true,
        levels: &[(Level::Signature, title, value)],
        ..ItemBuilder::default()
    })
}

fn add_purpose(view: &mut View, graph: &Graph) {
    let Some(purpose) = purpose(graph.sources()) else {
        return;
    };
    let path = view.add_path(purpose.path.clone());
    let (first, last) = purpose.lines;
    let place = if first == last {
        format!("{}:{first}", purpose.path)
    } else {
        format!("{}:{first}-{last}", purpose.path)
    };
    // A short line first: a long one would wait until much else is shown.
    let (head, rest) = beginning(&purpose.text);
    let text = format!("{place} {head}");
    view.add(ItemBuilder {
        noun: SECTIONS,
        place: Place { path, lines: None },
        kind: "purpose",
        levels: &[
            (Level::Signature, &text, 4.0 * HEADING),
            (Level::Doc, rest, 7.0 * HEADING),
        ],
        ..ItemBuilder::default()
    });
}

/// The first words of a text, about a short line of it, and the rest.
fn beginning(text: &str) -> (String, &str) {
    const SHORT: usize = 72;
    if text.len() <= SHORT {
        return (text.to_owned(), "");
    }
    let space = text
        .char_indices()
        .take_while(|(at, _)| *at <= SHORT)
        .filter(|(_, c)| *c == ' ')
        .last();
    match space {
        Some((at, _)) => (format!("{}…", &text[..at]), &text[at + 1..]),
        None => (text.to_owned(), ""),
    }
}

fn add_entries(view: &mut View, graph: &Graph, request: &MapRequest) {
    let mut entries = entries(graph);
    entries.retain(|entry| request.filter.admits_file(graph, entry.file));
    if request.filter.tests == Tests::Only || entries.is_empty() {
        return;
    }
    let parent = heading(view, "entry points", "entry points", 2.0 * HEADING);
    // In the order of paths; what each is worth was decided by its rank.
    let mut ranked: Vec<(usize, &Entry)> = entries.iter().enumerate().collect();
    ranked.sort_by_key(|(_, entry)| (entry.file, entry.lines));
    for (rank, entry) in ranked {
        let source = &graph.sources()[entry.file];
        let path = view.add_path(source.path.clone());
        let place = match entry.lines {
            Some((first, last)) if first < last => format!("{}:{first}-{last}", source.path),
            Some((first, _)) => format!("{}:{first}", source.path),
            None => source.path.clone(),
        };
        let text = format!("{place} {}", entry.text);
        let levels = [
            (Level::Signature, text.trim_end(), value_of(rank)),
            (Level::Doc, entry.doc.as_str(), 1.3 * value_of(rank)),
        ];
        view.add(ItemBuilder {
            parent: Some(parent),
            noun: ENTRIES,
            place: Place { path, lines: None },
            kind: "entry point",
            levels: &levels,
            ..ItemBuilder::default()
        });
    }
}

/// What an entry point is worth by its rank.
fn value_of(rank: usize) -> f32 {
    900.0 * 0.72_f32.powi(rank as i32)
}

fn add_layout(view: &mut View, graph: &Graph, request: &MapRequest, near: &Near) {
    let layout = layout(graph, |file| request.filter.admits_file(graph, file));
    if layout.folders.is_empty() {
        return;
    }
    let title = format!("layout: {}", layout.summary);
    let parent = heading(view, "layout", &title, 1.5 * HEADING);
    let mut items: Vec<u32> = Vec::new();
    for folder in &layout.folders {
        let above = folder.parent.map_or(parent, |parent| items[parent]);
        let path = view.add_path(format!("{}/", folder.path));
        let nearness = near.of_folder(graph, &folder.path);
        let value = folder.value * nearness;
        let levels = [
            (Level::Name, folder.label.as_str(), value),
            (Level::Doc, folder.doc.as_str(), 1.35 * value),
        ];
        items.push(view.add(ItemBuilder {
            parent: Some(above),
            noun: FOLDERS,
            place: Place { path, lines: None },
            kind: "folder",
            is_parent: true,
            levels: &levels,
            ..ItemBuilder::default()
        }));
    }
}
