//! Keyed hashes: `[NHS NUMBER #km5zbet6vjjy]`, the same for the same identifier, and no way back.
//!
//! The hash is HMAC-SHA-256 over the label and the identifier's words. The space of identifiers is small: all NHS
//! numbers can be tried in minutes. So a hash without a secret key hides nothing, and none can be made without
//! [`ScopedKeys`]. Who has the key can try identifiers too.
//!
//! # Length
//!
//! A hash is written in 12 characters of Crockford's base32 in lower case: digits and letters without `i`, `l`, `o` and
//! `u`, 5 bits each, 60 bits in all. By the birthday bound, `n` different identifiers of one label and scope collide
//! anywhere with a probability below `n² / 2^61`: for a million below 4.4 in ten million, for 100 million below
//! 0.5 %. Eleven characters would give 1.4 in 100,000 for a million.
//!
//! # What counts as the same identifier
//!
//! Numbers are compared by letters and digits alone, in any case and however they are spaced or dashed; UK phone
//! numbers with and without the country code are the same, and so are health numbers with letters in place of digits.
//! User names and e-mail, web and IP addresses are compared by every character but white space. All else is compared
//! as folded words ([`presend_text::Folded`]) with anything but letters and digits as one space. So `12/03/1956` and
//! `12-03-1956` are the same date, and `12 March 1956` is another. The label is hashed with the words, so
//! the same words under two labels have two hashes.

use presend_detect::Label;
use presend_text::Span;

use crate::brackets::marked;
use crate::canonical::canonical;
use crate::{Purpose, ScopedKeys};

/// Crockford's base32: no letter in it looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CHARACTERS: usize = 12;
const BITS_EACH: usize = 5;
const MARK: &str = " #";

/// The keyed hash of an identifier in place of it, such as `[NHS NUMBER #km5zbet6vjjy]`.
///
/// After a rotation of keys the same identifier hashes differently; [`crate::KeyRing::scoped_at`] gives the keys that
/// keep an older scope as it was.
#[must_use]
pub fn hash(keys: &ScopedKeys, label: Label, words: &str) -> String {
    let mac =
        keys.mac(Purpose::Hash, &[b"hash", label.name().as_bytes(), canonical(label, words).as_bytes()]);
    let mut written = format!("[{}{MARK}", label.placeholder());
    written.extend(base32(&mac));
    written.push(']');
    written
}

/// Where hashes stand in a text, as [`hash`] writes them, in order; for leaving them alone on a second pass.
#[must_use]
pub fn find_hashes(text: &str) -> Vec<Span> {
    marked(text, MARK)
        .filter_map(|(at, label, rest)| {
            let ends =
                rest.get(..CHARACTERS).is_some_and(is_hash) && rest.get(CHARACTERS..)?.starts_with(']');
            let len = "[".len() + label.placeholder().len() + MARK.len() + CHARACTERS + "]".len();
            ends.then(|| Span::new(at, at + len))
        })
        .collect()
}

/// Whether these are the characters of a hash. One of digits alone would come once in a million: that is a number.
pub(crate) fn is_hash(characters: &str) -> bool {
    characters.len() == CHARACTERS
        && characters.bytes().all(|byte| ALPHABET.contains(&byte))
        && characters.contains(|c: char| c.is_ascii_lowercase())
}

fn base32(mac: &[u8; 32]) -> impl Iterator<Item = char> {
    let bits = mac.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (1..=CHARACTERS).map(move |place| {
        let value = bits >> (u64::BITS as usize - BITS_EACH * place) & 0x1f;
        ALPHABET.get(value as usize).copied().map_or('0', char::from)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use presend_detect::Label;
    use proptest::prelude::*;

    use super::*;
    use crate::keys::tests::keys;

    #[test]
    fn one_identifier_has_one_hash() {
        let keys = keys("a");
        for (label, spellings) in [
            (Label::NhsNumber, &["999 123 4004", "9991234004", "999-123-4004"][..]),
            (Label::Mrn, &["rx 004-21", "RX00421"]),
            (Label::Person, &["Doris Ekwueme", "DORIS\u{a0}ekwueme", "dorís-ekwueme"]),
        ] {
            let hashes: BTreeSet<_> = spellings.iter().map(|words| hash(&keys, label, words)).collect();
            assert_eq!(hashes.len(), 1, "{label}");
        }
    }

    #[test]
    fn label_scope_and_key_change_the_hash() {
        let one = keys("a");
        let written = hash(&one, Label::NhsNumber, "999 123 4004");
        assert_eq!(written, hash(&one, Label::NhsNumber, "999 123 4004"));
        let digits = |written: &str| written.rsplit('#').next().unwrap().to_owned();
        let others = [
            hash(&one, Label::NhsNumber, "999 123 4012"),
            hash(&one, Label::ChiNumber, "999 123 4004"),
            hash(&keys("b"), Label::NhsNumber, "999 123 4004"),
            hash(
                &crate::keys::tests::ring().scoped_at(1, crate::Scope::Conversation, b"a").unwrap(),
                Label::NhsNumber,
                "999 123 4004",
            ),
        ];
        for other in &others {
            assert_ne!(digits(&written), digits(other));
        }
    }

    #[test]
    fn hashes_are_written_as_documented() {
        // Worked out by another implementation in Python. Hashes already written must stay what they are.
        assert_eq!(hash(&keys("a"), Label::NhsNumber, "999 123 4004"), "[NHS NUMBER #km5zbet6vjjy]");
        assert_eq!(base32(&[0xff; 32]).collect::<String>(), "zzzzzzzzzzzz");
        let counting: [u8; 32] = std::array::from_fn(|at| at as u8);
        assert_eq!(base32(&counting).collect::<String>(), "000g40r40m30");
    }

    #[test]
    fn a_hundred_thousand_numbers_hash_differently() {
        let keys = keys("a");
        let count = 100_000;
        let hashes: BTreeSet<_> =
            (0..count).map(|number| hash(&keys, Label::Mrn, &number.to_string())).collect();
        assert_eq!(hashes.len(), count);
    }

    #[test]
    fn only_hashes_are_found() {
        let written = hash(&keys("a"), Label::WardBed, "Bay 4");
        let text = format!("é {written} [NAME #short] [NAME #iiiiiiiiiiii] [NAME] {written}{written}");
        let found: Vec<_> = find_hashes(&text).iter().map(|span| span.of(&text).unwrap()).collect();
        assert_eq!(found, [&written; 3]);
    }

    proptest! {
        #[test]
        fn any_hash_is_found_and_holds_nothing_of_the_words(
            words in "[A-Za-z0-9 '-]{4,20}",
            label in proptest::sample::select(Label::ALL),
            before in "\\PC{0,8}",
        ) {
            let written = hash(&keys("a"), label, &words);
            let text = format!("{before}{written}]");
            let last = find_hashes(&text).pop();
            prop_assert_eq!(last, Some(Span::new(before.len(), before.len() + written.len())));
            prop_assert_eq!(written.len(), label.placeholder().len() + 16);
        }
    }
}
