//! GS1 element strings: the unique device identifier (UDI) on implants and equipment.
//!
//! Source: GS1 General Specifications: application identifiers 01 (GTIN of 14 digits with a modulo 10 check digit), 11, 17
//! (dates), 10 (lot), 21 (serial number).

use super::{Candidate, Verdict};

/// Whether the GTIN's digits have weights 3 and 1 in turn summing to a multiple of ten.
fn gtin_passes(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let sum: u32 =
        digits.rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit) * weight).sum();
    sum.is_multiple_of(10)
}

/// A UDI that starts with application identifier 01, in brackets or not.
pub(crate) fn udi(candidate: &Candidate<'_>) -> Verdict {
    let digits: Vec<u8> = candidate.digits().skip(2).take(14).collect();
    let bracketed = candidate.as_str().starts_with('(');
    match (digits.len() == 14 && gtin_passes(digits.into_iter()), bracketed) {
        (true, _) => Verdict::Valid("the GTIN's check digit holds"),
        (false, true) => Verdict::Plausible,
        (false, false) => Verdict::Reject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Verdict {
        udi(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn udis() {
        assert!(matches!(judged("(01)05054177001235(21)abc123"), Verdict::Valid(_)));
        assert!(matches!(judged("010505417700123521abc123"), Verdict::Valid(_)));
        assert_eq!(judged("(01)05054177001236(21)abc123"), Verdict::Plausible);
        assert_eq!(judged("010505417700123621abc123"), Verdict::Reject);
    }
}
