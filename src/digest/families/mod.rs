//! What outputs have in common, one file for each family. A family looks at the lines that no
//! earlier family has claimed, reads findings out of them and claims them.

pub mod body;
pub mod diagnostic;
pub mod git;
pub mod gotest;
pub mod http;
pub mod listing;
pub mod names;
pub mod tap;
pub mod test;
pub mod trace;

use super::finding::{Extract, Finding};
use super::sheet::Sheet;

/// Runs all families, the most specific first.
pub fn read(sheet: &mut Sheet, findings: &mut Vec<Finding>, skip: &dyn Fn(&str) -> bool) {
    if !skip("gotest") {
        gotest::read(sheet, findings);
    }
    if !skip("test") {
        test::read(sheet, findings);
    }
    if !skip("trace") {
        trace::read(sheet, findings);
    }
    if !skip("diagnostic") {
        diagnostic::read(sheet, findings);
    }
}

/// Outputs that are no report of anything: every line of them may be worth showing.
pub fn extracts(sheet: &mut Sheet, skip: &dyn Fn(&str) -> bool) -> Vec<Extract> {
    let mut found = Vec::new();
    if !skip("git") {
        found.extend(git::read(sheet));
    }
    if !skip("http") {
        found.extend(http::read(sheet));
    }
    if !skip("listing") {
        found.extend(listing::read(sheet));
    }
    found
}
