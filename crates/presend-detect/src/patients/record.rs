//! What a caller says of one patient.

use std::fmt;

use super::dates;
use super::pieces::Pieces;
use crate::Label;

/// What kind of number one of a patient's numbers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NumberKind {
    /// An NHS number: ten digits.
    Nhs,
    /// A Scottish CHI number: ten digits; nine get back the leading zero that a spreadsheet dropped.
    Chi,
    /// A Northern Ireland Health and Care Number: ten digits.
    Hsc,
    /// A hospital, unit, clinic or practice record number, which may have letters.
    Mrn,
    /// A National Insurance number.
    NationalInsurance,
    /// A phone number; `+44`, `0044` and a leading zero dropped by a spreadsheet make no difference.
    Phone,
    /// A postcode: found only beside the name or a number of somebody who lives there.
    Postcode,
    /// Any other reference.
    Other,
}

impl NumberKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 8] = [
        Self::Nhs,
        Self::Chi,
        Self::Hsc,
        Self::Mrn,
        Self::NationalInsurance,
        Self::Phone,
        Self::Postcode,
        Self::Other,
    ];

    /// The label of the findings.
    #[must_use]
    pub const fn label(self) -> Label {
        match self {
            Self::Nhs => Label::NhsNumber,
            Self::Chi => Label::ChiNumber,
            Self::Hsc => Label::HscNumber,
            Self::Mrn => Label::Mrn,
            Self::NationalInsurance => Label::NiNumber,
            Self::Phone => Label::Phone,
            Self::Postcode => Label::Postcode,
            Self::Other => Label::OtherId,
        }
    }

    /// Whether the number's last digit is a Modulus 11 check digit.
    pub(super) const fn has_check_digit(self) -> bool {
        matches!(self, Self::Nhs | Self::Chi | Self::Hsc)
    }
}

/// A day of the calendar between the years 1800 and 2199, written as what it identifies: a date of birth.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BirthDate {
    year: u16,
    month: u8,
    day: u8,
}

impl BirthDate {
    /// Makes a date; `None` where the calendar has no such day.
    #[must_use]
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 0,
        };
        if year >= 1800 && year < 2200 && day >= 1 && day <= days {
            Some(Self { year, month, day })
        } else {
            None
        }
    }

    /// The day so many days after 1 January 1970, as Parquet and others count.
    #[must_use]
    pub fn from_days_since_1970(days: i64) -> Option<Self> {
        // Counted from 1 March of the year 0, so that the leap day ends its year: H. Hinnant, "chrono-compatible
        // low-level date algorithms", civil_from_days.
        let shifted = days.checked_add(719_468)?;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)
    }

    /// Reads a date as tables write them: `1949-03-07`, `07/03/1949`, `7.3.1949`, `7 March 1949`, `07-Mar-1949`,
    /// `19490307`, each with or without a time of day after it.
    ///
    /// Numbers come day first, unless that is no date and month first is one. `None` where the text is anything else;
    /// also where the year has two digits, since the century would be a guess.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        dates::whole(&Pieces::new(text))
    }

    /// The date in one number.
    pub(super) const fn packed(self) -> u32 {
        (self.year as u32) << 9 | (self.month as u32) << 5 | self.day as u32
    }
}

impl fmt::Debug for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BirthDate").finish_non_exhaustive()
    }
}

/// One of a patient's numbers, as the record system writes it: spaces and punctuation make no difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PatientNumber<'a> {
    /// What the number is.
    pub kind: NumberKind,
    /// The number.
    pub value: &'a str,
}

impl fmt::Debug for PatientNumber<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientNumber").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// One patient, as the record system writes it; borrowed, for only hashes of it are kept.
///
/// Anything may be left empty. Titles before a given name, and words that stand for one that is not known yet (`Baby`,
/// `Twin 1`), are not taken for names.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct PatientRecord<'a> {
    /// The given name, or several.
    pub given: &'a str,
    /// The family name, of one or more parts.
    pub family: &'a str,
    /// Middle names, and names the patient is known by instead of the given one.
    pub other_names: &'a [&'a str],
    /// Former family names, and others that are used.
    pub other_families: &'a [&'a str],
    /// The date of birth.
    pub date_of_birth: Option<BirthDate>,
    /// The numbers that lead to the patient.
    pub numbers: &'a [PatientNumber<'a>],
}

impl fmt::Debug for PatientRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientRecord").field("numbers", &self.numbers.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_is_kept() {
        assert!(BirthDate::new(2024, 2, 29).is_some());
        assert!(BirthDate::new(2000, 2, 29).is_some());
        for (year, month, day) in
            [(1900, 2, 29), (2023, 2, 29), (2020, 4, 31), (2020, 0, 1), (2020, 13, 1), (1799, 1, 1)]
        {
            assert_eq!(BirthDate::new(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        let mut days = -62_091; // 1 January 1800
        for year in 1800..2200 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(date) = BirthDate::new(year, month, day) {
                        assert!(BirthDate::from_days_since_1970(days) == Some(date), "{days}");
                        days += 1;
                    }
                }
            }
        }
        for days in [-62_092, 84_006, i64::MIN, i64::MAX] {
            assert_eq!(BirthDate::from_days_since_1970(days), None);
        }
    }

    #[test]
    fn dates_of_tables_are_read() {
        let seventh_of_march = BirthDate::new(1949, 3, 7);
        for text in [
            "1949-03-07",
            "07/03/1949",
            "7/3/1949",
            "7.3.1949",
            "07-03-1949",
            "07 03 1949",
            "19490307",
            "07031949",
            "7 March 1949",
            "7th March 1949",
            "07-Mar-1949",
            "07MAR1949",
            "March 7, 1949",
            " 1949-03-07 ",
            "1949/03/07",
            "1949-03-07 00:00:00",
            "1949-03-07T00:00:00.000Z",
            "07/03/1949 00:00",
            "1949-03-07T00:00:00+01:00",
        ] {
            assert!(BirthDate::parse(text) == seventh_of_march, "{text}");
        }
        assert!(BirthDate::parse("03/25/1949") == BirthDate::new(1949, 3, 25));
        for text in [
            "",
            "7/3/49",
            "1949",
            "31/02/1949",
            "1949-13-01",
            "25/25/1949",
            "unknown",
            "1949-03-07 and more",
            "17963",
            "1.5",
        ] {
            assert_eq!(BirthDate::parse(text), None, "{text}");
        }
    }
}
