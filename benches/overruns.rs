//! Promises 1, 3 and 4 on real trees, as anyone could check them from outside: runs the built
//! `ctx` over trees, views, budgets, formats and models, counts what it prints with
//! `tiktoken-rs`, and compares answers with each other.
//!
//! `cargo bench --bench overruns -- TREE...`; without trees it takes this repository, and
//! `PROGRAM=ctx` measures another program than this build. Ends with status 1 when a promise is
//! broken.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Folders sampled below each tree, beside the tree itself.
const FOLDERS: usize = 6;
const BUDGETS: [u64; 9] = [60, 150, 350, 500, 640, 1_000, 2_500, 7_000, 25_000];
/// Budgets from which the answer has to be well filled, and how well, in percent.
const FILL_FROM: u64 = 500;
const LEAST_FILL: f64 = 95.0;
/// Names of models, and what a token of their encoding counts in thousandths.
const MODELS: [(&str, Encoding); 3] = [
    ("o200k_base", Encoding::O200k),
    ("cl100k_base", Encoding::Cl100k),
    ("claude-4", Encoding::O200k),
];
const VIEWS: &[&[&str]] = &[
    &["outline"],
    &["outline", "--level", "name"],
    &["outline", "--level", "body"],
    &["outline", "--public", "--tests", "no"],
    &["budget"],
    &["read"],
];

#[derive(Clone, Copy, PartialEq)]
enum Encoding {
    O200k,
    Cl100k,
}

fn main() -> ExitCode {
    let trees: Vec<PathBuf> = env::args_os()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .map(PathBuf::from)
        .collect();
    let trees = match trees.is_empty() {
        true => vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))],
        false => trees,
    };
    let mut table: BTreeMap<(String, &str), Row> = BTreeMap::new();
    let mut nth = 0;
    for tree in &trees {
        for folder in sample(tree) {
            for view in VIEWS {
                let Some(paths) = paths(tree, &folder, view) else {
                    continue;
                };
                for format in ["text", "json"] {
                    nth += 1;
                    let (model, encoding) = MODELS[nth % MODELS.len()];
                    let row = table.entry((view.join(" "), format)).or_default();
                    Series {
                        tree,
                        view,
                        paths: &paths,
                        format,
                        model,
                        encoding,
                    }
                    .check(row, nth);
                }
            }
        }
    }
    print(&table)
}

fn print(table: &BTreeMap<(String, &str), Row>) -> ExitCode {
    println!(
        "{:<28} {:<5} {:>7} {:>8} {:>9} {:>9} {:>9} {:>8} {:>8} {:>7}",
        "view",
        "form",
        "answers",
        "refused",
        "overruns",
        "fill min",
        "median",
        "< 95 %",
        "differ",
        "nested"
    );
    let mut all = Row::default();
    for ((view, format), row) in table {
        row.print(view, format);
        all.answers += row.answers;
        all.refused += row.refused;
        all.overruns += row.overruns;
        all.differ += row.differ;
        all.hidden += row.hidden;
        all.fills.extend(&row.fills);
        all.problems.extend(row.problems.iter().cloned());
    }
    all.print("all", "");
    for problem in all.problems.iter().take(60) {
        println!("{problem}");
    }
    let is_kept = all.overruns + all.differ + all.hidden == 0;
    ExitCode::from(u8::from(!is_kept))
}

#[derive(Default)]
struct Row {
    answers: usize,
    refused: usize,
    overruns: usize,
    /// Two runs of one command that did not print the same.
    differ: usize,
    /// Things that a larger budget hid.
    hidden: usize,
    fills: Vec<f64>,
    problems: Vec<String>,
}

impl Row {
    fn print(&self, view: &str, format: &str) {
        let mut fills = self.fills.clone();
        fills.sort_by(f64::total_cmp);
        let least = fills
            .first()
            .map_or("-".to_owned(), |fill| format!("{fill:.1}"));
        let median = fills
            .get(fills.len() / 2)
            .map_or("-".to_owned(), |fill| format!("{fill:.1}"));
        let low = fills.iter().filter(|fill| **fill < LEAST_FILL).count();
        println!(
            "{view:<28} {format:<5} {:>7} {:>8} {:>9} {least:>9} {median:>9} {:>8} {:>8} {:>7}",
            self.answers,
            self.refused,
            self.overruns,
            format!("{low}/{}", fills.len()),
            self.differ,
            self.hidden,
        );
    }
}

/// One command at growing budgets.
struct Series<'a> {
    tree: &'a Path,
    view: &'a [&'a str],
    paths: &'a [String],
    format: &'a str,
    model: &'a str,
    encoding: Encoding,
}

impl Series<'_> {
    fn check(&self, row: &mut Row, nth: usize) {
        let mut before: Option<BTreeMap<String, Shown>> = None;
        for (step, budget) in BUDGETS.into_iter().enumerate() {
            let Some(answer) = self.run(budget) else {
                row.refused += 1;
                continue;
            };
            row.answers += 1;
            let cost = self.count(&answer);
            if cost > budget {
                row.overruns += 1;
                row.problems
                    .push(format!("{cost} tokens: {}", self.words(budget)));
            }
            // Twice of every third is enough to see a hash map's order.
            if (nth + step).is_multiple_of(3) && self.run(budget).as_deref() != Some(&answer) {
                row.differ += 1;
                row.problems
                    .push(format!("two runs differ: {}", self.words(budget)));
            }
            let is_complete = self.is_complete(&answer);
            if !is_complete && budget >= FILL_FROM {
                let fill = cost as f64 * 100.0 / budget as f64;
                row.fills.push(fill);
                if fill < LEAST_FILL {
                    row.problems
                        .push(format!("{fill:.1} %: {}", self.words(budget)));
                }
            }
            if self.format == "json" {
                let shown = shown(&serde_json::from_str(&answer).expect("the answer is JSON"));
                for problem in before.iter().flat_map(|before| hidden(before, &shown)) {
                    row.hidden += 1;
                    row.problems
                        .push(format!("{problem}: {}", self.words(budget)));
                }
                before = Some(shown);
            }
            if is_complete {
                return;
            }
        }
    }

    fn run(&self, budget: u64) -> Option<String> {
        let output = Command::new(program())
            .current_dir(self.tree)
            .args(self.arguments(budget))
            .output()
            .expect("ctx runs");
        match output.status.code() {
            Some(0) => Some(String::from_utf8(output.stdout).expect("answers are UTF-8")),
            Some(1 | 2) => None,
            status => panic!("status {status:?}: {}", self.words(budget)),
        }
    }

    fn arguments(&self, budget: u64) -> Vec<String> {
        let mut arguments: Vec<String> = self.view.iter().map(|word| (*word).to_owned()).collect();
        arguments.extend(["--budget".to_owned(), budget.to_string()]);
        arguments.extend(["--model".to_owned(), self.model.to_owned()]);
        if self.format == "json" {
            arguments.push("--json".to_owned());
        }
        arguments.push("--".to_owned());
        arguments.extend(self.paths.iter().cloned());
        arguments
    }

    fn words(&self, budget: u64) -> String {
        format!(
            "{}: ctx {}",
            self.tree.display(),
            self.arguments(budget).join(" ")
        )
    }

    fn count(&self, answer: &str) -> u64 {
        let bpe = match self.encoding {
            Encoding::O200k => tiktoken_rs::o200k_base_singleton(),
            Encoding::Cl100k => tiktoken_rs::cl100k_base_singleton(),
        };
        let base = ctx::tokens::Tokens(bpe.count_ordinary(answer) as u64);
        let counter = ctx::tokens::Counter::for_model(self.model).expect("a known model");
        counter.scale(base).0
    }

    fn is_complete(&self, answer: &str) -> bool {
        let footer = answer.trim_end().rsplit('\n').next().unwrap_or("");
        match (self.format, self.view[0]) {
            ("json", _) => footer.contains("\"complete\":true"),
            (_, "read") => !answer.lines().any(|line| line.starts_with("… left out ")),
            _ => footer.starts_with("all shown: "),
        }
    }
}

/// The program of this build, or another one to be measured.
fn program() -> OsString {
    env::var_os("PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_ctx").into())
}

/// What is shown of one thing: its highest level, and the text there.
struct Shown {
    level: usize,
    text: String,
    is_cut: bool,
}

/// Everything shown, by a name that does not depend on what else is.
fn shown(answer: &Value) -> BTreeMap<String, Shown> {
    let mut all = BTreeMap::new();
    collect(answer, "", &mut all);
    for (nth, part) in answer["parts"].as_array().into_iter().flatten().enumerate() {
        let text = part["text"].as_str().unwrap_or_default().to_owned();
        let name = format!("{nth} {} {}", part["path"], part["lines"]);
        all.insert(
            name,
            Shown {
                level: 0,
                text,
                is_cut: true,
            },
        );
    }
    all
}

fn collect(item: &Value, path: &str, all: &mut BTreeMap<String, Shown>) {
    for (nth, item) in item["items"].as_array().into_iter().flatten().enumerate() {
        let own = item["path"].as_str().unwrap_or(path);
        let level = ["name", "signature", "doc", "body"]
            .into_iter()
            .rposition(|level| item.get(level).is_some());
        let text = level.map_or("", |level| {
            item[["name", "signature", "doc", "body"][level]]
                .as_str()
                .unwrap_or_default()
        });
        let is_cut = item["cut"] == true;
        let mut name = format!("{own} {} {} {}", item["kind"], item["lines"], item["name"]);
        if all.contains_key(&name) {
            name.push_str(&format!(" {nth}"));
        }
        let shown = Shown {
            level: level.unwrap_or(0),
            text: text.to_owned(),
            is_cut,
        };
        all.insert(name, shown);
        collect(item, own, all);
    }
}

/// What the smaller answer shows and the larger does not.
fn hidden(small: &BTreeMap<String, Shown>, large: &BTreeMap<String, Shown>) -> Vec<String> {
    let problem = |(name, before): (&String, &Shown)| {
        let Some(now) = large.get(name) else {
            return Some(format!("hidden: {name}"));
        };
        let is_less = now.level < before.level
            || (now.level == before.level
                && (!now.text.starts_with(&before.text) || (now.is_cut && !before.is_cut)));
        is_less.then(|| format!("less is shown: {name}"))
    };
    small.iter().filter_map(problem).collect()
}

/// The tree and some folders below it, always the same ones.
fn sample(tree: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    gather(tree, 0, &mut folders, &|path| path.is_dir());
    let step = (folders.len() / FOLDERS).max(1);
    let mut sample: Vec<PathBuf> = folders.into_iter().step_by(step).take(FOLDERS).collect();
    sample.insert(0, tree.to_owned());
    sample
}

fn gather(folder: &Path, depth: usize, all: &mut Vec<PathBuf>, wanted: &dyn Fn(&Path) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    for path in entries {
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden
            || path.is_symlink()
            || path.ends_with("target")
            || path.ends_with("node_modules")
        {
            continue;
        }
        if wanted(&path) {
            all.push(path.clone());
        }
        if path.is_dir() && depth < 6 {
            gather(&path, depth + 1, all, wanted);
        }
    }
}

/// What the command is asked about: the folder, or some files of it.
fn paths(tree: &Path, folder: &Path, view: &[&str]) -> Option<Vec<String>> {
    let below = |path: &Path| {
        path.strip_prefix(tree)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned()
    };
    if view[0] != "read" {
        let folder = below(folder);
        return Some(if folder.is_empty() {
            vec![]
        } else {
            vec![folder]
        });
    }
    let mut files = Vec::new();
    gather(folder, 5, &mut files, &|path| path.is_file());
    let step = (files.len() / 3).max(1);
    let files: Vec<String> = files
        .iter()
        .step_by(step)
        .take(3)
        .map(|file| below(file))
        .collect();
    (!files.is_empty()).then_some(files)
}
