//! `ctx digest`

use super::Answer;
use super::args::Fit;
use crate::digest::{self, Digester, Origin, matcher};
use crate::error::Error;
use crate::shell;
use crate::workspace::Workspace;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The output of any tool, fitted to a budget: verdict, errors and failures first
///
/// Ends with the lines of the raw output that it leaves out. Exit status 0 when a digest was
/// printed, whatever the command's own was.
#[derive(clap::Args)]
pub struct Args {
    /// The output; `-` or nothing for standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The command line that printed it
    #[arg(long, value_name = "TEXT")]
    cmd: Option<String>,
    /// Its exit status, negative for a signal
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    exit: Option<i32>,
    /// An earlier output of the same command: tells what still fails, is fixed, is new
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    #[command(flatten)]
    fit: Fit,
}

pub fn run(workspace: &Workspace, args: &Args) -> Result<Answer, Error> {
    let counter = args.fit.counter(workspace)?;
    let budget = args.fit.budget(workspace);
    let origin = Origin {
        command: args.cmd.clone(),
        exit: args.exit,
    };
    let file = args.file.as_deref().unwrap_or(Path::new("-"));
    let mut digest = read(workspace, file)?.finish(origin.clone());
    if let Some(earlier) = &args.against {
        let before = read(workspace, earlier)?.finish(Origin {
            exit: None,
            ..origin
        });
        digest = digest.against(&before);
    }
    match digest::fit(&digest, args.fit.format(), &counter, budget) {
        Ok(fitted) => Ok(Answer::shown(fitted.text)),
        Err(too_small) => Err(Error::bad_request(too_small.to_string()).hint(format!(
            "`{} --budget {}`",
            typed(args),
            too_small.minimum
        ))),
    }
}

/// Reads an output in parts, so that its size does not matter.
fn read(workspace: &Workspace, file: &Path) -> Result<Digester, Error> {
    let failed = |error: std::io::Error| {
        Error::bad_request(format!("`{}` cannot be read", file.display())).because(error)
    };
    let mut input: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(workspace.base.join(file)).map_err(failed)?)
    };
    let mut digester = Digester::new().with_matchers(matchers(workspace)?);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(digester),
            Ok(len) => digester.feed(&buffer[..len]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
}

/// The matchers of the project, then those of the user: `.ctx/matchers/*.toml` and the same in
/// the configuration folder.
pub(super) fn matchers(workspace: &Workspace) -> Result<Vec<matcher::Matcher>, Error> {
    let mut matchers = Vec::new();
    for folder in workspace.config_folders() {
        let Ok(entries) = std::fs::read_dir(folder.join("matchers")) else {
            continue;
        };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "toml")
            })
            .collect();
        files.sort();
        for file in files {
            let shown = file.display().to_string();
            let text = std::fs::read_to_string(&file).map_err(|error| {
                Error::failed(format!("`{shown}` cannot be read")).because(error)
            })?;
            matchers.extend(
                matcher::parse(&shown, &text)
                    .map_err(|error| Error::bad_request(error.to_string()))?,
            );
        }
    }
    Ok(matchers)
}

fn typed(args: &Args) -> String {
    let mut typed = String::from("ctx digest");
    if let Some(file) = &args.file {
        let _ = write!(typed, " {}", shell::quoted(&file.to_string_lossy()));
    }
    if let Some(command) = &args.cmd {
        let _ = write!(typed, " --cmd {}", shell::quoted(command));
    }
    if let Some(exit) = args.exit {
        let _ = write!(typed, " --exit {exit}");
    }
    if let Some(earlier) = &args.against {
        let _ = write!(
            typed,
            " --against {}",
            shell::quoted(&earlier.to_string_lossy())
        );
    }
    typed.push_str(&args.fit.typed());
    typed
}
