//! The forms that identifiers have and look-alikes lack: what the model alone found is held against them.

use presend_detect::dictionary::{Class, ClassSet};
use presend_detect::{Label, Reading, Word};

/// The digits of a health number and those of the shortest and the longest payment card.
const HEALTH_NUMBER: usize = 10;
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// The most letters before a passport's number: trials and the like have more ("NCT04381936").
const PASSPORT_LETTERS: usize = 2;

/// What leads to a number that is published or is an order's, and so nobody's.
const PUBLIC: &[&str] = &[
    "ctv", "dmd", "ewca", "ewcop", "ewfc", "ewhc", "hrg", "icd", "isrctn", "loinc", "nct", "opcs", "pmid",
    "po", "sctid", "snomed", "uksc", "ukut",
];

/// What stands between such a word and its number.
const BETWEEN: &[&str] = &["-", ".", "/", ":", "#", "=", "code", "ct", "id", "no", "number", "ref"];

/// What leads to a phone number of four digits that could be a time, or follows it.
const RUNG: &[&str] = &[
    "#",
    "(",
    "bleep",
    "bleeps",
    "blp",
    "call",
    "contact",
    "dect",
    "ext",
    "extension",
    "extn",
    "fax",
    "mob",
    "mobile",
    "on",
    "page",
    "pager",
    "phone",
    "porters",
    "reception",
    "ring",
    "security",
    "switch",
    "tel",
    "telephone",
    "via",
    "x",
];

/// What days and hours are counted in: "3/7", "8/24". Weeks and months ("9/52", "8/12") are ages of infants as well.
const UNITS: &[&str] = &["7", "24"];

/// How often a drug is given, and by what it is measured.
const DOSED: &[&str] = &[
    "bd",
    "g",
    "iv",
    "mane",
    "mcg",
    "mg",
    "micrograms",
    "ml",
    "nocte",
    "od",
    "om",
    "on",
    "po",
    "prn",
    "qds",
    "stat",
    "tds",
    "tid",
    "units",
    "weekly",
];

/// The folded text of a word; nothing past the ends.
fn text(reading: &Reading, at: usize) -> &str {
    reading.words().get(at).map_or("", |word| reading.text(word))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of the words, as numbers.
fn digits<'r>(reading: &'r Reading, words: &'r [Word]) -> impl DoubleEndedIterator<Item = u32> + 'r {
    words
        .iter()
        .flat_map(|word| reading.text(word).bytes())
        .filter(u8::is_ascii_digit)
        .map(|byte| u32::from(byte - b'0'))
}

/// Whether the words' digits are ten and pass Modulus 11, as those of health numbers do.
pub(crate) fn is_health_number(reading: &Reading, words: &[Word]) -> bool {
    let sum: u32 = digits(reading, words).zip((1..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    digits(reading, words).count() == HEALTH_NUMBER && sum.is_multiple_of(11)
}

/// Whether the words' digits pass Luhn's check.
fn passes_luhn(reading: &Reading, words: &[Word]) -> bool {
    let sum: u32 = digits(reading, words)
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the words from `first` to before `end` lack the check digit or the form that the label has.
pub(crate) fn lacks_form(reading: &Reading, label: Label, first: usize, end: usize) -> bool {
    let words = reading.words().get(first..end).unwrap_or(&[]);
    let count = digits(reading, words).count();
    let texts = || words.iter().map(|word| reading.text(word));
    match label {
        Label::NhsNumber => count == HEALTH_NUMBER && !is_health_number(reading, words),
        Label::PaymentCard => CARD.contains(&count) && !passes_luhn(reading, words),
        Label::Passport => texts().next().is_some_and(|head| {
            head.chars().all(char::is_alphabetic)
                && head.chars().count() > PASSPORT_LETTERS
                && is_joined(reading, first + 1)
        }),
        // "HN13B" is the code of a tariff.
        Label::VehicleRegistration => {
            let mut runs = texts().map(|run| (is_digits(run), run.len()));
            words.len() == 3
                && [(false, 2), (true, 2), (false, 1)].iter().all(|run| runs.next().as_ref() == Some(run))
        }
        // "HTTP/1.1".
        Label::Url => {
            let after_dots =
                || (first..end).filter(|at| text(reading, *at) == ".").map(|at| text(reading, at + 1));
            after_dots().next().is_some() && after_dots().all(is_digits)
        }
        Label::Phone => is_clock(reading, first, end) && !is_rung(reading, first, end),
        Label::Age => is_duration(reading, first, end),
        _ => false,
    }
}

/// Whether the words are one digit, and nothing says more: what the rules do not know for a day, an age or an extension.
pub(crate) fn is_lone_digit(reading: &Reading, words: &[Word]) -> bool {
    let mut texts =
        words.iter().map(|word| reading.text(word)).filter(|text| text.chars().any(char::is_alphanumeric));
    texts.next().is_some_and(|one| one.len() == 1 && is_digits(one)) && texts.next().is_none()
}

/// Whether the word lies in a key of JSON: "\"from_id\":".
pub(crate) fn is_key(reading: &Reading, first: usize, end: usize) -> bool {
    let in_key = |at: usize| {
        let word = text(reading, at);
        matches!(word, "_" | "-" | "." | "$" | "@") || word.chars().all(char::is_alphanumeric)
    };
    let mut from = first;
    while from > 0 && is_joined(reading, from) && in_key(from - 1) && first - from < KEY {
        from -= 1;
    }
    let to = (end..end + KEY).find(|at| !is_joined(reading, *at) || !in_key(*at)).unwrap_or(end + KEY);
    let is_quote = |at: usize| matches!(text(reading, at), "\"" | "'");
    (first + 1..end).all(|at| is_joined(reading, at))
        && from.checked_sub(1).is_some_and(is_quote)
        && is_quote(to)
        && text(reading, to + 1) == ":"
}

/// The most words of a key that are looked through at either side.
const KEY: usize = 12;

/// Whether nothing stands between the word and the one before it.
fn is_joined(reading: &Reading, at: usize) -> bool {
    at < reading.words().len() && reading.gap(at).is_empty()
}

/// Whether the number's own word says that it is published or an order's: "SNOMED 195967001".
pub(crate) fn is_public(reading: &Reading, first: usize) -> bool {
    let lead = (first.saturating_sub(4)..first)
        .rev()
        .map(|at| text(reading, at))
        .find(|word| !BETWEEN.contains(word));
    lead.is_some_and(|word| PUBLIC.contains(&word))
}

/// Whether the words are a time of day in four digits: "1430".
fn is_clock(reading: &Reading, first: usize, end: usize) -> bool {
    let number = text(reading, first);
    let part = |range| number.get(range).and_then(|part: &str| part.parse::<u8>().ok());
    end == first + 1
        && number.len() == 4
        && is_digits(number)
        && part(0..2).is_some_and(|hour| hour < 24)
        && part(2..4).is_some_and(|minute| minute < 60)
}

/// Whether a word beside the number says that somebody is rung there.
fn is_rung(reading: &Reading, first: usize, end: usize) -> bool {
    let lead = (first.saturating_sub(3)..first).rev().map(|at| text(reading, at));
    let lead = lead.into_iter().find(|word| RUNG.contains(word) || !BETWEEN.contains(word) && *word != "is");
    // "night SHO 1422, reg 1533".
    let is_job = first.checked_sub(1).and_then(|at| reading.words().get(at)).is_some_and(|word| {
        word.features.is_any(ClassSet::of(&[Class::StaffRole])) && !word.features.is_name()
    });
    lead.is_some_and(|word| RUNG.contains(&word))
        || is_job
        || matches!(text(reading, end), "bleep" | "ext" | "extn")
}

/// Whether the words are a duration: "3/7". Ages are written so too, "8/12 old", which the rules know.
fn is_duration(reading: &Reading, first: usize, end: usize) -> bool {
    let unit = |at: usize| UNITS.contains(&text(reading, at)) && text(reading, at.wrapping_sub(1)) == "/";
    // The model may take the half of it: "[3]/7".
    unit(end - 1) || end == first + 1 && is_joined(reading, end) && text(reading, end) == "/" && unit(end + 1)
}

/// Whether the one word is a drug's that no list has: "start esom 40 od".
pub(crate) fn is_dosed(reading: &Reading, first: usize, end: usize) -> bool {
    let is_unknown = reading.words().get(first).is_some_and(|word| {
        word.features.is_unknown() && !word.features.is_name() && !word.features.is_capitalised()
    });
    let amount = (end..end + 4)
        .take_while(|at| is_digits(text(reading, *at)) || matches!(text(reading, *at), "." | "/"))
        .count();
    end == first + 1
        && is_unknown
        && is_digits(text(reading, end))
        && DOSED.contains(&text(reading, end + amount))
}
