//! A folder of its own for each test, and `ctx` run in it with nothing of the machine around:
//! cleared environment, home and settings inside the folder, a fixed width.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// How long a command may take before it counts as hanging. Nothing here should come near it.
const HANGS_AFTER: Duration = Duration::from_secs(240);

/// A workspace with files, and a home beside it.
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// A workspace with the files of one text: each begins after a line `//- path`.
    pub fn new(files: &str) -> Sandbox {
        let sandbox = Sandbox {
            folder: TempDir::new().unwrap(),
        };
        // A root of its own, wherever temporary folders lie.
        fs::create_dir_all(sandbox.root().join(".ctx")).unwrap();
        fs::create_dir_all(sandbox.home()).unwrap();
        for (path, text) in split(files) {
            sandbox.write(path, text);
        }
        sandbox
    }

    /// The workspace.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// `$HOME` of the commands.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A path in the workspace.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file of the workspace, with the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// `ctx` with these arguments, not yet run.
    pub fn command<I, S>(&self, args: I) -> Run
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ctx"));
        command
            .args(args)
            .current_dir(self.root())
            .env_clear()
            .env("HOME", self.home())
            .env("XDG_CONFIG_HOME", self.home().join(".config"))
            .env("XDG_STATE_HOME", self.home().join(".state"))
            .env("XDG_CACHE_HOME", self.home().join(".cache"))
            .env("COLUMNS", "100");
        if let Some(system) = std::env::var_os("SYSTEMROOT") {
            command.env("SYSTEMROOT", system);
        }
        Run {
            command,
            stdin: None,
        }
    }

    /// Runs `ctx` with the words of `args`, separated by spaces.
    pub fn ctx(&self, args: &str) -> Ran {
        self.command(args.split_whitespace()).go()
    }

    /// Runs `ctx`, which must succeed without a word on standard error, and returns its answer.
    pub fn shows(&self, args: &str) -> String {
        self.ctx(args).shown()
    }

    /// Runs `ctx` with `--json` and returns its answer, read.
    pub fn json(&self, args: &str) -> serde_json::Value {
        let shown = self.ctx(&format!("{args} --json")).shown();
        serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error} in {shown}"))
    }

    /// Runs `ctx`, which must end with `status` and print nothing but its error, and returns that.
    pub fn fails(&self, status: i32, args: &str) -> String {
        self.ctx(args).failed(status)
    }
}

/// A command to run.
pub struct Run {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Run {
    /// Gives it something to read; without, it has no standard input.
    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Run {
        self.stdin = Some(text.as_ref().to_vec());
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Run {
        self.command.env(name, value.into());
        self
    }

    /// Runs it in a folder other than the workspace.
    pub fn within(mut self, folder: impl AsRef<Path>) -> Run {
        self.command.current_dir(folder);
        self
    }

    /// The command as it stands, to be run by hand.
    pub fn into_inner(self) -> Command {
        self.command
    }

    /// Runs it to its end; a command that hangs is killed, and the test fails.
    pub fn go(mut self) -> Ran {
        let words = format!("{:?}", self.command.get_args().collect::<Vec<_>>());
        let stdin = match self.stdin {
            Some(_) => Stdio::piped(),
            None => Stdio::null(),
        };
        let mut child = self
            .command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let id = child.id();
        if let (Some(text), Some(mut pipe)) = (self.stdin, child.stdin.take()) {
            // It may end without having read all of it.
            thread::spawn(move || drop(pipe.write_all(&text)));
        }
        let (done, finished) = mpsc::channel();
        thread::spawn(move || drop(done.send(child.wait_with_output())));
        let Ok(output) = finished.recv_timeout(HANGS_AFTER) else {
            drop(Command::new("kill").args(["-9", &id.to_string()]).status());
            panic!("ctx {words} hangs");
        };
        let output = output.unwrap();
        Ran {
            words,
            status: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    words: String,
    /// Its exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// What it answered.
    pub stdout: Vec<u8>,
    /// What it said beside that.
    pub stderr: String,
}

impl Ran {
    /// The answer of a command that must have succeeded, in silence.
    pub fn shown(self) -> String {
        assert_eq!(self.status, Some(0), "ctx {}: {}", self.words, self.stderr);
        assert_eq!(self.stderr, "", "ctx {}", self.words);
        self.text()
    }

    /// The error of a command that must have ended with `status` and nothing else.
    pub fn failed(self, status: i32) -> String {
        let stdout = String::from_utf8_lossy(&self.stdout).into_owned();
        assert_eq!(
            self.status,
            Some(status),
            "ctx {}: {stdout}{}",
            self.words,
            self.stderr
        );
        assert_eq!(stdout, "", "ctx {}", self.words);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self.stderr
    }

    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }
}

/// Files of one text: `//- path` begins each.
fn split(files: &str) -> Vec<(&str, &str)> {
    let mut split: Vec<(&str, &str)> = Vec::new();
    let mut rest = files;
    while let Some(at) = rest.find("//- ") {
        let (path, text) = rest[at + 4..]
            .split_once('\n')
            .unwrap_or((&rest[at + 4..], ""));
        let end = text.find("//- ").unwrap_or(text.len());
        split.push((path.trim(), &text[..end]));
        rest = &text[end..];
    }
    split
}

/// Whether every substring of `parts` stands in `text`; a message naming the first that does not.
#[track_caller]
pub fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}
