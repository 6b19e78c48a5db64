//! Line differences, and hunks of them that each belong to one symbol.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

/// Lines of context around a change, as `git diff` shows them.
const CONTEXT: usize = 3;
/// A hunk longer than this is shown in parts, so that a budget can hold some of them.
const MOST_LINES: usize = 24;
/// Products of lines above this are not compared line by line: the time grows with them.
const MOST_WORK: u64 = 400_000_000;

/// Lines that were replaced by others, 0-based.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Lines that are gone.
    pub old: Range<usize>,
    /// Lines that came.
    pub new: Range<usize>,
}

/// A part of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The change of a symbol that it belongs to; `None` for lines outside of all.
    pub owner: Option<usize>,
    /// First and last line in the new file, 1-based; where nothing is left, the line after.
    pub lines: (u32, u32),
    /// As `git diff` writes it, with its `@@` line.
    pub text: String,
}

/// The lines of a text, each with its end.
pub fn split(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What differs between `old` and `new`, in order.
pub fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - prefix;
    let suffix = (old.iter().rev().zip(new.iter().rev()))
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let (old_end, new_end) = (old.len() - suffix, new.len() - suffix);
    let (changed, came) = (&old[prefix..old_end], &new[prefix..new_end]);
    if changed.is_empty() && came.is_empty() {
        return Vec::new();
    }
    let is_too_much = changed.len() as u64 * came.len() as u64 > MOST_WORK;
    let mut edits = if changed.is_empty() || came.is_empty() || is_too_much {
        vec![Edit {
            old: prefix..old_end,
            new: prefix..new_end,
        }]
    } else {
        compared(changed, came, prefix)
    };
    for idx in 0..edits.len() {
        slide(&mut edits, idx, old, new);
    }
    edits
}

fn compared(old: &[&str], new: &[&str], offset: usize) -> Vec<Edit> {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut ids = Vec::with_capacity(old.len() + new.len());
    for line in old.iter().chain(new) {
        let next = numbers.len() as u32;
        ids.push(*numbers.entry(*line).or_insert(next));
    }
    let (old, new) = ids.split_at(old.len());
    let shifted = |range: Range<usize>| range.start + offset..range.end + offset;
    capture_diff_slices(Algorithm::Histogram, old, new)
        .into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| Edit {
            old: shifted(op.old_range()),
            new: shifted(op.new_range()),
        })
        .collect()
}

/// Moves lines that only came, or only went, to where a reader would put them: the same lines
/// often fit in several places (`}`, a blank line, the next `fn`).
fn slide(edits: &mut [Edit], idx: usize, old: &[&str], new: &[&str]) {
    let edit = edits[idx].clone();
    let (lines, range) = match (edit.old.is_empty(), edit.new.is_empty()) {
        (true, false) => (new, edit.new.clone()),
        (false, true) => (old, edit.old.clone()),
        _ => return,
    };
    let is_new = edit.old.is_empty();
    let bound = |edit: &Edit| {
        if is_new {
            edit.new.clone()
        } else {
            edit.old.clone()
        }
    };
    let least = idx
        .checked_sub(1)
        .map_or(0, |before| bound(&edits[before]).end);
    let most = edits
        .get(idx + 1)
        .map_or(lines.len(), |after| bound(after).start);
    let (mut up, mut down) = (0, 0);
    while range.start - up > least && lines[range.start - up - 1] == lines[range.end - up - 1] {
        up += 1;
    }
    while range.end + down < most && lines[range.start + down] == lines[range.end + down] {
        down += 1;
    }
    let best = (range.start - up..=range.start + down)
        .min_by_key(|start| (roughness(lines, *start, range.len()), usize::MAX - start));
    let Some(best) = best else { return };
    let moved = |range: &Range<usize>| {
        let start = range.start + best
            - if is_new {
                edit.new.start
            } else {
                edit.old.start
            };
        start..start + range.len()
    };
    edits[idx] = Edit {
        old: moved(&edit.old),
        new: moved(&edit.new),
    };
}

/// How little a block of lines that begins at `start` looks like one piece.
fn roughness(lines: &[&str], start: usize, len: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let is_blank = |at: usize| lines.get(at).is_none_or(|line| line.trim().is_empty());
    let first = lines.get(start).map_or(0, |line| {
        if line.trim().is_empty() {
            60
        } else {
            2 * indent(line)
        }
    });
    let closes = |at: usize| {
        lines.get(at).is_some_and(|line| {
            line.trim_start().starts_with(['}', ')', ']']) || line.trim() == "end"
        })
    };
    let before = usize::from(start > 0 && !is_blank(start - 1));
    first + before + 80 * usize::from(closes(start)) + usize::from(!is_blank(start + len))
}

/// One line of a hunk.
#[derive(Clone, Copy)]
struct Line<'a> {
    mark: char,
    text: &'a str,
    owner: Option<usize>,
    /// Lines of each side before it.
    before: (usize, usize),
}

/// The hunks of `edits`. `old_owner` and `new_owner` tell what symbol a line belongs to.
pub fn hunks(
    old: &[&str],
    new: &[&str],
    edits: &[Edit],
    old_owner: impl Fn(usize) -> Option<usize>,
    new_owner: impl Fn(usize) -> Option<usize>,
) -> Vec<Hunk> {
    let mut hunks = Vec::new();
    let mut start = 0;
    while start < edits.len() {
        let mut end = start + 1;
        while end < edits.len() && edits[end].old.start - edits[end - 1].old.end <= 2 * CONTEXT {
            end += 1;
        }
        let group = &edits[start..end];
        let lines = lines_of(old, new, group, &old_owner, &new_owner);
        pieces(&lines, &mut hunks);
        start = end;
    }
    hunks
}

fn lines_of<'a>(
    old: &[&'a str],
    new: &[&'a str],
    group: &[Edit],
    old_owner: &impl Fn(usize) -> Option<usize>,
    new_owner: &impl Fn(usize) -> Option<usize>,
) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    let context = |lines: &mut Vec<Line<'a>>, old_at: usize, new_at: usize, count: usize| {
        for step in 0..count {
            lines.push(Line {
                mark: ' ',
                text: new[new_at + step],
                owner: new_owner(new_at + step),
                before: (old_at + step, new_at + step),
            });
        }
    };
    let lead = CONTEXT.min(group[0].old.start).min(group[0].new.start);
    context(
        &mut lines,
        group[0].old.start - lead,
        group[0].new.start - lead,
        lead,
    );
    for (idx, edit) in group.iter().enumerate() {
        let mut changed = Vec::with_capacity(edit.old.len() + edit.new.len());
        for at in edit.old.clone() {
            let before = (at, edit.new.start);
            changed.push(Line {
                mark: '-',
                text: old[at],
                owner: old_owner(at),
                before,
            });
        }
        for at in edit.new.clone() {
            let before = (edit.old.end, at);
            changed.push(Line {
                mark: '+',
                text: new[at],
                owner: new_owner(at),
                before,
            });
        }
        by_owner(&mut changed, edit);
        lines.append(&mut changed);
        let until = group.get(idx + 1).map_or(old.len(), |next| next.old.start);
        let mut count = until - edit.old.end;
        if idx + 1 == group.len() {
            count = count.min(CONTEXT);
        }
        context(&mut lines, edit.old.end, edit.new.end, count);
    }
    keep_ends(&mut lines);
    give_context(&mut lines);
    lines
}

/// Leaves a changed line that says nothing by itself (a brace, a blank line) with the changed
/// lines beside it: a hunk of its own would cost more than it shows.
fn keep_ends(lines: &mut [Line]) {
    let says_little = |line: &Line| {
        let text = line.text.trim();
        text.len() <= 1 || matches!(text, "end" | "});" | "};" | "})" | "},")
    };
    for at in 1..lines.len() {
        if lines[at].mark != ' ' && lines[at - 1].mark != ' ' && says_little(&lines[at]) {
            lines[at].owner = lines[at - 1].owner;
        }
    }
    for at in (1..lines.len()).rev() {
        let is_first = at == 1 || lines[at - 2].mark == ' ';
        let both = lines[at].mark != ' ' && lines[at - 1].mark != ' ';
        if both && is_first && says_little(&lines[at - 1]) {
            lines[at - 1].owner = lines[at].owner;
        }
    }
}

/// Puts what went and what came of the same symbol together, where both sides have the symbols
/// in the same order.
fn by_owner(changed: &mut [Line], edit: &Edit) {
    let mut order: Vec<Option<usize>> = Vec::new();
    let runs = |mark: char| -> Vec<Option<usize>> {
        let mut owners: Vec<_> = changed
            .iter()
            .filter(|line| line.mark == mark)
            .map(|line| line.owner)
            .collect();
        owners.dedup();
        owners
    };
    let (gone, came) = (runs('-'), runs('+'));
    // A merge of both orders; one that contradicts itself leaves the lines as they are.
    let (mut i, mut j) = (0, 0);
    while i < gone.len() || j < came.len() {
        let next = match (gone.get(i), came.get(j)) {
            (Some(a), Some(b)) if a == b => {
                i += 1;
                j += 1;
                *a
            }
            (Some(a), Some(_)) if !came[j..].contains(a) => {
                i += 1;
                *a
            }
            (_, Some(b)) => {
                j += 1;
                *b
            }
            (Some(a), None) => {
                i += 1;
                *a
            }
            (None, None) => return,
        };
        if order.contains(&next) {
            return;
        }
        order.push(next);
    }
    changed.sort_by_key(|line| order.iter().position(|owner| *owner == line.owner));
    let (mut old_at, mut new_at) = (edit.old.start, edit.new.start);
    for line in changed {
        line.before = (old_at, new_at);
        match line.mark {
            '-' => old_at += 1,
            _ => new_at += 1,
        }
    }
}

/// Gives each line of context to the change it stands beside: the next one where it lies in
/// the same symbol, else the one before.
fn give_context(lines: &mut [Line]) {
    let mut next = None;
    let nexts: Vec<Option<Option<usize>>> = lines
        .iter()
        .rev()
        .map(|line| {
            if line.mark != ' ' {
                next = Some(line.owner);
            }
            next
        })
        .collect();
    let mut last = None;
    for (line, next) in lines.iter_mut().zip(nexts.into_iter().rev()) {
        if line.mark != ' ' {
            last = Some(line.owner);
            continue;
        }
        line.owner = match (last, next) {
            (Some(last), Some(next)) => {
                if line.owner == next {
                    next
                } else {
                    last
                }
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => None,
        };
        if last.is_some() {
            last = Some(line.owner);
        }
    }
}

/// Cuts the lines of a group where their owner changes and where they grow too many.
fn pieces(lines: &[Line], hunks: &mut Vec<Hunk>) {
    let mut start = 0;
    while start < lines.len() {
        let owner = lines[start].owner;
        let run = lines[start..]
            .iter()
            .take_while(|line| line.owner == owner)
            .count();
        let run = &lines[start..start + run];
        start += run.len();
        if run.iter().all(|line| line.mark == ' ') {
            continue;
        }
        let mut rest = run;
        while !rest.is_empty() {
            let most = if rest.len() <= MOST_LINES + MOST_LINES / 2 {
                rest.len()
            } else {
                cut(rest)
            };
            let (piece, more) = rest.split_at(most);
            rest = more;
            if piece.iter().any(|line| line.mark != ' ') {
                hunks.push(written(piece, owner));
            }
        }
    }
}

/// Where a long run is cut: after its last blank line, if there is one late enough.
fn cut(lines: &[Line]) -> usize {
    (MOST_LINES / 2..MOST_LINES)
        .rev()
        .find(|at| lines[at - 1].text.trim().is_empty())
        .unwrap_or(MOST_LINES)
}

fn written(lines: &[Line], owner: Option<usize>) -> Hunk {
    let count = |mark: char| lines.iter().filter(|line| line.mark != mark).count();
    let (old_count, new_count) = (count('+'), count('-'));
    let (old_before, new_before) = lines[0].before;
    // Where a side has no lines, git names the line before.
    let old_start = old_before + usize::from(old_count > 0);
    let new_start = new_before + usize::from(new_count > 0);
    let mut text = format!("@@ -{old_start},{old_count} +{new_start},{new_count} @@\n");
    for line in lines {
        let _ = write!(text, "{}{}", line.mark, line.text);
        if !line.text.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
    let first = new_before as u32 + 1;
    Hunk {
        owner,
        lines: (first, first + (new_count as u32).saturating_sub(1)),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let (old, new) = (split(old), split(new));
        let edits = edits(&old, &new);
        let hunks = hunks(&old, &new, &edits, |_| None, |_| None);
        hunks.into_iter().map(|hunk| hunk.text).collect()
    }

    #[test]
    fn a_change_is_shown_as_git_shows_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let new = "a\nb\nc\nd\nE\nf\ng\nh";
        assert_eq!(
            shown(old, new),
            "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n-h\n+h\n\\ No newline at end of file\n"
        );
        assert_eq!(shown("", "a\n"), "@@ -0,0 +1,1 @@\n+a\n");
        assert_eq!(shown("a\n", ""), "@@ -1,1 +0,0 @@\n-a\n");
        assert_eq!(shown("a\n", "a\n"), "");
    }

    #[test]
    fn a_new_function_is_shown_from_its_beginning() {
        let old = "fn a() {\n    x\n}\n\nfn c() {\n    x\n}\n";
        let new = "fn a() {\n    x\n}\n\nfn b() {\n    x\n}\n\nfn c() {\n    x\n}\n";
        let (old, new) = (split(old), split(new));
        assert_eq!(
            edits(&old, &new),
            [Edit {
                old: 4..4,
                new: 4..8
            }]
        );
    }

    #[test]
    fn hunks_are_cut_where_their_symbol_changes() {
        let (old, new) = (split("one\ntwo\n"), split("ONE\nTWO\n"));
        let edits = edits(&old, &new);
        let hunks = hunks(&old, &new, &edits, Some, Some);
        let texts: Vec<&str> = hunks.iter().map(|hunk| hunk.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "@@ -1,1 +1,1 @@\n-one\n+ONE\n",
                "@@ -2,1 +2,1 @@\n-two\n+TWO\n"
            ]
        );
    }
}
