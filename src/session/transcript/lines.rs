//! Lines of a file that may be large, cut off, or not text.

use std::io::{self, BufRead, Read as _};

/// Longer lines are passed over with a note.
const LONGEST: u64 = 256 << 20;

/// Calls `visit` with each line that is not blank, its number from 1, and whether it ends in a
/// newline; without its newline. Returns the numbers of lines that were too long to be held.
///
/// # Errors
/// What the reader says.
pub fn each(
    reader: &mut impl BufRead,
    mut visit: impl FnMut(u32, &[u8], bool),
) -> io::Result<Vec<u32>> {
    let (mut line, mut number, mut too_long) = (Vec::new(), 0_u32, Vec::new());
    loop {
        line.clear();
        let len = reader.take(LONGEST).read_until(b'\n', &mut line)?;
        if len == 0 {
            return Ok(too_long);
        }
        number = number.saturating_add(1);
        let is_whole = line.last() == Some(&b'\n');
        if !is_whole && len as u64 == LONGEST {
            too_long.push(number);
            skip_line(reader)?;
            continue;
        }
        let text = line.trim_ascii();
        if !text.is_empty() {
            visit(number, text, is_whole);
        }
    }
}

/// Calls `visit` with each line that is not blank until it says that it has seen enough.
///
/// # Errors
/// What the reader says.
pub fn each_until(
    reader: &mut impl BufRead,
    mut visit: impl FnMut(&[u8]) -> bool,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let is_end = reader.take(LONGEST).read_until(b'\n', &mut line)? == 0;
        let text = line.trim_ascii();
        if is_end || (!text.is_empty() && visit(text)) {
            return Ok(());
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let (used, is_end) = match memchr::memchr(b'\n', buffer) {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        reader.consume(used);
        if is_end {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn numbers_count_blank_lines_and_the_last_line_may_be_cut() {
        let mut found = Vec::new();
        let text = b"a\n\n b \r\nc";
        let long = each(&mut &text[..], |number, line, is_whole| {
            found.push((number, line.to_vec(), is_whole));
        });
        assert!(long.unwrap().is_empty());
        let expected = [(1, "a", true), (3, "b", true), (4, "c", false)];
        let expected = expected.map(|(number, line, whole)| (number, line.into(), whole));
        assert_eq!(found, expected);
    }
}
