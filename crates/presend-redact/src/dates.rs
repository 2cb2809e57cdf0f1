//! Dates as people write them in messages: read with their layout, so that another date can be written alike.

mod holidays;
mod range;
mod read;

use std::fmt;

use jiff::civil::Date;
use presend_detect::Label;

use crate::numerals;
use crate::tokens::{Case, Text};
use holidays::Holiday;
pub(crate) use range::Reading;

/// A message's date without a year is taken as one to come up to this many days ahead, and as past otherwise.
const AHEAD: i64 = 60;

/// How many years ahead a year of two digits may lie in a message: "valid to 3/46" in 2026.
const YEARS_AHEAD: i16 = 20;

/// How old a person can be: of those above 110 the country has some dozens, and many of the children whom a higher
/// figure would leave without an age.
const OLDEST: i16 = 110;

/// The year taken for today's in placing two-digit years where no today is given: 26 is 2026, and a birth in 26 is
/// one of 1926, so that birth dates reach from 1926 to 2025 and other dates from 1946 to 2045.
const YEAR_WITHOUT_TODAY: i16 = 2025;

/// Years before and after are not taken for years of dates.
const FIRST_YEAR: i16 = 1895;
const LAST_YEAR: i16 = 2099;

pub(crate) const MONTHS: [&str; 12] = [
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

/// A date as written: what it gives of day, month and year, and its layout.
///
/// The layout is the order of the parts, everything that stands between them, zeros in front, two or four digits of
/// the year, ordinal endings, months as numbers, short or full names or words, and the case of words. Parts that are
/// not written are kept as missing. Debug shows no part of the date.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    fields: Fields,
    holiday: Option<Holiday>,
    parts: Vec<Part>,
    birth: bool,
}

/// The parts of a date as far as they are written; they exist together.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fields {
    pub(crate) day: Option<i8>,
    pub(crate) month: Option<i8>,
    pub(crate) year: Option<Year>,
}

/// A year in two or four digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Year {
    pub(crate) value: i16,
    pub(crate) short: bool,
}

/// One piece of a date's layout.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Anything between the parts, as it came.
    Text(String),
    Day {
        padded: bool,
    },
    Month {
        padded: bool,
    },
    Year {
        short: bool,
    },
    /// The "rd" of "3rd".
    DayEnding(Case),
    MonthEnding(Case),
    MonthName {
        name: MonthName,
        case: Case,
    },
    DayWords(Said),
    MonthWords(Said),
    YearWords {
        style: YearStyle,
        hyphen: bool,
        case: Case,
    },
    /// The holiday's words, which name one day of any year.
    Holiday(String),
}

/// How a month is named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MonthName {
    Full,
    /// Three letters.
    Short,
    /// Three letters, but `Sept`.
    Sept,
}

/// A number in words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) ordinal: bool,
    /// "oh" or "zero" in front of numbers below ten.
    pub(crate) zero: Option<&'static str>,
    pub(crate) hyphen: bool,
    pub(crate) case: Case,
}

/// A year in words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum YearStyle {
    /// "thirty six", "oh four"
    Short,
    /// "nineteen thirty six", "twenty eighteen"
    Pair,
    /// "two thousand and four", with or without "and"
    Thousand { and: bool },
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Written")
            .field("day", &self.has_day())
            .field("month", &(self.fields.month.is_some() || self.holiday.is_some()))
            .field("year", &self.has_year())
            .field("parts", &self.parts.len())
            .finish()
    }
}

impl Written {
    /// Reads a message's date, in British order; `None` where the words are no date, or one that does not exist or is
    /// not of the years 1895 to 2099.
    ///
    /// Read are figures (`12/3`, `12.03.2026`, `2026-03-12`, and `09/27/2021` where only the American order exists),
    /// months by name in either order (`3rd March`, `Mar 3 '26`, `Mar 2019`, `June`), a day alone with its ending
    /// (`24th`), holidays that fall on a known day (`Boxing Day`, `NYE`, `Easter Monday`) and words (`fourth of March
    /// nineteen thirty-six`). Weekdays and other words beside the date have to be left out. Holidays by a lunar
    /// calendar other than Easter's are not read.
    #[must_use]
    pub fn read(words: &str) -> Option<Self> {
        Self::read_with(words, false, false)
    }

    /// Like [`Written::read`], for words that were found to be a date of this label.
    ///
    /// A label says that `120326`, `12032026`, `20260312` and a lone year are dates, and which century two digits of
    /// a year mean; see [`Written::resolve`]. `None` for labels other than DATE and DATE_OF_BIRTH.
    #[must_use]
    pub fn read_as(words: &str, label: Label) -> Option<Self> {
        match label {
            Label::Date => Self::read_with(words, true, false),
            Label::DateOfBirth => Self::read_with(words, true, true),
            _ => None,
        }
    }

    fn read_with(words: &str, sure: bool, birth: bool) -> Option<Self> {
        let text = Text::new(words)?;
        let (fields, holiday, pieces) = read::read(&text, sure)?;
        let mut parts = Vec::with_capacity(pieces.len() * 2);
        let mut at = 0;
        for (span, part) in pieces {
            let span = text.original(span);
            push_text(&mut parts, words.get(at..span.start())?);
            at = span.end();
            parts.push(part);
        }
        push_text(&mut parts, words.get(at..)?);
        Some(Self { fields, holiday, parts, birth })
    }

    /// Whether the words give a day of the month, also by a holiday.
    #[must_use]
    pub fn has_day(&self) -> bool {
        self.fields.day.is_some() || self.holiday.is_some()
    }

    /// Whether the words give a year.
    #[must_use]
    pub fn has_year(&self) -> bool {
        self.fields.year.is_some()
    }

    /// Whether the words fix one day by themselves: with day, month and year.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.has_day() && self.has_year() && (self.fields.month.is_some() || self.holiday.is_some())
    }

    /// The day that is meant; `None` where the words and `today` do not tell.
    ///
    /// With a day and a month and no year it is the next such day where that is at most 60 days ahead, otherwise the
    /// last one on or before today. A day alone is the nearest one, the past one of two as near. Without today
    /// neither can be told, and a month without a day never can.
    ///
    /// A year of two digits is placed in the hundred years that end 20 years after today; a birth's in those that end
    /// today. Where today is not given, the hundred years are 1946 to 2045, for births 1926 to 2025.
    #[must_use]
    pub fn resolve(&self, today: Option<Date>) -> Option<Date> {
        if let Some(year) = self.fields.year {
            let (month, day) = match self.holiday {
                Some(holiday) => {
                    let date = holiday.on(self.year_on(today, year, 1, 1)?)?;
                    (date.month(), date.day())
                }
                None => (self.fields.month?, self.fields.day?),
            };
            return Date::new(self.year_on(today, year, month, day)?, month, day).ok();
        }
        let today = today?;
        if let Some(holiday) = self.holiday {
            return nearest(today, |year| holiday.on(year));
        }
        let day = self.fields.day?;
        match self.fields.month {
            Some(month) => nearest(today, |year| Date::new(year, month, day).ok()),
            None => nearest_day(today, day),
        }
    }

    /// The year in full; `None` where none is written. Two digits are placed as by [`Written::resolve`].
    pub(crate) fn year(&self, today: Option<Date>) -> Option<i16> {
        let year = self.fields.year?;
        let month = self.fields.month.unwrap_or(1);
        self.year_on(today, year, month, self.fields.day.unwrap_or(1))
    }

    /// The same date a century earlier, where two digits of a birth's year fit that as well: a child's or a centenarian's.
    pub(crate) fn century_before(&self, today: Option<Date>) -> Option<Self> {
        self.fields.year.filter(|year| self.birth && year.short)?;
        let earlier = self.year(today)?.checked_sub(100)?;
        let this_year = today.map_or(YEAR_WITHOUT_TODAY, Date::year);
        let month = self.fields.month.unwrap_or(1);
        // A 29th of February that there was not is nobody's.
        let is_there = self.fields.day.is_none_or(|day| Date::new(earlier, month, day).is_ok());
        (is_there && this_year - earlier <= OLDEST).then(|| Self {
            fields: Fields { year: Some(Year { value: earlier, short: false }), ..self.fields },
            ..self.clone()
        })
    }

    fn year_on(&self, today: Option<Date>, year: Year, month: i8, day: i8) -> Option<i16> {
        if !year.short {
            return Some(year.value);
        }
        let this_year = today.map_or(YEAR_WITHOUT_TODAY, Date::year);
        let last = match (self.birth, today) {
            (true, Some(today)) if (month, day) > (today.month(), today.day()) => this_year.saturating_sub(1),
            (true, _) => this_year,
            (false, _) => this_year.saturating_add(YEARS_AHEAD),
        };
        let placed = last.saturating_sub(last.saturating_sub(year.value).rem_euclid(100));
        (FIRST_YEAR..=LAST_YEAR).contains(&placed).then_some(placed)
    }

    pub(crate) fn fields(&self) -> Fields {
        self.fields
    }

    pub(crate) fn holiday(&self) -> Option<Holiday> {
        self.holiday
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Writes another date in the layout of this one.
    ///
    /// Parts that this one lacks are not written. In place of a holiday's words, which only its own day keeps, stands a
    /// day with its month: `5 January`. Line breaks inside the layout become spaces.
    #[must_use]
    pub fn write(&self, date: Date) -> String {
        let mut out = String::new();
        for part in &self.parts {
            self.write_part(&mut out, part, date);
        }
        out
    }

    pub(crate) fn write_part(&self, out: &mut String, part: &Part, date: Date) {
        let (day, month) = (u32::from(date.day().unsigned_abs()), u32::from(date.month().unsigned_abs()));
        let figures = |value: u32, padded: bool| {
            if padded { format!("{value:02}") } else { value.to_string() }
        };
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Day { padded } => out.push_str(&figures(day, *padded)),
            Part::Month { padded } => out.push_str(&figures(month, *padded)),
            Part::Year { short: true } => out.push_str(&figures(short_year(date), true)),
            Part::Year { short: false } => out.push_str(&format!("{:04}", date.year())),
            Part::DayEnding(case) => out.push_str(&case.apply(ending(day))),
            Part::MonthEnding(case) => out.push_str(&case.apply(ending(month))),
            Part::MonthName { name, case } => out.push_str(&month_name(date.month(), *name, *case)),
            Part::DayWords(said) => out.push_str(&said.write(day)),
            Part::MonthWords(said) => out.push_str(&said.write(month)),
            Part::YearWords { style, hyphen, case } => {
                out.push_str(&case.apply(&style.write(date, *hyphen)));
            }
            Part::Holiday(words) => {
                if self.holiday.and_then(|holiday| holiday.on(date.year())) == Some(date) {
                    out.push_str(words);
                } else {
                    out.push_str(&day.to_string());
                    out.push(' ');
                    out.push_str(&month_name(date.month(), MonthName::Full, self.month_case()));
                }
            }
        }
    }

    /// The month of a date named as the words name months, or in full where they do not.
    pub(crate) fn name_month(&self, month: i8) -> String {
        let name = self.parts.iter().find_map(|part| match part {
            Part::MonthName { name, .. } => Some(*name),
            _ => None,
        });
        month_name(month, name.unwrap_or(MonthName::Full), self.month_case())
    }

    /// The case of month names beside these words.
    fn month_case(&self) -> Case {
        let named = self.parts.iter().find_map(|part| match part {
            Part::MonthName { case, .. } => Some(*case),
            _ => None,
        });
        let said = || {
            self.parts.iter().find_map(|part| match part {
                Part::MonthWords(said) => Some(said.case),
                // "NYE" is no shouting.
                Part::Holiday(words) if words.starts_with(char::is_lowercase) => Some(Case::Lower),
                _ => None,
            })
        };
        named.or_else(said).unwrap_or(Case::First)
    }
}

impl Said {
    fn write(self, value: u32) -> String {
        let number = if self.ordinal {
            numerals::ordinal(value, self.hyphen)
        } else {
            numerals::cardinal(value, self.hyphen)
        };
        match self.zero.filter(|_| value < 10) {
            Some(zero) => self.case.apply(&format!("{zero} {number}")),
            None => self.case.apply(&number),
        }
    }
}

impl YearStyle {
    fn write(self, date: Date, hyphen: bool) -> String {
        let short = short_year(date);
        let units = |and: &str| match short {
            0 => String::new(),
            _ => format!("{and}{}", numerals::cardinal(short, hyphen)),
        };
        match (self, date.year() / 100) {
            (Self::Short, _) if (1..10).contains(&short) => {
                format!("oh {}", numerals::cardinal(short, hyphen))
            }
            (Self::Short, _) if short > 0 => numerals::cardinal(short, hyphen),
            (Self::Thousand { and: false }, 20) => format!("two thousand{}", units(" ")),
            (Self::Thousand { and: true }, 20) => format!("two thousand{}", units(" and ")),
            (_, 20) if short < 10 => format!("two thousand{}", units(" and ")),
            (_, hundreds) => {
                let hundreds = numerals::cardinal(u32::from(hundreds.unsigned_abs()), hyphen);
                match short {
                    0 => format!("{hundreds} hundred"),
                    1..10 => format!("{hundreds} oh {}", numerals::cardinal(short, hyphen)),
                    _ => format!("{hundreds}{}", units(" ")),
                }
            }
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text(text.replace("\r\n", " ").replace(['\r', '\n'], " ")));
    }
}

fn short_year(date: Date) -> u32 {
    u32::from(date.year().rem_euclid(100).unsigned_abs())
}

fn ending(number: u32) -> &'static str {
    match (number / 10 % 10, number % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// The month's name in this form and case.
pub(crate) fn month_name(month: i8, name: MonthName, case: Case) -> String {
    let full = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    let len = match name {
        MonthName::Full => full.len(),
        MonthName::Sept if month == 9 => 4,
        MonthName::Short | MonthName::Sept => 3,
    };
    case.apply(full.get(..len).unwrap_or(full))
}

/// How many days it is from one date to another.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The occurrence, one a year at most, that a message without the year means.
fn nearest(today: Date, occurrence: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    // The 29th of February may be eight years off: there is none in 1900 or 2100.
    let years = today.year().saturating_sub(8)..=today.year().saturating_add(8);
    let dates: Vec<Date> = years.filter_map(occurrence).collect();
    let past = dates.iter().copied().filter(|date| *date <= today).max();
    let next = dates.iter().copied().filter(|date| *date > today).min();
    match (past, next) {
        (Some(past), Some(next)) if past < today && days_between(today, next) <= AHEAD => Some(next),
        (None, next) => next,
        (past, _) => past,
    }
}

/// The nearest date with this day of the month.
fn nearest_day(today: Date, day: i8) -> Option<Date> {
    let months = i32::from(today.year()) * 12 + i32::from(today.month()) - 1;
    (months - 2..=months + 2)
        .filter_map(|month| {
            let year = i16::try_from(month.div_euclid(12)).ok()?;
            Date::new(year, i8::try_from(month.rem_euclid(12) + 1).ok()?, day).ok()
        })
        .min_by_key(|date| (days_between(today, *date).abs(), *date > today))
}

#[cfg(test)]
pub(crate) mod tests;
