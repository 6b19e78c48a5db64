//! Joins files to a graph: names become numbers, definitions and uses are sorted by name,
//! imports are matched with files.

use super::beside::{self, Beside};
use super::habits::Habits;
use super::imports::ImportFacts;
use super::modules::{Modules, Target, order};
use super::names::{Name, Names};
use super::receiver::{Receiver, is_word};
use super::source::{Facts, Source};
use crate::code::files::Role;
use crate::code::syntax::{ReferenceKind, Symbol, SymbolKind};
use rayon::prelude::*;
use std::collections::HashMap;
use std::ops::Range;

/// A symbol of the workspace: an index into all symbols, by file, in source order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(pub u32);

/// What the graph keeps of a symbol beside its [`Symbol`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub file: u32,
    pub name: Name,
    pub qualified: Name,
    /// The type that it is a member of.
    pub container: Option<Name>,
    /// Whether that is a type, whose members are reached through a value of it.
    pub is_member: bool,
    pub parent: Option<u32>,
    pub kind: SymbolKind,
    pub has_body: bool,
    /// Whether it is a test, or in a file of tests.
    pub is_test: bool,
}

/// One use of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    pub file: u32,
    pub name: Name,
    pub line: u32,
    pub at: u32,
    pub kind: ReferenceKind,
    /// The innermost symbol around it.
    pub within: Option<u32>,
    pub receiver: Behind,
}

/// [`Receiver`] with its words as names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    None,
    Own,
    Base,
    Word(Name),
    Chain(Name),
    Call(Name),
    Other,
}

/// The imports of a file, matched.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// What each import means; empty for what is outside the workspace.
    pub targets: Vec<Vec<Target>>,
    /// Names in import statements, with the index of the import, sorted.
    pub bound: Vec<(Name, u32)>,
    /// The imports that bring all names.
    pub wildcards: Vec<u32>,
    /// Names that the file uses anywhere, sorted.
    pub mentioned: Vec<Name>,
    /// Variables beside names of types, sorted.
    pub beside: Vec<Beside>,
}

/// Definitions and uses of a workspace, and how they may belong together.
#[derive(Debug)]
pub struct Graph {
    pub(super) sources: Vec<Source>,
    pub(super) names: Names,
    /// The first symbol of each file; one more at the end.
    pub(super) first: Vec<u32>,
    pub(super) nodes: Vec<Node>,
    /// Symbols sorted by name, then by file; where each name begins.
    pub(super) definitions: Sorted,
    pub(super) uses: Vec<Use>,
    /// Where the uses of each file begin; one more at the end.
    pub(super) first_use: Vec<u32>,
    /// Uses by name.
    pub(super) uses_of: Sorted,
    /// Members by type and name.
    pub(super) members: HashMap<(Name, Name), Vec<u32>>,
    /// The names of what each type is based on.
    pub(super) bases: HashMap<u32, Vec<Name>>,
    pub(super) scopes: Vec<Scope>,
    /// How the language of each file finds names.
    pub(super) habits: Vec<Habits>,
    /// The files of the folder of each file.
    pub(super) siblings: Vec<Range<u32>>,
}

/// Numbers grouped by name.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    starts: Vec<u32>,
    entries: Vec<u32>,
}

impl Sorted {
    /// Groups `0..names.len()` by name, in order.
    fn new(names: impl Iterator<Item = Name> + Clone, n_names: usize) -> Sorted {
        let mut starts = vec![0_u32; n_names + 1];
        for name in names.clone() {
            starts[name.0 as usize + 1] += 1;
        }
        for at in 0..n_names {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut entries = vec![0; starts[n_names] as usize];
        for (idx, name) in names.enumerate() {
            let slot = &mut next[name.0 as usize];
            entries[*slot as usize] = idx as u32;
            *slot += 1;
        }
        Sorted { starts, entries }
    }

    pub fn of(&self, name: Name) -> &[u32] {
        let at = name.0 as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => &self.entries[*start as usize..*end as usize],
            _ => &[],
        }
    }
}

impl Graph {
    /// The graph of `sources`, in any order. Linear in their size.
    pub fn new(mut sources: Vec<Source>) -> Graph {
        sources.sort_by_cached_key(|source| {
            let (folder, name) = order(&source.path);
            (folder, name.to_owned())
        });
        let facts: Vec<Facts> = sources.par_iter().map(Facts::of).collect();
        let mut names = Names::default();
        let (first, nodes) = nodes(&sources, &mut names);
        let (first_use, uses) = uses(&sources, &facts, &first, &mut names);
        let mut is_type = vec![false; names.len()];
        let mut members: HashMap<(Name, Name), Vec<u32>> = HashMap::new();
        for (idx, node) in nodes.iter().enumerate() {
            if let Some(container) = node.container {
                is_type[container.0 as usize] = true;
                members
                    .entry((container, node.name))
                    .or_default()
                    .push(idx as u32);
            }
        }
        let mut bases: HashMap<u32, Vec<Name>> = HashMap::new();
        for used in uses.iter().filter(|used| used.kind == ReferenceKind::Base) {
            if let Some(within) = used.within {
                bases.entry(within).or_default().push(used.name);
            }
        }
        let modules = Modules::new(&sources);
        let scopes = sources
            .par_iter()
            .zip(&facts)
            .enumerate()
            .map(|(idx, (source, facts))| {
                let uses = &uses[first_use[idx] as usize..first_use[idx + 1] as usize];
                scope(source, &facts.imports, uses, &modules, &names, &is_type)
            })
            .collect();
        let siblings = siblings(&sources);
        let habits = sources.iter().map(Source::habits).collect();
        Graph {
            habits,
            definitions: Sorted::new(nodes.iter().map(|node| node.name), names.len()),
            uses_of: Sorted::new(uses.iter().map(|found| found.name), names.len()),
            sources,
            names,
            first,
            nodes,
            uses,
            first_use,
            members,
            bases,
            scopes,
            siblings,
        }
    }

    /// The files, sorted by folder.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// How many symbols there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All symbols, by file, in source order.
    pub fn ids(&self) -> impl Iterator<Item = SymbolId> + use<> {
        (0..self.nodes.len() as u32).map(SymbolId)
    }

    /// A symbol.
    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        let file = self.nodes[id.0 as usize].file as usize;
        &self.sources[file].syntax.symbols[(id.0 - self.first[file]) as usize]
    }

    /// The index of the file of a symbol.
    pub fn file_of(&self, id: SymbolId) -> usize {
        self.nodes[id.0 as usize].file as usize
    }

    /// The file of a symbol.
    pub fn source(&self, id: SymbolId) -> &Source {
        &self.sources[self.file_of(id)]
    }

    /// The symbols of a file, in source order.
    pub fn symbols_of(&self, file: usize) -> impl Iterator<Item = SymbolId> + use<> {
        (self.first[file]..self.first[file + 1]).map(SymbolId)
    }

    /// The symbol that it stands in.
    pub fn parent(&self, id: SymbolId) -> Option<SymbolId> {
        self.nodes[id.0 as usize].parent.map(SymbolId)
    }

    /// Whether it is a test or stands in a file of tests.
    pub fn is_test(&self, id: SymbolId) -> bool {
        self.nodes[id.0 as usize].is_test
    }

    /// The symbols of exactly this name, by file.
    pub fn named(&self, name: &str) -> impl Iterator<Item = SymbolId> + '_ {
        let found = self.names.get(name).map(|name| self.definitions.of(name));
        found.unwrap_or_default().iter().copied().map(SymbolId)
    }
}

fn nodes(sources: &[Source], names: &mut Names) -> (Vec<u32>, Vec<Node>) {
    let mut first = Vec::with_capacity(sources.len() + 1);
    let mut nodes: Vec<Node> = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let start = nodes.len() as u32;
        first.push(start);
        let separator = source.language.map_or(".", |language| language.separator);
        let in_tests = source.role == Role::Test;
        for symbol in &source.syntax.symbols {
            let parent = symbol.parent.map(|parent| start + parent);
            let around = symbol
                .parent
                .map(|parent| &source.syntax.symbols[parent as usize]);
            let container = container(symbol, around, separator);
            let mixes_in = source.habits().family == "ruby";
            let is_method = matches!(symbol.kind, SymbolKind::Method | SymbolKind::Constructor);
            let is_member = around.map_or(is_method && container.is_some(), |around| {
                around.kind.has_methods() || (mixes_in && around.kind == SymbolKind::Module)
            });
            nodes.push(Node {
                file: file as u32,
                name: names.intern(&symbol.name),
                qualified: names.intern(&symbol.qualified_name),
                container: container.map(|name| names.intern(bare(name))),
                is_member,
                parent,
                kind: symbol.kind,
                has_body: symbol.body.is_some(),
                is_test: in_tests || symbol.is_test,
            });
        }
    }
    first.push(nodes.len() as u32);
    (first, nodes)
}

/// The name of the type that a symbol is a member of.
fn container<'a>(
    symbol: &'a Symbol,
    around: Option<&'a Symbol>,
    separator: &str,
) -> Option<&'a str> {
    let is_scope = |kind: SymbolKind| {
        kind.has_methods() || matches!(kind, SymbolKind::Module | SymbolKind::Namespace)
    };
    if let Some(around) = around.filter(|around| is_scope(around.kind)) {
        return Some(&around.name);
    }
    let (before, _) = symbol.qualified_name.rsplit_once(separator)?;
    let is_outermost = around.is_none();
    is_outermost.then(|| before.rsplit(separator).next().unwrap_or(before))
}

/// `Foo` of `Foo<T>`.
fn bare(name: &str) -> &str {
    let name = name.trim_start_matches(['&', '*', ' ']);
    let end = name.find(['<', '[', ' ', '(']).filter(|at| *at > 0);
    &name[..end.unwrap_or(name.len())]
}

fn uses(
    sources: &[Source],
    facts: &[Facts],
    first: &[u32],
    names: &mut Names,
) -> (Vec<u32>, Vec<Use>) {
    let mut starts = Vec::with_capacity(sources.len() + 1);
    let mut uses = Vec::new();
    for (file, (source, facts)) in sources.iter().zip(facts).enumerate() {
        starts.push(uses.len() as u32);
        for (reference, receiver) in source.syntax.references.iter().zip(&facts.receivers) {
            let mut name_of = |range: &Range<usize>| names.intern(&source.text[range.clone()]);
            let receiver = match receiver {
                Receiver::None => Behind::None,
                Receiver::Own => Behind::Own,
                Receiver::Base => Behind::Base,
                Receiver::Word(word) => Behind::Word(name_of(word)),
                Receiver::Chain(word) => Behind::Chain(name_of(word)),
                Receiver::Call(word) => Behind::Call(name_of(word)),
                Receiver::Other => Behind::Other,
            };
            uses.push(Use {
                file: file as u32,
                name: names.intern(&reference.name),
                line: reference.line,
                at: reference.span.start as u32,
                kind: reference.kind,
                within: reference.within.map(|within| first[file] + within),
                receiver,
            });
        }
    }
    starts.push(uses.len() as u32);
    (starts, uses)
}

fn scope(
    source: &Source,
    imports: &[ImportFacts],
    uses: &[Use],
    modules: &Modules,
    names: &Names,
    is_type: &[bool],
) -> Scope {
    let mut scope = Scope::default();
    for (idx, import) in imports.iter().enumerate() {
        scope.targets.push(modules.resolve(source, import));
        if import.is_wildcard {
            scope.wildcards.push(idx as u32);
        }
        let statement = &source.text[import.statement.clone()];
        let words = statement.split(|c: char| !(c.is_ascii() && is_word(c as u8)));
        let known = words
            .filter(|word| !word.is_empty())
            .filter_map(|word| names.get(word));
        scope.bound.extend(known.map(|name| (name, idx as u32)));
    }
    scope.bound.sort_unstable();
    scope.bound.dedup();
    scope.mentioned = uses.iter().map(|found| found.name).collect();
    scope
        .mentioned
        .extend(scope.bound.iter().map(|(name, _)| *name));
    scope.mentioned.sort_unstable();
    scope.mentioned.dedup();
    if !uses.is_empty() {
        scope.beside = beside::pairs(&source.text, names, is_type);
    }
    scope
}

/// For each file, the range of files in the same folder.
fn siblings(sources: &[Source]) -> Vec<Range<u32>> {
    let folder = |source: &Source| {
        let end = source.path.rfind('/').unwrap_or(0);
        source.path[..end].to_owned()
    };
    let mut siblings = Vec::with_capacity(sources.len());
    let mut start = 0;
    while start < sources.len() {
        let own = folder(&sources[start]);
        let count = sources[start..]
            .iter()
            .take_while(|source| folder(source) == own)
            .count();
        let range = start as u32..(start + count) as u32;
        siblings.extend(std::iter::repeat_n(range, count));
        start += count;
    }
    siblings
}
