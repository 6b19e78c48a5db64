//! The folder that keeps state: `.ctx/` at the root of a workspace, or one of the user's own
//! where that cannot be.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The state folder of the workspace at `root`: `.ctx/` in it, made if it is not there, with
/// mode 0700 and a `.gitignore` that hides it. Where `root` cannot be written, or is a folder
/// that many projects lie in (the user's home, the folder of temporary files, `/`), a folder of
/// its own under `$XDG_STATE_HOME/ctx`.
///
/// # Errors
/// Neither folder can be made or written.
pub fn folder(root: &Path) -> io::Result<PathBuf> {
    let own = root.join(".ctx");
    if !holds_many_projects(root) || own.is_dir() {
        match prepare(&own) {
            Ok(()) => return Ok(own),
            Err(error) if elsewhere(root).is_none() => return Err(error),
            Err(_) => {}
        }
    }
    let elsewhere = elsewhere(root).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            "no folder for state: `HOME` is not set",
        )
    })?;
    prepare(&elsewhere)?;
    Ok(elsewhere)
}

/// The state folder if it is there already, without making or changing anything.
pub fn existing(root: &Path) -> Option<PathBuf> {
    let own = root.join(".ctx");
    let candidates = [Some(own), elsewhere(root)];
    candidates
        .into_iter()
        .flatten()
        .find(|folder| folder.is_dir())
}

fn holds_many_projects(root: &Path) -> bool {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    root.parent().is_none() || root == std::env::temp_dir() || Some(root) == home.as_deref()
}

/// Makes the folder, its mode and its `.gitignore`, and sees that it can be written.
fn prepare(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        super::atomic::write(&ignore, b"*\n", super::atomic::Durability::Process)?;
    }
    match is_writable(folder) {
        true => Ok(()),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

#[cfg(unix)]
fn is_writable(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| !found.permissions().readonly())
}

/// `$XDG_STATE_HOME/ctx/NAME-HASH`; the hash is of the whole path of the root.
fn elsewhere(root: &Path) -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    let strategy = etcetera::choose_base_strategy().ok()?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    let hash = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    Some(state.join("ctx").join(format!("{name}-{}", &hash[..12])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_a_hidden_folder_once() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(
            existing(root.path()).filter(|found| found.starts_with(root.path())),
            None
        );
        let state = folder(root.path()).unwrap();
        assert_eq!(state, root.path().join(".ctx"));
        assert_eq!(fs::read(state.join(".gitignore")).unwrap(), b"*\n");
        assert_eq!(folder(root.path()).unwrap(), state);
        assert_eq!(existing(root.path()), Some(state));
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let mode = fs::metadata(folder(root.path()).unwrap())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
