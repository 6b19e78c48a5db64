//! The symbols of a file as an outline shows them.

use super::file::MAX_DOC;
use super::worth::{LINE_OVERHEAD, worth};
use super::{OutlineRequest, Tests};
use crate::code::cost::LineCosts;
use crate::code::syntax::signature::{doc_summary, signature_line};
use crate::code::syntax::{FileSyntax, Symbol, SymbolKind, Visibility};
use crate::tokens::Counter;
use crate::view::Level;
use std::ops::Range;

/// One symbol, as much of it as its item needs.
pub(super) struct Entry {
    pub kind: SymbolKind,
    pub parent: Option<u32>,
    pub lines: (u32, u32),
    pub tokens: u64,
    pub is_parent: bool,
    worth: f32,
    /// Where the text of each level is among the texts of the file; empty without one.
    texts: [Range<u32>; Level::ALL.len()],
}

/// What a level is worth beside the name.
const LEVEL_WORTH: [f32; Level::ALL.len()] = [1.0, 1.7, 2.0, 2.6];

impl Entry {
    /// Its levels, lowest first, with text and value; `texts` are those of its file.
    pub fn levels<'t>(&self, texts: &'t str) -> impl Iterator<Item = (Level, &'t str, f32)> {
        Level::ALL.into_iter().filter_map(move |level| {
            let text = self.texts[level as usize].clone();
            let text = &texts[text.start as usize..text.end as usize];
            (!text.is_empty()).then(|| (level, text, self.worth * LEVEL_WORTH[level as usize]))
        })
    }

    /// Value for each byte of its first step: the steepest of its levels.
    pub fn first_step(&self, texts: &str) -> f32 {
        let mut below = 0;
        let ratios = self.levels(texts).map(|(level, text, value)| {
            below = match level {
                Level::Doc => below + text.len(),
                _ => text.len(),
            };
            value / (below + LINE_OVERHEAD) as f32
        });
        ratios.fold(0.0, f32::max)
    }

    fn add(&mut self, level: Level, text: &str, texts: &mut String) {
        let start = texts.len() as u32;
        texts.push_str(text);
        self.texts[level as usize] = start..texts.len() as u32;
    }
}

/// The entries of a file and the texts of all of them.
#[derive(Default)]
pub(super) struct Listed {
    pub entries: Vec<Entry>,
    pub texts: String,
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
    pub fn collect(&self) -> Listed {
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
        let mut listed = Listed::default();
        listed
            .entries
            .reserve(kept.iter().filter(|kept| **kept).count());
        for (idx, symbol) in symbols.iter().enumerate() {
            let parent = symbol.parent.map(|parent| parent as usize);
            depths[idx] = parent.map_or(0, |parent| depths[parent] + 1);
            if kept[idx] {
                entry_of[idx] = Some(listed.entries.len() as u32);
                let parent = parent.and_then(|parent| entry_of[parent]);
                let texts = &mut listed.texts;
                let entry = self.entry(symbol, parent, depths[idx], has_children[idx], texts);
                listed.entries.push(entry);
            }
        }
        listed
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

    fn entry(
        &self,
        symbol: &Symbol,
        parent: Option<u32>,
        depth: u16,
        is_parent: bool,
        texts: &mut String,
    ) -> Entry {
        let lines = (symbol.lines.start, symbol.lines.end);
        let whole = &self.text[symbol.span.start.max(symbol.signature.start)..symbol.span.end];
        let is_one_line = whole.len() <= 100 && !whole.trim_end().contains('\n');
        let is_all = (is_one_line || symbol.body.is_none()) && lines.0 == lines.1;
        let tokens = match is_all {
            true => 0,
            false => self.counter.scale(self.costs.of(symbol.lines)).0,
        };
        let mut entry = Entry {
            kind: symbol.kind,
            parent,
            lines,
            tokens,
            is_parent,
            worth: self.weight * worth(symbol, depth),
            texts: [const { 0..0 }; Level::ALL.len()],
        };
        entry.add(Level::Name, &symbol.name, texts);
        if self.request.level >= Level::Signature {
            let signature = match is_one_line && !is_parent {
                true => signature_line(whole),
                false => symbol.signature_line(self.text),
            };
            match signature.is_empty() {
                true => {
                    let signature = format!("{} {}", symbol.kind.short(), symbol.name);
                    entry.add(Level::Signature, &signature, texts);
                }
                false => entry.add(Level::Signature, &signature, texts),
            }
        }
        if self.request.level >= Level::Doc
            && let Some(doc) = &symbol.doc
        {
            let doc = doc_summary(&self.text[doc.clone()], MAX_DOC);
            entry.add(Level::Doc, &doc, texts);
        }
        if self.request.level >= Level::Body && !is_all && !is_parent {
            let start = self.text[..symbol.span.start]
                .rfind('\n')
                .map_or(0, |at| at + 1);
            entry.add(Level::Body, &self.text[start..symbol.span.end], texts);
        }
        entry
    }
}

/// The entries that are kept, whose parents are kept, too; the number of the others and the
/// bytes of their texts.
pub(super) fn retain(listed: Listed, is_kept: &[bool]) -> (Listed, (usize, u64)) {
    let mut kept = Listed::default();
    let count = is_kept.iter().filter(|kept| **kept).count();
    kept.entries.reserve_exact(count);
    let mut place: Vec<u32> = Vec::with_capacity(is_kept.len());
    let (mut dropped, mut bytes) = (0, 0);
    for (mut entry, is_kept) in listed.entries.into_iter().zip(is_kept) {
        place.push(kept.entries.len() as u32);
        let levels = entry.levels(&listed.texts);
        if !is_kept {
            dropped += 1;
            bytes += levels.map(|(_, text, _)| text.len()).max().unwrap_or(0) as u64;
            continue;
        }
        let levels: Vec<_> = levels.map(|(level, text, _)| (level, text)).collect();
        entry.texts = Default::default();
        for (level, text) in levels {
            entry.add(level, text, &mut kept.texts);
        }
        entry.parent = entry.parent.map(|parent| place[parent as usize]);
        kept.entries.push(entry);
    }
    (kept, (dropped, bytes))
}
