//! Who uses a symbol, what it uses, and which tests cover it.

use super::build::{Graph, SymbolId, Use};
use super::resolve::Confidence;
use crate::code::files::Role;
use crate::code::syntax::ReferenceKind;
use std::collections::{BTreeMap, BTreeSet};

/// A use of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Index of the file it stands in.
    pub file: usize,
    /// Line, 1-based.
    pub line: u32,
    /// What kind of use it is.
    pub kind: ReferenceKind,
    /// The innermost symbol around it; `None` at the top of a file.
    pub within: Option<SymbolId>,
    /// How sure it is that this symbol is meant.
    pub confidence: Confidence,
    /// How many definitions may be meant, this one included.
    pub candidates: usize,
}

/// One use and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Line, 1-based.
    pub line: u32,
    /// The name as written.
    pub name: String,
    /// What kind of use it is.
    pub kind: ReferenceKind,
    /// The innermost symbol around it.
    pub within: Option<SymbolId>,
    /// How sure it is.
    pub confidence: Confidence,
    /// The definitions that may be meant.
    pub targets: Vec<SymbolId>,
}

/// A symbol that another one uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callee {
    /// The symbol used.
    pub symbol: SymbolId,
    /// Line of the first use.
    pub line: u32,
    /// How sure it is that this symbol is meant.
    pub confidence: Confidence,
}

/// Why a test is said to cover a symbol; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// It uses the symbol.
    Direct,
    /// It uses something that uses the symbol.
    Indirect(SymbolId),
    /// It is named after the symbol.
    Named,
}

/// A test of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestOf {
    /// The outermost function of the test, or the innermost symbol that is one.
    pub test: SymbolId,
    /// Line of the use, or of the test.
    pub line: u32,
    /// Why.
    pub cover: Cover,
    /// How sure the weakest step is.
    pub confidence: Confidence,
}

/// Most users that tests are looked for through.
const MOST_HOPS: usize = 200;
/// Most definitions a use may mean before it says nothing of any of them.
pub(super) const VAGUE: usize = 12;

impl Graph {
    /// Every use of `symbol`, surest first, then by file and line. Linear in the uses of its name.
    pub fn references(&self, symbol: SymbolId) -> Vec<Usage> {
        let mut usages = Vec::new();
        let mut found = Vec::new();
        let name = self.nodes[symbol.0 as usize].name;
        for idx in self.uses_of.of(name) {
            let used = &self.uses[*idx as usize];
            let confidence = self.resolve(used, &mut found);
            if let Some(confidence) = confidence.filter(|_| found.contains(&symbol.0)) {
                usages.push(self.usage(used, confidence, found.len()));
            }
        }
        usages.sort_by_key(|usage| (usage.confidence, usage.file, usage.line));
        usages
    }

    /// The calls of `symbol`, surest first: uses that call it, or construct it if it is a type.
    pub fn callers(&self, symbol: SymbolId) -> Vec<Usage> {
        let mut usages = self.references(symbol);
        usages.retain(|usage| usage.kind == ReferenceKind::Call);
        usages
    }

    /// The calls of everything called `name`, or `Container.name`, surest first.
    pub fn callers_of_name(&self, name: &str) -> Vec<Usage> {
        let mut usages: Vec<Usage> = self
            .find(name)
            .into_iter()
            .flat_map(|symbol| self.callers(symbol))
            .collect();
        usages.sort_by_key(|usage| (usage.file, usage.line, usage.confidence));
        usages.dedup_by_key(|usage| (usage.file, usage.line));
        usages.sort_by_key(|usage| (usage.confidence, usage.file, usage.line));
        usages
    }

    /// The symbols called `name`: the name itself, or the end of the qualified name with any
    /// separator (`Packer.new`, `Packer::new`).
    pub fn find(&self, name: &str) -> Vec<SymbolId> {
        let parts = parts(name);
        let Some(last) = parts.last() else {
            return self.named(name).collect();
        };
        let mut found: Vec<SymbolId> = self.named(name).collect();
        if parts.len() > 1 {
            found.extend(self.named(last).filter(|id| {
                let node = &self.nodes[id.0 as usize];
                let own = self::parts(self.names.text(node.qualified));
                let container = node.container.map(|name| self.names.text(name));
                own.ends_with(&parts) || (parts.len() == 2 && container == Some(parts[0]))
            }));
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// How much each of `symbols` is used: the uses of their names, divided among what they may
    /// mean and weighed by how sure that is.
    pub fn weights_of(&self, symbols: &[SymbolId]) -> BTreeMap<SymbolId, f32> {
        let mut names: Vec<_> = symbols
            .iter()
            .map(|id| self.nodes[id.0 as usize].name)
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut weights = BTreeMap::new();
        let mut found = Vec::new();
        for idx in names.into_iter().flat_map(|name| self.uses_of.of(name)) {
            let used = &self.uses[*idx as usize];
            if let Some(confidence) = self.resolve(used, &mut found) {
                let share = confidence.weight() / found.len() as f32;
                for target in &found {
                    *weights.entry(SymbolId(*target)).or_insert(0.0) += share;
                }
            }
        }
        weights
    }

    /// The symbols that a file uses, each with the sum of how sure its uses are; uses that may
    /// mean many things are left out.
    pub fn used_by_file(&self, file: usize) -> Vec<(SymbolId, f32)> {
        let mut sums: BTreeMap<SymbolId, f32> = BTreeMap::new();
        let mut found = Vec::new();
        for used in self.uses_in(file) {
            if let Some(confidence) = self.resolve_roughly(used, &mut found)
                && found.len() <= VAGUE
            {
                let share = confidence.weight() / found.len() as f32;
                for target in &found {
                    *sums.entry(SymbolId(*target)).or_default() += share;
                }
            }
        }
        sums.into_iter().collect()
    }

    /// The type that a symbol is a member of: the one around it, or one of that name in its file.
    pub fn type_of_member(&self, id: SymbolId) -> Option<SymbolId> {
        let node = &self.nodes[id.0 as usize];
        if !node.is_member {
            return None;
        }
        if let Some(parent) = node
            .parent
            .filter(|at| self.nodes[*at as usize].kind.is_type())
        {
            return Some(SymbolId(parent));
        }
        let all = self.definitions.of(node.container?);
        let first = self.first[node.file as usize];
        let end = self.first[node.file as usize + 1];
        let start = all.partition_point(|at| *at < first);
        all[start..]
            .iter()
            .copied()
            .take_while(|at| *at < end)
            .find(|at| self.nodes[*at as usize].kind.is_type() && self.stands_by_itself(*at))
            .map(SymbolId)
    }

    /// Whether neither a symbol nor what it stands in is a member by its name alone. Else two
    /// types could be members of each other.
    fn stands_by_itself(&self, at: u32) -> bool {
        let mut above = Some(at);
        while let Some(at) = above {
            let node = &self.nodes[at as usize];
            let in_type = node
                .parent
                .is_some_and(|parent| self.nodes[parent as usize].kind.is_type());
            if node.is_member && !in_type {
                return false;
            }
            above = node.parent;
        }
        true
    }

    /// Whether a symbol stands inside a function.
    pub fn is_local(&self, id: SymbolId) -> bool {
        let mut above = self.nodes[id.0 as usize].parent;
        while let Some(parent) = above {
            let node = &self.nodes[parent as usize];
            if node.kind.is_callable() {
                return true;
            }
            above = node.parent;
        }
        false
    }

    /// What `symbol` and the symbols inside it use, surest first, then in the order of use.
    pub fn callees(&self, symbol: SymbolId) -> Vec<Callee> {
        let file = self.file_of(symbol);
        let span = self.symbol(symbol).span.clone();
        let uses = self.uses_in(file);
        let start = uses.partition_point(|used| (used.at as usize) < span.start);
        let mut callees: BTreeMap<u32, Callee> = BTreeMap::new();
        let mut found = Vec::new();
        let inside = uses[start..]
            .iter()
            .take_while(|used| (used.at as usize) < span.end)
            .filter(|used| used.kind != ReferenceKind::Type);
        for used in inside {
            let Some(confidence) = self.resolve(used, &mut found) else {
                continue;
            };
            if found.len() > VAGUE {
                continue;
            }
            for target in found.iter().filter(|target| **target != symbol.0) {
                let callee = callees.entry(*target).or_insert(Callee {
                    symbol: SymbolId(*target),
                    line: used.line,
                    confidence,
                });
                callee.confidence = callee.confidence.min(confidence);
            }
        }
        let mut callees: Vec<Callee> = callees.into_values().collect();
        callees.sort_by_key(|callee| (callee.confidence, callee.line, callee.symbol));
        callees
    }

    /// The tests that cover `symbol`: those that use it, those that use one of its users, those
    /// named after it. Each test once, with its best reason.
    pub fn tests(&self, symbol: SymbolId) -> Vec<TestOf> {
        let mut tests: BTreeMap<SymbolId, TestOf> = BTreeMap::new();
        let mut add = |test: TestOf| {
            let rank = |test: &TestOf| {
                let step = match test.cover {
                    Cover::Direct => 0,
                    Cover::Indirect(_) => 1,
                    Cover::Named => 2,
                };
                (step, test.confidence, test.line)
            };
            let known = tests.entry(test.test).or_insert(test);
            if rank(&test) < rank(known) {
                *known = test;
            }
        };
        let mut users = BTreeSet::new();
        for usage in self.references(symbol) {
            let Some(within) = usage.within.filter(|within| *within != symbol) else {
                continue;
            };
            if self.is_test(within) {
                add(TestOf {
                    test: self.test_around(within),
                    line: usage.line,
                    cover: Cover::Direct,
                    confidence: usage.confidence,
                });
            } else if usage.confidence < Confidence::ByName {
                users.insert((usage.confidence, within));
            }
        }
        for (confidence, user) in users.into_iter().take(MOST_HOPS) {
            for usage in self.references(user) {
                let Some(within) = usage.within.filter(|within| self.is_test(*within)) else {
                    continue;
                };
                if usage.confidence == Confidence::ByName {
                    continue;
                }
                add(TestOf {
                    test: self.test_around(within),
                    line: usage.line,
                    cover: Cover::Indirect(user),
                    confidence: confidence.max(usage.confidence),
                });
            }
        }
        for test in self.named_after(symbol) {
            add(TestOf {
                test,
                line: self.symbol(test).lines.start,
                cover: Cover::Named,
                confidence: Confidence::ByName,
            });
        }
        let mut tests: Vec<TestOf> = tests.into_values().collect();
        let step = |cover: Cover| match cover {
            Cover::Direct => 0,
            Cover::Indirect(_) => 1,
            Cover::Named => 2,
        };
        tests.sort_by_key(|test| (step(test.cover), test.confidence, test.test));
        tests
    }

    /// What each use in a file means: its line and name, the definitions and how sure that is.
    /// Uses of names that the workspace does not define are left out.
    pub fn resolved(&self, file: usize) -> Vec<Resolved> {
        let mut resolved = Vec::new();
        let mut found = Vec::new();
        for used in self.uses_in(file) {
            if let Some(confidence) = self.resolve(used, &mut found) {
                resolved.push(Resolved {
                    line: used.line,
                    name: self.names.text(used.name).to_owned(),
                    kind: used.kind,
                    within: used.within.map(SymbolId),
                    confidence,
                    targets: found.iter().copied().map(SymbolId).collect(),
                });
            }
        }
        resolved
    }

    pub(super) fn uses_in(&self, file: usize) -> &[Use] {
        &self.uses[self.first_use[file] as usize..self.first_use[file + 1] as usize]
    }

    fn usage(&self, used: &Use, confidence: Confidence, candidates: usize) -> Usage {
        Usage {
            file: used.file as usize,
            line: used.line,
            kind: used.kind,
            within: used.within.map(SymbolId),
            confidence,
            candidates,
        }
    }

    /// The function of the test that `at` stands in.
    fn test_around(&self, at: SymbolId) -> SymbolId {
        let mut test = at;
        let mut above = self.parent(at);
        while let Some(parent) = above {
            let kind = self.symbol(parent).kind;
            if kind.is_callable() && !self.symbol(test).kind.is_callable() {
                test = parent;
            }
            above = self.parent(parent);
        }
        test
    }

    /// Tests whose name holds all words of the symbol's, in a file named after the symbol's own.
    fn named_after(&self, symbol: SymbolId) -> Vec<SymbolId> {
        let wanted = words(&self.symbol(symbol).name);
        let stem = stem(&self.source(symbol).path);
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        for (file, source) in self.sources.iter().enumerate() {
            let is_own = file == self.file_of(symbol);
            if !is_own && (source.role != Role::Test || !words(&source.path).contains(&stem)) {
                continue;
            }
            for id in self.symbols_of(file) {
                let known = self.symbol(id);
                if !known.is_test || !known.kind.is_callable() {
                    continue;
                }
                let own = words(&known.name);
                if wanted.iter().all(|word| own.contains(word)) {
                    found.push(id);
                }
            }
        }
        found
    }
}

/// The parts of a qualified name, whatever stands between them.
pub(crate) fn parts(name: &str) -> Vec<&str> {
    name.split([':', '.', '#', '/', '\\'])
        .filter(|part| !part.is_empty())
        .collect()
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name).to_lowercase()
}

/// The words of an identifier, in lower case: `parseHTML_now` is `parse`, `html`, `now`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let starts = c.is_uppercase()
            && at > 0
            && (chars[at - 1].is_lowercase()
                || (chars[at - 1].is_uppercase()
                    && chars.get(at + 1).is_some_and(|next| next.is_lowercase())));
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
