//! Remembers what the pieces of a text cost, because the next text has the same ones.
//!
//! A look-up in a vocabulary reads three tables of a megabyte each in places that have nothing
//! to do with each other. The pieces of source code repeat, so most are found here, in one place
//! of a table that stays in the processor's cache. What is counted is the same with it and without.

use super::encoding::Encoding;
use super::layout::words;
use std::cell::Cell;

/// Longest piece that is remembered, in bytes.
pub(super) const MAX_LEN: usize = 16;

/// A power of two; at 24 bytes each, half of a second-level cache at most.
const PLACES: usize = 4096;

/// The costs of some pieces.
pub(super) struct Memo {
    encoding: Encoding,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Default)]
struct Place {
    words: (u64, u64),
    /// 0 in a place that is not in use.
    len: u8,
    tokens: u8,
}

thread_local! {
    static MEMO: Cell<Option<Box<Memo>>> = const { Cell::new(None) };
}

/// The memo of this thread while a text is counted, and the thread's again after that.
pub(super) struct Lent(Option<Box<Memo>>);

impl Lent {
    pub fn new(encoding: Encoding) -> Lent {
        let known = MEMO.take().filter(|memo| memo.encoding == encoding);
        Lent(known.or_else(|| Some(Memo::new(encoding))))
    }

    /// The tokens of `piece`, which is of at most [`MAX_LEN`] bytes: remembered or `counted` now.
    #[inline]
    pub fn tokens(&mut self, piece: &[u8], counted: impl FnOnce() -> usize) -> usize {
        let Some(memo) = &mut self.0 else {
            return counted();
        };
        let words = words(piece);
        let mixed = (words.0 ^ words.1.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut memo.places[(mixed >> 52) as usize % PLACES];
        if place.words == words && usize::from(place.len) == piece.len() {
            return usize::from(place.tokens);
        }
        let tokens = counted();
        *place = Place {
            words,
            len: piece.len() as u8,
            tokens: tokens as u8,
        };
        tokens
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // When the thread ends there may be no place for it any more.
        let _ = MEMO.try_with(|memo| memo.set(self.0.take()));
    }
}

impl Memo {
    fn new(encoding: Encoding) -> Box<Memo> {
        Box::new(Memo {
            encoding,
            places: vec![Place::default(); PLACES],
        })
    }
}
