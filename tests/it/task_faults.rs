//! Tasks when things go wrong: processes killed between any two steps, trees that escape, many
//! at once. Nothing is lost, nothing runs twice, nothing is left, no end state is a guess.

use super::sandbox::{Sandbox, says};
use super::task::{answer, ctx, folder, object, sandbox, start};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A generator of numbers that a seed repeats.
struct Random(u64);

impl Random {
    /// A seed from `$CTX_TEST_SEED`, or a new one; printed, so that a failure can be repeated.
    fn new() -> Random {
        let given = std::env::var("CTX_TEST_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        let seed = given.unwrap_or(now.as_nanos() as u64 | 1);
        #[expect(clippy::print_stdout, reason = "a failure is repeated with it")]
        {
            println!("CTX_TEST_SEED={seed}");
        }
        Random(seed)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

fn read(pid: u32, name: &str) -> String {
    let bytes = fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

fn pids() -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap();
    entries
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
        .collect()
}

/// Supervisors of tasks of this sandbox.
fn supervisors(sandbox: &Sandbox) -> Vec<u32> {
    let root = sandbox.root().display().to_string();
    let is_one = |pid: &u32| {
        let words = read(*pid, "cmdline");
        words.contains("__supervise") && words.contains(&root)
    };
    pids().into_iter().filter(is_one).collect()
}

/// Processes whose command line holds `mark`, this one and zombies aside.
fn marked(mark: &str) -> Vec<u32> {
    let own = std::process::id();
    let is_one = |pid: &u32| *pid != own && read(*pid, "cmdline").contains(mark);
    pids().into_iter().filter(is_one).collect()
}

fn kill(pid: u32) {
    drop(Command::new("kill").args(["-9", &pid.to_string()]).output());
}

/// Waits until `done`; a test that waits for what never comes fails.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "{what} never came"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A shell text that starts a tree of processes which try to get away, each marked.
fn escaping(mark: &str) -> String {
    format!(
        "setsid sleep 600 {mark}.1 & nohup sleep 600 {mark}.2 >/dev/null 2>&1 & \
         (setsid sh -c '(setsid sh -c \"sleep 600; : {mark}.3\" </dev/null >/dev/null 2>&1 &)' &) ; \
         sh -c 'trap \"\" TERM HUP INT; while :; do sleep 600; done; : {mark}.4' & \
         env -i PATH=\"$PATH\" setsid sh -c 'trap \"\" TERM; sleep 600; : {mark}.5' & \
         touch up; sleep 600; : {mark}.6"
    )
    .replace(&format!("sleep 600 {mark}"), &format!("sh -c 'sleep 600; : {mark}'"))
}

#[test]
fn nothing_escapes_a_cancel_a_deadline_or_the_death_of_the_supervisor() {
    if !Path::new("/proc/self/environ").exists() {
        return;
    }
    for round in 0..6 {
        let sandbox = sandbox();
        let mark = format!("mark-{}-{round}", std::process::id());
        let text = escaping(&mark);
        let mut words = vec!["--kill-after", "200ms"];
        if round % 3 == 1 {
            words.extend(["--timeout", "1500ms"]);
        }
        words.push(&text);
        let id = start(&sandbox, &words);
        match round % 3 {
            0 => {
                until("the tree", || sandbox.path("up").exists());
                says(&answer(&sandbox, 0, &["cancel", &id]), &["cancelled"]);
            }
            1 => says(&answer(&sandbox, 124, &["wait", &id]), &["timed out"]),
            _ => {
                until("the tree", || sandbox.path("up").exists());
                supervisors(&sandbox).into_iter().for_each(kill);
                says(
                    &answer(&sandbox, 125, &["wait", &id]),
                    &["lost (its supervisor was killed)"],
                );
            }
        }
        let left: Vec<String> = marked(&mark)
            .iter()
            .map(|pid| read(*pid, "cmdline"))
            .collect();
        assert!(left.is_empty(), "round {round}: {left:?}");
    }
}

#[test]
fn two_hundred_kills_at_random_moments_leave_the_truth() {
    if !Path::new("/proc/self/environ").exists() {
        return;
    }
    let mut random = Random::new();
    let sandbox = sandbox();
    let begun = Instant::now();
    let mut n_rounds = 0;
    while n_rounds < 200 && begun.elapsed() < Duration::from_secs(45) {
        one_kill(&sandbox, &mut random, n_rounds);
        n_rounds += 1;
    }
    println!("{n_rounds} rounds");
    let shown = answer(&sandbox, 0, &["doctor"]);
    says(&shown, &["0 not over"]);
    until("the end of the last supervisor", || {
        supervisors(&sandbox).is_empty()
    });
}

/// Starts a task, kills something of it at some moment, and compares what is told with what the
/// command itself left.
fn one_kill(sandbox: &Sandbox, random: &mut Random, round: u64) {
    let name = format!("r{round}");
    let code = random.below(4);
    let text = format!(
        "echo b >> w{round}; sleep 0.0{}; echo e >> w{round}; exit {code}",
        random.below(9)
    );
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut manager = sandbox
        .command(["run", "--bg", "--name", &name, &text])
        .env("PATH", path)
        .into_inner();
    let mut manager = manager.stdout(std::process::Stdio::null()).spawn().unwrap();
    let victim = random.below(4);
    std::thread::sleep(Duration::from_micros(random.below(30_000)));
    let mark = format!("echo b >> w{round};");
    match victim {
        0 => drop(manager.kill()),
        1 => supervisors(sandbox).into_iter().for_each(kill),
        2 => marked(&mark)
            .into_iter()
            .filter(|pid| read(*pid, "environ").contains("CTX_TASK="))
            .for_each(kill),
        _ => {
            drop(manager.kill());
            supervisors(sandbox).into_iter().for_each(kill);
        }
    }
    let manager_status = manager.wait().unwrap();
    let waited = ctx(sandbox, &["wait", &name, "--json"]);
    let witness = fs::read_to_string(sandbox.path(format!("w{round}"))).unwrap_or_default();
    let (n_begun, n_ended) = (witness.matches('b').count(), witness.matches('e').count());
    let context = format!(
        "round {round}, victim {victim}, code {code}, witness {witness:?}, {}{}",
        waited.text(),
        waited.stderr
    );
    assert!(n_begun <= 1, "ran twice: {context}");
    if waited.status == Some(1) && waited.stderr.contains("no task") {
        // Killed before it was kept, and never said that it was.
        assert!(!manager_status.success() && n_begun == 0, "lost: {context}");
        return;
    }
    let told: serde_json::Value =
        serde_json::from_str(&waited.text()).unwrap_or_else(|error| panic!("{error}: {context}"));
    match told["state"].as_str().unwrap() {
        "exited" => {
            assert_eq!(told["code"], code, "{context}");
            assert_eq!(n_ended, 1, "{context}");
        }
        "signalled" => assert!(victim == 2 && told["code"] == 9, "{context}"),
        "lost" => assert!(victim == 1 || victim == 3, "{context}"),
        other => panic!("{other}: {context}"),
    }
}

#[test]
fn a_task_whose_supervisor_dies_in_the_queue_is_started_all_the_same() {
    let sandbox = sandbox();
    let first = start(&sandbox, &["--", "sleep", "600"]);
    let id = start(&sandbox, &["--after-any", &first, "echo x >> ran"]);
    let queued: Vec<u32> = supervisors(&sandbox)
        .into_iter()
        .filter(|pid| read(*pid, "cmdline").contains(&id))
        .collect();
    queued.into_iter().for_each(kill);
    answer(&sandbox, 0, &["cancel", &first]);
    answer(&sandbox, 0, &["wait", &id]);
    assert_eq!(fs::read_to_string(sandbox.path("ran")).unwrap(), "x\n");
}

#[test]
fn attempts_go_on_after_the_death_of_the_supervisor() {
    let sandbox = sandbox();
    let id = start(
        &sandbox,
        &[
            "--retry",
            "3",
            "--backoff",
            "700ms",
            "echo x >> tries; test $(wc -l < tries) -ge 2",
        ],
    );
    until("the pause", || object(&sandbox, &id)["state"] == "backoff");
    supervisors(&sandbox).into_iter().for_each(kill);
    answer(&sandbox, 0, &["wait", &id]);
    assert_eq!(fs::read_to_string(sandbox.path("tries")).unwrap(), "x\nx\n");
}

#[test]
fn the_record_is_believed_when_the_row_could_not_be_written() {
    let sandbox = sandbox();
    let id = start(&sandbox, &["--", "sleep", "600"]);
    until("the command", || {
        object(&sandbox, &id)["state"] == "running"
    });
    let record = format!(
        "{{\"version\":1,\"id\":\"{id}\",\"attempt\":1,\"state\":\"exited\",\"code\":5,\"reason\":null,\"status\":5,\
         \"started_ms\":1,\"ended_ms\":2,\"duration_ms\":1,\"offset\":0,\"bytes\":0,\"note\":null}}"
    );
    fs::write(folder(&sandbox, &id).join("exit.json"), record).unwrap();
    let command: Vec<u32> = pids()
        .into_iter()
        .filter(|pid| read(*pid, "environ").contains(&format!("tasks/{id}")))
        .collect();
    supervisors(&sandbox).into_iter().for_each(kill);
    answer(&sandbox, 5, &["wait", &id]);
    command.into_iter().for_each(kill);
}

#[test]
fn processes_that_hold_the_output_do_not_hold_the_end() {
    let sandbox = sandbox();
    // Closes its output and lives on: over when it ends, with what it printed before.
    says(
        &answer(
            &sandbox,
            2,
            &["run", "--fg", "echo a; exec >&- 2>&-; sleep 0.2; exit 2"],
        ),
        &["exited 2", "\na\n"],
    );
    // Leaves a child that holds the output: it is ended, the status is the command's own.
    let mark = format!("holder-{}", std::process::id());
    answer(
        &sandbox,
        0,
        &[
            "run",
            "--fg",
            &format!("sh -c 'sleep 600; : {mark}' & echo a"),
        ],
    );
    assert_eq!(marked(&mark), Vec::<u32>::new());
    // Unless it may stay.
    answer(
        &sandbox,
        0,
        &[
            "run",
            "--fg",
            "--keep-children",
            &format!("sh -c 'sleep 600; : {mark}' & echo a"),
        ],
    );
    let kept = marked(&mark);
    assert!(!kept.is_empty());
    says(
        &answer(&sandbox, 0, &["doctor"]),
        &["kept: processes of task"],
    );
    kept.into_iter().for_each(kill);
    // One that writes a little longer is not cut off.
    let shown = answer(
        &sandbox,
        0,
        &["run", "--fg", "(sleep 0.1; echo late) & echo a"],
    );
    says(&shown, &["a\nlate\n"]);
}

#[test]
fn two_hundred_short_children_are_all_seen_to_end() {
    let sandbox = sandbox();
    let text = "i=0; while [ $i -lt 200 ]; do (setsid sh -c : &) ; i=$((i + 1)); done; echo made";
    says(
        &answer(&sandbox, 0, &["run", "--fg", text]),
        &["exited 0", "made"],
    );
    let storm = start(
        &sandbox,
        &[
            "--kill-after",
            "100ms",
            "while :; do (setsid sleep 0.05 &) ; done",
        ],
    );
    until("the storm", || {
        object(&sandbox, &storm)["state"] == "running"
    });
    says(&answer(&sandbox, 0, &["cancel", &storm]), &["cancelled"]);
}

#[test]
fn many_at_once_are_all_kept() {
    let sandbox = sandbox();
    let n_tasks = 200;
    let workers: Vec<_> = (0..n_tasks)
        .map(|n| {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let run = sandbox
                .command(["run", "--bg", &format!("exit {}", n % 3)])
                .env("PATH", path);
            std::thread::spawn(move || run.go().shown())
        })
        .collect();
    let ids: Vec<String> = workers
        .into_iter()
        .map(|worker| worker.join().unwrap().split(':').next().unwrap().to_owned())
        .collect();
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(
            ctx(&sandbox, &["wait", id]).status,
            Some(n as i32 % 3),
            "{id}"
        );
    }
    says(
        &answer(&sandbox, 0, &["doctor"]),
        &[&format!("tasks: {n_tasks}, 0 not over")],
    );
}

#[test]
fn a_stuck_supervisor_does_not_save_its_task() {
    let sandbox = sandbox();
    let mark = format!("stuck-{}", std::process::id());
    let id = start(
        &sandbox,
        &["--kill-after", "0s", &format!("sleep 600; : {mark}")],
    );
    until("the command", || {
        object(&sandbox, &id)["state"] == "running"
    });
    for pid in supervisors(&sandbox) {
        drop(
            Command::new("kill")
                .args(["-STOP", &pid.to_string()])
                .output(),
        );
    }
    says(&answer(&sandbox, 0, &["cancel", &id]), &["cancelled"]);
    assert_eq!(marked(&mark), Vec::<u32>::new());
}

#[test]
fn a_damaged_database_is_named_and_made_anew() {
    let sandbox = sandbox();
    answer(&sandbox, 3, &["run", "--fg", "--name", "three", "exit 3"]);
    let runs = start(&sandbox, &["--", "sleep", "600"]);
    until("the command", || {
        object(&sandbox, &runs)["state"] == "running"
    });
    fs::write(
        sandbox.path(".ctx/ctx.db"),
        "this is no database, whatever its name says",
    )
    .unwrap();
    for left in ["ctx.db-wal", "ctx.db-shm"] {
        drop(fs::remove_file(sandbox.path(format!(".ctx/{left}"))));
    }
    says(
        &ctx(&sandbox, &["tasks"]).failed(2),
        &["the database of tasks cannot be used", "ctx.db"],
    );
    says(
        &answer(&sandbox, 0, &["doctor"]),
        &["a new one was made", "tasks: 2, 1 not over"],
    );
    answer(&sandbox, 3, &["wait", "three"]);
    says(&answer(&sandbox, 0, &["cancel", &runs]), &["cancelled"]);
}

#[test]
fn after_a_restart_of_the_machine_what_ran_is_lost_and_what_waited_goes_on() {
    let sandbox = sandbox();
    let ran = start(&sandbox, &["--", "sleep", "600"]);
    let waited = start(&sandbox, &["--after-any", &ran, "echo x >> ran"]);
    let paused = start(
        &sandbox,
        &[
            "--retry",
            "1",
            "--backoff",
            "1h",
            "echo x >> tries; test $(wc -l < tries) -ge 2",
        ],
    );
    until("the command", || {
        object(&sandbox, &ran)["state"] == "running"
    });
    until("the pause", || {
        object(&sandbox, &paused)["state"] == "backoff"
    });
    let command: Vec<u32> = pids()
        .into_iter()
        .filter(|pid| read(*pid, "environ").contains(&format!("tasks/{ran}")))
        .collect();
    supervisors(&sandbox)
        .into_iter()
        .chain(command)
        .for_each(kill);
    let database = rusqlite::Connection::open(sandbox.path(".ctx/ctx.db")).unwrap();
    database
        .execute("UPDATE tasks SET boot = 'another'", [])
        .unwrap();
    drop(database);
    says(
        &answer(&sandbox, 125, &["wait", &ran]),
        &["lost (the machine was restarted)"],
    );
    answer(&sandbox, 0, &["wait", &waited, &paused]);
    assert_eq!(fs::read_to_string(sandbox.path("ran")).unwrap(), "x\n");
    assert_eq!(fs::read_to_string(sandbox.path("tries")).unwrap(), "x\nx\n");
}

#[test]
fn a_task_started_by_a_task_outlives_it() {
    let sandbox = sandbox();
    let ctx = env!("CARGO_BIN_EXE_ctx");
    let shown = answer(
        &sandbox,
        0,
        &[
            "run",
            "--fg",
            &format!("'{ctx}' run --bg --name inner 'sleep 0.2; echo inner; sleep 600'"),
        ],
    );
    says(&shown, &["exited 0 after"]);
    assert_eq!(object(&sandbox, "inner")["state"], "running");
    let outer = start(
        &sandbox,
        &[&format!(
            "'{ctx}' run --bg --name second -- sleep 600; touch up; sleep 600"
        )],
    );
    until("the second", || sandbox.path("up").exists());
    answer(&sandbox, 0, &["cancel", &outer]);
    assert_eq!(object(&sandbox, "second")["state"], "running");
    answer(&sandbox, 0, &["cancel", "--all"]);
    until("the end of the last supervisor", || {
        supervisors(&sandbox).is_empty()
    });
}

#[test]
fn whoever_only_reads_a_log_is_no_process_of_its_task() {
    let sandbox = sandbox();
    let id = start(&sandbox, &["--", "sleep", "600"]);
    until("the command", || {
        object(&sandbox, &id)["state"] == "running"
    });
    let mut reader = Command::new("tail")
        .arg("-f")
        .arg(folder(&sandbox, &id).join("log"))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    until("the reader", || {
        fs::read_dir(format!("/proc/{}/fd", reader.id()))
            .unwrap()
            .count()
            > 3
    });
    supervisors(&sandbox).into_iter().for_each(kill);
    says(&answer(&sandbox, 125, &["wait", &id]), &["lost"]);
    assert!(reader.try_wait().unwrap().is_none());
    reader.kill().unwrap();
    reader.wait().unwrap();
}
