//! Reads the layers that override the built-in settings.

use super::Sources;
use crate::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    BuiltIn,
    /// The user's file.
    User(PathBuf),
    /// The project's file.
    Project(PathBuf),
    /// A variable.
    Environment(String),
    /// `--config` on the command line.
    Option,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::BuiltIn => f.write_str("built-in"),
            Origin::User(path) | Origin::Project(path) => write!(f, "{}", path.display()),
            Origin::Environment(name) => write!(f, "${name}"),
            Origin::Option => f.write_str("--config"),
        }
    }
}

/// One setting in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its key, with dots: `code.max_file_bytes`.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// Where that came from.
    pub origin: Origin,
}

/// Values from one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The place.
    pub origin: Origin,
    /// Keys and values.
    pub values: Vec<(String, Value)>,
}

/// All layers above the built-in one, lowest first.
pub(super) fn read(sources: &Sources) -> Result<Vec<Layer>, Error> {
    let mut layers = Vec::new();
    if let Some(path) = &sources.user {
        layers.extend(file(path, Origin::User(path.clone()))?);
    }
    if let Some(path) = &sources.project {
        layers.extend(file(path, Origin::Project(path.clone()))?);
    }
    for (name, value) in &sources.environment {
        if let Some(key) = environment_key(name) {
            layers.push(Layer {
                origin: Origin::Environment(name.clone()),
                values: vec![(key, Value::String(value.clone()))],
            });
        }
    }
    for option in &sources.options {
        let Some((key, value)) = option.split_once('=') else {
            return Err(Error::bad_request(format!(
                "--config takes KEY=VALUE, found `{option}`"
            )));
        };
        let values = vec![(
            key.trim().to_owned(),
            Value::String(value.trim().to_owned()),
        )];
        layers.push(Layer {
            origin: Origin::Option,
            values,
        });
    }
    Ok(layers)
}

fn file(path: &Path, origin: Origin) -> Result<Option<Layer>, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(
                Error::failed(format!("settings in `{}` cannot be read", path.display()))
                    .because(error),
            );
        }
    };
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        Error::bad_request(format!(
            "settings in `{}` are not valid TOML",
            path.display()
        ))
        .because(error)
    })?;
    let mut values = Vec::new();
    flatten("", &table, &mut |key, value| {
        values.push((key, value.clone()))
    });
    Ok(Some(Layer { origin, values }))
}

/// `CTX_CODE_MAX_FILE_BYTES` names `code.max_file_bytes`, `CTX_BUDGET` names `budget`.
/// Variables of `ctx` that are no settings are passed over.
fn environment_key(name: &str) -> Option<String> {
    let key = name.strip_prefix("CTX_")?.to_lowercase();
    let sections = ["code", "summarizer"];
    let in_section = sections.iter().find_map(|section| {
        let rest = key.strip_prefix(section)?.strip_prefix('_')?;
        Some(format!("{section}.{rest}"))
    });
    let key = in_section.unwrap_or(key);
    super::Config::built_in()
        .settings()
        .iter()
        .any(|setting| setting.key == key)
        .then_some(key)
}

/// Calls `visit` with every leaf of `table` and its dotted key.
pub(super) fn flatten(prefix: &str, table: &Table, visit: &mut impl FnMut(String, &Value)) {
    for (key, value) in table {
        let key = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Value::Table(table) => flatten(&key, table, visit),
            value => visit(key, value),
        }
    }
}

/// `value` with the type of `like`; text from variables and options is read as that type.
pub(super) fn typed(
    key: &str,
    like: &Value,
    value: Value,
    origin: &Origin,
) -> Result<Value, Error> {
    let wrong = |found: &Value| {
        let message = format!(
            "setting `{key}` in {origin} takes {}, found `{}`",
            kind(like),
            super::show(found)
        );
        Error::bad_request(message).hint("`ctx config --show` lists every setting with its value")
    };
    let read = match (like, &value) {
        (Value::Integer(_), Value::String(text)) => {
            text.replace('_', "").parse().ok().map(Value::Integer)
        }
        (Value::Boolean(_), Value::String(text)) => match text.as_str() {
            "true" | "1" | "yes" | "on" => Some(Value::Boolean(true)),
            "false" | "0" | "no" | "off" => Some(Value::Boolean(false)),
            _ => None,
        },
        _ if like.same_type(&value) => Some(value.clone()),
        _ => None,
    };
    match read {
        Some(Value::Integer(number)) if number < 0 => Err(wrong(&value)),
        Some(read) => Ok(read),
        None => Err(wrong(&value)),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "a whole number that is not negative",
        Value::Boolean(_) => "true or false",
        _ => "text",
    }
}
