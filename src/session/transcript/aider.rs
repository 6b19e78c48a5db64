//! aider's `.aider.chat.history.md`: `####` lines are the user's, `>` lines the program's, the
//! rest the model's. Several sessions stand in one file; the last one is told.

use super::Sink;
use super::event::{Action, Call, Change, End, Kind, Outcome, Usage};

/// What every session begins with.
pub const HEAD: &str = "# aider chat started at ";

/// Tells the last session of a history.
pub fn history(text: &str, sink: &mut Sink) {
    let start = text.rfind(&format!("\n{HEAD}")).map_or(0, |at| at + 1);
    let before = text[..start].lines().count() as u32;
    let mut reader = Reader::default();
    for (idx, line) in text[start..].lines().enumerate() {
        sink.place.line = before + idx as u32 + 1;
        reader.line(line, sink);
    }
    reader.end(sink);
}

#[derive(Default)]
struct Reader {
    prompt: String,
    said: String,
    first: u32,
    calls: u32,
}

impl Reader {
    fn line(&mut self, line: &str, sink: &mut Sink) {
        if let Some(words) = line.strip_prefix("#### ") {
            if self.prompt.is_empty() {
                self.end(sink);
                self.first = sink.place.line;
            } else {
                self.prompt.push('\n');
            }
            self.prompt.push_str(words.trim_end());
            return;
        }
        if !self.prompt.is_empty() {
            self.end(sink);
        }
        match line.strip_prefix("> ") {
            Some(told) => {
                self.end(sink);
                self.told(told.trim(), sink);
            }
            None if line.starts_with(HEAD) || (line.trim().is_empty() && self.said.is_empty()) => {}
            None => {
                if self.said.is_empty() {
                    self.first = sink.place.line;
                }
                self.said.push_str(line);
                self.said.push('\n');
            }
        }
    }

    /// Tells what is gathered.
    fn end(&mut self, sink: &mut Sink) {
        let now = sink.place.line;
        let (prompt, said) = (
            std::mem::take(&mut self.prompt),
            std::mem::take(&mut self.said),
        );
        sink.place.line = self.first.max(1);
        if !prompt.is_empty() && !prompt.starts_with('/') {
            sink.prompt(prompt);
        } else if let Some((_, words)) =
            ["/ask ", "/code ", "/architect "]
                .iter()
                .find_map(|command| {
                    prompt
                        .starts_with(command)
                        .then(|| prompt.split_at(command.len()))
                })
        {
            sink.prompt(words.to_owned());
        }
        if !said.trim().is_empty() {
            sink.push(Kind::Said(said));
        }
        sink.place.line = now;
    }

    fn told(&mut self, told: &str, sink: &mut Sink) {
        if let Some(path) = told.strip_prefix("Applied edit to ") {
            self.done(Action::Change(vec![(Change::Edit, path.to_owned())]), sink);
        } else if let Some(path) = told
            .strip_suffix(" to the chat")
            .and_then(|rest| rest.strip_prefix("Added "))
        {
            self.done(Action::Read(path.to_owned()), sink);
        } else if let Some(rest) = told.strip_prefix("Commit ") {
            if let Some((hash, subject)) = rest.split_once(' ')
                && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            {
                sink.push(Kind::Committed {
                    hash: hash.to_owned(),
                    subject: subject.to_owned(),
                });
            }
        } else if let Some(rest) = told.strip_prefix("Tokens: ") {
            self.tokens(rest, sink);
        }
    }

    fn done(&mut self, action: Action, sink: &mut Sink) {
        self.calls += 1;
        let id = format!("aider-{}", self.calls);
        sink.push(Kind::Call(Call {
            id: id.clone(),
            tool: "aider".to_owned(),
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

    /// `4.3k sent, 1.1k cache hit, 308 received.`
    fn tokens(&mut self, told: &str, sink: &mut Sink) {
        let count = |what: &str| {
            let part = told.split(',').find(|part| part.contains(what))?;
            let number = part.split_whitespace().next()?;
            match number.strip_suffix('k') {
                Some(thousands) => Some((thousands.parse::<f64>().ok()? * 1000.0) as u64),
                None => number.parse().ok(),
            }
        };
        self.calls += 1;
        sink.push(Kind::Usage(Usage {
            id: format!("aider-{}", self.calls),
            input: count("sent").unwrap_or(0),
            cache_write: 0,
            cache_read: 0,
            output: count("received").unwrap_or(0),
        }));
    }
}
