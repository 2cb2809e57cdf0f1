use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::Detector;

#[path = "../../examples/support/people.rs"]
mod people;

const KEY: [u8; 16] = *b"not a secret key";

/// A list of these given names and family names.
fn names(names: &[(&str, &str)]) -> PatientList {
    let mut builder = PatientListBuilder::new(KEY);
    for &(given, family) in names {
        builder.add(&PatientRecord { given, family, ..PatientRecord::default() }).expect("a name");
    }
    builder.build()
}

fn nhs(value: &str) -> PatientNumber<'_> {
    PatientNumber { kind: NumberKind::Nhs, value }
}

/// Doris Adaeze Ekwueme and two others.
fn ward() -> PatientListBuilder {
    let mut builder = PatientListBuilder::new(KEY);
    for record in [
        PatientRecord {
            given: "Doris",
            family: "Ekwueme",
            other_names: &["Adaeze"],
            date_of_birth: BirthDate::new(1949, 3, 7),
            numbers: &[
                nhs("999 012 3454"),
                PatientNumber { kind: NumberKind::Mrn, value: "K204417" },
                PatientNumber { kind: NumberKind::Phone, value: "+44 1632 960123" },
                PatientNumber { kind: NumberKind::Postcode, value: "ZZ9 4QP" },
            ],
            ..PatientRecord::default()
        },
        PatientRecord {
            given: "Zoë",
            family: "O'Neil-Marchetti",
            date_of_birth: BirthDate::new(1988, 11, 30),
            numbers: &[PatientNumber { kind: NumberKind::Mrn, value: "4417" }],
            ..PatientRecord::default()
        },
        PatientRecord {
            given: "Ms Pieter Jan",
            family: "van der Berghe",
            other_families: &["Castellan"],
            ..PatientRecord::default()
        },
    ] {
        builder.add(&record).expect("a name");
    }
    builder
}

fn scan(list: &PatientList, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    list.recognise(text, &mut findings);
    for pair in findings.windows(2) {
        assert!(pair[0].span.end() <= pair[1].span.start(), "overlapping findings");
    }
    findings
}

/// What was found: the rule's last word, the words, and the confidence in hundredths.
fn found<'t>(list: &PatientList, text: &'t str) -> Vec<(&'static str, &'t str, u32)> {
    scan(list, text)
        .iter()
        .map(|finding| {
            let rule = finding.rule.strip_prefix("known_patient_").expect("the rules' common beginning");
            let percent = (finding.confidence * 100.0).round() as u32;
            (rule, finding.span.of(text).expect("a span of the text"), percent)
        })
        .collect()
}

#[test]
fn names_are_found_however_they_are_written() {
    let list = ward().build();
    for (text, wanted, percent) in [
        ("Doris Ekwueme bed 12", "Doris Ekwueme", 98),
        ("re: DORIS EKWUEME's bloods", "DORIS EKWUEME", 98),
        ("seen doris ekwueme today", "doris ekwueme", 98),
        ("EKWUEME, Doris (F)", "EKWUEME, Doris", 97),
        ("Ekwueme Doris", "Ekwueme Doris", 97),
        ("Ekwueme, Doris Adaeze", "Ekwueme, Doris Adaeze", 97),
        ("Mrs Doris Adaeze Ekwueme", "Doris Adaeze Ekwueme", 98),
        ("mrs doris adaeze ekwueme", "doris adaeze ekwueme", 98),
        ("Adaeze Ekwueme", "Adaeze Ekwueme", 98),
        ("Doris A. Ekwueme", "Doris A. Ekwueme", 93),
        ("Doris Blessing Ekwueme", "Doris Blessing Ekwueme", 93),
        ("*Doris* Ekwueme", "Doris* Ekwueme", 98),
        ("doris_ekwueme.pdf", "doris_ekwueme", 98),
        ("dorisekwueme rang", "dorisekwueme", 90),
        ("@EkwuemeDoris", "EkwuemeDoris", 90),
        ("dorise kwueme", "dorise kwueme", 90),
        ("dori sekwueme", "dori sekwueme", 90),
        ("Dóris  Ekwuémé", "Dóris  Ekwuémé", 98),
        ("Ｄｏｒｉｓ Ekwueme", "Ｄｏｒｉｓ Ekwueme", 98),
        ("Do\u{200b}ris Ekwueme", "Do\u{200b}ris Ekwueme", 98),
        ("Zoe O\u{2019}Neil-Marchetti", "Zoe O\u{2019}Neil-Marchetti", 98),
        ("zoe oneil marchetti", "zoe oneil marchetti", 98),
        ("O Neil Marchetti Zoë", "O Neil Marchetti Zoë", 97),
        ("Zoe ONeilMarchetti", "Zoe ONeilMarchetti", 98),
        ("Zoe Marchetti", "Zoe Marchetti", 88),
        ("Pieter van der Berghe", "Pieter van der Berghe", 98),
        ("Pieter-Jan Vanderberghe", "Pieter-Jan Vanderberghe", 98),
        ("VAN DER BERGHE Pieter", "VAN DER BERGHE Pieter", 97),
        ("Pieter Castellan", "Pieter Castellan", 98),
        ("Jan Berghe", "Jan Berghe", 88),
        ("Pieter Mc Castellan", "Pieter Mc Castellan", 93),
        ("Zoe O'Niel Marchetti", "Zoe O'Niel Marchetti", 88),
    ] {
        assert_eq!(found(&list, text), [("name", wanted, percent)], "{text}");
    }
}

#[test]
fn findings_say_whose_name_it_is_and_why() {
    let findings = scan(&ward().build(), "Doris Ekwueme 999 012 3454");
    assert_eq!(findings[0].label, Label::Person);
    assert_eq!(findings[0].role, Some(Role::Patient));
    assert_eq!(findings[0].evidence[0], Evidence("a listed patient's given and family name"));
    assert_eq!(findings[1].label, Label::NhsNumber);
    assert_eq!(findings[1].role, None);
}

#[test]
fn what_is_no_listed_name_is_left() {
    let list = ward().build();
    for text in [
        "",
        "Doris",
        "doris rang",
        "Ekwueme",
        "Mrs Ekwueme",
        "Adaeze, Zoë and Doris",
        "Doris Marchetti",
        "Zoe Ekwueme",
        "Doris.\nEkwueme",
        "Doris: Ekwueme",
        "Doris said that Ekwueme",
        "Doris 4 Ekwueme",
        "der Berghe",
        "Pieter van",
    ] {
        assert_eq!(found(&list, text), [], "{text}");
    }
}

#[test]
fn one_slip_is_found_and_two_are_not() {
    let list = ward().build();
    for text in [
        "Doris Ekweume",
        "Doris Ekwuem",
        "Doris Ekwuemes",
        "Dorris Ekwueme",
        "Dorsi Ekwueme",
        "Dori Ekwueme",
        "ekwueme dorix",
        "Soris EKWUEME",
        "Doris Ek wueme",
        "Do ris Ekwueme",
        "Pieter van dr Berghe",
        "Pieter vander Berge",
        "Zoe ONeil-Marcheti",
        "Doris A Ekwuema",
    ] {
        let found = found(&list, text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].1 == text && found[0].2 < 80, "{text}: {found:?}");
    }
    for text in ["Dorsi Ekweume", "Doris Ekwem", "Dxrix Ekwueme", "Doris Wkueeme", "D Ekweume", "Do Ekwueme"]
    {
        assert_eq!(found(&list, text), [], "{text}");
    }
}

#[test]
fn ordinary_words_are_no_slips() {
    let list = names(&[("Mark", "West"), ("Grace", "Walker"), ("Amy", "Okafor"), ("John", "Bent")]);
    for text in ["mark went home", "Mark went home", "grace walked", "AMU Okafor", "any okafor", "john sent"]
    {
        assert_eq!(found(&list, text), [], "{text}");
    }
    assert_eq!(found(&list, "Grace Walked"), [("name", "Grace Walked", 45)]);
    assert_eq!(found(&list, "mark west is here"), [("name", "mark west", 60)]);
    assert_eq!(found(&list, "Mark West is here"), [("name", "Mark West", 98)]);
}

#[test]
fn a_name_with_a_staff_title_is_doubted() {
    let list = ward().build();
    assert_eq!(found(&list, "Dr Doris Ekwueme to see"), [("name", "Doris Ekwueme", 40)]);
    assert_eq!(found(&list, "seen by Dr. Doris Ekwueme, bed 4"), [("name", "Doris Ekwueme", 40)]);
    assert_eq!(found(&list, "thanks dr\nDoris Ekwueme"), [("name", "Doris Ekwueme", 98)]);
}

#[test]
fn initials_are_found_where_they_are_asked_for() {
    let text = "D Ekwueme and Ekwueme D. and D.A. Ekwueme and X Ekwueme";
    assert_eq!(found(&ward().build(), text), []);
    let mut builder = PatientListBuilder::new(KEY).initials(true);
    builder
        .add(&PatientRecord { given: "Doris", family: "Ekwueme", ..PatientRecord::default() })
        .expect("a name");
    let wanted = [("name", "D Ekwueme", 60), ("name", "Ekwueme D", 60), ("name", "D.A. Ekwueme", 60)];
    assert_eq!(found(&builder.build(), text), wanted);
}

#[test]
fn a_family_name_alone_needs_what_the_policy_says() {
    let texts = [
        ("Ekwueme for discharge", [None, None, None]),
        ("Mrs Ekwueme for discharge", [None, None, Some(55)]),
        ("Ekwueme dob 7/3/49", [None, Some(88), Some(88)]),
        ("Ekwueme 9990123454", [None, Some(92), Some(92)]),
        ("doris 9990123454", [None, Some(92), Some(92)]),
        ("Marchetti 9990123454", [None, None, None]),
        ("Ekwueme dob 30/11/88", [None, None, None]),
        ("Doris dob 7/3/49", [None, None, None]),
    ];
    for (index, when) in
        [SurnameAlone::Never, SurnameAlone::Linked, SurnameAlone::AfterTitle].into_iter().enumerate()
    {
        let list = ward().surname_alone(when).build();
        for (text, wanted) in texts {
            let name = found(&list, text).into_iter().find(|&(rule, _, _)| rule == "name");
            assert_eq!(name.map(|(_, _, percent)| percent), wanted[index], "{text} {when:?}");
        }
    }
}

#[test]
fn numbers_are_found_by_their_digits_and_letters() {
    let list = ward().build();
    for (text, wanted) in [
        ("NHS no: 999 012 3454.", "999 012 3454"),
        ("999-012-3454", "999-012-3454"),
        ("nhs9990123454pt", "9990123454"),
        ("99 90 12 34 54", "99 90 12 34 54"),
        ("bed 9 9 9 9 0 1 2 3 4 5 4", "9 9 9 0 1 2 3 4 5 4"),
        ("9990123454, 7", "9990123454"),
        ("９９９０１２３４５４", "９９９０１２３４５４"),
        ("hosp k204417", "k204417"),
        ("K 204 417", "K 204 417"),
        ("ring 01632 960123", "01632 960123"),
        ("(01632) 960-123", "01632) 960-123"),
        ("+441632960123", "441632960123"),
        ("0044 (0)1632 960 123", "0044 (0)1632 960 123"),
    ] {
        let found = found(&list, text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!((found[0].0, found[0].1, found[0].2 >= 95), ("number", wanted, true), "{text}");
    }
    for text in [
        "999 012 345",
        "9990123454 12 34",
        "XK204417",
        "K204417B",
        "204417",
        "99901234540",
        "999/012/3454",
        "4417",
    ] {
        let found: Vec<_> =
            found(&list, text).into_iter().filter(|&(_, words, _)| words != "9990123454").collect();
        assert_eq!(found, [], "{text}");
    }
}

#[test]
fn a_wrong_digit_is_found_where_the_check_digit_fails() {
    let list = ward().build();
    let digits = *b"9990123454";
    for place in 0..10 {
        for digit in b'0'..=b'9' {
            let mut digits = digits;
            digits[place] = digit;
            let text = String::from_utf8(digits.to_vec()).expect("digits");
            let percent = found(&list, &text).first().map(|&(_, _, percent)| percent);
            assert_eq!(percent, Some(if text == "9990123454" { 97 } else { 55 }), "{text}");
        }
        if place > 0 && digits[place] != digits[place - 1] {
            let mut digits = digits;
            digits.swap(place - 1, place);
            let text = String::from_utf8(digits.to_vec()).expect("digits");
            assert_eq!(found(&list, &text).first().map(|&(_, _, percent)| percent), Some(55), "{text}");
        }
    }
    assert_eq!(found(&list, "Doris Ekwueme 9990123457")[1], ("number", "9990123457", 93));
    // Two wrong digits; and another number, whose check digit holds.
    for text in ["9990133458", "9990123440", "12 9990123457", "9990123457 12"] {
        assert_eq!(found(&list, text), [], "{text}");
    }
}

#[test]
fn numbers_that_many_have_need_support() {
    let mut builder = ward();
    for number in 0..2000 {
        let value = format!("{:06}", number * 499);
        let numbers = [PatientNumber { kind: NumberKind::Mrn, value: &value }];
        let family = if number == 1000 { "Quenneville" } else { "" };
        builder
            .add(&PatientRecord { family, numbers: &numbers, ..PatientRecord::default() })
            .expect("a number");
    }
    let list = builder.build();
    assert_eq!(found(&list, "platelets 499000 today"), []);
    assert_eq!(found(&list, "mrn 499000"), [("number", "499000", 80)]);
    let wanted = [("name", "Quenneville", 92), ("number", "499000", 98)];
    assert_eq!(found(&list, "Quenneville in bay 2, 499000"), wanted);
    assert_eq!(found(&list, "unit 4417"), [("number", "4417", 80)], "a short number");
    // A postcode is a patient's only beside the patient.
    assert_eq!(found(&list, "near ZZ9 4QP").len(), 0);
    assert_eq!(found(&list, "Doris Ekwueme of ZZ94QP")[1], ("number", "ZZ94QP", 98));
}

#[test]
fn a_birthday_alone_is_nobodys() {
    let list = ward().build();
    for text in
        ["7/3/1949", "dob 07.03.49", "Zoe Marchetti 7/3/1949", "Doris Ekwueme 8/3/1949", "Doris 7/3/49"]
    {
        assert!(!found(&list, text).iter().any(|&(rule, _, _)| rule == "dob"), "{text}");
    }
    for (text, wanted) in [
        ("Doris Ekwueme dob 7/3/1949", "7/3/1949"),
        ("7th March 49, Ekwueme Doris", "7th March 49"),
        ("999 012 3454 born 1949-03-07", "1949-03-07"),
        ("Doris Ekweume 070349", "070349"),
        ("Ekwueme (7-Mar-1949)", "7-Mar-1949"),
        ("zoe marchetti 30.11.88", "30.11.88"),
    ] {
        let dates: Vec<_> = found(&list, text).into_iter().filter(|&(rule, _, _)| rule == "dob").collect();
        assert_eq!(dates.len(), 1, "{text}");
        assert_eq!(dates[0].1, wanted);
    }
    assert_eq!(found(&list, "Doris Ekweume 7/3/49")[0].2, 95, "the date confirms the mistyped name");
}

#[test]
fn names_of_other_scripts_are_names() {
    let list = names(&[("Дарья", "Соколова"), ("雷", "李"), ("Ελένη", "Παππά")]);
    assert_eq!(found(&list, "ДАРЬЯ Соколова").len(), 1);
    assert_eq!(found(&list, "Дарья Соколва")[0].2, 75);
    assert_eq!(found(&list, "Παππα, Ελενη").len(), 1);
    assert_eq!(found(&list, "Ελένη Παπά").len(), 1);
}

#[test]
fn records_that_hold_nothing_are_refused() {
    let mut builder = PatientListBuilder::new(KEY);
    let records = [
        PatientRecord::default(),
        PatientRecord { given: "Baby", ..PatientRecord::default() },
        PatientRecord {
            given: "X",
            family: "-",
            numbers: &[nhs("123"), nhs("none")],
            ..PatientRecord::default()
        },
        PatientRecord { date_of_birth: BirthDate::new(1949, 3, 7), ..PatientRecord::default() },
    ];
    for record in &records {
        assert!(builder.add(record).is_err_and(|error| !error.is_full()));
    }
    assert!(builder.is_empty());
    let list = builder.build();
    assert!(list.is_empty());
    assert_eq!(found(&list, "Baby X 123"), []);
}

#[test]
fn placeholders_and_titles_are_no_names() {
    let list = names(&[
        ("Baby", "Ekwueme"),
        ("Twin 1", "Marchetti"),
        ("Mr Silvan", "Castellan"),
        ("Baby of Doris", "Castellan"),
    ]);
    for text in ["baby Ekwueme", "Twin Marchetti", "Mr Castellan", "of Castellan"] {
        assert_eq!(found(&list, text), [], "{text}");
    }
    assert_eq!(found(&list, "Silvan Castellan").len(), 1);
}

#[test]
fn the_detector_takes_the_list() {
    let list = Arc::new(ward().build());
    let detector = Detector::builder().recogniser(Box::new(Arc::clone(&list))).build().expect("a detector");
    let text = "zoe oneil marchetti wants to go home";
    let finding = detector.scan(text).into_iter().find(|finding| finding.rule == "known_patient_name");
    assert_eq!(finding.and_then(|finding| finding.span.of(text)), Some("zoe oneil marchetti"));
}

#[test]
fn the_order_of_records_makes_no_difference() {
    let build = |order: &mut dyn Iterator<Item = u64>| {
        let mut builder = PatientListBuilder::new(KEY);
        order.for_each(|index| add(&mut builder, &people::person(5, index)));
        builder.build()
    };
    let (up, down) = (build(&mut (0..3000)), build(&mut (0..3000).rev()));
    for index in 0..3000 {
        let text = people::message(5, 0..3000, index);
        assert_eq!(scan(&up, &text), scan(&down, &text), "{text}");
    }
}

fn add(builder: &mut PatientListBuilder, person: &people::Person) {
    let (year, month, day) = person.birth;
    let record = PatientRecord {
        given: &person.given,
        family: &person.family,
        date_of_birth: BirthDate::new(year, month, day),
        numbers: &[
            nhs(&person.nhs),
            PatientNumber { kind: NumberKind::Mrn, value: &person.mrn },
            PatientNumber { kind: NumberKind::Phone, value: &person.phone },
        ],
        ..PatientRecord::default()
    };
    builder.add(&record).expect("a person");
}

/// Whether two names are the same or one slip apart in the same one of them, by brute force.
fn is_one_slip(written: (&str, &str), listed: (&str, &str)) -> bool {
    written.0 == listed.0 && one_edit(written.1, listed.1)
        || written.1 == listed.1 && one_edit(written.0, listed.0)
}

/// Whether two words are the same or one letter wrong, missing, too many or swapped apart.
fn one_edit(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (x, y) = (&a[same..], &b[same..]);
    match (x, y) {
        ([], []) => true,
        _ if x.len() == y.len() => {
            x[1..] == y[1..] || x.len() > 1 && x[0] == y[1] && x[1] == y[0] && x[2..] == y[2..]
        }
        _ if x.len() + 1 == y.len() => x == &y[1..],
        _ if x.len() == y.len() + 1 => &x[1..] == y,
        _ => false,
    }
}

/// Two thousand on the list, four thousand others: who is found is exactly who brute force says.
#[test]
fn others_are_found_only_where_they_are_one_slip_away() {
    let mut builder = PatientListBuilder::new(KEY);
    let listed: Vec<people::Person> = (0..2000).map(|index| people::person(1, index)).collect();
    listed.iter().for_each(|person| add(&mut builder, person));
    let list = builder.build();
    let lower = |person: &people::Person| (person.given.to_lowercase(), person.family.to_lowercase());
    let listed: HashSet<(String, String)> = listed.iter().map(lower).collect();
    let (mut yes, mut no) = (0, 0);
    for index in 0..4000 {
        let other = people::person(2, index);
        let text = format!("{} {}", other.given, other.family);
        let (given, family) = lower(&other);
        let wanted = listed.iter().any(|(a, b)| is_one_slip((&given, &family), (a, b)));
        let found = found(&list, &text);
        assert_eq!(
            found.iter().any(|&(rule, words, _)| rule == "name" && words == text),
            wanted,
            "{text} {found:?}"
        );
        if wanted { yes += 1 } else { no += 1 }
    }
    assert!(yes > 50 && no > 500, "both are met: {yes} and {no}");
}

#[test]
fn no_plain_text_is_in_memory() {
    let mut builder = PatientListBuilder::new(KEY);
    let people: Vec<people::Person> = (0..500).map(|index| people::person(9, index)).collect();
    people.iter().for_each(|person| add(&mut builder, person));
    let shown = format!("{builder:?}");
    let list = builder.build();
    let shown =
        format!("{shown} {list:?} {:?}", PatientRecord { given: "Doris", ..PatientRecord::default() })
            .to_lowercase();
    let dump = list.dump();
    assert!(dump.len() > 100_000);
    let holds = |part: &[u8]| dump.windows(part.len()).any(|window| window == part);
    for person in people.iter().take(100) {
        for name in [&person.given, &person.family] {
            for text in [name.clone(), name.to_lowercase(), name.to_uppercase()] {
                // Four bytes come up by chance in a dump of this size about once in 10,000 looks; five do not.
                assert!(!holds(&text.as_bytes()[..text.len().min(5)]), "a name");
            }
            assert!(!shown.contains(&name.to_lowercase()));
        }
        let digits: String = person.nhs.chars().filter(char::is_ascii_digit).collect();
        let values: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
        let number: u64 = digits.parse().expect("digits");
        let (year, month, day) = person.birth;
        assert!(!holds(digits.as_bytes()) && !holds(&values), "a number");
        assert!(!holds(&number.to_le_bytes()) && !holds(&number.to_be_bytes()), "a number");
        assert!(!holds(format!("{year}-{month:02}-{day:02}").as_bytes()), "a date");
    }
    assert!(!shown.contains("doris"));
}

#[test]
fn another_key_gives_another_list() {
    let entries = |key| {
        let mut builder = PatientListBuilder::new(key);
        (0..500).for_each(|index| add(&mut builder, &people::person(9, index)));
        let list = builder.build();
        let tables = [&list.words, &list.patterns, &list.pairs, &list.numbers, &list.births];
        tables.into_iter().flat_map(|table| table.entries().to_vec()).collect::<HashSet<_>>()
    };
    let (one, other) = (entries([1; 16]), entries([2; 16]));
    assert_eq!(one, entries([1; 16]));
    assert_eq!(one.intersection(&other).count(), 0);
}

/// A long text of nothing but names and numbers, each beside the wrong one, is worked through piece by piece.
#[test]
fn long_texts_are_no_trap() {
    let mut builder = PatientListBuilder::new(KEY);
    for index in 0..500 {
        let family = format!("van der berg{}", char::from(b'a' + (index % 26) as u8));
        let value = nhs_like(index);
        let numbers = [nhs(&value)];
        let date_of_birth = BirthDate::new(1949, 3, 1 + (index % 28) as u8);
        let record = PatientRecord {
            given: "van",
            family: &family,
            date_of_birth,
            numbers: &numbers,
            ..PatientRecord::default()
        };
        builder.add(&record).expect("a name");
    }
    let list = builder.build();
    for part in ["van der ", "van der bergz 7/3/49 ", "9 9 9 0 ", "van ", "berga 1949-03-02 "] {
        let text = part.repeat(20_000);
        let findings = scan(&list, &text);
        assert!(findings.iter().all(|finding| finding.span.of(&text).is_some()));
    }
}

fn nhs_like(index: u64) -> String {
    people::nhs_number(index)
}

/// A capitalised name of `syllables`.
fn name() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{4,9}"
}

/// Words of a message that are not names.
const SENTENCES: &[(&str, &str)] = &[
    ("", ""),
    ("pls review ", " in bed 12, K 5.9"),
    ("bloods back for ", "."),
    ("has anyone seen ", "? family asking"),
    ("1) ", " 2) obs 3) cannula"),
    ("(", ") to CT at 1400"),
];

/// Every spelling one slip from a word.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut slips = Vec::new();
    for at in 0..=letters.len() {
        for letter in 'a'..='z' {
            let mut more = letters.clone();
            more.insert(at, letter);
            slips.push(more);
            if at < letters.len() && letters[at] != letter {
                let mut other = letters.clone();
                other[at] = letter;
                slips.push(other);
            }
        }
        if at < letters.len() {
            let mut fewer = letters.clone();
            fewer.remove(at);
            slips.push(fewer);
        }
        if at + 1 < letters.len() && letters[at] != letters[at + 1] {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            slips.push(swapped);
        }
    }
    slips.into_iter().map(String::from_iter).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whoever_was_added_is_found(
        people in proptest::collection::vec((name(), name()), 1..20),
        sentence in 0..SENTENCES.len(),
        family_first in any::<bool>(),
    ) {
        let people: Vec<(&str, &str)> = people.iter().map(|(given, family)| (given.as_str(), family.as_str())).collect();
        let list = names(&people);
        let (before, after) = SENTENCES[sentence];
        for (given, family) in people {
            let name = if family_first { format!("{family}, {given}") } else { format!("{given} {family}") };
            let text = format!("{before}{name}{after}");
            let found = found(&list, &text);
            prop_assert!(found.iter().any(|&(rule, words, percent)| rule == "name" && words == name && percent >= 97), "{text}: {found:?}");
        }
    }

    #[test]
    fn every_slip_is_found(given in name(), family in name(), sentence in 0..SENTENCES.len()) {
        let list = names(&[(&given, &family)]);
        let (before, after) = SENTENCES[sentence];
        for name in slips(&given).iter().map(|given| format!("{given} {family}"))
            .chain(slips(&family).iter().map(|family| format!("{given} {family}")))
        {
            let text = format!("{before}{name}{after}");
            let found = found(&list, &text);
            // A slip may turn a name into an ordinary word in lower case, which counts as a word.
            let pieces = Pieces::new(&name);
            let message = Message::new(&name, &pieces);
            let is_word = (0..2).any(|index| message.is_plain(index) && !message.is_capitalised(index));
            prop_assert!(is_word || found.iter().any(|&(rule, words, _)| rule == "name" && words == name), "{text}: {found:?}");
        }
    }

    #[test]
    fn any_text_is_taken(parts in proptest::collection::vec(prop_oneof![
        any::<String>(),
        Just("Doris".to_owned()), Just(" Ekwueme".to_owned()), Just(" van der ".to_owned()), Just("9990123454".to_owned()),
        Just(" 7/3/49".to_owned()), Just("'s ".to_owned()), Just("-".to_owned()), Just("O\u{2019}".to_owned()),
    ], 0..12)) {
        let text = parts.concat();
        for finding in scan(&ward().initials(true).surname_alone(SurnameAlone::AfterTitle).build(), &text) {
            prop_assert!(finding.span.of(&text).is_some_and(|words| !words.is_empty()));
        }
        let mut builder = PatientListBuilder::new(KEY).initials(true);
        let record = PatientRecord { given: &text, family: &text, other_names: &[&text], numbers: &[nhs(&text)], ..PatientRecord::default() };
        if builder.add(&record).is_ok() {
            scan(&builder.build(), &text);
        }
    }
}
