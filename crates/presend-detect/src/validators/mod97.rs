//! ISO 7064 Mod 97-10 as ISO 13616 uses it for the IBAN.

use super::{Candidate, Verdict};

/// The length of an IBAN by its country, for the countries of the SEPA area and those whose staff and families the NHS
/// pays most; from the registry of ISO 13616. Other countries count with any length from 15 to 34.
const LENGTHS: &[(&str, usize)] = &[
    ("ad", 24),
    ("ae", 23),
    ("at", 20),
    ("be", 16),
    ("bg", 22),
    ("ch", 21),
    ("cy", 28),
    ("cz", 24),
    ("de", 22),
    ("dk", 18),
    ("ee", 20),
    ("es", 24),
    ("fi", 18),
    ("fr", 27),
    ("gb", 22),
    ("gi", 23),
    ("gr", 27),
    ("hr", 21),
    ("hu", 28),
    ("ie", 22),
    ("is", 26),
    ("it", 27),
    ("li", 21),
    ("lt", 20),
    ("lu", 20),
    ("lv", 21),
    ("mc", 27),
    ("mt", 31),
    ("nl", 18),
    ("no", 15),
    ("pk", 24),
    ("pl", 28),
    ("pt", 25),
    ("ro", 24),
    ("sa", 24),
    ("se", 24),
    ("si", 19),
    ("sk", 24),
    ("sm", 27),
    ("tr", 26),
    ("ua", 29),
];

/// Whether the letters and digits leave 1 modulo 97 with the first four at the end, letters counting from 10.
fn passes(characters: &[u8]) -> bool {
    let (head, tail) = characters.split_at(characters.len().min(4));
    let mut remainder = 0_u32;
    for character in tail.iter().chain(head) {
        remainder = match character {
            b'0'..=b'9' => remainder * 10 + u32::from(character - b'0'),
            b'a'..=b'z' => remainder * 100 + u32::from(character - b'a') + 10,
            _ => return false,
        } % 97;
    }
    remainder == 1
}

/// An IBAN.
pub(crate) fn iban(candidate: &Candidate<'_>) -> Verdict {
    let characters: Vec<u8> = candidate.as_str().bytes().filter(u8::is_ascii_alphanumeric).collect();
    let country = candidate.as_str().get(..2).unwrap_or_default();
    let length = LENGTHS.iter().find(|(known, _)| *known == country).map(|(_, length)| *length);
    let right_length =
        length.map_or((15..=34).contains(&characters.len()), |length| characters.len() == length);
    match (right_length, length.is_some(), passes(&characters)) {
        (true, _, true) => Verdict::Valid("modulus 97 holds"),
        (true, true, false) => Verdict::Doubtful("modulus 97 does not hold"),
        _ => Verdict::Reject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Verdict {
        iban(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn ibans() {
        for text in ["gb96 nwbk 9208 6828 8909 31", "ie29aibk93115212345678", "de89 3704 0044 0532 0130 00"] {
            assert!(matches!(judged(text), Verdict::Valid(_)), "{text}");
        }
        assert!(matches!(judged("gb97 nwbk 9208 6828 8909 31"), Verdict::Doubtful(_)));
        assert!(matches!(judged("gb96 nwbk 9208 6828 8909"), Verdict::Reject));
    }

    #[test]
    fn countries_are_sorted() {
        assert!(LENGTHS.is_sorted());
    }
}
