//! Places in source files, as tools write them: `a.rs:1:2`, `File "a.py", line 3`, `A.cs(4,5)`,
//! `A.java:[6,7]`, `on main.tf line 8`, `a.pl line 9`.

use std::ops::Range;

/// A place found in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the path.
    pub path: Range<usize>,
    /// 1-based line.
    pub line: u32,
    /// Column, where there is one.
    pub col: Option<u32>,
    /// Bytes of the whole: path, line, column.
    pub span: Range<usize>,
}

/// A place on its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// As the tool wrote it.
    pub path: String,
    /// 1-based line; 0 when only the file is known.
    pub line: u32,
    /// Column, where there is one.
    pub col: Option<u32>,
}

impl Found {
    /// The place itself.
    pub fn place(&self, text: &str) -> Place {
        Place {
            path: text[self.path.clone()].to_owned(),
            line: self.line,
            col: self.col,
        }
    }
}

/// Files known by their name alone.
const NAMES: [&str; 12] = [
    "Makefile",
    "makefile",
    "GNUmakefile",
    "Dockerfile",
    "Containerfile",
    "Rakefile",
    "Gemfile",
    "Jenkinsfile",
    "BUILD",
    "WORKSPACE",
    "justfile",
    "Vagrantfile",
];
/// Endings of host names.
const HOSTS: [&str; 6] = ["com", "org", "net", "local", "internal", "localhost"];

/// The first place in a line.
pub fn first(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let found = match bytes[at] {
            b':' => colon(text, at),
            b'(' => parenthesis(text, at),
            b' ' | b'"' | b',' => line_word(text, at),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        at += 1;
    }
    None
}

/// The last place in a line.
pub fn last(text: &str) -> Option<Found> {
    let mut found = first(text);
    while let Some(last) = &found {
        let from = last.span.end;
        match text.get(from..).and_then(first) {
            Some(next) => {
                found = Some(Found {
                    path: next.path.start + from..next.path.end + from,
                    span: next.span.start + from..next.span.end + from,
                    ..next
                })
            }
            None => break,
        }
    }
    found
}

/// `path:12`, `path:12:3`, `path:[12,3]`, `path:line 12`.
fn colon(text: &str, at: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let mut from = at + 1;
    if bytes.get(from) == Some(&b'[') {
        from += 1;
    } else if text[from..].starts_with("line ") {
        from += 5;
    }
    let (line, mut end) = number(bytes, from)?;
    let path = path_before(text, at)?;
    let mut col = None;
    if matches!(bytes.get(end), Some(b':' | b','))
        && let Some((number, after)) = number(bytes, end + 1)
        && !bytes.get(after).is_some_and(u8::is_ascii_alphabetic)
    {
        col = Some(number);
        end = after;
    }
    if bytes
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric())
        || line == 0
    {
        return None;
    }
    Some(Found {
        span: path.start..end,
        path,
        line,
        col,
    })
}

/// `path(12)`, `path(12,3)`.
fn parenthesis(text: &str, at: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let (line, mut end) = number(bytes, at + 1)?;
    let mut col = None;
    if matches!(bytes.get(end), Some(b',' | b':')) {
        let skip = 1 + usize::from(bytes.get(end + 1) == Some(&b' '));
        if let Some((number, after)) = number(bytes, end + skip) {
            col = Some(number);
            end = after;
        }
    }
    // `A.cs(1,2,1,5)` of newer compilers.
    while bytes.get(end) == Some(&b',') {
        let (_, after) = number(bytes, end + 1)?;
        end = after;
    }
    if bytes.get(end) != Some(&b')') || line == 0 {
        return None;
    }
    let path = path_before(text, at)?;
    Some(Found {
        span: path.start..end + 1,
        path,
        line,
        col,
    })
}

/// `File "a.py", line 3`, `a.pl line 9`, `in a.php on line 5`.
fn line_word(text: &str, at: usize) -> Option<Found> {
    let rest = text[at..].trim_start_matches(['"', ',', '\'']);
    let rest = rest.strip_prefix(" on").unwrap_or(rest);
    let word = rest
        .strip_prefix(" line ")
        .or_else(|| rest.strip_prefix(" Line "))?;
    let from = text.len() - word.len();
    let (line, end) = number(text.as_bytes(), from)?;
    if text[..at].ends_with('"') || text[at..].starts_with('"') {
        let close = if text[at..].starts_with('"') {
            at
        } else {
            at - 1
        };
        let open = text[..close].rfind('"')? + 1;
        (open < close && line > 0).then_some(())?;
        return Some(Found {
            path: open..close,
            line,
            col: None,
            span: open..end,
        });
    }
    // `in 'a.yml': line 4`, `in test file a.bats, line 6`.
    let before = text[..at].trim_end_matches([':', ',']).len();
    let path = path_before(text, before).or_else(|| {
        // `In bash_completion line 31:` needs no ending.
        let start = text[..at].rfind(' ')? + 1;
        (text[..start].trim() == "In").then_some(start..at)
    })?;
    (line > 0).then_some(Found {
        span: path.start..end,
        path,
        line,
        col: None,
    })
}

fn number(bytes: &[u8], from: usize) -> Option<(u32, usize)> {
    let mut end = from;
    let mut value: u32 = 0;
    while let Some(digit) = bytes.get(end).filter(|byte| byte.is_ascii_digit()) {
        value = value
            .checked_mul(10)?
            .checked_add(u32::from(digit - b'0'))?;
        end += 1;
    }
    (end > from && end - from < 8).then_some((value, end))
}

/// The path that ends at `end`, if what stands there looks like one.
fn path_before(text: &str, end: usize) -> Option<Range<usize>> {
    let head = &text[..end];
    let head = head.trim_end_matches(['"', '\'', '’']);
    let end = head.len();
    let is_outside = |c: char| c.is_whitespace() || "\"'`<>(){}[],;|=:│".contains(c);
    let mut start = head.rfind(is_outside).map_or(0, |at| {
        at + head[at..].chars().next().map_or(1, char::len_utf8)
    });
    // A Windows drive.
    if start >= 2
        && head[..start].ends_with(':')
        && head[..start - 1].ends_with(|c: char| c.is_ascii_alphabetic())
        && head[start..].starts_with(['\\', '/'])
        && !head[start..].starts_with("//")
        && head[..start - 2]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric())
    {
        start -= 2;
    }
    if head[start..].starts_with("///") && head[..start].ends_with("file:") {
        start += 2;
    }
    let path = &head[start..end];
    looks_like_path(path).then_some(start..end)
}

/// Whether a word looks like the path of a file.
pub fn looks_like_path(path: &str) -> bool {
    if path.is_empty() || path.len() > 400 || path.starts_with("//") {
        return false;
    }
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if NAMES.contains(&name) {
        return true;
    }
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    let is_extension = (1..=12).contains(&extension.len())
        && extension.starts_with(|c: char| c.is_ascii_alphabetic())
        && extension
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_host = !path.contains('/') && HOSTS.contains(&extension);
    is_extension
        && !is_host
        && (!stem.is_empty() || path.contains('/'))
        && path.chars().any(|c| c.is_alphabetic())
}

/// Directories of code that is not the project's own, as parts of a path or frame.
const LIBRARIES: [&str; 64] = [
    "node_modules",
    "site-packages",
    "dist-packages",
    "/rustc/",
    "node:",
    "<frozen",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/include",
    "lib/python",
    "/vendor/",
    "node_internals",
    "(internal/",
    ".cargo/registry",
    "java.base/",
    "jdk.internal",
    "org.junit",
    "sun.reflect",
    "/gems/",
    "sysdeps/",
    "libsanitizer",
    "/src/runtime/",
    "testing/testing.go",
    "vg_replace",
    "dart:",
    "package:test",
    " deps/",
    "(ex_unit",
    "(elixir",
    "(stdlib",
    "org.gradle",
    "core::",
    "std::panic",
    "java.util.",
    "java.lang.",
    "/csu/",
    "[native code]",
    "(<anonymous>)",
    "<internal:",
    "org.opentest4j",
    "/opt/",
    "vendor/bundle",
    "internal.js",
    "<__",
    "std::rt",
    "/lib/rustlib/",
    "vendor/phpunit",
    "process.processTicks",
    "(native)",
    "/.venv/",
    "org.springframework",
    "org.hibernate",
    "io.netty",
    "com.fasterxml",
    "javax.",
    "jakarta.",
    "kotlin.",
    "scala.",
    "reactor.",
    "org.apache.maven",
    "org.apache.catalina",
    "org.apache.tomcat",
    "groovy.",
    "System.",
];

/// Whether a frame or path belongs to a library rather than to the project.
pub fn is_library(text: &str) -> bool {
    LIBRARIES.iter().any(|part| text.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{first, last};

    fn place(text: &str) -> Option<(String, u32, Option<u32>)> {
        first(text).map(|found| (text[found.path.clone()].to_owned(), found.line, found.col))
    }

    #[test]
    fn the_ways_tools_write_places() {
        let cases = [
            ("src/a.rs:12:3: error", "src/a.rs", 12, Some(3)),
            ("  --> src/a.rs:12:3", "src/a.rs", 12, Some(3)),
            ("  File \"/x/a b.py\", line 7, in f", "/x/a b.py", 7, None),
            ("Prog.cs(5,17): error CS0103: x", "Prog.cs", 5, Some(17)),
            ("[ERROR] /p/A.java:[12,3] cannot", "/p/A.java", 12, Some(3)),
            ("\tat a.b.C.d(C.java:41)", "C.java", 41, None),
            ("  on main.tf line 8, in resource", "main.tf", 8, None),
            ("oops at t/x.t line 9.", "t/x.t", 9, None),
            ("In bash_completion line 31:", "bash_completion", 31, None),
            (
                "PHP Fatal error:  x in /a/b.php on line 5",
                "/a/b.php",
                5,
                None,
            ),
            ("make: *** [Makefile:83: x.o] Error 1", "Makefile", 83, None),
            (
                "appears to be in '/p/a.yml': line 4, column 4",
                "/p/a.yml",
                4,
                None,
            ),
            ("# (in test file t/a.bats, line 6)", "t/a.bats", 6, None),
            ("C:\\src\\a.cs(3): x", "C:\\src\\a.cs", 3, None),
            ("   at N.C() in /s/C.cs:line 12", "/s/C.cs", 12, None),
            ("e: file:///p/A.kt:3:5 Unresolved", "/p/A.kt", 3, Some(5)),
        ];
        for (text, path, line, col) in cases {
            assert_eq!(place(text), Some((path.to_owned(), line, col)), "{text}");
        }
        for text in [
            "12:34:56 x",
            "http://localhost:8080/",
            "127.0.0.1:80",
            "v1.2.3:4",
            "a: 3",
            "registry.npmjs.org:443",
        ] {
            assert_eq!(place(text), None, "{text}");
        }
        assert_eq!(last("a.rs:1 then b.rs:2").map(|found| found.line), Some(2));
    }
}
