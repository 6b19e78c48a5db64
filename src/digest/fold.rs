//! Brings findings together: equal ones become one with a count, a test that is reported twice
//! is one test, lines that only repeat what is known go; then the worst come first.

use super::finding::{Again, Finding, Severity, Sort};
use std::collections::HashMap;

/// Folds equal findings and puts the worst first.
pub fn fold(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.first);
    drop_bare_names(&mut findings);
    drop_failed_files(&mut findings);
    let mut folded: Vec<Finding> = Vec::new();
    let mut known: HashMap<(Sort, Severity, String), usize> = HashMap::new();
    for finding in findings {
        let key = (finding.sort, finding.severity, key(&finding));
        match known.get(&key) {
            Some(at) => join(&mut folded[*at], finding),
            None => {
                known.insert(key, folded.len());
                folded.push(finding);
            }
        }
    }
    folded.sort_by_key(|finding| (finding.severity, finding.is_cascade(), finding.first));
    folded
}

/// What makes findings equal: the message without the path of its own place, and the values.
fn key(finding: &Finding) -> String {
    if finding.message.is_empty() {
        return format!("{:?}", finding.name);
    }
    let values: String = finding
        .details
        .iter()
        .filter(|detail| detail.worth >= 0.5)
        .map(|detail| detail.text.as_str())
        .collect();
    let message = match &finding.place {
        Some(place) if place.path.len() > 2 => finding.message.replace(&place.path, "\u{1}"),
        _ => finding.message.clone(),
    };
    format!("{message}\u{0}{values}")
}

fn join(first: &mut Finding, finding: Finding) {
    let is_same = first.name == finding.name && first.place == finding.place;
    if is_same && finding.sort == Sort::Test {
        // Runners tell of a failure where it happens and again at the end.
        return;
    }
    let again = Again {
        name: finding.name,
        place: finding.place,
        line: finding.first,
    };
    let is_known = is_same
        || first
            .again
            .iter()
            .any(|known| known.name == again.name && known.place == again.place);
    first.more += 1 + finding.more;
    if !is_known {
        first.again.push(again);
    }
}

/// Drops tests of which only the name is told where another finding tells more of them.
fn drop_bare_names(findings: &mut Vec<Finding>) {
    let is_bare = |finding: &Finding| finding.sort == Sort::Test && finding.message.is_empty();
    let told: Vec<String> = findings
        .iter()
        .filter(|finding| finding.sort == Sort::Test && !is_bare(finding))
        .filter_map(|finding| finding.name.clone())
        .collect();
    findings.retain(|finding| {
        let name = finding.name.as_deref().unwrap_or("");
        let is_told = || {
            told.iter().any(|told| {
                told == name || ends_with_part(told, name) || ends_with_part(name, told)
            })
        };
        !(is_bare(finding) && finding.place.is_none() && is_told())
    });
}

/// Whether `part` is the last part of a name: `suite > part`, `module::part`.
fn ends_with_part(name: &str, part: &str) -> bool {
    part.len() > 2
        && name
            .strip_suffix(part)
            .is_some_and(|head| head.ends_with([' ', ':', '.', '/', '#', '>']))
}

/// Drops lines such as `FAIL test/a.test.js` when the failed tests of that file are known.
fn drop_failed_files(findings: &mut Vec<Finding>) {
    let files: Vec<String> = findings
        .iter()
        .filter(|finding| finding.sort == Sort::Test)
        .filter_map(|finding| Some(finding.place.as_ref()?.path.clone()))
        .collect();
    findings.retain(|finding| {
        let is_file = finding.sort == Sort::Line && finding.message.starts_with("FAIL");
        !(is_file
            && files
                .iter()
                .any(|file| finding.message.contains(file.as_str())))
    });
}
