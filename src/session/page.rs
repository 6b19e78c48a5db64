//! One self-contained page: a treemap of what a tree costs and a stacked timeline of what a
//! session's context held. No script from elsewhere, no request, no font: it opens offline.

use super::spend::{Part, Spend};
use crate::view::grouped;
use std::fmt::Write as _;

/// A file or folder of the treemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its path.
    pub path: String,
    /// What it costs.
    pub tokens: u64,
}

/// Width of both pictures, and the height of each, in pixels.
const WIDTH: f64 = 1000.0;
const MAP_HEIGHT: f64 = 520.0;
const TIME_HEIGHT: f64 = 320.0;
/// Most leaves that are drawn; the rest is one.
const LEAVES: usize = 400;
/// Most requests that are drawn.
const COLUMNS: usize = 500;

const COLORS: [&str; 10] = [
    "#4e79a7", "#76b7b2", "#b07aa1", "#e15759", "#59a14f", "#edc948", "#9c755f", "#f28e2b",
    "#ff9da7", "#bab0ac",
];

/// The page. `counter` names what the tokens are counted with.
pub fn page(leaves: &[Leaf], spend: Option<&Spend>, counter: &str) -> String {
    let mut out = String::from(HEAD);
    let total: u64 = leaves.iter().map(|leaf| leaf.tokens).sum();
    let _ = write!(
        out,
        "<h1>What the context is spent on</h1>\n<p>Tokens counted with {}.</p>\n<h2>The tree: {} tokens</h2>\n",
        escaped(counter),
        grouped(total)
    );
    treemap(leaves, &mut out);
    if let Some(spend) = spend {
        timeline(spend, &mut out);
    }
    out.push_str("</main></body></html>\n");
    out
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>ctx budget</title>\n\
<meta name=\"viewport\" content=\"width=device-width\">\n\
<style>body{font:14px/1.4 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}main{max-width:1000px;margin:auto}\
svg{width:100%;height:auto;display:block}text{font:11px system-ui,sans-serif;fill:#fff;pointer-events:none}\
.axis{fill:#555}ul{columns:3;padding:0;list-style:none}i{display:inline-block;width:.8em;height:.8em;margin-right:.4em}\
@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}.axis{fill:#aaa}}</style></head><body><main>\n";

fn treemap(leaves: &[Leaf], out: &mut String) {
    let mut sorted: Vec<Leaf> = leaves
        .iter()
        .filter(|leaf| leaf.tokens > 0)
        .cloned()
        .collect();
    sorted.sort_by(|a, b| b.tokens.cmp(&a.tokens).then(a.path.cmp(&b.path)));
    if sorted.len() > LEAVES {
        let rest: u64 = sorted[LEAVES..].iter().map(|leaf| leaf.tokens).sum();
        let count = sorted.len() - LEAVES;
        sorted.truncate(LEAVES);
        sorted.push(Leaf {
            path: format!("{count} smaller files"),
            tokens: rest,
        });
    }
    // Files of one folder stand together, the largest folder first.
    let top = |path: &str| {
        path.split_once('/')
            .map_or(String::new(), |(top, _)| top.to_owned())
    };
    let mut folders: Vec<(String, u64, Vec<Leaf>)> = Vec::new();
    for leaf in sorted {
        let name = top(&leaf.path);
        match folders.iter_mut().find(|(known, _, _)| *known == name) {
            Some((_, tokens, own)) => {
                *tokens += leaf.tokens;
                own.push(leaf);
            }
            None => folders.push((name, leaf.tokens, vec![leaf])),
        }
    }
    folders.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 {WIDTH} {MAP_HEIGHT}\" role=\"img\" aria-label=\"Treemap of tokens by file\">"
    );
    let sizes: Vec<f64> = folders
        .iter()
        .map(|(_, tokens, _)| *tokens as f64)
        .collect();
    let frame = Frame {
        x: 0.0,
        y: 0.0,
        width: WIDTH,
        height: MAP_HEIGHT,
    };
    for (idx, (area, (_, _, own))) in squarified(&sizes, frame)
        .into_iter()
        .zip(&folders)
        .enumerate()
    {
        let sizes: Vec<f64> = own.iter().map(|leaf| leaf.tokens as f64).collect();
        for (area, leaf) in squarified(&sizes, area).into_iter().zip(own) {
            rectangle(area, leaf, COLORS[idx % COLORS.len()], out);
        }
    }
    out.push_str("</svg>\n");
}

fn rectangle(area: Frame, leaf: &Leaf, color: &str, out: &mut String) {
    let name = escaped(&leaf.path);
    let tokens = grouped(leaf.tokens);
    let _ = write!(
        out,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{color}\" stroke=\"#fff\" stroke-width=\"1\"><title>{name}: {tokens} tokens</title></rect>",
        area.x, area.y, area.width, area.height
    );
    let short = leaf.path.rsplit('/').next().unwrap_or(&leaf.path);
    let fits = area.width > 7.0 * short.chars().count() as f64 + 8.0 && area.height > 18.0;
    if fits {
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            area.x + 4.0,
            area.y + 14.0,
            escaped(short)
        );
    }
    out.push('\n');
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Rectangles of these sizes (largest first) that fill the frame, as square as can be.
fn squarified(sizes: &[f64], frame: Frame) -> Vec<Frame> {
    let total: f64 = sizes.iter().sum();
    let scale = if total > 0.0 {
        frame.width * frame.height / total
    } else {
        0.0
    };
    let areas: Vec<f64> = sizes.iter().map(|size| size * scale).collect();
    let (mut left, mut out, mut at) = (frame, Vec::with_capacity(sizes.len()), 0);
    while at < areas.len() {
        let side = left.width.min(left.height).max(f64::MIN_POSITIVE);
        let mut end = at + 1;
        while end < areas.len() && worst(&areas[at..=end], side) <= worst(&areas[at..end], side) {
            end += 1;
        }
        let row = &areas[at..end];
        let thick = row.iter().sum::<f64>() / side;
        let is_wide = left.width >= left.height;
        let mut along = 0.0;
        for area in row {
            let length = if thick > 0.0 { area / thick } else { 0.0 };
            out.push(match is_wide {
                true => Frame {
                    x: left.x,
                    y: left.y + along,
                    width: thick,
                    height: length,
                },
                false => Frame {
                    x: left.x + along,
                    y: left.y,
                    width: length,
                    height: thick,
                },
            });
            along += length;
        }
        match is_wide {
            true => (left.x, left.width) = (left.x + thick, (left.width - thick).max(0.0)),
            false => (left.y, left.height) = (left.y + thick, (left.height - thick).max(0.0)),
        }
        at = end;
    }
    out
}

/// The longest side over the shortest of the worst rectangle of a row.
fn worst(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    let thick = sum / side;
    let ratio = |area: &f64| {
        let length = area / thick.max(f64::MIN_POSITIVE);
        (length / thick).max(thick / length.max(f64::MIN_POSITIVE))
    };
    row.iter().map(ratio).fold(0.0, f64::max)
}

/// What the context held at each request, by part, scaled to what the provider counted.
fn timeline(spend: &Spend, out: &mut String) {
    let moments = &spend.moments;
    let Some(most) = moments
        .iter()
        .map(|moment| moment.context)
        .max()
        .filter(|most| *most > 0)
    else {
        return;
    };
    let _ = write!(
        out,
        "<h2>The session: {} requests, at most {} tokens in the context</h2>\n\
         <svg viewBox=\"0 0 {WIDTH} {TIME_HEIGHT}\" role=\"img\" aria-label=\"Tokens in the context at each request, by kind\">\n",
        moments.len(),
        grouped(most)
    );
    let step = moments.len().div_ceil(COLUMNS).max(1);
    let columns: Vec<_> = moments.iter().enumerate().step_by(step).collect();
    let width = (WIDTH - 70.0) / columns.len() as f64;
    let height = TIME_HEIGHT - 30.0;
    for (column, (number, moment)) in columns.iter().enumerate() {
        let counted: u64 = moment.parts.iter().sum();
        let mut below = height;
        for part in Part::ALL {
            let tokens = moment.parts[part as usize];
            if tokens == 0 || counted == 0 {
                continue;
            }
            let share = tokens as f64 / counted as f64 * moment.context as f64;
            let tall = share / most as f64 * (height - 10.0);
            below -= tall;
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{below:.1}\" width=\"{:.2}\" height=\"{tall:.1}\" fill=\"{}\"><title>request {}: {} about {}, {} in all</title></rect>",
                60.0 + column as f64 * width,
                width.max(0.5),
                COLORS[part as usize],
                number + 1,
                part.word(),
                grouped(share as u64),
                grouped(moment.context)
            );
        }
    }
    let _ = write!(
        out,
        "<text class=\"axis\" x=\"0\" y=\"16\">{}</text><text class=\"axis\" x=\"0\" y=\"{height:.0}\">0</text>\
         <text class=\"axis\" x=\"60\" y=\"{:.0}\">request 1</text><text class=\"axis\" x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">request {}</text></svg>\n<ul>\n",
        grouped(most),
        TIME_HEIGHT - 8.0,
        WIDTH - 10.0,
        TIME_HEIGHT - 8.0,
        moments.len()
    );
    for part in Part::ALL {
        if spend.parts[part as usize] > 0 {
            let _ = writeln!(
                out,
                "<li><i style=\"background:{}\"></i>{}</li>",
                COLORS[part as usize],
                part.word()
            );
        }
    }
    out.push_str("</ul>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_fill_the_frame() {
        let frame = Frame {
            x: 0.0,
            y: 0.0,
            width: 300.0,
            height: 200.0,
        };
        let found = squarified(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], frame);
        let area: f64 = found.iter().map(|one| one.width * one.height).sum();
        assert!((area - 60_000.0).abs() < 1e-6, "{area}");
        assert!(
            found
                .iter()
                .all(|one| one.x >= 0.0 && one.x + one.width <= 300.0 + 1e-6)
        );
        assert!((found[0].width * found[0].height - 15_000.0).abs() < 1e-6);
    }

    #[test]
    fn names_are_text() {
        let leaf = Leaf {
            path: "<script>alert(1)</script>/x".to_owned(),
            tokens: 5,
        };
        let page = page(&[leaf], None, "o200k_base");
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains("http"), "{page}");
    }
}
