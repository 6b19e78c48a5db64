//! The system: what is done to files and processes that the standard library does not do whole.
//!
//! Everything here is about one thing of the operating system and knows nothing of the program
//! around it. Unsafe code lives here or nowhere.

pub mod atomic;
pub mod heap;
pub mod map;
pub mod state;
