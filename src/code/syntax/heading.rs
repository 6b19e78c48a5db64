//! Headings: symbols that reach to the next one like them, not to the end of their own node.
//! Markdown's and HTML's headings are such, and the stages of a Dockerfile.

use super::walk::Definition;

/// Extends every heading among `definitions`, which are in source order, to the next heading
/// of its depth or less, but never out of a definition that it stands in nor into one that
/// reaches beyond.
pub(super) fn extend(text: &str, definitions: &mut [Definition]) {
    let mut around: Vec<usize> = Vec::new();
    for idx in 0..definitions.len() {
        let start = definitions[idx].span.start;
        while let Some(last) = around.last()
            && definitions[*last].span.end <= start
        {
            around.pop();
        }
        let Some(depth) = definitions[idx].heading else {
            around.push(idx);
            continue;
        };
        let limit = around
            .last()
            .map_or(text.len(), |last| definitions[*last].span.end);
        let end = end_of(&definitions[idx + 1..], depth, limit);
        stretch(text, &mut definitions[idx], end);
    }
}

/// Where a heading of this depth ends, by the definitions that `follow` it.
fn end_of(follow: &[Definition], depth: u8, limit: usize) -> usize {
    let mut open: Vec<&Definition> = Vec::new();
    for next in follow {
        let start = next.span.start;
        if start >= limit {
            break;
        }
        open.retain(|definition| definition.span.end > start);
        match next.heading {
            Some(other) if other <= depth => return lead(open.first().unwrap_or(&next)),
            Some(_) => {}
            None => open.push(next),
        }
    }
    limit
}

/// Where a definition begins with the comment before it.
fn lead(definition: &Definition) -> usize {
    let doc = definition.doc.as_ref().map_or(usize::MAX, |doc| doc.start);
    definition.span.start.min(doc)
}

fn stretch(text: &str, heading: &mut Definition, end: usize) {
    let from = heading.span.end;
    let Some(rest) = text.get(from..end) else {
        return;
    };
    let rest = rest.trim_end();
    heading.last_row += rest.matches('\n').count();
    heading.span.end = from + rest.len();
    let body = heading.body.as_ref().map_or(from, |body| body.start)..heading.span.end;
    heading.body = (!body.is_empty()).then_some(body);
}
