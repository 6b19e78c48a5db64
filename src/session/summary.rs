//! The summary of a session as a view: facts by section, each line with its place in the
//! transcript. Facts of a section stand in the order of the transcript, and what a section says
//! of a fact names its first place, so a session that grows leaves the beginning as it is.

use super::facts::Facts;
use super::lines::{self, Line, Section};
use super::transcript::Transcript;
use crate::tokens::Tokens;
use crate::view::{ItemBuilder, Level, Noun, Place, View};

/// What a summary is asked for.
#[derive(Clone, Debug, Default)]
pub struct SummaryRequest {
    /// The command that shows it again, without its budget.
    pub command: String,
    /// Whether places are written into the lines, as text wants them; JSON has them apart.
    pub places_in_text: bool,
}

/// Longest beginning of the words of a fact that is shown as one.
const HEAD: usize = 300;
/// Longest rest of them that may be shown.
const REST: usize = 4000;
/// Notes that are shown one by one.
const NOTES: usize = 5;

/// About what a line costs beside its text, in bytes.
const OVERHEAD: usize = 14;

// Texts are signatures, not names: of an item without lines JSON has the path for its name.
const FACT: u8 = 0;
const SECTION: u8 = 1;
const NOTE: u8 = 2;

/// Everything a summary of these facts could show.
pub fn summary(facts: &Facts, transcript: &Transcript, request: &SummaryRequest) -> View {
    let mut view = new_view("session", request);
    let all = lines::of(facts);
    for section in Section::ALL {
        let own: Vec<&Line> = all.iter().filter(|line| line.section == section).collect();
        let about = match section {
            Section::References => about(transcript),
            _ => None,
        };
        if own.is_empty() && about.is_none() {
            continue;
        }
        let parent = heading(&mut view, section.heading(), &own);
        if let Some(about) = about {
            let path = view.add_path("session".to_owned());
            view.add(ItemBuilder {
                parent: Some(parent),
                place: Place { path, lines: None },
                kind: "session",
                levels: &[(Level::Signature, &about, worth(2.5, about.len()))],
                ..ItemBuilder::default()
            });
        }
        for line in own {
            add(&mut view, parent, line, request);
        }
    }
    notes(&mut view, facts, transcript);
    view
}

/// A view of facts under headings.
pub fn new_view(name: &'static str, request: &SummaryRequest) -> View {
    let noun = |one, many| Noun { one, many };
    let nouns = vec![
        noun("fact", "facts"),
        noun("section", "sections"),
        noun("note", "notes"),
    ];
    let mut view = View::new(name, request.command.clone(), nouns);
    view.costs_in_text = false;
    view.small_step = Some(Tokens(90));
    view
}

/// Adds a heading and returns its index. It is worth as much a byte as the best of what stands
/// under it, so it is shown as early as that, and no earlier.
pub fn heading(view: &mut View, text: &str, lines: &[&Line]) -> u32 {
    let bytes = |line: &Line| line.label.len() + split(line.text.trim()).0.len() + 7;
    let ratio =
        |line: &&Line| worth(line.weight, bytes(line)) / (bytes(line) + OVERHEAD + 2) as f32;
    let least = worth(2.5, 100) / (100 + OVERHEAD + 2) as f32;
    let best = lines.iter().map(ratio).fold(least, f32::max);
    let path = view.add_path(String::new());
    view.add(ItemBuilder {
        noun: SECTION,
        place: Place { path, lines: None },
        kind: "section",
        is_parent: true,
        levels: &[(
            Level::Signature,
            text,
            best * (text.len() + OVERHEAD) as f32,
        )],
        ..ItemBuilder::default()
    })
}

/// Adds one fact under a heading.
pub fn add(view: &mut View, parent: u32, line: &Line, request: &SummaryRequest) {
    let path = view.add_path(format!("session#{}", place(line)));
    let (head, rest) = split(line.text.trim());
    let mut shown = String::new();
    if request.places_in_text {
        shown.push_str(&format!("#{} ", place(line)));
    }
    if !line.label.is_empty() {
        shown.push_str(&line.label);
        shown.push(' ');
    }
    shown.push_str(head);
    let value = worth(line.weight, shown.len());
    let rest = clip_rest(rest, &place(line));
    let rest_value = value + worth(line.weight, rest.len()) * 0.6;
    view.add(ItemBuilder {
        parent: Some(parent),
        noun: FACT,
        place: Place { path, lines: None },
        kind: line.kind,
        levels: &[
            (Level::Signature, &shown, value),
            (Level::Doc, &rest, rest_value),
        ],
        ..ItemBuilder::default()
    });
}

/// `L123`; with the number of the file before it where that is not the session's own.
fn place(line: &Line) -> String {
    match line.place.file {
        0 => format!("L{}", line.place.line),
        file => format!("F{file}L{}", line.place.line),
    }
}

/// Worth of a text of `len` bytes: the weight is what a byte of it is worth, and a little more
/// if it is short.
fn worth(weight: f32, len: usize) -> f32 {
    weight * ((len + OVERHEAD) as f32).powf(0.8)
}

/// The first line of a text, or the beginning of a long one, and the rest.
fn split(text: &str) -> (&str, &str) {
    let line = text.find('\n').unwrap_or(text.len());
    if line <= HEAD {
        return (
            text[..line].trim_end(),
            text[line..].trim_start_matches('\n'),
        );
    }
    let end = (0..=HEAD)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let end = text[..end]
        .rfind(' ')
        .filter(|at| *at > HEAD / 2)
        .unwrap_or(end);
    (&text[..end], text[end..].trim_start())
}

fn clip_rest(rest: &str, place: &str) -> String {
    if rest.len() <= REST {
        return rest.to_owned();
    }
    let end = (0..=REST)
        .rev()
        .find(|at| rest.is_char_boundary(*at))
        .unwrap_or(0);
    format!(
        "{}\n({} more bytes at #{place})",
        &rest[..end],
        rest.len() - end
    )
}

/// What is known of the session as a whole.
fn about(transcript: &Transcript) -> Option<String> {
    let about = &transcript.about;
    let mut text = String::from("session");
    let mut add = |before: &str, part: &Option<String>| {
        if let Some(part) = part.as_ref().filter(|part| !part.is_empty()) {
            text.push_str(before);
            text.push_str(part);
        }
    };
    add(" ", &about.session);
    add(" in ", &about.cwd);
    add(" on branch ", &about.branch);
    add(", model ", &about.model);
    (text.len() > 7).then_some(text)
}

fn notes(view: &mut View, facts: &Facts, transcript: &Transcript) {
    if facts.redacted > 0 {
        let noun = Noun {
            one: "secret was",
            many: "secrets were",
        };
        let text = format!("{} blotted out", noun.counted(facts.redacted));
        view.add_note(NOTE, "", &text, worth(8.0, 40));
    }
    for note in transcript.notes.iter().take(NOTES) {
        view.add_note(NOTE, "", note, worth(3.0, note.len()));
    }
    if transcript.notes.len() > NOTES {
        let text = format!(
            "{} more lines with problems",
            transcript.notes.len() - NOTES
        );
        view.add_note(NOTE, "", &text, worth(3.0, 40));
    }
}
