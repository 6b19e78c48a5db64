//! What a reader types to name a place: `PATH`, `PATH:A-B`, `PATH#SYMBOL`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A file, with a range of lines or a symbol in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub path: PathBuf,
    /// First and last line, 1-based, both included.
    pub lines: Option<(u32, u32)>,
    /// A symbol, by name or the end of its qualified name.
    pub symbol: Option<String>,
}

impl Target {
    /// Reads a target. A file whose name holds `:` or `#` is that file, if `exists` says so.
    ///
    /// # Errors
    /// A range that ends before it starts, or line 0.
    pub fn parse(typed: &OsStr, exists: impl Fn(&Path) -> bool) -> Result<Target, String> {
        let whole = Target {
            path: PathBuf::from(typed),
            lines: None,
            symbol: None,
        };
        let Some(typed) = typed.to_str().filter(|_| !exists(&whole.path)) else {
            return Ok(whole);
        };
        if let Some((path, range)) = typed.rsplit_once(':')
            && !path.is_empty()
            && let Some((start, end)) = range_of(range)
        {
            if start == 0 || end < start {
                return Err(format!(
                    "`{typed}`: lines start at 1 and a range ends where it starts or later"
                ));
            }
            return Ok(Target {
                path: PathBuf::from(path),
                lines: Some((start, end)),
                symbol: None,
            });
        }
        if let Some((path, symbol)) = typed.split_once('#')
            && !path.is_empty()
            && !symbol.is_empty()
        {
            return Ok(Target {
                path: PathBuf::from(path),
                lines: None,
                symbol: Some(symbol.to_owned()),
            });
        }
        Ok(whole)
    }
}

/// `12`, `12-40`, `12-` (to the end).
fn range_of(text: &str) -> Option<(u32, u32)> {
    let (start, end) = match text.split_once('-') {
        Some((start, "")) => (start, u32::MAX),
        Some((start, end)) => (start, end.trim_start_matches('L').parse().ok()?),
        None => (text, text.trim_start_matches('L').parse().ok()?),
    };
    Some((start.trim_start_matches('L').parse().ok()?, end))
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn targets_are_read_as_they_are_typed() {
        let parse = |typed: &str| {
            Target::parse(typed.as_ref(), |path| path.as_os_str() == "odd:1").unwrap()
        };
        assert_eq!(parse("a.rs:3-9").lines, Some((3, 9)));
        assert_eq!(parse("a.rs:L3-L9").lines, Some((3, 9)));
        assert_eq!(parse("a.rs:3").lines, Some((3, 3)));
        assert_eq!(parse("a.rs:3-").lines, Some((3, u32::MAX)));
        assert_eq!(parse("odd:1").lines, None);
        assert_eq!(parse("a.rs#Foo::new").symbol.as_deref(), Some("Foo::new"));
        assert_eq!(parse("#odd").symbol, None);
        assert!(Target::parse("a.rs:9-3".as_ref(), |_| false).is_err());
        assert!(Target::parse("a.rs:0".as_ref(), |_| false).is_err());
    }
}
