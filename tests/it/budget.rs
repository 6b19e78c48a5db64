//! `ctx budget` and `ctx tokens`

use crate::oracle;
use crate::sandbox::{Sandbox, says};
use ctx::tokens::Counter;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

const PROJECT: &str = "//- README.md
# Read me

Some words about it.
//- src/lib.rs
pub fn add(a: u32, b: u32) -> u32 {
    a + b
}
//- src/deep/er/one.rs
fn one() {}
//- src/deep/er/two.rs
fn two() { println!(\"2\") }
//- only/chain/of/folders/file.txt
words words words
";

#[test]
fn a_tree_is_listed_largest_first() {
    let sandbox = Sandbox::new(PROJECT);
    let shown = sandbox.shows("budget");
    let expected = "\
49 100% ./ (5 files)
  36 73% src/ (3 files)
    23 47% src/lib.rs
    13 27% src/deep/er/ (2 files)
      9 18% src/deep/er/two.rs
      4 8% src/deep/er/one.rs
  9 18% README.md
  4 8% only/chain/of/folders/ (1 file)
    4 8% only/chain/of/folders/file.txt
all shown: 5 files, 4 folders; 138 tokens (o200k_base)
";
    assert_eq!(shown, expected, "\n{shown}");
    let shown = sandbox.shows("budget --depth 0");
    let expected = "\
49 100% ./ (5 files)
all shown: 1 folder; 25 tokens (o200k_base)
";
    assert_eq!(shown, expected, "\n{shown}");
}

/// Tokens by path, as JSON tells them.
fn costs(item: &Value, costs: &mut BTreeMap<String, u64>) {
    for item in item["items"].as_array().into_iter().flatten() {
        let tokens = item["tokens"].as_u64().unwrap_or(0);
        costs.insert(item["path"].as_str().unwrap().to_owned(), tokens);
        self::costs(item, costs);
    }
}

#[test]
fn sums_are_right_for_every_sort_of_counter() {
    let sandbox = Sandbox::new(PROJECT);
    sandbox.write("odd/bom.rs", "\u{feff}fn a() {}\r\n");
    sandbox.write("odd/latin.rs", b"// caf\xe9 \xff\n");
    sandbox.write("odd/empty.rs", "");
    for model in ["o200k_base", "cl100k_base", "sonnet", "opus", "gemini"] {
        let counter = Counter::for_model(model).unwrap();
        let mut told = BTreeMap::new();
        costs(
            &sandbox.json(&format!("budget --model {model} --budget 20k")),
            &mut told,
        );
        let mut files = 0;
        for (path, tokens) in &told {
            if path.ends_with('/') {
                let below = told.iter().filter(|(file, _)| {
                    !file.ends_with('/') && (path == "./" || file.starts_with(path.as_str()))
                });
                assert_eq!(
                    *tokens,
                    below.map(|(_, tokens)| tokens).sum::<u64>(),
                    "{path}"
                );
                continue;
            }
            files += 1;
            let one = sandbox.shows(&format!("tokens --model {model} {path}"));
            assert_eq!(one, format!("{tokens}\n"), "{path}");
            let bytes = fs::read(sandbox.path(path)).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!(
                *tokens,
                oracle::count(&counter, text.trim_start_matches('\u{feff}')),
                "{path}"
            );
        }
        assert_eq!(files, 8);
    }
}

#[test]
fn depth_limits_folders() {
    let sandbox = Sandbox::new(PROJECT);
    let paths = |args: &str| -> Vec<String> {
        let mut told = BTreeMap::new();
        costs(&sandbox.json(&format!("budget {args}")), &mut told);
        told.into_keys().collect()
    };
    assert_eq!(paths("--depth 0"), ["./"]);
    assert_eq!(
        paths("--depth 1"),
        ["./", "README.md", "only/chain/of/folders/", "src/"]
    );
    assert_eq!(
        paths("src --depth 1"),
        ["src/", "src/deep/er/", "src/lib.rs"]
    );
    assert_eq!(
        paths("src/deep/er/*.rs"),
        ["src/deep/er/", "src/deep/er/one.rs", "src/deep/er/two.rs"]
    );
}

#[test]
fn tokens_of_files_and_of_standard_input() {
    let sandbox = Sandbox::new(PROJECT);
    let text = fs::read_to_string(sandbox.path("src/lib.rs")).unwrap();
    let count = oracle::count(&Counter::default(), &text);
    let run = |args: &[&str]| sandbox.command(args).stdin(&text).go().shown();
    assert_eq!(run(&["tokens"]), format!("{count}\n"));
    assert_eq!(run(&["tokens", "-"]), format!("{count}\n"));
    assert_eq!(run(&["tokens", "src/lib.rs"]), format!("{count}\n"));
    if cfg!(unix) {
        assert_eq!(run(&["tokens", "/dev/stdin"]), format!("{count}\n"));
    }
    let two = run(&["tokens", "src/lib.rs", "-"]);
    assert_eq!(
        two,
        format!(
            "{count} src/lib.rs\n{count} -\n{} total (o200k_base)\n",
            2 * count
        )
    );
    let json = sandbox.json("tokens src/lib.rs gone.rs --model claude-4");
    assert_eq!(json["tokens"], (count * 13).div_ceil(10));
    assert_eq!(json["exact"], false);
    assert_eq!(json["files"][0]["bytes"], text.len());
    says(json["notes"][0].as_str().unwrap(), &["gone.rs"]);
}

#[test]
fn models() {
    let sandbox = Sandbox::new("");
    says(
        &sandbox.shows("tokens --models"),
        &[
            "gpt-4o: o200k_base, exact\n",
            "claude-4: o200k_base x ",
            "source: ",
        ],
    );
    let json = sandbox.json("tokens --models");
    let family = |name: &str| {
        json.as_array()
            .unwrap()
            .iter()
            .find(|family| family["family"] == name)
            .unwrap()
    };
    assert!(family("gpt-4")["permille"].is_null());
    assert_eq!(family("claude-4")["permille"].as_array().unwrap().len(), 3);
    for command in ["tokens", "outline", "budget", "read x"] {
        let error = sandbox.fails(2, &format!("{command} --model claud-opus-4-7"));
        says(
            &error,
            &[
                "unknown model `claud-opus-4-7`: did you mean `claude-opus-4-7`",
                "hint: `ctx tokens --models`",
            ],
        );
    }
}

#[test]
fn nothing_that_can_be_counted_is_an_error() {
    let sandbox = Sandbox::new("");
    says(
        &sandbox.fails(1, "budget"),
        &["no files to count", "hint: "],
    );
    says(
        &sandbox.fails(2, "budget gone"),
        &[
            "nothing could be counted",
            "because gone: no such file or folder",
        ],
    );
}
