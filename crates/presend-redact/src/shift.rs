//! Moves dates by a number of days that stays the same for a subject, so that the time between them is kept.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use jiff::civil::Date;
use presend_detect::Label;
use sha2::Sha256;

use crate::dates::{Fields, Reading, Written};

/// The longest move, in days.
const FARTHEST: u16 = 365;

/// What the hash is of, so that no other use of the same key gives the same bytes.
const PURPOSE: &[u8] = b"presend: days by which dates are moved\0";

/// Moves a date by days and writes it in the layout it had; `None` where that cannot be done exactly.
///
/// `label` is the label that the words were found under; only DATE and DATE_OF_BIRTH can be moved. Two full dates keep
/// the days between them. A range moves as a whole (`28-30 Jan` to `30 Jan-1 Feb`).
///
/// Of partial dates, one without a year is moved where `today` tells the year that is meant, or where the year makes
/// no difference: no 29th of February lies on the way in any year. A day alone (`24th`), a holiday without a year
/// and a range without a year need `today`. A month or a year alone names no day, so it
/// is never moved. `None` as well where what would be written reads as another date, such as a date in American order
/// that lands on the twelfth of its month or before, and where the date would lie outside of what the reader takes for
/// a date (the years 1895 to 2099).
#[must_use]
pub fn shift(words: &str, label: Label, days: i32, today: Option<Date>) -> Option<String> {
    let reading = Reading::read(words, label)?;
    let (from, to) = match reading.resolve(today) {
        Some((from, to)) => (moved(from, days)?, moved(to, days)?),
        None => {
            let Reading::One(written) = &reading else { return None };
            let date = moved_in_any_year(written, days)?;
            (date, date)
        }
    };
    let out = reading.write(from, to);
    let again = Reading::read(&out, label)?;
    reads_as(&again, &reading, from, to).then_some(out)
}

/// How many days the dates of a subject are moved by: never 0, and at most 365 either way.
///
/// `subject` is whatever names the subject within the use of the key, such as a conversation's or a patient's
/// pseudonym. The number is drawn from HMAC-SHA-256, every value as likely as the others.
#[must_use]
pub fn days_for(key: &[u8; 32], subject: &[u8]) -> i32 {
    // HMAC fills a key up to the hash's block with zeros (RFC 2104), so this is the key itself.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let keyed = Hmac::<Sha256>::new(&block.into());
    let values = FARTHEST * 2;
    // Draws at or above the largest multiple would make small values likelier, so they are passed over.
    let limit = u16::MAX - u16::MAX % values;
    let mut round: u64 = 0;
    loop {
        let mut mac = keyed.clone();
        mac.update(PURPOSE);
        mac.update(&round.to_be_bytes());
        mac.update(subject);
        let digest = mac.finalize().into_bytes();
        let (pairs, _) = digest.as_chunks::<2>();
        if let Some(draw) = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).find(|draw| *draw < limit) {
            let value = i32::from(draw % values) - i32::from(FARTHEST);
            return if value < 0 { value } else { value + 1 };
        }
        round = round.wrapping_add(1);
    }
}

fn moved(date: Date, days: i32) -> Option<Date> {
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The day and month that a date without a year moves to, where every year gives the same.
fn moved_in_any_year(written: &Written, days: i32) -> Option<Date> {
    let Fields { day: Some(day), month: Some(month), year: None } = written.fields() else { return None };
    // From a leap year, and from a year after, before and far from one. Over more than a year, two could count.
    if days.abs() > i32::from(FARTHEST) {
        return None;
    }
    let mut dates =
        [2024, 2025, 2023, 2026].into_iter().map(|year| moved(Date::new(year, month, day).ok()?, days));
    let first = dates.next()??;
    dates
        .all(|date| date.is_some_and(|date| (date.month(), date.day()) == (first.month(), first.day())))
        .then_some(first)
}

/// Whether what was written reads as the dates that were meant, as far as the layout gives their parts.
fn reads_as(again: &Reading, before: &Reading, from: Date, to: Date) -> bool {
    let same = |again: &Written, before: &Written, date: Date, more: bool| {
        let (read, had) = (again.fields(), before.fields());
        let year = read.year.map(|year| {
            if year.short { year.value == date.year().rem_euclid(100) } else { year.value == date.year() }
        });
        let month = read.month.map(|month| month == date.month());
        let holiday = again.holiday().map(|holiday| holiday.on(date.year()) == Some(date));
        read.year.map(|year| year.short) == had.year.map(|year| year.short)
            && year != Some(false)
            && month != Some(false)
            && (holiday == Some(true)
                || read.day == Some(date.day())
                    && (month.is_some() || had.month.is_none() && before.holiday().is_none() || more))
    };
    match (again, before) {
        (Reading::One(again), Reading::One(before)) => same(again, before, from, false),
        (Reading::Days(first, _, last), Reading::Days(had_first, _, had_last)) => {
            same(first, had_first, from, true)
                && same(last, had_last, to, false)
                && (first.fields().month.is_some() || from.month() == to.month())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::*;
    use crate::dates::tests::{LAYOUTS, any_date, in_layout};
    use crate::generalise::tests::any_words;

    const TODAY: Date = date(2026, 3, 10);

    #[test]
    fn dates_move_in_their_layout() {
        for (words, days, moved) in [
            ("12/3/26", 30, Some("11/4/26")),
            ("03/11/41", -3, Some("31/10/41")),
            ("2024-02-28", 1, Some("2024-02-29")),
            ("120326", 365, Some("120327")),
            ("3rd March", -1, Some("2nd March")),
            ("12/3", 40, Some("21/4")),
            ("24th", 10, Some("6th")),
            ("twenty seventh", 1, Some("twenty eighth")),
            ("Boxing Day", 10, Some("5 January")),
            ("Boxing Day", -1, Some("25 December")),
            ("Easter Monday", 1, Some("7 April")),
            ("20-22/9", 9, Some("29/9-1/10")),
            ("20-22/9", 1, Some("21-23/9")),
            ("30 Dec to 2 Jan", 1, Some("31 Dec to 3 Jan")),
            // "31st-3rd" would not read as two days.
            ("1st-4th", 30, None),
            ("1st-4th", 9, Some("10th-13th")),
            ("fourth of March nineteen thirty-six", 9, Some("thirteenth of March nineteen thirty-six")),
            ("09/27/2021", 1, Some("09/28/2021")),
            ("09/27/2021", 10, None),
            ("31/12/2099", 1, None),
            ("June", 10, None),
            ("Mar 2019", 10, None),
            ("1941", 10, None),
            ("24", 10, None),
            ("31/6/26", 10, None),
            ("Jan-Mar", 10, None),
            ("Diwali", 10, None),
        ] {
            assert_eq!(shift(words, Label::Date, days, Some(TODAY)).as_deref(), moved, "{words}");
        }
        assert_eq!(shift("12/3/26", Label::Phone, 3, Some(TODAY)), None);
        assert_eq!(shift("12/3/26", Label::Date, i32::MAX, Some(TODAY)), None);
        assert_eq!(shift("4/3/41", Label::DateOfBirth, 3, None).as_deref(), Some("7/3/41"));
    }

    #[test]
    fn without_today_only_what_is_certain_moves() {
        for (words, days, moved) in [
            ("12/3", 30, Some("11/4")),
            ("12/3", -12, None),
            ("20 Feb", 8, Some("28 Feb")),
            ("20 Feb", 9, None),
            ("3rd June", -300, None),
            ("3rd June", -90, Some("5th March")),
            ("29/2", 1, None),
            ("24th", 1, None),
            ("Boxing Day", 1, None),
            ("Easter", 1, None),
            ("20-22/9", 1, None),
            ("12/3/26", 1, Some("13/3/26")),
            ("12/3", 400, None),
        ] {
            assert_eq!(shift(words, Label::Date, days, None).as_deref(), moved, "{words} {days}");
        }
    }

    #[test]
    fn a_subject_has_one_number_of_days() {
        let key = [7; 32];
        assert_eq!(days_for(&key, b"patient 1"), days_for(&key, b"patient 1"));
        let mut counts = [0u32; 731];
        for subject in 0u32..73_000 {
            let days = days_for(&key, &subject.to_be_bytes());
            counts[usize::try_from(days + 365).expect("at least -365")] += 1;
        }
        assert_eq!(counts[365], 0);
        // 100 draws a value are expected, with a standard deviation of 10: six of them leave room for 730 values.
        let (least, most) = counts
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != 365)
            .fold((u32::MAX, 0), |(least, most), (_, n)| (least.min(*n), most.max(*n)));
        assert!(least > 40 && most < 160, "{least} to {most}");
        assert_ne!(days_for(&[8; 32], b"patient 1"), days_for(&key, b"patient 1"));
    }

    proptest! {
        #[test]
        fn full_dates_keep_the_days_between_them(
            layouts in (0..LAYOUTS, 0..LAYOUTS),
            dates in (any_date(), any_date()),
            days in -365i32..=365,
            birth in any::<bool>(),
        ) {
            let label = |birth: bool| if birth { Label::DateOfBirth } else { Label::Date };
            let words = (in_layout(layouts.0, dates.0), in_layout(layouts.1, dates.1));
            let read = |words: &str, birth: bool| Written::read_as(words, label(birth)).and_then(|written| written.resolve(None));
            let before = (read(&words.0, birth).unwrap(), read(&words.1, false).unwrap());
            let moved = (shift(&words.0, label(birth), days, None), shift(&words.1, Label::Date, days, None));
            if let (Some(first), Some(second)) = moved {
                let after = (read(&first, birth).unwrap(), read(&second, false).unwrap());
                prop_assert_eq!((before.1 - before.0).fieldwise(), (after.1 - after.0).fieldwise());
                prop_assert_eq!(after.0, super::moved(before.0, days).unwrap());
                prop_assert_eq!(shift(&first, label(birth), -days, None).map(|back| read(&back, birth).unwrap()), Some(before.0));
            } else {
                // Only what leaves the years of dates is not moved.
                let far = |date: Date| super::moved(date, days).is_none_or(|date| !(1900..2100).contains(&date.year()));
                prop_assert!(far(before.0) || far(before.1));
            }
        }

        #[test]
        fn a_year_left_out_makes_no_difference(meant in any_date(), days in -365i32..=365) {
            let words = format!("{}/{}", meant.day(), meant.month());
            if let Some(moved) = shift(&words, Label::Date, days, None) {
                let date = super::moved(meant, days).unwrap();
                prop_assert_eq!(moved, format!("{}/{}", date.day(), date.month()));
            }
        }

        #[test]
        fn any_words_are_moved_without_panic(
            words in any_words(),
            days in prop_oneof![-400..400, any::<i32>()],
            today in any_date(),
        ) {
            for label in [Label::Date, Label::DateOfBirth] {
                let _ = shift(&words, label, days, Some(today));
                let _ = shift(&words, label, days, None);
            }
        }
    }
}
