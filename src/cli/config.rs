//! `ctx config`

use super::Answer;
use crate::config::{DEFAULTS, show};
use crate::error::Error;
use crate::workspace::Workspace;
use std::fmt::Write as _;

/// Settings in force, and where each comes from
#[derive(clap::Args)]
pub struct Args {
    /// Every setting with its value and where that comes from (the default)
    #[arg(long)]
    show: bool,
    /// The built-in settings as a commented file to start from
    #[arg(long, conflicts_with = "show")]
    defaults: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    if args.defaults {
        return Ok(Answer::shown(DEFAULTS.to_owned()));
    }
    let settings = workspace.config.settings();
    if args.json {
        let rows: Vec<_> = settings
            .iter()
            .map(|setting| {
                serde_json::json!({
                    "key": setting.key,
                    "value": json_value(&setting.value),
                    "from": setting.origin.to_string(),
                })
            })
            .collect();
        return Ok(Answer::shown(format!(
            "{}\n",
            serde_json::Value::from(rows)
        )));
    }
    let mut out = String::new();
    for setting in settings {
        let _ = writeln!(
            out,
            "{} = {}  # {}",
            setting.key,
            show(&setting.value),
            setting.origin
        );
    }
    Ok(Answer::shown(out))
}

fn json_value(value: &toml::Value) -> serde_json::Value {
    match value {
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Boolean(switch) => (*switch).into(),
        toml::Value::String(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}
