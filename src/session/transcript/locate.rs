//! Where agents keep their transcripts, and which is the latest.

use super::Agent;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The folders that agents keep their files in.
#[derive(Clone, Debug, Default)]
pub struct Homes {
    /// The user's home.
    pub home: PathBuf,
    /// `CLAUDE_CONFIG_DIR`, if it is set.
    pub claude: Option<PathBuf>,
    /// `CODEX_HOME`, if it is set.
    pub codex: Option<PathBuf>,
    /// `XDG_DATA_HOME`, if it is set.
    pub data: Option<PathBuf>,
}

/// A transcript that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whose it is.
    pub agent: Agent,
    /// Where it lies.
    pub path: PathBuf,
    /// When it was last written.
    pub modified: SystemTime,
}

/// At most so many of the newest files are opened to see which folder they are about.
const OPENED: usize = 40;

/// The newest transcript about `folder`, of `agent` or of any.
pub fn latest(homes: &Homes, agent: Option<Agent>, folder: &Path) -> Option<Found> {
    all(homes, agent, folder).into_iter().next()
}

/// The transcripts about `folder`, the newest first.
pub fn all(homes: &Homes, agent: Option<Agent>, folder: &Path) -> Vec<Found> {
    let wants = |one: Agent| agent.is_none_or(|agent| agent == one);
    let mut found = Vec::new();
    if wants(Agent::ClaudeCode) {
        claude(homes, folder, &mut found);
    }
    if wants(Agent::Codex) {
        codex(homes, folder, &mut found);
    }
    found.sort_by(|a, b| b.modified.cmp(&a.modified).then(a.path.cmp(&b.path)));
    found
}

/// `projects/<folder, with anything but letters and digits as ->/<session>.jsonl`.
fn claude(homes: &Homes, folder: &Path, found: &mut Vec<Found>) {
    let base = homes
        .claude
        .clone()
        .unwrap_or_else(|| homes.home.join(".claude"));
    for folder in folder
        .ancestors()
        .take_while(|folder| folder.parent().is_some())
    {
        let name: String = folder
            .to_string_lossy()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let before = found.len();
        files(&base.join("projects").join(name), 0, &mut |path| {
            add(Agent::ClaudeCode, path, "jsonl", found);
        });
        if found.len() > before {
            return;
        }
    }
}

/// `sessions/YYYY/MM/DD/rollout-*.jsonl`; which folder they are about stands in the first line.
fn codex(homes: &Homes, folder: &Path, found: &mut Vec<Found>) {
    let base = homes
        .codex
        .clone()
        .unwrap_or_else(|| homes.home.join(".codex"));
    let mut rollouts = Vec::new();
    for name in ["sessions", "archived_sessions"] {
        files(&base.join(name), 3, &mut |path| {
            add(Agent::Codex, path, "jsonl", &mut rollouts);
        });
    }
    rollouts.sort_by(|a: &Found, b| b.modified.cmp(&a.modified).then(a.path.cmp(&b.path)));
    rollouts.truncate(OPENED);
    rollouts.retain(|rollout| is_about(&rollout.path, folder));
    found.extend(rollouts);
}

/// Whether the first line of a file names `folder` or a folder in it.
fn is_about(path: &Path, folder: &Path) -> bool {
    let Ok(file) = fs::File::open(path) else {
        return false;
    };
    let mut line = String::new();
    let mut reader = BufReader::new(file.take(1 << 20));
    if reader.read_line(&mut line).is_err() {
        return false;
    }
    let folder = folder.to_string_lossy();
    line.split_once("\"cwd\":").is_some_and(|(_, rest)| {
        let rest = rest.trim_start().trim_start_matches('"');
        let is_end = |rest: &str| rest.starts_with(['"', '/', '\\']);
        rest.strip_prefix(folder.as_ref()).is_some_and(is_end)
    })
}

fn add(agent: Agent, path: &Path, extension: &str, found: &mut Vec<Found>) {
    if path.extension().is_none_or(|own| own != extension) {
        return;
    }
    let modified = fs::metadata(path).and_then(|about| about.modified());
    if let Ok(modified) = modified {
        found.push(Found {
            agent,
            path: path.to_owned(),
            modified,
        });
    }
}

/// Calls `visit` with the files in `folder` and so many levels of folders below it.
fn files(folder: &Path, depth: usize, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        match path.is_dir() {
            true if depth > 0 => files(&path, depth - 1, visit),
            true => {}
            false => visit(&path),
        }
    }
}
