//! What a project or a folder says it is for: the first paragraph of prose in its README.

/// Longest purpose shown, in bytes.
const MAX_PURPOSE: usize = 600;

/// Paragraphs looked at for one that says what the project is.
const MOST_PARAGRAPHS: usize = 4;

/// What a README says the project is, and the line: of its first paragraphs of prose the first
/// that says that something is something, else the first. Badges, headings, pictures, markup
/// and code are passed over.
pub fn first_paragraph(text: &str) -> Option<(String, u32)> {
    let paragraphs = paragraphs(text);
    let says_what = |(text, _): &&(String, u32)| {
        let start = &text[..(0..=text.len().min(120))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)];
        let is_about_itself = ["This README", "This document", "Please", "See ", "For "];
        let says = [
            " is a ",
            " is an ",
            " is the ",
            " is our ",
            " are ",
            " provides ",
            " lets you ",
        ];
        says.iter().any(|word| start.contains(word))
            && !is_about_itself.iter().any(|word| start.starts_with(word))
    };
    let best = paragraphs.iter().find(says_what).or(paragraphs.first())?;
    Some(best.clone())
}

/// The first paragraphs of prose, each with its line.
fn paragraphs(text: &str) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    let mut start = 0;
    let mut is_code = false;
    let lines: Vec<&str> = text.lines().chain(std::iter::once("")).collect();
    for (idx, raw) in lines.iter().enumerate() {
        let line = raw.trim();
        let is_fence = line.starts_with("```") || line.starts_with("~~~");
        is_code ^= is_fence;
        let is_title = lines.get(idx + 1).is_some_and(|next| is_underline(next));
        let is_apart = is_fence || is_code || line.is_empty() || is_markup(line) || is_title;
        if is_apart || raw.starts_with("    ") {
            if is_prose(&paragraph) {
                let joined = paragraph.join(" ");
                let told = crate::code::syntax::signature::fold(joined.trim(), MAX_PURPOSE);
                found.push((told, start));
            }
            paragraph.clear();
            if found.len() == MOST_PARAGRAPHS {
                break;
            }
            continue;
        }
        if paragraph.is_empty() {
            start = idx as u32 + 1;
        }
        paragraph.push(plain(line));
    }
    found
}

/// Whether lines say something: a few words and no row of links.
fn is_prose(lines: &[String]) -> bool {
    let text = lines.join(" ");
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic));
    text.len() >= 20 && words.count() >= 4
}

fn is_underline(line: &str) -> bool {
    let line = line.trim();
    let first = line.chars().next();
    line.len() >= 3
        && matches!(first, Some('=' | '-' | '~' | '*' | '^' | '#'))
        && line.chars().all(|c| Some(c) == first)
}

fn is_markup(line: &str) -> bool {
    let begins = [
        "#", "[!", "![", "<", "..", ":", "|", ">", "---", "===", "***", "* [", "- [", "[![", "{%",
        "=", "image:", "link:",
    ];
    begins.iter().any(|begin| line.starts_with(begin))
        || is_underline(line)
        || line.ends_with("-->")
        || (line.starts_with('[') && line.contains("]:"))
        || line.starts_with("[") && line.ends_with(')') && !line.contains(". ")
}

/// A line without the marks of its markup: links show their text.
fn plain(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|at| open + at) else {
            break;
        };
        let after = &rest[close + 1..];
        let end = match after.chars().next() {
            Some('(') => after.find(')'),
            Some('[') => after.find(']'),
            _ => None,
        };
        shown.push_str(&rest[..open]);
        match end {
            Some(end) => {
                shown.push_str(rest[open + 1..close].trim_start_matches('!'));
                rest = &after[end + 1..];
            }
            None => {
                shown.push_str(&rest[open..=close]);
                rest = after;
            }
        }
    }
    shown.push_str(rest);
    let mut plain = String::with_capacity(shown.len());
    let mut is_tag = false;
    for c in shown.chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            '*' | '`' => {}
            c if !is_tag => plain.push(c),
            _ => {}
        }
    }
    plain
        .trim()
        .trim_end_matches('\\')
        .trim_end_matches("_")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::first_paragraph;

    #[test]
    fn the_first_prose_is_the_purpose() {
        let markdown = "# Shop\n\n[![build](a)](b)\n<p align=center>\n\nA [shop](http://x) for\n**small** things.\n\nMore.\n";
        assert_eq!(
            first_paragraph(markdown),
            Some(("A shop for small things.".to_owned(), 6))
        );
        let rst = "Shop\n====\n\n.. image:: x\n\nShop is a small program for shops.\n";
        assert_eq!(
            first_paragraph(rst),
            Some(("Shop is a small program for shops.".to_owned(), 6))
        );
        assert_eq!(first_paragraph("# Only\n\n[a](b)\n"), None);
    }
}
