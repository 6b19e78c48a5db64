//! Holds the structure: which module may know which.

use std::fs;
use std::path::{Path, PathBuf};

/// What the files under a path must never import, as beginnings after `crate::`.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "src/tokens",
        &[
            "cli",
            "code",
            "config",
            "error",
            "view",
            "workspace",
            "shell",
        ],
    ),
    (
        "src/view",
        &[
            "cli",
            "code",
            "config",
            "error",
            "nearest",
            "workspace",
            "shell",
        ],
    ),
    (
        "src/code",
        &[
            "cli",
            "config",
            "workspace",
            "task",
            "session",
            "mcp",
            "http",
        ],
    ),
    ("src/code/graph", &["tokens", "view", "error"]),
    ("src/code/index", &["tokens", "view", "shell"]),
    (
        "src/digest",
        &[
            "cli",
            "code",
            "config",
            "error",
            "workspace",
            "task",
            "session",
            "shell",
        ],
    ),
    (
        "src/session",
        &[
            "cli",
            "code",
            "config",
            "error",
            "task",
            "flow",
            "workspace",
        ],
    ),
    (
        "src/secrets.rs",
        &[
            "cli",
            "code",
            "config",
            "digest",
            "error",
            "sys",
            "view",
            "workspace",
            "tokens",
        ],
    ),
    (
        "src/summarizer.rs",
        &[
            "cli",
            "code",
            "config",
            "digest",
            "error",
            "view",
            "workspace",
            "tokens",
        ],
    ),
    (
        "src/task",
        &[
            "cli",
            "code",
            "config",
            "workspace",
            "session",
            "view",
            "mcp",
            "http",
        ],
    ),
    ("src/config", &["cli", "code", "view", "workspace", "shell"]),
    ("src/workspace.rs", &["cli"]),
    (
        "src/error.rs",
        &["cli", "code", "config", "view", "workspace", "tokens"],
    ),
    (
        "src/sys",
        &[
            "cli",
            "code",
            "config",
            "digest",
            "error",
            "task",
            "session",
            "view",
            "workspace",
            "tokens",
        ],
    ),
    (
        "src/nearest.rs",
        &[
            "cli",
            "code",
            "config",
            "view",
            "workspace",
            "tokens",
            "error",
        ],
    ),
    (
        "src/shell.rs",
        &[
            "cli",
            "code",
            "config",
            "view",
            "workspace",
            "tokens",
            "error",
        ],
    ),
];

/// Crates that only some modules may name.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("clap", &["src/cli"]),
    ("tree_sitter", &["src/code/syntax", "src/sys/heap.rs"]),
    ("ignore", &["src/code/files"]),
    (
        "serde_json",
        &[
            "src/cli",
            "src/code/summary/cache.rs",
            "src/code/summary/manifest",
            "src/digest/machine",
            "src/session/transcript",
            "src/session/state.rs",
            "src/summarizer.rs",
            "src/task",
        ],
    ),
    (
        "signal_hook",
        &["src/sys", "src/task/supervise", "src/cli/task"],
    ),
    ("similar", &["src/code/diff"]),
    ("vte", &["src/digest/clean.rs"]),
    ("memmap2", &["src/sys"]),
    ("indicatif", &["src/cli/progress.rs", "src/cli/task"]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The lines of code of every source file, with its path and line number; no comments.
fn lines() -> Vec<(String, usize, String)> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut lines = Vec::new();
    for file in files {
        let path = file
            .strip_prefix(root())
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        for (idx, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            if !line.trim_start().starts_with("//") {
                lines.push((path.clone(), idx + 1, line.to_owned()));
            }
        }
    }
    assert!(lines.len() > 1_000, "the sources were not found");
    lines
}

/// The first parts of every `crate::a` and `crate::{a, b}` in a line.
fn imports(line: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(
                group
                    .split([',', '}'])
                    .map(|part| part.trim().split(|c| !is_name(c)).next().unwrap_or("")),
            ),
            None => found.push(rest.split(|c| !is_name(c)).next().unwrap_or("")),
        }
    }
    found
}

#[test]
fn modules_keep_to_what_they_may_know() {
    let mut problems = Vec::new();
    for (path, number, line) in lines() {
        for (place, forbidden) in FORBIDDEN {
            if path == *place || path.starts_with(&format!("{place}/")) {
                for import in imports(&line)
                    .into_iter()
                    .filter(|import| forbidden.contains(import))
                {
                    problems.push(format!(
                        "{path}:{number} imports `{import}`, which {place} must not know"
                    ));
                }
            }
        }
        for (name, places) in OUTSIDE {
            let names =
                line.contains(&format!("use {name}::")) || line.contains(&format!(" {name}::"));
            if names && !places.iter().any(|place| path.starts_with(place)) {
                problems.push(format!(
                    "{path}:{number} names the crate `{name}`, which only {places:?} may"
                ));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn files_stay_readable() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.display();
        assert!(
            text.lines().count() <= 700,
            "{path} has over 700 lines: is it one subject?"
        );
        assert!(
            text.starts_with("//!"),
            "{path} does not say what it is for"
        );
    }
}

#[test]
fn the_repository_stands_alone() {
    // Written in parts so that this file does not find itself.
    let forbidden = [
        concat!("/wo", "rk/"),
        concat!("..", "/shared"),
        concat!("/ro", "ot/"),
    ];
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches", "build", "grammars", "corpus"] {
        all_files(&root().join(folder), &mut files);
    }
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "Cargo.toml",
        "build.rs",
    ] {
        files.push(root().join(name));
    }
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        for word in forbidden {
            assert!(!text.contains(word), "{} names `{word}`", file.display());
        }
    }
}

fn all_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_files(&path, found)
        } else {
            found.push(path)
        }
    }
}
