//! Who uses what: definitions of a workspace, uses of their names, and which belong together.
//!
//! [`Graph::new`] takes parsed files ([`Source`]) and joins them in time linear in their size.
//! A use is resolved only when it is asked for, by scope, by import and by name; each answer
//! says how sure it is ([`Confidence`]). Nothing here opens a file, infers a type or knows a
//! project: an import is matched with the paths of files, whatever the language.
//!
//! ```no_run
//! # let sources = Vec::new();
//! let graph = ctx::code::graph::Graph::new(sources);
//! for call in graph.callers_of_name("Packer.fill") {
//!     println!("{}:{} {}", graph.sources()[call.file].path, call.line, call.confidence.words());
//! }
//! ```

mod beside;
mod build;
mod habits;
mod imports;
mod modules;
mod names;
mod packages;
mod read;
mod receiver;
mod relations;
mod resolve;
mod scopes;
mod source;
mod types;

pub use build::{Graph, SymbolId};
pub use habits::{Habits, habits};
pub use read::{Tree, TreeOptions, read_tree};
pub use relations::{Callee, Cover, Resolved, TestOf, Usage};
pub(crate) use relations::{parts, words};
pub use resolve::Confidence;
pub use source::Source;
