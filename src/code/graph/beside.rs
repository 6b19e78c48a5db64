//! Words written directly beside the name of a type: `store: &mut Store`, `s *Store`,
//! `Store store`, `store = new Store(`. A cheap stand-in for types of variables.

use super::names::{Name, Names};
use super::receiver::{is_word, word_before};

/// A variable and the type written beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Beside {
    /// The variable.
    pub word: Name,
    /// Where, in bytes.
    pub at: u32,
    /// The type.
    pub type_name: Name,
}

/// Words that may stand between a variable and its type.
const GLUE: &[&str] = &[
    "mut", "dyn", "impl", "new", "const", "ref", "final", "await", "Option", "Arc", "Box", "Rc",
    "Vec", "Optional", "List", "Mutex", "RefCell", "struct", "chan", "in", "async",
];

/// All pairs of `text`, sorted. `is_type` tells the names of types.
pub(super) fn pairs(text: &str, names: &Names, is_type: &[bool]) -> Vec<Beside> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        let Some(type_name) = names.get(&text[start..at]) else {
            continue;
        };
        if !is_type[type_name.0 as usize] {
            continue;
        }
        let mut add = |word: &str| {
            if let Some(word) = names.get(word) {
                found.push(Beside {
                    word,
                    at: start as u32,
                    type_name,
                });
            }
        };
        if let Some(word) = before(bytes, start) {
            add(&text[word]);
        }
        if let Some(word) = after(bytes, at) {
            add(&text[word]);
        }
    }
    found.sort_unstable();
    found
}

fn before(bytes: &[u8], start: usize) -> Option<std::ops::Range<usize>> {
    let mut end = skip_path(bytes, start);
    for _ in 0..8 {
        let bare = skip_back(bytes, end);
        match word_before(bytes, bare) {
            Some(word)
                if GLUE
                    .iter()
                    .any(|glue| glue.as_bytes() == &bytes[word.clone()]) =>
            {
                end = word.start;
            }
            Some(word) if bare < start => return Some(word),
            _ => return None,
        }
    }
    None
}

/// Before `a.b.` or `a::b::`.
fn skip_path(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        let bare = if bytes[..at].ends_with(b"::") {
            at - 2
        } else if bytes[..at].ends_with(b".") {
            at - 1
        } else {
            return at;
        };
        match word_before(bytes, bare) {
            Some(word) => at = word.start,
            None => return at,
        }
    }
}

fn skip_back(bytes: &[u8], end: usize) -> usize {
    let is_glue = |byte: u8| b" \t:=&*<?|![]".contains(&byte);
    let mut at = end;
    while at > 0 && is_glue(bytes[at - 1]) && end - at < 24 {
        at -= 1;
    }
    at
}

fn after(bytes: &[u8], end: usize) -> Option<std::ops::Range<usize>> {
    let mut at = end;
    if bytes.get(at) == Some(&b'<') {
        let close = bytes[at..].iter().take(80).position(|byte| *byte == b'>')?;
        at += close + 1;
    }
    let gap = bytes[at..]
        .iter()
        .take(6)
        .take_while(|byte| b" *&[]?".contains(byte))
        .count();
    let start = at + gap;
    let length = bytes[start..]
        .iter()
        .take_while(|byte| is_word(**byte))
        .count();
    let is_named = length > 0 && !bytes[start].is_ascii_digit();
    (gap > 0 && is_named).then_some(start..start + length)
}
