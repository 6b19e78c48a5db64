//! `ctx digest`

use super::Answer;
use super::args::Fit;
use crate::digest::{self, Digester, Origin};
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
    let digest = read(workspace, file)?.finish(origin);
    match digest::fit(&digest, args.fit.format(), &counter, budget) {
        Ok(fitted) => Ok(Answer::shown(fitted.text)),
        Err(too_small) => Err(Error::bad_request(too_small.to_string())
            .hint(format!("`{} --budget {}`", typed(args), too_small.minimum))),
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
    let mut digester = Digester::new();
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
    typed.push_str(&args.fit.typed());
    typed
}
