//! Facts as lines: each with its section, its place, its text and what it is worth.

use super::facts::{
    Choice, CommandFact, Facts, FileFact, Run, Says, Sort, TaskFact, TestFact, TodoFact, Words,
    clip_to, first_line,
};
use super::transcript::event::{End, Place, TodoState};

/// Where a fact stands in a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What was asked, chosen and found.
    Findings,
    /// What was done.
    Done,
    /// What is broken, the worst first.
    Open,
    /// What was read.
    References,
    /// What comes next.
    Next,
}

impl Section {
    /// All sections in their order.
    pub const ALL: [Section; 5] = [
        Section::Findings,
        Section::Done,
        Section::Open,
        Section::References,
        Section::Next,
    ];

    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Section::Findings => "Findings",
            Section::Done => "Done",
            Section::Open => "Open issues, the worst first",
            Section::References => "References",
            Section::Next => "Action items and next steps",
        }
    }
}

/// One fact, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Where it is shown.
    pub section: Section,
    /// Its kind, as JSON names it.
    pub kind: &'static str,
    /// Where it stands in the transcript.
    pub place: Place,
    /// Orders lines of a section before their places do.
    pub priority: u8,
    /// What text writes before the words, `user`; may be empty.
    pub label: String,
    /// The words.
    pub text: String,
    /// What it is worth beside others.
    pub weight: f32,
    /// Texts of which one must stand in another text that holds this fact.
    pub keys: Vec<String>,
}

impl Line {
    fn new(section: Section, kind: &'static str, place: Place, text: String, weight: f32) -> Line {
        Line {
            section,
            kind,
            place,
            priority: 0,
            label: String::new(),
            keys: vec![text.clone()],
            text,
            weight,
        }
    }

    fn labeled(mut self, label: &str) -> Line {
        label.clone_into(&mut self.label);
        self
    }

    fn priority(mut self, priority: u8) -> Line {
        self.priority = priority;
        self
    }

    fn keys(mut self, keys: Vec<String>) -> Line {
        self.keys = keys;
        self
    }
}

/// All facts as lines, by section, then priority, then place.
pub fn of(facts: &Facts) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(
        facts
            .words
            .iter()
            .enumerate()
            .map(|(idx, words)| word_line(idx, words)),
    );
    lines.extend(facts.choices.iter().map(choice));
    statements(facts, &mut lines);
    lines.extend(facts.files.iter().map(file));
    let runs_on = |run: &Run| matches!(run.end, End::Running(_));
    let ended = facts
        .commands
        .iter()
        .filter(|command| !command.runs.iter().all(runs_on));
    lines.extend(ended.map(command));
    lines.extend(facts.tests.iter().map(test));
    for commit in &facts.commits {
        let hash = if commit.hash.is_empty() {
            "commit"
        } else {
            &commit.hash
        };
        let text = format!("{hash} {}", commit.subject);
        let keys = [commit.hash.clone(), commit.subject.clone()];
        let keys = keys.into_iter().filter(|key| !key.is_empty()).collect();
        let line = Line::new(Section::Done, "commit", commit.place, text, 8.0).keys(keys);
        lines.push(if commit.hash.is_empty() {
            line
        } else {
            line.labeled("commit")
        });
    }
    lines.extend(facts.todos.iter().map(todo));
    // The end of a command that ran in the background stands with the command.
    let is_command = |what: &str| {
        facts
            .commands
            .iter()
            .any(|command| first_line(&command.line) == what)
    };
    let tasks = facts
        .tasks
        .iter()
        .filter(|task| task.end.is_none() || !is_command(&task.what));
    lines.extend(tasks.map(task));
    for error in &facts.errors {
        let text = format!("{}: {}", error.what, error.message);
        lines.push(match error.solved {
            None => Line::new(Section::Open, "tool_error", error.place, text, 4.0).priority(4),
            Some(_) => Line::new(Section::Done, "tool_error", error.place, text, 1.0)
                .labeled("failed, then done:"),
        });
    }
    for (place, about) in &facts.fetched {
        lines.push(
            Line::new(Section::References, "fetched", *place, about.clone(), 2.0)
                .labeled("fetched"),
        );
    }
    for (place, about) in &facts.agents {
        lines.push(
            Line::new(Section::Done, "subagent", *place, about.clone(), 3.0).labeled("subagent:"),
        );
    }
    lines.sort_by_key(|line| (line.section, line.priority, line.place));
    lines
}

fn word_line(idx: usize, words: &Words) -> Line {
    let (kind, label, weight) = match (words.is_correction, idx) {
        (true, _) => ("correction", "user corrects:", 12.0),
        (false, 0) => ("request", "user:", 12.0),
        (false, _) => ("request", "user:", 11.0),
    };
    Line::new(
        Section::Findings,
        kind,
        words.place,
        words.text.clone(),
        weight,
    )
    .labeled(label)
}

fn choice(choice: &Choice) -> Line {
    let about = clip_to(&choice.about, 160);
    let (label, text, weight) = match (choice.is_refusal, choice.words.is_empty()) {
        (false, _) => ("user chose:", format!("{about} → {}", choice.words), 10.0),
        (true, true) => ("user refused:", about, 7.0),
        (true, false) => ("user refused:", format!("{about}: {}", choice.words), 11.0),
    };
    let key = if choice.words.is_empty() {
        &choice.about
    } else {
        &choice.words
    };
    Line::new(Section::Findings, "choice", choice.place, text, weight)
        .labeled(label)
        .keys(vec![key.clone()])
}

fn statements(facts: &Facts, lines: &mut Vec<Line>) {
    for statement in &facts.statements {
        let (kind, label, weight) = match statement.says {
            Says::Decision => ("decision", "decided:", 5.5),
            _ => ("finding", "found:", 3.5),
        };
        let text = statement.text.clone();
        lines
            .push(Line::new(Section::Findings, kind, statement.place, text, weight).labeled(label));
    }
    for next in &facts.next {
        let text = next.text.clone();
        let line = Line::new(Section::Next, "next", next.place, text, 9.0).labeled("next:");
        lines.push(line.priority(3));
    }
    let is_said = |text: &str| facts.next.iter().any(|next| text.contains(&next.text));
    if let Some((place, text)) = &facts.last_words
        && !(is_said(text) && text.len() < 400)
    {
        let line = Line::new(Section::Next, "last_words", *place, text.clone(), 3.0);
        lines.push(line.labeled("last words:").priority(4));
    }
}

fn file(file: &FileFact) -> Line {
    let keys = vec![file.path.clone()];
    let first = |places: Option<&Place>| places.copied().unwrap_or_default();
    match file.state() {
        Some(state) => {
            let place = first(file.changes.first().map(|(place, _)| place));
            Line::new(Section::Done, "file", place, file.path.clone(), 8.0)
                .labeled(state)
                .keys(keys)
        }
        None if !file.changes.is_empty() => {
            let place = first(file.changes.last().map(|(place, _)| place));
            Line::new(Section::Done, "file", place, file.path.clone(), 4.0)
                .labeled("put back")
                .keys(keys)
        }
        None => {
            let place = first(file.reads.first());
            Line::new(Section::References, "read", place, file.path.clone(), 2.0)
                .labeled("read")
                .keys(keys)
        }
    }
}

/// How a run ended, in words.
fn ended(run: &Run) -> String {
    let mut text = match &run.end {
        End::Unknown => "end unknown".to_owned(),
        End::Ok | End::Exited(0) => "ok".to_owned(),
        End::Exited(status) => format!("exit {status}"),
        End::Failed => "failed".to_owned(),
        End::TimedOut => "timed out".to_owned(),
        End::Cancelled => "cancelled".to_owned(),
        End::Refused(_) => "refused".to_owned(),
        End::Running(id) => format!("running as {id}"),
    };
    if run.hides_failure {
        text.push_str(", but its output tells of a failure");
    }
    if run.is_bad() && !run.error.is_empty() {
        text.push_str(": ");
        text.push_str(&run.error);
    }
    text
}

fn command(command: &CommandFact) -> Line {
    let name = first_line(&command.line);
    let last = command.runs.last();
    let place = last.map(|run| run.place).unwrap_or_default();
    let bad: Vec<&Run> = command.runs.iter().filter(|run| run.is_bad()).collect();
    let is_bad = last.is_some_and(Run::is_bad);
    let keys = vec![clip_to(&command.line, 60).trim_end_matches('…').to_owned()];
    let told = bad.iter().rev().find(|run| !run.error.is_empty());
    let Some(worst) = told.or(bad.last()) else {
        let text = format!("{name}: {}", last.map(ended).unwrap_or_default());
        let weight = match command.sort {
            Sort::Look => 0.8,
            // What a patch changed is told file by file.
            _ if command.line.starts_with("apply") => 0.8,
            Sort::Other => 3.5,
            Sort::Check | Sort::Test => 4.0,
        };
        return Line::new(Section::Done, "command", place, text, weight)
            .labeled("ran")
            .keys(keys);
    };
    let mut text = format!("{name}: {}", ended(worst));
    if bad.len() > 1 {
        text.push_str(&format!(" ({} times)", bad.len()));
    }
    if command.sort == Sort::Look {
        return Line::new(Section::Done, "failed_command", worst.place, text, 5.0)
            .labeled("ran")
            .keys(keys);
    }
    if is_bad && command.solved.is_none() {
        let priority = if command.sort >= Sort::Check { 1 } else { 2 };
        return Line::new(Section::Open, "failed_command", worst.place, text, 10.0)
            .priority(priority)
            .keys(keys);
    }
    let later = command.solved.or(last.map(|run| run.place));
    let then = match (last, later) {
        (Some(last), _) if !is_bad => format!("; then #L{} {}", last.place.line, ended(last)),
        (_, Some(place)) => format!("; solved #L{}", place.line),
        _ => String::new(),
    };
    text.push_str(&then);
    Line::new(Section::Done, "failed_command", worst.place, text, 8.0)
        .labeled("ran")
        .keys(keys)
}

fn test(test: &TestFact) -> Line {
    let message = if test.message.is_empty() || test.message == test.name {
        String::new()
    } else {
        format!(": {}", test.message)
    };
    let keys = vec![test.name.clone()];
    match test.passed {
        None => Line::new(
            Section::Open,
            "failing_test",
            test.failed,
            format!("{}{message}", test.name),
            10.0,
        )
        .labeled("test fails:")
        .keys(keys),
        Some(passed) => Line::new(
            Section::Done,
            "fixed_test",
            test.failed,
            format!("{} failed, passed #L{}", test.name, passed.line),
            8.0,
        )
        .labeled("test")
        .keys(keys),
    }
}

fn todo(todo: &TodoFact) -> Line {
    let (section, state, weight, priority) = match todo.state {
        TodoState::Active => (Section::Next, "to-do, begun", 8.0, 1),
        TodoState::Pending => (Section::Next, "to-do", 8.0, 2),
        TodoState::Done => (Section::Done, "to-do done", 4.0, 0),
        TodoState::Dropped => (Section::Done, "to-do dropped", 2.0, 0),
    };
    let label = match todo.changed {
        Some(place) => format!("{state} #L{}:", place.line),
        None => format!("{state}:"),
    };
    Line::new(section, "todo", todo.place, todo.text.clone(), weight)
        .labeled(&label)
        .priority(priority)
}

fn task(task: &TaskFact) -> Line {
    match &task.end {
        None => Line::new(
            Section::Open,
            "task",
            task.place,
            format!("{} ({})", task.what, task.id),
            8.0,
        )
        .labeled("still running, as far as is told:")
        .priority(5)
        .keys(vec![task.id.clone(), task.what.clone()]),
        Some(end) => {
            let run = Run {
                place: task.place,
                end: end.clone(),
                error: String::new(),
                hides_failure: false,
            };
            let text = format!("{} ({}): {}", task.what, task.id, ended(&run));
            Line::new(Section::Done, "task", task.place, text, 3.0)
                .labeled("background")
                .keys(vec![task.id.clone(), task.what.clone()])
        }
    }
}
