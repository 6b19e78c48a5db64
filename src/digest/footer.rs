//! The last line of a digest: which lines of the raw output it leaves out, so that they can be
//! read back exactly, and of what form most of them are.

use super::Form;
use std::fmt::Write as _;

/// A gap of fewer lines is not described.
const LONG: u32 = 12;

/// First and last raw line.
type Range = (u32, u32);

/// The ranges between `shown` lines, which are in order, up to `n_lines`.
pub fn omitted(shown: &[u32], n_lines: u32) -> Vec<Range> {
    let mut omitted = Vec::new();
    let mut next = 1;
    for line in shown {
        if *line > next {
            omitted.push((next, line - 1));
        }
        next = line + 1;
    }
    if next <= n_lines {
        omitted.push((next, n_lines));
    }
    omitted
}

/// Ranges with at most `gap` shown lines between them become one.
pub fn bridged(ranges: &[Range], gap: u32) -> Vec<Range> {
    let mut out: Vec<Range> = Vec::new();
    for (first, last) in ranges {
        match out.last_mut() {
            Some((_, end)) if first - *end - 1 <= gap => *end = *last,
            _ => out.push((*first, *last)),
        }
    }
    out
}

/// `left out: lines 3-9, 12`; with bridged ranges `left out of lines 3-12`.
pub fn text(ranges: &[Range], is_exact: bool) -> String {
    write_text(ranges, is_exact, |_| None)
}

/// The same with what the longest range mostly is: `left out: lines 3-90 (mostly "ok 1"), 95`;
/// `None` if nothing can be said of it.
pub fn described(ranges: &[Range], forms: &[Form]) -> Option<String> {
    let longest = *ranges
        .iter()
        .max_by_key(|(first, last)| (last - first, u32::MAX - first))?;
    let len = longest.1 - longest.0 + 1;
    let form = forms.iter().find(|form| {
        let shared = form.last.min(longest.1) + 1;
        let shared = shared.saturating_sub(form.first.max(longest.0));
        form.n_lines * 2 > len && shared * 4 >= (form.last - form.first + 1) * 3
    })?;
    (len >= LONG).then(|| {
        write_text(ranges, true, |range| {
            (range == longest).then_some(form.example.as_str())
        })
    })
}

fn write_text<'a>(
    ranges: &[Range],
    is_exact: bool,
    form: impl Fn(Range) -> Option<&'a str>,
) -> String {
    if ranges.is_empty() {
        return String::new();
    }
    let mut out = String::from(if is_exact {
        "left out: lines"
    } else {
        "left out of lines"
    });
    for (n, (first, last)) in ranges.iter().enumerate() {
        out.push_str(if n == 0 { " " } else { ", " });
        if first == last {
            let _ = write!(out, "{first}");
        } else {
            let _ = write!(out, "{first}-{last}");
        }
        if let Some(example) = form((*first, *last)) {
            let _ = write!(out, " (mostly `{example}`)");
        }
    }
    out.push('\n');
    out
}

/// The end of the JSON object.
pub fn json(ranges: &[Range], n_lines: u32) -> String {
    let mut out = format!("],\"lines\":{n_lines},\"omitted\":[");
    for (n, (first, last)) in ranges.iter().enumerate() {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(out, "{comma}[{first},{last}]");
    }
    out.push_str("]}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::{Form, bridged, described, omitted, text};

    #[test]
    fn ranges_between_what_is_shown() {
        assert_eq!(omitted(&[1, 2, 5], 9), [(3, 4), (6, 9)]);
        assert_eq!(omitted(&[], 3), [(1, 3)]);
        assert!(omitted(&[1, 2], 2).is_empty());
        assert_eq!(bridged(&[(1, 2), (4, 5), (9, 9)], 1), [(1, 5), (9, 9)]);
        assert_eq!(text(&[(3, 4), (6, 6)], true), "left out: lines 3-4, 6\n");
    }

    #[test]
    fn the_longest_range_is_described() {
        let forms = [Form {
            example: "test a ... ok".to_owned(),
            n_lines: 361,
            first: 120,
            last: 480,
        }];
        assert_eq!(
            described(&[(3, 4), (120, 480)], &forms).as_deref(),
            Some("left out: lines 3-4, 120-480 (mostly `test a ... ok`)\n")
        );
        assert_eq!(described(&[(600, 900)], &forms), None);
    }
}
