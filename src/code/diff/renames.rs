//! Files under a new name that git does not know yet: `git` itself finds only the others.

use super::changes::{Change, Status};
use super::content::Content;
use super::symbols::{fingerprint, likeness};

/// Most files of each sort that are compared with each other.
const MOST_FILES: usize = 300;
/// Two files are the same under another name from this part of equal lines on, as for git.
const LEAST_LIKENESS: f32 = 0.5;

/// Joins each untracked file with the deleted one that it was.
pub(super) fn join(changes: &mut Vec<Change>, contents: &mut Vec<(Content, Content)>) {
    let gone = prints(changes, contents, Status::Deleted);
    let came = prints(changes, contents, Status::Untracked);
    let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
    for (new, print) in &came {
        for (old, other) in &gone {
            let likeness = likeness(print, other);
            if likeness >= LEAST_LIKENESS {
                pairs.push((likeness, *old, *new));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut is_taken = vec![false; changes.len()];
    let mut is_joined = vec![false; changes.len()];
    for (_, old, new) in pairs {
        if is_taken[old] || is_taken[new] {
            continue;
        }
        (is_taken[old], is_taken[new], is_joined[old]) = (true, true, true);
        changes[new].status = Status::Renamed;
        changes[new].old = changes[old].old.take();
        contents[new].0 = std::mem::replace(&mut contents[old].0, Content::Nothing);
    }
    let mut keeps = is_joined.iter().map(|joined| !joined);
    changes.retain(|_| keeps.next().unwrap_or(true));
    let mut keeps = is_joined.iter().map(|joined| !joined);
    contents.retain(|_| keeps.next().unwrap_or(true));
}

fn prints(
    changes: &[Change],
    contents: &[(Content, Content)],
    status: Status,
) -> Vec<(usize, Vec<u64>)> {
    changes
        .iter()
        .zip(contents)
        .enumerate()
        .filter(|(_, (change, _))| change.status == status)
        .filter_map(|(idx, (_, (old, new)))| match (old, new) {
            (Content::Text(text, _), _) | (_, Content::Text(text, _)) => {
                Some((idx, fingerprint(text))).filter(|(_, print)| !print.is_empty())
            }
            _ => None,
        })
        .take(MOST_FILES)
        .collect()
}
