//! `ctx session`: recorded sessions against what is known to be true of them, every format, and
//! the state that survives a session.

use crate::corpus;
use crate::sandbox::{Sandbox, says};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const BUDGETS: [usize; 3] = [500, 1000, 2000];

/// A sandbox with the transcript of a case.
fn sandbox_of(case: &Path) -> Sandbox {
    let sandbox = Sandbox::new("");
    copy(case, &sandbox.root());
    sandbox
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, target).unwrap()),
        }
    }
}

fn summarize(sandbox: &Sandbox, budget: usize) -> String {
    sandbox.shows(&format!(
        "session summarize --transcript transcript.jsonl --budget {budget}"
    ))
}

/// Words alone, with single blanks between them.
fn words(text: &str) -> String {
    let text = text.replace("\\n", " ");
    let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The facts of a summary: each with the lines that belong to it.
fn entries(summary: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in summary.lines() {
        let is_new = line.trim_start().starts_with('#') || !line.starts_with(' ');
        match entries.last_mut() {
            Some(last) if !is_new => {
                last.push(' ');
                last.push_str(line);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    entries
}

/// Whether one entry tells a fact: all its parts, of each one of its forms.
fn tells(entries: &[String], parts: &[Value]) -> bool {
    entries.iter().any(|entry| {
        parts.iter().all(|part| {
            let part = part.as_str().unwrap();
            let is_choice = part.contains('|') && !part.contains(' ');
            match is_choice {
                true => part.split('|').any(|form| entry.contains(&words(form))),
                false => entry.contains(&words(part)),
            }
        })
    })
}

#[test]
fn recorded_sessions_keep_what_is_true_and_tell_nothing_else() {
    let mut weights: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let mut problems = Vec::new();
    for case in corpus::cases("session") {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let truth: Value =
            serde_json::from_str(&fs::read_to_string(case.join("truth.json")).unwrap()).unwrap();
        let sandbox = sandbox_of(&case);
        for budget in BUDGETS {
            let summary = summarize(&sandbox, budget);
            let told: Vec<String> = entries(&summary).iter().map(|entry| words(entry)).collect();
            let sum = weights.entry(budget).or_default();
            for fact in truth["facts"].as_array().unwrap() {
                let weight = fact["weight"].as_f64().unwrap();
                sum.1 += weight;
                match tells(&told, fact["parts"].as_array().unwrap()) {
                    true => sum.0 += weight,
                    false => problems.push(format!("{name} at {budget}: {fact}")),
                }
            }
            for decoy in truth["decoys"].as_array().unwrap() {
                let decoy = decoy.as_str().unwrap();
                assert!(
                    !summary.contains(decoy),
                    "{name} at {budget} tells `{decoy}`:\n{summary}"
                );
            }
            traced(&name, &case, &summary);
        }
    }
    let reached = |budget| weights[&budget].0 / weights[&budget].1;
    let missing = problems.join("\n");
    assert!(reached(500) >= 0.80, "{} at 500:\n{missing}", reached(500));
    assert!(
        reached(1000) >= 0.95,
        "{} at 1000:\n{missing}",
        reached(1000)
    );
    assert!(
        reached(2000) >= 1.0,
        "{} at 2000:\n{missing}",
        reached(2000)
    );
}

/// Words that a summary adds to those of the session.
const OWN: &[&str] = &[
    "user",
    "corrects",
    "chose",
    "refused",
    "decided",
    "found",
    "created",
    "then",
    "deleted",
    "wrote",
    "edited",
    "read",
    "exit",
    "failed",
    "times",
    "solved",
    "test",
    "fails",
    "passed",
    "commit",
    "next",
    "last",
    "words",
    "begun",
    "done",
    "dropped",
    "background",
    "still",
    "running",
    "told",
    "fetched",
    "subagent",
    "unknown",
    "cancelled",
    "timed",
    "secret",
    "output",
    "tells",
    "failure",
    "back",
    "plan",
    "approved",
    "redacted",
    "github",
    "token",
    "value",
];

/// Every line of a summary names a line of the transcript that holds its words, or the call
/// that this one answers.
fn traced(name: &str, case: &Path, summary: &str) {
    let text = fs::read_to_string(case.join("transcript.jsonl")).unwrap();
    let rows: Vec<String> = text.lines().map(|row| row.to_lowercase()).collect();
    for entry in entries(summary) {
        let Some(rest) = entry.trim_start().strip_prefix("#L") else {
            continue;
        };
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap();
        let at: usize = rest[..digits].parse().unwrap();
        let row = rows
            .get(at - 1)
            .unwrap_or_else(|| panic!("{name}: no line {at}"));
        let ids = row.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let ids: Vec<&str> = ids
            .filter(|id| id.starts_with("toolu_") || id.starts_with("call_"))
            .collect();
        let belongs = |other: &&String| ids.iter().any(|id| other.contains(id));
        let held: String = rows
            .iter()
            .filter(|other| *other == row || belongs(other))
            .map(|row| words(&row.replace("\\\"", "\"").replace("\\t", " ")))
            .collect::<Vec<_>>()
            .join(" ");
        for word in words(&rest[digits..].to_lowercase()).split(' ') {
            let is_own = OWN.contains(&word) || word.len() < 4 || word.starts_with('l');
            assert!(
                is_own || held.contains(word),
                "{name}: `{word}` is not at line {at}: {entry}"
            );
        }
    }
}

#[test]
fn a_summary_keeps_its_budget_and_its_beginning() {
    let case = corpus::cases("session")
        .into_iter()
        .find(|case| case.ends_with("claude-corrections"))
        .unwrap();
    let sandbox = sandbox_of(&case);
    for budget in [150, 300, 500, 1000] {
        let shown = sandbox.json(&format!(
            "session summarize --transcript transcript.jsonl --budget {budget}"
        ));
        assert!(shown["tokens"].as_u64().unwrap() <= budget, "{shown}");
        let first = &shown["items"][0]["items"][0];
        assert_eq!(shown["items"][0]["signature"], "Findings");
        assert_eq!(first["path"], "session#L3");
        assert_eq!(
            first["signature"],
            "user: Add a greeting module with a function greet(name)."
        );
    }
    let whole = summarize(&sandbox, 2000);
    assert_eq!(whole, summarize(&sandbox, 2000));
    let text = fs::read_to_string(case.join("transcript.jsonl")).unwrap();
    let last = text
        .lines()
        .position(|row| row.contains("Actually the greeting must end"))
        .unwrap();
    let before: String = text
        .lines()
        .take(last)
        .map(|row| format!("{row}\n"))
        .collect();
    sandbox.write("transcript.jsonl", before);
    let shorter = summarize(&sandbox, 2000);
    let findings = shorter.split("\nDone\n").next().unwrap();
    assert!(findings.lines().count() >= 3, "{findings}");
    assert!(whole.starts_with(findings), "{findings}\n---\n{whole}");
}

#[test]
fn usage_is_counted_once_for_each_message() {
    let row = |uuid: &str, id: &str, output: u32, block: &str| {
        format!(
            "{{\"type\":\"assistant\",\"uuid\":\"{uuid}\",\"sessionId\":\"s\",\"requestId\":\"r{id}\",\"message\":{{\"id\":\"{id}\",\"model\":\"claude-opus-4-6\",\"content\":[{block}],\"usage\":{{\"input_tokens\":10,\"cache_creation_input_tokens\":90,\"cache_read_input_tokens\":900,\"output_tokens\":{output}}}}}}}\n"
        )
    };
    let text = "{\"type\":\"text\",\"text\":\"Looking.\"}";
    let call =
        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Bash\",\"input\":{\"command\":\"ls\"}}";
    let rows = row("a", "m1", 1, text) + &row("b", "m1", 50, call) + &row("b", "m1", 50, call);
    let sandbox = Sandbox::new("");
    sandbox.write("t.jsonl", rows + &row("c", "m2", 7, text));
    let shown = sandbox.shows("budget --transcript t.jsonl");
    says(&shown, &["1,000", "2 requests", "57"]);
}

#[test]
fn nothing_in_a_transcript_is_a_failure() {
    let sandbox = Sandbox::new("");
    let mut rows = String::from(
        "{\"type\":\"user\",\"uuid\":\"a\",\"message\":{\"role\":\"user\",\"content\":\"Fix it\"}}\n",
    );
    rows.push_str("{\"type\":\"novelty\",\"uuid\":\"b\"}\nnot json\n[1]\n");
    rows.push_str("{\"type\":\"user\",\"uuid\":\"c\",\"message\":{\"content\":[\"a string block\",7,null]}}\n");
    rows.push_str("{\"type\":\"assistant\",\"uuid\":\"d\",\"message\":\"a string\"}\n");
    let long = "x".repeat(10 << 20);
    rows.push_str(&format!("{{\"type\":\"user\",\"uuid\":\"e\",\"message\":{{\"content\":[{{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":\"{long}\"}}]}}}}\n"));
    rows.push_str("{\"type\":\"user\",\"uuid\":\"f\",\"mess");
    sandbox.write("t.jsonl", rows);
    let shown = sandbox.shows("session summarize --transcript t.jsonl");
    says(
        &shown,
        &[
            "#L1 user: Fix it",
            "a string block",
            "novelty",
            "line 3: not readable",
            "line 8: the last line is cut off",
        ],
    );
    sandbox.write("none.txt", "hello\n");
    let error = sandbox.fails(2, "session summarize --transcript none.txt");
    says(
        &error,
        &["no transcript of an agent that is known", "claude-code"],
    );
    says(
        &sandbox.fails(2, "session summarize --transcript missing"),
        &["cannot be read"],
    );
    says(
        &sandbox.fails(1, "session summarize"),
        &["no transcript about", "--transcript FILE"],
    );
    says(
        &sandbox.fails(2, "session summarize --agent codx"),
        &["did you mean `codex`?"],
    );
}

#[test]
fn the_latest_transcript_of_the_workspace_is_found() {
    let sandbox = Sandbox::new("");
    let root = sandbox.root().canonicalize().unwrap();
    let name: String = root
        .to_string_lossy()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let folder = sandbox.home().join(".claude/projects").join(name);
    fs::create_dir_all(&folder).unwrap();
    let row = "{\"type\":\"user\",\"uuid\":\"a\",\"message\":{\"role\":\"user\",\"content\":\"Paint it blue\"}}\n";
    fs::write(folder.join("one.jsonl"), row).unwrap();
    says(
        &sandbox.shows("session summarize latest"),
        &["#L1 user: Paint it blue"],
    );
    says(
        &sandbox.shows("session summarize --agent claude-code"),
        &["Paint it blue"],
    );
    assert_eq!(
        sandbox.ctx("session summarize --agent codex").status,
        Some(1)
    );
}

#[test]
fn what_a_compaction_dropped_is_told() {
    let case = corpus::cases("session")
        .into_iter()
        .find(|case| case.ends_with("claude-compacted"))
        .unwrap();
    let sandbox = sandbox_of(&case);
    let shown = sandbox.shows("session lost --transcript transcript.jsonl");
    says(
        &shown,
        &[
            "Never change the public names",
            "keep inches exact",
            "AssertionError: mile",
        ],
    );
    assert!(!shown.contains("edited units.py"), "{shown}");
    assert!(!shown.contains("Go on with the mile"), "{shown}");
    sandbox.write(
        "t.jsonl",
        "{\"type\":\"user\",\"uuid\":\"a\",\"message\":{\"content\":\"x\"}}\n",
    );
    says(
        &sandbox.fails(1, "session lost --transcript t.jsonl"),
        &["never compacted"],
    );
}

#[test]
fn gemini_and_openhands_and_swe_agent_and_aider_are_read() {
    let sandbox = Sandbox::new(
        r##"//- gemini.json
{"sessionId": "g", "projectHash": "h", "messages": [
 {"id": "1", "type": "user", "content": "List the files"},
 {"id": "2", "type": "gemini", "content": "Now.", "model": "gemini-3", "tokens": {"input": 100, "output": 5, "cached": 40},
  "toolCalls": [
   {"id": "c1", "name": "run_shell_command", "args": {"command": "make all"}, "status": "success",
    "result": [{"functionResponse": {"response": {"output": "Command: make all\nOutput: make: *** no rule\nError: (none)\nExit Code: 2\nSignal: 0"}}}]},
   {"id": "c2", "name": "write_file", "args": {"file_path": "out.txt", "content": "x"}, "status": "success", "result": []}]}]}
//- gemini.jsonl
{"sessionId":"g","projectHash":"h","startTime":"t"}
{"id":"1","type":"user","content":[{"text":"Say hello"}]}
{"id":"2","type":"gemini","content":"","toolCalls":[]}
{"id":"2","type":"gemini","content":"Hello. Next step: wave.","toolCalls":[]}
//- openhands.jsonl
{"instance_id":"i","history":[{"source":"user","action":"message","args":{"content":"Add a license"}},{"action":"run","args":{"command":"touch LICENSE","thought":"I begin."}},{"observation":"run","content":"","extras":{"metadata":{"exit_code":0}}},{"action":"run","args":{"command":"make"}},{"observation":"run","content":"make: no makefile found","extras":{"exit_code":2}}]}
//- swe.traj
{"environment": "e", "history": [{"role": "system", "content": "s"}, {"role": "user", "is_demo": true, "content": "a demo"}, {"role": "user", "content": "Solve the issue"}],
 "trajectory": [
  {"action": "create fix.py\n", "observation": "created", "thought": "First a file.", "state": "{\"open_file\": \"fix.py\"}"},
  {"action": "edit 1:1\nprint(1)\nend_of_edit", "observation": "updated", "thought": "", "state": "{\"open_file\": \"fix.py\"}"},
  {"action": "python fix.py", "observation": "1", "thought": "", "state": "{}"}], "info": {}}
//- mini.traj.json
[{"role": "system", "content": "s"}, {"role": "user", "content": "Please fix the colon"},
 {"role": "assistant", "content": "THOUGHT: look\n```bash\npython tests/colon.py\n```"},
 {"role": "user", "content": "<returncode>1</returncode>\n<output>\nSyntaxError: expected ':'\n</output>"}]
//- history.md

# aider chat started at 2026-01-01 10:00:00

#### an older session

# aider chat started at 2026-01-02 10:00:00

> Added calc.py to the chat
#### make add() right
#### and test it

I'll change the sign.

> Tokens: 1.2k sent, 300 received.
> Applied edit to calc.py
> Commit 1a2b3c4 fix: sign of add
"##,
    );
    let shows = |file: &str, parts: &[&str]| {
        let shown = sandbox.shows(&format!("session summarize --transcript {file}"));
        says(&shown, parts);
        shown
    };
    shows(
        "gemini.json",
        &[
            "#L1 user: List the files",
            "make all: exit 2: make: *** no rule",
            "wrote out.txt",
        ],
    );
    shows("gemini.jsonl", &["user: Say hello", "Next step: wave"]);
    shows(
        "openhands.jsonl",
        &[
            "user: Add a license",
            "wrote LICENSE",
            "make: exit 2: make: no makefile found",
        ],
    );
    let shown = shows(
        "swe.traj",
        &[
            "user: Solve the issue",
            "created fix.py",
            "ran python fix.py: end unknown",
        ],
    );
    assert!(!shown.contains("a demo"));
    shows(
        "mini.traj.json",
        &[
            "user: Please fix the colon",
            "exit 1: SyntaxError: expected ':'",
        ],
    );
    let shown = shows(
        "history.md",
        &[
            "user: make add() right",
            "and test it",
            "edited calc.py",
            "commit 1a2b3c4 fix: sign of add",
        ],
    );
    assert!(!shown.contains("older session"), "{shown}");
}

#[test]
fn opencode_is_read_from_its_database_and_its_folder() {
    let sandbox = Sandbox::new(
        r#"//- storage/session/p/ses_1.json
{"id": "ses_1", "directory": "/home/dev/app", "time": {"created": 1}}
//- storage/message/ses_1/msg_1.json
{"id": "msg_1", "role": "user", "sessionID": "ses_1"}
//- storage/part/msg_1/prt_1.json
{"id": "prt_1", "type": "text", "text": "Write a poem"}
//- storage/message/ses_1/msg_2.json
{"id": "msg_2", "role": "assistant", "modelID": "m", "tokens": {"input": 5, "output": 2, "cache": {"read": 1, "write": 0}}}
//- storage/part/msg_2/prt_2.json
{"type": "tool", "callID": "c", "tool": "write", "state": {"status": "completed", "input": {"filePath": "/home/dev/app/poem.txt"}, "output": "ok"}}
//- storage/part/msg_2/prt_3.json
{"type": "tool", "callID": "d", "tool": "bash", "state": {"status": "completed", "input": {"command": "make"}, "output": "no rule", "metadata": {"exit": 2}}}
"#,
    );
    let parts = [
        "user: Write a poem",
        "wrote poem.txt",
        "make: exit 2: no rule",
    ];
    says(
        &sandbox.shows("session summarize --transcript storage/session/p/ses_1.json"),
        &parts,
    );
    let db = rusqlite::Connection::open(sandbox.path("opencode.db")).unwrap();
    db.execute_batch(
        "CREATE TABLE session(id TEXT, parent_id TEXT, directory TEXT, time_updated INTEGER);
         CREATE TABLE message(id TEXT, session_id TEXT, time_created INTEGER, data TEXT);
         CREATE TABLE part(id TEXT, message_id TEXT, session_id TEXT, data TEXT);
         CREATE TABLE todo(session_id TEXT, content TEXT, status TEXT);
         INSERT INTO session VALUES('ses_0', NULL, '/x', 1), ('ses_1', NULL, '/home/dev/app', 2);
         INSERT INTO message VALUES('msg_1', 'ses_1', 1, '{\"role\":\"user\"}'), ('msg_2', 'ses_1', 2, '{\"role\":\"assistant\"}');
         INSERT INTO part VALUES('p1', 'msg_1', 'ses_1', '{\"type\":\"text\",\"text\":\"Write a poem\"}'),
           ('p2', 'msg_2', 'ses_1', '{\"type\":\"tool\",\"callID\":\"c\",\"tool\":\"write\",\"state\":{\"status\":\"completed\",\"input\":{\"filePath\":\"/home/dev/app/poem.txt\"},\"output\":\"ok\"}}'),
           ('p3', 'msg_2', 'ses_1', '{\"type\":\"tool\",\"callID\":\"d\",\"tool\":\"bash\",\"state\":{\"status\":\"completed\",\"input\":{\"command\":\"make\"},\"output\":\"no rule\",\"metadata\":{\"exit\":2}}}');
         INSERT INTO todo VALUES('ses_1', 'rhyme it', 'pending');",
    )
    .unwrap();
    drop(db);
    let shown = sandbox.shows("session summarize --transcript opencode.db");
    says(&shown, &parts);
    says(&shown, &["to-do: rhyme it"]);
}

#[test]
fn state_survives_and_moves() {
    let sandbox = Sandbox::new("");
    says(
        &sandbox.fails(1, "session show"),
        &["there is no session", "ctx session start"],
    );
    says(
        &sandbox.shows("session start Port the parser --session s1"),
        &["session s1 started"],
    );
    sandbox.shows("session focus the lexer");
    sandbox.shows("session next write tests");
    sandbox.shows("session next publish it");
    sandbox.shows("session block no access to the server");
    sandbox.shows("session note the grammar is ambiguous");
    sandbox.shows("session done write tests");
    let shown = sandbox.shows("session show");
    says(
        &shown,
        &[
            "session s1: Port the parser",
            "focus: the lexer",
            "Next steps\n  - publish it",
            "Completed\n  - write tests",
            "- the grammar is ambiguous",
        ],
    );
    assert!(sandbox.path(".ctx/sessions/s1/session.md").exists());
    let exported = sandbox.shows("session export");
    let other = Sandbox::new("");
    other.write("s.json", &exported);
    says(
        &other.shows("session import s.json"),
        &["session s1 taken in"],
    );
    other.shows("session import s.json");
    assert_eq!(other.shows("session export"), exported);
    says(&sandbox.shows("session end"), &["session s1 ended"]);
    says(&sandbox.fails(1, "session show"), &["there is no session"]);
    says(
        &sandbox.shows("session list"),
        &["s1, ended: Port the parser (1 done, 1 next, 1 blockers)"],
    );
    says(
        &sandbox.shows("session resume --session s1"),
        &["focus: the lexer"],
    );
    says(
        &sandbox.fails(2, "session show --session ../x"),
        &["cannot be the name"],
    );
    let ran = sandbox
        .command(["session", "note", "named"])
        .env("CTX_SESSION", "s2")
        .go();
    says(&ran.shown(), &["session s2: findings: 1"]);
    let small = sandbox.fails(2, "session show --session s1 --budget 5");
    says(&small, &["too small"]);
}

#[test]
fn an_answer_is_shown_once_to_a_session_that_is_named() {
    let files = "//- a.rs\n/// Adds.\npub fn add(a: u32, b: u32) -> u32 {\n    a + b\n}\n\npub struct Sum {\n    pub parts: Vec<u32>,\n    pub total: u64,\n}\n\nimpl Sum {\n    pub fn of(parts: Vec<u32>) -> Sum {\n        todo(parts)\n    }\n}\n";
    let sandbox = Sandbox::new(files);
    let ask = |session: &str| {
        let run = sandbox.command(["read", "a.rs"]);
        run.env("CTX_SESSION", session).go().shown()
    };
    let whole = sandbox.shows("read a.rs");
    assert_eq!(sandbox.shows("read a.rs"), whole);
    assert!(!sandbox.path(".ctx/sessions").exists());
    assert_eq!(ask("one"), whole);
    says(
        &ask("one"),
        &["unchanged since answer 1 of this session", "--again"],
    );
    assert_eq!(ask("two"), whole);
    assert_eq!(sandbox.shows("read a.rs --session three"), whole);
    sandbox.write("a.rs", files.replace("a + b", "b + a"));
    says(&ask("one"), &["b + a"]);
    let again = sandbox
        .command(["read", "a.rs", "--again"])
        .env("CTX_SESSION", "one");
    says(&again.go().shown(), &["b + a"]);
}

#[test]
fn spending_is_told_and_drawn() {
    let case = corpus::cases("session")
        .into_iter()
        .find(|case| case.ends_with("codex-long-day"))
        .unwrap();
    let sandbox = sandbox_of(&case);
    let shown = sandbox.shows("budget --transcript transcript.jsonl");
    says(
        &shown,
        &[
            "used ",
            "requests sent",
            "output of commands",
            "seq 1 4000",
            "tokens less: `ctx digest",
        ],
    );
    let json = sandbox.json("budget --transcript transcript.jsonl --budget 500");
    assert!(
        json["items"][0]["items"][0]["signature"]
            .as_str()
            .unwrap()
            .starts_with("used ")
    );
    assert!(json["tokens"].as_u64().unwrap() <= 500);
    says(&sandbox.fails(1, "budget --calibrate"), &["no transcript"]);
    let ran = sandbox.ctx("budget --calibrate --transcript transcript.jsonl");
    says(&ran.shown(), &["gpt-5.5: "]);
    sandbox.write("src/a.txt", "some words\n");
    sandbox.shows("budget --html page.html --transcript transcript.jsonl");
    let page = fs::read_to_string(sandbox.path("page.html")).unwrap();
    says(
        &page,
        &["<svg", "src/a.txt", "request 1", "output of commands"],
    );
    assert!(
        !page.contains("<script") && !page.contains("http"),
        "{page}"
    );
}

#[test]
fn a_model_may_order_facts_but_lose_none() {
    let sandbox = Sandbox::new("");
    sandbox.write(
        "t.jsonl",
        "{\"type\":\"user\",\"uuid\":\"a\",\"message\":{\"role\":\"user\",\"content\":\"Paint it blue\"}}\n",
    );
    let plain = sandbox.shows("session summarize --transcript t.jsonl");
    let polish = |command: &str, more: &[&str]| {
        let setting = format!("summarizer.command={command}");
        let words = [
            "session",
            "summarize",
            "--transcript",
            "t.jsonl",
            "--polish",
            "--config",
        ];
        let words = words.into_iter().chain([setting.as_str()]);
        sandbox.command(words.chain(more.iter().copied()))
    };
    let kept = polish("sed 's/^Findings/What was asked:/' | tail -n 2", &[]).go();
    assert_eq!(kept.shown(), "What was asked:\n  #L1 user: Paint it blue\n");
    let falls_back = |ran: crate::sandbox::Ran, why: &str| {
        assert_eq!(ran.text(), plain);
        says(&ran.stderr, &["warning: not polished", why]);
    };
    falls_back(
        polish("echo It was painted red.", &[]).go(),
        "loses `#L1 user: Paint it blue`",
    );
    falls_back(polish("exit 3", &[]).go(), "failed");
    let poor = ["--config", "summarizer.max_daily_tokens=10"];
    falls_back(polish("cat", &poor).go(), "max_daily_tokens");
    falls_back(
        polish("cat", &[]).env("CTX_SUMMARIZING", "1").go(),
        "must not ask another",
    );
}
