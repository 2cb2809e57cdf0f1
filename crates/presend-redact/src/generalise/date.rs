//! Dates as distances, months and years; birth dates as ages.

use jiff::civil::Date;
use presend_detect::Label;

use super::bracketed;
use crate::dates::{Reading, Written, days_between};

/// From this age in years on, an age is not told.
const OLDEST: i32 = 90;

/// Distances are in days up to so many days, then in weeks up to so many weeks, then in months up to so many months;
/// days to come are in days for the weeks too.
const DAYS: i64 = 28;
const WEEKS: i64 = 12;
const MONTHS: i32 = 24;

pub(super) fn relative(words: &str, today: Option<Date>) -> Option<String> {
    if is_relative(words) || is_month(words, Label::Date) {
        return Some(words.to_owned());
    }
    let known = today.and_then(|today| {
        let (from, to) = Reading::read(words, Label::Date)?.resolve(Some(today))?;
        Some(Distance::between(today, from).to(Distance::between(today, to)))
    });
    known.or_else(|| month(words, today))
}

pub(super) fn month(words: &str, today: Option<Date>) -> Option<String> {
    if is_month(words, Label::Date) {
        return Some(words.to_owned());
    }
    let reading = Reading::read(words, Label::Date)?;
    let last = reading.last();
    let month = match reading.resolve(today) {
        Some((from, to)) if from.month() != to.month() => {
            format!("{} to {}", last.name_month(from.month()), last.name_month(to.month()))
        }
        Some((_, to)) => last.name_month(to.month()),
        None => match &reading {
            Reading::One(written) => {
                let holiday = written.holiday().and_then(|holiday| holiday.month());
                written.name_month(written.fields().month.or(holiday)?)
            }
            Reading::Days(first, ..) => {
                let (from, to) = (first.fields().month, last.fields().month?);
                match from.filter(|from| *from != to) {
                    Some(from) => format!("{} to {}", last.name_month(from), last.name_month(to)),
                    None => last.name_month(to),
                }
            }
        },
    };
    Some(match last.year(today) {
        Some(year) => format!("{month} {year}"),
        None => month,
    })
}

pub(super) fn year(words: &str, today: Option<Date>) -> Option<String> {
    // The parts alone count: "31/12-2/1/26" is of 2026.
    let year = Reading::read(words, Label::Date)?.last().year(today)?;
    if words.trim() == year.to_string() { Some(words.to_owned()) } else { Some(year.to_string()) }
}

pub(super) fn birth_year(words: &str, today: Option<Date>, ages: &[u32]) -> Option<String> {
    if is_birth_value(words) {
        return Some(words.to_owned());
    }
    born(&Reading::read(words, Label::DateOfBirth)?, today, ages)
}

pub(super) fn age_at_birth_date(words: &str, today: Option<Date>, ages: &[u32]) -> Option<String> {
    if is_birth_value(words) {
        return Some(words.to_owned());
    }
    let reading = Reading::read(words, Label::DateOfBirth)?;
    let Some(today) = today else { return born(&reading, None, ages) };
    let Reading::One(written) = &reading else { return None };
    // A baby's age beside a centenarian's orders is worse than none.
    let written = &century(written, Some(today), ages)?;
    let year = written.year(Some(today))?;
    let (first, last) = match (written.resolve(Some(today)), written.fields().month) {
        (Some(date), _) => (date, date),
        (None, Some(month)) if !written.has_day() => {
            let first = Date::new(year, month, 1).ok()?;
            (first, first.last_of_month())
        }
        (None, None) if !written.has_day() => (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?),
        // A 29th of February that there was not.
        _ => return None,
    };
    if first > today {
        return None;
    }
    let (youngest, oldest) = (age(last, today), age(first, today));
    if youngest == oldest { Some(oldest) } else { born(&reading, Some(today), ages) }
}

/// The year of birth; two digits stay two where they are of either century.
fn born(reading: &Reading, today: Option<Date>, ages: &[u32]) -> Option<String> {
    match reading {
        Reading::One(written) if !written.is_full() || written.resolve(today).is_some() => {
            match century(written, today, ages) {
                Some(written) => Some(format!("[born {}]", written.year(today)?)),
                None => Some(format!("[born '{:02}]", written.year(today)?.rem_euclid(100))),
            }
        }
        _ => None,
    }
}

/// The date in the century that is meant; `None` where two digits of a year may be a child's or a centenarian's, and no
/// age of the message fits just one of them.
fn century(written: &Written, today: Option<Date>, ages: &[u32]) -> Option<Written> {
    let Some(earlier) = written.century_before(today) else { return Some(written.clone()) };
    let this_year = today.map_or_else(|| written.year(None), |today| Some(today.year()))?;
    let fits = |written: &Written| {
        let years = written.year(today).map(|year| i32::from(this_year) - i32::from(year));
        // A birthday may be to come this year.
        years.is_some_and(|years| {
            ages.iter().any(|age| i32::try_from(*age).is_ok_and(|age| age == years || age + 1 == years))
        })
    };
    match (fits(written), fits(&earlier)) {
        (true, false) => Some(written.clone()),
        (false, true) => Some(earlier),
        _ => None,
    }
}

fn age(birth: Date, today: Date) -> String {
    let months = months_between(birth, today);
    match months {
        ..=0 => "[newborn]".to_owned(),
        1 => "[age 1 month]".to_owned(),
        2..24 => format!("[age {months} months]"),
        _ if months / 12 >= OLDEST => format!("[age {OLDEST}+]"),
        _ => format!("[age {}]", months / 12),
    }
}

/// The full months from one date to a later one.
fn months_between(from: Date, to: Date) -> i32 {
    (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month())
        - i32::from(to.day() < from.day())
}

/// Whether the words are what a birth date becomes.
fn is_birth_value(words: &str) -> bool {
    let Some(inner) = bracketed(words) else { return false };
    let number = |text: &str| !text.is_empty() && text.len() <= 4 && text.bytes().all(|c| c.is_ascii_digit());
    if let Some(year) = inner.strip_prefix("born ") {
        return number(year.strip_prefix('\'').unwrap_or(year));
    }
    let Some(age) = inner.strip_prefix("age ") else { return inner == "newborn" };
    let age = age.strip_suffix(" months").or_else(|| age.strip_suffix(" month")).unwrap_or(age);
    number(age.strip_suffix('+').unwrap_or(age))
}

/// Whether the words give a month, a range of months or a year and no day, and so are general enough.
fn is_month(words: &str, label: Label) -> bool {
    let open = |words: &str| matches!(Reading::read(words, label), Some(Reading::One(written)) if !written.has_day());
    open(words)
        || ["-", "\u{2013}", " to ", " and ", "/"]
            .iter()
            .any(|joiner| words.split_once(joiner).is_some_and(|(first, last)| open(first) && open(last)))
}

/// How far a date lies from today.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Distance {
    Yesterday,
    Today,
    Tomorrow,
    Ago(i64, Unit),
    Ahead(i64, Unit),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    const fn name(self, number: i64) -> &'static str {
        match (self, number) {
            (Self::Day, 1) => "day",
            (Self::Day, _) => "days",
            (Self::Week, 1) => "week",
            (Self::Week, _) => "weeks",
            (Self::Month, 1) => "month",
            (Self::Month, _) => "months",
            (Self::Year, 1) => "year",
            (Self::Year, _) => "years",
        }
    }
}

/// What stands behind a number of days to come: unlike "in 7 days" it can follow "until", "by" and "on".
const AHEAD: &str = "from today";

impl Distance {
    fn between(today: Date, date: Date) -> Self {
        let days = days_between(today, date);
        let months = if days < 0 { months_between(date, today) } else { months_between(today, date) };
        let (number, unit) = match days.abs() {
            days @ ..=DAYS => (days, Unit::Day),
            // The day on which a drug is to stop is told to the day.
            days if date > today && days / 7 <= WEEKS => (days, Unit::Day),
            days if days / 7 <= WEEKS => (days / 7, Unit::Week),
            // More than twelve weeks may be a day short of three months.
            _ if months <= MONTHS => (i64::from(months).max(3), Unit::Month),
            _ => (i64::from(months / 12), Unit::Year),
        };
        match days {
            -1 => Self::Yesterday,
            0 => Self::Today,
            1 => Self::Tomorrow,
            ..0 => Self::Ago(number, unit),
            _ => Self::Ahead(number, unit),
        }
    }

    /// Both distances: "[8 to 3 days ago]", "[3 days to 5 months from today]", "[yesterday to tomorrow]".
    fn to(self, last: Self) -> String {
        let count = |number: i64, unit: Unit| format!("{number} {}", unit.name(number));
        let range = |from: i64, unit: Unit, to: i64, other: Unit| {
            let from = if unit == other { from.to_string() } else { count(from, unit) };
            format!("{from} to {}", count(to, other))
        };
        match (self, last) {
            (first, last) if first == last => format!("[{}]", first.name()),
            (Self::Ago(from, unit), Self::Ago(to, other)) => {
                format!("[{} ago]", range(from, unit, to, other))
            }
            (Self::Ahead(from, unit), Self::Ahead(to, other)) => {
                format!("[{} {AHEAD}]", range(from, unit, to, other))
            }
            (first, last) => format!("[{} to {}]", first.name(), last.name()),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Yesterday => "yesterday".to_owned(),
            Self::Today => "today".to_owned(),
            Self::Tomorrow => "tomorrow".to_owned(),
            Self::Ago(number, unit) => format!("{number} {} ago", unit.name(number)),
            Self::Ahead(number, unit) => format!("{number} {} {AHEAD}", unit.name(number)),
        }
    }
}

/// Whether the words are a distance as written here, or two of them; or the sender's own "3 days ago", "in 6 weeks".
fn is_relative(words: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|c| c.is_ascii_digit());
    let unit = |text: &str| Unit::ALL.iter().any(|unit| [unit.name(1), unit.name(2)].contains(&text));
    let count = |parts: &[&str]| match parts {
        [count] => number(count),
        [count, name] => number(count) && unit(name),
        _ => false,
    };
    let one = |parts: &[&str]| match parts {
        ["today" | "yesterday" | "tomorrow"] => true,
        [number @ .., "ago"] | [number @ .., "from", "today"] | ["in", number @ ..] => {
            number.len() == 2 && count(number)
        }
        _ => false,
    };
    let parts: Vec<&str> = bracketed(words).unwrap_or(words).split(' ').collect();
    let Some(to) = parts.iter().position(|part| *part == "to") else { return one(&parts) };
    let (from, last) = (parts.get(..to).unwrap_or_default(), parts.get(to + 1..).unwrap_or_default());
    match last {
        [last @ .., "ago"] | [last @ .., "from", "today"] if count(from) => last.len() == 2 && count(last),
        _ => one(from) && one(last),
    }
}
