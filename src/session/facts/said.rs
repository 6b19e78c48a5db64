//! What the agent says in words: decisions with their reasons, what it found, what it means to
//! do next. Only whole sentences of its own, never from what it quotes.

/// What a sentence tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// What was decided, and why.
    Decision,
    /// What was found out.
    Finding,
    /// What is to be done next.
    Next,
}

/// Longest sentence that is kept.
const LONGEST: usize = 320;

const DECISIONS: &[&str] = &[
    "decided to",
    "decision:",
    "i'll use ",
    "i will use ",
    "going with ",
    "i chose ",
    "chose to ",
    "chosen ",
    "opted ",
    "opting ",
    "instead of ",
    "rather than ",
    "i'll go with",
    "we'll use ",
    "we will use ",
    "settled on",
    "i prefer ",
    "sticking with",
    "i'll keep ",
    "i will keep ",
    "won't use",
    "not going to",
];
const FINDINGS: &[&str] = &[
    "root cause",
    "the problem is",
    "the problem was",
    "the issue is",
    "the issue was",
    "turns out",
    "the bug is",
    "the bug was",
    "the cause is",
    "the cause was",
    "the reason is",
    "caused by",
    "i found that",
    "this happens because",
    "fails because",
    "failed because",
    "is broken because",
    "note that ",
    "important:",
];
const NEXT: &[&str] = &[
    "next step",
    "next steps",
    "next:",
    "next,",
    "next i",
    "next up",
    "remaining:",
    "still need",
    "still to do",
    "todo:",
    "to do:",
    "follow-up",
    "follow up:",
    "left to do",
    "what's left",
    "what remains",
    "remains to",
    "afterwards i",
    "then i'll",
    "then i will",
    "should be done next",
    "needs to be done",
    "the plan is",
];

/// The sentences of `text` that tell something, with their line in it from 0.
pub fn read(text: &str) -> Vec<(Says, String)> {
    let mut found = Vec::new();
    let mut heading: Option<Says> = None;
    for line in own_lines(text) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let bare = line
            .trim_matches(['#', '*', '_', ' ', ':'])
            .to_ascii_lowercase();
        let is_heading = line.starts_with('#') || line.ends_with(':') || line.ends_with(":**");
        if is_heading && bare.len() < 60 {
            heading = heading_of(&bare);
            continue;
        }
        let item = list_item(line);
        if let (Some(says), Some(item)) = (heading, item) {
            found.push((says, clip(item)));
            continue;
        }
        if item.is_none() {
            heading = None;
        }
        for sentence in sentences(item.unwrap_or(line)) {
            if let Some(says) = of_sentence(sentence) {
                found.push((says, clip(sentence)));
            }
        }
    }
    found
}

fn heading_of(bare: &str) -> Option<Says> {
    if bare.starts_with("next")
        || bare.contains("remaining")
        || bare.contains("to do")
        || bare.contains("todo")
    {
        return Some(Says::Next);
    }
    bare.starts_with("decision").then_some(Says::Decision)
}

/// Lines outside of code blocks and quotations.
fn own_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("~~~") {
            is_code = !is_code;
            return false;
        }
        !is_code && !start.starts_with('>') && !start.starts_with('|')
    })
}

/// The text of a list item.
fn list_item(line: &str) -> Option<&str> {
    if let Some(item) = line.strip_prefix(['-', '*', '•']) {
        return item.strip_prefix(' ').map(str::trim);
    }
    let digits = line.find(|c: char| !c.is_ascii_digit())?;
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    (digits > 0 && digits < 3).then(|| rest.trim())
}

/// The sentences of a line.
fn sentences(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in line.match_indices(['.', '!', '?', ';']) {
        let end = at + mark.len();
        let mut next = line[end..].chars();
        let is_end = next.clone().next().is_none_or(char::is_whitespace)
            && next
                .find(|c| !c.is_whitespace())
                .is_none_or(|c| !c.is_lowercase());
        if is_end {
            found.push(line[start..end].trim());
            start = end;
        }
    }
    found.push(line[start..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

fn of_sentence(sentence: &str) -> Option<Says> {
    let lower = sentence.to_lowercase().replace('’', "'");
    let lower = lower.trim_start_matches(['*', '_', ' ']);
    let has = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
    if lower.ends_with(['?', ':']) || lower.len() < 12 {
        return None;
    }
    if NEXT
        .iter()
        .any(|mark| lower.starts_with(mark) || (mark.contains(' ') && lower.contains(mark)))
    {
        return Some(Says::Next);
    }
    if has(DECISIONS) {
        return Some(Says::Decision);
    }
    has(FINDINGS).then_some(Says::Finding)
}

/// At most [`LONGEST`] bytes, cut after a word.
pub fn clip(text: &str) -> String {
    clip_to(text, LONGEST)
}

/// At most `longest` bytes, cut after a word and marked.
pub fn clip_to(text: &str, longest: usize) -> String {
    let text = text.trim();
    if text.len() <= longest {
        return text.to_owned();
    }
    let end = (0..=longest)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let cut = &text[..end];
    let cut = match cut.rfind(char::is_whitespace) {
        Some(at) if at > longest / 2 => &cut[..at],
        _ => cut,
    };
    format!("{}…", cut.trim_end())
}

/// Whether a prompt corrects the agent rather than ask for something new.
pub fn is_correction(prompt: &str) -> bool {
    const STARTS: &[&str] = &[
        "no",
        "nope",
        "wait",
        "stop",
        "actually",
        "don't",
        "dont",
        "do not",
        "not ",
        "never",
        "instead",
        "wrong",
        "undo",
        "revert",
        "hold on",
        "that's not",
        "thats not",
        "that is not",
        "this is not",
        "you should",
        "you shouldn't",
        "you must",
        "why did you",
        "i said",
        "i told you",
        "please don't",
        "please do not",
        "rather",
        "use ",
        "but ",
        "hmm",
        "always",
        "careful",
        "correction",
    ];
    const INSIDE: &[&str] = &[
        " instead",
        "don't ",
        "do not ",
        "should not ",
        "shouldn't ",
        "must not ",
        "never ",
        "that's wrong",
        "is wrong",
        "not what i",
        "i asked",
        "revert ",
        "undo ",
        "as i said",
        "rather than ",
        "must ",
        "always ",
    ];
    let lower = prompt.trim().to_lowercase().replace('’', "'");
    let first_word = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .next()
        .unwrap_or("");
    let starts = STARTS
        .iter()
        .any(|start| match start.len() <= 4 && !start.ends_with(' ') {
            true => first_word == *start,
            false => lower.starts_with(start),
        });
    starts || (lower.len() < 600 && INSIDE.iter().any(|mark| lower.contains(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_its_own() {
        let text = "I'll use SQLite instead of Postgres because no server is there. It works.\n```\nroot cause: x is long\n```\n> Next step: quoted\n\nNext steps:\n- add docs\n- release v1.2";
        let found = read(text);
        let expected = [
            (
                Says::Decision,
                "I'll use SQLite instead of Postgres because no server is there.",
            ),
            (Says::Next, "add docs"),
            (Says::Next, "release v1.2"),
        ];
        assert_eq!(found, expected.map(|(says, text)| (says, text.to_owned())));
    }

    #[test]
    fn corrections() {
        for text in [
            "No, use the other one",
            "don't touch the tests",
            "please keep it; never edit generated files",
        ] {
            assert!(is_correction(text), "{text}");
        }
        for text in ["Add a notebook page", "Fix the failing test"] {
            assert!(!is_correction(text), "{text}");
        }
    }
}
