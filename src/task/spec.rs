//! What a task is to do: the command and all that was asked of it, as it is kept in
//! `tasks/<id>/spec.json`. Values of environment variables are never in it.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The version of the format. A file of a later version is refused.
pub const VERSION: u32 = 1;

/// A command, as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Text for a shell.
    Shell(String),
    /// A program and its arguments.
    Words(Vec<String>),
}

impl Command {
    /// The command as it would be typed.
    pub fn typed(&self) -> String {
        match self {
            Command::Shell(text) => text.clone(),
            Command::Words(words) => words
                .iter()
                .map(|word| crate::shell::quoted(word))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }
}

/// What ends an attempt in a way that is worth another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryOn {
    /// This exit status.
    Code(i32),
    /// A deadline that passed.
    Timeout,
    /// A signal.
    Signal,
}

/// How often and when to try again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Attempts after the first.
    pub count: u32,
    /// Pause before the second attempt; doubled for each after it.
    pub backoff: Duration,
    /// The longest pause.
    pub max_backoff: Option<Duration>,
    /// Whether each pause is shortened by up to a half, at random.
    pub jitter: bool,
    /// What is worth another attempt; all failures if empty.
    pub on: Vec<RetryOn>,
}

impl Retry {
    /// The pause after attempt number `attempt`, the first being 1.
    pub fn pause(&self, attempt: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let pause = self.backoff.saturating_mul(factor);
        pause.min(self.max_backoff.unwrap_or(Duration::from_secs(24 * 3600)))
    }
}

/// Places in a group that runs a few tasks at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    /// The group.
    pub group: String,
    /// How many of it may run when this task starts, itself included.
    pub most: u32,
}

/// All that was asked of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    /// See [`VERSION`].
    pub version: u32,
    /// What to run.
    pub command: Command,
    /// The folder to run it in.
    pub cwd: PathBuf,
    /// A name beside the id.
    pub name: Option<String>,
    /// Names of variables that were given for it; their values are not kept.
    pub env: Vec<String>,
    /// A file that it reads as its standard input.
    pub stdin: Option<PathBuf>,
    /// Whether it is given a terminal.
    pub pty: bool,
    /// The longest time that one attempt may take.
    pub timeout: Option<Duration>,
    /// The longest silence.
    pub idle_timeout: Option<Duration>,
    /// From the polite signal to the firm one.
    pub kill_after: Duration,
    /// Further attempts.
    pub retry: Retry,
    /// The group it queues in.
    pub slots: Option<Slots>,
    /// Higher ones leave the queue first.
    pub priority: i32,
    /// A shell command to run at the end.
    pub notify: Option<String>,
    /// A file to write at the end.
    pub marker: Option<PathBuf>,
    /// A file to rewrite as it runs.
    pub progress: Option<PathBuf>,
    /// Whether processes that it leaves behind live on.
    pub keep_children: bool,
    /// The most bytes of output that are kept, from both ends.
    pub log_cap: u64,
    /// The workspace it belongs to.
    pub root: PathBuf,
    /// Whether it was started before anyone asked for its result.
    pub speculative: bool,
    /// The git worktree of its own that it runs in, removed at its end.
    pub worktree: Option<PathBuf>,
    /// The task whose spec this is a copy of.
    pub retry_of: Option<String>,
}

impl Spec {
    /// A plain task in `cwd` of the workspace at `root`.
    pub fn new(command: Command, cwd: PathBuf, root: PathBuf) -> Spec {
        Spec {
            version: VERSION,
            command,
            cwd,
            name: None,
            env: Vec::new(),
            stdin: None,
            pty: false,
            timeout: None,
            idle_timeout: None,
            kill_after: Duration::from_secs(5),
            retry: Retry::default(),
            slots: None,
            priority: 0,
            notify: None,
            marker: None,
            progress: None,
            keep_children: false,
            log_cap: 1 << 30,
            root,
            speculative: false,
            worktree: None,
            retry_of: None,
        }
    }

    /// A name of the command and the folder it runs in: tasks with the same one are runs of the
    /// same thing.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let root = self.worktree.as_ref().unwrap_or(&self.root);
        let folder = self.cwd.strip_prefix(root).unwrap_or(&self.cwd);
        hasher.update(folder.as_os_str().as_encoded_bytes());
        let words = match &self.command {
            Command::Shell(text) => std::slice::from_ref(text),
            Command::Words(words) => words,
        };
        for word in words {
            hasher.update(&[0]);
            hasher.update(word.as_bytes());
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// Reads the spec of the task in `folder`.
    ///
    /// # Errors
    /// It is not there, is damaged, or was written by a later version.
    pub fn read(folder: &Path) -> std::io::Result<Spec> {
        let text = std::fs::read(folder.join("spec.json"))?;
        let spec: Spec = serde_json::from_slice(&text).map_err(std::io::Error::other)?;
        match spec.version <= VERSION {
            true => Ok(spec),
            false => Err(std::io::Error::other(format!(
                "it has version {}, this `ctx` reads up to {VERSION}",
                spec.version
            ))),
        }
    }

    /// Writes it into `folder`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let bytes = serde_json::to_vec(self).map_err(std::io::Error::other)?;
        // Nobody reads it before the row is there, so it needs no renaming.
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(folder.join("spec.json"));
        std::io::Write::write_all(&mut file?, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = Retry {
            count: 9,
            backoff: Duration::from_secs(2),
            max_backoff: Some(Duration::from_secs(10)),
            ..Retry::default()
        };
        let pauses: Vec<u64> = (1..6)
            .map(|attempt| retry.pause(attempt).as_secs())
            .collect();
        assert_eq!(pauses, [2, 4, 8, 10, 10]);
        assert!(retry.pause(u32::MAX) <= Duration::from_secs(10));
    }

    #[test]
    fn a_spec_is_read_as_it_was_written_and_a_later_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let command = Command::Words(vec!["a b".to_owned(), "c".to_owned()]);
        let mut spec = Spec::new(command, "/x/y".into(), "/x".into());
        spec.write(folder.path()).unwrap();
        assert_eq!(Spec::read(folder.path()).unwrap(), spec);
        spec.version = VERSION + 1;
        spec.write(folder.path()).unwrap();
        assert!(
            Spec::read(folder.path())
                .unwrap_err()
                .to_string()
                .contains("version 2")
        );
    }

    #[test]
    fn runs_of_the_same_thing_have_the_same_fingerprint() {
        let spec = |text: &str, cwd: &str| {
            Spec::new(Command::Shell(text.to_owned()), cwd.into(), "/x".into()).fingerprint()
        };
        assert_eq!(spec("make", "/x/y"), spec("make", "/x/y"));
        assert_ne!(spec("make", "/x/y"), spec("make", "/x"));
        assert_ne!(spec("make", "/x"), spec("make test", "/x"));
    }
}
