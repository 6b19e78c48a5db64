//! Who uses what, across files, in several languages.

use ctx::code::files::Role;
use ctx::code::graph::{Confidence, Cover, Graph, Source};
use ctx::code::syntax::{self, Wants, language};
use std::path::Path;
use std::sync::Arc;

/// A graph of files in one text: `//- path` begins each.
fn graph(files: &str) -> Graph {
    let mut sources = Vec::new();
    for file in files.split("//- ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        let language = language::detect(Path::new(path), text.as_bytes());
        let wants = Wants {
            references: true,
            ..Wants::default()
        };
        let syntax = language.map(|language| syntax::parse(language, text, wants));
        sources.push(Source {
            path: path.to_owned(),
            role: Role::of(path),
            language,
            text: Arc::from(text),
            syntax: Arc::new(syntax.unwrap_or_default()),
        });
    }
    Graph::new(sources)
}

/// The callers of everything called `name`, as `path:line confidence`.
fn callers(graph: &Graph, name: &str) -> Vec<String> {
    graph
        .callers_of_name(name)
        .into_iter()
        .map(|usage| {
            let path = &graph.sources()[usage.file].path;
            format!("{path}:{} {}", usage.line, usage.confidence.words())
        })
        .collect()
}

#[test]
fn python_names_come_from_scopes_imports_and_types() {
    let graph = graph(
        r#"//- shop/store.py
class Store:
    def add(self, item):
        self.check(item)

    def check(self, item):
        pass

def open_store():
    return Store()
//- shop/other.py
def open_store():
    pass
//- app.py
import json
from shop.store import Store, open_store

def run():
    store = Store()
    store.add(1)
    json.add(2)
    open_store()
"#,
    );
    assert_eq!(callers(&graph, "Store.check"), ["shop/store.py:3 certain"]);
    assert_eq!(callers(&graph, "Store.add"), ["app.py:6 likely"]);
    assert_eq!(callers(&graph, "open_store"), ["app.py:8 certain"]);
    let other = graph.find("open_store");
    let other = other
        .into_iter()
        .find(|id| graph.source(*id).path == "shop/other.py");
    assert_eq!(graph.callers(other.unwrap()), []);
}

#[test]
fn go_packages_are_folders_below_the_module() {
    let graph = graph(
        r#"//- go.mod
module example.com/shop

//- main.go
package main

import (
	"example.com/shop/store"
	"github.com/other/store2"
)

func main() {
	s := store.Open()
	s.Close()
	store2.Open()
}
//- store/store.go
package store

type Store struct{}

func Open() *Store { return build() }

func (s *Store) Close() { s.flush() }
//- store/build.go
package store

func build() *Store { return &Store{} }

func (s *Store) flush() {}
"#,
    );
    assert_eq!(callers(&graph, "Open"), ["main.go:9 certain"]);
    assert_eq!(callers(&graph, "build"), ["store/store.go:5 certain"]);
    assert_eq!(callers(&graph, "Store.flush"), ["store/store.go:7 likely"]);
}

#[test]
fn rust_paths_name_modules_and_types() {
    let graph = graph(
        r#"//- Cargo.toml
[package]
name = "shop"
//- src/lib.rs
pub mod store;
//- src/store.rs
pub struct Store;
impl Store {
    pub fn new() -> Store { Store }
    pub fn add(&self) { self.check() }
    fn check(&self) {}
}
pub fn open() -> Store { Store::new() }
//- src/main.rs
use shop::store::{self, Store};
use std::collections::HashMap;
fn main() {
    store::open().add();
    Store::new();
    HashMap::<u8, u8>::new();
}
"#,
    );
    assert_eq!(callers(&graph, "open"), ["src/main.rs:4 certain"]);
    assert_eq!(
        callers(&graph, "Store::new"),
        ["src/main.rs:5 certain", "src/store.rs:7 certain"]
    );
    assert_eq!(callers(&graph, "Store::check"), ["src/store.rs:4 certain"]);
    assert_eq!(callers(&graph, "Store::add"), ["src/main.rs:4 likely"]);
}

#[test]
fn javascript_imports_name_files_and_packages() {
    let graph = graph(
        r#"//- packages/core/package.json
{ "name": "@shop/core" }
//- packages/core/src/index.ts
export { open } from './store'
//- packages/core/src/store.ts
export function open() {}
//- packages/app/src/main.ts
import { open } from '@shop/core'
import { close } from 'elsewhere'
open()
close()
//- packages/app/src/door.ts
export function close() {}
"#,
    );
    assert_eq!(
        callers(&graph, "open"),
        ["packages/app/src/main.ts:3 certain"]
    );
    assert_eq!(callers(&graph, "close"), Vec::<String>::new());
}

#[test]
fn a_call_of_super_means_the_base() {
    let graph = graph(
        r#"//- a.py
class Base:
    def save(self):
        pass

class Special(Base):
    def save(self):
        super().save()
"#,
    );
    assert_eq!(callers(&graph, "Base.save"), ["a.py:7 likely"]);
    assert_eq!(callers(&graph, "Special.save"), Vec::<String>::new());
}

#[test]
fn a_common_name_is_by_name_alone() {
    let graph = graph(
        r#"//- a.py
class One:
    def get(self): pass

class Two:
    def get(self): pass

def use(thing):
    thing.get()
"#,
    );
    assert_eq!(callers(&graph, "One.get"), ["a.py:8 by name"]);
    assert_eq!(callers(&graph, "Two.get"), ["a.py:8 by name"]);
}

#[test]
fn product_code_never_calls_a_test() {
    let graph = graph(
        r#"//- lib.c
int open_it(void) { return helper_of_lib(); }
int helper_of_lib(void) { return 1; }
//- tests/test_lib.c
int helper_of_lib(void) { return 2; }
int test_it(void) { return helper_of_lib(); }
"#,
    );
    let found = graph.find("helper_of_lib");
    let test = found.iter().find(|id| graph.is_test(**id)).unwrap();
    let lines: Vec<u32> = graph
        .callers(*test)
        .iter()
        .map(|usage| usage.line)
        .collect();
    assert_eq!(lines, [2]);
}

#[test]
fn tests_are_found_directly_through_one_hop_and_by_name() {
    let graph = graph(
        r#"//- shop.py
def price(item):
    return 1

def total(items):
    return sum(price(item) for item in items)
//- tests/test_shop.py
from shop import price, total

def test_one():
    assert price(1) == 1

def test_sum():
    assert total([1]) == 1

def test_price_of_nothing():
    pass
"#,
    );
    let price = graph.find("price")[0];
    let tests: Vec<(&str, Cover)> = graph
        .tests(price)
        .iter()
        .map(|test| (graph.symbol(test.test).name.as_str(), test.cover))
        .collect();
    let total = graph.find("total")[0];
    assert_eq!(
        tests,
        [
            ("test_one", Cover::Direct),
            ("test_sum", Cover::Indirect(total)),
            ("test_price_of_nothing", Cover::Named),
        ]
    );
    let callees: Vec<&str> = graph
        .callees(total)
        .iter()
        .map(|callee| graph.symbol(callee.symbol).name.as_str())
        .collect();
    assert_eq!(callees, ["price"]);
}

#[test]
fn the_order_of_files_changes_nothing() {
    let files = [
        "//- a.py\ndef f(): g()\n",
        "//- b/c.py\ndef g(): f()\n",
        "//- b.py\ndef h(): g()\n",
    ];
    let forward = graph(&files.concat());
    let backward = graph(&files.iter().rev().copied().collect::<String>());
    assert_eq!(callers(&forward, "g"), callers(&backward, "g"));
    assert!(
        callers(&forward, "g")
            .iter()
            .all(|line| !line.contains("certain"))
    );
    assert!(Confidence::Certain < Confidence::ByName);
}
