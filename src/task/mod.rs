//! Tasks: commands that run on their own, end in a state that is known, and leave nothing behind.
//!
//! The story: `start` makes a folder, a row and a supervisor from a [`spec::Spec`];
//! `supervise` runs the command and sees its end; `finish` leaves the record; `queue` gives turns;
//! `recover` repairs what a killed process left, in whichever call comes next; `wait` blocks on
//! locks. `store` holds the rows, `log` reads output, `estimate` learns how long things take,
//! `digest` tells how they ended. `host` is where other machines would come in.
//!
//! There is no daemon. A task that is not over has one process, its supervisor; between tasks,
//! nothing runs. This module knows no doors, no code and no sessions.
//!
//! # On disk, in the state folder
//! | file | what it is |
//! | --- | --- |
//! | `ctx.db` | one row a task (SQLite, WAL) |
//! | `tasks/<id>/spec.json` | what to do, without values of variables |
//! | `tasks/<id>/lock` | held by the supervisor from before the row is there until the end |
//! | `tasks/<id>/bell` | rung to wake the supervisor |
//! | `tasks/<id>/alive-<n>` | made before attempt n begins, its lock held by the command's processes |
//! | `tasks/<id>/log` | the output, both streams, byte for byte |
//! | `tasks/<id>/cut` | which bytes of the log were given back to the disk, if any |
//! | `tasks/<id>/exit.json` | how it ended |

pub mod cancel;
pub mod clean;
pub mod doctor;
pub mod estimate;
pub mod find;
pub mod finish;
pub mod host;
pub mod id;
pub mod log;
pub mod notify;
pub mod output;
pub mod progress;
pub mod queue;
pub mod record;
pub mod recover;
pub mod spec;
pub mod speculate;
pub mod start;
pub mod state;
pub mod store;
pub mod supervise;
pub mod tree;
pub mod wait;

use crate::error::Error;

/// The first argument of a supervisor. Not for people.
pub const HIDDEN: &str = "__supervise";
/// The first argument of the process that runs `--notify`. Not for people.
pub const NOTIFY: &str = "__notify";
/// The variable that marks the processes of a task with its folder.
pub const MARK: &str = "CTX_TASK";

impl From<store::StoreError> for Error {
    fn from(error: store::StoreError) -> Error {
        let hint = match &error {
            store::StoreError::Newer { .. } => {
                "use the newer `ctx`, or delete the file to forget all tasks"
            }
            error if store::Store::is_damaged(error) => {
                "`ctx doctor` makes it anew from the folders of the tasks"
            }
            store::StoreError::Database { .. } => {
                "is the disk full? `df -h` tells, `ctx clean` frees space"
            }
        };
        Error::failed("the database of tasks cannot be used")
            .because(error)
            .hint(hint)
    }
}
