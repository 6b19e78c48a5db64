//! What a compaction dropped: facts that stood before it and that its text no longer holds.

use super::facts::Facts;
use super::lines::{self, Line, Section};
use super::summary::{self, SummaryRequest};
use crate::view::View;

/// The facts, as they stood before it, that a compaction dropped, by section. A fact is dropped
/// if none of the words that tell it stand in `text`, which the context was replaced with.
pub fn lost(before: &Facts, text: &str, request: &SummaryRequest) -> View {
    let held = plain(text);
    let mut view = summary::new_view("session lost", request);
    let all = lines::of(before);
    for section in Section::ALL {
        let own: Vec<&Line> = all
            .iter()
            .filter(|line| line.section == section && !holds(&held, line))
            .collect();
        if !own.is_empty() {
            let parent = summary::heading(&mut view, section.heading(), &own);
            own.iter()
                .for_each(|line| summary::add(&mut view, parent, line, request));
        }
    }
    view
}

/// Whether a text holds a fact: one of its keys, or the name alone of a file.
fn holds(held: &str, line: &Line) -> bool {
    line.keys.iter().any(|key| {
        let key = plain(key);
        let name = key.rsplit('/').next().unwrap_or(&key);
        let is_file = matches!(line.kind, "file" | "read") && name.len() > 3;
        !key.is_empty() && (held.contains(&key) || (is_file && held.contains(name)))
    })
}

/// Words in lower case, with single blanks between them.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace(['`', '*', '"'], "");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}
