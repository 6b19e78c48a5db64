//! A file with the bodies of its functions elided.

use super::part::Part;
use crate::code::syntax::FileSyntax;

/// Bodies of fewer lines are shown: eliding them would save next to nothing.
const SHORT_BODY: usize = 3;

/// `text` with each function's body replaced by `…` and the lines it stands on.
pub fn skeleton(path: &str, text: &str, syntax: &FileSyntax) -> Part {
    let mut part = Part {
        path: path.to_owned(),
        text: String::new(),
        numbers: vec![],
        is_verbatim: false,
    };
    let mut line = 1;
    let mut at = 0;
    for symbol in syntax
        .symbols
        .iter()
        .filter(|symbol| symbol.kind.is_callable())
    {
        let Some(body) = &symbol.body else { continue };
        let elided = &text[body.clone()];
        if body.start < at || elided.matches('\n').count() < SHORT_BODY {
            continue;
        }
        push(&mut part, &text[at..body.start], &mut line);
        let has_braces = elided.starts_with('{') && elided.ends_with('}');
        let lines = elided.matches('\n').count() as u32;
        let mark = format!("… {line}-{}", line + lines);
        part.text.push_str(&if has_braces {
            format!("{{ {mark} }}")
        } else {
            mark
        });
        line += lines;
        at = body.end;
    }
    push(&mut part, &text[at..], &mut line);
    part.numbers.insert(0, 1);
    if !part.text.is_empty() && !part.text.ends_with('\n') {
        part.numbers.push(line + 1);
    }
    part
}

/// Appends source text, noting where its lines begin.
fn push(part: &mut Part, text: &str, line: &mut u32) {
    part.text.push_str(text);
    for _ in text.matches('\n') {
        *line += 1;
        part.numbers.push(*line);
    }
}
