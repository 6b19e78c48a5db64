//! The symbols of a file as an outline shows them.

use super::file::MAX_DOC;
use super::worth::worth;
use super::{OutlineRequest, Tests};
use crate::code::cost::LineCosts;
use crate::code::syntax::signature::{doc_summary, signature_line};
use crate::code::syntax::{FileSyntax, Symbol, SymbolKind, Visibility};
use crate::tokens::Counter;
use crate::view::Level;

/// One symbol, as much of it as its item needs.
pub(super) struct Entry {
    pub kind: SymbolKind,
    pub parent: Option<u32>,
    pub lines: (u32, u32),
    pub tokens: u64,
    pub is_parent: bool,
    pub levels: Vec<(Level, String, f32)>,
}

/// Turns the symbols of a file into entries.
pub(super) struct Entries<'a> {
    pub text: &'a str,
    pub syntax: &'a FileSyntax,
    pub costs: &'a LineCosts,
    pub counter: &'a Counter,
    pub request: &'a OutlineRequest,
    /// What a reader cares for the file, against 1.0.
    pub weight: f32,
}

impl Entries<'_> {
    /// One entry for each symbol that was asked for, parents before their children.
    pub fn collect(&self) -> Vec<Entry> {
        let symbols = &self.syntax.symbols;
        let kept = self.kept();
        let mut has_children = vec![false; symbols.len()];
        for (symbol, _) in symbols.iter().zip(&kept).filter(|(_, kept)| **kept) {
            if let Some(parent) = symbol.parent {
                has_children[parent as usize] = true;
            }
        }
        let mut entry_of = vec![None; symbols.len()];
        let mut depths = vec![0_u16; symbols.len()];
        let mut entries = Vec::new();
        for (idx, symbol) in symbols.iter().enumerate() {
            let parent = symbol.parent.map(|parent| parent as usize);
            depths[idx] = parent.map_or(0, |parent| depths[parent] + 1);
            if kept[idx] {
                entry_of[idx] = Some(entries.len() as u32);
                let parent = parent.and_then(|parent| entry_of[parent]);
                entries.push(self.entry(symbol, parent, depths[idx], has_children[idx]));
            }
        }
        entries
    }

    /// The symbols asked for, and everything they stand in.
    fn kept(&self) -> Vec<bool> {
        let symbols = &self.syntax.symbols;
        let mut kept = vec![false; symbols.len()];
        let mut depths = vec![0_u16; symbols.len()];
        for (idx, symbol) in symbols.iter().enumerate() {
            depths[idx] = symbol
                .parent
                .map_or(0, |parent| depths[parent as usize] + 1);
            kept[idx] =
                self.matches(symbol) && self.request.depth.is_none_or(|most| depths[idx] < most);
        }
        for idx in (0..symbols.len()).rev() {
            if let (true, Some(parent)) = (kept[idx], symbols[idx].parent) {
                kept[parent as usize] = true;
            }
        }
        kept
    }

    fn matches(&self, symbol: &Symbol) -> bool {
        let request = self.request;
        let tests = match request.tests {
            Tests::Also => true,
            Tests::No => !symbol.is_test,
            Tests::Only => symbol.is_test,
        };
        tests
            && (request.kinds.is_empty() || request.kinds.contains(&symbol.kind))
            && (!request.public_only || symbol.visibility == Visibility::Public)
    }

    fn entry(&self, symbol: &Symbol, parent: Option<u32>, depth: u16, is_parent: bool) -> Entry {
        let lines = (symbol.lines.start, symbol.lines.end);
        let name = symbol.name.clone();
        let whole = &self.text[symbol.span.start.max(symbol.signature.start)..symbol.span.end];
        let is_one_line = whole.len() <= 100 && !whole.trim_end().contains('\n');
        let signature = if is_one_line && !is_parent {
            signature_line(whole)
        } else {
            symbol.signature_line(self.text)
        };
        let signature = if signature.is_empty() {
            format!("{} {name}", symbol.kind.short())
        } else {
            signature
        };
        let doc = symbol
            .doc
            .clone()
            .map(|doc| doc_summary(&self.text[doc], MAX_DOC));
        let is_all = (is_one_line || symbol.body.is_none()) && lines.0 == lines.1;
        let worth = self.weight * worth(symbol, depth);
        let mut levels = vec![
            (Level::Name, name, worth),
            (Level::Signature, signature, 1.7 * worth),
        ];
        if let Some(doc) = doc.filter(|doc| !doc.is_empty()) {
            levels.push((Level::Doc, doc, 2.0 * worth));
        }
        if !is_all && !is_parent {
            let start = self.text[..symbol.span.start]
                .rfind('\n')
                .map_or(0, |at| at + 1);
            if self.request.level == Level::Body {
                levels.push((
                    Level::Body,
                    self.text[start..symbol.span.end].to_owned(),
                    2.6 * worth,
                ));
            }
        }
        levels.retain(|(level, ..)| *level <= self.request.level);
        let tokens = if is_all {
            0
        } else {
            self.counter.scale(self.costs.of(symbol.lines)).0
        };
        Entry {
            kind: symbol.kind,
            parent,
            lines,
            tokens,
            is_parent,
            levels,
        }
    }
}

/// The `most` entries that are packed first, with all that they stand in; the number of the
/// others and the bytes of their texts. A file of a hundred thousand constants would fill the
/// memory with symbols that no budget of this size can show.
pub(super) fn keep_best(entries: Vec<Entry>, most: usize) -> (Vec<Entry>, (usize, u64)) {
    if entries.len() <= most {
        return (entries, (0, 0));
    }
    let mut worth: Vec<f32> = Vec::with_capacity(entries.len());
    for entry in &entries {
        let ceiling = entry
            .parent
            .map_or(f32::MAX, |parent| worth[parent as usize]);
        worth.push(first_step(entry).min(ceiling));
    }
    let mut ranked: Vec<usize> = (0..entries.len()).collect();
    ranked.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
    let mut place: Vec<Option<u32>> = vec![None; entries.len()];
    for idx in ranked.into_iter().take(most) {
        // An entry is never worth more than its parent, so most parents are kept already.
        let mut at = Some(idx);
        while let Some(idx) = at.filter(|idx| place[*idx].is_none()) {
            place[idx] = Some(0);
            at = entries[idx].parent.map(|parent| parent as usize);
        }
    }
    let mut kept: Vec<Entry> = Vec::with_capacity(most);
    let (mut dropped, mut bytes) = (0, 0);
    for (idx, mut entry) in entries.into_iter().enumerate() {
        if place[idx].is_none() {
            dropped += 1;
            bytes += entry
                .levels
                .iter()
                .map(|(_, text, _)| text.len())
                .max()
                .unwrap_or(0) as u64;
            continue;
        }
        place[idx] = Some(kept.len() as u32);
        entry.parent = entry.parent.and_then(|parent| place[parent as usize]);
        kept.push(entry);
    }
    (kept, (dropped, bytes))
}

/// Value for each byte of the first step of an entry: the steepest of its levels.
fn first_step(entry: &Entry) -> f32 {
    let mut below = 0;
    let ratios = entry.levels.iter().map(|(level, text, value)| {
        below = if *level == Level::Doc {
            below + text.len()
        } else {
            text.len()
        };
        value / (below + 14) as f32
    });
    ratios.fold(0.0, f32::max)
}
