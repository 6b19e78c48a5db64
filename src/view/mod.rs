//! The kernel: what could be shown ([`View`]), what is shown under a budget ([`pack()`]), and
//! how it is written ([`render()`]). Pure: it knows no files, no commands, no processes, and
//! nothing of other modules but [`crate::tokens`].
//!
//! A view is a list of items in preorder. Each item can be shown at several levels, each
//! replacing the one before it: its name, its signature, its documentation, its body.

mod farthest;
mod footer;
mod item;
mod pack;
mod piece;
mod render;

pub(crate) use farthest::farthest;
pub use item::{Item, ItemBuilder, Level, Noun, Place, View, grouped};
pub use pack::{Choice, Packing, TooSmall, pack};
pub(crate) use piece::one_line;
pub use piece::{Format, string as json_string};
pub use render::render;
