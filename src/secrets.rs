//! Finds secrets in text: private keys, tokens and passwords, by the formats that those who
//! issue them publish. Pure; used to decide what is never sent anywhere, and to redact.
//!
//! A rule is a word that every secret of its kind holds and a pattern: the word is searched
//! first, because nearly every text holds none. Formats change rarely; each rule names where
//! its format is published.

use regex_lite::Regex;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

/// A secret that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What it is: `GitHub token`.
    pub kind: &'static str,
    /// Where it stands, in bytes; of an assignment only the value.
    pub span: Range<usize>,
}

/// One kind of secret.
struct Rule {
    kind: &'static str,
    /// Words of which each secret of the kind holds one; lower case where `any_case`.
    words: &'static [&'static str],
    /// Whether the words are searched in any case.
    any_case: bool,
    /// The secret is the group `s`, or all that matches.
    pattern: &'static str,
}

const fn rule(kind: &'static str, words: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule {
        kind,
        words,
        any_case: false,
        pattern,
    }
}

const RULES: &[Rule] = &[
    // RFC 7468, RFC 4880 (armored keys), PuTTY's own format.
    rule(
        "private key",
        &["PRIVATE KEY", "PuTTY-User-Key-File"],
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s:,.\-\\]*(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)?|PuTTY-User-Key-File-[0-9]+: ",
    ),
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    rule(
        "AWS access key",
        &["AKIA", "ASIA", "ABIA", "ACCA"],
        r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    ),
    // github.blog: "Behind GitHub's new authentication token formats"
    rule(
        "GitHub token",
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b",
    ),
    // docs.gitlab.com/security/tokens: token prefixes
    rule(
        "GitLab token",
        &["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-"],
        r"\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_.\-]{20,}",
    ),
    // api.slack.com/authentication/token-types
    rule(
        "Slack token",
        &["xox", "xapp-"],
        r"\b(?:xox[abeoprs]|xapp)-[A-Za-z0-9\-]{10,}",
    ),
    rule(
        "Slack webhook",
        &["hooks.slack.com"],
        r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20,}",
    ),
    // docs.stripe.com/keys
    rule(
        "Stripe key",
        &["k_live_", "k_test_", "whsec_"],
        r"\b(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,})",
    ),
    // cloud.google.com/docs/authentication/api-keys
    rule("Google API key", &["AIza"], r"\bAIza[0-9A-Za-z_\-]{35}\b"),
    rule(
        "Google OAuth secret",
        &["GOCSPX-"],
        r"\bGOCSPX-[0-9A-Za-z_\-]{28}\b",
    ),
    // docs.anthropic.com, platform.openai.com/docs/api-reference/authentication
    rule(
        "model API key",
        &["sk-"],
        r"\bsk-(?:ant-[a-z0-9]+-|proj-|svcacct-|or-v1-)?[A-Za-z0-9_\-]{32,}",
    ),
    // huggingface.co/docs/hub/security-tokens
    rule("Hugging Face token", &["hf_"], r"\bhf_[A-Za-z0-9]{30,}\b"),
    // docs.npmjs.com/about-access-tokens
    rule("npm token", &["npm_"], r"\bnpm_[A-Za-z0-9]{36}\b"),
    // pypi.org/help/#apitoken: a macaroon for pypi.org
    rule(
        "PyPI token",
        &["pypi-AgE"],
        r"\bpypi-AgE[A-Za-z0-9_\-]{50,}",
    ),
    // github.com/rust-lang/crates.io: tokens begin with `cio`
    rule("crates.io token", &["cio"], r"\bcio[A-Za-z0-9]{32}\b"),
    // docs.sendgrid.com: API keys
    rule(
        "SendGrid key",
        &["SG."],
        r"\bSG\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}\b",
    ),
    // docs.digitalocean.com: token prefixes
    rule(
        "DigitalOcean token",
        &["dop_v1_", "doo_v1_", "dor_v1_"],
        r"\bdo[opr]_v1_[a-f0-9]{64}\b",
    ),
    // shopify.dev/docs/apps/auth: token prefixes
    rule(
        "Shopify token",
        &["shpat_", "shpca_", "shppa_", "shpss_"],
        r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b",
    ),
    // developer.hashicorp.com/vault/docs/concepts/tokens
    rule(
        "Vault token",
        &["hvs.", "hvb."],
        r"\bhv[sb]\.[A-Za-z0-9_\-]{24,}",
    ),
    // docs.databricks.com: personal access tokens
    rule("Databricks token", &["dapi"], r"\bdapi[a-f0-9]{32}\b"),
    // learn.microsoft.com: storage connection strings
    rule(
        "Azure storage key",
        &["AccountKey="],
        r"AccountKey=(?P<s>[A-Za-z0-9+/]{80,}={0,2})",
    ),
    // RFC 7519
    rule(
        "JSON web token",
        &["eyJ"],
        r"\beyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{16,}",
    ),
    // RFC 3986, user information
    rule(
        "password in a URL",
        &["://"],
        r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s:@/'\x22<>{}$]+:(?P<s>[^\s:@/'\x22<>{}$]{6,})@",
    ),
    Rule {
        kind: "assigned secret",
        words: &[
            "password",
            "passwd",
            "secret",
            "api_key",
            "apikey",
            "api-key",
            "token",
            "private_key",
        ],
        any_case: true,
        pattern: r#"(?i)[A-Za-z0-9_.\-]*(?:password|passwd|secret|api[_\-]?key|auth[_\-]?token|access[_\-]?token|private[_\-]?key|secret[_\-]?token)[A-Za-z0-9_\-]*["']?\s*(?::|=|=>|:=)\s*["'](?P<s>[^"'\s]{12,})["']"#,
    },
];

/// Every secret of `text`, by place; those that stand in another are left out.
pub fn find(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    let mut lower = None;
    for (rule, pattern) in RULES.iter().zip(patterns()) {
        let searched: &str = if rule.any_case {
            lower.get_or_insert_with(|| text.to_ascii_lowercase())
        } else {
            text
        };
        for window in windows(rule, searched) {
            for captures in pattern.captures_iter(&text[window.clone()]) {
                let secret = captures.name("s").or_else(|| captures.get(0));
                if let Some(secret) = secret
                    && !is_placeholder(rule, secret.as_str())
                {
                    found.push(Secret {
                        kind: rule.kind,
                        span: window.start + secret.start()..window.start + secret.end(),
                    });
                }
            }
        }
    }
    found.sort_by_key(|secret| (secret.span.start, std::cmp::Reverse(secret.span.end)));
    let mut end = 0;
    found.retain(|secret| {
        let is_apart = secret.span.start >= end;
        end = end.max(secret.span.end);
        is_apart
    });
    found
}

/// Longest part of a line that is looked at around a word, in bytes to each side.
const MOST_AROUND: usize = 2_000;

/// The parts of a text in which a pattern can match: the lines that hold one of its words, and
/// for keys, which have many lines, what follows. Patterns are slow beside the search for words.
fn windows(rule: &Rule, text: &str) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    let bytes = text.as_bytes();
    for word in rule.words {
        for at in memchr::memmem::find_iter(bytes, word.as_bytes()) {
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
            let end = match rule.kind {
                "private key" => text.len().min(at + 16 * MOST_AROUND),
                _ => memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |end| at + end),
            };
            let most = if rule.kind == "private key" {
                16 * MOST_AROUND
            } else {
                MOST_AROUND
            };
            let start = boundary(text, start.max(at.saturating_sub(MOST_AROUND)));
            windows.push(start..boundary(text, end.min(at + most)));
        }
    }
    windows.sort_by_key(|window| (window.start, window.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(windows.len());
    for window in windows {
        match joined.last_mut().filter(|last| window.start < last.end) {
            Some(last) => last.end = last.end.max(window.end),
            None => joined.push(window),
        }
    }
    joined
}

/// The first boundary of a character from `at` on.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// `text` with each secret replaced by `[redacted: KIND]`.
pub fn redact(text: &str) -> Cow<'_, str> {
    let found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut redacted = String::with_capacity(text.len());
    let mut at = 0;
    for secret in found {
        redacted.push_str(&text[at..secret.span.start]);
        redacted.push_str("[redacted: ");
        redacted.push_str(secret.kind);
        redacted.push(']');
        at = secret.span.end;
    }
    redacted.push_str(&text[at..]);
    Cow::Owned(redacted)
}

fn patterns() -> &'static [Regex] {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        RULES
            .iter()
            .map(|rule| Regex::new(rule.pattern).expect("the rules are tested"))
            .collect()
    })
}

/// Whether a value only stands for a secret: an example, a variable, a repeated character, or
/// an assigned word that no generator would make.
fn is_placeholder(rule: &Rule, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let stands_for = [
        "example",
        "placeholder",
        "changeme",
        "change_me",
        "your_",
        "your-",
        "xxxx",
        "****",
        "dummy",
        "redacted",
        "<",
        "${",
        "{{",
        "%(",
        "process.env",
        "os.environ",
        "getenv",
    ];
    if rule.kind == "private key" {
        return false;
    }
    if stands_for.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let first = value.bytes().next();
    if value.bytes().all(|byte| Some(byte) == first) {
        return true;
    }
    // Anyone can call a variable `password`; only what looks drawn at random counts.
    rule.kind == "assigned secret" && !looks_random(value)
}

/// Whether a word mixes letters and digits and repeats few characters.
fn looks_random(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    if !has(u8::is_ascii_digit) || !has(u8::is_ascii_alphabetic) {
        return false;
    }
    let mut counts = [0_u32; 256];
    value
        .bytes()
        .for_each(|byte| counts[usize::from(byte)] += 1);
    let total = value.len() as f32;
    let entropy: f32 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let part = *count as f32 / total;
            -part * part.log2()
        })
        .sum();
    entropy >= 3.2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        find(text).into_iter().map(|secret| secret.kind).collect()
    }

    /// Written in parts, so that nobody takes this file for one that holds secrets.
    fn made(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn published_formats_are_found() {
        let letters =
            "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3dE5gH7jK9mN1p";
        let cases = [
            (
                made(&["AKIA", "IOSFODNN7AB2CDEF"]).replace(['7'], "6"),
                "AWS access key",
            ),
            (made(&["ghp_", &letters[..36]]), "GitHub token"),
            (made(&["github_pat_", &letters[..40]]), "GitHub token"),
            (made(&["glpat-", &letters[..20]]), "GitLab token"),
            (
                made(&["xoxb-", "123456789012-", &letters[..24]]),
                "Slack token",
            ),
            (made(&["sk_live_", &letters[..24]]), "Stripe key"),
            (made(&["AIza", &letters[..35]]), "Google API key"),
            (made(&["sk-ant-api03-", &letters[..60]]), "model API key"),
            (made(&["hf_", &letters[..34]]), "Hugging Face token"),
            (made(&["npm_", &letters[..36]]), "npm token"),
            (
                made(&["postgres://user:", "hunter2hunter", "@db/x"]),
                "password in a URL",
            ),
            (
                made(&["-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE\n"]),
                "private key",
            ),
            (
                made(&["db_password = \"", &letters[..20], "\""]),
                "assigned secret",
            ),
        ];
        for (text, kind) in cases {
            assert_eq!(kinds(&format!("x = {text} ;")), [kind], "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_left_alone() {
        for text in [
            "password = \"correct horse\"",
            "password: \"changeme-please-1\"",
            "token = process.env.TOKEN_1234567",
            "API_KEY = \"your_api_key_here_123\"",
            "https://user@example.com/path",
            "https://docs.rs/tokio:latest/x@1",
            "ghp_short",
            "the secret = \"internationalization\"",
        ] {
            assert_eq!(kinds(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_value_alone_is_redacted() {
        let token = made(&["ghp_", "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3"]);
        let text = format!("a {token} b");
        assert_eq!(redact(&text), "a [redacted: GitHub token] b");
        assert_eq!(redact("plain"), "plain");
    }
}
