//! ISO 7064 Mod 37-2: prescription ids of the Electronic Prescription Service and ISBT 128 donation numbers.
//!
//! Sources: NHS England FHIR guide, MedicationRequest `groupIdentifier` (short-form prescription id: six hexadecimal
//! digits, the organisation's code filled up to six with zeros, five hexadecimal digits and the check character, with
//! `+` for the standard's `*`); ICCBA, ISBT 128 Standard, donation identification number and its check character K.

use super::{Candidate, Verdict};

/// The value of a character: digits, then letters, then the one extra.
fn value(character: u8) -> Option<u32> {
    Some(match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        b'a'..=b'z' => u32::from(character - b'a') + 10,
        b'*' | b'+' => 36,
        _ => return None,
    })
}

/// Whether the last of the characters is the check character of those before it.
pub(crate) fn passes(characters: &[u8]) -> bool {
    let Some((check, body)) = characters.split_last() else { return false };
    let sum = body.iter().try_fold(0, |sum, character| Some((sum + value(*character)?) * 2 % 37));
    sum.zip(value(*check)).is_some_and(|(sum, check)| (sum + check) % 37 == 1)
}

fn characters(candidate: &Candidate<'_>) -> Vec<u8> {
    candidate.as_str().bytes().filter(|byte| value(*byte).is_some()).collect()
}

/// A prescription id of the Electronic Prescription Service.
pub(crate) fn prescription_id(candidate: &Candidate<'_>) -> Verdict {
    let characters = characters(candidate);
    let digits = characters.iter().filter(|character| character.is_ascii_digit()).count();
    if characters.len() != 18 || digits < 6 {
        return Verdict::Reject;
    }
    if passes(&characters) {
        Verdict::Valid("the check character holds (ISO 7064 Mod 37-2)")
    } else if candidate.as_str().contains(['-', ' ']) {
        Verdict::Plausible
    } else {
        Verdict::Doubtful("the check character does not hold")
    }
}

/// An ISBT 128 donation number that ends in its check character.
pub(crate) fn checked_donation_number(candidate: &Candidate<'_>) -> Verdict {
    match donation_number(candidate) {
        verdict @ Verdict::Valid(_) => verdict,
        _ => Verdict::Reject,
    }
}

/// An ISBT 128 donation number: facility (a letter or digit and four digits), year, six digits, and perhaps two flag
/// digits and the check character of the first thirteen.
pub(crate) fn donation_number(candidate: &Candidate<'_>) -> Verdict {
    let characters = characters(candidate);
    let (Some(number), rest) = (characters.get(..13), characters.get(13..).unwrap_or_default()) else {
        return Verdict::Reject;
    };
    let year = number.get(5..7).unwrap_or_default();
    if year.first().is_some_and(|tens| *tens > b'4') {
        return Verdict::Reject;
    }
    match rest.last() {
        Some(check) if passes(&[number, &[*check]].concat()) => {
            Verdict::Valid("the donation number's check character holds (ISO 7064 Mod 37-2)")
        }
        _ => Verdict::Plausible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, of: fn(&Candidate<'_>) -> Verdict) -> Verdict {
        of(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn prescription_ids() {
        // The first is the illustration of the NHS England guide named above.
        for text in
            ["83c40e-a23856-00123w", "9c41d7-a83008-04b2ex", "1f09ab 0y0341 0a1c3j", "7d9f31a830224c1b0y"]
        {
            assert!(matches!(judged(text, prescription_id), Verdict::Valid(_)), "{text}");
        }
        assert_eq!(judged("83c40e-a23856-00123x", prescription_id), Verdict::Plausible);
        assert!(matches!(judged("83c40ea2385600123x", prescription_id), Verdict::Doubtful(_)));
    }

    #[test]
    fn donation_numbers() {
        assert!(matches!(judged("g0813 24 551 902 f", donation_number), Verdict::Valid(_)));
        assert!(matches!(judged("g1014 25 337904 00 q", donation_number), Verdict::Valid(_)));
        assert_eq!(judged("g1014 25 337904 00 r", donation_number), Verdict::Plausible);
        assert_eq!(judged("g1014 25 337904 00 r", checked_donation_number), Verdict::Reject);
        assert_eq!(judged("g1014 25 337904", donation_number), Verdict::Plausible);
        assert_eq!(judged("g1014 75 337904", donation_number), Verdict::Reject);
    }
}
