//! Which known names a mistyped one may have meant.

/// At most this many suggestions.
const MOST: usize = 3;

/// The names that differ from `name` by few edits, for its length; the nearest first, then in the order
/// given.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let name = name.to_lowercase();
    let tolerance = (name.len() / 4).clamp(1, 3);
    let mut near: Vec<(usize, &str)> = known.map(|known| (edits(&name, known), known)).collect();
    near.retain(|&(distance, _)| distance <= tolerance);
    near.sort_by_key(|&(distance, _)| distance);
    near.truncate(MOST);
    near.into_iter().map(|(_, known)| known).collect()
}

/// Insertions, deletions and substitutions of characters that turn one into the other.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, from_char) in from.chars().take(100).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (to_at, &to_char) in to.iter().enumerate() {
            let substituted = diagonal + usize::from(from_char != to_char);
            diagonal = row[to_at + 1];
            row[to_at + 1] = substituted.min(diagonal + 1).min(row[to_at] + 1);
        }
    }
    row[to.len()]
}
