use jiff::civil::{Date, date};
use presend_detect::Label;
use proptest::prelude::*;

use super::{Reading, Written};

/// A Tuesday.
const TODAY: Date = date(2026, 3, 10);

/// The date's words, and the day that they mean on 10 March 2026 as year, month and day; zeros for none.
#[rustfmt::skip]
const DATES: &[(&str, (i16, i8, i8))] = &[
    // Figures with a year
    ("12/3/26", (2026, 3, 12)), ("12/03/2026", (2026, 3, 12)), ("12.03.2026", (2026, 3, 12)),
    ("12.3.26", (2026, 3, 12)),
    ("12-3-26", (2026, 3, 12)), ("12-03-2026", (2026, 3, 12)), ("2026-03-12", (2026, 3, 12)),
    ("2026/3/12", (2026, 3, 12)),
    ("2026.03.12", (2026, 3, 12)), ("2 . 7 . 22", (2022, 7, 2)), ("12 / 3 / 26", (2026, 3, 12)),
    ("4 4 1955", (1955, 4, 4)),
    ("30 11 51", (1951, 11, 30)), ("19 10 '99", (1999, 10, 19)), ("02\\12\\1987", (1987, 12, 2)),
    ("14_03_2024", (2024, 3, 14)),
    ("12·3·26", (2026, 3, 12)), ("１２/３/２６", (2026, 3, 12)), ("12⁄3⁄26", (2026, 3, 12)), ("12–3–26", (2026, 3, 12)),
    ("29/2/00", (2000, 2, 29)), ("29/2/1992", (1992, 2, 29)), ("31/12/99", (1999, 12, 31)), ("1/1/46", (2046, 1, 1)),
    ("1/1/47", (1947, 1, 1)), ("09/27/2021", (2021, 9, 27)), ("12/11/10", (2010, 11, 12)), ("l2/O6/57", (1957, 6, 12)),
    // No such days
    ("31/6/20", (0, 0, 0)), ("29/2/2023", (0, 0, 0)), ("29/2/1900", (0, 0, 0)), ("45-30-30", (0, 0, 0)),
    ("0/3/26", (0, 0, 0)),
    ("12/3-26", (0, 0, 0)), ("12/13/26", (0, 0, 0)), ("32 march", (0, 0, 0)), ("31 april", (0, 0, 0)),
    ("12/3/1776", (0, 0, 0)),
    ("12/3/262", (0, 0, 0)), ("30/2", (0, 0, 0)), ("13/13", (0, 0, 0)), ("thirty first of june", (0, 0, 0)),
    // Day and month
    ("12/3", (2026, 3, 12)), ("10/3", (2026, 3, 10)), ("9/3", (2026, 3, 9)), ("03/03", (2026, 3, 3)),
    ("16/9", (2025, 9, 16)),
    ("9/5", (2026, 5, 9)), ("10/5", (2025, 5, 10)), ("28.02", (2026, 2, 28)), ("7.1", (2026, 1, 7)),
    ("19-9", (2025, 9, 19)),
    ("1 / 4", (2026, 4, 1)), ("29/2", (2024, 2, 29)), ("31/12", (2025, 12, 31)), ("1/1", (2026, 1, 1)),
    // Months by name
    ("3rd March", (2026, 3, 3)), ("3 March", (2026, 3, 3)), ("March 3rd", (2026, 3, 3)), ("March 3", (2026, 3, 3)),
    ("3 Mar '26", (2026, 3, 3)), ("3 Mar 26", (2026, 3, 3)), ("3 march 2019", (2019, 3, 3)),
    ("March 3rd, 2019", (2019, 3, 3)),
    ("3rd of March", (2026, 3, 3)), ("2nd of Jan '24", (2024, 1, 2)), ("15th of August 2023", (2023, 8, 15)),
    ("march the 3rd", (2026, 3, 3)), ("6-Mar", (2026, 3, 6)), ("12-APR-24", (2024, 4, 12)),
    ("09-Sept-1987", (1987, 9, 9)),
    ("07jul1981", (1981, 7, 7)), ("22ndjune1994", (1994, 6, 22)), ("19mar", (2026, 3, 19)), ("5th Nov", (2025, 11, 5)),
    ("Sept 2nd", (2025, 9, 2)), ("feb 10", (2026, 2, 10)), ("Aug 26", (2025, 8, 26)), ("1ST MAY", (2026, 5, 1)),
    ("29 Feb", (2024, 2, 29)), ("12 febuary 2020", (2020, 2, 12)), ("2024 March 12", (2024, 3, 12)),
    ("3 rd may", (2026, 5, 3)),
    ("8 Sept.", (2025, 9, 8)), ("31/may/26", (2026, 5, 31)), ("11th of the 9th", (2025, 9, 11)),
    ("9 de julho", (0, 0, 0)),
    ("3 marche", (0, 0, 0)), ("Tues 3rd March", (0, 0, 0)), ("on 3 March", (0, 0, 0)), ("3 March at 2", (0, 0, 0)),
    // No day
    ("June", (0, 0, 0)), ("Sept", (0, 0, 0)), ("July '23", (0, 0, 0)), ("Mar 2019", (0, 0, 0)), ("Nov 98", (0, 0, 0)),
    ("January twenty twenty", (0, 0, 0)),
    // A day alone
    ("24th", (2026, 2, 24)), ("25th", (2026, 2, 25)), ("23rd", (2026, 3, 23)), ("10th", (2026, 3, 10)),
    ("31st", (2026, 3, 31)),
    ("1st", (2026, 3, 1)), ("30th", (2026, 3, 30)), ("32nd", (0, 0, 0)), ("twenty seventh", (2026, 2, 27)),
    ("fourth", (2026, 3, 4)),
    ("24", (0, 0, 0)), ("twenty seven", (0, 0, 0)),
    // Holidays
    ("Christmas Day", (2025, 12, 25)), ("xmas eve", (2025, 12, 24)), ("NYE", (2025, 12, 31)),
    ("Boxing Day", (2025, 12, 26)),
    ("New Year\u{2019}s Day", (2026, 1, 1)), ("New Years eve", (2025, 12, 31)), ("Easter", (2026, 4, 5)),
    ("good friday", (2026, 4, 3)),
    ("Ash Wednesday", (2026, 2, 18)), ("Mother's Day", (2026, 3, 15)), ("st patrick's day", (2026, 3, 17)),
    ("halloween", (2025, 10, 31)),
    ("May Day", (2026, 5, 1)), ("August bank holiday", (2025, 8, 25)), ("christmas eve 86", (1986, 12, 24)),
    ("Christmas Day 2019", (2019, 12, 25)), ("Leap day 1972", (1972, 2, 29)), ("Easter '21", (2021, 4, 4)),
    ("Leap day 1973", (0, 0, 0)),
    ("Eid", (0, 0, 0)), ("Diwali", (0, 0, 0)),
    // Words
    ("fourth of March nineteen thirty-six", (1936, 3, 4)), ("the nineteenth of the eighth, eighty-one", (1981, 8, 19)),
    ("three two sixty-one", (1961, 2, 3)), ("six six twenty eighteen", (2018, 6, 6)),
    ("oh four, ten, seventy nine", (1979, 10, 4)),
    ("first january two thousand and four", (2004, 1, 1)), ("november the ninth", (2025, 11, 9)),
    ("one two", (2026, 2, 1)),
    ("twenty third of the tenth", (2025, 10, 23)), ("thirty first of the first oh four", (2004, 1, 31)),
    ("August twenty one", (2025, 8, 21)),
    ("fourteenth of Feb 1972", (1972, 2, 14)), ("twenty two sixty one", (1961, 2, 20)),
    ("twelfth of may nineteen oh five", (1905, 5, 12)),
    ("second of june nineteen hundred", (1900, 6, 2)), ("third of may two thousand", (2000, 5, 3)),
    ("march the first twenty twenty one", (2021, 3, 1)),
    ("twenty first of july two thousand nine", (2009, 7, 21)), ("five twelve sixty one", (1961, 12, 5)),
    ("ninth of may six", (0, 0, 0)),
    // Something else
    ("", (0, 0, 0)), ("-", (0, 0, 0)), ("Monday", (0, 0, 0)), ("120/80", (0, 0, 0)), ("1.2.3.4", (0, 0, 0)),
    ("12/3/26?", (0, 0, 0)), ("3:15", (0, 0, 0)),
];

fn expected((year, month, day): (i16, i8, i8)) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|_| year > 0)
}

#[test]
fn dates_are_read_and_resolved() {
    const { assert!(DATES.len() >= 120) };
    for (words, meant) in DATES {
        // Letters for digits only count where the label says that there is a date.
        let written = Written::read(words)
            .or_else(|| Written::read_as(words, Label::Date).filter(|_| words.starts_with('l')));
        let resolved = written.as_ref().and_then(|written| written.resolve(Some(TODAY)));
        assert_eq!(resolved, expected(*meant), "{words}");
        if let (Some(written), Some(date)) = (&written, resolved)
            && !words.starts_with('l')
            && words.is_ascii()
            && !words.contains("febuary")
        {
            assert_eq!(written.write(date), *words);
        }
        if written.is_some_and(|written| !written.is_full()) {
            assert_eq!(Written::read(words).and_then(|written| written.resolve(None)), None, "{words}");
        }
    }
}

#[test]
fn a_label_says_what_bare_figures_are() {
    for (words, label, meant) in [
        ("120326", Label::Date, (2026, 3, 12)),
        ("12032026", Label::Date, (2026, 3, 12)),
        ("20260312", Label::Date, (2026, 3, 12)),
        ("040491", Label::DateOfBirth, (1991, 4, 4)),
        ("18/8/26", Label::DateOfBirth, (1926, 8, 18)),
        ("10/3/26", Label::DateOfBirth, (2026, 3, 10)),
        ("11/3/26", Label::DateOfBirth, (1926, 3, 11)),
        ("18/8/26", Label::Date, (2026, 8, 18)),
        ("450326", Label::Date, (0, 0, 0)),
        ("123456789", Label::Date, (0, 0, 0)),
        ("12/3/26", Label::Phone, (0, 0, 0)),
    ] {
        let resolved = Written::read_as(words, label).and_then(|written| written.resolve(Some(TODAY)));
        assert_eq!(resolved, expected(meant), "{words}");
    }
    assert!(Written::read("120326").is_none());
    assert!(Written::read("12/23").is_none());
    let pack = Written::read_as("12/23", Label::Date).unwrap();
    assert!(pack.has_year() && !pack.has_day() && !pack.is_full());
    let year = Written::read_as("1941", Label::DateOfBirth).unwrap();
    assert_eq!((year.year(None), year.resolve(Some(TODAY))), (Some(1941), None));
}

#[test]
fn two_digits_of_a_year_have_a_century_without_today() {
    for (words, label, year) in [
        ("1/2/25", Label::DateOfBirth, 2025),
        ("1/2/26", Label::DateOfBirth, 1926),
        ("1/2/45", Label::Date, 2045),
        ("1/2/46", Label::Date, 1946),
        ("1/2/00", Label::DateOfBirth, 2000),
    ] {
        let resolved = Written::read_as(words, label).and_then(|written| written.resolve(None));
        assert_eq!(resolved, Some(date(year, 2, 1)), "{words}");
    }
}

#[test]
fn other_dates_are_written_in_the_same_layout() {
    for (words, other, written) in [
        ("12/3/26", date(1999, 1, 2), "2/1/99"),
        ("03/11/41", date(1999, 1, 2), "02/01/99"),
        ("12/10/2026", date(1999, 1, 2), "02/01/1999"),
        ("12/10/26", date(1999, 1, 2), "2/1/99"),
        ("2 . 7 . 22", date(1999, 11, 12), "12 . 11 . 99"),
        ("2026-03-12", date(1999, 1, 2), "1999-01-02"),
        ("3rd March", date(1999, 1, 22), "22nd January"),
        ("3RD MAR '26", date(1999, 6, 11), "11TH JUN '99"),
        ("the 3rd of sept, 2019", date(2020, 9, 21), "the 21st of sept, 2020"),
        ("3 Sept", date(2020, 10, 1), "1 Oct"),
        ("3 Sep", date(2020, 9, 4), "4 Sep"),
        ("Mar 5th, 2019", date(2020, 12, 13), "Dec 13th, 2020"),
        ("Mar 2019", date(2020, 12, 13), "Dec 2020"),
        ("May", date(2020, 12, 13), "December"),
        ("24th", date(2020, 12, 2), "2nd"),
        ("Boxing Day", date(2020, 12, 26), "Boxing Day"),
        ("Boxing Day", date(2020, 1, 5), "5 January"),
        ("nye", date(2020, 1, 5), "5 january"),
        ("christmas eve 86", date(1990, 1, 5), "5 january 90"),
        (
            "fourth of March nineteen thirty-six",
            date(2004, 10, 23),
            "twenty-third of October two thousand and four",
        ),
        ("Twenty Third of the tenth eighty one", date(2003, 2, 1), "First of the second oh three"),
        ("oh four, ten, seventy nine", date(2010, 2, 1), "oh one, two, ten"),
        ("eleventh of the 3rd", date(2010, 2, 1), "first of the 2nd"),
        ("first january two thousand and four", date(1999, 2, 1), "first february nineteen ninety nine"),
        ("six six twenty eighteen", date(2000, 2, 1), "one two two thousand"),
        ("12/3/\n2026", date(1999, 1, 2), "2/1/ 1999"),
        ("１２/３/２６", date(1999, 1, 2), "2/1/99"),
    ] {
        assert_eq!(Written::read(words).map(|read| read.write(other)).as_deref(), Some(written), "{words}");
    }
}

#[test]
fn ranges_are_read() {
    for (words, meant) in [
        ("20-22/9", Some((date(2025, 9, 20), date(2025, 9, 22)))),
        ("4-9 Jan", Some((date(2026, 1, 4), date(2026, 1, 9)))),
        ("2\u{2013}3 December 2021", Some((date(2021, 12, 2), date(2021, 12, 3)))),
        ("12th-14th Jan", Some((date(2026, 1, 12), date(2026, 1, 14)))),
        ("1st to 4th", Some((date(2026, 3, 1), date(2026, 3, 4)))),
        ("30 Dec - 2 Jan", Some((date(2025, 12, 30), date(2026, 1, 2)))),
        ("28/2/26 & 3/3/26", Some((date(2026, 2, 28), date(2026, 3, 3)))),
        ("22-20/9", None),
        ("3-4", None),
        ("NYE-2 Jan", None),
        ("monday to 3 Jan", None),
    ] {
        let reading =
            Reading::read(words, Label::Date).filter(|reading| matches!(reading, Reading::Days(..)));
        assert_eq!(reading.and_then(|reading| reading.resolve(Some(TODAY))), meant, "{words}");
    }
}

#[test]
fn debug_shows_no_date() {
    let written = Written::read("3rd March 1936").unwrap();
    assert_eq!(format!("{written:?}"), "Written { day: true, month: true, year: true, parts: 6 }");
}

/// Writes a date in one of the layouts that the tests know, with a year of four digits.
pub(crate) fn in_layout(layout: usize, date: Date) -> String {
    let months = super::MONTHS;
    let full = months[usize::try_from(date.month() - 1).unwrap()];
    let (d, m, y) = (date.day(), date.month(), date.year());
    let ending = super::ending(u32::try_from(d).unwrap());
    let capital = format!("{}{}", full[..1].to_uppercase(), &full[1..]);
    match layout {
        0 => format!("{d}/{m}/{y}"),
        1 => format!("{d:02}/{m:02}/{y}"),
        2 => format!("{d:02}.{m:02}.{y}"),
        3 => format!("{y}-{m:02}-{d:02}"),
        4 => format!("{d} {full} {y}"),
        5 => format!("{d}{ending} {capital} {y}"),
        6 => format!("{capital} {d}{ending}, {y}"),
        7 => format!("{d:02}-{}-{y}", full[..3].to_uppercase()),
        8 => format!("the {d}{ending} of {} {y}", &capital[..3]),
        9 => format!("{d:02}{m:02}{y}"),
        10 => format!("{y}{m:02}{d:02}"),
        11 => format!("{d} {m} {y}"),
        _ => {
            let said = crate::numerals::ordinal(u32::try_from(d).unwrap(), false);
            let year = super::YearStyle::Pair.write(date, false);
            format!("{said} of {full} {year}")
        }
    }
}

/// How many layouts [`in_layout`] knows.
pub(crate) const LAYOUTS: usize = 13;

pub(crate) fn any_date() -> impl Strategy<Value = Date> {
    (0i32..69_000).prop_map(|days| date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap())
}

/// A date whose day shows whether there are zeros, and not in May, whose name is no short form.
fn early_date() -> impl Strategy<Value = Date> {
    any_date().prop_map(|any| {
        let month = if any.month() == 5 { 6 } else { any.month() };
        date(any.year(), month, any.day() % 9 + 1)
    })
}

proptest! {
    #[test]
    fn every_layout_is_read_and_written(
        layout in 0..LAYOUTS,
        first in early_date(),
        other in any_date(),
    ) {
        let words = in_layout(layout, first);
        let read = Written::read_as(&words, Label::Date);
        prop_assert!(read.is_some(), "{}", words);
        let read = read.unwrap();
        prop_assert_eq!(read.resolve(None), Some(first), "{}", &words);
        prop_assert_eq!(read.write(first), words);
        // "two thousand and four" is of another layout than "twenty ten".
        if layout != 12 || !(2000..2010).contains(&first.year()) {
            prop_assert_eq!(read.write(other), in_layout(layout, other));
        }
    }

    #[test]
    fn a_date_without_a_year_is_the_last_or_at_most_sixty_days_ahead(today in any_date(), meant in any_date()) {
        let words = format!("{}/{}", meant.day(), meant.month());
        let resolved = Written::read(&words).unwrap().resolve(Some(today)).unwrap();
        let ahead = super::days_between(today, resolved);
        prop_assert_eq!((resolved.day(), resolved.month()), (meant.day(), meant.month()));
        prop_assert!(ahead <= 60);
        if (meant.day(), meant.month()) != (29, 2) {
            prop_assert!(ahead >= -366);
        }
    }

    #[test]
    fn a_birth_is_never_ahead(days in 36_525i64..69_000, year in 0i16..100, month in 1i8..13, day in 1i8..29) {
        let written = Written::read_as(&format!("{day}/{month}/{year:02}"), Label::DateOfBirth).unwrap();
        let today = date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let birth = written.resolve(Some(today)).unwrap();
        prop_assert!(birth <= today && super::days_between(birth, today) < 36_525);
    }

    #[test]
    fn any_words_are_read_without_panic(words in any::<String>(), today in any_date()) {
        for label in [Label::Date, Label::DateOfBirth] {
            if let Some(reading) = Reading::read(&words, label) {
                let _ = reading.resolve(Some(today)).map(|(from, to)| reading.write(from, to));
            }
        }
    }
}
