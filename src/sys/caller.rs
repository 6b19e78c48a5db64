//! Who is asking: a name that stays the same for one terminal or one agent, although each of its
//! commands is a process of its own.

use super::process;

/// Programs that stand between an agent and its commands, and come and go with each.
const BETWEEN: [&str; 16] = [
    "sh", "bash", "dash", "zsh", "fish", "ash", "ksh", "busybox", "env", "timeout", "nice", "sudo",
    "xargs", "time", "setsid", "ctx",
];

/// The name of whoever called: `$CTX_SESSION` if it is set, the session of the terminal if there
/// is one, else the nearest ancestor that is no shell.
pub fn name() -> String {
    if let Some(session) = std::env::var_os("CTX_SESSION") {
        return session.to_string_lossy().into_owned();
    }
    let session = rustix::process::getsid(None).map_or(0, |pid| pid.as_raw_pid());
    if rustix::termios::isatty(std::io::stdin()) {
        return named(session);
    }
    let mut pid = rustix::process::getppid().map_or(0, |pid| pid.as_raw_pid());
    for _ in 0..32 {
        let Some(found) = process::look(pid) else {
            break;
        };
        if pid <= 1 {
            break;
        }
        let program = process::arguments(pid)
            .into_iter()
            .next()
            .unwrap_or_default();
        let program = program
            .trim_start_matches('-')
            .rsplit('/')
            .next()
            .unwrap_or("")
            .to_owned();
        if !BETWEEN.contains(&program.as_str()) {
            return named(pid);
        }
        pid = found.parent;
    }
    named(session)
}

/// A number with the start of its process, so that it is not taken for a later one.
fn named(pid: i32) -> String {
    let start = process::look(pid).map_or(0, |process| process.start);
    format!("{pid}.{start}")
}
