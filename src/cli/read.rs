//! `ctx read`
use super::Answer;
use crate::error::Error;
use crate::workspace::Workspace;

/// Files, line ranges or symbols, verbatim
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Workspace, _: &Args) -> Result<Answer, Error> {
    Err(Error::failed("not yet"))
}
