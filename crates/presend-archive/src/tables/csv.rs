//! Tables in CSV.

use std::io::{Cursor, Read};

use ::csv::{ByteRecord, ReaderBuilder};
use presend_detect::PatientListBuilder;

use super::columns::Columns;
use super::rows::{Cell, LoadReport, Reason, Rows};
use super::{TableError, Trouble};

/// So much of a table is looked at for how it is written; the header row has to fit in.
const HEAD: u64 = 64 << 10;
const DELIMITERS: [u8; 4] = *b",;\t|";

pub(super) fn add<R: Read>(
    mut table: R,
    columns: &Columns,
    builder: &mut PatientListBuilder,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadReport, TableError> {
    let mut head = Vec::new();
    table.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| TableError::read(&error))?;
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(TableError::new(Trouble::Utf16));
    }
    let written = Written::of(&head);
    head.drain(..written.skip);
    let mut reader = ReaderBuilder::new()
        .delimiter(written.delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(Cursor::new(head).chain(table));
    let failed = |error: ::csv::Error| match error.into_kind() {
        ::csv::ErrorKind::Io(error) => TableError::read(&error),
        _ => TableError::new(Trouble::NoColumns),
    };

    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        return Err(TableError::new(Trouble::NoColumns));
    }
    let headers: Vec<String> =
        record.iter().map(|header| String::from_utf8_lossy(header).into_owned()).collect();
    let plan = columns
        .plan(headers.iter().map(String::as_str))
        .map_err(|field| TableError::new(Trouble::Missing(field)))?;
    let mut rows = Rows::new(builder, progress, plan)?;

    while reader.read_byte_record(&mut record).map_err(failed)? {
        let line = record.position().map_or(0, ::csv::Position::line) + written.lines;
        // Not even empty cells too many: they come of a comma within a name that is not quoted.
        if record.len() != headers.len() {
            let goes_on = record.iter().any(|cell| cell.contains(&b'\n'));
            rows.skip(line, if goes_on { Reason::OpenQuote } else { Reason::CellCount });
            continue;
        }
        let mut all_utf8 = true;
        let cells: Vec<_> = rows
            .columns()
            .iter()
            .zip(record.iter())
            .filter_map(|(field, cell)| {
                let field = (*field)?;
                let (cell, is_utf8) = Cell::decode(cell);
                all_utf8 &= is_utf8;
                Some((field, cell))
            })
            .collect();
        rows.add(line, &cells, all_utf8)?;
    }
    Ok(rows.finish())
}

/// How a table is written.
struct Written {
    delimiter: u8,
    /// Bytes before the header row, and lines.
    skip: usize,
    lines: u64,
}

impl Written {
    fn of(head: &[u8]) -> Self {
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut lines = head.get(mark..).unwrap_or_default().split_inclusive(|&byte| byte == b'\n');
        let first = lines.next().unwrap_or_default();
        // A spreadsheet's own way of saying which delimiter follows.
        if let Some([delimiter, b'\r' | b'\n', ..]) = first.strip_prefix(b"sep=") {
            return Self { delimiter: *delimiter, skip: mark + first.len(), lines: 1 };
        }
        let count = |delimiter: u8| {
            let mut is_quoted = false;
            first
                .iter()
                .filter(|&&byte| {
                    is_quoted ^= byte == b'"';
                    !is_quoted && byte == delimiter
                })
                .count()
        };
        let delimiter =
            DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',');
        Self { delimiter, skip: mark, lines: 0 }
    }
}
