//! Readers for the transcripts of agents: one file for each format, one stream of events for all.
//!
//! Reading streams: no file is held as a whole but those that are one JSON document. Nothing in
//! a file is a failure: a line that is broken, cut off, unknown or too long becomes a note with
//! its place, and the rest is read.

mod aider;
mod claude;
mod codex;
mod detect;
pub mod event;
mod gemini;
mod lines;
pub mod locate;
mod opencode;
mod openhands;
pub(super) mod patch;
mod swe_agent;
mod tool;
mod value;

use event::{About, Event, Kind, Place};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// Most bytes of a saved tool result that are read.
const LARGEST_RESULT: u64 = 16 << 20;

/// Whose transcript it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agent {
    /// Claude Code.
    ClaudeCode,
    /// Codex.
    Codex,
    /// Gemini CLI.
    GeminiCli,
    /// opencode.
    OpenCode,
    /// aider.
    Aider,
    /// SWE-agent.
    SweAgent,
    /// mini-swe-agent.
    MiniSweAgent,
    /// OpenHands.
    OpenHands,
}

impl Agent {
    /// Every agent.
    pub const ALL: [Agent; 8] = [
        Agent::ClaudeCode,
        Agent::Codex,
        Agent::GeminiCli,
        Agent::OpenCode,
        Agent::Aider,
        Agent::SweAgent,
        Agent::MiniSweAgent,
        Agent::OpenHands,
    ];

    /// Its name, as options take it.
    pub fn word(self) -> &'static str {
        match self {
            Agent::ClaudeCode => "claude-code",
            Agent::Codex => "codex",
            Agent::GeminiCli => "gemini-cli",
            Agent::OpenCode => "opencode",
            Agent::Aider => "aider",
            Agent::SweAgent => "swe-agent",
            Agent::MiniSweAgent => "mini-swe-agent",
            Agent::OpenHands => "openhands",
        }
    }
}

/// What was read, beside the events.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// Whose it is.
    pub agent: Option<Agent>,
    /// The files read, the session's own first.
    pub files: Vec<PathBuf>,
    /// What is known of the session.
    pub about: About,
    /// What could not be read, and where.
    pub notes: Vec<String>,
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("`{0}` cannot be read")]
    Io(PathBuf, #[source] io::Error),
    /// It is nothing that is known here.
    #[error("`{0}` is no transcript of an agent that is known")]
    Unknown(PathBuf),
}

/// Takes events in order, and keeps what readers must remember from line to line.
pub struct Sink<'a> {
    visit: &'a mut dyn FnMut(&Event),
    transcript: Transcript,
    place: Place,
    /// Whether the current line is of a subagent.
    is_aside: bool,
    is_aside_file: bool,
    /// Hashes of the ids of lines seen.
    seen: HashSet<u64>,
    results: Option<PathBuf>,
    unknown: BTreeMap<String, (u32, Place)>,
    last_prompt: Option<String>,
    /// The folder of the current line.
    folder: Option<String>,
    /// Whether somebody has said something yet.
    is_begun: bool,
    /// Whether lines of subagents are told as the session's own: the file begins with one.
    takes_asides: bool,
}

impl Sink<'_> {
    fn push(&mut self, kind: Kind) {
        if matches!(kind, Kind::Said(_) | Kind::Call(_)) {
            self.last_prompt = None;
        }
        (self.visit)(&Event {
            place: self.place,
            is_aside: self.is_aside,
            kind,
        });
    }

    /// The user's words. Some agents record them twice in a row, by different records.
    fn prompt(&mut self, text: String) {
        if self.last_prompt.as_deref() == Some(text.trim()) {
            return;
        }
        let words = text.trim().to_owned();
        self.push(Kind::Prompt(text));
        self.last_prompt = Some(words);
    }

    /// Whether a line of this id was seen before; it is from now on.
    fn is_known(&mut self, id: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        !self.seen.insert(hasher.finish())
    }

    /// Completes what is known of the session. A subagent's words do not count.
    fn about(&mut self, about: About) {
        if self.is_aside {
            return;
        }
        if self.transcript.about.cwd.is_none() && about.cwd.is_some() {
            self.push(Kind::About(about.clone()));
        }
        let known = &mut self.transcript.about;
        known.session = known.session.take().or(about.session);
        known.cwd = known.cwd.take().or(about.cwd);
        known.branch = about.branch.or(known.branch.take());
        known.model = about.model.or(known.model.take());
        known.window = about.window.or(known.window);
    }

    fn unknown(&mut self, kind: &str) {
        let kind: String = kind.chars().take(40).collect();
        let known = self.unknown.entry(kind).or_insert((0, self.place));
        known.0 += 1;
    }

    fn note(&mut self, line: u32, problem: &str) {
        let notes = &mut self.transcript.notes;
        if notes.len() < 50 {
            notes.push(match line {
                0 => problem.to_owned(),
                line => format!("line {line}: {problem}"),
            });
        }
    }

    /// The output that the host saved under `name` beside the transcript.
    fn saved_result(&self, name: &str) -> Option<String> {
        let path = self.results.as_ref()?.join(Path::new(name).file_name()?);
        let mut bytes = Vec::new();
        let file = File::open(path).ok()?;
        file.take(LARGEST_RESULT).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Reads the transcript at `path`, with the files of its subagents, and hands its events to
/// `visit` in order.
///
/// # Errors
/// A file that cannot be opened, or is no transcript.
pub fn read(path: &Path, visit: &mut dyn FnMut(&Event)) -> Result<Transcript, ReadError> {
    let failed = |error| ReadError::Io(path.to_owned(), error);
    let agent = detect::agent(path)
        .map_err(failed)?
        .ok_or_else(|| ReadError::Unknown(path.to_owned()))?;
    let mut sink = Sink {
        visit,
        transcript: Transcript {
            agent: Some(agent),
            ..Transcript::default()
        },
        place: Place::default(),
        is_aside: false,
        is_aside_file: false,
        seen: HashSet::new(),
        results: None,
        unknown: BTreeMap::new(),
        last_prompt: None,
        folder: None,
        is_begun: false,
        takes_asides: false,
    };
    file(path, agent, &mut sink).map_err(failed)?;
    sink.takes_asides = false;
    if agent == Agent::ClaudeCode {
        for aside in subagents(path) {
            sink.is_aside_file = true;
            if let Err(error) = file(&aside, agent, &mut sink) {
                sink.note(0, &format!("`{}` cannot be read: {error}", aside.display()));
            }
        }
    }
    Ok(finish(sink))
}

fn finish(sink: Sink) -> Transcript {
    let mut transcript = sink.transcript;
    let count: u32 = sink.unknown.values().map(|(count, _)| count).sum();
    if count > 0 {
        let kinds: Vec<&str> = sink.unknown.keys().take(8).map(String::as_str).collect();
        transcript.notes.push(format!(
            "passed over: {count} records of types that are not known (`{}`)",
            kinds.join("`, `")
        ));
    }
    transcript
}

fn file(path: &Path, agent: Agent, sink: &mut Sink) -> io::Result<()> {
    sink.place.file = sink.transcript.files.len() as u32;
    sink.transcript.files.push(path.to_owned());
    sink.is_aside = sink.is_aside_file;
    match agent {
        Agent::ClaudeCode | Agent::Codex => rows(path, agent, sink),
        Agent::GeminiCli | Agent::OpenHands => json_lines(path, agent, sink),
        Agent::SweAgent | Agent::MiniSweAgent => document(path, agent, sink),
        Agent::Aider => {
            let bytes = std::fs::read(path)?;
            aider::history(&String::from_utf8_lossy(&bytes), sink);
            Ok(())
        }
        Agent::OpenCode
            if path
                .extension()
                .is_some_and(|extension| extension == "json") =>
        {
            let session = serde_json::from_slice(&std::fs::read(path)?).unwrap_or_default();
            opencode::folder(path, &session, sink)
        }
        Agent::OpenCode => opencode::database(path, sink),
    }
}

/// Files of one record a line.
fn rows(path: &Path, agent: Agent, sink: &mut Sink) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(256 * 1024, File::open(path)?);
    if !sink.is_aside_file {
        sink.results = Some(path.with_extension("").join("tool-results"));
    }
    let mut codex = codex::Codex::default();
    let too_long = lines::each(&mut reader, |number, line, is_whole| {
        sink.place.line = number;
        let read = match agent {
            Agent::Codex => codex.row(line, sink),
            _ => claude::row(line, sink),
        };
        broken(number, is_whole, read.err(), sink);
    })?;
    for line in too_long {
        sink.note(line, "passed over: the line is too long");
    }
    Ok(())
}

fn broken(line: u32, is_whole: bool, error: Option<serde_json::Error>, sink: &mut Sink) {
    match error {
        None => {}
        Some(_) if !is_whole => sink.note(line, "the last line is cut off"),
        Some(error) => sink.note(line, &format!("not readable: {error}")),
    }
}

/// Files of one value a line, or of one value.
fn json_lines(path: &Path, agent: Agent, sink: &mut Sink) -> io::Result<()> {
    let mut gemini = gemini::Gemini::default();
    let mut take = |line: u32, value: Value, sink: &mut Sink| match agent {
        Agent::OpenHands => openhands::document(&value, sink),
        _ => gemini.take(line, value, sink),
    };
    if let Some(value) = detect::whole(path)? {
        take(1, value, sink);
    } else {
        let mut reader = BufReader::new(File::open(path)?);
        let too_long = lines::each(&mut reader, |number, line, is_whole| {
            sink.place.line = number;
            match serde_json::from_slice(line) {
                Ok(value) => take(number, value, sink),
                Err(error) => broken(number, is_whole, Some(error), sink),
            }
        })?;
        for line in too_long {
            sink.note(line, "passed over: the line is too long");
        }
    }
    gemini.finish(sink);
    Ok(())
}

/// Files of one JSON document.
fn document(path: &Path, agent: Agent, sink: &mut Sink) -> io::Result<()> {
    let Some(value) = detect::whole(path)? else {
        sink.note(0, "the file is no JSON document");
        return Ok(());
    };
    match agent {
        Agent::SweAgent => swe_agent::trajectory(&value, sink),
        _ => swe_agent::mini(&value, sink),
    }
    Ok(())
}

/// The files of the subagents of a session, by name.
fn subagents(path: &Path) -> Vec<PathBuf> {
    let folder = path.with_extension("").join("subagents");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    files.sort();
    files
}

/// Bytes of a value written as JSON.
fn json_bytes(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Bool(_) | Value::Number(_) => 4,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| json_bytes(item) + 1).sum::<usize>() + 1,
        Value::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(key, item)| key.len() + 4 + json_bytes(item))
                .sum::<usize>()
                + 1
        }
    }
}
