//! Where a bare name, or a module in front of one, may come from: the scopes around the use, and
//! what the file imports.

use super::modules::Target;
use super::names::Name;
use super::resolve::Resolver;

impl Resolver<'_> {
    /// Definitions of this file in the scopes around the use.
    pub(super) fn lexical(&self, found: &mut Vec<u32>) {
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
    pub(super) fn imported(&self, word: Name, found: &mut Vec<u32>) -> Bound {
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

    pub(super) fn add_targets(&self, targets: &[Target], found: &mut Vec<u32>) {
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
    pub(super) fn keep_outermost(&self, found: &mut Vec<u32>, from: usize) {
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

    pub(super) fn by_wildcard(&self, found: &mut Vec<u32>) {
        let scope = &self.graph.scopes[self.used.file as usize];
        for import in &scope.wildcards {
            self.add_targets(&scope.targets[*import as usize], found);
        }
    }

    /// Where only declarations were found, adds the definitions that they declare.
    pub(super) fn add_bodies(&self, found: &mut Vec<u32>) {
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

    /// Definitions in files or folders called `word`.
    pub(super) fn in_module(&self, word: Name, found: &mut Vec<u32>) {
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
}

/// What the imports say of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bound {
    /// No import names it.
    Not,
    /// It comes from outside the workspace.
    Outside,
    /// It comes from the workspace.
    Inside,
}
