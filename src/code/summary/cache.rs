//! Facts of files, kept by content hash in the state folder. Never needed: where it cannot be
//! read, written or understood, everything is computed anew.

use super::facts::Facts;
use crate::sys::{atomic, state};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Part of every key: facts of another version of their reader are not these.
const VERSION: u32 = 2;
/// Largest cache read or written, in bytes.
const MOST_BYTES: u64 = 48 * 1024 * 1024;

/// The facts known of contents, by key.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    place: Option<PathBuf>,
    known: BTreeMap<String, Facts>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    facts: BTreeMap<String, Facts>,
}

impl Cache {
    /// What an earlier call left for the workspace at `root`.
    pub fn open(root: &Path) -> Cache {
        let place = state::existing(root).map(|folder| folder.join("summary.json"));
        let known = place.as_deref().and_then(read).unwrap_or_default();
        Cache { place, known }
    }

    /// The facts of a key.
    pub fn get(&self, key: &str) -> Option<&Facts> {
        self.known.get(key)
    }

    /// Keeps `facts` for the next call, and with them only as much of what was known before as
    /// stays under the bound. A folder that cannot be written keeps nothing.
    pub fn keep(self, root: &Path, facts: BTreeMap<String, Facts>) {
        if facts.keys().all(|key| self.known.contains_key(key)) {
            return;
        }
        let place = match self.place {
            Some(place) => place,
            None => match state::folder(root) {
                Ok(folder) => folder.join("summary.json"),
                Err(_) => return,
            },
        };
        let mut all = facts.clone();
        all.extend(self.known);
        for facts in [all, facts] {
            let stored = Stored {
                version: VERSION,
                facts,
            };
            if let Ok(bytes) = serde_json::to_vec(&stored)
                && bytes.len() as u64 <= MOST_BYTES
            {
                // Best effort: the next call computes what is not here.
                let _ = atomic::write(&place, &bytes, atomic::Durability::Process);
                return;
            }
        }
    }
}

/// The key of a content read as a language and counted with an encoding.
pub fn key(text: &str, language: &str, encoding: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(text.as_bytes());
    let hash = hasher.finalize().to_hex();
    format!("{}-{language}-{encoding}", &hash[..32])
}

fn read(place: &Path) -> Option<BTreeMap<String, Facts>> {
    if fs::metadata(place).ok()?.len() > MOST_BYTES {
        return None;
    }
    let stored: Stored = serde_json::from_slice(&fs::read(place).ok()?).ok()?;
    (stored.version == VERSION).then_some(stored.facts)
}
