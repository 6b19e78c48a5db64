//! The system: what is done to files and processes that the standard library does not do whole.
//!
//! Everything here is about one thing of the operating system and knows nothing of the program
//! around it. Unsafe code lives here or nowhere.

pub mod atomic;
#[cfg(unix)]
pub mod bell;
#[cfg(unix)]
pub mod caller;
pub mod clock;
pub mod heap;
#[cfg(unix)]
pub mod hole;
#[cfg(unix)]
pub mod lock;
pub mod map;
#[cfg(unix)]
pub mod process;
#[cfg(unix)]
pub mod pty;
#[cfg(unix)]
pub mod spawn;
pub mod state;
#[cfg(unix)]
pub mod watch;
