//! Which mentions are one person: short conversations, and what holds of every conversation.

use std::collections::BTreeMap;

use presend_detect::Role;
use presend_redact::{People, PeopleState, PersonId};
use proptest::prelude::*;

const P: Role = Role::Patient;
const R: Role = Role::Relative;
const S: Role = Role::Staff;
const O: Role = Role::Other;
const U: Role = Role::Unknown;

/// A conversation: words, role, and a letter for the person.
type Case = (&'static str, &'static [(&'static str, Role, char)]);

const CASES: &[Case] = &[
    (
        "one person under many forms",
        &[
            ("Doris Ekwueme", P, 'a'),
            ("Mrs Ekwueme", U, 'a'),
            ("doris", U, 'a'),
            ("D.E.", U, 'a'),
            ("DE", P, 'a'),
            ("de", U, 'a'),
            ("D E", U, 'a'),
            ("Ekwueme D", U, 'a'),
            ("Doris E", U, 'a'),
            ("D Ekwueme", U, 'a'),
            ("Ekwueme, Doris", U, 'a'),
            ("EKWUEME DORIS", U, 'a'),
            ("Ekwume", U, 'a'),
            ("Doris Ekwuene", U, 'a'),
            ("Doris's", U, 'a'),
        ],
    ),
    (
        "a surname first, the full name later",
        &[("Ekwueme", P, 'a'), ("Doris Ekwueme", U, 'a'), ("Doris", U, 'a')],
    ),
    (
        "initials first, the full name later",
        &[("D.E.", P, 'a'), ("Doris Ekwueme", U, 'a'), ("ekwueme", U, 'a')],
    ),
    ("an initial becomes a word", &[("D Ekwueme", P, 'a'), ("Doris Ekwueme", P, 'a'), ("doris", P, 'a')]),
    ("surname and initial first", &[("Ekwueme D", P, 'a'), ("Doris Ekwueme", U, 'a'), ("D Ekwueme", U, 'a')]),
    ("given name and initial first", &[("Doris E", P, 'a'), ("Doris Ekwueme", U, 'a'), ("Ekwueme", U, 'a')]),
    (
        "two who share a surname: it names neither",
        &[
            ("Rose Patel", P, 'a'),
            ("Arun Patel", P, 'b'),
            ("Patel", P, 'c'),
            ("Patel", U, 'c'),
            ("Rose", U, 'a'),
            ("Arun", U, 'b'),
            ("Arun Patel", U, 'b'),
        ],
    ),
    (
        "the one mentioned last is not preferred",
        &[("Rose Patel", P, 'a'), ("Arun Patel", P, 'b'), ("Rose", P, 'a'), ("Mrs Patel", P, 'c')],
    ),
    (
        "two who share a given name",
        &[
            ("Tom Reilly", S, 'a'),
            ("Tom O'Dowd", S, 'b'),
            ("Tom", S, 'c'),
            ("Reilly", S, 'a'),
            ("O’Dowd", U, 'b'),
        ],
    ),
    (
        "the role tells them apart",
        &[("Rose Patel", P, 'a'), ("Patel", S, 'b'), ("Patel", P, 'a'), ("Patel", S, 'b'), ("Patel", U, 'c')],
    ),
    (
        "patient and doctor of one surname",
        &[("Chen", S, 'a'), ("Mei Chen", P, 'b'), ("Dr Chen", S, 'a'), ("Mei", U, 'b')],
    ),
    (
        "the same full name in another role",
        &[("John Smith", P, 'a'), ("john smith", S, 'a'), ("Smith", S, 'b'), ("Smith", P, 'a')],
    ),
    (
        "an unknown role takes the first known one",
        &[("Chen", U, 'a'), ("Chen", S, 'a'), ("Chen", P, 'b'), ("Chen", S, 'a')],
    ),
    (
        "a relative is not the patient",
        &[("Doris Ekwueme", P, 'a'), ("Ekwueme", R, 'b'), ("Grace Ekwueme", R, 'b'), ("Doris", P, 'a')],
    ),
    ("others have a role too", &[("Tom", P, 'a'), ("Tom", O, 'b'), ("Tom", O, 'b'), ("Tom", U, 'c')]),
    (
        "mother and baby",
        &[
            ("Fatima Begum", R, 'a'),
            ("Baby Begum", P, 'b'),
            ("Baby Begum", U, 'b'),
            ("Fatima", U, 'a'),
            ("Begum", U, 'c'),
            ("Mrs Begum", U, 'a'),
            ("Begum", R, 'a'),
        ],
    ),
    (
        "a baby before the mother",
        &[("Baby Okafor", P, 'a'), ("Okafor", U, 'b'), ("Ngozi Okafor", U, 'b'), ("baby okafor", P, 'a')],
    ),
    (
        "twins",
        &[
            ("Twin 1 Begum", P, 'a'),
            ("Twin 2 Begum", P, 'b'),
            ("twin 1 begum", U, 'a'),
            ("Twin 2 Begum", P, 'b'),
        ],
    ),
    ("baby of", &[("B/O Begum", P, 'a'), ("B/O Begum", P, 'a'), ("Begum", R, 'b')]),
    (
        "brothers",
        &[
            ("Ayaan Khan", P, 'a'),
            ("Zayd Khan", P, 'b'),
            ("Khan", P, 'c'),
            ("Ayaan", U, 'a'),
            ("zayd", U, 'b'),
        ],
    ),
    (
        "brothers of like names",
        &[("Jason Lee", P, 'a'), ("Mason Lee", P, 'b'), ("Jason", P, 'a'), ("Mason", P, 'b')],
    ),
    ("sisters of like rare names", &[("Aarti Shah", P, 'a'), ("Aarati Shah", P, 'b'), ("Aarati", U, 'b')]),
    (
        "initials that fit two",
        &[
            ("Doris Ekwueme", P, 'a'),
            ("Dan Evans", S, 'b'),
            ("DE", U, 'c'),
            ("D.E.", P, 'a'),
            ("DE", S, 'b'),
            ("D.E.", U, 'c'),
        ],
    ),
    (
        "three initials",
        &[("John Thomas Smith", P, 'a'), ("JTS", U, 'a'), ("J.S.", U, 'a'), ("J.P.S.", U, 'b')],
    ),
    (
        "one letter is linked to itself alone",
        &[("Doris Ekwueme", P, 'a'), ("D", U, 'b'), ("d", U, 'b'), ("E", U, 'c')],
    ),
    ("a short name is no initials", &[("John Okafor", P, 'a'), ("Jo", U, 'b'), ("J.O.", U, 'a')]),
    (
        "two letters that are a name after all",
        &[("Oz", S, 'a'), ("Oz Demir", S, 'a'), ("oz", U, 'a'), ("Demir", U, 'a')],
    ),
    ("a name of two letters that comes late", &[("Oz Demir", S, 'a'), ("Oz", U, 'a'), ("O.D.", U, 'a')]),
    (
        "a misspelling that is the other's name",
        &[
            ("Doris Ekwueme", P, 'a'),
            ("Grace Ekwume", P, 'b'),
            ("Ekwume", P, 'b'),
            ("Ekwueme", P, 'a'),
            ("Ekwuem", P, 'c'),
        ],
    ),
    (
        "a misspelling that fits two",
        &[("Doris Ekwueme", P, 'a'), ("Grace Ekwuame", P, 'b'), ("Ekwume", P, 'c'), ("Ekwume", U, 'c')],
    ),
    (
        "two names that are known are no misspelling",
        &[("Ann Smith", P, 'a'), ("Smyth", P, 'b'), ("Ann Smyth", P, 'b'), ("Smith", P, 'a')],
    ),
    (
        "letters swapped, doubled, dropped",
        &[
            ("Oluwaseun Akinyemi", P, 'a'),
            ("Akinyeim", U, 'a'),
            ("Akinnyemi", U, 'a'),
            ("Akinyem", U, 'a'),
            ("Akinyexi", U, 'a'),
        ],
    ),
    ("two slips are too many", &[("Doris Ekwueme", P, 'a'), ("Ekwumee", P, 'a'), ("Ekwmee", P, 'b')]),
    ("short words have no misspellings", &[("Zofia Wilk", P, 'a'), ("Wikl", P, 'b'), ("Zofja", P, 'a')]),
    ("one misspelt word in a name", &[("Doris Ekwueme", P, 'a'), ("Doriss Ekwuene", P, 'b')]),
    (
        "Liz is Elizabeth",
        &[
            ("Elizabeth Okoro", P, 'a'),
            ("Liz", U, 'a'),
            ("Liz Okoro", U, 'a'),
            ("Beth", U, 'b'),
            ("elizabeth", U, 'a'),
        ],
    ),
    (
        "Bill is William",
        &[
            ("Bill", P, 'a'),
            ("William Hughes", P, 'a'),
            ("bill hughes", U, 'a'),
            ("Hughes", U, 'a'),
            ("Will", U, 'b'),
        ],
    ),
    (
        "a short form of two",
        &[
            ("Samantha Lowe", P, 'a'),
            ("Samuel Otieno", P, 'b'),
            ("Sam", U, 'c'),
            ("Sam Lowe", U, 'a'),
            ("Sam Otieno", U, 'b'),
        ],
    ),
    ("Jack is not John", &[("John Price", P, 'a'), ("Jack Price", P, 'b'), ("Jack", U, 'b')]),
    ("Kasia is Katarzyna", &[("Katarzyna Wójcik", P, 'a'), ("kasia", U, 'a'), ("Wojcik", U, 'a')]),
    (
        "surname first only where it is nobody's given name",
        &[
            ("James Thomas", P, 'a'),
            ("Thomas James", P, 'b'),
            ("Ekwueme Doris", P, 'c'),
            ("Doris Ekwueme", P, 'c'),
        ],
    ),
    (
        "a middle name may be left out",
        &[("Mary Anne Smith", P, 'a'), ("Mary Smith", U, 'a'), ("Anne", U, 'a')],
    ),
    (
        "middle names that differ",
        &[
            ("John Paul Smith", P, 'a'),
            ("John Peter Smith", P, 'b'),
            ("John Smith", P, 'c'),
            ("John Smith", U, 'c'),
            ("John Paul Smith", U, 'a'),
        ],
    ),
    (
        "a second surname may be left out",
        &[
            ("Maria Garcia Lopez", P, 'a'),
            ("Maria Garcia", U, 'a'),
            ("Lopez", U, 'a'),
            ("Ana Garcia", P, 'b'),
        ],
    ),
    (
        "father and son",
        &[
            ("Ahmed Hassan Ali", P, 'a'),
            ("Omar Ahmed Hassan", P, 'b'),
            ("Ahmed Hassan", P, 'a'),
            ("Omar", P, 'b'),
        ],
    ),
    ("senior and junior", &[("John Smith Snr", P, 'a'), ("John Smith Jr", P, 'b'), ("John Smith", P, 'c')]),
    (
        "hyphens are spaces",
        &[
            ("Sarah Smith-Jones", P, 'a'),
            ("Mrs Smith Jones", U, 'a'),
            ("Sarah Smith–Jones", U, 'a'),
            ("Jones", U, 'a'),
            ("Mary Jones", P, 'b'),
        ],
    ),
    (
        "two words that nobody has joined",
        &[
            ("Sarah Smith Jones", P, 'a'),
            ("Smith Jones", P, 'b'),
            ("Sarah Smith-Jones", P, 'a'),
            ("Smith Jones", S, 'b'),
        ],
    ),
    (
        "who has the word itself comes before whom it is short for",
        &[("Liz Chen", P, 'a'), ("Elizabeth Okoro", P, 'b'), ("Liz", U, 'a'), ("Elizabeth", U, 'b')],
    ),
    (
        "particles",
        &[
            ("Anna van der Berg", P, 'a'),
            ("van der Berg", U, 'a'),
            ("Berg", U, 'a'),
            ("Mrs Vanderberg", U, 'a'),
            ("A.B.", U, 'a'),
            ("A.V.", U, 'a'),
        ],
    ),
    (
        "a particle becomes known",
        &[("Anna Berg", P, 'a'), ("Anna van Berg", P, 'a'), ("A. van Berg", P, 'a')],
    ),
    (
        "al-",
        &[
            ("Omar al-Hassan", P, 'a'),
            ("Omar Al Hassan", U, 'a'),
            ("Mr Hassan", U, 'a'),
            ("alhassan", U, 'a'),
        ],
    ),
    ("O'", &[("Conor O'Neill", P, 'a'), ("ONEILL", U, 'a'), ("Conor O Neill", U, 'a'), ("o’neill", U, 'a')]),
    (
        "Mac and Mc",
        &[
            ("Isla McDonald", P, 'a'),
            ("MacDonald", U, 'a'),
            ("Mc Donald", U, 'a'),
            ("isla mac donald", U, 'a'),
        ],
    ),
    ("d'", &[("Jean D'Souza", P, 'a'), ("D’SOUZA", U, 'a'), ("Souza", U, 'a')]),
    (
        "accents and look-alikes",
        &[("Zoë Łukasik", P, 'a'), ("zoe lukasik", U, 'a'), ("Zoe\u{308}", U, 'a'), ("Lukаsik", U, 'a')],
    ),
    (
        "titles",
        &[
            ("Dr Anya Petrova", S, 'a'),
            ("Prof Petrova", S, 'a'),
            ("Sister Petrova", P, 'b'),
            ("Dr. Petrova's", S, 'a'),
        ],
    ),
    (
        "emoji",
        &[("🌸", U, 'a'), ("💙", U, 'b'), ("🌸", U, 'a'), ("Priya Nair 🌸", U, 'c'), ("priya nair", U, 'c')],
    ),
    (
        "Arabic script",
        &[
            ("فاطمة الزهراء", P, 'a'),
            ("فاطمة", U, 'a'),
            ("فَاطِمَة", U, 'a'),
            ("محمد", P, 'b'),
            ("الزهراء", U, 'a'),
        ],
    ),
    ("Han script", &[("王小明", P, 'a'), ("王小明", U, 'a'), ("李", P, 'b'), ("李", U, 'b')]),
    ("Devanagari", &[("विक्रम शर्मा", P, 'a'), ("विक्रम", U, 'a'), ("शर्मा", U, 'a')]),
    ("numbers are no names", &[("7700900123", U, 'a'), ("7700900124", U, 'b'), ("7700900123", U, 'a')]),
    (
        "a family is not its members",
        &[
            ("Bola Adeyinka", P, 'a'),
            ("Adeyinka family", R, 'b'),
            ("adeyinka family", U, 'b'),
            ("Adeyinka", U, 'a'),
        ],
    ),
    ("nothing at all", &[("", U, 'a'), ("  ", U, 'a'), ("x", U, 'b')]),
];

#[test]
fn conversations_are_linked_as_written_down() {
    let mut failures = Vec::new();
    for (name, mentions) in CASES {
        let mut people = People::default();
        let mut letters: BTreeMap<PersonId, char> = BTreeMap::new();
        let mut ids: BTreeMap<char, PersonId> = BTreeMap::new();
        for (words, role, letter) in *mentions {
            let id = people.identify(words, *role);
            let expected = *ids.entry(*letter).or_insert(id);
            let known = *letters.entry(id).or_insert(*letter);
            if expected != id || known != *letter {
                failures.push(format!("{name}: {words:?} is {known}, not {letter}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_role_first_seen_is_the_one_shown() {
    let mut people = People::default();
    let chen = people.identify("Chen", U);
    assert_eq!(people.identify("Chen", S), chen);
    assert_eq!(people.role(chen), Some(U));
    let smith = people.identify("John Smith", P);
    assert_eq!(people.identify("John Smith", S), smith);
    assert_eq!(people.role(smith), Some(P));
}

#[test]
fn a_form_that_fits_two_says_so() {
    let mut people = People::default();
    let (rose, arun) = (people.identify("Rose Patel", P), people.identify("Arun Patel", P));
    let patel = people.identify("Patel", P);
    assert_eq!([rose, arun, patel].map(|id| people.is_ambiguous(id)), [false, false, true]);
    assert_eq!([rose, arun, patel].map(PersonId::get), [0, 1, 2]);
}

#[test]
fn whoever_was_mentioned_longest_ago_is_forgotten() {
    let mut people = People::with_capacity([7; 16], 2);
    let rose = people.identify("Rose Patel", P);
    let arun = people.identify("Arun Patel", P);
    assert_eq!(people.identify("Rose", P), rose);
    let tom = people.identify("Tom Reilly", P);
    assert_eq!((people.len(), people.forgotten()), (2, 1));
    assert_eq!([rose, arun, tom].map(|id| people.knows(id)), [true, false, true]);
    assert_eq!(people.role(arun), None);
    // Nobody else has the surname any more.
    assert_eq!(people.identify("Patel", P), rose);
    let again = people.identify("Arun Patel", P);
    assert!(![rose, arun, tom].contains(&again));
}

#[test]
fn a_capacity_of_nobody_is_one_of_one() {
    let mut people = People::with_capacity([0; 16], 0);
    let rose = people.identify("Rose Patel", P);
    assert_eq!(people.identify("rose", U), rose);
    assert_ne!(people.identify("Tom", U), rose);
    assert_eq!(people.len(), 1);
}

#[test]
fn a_saved_state_holds_no_name_and_opens_under_its_own_key_alone() {
    let mut people = People::new([1; 16]);
    let doris = people.identify("Doris Ekwueme", P);
    let saved = serde_json::to_string(&people.state()).unwrap();
    for canary in ["doris", "Doris", "ekwueme", "Ekwueme"] {
        assert!(!saved.contains(canary));
        assert!(!format!("{people:?}{:?}", people.state()).contains(canary));
    }
    let read = || serde_json::from_str::<PeopleState>(&saved).unwrap();
    assert_eq!(People::restore(read(), [1; 16]).unwrap().identify("Ekwume", U), doris);
    assert!(People::restore(read(), [2; 16]).unwrap_err().is_wrong_key());

    let mut other: serde_json::Value = serde_json::from_str(&saved).unwrap();
    other["version"] = 99.into();
    assert!(People::restore(serde_json::from_value(other).unwrap(), [1; 16]).unwrap_err().is_other_version());
}

#[test]
fn a_damaged_state_is_refused() {
    let mut people = People::default();
    people.identify("Doris Ekwueme", P);
    people.identify("Tom", P);
    let sound = serde_json::to_value(people.state()).unwrap();
    let damages: &[fn(&mut serde_json::Value)] = &[
        |state| state["capacity"] = 0.into(),
        |state| state["capacity"] = 1.into(),
        |state| state["next"] = 1.into(),
        |state| state["clock"] = 1.into(),
        |state| state["people"][1]["id"] = state["people"][0]["id"].clone(),
        |state| state["people"][1]["last"] = state["people"][0]["last"].clone(),
        |state| state["people"][0]["tokens"] = serde_json::json!([]),
        |state| state["people"][0]["next_tag"] = 1.into(),
        |state| state["people"][0]["tokens"][1]["tag"] = 0.into(),
        |state| state["people"][0]["tokens"][0]["word"]["near"] = vec![1; 100].into(),
    ];
    assert!(People::restore(serde_json::from_value(sound.clone()).unwrap(), [0; 16]).is_ok());
    for damage in damages {
        let mut state = sound.clone();
        damage(&mut state);
        let error = People::restore(serde_json::from_value(state).unwrap(), [0; 16]).unwrap_err();
        assert!(error.is_damaged() && error.to_string().contains("damaged"));
    }
}

fn mention() -> impl Strategy<Value = (String, Role)> {
    let given = prop::sample::select(vec![
        "Doris",
        "Rose",
        "Arun",
        "Elizabeth",
        "Liz",
        "Zoë",
        "John Paul",
        "فاطمة",
        "J",
        "Mary-Anne",
    ]);
    let surname = prop::sample::select(vec![
        "Ekwueme",
        "Ekwume",
        "Patel",
        "O'Neill",
        "van der Berg",
        "McDonald",
        "Smith",
        "Smyth",
        "E",
        "الزهراء",
    ]);
    let words = (given, surname, 0..9u8).prop_map(|(given, surname, form)| match form {
        0 | 1 => format!("{given} {surname}"),
        2 => format!("{surname}, {given}"),
        3 => format!("{surname} {given}"),
        4 => given.to_owned(),
        5 => surname.to_owned(),
        6 => format!("Mrs {surname}"),
        7 => format!("Baby {surname}"),
        _ => {
            [given, surname].iter().filter_map(|name| name.chars().next()).map(|c| format!("{c}.")).collect()
        }
    });
    (words, prop::sample::select(Role::ALL))
}

/// Words in another case and with other spaces.
fn respelt(words: &str, how: u8) -> String {
    let spaced = words.replace(' ', if how.is_multiple_of(2) { "  " } else { "\u{a0}" });
    match how % 3 {
        0 => spaced.to_uppercase(),
        1 => format!(" {} ", spaced.to_lowercase()),
        _ => spaced,
    }
}

proptest! {
    #[test]
    fn case_and_spaces_change_no_id(mentions in prop::collection::vec((mention(), 0..6u8), 1..40)) {
        let (mut one, mut other) = (People::default(), People::new([9; 16]));
        for ((words, role), how) in &mentions {
            prop_assert_eq!(one.identify(words, *role), other.identify(&respelt(words, *how), *role));
        }
    }

    #[test]
    fn a_restored_conversation_goes_on_as_if_unbroken(
        mentions in prop::collection::vec((mention(), any::<bool>()), 1..40),
        capacity in 1..20usize,
    ) {
        let (mut whole, mut broken) = (People::with_capacity([3; 16], capacity), People::with_capacity([3; 16], capacity));
        for ((words, role), breaks) in &mentions {
            if *breaks {
                let saved = serde_json::to_vec(&broken.state()).unwrap();
                broken = People::restore(serde_json::from_slice(&saved).unwrap(), [3; 16]).unwrap();
            }
            let id = whole.identify(words, *role);
            prop_assert_eq!(id, broken.identify(words, *role));
            prop_assert_eq!(whole.role(id), broken.role(id));
            prop_assert!(whole.knows(id) && whole.len() <= capacity);
        }
        prop_assert_eq!(whole.forgotten(), broken.forgotten());
    }

    #[test]
    fn any_words_get_the_same_id_when_nothing_came_between(words in ".{0,40}", role in prop::sample::select(Role::ALL)) {
        let mut people = People::default();
        let id = people.identify(&words, role);
        prop_assert_eq!(people.identify(&words, role), id);
    }
}
