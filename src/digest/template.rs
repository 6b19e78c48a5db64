//! Template mining: lines that differ only in numbers and a few words are one template, with a
//! count. One hash of the line with its numbers masked finds the template of nearly every line;
//! only new hashes are compared token by token (after Drain: same number of tokens, same first
//! token, most tokens equal).

use super::Form;
use super::words::{Signals, Voice, signals};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

const MOST_TEMPLATES: usize = 4_096;
const MOST_HASHES: usize = 65_536;
/// Lines that make a form, forms that are told, bytes of their examples.
const FORM: u32 = 12;
const FORMS: usize = 6;
const EXAMPLE: usize = 48;
/// Longer lines are mined by their beginning.
const MINED: usize = 512;

/// Lines of one form.
#[derive(Clone, Debug)]
pub struct Template {
    /// Number of lines.
    pub count: u32,
    /// Raw line of the first one.
    pub first: u32,
    /// Raw line of the last one.
    pub last: u32,
    /// What the words of the first one say.
    pub signals: Signals,
    tokens: Vec<Box<str>>,
}

/// Masked hashes are good hashes already.
#[derive(Default)]
pub struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// The templates of an output.
#[derive(Default)]
pub struct Miner {
    by_hash: HashMap<u64, u32, BuildHasherDefault<Same>>,
    by_shape: HashMap<u64, Vec<u32>, BuildHasherDefault<Same>>,
    /// All templates, in order of their first line.
    pub templates: Vec<Template>,
}

impl Miner {
    /// The forms that most lines have, the most common first.
    pub fn forms(&self) -> Vec<Form> {
        let mut common: Vec<&Template> = self
            .templates
            .iter()
            .filter(|template| template.count >= FORM && !template.tokens.is_empty())
            .collect();
        common.sort_by_key(|template| (u32::MAX - template.count, template.first));
        let form = |template: &Template| Form {
            example: prefix(&template.tokens.join(" "), EXAMPLE)
                .trim_end()
                .to_owned(),
            n_lines: template.count,
            first: template.first,
            last: template.last,
        };
        common.into_iter().take(FORMS).map(form).collect()
    }

    /// Counts a line and returns its template. `line` is its raw line.
    pub fn add(&mut self, text: &str, line: u32) -> u32 {
        let mined = prefix(text, MINED);
        let hash = masked_hash(mined);
        let id = match self.by_hash.get(&hash) {
            Some(id) => *id,
            None => {
                let id = self.find(mined, line);
                if self.by_hash.len() < MOST_HASHES {
                    self.by_hash.insert(hash, id);
                }
                id
            }
        };
        let template = &mut self.templates[id as usize];
        template.count += 1;
        template.last = line;
        id
    }

    fn find(&mut self, text: &str, line: u32) -> u32 {
        let signals = signals(text);
        let tokens: Vec<&str> = text.split_whitespace().take(40).collect();
        let shape = shape(text, &tokens, &signals);
        let known = self.by_shape.entry(shape).or_default();
        for id in known.iter().rev().take(24) {
            let template = &self.templates[*id as usize];
            if is_similar(&template.tokens, &tokens) {
                return *id;
            }
        }
        if self.templates.len() >= MOST_TEMPLATES {
            return known.first().copied().unwrap_or(MOST_TEMPLATES as u32 - 1);
        }
        let id = self.templates.len() as u32;
        known.push(id);
        self.templates.push(Template {
            count: 0,
            first: line,
            last: line,
            signals,
            tokens: tokens.into_iter().map(Into::into).collect(),
        });
        id
    }
}

/// The longest beginning of at most `len` bytes.
pub fn prefix(text: &str, len: usize) -> &str {
    let mut end = len.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Lines of different shapes are never one template.
fn shape(text: &str, tokens: &[&str], signals: &Signals) -> u64 {
    let mut hash = Hash::default();
    hash.add(tokens.len() as u8);
    hash.add(signals.error as u8 * 4 + signals.warning as u8);
    hash.add((text.len() - text.trim_start().len()).min(255) as u8);
    // What stands after a slash in the first token may differ: `service/a unchanged`.
    for byte in tokens.first().map_or("", |token| token).bytes() {
        hash.add(if byte.is_ascii_digit() { b'0' } else { byte });
        if byte == b'/' {
            break;
        }
    }
    hash.0
}

fn is_similar(known: &[Box<str>], tokens: &[&str]) -> bool {
    if known.len() != tokens.len() {
        return false;
    }
    let equal = known
        .iter()
        .zip(tokens)
        .filter(|(known, token)| has_digit(token) && has_digit(known) || known.as_ref() == **token)
        .count();
    let needed = if tokens.len() <= 3 { 5 } else { 6 };
    equal * 10 >= tokens.len() * needed && (tokens.len() > 1 || equal == 1)
}

fn has_digit(token: &str) -> bool {
    token.bytes().any(|byte| byte.is_ascii_digit())
}

struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Hash(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    #[inline]
    fn add(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
}

/// Hash of a line in which every run of digits, and letters in the same word after one, is one
/// mark. A lone `0` has a mark of its own: `0 errors` is not `3 errors`.
pub fn masked_hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = Hash::default();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if !byte.is_ascii_digit() {
            hash.add(byte);
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        let is_zero = at - start == 1 && byte == b'0';
        hash.add(if is_zero { 1 } else { 2 });
    }
    hash.0 ^ (hash.0 >> 32)
}

/// The part of `text` in which it differs from `known`, in whole words; `None` when it differs
/// in nothing.
pub fn differing_part<'a>(known: &str, text: &'a str) -> Option<&'a str> {
    if known == text {
        return None;
    }
    let is_cut = |c: char| c.is_whitespace();
    let same = known
        .bytes()
        .zip(text.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let start = prefix(text, same).rfind(is_cut).map_or(0, |at| at + 1);
    let most = known.len().min(text.len()) - start;
    let same = known
        .bytes()
        .rev()
        .zip(text.bytes().rev())
        .take(most)
        .take_while(|(a, b)| a == b)
        .count();
    let mut end = text.len() - same;
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let end = text[end..].find(is_cut).map_or(text.len(), |at| end + at);
    let part = text.get(start..end.max(start))?.trim();
    (!part.is_empty()).then_some(part)
}

/// A line with its numbers masked, to compare messages.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_number = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            in_number = true;
        } else {
            if in_number {
                out.push('0');
                in_number = false;
            }
            out.push(c);
        }
    }
    if in_number {
        out.push('0');
    }
    out
}

impl Template {
    /// Whether its lines may matter by their words.
    pub fn is_notable(&self) -> bool {
        self.signals.error >= Voice::Mention
            || self.signals.warning >= Voice::Mention
            || self.signals.is_fatal
    }
}

#[cfg(test)]
mod tests {
    use super::differing_part;

    #[test]
    fn lines_differ_in_a_part() {
        let known = "modified: src/a.rs (new)";
        assert_eq!(
            differing_part(known, "modified: src/b.rs (new)"),
            Some("src/b.rs")
        );
        assert_eq!(
            differing_part(known, "modified: src/a.rs (old)"),
            Some("(old)")
        );
        assert_eq!(differing_part(known, known), None);
        assert_eq!(differing_part("é x", "é y z"), Some("y z"));
        assert_eq!(differing_part("a a", "a"), Some("a"));
    }
}
