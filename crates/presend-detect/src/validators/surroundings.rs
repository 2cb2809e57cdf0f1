//! What stands around a candidate on its own line: the words and marks that turn a number into a quantity, a score or
//! a time.

use crate::dictionary::{Class, Dictionary, Entry};

use super::Candidate;

/// The rest of the candidate's line, on both sides.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'t> {
    before: &'t str,
    after: &'t str,
}

impl<'t> Surroundings<'t> {
    pub(super) fn of(candidate: &Candidate<'t>) -> Self {
        let before = candidate.before();
        let after = candidate.after();
        Self {
            before: before.rsplit_once('\n').map_or(before, |(_, line)| line),
            after: after.split_once('\n').map_or(after, |(line, _)| line),
        }
    }

    /// The line up to the candidate.
    pub(super) const fn before(&self) -> &'t str {
        self.before
    }

    /// The line after the candidate.
    pub(super) const fn after(&self) -> &'t str {
        self.after
    }

    /// The words before the candidate, the nearest first.
    pub(super) fn words_before(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        words(self.before).rev()
    }

    /// The words after the candidate.
    pub(super) fn words_after(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        words(self.after)
    }

    /// The nearest word before, or nothing.
    pub(super) fn word_before(&self) -> &'t str {
        self.words_before().next().unwrap_or_default()
    }

    /// The next word, or nothing.
    pub(super) fn word_after(&self) -> &'t str {
        self.words_after().next().unwrap_or_default()
    }

    /// The nearest word before where only white space parts it from the candidate, or nothing.
    pub(super) fn joined_before(&self) -> &'t str {
        let trimmed = self.before.trim_end();
        if trimmed.ends_with(is_word_char) { self.word_before() } else { "" }
    }

    /// The next word where only white space parts it from the candidate, or nothing.
    pub(super) fn joined_after(&self) -> &'t str {
        let trimmed = self.after.trim_start();
        if trimmed.starts_with(is_word_char) { self.word_after() } else { "" }
    }

    /// The nearest character before that is not white space; `None` where the candidate opens its line.
    pub(super) fn mark_before(&self) -> Option<char> {
        self.before.trim_end().chars().next_back()
    }

    /// The next character that is not white space; `None` where the candidate ends its line.
    pub(super) fn mark_after(&self) -> Option<char> {
        self.after.trim_start().chars().next()
    }

    /// The character that touches the candidate's end.
    pub(super) fn touching_after(&self) -> Option<char> {
        self.after.chars().next()
    }

    /// Whether one of the words stands among the nearest `window` before.
    pub(super) fn is_before(&self, window: usize, wanted: &[&str]) -> bool {
        self.words_before().take(window).any(|word| wanted.contains(&word))
    }

    /// Whether one of the words stands among the next `window`.
    pub(super) fn is_after(&self, window: usize, wanted: &[&str]) -> bool {
        self.words_after().take(window).any(|word| wanted.contains(&word))
    }

    /// Whether the candidate goes on as a decimal, a fraction, a time or a range: `.5`, `/60`, `:30`.
    pub(super) fn goes_on_as_number(&self) -> bool {
        let mut chars = self.after.chars();
        match chars.next() {
            Some('%') => true,
            Some('.' | ':' | '/' | ',') => chars.next().is_some_and(|next| next.is_ascii_digit()),
            _ => false,
        }
    }

    /// Whether the candidate is the end of a decimal, a fraction or a time: `7.`, `120/`, `x`.
    pub(super) fn ends_a_number(&self) -> bool {
        let mut chars = self.before.chars().rev();
        match chars.next() {
            Some('.' | ':' | '/' | ',' | '-') => chars.next().is_some_and(|next| next.is_ascii_digit()),
            Some('<' | '>' | '£' | '$' | '=' | '^') => true,
            _ => false,
        }
    }
}

/// The words of a stretch of folded text: runs of letters, digits and apostrophes.
pub(super) fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !is_word_char(c)).filter(|word| !word.is_empty())
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

/// What the dictionary says of a word, without its possessive.
pub(super) fn entry(word: &str) -> Entry {
    let word = word.strip_suffix("'s").unwrap_or(word);
    Dictionary::embedded().lookup(word)
}

/// Whether the word is a name by the dictionary, and hardly anything else.
pub(super) fn is_name(word: &str) -> bool {
    let entry = entry(word);
    let name = entry.given().max(entry.surname());
    let role = entry.has(Class::StaffRole) || entry.has(Class::TitleStaff) || entry.has(Class::TitleAny);
    if role {
        return false;
    }
    name >= 2 && !entry.has(Class::Ordinary) && !is_clinical(entry)
        || name == 3 && entry.has(Class::WordAndName) && !is_clinical(entry)
}

/// Whether the word is a technical one: clinical, a drug, a score, a unit of the hospital.
pub(super) fn is_clinical(entry: Entry) -> bool {
    const TECHNICAL: [Class; 8] = [
        Class::Clinical,
        Class::Drug,
        Class::Device,
        Class::Score,
        Class::Eponym,
        Class::UnitGeneric,
        Class::WardWord,
        Class::NotPerson,
    ];
    TECHNICAL.iter().any(|class| entry.has(*class))
}

/// Whether the word measures the number before it: a unit, a length of time, a dose or a count of things.
pub(super) fn is_quantity(word: &str) -> bool {
    is_duration(word) || UNITS.contains(&word) || COUNTED.contains(&word)
}

/// Whether the word is a length of time.
pub(super) fn is_duration(word: &str) -> bool {
    DURATIONS.contains(&word)
}

const DURATIONS: &[&str] = &[
    "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour",
    "hours", "hourly", "hrly", "day", "days", "daily", "night", "nights", "wk", "wks", "week", "weeks",
    "weekly", "month", "months", "monthly", "mth", "mths", "yr", "yrs", "year", "years", "am", "pm",
    "o'clock", "oclock", "ish",
];

const UNITS: &[&str] = &[
    "mg", "mgs", "mcg", "ug", "gram", "grams", "kg", "kgs", "stone", "lb", "lbs", "oz", "ml", "mls", "litre",
    "litres", "cl", "dl", "unit", "units", "iu", "mmol", "mmols", "umol", "nmol", "mosm", "mm", "mmhg", "cm",
    "cms", "metre", "metres", "meters", "feet", "ft", "inch", "inches", "bpm", "percent", "per", "degrees",
    "deg", "kpa", "cmh2o", "fr", "ch", "gauge", "ga", "mhz", "kcal", "mph", "miles", "mile", "quid",
];

const COUNTED: &[&str] = &[
    "of",
    "out",
    "times",
    "tab",
    "tabs",
    "tablet",
    "tablets",
    "cap",
    "caps",
    "capsules",
    "puff",
    "puffs",
    "drop",
    "drops",
    "sachet",
    "sachets",
    "amp",
    "amps",
    "vial",
    "vials",
    "bag",
    "bags",
    "bottle",
    "bottles",
    "box",
    "boxes",
    "dose",
    "doses",
    "patch",
    "patches",
    "pads",
    "pad",
    "vomits",
    "episodes",
    "episode",
    "fits",
    "seizures",
    "cans",
    "pints",
    "cigs",
    "cigarettes",
    "pack",
    "packs",
    "stairs",
    "steps",
    "falls",
    "visits",
    "calls",
    "people",
    "person",
    "pts",
    "patients",
    "staff",
    "nurses",
    "nurse",
    "hcas",
    "rns",
    "docs",
    "doctors",
    "beds",
    "bedded",
    "spaces",
    "cases",
    "admissions",
    "discharges",
    "reps",
    "sets",
    "sessions",
    "attempts",
    "goes",
    "shocks",
    "cycles",
    "points",
    "pt's",
    "kids",
    "children",
    "carers",
    "breaths",
    "beats",
    "weetabix",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surroundings_stay_on_the_line() {
        let text = "up top\nbed 4 of 12\nbelow";
        let at = text.find('4').unwrap();
        let around = Surroundings::of(&Candidate { text, start: at, end: at + 1 });
        assert_eq!(around.word_before(), "bed");
        assert_eq!(around.words_after().collect::<Vec<_>>(), ["of", "12"]);
        assert!(around.is_after(1, &["of"]) && !around.is_after(3, &["below"]));
    }

    #[test]
    fn a_mark_parts_words() {
        let text = "smith, 84. home";
        let around = Surroundings::of(&Candidate { text, start: 7, end: 9 });
        assert_eq!((around.joined_before(), around.mark_before()), ("", Some(',')));
        assert_eq!((around.joined_after(), around.touching_after()), ("", Some('.')));
        assert!(!around.goes_on_as_number());
    }
}
