//! Whose transcript a file is, by what it holds.

use super::{Agent, aider, claude, codex, gemini, lines, opencode, openhands, swe_agent};
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

/// Most lines that are looked at.
const LINES: u32 = 50;
/// Largest file that is read as one document.
const LARGEST: u64 = 512 << 20;

/// Whose transcript the file at `path` is; `None` if it is nothing that is known.
///
/// # Errors
/// The file cannot be read.
pub fn agent(path: &Path) -> io::Result<Option<Agent>> {
    let mut file = File::open(path)?;
    let mut head = [0; 64];
    let len = file.read(&mut head)?;
    let head = &head[..len];
    if head.starts_with(b"SQLite format 3\0") {
        return Ok(Some(Agent::OpenCode));
    }
    let text = head.trim_ascii_start();
    if text.starts_with(aider::HEAD.as_bytes()) {
        return Ok(Some(Agent::Aider));
    }
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        return Ok(None);
    }
    let found = by_lines(path)?;
    if found.is_some() {
        return Ok(found);
    }
    Ok(whole(path)?.and_then(|value| document(&value, path)))
}

fn by_lines(path: &Path) -> io::Result<Option<Agent>> {
    let mut reader = BufReader::new(File::open(path)?.take(64 << 20));
    let (mut found, mut looked) = (None, 0);
    lines::each_until(&mut reader, |line| {
        looked += 1;
        match serde_json::from_slice::<Value>(line) {
            Ok(value) => {
                found = row(&value).or_else(|| document(&value, path));
                found.is_some() || looked >= LINES
            }
            // The first line of a document that is written over many lines.
            Err(_) => looked == 1 || looked >= LINES,
        }
    })?;
    Ok(found)
}

fn row(value: &Value) -> Option<Agent> {
    if claude::is_row(value) {
        return Some(Agent::ClaudeCode);
    }
    codex::is_row(value).then_some(Agent::Codex)
}

fn document(value: &Value, path: &Path) -> Option<Agent> {
    if gemini::is_document(value) {
        Some(Agent::GeminiCli)
    } else if swe_agent::is_trajectory(value) {
        Some(Agent::SweAgent)
    } else if openhands::is_document(value) {
        Some(Agent::OpenHands)
    } else if swe_agent::is_mini(value) {
        Some(Agent::MiniSweAgent)
    } else {
        opencode::is_session(value, path).then_some(Agent::OpenCode)
    }
}

/// The file as one JSON document; `None` if it is none.
///
/// # Errors
/// The file cannot be read, or is too large to be held.
pub fn whole(path: &Path) -> io::Result<Option<Value>> {
    let file = File::open(path)?;
    if file.metadata()?.len() > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("a document may have {} MB", LARGEST >> 20),
        ));
    }
    Ok(serde_json::from_reader(BufReader::new(file)).ok())
}
