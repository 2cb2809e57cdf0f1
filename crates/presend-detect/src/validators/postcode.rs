//! Postcodes by the areas in use.
//!
//! Source: Royal Mail, Programmers' Guide (postcode format); ONS Postcode Directory for the areas.

use super::{Candidate, Verdict};
use crate::dictionary::{Class, Dictionary};

/// The postcode areas of the United Kingdom, the Isle of Man and the Channel Islands.
const AREAS: &[&str] = &[
    "ab", "al", "b", "ba", "bb", "bd", "bh", "bl", "bn", "br", "bs", "bt", "ca", "cb", "cf", "ch", "cm",
    "co", "cr", "ct", "cv", "cw", "da", "dd", "de", "dg", "dh", "dl", "dn", "dt", "dy", "e", "ec", "eh",
    "en", "ex", "fk", "fy", "g", "gl", "gu", "gy", "ha", "hd", "hg", "hp", "hr", "hs", "hu", "hx", "ig",
    "im", "ip", "iv", "je", "ka", "kt", "kw", "ky", "l", "la", "ld", "le", "ll", "ln", "ls", "lu", "m", "me",
    "mk", "ml", "n", "ne", "ng", "nn", "np", "nr", "nw", "ol", "ox", "pa", "pe", "ph", "pl", "po", "pr",
    "rg", "rh", "rm", "s", "sa", "se", "sg", "sk", "sl", "sm", "sn", "so", "sp", "sr", "ss", "st", "sw",
    "sy", "ta", "td", "tf", "tn", "tq", "tr", "ts", "tw", "ub", "w", "wa", "wc", "wd", "wf", "wn", "wr",
    "ws", "wv", "yo", "ze",
];

/// Areas of one letter and the like whose outward codes are as well roots, leads, stages or wards.
const CLINICAL_AREAS: &[&str] = &[
    "b", "e", "g", "l", "m", "n", "s", "w", "sr", "rm", "wd", "st", "ct", "co", "pr", "pe", "pa", "hr", "ne",
    "ml", "iv",
];

/// Words before an outward code that say outright that it is one.
const NAMED: &[&str] = &["postcode", "post code", "pcode", "area", "lives in", "living in", "address"];

/// Outward codes that are foundation doctors and phosphate unless something names a postcode.
const OTHER_MEANINGS: &[&str] = &["fy1", "fy2", "po4"];

/// Whether the code is no district in use: teeth from LL1 to LL8, and the sizes of catheters.
fn is_no_district(area: &str, district: &str) -> bool {
    match (area, district.parse::<u32>()) {
        ("ll", Ok(number)) => number < 11,
        ("ch", Ok(number)) => (9..25).contains(&number),
        _ => false,
    }
}

fn parts(text: &str) -> Option<(&str, &str)> {
    let digit = text.find(|letter: char| letter.is_ascii_digit())?;
    text.split_at_checked(digit)
}

/// Whether the text is an outward code of an area in use.
pub(crate) fn is_outward(outward: &str) -> bool {
    let Some((area, district)) = parts(outward) else { return outward == "gir" };
    let letters_after = district.bytes().filter(u8::is_ascii_alphabetic).count();
    AREAS.contains(&area) && (letters_after == 0 || letters_after == 1 && district.len() == 2)
}

/// Units of measure and times that the last two letters could be: "SW1 5mg", "B12 2ml".
const OTHER_UNITS: &[&str] =
    &["am", "cc", "ch", "cm", "iu", "kg", "km", "kv", "mg", "ml", "mm", "mv", "om", "on", "pm", "vs"];

/// Ordinary words that a unit with a letter for its digit would be, and what the dictionary lacks of them.
fn is_word(inward: &str) -> bool {
    let entry = Dictionary::embedded().lookup(inward);
    inward == "oed" || entry.zipf_tenths() >= 40 || entry.has(Class::Ordinary) || entry.has(Class::Clinical)
}

/// Whether the text before says that a place or a postcode comes, or a street line or a comma stands there.
fn named(candidate: &Candidate<'_>) -> bool {
    let before = candidate.before().trim_end();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.ends_with(',') || NAMED.iter().any(|word| line.ends_with(word)) || line.ends_with(" code")
}

/// A full postcode: the area is in use and the unit is no ordinal ("S1 2nd").
pub(crate) fn postcode(candidate: &Candidate<'_>) -> Verdict {
    let text: String = candidate.as_str().chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    let Some((outward, inward)) = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at)) else {
        return Verdict::Reject;
    };
    let parted = candidate.as_str().contains(char::is_whitespace);
    let ordinal = matches!(inward, "1st" | "2nd" | "3rd") || inward.ends_with("th");
    let confused = !inward.starts_with(|letter: char| letter.is_ascii_digit());
    // "bs4 old lady".
    let word = confused && parted && !named(candidate) && is_word(inward);
    if !is_outward(outward) || ordinal && parted || word {
        return Verdict::Reject;
    }
    let clinical = parts(outward).is_some_and(|(area, _)| CLINICAL_AREAS.contains(&area));
    // Royal Mail gives no unit with these letters, but people mistype and mishear.
    if inward.bytes().skip(1).any(|letter| b"cikmov".contains(&letter)) {
        let unit = inward.get(1..).unwrap_or_default();
        return if confused || OTHER_UNITS.contains(&unit) || clinical && !named(candidate) {
            Verdict::Reject
        } else {
            Verdict::Plausible
        };
    }
    // A line break between the halves, or a letter for the digit, asks for more than the shape of a common area.
    if clinical && (confused || candidate.as_str().contains('\n')) {
        return Verdict::Doubtful("the shape is a postcode's, written oddly");
    }
    Verdict::Valid("the area, district and unit have the shape of postcodes in use")
}

/// An outward code with nothing that calls for one: it stands alone and is no part of a longer code or a bed.
pub(crate) fn bare_outward_code(candidate: &Candidate<'_>) -> Verdict {
    let joined = candidate.after().starts_with(['-', '/', '.', '\'', ':'])
        && candidate.after().chars().nth(1).is_some_and(char::is_alphanumeric)
        || candidate.before().ends_with(['-', '/', '#', '@', '_', '.']);
    let other = OTHER_MEANINGS.contains(&candidate.as_str());
    // "IV40 furosemide": those of Inverness are set off by commas or named, as an address's end is.
    let by_vein = candidate.as_str().starts_with("iv")
        && !(named(candidate)
            && (candidate.after().is_empty() || candidate.after().starts_with([',', '\n'])));
    if joined || other || by_vein { Verdict::Reject } else { Verdict::Plausible }
}

/// An outward code in a place's position.
pub(crate) fn outward_code(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    if !is_outward(text) || text == "gir" {
        return Verdict::Reject;
    }
    let joined = candidate.after().starts_with(['/', '-', '.', ':', '%'])
        && !candidate.after().starts_with(". ")
        || candidate.before().ends_with(['/', '-', '.', '#']);
    let Some((area, district)) = parts(text) else { return Verdict::Reject };
    let before = candidate.before().trim_end_matches([' ', ':']);
    let named = NAMED.iter().any(|name| before.ends_with(name)) || before.ends_with("postcode is");
    let other = OTHER_MEANINGS.contains(&text)
        || CLINICAL_AREAS.contains(&area)
        || area.len() == 1 && district.len() == 1;
    if joined || is_no_district(area, district) || !named && other {
        return Verdict::Reject;
    }
    Verdict::Plausible
}
