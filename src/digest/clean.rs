//! Stage one: what a person would have seen. Plays carriage returns, cursor moves and erasures
//! in a small terminal model, drops colors and other escape sequences, decodes lossily and cuts
//! over-long lines in the middle.
//!
//! Streaming: bytes go in as they come, finished lines come out in order, each with the lines
//! of the raw output it was made from. Only the last [`WINDOW`] lines can still be changed by
//! the program that writes them; memory is bounded by them. Not modeled: scroll regions, tabs
//! stops, the width of wide characters, wrapping at the edge of the screen.

use std::collections::VecDeque;
use std::fmt::Write as _;
use vte::{Params, Parser, Perform};

/// Lines that a cursor can still move up to.
const WINDOW: usize = 128;
/// Longest line kept; of longer ones the beginning and the end.
const LONGEST: usize = 32 * 1024;
/// Longest line kept of what looks like a document on one line.
const LONGEST_DOCUMENT: usize = 2 << 20;
/// A sequence that does not end within this many bytes was none.
const LONGEST_SEQUENCE: usize = 4096;

/// One cleaned line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanLine {
    /// Its text, without a newline.
    pub text: String,
    /// The first line of the raw output that went into it, 1-based.
    pub first: u32,
    /// The last one.
    pub last: u32,
}

#[derive(Default)]
struct Row {
    line: CleanLine,
    /// The cells, while the line is being edited; empty when `line.text` is all there is.
    cells: Vec<char>,
    is_edited: bool,
    /// Bytes dropped from the middle.
    dropped: usize,
    is_document: bool,
}

/// The terminal: takes bytes, gives lines.
pub struct Cleaner {
    parser: Parser,
    screen: Screen,
    /// The unfinished line at the end of the last chunk.
    rest: Vec<u8>,
    /// Bytes of a sequence that has not ended yet; 0 outside of sequences.
    in_sequence: usize,
    rest_dropped: usize,
}

struct Screen {
    rows: VecDeque<Row>,
    spare: Vec<Row>,
    row: usize,
    col: usize,
    raw_line: u32,
    ended: bool,
    /// A carriage return or cursor move happened: something may be overwritten.
    redraws: bool,
    /// The output began as XML: lines may be long.
    in_xml: bool,
}

impl Default for Cleaner {
    fn default() -> Self {
        Cleaner::new()
    }
}

impl Cleaner {
    /// A cleaner at the beginning of an output.
    pub fn new() -> Cleaner {
        Cleaner {
            parser: Parser::new(),
            screen: Screen {
                rows: VecDeque::new(),
                spare: Vec::new(),
                row: 0,
                col: 0,
                raw_line: 1,
                ended: true,
                redraws: false,
                in_xml: false,
            },
            rest: Vec::new(),
            in_sequence: 0,
            rest_dropped: 0,
        }
    }

    /// Takes the next bytes; finished lines go to `sink`.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&CleanLine)) {
        let mut at = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            if self.rest.is_empty() {
                self.line(&bytes[at..=end]);
            } else {
                let mut rest = std::mem::take(&mut self.rest);
                rest.extend_from_slice(&bytes[at..=end]);
                self.line(&rest);
                rest.clear();
                self.rest = rest;
                self.rest_dropped = 0;
            }
            at = end + 1;
            self.screen.flush(WINDOW, sink);
        }
        self.keep_rest(&bytes[at..]);
    }

    /// Keeps an unfinished line. A line that redraws itself for megabytes is played at once.
    fn keep_rest(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let most = if is_document(&self.rest) || self.screen.in_xml {
            LONGEST_DOCUMENT
        } else {
            4 * LONGEST
        };
        if self.rest.len() > most {
            let rest = std::mem::take(&mut self.rest);
            self.line(&rest);
        }
    }

    /// Ends the output; the remaining lines go to `sink`.
    pub fn finish(mut self, sink: &mut dyn FnMut(&CleanLine)) {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.line(&rest);
        }
        if self.screen.rows.back().is_some_and(Row::is_blank) && !self.screen.rows.is_empty() {
            self.screen.rows.pop_back();
        }
        self.screen.flush(0, sink);
    }

    /// One raw line with its newline, or a part of one.
    fn line(&mut self, bytes: &[u8]) {
        let is_plain = self.in_sequence == 0 && self.screen.at_fresh_line() && is_plain(bytes);
        if is_plain && bytes.ends_with(b"\n") {
            return self.screen.push_plain(&bytes[..bytes.len() - 1]);
        }
        self.screen.ended = false;
        self.parser.advance(&mut self.screen, bytes);
        if self.screen.ended || !bytes.contains(&0x1b) && self.in_sequence == 0 {
            self.in_sequence = 0;
            if bytes.ends_with(b"\n") && !self.screen.ended {
                self.screen.newline();
            }
            return;
        }
        // The newline was swallowed by a sequence that has not ended.
        if bytes.ends_with(b"\n") {
            self.screen.raw_line += 1;
        }
        self.in_sequence += bytes.len();
        if self.in_sequence > LONGEST_SEQUENCE {
            self.parser = Parser::new();
            self.in_sequence = 0;
        }
    }
}

/// Whether a line begins like JSON or XML: cut in the middle it could not be read.
fn is_document(line: &[u8]) -> bool {
    [&b"{\""[..], b"[{", b"{ \"", b"<?xml", b"<testsuite"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// Whether a line holds no control characters but tabs and the newline at its end, with or
/// without a carriage return before it.
fn is_plain(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let control = line.iter().fold(false, |found, byte| {
        found | ((*byte < 0x20 && *byte != b'\t') | (*byte == 0x7f))
    });
    !control
}

impl Row {
    fn is_blank(&self) -> bool {
        if self.is_edited {
            self.cells.iter().all(|c| c.is_whitespace())
        } else {
            self.line.text.trim().is_empty()
        }
    }

    fn edit(&mut self) -> &mut Vec<char> {
        if !self.is_edited {
            self.is_edited = true;
            self.cells.clear();
            self.cells.extend(self.line.text.chars());
        }
        &mut self.cells
    }

    fn settle(&mut self) {
        if self.is_edited {
            self.line.text.clear();
            self.line.text.extend(self.cells.iter());
            self.is_edited = false;
        }
        let kept = self.line.text.trim_end().len();
        self.line.text.truncate(kept);
        if !self.is_document && (self.dropped > 0 || self.line.text.len() > LONGEST) {
            cut_middle(&mut self.line.text, self.dropped);
        }
    }
}

/// Cuts a text to [`LONGEST`] bytes, in its middle.
fn cut_middle(text: &mut String, dropped: usize) {
    if text.len() <= LONGEST && dropped == 0 {
        return;
    }
    let mut head = LONGEST / 2;
    let mut tail = text.len().saturating_sub(LONGEST / 2);
    if tail <= head {
        head = text.len() / 2;
        tail = head;
    }
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    while !text.is_char_boundary(tail) {
        tail += 1;
    }
    let end = text[tail..].to_owned();
    text.truncate(head);
    let _ = write!(text, " … {end}");
}

impl Screen {
    fn at_fresh_line(&self) -> bool {
        self.col == 0 && (self.row >= self.rows.len())
    }

    fn push_plain(&mut self, bytes: &[u8]) {
        let mut row = self.fresh_row();
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if self.raw_line <= 1 {
            self.in_xml = bytes.starts_with(b"<?xml") || bytes.starts_with(b"<testsuite");
        }
        if (self.in_xml || is_document(bytes)) && bytes.len() <= LONGEST_DOCUMENT {
            row.is_document = true;
            push_lossy(bytes, &mut row.line.text);
            self.rows.push_back(row);
            self.row = self.rows.len();
            self.raw_line += 1;
            return;
        }
        let shown = if bytes.len() > 2 * LONGEST {
            // Decode both ends only.
            row.dropped = bytes.len() - 2 * LONGEST;
            push_lossy(&bytes[..LONGEST], &mut row.line.text);
            &bytes[bytes.len() - LONGEST..]
        } else {
            bytes
        };
        push_lossy(shown, &mut row.line.text);
        row.settle();
        self.rows.push_back(row);
        self.row = self.rows.len();
        self.raw_line += 1;
    }

    fn fresh_row(&mut self) -> Row {
        let mut row = self.spare.pop().unwrap_or_default();
        row.line.text.clear();
        row.line.first = self.raw_line;
        row.line.last = self.raw_line;
        row.cells.clear();
        row.is_edited = false;
        row.dropped = 0;
        row.is_document = false;
        row
    }

    /// Gives away all rows but the last `keep`.
    fn flush(&mut self, keep: usize, sink: &mut dyn FnMut(&CleanLine)) {
        while self.rows.len() > keep {
            let Some(mut row) = self.rows.pop_front() else {
                break;
            };
            row.settle();
            sink(&row.line);
            self.row = self.row.saturating_sub(1);
            if self.spare.len() < 4 {
                self.spare.push(row);
            }
        }
    }

    fn current(&mut self) -> &mut Row {
        while self.row >= self.rows.len() {
            let row = self.fresh_row();
            self.rows.push_back(row);
        }
        let raw_line = self.raw_line;
        let row = &mut self.rows[self.row];
        row.line.first = row.line.first.min(raw_line);
        row.line.last = row.line.last.max(raw_line);
        row
    }

    fn newline(&mut self) {
        self.current();
        self.row += 1;
        self.col = 0;
        self.raw_line += 1;
        self.ended = true;
    }

    fn put(&mut self, c: char) {
        let col = self.col;
        let row = self.current();
        if !row.is_edited && col == row.line.text.len() {
            // The usual case: ASCII so far, at the end.
            row.line.text.push(c);
            if !c.is_ascii() {
                row.edit();
            }
            self.col += 1;
        } else {
            let cells = row.edit();
            if cells.len() > LONGEST {
                // Keep both ends, as for plain lines.
                cells.drain(LONGEST / 2..cells.len() - LONGEST / 4);
                row.dropped += 1;
                self.col = row.cells.len();
                return self.put(c);
            }
            while cells.len() < col {
                cells.push(' ');
            }
            if col < cells.len() {
                cells[col] = c;
            } else {
                cells.push(c);
            }
            self.col += 1;
        }
        let row = self.current();
        if !row.is_edited && row.line.text.len() > LONGEST {
            row.edit();
        }
    }

    /// Erases cells of the current row.
    fn erase(&mut self, mode: u16) {
        let col = self.col;
        let cells = self.current().edit();
        match mode {
            0 => cells.truncate(col),
            1 => cells.iter_mut().take(col + 1).for_each(|cell| *cell = ' '),
            _ => cells.clear(),
        }
    }

    /// Erases below the cursor; what was above stays in the scrollback.
    fn erase_display(&mut self, mode: u16) {
        if mode == 0 {
            self.erase(0);
            let keep = self.row + 1;
            for row in self.rows.iter_mut().skip(keep) {
                row.edit().clear();
            }
        } else {
            self.go_to_bottom();
        }
    }

    fn go_to_bottom(&mut self) {
        if self.col > 0 || self.row < self.rows.len() {
            self.row = self.rows.len();
            self.col = 0;
        }
    }
}

fn push_lossy(bytes: &[u8], text: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(valid) => text.push_str(valid),
        Err(_) => text.push_str(&String::from_utf8_lossy(bytes)),
    }
}

impl Perform for Screen {
    fn print(&mut self, c: char) {
        self.ended = false;
        self.put(c);
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => self.newline(),
            0x0b | 0x0c => {}
            b'\r' => {
                self.col = 0;
                self.redraws = true;
            }
            0x08 => self.col = self.col.saturating_sub(1),
            b'\t' => self.put('\t'),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, _: &[u8], _: bool, action: char) {
        let first = params
            .iter()
            .next()
            .and_then(|param| param.first().copied());
        let count = usize::from(first.unwrap_or(0).max(1));
        match action {
            'A' | 'F' => {
                self.row = self.row.saturating_sub(count);
                if action == 'F' {
                    self.col = 0;
                }
            }
            'B' | 'E' => {
                self.row = (self.row + count)
                    .min(self.rows.len() + WINDOW)
                    .min(self.rows.len());
                if action == 'E' {
                    self.col = 0;
                }
            }
            'C' => self.col = (self.col + count).min(LONGEST),
            'D' => self.col = self.col.saturating_sub(count),
            'G' | '`' => self.col = (count - 1).min(LONGEST),
            'J' => self.erase_display(first.unwrap_or(0)),
            'K' => self.erase(first.unwrap_or(0)),
            'H' | 'f' => self.go_to_bottom(),
            'P' => {
                let col = self.col;
                let cells = self.current().edit();
                let end = (col + count).min(cells.len());
                if col < end {
                    cells.drain(col..end);
                }
            }
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        if byte == b'M' {
            self.row = self.row.saturating_sub(1);
        }
    }
}

/// Cleans a whole text at once.
pub fn clean(bytes: &[u8]) -> Vec<CleanLine> {
    let mut lines = Vec::new();
    let mut sink = |line: &CleanLine| lines.push(line.clone());
    let mut cleaner = Cleaner::new();
    cleaner.feed(bytes, &mut sink);
    cleaner.finish(&mut sink);
    lines
}

#[cfg(test)]
mod tests {
    use super::clean;
    use proptest::prelude::*;

    fn shown(bytes: &[u8]) -> String {
        let lines: Vec<String> = clean(bytes).into_iter().map(|line| line.text).collect();
        lines.join("\n")
    }

    #[test]
    fn redraws_leave_their_last_state() {
        assert_eq!(shown(b"a\rb\n"), "b");
        assert_eq!(shown(b"10%\r20%\r100%\ndone\n"), "100%\ndone");
        assert_eq!(shown(b"one\ntwo\n\x1b[2A\x1b[2KONE\n\n"), "ONE\ntwo");
        assert_eq!(shown(b"long text\r\x1b[Kshort\n"), "short");
        assert_eq!(shown(b"abc\x08\x08X\n"), "aXc");
        assert_eq!(shown(b"windows\r\nlines\r\n"), "windows\nlines");
    }

    #[test]
    fn colors_and_titles_are_dropped() {
        assert_eq!(shown(b"\x1b[1;31merror\x1b[0m: x\n"), "error: x");
        assert_eq!(shown(b"\x1b]0;title\x07text\n"), "text");
        assert_eq!(shown(b"\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\\n"), "link");
    }

    #[test]
    fn raw_lines_are_remembered() {
        let lines = clean(b"a\nb\rc\n\x1b[31md\n");
        let places: Vec<(u32, u32)> = lines.iter().map(|l| (l.first, l.last)).collect();
        assert_eq!(places, [(1, 1), (2, 2), (3, 3)]);
    }

    #[test]
    fn odd_input_is_survived() {
        assert_eq!(shown(b""), "");
        assert_eq!(shown(b"text\x1b["), "text");
        assert_eq!(shown(b"\xff\xfe\n"), "\u{fffd}\u{fffd}");
        let mut title = b"\x1b]0;".to_vec();
        title.extend(std::iter::repeat_n(b'x', 9000));
        title.extend(b"\nend\n");
        assert!(shown(&title).contains("end"));
        let long = vec![b'x'; 10_000_000];
        assert!(shown(&long).len() < 40_000);
    }

    proptest! {
        #[test]
        fn chunks_do_not_matter(
            parts in prop::collection::vec("[a-c\r\n]{0,8}|\x1b\\[[0-9]{0,2}[ABCDKJm]", 0..20),
            at in 0usize..100,
        ) {
            let text = parts.concat();
            let at = at.min(text.len());
            let mut lines = Vec::new();
            let mut sink = |line: &super::CleanLine| lines.push(line.clone());
            let mut cleaner = super::Cleaner::new();
            cleaner.feed(&text.as_bytes()[..at], &mut sink);
            cleaner.feed(&text.as_bytes()[at..], &mut sink);
            cleaner.finish(&mut sink);
            prop_assert_eq!(lines, clean(text.as_bytes()));
        }
    }
}
