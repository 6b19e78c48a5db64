//! Texts that must not reach a grammar as they are: its scanner would write past its buffer, or
//! never come back. No limit on a parse helps against either.

use super::{FileSyntax, Language};

/// Most block levels of YAML. The grammar's scanner keeps 254 of them in a buffer of 1,024
/// bytes and writes two bytes past its end for the next (tree-sitter-yaml 0.7), which ends the
/// process.
const MAX_YAML_LEVELS: usize = 200;

/// Why `text` must not be parsed as `language`, if it must not.
pub(super) fn too_deep(language: &Language, text: &str) -> Option<String> {
    if language.name != "yaml" || yaml_levels(text) <= MAX_YAML_LEVELS {
        return None;
    }
    Some(format!(
        "not parsed: nested deeper than {MAX_YAML_LEVELS} levels"
    ))
}

/// The text that is parsed in place of `text`, if that must not be.
///
/// The scanner of Perl reads a line of a heredoc up to its newline and does not look for the
/// end of the text (ts-parser-perl 2.0).
pub(super) fn ended(language: &Language, text: &str) -> Option<String> {
    let hangs = language.name == "perl" && !text.ends_with('\n');
    hangs.then(|| format!("{text}\n"))
}

/// Makes what was found in a longer text end where `len` bytes end.
pub(super) fn end_at(syntax: &mut FileSyntax, len: usize) {
    let clamp = |range: &mut std::ops::Range<usize>| {
        range.start = range.start.min(len);
        range.end = range.end.min(len);
    };
    for symbol in &mut syntax.symbols {
        clamp(&mut symbol.span);
        clamp(&mut symbol.signature);
        clamp(&mut symbol.name_span);
        symbol.doc.iter_mut().for_each(clamp);
        symbol.body.iter_mut().for_each(clamp);
    }
    for reference in &mut syntax.references {
        clamp(&mut reference.span);
    }
    syntax.doc.iter_mut().for_each(clamp);
}

/// The most block levels that are open at once. Each begins in a column of its own: at a `-`,
/// `?` or `:` at the beginning of a line, or where the text after those begins.
fn yaml_levels(text: &str) -> usize {
    let mut open: Vec<usize> = Vec::new();
    let mut most = 0;
    for line in text.lines() {
        let mut column = 0;
        let mut bytes = line.bytes().peekable();
        while let Some(byte) = bytes.next() {
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
            if !is_blank(&byte) {
                while open.last().is_some_and(|level| *level >= column) {
                    open.pop();
                }
                open.push(column);
                most = most.max(open.len());
                let is_mark = matches!(byte, b'-' | b'?' | b':');
                if !is_mark || bytes.peek().is_some_and(|next| !is_blank(next)) {
                    break;
                }
            }
            column += 1;
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::yaml_levels;

    #[test]
    fn levels_are_counted_by_column() {
        assert_eq!(yaml_levels(""), 0);
        assert_eq!(yaml_levels("a: 1\nb: 2\n"), 1);
        assert_eq!(yaml_levels("a:\n  b:\n    - c: 1\n      d: 2\ne: 3\n"), 4);
        assert_eq!(yaml_levels(&"- ".repeat(300)), 300);
        assert_eq!(yaml_levels(&"a: ".repeat(300)), 1);
    }
}
