//! The dictionary in the program is what the lists in the repository give, and says of every entry what its list says.
#![cfg(feature = "dictionary-compiler")]
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that reads the lists from the repository, with helpers that fail it"
)]

use std::fs;
use std::path::Path;

use presend_detect::dictionary::compile::{Sources, compile};
use presend_detect::dictionary::{Class, Dictionary};

/// Every list, by its path below `dictionaries`.
fn lists() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    let mut lists = Vec::new();
    for list in ["lists", "own"] {
        for file in fs::read_dir(folder.join(list)).expect("the folder of lists") {
            let path = file.expect("a list").path();
            if path.extension().is_some_and(|extension| extension == "tsv" || extension == "txt") {
                let name =
                    path.strip_prefix(&folder).expect("below the folder").to_string_lossy().into_owned();
                lists.push((name, fs::read_to_string(&path).expect("a readable list")));
            }
        }
    }
    lists
}

fn compiled(lists: &[(String, String)]) -> Vec<u8> {
    let mut sources = Sources::new();
    for (name, contents) in lists {
        sources.insert(name, contents);
    }
    compile(&sources).expect("the lists compile")
}

#[test]
fn the_compiled_file_is_what_the_lists_give() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/words.bin");
    let checked_in = fs::read(path).expect("words.bin");
    assert!(
        compiled(&lists()) == checked_in,
        "dictionaries/words.bin is out of date: run the example compile_dictionaries"
    );
}

#[test]
fn the_order_of_the_lists_makes_no_difference() {
    let mut lists: Vec<_> = lists().into_iter().filter(|(name, _)| name.starts_with("own/")).collect();
    let forwards = compiled(&lists);
    lists.reverse();
    assert!(compiled(&lists) == forwards);
}

/// The words of an entry as the dictionary divides them.
fn words(entry: &str) -> Vec<String> {
    let folded = presend_text::Folded::new(entry);
    let mut words = vec![String::new()];
    let letters: Vec<char> = folded.text().chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let between_letters = at > 0
            && letters[at - 1].is_alphabetic()
            && letters.get(at + 1).is_some_and(|after| after.is_alphabetic());
        if letter.is_alphanumeric() || letter == '\'' && between_letters {
            words.last_mut().expect("never empty").push(letter);
        } else {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn entries(contents: &str) -> impl Iterator<Item = Vec<&str>> {
    contents
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

#[test]
fn names_and_words_have_the_grades_and_frequencies_of_their_lists() {
    let dictionary = Dictionary::embedded();
    let mut seen = 0;
    for (name, contents) in lists() {
        for columns in entries(&contents) {
            match (name.as_str(), columns.as_slice()) {
                ("lists/names.tsv", [word, given, surname]) => {
                    let entry = dictionary.lookup(word);
                    assert_eq!(
                        (entry.given().to_string(), entry.surname().to_string()),
                        ((*given).into(), (*surname).into()),
                        "{word}"
                    );
                }
                ("lists/words.tsv", [word, zipf, case]) => {
                    let entry = dictionary.lookup(word);
                    assert_eq!(entry.zipf_tenths().to_string(), *zipf, "{word}");
                    assert_eq!(entry.has(Class::Ordinary), *case == "l", "{word}");
                }
                _ => continue,
            }
            seen += 1;
        }
    }
    assert!(seen > 300_000, "{seen}");
}

#[test]
fn every_entry_is_found_with_the_class_of_its_list() {
    let dictionary = Dictionary::embedded();
    let (mut single, mut several) = (0, 0);
    for (name, contents) in lists() {
        let Some(class) = class_of(&name) else { continue };
        for columns in entries(&contents) {
            let words = words(columns[0]);
            match words.as_slice() {
                [word] => {
                    assert!(dictionary.lookup(word).has(class), "{name}: {word} is no {class:?}");
                    single += 1;
                }
                [first, ..] => {
                    let stem = first.strip_suffix("'s").unwrap_or(first);
                    assert!(dictionary.lookup(first).has(Class::PhraseStart), "{name}: {first}");
                    assert!(dictionary.lookup(stem).has(Class::PhraseStart), "{name}: {stem}");
                    for spelling in
                        [words.clone(), words.iter().map(|word| word.replace("'s", "s")).collect()]
                    {
                        let phrase = dictionary.phrase_at(spelling.iter().map(String::as_str));
                        let phrase = phrase.unwrap_or_else(|| panic!("{name}: {spelling:?} is not found"));
                        assert_eq!(phrase.words(), words.len(), "{name}: {spelling:?}");
                        assert!(phrase.has(class), "{name}: {spelling:?} is no {class:?}");
                    }
                    several += 1;
                }
                [] => panic!("{name}: an entry without a word"),
            }
        }
    }
    assert!(single > 30_000 && several > 5_000, "{single} {several}");
}

/// The class that a list's name says, written out again so that a slip in the compiler's table shows.
fn class_of(list: &str) -> Option<Class> {
    Some(match list.rsplit('/').next()?.split('.').next()? {
        "buildings" => Class::Building,
        "chat_names_stop" | "stop_phrases" => Class::NotPerson,
        "clinical" => Class::Clinical,
        "countries" => Class::Country,
        "demographics" => Class::Demographic,
        "devices" => Class::Device,
        "drugs" | "drugs_extra" => Class::Drug,
        "eponyms" => Class::Eponym,
        "eponyms_ambiguous" => Class::EponymAmbiguous,
        "hospitals" => Class::Hospital,
        "hospitals_short" => Class::HospitalShort,
        "kin" => Class::Kin,
        "national_bodies" => Class::NationalBody,
        "ordinary_names" => Class::WordAndName,
        "org_heads_strong" => Class::OrgHeadStrong,
        "org_heads_weak" => Class::OrgHeadWeak,
        "patient_words" => Class::PatientWord,
        "places" => Class::Place,
        "professions" => Class::Profession,
        "scores" => Class::Score,
        "services" => Class::Service,
        "staff_roles" => Class::StaffRole,
        "street_types" => Class::StreetType,
        "titles_any" => Class::TitleAny,
        "titles_kin" => Class::TitleKin,
        "titles_staff" => Class::TitleStaff,
        "units_generic" => Class::UnitGeneric,
        "ward_names" => Class::WardName,
        "ward_words" => Class::WardWord,
        "names" | "words" => return None,
        other => panic!("{other}: no class is known for this list"),
    })
}

#[test]
fn faulty_lists_are_refused_with_their_place() {
    for (path, contents, line) in [
        ("own/kin.txt", "# heading\nmum\n\n&", 4),
        ("own/unheard_of.txt", "mum", 1),
        ("lists/names.tsv", "mark\t3", 1),
        ("lists/names.tsv", "mark\t3\tmany", 1),
        ("lists/names.tsv", "Mark\t3\t1", 1),
        ("lists/names.tsv", "mary ann\t3\t1", 1),
        ("lists/drugs.tsv", "Aspirin", 1),
    ] {
        let mut sources = Sources::new();
        sources.insert(path, contents);
        let error = compile(&sources).expect_err(path);
        assert_eq!((error.path(), error.line()), (path, line), "{error}");
    }
}
