//! Reading JSON whose shape drifts from release to release: a field of another type than
//! expected is as good as absent, a string where blocks are expected is one block.

use serde_json::Value;

/// The first of `keys` that is a string that is not empty.
pub fn text<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    let texts = keys.iter().filter_map(|key| value.get(key)?.as_str());
    texts.into_iter().find(|text| !text.is_empty())
}

/// The first of `keys` that is a number that is not negative.
pub fn number(value: &Value, keys: &[&str]) -> Option<u64> {
    keys.iter().find_map(|key| value.get(key)?.as_u64())
}

/// The items of an array; a value that is no array is its own only item, null is none.
pub fn items(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

/// The text of a content: a string, a block with text, or a list of either.
pub fn content(value: &Value) -> String {
    let mut out = String::new();
    append_content(value, &mut out, 0);
    out
}

fn append_content(value: &Value, out: &mut String, depth: usize) {
    match value {
        Value::String(text) => {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(text);
        }
        Value::Array(items) if depth < 4 => {
            for item in items {
                append_content(item, out, depth + 1);
            }
        }
        Value::Object(fields) if depth < 4 => {
            for key in ["text", "content", "output"] {
                if let Some(inner) = fields.get(key).filter(|inner| !inner.is_null()) {
                    return append_content(inner, out, depth + 1);
                }
            }
        }
        _ => {}
    }
}

/// Moves the string out of a field, where it is one.
pub fn take(value: &mut Value, key: &str) -> Option<String> {
    match value.get_mut(key).map(Value::take) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
