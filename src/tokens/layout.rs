//! What `build.rs` and the program must agree on: the hash and the slots of the vocabulary index, and
//! the class bits of the Unicode table. Both compile this same file.

/// Bytes of the longest token of either encoding (a run of 128 spaces). The build checks it.
pub const MAX_TOKEN_LEN: usize = 128;

/// A slot of the index with no token in it.
pub const EMPTY: u32 = u32::MAX;

/// Low bits of a slot that hold the rank; the bits above hold a fingerprint of the hash, so that a
/// look-up reads the token's bytes only when they are almost surely the right ones.
const RANK_BITS: u32 = 18;

/// The slot for a token of this hash and rank.
#[allow(dead_code, reason = "only the build fills slots")]
pub const fn slot(hash: u64, rank: u32) -> u32 {
    assert!(rank < (1 << RANK_BITS) - 1);
    fingerprint(hash) | rank
}

/// The part of a slot that must be equal for the token to have this hash.
pub const fn fingerprint(hash: u64) -> u32 {
    (hash >> 32) as u32 & !((1 << RANK_BITS) - 1)
}

/// The rank in a slot that is not [`EMPTY`].
#[allow(dead_code, reason = "only the program reads slots")]
pub const fn rank_of(slot: u32) -> u32 {
    slot & ((1 << RANK_BITS) - 1)
}

/// The first slot to look at; the following ones come next, around the end. `n_slots` is a power of two.
pub const fn start_of(hash: u64, n_slots: usize) -> usize {
    hash as usize & (n_slots - 1)
}

/// Where the table of byte pairs has the rank of these two bytes.
pub const fn pair_place(first: u8, second: u8) -> usize {
    (first as usize) << 8 | second as usize
}

/// Hashes up to 16 bytes with one 64x64-bit multiplication, longer ones with one more per 16 bytes.
/// Reads are little-endian, so the value is the same on every platform.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    let n = bytes.len();
    let (low, high) = match n {
        0..=16 => words(bytes),
        _ => (
            fold(&bytes[..n - 16]),
            word64(bytes, n - 16) ^ word64(bytes, n - 8).rotate_left(32),
        ),
    };
    mix(
        low ^ 0x9e37_79b9_7f4a_7c15,
        high ^ 0xd1b5_4a32_d192_ed03 ^ (n as u64) << 56,
    )
}

/// Whether two byte strings are equal. For up to 16 bytes, nearly all tokens, this is several times
/// faster than a call of `memcmp`, which was a fifth of all counting.
#[inline]
#[allow(dead_code, reason = "only the program looks tokens up")]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && if a.len() <= 16 {
            words(a) == words(b)
        } else {
            a == b
        }
}

/// Up to 16 bytes as two numbers, different for different bytes of one length.
#[inline]
pub fn words(bytes: &[u8]) -> (u64, u64) {
    let n = bytes.len();
    match n {
        0 => (0, 0),
        1..=3 => {
            let [first, middle, last] = [bytes[0], bytes[n / 2], bytes[n - 1]].map(u64::from);
            (first | middle << 8 | last << 16, 0)
        }
        4..=8 => (word32(bytes, 0), word32(bytes, n - 4)),
        _ => (word64(bytes, 0), word64(bytes, n - 8)),
    }
}

fn fold(bytes: &[u8]) -> u64 {
    let mut state = 0x2d35_8dcc_aa6c_78a5;
    let mut at = 0;
    while at + 16 <= bytes.len() {
        state = mix(
            word64(bytes, at) ^ state,
            word64(bytes, at + 8) ^ 0x8bb8_4b93_962e_acc9,
        );
        at += 16;
    }
    let mut tail = [0; 16];
    tail[..bytes.len() - at].copy_from_slice(&bytes[at..]);
    mix(
        word64(&tail, 0) ^ state,
        word64(&tail, 8) ^ 0x4b33_a62e_d433_d4a3,
    )
}

#[inline]
fn mix(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

#[inline]
fn word32(bytes: &[u8], at: usize) -> u64 {
    let [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    u32::from_le_bytes([a, b, c, d]) as u64
}

#[inline]
fn word64(bytes: &[u8], at: usize) -> u64 {
    word32(bytes, at) | word32(bytes, at + 4) << 32
}

/// Code points per block of the two-stage Unicode table.
pub const BLOCK: usize = 256;

/// `\p{Lu}` and `\p{Lt}`: upper-case and title-case letters.
pub const UPPER: u8 = 1 << 0;
/// `\p{Ll}`: lower-case letters.
pub const LOWER: u8 = 1 << 1;
/// `\p{Lm}` and `\p{Lo}`: modifier letters and letters without case.
pub const CASELESS: u8 = 1 << 2;
/// `\p{M}`: combining marks.
pub const MARK: u8 = 1 << 3;
/// `\p{N}`: digits and other numbers.
pub const NUMBER: u8 = 1 << 4;
/// `\s` without [`NEWLINE`].
pub const SPACE: u8 = 1 << 5;
/// `[\r\n]`.
pub const NEWLINE: u8 = 1 << 6;
/// Everything else: punctuation, symbols, controls, unassigned.
pub const OTHER: u8 = 1 << 7;
