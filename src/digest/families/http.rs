//! Conversations over HTTP, as `curl -v` prints them.

use crate::digest::finding::Extract;
use crate::digest::sheet::Sheet;

/// Headers that say more than others.
const TELLING: [&str; 9] = [
    "retry-after:",
    "location:",
    "www-authenticate:",
    "x-request-id:",
    "x-ratelimit",
    "set-cookie:",
    "content-type:",
    "x-error",
    "warning:",
];

/// Reads requests, statuses and headers.
pub fn read(sheet: &mut Sheet) -> Vec<Extract> {
    let mut found = Vec::new();
    let is_http = (0..sheet.len()).any(|idx| sheet.text(idx).starts_with("< HTTP/"));
    if !is_http {
        return found;
    }
    for idx in 0..sheet.len() {
        let text = sheet.trimmed(idx);
        if sheet.claimed[idx] || text.is_empty() {
            continue;
        }
        let lower = text.to_ascii_lowercase();
        let header = lower.get(2..).unwrap_or("");
        let is_body = !text.starts_with(['<', '>', '*', '{', '}'])
            || text.starts_with("{\"")
            || text.starts_with("<!");
        let value = if text.starts_with("< HTTP/") {
            9.0
        } else if text.starts_with("> ") && text.contains(" HTTP/") {
            7.0
        } else if TELLING.iter().any(|name| header.starts_with(name)) {
            if header.starts_with("content-type") {
                1.0
            } else {
                5.0
            }
        } else if is_body {
            6.0
        } else if text.starts_with('*') {
            if sheet.traits[idx].signals.error > crate::digest::words::Voice::Silent {
                6.0
            } else {
                0.6
            }
        } else {
            0.4
        };
        found.push(Extract::new(text, sheet.raw(idx), value));
        sheet.claimed[idx] = true;
    }
    found
}
