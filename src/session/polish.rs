//! A summary written over by a model, checked: the model may order and connect, but every fact
//! that the plain summary shows must still be there in its own words, with its place.

/// What a model is asked; the plain summary stands at its end.
pub fn prompt(plain: &str) -> String {
    format!(
        "Write the following facts of a work session as a short handoff for whoever goes on. \
         Keep every fact, word for word, with its #L number; add nothing that is not there. \
         Answer with the text alone.\n\n{}",
        facts(plain).join("\n")
    )
}

/// The lines of a plain summary that are facts or headings: without what was left out.
fn facts(plain: &str) -> Vec<&str> {
    let is_footer = |line: &&str| {
        ["all shown: ", "left out: ", "shortened: ", "note: "]
            .iter()
            .any(|start| line.starts_with(start))
    };
    plain.lines().filter(|line| !is_footer(line)).collect()
}

/// The first fact of the plain summary that a text does not hold.
pub fn missing<'a>(plain: &'a str, text: &str) -> Option<&'a str> {
    let held = words(text);
    facts(plain)
        .into_iter()
        .filter(|line| line.starts_with(' '))
        .find(|line| !held.contains(&words(line)))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_must_hold_every_fact() {
        let plain = "Done\n  #L3 edited a.rs\n  #L4 ran make: exit 2\nall shown: 2 facts\n";
        let kept = "The session did this: #L4 ran make: exit 2,\nand #L3 edited\na.rs.";
        assert_eq!(missing(plain, kept), None);
        let changed = "#L3 edited a.rs, #L4 ran make: ok";
        assert_eq!(missing(plain, changed), Some("  #L4 ran make: exit 2"));
        assert!(prompt(plain).ends_with("Done\n  #L3 edited a.rs\n  #L4 ran make: exit 2"));
    }
}
