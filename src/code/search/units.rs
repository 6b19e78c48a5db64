//! Cuts a parsed file into units and tells of each word which unit and field it stands in.
//!
//! Both stores go through this one module, so that they hold the same units and count the same
//! words.

use super::store::{FIELDS, Field, Unit};
use super::terms;
use crate::code::syntax::{FileSyntax, Lines, Symbol, SymbolKind};

/// One unit with what is only known while its file is at hand.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The unit. `file` is 0, `parent` an index within the file, `lengths` all 0.
    pub unit: Unit,
    /// Its symbol; `None` for the residual unit.
    pub symbol: Option<u32>,
    /// Hash of its text, 0 for short ones: equal for copies.
    pub copy: u32,
}

/// The units of one file.
#[derive(Clone, Debug)]
pub struct Units {
    /// The residual unit, then one for each symbol worth a line.
    pub cuts: Vec<Cut>,
    /// The unit that each symbol is or belongs to.
    pub unit_of: Vec<u32>,
    /// Number of lines of the file.
    pub lines: u32,
}

/// Lengths of fields are counted up to this, that of the body further.
pub const MAX_LENGTH: u32 = u16::MAX as u32;

/// Cuts a file into units.
pub fn cut(text: &str, syntax: &FileSyntax) -> Units {
    let symbols = &syntax.symbols;
    let lines = text.lines().count().max(1) as u32;
    let (unit_of, symbol_of) = number(symbols);
    let mut cuts = Vec::with_capacity(symbol_of.len() + 1);
    cuts.push(Cut {
        unit: residual(lines),
        symbol: None,
        copy: 0,
    });
    for idx in symbol_of {
        let symbol = &symbols[idx as usize];
        let lead = symbol
            .doc
            .as_ref()
            .filter(|doc| doc.end <= symbol.span.start);
        let lead = lead.map_or(0, |doc| {
            memchr::memchr_iter(b'\n', &text.as_bytes()[doc.start..symbol.span.start]).count()
        });
        let lead = lead.min(MAX_LENGTH as usize) as u32;
        cuts.push(Cut {
            unit: Unit {
                file: 0,
                kind: Some(symbol.kind),
                lines: symbol.lines,
                doc_line: symbol.lines.start.saturating_sub(lead).max(1),
                parent: Some(symbol.parent.map_or(0, |parent| unit_of[parent as usize])),
                is_test: symbol.is_test,
                has_body: symbol.body.is_some(),
                lengths: [0; FIELDS],
            },
            symbol: Some(idx),
            copy: copy_hash(&text.as_bytes()[symbol.span.clone()]),
        });
    }
    Units {
        cuts,
        unit_of,
        lines,
    }
}

/// The unit of each symbol, and the symbol of each unit but the residual one.
pub fn number(symbols: &[Symbol]) -> (Vec<u32>, Vec<u32>) {
    let mut unit_of = vec![0_u32; symbols.len()];
    let mut symbol_of = Vec::new();
    for (idx, symbol) in symbols.iter().enumerate() {
        if is_unit(symbol, symbols) {
            symbol_of.push(idx as u32);
            unit_of[idx] = symbol_of.len() as u32;
        } else {
            unit_of[idx] = symbol.parent.map_or(0, |parent| unit_of[parent as usize]);
        }
    }
    (unit_of, symbol_of)
}

fn residual(lines: u32) -> Unit {
    Unit {
        file: 0,
        kind: None,
        lines: Lines {
            start: 1,
            end: lines,
        },
        doc_line: 1,
        parent: None,
        is_test: false,
        has_body: true,
        lengths: [0; FIELDS],
    }
}

/// Calls `visit` with the unit (its index within the file) and the field of each word of the text.
pub fn words<'a>(
    text: &'a str,
    syntax: &FileSyntax,
    units: &Units,
    mut visit: impl FnMut(u32, Field, &'a str),
) {
    let symbol = |unit: u32| {
        let cut = units.cuts.get(unit as usize)?;
        syntax.symbols.get(cut.symbol? as usize)
    };
    let start_of = |unit: u32| {
        symbol(unit).map_or(0, |symbol| {
            let doc = symbol.doc.as_ref().map_or(usize::MAX, |doc| doc.start);
            doc.min(symbol.span.start)
        })
    };
    let mut order: Vec<(usize, u32)> = (1..units.cuts.len() as u32)
        .map(|unit| (start_of(unit), unit))
        .collect();
    order.sort_by_key(|(start, _)| *start);
    let mut order = order.into_iter().peekable();
    let mut stack: Vec<u32> = vec![0];
    let mut here: Option<&Symbol> = None;
    terms::words(text, |at, word| {
        let mut moved = false;
        while let Some((_, unit)) = order.next_if(|(start, _)| *start <= at) {
            stack.push(unit);
            moved = true;
        }
        if moved || here.is_some_and(|symbol| symbol.span.end <= at) {
            while stack.len() > 1
                && stack
                    .last()
                    .and_then(|unit| symbol(*unit))
                    .is_some_and(|symbol| symbol.span.end <= at)
            {
                stack.pop();
            }
            here = stack.last().and_then(|unit| symbol(*unit));
        }
        let unit = stack.last().copied().unwrap_or(0);
        let field = match here {
            None => Field::Body,
            Some(symbol) if symbol.name_span.contains(&at) => Field::Name,
            Some(symbol) if symbol.signature.contains(&at) => Field::Signature,
            Some(symbol) if symbol.doc.as_ref().is_some_and(|doc| doc.contains(&at)) => Field::Doc,
            Some(_) => Field::Body,
        };
        visit(unit, field, word);
    });
}

/// Whether a symbol is worth a line of its own.
fn is_unit(symbol: &Symbol, symbols: &[Symbol]) -> bool {
    let kind = symbol.kind;
    let inside_callable = || {
        symbol
            .parent
            .is_some_and(|parent| symbols[parent as usize].kind.is_callable())
    };
    use SymbolKind::*;
    match kind {
        Field | Property | Variant | Key | Element => {
            symbol.lines.end > symbol.lines.start + 2 && kind != Key
        }
        Variable | Constant => !inside_callable(),
        _ => true,
    }
}

/// A hash of a text without its white space; 0 for a text too short to tell a copy by.
fn copy_hash(text: &[u8]) -> u32 {
    if text.len() < 120 {
        return 0;
    }
    let (mut hash, mut eight) = (0xcbf2_9ce4_8422_2325_u64, 1_u64);
    let mut mix = |eight: u64| {
        hash = (hash ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 29;
    };
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
        // The 1 that the word begins with falls out at the top when seven bytes stand behind it.
        let is_full = eight >> 56 != 0;
        if is_full {
            mix(eight);
            eight = 1;
        }
        eight = eight << 8 | u64::from(*byte);
    }
    mix(eight);
    // Never 0, which says that there is none.
    ((hash >> 32) as u32).max(1)
}
