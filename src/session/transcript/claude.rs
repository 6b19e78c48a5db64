//! Claude Code: one JSON object a line, one line for each block of a message.
//!
//! A message of several blocks repeats its id and its usage, so usage is told by id and the last
//! word counts. A resumed or forked session begins with copies of earlier lines; a line whose
//! `uuid` was seen is passed over. Subagents have files of their own beside the session, or
//! `isSidechain` lines in it.

use super::Sink;
use super::event::{About, Call, Change, End, Kind, Outcome, Usage};
use super::tool;
use super::value::{content, number, take, text};
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

/// What of a line is looked at; other fields are passed over without being built.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(default)]
    subtype: Value,
    #[serde(default)]
    uuid: Value,
    #[serde(rename = "isSidechain", default)]
    is_sidechain: Value,
    #[serde(rename = "isMeta", default)]
    is_meta: Value,
    #[serde(rename = "isCompactSummary", default)]
    is_compact_summary: Value,
    #[serde(default)]
    message: Value,
    #[serde(rename = "requestId", default)]
    request: Value,
    #[serde(rename = "toolUseResult", default)]
    result: Value,
    #[serde(default)]
    attachment: Value,
    #[serde(rename = "compactMetadata", default)]
    compact: Value,
    #[serde(default)]
    cwd: Value,
    #[serde(rename = "gitBranch", default)]
    branch: Value,
    #[serde(rename = "sessionId", default)]
    session: Value,
    #[serde(default)]
    shape: Value,
    #[serde(rename = "shapeHash", default)]
    shape_hash: Value,
}

/// Beginnings of `user` texts that the user did not write.
const NOT_WORDS: &[&str] = &[
    "<command-",
    "<local-command",
    "<system-reminder>",
    "<bash-",
    "<task-notification>",
    "<user-memory-input>",
    "<ide_",
    "<tick>",
    "Caveat: The messages below were generated",
    "This session is being continued from a previous conversation",
];

/// Whether a line may be one of these transcripts.
pub fn is_row(value: &Value) -> bool {
    let kind = text(value, &["type"]);
    let has = |key: &str| value.get(key).is_some();
    match kind {
        Some("user" | "assistant" | "progress" | "attachment" | "system") => {
            has("uuid") || has("sessionId") || has("parentUuid")
        }
        Some("file-history-snapshot" | "queue-operation" | "last-prompt" | "ai-title") => true,
        Some("summary") => has("leafUuid"),
        Some("mode" | "permission-mode" | "worktree-state" | "pr-link") => has("sessionId"),
        _ => false,
    }
}

/// Reads one line.
///
/// # Errors
/// What is wrong with a line that is no JSON object.
pub fn row(line: &[u8], sink: &mut Sink) -> Result<(), serde_json::Error> {
    let mut row: Row = serde_json::from_slice(line)?;
    if let Some(uuid) = row.uuid.as_str()
        && sink.is_known(uuid)
    {
        return Ok(());
    }
    let is_sidechain = row.is_sidechain.as_bool() == Some(true);
    if matches!(row.kind.as_deref(), Some("user" | "assistant")) && !sink.is_begun {
        sink.is_begun = true;
        sink.takes_asides = is_sidechain;
    }
    let is_sidechain = is_sidechain && !sink.takes_asides;
    sink.is_aside = sink.is_aside_file || is_sidechain;
    sink.folder = row.cwd.as_str().map(str::to_owned);
    sink.about(About {
        session: row.session.as_str().map(str::to_owned),
        cwd: row.cwd.as_str().map(str::to_owned),
        branch: row.branch.as_str().map(str::to_owned),
        ..About::default()
    });
    match row.kind.as_deref() {
        Some("user") => user(&mut row, sink),
        Some("assistant") => assistant(&mut row, sink),
        Some("attachment") => attachment(&mut row.attachment, sink),
        Some("system") if row.subtype.as_str() == Some("compact_boundary") => {
            let tokens_before = number(&row.compact, &["preTokens", "pre_tokens"]);
            sink.push(Kind::Compacted { tokens_before });
        }
        Some(
            "system"
            | "progress"
            | "file-history-snapshot"
            | "queue-operation"
            | "summary"
            | "last-prompt"
            | "mode"
            | "permission-mode"
            | "ai-title"
            | "custom-title"
            | "pr-link"
            | "worktree-state"
            | "agent-name"
            | "agent-setting"
            | "tag"
            | "relocated"
            | "content-replacement"
            | "file-history-delta"
            | "started"
            | "result"
            | "api-request"
            | "api-request-blob"
            | "tools-used"
            | "atis-latch"
            | "cost-state"
            | "bridge-session"
            | "frame-link",
        ) => {}
        Some("api-request-shape") => shape(&row.shape, &row.shape_hash, sink),
        Some(other) => sink.unknown(other),
        None => sink.unknown("no type"),
    }
    Ok(())
}

/// What every request carries: the system prompt and the schemas of tools. Told once for each
/// form of it.
fn shape(shape: &Value, hash: &Value, sink: &mut Sink) {
    if hash.as_str().is_some_and(|hash| sink.is_known(hash)) {
        return;
    }
    for (key, source) in [("system", "system"), ("tools", "tools")] {
        if let Some(part) = shape.get(key) {
            let text = match key {
                "system" => content(part),
                _ => part.to_string(),
            };
            sink.push(Kind::Context { source, text });
        }
    }
}

fn user(row: &mut Row, sink: &mut Sink) {
    let mut message = row.message.take();
    let mut body = message
        .get_mut("content")
        .map(Value::take)
        .unwrap_or_default();
    if row.is_compact_summary.as_bool() == Some(true) {
        return sink.push(Kind::CompactionText(content(&body)));
    }
    let is_meta = row.is_meta.as_bool() == Some(true);
    match &mut body {
        Value::Array(blocks) => {
            for block in blocks {
                match block.get("type").and_then(Value::as_str) {
                    Some("tool_result") => answer(block, &mut row.result, sink),
                    _ => words(content(block), is_meta, sink),
                }
            }
        }
        other => words(content(other), is_meta, sink),
    }
}

fn words(text: String, is_meta: bool, sink: &mut Sink) {
    let start = text.trim_start();
    if start.is_empty() {
        return;
    }
    if start.starts_with("[Request interrupted by user") {
        return sink.push(Kind::Interrupted);
    }
    if start.starts_with("<task-notification>") {
        notification(start, sink);
    }
    if is_meta || NOT_WORDS.iter().any(|not| start.starts_with(not)) {
        let source = "reminder";
        return sink.push(Kind::Context { source, text });
    }
    sink.prompt(text);
}

/// A background task that ended: its id, its state, and its exit status in the summary.
fn notification(text: &str, sink: &mut Sink) {
    let Some(id) = between(text, "<task-id>", "</task-id>") else {
        return;
    };
    let status = between(text, "<status>", "</status>").unwrap_or("");
    let summary = between(text, "<summary>", "</summary>").unwrap_or("");
    let code = exit_code(summary, "exit code ");
    let end = match (status, code) {
        (_, Some(code)) => End::Exited(code),
        ("completed", None) => End::Ok,
        ("failed", None) => End::Failed,
        ("killed" | "stopped", None) => End::Cancelled,
        _ => return,
    };
    sink.push(Kind::Task {
        id: id.trim().to_owned(),
        end,
    });
}

/// What stands between two marks.
pub(super) fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(open)?;
    Some(rest.split_once(close)?.0)
}

/// The number after `mark`.
pub(super) fn exit_code(text: &str, mark: &str) -> Option<i32> {
    let (_, rest) = text.split_once(mark)?;
    let is_number = |c: char| c.is_ascii_digit() || c == '-';
    let end = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// A `tool_result` block, and what the host records of it beside the block.
fn answer(block: &mut Value, result: &mut Value, sink: &mut Sink) {
    let id = take(block, "tool_use_id").unwrap_or_default();
    let text = content(block.get("content").unwrap_or(&Value::Null));
    let is_error = block.get("is_error").and_then(Value::as_bool) == Some(true);
    let whole = whole_output(&text, result, sink);
    if let Some(answers) = result.get("answers").and_then(Value::as_object) {
        for (question, answer) in answers {
            sink.push(Kind::Answered {
                question: question.clone(),
                answer: content(answer),
            });
        }
    }
    let change = match result.get("type").and_then(Value::as_str) {
        Some("create") => Some(Change::Create),
        Some("update") => Some(Change::Edit),
        _ => None,
    };
    let end = end(&text, is_error, result);
    if let Some((task, end)) = polled(&text) {
        sink.push(Kind::Task { id: task, end });
    }
    sink.push(Kind::Outcome(Outcome {
        id,
        end,
        text,
        whole,
        change,
    }));
}

fn end(text: &str, is_error: bool, result: &Value) -> End {
    if let Some(id) = result.get("backgroundTaskId").and_then(Value::as_str) {
        return End::Running(id.to_owned());
    }
    if result.get("isAsync").and_then(Value::as_bool) == Some(true)
        && let Some(id) = result.get("agentId").and_then(Value::as_str)
    {
        return End::Running(id.to_owned());
    }
    if result.get("interrupted").and_then(Value::as_bool) == Some(true) {
        return End::Cancelled;
    }
    if !is_error {
        return End::Ok;
    }
    if let Some(rest) = text.strip_prefix("Exit code ") {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        if let Ok(code) = rest[..digits].parse() {
            return match rest.contains("Command timed out after") && code == 143 {
                true => End::TimedOut,
                false => End::Exited(code),
            };
        }
    }
    if text.starts_with("Command timed out") {
        return End::TimedOut;
    }
    let is_refusal = text.starts_with("The user doesn't want to")
        || text.contains("requested permissions to use")
        || text.contains("has been denied")
        || text.contains("The tool use was rejected")
        || text.starts_with("Permission to use")
        || result
            .as_str()
            .is_some_and(|said| said.contains("User rejected"));
    if is_refusal {
        let words = text
            .split_once("the user said:\n")
            .map_or("", |(_, words)| words);
        let words = words
            .split("\n\nNote: The user's next message")
            .next()
            .unwrap_or(words);
        return End::Refused(words.trim().to_owned());
    }
    End::Failed
}

/// The task that a poll of its output tells of.
fn polled(text: &str) -> Option<(String, End)> {
    let id = between(text, "<task_id>", "</task_id>")?;
    let status = between(text, "<status>", "</status>")?;
    let code =
        between(text, "<exit_code>", "</exit_code>").and_then(|code| code.trim().parse().ok());
    let end = match (status.trim(), code) {
        ("running" | "pending", _) => return None,
        (_, Some(code)) => End::Exited(code),
        ("completed", None) => End::Ok,
        ("failed", None) => End::Failed,
        _ => End::Cancelled,
    };
    Some((id.trim().to_owned(), end))
}

/// The output before the host cut it: in a file beside the transcript, or in its own record.
fn whole_output(text: &str, result: &mut Value, sink: &mut Sink) -> Option<String> {
    if !text.contains("<persisted-output>") {
        return None;
    }
    let name = text
        .split_once("saved to: ")
        .and_then(|(_, path)| path.lines().next())
        .and_then(|path| path.trim().rsplit(['/', '\\']).next());
    let saved = name.and_then(|name| sink.saved_result(name));
    saved.or_else(|| take(result, "stdout").filter(|out| out.len() > text.len()))
}

fn assistant(row: &mut Row, sink: &mut Sink) {
    let mut message = row.message.take();
    if let Some(model) = text(&message, &["model"]).filter(|model| *model != "<synthetic>") {
        sink.about(About {
            model: Some(model.to_owned()),
            ..About::default()
        });
    }
    usage(&message, &row.request, sink);
    let mut body = message
        .get_mut("content")
        .map(Value::take)
        .unwrap_or_default();
    if let Value::String(said) = body {
        return sink.push(Kind::Said(said));
    }
    for block in body
        .as_array_mut()
        .map(Vec::as_mut_slice)
        .unwrap_or_default()
    {
        match block.get("type").and_then(Value::as_str) {
            Some("text") => {
                if let Some(said) = take(block, "text").filter(|said| !said.trim().is_empty()) {
                    sink.push(Kind::Said(said));
                }
            }
            Some("thinking") => {
                if let Some(thought) = take(block, "thinking") {
                    sink.push(Kind::Thought(thought));
                }
            }
            Some("tool_use" | "server_tool_use" | "mcp_tool_use") => call(block, sink),
            _ => {
                let said = content(block);
                if block.is_string() && !said.is_empty() {
                    sink.push(Kind::Said(said));
                }
            }
        }
    }
}

fn call(block: &Value, sink: &mut Sink) {
    let tool = text(block, &["name"]).unwrap_or("?");
    let input = block.get("input").unwrap_or(&Value::Null);
    sink.push(Kind::Call(Call {
        id: text(block, &["id"]).unwrap_or_default().to_owned(),
        action: tool::action(tool, input),
        tool: tool.to_owned(),
        bytes: super::json_bytes(input),
        folder: sink.folder.clone(),
    }));
}

fn usage(message: &Value, request: &Value, sink: &mut Sink) {
    let Some(found) = message.get("usage") else {
        return;
    };
    let count = |key: &str| number(found, &[key]).unwrap_or(0);
    let id = format!(
        "{}/{}",
        text(message, &["id"]).unwrap_or_default(),
        request.as_str().unwrap_or_default()
    );
    let usage = Usage {
        id,
        input: count("input_tokens"),
        cache_write: count("cache_creation_input_tokens"),
        cache_read: count("cache_read_input_tokens"),
        output: count("output_tokens"),
    };
    if usage.context() + usage.output > 0 {
        sink.push(Kind::Usage(usage));
    }
}

fn attachment(attachment: &mut Value, sink: &mut Sink) {
    let kind = text(attachment, &["type"]).unwrap_or("?").to_owned();
    if kind == "queued_command" {
        let prompt = content(attachment.get("prompt").unwrap_or(&Value::Null));
        let is_meta = text(attachment, &["commandMode"]).is_some_and(|mode| mode != "prompt");
        return words(prompt, is_meta, sink);
    }
    let mut held = String::new();
    gather_text(attachment, &mut held, 0);
    sink.push(Kind::Context {
        source: "attachment",
        text: held,
    });
}

/// All text in a value, for its cost.
fn gather_text(value: &Value, out: &mut String, depth: usize) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(items) if depth < 6 => {
            items
                .iter()
                .for_each(|item| gather_text(item, out, depth + 1));
        }
        Value::Object(fields) if depth < 6 => {
            let inner = fields.iter().filter(|(key, _)| *key != "type");
            inner.for_each(|(_, item)| gather_text(item, out, depth + 1));
        }
        _ => {}
    }
}
