//! What the lines of a text cost.

use crate::code::syntax::Lines;
use crate::tokens::{Counter, Tokens};

/// Cumulative token counts by line: the cost of any range of lines without counting again.
///
/// Exact for the whole text. A range differs from a count of its own text by at most the one
/// piece at each end that the range cuts.
#[derive(Clone, Debug)]
pub struct LineCosts {
    /// Tokens before each line, and after the last.
    before: Vec<u32>,
}

impl LineCosts {
    /// Counts `text` once.
    pub fn new(counter: &Counter, text: &str) -> LineCosts {
        let mut before = Vec::with_capacity(text.len() / 32 + 2);
        before.push(0);
        let mut total = 0;
        let mut newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        let mut newline = newlines.next().unwrap_or(usize::MAX);
        for (range, tokens) in counter.encoding().pieces(text) {
            total += tokens;
            // A piece that holds newlines closes their lines.
            while newline < range.end {
                before.push(total);
                newline = newlines.next().unwrap_or(usize::MAX);
            }
        }
        before.push(total);
        LineCosts { before }
    }

    /// Tokens of the whole text, in the base encoding.
    pub fn total(&self) -> Tokens {
        Tokens(self.before.last().copied().unwrap_or(0).into())
    }

    /// Number of lines.
    pub fn lines(&self) -> u32 {
        u32::try_from(self.before.len() - 1).unwrap_or(u32::MAX)
    }

    /// Tokens of a range of lines, in the base encoding.
    pub fn of(&self, lines: Lines) -> Tokens {
        let last = self.before.len() - 1;
        let start = (lines.start as usize).saturating_sub(1).min(last);
        let end = (lines.end as usize).min(last);
        Tokens(u64::from(
            self.before[end].saturating_sub(self.before[start]),
        ))
    }
}
