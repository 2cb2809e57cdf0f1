//! Turns the cells of a row into a patient, and keeps count.

use std::borrow::Cow;
use std::fmt;

use presend_detect::{BirthDate, NumberKind, PatientListBuilder, PatientNumber, PatientRecord};

use super::columns::Field;
use super::{TableError, Trouble};

/// So many problems are kept one by one.
const MOST_PROBLEMS: usize = 1000;
/// The progress function is called after so many rows.
const PROGRESS: u64 = 8192;

/// Why a row, or a cell of it, was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The row has more or fewer cells than the header row.
    CellCount,
    /// The row goes on over several lines and has more or fewer cells than the header row: a quotation mark is open.
    OpenQuote,
    /// The row has neither a name nor a number.
    Nothing,
    /// The date of birth is no date with a year of four digits.
    BirthDate,
    /// A number is in scientific notation, as spreadsheets write long ones: digits are lost.
    Scientific,
    /// A number has fewer than four characters, or no digit.
    Number,
    /// A cell is not UTF-8 and was read as Windows-1252.
    Encoding,
}

impl Reason {
    /// Every reason, in the order of declaration.
    pub const ALL: [Self; 7] = [
        Self::CellCount,
        Self::OpenQuote,
        Self::Nothing,
        Self::BirthDate,
        Self::Scientific,
        Self::Number,
        Self::Encoding,
    ];

    /// Whether the whole row was left out, and not one cell.
    #[must_use]
    pub const fn skips_row(self) -> bool {
        matches!(self, Self::CellCount | Self::OpenQuote | Self::Nothing)
    }

    /// The reason in words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::CellCount => "more or fewer cells than the header row; row left out",
            Self::OpenQuote => {
                "a quotation mark is not closed, and the lines after it count as its row; row left out"
            }
            Self::Nothing => "neither a name nor a number; row left out",
            Self::BirthDate => "the date of birth is no date with a year of four digits; date left out",
            Self::Scientific => {
                "a number is in scientific notation; number left out, export the column as text"
            }
            Self::Number => "a number has fewer than four characters or no digit; number left out",
            Self::Encoding => "not UTF-8; read as Windows-1252",
        }
    }
}

/// A row that was left out or used in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line of a CSV table that the row starts at, or the row of a Parquet table, counted from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason.about())
    }
}

/// What became of a table, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadReport {
    /// Rows of the table, without the header row.
    pub rows: u64,
    /// Rows that are on the list.
    pub loaded: u64,
    /// Rows that were left out.
    pub skipped: u64,
    /// What the columns hold, in the table's order; `None` for those that were not read.
    pub columns: Vec<Option<Field>>,
    /// The first thousand problems, in the order of the rows.
    pub problems: Vec<Problem>,
    counts: [u64; Reason::ALL.len()],
}

impl LoadReport {
    /// How many problems there were for a reason.
    #[must_use]
    pub fn count(&self, reason: Reason) -> u64 {
        self.counts.get(reason as usize).copied().unwrap_or(0)
    }

    fn note(&mut self, line: u64, reason: Reason) {
        if let Some(count) = self.counts.get_mut(reason as usize) {
            *count += 1;
        }
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { line, reason });
        }
    }
}

/// A cell of a row.
pub(super) enum Cell<'a> {
    Text(Cow<'a, str>),
    #[cfg(feature = "parquet")]
    Date(Option<BirthDate>),
}

impl<'a> Cell<'a> {
    /// Text in UTF-8 or, failing that, Windows-1252; and whether it was the former.
    pub(super) fn decode(bytes: &'a [u8]) -> (Self, bool) {
        match std::str::from_utf8(bytes) {
            Ok(text) => (Self::Text(Cow::Borrowed(text)), true),
            Err(_) => (Self::Text(Cow::Owned(bytes.iter().map(|&byte| windows_1252(byte)).collect())), false),
        }
    }
}

/// The character of a byte in Windows-1252; the five bytes that have none become U+FFFD.
pub(crate) fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

/// Adds rows to a list and keeps count of them.
pub(super) struct Rows<'b> {
    builder: &'b mut PatientListBuilder,
    progress: &'b mut dyn FnMut(u64),
    report: LoadReport,
}

impl<'b> Rows<'b> {
    pub(super) fn new(
        builder: &'b mut PatientListBuilder,
        progress: &'b mut dyn FnMut(u64),
        columns: Vec<Option<Field>>,
    ) -> Result<Self, TableError> {
        if columns.iter().all(|column| matches!(column, None | Some(Field::BirthDate))) {
            return Err(TableError::new(Trouble::NoColumns));
        }
        Ok(Self { builder, progress, report: LoadReport { columns, ..LoadReport::default() } })
    }

    /// What the columns hold.
    pub(super) fn columns(&self) -> &[Option<Field>] {
        &self.report.columns
    }

    pub(super) fn finish(self) -> LoadReport {
        (self.progress)(self.report.rows);
        self.report
    }

    /// Counts a row that cannot be read.
    pub(super) fn skip(&mut self, line: u64, reason: Reason) {
        self.report.skipped += 1;
        self.report.note(line, reason);
        self.count_row();
    }

    fn count_row(&mut self) {
        self.report.rows += 1;
        if self.report.rows.is_multiple_of(PROGRESS) {
            (self.progress)(self.report.rows);
        }
    }

    /// Adds the patient of a row.
    pub(super) fn add(
        &mut self,
        line: u64,
        cells: &[(Field, Cell<'_>)],
        is_utf8: bool,
    ) -> Result<(), TableError> {
        let mut record = PatientRecord::default();
        let (mut others, mut families, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (field, cell) in cells {
            let text = match cell {
                Cell::Text(text) => text.trim(),
                #[cfg(feature = "parquet")]
                Cell::Date(date) => {
                    if *field == Field::BirthDate {
                        record.date_of_birth = *date;
                        if date.is_none() {
                            self.report.note(line, Reason::BirthDate);
                        }
                    }
                    continue;
                }
            };
            if is_blank(text) {
                continue;
            }
            match *field {
                Field::Given => record.given = text,
                Field::Family => record.family = text,
                Field::FullName => (record.given, record.family) = split_name(text),
                Field::OtherName => others.push(text),
                Field::OtherFamily => families.push(text),
                Field::BirthDate => {
                    record.date_of_birth = BirthDate::parse(text);
                    if record.date_of_birth.is_none() {
                        self.report.note(line, Reason::BirthDate);
                    }
                }
                Field::Number(kind) => self.add_numbers(line, kind, text, &mut numbers),
            }
        }
        if !is_utf8 {
            self.report.note(line, Reason::Encoding);
        }
        (record.other_names, record.other_families, record.numbers) = (&others, &families, &numbers);
        match self.builder.add(&record) {
            Ok(()) => {
                self.report.loaded += 1;
                self.count_row();
            }
            Err(error) if error.is_full() => return Err(TableError::at(Trouble::Full, line)),
            Err(_) => self.skip(line, Reason::Nothing),
        }
        Ok(())
    }

    /// The numbers of a cell: phone cells often hold several.
    fn add_numbers<'a>(
        &mut self,
        line: u64,
        kind: NumberKind,
        text: &'a str,
        numbers: &mut Vec<PatientNumber<'a>>,
    ) {
        let separators: &[char] = if kind == NumberKind::Phone { &[';', '/', ',', '|'] } else { &[';', '|'] };
        for value in text.split(separators) {
            // A column of whole numbers that a spreadsheet or data frame took for decimal ones.
            let value = value.trim().strip_suffix(".0").unwrap_or(value);
            let letters_and_digits = value.chars().filter(|c| c.is_alphanumeric()).count();
            if is_scientific(value) {
                self.report.note(line, Reason::Scientific);
            } else if letters_and_digits < 4 || !value.contains(|c: char| c.is_ascii_digit()) {
                self.report.note(line, Reason::Number);
            } else {
                numbers.push(PatientNumber { kind, value });
            }
        }
    }
}

/// Whether a cell holds nothing, in one of the ways of databases and data frames.
fn is_blank(text: &str) -> bool {
    matches!(
        text,
        "" | "-" | "NULL" | "null" | "\\N" | "N/A" | "n/a" | "#N/A" | "nan" | "NaN" | "None" | "<NA>" | "NaT"
    )
}

/// Whether a number is written like `9.99012E+09`.
fn is_scientific(value: &str) -> bool {
    let Some((digits, exponent)) = value.split_once(['e', 'E']) else { return false };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Without a decimal point only the sign tells it from a record number with a letter.
    match (digits.split_once('.'), exponent.strip_prefix('+')) {
        (Some((whole, rest)), exponent_of) => {
            is_digits(whole) && is_digits(rest) && is_digits(exponent_of.unwrap_or(exponent))
        }
        (None, Some(exponent)) => is_digits(digits) && is_digits(exponent),
        (None, None) => false,
    }
}

/// The given name and the family name of a full name.
///
/// Parts in parentheses are left out: they hold titles and comments.
fn split_name(name: &str) -> (&str, &str) {
    let name = name.split('(').next().unwrap_or_default().trim();
    if let Some((family, given)) = name.split_once(',') {
        return (given.trim(), family.trim());
    }
    // Record systems write the family name in capitals, wherever it stands.
    let is_shouted = |word: &&str| {
        let word = word.trim();
        word.chars().nth(1).is_some() && !word.chars().any(char::is_lowercase)
    };
    let shouted = name.split_inclusive(char::is_whitespace).take_while(is_shouted).map(str::len).sum();
    match name.split_at_checked(shouted) {
        Some((family, given)) if !family.is_empty() && !given.is_empty() => (given.trim(), family.trim()),
        _ => {
            name.rsplit_once(char::is_whitespace).map_or(("", name), |(given, family)| (given.trim(), family))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_split() {
        for (name, given, family) in [
            ("EKWUEME, Doris (Mrs)", "Doris", "EKWUEME"),
            ("Doris Ekwueme", "Doris", "Ekwueme"),
            ("EKWUEME Doris Adaeze", "Doris Adaeze", "EKWUEME"),
            ("VAN DER BERGHE Pieter", "Pieter", "VAN DER BERGHE"),
            ("DORIS EKWUEME", "DORIS", "EKWUEME"),
            ("J EKWUEME", "J", "EKWUEME"),
            ("Ekwueme", "", "Ekwueme"),
            ("", "", ""),
        ] {
            assert_eq!(split_name(name), (given, family), "{name}");
        }
    }

    #[test]
    fn scientific_notation_is_told_from_record_numbers() {
        assert!(is_scientific("9.99012E+09") && is_scientific("9.9e9") && is_scientific("9E+09"));
        for value in ["9990123454", "K204417", "12E45", "E1234", "1.5", "3E", "1.2E+", ""] {
            assert!(!is_scientific(value), "{value}");
        }
    }

    #[test]
    fn windows_1252_is_read() {
        let (Cell::Text(text), is_utf8) = Cell::decode(b"O\x92Neil Jos\xe9") else { panic!("text is text") };
        assert_eq!((text.as_ref(), is_utf8), ("O\u{2019}Neil José", false));
    }

    #[test]
    fn every_reason_has_its_place() {
        for (index, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, index);
        }
    }
}
