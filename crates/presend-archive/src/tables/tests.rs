use std::io::Cursor;

use presend_detect::{NumberKind, Recogniser};

use super::*;

const KEY: [u8; 16] = *b"not a secret key";

fn csv(table: impl Into<Vec<u8>>) -> Result<(PatientList, LoadReport), TableError> {
    load_patients(Cursor::new(table.into()), Format::Csv, &Columns::automatic(), KEY, &mut |_| {})
}

/// The words of the text that were found.
fn found<'t>(list: &PatientList, text: &'t str) -> Vec<&'t str> {
    let mut findings = Vec::new();
    list.recognise(text, &mut findings);
    findings.iter().filter_map(|finding| finding.span.of(text)).collect()
}

#[test]
fn every_delimiter_and_line_end_is_read() {
    for (delimiter, end) in [(',', "\n"), (';', "\r\n"), ('\t', "\n"), ('|', "\r\n")] {
        let table = ["NHS Number,Surname,Forename,DOB,Ward", "999 012 3454,Ekwueme,\"Doris\",07/03/1949,7B"]
            .join(end)
            .replace(',', &delimiter.to_string());
        let (list, report) = csv(table).expect("a table");
        assert_eq!((report.rows, report.loaded, report.skipped), (1, 1, 0));
        let text = "ekwueme doris 9990123454 dob 7.3.49";
        assert_eq!(found(&list, text), ["ekwueme doris", "9990123454", "7.3.49"]);
    }
}

#[test]
fn byte_order_marks_and_a_spreadsheets_hint_are_passed_over() {
    for start in ["\u{feff}", "sep=;\r\n", "\u{feff}sep=;\n"] {
        let (list, report) =
            csv(format!("{start}\"Surname\";First Name\nEkwueme;Doris\n;\n")).expect("a table");
        assert_eq!(found(&list, "Doris Ekwueme"), ["Doris Ekwueme"]);
        let line = if start.contains("sep") { 4 } else { 3 };
        assert_eq!(report.problems, [Problem { line, reason: Reason::Nothing }]);
    }
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend("Surname,DOB\n".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(csv(utf16).is_err_and(|error| error.to_string().contains("CSV UTF-8")));
}

#[test]
fn windows_1252_is_read_and_reported() {
    let mut table = b"surname,forename\nO\x92Neil,Zo\xeb\nEkwueme,Doris\n".to_vec();
    let (list, report) = csv(table.clone()).expect("a table");
    assert_eq!(found(&list, "zoe o'neil, doris ekwueme"), ["zoe o'neil", "doris ekwueme"]);
    assert_eq!((report.loaded, report.count(Reason::Encoding)), (2, 1));
    // A column that is not read may hold anything.
    table = b"surname,forename,note\nEkwueme,Doris,caf\xe9\n".to_vec();
    assert_eq!(csv(table).expect("a table").1.count(Reason::Encoding), 0);
}

#[test]
fn bad_rows_are_counted_with_their_lines_and_the_others_loaded() {
    let table = "mrn,name,dob,mobile\n\
        K204417,\"EKWUEME, Doris\",1949-03-07,01632 960123 / 01632 960124\n\
        K204418,EKWUEME, Doris,1949-03-07,\n\
        K204419\n\
        ,,1949-03-07,\n\
        9.99012E+09,\"MARCHETTI, Zoë\",7/3/49,n/a\n\
        12,\"CASTELLAN, \nSilvan\",,\n\
        K204420,\"QUENNEVILLE, Ines,,\nK204421,BERGHE Pieter,,\n";
    let (list, report) = csv(table).expect("a table");
    let problem = |line, reason| Problem { line, reason };
    assert_eq!(
        report.problems,
        [
            problem(3, Reason::CellCount),
            problem(4, Reason::CellCount),
            problem(5, Reason::Nothing),
            problem(6, Reason::Scientific),
            problem(6, Reason::BirthDate),
            problem(7, Reason::Number),
            problem(9, Reason::OpenQuote),
        ]
    );
    assert_eq!((report.rows, report.loaded, report.skipped), (7, 3, 4));
    for text in ["Doris Ekwueme", "k204417", "01632960124", "zoe marchetti", "Silvan Castellan"] {
        assert_eq!(found(&list, text), [text]);
    }
    for text in ["K204418", "K204419", "Pieter Berghe"] {
        assert_eq!(found(&list, text), [""; 0], "{text}");
    }
    let shown = format!("{report:?} {list:?} {}", report.problems[0]).to_lowercase();
    for secret in ["ekwueme", "204417", "1949", "marchetti"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn problems_are_counted_past_those_that_are_kept() {
    let table = format!("surname\n{}", "\"\"\n".repeat(1500));
    let (_, report) = csv(table).expect("a table");
    assert_eq!((report.problems.len(), report.count(Reason::Nothing), report.skipped), (1000, 1500, 1500));
}

#[test]
fn progress_is_told() {
    let table = format!("surname\n{}", "Ekwueme\n".repeat(20_000));
    let mut told = Vec::new();
    let columns = Columns::automatic();
    load_patients(Cursor::new(table.into_bytes()), Format::Csv, &columns, KEY, &mut |rows| told.push(rows))
        .expect("a table");
    assert_eq!(told, [8192, 16_384, 20_000]);
}

#[test]
fn errors_say_what_to_do_and_show_nothing() {
    let error = csv("Ekwueme,Doris\nMarchetti,Zoe\n").expect_err("no header row");
    assert!(
        error.to_string().contains("give its first row headers") && !error.to_string().contains("Ekwueme")
    );
    assert!(csv("").is_err());
    assert!(csv("dob,ward\n1949-03-07,7B\n").is_err(), "a date alone finds nobody");

    let columns = Columns::only_given().with(Field::Number(NumberKind::Mrn), "Fallnummer");
    let table = Cursor::new("surname\nEkwueme\n");
    let error = load_patients(table, Format::Csv, &columns, KEY, &mut |_| {}).expect_err("no such column");
    assert_eq!(error.field(), Some(Field::Number(NumberKind::Mrn)));
    assert!(error.to_string().contains("record number"));

    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let mut builder = PatientListBuilder::new(KEY);
    let error =
        add_patients_from_csv(Broken, &Columns::automatic(), &mut builder, &mut |_| {}).expect_err("broken");
    assert_eq!(error.io(), Some(io::ErrorKind::ConnectionReset));
}

#[test]
fn tables_add_up() {
    let mut builder = PatientListBuilder::new(KEY).initials(true);
    for table in ["surname,forename\nEkwueme,Doris\n", "surname,forename\nMarchetti,Zoe\n"] {
        add_patients_from_csv(table.as_bytes(), &Columns::automatic(), &mut builder, &mut |_| {})
            .expect("a table");
    }
    assert_eq!(found(&builder.build(), "d ekwueme, zoe marchetti"), ["d ekwueme", "zoe marchetti"]);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_taken(table in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let mut with_header = b"surname,dob,nhs\n".to_vec();
        with_header.extend(&table);
        for table in [table, with_header] {
            if let Ok((list, report)) = csv(table) {
                assert_eq!(report.loaded, list.len() as u64);
                assert_eq!(report.rows, report.loaded + report.skipped);
            }
        }
    }
}

#[cfg(feature = "parquet")]
mod in_parquet {
    use std::sync::Arc;

    use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
    use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;

    use super::*;

    /// The cells of one column; `None` for null.
    enum Cells {
        Text(Vec<Option<&'static str>>),
        Int(Vec<Option<i32>>),
        Long(Vec<Option<i64>>),
        Double(Vec<Option<f64>>),
    }

    fn parts<V: Clone>(cells: &[Option<V>]) -> (Vec<V>, Vec<i16>) {
        let levels = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        (cells.iter().flatten().cloned().collect(), levels)
    }

    /// A file of a schema and its columns, in two row groups of the same rows.
    fn write(schema: &str, compression: Compression, columns: &[Cells]) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(schema).expect("a schema"));
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut file = SerializedFileWriter::new(Vec::new(), schema, properties).expect("a writer");
        for _ in 0..2 {
            let mut group = file.next_row_group().expect("a row group");
            for cells in columns {
                let mut column = group.next_column().expect("a writer").expect("a column of the schema");
                match cells {
                    Cells::Text(cells) => {
                        let (values, levels) = parts(cells);
                        let values: Vec<ByteArray> = values.into_iter().map(ByteArray::from).collect();
                        column
                            .typed::<ByteArrayType>()
                            .write_batch(&values, Some(&levels), None)
                            .expect("written");
                    }
                    Cells::Int(cells) => {
                        let (values, levels) = parts(cells);
                        column
                            .typed::<Int32Type>()
                            .write_batch(&values, Some(&levels), None)
                            .expect("written");
                    }
                    Cells::Long(cells) => {
                        let (values, levels) = parts(cells);
                        column
                            .typed::<Int64Type>()
                            .write_batch(&values, Some(&levels), None)
                            .expect("written");
                    }
                    Cells::Double(cells) => {
                        let (values, levels) = parts(cells);
                        column
                            .typed::<DoubleType>()
                            .write_batch(&values, Some(&levels), None)
                            .expect("written");
                    }
                }
                column.close().expect("closed");
            }
            group.close().expect("closed");
        }
        file.into_inner().expect("written")
    }

    fn load(file: Vec<u8>) -> Result<(PatientList, LoadReport), TableError> {
        load_patients(Cursor::new(file), Format::Parquet, &Columns::automatic(), KEY, &mut |_| {})
    }

    const SCHEMA: &str = "message patients {
        optional int64 nhs_number;
        optional binary surname (utf8);
        optional binary forename;
        optional int32 dob (date);
        optional double mrn;
        optional binary note (utf8);
    }";

    fn columns() -> Vec<Cells> {
        vec![
            Cells::Long(vec![Some(9_990_123_454), None, None]),
            Cells::Text(vec![Some("Ekwueme"), Some("Marchetti"), None]),
            Cells::Text(vec![Some("Doris"), Some("Zoë"), None]),
            Cells::Int(vec![Some(-7605), None, Some(0)]),
            Cells::Double(vec![None, Some(204_417.0), Some(0.5)]),
            Cells::Text(vec![Some("Castellan"), None, None]),
        ]
    }

    #[test]
    fn a_table_is_read_whatever_its_compression() {
        for compression in
            [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(GzipLevel::default())]
        {
            let (list, report) = load(write(SCHEMA, compression, &columns())).expect("a table");
            assert_eq!((report.rows, report.loaded, report.skipped), (6, 4, 2));
            assert_eq!(report.problems[1], Problem { line: 3, reason: Reason::Nothing });
            assert_eq!(report.problems[3], Problem { line: 6, reason: Reason::Nothing });
            let text = "doris ekwueme 7/3/49, zoe marchetti 204417, castellan";
            assert_eq!(found(&list, text), ["doris ekwueme", "7/3/49", "zoe marchetti", "204417"]);
        }
    }

    #[test]
    fn timestamps_are_dates_in_british_time() {
        const DAY: i64 = 86_400_000;
        let schema = "message patients {
            optional binary surname (utf8);
            optional binary forename (utf8);
            optional int64 dob (timestamp(micros,true));
        }";
        // 23:00 UTC of the day before is midnight in summer, when it is UTC.
        for (adjusted, value, wanted) in [
            (true, -7605 * DAY, "7/3/1949"),
            (true, -7490 * DAY - DAY / 24, "30/6/1949"),
            (false, -7490 * DAY - DAY / 24, "29/6/1949"),
        ] {
            let schema = schema.replace("true", if adjusted { "true" } else { "false" });
            let columns = [
                Cells::Text(vec![Some("Ekwueme")]),
                Cells::Text(vec![Some("Doris")]),
                Cells::Long(vec![Some(value * 1000)]),
            ];
            let (list, _) = load(write(&schema, Compression::UNCOMPRESSED, &columns)).expect("a table");
            let text = format!("Doris Ekwueme {wanted}");
            assert_eq!(found(&list, &text).last(), Some(&wanted));
        }
    }

    #[test]
    fn many_rows_are_read_in_batches() {
        let names = ["Ekwueme", "Marchetti", "Castellan"];
        let cells = (0..10_000).map(|row| (row % 7 > 0).then(|| names[row % 3])).collect();
        let schema = "message patients { optional binary surname (utf8); }";
        let (_, report) = load(write(schema, Compression::SNAPPY, &[Cells::Text(cells)])).expect("a table");
        assert_eq!((report.rows, report.skipped), (20_000, 2 * 1429));
        assert_eq!(report.problems[1].line, 8);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        if cfg!(feature = "parquet-zstd") {
            assert!(load(write(SCHEMA, Compression::ZSTD(ZstdLevel::default()), &columns())).is_ok());
        }
        let flags = "message patients { optional binary surname (utf8); optional boolean dob; }";
        let file = {
            let schema = Arc::new(parse_message_type(flags).expect("a schema"));
            let writer = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("a writer");
            writer.into_inner().expect("written")
        };
        let error = load(file).expect_err("a date of birth that is yes or no");
        assert_eq!(error.field(), Some(Field::BirthDate));
        assert!(error.to_string().contains("date of birth"));

        let error = load(b"surname\nEkwueme\n".to_vec()).expect_err("no Parquet");
        assert!(error.to_string().contains("is it CSV?"));
    }

    #[test]
    fn a_damaged_file_is_an_error_or_a_shorter_table() {
        let file = write(SCHEMA, Compression::SNAPPY, &columns());
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x55;
            if let Err(error) = load(damaged) {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("Ekwueme") && !shown.contains("Doris"), "{shown}");
            }
            assert!(load(file[..at].to_vec()).is_err());
        }
    }
}
