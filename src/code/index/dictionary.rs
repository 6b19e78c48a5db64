//! Sorted strings, each with a number (its position) and a range of data in another section.
//!
//! Strings are kept in blocks of [`BLOCK`]: the first whole, the others as what differs from
//! the one before. A look-up is a binary search over blocks and a walk through one.

use super::bytes::{CUT_OFF, Damage, Reader, put, u32_at};
use std::cmp::Ordering;
use std::ops::Range;

const BLOCK: usize = 16;
/// Bytes of a row of the block table: where the block starts, where its data starts.
const ROW: usize = 8;

/// Writes a dictionary; strings come in order.
#[derive(Default)]
pub struct DictionaryWriter {
    /// The table of blocks.
    pub blocks: Vec<u8>,
    /// The strings.
    pub entries: Vec<u8>,
    last: Vec<u8>,
    count: usize,
}

impl DictionaryWriter {
    /// Adds `text`, greater than all before it, whose data starts at `data` and is `len` bytes long.
    pub fn push(&mut self, text: &[u8], data: usize, len: usize) {
        let mut shared = 0;
        if self.count.is_multiple_of(BLOCK) {
            self.blocks
                .extend_from_slice(&(self.entries.len() as u32).to_le_bytes());
            self.blocks.extend_from_slice(&(data as u32).to_le_bytes());
        } else {
            let pairs = text.iter().zip(&self.last);
            shared = pairs.take_while(|(a, b)| a == b).count();
            put(&mut self.entries, shared as u64);
        }
        put(&mut self.entries, (text.len() - shared) as u64);
        self.entries.extend_from_slice(&text[shared..]);
        put(&mut self.entries, len as u64);
        self.last.truncate(shared);
        self.last.extend_from_slice(&text[shared..]);
        self.count += 1;
    }
}

/// Reads a dictionary.
#[derive(Clone, Copy, Debug)]
pub struct Dictionary<'a> {
    blocks: &'a [u8],
    entries: &'a [u8],
}

/// One string of a dictionary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: u32,
    /// The string.
    pub text: Vec<u8>,
    /// Its data.
    pub data: Range<usize>,
}

impl<'a> Dictionary<'a> {
    /// Reads what a [`DictionaryWriter`] wrote.
    pub fn new(blocks: &'a [u8], entries: &'a [u8]) -> Dictionary<'a> {
        Dictionary { blocks, entries }
    }

    fn n_blocks(&self) -> usize {
        self.blocks.len() / ROW
    }

    /// The strings of a block, in order.
    fn block(&self, block: usize) -> Result<Block<'a>, Damage> {
        let start = u32_at(self.blocks, block * ROW)? as usize;
        let data = u32_at(self.blocks, block * ROW + 4)? as usize;
        let end = match u32_at(self.blocks, (block + 1) * ROW) {
            Ok(end) => end as usize,
            Err(_) => self.entries.len(),
        };
        let bytes = self.entries.get(start..end).ok_or(CUT_OFF)?;
        Ok(Block {
            reader: Reader::new(bytes),
            is_first: true,
            entry: Entry {
                id: (block * BLOCK) as u32,
                text: Vec::new(),
                data: data..data,
            },
        })
    }

    /// The entry for `text`.
    pub fn find(&self, text: &[u8]) -> Result<Option<Entry>, Damage> {
        let (mut low, mut high) = (0, self.n_blocks());
        while low < high {
            let middle = low.midpoint(high);
            let start = u32_at(self.blocks, middle * ROW)? as usize;
            let mut reader = Reader::new(self.entries.get(start..).ok_or(CUT_OFF)?);
            let n = reader.count()?;
            if reader.take(n)? <= text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let Some(block) = low.checked_sub(1) else {
            return Ok(None);
        };
        let mut block = self.block(block)?;
        while block.advance()? {
            match block.entry.text.as_slice().cmp(text) {
                Ordering::Less => {}
                Ordering::Equal => return Ok(Some(block.entry)),
                Ordering::Greater => break,
            }
        }
        Ok(None)
    }

    /// The entry with number `id`.
    pub fn get(&self, id: u32) -> Result<Entry, Damage> {
        let mut block = self.block(id as usize / BLOCK)?;
        for _ in 0..=id as usize % BLOCK {
            if !block.advance()? {
                return Err(Damage("a name is missing"));
            }
        }
        Ok(block.entry)
    }

    /// Calls `visit` with every entry, in order.
    pub fn each(&self, mut visit: impl FnMut(&Entry) -> Result<(), Damage>) -> Result<(), Damage> {
        for block in 0..self.n_blocks() {
            let mut block = self.block(block)?;
            while block.advance()? {
                visit(&block.entry)?;
            }
        }
        Ok(())
    }
}

struct Block<'a> {
    reader: Reader<'a>,
    is_first: bool,
    entry: Entry,
}

impl Block<'_> {
    fn advance(&mut self) -> Result<bool, Damage> {
        if self.reader.rest().is_empty() {
            return Ok(false);
        }
        let mut shared = 0;
        if !self.is_first {
            shared = self.reader.number()? as usize;
            self.entry.id += 1;
        }
        self.is_first = false;
        if shared > self.entry.text.len() {
            return Err(Damage("a name is damaged"));
        }
        let n = self.reader.count()?;
        self.entry.text.truncate(shared);
        self.entry.text.extend_from_slice(self.reader.take(n)?);
        let start = self.entry.data.end;
        self.entry.data = start..start.saturating_add(self.reader.number()? as usize);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn every_string_is_found_and_no_other(texts: BTreeSet<Vec<u8>>, other: Vec<u8>) {
            let mut writer = DictionaryWriter::default();
            let mut data = 0;
            for text in &texts {
                writer.push(text, data, text.len());
                data += text.len();
            }
            let dictionary = Dictionary::new(&writer.blocks, &writer.entries);
            let mut data = 0;
            for (id, text) in (0..).zip(&texts) {
                let entry = Entry { id, text: text.clone(), data: data..data + text.len() };
                prop_assert_eq!(dictionary.find(text).unwrap(), Some(entry.clone()));
                prop_assert_eq!(dictionary.get(id).unwrap(), entry);
                data += text.len();
            }
            prop_assert_eq!(dictionary.find(&other).unwrap().is_some(), texts.contains(&other));
        }

        #[test]
        fn damaged_bytes_are_read_without_a_panic(blocks: Vec<u8>, entries: Vec<u8>) {
            let dictionary = Dictionary::new(&blocks, &entries);
            let _ = dictionary.find(b"name");
            let _ = dictionary.get(3);
            let _ = dictionary.each(|_| Ok(()));
        }
    }
}
