//! Reference and record numbers, which have no check digit: what tells them from dates, doses, results and codes.

use super::around;
use super::{Candidate, Verdict};
use crate::dictionary::{Class, Dictionary};

/// Endings that make digits a dose, a rate or a time: `500mg`, `30ml`, `24hrs`, `1830hrs`.
#[rustfmt::skip]
const UNIT_ENDINGS: &[&str] = &[
    "am", "bpm", "cc", "ch", "cm", "d", "fr", "g", "h", "hr", "hrs", "hz", "iu", "kg", "kv", "l", "m",
    "mcg", "mg", "mgs", "mins", "ml", "mls", "mm", "mmol", "mths", "nd", "ng", "pm", "px", "rd", "s", "sec",
    "st", "th", "u", "units", "w", "wk", "x", "yo", "yr", "yrs",
];

/// Letters in front of digits that make a code of a product, a system or a standard.
#[rustfmt::skip]
const CODE_PREFIXES: &[&str] = &[
    "aud", "bs", "ce", "chg", "cve", "doc", "dsc", "ean", "en", "fp", "gb", "hc", "icd", "id", "img",
    "inc", "inv", "iso", "kb", "ld", "lot", "med", "nct", "no", "pl", "pn", "po", "prb", "ptt", "pxl",
    "ref", "req", "ritm", "sn", "so", "stk", "tkt", "v", "vid", "wa",
];

/// Words after which a number of six to eight digits and nothing else is a record number.
#[rustfmt::skip]
const RECORD_LEADS: &[&str] = &[
    "about", "chase", "client", "for", "has", "id", "is", "label", "notes", "patient", "patients", "pt", "pts", "px",
    "re", "regarding", "resident", "says", "see",
];

/// Words whose number says where the patient lies.
const BED_WORDS: &[&str] =
    &["bay", "bed", "chair", "cubicle", "rm", "room", "side", "slot", "sr", "trolley", "twin"];

fn numeric(part: &str) -> Option<u32> {
    part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether the parts between slashes, dots or dashes are a day, a month and a year, or a year, a month and a day; the sex
/// or the age may follow ("12/03/1956/F", "12/03/1956-69y").
pub(crate) fn is_written_date(text: &str) -> bool {
    let is_patients = |tail: &str| {
        let age = tail.trim_end_matches(['f', 'm', 'y']);
        age.len() < tail.len() && age.len() <= 3 && (age.is_empty() || numeric(age).is_some())
    };
    let text =
        text.rsplit_once(['/', '-']).filter(|(_, tail)| is_patients(tail)).map_or(text, |(date, _)| date);
    let parts: Vec<Option<u32>> = text.split(['/', '.', '-', ' ']).map(numeric).collect();
    match parts.as_slice() {
        [Some(day), Some(month), Some(year)] => {
            ((1..=31).contains(day)
                && (1..=12).contains(month)
                && (*year < 100 || (1880..2100).contains(year)))
                || ((1880..2100).contains(day) && (1..=12).contains(month) && (1..=31).contains(year))
        }
        [Some(day), Some(month)] => (1..=31).contains(day) && (1..=12).contains(month),
        _ => false,
    }
}

/// Whether digits without separators are a day, month and year: `120326`, `12032026`, `20260312`.
fn is_packed_date(digits: &[u8]) -> bool {
    let number = |from: usize, to: usize| {
        digits
            .get(from..to)
            .map_or(0, |part| part.iter().fold(0, |value, digit| value * 10 + u32::from(*digit)))
    };
    let day_month = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    match digits.len() {
        6 => day_month(number(0, 2), number(2, 4)),
        8 => {
            (day_month(number(0, 2), number(2, 4)) && (1880..2100).contains(&number(4, 8)))
                || (day_month(number(6, 8), number(4, 6)) && (1880..2100).contains(&number(0, 4)))
        }
        _ => false,
    }
}

/// Whether the text is a quantity with its unit joined on: digits and then a unit.
fn is_quantity(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = text.get(digits.len()..).unwrap_or_default();
    !unit.is_empty()
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.len() <= 5
        && UNIT_ENDINGS.binary_search(&unit).is_ok()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'/'))
}

/// Whether the text is two readings or a range: `120/80`, `100-150`.
fn is_pair(text: &str) -> bool {
    let mut parts = text.split(['/', '-', '.']);
    matches!(
        (parts.next().map(str::len), parts.next().map(str::len), parts.next()),
        (Some(1..=3), Some(1..=3), None)
    ) && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'-' | b'.'))
}

fn prefix(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Whether the text is a word of the message and then a number of its own: `is 561 903`, `no 204417`, `pt 1234567`.
pub(crate) fn starts_with_word(text: &str) -> bool {
    const LEADS: &[&str] = &["dob", "id", "new", "no", "nos", "old", "pt", "re", "ref"];
    let prefix = prefix(text);
    let spaced = text.get(prefix.len()..).is_some_and(|rest| rest.starts_with(' '));
    spaced
        && prefix.len() > 1
        && (LEADS.contains(&prefix) || Dictionary::embedded().lookup(prefix).zipf_tenths() >= 55)
}

/// Whether the candidate is a date, a quantity or money rather than a number that stands for something.
fn is_amount(candidate: &Candidate<'_>) -> bool {
    let text = candidate.as_str();
    is_written_date(text)
        || is_quantity(text)
        || around::unit_follows(candidate)
        || around::money_before(candidate)
}

/// A reference number named as one right before it: three digits or more, no date and no quantity.
pub(crate) fn reference(candidate: &Candidate<'_>) -> Verdict {
    if candidate.digits().count() < 3 || is_amount(candidate) { Verdict::Reject } else { Verdict::Plausible }
}

/// Like [`reference`], for short codes of two digits or more.
pub(crate) fn short_reference(candidate: &Candidate<'_>) -> Verdict {
    if candidate.digits().count() < 2 || is_amount(candidate) { Verdict::Reject } else { Verdict::Plausible }
}

/// Letters and then digits after the word for a tag: the letters must be no word of the message.
pub(crate) fn tag_in_parts(candidate: &Candidate<'_>) -> Verdict {
    let entry = Dictionary::embedded().lookup(prefix(candidate.as_str()));
    if entry.has(Class::Ordinary) || entry.zipf_tenths() >= 45 {
        Verdict::Reject
    } else {
        reference(candidate)
    }
}

/// A reference number that some word near it calls for: its own form must say that it is one, with letters beside at least
/// three digits or with five digits or more.
pub(crate) fn shaped_reference(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = candidate.digits().count();
    let letters = text.bytes().filter(u8::is_ascii_lowercase).count();
    let packed: Vec<u8> = candidate.digits().collect();
    if named_shape(candidate) == Verdict::Reject
        || (letters == 0 && is_packed_date(&packed))
        || starts_with_word(text)
        || around::names_other_thing(candidate)
        || around::names_phone(candidate)
        || (letters == 0 && around::dialling_code_before(candidate))
        || (letters == 0 && digits >= 10 && text.starts_with('0'))
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A reference number right after words that name it, by the same form.
pub(crate) fn named_shape(candidate: &Candidate<'_>) -> Verdict {
    let digits = candidate.digits().count();
    let lettered = candidate.as_str().bytes().any(|byte| byte.is_ascii_lowercase());
    let formed = (lettered && digits >= 3) || digits >= 5;
    if !formed || is_amount(candidate) || is_pair(candidate.as_str()) {
        Verdict::Reject
    } else {
        Verdict::Plausible
    }
}

/// A reference number with nothing that names it: letters, a dash or slash and digits, such as `tr-88120`.
pub(crate) fn bare_reference(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let prefix = prefix(text);
    let entry = Dictionary::embedded().lookup(prefix);
    let word = entry.has(Class::Drug) || entry.has(Class::Month) || entry.has(Class::Score);
    let inner = candidate.before().ends_with(['-', '/']);
    if word || inner || CODE_PREFIXES.binary_search(&prefix).is_ok() || around::names_code(candidate) {
        return Verdict::Reject;
    }
    shaped_reference(candidate)
}

/// Letters and digits in parts, with nothing that names them: four digits or more beside letters or six alone, no date,
/// score, gene, drug or product.
pub(crate) fn bare_code(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = candidate.digits().count();
    let letters = text.bytes().filter(u8::is_ascii_lowercase).count();
    let parts = || text.split(['-', '/']);
    let word = parts().any(|part| {
        let entry = Dictionary::embedded().lookup(part);
        let known = entry.has(Class::Ordinary) || entry.has(Class::Clinical) || entry.zipf_tenths() >= 40;
        part.len() > 2 && known
            || part.bytes().all(|byte| byte.is_ascii_lowercase())
                && part.len() > 1
                && [Class::Month, Class::Drug, Class::Device, Class::Score]
                    .into_iter()
                    .any(|class| entry.has(class))
    });
    // "7123456/ST4", "441277/45F": somebody's number and what he is.
    let described = text.split_once('/').is_some_and(|(number, tail)| {
        numeric(number).is_some_and(|number| number > 9999) && (is_grade(tail) || is_age_and_sex(tail))
    });
    // Three readings side by side are parted by slashes: "120/80/72".
    let readings = letters == 0 && (text.contains('/') || parts().all(|part| part.len() < 3));
    let short = if letters == 0 { digits < 6 || parts().count() < 3 } else { digits < 4 };
    let inner = candidate.before().ends_with(['-', '/', '.', '\u{a3}', '#', '_'])
        || around::digits_touch_left(candidate)
        || candidate.after().starts_with(['\'', '%']);
    // "T18/T13", "40-50/hr": vertebrae, trisomies, rates.
    let small = parts().all(|part| part.bytes().filter(u8::is_ascii_digit).count() < 3);
    let rate =
        parts().any(|part| UNIT_ENDINGS.binary_search(&part).is_ok() && part.len() > 1 || part == "m2");
    if short
        || described
        || readings
        || word
        || inner
        || small
        || rate
        || parts().any(is_quantity)
        || CODE_PREFIXES.binary_search(&prefix(text)).is_ok()
        || around::names_code(candidate)
        || around::names_other_thing(candidate)
        || around::names_phone(candidate)
        || is_amount(candidate)
        || letters == 0 && text.starts_with('0')
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Whether the text is the grade of a doctor in training.
fn is_grade(text: &str) -> bool {
    let year = ["st", "ct", "fy", "f", "imt"].iter().find_map(|grade| text.strip_prefix(grade));
    year.is_some_and(|year| matches!(year.as_bytes(), [b'1'..=b'9']))
}

/// Whether the text is an age with the sex or a unit: `45f`, `82y`.
fn is_age_and_sex(text: &str) -> bool {
    let years = text.trim_end_matches(['f', 'm', 'y']);
    (1..=2).contains(&(text.len() - years.len())) && numeric(years).is_some_and(|years| years < 120)
}

/// A code after a word for what it is the code of, in one part or several: "badge PH 20931", "inc 20771".
pub(crate) fn named_code(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = candidate.digits().count();
    let letters = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let packed: Vec<u8> = candidate.digits().collect();
    let date = !letters && (is_packed_date(&packed) && packed.len() == text.len() || is_written_date(text));
    let spaced = text.split_once(' ').map_or("", |(head, _)| head);
    let word = spaced.len() > 2 && Dictionary::embedded().lookup(spaced).has(Class::Ordinary);
    if digits < if letters { 2 } else { 4 }
        || date
        || word
        || starts_with_word(text)
        || is_amount(candidate)
        || is_pair(text) && digits < 7
        || text.split(['-', '/', ' ']).any(is_quantity)
        || is_year(text)
        || is_time(text)
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A code of letters and digits in the form of a reference, after a word that many other things are numbered by as well.
pub(crate) fn lettered_code(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let entry = Dictionary::embedded().lookup(prefix(text));
    let term = [Class::Month, Class::Drug, Class::Score, Class::Ordinary, Class::Clinical]
        .into_iter()
        .any(|class| entry.has(class))
        && prefix(text).len() > 2
        && !text.contains(['/', '-']);
    if term
        || text.rsplit(' ').next().is_some_and(is_pair)
        || CODE_PREFIXES.binary_search(&prefix(text)).is_ok()
        || candidate.digits().count() < 3
    {
        return Verdict::Reject;
    }
    named_code(candidate)
}

/// A record number near words that name one.
pub(crate) fn record_number(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = candidate.digits().count();
    let written =
        text.contains(['/', '-', '.', ' ']) && (is_written_date(text) || is_pair(text) && digits < 6);
    if digits < 4
        || written
        || is_quantity(text)
        || around::unit_follows(candidate)
        || around::money_before(candidate)
        || around::names_other_thing(candidate)
        || around::names_phone(candidate)
        || around::dialling_code_before(candidate)
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A record number in the form that hospital systems give, letters and then digits, with nothing that names it.
pub(crate) fn bare_lettered_record(candidate: &Candidate<'_>) -> Verdict {
    if CODE_PREFIXES.binary_search(&prefix(candidate.as_str())).is_ok() || around::names_code(candidate) {
        return Verdict::Reject;
    }
    record_number(candidate)
}

/// A record number of six to eight digits with nothing that names it: it must stand where a patient's name or number would.
pub(crate) fn bare_record(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits: Vec<u8> = candidate.digits().collect();
    let round = digits.ends_with(&[0, 0, 0]) || digits.iter().all(|digit| Some(digit) == digits.first());
    let range = text.split_once('-').is_some_and(|(from, to)| from < to && !from.starts_with('0'));
    if !(6..=8).contains(&digits.len())
        || round
        || range
        || (digits.len() == text.len() && is_packed_date(&digits))
        || is_snomed(&digits)
        || around::digits_touch_right(candidate)
        || around::names_code(candidate)
        || !introduces_patient(candidate)
    {
        return Verdict::Reject;
    }
    record_number(candidate)
}

/// Whether the candidate opens its line or a bracket, follows a comma, a colon or a bed, or a word or name that a
/// patient's number would follow.
fn introduces_patient(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before().trim_end_matches([' ', '\t']);
    let line = before.rsplit('\n').next().unwrap_or_default();
    // "- ", "1) " and "2. " open a line of a list.
    if line.bytes().all(|byte| byte.is_ascii_digit() || b" -*>.)".contains(&byte))
        && !line.ends_with(char::is_numeric)
        || before.ends_with(['(', '[', ',', ':'])
    {
        return true;
    }
    if around::digits_touch_left(candidate) {
        let head = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let place = head.trim_end().rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        return before.len() - head.len() < 3 && BED_WORDS.binary_search(&place).is_ok();
    }
    around::word_before(candidate).is_some_and(|word| {
        let entry = Dictionary::embedded().lookup(word);
        let name = entry.given().max(entry.surname()) >= 2
            && (!entry.has(Class::Ordinary) || entry.has(Class::WordAndName));
        RECORD_LEADS.binary_search(&word).is_ok()
            || name && !entry.has(Class::Drug) && !entry.has(Class::Device)
    })
}

/// Whether the digits are a SNOMED CT concept id: the partition `00` or `10` before a Verhoeff check digit.
///
/// Source: SNOMED International, Release File Specification, SCTID.
fn is_snomed(digits: &[u8]) -> bool {
    let partition = digits.len().checked_sub(3).and_then(|from| digits.get(from..from + 2));
    matches!(partition, Some([0 | 1, 0])) && verhoeff_passes(digits)
}

/// Whether the last digit is the Verhoeff check digit of those before it.
fn verhoeff_passes(digits: &[u8]) -> bool {
    const PERMUTE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut check = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let permuted = (0..place % 8).fold(*digit, |digit, _| PERMUTE[usize::from(digit % 10)]);
        check = dihedral(check, permuted);
    }
    check == 0
}

/// The product in the dihedral group of the pentagon: 0 to 4 turn, 5 to 9 also flip.
fn dihedral(a: u8, b: u8) -> u8 {
    let (turn_a, turn_b) = (a % 5, b % 5);
    match (a >= 5, b >= 5) {
        (false, false) => (turn_a + turn_b) % 5,
        (false, true) => (turn_a + turn_b) % 5 + 5,
        (true, false) => (turn_a + 5 - turn_b) % 5 + 5,
        (true, true) => (turn_a + 5 - turn_b) % 5,
    }
}

/// Whether the text is four digits that are a time of day.
pub(super) fn is_time(text: &str) -> bool {
    matches!((text.len(), numeric(text)), (4, Some(time)) if time / 100 < 24 && time % 100 < 60)
}

/// Whether the text is four digits that are a year of today's records.
fn is_year(text: &str) -> bool {
    matches!((text.len(), numeric(text)), (4, Some(1985..=2039)))
}

/// The last few digits of a number, named as such.
pub(crate) fn ending(candidate: &Candidate<'_>) -> Verdict {
    let reading = around::digits_touch_right(candidate) && candidate.after().starts_with(['/', ':']);
    if around::unit_follows(candidate) || reading { Verdict::Reject } else { Verdict::Plausible }
}

/// The last digits of a number that is not named: a time of day is more likely something that ends then.
pub(crate) fn number_ending(candidate: &Candidate<'_>) -> Verdict {
    if is_time(candidate.as_str()) { Verdict::Reject } else { ending(candidate) }
}

/// A number after words that call it a record number.
pub(crate) fn named_record(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = candidate.digits().count();
    let letters = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let short = digits < if letters { 4 } else { 5 };
    let written = text.contains(['/', '-']) && (is_written_date(text) || (is_pair(text) && digits < 6));
    // "441277/45f".
    let aged = text.rsplit_once('/').is_some_and(|(_, tail)| is_age_and_sex(tail));
    // "bus pass 633597": the name of a system ends within a word.
    let cut = !prefix(text).is_empty()
        && text.contains(' ')
        && candidate.before().ends_with(|c: char| c.is_ascii_lowercase());
    if short
        || written
        || aged
        || cut
        || is_quantity(text)
        || starts_with_word(text)
        || around::unit_follows(candidate)
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A number after words that call it a record number, with `o`, `i` or `l` for some of its digits.
pub(crate) fn named_record_lookalike(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let digits = candidate.digits().count();
    let inner = text.get(prefix(text).len()..).unwrap_or_default();
    let disguised = inner.contains(['o', 'i', 'l']);
    if disguised && digits >= 4 && (6..=10).contains(&text.len()) {
        Verdict::Plausible
    } else {
        Verdict::Reject
    }
}

/// A registration of four to six digits after the register's name.
pub(crate) fn short_registration(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    if candidate.digits().count() < 4 || is_year(text) || is_amount(candidate) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Twelve digits.
pub(crate) fn twelve_digits(candidate: &Candidate<'_>) -> Verdict {
    if candidate.digits().count() == 12 && !around::names_other_thing(candidate) {
        Verdict::Plausible
    } else {
        Verdict::Reject
    }
}

/// A booking reference of the e-Referral Service with nothing that names it.
pub(crate) fn unnamed_booking(candidate: &Candidate<'_>) -> Verdict {
    if around::names_phone(candidate) || around::dialling_code_before(candidate) {
        return Verdict::Reject;
    }
    twelve_digits(candidate)
}

/// A passport or travel document number: seven to nine letters and digits, all digits only if nine.
pub(crate) fn document_number(candidate: &Candidate<'_>) -> Verdict {
    let characters = candidate.as_str().bytes().filter(u8::is_ascii_alphanumeric).count();
    let digits: Vec<u8> = candidate.digits().collect();
    let bare = digits.len() == characters;
    if !(7..=9).contains(&characters)
        || digits.len() < 5
        || (bare && digits.len() != 9)
        || starts_with_word(candidate.as_str())
        || is_amount(candidate)
        || around::names_other_thing(candidate)
        || around::names_phone(candidate)
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A serial number of six characters, of which two or more are digits.
pub(crate) fn short_serial(candidate: &Candidate<'_>) -> Verdict {
    if (2..6).contains(&candidate.digits().count()) { Verdict::Plausible } else { Verdict::Reject }
}

/// A number counted from midnight: any digits that are no amount.
pub(crate) fn day_number(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    if is_amount(candidate) || is_year(text) || text == "1" { Verdict::Reject } else { Verdict::Plausible }
}

/// A serial number after the word: three digits or more.
pub(crate) fn serial_number(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let bare_date = text.contains(['/', '.']) && is_written_date(text);
    if candidate.digits().count() < 3 || bare_date || is_quantity(text) || around::unit_follows(candidate) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A serial number by its form, near a device: letters and four digits or more, no score and no drug.
pub(crate) fn device_shape(candidate: &Candidate<'_>) -> Verdict {
    let entry = Dictionary::embedded().lookup(prefix(candidate.as_str()));
    let term = entry.has(Class::Score) || entry.has(Class::Drug) || entry.has(Class::Month);
    if candidate.digits().count() < 4 || term {
        return Verdict::Reject;
    }
    shaped_reference(candidate)
}

/// A MAC address: twelve hexadecimal digits, of which one is a letter where nothing names them.
pub(crate) fn mac_address(candidate: &Candidate<'_>) -> Verdict {
    if candidate.before().ends_with([':', '-']) {
        return Verdict::Reject;
    }
    let digits = candidate.as_str().bytes().filter(u8::is_ascii_hexdigit);
    match (digits.clone().count(), digits.clone().any(|digit| !digit.is_ascii_digit())) {
        (12, true) if digits.clone().any(|digit| digit.is_ascii_digit()) => Verdict::Plausible,
        (12, _) if candidate.as_str().contains([':', '-']) => {
            Verdict::Doubtful("the form is a MAC address's and there is no letter in it")
        }
        _ => Verdict::Reject,
    }
}

/// A laboratory or imaging number after words that call it one.
pub(crate) fn specimen_number(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    if candidate.digits().count() < 4 || is_year(text) || is_amount(candidate) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// An incident number after the word: three digits or more and no year.
pub(crate) fn incident_number(candidate: &Candidate<'_>) -> Verdict {
    if is_year(candidate.as_str()) || is_pair(candidate.as_str()) {
        Verdict::Reject
    } else {
        reference(candidate)
    }
}

/// A number after a word that is often followed by times and years as well.
pub(crate) fn long_reference(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    if is_time(text) || is_year(text) || is_pair(text) || candidate.digits().count() < 4 {
        return Verdict::Reject;
    }
    reference(candidate)
}

/// A number after "no" or "ref" and the word for what it is the number of.
pub(crate) fn work_reference(candidate: &Candidate<'_>) -> Verdict {
    if is_year(candidate.as_str()) { Verdict::Reject } else { reference(candidate) }
}

/// The code of a key safe, gate or door.
pub(crate) fn door_code(candidate: &Candidate<'_>) -> Verdict {
    if around::unit_follows(candidate) || around::money_before(candidate) {
        Verdict::Reject
    } else {
        Verdict::Plausible
    }
}

/// Six digits after words that call them a sort code.
pub(crate) fn named_sort_code(candidate: &Candidate<'_>) -> Verdict {
    if around::unit_follows(candidate) { Verdict::Reject } else { Verdict::Plausible }
}

/// Six digits in pairs: many sort codes are also dates.
pub(crate) fn sort_code(candidate: &Candidate<'_>) -> Verdict {
    if is_written_date(candidate.as_str()) {
        Verdict::Doubtful("the digits are also a date")
    } else {
        Verdict::Plausible
    }
}

/// An account number: digits that are no date and no telephone number.
pub(crate) fn bank_number(candidate: &Candidate<'_>) -> Verdict {
    let digits: Vec<u8> = candidate.digits().collect();
    if is_packed_date(&digits) || around::names_phone(candidate) || is_amount(candidate) {
        Verdict::Reject
    } else {
        Verdict::Plausible
    }
}

/// Eight digits after six in pairs that are a sort code, unless those are also a date.
pub(crate) fn account_after_sort_code(candidate: &Candidate<'_>) -> Verdict {
    let before = candidate.before().trim_end_matches(|c: char| !c.is_ascii_digit());
    let code = before.len().checked_sub(8).and_then(|from| before.get(from..)).unwrap_or_default();
    if is_written_date(code) {
        return Verdict::Doubtful("the digits before are also a date");
    }
    bank_number(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(marked: &str, of: fn(&Candidate<'_>) -> Verdict) -> Verdict {
        let (before, rest) = marked.split_once("[[").expect("a mark");
        let (inner, after) = rest.split_once("]]").expect("a mark");
        let text = format!("{before}{inner}{after}");
        of(&Candidate { text: &text, start: before.len(), end: before.len() + inner.len() })
    }

    #[test]
    fn lists_are_sorted() {
        for list in [UNIT_ENDINGS, RECORD_LEADS, BED_WORDS] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
        let mut sorted = CODE_PREFIXES.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, CODE_PREFIXES);
    }

    #[test]
    fn references() {
        for text in ["cad [[5512]]", "ref [[sg/24/01186]]", "log [[0417 of 23/2]]", "path [[h24-90116]]"] {
            assert_eq!(judged(text, reference), Verdict::Plausible, "{text}");
        }
        for text in ["cad [[12/3/24]]", "gave [[500mg]]", "[[120]] units", "cad [[12]]"] {
            assert_eq!(judged(text, reference), Verdict::Reject, "{text}");
        }
        for text in ["[[120/80]]", "lot [[ab1234]]", "mob [[7700900]]", "[[110324]]"] {
            assert_eq!(judged(text, shaped_reference), Verdict::Reject, "{text}");
        }
    }

    #[test]
    fn bare_records() {
        for text in [
            "for [[1734567]] mri",
            "notes for aldred [[510-281]]",
            "label [[160116x]]",
            "([[204417]])",
            "theo, [[88204417]].",
            "[[734567]]\nct head",
        ] {
            assert_eq!(judged(text, bare_record), Verdict::Plausible, "{text}");
        }
        for text in [
            "cost centre [[404217]]",
            "for [[1000000]] units",
            "for [[120324]]",
            "for [[12032024]]",
            "platelets [[404217]]",
            "htn, [[73211009]]",
            "£[[404217]]",
            "for [[404217]] ml",
            "for [[404217]]-2",
            "aim for [[120-140]]",
        ] {
            assert_eq!(judged(text, bare_record), Verdict::Reject, "{text}");
        }
    }

    #[test]
    fn concept_ids() {
        for id in ["38341003", "73211009"] {
            let digits: Vec<u8> = id.bytes().map(|byte| byte - b'0').collect();
            assert!(is_snomed(&digits), "{id}");
        }
        assert!(!is_snomed(&[3, 8, 3, 4, 1, 0, 0, 4]));
        // 2363 is the example of the algorithm's usual descriptions.
        assert!(verhoeff_passes(&[2, 3, 6, 3]));
    }
}
