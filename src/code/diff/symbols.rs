//! What changed, symbol by symbol: the definitions of both sides of a file matched and compared.

use crate::code::syntax::signature::signature_line;
use crate::code::syntax::{FileSyntax, Symbol, SymbolKind, Visibility};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

/// What happened to a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another signature, and maybe another body.
    Signature,
    /// It has another name.
    Renamed,
    /// It stands elsewhere.
    Moved,
    /// Only its body differs.
    Body,
    /// It has another value: a constant, a key of a configuration.
    Value,
    /// Only its attributes or decorators differ.
    Attributes,
    /// Only its documentation differs.
    Doc,
    /// Only white space differs.
    Reformatted,
}

impl Verb {
    /// The word for it in text and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Verb::Added => "added",
            Verb::Removed => "removed",
            Verb::Signature => "signature",
            Verb::Renamed => "renamed",
            Verb::Moved => "moved",
            Verb::Body => "body",
            Verb::Value => "changed",
            Verb::Attributes => "attributes",
            Verb::Doc => "doc",
            Verb::Reformatted => "reformatted",
        }
    }
}

/// The change of one symbol.
#[derive(Clone, Debug)]
pub struct SymbolChange {
    /// What happened.
    pub verb: Verb,
    /// What the symbol is.
    pub kind: SymbolKind,
    /// Its own name.
    pub name: String,
    /// With the names around it.
    pub qualified_name: String,
    /// Lines in the new file, 1-based.
    pub lines: Option<(u32, u32)>,
    /// Lines in the old file.
    pub old_lines: Option<(u32, u32)>,
    /// The signature, of the new file where it is there.
    pub signature: String,
    /// The signature it had, where that differs.
    pub old_signature: Option<String>,
    /// `path:lines` of the other end of a move, or the name it had.
    pub other_end: Option<String>,
    /// Whether it can be reached from outside.
    pub is_public: bool,
    /// Whether it is a test or stands in one.
    pub is_test: bool,
    /// The change of the symbol it stands in, where that is listed.
    pub parent: Option<usize>,
    /// Hashes of its lines, for finding it elsewhere; only of what was added or removed.
    pub fingerprint: Vec<u64>,
}

/// The text and the symbols of one side.
#[derive(Clone, Copy)]
pub struct Parsed<'a> {
    /// The text.
    pub text: &'a str,
    /// What it defines.
    pub syntax: &'a FileSyntax,
}

/// The changes of a file, and which of them each symbol belongs to.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// In the order of the new file; what is gone comes where it was.
    pub changes: Vec<SymbolChange>,
    /// For each old symbol the change that shows its lines.
    pub of_old: Vec<Option<usize>>,
    /// For each new symbol the change that shows its lines.
    pub of_new: Vec<Option<usize>>,
}

/// How much of a range of lines differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Nothing.
    None,
    /// Some lines.
    Part,
    /// Every line.
    All,
}

/// Compares the symbols of two sides. `touched_old` and `touched_new` tell how much of the
/// lines of a range of bytes differs.
pub fn compare(
    old: Parsed,
    new: Parsed,
    touched_old: impl Fn(Range<usize>) -> Touch,
    touched_new: impl Fn(Range<usize>) -> Touch,
) -> Compared {
    let matched = matched(old, new);
    let mut partner = vec![None; old.syntax.symbols.len()];
    for (idx, old_idx) in matched.iter().enumerate() {
        if let Some(old_idx) = old_idx {
            partner[*old_idx] = Some(idx);
        }
    }
    let mut found = Compared {
        changes: Vec::new(),
        of_old: vec![None; old.syntax.symbols.len()],
        of_new: vec![None; new.syntax.symbols.len()],
    };
    for (idx, symbol) in new.syntax.symbols.iter().enumerate() {
        let above = symbol
            .parent
            .and_then(|parent| found.of_new[parent as usize]);
        let change = match matched[idx] {
            None => added_or_removed(new, idx, Verb::Added, above, &found.changes),
            Some(old_idx) => {
                let other = &old.syntax.symbols[old_idx];
                let touches = (touched_old(extent(other)), touched_new(extent(symbol)));
                let verb = match touches {
                    (Touch::None, Touch::None) => None,
                    _ => verb(old, old_idx, new, idx),
                };
                // All its lines went and came again, and are the same.
                let is_moved = touches == (Touch::All, Touch::All)
                    && above.is_none_or(|above| found.changes[above].verb != Verb::Moved);
                let verb = verb.or(is_moved.then_some(Verb::Moved));
                verb.map(|verb| both(verb, (old, old_idx), (new, idx), above))
            }
        };
        found.of_new[idx] = match change {
            Some(change) => {
                found.changes.push(change);
                Some(found.changes.len() - 1)
            }
            None => above,
        };
    }
    for (idx, symbol) in old.syntax.symbols.iter().enumerate() {
        let above = symbol
            .parent
            .and_then(|parent| found.of_old[parent as usize]);
        found.of_old[idx] = match partner[idx] {
            Some(new_idx) => found.of_new[new_idx],
            None => match added_or_removed(old, idx, Verb::Removed, above, &found.changes) {
                Some(change) => {
                    found.changes.push(change);
                    Some(found.changes.len() - 1)
                }
                None => above,
            },
        };
    }
    found
}

/// Bytes of a symbol with the documentation before it.
pub fn extent(symbol: &Symbol) -> Range<usize> {
    let doc = symbol
        .doc
        .as_ref()
        .map_or(symbol.span.start, |doc| doc.start);
    doc.min(symbol.span.start)..symbol.span.end
}

/// For each new symbol the old one that it was.
fn matched(old: Parsed, new: Parsed) -> Vec<Option<usize>> {
    let mut matched = vec![None; new.syntax.symbols.len()];
    let mut is_taken = vec![false; old.syntax.symbols.len()];
    let exact = |parsed: Parsed, idx: usize| {
        let symbol = &parsed.syntax.symbols[idx];
        let signature = symbol.signature_line(parsed.text);
        (symbol.kind, symbol.qualified_name.clone(), signature)
    };
    pair(&mut matched, &mut is_taken, old, new, exact);
    pair(&mut matched, &mut is_taken, old, new, |parsed, idx| {
        let symbol = &parsed.syntax.symbols[idx];
        (symbol.kind, symbol.qualified_name.clone())
    });
    pair(&mut matched, &mut is_taken, old, new, |parsed, idx| {
        parsed.syntax.symbols[idx].qualified_name.clone()
    });
    renamed(&mut matched, &mut is_taken, old, new);
    matched
}

/// Matches what is still free by a key, in order.
fn pair<K: std::hash::Hash + Eq>(
    matched: &mut [Option<usize>],
    is_taken: &mut [bool],
    old: Parsed,
    new: Parsed,
    key: impl Fn(Parsed, usize) -> K,
) {
    let mut free: HashMap<K, Vec<usize>> = HashMap::new();
    for idx in (0..is_taken.len()).rev().filter(|idx| !is_taken[*idx]) {
        free.entry(key(old, idx)).or_default().push(idx);
    }
    if free.is_empty() {
        return;
    }
    for (idx, slot) in matched
        .iter_mut()
        .enumerate()
        .filter(|(_, slot)| slot.is_none())
    {
        if let Some(old_idx) = free.get_mut(&key(new, idx)).and_then(Vec::pop) {
            *slot = Some(old_idx);
            is_taken[old_idx] = true;
        }
    }
}

/// Most symbols of a side that are compared with each other in search of new names.
const MOST_RENAMES: usize = 200;

/// Matches what has another name or stands in another scope, by what it holds.
fn renamed(matched: &mut [Option<usize>], is_taken: &mut [bool], old: Parsed, new: Parsed) {
    let is_whole = |symbol: &Symbol| !symbol.kind.is_member_data() && symbol.body.is_some();
    let prints = |parsed: Parsed, idx: usize| {
        let symbol = &parsed.syntax.symbols[idx];
        let body = symbol.body.clone().unwrap_or(symbol.span.clone());
        fingerprint(&parsed.text[body])
    };
    let gone: Vec<(usize, Vec<u64>)> = (0..is_taken.len())
        .filter(|idx| !is_taken[*idx] && is_whole(&old.syntax.symbols[*idx]))
        .take(MOST_RENAMES)
        .map(|idx| (idx, prints(old, idx)))
        .collect();
    if gone.is_empty() {
        return;
    }
    let mut came = 0;
    for (idx, slot) in matched.iter_mut().enumerate() {
        let symbol = &new.syntax.symbols[idx];
        if slot.is_some() || !is_whole(symbol) || came >= MOST_RENAMES {
            continue;
        }
        came += 1;
        let print = prints(new, idx);
        let best = gone
            .iter()
            .filter(|(old_idx, _)| !is_taken[*old_idx])
            .filter_map(|(old_idx, other_print)| {
                let other = &old.syntax.symbols[*old_idx];
                let likeness = likeness(&print, other_print);
                let least = if other.name == symbol.name { 0.5 } else { 0.7 };
                let is_like = other.kind.short() == symbol.kind.short()
                    && likeness >= least
                    && (other.name == symbol.name || print.len() >= 3);
                is_like.then_some((likeness, *old_idx))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, old_idx)) = best {
            *slot = Some(old_idx);
            is_taken[old_idx] = true;
        }
    }
}

/// Hashes of the lines of a text that say something, white space aside, sorted.
pub fn fingerprint(text: &str) -> Vec<u64> {
    let mut prints: Vec<u64> = text
        .lines()
        .map(str::trim)
        .filter(|line| line.len() > 1)
        .map(|line| {
            // The same for the same line on every run: the default hasher has fixed keys.
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            hasher.finish()
        })
        .collect();
    prints.sort_unstable();
    prints
}

/// The part of the lines of two fingerprints that they share, from 0 to 1.
pub fn likeness(a: &[u64], b: &[u64]) -> f32 {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    shared as f32 / a.len().max(b.len()).max(1) as f32
}

/// How a symbol that is on both sides differs; `None` when only what stands in it does.
fn verb(old: Parsed, old_idx: usize, new: Parsed, idx: usize) -> Option<Verb> {
    let (a, b) = (&old.syntax.symbols[old_idx], &new.syntax.symbols[idx]);
    if a.name != b.name {
        return Some(Verb::Renamed);
    }
    let signatures = (a.signature_line(old.text), b.signature_line(new.text));
    let has_other_signature = signatures.0 != signatures.1 || a.kind != b.kind;
    // What is all signature has no body that could differ: `const MAX: u32 = 3`.
    let is_all_signature = a.body.is_none() && !b.kind.is_callable() && !b.kind.is_type();
    let is_a_value = b.kind.is_value() || b.kind.is_member_data() || is_all_signature;
    if has_other_signature && !is_a_value {
        return Some(Verb::Signature);
    }
    if has_other_signature {
        return Some(Verb::Value);
    }
    let (own_a, own_b) = (own_text(old, old_idx), own_text(new, idx));
    let is_container = own_a.is_container || own_b.is_container;
    if own_a.words(is_container) != own_b.words(is_container) {
        return Some(if is_a_value { Verb::Value } else { Verb::Body });
    }
    let attributes = |parsed: Parsed, symbol: &Symbol| {
        let before = symbol.span.start..symbol.signature.start.max(symbol.span.start);
        folded(&parsed.text[before])
    };
    if attributes(old, a) != attributes(new, b) {
        return Some(Verb::Attributes);
    }
    let doc = |parsed: Parsed, symbol: &Symbol| {
        symbol
            .doc
            .clone()
            .map_or(String::new(), |doc| folded(&parsed.text[doc]))
    };
    if doc(old, a) != doc(new, b) {
        return Some(Verb::Doc);
    }
    if a.qualified_name != b.qualified_name {
        return Some(Verb::Moved);
    }
    (own_a.text != own_b.text && !is_container).then_some(Verb::Reformatted)
}

/// What a symbol holds of its own.
struct OwnText {
    text: String,
    /// Whether other symbols stand in it, which were cut out.
    is_container: bool,
}

impl OwnText {
    /// The text with each run of white space as one space; without what separates the symbols
    /// of a container, which changes when they do.
    fn words(&self, is_container: bool) -> String {
        if is_container {
            folded(&self.text.replace([',', ';', '|'], " "))
        } else {
            folded(&self.text)
        }
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body of a symbol, or all of it where it has none, without the symbols in it and without
/// its documentation.
fn own_text(parsed: Parsed, idx: usize) -> OwnText {
    let symbols = &parsed.syntax.symbols;
    let symbol = &symbols[idx];
    let whole = match &symbol.body {
        Some(body) => body.clone(),
        None => symbol.signature.start..symbol.span.end,
    };
    let mut own = String::new();
    let mut at = whole.start;
    let mut skip = |range: Range<usize>, at: &mut usize| {
        if range.start >= *at && range.end <= whole.end {
            own.push_str(&parsed.text[*at..range.start]);
            *at = range.end;
        }
    };
    if let Some(doc) = symbol.doc.clone().filter(|doc| doc.start >= whole.start) {
        skip(doc, &mut at);
    }
    // Children come in source order, after their parent; the first one outside ends them.
    let mut is_container = false;
    let inside = symbols[idx + 1..]
        .iter()
        .take_while(|child| child.span.start < whole.end);
    for child in inside.filter(|child| child.parent == Some(idx as u32)) {
        is_container = true;
        skip(extent(child), &mut at);
    }
    own.push_str(parsed.text.get(at..whole.end).unwrap_or_default());
    OwnText {
        text: own,
        is_container,
    }
}

/// What came or went in a type of fewer lines is seen in its hunk.
const SHORT: u32 = 12;

/// A symbol of one side alone, if it is worth a line: what stands in one that is listed already
/// only when it could be called or is a type.
fn added_or_removed(
    parsed: Parsed,
    idx: usize,
    verb: Verb,
    above: Option<usize>,
    changes: &[SymbolChange],
) -> Option<SymbolChange> {
    let symbol = &parsed.syntax.symbols[idx];
    let parent = above.map(|above| &changes[above]);
    if let Some(parent) = parent {
        let is_told = symbol.kind.is_callable() || symbol.kind.is_type();
        // What came or went within a function is a change of its body.
        let lines = parent.lines.or(parent.old_lines).unwrap_or((0, 0));
        let is_short = lines.1 - lines.0 < SHORT;
        if parent.kind.is_callable() || (parent.verb == verb && (!is_told || is_short)) {
            return None;
        }
    }
    let lines = Some((symbol.lines.start, symbol.lines.end));
    let is_new = verb == Verb::Added;
    Some(SymbolChange {
        lines: lines.filter(|_| is_new),
        old_lines: lines.filter(|_| !is_new),
        parent: parent.filter(|parent| parent.verb == verb).and(above),
        fingerprint: fingerprint(&parsed.text[symbol.span.clone()]),
        ..described(verb, parsed, symbol)
    })
}

fn both(
    verb: Verb,
    (old, old_idx): (Parsed, usize),
    (new, idx): (Parsed, usize),
    above: Option<usize>,
) -> SymbolChange {
    let (other, symbol) = (&old.syntax.symbols[old_idx], &new.syntax.symbols[idx]);
    let old_signature = shown_signature(old, other);
    let change = described(verb, new, symbol);
    let other_end = match verb {
        Verb::Renamed => Some(other.qualified_name.clone()),
        Verb::Moved => Some(format!("{}-{}", other.lines.start, other.lines.end)),
        _ => None,
    };
    SymbolChange {
        lines: Some((symbol.lines.start, symbol.lines.end)),
        old_lines: Some((other.lines.start, other.lines.end)),
        old_signature: (old_signature != change.signature).then_some(old_signature),
        other_end,
        is_public: change.is_public || other.visibility == Visibility::Public,
        parent: above,
        ..change
    }
}

fn described(verb: Verb, parsed: Parsed, symbol: &Symbol) -> SymbolChange {
    SymbolChange {
        verb,
        kind: symbol.kind,
        name: symbol.name.clone(),
        qualified_name: symbol.qualified_name.clone(),
        lines: None,
        old_lines: None,
        signature: shown_signature(parsed, symbol),
        old_signature: None,
        other_end: None,
        is_public: symbol.visibility == Visibility::Public,
        is_test: symbol.is_test,
        parent: None,
        fingerprint: Vec::new(),
    }
}

/// The signature of a symbol, or all of it where that is one short line.
fn shown_signature(parsed: Parsed, symbol: &Symbol) -> String {
    let whole = &parsed.text[symbol.span.start.max(symbol.signature.start)..symbol.span.end];
    let line = if whole.len() <= 100 && !whole.trim_end().contains('\n') {
        signature_line(whole)
    } else {
        symbol.signature_line(parsed.text)
    };
    if line.is_empty() {
        format!("{} {}", symbol.kind.short(), symbol.name)
    } else {
        line
    }
}
