//! What is compared with what: two sides, each a commit, the staged files or the work tree.

use super::DiffError;
use crate::code::git::{Git, line, text};
use std::ffi::{OsStr, OsString};

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nothing at all: what a repository without commits is compared with.
    Empty,
    /// A commit, by its full name.
    Commit(String),
    /// What is staged.
    Staged,
    /// The files as they are, with those that git does not know yet.
    WorkTree,
}

/// A comparison, and how a reader is told of it.
#[derive(Clone, Debug)]
pub struct Sides {
    /// What was there.
    pub old: Side,
    /// What is there now.
    pub new: Side,
    /// `work tree against HEAD 1a2b3c4 (main)`
    pub words: String,
    /// What else to know: a merge in progress, two merge bases.
    pub notes: Vec<String>,
}

/// What was typed: at most two words that may be revisions, and what follows is paths.
pub(super) fn resolve(
    git: &Git,
    words: &[OsString],
    is_staged: bool,
) -> Result<(Sides, Vec<OsString>), DiffError> {
    let mut revisions: Vec<&OsStr> = Vec::new();
    let mut rest = words;
    while let [word, tail @ ..] = rest
        && revisions.len() < 2
        && is_revision(git, word)?
    {
        let is_range = word.to_string_lossy().contains("..");
        if is_range && !revisions.is_empty() {
            break;
        }
        revisions.push(word);
        rest = tail;
        if is_range {
            break;
        }
    }
    for word in rest {
        if !exists(git, word) && !is_pattern(word) && !is_known(git, word) {
            return Err(DiffError::NeitherRevisionNorPath(
                word.to_string_lossy().into_owned(),
            ));
        }
    }
    let sides = match (revisions.as_slice(), is_staged) {
        ([], false) => head_against(git, Side::WorkTree, "work tree"),
        ([], true) => head_against(git, Side::Staged, "staged"),
        ([one], is_staged) => {
            let typed = one.to_string_lossy();
            match typed.split_once("...").or_else(|| typed.split_once("..")) {
                Some(_) if is_staged => return Err(DiffError::StagedRange),
                Some((from, to)) => range(git, from, to, typed.contains("..."))?,
                None => against(git, one, is_staged),
            }
        }
        (_, true) => return Err(DiffError::StagedRange),
        ([from, to, ..], false) => {
            range(git, &from.to_string_lossy(), &to.to_string_lossy(), false)?
        }
    };
    Ok((sides, rest.to_vec()))
}

fn is_revision(git: &Git, word: &OsStr) -> Result<bool, DiffError> {
    let typed = word.to_string_lossy();
    let means_commit = match typed.split_once("...").or_else(|| typed.split_once("..")) {
        Some((from, to)) => [from, to]
            .iter()
            .all(|end| git.commit(end_of(end)).is_some()),
        None => git.commit(word).is_some(),
    };
    if means_commit && exists(git, word) {
        return Err(DiffError::Ambiguous(typed.into_owned()));
    }
    Ok(means_commit)
}

fn end_of(end: &str) -> &OsStr {
    OsStr::new(if end.is_empty() { "HEAD" } else { end })
}

fn exists(git: &Git, word: &OsStr) -> bool {
    git.folder().join(word).symlink_metadata().is_ok()
}

fn is_pattern(word: &OsStr) -> bool {
    word.to_string_lossy().contains(['*', '?', '[', ':'])
}

/// Whether git knows a file of this name that is gone from the work tree.
fn is_known(git: &Git, word: &OsStr) -> bool {
    let args: [&OsStr; 5] = [
        "log".as_ref(),
        "-1".as_ref(),
        "--format=%H".as_ref(),
        "--".as_ref(),
        word,
    ];
    git.run(args).is_ok_and(|output| !output.bytes.is_empty())
}

fn head_against(git: &Git, new: Side, word: &str) -> Sides {
    let mut notes = Vec::new();
    let in_progress = [
        ("MERGE_HEAD", "a merge is in progress"),
        ("REBASE_HEAD", "a rebase is in progress"),
        ("CHERRY_PICK_HEAD", "a cherry-pick is in progress"),
        ("REVERT_HEAD", "a revert is in progress"),
    ];
    for (name, words) in in_progress {
        if let Some(commit) = git.commit(OsStr::new(name)) {
            notes.push(format!("{words} ({} {})", name, short(&commit)));
        }
    }
    match git.commit(OsStr::new("HEAD")) {
        Some(commit) => Sides {
            words: format!("{word} against HEAD {}", named_head(git, &commit)),
            old: Side::Commit(commit),
            new,
            notes,
        },
        None => Sides {
            words: format!("{word}; no commits yet"),
            old: Side::Empty,
            new,
            notes,
        },
    }
}

fn named_head(git: &Git, commit: &str) -> String {
    match git.run(["symbolic-ref", "--quiet", "--short", "HEAD"]) {
        Ok(output) => format!("{} ({})", short(commit), text(line(&output.bytes))),
        Err(_) => format!("{} (detached)", short(commit)),
    }
}

fn against(git: &Git, revision: &OsStr, is_staged: bool) -> Sides {
    let commit = git.commit(revision).unwrap_or_default();
    let (new, word) = if is_staged {
        (Side::Staged, "staged")
    } else {
        (Side::WorkTree, "work tree")
    };
    Sides {
        words: format!(
            "{word} against {}",
            named(&revision.to_string_lossy(), &commit)
        ),
        old: Side::Commit(commit),
        new,
        notes: Vec::new(),
    }
}

fn range(git: &Git, from: &str, to: &str, is_merge_base: bool) -> Result<Sides, DiffError> {
    let commit_of = |end: &str| {
        git.commit(end_of(end))
            .ok_or_else(|| DiffError::NeitherRevisionNorPath(end.to_owned()))
    };
    let (old, new) = (commit_of(from)?, commit_of(to)?);
    let (from, to) = (end_of(from).to_string_lossy(), end_of(to).to_string_lossy());
    let mut notes = Vec::new();
    let (old, words) = if is_merge_base {
        let bases = git
            .run(["merge-base", "--all", &old, &new])
            .map_or_else(|_| String::new(), |output| text(&output.bytes));
        let mut bases = bases.lines();
        let Some(base) = bases.next() else {
            return Err(DiffError::NoMergeBase(from.into_owned(), to.into_owned()));
        };
        let others = bases.count();
        if others > 0 {
            notes.push(format!(
                "{} merge bases; compared with the first",
                others + 1
            ));
        }
        let words = format!(
            "{} against {}, its merge base with {from}",
            named(&to, &new),
            short(base)
        );
        (base.to_owned(), words)
    } else {
        let words = format!("{} against {}", named(&to, &new), named(&from, &old));
        (old, words)
    };
    Ok(Sides {
        old: Side::Commit(old),
        new: Side::Commit(new),
        words,
        notes,
    })
}

/// A revision as it was typed, with the commit where that says more.
fn named(typed: &str, commit: &str) -> String {
    if typed.len() >= 7 && commit.starts_with(typed) {
        short(commit).to_owned()
    } else {
        format!("{typed} {}", short(commit))
    }
}

/// The beginning of a commit's name that a reader is shown.
pub(super) fn short(commit: &str) -> &str {
    commit.get(..9).unwrap_or(commit)
}
