//! How a definition is called, where that takes more than one node.

use super::*;

impl<'tree> Walk<'_, 'tree> {
    /// The bytes of a definition's name: its `@name`, or the end of its `@declarator`.
    pub(super) fn name(&self, captures: &[Capture<'tree>]) -> Option<Range<usize>> {
        let Some(name) = self.captured(captures, Role::Name) else {
            let mut node = self.captured(captures, Role::Declarator)?;
            while let Some(inner) = declared(node) {
                node = inner;
            }
            return Some(node.byte_range());
        };
        let end = self
            .captured_span(captures, Role::NameEnd)
            .map_or(name.end_byte(), |span| span.end);
        Some(name.start_byte()..end.max(name.start_byte()))
    }

    /// Whether a name found through `@declarator` passes what the pattern demands of `@name`.
    pub(super) fn may_be_named(
        &self,
        pattern: u16,
        captures: &[Capture<'tree>],
        name: &str,
    ) -> bool {
        if self.captured(captures, Role::Name).is_some() {
            return true;
        }
        let predicates = &self.loaded.patterns[usize::from(pattern)].predicates;
        predicates.iter().all(|predicate| match &predicate.test {
            PredicateTest::Text(values)
                if self.loaded.roles[usize::from(predicate.capture)] == Role::Name =>
            {
                values.iter().any(|value| value == name) != predicate.negated
            }
            _ => true,
        })
    }

    /// `Foo<T>::bar` as `Foo<T>` and `bar`, where the language writes names like that.
    pub(super) fn split_name(&self, name: &Range<usize>) -> (Option<Range<usize>>, Range<usize>) {
        let separator = self.language.separator;
        if !self.language.split_names || !self.text[name.clone()].contains(separator) {
            return (None, name.clone());
        }
        let (mut depth, mut last) = (0, None);
        for (at, c) in self.text[name.clone()].char_indices() {
            match c {
                '<' => depth += 1,
                '>' => depth -= 1,
                _ if depth > 0 => {}
                c if c.is_whitespace() => break,
                _ if self.text[name.start + at..].starts_with(separator) => {
                    last = Some(name.start + at)
                }
                _ => {}
            }
        }
        match last {
            Some(at) if at > name.start => (Some(name.start..at), at + separator.len()..name.end),
            Some(at) => (None, at + separator.len()..name.end),
            None => (None, name.clone()),
        }
    }
}

/// One step from a declarator towards the name that it declares: `*name[2]` to `name[2]`.
fn declared(node: Node) -> Option<Node> {
    let alone = || {
        if node.named_child_count() == 1 {
            node.named_child(0)
        } else {
            None
        }
    };
    node.child_by_field_name("declarator").or_else(alone)
}
