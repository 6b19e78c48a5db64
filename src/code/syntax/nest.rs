//! Turns the flat definitions of a walk into symbols: nested by containment, with qualified
//! names, visibility and test marks, and references tied to the symbol they stand in.

use super::language::{Language, VisibilityRule, Words};
use super::signature::fold;
use super::symbol::{FileSyntax, Import, Reference, Symbol, SymbolKind, Visibility};
use super::walk::{Definition, has_word, lines};
use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

/// Longest name kept; a longer one is cut with `…` (keys and headings can be whole sentences).
const MAX_NAME: usize = 120;

pub(super) fn nest(
    language: &'static Language,
    text: &str,
    mut definitions: Vec<Definition>,
    mut references: Vec<Reference>,
    imports: Vec<Import>,
) -> FileSyntax {
    definitions.sort_by(|a, b| {
        (a.span.start, b.span.end, a.pattern, a.name.start)
            .cmp(&(b.span.start, a.span.end, b.pattern, b.name.start))
    });
    let mut seen = HashSet::new();
    definitions.retain(|definition| seen.insert(definition.name.start));
    seen.extend(definitions.iter().flat_map(|definition| &definition.more_names).map(|name| name.start));
    // Of the names that one node defines, the last owns what stands inside: the struct.
    definitions.sort_by_key(|definition| {
        (definition.span.start, Reverse(definition.span.end), definition.kind.has_methods())
    });
    let mut nest = Nest {
        language,
        text,
        symbols: Vec::new(),
        open: Vec::new(),
        last_node: None,
        exports: None,
    };
    for definition in &definitions {
        nest.add(definition);
    }
    let symbols = nest.symbols;
    references.sort_by_key(|reference| reference.span.start);
    references.dedup_by_key(|reference| reference.span.start);
    references.retain(|reference| !seen.contains(&reference.span.start));
    tie(&symbols, &mut references);
    FileSyntax { symbols, references, imports, notes: Vec::new() }
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
    symbols: Vec<Symbol>,
    open: Vec<u32>,
    /// The node of the symbol on top of `open`.
    last_node: Option<usize>,
    exports: Option<bool>,
}

impl Nest<'_> {
    fn add(&mut self, definition: &Definition) {
        while let Some(last) = self.open.last()
            && self.symbols[*last as usize].span.end < definition.span.end
        {
            self.open.pop();
        }
        if self.last_node.take() == Some(definition.node) {
            self.open.pop();
        }
        if self.open.len() >= self.language.max_depth || self.merged(definition) {
            return;
        }
        let parent = self.open.last().copied();
        let name = self.name(definition);
        let kind = self.kind(definition, parent);
        if name.is_empty() || self.is_local(kind, definition, parent) {
            return;
        }
        let symbol = Symbol {
            kind,
            qualified_name: self.qualified(parent, definition.scope.as_ref(), &name),
            parent,
            span: definition.span.clone(),
            lines: lines(definition.first_row, definition.last_row),
            signature: self.signature(definition),
            doc: definition.doc.clone(),
            body: definition.body.clone().filter(|body| !body.is_empty()),
            name_span: definition.name.clone(),
            visibility: self.visibility(definition, parent, &name),
            is_test: self.is_test(definition, kind, parent, &name),
            name,
        };
        self.open.push(self.symbols.len() as u32);
        self.last_node = Some(definition.node);
        self.symbols.push(symbol);
    }

    /// Extends the symbol before this one when the language says they are one.
    fn merged(&mut self, definition: &Definition) -> bool {
        if !self.language.merge_adjacent {
            return false;
        }
        let parent = self.open.last().copied();
        let text = self.text;
        let Some(last) = self.symbols.iter_mut().rev().find(|symbol| symbol.parent == parent) else {
            return false;
        };
        if last.name != text[definition.name.clone()] {
            return false;
        }
        last.body.get_or_insert(definition.span.start..definition.span.end).end = definition.span.end;
        last.span.end = definition.span.end;
        last.lines.end = lines(definition.first_row, definition.last_row).end;
        true
    }

    fn name(&self, definition: &Definition) -> String {
        let mut name = clean_name(&self.text[definition.name.clone()]);
        for more in &definition.more_names {
            name.push('.');
            name.push_str(&clean_name(&self.text[more.clone()]));
        }
        name
    }

    fn qualified(&self, parent: Option<u32>, scope: Option<&Range<usize>>, name: &str) -> String {
        let separator = self.language.separator;
        let mut qualified = String::new();
        if let Some(parent) = parent {
            qualified.push_str(&self.symbols[parent as usize].qualified_name);
            qualified.push_str(separator);
        }
        if let Some(scope) = scope {
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
        use SymbolKind::{Constant, Field, Function, Property, Variable};
        let is_local = match kind {
            Variable | Constant | Field | Property => true,
            Function => definition.body.is_none(),
            _ => false,
        };
        is_local && parent.is_some_and(|p| self.symbols[p as usize].kind.is_callable())
    }

    fn signature(&self, definition: &Definition) -> Range<usize> {
        let start = definition.signature_start;
        let end = match &definition.body {
            Some(body) if body.start > start => body.start,
            _ => definition.span.end,
        };
        start..end.max(start)
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
            VisibilityRule::Export => self.is_exported(definition, parent, name),
            VisibilityRule::Words(words) => return self.by_words(definition, parent, &words),
        };
        if public { Visibility::Public } else { Visibility::Private }
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
            Impl if self.text[parent.signature.clone()].contains(" for ") => Some(Visibility::Public),
            _ if kind == Variant || parent.kind == Variant => Some(parent.visibility),
            _ => None,
        }
    }

    fn by_words(&self, definition: &Definition, parent: Option<u32>, words: &Words) -> Visibility {
        let end = definition.name.start.max(definition.signature_start);
        let lead = &self.text[definition.signature_start..end];
        let parent_kind = parent.map(|p| self.symbols[p as usize].kind);
        let in_type = definition.scope.is_some() || parent_kind.is_some_and(SymbolKind::has_methods);
        let hidden = |kind: SymbolKind| words.private_by_default_in.contains(&kind.word());
        match () {
            () if has_word(lead, words.private) => Visibility::Private,
            () if !in_type && has_word(lead, words.private_outside_types) => Visibility::Private,
            () if has_word(lead, words.public) => Visibility::Public,
            () => definition.section.or(self.inherited(definition.kind, parent)).unwrap_or({
                if words.default_public && !parent_kind.is_some_and(hidden) {
                    Visibility::Public
                } else {
                    Visibility::Private
                }
            }),
        }
    }

    fn is_exported(&mut self, definition: &Definition, parent: Option<u32>, name: &str) -> bool {
        let text = self.text;
        if name.starts_with('#') {
            return false;
        }
        if parent.is_some() {
            let lead = &text[definition.signature_start..definition.name.start.max(definition.signature_start)];
            return !lead.split_whitespace().any(|word| matches!(word, "private" | "protected"));
        }
        definition.exported || !*self.exports.get_or_insert_with(|| text.contains("export "))
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

/// `Test` begins `TestFoo` and `Test_foo`, not `Testament`; `test_` begins anything after it.
fn starts_as_word(name: &str, prefix: &str) -> bool {
    let Some(rest) = name.strip_prefix(prefix) else { return false };
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
        if attribute.split(is_word_part).any(|word| words.contains(&word)) {
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
    let quotes = |c| matches!(c, '"' | '\'' | '`');
    let name = raw.trim().trim_matches(quotes);
    fold(name, MAX_NAME)
}
