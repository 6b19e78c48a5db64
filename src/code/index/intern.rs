//! Strings to numbers while a segment is built: one buffer, one table, no allocation a string.

/// Numbers strings in the order in which they are first seen.
#[derive(Default)]
pub struct Interner {
    bytes: Vec<u8>,
    /// End of each string in `bytes`.
    ends: Vec<u32>,
    hashes: Vec<u32>,
    /// Number of a string plus one, by its hash; 0 where there is none. A power of two long.
    table: Vec<u32>,
}

impl Interner {
    /// The number of `text`, and whether it is new.
    pub fn intern(&mut self, text: &[u8]) -> (u32, bool) {
        if (self.ends.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let hash = hash(text);
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while self.table[at] != 0 {
            let known = self.table[at] - 1;
            if self.hashes[known as usize] == hash && self.get(known) == text {
                return (known, false);
            }
            at = (at + 1) & mask;
        }
        let new = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        self.hashes.push(hash);
        self.table[at] = new + 1;
        (new, true)
    }

    /// The string with number `id`.
    pub fn get(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.bytes[start as usize..self.ends[id] as usize]
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The numbers of all strings in the order of their bytes.
    pub fn sorted(&self) -> Vec<u32> {
        // The first eight bytes decide nearly always, and are compared without a look elsewhere.
        let lead = |id: u32| {
            let text = self.get(id);
            let mut eight = [0; 8];
            let n = text.len().min(8);
            eight[..n].copy_from_slice(&text[..n]);
            u64::from_be_bytes(eight)
        };
        let mut order: Vec<(u64, u32)> = (0..self.len() as u32).map(|id| (lead(id), id)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.get(a.1).cmp(self.get(b.1))));
        order.into_iter().map(|(_, id)| id).collect()
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(1024);
        self.table.clear();
        self.table.resize(size, 0);
        for (id, hash) in (1..).zip(&self.hashes) {
            let mut at = *hash as usize & (size - 1);
            while self.table[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = id;
        }
    }
}

/// Words are short: eight bytes a step.
fn hash(text: &[u8]) -> u32 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = text.len() as u64;
    let mut chunks = text.chunks_exact(8);
    let mut mix = |eight: u64| {
        hash = (hash ^ eight).wrapping_mul(K);
        hash ^= hash >> 32;
    };
    for chunk in &mut chunks {
        mix(u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let mut eight = [0; 8];
        eight[..rest.len()].copy_from_slice(rest);
        mix(u64::from_le_bytes(eight));
    }
    hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_strings_have_equal_numbers(texts: Vec<Vec<u8>>) {
            let mut interner = Interner::default();
            let ids: Vec<u32> = texts.iter().map(|text| interner.intern(text).0).collect();
            for (id, text) in ids.iter().zip(&texts) {
                prop_assert_eq!(interner.get(*id), &text[..]);
                prop_assert_eq!(interner.intern(text), (*id, false));
            }
            let sorted = interner.sorted();
            prop_assert!(sorted.windows(2).all(|two| interner.get(two[0]) < interner.get(two[1])));
            prop_assert_eq!(sorted.len(), interner.len());
        }
    }
}
