//! XML: JUnit's, as nearly every test runner can write it, and messages about places, as
//! Checkstyle, cppcheck and those who write like them do.

use super::Writer;
use crate::digest::lines::Lines;

/// Reads the failed test cases; whether it is JUnit XML at all.
pub fn junit(lines: &Lines, writer: &mut Writer) -> bool {
    if lines.has_gaps {
        return false;
    }
    let text = lines.all();
    if !text.contains("<testsuite") {
        return false;
    }
    let breaks = line_breaks(&text);
    let mut at = 0;
    let mut case: Option<String> = None;
    let mut fails = false;
    while let Some(open) = text[at..].find('<').map(|open| open + at) {
        let Some(end) = end_of_tag(&text, open) else {
            break;
        };
        let tag = &text[open..=end];
        let line = line_of(lines, &breaks, open);
        at = end + 1;
        if tag.starts_with("<![CDATA[") || tag.starts_with("<!--") {
            continue;
        }
        if tag.starts_with("<testsuite") {
            totals(tag, line, writer);
        } else if tag.starts_with("<system-out") && fails {
            writer.text(&format!("{}\n\n", content(&text[at..])), line);
        } else if tag.starts_with("<testcase") {
            fails = false;
            let class = attribute(tag, "classname").unwrap_or_default();
            let name = attribute(tag, "name").unwrap_or_default();
            case = Some(if class.is_empty() {
                name
            } else {
                format!("{class}.{name}")
            });
        } else if tag.starts_with("</testcase") {
            fails = false;
        } else if tag.starts_with("<failure") || tag.starts_with("<error") {
            let message = attribute(tag, "message").unwrap_or_default();
            fails = true;
            let body = if tag.ends_with("/>") {
                String::new()
            } else {
                content(&text[at..])
            };
            let name = case.clone().unwrap_or_default();
            let shown = if body.contains(message.lines().next().unwrap_or("").trim()) {
                String::new()
            } else {
                format!("{message}\n")
            };
            writer.text(&format!("---- {name} stdout ----\n{shown}{body}\n\n"), line);
        }
    }
    true
}

/// Reads messages about places: `<error line="3" severity="error" message="..."/>` in a
/// `<file name="...">`, or with a `<location file="..." line="3"/>` inside; whether there are any.
pub fn diagnostics(lines: &Lines, writer: &mut Writer) -> bool {
    if lines.has_gaps {
        return false;
    }
    let text = lines.all();
    let breaks = line_breaks(&text);
    let mut found = false;
    let mut at = 0;
    let mut file = String::new();
    let mut waiting: Option<(String, u32)> = None;
    while let Some(open) = text[at..].find('<').map(|open| open + at) {
        let Some(end) = end_of_tag(&text, open) else {
            break;
        };
        let tag = &text[open..=end];
        at = end + 1;
        let line = line_of(lines, &breaks, open);
        let word = |names: &[&str]| names.iter().find_map(|name| attribute(tag, name));
        if tag.starts_with("<file ") {
            file = word(&["name", "path"]).unwrap_or_default();
            continue;
        }
        let row = word(&["line", "beginline"]);
        if let Some((message, first)) = &waiting
            && let (Some(path), Some(row)) = (word(&["file", "path"]), &row)
        {
            writer.text(&format!("{path}:{row}: {message}"), *first);
            found = true;
            waiting = None;
            continue;
        }
        let Some(said) = word(&["message", "msg"]) else {
            continue;
        };
        let severity = word(&["severity"]).unwrap_or_default();
        let code = word(&["source", "id", "rule"]).unwrap_or_default();
        let message = format!("{severity}: {said} [{code}]");
        let path = word(&["file", "path"]).unwrap_or_else(|| file.clone());
        match row {
            Some(row) if !path.is_empty() => {
                writer.text(&format!("{path}:{row}: {message}"), line);
                found = true;
            }
            _ => waiting = Some((message, line)),
        }
    }
    found
}

fn totals(tag: &str, line: u32, writer: &mut Writer) {
    let numbers: Vec<String> = ["tests", "failures", "errors", "skipped"]
        .iter()
        .filter_map(|key| Some(format!("{key}: {}", attribute(tag, key)?)))
        .collect();
    if !numbers.is_empty() {
        writer.text(&numbers.join(", "), line);
    }
}

fn line_breaks(text: &str) -> Vec<usize> {
    memchr::memchr_iter(b'\n', text.as_bytes()).collect()
}

/// The raw line that a byte of the text is on.
fn line_of(lines: &Lines, breaks: &[usize], at: usize) -> u32 {
    let idx = breaks.partition_point(|line_break| *line_break < at);
    lines.raw(idx.min(lines.len() - 1)).0
}

/// The end of a tag; `>` may stand in the quotes of an attribute.
fn end_of_tag(text: &str, open: usize) -> Option<usize> {
    if text[open..].starts_with("<![CDATA[") {
        return text[open..].find("]]>").map(|end| open + end + 2);
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return Some(at),
            _ => {}
        }
    }
    None
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let spaced = [' ', '\n', '\t']
        .iter()
        .find_map(|space| tag.find(&format!("{space}{name}=")))?;
    let at = spaced + name.len() + 2;
    let quote = tag[at..].chars().next()?;
    let value = &tag[at + quote.len_utf8()..];
    Some(unescaped(&value[..value.find(quote)?]))
}

/// The text of an element up to its end.
fn content(text: &str) -> String {
    let text = text.trim_start();
    match text.strip_prefix("<![CDATA[") {
        Some(inner) => inner.split("]]>").next().unwrap_or("").to_owned(),
        None => unescaped(text.split("</").next().unwrap_or("")),
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#10;", "\n")
        .replace("&#xA;", "\n")
        .replace("&#9;", "\t")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn a_value_may_begin_with_any_character() {
        assert_eq!(attribute(" a=é失é", "a").as_deref(), Some("失"));
        assert_eq!(attribute(" a=é", "a"), None);
        assert_eq!(attribute(" a=\"1 &lt; 2\"", "a").as_deref(), Some("1 < 2"));
    }
}
