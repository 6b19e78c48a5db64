//! Which files differ between two sides, as `git` lists them.

use super::DiffError;
use super::sides::{Side, Sides};
use crate::code::git::{Git, GitError, line, path, text};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// A file on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the top of the repository.
    pub path: PathBuf,
    /// Git's mode: `100644`, `100755`, `120000` a link, `160000` a submodule.
    pub mode: u32,
    /// The object that holds it; `None` for the file in the work tree.
    pub object: Option<String>,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// New, and known to git.
    Added,
    /// New, and not known to git.
    Untracked,
    /// Gone.
    Deleted,
    /// Changed where it is.
    Modified,
    /// Under a new name.
    Renamed,
    /// A copy of a file that changed too.
    Copied,
    /// A merge could not settle it.
    Unmerged,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub status: Status,
    /// What was there.
    pub old: Option<Entry>,
    /// What is there.
    pub new: Option<Entry>,
    /// How the sides of a merge differ: `both modified`.
    pub conflict: Option<&'static str>,
}

impl Change {
    /// Its path: the new one where it has one.
    pub fn path(&self) -> &std::path::Path {
        let entry = self.new.as_ref().or(self.old.as_ref());
        &entry.expect("a change has at least one side").path
    }
}

/// Modes of entries that are no files.
pub(super) const SUBMODULE: u32 = 0o160_000;
/// A symbolic link.
pub(super) const LINK: u32 = 0o120_000;

/// Every file that differs, by path, and what `git` warned of.
pub(super) fn list(
    git: &Git,
    sides: &Sides,
    paths: &[OsString],
) -> Result<(Vec<Change>, Vec<String>), DiffError> {
    // Paths start where the command was typed; without any, the whole repository is asked for.
    let git = if paths.is_empty() {
        git.from_top()
    } else {
        git.clone()
    };
    let mut args: Vec<OsString> = [
        "diff",
        "--raw",
        "-z",
        "--no-abbrev",
        "--find-renames",
        "--find-copies",
        "--no-ext-diff",
        "--no-relative",
        "--ignore-submodules=untracked",
    ]
    .iter()
    .map(OsString::from)
    .collect();
    if sides.new == Side::Staged {
        args.push("--cached".into());
    }
    args.push(match &sides.old {
        Side::Commit(commit) => commit.into(),
        _ => empty_tree(&git)?.into(),
    });
    if let Side::Commit(commit) = &sides.new {
        args.push(commit.into());
    }
    args.push("--".into());
    args.extend(paths.iter().cloned());
    let output = match git.run(&args) {
        // Renames are found by content, which a partial clone may not have.
        Err(GitError::Failed { message, .. }) if message.contains("unable to read") => {
            args.insert(1, "--no-renames".into());
            args.retain(|arg| arg != "--find-renames" && arg != "--find-copies");
            let mut output = git.run(&args)?;
            output
                .warnings
                .push(format!("renames were not looked for: {message}"));
            output
        }
        answer => answer?,
    };
    let mut changes = raw(&output.bytes);
    if sides.new == Side::WorkTree {
        // Where git looked for renames it names an object that only the file itself holds.
        let entries = changes.iter_mut().filter_map(|change| change.new.as_mut());
        entries
            .filter(|entry| entry.mode != SUBMODULE)
            .for_each(|entry| entry.object = None);
    }
    if matches!(sides.new, Side::WorkTree | Side::Staged) {
        unmerged(&git, paths, &mut changes)?;
    }
    if sides.new == Side::WorkTree {
        changes.extend(untracked(&git, paths)?);
    }
    changes.sort_by(|a, b| a.path().cmp(b.path()).then(a.status.cmp(&b.status)));
    let warnings = output
        .warnings
        .into_iter()
        .filter(|warning| !warning.contains("CRLF"));
    Ok((changes, warnings.collect()))
}

/// The name of the tree without files: it depends on the repository's hash.
fn empty_tree(git: &Git) -> Result<String, DiffError> {
    let output = git.run(["hash-object", "-t", "tree", "--stdin"])?;
    Ok(text(line(&output.bytes)))
}

/// Reads `:MODE MODE OBJECT OBJECT STATUS\0PATH\0[PATH\0]`, again and again.
fn raw(bytes: &[u8]) -> Vec<Change> {
    let mut fields = bytes.split(|byte| *byte == 0);
    let mut changes = Vec::new();
    while let Some(head) = fields.next() {
        let head = text(head);
        let words: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
        let [old_mode, new_mode, old_object, new_object, status] = words.as_slice() else {
            continue;
        };
        let Some(first) = fields.next() else { break };
        let letter = status.as_bytes().first().copied().unwrap_or(b'M');
        let second = if matches!(letter, b'R' | b'C') {
            fields.next()
        } else {
            None
        };
        let entry = |name: &[u8], mode: &str, object: &str| Entry {
            path: path(name),
            mode: u32::from_str_radix(mode, 8).unwrap_or(0),
            object: object
                .bytes()
                .any(|byte| byte != b'0')
                .then(|| object.to_owned()),
        };
        let old = entry(first, old_mode, old_object);
        let new = entry(second.unwrap_or(first), new_mode, new_object);
        changes.push(Change {
            status: match letter {
                b'A' => Status::Added,
                b'D' => Status::Deleted,
                b'R' => Status::Renamed,
                b'C' => Status::Copied,
                b'U' => Status::Unmerged,
                _ => Status::Modified,
            },
            old: (old.mode != 0).then_some(old),
            new: (new.mode != 0).then_some(new),
            conflict: None,
        });
    }
    changes.retain(|change| change.old.is_some() || change.new.is_some());
    changes
}

/// Puts one change for each path that a merge could not settle, in place of what was listed.
fn unmerged(git: &Git, paths: &[OsString], changes: &mut Vec<Change>) -> Result<(), DiffError> {
    let output = git.run(listing(&["--unmerged"], paths))?;
    let mut stages: BTreeMap<PathBuf, [Option<Entry>; 3]> = BTreeMap::new();
    for record in output.bytes.split(|byte| *byte == 0) {
        let Some(tab) = record.iter().position(|byte| *byte == b'\t') else {
            continue;
        };
        let (head, name) = (text(&record[..tab]), path(&record[tab + 1..]));
        let words: Vec<&str> = head.split(' ').collect();
        if let [mode, object, stage] = words.as_slice()
            && let Some(stage @ 1..=3) = stage.parse::<usize>().ok()
        {
            stages.entry(name.clone()).or_default()[stage - 1] = Some(Entry {
                path: name.clone(),
                mode: u32::from_str_radix(mode, 8).unwrap_or(0),
                object: Some((*object).to_owned()),
            });
        }
    }
    changes
        .retain(|change| change.status != Status::Unmerged && !stages.contains_key(change.path()));
    for (name, [base, ours, theirs]) in stages {
        let words = match (base.is_some(), ours.is_some(), theirs.is_some()) {
            (true, true, true) => "both modified",
            (false, true, true) => "both added",
            (true, false, true) => "deleted by us",
            (true, true, false) => "deleted by them",
            (true, false, false) => "both deleted",
            (_, true, false) => "added by us",
            (_, false, _) => "added by them",
        };
        let location = git.top.as_ref().map(|top| top.join(&name));
        let is_there = location.is_some_and(|location| location.symlink_metadata().is_ok());
        let mode = ours
            .as_ref()
            .or(theirs.as_ref())
            .map_or(0o100_644, |entry| entry.mode);
        let new = is_there.then_some(Entry {
            path: name,
            mode,
            object: None,
        });
        changes.push(Change {
            status: Status::Unmerged,
            old: ours.or(base).or(theirs),
            new,
            conflict: Some(words),
        });
    }
    Ok(())
}

fn untracked(git: &Git, paths: &[OsString]) -> Result<Vec<Change>, DiffError> {
    let output = git.run(listing(&["--others", "--exclude-standard"], paths))?;
    let names = output
        .bytes
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty());
    Ok(names
        .map(|name| Change {
            status: Status::Untracked,
            old: None,
            new: Some(Entry {
                path: path(name),
                mode: 0o100_644,
                object: None,
            }),
            conflict: None,
        })
        .collect())
}

fn listing(options: &[&str], paths: &[OsString]) -> Vec<OsString> {
    let mut args: Vec<OsString> = ["ls-files", "-z", "--full-name"]
        .map(OsString::from)
        .to_vec();
    args.extend(options.iter().map(OsString::from));
    args.push("--".into());
    args.extend(paths.iter().cloned());
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_git_lists() {
        let bytes = b":100644 100755 aaa bbb M\0a b\0:100644 100644 ccc 000 R090\0old\nname\0new\0";
        let changes = raw(bytes);
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].status, Status::Modified);
        assert_eq!(changes[0].new.as_ref().unwrap().mode, 0o100_755);
        assert_eq!(changes[1].status, Status::Renamed);
        assert_eq!(
            changes[1].old.as_ref().unwrap().path,
            PathBuf::from("old\nname")
        );
        assert_eq!(changes[1].new.as_ref().unwrap().object, None);
    }
}
