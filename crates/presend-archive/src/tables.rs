//! Tables of patients, CSV and Parquet, read into a list of known patients.
//!
//! Rows are read one after the other and hashed at once; of the table no more is held than a few rows. Nothing of a row is
//! ever shown: the report and the errors give line numbers and reasons.
//!
//! ```
//! use std::io::Cursor;
//! use presend_archive::tables::{Columns, Format, load_patients};
//!
//! let table = "NHS Number,Surname,Forename,DOB\n999 012 3454,Ekwueme,Doris,07/03/1949\n,,,\n";
//! let key = *b"sixteen key byte"; // drawn at random by the caller
//! let (list, report) = load_patients(Cursor::new(table), Format::Csv, &Columns::automatic(), key, &mut |_| {})?;
//! assert_eq!((list.len(), report.rows, report.skipped), (1, 2, 1));
//! assert_eq!(report.problems[0].to_string(), "line 3: neither a name nor a number; row left out");
//! # Ok::<(), presend_archive::tables::TableError>(())
//! ```

mod columns;
mod csv;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;

use std::fmt;
use std::io::{self, Read, Seek};

use presend_detect::{PatientList, PatientListBuilder};

pub use columns::{Columns, Field};
pub(crate) use rows::windows_1252;
pub use rows::{LoadReport, Problem, Reason};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text with a header row; fields parted by commas, semicolons, tabs or bars, whichever the header row has most of, and
    /// quoted with `"`. UTF-8, with or without a byte order mark; fields that are not are read as Windows-1252.
    Csv,
    /// Apache Parquet: flat columns of text, whole numbers, dates and timestamps, uncompressed or compressed with
    /// Snappy or gzip (and with Zstandard where this crate is built with the feature `parquet-zstd`).
    Parquet,
}

/// Loads a table into a new list, with the builder's defaults; see [`add_patients`].
///
/// # Errors
///
/// Those of [`add_patients`].
pub fn load_patients<R: Read + Seek + Send + 'static>(
    table: R,
    format: Format,
    columns: &Columns,
    key: [u8; 16],
    progress: &mut dyn FnMut(u64),
) -> Result<(PatientList, LoadReport), TableError> {
    let mut builder = PatientListBuilder::new(key);
    let report = add_patients(table, format, columns, &mut builder, progress)?;
    Ok((builder.build(), report))
}

/// Adds the patients of a table to a list that is being built.
///
/// `progress` is told how many rows have been read, every few thousand rows and at the end. A row that cannot be used is
/// left out, a cell that cannot be used is left out of its row, and the report says so.
///
/// # Errors
///
/// Where the table cannot be read, has no column that is recognised or lacks one that was asked for, is damaged or too
/// large, or is Parquet and this crate was built without the feature `parquet`. The patients of the rows before the place
/// are then on the list.
pub fn add_patients<R: Read + Seek + Send + 'static>(
    table: R,
    format: Format,
    columns: &Columns,
    builder: &mut PatientListBuilder,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport, TableError> {
    match format {
        Format::Csv => csv::add(table, columns, builder, progress),
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::add(table, columns, builder, progress),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err(TableError::new(Trouble::NoParquet)),
    }
}

/// Adds the patients of a CSV table from a reader that cannot seek, such as standard input.
///
/// # Errors
///
/// Those of [`add_patients`].
pub fn add_patients_from_csv<R: Read>(
    table: R,
    columns: &Columns,
    builder: &mut PatientListBuilder,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport, TableError> {
    csv::add(table, columns, builder, progress)
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Trouble {
    Read(io::ErrorKind),
    Utf16,
    NoColumns,
    Missing(Field),
    Full,
    #[cfg(not(feature = "parquet"))]
    NoParquet,
    #[cfg(feature = "parquet")]
    NotParquet,
    #[cfg(feature = "parquet")]
    Damaged,
    #[cfg(feature = "parquet")]
    Compression(&'static str),
    #[cfg(feature = "parquet")]
    ColumnType(Field),
}

/// Why a table could not be loaded: what, where and how to mend it, and nothing of what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    trouble: Trouble,
    row: Option<u64>,
}

impl TableError {
    const fn new(trouble: Trouble) -> Self {
        Self { trouble, row: None }
    }

    const fn at(trouble: Trouble, row: u64) -> Self {
        Self { trouble, row: Some(row) }
    }

    fn read(error: &io::Error) -> Self {
        Self::new(Trouble::Read(error.kind()))
    }

    /// The line of a CSV table or the row of a Parquet table at which loading stopped, counted from 1.
    #[must_use]
    pub const fn row(&self) -> Option<u64> {
        self.row
    }

    /// What the operating system said, where the table could not be read.
    #[must_use]
    pub const fn io(&self) -> Option<io::ErrorKind> {
        match self.trouble {
            Trouble::Read(kind) => Some(kind),
            _ => None,
        }
    }

    /// What the table holds or lacks a column of, where a column is to blame.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        match self.trouble {
            Trouble::Missing(field) => Some(field),
            #[cfg(feature = "parquet")]
            Trouble::ColumnType(field) => Some(field),
            _ => None,
        }
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        match &self.trouble {
            Trouble::Read(kind) => write!(f, "the table could not be read: {kind}"),
            Trouble::Utf16 => f.write_str("the table is in UTF-16; save it as \"CSV UTF-8\""),
            Trouble::NoColumns => f.write_str(
                "no column of the table is recognised; give its first row headers such as \"NHS Number\", \"Forename\", \
                 \"Surname\" and \"DOB\", or say which column holds what",
            ),
            Trouble::Missing(field) => {
                write!(f, "the table has no column of the header given for {field}; compare it with the first row")
            }
            Trouble::Full => f.write_str("the list of patients is full; split the table over several lists"),
            #[cfg(not(feature = "parquet"))]
            Trouble::NoParquet => {
                f.write_str("this program was built without Parquet; export the table as CSV, or build with the feature parquet")
            }
            #[cfg(feature = "parquet")]
            Trouble::NotParquet => f.write_str("not a Parquet file that can be read; is it CSV?"),
            #[cfg(feature = "parquet")]
            Trouble::Damaged => f.write_str("the Parquet file is damaged from here on; export it again"),
            #[cfg(feature = "parquet")]
            Trouble::Compression(codec) => {
                write!(f, "the Parquet file is compressed with {codec}, which this build cannot read; write it with Snappy or gzip")
            }
            #[cfg(feature = "parquet")]
            Trouble::ColumnType(field) => write!(
                f,
                "the Parquet column of {field} is of a type that cannot be read; write it as text, a whole number or a date"
            ),
        }
    }
}

impl std::error::Error for TableError {}

#[cfg(test)]
mod tests;
