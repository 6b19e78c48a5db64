//! Writes what was packed. Decides nothing.

use super::item::View;
use super::pack::Packing;
use super::piece::{self, Format};

/// Writes `packing` of `view` in `format`, the one it was packed for.
pub fn render(view: &View, packing: &Packing, format: Format) -> String {
    let mut out = packing.header.clone();
    let mut open: Vec<usize> = Vec::new();
    let mut needs_comma = false;
    for (idx, item) in view.items.iter().enumerate() {
        let Some(shown) = packing.choices[idx].shown() else {
            continue;
        };
        while open.len() > usize::from(item.depth) {
            needs_comma |= close_last(view, &mut open, format, &mut out);
        }
        if needs_comma && format == Format::Json {
            out.push(',');
        }
        piece::open(view, item, shown, format, &mut out);
        needs_comma = !item.is_parent;
        open.push(idx);
    }
    while !open.is_empty() {
        close_last(view, &mut open, format, &mut out);
    }
    out.push_str(&packing.footer);
    out
}

/// Closes the innermost open item; whether the next one needs a comma before it.
fn close_last(view: &View, open: &mut Vec<usize>, format: Format, out: &mut String) -> bool {
    let Some(idx) = open.pop() else { return false };
    piece::close(&view.items[idx], format, out);
    true
}
