//! What a tree may hold that nobody would put there on purpose: each gives a note and the rest
//! of the answer, from every command that opens files. Only nothing at all is an error, and it
//! names the thing and says why.

use crate::sandbox::{Ran, Sandbox, says};
use ctx::code::syntax::language;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::Path;

const GOOD: &str = "//- good.rs
/// Adds.
pub fn add(a: u32, b: u32) -> u32 {
    a + b
}
";

/// The commands that open files.
const COMMANDS: [&str; 4] = ["outline", "read", "budget", "tokens"];

fn run(sandbox: &Sandbox, command: &str, paths: &[&OsStr]) -> Ran {
    let args = [OsStr::new(command), OsStr::new("--")];
    sandbox.command(args.iter().chain(paths)).go()
}

/// Every command shows the good file and tells of the bad one; alone, the bad one is an error.
#[track_caller]
fn cannot_be_read(sandbox: &Sandbox, bad: impl AsRef<OsStr>, why: &str) {
    let bad = bad.as_ref();
    let name = bad.to_string_lossy();
    for command in COMMANDS {
        let both = run(sandbox, command, &[bad, OsStr::new("good.rs")]).shown();
        says(&both, &["good.rs", &name, why, "note: "]);
        let alone = run(sandbox, command, &[bad]).failed(2);
        says(&alone, &[&name, why]);
        let json = sandbox.command([
            OsStr::new(command),
            OsStr::new("--json"),
            bad,
            OsStr::new("good.rs"),
        ]);
        let json = json.go().shown();
        says(&json, &[why, "good.rs"]);
        serde_json::from_str::<serde_json::Value>(&json).unwrap();
    }
}

/// Every command answers, and JSON is JSON.
#[track_caller]
fn can_be_read(sandbox: &Sandbox, path: impl AsRef<OsStr>) -> [String; 4] {
    let path = path.as_ref();
    COMMANDS.map(|command| {
        let json = sandbox.command([
            OsStr::new(command),
            OsStr::new("--json"),
            OsStr::new("--"),
            path,
        ]);
        serde_json::from_str::<serde_json::Value>(&json.go().shown()).unwrap();
        run(sandbox, command, &[path]).shown()
    })
}

#[test]
fn a_path_that_is_not_there() {
    let sandbox = Sandbox::new(GOOD);
    cannot_be_read(&sandbox, "gone.rs", "no such file or folder");
    cannot_be_read(&sandbox, "no/such/folder/gone.rs", "no such file or folder");
}

#[test]
fn a_path_below_a_file() {
    let sandbox = Sandbox::new(GOOD);
    cannot_be_read(&sandbox, "good.rs/below.rs", "ot a directory");
}

#[test]
fn a_pattern_that_fits_nothing() {
    let sandbox = Sandbox::new(GOOD);
    says(&sandbox.fails(1, "outline *.zig"), &["`*.zig`"]);
    says(&sandbox.fails(1, "budget *.zig"), &["no files"]);
    says(
        &sandbox.fails(2, "read *.zig"),
        &["`*.zig`", "no such file"],
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new(GOOD);
    sandbox.write("secret.rs", "fn secret() {}\n");
    sandbox.write("closed/inner.rs", "fn inner() {}\n");
    let forbid = |path: &str| {
        fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o000)).unwrap()
    };
    forbid("secret.rs");
    if File::open(sandbox.path("secret.rs")).is_ok() {
        println!("skipped: this user may read every file");
        return;
    }
    cannot_be_read(&sandbox, "secret.rs", "permission denied");
    forbid("closed");
    for command in ["outline", "budget"] {
        says(
            &sandbox.shows(command),
            &[
                "closed: permission denied",
                "secret.rs: permission denied",
                "good.rs",
            ],
        );
    }
    fs::set_permissions(sandbox.path("closed"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_binary_file() {
    let sandbox = Sandbox::new(GOOD);
    sandbox.write("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    for command in ["read", "tokens"] {
        says(
            &sandbox.fails(2, &format!("{command} logo.png")),
            &["`logo.png`", "binary file, 16 bytes"],
        );
        says(
            &sandbox.shows(&format!("{command} logo.png good.rs")),
            &["binary file, 16 bytes", "good.rs"],
        );
    }
    says(
        &sandbox.shows("outline logo.png"),
        &["logo.png\n", "note: binary file, 16 bytes"],
    );
    says(&sandbox.shows("outline"), &["logo.png\n", "good.rs"]);
    says(
        &sandbox.shows("budget"),
        &["note: not counted: 1 file, binary", "good.rs"],
    );
}

#[test]
fn a_file_larger_than_the_limit() {
    let sandbox = Sandbox::new(GOOD);
    // Text at first, then a gigabyte that takes no room on the disk.
    sandbox.write("huge.txt", "word ".repeat(4_000));
    let file = File::options()
        .write(true)
        .open(sandbox.path("huge.txt"))
        .unwrap();
    if let Err(error) = file.set_len(1 << 30) {
        println!("skipped: no file of a gigabyte here: {error}");
        return;
    }
    let why = "1073741824 bytes, the limit is 20000000 (`code.max_file_bytes`)";
    for command in ["read", "tokens"] {
        says(&sandbox.fails(2, &format!("{command} huge.txt")), &[why]);
    }
    for command in COMMANDS {
        says(
            &sandbox.shows(&format!("{command} huge.txt good.rs")),
            &[why, "huge.txt", "good.rs"],
        );
    }
    sandbox.write("small.rs", "fn small() {}\n".repeat(100));
    says(
        &sandbox.shows("outline small.rs --config code.max_file_bytes=100"),
        &["small.rs", "1400 bytes, the limit is 100"],
    );
    let stdin = sandbox.command([
        "outline",
        "-",
        "--lang",
        "rust",
        "--config",
        "code.max_file_bytes=100",
    ]);
    says(
        &stdin.stdin("fn small() {}\n".repeat(100)).go().failed(2),
        &["standard input is larger than 100 bytes"],
    );
}

#[test]
fn ten_megabytes_of_minified_javascript() {
    let sandbox = Sandbox::new(GOOD);
    sandbox.write(
        "min.js",
        "function a(b){return b+1};var c=[1,2,3];".repeat(10_000_000 / 40),
    );
    let [outline, read, budget, tokens] = can_be_read(&sandbox, "min.js");
    says(&outline, &["min.js +"]);
    if language::by_name("javascript").is_some() {
        says(&outline, &["note: not parsed: 10000000 bytes"]);
    }
    says(&read, &["min.js:1-1\nfunction a(b)", "… left out 1-1"]);
    let count = tokens.trim().parse::<u64>().unwrap();
    assert!(count > 1_000_000, "{count}");
    says(&budget.replace(',', ""), &[&format!("{count} 100% min.js")]);
}

#[test]
fn invalid_utf8() {
    let sandbox = Sandbox::new(GOOD);
    sandbox.write(
        "latin.rs",
        b"// caf\xe9\npub fn caf\xe9_2() {}\npub fn plain() {}\n",
    );
    let [outline, read, ..] = can_be_read(&sandbox, "latin.rs");
    says(&outline, &["plain()", "invalid UTF-8"]);
    says(
        &read,
        &["// caf\u{fffd}\n", "note: `latin.rs` holds invalid UTF-8"],
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark() {
    let sandbox = Sandbox::new(GOOD);
    sandbox.write(
        "dos.rs",
        "\u{feff}pub fn one() {}\r\n\r\npub fn two(\r\n    a: u8,\r\n) {\r\n    a;\r\n}\r\n",
    );
    let [outline, read, budget, tokens] = can_be_read(&sandbox, "dos.rs");
    says(&outline, &["1 pub fn one()", "3-7 pub fn two(a: u8)"]);
    assert_eq!(
        read,
        "pub fn one() {}\r\n\r\npub fn two(\r\n    a: u8,\r\n) {\r\n    a;\r\n}\r\n"
    );
    assert_eq!(sandbox.shows("read dos.rs:4"), "    a: u8,\r\n");
    // All commands count the same text: the mark is no part of it.
    says(&budget, &[&format!("{} 100% dos.rs", tokens.trim())]);
}

#[test]
fn brackets_nested_a_hundred_thousand_deep() {
    let sandbox = Sandbox::new(GOOD);
    let some = ["rust", "python", "javascript", "json", "c", "go"];
    for name in some
        .into_iter()
        .filter(|name| language::by_name(name).is_some())
    {
        for bracket in ["(", "[", "{"] {
            let args = ["outline", "-", "--lang", name, "--budget", "300"];
            let ran = sandbox.command(args).stdin(bracket.repeat(100_000)).go();
            assert_eq!(ran.status, Some(0), "{name} {bracket}: {}", ran.stderr);
        }
    }
}

/// Deep enough for every stack and buffer of a grammar; deeper takes some of them minutes.
#[test]
fn every_language_nested_deeper_than_anyone_writes() {
    let sandbox = Sandbox::new(GOOD);
    let indented: String = (0..600).map(|depth| format!("{:depth$}a:\n", "")).collect();
    let mut texts: Vec<String> = ["(", "[", "{", "<a>", "- ", "? ", "> ", "\"#{", "if "]
        .iter()
        .map(|part| part.repeat(600))
        .collect();
    texts.push(indented);
    for language in language::all() {
        for text in &texts {
            let args = ["outline", "-", "--lang", language.name, "--budget", "300"];
            let ran = sandbox.command(args).stdin(text).go();
            let start = &text[..20];
            assert_eq!(
                ran.status,
                Some(0),
                "{} {start:?}: {}",
                language.name,
                ran.stderr
            );
        }
    }
}

/// The scanner of Perl looked for a newline past the end, for ever.
#[test]
fn a_heredoc_cut_off_within_a_line() {
    let sandbox = Sandbox::new("");
    sandbox.write("cut.pl", "sub first {\n}\n\nprint <<EOF;\nDear $name and");
    let shown = sandbox.shows("outline");
    says(&shown, &["cut.pl +"]);
    if language::by_name("perl").is_some() {
        says(&shown, &["sub first"]);
    }
}

#[test]
fn folders_a_thousand_deep() {
    let sandbox = Sandbox::new(GOOD);
    let mut folder = sandbox.root();
    let deep = (0..1_000).take_while(|level| {
        folder.push("d");
        let made = fs::create_dir(&folder)
            .and_then(|()| fs::write(folder.join(format!("f{level}.rs")), "fn f() {}\n"));
        made.is_ok()
    });
    let deep = deep.count();
    assert!(deep > 100, "{deep}");
    for command in ["outline", "budget"] {
        says(&sandbox.shows(command), &["good.rs", "left out: "]);
        says(
            &sandbox.shows(&format!("{command} --json")),
            &["good.rs", "\"complete\":false"],
        );
    }
    says(
        &sandbox.shows("budget --depth 2 --budget 1000"),
        &["all shown"],
    );
}

#[test]
fn an_empty_folder_has_nothing_to_show() {
    let sandbox = Sandbox::new("");
    fs::create_dir(sandbox.path("empty")).unwrap();
    says(
        &sandbox.fails(1, "outline"),
        &["no files in this workspace", "hint: "],
    );
    says(&sandbox.fails(1, "outline empty"), &["no files in `empty`"]);
    says(&sandbox.fails(1, "budget empty"), &["no files"]);
    says(
        &sandbox.fails(2, "read empty"),
        &["`empty` is a folder", "`ctx outline empty`"],
    );
    says(
        &sandbox.fails(2, "tokens empty"),
        &["`empty` is a folder", "`ctx budget empty`"],
    );
}

#[test]
fn an_empty_file_is_an_answer() {
    let sandbox = Sandbox::new("//- empty.rs\n");
    let [outline, read, budget, tokens] = can_be_read(&sandbox, "empty.rs");
    says(&outline, &["empty.rs\n"]);
    assert_eq!(read, "");
    says(&budget, &["0 0% empty.rs"]);
    assert_eq!(tokens, "0\n");
    says(
        &sandbox.fails(2, "read empty.rs:5-9"),
        &["`empty.rs` has 0 lines, asked for line 5"],
    );
}

#[test]
fn the_skeleton_of_an_empty_file_is_no_panic() {
    let sandbox = Sandbox::new("//- empty.rs\n");
    assert_eq!(sandbox.shows("read --skeleton empty.rs"), "");
}

#[test]
fn a_path_outside_the_workspace() {
    let sandbox = Sandbox::new(GOOD);
    let outside = sandbox.home().join("far.rs");
    fs::write(&outside, "pub fn far() {}\n").unwrap();
    let shown = outside.to_str().unwrap();
    let [outline, ..] = can_be_read(&sandbox, &outside);
    // With a space before it: a line never begins with `/`.
    says(&outline, &[&format!(" {shown} +"), "pub fn far()"]);
    says(
        &sandbox.shows("outline ../home/far.rs"),
        &["far.rs", "pub fn far()"],
    );
    assert_eq!(sandbox.shows("read ../home/far.rs"), "pub fn far() {}\n");
    assert_eq!(
        sandbox.json(&format!("outline {shown}"))["items"][0]["path"],
        shown
    );
}

/// Names that break a shell, a list or a parser of arguments.
#[cfg(unix)]
const NAMES: &[&str] = &[
    "with space.rs",
    "-leading-dash.rs",
    "--help.rs",
    "quote's.rs",
    "double\"quote.rs",
    "new\nline.rs",
    "tab\t.rs",
    "escape\u{1b}[31m.rs",
    "back\\slash.rs",
    "a:1-2.rs",
    "a.rs:7",
    "hash#tag.rs",
    "#first.rs",
    "star*.rs",
    "[a-z].rs",
    "{a,b}.rs",
    "$HOME.rs",
    "`id`.rs",
    "~tilde.rs",
    "é漢👩‍👩‍👧.rs",
    " leading.rs",
];

#[cfg(unix)]
#[test]
fn names_that_nobody_would_choose() {
    let sandbox = Sandbox::new("");
    let text: String = (0..400)
        .map(|nth| format!("pub fn function_{nth}() -> u32 {{ {nth} }}\n"))
        .collect();
    for name in NAMES {
        sandbox.write(name, &text);
    }
    let json = sandbox.json("outline --level name --depth 1 --budget 500k");
    let paths: Vec<&str> = json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["path"].as_str().unwrap())
        .collect();
    for name in NAMES {
        assert!(paths.contains(name), "{name:?} is not in {paths:?}");
        let path = format!("./{name}");
        can_be_read(&sandbox, &path);
        // The command in the answer is one that a shell runs, and shows what comes next.
        let read = run(&sandbox, "read", &[OsStr::new(&path)]).shown();
        let (_, more) = read
            .rsplit_once(": ctx ")
            .unwrap_or_else(|| panic!("{name:?}: {read}"));
        let rest = shell(&sandbox, &format!("ctx {more}"));
        let next = rest
            .lines()
            .find(|line| line.starts_with("pub fn"))
            .unwrap();
        assert!(
            !read.contains(next) && text.contains(next),
            "{name:?}: {next}"
        );
        if !name.ends_with(".rs") {
            continue;
        }
        let outline = sandbox
            .command(["outline", "--budget", "200", "--", path.as_str()])
            .go()
            .shown();
        let (_, more) = outline
            .rsplit_once("with `ctx ")
            .unwrap_or_else(|| panic!("{name:?}: {outline}"));
        let (more, _) = more
            .rsplit_once("`; ")
            .unwrap_or_else(|| panic!("{name:?}: {outline}"));
        says(
            &shell(&sandbox, &format!("ctx {more}")),
            &["all shown: 1 file, 400 symbols"],
        );
    }
}

/// Runs a line with a shell that finds `ctx`.
#[cfg(unix)]
fn shell(sandbox: &Sandbox, line: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_ctx")).parent().unwrap();
    let output = std::process::Command::new("/bin/sh")
        .args(["-c", line])
        .current_dir(sandbox.root())
        .env_clear()
        .env("PATH", folder)
        .env("HOME", sandbox.home())
        .output()
        .unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_unicode() {
    use std::os::unix::ffi::OsStrExt as _;
    let sandbox = Sandbox::new(GOOD);
    let name = OsStr::from_bytes(b"caf\xe9.rs");
    sandbox.write(name, "pub fn odd() {}\n");
    let [outline, read, ..] = can_be_read(&sandbox, name);
    says(&outline, &["caf\u{fffd}.rs", "odd()"]);
    assert_eq!(read, "pub fn odd() {}\n");
    says(&sandbox.shows("outline"), &["caf\u{fffd}.rs", "good.rs"]);
}

#[cfg(unix)]
#[test]
fn links_into_themselves_and_to_nothing() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new(GOOD);
    symlink("b", sandbox.path("a")).unwrap();
    symlink("a", sandbox.path("b")).unwrap();
    symlink("nothing", sandbox.path("dangling.rs")).unwrap();
    symlink(".", sandbox.path("here")).unwrap();
    symlink("good.rs", sandbox.path("link.rs")).unwrap();
    cannot_be_read(&sandbox, "dangling.rs", "no such file or folder");
    cannot_be_read(&sandbox, "a", "ymbolic links");
    for command in ["outline", "budget"] {
        let shown = sandbox.shows(command);
        assert_eq!(shown.matches("good.rs").count(), 1, "{shown}");
    }
    let [outline, ..] = can_be_read(&sandbox, "link.rs");
    says(&outline, &["link.rs", "pub fn add"]);
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_not_opened() {
    let sandbox = Sandbox::new(GOOD);
    let made = std::process::Command::new("mkfifo")
        .arg(sandbox.path("pipe.rs"))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        println!("skipped: mkfifo cannot make a pipe here");
        return;
    }
    let _socket = std::os::unix::net::UnixListener::bind(sandbox.path("socket.rs")).unwrap();
    cannot_be_read(&sandbox, "pipe.rs", "not a regular file");
    cannot_be_read(&sandbox, "socket.rs", "not a regular file");
    cannot_be_read(&sandbox, "/dev/zero", "not a regular file");
    for command in ["outline", "budget"] {
        says(
            &sandbox.shows(command),
            &[
                "note: pipe.rs: not a regular file",
                "note: socket.rs",
                "good.rs",
            ],
        );
    }
}

#[test]
fn a_parse_that_finds_errors_tells_so_beside_what_it_found() {
    let sandbox =
        Sandbox::new("//- broken.rs\npub fn good() {}\n\nfn (((( {\n\npub fn also() {}\n");
    says(
        &sandbox.shows("outline"),
        &["broken.rs", "  note: holds syntax errors", "pub fn good()"],
    );
}

#[test]
fn notes_do_not_crowd_out_the_files() {
    let sandbox = Sandbox::new(GOOD);
    for nth in 0..200 {
        sandbox.write(format!("cases/bad{nth}.rs"), "fn (((( {\n");
    }
    let shown = sandbox.shows("outline --budget 500");
    says(&shown, &["good.rs", "pub fn add(a: u32, b: u32) -> u32"]);
}
