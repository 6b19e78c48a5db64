//! `ctx`: a context-budget manager and summarizer for AI sessions.
//!
//! A finite context window should be spent on what matters. `ctx` stands between an agent (or
//! a person) and a codebase, and answers every question about it within a budget of tokens.
//!
//! # The path of a command
//! Arguments become a request (`cli`), the request becomes a [`view::View`] of everything that
//! could be shown (`code`), [`view::pack`] chooses what is shown within the budget, and
//! [`view::render`] writes it as text or JSON. Core functions take and return plain structs;
//! only `cli::output` writes.
//!
//! # The house
//! | module | owns | never imports |
//! | --- | --- | --- |
//! | [`tokens`] | counters, model families | everything else |
//! | [`view`] | the kernel: items, levels, packing, rendering; pure | everything but `tokens` |
//! | [`code`] | files, syntax, the index, and one file for each view | doors, configuration |
//! | [`digest`] | bytes of output to findings to text, within a budget; pure, streaming | doors, `code`, files, clocks |
//! | [`secrets`] | finds and redacts keys, tokens and passwords in text; pure | everything else |
//! | [`summarizer`] | a model that is asked for a summary, when one is asked for | everything but `secrets` |
//! | [`task`] | commands that run on their own, from spec to end state | doors, `code`, `view` |
//! | [`config`] | layered settings, each with its origin | doors, `code`, `view` |
//! | [`workspace`] | root, base folder, settings | doors |
//! | [`session`] | transcripts of agents to facts, summaries, spending; state that survives | doors, `code`, settings |
//! | [`sys`] | files, processes, locks: what the system does | everything else |
//! | [`cli`] | the door: arguments to requests, results to text | - |
//! | [`error`] | what a user sees when something is wrong | everything |
//!
//! A test reads the imports and holds the third column.
//!
//! # Invariants
//! - An answer never costs more than its budget, counted by the counter it names.
//! - What was left out is counted, priced and named with the command that shows it.
//! - A larger budget never hides what a smaller one showed.
//! - The same input gives the same bytes: no clock, no hash order, no machine names.
//! - Nothing here panics on input. No network and no model call unless asked for
//!   (`--model-summary`); no process but `git` and what was asked to run.
//! - A task ends in a state that is known, and no process of it is left.

pub mod cli;
pub mod code;
pub mod config;
pub mod digest;
pub mod error;
mod nearest;
pub mod secrets;
pub mod session;
mod shell;
pub mod summarizer;
pub mod sys;
#[cfg(unix)]
pub mod task;
pub mod tokens;
pub mod view;
pub mod workspace;
