//! Starting processes: this program again, detached from whoever started it, and commands whose
//! end this process will see.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

/// This program, to be started again. On Linux by a link of the system's, which holds even when
/// the file was replaced by a newer build in the meantime.
pub fn this_program() -> Command {
    let program = if cfg!(target_os = "linux") {
        std::path::PathBuf::from("/proc/self/exe")
    } else {
        std::env::current_exe().unwrap_or_else(|_| "ctx".into())
    };
    let mut command = Command::new(program);
    std::os::unix::process::CommandExt::arg0(&mut command, "ctx");
    command
}

/// Starts `command` with `lock` as its standard input and `bell` as its standard output. It is
/// meant to call [`detach`] first of all.
///
/// # Errors
/// It cannot be started.
pub fn start_detached(command: &mut Command, lock: File, bell: File) -> io::Result<()> {
    command
        .stdin(lock)
        .stdout(bell)
        .stderr(Stdio::null())
        .spawn()?;
    Ok(())
}

/// Leaves the session, the terminal and the folder of whoever started this process, lets go of
/// files it handed down, and adopts all processes whose parents end below this one.
pub fn detach() {
    // Fails only for the leader of a group, which a process just started is not.
    let _ = rustix::process::setsid();
    let _ = std::env::set_current_dir("/");
    close_inherited();
    adopt();
}

#[cfg(target_os = "linux")]
fn adopt() {
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

#[cfg(not(target_os = "linux"))]
fn adopt() {}

/// Closes all files above standard error, which were left open by whoever started this process:
/// a pipe among them would never end, and the lock of a task around it would never be free.
fn close_inherited() {
    let folder = if cfg!(target_os = "linux") {
        "/proc/self/fd"
    } else {
        "/dev/fd"
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let open: Vec<i32> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > 2)
        .collect();
    for number in open {
        // The folder that was listed was among them, and is closed already.
        if std::fs::symlink_metadata(format!("{folder}/{number}")).is_ok() {
            close(number);
        }
    }
}

#[expect(
    unsafe_code,
    reason = "a number from outside can be closed in no other way"
)]
fn close(number: i32) {
    // SAFETY: called at the very start of a process of one thread, before anything in it has
    // opened a file that it keeps, so no object owns this number.
    unsafe { rustix::io::close(number) };
}

/// Lets `file` be inherited by the commands that are started from now on.
///
/// # Errors
/// What the system says.
pub fn hand_down(file: impl AsFd) -> io::Result<()> {
    Ok(rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty())?)
}

/// A stream that can be read whenever one of `signals` has come.
///
/// # Errors
/// The system has no descriptors left.
pub fn on_signals(signals: &[i32]) -> io::Result<UnixStream> {
    let (heard, ring) = UnixStream::pair()?;
    heard.set_nonblocking(true)?;
    for signal in signals {
        signal_hook::low_level::pipe::register(*signal, ring.try_clone()?)?;
    }
    Ok(heard)
}
