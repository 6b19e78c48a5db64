//! Reads files that are new or may have changed, in parallel, and makes segments of them.

use super::builder::{Builder, Parsed};
use super::manifest::{Known, content_hash};
use super::segment::Segment;
use crate::code::files::{self, Role, Stamp};
use crate::code::syntax::{self, FileSyntax, Language, Limits, Wants, language};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A builder that weighs more than this becomes a segment: bounds the memory of a first index,
/// and what is lost when it is interrupted.
const FLUSH_AT: usize = 20 << 20;

/// Bytes to read for each thread.
const FOR_A_THREAD: u64 = 256 << 10;

/// A file changed less than this before it was read may be changed again without a trace: the
/// coarsest clock of a file system in use (FAT) has steps of two seconds.
const RACY: i64 = 2_000_000_000;

/// Bounds on what is read.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bounds on the parse of a file.
    pub limits: Limits,
    /// Largest file read, in bytes.
    pub max_file_bytes: u64,
}

/// A file to read, and what was known of it.
pub struct Task {
    /// What it looks like now.
    pub stamp: Stamp,
    /// What was known of it, if its content may be the same.
    pub known: Option<Known>,
}

/// What reading gave, as far as it has come.
pub trait Sink: Sync {
    /// Files whose content is known: unchanged, or without a text.
    fn keep(&self, files: Vec<Known>);
    /// A segment, with its files in the order of their rows. `is_last` when the thread that
    /// made it is done.
    fn add(&self, segment: Segment, files: Vec<Known>, is_last: bool);
    /// So many files are done.
    fn progress(&self, done: usize);
}

/// Reads all of `tasks`, which are sorted by path.
pub fn ingest(root: &Path, tasks: &[Task], bounds: Bounds, sink: &dyn Sink) {
    let next = AtomicUsize::new(0);
    // A few files are read before a second thread has started.
    let bytes: u64 = tasks.iter().map(|task| task.stamp.bytes).sum();
    let useful = usize::try_from(bytes / FOR_A_THREAD).unwrap_or(usize::MAX);
    let threads = rayon::current_num_threads().min(useful).max(1);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| Reader::new(root, bounds, sink).run(tasks, &next));
        }
        Reader::new(root, bounds, sink).run(tasks, &next);
    });
}

struct Reader<'a> {
    root: &'a Path,
    bounds: Bounds,
    sink: &'a dyn Sink,
    builder: Builder,
    files: Vec<Known>,
    kept: Vec<Known>,
}

impl<'a> Reader<'a> {
    fn new(root: &'a Path, bounds: Bounds, sink: &'a dyn Sink) -> Reader<'a> {
        Reader {
            root,
            bounds,
            sink,
            builder: Builder::default(),
            files: Vec::new(),
            kept: Vec::new(),
        }
    }

    fn run(mut self, tasks: &[Task], next: &AtomicUsize) {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { break };
            self.read(task);
            self.sink.progress(at + 1);
            if self.builder.weight() > FLUSH_AT {
                self.flush(false);
            }
        }
        self.flush(true);
    }

    fn flush(&mut self, is_last: bool) {
        self.sink.keep(std::mem::take(&mut self.kept));
        if self.files.is_empty() {
            return;
        }
        let builder = std::mem::take(&mut self.builder);
        let segment = Segment::in_memory(builder.finish())
            .expect("what was assembled in memory has a whole header");
        self.sink
            .add(segment, std::mem::take(&mut self.files), is_last);
    }

    fn read(&mut self, task: &Task) {
        let now = now();
        let bytes = read(
            &self.root.join(&task.stamp.path),
            self.bounds.max_file_bytes,
        );
        let hash = bytes.as_deref().map_or([0; 16], content_hash);
        let mut found = Known {
            is_racy: now - task.stamp.changed.max(task.stamp.modified) < RACY,
            stamp: task.stamp.clone(),
            hash,
            place: None,
            is_derived: false,
        };
        let same = task.known.as_ref().filter(|known| known.hash == hash);
        if let Some(known) = same {
            found.place = known.place;
            found.is_derived = known.is_derived;
            return self.kept.push(found);
        }
        match bytes.and_then(|bytes| Content::new(&found.stamp.path, bytes)) {
            None => self.kept.push(found),
            Some(content) => {
                let syntax = content.parse(self.bounds.limits);
                self.builder.add(&Parsed {
                    path: &found.stamp.path,
                    role: content.role,
                    language: content.language,
                    text: &content.text,
                    syntax: &syntax,
                });
                self.files.push(found);
            }
        }
    }
}

/// Nanoseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}

/// The bytes of a file; `None` if it cannot be read or is too large.
pub fn read(path: &Path, max_bytes: u64) -> Option<Vec<u8>> {
    let file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    if size > max_bytes {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(max_bytes + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= max_bytes).then_some(bytes)
}

/// The text of a file, with what its path and its beginning tell.
pub struct Content {
    /// The text.
    pub text: String,
    /// What it is for.
    pub role: Role,
    /// Its language.
    pub language: Option<&'static Language>,
}

impl Content {
    /// What the bytes of the file at `path` are; `None` if they are no text.
    pub fn new(path: &str, bytes: Vec<u8>) -> Option<Content> {
        let text = files::text_of(bytes).ok()?.content;
        let head = &text.as_bytes()[..text.len().min(8192)];
        Some(Content {
            language: language::detect(Path::new(path), head),
            role: match files::is_marked_generated(head) {
                true => Role::Generated,
                false => Role::of(path),
            },
            text,
        })
    }

    /// What it defines, uses and imports.
    pub fn parse(&self, limits: Limits) -> FileSyntax {
        let wants = Wants {
            references: true,
            limits,
        };
        // Data has no places worth a name, and parsing it costs as much as parsing code.
        match self.language {
            Some(language) if self.role != Role::Config => {
                syntax::parse(language, &self.text, wants)
            }
            _ => FileSyntax::default(),
        }
    }
}
