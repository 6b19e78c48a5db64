//! Keeps segments few and free of dead files, at a bounded cost for each call.
//!
//! A segment is merged with the ones after it when together they are not much smaller than it,
//! as in any log-structured store: each byte is copied about once for each doubling of what is
//! indexed. Large merges are left to a call that has much to do anyway.

use super::builder::Builder;
use super::bytes::Damage;
use super::manifest::{Known, Place};
use super::segment::Segment;
use std::sync::Arc;

/// Most bytes that one call merges on its way, and that a merged segment has.
const MOST: u64 = 2 << 20;
/// The same where there are very many segments.
const MOST_OF_MANY: u64 = 16 << 20;
const MANY: usize = 64;
/// This few segments are read as quickly as one; only little is merged for the sake of size.
const FEW: usize = 4;
const LITTLE: u64 = 1 << 20;
/// A segment is left alone while it is this many times larger than those after it.
const RATIO: u64 = 3;

/// Which segments to merge into one; empty or at least one that has dead files.
pub fn choose(segments: &[Arc<Segment>], files: &[Known]) -> Vec<u32> {
    let mut live = vec![0_u32; segments.len()];
    for place in files.iter().filter_map(|file| file.place) {
        if let Some(live) = live.get_mut(place.segment as usize) {
            *live += 1;
        }
    }
    // Bytes of the living files, roughly.
    let mut sizes: Vec<(u64, u32)> = (0..)
        .zip(segments)
        .filter(|(at, _)| live[*at as usize] > 0)
        .map(|(at, segment)| {
            let share = f64::from(live[at as usize]) / f64::from(segment.n_files().max(1));
            ((segment.size() as f64 * share) as u64, at)
        })
        .collect();
    sizes.sort_unstable();
    let most = if sizes.len() > MANY {
        MOST_OF_MANY
    } else {
        MOST
    };
    let (mut sum, mut n) = (0, 0);
    let mut chosen = 0;
    for (size, _) in &sizes {
        if sum + size > if sizes.len() <= FEW { LITTLE } else { most } {
            break;
        }
        if n > 0 && *size <= sum * RATIO {
            chosen = n + 1;
        }
        sum += size;
        n += 1;
    }
    let mut chosen: Vec<u32> = sizes[..chosen].iter().map(|(_, at)| *at).collect();
    // One that is mostly dead is written anew, alone or with the others.
    for (size, at) in sizes {
        let segment = &segments[at as usize];
        let is_mostly_dead = live[at as usize] * 2 < segment.n_files();
        if is_mostly_dead && size <= MOST && !chosen.contains(&at) {
            chosen.push(at);
            break;
        }
    }
    chosen.sort_unstable();
    chosen
}

/// One segment with the living files of the segments `chosen`; `files` point to it as segment
/// number `segments.len()` afterwards.
///
/// # Errors
/// One of the segments is damaged; `files` are as they were.
pub fn merge(
    segments: &[Arc<Segment>],
    files: &mut [Known],
    chosen: &[u32],
) -> Result<Segment, Damage> {
    let mut builder = Builder::default();
    let mut rows: Vec<Option<Vec<Option<u32>>>> = vec![None; segments.len()];
    for at in chosen {
        let segment = &segments[*at as usize];
        let mut live = vec![false; segment.n_files() as usize];
        for place in files.iter().filter_map(|file| file.place) {
            if place.segment == *at
                && let Some(live) = live.get_mut(place.row as usize)
            {
                *live = true;
            }
        }
        rows[*at as usize] = Some(builder.absorb(segment, |row| live[row as usize])?);
    }
    let merged = Segment::in_memory(builder.finish())?;
    for file in files {
        if let Some(place) = &mut file.place
            && let Some(Some(rows)) = rows.get(place.segment as usize)
        {
            let row = rows.get(place.row as usize).copied().flatten();
            *place = Place {
                segment: segments.len() as u32,
                row: row.ok_or(Damage("a file has no row"))?,
            };
        }
    }
    Ok(merged)
}
