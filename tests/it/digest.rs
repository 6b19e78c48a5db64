//! `digest`: the promises, over every case of `corpus/digest/` and over odd and random input.

use super::corpus;
use ctx::digest::{Digest, Digester, Origin, fit, matcher};
use ctx::tokens::{Counter, Tokens};
use ctx::view::Format;
use proptest::prelude::*;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

const BUDGETS: [u64; 8] = [40, 60, 100, 200, 400, 800, 1600, 6000];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseToml {
    command: String,
    exit: i32,
    facts: Vec<(u32, String)>,
}

struct Case {
    folder: PathBuf,
    raw: String,
    /// All that a word of the digest may come from: the output as it is, as a person sees it,
    /// and with what JSON and XML escape.
    evidence: String,
    toml: CaseToml,
    digest: Digest,
}

fn cases() -> Vec<Case> {
    corpus::cases("digest")
        .into_iter()
        .map(|folder| {
            let toml = fs::read_to_string(folder.join("case.toml")).unwrap();
            let toml: CaseToml = toml::from_str(&toml)
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            let raw = fs::read_to_string(corpus::input(&folder)).unwrap();
            let digest = digest(raw.as_bytes(), Some(toml.exit));
            let evidence = evidence(&raw);
            Case {
                folder,
                raw,
                evidence,
                toml,
                digest,
            }
        })
        .collect()
}

fn evidence(raw: &str) -> String {
    let lines = ctx::digest::clean::clean(raw.as_bytes());
    let clean: String = lines.iter().map(|line| line.text.clone() + "\n").collect();
    let unescaped = clean
        .replace("\\n", "\n")
        .replace("\\\"", "\"")
        .replace("&apos;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    format!("{raw}\n{clean}\n{unescaped}")
}

fn digest(bytes: &[u8], exit: Option<i32>) -> Digest {
    Digest::of(
        bytes,
        Origin {
            command: None,
            exit,
        },
    )
}

fn shown(digest: &Digest, budget: u64) -> String {
    fit(digest, Format::Text, &Counter::default(), Tokens(budget))
        .map_or_else(|_| String::new(), |fitted| fitted.text)
}

fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// Whether a digest keeps a fact: its words, or for a place the file and the line near each other.
fn keeps(text: &str, fact: &str) -> bool {
    let text = folded(text);
    let fact = folded(fact);
    if text.contains(&fact) {
        return true;
    }
    let Some((path, line)) = place(&fact) else {
        return false;
    };
    let name = path.rsplit('/').next().unwrap();
    text.match_indices(name).any(|(at, _)| {
        let near: String = text[at + name.len()..].chars().take(1500).collect();
        [
            format!(":{line}"),
            format!(" {line}:"),
            format!("line {line}"),
        ]
        .iter()
        .any(|form| near.contains(form))
    })
}

/// `a/b.rs:12`, `b.cs(12`, `b.java:[12`, `b.py", line 12`
fn place(fact: &str) -> Option<(&str, &str)> {
    let digits = fact.len() - fact.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let head = fact[..fact.len() - digits]
        .trim_end_matches("line ")
        .trim_end_matches([':', '(', '[', ' ', ',', '"']);
    (digits > 0 && head.contains('.') && !head.contains(' '))
        .then(|| (head, &fact[fact.len() - digits..]))
}

fn recall(case: &Case, budget: u64) -> f64 {
    recall_of(case, &shown(&case.digest, budget))
}

fn recall_of(case: &Case, text: &str) -> f64 {
    let total: u32 = case.toml.facts.iter().map(|(weight, _)| weight).sum();
    let kept: u32 = case
        .toml
        .facts
        .iter()
        .filter(|(_, fact)| keeps(text, fact))
        .map(|(weight, _)| weight)
        .sum();
    f64::from(kept) / f64::from(total)
}

/// What anyone would do without a digest: the beginning and the end, as much as fits.
fn head_and_tail(case: &Case, budget: u64) -> String {
    let clean: Vec<String> = ctx::digest::clean::clean(case.raw.as_bytes())
        .into_iter()
        .map(|line| line.text)
        .collect();
    let cost = |line: &str| Counter::default().count(line).0 + 1;
    let (mut head, mut tail) = (0, clean.len());
    let (mut used, mut halves) = (0, [0, 0]);
    while head < tail {
        let side = usize::from(halves[1] < halves[0]);
        let line = if side == 0 { head } else { tail - 1 };
        let price = cost(&clean[line]);
        if used + price > budget {
            break;
        }
        used += price;
        halves[side] += price;
        if side == 0 {
            head += 1;
        } else {
            tail -= 1;
        }
    }
    clean[..head].join("\n") + "\n" + &clean[tail..].join("\n")
}

/// Prints a table: `cargo nextest run -E 'test(facts_are_kept)' --no-capture`.
#[test]
fn facts_are_kept() {
    let cases = cases();
    println!(
        "| tokens | cases longer | kept | head and tail keep |\n| ---: | ---: | ---: | ---: |"
    );
    let wanted = [(100, 0.80, 0.20), (400, 0.95, 0.05), (1600, 0.95, 0.05)];
    for (budget, wanted, tolerance) in wanted {
        let longer: Vec<&Case> = cases
            .iter()
            .filter(|case| Counter::default().count(&case.raw) > Tokens(budget))
            .collect();
        let mean = |recall: &dyn Fn(&Case) -> f64| {
            longer.iter().map(|case| recall(case)).sum::<f64>() / longer.len() as f64
        };
        let kept = mean(&|case| recall(case, budget));
        let baseline = mean(&|case| recall_of(case, &head_and_tail(case, budget)));
        println!(
            "| {budget} | {} | {kept:.3} | {baseline:.3} |",
            longer.len()
        );
        assert!(
            kept >= wanted,
            "at {budget} tokens {kept:.3} of the facts are kept, less than {wanted}"
        );
        for case in longer {
            let (kept, baseline) = (
                recall(case, budget),
                recall_of(case, &head_and_tail(case, budget)),
            );
            assert!(
                kept >= baseline - tolerance,
                "{} at {budget}: {kept:.2}, head and tail {baseline:.2}",
                case.folder.display()
            );
        }
    }
    for case in &cases {
        let kept = recall(case, 400);
        assert!(
            kept >= 0.6,
            "{}: only {kept:.2} at 400 tokens:\n{}",
            case.folder.display(),
            shown(&case.digest, 400)
        );
    }
}

#[test]
fn digests_are_as_expected() {
    let problems: String = cases()
        .iter()
        .filter_map(|case| corpus::check(&case.folder, "digest-200.txt", &shown(&case.digest, 200)))
        .collect();
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn budgets_hold_in_every_format_and_count() {
    let counters = [
        Counter::default(),
        Counter::for_model("gpt-4").unwrap(),
        Counter::for_model("claude-sonnet-4-5").unwrap(),
    ];
    for case in cases() {
        for counter in &counters {
            for format in [Format::Text, Format::Json] {
                for budget in BUDGETS {
                    match fit(&case.digest, format, counter, Tokens(budget)) {
                        Ok(fitted) => {
                            let tokens = counter.count(&fitted.text);
                            assert!(
                                tokens <= Tokens(budget),
                                "{}: {tokens} of {budget} in {format:?}",
                                case.folder.display()
                            );
                            assert_eq!(tokens, fitted.tokens, "{}", case.folder.display());
                            if format == Format::Json {
                                let json: serde_json::Value =
                                    serde_json::from_str(&fitted.text).unwrap();
                                assert_eq!(json["exit"], case.toml.exit);
                            }
                        }
                        Err(error) => assert!(
                            budget <= 100 && error.minimum > Tokens(budget),
                            "{}: {error}",
                            case.folder.display()
                        ),
                    }
                }
            }
        }
    }
}

#[test]
fn a_larger_budget_hides_nothing() {
    for case in cases() {
        for pair in [60, 100, 150, 200, 300, 400, 600, 800, 1600].windows(2) {
            let (small, large) = (shown(&case.digest, pair[0]), shown(&case.digest, pair[1]));
            if !large.contains("left out") {
                continue; // The whole output, verbatim.
            }
            for line in small.lines().filter(|line| !line.starts_with("left out")) {
                let beginning = line.trim().trim_end_matches('…').trim_end();
                let is_kept = large.lines().any(|line| {
                    line.trim().starts_with(beginning)
                        || squeezed(line).starts_with(&squeezed(beginning))
                });
                assert!(
                    is_kept,
                    "{}: `{line}` is shown at {} and not at {}:\n{large}",
                    case.folder.display(),
                    pair[0],
                    pair[1]
                );
            }
        }
    }
}

/// For texts that a larger budget shows verbatim.
fn squeezed(line: &str) -> String {
    line.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn nothing_is_invented() {
    for case in cases() {
        let raw: String = case
            .evidence
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        for budget in BUDGETS {
            for line in shown(&case.digest, budget).lines() {
                if line.starts_with("left out")
                    || line.starts_with("failed: exit")
                    || line.starts_with("exit 0")
                {
                    continue;
                }
                let line = line.rsplit_once(" ×").map_or(line, |(line, _)| line);
                for word in
                    line.split(|c: char| c.is_whitespace() || "\"'`()[]{},;:=…│".contains(c))
                {
                    let word = word.trim_matches(['.', ',', '!', '?']);
                    let tells = word.contains(|c: char| c.is_ascii_digit())
                        || word.contains('/')
                        || word.contains('_');
                    assert!(
                        !tells || raw.contains(word),
                        "{} at {budget}: `{word}` is not in the output: {line}",
                        case.folder.display()
                    );
                }
                for name in quoted(line) {
                    assert!(
                        squeezed(&raw).contains(&squeezed(name)),
                        "{} at {budget}: {name} is not in the output: {line}",
                        case.folder.display()
                    );
                }
            }
        }
    }
}

/// Names in quotes that open and close on the line.
fn quoted(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (open, close) in [
        ('`', '`'),
        ('`', '\''),
        ('\u{2018}', '\u{2019}'),
        ('"', '"'),
    ] {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once(open) {
            let Some((name, next)) = after.split_once(close) else {
                break;
            };
            if !name.contains(['\u{2026}', open]) {
                names.push(name);
            }
            rest = next;
        }
    }
    names
}

#[test]
fn the_output_of_programs_is_read_as_well() {
    let cases = [
        (
            r#"[{"filePath":"/p/a.js","messages":[{"ruleId":"no-undef","severity":2,"message":"'x' is not defined.","line":3,"column":1}]}]"#,
            "/p/a.js:3: error: 'x' is not defined. [no-undef]",
        ),
        (
            r#"[{"code":"F401","filename":"/p/a.py","location":{"row":1,"column":8},"message":"`os` imported but unused"}]"#,
            "/p/a.py:1: `os` imported but unused [F401]",
        ),
        (
            r#"{"file": "a.py", "line": 4, "column": 5, "message": "Incompatible types", "hint": null, "code": "assignment", "severity": "error"}
{"file": "a.py", "line": 9, "column": 5, "message": "Missing return", "hint": null, "code": "return", "severity": "error"}"#,
            " 9: error: Missing return [return]",
        ),
        (
            r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x","rules":[]}},"results":[{"ruleId":"R1","level":"error","message":{"text":"Bad thing"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a.c"},"region":{"startLine":7}}}]}]}]}"#,
            "src/a.c:7: error: Bad thing [R1]",
        ),
        (
            r#"{"$message_type":"diagnostic","message":"x","code":null,"level":"error","spans":[],"rendered":"error: mismatched types\n --> a.rs:2:4\n  |\n"}
{"$message_type":"diagnostic","message":"y","code":null,"level":"error","spans":[],"rendered":"error: aborting due to 1 previous error\n\n"}"#,
            "a.rs:2: error: mismatched types",
        ),
        (
            r#"{"version":"3.12","examples":[{"full_description":"Cart totals","status":"failed","file_path":"./spec/a_spec.rb","line_number":4,"exception":{"class":"E","message":"\nexpected: 2\n     got: 3\n","backtrace":["/p/spec/a_spec.rb:4:in `block'"]}}]}"#,
            "/p/spec/a_spec.rb:4 Cart totals: expected: 2; got: 3",
        ),
        (
            "<?xml version=\"1.0\"?>\n<checkstyle>\n<file name=\"/p/A.java\">\n<error line=\"3\" severity=\"error\" message=\"Missing a Javadoc comment.\" source=\"JavadocMethod\"/>\n</file>\n</checkstyle>\n",
            "/p/A.java:3: error: Missing a Javadoc comment. [JavadocMethod]",
        ),
        (
            "<?xml version=\"1.0\"?>\n<testsuite tests=\"2\" failures=\"1\">\n<testcase classname=\"a.B\" name=\"c\"><failure message=\"boom\">boom\n\tat a.B.c(B.java:7)</failure></testcase>\n</testsuite>\n",
            "B.java:7 a.B.c: boom",
        ),
    ];
    for (text, words) in cases {
        let digest = digest(text.as_bytes(), Some(1));
        let rows = fit(&digest, Format::Json, &Counter::default(), Tokens(300)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&rows.text).unwrap();
        let shown: String = json["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!(" {}\n", row["text"].as_str().unwrap()))
            .collect();
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}

#[test]
fn digests_are_never_longer_than_the_output() {
    let counter = Counter::default();
    for case in cases() {
        let raw = counter.count(&case.raw);
        for budget in BUDGETS {
            let text = shown(&case.digest, budget);
            let body = text.split_once('\n').map_or("", |(_, body)| body);
            assert!(
                counter.count(body) <= raw,
                "{} at {budget}",
                case.folder.display()
            );
        }
    }
}

#[test]
fn a_failed_command_is_never_green() {
    for case in cases().into_iter().filter(|case| case.toml.exit != 0) {
        for budget in BUDGETS {
            let text = shown(&case.digest, budget);
            let first = format!("failed: exit {}\n", case.toml.exit);
            assert!(
                text.is_empty() || text.starts_with(&first),
                "{}: {text}",
                case.folder.display()
            );
        }
        assert!(case.digest.is_failure());
    }
    let crashed = digest(
        b"ok\nthread 'main' panicked at src/a.rs:1:2:\nboom\n",
        Some(0),
    );
    assert!(crashed.is_failure());
    let long = format!(
        "{}thread 'main' panicked at src/a.rs:1:2:\nboom\n",
        "all is well\n".repeat(90)
    );
    assert!(
        shown(&digest(long.as_bytes(), Some(0)), 100)
            .starts_with("exit 0, but the output tells of a failure\n")
    );
}

#[test]
fn errors_come_before_warnings_however_many() {
    for (warnings, errors) in [(24, 1), (400, 2), (3000, 1)] {
        for position in [0, warnings / 2, warnings] {
            let mut text = String::new();
            for n in 0..=warnings {
                if n == position {
                    for error in 0..errors {
                        text += &format!(
                            "src/bad{error}.c:{}:3: error: no member named 'x{error}'\n",
                            70 + error
                        );
                    }
                }
                text += &format!(
                    "src/w{}.c:{}:5: warning: unused variable 'v{n}' [-Wunused]\n",
                    n % 13,
                    n + 1
                );
            }
            for budget in [60, 100, 200, 400] {
                let digest = shown(&digest(text.as_bytes(), Some(1)), budget);
                for error in 0..errors {
                    let at = digest
                        .find(&format!("no member named 'x{error}'"))
                        .unwrap_or_else(|| {
                            panic!("error {error} of {warnings} at {budget}:\n{digest}")
                        });
                    assert!(
                        digest.find("warning").is_none_or(|warning| at < warning),
                        "{digest}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_first_error_comes_before_its_cascade() {
    let text = "cc -c a.c\na.c:3:1: error: unknown type name 'foo'\na.c:9:1: error: expected ';' before 'bar'\nmake[1]: *** [Makefile:3: a.o] Error 1\nmake: *** [all] Error 2\n".to_owned() + &"cc -c b.c\n".repeat(200);
    let shown = shown(&digest(text.as_bytes(), Some(2)), 60);
    assert!(
        shown.contains("a.c:\n 3: error: unknown type name 'foo'"),
        "{shown}"
    );
    assert!(
        shown.find("unknown type").unwrap() < shown.find("make").unwrap_or(usize::MAX),
        "{shown}"
    );
}

#[test]
fn equal_failures_are_folded() {
    let mut text = String::from("running 40 tests\n");
    for n in 0..40 {
        text += &format!(
            "---- tests::case_{n} stdout ----\nthread 'tests::case_{n}' panicked at tests/all.rs:9:5:\nno database\n\n"
        );
    }
    let shown = shown(&digest(text.as_bytes(), Some(101)), 100);
    assert!(
        shown.contains("tests/all.rs:9 tests::case_0: no database ×40"),
        "{shown}"
    );
    assert!(shown.contains("case_1"), "{shown}");
}

#[test]
fn what_is_left_out_is_named() {
    let text = (1..=500)
        .map(|n| format!("step {n} done\n"))
        .collect::<String>();
    let shown = shown(&digest(text.as_bytes(), Some(0)), 60);
    let last = shown.lines().last().unwrap();
    let shown_at_end = shown
        .lines()
        .filter(|line| line.starts_with("step "))
        .count()
        - 1;
    assert_eq!(
        last,
        format!("left out: lines 2-{}", 500 - shown_at_end),
        "{shown}"
    );
}

#[test]
fn odd_input_gives_a_digest() {
    let long_line = vec![b'x'; 10_000_000];
    let mut garbage = Vec::new();
    for n in 0..200_000_u32 {
        garbage.push((n.wrapping_mul(2_654_435_761) >> 13) as u8);
    }
    let inputs: [&[u8]; 9] = [
        b"",
        b"\n\n\n",
        b"\xff\xfe\x00broken",
        b"text\x1b[31",
        b"text\x1b]0;title that never ends",
        b"\r\r\r\x08\x08",
        &long_line,
        &garbage,
        b"{\"reason\":",
    ];
    for input in inputs {
        for budget in [30, 100, 1000] {
            let digest = digest(input, Some(3));
            let text = shown(&digest, budget);
            assert!(
                text.starts_with("failed: exit 3\n"),
                "{:?} gives {text}",
                &input[..input.len().min(20)]
            );
            let counted = Counter::default().count(&text);
            assert!(counted <= Tokens(budget));
        }
    }
}

#[test]
fn a_running_output_can_be_digested() {
    for case in cases() {
        let half = (0..=case.raw.len() / 2)
            .rev()
            .find(|at| case.raw.is_char_boundary(*at))
            .unwrap();
        let digest = digest(&case.raw.as_bytes()[..half], None);
        assert!(Counter::default().count(&shown(&digest, 200)) <= Tokens(200));
    }
}

#[test]
fn chunks_do_not_matter() {
    for case in cases() {
        let mut digester = Digester::new();
        case.raw
            .as_bytes()
            .chunks(7)
            .for_each(|chunk| digester.feed(chunk));
        let digest = digester.finish(Origin {
            command: None,
            exit: Some(case.toml.exit),
        });
        assert_eq!(digest, case.digest, "{}", case.folder.display());
    }
}

#[test]
fn user_matchers_are_read_first() {
    let toml = "[[matcher]]\nname = \"xl\"\npattern = '^xl (?<path>\\S+) @(?<line>\\d+) (?<message>.+)$'\n";
    let matchers = matcher::parse("xl.toml", toml).unwrap();
    let mut digester = Digester::new().with_matchers(matchers);
    let text = "working\n".repeat(300)
        + "xl src/prog.q @14 symbol `zed` is odd\n"
        + &"working\n".repeat(300);
    digester.feed(text.as_bytes());
    let digest = digester.finish(Origin {
        command: None,
        exit: Some(1),
    });
    assert!(
        shown(&digest, 60).contains("src/prog.q:14: symbol `zed` is odd"),
        "{}",
        shown(&digest, 60)
    );
}

#[test]
fn the_change_since_an_earlier_run_comes_first() {
    let run = |failed: &[u32]| {
        let mut text = String::new();
        for n in 0..60 {
            text += &format!(
                "test t::case_{n} ... {}\n",
                if failed.contains(&n) { "FAILED" } else { "ok" }
            );
        }
        for n in failed {
            text += &format!(
                "---- t::case_{n} stdout ----\nthread 't' panicked at t.rs:{}:5:\nboom {n}\n\n",
                n + 1
            );
        }
        text + &format!(
            "test result: FAILED. {} passed; {} failed\n",
            60 - failed.len(),
            failed.len()
        )
    };
    let before = digest(run(&[3, 4, 5]).as_bytes(), Some(101));
    let now = digest(run(&[4, 9]).as_bytes(), Some(101)).against(&before);
    let shown = shown(&now, 120);
    assert!(
        shown.starts_with("failed: exit 101\nstill failing 1, fixed 2, new 1\n"),
        "{shown}"
    );
    assert!(shown.contains("fixed: t::case_3"), "{shown}");
    assert!(shown.contains("boom 9"), "{shown}");
}

/// Pieces that outputs are made of, to get deep into the families.
const PIECES: [&str; 40] = [
    "error: ",
    "warning: ",
    "src/a.rs:12:3: ",
    "  --> src/b.rs:4:1\n",
    "   |\n",
    "12 | let x = 1;\n",
    "thread 'x' panicked at a.rs:1:1:\n",
    "Traceback (most recent call last):\n",
    "  File \"a.py\", line 3, in f\n",
    "ValueError: x\n",
    "    at f (a.js:1:2)\n",
    "\tat a.B.c(B.java:3)\n",
    "--- FAIL: TestA (0.00s)\n",
    "=== RUN   TestA\n",
    "not ok 1 - x\n",
    "  ---\n",
    "  ...\n",
    "  1) a b\n",
    "● x › y\n",
    "FAIL: x\n",
    "======\n",
    "------\n",
    "____ t ____\n",
    "E   assert 1 == 2\n",
    "5 failed, 3 passed\n",
    "\x1b[31m",
    "\x1b[2A",
    "\x1b[K",
    "\r",
    "\n",
    "├── a\n",
    "│   └── b\n",
    "{\"reason\":\"compiler-message\"}\n",
    "<testsuite tests=\"1\">",
    "commit 0123456789012345678901234567890123456789\n",
    "< HTTP/1.1 500\n",
    "#8 1.2 x\n",
    "==12== x\n",
    "é失敗 ",
    "×3 ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_digest_within_the_budget(bytes in prop::collection::vec(any::<u8>(), 0..600), exit: Option<i32>, budget in 20u64..500) {
        check_any(&bytes, exit, budget)?;
    }

    #[test]
    fn any_mixture_gives_a_digest_within_the_budget(
        pieces in prop::collection::vec((0..PIECES.len(), "[a-z0-9 :/.]{0,12}"), 0..120),
        exit: Option<i32>,
        budget in 20u64..500,
    ) {
        let text: String = pieces.iter().flat_map(|(piece, words)| [PIECES[*piece], words.as_str()]).collect();
        check_any(text.as_bytes(), exit, budget)?;
    }
}

fn check_any(bytes: &[u8], exit: Option<i32>, budget: u64) -> Result<(), TestCaseError> {
    let digest = digest(bytes, exit);
    for format in [Format::Text, Format::Json] {
        if let Ok(fitted) = fit(&digest, format, &Counter::default(), Tokens(budget)) {
            prop_assert!(Counter::default().count(&fitted.text) <= Tokens(budget));
            if format == Format::Json {
                let json = serde_json::from_str::<serde_json::Value>(&fitted.text);
                prop_assert!(json.is_ok(), "{}", fitted.text);
            } else if exit.is_some_and(|exit| exit != 0) {
                prop_assert!(fitted.text.starts_with("failed: exit"));
            }
        }
    }
    Ok(())
}

#[test]
fn the_folder_of_a_case_is_complete() {
    for folder in corpus::cases("digest") {
        assert!(
            Path::new(&folder).join("case.toml").is_file(),
            "{}",
            folder.display()
        );
    }
    for case in cases() {
        assert!(!case.toml.command.is_empty());
        let raw = folded(&case.evidence);
        for (_, fact) in &case.toml.facts {
            assert!(
                raw.contains(&folded(fact)),
                "{}: `{fact}` is not in the output",
                case.folder.display()
            );
        }
    }
}
