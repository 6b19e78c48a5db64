//! Byte-pair merging of one piece that is no token itself: again and again the adjacent pair with the
//! lowest rank becomes one token, the leftmost of equals first, until no pair is a token.
//!
//! Short pieces scan a small array for the lowest pair. Long ones use a heap, a window at a time, so
//! that time is linear and memory is one byte per token, besides some hundred kilobytes for the window.
//! What makes windows exact:
//!
//! **Theorem.** Write `[x]` for the tokens of `x`. If merging the last token of `[x]` followed by the
//! first of `[y]`, as a text of its own, leaves these two tokens, then `[xy]` is `[x]` followed by
//! `[y]`. And if `[xy]` has a boundary after `x`, then it is `[x]` followed by `[y]`.
//!
//! *Proof.* Let `u` be the last token of `[x]` and `v` the first of `[y]`. Until some merge crosses the
//! seam, merging `xy` restricted to either side does what merging that side alone does, because the
//! lowest, leftmost pair of the whole is that of the side it lies in. So if no merge ever crosses, both
//! statements hold. Suppose one does; until then no merge has crossed the outer ends of `u` and `v`
//! either, so the merges inside `uv` depended on nothing outside, each was the lowest, leftmost pair
//! of `uv` at the time, and so is the crossing one. Then merging `uv` alone crosses the seam as well.
//! The ranks may be any numbers at all: nothing about how the vocabulary was made is used. ∎

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::layout::MAX_TOKEN_LEN;
use super::vocabulary::{NO_RANK, Vocabulary};

/// The longest piece in bytes for the array; above it the heap is faster.
const SHORT: usize = 64;

/// Bytes merged at a time in a long piece. Large enough that windows overlap by little, small enough
/// to stay in the processor's caches; half and twice as much measured alike.
const WINDOW: usize = 4096;

/// The tokens that begin in the last bytes of a window are not used: what follows may change them.
const MARGIN: usize = 4 * MAX_TOKEN_LEN;

/// The number of tokens that `piece` merges into.
#[inline]
pub(super) fn count(vocabulary: &Vocabulary, piece: &[u8]) -> usize {
    if piece.len() <= SHORT {
        return Short::merge(vocabulary, piece).n_tokens;
    }
    lengths_of_long(vocabulary, piece).len()
}

/// The lengths in bytes of the tokens that `piece` merges into.
pub(super) fn lengths(vocabulary: &Vocabulary, piece: &[u8]) -> Vec<u8> {
    if piece.len() <= SHORT {
        return Short::merge(vocabulary, piece).lengths();
    }
    lengths_of_long(vocabulary, piece)
}

/// A piece of at most [`SHORT`] bytes with the boundaries that are left.
struct Short {
    n_tokens: usize,
    /// Where each token begins; at `n_tokens` the end of the piece.
    starts: [u8; SHORT + 1],
}

impl Short {
    fn merge(vocabulary: &Vocabulary, piece: &[u8]) -> Short {
        let mut starts: [u8; SHORT + 1] = std::array::from_fn(|at| at as u8);
        let mut ranks = [NO_RANK; SHORT];
        let mut n = piece.len().min(SHORT);
        for (at, pair) in piece.windows(2).enumerate() {
            ranks[at] = vocabulary.pair_rank(pair[0], pair[1]);
        }
        while let Some(at) = lowest(&ranks[..n]) {
            starts.copy_within(at + 2..n + 1, at + 1);
            ranks.copy_within(at + 1..n, at);
            n -= 1;
            let rank_at = |at: usize| match starts.get(at + 2) {
                Some(&end) if at + 2 <= n => vocabulary
                    .rank(&piece[starts[at] as usize..end as usize])
                    .unwrap_or(NO_RANK),
                _ => NO_RANK,
            };
            ranks[at] = rank_at(at);
            if at > 0 {
                ranks[at - 1] = rank_at(at - 1);
            }
        }
        Short {
            n_tokens: n,
            starts,
        }
    }

    fn lengths(&self) -> Vec<u8> {
        self.starts[..=self.n_tokens]
            .windows(2)
            .map(|ends| ends[1] - ends[0])
            .collect()
    }
}

/// The place of the lowest rank, the first of equals.
#[inline]
fn lowest(ranks: &[u32]) -> Option<usize> {
    let (mut lowest, mut place) = (NO_RANK, 0);
    for (at, &rank) in ranks.iter().enumerate() {
        if rank < lowest {
            (lowest, place) = (rank, at);
        }
    }
    (lowest != NO_RANK).then_some(place)
}

/// Merges a long piece window by window; see the theorem above.
///
/// `done` always holds the tokens of `piece[..start]`. A window continues it when its first token stays
/// apart from the last one of `done`. When it does not, which takes a chain of merges that reaches back
/// through a whole window and was never seen, one token is taken back and the window doubles: the work
/// stays within a few times that of the largest window, which is at worst the whole piece.
fn lengths_of_long(vocabulary: &Vocabulary, piece: &[u8]) -> Vec<u8> {
    let mut done: Vec<u8> = Vec::with_capacity(piece.len() / 4);
    let mut window = Window::default();
    let mut size = WINDOW;
    let mut start = 0;
    loop {
        let end = piece.len().min(start + size);
        window.merge(vocabulary, &piece[start..end]);
        let first = window.lengths().next().unwrap_or_default();
        if let Some(&last) = done.last()
            && !stay_apart(
                vocabulary,
                &piece[start - last as usize..start + first as usize],
                last,
            )
        {
            done.pop();
            start -= last as usize;
            size *= 2;
            continue;
        }
        if end == piece.len() {
            done.extend(window.lengths());
            return done;
        }
        let usable = end - MARGIN;
        for len in window.lengths() {
            if start + len as usize > usable {
                break;
            }
            done.push(len);
            start += len as usize;
        }
    }
}

/// Whether merging `pair` leaves two tokens, the first of `first` bytes.
fn stay_apart(vocabulary: &Vocabulary, pair: &[u8], first: u8) -> bool {
    let mut window = Window::default();
    window.merge(vocabulary, pair);
    window
        .lengths()
        .eq([first, (pair.len() - first as usize) as u8])
}

/// A stretch of text being merged with a heap of pairs. Buffers are kept from one stretch to the next.
#[derive(Default)]
struct Window {
    /// For the token that begins at a byte: the pair it forms with the next token.
    pairs: Vec<Pair>,
    /// For the byte that ends a token: the length of that token.
    len_before: Vec<u8>,
    /// Pairs by rank, then place; those that changed since are skipped when they come up.
    heap: BinaryHeap<Reverse<Entry>>,
}

/// A rank above a place in one number: compared in one step.
type Entry = u64;

fn entry(rank: u32, at: usize) -> Entry {
    u64::from(rank) << 32 | at as u64
}

#[derive(Clone, Copy)]
struct Pair {
    rank: u32,
    /// Length of the first token; 0 when no token begins here.
    len: u8,
}

impl Window {
    fn merge(&mut self, vocabulary: &Vocabulary, text: &[u8]) {
        self.start(vocabulary, text);
        while let Some(Reverse(entry)) = self.heap.pop() {
            let (rank, at) = (entry >> 32, entry as u32 as usize);
            if u64::from(self.pairs[at].rank) == rank {
                self.join(vocabulary, text, at);
            }
        }
    }

    fn start(&mut self, vocabulary: &Vocabulary, text: &[u8]) {
        self.pairs.clear();
        self.pairs.resize(
            text.len(),
            Pair {
                rank: NO_RANK,
                len: 1,
            },
        );
        self.len_before.clear();
        self.len_before.resize(text.len(), 1);
        let mut entries = std::mem::take(&mut self.heap).into_vec();
        entries.clear();
        for (at, pair) in text.windows(2).enumerate() {
            let rank = vocabulary.pair_rank(pair[0], pair[1]);
            if rank != NO_RANK {
                self.pairs[at].rank = rank;
                entries.push(Reverse(entry(rank, at)));
            }
        }
        self.heap = BinaryHeap::from(entries);
    }

    /// Makes one token of the pair at `at` and looks up the two pairs it is now part of.
    fn join(&mut self, vocabulary: &Vocabulary, text: &[u8], at: usize) {
        let second = at + self.pairs[at].len as usize;
        let end = second + self.pairs[second].len as usize;
        let len = (end - at) as u8;
        self.pairs[second] = Pair {
            rank: NO_RANK,
            len: 0,
        };
        self.pairs[at].len = len;
        self.len_before[end - 1] = len;
        self.look_up(vocabulary, text, at);
        if at > 0 {
            self.look_up(vocabulary, text, at - self.len_before[at - 1] as usize);
        }
    }

    fn look_up(&mut self, vocabulary: &Vocabulary, text: &[u8], at: usize) {
        let second = at + self.pairs[at].len as usize;
        self.pairs[at].rank = NO_RANK;
        let Some(next) = self.pairs.get(second) else {
            return;
        };
        let end = second + next.len as usize;
        if let Some(rank) = vocabulary.rank(&text[at..end]) {
            self.pairs[at].rank = rank;
            self.heap.push(Reverse(entry(rank, at)));
        }
    }

    fn lengths(&self) -> impl Iterator<Item = u8> {
        self.pairs
            .iter()
            .map(|pair| pair.len)
            .filter(|&len| len > 0)
    }
}
