//! How much each symbol matters: who uses it, weighed by how sure that is and by who the user
//! is, spread over files as a random reader would follow them (PageRank with a fixed number of
//! rounds). Names that everything has, tests and code that nobody here wrote are damped.

use super::focus::Near;
use crate::code::graph::{Graph, SymbolId};
use crate::code::syntax::{SymbolKind, Visibility};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What the files use.
#[derive(Debug)]
pub struct Edges {
    /// For each file the symbols it uses, with weights, in order.
    pub of_file: Vec<Vec<(SymbolId, f32)>>,
}

impl Edges {
    /// The edges of `graph`. Linear in its uses.
    pub fn of(graph: &Graph) -> Edges {
        Edges {
            of_file: (0..graph.sources().len())
                .into_par_iter()
                .map(|file| graph.used_by_file(file))
                .collect(),
        }
    }
}

/// What each symbol is worth to a reader.
#[derive(Debug)]
pub struct Ranks {
    /// By symbol; 1 for the most important.
    pub worth: Vec<f32>,
}

/// Rounds of the walk: after these, ranks no longer change by what can be seen.
const ROUNDS: usize = 24;
/// How likely a reader follows a use rather than opening a file anew.
const FOLLOWS: f32 = 0.75;
/// What a use inside the defining file counts, against one from elsewhere.
const AT_HOME: f32 = 0.15;

impl Ranks {
    /// Ranks the symbols of `graph`, near ones first.
    pub fn of(graph: &Graph, edges: &Edges, near: &Near) -> Ranks {
        let files = graph.sources();
        let weight = |file: usize| files[file].role.weight() * near.of_file(file);
        let start = normalized((0..files.len()).map(weight).collect());
        let weighed: Vec<Vec<(SymbolId, f32)>> = edges
            .of_file
            .iter()
            .enumerate()
            .map(|(file, edges)| {
                let weigh = |(symbol, weight): &(SymbolId, f32)| {
                    let target = graph.file_of(*symbol);
                    let home = if target == file { AT_HOME } else { 1.0 };
                    let role = files[target].role.weight();
                    (*symbol, weight.sqrt() * home * role)
                };
                edges.iter().map(weigh).collect()
            })
            .collect();
        let ranks = walk(graph, &weighed, &start);
        let mut uses = vec![0.0_f32; graph.len()];
        for (file, edges) in weighed.iter().enumerate() {
            let out: f32 = edges.iter().map(|(_, weight)| weight).sum();
            for (symbol, weight) in edges {
                uses[symbol.0 as usize] += ranks[file] * weight / out.max(8.0);
            }
        }
        Ranks {
            worth: worths(graph, &uses, near),
        }
    }
}

fn normalized(mut values: Vec<f32>) -> Vec<f32> {
    let sum: f32 = values.iter().sum();
    if sum > 0.0 {
        values.iter_mut().for_each(|value| *value /= sum);
    }
    values
}

/// The rank of each file.
fn walk(graph: &Graph, weighed: &[Vec<(SymbolId, f32)>], start: &[f32]) -> Vec<f32> {
    let links: Vec<Vec<(usize, f32)>> = weighed
        .iter()
        .enumerate()
        .map(|(file, edges)| {
            let mut sums: BTreeMap<usize, f32> = BTreeMap::new();
            for (symbol, weight) in edges {
                let target = graph.file_of(*symbol);
                if target != file {
                    *sums.entry(target).or_default() += weight;
                }
            }
            let out: f32 = sums.values().sum();
            sums.into_iter()
                .map(|(target, weight)| (target, weight / out.max(1e-9)))
                .collect()
        })
        .collect();
    let mut ranks = start.to_vec();
    for _ in 0..ROUNDS {
        let mut next = vec![0.0_f32; ranks.len()];
        let mut lost = 0.0;
        for (file, links) in links.iter().enumerate() {
            if links.is_empty() {
                lost += ranks[file];
            }
            for (target, share) in links {
                next[*target] += ranks[file] * share;
            }
        }
        for (file, next) in next.iter_mut().enumerate() {
            *next = FOLLOWS * (*next + lost * start[file]) + (1.0 - FOLLOWS) * start[file];
        }
        ranks = next;
    }
    ranks
}

/// From uses to worth: what kind of thing it is, whether others can reach it, how much there is
/// to it, whether its name is its own.
fn worths(graph: &Graph, uses: &[f32], near: &Near) -> Vec<f32> {
    let own: Vec<f32> = graph
        .ids()
        .map(|id| uses[id.0 as usize] * own_name(graph, id))
        .collect();
    // A type matters for what its members do.
    let mut whole = own.clone();
    for id in graph.ids() {
        if let Some(container) = graph.type_of_member(id) {
            whole[container.0 as usize] += 0.35 * own[id.0 as usize];
        }
    }
    let most = whole.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let worth = |id: SymbolId| {
        let symbol = graph.symbol(id);
        let source = graph.source(id);
        if !source.habits().is_code || graph.is_local(id) {
            return 0.0;
        }
        let visible = match symbol.visibility {
            Visibility::Public => 1.0,
            Visibility::Private => 0.6,
        };
        let tests = if graph.is_test(id) { 0.1 } else { 1.0 };
        let lines = (symbol.lines.end - symbol.lines.start + 1) as f32;
        let size = (0.5 + 0.125 * (1.0 + lines).ln()).min(1.25);
        let used = (whole[id.0 as usize] / most).powf(0.6);
        let base = 0.012 * near.of_symbol(id).max(1.0);
        let role = source.role.weight().powf(1.5);
        kind_weight(symbol.kind)
            * visible
            * tests
            * size
            * role
            * (used + base)
            * near.of_symbol(id)
    };
    coarse(graph.ids().map(worth).collect())
}

fn kind_weight(kind: SymbolKind) -> f32 {
    match kind {
        SymbolKind::Type => 0.5,
        kind if kind.is_type() => 1.0,
        SymbolKind::Impl | SymbolKind::Extension => 0.2,
        SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Package => 0.02,
        SymbolKind::Constructor => 0.3,
        SymbolKind::Method => 0.5,
        SymbolKind::Function => 0.7,
        SymbolKind::Macro => 0.3,
        kind if kind.is_member_data() => 0.06,
        SymbolKind::Constant | SymbolKind::Variable => 0.2,
        _ => 0.1,
    }
}

/// How far a name is one thing's own: `new`, `get` and `len` are everybody's.
fn own_name(graph: &Graph, id: SymbolId) -> f32 {
    let name = &graph.symbol(id).name;
    let same = graph.named(name).take(200).count() as f32;
    let short = match name.chars().count() {
        0..=2 => 0.35,
        3 => 0.6,
        _ => 1.0,
    };
    short / same.sqrt()
}

/// Rounds to steps of a quarter, so that a small edit moves few lines.
fn coarse(values: Vec<f32>) -> Vec<f32> {
    let round = |value: f32| {
        if value <= 0.0 {
            return 0.0;
        }
        ((value.log2() * 3.0).round() / 3.0).exp2()
    };
    values.into_iter().map(round).collect()
}
