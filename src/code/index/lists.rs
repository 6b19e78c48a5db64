//! The lists of a segment: which units hold a term and how often, which files have it in their
//! path, which names of containers hold it; which units define a name and which use it.
//!
//! Numbers are steps from the one before. A posting is one step with three bits that tell its
//! counts where they are simple: nearly all are one occurrence in one field.

use super::bytes::{Damage, Reader, put};
use crate::code::search::FIELDS;

/// How a posting's counts are written.
const BODY_TWICE: u64 = 4;
const BODY_OFTEN: u64 = 5;
const SEVERAL: u64 = 6;

/// One posting of a segment.
pub type Counts = [u16; FIELDS];

/// Writes the lists of one term.
pub fn put_term(
    out: &mut Vec<u8>,
    paths: &[u32],
    containers: &[u32],
    postings: impl ExactSizeIterator<Item = (u32, Counts)>,
) {
    let which = u64::from(!paths.is_empty()) | u64::from(!containers.is_empty()) << 1;
    put(out, (postings.len() as u64) << 2 | which);
    for list in [paths, containers] {
        if !list.is_empty() {
            put(out, list.len() as u64);
            put_steps(out, list.iter().copied());
        }
    }
    let mut last = 0;
    for (unit, counts) in postings {
        put_posting(out, u64::from(unit - last), counts);
        last = unit;
    }
}

fn put_posting(out: &mut Vec<u8>, step: u64, counts: Counts) {
    let step = step << 3;
    match counts {
        [1, 0, 0, 0] => put(out, step),
        [0, 1, 0, 0] => put(out, step | 1),
        [0, 0, 1, 0] => put(out, step | 2),
        [0, 0, 0, 1] => put(out, step | 3),
        [0, 0, 0, 2] => put(out, step | BODY_TWICE),
        [0, 0, 0, n] => {
            put(out, step | BODY_OFTEN);
            put(out, u64::from(n));
        }
        _ => {
            put(out, step | SEVERAL);
            let mask = (0..).zip(counts).map(|(at, n)| u8::from(n > 0) << at).sum();
            out.push(mask);
            for n in counts.into_iter().filter(|n| *n > 0) {
                put(out, u64::from(n));
            }
        }
    }
}

/// Appends ascending numbers as steps.
pub fn put_steps(out: &mut Vec<u8>, numbers: impl Iterator<Item = u32>) {
    let mut last = 0;
    for number in numbers {
        put(out, u64::from(number - last));
        last = number;
    }
}

/// Reads `n` steps.
pub fn steps(reader: &mut Reader<'_>, n: usize, mut visit: impl FnMut(u32)) -> Result<(), Damage> {
    let mut last = 0_u32;
    for _ in 0..n {
        last = last.checked_add(reader.small()?).ok_or(TOO_FAR)?;
        visit(last);
    }
    Ok(())
}

const TOO_FAR: Damage = Damage("a list leads too far");

/// The lists of one term.
pub struct TermLists<'a> {
    /// Rows of files.
    pub paths: Vec<u32>,
    /// Units whose names hold the term and that hold other units.
    pub containers: Vec<u32>,
    /// Number of postings.
    pub n_postings: usize,
    reader: Reader<'a>,
}

impl<'a> TermLists<'a> {
    /// Reads the lists at the start of `bytes`; the postings are read by [`TermLists::postings`].
    pub fn read(bytes: &'a [u8]) -> Result<TermLists<'a>, Damage> {
        let mut reader = Reader::new(bytes);
        let head = reader.number()?;
        let mut lists = [Vec::new(), Vec::new()];
        for (at, list) in lists.iter_mut().enumerate() {
            if head >> at & 1 == 1 {
                let n = reader.count()?;
                steps(&mut reader, n, |number| list.push(number))?;
            }
        }
        let [paths, containers] = lists;
        Ok(TermLists {
            paths,
            containers,
            n_postings: (head >> 2) as usize,
            reader,
        })
    }

    /// Calls `visit` with each unit and its counts, in order.
    pub fn postings(mut self, mut visit: impl FnMut(u32, Counts)) -> Result<(), Damage> {
        let reader = &mut self.reader;
        let mut unit = 0_u32;
        for _ in 0..self.n_postings {
            let head = reader.number()?;
            let step = u32::try_from(head >> 3).map_err(|_| TOO_FAR)?;
            unit = unit.checked_add(step).ok_or(TOO_FAR)?;
            let mut counts = [0; FIELDS];
            match head & 7 {
                BODY_TWICE => counts[3] = 2,
                BODY_OFTEN => counts[3] = reader.small()? as u16,
                SEVERAL => {
                    let mask = reader.byte()?;
                    for (at, count) in counts.iter_mut().enumerate() {
                        if mask >> at & 1 == 1 {
                            *count = reader.small()? as u16;
                        }
                    }
                }
                field @ 0..=3 => counts[field as usize] = 1,
                _ => return Err(Damage("a posting is damaged")),
            }
            visit(unit, counts);
        }
        Ok(())
    }
}

/// Writes the units that define a name, and those that use it.
pub fn put_name(out: &mut Vec<u8>, definitions: &[u32], uses: &[u32]) {
    if definitions.is_empty() && uses.is_empty() {
        return;
    }
    put(out, definitions.len() as u64);
    put_steps(out, definitions.iter().copied());
    put(out, uses.len() as u64);
    put_steps(out, uses.iter().copied());
}

/// Reads what [`put_name`] wrote.
pub fn name(bytes: &[u8]) -> Result<(Vec<u32>, Vec<u32>), Damage> {
    let (mut definitions, mut uses) = (Vec::new(), Vec::new());
    if bytes.is_empty() {
        return Ok((definitions, uses));
    }
    let mut reader = Reader::new(bytes);
    for list in [&mut definitions, &mut uses] {
        let n = reader.count()?;
        steps(&mut reader, n, |unit| list.push(unit))?;
    }
    Ok((definitions, uses))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn lists_come_back(
            paths: BTreeSet<u32>,
            containers: BTreeSet<u32>,
            postings: BTreeMap<u32, (u8, u16, u16)>,
        ) {
            let postings: Vec<(u32, Counts)> = postings
                .into_iter()
                .map(|(unit, (shape, a, b))| {
                    let mut counts = [0; FIELDS];
                    counts[shape as usize % 4] = a % 4;
                    counts[shape as usize / 4 % 4] = if shape > 100 { b } else { 1 };
                    if counts == [0; FIELDS] { counts[3] = 1; }
                    (unit, counts)
                })
                .collect();
            let paths: Vec<u32> = paths.into_iter().collect();
            let containers: Vec<u32> = containers.into_iter().collect();
            let mut bytes = Vec::new();
            put_term(&mut bytes, &paths, &containers, postings.iter().copied());
            let lists = TermLists::read(&bytes).unwrap();
            prop_assert_eq!(&lists.paths, &paths);
            prop_assert_eq!(&lists.containers, &containers);
            let mut found = Vec::new();
            lists.postings(|unit, counts| found.push((unit, counts))).unwrap();
            prop_assert_eq!(found, postings);
            bytes.clear();
            put_name(&mut bytes, &paths, &containers);
            prop_assert_eq!(name(&bytes).unwrap(), (paths, containers));
        }

        #[test]
        fn damaged_lists_are_read_without_a_panic(bytes: Vec<u8>) {
            let _ = name(&bytes);
            let _ = TermLists::read(&bytes).and_then(|lists| lists.postings(|_, _| {}));
        }
    }
}
