//! Matches the patterns of a [`Query`](super::query::Query) against one node of a tree.
//!
//! A pattern is tried only at nodes of its root kind, and every way its children can match
//! is reported, as tree-sitter's own queries do.

use super::query::{CaptureId, NodePattern, NodeTest, Pattern, Predicate, PredicateTest};
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
    const NONE: Captures<'static> = Captures {
        nodes: [None; MAX_CAPTURES],
        len: 0,
    };

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
        Matcher {
            text,
            cursor,
            known: Default::default(),
        }
    }

    /// Appends every match of `pattern` whose root is `node`, a child of a `parent` node.
    pub fn matches(
        &mut self,
        pattern: &Pattern,
        node: Node<'tree>,
        parent: u16,
        out: &mut Vec<Captures<'tree>>,
    ) {
        let stands_right = |predicate: &Predicate| match &predicate.test {
            PredicateTest::Parent(kinds) => kinds.contains(&parent) != predicate.negated,
            _ => true,
        };
        if !pattern.predicates.iter().all(stands_right) {
            return;
        }
        self.node(
            &pattern.root,
            node,
            &pattern.predicates,
            Captures::NONE,
            out,
        );
    }

    /// Whether `node`, captured by `captures`, passes the predicates about them. They are asked
    /// as soon as a node is captured: a mapping of ten thousand keys has few keys of one name,
    /// but a hundred million pairs of keys.
    fn holds(&self, predicates: &[Predicate], captures: &[CaptureId], node: Node) -> bool {
        let about = |predicate: &&Predicate| captures.contains(&predicate.capture);
        predicates.iter().filter(about).all(|predicate| {
            let text = &self.text[node.byte_range()];
            let holds = match &predicate.test {
                PredicateTest::Text(values) => values.iter().any(|value| value.as_bytes() == text),
                PredicateTest::Prefix(prefix) => text.starts_with(prefix.as_bytes()),
                PredicateTest::Parent(_) => return true,
            };
            holds != predicate.negated
        })
    }

    fn node(
        &mut self,
        pattern: &NodePattern,
        node: Node<'tree>,
        predicates: &[Predicate],
        captures: Captures<'tree>,
        out: &mut Vec<Captures<'tree>>,
    ) {
        if !self.holds(predicates, &pattern.captures, node) {
            return;
        }
        let accepted = match &pattern.test {
            NodeTest::Any => true,
            NodeTest::AnyNamed => node.is_named(),
            NodeTest::Kind(kind) => *kind == node.kind_id(),
            NodeTest::OneOf(arms) => {
                let captures = captures.with(&pattern.captures, node);
                let before = out.len();
                for arm in arms {
                    self.node(arm, node, predicates, captures, out);
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
        if children
            .iter()
            .any(|(_, field)| pattern.absent.contains(field))
        {
            return;
        }
        self.sequence(&pattern.children, &children, predicates, captures, out);
    }

    /// Matches `patterns` in order against `children`.
    fn sequence(
        &mut self,
        patterns: &[NodePattern],
        children: &[Child<'tree>],
        predicates: &[Predicate],
        captures: Captures<'tree>,
        out: &mut Vec<Captures<'tree>>,
    ) {
        let Some((pattern, rest)) = patterns.split_first() else {
            out.push(captures);
            return;
        };
        let before = out.len();
        let mut matched = Vec::new();
        for (idx, (child, field)) in children.iter().enumerate() {
            let fits = pattern.field.is_none_or(|wanted| wanted == *field);
            if fits && !(pattern.anchored_last && named_after(children, idx)) {
                self.node(pattern, *child, predicates, captures, &mut matched);
                for captures in matched.drain(..) {
                    self.sequence(rest, &children[idx + 1..], predicates, captures, out);
                }
            }
            if pattern.anchored && child.is_named() && !child.is_extra() {
                break;
            }
        }
        if pattern.optional && out.len() == before {
            self.sequence(rest, children, predicates, captures, out);
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
    children[idx + 1..]
        .iter()
        .any(|(child, _)| child.is_named() && !child.is_extra())
}
