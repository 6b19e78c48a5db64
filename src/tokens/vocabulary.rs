//! The vocabularies, read in place from the tables that `build/vocabulary.rs` wrote: nothing is parsed,
//! copied or allocated at start, and the system pages in only what a text needs.

use super::layout::{
    EMPTY, MAX_TOKEN_LEN, equal, fingerprint, hash, pair_place, rank_of, start_of,
};

/// In place of a rank: no token. Ranks are far below.
pub(super) const NO_RANK: u32 = EMPTY;

/// Little-endian 32-bit numbers, as they lie in the binary.
type Words = &'static [[u8; 4]];

/// The tokens of one encoding, found by their bytes. A token's rank is its id and its merge priority.
pub(super) struct Vocabulary {
    bytes: &'static [u8],
    offsets: Words,
    slots: Words,
    pairs: Words,
}

macro_rules! table {
    ($file:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $file))
    };
}

pub(super) static O200K: Vocabulary = Vocabulary {
    bytes: table!("o200k_base.bytes"),
    offsets: table!("o200k_base.offsets").as_chunks().0,
    slots: table!("o200k_base.slots").as_chunks().0,
    pairs: table!("o200k_base.pairs").as_chunks().0,
};

pub(super) static CL100K: Vocabulary = Vocabulary {
    bytes: table!("cl100k_base.bytes"),
    offsets: table!("cl100k_base.offsets").as_chunks().0,
    slots: table!("cl100k_base.slots").as_chunks().0,
    pairs: table!("cl100k_base.pairs").as_chunks().0,
};

impl Vocabulary {
    /// The rank of the token with exactly these bytes.
    #[inline]
    pub fn rank(&self, token: &[u8]) -> Option<u32> {
        if token.len() > MAX_TOKEN_LEN {
            return None;
        }
        let hash = hash(token);
        let wanted = fingerprint(hash);
        let mut at = start_of(hash, self.slots.len());
        loop {
            let slot = u32::from_le_bytes(self.slots[at]);
            if slot == EMPTY {
                return None;
            }
            if fingerprint_in(slot) == wanted && equal(self.token(rank_of(slot)), token) {
                return Some(rank_of(slot));
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// The rank of the token with exactly these two bytes; [`NO_RANK`] when they are no token.
    #[inline]
    pub fn pair_rank(&self, first: u8, second: u8) -> u32 {
        u32::from_le_bytes(self.pairs[pair_place(first, second)])
    }

    fn token(&self, rank: u32) -> &'static [u8] {
        let offset = |at: usize| u32::from_le_bytes(self.offsets[at]) as usize;
        &self.bytes[offset(rank as usize)..offset(rank as usize + 1)]
    }
}

fn fingerprint_in(slot: u32) -> u32 {
    slot - rank_of(slot)
}
