//! Splits C into words, literals, single punctuation bytes and whole directives.

use super::Source;

/// One token; comments are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Whether a line ends between the token before it and this one.
    pub begins_line: bool,
    /// Overwritten: to be passed over.
    pub dead: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Literal,
    Directive,
    Punct(u8),
}

/// Fills `source.tokens`, and overwrites the comments inside macros of several lines: the
/// grammars end a macro at its first comment.
pub(super) fn lex(source: &mut Source) {
    let mut lexer = Lexer {
        bytes: &source.bytes,
        at: 0,
        begins_line: true,
        tokens: Vec::new(),
        comments: Vec::new(),
    };
    lexer.run();
    let comments = std::mem::take(&mut lexer.comments);
    source.tokens = lexer.tokens;
    for (start, end) in comments {
        source.blank(start, end);
        let ends: Vec<usize> = (start..end)
            .filter(|at| source.bytes[*at] == b'\n')
            .collect();
        for end in ends {
            source.bytes[end - 1] = b'\\';
        }
    }
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    begins_line: bool,
    tokens: Vec<Token>,
    /// Comments to overwrite.
    comments: Vec<(usize, usize)>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' => {
                    self.begins_line = true;
                    self.at += 1;
                }
                b'/' if matches!(self.peek(1), Some(b'/' | b'*')) => {
                    let start = self.at;
                    self.comment();
                    self.begins_line |= self.bytes[start..self.at].contains(&b'\n');
                }
                b'#' if self.begins_line => self.directive(),
                b'"' | b'\'' => {
                    let start = self.at;
                    self.quoted(byte);
                    self.push(Kind::Literal, start);
                }
                b'0'..=b'9' => self.number(),
                _ if is_word_part(byte) => self.word(),
                _ if byte.is_ascii_whitespace() || byte == b'\\' => self.at += 1,
                _ => {
                    self.at += 1;
                    self.push(Kind::Punct(byte), self.at - 1);
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let begins_line = std::mem::take(&mut self.begins_line);
        self.tokens.push(Token {
            kind,
            start,
            end: self.at,
            begins_line,
            dead: false,
        });
    }

    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(is_word_part) {
            self.at += 1;
        }
        if self.peek(0) == Some(b'"')
            && self.bytes[start..self.at].ends_with(b"R")
            && self.at - start <= 3
        {
            self.raw_string();
            self.push(Kind::Literal, start);
            return;
        }
        self.push(Kind::Word, start);
    }

    fn number(&mut self) {
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            let separates = byte == b'\''
                && self
                    .peek(1)
                    .is_some_and(|next| next.is_ascii_alphanumeric());
            if !(is_word_part(byte) || byte == b'.' || separates) {
                break;
            }
            self.at += 1;
        }
        self.push(Kind::Literal, start);
    }

    /// `R"tag(...)tag"`; stands on the quote.
    fn raw_string(&mut self) {
        let rest = &self.bytes[self.at..];
        let Some(open) = rest.iter().take(20).position(|byte| *byte == b'(') else {
            self.at += 1;
            return;
        };
        let mut close = vec![b')'];
        close.extend_from_slice(&rest[1..open]);
        close.push(b'"');
        let end =
            find(&rest[open..], &close).map_or(rest.len(), |found| open + found + close.len());
        self.at += end;
    }

    /// A string or character; a line ends it at the latest.
    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
            self.at = (self.at + 1).min(self.bytes.len());
            if byte == quote {
                return;
            }
        }
    }

    fn comment(&mut self) {
        let rest = &self.bytes[self.at + 2..];
        let length = if self.bytes[self.at + 1] == b'*' {
            find(rest, b"*/").map_or(rest.len(), |found| found + 2)
        } else {
            rest.iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len())
        };
        self.at += 2 + length;
    }

    /// From `#` to the end of the logical line.
    fn directive(&mut self) {
        let start = self.at;
        let mut comments = Vec::new();
        let mut is_long = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' => break,
                b'\\' if self.peek(1) == Some(b'\n') => {
                    is_long = true;
                    self.at += 2;
                }
                b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => {
                    is_long = true;
                    self.at += 3;
                }
                b'"' => self.quoted(b'"'),
                b'/' if self.peek(1) == Some(b'*') => {
                    let start = self.at;
                    self.comment();
                    comments.push((start, self.at));
                }
                b'/' if self.peek(1) == Some(b'/') => self.comment(),
                _ => self.at += 1,
            }
        }
        if is_long {
            self.comments.extend(comments);
        }
        self.push(Kind::Directive, start);
    }
}

fn is_word_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}
