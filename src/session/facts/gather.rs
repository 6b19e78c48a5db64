//! The fold from events to facts.

use super::effects;
use super::outcome;
use super::said::{self, Says};
use super::shell::{self, After, Simple};
use super::sort::{self, Sort};
use super::tests_run;
use super::{
    Choice, CommandFact, Commit, Compaction, Facts, FileFact, Run, Statement, TaskFact, TodoFact,
    ToolError, Words,
};
use crate::session::redact;
use crate::session::transcript::event::{
    Action, Call, Change, End, Event, Kind, Outcome, Place, Todo, TodoState,
};
use std::collections::HashMap;

/// Takes events in order; [`Gatherer::finish`] gives the facts.
#[derive(Clone, Default)]
pub struct Gatherer {
    facts: Facts,
    calls: HashMap<String, (Place, Call, bool)>,
    commands: HashMap<String, usize>,
    files: HashMap<String, usize>,
    /// The command and the run that a background task belongs to.
    task_runs: HashMap<String, (usize, usize)>,
    cwd: Option<String>,
    was_stopped: bool,
}

impl Gatherer {
    /// Nothing known yet.
    pub fn new() -> Gatherer {
        Gatherer::default()
    }

    /// Takes the next event. `cwd` is the folder of the session as far as it is known.
    pub fn take(&mut self, event: &Event) {
        let place = event.place;
        match &event.kind {
            Kind::Prompt(text) if !event.is_aside => self.prompt(place, text),
            Kind::Answered { question, answer } => self.facts.choices.push(Choice {
                place,
                about: question.clone(),
                words: answer.clone(),
                is_refusal: false,
            }),
            Kind::Interrupted if !event.is_aside => self.was_stopped = true,
            Kind::Said(text) if !event.is_aside => self.said(place, text),
            Kind::Call(call) => self.call(place, call, event.is_aside),
            Kind::Outcome(outcome) => self.outcome(place, outcome),
            Kind::Committed { hash, subject } => self.facts.commits.push(Commit {
                place,
                hash: hash.clone(),
                subject: subject.clone(),
            }),
            Kind::Task { id, end } => self.task_ended(id, end, place, ""),
            Kind::Compacted { .. } if !event.is_aside => {
                self.facts.compactions.push(Compaction {
                    place,
                    text: String::new(),
                });
            }
            Kind::CompactionText(text) if !event.is_aside => self.compaction_text(place, text),
            Kind::About(about) if self.cwd.is_none() => self.cwd.clone_from(&about.cwd),
            _ => {}
        }
    }

    /// The facts, with secrets blotted out.
    pub fn finish(mut self) -> Facts {
        let mut open: Vec<(Place, Call, bool)> = self.calls.drain().map(|(_, open)| open).collect();
        open.sort_by_key(|(place, _, _)| *place);
        for (place, call, _) in open {
            if let Action::Command { line, .. } = &call.action {
                self.ran(place, line, End::Unknown, outcome::Told::default());
            }
        }
        redact::redact_facts(&mut self.facts);
        self.facts
    }

    fn prompt(&mut self, place: Place, text: &str) {
        let is_first = self.facts.words.is_empty();
        let is_correction = !is_first && (self.was_stopped || said::is_correction(text));
        self.was_stopped = false;
        self.facts.words.push(Words {
            place,
            text: text.trim().to_owned(),
            is_correction,
        });
    }

    fn compaction_text(&mut self, place: Place, text: &str) {
        match self.facts.compactions.last_mut() {
            Some(last) if last.text.is_empty() => last.text = text.to_owned(),
            _ => self.facts.compactions.push(Compaction {
                place,
                text: text.to_owned(),
            }),
        }
    }

    fn said(&mut self, place: Place, text: &str) {
        let told = said::read(text);
        let (next, other): (Vec<_>, Vec<_>) =
            told.into_iter().partition(|(says, _)| *says == Says::Next);
        let statement = |(says, text)| Statement { place, says, text };
        if !next.is_empty() {
            self.facts.next = next.into_iter().map(statement).collect();
        }
        for statement in other.into_iter().map(statement) {
            let is_new = |known: &Statement| known.text != statement.text;
            if self.facts.statements.iter().all(is_new) {
                self.facts.statements.push(statement);
            }
        }
        if !text.trim().is_empty() {
            self.facts.last_words = Some((place, text.trim().to_owned()));
        }
    }

    fn call(&mut self, place: Place, call: &Call, is_aside: bool) {
        let open = (place, call.clone(), is_aside);
        if let Some((place, call, _)) = self.calls.insert(call.id.clone(), open)
            && let Action::Command { line, .. } = &call.action
        {
            // Never answered: another call took its id.
            self.ran(place, line, End::Unknown, outcome::Told::default());
        }
    }

    fn outcome(&mut self, place: Place, outcome: &Outcome) {
        let Some((called, call, _)) = self.calls.remove(&outcome.id) else {
            return;
        };
        if let End::Refused(words) = &outcome.end {
            self.was_stopped = true;
            return self.facts.choices.push(Choice {
                place,
                about: brief(&call),
                words: words.clone(),
                is_refusal: true,
            });
        }
        match &call.action {
            Action::Command { line, .. } => self.command(place, line, &call, outcome),
            Action::Poll(id) => {
                if !matches!(
                    outcome.end,
                    End::Running(_) | End::Unknown | End::Ok | End::Failed
                ) {
                    self.task_ended(id, &outcome.end, place, output(outcome));
                }
            }
            Action::Stop(id) if !outcome.end.is_failure() => {
                self.task_ended(id, &End::Cancelled, place, "");
            }
            _ if outcome.end.is_failure() => self.tool_failed(place, &call, outcome),
            action => {
                self.tool_succeeded(place, &call);
                self.act(called, action, &call, outcome);
            }
        }
    }

    /// What a tool did that went well.
    fn act(&mut self, place: Place, action: &Action, call: &Call, outcome: &Outcome) {
        let folder = call.folder.as_deref();
        match action {
            Action::Read(path) => {
                let file = self.file(path, folder);
                self.facts.files[file].reads.push(place);
            }
            Action::Change(changes) => {
                for (change, path) in changes {
                    let told = outcome.change.filter(|_| *change == Change::Write);
                    self.changed(place, Some(told.unwrap_or(*change)), path, folder);
                }
            }
            Action::Todos(todos) => self.todos(place, todos),
            Action::AddTodo(text) => self.facts.todos.push(TodoFact {
                place,
                text: text.clone(),
                state: TodoState::Pending,
                changed: None,
                id: added_id(&outcome.text),
            }),
            Action::SetTodo { id, state, text } => self.set_todo(place, id, *state, text.as_ref()),
            Action::Plan(plan) => {
                let first = plan.lines().map(|line| line.trim_matches(['#', ' ', '*']));
                let title = first.into_iter().find(|line| !line.is_empty());
                self.facts.statements.push(Statement {
                    place,
                    says: Says::Decision,
                    text: format!("plan approved: {}", said::clip(title.unwrap_or("(empty)"))),
                });
            }
            Action::Agent(about) => {
                if let End::Running(id) = &outcome.end {
                    self.started(
                        place,
                        id,
                        &format!("subagent: {}", said::clip_to(about, 120)),
                    );
                }
                self.facts.agents.push((place, said::clip_to(about, 200)));
            }
            Action::Fetch(about) => self.facts.fetched.push((place, said::clip_to(about, 200))),
            _ => {}
        }
    }

    fn command(&mut self, place: Place, line: &str, call: &Call, outcome: &Outcome) {
        let text = output(outcome);
        let parts = shell::parse(line);
        let sort = sort::of(line);
        let told = outcome::read(line, sort, &outcome.end, text);
        if !matches!(outcome.end, End::Cancelled | End::Refused(_)) {
            self.effects(place, &parts, call.folder.as_deref(), &outcome.end);
            self.commits(place, &parts, text, &outcome.end);
            if parts.iter().any(|part| part.program() == "git") {
                self.known_as_new(text);
            }
        }
        let (command, run) = self.ran(place, line, outcome.end.clone(), told);
        if let End::Running(id) = &outcome.end {
            self.started(place, id, &first_line(line));
            self.task_runs.insert(id.clone(), (command, run));
        }
    }

    /// Records a run of a command, and what it tells of tests.
    fn ran(&mut self, place: Place, line: &str, end: End, told: outcome::Told) -> (usize, usize) {
        let key = key(line);
        let at = match self.commands.get(&key) {
            Some(at) => *at,
            None => {
                self.facts.commands.push(CommandFact {
                    line: line.trim().to_owned(),
                    key: key.clone(),
                    sort: sort::of(line),
                    runs: Vec::new(),
                    solved: None,
                });
                self.commands.insert(key, self.facts.commands.len() - 1);
                self.facts.commands.len() - 1
            }
        };
        let run = Run {
            place,
            hides_failure: told.tells_of_failure && !end.is_failure(),
            end,
            error: said::clip_to(&told.error, 200),
        };
        tests_run::update(&mut self.facts.tests, &run, line, &told);
        if run.end.is_success() && !run.hides_failure {
            solve(&mut self.facts.commands, line, place);
        }
        let command = &mut self.facts.commands[at];
        command.runs.push(run);
        (at, command.runs.len() - 1)
    }

    fn started(&mut self, place: Place, id: &str, what: &str) {
        if self
            .facts
            .tasks
            .iter()
            .all(|task| task.id != id || task.end.is_some())
        {
            self.facts.tasks.push(TaskFact {
                place,
                id: id.to_owned(),
                what: what.to_owned(),
                end: None,
            });
        }
    }

    fn task_ended(&mut self, id: &str, end: &End, place: Place, text: &str) {
        let task = self.facts.tasks.iter_mut().rev().find(|task| task.id == id);
        if let Some(task) = task.filter(|task| task.end.is_none()) {
            task.end = Some(end.clone());
            task.place = place;
        }
        let Some((command, run)) = self.task_runs.remove(id) else {
            return;
        };
        let line = self.facts.commands[command].line.clone();
        let told = outcome::read(&line, self.facts.commands[command].sort, end, text);
        let known = &mut self.facts.commands[command].runs[run];
        known.place = place;
        known.end = end.clone();
        known.error = said::clip_to(&told.error, 200);
        known.hides_failure = told.tells_of_failure && !end.is_failure();
        let known = known.clone();
        tests_run::update(&mut self.facts.tests, &known, &line, &told);
    }

    /// What a command line did to files. Of a chain that failed, the last part is the one that
    /// may not have been run; its output went where it was sent all the same.
    fn effects(&mut self, place: Place, parts: &[Simple], folder: Option<&str>, end: &End) {
        let mut folder = folder.map(str::to_owned);
        for (idx, part) in parts.iter().enumerate() {
            if part.program() == "cd" && part.after != After::Pipe {
                let to = part.operands().next().unwrap_or("~");
                let from = folder.as_deref().or(self.cwd.as_deref());
                folder = Some(join(from.unwrap_or(""), to));
                continue;
            }
            let is_doubtful = end.is_failure() && idx + 1 == parts.len();
            let effects = match is_doubtful {
                true => effects::outputs(part),
                false => effects::of(part),
            };
            for effect in effects {
                self.changed(place, effect.change, &effect.path, folder.as_deref());
            }
            if end.is_success() && sort::of_simple(part) == Sort::Look {
                for path in effects::shown(part) {
                    let file = self.file(path, folder.as_deref());
                    self.facts.files[file].reads.push(place);
                }
            }
        }
    }

    fn commits(&mut self, place: Place, parts: &[Simple], text: &str, end: &End) {
        let commits = parts
            .iter()
            .filter(|part| part.program() == "git" && part.operands().any(|word| word == "commit"));
        let mut printed = text.lines().filter_map(printed_commit);
        for part in commits {
            let (hash, subject) = match printed.next() {
                Some(printed) => printed,
                None if end.is_success() && part.run().iter().all(|word| word != "--dry-run") => {
                    (String::new(), message(part).unwrap_or_default())
                }
                None => continue,
            };
            if !(hash.is_empty() && subject.is_empty()) {
                self.facts.commits.push(Commit {
                    place,
                    hash,
                    subject,
                });
            }
        }
    }

    /// `create mode 100644 path`, `?? path`, `A  path`: git says that a file that was written is
    /// new.
    fn known_as_new(&mut self, text: &str) {
        for line in text.lines() {
            let line = line.trim_end();
            let path = line
                .trim_start()
                .strip_prefix("create mode ")
                .and_then(|rest| Some(rest.split_once(' ')?.1))
                .or_else(|| line.strip_prefix("?? "))
                .or_else(|| line.strip_prefix("A  "))
                .or_else(|| line.trim_start().strip_prefix("new file:   "));
            let Some(at) = path.and_then(|path| self.files.get(path)) else {
                continue;
            };
            let first = self.facts.files[*at].changes.first_mut();
            if let Some((_, change)) = first
                && *change == Some(Change::Write)
            {
                *change = Some(Change::Create);
            }
        }
    }

    fn changed(&mut self, place: Place, change: Option<Change>, path: &str, folder: Option<&str>) {
        let file = self.file(path, folder);
        self.facts.files[file].changes.push((place, change));
    }

    /// The file at `path`, as it is written by a tool called in `folder`.
    fn file(&mut self, path: &str, folder: Option<&str>) -> usize {
        let path = self.relative(path, folder);
        if let Some(at) = self.files.get(&path) {
            return *at;
        }
        self.facts.files.push(FileFact {
            path: path.clone(),
            reads: Vec::new(),
            changes: Vec::new(),
        });
        self.files.insert(path, self.facts.files.len() - 1);
        self.facts.files.len() - 1
    }

    fn relative(&self, path: &str, folder: Option<&str>) -> String {
        let Some(cwd) = &self.cwd else {
            return path.strip_prefix("./").unwrap_or(path).to_owned();
        };
        let whole = join(folder.unwrap_or(cwd), path);
        match whole
            .strip_prefix(cwd.as_str())
            .map(|rest| rest.strip_prefix('/'))
        {
            Some(Some(rest)) if !rest.is_empty() => rest.to_owned(),
            _ => whole,
        }
    }

    fn todos(&mut self, place: Place, todos: &[Todo]) {
        for known in &mut self.facts.todos {
            let is_listed = todos.iter().any(|todo| todo.text == known.text);
            if !is_listed && matches!(known.state, TodoState::Pending | TodoState::Active) {
                known.state = TodoState::Dropped;
                known.place = place;
            }
        }
        for todo in todos {
            match self
                .facts
                .todos
                .iter_mut()
                .find(|known| known.text == todo.text)
            {
                Some(known) if known.state == todo.state => {}
                Some(known) => {
                    known.state = todo.state;
                    known.place = place;
                }
                None => self.facts.todos.push(TodoFact {
                    place,
                    text: todo.text.clone(),
                    state: todo.state,
                    changed: None,
                    id: String::new(),
                }),
            }
        }
    }

    fn set_todo(
        &mut self,
        place: Place,
        id: &str,
        state: Option<TodoState>,
        text: Option<&String>,
    ) {
        let Some(todo) = self.facts.todos.iter_mut().find(|todo| todo.id == id) else {
            return;
        };
        todo.changed = Some(place);
        todo.state = state.unwrap_or(todo.state);
        if let Some(text) = text {
            todo.text.clone_from(text);
            todo.place = place;
        }
    }

    fn tool_failed(&mut self, place: Place, call: &Call, outcome: &Outcome) {
        let text = outcome.text.trim_start_matches("<tool_use_error>");
        let text = text.trim_end_matches("</tool_use_error>");
        let line = text.lines().find(|line| !line.trim().is_empty());
        self.facts.errors.push(ToolError {
            place,
            what: brief(call),
            message: said::clip_to(line.unwrap_or("").trim(), 200),
            solved: None,
        });
    }

    fn tool_succeeded(&mut self, place: Place, call: &Call) {
        if self.facts.errors.is_empty() {
            return;
        }
        let what = brief(call);
        let open = self
            .facts
            .errors
            .iter_mut()
            .filter(|error| error.solved.is_none());
        for error in open.filter(|error| error.what == what) {
            error.solved = Some(place);
        }
    }
}

/// The most complete output there is.
fn output(outcome: &Outcome) -> &str {
    outcome.whole.as_deref().unwrap_or(&outcome.text)
}

/// A call in a few words.
fn brief(call: &Call) -> String {
    let about = match &call.action {
        Action::Command { line, .. } => return first_line(line),
        Action::Read(path) | Action::Look(path) | Action::Fetch(path) => path.clone(),
        Action::Change(changes) => changes
            .first()
            .map_or(String::new(), |(_, path)| path.clone()),
        Action::Agent(about) | Action::Other(about) | Action::Plan(about) => about.clone(),
        _ => String::new(),
    };
    let about = said::clip_to(about.lines().next().unwrap_or(""), 100);
    format!("{} {about}", call.tool).trim_end().to_owned()
}

/// The first line of a command line, marked if there are more.
pub fn first_line(line: &str) -> String {
    let line = line.trim();
    let first = line.lines().next().unwrap_or("").trim_end();
    let clipped = said::clip_to(first.trim_end_matches('\\'), 160);
    match first.len() == line.len() || clipped.ends_with('…') {
        true => clipped,
        false => format!("{clipped} …"),
    }
}

/// What makes two command lines the same command: the words of its programs, without what only
/// cuts or redirects their output.
fn key(line: &str) -> String {
    let parts = shell::parse(line);
    let first = parts.iter().filter(|part| !part.is_piped);
    let words: Vec<String> = first
        .filter(|part| !matches!(part.program(), "cd" | "echo" | "true" | "set" | "export"))
        .map(|part| {
            let outputs = part.outputs.iter().filter(|path| *path != "/dev/null");
            let outputs: String = outputs.map(|path| format!(" > {path}")).collect();
            format!("{}{outputs}{}", part.run().join(" "), part.bodies.concat())
        })
        .collect();
    match words.is_empty() {
        true => line.trim().to_owned(),
        false => words.join(" ; "),
    }
}

/// Marks commands that failed and of which `line`, that went well, is a part or a repetition.
fn solve(commands: &mut [CommandFact], line: &str, place: Place) {
    let key = key(line);
    let program = |key: &str| key.split(' ').next().unwrap_or("").to_owned();
    let compiles = |key: &str| matches!(program(key).as_str(), "cargo" | "go");
    for command in commands {
        let is_open = command.runs.last().is_some_and(Run::is_bad) && command.solved.is_none();
        let is_same_compiler = compiles(&key)
            && program(&key) == program(&command.key)
            && command.sort == Sort::Check
            && sort::of(line) >= Sort::Check;
        if is_open && (command.key == key || is_same_compiler) {
            command.solved = Some(place);
        } else if command.runs.last().is_some_and(|run| !run.is_bad()) {
            command.solved = None;
        }
    }
}

/// `[main 1a2b3c4] subject`, as `git commit` prints it.
fn printed_commit(line: &str) -> Option<(String, String)> {
    let (head, subject) = line.trim().strip_prefix('[')?.split_once("] ")?;
    let hash = head.rsplit(' ').next()?;
    let is_hash =
        hash.len() >= 4 && hash.len() <= 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hash && head.contains(' ')).then(|| (hash.to_owned(), subject.trim().to_owned()))
}

/// The message given with `-m`.
fn message(part: &Simple) -> Option<String> {
    let words = part.run();
    let at = words.iter().position(|word| {
        word == "--message"
            || (word.starts_with('-') && !word.starts_with("--") && word.ends_with('m'))
    })?;
    let first = words.get(at + 1)?.lines().next()?.trim();
    (!first.starts_with("$(")).then(|| first.to_owned())
}

/// `Task #3 created` names the id of a new to-do.
fn added_id(text: &str) -> String {
    let rest = text.split_once('#').map_or("", |(_, rest)| rest);
    rest.chars().take_while(char::is_ascii_digit).collect()
}

/// `path` seen from `folder`, without `.` and `..`.
fn join(folder: &str, path: &str) -> String {
    let whole = match path.starts_with('/') || path.starts_with('~') || folder.is_empty() {
        true => path.to_owned(),
        false => format!("{folder}/{path}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if whole.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
