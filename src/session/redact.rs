//! Blots out the secrets of facts, and counts them: those whose formats are published, and what
//! a command line gives to a name that says what it is.

use super::facts::Facts;
use crate::secrets;

/// Ends of names whose values are secrets.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "access_token",
    "auth_token",
    "client_secret",
    "private_key",
    "secret_key",
    "token",
    "credential",
    "credentials",
    "passphrase",
    "pwd",
];

/// What stands for a value that was given to a telling name.
const BLOT: &str = "secret value";

/// `text` without its secrets, and their number; `None` if it has none.
pub fn redact(text: &str) -> Option<(String, usize)> {
    let found = secrets::find(text);
    let mut spans: Vec<(usize, usize, &str)> = found
        .into_iter()
        .map(|secret| (secret.span.start, secret.span.end, secret.kind))
        .collect();
    named(text, &mut spans);
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let (mut out, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for (start, end, kind) in spans {
        if start < at {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str("[redacted: ");
        out.push_str(kind);
        out.push(']');
        count += 1;
        at = end;
    }
    out.push_str(&text[at..]);
    Some((out, count))
}

/// `NAME=value`, `"name": "value"`, `Authorization: Bearer value`.
fn named(text: &str, spans: &mut Vec<(usize, usize, &str)>) {
    for (at, mark) in text.match_indices(['=', ':']) {
        let name = text[..at].trim_end_matches(['"', '\'', ' ']);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let name = name[name.trim_end_matches(is_part).len()..].to_ascii_lowercase();
        if mark == ":" && text[at..].starts_with("://") {
            continue;
        }
        let after = &text[at + 1..];
        let skip = after.len() - after.trim_start_matches([' ', '"', '\'']).len();
        let mut start = at + 1 + skip;
        let is_auth = name == "authorization";
        if is_auth && let Some(rest) = text[start..].find(' ') {
            start += rest + 1;
        }
        if !is_auth && !NAMES.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let value = &text[start..];
        let end = value
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | ')' | '}'));
        let value = &value[..end.unwrap_or(value.len())];
        if looks_secret(value) {
            spans.push((start, start + value.len(), BLOT));
        }
    }
}

/// Whether a value is a secret rather than a name of one: long enough, mixed, no variable.
fn looks_secret(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    value.len() >= 8
        && !value.starts_with(['$', '<', '{', '%', '*', '/', '('])
        && !value.contains("::")
        && !value.contains('(')
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}

/// Blots out the secrets in all texts of `facts`, and counts them there.
pub fn redact_facts(facts: &mut Facts) {
    let mut count = 0;
    each_text(facts, &mut |text| {
        if let Some((clean, found)) = redact(text) {
            *text = clean;
            count += found;
        }
    });
    facts.redacted += count;
}

fn each_text(facts: &mut Facts, visit: &mut dyn FnMut(&mut String)) {
    facts
        .words
        .iter_mut()
        .for_each(|words| visit(&mut words.text));
    for choice in &mut facts.choices {
        visit(&mut choice.about);
        visit(&mut choice.words);
    }
    let statements = facts.statements.iter_mut().chain(&mut facts.next);
    statements.for_each(|statement| visit(&mut statement.text));
    for command in &mut facts.commands {
        visit(&mut command.line);
        command
            .runs
            .iter_mut()
            .for_each(|run| visit(&mut run.error));
    }
    facts
        .tests
        .iter_mut()
        .for_each(|test| visit(&mut test.message));
    facts
        .commits
        .iter_mut()
        .for_each(|commit| visit(&mut commit.subject));
    facts
        .todos
        .iter_mut()
        .for_each(|todo| visit(&mut todo.text));
    facts
        .tasks
        .iter_mut()
        .for_each(|task| visit(&mut task.what));
    for error in &mut facts.errors {
        visit(&mut error.what);
        visit(&mut error.message);
    }
    let pairs = facts.fetched.iter_mut().chain(&mut facts.agents);
    pairs.for_each(|(_, text)| visit(text));
    if let Some((_, text)) = &mut facts.last_words {
        visit(text);
    }
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_go_and_words_stay() {
        let token = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
        let cases = [
            (
                format!("curl -H 'Authorization: Bearer {token}' x"),
                "curl -H 'Authorization: Bearer [redacted: GitHub token]' x",
            ),
            (format!("T={token} make"), "T=[redacted: GitHub token] make"),
            (
                "DB_PASSWORD=hunter2hunter go".to_owned(),
                "DB_PASSWORD=[redacted: secret value] go",
            ),
        ];
        for (text, expected) in cases {
            let (clean, count) = redact(&text).unwrap();
            assert_eq!((clean.as_str(), count), (expected, 1));
        }
        for text in [
            "token = next_token(input)",
            "password: string",
            "sk-learn is a library",
            "key-value pairs",
            "API_KEY=$API_KEY",
        ] {
            assert_eq!(redact(text), None, "{text}");
        }
    }
}
