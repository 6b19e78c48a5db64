//! How far the outline of a whole tree is from its floor, the bare parse.
//!
//! ```text
//! cargo bench --bench floor -- [--runs N] TREE...
//! ```
//!
//! The *floor* reads every file that the outline reads and parses those of a known language, with the
//! same file walk and the same grammars, and does nothing else. It is tree-sitter as anyone would call
//! it, in a process of its own, because in this one trees lie in a heap of `ctx`. The *outline* is the
//! library call with a budget so large that every file is parsed and every item is shown; the *process*
//! is `ctx outline --budget 100M` from its start to its end, *by default* is `ctx outline`, which opens
//! the same files where they are fewer than 1,300. All run on two threads, in turn, and each
//! figure is the median over the runs. CPU is user and system time, which other work on the machine
//! moves less than it moves the wall clock.
//!
//! The *breakdown* runs the stages of an outline one after the other, each over all files on the same
//! threads, so the stages are priced apart; what is left of the whole is the making of entries and the
//! view. The table of languages prices parse, symbols and counting for each.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its table"
)]

mod cost;

use cost::{Cost, Medians};
use ctx::code::cost::LineCosts;
use ctx::code::files::{self, SourceFile, WalkOptions};
use ctx::code::outline::{OutlineRequest, Tests, outline};
use ctx::code::syntax::{self, Language, Limits, Wants, language};
use ctx::tokens::{Counter, Tokens};
use ctx::view::{Format, Level, View, pack, render};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names the tree that this program is to parse, and nothing else, when it is started by itself.
const BARE: &str = "FLOOR_OF_TREE";
const THREADS: usize = 2;
/// More tokens than any tree has.
const ENOUGH: Tokens = Tokens(100_000_000);

fn main() {
    if let Some(tree) = std::env::var_os(BARE) {
        return bare(Path::new(&tree));
    }
    let options = Options::from_arguments();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build();
    let pool = pool.expect("two threads can be started");
    for tree in &options.trees {
        match tree.canonicalize() {
            Ok(tree) if tree.is_dir() => pool.install(|| measure(&tree, options.runs)),
            _ => eprintln!("`{}` is not a folder", tree.display()),
        }
    }
}

struct Options {
    runs: usize,
    trees: Vec<PathBuf>,
}

impl Options {
    fn from_arguments() -> Options {
        let mut options = Options {
            runs: 5,
            trees: Vec::new(),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // What cargo itself adds.
                "--bench" => {}
                "--runs" => {
                    let runs = arguments.next().and_then(|text| text.parse().ok());
                    options.runs = runs.filter(|runs| *runs > 0).unwrap_or(5);
                }
                _ => options.trees.push(PathBuf::from(argument)),
            }
        }
        if options.trees.is_empty() {
            options
                .trees
                .push(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        }
        options
    }
}

/// Everything about one tree, printed as Markdown.
fn measure(tree: &Path, runs: usize) {
    let found = files::find(tree, tree, &[], WalkOptions::default()).files;
    // The queries are compiled once for each process: not a part of either.
    for language in language::all() {
        let _ = language.load();
    }
    let mut whole = Medians::default();
    let mut stages = Medians::default();
    for _ in 0..runs {
        if let Some(cost) = floor(tree) {
            whole.note("floor: read and parse", cost);
        }
        let _view = whole.add("outline, library", || shown(tree));
        whole.add("outline, process", || process(tree, &["--budget", "100M"]));
        whole.add("outline by default, process", || process(tree, &[]));
        run_stages(tree, &found, &mut stages);
    }
    let name = tree
        .file_name()
        .map_or_else(|| "tree".into(), |name| name.to_string_lossy());
    let bytes: u64 = found.iter().map(|file| file.bytes).sum();
    let parsed = read_all(&found)
        .iter()
        .filter(|text| text.language.is_some())
        .count();
    println!(
        "## {name}: {} files, {} of a known language, {:.1} MB\n",
        found.len(),
        parsed,
        mb(bytes)
    );
    print_whole(&whole);
    print_stages(&stages, &whole);
    print_languages(&found, runs);
}

/// What reading and parsing cost in a process of its own.
fn floor(tree: &Path) -> Option<Cost> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).env(BARE, tree).output().ok()?;
    let printed = String::from_utf8(output.stdout).ok()?;
    let mut numbers = printed
        .split_whitespace()
        .map_while(|word| word.parse().ok());
    Some(Cost {
        cpu: numbers.next()?,
        wall: numbers.next()?,
    })
}

/// Reads and parses the files of a tree and prints what that cost.
fn bare(tree: &Path) {
    let found = files::find(tree, tree, &[], WalkOptions::default()).files;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build();
    let pool = pool.expect("two threads can be started");
    let mut medians = Medians::default();
    pool.install(|| {
        medians.add("floor", || {
            let texts = found.par_iter().filter_map(read);
            texts
                .map_init(tree_sitter::Parser::new, |parser, text| {
                    let language = text.language?;
                    if text.content.len() > Limits::default().max_bytes {
                        return None;
                    }
                    parser.set_language(&language.grammar()).ok()?;
                    parser.parse(&text.content, None)
                })
                .filter(Option::is_some)
                .count()
        });
    });
    let cost = medians.cost("floor");
    println!("{} {}", cost.cpu, cost.wall);
}

/// The text of one file, and its language as its content tells it.
struct Source {
    content: String,
    language: Option<&'static Language>,
}

fn read(file: &SourceFile) -> Option<Source> {
    let text = files::read(&file.location, 20_000_000).ok()?;
    let head = &text.content.as_bytes()[..text.content.len().min(8192)];
    let language = language::detect(&file.location, head);
    Some(Source {
        content: text.content,
        language,
    })
}

fn read_all(found: &[SourceFile]) -> Vec<Source> {
    found.par_iter().filter_map(read).collect()
}

fn parses(language: &'static Language, text: &str) -> bool {
    let limits = Limits::default();
    let Ok(loaded) = language.load() else {
        return false;
    };
    text.len() <= limits.max_bytes
        && syntax::parse_tree(&loaded.grammar, text, limits.max_steps).is_some()
}

fn view_of(tree: &Path) -> View {
    let request = OutlineRequest {
        paths: Vec::new(),
        level: Level::Doc,
        depth: None,
        kinds: Vec::new(),
        public_only: false,
        tests: Tests::Also,
        languages: Vec::new(),
        walk: WalkOptions::default(),
        limits: Limits::default(),
        max_file_bytes: 20_000_000,
        command: "ctx outline".to_owned(),
    };
    outline(tree, tree, &request, &Counter::default(), ENOUGH)
}

fn shown(tree: &Path) -> usize {
    let view = view_of(tree);
    let packing =
        pack(&view, Format::Text, &Counter::default(), ENOUGH).expect("the budget is large");
    render(&view, &packing, Format::Text).len()
}

fn process(tree: &Path, options: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ctx"));
    command.arg("outline").args(options).current_dir(tree);
    command
        .env("RAYON_NUM_THREADS", THREADS.to_string())
        .stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The stages one after the other, each over all files.
fn run_stages(tree: &Path, found: &[SourceFile], stages: &mut Medians) {
    let counter = Counter::default();
    stages.add("walk the folders", || {
        files::find(tree, tree, &[], WalkOptions::default())
            .files
            .len()
    });
    let texts = stages.add("read", || read_all(found));
    let known = || {
        texts
            .par_iter()
            .filter_map(|text| Some((text.language?, text.content.as_str())))
    };
    stages.add("parse", || {
        known()
            .filter(|(language, text)| parses(language, text))
            .count()
    });
    stages.add("parse and symbols", || {
        known()
            .map(|(language, text)| {
                syntax::parse(language, text, Wants::default())
                    .symbols
                    .len()
            })
            .sum::<usize>()
    });
    stages.add("count tokens by line", || {
        texts
            .par_iter()
            .map(|text| LineCosts::new(&counter, &text.content).total())
            .sum::<Tokens>()
    });
    drop(texts);
    let view = stages.add("all up to the view", || view_of(tree));
    let packing = stages.add("pack", || pack(&view, Format::Text, &counter, ENOUGH));
    let packing = packing.expect("the budget is large");
    stages.add("render", || render(&view, &packing, Format::Text).len());
}

fn print_whole(whole: &Medians) {
    let floor = whole.cost("floor: read and parse");
    println!("| 2 threads | CPU ms | wall ms | CPU to floor | wall to floor |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, cost) in whole.all() {
        let (cpu, wall) = (cost.cpu / floor.cpu, cost.wall / floor.wall);
        println!(
            "| {name} | {:.0} | {:.0} | {cpu:.2} | {wall:.2} |",
            cost.cpu * 1e3,
            cost.wall * 1e3
        );
    }
    println!();
}

fn print_stages(stages: &Medians, whole: &Medians) {
    let floor = whole.cost("floor: read and parse").cpu;
    let cpu = |name: &str| stages.cost(name).cpu;
    let symbols = cpu("parse and symbols") - cpu("parse");
    let before = [
        "walk the folders",
        "read",
        "parse and symbols",
        "count tokens by line",
    ];
    let rest = cpu("all up to the view") - before.iter().map(|name| cpu(name)).sum::<f64>();
    let rows = [
        ("walk the folders", cpu("walk the folders")),
        ("read", cpu("read")),
        ("parse", cpu("parse")),
        ("symbols (walk of the tree, nesting)", symbols),
        ("count tokens by line", cpu("count tokens by line")),
        ("entries and view (the rest)", rest),
        ("pack", cpu("pack")),
        ("render", cpu("render")),
    ];
    println!("| stage | CPU ms | to floor |");
    println!("| --- | ---: | ---: |");
    for (name, cpu) in rows {
        println!("| {name} | {:.0} | {:.2} |", cpu * 1e3, cpu / floor);
    }
    println!();
}

fn print_languages(found: &[SourceFile], runs: usize) {
    let mut by_language: BTreeMap<&str, Vec<Source>> = BTreeMap::new();
    for text in read_all(found) {
        by_language
            .entry(text.language.map_or("(none)", |language| language.name))
            .or_default()
            .push(text);
    }
    println!(
        "| language | files | MB | parse MB/s | symbols MB/s | count MB/s | symbols and count to parse |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (name, texts) in &by_language {
        let mut medians = Medians::default();
        for _ in 0..runs {
            let known = || {
                texts
                    .iter()
                    .filter_map(|text| Some((text.language?, text.content.as_str())))
            };
            medians.add("parse", || {
                known()
                    .filter(|(language, text)| parses(language, text))
                    .count()
            });
            medians.add("both", || {
                known()
                    .map(|(language, text)| {
                        syntax::parse(language, text, Wants::default())
                            .symbols
                            .len()
                    })
                    .sum::<usize>()
            });
            let counter = Counter::default();
            medians.add("count", || {
                texts
                    .iter()
                    .map(|text| LineCosts::new(&counter, &text.content).total())
                    .sum::<Tokens>()
            });
        }
        let size = mb(texts.iter().map(|text| text.content.len() as u64).sum());
        let (parse, both, count) = (
            medians.cost("parse").cpu,
            medians.cost("both").cpu,
            medians.cost("count").cpu,
        );
        let symbols = both - parse;
        print!("| {name} | {} | {size:.2} | ", texts.len());
        if *name == "(none)" {
            println!("- | - | {:.0} | - |", size / count);
        } else {
            let ratio = (symbols + count) / parse;
            println!(
                "{:.1} | {} | {:.0} | {ratio:.2} |",
                size / parse,
                rate(size, symbols),
                size / count
            );
        }
    }
    println!();
}

/// MB/s, unless the time was too short or too noisy to tell.
fn rate(size: f64, seconds: f64) -> String {
    if seconds > 0.0 {
        format!("{:.0}", size / seconds)
    } else {
        "-".to_owned()
    }
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
