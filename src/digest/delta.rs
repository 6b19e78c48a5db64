//! What changed between two digests of one command: what still fails, what is new, what is fixed.

use super::Digest;
use super::finding::{Finding, Severity, Sort};
use super::template::masked;
use std::collections::HashSet;

/// The change from an earlier digest to a later one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Findings of the later digest, by index, that the earlier one had too.
    pub still: Vec<usize>,
    /// Findings of the later digest, by index, that the earlier one did not have.
    pub new: Vec<usize>,
    /// What the earlier digest had and the later one does not, in its own words.
    pub fixed: Vec<String>,
}

impl Delta {
    /// `still failing 3, fixed 2, new 1`
    pub fn summary(&self) -> String {
        format!(
            "still failing {}, fixed {}, new {}",
            self.still.len(),
            self.fixed.len(),
            self.new.len()
        )
    }
}

/// Compares the errors of two digests. A test is known again by its name, a message by its file
/// and its words: lines move.
pub fn compare(before: &Digest, now: &Digest) -> Delta {
    let known: HashSet<String> = errors(before)
        .flat_map(|(_, finding)| keys(finding))
        .collect();
    let seen: HashSet<String> = errors(now).flat_map(|(_, finding)| keys(finding)).collect();
    let mut delta = Delta::default();
    for (idx, finding) in errors(now) {
        if keys(finding).iter().any(|key| known.contains(key)) {
            delta.still.push(idx);
        } else {
            delta.new.push(idx);
        }
    }
    for (_, finding) in errors(before) {
        for (key, words) in keys(finding).into_iter().zip(words(finding)) {
            if !seen.contains(&key) && !delta.fixed.contains(&words) {
                delta.fixed.push(words);
            }
        }
    }
    delta
}

fn errors(digest: &Digest) -> impl Iterator<Item = (usize, &Finding)> {
    digest
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.severity == Severity::Error && !finding.is_cascade())
}

/// What a finding and those folded into it are known by.
fn keys(finding: &Finding) -> Vec<String> {
    if finding.sort == Sort::Test {
        return words(finding);
    }
    let path = finding
        .place
        .as_ref()
        .map_or("", |place| place.path.as_str());
    vec![format!("{path}\u{0}{}", masked(&finding.message))]
}

fn words(finding: &Finding) -> Vec<String> {
    let own = match (&finding.name, &finding.place) {
        (Some(name), _) => name.clone(),
        (None, Some(place)) => format!("{}:{}: {}", place.path, place.line, finding.message),
        (None, None) => finding.message.clone(),
    };
    let mut words = vec![own];
    if finding.sort == Sort::Test {
        words.extend(finding.again.iter().filter_map(|again| again.name.clone()));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::digest::{Digest, Origin};

    #[test]
    fn tests_are_known_by_name_and_messages_by_their_words() {
        let digest = |text: &str| {
            Digest::of(
                text.as_bytes(),
                Origin {
                    exit: Some(1),
                    ..Origin::default()
                },
            )
        };
        let before = digest(
            "a.c:1:2: error: no x\nb.c:3:1: error: no y\n---- t::one stdout ----\nthread panicked at a.rs:1:1:\nboom\n",
        );
        let now = digest(
            "a.c:9:2: error: no x\nc.c:3:1: error: no z\n---- t::two stdout ----\nthread panicked at a.rs:1:1:\nboom\n",
        );
        let delta = compare(&before, &now);
        assert_eq!(delta.summary(), "still failing 1, fixed 2, new 2");
        assert!(
            delta.fixed.iter().any(|words| words == "t::one"),
            "{delta:?}"
        );
    }
}
