//! A search whose outcome grows with the budget.

/// Looks for the end of those of `0..most` that `fits`, as if all that do came first, and tries
/// them on the way; returns how many there are.
///
/// Which are tried depends on nothing but `most` and the answers. So whoever says yes wherever
/// another does gets as far or farther, even where neither answers in order: the beginnings of
/// a text do not all cost more than the shorter ones. Tries close to the start come first,
/// because the cost of a try grows with what it shows.
pub(crate) fn farthest(most: usize, mut fits: impl FnMut(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + ((high - low) / 2).min(low.max(64));
        if fits(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
