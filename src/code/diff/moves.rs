//! Symbols that went in one file and came in another: moved, not removed and added.

use super::file::FileDiff;
use super::symbols::{SymbolChange, Verb, likeness};
use std::collections::BTreeMap;

/// A symbol is the same elsewhere from this part of equal lines on.
const LEAST_LIKENESS: f32 = 0.6;
/// Most symbols of one name that are compared with each other.
const MOST_OF_A_NAME: usize = 50;

/// Where a symbol change stands: file and change.
type At = (usize, usize);

/// What a symbol keeps when it moves: its name and what it is.
type Key = (String, &'static str);

/// Turns pairs of added and removed symbols of one name and like content into moves.
pub(super) fn find(files: &mut [FileDiff]) {
    let mut by_name: BTreeMap<Key, (Vec<At>, Vec<At>)> = BTreeMap::new();
    for (file_idx, file) in files.iter().enumerate() {
        for (idx, change) in file.changes.iter().enumerate() {
            if change.kind.is_member_data() || change.fingerprint.is_empty() {
                continue;
            }
            let key = (change.name.clone(), change.kind.short());
            let (gone, came) = by_name.entry(key).or_default();
            match change.verb {
                Verb::Removed => gone.push((file_idx, idx)),
                Verb::Added => came.push((file_idx, idx)),
                _ => {}
            }
        }
    }
    for (mut gone, came) in by_name.into_values() {
        if gone.len().max(came.len()) > MOST_OF_A_NAME {
            continue;
        }
        for new in came {
            let print = |at: At| &files[at.0].changes[at.1].fingerprint;
            let best = gone
                .iter()
                .enumerate()
                .map(|(place, old)| (likeness(print(*old), print(new)), place))
                .filter(|(likeness, _)| *likeness >= LEAST_LIKENESS)
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            if let Some((likeness, place)) = best {
                let old = gone.remove(place);
                join(files, old, new, likeness < 1.0);
            }
        }
    }
}

fn join(files: &mut [FileDiff], old: At, new: At, is_changed: bool) {
    let place = |file: &FileDiff, lines: Option<(u32, u32)>| match lines {
        Some((start, end)) => format!("{}:{start}-{end}", file.path),
        None => file.path.clone(),
    };
    let from = &files[old.0].changes[old.1];
    let (from_place, from_signature) =
        (place(&files[old.0], from.old_lines), from.signature.clone());
    let to_place = place(&files[new.0], files[new.0].changes[new.1].lines);
    let changed = if is_changed { " and changed" } else { "" };
    let to = &mut files[new.0].changes[new.1];
    to.verb = Verb::Moved;
    to.other_end = Some(format!("from {from_place}{changed}"));
    to.old_signature = Some(from_signature).filter(|old| *old != to.signature);
    let from = &mut files[old.0].changes[old.1];
    from.verb = Verb::Moved;
    from.other_end = Some(format!("to {to_place}"));
    drop_children(&mut files[old.0].changes, old.1);
}

/// What stands in a symbol that moved away is told where it went.
fn drop_children(changes: &mut [SymbolChange], parent: usize) {
    for change in changes
        .iter_mut()
        .filter(|change| change.parent == Some(parent))
    {
        if change.verb == Verb::Removed {
            change.verb = Verb::Moved;
            change.other_end = Some("with it".to_owned());
        }
    }
}
