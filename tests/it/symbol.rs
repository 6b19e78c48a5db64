//! `ctx symbol`

use crate::sandbox::{Sandbox, says};
use ctx::tokens::{Counter, Tokens};

const PROJECT: &str = r##"//- src/store.rs
/// Keeps things.
pub struct Store {
    things: Vec<u32>,
}

impl Store {
    /// Adds one thing.
    pub fn add(&mut self, thing: u32) {
        self.check(thing);
        self.things.push(thing);
    }

    fn check(&self, thing: u32) {
        assert!(thing > 0);
    }
}

/// Opens a store.
pub fn open() -> Store {
    Store { things: Vec::new() }
}
//- src/main.rs
mod store;
use store::open;

fn main() {
    let mut store = open();
    store.add(1);
}
//- tests/opening.rs
use shop::store::open;

#[test]
fn it_opens() {
    open();
}
"##;

#[track_caller]
fn same(actual: &str, expected: &str) {
    assert_eq!(actual, expected.trim_start_matches('\n'), "\n{actual}");
}

#[test]
fn a_definition_with_its_text_and_what_it_stands_in() {
    let sandbox = Sandbox::new(PROJECT);
    same(
        &sandbox.shows("symbol Store.add"),
        r#"
src/store.rs
  6-16 impl Store +62
    7-11:
    /// Adds one thing.
    pub fn add(&mut self, thing: u32) {
        self.check(thing);
        self.things.push(thing);
    }
all shown: 1 file, 2 symbols; 76 tokens (o200k_base)
"#,
    );
}

#[test]
fn every_way_to_name_a_symbol_finds_it() {
    let sandbox = Sandbox::new(PROJECT);
    for name in [
        "add",
        "Store::add",
        "Store.add",
        "add()",
        "src/store.rs#add",
        "store.rs#Store::add",
        "src/store.rs:9",
        "src/store.rs:7-8",
    ] {
        let shown = sandbox.shows(&format!("symbol {name} --level signature"));
        says(&shown, &["7-11 pub fn add(&mut self, thing: u32)"]);
    }
}

#[test]
fn who_has_to_do_with_it_and_how_sure_that_is() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("symbol open --level signature --callers --callees --tests");
    says(
        &shown,
        &[
            "callers, certain (2)\n  src/main.rs\n    5 in main: let mut store = open();",
            "5 in it_opens: open();",
            "callees: none found",
            "it_opens (line 5)",
        ],
    );
    let also = sandbox.shows("symbol --level signature --callers --callees --tests open");
    assert_eq!(shown, also);
    says(
        &sandbox.shows("symbol check --level signature --callers --tests"),
        &[
            "callers, certain (1)",
            "9 in Store::add: self.check(thing);",
            "tests: none found",
        ],
    );
    let shown = sandbox.shows("symbol open --level name --refs --tests no");
    assert!(!shown.contains("it_opens"), "{shown}");
}

#[test]
fn a_type_that_does_not_fit_shows_its_members() {
    let mut text = String::from("//- big.py\nclass Big:\n    \"\"\"Does much.\"\"\"\n");
    for n in 0..60 {
        text.push_str(&format!(
            "    def step_{n}(self, value):\n        return value + {n} * {n}\n\n"
        ));
    }
    let sandbox = Sandbox::new(&text);
    let shown = sandbox.shows("symbol Big --budget 500");
    says(
        &shown,
        &[
            "class Big",
            "Does much.",
            "def step_0(self, value)",
            "left out: ",
        ],
    );
    assert!(!shown.contains("return value + 3 * 3"), "{shown}");
    let shown = sandbox.shows("symbol Big --budget 4000");
    says(&shown, &["return value + 3 * 3", "all shown"]);
}

#[test]
fn two_hundred_candidates_are_a_list_within_the_budget() {
    let mut files = String::from(
        "//- core.py\nclass Core:\n    def run(self):\n        \"\"\"The one.\"\"\"\n",
    );
    for n in 0..200 {
        files.push_str(&format!(
            "//- lib/part_{n}.py\nclass Part{n}:\n    def run(self):\n        pass\n"
        ));
    }
    let sandbox = Sandbox::new(&files);
    let counter = Counter::for_model("o200k_base").unwrap();
    for budget in [200, 500, 1_000, 4_000] {
        let shown = sandbox.shows(&format!("symbol run --budget {budget}"));
        assert!(counter.count(&shown) <= Tokens(budget), "{shown}");
        says(&shown, &["left out: "]);
    }
    let found = sandbox.json("symbol run --budget 1000");
    assert!(
        found["omitted"]["symbols"].as_u64().unwrap() > 100,
        "{found}"
    );
    let one = sandbox.shows("symbol core.py#run");
    says(&one, &["class Core", "The one.", "all shown"]);
}

#[test]
fn an_unknown_name_gives_the_nearest() {
    let sandbox = Sandbox::new(PROJECT);
    says(
        &sandbox.fails(1, "symbol Stroe"),
        &["no symbol `Stroe`", "`Store`"],
    );
    says(&sandbox.fails(1, "symbol STORE"), &["`Store`"]);
    says(&sandbox.fails(1, "symbol opens_it"), &["`it_opens`"]);
    says(&sandbox.fails(1, "symbol xyzzy"), &["search xyzzy"]);
    says(
        &sandbox.fails(1, "symbol open --lang go"),
        &["1 elsewhere", "src/store.rs"],
    );
    says(
        &sandbox.fails(1, "symbol src/main.rs:900"),
        &["src/main.rs:900", "outline src/main.rs"],
    );
    sandbox.fails(2, "symbol");
    sandbox.fails(2, "symbol open add");
}

#[test]
fn candidates_are_narrowed_by_path_language_and_tests() {
    let sandbox = Sandbox::new(
        "//- a/one.py\ndef go(): pass\n//- b/two.py\ndef go(): pass\n//- c/three.js\nfunction go() {}\n//- tests/test_go.py\ndef go(): pass\n",
    );
    let files = |args: &str| {
        let shown = sandbox.shows(&format!("symbol go --level signature {args}"));
        let mut files: Vec<String> = shown
            .lines()
            .filter(|line| !line.starts_with([' ', 'a']) || line.starts_with("a/"))
            .map(str::to_owned)
            .collect();
        files.sort();
        files
    };
    assert_eq!(files("--path a"), ["a/one.py"]);
    assert_eq!(files("--path **/t*.py"), ["b/two.py", "tests/test_go.py"]);
    assert_eq!(files("--lang javascript"), ["c/three.js"]);
    assert_eq!(files("--tests only"), ["tests/test_go.py"]);
    assert_eq!(files("--tests no --lang python"), ["a/one.py", "b/two.py"]);
}

#[test]
fn a_larger_budget_hides_nothing() {
    let sandbox = Sandbox::new(PROJECT);
    let counter = Counter::for_model("o200k_base").unwrap();
    for args in [
        "symbol open --refs --callees --tests",
        "symbol Store --callers",
        "symbol add --callers",
    ] {
        let mut before: Vec<String> = Vec::new();
        for budget in [80, 120, 160, 220, 300, 500, 4_000] {
            let ran = sandbox.ctx(&format!("{args} --json --budget {budget}"));
            if ran.status == Some(2) {
                continue;
            }
            let shown = ran.shown();
            assert!(counter.count(&shown) <= Tokens(budget), "{args}: {shown}");
            let mut now = Vec::new();
            places(&serde_json::from_str(&shown).unwrap(), "", &mut now);
            for place in &before {
                assert!(now.contains(place), "{args} at {budget} hides {place}");
            }
            before = now;
        }
        assert!(!before.is_empty());
    }
}

/// The kind and place of every item.
fn places(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
    let path = value["path"].as_str().unwrap_or(path).to_owned();
    if value["kind"].is_string() {
        found.push(format!("{} {path} {}", value["kind"], value["lines"]));
    }
    for item in value["items"].as_array().into_iter().flatten() {
        places(item, &path, found);
    }
}
