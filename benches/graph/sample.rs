//! Prints a sample of resolved uses of a tree, to be judged by hand, and what building the
//! graph costs.
//!
//! `sample ROOT [LANGUAGE [COUNT [SEED]]]`: COUNT uses of each confidence, each with the line it
//! stands on and the lines that it is said to mean.

#![expect(clippy::print_stdout, reason = "a tool for developers")]

use ctx::code::files::WalkOptions;
use ctx::code::graph::{Confidence, Graph, Resolved, TreeOptions, read_tree};
use ctx::code::syntax::Limits;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(root) = args.first() else { return };
    let language = args.get(1).map_or("", String::as_str);
    let number = |at: usize, other: u64| args.get(at).and_then(|a| a.parse().ok()).unwrap_or(other);
    let (count, mut seed) = (number(2, 10), number(3, 1));
    let options = TreeOptions {
        walk: WalkOptions::default(),
        limits: Limits::default(),
        max_file_bytes: 20_000_000,
    };
    let started = Instant::now();
    let tree = read_tree(root.as_ref(), options);
    let parsed = started.elapsed();
    let started = Instant::now();
    let graph = Graph::new(tree.sources);
    let built = started.elapsed();
    let started = Instant::now();
    let mut all: Vec<(usize, Resolved)> = Vec::new();
    for file in 0..graph.sources().len() {
        all.extend(graph.resolved(file).into_iter().map(|found| (file, found)));
    }
    let resolved = started.elapsed();
    println!(
        "{} files, {} symbols, parse {parsed:.1?}, graph {built:.1?}, all uses {resolved:.1?}",
        graph.sources().len(),
        graph.len()
    );
    for confidence in [Confidence::Certain, Confidence::Likely, Confidence::ByName] {
        let of_it: Vec<&(usize, Resolved)> = all
            .iter()
            .filter(|(file, found)| {
                let known = graph.sources()[*file]
                    .language
                    .map_or("", |known| known.name);
                found.confidence == confidence && (language.is_empty() || language == known)
            })
            .collect();
        println!("\n== {}: {}", confidence.words(), of_it.len());
        for _ in 0..count.min(of_it.len() as u64) {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let (file, found) = of_it[(seed >> 33) as usize % of_it.len()];
            show(&graph, *file, found);
        }
    }
}

fn show(graph: &Graph, file: usize, found: &Resolved) {
    let source = &graph.sources()[file];
    let line = source
        .text
        .lines()
        .nth(found.line as usize - 1)
        .unwrap_or("");
    println!(
        "{}:{} `{}` {}",
        source.path,
        found.line,
        found.name,
        line.trim()
    );
    for target in found.targets.iter().take(3) {
        let symbol = graph.symbol(*target);
        let source = graph.source(*target);
        println!(
            "    -> {}:{} {}",
            source.path, symbol.lines.start, symbol.qualified_name
        );
    }
    if found.targets.len() > 3 {
        println!("    -> and {} more", found.targets.len() - 3);
    }
}
