//! Tables in Parquet.
//!
//! Column readers rather than the row iterator: that prints values in its errors and panics.

use std::borrow::Cow;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use ::parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit};
use ::parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use ::parquet::data_type::{ByteArray, DataType};
use ::parquet::errors::{ParquetError, Result as ParquetResult};
use ::parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use ::parquet::schema::types::ColumnDescriptor;
use bytes::Bytes;
use presend_detect::{BirthDate, PatientListBuilder};

use super::columns::{Columns, Field};
use super::rows::{Cell, LoadReport, Rows};
use super::{TableError, Trouble};

/// So many rows are read of one column before the next column's turn.
const BATCH: usize = 4096;

/// A seekable reader as Parquet wants it: many readers of one file, each at a place of its own.
struct Shared<R> {
    reader: Arc<Mutex<R>>,
    len: u64,
}

/// A reader from a place of a [`Shared`] on.
struct Part<R> {
    reader: Arc<Mutex<R>>,
    at: u64,
}

impl<R: Read + Seek> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.seek(SeekFrom::Start(self.at))?;
        let read = reader.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R> Length for Shared<R> {
    fn len(&self) -> u64 {
        self.len
    }
}

impl<R: Read + Seek + Send + 'static> ChunkReader for Shared<R> {
    type T = BufReader<Part<R>>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(Part { reader: Arc::clone(&self.reader), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // A damaged file may name any length: no more is set aside than the file can hold.
        if start.saturating_add(length as u64) > self.len {
            return Err(ParquetError::EOF(String::from("past the end of the file")));
        }
        let mut bytes = vec![0; length];
        Part { reader: Arc::clone(&self.reader), at: start }.read_exact(&mut bytes)?;
        Ok(Bytes::from(bytes))
    }
}

pub(super) fn add<R: Read + Seek + Send + 'static>(
    mut table: R,
    columns: &Columns,
    builder: &mut PatientListBuilder,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport, TableError> {
    let len = table.seek(SeekFrom::End(0)).map_err(|error| TableError::read(&error))?;
    let shared = Shared { reader: Arc::new(Mutex::new(table)), len };
    // The decoder of a file that is damaged on purpose may panic; what it had added stays a whole list.
    let run = AssertUnwindSafe(|| add_rows(shared, columns, builder, progress));
    catch_unwind(run).unwrap_or_else(|_| Err(TableError::new(Trouble::Damaged)))
}

fn add_rows<R: Read + Seek + Send + 'static>(
    shared: Shared<R>,
    columns: &Columns,
    builder: &mut PatientListBuilder,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport, TableError> {
    let file =
        SerializedFileReader::new(shared).map_err(|error| failed(&error, Trouble::NotParquet, None))?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    let plan = columns
        .plan(
            schema
                .columns()
                .iter()
                .map(|column| if column.max_rep_level() == 0 { column.name() } else { "" }),
        )
        .map_err(|field| TableError::new(Trouble::Missing(field)))?;
    let mut rows = Rows::new(builder, progress, plan)?;
    let used: Vec<(usize, Field, Kind)> = rows
        .columns()
        .iter()
        .zip(schema.columns())
        .enumerate()
        .filter_map(|(index, (field, column))| Some((index, (*field)?, Kind::of(column))))
        .collect();
    if let Some((_, field, _)) = used.iter().find(|(_, _, kind)| *kind == Kind::Unreadable) {
        return Err(TableError::new(Trouble::ColumnType(*field)));
    }

    let mut row = 0;
    for group in 0..file.num_row_groups() {
        let damaged = |error: &ParquetError, row: u64| failed(error, Trouble::Damaged, Some(row + 1));
        let group = file.get_row_group(group).map_err(|error| damaged(&error, row))?;
        let mut readers = Vec::with_capacity(used.len());
        for &(index, field, kind) in &used {
            if let Some(codec) = unreadable_codec(group.metadata().column(index).compression()) {
                return Err(TableError::new(Trouble::Compression(codec)));
            }
            let reader = group.get_column_reader(index).map_err(|error| damaged(&error, row))?;
            let column = schema.column(index);
            readers.push(Column { reader, field, kind, max_level: column.max_def_level() });
        }
        loop {
            let mut read = Vec::with_capacity(readers.len());
            for column in &mut readers {
                read.push(column.read().map_err(|error| damaged(&error, row))?);
            }
            let count = read.first().map_or(0, |(_, cells)| cells.len());
            if read.iter().any(|(_, cells)| cells.len() != count) {
                return Err(TableError::at(Trouble::Damaged, row + 1));
            }
            if count == 0 {
                break;
            }
            let mut columns: Vec<_> =
                read.into_iter().map(|(field, cells)| (field, cells.into_iter())).collect();
            for _ in 0..count {
                row += 1;
                let mut all_utf8 = true;
                let cells: Vec<_> =
                    columns.iter_mut().filter_map(|(field, cells)| Some((*field, cells.next()??))).collect();
                let cells: Vec<_> = cells
                    .iter()
                    .map(|(field, value)| {
                        let (cell, is_utf8) = value.cell();
                        all_utf8 &= is_utf8;
                        (*field, cell)
                    })
                    .collect();
                rows.add(row, &cells, all_utf8)?;
            }
        }
    }
    Ok(rows.finish())
}

/// The error for a Parquet error, whose words may quote the file and are left out.
fn failed(error: &ParquetError, otherwise: Trouble, row: Option<u64>) -> TableError {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
    let trouble = source.map_or(otherwise, |error| Trouble::Read(error.kind()));
    TableError { trouble, row }
}

/// The name of a compression that cannot be read.
const fn unreadable_codec(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) => None,
        Compression::ZSTD(_) => {
            if cfg!(feature = "parquet-zstd") {
                None
            } else {
                Some("Zstandard")
            }
        }
        Compression::LZO => Some("LZO"),
        Compression::BROTLI(_) => Some("Brotli"),
        Compression::LZ4 | Compression::LZ4_RAW => Some("LZ4"),
    }
}

/// What the values of a column are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Numbers, floating ones where they are whole.
    Number,
    /// Days since 1970.
    Days,
    /// So many of these since 1970 make a day; local time where it is not UTC.
    Instant {
        a_day: i64,
        is_utc: bool,
    },
    Unreadable,
}

impl Kind {
    fn of(column: &ColumnDescriptor) -> Self {
        use ::parquet::basic::Type;
        const MILLIS: i64 = 86_400_000;
        if column.max_rep_level() > 0 {
            return Self::Unreadable;
        }
        let converted = column.converted_type();
        if converted == ConvertedType::DECIMAL && column.type_scale() != 0 {
            return Self::Unreadable;
        }
        match (column.physical_type(), column.logical_type_ref()) {
            (_, Some(LogicalType::Date)) => Self::Days,
            (_, Some(LogicalType::Timestamp(timestamp))) => {
                let a_day = match timestamp.unit {
                    TimeUnit::MILLIS => MILLIS,
                    TimeUnit::MICROS => MILLIS * 1000,
                    TimeUnit::NANOS => MILLIS * 1_000_000,
                };
                Self::Instant { a_day, is_utc: timestamp.is_adjusted_to_u_t_c }
            }
            _ if converted == ConvertedType::DATE => Self::Days,
            _ if converted == ConvertedType::TIMESTAMP_MILLIS => {
                Self::Instant { a_day: MILLIS, is_utc: true }
            }
            _ if converted == ConvertedType::TIMESTAMP_MICROS => {
                Self::Instant { a_day: MILLIS * 1000, is_utc: true }
            }
            (Type::INT96, _) => Self::Instant { a_day: MILLIS, is_utc: true },
            (Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE, _) => Self::Number,
            (Type::BYTE_ARRAY, _) if converted != ConvertedType::DECIMAL => Self::Text,
            _ => Self::Unreadable,
        }
    }

    /// The value that a whole number of the column stands for.
    fn value(self, number: i64) -> Value {
        match self {
            Self::Days => Value::Date(BirthDate::from_days_since_1970(number)),
            Self::Instant { a_day, is_utc } => {
                // British Summer Time: midnight there is 23 hours in UTC, of the day before.
                let is_summer = is_utc && number.rem_euclid(a_day) == a_day / 24 * 23;
                Value::Date(BirthDate::from_days_since_1970(number.div_euclid(a_day) + i64::from(is_summer)))
            }
            _ => Value::Number(number.to_string()),
        }
    }
}

/// A value of a column, apart from the file.
enum Value {
    Text(ByteArray),
    Number(String),
    Date(Option<BirthDate>),
}

impl Value {
    fn cell(&self) -> (Cell<'_>, bool) {
        match self {
            Self::Text(bytes) => Cell::decode(bytes.data()),
            Self::Number(digits) => (Cell::Text(Cow::Borrowed(digits)), true),
            Self::Date(date) => (Cell::Date(*date), true),
        }
    }
}

/// A column of a row group that is being read.
struct Column {
    reader: ColumnReader,
    field: Field,
    kind: Kind,
    max_level: i16,
}

impl Column {
    /// The next cells, none of them at the end of the row group.
    fn read(&mut self) -> ParquetResult<(Field, Vec<Option<Value>>)> {
        let (kind, max_level) = (self.kind, self.max_level);
        let float = |number: f64| {
            // Whole numbers up to 2^53 are exact; others are no numbers that a patient has, and are reported as such.
            let is_whole = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
            Value::Number(if is_whole { format!("{number:.0}") } else { String::from("?") })
        };
        let cells = match &mut self.reader {
            ColumnReader::ByteArrayColumnReader(reader) => read(reader, max_level, Value::Text)?,
            ColumnReader::Int32ColumnReader(reader) => {
                read(reader, max_level, |number| kind.value(number.into()))?
            }
            ColumnReader::Int64ColumnReader(reader) => read(reader, max_level, |number| kind.value(number))?,
            ColumnReader::Int96ColumnReader(reader) => {
                read(reader, max_level, |instant| kind.value(instant.to_millis()))?
            }
            ColumnReader::FloatColumnReader(reader) => {
                read(reader, max_level, |number| float(number.into()))?
            }
            ColumnReader::DoubleColumnReader(reader) => read(reader, max_level, float)?,
            ColumnReader::BoolColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => Vec::new(),
        };
        Ok((self.field, cells))
    }
}

fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    max_level: i16,
    value: impl Fn(T::T) -> Value,
) -> ParquetResult<Vec<Option<Value>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (records, _, _) = reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
    let mut values = values.into_iter().map(value);
    if max_level == 0 {
        return Ok(values.map(Some).collect());
    }
    Ok(levels
        .into_iter()
        .take(records)
        .map(|level| if level == max_level { values.next() } else { None })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::parquet::basic::{BrotliLevel, GzipLevel, ZstdLevel};

    #[test]
    fn compressions_are_known_by_name() {
        for readable in
            [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(GzipLevel::default())]
        {
            assert_eq!(unreadable_codec(readable), None);
        }
        assert_eq!(unreadable_codec(Compression::LZ4_RAW), Some("LZ4"));
        assert_eq!(unreadable_codec(Compression::BROTLI(BrotliLevel::default())), Some("Brotli"));
        let zstd = unreadable_codec(Compression::ZSTD(ZstdLevel::default()));
        assert_eq!(zstd.is_none(), cfg!(feature = "parquet-zstd"));
    }
}
