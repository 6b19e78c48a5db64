//! What package manifests say, read as text: a name, a description, what they start.

use crate::code::graph::Source;

/// Whether a file is the manifest of a package.
pub(super) fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(
        name,
        "package.json"
            | "Cargo.toml"
            | "pyproject.toml"
            | "setup.cfg"
            | "composer.json"
            | "pom.xml"
    ) || name.ends_with(".gemspec")
}

/// The value of the first `key` in a manifest, in any of their notations, with its line.
pub(super) fn value<'a>(source: &'a Source, key: &str) -> Option<(u32, &'a str)> {
    for (idx, line) in source.text.lines().enumerate() {
        let line = line.trim();
        let bare = line.trim_start_matches(['"', '\'']);
        // `spec.summary = "..."` of a gemspec.
        let bare = match bare.split_once('.') {
            Some((object, rest)) if object.chars().all(char::is_alphabetic) => rest,
            _ => bare,
        };
        let found = if let Some(rest) = bare.strip_prefix(key) {
            let rest = rest.trim_start_matches(['"', '\'']).trim_start();
            rest.strip_prefix([':', '=']).map(str::trim)
        } else if let Some(rest) = line.strip_prefix(&format!("<{key}>")) {
            rest.split('<').next()
        } else {
            None
        };
        if let Some(found) = found {
            let text = found.trim_end_matches(',').trim_matches(['"', '\'']);
            let is_text = !text.is_empty() && !text.starts_with(['{', '[', '$']);
            if is_text && !text.contains(".workspace") {
                return Some((idx as u32 + 1, text));
            }
        }
    }
    None
}
