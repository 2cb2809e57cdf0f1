//! Driving licence numbers of Great Britain.
//!
//! Source: DVLA's driver number: five letters of the surname filled up with 9; the birth year's tens, the month (plus 50 for
//! a woman), the day and the year's units; two initials, 9 for none; one digit or letter that tells twins apart; two
//! check characters whose algorithm is not published.

use super::{Candidate, Verdict};

/// A GB driver number of 16 characters, with or without the two digits of the issue number.
pub(crate) fn driver_number(candidate: &Candidate<'_>) -> Verdict {
    let characters: Vec<u8> = candidate.as_str().bytes().filter(u8::is_ascii_alphanumeric).collect();
    let (Some(surname), Some(born), Some(initials), Some(check)) =
        (characters.get(..5), characters.get(5..11), characters.get(11..13), characters.get(13..16))
    else {
        return Verdict::Reject;
    };
    let letters = surname.iter().take_while(|character| character.is_ascii_lowercase()).count();
    let name_fits = letters > 0 && surname.iter().skip(letters).all(|character| *character == b'9');
    let initials_fit = initials[0] != b'9' || initials[1] == b'9';
    let initials_fit =
        initials_fit && initials.iter().all(|character| character.is_ascii_lowercase() || *character == b'9');
    let number = |from: usize| {
        born.get(from..from + 2)
            .filter(|pair| pair.iter().all(u8::is_ascii_digit))
            .map_or(100, |pair| u32::from(pair[0] - b'0') * 10 + u32::from(pair[1] - b'0'))
    };
    let (month, day) = (number(1), number(3));
    let month = if month > 50 { month - 50 } else { month };
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let check_fits = check[0].is_ascii_alphanumeric() && check[1..].iter().all(u8::is_ascii_lowercase);
    if !name_fits || !born.iter().all(u8::is_ascii_digit) {
        return Verdict::Reject;
    }
    if (1..=days).contains(&day) && initials_fit && check_fits {
        Verdict::Valid("name, birth date and initials stand where DVLA puts them")
    } else {
        Verdict::Doubtful("the form is a driver number's and the birth date in it is no date")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Verdict {
        driver_number(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn driver_numbers() {
        // A woman's month, a short name with one initial, spaces, an issue number.
        for text in ["zeqqa657054sm9ij", "fo999806131a99xy", "ozdem 707245 m99 cv", "zeqqa657054sm9ij35"] {
            assert!(matches!(judged(text), Verdict::Valid(_)), "{text}");
        }
        assert!(matches!(judged("zeqqa613324sm9ij"), Verdict::Doubtful(_)));
        assert_eq!(judged("z9qqa657054sm9ij"), Verdict::Reject);
        assert_eq!(judged("zeqqa65705"), Verdict::Reject);
    }
}
