//! OpenHands: an `output.jsonl` with one run a line, each with a `history` of actions and
//! observations, flat or in pairs, their arguments bare or under `args` and `extras`.

use super::Sink;
use super::event::{Action, Call, Change, End, Kind, Outcome};
use super::value::{content, items, text};
use serde_json::Value;

/// Whether a line is one of these runs.
pub fn is_document(value: &Value) -> bool {
    let history = value.get("history").and_then(Value::as_array);
    let is_event = |event: &Value| {
        let event = event.get(0).unwrap_or(event);
        event.get("action").is_some() || event.get("observation").is_some()
    };
    history.is_some_and(|history| history.is_empty() || history.iter().take(3).any(is_event))
        && value.get("trajectory").is_none()
}

/// Tells one run. Events have the numbers of their places in the history.
pub fn document(value: &Value, sink: &mut Sink) {
    let mut open: Option<String> = None;
    let mut has_prompt = false;
    let history = value.get("history").map(items).unwrap_or_default();
    let flat = history.iter().flat_map(|event| match event {
        Value::Array(pair) => pair.iter().collect::<Vec<_>>(),
        event => vec![event],
    });
    for (idx, event) in flat.enumerate() {
        sink.place.line = idx as u32 + 1;
        if let Some(action) = text(event, &["action"]) {
            let id = format!("event-{idx}");
            let is_prompt =
                action == "message" && (text(event, &["source"]) == Some("user") || !has_prompt);
            if is_prompt {
                has_prompt = true;
                sink.prompt(argument(event, &["content"]).to_owned());
            } else if told(action, event, &id, sink) {
                open = Some(id);
            }
        } else if event.get("observation").is_some()
            && let Some(id) = open.take()
        {
            observed(event, id, sink);
        }
    }
    if !has_prompt && let Some(instruction) = text(value, &["instruction"]) {
        sink.prompt(instruction.to_owned());
    }
}

/// An argument, wherever this release keeps it.
fn argument<'a>(event: &'a Value, keys: &[&str]) -> &'a str {
    let args = event.get("args").unwrap_or(event);
    text(args, keys).or_else(|| text(event, keys)).unwrap_or("")
}

/// Tells an action; whether an observation answers it.
fn told(action: &str, event: &Value, id: &str, sink: &mut Sink) -> bool {
    let thought = argument(event, &["thought"]);
    if !thought.trim().is_empty() {
        sink.push(Kind::Said(thought.to_owned()));
    }
    let path = argument(event, &["path"]).to_owned();
    let what = match action {
        "run" => Action::Command {
            line: argument(event, &["command"]).to_owned(),
            is_background: false,
        },
        "run_ipython" => Action::Other(argument(event, &["code"]).to_owned()),
        "read" => Action::Read(path),
        "write" => Action::Change(vec![(Change::Write, path)]),
        "edit" => match argument(event, &["command"]) {
            "view" => Action::Read(path),
            "create" => Action::Change(vec![(Change::Write, path)]),
            _ => Action::Change(vec![(Change::Edit, path)]),
        },
        "browse" => Action::Fetch(argument(event, &["url"]).to_owned()),
        "message" => {
            let said = argument(event, &["content"]);
            sink.push(Kind::Said(said.to_owned()));
            return false;
        }
        "finish" | "think" | "change_agent_state" | "system" | "recall" | "null" => return false,
        _ => Action::Other(String::new()),
    };
    sink.push(Kind::Call(Call {
        id: id.to_owned(),
        tool: action.to_owned(),
        action: what,
        bytes: super::json_bytes(event),
        folder: None,
    }));
    true
}

fn observed(event: &Value, id: String, sink: &mut Sink) {
    let extras = event.get("extras").unwrap_or(event);
    let status = extras
        .get("exit_code")
        .or_else(|| extras.get("metadata")?.get("exit_code"))
        .and_then(Value::as_i64)
        .and_then(|status| i32::try_from(status).ok());
    let end = match (text(event, &["observation"]), status) {
        (Some("error"), _) => End::Failed,
        (_, Some(-1)) => End::Unknown,
        (_, Some(status)) => End::Exited(status),
        _ => End::Ok,
    };
    sink.push(Kind::Outcome(Outcome {
        id,
        end,
        text: content(event.get("content").unwrap_or(&Value::Null)),
        whole: None,
        change: None,
    }));
}
