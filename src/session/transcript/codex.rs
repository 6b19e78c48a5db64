//! Codex rollouts: one JSON object a line, `{timestamp, type, payload}`; older files hold the
//! payloads bare.
//!
//! What the model asked for stands in `response_item`s. How a command ended stands in the text of
//! its answer and, structured, in an `event_msg`; commands that a script of the model ran stand
//! in the events alone.

use super::Sink;
use super::event::{About, Action, Call, Change, End, Kind, Outcome, Usage};
use super::tool;
use super::value::{content, items, number, text};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// What one file has told so far.
#[derive(Default)]
pub struct Codex {
    calls: HashSet<String>,
    /// What events told of calls that are not answered yet.
    ended: HashMap<String, (Option<i32>, Option<String>)>,
    session: String,
}

/// Beginnings of `user` texts that the user did not write.
const NOT_WORDS: &[&str] = &[
    "<environment_context>",
    "<user_instructions>",
    "<INSTRUCTIONS>",
    "<turn_aborted>",
    "<permissions instructions>",
    "<skill>",
    "<skills_instructions>",
    "<user_shell_command>",
    "<subagent_notification>",
    "<collaboration_mode>",
    "<model_switch>",
    "<hook_prompt",
    "# AGENTS.md instructions",
    "Another language model started to solve this problem",
    "Warning: The maximum number of",
];

/// Whether a line may be one of these.
pub fn is_row(value: &Value) -> bool {
    let kind = text(value, &["type"]);
    if value.get("payload").is_some() {
        return kind.is_some();
    }
    let is_head = value.get("instructions").is_some() && value.get("timestamp").is_some();
    let is_bare = matches!(
        kind,
        Some(
            "message" | "function_call" | "function_call_output" | "reasoning" | "local_shell_call"
        )
    ) && value.get("parentUuid").is_none()
        && value.get("uuid").is_none();
    is_head || is_bare || value.get("record_type").is_some()
}

impl Codex {
    /// Reads one line.
    ///
    /// # Errors
    /// What is wrong with a line that is no JSON.
    pub fn row(&mut self, line: &[u8], sink: &mut Sink) -> Result<(), serde_json::Error> {
        let mut row: Value = serde_json::from_slice(line)?;
        let Some(payload) = row.get_mut("payload").map(Value::take) else {
            self.item(&row, sink);
            return Ok(());
        };
        match text(&row, &["type"]) {
            Some("session_meta") => self.meta(&payload, sink),
            Some("turn_context") => sink.about(About {
                model: text(&payload, &["model"]).map(str::to_owned),
                ..About::default()
            }),
            Some("response_item") => self.item(&payload, sink),
            Some("event_msg") => self.event(payload, sink),
            Some("compacted") => compacted(&payload, sink),
            Some("world_state" | "inter_agent_communication_metadata" | "token_usage_record") => {}
            Some("turn_token_usage" | "response_usage" | "token_usage" | "ghost_snapshot") => {}
            Some(_) if payload.get("usage").is_some() => {}
            Some(other) => sink.unknown(other),
            None => sink.unknown("no type"),
        }
        Ok(())
    }

    fn meta(&mut self, meta: &Value, sink: &mut Sink) {
        if self.session.is_empty() {
            self.session = text(meta, &["id", "session_id"])
                .unwrap_or_default()
                .to_owned();
            sink.about(About {
                session: Some(self.session.clone()),
                cwd: text(meta, &["cwd"]).map(str::to_owned),
                branch: meta
                    .get("git")
                    .and_then(|git| text(git, &["branch"]))
                    .map(str::to_owned),
                ..About::default()
            });
        }
        let instructions = meta.get("base_instructions").or(meta.get("instructions"));
        context(
            "system",
            content(instructions.unwrap_or(&Value::Null)),
            sink,
        );
    }

    fn item(&mut self, item: &Value, sink: &mut Sink) {
        match text(item, &["type"]) {
            Some("message") => message(item, sink),
            Some("reasoning") => {
                let thought = content(item.get("summary").unwrap_or(&Value::Null));
                if !thought.is_empty() {
                    sink.push(Kind::Thought(thought));
                }
            }
            Some("function_call") => {
                let arguments = match item.get("arguments") {
                    Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
                    Some(other) => other.clone(),
                    None => Value::Null,
                };
                self.call(item, &arguments, sink);
            }
            Some("custom_tool_call") => {
                let input = item.get("input").cloned().unwrap_or_default();
                let input = match &input {
                    Value::String(text) if text.trim_start().starts_with('{') => {
                        serde_json::from_str(text).unwrap_or(input)
                    }
                    _ => input,
                };
                self.call(item, &input, sink);
            }
            Some("local_shell_call") => {
                let input = item.get("action").cloned().unwrap_or_default();
                let mut named = item.clone();
                named["name"] = Value::from("local_shell");
                self.call(&named, &input, sink);
            }
            Some("web_search_call") => {
                let input = item.get("action").cloned().unwrap_or_default();
                let mut named = item.clone();
                named["name"] = Value::from("web_search");
                self.call(&named, &input, sink);
            }
            Some(
                "function_call_output" | "custom_tool_call_output" | "local_shell_call_output",
            ) => {
                self.answer(item, sink);
            }
            Some("compaction" | "compaction_summary" | "context_compaction") => {}
            Some(
                "tool_search_call"
                | "tool_search_output"
                | "image_generation_call"
                | "ghost_snapshot"
                | "agent_message"
                | "other",
            ) => {}
            Some(other) => sink.unknown(other),
            None if item.get("record_type").is_some() => {}
            None if item.get("instructions").is_some() => self.meta(item, sink),
            None => sink.unknown("no type"),
        }
    }

    fn call(&mut self, item: &Value, input: &Value, sink: &mut Sink) {
        let id = text(item, &["call_id", "id"])
            .unwrap_or_default()
            .to_owned();
        let name = text(item, &["name"]).unwrap_or("?");
        self.calls.insert(id.clone());
        let action = match text(item, &["namespace"]) {
            Some(space) if space.starts_with("mcp") => {
                tool::action(&format!("{space}__{name}"), input)
            }
            // A script of the model: what it runs is told by events.
            _ if name == "exec" && input.is_string() => Action::Other(content(input)),
            _ => tool::action(name, input),
        };
        sink.push(Kind::Call(Call {
            id,
            tool: name.to_owned(),
            action,
            bytes: super::json_bytes(input),
            folder: text(input, &["workdir", "working_directory", "cwd"]).map(str::to_owned),
        }));
    }

    fn answer(&mut self, item: &Value, sink: &mut Sink) {
        let id = text(item, &["call_id", "id"])
            .unwrap_or_default()
            .to_owned();
        let raw = item.get("output").unwrap_or(&Value::Null);
        let said = content(raw);
        let (text, mut end) = ended(&said);
        if end == End::Unknown && raw.get("success").and_then(Value::as_bool) == Some(false) {
            end = End::Failed;
        }
        let (status, whole) = self.ended.remove(&id).unwrap_or_default();
        if let (End::Unknown | End::Ok, Some(status)) = (&end, status) {
            end = End::Exited(status);
        }
        sink.push(Kind::Outcome(Outcome {
            whole: whole.filter(|whole| whole.len() > text.len()),
            id,
            end,
            text,
            change: None,
        }));
    }

    fn event(&mut self, mut event: Value, sink: &mut Sink) {
        match text(&event, &["type"]) {
            Some("user_message") => {
                let words = text(&event, &["message"]).unwrap_or_default().to_owned();
                prompt(words, sink);
            }
            Some("token_count") => self.usage(&event, sink),
            Some("task_started") => sink.about(About {
                window: number(&event, &["model_context_window"]),
                ..About::default()
            }),
            Some("turn_aborted") => sink.push(Kind::Interrupted),
            Some("exec_command_end") => self.command_ended(&event, "call_id", sink),
            Some("item_completed") => {
                let item = event.get_mut("item").map(Value::take).unwrap_or_default();
                match text(&item, &["type"]) {
                    Some("CommandExecution" | "command_execution") => {
                        self.command_ended(&item, "id", sink);
                    }
                    Some("FileChange" | "file_change") => self.files_changed(&item, "id", sink),
                    _ => {}
                }
            }
            Some("patch_apply_end") => self.files_changed(&event, "call_id", sink),
            _ => {}
        }
    }

    /// Keeps what an event tells of a command until its answer comes; a command that nobody
    /// asked for by a call of its own was run by a script, and is told here.
    fn command_ended(&mut self, item: &Value, key: &str, sink: &mut Sink) {
        let Some(id) = text(item, &[key]) else { return };
        let status = item.get("exit_code").and_then(Value::as_i64);
        let status = status.and_then(|status| i32::try_from(status).ok());
        let output = text(item, &["aggregated_output", "formatted_output", "stdout"]);
        let output = output.unwrap_or_default().to_owned();
        if self.calls.contains(id) {
            self.ended.insert(id.to_owned(), (status, Some(output)));
            return;
        }
        let Some(line) = item.get("command").and_then(tool::command_line) else {
            return;
        };
        self.calls.insert(id.to_owned());
        sink.push(Kind::Call(Call {
            id: id.to_owned(),
            tool: "exec_command".to_owned(),
            bytes: line.len(),
            folder: None,
            action: Action::Command {
                line,
                is_background: false,
            },
        }));
        sink.push(Kind::Outcome(Outcome {
            id: id.to_owned(),
            end: status.map_or(End::Unknown, End::Exited),
            text: String::new(),
            whole: Some(output),
            change: None,
        }));
    }

    fn files_changed(&mut self, item: &Value, key: &str, sink: &mut Sink) {
        let id = text(item, &[key]).unwrap_or_default();
        let is_told = id.is_empty() || self.calls.contains(id);
        let went_wrong = item.get("success").and_then(Value::as_bool) == Some(false)
            || text(item, &["status"]).is_some_and(|status| status != "completed");
        if is_told || went_wrong {
            return;
        }
        let change = |item: &Value| match text(item, &["type", "kind"]) {
            Some("add") => Change::Create,
            Some("delete") => Change::Delete,
            _ => Change::Edit,
        };
        let changes = match item.get("changes") {
            Some(Value::Object(files)) => files
                .iter()
                .map(|(path, file)| (change(file), path.clone()))
                .collect(),
            Some(list) => items(list)
                .iter()
                .filter_map(|file| Some((change(file), text(file, &["path"])?.to_owned())))
                .collect(),
            None => return,
        };
        sink.push(Kind::Call(Call {
            id: id.to_owned(),
            tool: "apply_patch".to_owned(),
            action: Action::Change(changes),
            bytes: 0,
            folder: None,
        }));
        sink.push(Kind::Outcome(Outcome {
            id: id.to_owned(),
            end: End::Ok,
            text: String::new(),
            whole: None,
            change: None,
        }));
    }

    fn usage(&mut self, event: &Value, sink: &mut Sink) {
        let info = event.get("info").unwrap_or(&Value::Null);
        sink.about(About {
            window: number(info, &["model_context_window"]),
            ..About::default()
        });
        let (Some(total), Some(last)) =
            (info.get("total_token_usage"), info.get("last_token_usage"))
        else {
            return;
        };
        let input = number(last, &["input_tokens"]).unwrap_or(0);
        let cached = number(last, &["cached_input_tokens"])
            .unwrap_or(0)
            .min(input);
        let so_far = number(total, &["total_tokens"]).unwrap_or(0);
        sink.push(Kind::Usage(Usage {
            // The same totals are repeated when only the limits of the account change.
            id: format!("{}/{so_far}", self.session),
            input: input - cached,
            cache_write: 0,
            cache_read: cached,
            output: number(last, &["output_tokens"]).unwrap_or(0),
        }));
    }
}

fn context(source: &'static str, text: String, sink: &mut Sink) {
    if !text.is_empty() {
        sink.push(Kind::Context { source, text });
    }
}

fn message(item: &Value, sink: &mut Sink) {
    let body = item.get("content").unwrap_or(&Value::Null);
    let said = content(body);
    match text(item, &["role"]) {
        Some("assistant") if !said.trim().is_empty() => sink.push(Kind::Said(said)),
        Some("user") => {
            let kinds = item
                .get("internal_chat_message_metadata_passthrough")
                .and_then(|meta| meta.get("content_item_kinds"));
            let is_typed = kinds.is_none_or(|kinds| {
                items(kinds)
                    .iter()
                    .filter_map(Value::as_str)
                    .any(|kind| kind.starts_with("user.") || kind == "unknown")
            });
            match is_typed {
                true => prompt(said, sink),
                false => context("context", said, sink),
            }
        }
        Some("assistant") => {}
        _ => context("system", said, sink),
    }
}

fn prompt(words: String, sink: &mut Sink) {
    let start = words.trim_start();
    if start.is_empty() || NOT_WORDS.iter().any(|not| start.starts_with(not)) {
        return context("context", words, sink);
    }
    // An editor puts what it has open before the request.
    let request = words.split_once("## My request for Codex:\n");
    let own = request.map(|(_, request)| request.trim().to_owned());
    sink.prompt(own.unwrap_or(words));
}

fn compacted(payload: &Value, sink: &mut Sink) {
    sink.push(Kind::Compacted {
        tokens_before: None,
    });
    let mut held = content(payload.get("message").unwrap_or(&Value::Null));
    for item in payload
        .get("replacement_history")
        .map(items)
        .unwrap_or_default()
    {
        held.push('\n');
        held.push_str(&content(item));
    }
    sink.push(Kind::CompactionText(held));
}

/// How a command ended, from the text of its answer, and its output without that.
fn ended(said: &str) -> (String, End) {
    if said.starts_with('{')
        && let Ok(value) = serde_json::from_str::<Value>(said)
        && let Some(output) = value.get("output")
    {
        let status = value
            .get("metadata")
            .and_then(|meta| meta.get("exit_code"))
            .and_then(Value::as_i64)
            .and_then(|status| i32::try_from(status).ok());
        let end = status.map_or(End::Unknown, End::Exited);
        return (content(output), end);
    }
    let (head, output) = match said.split_once("\nOutput:\n") {
        Some((head, output)) if head.lines().count() <= 8 => (head, output),
        _ => (said.lines().next().unwrap_or(""), said),
    };
    let code = |mark: &str| super::claude::exit_code(head, mark);
    let end = if let Some(status) = code("Process exited with code ").or(code("Exit code: ")) {
        match status {
            124 if head.contains("timed out") => End::TimedOut,
            status => End::Exited(status),
        }
    } else if let Some((_, id)) = head.split_once("Process running with session ID ") {
        End::Running(id.lines().next().unwrap_or(id).trim().to_owned())
    } else if head.contains("timed out") {
        End::TimedOut
    } else if head.starts_with("aborted by user") {
        End::Cancelled
    } else if head.contains("rejected by user") || head.starts_with("exec command rejected") {
        End::Refused(String::new())
    } else if [
        "execution error",
        "failed in sandbox",
        "apply_patch verification failed",
        "failed to parse",
        "unsupported call",
    ]
    .iter()
    .any(|mark| head.starts_with(mark))
    {
        End::Failed
    } else {
        End::Unknown
    };
    (output.to_owned(), end)
}
