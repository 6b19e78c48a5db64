//! Tasks of `ctx` itself, as its answers tell of them: `hutob: running ...`, `hutob: exited 0 ...`.

use super::shell::Simple;
use crate::session::transcript::event::End;

/// What one line of an answer tells of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// How it ended; `None` if it goes on.
    pub end: Option<End>,
}

/// What a `ctx` command runs: the words after `--`.
pub fn what(part: &Simple) -> Option<String> {
    let words = part.run();
    let is_run =
        part.program() == "ctx" && words.iter().any(|word| word == "run" || word == "retry");
    let at = words.iter().position(|word| word == "--");
    is_run.then(|| at.map_or(String::new(), |at| words[at + 1..].join(" ")))
}

/// Every task that `text`, the answer of a `ctx` command, tells of.
pub fn read(text: &str) -> Vec<Told> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<Told> {
    let id = line
        .get(..5)
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_lowercase()))?;
    let rest = &line[5..];
    let state = rest
        .strip_prefix(": ")
        .or_else(|| rest.strip_prefix("  "))?
        .trim_start();
    let mut words = state.split([' ', ',', ';', '(']);
    let end = match words.next()? {
        "running" | "queued" | "waiting" => None,
        "exited" => Some(End::Exited(words.next()?.parse().ok()?)),
        "timed" | "timed_out" => Some(End::TimedOut),
        "cancelled" => Some(End::Cancelled),
        "signalled" | "lost" => Some(End::Failed),
        _ => return None,
    };
    Some(Told {
        id: id.to_owned(),
        end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_ctx() {
        let told = read(
            "hutob: running for 0.0 s; next useful check in 2 s\nkabul: exited 3 after 3.0 s\nnothing: here\nvalue: exited\n",
        );
        let expected = [("hutob", None), ("kabul", Some(End::Exited(3)))];
        let expected = expected.map(|(id, end)| Told {
            id: id.to_owned(),
            end,
        });
        assert_eq!(told, expected);
    }
}
