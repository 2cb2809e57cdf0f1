use std::io::Cursor;

use presend::{Detector, Engine, Label, Layer, Policies, Policy, Role};
use presend_archive::whatsapp::{Entry, Kind, Reader, Survey};
use presend_archive::{Format, Options, Progress, Seen, redact_export, redact_messages, scan_export};
use proptest::prelude::*;

use crate::support::{ENGINES, engine, flag, on_one_thread, redact};

const CHAT: &str = "\
exported for the rota\n\
12/03/2024, 14:00 - Amara Obi created group \"Ward 7B nights\"\n\
12/03/2024, 14:01 - Amara Obi added ~ Priya Nair and +44 7700 900123\n\
12/03/2024, 14:02 - Priya Nair 🌸: Doris Ekwueme next please\n\
12/03/2024, 14:03 - \u{202a}+44 7700 900123\u{202c}: on it @\u{2068}Priya Nair\u{2069}, and @447700900123 too\n\
12/03/2024, 14:04 - Amara Obi: ask PRIYA NAIR\r\n\
she knows Haddow\r\n\
12/03/2024, 14:05 - Amara Obi: Doris Ekwueme.vcf (file attached)\n\
12/03/2024, 14:06 - Amara Obi: IMG-20240312-WA0001.jpg (file attached)\n\
12/03/2024, 14:07 - Amara Obi: location: https://maps.google.com/?q=53.8,-1.5\n\
12/03/2024, 14:08 - John:.\n\
12/03/2024, 14:09 - You: <Media omitted>\n\
12/03/2024, 14:10 - Your security code with Priya Nair changed. Tap to learn more.\n\
12/03/2024, 14:11 - Priya Nair 🌸: This message was deleted by admin Amara Obi\n\
12/03/2024, 14:12 - +44 7700 900123 changed to +44 7700 900456\n\
12/03/2024, 14:13 - Amara Obi changed the subject from \"Ward 7B nights\" to \"Ward 7B: jobs\"";

#[test]
fn a_chat_is_rewritten_by_the_policy_surrogates() {
    let (output, report) = redact(CHAT.as_bytes(), &engine("archive"), &on_one_thread()).unwrap();
    let expected = "\
exported for the rota\n\
12/03/2024, 14:00 - [PERSON 1] created group \"[GROUP]\"\n\
12/03/2024, 14:01 - [PERSON 1] added ~ [PERSON 2] and [PERSON 3]\n\
12/03/2024, 14:02 - [PERSON 2]: [PATIENT 1] next please\n\
12/03/2024, 14:03 - \u{202a}[PERSON 3]\u{202c}: on it @\u{2068}[PERSON 2]\u{2069}, and @[PERSON 3] too\n\
12/03/2024, 14:04 - [PERSON 1]: ask [PERSON 2]\r\n\
she knows [PATIENT 2]\r\n\
12/03/2024, 14:05 - [PERSON 1]: contact-1.vcf (file attached)\n\
12/03/2024, 14:06 - [PERSON 1]: IMG-20240312-WA0001.jpg (file attached)\n\
12/03/2024, 14:07 - [PERSON 1]: location: [LINK]\n\
12/03/2024, 14:08 - [PERSON 4]:.\n\
12/03/2024, 14:09 - You: <Media omitted>\n\
12/03/2024, 14:10 - Your security code with [PERSON 2] changed. Tap to learn more.\n\
12/03/2024, 14:11 - [PERSON 2]: This message was deleted by admin [PERSON 1]\n\
12/03/2024, 14:12 - [PERSON 3] changed to [PERSON 5]\n\
12/03/2024, 14:13 - [PERSON 1] changed the subject from \"[GROUP]\" to \"[GROUP]\"";
    assert_eq!(String::from_utf8(output).unwrap(), expected);
    assert_eq!((report.messages, report.system, report.media, report.unparsed), (6, 5, 3, 1));
    assert_eq!((report.members, report.files_renamed), (5, 1));
    assert_eq!((report.bytes_in, report.bytes_out), (CHAT.len() as u64, expected.len() as u64));
}

/// The lines of a chat under a policy, each without its date.
fn lines(policy: &str, chat: &[&str]) -> Vec<String> {
    let chat: String = chat.iter().map(|line| format!("12/03/2024, 14:00 - {line}\n")).collect();
    let (output, _) = redact(chat.as_bytes(), &engine(policy), &on_one_thread()).unwrap();
    let output = String::from_utf8(output).unwrap();
    output.lines().map(|line| line.split_once(" - ").unwrap().1.to_owned()).collect()
}

#[test]
fn what_a_policy_asks_of_the_text_is_told_in_chats_too() {
    let text = "Mrs Doris Ekwueme fell, hip fracture, dob 4/3/41";
    let safer = lines("social", &[&format!("Wumi: {text}")]).remove(0);
    assert!(!safer.contains("Ekwueme") && !safer.contains("4/3/41"), "{safer}");
    let lone = engine("social").check(text);
    assert_eq!(safer.split_once(": ").unwrap().1, lone.text);
}

#[test]
fn a_name_that_two_members_share_goes() {
    let safer = lines(
        "archive",
        &["Bex Quill: ok", "Bex Tarn: ok", "Tamsin Vey: Bex pls do it", "Tamsin Vey: morning Bex"],
    );
    assert!(safer.iter().all(|line| !line.contains("Bex")), "{safer:?}");
}

/// What lines say after their senders.
fn said(chat: &[&str]) -> Vec<String> {
    lines("archive", chat).iter().map(|line| line.split_once(": ").unwrap().1.to_owned()).collect()
}

#[test]
fn two_senders_are_two_people() {
    let chat = ["Grace: I gave it", "Grace Lim: I did not", "Raj Patel: ok", "Tom: ask Raj, Lim and @Grace"];
    assert_eq!(
        lines("archive", &chat),
        [
            "[PERSON 1]: I gave it",
            "[PERSON 2]: I did not",
            "[PERSON 3]: ok",
            "[PERSON 4]: ask [PERSON 3], [PERSON 2] and @[PERSON 1]"
        ]
    );
}

#[test]
fn patients_who_share_a_name_with_a_sender_are_somebody_else() {
    for text in [
        "Mrs Patel bed 4 is 84",
        "spoke to Mrs Patel about the rota",
        "ask Mr Patel to ring back",
        "her son Raj is here",
        "Mrs Grace Okafor bed 4",
        "Grace Okafor needs bloods",
        "Grace in bed 4 is septic",
    ] {
        let said = said(&["Raj Patel: morning", "Grace: hi", &format!("Tom: {text}")]);
        let safer = said.last().unwrap();
        assert!(!safer.contains("[PERSON 1]") && !safer.contains("[PERSON 2]"), "{safer}");
        assert!(["Patel", "Raj", "Grace", "Okafor"].iter().all(|name| !safer.contains(name)), "{safer}");
    }
    let said = said(&["Mr Patel: morning", "Grace: hi", "Tom: ask Mr Patel, Dr Patel and Grace"]);
    assert_eq!(said.last().unwrap(), "ask [PERSON 1], Dr [PERSON 1] and [PERSON 2]");
}

#[test]
fn a_mention_or_a_bad_byte_changes_nothing_else() {
    let text = "Mrs Doris Ekwueme NHS 999 123 4004 dob 4/3/41 in bed 12, Sarah Jones and Sam Jackson as well";
    for engine in ENGINES.iter() {
        let after = |before: &[u8]| {
            let head = b"12/03/2024, 14:00 - Priya: ok\n12/03/2024, 14:01 - Priya: ";
            let chat = [head, before, text.as_bytes()].concat();
            let (output, _) = redact(&chat, engine, &on_one_thread()).unwrap();
            let mut lines = Vec::new();
            redact_messages(
                [before, text.as_bytes()].concat().as_slice(),
                &mut lines,
                Format::Lines,
                engine,
                &on_one_thread(),
                &mut |_| {},
            )
            .unwrap();
            let of_marker = |output: Vec<u8>| {
                let output = String::from_utf8_lossy(&output).into_owned();
                output.rsplit_once("; ").unwrap().1.to_owned()
            };
            [of_marker(output), of_marker(lines)]
        };
        let [plain, lines] = after(b"ok; ");
        let name = engine.policy().name();
        assert_eq!(after(b"@Priya ok; ")[0], plain, "{name}");
        assert_eq!(after(b"\xff ok; "), [plain, lines], "{name}");
    }
}

#[test]
fn what_the_message_tells_decides_on_members_too() {
    let layer = "name = \"layer\"\nextends = \"flag\"\n[[rule]]\nlabels = [\"PERSON\"]\n\
                 when = { clinical = true }\naction = \"redact\"\nreason = \"as a test\"\n";
    let policy = Policies::built_in().add(&Layer::parse("layer", layer).unwrap()).unwrap();
    let engine = Engine::builder().policy(Policy::clone(&policy)).build();
    let chat = "12/03/2024, 14:00 - Kwame Mensah: ok\n12/03/2024, 14:01 - Bo: Mrs Ivy Olsen NHS 999 123 4004 is \
                with Kwame Mensah";
    let (output, _) = redact(chat.as_bytes(), &engine, &on_one_thread()).unwrap();
    let output = String::from_utf8(output).unwrap();
    assert!(output.contains("Mrs [NAME]") && output.ends_with("with [NAME]"), "{output}");
}

#[test]
fn a_member_is_no_relative_unless_somebody_says_so() {
    let detector = Detector::builder().deny(Label::Person, Some(Role::Relative), "Siobhan").build().unwrap();
    let policy = Policy::built_in("archive").unwrap();
    let engine = Engine::builder().policy(policy).detector(detector).build();
    for (text, wanted) in [
        ("Hi Siobhan", "Hi [PERSON 2]"),
        ("Thanks Kwame & Siobhan", "Thanks [PERSON 1] & [PERSON 2]"),
        ("spoke to her daughter, Siobhan", "spoke to her daughter, [RELATIVE 1]"),
        ("Siobhan, his wife, rang", "[RELATIVE 1], his wife, rang"),
    ] {
        let head = "12/03/2024, 14:00 - ";
        let chat = format!("{head}Kwame Mensah: ok\n{head}Siobhan Byrne: ok\n{head}Bo: {text}");
        let (output, _) = redact(chat.as_bytes(), &engine, &on_one_thread()).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.rsplit_once(": ").unwrap().1, wanted);
    }
}

#[test]
fn initials_and_surname_are_the_members() {
    let said = said(&[
        "Kwame Mensah: hi",
        "Raj Patel: hi",
        "Rita Patel: hi",
        "Bo: bed 3 Mensah for CT",
        "Bo: K. Mensah signed the DNACPR",
        "Bo: Y. Mensah signed the DNACPR",
        "Bo: Mr K Mensah NHS 999 123 4004",
    ]);
    assert!(said[4].starts_with("[PERSON 1] signed"), "{said:?}");
    assert!(!said[3].contains("[PERSON 1]") && !said[5].contains("[PERSON 1]"), "{said:?}");
    assert!(!said[6].contains("[PERSON 1]"), "{said:?}");
    assert!(said.iter().all(|line| !line.contains("Mensah")), "{said:?}");
}

#[test]
fn files_that_name_patients_are_renamed_wherever_they_stand() {
    let said = said(&[
        "Bo: Whelan_Patrick_discharge.pdf \u{2022} \u{200e}2 pages \u{200e}<attached: 00000014-Whelan_Patrick_discharge.pdf>",
        "Bo: see Whelan_Patrick_discharge.pdf and Antibiotic_Guideline.pdf",
    ]);
    assert_eq!(
        said,
        [
            "file-1.pdf \u{2022} \u{200e}2 pages \u{200e}<attached: 00000014-file-1.pdf>",
            "see file-1.pdf and Antibiotic_Guideline.pdf"
        ]
    );
}

#[test]
fn an_address_is_no_mention() {
    let said = said(&["Jones Nhs: mail sarah.jones@nhs.net", "Tom: @jones ok"]);
    assert_eq!(said, ["mail [EMAIL 1]", "@[PERSON 1] ok"]);
}

#[test]
fn clinical_words_of_contacts_stay() {
    let safer = lines("archive", &["Chest Reg: ok", "Pain Team: ok", "Zsofi: Chest clear. Pain 8/10"]);
    assert_eq!(safer.get(2).map(|line| line.split_once(": ").unwrap().1), Some("Chest clear. Pain 8/10"));
}

#[test]
fn a_message_is_no_notice_for_its_words() {
    for (line, text) in [
        ("Pharmacy: Pharmacy added gentamicin 320mg", "Pharmacy added gentamicin 320mg"),
        ("Pharmacy: Pharmacy added gentamicin", "Pharmacy added gentamicin"),
        (
            "Pharmacy: Pharmacy removed co-amoxiclav and added meropenem",
            "Pharmacy removed co-amoxiclav and added meropenem",
        ),
    ] {
        assert_eq!(said(&[line]), [text]);
    }
    let said = said(&["Amara: Amara added Tamsin Vey", "Tamsin Vey: thanks"]);
    assert_eq!(said, ["[PERSON 1] added [PERSON 2]", "thanks"]);
    assert_eq!(
        lines("archive", &["Taz Reilly was added via invite link"]),
        ["[PERSON 1] was added via invite link"]
    );
}

#[test]
fn notices_of_view_once_media_stay() {
    let text = "You received a view once photo. For added privacy, you can only open it on your phone";
    let chat = format!("[12/03/2024, 08:00:01] W7: \u{200e}{text}\n");
    let (output, _) = redact(chat.as_bytes(), &engine("archive"), &on_one_thread()).unwrap();
    assert_eq!(String::from_utf8(output).unwrap(), chat.replace("W7", "[PERSON 1]"));
}

#[test]
fn messages_are_not_taken_for_notices() {
    let safer = lines(
        "archive",
        &[
            "Ed: Edoxaban changed to apixaban",
            "Zsofi: Apixaban 5mg bd charted",
            "This group was added to the community “Barts Docs”",
            "Zsofi: This K is 6.1",
        ],
    );
    assert!(safer.iter().any(|line| line.ends_with(": Edoxaban changed to apixaban")), "{safer:?}");
    assert!(safer.iter().any(|line| line.ends_with(": Apixaban 5mg bd charted")), "{safer:?}");
    assert!(safer.iter().any(|line| line.ends_with(": This K is 6.1")), "{safer:?}");
    assert!(
        safer.iter().any(|line| line.starts_with("This group was added") && !line.contains("Barts")),
        "{safer:?}"
    );
}

#[test]
fn names_go_from_notices_of_members_that_never_write() {
    let safer = lines(
        "archive",
        &[
            "Taz reset this group's invite link",
            "Taz turned off admin approval to join this group",
            "Taz started a group call",
            "You made Taz an admin",
            "Missed voice call from Taz",
            "Taz turned on advanced chat privacy",
            "Zsofi: ok",
        ],
    );
    assert!(safer.iter().all(|line| !line.contains("Taz")), "{safer:?}");
}

#[test]
fn senders_are_numbered_where_names_are_redacted_or_masked() {
    for (policy, line) in [
        ("redact", "12/03/2024, 14:04 - [PERSON 1]: ask [NAME]"),
        ("mask", "12/03/2024, 14:04 - [PERSON 1]: ask ***** ****"),
        ("initials", "12/03/2024, 14:04 - A.O.: ask P.N."),
        ("flag", "12/03/2024, 14:04 - Amara Obi: ask PRIYA NAIR"),
    ] {
        let (output, _) = redact(CHAT.as_bytes(), &engine(policy), &on_one_thread()).unwrap();
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output.lines().nth(5), Some(line), "{policy}");
    }
}

#[test]
fn senders_of_one_emoji_each_stay_apart() {
    let chat = "12/03/2024, 14:00 - 🌸: one\n12/03/2024, 14:01 - 💙: two\n12/03/2024, 14:02 - 🌸: three\n";
    let (output, _) = redact(chat.as_bytes(), &engine("redact"), &on_one_thread()).unwrap();
    let expected = "12/03/2024, 14:00 - [PERSON 1]: one\n12/03/2024, 14:01 - [PERSON 2]: two\n12/03/2024, 14:02 - [PERSON 1]: three\n";
    assert_eq!(String::from_utf8(output).unwrap(), expected);
}

#[test]
fn bytes_that_are_not_text_stay_around_what_is_rewritten() {
    let chat = b"12/03/2024, 14:00 - Ren\xe9: \xbd tab with Doris Ekwueme \xff\xfe today\n\xfd\n\x00\n";
    let (output, report) = redact(chat, &engine("redact"), &on_one_thread()).unwrap();
    let expected = b"12/03/2024, 14:00 - [PERSON 1]: \xbd tab with [NAME] \xff\xfe today\n\xfd\n\x00\n";
    assert_eq!(output, expected, "{}", String::from_utf8_lossy(&output));
    assert_eq!((report.invalid_utf8, report.not_examined), (1, 1));
}

#[test]
fn names_in_windows_1252_go_whole() {
    let chat = b"12/03/2024, 14:00 - Bj\xf6rk Tarn: ok\n\
        12/03/2024, 14:01 - Bo: Mrs Zo\xeb O\x92Shaughnessy bed 4, dob 3\x964\x961941, \xbd tab. Ask Bj\xf6rk\n";
    let (output, _) = redact(chat, &engine("redact"), &on_one_thread()).unwrap();
    let output = String::from_utf8_lossy(&output).into_owned();
    assert!(!["rk", "Zo", "Shaughnessy", "1941"].iter().any(|name| output.contains(name)), "{output}");
    assert!(output.contains("\u{fffd} tab"), "{output}");
}

#[test]
fn a_short_name_is_no_abbreviation() {
    let said = said(&[
        "Tia: hi",
        "Ana: hi",
        "Sam: hi",
        "Dex: hi",
        "Bo: ?TIA, ANA positive, SAM on echo. Dex 6mg, ask Tia",
    ]);
    assert_eq!(said[4], "?TIA, ANA positive, SAM on echo. Dex 6mg, ask [PERSON 1]");
}

#[test]
fn a_carriage_return_within_what_is_rewritten_changes_no_line_ending() {
    let (output, _) =
        redact(b"Doris\rEkwueme\nDoris Ekwueme\r\nDoris Ekwueme\r", &engine("redact"), &on_one_thread())
            .unwrap();
    assert_eq!(endings(&output), [false, true], "{}", String::from_utf8_lossy(&output));
    assert!(!String::from_utf8_lossy(&output).contains("Ekwueme"));
}

#[test]
fn a_message_too_long_for_one_look_is_scanned_in_pieces() {
    let mut chat = String::from("12/03/2024, 14:00 - Amara Obi: start\n");
    for _ in 0..200 {
        chat.push_str("and Doris Ekwueme again\n");
    }
    let options = Options { max_message: 256, ..on_one_thread() };
    let (output, report) = redact(chat.as_bytes(), &engine("redact"), &options).unwrap();
    assert!(report.cut > 10 && report.messages == 1);
    let expected = chat.replace("Doris Ekwueme", "[NAME]").replace("Amara Obi", "[PERSON 1]");
    assert_eq!(String::from_utf8(output).unwrap(), expected);
}

#[test]
fn scanning_shows_entries_with_what_was_found() {
    let mut seen = Vec::new();
    let mut visit = |entry: &Seen<'_>| {
        assert!(!format!("{entry:?}").contains("Doris"));
        let words: Vec<_> =
            entry.findings.iter().map(|found| found.span.of(entry.text).unwrap().to_owned()).collect();
        seen.push((entry.line, entry.kind, entry.sender.as_deref().map(str::to_owned), words));
        Ok(())
    };
    let mut progress = Vec::new();
    let engine = engine("redact");
    let report = scan_export(
        Cursor::new(CHAT),
        &engine,
        &on_one_thread(),
        &mut |now: Progress| progress.push(now),
        &mut visit,
    )
    .unwrap();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    assert_eq!(seen[3], (4, Kind::Message, Some("Priya Nair 🌸".to_owned()), words(&["Doris Ekwueme"])));
    assert_eq!(seen[4].3, words(&["Priya Nair", "447700900123"]));
    assert_eq!(seen[5], (6, Kind::Message, Some("Amara Obi".to_owned()), words(&["PRIYA NAIR", "Haddow"])));
    assert_eq!((report.edits, report.bytes_out), (0, 0));
    assert_eq!(report.found(), seen.iter().map(|entry| entry.3.len() as u64).sum::<u64>());
    let size = CHAT.len() as u64;
    assert_eq!(progress.first(), Some(&Progress { done: size, total: Some(2 * size) }));
    assert_eq!(progress.last(), Some(&Progress { done: 2 * size, total: Some(2 * size) }));
}

#[test]
fn nothing_that_can_be_printed_shows_text() {
    let survey = Survey::read(CHAT.as_bytes()).unwrap();
    let mut shown = format!("{survey:?}");
    Reader::new(&survey)
        .read(CHAT.as_bytes(), &mut |entry: &Entry<'_>| {
            shown.push_str(&format!("{entry:?}"));
            Ok(())
        })
        .unwrap();
    let (_, report) = redact(CHAT.as_bytes(), &engine("redact"), &on_one_thread()).unwrap();
    shown.push_str(&format!("{report:?}{}", serde_json::to_string(&report).unwrap()));
    for canary in ["Doris", "Amara", "900123", "Ward", "rota", "contact"] {
        assert!(!shown.contains(canary), "{canary}");
    }
}

#[test]
fn a_writer_that_fails_ends_the_work() {
    struct Full;

    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let error =
        redact_export(Cursor::new(CHAT), &mut Full, flag(), &on_one_thread(), &mut |_| {}).unwrap_err();
    assert_eq!(error.io(), Some(std::io::ErrorKind::StorageFull));
}

/// Pieces of chats, well and badly formed.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("12/03/2024, 14:05 - "),
        Just("\n12/03/2024, 14:05 - Amara Obi: "),
        Just("\r\n[13/03/2024, 02:05:33\u{202f}PM] ~\u{202f}Priya Nair: \u{200e}"),
        Just("\n\u{200e}[13/03/2024, 14:05:33] \u{202a}+44 7700 900123\u{202c}: "),
        Just("\n3/12/24, 2:05:33 PM: Tom: "),
        Just("Amara Obi created group \"Ward 7\""),
        Just("\u{200e}Priya Nair added Tom and 2 others"),
        Just("<Media omitted>"),
        Just("\u{200e}<attached: 00000012-Doris Ekwueme.pdf>"),
        Just("Doris Ekwueme.vcf (file attached)"),
        Just("location: https://maps.google.com/?q=1,2"),
        Just("@\u{2068}Priya Nair\u{2069}"),
        Just("@447700900123"),
        Just("Doris Ekwueme"),
        Just("NHS 999 110\n6847"),
        Just("NHS 999 110\r\n6847"),
        Just("07700 900123"),
        Just("amara obi, Tom"),
        Just("\r"),
        Just("\n"),
        Just("\r\n"),
        Just(": "),
        Just(" "),
        Just("\u{feff}"),
        Just("[PERSON 1]"),
        Just("\0"),
    ];
    prop_oneof![
        8 => piece.prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => ".{0,8}".prop_map(String::into_bytes),
    ]
}

fn chat() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

/// How each line of a text ends.
fn endings(text: &[u8]) -> Vec<bool> {
    text.split_inclusive(|byte| *byte == b'\n')
        .filter(|line| line.ends_with(b"\n"))
        .map(|line| line.ends_with(b"\r\n"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_come_out_as_they_went_in_where_nothing_is_rewritten(chat in chat(), limit in 16usize..400) {
        let options = Options { max_message: limit, ..on_one_thread() };
        prop_assert_eq!(&redact(&chat, flag(), &options).unwrap().0, &chat);
        for format in [Format::Lines, Format::Jsonl] {
            let mut output = Vec::new();
            redact_messages(chat.as_slice(), &mut output, format, flag(), &options, &mut |_| {}).unwrap();
            prop_assert_eq!(&output, &chat);
        }
    }

    #[test]
    fn noise_comes_out_as_it_went_in(chat in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(&redact(&chat, flag(), &on_one_thread()).unwrap().0, &chat);
    }

    #[test]
    fn lines_end_as_they_did_under_every_policy(chat in chat()) {
        for engine in ENGINES.iter() {
            let (output, report) = redact(&chat, engine, &on_one_thread()).unwrap();
            prop_assert_eq!(endings(&output), endings(&chat), "{}", engine.policy().name());
            prop_assert_eq!(report.bytes_out, output.len() as u64);
            prop_assert_eq!(report.bytes_in, chat.len() as u64);
        }
    }

    #[test]
    fn threads_and_windows_change_nothing(chat in chat(), items in 1usize..6, bytes in 1usize..400) {
        for engine in ENGINES.iter() {
            let alone = redact(&chat, engine, &on_one_thread()).unwrap();
            let many = Options { threads: 3, window_items: items, window_bytes: bytes, ..Options::default() };
            prop_assert_eq!(redact(&chat, engine, &many).unwrap(), alone);
        }
    }

    #[test]
    fn entries_are_the_file(chat in chat(), limit in 0usize..300) {
        let survey = Survey::read(chat.as_slice()).unwrap();
        for reader in [Reader::new(&survey), Reader::any()] {
            let mut whole = Vec::new();
            let mut sink = |entry: &Entry<'_>| {
                whole.extend_from_slice(entry.raw());
                for (_, span) in entry.slots() {
                    assert!(span.of(&entry.text()).is_some());
                }
                assert!(entry.raw().get(entry.text_span().range()).is_some());
                Ok(())
            };
            reader.limit(limit).read(chat.as_slice(), &mut sink).unwrap();
            prop_assert_eq!(&whole, &chat);
        }
    }
}
