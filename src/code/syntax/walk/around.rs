//! What stands around a definition and belongs to it: comments, attributes, wrappers.

use super::*;

impl<'tree> Walk<'_, 'tree> {
    pub(super) fn comment(&mut self, node: Node) {
        if node.start_byte() == 0 && self.text.starts_with("#!") {
            return;
        }
        self.found.comments.push(node.byte_range());
        self.documentation(node);
    }

    /// Remembers a comment, or a string that stands for one, for what follows it.
    pub(super) fn documentation(&mut self, node: Node) {
        let line_start = self.text[..node.start_byte()]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let trails_code = !self.text[line_start..node.start_byte()].trim().is_empty();
        let (start, end) = (node.start_byte(), node.end_byte());
        let (first_row, last_row) = rows(node);
        if self.documents_what_stands_before(node, trails_code) {
            return;
        }
        let frame = self.frame();
        frame.comments = match frame.comments {
            _ if trails_code => None,
            Some(run) if first_row <= run.last_row + 1 => Some(Run {
                start: run.start,
                end,
                last_row,
            }),
            _ => Some(Run {
                start,
                end,
                last_row,
            }),
        };
    }

    /// Makes a comment the doc of the definition before it, where the language has such.
    pub(super) fn documents_what_stands_before(&mut self, node: Node, trails_code: bool) -> bool {
        let text = &self.text[node.byte_range()];
        let Some(marker) = self
            .language
            .docs_after
            .iter()
            .find(|marker| text.starts_with(**marker))
        else {
            return false;
        };
        let Some((idx, row)) = self.frame().last else {
            return false;
        };
        let (first_row, last_row) = rows(node);
        let is_next = |next: Node| next.start_position().row == last_row + 1;
        let points_back = trails_code || marker.ends_with(['^', '<']);
        let near = first_row == row || first_row == row + 1;
        let leads_on = !points_back && node.next_named_sibling().is_some_and(is_next);
        if !near || leads_on {
            return false;
        }
        let doc = &mut self.found.definitions[idx].doc;
        if doc.is_some() {
            return false;
        }
        *doc = Some(node.byte_range());
        true
    }

    pub(super) fn attribute(&mut self, node: Node<'tree>, captures: &[Capture<'tree>]) {
        let doc = self
            .captured(captures, Role::Doc)
            .map(|doc| doc.byte_range());
        let (first_row, last_row) = rows(node);
        let range = node.byte_range();
        let frame = self.frame();
        if let Some(run) = &mut frame.comments
            && first_row <= run.last_row + 1
        {
            run.last_row = last_row;
        }
        let start = frame
            .attributes
            .as_ref()
            .map_or(range.start, |known| known.start);
        frame.attributes = Some(start..range.end);
        frame.attribute_doc = frame.attribute_doc.take().or(doc);
    }

    pub(super) fn wrapper(&mut self, node: Node<'tree>) -> Frame {
        let wrapper = self.surroundings(node);
        Frame {
            wrapper: Some(Box::new(wrapper)),
            section: self.frame().section,
            ..Frame::default()
        }
    }

    /// Start, doc and attributes of a definition or wrapper at `node`, from what stands before
    /// it and, when it is the first inside a wrapper, from around that wrapper.
    pub(super) fn surroundings(&mut self, node: Node<'tree>) -> Wrapper {
        let (first_row, last_row) = rows(node);
        let range = node.byte_range();
        let signature_start = self.after_attributes(node).unwrap_or(range.start);
        let frame = self.frame();
        let attributes = frame.attributes.clone().unwrap_or(range.start..range.start);
        let comments = frame.comments.filter(|run| first_row <= run.last_row + 1);
        let mut own = Wrapper {
            span: attributes.start..range.end,
            first_row,
            last_row,
            signature_start,
            doc: frame
                .attribute_doc
                .clone()
                .or(comments.map(|run| run.start..run.end)),
            attributes,
            owner: None,
        };
        // Not asked of every definition: siblings before a node are found from the root down.
        let may_own = |wrapper: &Wrapper| wrapper.owner.is_none();
        if frame.wrapper.as_deref().is_some_and(may_own) && opens_group(node) {
            frame.wrapper = None;
        }
        if let Some(outer) = &mut frame.wrapper
            && *outer.owner.get_or_insert(node.id()) == node.id()
        {
            own.doc = own.doc.or(outer.doc.clone());
            if own.attributes.is_empty() {
                if signature_start == range.start {
                    own.signature_start = outer.signature_start;
                }
                own.attributes = outer.attributes.clone();
            }
            own.span.start = outer.span.start;
            own.first_row = outer.first_row;
            if node.next_named_sibling().is_none() {
                own.span.end = own.span.end.max(outer.span.end);
                own.last_row = own.last_row.max(outer.last_row);
            }
        }
        if own.span.start < range.start {
            let lead = self.text[own.span.start..range.start].matches('\n').count();
            own.first_row = own.first_row.min(first_row.saturating_sub(lead));
        }
        own
    }

    /// Where `node` goes on after the attributes that are its first children, or the first
    /// children of its modifiers; `None` when all of it is attributes.
    pub(super) fn after_attributes(&self, node: Node) -> Option<usize> {
        let mut idx = 0;
        while let Some(child) = node.child(idx) {
            idx += 1;
            if self.is_attribute(child) {
                continue;
            }
            let first = child.child(0);
            if first.is_none_or(|first| !self.is_attribute(first)) {
                return Some(child.start_byte());
            }
            if let Some(start) = self.after_attributes(child) {
                return Some(start);
            }
        }
        None
    }

    pub(super) fn is_attribute(&self, node: Node) -> bool {
        self.loaded.is_attribute(node.kind_id())
    }
}

/// Whether `node` is the first of several in brackets (`const ( A = 1; B = 2 )`): what stands
/// around the brackets belongs to none of them.
fn opens_group(node: Node) -> bool {
    let mut before = node.prev_sibling();
    while let Some(sibling) = before.filter(|sibling| sibling.is_extra()) {
        before = sibling.prev_sibling();
    }
    before.is_some_and(|sibling| matches!(sibling.kind(), "(" | "{"))
}
