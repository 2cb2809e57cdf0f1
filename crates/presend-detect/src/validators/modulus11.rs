//! Modulus 11 with weights 10 to 2: NHS, CHI and H&C numbers.
//!
//! Source: NHS Data Dictionary, "NHS NUMBER"; the ranges are those of the `nhs-number` package of PyPI, which collects
//! them from the issuing bodies: 400 000 0000 to 499 999 9999 and 600 000 0000 to 799 999 9999 are issued in England,
//! Wales and the Isle of Man, 320 000 0000 to 399 999 9999 are Northern Ireland's, 010 000 0000 to 311 299 9999
//! Scotland's, and those from 900 000 0000 are never issued; tests use the ones that start with 999.

use super::around;
use super::{Candidate, Verdict};

const HOLDS_ISSUED: Verdict = Verdict::Valid("Modulus 11 holds and the range is issued");
const HOLDS_TEST: Verdict = Verdict::Valid("Modulus 11 holds and the range is kept for tests");
const HOLDS_ELSEWHERE: Verdict = Verdict::Doubtful("Modulus 11 holds outside the issued ranges");
const FAILS: Verdict = Verdict::Doubtful("Modulus 11 does not hold");

/// Whether ten digits pass Modulus 11.
pub(crate) fn passes(digits: &[u8; 10]) -> bool {
    let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let check = match 11 - sum % 11 {
        11 => 0,
        check => check,
    };
    check == u32::from(digits[9])
}

fn ten(mut digits: impl Iterator<Item = u8>) -> Option<[u8; 10]> {
    let mut ten = [0; 10];
    for place in &mut ten {
        *place = digits.next()?;
    }
    digits.next().is_none().then_some(ten)
}

fn leading(digits: &[u8; 10], count: usize) -> u32 {
    digits.iter().take(count).fold(0, |value, digit| value * 10 + u32::from(*digit))
}

/// What ten digits are as an NHS number, whatever is written around them.
fn as_nhs(digits: &[u8; 10]) -> Verdict {
    if digits.iter().all(|digit| *digit == digits[0]) {
        return Verdict::Reject;
    }
    match (passes(digits), leading(digits, 3)) {
        (true, 400..=499 | 600..=799) => HOLDS_ISSUED,
        (true, 999) => HOLDS_TEST,
        (true, _) => HOLDS_ELSEWHERE,
        (false, _) => FAILS,
    }
}

/// What ten digits are as a CHI number, whatever is written around them.
fn as_chi(digits: &[u8; 10]) -> Verdict {
    let (day, month) = (leading(digits, 2), leading(digits, 4) % 100);
    let is_date = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => (1..=31).contains(&day),
        4 | 6 | 9 | 11 => (1..=30).contains(&day),
        2 => (1..=29).contains(&day),
        _ => false,
    };
    match (is_date, passes(digits)) {
        (true, true) => Verdict::Valid("Modulus 11 holds and the first six digits are a date"),
        (true, false) => Verdict::Doubtful("the first six digits are a date and Modulus 11 does not hold"),
        (false, _) => Verdict::Reject,
    }
}

/// What ten digits are as a Health and Care Number, whatever is written around them.
fn as_hsc(digits: &[u8; 10]) -> Verdict {
    match (leading(digits, 3), passes(digits)) {
        (320..=399, true) => Verdict::Valid("Modulus 11 holds and the range is Northern Ireland's"),
        (320..=399, false) => {
            Verdict::Doubtful("the range is Northern Ireland's and Modulus 11 does not hold")
        }
        _ => Verdict::Reject,
    }
}

/// How the digits of a candidate are set apart.
struct Layout {
    /// How many groups of digits.
    groups: usize,
    /// Whether the same separator stands between all groups.
    even: bool,
    /// Whether a line ends within it.
    broken: bool,
}

fn layout(text: &str) -> Layout {
    let mut separators = text.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
    let first = separators.next();
    let mut layout =
        Layout { groups: 1, even: true, broken: first.is_some_and(|first| first.contains('\n')) };
    if let Some(first) = first {
        layout.groups += 1;
        for separator in separators {
            layout.groups += 1;
            layout.even &= separator == first;
            layout.broken |= separator.contains('\n');
        }
    }
    layout
}

/// Whether what stands around says that ten digits are no patient's number, whatever Modulus 11 says.
fn belongs_elsewhere(candidate: &Candidate<'_>) -> bool {
    around::dialling_code_before(candidate)
        || around::names_other_thing(candidate)
        || around::names_phone(candidate)
        || around::money_before(candidate)
        || around::unit_touches(candidate)
}

/// A verdict for digits in an unusual layout: they must stand alone, evenly set, one by one or in
/// at most six groups.
fn loose(candidate: &Candidate<'_>, verdict: Verdict) -> Verdict {
    let layout = layout(candidate.as_str());
    let alone = !around::digits_touch_left(candidate) && !around::digits_touch_right(candidate);
    match verdict {
        Verdict::Valid(_)
            if alone && layout.even && !layout.broken && (layout.groups <= 6 || layout.groups == 10) =>
        {
            verdict
        }
        Verdict::Valid(_) => Verdict::Doubtful("Modulus 11 holds and the digits are set apart oddly"),
        // "12.[03.2024 1400]".
        Verdict::Doubtful(_) if candidate.before().ends_with(['.', '/', ':', '-']) && !alone => {
            Verdict::Reject
        }
        other => other,
    }
}

/// A date and a time that ten digits may be just as well.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stamp {
    /// `12/03/2024 14`, the year in full: nobody writes a health number so.
    Full,
    /// `23.04.26 0930`: as a CHI number is written, whose first digits are a date too.
    Short,
}

/// What a date with its marks and the beginning of a time make of the digits, if they are written so.
fn stamp(text: &str) -> Option<Stamp> {
    let mut groups = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let [one, two, three] = [groups.next()?, groups.next()?, groups.next()?];
    let mark = text.get(one.len()..)?.bytes().next().filter(|mark| b"/.-".contains(mark))?;
    let mut marks = text.split(|c: char| c.is_ascii_digit()).filter(|gap| !gap.is_empty()).take(2);
    let number = |group: &str| group.parse::<u32>().ok().filter(|_| group.len() <= 4);
    let (day, year, long) = if one.len() == 4 { (three, one, true) } else { (one, three, three.len() == 4) };
    let is_date = marks.clone().count() == 2
        && marks.all(|gap| gap.as_bytes() == [mark])
        && number(day).is_some_and(|day| (1..=31).contains(&day))
        && number(two).is_some_and(|month| (1..=12).contains(&month));
    let hour = groups.next()?;
    let is_time = number(hour.get(..2).unwrap_or(hour)).is_some_and(|hour| hour < 24);
    match number(year)? {
        1880..2100 if long && is_date && is_time => Some(Stamp::Full),
        15..=35 if year.len() == 2 && is_date && is_time => Some(Stamp::Short),
        _ => None,
    }
}

/// Whether the text is a date with the year in full and the beginning of a time.
pub(crate) fn is_date_and_time(text: &str) -> bool {
    stamp(text) == Some(Stamp::Full)
}

fn judge(candidate: &Candidate<'_>, of: fn(&[u8; 10]) -> Verdict) -> Verdict {
    let Some(digits) = ten(candidate.digits()).filter(|_| !belongs_elsewhere(candidate)) else {
        return Verdict::Reject;
    };
    match (of(&digits), stamp(candidate.as_str())) {
        (_, Some(Stamp::Full)) | (Verdict::Doubtful(_), Some(Stamp::Short)) => Verdict::Reject,
        (verdict, _) => verdict,
    }
}

/// An NHS number of England, Wales or the Isle of Man, written together or 3-3-4.
pub(crate) fn nhs_number(candidate: &Candidate<'_>) -> Verdict {
    judge(candidate, as_nhs)
}

/// An NHS number whose digits are set apart in some other way.
pub(crate) fn nhs_number_loose(candidate: &Candidate<'_>) -> Verdict {
    loose(candidate, judge(candidate, as_nhs))
}

/// Ten digits joined to words that call them an NHS number: the check digit is evidence, and its failing is a typing
/// error.
pub(crate) fn nhs_number_glued(candidate: &Candidate<'_>) -> Verdict {
    match judge(candidate, as_nhs) {
        Verdict::Doubtful(_) => Verdict::Plausible,
        verdict => verdict,
    }
}

/// Too few or too many digits after words that call them an NHS number.
pub(crate) fn nhs_number_miscounted(candidate: &Candidate<'_>) -> Verdict {
    let count = candidate.digits().count();
    let phone = candidate.as_str().starts_with('0') && count > 9;
    let date = stamp(candidate.as_str()).is_some() || super::is_written_date(candidate.as_str());
    if count == 10 || phone || date || belongs_elsewhere(candidate) {
        Verdict::Reject
    } else {
        Verdict::Plausible
    }
}

/// The digit that a character stands for where letters are put for digits.
fn lookalike(c: char) -> Option<u8> {
    Some(match c {
        '0'..='9' => c as u8 - b'0',
        'o' => 0,
        'i' | 'l' | '|' => 1,
        'z' => 2,
        's' => 5,
        'b' => 8,
        _ => return None,
    })
}

/// An NHS number with letters for some of its digits: at least six must be digits, and Modulus 11 must hold.
pub(crate) fn nhs_number_lookalike(candidate: &Candidate<'_>) -> Verdict {
    lookalike_number(candidate, as_nhs)
}

/// A CHI number with letters for some of its digits.
pub(crate) fn chi_number_lookalike(candidate: &Candidate<'_>) -> Verdict {
    lookalike_number(candidate, as_chi)
}

/// A Health and Care Number with letters for some of its digits.
pub(crate) fn hsc_number_lookalike(candidate: &Candidate<'_>) -> Verdict {
    lookalike_number(candidate, as_hsc)
}

fn lookalike_number(candidate: &Candidate<'_>, of: fn(&[u8; 10]) -> Verdict) -> Verdict {
    let real = candidate.digits().count();
    if !(6..10).contains(&real) || belongs_elsewhere(candidate) {
        return Verdict::Reject;
    }
    match ten(candidate.as_str().chars().filter_map(lookalike)).map(|digits| of(&digits)) {
        Some(verdict @ Verdict::Valid(_)) => verdict,
        _ => Verdict::Reject,
    }
}

/// A Scottish CHI number: the first six digits are a date of birth.
pub(crate) fn chi_number(candidate: &Candidate<'_>) -> Verdict {
    unless_time(candidate, judge(candidate, as_chi))
}

/// A CHI number whose digits are set apart in an unusual way.
pub(crate) fn chi_number_loose(candidate: &Candidate<'_>) -> Verdict {
    unless_time(candidate, loose(candidate, judge(candidate, as_chi)))
}

/// Doubts a CHI number in parts that is just as well a date of these years and a time ("120326 1430").
fn unless_time(candidate: &Candidate<'_>, verdict: Verdict) -> Verdict {
    let apart = candidate.as_str().bytes().any(|byte| !byte.is_ascii_digit());
    let Some(digits) = ten(candidate.digits()).filter(|_| apart) else { return verdict };
    let number = |from: usize| u32::from(digits[from]) * 10 + u32::from(digits[from + 1]);
    match verdict {
        Verdict::Valid(_) if (15..=35).contains(&number(4)) && number(6) < 24 && number(8) < 60 => {
            Verdict::Doubtful("Modulus 11 holds and the digits are also a date and a time")
        }
        verdict => verdict,
    }
}

/// Ten digits right after words that call them a CHI number.
pub(crate) fn chi_number_named(candidate: &Candidate<'_>) -> Verdict {
    match judge(candidate, as_chi) {
        Verdict::Reject
            if ten(candidate.digits()).is_some()
                && stamp(candidate.as_str()).is_none()
                && !belongs_elsewhere(candidate) =>
        {
            Verdict::Doubtful("the digits are not such a number's")
        }
        verdict => verdict,
    }
}

/// A Northern Ireland Health and Care Number.
pub(crate) fn hsc_number(candidate: &Candidate<'_>) -> Verdict {
    judge(candidate, as_hsc)
}

/// A Health and Care Number whose digits are set apart in an unusual way.
pub(crate) fn hsc_number_loose(candidate: &Candidate<'_>) -> Verdict {
    loose(candidate, judge(candidate, as_hsc))
}

/// Ten digits right after words that call them a Health and Care Number.
pub(crate) fn hsc_number_named(candidate: &Candidate<'_>) -> Verdict {
    match judge(candidate, as_hsc) {
        Verdict::Reject
            if ten(candidate.digits()).is_some()
                && stamp(candidate.as_str()).is_none()
                && !belongs_elsewhere(candidate) =>
        {
            Verdict::Doubtful("the digits are not such a number's")
        }
        verdict => verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, of: fn(&Candidate<'_>) -> Verdict) -> Verdict {
        of(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn one_check_digit_in_eleven_passes() {
        // For each nine leading digits one check digit passes, or none where it would be 10.
        let (mut passing, mut none) = (0, 0);
        for lead in 999_000_000_u32..999_011_000 {
            let mut digits = [0; 10];
            for (place, digit) in digits.iter_mut().zip(lead.to_string().bytes()) {
                *place = digit - b'0';
            }
            let checks = (0..10)
                .filter(|check| {
                    digits[9] = *check;
                    passes(&digits)
                })
                .count();
            assert!(checks <= 1);
            passing += checks;
            none += usize::from(checks == 0);
        }
        assert_eq!(passing + none, 11_000);
        assert!((900..1100).contains(&none), "{none}");
    }

    #[test]
    fn ranges() {
        assert_eq!(judged("999 212 2331", nhs_number), HOLDS_TEST);
        assert_eq!(judged("999 212 2332", nhs_number), FAILS);
        assert_eq!(judged("0000000000", nhs_number), Verdict::Reject);
        assert_eq!(judged("999 212 233", nhs_number), Verdict::Reject);
        assert!(matches!(judged("391 017 5988", hsc_number), Verdict::Valid(_)));
        assert!(matches!(judged("391 017 5989", hsc_number), Verdict::Doubtful(_)));
        assert_eq!(judged("999 212 2331", hsc_number), Verdict::Reject);
        assert!(matches!(judged("220619 8827", chi_number), Verdict::Valid(_)));
        assert_eq!(judged("9992122331", chi_number), Verdict::Reject);
        // 31 February is no date.
        assert_eq!(judged("3102500000", chi_number), Verdict::Reject);
    }

    #[test]
    fn dates_with_times_are_no_numbers() {
        for text in [
            "12/03/2024 14",
            "12-03-2024 14",
            "4/07/2024 9:30",
            "4/7/2024 14:00",
            "2024-03-12 14",
            "23.04.26 0930",
            "23/04/26 09:30",
        ] {
            for of in
                [nhs_number, nhs_number_loose, chi_number, chi_number_named, hsc_number, hsc_number_named]
            {
                assert_eq!(judged(text, of), Verdict::Reject, "{text}");
            }
        }
        assert_eq!(judged("12.03.2024 1430", nhs_number_miscounted), Verdict::Reject);
        // No day, no month, no hour, and a CHI number that passes.
        for text in ["99/91/5908 38", "32/03/2024 14", "12/13/2024 14", "12/03/2024 27", "99.92.12 2331"] {
            assert_ne!(judged(text, nhs_number), Verdict::Reject, "{text}");
        }
        assert!(matches!(judged("22/06/19 8827", chi_number), Verdict::Valid(_)));
    }

    #[test]
    fn layouts() {
        assert!(matches!(judged("99 92 12 23 31", nhs_number_loose), Verdict::Valid(_)));
        assert!(matches!(judged("99-92 12 23 31", nhs_number_loose), Verdict::Doubtful(_)));
        assert!(matches!(judged("99 9212\n2331", nhs_number_loose), Verdict::Doubtful(_)));
        assert!(matches!(judged("999 o79 244s", nhs_number_lookalike), Verdict::Valid(_)));
        assert_eq!(judged("999 o79 2446", nhs_number_lookalike), Verdict::Reject);
        assert_eq!(judged("999 o79 2e45", nhs_number_lookalike), Verdict::Reject);
    }
}
