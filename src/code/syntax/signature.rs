//! Signatures and doc comments as they are shown: folded to one line, without what only the
//! compiler needs.

use std::borrow::Cow;

/// Longest signature shown, in bytes; the rest is one `…` away, in the body.
pub const MAX_SIGNATURE: usize = 320;

/// `text` with each run of white space as one space, cut to about `limit` bytes with `…`.
pub fn fold(text: &str, limit: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(limit) + 4);
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if folded.len() + word.len() > limit {
            let mut room = limit.saturating_sub(folded.len());
            while !word.is_char_boundary(room) {
                room -= 1;
            }
            folded.push_str(&word[..room]);
            folded.push('…');
            return folded;
        }
        folded.push_str(word);
    }
    folded
}

/// A signature on one line: white space folded, the opening of the body dropped.
pub fn signature_line(raw: &str) -> String {
    let folded = fold(raw, MAX_SIGNATURE);
    let line = folded.replace("( ", "(").replace(", )", ")").replace(" )", ")").replace(",)", ")");
    let mut line = line.as_str();
    loop {
        let trimmed = line.trim_end_matches(['{', ';', ' ', ',']);
        let trimmed = trimmed.strip_suffix(" do").unwrap_or(trimmed);
        let trimmed = trimmed.strip_suffix("=>").or(trimmed.strip_suffix(" =")).unwrap_or(trimmed);
        let trimmed = trimmed.strip_suffix(':').unwrap_or(trimmed);
        if trimmed.len() == line.len() {
            return closed(line);
        }
        line = trimmed;
    }
}

/// `line` with the parenthesis closed that its end cut open: `test('name'` is `test('name', …)`.
fn closed(line: &str) -> String {
    let open = line.matches('(').count() as isize - line.matches(')').count() as isize;
    match open {
        1 if line.ends_with('(') || line.ends_with('…') => format!("{}…)", line.trim_end_matches('…')),
        1 => format!("{line}, …)"),
        _ => line.to_owned(),
    }
}

/// Tags in front of the summary itself, in the doc comments of C, C++ and Solidity.
const SUMMARY_TAGS: &[&str] = &["@brief ", "\\brief ", "@notice ", "@title ", "@dev ", "@summary "];

/// The first paragraph of a doc comment without its markers, on one line, cut to `limit` bytes
/// at the end of a sentence where there is one.
pub fn doc_summary(raw: &str, limit: usize) -> String {
    let mut paragraph = String::new();
    for line in raw.lines() {
        let line = &without_tags(strip_markers(line));
        let line = SUMMARY_TAGS.iter().find_map(|tag| line.strip_prefix(tag)).unwrap_or(line).trim();
        let ends = line.is_empty() || line.starts_with('@') || is_rule(line);
        if ends && !paragraph.is_empty() {
            break;
        }
        if !ends {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    cut_at_sentence(&fold(&paragraph, usize::MAX), limit)
}

/// A doc line without comment markers.
fn strip_markers(line: &str) -> &str {
    let mut line = line.trim();
    for opening in ["r\"\"\"", "\"\"\"", "'''", "/**", "/*!", "/*", "///", "//!", "//", "(**", "(*", "{-|", "{-", "--|", "-- |", "--", ";;;", ";;", "<!--", "#'", "##", "#", "%%", "@doc", "@moduledoc", "~S", "\"", "'"] {
        if let Some(rest) = line.strip_prefix(opening) {
            line = rest;
            break;
        }
    }
    for closing in ["\"\"\"", "'''", "**/", "*/", "*)", "-}", "-->"] {
        line = line.strip_suffix(closing).unwrap_or(line);
    }
    line = line.trim();
    line.strip_prefix("* ").or(line.strip_prefix('*')).unwrap_or(line).trim()
}

/// A doc line without the commonest tags: `<summary>`, `<p>`; `<see cref="X"/>` is `X`.
fn without_tags(line: &str) -> Cow<'_, str> {
    const TAGS: &[&str] =
        &["summary", "remarks", "para", "p", "c", "b", "i", "em", "code", "br", "see", "paramref", "inheritdoc"];
    if !line.contains('<') {
        return Cow::Borrowed(line);
    }
    let (mut kept, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        let name = after.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        match after.split_once('>') {
            Some((tag, after)) if TAGS.contains(&name) => {
                kept.push_str(tag.split('"').nth(1).unwrap_or(""));
                rest = after;
            }
            _ => {
                kept.push('<');
                rest = after;
            }
        }
    }
    kept.push_str(rest);
    Cow::Owned(kept.trim().to_owned())
}

/// Whether a line only draws a rule (`-----`, `====`).
fn is_rule(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| c.is_ascii_punctuation())
}

fn cut_at_sentence(text: &str, limit: usize) -> String {
    let sentence = text.find(". ").map_or(text.len(), |at| at + 1);
    let text = if sentence < text.len() { &text[..sentence] } else { text };
    fold(text, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_lose_the_opening_of_their_body() {
        assert_eq!(signature_line("fn f(\n    a: u8,\n    b: u8,\n) -> u8 {"), "fn f(a: u8, b: u8) -> u8");
        assert_eq!(signature_line("def f(x):"), "def f(x)");
        assert_eq!(signature_line("const f = () =>"), "const f = ()");
        assert_eq!(signature_line("test('name',"), "test('name', …)");
    }

    #[test]
    fn doc_summaries_are_the_first_sentence() {
        assert_eq!(doc_summary("/// Adds one. Never panics.\n/// More.", 200), "Adds one.");
        assert_eq!(doc_summary("/**\n * Adds\n * one\n *\n * @param x\n */", 200), "Adds one");
        assert_eq!(doc_summary("/// <summary>\n/// Makes <see cref=\"Id\"/> of Vec<T>.\n/// </summary>", 200), "Makes Id of Vec<T>.");
        assert_eq!(doc_summary("\"\"\"Adds one.\n\nMore.\"\"\"", 200), "Adds one.");
    }

    #[test]
    fn folding_cuts_on_a_character_boundary() {
        assert_eq!(fold("äöü", 3), "ä…");
        assert_eq!(fold("", 3), "");
    }
}
