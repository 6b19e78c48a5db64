//! Keeps the outline of a huge data file small: the deepest symbols go first, and are counted.

use super::symbol::Symbol;

/// Leaves out the deepest of `symbols` until at most `most` are left, and of one depth the last
/// ones; returns a note about it.
pub(super) fn prune(symbols: &mut Vec<Symbol>, most: usize) -> Option<String> {
    let found = symbols.len();
    if found <= most {
        return None;
    }
    let mut depths: Vec<usize> = Vec::with_capacity(found);
    let mut counts: Vec<usize> = Vec::new();
    for symbol in symbols.iter() {
        let depth = symbol
            .parent
            .map_or(0, |parent| depths[parent as usize] + 1);
        depths.push(depth);
        counts.resize(counts.len().max(depth + 1), 0);
        counts[depth] += 1;
    }
    let mut room = most;
    let mut depth = 0;
    while counts[depth] <= room {
        room -= counts[depth];
        depth += 1;
    }
    retain(symbols, |idx| {
        let has_room = depths[idx] == depth && room > 0;
        room -= usize::from(has_room);
        depths[idx] < depth || has_room
    });
    let left = symbols.len();
    Some(format!(
        "lists {left} of {found} symbols: the others stand deeper or further down"
    ))
}

/// Keeps the symbols that `keep` accepts by index; it accepts the parent of each it accepts.
fn retain(symbols: &mut Vec<Symbol>, mut keep: impl FnMut(usize) -> bool) {
    let mut places = Vec::with_capacity(symbols.len());
    let mut place = 0;
    let mut idx = 0;
    symbols.retain_mut(|symbol| {
        let kept = keep(idx);
        places.push(place);
        if kept {
            symbol.parent = symbol.parent.map(|parent| places[parent as usize]);
            place += 1;
        }
        idx += 1;
        kept
    });
}

#[cfg(test)]
mod tests {
    use crate::code::syntax::{FileSyntax, Wants, language, parse};
    use std::fmt::Write as _;

    fn keys(outer: usize, inner: usize) -> FileSyntax {
        let mut text = String::new();
        for idx in 0..outer {
            writeln!(text, "outer{idx}:\n").unwrap();
            for idx in 0..inner {
                writeln!(text, "  inner{idx}: {}", "long ".repeat(30)).unwrap();
            }
        }
        parse(language::by_name("yaml").unwrap(), &text, Wants::default())
    }

    #[test]
    fn a_file_of_ordinary_size_is_kept_whole() {
        let syntax = keys(10, 10);
        assert_eq!(syntax.symbols.len(), 110);
        assert!(syntax.notes.is_empty());
    }

    #[test]
    fn the_deepest_symbols_of_a_huge_file_go_first() {
        let syntax = keys(100, 100);
        assert_eq!(syntax.symbols.len(), 5000);
        assert_eq!(
            syntax
                .symbols
                .iter()
                .filter(|symbol| symbol.parent.is_none())
                .count(),
            100
        );
        assert!(
            syntax.notes[0].starts_with("lists 5000 of 10100 symbols"),
            "{:?}",
            syntax.notes
        );
        for symbol in &syntax.symbols {
            let parent = symbol
                .parent
                .map(|parent| &syntax.symbols[parent as usize].name);
            assert_eq!(
                parent.is_some(),
                symbol.name.starts_with("inner"),
                "{}",
                symbol.name
            );
        }
    }
}
