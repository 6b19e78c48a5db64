//! The Unicode class of each character of a text, read from the table that the build prepared.
//!
//! A class is one bit (see `layout.rs`), so that a set of classes is a mask. ASCII never leaves the
//! first, 256-byte table.

use super::layout::BLOCK;

static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/unicode.index"));
static BLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/unicode.blocks"));

/// The class of an ASCII byte; 0, in no set, for a byte of a longer character.
static ASCII: [u8; 256] = ascii();

const fn ascii() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x80 {
        table[byte] = BLOCKS[INDEX[0] as usize * BLOCK + byte];
        byte += 1;
    }
    table
}

/// A character's class bit and its length in bytes. At the end of the text both are 0.
#[derive(Clone, Copy)]
pub(super) struct Class {
    pub bit: u8,
    pub len: usize,
}

impl Class {
    /// Whether the class is one of `set`; never at the end of the text.
    #[inline]
    pub fn is(self, set: u8) -> bool {
        self.bit & set != 0
    }
}

/// The class of the character that begins at byte `at` of a valid UTF-8 text.
#[inline]
pub(super) fn class_at(text: &[u8], at: usize) -> Class {
    match text.get(at) {
        None => Class { bit: 0, len: 0 },
        Some(&byte) if byte < 0x80 => Class {
            bit: ASCII[byte as usize],
            len: 1,
        },
        Some(_) => wide_class_at(text, at),
    }
}

/// The end of the longest run of characters of the classes `set` that begins at byte `at`.
#[inline]
pub(super) fn run_end(text: &[u8], mut at: usize, set: u8) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let ascii = rest
            .iter()
            .position(|&byte| ASCII[byte as usize] & set == 0)
            .unwrap_or(rest.len());
        at += ascii;
        let class = class_at(text, at);
        if !class.is(set) {
            return at;
        }
        at += class.len;
    }
}

fn wide_class_at(text: &[u8], at: usize) -> Class {
    let continuation = |n: usize| text.get(at + n).map_or(0, |&byte| byte as usize & 0x3f);
    let lead = text[at] as usize;
    let (code_point, len) = match lead {
        0xc0..=0xdf => ((lead & 0x1f) << 6 | continuation(1), 2),
        0xe0..=0xef => (
            (lead & 0x0f) << 12 | continuation(1) << 6 | continuation(2),
            3,
        ),
        0xf0..=0xff => {
            let low = continuation(1) << 12 | continuation(2) << 6 | continuation(3);
            ((lead & 0x07) << 18 | low, 4)
        }
        _ => return Class { bit: 0, len: 0 },
    };
    let block = INDEX
        .get(code_point / BLOCK)
        .map_or(0, |&block| block as usize);
    Class {
        bit: BLOCKS[block * BLOCK + code_point % BLOCK],
        len,
    }
}
