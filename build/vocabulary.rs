//! Writes one vocabulary as four flat files; numbers are little-endian `u32`:
//!
//! - `NAME.bytes`: all tokens, in rank order, end to end;
//! - `NAME.offsets`: where each begins, and at last where the last one ends;
//! - `NAME.slots`: an open-addressing hash index from bytes to rank, see `layout.rs`;
//! - `NAME.pairs`: for every two bytes the rank of the token they are, or `EMPTY`. Merging begins with
//!   these, which are a third of all look-ups.
//!
//! The tokens come from the reference encoder, `tiktoken-rs`, by decoding every rank.

use std::fs;
use std::path::Path;

use tiktoken_rs::CoreBPE;

use crate::layout::{EMPTY, MAX_TOKEN_LEN, hash, pair_place, slot, start_of};

/// Ordinary tokens of each encoding, special ones excluded: the number of lines of OpenAI's
/// published `o200k_base.tiktoken` and `cl100k_base.tiktoken`.
const O200K_TOKENS: u32 = 199_998;
const CL100K_TOKENS: u32 = 100_256;

/// Slots of the index: a power of two that leaves more than half of them empty, so that looking up
/// bytes that are no token, the usual case while merging, ends at the first or second slot.
const O200K_SLOTS: usize = 1 << 19;
const CL100K_SLOTS: usize = 1 << 18;

/// Writes the tables of both encodings into `out`.
pub fn write_tables(out: &Path) {
    let o200k = tiktoken_rs::o200k_base().expect("tiktoken-rs embeds o200k_base");
    write_vocabulary(
        out,
        "o200k_base",
        &tokens(&o200k, O200K_TOKENS),
        O200K_SLOTS,
    );
    let cl100k = tiktoken_rs::cl100k_base().expect("tiktoken-rs embeds cl100k_base");
    write_vocabulary(
        out,
        "cl100k_base",
        &tokens(&cl100k, CL100K_TOKENS),
        CL100K_SLOTS,
    );
}

fn tokens(encoder: &CoreBPE, n_tokens: u32) -> Vec<Vec<u8>> {
    (0..n_tokens)
        .map(|rank| {
            let token = encoder.decode_bytes(&[rank]).expect("ranks have no gaps");
            assert!(
                (1..=MAX_TOKEN_LEN).contains(&token.len()),
                "token {rank} has {} bytes",
                token.len()
            );
            token
        })
        .collect()
}

fn write_vocabulary(out: &Path, name: &str, tokens: &[Vec<u8>], n_slots: usize) {
    let write = |part: &str, bytes: &[u8]| {
        let path = out.join(format!("{name}.{part}"));
        fs::write(&path, bytes)
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    };
    write("bytes", &tokens.concat());
    write("offsets", &little_endian(&offsets(tokens)));
    write("slots", &little_endian(&index(tokens, n_slots)));
    write("pairs", &little_endian(&pairs(tokens)));
}

fn offsets(tokens: &[Vec<u8>]) -> Vec<u32> {
    let mut offsets = vec![0];
    let mut end = 0;
    for token in tokens {
        end += u32::try_from(token.len()).expect("tokens are short");
        offsets.push(end);
    }
    offsets
}

fn index(tokens: &[Vec<u8>], n_slots: usize) -> Vec<u32> {
    let mut slots = vec![EMPTY; n_slots];
    for (rank, token) in (0..).zip(tokens) {
        let hash = hash(token);
        let mut at = start_of(hash, n_slots);
        while slots[at] != EMPTY {
            at = (at + 1) & (n_slots - 1);
        }
        slots[at] = slot(hash, rank);
    }
    slots
}

fn pairs(tokens: &[Vec<u8>]) -> Vec<u32> {
    let mut pairs = vec![EMPTY; 1 << 16];
    for (rank, token) in (0..).zip(tokens) {
        if let &[first, second] = token.as_slice() {
            pairs[pair_place(first, second)] = rank;
        }
    }
    pairs
}

fn little_endian(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
