//! Command lines as a reader could type them.

/// `word` as one word of a POSIX shell.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:=@%+,#".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) && !word.starts_with('#') {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// `path` as one word that no command takes for an option.
pub fn path(path: &str) -> String {
    if path.starts_with('-') && path != "-" {
        return quoted(&format!("./{path}"));
    }
    quoted(path)
}

#[cfg(test)]
mod tests {
    use super::{path, quoted};

    #[test]
    fn odd_words_are_quoted() {
        assert_eq!(quoted("src/a.rs:1-2"), "src/a.rs:1-2");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(path("-a b"), "'./-a b'");
        assert_eq!(path("-"), "-");
    }
}
