//! Numbers in bytes: variable and fixed width, written and read with every bound checked, so
//! that a damaged file is an error and never a panic.

/// What is wrong with a file of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damage(pub &'static str);

/// A number or bytes that a file ends before.
pub const CUT_OFF: Damage = Damage("it is cut off");

/// Appends `n` in as few bytes as it takes, seven bits each.
pub fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends the difference `to - from`, small in either direction.
pub fn put_step(out: &mut Vec<u8>, from: usize, to: usize) {
    let step = to as i64 - from as i64;
    put(out, ((step << 1) ^ (step >> 63)) as u64);
}

/// Reads what the functions above wrote.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes }
    }

    /// What has not been read.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Damage> {
        let (first, rest) = self.bytes.split_first().ok_or(CUT_OFF)?;
        self.bytes = rest;
        Ok(*first)
    }

    /// A number of variable width.
    pub fn number(&mut self) -> Result<u64, Damage> {
        let mut n = 0_u64;
        for (at, byte) in self.bytes.iter().enumerate().take(10) {
            n |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                self.bytes = &self.bytes[at + 1..];
                return Ok(n);
            }
        }
        Err(CUT_OFF)
    }

    /// A number that fits 32 bits.
    pub fn small(&mut self) -> Result<u32, Damage> {
        u32::try_from(self.number()?).map_err(|_| Damage("a number is too large"))
    }

    /// A count of things that take at least one byte each.
    pub fn count(&mut self) -> Result<usize, Damage> {
        let n = self.number()? as usize;
        if n > self.bytes.len() {
            return Err(CUT_OFF);
        }
        Ok(n)
    }

    /// The number that a step from `from` leads to.
    pub fn step(&mut self, from: usize) -> Result<usize, Damage> {
        let n = self.number()?;
        let step = (n >> 1) as i64 ^ -((n & 1) as i64);
        let to = (from as i64).checked_add(step);
        to.and_then(|to| usize::try_from(to).ok())
            .filter(|to| *to <= u32::MAX as usize)
            .ok_or(Damage("a step leads nowhere"))
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Damage> {
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or(CUT_OFF)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// Text with its length before it.
    pub fn text(&mut self) -> Result<&'a str, Damage> {
        let n = self.count()?;
        std::str::from_utf8(self.take(n)?).map_err(|_| Damage("a text is no UTF-8"))
    }
}

/// Appends a text with its length before it.
pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The 32-bit number at `at`.
pub fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Damage> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.map(|four| u32::from_le_bytes(*four)).ok_or(CUT_OFF)
}

/// The 64-bit number at `at`.
pub fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Damage> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.map(|eight| u64::from_le_bytes(*eight)).ok_or(CUT_OFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers: Vec<u64>, steps in prop::collection::vec(0_usize..1 << 31, 0..20)) {
            let mut bytes = Vec::new();
            let mut from = 0;
            for n in &numbers { put(&mut bytes, *n); }
            for to in &steps { put_step(&mut bytes, from, *to); from = *to; }
            let mut reader = Reader::new(&bytes);
            for n in &numbers { prop_assert_eq!(reader.number(), Ok(*n)); }
            from = 0;
            for to in &steps { from = reader.step(from).unwrap(); prop_assert_eq!(from, *to); }
            prop_assert!(reader.rest().is_empty());
            prop_assert!(reader.number().is_err());
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            while reader.step(7).is_ok() && reader.text().is_ok() && reader.small().is_ok() {}
        }
    }
}
