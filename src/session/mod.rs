//! Sessions: what an agent did and what it cost, read from its transcript, and what must
//! survive it. Knows no doors and no code index; transcripts are only read.

pub mod facts;
pub mod ledger;
mod lines;
pub mod lost;
pub mod page;
mod redact;
pub mod spend;
pub mod spend_view;
pub mod state;
pub mod summary;
pub mod transcript;
