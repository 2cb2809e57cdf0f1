//! The Luhn check (ISO/IEC 7812-1, annex B): payment cards and the IMEI of a mobile device.

use super::around;
use super::{Candidate, Verdict};

/// Whether the digits pass the Luhn check.
pub(crate) fn passes(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let sum: u32 = digits
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(digit, doubled)| match (u32::from(digit), doubled) {
            (digit, false) => digit,
            (digit, true) if digit > 4 => digit * 2 - 9,
            (digit, true) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the first six digits and the length are those of a card scheme: Visa, Mastercard, Maestro, American Express,
/// Diners Club, Discover, JCB, UnionPay.
fn is_scheme(lead: u32, length: usize) -> bool {
    matches!(
        (lead, length),
        (400_000..=499_999, 13 | 16 | 18 | 19)
            | (222_100..=272_099 | 510_000..=559_999, 16)
            | (340_000..=349_999 | 370_000..=379_999, 15)
            | (300_000..=305_999 | 360_000..=369_999 | 380_000..=399_999, 14)
            | (352_800..=358_999 | 601_100..=601_199 | 644_000..=659_999, 16..=19)
            | (500_000..=509_999 | 560_000..=643_999 | 660_000..=699_999, 12..=19)
            | (810_000..=817_199, 16..=19)
    )
}

/// A payment card number.
pub(crate) fn payment_card(candidate: &Candidate<'_>) -> Verdict {
    let digits: Vec<u8> = candidate.digits().collect();
    let lead = digits.iter().take(6).fold(0, |value, digit| value * 10 + u32::from(*digit));
    let known = is_scheme(lead, digits.len());
    let even = digits.iter().any(|digit| Some(digit) != digits.first());
    if !even || around::names_other_thing(candidate) {
        return Verdict::Reject;
    }
    match (known, passes(digits.iter().copied())) {
        // Thirteen digits are a barcode more often than one of the old Visa cards, and twelve anything.
        (true, true) if digits.len() < 14 => {
            Verdict::Doubtful("the Luhn check holds and the number is short for a card")
        }
        (true, true) => Verdict::Valid("the Luhn check holds and the prefix is a card scheme's"),
        (false, true) => Verdict::Doubtful("the Luhn check holds and the prefix is no card scheme's"),
        (_, false) => Verdict::Doubtful("the Luhn check does not hold"),
    }
}

/// The IMEI of a mobile device: 15 digits that pass Luhn, of which the first two name the body that gave the type code.
pub(crate) fn imei(candidate: &Candidate<'_>) -> Verdict {
    let digits: Vec<u8> = candidate.digits().collect();
    let issuer = digits.iter().take(2).fold(0, |value, digit| value * 10 + u32::from(*digit));
    if digits.len() != 15 {
        return Verdict::Plausible;
    }
    match (
        matches!(issuer, 1 | 10 | 33 | 35 | 44 | 45 | 49..=54 | 86 | 91 | 98 | 99),
        passes(digits.into_iter()),
    ) {
        (true, true) => Verdict::Valid("the Luhn check holds and the first digits are an IMEI's"),
        (false, true) => Verdict::Doubtful("the Luhn check holds"),
        (_, false) => Verdict::Doubtful("the Luhn check does not hold"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, of: fn(&Candidate<'_>) -> Verdict) -> Verdict {
        of(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn cards() {
        assert!(matches!(judged("4111 1140 2614 0142", payment_card), Verdict::Valid(_)));
        assert!(matches!(judged("4111 1140 2614 0143", payment_card), Verdict::Doubtful(_)));
        assert!(matches!(judged("3782 825326 50205", payment_card), Verdict::Valid(_)));
        assert!(matches!(judged("6759113520561748332", payment_card), Verdict::Valid(_)));
        assert!(matches!(judged("0000 0000 0000 0000", payment_card), Verdict::Reject));
        // A shop's barcode (EAN-13).
        assert!(!matches!(judged("5014602377188", payment_card), Verdict::Valid(_)));
    }

    #[test]
    fn imeis() {
        assert!(matches!(judged("35-693803-801412-3", imei), Verdict::Valid(_)));
        assert!(matches!(judged("356938038014124", imei), Verdict::Doubtful(_)));
    }
}
