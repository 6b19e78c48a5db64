//! From a request to an answer over the index, and the same over documents parsed on the spot,
//! which tests and benchmarks compare with. The one part of search that touches files.

use super::answer::{Answer, pack};
use super::memory::{Document, Memory, scan};
use super::plan::plan;
use super::query::Query;
use super::rank::{Ranking, rank};
use super::store::Store;
use super::weights::Weights;
use crate::code::files::{self, Role, SourceFile, WalkOptions};
use crate::code::history::History;
use crate::code::index::{TreeOptions, with_tree};
use crate::code::scope::Scope;
use crate::code::syntax::{self, FileSyntax, Limits, Wants};
use crate::tokens::{Counter, Tokens};
use crate::view::{Format, TooSmall};
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// What to search, and for what.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The raw text: an issue, an error, words, an identifier.
    pub query: String,
    /// The part of the tree to look at.
    pub scope: Scope,
    /// What the walk leaves out.
    pub walk: WalkOptions,
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
    /// The command line that asks for this, without its budget.
    pub command: String,
}

/// Searches the tree at `root` and fits the answer to `budget`. The notes are what the reader
/// should know about the index.
///
/// # Errors
/// [`TooSmall`] when not even one path fits.
pub fn search(
    root: &Path,
    request: &SearchRequest,
    format: Format,
    counter: &Counter,
    budget: Tokens,
    progress: Option<&(dyn Fn(usize, usize) + Sync)>,
) -> (Result<Answer, TooSmall>, Vec<String>) {
    let options = TreeOptions {
        walk: request.walk,
        limits: request.limits,
        max_file_bytes: request.max_file_bytes,
        progress,
    };
    with_tree(root, &options, |tree| {
        answer(tree, root, request, format, counter, budget)
    })
}

/// Answers from a store of the files at `root`.
///
/// # Errors
/// [`TooSmall`] when not even one path fits.
pub fn answer(
    store: &dyn Store,
    root: &Path,
    request: &SearchRequest,
    format: Format,
    counter: &Counter,
    budget: Tokens,
) -> Result<Answer, TooSmall> {
    let weights = Weights::default();
    let query = Query::new(&request.query, &weights);
    let ranking = rank(store, &query, &request.scope, &weights);
    let mut plan = plan(store, &ranking, &weights);
    if let Some(history) = History::read(root) {
        plan.append(&partners(store, &ranking, &history, &weights));
    }
    pack(store, &plan, format, counter, budget, &request.command)
}

/// The files that were changed together with the best of a ranking, for [`Plan::append`].
///
/// [`Plan::append`]: super::Plan::append
pub fn partners(
    store: &dyn Store,
    ranking: &Ranking,
    history: &History,
    weights: &Weights,
) -> Vec<u32> {
    let mut found: Vec<(f32, u32)> = Vec::new();
    for (file, score) in ranking.files.iter().take(3) {
        for (path, share) in history
            .partners(store.file(*file).path)
            .into_iter()
            .take(20)
        {
            let Some(partner) = file_at(store, path) else {
                continue;
            };
            let role = store.file(partner).role;
            if share >= weights.c_share && role == Role::Source {
                found.push((share * score, partner));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut partners: Vec<u32> = Vec::new();
    for (_, file) in found {
        if partners.len() < weights.c_most as usize && !partners.contains(&file) {
            partners.push(file);
        }
    }
    partners
}

/// The file with this path; files are in the order of their paths.
fn file_at(store: &dyn Store, path: &str) -> Option<u32> {
    let (mut low, mut high) = (0, store.n_files());
    while low < high {
        let middle = low.midpoint(high);
        match store.file(middle).path.cmp(path) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The documents of the tree at `root`, in the order of their paths.
pub fn documents(root: &Path, request: &SearchRequest) -> Vec<Document> {
    let found = files::find(root, root, &[], request.walk);
    let mut documents: Vec<Document> = found
        .files
        .into_par_iter()
        .filter_map(|file| document(&file, request))
        .collect();
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    documents
}

/// A store for one query over `documents`.
pub fn memory(documents: Vec<Document>, query: &Query) -> Memory {
    let wanted: Vec<String> = query.terms.iter().map(|(term, _)| term.clone()).collect();
    let ids: HashMap<String, u32> = wanted.iter().cloned().zip(0..).collect();
    let scanned = documents
        .into_par_iter()
        .map(|document| scan(document, &ids))
        .collect();
    Memory::new(scanned, &wanted)
}

fn document(file: &SourceFile, request: &SearchRequest) -> Option<Document> {
    let text = files::read(&file.location, request.max_file_bytes)
        .ok()?
        .content;
    let head = &text.as_bytes()[..text.len().min(8192)];
    let language = syntax::language::detect(&file.location, head);
    let role = if files::is_marked_generated(head) {
        Role::Generated
    } else {
        file.role
    };
    let wants = Wants {
        references: true,
        limits: request.limits,
    };
    // Data has no places worth a name, and parsing it costs as much as parsing code.
    let syntax = match language {
        Some(language) if role != Role::Config => syntax::parse(language, &text, wants),
        _ => FileSyntax::default(),
    };
    Some(Document {
        path: file.path.clone(),
        role,
        text: Arc::from(text),
        syntax: Arc::new(syntax),
    })
}
