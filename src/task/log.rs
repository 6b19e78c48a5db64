//! The output of a task: one file that the command itself writes, so that neither the end of a
//! supervisor nor a process that holds on to a pipe loses a byte of it.
//!
//! A log over its cap gives its middle back to the disk; [`Cut`] tells which bytes. Whoever reads
//! it gets a line in their place.

use crate::sys::atomic::{self, Durability};
use crate::sys::hole;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

/// Free space that a log leaves on its disk, if the disk is large enough.
const SPARE: u64 = 64 << 20;
/// What is kept of a log however full the disk is.
const LEAST: u64 = 64 << 10;

/// The bytes of a log that are gone, from `start` up to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The first byte that is gone.
    pub start: u64,
    /// The first byte after it that is there.
    pub end: u64,
}

impl Cut {
    /// What is gone from the log in `folder`.
    pub fn read(folder: &Path) -> Option<Cut> {
        let text = std::fs::read_to_string(folder.join("cut")).ok()?;
        let (start, end) = text.trim().split_once(' ')?;
        let cut = Cut {
            start: start.parse().ok()?,
            end: end.parse().ok()?,
        };
        (cut.start < cut.end).then_some(cut)
    }

    fn write(self, folder: &Path) -> io::Result<()> {
        let text = format!("{} {}\n", self.start, self.end);
        atomic::write(&folder.join("cut"), text.as_bytes(), Durability::Process)
    }

    /// The line that stands in the place of what is gone.
    pub fn notice(self) -> String {
        format!(
            "[ctx: {} bytes of output were cut here to keep the log small]\n",
            self.end - self.start
        )
    }
}

/// Cuts the log in `folder`, when it holds more than `cap` or its disk is nearly full. What was
/// cut before is `earlier`.
pub fn keep_small(folder: &Path, log: &File, cap: u64, earlier: Option<Cut>) -> Option<Cut> {
    let len = log.metadata().map_or(0, |metadata| metadata.len());
    let gone = earlier.map_or(0, |cut| cut.end - cut.start);
    let held = len.saturating_sub(gone);
    let cap = match hole::space(log) {
        Some((free, size)) if free < SPARE.min(size / 4) => cap.min(held / 2).max(LEAST),
        _ => cap,
    };
    if held <= cap {
        return earlier;
    }
    // A quarter for the beginning, the rest for the end; whole blocks, for others stay.
    let block = |at: u64| at / 4096 * 4096;
    let start = earlier
        .map_or(u64::MAX, |cut| cut.start)
        .min(block(cap / 4));
    let cut = Cut {
        start,
        end: block(len.saturating_sub(cap / 4 * 3)),
    };
    if cut.end <= cut.start {
        return earlier;
    }
    // Told before it is done: what was told to be gone and is there does no harm.
    let told = cut.write(folder);
    match hole::punch(log, cut.start, cut.end) {
        Ok(()) if told.is_ok() || cut.write(folder).is_ok() => Some(cut),
        _ => earlier,
    }
}

/// A log, read from a place on, with a notice where it was cut.
#[derive(Debug)]
pub struct Reader {
    file: Option<File>,
    at: u64,
    cut: Option<Cut>,
    notice: io::Cursor<Vec<u8>>,
}

impl Reader {
    /// Reads the log in `folder` from byte `from` on. A log that is not there yet is empty.
    ///
    /// # Errors
    /// It is there and cannot be opened.
    pub fn open(folder: &Path, from: u64) -> io::Result<Reader> {
        let mut file = match File::open(folder.join("log")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            opened => Some(opened?),
        };
        if let Some(file) = &mut file {
            file.seek(SeekFrom::Start(from))?;
        }
        let cut = Cut::read(folder).filter(|cut| cut.end > from);
        Ok(Reader {
            file,
            at: from,
            cut,
            notice: io::Cursor::default(),
        })
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.notice.read(buffer)?;
        if len > 0 {
            return Ok(len);
        }
        let Some(file) = &mut self.file else {
            return Ok(0);
        };
        let mut most = buffer.len();
        if let Some(cut) = self.cut {
            if self.at >= cut.start {
                self.cut = None;
                self.at = cut.end;
                file.seek(SeekFrom::Start(cut.end))?;
                self.notice = io::Cursor::new(cut.notice().into_bytes());
                return self.read(buffer);
            }
            most = most.min(usize::try_from(cut.start - self.at).unwrap_or(usize::MAX));
        }
        let len = file.read(&mut buffer[..most])?;
        self.at += len as u64;
        Ok(len)
    }
}

/// The length of the log in `folder`, in bytes.
pub fn len(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("log")).map_or(0, |log| log.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_log_over_its_cap_keeps_both_ends() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(folder.path().join("log"))
            .unwrap();
        let mut cut = None;
        for round in 0..50_000 {
            writeln!(file, "line {round}").unwrap();
            if round % 1000 == 999 {
                cut = keep_small(folder.path(), &file, 64 << 10, cut);
            }
        }
        if cut.is_none() {
            // A file system without holes keeps everything.
            return;
        }
        let mut text = String::new();
        Reader::open(folder.path(), 0)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert!(text.starts_with("line 0\n"));
        assert!(text.ends_with("line 49999\n"));
        assert_eq!(text.matches("bytes of output were cut").count(), 1);
        assert!(text.len() < (64 << 10) + 20_000, "{}", text.len());
        assert!(!text.contains('\0'));
    }
}
