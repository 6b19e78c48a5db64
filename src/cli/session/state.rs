//! `ctx session start`, `note`, `done`, `focus`, `block`, `next`, `show`, `end`, `list`, `resume`,
//! `export`, `import`

use super::super::Answer;
use super::super::args::Fit;
use crate::error::Error;
use crate::session::state::{self, Entry, LISTS, List, State, StateError};
use crate::shell;
use crate::sys;
use crate::tokens::Tokens;
use crate::view::{ItemBuilder, Level, Noun, Place, View};
use crate::workspace::Workspace;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What to write down
#[derive(clap::Args)]
pub struct AddArgs {
    /// The words; `-` reads them from standard input
    #[arg(value_name = "TEXT", required = true)]
    words: Vec<String>,
    /// Who writes, where several agents do
    #[arg(long, value_name = "NAME", default_value = "")]
    by: String,
}

/// Begin a session
#[derive(clap::Args)]
pub struct StartArgs {
    /// What it is about
    #[arg(value_name = "TITLE")]
    title: Vec<String>,
    /// What whoever works in it must know
    #[arg(long, value_name = "TEXT")]
    instruction: Vec<String>,
}

/// What a session holds
#[derive(clap::Args)]
pub struct ShowArgs {
    #[command(flatten)]
    fit: Fit,
}

/// All sessions
#[derive(clap::Args)]
pub struct ListArgs {
    #[command(flatten)]
    fit: Fit,
}

/// A file to read
#[derive(clap::Args)]
pub struct ImportArgs {
    /// What `ctx session export` wrote; `-` reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn start(workspace: &Workspace, args: &StartArgs) -> Result<Answer, Error> {
    let sessions = made(workspace)?;
    let now = now();
    let id = match &workspace.session {
        Some(id) => id.clone(),
        None => free_id(&sessions, now),
    };
    let entries = args.instruction.iter().map(|text| entry(text, "", now));
    let entries: Vec<Entry> = entries.collect();
    let title = args.title.join(" ");
    let state = state::change(&sessions, &id, now, true, |state| {
        if !title.is_empty() {
            state.title = title;
        }
        state.ended = None;
        entries
            .into_iter()
            .for_each(|entry| state.add(List::Instructions, entry));
    })
    .map_err(failed)?;
    Ok(Answer::shown(format!(
        "session {id} started\nhint: `export CTX_SESSION={id}` names it for every command; {}\n",
        folder_of(&sessions, &state).display()
    )))
}

/// Adds an entry to a list, or sets the focus where there is none.
pub fn add(workspace: &Workspace, args: &AddArgs, list: Option<List>) -> Result<Answer, Error> {
    let text = match args.words.as_slice() {
        [dash] if dash == "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| {
                    Error::bad_request("standard input cannot be read").because(error)
                })?;
            text.trim().to_owned()
        }
        words => words.join(" "),
    };
    if text.trim().is_empty() {
        return Err(Error::bad_request("there is nothing to write down"));
    }
    let sessions = made(workspace)?;
    let now = now();
    let id = match id(workspace, &sessions) {
        Ok(id) => id,
        // The first note begins a session.
        Err(_) if workspace.session.is_none() => free_id(&sessions, now),
        Err(error) => return Err(error),
    };
    let entry = entry(&text, &args.by, now);
    let state = state::change(&sessions, &id, now, true, |state| match list {
        Some(list) => state.add(list, entry),
        None => state.focus = Some(entry),
    })
    .map_err(failed)?;
    let what = match list {
        Some(list) => {
            let heading = LISTS.iter().find(|(_, known)| *known == list);
            let heading = heading.map_or("", |(heading, _)| heading).to_lowercase();
            format!("{heading}: {}", state.list(list).len())
        }
        None => "focus set".to_owned(),
    };
    Ok(Answer::shown(format!("session {id}: {what}\n")))
}

pub fn end(workspace: &Workspace) -> Result<Answer, Error> {
    let sessions = made(workspace)?;
    let id = id(workspace, &sessions)?;
    let now = now();
    state::change(&sessions, &id, now, false, |state| state.ended = Some(now)).map_err(failed)?;
    Ok(Answer::shown(format!(
        "session {id} ended\nhint: `ctx session resume --session {id}` goes on with it\n"
    )))
}

pub fn resume(workspace: &Workspace, args: &ShowArgs) -> Result<Answer, Error> {
    let sessions = made(workspace)?;
    let id = match &workspace.session {
        Some(id) => id.clone(),
        None => {
            let newest = state::all(&sessions).0.into_iter().next();
            newest.map(|state| state.id).ok_or_else(none)?
        }
    };
    state::change(&sessions, &id, now(), false, |state| state.ended = None).map_err(failed)?;
    show_id(workspace, &sessions, &id, args)
}

pub fn show(workspace: &Workspace, args: &ShowArgs) -> Result<Answer, Error> {
    let sessions = existing(workspace)?;
    let id = id(workspace, &sessions)?;
    show_id(workspace, &sessions, &id, args)
}

fn show_id(
    workspace: &Workspace,
    sessions: &Path,
    id: &str,
    args: &ShowArgs,
) -> Result<Answer, Error> {
    let state = state::read(sessions, id).map_err(failed)?;
    let command = format!(
        "{} session show --session {id}{}",
        workspace.program,
        args.fit.typed()
    );
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let view = view(&state, command);
    Ok(Answer::shown(args.fit.show(&view, &counter, budget)?))
}

/// What is shown first is what whoever goes on needs first.
fn view(state: &State, command: String) -> View {
    let noun = |one, many| Noun { one, many };
    let nouns = vec![noun("entry", "entries"), noun("section", "sections")];
    let mut view = View::new("session show", command, nouns);
    view.costs_in_text = false;
    view.small_step = Some(Tokens(90));
    let path = view.add_path(format!("sessions/{}/session.json", state.id));
    let place = Place { path, lines: None };
    let mut add = |parent: Option<u32>, kind: &'static str, text: &str, weight: f32| {
        let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
        let value = weight * (text.len() as f32 + 14.0);
        view.add(ItemBuilder {
            parent,
            noun: u8::from(kind == "section"),
            place: place.clone(),
            kind,
            is_parent: kind == "section",
            levels: &[
                (Level::Signature, head, value),
                (Level::Doc, rest, value * 1.2),
            ],
            ..ItemBuilder::default()
        })
    };
    let title = match (state.title.is_empty(), state.ended.is_some()) {
        (true, false) => format!("session {}", state.id),
        (true, true) => format!("session {}, ended", state.id),
        (false, false) => format!("session {}: {}", state.id, state.title),
        (false, true) => format!("session {}, ended: {}", state.id, state.title),
    };
    add(None, "session", &title, 100.0);
    if let Some(focus) = &state.focus {
        add(None, "focus", &format!("focus: {}", focus.text), 90.0);
    }
    for (heading, list) in LISTS {
        let weight = match list {
            List::Instructions => 80.0,
            List::NextSteps => 70.0,
            List::Blockers => 60.0,
            List::Findings => 40.0,
            List::Completed => 20.0,
        };
        let entries = state.list(list);
        if entries.is_empty() {
            continue;
        }
        let parent = add(None, "section", heading, weight * 1.1);
        for (idx, entry) in entries.iter().enumerate() {
            // Of what is done and found, the latest matters most.
            let age = (entries.len() - idx) as f32;
            let weight = match list {
                List::Completed | List::Findings => weight / (1.0 + age / 50.0),
                _ => weight / (1.0 + idx as f32 / 50.0),
            };
            let by = if entry.by.is_empty() {
                String::new()
            } else {
                format!(" ({})", entry.by)
            };
            add(
                Some(parent),
                "entry",
                &format!("- {}{by}", entry.text),
                weight,
            );
        }
    }
    view
}

pub fn list(workspace: &Workspace, args: &ListArgs) -> Result<Answer, Error> {
    let sessions = existing(workspace)?;
    let (states, errors) = state::all(&sessions);
    if states.is_empty() && errors.is_empty() {
        return Err(none());
    }
    let nouns = vec![Noun {
        one: "session",
        many: "sessions",
    }];
    let command = format!("{} session list{}", workspace.program, args.fit.typed());
    let mut view = View::new("session list", command, nouns);
    for (idx, state) in states.iter().enumerate() {
        let path = view.add_path(format!("sessions/{}/session.json", state.id));
        let mut text = state.id.clone();
        if state.ended.is_some() {
            text.push_str(", ended");
        }
        if !state.title.is_empty() {
            let _ = write!(text, ": {}", state.title);
        }
        let _ = write!(
            text,
            " ({} done, {} next, {} blockers)",
            state.completed.len(),
            state.next_steps.len(),
            state.blockers.len()
        );
        view.add(ItemBuilder {
            place: Place { path, lines: None },
            kind: "session",
            levels: &[(Level::Signature, &text, 1000.0 / (idx + 1) as f32)],
            ..ItemBuilder::default()
        });
    }
    for error in errors {
        view.add_note(0, "", &failed(error).as_note(), 10.0);
    }
    let counter = args.fit.counter(workspace)?;
    Ok(Answer::shown(args.fit.show(
        &view,
        &counter,
        args.fit.budget(workspace),
    )?))
}

pub fn export(workspace: &Workspace) -> Result<Answer, Error> {
    let sessions = existing(workspace)?;
    let id = id(workspace, &sessions)?;
    let state = state::read(&sessions, &id).map_err(failed)?;
    let mut text = serde_json::to_string_pretty(&state).expect("plain structs are always JSON");
    text.push('\n');
    Ok(Answer::shown(text))
}

pub fn import(workspace: &Workspace, args: &ImportArgs) -> Result<Answer, Error> {
    let shown = args.file.display();
    let mut bytes = Vec::new();
    let read = match args.file.as_os_str() == "-" {
        true => std::io::stdin().read_to_end(&mut bytes).map(|_| ()),
        false => std::fs::read(workspace.base.join(&args.file)).map(|read| bytes = read),
    };
    read.map_err(|error| Error::bad_request(format!("`{shown}` cannot be read")).because(error))?;
    let theirs = state::parse(&bytes, &args.file).map_err(failed)?;
    let named = workspace.session.clone();
    let id = named.unwrap_or_else(|| theirs.id.clone());
    let sessions = made(workspace)?;
    state::change(&sessions, &id, theirs.started, true, |state| {
        if state.title.is_empty() {
            state.title.clone_from(&theirs.title);
        }
        state.merge(theirs);
    })
    .map_err(failed)?;
    Ok(Answer::shown(format!(
        "session {id} taken in\nhint: `ctx session show --session {id}`\n"
    )))
}

fn entry(text: &str, by: &str, at: i64) -> Entry {
    Entry {
        at,
        by: by.to_owned(),
        text: text.trim().to_owned(),
    }
}

/// The session that is meant.
fn id(workspace: &Workspace, sessions: &Path) -> Result<String, Error> {
    match &workspace.session {
        Some(id) => Ok(id.clone()),
        None => state::current(sessions)
            .map(|state| state.id)
            .ok_or_else(none),
    }
}

fn none() -> Error {
    Error::nothing_found("there is no session").hint("`ctx session start TITLE` begins one")
}

fn failed(error: StateError) -> Error {
    let hint = match &error {
        StateError::Newer { .. } => Some("a newer `ctx` reads it"),
        StateError::Missing(_) => Some("`ctx session list` names those there are"),
        _ => None,
    };
    let message = error.to_string();
    let shown = match &error {
        StateError::Io(_, cause) => Error::failed(message).because(cause),
        _ => Error::bad_request(message),
    };
    match hint {
        Some(hint) => shown.hint(hint),
        None => shown,
    }
}

/// The folder of sessions, made if it is not there.
fn made(workspace: &Workspace) -> Result<PathBuf, Error> {
    let state = sys::state::folder(&workspace.root)
        .map_err(|error| Error::failed("the folder for state cannot be made").because(error))?;
    Ok(state::folder(&state))
}

/// The folder of sessions; nothing is made to look into it.
fn existing(workspace: &Workspace) -> Result<PathBuf, Error> {
    let state = sys::state::existing(&workspace.root).ok_or_else(none)?;
    Ok(state::folder(&state))
}

fn folder_of(sessions: &Path, state: &State) -> PathBuf {
    PathBuf::from(shell::path(&sessions.join(&state.id).to_string_lossy()))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}

/// An id that sorts by time: `20261127-2104`, and a number after it if it is taken.
fn free_id(sessions: &Path, now: i64) -> String {
    let time = jiff::Timestamp::from_second(now).unwrap_or_default();
    let base = time.strftime("%Y%m%d-%H%M%S").to_string();
    let taken = |id: &String| sessions.join(id).exists();
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut ids = std::iter::once(base.clone()).chain(numbered);
    ids.find(|id| !taken(id)).unwrap_or(base)
}
