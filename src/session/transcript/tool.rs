//! What a call does, whatever the agent calls its tool.

use super::event::{Action, Change, Todo, TodoState};
use super::patch;
use super::value::{items, text};
use serde_json::Value;

/// Names of the argument that holds a path.
const PATHS: &[&str] = &[
    "file_path",
    "path",
    "filePath",
    "absolute_path",
    "target_file",
    "filename",
    "notebook_path",
    "file",
];

/// Reads a call of the tool `name` with the arguments `input`.
pub fn action(name: &str, input: &Value) -> Action {
    let plain = name
        .rsplit("__")
        .next()
        .unwrap_or(name)
        .to_ascii_lowercase();
    let is_foreign = name.starts_with("mcp__");
    if !is_foreign && let Some(action) = known(&plain, input) {
        return action;
    }
    Action::Other(brief(input))
}

fn known(name: &str, input: &Value) -> Option<Action> {
    let path = || text(input, PATHS).map(str::to_owned);
    let change = |change| Some(Action::Change(vec![(change, path()?)]));
    match name {
        "bash" | "shell" | "exec_command" | "run_shell_command" | "local_shell" | "run"
        | "execute_bash" | "run_terminal_cmd" | "run_in_terminal" | "shell_command"
        | "execute_command" | "cmd" | "terminal" | "exec" => command(input),
        "str_replace_editor" | "str_replace_based_edit_tool" | "file_editor" => editor(input),
        "read" | "read_file" | "view" | "open" | "view_image" | "read_many_files" => {
            Some(Action::Read(path()?))
        }
        "write" | "write_file" | "create_file" | "create" | "write_to_file" => {
            change(Change::Write)
        }
        "edit" | "multiedit" | "replace" | "edit_file" | "str_replace" | "notebookedit"
        | "replace_in_file" | "search_replace" | "insert" | "multi_edit" => change(Change::Edit),
        "delete_file" | "delete" => change(Change::Delete),
        "apply_patch" | "patch" | "applypatch" => {
            let patch = input.as_str().or_else(|| {
                text(
                    input,
                    &["input", "patch", "patchText", "patch_text", "diff"],
                )
            })?;
            Some(Action::Change(patch::changes(patch)))
        }
        "todowrite" | "update_plan" | "write_todos" | "todo_write" => todos(input),
        "taskcreate" => Some(Action::AddTodo(
            text(input, &["subject", "title"])?.to_owned(),
        )),
        "taskupdate" => Some(Action::SetTodo {
            id: id(input, &["taskId", "task_id", "id"])?,
            state: text(input, &["status"]).map(TodoState::read),
            text: text(input, &["subject"]).map(str::to_owned),
        }),
        "exitplanmode" | "exit_plan_mode" => Some(Action::Plan(
            text(input, &["plan"]).unwrap_or_default().to_owned(),
        )),
        "task" | "agent" | "spawn_agent" => {
            let about = text(input, &["description", "prompt", "message"]);
            Some(Action::Agent(about.unwrap_or_default().to_owned()))
        }
        "webfetch" | "web_fetch" | "websearch" | "web_search" | "google_web_search"
        | "web_search_call" | "fetch" => {
            let about = text(input, &["url", "query", "prompt"])?;
            Some(Action::Fetch(about.to_owned()))
        }
        "glob"
        | "grep"
        | "ls"
        | "list"
        | "list_dir"
        | "list_directory"
        | "search_file_content"
        | "grep_files"
        | "find_file"
        | "search_dir"
        | "search_file" => Some(Action::Look(brief(input))),
        "bashoutput" | "taskoutput" | "agentoutputtool" | "write_stdin" | "wait" => {
            Some(Action::Poll(id(input, TASKS)?))
        }
        "killshell" | "killbash" | "taskstop" => Some(Action::Stop(id(input, TASKS)?)),
        _ => None,
    }
}

/// Names of the argument that names a background task.
const TASKS: &[&str] = &[
    "task_id",
    "bash_id",
    "shell_id",
    "session_id",
    "agentId",
    "id",
];

/// An id, be it text or a number.
fn id(input: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match input.get(key)? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    })
}

fn command(input: &Value) -> Option<Action> {
    let is_background = ["run_in_background", "is_background", "background"]
        .iter()
        .any(|key| input.get(key).and_then(Value::as_bool) == Some(true));
    let line = match input {
        Value::String(line) => line.clone(),
        _ => ["command", "cmd", "script", "commands"]
            .iter()
            .find_map(|key| command_line(input.get(key)?))?,
    };
    Some(Action::Command {
        line,
        is_background,
    })
}

/// A command line, or the words of one; of `bash -lc X` only X.
pub fn command_line(value: &Value) -> Option<String> {
    if let Value::String(line) = value {
        return Some(line.clone());
    }
    let words: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
    match words.as_slice() {
        [shell, flag, line, ..]
            if is_shell(shell) && flag.starts_with('-') && flag.ends_with('c') =>
        {
            Some((*line).to_owned())
        }
        [] => None,
        words => {
            let words: Vec<String> = words
                .iter()
                .map(|word| crate::shell::quoted(word))
                .collect();
            Some(words.join(" "))
        }
    }
}

fn is_shell(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    matches!(name, "bash" | "sh" | "zsh" | "dash" | "fish")
}

fn editor(input: &Value) -> Option<Action> {
    let path = text(input, PATHS)?.to_owned();
    Some(match text(input, &["command"])? {
        "view" => Action::Read(path),
        "create" => Action::Change(vec![(Change::Write, path)]),
        "delete" => Action::Change(vec![(Change::Delete, path)]),
        _ => Action::Change(vec![(Change::Edit, path)]),
    })
}

fn todos(input: &Value) -> Option<Action> {
    let list = ["todos", "plan", "items"]
        .iter()
        .find_map(|key| input.get(key))?;
    let todo = |item: &Value| {
        Some(Todo {
            text: match item {
                Value::String(text) => text.clone(),
                item => text(item, &["content", "step", "description", "text"])?.to_owned(),
            },
            state: TodoState::read(text(item, &["status", "state"]).unwrap_or("")),
        })
    };
    Some(Action::Todos(items(list).iter().filter_map(todo).collect()))
}

/// The first text argument, to tell one call from another.
fn brief(input: &Value) -> String {
    match input {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let mut texts = fields.values().filter_map(Value::as_str);
            texts.next().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}
