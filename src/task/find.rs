//! Tasks by what was typed: an id, the beginning of one, or a name.

use super::store::{Store, Task};
use crate::error::Error;
use crate::nearest::all_near;

/// The task that `typed` names: by its id, by its name (the latest of that name), or by the
/// beginning of its id if that is enough.
///
/// # Errors
/// There is none, or several; the error names the nearest.
pub fn task(store: &Store, typed: &str) -> Result<Task, Error> {
    let mut found = store.matching(typed)?;
    if let Some(at) = found.iter().position(|task| task.id == typed) {
        return Ok(found.swap_remove(at));
    }
    if let Some(at) = found
        .iter()
        .position(|task| task.name.as_deref() == Some(typed))
    {
        return Ok(found.swap_remove(at));
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(unknown(store, typed)),
        _ => {
            let ids: Vec<&str> = found.iter().take(5).map(|task| task.id.as_str()).collect();
            Err(Error::bad_request(format!(
                "`{typed}` begins the ids of {} tasks: {}",
                found.len(),
                ids.join(", ")
            ))
            .hint("type one more letter"))
        }
    }
}

fn unknown(store: &Store, typed: &str) -> Error {
    let error = Error::nothing_found(format!("there is no task `{typed}`"));
    let Ok(names) = store.names(2000) else {
        return error;
    };
    if names.is_empty() {
        return error.hint("no task was started here yet: `ctx run -- COMMAND`");
    }
    let near = all_near(typed, names.iter().map(String::as_str), 3);
    match near.as_slice() {
        [] => error.hint("`ctx tasks` lists them"),
        near => error.hint(format!(
            "did you mean {}? `ctx tasks` lists them all",
            near.join(", ")
        )),
    }
}
