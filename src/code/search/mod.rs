//! `ctx search`: ranked places for an issue's text, an error, some words or an identifier.
//!
//! The story: [`Query`] reads the raw text; a [`Store`] answers which units hold which terms;
//! [`rank()`] scores units and files by BM25F over fields, by what the query names and by one hop
//! over references; [`plan()`] turns the ranking into steps, each worth something for some
//! tokens; [`pack()`] takes the steps that fit. All of it is pure but [`read`], which opens the
//! index (`code/index`) that stands behind [`Store`].

mod answer;
pub(crate) mod copies;
mod memory;
mod plan;
mod query;
mod rank;
mod read;
mod store;
pub(crate) mod terms;
pub(crate) mod units;
mod weights;
mod words;

pub use answer::{Answer, pack};
pub use memory::{Document, Memory};
pub use plan::{Plan, plan};
pub use query::Query;
pub use rank::{Ranking, rank};
pub use read::{SearchRequest, answer, documents, memory, partners, search};
pub use store::{FIELDS, Field, FileEntry, Posting, Store, Totals, Unit};
pub use weights::Weights;
