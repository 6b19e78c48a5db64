//! Which tests failed, and which of them passed later.

use super::outcome::{self, Told};
use super::shell;
use super::{Run, TestFact};

/// Takes what one run of `line` tells of tests.
pub fn update(tests: &mut Vec<TestFact>, run: &Run, line: &str, told: &Told) {
    let command = scope(line);
    for test in tests.iter_mut().filter(|test| test.passed.is_none()) {
        let fails = told
            .failed
            .iter()
            .any(|failed| is_same(&failed.name, &test.name));
        if fails || told.text.is_empty() && !run.end.is_success() {
            continue;
        }
        let ran = run.end.is_success() && !run.hides_failure || !told.failed.is_empty();
        let passed =
            outcome::says_passed(&told.text, &test.name) || (ran && covers(&command, test));
        if passed {
            test.passed = Some(run.place);
        }
    }
    for failed in &told.failed {
        match tests
            .iter_mut()
            .find(|test| is_same(&test.name, &failed.name))
        {
            Some(test) => {
                test.passed = None;
                test.command.clone_from(&command);
                if !failed.message.is_empty() {
                    test.message = super::said::clip_to(&failed.message, 200);
                }
            }
            None => tests.push(TestFact {
                name: failed.name.clone(),
                message: super::said::clip_to(&failed.message, 200),
                failed: run.place,
                passed: None,
                command: command.clone(),
            }),
        }
    }
}

fn is_same(a: &str, b: &str) -> bool {
    a == b || (a.len() > 8 && b.ends_with(a)) || (b.len() > 8 && a.ends_with(b))
}

/// The words of the runner, without options: what a run covers.
fn scope(line: &str) -> String {
    let parts = shell::parse(line);
    let tests = parts.iter().filter(|part| !part.is_piped);
    let runner = tests.max_by_key(|part| super::sort::of_simple(part));
    let words = runner.map(|part| {
        let words = part.run().iter().map(String::as_str);
        words
            .filter(|word| !word.starts_with('-'))
            .collect::<Vec<_>>()
            .join(" ")
    });
    words.unwrap_or_default()
}

/// Whether a run of `command` includes `test`: the same command, a wider one, or one that names
/// the test or its file.
fn covers(command: &str, test: &TestFact) -> bool {
    if command.is_empty() {
        return false;
    }
    let is_wider = test.command.starts_with(command);
    let short = outcome::short_name(&test.name);
    let names_test = short.len() > 3 && command.contains(short);
    let file = test
        .name
        .split("::")
        .next()
        .filter(|file| file.contains('.'));
    let names_file = file.is_some_and(|file| command.contains(file));
    is_wider || names_test || names_file
}
