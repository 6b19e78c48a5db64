//! What happened in a session, read from its events: mechanical facts with their places, no
//! model. What a transcript only quotes or reads, the output of a command that shows things,
//! the text of a file, is never a fact.

mod effects;
mod gather;
mod outcome;
mod said;
pub mod shell;
mod sort;
mod tests_run;

pub use gather::Gatherer;
pub(super) use gather::first_line;
pub use said::{Says, clip_to};
pub use sort::Sort;

use super::transcript::event::{Change, End, Place, TodoState};

/// The user's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Where.
    pub place: Place,
    /// Verbatim.
    pub text: String,
    /// Whether they correct the agent.
    pub is_correction: bool,
}

/// A choice of the user: an answer, a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Where.
    pub place: Place,
    /// What was asked or refused.
    pub about: String,
    /// What the user said to it; may be empty for a refusal.
    pub words: String,
    /// Whether it was a refusal.
    pub is_refusal: bool,
}

/// A sentence of the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where.
    pub place: Place,
    /// What it tells.
    pub says: Says,
    /// Verbatim.
    pub text: String,
}

/// A file that was read or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    /// Relative to the folder the session began in, if it lies there.
    pub path: String,
    /// Where it was read.
    pub reads: Vec<Place>,
    /// Where it was changed, and how; `None` put it back as it was committed.
    pub changes: Vec<(Place, Option<Change>)>,
}

impl FileFact {
    /// What became of it, in a word; `None` if it was only read or put back.
    pub fn state(&self) -> Option<&'static str> {
        let since = self
            .changes
            .iter()
            .rposition(|(_, change)| change.is_none());
        let changes = &self.changes[since.map_or(0, |at| at + 1)..];
        let last = changes.last()?.1;
        let is_new = changes
            .iter()
            .any(|(_, change)| *change == Some(Change::Create));
        Some(match (last, is_new) {
            (Some(Change::Delete), true) => "created, then deleted",
            (Some(Change::Delete), false) => "deleted",
            (_, true) => "created",
            _ if changes
                .iter()
                .all(|(_, change)| *change == Some(Change::Write)) =>
            {
                "wrote"
            }
            _ => "edited",
        })
    }
}

/// One run of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where its end is told, or where it was started.
    pub place: Place,
    /// How it ended; `Unknown` if nothing tells.
    pub end: End,
    /// The first line that says what is wrong.
    pub error: String,
    /// Whether its output tells of a failure that its exit status does not.
    pub hides_failure: bool,
}

impl Run {
    /// Whether it went wrong.
    pub fn is_bad(&self) -> bool {
        self.end.is_failure() || self.hides_failure
    }
}

/// A command, with all its runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandFact {
    /// The command line of its first run.
    pub line: String,
    /// What makes another line the same command.
    pub key: String,
    /// What it is for.
    pub sort: Sort,
    /// Its runs in order; never empty.
    pub runs: Vec<Run>,
    /// Where a later command showed that it would now go well.
    pub solved: Option<Place>,
}

/// A test that failed at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFact {
    /// Its name, as the runner writes it.
    pub name: String,
    /// What the runner says of its last failure.
    pub message: String,
    /// Where it first failed.
    pub failed: Place,
    /// Where it passed after its last failure.
    pub passed: Option<Place>,
    /// The command that it failed under.
    command: String,
}

/// A commit that the session made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Where.
    pub place: Place,
    /// Its short hash, if it was printed.
    pub hash: String,
    /// The first line of its message.
    pub subject: String,
}

/// A to-do in its last state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodoFact {
    /// Where it is written with its words.
    pub place: Place,
    /// Where its state was told without them.
    pub changed: Option<Place>,
    /// What is to be done.
    pub text: String,
    /// How it stands.
    pub state: TodoState,
    /// Its id, where to-dos have one.
    id: String,
}

/// Something that runs, or ran, beside the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFact {
    /// Where it was started, or where its end is told.
    pub place: Place,
    /// Its id, as the agent names it.
    pub id: String,
    /// What it runs.
    pub what: String,
    /// How it ended; `None` as long as nothing tells.
    pub end: Option<End>,
}

/// A tool, other than a command, that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolError {
    /// Where.
    pub place: Place,
    /// The tool and what it was asked to act on.
    pub what: String,
    /// Its first line.
    pub message: String,
    /// Where the same went well later.
    pub solved: Option<Place>,
}

/// A compaction of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compaction {
    /// Where.
    pub place: Place,
    /// What the context was replaced with.
    pub text: String,
}

/// All that is known of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The user's words in order.
    pub words: Vec<Words>,
    /// The user's choices.
    pub choices: Vec<Choice>,
    /// What the agent decided and found.
    pub statements: Vec<Statement>,
    /// Files, in the order in which they first came up.
    pub files: Vec<FileFact>,
    /// Commands, in the order of their first runs.
    pub commands: Vec<CommandFact>,
    /// Tests that failed.
    pub tests: Vec<TestFact>,
    /// Commits made.
    pub commits: Vec<Commit>,
    /// To-dos.
    pub todos: Vec<TodoFact>,
    /// Background tasks.
    pub tasks: Vec<TaskFact>,
    /// Tools that failed.
    pub errors: Vec<ToolError>,
    /// What was fetched or searched outside.
    pub fetched: Vec<(Place, String)>,
    /// Subagents started.
    pub agents: Vec<(Place, String)>,
    /// What the agent last said is to be done next.
    pub next: Vec<Statement>,
    /// The agent's last words.
    pub last_words: Option<(Place, String)>,
    /// Compactions.
    pub compactions: Vec<Compaction>,
    /// Secrets that were blotted out.
    pub redacted: usize,
}
