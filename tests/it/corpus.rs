//! Data-driven cases: every folder under `corpus/<area>/` is a case, checked by code that does
//! not grow with them. `UPDATE_EXPECT=1` rewrites the expectations.

use std::fs;
use std::path::{Path, PathBuf};

/// The case folders of an area, in order.
pub fn cases(area: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(area);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

/// The file of a case that begins with `input.`.
pub fn input(case: &Path) -> PathBuf {
    let entries = fs::read_dir(case)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .into_iter()
        .find(|path| path.file_stem().is_some_and(|stem| stem == "input"))
        .unwrap_or_else(|| panic!("{} has no file `input.*`", case.display()))
}

/// Compares `actual` with the file `name` of the case; returns a message when they differ.
pub fn check(case: &Path, name: &str, actual: &str) -> Option<String> {
    let path = case.join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, actual).unwrap();
        return None;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected == actual {
        return None;
    }
    let differs = |(_, (a, b)): &(usize, (&str, &str))| a != b;
    let first = expected
        .lines()
        .zip(actual.lines())
        .enumerate()
        .find(differs);
    let place = first.map_or("one is longer".to_owned(), |(line, (expected, actual))| {
        format!(
            "line {}:\n  expected {expected}\n  actual   {actual}",
            line + 1
        )
    });
    Some(format!(
        "{} (UPDATE_EXPECT=1 rewrites it): {place}\n",
        path.display()
    ))
}
