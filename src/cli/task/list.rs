//! Lists within a budget: rows in their order, as many as fit, and a last line that counts those
//! that do not and says how to see them.

use super::report::Reporter;
use crate::error::Error;
use crate::tokens::Tokens;
use crate::view::{grouped, json_string};

/// A list to be shown.
pub struct List {
    /// What JSON names it.
    pub name: &'static str,
    /// Rows, the most important first: lines of text, or JSON objects.
    pub rows: Vec<String>,
    /// Rows that exist beside them.
    pub unread: usize,
    /// What one row is, and several.
    pub noun: (&'static str, &'static str),
    /// The command that shows it, without its budget.
    pub command: String,
}

/// Writes as many rows as the budget holds.
pub fn show(reporter: &Reporter, list: &List) -> Result<String, Error> {
    if list.rows.is_empty() && !reporter.is_json() {
        return Ok(format!("no {}\n", list.noun.1));
    }
    let mut n_shown = 0;
    let mut used = Tokens(0);
    let base = |text: &str| reporter.counter.encoding().count(text);
    let room = reporter.counter.base_budget(reporter.budget);
    let reserve = base(&around(reporter, list, 0)) + Tokens(8);
    for row in &list.rows {
        let cost = base(&written(reporter, row)) + Tokens(1);
        if used + cost + reserve > room {
            break;
        }
        used += cost;
        n_shown += 1;
    }
    loop {
        let text = write(reporter, list, n_shown);
        if reporter.counter.count(&text) <= reporter.budget {
            return Ok(text);
        }
        if n_shown == 0 {
            let minimum = reporter.counter.count(&text);
            let message = format!(
                "budget of {} tokens is too small: the list needs {minimum}",
                reporter.budget
            );
            return Err(
                Error::bad_request(message).hint(format!("`{} --budget {minimum}`", list.command))
            );
        }
        n_shown -= 1;
    }
}

fn written(reporter: &Reporter, row: &str) -> String {
    if reporter.is_json() {
        format!("{row},\n")
    } else {
        format!("{row}\n")
    }
}

fn write(reporter: &Reporter, list: &List, n_shown: usize) -> String {
    let rows = &list.rows[..n_shown];
    if reporter.is_json() {
        let (head, foot) = frame(list, n_shown);
        return format!("{head}{}{foot}", rows.join(",\n"));
    }
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    rows + &footer(list, n_shown)
}

/// What stands around the rows when `n_shown` of them are shown.
fn around(reporter: &Reporter, list: &List, n_shown: usize) -> String {
    if reporter.is_json() {
        let (head, foot) = frame(list, n_shown);
        return head + &foot;
    }
    footer(list, n_shown)
}

fn frame(list: &List, n_shown: usize) -> (String, String) {
    let omitted = list.rows.len() + list.unread - n_shown;
    let more = if omitted == 0 {
        String::new()
    } else {
        let mut more = String::from(",\"more\":");
        json_string(&format!("{} --budget N", list.command), &mut more);
        more
    };
    (
        format!("{{\"view\":\"{}\",\"rows\":[\n", list.name),
        format!("\n],\"omitted\":{omitted}{more}}}\n"),
    )
}

fn footer(list: &List, n_shown: usize) -> String {
    let omitted = list.rows.len() + list.unread - n_shown;
    if omitted == 0 {
        return String::new();
    }
    let (one, many) = list.noun;
    let noun = if omitted == 1 { one } else { many };
    format!(
        "left out: {} {noun}; more with `{} --budget N`\n",
        grouped(omitted as u64),
        list.command
    )
}
