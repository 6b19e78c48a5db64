//! Which transcript a command reads.

use crate::error::Error;
use crate::session::facts::{Facts, Gatherer};
use crate::session::transcript::{self, Agent, ReadError, Transcript, locate};
use crate::shell;
use crate::workspace::Workspace;
use std::env;
use std::path::PathBuf;

/// Options that name a transcript
#[derive(clap::Args, Clone, Debug)]
pub struct Source {
    /// Read FILE, the transcript of any agent that is known
    #[arg(long, value_name = "FILE", conflicts_with_all = ["agent", "which"])]
    pub transcript: Option<PathBuf>,
    /// Read the latest transcript of this agent
    #[arg(long, value_name = "NAME")]
    pub agent: Option<String>,
    /// `latest`: the latest transcript about this workspace, of any agent; the default
    #[arg(value_name = "latest", value_parser = ["latest"])]
    pub which: Option<String>,
}

impl Source {
    /// The file to read.
    pub fn path(&self, workspace: &Workspace) -> Result<PathBuf, Error> {
        if let Some(path) = &self.transcript {
            return Ok(workspace.base.join(path));
        }
        let agent = self.agent.as_deref().map(agent).transpose()?;
        let found = locate::latest(&homes(), agent, &workspace.root);
        found.map(|found| found.path).ok_or_else(|| {
            let whose = agent.map_or(String::new(), |agent| format!(" of {}", agent.word()));
            Error::nothing_found(format!(
                "no transcript{whose} about `{}` was found",
                workspace.root.display()
            ))
            .hint("`--transcript FILE` reads any file")
        })
    }

    /// Reads the transcript and gathers its facts.
    pub fn facts(&self, workspace: &Workspace) -> Result<(Facts, Transcript), Error> {
        let path = self.path(workspace)?;
        let mut gatherer = Gatherer::new();
        let transcript = transcript::read(&path, &mut |event| gatherer.take(event))
            .map_err(|error| read_error(&error))?;
        Ok((gatherer.finish(), transcript))
    }

    /// The options as they would be typed.
    pub fn typed(&self) -> String {
        if let Some(path) = &self.transcript {
            return format!(" --transcript {}", shell::path(&path.to_string_lossy()));
        }
        match &self.agent {
            Some(agent) => format!(" --agent {}", shell::quoted(agent)),
            None => String::new(),
        }
    }
}

/// The error for a file that could not be read.
pub fn read_error(error: &ReadError) -> Error {
    let names = Agent::ALL.map(Agent::word).join(", ");
    match error {
        ReadError::Io(..) => Error::bad_request(error.to_string())
            .because(std::error::Error::source(error).expect("an input error has a cause")),
        ReadError::Unknown(_) => Error::bad_request(error.to_string())
            .hint(format!("transcripts of these agents are known: {names}")),
    }
}

fn agent(name: &str) -> Result<Agent, Error> {
    let known = Agent::ALL.into_iter().find(|agent| agent.word() == name);
    known.ok_or_else(|| {
        let names = Agent::ALL.map(Agent::word);
        let mut error = Error::bad_request(format!("agent `{name}` is not known"));
        if let Some(near) = crate::nearest::nearest(name, names.iter().copied()) {
            error = error.hint(format!("did you mean `{near}`?"));
        }
        error.hint(format!("agents: {}", names.join(", ")))
    })
}

/// Where agents keep their files.
pub fn homes() -> locate::Homes {
    let folder = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    locate::Homes {
        home: folder("HOME").unwrap_or_default(),
        claude: folder("CLAUDE_CONFIG_DIR"),
        codex: folder("CODEX_HOME"),
        data: folder("XDG_DATA_HOME"),
    }
}
