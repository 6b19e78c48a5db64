//! A terminal for a command that behaves otherwise without one.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;

/// Both ends of a terminal.
#[derive(Debug)]
pub struct Pty {
    /// What the command writes is read here.
    pub master: OwnedFd,
    /// The command's end.
    pub slave: File,
}

/// Opens a terminal of 120 columns. In a process that leads a session without a terminal, it
/// becomes the terminal of that session, and so of the command.
///
/// # Errors
/// The system has no terminals left.
pub fn open() -> io::Result<Pty> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC)?;
    rustix::fs::fcntl_setfl(
        &master,
        rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NONBLOCK,
    )?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let name = ptsname(&master, Vec::new())?;
    let name = name.to_str().map_err(io::Error::other)?.to_owned();
    let slave = OpenOptions::new().read(true).write(true).open(name)?;
    let size = rustix::termios::Winsize {
        ws_row: 40,
        ws_col: 120,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(&slave, size)?;
    Ok(Pty { master, slave })
}

/// Makes the group of the process `pid` the one that the terminal listens to.
pub fn to_foreground(pty: &Pty, pid: i32) {
    if let Some(pid) = rustix::process::Pid::from_raw(pid) {
        // A command that ended already needs no terminal.
        let _ = rustix::termios::tcsetpgrp(&pty.slave, pid);
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::CONT);
    }
}
