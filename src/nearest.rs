//! The known word nearest to a mistyped one.

/// The word of `known` nearest to `typed`, if one is near enough to be what was meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_near(typed, known, 1).into_iter().next()
}

/// The words of `known` that may have been meant by `typed`, nearest first, at most `most`:
/// those of which at most a third of the letters differ (Damerau-Levenshtein distance,
/// restricted), or that begin with what was typed.
pub fn all_near<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let mut near: Vec<(usize, &str)> = Vec::new();
    for word in known {
        let lower = word.to_lowercase();
        let far = distance(&typed, &lower);
        let limit = lower.chars().count().max(3) / 3;
        let begins = typed.len() >= 2 && lower.starts_with(&typed);
        if far <= limit || begins {
            near.push((far, word));
        }
    }
    near.sort_by_key(|(far, _)| *far);
    near.truncate(most);
    near.into_iter().map(|(_, word)| word).collect()
}

fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(from != to))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *to && *from == b[j - 1] {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_else() {
        let known = ["outline", "read", "budget"];
        assert_eq!(nearest("outlnie", known), Some("outline"));
        assert_eq!(nearest("out", known), Some("outline"));
        assert_eq!(nearest("frobnicate", known), None);
        assert_eq!(nearest("", known), None);
    }
}
