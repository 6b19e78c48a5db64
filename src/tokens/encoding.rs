//! The two public encodings: counting, encoding, and cutting a text to a number of tokens.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::count::Tokens;
use super::layout::MAX_TOKEN_LEN;
use super::memo::{Lent, MAX_LEN};
use super::merge;
use super::split::{cl100k_piece_end, o200k_piece_end};
use super::vocabulary::{CL100K, O200K, Vocabulary};

/// A tokenizer whose vocabulary is public, so that its counts are exact.
///
/// Special tokens such as `<|endoftext|>` are counted as the ordinary text they are here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// `o200k_base`: GPT-4o, GPT-4.1, GPT-5, the o series. The default.
    #[default]
    O200kBase,
    /// `cl100k_base`: GPT-4, GPT-3.5.
    Cl100kBase,
}

impl Encoding {
    /// Every encoding, the default first.
    pub const ALL: [Encoding; 2] = [Encoding::O200kBase, Encoding::Cl100kBase];

    /// The name that OpenAI gave it: `o200k_base` or `cl100k_base`.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::O200kBase => "o200k_base",
            Encoding::Cl100kBase => "cl100k_base",
        }
    }

    /// Counts the tokens of a text.
    pub fn count(self, text: &str) -> Tokens {
        self.pieces(text).map(|(_, n)| Tokens(u64::from(n))).sum()
    }

    /// Counts the tokens of a text, but gives up with `None` once they are more than `limit`.
    ///
    /// No token is longer than 128 bytes, so a text far over the limit is refused unread, and the time
    /// is bounded by the limit rather than by the text.
    pub fn count_up_to(self, text: &str, limit: Tokens) -> Option<Tokens> {
        if fewest_tokens(text.len()) > limit {
            return None;
        }
        let mut total = Tokens(0);
        for (_, n) in self.pieces(text) {
            total += Tokens(u64::from(n));
            if total > limit {
                return None;
            }
        }
        Some(total)
    }

    /// Returns the first `max` tokens of a text, cut back, if need be, to a prefix whose own count is at
    /// most `max`.
    ///
    /// The prefix ends between characters and between two tokens of the text (of its beginning, for a
    /// text much longer than `max` tokens can be), and it is the longest such prefix among the first
    /// `max` tokens. Cutting back is needed because a text that ends earlier may be split differently:
    /// cutting `don't` before its last letter leaves `don` and `'`.
    pub fn truncate(self, text: &str, max: Tokens) -> &str {
        let text = within_reach(text, max);
        let mut used = Tokens(0);
        let mut group = Group::default();
        for (piece, n) in self.pieces(text) {
            group.extend(text, &piece, used);
            used += Tokens(u64::from(n));
            if used > max {
                return self.cut(text, &group, piece.end, max);
            }
        }
        text
    }

    /// The longest prefix that ends inside or before the last piece of `group`, the piece that is too much.
    fn cut<'t>(self, text: &'t str, group: &Group, piece_end: usize, max: Tokens) -> &'t str {
        let room = max - group.before;
        let mut ends = vec![group.start];
        for len in self.token_lengths(text, group.start..piece_end) {
            ends.push(ends[ends.len() - 1] + len as usize);
        }
        ends.truncate(
            usize::try_from(room.0)
                .unwrap_or(usize::MAX)
                .saturating_add(1),
        );
        let fits = |&end: &usize| {
            text.is_char_boundary(end) && self.count(&text[group.start..end]) <= room
        };
        &text[..ends.into_iter().rev().find(fits).unwrap_or(group.start)]
    }

    /// Encodes a text: the ids of its tokens. For tests and tools; to count, use [`Encoding::count`].
    pub fn encode(self, text: &str) -> Vec<u32> {
        let mut at = 0;
        let mut rank_of_next = |len: u8| {
            let token = &text.as_bytes()[at..at + len as usize];
            at += len as usize;
            self.vocabulary().rank(token)
        };
        self.token_lengths(text, 0..text.len())
            .filter_map(&mut rank_of_next)
            .collect()
    }

    /// Yields the pieces that a text is split into before merging, each as a byte range with its number
    /// of tokens. The pieces cover the text without gaps, and the count of the text is their sum, so a
    /// running sum gives the tokens before any piece.
    pub fn pieces(self, text: &str) -> impl Iterator<Item = (Range<usize>, u32)> {
        let vocabulary = self.vocabulary();
        let text = text.as_bytes();
        let mut memo = Lent::new(self);
        self.ranges(text, 0).map(move |range| {
            let piece = &text[range.clone()];
            let n = match piece.len() {
                1 => 1,
                2..=MAX_LEN => memo.tokens(piece, || count_piece(vocabulary, piece)),
                _ => count_piece(vocabulary, piece),
            };
            (range, u32::try_from(n).unwrap_or(u32::MAX))
        })
    }

    /// The lengths in bytes of the tokens of `text[range]`, which consists of whole pieces.
    fn token_lengths(self, text: &str, range: Range<usize>) -> impl Iterator<Item = u8> {
        let vocabulary = self.vocabulary();
        let text = text.as_bytes();
        self.ranges(text, range.start)
            .take_while(move |piece| piece.end <= range.end)
            .flat_map(move |piece| token_lengths(vocabulary, &text[piece]))
    }

    fn ranges(self, text: &[u8], start: usize) -> impl Iterator<Item = Range<usize>> {
        let piece_end = match self {
            Encoding::O200kBase => o200k_piece_end,
            Encoding::Cl100kBase => cl100k_piece_end,
        };
        let mut at = start;
        std::iter::from_fn(move || {
            let piece = (at < text.len()).then(|| at..piece_end(text, at))?;
            at = piece.end;
            Some(piece)
        })
    }

    fn vocabulary(self) -> &'static Vocabulary {
        match self {
            Encoding::O200kBase => &O200K,
            Encoding::Cl100kBase => &CL100K,
        }
    }
}

/// The tokens of one piece. Every single byte is a token; so are most pieces as a whole.
#[inline]
fn count_piece(vocabulary: &Vocabulary, piece: &[u8]) -> usize {
    if piece.len() == 1 || vocabulary.rank(piece).is_some() {
        return 1;
    }
    merge::count(vocabulary, piece)
}

fn token_lengths(vocabulary: &Vocabulary, piece: &[u8]) -> Vec<u8> {
    match u8::try_from(piece.len()) {
        Ok(len) if vocabulary.rank(piece).is_some() => vec![len],
        _ => merge::lengths(vocabulary, piece),
    }
}

/// The fewest tokens that so many bytes can be.
fn fewest_tokens(len: usize) -> Tokens {
    Tokens(len.div_ceil(MAX_TOKEN_LEN) as u64)
}

/// Cuts off what `max` tokens cannot reach, and leaves enough after that for the cut not to matter.
fn within_reach(text: &str, max: Tokens) -> &str {
    let reach = usize::try_from(max.0)
        .unwrap_or(usize::MAX)
        .saturating_add(64)
        .saturating_mul(MAX_TOKEN_LEN);
    let mut end = reach.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The last pieces of a walk from where a cut could change how they are split: a piece, with the white
/// space before it, because white space at the end of a text may become one piece.
#[derive(Default)]
struct Group {
    start: usize,
    /// Tokens of the text before `start`.
    before: Tokens,
    ends_blank: bool,
}

impl Group {
    fn extend(&mut self, text: &str, piece: &Range<usize>, before: Tokens) {
        if !self.ends_blank {
            (self.start, self.before) = (piece.start, before);
        }
        self.ends_blank = text[piece.clone()].trim_start().is_empty();
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    fn from_str(name: &str) -> Result<Encoding, UnknownEncoding> {
        let known = Encoding::ALL
            .into_iter()
            .find(|encoding| encoding.name() == name);
        known.ok_or_else(|| UnknownEncoding {
            name: name.to_owned(),
        })
    }
}

/// The name of no encoding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown encoding `{name}`: known are `o200k_base` and `cl100k_base`")]
pub struct UnknownEncoding {
    /// What was asked for.
    pub name: String,
}
