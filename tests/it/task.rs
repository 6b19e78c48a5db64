//! `run`, `status`, `wait`, `output`, `cancel` and their like, at the door: what is told, what
//! status is returned, what is left behind.

use super::sandbox::{Ran, Sandbox, says};
use std::fs;
use std::path::PathBuf;

/// A workspace whose tasks are run by `sh`.
pub fn sandbox() -> Sandbox {
    Sandbox::new("")
}

/// Runs `ctx` with these words and what the machine needs to find programs.
pub fn ctx(sandbox: &Sandbox, words: &[&str]) -> Ran {
    let path = std::env::var_os("PATH").unwrap_or_default();
    sandbox
        .command(words)
        .env("PATH", path)
        .env("CTX_SESSION", "test")
        .go()
}

/// The answer of a `ctx` that must end with `status`.
#[track_caller]
pub fn answer(sandbox: &Sandbox, status: i32, words: &[&str]) -> String {
    let ran = ctx(sandbox, words);
    assert_eq!(
        ran.status,
        Some(status),
        "ctx {words:?}: {}{}",
        ran.text(),
        ran.stderr
    );
    ran.text()
}

/// Starts a task in the background; its id.
pub fn start(sandbox: &Sandbox, words: &[&str]) -> String {
    let words: Vec<&str> = ["run", "--bg"].iter().chain(words).copied().collect();
    let shown = answer(sandbox, 0, &words);
    shown.split(':').next().unwrap().to_owned()
}

/// The task as JSON has it.
pub fn object(sandbox: &Sandbox, id: &str) -> serde_json::Value {
    let shown = answer(sandbox, 0, &["status", id, "--json"]);
    serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error} in {shown}"))
}

/// The folder of a task.
pub fn folder(sandbox: &Sandbox, id: &str) -> PathBuf {
    sandbox.root().join(".ctx/tasks").join(id)
}

#[test]
fn a_short_command_answers_with_its_output_and_status() {
    let sandbox = sandbox();
    let shown = answer(&sandbox, 0, &["run", "--fg", "--", "echo", "a b", "$HOME"]);
    says(&shown, &[": exited 0 after", "\na b $HOME\n"]);
    let shown = answer(
        &sandbox,
        3,
        &["run", "--fg", "echo out; echo err >&2; exit 3"],
    );
    says(&shown, &[" failed: exited 3 after", "out\nerr\n"]);
    let shown = answer(&sandbox, 0, &["run", "--fg", "--", "true"]);
    says(&shown, &["it printed nothing"]);
}

#[test]
fn what_cannot_be_started_says_so_with_the_status_of_env() {
    let sandbox = sandbox();
    sandbox.write("plain", "text");
    says(
        &answer(&sandbox, 127, &["run", "--fg", "--", "no-such-command"]),
        &["`no-such-command` not found"],
    );
    says(
        &answer(&sandbox, 126, &["run", "--fg", "--", "./plain"]),
        &["not executable"],
    );
    let ran = ctx(&sandbox, &["run", "--cwd", "nowhere", "--", "true"]);
    says(&ran.failed(2), &["nowhere", "is not a folder"]);
    let gone = start(
        &sandbox,
        &[
            "--after",
            &start(
                &sandbox,
                &["until [ -e go ]; do sleep 0.02; done; rmdir gone"],
            ),
            "--cwd",
            &made(&sandbox, "gone"),
            "--",
            "true",
        ],
    );
    sandbox.write("go", "");
    says(
        &answer(&sandbox, 125, &["wait", &gone]),
        &["the working folder", "is gone"],
    );
}

fn made(sandbox: &Sandbox, name: &str) -> String {
    fs::create_dir(sandbox.path(name)).unwrap();
    name.to_owned()
}

#[test]
fn signals_and_deadlines_have_their_statuses() {
    let sandbox = sandbox();
    says(
        &answer(&sandbox, 137, &["run", "--fg", "kill -9 $$"]),
        &["killed by SIGKILL"],
    );
    says(
        &answer(
            &sandbox,
            124,
            &["run", "--fg", "--timeout", "200ms", "--", "sleep", "600"],
        ),
        &["timed out"],
    );
    let silent = [
        "run",
        "--fg",
        "--idle-timeout",
        "300ms",
        "echo a; sleep 600",
    ];
    says(
        &answer(&sandbox, 124, &silent),
        &["timed out in silence", "\na\n"],
    );
    let talking = [
        "run",
        "--fg",
        "--idle-timeout",
        "20s",
        "for i in 1 2 3; do echo $i; sleep 0.1; done",
    ];
    says(&answer(&sandbox, 0, &talking), &["exited 0", "1\n2\n3\n"]);
}

#[test]
fn a_long_command_goes_on_in_the_background() {
    let sandbox = sandbox();
    let shown = answer(
        &sandbox,
        0,
        &["run", "--wait", "100ms", "echo begun; sleep 600"],
    );
    says(
        &shown,
        &[": running for", "next useful check in", "`ctx wait "],
    );
    let id = shown.split(':').next().unwrap();
    let again = answer(&sandbox, 0, &["status", id]);
    says(&again, &["running for", "begun"]);
    let third = answer(&sandbox, 0, &["status", id]);
    says(&third, &["nothing new; next check in"]);
    let tokens = ctx::tokens::Counter::default().count(&third);
    assert!(tokens.0 < 40, "{tokens} tokens: {third}");
    says(&answer(&sandbox, 0, &["cancel", id]), &["cancelled"]);
    says(
        &answer(&sandbox, 143, &["wait", id]),
        &["failed: cancelled", "begun"],
    );
    says(
        &answer(&sandbox, 0, &["status"]),
        &["no task runs; the last was", "cancelled"],
    );
}

#[test]
fn names_and_beginnings_name_a_task_and_a_miss_names_the_nearest() {
    let sandbox = sandbox();
    let id = start(&sandbox, &["--name", "build", "--", "true"]);
    answer(&sandbox, 0, &["wait", "build"]);
    says(&answer(&sandbox, 0, &["wait", &id[..4]]), &[&id]);
    says(
        &ctx(&sandbox, &["status", "biuld"]).failed(1),
        &["no task `biuld`", "did you mean build?"],
    );
    let empty = Sandbox::new("");
    says(
        &ctx(&empty, &["status"]).failed(1),
        &["no task was started", "ctx run -- COMMAND"],
    );
    says(
        &ctx(&sandbox, &["run", "--name", "a b", "--", "true"]).failed(2),
        &["`--name a b` is no name"],
    );
}

#[test]
fn output_is_read_back_by_line_pattern_and_byte() {
    let sandbox = sandbox();
    let text = "for i in $(seq 2000); do echo line $i; done; printf '\\377\\000end'";
    let shown = answer(
        &sandbox,
        0,
        &["run", "--fg", "--name", "t", "--budget", "200", text],
    );
    says(&shown, &["left out", "ctx output"]);
    assert_eq!(
        answer(&sandbox, 0, &["output", "t", "--lines", "7-8"]),
        "line 7\nline 8\n"
    );
    assert_eq!(
        answer(&sandbox, 0, &["output", "t", "--grep", "^line 19.9$"])
            .lines()
            .count(),
        10
    );
    says(
        &answer(&sandbox, 0, &["output", "t", "--tail", "2"]),
        &["line 2000\n", "end"],
    );
    says(
        &answer(
            &sandbox,
            0,
            &["output", "t", "--lines", "1-", "--budget", "200"],
        ),
        &["left out:", "--lines"],
    );
    let raw = ctx(&sandbox, &["output", "t", "--raw"]).stdout;
    assert!(
        raw.starts_with(b"line 1\n") && raw.ends_with(b"line 2000\n\xff\x00end"),
        "{}",
        raw.len()
    );
    says(
        &ctx(&sandbox, &["output", "t", "--grep", "nothing"]).failed(1),
        &["no such line"],
    );
    says(
        &ctx(&sandbox, &["output", "t", "--grep", "("]).failed(2),
        &["no regular expression"],
    );
    says(
        &ctx(&sandbox, &["output", "t", "--lines", "9-1"]).failed(2),
        &["no range of lines"],
    );
}

#[test]
fn answers_keep_their_budget_and_json_is_json() {
    let sandbox = sandbox();
    let text =
        "for i in $(seq 300); do echo error: thing $i is broken in src/f$i.rs:$i; done; exit 1";
    for budget in ["60", "100", "400", "2000"] {
        for json in [false, true] {
            let mut words = vec!["run", "--fg", "--budget", budget, text];
            if json {
                words.insert(1, "--json");
            }
            let shown = answer(&sandbox, 1, &words);
            let tokens = ctx::tokens::Counter::default().count(&shown);
            assert!(
                tokens.0 <= budget.parse().unwrap(),
                "{tokens} of {budget}: {shown}"
            );
            if json {
                let read: serde_json::Value =
                    serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error}: {shown}"));
                assert_eq!(read["status"], 1);
            }
        }
    }
    let long = start(
        &sandbox,
        &[
            "--name",
            &"ab-7+".repeat(12),
            &format!("sleep 600; : {}", "x7 ".repeat(300)),
        ],
    );
    for part in ["status", "output"] {
        for json in [None, Some("--json")] {
            let words: Vec<&str> = [part, &long, "--budget", "60"]
                .into_iter()
                .chain(json)
                .collect();
            let shown = answer(&sandbox, 0, &words);
            let tokens = ctx::tokens::Counter::default().count(&shown);
            assert!(tokens.0 <= 60, "{tokens} of 60: {shown}");
        }
    }
    answer(&sandbox, 0, &["cancel", &long]);
    for words in [["tasks", "--budget", "60"], ["tasks", "--budget", "120"]] {
        let shown = answer(&sandbox, 0, &words);
        let tokens = ctx::tokens::Counter::default().count(&shown);
        assert!(tokens.0 <= words[2].parse().unwrap(), "{shown}");
        says(&shown, &["left out:", "tasks; more with"]);
    }
    says(
        &ctx(&sandbox, &["run", "--budget", "10", "--", "true"]).failed(2),
        &["too small", "--budget 60"],
    );
}

#[test]
fn tasks_wait_for_others_and_are_skipped_with_a_reason() {
    let sandbox = sandbox();
    let first = start(
        &sandbox,
        &[
            "--name",
            "first",
            "until [ -e go ]; do sleep 0.02; done; exit 1",
        ],
    );
    let good = start(
        &sandbox,
        &["--after", "first", "--name", "good", "--", "true"],
    );
    let chained = start(&sandbox, &["--after", "good", "--", "true"]);
    let any = start(&sandbox, &["--after-any", &first, "--", "true"]);
    let fail = start(&sandbox, &["--after-fail", "first", "--", "true"]);
    assert_eq!(object(&sandbox, &good)["state"], "queued");
    sandbox.write("go", "");
    says(
        &answer(&sandbox, 125, &["wait", &good]),
        &["skipped (first did not succeed: exited 1)"],
    );
    says(
        &answer(&sandbox, 125, &["wait", &chained]),
        &["skipped (good did not succeed"],
    );
    answer(&sandbox, 0, &["wait", &any, &fail]);
    says(
        &ctx(
            &sandbox,
            &["run", "--name", "x", "--after", "x", "--", "true"],
        )
        .failed(2),
        &["would wait for itself"],
    );
    says(
        &ctx(&sandbox, &["run", "--after", "zzzzz", "--", "true"]).failed(1),
        &["no task `zzzzz`"],
    );
}

#[test]
fn a_group_never_runs_more_than_its_slots() {
    let sandbox = sandbox();
    let text = "mkdir slot-$$; ls -d slot-* | wc -l >> seen; sleep 0.15; rmdir slot-$$";
    let ids: Vec<String> = (0..7)
        .map(|_| start(&sandbox, &["--slots", "g=2", text]))
        .collect();
    let late = start(
        &sandbox,
        &["--slots", "g=2", "--priority", "5", "echo late >> order"],
    );
    let last = start(&sandbox, &["--slots", "g=2", "echo last >> order"]);
    let words: Vec<&str> = ["wait"]
        .into_iter()
        .chain(ids.iter().map(String::as_str))
        .chain([late.as_str(), last.as_str()])
        .collect();
    answer(&sandbox, 0, &words);
    let seen = fs::read_to_string(sandbox.path("seen")).unwrap();
    assert!(
        seen.lines()
            .all(|line| line.trim().parse::<u32>().unwrap() <= 2),
        "{seen}"
    );
    assert_eq!(
        fs::read_to_string(sandbox.path("order")).unwrap(),
        "late\nlast\n"
    );
}

#[test]
fn attempts_follow_each_other_and_only_the_last_is_shown() {
    let sandbox = sandbox();
    let text = "echo x >> tries; n=$(wc -l < tries); echo attempt $n; test $n -ge 3";
    let shown = answer(
        &sandbox,
        0,
        &["run", "--fg", "--retry", "5", "--backoff", "10ms", text],
    );
    says(&shown, &["exited 0", "attempt 3", "\nattempt 3\n"]);
    assert!(!shown.contains("attempt 2"), "{shown}");
    let shown = answer(
        &sandbox,
        7,
        &[
            "run",
            "--fg",
            "--retry",
            "5",
            "--backoff",
            "10ms",
            "--retry-on",
            "3,timeout",
            "exit 7",
        ],
    );
    assert!(!shown.contains("attempt"), "{shown}");
    says(
        &ctx(&sandbox, &["run", "--retry-on", "often", "--", "true"]).failed(2),
        &["no exit status"],
    );
}

#[test]
fn variables_are_handed_on_and_their_values_are_stored_nowhere() {
    let sandbox = sandbox();
    let first = start(&sandbox, &["--", "sleep", "0.3"]);
    let id = start(
        &sandbox,
        &[
            "--after",
            &first,
            "--env",
            "TOKEN=s3cr3t-value",
            "test \"$TOKEN\" = s3cr3t-value",
        ],
    );
    answer(&sandbox, 0, &["wait", &id]);
    let mut files = vec![sandbox.root().join(".ctx")];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if fs::metadata(&path).unwrap().is_file()
            && !path.starts_with(folder(&sandbox, &id).join("spec.json"))
        {
            let found = String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("TOKEN=s3cr3t");
            assert!(!found, "{}", path.display());
        }
    }
    says(
        &ctx(&sandbox, &["retry", &id]).failed(2),
        &["`TOKEN`", "not stored", "--env TOKEN=VALUE"],
    );
    answer(
        &sandbox,
        0,
        &["retry", &id, "--fg", "--env", "TOKEN=s3cr3t-value"],
    );
}

#[test]
fn surroundings_are_as_asked() {
    let sandbox = sandbox();
    sandbox.write("in.txt", "from a file\n");
    sandbox.write("sub/x", "");
    says(
        &answer(
            &sandbox,
            0,
            &["run", "--fg", "--stdin", "in.txt", "--", "cat"],
        ),
        &["from a file"],
    );
    says(
        &answer(&sandbox, 0, &["run", "--fg", "--cwd", "sub", "--", "ls"]),
        &["\nx\n"],
    );
    says(
        &answer(
            &sandbox,
            0,
            &[
                "run",
                "--fg",
                "--pty",
                "test -t 1 && test -t 0 && echo a terminal",
            ],
        ),
        &["a terminal"],
    );
    says(
        &answer(&sandbox, 0, &["run", "--fg", "cat; echo no input"]),
        &["no input"],
    );
    says(
        &ctx(&sandbox, &["run", "--stdin", "none", "--", "cat"]).failed(2),
        &["none", "cannot be read"],
    );
}

#[test]
fn others_are_told_of_the_end() {
    let sandbox = sandbox();
    let told =
        "cat > told.tmp; echo $CTX_STATE $CTX_STATUS $CTX_NAME >> told.tmp; mv told.tmp told";
    let words = [
        "run",
        "--fg",
        "--name",
        "n",
        "--marker",
        "end.json",
        "--progress",
        "now.json",
        "--notify",
        told,
        "echo 5/10; exit 4",
    ];
    answer(&sandbox, 4, &words);
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(sandbox.path(name)).unwrap()).unwrap()
    };
    assert_eq!(
        (
            read("end.json")["state"].as_str(),
            read("end.json")["code"].as_i64()
        ),
        (Some("exited"), Some(4))
    );
    assert_eq!(read("now.json")["percent"], 50);
    // Written by a process that nobody waits for, so looked for until it is there.
    let told = loop {
        match fs::read_to_string(sandbox.path("told")) {
            Ok(told) => break told,
            Err(_) => std::thread::yield_now(),
        }
    };
    says(&told, &["failed: exited 4", "5/10", "exited 4 n"]);
}

#[test]
fn a_log_over_its_cap_keeps_both_ends() {
    let sandbox = sandbox();
    let text = "i=0; while [ $i -lt 40 ]; do seq $((i * 2000)) $((i * 2000 + 1999)); i=$((i + 1)); sleep 0.05; done";
    answer(
        &sandbox,
        0,
        &["run", "--fg", "--name", "big", "--log-cap", "64k", text],
    );
    let raw = String::from_utf8(ctx(&sandbox, &["output", "big", "--raw"]).stdout).unwrap();
    assert!(
        raw.starts_with("0\n1\n") && raw.ends_with("79999\n"),
        "{}",
        raw.len()
    );
    if folder(&sandbox, "x")
        .parent()
        .unwrap()
        .read_dir()
        .unwrap()
        .any(|entry| entry.unwrap().path().join("cut").exists())
    {
        says(&raw, &["bytes of output were cut here"]);
        assert!(!raw.contains('\0'));
    }
}

#[test]
fn a_rerun_tells_what_changed() {
    let sandbox = sandbox();
    sandbox.write(
        "out",
        "src/a.rs:1:1: error: no x\nsrc/b.rs:2:1: error: no y\n",
    );
    let words = ["run", "--fg", "cat out; test ! -s out"];
    answer(&sandbox, 1, &words);
    sandbox.write("out", "src/b.rs:9:1: error: no y\n");
    says(
        &answer(&sandbox, 1, &words),
        &["still failing 1, fixed 1, new 0"],
    );
}

#[test]
fn what_is_over_is_forgotten_on_demand_only() {
    let sandbox = sandbox();
    let over = start(&sandbox, &["--", "true"]);
    answer(&sandbox, 0, &["wait", &over]);
    let runs = start(&sandbox, &["--", "sleep", "600"]);
    says(&answer(&sandbox, 0, &["clean"]), &["forgot 0 tasks"]);
    says(
        &answer(&sandbox, 0, &["clean", "--all"]),
        &["forgot 1 task,"],
    );
    assert!(!folder(&sandbox, &over).exists());
    ctx(&sandbox, &["status", &over]).failed(1);
    assert_eq!(object(&sandbox, &runs)["state"], "running");
    says(
        &answer(&sandbox, 0, &["doctor"]),
        &["tasks: 1, 1 not over", "state: "],
    );
    answer(&sandbox, 0, &["cancel", "--all"]);
}

#[test]
fn a_speculative_result_counts_only_while_nothing_changed() {
    let sandbox = sandbox();
    sandbox.write("a", "1\n");
    let git = |words: &[&str]| {
        let done = std::process::Command::new("git")
            .arg("-C")
            .arg(sandbox.root())
            .args(words)
            .output();
        done.is_ok_and(|output| output.status.success())
    };
    let identity = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@t",
        "commit",
        "-qm",
        "a",
    ];
    if !(git(&["init", "-q"]) && git(&["add", "a"]) && git(&identity)) {
        eprintln!("skipped: no git");
        return;
    }
    let words = ["run", "--speculative", "--fg", "cat a; echo x >> .ctx/ran"];
    let plain = ["run", "--fg", "cat a; echo x >> .ctx/ran"];
    let n_runs = || {
        fs::read_to_string(sandbox.path(".ctx/ran"))
            .unwrap()
            .lines()
            .count()
    };
    answer(&sandbox, 0, &words);
    says(&answer(&sandbox, 0, &plain), &["\n1\n"]);
    assert_eq!(n_runs(), 1);
    answer(&sandbox, 0, &words);
    sandbox.write("a", "2\n");
    says(&answer(&sandbox, 0, &plain), &["\n2\n"]);
    assert_eq!(n_runs(), 3);
    let apart = [
        "run",
        "--speculative",
        "--worktree",
        "--fg",
        "echo 3 > a; cat a",
    ];
    let shown = answer(&sandbox, 0, &apart);
    assert_eq!(fs::read_to_string(sandbox.path("a")).unwrap(), "2\n");
    let id = shown.split(':').next().unwrap();
    says(&answer(&sandbox, 0, &["confirm", id]), &["\n3\n"]);
    let id = start(&sandbox, &["--speculative", "--", "sleep", "600"]);
    says(&answer(&sandbox, 0, &["discard", &id]), &["discarded"]);
    assert_eq!(object(&sandbox, &id)["state"], "cancelled");
}

#[test]
fn secrets_are_told_by_no_digest_and_read_back_on_demand() {
    let sandbox = sandbox();
    let secret = format!(
        "ghp_{}",
        "Zq7Rt5Yw3Xc9Vb2Nm8Kj4Hg6Fd1Sa0Po5Iu7"[..36].to_owned()
    );
    sandbox.write("out", format!("token {secret}\nerror: it leaked\n"));
    for words in [
        vec!["run", "--fg", "--name", "leak", "cat out; exit 1"],
        vec!["run", "--fg", "--json", "cat out; exit 1"],
    ] {
        let shown = answer(&sandbox, 1, &words);
        assert!(!shown.contains(&secret), "{shown}");
        says(&shown, &["[redacted: ", "it leaked"]);
    }
    says(
        &answer(&sandbox, 0, &["output", "leak", "--raw"]),
        &[&secret],
    );
}
