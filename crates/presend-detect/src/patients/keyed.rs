//! Keyed hashing: one SipHash-2-4 for each kind of thing that is hashed, all derived from the caller's key.

use siphasher::sip::SipHasher24;

/// The hash functions of one list.
#[derive(Clone, Copy)]
pub(super) struct Keyed {
    words: SipHasher24,
    patterns: SipHasher24,
    pairs: SipHasher24,
    numbers: SipHasher24,
    births: SipHasher24,
}

impl Keyed {
    pub(super) fn new(key: &[u8; 16]) -> Self {
        let root = SipHasher24::new_with_key(key);
        // A key of its own for each kind, so that a number never hashes like a name and no tag has to be hashed along.
        let derive = |kind: u8| SipHasher24::new_with_keys(root.hash(&[kind, 0]), root.hash(&[kind, 1]));
        Self {
            words: derive(1),
            patterns: derive(2),
            pairs: derive(3),
            numbers: derive(4),
            births: derive(5),
        }
    }

    /// The hash of a name's letters.
    pub(super) fn word(&self, letters: &[u8]) -> u64 {
        self.words.hash(letters)
    }

    /// The hash of a name's letters with one of them blanked out (see [`typo`](super::typo)).
    pub(super) fn pattern(&self, pattern: &[u8]) -> u64 {
        self.patterns.hash(pattern)
    }

    /// The hash of a given name beside a family name, both by id.
    pub(super) fn pair(&self, given: u32, family: u32) -> u64 {
        self.pairs.hash(&(u64::from(given) << 32 | u64::from(family)).to_le_bytes())
    }

    /// The hash of a number's digits and letters.
    pub(super) fn number(&self, characters: &[u8]) -> u64 {
        self.numbers.hash(characters)
    }

    /// The hash of a family name by id beside a date of birth.
    pub(super) fn birth(&self, family: u32, date: u32) -> u64 {
        self.births.hash(&(u64::from(family) << 32 | u64::from(date)).to_le_bytes())
    }
}
