//! The gold formats against whole files, against random messages, and the slots against check digits worked out here.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "test helpers; the gold files are read from disk"
)]

use std::collections::BTreeSet;
use std::path::Path;

use presend_detect::{Label, Role};
use presend_eval::gold::{self, Message, SLOTS};
use proptest::prelude::*;

// ---- whole files ----

/// What a marked file holds by plain counting of its brackets and slots, without the parser.
fn check_file(path: &Path) {
    let source = std::fs::read_to_string(path).unwrap();
    let messages = gold::parse(&source, 1).unwrap();
    assert_eq!(messages.len(), source.lines().filter(|line| line.starts_with("# setting=")).count());
    assert!(messages.len() > 100);
    assert_eq!(messages.iter().map(|m| m.spans.len()).sum::<usize>(), source.matches("[[").count());
    for label in Label::ALL {
        let marked =
            source.matches(&format!("[[{label}|")).count() + source.matches(&format!("[[{label}:")).count();
        let read = messages.iter().flat_map(|m| &m.spans).filter(|s| s.label == *label).count();
        assert_eq!(read, marked, "{label}");
    }
    for message in &messages {
        assert!(message.meta.contains_key("setting") && message.meta.contains_key("style"));
        assert!(!message.text.contains("[[") && !message.text.contains("]]") && !message.text.is_empty());
        assert!(SLOTS.iter().all(|(name, _)| !message.text.contains(&format!("{{{name}}}"))));
        for gold in &message.spans {
            assert!(!gold.span.of(&message.text).unwrap().is_empty());
            assert_eq!(gold.role.is_some(), gold.label == Label::Person);
        }
    }
    let jsonl = gold::to_jsonl(&messages).unwrap();
    assert_eq!(gold::parse(&jsonl, 99).unwrap(), messages);
    assert_eq!(gold::parse(&source, 1).unwrap(), messages);
    assert_ne!(gold::parse(&source, 2).unwrap(), messages);
}

#[test]
fn reads_the_development_set() {
    check_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/dev.txt"));
}

/// The design folder lies beside the checkout on the machines that hold it; elsewhere the copy above is enough.
#[test]
fn reads_the_shared_development_set_where_there_is_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/gold/dev.txt");
    if path.exists() {
        check_file(&path);
    }
}

// ---- random messages ----

#[derive(Clone, Debug)]
enum Piece {
    Plain(String),
    Span(Label, Option<Role>, String),
}

/// Words in which single brackets, braces, bars, hashes and colons are text like any other; lines start with a dot, so
/// that none reads as a separator.
fn words() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-zA-Z0-9 .,:|#=-]{1,8}",
        proptest::sample::select(vec!["é", "🩺", "\u{200d}", "\n.", " [x] ", " {Y} ", "{ ", "}"])
            .prop_map(str::to_owned),
    ];
    proptest::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        words().prop_map(Piece::Plain),
        (proptest::sample::select(Label::ALL), proptest::sample::select(Role::ALL), words()).prop_map(
            |(label, role, words)| Piece::Span(label, (label == Label::Person).then_some(role), words)
        ),
    ]
}

type Marks = Vec<(usize, usize, Label, Option<Role>)>;

/// The marked form of the pieces, the text that should be read from it, and its spans in bytes.
fn rendered(pieces: &[Piece]) -> (String, String, Marks) {
    let (mut marked, mut plain, mut spans) = (String::from("# a=1\n."), String::from("."), Marks::new());
    for piece in pieces {
        match piece {
            Piece::Plain(words) => {
                marked.push_str(words);
                plain.push_str(words);
            }
            Piece::Span(label, role, words) => {
                let role_part = role.map(|role| format!(":{role}")).unwrap_or_default();
                marked.push_str(&format!("[[{label}{role_part}|{words}]]"));
                spans.push((plain.len(), plain.len() + words.len(), *label, *role));
                plain.push_str(words);
            }
        }
    }
    marked.push('.');
    plain.push('.');
    (marked, plain, spans)
}

proptest! {
    #[test]
    fn marked_messages_round_trip(messages in proptest::collection::vec(proptest::collection::vec(piece(), 0..8), 1..5)) {
        let rendered: Vec<_> = messages.iter().map(|pieces| rendered(pieces)).collect();
        let file = rendered.iter().map(|(marked, _, _)| marked.as_str()).collect::<Vec<_>>().join("\n---\n");
        let read = gold::parse_marked(&file, 5).unwrap();
        prop_assert_eq!(read.len(), rendered.len());
        for (message, (_, plain, spans)) in read.iter().zip(&rendered) {
            prop_assert_eq!(&message.text, plain);
            let found: Vec<_> =
                message.spans.iter().map(|s| (s.span.start(), s.span.end(), s.label, s.role)).collect();
            prop_assert_eq!(&found, spans);
        }
        let jsonl = gold::to_jsonl(&read).unwrap();
        prop_assert_eq!(gold::parse(&jsonl, 5).unwrap(), read);
    }

    #[test]
    fn no_input_panics(text in "(\\[\\[|\\]\\]|\\||:|\\{|\\}|nhs|PERSON|patient|AGE|---|\n|# a=1|é|\"|text| ){0,24}", seed: u64) {
        if let Err(error) = gold::parse(&text, seed) {
            prop_assert!(error.line() >= 1 && error.line() <= text.lines().count().max(1));
        }
        let _ = gold::parse_jsonl(&text);
    }
}

#[test]
fn the_first_character_decides_the_format() {
    let marked = gold::parse("{and} so on", 0).unwrap();
    assert_eq!(marked[0].text, "{and} so on");
    let jsonl = gold::parse("\u{feff}\n { \"text\":\"x\",\"entities\":[]}", 0).unwrap();
    assert_eq!(jsonl[0].text, "x");
    assert_eq!(gold::parse("", 0).unwrap(), []);
    assert_eq!(gold::parse("{\"text\":", 0).unwrap_err().line(), 1);
}

// ---- slots ----

/// The distinct fillings of a slot over many messages and a few seeds.
fn fillings(label: &str, slot: &str) -> BTreeSet<String> {
    let file = vec![format!("[[{label}|{{{slot}}}]]"); 400].join("\n---\n");
    let filled = |seed| gold::parse_marked(&file, seed).unwrap().into_iter().map(|m| m.text);
    let all: BTreeSet<String> = (0..5).flat_map(filled).collect();
    assert!(all.len() > 200, "{slot}: {} distinct fillings", all.len());
    all
}

fn digits_of(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The form of a filling: digits as 9, capital letters as A, small ones as a.
fn shape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            'a'..='z' => 'a',
            other => other,
        })
        .collect()
}

fn shapes(texts: &BTreeSet<String>) -> BTreeSet<String> {
    texts.iter().map(|text| shape(text)).collect()
}

/// NHS Data Dictionary's rule, worked the other way round: the weighted sum with the check digit divides by 11.
fn passes_modulus_11(digits: &[u32]) -> bool {
    digits.len() == 10
        && digits
            .iter()
            .zip([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
            .map(|(d, w)| d * w)
            .sum::<u32>()
            .is_multiple_of(11)
}

#[test]
fn nhs_numbers() {
    assert!(passes_modulus_11(&digits_of("943 476 5919")));
    assert!(!passes_modulus_11(&digits_of("943 476 5918")));
    for text in fillings("NHS_NUMBER", "nhs") {
        assert!(text.starts_with("999 ") && shape(&text) == "999 999 9999", "{text}");
        assert!(passes_modulus_11(&digits_of(&text)), "{text}");
    }
    for text in fillings("NHS_NUMBER", "nhsraw") {
        assert!(text.starts_with("999") && shape(&text) == "9999999999", "{text}");
        assert!(passes_modulus_11(&digits_of(&text)), "{text}");
    }
}

#[test]
fn chi_and_hsc_numbers() {
    let chi = fillings("CHI_NUMBER", "chi");
    assert_eq!(shapes(&chi), ["9999999999".to_owned(), "999999 9999".to_owned()].into());
    for text in &chi {
        let digits = digits_of(text);
        assert!(passes_modulus_11(&digits), "{text}");
        let (day, month) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3]);
        let last = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        assert!((1..=12).contains(&month) && (1..=last).contains(&day), "{text}");
    }
    for text in fillings("HSC_NUMBER", "hsc") {
        let digits = digits_of(&text);
        assert!(passes_modulus_11(&digits), "{text}");
        assert!((320..=399).contains(&(digits[0] * 100 + digits[1] * 10 + digits[2])), "{text}");
    }
}

#[test]
fn record_and_registration_numbers() {
    let mrn = fillings("MRN", "mrn");
    let seen = shapes(&mrn);
    for wanted in ["A999999", "9999999", "AA9999999", "99999999", "999999A"] {
        assert!(seen.contains(wanted), "{wanted}");
    }
    assert!(mrn.iter().any(|text| text.starts_with("RX")) && mrn.iter().any(|text| text.starts_with("00")));
    assert!(mrn.iter().all(|text| digits_of(text).len() <= 8));
    for text in fillings("PROFESSIONAL_ID", "gmc") {
        assert!(shape(&text) == "9999999" && !text.starts_with('0'), "{text}");
    }
    for text in fillings("PROFESSIONAL_ID", "nmc") {
        assert_eq!(shape(&text), "99A9999A");
        let letters: Vec<char> = text.chars().filter(char::is_ascii_uppercase).collect();
        assert!(('A'..='L').contains(&letters[0]) && "ENOSW".contains(letters[1]), "{text}");
    }
    for text in fillings("OTHER_ID", "ubrn") {
        assert_eq!(digits_of(&text).len(), 12, "{text}");
    }
}

#[test]
fn national_insurance_numbers() {
    let all = fillings("NI_NUMBER", "nino");
    assert!(shapes(&all).len() >= 6);
    for text in all {
        let plain: Vec<char> = text.to_uppercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        assert_eq!(shape(&plain.iter().collect::<String>()), "AA999999A", "{text}");
        assert!(!"DFIQUV".contains(plain[0]) && !"DFIOQUV".contains(plain[1]), "{text}");
        let pair: String = plain[..2].iter().collect();
        assert!(!["BG", "GB", "NK", "KN", "TN", "NT", "ZZ"].contains(&pair.as_str()), "{text}");
        assert!(('A'..='D').contains(&plain[8]), "{text}");
    }
}

/// The national form of a phone number, with its leading zero.
fn national(text: &str) -> String {
    let plain: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    match text.starts_with('+') || plain.starts_with("0044") {
        true => format!("0{}", plain.trim_start_matches("00").trim_start_matches("44")),
        false => plain,
    }
}

#[test]
fn phone_numbers_keep_to_the_drama_ranges() {
    let mobiles = fillings("PHONE", "mobile");
    assert!(shapes(&mobiles).len() >= 6);
    for text in mobiles {
        let number = national(&text);
        assert!(number.len() == 11 && number.starts_with("07700900"), "{text}");
    }
    let ranges = [
        "02079460", "02896496", "02920180", "01134960", "01144960", "01154960", "01164960", "01174960",
        "01214960", "01314960", "01414960", "01514960", "01614960", "01914980", "01632960",
    ];
    let landlines = fillings("PHONE", "landline");
    assert!(shapes(&landlines).len() >= 10);
    for text in &landlines {
        let number = national(text);
        assert!(number.len() == 11 && ranges.iter().any(|range| number.starts_with(range)), "{text}");
    }
    let used = |range: &&str| landlines.iter().any(|text| national(text).starts_with(*range));
    assert!(ranges.iter().all(used));
}

fn passes_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(
            |(place, &digit)| {
                if place % 2 == 0 { digit } else { [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][digit as usize] }
            },
        )
        .sum();
    sum.is_multiple_of(10)
}

#[test]
fn cards_and_bank_details() {
    assert!(
        passes_luhn(&digits_of("4242 4242 4242 4242")) && !passes_luhn(&digits_of("4242 4242 4242 4241"))
    );
    let cards = fillings("PAYMENT_CARD", "card");
    assert!(shapes(&cards).len() >= 5);
    for text in cards {
        let digits = digits_of(&text);
        assert!(passes_luhn(&digits), "{text}");
        assert_eq!(digits.len(), if digits[0] == 3 { 15 } else { 16 }, "{text}");
    }
    assert!(fillings("BANK_ACCOUNT", "sortcode").iter().all(|text| shape(text) == "99-99-99"));
    assert!(fillings("BANK_ACCOUNT", "account").iter().all(|text| shape(text) == "99999999"));
    for text in fillings("BANK_ACCOUNT", "iban") {
        let plain = text.replace(' ', "");
        assert_eq!(shape(&plain), "AA99AAAA99999999999999", "{text}");
        assert!(plain.starts_with("GB"), "{text}");
        // ISO 13616: the first four characters go to the end, letters become two digits, and 1 remains of 97.
        let moved = format!("{}{}", &plain[4..], &plain[..4]);
        let number: String = moved.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
        let remainder = number.bytes().fold(0_u32, |r, b| (r * 10 + u32::from(b - b'0')) % 97);
        assert_eq!(remainder, 1, "{text}");
    }
}

#[test]
fn fillings_depend_on_seed_and_message_only() {
    let file = "[[MRN|{mrn}]]\n---\n[[MRN|{mrn}]] [[PHONE|{mobile}]]";
    let texts = |file: &str, seed| -> Vec<String> {
        gold::parse(file, seed).unwrap().into_iter().map(|message: Message| message.text).collect()
    };
    let first = texts(file, 3);
    assert_eq!(first, texts(file, 3));
    assert_ne!(first, texts(file, 4));
    // Another message's slots do not shift this one's.
    let changed = texts("[[AGE|4]]\n---\n[[MRN|{mrn}]] [[PHONE|{mobile}]]", 3);
    assert_eq!(first[1], changed[1]);
    let within = texts("[[OTHER_ID|ref {nhsraw}/{account} x]]", 3);
    assert!(within[0].starts_with("ref 999") && within[0].ends_with(" x"));
    assert_eq!(shape(&within[0]), "aaa 9999999999/99999999 a");
}
