//! The `ctx` program: hands its arguments to the library and returns the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ctx::cli::run()
}
