//! Gemini CLI: one JSON document with `messages`, or one message a line after a line about the
//! session. A message may be written again as it grows; the last word on an id counts, so lines
//! are told when the file has been read.

use super::Sink;
use super::event::{About, Call, End, Kind, Outcome, Usage};
use super::tool;
use super::value::{content, items, number, text};
use serde_json::Value;
use std::collections::HashMap;

/// Whether a document or a line is of these.
pub fn is_document(value: &Value) -> bool {
    let has = |key: &str| value.get(key).is_some();
    (has("messages") && (has("sessionId") || has("projectHash")))
        || (has("projectHash") && has("startTime"))
}

/// What one file has told so far.
#[derive(Default)]
pub struct Gemini {
    messages: Vec<(u32, Value)>,
    known: HashMap<String, usize>,
    results: HashMap<String, ()>,
}

impl Gemini {
    /// Reads one line, or the whole document.
    pub fn take(&mut self, line: u32, value: Value, sink: &mut Sink) {
        if is_document(&value) {
            sink.about(About {
                session: text(&value, &["sessionId"]).map(str::to_owned),
                ..About::default()
            });
        }
        for (idx, message) in value
            .get("messages")
            .map(items)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            self.keep(idx as u32 + 1, message.clone());
        }
        if value.get("type").is_some() {
            self.keep(line, value);
        }
    }

    fn keep(&mut self, line: u32, message: Value) {
        let id = text(&message, &["id"]).unwrap_or_default().to_owned();
        match self.known.get(&id).filter(|_| !id.is_empty()) {
            Some(at) => self.messages[*at].1 = message,
            None => {
                self.known.insert(id, self.messages.len());
                self.messages.push((line, message));
            }
        }
    }

    /// Tells the messages.
    pub fn finish(mut self, sink: &mut Sink) {
        for (line, message) in std::mem::take(&mut self.messages) {
            sink.place.line = line;
            self.message(&message, sink);
        }
    }

    fn message(&mut self, message: &Value, sink: &mut Sink) {
        let said = content(
            message
                .get("content")
                .or(message.get("parts"))
                .unwrap_or(&Value::Null),
        );
        match text(message, &["type", "role"]) {
            Some("user") => {
                let shown = message.get("displayContent").map(content);
                let words = shown.filter(|shown| !shown.is_empty()).unwrap_or(said);
                if !words.trim().is_empty() {
                    sink.prompt(words);
                }
            }
            Some("gemini" | "model" | "assistant") => self.model(message, said, sink),
            Some("info" | "error" | "warning" | "system") => sink.push(Kind::Context {
                source: "system",
                text: said,
            }),
            Some(other) => sink.unknown(other),
            None => {}
        }
    }

    fn model(&mut self, message: &Value, said: String, sink: &mut Sink) {
        sink.about(About {
            model: text(message, &["model"]).map(str::to_owned),
            ..About::default()
        });
        for thought in message.get("thoughts").map(items).unwrap_or_default() {
            let thought = text(thought, &["description", "subject"]).unwrap_or_default();
            sink.push(Kind::Thought(thought.to_owned()));
        }
        if !said.trim().is_empty() {
            sink.push(Kind::Said(said));
        }
        if let Some(tokens) = message.get("tokens") {
            let count = |key| number(tokens, &[key]).unwrap_or(0);
            let cached = count("cached").min(count("input"));
            sink.push(Kind::Usage(Usage {
                id: text(message, &["id"]).unwrap_or_default().to_owned(),
                input: count("input") - cached,
                cache_write: 0,
                cache_read: cached,
                output: count("output") + count("thoughts"),
            }));
        }
        for call in message.get("toolCalls").map(items).unwrap_or_default() {
            self.call(call, sink);
        }
    }

    fn call(&mut self, call: &Value, sink: &mut Sink) {
        let id = text(call, &["id"]).unwrap_or_default().to_owned();
        if !id.is_empty() && self.results.insert(id.clone(), ()).is_some() {
            return;
        }
        let input = call.get("args").unwrap_or(&Value::Null);
        let name = text(call, &["name"]).unwrap_or("?");
        sink.push(Kind::Call(Call {
            id: id.clone(),
            tool: name.to_owned(),
            action: tool::action(name, input),
            bytes: super::json_bytes(input),
            folder: text(input, &["directory", "dir_path"]).map(str::to_owned),
        }));
        let mut said = String::new();
        for result in call.get("result").map(items).unwrap_or_default() {
            let response = result
                .get("functionResponse")
                .and_then(|response| response.get("response"))
                .unwrap_or(result);
            let output = text(response, &["output", "error"]).unwrap_or_default();
            said.push_str(output);
        }
        if said.is_empty() {
            said = content(call.get("resultDisplay").unwrap_or(&Value::Null));
        }
        let end = match text(call, &["status"]) {
            Some("cancelled") => End::Refused(String::new()),
            Some("error") => end_of(&said).unwrap_or(End::Failed),
            Some(_) => end_of(&said).unwrap_or(End::Ok),
            None => End::Unknown,
        };
        sink.push(Kind::Outcome(Outcome {
            id,
            end,
            whole: part(&said, "Output: ", "\nError: ").map(str::to_owned),
            text: said,
            change: None,
        }));
    }
}

/// `Exit Code: 2`, as the shell tool writes it.
fn end_of(said: &str) -> Option<End> {
    if said.contains("Signal: 1") && !said.contains("Exit Code: 0") {
        return Some(End::Failed);
    }
    super::claude::exit_code(said, "Exit Code: ").map(End::Exited)
}

/// The output within the report of the shell tool.
fn part<'a>(said: &'a str, open: &str, close: &str) -> Option<&'a str> {
    said.starts_with("Command: ")
        .then(|| super::claude::between(said, open, close))?
}
