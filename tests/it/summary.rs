//! `ctx summary`: extracts, and a model that is asked for one: a real HTTP server on loopback
//! and a real command.

use crate::sandbox::{Ran, Sandbox, says};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

const SHOP: &str = r#"//- README.md
# Shop

[![build](https://x/badge)](https://x)

Shop is a small program that sells things.

More text.
//- Cargo.toml
[package]
name = "shop"
description = "Sells things"

[dependencies]
serde = "1"

[dev-dependencies]
proptest = "1"
//- src/main.rs
//! The till.
use shop::store::Store;

/// Opens the shop.
fn main() {
    Store::open();
}
//- src/store/mod.rs
//! What is in stock.
use std::vec::Vec;

/// All that is for sale.
pub struct Store {
    items: Vec<String>,
}

impl Store {
    /// Opens it.
    pub fn open() -> Store {
        Store { items: Vec::new() }
    }
}
//- src/print/mod.rs
//! Prints receipts.
use crate::store::Store;

/// Prints what is in stock.
pub fn print(store: &Store) {
    drop(store);
}
//- tests/opens.rs
#[test]
fn opens() {
    shop::store::Store::open();
}
//- .gitignore
hidden/
//- hidden/plan.md
The hidden plan of the shop is here.
"#;

fn run(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let path = std::env::var_os("PATH").unwrap_or_default();
    sandbox
        .command([&["summary"], args].concat())
        .env("PATH", path)
        .go()
}

#[test]
fn a_project_in_short() {
    let sandbox = Sandbox::new(SHOP);
    let shown = run(&sandbox, &[]).shown();
    says(
        &shown,
        &[
            "shop: 6 files, ",
            "README.md:5 Shop is a small program that sells things.",
            "Cargo.toml:3 Sells things",
            "src/main.rs:5-7 fn main()",
            "src/store/ 1 file, ",
            ": What is in stock. (src/store/mod.rs:1)",
            "5-7 pub struct Store",
            "All that is for sale.",
            "Cargo.toml:5 runtime: serde",
            "Cargo.toml:8 dev: proptest",
            "src/print/ -> src/store/ (1); first at src/print/mod.rs:2",
            "Cargo.toml:1 run: cargo test",
            "tests/ 1 file, ",
            "Rust 4 files, ",
            "all shown:",
        ],
    );
    assert!(!shown.contains("hidden"), "{shown}");
    let folder = run(&sandbox, &["src/store"]).shown();
    says(
        &folder,
        &["src/store/: 1 file", "src/store/mod.rs:1 What is in stock."],
    );
    assert!(!folder.contains("print"), "{folder}");
    let file = run(&sandbox, &["src/main.rs"]).shown();
    says(
        &file,
        &[
            "src/main.rs: 1 file",
            "src/main.rs:1 The till.",
            "fn main()",
        ],
    );
    let json: serde_json::Value =
        serde_json::from_str(&run(&sandbox, &["--json"]).shown()).unwrap();
    assert_eq!(json["view"], "summary");
    says(
        &run(&sandbox, &["nowhere"]).failed(1),
        &["no files to summarize", "nowhere"],
    );
}

#[test]
fn budgets_hold() {
    let sandbox = Sandbox::new(SHOP);
    for budget in [80, 150, 300, 500] {
        let shown = run(&sandbox, &["--budget", &budget.to_string()]).shown();
        let counter = ctx::tokens::Counter::for_model("o200k_base").unwrap();
        let tokens = crate::oracle::count(&counter, &shown);
        assert!(tokens <= budget, "{tokens} of {budget}");
        assert!(
            shown.contains("Shop is a small program") || budget < 150,
            "{shown}"
        );
    }
}

#[test]
fn the_cache_changes_nothing() {
    let sandbox = Sandbox::new(SHOP);
    let first = run(&sandbox, &[]).shown();
    let cache = sandbox.path(".ctx/summary.json");
    assert!(cache.exists());
    assert_eq!(run(&sandbox, &[]).shown(), first);
    sandbox.write(".ctx/summary.json", "{\"version\":1,\"facts\":{\"broken");
    assert_eq!(run(&sandbox, &[]).shown(), first);
    sandbox.write(
        "src/store/mod.rs",
        "//! Another stock.\npub struct Other;\n",
    );
    let changed = run(&sandbox, &[]).shown();
    says(&changed, &["Another stock.", "pub struct Other"]);
    std::fs::remove_file(&cache).unwrap();
    assert_eq!(run(&sandbox, &[]).shown(), changed);
}

/// A server that answers one request with `status` and `body`, and hands over what it was sent.
fn serve(status: &str, body: String) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    let status = status.to_owned();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            head.push_str(&line);
        }
        let mut sent = vec![0; length];
        reader.read_exact(&mut sent).unwrap();
        sender
            .send(head + &String::from_utf8(sent).unwrap())
            .unwrap();
        let mut stream = stream;
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .unwrap();
    });
    (url, received)
}

fn by_endpoint(sandbox: &Sandbox, url: &str, args: &[&str]) -> Ran {
    let path = std::env::var_os("PATH").unwrap_or_default();
    sandbox
        .command([&["summary", "--model-summary"], args].concat())
        .env("PATH", path)
        .env("CTX_SUMMARIZER_BASE_URL", url)
        .env("CTX_SUMMARIZER_MODEL", "tiny")
        .env("CTX_SUMMARIZER_API_KEY_VARIABLE", "SHOP_KEY")
        .env("CTX_SUMMARIZER_TIMEOUT_SECONDS", "20")
        .env("SHOP_KEY", "key-of-the-shop")
        .go()
}

/// Without `curl` there is nothing to ask an endpoint with.
fn has_curl() -> bool {
    std::process::Command::new("curl")
        .arg("--version")
        .output()
        .is_ok()
}

#[test]
fn an_endpoint_writes_it() {
    if !has_curl() {
        return;
    }
    let sandbox = Sandbox::new(SHOP);
    let token = ["gh", "p_", "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3"].concat();
    sandbox.write(
        "src/keys.rs",
        format!("//! Module of keys.\npub const KEY: &str = \"{token}\";\n"),
    );
    let words = "The shop sells \\\"things\\\".\\n\\nStart at src/main.rs. ".to_owned()
        + &"word ".repeat(3000);
    let body = format!("{{\"choices\":[{{\"message\":{{\"content\":\"{words}\"}}}}]}}");
    let (url, received) = serve("200 OK", body);
    let shown = by_endpoint(
        &sandbox,
        &url,
        &["--budget", "300", "src", "hidden/plan.md"],
    )
    .shown();
    says(
        &shown,
        &[
            "written by tiny from an extract of ",
            "The shop sells \"things\".",
            "Start at src/main.rs.",
        ],
    );
    let counter = ctx::tokens::Counter::for_model("o200k_base").unwrap();
    assert!(crate::oracle::count(&counter, &shown) <= 300);
    let sent = received.recv().unwrap();
    says(
        &sent,
        &[
            "POST /v1/chat/completions",
            "Bearer key-of-the-shop",
            "\"model\":\"tiny\"",
            "What is in stock.",
        ],
    );
    for secret in [token.as_str(), "Module of keys", "hidden plan"] {
        assert!(!sent.contains(secret), "{secret} was sent");
    }
}

#[test]
fn what_fails_falls_back_with_a_note() {
    let sandbox = Sandbox::new(SHOP);
    if has_curl() {
        let (url, _received) = serve("401 Unauthorized", "no key-of-the-shop here".to_owned());
        let shown = by_endpoint(&sandbox, &url, &[]).shown();
        says(
            &shown,
            &[
                "note: no model summary: it failed with ",
                "this is the extract",
                "Shop is a small",
            ],
        );
        assert!(!shown.contains("key-of-the-shop"), "{shown}");
        let (url, _received) = serve("200 OK", "{\"choices\":[]}".to_owned());
        says(
            &by_endpoint(&sandbox, &url, &[]).shown(),
            &["no chat completion"],
        );
    }
    let unset = run(&sandbox, &["--model-summary"]).shown();
    says(
        &unset,
        &["`summarizer.command` or `summarizer.base_url` is not set"],
    );
    sandbox.write(
        ".ctx/config.toml",
        "[summarizer]\ncommand = \"touch pwned\"\n",
    );
    let of_project = run(&sandbox, &["--model-summary"]).shown();
    says(&of_project, &["is not followed", "Shop is a small"]);
    assert!(!sandbox.path("pwned").exists());
}

#[test]
fn a_command_writes_it_or_is_ended() {
    let sandbox = Sandbox::new(SHOP);
    let by = |command: &str, seconds: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        sandbox
            .command(["summary", "--model-summary"])
            .env("PATH", path)
            .env("CTX_SUMMARIZER_COMMAND", command)
            .env("CTX_SUMMARIZER_TIMEOUT_SECONDS", seconds)
            .go()
            .shown()
    };
    says(
        &by("grep -c extract; echo done", "20"),
        &["written by `grep -c extract; echo done`", "done"],
    );
    says(
        &by("echo broken >&2; exit 3", "20"),
        &["exit status: 3: broken", "Shop is a small"],
    );
    says(
        &by("sleep 600 & sleep 600", "1"),
        &["no answer within 1 s", "Shop is a small"],
    );
    says(&by("true", "20"), &["its answer is empty"]);
}
