//! Words to terms: identifiers whole and in parts, prose by its stem. Query and text go through
//! the same function, so what matters is that equal things become equal terms, not that a term
//! is a proper word.

/// Longest word that is looked at; longer ones are data.
const MAX_WORD: usize = 80;

/// Calls `visit` with each word of `text` and the byte where it starts: a letter, `_` or `$`,
/// then letters, digits and `_`; or a run of at least two digits.
pub fn words<'a>(text: &'a str, mut visit: impl FnMut(usize, &'a str)) {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        let word = &text[start..at];
        let is_number = bytes[start].is_ascii_digit();
        if word.len() <= MAX_WORD && (!is_number || word.len() > 1) {
            visit(start, word);
        }
    }
}

/// Calls `visit` with each term of a word: the whole without underscores in lower case when
/// it has several parts, and the stem of each part.
pub fn terms(word: &str, mut visit: impl FnMut(&str)) {
    let mut parts = 0;
    let mut lower = String::with_capacity(word.len());
    let mut whole = String::new();
    split(word, |part| {
        lower.clear();
        lower.extend(part.chars().flat_map(char::to_lowercase));
        parts += 1;
        whole.push_str(&lower);
        if part.len() > 1 || parts == 1 {
            let stem = stem(&mut lower);
            visit(stem);
        }
    });
    if parts > 1 {
        visit(&whole);
    }
}

/// Calls `visit` with each part of an identifier: `readHTTPBody_v2` is read, HTTP, Body, v2.
pub fn split<'a>(word: &'a str, mut visit: impl FnMut(&'a str)) {
    for piece in word.split('_').filter(|piece| !piece.is_empty()) {
        let mut start = 0;
        let mut chars = piece.char_indices().peekable();
        let mut before: Option<char> = None;
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            let begins = before.is_some_and(|before| {
                c.is_uppercase() && (!before.is_uppercase() || next.is_some_and(char::is_lowercase))
            });
            if begins && at > start {
                visit(&piece[start..at]);
                start = at;
            }
            before = Some(c);
        }
        visit(&piece[start..]);
    }
}

/// Cuts a lower-case word to what its forms have in common: plural, `-ing`, `-ed`, `-er`,
/// `-ion`, a final `e`. Far lighter than Porter's, whose stems join words that programs keep apart.
fn stem(word: &mut String) -> &str {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word;
    }
    let cut = |word: &mut String, n: usize| word.truncate(word.len() - n);
    if word.ends_with("ies") && word.len() > 4 {
        cut(word, 3);
        word.push('y');
    } else if word.ends_with("sses")
        || ["xes", "ches", "shes"]
            .iter()
            .any(|end| word.ends_with(end))
    {
        cut(word, 2);
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        cut(word, 1);
    }
    for (end, least) in [("ing", 6), ("ed", 5), ("er", 6), ("ion", 7)] {
        if word.ends_with(end) && word.len() >= least {
            cut(word, end.len());
            let bytes = word.as_bytes();
            let n = bytes.len();
            if n > 3
                && bytes[n - 1] == bytes[n - 2]
                && !matches!(bytes[n - 1], b'l' | b's' | b'e' | b'o')
            {
                cut(word, 1);
            }
            break;
        }
    }
    if word.ends_with('e') && word.len() > 3 {
        cut(word, 1);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(word: &str) -> Vec<String> {
        let mut found = Vec::new();
        terms(word, |term| found.push(term.to_owned()));
        found
    }

    #[test]
    fn identifiers_are_split_and_kept_whole() {
        assert_eq!(
            all("readHTTPBody_v2"),
            ["read", "http", "body", "v2", "readhttpbodyv2"]
        );
        assert_eq!(all("NO_COLOR"), ["no", "color", "nocolor"]);
        assert_eq!(all("filename"), ["filenam"]);
        assert_eq!(all("__init__"), ["init"]);
    }

    #[test]
    fn forms_of_a_word_meet() {
        for forms in [
            ["escape", "escaping"],
            ["parser", "parsed"],
            ["entries", "entry"],
            ["validation", "validates"],
            ["stopped", "stops"],
        ] {
            assert_eq!(all(forms[0]), all(forms[1]));
        }
    }
}
