//! Reads `symbols.scm`: a subset of tree-sitter's query language, compiled in microseconds.
//!
//! tree-sitter's own query compiler analyses every path through the grammar; that takes 4 to
//! 480 ms per language, far more than a command may take. Our queries need none of that
//! analysis, so they are read into plain patterns here and matched by [`super::matcher`].
//! The subset: nodes, `_`, anonymous `"nodes"`, fields, `!fields`, `[alternatives]`, captures, the anchor
//! `.`, the quantifier `?`, and the predicates `#eq? #not-eq? #any-of? #not-any-of?`, `#match?`
//! and `#not-match?` for `^literal` only, and `#has-parent? #not-has-parent?` for the root node.
//! Every file stays a valid tree-sitter query; a test compiles them with the real one.

use std::collections::HashMap;
use tree_sitter::Language;

/// Which nodes a pattern accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeTest {
    /// `_`: any node.
    Any,
    /// `(_)`: any named node.
    AnyNamed,
    /// Nodes of one kind, by the grammar's id.
    Kind(u16),
    /// One of several patterns.
    OneOf(Vec<NodePattern>),
}

/// A pattern for one node and, inside it, for its children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePattern {
    /// The nodes it accepts.
    pub test: NodeTest,
    /// The field the node must stand in.
    pub field: Option<u16>,
    /// The names the node is captured under.
    pub captures: Vec<CaptureId>,
    /// Patterns for its children, in order.
    pub children: Vec<NodePattern>,
    /// `!field`: fields that the node must not have.
    pub absent: Vec<u16>,
    /// `?`: the pattern may be absent; it is matched where it can be.
    pub optional: bool,
    /// Must follow the previous child pattern's node (or be first) with no named node between.
    pub anchored: bool,
    /// No named node may follow it.
    pub anchored_last: bool,
}

/// Index into [`Query::capture_names`].
pub type CaptureId = u8;

/// `#eq?` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// The capture whose text is looked at.
    pub capture: CaptureId,
    /// What its text is compared with.
    pub test: PredicateTest,
    /// Whether it must not hold.
    pub negated: bool,
}

/// What a predicate asks of the captured node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PredicateTest {
    /// Its text is one of these.
    Text(Vec<String>),
    /// Its text begins with this.
    Prefix(String),
    /// It stands directly inside a node of one of these kinds.
    Parent(Vec<u16>),
}

/// One top-level pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The node it is rooted at.
    pub root: NodePattern,
    /// What its captures must also hold.
    pub predicates: Vec<Predicate>,
}

/// A compiled query file.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The patterns, first ones first in rank.
    pub patterns: Vec<Pattern>,
    /// The capture names, by [`CaptureId`].
    pub capture_names: Vec<String>,
}

/// Why a query file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct QueryError {
    /// Line of the file, 1-based.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

impl Query {
    /// Compiles `source` for `language`.
    ///
    /// # Errors
    /// A syntax outside the subset, an unknown node kind or field.
    pub fn new(language: &Language, source: &str) -> Result<Query, QueryError> {
        let mut reader = Reader {
            language,
            source,
            at: 0,
            kinds: HashMap::new(),
            query: Query::default(),
        };
        reader.skip_blank();
        while reader.at < source.len() {
            let pattern = reader.top_level()?;
            reader.query.patterns.push(pattern);
            reader.skip_blank();
        }
        Ok(reader.query)
    }
}

struct Reader<'a> {
    language: &'a Language,
    source: &'a str,
    at: usize,
    /// Kinds that were looked up: the grammar goes through all of its names for each.
    kinds: HashMap<(String, bool), u16>,
    query: Query,
}

impl<'a> Reader<'a> {
    fn top_level(&mut self) -> Result<Pattern, QueryError> {
        let mut predicates = Vec::new();
        let root = self.pattern(&mut predicates)?;
        Ok(Pattern { root, predicates })
    }

    /// One pattern with its captures and quantifier.
    fn pattern(&mut self, predicates: &mut Vec<Predicate>) -> Result<NodePattern, QueryError> {
        let mut node = match self.peek() {
            Some(b'(') => self.parenthesized(predicates)?,
            Some(b'[') => self.alternatives(predicates)?,
            Some(b'"') => {
                let text = self.string()?;
                leaf(self.kind(&text, false)?)
            }
            Some(b'_') => {
                self.at += 1;
                leaf(NodeTest::Any)
            }
            _ => return Err(self.error("expected `(`, `[`, `_` or a string")),
        };
        node.optional = self.eat(b'?');
        self.skip_blank();
        while self.eat(b'@') {
            let name = self.word();
            let capture = self.capture(name)?;
            node.captures.push(capture);
            self.skip_blank();
        }
        Ok(node)
    }

    fn parenthesized(
        &mut self,
        predicates: &mut Vec<Predicate>,
    ) -> Result<NodePattern, QueryError> {
        self.expect(b'(')?;
        self.skip_blank();
        let mut node = match self.peek() {
            // A group around one pattern and its predicates.
            Some(b'(' | b'[' | b'"') => self.pattern(predicates)?,
            _ => {
                let name = self.word();
                match name {
                    "_" => leaf(NodeTest::AnyNamed),
                    "" => return Err(self.error("expected a node kind")),
                    "ERROR" => leaf(NodeTest::Kind(u16::MAX)),
                    kind => leaf(self.kind(kind, true)?),
                }
            }
        };
        let mut anchored = false;
        loop {
            self.skip_blank();
            match self.peek() {
                Some(b')') => {
                    self.at += 1;
                    if anchored && let Some(last) = node.children.last_mut() {
                        last.anchored_last = true;
                    }
                    return Ok(node);
                }
                Some(b'.') => {
                    self.at += 1;
                    anchored = true;
                }
                Some(b'!') => {
                    self.at += 1;
                    let name = self.word();
                    node.absent.push(self.field(name)?);
                }
                Some(_) if self.source[self.at..].starts_with("(#") => {
                    let predicate = self.predicate()?;
                    predicates.push(predicate);
                }
                Some(_) => {
                    let mut child = self.child(predicates)?;
                    child.anchored = std::mem::take(&mut anchored);
                    node.children.push(child);
                }
                None => return Err(self.error("missing `)`")),
            }
        }
    }

    /// A child pattern, with its field name if it has one.
    fn child(&mut self, predicates: &mut Vec<Predicate>) -> Result<NodePattern, QueryError> {
        let start = self.at;
        let name = self.word();
        if !name.is_empty() && self.eat(b':') {
            let field = self.field(name)?;
            self.skip_blank();
            let mut child = self.pattern(predicates)?;
            child.field = Some(field);
            return Ok(child);
        }
        self.at = start;
        self.pattern(predicates)
    }

    fn field(&self, name: &str) -> Result<u16, QueryError> {
        let field = self.language.field_id_for_name(name);
        let field = field.ok_or_else(|| self.error(&format!("unknown field `{name}`")))?;
        Ok(field.get())
    }

    fn alternatives(&mut self, predicates: &mut Vec<Predicate>) -> Result<NodePattern, QueryError> {
        self.expect(b'[')?;
        let mut arms = Vec::new();
        loop {
            self.skip_blank();
            if self.eat(b']') {
                return Ok(leaf(NodeTest::OneOf(arms)));
            }
            arms.push(self.pattern(predicates)?);
        }
    }

    fn predicate(&mut self) -> Result<Predicate, QueryError> {
        self.at += 2;
        let name = self.word();
        let (negated, bare) = match name.strip_prefix("not-") {
            Some(bare) => (true, bare),
            None => (false, name),
        };
        self.skip_blank();
        self.expect(b'@')?;
        let capture = self.word();
        let capture = self.capture(capture)?;
        let mut values = Vec::new();
        loop {
            self.skip_blank();
            if self.eat(b')') {
                let test = self.predicate_test(bare, values)?;
                return Ok(Predicate {
                    capture,
                    test,
                    negated,
                });
            }
            values.push(self.string()?);
        }
    }

    fn predicate_test(
        &mut self,
        name: &str,
        values: Vec<String>,
    ) -> Result<PredicateTest, QueryError> {
        match name {
            "eq?" | "any-of?" => Ok(PredicateTest::Text(values)),
            "match?" => match values[..] {
                [ref value] if value.starts_with('^') && !value[1..].contains(is_special) => {
                    Ok(PredicateTest::Prefix(value[1..].to_owned()))
                }
                _ => Err(self.error("`#match?` takes one `^literal`")),
            },
            "has-parent?" => {
                let mut kinds = Vec::with_capacity(values.len());
                for value in values {
                    if let NodeTest::Kind(kind) = self.kind(&value, true)? {
                        kinds.push(kind);
                    }
                }
                Ok(PredicateTest::Parent(kinds))
            }
            _ => Err(self.error(&format!("unsupported predicate `#{name}`"))),
        }
    }

    fn kind(&mut self, name: &str, named: bool) -> Result<NodeTest, QueryError> {
        let language = self.language;
        let known = self.kinds.entry((name.to_owned(), named));
        match *known.or_insert_with(|| language.id_for_node_kind(name, named)) {
            0 => Err(self.error(&format!("unknown node kind `{name}`"))),
            id => Ok(NodeTest::Kind(id)),
        }
    }

    fn capture(&mut self, name: &str) -> Result<CaptureId, QueryError> {
        if name.is_empty() {
            return Err(self.error("expected a capture name after `@`"));
        }
        let names = &mut self.query.capture_names;
        let known = names.iter().position(|known| known == name);
        let idx = known.unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        CaptureId::try_from(idx).map_err(|_| self.error("more than 256 captures"))
    }

    fn string(&mut self) -> Result<String, QueryError> {
        self.expect(b'"')?;
        let mut text = String::new();
        let mut chars = self.source[self.at..].char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += offset + 1;
                    return Ok(text);
                }
                '\\' => text.extend(chars.next().map(|(_, c)| if c == 'n' { '\n' } else { c })),
                c => text.push(c),
            }
        }
        Err(self.error("missing closing quote"))
    }

    /// A node kind, field, capture or predicate name; empty when none stands here.
    fn word(&mut self) -> &'a str {
        let rest = &self.source[self.at..];
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '?' | '!');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = &self.source[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with(';') {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), QueryError> {
        if self.eat(byte) {
            return Ok(());
        }
        Err(self.error(&format!("expected `{}`", byte as char)))
    }

    fn error(&self, problem: &str) -> QueryError {
        let line = self.source[..self.at].matches('\n').count() + 1;
        QueryError {
            line,
            problem: problem.to_owned(),
        }
    }
}

/// Whether `c` means something in a regular expression.
fn is_special(c: char) -> bool {
    matches!(
        c,
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
    )
}

fn leaf(test: NodeTest) -> NodePattern {
    NodePattern {
        test,
        field: None,
        captures: Vec::new(),
        children: Vec::new(),
        absent: Vec::new(),
        optional: false,
        anchored: false,
        anchored_last: false,
    }
}
