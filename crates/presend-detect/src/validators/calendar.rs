//! The calendar: which day and month a date names, in figures or words, and what parts dates from fractions, doses,
//! scores and times.
//!
//! No clock is read: a date counts by itself, whenever it is.

use super::number_words::{NumberWord, number_word, read_number};
use super::reference::is_time;
use super::surroundings::{Surroundings, entry, is_name, is_quantity, words};
use super::{Candidate, Verdict};
use crate::dictionary::{Class, ClassSet};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words after which a day and month stand: an appointment, a deadline, a fact with its date.
#[rustfmt::skip]
const DATE_LEADS: &[&str] = &[
    "on", "since", "from", "til", "till", "until", "by", "due", "dated", "date", "dates", "w/c", "w/e", "wc", "we", "week", "commencing",
    "mon", "monday", "tue", "tues", "tuesday", "wed", "weds", "wednesday", "thu", "thur", "thurs", "thursday", "fri", "friday",
    "sat", "saturday", "sun", "sunday", "appt", "appointment", "apt", "booked", "clinic", "admitted", "adm", "discharged", "dc", "seen",
    "expires", "expiry", "exp", "expired", "edd", "edc", "lmp", "op", "surgery", "tci", "scan", "ct", "mri", "us", "uss", "cxr", "echo", "mtg", "meeting",
    "hearing", "granted", "died", "rip", "before", "after", "between", "next", "last", "issued", "signed", "started", "start", "stopped",
    "inserted", "fitted", "changed", "given", "sent", "swab", "swabs", "bloods", "doa", "dod", "of", "for", "the", "review", "rv", "tta", "conf",
    "conference", "ref'd", "referred", "registered", "arrives", "arrived", "leave", "rota", "starters", "shift", "shifts", "nights",
    "inserted", "removed", "smear", "vaccine", "dose", "biopsy", "transfused", "list", "today", "tomorrow", "tmrw", "yesterday", "mdt", "cpa", "panel",
];

/// The stronger of them: a score or a dose does not usually follow.
#[rustfmt::skip]
const STRONG_LEADS: &[&str] = &[
    "on", "since", "til", "till", "until", "by", "due", "dated", "date", "w/c", "w/e", "commencing",
    "mon", "monday", "tue", "tues", "tuesday", "wed", "weds", "wednesday", "thu", "thur", "thurs", "thursday", "fri", "friday",
    "sat", "saturday", "sun", "sunday", "appt", "appointment", "expires", "expiry", "exp", "expired", "edd", "edc", "lmp", "tci",
    "hearing", "granted", "died", "rip", "inserted", "fitted", "doa", "dod", "today", "tomorrow", "tmrw", "yesterday", "issued", "before",
];

/// Words beside a fraction that make it a score, a power, an examination or a dose.
#[rustfmt::skip]
const SCORE_WORDS: &[&str] = &[
    "pain", "score", "scores", "scored", "scoring", "power", "gcs", "mood", "abbey", "nrs", "apgar", "apgars", "amts", "amt", "must", "murmur",
    "sleep", "mmse", "moca", "ace", "4at", "6cit", "bromage", "aldrete", "grip", "mrc", "oxford", "palpable", "palp", "brim", "va", "snellen",
    "vision", "visual", "acuity", "r", "l", "od", "os", "od", "out", "borg", "vas", "reflexes", "tone", "bpe", "perio", "cycle", "day", "phase",
    "grade", "stage", "ps", "akps", "nihss", "abcd2", "curb", "curb65", "wells", "chads", "waterlow", "rr", "hr", "bp", "sats", "quads", "hams",
    "hip", "knee", "ankle", "elbow", "wrist", "shoulder", "sh", "abd", "arm", "leg", "flexion", "extension", "groups", "meals", "berg", "tug",
    "tinetti", "barthel", "mets", "puffs", "litre", "bag", "strength", "dilution", "odds", "chance", "risk", "ratio", "anxiety", "energy",
    "attempts", "visits", "doses", "ketones", "feeds", "feed", "lunch", "tea", "dinner", "breakfast", "diet", "ate", "maint", "rate", "hba1c",
    "pcv", "neuro", "e4", "motor", "severity", "itch", "nausea", "sob", "breathless", "breathlessness", "calls", "sets", "cervix", "station",
    "disc", "discs", "c5", "c6", "l4", "l5", "s1", "spine", "level", "tear", "dukes", "gleason", "liver", "nodes", "margins", "teeth",
    "night", "nights", "shift", "shifts", "line", "lines", "on", "call", "niv", "bipap", "cpap", "nippy", "bilevel", "ipap", "epap", "pressures",
    "simv", "acv", "prvc", "psv", "asv", "aprv", "peep",
];

/// Words whose values stand three together: scores, readings and doses of a day.
#[rustfmt::skip]
const SERIES_WORDS: &[&str] = &[
    "bg", "bm", "cbg", "dose", "doses", "flow", "flows", "gcs", "glucose", "ketones", "mood", "nrs", "pain", "pefr", "pefrs", "power", "reading",
    "score", "scored", "scores", "scoring", "sugar", "units", "vas",
];

/// Those that say of themselves that there are several.
const SERIES_PLURALS: &[&str] = &["apgar", "apgars", "bgs", "bms", "cbgs", "readings", "sugars"];

/// Words whose values stand in pairs: pressures.
#[rustfmt::skip]
const PRESSURES: &[&str] = &[
    "abp", "bp", "icp", "iop", "iops", "map", "nibp", "pip", "vent", "ventilated", "ventilation", "ventilator",
];

/// What may stand between a drug or a pressure and its pair of numbers: a form, a way in, a mode.
#[rustfmt::skip]
const FORMS: &[&str] = &[
    "bd", "caps", "csci", "driver", "drops", "flexpen", "infusion", "inh", "inhaler", "iv", "kwikpen", "m3", "mr", "od", "patch", "pc", "pen", "po",
    "prn", "sc", "sd", "sr", "syringe", "tablets", "tabs", "tds", "vc", "xl",
];

/// Words before a drug that put it on a day and say nothing of its dose.
#[rustfmt::skip]
const OCCASIONS: &[&str] = &[
    "began", "begun", "booked", "changed", "commenced", "completed", "due", "ended", "finished", "gave", "given", "had", "last", "loaded", "missed", "next", "reloaded",
    "restart", "restarted", "start", "started", "stopped", "switched", "withheld",
];

/// Words that put "24/7" on the 24th of July; after most others it means always.
#[rustfmt::skip]
const LATE_JULY: &[&str] = &[
    "adm", "admitted", "after", "appointment", "appt", "arrived", "before", "between", "biopsy", "bloods", "booked", "clinic", "ct", "date", "dated", "dc", "died",
    "discharged", "doa", "dod", "due", "echo", "edd", "exp", "expires", "fell", "fitted", "from", "given", "inserted", "issued", "list", "lmp", "mri", "op", "picc",
    "rebooked", "referred", "review", "scan", "seen", "since", "started", "stopped", "surgery", "tci", "theatre", "til", "till", "until", "uss", "xray",
];

/// Words after two digits by which they are a time, a gestation, an age or a length of time and no year.
#[rustfmt::skip]
const NO_YEARS: &[&str] = &[
    "am", "days", "gestation", "h", "hours", "hr", "hrs", "mins", "minutes", "months", "mths", "pm", "week", "weeks", "wk", "wks", "years", "yo", "yr", "yrs",
];

/// What happened on a day, where it stands right before the date or heads its line.
#[rustfmt::skip]
const EVENTS: &[&str] = &[
    "admission", "appointment", "appt", "band", "birth", "booked", "booster", "bypass", "clinic", "clip", "clipping", "coil", "collection", "conviction", "date",
    "dated", "death", "decision", "delivery", "depot", "discharge", "echo", "edd", "form", "fusion", "graft", "grafts", "hearing", "implant", "injection", "jab", "judgment",
    "letter", "lmp", "onset", "op", "operation", "order", "overdose", "procedure", "referral", "removal", "repair", "replacement", "report",
    "resection", "result", "results", "review", "revision", "sample", "scan", "section", "sentence", "specimen", "surgery", "tci", "test", "transfer", "transplant",
    "vaccination", "vaccine", "visit",
];

/// Words that put something on a day.
const ON_A_DAY: &[&str] =
    &["after", "around", "before", "between", "by", "during", "from", "of", "on", "since", "to", "until"];

/// Past participles and past tenses that do not end in "ed".
#[rustfmt::skip]
const PAST: &[&str] = &[
    "became", "began", "begun", "bitten", "broke", "broken", "burnt", "came", "done", "fell", "found", "given", "got", "had", "met", "sent", "seen", "shot", "taken",
    "torn", "undergone", "underwent", "went",
];

/// Words of a birth: the date after them is hardly another's.
const BORN: &[&str] = &["birth", "born", "dob"];

/// What names of operations and of looking into somebody end in.
const PROCEDURES: &[&str] = &["ectomy", "otomy", "ostomy", "plasty", "scopy", "pexy", "desis"];

/// Words of growth charts.
#[rustfmt::skip]
const GROWTH: &[&str] = &[
    "bmi", "centile", "centiles", "hc", "height", "ht", "length", "lgth", "ofc", "percentile", "weight", "wt",
];

/// The month's number, 1 to 12.
pub(super) fn month(word: &str) -> Option<u8> {
    let stem = match word {
        "sept" => "sep",
        "febuary" | "feburary" => "feb",
        other => other,
    };
    let at = MONTHS.iter().position(|name| *name == stem || stem.len() == 3 && name.starts_with(stem))?;
    u8::try_from(at + 1).ok()
}

/// The month whose name the word is but for one slip: a letter more, less or other, or two swapped. June and July, which
/// much else is like, only count with two swapped.
fn misspelt_month(word: &str) -> Option<u8> {
    const OTHERS: ClassSet = ClassSet::of(&[Class::Ordinary, Class::Drug, Class::Device]);
    if word.len() < 4 || entry(word).has_any(OTHERS) {
        return None;
    }
    let at = MONTHS.iter().position(|name| {
        let swapped = || name.len() == word.len() && word.bytes().all(|byte| name.as_bytes().contains(&byte));
        is_one_slip(word.as_bytes(), name.as_bytes())
            && (name.len() > 4 || swapped())
            && word.strip_suffix('s') != Some(*name)
    })?;
    u8::try_from(at + 1).ok()
}

fn is_one_slip(mut written: &[u8], mut meant: &[u8]) -> bool {
    while let ([a, written_rest @ ..], [b, meant_rest @ ..]) = (written, meant)
        && a == b
    {
        (written, meant) = (written_rest, meant_rest);
    }
    while let ([written_rest @ .., a], [meant_rest @ .., b]) = (written, meant)
        && a == b
    {
        (written, meant) = (written_rest, meant_rest);
    }
    match (written, meant) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Whether the word is a month or a usual short form of one.
pub(super) fn is_month(word: &str) -> bool {
    month(word).is_some()
}

/// How many days the month has; February counts 29.
pub(super) const fn days_in(month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 29,
        _ => 0,
    }
}

fn exists(day: u32, month: u32, year: Option<u32>) -> bool {
    let leap = year.is_none_or(|year| {
        year < 100 && year.is_multiple_of(4)
            || year.is_multiple_of(4) && !year.is_multiple_of(100)
            || year.is_multiple_of(400)
    });
    (1..=days_in(month)).contains(&day) && (month != 2 || day < 29 || leap)
}

/// A date's parts as far as it gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) day: Option<u32>,
    pub(super) month: Option<u32>,
    pub(super) year: Option<u32>,
}

/// Reads a date in figures, with or without a month in letters: `3/2/61`, `2021-03-12`, `07jul1981`, `mar 5th, 2019`.
pub(super) fn parse(text: &str) -> Option<Date> {
    let mut numbers = Vec::new();
    let mut named = None;
    let mut month_first = false;
    for piece in pieces(text) {
        // "22ndjune": the ordinal's ending and the month are one run of letters.
        let piece = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|ending| piece.strip_prefix(ending))
            .filter(|rest| is_month(rest))
            .unwrap_or(piece);
        if let Some(month) = month(piece).or_else(|| misspelt_month(piece)) {
            if named.replace(u32::from(month)).is_some() {
                return None;
            }
            month_first = numbers.is_empty();
        } else if piece.starts_with(|c: char| c.is_ascii_digit()) {
            numbers.push((piece.parse::<u32>().ok()?, piece.len()));
        } else if !matches!(piece, "st" | "nd" | "rd" | "th" | "of" | "the" | "day" | "t" | "and") {
            return None;
        }
    }
    let date = |day, month, year| {
        exists(day, month, year).then_some(Date { day: Some(day), month: Some(month), year })
    };
    match (named, numbers.as_slice()) {
        (Some(month), []) => Some(Date { month: Some(month), ..Date::default() }),
        (Some(month), [(year, 4)]) => {
            plausible_year(*year).then_some(Date { month: Some(month), year: Some(*year), day: None })
        }
        (Some(month), [(day, 1 | 2)]) => date(*day, month, None).or({
            (month_first && *day <= 99).then_some(Date { month: Some(month), year: Some(*day), day: None })
        }),
        (Some(month), [(year, 4), (day, 1 | 2)]) | (Some(month), [(day, 1 | 2), (year, 2 | 4)]) => {
            (*year < 100 || plausible_year(*year)).then(|| date(*day, month, Some(*year))).flatten()
        }
        (None, [(year, 4), (month, 1 | 2), (day, 1 | 2)]) => {
            plausible_year(*year).then(|| date(*day, *month, Some(*year))).flatten()
        }
        (None, [(day, 1 | 2), (month, 1 | 2), (year, length @ (2 | 4))]) => {
            if *length == 4 && !plausible_year(*year) {
                return None;
            }
            // The American order where only that exists.
            date(*day, *month, Some(*year))
                .or_else(|| (*length == 4).then(|| date(*month, *day, Some(*year))).flatten())
        }
        (None, [(day, 1 | 2), (month, 1 | 2)]) => date(*day, *month, None),
        (None, [(packed, 6)]) => {
            let (day, month, year) = (packed / 10_000, packed / 100 % 100, packed % 100);
            date(day, month, Some(year))
        }
        (None, [(packed, 8)]) => {
            let (day, month, year) = (packed / 1_000_000, packed / 10_000 % 100, packed % 10_000);
            let turned = (packed % 100, packed / 100 % 100, packed / 10_000);
            if plausible_year(year) { date(day, month, Some(year)) } else { None }.or_else(|| {
                plausible_year(turned.2).then(|| date(turned.0, turned.1, Some(turned.2))).flatten()
            })
        }
        _ => None,
    }
}

const fn plausible_year(year: u32) -> bool {
    year >= 1895 && year <= 2099
}

/// Runs of digits and runs of letters, each by itself.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|c: char| c.is_ascii_alphanumeric())?;
        let tail = rest.get(start..)?;
        let digits = tail.starts_with(|c: char| c.is_ascii_digit());
        let end = tail
            .find(|c: char| c.is_ascii_digit() != digits || !c.is_ascii_alphanumeric())
            .unwrap_or(tail.len());
        rest = tail.get(end..)?;
        tail.get(..end)
    })
}

/// Letters typed for digits, as in `l2/O6/57`.
fn straighten(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'o' => '0',
            'l' | 'i' => '1',
            other => other,
        })
        .collect()
}

/// A date with its year, in figures or with the month in letters.
pub(crate) fn full_date(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    // "7.18 / 9.1 / 18": blood gases.
    let gases = text.contains("/ ") && text.contains('.');
    if parse(text).is_none()
        || gases && pieces(text).all(|piece| piece.len() < 3)
        || is_wrongly_joined(&around, text)
        || is_part_of_number(&around, text)
        || is_measured(&around)
        || is_series(&around, text)
        || ends_in_other_number(&around, text)
    {
        return Verdict::Reject;
    }
    if is_surely_event(head(&around)) && !is_of_birth(&around) {
        return Verdict::Valid("the word before says what was on that day");
    }
    Verdict::Plausible
}

/// A date in which letters stand for digits.
pub(crate) fn full_date_lookalike(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = straighten(candidate.as_str());
    if joined_to_number(&around) || text == candidate.as_str() || parse(&text).is_none() {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// Whether a date over a line break is none: a list's or a bed's number before a line that a month begins, or a time
/// after one that a month ends.
fn is_wrongly_joined(around: &Surroundings<'_>, text: &str) -> bool {
    let Some((first, second)) = text.split_once('\n') else { return false };
    if pieces(second).next().is_some_and(is_month) {
        let lead = around.word_before();
        let led = STRONG_LEADS.contains(&lead)
            || matches!(lead, "born" | "dob" | "from" | "of" | "the")
            || is_past(lead);
        // "take 1 on 4\nMay increase"
        let verb = second.ends_with("may");
        let ordinal = pieces(first).nth(1).is_some();
        return !ordinal && (verb || !led);
    }
    pieces(first).last().is_some_and(is_month) && around.mark_after().is_some_and(char::is_alphanumeric)
}

/// Whether the word is a past participle or a past tense.
fn is_past(word: &str) -> bool {
    let regular = word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed");
    PAST.contains(&word) || regular && !is_name(word)
}

/// Whether the word says by its form or by itself that the date after it is that of something done.
fn is_surely_event(word: &str) -> bool {
    EVENTS.contains(&word) || is_past(word) || PROCEDURES.iter().any(|ending| word.ends_with(ending))
}

/// Whether a date after the word is that of what the word says: something done, a diagnosis, a drug.
fn is_event(word: &str) -> bool {
    const CLINICAL: ClassSet = ClassSet::of(&[Class::Clinical, Class::Device, Class::Drug, Class::Score]);
    const PEOPLE: ClassSet = ClassSet::of(&[
        Class::Kin,
        Class::PatientWord,
        Class::StaffRole,
        Class::TitleAny,
        Class::TitleStaff,
        Class::UnitGeneric,
    ]);
    let classes = entry(word).classes();
    is_surely_event(word)
        || word.len() > 1 && classes.meets(CLINICAL) && !classes.meets(PEOPLE) && !is_name(word)
}

/// The word that a date belongs to, or nothing: what a mark sets off is another thing ("COPD, 14/02/1948"), and so are
/// the initials of a name ("Smith AF 14/02/1948").
fn head<'t>(around: &Surroundings<'t>) -> &'t str {
    let line = before_dates(around.before()).trim_end_matches([' ', '\t', ':', '(', '-', '=']);
    let mut heads = words(line).rev();
    let nearest = heads.next().filter(|word| line.ends_with(word)).unwrap_or_default();
    let is_surname = |word: &str| is_name(word) || entry(word).surname() == 3;
    let initials = nearest.len() < 3 && heads.next().is_some_and(is_surname);
    if initials { "" } else { nearest }
}

/// The line before a date, less the other dates of its list: "TURP 4/4/98, 5/6/99 and".
fn before_dates(mut line: &str) -> &str {
    loop {
        let rest = line.trim_end_matches([' ', ',', '&']);
        let rest = rest.strip_suffix(" and").unwrap_or(rest).trim_end();
        let (head, last) = rest.split_at(rest.rfind(' ').map_or(0, |at| at + 1));
        if last.is_empty() || parse(last).is_none_or(|date| date.year.is_none()) {
            return line;
        }
        line = head;
    }
}

fn is_measured(around: &Surroundings<'_>) -> bool {
    matches!(
        around.joined_after(),
        "mg" | "mcg" | "ml" | "mls" | "units" | "mmol" | "kg" | "cm" | "mm" | "buccal"
    )
}

/// Whether the two digits after a month in letters are no year but the start of a time ("4 May 03:12"), a gestation
/// ("39+2", "36/40", "27 weeks") or an age.
fn ends_in_other_number(around: &Surroundings<'_>, text: &str) -> bool {
    let head = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let (Some(number), true) = (text.get(head.len()..), head.contains(|c: char| c.is_ascii_alphabetic()))
    else {
        return false;
    };
    if number.len() != 2 || head.ends_with('\'') {
        return false;
    }
    let after = around.after();
    let digits = after.get(1..).unwrap_or_default();
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    match after.chars().next() {
        Some('+') => length > 0,
        Some(':' | '.') => number < "24" && length == 2,
        Some('/') => matches!(digits.get(..length), Some("40" | "52" | "12" | "7")),
        _ => {
            let next = around.joined_after();
            // "3 Mar 52 h/o COPD", "12 June 48 HR 110".
            let hours = matches!(next, "am" | "h" | "hours" | "hr" | "hrs" | "pm");
            let rest = after.trim_start_matches(' ').get(next.len()..).unwrap_or_default();
            let told =
                rest.trim_start_matches([' ', ':']).starts_with(|c: char| c == '/' || c.is_ascii_digit());
            let most = if matches!(next, "am" | "pm") { "12" } else { "23" };
            NO_YEARS.contains(&next) && !(hours && (told || number > most))
                || next == "this" && around.words_after().nth(1) == Some("year")
        }
    }
}

/// Whether the text is three scores, readings or doses and no date: "Apgars 9/10/10", "novorapid 12/8/10".
///
/// Those have no leading nought. After a word that a date may follow as well they are taken for small ones only.
fn is_series(around: &Surroundings<'_>, text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let [_, _, last] = parts.as_slice() else { return false };
    let plain = |part: &&str| part.len() <= 2 && !part.starts_with('0') && part.parse::<u32>().is_ok();
    // "BMs 12/3/24: 6.4, 8.1": the readings follow their date.
    let heads =
        around.mark_after() == Some(':') || around.joined_after().starts_with(|c: char| c.is_ascii_digit());
    if heads || !parts.iter().all(plain) {
        return false;
    }
    let small = last.parse::<u32>().is_ok_and(|last| last < 20);
    let is_value = |word: &str| {
        let entry = entry(word);
        SERIES_PLURALS.contains(&word)
            || small && (SERIES_WORDS.contains(&word) || entry.has(Class::Drug) || entry.has(Class::Score))
    };
    let nearest = around.word_before();
    is_value(nearest) || !DATE_LEADS.contains(&nearest) && around.words_before().nth(1).is_some_and(is_value)
}

/// The mark that joins a number to the candidate on either side, and that number's side of the text.
fn joined_numbers<'t>(around: &Surroundings<'t>) -> [Option<(char, &'t str)>; 2] {
    let is_joint = |mark: &char| matches!(mark, '.' | '/' | '-' | ':');
    let mut chars = around.before().chars();
    let before = chars.next_back().filter(is_joint).map(|mark| (mark, chars.as_str()));
    let mut chars = around.after().chars();
    let after = chars.next().filter(is_joint).map(|mark| (mark, chars.as_str()));
    [
        before.filter(|(_, text)| text.ends_with(|c: char| c.is_ascii_digit())),
        after.filter(|(_, text)| text.starts_with(|c: char| c.is_ascii_digit())),
    ]
}

/// Whether more digits hang on to the candidate: part of a version, an address, a series of scores.
fn joined_to_number(around: &Surroundings<'_>) -> bool {
    joined_numbers(around).iter().any(Option::is_some)
}

/// Whether a date with its year is only part of a longer number.
///
/// Two things of three tell that it is not: another date or a time is joined on ("12/3/24-18/3/24"), the joint is another
/// mark than the date's own, and the year is in full ("12/03/1956-69y").
fn is_part_of_number(around: &Surroundings<'_>, text: &str) -> bool {
    let own = text.chars().find(|c| matches!(c, '.' | '/' | '-'));
    let certain = pieces(text).any(|piece| piece.len() == 4 && !is_month(piece));
    let belongs = |c: char| c.is_ascii_digit() || c == ':' || Some(c) == own;
    let [before, after] = joined_numbers(around);
    let before = before.map(|(joint, text)| (joint, text.rsplit(|c| !belongs(c)).next()));
    let after = after.map(|(joint, text)| (joint, text.split(|c| !belongs(c)).next()));
    [before, after].into_iter().flatten().any(|(joint, neighbour)| {
        let neighbour = neighbour.unwrap_or_default().trim_matches(|c: char| !c.is_ascii_digit());
        let dated = parse(neighbour).is_some() || is_time(&neighbour.replace(':', ""));
        [dated, Some(joint) != own, certain].into_iter().filter(|tells| *tells).count() < 2
    })
}

/// Whether two numbers are a strength, a dose of two parts or a pair of pressures: "Targinact 20/10", "IOP 24/10".
fn is_strength(around: &Surroundings<'_>) -> bool {
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut nouns = around.words_before().take(3).skip_while(|word| FORMS.contains(word) || is_number(word));
    let noun = nouns.next().unwrap_or_default();
    let drug = entry(noun).has(Class::Drug) && !DATE_LEADS.contains(&noun) && !EVENTS.contains(&noun);
    drug && !around.is_before(4, OCCASIONS)
        || PRESSURES.contains(&noun)
        || matches!(around.joined_after(), "bd" | "bid" | "tds" | "tid" | "qds" | "qid")
}

/// Whether "24/7" is the 24th of July, and does not mean always.
fn is_late_july(around: &Surroundings<'_>) -> bool {
    let leads = |word: &str| LATE_JULY.contains(&word) || is_weekday(word);
    let timed = around.word_before() == "on" && matches!(around.word_after(), "at" | "am" | "pm");
    let little = |word: &&str| matches!(*word, "on" | "is" | "was" | "for" | "the" | "to");
    timed || around.words_before().find(|word| !little(word)).is_some_and(leads)
}

/// A day and a month in figures without a year: "16/9", "28.02".
///
/// Durations (3/7, 2/52, 6/12, 8/24) and fractions look the same, so the day or the context has to decide.
pub(crate) fn day_and_month(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let mut parts = text.split(['/', '.', '-']).map(str::trim);
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return Verdict::Reject };
    let (Ok(day), Ok(month)) = (first.parse::<u32>(), second.parse::<u32>()) else { return Verdict::Reject };
    // A card's or a pack's expiry: month and year.
    if matches!(around.word_before(), "exp" | "expiry" | "expires" | "expired" | "expiring")
        && (1..=12).contains(&day)
        && month > 12
        && second.len() == 2
    {
        return Verdict::Plausible;
    }
    let next = around.joined_after();
    let measured = is_quantity(next)
        && !matches!(next, "per" | "pts" | "patients" | "staff" | "visits" | "calls" | "people");
    if !exists(day, month, None) || joined_to_number(&around) || measured {
        return Verdict::Reject;
    }
    if matches!(around.touching_after(), Some('%' | '+'))
        || matches!(around.before().chars().next_back(), Some('£' | '<' | '>' | '=' | '~' | '+'))
    {
        return Verdict::Reject;
    }
    let padded = first.starts_with('0') || second.starts_with('0');
    // Past "on", "due", a weekday; a little word may stand between.
    let strong = around.words_before().take(1).any(|word| STRONG_LEADS.contains(&word))
        || around.words_before().take(2).any(|word| STRONG_LEADS.contains(&word) && word.len() > 2);
    if !padded && !strong && is_strength(&around) || text == "24/7" && !is_late_july(&around) {
        return Verdict::Reject;
    }
    let led = around.words_before().take(2).any(|word| DATE_LEADS.contains(&word));
    let dated_after = matches!(
        around.word_after(),
        "at" | "am"
            | "pm"
            | "appt"
            | "clinic"
            | "onwards"
            | "to"
            | "till"
            | "til"
            | "shows"
            | "showed"
            | "clear"
    );
    let scored = around
        .words_before()
        .take(4)
        .any(|word| SCORE_WORDS.contains(&word) && !STRONG_LEADS.contains(&word))
        || around.words_after().take(3).any(|word| {
            SCORE_WORDS.contains(&word)
                && !matches!(word, "on" | "night" | "nights" | "shift" | "shifts" | "call" | "r" | "l")
        });
    let verdict = if text.contains('.') {
        // "28.02" cannot be a time of day; "7.1" and "14.10" need the word for it.
        let no_time = day > 23 && second.len() == 2;
        let certain = matches!(
            around.word_before(),
            "died"
                | "rip"
                | "dated"
                | "granted"
                | "expires"
                | "exp"
                | "edd"
                | "lmp"
                | "dod"
                | "doa"
                | "expired"
                | "due"
                | "since"
                | "until"
                | "til"
                | "till"
        );
        no_time && (led || dated_after) && !scored
            || certain && (day > 12 || second.len() == 1 || padded)
            || no_time && padded && around.words_before().take(3).any(|word| DATE_LEADS.contains(&word))
    } else {
        let duration = matches!(month, 7 | 12) && !padded || second == "24" || second == "52";
        let weekday = around.words_before().take(2).any(is_weekday);
        if text == "24/7" {
            true
        } else if duration {
            weekday
                || strong && day > month && !matches!(around.word_before(), "for" | "by" | "on")
                || day > 14 && month == 7 && led
                || day > 24 && led
        } else if padded {
            !scored || strong
        } else if day > 12 || day > month && month != 10 && second.len() == 2 {
            // A score is no higher than what it is out of.
            !scored || strong
        } else if day > month {
            strong || led && !scored
        } else {
            strong && !scored || weekday || led && dated_after && !scored
        }
    };
    if verdict { Verdict::Plausible } else { Verdict::Reject }
}

fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    (3..=5).contains(&word.len()) && WEEKDAYS.iter().any(|day| day.starts_with(word))
        || word == "weds"
        || WEEKDAYS.contains(&word)
}

/// A day with a month in letters: "14 aug", "3rd of march", "june 3rd".
pub(crate) fn day_month_name(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let Some(date) = parse(text) else { return Verdict::Reject };
    let ordinal = pieces(text).any(|piece| matches!(piece, "st" | "nd" | "rd" | "th"));
    let named = pieces(text).find(|piece| is_month(piece)).unwrap_or_default();
    let year = date.year.is_some() && date.day.is_some();
    // "up to 4 may be given", "mar 12", "dec 5": words and abbreviations that are no month.
    if !ordinal && !year {
        let verb = named == "may"
            && matches!(
                around.joined_after(),
                "be" | "have"
                    | "need"
                    | "not"
                    | "want"
                    | "help"
                    | "also"
                    | "cause"
                    | "require"
                    | "i"
                    | "he"
                    | "she"
                    | "it"
                    | "get"
                    | "go"
                    | "well"
                    | "as"
                    | "or"
                    | "still"
                    | "take"
            );
        let short = matches!(named, "mar" | "dec" | "may" | "march")
            && text.starts_with(named)
            && !around.words_before().take(2).any(|word| {
                STRONG_LEADS.contains(&word) || is_weekday(word) || matches!(word, "from" | "of" | "in")
            });
        if verb || short {
            return Verdict::Reject;
        }
    }
    // "21 Jan 08:40": the time of a day, and no day of the month before it.
    let timed = text.starts_with(char::is_alphabetic) && joined_to_number(&around);
    // "IABP 1:1 aug 110": a ratio and the augmentation.
    let ratio = matches!(joined_numbers(&around), [Some((':', _)), _])
        || named == "aug" && around.is_before(4, &["iabp", "balloon"]);
    if timed
        || ratio
        || is_wrongly_joined(&around, text)
        || is_measured(&around)
        || ends_in_other_number(&around, text)
        || date.day.is_none() && around.goes_on_as_number()
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A day with a month whose name has a slip in it: "6 ocotber".
pub(crate) fn day_month_misspelt(candidate: &Candidate<'_>) -> Verdict {
    let word = candidate.as_str().trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let misspelt = words(word).last().is_some_and(|month| {
        let entry = entry(month);
        !is_month(month) && entry.given().max(entry.surname()) < 3
    });
    if misspelt { day_month_name(candidate) } else { Verdict::Reject }
}

/// A whole date whose month has a slip in it, and is no person in a bed: "bed 12 avril 82".
pub(crate) fn misspelt_date(candidate: &Candidate<'_>) -> Verdict {
    let named = words(candidate.as_str()).any(|word| {
        let entry = entry(word);
        !is_month(word) && entry.given().max(entry.surname()) >= 2
    });
    let around = Surroundings::of(candidate);
    let bedded = entry(around.joined_before()).has(Class::WardWord);
    if named || bedded { Verdict::Reject } else { full_date(candidate) }
}

/// A month by itself, where the sentence puts a time there: "since june", "til sept", "in may".
pub(crate) fn month_alone(candidate: &Candidate<'_>) -> Verdict {
    #[rustfmt::skip]
    const LEADS: &[&str] = &[
        "in", "since", "from", "until", "till", "til", "by", "before", "after", "last", "next", "this", "early", "mid", "late", "end", "start",
        "beginning", "during", "through", "between", "due", "back", "around", "every", "again",
    ];
    let around = Surroundings::of(candidate);
    let word = candidate.as_str();
    let before = around.joined_before();
    let after = around.joined_after();
    if matches!(around.touching_after(), Some('\'' | '-' | '/' | '@'))
        || around.before().ends_with(['-', '/', '@', '.', '\''])
    {
        return Verdict::Reject;
    }
    let led = LEADS.contains(&before)
        || before == "of"
            && around.is_before(
                3,
                &["end", "start", "beginning", "middle", "month", "week", "rest", "first", "last"],
            );
    let ranged = matches!(before, "to" | "and" | "or" | "-") && around.words_before().take(3).any(is_month);
    let opens_range =
        matches!(after, "to" | "and" | "or") && around.words_after().nth(1).is_some_and(is_month);
    let timed = matches!(
        after,
        "half"
            | "clinic"
            | "rota"
            | "appt"
            | "onwards"
            | "bank"
            | "payslip"
            | "rotation"
            | "changeover"
            | "term"
            | "bill"
            | "rent"
            | "period"
            | "holidays"
            | "hols"
    );
    // "in may", "since march" are safe; "next may", "may march in" are not.
    let sure = match word {
        "may" => {
            matches!(
                before,
                "in" | "since" | "last" | "next" | "until" | "til" | "till" | "early" | "late" | "mid" | "by"
            ) && !matches!(after, "be" | "have" | "not" | "need" | "i" | "he" | "she" | "it" | "well")
        }
        "march" => matches!(
            before,
            "in" | "since"
                | "last"
                | "next"
                | "until"
                | "til"
                | "till"
                | "early"
                | "late"
                | "mid"
                | "by"
                | "end"
                | "from"
        ),
        "mar" | "dec" | "oct" | "jan" | "apr" => {
            led && !matches!(before, "this" | "again" | "back" | "every" | "after" | "from" | "by")
        }
        "june" | "april" | "august" => {
            led && !matches!(
                before,
                "this" | "by" | "after" | "from" | "next" | "around" | "again" | "before"
            ) || matches!(before, "from" | "by" | "next")
                && matches!(after, "" | "on" | "onwards" | "to" | "last" | "so" | "and" | "but")
        }
        "july" | "september" | "october" | "november" | "december" | "january" | "february" | "feb"
        | "sept" | "aug" | "nov" | "sep" | "jul" | "jun" => {
            led || matches!(
                before,
                "for"
                    | "of"
                    | "your"
                    | "the"
                    | "their"
                    | "our"
                    | "my"
                    | "to"
                    | "mon"
                    | "a"
                    | "on"
                    | "about"
                    | "approx"
            ) && word.len() > 3
        }
        _ => false,
    };
    if sure
        || ranged
        || opens_range
        || timed && word != "may" && word != "march" && word != "mar" && word != "dec"
    {
        Verdict::Plausible
    } else {
        Verdict::Reject
    }
}

/// A day of the month by itself: "the 24th", "sat 18th", "til 22nd".
pub(crate) fn ordinal_day(candidate: &Candidate<'_>) -> Verdict {
    #[rustfmt::skip]
    const NOUNS: &[&str] = &[
        "centile", "centiles", "percentile", "floor", "dose", "doses", "degree", "toe", "finger", "metatarsal", "mc", "mt", "mcp", "mtp", "rib", "ribs", "nerve",
        "line", "time", "one", "attempt", "cycle", "day", "days", "week", "stage", "trimester", "opinion", "year", "years", "visit", "hour", "bag", "bags", "unit", "pt", "patient",
        "call", "baby", "child", "generation", "party", "edition", "space", "ics", "intercostal", "ventricle", "birthday", "bday", "anniversary", "admission", "fall",
        "episode", "seizure", "fit", "shock", "adrenaline", "exit", "turning", "left", "right", "door", "house", "flat", "on", "in", "place", "prize", "half", "quarter",
        "century", "night", "shift", "list", "case", "molar", "premolar", "incisor", "grade", "class", "student", "option", "choice", "language", "person", "crew", "amp",
        "sample", "set", "bottle", "drain", "line", "stent", "op", "operation", "scan", "test", "swab", "round", "week", "month", "months", "pint", "litre", "fraction", "session", "fr", "lumbar", "wife", "husband", "marriage",
        "hand", "rate", "thing", "vaccine", "jab", "booster", "wave", "peak", "sound", "heart", "stool", "vomit", "feed", "change", "letter", "reminder", "warning", "follow", "interview", "application",
    ];
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let day = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text
        .get(..day)
        .and_then(|day| day.parse::<u32>().ok())
        .unwrap_or_else(|| read_number(&words(text).collect::<Vec<_>>()).map_or(0, |(value, _)| value));
    if !(1..=31).contains(&value) {
        return Verdict::Reject;
    }
    let after = around.joined_after();
    if NOUNS.contains(&after) || matches!(around.touching_after(), Some('/' | '\'')) {
        return Verdict::Reject;
    }
    let before = around.joined_before();
    let lead = if before == "the" { around.words_before().nth(1).unwrap_or_default() } else { before };
    let weekday =
        is_weekday(before) || before == "the" && is_weekday(lead) || is_weekday(after) && after.len() > 3;
    #[rustfmt::skip]
    let led = matches!(
        lead,
        "on" | "til" | "till" | "until" | "by" | "from" | "since" | "due" | "appt" | "before" | "after" | "between" | "for" | "be" | "is" | "booked" | "to" | "and" | "moved" | "w/c" | "dated" | "of" | "rota" | "leave" | "expires" | "around" | "discharge" | "edd" | "about" | "today" | "tomorrow" | "tmrw" | "mtg" | "born"
    );
    #[rustfmt::skip]
    let followed = after.is_empty()
        || matches!(
            after,
            "at" | "for" | "with" | "am" | "pm" | "then" | "and" | "or" | "if" | "so" | "to" | "til" | "till" | "please" | "pls" | "ok" | "but" | "via" | "by" | "from"
                | "w" | "when" | "because" | "not" | "instead" | "onwards" | "morning" | "afternoon" | "evening" | "sign" | "thanks" | "is" | "was" | "just" | "cover" | "which" | "has" | "inc" | "he" | "she" | "they" | "we" | "i" | "only" | "latest" | "about" | "around"
        );
    let centile = around.is_before(3, GROWTH)
        || around.is_after(3, GROWTH)
        || around.words_before().take(1).chain(around.words_after().take(1)).any(is_high_ordinal)
        || ["0.4th", "99.6th"]
            .iter()
            .any(|cue| around.before().contains(cue) || around.after().contains(cue));
    if around.before().ends_with("0.") || centile && !led && !weekday {
        return Verdict::Reject;
    }
    let article = before == "the";
    let figures = text.starts_with(|c: char| c.is_ascii_digit());
    // In words an ordinal is mostly the second or third of something.
    let led = led
        && (figures
            || !matches!(lead, "and" | "to" | "of" | "is" | "be" | "after" | "about" | "before" | "for"));
    let strong = matches!(
        lead,
        "til" | "till" | "until" | "since" | "by" | "due" | "w/c" | "dated" | "expires" | "edd" | "appt"
    );
    if weekday
        || (led && article || strong)
            && (followed || around.mark_after().is_none_or(|mark| !mark.is_alphanumeric()))
        || led && followed && !matches!(lead, "is" | "of" | "to" | "and" | "after" | "about" | "before")
        || figures && article && (after == "at" || lead == "on")
    {
        return Verdict::Plausible;
    }
    // A second day of a pair: "on 11th & 12th".
    let paired = matches!(before, "and" | "or" | "to")
        || matches!(around.mark_before(), Some('&' | '-' | '/' | '+' | ','));
    let earlier =
        around.words_before().find(|word| !matches!(*word, "and" | "or" | "to" | "the")).unwrap_or_default();
    let ordinal = |word: &str| {
        word.len() > 2
            && word.starts_with(|c: char| c.is_ascii_digit())
            && ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end))
    };
    let later =
        around.words_after().find(|word| !matches!(*word, "and" | "or" | "to" | "the")).unwrap_or_default();
    let leads_pair =
        matches!(around.mark_after(), Some('&' | '-' | '/' | '+')) || matches!(after, "to" | "and" | "or");
    if (paired && ordinal(earlier) || leads_pair && ordinal(later)) && followed_or_mark(&around) {
        return Verdict::Plausible;
    }
    Verdict::Reject
}

/// Whether the word is an ordinal that no day of a month bears: "50th", "91st".
fn is_high_ordinal(word: &str) -> bool {
    let Some((figures, "st" | "nd" | "rd" | "th")) = word.split_at_checked(word.len().saturating_sub(2))
    else {
        return false;
    };
    figures.parse::<u32>().is_ok_and(|value| value > 31)
}

fn followed_or_mark(around: &Surroundings<'_>) -> bool {
    around.joined_after().is_empty()
        || matches!(
            around.joined_after(),
            "to" | "and" | "or" | "for" | "at" | "inclusive" | "please" | "off"
        )
}

/// A day range with its month: "20-22/9", "23-26 dec".
pub(crate) fn date_range(candidate: &Candidate<'_>) -> Verdict {
    const PLANNED: &[&str] = &[
        "away", "between", "closed", "hol", "holiday", "hols", "leave", "nights", "rota", "shift", "shifts",
    ];
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let Some((first, rest)) =
        text.split_once(['-', '&']).or_else(|| text.split_once(" to ")).or_else(|| text.split_once("and"))
    else {
        return Verdict::Reject;
    };
    let (Some(end), Some(start)) =
        (parse(rest), pieces(first).next().and_then(|day| day.parse::<u32>().ok()))
    else {
        return Verdict::Reject;
    };
    let month = end.month.unwrap_or(0);
    let slashed = rest.contains('/');
    let ordered = end.day.is_some_and(|day| day > start);
    // "10-14/7", "18-24/12": days and months that something takes, unless staff plan theirs by the calendar.
    let planned = around.words_before().take(3).any(|word| PLANNED.contains(&word));
    let duration = slashed
        && end.year.is_none()
        && end.day.is_some_and(|day| {
            day <= month
                || !planned && month == 7 && day <= 14
                || !planned && month == 12 && start.is_multiple_of(6) && day.is_multiple_of(6)
        });
    if !exists(start, month, None)
        || !ordered
        || duration
        || joined_to_number(&around)
        || is_quantity(around.joined_after())
    {
        return Verdict::Reject;
    }
    Verdict::Plausible
}

/// A holiday that fixes a day: "christmas day", "nye", "eid".
pub(crate) fn holiday(candidate: &Candidate<'_>) -> Verdict {
    #[rustfmt::skip]
    const NOT_DAYS: &[&str] = &[
        "party", "rota", "tree", "do", "decorations", "decs", "presents", "present", "lunch", "dinner", "raffle", "jumper", "cards", "card", "cake", "pudding", "disease",
        "eggs", "egg", "carol", "carols", "lights", "song", "songs", "bunny", "hamper", "quiz", "cracker", "crackers", "meal", "buffet", "food", "fund", "tin", "biscuits",
    ];
    let around = Surroundings::of(candidate);
    let text = candidate.as_str();
    let bare = matches!(
        text,
        "christmas"
            | "xmas"
            | "easter"
            | "halloween"
            | "crimbo"
            | "ramadan"
            | "eid"
            | "diwali"
            | "passover"
            | "hanukkah"
            | "new year"
    );
    if NOT_DAYS.contains(&around.joined_after())
        || text == "easter" && matches!(around.joined_after(), "road" | "ross" | "house")
    {
        return Verdict::Reject;
    }
    if matches!(text, "diwali" | "eid" | "passover" | "hanukkah") || !bare {
        return Verdict::Plausible;
    }
    let led = matches!(
        around.joined_before(),
        "at" | "over"
            | "since"
            | "before"
            | "after"
            | "by"
            | "til"
            | "till"
            | "until"
            | "for"
            | "last"
            | "during"
            | "around"
            | "this"
            | "next"
            | "on"
    );
    if led { Verdict::Plausible } else { Verdict::Reject }
}

/// A date said in words: "the twelfth of july", "second of november twenty twenty".
pub(crate) fn spoken_date(candidate: &Candidate<'_>) -> Verdict {
    if parse_spoken(candidate.as_str()).is_some() { Verdict::Plausible } else { Verdict::Reject }
}

/// Reads a date in words: the day, the month as a name or a number, and perhaps the year.
pub(super) fn parse_spoken(text: &str) -> Option<Date> {
    let all: Vec<&str> =
        words(text).filter(|word| !matches!(*word, "the" | "of" | "in" | "on" | "a" | "year")).collect();
    let month_first = all.first().is_some_and(|word| is_month(word));
    let mut rest = all.as_slice();
    let take = |rest: &mut &[&str]| -> Option<u32> {
        let (value, used) = read_number(rest)?;
        *rest = rest.get(used..)?;
        Some(value)
    };
    let take_month = |rest: &mut &[&str]| -> Option<u32> {
        let (first, tail) = rest.split_first()?;
        if let Some(month) = month(first) {
            *rest = tail;
            return Some(u32::from(month));
        }
        let (value, used) = read_number(rest)?;
        *rest = rest.get(used..)?;
        Some(value)
    };
    let (day, month) = if month_first {
        let month = take_month(&mut rest)?;
        (take(&mut rest)?, month)
    } else {
        let day = take(&mut rest)?;
        (day, take_month(&mut rest)?)
    };
    let year = if rest.is_empty() { None } else { Some(read_year(rest)?) };
    exists(day, month, year).then_some(Date { day: Some(day), month: Some(month), year })
}

/// Reads a year in words to the end: "nineteen thirty six", "two thousand and four", "sixty one", "oh five".
fn read_year(rest: &[&str]) -> Option<u32> {
    let (first, used) = read_number(rest)?;
    let tail = rest.get(used..)?;
    if tail.is_empty() {
        let four = rest
            .first()
            .is_some_and(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
        return (first < 100 || four && plausible_year(first)).then_some(first);
    }
    let (head, tail) = match (first, tail.first().and_then(|word| number_word(word))) {
        (2, Some(NumberWord::Thousand)) => (2000, tail.get(1..)?),
        (19 | 20, Some(NumberWord::Hundred)) => (first * 100, tail.get(1..)?),
        (19 | 20, _) => (first * 100, tail),
        _ => return None,
    };
    let tail = if tail.first() == Some(&"and") { tail.get(1..)? } else { tail };
    if tail.is_empty() {
        return Some(head);
    }
    let (units, used) = read_number(tail)?;
    (used == tail.len() && units < 100).then_some(head + units)
}

/// A date given as a birth date, in any form.
pub(crate) fn birth_date(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let known = parse(text).or_else(|| parse_spoken(text)).or_else(|| parse(&straighten(text)));
    let around = Surroundings::of(candidate);
    if known.is_some() && !is_delivery(&around) && !ends_in_other_number(&around, text) {
        Verdict::Valid("the date exists and is given as a birth date")
    } else {
        Verdict::Reject
    }
}

/// Whether a word of the patient's own birth stands near.
fn is_of_birth(around: &Surroundings<'_>) -> bool {
    around.is_before(5, BORN) && !is_delivery(around)
}

/// Whether the day is one on which a patient gave birth.
fn is_delivery(around: &Surroundings<'_>) -> bool {
    let mut birth = around.words_before().take(6).skip_while(|word| *word != "birth");
    birth.nth(1).is_some_and(|word| matches!(word, "gave" | "give" | "given" | "gives" | "giving"))
}

/// A birth date after a speaker's name on the line below the question; other lines begin with what was on a day.
pub(crate) fn birth_answer(candidate: &Candidate<'_>) -> Verdict {
    const UNKNOWN: &[&str] = &["none", "not", "refused", "unavailable", "unknown", "withheld"];
    let above = candidate.before().rsplit('\n').nth(1).unwrap_or_default();
    let mut said = words(above)
        .rev()
        .take_while(|word| !matches!(*word, "b" | "birth" | "birthdate" | "birthday" | "dob"));
    let label = Surroundings::of(candidate).before().rsplit_once(':').map_or("", |(label, _)| label);
    if said.any(|word| UNKNOWN.contains(&word)) || words(label).any(is_event) {
        return Verdict::Reject;
    }
    birth_date(candidate)
}

/// A birth date of eight figures from the year down, perhaps with a time.
pub(crate) fn birth_stamp(candidate: &Candidate<'_>) -> Verdict {
    if candidate.as_str().get(..8).and_then(parse).is_some() {
        Verdict::Valid("the date exists and is given as a birth date")
    } else {
        Verdict::Reject
    }
}

/// A day, a month or a holiday of a birthday: "88 on 9 june", "18 in april".
pub(crate) fn birthday(candidate: &Candidate<'_>) -> Verdict {
    let text = candidate.as_str();
    let holiday = matches!(
        text,
        "boxing day"
            | "christmas day"
            | "christmas eve"
            | "new year's day"
            | "new year's eve"
            | "new years day"
            | "new years eve"
            | "nye"
            | "christmas"
            | "halloween"
            | "valentine's day"
            | "valentines day"
    );
    let ordinal =
        words(text).count() == 1 && read_number(&[text]).is_some_and(|(day, _)| (1..=31).contains(&day));
    if holiday || ordinal || parse(text).or_else(|| parse_spoken(text)).is_some() {
        Verdict::Valid("a birthday is given with the age")
    } else {
        Verdict::Reject
    }
}

/// A full date with a year in which most patients were born, and no word for what else happened then.
pub(crate) fn old_date(candidate: &Candidate<'_>) -> Verdict {
    let around = Surroundings::of(candidate);
    #[rustfmt::skip]
    const NEAR: &[&str] = &[
        "op", "surgery", "since", "tkr", "thr", "mastectomy", "diagnosed", "dx", "stent", "mi", "cabg", "smear", "last", "admitted", "died", "rip", "married", "fracture",
        "implant", "inserted", "transplant", "chemo", "stroke", "cva", "pe", "moved", "arrived", "retired", "appt", "seen", "done", "form", "version", "expires", "exp",
        "in", "hysterectomy", "appendix", "scan", "xray", "act", "dated", "until", "til", "review", "signed",
    ];
    let Some(date) = parse(candidate.as_str()) else { return Verdict::Reject };
    let Some(year) = date.year else { return Verdict::Reject };
    let old = (1900..=1999).contains(&year) || (36..=99).contains(&year);
    if !old
        || is_part_of_number(&around, candidate.as_str())
        || is_measured(&around)
        || is_series(&around, candidate.as_str())
        || is_wrongly_joined(&around, candidate.as_str())
        || around.is_after(1, &["op", "surgery"])
    {
        return Verdict::Reject;
    }
    let nearest = head(&around);
    let happened = is_event(nearest) && !around.is_before(4, &["dob"]);
    let placed = ON_A_DAY.contains(&nearest) || around.is_before(4, NEAR);
    if happened || placed && !is_of_birth(&around) { Verdict::Reject } else { Verdict::Plausible }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(day: u32, month: u32, year: Option<u32>) -> Option<Date> {
        Some(Date { day: Some(day), month: Some(month), year })
    }

    #[test]
    fn figures_are_read() {
        assert_eq!(parse("3/2/61"), date(3, 2, Some(61)));
        assert_eq!(parse("2 . 7 . 22"), date(2, 7, Some(22)));
        assert_eq!(parse("1972-10-30"), date(30, 10, Some(1972)));
        assert_eq!(parse("07jul1981"), date(7, 7, Some(1981)));
        assert_eq!(parse("22ndjune1994"), date(22, 6, Some(1994)));
        assert_eq!(parse("mar 5th, 2019"), date(5, 3, Some(2019)));
        assert_eq!(parse("6th oct '36"), date(6, 10, Some(36)));
        assert_eq!(parse("260583"), date(26, 5, Some(83)));
        assert_eq!(parse("09091977"), date(9, 9, Some(1977)));
        assert_eq!(parse("20240312"), date(12, 3, Some(2024)));
        assert_eq!(parse("oct 2021"), Some(Date { day: None, month: Some(10), year: Some(2021) }));
        assert_eq!(parse("09/27/2021"), date(27, 9, Some(2021)));
        assert_eq!(parse("31/6/20"), None);
        assert_eq!(parse("29/2/2023"), None);
        assert_eq!(parse("45-30-30"), None);
    }

    #[test]
    fn months_are_read_past_one_slip() {
        for (word, number) in [
            ("septmber", 9),
            ("novemeber", 11),
            ("janurary", 1),
            ("octobre", 10),
            ("apirl", 4),
            ("mrach", 3),
            ("juen", 6),
            ("agust", 8),
        ] {
            assert_eq!(parse(&format!("3 {word} 1956")), date(3, number, Some(1956)), "{word}");
        }
        for word in
            ["match", "marsh", "tune", "day", "juli", "mays", "jane", "octopus", "septmbr", "octobers"]
        {
            assert_eq!(misspelt_month(word), None, "{word}");
        }
    }

    #[test]
    fn words_are_read() {
        assert_eq!(parse_spoken("fourth of march nineteen thirty-six"), date(4, 3, Some(1936)));
        assert_eq!(parse_spoken("the nineteenth of the eighth, eighty-one"), date(19, 8, Some(81)));
        assert_eq!(parse_spoken("three two sixty-one"), date(3, 2, Some(61)));
        assert_eq!(parse_spoken("six six twenty eighteen"), date(6, 6, Some(2018)));
        assert_eq!(parse_spoken("oh four, ten, seventy nine"), date(4, 10, Some(79)));
        assert_eq!(parse_spoken("first january two thousand and four"), date(1, 1, Some(2004)));
        assert_eq!(parse_spoken("november the ninth"), date(9, 11, None));
        assert_eq!(parse_spoken("thirty first of june"), None);
        assert_eq!(parse_spoken("one two"), date(1, 2, None));
    }

    #[test]
    fn what_was_on_a_day_makes_its_date_certain() {
        let verdict = |before: &str| {
            let text = format!("{before} 3/4/98");
            full_date(&Candidate { text: &text, start: before.len() + 1, end: text.len() })
        };
        for certain in ["divorced", "colonoscopy", "lmp:", "turp repaired 1/2/97,", "gave birth"] {
            assert!(matches!(verdict(certain), Verdict::Valid(_)), "{certain}");
        }
        for open in ["", "smith", "ahmed", "copd,", "need", "dob confirmed", "date of birth"] {
            assert_eq!(verdict(open), Verdict::Plausible, "{open}");
        }
    }

    #[test]
    fn a_date_is_headed_by_the_word_of_its_list() {
        assert_eq!(before_dates("dvt 3/5/99, 4/6/99 and "), "dvt ");
        assert_eq!(before_dates("3/5/99 "), "");
        assert_eq!(before_dates("nhs 999 123 4004 "), "nhs 999 123 4004 ");
    }
}
