//! Days that people call by name.

use jiff::civil::{Date, Weekday};

/// A day of every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holiday {
    /// A month and a day of it.
    Fixed(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// The n-th such weekday of a month; the last where n is -1.
    Weekday(i8, i8, Weekday),
}

/// Names, folded and without apostrophes. Bank holidays are England's.
#[rustfmt::skip]
const NAMES: &[(&str, Holiday)] = &[
    ("christmas", Holiday::Fixed(12, 25)), ("christmas day", Holiday::Fixed(12, 25)),
    ("xmas", Holiday::Fixed(12, 25)), ("xmas day", Holiday::Fixed(12, 25)), ("crimbo", Holiday::Fixed(12, 25)),
    ("christmas eve", Holiday::Fixed(12, 24)), ("xmas eve", Holiday::Fixed(12, 24)),
    ("boxing day", Holiday::Fixed(12, 26)),
    ("new years eve", Holiday::Fixed(12, 31)), ("new year eve", Holiday::Fixed(12, 31)),
    ("nye", Holiday::Fixed(12, 31)), ("hogmanay", Holiday::Fixed(12, 31)),
    ("new years day", Holiday::Fixed(1, 1)), ("new year day", Holiday::Fixed(1, 1)),
    ("new years", Holiday::Fixed(1, 1)), ("new year", Holiday::Fixed(1, 1)), ("nyd", Holiday::Fixed(1, 1)),
    ("burns night", Holiday::Fixed(1, 25)),
    ("valentines", Holiday::Fixed(2, 14)), ("valentines day", Holiday::Fixed(2, 14)),
    ("leap day", Holiday::Fixed(2, 29)),
    ("st davids day", Holiday::Fixed(3, 1)), ("st patricks day", Holiday::Fixed(3, 17)),
    ("st georges day", Holiday::Fixed(4, 23)), ("st andrews day", Holiday::Fixed(11, 30)),
    ("april fools day", Holiday::Fixed(4, 1)), ("midsummer day", Holiday::Fixed(6, 24)),
    ("midsummers day", Holiday::Fixed(6, 24)),
    ("halloween", Holiday::Fixed(10, 31)),
    ("bonfire night", Holiday::Fixed(11, 5)), ("guy fawkes", Holiday::Fixed(11, 5)),
    ("guy fawkes night", Holiday::Fixed(11, 5)),
    ("armistice day", Holiday::Fixed(11, 11)), ("remembrance day", Holiday::Fixed(11, 11)),
    ("easter", Holiday::Easter(0)), ("easter sunday", Holiday::Easter(0)),
    ("easter monday", Holiday::Easter(1)), ("easter bank holiday", Holiday::Easter(1)),
    ("easter saturday", Holiday::Easter(-1)), ("good friday", Holiday::Easter(-2)),
    ("maundy thursday", Holiday::Easter(-3)), ("palm sunday", Holiday::Easter(-7)),
    ("mothers day", Holiday::Easter(-21)), ("mothering sunday", Holiday::Easter(-21)),
    ("ash wednesday", Holiday::Easter(-46)), ("shrove tuesday", Holiday::Easter(-47)),
    ("pancake day", Holiday::Easter(-47)), ("whit sunday", Holiday::Easter(49)), ("whit monday", Holiday::Easter(50)),
    ("may day", Holiday::Fixed(5, 1)),
    ("may bank holiday", Holiday::Weekday(5, 1, Weekday::Monday)),
    ("may day bank holiday", Holiday::Weekday(5, 1, Weekday::Monday)),
    ("spring bank holiday", Holiday::Weekday(5, -1, Weekday::Monday)),
    ("spring bank holiday monday", Holiday::Weekday(5, -1, Weekday::Monday)),
    ("august bank holiday", Holiday::Weekday(8, -1, Weekday::Monday)),
    ("august bank holiday monday", Holiday::Weekday(8, -1, Weekday::Monday)),
    ("fathers day", Holiday::Weekday(6, 3, Weekday::Sunday)),
    ("remembrance sunday", Holiday::Weekday(11, 2, Weekday::Sunday)),
];

impl Holiday {
    /// The holiday of this name, which is folded and has no apostrophes.
    pub(crate) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, holiday)| *holiday)
    }

    /// The holiday's date in a year; `None` where the year has none.
    pub(crate) fn on(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(days) => easter(year)?.checked_add(jiff::Span::new().try_days(days).ok()?).ok(),
            Self::Weekday(month, nth, weekday) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }

    /// The month that the holiday falls in every year, if there is one.
    pub(crate) const fn month(self) -> Option<i8> {
        match self {
            Self::Fixed(month, _) | Self::Weekday(month, ..) => Some(month),
            Self::Easter(_) => None,
        }
    }
}

/// Easter Sunday of the Western churches, by the anonymous Gregorian computation (Nature, 20 April 1876).
fn easter(year: i16) -> Option<Date> {
    if year < 1583 {
        return None;
    }
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - century / 4 - correction + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * sunday) / 451;
    let days = moon + sunday - 7 * late + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_fall_on_their_days() {
        for (name, on) in [
            ("easter", date(2024, 3, 31)),
            ("easter", date(2025, 4, 20)),
            ("easter", date(2026, 4, 5)),
            ("easter", date(2038, 4, 25)),
            ("good friday", date(2026, 4, 3)),
            ("pancake day", date(2026, 2, 17)),
            ("mothers day", date(2026, 3, 15)),
            ("may bank holiday", date(2026, 5, 4)),
            ("spring bank holiday", date(2026, 5, 25)),
            ("august bank holiday", date(2026, 8, 31)),
            ("fathers day", date(2026, 6, 21)),
            ("remembrance sunday", date(2026, 11, 8)),
            ("boxing day", date(2026, 12, 26)),
        ] {
            assert_eq!(Holiday::named(name).and_then(|holiday| holiday.on(on.year())), Some(on), "{name}");
        }
        assert_eq!(Holiday::named("leap day").and_then(|holiday| holiday.on(2025)), None);
        assert_eq!(Holiday::named("eid"), None);
    }
}
