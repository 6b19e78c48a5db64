//! What a context was spent on: exact totals from the provider's own counts, and shares of
//! kinds, files and commands, counted from the texts of the transcript.

use super::facts::first_line;
use super::transcript::event::{Action, Call, Event, Kind, Outcome, Usage};
use crate::digest::{self, Digest, Origin};
use crate::tokens::{Counter, Tokens};
use crate::view::Format;
use std::collections::HashMap;

/// Outputs below this many tokens are not worth a digest.
const WORTH_A_DIGEST: u64 = 1500;
/// The budget of the digest that would have been shown.
const DIGEST: Tokens = Tokens(1000);

/// What text in the context is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The host's instructions.
    System,
    /// Schemas of tools.
    Tools,
    /// Reminders and attachments of the host.
    Attachments,
    /// The user's words.
    User,
    /// The agent's words.
    Agent,
    /// The agent's reasoning, as far as it is recorded.
    Reasoning,
    /// Arguments of calls.
    Calls,
    /// Text of files that were read.
    Files,
    /// Output of commands.
    Commands,
    /// Answers of other tools.
    Answers,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 10] = [
        Part::System,
        Part::Tools,
        Part::Attachments,
        Part::User,
        Part::Agent,
        Part::Reasoning,
        Part::Calls,
        Part::Files,
        Part::Commands,
        Part::Answers,
    ];

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Part::System => "system instructions",
            Part::Tools => "schemas of tools",
            Part::Attachments => "attachments and reminders",
            Part::User => "the user's words",
            Part::Agent => "the agent's words",
            Part::Reasoning => "reasoning",
            Part::Calls => "arguments of calls",
            Part::Files => "files read",
            Part::Commands => "output of commands",
            Part::Answers => "answers of other tools",
        }
    }
}

/// What one file, command or tool cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Which.
    pub name: String,
    /// How often.
    pub times: u32,
    /// Tokens of all times.
    pub tokens: u64,
    /// Tokens of the times after the first that showed the same text again.
    pub repeated: u64,
    /// Tokens that a digest would have saved.
    pub saved: u64,
    /// Hashes of what was shown.
    shown: Vec<blake3::Hash>,
}

/// What stands in the context at one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Tokens in the context, as the provider counts.
    pub context: u64,
    /// Tokens by part since the last compaction, as counted here.
    pub parts: [u64; 10],
}

/// What a session was spent on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spend {
    /// Requests by the session itself, in order, each id once.
    pub requests: Vec<Usage>,
    /// What stood in the context at each of them.
    pub moments: Vec<Moment>,
    /// Requests of subagents, and their tokens.
    pub asides: (u32, u64),
    /// Tokens by part over the whole session.
    pub parts: [u64; 10],
    /// Files read.
    pub files: Vec<Source>,
    /// Commands run.
    pub commands: Vec<Source>,
    /// Answers of tools by name.
    pub tools: Vec<Source>,
    /// Where the context was compacted, as numbers of requests.
    pub compactions: Vec<usize>,
    /// Pairs of (tokens counted here, tokens the provider counted) of what came in between two
    /// requests.
    pub pairs: Vec<(u64, u64)>,
}

/// Takes events in order; see [`Accountant::finish`].
pub struct Accountant<'a> {
    counter: &'a Counter,
    spend: Spend,
    now: [u64; 10],
    calls: HashMap<String, Call>,
    known: HashMap<String, usize>,
    aside: HashMap<String, u64>,
    /// Tokens counted since the last request of the session, but for the model's own.
    since: u64,
    is_fresh: bool,
}

impl<'a> Accountant<'a> {
    /// Nothing spent yet.
    pub fn new(counter: &'a Counter) -> Accountant<'a> {
        Accountant {
            counter,
            spend: Spend::default(),
            now: [0; 10],
            calls: HashMap::new(),
            known: HashMap::new(),
            aside: HashMap::new(),
            since: 0,
            is_fresh: true,
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: &Event) {
        if event.is_aside {
            if let Kind::Usage(usage) = &event.kind {
                self.aside
                    .insert(usage.id.clone(), usage.context() + usage.output);
            }
            return;
        }
        match &event.kind {
            Kind::Prompt(text) | Kind::Answered { answer: text, .. } => self.add(Part::User, text),
            Kind::Said(text) | Kind::CompactionText(text) => self.add(Part::Agent, text),
            // Reasoning is not kept in the context of later requests.
            Kind::Thought(text) => {
                self.spend.parts[Part::Reasoning as usize] += self.count(text);
            }
            Kind::Context { source, text } => self.add(
                match *source {
                    "system" => Part::System,
                    "tools" => Part::Tools,
                    _ => Part::Attachments,
                },
                text,
            ),
            Kind::Call(call) => {
                let tokens = call.bytes as u64 / 4 + 10;
                self.charge(Part::Calls, tokens);
                self.calls.insert(call.id.clone(), call.clone());
            }
            Kind::Outcome(outcome) => self.outcome(outcome),
            Kind::Usage(usage) => self.usage(usage),
            Kind::Compacted { .. } => {
                self.spend.compactions.push(self.spend.requests.len());
                let fixed = [Part::System as usize, Part::Tools as usize];
                for (idx, tokens) in self.now.iter_mut().enumerate() {
                    if !fixed.contains(&idx) {
                        *tokens = 0;
                    }
                }
                self.is_fresh = true;
            }
            _ => {}
        }
    }

    /// What was spent; sources with the largest first.
    pub fn finish(mut self) -> Spend {
        self.spend.asides = (self.aside.len() as u32, self.aside.values().sum());
        for sources in [
            &mut self.spend.files,
            &mut self.spend.commands,
            &mut self.spend.tools,
        ] {
            sources.sort_by(|a, b| b.tokens.cmp(&a.tokens).then(a.name.cmp(&b.name)));
        }
        self.spend
    }

    fn count(&self, text: &str) -> u64 {
        self.counter.encoding().count(text).0
    }

    fn add(&mut self, part: Part, text: &str) {
        let tokens = self.count(text);
        self.charge(part, tokens);
    }

    fn charge(&mut self, part: Part, tokens: u64) {
        self.spend.parts[part as usize] += tokens;
        self.now[part as usize] += tokens;
        if !matches!(part, Part::Agent | Part::Calls) {
            self.since += tokens;
        }
    }

    fn usage(&mut self, usage: &Usage) {
        if let Some(at) = self.known.get(&usage.id) {
            // The same request again: the last word counts.
            self.spend.requests[*at] = usage.clone();
            return;
        }
        if let (Some(before), false) = (self.spend.requests.last(), self.is_fresh) {
            // What the model itself said came back as input, too.
            let before = before.context() + before.output;
            let grown = usage.context().saturating_sub(before);
            if self.since >= 300 && grown > 0 {
                self.spend.pairs.push((self.since, grown));
            }
        }
        self.since = 0;
        self.is_fresh = false;
        self.known
            .insert(usage.id.clone(), self.spend.requests.len());
        self.spend.requests.push(usage.clone());
        self.spend.moments.push(Moment {
            context: usage.context(),
            parts: self.now,
        });
    }

    fn outcome(&mut self, outcome: &Outcome) {
        let tokens = self.count(&outcome.text);
        let Some(call) = self.calls.remove(&outcome.id) else {
            return self.charge(Part::Answers, tokens);
        };
        match &call.action {
            Action::Read(path) => {
                self.charge(Part::Files, tokens);
                note(&mut self.spend.files, path, &outcome.text, tokens, 0);
            }
            Action::Command { line, .. } => {
                self.charge(Part::Commands, tokens);
                let saved = self.saved(line, outcome, tokens);
                note(
                    &mut self.spend.commands,
                    &first_line(line),
                    &outcome.text,
                    tokens,
                    saved,
                );
            }
            _ => {
                self.charge(Part::Answers, tokens);
                note(&mut self.spend.tools, &call.tool, &outcome.text, tokens, 0);
            }
        }
    }

    /// What a digest would have saved of what the host really showed.
    fn saved(&self, line: &str, outcome: &Outcome, tokens: u64) -> u64 {
        if tokens < WORTH_A_DIGEST {
            return 0;
        }
        let exit = match outcome.end {
            super::transcript::event::End::Exited(status) => Some(status),
            _ => None,
        };
        let origin = Origin {
            command: Some(line.to_owned()),
            exit,
        };
        let whole = outcome.whole.as_deref().unwrap_or(&outcome.text);
        let digest = Digest::of(whole.as_bytes(), origin);
        match digest::fit(&digest, Format::Text, self.counter, DIGEST) {
            Ok(fitted) => tokens.saturating_sub(fitted.tokens.0),
            Err(_) => 0,
        }
    }
}

fn note(sources: &mut Vec<Source>, name: &str, text: &str, tokens: u64, saved: u64) {
    let at = sources.iter().position(|source| source.name == name);
    let at = at.unwrap_or_else(|| {
        sources.push(Source {
            name: name.to_owned(),
            ..Source::default()
        });
        sources.len() - 1
    });
    let source = &mut sources[at];
    let hash = blake3::hash(text.as_bytes());
    source.times += 1;
    source.tokens += tokens;
    source.saved += saved;
    if source.shown.contains(&hash) {
        source.repeated += tokens;
    } else {
        source.shown.push(hash);
    }
}

/// How the provider's counts stand to ours: the factor, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// The middle one of all pairs.
    pub median: f64,
    /// One of ten is below.
    pub low: f64,
    /// One of ten is above.
    pub high: f64,
    /// Pairs it rests on.
    pub pairs: usize,
}

/// The factor of `pairs`; `None` if there are too few to tell.
pub fn factor(pairs: &[(u64, u64)]) -> Option<Factor> {
    let ratios = pairs
        .iter()
        .map(|(ours, theirs)| *theirs as f64 / *ours as f64);
    // A pair out of all proportion holds text that the transcript does not: no measure.
    let mut ratios: Vec<f64> = ratios.filter(|ratio| (0.5..3.0).contains(ratio)).collect();
    if ratios.len() < 5 {
        return None;
    }
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios[((ratios.len() - 1) as f64 * share).round() as usize];
    Some(Factor {
        median: at(0.5),
        low: at(0.1),
        high: at(0.9),
        pairs: ratios.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::factor;

    #[test]
    fn the_factor_is_the_middle_one() {
        let pairs: Vec<(u64, u64)> = (0..11).map(|n| (1000, 1000 + n * 20)).collect();
        let found = factor(&pairs).unwrap();
        assert!((found.median - 1.1).abs() < 1e-9 && found.pairs == 11);
        assert!(found.low < found.median && found.median < found.high);
        assert_eq!(factor(&pairs[..4]), None);
    }
}
