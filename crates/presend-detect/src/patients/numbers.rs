//! Numbers: how they are hashed, and how they are found in a message.

use super::builder::{ID, ID_BITS};
use super::pieces::Pieces;
use super::record::NumberKind;
use super::{PatientList, Person};

/// A number of fewer characters is not listed.
const SHORTEST: usize = 4;
/// The longest number that is listed, in characters.
const LONGEST: usize = 20;
/// Numbers of one length are rare enough to count without support where at most one in so many of all numbers of that
/// length is listed.
const RARE: f64 = 1000.0;
/// The most groups of digits or letters that one number is written in: ten digits one by one.
const MOST_GROUPS: usize = 12;

/// What a number's entry says beside the patient.
fn kind_of(payload: u32) -> NumberKind {
    NumberKind::ALL.get((payload >> ID_BITS) as usize).copied().unwrap_or(NumberKind::Other)
}

/// Writes the characters under which a number is hashed; whether it has enough of them.
pub(super) fn canonical(kind: NumberKind, pieces: &Pieces, into: &mut Vec<u8>) -> bool {
    into.clear();
    if let Some(last) = pieces.list().len().checked_sub(1) {
        into.extend_from_slice(pieces.joined(0, last).as_bytes());
    }
    let is_digits = into.iter().all(u8::is_ascii_digit);
    match kind {
        NumberKind::Chi if is_digits && into.len() == 9 => into.insert(0, b'0'),
        NumberKind::Phone if is_digits => {
            if let Some(length) = national(into).map(<[u8]>::len) {
                into.splice(..into.len() - length, *b"0");
            } else if into.len() == 10 && into.first() != Some(&b'0') {
                into.insert(0, b'0');
            }
        }
        _ => {}
    }
    (SHORTEST..=LONGEST).contains(&into.len()) && into.iter().any(u8::is_ascii_digit)
}

/// The digits of a UK phone number after its country code, where it has one.
fn national(digits: &[u8]) -> Option<&[u8]> {
    let digits = digits.strip_prefix(b"00").unwrap_or(digits).strip_prefix(b"44")?;
    let digits = digits.strip_prefix(b"0").unwrap_or(digits);
    matches!(digits.len(), 9 | 10).then_some(digits)
}

/// Whether ten digits pass Modulus 11 with weights 10 to 2, as NHS, CHI and H&C numbers do.
fn check_digit_holds(digits: &[u8]) -> bool {
    let sum: u32 =
        digits.iter().zip((1..=10).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum.is_multiple_of(11)
}

/// How many numbers of each length are listed.
#[derive(Clone, Copy, Default)]
pub(super) struct Lengths {
    /// Digits alone.
    digits: [u32; LONGEST + 1],
    /// Digits and letters.
    mixed: [u32; LONGEST + 1],
    /// By length in digits: whether so many are listed that a number might be on the list by chance.
    crowded: [bool; LONGEST + 1],
}

impl Lengths {
    pub(super) fn add(&mut self, number: &[u8]) {
        let is_digits = number.iter().all(u8::is_ascii_digit);
        let counts = if is_digits { &mut self.digits } else { &mut self.mixed };
        if let Some(count) = counts.get_mut(number.len()) {
            *count = count.saturating_add(1);
        }
    }

    pub(super) fn finish(mut self) -> Self {
        for (length, (crowded, &count)) in self.crowded.iter_mut().zip(&self.digits).enumerate() {
            *crowded = f64::from(count) * RARE > 10_f64.powi(length as i32);
        }
        self
    }

    fn has(&self, length: usize, is_digits: bool) -> bool {
        let counts = if is_digits { &self.digits } else { &self.mixed };
        counts.get(length).is_some_and(|&count| count > 0)
    }
}

/// A number in a message that is on the list.
pub(super) struct NumberAt {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) kind: NumberKind,
    /// The patients whose number it is, at most [`NumberAt::MOST_PATIENTS`].
    pub(super) patients: Vec<Person>,
    /// Whether it is on the list but for one digit.
    pub(super) is_typo: bool,
    /// Whether by itself it might be on the list by chance.
    pub(super) needs_support: bool,
}

impl NumberAt {
    /// So many patients of one number are compared with the rest of the message.
    const MOST_PATIENTS: usize = 64;
}

impl PatientList {
    /// Finds the listed numbers of the message, from the left, none overlapping.
    pub(super) fn find_numbers(&self, pieces: &Pieces) -> Vec<NumberAt> {
        let mut found = Vec::new();
        if self.numbers.len() == 0 || !pieces.list().iter().any(|piece| piece.is_digits) {
            return found;
        }
        let mut at = 0;
        while at < pieces.list().len() {
            match self.number_at(pieces, at) {
                Some(number) => {
                    at = number.last + 1;
                    found.push(number);
                }
                None => at += 1,
            }
        }
        found
    }

    /// The longest listed number that starts at a piece.
    fn number_at(&self, pieces: &Pieces, first: usize) -> Option<NumberAt> {
        let list = pieces.list();
        let mut longest = None;
        let (mut digits, mut letters) = (0, 0);
        for (last, piece) in list.iter().enumerate().skip(first).take(MOST_GROUPS) {
            if last > first && !piece.gap.is_in_number() {
                break;
            }
            if piece.is_digits {
                digits += piece.len();
            } else {
                letters += piece.len();
            }
            if digits + letters > LONGEST + 3 {
                break;
            }
            if digits == 0 || !self.stands_alone(pieces, first, last, digits, letters) {
                continue;
            }
            if let Some(number) = self.number(pieces, first, last, letters == 0) {
                longest = Some(number);
            }
        }
        longest
    }

    /// Whether the pieces do not go on within the same word. Long numbers are often joined to a word: `NHS9990123459`.
    fn stands_alone(
        &self,
        pieces: &Pieces,
        first: usize,
        last: usize,
        digits: usize,
        letters: usize,
    ) -> bool {
        if letters == 0 && digits >= 9 {
            return true;
        }
        let touches = |index: usize| pieces.get(index).is_some_and(|piece| piece.gap.is_nothing());
        (first == 0 || !touches(first)) && !touches(last + 1)
    }

    fn number(&self, pieces: &Pieces, first: usize, last: usize, is_digits: bool) -> Option<NumberAt> {
        let text = pieces.joined(first, last).as_bytes();
        if self.lengths.has(text.len(), is_digits)
            && let Some(number) = self.exact_number(text, first, last)
        {
            return Some(number);
        }
        if !is_digits {
            return None;
        }
        if let Some(rest) = national(text) {
            let (mut digits, length) = ([b'0'; 11], rest.len() + 1);
            digits.iter_mut().skip(1).zip(rest).for_each(|(to, from)| *to = *from);
            return digits.get(..length).and_then(|digits| self.exact_number(digits, first, last));
        }
        self.mistyped_number(pieces, first, last)
    }

    fn exact_number(&self, text: &[u8], first: usize, last: usize) -> Option<NumberAt> {
        let mut entries = self.numbers.get(self.keyed.number(text)).take(NumberAt::MOST_PATIENTS).peekable();
        let kind = kind_of(*entries.peek()?);
        let mut best = kind;
        let patients = entries
            .map(|payload| {
                best = best.min(kind_of(payload));
                payload & ID
            })
            .collect();
        let is_digits = text.iter().all(u8::is_ascii_digit);
        let crowded = is_digits && self.lengths.crowded.get(text.len()).is_none_or(|&crowded| crowded);
        let short = text.iter().filter(|byte| byte.is_ascii_digit()).count() < 3 || text.len() < 5;
        let needs_support = crowded || short || best == NumberKind::Postcode;
        Some(NumberAt { first, last, kind: best, patients, is_typo: false, needs_support })
    }

    /// Ten digits whose check digit fails, and that are a listed number with one digit changed or two swapped.
    fn mistyped_number(&self, pieces: &Pieces, first: usize, last: usize) -> Option<NumberAt> {
        let mut digits: [u8; 10] = pieces.joined(first, last).as_bytes().try_into().ok()?;
        // Ten digits within a longer run of digits are no number.
        let goes_on =
            |index: usize| pieces.get(index).is_some_and(|piece| piece.is_digits && piece.gap.is_in_number());
        if !self.lengths.has(10, true) || check_digit_holds(&digits) || goes_on(last + 1) {
            return None;
        }
        if first > 0 && goes_on(first) && pieces.get(first - 1).is_some_and(|piece| piece.is_digits) {
            return None;
        }
        for place in 0..10 {
            let written = *digits.get(place)?;
            for digit in b'0'..=b'9' {
                *digits.get_mut(place)? = digit;
                if digit != written
                    && let Some(number) = self.meant(&digits, first, last)
                {
                    return Some(number);
                }
            }
            *digits.get_mut(place)? = written;
            if place > 0 {
                digits.swap(place - 1, place);
                if let Some(number) = self.meant(&digits, first, last) {
                    return Some(number);
                }
                digits.swap(place - 1, place);
            }
        }
        None
    }

    /// The listed number with a check digit that these digits are.
    fn meant(&self, digits: &[u8; 10], first: usize, last: usize) -> Option<NumberAt> {
        if !check_digit_holds(digits) {
            return None;
        }
        let number = self.exact_number(digits, first, last)?;
        number.kind.has_check_digit().then_some(NumberAt { is_typo: true, ..number })
    }
}
