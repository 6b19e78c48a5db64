//! What outputs have in common, one file for each family. A family looks at the lines that no
//! earlier family has claimed, reads findings out of them and claims them.

pub mod body;
pub mod diagnostic;
pub mod gotest;
pub mod listing;
pub mod test;
pub mod trace;

use super::finding::Finding;
use super::sheet::Sheet;

/// Runs all families, the most specific first.
pub fn read(sheet: &mut Sheet, skip: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !skip("gotest") {
        gotest::read(sheet, &mut findings);
    }
    if !skip("test") {
        test::read(sheet, &mut findings);
    }
    if !skip("trace") {
        trace::read(sheet, &mut findings);
    }
    if !skip("diagnostic") {
        diagnostic::read(sheet, &mut findings);
    }
    findings
}
