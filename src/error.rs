//! The one error that a user sees: what kind it is, what happened and why, and what to type next.

use std::error::Error as StdError;
use std::fmt;

/// What an error means to whoever called: decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request was understood and there is nothing to show. Exit status 1.
    NothingFound,
    /// The request cannot be carried out as it is: bad arguments, bad input. Exit status 2.
    BadRequest,
    /// Something outside the request failed: the disk, a program. Exit status 2.
    Failed,
}

/// A user-facing error: one line of what happened, causes, hints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What it means to the caller.
    pub kind: Kind,
    /// What was being done, to what, and what was found. Reads well after `error: `.
    pub message: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// Next commands to type, or what to change.
    pub hints: Vec<String>,
}

impl Error {
    /// An error of `kind`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error {
            kind,
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A request that cannot be carried out.
    pub fn bad_request(message: impl Into<String>) -> Error {
        Error::new(Kind::BadRequest, message)
    }

    /// A request with an empty answer.
    pub fn nothing_found(message: impl Into<String>) -> Error {
        Error::new(Kind::NothingFound, message)
    }

    /// Something outside the request failed.
    pub fn failed(message: impl Into<String>) -> Error {
        Error::new(Kind::Failed, message)
    }

    /// Adds `cause` and the causes below it.
    #[must_use]
    pub fn because(mut self, cause: impl StdError) -> Error {
        self.causes.push(cause.to_string());
        let mut below = cause.source();
        while let Some(cause) = below {
            self.causes.push(cause.to_string());
            below = cause.source();
        }
        self
    }

    /// Adds a hint: the next command to type.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.hints.push(hint.into());
        self
    }

    /// The whole of it on one line, as a note beside an answer.
    pub fn as_note(&self) -> String {
        let mut note = self.message.clone();
        for cause in &self.causes {
            note.push_str(": ");
            note.push_str(cause);
        }
        for hint in &self.hints {
            note.push_str("; ");
            note.push_str(hint);
        }
        note
    }

    /// The exit status of a command that ends with this error.
    pub fn exit_status(&self) -> u8 {
        match self.kind {
            Kind::NothingFound => 1,
            Kind::BadRequest | Kind::Failed => 2,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for cause in &self.causes {
            write!(f, "\n  because {cause}")?;
        }
        for hint in &self.hints {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl StdError for Error {}
