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

/// A signature on one line: white space folded, comments and the opening of the body dropped.
pub fn signature_line(raw: &str) -> String {
    closed(opened(raw), raw.trim_end().ends_with("=>"))
}

/// `line` with the parenthesis closed that its end cut open: `test("adds", () =>` reads
/// `test("adds", …)`.
fn closed(line: String, ends_in_callback: bool) -> String {
    if line.matches('(').count() != line.matches(')').count() + 1 {
        return line;
    }
    let callback = line.rfind(", ").filter(|_| ends_in_callback);
    let kept = line[..callback.unwrap_or(line.len())].trim_end_matches(['…', ',', ' ']);
    let separator = if kept.ends_with('(') { "" } else { ", " };
    format!("{kept}{separator}…)")
}

/// The signature without what opens the body: `{`, `=>`, `:`.
fn opened(raw: &str) -> String {
    let bare = without_comments(raw);
    let is_short = bare.len() <= 16 * MAX_SIGNATURE;
    let mut line = match is_short && is_folded(bare.trim()) {
        true => Cow::Borrowed(bare.trim()),
        false => Cow::Owned(fold(&bare, 16 * MAX_SIGNATURE)),
    };
    if line.len() > LONG {
        line = Cow::Owned(without_long_braces(line.into_owned()));
    }
    if has_breaks(&line) {
        line = Cow::Owned(without_breaks(line.into_owned()));
    }
    if line.len() > MAX_SIGNATURE || !is_folded(&line) {
        line = Cow::Owned(fold(&line, MAX_SIGNATURE));
    }
    let mut line = &*line;
    loop {
        let trimmed = line.trim_end_matches(['{', ';', ' ', ',']);
        let opening = [" do", " where", "=>", "->", " <-", " <<-", " ="];
        let trimmed = opening
            .iter()
            .find_map(|o| trimmed.strip_suffix(o))
            .unwrap_or(trimmed);
        let trimmed = trimmed.strip_suffix(':').unwrap_or(trimmed);
        let trimmed = trimmed.strip_suffix("; end").unwrap_or(trimmed);
        let trimmed = if trimmed.ends_with(") end") {
            &trimmed[..trimmed.len() - 4]
        } else {
            trimmed
        };
        if trimmed.len() == line.len() {
            return line.to_owned();
        }
        line = trimmed;
    }
}

/// Whether folding a short text would leave it as it is; `false` where that takes a closer look.
fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_edge = |byte: Option<&u8>| byte == Some(&b' ');
    !is_edge(bytes.first())
        && !is_edge(bytes.last())
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// Whether [`without_breaks`] has anything to do.
fn has_breaks(line: &str) -> bool {
    let before_closing = |at: usize| at > 0 && line.as_bytes()[at - 1] == b',';
    let mut pairs = line.as_bytes().windows(2).enumerate();
    pairs.any(|(at, pair)| match pair {
        b"( " | b" )" | b",)" | b"[ " | b" ]" | b"< " => true,
        b" >" | b" }" => before_closing(at),
        _ => false,
    })
}

/// `line` without what only line breaks in its brackets needed: `f( a, )`, `Map< K, V, >`.
fn without_breaks(line: String) -> String {
    let pairs = [
        ("( ", "("),
        (", )", ")"),
        (" )", ")"),
        (",)", ")"),
        (", >", ">"),
        (", }", " }"),
        ("[ ", "["),
        (", ]", "]"),
        (" ]", "]"),
    ];
    let mut line = pairs
        .iter()
        .fold(line, |line, (from, to)| line.replace(from, to));
    let mut from = 0;
    while let Some(at) = line[from..].find("< ").map(|at| from + at) {
        if line[..at].ends_with(|c: char| c.is_alphanumeric()) {
            line.remove(at + 1);
        }
        from = at + 1;
    }
    line
}

/// A line longer than this has its longest braces emptied: destructured parameters with their
/// types and defaults say little for their length.
const LONG: usize = 160;

/// `line` with `{…}` for its longest braces until it is no longer [`LONG`].
fn without_long_braces(mut line: String) -> String {
    while line.len() > LONG {
        let Some(inside) = longest_braces(&line) else {
            break;
        };
        line.replace_range(inside, "…");
    }
    line
}

/// What stands in the longest outermost braces, when they are worth emptying.
fn longest_braces(line: &str) -> Option<std::ops::Range<usize>> {
    let mut starts = Vec::new();
    let mut longest = 0..24;
    for (at, c) in line.char_indices() {
        match c {
            '{' => starts.push(at + 1),
            '}' => {
                let start = starts.pop()?;
                if starts.is_empty() && at - start > longest.len() {
                    longest = start..at;
                }
            }
            _ => {}
        }
    }
    (longest.start > 0).then_some(longest)
}

/// `raw` without the comments at the ends of its lines and between them. Which words begin a
/// comment depends on the language, so only those that stand apart on a line that is not the
/// last one count; nothing else reads like them there.
fn without_comments(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\n') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    for line in raw.split_inclusive('\n') {
        let starts = ["// ", "/// ", "# ", "-- "].iter().filter_map(|marker| {
            let at = line.find(marker)?;
            line[..at].ends_with(char::is_whitespace).then_some(at)
        });
        let end = starts
            .min()
            .filter(|_| line.ends_with('\n'))
            .unwrap_or(line.len());
        out.push_str(line[..end].trim_end().trim_end_matches('\\'));
        out.push(' ');
    }
    while let Some(start) = out.find("/*")
        && let Some(len) = out[start..].find("*/")
    {
        out.replace_range(start..start + len + 2, "");
    }
    Cow::Owned(out)
}

/// Tags in front of the summary itself, in the doc comments of C, C++ and Solidity.
const SUMMARY_TAGS: &[&str] = &[
    "@brief ",
    "\\brief ",
    "@notice ",
    "@title ",
    "@dev ",
    "@summary ",
];

/// The first paragraph of a doc comment without its markers, on one line, cut to `limit` bytes
/// at the end of a sentence where there is one.
pub fn doc_summary(raw: &str, limit: usize) -> String {
    let mut paragraph = String::new();
    for line in without_leading_code(raw).lines() {
        let line = &without_tags(strip_markers(line));
        let line = SUMMARY_TAGS
            .iter()
            .find_map(|tag| line.strip_prefix(tag))
            .unwrap_or(line)
            .trim();
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

/// A docstring without the indented call that it begins with, as Julia's do.
fn without_leading_code(raw: &str) -> &str {
    let Some(text) = raw.strip_prefix("\"\"\"\n") else {
        return raw;
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = text.lines().next().map_or(0, indent);
    let rest = text.find("\n\n").map_or("", |at| &text[at..]);
    let least = rest
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(indent)
        .min();
    if least.is_some_and(|least| first >= least + 4) && !is_rule(rest.trim()) {
        rest
    } else {
        raw
    }
}

/// A doc line without comment markers.
fn strip_markers(line: &str) -> &str {
    let mut line = line.trim();
    let quoted = line
        .strip_prefix(['"', '\''])
        .filter(|rest| !rest.starts_with(['"', '\'']));
    if let Some(rest) = quoted {
        return rest.trim_end_matches(['"', '\'']).trim();
    }
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
        "--[[",
        "---",
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

/// A doc line without the commonest tags: `<summary>`, `<p>`; `<see cref="X"/>` is `X`.
fn without_tags(line: &str) -> Cow<'_, str> {
    const TAGS: &[&str] = &[
        "summary",
        "remarks",
        "para",
        "p",
        "c",
        "b",
        "i",
        "em",
        "code",
        "br",
        "see",
        "paramref",
        "inheritdoc",
    ];
    if !line.contains('<') {
        return Cow::Borrowed(line);
    }
    let (mut kept, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        let name = after.trim_start_matches('/');
        let name = &name[..name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len())];
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
        assert_eq!(
            signature_line("type F<\n  A,\n  B,\n> = Map<A, B>"),
            "type F<A, B> = Map<A, B>"
        );
    }

    #[test]
    fn long_signatures_lose_what_stands_in_braces() {
        let fields = "first: string; second: number; ".repeat(6);
        let line = signature_line(&format!(
            "f({{ first, second }}: {{ {fields} }}): {{ ok: boolean }} {{"
        ));
        assert_eq!(line, "f({ first, second }: {…}): { ok: boolean }");
    }

    #[test]
    fn signatures_lose_the_comments_between_their_lines() {
        assert_eq!(
            signature_line("fn f(\n    a: u8, // first\n    b: u8, /* last */\n) {"),
            "fn f(a: u8, b: u8)"
        );
        assert_eq!(
            signature_line("def f(a, # first\n  b=1 // 2):"),
            "def f(a, b=1 // 2)"
        );
        assert_eq!(signature_line("test('adds', "), "test('adds', …)");
        assert_eq!(signature_line("test('adds', () =>"), "test('adds', …)");
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
            doc_summary(
                "/// <summary>\n/// Makes <see cref=\"Id\"/> of Vec<T>.\n/// </summary>",
                200
            ),
            "Makes Id of Vec<T>."
        );
        assert_eq!(
            doc_summary("\"\"\"Adds one.\n\nMore.\"\"\"", 200),
            "Adds one."
        );
        assert_eq!(
            doc_summary("\"\"\"\n    add(x)\n\nAdds one.\n\"\"\"", 200),
            "Adds one."
        );
    }

    #[test]
    fn folding_cuts_on_a_character_boundary() {
        assert_eq!(fold("äöü", 3), "ä…");
        assert_eq!(fold("", 3), "");
    }
}
