//! Changes of the rows, all within one transaction that holds the write lock.

use super::{Condition, Ended, Look, Task, needs, select};
use crate::sys::clock;
use crate::task::spec::Spec;
use crate::task::state::{End, State};
use rusqlite::{Transaction, params};

/// A transaction that holds the write lock.
#[derive(Debug)]
pub struct Change<'a> {
    pub(super) transaction: Transaction<'a>,
}

impl Change<'_> {
    /// Adds a task; its place in the order, or `None` when the id is taken.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add(
        &self,
        id: &str,
        spec: &Spec,
        tree: Option<&str>,
        is_queued: bool,
    ) -> rusqlite::Result<Option<i64>> {
        let changed = self.transaction.execute(
            "INSERT OR IGNORE INTO tasks (id, name, command, fingerprint, state, slot_group, slot_most, \
             priority, created, boot, speculation, tree) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                id,
                spec.name,
                spec.command.typed(),
                spec.fingerprint(),
                if is_queued { "queued" } else { "starting" },
                spec.slots.as_ref().map(|slots| slots.group.as_str()),
                spec.slots.as_ref().map(|slots| slots.most),
                spec.priority,
                clock::wall_ms(),
                clock::boot(),
                spec.speculative.then_some("pending"),
                tree,
            ],
        )?;
        Ok((changed == 1).then(|| self.transaction.last_insert_rowid()))
    }

    /// Lets the task `seq` wait for the task `needs`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_need(&self, seq: i64, needs: i64, condition: Condition) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO needs (task, needs, condition) VALUES (?1, ?2, ?3)";
        self.transaction
            .execute(sql, params![seq, needs, condition.word()])
            .map(|_| ())
    }

    /// The task with this id.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn task(&self, id: &str) -> rusqlite::Result<Option<Task>> {
        Ok(select(&self.transaction, "WHERE id = ?1", params![id])?
            .into_iter()
            .next())
    }

    /// The task in this place of the order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn task_at(&self, seq: i64) -> rusqlite::Result<Option<Task>> {
        Ok(select(&self.transaction, "WHERE seq = ?1", params![seq])?
            .into_iter()
            .next())
    }

    /// Queued tasks in the order in which they may start.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn queued(&self) -> rusqlite::Result<Vec<Task>> {
        select(
            &self.transaction,
            "WHERE ended IS NULL AND state = 'queued' ORDER BY priority DESC, seq",
            [],
        )
    }

    /// What the task waits for.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn needs(&self, seq: i64) -> rusqlite::Result<Vec<(i64, Condition)>> {
        needs(&self.transaction, seq)
    }

    /// How many tasks of a group hold a place.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn n_in_group(&self, group: &str) -> rusqlite::Result<u32> {
        let sql = "SELECT count(*) FROM tasks WHERE ended IS NULL AND state != 'queued' AND slot_group = ?1";
        self.transaction
            .query_row(sql, params![group], |row| row.get(0))
    }

    /// Gives a queued task its turn, or puts one back into the queue.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_state(&self, id: &str, state: &State) -> rusqlite::Result<()> {
        let sql = "UPDATE tasks SET state = ?2, boot = ?3 WHERE id = ?1 AND ended IS NULL";
        self.transaction
            .execute(sql, params![id, state.word(), clock::boot()])
            .map(|_| ())
    }

    /// Tells that an attempt runs.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_running(
        &self,
        id: &str,
        attempt: u32,
        started_ms: i64,
        offset: u64,
    ) -> rusqlite::Result<()> {
        let sql = "UPDATE tasks SET state = 'running', attempt = ?2, started = ?3, byte_offset = ?4, \
                   due = NULL, boot = ?5 WHERE id = ?1 AND ended IS NULL";
        self.transaction
            .execute(
                sql,
                params![id, attempt, started_ms, offset as i64, clock::boot()],
            )
            .map(|_| ())
    }

    /// Tells when attempt number `attempt` is due.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_backoff(&self, id: &str, attempt: u32, due_ms: u64) -> rusqlite::Result<()> {
        let sql = "UPDATE tasks SET state = 'backoff', attempt = ?2, due = ?3, boot = ?4 \
                   WHERE id = ?1 AND ended IS NULL";
        self.transaction
            .execute(sql, params![id, attempt, due_ms as i64, clock::boot()])
            .map(|_| ())
    }

    /// Ends a task that is not over; whether it was not.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn end(&self, id: &str, end: &End, when: &Ended) -> rusqlite::Result<bool> {
        let (word, code, reason) = end.stored();
        let sql = "UPDATE tasks SET state = ?2, code = ?3, reason = ?4, started = coalesce(?5, started), \
                   ended = ?6, duration = ?7, attempt = coalesce(?8, attempt), byte_offset = coalesce(?9, byte_offset), \
                   orphans = ?10, note = ?11, due = NULL WHERE id = ?1 AND ended IS NULL";
        let changed = self.transaction.execute(
            sql,
            params![
                id,
                word,
                code,
                reason,
                when.started_ms,
                when.ended_ms,
                when.duration_ms,
                when.attempt,
                when.offset.map(|offset| offset as i64),
                when.has_orphans,
                when.note,
            ],
        )?;
        Ok(changed == 1)
    }

    /// Asks for the end of a task.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ask_cancel(&self, id: &str) -> rusqlite::Result<()> {
        let sql = "UPDATE tasks SET cancel = 1 WHERE id = ?1 AND ended IS NULL";
        self.transaction.execute(sql, params![id]).map(|_| ())
    }

    /// Tells that all processes of a task are gone.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn reaped(&self, id: &str) -> rusqlite::Result<()> {
        self.transaction
            .execute("UPDATE tasks SET orphans = 0 WHERE id = ?1", params![id])
            .map(|_| ())
    }

    /// Keeps what `caller` was told about a task.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_look(&self, caller: &str, seq: i64, look: &Look) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO looks (caller, task, state, bytes, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![caller, seq, look.state, look.bytes as i64, look.at_ms];
        self.transaction.execute(sql, values).map(|_| ())
    }

    /// Sets what became of a speculative task.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_speculation(&self, id: &str, word: &str) -> rusqlite::Result<()> {
        let sql = "UPDATE tasks SET speculation = ?2 WHERE id = ?1";
        self.transaction.execute(sql, params![id, word]).map(|_| ())
    }

    /// Forgets a task that is over.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn forget(&self, seq: i64) -> rusqlite::Result<()> {
        self.transaction
            .execute("DELETE FROM looks WHERE task = ?1", params![seq])?;
        self.transaction
            .execute("DELETE FROM needs WHERE task = ?1", params![seq])?;
        let sql = "DELETE FROM tasks WHERE seq = ?1 AND ended IS NOT NULL";
        self.transaction.execute(sql, params![seq]).map(|_| ())
    }
}
