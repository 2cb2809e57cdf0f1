//! What realistic surrogates promise, over the tables themselves.

use std::collections::{BTreeMap, BTreeSet};

use presend_detect::{Label, Role};
use presend_text::Folded;
use proptest::prelude::*;

use super::draw::{Draw, Key};
use super::names::{NameKind, Table};
use crate::{PersonId, Surrogates, SurrogatesState};

const KEY: [u8; 32] = [7; 32];

fn name(surrogates: &mut Surrogates, words: &str) -> String {
    surrogates.realistic(&KEY, words, Label::Person, Some(Role::Unknown)).expect("names never run out")
}

fn value(surrogates: &mut Surrogates, words: &str, label: Label) -> Option<String> {
    surrogates.realistic(&KEY, words, label, None)
}

fn words_of(text: &str) -> BTreeSet<String> {
    let folded = Folded::new(text);
    let words = folded.text().split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
    words.map(str::to_owned).collect()
}

#[test]
fn a_name_keeps_its_form_and_its_person() {
    let mut surrogates = Surrogates::new();
    let full = name(&mut surrogates, "Doris Ekwueme");
    let (given, surname) = full.split_once(' ').expect("two words");
    let initial = |name: &str| name.chars().next().unwrap_or_default();
    let (g, s) = (initial(given), initial(surname));
    for (words, expected) in [
        ("Doris Ekwueme", full.clone()),
        ("doris ekwueme", full.to_lowercase()),
        ("DORIS EKWUEME", full.to_uppercase()),
        ("Doris EKWUEME", format!("{given} {}", surname.to_uppercase())),
        ("Ekwueme", surname.to_owned()),
        ("Mrs Ekwueme", format!("Mrs {surname}")),
        ("Ekwume", surname.to_owned()),
        ("doris", given.to_lowercase()),
        ("Ekwueme, Doris", format!("{surname}, {given}")),
        ("Ekwueme Doris", format!("{surname} {given}")),
        ("D. Ekwueme", format!("{g}. {surname}")),
        ("Ekwueme D", format!("{surname} {g}")),
        ("Doris E", format!("{given} {s}")),
        ("D.E.", format!("{g}.{s}.")),
        ("DE", format!("{g}{s}")),
        ("de", format!("{g}{s}").to_lowercase()),
        ("Doris's", format!("{given}'s")),
        ("Doris\r\nEkwueme", format!("{given}  {surname}")),
        ("D O R I S", given.to_uppercase()),
        ("Doris 🌸 Ekwueme", format!("{given}  {surname}")),
    ] {
        assert_eq!(name(&mut surrogates, words), expected, "{words:?}");
    }
}

#[test]
fn origin_and_sex_are_kept_where_they_are_known() {
    let mut surrogates = Surrogates::new();
    for (words, kind, alike) in [
        ("Doris", NameKind::Given, "ethel"),
        ("Trevor", NameKind::Given, "colin"),
        ("Ekwueme", NameKind::Surname, "okafor"),
        ("Katarzyna", NameKind::Given, "agnieszka"),
        ("Siobhan", NameKind::Given, "aoife"),
    ] {
        let invented = name(&mut surrogates, words).to_lowercase();
        let key = Key::new(&KEY);
        let mut draw = Draw::new(&key, "test", "", 0);
        let pool: Vec<String> =
            Table::get().alike(alike, kind, &mut draw).iter().map(|n| n.to_lowercase()).collect();
        assert!(pool.contains(&invented), "{words}: {invented}");
    }
}

#[test]
fn other_forms_of_names_are_written() {
    let mut surrogates = Surrogates::new();
    let full = name(&mut surrogates, "Sarah Smith-Jones");
    assert_eq!(full.matches(['-', ' ']).collect::<String>(), " -");
    assert!(full.ends_with(&name(&mut surrogates, "Smith-Jones")));
    // A particle goes with its word.
    assert_eq!(name(&mut surrogates, "Anna van der Berg").split(' ').count(), 2);
    // What says that it is a baby or a family stays.
    let baby = name(&mut surrogates, "Baby Okafor");
    assert!(baby.starts_with("Baby ") && !baby.contains("Okafor"));
    assert!(name(&mut surrogates, "Twin 1 Begum").starts_with("Twin 1 "));
    assert!(name(&mut surrogates, "Adeyinka family").ends_with(" family"));
    assert!(name(&mut surrogates, "John Smith Jr").ends_with(" Jr"));
    // Other scripts come out in Latin letters.
    let arabic = name(&mut surrogates, "محمد علي");
    assert!(arabic.is_ascii() && arabic.split(' ').count() == 2);
    // A sender without a name.
    assert!(name(&mut surrogates, "+44 7911 123456").starts_with("+44 7700 900"));
    // Neither name nor letters: something is written all the same.
    for words in ["🌸", "7700900123", "", "aa bb cc dd ee ff gg hh ii"] {
        assert_ne!(name(&mut surrogates, words), words);
    }
}

#[test]
fn a_short_form_is_written_as_the_persons_given_name() {
    let mut surrogates = Surrogates::new();
    let full = name(&mut surrogates, "Elizabeth Okoro");
    let liz = name(&mut surrogates, "Liz");
    assert!(full.starts_with(&format!("{liz} ")));
    assert_ne!(name(&mut surrogates, "Beth"), liz);
}

#[test]
fn families_share_a_surname_as_they_did() {
    let mut surrogates = Surrogates::new();
    let (rose, arun) = (name(&mut surrogates, "Rose Patel"), name(&mut surrogates, "Arun Patel"));
    let surname = |name: &str| name.rsplit(' ').next().map(str::to_owned);
    assert_ne!(rose, arun);
    assert_eq!(surname(&rose), surname(&arun));
    assert_eq!(surname(&rose), Some(name(&mut surrogates, "Patel")));
    assert_ne!(surname(&name(&mut surrogates, "Grace Chen")), surname(&rose));
}

#[test]
fn an_initial_seen_first_binds_the_name_seen_later() {
    for key in 0..20 {
        let mut surrogates = Surrogates::new();
        let mut write = |words| surrogates.realistic(&[key; 32], words, Label::Person, None).expect("a name");
        let first = write("D Ekwueme");
        let full = write("Doris Ekwueme");
        assert_ne!(first.chars().next(), Some('D'));
        assert_eq!(first.chars().next(), full.chars().next(), "{first}, {full}");
        assert!(first.split(' ').next_back() == full.split(' ').next_back());
    }
}

#[test]
fn two_people_of_one_unknown_name_keep_their_initials_apart() {
    let mut surrogates = Surrogates::new();
    let mut write = |role| surrogates.realistic(&KEY, "R Patel", Label::Person, Some(role)).expect("a name");
    assert_ne!(write(Role::Patient), write(Role::Staff));
}

#[test]
fn an_address_is_written_with_the_persons_name() {
    let mut surrogates = Surrogates::new();
    let full = name(&mut surrogates, "Doris Ekwueme").to_lowercase().replace(' ', ".");
    assert_eq!(
        value(&mut surrogates, "doris.ekwueme@nhs.net", Label::Email),
        Some(format!("{full}@example.org"))
    );
    assert_eq!(
        value(&mut surrogates, "DORIS.EKWUEME@NHS.NET", Label::Email),
        Some(format!("{full}@example.org").to_uppercase())
    );
}

#[test]
fn more_people_than_a_list_has_names_stay_apart() {
    let mut surrogates = Surrogates::new();
    let all: BTreeSet<&str> = Table::get().all("doris", NameKind::Given).into_iter().collect();
    assert!(all.len() > 900);
    let mut seen: BTreeMap<String, PersonId> = BTreeMap::new();
    for given in &all {
        let words = format!("{given} Ekwueme");
        let invented = name(&mut surrogates, &words);
        // Hattie is Harriet: the same person by the rules.
        let id = surrogates.people().clone().identify(&words, Role::Unknown);
        assert_eq!(*seen.entry(invented.clone()).or_insert(id), id, "{given}: {invented}");
    }
    assert!(seen.len() > 850);
}

/// For each label that has surrogates, values that differ.
const VALUES: &[(Label, &[&str])] = &[
    (Label::Phone, &["07700 900123", "+44 7700 900124", "020 7946 0123", "bleep 2201", "01632 960123 ext 4"]),
    (Label::Email, &["d.ekwueme@nhs.net", "jsmith04@nhs.net", "ward7@example.org", "doris at nhs dot net"]),
    (Label::Username, &["@drsmith", "jsmith04", "@_.-", "ward_7"]),
    (Label::Url, &["https://example.org/abc", "www.example.com/patients?id=4"]),
    (Label::IpAddress, &["192.0.2.7", "10.0.0.1", "fe80::1"]),
    (Label::Address, &["12 Acacia Road", "Flat 3, 12 Acacia Road", "The Larches", "12 ACACIA AVENUE"]),
    (Label::Postcode, &["LS9 7TF", "ls97tg", "M1 1AA", "SW1A 2AA", "LS9"]),
    (Label::Place, &["Leeds", "york", "Stow-on-the-Wold", "Banbury"]),
    (Label::Organisation, &["Willowbank Surgery", "Leeds General Infirmary", "LGI", "the willows care home"]),
    (Label::Profession, &["retired bus driver", "Councillor", "teacher"]),
    (Label::NiNumber, &["QQ 12 34 56 C", "AB123456D"]),
    (Label::Mrn, &["K204417", "K204418", "RXH 0044-17"]),
    (Label::ProfessionalId, &["7012345", "12A3456B"]),
    (Label::Passport, &["123456789"]),
    (Label::DrivingLicence, &["EKWUE 802150 D99AB"]),
    (Label::VehicleRegistration, &["AB12 CDE"]),
    (Label::PaymentCard, &["4242 4242 4242 4242"]),
    (Label::BankAccount, &["12-34-56 12345678", "GB29 NWBK 6016 1331 9268 19"]),
    (Label::DeviceId, &["GILLI058300C99BD", "00:1A:2B:3C:4D:5E"]),
    (Label::OtherId, &["W-12345", "999 123 4004", "7"]),
];

#[test]
fn every_label_is_written_or_left_to_its_own_operator() {
    let own = [
        Label::NhsNumber,
        Label::ChiNumber,
        Label::HscNumber,
        Label::DateOfBirth,
        Label::Date,
        Label::Age,
        Label::WardBed,
        Label::Demographic,
    ];
    let mut surrogates = Surrogates::new();
    for label in Label::ALL.iter().filter(|label| **label != Label::Person) {
        assert_ne!(own.contains(label), VALUES.iter().any(|(known, _)| known == label), "{label}");
    }
    for label in own {
        assert_eq!(value(&mut surrogates, "999 123 4004", label), None);
    }
    for label in [Label::Address, Label::Organisation, Label::Mrn, Label::Postcode] {
        assert_eq!(value(&mut surrogates, "\r-", label), None);
    }
    // Numbers in words have no shape to keep.
    assert_eq!(value(&mut surrogates, "double four zero nine", Label::Mrn), None);
    for words in ["", "--", "GIR 0AA", "nowhere"] {
        assert_eq!(value(&mut surrogates, words, Label::Postcode), None);
    }
}

#[test]
fn values_are_written_once_and_for_all_and_never_shared() {
    let mut surrogates = Surrogates::new();
    let mut again = Surrogates::new();
    for (label, values) in VALUES {
        let mut seen = BTreeSet::new();
        for words in *values {
            let written = value(&mut surrogates, words, *label).unwrap_or_else(|| panic!("{label} {words}"));
            assert_eq!(value(&mut surrogates, words, *label), Some(written.clone()), "{label} {words}");
            assert_eq!(value(&mut again, words, *label), Some(written.clone()), "{label} {words}");
            assert_ne!(written.to_lowercase(), words.to_lowercase(), "{label}");
            assert!(seen.insert(written.to_lowercase()), "{label} {words}: {written}");
        }
    }
    assert_ne!(
        value(&mut surrogates, "K204417", Label::Mrn),
        value(&mut surrogates, "K204417", Label::OtherId)
    );
}

#[test]
fn another_key_gives_other_surrogates() {
    for (label, values) in VALUES {
        let differ = values.iter().filter(|words| {
            let write = |key| Surrogates::new().realistic(&[key; 32], words, *label, None);
            (1..4).any(|key| write(key) != write(key + 1))
        });
        assert_eq!(differ.count(), values.len(), "{label}");
    }
    let write = |key| Surrogates::new().realistic(&[key; 32], "Doris Ekwueme", Label::Person, None);
    assert_eq!((0..40).map(write).collect::<BTreeSet<_>>().len(), 40);
}

#[test]
fn two_keys_in_one_conversation_keep_apart() {
    let mut surrogates = Surrogates::new();
    for number in 0..400 {
        let words = format!("07911 123{number:03}");
        let key = [u8::from(number % 2 == 0); 32];
        assert!(surrogates.realistic(&key, &words, Label::Phone, None).is_some());
    }
    let all: BTreeSet<_> = (0..400)
        .map(|number| {
            let key = [u8::from(number % 2 == 0); 32];
            surrogates.realistic(&key, &format!("07911 123{number:03}"), Label::Phone, None)
        })
        .collect();
    assert_eq!(all.len(), 400);
}

#[test]
fn the_caller_is_told_when_everything_is_taken() {
    let mut surrogates = Surrogates::new();
    let all: Vec<Option<String>> = (0..1100)
        .map(|number| value(&mut surrogates, &format!("07911 12{number:04}"), Label::Phone))
        .collect();
    let given: BTreeSet<&String> = all.iter().flatten().collect();
    let count = all.iter().flatten().count();
    assert_eq!(given.len(), count);
    assert!((950..=1000).contains(&count), "{count}");
    assert_eq!(all.last(), Some(&None));
    // Places go on with coined names.
    let places: BTreeSet<Option<String>> =
        (0..700).map(|number| value(&mut surrogates, &format!("Xyz{number}"), Label::Place)).collect();
    assert!(places.len() > 550, "{}", places.len());
}

#[test]
fn nothing_taken_from_the_text_is_saved() {
    let mut surrogates = Surrogates::with_key(&[5; 32]);
    let _ = name(&mut surrogates, "Doris Ekwueme");
    let _ = value(&mut surrogates, "K204417", Label::Mrn);
    let _ = surrogates.numbered("Wetherby", Label::Place, None);
    let saved = serde_json::to_string(&surrogates.state()).unwrap();
    for canary in ["doris", "ekwueme", "204417", "wetherby"] {
        assert!(!saved.to_lowercase().contains(canary), "{canary}");
    }
    let state: SurrogatesState = serde_json::from_str(&saved).unwrap();
    assert!(Surrogates::restore(state, &[6; 32]).unwrap_err().is_wrong_key());
}

#[test]
fn a_damaged_state_is_refused() {
    let mut surrogates = Surrogates::new();
    let _ = surrogates.numbered("Leeds", Label::Place, None);
    let _ = surrogates.sender("Tom");
    let sound = serde_json::to_value(surrogates.state()).unwrap();
    let damages: &[fn(&mut serde_json::Value)] = &[
        |state| state["counts"][0][0] = "NOBODY".into(),
        |state| state["values"][0][1] = "NOBODY".into(),
        |state| state["values"][0][2] = 2.into(),
        |state| state["numbers"][0][2] = 0.into(),
        |state| state["people"]["next"] = 0.into(),
    ];
    assert!(Surrogates::restore(serde_json::from_value(sound.clone()).unwrap(), &[0; 32]).is_ok());
    for damage in damages {
        let mut state = sound.clone();
        damage(&mut state);
        let state: SurrogatesState = serde_json::from_value(state).unwrap();
        assert!(Surrogates::restore(state, &[0; 32]).unwrap_err().is_damaged());
    }
}

/// A full name out of the tables.
fn full_name() -> impl Strategy<Value = (String, String)> {
    let given = Table::get()
        .all("sam", NameKind::Given)
        .into_iter()
        .chain(Table::get().all("doris", NameKind::Given));
    let given: Vec<&str> = given.collect();
    let surnames = Table::get().all("smith", NameKind::Surname);
    (prop::sample::select(given), prop::sample::select(surnames))
        .prop_map(|(g, s)| (g.to_owned(), s.to_owned()))
}

proptest! {
    #[test]
    fn no_word_of_a_name_comes_back(names in prop::collection::vec(full_name(), 1..12), key in any::<[u8; 32]>()) {
        let mut surrogates = Surrogates::new();
        let mut met = BTreeSet::new();
        for (given, surname) in &names {
            let words = format!("{given} {surname}");
            met.extend(words_of(&words));
            let written = surrogates.realistic(&key, &words, Label::Person, None).unwrap();
            prop_assert_eq!(written.split(' ').count(), 2);
            // The words of a name written before may be somebody's who is met later.
            for word in words_of(&written) {
                prop_assert!(!words_of(&words).contains(&word), "{} for {}", written, words);
            }
        }
        // Nobody is written with a word of anybody met before.
        let (given, surname) = ("Xanthippe", "Featherstonehaugh");
        let written = surrogates.realistic(&key, &format!("{given} {surname}"), Label::Person, None).unwrap();
        prop_assert!(words_of(&written).is_disjoint(&met), "{}", written);
    }

    #[test]
    fn different_people_have_different_names(names in prop::collection::vec(full_name(), 1..40), key in any::<[u8; 32]>()) {
        let mut surrogates = Surrogates::new();
        let mut by_words: BTreeMap<String, String> = BTreeMap::new();
        let mut by_written: BTreeMap<String, String> = BTreeMap::new();
        for (given, surname) in &names {
            let words = format!("{given} {surname}");
            let written = surrogates.realistic(&key, &words, Label::Person, None).unwrap();
            let before = by_words.entry(words.clone()).or_insert_with(|| written.clone());
            prop_assert_eq!(before, &written);
            let owner = by_written.entry(written.clone()).or_insert_with(|| words.clone());
            prop_assert_eq!(owner, &words, "{}", written);
        }
    }

    #[test]
    fn references_keep_apart(values in prop::collection::btree_set("[A-Z][0-9]{5,8}", 1..60), key in any::<[u8; 32]>()) {
        let mut surrogates = Surrogates::new();
        let written: BTreeSet<String> = values
            .iter()
            .map(|words| surrogates.realistic(&key, words, Label::Mrn, None).unwrap())
            .collect();
        prop_assert_eq!(written.len(), values.len());
    }

    #[test]
    fn any_words_are_written_without_their_own(words in ".{0,30}", key in any::<[u8; 32]>(), label in prop::sample::select(Label::ALL)) {
        let mut surrogates = Surrogates::new();
        if let Some(written) = surrogates.realistic(&key, &words, label, None) {
            prop_assert_eq!(surrogates.realistic(&key, &words, label, None), Some(written.clone()));
            let same = words.chars().any(char::is_alphanumeric) && written == words;
            prop_assert!(!same, "{:?}", words);
            prop_assert!(!written.contains(['\r', '\n']));
        }
    }

    #[test]
    fn a_restored_conversation_goes_on_as_if_unbroken(
        mentions in prop::collection::vec((full_name(), 0..8u8, any::<bool>(), prop::sample::select(Role::ALL)), 1..30),
    ) {
        let (mut whole, mut broken) = (Surrogates::with_key(&[3; 32]), Surrogates::with_key(&[3; 32]));
        for ((given, surname), form, breaks, role) in &mentions {
            if *breaks {
                let saved = serde_json::to_vec(&broken.state()).unwrap();
                broken = Surrogates::restore(serde_json::from_slice(&saved).unwrap(), &[3; 32]).unwrap();
            }
            let first = |name: &str| name.chars().next().unwrap_or_default();
            let (label, words) = match form {
                0 => (Label::Person, format!("{given} {surname}")),
                1 => (Label::Person, surname.clone()),
                2 => (Label::Person, format!("{} {surname}", first(given))),
                3 => (Label::Person, format!("{}{}", first(given), first(surname))),
                4 => (Label::Email, format!("{given}.{surname}@nhs.net")),
                5 => (Label::Place, surname.clone()),
                6 => (Label::Organisation, format!("{surname} Surgery")),
                _ => (Label::Mrn, format!("K20441{}", given.len())),
            };
            prop_assert_eq!(
                whole.realistic(&KEY, &words, label, Some(*role)),
                broken.realistic(&KEY, &words, label, Some(*role))
            );
            prop_assert_eq!(whole.numbered(&words, label, Some(*role)), broken.numbered(&words, label, Some(*role)));
        }
        prop_assert_eq!(whole.len(), broken.len());
    }
}
