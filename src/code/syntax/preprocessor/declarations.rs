//! Overwrites macros between declarations and in their heads.
//!
//! Follows the scopes that hold declarations (files, namespaces, classes) and passes over
//! everything else in braces. A statement there is looked at up to its `;` or `{`.

mod heads;
mod words;

use super::lexer::{Kind, Token};
use super::{Dialect, Source};
use std::ops::Range;
use words::*;

/// A scope that holds declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// A file, a namespace, `extern "C"`.
    Open,
    /// A class, with the token of its name.
    Class(Option<usize>),
}

/// What stands after a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Semicolon,
    Body,
    /// The end of the scope or file, or a directive.
    Nothing,
}

/// Most tokens of a head that is looked at: each brace in a statement looks at it again.
const MAX_HEAD: usize = 1_000;
/// Overwrites what is no part of a declaration; returns the bodies of functions.
pub(super) fn clean(source: &mut Source, dialect: Dialect) -> Vec<Range<usize>> {
    let live: Vec<usize> = (0..source.tokens.len())
        .filter(|idx| !source.tokens[*idx].dead)
        .collect();
    let tokens: Vec<Token> = live.iter().map(|idx| source.tokens[*idx]).collect();
    let mates = mates(&source.bytes, &tokens);
    let flush_ends = flush_ends(&source.bytes, &tokens);
    let scopes = vec![Scope::Open];
    let mut cleaner = Cleaner {
        source,
        dialect,
        tokens,
        mates,
        flush_ends,
        scopes,
        bodies: Vec::new(),
    };
    cleaner.run();
    cleaner.bodies
}

/// The partner of each bracket. A `}` in the first column ends what began on a line that starts
/// in the first column: one missing brace costs one function.
fn mates(bytes: &[u8], tokens: &[Token]) -> Vec<Option<usize>> {
    let mut mates = vec![None; tokens.len()];
    let mut open: Vec<(usize, u8, bool)> = Vec::new();
    let mut line_is_flush = true;
    for (idx, token) in tokens.iter().enumerate() {
        let is_flush = is_flush(bytes, token);
        if token.begins_line {
            line_is_flush = is_flush;
        }
        let Kind::Punct(byte) = token.kind else {
            continue;
        };
        match byte {
            b'(' | b'[' | b'{' => open.push((idx, byte, line_is_flush)),
            b')' | b']' => {
                let wanted = if byte == b')' { b'(' } else { b'[' };
                if let Some((at, found, _)) = open.last().copied()
                    && found == wanted
                {
                    open.pop();
                    mates[at] = Some(idx);
                    mates[idx] = Some(at);
                }
            }
            b'}' => {
                let brace = |(_, found, _): &(usize, u8, bool)| *found == b'{';
                let flush = |(_, found, flush): &(usize, u8, bool)| *found == b'{' && *flush;
                let place = if is_flush {
                    open.iter().rposition(flush)
                } else {
                    None
                };
                if let Some(place) = place.or_else(|| open.iter().rposition(brace)) {
                    let at = open[place].0;
                    open.truncate(place);
                    mates[at] = Some(idx);
                    mates[idx] = Some(at);
                }
            }
            _ => {}
        }
    }
    mates
}

fn flush_ends(bytes: &[u8], tokens: &[Token]) -> Vec<usize> {
    let mut ends = vec![tokens.len(); tokens.len()];
    let mut next = tokens.len();
    for (idx, token) in tokens.iter().enumerate().rev() {
        ends[idx] = next;
        if token.kind == Kind::Punct(b'}') && is_flush(bytes, token) {
            next = idx;
        }
    }
    ends
}

/// Whether `token` stands in the first column.
fn is_flush(bytes: &[u8], token: &Token) -> bool {
    token.start == 0 || bytes[token.start - 1] == b'\n'
}

struct Cleaner<'a> {
    source: &'a mut Source,
    dialect: Dialect,
    tokens: Vec<Token>,
    mates: Vec<Option<usize>>,
    /// For each token the next `}` in the first column: where a brace without a partner ends.
    flush_ends: Vec<usize>,
    scopes: Vec<Scope>,
    bodies: Vec<Range<usize>>,
}

impl Cleaner<'_> {
    fn run(&mut self) {
        let (mut start, mut at) = (0, 0);
        while at < self.tokens.len() {
            let next = match self.tokens[at].kind {
                Kind::Directive => self.end(start, at, End::Nothing),
                Kind::Punct(b';') => self.end(start, at, End::Semicolon),
                Kind::Punct(b'}') => {
                    let next = self.end(start, at, End::Nothing);
                    if self.scopes.len() > 1 {
                        self.scopes.pop();
                    }
                    next
                }
                Kind::Punct(b':') if self.is_access(start, at) => {
                    if is_macro_word(self.word(start)) {
                        self.kill(start, at + 1);
                    }
                    at + 1
                }
                Kind::Punct(b'(' | b'[') => {
                    at = self.mates[at].map_or(at + 1, |mate| mate + 1);
                    continue;
                }
                Kind::Punct(b'{') => match self.brace(start, at) {
                    Brace::Scope => at + 1,
                    Brace::Statement(next) => next,
                    Brace::Inside(next) => {
                        at = next;
                        continue;
                    }
                },
                _ => {
                    at += 1;
                    continue;
                }
            };
            (start, at) = (next, next);
        }
    }

    fn end(&mut self, start: usize, at: usize, end: End) -> usize {
        self.statement(start, at, end);
        at + 1
    }

    /// Whether `start..at` and the `:` at `at` are `public:`, or a macro for that.
    fn is_access(&self, start: usize, at: usize) -> bool {
        let is_word = start < at && self.tokens[start].kind == Kind::Word;
        let is_scoped = self.is(at + 1, b':') || (at > 0 && self.is(at - 1, b':'));
        matches!(self.scopes.last(), Some(Scope::Class(_)))
            && is_word
            && at - start <= 2
            && !is_scoped
            && {
                let word = self.word(start);
                matches!(word, b"public" | b"private" | b"protected" | b"signals")
                    || (at == start + 1 && is_macro_word(word))
            }
    }

    /// What the `{` at `at` opens, for the statement that began at `start`.
    fn brace(&mut self, start: usize, at: usize) -> Brace {
        let after = self.mates[at].unwrap_or(self.flush_ends[at]) + 1;
        if at - start > MAX_HEAD {
            return Brace::Statement(after);
        }
        let head = self.head_start(start, at, End::Body);
        let top = self.top_level(head, at);
        let has = |cleaner: &Self, word: &[u8]| top.iter().any(|idx| cleaner.word(*idx) == word);
        if has(self, b"namespace")
            || (has(self, b"extern") && top.len() == 2 && self.tokens[top[1]].kind == Kind::Literal)
        {
            self.scopes.push(Scope::Open);
            return Brace::Scope;
        }
        if let Some(name) = self.class_head(&top) {
            self.scopes.push(Scope::Class(name));
            return Brace::Scope;
        }
        let group = top.iter().position(|idx| self.is(*idx, b'('));
        let assigned = top
            .iter()
            .position(|idx| self.is(*idx, b'=') && !has(self, b"operator"));
        let ends_function = |cleaner: &Self| {
            let next = cleaner.tokens.get(after).map(|token| token.kind);
            !matches!(next, Some(Kind::Punct(b';' | b',')))
        };
        match group {
            _ if has(self, b"enum") && group.is_none() => Brace::Inside(after),
            _ if assigned.is_some() => Brace::Inside(after),
            None if ends_function(self) => Brace::Statement(after),
            None => Brace::Inside(after),
            Some(_) if self.is_member_initializer(&top) => Brace::Inside(after),
            Some(_) => {
                self.head(head, at, End::Body);
                if let Some(mate) = self.mates[at] {
                    self.bodies
                        .push(self.tokens[at].start..self.tokens[mate].end);
                }
                Brace::Statement(after)
            }
        }
    }

    /// Whether the brace after `top` initializes a member: `A() : a{1}`.
    fn is_member_initializer(&self, top: &[usize]) -> bool {
        let colon = top.iter().rposition(|idx| {
            self.is(*idx, b':') && !self.is(idx + 1, b':') && !self.is(idx - 1, b':')
        });
        let named = |idx: &usize| self.tokens[*idx].kind == Kind::Word || self.is(*idx, b'>');
        colon.is_some_and(|colon| colon > 0 && colon + 1 < top.len())
            && top.last().is_some_and(named)
    }

    /// A statement without a body.
    fn statement(&mut self, start: usize, at: usize, end: End) {
        let head = self.head_start(start, at, end);
        let top = self.top_level(head, at);
        // `} __packed name;`
        for idx in &top {
            let next_is_name = top.len() > 1
                && self
                    .tokens
                    .get(idx + 1)
                    .is_some_and(|t| t.kind == Kind::Word);
            let is_last = top.len() == 1 && *idx > 0 && self.is(idx - 1, b'}');
            if self.tokens[*idx].kind != Kind::Word || !self.word(*idx).starts_with(b"__") {
                break;
            }
            if is_last || (next_is_name && *idx > 0 && self.is(idx - 1, b'}')) {
                self.kill(*idx, idx + 1);
            }
        }
        let equals = top
            .iter()
            .position(|idx| self.is(*idx, b'='))
            .unwrap_or(top.len());
        let is_function = top[..equals].iter().any(|idx| self.is(*idx, b'('));
        let has_operator = top.iter().any(|idx| self.word(*idx) == b"operator");
        if is_function || has_operator {
            self.head(head, at, end);
        } else if end == End::Semicolon {
            self.variable(&top);
        }
    }

    /// Where the head of a statement begins, past macros and `template <...>`.
    fn head_start(&mut self, mut start: usize, at: usize, end: End) -> usize {
        loop {
            start = self.leading(start, at, end);
            let head = self.skip_template(start, at);
            if head == start {
                return start;
            }
            start = head;
        }
    }

    /// Overwrites macros that stand before a statement without being part of it; returns where
    /// the statement begins.
    fn leading(&mut self, mut start: usize, at: usize, end: End) -> usize {
        while start < at && self.tokens[start].kind == Kind::Word {
            let word = self.word(start);
            if is_keyword(word) || WITH_ARGUMENTS.contains(&word) || self.is_class_name(word) {
                return start;
            }
            let is_macro = is_macro(word);
            let mut next = start + 1;
            if self.is(next, b'(') {
                let Some(mate) = self.mates[next] else {
                    return start;
                };
                next = mate + 1;
            } else if !is_macro {
                return start;
            } else if matches!(
                self.word(next),
                b"template" | b"class" | b"namespace" | b"typedef" | b"using"
            ) {
                self.kill(start, next);
                start = next;
                continue;
            }
            if next >= at {
                match end {
                    End::Nothing => self.kill(start, next),
                    // `DEFINE_FLAG(name, bool, "text");` is neither a call nor a prototype.
                    End::Semicolon if is_macro && self.has_no_types(start + 1, next) => {
                        self.kill(start, at + 1)
                    }
                    End::Body if next > start + 1 => self.generated(start, next),
                    _ => {}
                }
                return if end == End::Nothing { at } else { start };
            }
            let follows = &self.tokens[next];
            let goes_on = match follows.kind {
                Kind::Word => AFTER_PARAMETERS.contains(&self.word(next)),
                Kind::Punct(b'~') => false,
                Kind::Punct(b'[') => !self.is(next + 1, b'['),
                _ => true,
            };
            let names_a_function = next == start + 1 && self.is_bare_name(next, at);
            let defines = next > start + 1
                && end == End::Body
                && next + 1 == at
                && is_macro_word(self.word(next));
            if goes_on || !follows.begins_line || names_a_function || defines {
                return start;
            }
            self.kill(start, next);
            start = next;
        }
        start
    }

    /// Whether a function's name stands at `at`: the word before it is its type.
    fn is_bare_name(&self, at: usize, end: usize) -> bool {
        let mut at = at;
        while at + 3 < end && self.is(at + 1, b':') && self.is(at + 2, b':') {
            at += 3;
        }
        at < end
            && !is_keyword(self.word(at))
            && !is_macro_word(self.word(at))
            && (self.is(at + 1, b'(') || self.is(at + 1, b'=') || self.is(at + 1, b';'))
    }

    /// `SYSCALL_DEFINE2(read, int, fd) {`: a macro that defines a function keeps the name of
    /// that alone, where the grammar has no function without a type. Text becomes a name.
    fn generated(&mut self, start: usize, end: usize) {
        if matches!(self.scopes.last(), Some(Scope::Class(_))) {
            return;
        }
        let word = self.word(start);
        let (open, close) = (start + 1, end.saturating_sub(1));
        let has_text = self.has_no_types(open, close);
        if !is_macro_word(word) || open + 1 >= close || (self.dialect.constructors && !has_text) {
            return;
        }
        let mut argument = open + 1;
        let mut n_kept = 0;
        while argument < close {
            let mut after = argument;
            while after < close && !self.is(after, b',') {
                after = self.mates[after].map_or(after, |mate| mate.clamp(after, close - 1)) + 1;
            }
            let is_name = match self.tokens[argument].kind {
                Kind::Word => after == argument + 1,
                Kind::Literal => true,
                _ => false,
            };
            let keep = is_name && (n_kept == 0 || self.dialect.constructors);
            if keep {
                n_kept += 1;
                if after > argument + 1 {
                    self.kill(argument + 1, after.min(close));
                }
                let token = self.tokens[argument];
                if is_keyword(self.word(argument)) {
                    self.source.bytes[token.start] = b'_';
                }
                for byte in &mut self.source.bytes[token.start..token.end] {
                    if !byte.is_ascii_alphanumeric() {
                        *byte = b'_';
                    }
                }
                if self.source.bytes[token.start].is_ascii_digit() {
                    self.source.bytes[token.start] = b'_';
                }
            } else {
                let from = if argument > open + 1 {
                    argument - 1
                } else {
                    argument
                };
                self.kill(from, after.min(close));
            }
            if n_kept == 0 {
                return;
            }
            argument = after + 1;
        }
    }

    /// Whether the arguments `open..close` hold text or a keyword.
    fn has_no_types(&self, open: usize, close: usize) -> bool {
        (open..close)
            .any(|idx| self.tokens[idx].kind == Kind::Literal || is_keyword(self.word(idx)))
    }

    /// Where `start..at` goes on after `template <...>`.
    fn skip_template(&self, mut start: usize, at: usize) -> usize {
        while start + 1 < at && self.word(start) == b"template" && self.is(start + 1, b'<') {
            let mut depth = 0;
            let mut idx = start + 1;
            while idx < at {
                match self.tokens[idx].kind {
                    Kind::Punct(b'<') => depth += 1,
                    Kind::Punct(b'>') => depth -= 1,
                    Kind::Punct(b'(' | b'[' | b'{') => idx = self.mates[idx].unwrap_or(idx),
                    _ => {}
                }
                idx += 1;
                if depth == 0 {
                    break;
                }
            }
            start = idx;
        }
        start.min(at)
    }

    /// The tokens of `start..at` outside of parentheses; an opening one stands for its group.
    fn top_level(&self, start: usize, at: usize) -> Vec<usize> {
        let mut top = Vec::new();
        let mut idx = start;
        while idx < at {
            if !self.tokens[idx].dead {
                top.push(idx);
            }
            let mate = match self.tokens[idx].kind {
                Kind::Punct(b'(' | b'[' | b'{') => self.mates[idx],
                _ => None,
            };
            idx = mate.map_or(idx, |mate| mate.max(idx)) + 1;
        }
        top
    }

    /// Whether `word` names the class that is open here.
    fn is_class_name(&self, word: &[u8]) -> bool {
        matches!(self.scopes.last(), Some(Scope::Class(Some(name))) if self.word(*name) == word)
    }

    fn word(&self, idx: usize) -> &[u8] {
        self.tokens
            .get(idx)
            .map_or(&[], |token| self.source.text(token))
    }

    fn is(&self, idx: usize, byte: u8) -> bool {
        self.tokens
            .get(idx)
            .is_some_and(|token| token.kind == Kind::Punct(byte))
    }

    /// Overwrites the tokens `from..to`.
    fn kill(&mut self, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let (start, end) = (self.tokens[from].start, self.tokens[to - 1].end);
        self.source.blank(start, end);
        for token in &mut self.tokens[from..to] {
            token.dead = true;
        }
    }
}

/// What a brace means for the statement before it.
enum Brace {
    /// It opens a scope of declarations.
    Scope,
    /// It is the body that ends the statement; the next begins there.
    Statement(usize),
    /// It is a part of the statement, which goes on there.
    Inside(usize),
}

/// A type or a word of unknown meaning.
#[derive(Clone, Copy)]
struct Unit {
    start: usize,
    end: usize,
    /// Known to be a type.
    is_type: bool,
}
