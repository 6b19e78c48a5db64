//! Which files were changed together, from the history of git.
//!
//! The last commits are read once with the `git` program (0.1 to 0.3 seconds) and kept in the
//! state folder by the commit they end at. Outside git, or without the program, there is no
//! history, and nothing is said of it.

use super::git::Git;
use crate::sys::atomic::{self, Durability};
use crate::sys::state;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;

/// Commits that are looked at.
const COMMITS: usize = 1_000;
/// A commit of more files tells nothing of any two of them.
const MOST_FILES: usize = 20;
const FILE: &str = "history";
const FORMAT: &str = "ctx-history 1";

/// The sets of files of past commits, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    commits: Vec<Vec<String>>,
}

impl History {
    /// The history of the workspace at `root`; `None` where there is none.
    pub fn read(root: &Path) -> Option<History> {
        let git = Git::open(root).ok()?;
        let head = git.commit(OsStr::new("HEAD"))?;
        let kept = state::existing(root)
            .and_then(|folder| std::fs::read_to_string(folder.join(FILE)).ok())
            .and_then(|text| kept(&text));
        if let Some((known, history)) = &kept
            && *known == head
        {
            return Some(history.clone());
        }
        let commits = log(&git, &head)?;
        let history = History { commits };
        history.keep(root, &head);
        Some(history)
    }

    /// The files that were most often changed together with `path`, best first: by the share of
    /// the commits of either that are of both. A single common commit is none.
    pub fn partners<'a>(&'a self, path: &str) -> Vec<(&'a str, f32)> {
        let mut own = 0_u32;
        let mut together: HashMap<&str, u32> = HashMap::new();
        let holds = |commit: &&Vec<String>| commit.iter().any(|other| other == path);
        for commit in self.commits.iter().filter(holds) {
            own += 1;
            for other in commit.iter().filter(|other| *other != path) {
                *together.entry(other).or_default() += 1;
            }
        }
        together.retain(|_, count| *count > 1);
        let mut all: HashMap<&str, u32> = HashMap::new();
        for other in self.commits.iter().flatten() {
            if together.contains_key(other.as_str()) {
                *all.entry(other).or_default() += 1;
            }
        }
        let mut partners: Vec<(&str, f32)> = together
            .into_iter()
            .map(|(other, both)| {
                let either = own + all[other] - both;
                (other, both as f32 / either as f32)
            })
            .collect();
        partners.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        partners
    }

    /// Keeps it for the next call, if that can be done.
    fn keep(&self, root: &Path, head: &str) {
        let mut text = format!("{FORMAT}\n{head}\n");
        for commit in &self.commits {
            text.push('\n');
            for path in commit {
                text.push_str(path);
                text.push('\n');
            }
        }
        // Without it the next call reads the history again.
        if let Ok(folder) = state::folder(root) {
            let _ = atomic::write(&folder.join(FILE), text.as_bytes(), Durability::Process);
        }
    }
}

/// What was kept, and the commit it ends at.
fn kept(text: &str) -> Option<(String, History)> {
    let rest = text.strip_prefix(FORMAT)?.strip_prefix('\n')?;
    let (head, rest) = rest.split_once('\n')?;
    let commits = rest
        .split("\n\n")
        .map(|commit| commit.lines().filter(|line| !line.is_empty()))
        .map(|lines| lines.map(str::to_owned).collect::<Vec<_>>())
        .filter(|commit| !commit.is_empty())
        .collect();
    Some((head.to_owned(), History { commits }))
}

/// Read anew for each head: what was kept joined with what is new could differ from it.
fn log(git: &Git, head: &str) -> Option<Vec<Vec<String>>> {
    let most = format!("--max-count={COMMITS}");
    let output = git.run([
        "log",
        "--no-show-signature",
        "--no-merges",
        "--no-renames",
        "--relative",
        "--name-only",
        "--format=%x00",
        most.as_str(),
        head,
        "--",
    ]);
    let text = super::git::text(&output.ok()?.bytes);
    let commits = text
        .split('\0')
        .map(|commit| commit.lines().filter(|line| !line.is_empty()))
        .map(|lines| lines.map(str::to_owned).collect::<Vec<_>>())
        .filter(|commit| (2..=MOST_FILES).contains(&commit.len()))
        .collect();
    Some(commits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(commits: &[&[&str]]) -> History {
        let owned = |commit: &&[&str]| commit.iter().map(|path| (*path).to_owned()).collect();
        History {
            commits: commits.iter().map(owned).collect(),
        }
    }

    #[test]
    fn partners_share_most_of_their_commits() {
        let history = history(&[
            &["a", "b", "log"],
            &["a", "b", "log"],
            &["a", "log", "once"],
            &["c", "log"],
            &["d", "log"],
        ]);
        let partners = history.partners("a");
        let names: Vec<&str> = partners.iter().map(|(path, _)| *path).collect();
        assert_eq!(names, ["b", "log"]);
        assert!((partners[0].1 - 2.0 / 3.0).abs() < 1e-6);
        assert!(history.partners("unknown").is_empty());
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let history = history(&[&["a", "b c"], &["ü", "d"]]);
        history.keep(folder.path(), "cafe");
        let text = std::fs::read_to_string(folder.path().join(".ctx").join(FILE)).unwrap();
        assert_eq!(kept(&text), Some(("cafe".to_owned(), history)));
        assert_eq!(kept("ctx-history 0\ncafe\n"), None);
    }
}
