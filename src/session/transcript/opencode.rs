//! opencode: a SQLite database with `session`, `message`, `part` and `todo` (1.18), or a folder
//! of JSON files with the same records (before). Of a database, the session written last is
//! told, and those of its subagents. A row's place is its number in the order of creation.

use super::Sink;
use super::event::{About, Action, Call, End, Kind, Outcome, Todo, TodoState, Usage};
use super::tool;
use super::value::{content, number, text};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Whether a document is the record of a session in the older folder.
pub fn is_session(value: &Value, path: &Path) -> bool {
    text(value, &["id"]).is_some_and(|id| id.starts_with("ses"))
        && value.get("time").is_some()
        && path.ancestors().any(|folder| folder.ends_with("session"))
}

/// Tells the newest session of a database.
///
/// # Errors
/// What SQLite says.
pub fn database(path: &Path, sink: &mut Sink) -> io::Result<()> {
    read_database(path, sink).map_err(io::Error::other)
}

fn read_database(path: &Path, sink: &mut Sink) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    if !has_table(&db, "part")? {
        sink.note(
            0,
            "the database has no table `part`: its release is not known",
        );
        return Ok(());
    }
    let newest = "SELECT id FROM session WHERE parent_id IS NULL ORDER BY time_updated DESC, id DESC LIMIT 1";
    let Some(session) = db
        .prepare(newest)?
        .query_map([], |row| row.get::<_, String>(0))?
        .next()
    else {
        sink.note(0, "the database holds no session");
        return Ok(());
    };
    let session = session?;
    tell_session(&db, &session, sink)?;
    let mut asides = db.prepare("SELECT id FROM session WHERE parent_id = ?1 ORDER BY id")?;
    let asides: Vec<String> = asides
        .query_map([&session], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    sink.is_aside = true;
    for aside in asides {
        tell_session(&db, &aside, sink)?;
    }
    sink.is_aside = false;
    todos(&db, &session, sink)
}

fn has_table(db: &Connection, name: &str) -> rusqlite::Result<bool> {
    let mut query = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1")?;
    query.exists([name])
}

fn tell_session(db: &Connection, session: &str, sink: &mut Sink) -> rusqlite::Result<()> {
    let directory = db
        .prepare("SELECT directory FROM session WHERE id = ?1")?
        .query_map([session], |row| row.get::<_, Option<String>>(0))?
        .next()
        .transpose()?
        .flatten();
    sink.about(About {
        session: Some(session.to_owned()),
        cwd: directory,
        ..About::default()
    });
    let mut query = db.prepare(
        "SELECT message.rowid, message.id, message.data, part.rowid, part.data FROM message \
         LEFT JOIN part ON part.message_id = message.id WHERE message.session_id = ?1 \
         ORDER BY message.time_created, message.id, part.id",
    )?;
    let mut rows = query.query([session])?;
    let mut last = String::new();
    let mut role = String::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(1)?;
        if id != last {
            sink.place.line = row.get::<_, i64>(0)?.try_into().unwrap_or(0);
            let data: String = row.get(2)?;
            role = message(&json(&data, sink), &id, sink);
            last = id;
        }
        if let Some(line) = row.get::<_, Option<i64>>(3)? {
            sink.place.line = line.try_into().unwrap_or(0);
            let data: String = row.get(4)?;
            part(&json(&data, sink), &role, sink);
        }
    }
    Ok(())
}

fn json(data: &str, sink: &mut Sink) -> Value {
    serde_json::from_str(data).unwrap_or_else(|error| {
        sink.note(sink.place.line, &format!("a row is no JSON: {error}"));
        Value::Null
    })
}

fn todos(db: &Connection, session: &str, sink: &mut Sink) -> rusqlite::Result<()> {
    if !has_table(db, "todo")? {
        return Ok(());
    }
    let mut query =
        db.prepare("SELECT content, status FROM todo WHERE session_id = ?1 ORDER BY rowid")?;
    let todo = |row: &rusqlite::Row| {
        Ok(Todo {
            text: row.get(0)?,
            state: TodoState::read(&row.get::<_, String>(1)?),
        })
    };
    let todos: Vec<Todo> = query
        .query_map([session], todo)?
        .collect::<Result<_, _>>()?;
    if todos.is_empty() {
        return Ok(());
    }
    done("todo", Action::Todos(todos), sink);
    Ok(())
}

fn done(tool: &str, action: Action, sink: &mut Sink) {
    let id = format!("{tool}-table");
    sink.push(Kind::Call(Call {
        id: id.clone(),
        tool: tool.to_owned(),
        action,
        bytes: 0,
        folder: None,
    }));
    sink.push(Kind::Outcome(Outcome {
        id,
        end: End::Ok,
        text: String::new(),
        whole: None,
        change: None,
    }));
}

/// Tells what a message is; returns its role.
fn message(message: &Value, id: &str, sink: &mut Sink) -> String {
    let role = text(message, &["role"]).unwrap_or_default().to_owned();
    sink.about(About {
        model: text(message, &["modelID"]).map(str::to_owned),
        cwd: message
            .get("path")
            .and_then(|path| text(path, &["cwd"]))
            .map(str::to_owned),
        ..About::default()
    });
    if let Some(tokens) = message.get("tokens") {
        let cache = tokens.get("cache").unwrap_or(&Value::Null);
        let count = |of: &Value, key: &str| number(of, &[key]).unwrap_or(0);
        sink.push(Kind::Usage(Usage {
            id: id.to_owned(),
            input: count(tokens, "input"),
            cache_write: count(cache, "write"),
            cache_read: count(cache, "read"),
            output: count(tokens, "output") + count(tokens, "reasoning"),
        }));
    }
    if message.get("summary").and_then(Value::as_bool) == Some(true) {
        sink.push(Kind::Compacted {
            tokens_before: None,
        });
        return "summary".to_owned();
    }
    role
}

/// Tells one part of a message.
fn part(part: &Value, role: &str, sink: &mut Sink) {
    let is_made = part.get("synthetic").and_then(Value::as_bool) == Some(true);
    let said = || text(part, &["text"]).unwrap_or_default().to_owned();
    match (text(part, &["type"]), role) {
        (Some("text"), "summary") => sink.push(Kind::CompactionText(said())),
        (Some("text"), "user") if is_made => sink.push(Kind::Context {
            source: "attachment",
            text: said(),
        }),
        (Some("text"), "user") if !said().trim().is_empty() => sink.prompt(said()),
        (Some("text"), _) if !said().trim().is_empty() => sink.push(Kind::Said(said())),
        (Some("reasoning"), _) => sink.push(Kind::Thought(said())),
        (Some("tool"), _) => called(part, sink),
        (
            Some(
                "text" | "step-start" | "step-finish" | "snapshot" | "patch" | "file" | "agent"
                | "retry" | "compaction" | "subtask",
            )
            | None,
            _,
        ) => {}
        (Some(other), _) => sink.unknown(other),
    }
}

fn called(part: &Value, sink: &mut Sink) {
    let state = part.get("state").unwrap_or(&Value::Null);
    let input = state.get("input").unwrap_or(&Value::Null);
    let id = text(part, &["callID", "id"]).unwrap_or_default().to_owned();
    let name = text(part, &["tool"]).unwrap_or("?");
    sink.push(Kind::Call(Call {
        id: id.clone(),
        tool: name.to_owned(),
        action: tool::action(name, input),
        bytes: super::json_bytes(input),
        folder: text(input, &["workdir"]).map(str::to_owned),
    }));
    let meta = state.get("metadata").unwrap_or(&Value::Null);
    let status = meta
        .get("exit")
        .or(meta.get("exitCode"))
        .and_then(Value::as_i64);
    let status = status.and_then(|status| i32::try_from(status).ok());
    let end = match (text(state, &["status"]), status) {
        (_, Some(status)) => End::Exited(status),
        (Some("completed"), None) => End::Ok,
        (Some("error"), None) => End::Failed,
        _ => return,
    };
    let said = content(
        state
            .get("output")
            .or(state.get("error"))
            .unwrap_or(&Value::Null),
    );
    sink.push(Kind::Outcome(Outcome {
        id,
        end,
        whole: None,
        text: said,
        change: None,
    }));
}

/// Tells the session whose record lies at `path` in the older folder.
///
/// # Errors
/// The record cannot be read; what belongs to it and cannot be read is a note.
pub fn folder(path: &Path, session: &Value, sink: &mut Sink) -> io::Result<()> {
    let id = text(session, &["id"]).unwrap_or_default().to_owned();
    sink.about(About {
        session: Some(id.clone()),
        cwd: text(session, &["directory"]).map(str::to_owned),
        ..About::default()
    });
    let storage = path.ancestors().find(|folder| folder.ends_with("session"));
    let storage = storage.and_then(Path::parent).unwrap_or(path).to_owned();
    let mut line = 0;
    for file in sorted(&storage.join("message").join(&id)) {
        line += 1;
        sink.place.line = line;
        let Some(found) = record(&file, sink) else {
            continue;
        };
        let id = text(&found, &["id"]).unwrap_or_default().to_owned();
        let role = message(&found, &id, sink);
        for file in sorted(&storage.join("part").join(&id)) {
            line += 1;
            sink.place.line = line;
            if let Some(found) = record(&file, sink) {
                part(&found, &role, sink);
            }
        }
    }
    Ok(())
}

fn record(file: &Path, sink: &mut Sink) -> Option<Value> {
    let read = fs::read(file)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if read.is_none() {
        sink.note(
            sink.place.line,
            &format!("`{}` is not readable", file.display()),
        );
    }
    read
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files
}
