//! When the counts of parts add up to the count of the whole.

/// Whether the tokens of this text may be added to those of its neighbors.
///
/// **Theorem.** Put together texts that all satisfy this function, and the count of the whole is the sum
/// of their counts, for both encodings. A text satisfies it when
///
/// 1. it ends in `\n`,
/// 2. it does not begin with `/`, and
/// 3. no `\r` or `\n` is in the white space it begins with; so it is not blank, either.
///
/// Nothing else matters: indentation, trailing or Unicode spaces, `\r\n`, blank lines inside or at the end,
/// combining marks and apostrophes at the beginning are all harmless. The first text may begin with
/// anything, and the last may end with anything.
///
/// *Why.* It is enough that the split of the whole has a boundary after every such `\n`, and cuts both sides
/// as it cuts them alone. Four alternatives can take the `\n` that ends a text: `[^\s\p{L}\p{N}]+[\r\n/]*`
/// goes on only over `\r`, `\n` and (o200k) `/`, which 2 and 3 keep from the beginning of the next text.
/// `\s*[\r\n]+` goes up to the last newline of a run of white space, which is this one because of 3.
/// cl100k's `\s+$` takes the same run when the text stands alone. No other alternative takes a
/// newline that is followed by a character that is not white space or by the end. None looks at what is before it,
/// so the next text is cut as if it stood alone.
///
/// (1 and 3 rule out more than must be for some neighbors: `/` at the beginning matters to o200k only after
/// a line that ends in punctuation. A rule that looks at one text at a time cannot know.)
pub fn adds_up(text: &str) -> bool {
    let (white_space, _) = text.split_at(text.len() - text.trim_start().len());
    text.ends_with('\n') && !text.starts_with('/') && !white_space.contains(['\r', '\n'])
}
