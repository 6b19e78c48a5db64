//! A model that writes a summary: a command with the prompt on its standard input, or an
//! endpoint with OpenAI's chat completions, asked through the `curl` program. Used only when
//! asked for; knows nothing of what it is sent.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Most bytes read of an answer.
const MOST_BYTES: u64 = 1 << 20;

/// Whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A command line for the shell.
    Command(String),
    /// An endpoint.
    Endpoint {
        /// Up to and including the version: `https://api.openai.com/v1`.
        base_url: String,
        /// The model's name there.
        model: String,
        /// The key, where one is needed.
        key: Option<String>,
    },
}

/// A model and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summarizer {
    /// Whom to ask.
    pub source: Source,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Why there is no answer. Holds no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The program could not be started.
    #[error("`{0}` cannot be run: {1}")]
    NoProgram(&'static str, String),
    /// It took too long.
    #[error("no answer within {0} s")]
    TimedOut(u64),
    /// It ended with an error.
    #[error("it failed with {0}{1}")]
    Failed(String, String),
    /// Its answer is not one.
    #[error("its answer is no chat completion: {0}")]
    NoCompletion(String),
    /// It answered nothing.
    #[error("its answer is empty")]
    Empty,
}

impl Summarizer {
    /// Who answers, for the reader.
    pub fn name(&self) -> String {
        match &self.source {
            Source::Command(command) => format!("`{command}`"),
            Source::Endpoint { model, .. } => model.clone(),
        }
    }

    /// The answer to `prompt`.
    ///
    /// # Errors
    /// Any [`Problem`].
    pub fn ask(&self, prompt: &str) -> Result<String, Problem> {
        let answer = match &self.source {
            Source::Command(command) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", command]);
                self.run("sh", shell, prompt.as_bytes().to_vec(), None)?
            }
            Source::Endpoint {
                base_url,
                model,
                key,
            } => {
                let mut curl = Command::new("curl");
                // The key and the prompt travel on standard input: arguments can be seen by others.
                curl.args(["--disable", "--config", "-"]);
                let config = self.curl_config(base_url, model, key.as_deref(), prompt);
                completion(&self.run("curl", curl, config.into_bytes(), key.as_deref())?)?
            }
        };
        let answer = answer.trim();
        if answer.is_empty() {
            return Err(Problem::Empty);
        }
        Ok(answer.to_owned())
    }

    fn curl_config(&self, base_url: &str, model: &str, key: Option<&str>, prompt: &str) -> String {
        let body = serde_json::json!({
            "model": model,
            "messages": [{ "role": "user", "content": prompt }],
            "stream": false,
        });
        let url = format!("{}/chat/completions", base_url.trim_end_matches('/'));
        let mut config = String::from("silent\nshow-error\nfail-with-body\n");
        let mut option = |name: &str, value: &str| {
            config.push_str(&format!("{name} = \"{}\"\n", escaped(value)));
        };
        option("url", &url);
        option("proto", "=http,https");
        option("max-time", &self.timeout.as_secs().max(1).to_string());
        option("header", "Content-Type: application/json");
        if let Some(key) = key {
            option("header", &format!("Authorization: Bearer {key}"));
        }
        option("data-binary", &body.to_string());
        config
    }

    /// Runs a program to its end or to the end of its time; then nothing of it is left.
    fn run(
        &self,
        program: &'static str,
        mut command: Command,
        input: Vec<u8>,
        key: Option<&str>,
    ) -> Result<String, Problem> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .map_err(|error| Problem::NoProgram(program, error.to_string()))?;
        let mut stdin = child.stdin.take().expect("standard input is piped");
        // It may end without having read all of it.
        thread::spawn(move || drop(stdin.write_all(&input)));
        let (sender, answers) = mpsc::channel();
        let stdout = child.stdout.take().expect("standard output is piped");
        let stderr = child.stderr.take().expect("standard error is piped");
        let to = sender.clone();
        thread::spawn(move || drop(to.send((true, read_all(stdout)))));
        thread::spawn(move || drop(sender.send((false, read_all(stderr)))));
        let (mut answer, mut complaint) = (String::new(), String::new());
        for _ in 0..2 {
            match answers.recv_timeout(self.timeout) {
                Ok((true, text)) => answer = text,
                Ok((false, text)) => complaint = text,
                Err(_) => {
                    end(&mut child);
                    return Err(Problem::TimedOut(self.timeout.as_secs()));
                }
            }
        }
        // Both its outputs are closed: it has ended, or has nothing more to say.
        let status = match wait(&mut child, self.timeout) {
            Some(status) => status,
            None => {
                end(&mut child);
                return Err(Problem::TimedOut(self.timeout.as_secs()));
            }
        };
        if status.success() {
            return Ok(answer);
        }
        let told = [complaint.trim(), answer.trim()].join(" ");
        let told = key.map_or(told.clone(), |key| told.replace(key, "…"));
        let told = crate::secrets::redact(&told).into_owned();
        let told: String = told
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(200)
            .collect();
        let told = if told.is_empty() {
            told
        } else {
            format!(": {told}")
        };
        Err(Problem::Failed(status.to_string(), told))
    }
}

fn wait(child: &mut std::process::Child, most: Duration) -> Option<std::process::ExitStatus> {
    let started = std::time::Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if started.elapsed() < most => thread::sleep(Duration::from_millis(2)),
            _ => return None,
        }
    }
}

/// Ends a program and all that it started in its group.
fn end(child: &mut std::process::Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        // Best effort: it may have ended by itself.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn read_all(from: impl std::io::Read) -> String {
    let mut bytes = Vec::new();
    // What was read before an error is the answer; its status tells whether it is whole.
    let _ = from.take(MOST_BYTES).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text of a chat completion.
fn completion(answer: &str) -> Result<String, Problem> {
    let json: serde_json::Value =
        serde_json::from_str(answer).map_err(|error| Problem::NoCompletion(error.to_string()))?;
    let content = json
        .pointer("/choices/0/message/content")
        .and_then(serde_json::Value::as_str);
    content
        .map(str::to_owned)
        .ok_or_else(|| Problem::NoCompletion("it has no choices[0].message.content".to_owned()))
}

/// A value in the quotes of curl's configuration.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c => escaped.push(c),
        }
    }
    escaped
}
