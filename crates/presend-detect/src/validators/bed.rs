//! Wards, bays, beds and rooms with a number or a letter: what makes them a place and not a quantity.

use super::surroundings::{Surroundings, is_name, is_quantity, words};
use super::{Candidate, Verdict};

/// Words after a ward's number that a quantity would not have: "ward 4 nights" is a shift.
const SHIFTS: &[&str] =
    &["night", "nights", "day", "days", "staff", "nurse", "nurses", "beds", "cases", "bloods"];

/// Words after a unit's number that count its beds or its people.
const UNIT_COUNTS: &[&str] = &[
    "empty",
    "full",
    "free",
    "nil",
    "spare",
    "available",
    "waiting",
    "short",
    "down",
    "to",
    "hcas",
    "rns",
    "rn",
    "hca",
    "docs",
    "doctors",
    "pts",
    "patients",
    "dtas",
    "dta",
    "outliers",
    "boarders",
    "or",
    "male",
    "female",
    "more",
    "left",
    "in",
    "x",
    "and",
    "capacity",
    "open",
    "potential",
    "poss",
    "possible",
    "definite",
    "tci",
    "tcis",
    "admissions",
];

/// Words after a single letter that make it part of something else: "bay c diff", "bed d dimer".
const LETTER_TAILS: &[&str] = &[
    "diff",
    "difficile",
    "spine",
    "dimer",
    "cell",
    "cells",
    "coli",
    "section",
    "sections",
    "peptide",
    "reactive",
    "word",
    "auris",
    "albicans",
    "dip",
    "group",
    "hep",
    "team",
    "max",
    "list",
    "grade",
];

/// A ward, bay, bed or room with its number or letter.
pub(crate) fn numbered_place(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let place = words(text).next().unwrap_or_default();
    let last = text.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    if around.goes_on_as_number() || around.after().starts_with(" x ") {
        return Verdict::Reject;
    }
    if last.len() == 1 && last.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return letter(candidate, &around, last);
    }
    // "SR 84" is a heart rhythm and its rate, "SR 120" a slow-release tablet.
    if (place == "sr" || text.starts_with("s/r")) && number_at_end(text).is_some_and(|number| number > 30) {
        return Verdict::Reject;
    }
    let next = around.joined_after();
    let shift = place.starts_with('w') && SHIFTS.contains(&next);
    let one_to_one = around.after().starts_with(" to one");
    if is_quantity(next) && !shift || one_to_one {
        return Verdict::Reject;
    }
    // "SR1" is a form of the benefits office.
    if text == "sr1"
        && around.is_after(3, &["form", "forms", "done", "signed", "completed", "sent", "pip", "benefit"])
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A place by one letter: "bay c", "side room b".
fn letter(candidate: &Candidate<'_>, around: &Surroundings<'_>, letter: &str) -> Verdict {
    if matches!(around.touching_after(), Some('/' | '&' | '+' | '\'' | '-' | '@')) {
        return Verdict::Reject;
    }
    let next = around.joined_after();
    if LETTER_TAILS.contains(&next) {
        return Verdict::Reject;
    }
    // "a" is an article unless something shows otherwise: a mark after it, another place, or its neighbour "b".
    if letter == "a"
        && !next.is_empty()
        && !matches!(next, "bed" | "bay" | "side" | "room" | "sr" | "cubicle" | "is" | "and")
    {
        let place = words(candidate.as_str()).next().unwrap_or_default();
        let sibling = [format!("{place} b"), format!("{place} c")];
        if !sibling.iter().any(|sibling| candidate.text.contains(sibling.as_str())) {
            return Verdict::Reject;
        }
    }
    Verdict::Plausible
}

fn number_at_end(text: &str) -> Option<u32> {
    text.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// A generic unit with a bed's number: "HDU 3", "resus 2", "NICU 4".
pub(crate) fn unit_bed(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    if around.goes_on_as_number() || matches!(around.touching_after(), Some('-' | '+' | '&')) {
        return Verdict::Reject;
    }
    let next = around.joined_after();
    if is_quantity(next) || UNIT_COUNTS.contains(&next) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A ward by its code alone ("7B", "C4", "w4") after a preposition of place or at the head of a line.
pub(crate) fn ward_code(candidate: &Candidate<'_>) -> Verdict {
    const STAGES: &[&str] = &[
        "ckd",
        "egfr",
        "stage",
        "staged",
        "grade",
        "dukes",
        "cormack",
        "lehane",
        "mallampati",
        "hep",
        "hepatitis",
        "fontaine",
        "type",
        "class",
        "cat",
        "category",
        "figo",
        "gleason",
        "ann",
        "arbor",
        "salter",
        "harris",
        "weber",
        "garden",
        "killip",
        "child",
        "nyha",
        "week",
        "wk",
        "page",
        "section",
        "part",
        "tanner",
        "step",
        "level",
        "tnm",
    ];
    let around = Surroundings::of(candidate);
    let next = around.joined_after();
    if around.goes_on_as_number()
        || around.ends_a_number()
        || matches!(around.touching_after(), Some('/' | '+' | '-'))
        || is_quantity(next)
        || around.is_before(4, STAGES)
        || is_cause_of_death(candidate.as_str(), &around)
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Whether "1a" to "1c" numbers a cause of death: "died from 1a bronchopneumonia", "1a sepsis due to 1b pneumonia".
fn is_cause_of_death(code: &str, around: &Surroundings<'_>) -> bool {
    const DEATHS: &[&str] = &["cause", "causes", "coroner", "death", "died", "mccd", "rip"];
    /// How words end that people die of.
    #[rustfmt::skip]
    const CAUSES: &[&str] = &[
        "aemia", "aspiration", "cancer", "carcinoma", "copd", "covid", "dementia", "embolism", "failure",
        "frailty", "infarction", "ischaemic", "itis", "lymphoma", "metastatic", "monia", "myeloma", "rrhage",
        "sepsis", "septic", "stroke",
    ];
    let next = around.joined_after();
    let is_cause = CAUSES.iter().any(|ending| next.ends_with(ending));
    code.len() == 2
        && code.starts_with('1')
        && !matches!(around.word_before(), "at" | "in" | "on")
        && (is_cause || around.is_before(4, DEATHS))
}

/// A bare number after a person: "lady in 12", "who's got 15".
pub(crate) fn bare_bed(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let touching = around.touching_after();
    if around.goes_on_as_number()
        || matches!(touching, Some('-' | '+' | '/' | '.' | ':'))
            && around.after().len() > 1
            && around.after().chars().nth(1).is_some_and(|c| c.is_ascii_alphanumeric())
    {
        return Verdict::Reject;
    }
    let number = candidate.as_str().parse::<u32>().unwrap_or(0);
    if number == 0 || number > 60 || is_quantity(around.joined_after()) {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A number that opens a line of a bed list: several lines open with one, upwards, and not simply 1, 2, 3.
///
/// Numbered jobs go on without a gap and mostly with a dot or a bracket; beds have gaps where nobody is discussed.
pub(crate) fn bed_list(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    if !around.before().trim().is_empty() || is_quantity(around.joined_after()) || around.goes_on_as_number()
    {
        return Verdict::Reject;
    }
    let mut numbers = Vec::new();
    let mut names = 0;
    for line in candidate.text.lines() {
        let line = line.trim_start();
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let Some((number, rest)) = line.split_at_checked(digits) else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        let opens = rest.chars().next();
        if number == 0 || number > 60 || !matches!(opens, Some(' ' | ':' | '-' | '=' | '\t')) {
            continue;
        }
        if is_quantity(words(rest).next().unwrap_or_default()) {
            return Verdict::Reject;
        }
        names += usize::from(words(rest).take(3).any(is_name));
        numbers.push(number);
    }
    let rising = numbers.is_sorted_by(|a, b| a < b);
    let gaps = numbers.windows(2).any(|pair| matches!(pair, [a, b] if b.saturating_sub(*a) > 1))
        || numbers.first().is_some_and(|first| *first > 2);
    let headed = words(candidate.text).take(12).any(|word| {
        matches!(
            word,
            "ward" | "bed" | "beds" | "bay" | "bays" | "obs" | "board" | "room" | "rooms" | "handover"
        )
    });
    if numbers.len() >= 3 && rising && (gaps || headed && names * 2 >= numbers.len()) {
        Verdict::Plausible
    } else {
        Verdict::Reject
    }
}

/// A bay's letter with a bed's number at the head of a line ("c1 ...", "c2 ..."), or "b12" likewise: beds where
/// another line opens in the same way.
pub(crate) fn bay_list(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    if !around.before().trim().is_empty() || around.goes_on_as_number() || is_quantity(around.joined_after())
    {
        return Verdict::Reject;
    }
    let own = candidate.as_str();
    let siblings = candidate.text.lines().filter(|line| {
        let line = line.trim_start();
        let mut bytes = line.bytes();
        bytes.next().is_some_and(|byte| matches!(byte, b'a'..=b'h'))
            && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
            && !line.starts_with(own)
            && !matches!(
                line.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).chars().next(),
                Some('/' | '.')
            )
    });
    if siblings.count() > 0 { Verdict::Plausible } else { Verdict::Reject }
}
