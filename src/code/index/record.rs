//! What a parse found in one file, in few bytes: written once, read without parsing.
//!
//! Names are indices into a sorted list that stands apart (a `NameList`), so that a record can
//! be copied from segment to segment unchanged. Places are steps from the place before.
//! References stand last: most readers stop before them.

use super::bytes::{Damage, Reader, put, put_step, put_text};
use crate::code::syntax::{
    FileSyntax, Import, Lines, Reference, ReferenceKind, Symbol, SymbolKind, Visibility,
};
use std::ops::Range;

/// The indices of names in the list of a file, in the order in which [`each_name`] visits them.
pub type Indices<'a> = std::slice::Iter<'a, u32>;

/// The index of the next name.
fn next(names: &mut Indices<'_>) -> u32 {
    *names
        .next()
        .expect("there is one for every name that was visited")
}

/// What stands before a symbol's own name in its qualified name, and whether that is all of it.
pub fn scope(symbol: &Symbol) -> (&str, bool) {
    match symbol.qualified_name.strip_suffix(symbol.name.as_str()) {
        Some(scope) => (scope, false),
        None => (&symbol.qualified_name, true),
    }
}

/// Calls `visit` with every name that the record of `syntax` refers to, some several times: two
/// for each symbol, then one for each reference.
pub fn each_name<'a>(syntax: &'a FileSyntax, mut visit: impl FnMut(&'a str)) {
    for symbol in &syntax.symbols {
        visit(&symbol.name);
        visit(scope(symbol).0);
    }
    for reference in &syntax.references {
        visit(&reference.name);
    }
}

const PUBLIC: u8 = 1;
const TEST: u8 = 2;
const DOC: u8 = 4;
const BODY: u8 = 8;
const WHOLE: u8 = 16;
const SAME_SCOPE: u8 = 32;
const SAME_PARENT: u8 = 64;
const IN_LAST: u8 = 128;

/// Writes a record.
pub fn put_syntax(out: &mut Vec<u8>, syntax: &FileSyntax, names: &mut Indices<'_>) {
    put_optional(out, syntax.doc.as_ref());
    put(out, syntax.symbols.len() as u64);
    let mut writer = SymbolWriter::default();
    for symbol in &syntax.symbols {
        writer.put(out, symbol, names);
    }
    put(out, syntax.imports.len() as u64);
    let mut line = 0;
    for import in &syntax.imports {
        put_text(out, &import.path);
        put_step(out, line, import.line as usize);
        line = import.line as usize;
    }
    put(out, syntax.notes.len() as u64);
    for note in &syntax.notes {
        put_text(out, note);
    }
    let starts = || {
        syntax
            .references
            .iter()
            .map(|reference| reference.span.start)
    };
    let is_ordered = starts().zip(starts().skip(1)).all(|(a, b)| a <= b);
    put(
        out,
        (syntax.references.len() as u64) << 1 | u64::from(is_ordered),
    );
    let mut last = LastReference {
        is_ordered,
        ..LastReference::default()
    };
    for reference in &syntax.references {
        put_reference(out, reference, &mut last, names);
    }
}

fn put_optional(out: &mut Vec<u8>, range: Option<&Range<usize>>) {
    match range {
        None => put(out, 0),
        Some(range) => {
            put(out, range.start as u64 + 1);
            put(out, range.len() as u64);
        }
    }
}

/// The symbol before the one that is written or read.
#[derive(Default)]
struct SymbolWriter {
    idx: u32,
    start: usize,
    line: usize,
    scope: u32,
    parent: Option<u32>,
}

impl SymbolWriter {
    fn put(&mut self, out: &mut Vec<u8>, symbol: &Symbol, names: &mut Indices<'_>) {
        let is_whole = scope(symbol).1;
        let (name, scope) = (next(names), next(names));
        let mut flags = 0;
        let mut set = |flag: u8, is_set: bool| flags |= if is_set { flag } else { 0 };
        let in_last = self.idx > 0 && symbol.parent == Some(self.idx - 1);
        let same_parent = !in_last && symbol.parent == self.parent;
        set(PUBLIC, symbol.visibility == Visibility::Public);
        set(TEST, symbol.is_test);
        set(DOC, symbol.doc.is_some());
        set(BODY, symbol.body.is_some());
        set(WHOLE, is_whole);
        set(SAME_SCOPE, self.idx > 0 && scope == self.scope);
        set(SAME_PARENT, same_parent);
        set(IN_LAST, in_last);
        out.extend([symbol.kind as u8, flags]);
        put(out, u64::from(name));
        if flags & SAME_SCOPE == 0 {
            put(out, u64::from(scope));
        }
        if flags & (SAME_PARENT | IN_LAST) == 0 {
            put(out, symbol.parent.map_or(0, |parent| u64::from(parent) + 1));
        }
        let (span, signature) = (&symbol.span, &symbol.signature);
        put_step(out, self.start, span.start);
        put(out, span.len() as u64);
        put_step(out, self.line, symbol.lines.start as usize);
        put(out, u64::from(symbol.lines.end - symbol.lines.start));
        put_step(out, span.start, signature.start);
        put(out, signature.len() as u64);
        put_step(out, signature.start, symbol.name_span.start);
        put_step(out, symbol.name.len(), symbol.name_span.len());
        if let Some(doc) = &symbol.doc {
            put_step(out, span.start, doc.start);
            put(out, doc.len() as u64);
        }
        if let Some(body) = &symbol.body {
            put_step(out, signature.end, body.start);
            put_step(out, span.end, body.end);
        }
        *self = SymbolWriter {
            idx: self.idx + 1,
            start: span.start,
            line: symbol.lines.start as usize,
            scope,
            parent: symbol.parent,
        };
    }

    fn read(
        &mut self,
        reader: &mut Reader<'_>,
        names: &[impl AsRef<str>],
    ) -> Result<Symbol, Damage> {
        let kind = reader.byte()? as usize;
        let kind = *SymbolKind::ALL.get(kind).ok_or(UNKNOWN)?;
        let flags = reader.byte()?;
        let is = |flag: u8| flags & flag != 0;
        let name = name_at(names, reader.small()?)?;
        if !is(SAME_SCOPE) {
            self.scope = reader.small()?;
        }
        let scope = name_at(names, self.scope)?;
        let parent = if is(IN_LAST) {
            self.idx.checked_sub(1)
        } else if is(SAME_PARENT) {
            self.parent
        } else {
            reader.small()?.checked_sub(1)
        };
        if parent.is_some_and(|parent| parent >= self.idx) {
            return Err(UNKNOWN);
        }
        let span = range(reader, self.start)?;
        let line = reader.step(self.line)?;
        let lines = Lines {
            start: line as u32,
            end: (line as u32).checked_add(reader.small()?).ok_or(UNKNOWN)?,
        };
        let signature = range(reader, span.start)?;
        let start = reader.step(signature.start)?;
        let name_span = start..start + reader.step(name.len())?;
        let doc = match is(DOC) {
            true => Some(range(reader, span.start)?),
            false => None,
        };
        let body = match is(BODY) {
            true => Some(reader.step(signature.end)?..reader.step(span.end)?),
            false => None,
        };
        self.idx += 1;
        (self.start, self.line, self.parent) = (span.start, line, parent);
        Ok(Symbol {
            kind,
            name: name.to_owned(),
            qualified_name: match is(WHOLE) {
                true => scope.to_owned(),
                false => format!("{scope}{name}"),
            },
            parent,
            span,
            lines,
            signature,
            doc,
            body,
            name_span,
            visibility: match is(PUBLIC) {
                true => Visibility::Public,
                false => Visibility::Private,
            },
            is_test: is(TEST),
        })
    }
}

const UNKNOWN: Damage = Damage("a record is damaged");

fn name_at(names: &[impl AsRef<str>], idx: u32) -> Result<&str, Damage> {
    names.get(idx as usize).map(AsRef::as_ref).ok_or(UNKNOWN)
}

fn range(reader: &mut Reader<'_>, from: usize) -> Result<Range<usize>, Damage> {
    let start = reader.step(from)?;
    Ok(start..start + reader.small()? as usize)
}

/// Line steps from 0 to this stand in the first byte of a reference.
const NEAR: usize = 14;
const KINDS: [ReferenceKind; 4] = [
    ReferenceKind::Call,
    ReferenceKind::Type,
    ReferenceKind::Base,
    ReferenceKind::Use,
];

#[derive(Default)]
struct LastReference {
    /// Whether all stand in the order of their starts: then steps need no sign.
    is_ordered: bool,
    start: usize,
    line: usize,
    within: Option<u32>,
}

fn put_reference(
    out: &mut Vec<u8>,
    reference: &Reference,
    last: &mut LastReference,
    names: &mut Indices<'_>,
) {
    let kind = KINDS.iter().position(|kind| *kind == reference.kind);
    let line = reference.line as usize;
    let near = line.checked_sub(last.line).filter(|step| *step <= NEAR);
    let is_plain = reference.span.len() == reference.name.len();
    let same = reference.within == last.within;
    let head = kind.unwrap_or(3) | usize::from(is_plain) << 2 | usize::from(same) << 3;
    out.push((head | near.unwrap_or(NEAR + 1) << 4) as u8);
    put(out, u64::from(next(names)));
    match last.is_ordered {
        true => put(out, (reference.span.start - last.start) as u64),
        false => put_step(out, last.start, reference.span.start),
    }
    if near.is_none() {
        put_step(out, last.line, line);
    }
    if !is_plain {
        put(out, reference.span.len() as u64);
    }
    if !same {
        put(
            out,
            reference.within.map_or(0, |within| u64::from(within) + 1),
        );
    }
    *last = LastReference {
        is_ordered: last.is_ordered,
        start: reference.span.start,
        line,
        within: reference.within,
    };
}

fn reference(
    reader: &mut Reader<'_>,
    last: &mut LastReference,
    n_symbols: usize,
    names: &[impl AsRef<str>],
) -> Result<Reference, Damage> {
    let head = reader.byte()? as usize;
    let name = name_at(names, reader.small()?)?;
    let start = match last.is_ordered {
        true => last.start + reader.small()? as usize,
        false => reader.step(last.start)?,
    };
    let line = match head >> 4 {
        step if step <= NEAR => last.line + step,
        _ => reader.step(last.line)?,
    };
    let len = match head & 4 {
        0 => reader.small()? as usize,
        _ => name.len(),
    };
    if head & 8 == 0 {
        last.within = reader.small()?.checked_sub(1);
    }
    if last
        .within
        .is_some_and(|within| within as usize >= n_symbols)
    {
        return Err(UNKNOWN);
    }
    (last.start, last.line) = (start, line);
    Ok(Reference {
        kind: KINDS[head & 3],
        name: name.to_owned(),
        line: line as u32,
        span: start..start + len,
        within: last.within,
    })
}

/// Reads a record.
pub fn syntax(bytes: &[u8], names: &[impl AsRef<str>]) -> Result<FileSyntax, Damage> {
    let reader = &mut Reader::new(bytes);
    let mut syntax = FileSyntax::default();
    if let Some(start) = reader.small()?.checked_sub(1) {
        let start = start as usize;
        syntax.doc = Some(start..start + reader.small()? as usize);
    }
    let mut last = SymbolWriter::default();
    for _ in 0..reader.count()? {
        syntax.symbols.push(last.read(reader, names)?);
    }
    let mut line = 0;
    for _ in 0..reader.count()? {
        let path = reader.text()?.to_owned();
        line = reader.step(line)?;
        syntax.imports.push(Import {
            path,
            line: line as u32,
        });
    }
    for _ in 0..reader.count()? {
        syntax.notes.push(reader.text()?.to_owned());
    }
    let head = reader.number()?;
    let mut last = LastReference {
        is_ordered: head & 1 == 1,
        ..LastReference::default()
    };
    for _ in 0..head >> 1 {
        let found = reference(reader, &mut last, syntax.symbols.len(), names)?;
        syntax.references.push(found);
    }
    Ok(syntax)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::syntax::{Wants, language, parse};
    use proptest::prelude::*;

    fn names(syntax: &FileSyntax) -> (Vec<String>, Vec<u32>) {
        let mut visited = Vec::new();
        each_name(syntax, |name| visited.push(name.to_owned()));
        let mut names = visited.clone();
        names.sort_unstable();
        names.dedup();
        let index = |name: &String| names.binary_search(name).unwrap() as u32;
        let indices = visited.iter().map(index).collect();
        (names, indices)
    }

    #[test]
    fn parses_come_back() {
        let texts = [
            ("rust", include_str!("record.rs")),
            ("rust", include_str!("../syntax/nest.rs")),
            ("markdown", include_str!("../../../ARCHITECTURE.md")),
            ("toml", include_str!("../../../Cargo.toml")),
            (
                "c",
                "typedef struct { int a; } P;\nint f(P *p) { return g(p->a); }\n",
            ),
        ];
        for (language, text) in texts {
            let wants = Wants {
                references: true,
                ..Wants::default()
            };
            let syntax = parse(language::by_name(language).unwrap(), text, wants);
            let (names, indices) = names(&syntax);
            let mut bytes = Vec::new();
            put_syntax(&mut bytes, &syntax, &mut indices.iter());
            assert_eq!(super::syntax(&bytes, &names).unwrap(), syntax);
            for end in 0..bytes.len().min(2_000) {
                assert!(super::syntax(&bytes[..end], &names).is_err());
            }
        }
    }

    proptest! {
        #[test]
        fn damaged_records_are_read_without_a_panic(bytes: Vec<u8>) {
            let _ = syntax(&bytes, &["a", "b"]);
        }
    }
}
