//! The hash that the dictionary file is laid out by: the same on every platform, for ever.
//!
//! Two folded 64 by 64 bit multiplications over the word's bytes, read as little-endian numbers, in the manner of wyhash.
//! It has no seed: the words are fixed when the file is compiled, and the compiler checks that each is found, so a sender
//! who hunts for colliding words gains nothing but a slower look-up of those words.

// The fractional parts of the square roots of 2, 3, 5 and 7.
const K0: u64 = 0x6a09_e667_f3bc_c909;
const K1: u64 = 0xbb67_ae85_84ca_a73b;
const K2: u64 = 0x3c6e_f372_fe94_f82b;
const K3: u64 = 0xa54f_f53a_5f1d_36f1;

/// Multiplies to 128 bits and folds the halves together.
const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// The hash of a word.
#[inline]
pub(crate) fn word(bytes: &[u8]) -> u64 {
    let length = bytes.len() as u64;
    let (low, high) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => {
            let mut low = u64::from_le_bytes(*first);
            // Words past 16 bytes are rare: their middle is mixed in first.
            let middle = bytes.get(8..bytes.len() - 8).unwrap_or_default();
            for chunk in middle.chunks(8) {
                let mut padded = [0; 8];
                padded.iter_mut().zip(chunk).for_each(|(to, &from)| *to = from);
                low = fold(low ^ K2, u64::from_le_bytes(padded) ^ K3);
            }
            (low, u64::from_le_bytes(*last))
        }
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into())
            }
            _ => match *bytes {
                [] => (0, 0),
                [a] => (a.into(), 0),
                [a, b] => (u16::from_le_bytes([a, b]).into(), 0),
                [a, b, c, ..] => (u32::from_le_bytes([a, b, c, 0]).into(), 0),
            },
        },
    };
    fold(fold(low ^ K0, high ^ K1) ^ K2, length ^ K3)
}

/// The hash of a phrase that is one word longer than the phrase hashed so far.
#[inline]
pub(super) const fn longer(phrase: u64, word: u64) -> u64 {
    fold(phrase ^ K1, word ^ K3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_of_the_file_rests_on_these_values() {
        let words =
            ["", "a", "an", "and", "anna", "okafor", "todmorden", "bisoprolol", "a-word-of-over-24-letters"];
        let hashes: Vec<u64> = words.iter().map(|w| word(w.as_bytes())).collect();
        assert_eq!(hashes, EXPECTED);
        assert_eq!(longer(word(b"st"), word(b"helens")), EXPECTED_PHRASE);
    }

    const EXPECTED: [u64; 9] = [
        10_274_406_254_269_538_912,
        11_835_052_739_010_508_315,
        15_092_601_184_407_778_123,
        7_954_247_813_953_819_551,
        6_337_364_159_052_082_553,
        6_223_928_608_589_086_717,
        15_704_870_189_449_598_485,
        16_399_992_565_193_656_838,
        563_031_381_860_347_682,
    ];
    const EXPECTED_PHRASE: u64 = 17_601_646_299_688_353_020;

    #[test]
    fn words_that_differ_in_one_byte_or_in_length_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for length in 1..40 {
            let mut bytes = vec![b'a'; length];
            assert!(seen.insert(word(&bytes)));
            for at in 0..length {
                bytes[at] = b'b';
                assert!(seen.insert(word(&bytes)), "length {length}, byte {at}");
                bytes[at] = b'a';
            }
        }
    }
}
