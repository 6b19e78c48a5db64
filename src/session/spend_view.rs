//! What a session was spent on, as a view: the window first, then what it went to, then what
//! to do about it.

use super::spend::{Part, Source, Spend};
use super::transcript::Transcript;
use crate::shell;
use crate::tokens::{Counter, Tokens};
use crate::view::{ItemBuilder, Level, Noun, Place, View, grouped};

/// Windows of models whose transcripts do not tell them.
const WINDOW: u64 = 200_000;
/// Sources that are shown of each sort.
const SOURCES: usize = 30;

/// The view of `spend`, shown again by `command`.
pub fn view(spend: &Spend, transcript: &Transcript, counter: &Counter, command: String) -> View {
    let noun = |one, many| Noun { one, many };
    let nouns = vec![
        noun("line", "lines"),
        noun("section", "sections"),
        noun("note", "notes"),
    ];
    let mut view = View::new("budget", command, nouns);
    view.costs_in_text = false;
    view.small_step = Some(Tokens(90));
    let mut lines = Lines { view: &mut view };
    lines.section("Context", 100.0, &context(spend, transcript));
    lines.section("What it went to", 60.0, &parts(spend, counter));
    lines.section("Files", 30.0, &sources(&spend.files, "read"));
    lines.section("Commands", 30.0, &sources(&spend.commands, "run"));
    lines.section("Other tools", 15.0, &sources(&spend.tools, "called"));
    lines.section("What to do", 80.0, &advice(spend));
    for note in transcript.notes.iter().take(5) {
        view.add_note(2, "", note, 5.0);
    }
    view
}

struct Lines<'a> {
    view: &'a mut View,
}

impl Lines<'_> {
    fn section(&mut self, heading: &str, weight: f32, lines: &[(String, u64)]) {
        if lines.is_empty() {
            return;
        }
        let parent = self.add(None, "section", heading, 0, weight * 1.1);
        for (idx, (line, tokens)) in lines.iter().enumerate() {
            let weight = weight / (1.0 + idx as f32 / 10.0);
            self.add(Some(parent), "line", line, *tokens, weight);
        }
    }

    fn add(
        &mut self,
        parent: Option<u32>,
        kind: &'static str,
        text: &str,
        tokens: u64,
        weight: f32,
    ) -> u32 {
        let path = self.view.add_path(String::new());
        self.view.add(ItemBuilder {
            parent,
            noun: u8::from(kind == "section"),
            place: Place { path, lines: None },
            kind,
            tokens,
            is_parent: kind == "section",
            levels: &[(Level::Signature, text, weight * (text.len() as f32 + 14.0))],
            ..ItemBuilder::default()
        })
    }
}

fn context(spend: &Spend, transcript: &Transcript) -> Vec<(String, u64)> {
    let mut lines = Vec::new();
    let Some(last) = spend.requests.last() else {
        lines.push((
            "no request tells its tokens in this transcript".to_owned(),
            0,
        ));
        return lines;
    };
    let (window, guess) = match transcript.about.window {
        Some(window) => (window, ""),
        None => (WINDOW.max(last.context()), " assumed"),
    };
    let model = transcript
        .about
        .model
        .as_deref()
        .unwrap_or("model not told");
    let used = last.context();
    lines.push((
        format!(
            "used {} of {}{guess} ({}), {model}",
            grouped(used),
            grouped(window),
            percent(used, window)
        ),
        used,
    ));
    let output: u64 = spend.requests.iter().map(|request| request.output).sum();
    let input: u64 = spend.requests.iter().map(|request| request.context()).sum();
    lines.push((
        format!(
            "{} requests sent {} tokens in all, of them {} from a cache; {} came back",
            spend.requests.len(),
            grouped(input),
            percent(
                spend
                    .requests
                    .iter()
                    .map(|request| request.cache_read)
                    .sum(),
                input
            ),
            grouped(output)
        ),
        input,
    ));
    lines.extend(trend(spend, window).map(|line| (line, 0)));
    if !spend.compactions.is_empty() {
        let noun = Noun {
            one: "compaction",
            many: "compactions",
        };
        let times = noun.counted(spend.compactions.len());
        lines.push((
            format!("{times}; `ctx session lost` tells what the newest dropped"),
            0,
        ));
    }
    if spend.asides.0 > 0 {
        let text = format!(
            "subagents: {} requests, {} tokens in contexts of their own",
            spend.asides.0,
            grouped(spend.asides.1)
        );
        lines.push((text, spend.asides.1));
    }
    lines
}

/// How the context grows, and when it will be full.
fn trend(spend: &Spend, window: u64) -> Option<String> {
    let since = spend.compactions.last().copied().unwrap_or(0);
    let own = spend.requests.get(since..).filter(|own| own.len() >= 3)?;
    let recent = &own[own.len().saturating_sub(11)..];
    let grown = recent
        .last()?
        .context()
        .saturating_sub(recent.first()?.context());
    let step = grown / (recent.len() as u64 - 1);
    let left = window.saturating_sub(recent.last()?.context());
    let full = match step {
        0 => "at this pace it is never full".to_owned(),
        step => format!("full in about {} requests", grouped(left / step)),
    };
    Some(format!(
        "grows by {} tokens a request over the last {}; {full}",
        grouped(step),
        recent.len()
    ))
}

fn parts(spend: &Spend, counter: &Counter) -> Vec<(String, u64)> {
    let total: u64 = spend.parts.iter().sum();
    let mut parts: Vec<(Part, u64)> = Part::ALL
        .into_iter()
        .map(|part| (part, spend.parts[part as usize]))
        .filter(|(_, tokens)| *tokens > 0)
        .collect();
    parts.sort_by_key(|(_, tokens)| std::cmp::Reverse(*tokens));
    let scaled = |tokens| counter.scale(Tokens(tokens)).0;
    let line = |(part, tokens): (Part, u64)| {
        let text = format!(
            "{} {} {}",
            grouped(scaled(tokens)),
            percent(tokens, total),
            part.word()
        );
        (text, tokens)
    };
    parts.into_iter().map(line).collect()
}

fn sources(sources: &[Source], done: &str) -> Vec<(String, u64)> {
    let line = |source: &Source| {
        let times = match source.times {
            1 => String::new(),
            times => format!(", {done} {times} times"),
        };
        let repeated = match source.repeated {
            0 => String::new(),
            repeated => format!(", {} of them the same text again", grouped(repeated)),
        };
        let text = format!(
            "{} {}{times}{repeated}",
            grouped(source.tokens),
            source.name
        );
        (text, source.tokens)
    };
    sources
        .iter()
        .filter(|source| source.tokens > 0)
        .take(SOURCES)
        .map(line)
        .collect()
}

/// What would have cost less, with the command that does it.
fn advice(spend: &Spend) -> Vec<(String, u64)> {
    let mut lines = Vec::new();
    for source in &spend.commands {
        if source.saved > 0 {
            let text = format!(
                "{} tokens less: `ctx digest --cmd {}` of its output",
                grouped(source.saved),
                shell::quoted(&source.name)
            );
            lines.push((text, source.saved));
        }
    }
    for source in &spend.files {
        if source.repeated > 0 {
            let text = format!(
                "{} tokens less: {} was read {} times and had not changed",
                grouped(source.repeated),
                source.name,
                source.times
            );
            lines.push((text, source.repeated));
        }
        let each = source.tokens / u64::from(source.times.max(1));
        if each >= 3000 {
            let text = format!(
                "up to {} tokens less: `ctx outline {}`, then `ctx read` of the lines that matter",
                grouped(each * 4 / 5),
                shell::path(&source.name)
            );
            lines.push((text, each * 4 / 5));
        }
    }
    lines.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    lines.truncate(10);
    lines
}

fn percent(part: u64, whole: u64) -> String {
    format!("{}%", (part * 100).checked_div(whole).unwrap_or(0))
}
