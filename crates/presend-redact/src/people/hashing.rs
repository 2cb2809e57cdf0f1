//! Keyed hashes of name parts: what is kept of a name in place of its letters.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

/// What is hashed, so that equal bytes of two kinds have different hashes.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A word of a name, folded.
    Word = 1,
    /// The first letter of a word.
    Letter = 2,
    /// A word less the letter at a position.
    Near = 3,
    /// The first and the last letter of a name.
    Initials = 4,
    /// An identifier that is no name.
    Value = 5,
    /// A word that tells one key from another.
    Check = 6,
}

/// Hashes of 64 bits under one key: SipHash-2-4, the same on every machine.
#[derive(Clone)]
pub(crate) struct Hashing {
    key: [u8; 16],
}

impl Hashing {
    pub(crate) const fn new(key: [u8; 16]) -> Self {
        Self { key }
    }

    pub(crate) fn of(&self, kind: Kind, text: &str) -> u64 {
        self.pieces(kind, &[text.as_bytes()])
    }

    /// The hash of several pieces; where one ends makes a difference.
    pub(crate) fn pieces(&self, kind: Kind, pieces: &[&[u8]]) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write(&[kind as u8]);
        for piece in pieces {
            hasher.write(&u64::try_from(piece.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.write(piece);
        }
        hasher.finish()
    }

    /// The hash of a word less its letter at `at`, which is `rest`.
    pub(crate) fn near(&self, at: usize, rest: &str) -> u64 {
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        self.pieces(Kind::Near, &[&at.to_le_bytes(), rest.as_bytes()])
    }

    pub(crate) fn initials(&self, first: u64, last: u64) -> u64 {
        self.pieces(Kind::Initials, &[&first.to_le_bytes(), &last.to_le_bytes()])
    }

    /// What tells this key from another, so that a state is not read under the wrong one.
    pub(crate) fn check(&self) -> u64 {
        self.of(Kind::Check, "presend people 1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_keyed_kept_apart_by_kind_and_the_same_everywhere() {
        let (one, other) = (Hashing::new([0; 16]), Hashing::new([1; 16]));
        assert_ne!(one.of(Kind::Word, "rose"), other.of(Kind::Word, "rose"));
        assert_ne!(one.of(Kind::Word, "r"), one.of(Kind::Letter, "r"));
        assert_ne!(one.pieces(Kind::Value, &[b"ab", b"c"]), one.pieces(Kind::Value, &[b"a", b"bc"]));
        assert_ne!(one.check(), other.check());
        // A change here makes every saved conversation unreadable.
        assert_eq!(one.of(Kind::Word, "rose"), GOLDEN);
    }

    const GOLDEN: u64 = 7_716_260_450_172_895_443;
}
