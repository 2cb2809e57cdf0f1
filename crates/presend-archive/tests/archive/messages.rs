use presend_archive::{Format, LineError, Options, Record, Report, redact_messages, scan_messages};

use crate::support::{engine, flag, on_one_thread};

fn redact(input: &[u8], format: Format, policy: &str, options: &Options) -> (String, Report) {
    let mut output = Vec::new();
    let report = redact_messages(input, &mut output, format, &engine(policy), options, &mut |_| {}).unwrap();
    (String::from_utf8(output).unwrap(), report)
}

const JSONL: &str = "{\"id\":\"a1\",\"text\":\"Doris Ekwueme\\nwell \\u0034\"}\r\n\
    \n\
    {\"text\": \"cut off: Doris Ekwueme\n\
    {\"text\": \"nothing h\\u0065re\", \"by\": \"Haddow\"}\n\
    {\"id\": 7, \"text\": \"\\ud83d Haddow\"}\n\
    {\"id\": 8}";

#[test]
fn plain_lines_are_messages_of_one_conversation() {
    let input = "Doris Ekwueme is well\r\n\nask Haddow\nDORIS EKWUEME again";
    let (output, report) = redact(input.as_bytes(), Format::Lines, "archive", &on_one_thread());
    assert_eq!(output, "[PATIENT 1] is well\r\n\nask [PATIENT 2]\n[PATIENT 1] again");
    assert_eq!((report.messages, report.edits, report.cut), (4, 3, 0));
}

#[test]
fn jsonl_is_rewritten_in_its_texts_alone() {
    let (output, report) = redact(JSONL.as_bytes(), Format::Jsonl, "redact", &on_one_thread());
    let expected = "{\"id\":\"a1\",\"text\":\"[NAME]\\nwell 4\"}\r\n\
        \n\
        {\"text\": \"cut off: [NAME]\n\
        {\"text\": \"nothing h\\u0065re\", \"by\": \"Haddow\"}\n\
        {\"id\": 7, \"text\": \"\u{fffd} [NAME]\"}\n\
        {\"id\": 8}";
    assert_eq!(output, expected);
    assert_eq!((report.messages, report.errors, report.not_examined, report.other_members), (3, 2, 0, 1));
    assert_eq!((report.bytes_in, report.bytes_out), (JSONL.len() as u64, expected.len() as u64));
}

#[test]
fn scanning_shows_every_line_or_why_it_holds_no_message() {
    let mut seen = Vec::new();
    let mut visit = |record: &Record<'_>| {
        assert!(!format!("{record:?}").contains("Doris"));
        let words = match &record.content {
            Ok(scanned) => Ok(scanned
                .findings
                .iter()
                .map(|found| found.span.of(scanned.text).unwrap().to_owned())
                .collect()),
            Err(error) => Err(*error),
        };
        seen.push((record.line, record.id.map(str::to_owned), words));
        Ok(())
    };
    scan_messages(
        JSONL.as_bytes(),
        Format::Jsonl,
        &engine("redact"),
        &on_one_thread(),
        &mut |_| {},
        &mut visit,
    )
    .unwrap();
    type Line<'a> = (u64, Option<&'a str>, Result<&'a [&'a str], LineError>);
    let expected: [Line<'_>; 5] = [
        (1, Some("\"a1\""), Ok(&["Doris Ekwueme"])),
        (3, None, Err(LineError::Json)),
        (4, None, Ok(&[])),
        (5, Some("7"), Ok(&["Haddow"])),
        (6, None, Err(LineError::NoText)),
    ];
    assert_eq!(seen.len(), expected.len());
    for ((line, id, words), expected) in seen.iter().zip(expected) {
        let words: Result<Vec<&str>, _> = words
            .as_ref()
            .map(|words: &Vec<String>| words.iter().map(String::as_str).collect())
            .map_err(|error| *error);
        assert_eq!((*line, id.as_deref(), words), (expected.0, expected.1, expected.2.map(<[_]>::to_vec)));
    }
}

#[test]
fn a_json_line_past_the_limit_is_an_error_and_plain_text() {
    let long = format!("{{\"text\":\"{}\"}}\n{{\"text\":\"Haddow\"}}\n", "Haddow ".repeat(40));
    let options = Options { max_message: 64, ..on_one_thread() };
    let (output, report) = redact(long.as_bytes(), Format::Jsonl, "redact", &options);
    assert_eq!(output, long.replace("Haddow", "[NAME]"));
    assert_eq!((report.errors, report.messages, report.edits), (1, 1, 41));
    let mut lines = Vec::new();
    let mut visit = |record: &Record<'_>| {
        lines.push((record.line, record.content.as_ref().err().copied()));
        Ok(())
    };
    scan_messages(long.as_bytes(), Format::Jsonl, flag(), &options, &mut |_| {}, &mut visit).unwrap();
    assert_eq!(lines, [(1, Some(LineError::TooLong)), (2, None)]);
}

#[test]
fn a_plain_line_past_the_limit_is_scanned_in_pieces() {
    let long = "Haddow and Doris Ekwueme, ".repeat(100);
    let options = Options { max_message: 1000, ..on_one_thread() };
    let (output, report) = redact(long.as_bytes(), Format::Lines, "redact", &options);
    assert!(report.cut >= 2 && report.messages == 1);
    assert_eq!(output.matches("Haddow").count(), 0);
}

#[test]
fn threads_and_windows_change_nothing() {
    let many = Options { threads: 3, window_items: 2, ..Options::default() };
    for (input, format) in [(JSONL, Format::Jsonl), ("Doris Ekwueme\nHaddow\nx\nHaddow", Format::Lines)] {
        let alone = redact(input.as_bytes(), format, "archive", &on_one_thread());
        assert_eq!(redact(input.as_bytes(), format, "archive", &many), alone);
    }
}
