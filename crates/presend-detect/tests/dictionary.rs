//! What the dictionary of the program says of words that matter, and that it says nothing of words in no list.

use presend_detect::dictionary::{Class, Dictionary};
use proptest::prelude::*;

fn entry(word: &str) -> presend_detect::dictionary::Entry {
    Dictionary::embedded().lookup(word)
}

#[test]
fn common_names_of_every_community_are_common_names() {
    for name in [
        "mark",
        "sarah",
        "mohammed",
        "aisha",
        "gurpreet",
        "priya",
        "agnieszka",
        "chinonso",
        "kwame",
        "tinashe",
        "siobhan",
        "rhiannon",
        "eilidh",
        "andreea",
        "hodan",
        "layla",
        "xin",
        "ffion",
        "bob",
        "tunde",
        "zainab",
    ] {
        assert_eq!(entry(name).given(), 3, "{name}");
    }
    for name in [
        "smith",
        "jones",
        "okafor",
        "szczepaniak",
        "patel",
        "khan",
        "begum",
        "singh",
        "kaur",
        "kowalski",
        "nowak",
        "adeyemi",
        "boateng",
        "ncube",
        "warsame",
        "popescu",
        "wang",
        "nguyen",
        "o'brien",
        "obrien",
        "mcdonald",
        "llewellyn",
        "ramsbottom",
        "varghese",
        "parkinson",
    ] {
        assert_eq!(entry(name).surname(), 3, "{name}");
    }
}

#[test]
fn ordinary_words_are_no_common_names() {
    for word in [
        "the",
        "patient",
        "house",
        "ward",
        "bed",
        "pain",
        "sister",
        "chest",
        "drain",
        "review",
        "today",
        "please",
        "call",
        "morning",
        "home",
        "left",
        "right",
        "blood",
        "fluid",
        "kidney",
        "sheets",
        "couch",
        "scales",
        "dial",
        "and",
        "need",
        "she",
        "tonight",
        "discharge",
    ] {
        let entry = entry(word);
        assert!(entry.has(Class::Ordinary), "{word}");
        assert!(entry.given() < 3 && (entry.surname() < 3 || word == "ward"), "{word}: {entry:?}");
    }
    for word in ["the", "patient", "and", "she", "pain", "please", "tonight"] {
        assert_eq!((entry(word).given(), entry(word).surname()), (0, 0), "{word}");
    }
}

#[test]
fn words_are_what_their_lists_say() {
    let cases: &[(&str, &[Class])] = &[
        ("mark", &[Class::Ordinary, Class::WordAndName]),
        ("todmorden", &[Class::Place]),
        ("leeds", &[Class::Place, Class::PlaceLarge]),
        ("lahore", &[Class::Place, Class::PlaceLarge]),
        ("bisoprolol", &[Class::Drug]),
        ("parkinson", &[Class::Eponym]),
        ("june", &[Class::Month]),
        ("thurs", &[Class::Weekday]),
        ("seventeen", &[Class::NumberWord]),
        ("mum", &[Class::Kin]),
        ("dr", &[Class::TitleStaff]),
        ("mrs", &[Class::TitleAny]),
    ];
    for (word, classes) in cases {
        for &class in *classes {
            assert!(entry(word).has(class), "{word} is no {class:?}: {:?}", entry(word));
        }
    }
    assert!(entry("parkinson").surname() >= 1);
    assert!(!entry("todmorden").has(Class::PlaceLarge));
    assert!(entry("the").zipf_tenths() > 70 && entry("szczepaniak").zipf_tenths() < 20);
}

#[test]
fn phrases_are_found_longest_first_whatever_joins_their_words() {
    let dictionary = Dictionary::embedded();
    let at = |text: &str| {
        let words = text.split([' ', '-']).filter(|word| !word.is_empty());
        dictionary.phrase_at(words).map(|phrase| (phrase.words(), phrase.has(Class::Place)))
    };
    assert_eq!(at("stoke on trent tomorrow"), Some((3, true)));
    assert_eq!(at("stoke-on-trent"), Some((3, true)));
    assert_eq!(at("bishop's castle"), Some((2, true)));
    assert_eq!(at("bishops castle"), Some((2, true)));
    let palsy = dictionary.phrase_at(["bell's", "palsy", "since"]);
    assert_eq!(palsy.map(|phrase| (phrase.words(), phrase.has(Class::NotPerson))), Some((2, true)));
    assert_eq!(at("stoke on"), None);
    assert_eq!(at("todmorden"), None);
    assert_eq!(at(""), None);
    let longest = at("newcastle upon tyne");
    assert_eq!(longest, Some((3, true)));
    assert!(dictionary.lookup("stoke").has(Class::PhraseStart));
}

#[test]
fn entry_shows_its_parts() {
    let shown = format!("{:?}", entry("leeds").classes());
    assert!(shown.contains("PlaceLarge"), "{shown}");
    assert_eq!(entry("leeds").classes().iter().filter(|&class| class == Class::Place).count(), 1);
    assert!(!entry("leeds").classes().is_empty() && entry("").classes().is_empty());
    assert!(!entry("").is_known() && !entry("qzxvkjw").is_known());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// Words with a digit in the middle are in no list but for a few abbreviations, all shorter.
    #[test]
    fn random_words_are_unknown(word in "[a-z]{3,9}[0-9][a-z]{3,9}") {
        prop_assert!(!entry(&word).is_known(), "{word}");
    }

    #[test]
    fn any_text_can_be_looked_up(word in ".{0,40}", words in proptest::collection::vec(".{0,8}", 0..6)) {
        let entry = entry(&word);
        prop_assert!(entry.given() <= 3 && entry.surname() <= 3 && entry.zipf_tenths() <= 90);
        let phrase = Dictionary::embedded().phrase_at(words.iter().map(String::as_str));
        prop_assert!(phrase.is_none_or(|phrase| (2..=words.len()).contains(&phrase.words())));
    }
}

/// Two million words that are in no list; one found by mistake is expected in 350 such runs, and the words are always
/// the same, so the test is steady.
#[test]
fn fewer_than_one_unknown_word_in_a_million_is_taken_for_another() {
    let mut state = 1_u64;
    let mut wrong = 0;
    for _ in 0..2_000_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = format!("{:016x}q{:x}", state, state >> 40);
        wrong += usize::from(entry(&word).is_known());
    }
    assert!(wrong < 2, "{wrong} of 2,000,000");
}
