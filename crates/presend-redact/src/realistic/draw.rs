//! Draws that depend on a key and on what they are for, and on nothing else.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A key in use.
pub(super) struct Key {
    /// Filled with zeros to SHA-256's block, as HMAC does with a shorter key.
    block: [u8; 64],
}

impl Key {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let mut block = [0; 64];
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        Self { block }
    }

    /// Eight bytes that tell this key from another.
    pub(super) fn tag(&self) -> [u8; 8] {
        let mut tag = [0; 8];
        tag.iter_mut().zip(self.mac(&[b"tag"])).for_each(|(to, from)| *to = from);
        tag
    }

    /// HMAC-SHA-256 of several pieces; where one ends makes a difference.
    fn mac(&self, pieces: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&self.block.into());
        mac.update(b"presend realistic 1");
        for piece in pieces {
            mac.update(&u64::try_from(piece.len()).unwrap_or(u64::MAX).to_le_bytes());
            mac.update(piece);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Numbers drawn for one value: HMAC-SHA-256 of what it is, of the value, of the attempt and of a counter.
pub(super) struct Draw<'a> {
    key: &'a Key,
    kind: &'a str,
    value: &'a str,
    attempt: u32,
    block: u32,
    bytes: Vec<u8>,
}

impl<'a> Draw<'a> {
    pub(super) const fn new(key: &'a Key, kind: &'a str, value: &'a str, attempt: u32) -> Self {
        Self { key, kind, value, attempt, block: 0, bytes: Vec::new() }
    }

    /// How often a surrogate was drawn for the value before.
    pub(super) const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// A number below `count`, which is 1 at least.
    ///
    /// The remainder of 64 bits favours small numbers by less than one in 10^15 for the counts in use.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if self.bytes.len() < 8 {
            let (attempt, block) = (self.attempt.to_le_bytes(), self.block.to_le_bytes());
            let pieces: [&[u8]; 4] = [self.kind.as_bytes(), self.value.as_bytes(), &attempt, &block];
            self.bytes = self.key.mac(&pieces).to_vec();
            self.block += 1;
        }
        let rest = self.bytes.split_off(self.bytes.len().saturating_sub(8));
        let number = rest.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        let count = u64::try_from(count).unwrap_or(u64::MAX).max(1);
        usize::try_from(number % count).unwrap_or(0)
    }

    /// One of a list; `None` where it is empty.
    pub(super) fn one<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        list.get(self.below(list.len()))
    }

    /// A digit from 0 to 9.
    pub(super) fn digit(&mut self) -> char {
        self.letter(b"0123456789")
    }

    /// One of these ASCII characters.
    pub(super) fn letter(&mut self, of: &[u8]) -> char {
        self.one(of).copied().map_or('0', char::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(key: u8, kind: &str, value: &str, attempt: u32) -> Vec<usize> {
        let key = Key::new(&[key; 32]);
        let mut draw = Draw::new(&key, kind, value, attempt);
        (0..40).map(|_| draw.below(1000)).collect()
    }

    #[test]
    fn draws_depend_on_the_key_the_kind_the_value_and_the_attempt() {
        let one = drawn(1, "PHONE", "07700900123", 0);
        assert_eq!(one, drawn(1, "PHONE", "07700900123", 0));
        for other in [
            drawn(2, "PHONE", "07700900123", 0),
            drawn(1, "MRN", "07700900123", 0),
            drawn(1, "PHONE", "07700900124", 0),
            drawn(1, "PHONE", "07700900123", 1),
            drawn(1, "PHONE0", "7700900123", 0),
        ] {
            assert_ne!(one, other);
        }
        // A change here gives every pseudonymised set other surrogates.
        assert_eq!(one.get(..4), Some(GOLDEN.as_slice()));
        assert_ne!(Key::new(&[1; 32]).tag(), Key::new(&[2; 32]).tag());
    }

    const GOLDEN: [usize; 4] = [723, 242, 967, 900];

    #[test]
    fn numbers_are_below_the_count_and_reach_it() {
        let key = Key::new(&[0; 32]);
        let mut draw = Draw::new(&key, "test", "", 0);
        let mut seen = [false; 10];
        for _ in 0..400 {
            seen[draw.below(10)] = true;
        }
        assert_eq!(seen, [true; 10]);
        assert_eq!((draw.below(1), draw.below(0)), (0, 0));
        assert_eq!(draw.one::<u8>(&[]), None);
    }
}
