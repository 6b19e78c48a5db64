//! Processes: who they are, whose children they are, and how to signal one without ever hitting
//! another that was given its number.
//!
//! On Linux by `/proc` and process descriptors. Elsewhere by `ps`, without environments and
//! open files: there a process that left its group and its parent is not found (not tested).

use rustix::process::{Pid, Signal};

/// One process, as it was when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number, which the system gives to others later.
    pub pid: i32,
    /// The number of its parent.
    pub parent: i32,
    /// When it started, in ticks since the machine did: with the number, it is unique in a boot.
    pub start: u64,
    /// Whether it has ended and waits to be reaped.
    pub is_zombie: bool,
}

/// This process.
pub fn own_pid() -> i32 {
    rustix::process::getpid().as_raw_pid()
}

/// The descendants of `root`, without those below a process that `is_foreign`.
pub fn descendants(root: i32, is_foreign: &dyn Fn(i32) -> bool) -> Vec<Process> {
    below(&[root], &all(), is_foreign)
}

/// What stands below `roots` in `all`, without those below a process that `is_foreign`.
pub fn below(roots: &[i32], all: &[Process], is_foreign: &dyn Fn(i32) -> bool) -> Vec<Process> {
    let mut found: Vec<Process> = Vec::new();
    let mut parents = roots.to_vec();
    while let Some(parent) = parents.pop() {
        for child in all.iter().filter(|process| process.parent == parent) {
            let is_known =
                roots.contains(&child.pid) || found.iter().any(|process| process.pid == child.pid);
            if !is_known && !is_foreign(child.pid) {
                parents.push(child.pid);
                found.push(child.clone());
            }
        }
    }
    found
}

/// Sends `signal` to `process` if it is still that one; whether it was.
pub fn send(process: &Process, signal: Signal) -> bool {
    let Some(pid) = Pid::from_raw(process.pid) else {
        return false;
    };
    if process.pid <= 1 || process.pid == own_pid() {
        return false;
    }
    send_to(pid, process.start, signal)
}

#[cfg(target_os = "linux")]
fn send_to(pid: Pid, start: u64, signal: Signal) -> bool {
    use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};
    match pidfd_open(pid, PidfdFlags::empty()) {
        // The descriptor holds on to one process; only then is it safe to ask which.
        Ok(descriptor) => {
            is_still(pid.as_raw_pid(), start) && pidfd_send_signal(&descriptor, signal).is_ok()
        }
        Err(rustix::io::Errno::SRCH) => false,
        // Kernels before 5.3.
        Err(_) => {
            is_still(pid.as_raw_pid(), start) && rustix::process::kill_process(pid, signal).is_ok()
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn send_to(pid: Pid, _start: u64, signal: Signal) -> bool {
    rustix::process::kill_process(pid, signal).is_ok()
}

#[cfg(target_os = "linux")]
fn is_still(pid: i32, start: u64) -> bool {
    look(pid).is_some_and(|process| process.start == start)
}

/// The process of this number, if there is one.
#[cfg(target_os = "linux")]
pub fn look(pid: i32) -> Option<Process> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    parse(pid, &String::from_utf8_lossy(&stat))
}

/// Reads `/proc/PID/stat`. The name in it may hold anything, so fields count from its last `)`.
#[cfg(target_os = "linux")]
fn parse(pid: i32, stat: &str) -> Option<Process> {
    let rest = &stat[stat.rfind(')')? + 1..];
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    Some(Process {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        start: fields.get(19)?.parse().ok()?,
        is_zombie: matches!(*fields.first()?, "Z" | "X"),
    })
}

/// All processes that can be seen.
#[cfg(target_os = "linux")]
pub fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(look)
        .collect()
}

/// Whether the environment that the process was started with holds `entry` (`NAME=value`).
#[cfg(target_os = "linux")]
pub fn has_in_environment(pid: i32, entry: &[u8]) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment
        .split(|byte| *byte == 0)
        .any(|found| found == entry)
}

/// The value of the variable `name` in the environment that the process was started with.
#[cfg(target_os = "linux")]
pub fn in_environment(pid: i32, name: &str) -> Option<String> {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mut entries = environment.split(|byte| *byte == 0);
    let found =
        entries.find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    Some(String::from_utf8_lossy(found).into_owned())
}

/// Environments cannot be read here.
#[cfg(not(target_os = "linux"))]
pub fn in_environment(_pid: i32, _name: &str) -> Option<String> {
    None
}

/// Whether the process has a file open for writing in `folder`. Whoever only reads there does not
/// count.
#[cfg(target_os = "linux")]
pub fn writes_below(pid: i32, folder: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/fd")) else {
        return false;
    };
    entries.filter_map(Result::ok).any(|entry| {
        let is_below =
            std::fs::read_link(entry.path()).is_ok_and(|target| target.starts_with(folder));
        is_below && is_for_writing(pid, &entry.file_name().to_string_lossy())
    })
}

/// Whether an open file of a process can be written, by its access mode.
#[cfg(target_os = "linux")]
fn is_for_writing(pid: i32, number: &str) -> bool {
    let information =
        std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{number}")).unwrap_or_default();
    let flags = information
        .lines()
        .find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    flags.is_some_and(|flags| flags & 0o3 != 0)
}

/// The words that the process was started with.
#[cfg(target_os = "linux")]
pub fn arguments(pid: i32) -> Vec<String> {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = words.split(|byte| *byte == 0);
    words
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}

/// What the process has open as its standard input.
#[cfg(target_os = "linux")]
pub fn standard_input(pid: i32) -> Option<std::path::PathBuf> {
    std::fs::read_link(format!("/proc/{pid}/fd/0")).ok()
}

/// The process of this number, if there is one.
#[cfg(not(target_os = "linux"))]
pub fn look(pid: i32) -> Option<Process> {
    all().into_iter().find(|process| process.pid == pid)
}

/// All processes that can be seen.
#[cfg(not(target_os = "linux"))]
pub fn all() -> Vec<Process> {
    let listed = std::process::Command::new("ps")
        .args(["-A", "-o", "pid=,ppid=,stat="])
        .output();
    let listed = listed.map(|output| output.stdout).unwrap_or_default();
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let read = |line: &str| {
        let mut words = line.split_whitespace();
        Some(Process {
            pid: words.next()?.parse().ok()?,
            parent: words.next()?.parse().ok()?,
            start: 0,
            is_zombie: words.next()?.starts_with('Z'),
        })
    };
    listed.lines().filter_map(read).collect()
}

/// Environments cannot be read here.
#[cfg(not(target_os = "linux"))]
pub fn has_in_environment(_pid: i32, _entry: &[u8]) -> bool {
    false
}

/// Open files cannot be read here.
#[cfg(not(target_os = "linux"))]
pub fn writes_below(_pid: i32, _folder: &std::path::Path) -> bool {
    false
}

/// The words that the process was started with.
#[cfg(not(target_os = "linux"))]
pub fn arguments(pid: i32) -> Vec<String> {
    let pid = pid.to_string();
    let listed = std::process::Command::new("ps")
        .args(["-o", "args=", "-p", &pid])
        .output();
    let listed = listed.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&listed)
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

/// Open files cannot be read here.
#[cfg(not(target_os = "linux"))]
pub fn standard_input(_pid: i32) -> Option<std::path::PathBuf> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let stat = "7 (a) R 1) S 3 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0";
        let process = parse(7, stat).unwrap();
        assert_eq!(
            (process.parent, process.start, process.is_zombie),
            (3, 12345, false)
        );
    }

    #[test]
    fn a_number_given_to_another_process_is_not_signalled() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let process = look(child.id() as i32).unwrap();
        let earlier = Process {
            start: process.start - 1,
            ..process.clone()
        };
        assert!(!send(&earlier, Signal::KILL));
        assert!(send(&process, Signal::KILL));
        child.wait().unwrap();
        assert!(!send(&process, Signal::KILL));
    }

    #[test]
    fn trees_are_walked_without_foreign_branches() {
        let process = |pid, parent| Process {
            pid,
            parent,
            start: 0,
            is_zombie: false,
        };
        let all = [
            process(2, 1),
            process(3, 2),
            process(4, 3),
            process(5, 2),
            process(6, 5),
        ];
        let mut found: Vec<i32> = below(&[2], &all, &|pid| pid == 5)
            .iter()
            .map(|process| process.pid)
            .collect();
        found.sort_unstable();
        assert_eq!(found, [3, 4]);
    }
}
