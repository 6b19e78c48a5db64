//! Who uses a symbol, what it uses and what tests it, as sections of a view: one for each
//! relation and confidence, the surest first.

use super::SymbolRequest;
use super::definition::{Around, SECTIONS, SYMBOLS, USES, signature};
use crate::code::graph::{Confidence, Cover, Graph, SymbolId, TestOf, Usage};
use crate::code::outline::Tests;
use crate::tokens::Counter;
use crate::view::{ItemBuilder, Level, Place, View};
use std::collections::BTreeSet;

/// Longest line of source shown with a use, in bytes.
const LONG_LINE: usize = 120;
/// Most uses of one section that become items; the others are counted.
const MOST: usize = 3_000;

/// One line of a section.
struct Row {
    file: usize,
    lines: (u32, u32),
    kind: &'static str,
    text: String,
    is_symbol: bool,
    is_test: bool,
}

/// Adds the sections that `request` asks for.
pub(super) fn add(
    view: &mut View,
    graph: &Graph,
    ids: &[SymbolId],
    request: &SymbolRequest,
    counter: &Counter,
) {
    let mut sections = Sections {
        view,
        graph,
        counter,
        of: ids[0],
        rank: 0,
    };
    if request.callers {
        sections.usages("callers", "caller", &usages(graph, ids, request, true));
    }
    if request.references {
        sections.usages("uses", "use", &usages(graph, ids, request, false));
    }
    if request.callees {
        sections.callees(ids, request);
    }
    if request.covered_by {
        sections.tests(ids);
    }
}

/// Uses of any of `ids`, each once, tests last within each confidence.
fn usages(graph: &Graph, ids: &[SymbolId], request: &SymbolRequest, calls: bool) -> Vec<Usage> {
    let mut usages: Vec<Usage> = ids
        .iter()
        .flat_map(|id| match calls {
            true => graph.callers(*id),
            false => graph.references(*id),
        })
        .collect();
    usages.retain(|usage| match request.tests {
        Tests::Also => true,
        Tests::No => !is_test(graph, usage),
        Tests::Only => is_test(graph, usage),
    });
    let place = |usage: &Usage| (usage.file, usage.line);
    usages.sort_by_key(|usage| (place(usage), usage.confidence));
    usages.dedup_by_key(|usage| place(usage));
    usages.sort_by_key(|usage| (usage.confidence, is_test(graph, usage), place(usage)));
    usages
}

fn is_test(graph: &Graph, usage: &Usage) -> bool {
    let in_tests = graph.sources()[usage.file].role == crate::code::files::Role::Test;
    in_tests || usage.within.is_some_and(|within| graph.is_test(within))
}

struct Sections<'a> {
    view: &'a mut View,
    graph: &'a Graph,
    counter: &'a Counter,
    of: SymbolId,
    rank: i32,
}

impl Sections<'_> {
    fn usages(&mut self, title: &str, kind: &'static str, usages: &[Usage]) {
        let mut lines = SourceLines::new(self.graph);
        for confidence in [Confidence::Certain, Confidence::Likely, Confidence::ByName] {
            let rows = usages
                .iter()
                .filter(|usage| usage.confidence == confidence)
                .map(|usage| {
                    let line = lines.line(usage.file, usage.line);
                    let text = match usage.within {
                        Some(within) => {
                            format!("in {}: {line}", self.graph.symbol(within).qualified_name)
                        }
                        None => line,
                    };
                    Row {
                        file: usage.file,
                        lines: (usage.line, usage.line),
                        kind,
                        text,
                        is_symbol: false,
                        is_test: is_test(self.graph, usage),
                    }
                });
            let rows: Vec<Row> = rows.collect();
            self.section(title, kind_of(kind, confidence), confidence, rows);
        }
        if usages.is_empty() {
            self.empty(title);
        }
    }

    fn callees(&mut self, ids: &[SymbolId], request: &SymbolRequest) {
        let mut seen = BTreeSet::new();
        let mut callees: Vec<_> = ids
            .iter()
            .flat_map(|id| self.graph.callees(*id))
            .filter(|callee| !ids.contains(&callee.symbol) && seen.insert(callee.symbol))
            .filter(|callee| match request.tests {
                Tests::Also => true,
                Tests::No => !self.graph.is_test(callee.symbol),
                Tests::Only => self.graph.is_test(callee.symbol),
            })
            .collect();
        callees.sort_by_key(|callee| (callee.confidence, callee.symbol));
        for confidence in [Confidence::Certain, Confidence::Likely, Confidence::ByName] {
            let rows = callees
                .iter()
                .filter(|callee| callee.confidence == confidence)
                .map(|callee| {
                    let symbol = self.graph.symbol(callee.symbol);
                    let text = signature(symbol, &self.graph.source(callee.symbol).text);
                    Row {
                        file: self.graph.file_of(callee.symbol),
                        lines: (symbol.lines.start, symbol.lines.end),
                        kind: "callee",
                        text: format!("{} (line {})", named(&text, symbol), callee.line),
                        is_symbol: true,
                        is_test: false,
                    }
                })
                .collect();
            self.section("callees", kind_of("callee", confidence), confidence, rows);
        }
        if callees.is_empty() {
            self.empty("callees");
        }
    }

    fn tests(&mut self, ids: &[SymbolId]) {
        let mut seen = BTreeSet::new();
        let mut tests: Vec<TestOf> = ids.iter().flat_map(|id| self.graph.tests(*id)).collect();
        tests.retain(|test| seen.insert(test.test));
        tests.sort_by_key(|test| (test.confidence, step(test.cover), test.test));
        for confidence in [Confidence::Certain, Confidence::Likely, Confidence::ByName] {
            let rows = tests
                .iter()
                .filter(|test| test.confidence == confidence)
                .map(|test| self.test(test))
                .collect();
            self.section("tests", kind_of("test", confidence), confidence, rows);
        }
        if tests.is_empty() {
            self.empty("tests");
        }
    }

    fn test(&self, test: &TestOf) -> Row {
        let symbol = self.graph.symbol(test.test);
        let how = match test.cover {
            Cover::Direct => format!("line {}", test.line),
            Cover::Indirect(through) => {
                format!("through {}", self.graph.symbol(through).qualified_name)
            }
            Cover::Named => "by its name".to_owned(),
        };
        Row {
            file: self.graph.file_of(test.test),
            lines: (symbol.lines.start, symbol.lines.end),
            kind: "test",
            text: format!("{} ({how})", symbol.qualified_name),
            is_symbol: true,
            is_test: false,
        }
    }

    fn section(&mut self, title: &str, kind: &'static str, confidence: Confidence, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        let base = match confidence {
            Confidence::Certain => 40.0,
            Confidence::Likely => 24.0,
            Confidence::ByName => 8.0,
        } * 0.9_f32.powi(self.rank);
        self.rank += 1;
        let title = format!("{title}, {} ({})", confidence.words(), rows.len());
        let parent = self.heading(&title, kind, 3.0 * base);
        let mut around = Around::new(self.graph, self.counter);
        let left_out = rows.len().saturating_sub(MOST);
        for (rank, row) in rows.into_iter().take(MOST).enumerate() {
            let tests = if row.is_test { 0.5 } else { 1.0 };
            let value = base * tests / (1.0 + 0.01 * rank as f32);
            let (file, path) = around.file(self.view, Some(parent), row.file, 0.9 * value);
            self.view.add(ItemBuilder {
                parent: Some(file),
                noun: if row.is_symbol { SYMBOLS } else { USES },
                place: Place {
                    path,
                    lines: Some(row.lines),
                },
                kind: row.kind,
                levels: &[(Level::Signature, &row.text, value)],
                ..ItemBuilder::default()
            });
        }
        if left_out > 0 {
            self.view
                .unlisted
                .push((USES, left_out, 80 * left_out as u64));
        }
    }

    fn empty(&mut self, title: &str) {
        let text = format!("{title}: none found");
        let item = self.heading(&text, "none", 60.0);
        self.view.items[item as usize].is_parent = false;
    }

    fn heading(&mut self, title: &str, kind: &'static str, value: f32) -> u32 {
        let path = self.view.add_path(self.graph.source(self.of).path.clone());
        self.view.add(ItemBuilder {
            noun: SECTIONS,
            place: Place { path, lines: None },
            kind,
            is_parent: true,
            levels: &[(Level::Signature, title, value)],
            ..ItemBuilder::default()
        })
    }
}

/// The signature, with the whole name in front where the signature does not tell it.
fn named(signature: &str, symbol: &crate::code::syntax::Symbol) -> String {
    if symbol.qualified_name == symbol.name || signature.contains(&symbol.qualified_name) {
        signature.to_owned()
    } else {
        format!("{}: {signature}", symbol.qualified_name)
    }
}

fn step(cover: Cover) -> u8 {
    match cover {
        Cover::Direct => 0,
        Cover::Indirect(_) => 1,
        Cover::Named => 2,
    }
}

/// The kind of a section in JSON.
fn kind_of(relation: &str, confidence: Confidence) -> &'static str {
    use Confidence::*;
    match (relation, confidence) {
        ("caller", Certain) => "callers, certain",
        ("caller", Likely) => "callers, likely",
        ("caller", ByName) => "callers, by name",
        ("use", Certain) => "uses, certain",
        ("use", Likely) => "uses, likely",
        ("use", ByName) => "uses, by name",
        ("callee", Certain) => "callees, certain",
        ("callee", Likely) => "callees, likely",
        ("callee", ByName) => "callees, by name",
        (_, Certain) => "tests, certain",
        (_, Likely) => "tests, likely",
        (_, ByName) => "tests, by name",
    }
}

/// Lines of files, found without splitting the same file twice.
struct SourceLines<'a> {
    graph: &'a Graph,
    file: Option<(usize, Vec<&'a str>)>,
}

impl<'a> SourceLines<'a> {
    fn new(graph: &'a Graph) -> SourceLines<'a> {
        SourceLines { graph, file: None }
    }

    fn line(&mut self, file: usize, number: u32) -> String {
        let lines = match &self.file {
            Some((known, lines)) if *known == file => lines,
            _ => {
                let text: &'a str = &self.graph.sources()[file].text;
                &self.file.insert((file, text.lines().collect())).1
            }
        };
        let line = lines
            .get(number as usize - 1)
            .map_or("", |line| line.trim());
        let mut end = line.len().min(LONG_LINE);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        match end < line.len() {
            true => format!("{}…", &line[..end]),
            false => line.to_owned(),
        }
    }
}
