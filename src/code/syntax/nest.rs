//! Turns the flat definitions of a walk into symbols: nested by containment, with qualified
//! names, visibility and test marks, and references tied to the symbol they stand in.

use super::filedoc::file_doc;
use super::heading;
use super::language::{Language, VisibilityRule, Words};
use super::prune::prune;
use super::signature::fold;
use super::symbol::{FileSyntax, Reference, ReferenceKind, Symbol, SymbolKind, Visibility};
use super::walk::{Definition, Found, has_word, lines};
use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;
use std::ops::Range;

/// Longest name kept whole when it holds spaces; a longer one is cut with `…` (keys and headings
/// can be whole sentences). A single word is somebody's identifier and is kept up to eight times
/// as long, so that it can be looked up.
const MAX_NAME: usize = 120;

/// Longest key shown with its value; of a longer one, only the name is its signature.
const MAX_KEY: usize = 100;

pub(super) fn nest(language: &'static Language, text: &str, found: Found) -> FileSyntax {
    let Found {
        mut definitions,
        mut references,
        mut imports,
        exports,
        mut comments,
        again: _,
    } = found;
    comments.sort_by_key(|comment| comment.start);
    imports.sort_by_key(|import| import.line);
    // `local x = require "x"` is found at the call and at the declaration.
    imports.dedup();
    definitions.sort_by(in_source_order);
    if definitions
        .iter()
        .any(|definition| definition.heading.is_some())
    {
        heading::extend(text, &mut definitions);
        definitions.sort_by(in_source_order);
    }
    let mut seen = HashSet::new();
    definitions.retain(|definition| seen.insert(definition.name.start));
    seen.extend(
        definitions
            .iter()
            .flat_map(|definition| &definition.more_names)
            .map(|name| name.start),
    );
    // Of the names that one node defines, the last owns what stands inside: the struct.
    definitions.sort_by_key(|definition| {
        (
            definition.span.start,
            Reverse(definition.span.end),
            definition.kind.has_methods(),
        )
    });
    let export_starts = exports.iter().map(|name| name.start).collect();
    let exports = exports
        .into_iter()
        .map(|name| clean_name(&text[name]))
        .collect();
    let mut nest = Nest {
        language,
        text,
        comments,
        symbols: Vec::new(),
        open: Vec::new(),
        exports,
        export_starts,
        says_export: None,
    };
    for (idx, definition) in definitions.iter().enumerate() {
        let next = definitions.get(idx + 1);
        let is_leaf = next.is_none_or(|next| next.span.start >= definition.span.end);
        nest.add(definition, is_leaf);
    }
    let mut symbols = nest.symbols;
    let notes = prune(&mut symbols, language.max_symbols)
        .into_iter()
        .collect();
    references.sort_by_key(|reference| reference.span.start);
    references.dedup_by_key(|reference| reference.span.start);
    // An embedded field (Go) is a definition and a base at once; else a name is one of both.
    let is_use = |reference: &Reference| {
        reference.kind == ReferenceKind::Base || !seen.contains(&reference.span.start)
    };
    references.retain(is_use);
    tie(&symbols, &mut references);
    FileSyntax {
        doc: file_doc(text, &nest.comments, &symbols),
        symbols,
        references,
        imports,
        notes,
    }
}

fn in_source_order(a: &Definition, b: &Definition) -> Ordering {
    (a.span.start, b.span.end, a.pattern, a.name.start).cmp(&(
        b.span.start,
        a.span.end,
        b.pattern,
        b.name.start,
    ))
}

/// Names each reference's innermost symbol, in one sweep over both sorted lists.
fn tie(symbols: &[Symbol], references: &mut [Reference]) {
    let mut open: Vec<u32> = Vec::new();
    let mut next = 0;
    for reference in references {
        let at = reference.span.start;
        while next < symbols.len() && symbols[next].span.start <= at {
            open.push(next as u32);
            next += 1;
        }
        while let Some(last) = open.last()
            && symbols[*last as usize].span.end <= at
        {
            open.pop();
        }
        reference.within = open.last().copied();
    }
}

struct Nest<'a> {
    language: &'static Language,
    text: &'a str,
    comments: Vec<Range<usize>>,
    symbols: Vec<Symbol>,
    open: Vec<u32>,
    /// Names exported apart from their definitions.
    exports: HashSet<String>,
    /// Where those names stand.
    export_starts: Vec<usize>,
    /// Whether the file exports anything by a keyword, once that was asked.
    says_export: Option<bool>,
}

impl Nest<'_> {
    /// Adds a symbol; `is_leaf` when no other definition stands inside it.
    fn add(&mut self, definition: &Definition, is_leaf: bool) {
        while let Some(last) = self.open.last()
            && self.is_over(*last, definition)
        {
            self.open.pop();
        }
        if self.open.len() >= self.language.max_depth || self.merged(definition) {
            return;
        }
        let parent = self.open.last().copied();
        if self.is_body_of(definition, parent) {
            return;
        }
        let name = self.name(definition);
        let kind = self.kind(definition, parent);
        let is_local = self.is_local(kind, definition, parent);
        if name.is_empty() || is_local || self.is_shown(definition, parent) {
            return;
        }
        let signature = self.signature(definition, is_leaf);
        let symbol = Symbol {
            kind,
            qualified_name: self.qualified(parent, definition, &name),
            parent,
            span: definition.span.clone(),
            lines: lines(definition.first_row, definition.last_row),
            signature: signature.clone(),
            doc: definition.doc.clone(),
            body: definition
                .body
                .clone()
                .filter(|body| body.end > body.start.max(signature.end)),
            name_span: definition.name.clone(),
            visibility: self.visibility(definition, parent, &name),
            is_test: self.is_test(definition, kind, parent, &name),
            name,
        };
        self.open.push(self.symbols.len() as u32);
        self.symbols.push(symbol);
    }

    /// Whether `definition` stands after a symbol or, as one of several names of one node, beside it.
    fn is_over(&self, symbol: u32, definition: &Definition) -> bool {
        let span = &self.symbols[symbol as usize].span;
        span.end < definition.span.end || *span == definition.span
    }

    /// Whether `parent` has the very same body, so that both are one symbol:
    /// `const Shape = class Shape { }`.
    fn is_body_of(&self, definition: &Definition, parent: Option<u32>) -> bool {
        definition
            .body
            .as_ref()
            .is_some_and(|body| !body.is_empty())
            && parent.is_some_and(|p| self.symbols[p as usize].body == definition.body)
    }

    /// Extends the symbol before this one when the language says they are one.
    fn merged(&mut self, definition: &Definition) -> bool {
        if !self.language.merge_adjacent {
            return false;
        }
        let parent = self.open.last().copied();
        let text = self.text;
        let first = parent.map_or(0, |parent| parent as usize + 1);
        let place = self.symbols[first..]
            .iter()
            .rposition(|symbol| symbol.parent == parent);
        let Some(place) = place.map(|place| first + place) else {
            return false;
        };
        let last = &mut self.symbols[place];
        let is_alike = last.kind == definition.kind
            || (definition.kind.is_callable()
                && (last.kind.is_callable() || last.kind == SymbolKind::Variable));
        if !is_alike || last.name != clean_name(&text[definition.name.clone()]) {
            return false;
        }
        if definition.kind.is_callable() && last.kind == SymbolKind::Variable {
            last.kind = definition.kind;
        }
        self.open.push(place as u32);
        last.body
            .get_or_insert(definition.span.start..definition.span.end)
            .end = definition.span.end;
        last.span.end = definition.span.end;
        last.lines.end = lines(definition.first_row, definition.last_row).end;
        true
    }

    fn name(&self, definition: &Definition) -> String {
        let mut name = clean_name(&self.text[definition.name.clone()]);
        if definition.kind != SymbolKind::Rule
            && let Some(bare) = name.strip_prefix(':')
            && bare.starts_with(|c: char| c == '_' || c.is_alphabetic())
        {
            // Symbols and atoms: `:name`.
            name = bare.to_owned();
        }
        if definition.kind == SymbolKind::Heading {
            name = without_markup(&name);
        }
        for more in &definition.more_names {
            name.push('.');
            name.push_str(&clean_name(&self.text[more.clone()]));
        }
        name
    }

    fn qualified(&self, parent: Option<u32>, definition: &Definition, name: &str) -> String {
        let separator = self.language.separator;
        let mut qualified = String::new();
        if let Some(parent) = parent {
            qualified.push_str(&self.symbols[parent as usize].qualified_name);
            qualified.push_str(separator);
        }
        if let Some(scope) = definition.scope.as_ref().or(definition.namespace.as_ref()) {
            let scope = clean_name(&self.text[scope.clone()]);
            if self.language.split_names {
                qualified.push_str(&without_arguments(&scope));
            } else {
                qualified.push_str(&scope);
            }
            qualified.push_str(separator);
        }
        qualified.push_str(name);
        qualified
    }

    fn kind(&self, definition: &Definition, parent: Option<u32>) -> SymbolKind {
        let in_type = parent.is_some_and(|p| self.symbols[p as usize].kind.has_methods());
        match definition.kind {
            SymbolKind::Function if in_type || definition.scope.is_some() => SymbolKind::Method,
            SymbolKind::Variable if in_type => SymbolKind::Field,
            kind => kind,
        }
    }

    /// Whether the symbol is a variable or a bare prototype inside a function: of no use to
    /// anyone outside it.
    fn is_local(&self, kind: SymbolKind, definition: &Definition, parent: Option<u32>) -> bool {
        use SymbolKind::{Constant, Field, Function, Key, Property, Variable, Variant};
        let Some(parent) = parent.map(|parent| self.symbols[parent as usize].kind) else {
            return false;
        };
        match kind {
            Variable | Constant => parent.is_callable() || parent == Variable,
            Field | Property | Key => parent.is_callable(),
            Variant => parent.is_callable() || matches!(parent, Variable | Field),
            // A bare prototype; elsewhere a function without a body is half typed.
            Function => {
                let is_prototype =
                    definition.body.is_none() && self.language.preprocessor.is_some();
                parent.is_callable() && is_prototype
            }
            _ => false,
        }
    }

    /// Whether there is nothing new in it: a key that the signature around it shows, or a second
    /// name of one element.
    fn is_shown(&self, definition: &Definition, parent: Option<u32>) -> bool {
        let last = self.symbols.last();
        let is_named = definition.kind == SymbolKind::Element
            && last
                .is_some_and(|last| last.kind == definition.kind && last.span == definition.span);
        let is_key = matches!(definition.kind, SymbolKind::Key | SymbolKind::Element);
        let signature_end = parent.map_or(0, |parent| self.symbols[parent as usize].signature.end);
        is_named || (is_key && signature_end >= definition.span.end)
    }

    /// The signature ends where the body starts, but a short key or element shows its value.
    fn signature(&self, definition: &Definition, is_leaf: bool) -> Range<usize> {
        let start = definition.signature_start;
        let whole = start..definition.span.end;
        if matches!(definition.kind, SymbolKind::Key | SymbolKind::Element)
            && is_short(
                &self.text[whole.clone()],
                is_leaf && definition.kind == SymbolKind::Key,
            )
        {
            return whole;
        }
        let end = match &definition.body {
            Some(body) if body.start > start => self.before_comments(body.start),
            _ => definition.span.end,
        };
        start..end.max(start)
    }

    /// Where the comments right before `end` begin: those between a signature and its body.
    fn before_comments(&self, mut end: usize) -> usize {
        loop {
            let bare = self.text[..end].trim_end().len();
            let ends_here = |comment: &Range<usize>| {
                self.text[comment.start..comment.end.min(end)]
                    .trim_end()
                    .len()
                    + comment.start
                    == bare
            };
            let idx = self.comments.partition_point(|comment| comment.start < end);
            match self.comments[..idx]
                .last()
                .filter(|comment| ends_here(comment))
            {
                Some(comment) => end = comment.start,
                None => return end,
            }
        }
    }

    fn visibility(
        &mut self,
        definition: &Definition,
        parent: Option<u32>,
        name: &str,
    ) -> Visibility {
        let public = match self.language.visibility {
            VisibilityRule::Public => true,
            VisibilityRule::Capitalized => name.chars().next().is_some_and(char::is_uppercase),
            VisibilityRule::Underscore => {
                !name.starts_with('_') || (name.starts_with("__") && name.ends_with("__"))
            }
            VisibilityRule::Listed => self.is_listed(definition, parent, name),
            VisibilityRule::Export => self.is_exported(definition, parent, name),
            VisibilityRule::Words(words) => return self.by_words(definition, parent, &words),
        };
        if public {
            Visibility::Public
        } else {
            Visibility::Private
        }
    }

    /// What a declaration without a word of its own takes from where it stands: variants and
    /// interface members are as visible as their parent, the members of `impl Trait for Type`
    /// as visible as the trait; namespaces are for everyone.
    fn inherited(&self, kind: SymbolKind, parent: Option<u32>) -> Option<Visibility> {
        use SymbolKind::{Extension, Impl, Interface, Namespace, Package, Trait, Variant};
        if matches!(kind, Impl | Extension | Namespace | Package) {
            return Some(Visibility::Public);
        }
        let parent = &self.symbols[parent? as usize];
        match parent.kind {
            Trait | Interface => Some(parent.visibility),
            Impl if self.text[parent.signature.clone()].contains(" for ") => {
                Some(Visibility::Public)
            }
            _ if kind == Variant || parent.kind == Variant => Some(parent.visibility),
            _ => None,
        }
    }

    fn by_words(&self, definition: &Definition, parent: Option<u32>, words: &Words) -> Visibility {
        let end = definition.name.start.max(definition.signature_start);
        let lead = &self.text[definition.signature_start..end];
        let parent_kind = parent.map(|p| self.symbols[p as usize].kind);
        let in_type =
            definition.scope.is_some() || parent_kind.is_some_and(SymbolKind::has_methods);
        let hidden = |kind: SymbolKind| words.private_by_default_in.contains(&kind.word());
        match () {
            () if has_word(lead, words.private) => Visibility::Private,
            () if !in_type && has_word(lead, words.private_outside_types) => Visibility::Private,
            () if has_word(lead, words.public) => Visibility::Public,
            () => definition
                .section
                .or(self.inherited(definition.kind, parent))
                .unwrap_or({
                    if words.default_public && !parent_kind.is_some_and(hidden) {
                        Visibility::Public
                    } else {
                        Visibility::Private
                    }
                }),
        }
    }

    /// Whether the file's list of exports, if it has one, names it or what it stands in.
    fn is_listed(&self, definition: &Definition, parent: Option<u32>, name: &str) -> bool {
        if self.exports.is_empty() {
            return true;
        }
        match parent {
            Some(parent) => self.symbols[parent as usize].visibility == Visibility::Public,
            None => {
                let is_open = matches!(definition.kind, SymbolKind::Impl | SymbolKind::Module);
                is_open || self.exports.contains(name)
            }
        }
    }

    fn is_exported(&mut self, definition: &Definition, parent: Option<u32>, name: &str) -> bool {
        let text = self.text;
        if name.starts_with('#') {
            return false;
        }
        let in_module = parent.is_none_or(|p| {
            matches!(
                self.symbols[p as usize].kind,
                SymbolKind::Module | SymbolKind::Namespace
            )
        });
        if !in_module || definition.scope.is_some() {
            let lead = &text
                [definition.signature_start..definition.name.start.max(definition.signature_start)];
            return !lead
                .split_whitespace()
                .any(|word| matches!(word, "private" | "protected"));
        }
        let holds_exports = definition.kind == SymbolKind::Module
            && self
                .export_starts
                .iter()
                .any(|start| definition.span.contains(start));
        if definition.exported || self.exports.contains(name) || holds_exports {
            return true;
        }
        let says_export = || text.contains("export ");
        self.exports.is_empty() && !*self.says_export.get_or_insert_with(says_export)
    }

    fn is_test(
        &self,
        definition: &Definition,
        kind: SymbolKind,
        parent: Option<u32>,
        name: &str,
    ) -> bool {
        if definition.is_test || parent.is_some_and(|p| self.symbols[p as usize].is_test) {
            return true;
        }
        let rule = &self.language.tests;
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| starts_as_word(name, prefix));
        let lead_start = definition.attributes.start.min(definition.span.start);
        let lead = &self.text[lead_start..definition.name.start.max(lead_start)];
        (kind.is_callable() && starts(rule.name_prefixes))
            || (kind.is_type() && starts(rule.type_prefixes))
            || (!rule.attributes.is_empty() && names_attribute(lead, rule.attributes))
    }
}

/// Whether a key or element is short enough to be shown whole: on one line or, for a key with
/// nothing inside that has a line of its own in the outline, after folding.
fn is_short(text: &str, may_fold: bool) -> bool {
    match text.contains('\n') {
        false => text.len() <= MAX_KEY,
        true => may_fold && text.len() <= 3 * MAX_KEY && fold(text, usize::MAX).len() <= MAX_KEY,
    }
}

/// `Test` begins `TestFoo` and `Test_foo`, not `Testament`; `test_` begins anything after it.
fn starts_as_word(name: &str, prefix: &str) -> bool {
    let Some(rest) = name.strip_prefix(prefix) else {
        return false;
    };
    prefix.ends_with('_') || !rest.starts_with(char::is_lowercase)
}

/// Whether an attribute among `lead` holds one of `words`: `#[tokio::test]`, `@Test`.
fn names_attribute(lead: &str, words: &[&str]) -> bool {
    let mut rest = lead;
    while let Some(at) = rest.find(['@', '#', '[']) {
        rest = &rest[at + 1..];
        let end = rest.find(['\n', '"']).unwrap_or(rest.len());
        let attribute = &rest[..end];
        let is_word_part = |c: char| !(c.is_alphanumeric() || c == '_');
        if attribute
            .split(is_word_part)
            .any(|word| words.contains(&word))
        {
            return true;
        }
    }
    false
}

/// `Foo<T>::Bar` as `Foo::Bar`.
fn without_arguments(scope: &str) -> String {
    let mut depth = 0;
    let is_outside = |c: &char| {
        depth += i32::from(*c == '<');
        let outside = depth == 0;
        depth -= i32::from(*c == '>');
        outside
    };
    scope.chars().filter(is_outside).collect()
}

fn clean_name(raw: &str) -> String {
    let name = raw.trim();
    let quoted = ['"', '\'', '`'].into_iter().find_map(|quote| {
        name.strip_prefix(quote)
            .and_then(|name| name.strip_suffix(quote))
    });
    let name = quoted.unwrap_or(name);
    let is_sentence = name.contains(char::is_whitespace);
    fold(name, if is_sentence { MAX_NAME } else { 8 * MAX_NAME })
}

/// A heading's text without tags and without the marks that close it (`## Title ##`).
fn without_markup(name: &str) -> String {
    let mut bare = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((text, after)) = rest.split_once('<') {
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match after.split_once('>') {
            Some((_, after)) if is_tag => {
                bare.push_str(text);
                rest = after;
            }
            _ => break,
        }
    }
    bare.push_str(rest);
    fold(bare.trim_end_matches('#'), MAX_NAME)
}
