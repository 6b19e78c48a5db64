//! `ctx search`: ranked places, and exact matches.

use crate::sandbox::{Sandbox, says};
use std::process::Command;

const TREE: &str = "\
//- src/clock.rs
/// Keeps the time of day.
pub struct Clock {
    ticks: u64,
}

impl Clock {
    pub fn wind_up(&mut self) {
        self.ticks += 1;
    }
}
//- src/bell.rs
use crate::clock::Clock;

pub fn ring(clock: &mut Clock) {
    clock.wind_up();
    println!(\"the bell rings\");
}
//- lib/alarm.py
def wake(clock):
    clock.wind_up()
//- tests/clock.rs
fn winds() {
    Clock::default().wind_up();
}
//- vendor/x/clock.rs
fn other() { wind_up(); }
";

#[test]
fn words_find_the_place_they_are_about() {
    let sandbox = Sandbox::new(TREE);
    let shown = sandbox.shows("search winding up the clock");
    assert!(shown.starts_with("src/clock.rs\n"), "{shown}");
    says(&shown, &["pub fn wind_up", "tokens (o200k_base)"]);
    let piped = sandbox.command(["search", "-"]).stdin("the bell rings");
    assert!(piped.go().shown().starts_with("src/bell.rs\n"));
}

#[test]
fn a_search_stays_in_the_part_asked_for() {
    let sandbox = Sandbox::new(TREE);
    let files = |options: &str| -> Vec<String> {
        let answer = sandbox.json(&format!("search wind_up clock {options}"));
        let files = answer["files"].as_array().unwrap();
        let path = |file: &serde_json::Value| file["path"].as_str().unwrap().to_owned();
        files.iter().map(path).collect()
    };
    assert_eq!(files("--lang python"), ["lib/alarm.py"]);
    assert_eq!(
        files("--path lib --path tests/*.rs --tests no"),
        ["lib/alarm.py"]
    );
    assert_eq!(files("--tests only"), ["tests/clock.rs"]);
    assert!(!files("--tests no").contains(&"tests/clock.rs".to_owned()));
    let error = sandbox.fails(2, "search clock --lang pyton");
    says(&error, &["--lang python"]);
    says(&sandbox.fails(2, "search clock --path src/{a"), &["--path"]);
}

#[test]
fn nothing_found_says_where_it_looked() {
    let sandbox = Sandbox::new(TREE);
    says(&sandbox.fails(1, "search zebra"), &["in 5 files"]);
    says(&sandbox.fails(2, "search --literal"), &["--literal"]);
    let error = sandbox.fails(1, "search --literal wind_upp");
    says(&error, &["`wind_upp` in 5 files", "bytes", "`wind_up`"]);
    let error = sandbox.fails(1, "search --literal WIND_UP");
    says(
        &error,
        &["5 lines match in another case", "--regex '(?i)WIND_UP'"],
    );
    says(
        &sandbox.fails(2, "search --regex (a"),
        &["no regular expression"],
    );
}

#[test]
fn every_exact_match_is_shown_with_what_it_stands_in() {
    let sandbox = Sandbox::new(TREE);
    let shown = sandbox.shows("search --literal wind_up");
    assert_eq!(
        shown,
        "\
src/clock.rs
  6-10 impl Clock
    7 pub fn wind_up(&mut self) {
lib/alarm.py
  1-2 fn wake
    2 clock.wind_up()
src/bell.rs
  3-6 fn ring
    4 clock.wind_up();
tests/clock.rs
  1-3 fn winds
    2 Clock::default().wind_up();
vendor/x/clock.rs
  1 fn other() { wind_up(); }
all shown: 5 matching lines, 5 files, 4 symbols; "
            .to_owned()
            + shown.rsplit_once("; ").unwrap().1
    );
    let regex = sandbox.shows("search --regex ^fn.*\\{$");
    says(
        &regex,
        &["tests/clock.rs", "1 fn winds() {", "1 matching line"],
    );
}

#[test]
fn what_is_not_shown_of_exact_matches_is_counted() {
    let mut tree = String::new();
    for file in 0..60 {
        tree.push_str(&format!("//- src/f{file}.py\n"));
        for line in 0..=file {
            tree.push_str(&format!("needle = {line}\n"));
        }
    }
    let sandbox = Sandbox::new(&tree);
    let all: usize = (1..=60).sum();
    let mut before: Vec<String> = Vec::new();
    for budget in [300, 500, 1000, 4000, 100_000] {
        let answer = sandbox.json(&format!("search --literal needle --budget {budget}"));
        let lines = |value: &serde_json::Value| value.as_u64().unwrap_or(0) as usize;
        let mut shown: Vec<String> = Vec::new();
        for file in answer["items"].as_array().unwrap() {
            for line in file["items"].as_array().unwrap() {
                shown.push(format!("{} {}", file["path"], line["lines"]));
            }
        }
        let omitted = lines(&answer["omitted"]["matching lines"]);
        assert_eq!(shown.len() + omitted, all, "{budget}");
        assert!(lines(&answer["tokens"]) <= budget);
        assert!(before.iter().all(|line| shown.contains(line)), "{budget}");
        before = shown;
    }
}

#[test]
fn binary_files_are_searched_too() {
    let sandbox = Sandbox::new("//- a.txt\nneedle\n");
    sandbox.write("b.bin", b"\0\x01needle\xff");
    let shown = sandbox.shows("search --literal needle");
    says(
        &shown,
        &["note: b.bin: binary file that matches", "1 needle"],
    );
}

#[test]
fn files_changed_together_follow_the_head() {
    let sandbox = Sandbox::new("//- src/apple.py\ndef core():\n    pass\n");
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(sandbox.root()).args(arguments);
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", sandbox.home());
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "a")
                .env(format!("GIT_{who}_EMAIL"), "a@b");
        }
        git.output().is_ok_and(|output| output.status.success())
    };
    if !git(&["init", "-q"]) {
        return;
    }
    for round in 0..3 {
        sandbox.write("src/apple.py", format!("def core():\n    return {round}\n"));
        sandbox.write("src/worm.py", format!("def hole():\n    return {round}\n"));
        assert!(git(&["add", "-A", "src"]) && git(&["commit", "-qm", "round"]));
    }
    let path = std::env::var("PATH").unwrap();
    let search = || {
        let ran = sandbox.command(["search", "apple core"]).env("PATH", &path);
        ran.go().shown()
    };
    let first = search();
    let at = |path: &str| {
        first
            .find(path)
            .unwrap_or_else(|| panic!("{path}: {first}"))
    };
    assert!(at("src/apple.py") < at("src/worm.py"));
    assert_eq!(first, search());
}
