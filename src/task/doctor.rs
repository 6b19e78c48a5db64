//! Looks for what may be wrong with tasks, and repairs what can be repaired.

use super::host::{Host as _, Local};
use super::record::Record;
use super::recover::{self, Repaired};
use super::spec::Spec;
use super::store::{Store, StoreError};
use super::tree;
use super::{clean, finish};
use crate::sys::{clock, process};
use std::path::Path;

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What SQLite finds wrong with the database; empty when nothing.
    pub database: String,
    /// Tasks there are.
    pub n_tasks: usize,
    /// Tasks that are not over.
    pub n_live: usize,
    /// What was repaired just now.
    pub repaired: Repaired,
    /// Tasks that are not over and have no supervisor, after the repair.
    pub unowned: Vec<String>,
    /// Processes with the mark of a task that is over, by task.
    pub orphans: Vec<(String, Vec<i32>)>,
    /// Folders that belong to no task.
    pub n_rubbish: usize,
    /// Bytes that tasks take on the disk.
    pub bytes: u64,
    /// Whether this system lets a supervisor adopt all processes of its task.
    pub adopts: bool,
}

/// Looks into everything.
///
/// # Errors
/// The database cannot be read at all.
pub fn examine(store: &Store) -> Result<Findings, StoreError> {
    let mut findings = Findings {
        database: store.check()?,
        repaired: recover::repair(store)?,
        n_tasks: store.count()?,
        adopts: cfg!(target_os = "linux") && Path::new("/proc/self/stat").exists(),
        ..Findings::default()
    };
    for task in store.live()? {
        findings.n_live += 1;
        if matches!(Local.is_supervised(&store.folder(&task.id)), Ok(false)) {
            findings.unowned.push(task.id);
        }
    }
    findings.orphans = orphans(store)?;
    findings.n_rubbish = clean::rubbish(store)?.len();
    let folders = std::fs::read_dir(store.state.join("tasks"));
    let folders = folders
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()));
    findings.bytes =
        folders.map(|folder| clean::size(&folder)).sum::<u64>() + clean::size(&store.state);
    Ok(findings)
}

/// Puts a damaged database aside as `ctx.db.damaged` and makes a new one from the folders of the
/// tasks. Groups, names and records are in them; what waits for what is not, so tasks in the
/// queue begin.
///
/// # Errors
/// The new one cannot be made either.
pub fn rebuild(state: &Path) -> Result<Store, StoreError> {
    let database = state.join("ctx.db");
    let _ = std::fs::rename(&database, state.join("ctx.db.damaged"));
    for left in ["ctx.db-wal", "ctx.db-shm"] {
        let _ = std::fs::remove_file(state.join(left));
    }
    let store = Store::open(state)?;
    let mut specs: Vec<_> = std::fs::read_dir(state.join("tasks"))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let made = std::fs::metadata(folder.join("spec.json"))
                .ok()?
                .modified()
                .ok()?;
            Some((
                made,
                folder.file_name()?.to_str()?.to_owned(),
                Spec::read(&folder).ok()?,
            ))
        })
        .collect();
    specs.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    store.change(|change| {
        for (_, id, spec) in &specs {
            change.add(id, spec, None, false)?;
            if let Some((record, end)) = Record::read(&store.folder(id))
                .and_then(|record| Some((record.clone(), record.end()?)))
            {
                change.end(id, &end, &finish::when(&record))?;
            } else if let Some(attempt) = last_attempt(&store.folder(id)) {
                change.set_running(id, attempt, clock::wall_ms(), 0)?;
            }
        }
        Ok(())
    })?;
    Ok(store)
}

/// The last attempt that began, if one did.
fn last_attempt(folder: &Path) -> Option<u32> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries
        .filter_map(|entry| {
            entry
                .ok()?
                .file_name()
                .to_str()?
                .strip_prefix("alive-")?
                .parse()
                .ok()
        })
        .max()
}

/// Processes of tasks that are over: those that `--keep-children` left, and those that nothing
/// could end.
fn orphans(store: &Store) -> Result<Vec<(String, Vec<i32>)>, StoreError> {
    let mut found: Vec<(String, Vec<i32>)> = Vec::new();
    for process in process::all() {
        let Some(folder) = process::in_environment(process.pid, super::MARK) else {
            continue;
        };
        let folder = Path::new(&folder);
        let is_ours = folder
            .parent()
            .is_some_and(|parent| parent == store.state.join("tasks"));
        let Some(id) = folder
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|_| is_ours)
        else {
            continue;
        };
        if store
            .task(id)?
            .is_some_and(|task| task.state.end().is_none())
            || tree::is_own_ancestor(process.pid)
        {
            continue;
        }
        match found.iter_mut().find(|(known, _)| known == id) {
            Some((_, pids)) => pids.push(process.pid),
            None => found.push((id.to_owned(), vec![process.pid])),
        }
    }
    Ok(found)
}
