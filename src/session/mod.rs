//! Sessions: what an agent did and what it cost, read from its transcript, and what must
//! survive it. Knows no doors and no code index; transcripts are only read.

pub mod facts;
mod lines;
mod secrets;
pub mod summary;
pub mod transcript;
