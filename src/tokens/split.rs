//! Cuts a text into the pieces that byte-pair merging may not cross, exactly as the regular
//! expressions of the two encodings do, in one forward scan.
//!
//! The expressions are ordered alternatives; each function below is one of them, worked out by hand so
//! that nothing backtracks. They look ahead at most to the end of a run of letters or white space, and
//! what they read past the end of a piece is read again at most twice, so the scan is linear.

use super::class::{Class, class_at, run_end};
use super::layout::{CASELESS, LOWER, MARK, NEWLINE, NUMBER, OTHER, SPACE, UPPER};

/// `\p{L}`.
const LETTER: u8 = UPPER | LOWER | CASELESS;
/// `[^\r\n\p{L}\p{N}]`: what a word may take along in front.
const PREFIX: u8 = MARK | SPACE | OTHER;
/// `[^\s\p{L}\p{N}]`.
const PUNCTUATION: u8 = MARK | OTHER;
/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: the first part of a word of o200k.
const HEAD: u8 = UPPER | CASELESS | MARK;
/// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: the second part of a word of o200k.
const TAIL: u8 = LOWER | CASELESS | MARK;

/// The end of the piece of o200k that begins at `start`, which is inside the text.
///
/// ```text
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// \p{N}{1,3}
/// ` ?[^\s\p{L}\p{N}]+[\r\n/]*`
/// \s*[\r\n]+
/// \s+(?!\S)
/// \s+
/// ```
#[inline]
pub(super) fn o200k_piece_end(text: &[u8], start: usize) -> usize {
    let first = class_at(text, start);
    if let Some(end) = cased_word_end(text, start, first) {
        return contraction_end(text, end).unwrap_or(end);
    }
    if first.is(NUMBER) {
        return number_end(text, start, first);
    }
    if let Some(end) = punctuation_end(text, start, first) {
        return skip_bytes(text, end, |byte| matches!(byte, b'\r' | b'\n' | b'/'));
    }
    let space = WhiteSpace::at(text, start);
    space
        .through_last_newline
        .unwrap_or_else(|| space.before_last_unless_at_end(text, start))
}

/// The end of the piece of cl100k that begins at `start`, which is inside the text.
///
/// ```text
/// '(?i:[sdmt]|ll|ve|re)
/// [^\r\n\p{L}\p{N}]?+\p{L}++
/// \p{N}{1,3}+
/// ` ?[^\s\p{L}\p{N}]++[\r\n]*+`
/// \s++$
/// \s*[\r\n]
/// \s+(?!\S)
/// \s
/// ```
#[inline]
pub(super) fn cl100k_piece_end(text: &[u8], start: usize) -> usize {
    if let Some(end) = contraction_end(text, start) {
        return end;
    }
    let first = class_at(text, start);
    if let Some(end) = word_end(text, start, first) {
        return end;
    }
    if first.is(NUMBER) {
        return number_end(text, start, first);
    }
    if let Some(end) = punctuation_end(text, start, first) {
        return skip_bytes(text, end, |byte| matches!(byte, b'\r' | b'\n'));
    }
    let space = WhiteSpace::at(text, start);
    match space.through_last_newline {
        Some(end) if space.end < text.len() => end,
        _ => space.before_last_unless_at_end(text, start),
    }
}

/// Both word alternatives of o200k, without the contraction.
#[inline]
fn cased_word_end(text: &[u8], start: usize, first: Class) -> Option<usize> {
    if first.is(LETTER) {
        return Some(HeadAndTail::at(text, start)?.end);
    }
    if !first.is(PREFIX) {
        return None;
    }
    let letters = HeadAndTail::at(text, start + first.len);
    if first.is(MARK) && letters.as_ref().is_none_or(|letters| !letters.has_tail) {
        // A mark is a letter of both parts, too: the first alternative takes it alone, as the tail,
        // before the second one could take it as the prefix of a head.
        return Some(start + first.len);
    }
    Some(letters?.end)
}

/// The letters of a word of o200k: `HEAD*TAIL+`, or else `HEAD+TAIL*`.
struct HeadAndTail {
    end: usize,
    /// Whether the first of the two alternatives matched.
    has_tail: bool,
}

impl HeadAndTail {
    #[inline]
    fn at(text: &[u8], start: usize) -> Option<HeadAndTail> {
        let mut end = start;
        let mut after_last_shared = None;
        loop {
            let class = class_at(text, end);
            if class.is(LOWER) {
                return Some(HeadAndTail {
                    end: run_end(text, end, TAIL),
                    has_tail: true,
                });
            }
            if !class.is(HEAD) {
                break;
            }
            end += class.len;
            if class.is(TAIL) {
                after_last_shared = Some(end);
            }
        }
        // No lower-case letter follows. The greedy head gives back characters until one of them can
        // be the tail: the last one that is in both classes.
        match after_last_shared {
            Some(end) => Some(HeadAndTail {
                end,
                has_tail: true,
            }),
            None if end > start => Some(HeadAndTail {
                end,
                has_tail: false,
            }),
            None => None,
        }
    }
}

/// The word alternative of cl100k.
#[inline]
fn word_end(text: &[u8], start: usize, first: Class) -> Option<usize> {
    let letters = if first.is(PREFIX) {
        start + first.len
    } else {
        start
    };
    let end = run_end(text, letters, LETTER);
    (end > letters).then_some(end)
}

/// `'(?i:s|t|re|ve|m|ll|d)`. Ignoring case, `s` is also U+017F, the long s.
#[inline]
fn contraction_end(text: &[u8], start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    if rest.first() != Some(&b'\'') {
        return None;
    }
    let len = match &rest[1..] {
        [b's' | b'S' | b't' | b'T' | b'm' | b'M' | b'd' | b'D', ..] => 2,
        [b'r' | b'R' | b'v' | b'V', b'e' | b'E', ..] | [b'l' | b'L', b'l' | b'L', ..] => 3,
        [0xc5, 0xbf, ..] => 3,
        _ => return None,
    };
    Some(start + len)
}

/// `\p{N}{1,3}`.
fn number_end(text: &[u8], start: usize, first: Class) -> usize {
    let mut end = start + first.len;
    for _ in 1..3 {
        let class = class_at(text, end);
        if !class.is(NUMBER) {
            break;
        }
        end += class.len;
    }
    end
}

/// ` ?[^\s\p{L}\p{N}]+`.
#[inline]
fn punctuation_end(text: &[u8], start: usize, first: Class) -> Option<usize> {
    let punctuation = if text[start] == b' ' {
        start + 1
    } else {
        start
    };
    if punctuation == start && !first.is(PUNCTUATION) {
        return None;
    }
    let end = run_end(text, punctuation, PUNCTUATION);
    (end > punctuation).then_some(end)
}

fn skip_bytes(text: &[u8], start: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let rest = &text[start..];
    start
        + rest
            .iter()
            .position(|&byte| !wanted(byte))
            .unwrap_or(rest.len())
}

/// A run of white space and the places where the alternatives for it may end.
struct WhiteSpace {
    end: usize,
    last: usize,
    through_last_newline: Option<usize>,
}

impl WhiteSpace {
    fn at(text: &[u8], start: usize) -> WhiteSpace {
        let mut space = WhiteSpace {
            end: start,
            last: start,
            through_last_newline: None,
        };
        loop {
            let class = class_at(text, space.end);
            if !class.is(SPACE | NEWLINE) {
                return space;
            }
            space.last = space.end;
            space.end += class.len;
            if class.is(NEWLINE) {
                space.through_last_newline = Some(space.end);
            }
        }
    }

    /// `\s+(?!\S)|\s+`: all of the run at the end of the text; else all but its last character, which
    /// belongs to what follows; else, when it is the only one, that character.
    fn before_last_unless_at_end(&self, text: &[u8], start: usize) -> usize {
        if self.end < text.len() && self.last > start {
            self.last
        } else {
            self.end
        }
    }
}
