//! Matches the patterns of a [`Query`](super::query::Query) against one node of a tree.
//!
//! A pattern is tried only at nodes of its root kind, and every way its children can match
//! is reported, as tree-sitter's own queries do. Most tries fail, so a try allocates nothing and
//! copies no captures before it has succeeded.

use super::query::{CaptureId, NodePattern, NodeTest, Pattern, Predicate, PredicateTest};
use std::cell::Cell;
use std::ops::Range;
use tree_sitter::{Node, TreeCursor};

/// A node of a match, with the name that the pattern gives it.
pub type Capture<'tree> = (CaptureId, Node<'tree>);

/// The matches of a pattern at a node. Kept and filled again, for the sake of its buffers.
#[derive(Debug, Default)]
pub struct Matches<'tree> {
    captures: Vec<Capture<'tree>>,
    ends: Vec<usize>,
}

impl<'tree> Matches<'tree> {
    /// Forgets all matches.
    pub fn clear(&mut self) {
        self.captures.clear();
        self.ends.clear();
    }

    /// The captures of each match, in the order in which the pattern names them.
    pub fn iter(&self) -> impl Iterator<Item = &[Capture<'tree>]> + '_ {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.captures[*start..*end])
    }

    fn add(&mut self, captures: &[Capture<'tree>]) {
        self.captures.extend_from_slice(captures);
        self.ends.push(self.captures.len());
    }
}

/// Matches patterns; keeps the cursor that it walks children with, and the children of the last
/// few nodes, which one pattern after the other asks for.
pub struct Matcher<'tree, 'text> {
    text: &'text [u8],
    cursor: TreeCursor<'tree>,
    /// What the match that is being tried has captured so far.
    captures: Vec<Capture<'tree>>,
    children: Vec<Child<'tree>>,
    /// Ids of nodes and where in `children` theirs are.
    known: [(usize, u32, u32); KNOWN],
}

const KNOWN: usize = 16;
/// The children of earlier nodes are forgotten when they are more than these.
const MOST_CHILDREN: usize = 1024;

#[derive(Clone, Copy)]
struct Child<'tree> {
    node: Node<'tree>,
    kind: u16,
    field: u16,
}

/// What is left to match once a node has matched.
#[derive(Clone, Copy)]
enum Then<'p> {
    /// Nothing: the match is complete.
    Done,
    /// The patterns after it, among the children after it.
    Siblings {
        patterns: &'p [NodePattern],
        children: (usize, usize),
        then: &'p Then<'p>,
    },
    /// To tell that one of several ways was found, and to go on.
    Found {
        found: &'p Cell<bool>,
        then: &'p Then<'p>,
    },
}

impl<'tree, 'text> Matcher<'tree, 'text> {
    /// A matcher for trees parsed from `text`; `cursor` may stand anywhere in the tree.
    pub fn new(text: &'text [u8], cursor: TreeCursor<'tree>) -> Self {
        Matcher {
            text,
            cursor,
            captures: Vec::with_capacity(8),
            children: Vec::new(),
            known: [(0, 0, 0); KNOWN],
        }
    }

    /// Adds every match of `pattern` whose root is `node`, of `kind`, a child of a `parent` node.
    pub fn matches(
        &mut self,
        pattern: &Pattern,
        node: Node<'tree>,
        kind: u16,
        parent: u16,
        out: &mut Matches<'tree>,
    ) {
        let stands_right = |predicate: &Predicate| match &predicate.test {
            PredicateTest::Parent(kinds) => kinds.contains(&parent) != predicate.negated,
            _ => true,
        };
        if !pattern.predicates.iter().all(stands_right) {
            return;
        }
        if self.children.len() > MOST_CHILDREN {
            self.children.clear();
            self.known = [(0, 0, 0); KNOWN];
        }
        let field = 0;
        let root = Child { node, kind, field };
        let mut matching = Matching {
            matcher: self,
            predicates: &pattern.predicates,
            out,
        };
        matching.node(&pattern.root, root, &Then::Done);
    }

    /// Where in `self.children` the children of `node` are.
    fn children(&mut self, node: Node<'tree>) -> (usize, usize) {
        let slot = (node.id() >> 3) % KNOWN;
        let (id, start, end) = self.known[slot];
        if id == node.id() {
            return (start as usize, end as usize);
        }
        let read = self.read_children(node);
        self.known[slot] = (node.id(), read.start as u32, read.end as u32);
        (read.start, read.end)
    }

    fn read_children(&mut self, node: Node<'tree>) -> Range<usize> {
        let start = self.children.len();
        self.cursor.reset(node);
        if self.cursor.goto_first_child() {
            loop {
                let node = self.cursor.node();
                self.children.push(Child {
                    node,
                    kind: node.kind_id(),
                    field: self.cursor.field_id().map_or(0, |id| id.get()),
                });
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        start..self.children.len()
    }
}

/// The matching of one pattern at one node.
struct Matching<'m, 'tree, 'text> {
    matcher: &'m mut Matcher<'tree, 'text>,
    predicates: &'m [Predicate],
    out: &'m mut Matches<'tree>,
}

impl<'tree> Matching<'_, 'tree, '_> {
    /// Matches `pattern` at `child`, and what is left after it.
    fn node(&mut self, pattern: &NodePattern, child: Child<'tree>, then: &Then) {
        let is_of_kind = match &pattern.test {
            NodeTest::Kind(kind) => *kind == child.kind,
            NodeTest::AnyNamed => child.node.is_named(),
            NodeTest::Any | NodeTest::OneOf(_) => true,
        };
        if !is_of_kind || !self.holds(&pattern.captures, child.node) {
            return;
        }
        let before = self.matcher.captures.len();
        let captured = pattern.captures.iter().map(|id| (*id, child.node));
        self.matcher.captures.extend(captured);
        match &pattern.test {
            NodeTest::OneOf(arms) => self.first_of(arms, child, then),
            _ => self.inside(pattern, child.node, then),
        }
        self.matcher.captures.truncate(before);
    }

    /// Whether `node` passes the predicates about `captures`. They are asked as soon as a node is
    /// captured: a mapping of ten thousand keys has few keys of one name, but a hundred million
    /// pairs of keys.
    fn holds(&self, captures: &[CaptureId], node: Node) -> bool {
        let about = |predicate: &&Predicate| captures.contains(&predicate.capture);
        self.predicates.iter().filter(about).all(|predicate| {
            let text = &self.matcher.text[node.byte_range()];
            let holds = match &predicate.test {
                PredicateTest::Text(values) => values.iter().any(|value| value.as_bytes() == text),
                PredicateTest::Prefix(prefix) => text.starts_with(prefix.as_bytes()),
                PredicateTest::Parent(_) => return true,
            };
            holds != predicate.negated
        })
    }

    /// The first of `arms` that matches by itself.
    fn first_of(&mut self, arms: &[NodePattern], child: Child<'tree>, then: &Then) {
        let found = &Cell::new(false);
        for arm in arms {
            self.node(arm, child, &Then::Found { found, then });
            if found.get() {
                return;
            }
        }
    }

    fn inside(&mut self, pattern: &NodePattern, node: Node<'tree>, then: &Then) {
        if pattern.children.is_empty() && pattern.absent.is_empty() {
            return self.go_on(then);
        }
        let children = self.matcher.children(node);
        let known = &self.matcher.children[children.0..children.1];
        if known.iter().any(|c| pattern.absent.contains(&c.field)) {
            return;
        }
        self.siblings(&pattern.children, children, then);
    }

    fn go_on(&mut self, then: &Then) {
        match *then {
            Then::Done => self.out.add(&self.matcher.captures),
            Then::Siblings {
                patterns,
                children,
                then,
            } => self.siblings(patterns, children, then),
            Then::Found { found, then } => {
                found.set(true);
                self.go_on(then);
            }
        }
    }

    /// Matches `patterns` in order against the children from the first index to the second.
    fn siblings(&mut self, patterns: &[NodePattern], (first, end): (usize, usize), then: &Then) {
        let Some((pattern, patterns)) = patterns.split_first() else {
            return self.go_on(then);
        };
        let found = &Cell::new(false);
        // Only who may be absent asks.
        let then = match pattern.optional {
            true => &Then::Found { found, then },
            false => then,
        };
        for idx in first..end {
            let child = self.matcher.children[idx];
            let fits = pattern.field.is_none_or(|wanted| wanted == child.field);
            if fits && !(pattern.anchored_last && self.is_named_after(idx + 1, end)) {
                let children = (idx + 1, end);
                let then = &Then::Siblings {
                    patterns,
                    children,
                    then,
                };
                self.node(pattern, child, then);
            }
            if pattern.anchored && child.node.is_named() && !child.node.is_extra() {
                break;
            }
        }
        if pattern.optional && !found.get() {
            self.siblings(patterns, (first, end), then);
        }
    }

    fn is_named_after(&self, first: usize, end: usize) -> bool {
        let named = |child: &Child| child.node.is_named() && !child.node.is_extra();
        self.matcher.children[first..end].iter().any(named)
    }
}
