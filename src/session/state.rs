//! What must survive a session: what it is about, what is done, what stands in the way, what
//! comes next, what was found. One folder for each session with `session.json`, the truth, and
//! `session.md`, the same for reading. Several agents may write at once: every change is made
//! under a lock of the session, and files are replaced whole.

use crate::sys::atomic::{self, Durability};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The format written here; a newer one is refused.
const VERSION: u32 = 1;

/// One entry, with the time it was made, in seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: i64,
    /// Who, where that was told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// What.
    pub text: String,
}

/// The list that an entry goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What was found.
    Findings,
    /// What is done.
    Completed,
    /// What stands in the way.
    Blockers,
    /// What comes next.
    NextSteps,
    /// What whoever goes on must know.
    Instructions,
}

/// A session that keeps its state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The format.
    pub version: u32,
    /// Its id: the name of its folder.
    pub id: String,
    /// What it is about.
    #[serde(default)]
    pub title: String,
    /// When it was started, in seconds since 1970.
    pub started: i64,
    /// When it was ended.
    #[serde(default)]
    pub ended: Option<i64>,
    /// What is worked on now.
    #[serde(default)]
    pub focus: Option<Entry>,
    /// See [`List::Completed`].
    #[serde(default)]
    pub completed: Vec<Entry>,
    /// See [`List::Blockers`].
    #[serde(default)]
    pub blockers: Vec<Entry>,
    /// See [`List::NextSteps`].
    #[serde(default)]
    pub next_steps: Vec<Entry>,
    /// See [`List::Findings`].
    #[serde(default)]
    pub findings: Vec<Entry>,
    /// See [`List::Instructions`].
    #[serde(default)]
    pub instructions: Vec<Entry>,
}

/// What can go wrong with the state of sessions.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file system said no.
    #[error("`{0}` cannot be read or written")]
    Io(PathBuf, #[source] io::Error),
    /// A file is not what was written here.
    #[error("`{0}` is no session: {1}")]
    Broken(PathBuf, String),
    /// A file of a newer program.
    #[error("`{path}` has format {found}, and this program knows up to {VERSION}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// There is no such session.
    #[error("there is no session `{0}`")]
    Missing(String),
    /// A name that cannot be one of a folder.
    #[error("`{0}` cannot be the name of a session: letters, digits, `-`, `_` and `.` can")]
    BadName(String),
}

impl State {
    /// The entries of a list.
    pub fn list(&self, list: List) -> &[Entry] {
        match list {
            List::Findings => &self.findings,
            List::Completed => &self.completed,
            List::Blockers => &self.blockers,
            List::NextSteps => &self.next_steps,
            List::Instructions => &self.instructions,
        }
    }

    fn list_mut(&mut self, list: List) -> &mut Vec<Entry> {
        match list {
            List::Findings => &mut self.findings,
            List::Completed => &mut self.completed,
            List::Blockers => &mut self.blockers,
            List::NextSteps => &mut self.next_steps,
            List::Instructions => &mut self.instructions,
        }
    }

    /// Adds an entry. What is done is no next step and no blocker any more: of these, the
    /// entries with the same words go.
    pub fn add(&mut self, list: List, entry: Entry) {
        if list == List::Completed {
            self.next_steps.retain(|known| known.text != entry.text);
            self.blockers.retain(|known| known.text != entry.text);
        }
        if self.list(list).iter().all(|known| known.text != entry.text) {
            self.list_mut(list).push(entry);
        }
    }

    /// Takes over what `other` has and this has not.
    pub fn merge(&mut self, other: State) {
        let lists = [
            (List::Findings, other.findings),
            (List::Completed, other.completed),
            (List::Blockers, other.blockers),
            (List::NextSteps, other.next_steps),
            (List::Instructions, other.instructions),
        ];
        for (list, entries) in lists {
            for entry in entries {
                let is_done = self.completed.iter().any(|known| known.text == entry.text);
                if !is_done {
                    self.add(list, entry);
                }
            }
        }
        self.focus = self.focus.take().or(other.focus);
    }

    /// The state as Markdown.
    pub fn markdown(&self) -> String {
        let title = if self.title.is_empty() {
            &self.id
        } else {
            &self.title
        };
        let mut out = format!("# Session {title}\n");
        if let Some(focus) = &self.focus {
            let _ = write!(out, "\n## Focus\n{}\n", focus.text);
        }
        for (heading, list) in LISTS {
            if !self.list(list).is_empty() {
                let _ = write!(out, "\n## {heading}\n");
                for entry in self.list(list) {
                    let _ = writeln!(out, "- {}", entry.text.replace('\n', "\n  "));
                }
            }
        }
        out
    }
}

/// The lists with their headings, in the order in which they are shown.
pub const LISTS: [(&str, List); 5] = [
    ("Instructions", List::Instructions),
    ("Findings", List::Findings),
    ("Completed", List::Completed),
    ("Blockers", List::Blockers),
    ("Next steps", List::NextSteps),
];

/// The folder of sessions below the folder of state.
pub fn folder(state: &Path) -> PathBuf {
    state.join("sessions")
}

/// All sessions, the one started last first; those that cannot be read are errors beside them.
pub fn all(sessions: &Path) -> (Vec<State>, Vec<StateError>) {
    let (mut states, mut errors) = (Vec::new(), Vec::new());
    let entries = fs::read_dir(sessions).into_iter().flatten();
    for entry in entries.filter_map(Result::ok) {
        if entry.path().join("session.json").is_file() {
            match read(sessions, &entry.file_name().to_string_lossy()) {
                Ok(state) => states.push(state),
                Err(error) => errors.push(error),
            }
        }
    }
    states.sort_by(|a, b| b.started.cmp(&a.started).then(a.id.cmp(&b.id)));
    (states, errors)
}

/// The session `id`.
///
/// # Errors
/// It is missing, unreadable, or of a newer program.
pub fn read(sessions: &Path, id: &str) -> Result<State, StateError> {
    let path = file(sessions, id)?;
    match fs::read(&path) {
        Ok(bytes) => parse(&bytes, &path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(StateError::Missing(id.to_owned()))
        }
        Err(error) => Err(StateError::Io(path, error)),
    }
}

/// Reads an exported session.
///
/// # Errors
/// It is none, or of a newer program.
pub fn parse(bytes: &[u8], path: &Path) -> Result<State, StateError> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    let broken = |error: serde_json::Error| StateError::Broken(path.to_owned(), error.to_string());
    let head: Head = serde_json::from_slice(bytes).map_err(broken)?;
    if head.version > VERSION {
        return Err(StateError::Newer {
            path: path.to_owned(),
            found: head.version,
        });
    }
    serde_json::from_slice(bytes).map_err(broken)
}

/// Changes the session `id`, made anew if it is not there and `may_create`, and writes it.
///
/// # Errors
/// It is missing, cannot be read or written, or is of a newer program.
pub fn change(
    sessions: &Path,
    id: &str,
    now: i64,
    may_create: bool,
    edit: impl FnOnce(&mut State),
) -> Result<State, StateError> {
    let path = file(sessions, id)?;
    let folder = path.parent().expect("a session's file is in its folder");
    let failed = |error| StateError::Io(path.clone(), error);
    if !may_create && !path.is_file() {
        return Err(StateError::Missing(id.to_owned()));
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let _lock = lock(&folder.join("lock")).map_err(failed)?;
    let mut state = match read(sessions, id) {
        Ok(state) => state,
        Err(StateError::Missing(_)) => State {
            version: VERSION,
            id: id.to_owned(),
            started: now,
            ..State::default()
        },
        Err(error) => return Err(error),
    };
    edit(&mut state);
    let mut json = serde_json::to_vec_pretty(&state).expect("plain structs are always JSON");
    json.push(b'\n');
    atomic::write(&path, &json, Durability::Power).map_err(failed)?;
    let markdown = state.markdown();
    let path = folder.join("session.md");
    atomic::write(&path, markdown.as_bytes(), Durability::Process)
        .map_err(|error| StateError::Io(path, error))?;
    Ok(state)
}

/// Held as long as the file is open.
fn lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.lock()?;
    Ok(file)
}

/// The folder of the session `id`, whether it is there or not.
///
/// # Errors
/// `id` cannot be the name of one.
pub fn folder_of(sessions: &Path, id: &str) -> Result<PathBuf, StateError> {
    file(sessions, id).map(|file| file.with_file_name(""))
}

fn file(sessions: &Path, id: &str) -> Result<PathBuf, StateError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name =
        !id.is_empty() && id.len() <= 100 && id.chars().all(is_plain) && !id.starts_with('.');
    match is_name {
        true => Ok(sessions.join(id).join("session.json")),
        false => Err(StateError::BadName(id.to_owned())),
    }
}

/// The session that commands mean when they name none: the one started last that has not ended.
pub fn current(sessions: &Path) -> Option<State> {
    all(sessions)
        .0
        .into_iter()
        .find(|state| state.ended.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry {
            text: text.to_owned(),
            ..Entry::default()
        }
    }

    #[test]
    fn what_is_done_is_no_next_step() {
        let mut state = State::default();
        state.add(List::NextSteps, entry("a"));
        state.add(List::NextSteps, entry("a"));
        state.add(List::NextSteps, entry("b"));
        state.add(List::Completed, entry("a"));
        assert_eq!(state.next_steps, [entry("b")]);
        assert!(state.markdown().contains("## Completed\n- a\n"));
    }

    #[test]
    fn many_writers_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = folder.path().join("sessions");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let sessions = &sessions;
                scope.spawn(move || {
                    let edit =
                        |state: &mut State| state.add(List::Findings, entry(&number.to_string()));
                    change(sessions, "one", 7, true, edit).unwrap();
                });
            }
        });
        assert_eq!(read(&sessions, "one").unwrap().findings.len(), 8);
        assert!(matches!(
            read(&sessions, "../x"),
            Err(StateError::BadName(_))
        ));
        assert!(matches!(
            read(&sessions, "two"),
            Err(StateError::Missing(_))
        ));
        fs::write(sessions.join("one/session.json"), b"{\"version\": 9}").unwrap();
        assert!(matches!(
            read(&sessions, "one"),
            Err(StateError::Newer { found: 9, .. })
        ));
    }
}
