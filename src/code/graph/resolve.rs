//! What a used name means: the definitions it may refer to, and how sure that is.
//!
//! From the surest evidence to the weakest: the scope around the use, imports that name what is
//! used, the type or module it is written behind, the type written beside the variable it is
//! written behind, the base classes, and last the name alone. Nothing infers types.

use super::build::{Behind, Graph, Node, SymbolId, Use};
use super::habits::Habits;
use super::names::Name;
use super::relations::VAGUE;
use super::scopes::Bound;
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

/// Most definitions that one use is said to mean.
pub(super) const MOST_TARGETS: usize = 400;

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

pub(super) struct Resolver<'a> {
    pub(super) graph: &'a Graph,
    pub(super) used: &'a Use,
    pub(super) habits: Habits,
    /// Most definitions of a name among which the name alone may choose.
    most: usize,
}

impl Resolver<'_> {
    pub(super) fn resolve(&self, found: &mut Vec<u32>) -> Option<Confidence> {
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

    pub(super) fn node(&self, at: u32) -> &Node {
        &self.graph.nodes[at as usize]
    }

    /// Whether the use can mean this definition at all.
    pub(super) fn fits(&self, at: u32) -> bool {
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
    pub(super) fn within<'a>(&'a self, files: &Range<u32>) -> impl Iterator<Item = u32> + 'a {
        let all = self.graph.definitions.of(self.used.name);
        let first = &self.graph.first;
        let from = first[files.start as usize];
        let to = first[files.end as usize];
        let start = all.partition_point(|at| *at < from);
        let end = all.partition_point(|at| *at < to);
        all[start..end].iter().copied().filter(|at| self.fits(*at))
    }

    pub(super) fn members(&self, container: Name, found: &mut Vec<u32>) {
        let key = (container, self.used.name);
        let members = self.graph.members.get(&key).map_or(&[][..], Vec::as_slice);
        found.extend(members.iter().copied().filter(|at| self.fits(*at)));
    }

    pub(super) fn own_file(&self) -> Range<u32> {
        self.used.file..self.used.file + 1
    }

    pub(super) fn bare(&self, found: &mut Vec<u32>) -> Option<Confidence> {
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
    pub(super) fn is_loose(&self, at: u32) -> bool {
        !self.node(at).is_member && !self.graph.is_local(SymbolId(at))
    }

    pub(super) fn own(&self, found: &mut Vec<u32>) -> Option<Confidence> {
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
    pub(super) fn behind(
        &self,
        word: Name,
        is_first: bool,
        found: &mut Vec<u32>,
    ) -> Option<Confidence> {
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

    pub(super) fn loose(&self) -> impl Iterator<Item = u32> + '_ {
        let all = self.graph.definitions.of(self.used.name);
        all.iter()
            .copied()
            .take(MOST_TARGETS)
            .filter(|at| self.fits(*at) && self.is_loose(*at))
    }

    pub(super) fn is_too_common(&self) -> bool {
        self.graph.definitions.of(self.used.name).len() > 4 * self.most
    }

    /// A member of something unknown.
    pub(super) fn unknown(&self, found: &mut Vec<u32>) -> Option<Confidence> {
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

    pub(super) fn all_members(&self, found: &mut Vec<u32>) {
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
    pub(super) fn anywhere(&self, is_bound: bool, found: &mut Vec<u32>) -> Option<Confidence> {
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
    pub(super) fn only(&self, confidence: Confidence, found: &[u32]) -> Confidence {
        if self.graph.n_distinct(found) == 1 {
            confidence
        } else {
            Confidence::ByName
        }
    }

    /// Whether the name stands behind a module or type: `::` or `\\`.
    pub(super) fn is_path(&self) -> bool {
        let source = &self.graph.sources[self.used.file as usize];
        let before = &source.text.as_bytes()[..self.used.at as usize];
        matches!(before.last(), Some(b':' | b'\\'))
    }

    /// Whether the name is too particular for anything outside to have it too.
    pub(super) fn is_telling(&self) -> bool {
        let name = self.graph.names.text(self.used.name).trim_matches('_');
        let humps = name
            .as_bytes()
            .windows(2)
            .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .count();
        let parts = 1 + humps + name.matches('_').count();
        parts >= 3 || (parts == 2 && name.len() >= 9)
    }

    pub(super) fn is_long(&self) -> bool {
        self.graph.names.text(self.used.name).len() >= 7
    }
}
