//! The `git` program: called with nothing of the user's own settings that could change what it
//! prints, its answers read as bytes. Knows nothing of symbols and views.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A repository that `git` can be asked about.
#[derive(Clone, Debug)]
pub struct Git {
    /// The folder that commands run in.
    folder: PathBuf,
    /// The top of the work tree; `None` in a bare repository.
    pub top: Option<PathBuf>,
}

/// Why `git` gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// The program could not be started.
    #[error("`git` cannot be run: {0}")]
    NoProgram(String),
    /// The folder lies in no repository.
    #[error("`{0}` is in no git repository")]
    NoRepository(String),
    /// It ended with an error.
    #[error("`git {command}` failed: {message}")]
    Failed {
        /// The subcommand.
        command: String,
        /// What it wrote to standard error, on one line.
        message: String,
    },
}

/// What `git` wrote.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Standard output.
    pub bytes: Vec<u8>,
    /// Warnings on standard error, a line each.
    pub warnings: Vec<String>,
}

/// The content of an object that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is larger than the limit: its size in bytes.
    TooLarge(u64),
    /// There is no such object here (a shallow or partial clone).
    Missing,
}

impl Git {
    /// The repository around `folder`.
    ///
    /// # Errors
    /// No `git` program, no repository, one that `git` refuses to open.
    pub fn open(folder: &Path) -> Result<Git, GitError> {
        let mut git = Git {
            folder: folder.to_owned(),
            top: None,
        };
        if let Err(error) = git.run(["rev-parse", "--git-dir"]) {
            return Err(match error {
                GitError::Failed { message, .. } if message.contains("not a git repository") => {
                    GitError::NoRepository(folder.display().to_string())
                }
                error => error,
            });
        }
        git.top = git
            .run(["rev-parse", "--show-toplevel"])
            .ok()
            .map(|output| path(line(&output.bytes)));
        Ok(git)
    }

    /// The folder that paths are relative to.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same repository, asked from the top of its work tree.
    #[must_use]
    pub fn from_top(&self) -> Git {
        let folder = self.top.clone().unwrap_or_else(|| self.folder.clone());
        Git {
            folder,
            top: self.top.clone(),
        }
    }

    /// Runs a subcommand to its end.
    ///
    /// # Errors
    /// It cannot be started or ends with an error.
    pub fn run<I, S>(&self, args: I) -> Result<Output, GitError>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let args: Vec<OsString> = args
            .into_iter()
            .map(|arg| arg.as_ref().to_owned())
            .collect();
        let output = self.command(&args).stdin(Stdio::null()).output();
        let output = output.map_err(|error| GitError::NoProgram(error.to_string()))?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            let first = args.first().map(|arg| arg.to_string_lossy().into_owned());
            return Err(GitError::Failed {
                command: first.unwrap_or_default(),
                message: message(&stderr, &output.status.to_string()),
            });
        }
        let warnings = stderr.lines().filter(|line| !line.trim().is_empty());
        Ok(Output {
            bytes: output.stdout,
            warnings: warnings.map(str::to_owned).collect(),
        })
    }

    /// The full name of the object that `revision` means, peeled to a commit; `None` where it
    /// means none.
    pub fn commit(&self, revision: &OsStr) -> Option<String> {
        let mut peeled = revision.to_owned();
        peeled.push("^{commit}");
        let args: [&OsStr; 5] = [
            "rev-parse".as_ref(),
            "--verify".as_ref(),
            "--quiet".as_ref(),
            "--end-of-options".as_ref(),
            &peeled,
        ];
        let output = self.run(args).ok()?;
        let name = text(line(&output.bytes));
        (!name.is_empty()).then_some(name)
    }

    /// Reads many objects with one process, in the order asked; `found` gets each with its
    /// place in `names`. Objects over `limit` bytes are passed over.
    ///
    /// # Errors
    /// The process cannot be started or breaks off.
    pub fn objects(
        &self,
        names: &[String],
        limit: u64,
        mut found: impl FnMut(usize, Object),
    ) -> Result<(), GitError> {
        if names.is_empty() {
            return Ok(());
        }
        let broke = |error: io::Error| GitError::Failed {
            command: "cat-file".to_owned(),
            message: error.to_string(),
        };
        let mut child = self
            .command(&["cat-file".into(), "--batch".into()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| GitError::NoProgram(error.to_string()))?;
        let mut stdin = child.stdin.take().expect("standard input is piped");
        let stdout = child.stdout.take().expect("standard output is piped");
        let read = std::thread::scope(|scope| {
            // Names are written beside: `git` stops reading them while its answers wait.
            scope.spawn(move || {
                let mut all = String::with_capacity(names.len() * 41);
                for name in names {
                    all.push_str(name);
                    all.push('\n');
                }
                // Where it stopped reading, its answers end early, which is seen there.
                let _ = stdin.write_all(all.as_bytes());
            });
            let mut stdout = BufReader::with_capacity(1 << 16, stdout);
            for idx in 0..names.len() {
                found(idx, object(&mut stdout, limit)?);
            }
            Ok(())
        });
        // It has nothing more to say, or its answers cannot be read: both end it.
        if read.is_err() {
            let _ = child.kill();
        }
        let _ = child.wait();
        read.map_err(broke)
    }

    fn command(&self, args: &[OsString]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.folder)
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .args(args)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .env_remove("GIT_EXTERNAL_DIFF")
            .env_remove("GIT_DIFF_OPTS");
        command
    }
}

/// Reads one answer of `cat-file --batch`.
fn object(stdout: &mut impl io::BufRead, limit: u64) -> io::Result<Object> {
    let mut head = Vec::new();
    stdout.read_until(b'\n', &mut head)?;
    if head.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let head = String::from_utf8_lossy(&head);
    let size = head
        .split_whitespace()
        .nth(2)
        .and_then(|size| size.parse::<u64>().ok());
    let Some(size) = size else {
        return Ok(Object::Missing);
    };
    let found = if size > limit {
        io::copy(&mut stdout.by_ref().take(size), &mut io::sink())?;
        Object::TooLarge(size)
    } else {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        stdout.by_ref().take(size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Object::Bytes(bytes)
    };
    let mut newline = [0];
    stdout.read_exact(&mut newline)?;
    Ok(found)
}

fn message(stderr: &str, status: &str) -> String {
    let lines: Vec<&str> = stderr
        .lines()
        .map(|line| {
            line.trim()
                .trim_start_matches("fatal: ")
                .trim_start_matches("error: ")
        })
        .filter(|line| !line.is_empty())
        .take(4)
        .collect();
    if lines.is_empty() {
        status.to_owned()
    } else {
        lines.join("; ")
    }
}

/// The first line of an answer, without its end.
pub fn line(bytes: &[u8]) -> &[u8] {
    bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
}

/// Bytes as text for a reader.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Bytes of an answer as a path.
#[cfg(unix)]
pub fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// Bytes of an answer as a path.
#[cfg(not(unix))]
pub fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(text(bytes))
}
