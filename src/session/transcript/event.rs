//! One stream of events for the transcripts of every agent: what was said, called, answered and
//! charged, each with the line it stands on.

/// Where an event stands: a line of a text file, or a row of a store, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index into [`super::Transcript::files`].
    pub file: u32,
    /// Line or row, from 1.
    pub line: u32,
}

/// One thing that a transcript records.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Where it stands.
    pub place: Place,
    /// Whether a subagent did it, in a context of its own.
    pub is_aside: bool,
    /// What it is.
    pub kind: Kind,
}

/// What is recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The user's own words.
    Prompt(String),
    /// The user answered a question of the agent.
    Answered {
        /// What was asked.
        question: String,
        /// What was answered.
        answer: String,
    },
    /// The user stopped the agent.
    Interrupted,
    /// The agent's words.
    Said(String),
    /// The agent's reasoning.
    Thought(String),
    /// A tool was called.
    Call(Call),
    /// A tool answered.
    Outcome(Outcome),
    /// A background task is reported on.
    Task {
        /// Its id, as the agent names it.
        id: String,
        /// How it stands.
        end: End,
    },
    /// A commit that the agent's own program made.
    Committed {
        /// Its short hash.
        hash: String,
        /// The first line of its message.
        subject: String,
    },
    /// The context was compacted here.
    Compacted {
        /// Tokens before it, where they are told.
        tokens_before: Option<u64>,
    },
    /// What the context was replaced with.
    CompactionText(String),
    /// Tokens that one request cost.
    Usage(Usage),
    /// Text that the host put into the context: instructions, reminders, attachments.
    Context {
        /// Which: `system`, `attachment`.
        source: &'static str,
        /// The text, or what of it is recorded.
        text: String,
    },
    /// What is known of the session as a whole.
    About(About),
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What its answer refers to.
    pub id: String,
    /// The tool, as the agent names it.
    pub tool: String,
    /// What it does.
    pub action: Action,
    /// Bytes of its arguments as JSON.
    pub bytes: usize,
    /// The folder it was called in, where that is told.
    pub folder: Option<String>,
}

/// What a tool is asked to do, whatever the agent calls it.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Run a command line.
    Command {
        /// The command line.
        line: String,
        /// Whether it was started in the background.
        is_background: bool,
    },
    /// Read a file.
    Read(String),
    /// Write, change or remove files.
    Change(Vec<(Change, String)>),
    /// Replace the list of to-dos.
    Todos(Vec<Todo>),
    /// Add one to-do.
    AddTodo(String),
    /// Change the state, or the text, of one to-do.
    SetTodo {
        /// Its id.
        id: String,
        /// Its new state.
        state: Option<TodoState>,
        /// Its new text.
        text: Option<String>,
    },
    /// Propose a plan to the user.
    Plan(String),
    /// Start a subagent.
    Agent(String),
    /// Fetch or search something outside.
    Fetch(String),
    /// Look for files or text.
    Look(String),
    /// Ask after a background task.
    Poll(String),
    /// End a background task.
    Stop(String),
    /// Anything else, with what it was asked.
    Other(String),
}

/// What happens to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Written whole; it may be new.
    Write,
    /// New for sure.
    Create,
    /// Changed in place.
    Edit,
    /// Removed.
    Delete,
}

/// One to-do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// What is to be done.
    pub text: String,
    /// How it stands.
    pub state: TodoState,
}

/// How a to-do stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TodoState {
    /// Not begun.
    Pending,
    /// Begun.
    Active,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

impl TodoState {
    /// Reads the word an agent uses.
    pub fn read(word: &str) -> TodoState {
        match word {
            "in_progress" | "in-progress" | "active" | "doing" => TodoState::Active,
            "completed" | "complete" | "done" => TodoState::Done,
            "cancelled" | "canceled" | "deleted" | "dropped" => TodoState::Dropped,
            _ => TodoState::Pending,
        }
    }
}

/// What a tool answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The call it answers.
    pub id: String,
    /// How it ended.
    pub end: End,
    /// The text that the model saw.
    pub text: String,
    /// The whole output, where the host kept more of it than the model saw.
    pub whole: Option<String>,
    /// What the host says that a writing tool did.
    pub change: Option<Change>,
}

/// How a call ended, as far as the transcript tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Not told.
    Unknown,
    /// Without a complaint.
    Ok,
    /// With this exit status.
    Exited(i32),
    /// The tool complained, with no exit status.
    Failed,
    /// Ended by its time limit.
    TimedOut,
    /// Ended by the user or by the agent.
    Cancelled,
    /// Not run: the user, a rule or a hook said no; with the user's words, if any.
    Refused(String),
    /// Goes on in the background under this id.
    Running(String),
}

impl End {
    /// Whether it is known to have gone wrong.
    pub fn is_failure(&self) -> bool {
        match self {
            End::Exited(status) => *status != 0,
            End::Failed | End::TimedOut => true,
            End::Unknown | End::Ok | End::Cancelled | End::Refused(_) | End::Running(_) => false,
        }
    }

    /// Whether it is known to have gone well.
    pub fn is_success(&self) -> bool {
        matches!(self, End::Ok | End::Exited(0))
    }
}

/// Tokens of one request, as the provider counts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// What tells this request from others: the same id again replaces what was said before.
    pub id: String,
    /// Tokens of the prompt that were neither read from nor written to a cache.
    pub input: u64,
    /// Tokens written to a cache.
    pub cache_write: u64,
    /// Tokens read from a cache.
    pub cache_read: u64,
    /// Tokens that came back.
    pub output: u64,
}

impl Usage {
    /// Tokens in the context when the request was made.
    pub fn context(&self) -> u64 {
        self.input + self.cache_write + self.cache_read
    }
}

/// What is known of a session as a whole; later words complete earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its id.
    pub session: Option<String>,
    /// The folder it began in.
    pub cwd: Option<String>,
    /// The branch checked out.
    pub branch: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Size of the context window in tokens.
    pub window: Option<u64>,
}
