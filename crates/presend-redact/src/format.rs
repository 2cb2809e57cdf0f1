//! Numbers that keep their format: digits stay digits, letters stay letters of the same case, and everything else stays
//! where it is.
//!
//! | label | what [`preserve`] writes | back with [`restore`] |
//! | --- | --- | --- |
//! | phone, record, NI, registration, passport, licence, plate, bank, device and other numbers, postcodes | FF1 | yes |
//! | payment cards | FF1, with a last digit for which the Luhn check fails | no |
//! | NHS, CHI and H&C numbers | an NHS number of the 999 range, see [`health_number`] | no |
//! | all others | nothing | |
//!
//! # FF1
//!
//! FF1 is the format-preserving cipher of NIST SP 800-38G, here with AES-256, the scoped format key, and as tweak the
//! label and which places are digits and which letters. Within a scope and a label it is a permutation of all the
//! numbers of one shape: equal numbers give equal ones however they are cased and separated, different ones give
//! different ones, and the key leads back.
//!
//! Digits alone are numerals of radix 10, letters alone of radix 26. Where there are both, the number is ranked among
//! all those with digits and letters in the same places, and FF1 runs over the bits of the rank, again and again until
//! a rank of that shape comes out (cycle walking; fewer than two rounds on average). So two letters and four digits
//! are one number of 6.76 million, and not a weak pair.
//!
//! [`preserve`] gives `None`, and the caller should write the hash ([`crate::hash`]) instead, where
//! - there are fewer than a million numbers of the shape, the least that SP 800-38G Revision 1 allows: fewer than six
//!   digits, fewer than five letters, or too few of both together;
//! - the label is none of the above, or a health number has not ten digits;
//! - a letter or digit is not ASCII, as it would stay and show;
//! - there are more than 256 letters and digits, or both and more than 2^128 numbers of the shape;
//! - FF1 gives the number itself. A permutation that leaves a number in place leaves it there however often it is
//!   applied, and any other result would be that of another number. This befalls one number in a million or fewer.
//!
//! So what [`preserve`] gives is never the original.
//!
//! # What it is not
//!
//! The result may be somebody else's real number: another phone, account, record or plate. It is for data that is
//! analysed, linked or tested with, and not for text that somebody may act on. Only results for payment cards and
//! health numbers are certain never to be in use: the former fail the Luhn check, the latter are of the range that
//! is kept for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aes::Aes256;
use fpe::ff1::{FF1, FlexibleNumeralString};
use presend_detect::Label;

use crate::canonical::{Form, Place, form, health_places};
use crate::keys::framed;
use crate::{Key, Purpose, ScopedKeys};

/// The least number of numbers of a shape; SP 800-38G Revision 1.
const LEAST_DOMAIN: u128 = 1_000_000;
/// The most letters and digits: no identifier is longer, and the time for FF1 grows with the square of it.
const MOST_PLACES: usize = 256;
const DIGITS: u16 = 10;
const LETTERS: u16 = 26;

/// Another number of the same format in place of an identifier; `None` where there is none, for which see [`self`].
#[must_use]
pub fn preserve(keys: &ScopedKeys, label: Label, words: &str) -> Option<String> {
    if label.is_health_number() {
        return health_number(keys, words, 0);
    }
    let places = places(label, words)?;
    let mut values = permute(keys, label, &places, Way::There)?;
    if label == Label::PaymentCard {
        break_luhn(&mut values, &places);
    }
    write(words, &places, &values)
}

/// The identifier that [`preserve`] wrote `words` for under the same keys and label; `None` where none leads there.
///
/// Nothing tells whether `words` came from [`preserve`] at all: any other number of a long enough shape is led back
/// too, to one that means nothing.
#[must_use]
pub fn restore(keys: &ScopedKeys, label: Label, words: &str) -> Option<String> {
    if label.is_health_number() || label == Label::PaymentCard {
        return None;
    }
    let places = places(label, words)?;
    let values = permute(keys, label, &places, Way::Back)?;
    write(words, &places, &values)
}

/// A letter or digit of a number.
struct Numeral {
    radix: u16,
    value: u16,
}

/// The letters and digits of an identifier that FF1 can be used for.
fn places(label: Label, words: &str) -> Option<Vec<Numeral>> {
    if form(label) != Form::Number {
        return None;
    }
    let mut places = Vec::new();
    for c in words.chars() {
        let radix = match c {
            '0'..='9' => DIGITS,
            'a'..='z' | 'A'..='Z' => LETTERS,
            other if other.is_alphanumeric() => return None,
            _ => continue,
        };
        // Base 36 has the digits before the letters.
        let value = c.to_digit(36)? as u16;
        places.push(Numeral { radix, value: if radix == DIGITS { value } else { value - DIGITS } });
        if places.len() > MOST_PLACES {
            return None;
        }
    }
    Some(places)
}

/// The words with other letters and digits; `None` where these are the same ones.
fn write(words: &str, places: &[Numeral], values: &[u16]) -> Option<String> {
    if places.iter().map(|numeral| numeral.value).eq(values.iter().copied()) {
        return None;
    }
    let mut values = values.iter();
    words
        .chars()
        .map(|c| {
            let first = match c {
                '0'..='9' => b'0',
                'a'..='z' => b'a',
                'A'..='Z' => b'A',
                _ => return Some(c),
            };
            let value = u8::try_from(*values.next()?).ok()?;
            Some(char::from(first + value))
        })
        .collect()
}

/// Whether a permutation is applied or undone.
#[derive(Clone, Copy)]
enum Way {
    There,
    Back,
}

fn permute(keys: &ScopedKeys, label: Label, places: &[Numeral], way: Way) -> Option<Vec<u16>> {
    let key = keys.subkey(Purpose::Format, "FF1 AES-256");
    let shape: Vec<u8> =
        places.iter().map(|numeral| if numeral.radix == DIGITS { b'9' } else { b'A' }).collect();
    let tweak = framed(&[label.name().as_bytes(), &shape]);
    let radix = places.first()?.radix;
    if places.iter().all(|numeral| numeral.radix == radix) {
        return ff1(&key, radix, &tweak, places.iter().map(|numeral| numeral.value).collect(), way);
    }
    let (mut size, mut rank) = (1_u128, 0_u128);
    for numeral in places {
        size = size.checked_mul(numeral.radix.into())?;
        rank = rank * u128::from(numeral.radix) + u128::from(numeral.value);
    }
    if size < LEAST_DOMAIN {
        return None;
    }
    let bits = u128::BITS - (size - 1).leading_zeros();
    // A permutation that starts below `size` comes back below it at the latest where it started.
    loop {
        let numerals = (0..bits).rev().map(|bit| (rank >> bit & 1) as u16).collect();
        rank = ff1(&key, 2, &tweak, numerals, way)?
            .into_iter()
            .fold(0, |rank, numeral| rank << 1 | u128::from(numeral));
        if rank < size {
            break;
        }
    }
    let mut values: Vec<u16> = places
        .iter()
        .rev()
        .map(|numeral| {
            let value = rank % u128::from(numeral.radix);
            rank /= u128::from(numeral.radix);
            value as u16
        })
        .collect();
    values.reverse();
    Some(values)
}

/// FF1 with AES-256; `None` where there are fewer than a million strings of so many numerals.
fn ff1(key: &Key, radix: u16, tweak: &[u8], numerals: Vec<u16>, way: Way) -> Option<Vec<u16>> {
    let cipher = FF1::<Aes256>::new(key.as_bytes(), radix.into()).ok()?;
    let numerals = FlexibleNumeralString::from(numerals);
    let numerals = match way {
        Way::There => cipher.encrypt(tweak, &numerals),
        Way::Back => cipher.decrypt(tweak, &numerals),
    };
    numerals.ok().map(Vec::from)
}

/// Counts the last digit up until the Luhn check fails and the number is not the original.
///
/// One digit alone changed always changes what Luhn adds up to, and only one of the ten gives a number that passes. So
/// no two steps are followed by a third one.
fn break_luhn(values: &mut [u16], places: &[Numeral]) {
    let Some(last) = places.iter().rposition(|numeral| numeral.radix == DIGITS) else { return };
    loop {
        let digits = values.iter().zip(places).filter(|(_, numeral)| numeral.radix == DIGITS);
        let passes = passes_luhn(digits.map(|(value, _)| *value));
        let same = places.iter().zip(values.iter()).all(|(numeral, value)| numeral.value == *value);
        if !passes && !same {
            return;
        }
        if let Some(digit) = values.get_mut(last) {
            *digit = (*digit + 1) % DIGITS;
        }
    }
}

/// The check of ISO/IEC 7812-1, annex B.
fn passes_luhn(digits: impl DoubleEndedIterator<Item = u16>) -> bool {
    let sum: u16 = digits
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(digit, doubled)| match digit << u16::from(doubled) {
            value @ 10.. => value - 9,
            value => value,
        })
        .sum();
    sum.is_multiple_of(10)
}

const HEALTH_DIGITS: usize = 10;
/// How many numbers the six digits between `999` and the check digit give at most.
const FREE: u32 = 1_000_000;
/// One number in eleven has no check digit, so that not even the hundredth draw is ever needed.
const DRAWS: u8 = 100;

/// A number of the range 999 with a right Modulus 11 check digit in place of an NHS, CHI or Health and Care number.
///
/// Numbers from 900 000 0000 are never issued, and those that start with 999 are kept for tests (NHS Data Dictionary,
/// «NHS NUMBER»), so the result is nobody's. Digits are replaced, and the separators stay. A CHI number's result does
/// not start with a date, on purpose: whatever date it showed, somebody would take it for the date of birth. Where
/// letters stood for digits, digits stand.
///
/// The same ten digits give the same result whatever the label. The result is never the number itself. It does not
/// lead back.
///
/// # Collisions
///
/// The range has 909,090 numbers with a check digit, so different patients may get the same one. That any two do has a
/// probability of 0.5 % among 100 patients, 13 % among 500 and 42 % among 1,000; among 10,000 some 55 pairs do. Each
/// `attempt` draws another number, independent of the others; [`HealthNumbers`] keeps count.
///
/// Returns `None` where the words do not hold ten digits (see [`crate::hash`] for how letters count), or hold letters
/// or digits besides, which would stay and show.
#[must_use]
pub fn health_number(keys: &ScopedKeys, words: &str, attempt: u32) -> Option<String> {
    let (places, digits) = read_health_number(words)?;
    let other = draw(keys, &digits, attempt)?;
    Some(write_health_number(words, &places, &other))
}

fn read_health_number(words: &str) -> Option<(Vec<Place>, [u8; HEALTH_DIGITS])> {
    let places = health_places(words)?;
    let mut digits = [0; HEALTH_DIGITS];
    for (digit, place) in digits.iter_mut().zip(&places) {
        *digit = place.digit;
    }
    let mut rest = places.iter().map(|place| place.at).peekable();
    let others = words
        .char_indices()
        .filter(|(at, _)| rest.next_if_eq(at).is_none())
        .any(|(_, c)| c.is_alphanumeric());
    (!others).then_some((places, digits))
}

fn write_health_number(words: &str, places: &[Place], other: &[u8; HEALTH_DIGITS]) -> String {
    let mut digits = places.iter().map(|place| place.at).zip(other).peekable();
    words
        .char_indices()
        .map(|(at, c)| match digits.next_if(|(place, _)| *place == at) {
            Some((_, digit)) => char::from(b'0' + digit),
            None => c,
        })
        .collect()
}

/// The number of an attempt for these digits.
fn draw(keys: &ScopedKeys, digits: &[u8; HEALTH_DIGITS], attempt: u32) -> Option<[u8; HEALTH_DIGITS]> {
    (0..DRAWS).find_map(|draw| {
        let mac = keys
            .mac(Purpose::Format, &[b"health number", digits.as_slice(), &attempt.to_be_bytes(), &[draw]]);
        let value = mac.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte));
        in_range((value % u64::from(FREE)) as u32).filter(|other| other != digits)
    })
}

/// `999`, six digits and their check digit, where there is one.
fn in_range(free: u32) -> Option<[u8; HEALTH_DIGITS]> {
    let mut digits = [9; HEALTH_DIGITS];
    let mut rest = free;
    for digit in digits.iter_mut().skip(3).take(6).rev() {
        *digit = (rest % 10) as u8;
        rest /= 10;
    }
    // NHS Data Dictionary, «NHS NUMBER»: weights 10 to 2, and 11 is written 0.
    let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    digits[HEALTH_DIGITS - 1] = match 11 - sum % 11 {
        11 => 0,
        10 => return None,
        check => check as u8,
    };
    // Ten times the same digit is taken for no number at all.
    digits.iter().any(|digit| *digit != 9).then_some(digits)
}

/// The six free digits as a number.
fn free(digits: &[u8; HEALTH_DIGITS]) -> u32 {
    digits.iter().skip(3).take(6).fold(0, |free, digit| free * 10 + u32::from(*digit))
}

/// The length of a keyed hash of a number in the state; at 128 bits two of a million collide with 1.5 in 10^27.
const HASH_LEN: usize = 16;
const ENTRY_LEN: usize = HASH_LEN + 4;
/// Even where nine of ten numbers are given, the chance that so many attempts find no free one is 10^-46.
const ATTEMPTS: u32 = 1_000;

/// The health numbers given so far in one scope, so that different patients get different ones.
///
/// A number is given the first of its attempts ([`health_number`]) that no number before it was given, and keeps it. So
/// the results depend on the order in which numbers are first seen, and on nothing else. No result is a number that
/// was seen before as an original; data with originals from the range 999 may still bring one later that was given
/// already.
///
/// The originals are kept as keyed hashes alone, the results as numbers. A state goes with one [`ScopedKeys`]: under
/// another, every number is a new one.
///
/// ```
/// use presend_redact::format::HealthNumbers;
/// use presend_redact::{Key, KeyRing, Scope};
///
/// let keys = KeyRing::new(1, Key::new(*b"an example; take 32 random bytes")).scoped(Scope::Archive, b"2026");
/// let mut numbers = HealthNumbers::new();
/// let given = numbers.give(&keys, "999 123 4004");
/// assert_eq!(given, numbers.give(&keys, "999 123 4004"));
/// assert_ne!(given, numbers.give(&keys, "999 123 4012"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HealthNumbers {
    /// By keyed hash of the original, the free digits of what was given for it.
    given: BTreeMap<[u8; HASH_LEN], u32>,
    /// The free digits of all that was given.
    taken: BTreeSet<u32>,
}

impl fmt::Debug for HealthNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HealthNumbers").field("given", &self.given.len()).finish()
    }
}

impl HealthNumbers {
    /// A scope's start: nothing given yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many different numbers were given.
    #[must_use]
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// Whether none was given yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// The number in place of an NHS, CHI or Health and Care number; no two different ones get the same.
    ///
    /// Returns `None` where [`health_number`] does, and where a thousand attempts find no number that is free, which
    /// is to be expected only when nearly all 909,090 are given.
    pub fn give(&mut self, keys: &ScopedKeys, words: &str) -> Option<String> {
        let (places, digits) = read_health_number(words)?;
        let seen = hash(keys, &digits);
        let given = match self.given.get(&seen) {
            Some(given) => in_range(*given)?,
            None => {
                let other =
                    (0..ATTEMPTS).filter_map(|attempt| draw(keys, &digits, attempt)).find(|other| {
                        !self.taken.contains(&free(other)) && !self.given.contains_key(&hash(keys, other))
                    })?;
                self.given.insert(seen, free(&other));
                self.taken.insert(free(&other));
                other
            }
        };
        Some(write_health_number(words, &places, &given))
    }

    /// Whether the words are a number that was given for another, for leaving it alone on a second pass.
    #[must_use]
    pub fn gave(&self, words: &str) -> bool {
        read_health_number(words).is_some_and(|(_, digits)| {
            self.taken.contains(&free(&digits)) && in_range(free(&digits)) == Some(digits)
        })
    }

    /// The state as bytes, 20 for each number given, to be sealed ([`crate::seal`]) and kept.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.given.len() * ENTRY_LEN);
        for (hash, given) in &self.given {
            bytes.extend_from_slice(hash);
            bytes.extend_from_slice(&given.to_be_bytes());
        }
        bytes
    }

    /// The state that [`Self::to_bytes`] wrote; `None` where the bytes are no such state.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (entries, rest) = bytes.as_chunks::<ENTRY_LEN>();
        let mut numbers = Self::new();
        for entry in entries {
            let (hash, given) = entry.split_first_chunk::<HASH_LEN>()?;
            let given = u32::from_be_bytes(given.try_into().ok()?);
            let is_number = given < FREE && in_range(given).is_some();
            if !is_number || !numbers.taken.insert(given) || numbers.given.insert(*hash, given).is_some() {
                return None;
            }
        }
        rest.is_empty().then_some(numbers)
    }
}

/// What is kept of an original number.
fn hash(keys: &ScopedKeys, digits: &[u8; HEALTH_DIGITS]) -> [u8; HASH_LEN] {
    let mac = keys.mac(Purpose::Format, &[b"health number seen", digits.as_slice()]);
    let mut hash = [0; HASH_LEN];
    for (place, byte) in hash.iter_mut().zip(mac) {
        *place = byte;
    }
    hash
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::keys::tests::keys;

    /// The key of NIST's samples for AES-256.
    const NIST: [u8; 32] = [
        0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c, 0xef,
        0x43, 0x59, 0xd8, 0xd5, 0x80, 0xaa, 0x4f, 0x7f, 0x03, 0x6d, 0x6f, 0x04, 0xfc, 0x6a, 0x94,
    ];

    fn numerals(text: &str) -> Vec<u16> {
        text.chars().map(|c| c.to_digit(36).unwrap() as u16).collect()
    }

    #[test]
    fn ff1_is_that_of_the_standard() {
        // NIST, «FF1samples.pdf», samples 7 to 9, those for AES-256.
        let key = Key::new(NIST);
        for (radix, tweak, plain, encrypted) in [
            (10, "", "0123456789", "6657667009"),
            (10, "9876543210", "0123456789", "1001623463"),
            (36, "7777pqrs777", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
        ] {
            let there = ff1(&key, radix, tweak.as_bytes(), numerals(plain), Way::There).unwrap();
            assert_eq!(there, numerals(encrypted));
            assert_eq!(ff1(&key, radix, tweak.as_bytes(), there, Way::Back).unwrap(), numerals(plain));
        }
        assert_eq!(ff1(&key, 10, b"", numerals("12345"), Way::There), None);
    }

    /// Digits as 9, letters as `a` and `A`.
    fn shape(text: &str) -> String {
        text.chars()
            .map(|c| match c {
                '0'..='9' => '9',
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                other => other,
            })
            .collect()
    }

    #[test]
    fn numbers_keep_their_format_and_lead_back() {
        let keys = keys("a");
        for (label, words) in [
            (Label::Phone, "07700 900617"),
            (Label::Phone, "+44 (0)7700\u{a0}900\u{2011}617"),
            (Label::Mrn, "RX 004/21"),
            (Label::Mrn, "123456"),
            (Label::NiNumber, "qq 12 34 56 C"),
            (Label::VehicleRegistration, "YT61 KVO"),
            (Label::Passport, "129774502"),
            (Label::BankAccount, "GB96 NWBK 9208 6828 8909 31"),
            (Label::BankAccount, "20-44-17"),
            (Label::DrivingLicence, "ZEQQA 657054 SM9IJ"),
            (Label::OtherId, "abcde"),
            (Label::DeviceId, "(01)05054177001235(17)280401(10)0455091(21)0044172"),
        ] {
            let written = preserve(&keys, label, words).unwrap();
            assert_ne!(written, words);
            assert_eq!(shape(&written), shape(words));
            assert_eq!(restore(&keys, label, &written).unwrap(), words);
            assert_ne!(preserve(&self::keys("b"), label, words).unwrap(), written);
        }
        assert_ne!(preserve(&keys, Label::Mrn, "123456"), preserve(&keys, Label::OtherId, "123456"));
    }

    #[test]
    fn numbers_are_written_as_documented() {
        // Worked out by another implementation of HKDF, FF1 and the walk, in Python. They are not to change: data
        // already written would no longer match.
        let keys = keys("a");
        for (label, words, written) in [
            (Label::Phone, "07700 900617", "18204 524179"),
            (Label::VehicleRegistration, "YT61 KVO", "LK35 MBH"),
            (Label::BankAccount, "GB96 NWBK 9208 6828 8909 31", "PJ79 XZCP 3968 0382 3484 61"),
            (Label::OtherId, "abcDEfg", "jghRJnz"),
        ] {
            assert_eq!(preserve(&keys, label, words).unwrap(), written);
        }
        assert_eq!(health_number(&keys, "999 123 4004", 0).unwrap(), "999 144 8799");
        assert_eq!(health_number(&keys, "999 123 4004", 1).unwrap(), "999 426 1304");
    }

    #[test]
    fn spelling_does_not_matter() {
        let keys = keys("a");
        let plain = |words| -> String {
            let written = preserve(&keys, Label::NiNumber, words).unwrap();
            written.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
        };
        assert_eq!(plain("QQ 12 34 56 C"), plain("qq123456c"));
    }

    #[test]
    fn what_is_weak_or_would_show_is_not_written() {
        let keys = keys("a");
        let too_long = "1".repeat(MOST_PLACES + 1);
        let too_large = "A1".repeat(16);
        for (label, words) in [
            (Label::Phone, "12345"),
            (Label::Mrn, "abcd"),
            (Label::Mrn, "AB123"),
            (Label::Mrn, ""),
            (Label::Mrn, "--"),
            (Label::Phone, "0７700 900617"),
            (Label::Mrn, "É123456789"),
            (Label::Mrn, &too_long),
            (Label::Mrn, &too_large),
            (Label::Person, "Doris Ekwueme"),
            (Label::Email, "doris@example.org"),
            (Label::Date, "12/03/2026 12"),
            (Label::NhsNumber, "999 123 400"),
            (Label::NhsNumber, "NHS 999 123 4004"),
        ] {
            assert_eq!(preserve(&keys, label, words), None, "{label} {words}");
        }
        // The least that is allowed: 10^6, 26^5, 26 · 26 · 10^4; and the most.
        let longest = "1".repeat(MOST_PLACES);
        for words in ["123456", "abcde", "AB1234", &longest, &"A1".repeat(15)] {
            assert!(preserve(&keys, Label::Mrn, words).is_some(), "{words}");
        }
    }

    #[test]
    fn a_number_that_ff1_leaves_in_place_is_not_written() {
        // The first of two such numbers of six digits under this key and label.
        let (keys, fixed) = (keys("a"), "609413");
        let places = places(Label::Phone, fixed).unwrap();
        let values: Vec<_> = places.iter().map(|numeral| numeral.value).collect();
        assert_eq!(permute(&keys, Label::Phone, &places, Way::There).unwrap(), values);
        assert_eq!(preserve(&keys, Label::Phone, fixed), None);
        assert_eq!(restore(&keys, Label::Phone, fixed), None);
    }

    #[test]
    fn different_numbers_stay_different() {
        let keys = keys("a");
        let count = 5_000;
        let of = |number: u32| preserve(&keys, Label::Mrn, &format!("A{number:06}"));
        let written: BTreeSet<_> = (0..count).filter_map(of).collect();
        assert_eq!(written.len(), count as usize);
    }

    #[test]
    fn the_luhn_check_is_the_known_one() {
        let digits = |text: &str| numerals(text).into_iter();
        assert!(passes_luhn(digits("79927398713")));
        for last in [0, 1, 2, 4, 5, 6, 7, 8, 9] {
            assert!(!passes_luhn(digits(&format!("7992739871{last}"))));
        }
    }

    #[test]
    fn no_card_number_is_one() {
        // Whatever FF1 gave, the result fails Luhn and is not the original.
        for original in ["4929 0000 0000 6", "4929 0000 0000 7"] {
            let places = places(Label::PaymentCard, original).unwrap();
            for last in 0..10 {
                let mut values: Vec<_> = places.iter().map(|numeral| numeral.value).collect();
                *values.last_mut().unwrap() = last;
                break_luhn(&mut values, &places);
                assert!(!passes_luhn(values.iter().copied()));
                assert!(write(original, &places, &values).is_some());
            }
        }
    }

    fn passes_modulus_11(digits: &[u8; 10]) -> bool {
        let sum: u32 =
            digits.iter().zip((1..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        sum.is_multiple_of(11)
    }

    #[test]
    fn the_range_has_as_many_numbers_as_documented() {
        let numbers: Vec<_> = (0..FREE).filter_map(in_range).collect();
        assert_eq!(numbers.len(), 909_090);
        assert!(numbers.iter().all(passes_modulus_11));
        assert!(numbers.iter().all(|digits| digits.starts_with(&[9, 9, 9])));
        assert!(
            (0..FREE)
                .filter_map(|free| in_range(free).map(|digits| (free, digits)))
                .all(|(n, d)| free(&d) == n)
        );
    }

    #[test]
    fn health_numbers_keep_separators_and_lose_the_date() {
        let keys = keys("a");
        let bare = health_number(&keys, "9991234004", 0).unwrap();
        for (words, shape) in [
            ("999 123 4004", "... ... ...."),
            ("999-123-4004", "...-...-...."),
            ("９９９\u{a0}1234004", "...\u{a0}......."),
            ("99 91 23 40 04", ".. .. .. .. .."),
        ] {
            let written = preserve(&keys, Label::NhsNumber, words).unwrap();
            let shown: String = written.chars().map(|c| if c.is_ascii_digit() { '.' } else { c }).collect();
            assert_eq!(shown, shape);
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            assert_eq!(digits, bare);
        }
        assert_eq!(preserve(&keys, Label::ChiNumber, "9991234004").unwrap(), bare);
        assert_eq!(health_number(&keys, "999 o79 244s", 0), health_number(&keys, "999 079 2445", 0));
        assert_eq!(restore(&keys, Label::NhsNumber, &bare), None);
        let attempts: BTreeSet<_> =
            (0..20).map(|attempt| health_number(&keys, "9991234004", attempt)).collect();
        assert_eq!(attempts.len(), 20);
    }

    /// One of 10,000 different numbers of the range.
    fn original(at: u32) -> String {
        // One in eleven has no check digit, so that the next one is taken.
        let digits = (0..).filter_map(|step| in_range((at * 99 + step) % FREE)).next().unwrap();
        digits.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    #[test]
    fn ten_thousand_patients_get_ten_thousand_numbers() {
        let keys = keys("a");
        let mut numbers = HealthNumbers::new();
        // Any ten digits: CHI numbers and the like need not be of the range 999.
        let originals: Vec<String> =
            (0..10_000_u64).map(|at| format!("{:010}", at * 104_729 + 101_000_000)).collect();
        let given: BTreeSet<_> = originals.iter().map(|words| numbers.give(&keys, words).unwrap()).collect();
        assert_eq!((given.len(), numbers.len()), (10_000, 10_000));
        // Some 55 pairs would have met without the state.
        let alone: BTreeSet<_> =
            originals.iter().map(|words| health_number(&keys, words, 0).unwrap()).collect();
        assert!((20..100).contains(&(10_000 - alone.len())), "{}", alone.len());
        // Seen again, in another order, and after the state was kept.
        let mut kept = HealthNumbers::from_bytes(&numbers.to_bytes()).unwrap();
        assert!(kept == numbers);
        for words in originals.iter().rev().step_by(7) {
            assert_eq!(kept.give(&keys, words), numbers.give(&keys, words));
        }
        assert!(given.iter().all(|words| numbers.gave(words)));
        assert!(!originals.iter().any(|words| numbers.gave(words)));
    }

    #[test]
    fn no_number_of_the_range_gets_one_that_was_seen() {
        let keys = keys("a");
        let mut numbers = HealthNumbers::new();
        let mut seen = BTreeSet::new();
        for at in 0..10_000 {
            let words = original(at);
            let given = numbers.give(&keys, &words).unwrap();
            assert!(seen.insert(words), "the test's originals differ");
            assert!(!seen.contains(&given));
        }
    }

    #[test]
    fn a_state_of_other_bytes_is_none() {
        let keys = keys("a");
        let mut numbers = HealthNumbers::new();
        for at in 0..3 {
            numbers.give(&keys, &original(at)).unwrap();
        }
        let bytes = numbers.to_bytes();
        assert_eq!(bytes.len(), 3 * ENTRY_LEN);
        assert!(HealthNumbers::from_bytes(&[]).unwrap().is_empty());
        assert!(HealthNumbers::from_bytes(&bytes[1..]).is_none());
        assert!(HealthNumbers::from_bytes(&[&bytes[..], &bytes[..ENTRY_LEN]].concat()).is_none());
        let mut out_of_range = bytes.clone();
        out_of_range[HASH_LEN] = 1;
        assert!(HealthNumbers::from_bytes(&out_of_range).is_none());
        let shown: String = numbers.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!shown.contains(&original(0)));
        assert_eq!(format!("{numbers:?}"), "HealthNumbers { given: 3 }");
    }

    fn number_labels() -> impl Strategy<Value = Label> {
        let labels = Label::ALL.iter().copied().filter(|label| {
            form(*label) == Form::Number && !label.is_health_number() && *label != Label::PaymentCard
        });
        proptest::sample::select(labels.collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn any_number_leads_back(
            label in number_labels(),
            words in "[0-9 -]{6,24}|[A-Za-z0-9 ./-]{6,24}|[A-Z]{2}[0-9]{4,8}|[a-z]{5,8}|\\PC{0,12}",
        ) {
            if let Some(written) = preserve(&keys("a"), label, &words) {
                prop_assert_ne!(&written, &words);
                prop_assert_eq!(shape(&written), shape(&words));
                prop_assert_eq!(restore(&keys("a"), label, &written), Some(words));
            }
        }

        #[test]
        fn any_card_number_fails_luhn(words in "[0-9]{4}( ?[0-9]{4}){2} ?[0-9]{1,7}") {
            let written = preserve(&keys("a"), Label::PaymentCard, &words).unwrap();
            prop_assert_ne!(&written, &words);
            prop_assert_eq!(shape(&written), shape(&words));
            prop_assert!(!passes_luhn(written.chars().filter_map(|c| c.to_digit(10)).map(|digit| digit as u16)));
            prop_assert_eq!(restore(&keys("a"), Label::PaymentCard, &written), None);
        }

        #[test]
        fn any_ten_digits_become_a_test_number(
            words in "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}|999[0-9]{7}",
            attempt in any::<u32>(),
        ) {
            let written = health_number(&keys("a"), &words, attempt).unwrap();
            prop_assert_ne!(&written, &words);
            prop_assert_eq!(shape(&written), shape(&words));
            let (_, digits) = read_health_number(&written).unwrap();
            prop_assert!(passes_modulus_11(&digits));
            prop_assert!(written.starts_with("999"));
        }
    }
}
