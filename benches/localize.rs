//! Scores `ctx search` on localization cases, in one process: each tree is parsed once, ranked
//! and packed for all budgets, and for every variant of the weights asked for.
//!
//! `localize CASES.jsonl CACHE [--set NAME=VALUE,...] [--try NAME=VALUE,...]... [--cases] [--show ID]`
//! A case is a JSON object with `id`, `lang`, `query`, `files`, `symbols` (`file`, `name`) and
//! `edits` (old line ranges by file); its tree is `CACHE/ID/repo`. `--try` adds a row with these
//! weights changed, `--cases` a row for each case, `--show` prints the answers to one case.

#![expect(clippy::print_stdout, reason = "a tool for developers")]

use ctx::code::files::WalkOptions;
use ctx::code::history::History;
use ctx::code::scope::Scope;
use ctx::code::search::{
    Query, SearchRequest, Weights, documents, memory, pack, partners, plan, rank,
};
use ctx::code::syntax::Limits;
use ctx::tokens::{Counter, Tokens};
use ctx::view::Format;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

const BUDGETS: [u64; 4] = [1000, 2000, 4000, 8000];

/// What an answer within one budget reached.
#[derive(Clone, Copy, Default)]
struct Score {
    symbols: f64,
    /// `None` when the fix only inserted lines.
    edits: Option<f64>,
    /// Position of the first gold file, from 1.
    rank: Option<usize>,
    /// Position of the last gold file; `None` when one is not shown.
    last: Option<usize>,
    overrun: bool,
}

struct Case {
    id: String,
    language: String,
    query: String,
    files: Vec<String>,
    symbols: Vec<(String, String)>,
    edits: Vec<(String, Vec<(usize, usize)>)>,
}

/// The scores of one variant on one case, by budget, and the time that ranking took.
type Row = ([Score; BUDGETS.len()], Duration);

fn main() {
    let arguments = Arguments::parse();
    let cases: Vec<Case> = std::fs::read_to_string(&arguments.cases)
        .expect("the cases can be read")
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(case)
        .filter(|case| arguments.only.is_empty() || case.id.contains(&arguments.only))
        .collect();
    let rows: Vec<Vec<Row>> = cases
        .iter()
        .map(|case| evaluate(case, Path::new(&arguments.cache), &arguments))
        .collect();
    for (at, (name, _)) in arguments.variants.iter().enumerate() {
        let mine: Vec<&Row> = rows.iter().map(|row| &row[at]).collect();
        report(name, &mine);
    }
    let mut languages: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for (case, row) in cases.iter().zip(&rows) {
        languages.entry(&case.language).or_default().push(&row[0]);
    }
    for (language, mine) in languages {
        report(&format!("{language} ({})", mine.len()), &mine);
    }
    if arguments.each {
        for (case, row) in cases.iter().zip(&rows) {
            report(&case.id, &[&row[0]]);
        }
    }
}

struct Arguments {
    cases: String,
    cache: String,
    variants: Vec<(String, Weights)>,
    each: bool,
    only: String,
    show: bool,
}

impl Arguments {
    fn parse() -> Arguments {
        let mut base = Weights::default();
        let mut tries = Vec::new();
        let mut paths = Vec::new();
        let (mut each, mut show, mut only) = (false, false, String::new());
        let mut arguments = std::env::args().skip(1).filter(|arg| arg != "--bench");
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().expect("the option has a value");
            match argument.as_str() {
                "--set" => apply(&mut base, &value()),
                "--try" => tries.push(value()),
                "--cases" => each = true,
                "--only" => only = value(),
                "--show" => (show, only) = (true, value()),
                _ => paths.push(argument),
            }
        }
        let mut variants = vec![("all".to_owned(), base.clone())];
        for change in tries {
            let mut weights = base.clone();
            apply(&mut weights, &change);
            variants.push((change, weights));
        }
        let [cases, cache] = <[String; 2]>::try_from(paths).expect("two paths: cases and cache");
        Arguments {
            cases,
            cache,
            variants,
            each,
            only,
            show,
        }
    }
}

fn apply(weights: &mut Weights, changes: &str) {
    for change in changes.split(',') {
        let (name, value) = change.split_once('=').expect("NAME=VALUE");
        let weight = weights.by_name(name);
        *weight.unwrap_or_else(|| panic!("no weight `{name}`")) = value.parse().expect("a number");
    }
}

fn case(line: &str) -> Case {
    let value: Value = serde_json::from_str(line).expect("a case is JSON");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let list = |name: &str| value[name].as_array().expect("a list").clone();
    let number = |value: &Value| value.as_u64().expect("a line") as usize;
    Case {
        id: text(&value["id"]),
        language: text(&value["lang"]),
        query: text(&value["query"]),
        files: list("files").iter().map(text).collect(),
        symbols: list("symbols")
            .iter()
            .map(|symbol| (text(&symbol["file"]), text(&symbol["name"])))
            .collect(),
        edits: value["edits"]
            .as_object()
            .expect("an object")
            .iter()
            .map(|(file, ranges)| {
                let ranges = ranges.as_array().expect("ranges").iter();
                let ranges = ranges.map(|range| (number(&range[0]), number(&range[1])));
                (file.clone(), ranges.collect())
            })
            .collect(),
    }
}

fn evaluate(case: &Case, cache: &Path, arguments: &Arguments) -> Vec<Row> {
    let root = cache.join(&case.id).join("repo");
    let request = SearchRequest {
        query: case.query.clone(),
        walk: WalkOptions {
            respect_ignores: true,
            skip_hidden: true,
        },
        limits: Limits {
            max_bytes: 3_000_000,
            ..Limits::default()
        },
        max_file_bytes: 20_000_000,
        scope: Scope::default(),
        command: "ctx search --query-file query.txt".to_owned(),
    };
    let base = Query::new(&case.query, &arguments.variants[0].1);
    let documents = documents(&root, &request);
    let paths: HashSet<String> = documents.iter().map(|found| found.path.clone()).collect();
    let wanted = wanted_lines(case, &root);
    let store = memory(documents, &base);
    let has_git = root.join(".git").exists();
    let history = has_git.then(|| History::read(&root)).flatten();
    let counter = Counter::default();
    arguments
        .variants
        .par_iter()
        .map(|(_, weights)| {
            let started = std::time::Instant::now();
            let query = Query::new(&case.query, weights);
            let ranking = rank(&store, &query, &request.scope, weights);
            let mut plan = plan(&store, &ranking, weights);
            if let Some(history) = &history {
                plan.append(&partners(&store, &ranking, history, weights));
            }
            let took = started.elapsed();
            let scores = BUDGETS.map(|budget| {
                let fitted = pack(
                    &store,
                    &plan,
                    Format::Text,
                    &counter,
                    Tokens(budget),
                    &request.command,
                );
                let text = fitted.map(|answer| answer.text).unwrap_or_default();
                if arguments.show && budget <= 4000 {
                    println!("==== {} at {budget}\n{text}", case.id);
                }
                Score {
                    overrun: counter.count(&text).0 > budget,
                    ..score(case, &text, &paths, &wanted)
                }
            });
            (scores, took)
        })
        .collect()
}

/// The changed lines of each file that can be told from others, without white space around them.
fn wanted_lines(case: &Case, root: &Path) -> Vec<(String, Vec<String>)> {
    let of = |(file, ranges): &(String, Vec<(usize, usize)>)| {
        let text = std::fs::read(root.join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
        let changed = ranges.iter().flat_map(|(first, last)| *first..=*last);
        let changed = changed.filter_map(|line| lines.get(line.wrapping_sub(1)));
        let changed = changed.filter(|line| line.chars().count() >= 6);
        (
            file.clone(),
            changed.map(|line| (*line).to_owned()).collect(),
        )
    };
    case.edits.iter().map(of).collect()
}

fn score(
    case: &Case,
    text: &str,
    paths: &HashSet<String>,
    wanted: &[(String, Vec<String>)],
) -> Score {
    let (by_file, order) = attribute(text, paths);
    let body = |file: &str| by_file.get(file).map_or("", String::as_str);
    let named = case
        .symbols
        .iter()
        .filter(|(file, name)| holds_word(body(file), name));
    let position = |file: &String| order.iter().position(|path| path == file);
    let positions: Vec<Option<usize>> = case
        .files
        .iter()
        .map(|file| position(file).map(|at| at + 1))
        .collect();
    let all: usize = wanted.iter().map(|(_, lines)| lines.len()).sum();
    let shown: usize = wanted
        .iter()
        .map(|(file, lines)| {
            let body = body(file);
            lines.iter().filter(|line| body.contains(*line)).count()
        })
        .sum();
    Score {
        symbols: named.count() as f64 / case.symbols.len().max(1) as f64,
        edits: (all > 0).then(|| shown as f64 / all as f64),
        rank: positions.iter().flatten().min().copied(),
        last: positions
            .iter()
            .max_by_key(|at| at.unwrap_or(usize::MAX))
            .copied()
            .flatten(),
        overrun: false,
    }
}

/// The text that belongs to each file: the lines below one that begins with its path, and
/// every other line that names it; and the files in order of first mention.
fn attribute(text: &str, paths: &HashSet<String>) -> (HashMap<String, String>, Vec<String>) {
    let mut by_file: HashMap<String, String> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        let trimmed = line.trim();
        let is_part = |c: char| c.is_alphanumeric() || "_.@+-/[]()$~".contains(c);
        let mut named: Vec<&str> = Vec::new();
        for token in line.split(|c| !is_part(c)) {
            let bare = token.trim_matches(|c| "()[]~$-".contains(c));
            let bare = bare.trim_end_matches('.').trim_start_matches("./");
            let known = [token, bare].into_iter().find(|path| paths.contains(*path));
            named.extend(known);
        }
        for path in &named {
            if !order.iter().any(|known| known == path) {
                order.push((*path).to_owned());
            }
        }
        let is_header = |path: &&&str| {
            trimmed.trim_start_matches("./").starts_with(**path)
                || path.len() * 5 >= trimmed.len() * 2
        };
        if let Some(header) = named.iter().find(is_header) {
            current = (*header).to_owned();
        }
        for path in named.iter().copied().chain([current.as_str()]) {
            let body = by_file.entry(path.to_owned()).or_default();
            body.push_str(line);
            body.push('\n');
        }
    }
    (by_file, order)
}

fn holds_word(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_word) && !text[at + word.len()..].starts_with(is_word)
    })
}

fn report(name: &str, rows: &[&Row]) {
    let n = rows.len().max(1) as f64;
    let mean = |values: Vec<f64>| 100.0 * values.iter().sum::<f64>() / values.len().max(1) as f64;
    let symbols: Vec<String> = (0..BUDGETS.len())
        .map(|at| mean(rows.iter().map(|row| row.0[at].symbols).collect()))
        .map(|share| format!("{share:5.1}"))
        .collect();
    let edits: Vec<String> = (0..BUDGETS.len())
        .map(|at| mean(rows.iter().filter_map(|row| row.0[at].edits).collect()))
        .map(|share| format!("{share:5.1}"))
        .collect();
    // The first gold file, and all of them, at 4,000 tokens.
    let share = |of: fn(&Score) -> Option<usize>, most: usize| {
        let found = rows
            .iter()
            .filter(|row| of(&row.0[2]).is_some_and(|at| at <= most));
        100.0 * found.count() as f64 / n
    };
    let within = |most| share(|score| score.rank, most);
    let all = |most| share(|score| score.last, most);
    let reciprocal: f64 = rows
        .iter()
        .filter_map(|row| row.0[2].rank)
        .map(|rank| 1.0 / rank as f64)
        .sum();
    let overruns = rows
        .iter()
        .flat_map(|row| row.0)
        .filter(|score| score.overrun);
    let took: Duration = rows.iter().map(|row| row.1).sum();
    println!(
        "sym {} | edit {} | top {:4.1} {:4.1} {:4.1} all {:4.1} {:4.1} mrr {:.3} | over {} | {:4} ms | {name}",
        symbols.join(" "),
        edits.join(" "),
        within(1),
        within(5),
        within(10),
        all(5),
        all(10),
        reciprocal / n,
        overruns.count(),
        took.as_millis() / rows.len().max(1) as u128,
    );
}
