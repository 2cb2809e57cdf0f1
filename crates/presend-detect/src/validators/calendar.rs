//! The calendar: which day and month a date names, in figures or words, and what parts dates from fractions.

/// Whether the word is a month or a usual short form of one.
pub(super) fn is_month(word: &str) -> bool {
    month(word).is_some()
}

/// The month's number, 1 to 12.
pub(super) fn month(word: &str) -> Option<u8> {
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
    if word.len() < 3 {
        return None;
    }
    let stem = if word == "sept" { "sep" } else { word };
    let short = stem.len() == 3;
    let at = MONTHS.iter().position(|name| *name == stem || short && name.starts_with(stem))?;
    u8::try_from(at + 1).ok()
}
