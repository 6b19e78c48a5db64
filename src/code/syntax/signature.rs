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
    let raw: Cow<str> = if raw.contains('\n') {
        raw.lines()
            .map(without_comment)
            .collect::<Vec<_>>()
            .join("\n")
            .into()
    } else {
        raw.into()
    };
    let folded = fold(&raw, MAX_SIGNATURE);
    let line = folded
        .replace("( ", "(")
        .replace(", )", ")")
        .replace(" )", ")")
        .replace(",)", ")");
    let mut line = line.as_str();
    loop {
        let trimmed = line.trim_end_matches(['{', ';', ' ', ',']);
        let trimmed = trimmed
            .strip_suffix(" do")
            .or(trimmed.strip_suffix(" where"))
            .unwrap_or(trimmed);
        let arrow = trimmed.strip_suffix("=>").or(trimmed.strip_suffix(" ->"));
        let trimmed = arrow.or(trimmed.strip_suffix(" =")).unwrap_or(trimmed);
        let trimmed = trimmed.strip_suffix(':').unwrap_or(trimmed);
        if trimmed.len() == line.len() {
            return line.to_owned();
        }
        line = trimmed;
    }
}

/// A line of a signature without the comment that ends it.
fn without_comment(line: &str) -> &str {
    let starts = |marker: &str| {
        let bare = line.trim_start();
        if bare.starts_with(marker.trim_start()) {
            Some(line.len() - bare.len())
        } else {
            line.find(marker)
        }
    };
    let at = [" // ", " -- ", " # "].into_iter().filter_map(starts).min();
    &line[..at.unwrap_or(line.len())]
}

/// The first paragraph of a doc comment without its markers, on one line, cut to `limit` bytes
/// at the end of a sentence where there is one.
pub fn doc_summary(raw: &str, limit: usize) -> String {
    let mut paragraph = String::new();
    for line in raw.lines() {
        let line = strip_markers(line);
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
    for opening in [
        "r\"\"\"",
        "\"\"\"",
        "'''",
        "#[[",
        "/**<",
        "/**",
        "/*!",
        "/*",
        "///<",
        "//!<",
        "///",
        "//!",
        "//",
        "(**",
        "(*",
        "{-|",
        "{-",
        "--|",
        "-- |",
        "-- ^",
        "--",
        ";;;",
        ";;",
        "<!--",
        "#'",
        "##",
        "#",
        "%%",
        "@doc",
        "@moduledoc",
        "~S",
        "\"",
        "'",
    ] {
        if let Some(rest) = line.strip_prefix(opening) {
            line = rest;
            break;
        }
    }
    for closing in ["\"\"\"", "'''", "**/", "*/", "*)", "-}", "-->", "]]"] {
        line = line.strip_suffix(closing).unwrap_or(line);
    }
    line = line.trim();
    line.strip_prefix("* ")
        .or(line.strip_prefix('*'))
        .unwrap_or(line)
        .trim()
}

/// Whether a line only draws a rule (`-----`, `====`).
fn is_rule(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| c.is_ascii_punctuation())
}

fn cut_at_sentence(text: &str, limit: usize) -> String {
    let sentence = text.find(". ").map_or(text.len(), |at| at + 1);
    let text = if sentence < text.len() {
        &text[..sentence]
    } else {
        text
    };
    fold(text, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_lose_the_opening_of_their_body() {
        assert_eq!(
            signature_line("fn f(\n    a: u8,\n    b: u8,\n) -> u8 {"),
            "fn f(a: u8, b: u8) -> u8"
        );
        assert_eq!(signature_line("def f(x):"), "def f(x)");
        assert_eq!(signature_line("const f = () =>"), "const f = ()");
        assert_eq!(
            signature_line("f\n  :: Int -- ^ one\n  -- more\n  -> Int"),
            "f :: Int -> Int"
        );
    }

    #[test]
    fn doc_summaries_are_the_first_sentence() {
        assert_eq!(
            doc_summary("/// Adds one. Never panics.\n/// More.", 200),
            "Adds one."
        );
        assert_eq!(
            doc_summary("/**\n * Adds\n * one\n *\n * @param x\n */", 200),
            "Adds one"
        );
        assert_eq!(
            doc_summary("\"\"\"Adds one.\n\nMore.\"\"\"", 200),
            "Adds one."
        );
    }

    #[test]
    fn folding_cuts_on_a_character_boundary() {
        assert_eq!(fold("äöü", 3), "ä…");
        assert_eq!(fold("", 3), "");
    }
}
