//! Writes the Unicode classes of the split patterns as a two-stage table: `unicode.index` names a
//! block for every 256 code points, `unicode.blocks` holds the distinct blocks, one byte a code point.
//!
//! The classes come from `regex-syntax`, which is also what the reference encoder's regular
//! expressions are compiled with, so both follow the same version of Unicode.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use regex_syntax::hir::{Class, HirKind};

use crate::layout::{BLOCK, CASELESS, LOWER, MARK, NEWLINE, NUMBER, OTHER, SPACE, UPPER};

const CODE_POINTS: usize = 0x11_0000;

/// Each class bit with the expression for it. Later rows overwrite earlier ones, which only matters
/// for the newlines: they are white space too.
const CLASSES: [(u8, &str); 7] = [
    (UPPER, r"[\p{Lu}\p{Lt}]"),
    (LOWER, r"\p{Ll}"),
    (CASELESS, r"[\p{Lm}\p{Lo}]"),
    (MARK, r"\p{M}"),
    (NUMBER, r"\p{N}"),
    (SPACE, r"\s"),
    (NEWLINE, r"[\r\n]"),
];

/// Writes `unicode.index` and `unicode.blocks` into `out`.
pub fn write_tables(out: &Path) {
    let mut class_of = vec![OTHER; CODE_POINTS];
    for (bit, pattern) in CLASSES {
        for (first, last) in ranges(pattern) {
            class_of[first..=last].fill(bit);
        }
    }
    let (index, blocks) = two_stages(&class_of);
    fs::write(out.join("unicode.index"), index).expect("cannot write unicode.index");
    fs::write(out.join("unicode.blocks"), blocks).expect("cannot write unicode.blocks");
}

fn ranges(pattern: &str) -> Vec<(usize, usize)> {
    let hir = regex_syntax::parse(pattern).expect("the class patterns are constants");
    let HirKind::Class(Class::Unicode(class)) = hir.kind() else {
        panic!("`{pattern}` is not a Unicode class");
    };
    class
        .iter()
        .map(|range| (range.start() as usize, range.end() as usize))
        .collect()
}

fn two_stages(class_of: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut known: HashMap<&[u8], u8> = HashMap::new();
    let (mut index, mut blocks) = (Vec::new(), Vec::new());
    for block in class_of.chunks(BLOCK) {
        let next = known.len();
        index.push(*known.entry(block).or_insert_with(|| {
            blocks.extend_from_slice(block);
            u8::try_from(next).expect("more than 256 distinct blocks: widen the index")
        }));
    }
    (index, blocks)
}
