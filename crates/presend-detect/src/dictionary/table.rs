//! The layout of `words.bin`, and its hash tables.
//!
//! All numbers are little-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | `presdict` |
//! | 4 | [`VERSION`] |
//! | 4 | distinct entries |
//! | 4, 4 | slots and words of the word table |
//! | 4, 4 | slots and entries of the phrase table |
//! | 8 each | the distinct entries, as the 64 bits of an [`Entry`] |
//! | 6 a slot | the word table |
//! | 6 a slot | the phrase table |
//!
//! A slot holds a 32-bit fingerprint (0 where the slot is free) and the 16-bit index of an entry. A word's hash gives its
//! first slot by its upper half and its fingerprint by its lower half; a slot that another word took sends it to the next
//! slot, and past the last one to the first. At the compiler's fill of 0.7 a missing word is compared with six
//! fingerprints or so, which makes a wrong hit a matter of one word in 700 million.

use super::class::Entry;

pub(super) const MAGIC: [u8; 8] = *b"presdict";
/// Raised with every change to the layout, the hash or the bits of an entry.
pub(super) const VERSION: u32 = 1;
pub(super) const HEADER: usize = 32;
pub(super) const SLOT: usize = 6;
pub(super) const ENTRY: usize = 8;

/// A hash table over the bytes of a dictionary file.
#[derive(Clone, Copy)]
struct Table<'a> {
    slots: &'a [[u8; SLOT]],
}

impl Table<'_> {
    /// The index that is stored with a hash.
    #[inline]
    fn find(self, hash: u64) -> Option<u16> {
        let wanted = fingerprint(hash);
        let (before, after) = self.slots.split_at_checked(first_slot(hash, self.slots.len()))?;
        for &[a, b, c, d, low, high] in after.iter().chain(before) {
            let found = u32::from_le_bytes([a, b, c, d]);
            if found == wanted {
                return Some(u16::from_le_bytes([low, high]));
            }
            if found == 0 {
                return None;
            }
        }
        None
    }
}

/// The part of a hash that a slot keeps, never 0.
#[inline]
pub(super) const fn fingerprint(hash: u64) -> u32 {
    let low = hash as u32;
    if low == 0 { 1 } else { low }
}

/// The slot at which the search for a hash starts.
#[inline]
pub(super) const fn first_slot(hash: u64, slots: usize) -> usize {
    (((hash >> 32) * slots as u64) >> 32) as usize
}

/// Which phrases a dictionary may have, in few enough bytes to stay in a core's cache where the phrase table does not: most
/// words that follow the first word of a phrase go on with none.
pub(super) struct Filter([u64; Self::BITS as usize / 64]);

impl Filter {
    /// Ten times the phrases, so that one in ten of the others passes.
    const BITS: u32 = 1 << 18;

    /// The filter of a dictionary's phrases and their beginnings.
    pub(super) const fn of(view: View<'_>) -> Self {
        let mut words = [0; Self::BITS as usize / 64];
        let mut slots = view.phrases.slots;
        while let Some((&[a, b, c, d, ..], rest)) = slots.split_first() {
            let found = u32::from_le_bytes([a, b, c, d]);
            if found != 0 {
                let (word, bit) = Self::place(found);
                words[word] |= bit;
            }
            slots = rest;
        }
        Self(words)
    }

    /// Whether the words of the hash may be a phrase or the beginning of one.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = Self::place(fingerprint(hash));
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The place of a fingerprint's bit, by its upper bits.
    const fn place(fingerprint: u32) -> (usize, u64) {
        let bit = fingerprint >> (u32::BITS - Self::BITS.ilog2());
        ((bit / 64) as usize, 1 << (bit % 64))
    }
}

/// A dictionary file, read in place.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    entries: &'a [[u8; ENTRY]],
    words: Table<'a>,
    phrases: Table<'a>,
    word_count: u32,
    phrase_count: u32,
}

impl<'a> View<'a> {
    /// A dictionary without words.
    pub(super) const EMPTY: View<'static> = View {
        entries: &[],
        words: Table { slots: &[] },
        phrases: Table { slots: &[] },
        word_count: 0,
        phrase_count: 0,
    };

    /// Reads a file's header; `None` where the file is of another version or its length is not what its header says.
    pub(super) const fn parse(bytes: &'a [u8]) -> Option<Self> {
        let Some((header, body)) = bytes.split_first_chunk::<HEADER>() else { return None };
        let (numbers, _) = header.as_chunks::<4>();
        let [magic_low, magic_high, version, entries, word_slots, word_count, phrase_slots, phrase_count] =
            *numbers
        else {
            return None;
        };
        let [a, b, c, d] = magic_low;
        let [e, f, g, h] = magic_high;
        let magic = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        if magic != u64::from_le_bytes(MAGIC) || u32::from_le_bytes(version) != VERSION {
            return None;
        }
        let Some((entries, body)) = split(body, entries) else { return None };
        let Some((words, body)) = split(body, word_slots) else { return None };
        let Some((phrases, [])) = split(body, phrase_slots) else { return None };
        let words = Table { slots: words };
        let phrases = Table { slots: phrases };
        let (word_count, phrase_count) = (u32::from_le_bytes(word_count), u32::from_le_bytes(phrase_count));
        Some(Self { entries, words, phrases, word_count, phrase_count })
    }

    /// The entry of a word, by its hash; the empty entry where the dictionary lacks it.
    #[inline]
    pub(super) fn word(self, hash: u64) -> Entry {
        self.words.find(hash).map_or_else(Entry::default, |index| self.entry(index))
    }

    /// The entry of two or more words that are a phrase or the start of one, by their hash.
    #[inline]
    pub(super) fn phrase(self, hash: u64) -> Option<Entry> {
        self.phrases.find(hash).map(|index| self.entry(index))
    }

    pub(super) const fn word_count(self) -> u32 {
        self.word_count
    }

    pub(super) const fn phrase_count(self) -> u32 {
        self.phrase_count
    }

    /// The entry at an index; the empty one where the file is damaged and the index points past the entries.
    #[inline]
    fn entry(self, index: u16) -> Entry {
        let bits = self.entries.get(usize::from(index)).map_or(0, |&bytes| u64::from_le_bytes(bytes));
        Entry::from_bits(bits)
    }
}

/// Splits `count` arrays of `N` bytes off the front; `None` where there are fewer.
const fn split<const N: usize>(bytes: &[u8], count: [u8; 4]) -> Option<(&[[u8; N]], &[u8])> {
    let Some(length) = (u32::from_le_bytes(count) as usize).checked_mul(N) else { return None };
    let Some((head, rest)) = bytes.split_at_checked(length) else { return None };
    Some((head.as_chunks::<N>().0, rest))
}
