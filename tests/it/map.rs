//! `ctx map`

use crate::sandbox::{Sandbox, says};
use ctx::tokens::{Counter, Tokens};
use std::process::Command;

const PROJECT: &str = r##"//- README.md
# Shop

[![Build](https://example.com/badge.svg)](https://example.com)

Shop is a small library for selling things.

Please visit the site.
//- Cargo.toml
[package]
name = "shop"
//- src/lib.rs
//! The shop.
pub mod store;
pub mod price;
//- src/main.rs
//! The counter.
use shop::store::Store;

fn main() {
    let store = Store::new();
    store.sell(1);
}
//- src/store.rs
//! Where things are kept.
use crate::price::price_of;

/// Keeps things and sells them.
pub struct Store {
    things: Vec<u32>,
}

impl Store {
    /// An empty store.
    pub fn new() -> Store {
        Store { things: Vec::new() }
    }

    /// Sells one thing.
    pub fn sell(&self, thing: u32) -> u32 {
        price_of(thing)
    }
}
//- src/price.rs
/// What a thing costs.
pub fn price_of(thing: u32) -> u32 {
    thing + 1
}

fn never_used() {}
//- tests/selling.rs
use shop::store::Store;

#[test]
fn it_sells() {
    assert_eq!(Store::new().sell(1), 2);
}
"##;

#[test]
fn a_repository_at_a_glance() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("map");
    says(
        &shown,
        &[
            "README.md:5 Shop is a small library for selling things.\n",
            "entry points\n",
            "src/main.rs:4-7 fn main()\n      The counter.",
            "src/lib.rs package\n      The shop.",
            "layout: 7 files, ",
            "  src/ ",
            "symbols that matter most, by file\n",
            "5-7 pub struct Store",
            "Keeps things and sells them.",
            "16-18 pub fn sell(&self, thing: u32) -> u32",
            "2-4 pub fn price_of(thing: u32) -> u32",
        ],
    );
    let sections = ["entry points", "layout:", "symbols that"];
    let at: Vec<usize> = sections
        .iter()
        .map(|name| shown.find(name).unwrap())
        .collect();
    assert!(at.is_sorted(), "{shown}");
}

#[test]
fn the_same_bytes_every_run_and_never_over_budget() {
    let sandbox = Sandbox::new(PROJECT);
    let counter = Counter::for_model("o200k_base").unwrap();
    let mut before = Vec::new();
    for budget in [120, 200, 300, 400, 600, 4_000] {
        for format in ["", " --json"] {
            let args = format!("map --budget {budget}{format}");
            let ran = sandbox.ctx(&args);
            if ran.status == Some(2) {
                continue;
            }
            let shown = ran.shown();
            assert_eq!(shown, sandbox.shows(&args));
            assert!(counter.count(&shown) <= Tokens(budget), "{args}: {shown}");
            if format.is_empty() {
                let mut lines = shown.lines().collect::<Vec<_>>();
                lines.pop();
                let lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
                for line in &before {
                    assert!(lines.contains(line), "{args} hides {line}:\n{shown}");
                }
                before = lines;
            }
        }
    }
    assert!(before.len() > 10);
}

#[test]
fn what_is_used_comes_before_what_is_not() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("map --budget 180");
    says(&shown, &["Store"]);
    assert!(!shown.contains("never_used"), "{shown}");
}

#[test]
fn a_focus_pulls_the_map_towards_itself() {
    let mut files = String::from(PROJECT);
    for n in 0..60 {
        files.push_str(&format!(
            "//- src/part_{n}.rs\nuse crate::store::Store;\n/// Part {n}.\npub fn part_{n}(store: &Store) {{\n    store.sell({n});\n}}\n"
        ));
    }
    files.push_str("//- src/far.rs\n/// Far away.\npub struct Faraway;\nimpl Faraway {\n    pub fn ring_the_bell(&self) {}\n}\n");
    let sandbox = Sandbox::new(&files);
    let plain = sandbox.shows("map --budget 500");
    assert!(!plain.contains("ring_the_bell"), "{plain}");
    for focus in ["src/far.rs", "Faraway", "ring the bell"] {
        let shown = sandbox
            .command(["map", "--budget", "500", "--focus", focus])
            .go()
            .shown();
        says(&shown, &["pub struct Faraway", "ring_the_bell"]);
    }
    let unknown = sandbox.shows("map --budget 500 --focus xyzzyplugh");
    says(&unknown, &["note: nothing here is near `xyzzyplugh`"]);
}

#[test]
fn changes_are_a_focus() {
    let sandbox = Sandbox::new(PROJECT);
    let git = |args: &[&str]| {
        let ran = Command::new("git")
            .args(args)
            .current_dir(sandbox.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        assert!(ran.status.success(), "{ran:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "-qm",
        "one",
    ]);
    sandbox.write(
        "src/price.rs",
        "/// New.\npub fn price_of(thing: u32) -> u32 {\n    thing + 2\n}\n\nfn never_used() {}\n",
    );
    let path = std::env::var_os("PATH").unwrap();
    let shown = sandbox
        .command(["map", "--budget", "300", "--focus", "changes"])
        .env("PATH", path)
        .go()
        .shown();
    says(
        &shown,
        &["symbols near the focus", "src/price.rs", "pub fn price_of"],
    );
}

#[test]
fn a_folder_without_code_is_mapped_or_said_to_be_empty() {
    let sandbox = Sandbox::new("//- notes/one.txt\nhello\n");
    says(&sandbox.shows("map"), &["layout: 1 file,"]);
    let empty = Sandbox::new("");
    says(&empty.fails(1, "map"), &["nothing to map"]);
}
