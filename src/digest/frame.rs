//! Lines of stack traces.

use super::place::{self, Place};

/// One frame of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Where it is, if told.
    pub place: Option<Place>,
    /// Whether it belongs to a library or runtime.
    pub is_library: bool,
    /// Whether the outermost frame of its stack is printed first.
    pub innermost_last: bool,
}

/// The frame that a line is.
pub fn frame(text: &str) -> Option<Frame> {
    let line = text.trim_start();
    let indented = line.len() < text.len();
    let line = strip_valgrind(line);
    let is_frame = python(line)
        || javascript(line)
        || java(line, indented)
        || numbered(line)
        || ruby(line, indented)
        || other(line, indented);
    is_frame.then(|| {
        let place = if python(line) && !pytest(line) {
            place::first(line)
        } else {
            place::last(line)
        };
        Frame {
            place: place.map(|found| found.place(line)),
            is_library: place::is_library(line),
            innermost_last: python(line),
        }
    })
}

/// Drops `==1234== ` and `#   ` in front.
fn strip_valgrind(line: &str) -> &str {
    if let Some(rest) = line.strip_prefix("==")
        && let Some((pid, rest)) = rest.split_once("==")
        && pid.bytes().all(|byte| byte.is_ascii_digit())
    {
        return rest.trim_start();
    }
    line
}

fn python(line: &str) -> bool {
    line.starts_with("File \"") && line.contains("\", line ") || pytest(line)
}

/// `tests/conftest.py:3: in <module>`
fn pytest(line: &str) -> bool {
    line.contains(".py:")
        && line
            .rsplit_once(": in ")
            .is_some_and(|(place, name)| !name.contains(' ') && !place.contains(' '))
}

fn javascript(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("at ") else {
        return line.starts_with("❯ ") && place::first(line).is_some() && !line.contains("test");
    };
    rest.ends_with(')')
        || rest.contains(" in ")
        || rest.contains("(")
        || place::first(rest).is_some()
        || rest.starts_with("async ")
        || rest.starts_with("node:")
        || rest.starts_with("0x")
}

fn java(line: &str, indented: bool) -> bool {
    if line.starts_with("... ") && line.ends_with("more") || line == "[...]" {
        return true;
    }
    let Some(open) = line.find('(') else {
        return false;
    };
    let inside = &line[open + 1..];
    indented
        && inside.ends_with(')')
        && !line[..open].contains(' ')
        && line[..open].contains('.')
        && (inside == "Native Method)"
            || inside == "Unknown Source)"
            || place::first(inside).is_some())
}

/// `#0 0x5 in f x.c:1`, `#1  0x5 in f (a=1) at x.c:1`, `#0 /a.php(3): f()`, `0: core::panic`, `at 0x48: f (x.c:1)`.
fn numbered(line: &str) -> bool {
    if let Some(rest) = line.strip_prefix('#') {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let rest = &rest[digits..];
        return digits > 0
            && rest.starts_with(' ')
            && (rest.trim_start().starts_with("0x")
                || rest.contains('(')
                || place::first(rest).is_some());
    }
    if line.starts_with("by 0x") || line.starts_with("at 0x") {
        return true;
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    (1..=3).contains(&digits)
        && rest.starts_with(": ")
        && (rest.contains("::")
            || rest.trim_start_matches(": ").starts_with("0x")
            || rest.contains("<unknown>")
            || !rest[2..].contains(' ') && rest.len() > 2 && rest.contains('_'))
}

/// `from a.rb:1:in 'x'`, `a.rb:1:in 'x'` when indented, `# ./spec/a.rb:1:in ...`.
fn ruby(line: &str, indented: bool) -> bool {
    let line = line.strip_prefix("# ").unwrap_or(line);
    let is_from = line.starts_with("from ");
    let line = line.strip_prefix("from ").unwrap_or(line);
    let Some(found) = place::first(line) else {
        return false;
    };
    let starts = found.span.start == 0;
    let rest = &line[found.span.end..];
    starts && (indented || is_from) && (rest.starts_with(":in ") || rest.starts_with(": in "))
}

/// Go's `\t/a/b.go:12 +0x1d`, Elixir's `(app 1.0) lib/a.ex:1: M.f/1`, Lua's `a.lua:1: in function`.
fn other(line: &str, indented: bool) -> bool {
    if !indented {
        return line.starts_with("goroutine ") && line.ends_with(':');
    }
    if let Some(at) = line.find(" +0x")
        && place::first(&line[..at]).is_some()
    {
        return true;
    }
    let in_elixir = line.starts_with('(')
        && line.contains(") ")
        && (line.contains(".ex:") || line.contains(".exs:") || line.contains(".erl:"));
    in_elixir
        || line.ends_with(": (test)")
        || line.contains(": in function")
        || line.starts_with("[C]: in ")
}

#[cfg(test)]
mod tests {
    use super::frame;

    #[test]
    fn frames_of_many_languages() {
        let frames = [
            "  File \"/a/b.py\", line 3, in f",
            "    at Object.toBe (test/a.test.js:6:1)",
            "      at /home/x/a.js:3:4",
            "\tat org.a.B.c(B.java:12)",
            "       org.a.B.c(B.java:12)",
            "    #0 0x55d512a192fd in parse_string /home/dev/cJSON/cJSON.c:923",
            "#1  0x0000 in main () at crash.c:5",
            "==12==    by 0x4005: main (a.c:3)",
            "\tfrom a.rb:3:in `x'",
            "     # ./spec/a_spec.rb:5:in `block'",
            "\t/go/a.go:12 +0x1d",
            "   1: core::panicking::panic_fmt",
            "   at N.C.M(Int32 a) in /s/C.cs:line 12",
            "#0 /app/a.php(12): f()",
            "    (app 0.1.0) lib/a.ex:4: A.b/1",
        ];
        for text in frames {
            assert!(frame(text).is_some(), "{text}");
        }
        for text in [
            "error: at a.c:3",
            "1 | let x = 3;",
            "at least one",
            "  1) a failure",
            "    #include <a>",
        ] {
            assert!(frame(text).is_none(), "{text}");
        }
    }
}
