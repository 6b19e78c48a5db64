//! What git prints: logs, statistics of changes, diffs.

use crate::digest::finding::Extract;
use crate::digest::sheet::Sheet;

/// Reads logs, statistics and diffs.
pub fn read(sheet: &mut Sheet) -> Vec<Extract> {
    let mut found = log(sheet);
    found.extend(stat(sheet));
    found.extend(diff(sheet));
    found
}

fn is_commit(text: &str) -> Option<&str> {
    let hash = text.strip_prefix("commit ")?.split(' ').next()?;
    (hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(hash)
}

/// `git log`: a short hash and the subject of each commit.
fn log(sheet: &mut Sheet) -> Vec<Extract> {
    let mut found = Vec::new();
    let mut idx = 0;
    while idx < sheet.len() {
        let Some(hash) = is_commit(sheet.text(idx)) else {
            idx += 1;
            continue;
        };
        let mut end = idx + 1;
        while end < sheet.len() && is_commit(sheet.text(end)).is_none() && end < idx + 400 {
            let text = sheet.text(end);
            if !(text.trim().is_empty() || text.starts_with("    ") || text.contains(": ")) {
                break;
            }
            end += 1;
        }
        let subject = (idx + 1..end).find(|at| sheet.text(*at).starts_with("    "));
        let rank = found.len() as f32;
        let title = subject.map_or("", |at| sheet.trimmed(at));
        let line = sheet.first(idx);
        let mut push = |text: String, line: u32, value: f32| {
            found.push(Extract::new(&text, (line, line), value));
        };
        push(
            format!("{} {title}", &hash[..7]),
            line,
            7.0 / (1.0 + rank * 0.03),
        );
        for at in idx + 1..end {
            let text = sheet.trimmed(at);
            let is_body = Some(at) != subject && !text.is_empty();
            let is_author = text.starts_with("Author:") || text.starts_with("Date:");
            if is_body {
                let value = if is_author && rank < 1.0 { 1.0 } else { 0.2 };
                push(
                    text.to_owned(),
                    sheet.first(at),
                    value / (1.0 + rank * 0.05),
                );
            }
        }
        sheet.claim(idx..end);
        idx = end;
    }
    found
}

/// ` src/a.rs | 20 +-` and what `git diff --stat` says below.
fn stat(sheet: &mut Sheet) -> Vec<Extract> {
    let mut found = Vec::new();
    for idx in 0..sheet.len() {
        if sheet.claimed[idx] || !sheet.text(idx).starts_with(' ') {
            continue;
        }
        let text = sheet.trimmed(idx);
        let Some((_, change)) = text.rsplit_once(" | ") else {
            continue;
        };
        let number: String = change
            .trim()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let rest = change.trim()[number.len()..].trim();
        let is_stat =
            rest.chars().all(|c| c == '+' || c == '-') || change.trim().starts_with("Bin ");
        if !is_stat {
            continue;
        }
        let size: f32 = number.parse().unwrap_or(1.0);
        let shown = text.trim_end_matches(['+', '-', ' ']);
        let value = 1.5 + size.max(1.0).ln() * 0.7;
        found.push(Extract::new(shown, sheet.raw(idx), value));
        sheet.claimed[idx] = true;
    }
    found
}

/// `git diff`: files, hunks, changed lines.
fn diff(sheet: &mut Sheet) -> Vec<Extract> {
    let mut found = Vec::new();
    let mut in_diff = false;
    for idx in 0..sheet.len() {
        let text = sheet.text(idx);
        if text.starts_with("diff --git ") || text.starts_with("diff --cc ") {
            in_diff = true;
        } else if is_commit(text).is_some() {
            in_diff = false;
        }
        if !in_diff || sheet.claimed[idx] || text.trim().is_empty() {
            continue;
        }
        let is_meta = [
            "index ",
            "--- ",
            "+++ ",
            "new file mode",
            "deleted file mode",
            "similarity ",
        ]
        .iter()
        .any(|word| text.starts_with(word));
        let rank = found.len() as f32;
        let value = if text.starts_with("diff --") {
            7.0
        } else if text.starts_with("@@") {
            1.5
        } else if is_meta {
            0.1
        } else if text.starts_with(['+', '-']) {
            1.2
        } else if text.starts_with(' ') {
            0.1
        } else {
            in_diff = text.starts_with(['\\', 'r', 'o']);
            continue;
        };
        // `diff --git a/x b/x` names the file twice.
        let shown = text.trim_end();
        let shown = shown
            .split_once(" b/")
            .filter(|(head, file)| text.starts_with("diff --git a/") && head.ends_with(file))
            .map_or(shown, |(head, _)| head);
        let value = value / (1.0 + rank * 0.002);
        found.push(Extract::new(shown, sheet.raw(idx), value));
        sheet.claimed[idx] = true;
    }
    found
}
