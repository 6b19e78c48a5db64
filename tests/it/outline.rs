//! `ctx outline`

use crate::sandbox::{Sandbox, says};

const PROJECT: &str = r##"//- src/lib.rs
//! A shop.

/// What is sold.
pub struct Item {
    pub name: String,
    price: u32,
}

impl Item {
    /// Makes an item.
    ///
    /// Never free.
    pub fn new(name: &str, price: u32) -> Item {
        Item { name: name.to_owned(), price }
    }

    fn secret(&self) -> u32 {
        self.price
    }
}

pub const TAX: u32 = 19;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_a_price() {
        assert_eq!(Item::new("a", 1).price, 1);
    }
}
//- src/bin/shop.rs
fn main() {
    println!("open");
}
//- tests/opening.rs
#[test]
fn it_opens() {}
//- .gitignore
target/
//- target/out.rs
fn built() {}
//- .hidden.rs
fn hidden() {}
"##;

#[track_caller]
fn same(actual: &str, expected: &str) {
    assert_eq!(actual, expected.trim_start_matches('\n'), "\n{actual}");
}

#[test]
fn the_whole_workspace() {
    let sandbox = Sandbox::new(PROJECT);
    same(
        &sandbox.shows("outline"),
        r"
src/lib.rs +143
  4-7 pub struct Item +17
      What is sold.
    5 pub name: String
    6 price: u32
  9-20 impl Item +63
    13-15 pub fn new(name: &str, price: u32) -> Item +30
        Makes an item.
    17-19 fn secret(&self) -> u32 +16
  22 pub const TAX: u32 = 19
  24-32 mod tests +44
    28-31 fn items_have_a_price() +32
src/bin/shop.rs +10
  1-3 fn main() +10
tests/opening.rs +9
  1-2 fn it_opens() {} +9
all shown: 3 files, 11 symbols; 188 tokens (o200k_base)
",
    );
}

#[test]
fn what_does_not_fit_is_counted_priced_and_named() {
    let sandbox = Sandbox::new(PROJECT);
    same(
        &sandbox.shows("outline --budget 100"),
        r"
src/lib.rs +143
  4-7 pub struct Item +17
  9-20 impl Item +63
    13-15 fn new +30
  22 const TAX
src/bin/shop.rs +10
  1-3 fn main() +10
left out: 1 file, 6 symbols; shortened: 3; 107 tokens more with `ctx outline --budget 270`; 99 tokens (o200k_base)
",
    );
}

#[test]
fn json() {
    let sandbox = Sandbox::new(PROJECT);
    same(
        &sandbox.shows("outline src/lib.rs --json"),
        r#"
{"view":"outline","counter":"o200k_base","budget":4000,"items":[
{ "kind":"file","path":"src/lib.rs","tokens":143,"items":[
{ "kind":"struct","lines":[4,7],"name":"Item","signature":"pub struct Item","doc":"What is sold.","tokens":17,"items":[
{ "kind":"field","lines":[5,5],"name":"name","signature":"pub name: String"}
,{ "kind":"field","lines":[6,6],"name":"price","signature":"price: u32"}
]}
,{ "kind":"impl","lines":[9,20],"name":"Item","signature":"impl Item","tokens":63,"items":[
{ "kind":"method","lines":[13,15],"name":"new","signature":"pub fn new(name: &str, price: u32) -> Item","doc":"Makes an item.","tokens":30}
,{ "kind":"method","lines":[17,19],"name":"secret","signature":"fn secret(&self) -> u32","tokens":16}
]}
,{ "kind":"constant","lines":[22,22],"name":"TAX","signature":"pub const TAX: u32 = 19"}
,{ "kind":"module","lines":[24,32],"name":"tests","signature":"mod tests","tokens":44,"items":[
{ "kind":"function","lines":[28,31],"name":"items_have_a_price","signature":"fn items_have_a_price()","tokens":32}
]}
]}
],"complete":true,"tokens":325}
"#,
    );
}

#[test]
fn levels() {
    let sandbox = Sandbox::new(PROJECT);
    let lines =
        |level: &str| sandbox.shows(&format!("outline src/lib.rs --level {level} --tests no"));
    let name = lines("name");
    says(&name, &["fn new", "struct Item"]);
    assert!(
        !name.contains("price: u32") && !name.contains("Makes"),
        "{name}"
    );
    let signature = lines("signature");
    says(&signature, &["pub fn new(name: &str, price: u32) -> Item"]);
    assert!(!signature.contains("Makes"), "{signature}");
    says(
        &lines("doc"),
        &[
            "pub fn new(name: &str, price: u32) -> Item",
            "Makes an item.",
        ],
    );
    says(
        &lines("body"),
        &["        Item { name: name.to_owned(), price }"],
    );
}

#[test]
fn kinds_visibility_tests_and_depth() {
    let sandbox = Sandbox::new(PROJECT);
    let shows = |options: &str, has: &[&str], has_not: &[&str]| {
        let shown = sandbox.shows(&format!("outline {options}"));
        says(&shown, has);
        for part in has_not {
            assert!(!shown.contains(part), "{options} shows {part}:\n{shown}");
        }
    };
    shows("--kind struct", &["struct Item"], &["fn ", "TAX"]);
    // What a symbol stands in is shown with it.
    shows(
        "--kind method",
        &["impl Item", "fn new", "fn secret"],
        &["TAX", "fn main"],
    );
    shows("--kind struct,constant", &["struct Item", "TAX"], &["fn "]);
    shows(
        "--kind struct --kind function",
        &["struct Item", "fn main"],
        &["TAX"],
    );
    shows("--public", &["fn new", "TAX"], &["secret"]);
    shows(
        "--tests no",
        &["fn new", "fn main"],
        &["items_have_a_price", "it_opens()"],
    );
    shows(
        "--tests only",
        &["items_have_a_price", "it_opens()"],
        &["fn new", "TAX"],
    );
    shows(
        "--depth 1",
        &["struct Item", "TAX"],
        &["fn new", "items_have_a_price"],
    );
    shows("--lang rust", &["src/"], &["nothing"]);
}

#[test]
fn unknown_kinds_and_languages_name_the_nearest() {
    let sandbox = Sandbox::new(PROJECT);
    says(
        &sandbox.fails(2, "outline --kind functoin"),
        &[
            "unknown kind of symbol `functoin`; known: ",
            "hint: `--kind function`",
        ],
    );
    says(
        &sandbox.fails(2, "outline --lang rsut"),
        &["unknown language `rsut`", "hint: `--lang rust`"],
    );
    says(
        &sandbox.fails(2, "outline --lang qqqqqq"),
        &["unknown language `qqqqqq`", "`ctx languages` lists all"],
    );
    says(
        &sandbox.fails(1, "outline --lang python"),
        &["no files in this workspace"],
    );
}

#[test]
fn files_folders_and_patterns() {
    let sandbox = Sandbox::new(PROJECT);
    let files = |paths: &str| -> Vec<String> {
        fn collect(item: &serde_json::Value, files: &mut Vec<String>) {
            if item["kind"] == "file" {
                files.push(item["path"].as_str().unwrap().to_owned());
            }
            for item in item["items"].as_array().into_iter().flatten() {
                collect(item, files);
            }
        }
        let mut files = Vec::new();
        collect(
            &sandbox.json(&format!("outline --level name {paths}")),
            &mut files,
        );
        files
    };
    let all = ["src/lib.rs", "src/bin/shop.rs", "tests/opening.rs"];
    assert_eq!(files(""), all);
    assert_eq!(files("."), all);
    assert_eq!(files("src tests"), all);
    // Named twice, shown once.
    assert_eq!(files("src src/lib.rs ./src/lib.rs src/../src"), all[..2]);
    assert_eq!(files("**/*.rs"), all);
    assert_eq!(files("src/*.rs"), all[..1]);
    assert_eq!(files("src/**/sh*.rs"), all[1..2]);
    assert_eq!(files("{src,tests}/*.rs"), [all[0], all[2]]);
    // What is named is shown, whatever the ignore files say.
    assert_eq!(
        files("target/out.rs .hidden.rs"),
        [".hidden.rs", "target/out.rs"]
    );
    assert_eq!(files("--config code.respect_ignores=false").len(), 4);
    assert_eq!(
        files("--config code.skip_hidden=false"),
        [".gitignore", ".hidden.rs", all[0], all[1], all[2]]
    );
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new(PROJECT);
    let run = |args: &[&str]| {
        sandbox
            .command([&["outline"], args].concat())
            .stdin("pub fn piped() {}\n")
            .go()
    };
    same(
        &run(&["-", "--lang", "rust"]).shown(),
        r"
<stdin> +6
  1 pub fn piped() {}
all shown: 1 file, 1 symbol; 35 tokens (o200k_base)
",
    );
    same(
        &run(&["-", "--lang", "rs"]).shown(),
        r"
<stdin> +6
  1 pub fn piped() {}
all shown: 1 file, 1 symbol; 35 tokens (o200k_base)
",
    );
    says(
        &run(&["-"]).failed(2),
        &[
            "standard input needs its language",
            "hint: `ctx outline - --lang rust`",
        ],
    );
    says(
        &run(&["-", "--lang", "rust,python"]).failed(2),
        &["standard input needs its language"],
    );
    says(
        &run(&["-", "src", "--lang", "rust"]).failed(2),
        &["`-` cannot be outlined together"],
    );
}

#[test]
fn many_siblings_are_counted_in_the_heading_whatever_the_budget() {
    let sandbox = Sandbox::new("");
    for nth in 0..300 {
        sandbox.write(format!("src/module_{nth:03}.rs"), "pub fn f() {}\n");
    }
    for budget in [60, 100, 200, 1_000, 20_000] {
        says(
            &sandbox.shows(&format!("outline --budget {budget}")),
            &["src/ (300 files)\n"],
        );
    }
}

/// Which files were opened at all depended on the budget in a way that a larger one could drop
/// what a smaller one had shown.
#[test]
fn a_larger_budget_shows_every_line_that_a_smaller_one_showed() {
    let sandbox = Sandbox::new("");
    for nth in 0..700 {
        let folder = ["a", "some/longer/folder", "b/c", "tests"][nth % 4];
        let name = "long_name_".repeat(nth % 5);
        let text = format!("pub fn f{nth}() {{}}\n").repeat(1 + nth % 7);
        sandbox.write(format!("{folder}/{name}{nth}.rs"), text);
    }
    for option in ["", "--json"] {
        let mut before: Vec<String> = Vec::new();
        for budget in (150..1_500).step_by(90) {
            let shown = sandbox.shows(&format!("outline --level name {option} --budget {budget}"));
            let is_item = |line: &&str| {
                !line.starts_with("left out")
                    && !line.contains("\"budget\":")
                    && !line.contains("\"complete\":")
            };
            let lines: Vec<String> = shown
                .lines()
                .filter(is_item)
                .map(|line| line.trim_start_matches(',').to_owned())
                .collect();
            for line in &before {
                assert!(
                    lines.contains(line),
                    "`{line}` is shown below {budget} and not there"
                );
            }
            before = lines;
        }
        assert!(before.len() > 20);
    }
}

#[test]
fn a_comment_after_the_imports_does_not_describe_the_file() {
    let sandbox = Sandbox::new(
        r##"//- a.c
#include "a.h"

/* Data that is shared between threads. */

static int shared;
//- b.c
#ifndef B
#define B
/* Counts the words of a text. */

int count(void);
#endif
//- c.py
import typing as t
if t.TYPE_CHECKING:  # pragma: no cover but only for types
    import x

class C:
    pass
"##,
    );
    let shown = sandbox.shows("outline");
    says(&shown, &["Counts the words of a text."]);
    assert!(!shown.contains("Data that is"), "{shown}");
    assert!(!shown.contains("pragma"), "{shown}");
}

/// More symbols than are kept at a small budget: those that are not are counted all the same.
#[test]
fn of_very_many_symbols_none_is_forgotten_in_the_count() {
    const FILES: usize = 3;
    const EACH: usize = 7_000;
    let mut project = String::new();
    for file in 0..FILES {
        project.push_str(&format!("//- src/part{file}.rs\n"));
        for idx in 0..EACH {
            project.push_str(&format!("pub fn f{idx}() {{}}\n"));
        }
    }
    let sandbox = Sandbox::new(&project);
    let mut before: Vec<String> = Vec::new();
    for budget in ["200", "600", "2000"] {
        let shown = sandbox.shows(&format!("outline --level name --budget {budget}"));
        assert_eq!(
            shown,
            sandbox.shows(&format!("outline --level name --budget {budget}"))
        );
        let is_symbol = |line: &&str| line.contains(" fn f");
        let symbols = shown.lines().filter(is_symbol).count();
        let left_out = FILES * EACH - symbols;
        let counted = format!("{},{:03} symbols", left_out / 1000, left_out % 1000);
        assert!(shown.contains(&counted), "{counted}\n{shown}");
        let lines: Vec<String> = shown.lines().map(str::to_owned).collect();
        let kept = &before[..before.len().saturating_sub(1)];
        for line in kept {
            assert!(lines.contains(line), "{line} is hidden by {budget} tokens");
        }
        before = lines;
    }
}
