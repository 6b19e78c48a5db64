//! Members of types: of the type around a use, of one that is written out, of the one written
//! beside a variable, and of what these are based on.

use super::modules::Target;
use super::names::Name;
use super::resolve::{Confidence, MOST_TARGETS, Resolver};
use std::ops::Range;

/// Most base classes followed upwards.
const MOST_BASES: usize = 6;

impl Resolver<'_> {
    /// Members of the type around the use, or of what it is based on.
    pub(super) fn of_own_type(&self, found: &mut Vec<u32>) -> Option<Confidence> {
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

    pub(super) fn own_type(&self) -> Option<Name> {
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
    pub(super) fn inherited(&self, container: Name, found: &mut Vec<u32>) -> Option<Confidence> {
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
    pub(super) fn bases(&self, container: Name) -> Vec<Name> {
        let types = self.graph.definitions.of(container).iter().take(8);
        let bases = types.filter_map(|at| self.graph.bases.get(at));
        bases
            .flat_map(|bases| bases.iter().copied().take(MOST_BASES))
            .collect()
    }

    /// `super.name`
    pub(super) fn of_base(&self, found: &mut Vec<u32>) -> Option<Confidence> {
        let own = self.own_type()?;
        self.inherited(own, found)
    }

    /// Members of a type that is written out: which type of that name is it?
    pub(super) fn of_type(&self, word: Name, found: &mut Vec<u32>) -> Option<Confidence> {
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
    pub(super) fn nearest(&self, found: &mut Vec<u32>) -> Confidence {
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
    pub(super) fn unless_ambiguous(&self, found: &[u32]) -> Confidence {
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

    /// Members of the types written beside the variable `word`, or of a type called like it.
    pub(super) fn by_variable(&self, word: Name, found: &mut Vec<u32>) -> Option<Confidence> {
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
    pub(super) fn function_span(&self) -> Option<Range<u32>> {
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
    pub(super) fn behind_call(&self, word: Name, found: &mut Vec<u32>) -> Option<Confidence> {
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
}

/// A name without case and underscores.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}
