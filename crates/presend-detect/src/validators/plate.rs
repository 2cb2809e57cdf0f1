//! Vehicle registration marks of the United Kingdom.
//!
//! Source: DVLA INF104 (vehicle registration numbers and number plates): the current series (from 2001) has an area's two
//! letters, an age identifier that changes in March (the year) and September (the year plus 50), and three letters
//! without I and Q; the prefix series (1983 to 2001) a year letter, up to three digits and three letters; the suffix
//! series (1963 to 1983) the reverse; Northern Ireland's marks have a letter pair with I or Z and up to four digits.

use super::around;
use super::{Candidate, Verdict};
use crate::dictionary::{Class, Dictionary};

/// The first letters of areas in the current series; X and Q are kept for other uses.
const AREA_FIRST: &str = "abcdefghklmnoprsvwxy";
/// The year letters of the prefix and suffix series; Q is for vehicles of unknown age.
const YEAR_LETTERS: &str = "abcdefghjklmnpqrstvwxy";

/// The letter pairs of Northern Ireland's counties, as the last two of three letters or alone.
#[rustfmt::skip]
const NORTHERN_IRELAND: &[&str] = &[
    "az", "bz", "cz", "dz", "ez", "fz", "gz", "hz", "ia", "ib", "ig", "ij", "il", "iw", "iz", "ji", "jz",
    "kz", "lz", "mz", "nz", "oi", "oz", "pz", "rz", "sz", "tz", "ui", "uz", "vz", "wz", "xi", "xz", "yz",
];

fn letters_and_digits(candidate: &Candidate<'_>) -> Vec<u8> {
    candidate.as_str().bytes().filter(u8::is_ascii_alphanumeric).collect()
}

fn text_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Abbreviations that follow an outward postcode or a dose more often than they end a mark.
#[rustfmt::skip]
const ABBREVIATIONS: &[&str] = &[
    "amu", "bds", "bpm", "chc", "cpn", "ctg", "dnr", "doa", "dob", "dvt", "ecg", "eta", "fap", "gcs", "hca",
    "hrs", "hrt", "htt", "kgs", "lvf", "mau", "mcg", "mgs", "mha", "mls", "mob", "mrs", "mss", "nbm", "nhs",
    "nok", "obs", "pls", "plz", "pmh", "prn", "rta", "rtc", "sau", "sbp", "tbc", "tds", "thx", "tko", "tmw",
    "tta", "tto", "wbc", "wks", "yrs",
];

/// Whether the letters are a word that people write after a number ("AB12 and"), so that a space before them divides.
fn is_word(letters: &str) -> bool {
    let entry = Dictionary::embedded().lookup(letters);
    entry.has(Class::Ordinary)
        || ABBREVIATIONS.binary_search(&letters).is_ok()
        || entry.has(Class::UnitGeneric)
        || entry.has(Class::Month)
        || entry.has(Class::Weekday)
        || entry.has(Class::Kin)
        || entry.has(Class::StaffRole)
        || entry.zipf_tenths() >= 40
}

/// Whether the letters are a month or one of the commonest words, which end no mark.
fn is_common(letters: &str) -> bool {
    let entry = Dictionary::embedded().lookup(letters);
    entry.has(Class::Month) || (entry.has(Class::Ordinary) && entry.zipf_tenths() >= 50)
}

fn parted(candidate: &Candidate<'_>) -> bool {
    candidate.as_str().contains([' ', '-', '.'])
}

/// A mark of the current series: `ab12cde`.
pub(crate) fn current(candidate: &Candidate<'_>) -> Verdict {
    let mark = letters_and_digits(candidate);
    let [first, second, tens, units, serial @ ..] = mark.as_slice() else { return Verdict::Reject };
    let age = u32::from(tens.saturating_sub(b'0')) * 10 + u32::from(units.saturating_sub(b'0'));
    let area = AREA_FIRST.contains(char::from(*first)) && !b"iqz".contains(second);
    let serial = text_of(serial);
    // 02 to 29 in March, 51 to 79 in September: the scheme's own end is far off, so later years are let in.
    if !area || !matches!(age, 2..=29 | 51..=79) || serial.len() != 3 || serial.contains(['i', 'q']) {
        return Verdict::Reject;
    }
    if around::names_other_thing(candidate) {
        return Verdict::Reject;
    }
    if parted(candidate) && is_common(serial) {
        return Verdict::Reject;
    }
    if parted(candidate) && is_word(serial) {
        return Verdict::Doubtful("area and age fit and the last letters are also a word");
    }
    Verdict::Valid("area, age identifier and letters are DVLA's")
}

/// A mark of the current series in three parts, `ab 12 cde`, which in running text may be words and a number.
pub(crate) fn current_in_parts(candidate: &Candidate<'_>) -> Verdict {
    let is_term = |letters: &str| {
        let entry = Dictionary::embedded().lookup(letters);
        is_word(letters) || entry.has(Class::Clinical)
    };
    // A row of results has a figure on either side: "ph 7.1 gl 22 ket 5".
    let digit = |c: char| c.is_ascii_digit();
    let before = candidate.before().strip_suffix([' ', ',']).map(str::trim_end);
    if before.is_some_and(|before| before.ends_with(digit))
        && candidate.after().strip_prefix(' ').is_some_and(|after| after.starts_with(digit))
    {
        return Verdict::Reject;
    }
    match (current(candidate), candidate.as_str().get(..2), candidate.as_str().rsplit([' ', '.', '-']).next())
    {
        (Verdict::Valid(_), Some(area), Some(serial)) if is_term(area) || is_term(serial) => {
            Verdict::Doubtful("area and age fit and the letters are also words")
        }
        (verdict, ..) => verdict,
    }
}

/// A mark of the prefix series, `a123bcd`, or the suffix series, `abc123d`.
pub(crate) fn year_letter(candidate: &Candidate<'_>) -> Verdict {
    let mark = letters_and_digits(candidate);
    let (Some(first), Some(last)) = (mark.first(), mark.last()) else { return Verdict::Reject };
    let letters = mark.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let year = if letters == 1 { *first } else { *last };
    let serial: Vec<u8> = if letters == 1 {
        mark.iter().skip(1).copied().filter(u8::is_ascii_lowercase).collect()
    } else {
        mark.iter().take(letters).copied().collect()
    };
    let zero = mark.iter().find(|byte| byte.is_ascii_digit()) == Some(&b'0');
    if !YEAR_LETTERS.contains(char::from(year)) || zero || serial.iter().any(|byte| b"iqz".contains(byte)) {
        return Verdict::Reject;
    }
    if around::names_other_thing(candidate) {
        return Verdict::Reject;
    }
    let serial = text_of(&serial);
    if parted(candidate) && (is_word(serial) || Dictionary::embedded().lookup(serial).has(Class::Clinical)) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A mark of Northern Ireland: `abz1234`.
pub(crate) fn northern_ireland(candidate: &Candidate<'_>) -> Verdict {
    let mark = letters_and_digits(candidate);
    let letters = mark.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let pair = text_of(mark.get(letters.saturating_sub(2)..letters).unwrap_or_default());
    if NORTHERN_IRELAND.binary_search(&pair).is_ok() { Verdict::Plausible } else { Verdict::Reject }
}

/// A mark without a year, of which only the context tells that it is one: `abc 123`, `1 ab`.
pub(crate) fn dateless(candidate: &Candidate<'_>) -> Verdict {
    let mark = letters_and_digits(candidate);
    let letters: Vec<u8> = mark.iter().copied().filter(u8::is_ascii_lowercase).collect();
    if mark.len() < 4
        || (parted(candidate) && is_common(text_of(&letters)))
        || around::unit_follows(candidate)
        || around::names_other_thing(candidate)
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str, of: fn(&Candidate<'_>) -> Verdict) -> Verdict {
        of(&Candidate { text, start: 0, end: text.len() })
    }

    #[test]
    fn marks_of_the_current_series() {
        for text in ["yt61 kvo", "ca09xlh", "lx70 fhj", "ak 07 wzn", "bd51smr"] {
            assert!(matches!(judged(text, current), Verdict::Valid(_)), "{text}");
        }
        // No area, no age, letters not used, a word.
        for text in ["jq12 kvo", "yt01 kvo", "yt45 kvo", "yt61 kqo"] {
            assert_eq!(judged(text, current), Verdict::Reject, "{text}");
        }
        assert!(matches!(judged("gv 07 wzn", current_in_parts), Verdict::Valid(_)));
        assert!(matches!(judged("pt 62 wzn", current_in_parts), Verdict::Doubtful(_)));
        for text in ["bd10 and", "se15 the"] {
            assert_eq!(judged(text, current), Verdict::Reject, "{text}");
        }
        assert!(matches!(judged("ab12 tds", current), Verdict::Doubtful(_)));
    }

    #[test]
    fn older_marks() {
        assert_eq!(judged("r417 htb", year_letter), Verdict::Plausible);
        assert_eq!(judged("htb 417r", year_letter), Verdict::Plausible);
        assert_eq!(judged("z417 htb", year_letter), Verdict::Reject);
        assert_eq!(judged("r017 htb", year_letter), Verdict::Reject);
        assert_eq!(judged("mkz 4471", northern_ireland), Verdict::Plausible);
        assert_eq!(judged("mkb 4471", northern_ireland), Verdict::Reject);
        assert_eq!(judged("f1", dateless), Verdict::Reject);
        assert_eq!(judged("kvo 12", dateless), Verdict::Plausible);
        assert_eq!(judged("on 12", dateless), Verdict::Reject);
    }

    #[test]
    fn pairs_are_sorted() {
        assert!(NORTHERN_IRELAND.is_sorted());
    }
}
