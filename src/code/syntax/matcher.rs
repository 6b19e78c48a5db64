//! Matches the patterns of a [`Query`](super::query::Query) against one node of a tree.
//!
//! A pattern is tried only at nodes of its root kind, and every way its children can match
//! is reported, as tree-sitter's own queries do.

use super::query::{CaptureId, NodePattern, NodeTest, Pattern};
use std::rc::Rc;
use tree_sitter::{Node, TreeCursor};

/// Most captures that one match can hold; more are refused when the language is loaded.
pub const MAX_CAPTURES: usize = 8;

/// The captured nodes of one match.
#[derive(Clone, Copy, Debug)]
pub struct Captures<'tree> {
    nodes: [Option<(CaptureId, Node<'tree>)>; MAX_CAPTURES],
    len: usize,
}

impl<'tree> Captures<'tree> {
    const NONE: Captures<'static> = Captures { nodes: [None; MAX_CAPTURES], len: 0 };

    /// The captures in the order in which the pattern names them.
    pub fn iter(&self) -> impl Iterator<Item = (CaptureId, Node<'tree>)> + '_ {
        self.nodes[..self.len].iter().flatten().copied()
    }

    fn with(mut self, ids: &[CaptureId], node: Node<'tree>) -> Captures<'tree> {
        for id in ids {
            if let Some(slot) = self.nodes.get_mut(self.len) {
                *slot = Some((*id, node));
                self.len += 1;
            }
        }
        self
    }
}

/// Matches patterns; keeps the cursor that it walks children with, and the children of the last
/// few nodes, which one pattern after the other asks for.
pub struct Matcher<'tree, 'text> {
    text: &'text [u8],
    cursor: TreeCursor<'tree>,
    known: [Option<(usize, Rc<[Child<'tree>]>)>; KNOWN],
}

const KNOWN: usize = 16;

type Child<'tree> = (Node<'tree>, u16);

impl<'tree, 'text> Matcher<'tree, 'text> {
    /// A matcher for trees parsed from `text`; `cursor` may stand anywhere in the tree.
    pub fn new(text: &'text [u8], cursor: TreeCursor<'tree>) -> Self {
        Matcher { text, cursor, known: Default::default() }
    }

    /// Appends every match of `pattern` whose root is `node`.
    pub fn matches(&mut self, pattern: &Pattern, node: Node<'tree>, out: &mut Vec<Captures<'tree>>) {
        let first = out.len();
        self.node(&pattern.root, node, Captures::NONE, out);
        if pattern.predicates.is_empty() {
            return;
        }
        let mut idx = first;
        while idx < out.len() {
            if self.holds(pattern, &out[idx]) {
                idx += 1;
            } else {
                out.remove(idx);
            }
        }
    }

    fn holds(&self, pattern: &Pattern, captures: &Captures) -> bool {
        pattern.predicates.iter().all(|predicate| {
            captures.iter().filter(|(id, _)| *id == predicate.capture).all(|(_, node)| {
                let text = &self.text[node.byte_range()];
                predicate.values.iter().any(|value| value.as_bytes() == text) != predicate.negated
            })
        })
    }

    fn node(
        &mut self,
        pattern: &NodePattern,
        node: Node<'tree>,
        captures: Captures<'tree>,
        out: &mut Vec<Captures<'tree>>,
    ) {
        let accepted = match &pattern.test {
            NodeTest::Any => true,
            NodeTest::AnyNamed => node.is_named(),
            NodeTest::Kind(kind) => *kind == node.kind_id(),
            NodeTest::OneOf(arms) => {
                let captures = captures.with(&pattern.captures, node);
                let before = out.len();
                for arm in arms {
                    self.node(arm, node, captures, out);
                    if out.len() > before {
                        return;
                    }
                }
                return;
            }
        };
        if !accepted {
            return;
        }
        let captures = captures.with(&pattern.captures, node);
        if pattern.children.is_empty() && pattern.absent.is_empty() {
            out.push(captures);
            return;
        }
        let children = self.children(node);
        if children.iter().any(|(_, field)| pattern.absent.contains(field)) {
            return;
        }
        self.sequence(&pattern.children, &children, 0, captures, out);
    }

    /// Matches `patterns` in order against `children[from..]`.
    fn sequence(
        &mut self,
        patterns: &[NodePattern],
        children: &[Child<'tree>],
        from: usize,
        captures: Captures<'tree>,
        out: &mut Vec<Captures<'tree>>,
    ) {
        let Some((pattern, rest)) = patterns.split_first() else {
            out.push(captures);
            return;
        };
        let before = out.len();
        let mut matched = Vec::new();
        for (idx, (child, field)) in children.iter().enumerate().skip(from) {
            let fits = pattern.field.is_none_or(|wanted| wanted == *field);
            if fits && !(pattern.anchored_last && named_after(children, idx)) {
                self.node(pattern, *child, captures, &mut matched);
                for captures in matched.drain(..) {
                    self.sequence(rest, children, idx + 1, captures, out);
                }
            }
            if pattern.anchored && child.is_named() && !child.is_extra() {
                break;
            }
        }
        if pattern.optional && out.len() == before {
            self.sequence(rest, children, from, captures, out);
        }
    }

    fn children(&mut self, node: Node<'tree>) -> Rc<[Child<'tree>]> {
        let slot = (node.id() >> 3) % KNOWN;
        if let Some((id, children)) = &self.known[slot]
            && *id == node.id()
        {
            return Rc::clone(children);
        }
        let children = Rc::from(self.read_children(node));
        self.known[slot] = Some((node.id(), Rc::clone(&children)));
        children
    }

    fn read_children(&mut self, node: Node<'tree>) -> Vec<Child<'tree>> {
        self.cursor.reset(node);
        let mut children = Vec::with_capacity(8);
        if self.cursor.goto_first_child() {
            loop {
                let field = self.cursor.field_id().map_or(0, |id| id.get());
                children.push((self.cursor.node(), field));
                if !self.cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        children
    }
}

fn named_after(children: &[Child], idx: usize) -> bool {
    children[idx + 1..].iter().any(|(child, _)| child.is_named() && !child.is_extra())
}
