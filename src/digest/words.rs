//! What single words tell about a line: whether it speaks of an error, a warning, a success, a
//! hint. Looks at nothing but the line.

/// How loudly a line speaks of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// Not at all.
    #[default]
    Silent,
    /// A word that often goes with it: `cannot`, `invalid`, `missing`.
    Whisper,
    /// The word itself somewhere in a sentence.
    Mention,
    /// The word as a label: `error:`, `[ERROR]`, `FAILED`, `TypeError: ...`.
    Label,
}

/// What the words of a line say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// Errors and failures.
    pub error: Voice,
    /// Words for the end of a process or of trust in its state: `panicked`, `fatal`, `SIGSEGV`.
    pub is_fatal: bool,
    /// Warnings and deprecations.
    pub warning: Voice,
    /// `ok`, `passed`, a check mark.
    pub passes: bool,
    /// `help:`, `did you mean`, `try`.
    pub hints: bool,
    /// `INFO`, `DEBUG`, `note:` as a label.
    pub informs: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Sense {
    Fatal,
    Error,
    Weak,
    /// Bad only as a label: `Issue: ...`.
    Issue,
    Warning,
    Pass,
    Hint,
    Info,
}

fn sense(word: &[u8]) -> Option<Sense> {
    Some(match word {
        b"fatal" | b"panic" | b"panicked" | b"panics" | b"segfault" | b"segmentation"
        | b"sigsegv" | b"sigabrt" | b"sigkill" | b"sigbus" | b"sigill" | b"aborted" | b"abort"
        | b"aborting" | b"critical" | b"crit" | b"emerg" | b"emergency" | b"traceback"
        | b"crash" | b"crashed" | b"killed" | b"unhandled" | b"uncaught" | b"oom" | b"deadlock" => {
            Sense::Fatal
        }
        b"error" | b"errors" | b"err" | b"errored" | b"exception" | b"failed" | b"fail"
        | b"failure" | b"failures" | b"failing" | b"fails" | b"severe" | b"conflict"
        | b"conflicts" | b"rejected" | b"denied" | b"refused" | b"unreachable" | b"fehler"
        | b"erreur" | b"fallo" | b"errore" | b"erro" | b"exhausted" | b"corrupt" | b"corrupted"
        | b"violation" | b"bug" | b"throw" | b"threw" => Sense::Error,
        b"issue" | b"problem" | b"defect" => Sense::Issue,
        b"cannot" | b"unable" | b"invalid" | b"missing" | b"unexpected" | b"undefined"
        | b"unresolved" | b"unknown" | b"timeout" | b"timedout" | b"mismatch" | b"mismatched"
        | b"expected" | b"unsupported" | b"overflow" | b"leak" | b"leaked" | b"race"
        | b"illegal" | b"forbidden" | b"unauthorized" | b"incompatible" | b"interrupted"
        | b"stopped" | b"terminated" | b"blocked" | b"vulnerabilities" | b"unmet" | b"lost"
        | b"because" | b"caused" | b"reason" | b"depends" | b"requires" | b"required"
        | b"conflicting" | b"broken" | b"unsatisfied" | b"unsatisfiable" | b"retry"
        | b"retrying" | b"not" | b"such" | b"timed" | b"could" | b"duplicate" | b"multiple" => {
            Sense::Weak
        }
        b"warning" | b"warnings" | b"warn" | b"deprecated" | b"deprecation" | b"caution"
        | b"obsolete" | b"offense" | b"offenses" => Sense::Warning,
        b"ok" | b"pass" | b"passed" | b"passing" | b"success" | b"successful" | b"successfully"
        | b"succeeded" => Sense::Pass,
        b"help" | b"hint" | b"try" | b"tip" | b"suggestion" | b"suggested" | b"maybe"
        | b"consider" | b"fix" => Sense::Hint,
        b"info" | b"debug" | b"trace" | b"note" | b"notice" | b"verbose" => Sense::Info,
        _ => return None,
    })
}

/// Words of other languages, found anywhere in a line.
const FOREIGN: [&str; 10] = [
    "ошибк",
    "Ошибк",
    "ОШИБК",
    "失敗",
    "エラー",
    "错误",
    "失败",
    "오류",
    "échec",
    "échou",
];
/// What the system says of an error, after `program: thing: `.
const SYSTEM: [&str; 30] = [
    "No such file or directory",
    "Permission denied",
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "Address already in use",
    "No space left on device",
    "Operation not permitted",
    "Operation timed out",
    "Not a directory",
    "Is a directory",
    "File exists",
    "Directory not empty",
    "Device or resource busy",
    "Broken pipe",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "No route to host",
    "Too many open files",
    "Cannot allocate memory",
    "Exec format error",
    "Read-only file system",
    "Text file busy",
    "Argument list too long",
    "Invalid argument",
    "Disk quota exceeded",
    "No such process",
    "command not found",
    "Input/output error",
];
/// What linkers say without calling it an error.
const LINKER: [&str; 5] = [
    "undefined reference to ",
    "cannot find -l",
    "multiple definition of ",
    "undefined symbol: ",
    "duplicate symbol: ",
];
/// What speaks of an error without one of its words. These and the linker's are looked for
/// only where a word of [`Sense::Weak`] stands.
const MENTIONS: [&str; 5] = [
    "o such ",
    "not found",
    "does not exist",
    "timed out",
    "ould not ",
];
const FAIL_MARKS: [char; 8] = ['✘', '✗', '✖', '×', '❌', '⨯', '✕', '●'];
const PASS_MARKS: [char; 4] = ['✓', '✔', '✅', '☑'];

/// Reads the words of a line.
pub fn signals(text: &str) -> Signals {
    let mut found = Signals::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut n_words = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
            at += 1;
        }
        n_words += 1;
        word(text, start, at, n_words, &mut found);
    }
    if found.error < Voice::Label {
        let is_weak = found.error >= Voice::Whisper;
        found.error = found.error.max(phrases(text, is_weak));
    }
    if !text.is_ascii() {
        marks(text, &mut found);
    }
    found
}

/// What phrases say where no single word is a label.
fn phrases(text: &str, is_weak: bool) -> Voice {
    let said_by_system = memchr::memchr_iter(b':', text.as_bytes()).any(|at| {
        text.get(at + 2..).is_some_and(|rest| {
            text.as_bytes()[at + 1] == b' ' && SYSTEM.iter().any(|phrase| rest.starts_with(phrase))
        })
    });
    if said_by_system || is_weak && LINKER.iter().any(|phrase| text.contains(phrase)) {
        Voice::Label
    } else if (is_weak || text.contains("o such "))
        && MENTIONS.iter().any(|phrase| text.contains(phrase))
    {
        Voice::Mention
    } else {
        Voice::Silent
    }
}

fn marks(text: &str, found: &mut Signals) {
    if FOREIGN.iter().any(|word| text.contains(word)) {
        found.error = found.error.max(Voice::Label);
    }
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || "│├└─╵╷|>".contains(c));
    let first = start.chars().next().unwrap_or(' ');
    if FAIL_MARKS.contains(&first) || text.contains(" ✘ ") || text.ends_with(" ✘") {
        found.error = found.error.max(Voice::Label);
    }
    if PASS_MARKS.contains(&first) || text.contains(" ✔") {
        found.passes = true;
    }
}

fn word(text: &str, start: usize, end: usize, n_words: usize, found: &mut Signals) {
    let bytes = text.as_bytes();
    let word = &bytes[start..end];
    let before = start.checked_sub(1).map_or(b' ', |at| bytes[at]);
    let after = bytes.get(end).copied().unwrap_or(b' ');
    let then = bytes.get(end + 1).copied().unwrap_or(b' ');
    let mut lower = [0; 16];
    if word.len() <= 16 {
        for (to, from) in lower.iter_mut().zip(word) {
            *to = from.to_ascii_lowercase();
        }
        let sense = sense(&lower[..word.len()]);
        if let Some(sense) = sense {
            let is_part = b"_-./\\@#$&".contains(&before)
                && !(before == b'-'
                    && start >= 2
                    && bytes[start - 2] == b'-'
                    && bytes.get(start.wrapping_sub(3)) == Some(&b'-'))
                && !(before == b'.' && start >= 2 && bytes[start - 2] == b'.')
                || b"_/\\(".contains(&after) && sense != Sense::Fatal
                || (after == b'.' || after == b'-') && then.is_ascii_alphanumeric()
                || after == b':' && then == b':'
                || before == b':' && start >= 2 && bytes[start - 2] == b':';
            if is_part || before.is_ascii_digit() {
                return;
            }
            let is_capital = word.iter().all(u8::is_ascii_uppercase) && word.len() > 2;
            let is_label = after == b':'
                || after == b']'
                || before == b'*'
                || is_capital
                || after == b'['
                || n_words == 1 && (after == b' ' || after == b'!') && sense != Sense::Weak;
            return take(sense, is_label, is_zero(text, start, end), found);
        }
    }
    // Names of exception types.
    if word[0].is_ascii_uppercase() && word.len() > 5 {
        let is_type =
            word.ends_with(b"Error") || word.ends_with(b"Exception") || word.ends_with(b"Failure");
        let stands = !after.is_ascii_alphanumeric() && !b"_./(".contains(&after);
        if is_type && stands {
            let is_label = after == b':' || end == bytes.len() || n_words == 1;
            found.error = found.error.max(if is_label {
                Voice::Label
            } else {
                Voice::Mention
            });
        } else if word.ends_with(b"Warning") && stands {
            found.warning = found.warning.max(Voice::Label);
        }
    }
}

fn take(sense: Sense, is_label: bool, is_zero: bool, found: &mut Signals) {
    let voice = if is_label {
        Voice::Label
    } else {
        Voice::Mention
    };
    match sense {
        _ if is_zero => {}
        Sense::Fatal => {
            found.error = found.error.max(voice);
            found.is_fatal = true;
        }
        Sense::Error => found.error = found.error.max(voice),
        Sense::Weak => found.error = found.error.max(Voice::Whisper),
        Sense::Issue => {
            if is_label {
                found.error = found.error.max(Voice::Label);
            }
        }
        Sense::Warning => found.warning = found.warning.max(voice),
        Sense::Pass => found.passes = true,
        Sense::Hint => found.hints |= is_label,
        Sense::Info => found.informs |= is_label,
    }
}

/// Whether the word is counted as none: `0 errors`, `no errors`, `errors: 0`, `failures=0`.
fn is_zero(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', '(', '[']);
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '.' && c != ',')
        .next()
        .unwrap_or("");
    if matches!(word, "0" | "no" | "No" | "zero" | "without" | "NO" | "any") {
        return true;
    }
    // A test count can be told by `Failures: 0`, but `exit 0` after it is something else.
    let after = text[end..].trim_start_matches([':', '=', ' ', '(']);
    if after.len() + end == text.len() {
        return false;
    }
    let digits: &str = after
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or("");
    digits == "0" && !after[1..].starts_with(['.', 'x', 'X'])
}

#[cfg(test)]
mod tests {
    use super::{Voice, signals};

    #[test]
    fn labels_and_mentions() {
        let error = |text: &str| signals(text).error;
        for text in [
            "error: x",
            "error[E0308]: mismatched types",
            "ERROR [db] lost",
            "[ERROR] x",
            "TypeError: x is not",
            "--- FAIL: TestX (0.00s)",
            "test a ... FAILED",
            "2/22 Test #2: x ...***Failed",
            "java.lang.IllegalStateException: x",
            "  ✘ broken",
            "FATAL: x",
            "ОШИБКА: файл",
            "panic: boom",
            "cat: a.txt: No such file or directory",
            "b.c:(.text+0x16): undefined reference to `f'",
            "sh: 1: foo: command not found",
        ] {
            assert_eq!(error(text), Voice::Label, "{text}");
        }
        for text in [
            "there was an error while",
            "the build has failed",
            "open(\"/a\") = -1 ENOENT (No such file or directory)",
            "Could not resolve host: x",
        ] {
            assert_eq!(error(text), Voice::Mention, "{text}");
        }
        for text in [
            "0 errors",
            "no errors found",
            "Failures: 0, Errors: 0",
            "src/error.rs:1",
            "test_error ok",
            "errors=0",
        ] {
            assert_eq!(error(text), Voice::Silent, "{text}");
        }
        assert_eq!(error("cannot find symbol"), Voice::Whisper);
        assert_eq!(signals("warning: unused").warning, Voice::Label);
        assert_eq!(signals("DeprecationWarning: x").warning, Voice::Label);
    }
}
