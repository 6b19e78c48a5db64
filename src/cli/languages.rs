//! `ctx languages`

use super::Answer;
use crate::code::syntax::language;
use crate::error::Error;
use std::fmt::Write as _;

/// The languages that can be outlined
#[derive(clap::Args)]
pub struct Args {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Answer, Error> {
    if args.json {
        let languages: Vec<_> = language::all()
            .iter()
            .map(|language| {
                serde_json::json!({
                    "name": language.name,
                    "title": language.title,
                    "extensions": language.extensions,
                    "filenames": language.filenames,
                })
            })
            .collect();
        return Ok(Answer::shown(format!(
            "{}\n",
            serde_json::Value::from(languages)
        )));
    }
    let mut out = String::new();
    for language in language::all() {
        let mut files: Vec<String> = language
            .extensions
            .iter()
            .map(|ext| format!(".{ext}"))
            .collect();
        files.extend(language.filenames.iter().map(|name| (*name).to_owned()));
        let _ = writeln!(
            out,
            "{:<18} {:<18} {}",
            language.name,
            language.title,
            files.join(" ")
        );
    }
    Ok(Answer::shown(out))
}
