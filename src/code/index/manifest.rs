//! The list of the files that are indexed: what each looked like when it was read, and where
//! its rows are. The one file of the index that changes, always as a whole.

use super::bytes::{CUT_OFF, Damage, u32_at, u64_at};
use crate::code::files::Stamp;

/// The format of the manifest and of the segments it lists.
pub const VERSION: u32 = 1;

const MAGIC: &[u8; 8] = b"ctxindex";
/// Magic, version, number of segments, number of files, then the settings.
const HEADER: usize = 8 + 4 + 4 + 4 + 4 + 8;
const SEGMENT: usize = 8;
const ROW: usize = 72;
const SUM: usize = 16;

/// A content hash, enough of it to tell any two files apart.
pub type ContentHash = [u8; 16];

/// The hash of the bytes of a file.
pub fn content_hash(bytes: &[u8]) -> ContentHash {
    let hash = blake3::hash(bytes);
    let mut short = [0; 16];
    short.copy_from_slice(&hash.as_bytes()[..16]);
    short
}

/// Where a file's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Position in the list of segments.
    pub segment: u32,
    /// Row in the segment.
    pub row: u32,
}

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Path, size and times when it was read.
    pub stamp: Stamp,
    /// Hash of its content.
    pub hash: ContentHash,
    /// Where its rows are; `None` for a file that has no text here.
    pub place: Option<Place>,
    /// Whether it was changed so shortly before it was read that its times might not show
    /// another change.
    pub is_racy: bool,
    /// Whether it is made of others, see `search::copies`.
    pub is_derived: bool,
}

/// All that is indexed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// A hash of the program's parsing and of the settings that change what is found.
    pub settings: u64,
    /// The names of the segments.
    pub segments: Vec<u64>,
    /// The files, in the order of their paths.
    pub files: Vec<Known>,
}

/// Why a manifest is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is damaged.
    #[error("the index was damaged ({0}) and is built anew")]
    Damaged(#[from] Damage),
    /// An older program wrote it.
    #[error("the index has an older format and is built anew")]
    Older,
    /// A newer program wrote it; it is left alone.
    #[error(
        "the index was written by a newer ctx and is not used; `ctx index --rebuild` replaces it"
    )]
    Newer,
}

const NO_SEGMENT: u32 = u32::MAX;

impl Manifest {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER + self.files.len() * (ROW + 48) + 64);
        out.extend_from_slice(MAGIC);
        for n in [
            VERSION,
            self.segments.len() as u32,
            self.files.len() as u32,
            0,
        ] {
            out.extend(n.to_le_bytes());
        }
        out.extend(self.settings.to_le_bytes());
        out.extend(self.segments.iter().flat_map(|name| name.to_le_bytes()));
        let mut paths = Vec::new();
        for file in &self.files {
            let stamp = &file.stamp;
            let raw = stamp.path.as_bytes();
            let place = file.place.unwrap_or(Place {
                segment: NO_SEGMENT,
                row: 0,
            });
            let flags = u32::from(file.is_racy) | u32::from(file.is_derived) << 1;
            let halves = [
                paths.len() as u32,
                raw.len() as u32,
                place.segment,
                place.row,
                flags,
                0,
            ];
            out.extend(halves.iter().flat_map(|n| n.to_le_bytes()));
            let wholes = [
                stamp.bytes,
                stamp.modified as u64,
                stamp.changed as u64,
                stamp.inode,
            ];
            out.extend(wholes.iter().flat_map(|n| n.to_le_bytes()));
            out.extend(file.hash);
            paths.extend_from_slice(raw);
        }
        out.extend(paths);
        let sum = content_hash(&out);
        out.extend(sum);
        out
    }

    /// Reads the bytes of the file.
    ///
    /// # Errors
    /// It is damaged, or of another version.
    pub fn read(bytes: &[u8]) -> Result<Manifest, Refusal> {
        let head = bytes.get(..HEADER).ok_or(CUT_OFF)?;
        if &head[..8] != MAGIC {
            return Err(Damage("it has no header").into());
        }
        let version = u32_at(head, 8)?;
        // The checksum of another version may stand elsewhere: the version goes first.
        match version.cmp(&VERSION) {
            std::cmp::Ordering::Less => return Err(Refusal::Older),
            std::cmp::Ordering::Greater => return Err(Refusal::Newer),
            std::cmp::Ordering::Equal => {}
        }
        let (signed, sum) = bytes.split_at_checked(bytes.len() - SUM).ok_or(CUT_OFF)?;
        if content_hash(signed) != sum {
            return Err(Damage("its checksum differs").into());
        }
        let (n_segments, n_files) = (u32_at(head, 12)? as usize, u32_at(head, 16)? as usize);
        let rows_start = HEADER + n_segments * SEGMENT;
        let paths = signed.get(rows_start + n_files * ROW..).ok_or(CUT_OFF)?;
        let segments: Result<Vec<u64>, Damage> = (0..n_segments)
            .map(|at| u64_at(signed, HEADER + at * SEGMENT))
            .collect();
        let (rows, _) = signed[rows_start..].as_chunks::<ROW>();
        let files: Result<Vec<Known>, Damage> = rows
            .iter()
            .take(n_files)
            .map(|row| known(row, paths, n_segments))
            .collect();
        Ok(Manifest {
            settings: u64_at(head, 24)?,
            segments: segments?,
            files: files?,
        })
    }
}

fn known(row: &[u8; ROW], paths: &[u8], n_segments: usize) -> Result<Known, Damage> {
    let half = |at: usize| u32_at(row, at * 4);
    let whole = |at: usize| u64_at(row, 24 + at * 8);
    let (start, len) = (half(0)? as usize, half(1)? as usize);
    let path = paths.get(start..start + len).ok_or(CUT_OFF)?;
    let path = std::str::from_utf8(path).map_err(|_| Damage("a path is no UTF-8"))?;
    let segment = half(2)?;
    if segment != NO_SEGMENT && segment as usize >= n_segments {
        return Err(Damage("a segment is not listed"));
    }
    let mut hash = [0; 16];
    hash.copy_from_slice(&row[ROW - 16..]);
    Ok(Known {
        stamp: Stamp {
            path: path.to_owned(),
            bytes: whole(0)?,
            modified: whole(1)? as i64,
            changed: whole(2)? as i64,
            inode: whole(3)?,
        },
        hash,
        place: (segment != NO_SEGMENT).then_some(Place {
            segment,
            row: half(3)?,
        }),
        is_racy: half(4)? & 1 != 0,
        is_derived: half(4)? & 2 != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let file = |path: &str, place| Known {
            stamp: Stamp {
                path: path.to_owned(),
                bytes: 7,
                modified: -3,
                changed: 1 << 60,
                inode: 9,
            },
            hash: [5; 16],
            place,
            is_racy: path == "b",
            is_derived: path == "a",
        };
        let place = Place { segment: 1, row: 3 };
        Manifest {
            settings: 11,
            segments: vec![1, 2],
            files: vec![file("a", Some(place)), file("b", None)],
        }
    }

    #[test]
    fn comes_back_and_no_part_of_it_does() {
        let manifest = sample();
        let bytes = manifest.to_bytes();
        assert_eq!(Manifest::read(&bytes), Ok(manifest));
        for end in 0..bytes.len() {
            assert!(Manifest::read(&bytes[..end]).is_err(), "{end}");
        }
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x10;
            assert!(Manifest::read(&bytes).is_err(), "{at}");
        }
    }

    #[test]
    fn other_versions_are_told_apart() {
        let mut bytes = sample().to_bytes();
        bytes[8] = 0;
        assert_eq!(Manifest::read(&bytes), Err(Refusal::Older));
        bytes[8] = 200;
        assert_eq!(Manifest::read(&bytes[..40]), Err(Refusal::Newer));
    }
}
