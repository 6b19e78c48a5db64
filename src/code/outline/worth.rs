//! What files and symbols are worth to a reader who is new to them.

use super::folders::{Folders, folder_of, name_of};
use crate::code::files::SourceFile;
use crate::code::syntax::{Symbol, SymbolKind, Visibility};
use crate::tokens::{Counter, Tokens};

/// Fewest tokens that a file's line can cost: no budget shows more files than it holds of these.
const LEAST_FILE_COST: u64 = 3;

/// Files that are always opened: the smallest budget that works is then found in the view that
/// it will be asked of.
const LEAST_FILES: usize = 64;
/// Bytes of a line beside its label, about.
pub(super) const LINE_OVERHEAD: usize = 16;

/// Fewest tokens that a symbol's line can cost: its indentation, line, kind and name.
const LEAST_SYMBOL_COST: u64 = 4;

/// Symbols that are always kept: as many cost little memory, and the order of what is packed
/// may differ a little from the order in which they are kept.
const LEAST_SYMBOLS: usize = 16_384;

/// How many symbols a budget could show at all.
pub(super) fn most_symbols(counter: &Counter, budget: Tokens) -> usize {
    let lines = counter.base_budget(budget).0 / LEAST_SYMBOL_COST;
    usize::try_from(lines)
        .unwrap_or(usize::MAX)
        .max(LEAST_SYMBOLS)
}

/// What the line of each file is worth for its price, never more than the line of its folder:
/// the order in which files are packed.
pub(super) fn ratios(files: &[SourceFile], values: &[f32], folders: &Folders) -> Vec<f32> {
    let ratio = |value: f32, label: &str| value / (label.len() + LINE_OVERHEAD) as f32;
    let ratio_of = |(file, value): (&SourceFile, &f32)| {
        let folder = folder_of(&file.path);
        match folders.value(folder) {
            Some(heading) => ratio(*value, name_of(&file.path)).min(ratio(heading, folder)),
            None => ratio(*value, &file.path),
        }
    };
    files.iter().zip(values).map(ratio_of).collect()
}

/// Which files a budget could show at all: as many as it holds lines, of those worth most and
/// of those worth most for what their line costs, which is how they are packed. Symbols of a
/// file are never worth more than the file's own line, so the other files need not even be
/// opened.
pub(super) fn reachable(
    values: &[f32],
    ratios: &[f32],
    counter: &Counter,
    budget: Tokens,
) -> Vec<bool> {
    let lines = counter.base_budget(budget).0 / LEAST_FILE_COST;
    let most = usize::try_from(lines)
        .unwrap_or(usize::MAX)
        .max(LEAST_FILES);
    let files = values.len();
    if files <= most {
        return vec![true; files];
    }
    let mut reachable = vec![false; files];
    for worth in [values, ratios] {
        let mut ranked: Vec<usize> = (0..files).collect();
        ranked.sort_by(|a, b| worth[*b].total_cmp(&worth[*a]).then(a.cmp(b)));
        for idx in ranked.into_iter().take(most) {
            reachable[idx] = true;
        }
    }
    reachable
}

/// What the line of each file is worth. Each further file of one folder is worth less: the
/// twentieth sibling tells a reader little that the others did not.
pub(super) fn file_values(files: &[SourceFile]) -> Vec<f32> {
    let mut values: Vec<f32> = files.iter().map(file_value).collect();
    let mut start = 0;
    while start < files.len() {
        let folder = folder_of(&files[start].path);
        let siblings = files[start..]
            .iter()
            .take_while(|file| folder_of(&file.path) == folder)
            .count();
        let mut ranked: Vec<usize> = (start..start + siblings).collect();
        ranked.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
        for (rank, idx) in ranked.into_iter().enumerate() {
            values[idx] *= 0.94_f32.powi(rank.min(60) as i32);
        }
        start += siblings;
    }
    values
}

/// What the line of a file is worth by itself: its role, its size, how deep it lies.
fn file_value(file: &SourceFile) -> f32 {
    let size = (1.0 + file.bytes.min(1 << 20) as f32 / 1_000.0).ln();
    let depth = file.path.matches('/').count().min(12) as f32;
    let known = if file.language.is_some() { 1.0 } else { 0.3 };
    // Squared: a test file's line comes after the names of the types in the source.
    file.role.weight().powi(2) * known * (3.0 + size) * 0.95_f32.powf(depth)
}

/// What the name of a symbol is worth to a reader who does not know the file.
pub(super) fn worth(symbol: &Symbol, depth: u16) -> f32 {
    let kind = match symbol.kind {
        kind if kind.is_type() => 1.0,
        // `mod item;` says where to look, not what is there.
        SymbolKind::Module if symbol.body.is_none() => 0.25,
        SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Impl | SymbolKind::Extension => {
            0.9
        }
        kind if kind.is_callable() => 0.9,
        SymbolKind::Heading | SymbolKind::Service | SymbolKind::Rpc | SymbolKind::Target => 0.9,
        kind if kind.is_member_data() => 0.3,
        _ => 0.5,
    };
    let visibility = if symbol.visibility == Visibility::Public {
        1.0
    } else {
        0.55
    };
    let test = if symbol.is_test { 0.3 } else { 1.0 };
    let size = 1.0 + f32::from((symbol.lines.end - symbol.lines.start).min(400) as u16) / 400.0;
    kind * visibility * test * size * 0.8_f32.powi(i32::from(depth))
}
