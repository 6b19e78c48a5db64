//! What a used name means: the definitions it may refer to, and how sure that is.
//!
//! From the surest evidence to the weakest: the scope around the use, imports that name what is
//! used, the type or module it is written behind, the type written beside the variable it is
//! written behind, the base classes, and last the name alone. Nothing infers types.

use super::build::{Behind, Graph, Node, SymbolId, Use};
use super::habits::Habits;
use super::modules::Target;
use super::names::Name;
use super::relations::VAGUE;
use crate::code::files::Role;
use crate::code::syntax::{ReferenceKind, SymbolKind};
use std::ops::Range;

/// How sure it is that a use means a definition. The surest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The same scope or package, an import that names it, its own type.
    Certain,
    /// The only definition that fits, or the type written beside the variable.
    Likely,
    /// Nothing but the name.
    ByName,
}

impl Confidence {
    /// How much a use tells that is this sure, against 1.0.
    pub fn weight(self) -> f32 {
        match self {
            Confidence::Certain => 1.0,
            Confidence::Likely => 0.6,
            Confidence::ByName => 0.1,
        }
    }

    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Confidence::Certain => "certain",
            Confidence::Likely => "likely",
            Confidence::ByName => "by name",
        }
    }
}

/// Most base classes followed upwards.
const MOST_BASES: usize = 6;
/// Most definitions that one use is said to mean.
const MOST_TARGETS: usize = 400;

impl Graph {
    /// The definitions that a use may mean, put into `found`, and how sure that is; `None` when
    /// it means nothing in the workspace.
    pub(super) fn resolve(&self, used: &Use, found: &mut Vec<u32>) -> Option<Confidence> {
        self.resolve_up_to(used, MOST_TARGETS, found)
    }

    /// Like [`Graph::resolve`], but quick to give up where a name alone would have to tell which
    /// of many is meant.
    pub(super) fn resolve_roughly(&self, used: &Use, found: &mut Vec<u32>) -> Option<Confidence> {
        self.resolve_up_to(used, VAGUE, found)
    }

    fn resolve_up_to(&self, used: &Use, most: usize, found: &mut Vec<u32>) -> Option<Confidence> {
        found.clear();
        if self.definitions.of(used.name).is_empty() {
            return None;
        }
        let resolver = Resolver {
            graph: self,
            used,
            habits: self.habits[used.file as usize],
            most,
        };
        let confidence = resolver.resolve(found)?;
        found.sort_unstable();
        found.dedup();
        // A use in product code never means a test.
        let is_test = used
            .within
            .map_or(self.sources[used.file as usize].role == Role::Test, |at| {
                self.nodes[at as usize].is_test
            });
        if !is_test && found.iter().any(|at| !self.nodes[*at as usize].is_test) {
            found.retain(|at| !self.nodes[*at as usize].is_test);
        }
        if found.is_empty() || found.len() > MOST_TARGETS {
            return None;
        }
        let confidence = match self.n_distinct(found) {
            1 => confidence,
            2..=3 => confidence.max(Confidence::Likely),
            _ => Confidence::ByName,
        };
        Some(confidence)
    }

    /// How many differently called definitions there are; overloads and declarations are one.
    pub(super) fn n_distinct(&self, symbols: &[u32]) -> usize {
        if symbols.len() == 1 {
            return 1;
        }
        let mut names: Vec<(Name, u32)> = symbols
            .iter()
            .map(|at| {
                let node = &self.nodes[*at as usize];
                // Where a type is opened in many places, one name is one thing.
                let is_spread = matches!(
                    self.habits[node.file as usize].family,
                    "c" | "ruby" | "c-sharp"
                );
                let folder = match is_spread {
                    true => 0,
                    false => self.siblings[node.file as usize].start,
                };
                (node.qualified, folder)
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }
}

struct Resolver<'a> {
    graph: &'a Graph,
    used: &'a Use,
    habits: Habits,
    /// Most definitions of a name among which the name alone may choose.
    most: usize,
}

impl Resolver<'_> {
    fn resolve(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        match self.used.receiver {
            Behind::None => self.bare(found),
            Behind::Own => self.own(found),
            Behind::Base => self.of_base(found),
            Behind::Word(word) => self.behind(word, true, found),
            Behind::Chain(word) => self.behind(word, false, found),
            Behind::Call(word) => self.behind_call(word, found),
            Behind::Other => self.unknown(found),
        }
    }

    fn node(&self, at: u32) -> &Node {
        &self.graph.nodes[at as usize]
    }

    /// Whether the use can mean this definition at all.
    fn fits(&self, at: u32) -> bool {
        use SymbolKind::*;
        let node = self.node(at);
        if self.graph.habits[node.file as usize].family != self.habits.family {
            return false;
        }
        match self.used.kind {
            ReferenceKind::Call => {
                node.kind.is_callable()
                    || node.kind.is_type()
                    || matches!(node.kind, Variant | Variable | Constant)
                    || (matches!(node.kind, Field | Property) && self.used.receiver != Behind::None)
            }
            ReferenceKind::Type | ReferenceKind::Base => {
                node.kind.is_type() || matches!(node.kind, Module | Namespace | Variable | Constant)
            }
            ReferenceKind::Use => !matches!(node.kind, Impl | Extension),
        }
    }

    /// The fitting definitions of the name in a range of files.
    fn within<'a>(&'a self, files: &Range<u32>) -> impl Iterator<Item = u32> + 'a {
        let all = self.graph.definitions.of(self.used.name);
        let first = &self.graph.first;
        let from = first[files.start as usize];
        let to = first[files.end as usize];
        let start = all.partition_point(|at| *at < from);
        let end = all.partition_point(|at| *at < to);
        all[start..end].iter().copied().filter(|at| self.fits(*at))
    }

    fn members(&self, container: Name, found: &mut Vec<u32>) {
        let key = (container, self.used.name);
        let members = self.graph.members.get(&key).map_or(&[][..], Vec::as_slice);
        found.extend(members.iter().copied().filter(|at| self.fits(*at)));
    }

    fn own_file(&self) -> Range<u32> {
        self.used.file..self.used.file + 1
    }

    fn bare(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        self.lexical(found);
        if !found.is_empty() {
            return Some(Confidence::Certain);
        }
        if self.habits.implicit_self
            && let Some(confidence) = self.of_own_type(found)
        {
            return Some(confidence);
        }
        let import = self.imported(self.used.name, found);
        if !found.is_empty() {
            return Some(Confidence::Certain);
        }
        if import == Bound::Outside {
            return None;
        }
        if self.habits.shares_folder {
            let folder = &self.graph.siblings[self.used.file as usize];
            found.extend(self.within(folder).filter(|at| self.is_loose(*at)));
            if !found.is_empty() {
                return Some(Confidence::Certain);
            }
        }
        self.by_wildcard(found);
        if !found.is_empty() {
            self.add_bodies(found);
            return Some(Confidence::Certain);
        }
        self.anywhere(import == Bound::Inside, found)
    }

    /// Whether a definition can be reached without a value of its type.
    fn is_loose(&self, at: u32) -> bool {
        !self.node(at).is_member && !self.graph.is_local(SymbolId(at))
    }

    /// Definitions of this file in the scopes around the use.
    fn lexical(&self, found: &mut Vec<u32>) {
        let mut around: Vec<Option<u32>> = vec![None];
        let mut at = self.used.within;
        while let Some(symbol) = at {
            around.push(Some(symbol));
            at = self.node(symbol).parent;
        }
        let may_be_member = self.habits.implicit_self;
        let visible = |at: &u32| {
            let node = self.node(*at);
            (may_be_member || !node.is_member)
                && (node.parent.is_none() && !node.is_member
                    || around.contains(&node.parent) && node.parent.is_some())
        };
        found.extend(self.within(&self.own_file()).filter(visible));
        // The innermost scope hides the others.
        let depth = |at: &u32| {
            let mut depth = 0;
            let mut above = self.node(*at).parent;
            while let Some(parent) = above {
                depth += 1;
                above = self.node(parent).parent;
            }
            depth
        };
        if let Some(deepest) = found.iter().map(depth).max() {
            found.retain(|at| depth(at) == deepest);
        }
    }

    /// What the imports that name `word` mean; fills in those that define the used name.
    fn imported(&self, word: Name, found: &mut Vec<u32>) -> Bound {
        let scope = &self.graph.scopes[self.used.file as usize];
        let start = scope.bound.partition_point(|(name, _)| *name < word);
        let imports = scope.bound[start..]
            .iter()
            .take_while(|(name, _)| *name == word);
        let mut bound = Bound::Not;
        for (_, import) in imports {
            let targets = &scope.targets[*import as usize];
            bound = bound.max(if targets.is_empty() {
                Bound::Outside
            } else {
                Bound::Inside
            });
            self.add_targets(targets, found);
        }
        bound
    }

    fn add_targets(&self, targets: &[Target], found: &mut Vec<u32>) {
        for target in targets {
            let before = found.len();
            found.extend(self.within(&target.files).filter(|at| self.is_loose(*at)));
            if target.is_folder {
                if found[before..].iter().any(|at| !self.node(*at).is_test) {
                    let mut idx = 0;
                    found.retain(|at| {
                        idx += 1;
                        idx <= before || !self.node(*at).is_test
                    });
                }
                self.keep_outermost(found, before);
            }
        }
    }

    /// Of what a folder defines, what stands nearest to its top.
    fn keep_outermost(&self, found: &mut Vec<u32>, from: usize) {
        let depth = |at: u32| {
            let file = self.node(at).file as usize;
            self.graph.sources[file].path.matches('/').count()
        };
        if let Some(least) = found[from..].iter().map(|at| depth(*at)).min() {
            let mut idx = from;
            while idx < found.len() {
                if depth(found[idx]) == least {
                    idx += 1;
                } else {
                    found.swap_remove(idx);
                }
            }
        }
    }

    fn by_wildcard(&self, found: &mut Vec<u32>) {
        let scope = &self.graph.scopes[self.used.file as usize];
        for import in &scope.wildcards {
            self.add_targets(&scope.targets[*import as usize], found);
        }
    }

    /// Where only declarations were found, adds the definitions that they declare.
    fn add_bodies(&self, found: &mut Vec<u32>) {
        if self.habits.family != "c" || found.iter().any(|at| self.node(*at).has_body) {
            return;
        }
        let qualified: Vec<Name> = found.iter().map(|at| self.node(*at).qualified).collect();
        let all = self.graph.definitions.of(self.used.name).iter().copied();
        found.extend(all.filter(|at| {
            let node = self.node(*at);
            node.has_body && qualified.contains(&node.qualified) && self.fits(*at)
        }));
    }

    /// Members of the type around the use, or of what it is based on.
    fn of_own_type(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        let own = self.own_type()?;
        self.members(own, found);
        let here = |at: &u32| self.node(*at).file == self.used.file;
        if found.iter().any(here) {
            found.retain(here);
            return Some(Confidence::Certain);
        }
        if !found.is_empty() {
            return Some(Confidence::Certain);
        }
        self.inherited(own, found)
    }

    fn own_type(&self) -> Option<Name> {
        let mut at = self.used.within;
        while let Some(symbol) = at {
            let node = self.node(symbol);
            if node.is_member && node.container.is_some() {
                return node.container;
            }
            if node.kind.has_methods() {
                return Some(node.name);
            }
            at = node.parent;
        }
        None
    }

    /// Members of the base classes of `container`, nearest first.
    fn inherited(&self, container: Name, found: &mut Vec<u32>) -> Option<Confidence> {
        let mut open = vec![container];
        let mut seen = vec![container];
        let mut idx = 0;
        while idx < open.len() && seen.len() <= MOST_BASES {
            let before = found.len();
            for base in self.bases(open[idx]) {
                if !seen.contains(&base) {
                    seen.push(base);
                    open.push(base);
                    self.members(base, found);
                }
            }
            if found.len() > before {
                return Some(self.nearest(found));
            }
            idx += 1;
        }
        None
    }

    /// The names that types called `container` are based on.
    fn bases(&self, container: Name) -> Vec<Name> {
        let mut bases = Vec::new();
        for at in self.graph.definitions.of(container).iter().take(8) {
            let node = self.node(*at);
            if !node.kind.has_methods() && node.kind != SymbolKind::Module {
                continue;
            }
            let file = node.file as usize;
            let uses = self.graph.first_use[file] as usize..self.graph.first_use[file + 1] as usize;
            let symbol =
                &self.graph.sources[file].syntax.symbols[(*at - self.graph.first[file]) as usize];
            let uses = &self.graph.uses[uses];
            let start = uses.partition_point(|used| (used.at as usize) < symbol.span.start);
            bases.extend(
                uses[start..]
                    .iter()
                    .take_while(|used| (used.at as usize) < symbol.span.end)
                    .filter(|used| used.kind == ReferenceKind::Base && used.within == Some(*at))
                    .map(|used| used.name)
                    .take(MOST_BASES),
            );
        }
        bases
    }

    /// `super.name`
    fn of_base(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        let own = self.own_type()?;
        self.inherited(own, found)
    }

    fn own(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        if let Some(confidence) = self.of_own_type(found) {
            return Some(confidence);
        }
        self.all_members(found);
        if self.graph.n_distinct(found) == 1 && self.is_telling() {
            return Some(Confidence::Likely);
        }
        (!found.is_empty()).then_some(Confidence::ByName)
    }

    /// `word.name`, `word::name`; `is_first` when nothing stands before `word`.
    fn behind(&self, word: Name, is_first: bool, found: &mut Vec<u32>) -> Option<Confidence> {
        self.members(word, found);
        if !found.is_empty() {
            return self.of_type(word, found);
        }
        let mut bound = Bound::Not;
        if is_first {
            bound = self.imported(word, found);
            if !found.is_empty() {
                return Some(Confidence::Certain);
            }
            if bound == Bound::Outside {
                return None;
            }
        }
        if let Some(confidence) = self.inherited(word, found) {
            return Some(confidence);
        }
        if self.is_path() || self.is_telling() {
            self.in_module(word, found);
            if !found.is_empty() {
                return Some(Confidence::Likely);
            }
        }
        if let Some(confidence) = self.by_variable(word, found) {
            return Some(confidence);
        }
        if bound == Bound::Inside && (self.is_long() || self.is_telling()) {
            found.extend(self.loose());
            if !found.is_empty() {
                return Some(self.only(Confidence::Likely, found));
            }
        }
        self.unknown(found)
    }

    /// Members of a type that is written out: which type of that name is it?
    fn of_type(&self, word: Name, found: &mut Vec<u32>) -> Option<Confidence> {
        let file_of = |at: &u32| self.node(*at).file;
        let own = found.iter().any(|at| file_of(at) == self.used.file);
        if own {
            found.retain(|at| file_of(at) == self.used.file);
            return Some(Confidence::Certain);
        }
        let scope = &self.graph.scopes[self.used.file as usize];
        let start = scope.bound.partition_point(|(name, _)| *name < word);
        let imports = scope.bound[start..]
            .iter()
            .take_while(|(name, _)| *name == word);
        let targets: Vec<&Target> = imports
            .clone()
            .flat_map(|(_, import)| &scope.targets[*import as usize])
            .collect();
        if imports.clone().next().is_some() && targets.is_empty() {
            found.clear();
            return None;
        }
        let is_imported = |at: &u32| {
            targets
                .iter()
                .any(|target| target.files.contains(&file_of(at)))
        };
        if found.iter().any(is_imported) {
            found.retain(is_imported);
            return Some(Confidence::Certain);
        }
        let folder = &self.graph.siblings[self.used.file as usize];
        if self.habits.shares_folder && found.iter().any(|at| folder.contains(&file_of(at))) {
            found.retain(|at| folder.contains(&file_of(at)));
            return Some(Confidence::Certain);
        }
        Some(self.nearest(found))
    }

    /// Of types that share a name, keeps those near the use: in its file, in what it imports, in
    /// its folder.
    fn nearest(&self, found: &mut Vec<u32>) -> Confidence {
        let file = self.used.file;
        let scope = &self.graph.scopes[file as usize];
        let folder = &self.graph.siblings[file as usize];
        let file_of = |at: &u32| self.node(*at).file;
        let is_imported = |at: &u32| {
            let mut targets = scope.targets.iter().flatten();
            targets.any(|target| !target.is_folder && target.files.contains(&file_of(at)))
        };
        let is_here = |at: &u32| file_of(at) == file;
        let is_beside = |at: &u32| folder.contains(&file_of(at));
        if self.graph.n_distinct(found) > 1 {
            if found.iter().any(is_here) {
                found.retain(is_here);
            } else if found.iter().any(is_imported) {
                found.retain(is_imported);
            } else if found.iter().any(is_beside) {
                found.retain(is_beside);
            }
        }
        self.only(self.unless_ambiguous(found), found)
    }

    /// `Likely`, unless other types share the name of the one whose member was found.
    fn unless_ambiguous(&self, found: &[u32]) -> Confidence {
        let folder = &self.graph.siblings[self.used.file as usize];
        let Some(container) = found.first().and_then(|at| self.node(*at).container) else {
            return Confidence::Likely;
        };
        let types: Vec<u32> = self
            .graph
            .definitions
            .of(container)
            .iter()
            .copied()
            .filter(|at| {
                let node = self.node(*at);
                node.kind.is_type()
                    && self.graph.habits[node.file as usize].family == self.habits.family
            })
            .take(40)
            .collect();
        let is_near = found.iter().any(|at| folder.contains(&self.node(*at).file));
        if types.len() <= 1 || is_near || self.graph.n_distinct(&types) <= 2 {
            Confidence::Likely
        } else {
            Confidence::ByName
        }
    }

    /// Definitions in files or folders called `word`.
    fn in_module(&self, word: Name, found: &mut Vec<u32>) {
        let word = self.graph.names.text(word);
        found.extend(self.loose().filter(|at| {
            let path = &self.graph.sources[self.node(*at).file as usize].path;
            let mut parts = path.rsplit('/');
            let stem = parts.next().and_then(|name| name.split('.').next());
            stem == Some(word) || parts.next() == Some(word)
        }));
        if self.graph.n_distinct(found) > 1 {
            found.clear();
        }
    }

    fn loose(&self) -> impl Iterator<Item = u32> + '_ {
        let all = self.graph.definitions.of(self.used.name);
        all.iter()
            .copied()
            .take(MOST_TARGETS)
            .filter(|at| self.fits(*at) && self.is_loose(*at))
    }

    /// Members of the types written beside the variable `word`, or of a type called like it.
    fn by_variable(&self, word: Name, found: &mut Vec<u32>) -> Option<Confidence> {
        let scope = &self.graph.scopes[self.used.file as usize];
        let start = scope.beside.partition_point(|pair| pair.word < word);
        let pairs: Vec<_> = scope.beside[start..]
            .iter()
            .take_while(|pair| pair.word == word)
            .collect();
        let around = self.function_span();
        let is_near =
            |at: u32| at < self.used.at && around.as_ref().is_some_and(|span| span.contains(&at));
        let near = pairs.iter().rev().filter(|pair| is_near(pair.at));
        let far = pairs.iter().filter(|pair| !is_near(pair.at));
        for pair in near.chain(far) {
            self.members(pair.type_name, found);
            if !found.is_empty() {
                return Some(self.nearest(found));
            }
            if let Some(confidence) = self.inherited(pair.type_name, found) {
                return Some(confidence);
            }
        }
        let text = self.graph.names.text(word);
        if text.len() < 3 {
            return None;
        }
        let plain = plain(text);
        let all = self.graph.definitions.of(self.used.name).iter().copied();
        found.extend(all.take(MOST_TARGETS).filter(|at| {
            let container = self.node(*at).container;
            self.fits(*at)
                && container.is_some_and(|name| self::plain(self.graph.names.text(name)) == plain)
        }));
        if found.is_empty() {
            return None;
        }
        Some(self.only(Confidence::Likely, found))
    }

    /// Bytes of the outermost function around the use.
    fn function_span(&self) -> Option<Range<u32>> {
        let mut at = self.used.within;
        let mut function = None;
        while let Some(symbol) = at {
            let node = self.node(symbol);
            if node.kind.is_callable() {
                function = Some(symbol);
            }
            at = node.parent;
        }
        let symbol = function?;
        let file = self.used.file as usize;
        let local = (symbol - self.graph.first[file]) as usize;
        let span = &self.graph.sources[file].syntax.symbols[local].span;
        Some(span.start as u32..span.end as u32)
    }

    /// `word(...).name`: members of the type `word`, or of the type in its signature.
    fn behind_call(&self, word: Name, found: &mut Vec<u32>) -> Option<Confidence> {
        self.members(word, found);
        if !found.is_empty() {
            return self.of_type(word, found);
        }
        let functions = self.graph.definitions.of(word);
        if functions.len() == 1 {
            let node = self.node(functions[0]);
            let file = node.file as usize;
            let symbol = &self.graph.sources[file].syntax.symbols
                [(functions[0] - self.graph.first[file]) as usize];
            let signature = &self.graph.sources[file].text[symbol.signature.clone()];
            let words = signature.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            for word in words.rev().filter_map(|word| self.graph.names.get(word)) {
                self.members(word, found);
                if !found.is_empty() {
                    return Some(Confidence::Likely);
                }
            }
        }
        self.unknown(found)
    }

    fn is_too_common(&self) -> bool {
        self.graph.definitions.of(self.used.name).len() > 4 * self.most
    }

    /// A member of something unknown.
    fn unknown(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        if self.is_too_common() {
            return None;
        }
        self.all_members(found);
        if found.is_empty() {
            return None;
        }
        let scope = &self.graph.scopes[self.used.file as usize];
        let folder = &self.graph.siblings[self.used.file as usize];
        let is_known = |at: &u32| {
            let node = self.node(*at);
            let container = node.container;
            folder.contains(&node.file)
                || container.is_some_and(|name| scope.mentioned.binary_search(&name).is_ok())
        };
        if self.graph.n_distinct(found) == 1 {
            let sure = self.is_telling() || (found.iter().any(is_known) && self.is_long());
            return Some(if sure {
                Confidence::Likely
            } else {
                Confidence::ByName
            });
        }
        let known: Vec<u32> = found.iter().copied().filter(is_known).collect();
        if !known.is_empty() && self.is_telling() && self.graph.n_distinct(&known) == 1 {
            *found = known;
            return Some(Confidence::Likely);
        }
        Some(Confidence::ByName)
    }

    fn all_members(&self, found: &mut Vec<u32>) {
        let all = self.graph.definitions.of(self.used.name).iter().copied();
        found.extend(
            all.clone()
                .take(MOST_TARGETS)
                .filter(|at| self.node(*at).is_member && self.fits(*at)),
        );
        let may_be_loose = matches!(self.used.receiver, Behind::Word(_) | Behind::Chain(_));
        if found.is_empty() && may_be_loose {
            found.extend(all.take(MOST_TARGETS).filter(|at| self.fits(*at)));
        }
    }

    /// A bare name that neither scope nor imports explain.
    fn anywhere(&self, is_bound: bool, found: &mut Vec<u32>) -> Option<Confidence> {
        if self.is_too_common() {
            return None;
        }
        found.extend(self.loose());
        if found.is_empty() && self.habits.implicit_self {
            self.all_members(found);
            if found.is_empty() {
                return None;
            }
            let sure = self.graph.n_distinct(found) == 1 && self.is_telling();
            return Some(if sure {
                Confidence::Likely
            } else {
                Confidence::ByName
            });
        }
        if found.is_empty() {
            return None;
        }
        let is_macro = found
            .iter()
            .all(|at| self.node(*at).kind == SymbolKind::Macro);
        let sure = is_bound || is_macro || !self.habits.explicit_imports;
        Some(if sure {
            self.only(Confidence::Likely, found)
        } else {
            Confidence::ByName
        })
    }

    /// `confidence`, if there is one definition only.
    fn only(&self, confidence: Confidence, found: &[u32]) -> Confidence {
        if self.graph.n_distinct(found) == 1 {
            confidence
        } else {
            Confidence::ByName
        }
    }

    /// Whether the name stands behind a module or type: `::` or `\\`.
    fn is_path(&self) -> bool {
        let source = &self.graph.sources[self.used.file as usize];
        let before = &source.text.as_bytes()[..self.used.at as usize];
        matches!(before.last(), Some(b':' | b'\\'))
    }

    /// Whether the name is too particular for anything outside to have it too.
    fn is_telling(&self) -> bool {
        let name = self.graph.names.text(self.used.name).trim_matches('_');
        let humps = name
            .as_bytes()
            .windows(2)
            .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .count();
        let parts = 1 + humps + name.matches('_').count();
        parts >= 3 || (parts == 2 && name.len() >= 9)
    }

    fn is_long(&self) -> bool {
        self.graph.names.text(self.used.name).len() >= 7
    }
}

/// What the imports say of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    /// No import names it.
    Not,
    /// It comes from outside the workspace.
    Outside,
    /// It comes from the workspace.
    Inside,
}

/// A name without case and underscores.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}
