//! Which files there are, what they are, and their text.
//!
//! Walking follows git's ignore rules and `.ctxignore`, leaves hidden files out and never
//! follows a link into a loop. Nothing here parses or counts; a file that cannot be read is a
//! note, never the end of the answer.

mod role;
mod stamp;
mod text;
mod walk;

pub use role::Role;
pub use stamp::{Stamp, Stamps, stamps};
pub(crate) use text::io_words;
pub use text::{Problem, Text, decode, head, is_marked_generated, read, text_of};
pub(crate) use walk::shown;
pub use walk::{Found, SourceFile, WalkOptions, find, locate};
