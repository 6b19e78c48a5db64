//! Where a program starts, and what a package gives to others: `main` functions, manifests,
//! scripts, the front file of a package.

use super::manifest;
use crate::code::files::Role;
use crate::code::graph::{Graph, Source};
use crate::code::syntax::SymbolKind;
use crate::code::syntax::signature::doc_summary;

/// One place where execution or use begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index of the file.
    pub file: usize,
    /// Its lines; `None` for the whole file.
    pub lines: Option<(u32, u32)>,
    /// What it is, on one line.
    pub text: String,
    /// What the file says of itself; may be empty.
    pub doc: String,
}

/// Most entry points that are told.
const MOST: usize = 60;

/// The entry points of `graph`, the most important first.
pub fn entries(graph: &Graph) -> Vec<Entry> {
    let mut found: Vec<(f32, Entry)> = Vec::new();
    for (file, source) in graph.sources().iter().enumerate() {
        let role = match source.role {
            Role::Source | Role::Config => 1.0,
            Role::Example => 0.1,
            _ => continue,
        };
        let depth = source.path.matches('/').count();
        let near = 0.8_f32.powi(depth as i32);
        let scripts = script_weight(&source.path);
        for (weight, entry) in of_file(graph, file, source) {
            found.push((weight * role * near * scripts, entry));
        }
    }
    found.sort_by(|(a, left), (b, right)| {
        b.total_cmp(a)
            .then_with(|| {
                graph.sources()[left.file]
                    .path
                    .cmp(&graph.sources()[right.file].path)
            })
            .then_with(|| left.lines.cmp(&right.lines))
    });
    found.truncate(MOST);
    // Examples and helpers are told of only where there is nothing else.
    let best = found.first().map_or(0.0, |(weight, _)| *weight);
    found.retain(|(weight, _)| *weight >= 0.12 * best);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// Tools for those who build the project matter less than the project.
fn script_weight(path: &str) -> f32 {
    let is_tool = |folder: &str| {
        matches!(
            folder,
            "scripts"
                | "script"
                | "tools"
                | "tool"
                | "utils"
                | "util"
                | "ci"
                | "build"
                | "docs"
                | "xtask"
                | "hack"
                | "dev"
                | "contrib"
                | "extras"
                | "documentation"
                | "etc"
        )
    };
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    if folders.split('/').any(is_tool) {
        0.25
    } else {
        1.0
    }
}

fn of_file(graph: &Graph, file: usize, source: &Source) -> Vec<(f32, Entry)> {
    let language = source.language.map_or("", |language| language.name);
    let (folder, name) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
    let mut found = Vec::new();
    for id in graph.symbols_of(file) {
        let symbol = graph.symbol(id);
        let is_start = symbol.name == "main"
            && symbol.kind.is_callable()
            && symbol.body.is_some()
            && !graph.is_test(id)
            && (graph.parent(id).is_none() || matches!(language, "java" | "kotlin" | "c-sharp"))
            && starts_here(language, name, source)
            || symbol.name == "Main" && language == "c-sharp" && symbol.kind == SymbolKind::Method;
        if is_start {
            let lines = (symbol.lines.start, symbol.lines.end);
            // A long one starts more than a self-test does.
            let length = (lines.1 - lines.0 + 1).min(30) as f32 / 30.0;
            let text = symbol.signature_line(&source.text);
            found.push((0.5 + 0.5 * length, entry(source, file, Some(lines), &text)));
        }
    }
    if language == "python"
        && let Some(line) = line_with(
            source,
            &["if __name__ == \"__main__\"", "if __name__ == '__main__'"],
        )
    {
        let weight = if name == "__main__.py" { 1.0 } else { 0.5 };
        found.push((
            weight,
            entry(source, file, Some((line, line)), "run as a program"),
        ));
    } else if name == "__main__.py" {
        found.push((1.0, entry(source, file, None, "run by `python -m`")));
    }
    let in_bin = matches!(folder.rsplit('/').next(), Some("bin" | "exe"));
    if found.is_empty() && in_bin && (source.text.starts_with("#!") || !language.is_empty()) {
        found.push((0.7, entry(source, file, None, "program")));
    }
    if manifest::is_manifest(&source.path) {
        found.extend(of_manifest(file, source));
    }
    if let Some(what) = front(graph, language, folder, name) {
        found.push((0.8, entry(source, file, None, what)));
    }
    found
}

fn entry(source: &Source, file: usize, lines: Option<(u32, u32)>, text: &str) -> Entry {
    Entry {
        file,
        lines,
        text: text.to_owned(),
        doc: said(source),
    }
}

/// Whether a `main` in this file is where a program starts.
fn starts_here(language: &str, name: &str, source: &Source) -> bool {
    match language {
        "rust" => name == "main.rs" || source.path.contains("/bin/") || name != "lib.rs",
        "go" => source
            .text
            .lines()
            .any(|line| line.trim_end() == "package main"),
        "python" | "javascript" | "typescript" | "tsx" | "ruby" => false,
        _ => true,
    }
}

/// What the front file of a package is called, if this is one: what others import.
fn front(graph: &Graph, language: &str, folder: &str, name: &str) -> Option<&'static str> {
    let beside = |wanted: &str| {
        let root = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let path = match root {
            "" => wanted.to_owned(),
            root => format!("{root}/{wanted}"),
        };
        graph.sources().iter().any(|source| source.path == path)
    };
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let is_package = match (language, name) {
        ("rust", "lib.rs") => last == "src",
        ("javascript" | "typescript" | "tsx", name) => {
            name.starts_with("index.") && last == "src" && beside("package.json")
        }
        ("python", "__init__.py") => {
            beside("pyproject.toml")
                || beside("setup.py")
                || (!last.is_empty() && folder.rsplit('/').nth(1) == Some("src"))
        }
        ("ruby", name) => {
            let stem = name.trim_end_matches(".rb");
            last == "lib" && beside(&format!("{stem}.gemspec"))
        }
        _ => false,
    };
    is_package.then_some("package")
}

/// What a manifest says that it starts.
fn of_manifest(file: usize, source: &Source) -> Vec<(f32, Entry)> {
    let mut found = Vec::new();
    let mut section = "";
    for (idx, line) in source.text.lines().enumerate() {
        let number = idx as u32 + 1;
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
        }
        let in_scripts = matches!(
            section,
            "[project.scripts]" | "[tool.poetry.scripts]" | "[project.gui-scripts]"
        );
        if in_scripts && let Some((name, target)) = line.split_once('=') {
            let (name, target) = (name.trim(), target.trim().trim_matches(['"', '\'']));
            let text = format!("command `{}`: {target}", name.trim_matches('"'));
            found.push((1.5, entry(source, file, Some((number, number)), &text)));
        }
        if let Some(bin) = line.strip_prefix("\"bin\":") {
            let bin = bin
                .trim()
                .trim_end_matches(',')
                .trim_matches(['"', '{', ' ']);
            let text = format!("command {bin}");
            found.push((1.2, entry(source, file, Some((number, number)), &text)));
        }
    }
    found
}

fn line_with(source: &Source, wanted: &[&str]) -> Option<u32> {
    let starts = |line: &str| wanted.iter().any(|wanted| line.starts_with(wanted));
    let at = source.text.lines().position(starts)?;
    Some(at as u32 + 1)
}

/// What the file says of itself, if it is more than whose it is.
fn said(source: &Source) -> String {
    let doc = source.syntax.doc.clone();
    let doc = doc.map_or(String::new(), |doc| doc_summary(&source.text[doc], 110));
    match super::layout::is_telling(&doc) {
        true => doc,
        false => String::new(),
    }
}
