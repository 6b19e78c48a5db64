//! The rows of tasks in `ctx.db`, and the only SQL about them.
//!
//! Several processes write at once: every change is one short transaction that takes the write
//! lock first. WAL with `synchronous=NORMAL`: the end of any process loses nothing that was
//! committed; a loss of power may lose the last rows, and then the exit records and the name of
//! the boot tell what is known.

mod change;

pub use change::Change;

use super::spec::Slots;
use super::state::State;
use crate::sys::lock;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The version of the tables here. A database with a later one is refused.
const VERSION: i64 = 1;

/// A log of changes of this many bytes takes a moment to read.
const LONG_LOG: u64 = 64 * 4120;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS versions (part TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    command TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL,
    code INTEGER,
    reason TEXT,
    attempt INTEGER NOT NULL DEFAULT 1,
    slot_group TEXT,
    slot_most INTEGER,
    priority INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    duration INTEGER,
    byte_offset INTEGER NOT NULL DEFAULT 0,
    due INTEGER,
    boot TEXT NOT NULL,
    cancel INTEGER NOT NULL DEFAULT 0,
    orphans INTEGER NOT NULL DEFAULT 0,
    note TEXT,
    speculation TEXT,
    tree TEXT
);
CREATE INDEX IF NOT EXISTS tasks_live ON tasks (seq) WHERE ended IS NULL;
CREATE INDEX IF NOT EXISTS tasks_orphans ON tasks (seq) WHERE orphans = 1;
CREATE INDEX IF NOT EXISTS tasks_fingerprint ON tasks (fingerprint, seq);
CREATE INDEX IF NOT EXISTS tasks_name ON tasks (name) WHERE name IS NOT NULL;
CREATE TABLE IF NOT EXISTS needs (
    task INTEGER NOT NULL, needs INTEGER NOT NULL, condition TEXT NOT NULL,
    PRIMARY KEY (task, needs)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS looks (
    caller TEXT NOT NULL, task INTEGER NOT NULL, state TEXT NOT NULL,
    bytes INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (caller, task)
) WITHOUT ROWID;
";

const COLUMNS: &str = "seq, id, name, command, fingerprint, state, code, reason, attempt, slot_group, \
    slot_most, priority, created, started, ended, duration, byte_offset, due, boot, cancel, orphans, note, \
    speculation, tree";

/// What is asked of another task before one may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It succeeded.
    Success,
    /// It ended, however.
    Any,
    /// It failed.
    Failure,
}

impl Condition {
    fn word(self) -> &'static str {
        match self {
            Condition::Success => "success",
            Condition::Any => "any",
            Condition::Failure => "failure",
        }
    }

    fn read(word: &str) -> Condition {
        match word {
            "any" => Condition::Any,
            "failure" => Condition::Failure,
            _ => Condition::Success,
        }
    }
}

/// One task as the database has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its place in the order of creation.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// The command as it would be typed.
    pub command: String,
    /// See [`super::spec::Spec::fingerprint`].
    pub fingerprint: String,
    /// What it is doing.
    pub state: State,
    /// The attempt, the first being 1.
    pub attempt: u32,
    /// The group it queues in.
    pub slots: Option<Slots>,
    /// Higher ones leave the queue first.
    pub priority: i32,
    /// Milliseconds since 1970.
    pub created_ms: i64,
    /// Milliseconds since 1970, of the last attempt.
    pub started_ms: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_ms: Option<i64>,
    /// Milliseconds by a clock that does not jump.
    pub duration_ms: Option<i64>,
    /// Bytes of output before the last attempt.
    pub offset: u64,
    /// When the next attempt is due, in milliseconds since the machine started.
    pub due_ms: Option<u64>,
    /// The boot in which it was last seen alive.
    pub boot: String,
    /// Whether its end was asked for.
    pub is_cancelled: bool,
    /// Whether processes of it may be left to reap.
    pub has_orphans: bool,
    /// What is to be told beside the end state.
    pub note: Option<String>,
    /// `pending`, `confirmed` or `discarded` for a speculative task.
    pub speculation: Option<String>,
    /// The hash of what it may have read, for a speculative task.
    pub tree: Option<String>,
}

impl Task {
    /// The name that people know it by.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// What was last told to a caller about a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The state and attempt then.
    pub state: String,
    /// Bytes of output then.
    pub bytes: u64,
    /// Milliseconds since 1970.
    pub at_ms: i64,
}

/// What goes wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It was written by a later program.
    #[error(
        "`{path}` has version {found} of the tables of tasks, this `ctx` reads up to {VERSION}"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// What SQLite says.
    #[error("`{path}`: {cause}")]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        cause: rusqlite::Error,
    },
}

/// The database of one workspace, open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// The state folder.
    pub state: PathBuf,
}

impl Store {
    /// Opens the database in the folder `state`; makes it if it is not there.
    ///
    /// # Errors
    /// It cannot be opened or made, or a later program wrote it.
    pub fn open(state: &Path) -> Result<Store, StoreError> {
        let path = state.join("ctx.db");
        let failed = |cause| StoreError::Database {
            path: path.clone(),
            cause,
        };
        let connection = Connection::open(&path).map_err(failed)?;
        connection
            .busy_timeout(Duration::from_secs(60))
            .map_err(failed)?;
        // The last one to close would otherwise bring everything to the disk, on every call.
        let option = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        connection.set_db_config(option, true).map_err(failed)?;
        connection
            .execute_batch("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=1000;")
            .map_err(failed)?;
        let found = match version(&connection) {
            Ok(Some(found)) => found,
            _ => create(&connection, state).map_err(failed)?,
        };
        if found > VERSION {
            return Err(StoreError::Newer { path, found });
        }
        Ok(Store {
            connection,
            state: state.to_owned(),
        })
    }

    /// The folder of the task `id`.
    pub fn folder(&self, id: &str) -> PathBuf {
        folder(&self.state, id)
    }

    /// Brings the log of changes into the database when it has grown: whoever opens it reads all
    /// of that log. Waits for the disk, so it is left to those for whom nobody waits.
    pub fn settle(&self) {
        let log = std::fs::metadata(self.state.join("ctx.db-wal")).map_or(0, |log| log.len());
        // What others are using stays; the next one tries again.
        if log > LONG_LOG {
            let _ = self
                .connection
                .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }

    /// Whether `error` says that the file is damaged, so that a new one may take its place.
    pub fn is_damaged(error: &StoreError) -> bool {
        let StoreError::Database { cause, .. } = error else {
            return false;
        };
        matches!(
            cause.sqlite_error_code(),
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
        )
    }

    /// Runs `change` in one transaction that holds the write lock from its beginning.
    ///
    /// # Errors
    /// What SQLite says; then nothing was changed.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&Change) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let run = || {
            let transaction =
                Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            let open = Change { transaction };
            let result = change(&open)?;
            open.transaction.commit()?;
            Ok(result)
        };
        run().map_err(|cause| self.failed(cause))
    }

    fn failed(&self, cause: rusqlite::Error) -> StoreError {
        StoreError::Database {
            path: self.state.join("ctx.db"),
            cause,
        }
    }

    /// The task with this id.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn task(&self, id: &str) -> Result<Option<Task>, StoreError> {
        let found = self.select("WHERE id = ?1", params![id])?;
        Ok(found.into_iter().next())
    }

    /// Tasks that are not over, in order of creation.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn live(&self) -> Result<Vec<Task>, StoreError> {
        self.select("WHERE ended IS NULL ORDER BY seq", [])
    }

    /// Whether any task is not over or has left processes: what every call asks first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_quiet(&self) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM tasks WHERE ended IS NULL) \
                   OR EXISTS (SELECT 1 FROM tasks WHERE orphans = 1)";
        let busy = self
            .connection
            .query_row(sql, [], |row| row.get::<_, bool>(0));
        busy.map(|busy| !busy).map_err(|cause| self.failed(cause))
    }

    /// Ended tasks with processes left to reap.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn with_orphans(&self) -> Result<Vec<Task>, StoreError> {
        self.select("WHERE orphans = 1", [])
    }

    /// The latest tasks, the last one first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn latest(&self, most: usize) -> Result<Vec<Task>, StoreError> {
        self.select("ORDER BY seq DESC LIMIT ?1", params![most as i64])
    }

    /// How many tasks there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count(&self) -> Result<usize, StoreError> {
        let count = self
            .connection
            .query_row("SELECT count(*) FROM tasks", [], |row| row.get::<_, i64>(0));
        count
            .map(|count| count as usize)
            .map_err(|cause| self.failed(cause))
    }

    /// Tasks whose id begins with `start` or whose name is `start`, the last one first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn matching(&self, start: &str) -> Result<Vec<Task>, StoreError> {
        let mut upper = start.to_owned();
        upper.push(char::MAX);
        self.select(
            "WHERE (id >= ?1 AND id < ?2) OR name = ?1 ORDER BY seq DESC LIMIT 50",
            params![start, upper],
        )
    }

    /// Ids and names, the last ones first, at most `most`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn names(&self, most: usize) -> Result<Vec<String>, StoreError> {
        let tasks = self.latest(most)?;
        Ok(tasks
            .into_iter()
            .flat_map(|task| [Some(task.id), task.name])
            .flatten()
            .collect())
    }

    /// Earlier runs of the same thing that ended, the last one first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn runs(
        &self,
        fingerprint: &str,
        before: i64,
        most: usize,
    ) -> Result<Vec<Task>, StoreError> {
        self.select(
            "WHERE fingerprint = ?1 AND seq < ?2 AND ended IS NOT NULL ORDER BY seq DESC LIMIT ?3",
            params![fingerprint, before, most as i64],
        )
    }

    /// What the task waits for: seqs and conditions.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn needs(&self, seq: i64) -> Result<Vec<(Task, Condition)>, StoreError> {
        let pairs = needs(&self.connection, seq).map_err(|cause| self.failed(cause))?;
        let mut needed = Vec::new();
        for (seq, condition) in pairs {
            let task = self
                .select("WHERE seq = ?1", params![seq])?
                .into_iter()
                .next();
            needed.extend(task.map(|task| (task, condition)));
        }
        Ok(needed)
    }

    /// What `caller` was last told about a task.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn look(&self, caller: &str, seq: i64) -> Result<Option<Look>, StoreError> {
        let sql = "SELECT state, bytes, at FROM looks WHERE caller = ?1 AND task = ?2";
        let read = |row: &Row| {
            let bytes: i64 = row.get(1)?;
            Ok(Look {
                state: row.get(0)?,
                bytes: bytes as u64,
                at_ms: row.get(2)?,
            })
        };
        let found = self
            .connection
            .query_row(sql, params![caller, seq], read)
            .optional();
        found.map_err(|cause| self.failed(cause))
    }

    /// Tasks that ended before `ended_ms` and that no task waits for, in order of creation.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ended_before(&self, ended_ms: i64) -> Result<Vec<Task>, StoreError> {
        self.select(
            "WHERE ended < ?1 AND orphans = 0 AND seq NOT IN (SELECT needs.needs FROM needs \
             JOIN tasks AS waiting ON waiting.seq = needs.task WHERE waiting.ended IS NULL) ORDER BY seq",
            params![ended_ms],
        )
    }

    /// What SQLite finds wrong with the database; empty when nothing.
    ///
    /// # Errors
    /// It cannot even be checked.
    pub fn check(&self) -> Result<String, StoreError> {
        let found = self
            .connection
            .query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0));
        let found = found.map_err(|cause| self.failed(cause))?;
        Ok(if found == "ok" { String::new() } else { found })
    }

    /// The last speculative run of the same thing that nobody asked for yet.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn speculated(&self, fingerprint: &str) -> Result<Option<Task>, StoreError> {
        let found = self.select(
            "WHERE fingerprint = ?1 AND speculation = 'pending' ORDER BY seq DESC LIMIT 1",
            params![fingerprint],
        )?;
        Ok(found.into_iter().next())
    }

    fn select(&self, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Task>, StoreError> {
        select(&self.connection, rest, values).map_err(|cause| self.failed(cause))
    }
}

/// The folder of the task `id` in the folder `state`.
pub fn folder(state: &Path, id: &str) -> PathBuf {
    state.join("tasks").join(id)
}

/// When and after how long a task ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ended {
    /// Milliseconds since 1970, of the last attempt.
    pub started_ms: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_ms: i64,
    /// Milliseconds by a clock that does not jump.
    pub duration_ms: Option<i64>,
    /// The last attempt.
    pub attempt: Option<u32>,
    /// Bytes of output before it.
    pub offset: Option<u64>,
    /// Whether processes of it may be left.
    pub has_orphans: bool,
    /// What is to be told beside the end state.
    pub note: Option<String>,
}

/// The version of the tables here; `None` when there are none yet.
fn version(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT version FROM versions WHERE part = 'tasks'";
    connection.query_row(sql, [], |row| row.get(0)).optional()
}

/// Makes the tables, one process at a time: turning WAL on suffers nobody beside it.
fn create(connection: &Connection, state: &Path) -> rusqlite::Result<i64> {
    let _one = lock::own(&state.join("ctx.db.lock")).ok();
    if let Ok(Some(found)) = version(connection) {
        return Ok(found);
    }
    // The mode is answered with a row, which `execute_batch` passes over.
    connection.execute_batch("PRAGMA journal_mode=WAL;")?;
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    transaction.execute_batch(TABLES)?;
    transaction.execute(
        "INSERT OR IGNORE INTO versions VALUES ('tasks', ?1)",
        params![VERSION],
    )?;
    transaction.commit()?;
    Ok(VERSION)
}

fn select(
    connection: &Connection,
    rest: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Task>> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM tasks {rest}"))?;
    let rows = statement.query_map(values, read)?;
    rows.collect()
}

fn needs(connection: &Connection, seq: i64) -> rusqlite::Result<Vec<(i64, Condition)>> {
    let mut statement =
        connection.prepare("SELECT needs, condition FROM needs WHERE task = ?1 ORDER BY needs")?;
    let rows = statement.query_map(params![seq], |row| {
        let condition: String = row.get(1)?;
        Ok((row.get(0)?, Condition::read(&condition)))
    })?;
    rows.collect()
}

fn read(row: &Row) -> rusqlite::Result<Task> {
    let word: String = row.get(5)?;
    let group: Option<String> = row.get(9)?;
    let most: Option<u32> = row.get(10)?;
    let offset: i64 = row.get(16)?;
    let due: Option<i64> = row.get(17)?;
    Ok(Task {
        seq: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        command: row.get(3)?,
        fingerprint: row.get(4)?,
        state: State::read(&word, row.get(6)?, row.get(7)?),
        attempt: row.get(8)?,
        slots: group.map(|group| Slots {
            group,
            most: most.unwrap_or(1),
        }),
        priority: row.get(11)?,
        created_ms: row.get(12)?,
        started_ms: row.get(13)?,
        ended_ms: row.get(14)?,
        duration_ms: row.get(15)?,
        offset: offset as u64,
        due_ms: due.map(|due| due as u64),
        boot: row.get(18)?,
        is_cancelled: row.get(19)?,
        has_orphans: row.get(20)?,
        note: row.get(21)?,
        speculation: row.get(22)?,
        tree: row.get(23)?,
    })
}
