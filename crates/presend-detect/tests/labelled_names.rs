//! What the rules take for somebody's name behind a title, a label or a word for a relative, on invented examples.

use presend_detect::{Detector, Label, Role};

/// Splits `see [[this]] and [[that]]` into the plain text and what is marked.
fn unmark(marked: &str) -> (String, Vec<&str>) {
    let (mut text, mut names) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((head, tail)) = rest.split_once("[[") {
        let (inner, after) = tail.split_once("]]").unwrap_or_default();
        names.push(inner);
        text.push_str(head);
        text.push_str(inner);
        rest = after;
    }
    text.push_str(rest);
    (text, names)
}

/// Checks that the names marked in each text, and no others, are found.
fn check(examples: &[&str]) {
    let detector = Detector::new();
    let mut failures = Vec::new();
    for example in examples {
        let (text, wanted) = unmark(example);
        let findings = detector.scan(&text);
        let names = findings.iter().filter(|finding| finding.label == Label::Person);
        let found: Vec<&str> = names.filter_map(|finding| finding.span.of(&text)).collect();
        if found != wanted {
            failures.push(format!("{example:?} gave {found:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_label_before_a_number_is_no_name() {
    check(&[
        "Patient Tel: 07700 900789",
        "Wife Tel 07700 900789",
        "Mum Mob (07700) 900789",
        "Consultant Tel: 020 7946 0123",
        "NOK No: 07700 900789",
        "NOK Ph: +44 7700 900789",
        "Nurse Bleep: 4417",
        "Wife Mob: none",
        "Wife [[Sue]] Tel 07700 900789",
        "[[Sue Harker]] Tel: 07700 900789",
        "dau [[sue]] 07700 900345",
        "mum anx re temp",
        "mum prim",
        "mum phnd 07700 900345",
        "sis tel'd",
        "hv tel'd",
        "mum will ring 07700 900345",
    ]);
}

#[test]
fn the_items_of_a_list_are_no_ages() {
    let ages =
        |text: &str| Detector::new().scan(text).iter().filter(|found| found.label == Label::Age).count();
    assert_eq!(ages("(1) DEREK HOLLINS (2) VAL HOLLINS (3) Ann Hollins"), 0);
    assert_eq!(ages("Amara (1) and Priya (2)"), 2);
    assert_eq!(ages("Amara (8), Priya (9)"), 2);
}

#[test]
fn a_civil_title_and_a_surname_are_enough() {
    check(&[
        "jobs: mrs [[khan]] cannula, mrs [[king]] vte, mr [[wood]] tto, mr [[young]] cxr",
        "mr [[green]] ct",
        "mr [[ward]] cxr",
        "miss [[price]] bloods",
        "mrs [[k khan]] hoist",
        "mrs [[may]] 82 chest pain",
        "will miss may round",
        "mr head tomorrow",
        "MR hand today",
        "mr brown sauce",
        "sr [[brown]] on tonight",
        "hca [[wood]] off sick",
    ]);
}

#[test]
fn a_letter_after_a_title_is_a_name() {
    check(&[
        "mrs [[k]] for hoist",
        "mr [[d]], mrs [[p]] and mrs [[t]] for home",
        "mr l spine done",
        "mr c-spine",
        "miss a dose",
        "mr x for home",
    ]);
}

#[test]
fn a_surname_an_initial_and_an_age_are_a_patient() {
    check(&[
        "[[Khan S]] 39F",
        "[[Barker J]] 67F",
        "[[Ward P]] 71F",
        "[[Begum N]] (34F)",
        "Bay B 71F",
        "Ward B 71F",
        "Resus B 82F",
        "([[T Reid]])",
    ]);
}

#[test]
fn what_a_relative_has_is_no_name() {
    check(&[
        "FHx: father MI 52",
        "mum MS, dad MND",
        "brother HCM",
        "mum CVA, dad AF",
        "sister SLE",
        "mum [[JS]] rang",
    ]);
    assert!(Detector::new().scan("FHx: father MI 52, transferred from OSH").is_empty());
}

#[test]
fn initials_before_any_health_number_are_a_patient() {
    check(&["- [[JS]] 999 123 4004", "- [[JS]] 220619 8827", "- [[JS]] 391 017 5988"]);
}

#[test]
fn a_labelled_field_holds_a_name() {
    check(&[
        "Surname: [[Young]]",
        "Surname: [[Price]]",
        "Surname: [[Ward]]",
        "surname: [[long]]",
        "Surname: [[St John]]",
        "Forename: [[Will]]",
        "Known as: [[Will]]",
        "Maiden name: [[Field]]",
        "NOK: [[Grace]]",
        "GP: [[Young]]",
        "Consultant: [[Long]]/[[Price]]",
        "<Surname>[[Young]]</Surname>",
        "GP: Will call back",
        "GP: Field House Surgery",
        "NOK: Aware",
        "Name: Ward 7 bed 2",
        "Name: Ward: 7",
        "Ward name: Rose",
        "Drug name: Grace",
    ]);
}

#[test]
fn a_label_says_whose_name_it_is() {
    let detector = Detector::new();
    for (text, role) in [
        ("NOK Name: Sue Harker", Role::Relative),
        ("Mother's name: Carol Young", Role::Relative),
        ("Contact first name: Sue", Role::Relative),
        ("Next of Kin: Joy Day", Role::Relative),
        ("GP Name: Anand S", Role::Staff),
        ("Patient name: Anand S", Role::Patient),
    ] {
        let roles: Vec<_> = detector.scan(text).iter().map(|finding| finding.role).collect();
        assert_eq!(roles, [Some(role)], "{text}");
    }
}

#[test]
fn labels_of_numbers_are_surnames_too() {
    check(&[
        "Mrs [[Page]]: bloods back",
        "Dr [[Page]] 07700 900123",
        "mum [[SB]] rang",
        "Surname: [[Young]] Forename: [[Will]]",
        "mr [[justice]] fell",
    ]);
}

#[test]
fn a_heading_beyond_a_tab_is_no_name() {
    check(&[
        "Name\tAge",
        "Name\tRole",
        "Consultant\tEDD",
        "Consultant\tLOS",
        "Nurse\tHCA\tBay",
        "Surname\t[[Young]]",
        "Name\t[[John Smith]]",
        "Mr\t[[Khan]]",
    ]);
}

#[test]
fn a_dictated_colon_is_no_name() {
    check(&[
        "Dear doctor colon new paragraph",
        "consultant colon Mr [[Rao]]",
        "nurse colon [[Kaur]]",
        "patient colon [[Joan Harker]]",
    ]);
}
