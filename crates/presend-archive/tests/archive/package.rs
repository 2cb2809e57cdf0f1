use std::io::{Cursor, Read, Write};

use presend_archive::{ErrorKind, Limits, Options, scan_export};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::support::{engine, flag, on_one_thread, redact};

const CHAT: &str = "[12/03/2024, 14:05:33] Priya Nair: \u{200e}<attached: 00000001-Doris Ekwueme.pdf>\r\n\
    [12/03/2024, 14:05:40] Tom Reilly: \u{200e}<attached: 00000002-PHOTO-2024-03-12-14-05-40.jpg>\r\n";

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn export() -> Vec<u8> {
    archive(&[
        ("00000002-PHOTO-2024-03-12-14-05-40.jpg", b"picture"),
        ("_chat.txt", CHAT.as_bytes()),
        ("00000001-Doris Ekwueme.pdf", b"document"),
        ("Priya Nair.vcf", b"contact"),
    ])
}

fn keeping() -> Options {
    Options { keep_media: true, ..on_one_thread() }
}

fn fails(input: &[u8], options: &Options) -> ErrorKind {
    let error = redact(input, flag(), options).unwrap_err();
    assert!(!error.to_string().contains("Priya") && !format!("{error:?}").contains("Priya"));
    let scanned = scan_export(Cursor::new(input), flag(), options, &mut |_| {}, &mut |_| Ok(())).unwrap_err();
    assert_eq!(scanned.kind(), error.kind());
    error.kind()
}

#[test]
fn media_are_left_out_and_counted() {
    let (output, report) = redact(&export(), &engine("redact"), &on_one_thread()).unwrap();
    let files = unpack(&output);
    let chat = "[12/03/2024, 14:05:33] [PERSON 1]: \u{200e}<attached: 00000001-file-1.pdf>\r\n\
        [12/03/2024, 14:05:40] [PERSON 2]: \u{200e}<attached: 00000002-PHOTO-2024-03-12-14-05-40.jpg>\r\n";
    assert_eq!(files, [("_chat.txt".to_owned(), chat.as_bytes().to_vec())]);
    assert_eq!((report.files_dropped, report.files_kept, report.files_renamed), (3, 0, 1));
}

#[test]
fn kept_media_are_renamed_as_the_chat_names_them() {
    let (output, report) = redact(&export(), &engine("redact"), &keeping()).unwrap();
    let names: Vec<String> = unpack(&output).into_iter().map(|(name, _)| name).collect();
    let expected =
        ["_chat.txt", "00000002-PHOTO-2024-03-12-14-05-40.jpg", "00000001-file-1.pdf", "contact-2.vcf"];
    assert_eq!(names, expected);
    assert_eq!((report.files_dropped, report.files_kept, report.files_renamed), (0, 3, 2));
    let (output, _) = redact(&export(), flag(), &keeping()).unwrap();
    let mut files = unpack(&output);
    let mut before = unpack(&export());
    files.sort();
    before.sort();
    assert_eq!(files, before);
}

#[test]
fn a_file_whose_name_cannot_be_read_is_renamed() {
    let mut input = archive(&[("_chat.txt", CHAT.as_bytes()), ("Renxx Penhaligon.jpg", b"picture")]);
    while let Some(at) = input.windows(5).position(|bytes| bytes == b"Renxx") {
        input[at + 3] = 0xe9;
        input[at + 4] = 0xff;
    }
    let (output, _) = redact(&input, &engine("redact"), &keeping()).unwrap();
    assert!(unpack(&output).iter().any(|(name, _)| name == "file-2.jpg"));
}

#[test]
fn the_name_of_an_android_chat_goes() {
    let input = archive(&[("WhatsApp Chat with Priya Nair.txt", CHAT.as_bytes())]);
    let (output, _) = redact(&input, &engine("archive"), &on_one_thread()).unwrap();
    assert_eq!(unpack(&output)[0].0, "WhatsApp Chat.txt");
    let (output, _) = redact(&input, flag(), &on_one_thread()).unwrap();
    assert_eq!(unpack(&output)[0].0, "WhatsApp Chat with Priya Nair.txt");
}

#[test]
fn the_same_input_gives_the_same_archive() {
    let options = Options { threads: 3, window_items: 1, ..keeping() };
    let (first, report) = redact(&export(), &engine("redact"), &keeping()).unwrap();
    assert_eq!(redact(&export(), &engine("redact"), &options).unwrap(), (first.clone(), report));
    let mut zip = ZipArchive::new(Cursor::new(&first)).unwrap();
    for at in 0..zip.len() {
        let file = zip.by_index(at).unwrap();
        assert_eq!(file.last_modified(), Some(zip::DateTime::DEFAULT));
        assert_eq!(file.comment(), "");
    }
}

#[test]
fn no_name_leads_out_of_the_archive() {
    let input = archive(&[
        ("_chat.txt", CHAT.as_bytes()),
        ("../../etc/cron.d/job", b"a"),
        ("/abs/one.jpg", b"b"),
        ("two/one.jpg", b"c"),
        ("c:\\windows\\..", b"d"),
        ("folder/", b""),
    ]);
    let (output, report) = redact(&input, flag(), &keeping()).unwrap();
    let names: Vec<String> = unpack(&output).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["_chat.txt", "job", "one.jpg", "2-one.jpg", "2-.."]);
    assert_eq!(report.files_kept, 4);
}

#[test]
fn archives_that_unpack_to_too_much_are_refused() {
    let bomb = archive(&[("_chat.txt", &vec![b'a'; 8 << 20])]);
    assert_eq!(fails(&bomb, &on_one_thread()), ErrorKind::TooCompressed);
    let limits = |limits| Options { limits, ..keeping() };
    let default = Limits::default();
    assert_eq!(fails(&export(), &limits(Limits { max_text: 100, ..default })), ErrorKind::TooLarge);
    assert_eq!(fails(&export(), &limits(Limits { max_files: 3, ..default })), ErrorKind::TooManyFiles);
    let error = redact(&export(), flag(), &limits(Limits { max_media: 10, ..default })).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let big = archive(&[("_chat.txt", CHAT.as_bytes()), ("a.bin", &vec![b'a'; 8 << 20])]);
    assert_eq!(redact(&big, flag(), &keeping()).unwrap_err().kind(), ErrorKind::TooCompressed);
    assert!(redact(&big, flag(), &on_one_thread()).is_ok());
}

#[test]
fn a_size_that_the_archive_lies_about_is_still_held_to_the_limit() {
    let text: Vec<u8> = (0..60_000u32).flat_map(|number| format!("{number:x} ").into_bytes()).collect();
    let mut input = archive(&[("_chat.txt", &text)]);
    let size = u32::try_from(text.len()).unwrap().to_le_bytes();
    let places: Vec<usize> =
        input.windows(4).enumerate().filter(|(_, at)| *at == size).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        input[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    let options = Options { limits: Limits { max_text: 1000, ..Limits::default() }, ..on_one_thread() };
    let kind = fails(&input, &options);
    assert!(matches!(kind, ErrorKind::TooLarge | ErrorKind::Zip), "{kind:?}");
}

#[test]
fn what_is_no_chat_archive_is_refused() {
    assert_eq!(fails(&archive(&[("a.jpg", b"x")]), &on_one_thread()), ErrorKind::NoChat);
    assert_eq!(fails(&archive(&[("a.txt", b"x"), ("b.txt", b"y")]), &on_one_thread()), ErrorKind::ManyChats);
    assert_eq!(fails(b"PK\x03\x04 and nothing more", &on_one_thread()), ErrorKind::Zip);
    // Another language's headers, no messages at all, and UTF-16 are not written as if they had been looked through.
    let utf16: Vec<u8> = CHAT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in ["2024/3/12 kello 14.05: hope: ok\n".as_bytes(), b"", &utf16] {
        assert_eq!(fails(&archive(&[("_chat.txt", text)]), &on_one_thread()), ErrorKind::UnknownChat);
    }
    let mut bzip2 = archive(&[("_chat.txt", b"x")]);
    for at in 0..bzip2.len().saturating_sub(12) {
        match &bzip2[at..at + 4] {
            b"PK\x03\x04" => bzip2[at + 8] = 12,
            b"PK\x01\x02" => bzip2[at + 10] = 12,
            _ => {}
        }
    }
    assert_eq!(fails(&bzip2, &on_one_thread()), ErrorKind::Packing);
    let mut locked = export();
    // The flag of encryption, in every local and central header.
    for at in 0..locked.len().saturating_sub(10) {
        match &locked[at..at + 4] {
            b"PK\x03\x04" => locked[at + 6] |= 1,
            b"PK\x01\x02" => locked[at + 8] |= 1,
            _ => {}
        }
    }
    assert_eq!(fails(&locked, &on_one_thread()), ErrorKind::Encrypted);
}

#[test]
fn damaged_archives_are_errors_and_never_panics() {
    let good = export();
    for cut in (0..good.len()).step_by(7) {
        let _ = redact(&good[..cut], flag(), &keeping());
    }
    let mut errors = 0;
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        errors += usize::from(redact(&bad, flag(), &keeping()).is_err());
    }
    assert!(errors > good.len() / 4, "{errors} of {}", good.len());
}
