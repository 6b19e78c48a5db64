//! Prints what the parser finds in files, for those who write queries.
//!
//! `dump [--json] [--refs] [--tree] [--prepared] [PATH...]`; without paths they are read from standard input,
//! one a line. `--json` prints one object per symbol (what `benches/symbols/recall.py` reads),
//! `--refs` adds references and imports, `--tree` prints the bare syntax tree, `--prepared` the
//! text as the grammar gets to see it.

#![expect(clippy::print_stderr, reason = "a tool for developers")]

use ctx::code::syntax::{self, FileSyntax, Wants, language, signature};
use std::io::{BufRead, Write};

fn main() {
    let (options, mut paths): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|arg| arg.starts_with("--"));
    let has = |option: &str| options.iter().any(|given| given == option);
    if paths.is_empty() {
        paths = std::io::stdin()
            .lock()
            .lines()
            .map_while(Result::ok)
            .collect();
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in &paths {
        let Ok(bytes) = std::fs::read(path) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes);
        let Some(language) = language::detect(path.as_ref(), &bytes) else {
            continue;
        };
        if has("--prepared") {
            let _ = out.write_all(language.prepare(&text).text.as_bytes());
            continue;
        }
        let started = std::time::Instant::now();
        let found = syntax::parse(
            language,
            &text,
            Wants {
                references: true,
                ..Wants::default()
            },
        );
        let took = started.elapsed();
        if took.as_secs() >= 1 {
            eprintln!("slow: {path} took {took:?}");
        }
        let written = match () {
            () if has("--tree") => tree(&mut out, language, &text),
            () if has("--json") => json(&mut out, path, language.name, &text, &found),
            () => outline(&mut out, &text, &found, has("--refs")),
        };
        if written.is_err() {
            return;
        }
    }
}

fn json(
    out: &mut impl Write,
    path: &str,
    language: &str,
    text: &str,
    found: &FileSyntax,
) -> std::io::Result<()> {
    for symbol in &found.symbols {
        let name_line = text[..symbol.name_span.start].matches('\n').count() + 1;
        let line = serde_json::json!({
            "path": path,
            "language": language,
            "line": name_line,
            "start": symbol.lines.start,
            "end": symbol.lines.end,
            "kind": symbol.kind.word(),
            "name": symbol.name,
            "qualified_name": symbol.qualified_name,
            "signature": symbol.signature_line(text),
        });
        writeln!(out, "{line}")?;
    }
    for note in &found.notes {
        writeln!(
            out,
            "{}",
            serde_json::json!({ "path": path, "language": language, "note": note })
        )?;
    }
    Ok(())
}

fn outline(
    out: &mut impl Write,
    text: &str,
    found: &FileSyntax,
    refs: bool,
) -> std::io::Result<()> {
    let mut depths: Vec<usize> = Vec::new();
    for symbol in &found.symbols {
        let depth = symbol
            .parent
            .map_or(0, |parent| depths[parent as usize] + 1);
        depths.push(depth);
        let doc = symbol
            .doc
            .clone()
            .map_or(String::new(), |doc| signature::doc_summary(&text[doc], 100));
        writeln!(
            out,
            "{}{}-{} {} {} {:?}{} | {} | {doc}",
            "  ".repeat(depth),
            symbol.lines.start,
            symbol.lines.end,
            symbol.kind.word(),
            symbol.qualified_name,
            symbol.visibility,
            if symbol.is_test { " test" } else { "" },
            symbol.signature_line(text),
        )?;
    }
    if refs {
        for import in &found.imports {
            writeln!(out, "import {} {}", import.line, import.path)?;
        }
        for reference in &found.references {
            writeln!(
                out,
                "{:?} {} {}",
                reference.kind, reference.line, reference.name
            )?;
        }
    }
    writeln!(
        out,
        "refs {} imports {} notes {:?}",
        found.references.len(),
        found.imports.len(),
        found.notes
    )
}

fn tree(
    out: &mut impl Write,
    language: &'static syntax::Language,
    text: &str,
) -> std::io::Result<()> {
    let loaded = language.load().expect("a test loads every language");
    let Some(tree) = syntax::tree(language, loaded, text, usize::MAX) else {
        return writeln!(out, "not parsed");
    };
    let mut cursor = tree.walk();
    let mut depth = 0;
    loop {
        let node = cursor.node();
        if node.is_named() || node.child_count() == 0 {
            let field = cursor
                .field_name()
                .map_or(String::new(), |field| format!("{field}: "));
            let kind = if node.is_named() {
                node.kind().to_owned()
            } else {
                format!("{:?}", node.kind())
            };
            let missing = if node.is_missing() { " MISSING" } else { "" };
            let leaf = if node.is_named() && node.child_count() == 0 {
                format!(" {:?}", signature::fold(&text[node.byte_range()], 40))
            } else {
                String::new()
            };
            let line = node.start_position().row + 1;
            writeln!(
                out,
                "{line:>4} {}{field}{kind}{missing}{leaf}",
                "  ".repeat(depth)
            )?;
        }
        if cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Ok(());
            }
            depth -= 1;
        }
    }
}
