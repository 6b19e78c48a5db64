//! `ctx index`

use super::Answer;
use super::args::tree_options;
use super::output;
use super::progress::Progress;
use crate::code::index::{Check, Stats, build, check};
use crate::error::Error;
use crate::view::grouped;
use crate::workspace::Workspace;
use serde_json::json;
use std::fmt::Write as _;

/// Bring the index up to date, or say how it is
///
/// Every command that needs the index refreshes it by itself; this is for looking at it.
#[derive(clap::Args)]
pub struct Args {
    /// Forget what is indexed and read every file again
    #[arg(long, conflicts_with_all = ["stats", "check"])]
    rebuild: bool,
    /// Sizes of the index (also shown without an option)
    #[arg(long, conflicts_with = "check")]
    stats: bool,
    /// Compare everything in the index with the files, and change nothing
    #[arg(long)]
    check: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let progress = Progress::new();
    let show = |done, total| progress.show(done, total);
    let options = tree_options(workspace, &show);
    if args.check {
        let found = check(&workspace.root, &options);
        return Ok(Answer {
            status: u8::from(!found.problems.is_empty()),
            text: shown_check(&found, args.json),
        });
    }
    let (stats, notes) = build(&workspace.root, &options, args.rebuild);
    progress.clear();
    notes.iter().for_each(|note| output::warning(note));
    Ok(Answer::shown(shown_stats(&stats, args.json)))
}

fn shown_stats(stats: &Stats, as_json: bool) -> String {
    let folder = stats
        .folder
        .as_ref()
        .map(|folder| folder.display().to_string());
    if as_json {
        let value = json!({
            "view": "index",
            "folder": folder,
            "files": stats.files,
            "without_text": stats.without_text,
            "source_bytes": stats.source_bytes,
            "units": stats.units,
            "segments": stats.segments,
            "index_bytes": stats.index_bytes,
            "dead_files": stats.dead_files,
        });
        return format!("{value}\n");
    }
    let share = stats.index_bytes as f64 * 100.0 / stats.source_bytes.max(1) as f64;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} files with {} bytes of text, {} places; {} files without text",
        grouped(stats.files),
        grouped(stats.source_bytes),
        grouped(stats.units),
        grouped(stats.without_text),
    );
    let _ = writeln!(
        text,
        "{} bytes in {} segments ({share:.0} % of the text), {} dead files in them",
        grouped(stats.index_bytes),
        grouped(stats.segments),
        grouped(stats.dead_files),
    );
    if let Some(folder) = folder {
        let _ = writeln!(text, "kept in `{folder}`");
    }
    text
}

/// Most problems that are shown one by one.
const MOST_PROBLEMS: usize = 20;

fn shown_check(found: &Check, as_json: bool) -> String {
    let shown = &found.problems[..found.problems.len().min(MOST_PROBLEMS)];
    let more = found.problems.len() - shown.len();
    if as_json {
        let value = json!({
            "view": "index check",
            "files": found.files,
            "outdated": found.outdated,
            "problems": shown,
            "problems_omitted": more,
        });
        return format!("{value}\n");
    }
    let mut text = String::new();
    for problem in shown {
        let _ = writeln!(text, "{problem}");
    }
    if more > 0 {
        let _ = writeln!(text, "{more} more problems");
    }
    let end = match found.problems.is_empty() {
        true => "the index is whole",
        false => "`ctx index --rebuild` makes it anew",
    };
    let _ = writeln!(
        text,
        "{} files looked at, {} changed since they were indexed: {end}",
        grouped(found.files),
        grouped(found.outdated),
    );
    text
}
