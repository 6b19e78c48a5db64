//! SWE-agent (`.traj`: steps of action and observation) and mini-swe-agent (`.traj.json`:
//! messages with one command each). Neither tells whom it belongs to but by its shape.

use super::Sink;
use super::event::{About, Action, Call, Change, End, Kind, Outcome};
use super::value::{content, items, text};
use serde_json::Value;

/// Whether a document is a trajectory of SWE-agent.
pub fn is_trajectory(value: &Value) -> bool {
    value.get("trajectory").is_some_and(Value::is_array)
}

/// Whether a document is one of mini-swe-agent.
pub fn is_mini(value: &Value) -> bool {
    let messages = mini_messages(value);
    let is_message = |message: &Value| message.get("role").is_some();
    messages.first().is_some_and(is_message) && value.get("sessionId").is_none()
}

fn mini_messages(value: &Value) -> &[Value] {
    match value {
        Value::Array(messages) => messages,
        value => value.get("messages").map(items).unwrap_or_default(),
    }
}

/// Tells a trajectory of SWE-agent; steps have their numbers from 1.
pub fn trajectory(value: &Value, sink: &mut Sink) {
    let history = value.get("history").map(items).unwrap_or_default();
    let prompt = history.iter().find(|message| {
        text(message, &["role"]) == Some("user")
            && message.get("is_demo").and_then(Value::as_bool) != Some(true)
    });
    let steps = value.get("trajectory").map(items).unwrap_or_default();
    sink.place.line = 1;
    sink.about(About {
        cwd: steps.first().and_then(|step| state(step, "working_dir")),
        ..About::default()
    });
    if let Some(prompt) = prompt {
        sink.prompt(content(prompt.get("content").unwrap_or(&Value::Null)));
    }
    let mut open_file = String::new();
    for (idx, step) in steps.iter().enumerate() {
        sink.place.line = idx as u32 + 1;
        if let Some(thought) = text(step, &["thought", "response"]) {
            sink.push(Kind::Said(thought.to_owned()));
        }
        if let Some(file) = state(step, "open_file") {
            open_file = file;
        }
        let action = text(step, &["action"]).unwrap_or_default();
        let id = format!("step-{idx}");
        if !action.trim().is_empty() {
            sink.push(Kind::Call(Call {
                id: id.clone(),
                tool: action
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                action: act(action, &open_file),
                bytes: action.len(),
                folder: None,
            }));
            sink.push(Kind::Outcome(Outcome {
                id,
                end: End::Unknown,
                text: content(step.get("observation").unwrap_or(&Value::Null)),
                whole: None,
                change: None,
            }));
        }
    }
}

/// A field of the state after a step, which is JSON in a string, or bare.
fn state(step: &Value, key: &str) -> Option<String> {
    let state = match step.get("state")? {
        Value::String(text) => serde_json::from_str(text).ok()?,
        other => other.clone(),
    };
    text(&state, &[key])
        .filter(|text| *text != "n/a")
        .map(str::to_owned)
}

/// What a command of the special interface does.
fn act(action: &str, open_file: &str) -> Action {
    let mut words = action.split_whitespace();
    let name = words.next().unwrap_or("");
    let first = words
        .next()
        .unwrap_or("")
        .trim_matches(['"', '\''])
        .to_owned();
    let second = words
        .next()
        .unwrap_or("")
        .trim_matches(['"', '\''])
        .to_owned();
    match name {
        "open" if !first.is_empty() => Action::Read(first),
        "create" if !first.is_empty() => Action::Change(vec![(Change::Create, first)]),
        "edit" | "insert" if !open_file.is_empty() => {
            Action::Change(vec![(Change::Edit, open_file.to_owned())])
        }
        "str_replace_editor" => match first.as_str() {
            "view" => Action::Read(second),
            "create" => Action::Change(vec![(Change::Create, second)]),
            _ => Action::Change(vec![(Change::Edit, second)]),
        },
        "find_file" | "search_dir" | "search_file" | "goto" | "scroll_down" | "scroll_up"
        | "open" => Action::Look(action.trim().to_owned()),
        "submit" | "exit_cost" | "exit_context" | "skip" => Action::Other(name.to_owned()),
        _ => Action::Command {
            line: action.trim().to_owned(),
            is_background: false,
        },
    }
}

/// Tells a trajectory of mini-swe-agent; messages have their numbers from 1.
pub fn mini(value: &Value, sink: &mut Sink) {
    let mut open: Option<String> = None;
    let mut has_prompt = false;
    for (idx, message) in mini_messages(value).iter().enumerate() {
        sink.place.line = idx as u32 + 1;
        let said = content(message.get("content").unwrap_or(&Value::Null));
        match text(message, &["role"]) {
            Some("assistant") => {
                let (words, command) = command(message, &said);
                if !words.trim().is_empty() {
                    sink.push(Kind::Said(words));
                }
                let Some(line) = command else { continue };
                let id = format!("message-{idx}");
                sink.push(Kind::Call(Call {
                    id: id.clone(),
                    tool: "bash".to_owned(),
                    bytes: line.len(),
                    folder: None,
                    action: Action::Command {
                        line,
                        is_background: false,
                    },
                }));
                open = Some(id);
            }
            Some("user" | "tool" | "exit") => match open.take() {
                Some(id) => sink.push(Kind::Outcome(outcome(id, message, &said))),
                None if !has_prompt => {
                    has_prompt = true;
                    sink.prompt(said);
                }
                None => {}
            },
            _ => sink.push(Kind::Context {
                source: "system",
                text: said,
            }),
        }
    }
}

/// The words of a message and the command in it: a fenced block, or a call.
fn command(message: &Value, said: &str) -> (String, Option<String>) {
    let calls = message.get("tool_calls").map(items).unwrap_or_default();
    for call in calls {
        let arguments = call
            .get("function")
            .and_then(|function| function.get("arguments"));
        let arguments = match arguments {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(other) => other.clone(),
            None => Value::Null,
        };
        if let Some(line) = text(&arguments, &["command", "cmd"]) {
            return (said.to_owned(), Some(line.to_owned()));
        }
    }
    let Some((words, rest)) = said.split_once("```") else {
        return (said.to_owned(), None);
    };
    let Some((head, rest)) = rest.split_once('\n') else {
        return (said.to_owned(), None);
    };
    if !matches!(head.trim(), "bash" | "mswea_bash_command" | "sh" | "") {
        return (said.to_owned(), None);
    }
    let block = rest.split("\n```").next().unwrap_or(rest);
    (words.to_owned(), Some(block.trim().to_owned()))
}

fn outcome(id: String, message: &Value, said: &str) -> Outcome {
    let extra = message.get("extra").unwrap_or(&Value::Null);
    let status = extra
        .get("returncode")
        .and_then(Value::as_i64)
        .and_then(|status| i32::try_from(status).ok())
        .or_else(|| {
            let told = super::claude::between(said, "<returncode>", "</returncode>")?;
            told.trim().parse().ok()
        });
    let output = super::claude::between(said, "<output>", "</output>");
    Outcome {
        id,
        end: status.map_or(End::Unknown, End::Exited),
        text: output.unwrap_or(said).trim().to_owned(),
        whole: None,
        change: None,
    }
}
