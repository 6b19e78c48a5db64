//! The Test Anything Protocol: `not ok 3 - name`, with what went wrong as YAML or in comments.

use super::test::Start;
use crate::digest::place;
use crate::digest::sheet::Sheet;

/// `not ok 3 - name`, with its YAML or comments.
pub fn start(sheet: &Sheet, idx: usize, rest: &str) -> Option<Start> {
    let name = rest
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start()
        .trim_start_matches("- ");
    if name.contains("# TODO") || name.contains("# SKIP") || name.contains("# todo") {
        return None;
    }
    let mut start = Start::new(name, idx + 1);
    start.within = Some(sheet.traits[idx].indent);
    for idx in idx + 1..sheet.len().min(idx + 40) {
        let text = sheet.trimmed(idx);
        if text.starts_with("ok ") || text.starts_with("not ok ") || text == "..." {
            break;
        }
        let bare = text.trim_start_matches('#').trim();
        if let Some(at) = bare.strip_prefix("location: ") {
            start.place = place::first(at).map(|found| found.place(at));
        } else if let Some(error) = bare
            .strip_prefix("error: ")
            .or(bare.strip_prefix("message: "))
        {
            start.message = error
                .trim_matches(['\'', '"', '|', '-', '>'])
                .trim()
                .to_owned();
            if start.message.is_empty() {
                start.message = block(sheet, idx);
            }
        } else if bare == "failureType: 'subtestsFailed'" {
            return None;
        } else if (bare.starts_with("at ") || bare.starts_with("at: "))
            && start.place.is_none()
            && !place::is_library(bare)
        {
            start.place = place::first(bare).map(|found| found.place(bare));
        }
    }
    Some(start)
}

/// The text of a YAML block scalar whose key is on line `key`, on one line.
fn block(sheet: &Sheet, key: usize) -> String {
    let indent = sheet.traits[key].indent;
    let lines = (key + 1..sheet.len().min(key + 12))
        .take_while(|idx| sheet.trimmed(*idx).is_empty() || sheet.traits[*idx].indent > indent);
    let mut text = String::new();
    for line in lines.map(|idx| sheet.trimmed(idx)) {
        if line.is_empty() || text.len() + line.len() > 300 {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// What TAP says of a failed test stands in comments below it, at the same indent.
pub fn is_comment(text: &str) -> bool {
    text.strip_prefix("# ")
        .is_some_and(|rest| !rest.starts_with("Subtest") && !rest.starts_with("tests "))
}
