//! The machine-readable line of a passport or residence card.
//!
//! Source: ICAO Doc 9303: weights 7, 3, 1 in turn, letters counting from 10, `<` as 0, modulo 10.

use super::{Candidate, Verdict};

fn check(field: &[u8]) -> u32 {
    field
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(character, weight)| {
            weight
                * match character {
                    b'0'..=b'9' => u32::from(character - b'0'),
                    b'a'..=b'z' => u32::from(character - b'a') + 10,
                    _ => 0,
                }
        })
        .sum::<u32>()
        % 10
}

/// The second line of a passport: number, nationality, birth date, sex and expiry, with a check digit after three of them.
pub(crate) fn machine_readable(candidate: &Candidate<'_>) -> Verdict {
    let line = candidate.as_str().as_bytes();
    let holds = |from: usize, to: usize| {
        line.get(from..to)
            .zip(line.get(to))
            .is_some_and(|(field, digit)| digit.is_ascii_digit() && check(field) == u32::from(digit - b'0'))
    };
    match [holds(0, 9), holds(13, 19), holds(21, 27)].into_iter().filter(|holds| *holds).count() {
        3 => Verdict::Valid("the check digits of the machine-readable line hold"),
        _ => Verdict::Plausible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        // The specimen of ICAO Doc 9303.
        let text = "l898902c36uto7408122f1204159ze184226b<<<<<10";
        assert!(matches!(
            machine_readable(&Candidate { text, start: 0, end: text.len() }),
            Verdict::Valid(_)
        ));
        let text = "l898902c46uto7408122f1204159ze184226b<<<<<10";
        assert_eq!(machine_readable(&Candidate { text, start: 0, end: text.len() }), Verdict::Plausible);
    }
}
