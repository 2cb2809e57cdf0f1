//! Invented patients and messages about them, from a seed: what a list of known patients is measured and tested with.
//!
//! Names are put together from syllables, and a few are common and most are rare, about as in a city of the size: of a
//! million people, some 100,000 family names and 55,000 given names. NHS numbers begin with 9, which is never issued;
//! phone numbers have the area code 01632, which no place has.

use std::ops::Range;

/// An invented patient.
pub(crate) struct Person {
    pub(crate) given: String,
    pub(crate) family: String,
    /// Year, month, day.
    pub(crate) birth: (u16, u8, u8),
    pub(crate) nhs: String,
    pub(crate) mrn: String,
    pub(crate) phone: String,
}

const FAMILY_NAMES: f64 = 130_000.0;
const GIVEN_NAMES: f64 = 60_000.0;

const FAMILY_SYLLABLES: [&str; 50] = [
    "ba", "bre", "cha", "dro", "du", "ek", "fen", "fo", "gar", "gli", "ha", "hol", "im", "ja", "jor", "ka",
    "kle", "kwu", "lan", "lo", "ma", "mer", "mo", "nar", "ni", "ok", "ol", "pa", "pre", "qua", "ra", "ri",
    "ro", "sa", "shi", "sko", "su", "ta", "tre", "tu", "ul", "va", "vor", "wa", "wen", "xi", "ya", "yo",
    "za", "zu",
];
const FAMILY_ENDINGS: [&str; 12] =
    ["den", "eme", "kov", "ley", "lund", "man", "oro", "ski", "son", "ton", "vic", "worth"];
const GIVEN_SYLLABLES: [&str; 40] = [
    "a", "al", "be", "bri", "ca", "da", "de", "el", "em", "fa", "fi", "ge", "ha", "i", "is", "jo", "ju",
    "ka", "la", "le", "li", "lu", "ma", "mi", "na", "ne", "o", "pe", "pri", "ra", "ro", "sa", "se", "so",
    "ta", "te", "u", "vi", "ya", "ze",
];
const GIVEN_ENDINGS: [&str; 10] = ["bel", "dia", "lan", "lia", "mir", "nie", "ris", "sha", "vin", "ya"];

/// The next of a row of numbers that look random (SplitMix64).
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A rank below `count`, low ones more often: rank `r` comes in proportion to `1 / (r + flat)`.
fn rank(random: u64, count: f64, flat: f64) -> u64 {
    let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
    (flat * (count / flat + 1.0).powf(share) - flat) as u64
}

/// The name of a rank; unlike ranks have unlike names.
fn name(rank: u64, syllables: &[&str], endings: &[&str]) -> String {
    let count = syllables.len() as u64;
    let ending = endings[(rank % endings.len() as u64) as usize];
    let mut rest = rank / endings.len() as u64;
    let mut name = String::from(syllables[(rest % count) as usize]);
    rest /= count;
    loop {
        name.push_str(syllables[(rest % count) as usize]);
        rest /= count;
        if rest == 0 {
            break;
        }
    }
    name.push_str(ending);
    let head = name.remove(0).to_ascii_uppercase();
    name.insert(0, head);
    name
}

/// The invented patient of a number.
pub(crate) fn person(seed: u64, index: u64) -> Person {
    let random = |which: u64| mix(seed ^ mix(index << 3 | which));
    let born = random(2);
    Person {
        given: name(rank(random(0), GIVEN_NAMES, 3.0), &GIVEN_SYLLABLES, &GIVEN_ENDINGS),
        family: name(rank(random(1), FAMILY_NAMES, 6.0), &FAMILY_SYLLABLES, &FAMILY_ENDINGS),
        birth: (
            1925 + (born % 98) as u16,
            1 + (born >> 8 & 0xff) as u8 % 12,
            1 + (born >> 16 & 0xff) as u8 % 28,
        ),
        nhs: nhs_number(index),
        mrn: format!("H{:08}", (index * 70 + random(3) % 70) % 100_000_000),
        phone: format!("01632 {:06}", mix(index) % 1_000_000),
    }
}

/// A number whose check digit holds: 9, then the index spread over the digits that give one.
pub(crate) fn nhs_number(index: u64) -> String {
    // Of eleven numbers in a row the check digit of one would be 10; those are passed over.
    let mut body = 900_000_000 + index * 97 % 99_999_989;
    loop {
        let digits = format!("{body:09}");
        let sum: u32 =
            digits.bytes().zip((2..=10).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            return format!("{} {} {}{check}", &digits[..3], &digits[3..6], &digits[6..]);
        }
        body += 1;
    }
}

/// Messages with what stands for a patient in braces; half of them name nobody.
const MESSAGES: &[&str] = &[
    "Morning all, handover moved to half past eight in the seminar room",
    "{given} {family} bed 12 spiking again, cultures sent, on taz",
    "can someone rewrite the insulin chart for bay C pls, due at 12",
    "{FAMILY}, {given} NHS {nhs} needs an echo before Thursday",
    "thanks both, that was a rough night",
    "Sats 91 on 2L, RR 24, BP 98/60, lactate 3.1. med reg aware",
    "pls chase CT head {typo}, dob {birth}, fell again overnight",
    "anyone got the key for the drug fridge?",
    "{given} {family} family want a word with the consultant after 4",
    "Trop 12 then 14 so not rising, home with GP follow up I think",
    "discharge letter for {nhs} still not done, transport booked 1500",
    "does the renal clinic take faxes any more or is it all email now",
    "mrn {mrn} potassium 6.4, not haemolysed, ECG done, giving calcium gluconate",
    "Ward round starting late, still waiting on two post takes",
    "{family} {given} moved to side room, MRSA positive",
    "who is covering the crash bleep till nine?",
    "next of kin for {given} {family} is on {phone}, call before moving please",
    "fluids finished in bay 4, she is drinking well so have not put more up",
    "lower case and in a hurry, {lower} wants to self discharge, can you come",
    "rota for next month is out, swaps to me by Friday please",
];

/// An invented message; about one in two is about somebody of these patients.
pub(crate) fn message(seed: u64, people: Range<u64>, index: u64) -> String {
    let random = mix(seed ^ mix(index ^ 0x5eed));
    let template = MESSAGES[(random % MESSAGES.len() as u64) as usize];
    if !template.contains('{') {
        return template.to_owned();
    }
    let person = person(seed, people.start + (random >> 8) % (people.end - people.start).max(1));
    let (year, month, day) = person.birth;
    let mistyped = {
        let at = 1 + (random >> 40) as usize % (person.family.len() - 2);
        format!("{} {}{}", person.given, &person.family[..at], &person.family[at + 1..])
    };
    template
        .replace("{given}", &person.given)
        .replace("{family}", &person.family)
        .replace("{FAMILY}", &person.family.to_uppercase())
        .replace("{lower}", &format!("{} {}", person.given, person.family).to_lowercase())
        .replace("{typo}", &mistyped)
        .replace("{birth}", &format!("{day}/{month}/{year}"))
        .replace("{nhs}", &person.nhs)
        .replace("{mrn}", &person.mrn)
        .replace("{phone}", &person.phone)
}
