//! Dates in numbers and words, for comparison with dates of birth that are known.

use super::pieces::{Gap, Pieces};
use super::record::BirthDate;

/// A date as it stands in a text: one day, or with a year of two digits one in each century.
#[derive(Clone, Copy)]
pub(super) struct DateAt {
    pub(super) first: usize,
    pub(super) last: usize,
    /// The dates it may be.
    pub(super) readings: [Option<BirthDate>; 2],
}

/// A year as it is written.
#[derive(Clone, Copy)]
enum Year {
    Full(u16),
    /// The last two digits.
    Short(u16),
}

/// The months' names, any beginning of which of three letters or more counts.
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

fn month_word(word: &str) -> Option<u8> {
    if word.len() < 3 {
        return None;
    }
    let month = MONTHS.iter().position(|month| month.starts_with(word))?;
    u8::try_from(month + 1).ok()
}

/// Finds every date of the text, from the left, none overlapping.
pub(super) fn find(pieces: &Pieces) -> Vec<DateAt> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < pieces.list().len() {
        match date_at(pieces, at) {
            Some(date) => {
                at = date.last + 1;
                found.push(date);
            }
            None => at += 1,
        }
    }
    found
}

/// The one date that the text is, with a full year, and with or without a time of day.
pub(super) fn whole(pieces: &Pieces) -> Option<BirthDate> {
    let date = date_at(pieces, 0)?;
    let time = pieces.list().get(date.last + 1..)?;
    let is_time = time.iter().enumerate().all(|(index, _)| {
        let text = pieces.text(date.last + 1 + index);
        matches!(text, "t" | "z" | "am" | "pm") || text.bytes().all(|byte| byte.is_ascii_digit())
    });
    // The first of a time has at most two digits, so that a second date is no time.
    let starts_as_time = match time.first() {
        None => true,
        Some(piece) if piece.is_digits => piece.len() <= 2 && time.len() >= 2,
        Some(_) => pieces.text(date.last + 1) == "t",
    };
    match date.readings {
        [only, None] if is_time && starts_as_time => only,
        _ => None,
    }
}

fn date_at(pieces: &Pieces, at: usize) -> Option<DateAt> {
    // A run of digits that goes on to the left is no date's beginning.
    let piece = pieces.get(at)?;
    let found = if piece.is_digits {
        match piece.len() {
            1 | 2 => day_month_year(pieces, at).or_else(|| day_word_year(pieces, at)),
            4 => year_month_day(pieces, at),
            6 | 8 => run_together(pieces, at),
            _ => None,
        }
    } else {
        word_day_year(pieces, at)
    };
    found.filter(|date| date.readings.iter().any(Option::is_some))
}

/// The number in a piece of at most so many digits.
fn number(pieces: &Pieces, at: usize, longest: usize) -> Option<u16> {
    let piece = pieces.get(at)?;
    if piece.is_digits && piece.len() <= longest { pieces.text(at).parse().ok() } else { None }
}

fn small(pieces: &Pieces, at: usize) -> Option<u8> {
    u8::try_from(number(pieces, at, 2)?).ok()
}

fn year(pieces: &Pieces, at: usize) -> Option<Year> {
    match (pieces.get(at)?.len(), number(pieces, at, 4)?) {
        (4, year) => Some(Year::Full(year)),
        (2, year) => Some(Year::Short(year)),
        _ => None,
    }
}

fn gap(pieces: &Pieces, at: usize) -> Option<Gap> {
    pieces.get(at).map(|piece| piece.gap).filter(|gap| gap.is_in_date())
}

fn readings(year: Year, month: u8, day: u8) -> [Option<BirthDate>; 2] {
    match year {
        Year::Full(year) => [BirthDate::new(year, month, day), None],
        Year::Short(year) => {
            [BirthDate::new(1900 + year, month, day), BirthDate::new(2000 + year, month, day)]
        }
    }
}

/// `7/3/1949`, `07.03.49`; month first where day first is no date.
fn day_month_year(pieces: &Pieces, at: usize) -> Option<DateAt> {
    let (first, second) = (gap(pieces, at + 1)?, gap(pieces, at + 2)?);
    if first != second || first.is_nothing() {
        return None;
    }
    let (day, month, year) = (small(pieces, at)?, small(pieces, at + 1)?, year(pieces, at + 2)?);
    let mut days = readings(year, month, day);
    if days.iter().all(Option::is_none) {
        days = readings(year, day, month);
    }
    Some(DateAt { first: at, last: at + 2, readings: days })
}

/// `1949-03-07`.
fn year_month_day(pieces: &Pieces, at: usize) -> Option<DateAt> {
    let (first, second) = (gap(pieces, at + 1)?, gap(pieces, at + 2)?);
    if first != second || first.is_nothing() {
        return None;
    }
    let (year, month, day) = (year(pieces, at)?, small(pieces, at + 1)?, small(pieces, at + 2)?);
    Some(DateAt { first: at, last: at + 2, readings: readings(year, month, day) })
}

/// `7 March 1949`, `7th of Mar '49`, `07MAR1949`.
fn day_word_year(pieces: &Pieces, at: usize) -> Option<DateAt> {
    let day = small(pieces, at)?;
    let mut next = at + 1;
    gap(pieces, next)?;
    if matches!(pieces.text(next), "st" | "nd" | "rd" | "th") {
        next += 1;
        gap(pieces, next)?;
    }
    if pieces.text(next) == "of" {
        next += 1;
        gap(pieces, next)?;
    }
    let month = month_word(pieces.text(next))?;
    next += 1;
    gap(pieces, next)?;
    Some(DateAt { first: at, last: next, readings: readings(year(pieces, next)?, month, day) })
}

/// `March 7th, 1949`.
fn word_day_year(pieces: &Pieces, at: usize) -> Option<DateAt> {
    let month = month_word(pieces.text(at))?;
    gap(pieces, at + 1)?;
    let day = small(pieces, at + 1)?;
    let mut next = at + 2;
    gap(pieces, next)?;
    if matches!(pieces.text(next), "st" | "nd" | "rd" | "th") {
        next += 1;
        gap(pieces, next)?;
    }
    Some(DateAt { first: at, last: next, readings: readings(year(pieces, next)?, month, day) })
}

/// `07031949`, `19490307`, `070349`.
fn run_together(pieces: &Pieces, at: usize) -> Option<DateAt> {
    let text = pieces.text(at);
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u16>().ok());
    let small = |from: usize| part(from, from + 2).and_then(|number| u8::try_from(number).ok());
    let readings = if text.len() == 6 {
        readings(Year::Short(part(4, 6)?), small(2)?, small(0)?)
    } else {
        let day_first = readings(Year::Full(part(4, 8)?), small(2)?, small(0)?);
        let year_first = readings(Year::Full(part(0, 4)?), small(4)?, small(6)?);
        if day_first[0].is_some() { day_first } else { year_first }
    };
    Some(DateAt { first: at, last: at, readings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_messages_are_found_with_their_extent() {
        for (text, wanted) in [
            ("dob 7/3/49 bed 4", "7/3/49"),
            ("born 7th of March 1949.", "7th of March 1949"),
            ("(March 7th, 1949)", "March 7th, 1949"),
            ("7-Mar-'49", "7-Mar-'49"),
            ("DOB:07031949", "07031949"),
            ("d.o.b. 070349", "070349"),
            ("1949-03-07T00:00", "1949-03-07"),
            ("bp 120/80 on 07 03 1949", "07 03 1949"),
        ] {
            let pieces = Pieces::new(text);
            let seventh_of_march = BirthDate::new(1949, 3, 7);
            let found = find(&pieces);
            let date = found
                .iter()
                .find(|date| date.readings.contains(&seventh_of_march))
                .unwrap_or_else(|| panic!("{text}"));
            assert_eq!(pieces.original(date.first, date.last).of(text), Some(wanted));
        }
    }

    #[test]
    fn a_short_year_is_read_in_both_centuries() {
        let found = find(&Pieces::new("7/3/12"));
        assert!(found[0].readings == [BirthDate::new(1912, 3, 7), BirthDate::new(2012, 3, 7)]);
    }

    #[test]
    fn what_is_no_date_is_left() {
        for text in
            ["120/80/", "3/7", "31/2/49", "7/3-1949", "7 marching 1949", "1/2/3", "12.5.", "7\n3\n1949"]
        {
            assert!(find(&Pieces::new(text)).is_empty(), "{text}");
        }
    }
}
