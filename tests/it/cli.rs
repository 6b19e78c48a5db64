//! The program as a whole: help, statuses, settings, completions, pipes.

use crate::sandbox::{Sandbox, says};
use std::io::Read as _;
use std::process::Stdio;

const PROJECT: &str = "//- src/lib.rs
/// Adds two numbers.
pub fn add(a: u32, b: u32) -> u32 {
    a + b
}
//- README.md
# Fixture
";

const COMMANDS: [&str; 19] = [
    "outline",
    "read",
    "run",
    "status",
    "wait",
    "output",
    "cancel",
    "retry",
    "confirm",
    "discard",
    "clean",
    "doctor",
    "tasks",
    "budget",
    "tokens",
    "languages",
    "config",
    "completions",
    "man",
];

#[test]
fn help_fits_a_screen() {
    let sandbox = Sandbox::new("");
    let help = sandbox.shows("--help");
    says(&help, &COMMANDS);
    assert!(help.lines().count() <= 50, "{help}");
    for command in COMMANDS {
        for option in ["--help", "-h"] {
            let help = sandbox.shows(&format!("{command} {option}"));
            says(&help, &["Usage: ctx", "--repo"]);
            assert!(
                help.lines().count() <= 60,
                "{command}: {} lines",
                help.lines().count()
            );
            assert!(
                help.lines().all(|line| line.chars().count() <= 100),
                "{help}"
            );
        }
    }
}

#[test]
fn version() {
    let version = Sandbox::new("").shows("--version");
    assert_eq!(version, concat!("ctx ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn mistyped_arguments_are_told_with_what_was_meant() {
    let sandbox = Sandbox::new(PROJECT);
    says(&sandbox.fails(2, "outlin"), &["outlin", "'outline'"]);
    says(
        &sandbox.fails(2, "outline --levle name"),
        &["--levle", "'--level'"],
    );
    says(
        &sandbox.fails(2, "outline --level bdy"),
        &["bdy", "name, signature, doc, body"],
    );
    says(
        &sandbox.fails(2, "outline --budget 4x"),
        &["`4x` is no number of tokens", "4000, 4k and 1.5M"],
    );
    says(&sandbox.fails(2, "read"), &["required", "<PATH"]);
    let nothing = sandbox.ctx("");
    assert_eq!(nothing.status, Some(2));
    says(&nothing.stderr, &["Usage: ctx"]);
}

#[test]
fn exit_statuses() {
    let sandbox = Sandbox::new(PROJECT);
    sandbox.shows("outline");
    sandbox.fails(1, "outline --lang python");
    sandbox.fails(1, "read src/lib.rs#frobnicate");
    sandbox.fails(2, "read gone.rs");
    sandbox.fails(2, "outline --budget 1");
}

#[test]
fn a_budget_too_small_names_the_one_that_works() {
    let sandbox = Sandbox::new(PROJECT);
    for command in [
        "outline",
        "outline --json",
        "budget",
        "budget --json --model opus",
        "read src/lib.rs README.md --json",
    ] {
        let error = sandbox.fails(2, &format!("{command} --budget 3"));
        says(
            &error,
            &[
                "budget of 3 tokens is too small: the smallest answer needs ",
                "\nhint: `ctx ",
            ],
        );
        let (_, hint) = error.split_once("hint: `ctx ").unwrap();
        let hint = hint.trim_end().trim_end_matches('`');
        sandbox.shows(hint);
        let (rest, minimum) = hint.rsplit_once(' ').unwrap();
        let below = minimum.parse::<u64>().unwrap() - 1;
        sandbox.fails(2, &format!("{rest} {below}"));
    }
}

#[test]
fn another_workspace() {
    let sandbox = Sandbox::new(PROJECT);
    let root = sandbox.root();
    for option in ["-C", "--repo"] {
        let shown = sandbox
            .command([option, root.to_str().unwrap(), "outline"])
            .within(sandbox.home())
            .go()
            .shown();
        says(&shown, &["src/lib.rs +", "pub fn add"]);
    }
    let error = sandbox.command(["-C", "gone", "outline"]).go().failed(2);
    says(&error, &["`--repo gone` cannot be opened", "because"]);
    let error = sandbox
        .command(["-C", "README.md", "outline"])
        .go()
        .failed(2);
    says(&error, &["is not a folder"]);
}

/// Commands in answers were those of the workspace around, whatever `-C` and `--config` said.
#[test]
fn commands_in_answers_act_on_the_same_workspace() {
    let sandbox = Sandbox::new(PROJECT);
    let run = |args: &[&str]| sandbox.command(args).within(sandbox.home()).go();
    let outline = run(&[
        "-C",
        "../work",
        "--config",
        "code.skip_hidden=false",
        "outline",
        "--budget",
        "60",
    ])
    .shown();
    says(
        &outline,
        &["with `ctx -C ../work --config code.skip_hidden=false outline --budget "],
    );
    let error = run(&[
        "-C",
        "../work",
        "read",
        "src/lib.rs",
        "README.md",
        "--json",
        "--budget",
        "3",
    ])
    .failed(2);
    says(
        &error,
        &["hint: `ctx -C ../work read src/lib.rs README.md --json --budget "],
    );
    let budget = run(&["-C", "../work", "budget", "--budget", "3"]).failed(2);
    says(&budget, &["hint: `ctx -C ../work budget --budget "]);
}

/// Paths in answers start at the workspace, and were not found from a folder below it.
#[test]
fn paths_of_answers_are_found_from_every_folder() {
    let sandbox = Sandbox::new("//- src/deep/a.rs\npub fn a() {}\n//- src/b.rs\npub fn b() {}\n");
    let within = |args: &str| {
        sandbox
            .command(args.split(' '))
            .within(sandbox.path("src"))
            .go()
    };
    says(&within("outline").shown(), &["src/b.rs", "src/deep/a.rs"]);
    assert_eq!(within("read src/b.rs").shown(), "pub fn b() {}\n");
    assert_eq!(within("read src/b.rs:1").shown(), "pub fn b() {}\n");
    assert_eq!(within("read b.rs").shown(), "pub fn b() {}\n");
    says(
        &within("outline src/deep").shown(),
        &["src/deep/a.rs", "pub fn a()"],
    );
    says(&within("budget src/deep").shown(), &["src/deep/a.rs"]);
    assert_eq!(
        within("tokens src/b.rs").shown(),
        within("tokens b.rs").shown()
    );
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let sandbox = Sandbox::new("");
    // More than a pipe holds.
    sandbox.write("long.rs", "pub fn long() {}\n".repeat(60_000));
    let mut command = sandbox
        .command(["read", "long.rs", "--budget", "2M"])
        .into_inner();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(&first, b"pub fn lon");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

/// `eprintln` panics where nobody reads standard error.
#[test]
fn an_error_that_nobody_reads_keeps_its_status() {
    let sandbox = Sandbox::new("");
    let mut command = sandbox.command(["read", "gone.rs"]).into_inner();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(writer)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}

// --- Settings ---

#[test]
fn settings_come_in_layers_that_name_their_origin() {
    let sandbox = Sandbox::new(PROJECT);
    says(
        &sandbox.shows("config"),
        &[
            "budget = 4000  # built-in\n",
            "model = \"o200k_base\"  # built-in\n",
        ],
    );
    let user = sandbox.home().join(".config/ctx");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(
        user.join("config.toml"),
        "budget = 1000\nmodel = \"gpt-4\"\n[code]\nskip_hidden = false\n",
    )
    .unwrap();
    sandbox.write(".ctx/config.toml", "budget = 2000\nmodel = \"opus\"\n");
    let run = || {
        let command = sandbox.command(["config", "--config", "code.max_file_bytes=7"]);
        command
            .env("CTX_MODEL", "gemini")
            .env("CTX_OTHER", "x")
            .go()
            .shown()
    };
    let shown = run();
    let user = user.join("config.toml");
    let project = sandbox.path(".ctx/config.toml").canonicalize().unwrap();
    says(
        &shown,
        &[
            &format!("budget = 2000  # {}\n", project.display()),
            "model = \"gemini\"  # $CTX_MODEL\n",
            &format!("code.skip_hidden = false  # {}\n", user.display()),
            "code.max_file_bytes = 7  # --config\n",
            "code.respect_ignores = true  # built-in\n",
        ],
    );
    let json = sandbox.json("config");
    let budget = json
        .as_array()
        .unwrap()
        .iter()
        .find(|setting| setting["key"] == "budget")
        .unwrap();
    assert_eq!(budget["value"], 2000);
    assert_eq!(budget["from"], project.to_str().unwrap());
    let outline = sandbox.json("outline");
    assert_eq!(outline["budget"], 2000);
    assert!(outline["counter"].as_str().unwrap().contains("claude-4.7"));
}

#[test]
fn the_built_in_settings_are_a_file_to_start_from() {
    let sandbox = Sandbox::new(PROJECT);
    let defaults = sandbox.shows("config --defaults");
    sandbox.write(".ctx/config.toml", &defaults);
    let shown = sandbox.shows("config");
    assert!(!shown.contains("built-in"), "{shown}");
}

#[test]
fn broken_settings_name_the_file_and_the_key() {
    let sandbox = Sandbox::new(PROJECT);
    let fails = |toml: &str, parts: &[&str]| {
        sandbox.write(".ctx/config.toml", toml);
        let error = sandbox.fails(2, "outline");
        says(&error, &["config.toml"]);
        says(&error, parts);
        // What needs no settings works where they are broken.
        sandbox.shows("completions bash");
        sandbox.shows("--help");
    };
    fails("budget = [", &["not valid TOML", "line 1"]);
    fails(
        "budget = \"many\"",
        &["`budget`", "takes a whole number", "found `\"many\"`"],
    );
    fails("budget = -5", &["`budget`", "not negative", "found `-5`"]);
    fails(
        "[code]\nskip_hidden = 3",
        &["`code.skip_hidden`", "takes true or false"],
    );
    fails("model = \"gpt-9000x\"", &["unknown model `gpt-9000x`"]);
    sandbox.write(".ctx/config.toml", b"\xff\xfe");
    says(
        &sandbox.fails(2, "outline"),
        &["config.toml", "cannot be read"],
    );
}

#[test]
fn unknown_settings_are_a_warning_that_names_the_nearest() {
    let sandbox = Sandbox::new(PROJECT);
    sandbox.write(
        ".ctx/config.toml",
        "bugdet = 10\n[code]\nskip_hiden = true\n",
    );
    let ran = sandbox.ctx("outline");
    assert_eq!(ran.status, Some(0));
    says(&ran.text(), &["pub fn add"]);
    says(
        &ran.stderr,
        &[
            "warning: unknown setting `bugdet` in ",
            "did you mean `budget`?",
            "unknown setting `code.skip_hiden`",
            "did you mean `code.skip_hidden`?",
        ],
    );
    let ran = sandbox.ctx("outline --config frobnicate=1");
    says(&ran.stderr, &["unknown setting `frobnicate` in --config\n"]);
    says(
        &sandbox.fails(2, "outline --config budget"),
        &["--config takes KEY=VALUE, found `budget`"],
    );
    says(
        &sandbox.fails(2, "outline --config budget=x"),
        &["setting `budget` in --config takes a whole number"],
    );
}

// --- Languages, completions, pages ---

#[test]
fn languages() {
    let sandbox = Sandbox::new("");
    says(&sandbox.shows("languages"), &["rust ", "Rust ", ".rs"]);
    let json = sandbox.json("languages");
    let rust = json
        .as_array()
        .unwrap()
        .iter()
        .find(|language| language["name"] == "rust")
        .unwrap();
    assert_eq!(rust["title"], "Rust");
    assert!(
        rust["extensions"]
            .as_array()
            .unwrap()
            .contains(&"rs".into())
    );
}

#[test]
fn completions_for_every_shell_name_every_command() {
    let sandbox = Sandbox::new("");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = sandbox.shows(&format!("completions {shell}"));
        says(&script, &COMMANDS);
    }
    says(&sandbox.fails(2, "completions tcsh"), &["tcsh", "bash"]);
}

#[test]
fn manual_pages() {
    let sandbox = Sandbox::new("");
    says(&sandbox.shows("man"), &[".TH ctx 1", "outline"]);
    let written = sandbox.shows("man --dir pages");
    for command in COMMANDS {
        let page = std::fs::read_to_string(sandbox.path(format!("pages/ctx-{command}.1"))).unwrap();
        says(&page, &[&format!(".TH ctx-{command} 1")]);
        says(&written, &[&format!("ctx-{command}.1\n")]);
    }
    assert!(sandbox.path("pages/ctx.1").is_file());
    sandbox.write("file", "");
    says(
        &sandbox.fails(2, "man --dir file/pages"),
        &["pages cannot be written to `file/pages`"],
    );
}
