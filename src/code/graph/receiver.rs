//! What a used name is written behind: `self.`, `Store::`, `a.b.`, or nothing.

use std::ops::Range;

/// What stands before a used name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// Nothing: a bare name.
    None,
    /// The value or type around it: `self`, `this`.
    Own,
    /// What the type around it is based on: `super`.
    Base,
    /// One word: a variable, a type, a module. Bytes of the word.
    Word(Range<usize>),
    /// The last word of several: `store` of `self.store.get()`.
    Chain(Range<usize>),
    /// What a call returns: the called name.
    Call(Range<usize>),
    /// Anything else: a literal, an index, an expression in brackets.
    Other,
}

/// Words for the value or type around a use.
const OWN: &[&str] = &["self", "this", "Self", "cls", "static", "__class__"];

/// Words for what that is based on.
const BASE: &[&str] = &["super", "parent", "base"];

/// How far back brackets are matched.
const FAR: usize = 400;

/// What stands before the name that begins at `at`.
pub fn receiver(text: &str, at: usize) -> Receiver {
    let bytes = text.as_bytes();
    let end = trim(bytes, at);
    let Some(end) = separator(bytes, end) else {
        return Receiver::None;
    };
    let end = trim(bytes, end);
    match end.checked_sub(1).map(|last| bytes[last]) {
        Some(b')') => call(text, end),
        Some(b'>') => match opening(bytes, end, b'<', b'>') {
            Some(start) => word_or_other(text, separator(bytes, start).unwrap_or(start)),
            None => Receiver::Other,
        },
        Some(b'!' | b'?') => word_or_other(text, end - 1),
        Some(_) => word_or_other(text, end),
        None => Receiver::Other,
    }
}

fn word_or_other(text: &str, end: usize) -> Receiver {
    let bytes = text.as_bytes();
    let Some(word) = word_before(bytes, end) else {
        return Receiver::Other;
    };
    let before = trim(bytes, word.start);
    if separator(bytes, before).is_some() {
        return Receiver::Chain(word);
    }
    match &text[word.clone()] {
        own if OWN.contains(&own) => Receiver::Own,
        base if BASE.contains(&base) => Receiver::Base,
        _ if word.start > 0 && bytes[word.start - 1] == b'@' => Receiver::Chain(word),
        _ => Receiver::Word(word),
    }
}

/// `foo(...)` that ends at `end`.
fn call(text: &str, end: usize) -> Receiver {
    let bytes = text.as_bytes();
    let Some(open) = opening(bytes, end, b'(', b')') else {
        return Receiver::Other;
    };
    match word_before(bytes, trim(bytes, open)) {
        Some(word) if &text[word.clone()] == "super" => Receiver::Base,
        Some(word) => Receiver::Call(word),
        None => Receiver::Other,
    }
}

/// Where the bracket opens that closes just before `end`.
fn opening(bytes: &[u8], end: usize, open: u8, close: u8) -> Option<usize> {
    let mut depth = 0;
    for at in (end.saturating_sub(FAR)..end).rev() {
        match bytes[at] {
            byte if byte == close && !(close == b'>' && at > 0 && bytes[at - 1] == b'-') => {
                depth += 1;
            }
            byte if byte == open => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// `end` without the white space before it, a few lines of it at most.
fn trim(bytes: &[u8], end: usize) -> usize {
    let least = end.saturating_sub(FAR);
    let mut end = end;
    while end > least && bytes[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    end
}

/// Where `.`, `?.`, `::`, `->`, `&.` or `\` begins that ends at `end`.
fn separator(bytes: &[u8], end: usize) -> Option<usize> {
    let before = |from: usize| end.checked_sub(from).map(|at| bytes[at]);
    match (before(2), before(1)?) {
        (Some(b'.'), b'.') => None,
        (Some(b'?' | b'&'), b'.') | (Some(b':'), b':') | (Some(b'-'), b'>') => Some(end - 2),
        (_, b'.' | b'\\') => Some(end - 1),
        _ => None,
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// The word that ends at `end`; no number.
pub(super) fn word_before(bytes: &[u8], end: usize) -> Option<Range<usize>> {
    let mut start = end;
    while start > 0 && is_word(bytes[start - 1]) {
        start -= 1;
    }
    if start < end && bytes[start] == b'$' {
        start += 1;
    }
    (start < end && !bytes[start].is_ascii_digit()).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::{Receiver, receiver};

    fn of(text: &str) -> String {
        let at = text.rfind("name").unwrap();
        match receiver(text, at) {
            Receiver::None => "none".to_owned(),
            Receiver::Own => "own".to_owned(),
            Receiver::Base => "base".to_owned(),
            Receiver::Word(word) => format!("word {}", &text[word]),
            Receiver::Chain(word) => format!("chain {}", &text[word]),
            Receiver::Call(word) => format!("call {}", &text[word]),
            Receiver::Other => "other".to_owned(),
        }
    }

    #[test]
    fn what_stands_before_a_name_is_read_backwards() {
        let cases = [
            ("name()", "none"),
            ("x = name()", "none"),
            ("self.name()", "own"),
            ("super().name()", "base"),
            ("$this->name()", "own"),
            ("store.name()", "word store"),
            ("Store::name()", "word Store"),
            ("Store::<Vec<u8>>::name()", "word Store"),
            ("self.store.name()", "chain store"),
            ("a\n    .b()\n    .name()", "call b"),
            ("new Foo(1, (2)).name()", "call Foo"),
            ("items[0].name()", "other"),
            ("\"a\".name()", "other"),
            ("maybe?.name()", "word maybe"),
            ("0..name", "none"),
        ];
        for (text, expected) in cases {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
