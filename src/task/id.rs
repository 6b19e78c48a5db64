//! Names of tasks: five letters that can be said and typed, `kabul` rather than a number, so that
//! one is not taken for another.

use std::hash::{BuildHasher as _, Hasher as _};

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 5] = b"aeiou";

/// A name at random; whoever takes it sees that it is new.
pub fn random() -> String {
    // The one source of randomness in the standard library.
    let mut bits = std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish();
    let mut id = String::with_capacity(5);
    for place in 0..5 {
        let letters: &[u8] = if place % 2 == 0 { CONSONANTS } else { VOWELS };
        let at = usize::try_from(bits % letters.len() as u64).unwrap_or(0);
        id.push(char::from(letters[at]));
        bits /= letters.len() as u64;
    }
    id
}

/// A number below `most` at random.
pub fn random_below(most: u64) -> u64 {
    std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish()
        % most.max(1)
}

/// Whether `name` can name a task beside its id: short, no blanks, no list, no option.
pub fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || "_-.:/@+".contains(c);
    !name.is_empty()
        && name.chars().count() <= 64
        && name.chars().all(is_letter)
        && name.starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_can_be_said() {
        for _ in 0..100 {
            let id = random();
            assert_eq!(id.len(), 5);
            assert!(is_name(&id));
        }
    }

    #[test]
    fn names_are_words() {
        assert!(is_name("build-1"));
        for odd in ["", "-x", "a b", "a,b", "x\n"] {
            assert!(!is_name(odd), "{odd:?}");
        }
    }
}
