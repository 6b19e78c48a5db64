//! Messages about places in source files: compilers, linters, type checkers, configuration
//! tools. Three forms cover nearly all: the place before the message on one line, the place on
//! the line after (`-->`), and the place in a heading above.

use crate::digest::finding::{Finding, Severity, Sort};
use crate::digest::place::{self, Place};
use crate::digest::sheet::Sheet;
use crate::digest::words::Voice;

/// Most lines that belong to one message.
const LONGEST: usize = 60;

/// Reads the messages.
pub fn read(sheet: &mut Sheet, findings: &mut Vec<Finding>) {
    let mut idx = 0;
    let mut heading: Option<(usize, String)> = None;
    while idx < sheet.len() {
        if sheet.claimed[idx] || sheet.traits[idx].is_empty {
            if sheet.text(idx).trim().is_empty()
                && heading.as_ref().is_some_and(|(at, _)| idx > at + 1)
            {
                heading = None;
            }
            idx += 1;
            continue;
        }
        if let Some(path) = heading_path(sheet, idx) {
            heading = Some((idx, path));
            idx += 1;
            continue;
        }
        let head = arrow(sheet, idx)
            .or_else(|| one_line(sheet, idx))
            .or_else(|| under_heading(sheet, idx, heading.as_ref().map(|(_, path)| path.as_str())));
        let Some(mut head) = head else {
            idx += 1;
            continue;
        };
        head.end = head.end.min(sheet.len());
        let end = end_of_message(sheet, head.end);
        if head.message.ends_with(':') {
            say_more(sheet, idx + 1..end, &mut head.message);
        }
        let mut finding = Finding::new(
            head.severity,
            Sort::Diagnostic,
            &head.message,
            sheet.first(idx),
            sheet.last(end - 1),
        );
        finding.place = Some(head.place);
        finding.rule = rule(&head.message);
        let signals = sheet.traits[idx].signals;
        finding.is_labeled = signals.error >= Voice::Mention
            || signals.warning >= Voice::Mention
            || finding.rule.is_some();
        let before = idx
            .checked_sub(1)
            .map_or("", |before| sheet.trimmed(before));
        if before.contains("In function ") || before.contains("In member function ") {
            finding.detail(sheet.trimmed(idx - 1), 0.15, sheet.first(idx - 1));
            sheet.claimed[idx - 1] = true;
        }
        details(sheet, idx, head.end, end, &mut finding);
        if let Some((at, _)) = &heading {
            sheet.claimed[*at] = true;
        }
        sheet.claim(idx..end);
        findings.push(finding);
        idx = end;
    }
}

/// Where the head ends in a colon, what it announces stands indented below it.
fn say_more(sheet: &Sheet, below: std::ops::Range<usize>, message: &mut String) {
    let said = below
        .take_while(|idx| {
            let traits = &sheet.traits[*idx];
            traits.indent > 0 && !traits.is_quote && !sheet.trimmed(*idx).is_empty()
        })
        .take(4);
    for text in said.map(|idx| sheet.trimmed(idx)) {
        if message.len() + text.len() > 300 {
            break;
        }
        message.push(' ');
        message.push_str(text);
    }
}

struct Head {
    severity: Severity,
    place: Place,
    message: String,
    /// The line after the head.
    end: usize,
}

/// A file's name on a line of its own, above its messages.
fn heading_path(sheet: &Sheet, idx: usize) -> Option<String> {
    let text = sheet.text(idx).trim_end();
    let bare = text
        .strip_prefix("FILE: ")
        .or_else(|| text.strip_prefix("File: "))
        .or_else(|| text.strip_prefix("************* Module "))
        .unwrap_or(text);
    let is_path = place::looks_like_path(bare)
        || bare.starts_with('/') && !bare.contains(' ') && bare.contains('.');
    let next = sheet.text((idx + 1).min(sheet.len() - 1)).trim_start();
    let follows = next.starts_with(|c: char| c.is_ascii_digit())
        || sheet
            .traits
            .get(idx + 1)
            .is_some_and(|traits| traits.is_empty || traits.indent > 0);
    (sheet.traits[idx].indent == 0 && is_path && !bare.contains(' ') && follows)
        .then(|| bare.to_owned())
}

/// `error[E0308]: mismatched types` above `--> src/a.rs:1:2`.
fn arrow(sheet: &Sheet, idx: usize) -> Option<Head> {
    let text = sheet.trimmed(idx);
    if sheet.traits[idx].is_quote || text.is_empty() {
        return None;
    }
    let is_issue = text.contains("Issue: ") || sheet.traits[idx].signals.error == Voice::Label;
    let max = (idx + if is_issue { 6 } else { 3 }).min(sheet.len() - 1);
    for at in idx + 1..=max {
        let next = sheet.trimmed(at);
        let marks = [
            "Location: ",
            "--> ",
            "╭─[",
            "┌─ ",
            "└─ ",
            ",-[",
            "╭▸ ",
            "::: ",
        ];
        let is_arrow = marks.iter().any(|mark| next.starts_with(mark))
            || (next.starts_with("on ") && next.contains(" line "))
            || at == idx + 2 && is_issue && is_lone_place(sheet, at);
        if is_arrow {
            let found = sheet.traits[at]
                .place
                .clone()
                .or_else(|| place::first(next))?;
            let place = if sheet.traits[at].place.is_some() {
                found.place(sheet.text(at))
            } else {
                found.place(next)
            };
            let between_is_message = idx + 1 == at
                || sheet.traits[idx].signals.error >= Voice::Mention
                || sheet.traits[idx].signals.warning >= Voice::Mention;
            if !between_is_message {
                return None;
            }
            let message = text.trim_start_matches(['│', '╷', ' ', '×', '⚠', '>']);
            return Some(Head {
                severity: severity(sheet, idx, message),
                place,
                message: message.to_owned(),
                end: at + 1,
            });
        }
        if sheet.claimed[at] || next.is_empty() && at > idx + 1 {
            break;
        }
    }
    None
}

/// A place and nothing else, indented below a message and a blank line.
fn is_lone_place(sheet: &Sheet, idx: usize) -> bool {
    let traits = &sheet.traits[idx];
    let text = sheet.text(idx).trim_end().trim_end_matches(':');
    let is_all = traits.place.as_ref().is_some_and(|found| {
        found.span.start == usize::from(traits.indent) && found.span.end == text.len()
    });
    is_all && traits.indent > 0 && traits.frame.is_none() && sheet.trimmed(idx - 1).is_empty()
}

/// `path:1:2: error: message`, and the same with the place elsewhere near the beginning.
fn one_line(sheet: &Sheet, idx: usize) -> Option<Head> {
    let traits = &sheet.traits[idx];
    let text = sheet.text(idx);
    let found = traits.place.as_ref()?;
    if traits.is_quote || traits.frame.is_some() && traits.signals.error < Voice::Mention {
        return None;
    }
    let before = text[..found.span.start].trim();
    if before.ends_with("*** [") || before.contains("***") {
        return None;
    }
    let after = text[found.span.end..].trim_start_matches([':', ' ', '-', ')', ']', '"', ',']);
    let starts = before.is_empty() || is_lead(before);
    let speaks = traits.signals.error >= Voice::Mention || traits.signals.warning >= Voice::Mention;
    if !starts && !speaks {
        return None;
    }
    let is_remark = after.starts_with("note:") || after.starts_with("info:") || before == "note:";
    if !starts {
        // The place stands in the middle of a sentence.
        return Some(Head {
            severity: severity(sheet, idx, text),
            place: found.place(text),
            message: text.trim().to_owned(),
            end: idx + 1,
        });
    }
    let in_function = before.is_empty()
        && (after.starts_with("In ") || after.starts_with("in "))
        && text.ends_with(':');
    if after.is_empty() {
        // The message follows: `In a.sh line 3:`, `a.rb:3`.
        let next = (idx + 1..(idx + 6).min(sheet.len())).find(|at| {
            let text = sheet.trimmed(*at);
            !text.is_empty()
                && (text.contains("^--")
                    || text.contains("^-") && !sheet.traits[*at].is_empty
                    || sheet.traits[*at].signals.error >= Voice::Mention)
        });
        let next = next.or_else(|| (speaks || before.ends_with("in")).then_some(idx + 1))?;
        let mut message = sheet.trimmed(next).trim_start_matches(['^', '-', ' ']);
        if message.is_empty() {
            message = text.trim();
        }
        let lead = if is_lead(before) && speaks {
            format!("{before} ")
        } else {
            String::new()
        };
        let _ = lead;
        return Some(Head {
            severity: severity(sheet, next.min(sheet.len() - 1), message),
            place: found.place(text),
            message: message.to_owned(),
            end: next + 1,
        });
    }
    if in_function && leads(sheet, idx + 1) {
        return None;
    }
    let said = if before.is_empty() { after } else { text };
    let severity = if is_remark {
        Severity::Note
    } else {
        severity(sheet, idx, said)
    };
    let lead = before.trim_end_matches([':', ' ']);
    let keeps_lead = !lead.is_empty()
        && lead.len() > 1
        && !after.to_lowercase().starts_with(&lead.to_lowercase())
        && lead.chars().any(char::is_alphabetic);
    let message = if keeps_lead {
        format!("{lead} {after}")
    } else {
        after.to_owned()
    };
    Some(Head {
        severity,
        place: found.place(text),
        message,
        end: idx + 1,
    })
}

/// Whether a line begins with a place.
fn leads(sheet: &Sheet, idx: usize) -> bool {
    sheet
        .traits
        .get(idx)
        .and_then(|traits| traits.place.as_ref())
        .is_some_and(|found| sheet.text(idx)[..found.span.start].trim().is_empty())
}

/// What may stand before the place: `error:`, `[ERROR]`, `e:`, `ERROR in`, `CMake Error at`, `##`.
fn is_lead(before: &str) -> bool {
    let words = before.split_whitespace().count();
    let lower = before.to_lowercase();
    words == 1
        && before.ends_with(':')
        && before.len() < 24
        && !before.contains('/')
        && before.len() > 2
        || words <= 3
            && (lower.contains("error")
                || lower.contains("warn")
                || lower.contains("fatal")
                || lower == "in"
                || lower.starts_with("e:")
                || lower.starts_with("w:")
                || lower.starts_with("note")
                || lower.starts_with("info")
                || before.chars().all(|c| !c.is_alphanumeric())
                || lower.starts_with("in file")
                || lower.starts_with("from"))
}

/// `  28:3  error  Unexpected var  no-var` under the name of its file.
fn under_heading(sheet: &Sheet, idx: usize, heading: Option<&str>) -> Option<Head> {
    let path = heading?;
    let text = sheet.trimmed(idx);
    let text_after = text.trim_start_matches(['|', ' ']);
    let digits = text_after.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 7 {
        return None;
    }
    let line: u32 = text_after[..digits].parse().ok()?;
    let rest = &text_after[digits..];
    let (col, rest) = match rest.strip_prefix(':') {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            (rest[..digits].parse().ok(), &rest[digits..])
        }
        None => (None, rest),
    };
    // `16 errors, 1 warning` is no message on line 16.
    let is_inside = sheet.traits[idx].indent > 0 || col.is_some() || text.starts_with('|');
    if !rest.starts_with([' ', '|', '\t', ':']) || line == 0 || !is_inside {
        return None;
    }
    let message = rest
        .trim_matches(['|', ' ', ':', '\t'])
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (message.contains(' ')).then(|| Head {
        severity: severity(sheet, idx, &message),
        place: Place {
            path: path.to_owned(),
            line,
            col,
        },
        message,
        end: idx + 1,
    })
}

/// The severity that a message names. One that names none is an error: compilers that know
/// only errors do not say so, and the findings of a linter stay in their order.
fn severity(sheet: &Sheet, idx: usize, message: &str) -> Severity {
    let lower = message
        .trim_start_matches(['[', '*', ' '])
        .to_ascii_lowercase();
    let text = sheet.text(idx);
    let warns = lower.starts_with("warn")
        || lower.contains("(warning)")
        || lower.contains(" warning:")
        || lower.contains(": warning ")
        || text.starts_with("w:")
        || text.starts_with("[WARN")
        || ["(info)", "(style)", "(note)", "(information)"]
            .iter()
            .any(|word| lower.contains(word))
        || ["w: ", "c: ", "r: ", "i: "]
            .iter()
            .any(|mark| lower.starts_with(mark))
        || is_mild_code(message);
    if warns {
        return Severity::Warning;
    }
    let remarks = ["note", "info", "help", "style", "hint"]
        .iter()
        .any(|word| {
            lower
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with([':', ' ', '[']))
        });
    if remarks || lower.contains(" note: ") {
        return Severity::Note;
    }
    let signals = sheet.traits[idx].signals;
    let only_warns = signals.warning == Voice::Label && signals.error < Voice::Mention;
    if only_warns {
        Severity::Warning
    } else {
        Severity::Error
    }
}

/// `C0114: ...`, `W0611: ...`: pylint's conventions and warnings.
fn is_mild_code(message: &str) -> bool {
    let bytes = message.as_bytes();
    bytes.len() > 6
        && b"CRWI".contains(&bytes[0])
        && bytes[1..5].iter().all(u8::is_ascii_digit)
        && bytes[5] == b':'
}

/// The rule or code in a message: `E501 ...`, `error[E0308]`, `[attr-defined]`, `TS2339`, `(no-var)`.
fn rule(message: &str) -> Option<String> {
    let is_code = |word: &str| {
        let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        (1..=8).contains(&letters)
            && word.len() > letters
            && word.len() - letters <= 6
            && word[letters..].bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut words = message
        .split(|c: char| c.is_whitespace() || "[]():,".contains(c))
        .filter(|word| !word.is_empty());
    if let Some(code) = words.by_ref().take(3).find(|word| is_code(word)) {
        return Some(code.to_owned());
    }
    let last = message
        .trim_end_matches(['.', ' '])
        .rsplit(char::is_whitespace)
        .next()?;
    let inner = last.trim_matches(['[', ']', '(', ')']);
    let is_bracketed = inner.len() + 2 == last.len();
    let is_name = inner.len() > 2
        && inner.len() < 60
        && inner
            .chars()
            .all(|c| c.is_alphanumeric() || "-_/@.=+".contains(c));
    (is_name && (is_bracketed || inner.contains('-') && !inner.starts_with('-') || is_code(inner)))
        .then(|| inner.to_owned())
}

/// The lines after the head that belong to it: quotes, carets, notes, indented text.
fn end_of_message(sheet: &Sheet, from: usize) -> usize {
    let mut end = from;
    let mut at = from;
    let mut blanks = 0;
    while at < sheet.len() && at < from + LONGEST && !sheet.claimed[at] {
        let traits = &sheet.traits[at];
        let text = sheet.trimmed(at);
        if text.is_empty() {
            blanks += 1;
            if blanks > 1 || !quotes_follow(sheet, at + 1) && !goes_on(sheet, from, at + 1) {
                break;
            }
            at += 1;
            continue;
        }
        let after_place = traits.place.as_ref().map_or("", |found| {
            sheet.text(at)[found.span.end..].trim_start_matches([':', ' '])
        });
        let is_remark = starts_remark(text)
            || starts_remark(after_place)
            || after_place.starts_with("required from")
            || after_place.starts_with("candidate");
        let is_head = traits.place.as_ref().is_some_and(|found| {
            found.span.start == 0 || is_lead(sheet.text(at)[..found.span.start].trim())
        }) && !is_remark
            && !text.starts_with("-->")
            && !text.starts_with("::: ");
        let belongs = traits.is_quote
            || is_remark
            || traits.is_empty
            || traits.indent > 0 && !is_head && !is_item(text)
            || text.starts_with(['╰', '│', '╷', '·', '┌', '└'])
            || text.starts_with("@ ");
        if !belongs {
            break;
        }
        blanks = 0;
        at += 1;
        end = at;
    }
    end
}

/// Whether paragraphs of one message follow: CMake and GHC indent them below `error:`.
fn goes_on(sheet: &Sheet, from: usize, at: usize) -> bool {
    let head = sheet.trimmed(from.saturating_sub(1));
    head.ends_with(':')
        && sheet.traits[from.saturating_sub(1)].indent == 0
        && at < sheet.len()
        && sheet.traits[at].indent > 0
        && sheet.traits[at].place.is_none()
        && !sheet.claimed[at]
}

fn quotes_follow(sheet: &Sheet, at: usize) -> bool {
    at < sheet.len()
        && (sheet.traits[at].is_quote
            || starts_remark(sheet.trimmed(at))
            || sheet.trimmed(at).starts_with("-->"))
}

fn starts_remark(text: &str) -> bool {
    [
        "note: ",
        "= note",
        "= help",
        "note:",
        "help:",
        "hint:",
        "Hint:",
        "Help:",
        "= ",
        "symbol:",
        "location:",
        "suggestion:",
        "Did you mean",
    ]
    .iter()
    .any(|word| text.starts_with(word))
}

/// A further message under the same heading.
fn is_item(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && text[digits..].starts_with([':', ' '])
}

fn details(sheet: &Sheet, start: usize, head_end: usize, end: usize, finding: &mut Finding) {
    for idx in start + 1..end {
        let text = sheet.trimmed(idx);
        let traits = &sheet.traits[idx];
        if idx < head_end && (text.starts_with("-->") || finding.message.ends_with(text))
            || text.is_empty()
            || finding.message.contains(text)
            || text.ends_with("ou mean:")
        {
            continue;
        }
        let label = text.trim_start_matches([
            '|', '^', '-', ' ', '_', '~', '·', '│', '╰', '─', '┬', '/', '\\',
        ]);
        let is_label = (text.contains('^')
            || text.contains("---")
            || text.contains("──")
            || text.contains("┬"))
            && label.contains(' ')
            && label.len() > 3;
        if is_label && label.len() < text.len() {
            finding.detail(label, 0.35, sheet.first(idx));
        } else if starts_remark(text.trim_start_matches(['|', ' ', '='])) || text.starts_with("= ")
        {
            let hints = text.contains("help") || text.contains("hint");
            let worth = if text.contains("`#[") || text.contains("on by default") {
                0.08
            } else if hints {
                0.25
            } else {
                0.15
            };
            finding.detail(text, worth, sheet.first(idx));
        } else if traits.is_quote {
            finding.detail(text, 0.05, sheet.first(idx));
        } else if !traits.is_empty {
            let worth = if traits.signals.error > Voice::Silent || traits.place.is_some() {
                0.2
            } else {
                0.12
            };
            finding.detail(text, worth, sheet.first(idx));
        }
    }
}
