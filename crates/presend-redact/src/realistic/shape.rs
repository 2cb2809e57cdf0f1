//! References: digits for digits and letters for letters.

use presend_detect::Label;
use presend_detect::dictionary::{Class, Dictionary};

use super::draw::Draw;
use super::style::{self, Pour};

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const HEX_LETTERS: &[u8] = b"abcdef";
/// Letters that no vehicle's three random letters hold.
const NEVER_ON_A_PLATE: [char; 2] = ['q', 'i'];
/// A reference of fewer characters cannot differ from the original in many.
const LONG: usize = 4;

/// Whether a reference is told in words: "double four zero nine". It has no shape to keep.
pub(super) fn is_spoken(words: &str) -> bool {
    let spaced = style::spaced(words);
    spaced.split(' ').any(|word| Dictionary::embedded().lookup(word).has(Class::NumberWord))
}

/// Draws a reference of the same shape; `None` where it comes out too like the original.
///
/// What would be valid is spoilt where that can be told: a card number or another number of 12 digits or more fails
/// Luhn's check, ten digits fail Modulus 11 (they would be an NHS number), a National Insurance number starts with QQ, an
/// IBAN has the check digits 00, and a plate has a letter that plates do not.
pub(super) fn reference(compact: &str, label: Label, draw: &mut Draw<'_>) -> Option<String> {
    let original: Vec<char> = compact.chars().collect();
    let is_hex = |c: &char| c.is_ascii_digit() || matches!(c, 'a'..='f');
    let letters = if original.len() >= 8 && original.iter().all(is_hex) { HEX_LETTERS } else { LETTERS };
    let mut drawn: Vec<char> = original
        .iter()
        .map(|c| if c.is_ascii_digit() { draw.digit() } else { draw.letter(letters) })
        .collect();
    spoil(&mut drawn, &original, label);
    let same = drawn.iter().zip(&original).filter(|(one, other)| one == other).count();
    let differs = if original.len() < LONG { same < original.len() } else { 2 * same <= original.len() };
    differs.then(|| drawn.into_iter().collect())
}

/// Writes a drawn reference with the marks and the case of the original.
pub(super) fn write(words: &str, drawn: &str) -> String {
    let mut drawn = drawn.chars();
    style::pour(words, |c| {
        if c.is_alphanumeric() { drawn.next().map_or(Pour::Drop, Pour::Write) } else { Pour::Keep }
    })
}

fn spoil(drawn: &mut [char], original: &[char], label: Label) {
    let digits = drawn.iter().filter(|c| c.is_ascii_digit()).count();
    match (label, &mut *drawn) {
        (Label::NiNumber, [a, b, rest @ ..])
            if !a.is_ascii_digit() && !b.is_ascii_digit() && rest.len() > 5 =>
        {
            (*a, *b) = ('q', 'q');
        }
        (Label::BankAccount, [a, b, c, d, rest @ ..])
            if !a.is_ascii_digit() && !b.is_ascii_digit() && c.is_ascii_digit() && rest.len() > 8 =>
        {
            (*c, *d) = ('0', '0');
        }
        (Label::VehicleRegistration, [.., last]) if !last.is_ascii_digit() => {
            let [never, other] = NEVER_ON_A_PLATE;
            *last = if original.last() == Some(&never) { other } else { never };
        }
        _ => {}
    }
    let all_digits = digits == drawn.len();
    let is_valid = (all_digits && digits >= 12 && is_luhn(drawn))
        || (all_digits && digits == 10 && is_modulus_11(drawn));
    if is_valid && let Some(last) = drawn.last_mut() {
        let digit = last.to_digit(10).unwrap_or(0);
        *last = char::from_digit((digit + 1) % 10, 10).unwrap_or('0');
    }
}

/// Luhn's check, as on payment cards.
fn is_luhn(digits: &[char]) -> bool {
    let value = |(at, c): (usize, &char)| {
        let digit = c.to_digit(10).unwrap_or(0);
        if at % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
    };
    digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

/// Modulus 11, as in NHS numbers.
fn is_modulus_11(digits: &[char]) -> bool {
    let weights = (1..=10).rev();
    let sum: u32 = digits.iter().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight).sum();
    sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::super::draw::Key;
    use super::*;

    /// The first attempt that is let pass.
    fn drawn(words: &str, label: Label, key: u8) -> String {
        let key = Key::new(&[key; 32]);
        let compact = style::compact(words);
        let found = (0..50).find_map(|attempt| {
            reference(&compact, label, &mut Draw::new(&key, label.name(), &compact, attempt))
        });
        write(words, &found.expect("50 attempts"))
    }

    /// 9 for a digit, A or a for a letter, anything else as it stands.
    fn shape(words: &str) -> String {
        words
            .chars()
            .map(|c| match c {
                '0'..='9' => '9',
                'A'..='Z' => 'A',
                'a'..='z' => 'a',
                other => other,
            })
            .collect()
    }

    #[test]
    fn references_keep_their_shape() {
        for (words, label) in [
            ("K204417", Label::Mrn),
            ("RXH 0044-17/b", Label::Mrn),
            ("W-12345", Label::OtherId),
            ("12-34-56", Label::BankAccount),
            ("00:1A:2b:3C:4d:5E", Label::DeviceId),
            ("7", Label::OtherId),
        ] {
            for key in 0..20 {
                let written = drawn(words, label, key);
                assert_eq!(shape(&written), shape(words));
                assert_ne!(written, words);
            }
        }
        assert!(
            drawn("00:1A:2b:3C:4d:5E", Label::DeviceId, 1).chars().all(|c| c == ':' || c.is_ascii_hexdigit())
        );
    }

    #[test]
    fn what_could_be_valid_is_spoilt() {
        for key in 0..60 {
            let card: Vec<char> =
                drawn("4929 1234 5678 9015", Label::PaymentCard, key).replace(' ', "").chars().collect();
            assert!(!is_luhn(&card));
            let ten: Vec<char> =
                drawn("999 123 4004", Label::OtherId, key).replace(' ', "").chars().collect();
            assert!(!is_modulus_11(&ten));
            assert!(drawn("AB 12 34 56 C", Label::NiNumber, key).starts_with("QQ "));
            assert!(drawn("GB29 NWBK 6016 1331 9268 19", Label::BankAccount, key).get(2..5) == Some("00 "));
            assert!(drawn("AB12 CDE", Label::VehicleRegistration, key).ends_with('Q'));
            assert!(drawn("AB12 CDQ", Label::VehicleRegistration, key).ends_with('I'));
        }
        let of = |digits: &str| digits.chars().collect::<Vec<_>>();
        assert!(is_luhn(&of("4242424242424242")) && !is_luhn(&of("4242424242424243")));
        assert!(is_modulus_11(&of("9991234004")) && !is_modulus_11(&of("9991234005")));
    }
}
