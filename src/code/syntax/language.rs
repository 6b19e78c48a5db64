//! The languages: what `grammars/<language>/language.toml` says of each, how a file's language
//! is recognized, and the lazily compiled query of each.

use super::preprocessor::{Dialect, Prepared, tame};
use super::query::{NodeTest, Pattern, Query, QueryError};
use super::symbol::{ReferenceKind, SymbolKind};
use crate::sys::heap;
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// How the visibility of a symbol is read from its declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisibilityRule {
    /// Everything is public.
    Public,
    /// Words in front of the name decide (`pub`, `private`, `static`).
    Words(Words),
    /// A capital first letter is public (Go).
    Capitalized,
    /// A leading underscore is private (Python, Dart).
    Underscore,
    /// Exported declarations are public, members unless marked private (JavaScript).
    Export,
    /// Where the file lists what it exports, only that is public (Haskell).
    Listed,
}

/// The words of [`VisibilityRule::Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Words that make a declaration public.
    pub public: &'static [&'static str],
    /// Words that make it private; they win over the public ones.
    pub private: &'static [&'static str],
    /// Words that make it private only where it is no member of a type (`static` of C++).
    pub private_outside_types: &'static [&'static str],
    /// Kinds whose members are private without a word (`class` of C++).
    pub private_by_default_in: &'static [&'static str],
    /// What everything else is without a word.
    pub default_public: bool,
}

/// What marks a symbol as a test.
#[derive(Clone, Copy, Debug)]
pub struct TestRule {
    /// Words inside an attribute, decorator or annotation.
    pub attributes: &'static [&'static str],
    /// Beginnings of a callable's name.
    pub name_prefixes: &'static [&'static str],
    /// Beginnings of a class's name.
    pub type_prefixes: &'static [&'static str],
}

/// One language that `ctx` can outline.
pub struct Language {
    /// The word for it in options and JSON: `rust`, `c-sharp`.
    pub name: &'static str,
    /// Its name in prose: `Rust`, `C#`.
    pub title: &'static str,
    /// File name endings, without the dot, lower case.
    pub extensions: &'static [&'static str],
    /// Whole file names, or beginnings that end in `*`.
    pub filenames: &'static [&'static str],
    /// Interpreters named in a `#!` line.
    pub shebangs: &'static [&'static str],
    /// Extensions it shares with another language, with words in the content that decide for it.
    pub content: &'static [(&'static str, &'static [&'static str])],
    /// What joins the parts of a qualified name.
    pub separator: &'static str,
    /// How deep symbols are nested before they are left out (keys of data files).
    pub max_depth: usize,
    /// How many symbols a file may have before its deepest ones are left out, with a note.
    pub max_symbols: usize,
    /// Whether adjacent definitions of one name are one symbol (Haskell's equations).
    pub merge_adjacent: bool,
    /// How a comment begins that documents what stands before it (`-- ^`).
    pub docs_after: &'static [&'static str],
    /// Whether a name may be written with its scope (`Foo<T>::bar`), to be split off.
    pub split_names: bool,
    /// Whether it is written for a preprocessor that the grammar does not run.
    pub preprocessor: Option<Dialect>,
    /// How visibility is read.
    pub visibility: VisibilityRule,
    /// What marks a test.
    pub tests: TestRule,
    grammar: fn() -> tree_sitter::Language,
    query_source: &'static str,
    loaded: OnceLock<Result<Loaded, QueryError>>,
}

/// A language's grammar and compiled query.
pub struct Loaded {
    /// The grammar.
    pub grammar: tree_sitter::Language,
    /// All patterns.
    pub patterns: Vec<Pattern>,
    /// The role of each capture of the query.
    pub roles: Vec<Role>,
    definitions: ByKind,
    references: ByKind,
    /// By kind of node: whether nodes of it are named, whether they are attributes.
    named: Vec<bool>,
    attributes: Vec<bool>,
}

/// The patterns rooted at each kind of node, one after the other.
#[derive(Default)]
struct ByKind {
    /// Where those of each kind end.
    ends: Vec<u16>,
    patterns: Vec<u16>,
}

impl ByKind {
    /// From (kind, pattern) in any order; `kinds` is more than any kind.
    fn new(mut pairs: Vec<(u16, u16)>, kinds: usize) -> ByKind {
        pairs.sort();
        let mut by_kind = ByKind::default();
        let mut pairs = pairs.into_iter().peekable();
        for kind in 0..kinds {
            while let Some((_, pattern)) = pairs.next_if(|(of, _)| usize::from(*of) == kind) {
                by_kind.patterns.push(pattern);
            }
            by_kind.ends.push(by_kind.patterns.len() as u16);
        }
        by_kind
    }

    fn at(&self, kind: u16) -> &[u16] {
        let kind = usize::from(kind).min(self.ends.len() - 1);
        let start = kind.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.patterns[usize::from(start)..usize::from(self.ends[kind])]
    }
}

/// What a capture name means to the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `@definition.KIND`: the node of a symbol.
    Definition(SymbolKind),
    /// `@reference.KIND`: the node of a use.
    Reference(ReferenceKind),
    /// `@import`
    Import,
    /// `@name`: of a definition, a reference.
    Name,
    /// `@name.end`: the name goes on to the end of this node (`operator bool`).
    NameEnd,
    /// `@declarator`: the name is at the end of its chain of `declarator` fields.
    Declarator,
    /// `@path`: of an import.
    Path,
    /// `@scope`: names in front of the definition's own (`Foo` in `void Foo::bar()`).
    Scope,
    /// `@namespace`: like a scope, but of a namespace: what it holds is no method.
    Namespace,
    /// `@body`: where the signature ends; several make one, from the first to the last.
    Body,
    /// `@signature`: the node that the signature ends with; the rest is the body.
    Signature,
    /// `@heading.N`: the symbol runs on to the next heading of depth N or less.
    Heading(u8),
    /// `@doc`: documentation inside the definition or an attribute; alone in its pattern, a
    /// string that documents what follows it.
    Doc,
    /// `@wrapper`: a node around one definition that belongs to it (`export`, `template`).
    Wrapper,
    /// `@attribute`: an attribute or decorator in front of a definition, or its first child.
    Attribute,
    /// `@comment`
    Comment,
    /// `@visibility`: changes the visibility of the siblings after it (`public:`), or of the
    /// definition that it is captured with.
    Visibility,
    /// `@exported`: a name made public apart from its definition (`export { a, b }`).
    Exported,
    /// `@test`: the definition is a test, whatever its name (`it("adds", ...)`).
    Test,
    /// `@local`: variables inside are nobody else's (an anonymous function, a loop).
    Local,
    /// `@again`: brackets around bare tokens that are text of this language, to be parsed
    /// again for what they define (`cfg_net! { pub fn connect() {} }`).
    Again,
    /// `@skip`: do not look inside.
    Skip,
    /// `@_anything`: only for predicates.
    None,
}

impl Role {
    fn from_capture(name: &str) -> Option<Role> {
        Some(match name {
            "import" => Role::Import,
            "name" => Role::Name,
            "name.end" => Role::NameEnd,
            "declarator" => Role::Declarator,
            "path" => Role::Path,
            "scope" => Role::Scope,
            "namespace" => Role::Namespace,
            "body" => Role::Body,
            "signature" => Role::Signature,
            "test" => Role::Test,
            "exported" => Role::Exported,
            "doc" => Role::Doc,
            "wrapper" => Role::Wrapper,
            "attribute" => Role::Attribute,
            "comment" => Role::Comment,
            "visibility" => Role::Visibility,
            "local" => Role::Local,
            "again" => Role::Again,
            "skip" => Role::Skip,
            "reference.call" => Role::Reference(ReferenceKind::Call),
            "reference.type" => Role::Reference(ReferenceKind::Type),
            "reference.base" => Role::Reference(ReferenceKind::Base),
            "reference.use" => Role::Reference(ReferenceKind::Use),
            _ if name.starts_with('_') => Role::None,
            _ if name.starts_with("heading.") => Role::Heading(name[8..].parse().ok()?),
            _ => Role::Definition(SymbolKind::from_word(name.strip_prefix("definition.")?)?),
        })
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Language {
    /// The grammar and the compiled query, made on first use.
    ///
    /// # Errors
    /// A query that does not fit the grammar; a test loads every language, so a release has none.
    pub fn load(&self) -> Result<&Loaded, &QueryError> {
        self.loaded
            .get_or_init(|| {
                heap::install();
                Loaded::new((self.grammar)(), self.query_source)
            })
            .as_ref()
    }

    /// The grammar alone, as its crate has it.
    pub fn grammar(&self) -> tree_sitter::Language {
        (self.grammar)()
    }

    /// `text` as the grammar is to see it: of the same length, with the same lines.
    pub fn prepare<'a>(&self, text: &'a str) -> Prepared<'a> {
        match self.preprocessor {
            Some(dialect) => tame(text, dialect),
            None => Prepared {
                text: Cow::Borrowed(text),
                bodies: Vec::new(),
            },
        }
    }

    /// The text of its query file.
    pub fn query_source(&self) -> &'static str {
        self.query_source
    }
}

impl Loaded {
    fn new(grammar: tree_sitter::Language, source: &str) -> Result<Loaded, QueryError> {
        let query = Query::new(&grammar, source)?;
        let bad = |problem: String| QueryError { line: 0, problem };
        let mut roles = Vec::new();
        for name in &query.capture_names {
            let role = Role::from_capture(name);
            roles.push(role.ok_or_else(|| bad(format!("unknown capture `@{name}`")))?);
        }
        // The last one stands for errors, whose id is the largest number.
        let kinds = grammar.node_kind_count() + 1;
        let named =
            (0..kinds).map(|kind| kind + 1 == kinds || grammar.node_kind_is_named(kind as u16));
        let mut loaded = Loaded {
            named: named.collect(),
            attributes: vec![false; kinds],
            grammar,
            patterns: Vec::new(),
            roles,
            definitions: ByKind::default(),
            references: ByKind::default(),
        };
        let (mut definitions, mut references) = (Vec::new(), Vec::new());
        for (idx, pattern) in query.patterns.iter().enumerate() {
            let idx = u16::try_from(idx).map_err(|_| bad("more than 65,535 patterns".into()))?;
            let of_role = |role: Role| {
                let captures = &pattern.root.captures;
                captures
                    .iter()
                    .any(|id| loaded.roles[usize::from(*id)] == role)
            };
            let is_attribute = of_role(Role::Attribute);
            let is_reference = loaded.is_reference(pattern);
            for kind in root_kinds(&pattern.root.test).map_err(bad)? {
                let kind = usize::from(kind).min(kinds - 1);
                loaded.attributes[kind] |= is_attribute && !is_reference;
                let table = if is_reference {
                    &mut references
                } else {
                    &mut definitions
                };
                table.push((kind as u16, idx));
            }
        }
        loaded.definitions = ByKind::new(definitions, kinds);
        loaded.references = ByKind::new(references, kinds);
        loaded.patterns = query.patterns;
        Ok(loaded)
    }

    /// The patterns for definitions, comments, attributes and imports rooted at `kind`.
    pub fn definitions_at(&self, kind: u16) -> &[u16] {
        self.definitions.at(kind)
    }

    /// The patterns for references rooted at `kind`.
    pub fn references_at(&self, kind: u16) -> &[u16] {
        self.references.at(kind)
    }

    /// Whether nodes of `kind` are named ones.
    pub fn is_named(&self, kind: u16) -> bool {
        self.named[usize::from(kind).min(self.named.len() - 1)]
    }

    /// Whether nodes of `kind` are attributes in front of a definition.
    pub fn is_attribute(&self, kind: u16) -> bool {
        self.attributes[usize::from(kind).min(self.attributes.len() - 1)]
    }

    fn is_reference(&self, pattern: &Pattern) -> bool {
        let mut found = false;
        visit_captures(&pattern.root, &mut |id| {
            found |= matches!(self.roles[usize::from(id)], Role::Reference(_));
        });
        found
    }
}

fn visit_captures(pattern: &super::query::NodePattern, visit: &mut impl FnMut(u8)) {
    for id in &pattern.captures {
        visit(*id);
    }
    let arms = match &pattern.test {
        NodeTest::OneOf(arms) => arms.as_slice(),
        _ => &[],
    };
    for child in pattern.children.iter().chain(arms) {
        visit_captures(child, visit);
    }
}

fn root_kinds(test: &NodeTest) -> Result<Vec<u16>, String> {
    match test {
        NodeTest::Kind(kind) => Ok(vec![*kind]),
        NodeTest::OneOf(arms) => {
            let mut kinds = Vec::new();
            for arm in arms {
                kinds.extend(root_kinds(&arm.test)?);
            }
            kinds.dedup();
            Ok(kinds)
        }
        NodeTest::Any | NodeTest::AnyNamed => {
            Err("the root of a pattern must name its node kind".to_owned())
        }
    }
}

/// All languages, by name.
pub fn all() -> &'static [Language] {
    &LANGUAGES
}

/// The language with this name, title or extension, in any case.
pub fn by_name(name: &str) -> Option<&'static Language> {
    let wanted = name.to_lowercase();
    let named = |l: &&Language| l.name == wanted || l.title.to_lowercase() == wanted;
    LANGUAGES.iter().find(named).or_else(|| {
        LANGUAGES
            .iter()
            .find(|l| l.extensions.contains(&wanted.as_str()))
    })
}

/// The language of a file by its path and, where that does not decide, the beginning of its
/// content: a `#!` line, or words that tell C++ from C in a `.h`.
pub fn detect(path: &Path, head: &[u8]) -> Option<&'static Language> {
    let by_path = detect_by_path(path);
    let Some(language) = by_path else {
        return by_shebang(head);
    };
    let extension = path.extension().and_then(|extension| extension.to_str());
    let Some(extension) = extension.map(str::to_lowercase) else {
        return Some(language);
    };
    let claims = |l: &&Language| {
        l.content.iter().any(|(shared, words)| {
            *shared == extension && words.iter().any(|word| contains(head, word.as_bytes()))
        })
    };
    Some(LANGUAGES.iter().find(claims).unwrap_or(language))
}

/// The language of a file by its name alone: the whole name, else the extension, else the
/// beginning of the name (`Makefile.js` is JavaScript, `Makefile.in` is not).
pub fn detect_by_path(path: &Path) -> Option<&'static Language> {
    let name = path.file_name()?.to_str()?;
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .map(str::to_ascii_lowercase);
    let begins = |pattern: &str| {
        pattern
            .strip_suffix('*')
            .is_some_and(|p| name.starts_with(p))
    };
    let by_name = LANGUAGES.iter().find(|l| l.filenames.contains(&name));
    let by_extension = || {
        let extension = extension?;
        LANGUAGES
            .iter()
            .find(|l| l.extensions.contains(&extension.as_str()))
    };
    let by_beginning = || {
        LANGUAGES
            .iter()
            .find(|l| l.filenames.iter().any(|p| begins(p)))
    };
    by_name.or_else(by_extension).or_else(by_beginning)
}

fn by_shebang(head: &[u8]) -> Option<&'static Language> {
    let line = head.strip_prefix(b"#!")?.split(|b| *b == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_whitespace();
    let mut program = words.next()?.rsplit('/').next()?;
    if program == "env" {
        program = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    }
    let bare = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    LANGUAGES.iter().find(|l| l.shebangs.contains(&bare))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_recognized_whole_then_by_extension_then_by_its_beginning() {
        let name_of = |path: &str| detect(path.as_ref(), b"").map(|language| language.name);
        assert_eq!(name_of("Dockerfile"), Some("dockerfile"));
        assert_eq!(name_of("deploy/Dockerfile.dev"), Some("dockerfile"));
        assert_eq!(name_of("Makefile"), Some("make"));
        assert_eq!(name_of("Makefile.py"), Some("python"));
        assert_eq!(name_of("CMakeLists.txt"), Some("cmake"));
        assert_eq!(name_of("notes.txt"), None);
    }
}
