//! Blots out secrets: tokens of published formats, private keys, passwords in URLs, values given
//! to names that say what they are. What is blotted out is counted.

use super::facts::Facts;

/// Beginnings of tokens, with the fewest characters that follow.
const PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("gldt-", 20),
    ("glrt-", 20),
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk-or-", 20),
    ("sk-", 32),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("pk_live_", 16),
    ("whsec_", 24),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xoxr-", 20),
    ("xoxs-", 20),
    ("xapp-", 20),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 35),
    ("ya29.", 20),
    ("GOCSPX-", 20),
    ("npm_", 36),
    ("pypi-AgEIcHlwaS5vcmc", 20),
    ("hf_", 30),
    ("dop_v1_", 40),
    ("SG.", 40),
    ("key-", 32),
    ("shpat_", 30),
    ("shpss_", 30),
    ("lin_api_", 30),
    ("ntn_", 40),
    ("figd_", 30),
    ("dckr_pat_", 20),
    ("tfp_", 30),
    ("hvs.", 20),
    ("hvb.", 20),
    ("AGE-SECRET-KEY-1", 40),
    ("glsa_", 30),
    ("NRAK-", 20),
    ("PMAK-", 20),
    ("EAACEdEose0cBA", 10),
    ("eyJhbGciOi", 30),
    ("eyJ0eXAiOi", 30),
];

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

/// What stands for a secret.
const BLOT: &str = "[secret]";

/// `text` without its secrets, and their number; `None` if it has none.
pub fn redact(text: &str) -> Option<(String, usize)> {
    let mut spans = Vec::new();
    keys(text, &mut spans);
    tokens(text, &mut spans);
    named(text, &mut spans);
    urls(text, &mut spans);
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let (mut out, mut at, mut count) = (String::with_capacity(text.len()), 0, 0);
    for (start, end) in spans {
        if start < at {
            continue;
        }
        out.push_str(&text[at..start]);
        out.push_str(BLOT);
        count += 1;
        at = end;
    }
    out.push_str(&text[at..]);
    Some((out, count))
}

/// Private keys between their marks.
fn keys(text: &str, spans: &mut Vec<(usize, usize)>) {
    for (start, _) in text.match_indices("-----BEGIN ") {
        let head = &text[start..text.len().min(start + 60)]
            .lines()
            .next()
            .unwrap_or("");
        if head.contains("PRIVATE KEY") {
            let end = text[start..].find("-----END ").map_or(text.len(), |at| {
                let end = start + at + 9;
                text[end..]
                    .find("-----")
                    .map_or(text.len(), |at| end + at + 5)
            });
            spans.push((start, end));
        }
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn tokens(text: &str, spans: &mut Vec<(usize, usize)>) {
    let mut at = 0;
    for word in text.split(|c: char| !is_token(c)) {
        let start = at + text[at..].find(word).unwrap_or(0);
        at = start + word.len();
        let is_secret = PREFIXES.iter().any(|(prefix, least)| {
            word.strip_prefix(prefix).is_some_and(|rest| {
                rest.len() >= *least
                    && (prefix.len() > 3 || rest.bytes().any(|b| b.is_ascii_digit()))
            })
        });
        if is_secret {
            spans.push((start, at));
        }
    }
}

/// `NAME=value`, `"name": "value"`, `Authorization: Bearer value`.
fn named(text: &str, spans: &mut Vec<(usize, usize)>) {
    for (at, mark) in text.match_indices(['=', ':']) {
        let name = text[..at].trim_end_matches(['"', '\'', ' ']);
        let name_start =
            name.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        let name = name[name_start.map_or(0, |at| at + 1)..].to_ascii_lowercase();
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
            spans.push((start, start + value.len()));
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

/// The password of `scheme://user:password@host`.
fn urls(text: &str, spans: &mut Vec<(usize, usize)>) {
    for (at, _) in text.match_indices("://") {
        let rest = &text[at + 3..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\''))
            .unwrap_or(rest.len());
        let Some((login, _)) = rest[..end].rsplit_once('@') else {
            continue;
        };
        if let Some((user, password)) = login.split_once(':')
            && !password.is_empty()
            && !password.starts_with(['$', '{', '<'])
        {
            let start = at + 3 + user.len() + 1;
            spans.push((start, start + password.len()));
        }
    }
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
        let token = format!("ghp_{}", "a1".repeat(18));
        let cases = [
            (
                format!("curl -H 'Authorization: Bearer {token}' x"),
                "curl -H 'Authorization: Bearer [secret]' x",
            ),
            (
                format!("GITHUB_TOKEN={token} make"),
                "GITHUB_TOKEN=[secret] make",
            ),
            (
                "DB_PASSWORD=hunter2hunter go".to_owned(),
                "DB_PASSWORD=[secret] go",
            ),
            (
                "git clone https://me:p4ss@host/x".to_owned(),
                "git clone https://me:[secret]@host/x",
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
