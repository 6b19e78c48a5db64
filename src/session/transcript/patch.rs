//! Which files a patch changes: the `*** Begin Patch` form, and unified diffs.

use super::event::Change;

/// The files that `patch` changes, in order.
pub fn changes(patch: &str) -> Vec<(Change, String)> {
    let mut changes: Vec<(Change, String)> = Vec::new();
    let mut old = None;
    for line in patch.lines() {
        let line = line.trim_end();
        let directives = [
            ("*** Add File: ", Change::Create),
            ("*** Update File: ", Change::Edit),
            ("*** Delete File: ", Change::Delete),
        ];
        if let Some((change, path)) = directives
            .into_iter()
            .find_map(|(start, change)| Some((change, line.strip_prefix(start)?)))
        {
            changes.push((change, path.trim().to_owned()));
        } else if let Some(path) = line.strip_prefix("*** Move to: ") {
            if let Some(last) = changes.last_mut() {
                last.0 = Change::Delete;
            }
            changes.push((Change::Create, path.trim().to_owned()));
        } else if let Some(path) = line.strip_prefix("--- ") {
            old = Some(diff_path(path));
        } else if let (Some(path), Some(before)) = (line.strip_prefix("+++ "), old.take()) {
            changes.push(match (before, diff_path(path)) {
                (None, Some(path)) => (Change::Create, path),
                (Some(path), None) => (Change::Delete, path),
                (_, Some(path)) => (Change::Edit, path),
                (None, None) => continue,
            });
        }
    }
    changes
}

/// The path in a header of a unified diff; `None` for `/dev/null`.
fn diff_path(text: &str) -> Option<String> {
    let path = text.split('\t').next().unwrap_or(text).trim();
    if path == "/dev/null" {
        return None;
    }
    let path = path
        .strip_prefix("a/")
        .or_else(|| path.strip_prefix("b/"))
        .unwrap_or(path);
    Some(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Change, changes};

    #[test]
    fn both_forms_are_read() {
        let patch = "*** Begin Patch\n*** Add File: a\n+x\n*** Update File: b\n*** Move to: c\n@@\n-x\n+y\n*** Delete File: d\n*** End Patch";
        let expected = [
            (Change::Create, "a"),
            (Change::Delete, "b"),
            (Change::Create, "c"),
            (Change::Delete, "d"),
        ];
        assert_eq!(changes(patch), expected.map(|(c, p)| (c, p.to_owned())));
        let diff = "--- a/x.rs\n+++ b/x.rs\n@@ -1 +1 @@\n-a\n+b\n--- /dev/null\n+++ b/new\n";
        let expected = [(Change::Edit, "x.rs"), (Change::Create, "new")];
        assert_eq!(changes(diff), expected.map(|(c, p)| (c, p.to_owned())));
    }
}
