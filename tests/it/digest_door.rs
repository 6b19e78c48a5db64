//! `ctx digest` at the command line: its options, its exit status, matchers of a project.

use super::sandbox::Sandbox;
use std::fmt::Write as _;

/// A compiler's output of 300 lines with one error.
fn output(error: &str) -> String {
    let mut text = String::new();
    for n in 1..=300 {
        writeln!(text, "[{n}/300] cc -c part{n}.c").unwrap();
        if n == 150 {
            writeln!(text, "src/part.c:{n}:7: error: {error}").unwrap();
        }
    }
    text
}

#[test]
fn a_file_or_standard_input() {
    let sandbox = Sandbox::new("");
    let text = output("unknown type name 'zed'");
    sandbox.write("build.log", &text);
    let shown = sandbox.shows("digest build.log --cmd make --exit 2 --budget 60");
    assert!(
        shown.starts_with("failed: exit 2\nsrc/part.c:150: error: unknown type name 'zed'\n"),
        "{shown}"
    );
    for args in [
        "digest --cmd make --exit 2 --budget 60",
        "digest - --cmd make --exit 2 --budget 60",
    ] {
        let same = sandbox.command(args.split(' ')).stdin(&text).go().shown();
        assert_eq!(same, shown);
    }
}

#[test]
fn the_end_names_the_lines_left_out() {
    let sandbox = Sandbox::new("");
    sandbox.write("build.log", output("no"));
    let shown = sandbox.shows("digest build.log --exit 2 --budget 800");
    let last = shown.lines().last().unwrap();
    assert!(last.starts_with("left out: lines "), "{shown}");
    let json = sandbox.json("digest build.log --exit 2 --budget 300");
    assert_eq!(json["lines"], 301);
    assert_eq!(json["failed"], true);
    let shown: u64 = json["rows"].as_array().unwrap().len() as u64;
    let omitted: u64 = json["omitted"]
        .as_array()
        .unwrap()
        .iter()
        .map(|range| range[1].as_u64().unwrap() - range[0].as_u64().unwrap() + 1)
        .sum();
    assert!(omitted < 301 && omitted + shown > 100, "{json}");
}

#[test]
fn a_form_that_most_omitted_lines_have_is_named() {
    let sandbox = Sandbox::new("");
    let mut text = String::from("suite starts\n");
    for n in 0..400 {
        writeln!(text, "test case_{n} ... ok").unwrap();
    }
    text += "test last ... FAILED\n";
    sandbox.write("test.log", text);
    let shown = sandbox.shows("digest test.log --exit 1 --budget 300");
    assert!(
        shown
            .lines()
            .last()
            .unwrap()
            .contains("(mostly `test case_0 ... ok`)"),
        "{shown}"
    );
}

#[test]
fn the_exit_status_is_that_of_ctx_and_no_failure_is_green() {
    let sandbox = Sandbox::new("");
    sandbox.write("empty.log", "");
    assert_eq!(
        sandbox.shows("digest empty.log --exit 1"),
        "failed: exit 1\n"
    );
    assert_eq!(
        sandbox.shows("digest empty.log --exit -9"),
        "failed: exit -9\n"
    );
    assert_eq!(sandbox.shows("digest empty.log --exit 0"), "exit 0\n");
}

#[test]
fn what_cannot_be_done_is_said() {
    let sandbox = Sandbox::new("");
    sandbox.write("a.log", output("no"));
    let error = sandbox.fails(2, "digest gone.log");
    assert!(error.contains("`gone.log`"), "{error}");
    let error = sandbox.fails(2, "digest a.log --exit 2 --budget 1");
    assert!(
        error.contains("too small") && error.contains("--budget"),
        "{error}"
    );
    let error = sandbox.fails(2, "digest a.log --against gone.log");
    assert!(error.contains("`gone.log`"), "{error}");
}

#[test]
fn the_change_since_an_earlier_output() {
    let sandbox = Sandbox::new("");
    sandbox.write("before.log", output("unknown type name 'zed'"));
    sandbox.write("after.log", output("expected ';'"));
    let shown = sandbox.shows("digest after.log --exit 2 --against before.log --budget 100");
    assert!(
        shown.contains("still failing 0, fixed 1, new 1") && shown.contains("fixed: src/part.c"),
        "{shown}"
    );
}

#[test]
fn matchers_of_the_project_are_used() {
    let sandbox = Sandbox::new("");
    let matcher = "[[matcher]]\nname = \"xl\"\npattern = '^xl (?<path>\\S+) @(?<line>\\d+) (?<message>.+)$'\n";
    sandbox.write(".ctx/matchers/xl.toml", matcher);
    let text = output("no") + "xl src/prog.q @14 symbol `zed` is odd\n";
    sandbox.write("a.log", text);
    let shown = sandbox.shows("digest a.log --exit 1 --budget 80");
    assert!(
        shown.contains("src/prog.q:14: symbol `zed` is odd"),
        "{shown}"
    );
}

#[test]
fn a_bad_matcher_is_named_with_its_file_and_key() {
    let sandbox = Sandbox::new("");
    sandbox.write("a.log", "x\n");
    let cases = [
        (
            "[[matcher]]\nname = \"xl\"\npattern = '(?<message>x'\n",
            "matcher 1 (xl), `pattern`",
        ),
        (
            "[[matcher]]\nname = \"xl\"\npattern = 'x'\n",
            "no group `(?<message>...)`",
        ),
        (
            "[[matcher]]\nname = \"xl\"\npattern = '(?<message>x)'\nseverity = \"loud\"\n",
            "`severity`: `loud`",
        ),
        ("[[matcher]]\nname = \"xl\"\npatern = 'x'\n", "patern"),
    ];
    for (matcher, words) in cases {
        sandbox.write(".ctx/matchers/xl.toml", matcher);
        let error = sandbox.fails(2, "digest a.log");
        assert!(
            error.contains("xl.toml") && error.contains(words),
            "{error}"
        );
    }
}

/// The kernel keeps the most memory that a process had; it is read while `ctx` still waits for
/// more input, after all of a log of 50 MB.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    use std::io::Write as _;
    use std::process::Stdio;

    let sandbox = Sandbox::new("");
    let mut child = sandbox
        .command(["digest", "--exit", "1", "--budget", "100"])
        .into_inner()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut written = 0;
    let mut n: u64 = 0;
    while written < 50_000_000 {
        let mut part = String::new();
        for _ in 0..1000 {
            n = n
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let kind = ["INFO", "DEBUG", "ERROR"][(n >> 33) as usize % 3];
            writeln!(
                part,
                "{kind} request {n:x} of user u{} took {} ms",
                n >> 50,
                n % 977
            )
            .unwrap();
        }
        input.write_all(part.as_bytes()).unwrap();
        written += part.len();
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
    let peak: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap();
    assert!(peak <= 64 * 1024, "{peak} kB");
}
