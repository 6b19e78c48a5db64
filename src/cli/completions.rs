//! `ctx completions` and `ctx man`

use super::Answer;
use crate::error::Error;
use std::fs;
use std::path::PathBuf;

/// Shell completions
///
/// For bash: `ctx completions bash > ~/.local/share/bash-completion/completions/ctx`
#[derive(clap::Args)]
pub struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

/// Manual pages
#[derive(clap::Args)]
pub struct ManArgs {
    /// Write one page for each command into DIR instead of printing the main page
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub fn run(args: &Args, mut command: clap::Command) -> Result<Answer, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "ctx", &mut script);
    Ok(Answer::shown(String::from_utf8_lossy(&script).into_owned()))
}

pub fn man(args: &ManArgs, command: clap::Command) -> Result<Answer, Error> {
    let Some(dir) = &args.dir else {
        return Ok(Answer::shown(page(command)?));
    };
    let failed = |error| {
        Error::failed(format!("pages cannot be written to `{}`", dir.display())).because(error)
    };
    fs::create_dir_all(dir).map_err(failed)?;
    let mut written = String::new();
    let mut command = command;
    command.build();
    for sub in command.get_subcommands().cloned().collect::<Vec<_>>() {
        let name = format!("ctx-{}.1", sub.get_name());
        let title = format!("ctx-{}", sub.get_name());
        fs::write(dir.join(&name), page(sub.display_name(title))?).map_err(failed)?;
        written.push_str(&format!("{}\n", dir.join(name).display()));
    }
    fs::write(dir.join("ctx.1"), page(command)?).map_err(failed)?;
    written.push_str(&format!("{}\n", dir.join("ctx.1").display()));
    Ok(Answer::shown(written))
}

fn page(command: clap::Command) -> Result<String, Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Error::failed("the manual page cannot be made").because(error))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
