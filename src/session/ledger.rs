//! What `ctx` itself has shown in a session: for each command line the hash of its answer. An
//! answer that was shown before, and that nothing has changed since, need not be shown again.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// An answer that was shown before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number among the answers of the session, from 1.
    pub number: usize,
    /// Tokens it costs.
    pub tokens: u64,
}

/// Whether `answer` is the last answer that `command` was given in the session whose folder
/// this is.
pub fn shown(session: &Path, command: &str, answer: &str) -> Option<Shown> {
    let ledger = fs::read_to_string(session.join("ledger")).ok()?;
    let (command, answer) = (hash(command), hash(answer));
    let last = ledger.lines().enumerate().filter_map(|(idx, line)| {
        let mut words = line.split(' ');
        let (known, shown, tokens) = (words.next()?, words.next()?, words.next()?);
        (known == command).then(|| (idx + 1, shown.to_owned(), tokens.parse::<u64>().ok()))
    });
    let (number, shown, tokens) = last.last()?;
    (shown == answer).then(|| Shown {
        number,
        tokens: tokens.unwrap_or(0),
    })
}

/// Writes down that `command` was answered with `answer`.
///
/// # Errors
/// The ledger cannot be written.
pub fn record(session: &Path, command: &str, answer: &str, tokens: u64) -> io::Result<()> {
    fs::create_dir_all(session)?;
    let line = format!("{} {} {tokens}\n", hash(command), hash(answer));
    let mut options = OpenOptions::new();
    // One write of one line at the end: many processes may write at once.
    let mut file = options
        .create(true)
        .append(true)
        .open(session.join("ledger"))?;
    file.write_all(line.as_bytes())
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_answer_counts() {
        let folder = tempfile::tempdir().unwrap();
        let session = folder.path().join("s");
        assert_eq!(shown(&session, "outline", "a"), None);
        record(&session, "outline", "a", 7).unwrap();
        record(&session, "read", "b", 9).unwrap();
        let expected = Shown {
            number: 1,
            tokens: 7,
        };
        assert_eq!(shown(&session, "outline", "a"), Some(expected));
        record(&session, "outline", "c", 8).unwrap();
        assert_eq!(shown(&session, "outline", "a"), None);
        assert_eq!(shown(&session, "outline", "c").unwrap().number, 3);
    }
}
