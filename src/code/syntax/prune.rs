//! Keeps the outline of a huge data file small: the deepest symbols go first, and are counted.

use super::symbol::Symbol;

/// Leaves out the deepest of `symbols` until at most `most` are left; returns a note about it.
pub(super) fn prune(symbols: &mut Vec<Symbol>, most: usize) -> Option<String> {
    let found = symbols.len();
    if found <= most {
        return None;
    }
    let mut depths: Vec<usize> = Vec::with_capacity(found);
    let mut counts: Vec<usize> = Vec::new();
    for symbol in symbols.iter() {
        let depth = symbol.parent.map_or(0, |parent| depths[parent as usize] + 1);
        depths.push(depth);
        counts.resize(counts.len().max(depth + 1), 0);
        counts[depth] += 1;
    }
    let mut kept = 0;
    let mut limit = 0;
    for count in counts {
        if limit > 0 && kept + count > most {
            break;
        }
        kept += count;
        limit += 1;
    }
    retain(symbols, |idx| depths[idx] < limit);
    symbols.truncate(most);
    let left = symbols.len();
    Some(format!("lists {left} of {found} symbols: the others stand deeper or further down"))
}

/// Keeps the symbols that `keep` accepts by index; it accepts the parent of each it accepts.
fn retain(symbols: &mut Vec<Symbol>, keep: impl Fn(usize) -> bool) {
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
