//! One walk over a syntax tree: turns the matches of a language's query into symbols,
//! references and imports, and finds the doc comments, attributes and wrappers around them.

mod around;
mod names;

use super::language::{Language, Loaded, Role, VisibilityRule};
use super::matcher::{Capture, Matcher, Matches};
use super::query::PredicateTest;
use super::symbol::{Import, Lines, Reference, SymbolKind, Visibility};
use std::ops::Range;
use tree_sitter::{Node, Tree, TreeCursor};

/// A definition as the walk finds it, before it is nested and named.
pub(super) struct Definition {
    pub kind: SymbolKind,
    pub pattern: u16,
    /// Id of its node: one node can define several names (`int a, b;`).
    pub node: usize,
    pub name: Range<usize>,
    pub more_names: Vec<Range<usize>>,
    pub scope: Option<Range<usize>>,
    pub namespace: Option<Range<usize>>,
    pub span: Range<usize>,
    pub first_row: usize,
    pub last_row: usize,
    pub signature_start: usize,
    pub body: Option<Range<usize>>,
    pub doc: Option<Range<usize>>,
    pub attributes: Range<usize>,
    pub section: Option<Visibility>,
    pub exported: bool,
    pub is_test: bool,
    /// Its depth, for one that runs on to the next of its kind.
    pub heading: Option<u8>,
}

/// Everything that a walk finds.
#[derive(Default)]
pub(super) struct Found {
    pub definitions: Vec<Definition>,
    pub references: Vec<Reference>,
    pub imports: Vec<Import>,
    /// Names made public apart from their definitions.
    pub exports: Vec<Range<usize>>,
    /// Every comment.
    pub comments: Vec<Range<usize>>,
    /// Pieces of the text to be parsed again.
    pub again: Vec<tree_sitter::Range>,
}

impl Found {
    /// Adds what was found inside a piece of the same text.
    pub fn append(&mut self, mut inside: Found) {
        self.definitions.append(&mut inside.definitions);
        self.references.append(&mut inside.references);
        self.imports.append(&mut inside.imports);
        self.exports.append(&mut inside.exports);
        self.comments.append(&mut inside.comments);
    }
}

/// Walks `tree` and returns what it defines, uses and imports.
pub(super) fn walk(
    language: &'static Language,
    loaded: &Loaded,
    tree: &Tree,
    text: &str,
    with_references: bool,
) -> Found {
    let mut walk = Walk {
        language,
        loaded,
        text,
        matcher: Matcher::new(text.as_bytes(), tree.walk()),
        matches: Matches::default(),
        frames: vec![Frame::default()],
        inner: Vec::new(),
        found: Found::default(),
        with_references,
    };
    walk.run(tree);
    walk.found
}

/// What is known about the siblings before the node that is being visited.
#[derive(Default)]
struct Frame {
    kind: u16,
    /// How many definitions stand around it, and how many were known when it was entered.
    depth: usize,
    definitions: usize,
    /// The definition before, and the row on which it ends.
    last: Option<(usize, usize)>,
    comments: Option<Run>,
    attributes: Option<Range<usize>>,
    attribute_doc: Option<Range<usize>>,
    section: Option<Visibility>,
    wrapper: Option<Box<Wrapper>>,
    local: bool,
}

impl Frame {
    /// What stood before a node belongs to no other.
    fn end_lead(&mut self) {
        self.comments = None;
        self.attributes = None;
        self.attribute_doc = None;
    }
}

/// Comments on consecutive lines.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    last_row: usize,
}

/// A node around a definition, with what stood before it.
#[derive(Clone)]
struct Wrapper {
    span: Range<usize>,
    first_row: usize,
    last_row: usize,
    signature_start: usize,
    doc: Option<Range<usize>>,
    attributes: Range<usize>,
    /// The node that it belongs to, once there is one.
    owner: Option<usize>,
}

/// A definition below the node whose pattern found it, until the walk comes there.
struct Inner<'tree> {
    node: Node<'tree>,
    kind: SymbolKind,
    pattern: u16,
    captures: Vec<Capture<'tree>>,
}

/// What the patterns of a node have said of it so far.
struct Seen {
    /// The frame for its children; none to pass over them.
    inner: Option<Frame>,
    /// Whether it leads to the sibling after it.
    is_lead: bool,
    local: bool,
    imports: bool,
}

struct Walk<'a, 'tree> {
    language: &'static Language,
    loaded: &'a Loaded,
    text: &'a str,
    matcher: Matcher<'tree, 'a>,
    matches: Matches<'tree>,
    frames: Vec<Frame>,
    inner: Vec<Inner<'tree>>,
    found: Found,
    with_references: bool,
}

impl<'tree> Walk<'_, 'tree> {
    fn run(&mut self, tree: &'tree Tree) {
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            let kind = node.kind_id();
            let inner = match self.is_plain(kind, node) {
                true => self.pass(kind),
                false => self.visit(kind, node),
            };
            if let Some(inner) = inner
                && cursor.goto_first_child()
            {
                self.frames.push(inner);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                self.leave(&cursor);
            }
        }
    }

    /// Whether no pattern says anything of the node. That is so for most, and a walk that does
    /// no more than needed for those costs half as much.
    fn is_plain(&self, kind: u16, node: Node<'tree>) -> bool {
        let waits = |inner: &Inner| inner.node.id() == node.id();
        self.loaded.definitions_at(kind).is_empty()
            && (!self.with_references || self.loaded.references_at(kind).is_empty())
            && !self.inner.last().is_some_and(waits)
    }

    /// Handles a node of which no pattern says anything.
    fn pass(&mut self, kind: u16) -> Option<Frame> {
        let is_named = self.loaded.is_named(kind);
        let definitions = self.found.definitions.len();
        let too_deep = self.frame().depth >= self.language.max_depth && !self.with_references;
        let frame = self.frame();
        if is_named {
            frame.end_lead();
        }
        let inner = Frame {
            kind,
            depth: frame.depth,
            definitions,
            local: frame.local,
            ..Frame::default()
        };
        (!too_deep).then_some(inner)
    }

    /// Handles one node; returns the frame for its children, or `None` to pass over them.
    fn visit(&mut self, kind: u16, node: Node<'tree>) -> Option<Frame> {
        if self.with_references {
            self.references_at(kind, node);
        }
        while let Some(inner) = self.inner.pop_if(|inner| inner.node.id() == node.id()) {
            self.definition(inner.kind, inner.pattern, node, &inner.captures);
        }
        let depth = self.frame().depth;
        let known = self.found.definitions.len();
        let mut seen = Seen {
            inner: Some(Frame::default()),
            is_lead: !self.loaded.is_named(kind),
            local: self.frame().local,
            imports: false,
        };
        let loaded = self.loaded;
        for pattern in loaded.definitions_at(kind) {
            if !self.definitions_at(*pattern, kind, node, &mut seen) {
                return None;
            }
        }
        let frame = self.frame();
        if !seen.is_lead {
            frame.end_lead();
        }
        let mut inner = seen.inner?;
        inner.kind = kind;
        inner.local = seen.local;
        inner.depth = depth + usize::from(self.found.definitions.len() > known);
        inner.definitions = known;
        let too_deep = inner.depth >= self.language.max_depth && !self.with_references;
        (!too_deep).then_some(inner)
    }

    /// Handles the matches of one pattern at a node; whether there is more to the node.
    fn definitions_at(
        &mut self,
        pattern: u16,
        kind: u16,
        node: Node<'tree>,
        seen: &mut Seen,
    ) -> bool {
        let parent = self.frame().kind;
        let mut matches = std::mem::take(&mut self.matches);
        matches.clear();
        let compiled = &self.loaded.patterns[usize::from(pattern)];
        self.matcher
            .matches(compiled, node, kind, parent, &mut matches);
        let goes_on = matches
            .iter()
            .all(|captures| self.matched(pattern, node, captures, seen));
        self.matches = matches;
        goes_on
    }

    /// Handles one match; whether there is more to the node.
    fn matched(
        &mut self,
        pattern: u16,
        node: Node<'tree>,
        captures: &[Capture<'tree>],
        seen: &mut Seen,
    ) -> bool {
        self.exports(captures);
        match self.role_of(captures) {
            Role::Comment => {
                self.comment(node);
                return false;
            }
            Role::Attribute => {
                self.attribute(node, captures);
                seen.is_lead = true;
            }
            Role::Wrapper => seen.inner = Some(self.wrapper(node)),
            Role::Visibility => self.section(captures),
            Role::Import => {
                self.import(node, captures);
                seen.imports = true;
            }
            Role::Again => self.again(captures),
            Role::Doc => {
                self.documentation(node);
                return false;
            }
            Role::Local => seen.local = true,
            Role::Skip => seen.inner = None,
            // What an import binds is defined elsewhere.
            Role::Definition(_) if seen.imports => {}
            Role::Definition(kind) => {
                if !(seen.local && kind.is_value()) {
                    self.define(kind, pattern, node, captures);
                }
                seen.local &= kind.is_value();
            }
            _ => {}
        }
        true
    }

    /// Closes the innermost node, at which the cursor stands. Comments at its very end, no
    /// further right than itself, belong to what follows it.
    fn leave(&mut self, cursor: &TreeCursor<'tree>) {
        let Some(inner) = self.frames.pop() else {
            return;
        };
        if inner.wrapper.is_some() {
            self.frame().last = inner.last;
        }
        let Some(run) = inner.comments else { return };
        let (text, node) = (self.text, cursor.node());
        let is_last = text[run.end..node.end_byte().max(run.end)]
            .trim()
            .is_empty();
        if !is_last || column(text, run.start) > node.start_position().column {
            return;
        }
        self.frame().comments = Some(run);
        for definition in &mut self.found.definitions[inner.definitions..] {
            definition.end_before(run.start, text);
        }
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames
            .last_mut()
            .expect("the walk keeps one frame for each open node")
    }

    /// The role that decides what a match is: its first capture with a leading role.
    fn role_of(&self, captures: &[Capture]) -> Role {
        captures
            .iter()
            .map(|(id, _)| self.loaded.roles[usize::from(*id)])
            .find(|role| {
                use Role::*;
                matches!(
                    role,
                    Definition(_)
                        | Reference(_)
                        | Import
                        | Wrapper
                        | Attribute
                        | Comment
                        | Visibility
                        | Local
                        | Again
                        | Skip
                        | Exported
                )
            })
            .or_else(|| self.captured(captures, Role::Doc).map(|_| Role::Doc))
            .unwrap_or(Role::None)
    }

    fn captured(&self, captures: &[Capture<'tree>], role: Role) -> Option<Node<'tree>> {
        captures
            .iter()
            .find(|(id, _)| self.loaded.roles[usize::from(*id)] == role)
            .map(|(_, node)| *node)
    }

    fn exports(&mut self, captures: &[Capture<'tree>]) {
        let roles = &self.loaded.roles;
        let names = captures
            .iter()
            .filter(|(id, _)| roles[usize::from(*id)] == Role::Exported);
        self.found
            .exports
            .extend(names.map(|(_, node)| node.byte_range()));
    }

    fn again(&mut self, captures: &[Capture<'tree>]) {
        let Some(node) = self.captured(captures, Role::Again) else {
            return;
        };
        let last = node.child_count().saturating_sub(1);
        let (Some(open), Some(close)) = (node.child(0), node.child(last)) else {
            return;
        };
        if open.end_byte() < close.start_byte() {
            self.found.again.push(tree_sitter::Range {
                start_byte: open.end_byte(),
                end_byte: close.start_byte(),
                start_point: open.end_position(),
                end_point: close.start_position(),
            });
        }
    }

    fn section(&mut self, captures: &[Capture<'tree>]) {
        let Some(node) = self.captured(captures, Role::Visibility) else {
            return;
        };
        let section = self.visibility_word(node);
        self.frame().section = Some(section);
    }

    /// Private when `node` holds one of the language's words for that.
    fn visibility_word(&self, node: Node) -> Visibility {
        let VisibilityRule::Words(words) = self.language.visibility else {
            return Visibility::Public;
        };
        let text = &self.text[node.byte_range()];
        if has_word(text, words.private) {
            Visibility::Private
        } else {
            Visibility::Public
        }
    }

    fn import(&mut self, node: Node<'tree>, captures: &[Capture<'tree>]) {
        let path = self
            .captured_span(captures, Role::Path)
            .unwrap_or(node.byte_range());
        let path = super::signature::fold(&self.text[path], 200);
        let path = path.trim_matches(|c| matches!(c, '"' | '\'' | '`' | ';'));
        let path = path
            .strip_prefix('<')
            .and_then(|path| path.strip_suffix('>'))
            .unwrap_or(path);
        let line = row_to_line(node.start_position().row);
        self.found.imports.push(Import {
            path: path.to_owned(),
            line,
        });
    }

    /// Defines a symbol at the node that the pattern captured as the definition: `node` itself
    /// or one below it, which has to wait for the comments in front of it.
    fn define(
        &mut self,
        kind: SymbolKind,
        pattern: u16,
        node: Node<'tree>,
        captures: &[Capture<'tree>],
    ) {
        match self.captured(captures, Role::Definition(kind)) {
            Some(below) if below.id() != node.id() => {
                let inner = Inner {
                    node: below,
                    kind,
                    pattern,
                    captures: captures.to_vec(),
                };
                let at = self
                    .inner
                    .partition_point(|other| other.node.start_byte() > below.start_byte());
                self.inner.insert(at, inner);
            }
            _ => self.definition(kind, pattern, node, captures),
        }
    }

    fn definition(
        &mut self,
        kind: SymbolKind,
        pattern: u16,
        node: Node<'tree>,
        captures: &[Capture<'tree>],
    ) {
        if self.frame().depth >= self.language.max_depth {
            return;
        }
        let of = |role| self.captured(captures, role).map(|n| n.byte_range());
        let Some(name) = self.name(captures) else {
            return;
        };
        if !self.may_be_named(pattern, captures, &self.text[name.clone()]) {
            return;
        }
        let name_is_signature = self.captured(captures, Role::Name) == Some(node);
        let names = captures
            .iter()
            .filter(|(id, _)| self.loaded.roles[usize::from(*id)] == Role::Name);
        let more_names = names.skip(1).map(|(_, node)| node.byte_range()).collect();
        let (scope, name) = match self.split_name(&name) {
            (None, name) => (of(Role::Scope), name),
            split => split,
        };
        let body = self.captured_span(captures, Role::Body);
        let signature_end = of(Role::Signature).map(|signature| signature.end);
        let heading =
            captures
                .iter()
                .find_map(|(id, _)| match self.loaded.roles[usize::from(*id)] {
                    Role::Heading(depth) => Some(depth),
                    _ => None,
                });
        let is_test = of(Role::Test).is_some();
        let (namespace, doc) = (of(Role::Namespace), of(Role::Doc));
        let visibility = self
            .captured(captures, Role::Visibility)
            .map(|n| self.visibility_word(n));
        let own_attribute = of(Role::Attribute).filter(|range| range.start == node.start_byte());
        let known = |last: &Definition| {
            let overlap = last.name.start < name.end && name.start < last.name.end;
            last.node == node.id()
                && (overlap || self.text[last.name.clone()] == self.text[name.clone()])
        };
        if self.found.definitions.iter().rev().take(8).any(known) {
            return;
        }
        let exported = self
            .frames
            .iter()
            .rev()
            .take(2)
            .any(|frame| frame.wrapper.is_some());
        let mut around = self.surroundings(node);
        if let Some(inside) = own_attribute {
            around.signature_start = around.signature_start.max(inside.end);
            around.attributes = around.attributes.start.min(inside.start)..inside.end;
        }
        let exported =
            exported && self.text[around.span.start..node.start_byte()].contains("export");
        let section = visibility.or(self.frame().section);
        let mut definition = Definition {
            kind,
            pattern,
            node: node.id(),
            name,
            more_names,
            scope,
            namespace,
            first_row: around.first_row,
            last_row: around.last_row,
            span: around.span,
            signature_start: around.signature_start,
            body,
            doc: doc.or(around.doc),
            attributes: around.attributes,
            section,
            exported,
            is_test,
            heading,
        };
        definition.end_before(definition.span.end, self.text);
        let end = definition.span.end;
        if let Some(after) = signature_end {
            definition.body = (after < end).then_some(after..end);
        }
        if name_is_signature {
            let until = definition.body.as_ref().map_or(end, |body| body.start);
            definition.name = definition.signature_start..until.max(definition.signature_start);
        }
        let place = (self.found.definitions.len(), definition.last_row);
        self.frame().last = Some(place);
        self.found.definitions.push(definition);
    }

    /// From the first to the last node that a match captured in `role`.
    fn captured_span(&self, captures: &[Capture<'tree>], role: Role) -> Option<Range<usize>> {
        let nodes = captures
            .iter()
            .filter(|(id, _)| self.loaded.roles[usize::from(*id)] == role);
        nodes
            .map(|(_, node)| node.byte_range())
            .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
    }

    fn references_at(&mut self, kind: u16, node: Node<'tree>) {
        let parent = self.frame().kind;
        let loaded = self.loaded;
        let mut matches = std::mem::take(&mut self.matches);
        for pattern in loaded.references_at(kind) {
            matches.clear();
            let compiled = &loaded.patterns[usize::from(*pattern)];
            self.matcher
                .matches(compiled, node, kind, parent, &mut matches);
            matches.iter().for_each(|captures| self.reference(captures));
        }
        self.matches = matches;
    }

    fn reference(&mut self, captures: &[Capture<'tree>]) {
        let Role::Reference(kind) = self.role_of(captures) else {
            return;
        };
        let Some(name) = self.captured(captures, Role::Name) else {
            return;
        };
        let span = name.byte_range();
        if !span.is_empty() {
            self.found.references.push(Reference {
                kind,
                name: self.text[span.clone()].to_owned(),
                line: row_to_line(name.start_position().row),
                span,
                within: None,
            });
        }
    }
}

impl Definition {
    /// Ends the definition before the byte `at`, and before the white space that leads to it.
    fn end_before(&mut self, at: usize, text: &str) {
        if self.span.end < at || self.span.start >= at {
            return;
        }
        let end = self.span.start + text[self.span.start..at].trim_end().len();
        let ends_on_a_new_line = text[..self.span.end].ends_with('\n');
        let rows = text[end..self.span.end].matches('\n').count();
        self.last_row = self
            .last_row
            .saturating_sub(rows.saturating_sub(usize::from(ends_on_a_new_line)));
        self.span.end = end;
        if let Some(body) = &mut self.body {
            body.end = body.end.min(end).max(body.start);
        }
    }
}

/// The bytes between the start of a line and `at`.
fn column(text: &str, at: usize) -> usize {
    at - text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Whether one of `words` stands in `text` as a whole word; `private(set)` speaks of the setter
/// only.
pub(super) fn has_word(text: &str, words: &[&str]) -> bool {
    let is_end = |c: char| !(c.is_alphanumeric() || c == '_');
    let mut rest = text.trim_start_matches(is_end);
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        if words.contains(&word) && !after.starts_with("(set)") {
            return true;
        }
        rest = after.trim_start_matches(is_end);
    }
    false
}

/// First and last row of a node, 0-based; a node that ends at the very start of a row ends on
/// the row before.
fn rows(node: Node) -> (usize, usize) {
    let (start, end) = (node.start_position(), node.end_position());
    let last = if end.column == 0 && end.row > start.row {
        end.row - 1
    } else {
        end.row
    };
    (start.row, last)
}

/// A 0-based row as a 1-based line.
pub(super) fn row_to_line(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX - 1) + 1
}

pub(super) fn lines(first_row: usize, last_row: usize) -> Lines {
    Lines {
        start: row_to_line(first_row),
        end: row_to_line(last_row.max(first_row)),
    }
}
