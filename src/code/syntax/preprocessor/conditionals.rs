//! Keeps one branch of each `#if` that cuts a declaration or an expression in two.

use super::Source;
use super::lexer::Kind;

/// An open bracket; a brace may hold an initializer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Paren,
    Block,
    Initializer,
}

/// The brackets that are open at a place, and what happened on the way there.
#[derive(Clone, Debug, Default)]
struct Place {
    open: Vec<Open>,
    /// Fewest open brackets since the branch began.
    lowest: usize,
    /// A statement or block ended since the branch began.
    ended: bool,
    /// The branch holds more than directives.
    holds_code: bool,
}

/// One `#if` with its branches.
struct Group {
    /// Tokens of `#if`, `#elif`, `#else`.
    directives: Vec<usize>,
    before: Vec<Open>,
    /// Whether a statement is under way before it.
    cuts: bool,
    /// The end of each branch.
    ends: Vec<Place>,
}

/// Most nested brackets followed; more are hostile.
const MAX_OPEN: usize = 500;
/// Most nested `#if`s followed.
const MAX_GROUPS: usize = 100;

/// Overwrites the directives and the other branches of every group that is not made of whole
/// declarations or statements, and what stands in `#if 0`.
pub(super) fn choose(source: &mut Source) {
    let mut groups: Vec<Group> = Vec::new();
    let mut place = Place::default();
    let mut previous: Option<usize> = None;
    for idx in 0..source.tokens.len() {
        let token = source.tokens[idx];
        if token.kind != Kind::Directive {
            step(source, &mut place, idx, previous);
            place.holds_code = true;
            previous = Some(idx);
            continue;
        }
        match directive_name(source.text(&token)) {
            b"if" | b"ifdef" | b"ifndef" if groups.len() < MAX_GROUPS => {
                let cuts = previous.is_some_and(|at| is_under_way(source, at));
                groups.push(Group {
                    directives: vec![idx],
                    before: place.open.clone(),
                    cuts,
                    ends: Vec::new(),
                });
                place = begin(&place.open);
            }
            b"elif" | b"elifdef" | b"elifndef" | b"else" => {
                if let Some(group) = groups.last_mut() {
                    group.directives.push(idx);
                    let next = begin(&group.before);
                    group.ends.push(std::mem::replace(&mut place, next));
                }
            }
            b"endif" => {
                if let Some(mut group) = groups.pop() {
                    group.ends.push(std::mem::take(&mut place));
                    place = close(source, &group, idx);
                }
            }
            _ => {}
        }
    }
}

fn begin(open: &[Open]) -> Place {
    Place {
        open: open.to_vec(),
        lowest: open.len(),
        ended: false,
        holds_code: false,
    }
}

/// Follows one token.
fn step(source: &Source, place: &mut Place, idx: usize, previous: Option<usize>) {
    let Kind::Punct(byte) = source.tokens[idx].kind else {
        return;
    };
    let inside = place.open.last().copied();
    match byte {
        b'(' | b'[' if place.open.len() < MAX_OPEN => place.open.push(Open::Paren),
        b'{' if place.open.len() < MAX_OPEN => {
            let before = previous.map(|at| source.tokens[at].kind);
            let holds_values = matches!(before, Some(Kind::Punct(b'=' | b',' | b'(' | b']')))
                || (inside == Some(Open::Initializer));
            place.open.push(if holds_values {
                Open::Initializer
            } else {
                Open::Block
            });
        }
        b')' | b']' if inside == Some(Open::Paren) => {
            place.open.pop();
        }
        b'}' => {
            place.ended = true;
            while place.open.pop() == Some(Open::Paren) {}
        }
        b';' if inside != Some(Open::Paren) => place.ended = true,
        _ => {}
    }
    place.lowest = place.lowest.min(place.open.len());
}

/// Whether the statement that the token at `idx` belongs to goes on after it.
fn is_under_way(source: &Source, idx: usize) -> bool {
    match source.tokens[idx].kind {
        Kind::Punct(byte) => !matches!(byte, b';' | b'{' | b'}'),
        Kind::Word => !matches!(source.text(&source.tokens[idx]), b"else" | b"do"),
        _ => false,
    }
}

/// Decides over a group at its `#endif` and returns where the text goes on.
fn close(source: &mut Source, group: &Group, endif: usize) -> Place {
    let n_before = group.before.len();
    let torn = group
        .ends
        .iter()
        .any(|end| end.open.len() != n_before || end.lowest < n_before);
    let inside = group.before.last();
    let whole =
        group.ends.iter().any(|end| end.ended) || !group.ends.iter().any(|end| end.holds_code);
    let first = source.tokens[group.directives[0]];
    let is_off = condition(source.text(&first)) == b"0";
    let kept = usize::from(is_off && group.ends.len() > 1);
    if torn || inside == Some(&Open::Paren) || (group.cuts && !whole) {
        if is_off && group.ends.len() == 1 {
            keep(source, group, endif, None);
            return begin(&group.before);
        }
        keep(source, group, endif, Some(kept));
        return group.ends[kept].clone();
    }
    if inside == Some(&Open::Initializer) {
        for directive in group.directives.iter().chain([&endif]) {
            bury(source, *directive, *directive + 1);
        }
    } else if is_off {
        let end = group.directives.get(1).copied().unwrap_or(endif);
        bury(source, group.directives[0] + 1, end);
    }
    group.ends[kept].clone()
}

/// Overwrites the directives of a group and all branches but one.
fn keep(source: &mut Source, group: &Group, endif: usize, kept: Option<usize>) {
    for (branch, directive) in group.directives.iter().enumerate() {
        let end = group.directives.get(branch + 1).copied().unwrap_or(endif);
        let end = if kept == Some(branch) {
            directive + 1
        } else {
            end
        };
        bury(source, *directive, end);
    }
    bury(source, endif, endif + 1);
}

/// Overwrites the tokens `from..to`, and the comments between them.
fn bury(source: &mut Source, from: usize, to: usize) {
    if from >= to {
        return;
    }
    let (start, end) = (source.tokens[from].start, source.tokens[to - 1].end);
    source.blank(start, end);
    for token in &mut source.tokens[from..to] {
        token.dead = true;
    }
}

/// `ifdef` of `#  ifdef X`.
fn directive_name(text: &[u8]) -> &[u8] {
    let text = text[1..].trim_ascii_start();
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_alphabetic())
        .unwrap_or(text.len());
    &text[..end]
}

/// `0` of `#if 0`.
fn condition(text: &[u8]) -> &[u8] {
    let name = directive_name(text);
    text[1..].trim_ascii_start()[name.len()..].trim_ascii()
}
