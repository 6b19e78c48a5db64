//! `ctx read`

use crate::sandbox::{Sandbox, says};

const PROJECT: &str = "//- a.rs
/// Adds.
///
/// Slowly.
pub fn add(a: u32) -> u32 {
    let one = 1;
    let two = 2;
    let three = 3;
    a + one + two + three
}

struct Pair;

impl Pair {
    fn new() -> Pair {
        Pair
    }
}

struct Other;

impl Other {
    fn new() -> Other {
        Other
    }
}
//- b.txt
one
two
three
";

#[test]
fn one_file_is_itself() {
    let sandbox = Sandbox::new(PROJECT);
    assert_eq!(sandbox.shows("read b.txt"), "one\ntwo\nthree\n");
    sandbox.write("no-end.txt", "one\n\n  two \t\nlast");
    assert_eq!(sandbox.shows("read no-end.txt"), "one\n\n  two \t\nlast");
}

#[test]
fn ranges_of_lines() {
    let sandbox = Sandbox::new(PROJECT);
    for (range, lines) in [
        ("2", "two\n"),
        ("1-2", "one\ntwo\n"),
        ("2-", "two\nthree\n"),
        ("L2-L3", "two\nthree\n"),
        ("2-99", "two\nthree\n"),
    ] {
        assert_eq!(
            sandbox.shows(&format!("read b.txt:{range}")),
            lines,
            "{range}"
        );
    }
    says(
        &sandbox.fails(2, "read b.txt:7"),
        &[
            "`b.txt` has 3 lines, asked for line 7\n",
            "hint: `ctx read b.txt`",
        ],
    );
    says(
        &sandbox.fails(2, "read b.txt:7-"),
        &["has 3 lines, asked for line 7 and on\n"],
    );
    says(
        &sandbox.fails(2, "read b.txt:3-2"),
        &["`b.txt:3-2`: lines start at 1 and a range ends where it starts or later"],
    );
    says(&sandbox.fails(2, "read b.txt:0"), &["lines start at 1"]);
    says(
        &sandbox.fails(2, "read b.txt:x"),
        &["`b.txt:x` cannot be read", "no such file or folder"],
    );
}

#[test]
fn symbols() {
    let sandbox = Sandbox::new(PROJECT);
    let add = "/// Adds.\n///\n/// Slowly.\npub fn add(a: u32) -> u32 {\n";
    assert!(sandbox.shows("read a.rs#add").starts_with(add));
    assert_eq!(
        sandbox.shows("read a.rs#Pair::new"),
        "    fn new() -> Pair {\n        Pair\n    }\n"
    );
    assert_eq!(
        sandbox.shows("read a.rs#Other.new"),
        "    fn new() -> Other {\n        Other\n    }\n"
    );
    // A name of two things reads both.
    says(
        &sandbox.shows("read a.rs#new"),
        &["a.rs:14-16\n", "-> Pair", "a.rs:22-24\n", "-> Other"],
    );
    says(
        &sandbox.fails(1, "read a.rs#ad"),
        &["no symbol `ad` in `a.rs`", "hint: `ctx read a.rs#add`"],
    );
    says(
        &sandbox.fails(1, "read a.rs#frobnicate"),
        &["hint: `ctx outline a.rs` lists its symbols"],
    );
    says(
        &sandbox.fails(2, "read b.txt#one"),
        &[
            "`b.txt` is in no language whose symbols are known",
            "`ctx languages`",
        ],
    );
}

#[test]
fn several_parts_and_problems_between_them() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("read b.txt:1 gone.txt a.rs#Pair b.txt:3 a.rs#nothing");
    let expected = "\
b.txt:1-1
one
a.rs:11-11
struct Pair;
a.rs:13-17
impl Pair {
    fn new() -> Pair {
        Pair
    }
}
b.txt:3-3
three
note: `gone.txt` cannot be read: no such file or folder
note: no symbol `nothing` in `a.rs`; `ctx outline a.rs` lists its symbols
";
    assert_eq!(shown, expected, "\n{shown}");
    let json = sandbox.json("read b.txt:1 gone.txt b.txt:3");
    assert_eq!(json["parts"][0]["text"], "one\n");
    assert_eq!(json["parts"][1]["lines"], serde_json::json!([3, 3]));
    assert_eq!(json["complete"], true);
    says(
        json["notes"][0].as_str().unwrap(),
        &["`gone.txt` cannot be read", "no such file"],
    );
}

#[test]
fn patterns() {
    let sandbox = Sandbox::new(PROJECT);
    says(
        &sandbox.shows("read *.{rs,txt}"),
        &["a.rs:1-25\n", "b.txt:1-3\none\n"],
    );
}

#[test]
fn what_does_not_fit_is_left_out_from_the_end_and_named() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("read a.rs b.txt --budget 90");
    let expected = "\
a.rs:1-25
/// Adds.
///
/// Slowly.
pub fn add(a: u32) -> u32 {
    let one = 1;
    let two = 2;
    let three = 3;
    a + one + …
… left out 8-25, 48 tokens (o200k_base): ctx read a.rs:8-25
b.txt:1-3
one
two
three
";
    assert_eq!(shown, expected, "\n{shown}");
    let json = sandbox.json("read a.rs b.txt --budget 130");
    assert_eq!(json["complete"], false);
    let (from, more) = (
        &json["parts"][0]["omitted"]["lines"][0],
        json["parts"][0]["more"].as_str().unwrap(),
    );
    assert_eq!(more, format!("ctx read a.rs:{from}-25"));
    let text = json["parts"][0]["text"].as_str().unwrap();
    let rest = sandbox.shows(more.trim_start_matches("ctx "));
    let whole = std::fs::read_to_string(sandbox.path("a.rs")).unwrap();
    let lines = from.as_u64().unwrap() as usize - 1;
    let before: String = text.split_inclusive('\n').take(lines).collect();
    assert_eq!(before + &rest, whole);
}

#[test]
fn a_skeleton_elides_bodies_and_names_their_lines() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("read --skeleton a.rs");
    let expected = "\
/// Adds.
///
/// Slowly.
pub fn add(a: u32) -> u32 { … 4-9 }

struct Pair;

impl Pair {
    fn new() -> Pair {
        Pair
    }
}

struct Other;

impl Other {
    fn new() -> Other {
        Other
    }
}
";
    assert_eq!(shown, expected, "\n{shown}");
    says(
        &sandbox.fails(2, "read --skeleton b.txt"),
        &["`b.txt` is in no language that has a skeleton"],
    );
}
