//! Counts tokens, the unit of every budget: exactly for the public encodings, by a stated band over one
//! of them for models whose tokenizer is not public.
//!
//! The story of a count: [`Encoding`] splits the text into pieces (`split`, which reads character classes
//! through `class`), looks each piece up as a whole (`memo`, `vocabulary`), and merges the few that are no token
//! (`merge`). The tables lie in the binary as the build prepared them (`layout` is what both agree on), so
//! the first count of a process costs no more than the memory pages it touches. A [`Counter`] adds the
//! factor of a [`ModelFamily`].
//!
//! Promises: counts equal those of OpenAI's `tiktoken` for every text; time is linear in the text and
//! memory is small, whatever the text; nothing panics; the same text gives the same count on every
//! platform. [`adds_up`] says when counts of parts may be added.
//!
//! This module does not know files, budgets of sessions, or any other module of the program but the
//! finder of mistyped names.

mod additive;
mod class;
mod count;
mod counter;
mod encoding;
mod family;
mod layout;
mod memo;
mod merge;
mod split;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use additive::adds_up;
pub use count::Tokens;
pub use counter::{Counter, UnknownModel};
pub use encoding::{Encoding, UnknownEncoding};
pub use family::{Band, FAMILIES, ModelFamily};
