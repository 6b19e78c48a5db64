//! A command line taken apart: which programs it runs, what goes into which file. Quotes,
//! here-documents and comments are honored, so that what is only quoted is not taken for run.

/// One program with its words, as a shell would start it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// The words, without quotes. Substitutions stay as they are written.
    pub words: Vec<String>,
    /// Files that output goes to.
    pub outputs: Vec<String>,
    /// Bodies of here-documents.
    pub bodies: Vec<String>,
    /// Whether it reads what the one before it prints.
    pub is_piped: bool,
    /// What stands after it.
    pub after: After,
}

/// What stands between a program and the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// `;`, a newline, the end.
    #[default]
    End,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
    /// `&`
    Background,
}

/// Programs that run the rest of their words.
const WRAPPERS: &[&str] = &[
    "sudo", "env", "time", "nohup", "nice", "command", "exec", "stdbuf", "setsid", "ionice",
    "timeout", "then", "do", "else", "if", "while", "until", "!", "builtin",
];

impl Simple {
    /// The words from the program on: without variables set for it and programs that only run it.
    pub fn run(&self) -> &[String] {
        let mut words = self.words.as_slice();
        while let Some((first, rest)) = words.split_first() {
            let is_assignment = first.split_once('=').is_some_and(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            });
            if is_assignment {
                words = rest;
            } else if WRAPPERS.contains(&first.as_str()) {
                words = rest;
                while let Some((option, rest)) = words.split_first()
                    && (option.starts_with('-') || option.starts_with(|c: char| c.is_ascii_digit()))
                {
                    words = rest;
                }
            } else {
                break;
            }
        }
        words
    }

    /// The name of the program, without its folder.
    pub fn program(&self) -> &str {
        let word = self.run().first().map_or("", String::as_str);
        word.rsplit('/').next().unwrap_or(word)
    }

    /// The words after the program that are no options.
    pub fn operands(&self) -> impl Iterator<Item = &str> {
        let words = self.run().iter().skip(1).map(String::as_str);
        words.filter(|word| !word.starts_with('-'))
    }
}

/// Takes `line` apart. The command of `bash -c` is taken apart in its place.
pub fn parse(line: &str) -> Vec<Simple> {
    parse_deep(line, 0)
}

fn parse_deep(line: &str, depth: usize) -> Vec<Simple> {
    let mut parser = Parser {
        rest: line,
        ..Parser::default()
    };
    parser.run();
    let mut found = Vec::new();
    for simple in parser.found {
        let inner = inner_line(&simple).filter(|_| depth < 3).map(str::to_owned);
        match inner {
            Some(inner) => {
                let mut inner = parse_deep(&inner, depth + 1);
                if let Some(last) = inner.last_mut() {
                    last.after = simple.after;
                    last.outputs.extend(simple.outputs);
                }
                found.extend(inner);
            }
            None => found.push(simple),
        }
    }
    found
}

/// X of `bash -c X`.
fn inner_line(simple: &Simple) -> Option<&str> {
    if !matches!(simple.program(), "bash" | "sh" | "zsh" | "dash") {
        return None;
    }
    let words = simple.run();
    let flag = words
        .iter()
        .position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'))?;
    words.get(flag + 1).map(String::as_str)
}

#[derive(Default)]
struct Parser<'a> {
    rest: &'a str,
    found: Vec<Simple>,
    current: Simple,
    word: Option<String>,
    /// What the next word is.
    next: Next,
    /// Ends of here-documents whose bodies follow this line.
    waiting: Vec<(String, bool)>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Word,
    Output,
    Input,
    Here {
        strips_tabs: bool,
    },
}

impl Parser<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            self.take(c);
        }
        self.end_word();
        self.end(After::End);
    }

    fn take(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\r' => self.end_word(),
            '\n' => {
                self.end_word();
                self.bodies();
                self.end(After::End);
            }
            '\'' => self.quoted('\''),
            '"' => self.quoted('"'),
            '`' => self.raw_until('`'),
            '\\' => {
                let next = self.rest.chars().next();
                if let Some(next) = next {
                    self.rest = &self.rest[next.len_utf8()..];
                    if next != '\n' {
                        self.push(next);
                    }
                }
            }
            '$' if self.rest.starts_with('(') => self.substitution(),
            '#' if self.word.is_none() => {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            }
            ';' => self.operator(After::End),
            '(' | ')' => self.operator(After::End),
            '{' | '}'
                if self.word.is_none() && !self.rest.starts_with(|c: char| !c.is_whitespace()) =>
            {
                self.operator(After::End);
            }
            '|' if self.skip('|') => self.operator(After::Or),
            '|' => {
                self.skip('&');
                self.operator(After::Pipe);
            }
            '&' if self.skip('&') => self.operator(After::And),
            '&' if self.rest.starts_with('>') => self.end_word(),
            '&' => self.operator(After::Background),
            '>' => self.output(),
            '<' => self.input(),
            other => self.push(other),
        }
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn skip(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn operator(&mut self, after: After) {
        self.end_word();
        self.end(after);
    }

    fn end(&mut self, after: After) {
        self.next = Next::Word;
        let is_piped = after == After::Pipe;
        if self.current.words.is_empty() && self.current.outputs.is_empty() {
            self.current.bodies.clear();
            return;
        }
        self.current.after = after;
        self.found.push(std::mem::take(&mut self.current));
        self.current.is_piped = is_piped;
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        match std::mem::take(&mut self.next) {
            Next::Word => self.current.words.push(word),
            Next::Output => self.current.outputs.push(word),
            Next::Input => {}
            Next::Here { strips_tabs } => self.waiting.push((word, strips_tabs)),
        }
    }

    fn quoted(&mut self, quote: char) {
        self.word.get_or_insert_default();
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            if c == quote {
                return;
            }
            if c == '\\' && quote == '"' {
                let next = self.rest.chars().next();
                if let Some(next) = next.filter(|next| "\"\\$`\n".contains(*next)) {
                    self.rest = &self.rest[next.len_utf8()..];
                    self.push(next);
                    continue;
                }
            }
            self.push(c);
        }
    }

    fn raw_until(&mut self, end: char) {
        self.push(end);
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            self.push(c);
            if c == end {
                return;
            }
        }
    }

    /// `$(...)`, kept as it is written.
    fn substitution(&mut self) {
        self.push('$');
        let mut depth = 0;
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            self.push(c);
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn output(&mut self) {
        // `2>`: the number is no word.
        if self
            .word
            .as_deref()
            .is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        {
            self.word = None;
        }
        self.end_word();
        self.skip('>');
        self.skip('|');
        if self.skip('&') {
            // `>&1`, `2>&1`: no file.
            let is_number = |c: char| c.is_ascii_digit() || c == '-';
            let end = self.rest.find(|c| !is_number(c)).unwrap_or(self.rest.len());
            self.rest = &self.rest[end..];
            return;
        }
        self.next = Next::Output;
    }

    fn input(&mut self) {
        self.end_word();
        if self.rest.starts_with("<<") {
            self.rest = &self.rest[2..];
            self.next = Next::Input;
        } else if self.skip('<') {
            let strips_tabs = self.skip('-');
            self.next = Next::Here { strips_tabs };
        } else {
            self.next = Next::Input;
        }
    }

    /// The bodies of the here-documents of the line that ended.
    fn bodies(&mut self) {
        for (end, strips_tabs) in std::mem::take(&mut self.waiting) {
            let mut body = String::new();
            while !self.rest.is_empty() {
                let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
                self.rest = rest;
                let bare = if strips_tabs {
                    line.trim_start_matches('\t')
                } else {
                    line
                };
                if bare.trim_end() == end {
                    break;
                }
                body.push_str(line);
                body.push('\n');
            }
            match self.current.words.is_empty() {
                false => self.current.bodies.push(body),
                true => {
                    if let Some(last) = self.found.last_mut() {
                        last.bodies.push(body);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(line: &str) -> Vec<String> {
        let found = parse(line);
        found.iter().map(|simple| simple.run().join(" ")).collect()
    }

    #[test]
    fn programs_are_found_and_quoted_text_is_not_run() {
        assert_eq!(
            programs("cd a && FOO=1 cargo test --lib 2>&1 | tail -5"),
            ["cd a", "cargo test --lib", "tail -5"]
        );
        assert_eq!(
            programs("echo 'git commit -m x; rm -rf y' # rm z"),
            ["echo git commit -m x; rm -rf y"]
        );
        assert_eq!(
            programs("bash -lc \"git add -A && git commit -m 'a b'\""),
            ["git add -A", "git commit -m a b"]
        );
        assert_eq!(
            programs("timeout 30 make -j2; (sleep 1; ls) &"),
            ["make -j2", "sleep 1", "ls"]
        );
    }

    #[test]
    fn files_and_bodies() {
        let found = parse("cat > a.txt <<'EOF'\nrm b\n> c\nEOF\ngo build 2>/dev/null >> log");
        assert_eq!(found[0].outputs, ["a.txt"]);
        assert_eq!(found[0].bodies, ["rm b\n> c\n"]);
        assert_eq!(found[1].words, ["go", "build"]);
        assert_eq!(found[1].outputs, ["/dev/null", "log"]);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn nothing_makes_it_fail() {
        for line in [
            "",
            "'",
            "\"a",
            "$(",
            "<<",
            "<<E\nx",
            ">",
            "&&",
            "| |",
            "\\",
            "a <<-E\n\tx\n\tE",
        ] {
            parse(line);
        }
    }
}
