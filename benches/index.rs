//! What the index costs: beside the bare parse, beside listing the files, and on disk.
//!
//! ```text
//! cargo bench --bench index -- [--runs N] [--query WORDS] TREE...
//! ```
//!
//! The files of each tree are copied first, since an index is written beside them. The *floor*
//! reads and parses every file that the index parses, with the same grammars and limits, and does
//! nothing else; *cold* builds the index from nothing. Both run in this process on two threads.
//! *Again* is `ctx search` when nothing has changed, *edited* the same after one file was changed,
//! each a process from start to end, beside `rg --files`, if there is one. Every figure is the
//! median over the runs, which take turns.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its table"
)]

mod cost;

use cost::Medians;
use ctx::code::files::{self, Role, SourceFile, WalkOptions};
use ctx::code::index::{TreeOptions, build};
use ctx::code::syntax::{self, Limits, language};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const THREADS: usize = 2;
const MAX_FILE: u64 = 20_000_000;
/// Longer than the clock of any file system is coarse: see `is_racy` in the manifest.
const SETTLED: Duration = Duration::from_millis(2_100);

fn main() {
    let (mut runs, mut query, mut trees) = (5, "error parse context".to_owned(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match argument.as_str() {
            // What cargo itself adds.
            "--bench" => {}
            "--runs" => runs = value().parse().unwrap_or(5).max(1),
            "--query" => query = value(),
            _ => trees.push(PathBuf::from(argument)),
        }
    }
    if trees.is_empty() {
        trees.push(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build();
    let pool = pool.expect("two threads can be started");
    println!(
        "| tree | files | MB | floor CPU ms | cold / floor | wall | index / source | again CPU ms | / `rg --files` | edited - again |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for tree in &trees {
        match tree.canonicalize() {
            Ok(tree) if tree.is_dir() => pool.install(|| measure(&tree, runs, &query)),
            _ => eprintln!("`{}` is not a folder", tree.display()),
        }
    }
}

fn measure(tree: &Path, runs: usize, query: &str) {
    let copy = tempfile::tempdir().expect("a temporary folder can be made");
    let root = copy.path().canonicalize().expect("it was just made");
    let found = files::find(tree, tree, &[], WalkOptions::default()).files;
    for file in &found {
        let to = root.join(&file.path);
        let made = to.parent().map(fs::create_dir_all);
        if matches!(made, Some(Ok(()))) {
            // A file that cannot be read is none that is indexed.
            let _ = fs::copy(&file.location, &to);
        }
    }
    // A root of its own, wherever temporary folders lie.
    fs::create_dir(root.join(".ctx")).expect("the folder is new");
    let found = files::find(&root, &root, &[], WalkOptions::default()).files;
    for language in language::all() {
        let _ = language.load();
    }
    let options = TreeOptions {
        walk: WalkOptions::default(),
        limits: Limits::default(),
        max_file_bytes: MAX_FILE,
        progress: None,
    };
    std::thread::sleep(SETTLED);
    let mut medians = Medians::default();
    let mut sizes = (0, 0);
    for _ in 0..runs {
        medians.add("floor", || floor(&found));
        let (stats, _) = medians.add("cold", || build(&root, &options, true));
        sizes = (stats.index_bytes, stats.source_bytes);
    }
    let search = ["search", query];
    let edited = found.iter().find(|file| file.role == Role::Source);
    for run in 0..runs {
        medians.add("again", || {
            run_in(&root, env!("CARGO_BIN_EXE_ctx"), &search)
        });
        medians.add("rg", || run_in(&root, "rg", &["--files"]));
        if let Some(file) = edited {
            let mut text = fs::read(&file.location).unwrap_or_default();
            text.extend_from_slice(format!("\n// edit {run}\n").as_bytes());
            fs::write(&file.location, text).expect("the copy can be written");
            medians.add("edited", || {
                run_in(&root, env!("CARGO_BIN_EXE_ctx"), &search)
            });
            std::thread::sleep(SETTLED);
            run_in(&root, env!("CARGO_BIN_EXE_ctx"), &search);
        }
    }
    let cpu = |name: &str| medians.cost(name).cpu * 1e3;
    let wall = |name: &str| medians.cost(name).wall;
    println!(
        "| {} | {} | {:.1} | {:.0} | {:.2} | {:.2} | {:.0} % | {:.0} | {:.1} | {:.0} ms |",
        tree.file_name().unwrap_or_default().display(),
        found.len(),
        sizes.1 as f64 / 1e6,
        cpu("floor"),
        cpu("cold") / cpu("floor"),
        wall("cold") / wall("floor"),
        sizes.0 as f64 * 100.0 / sizes.1.max(1) as f64,
        cpu("again"),
        cpu("again") / cpu("rg"),
        cpu("edited") - cpu("again"),
    );
}

/// Reads all files and parses those that the index parses.
fn floor(found: &[SourceFile]) -> usize {
    let limits = Limits::default();
    let parses = |file: &&SourceFile| {
        let Ok(text) = files::read(&file.location, MAX_FILE) else {
            return false;
        };
        let head = &text.content.as_bytes()[..text.content.len().min(8192)];
        let is_data = file.role == Role::Config && !files::is_marked_generated(head);
        let language = language::detect(Path::new(&file.path), head);
        let Some(loaded) = language.filter(|_| !is_data).map(language::Language::load) else {
            return false;
        };
        loaded.is_ok_and(|loaded| {
            text.content.len() <= limits.max_bytes
                && syntax::parse_tree(&loaded.grammar, &text.content, limits.max_steps).is_some()
        })
    };
    found.par_iter().filter(parses).count()
}

fn run_in(root: &Path, program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .env("RAYON_NUM_THREADS", THREADS.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
