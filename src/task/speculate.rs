//! Work done before anyone asked for it: the result counts only if nothing that it may have read
//! has changed since.
//!
//! What it may have read is the working tree as git lists it: tracked files and those that are
//! neither tracked nor ignored, by content. Ignored files, the network and the clock are not seen.

use crate::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files larger than this are known by their size and times instead of their content.
const LARGE: u64 = 64 << 20;

/// A hash of the working tree around `root`.
///
/// # Errors
/// It is no git repository, or there is no git.
pub fn tree_hash(root: &Path) -> Result<String, Error> {
    let listed = git(
        root,
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    )?;
    let mut paths: Vec<&[u8]> = listed
        .split(|byte| *byte == 0)
        .filter(|path| !path.is_empty())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        let file = root.join(as_path(path));
        hasher.update(path);
        hasher.update(&content(&file));
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

fn as_path(bytes: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

/// What stands for the content of a file: its hash, its target, or that it is gone.
fn content(file: &Path) -> Vec<u8> {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(metadata) = std::fs::symlink_metadata(file) else {
        return b"gone".to_vec();
    };
    let mut known = metadata.mode().to_le_bytes().to_vec();
    if metadata.is_symlink() {
        known.extend(
            std::fs::read_link(file)
                .unwrap_or_default()
                .as_os_str()
                .as_encoded_bytes(),
        );
    } else if metadata.is_file() && metadata.len() <= LARGE {
        let bytes = std::fs::read(file).unwrap_or_default();
        known.extend(blake3::hash(&bytes).as_bytes());
    } else {
        known.extend(metadata.len().to_le_bytes());
        known.extend(metadata.mtime().to_le_bytes());
        known.extend(metadata.mtime_nsec().to_le_bytes());
    }
    known
}

/// Makes a git worktree at `folder` that holds what the working tree around `root` holds, changes
/// and new files included. Neither the index nor a branch is touched.
///
/// # Errors
/// It is no git repository, it has no commit, or there is no git.
pub fn add_worktree(root: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let index = folder.with_extension("index");
    let own_index = git(root, &["rev-parse", "--git-path", "index"])?;
    let own_index = String::from_utf8_lossy(&own_index).trim().to_owned();
    if let Some(parent) = folder.parent() {
        let _ = std::fs::create_dir_all(parent);
    }
    // With a copy of the index, unchanged files need not be read again.
    let _ = std::fs::copy(root.join(own_index), &index);
    let made = snapshot(root, &index).and_then(|commit| {
        git(
            root,
            &[
                "worktree",
                "add",
                "--detach",
                "--quiet",
                &folder.to_string_lossy(),
                &commit,
            ],
        )
    });
    let _ = std::fs::remove_file(&index);
    made.map(|_| folder.to_owned())
}

/// A commit of everything in the working tree, that no branch knows.
fn snapshot(root: &Path, index: &Path) -> Result<String, Error> {
    let index = Some(index);
    git_with(root, index, &["add", "--all"])?;
    let tree = git_with(root, index, &["write-tree"])?;
    let tree = String::from_utf8_lossy(&tree).trim().to_owned();
    let made = git_with(
        root,
        index,
        &[
            "commit-tree",
            &tree,
            "-p",
            "HEAD",
            "-m",
            "ctx: a snapshot to run in",
        ],
    )?;
    Ok(String::from_utf8_lossy(&made).trim().to_owned())
}

/// Removes a worktree of [`add_worktree`]; one that is gone already is no failure.
pub fn remove_worktree(root: &Path, folder: &Path) {
    let removed = git(
        root,
        &["worktree", "remove", "--force", &folder.to_string_lossy()],
    );
    if removed.is_err() {
        let _ = std::fs::remove_dir_all(folder);
        let _ = git(root, &["worktree", "prune"]);
    }
}

fn git(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, Error> {
    git_with(root, None, arguments)
}

fn git_with(root: &Path, index: Option<&Path>, arguments: &[&str]) -> Result<Vec<u8>, Error> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(root)
        .args(arguments)
        .stdin(std::process::Stdio::null());
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    for (name, value) in [("NAME", "ctx"), ("EMAIL", "ctx@localhost")] {
        command
            .env(format!("GIT_AUTHOR_{name}"), value)
            .env(format!("GIT_COMMITTER_{name}"), value);
    }
    let output = command
        .output()
        .map_err(|error| Error::failed("`git` cannot be run").because(error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("").to_owned();
    Err(Error::failed(format!(
        "`git {}` failed in `{}`: {said}",
        arguments.join(" "),
        root.display()
    ))
    .hint("speculation needs a git repository with a commit: `ctx run` without it works anywhere"))
}
