//! Says less of a value: an age in place of a birth date, a month in place of a day, what kind of place it is in place
//! of its name.

mod age;
mod date;
mod occupation;
mod organisation;
mod postcode;
mod ward;

use jiff::civil::Date;
use presend_detect::Label;

use presend_policy::Level;

/// Writes what is left of a value at a level; `None` where the words cannot be generalised so, and have to be redacted.
///
/// `label` is the label that the words were found under, and `today` the day that ages and distances are counted to.
/// A level that does not suit the label gives `None`. A value that is general enough comes back as it is, and so does
/// everything that this function writes, so that a second pass changes nothing.
///
/// | level | label | |
/// | --- | --- | --- |
/// | `Age` | DATE_OF_BIRTH | `[age 84]`, `[age 90+]`; under two years `[age 14 months]`, under a month `[newborn]` |
/// | `Year` | DATE_OF_BIRTH | `[born 1941]`, `[born '24]` where that may be either century |
/// | `Year` | DATE | `2026`, where the year is written |
/// | `Month` | DATE | `March`, `March 2026` |
/// | `Relative` | DATE | `[3 days ago]`, `[7 days from today]`, `[tomorrow]`; the month without today |
/// | `Over89` | AGE | `90+` for the number of an age from 90 on, any other as it is |
/// | `Decade` | AGE | `40s`; also `newborn` (under four weeks), `under 2` (under 24 months), `under 10`, `10-19`, `90+` |
/// | `District`, `Area` | POSTCODE | `NG5`, `NG` |
/// | `Specialty` | WARD_BED | the words for a specialty or a generic unit: `stroke ward`, `AMU` |
/// | `Sector` | PROFESSION | `[retired education worker]` |
/// | `Kind` | ORGANISATION | `[GP surgery]` |
///
/// A birth date becomes a year, `[born 1941]`, where there is no today or the words do not tell the age in years. One
/// whose two digits of a year may be a child's or a centenarian's has no age: `None`.
///
/// Values that become something else than they were, an age for a date or a sector for an occupation, stand in square
/// brackets like placeholders: after "DOB", "born", "until", "a" or within brackets of the sender's they read as a
/// stand-in, where "DOB aged 84" or "until in 7 days" would read as a slip, and nothing in them is found again. What
/// stays the same kind of thing is written plainly, since it fits the sentence: "lives in NG5", "lady in her 80s". Line
/// breaks inside the words are not kept where the words change.
#[must_use]
pub fn generalise(words: &str, label: Label, level: Level, today: Option<Date>) -> Option<String> {
    generalise_beside(words, label, level, today, &[])
}

/// The age in years that the words give, if they do.
pub(crate) fn age_in_years(words: &str) -> Option<u32> {
    age::years(words)
}

/// Like [`generalise`], in a message that gives these ages: they tell a child's date of birth from a centenarian's.
pub(crate) fn generalise_beside(
    words: &str,
    label: Label,
    level: Level,
    today: Option<Date>,
    ages: &[u32],
) -> Option<String> {
    match (label, level) {
        (Label::DateOfBirth, Level::Age) => date::age_at_birth_date(words, today, ages),
        (Label::DateOfBirth, Level::Year) => date::birth_year(words, today, ages),
        (Label::Date, Level::Relative) => date::relative(words, today),
        (Label::Date, Level::Month) => date::month(words, today),
        (Label::Date, Level::Year) => date::year(words, today),
        (Label::Age, Level::Over89) => age::over_89(words),
        (Label::Age, Level::Decade) => age::decade(words),
        (Label::Postcode, Level::District) => postcode::district(words),
        (Label::Postcode, Level::Area) => postcode::area(words),
        (Label::WardBed, Level::Specialty) => ward::specialty(words),
        (Label::Profession, Level::Sector) => occupation::sector(words),
        (Label::Organisation, Level::Kind) => organisation::kind(words),
        _ => None,
    }
}

/// What stands between square brackets, if the words are nothing else.
fn bracketed(words: &str) -> Option<&str> {
    words.strip_prefix('[')?.strip_suffix(']')
}

#[cfg(test)]
pub(crate) mod tests;
