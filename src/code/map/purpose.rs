//! What a project says it is for: the first paragraph of its README that says so, or the
//! description in a manifest.

use super::manifest;
use crate::code::graph::Source;

/// What a project is for, and where it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The file.
    pub path: String,
    /// First and last line.
    pub lines: (u32, u32),
    /// One or two sentences on one line.
    pub text: String,
}

/// Longest purpose, in bytes.
const LONG: usize = 320;
/// Paragraphs of a README that are looked at.
const MOST: usize = 40;

/// What the project of `sources` is for, if it says so.
pub fn purpose(sources: &[Source]) -> Option<Purpose> {
    let readme = sources
        .iter()
        .filter(|source| !source.path.contains('/'))
        .find(|source| source.path.to_lowercase().starts_with("readme"));
    let paragraphs = readme.map_or_else(Vec::new, |readme| paragraphs(&readme.text));
    let of_readme = |paragraph: &Paragraph| Purpose {
        path: readme.map_or_else(String::new, |readme| readme.path.clone()),
        lines: paragraph.lines,
        text: shortened(&paragraph.text),
    };
    if let Some(paragraph) = paragraphs.iter().find(|paragraph| defines(&paragraph.text)) {
        return Some(of_readme(paragraph));
    }
    described(sources).or_else(|| paragraphs.first().map(of_readme))
}

struct Paragraph {
    lines: (u32, u32),
    text: String,
}

/// The paragraphs of prose at the beginning of a README; no titles, pictures and lists.
fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut open: Option<Paragraph> = None;
    let mut fenced = false;
    for (idx, line) in text.lines().take(400).enumerate() {
        let number = idx as u32 + 1;
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
        }
        let is_rule = line.len() > 2 && line.chars().all(|c| "=-~*_#^".contains(c));
        if is_rule {
            // The line above was a title.
            open = None;
            continue;
        }
        let prose = if fenced { String::new() } else { prose(line) };
        // A lone word ends a paragraph; it does not begin one.
        let is_word = !prose.contains(' ') && prose.len() < 12;
        if prose.is_empty() || is_word && open.is_none() {
            found.extend(open.take());
            if found.len() >= MOST {
                break;
            }
            continue;
        }
        let paragraph = open.get_or_insert(Paragraph {
            lines: (number, number),
            text: String::new(),
        });
        if !paragraph.text.is_empty() {
            paragraph.text.push(' ');
        }
        paragraph.text.push_str(&prose);
        paragraph.lines.1 = number;
    }
    found.extend(open);
    found.retain(|paragraph| paragraph.text.len() >= 30);
    found
}

/// A line of prose without markup; empty for a line that is none.
fn prose(line: &str) -> String {
    let starts = ["#", "|", "..", "- ", "* ", "+ ", ":", "<!--", "[!", "> [!"];
    if starts.iter().any(|start| line.starts_with(start)) {
        return String::new();
    }
    let mut text = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(end) = rest.find('>')
        {
            rest = &rest[end + 1..];
        } else if rest.starts_with("![") || rest.starts_with("[![") {
            // A picture, a badge with or without its link.
            let end = rest.rfind(')').or_else(|| rest.rfind(']'));
            rest = end.map_or("", |end| &rest[end + 1..]);
        } else if c == '['
            && let Some((label, after)) = link(rest)
        {
            text.push_str(label);
            rest = after;
        } else {
            let is_markup = matches!(c, '*' | '`') || c == '_' && rest.starts_with("__");
            if !is_markup {
                text.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    let text = text.trim();
    let is_target = text.starts_with('[') && text.contains("]:");
    if is_target {
        return String::new();
    }
    text.to_owned()
}

/// The label of `[label](target)` or `[label][target]`, and what follows.
fn link(text: &str) -> Option<(&str, &str)> {
    let close = text.find(']')?;
    let label = &text[1..close];
    let after = &text[close + 1..];
    let end = match after.chars().next() {
        Some('(') => after.find(')')?,
        Some('[') => after.find(']')?,
        Some(':') => return None,
        _ => return Some((label, after)),
    };
    Some((label, &after[end + 1..]))
}

/// Whether a paragraph says what something is, rather than where to read on.
fn defines(text: &str) -> bool {
    let head: String = text.chars().take(160).collect();
    let lower = format!(" {}", head.to_lowercase());
    let leads_on = [
        "this readme",
        "please ",
        "visit ",
        "for more",
        "see the ",
        "see also",
    ];
    let says = [
        " is a ",
        " is an ",
        " is the ",
        " are a ",
        " provides ",
        " a runtime",
        " lets ",
        " helps ",
        " implements ",
        " is your ",
        " stands ",
        " aims ",
        " makes ",
        " allows ",
        " framework for",
        " library for",
        " tool for",
        " is often ",
    ];
    let begins = [" a ", " an ", " the "]
        .iter()
        .any(|article| lower.starts_with(article));
    !leads_on.iter().any(|word| lower.contains(word))
        && (begins || says.iter().any(|word| lower.contains(word)))
}

fn shortened(text: &str) -> String {
    if text.len() <= LONG {
        return text.to_owned();
    }
    let mut end = LONG;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text[..end].rfind(". ") {
        Some(stop) if stop > 60 => text[..=stop].to_owned(),
        _ => {
            let end = text[..end].rfind(' ').unwrap_or(end);
            format!("{}…", &text[..end])
        }
    }
}

/// The description in the manifest nearest to the root, of the package with the shortest name.
fn described(sources: &[Source]) -> Option<Purpose> {
    let manifests = sources
        .iter()
        .filter(|source| manifest::is_manifest(&source.path));
    let described = manifests.filter_map(|source| {
        let keys = ["description", "summary"];
        let (line, text) = keys.iter().find_map(|key| manifest::value(source, key))?;
        let name = manifest::value(source, "name").map_or("", |(_, name)| name);
        let depth = source.path.matches('/').count();
        Some((depth, name.len(), &source.path, line, text))
    });
    let (_, _, path, line, text) = described.min()?;
    Some(Purpose {
        path: path.clone(),
        lines: (line, line),
        text: shortened(text),
    })
}

#[cfg(test)]
mod tests {
    use super::{defines, paragraphs};

    #[test]
    fn badges_titles_and_pointers_are_no_purpose() {
        let text = "# Shop\n\n[![Build](a.svg)](b) [![C](d)](e)\n\n<p align=\"center\">Visit <a href=\"x\">the site</a> for documentation.</p>\n\nShop is a *small* [store](x) of\nthings.\n";
        let found = paragraphs(text);
        let purpose = found.iter().find(|found| defines(&found.text)).unwrap();
        assert_eq!(purpose.text, "Shop is a small store of things.");
        assert_eq!(purpose.lines, (7, 8));
    }
}
