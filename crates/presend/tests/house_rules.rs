//! The house rules that types alone cannot hold: no message text in Debug, the same answer every time, and nothing but
//! identifiers changed.

use std::sync::LazyLock;

use presend::{Conversation, Detector, Engine, Folded, Kind, Offsets, Policies, Policy, Scratch, Span};
use proptest::prelude::*;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

/// Words that occur nowhere else in the program.
const SECRETS: &[&str] = &["Quillfeather", "zymurgical", "999 123 4004", "qwx@vault.example"];

fn secret_message() -> String {
    "pt Mrs Quillfeather zymurgical plan, NHS 999 123 4004, mail qwx@vault.example".to_owned()
}

fn assert_silent(what: &str, shown: &str) {
    for secret in SECRETS {
        assert!(
            !shown.to_lowercase().contains(&secret.to_lowercase()),
            "the Debug of {what} shows message text"
        );
    }
}

#[test]
fn debug_output_holds_no_message_text() {
    let text = secret_message();
    let mut conversation = Conversation::new();
    let _ = conversation.sender("Quillfeather");
    let outcome = Engine::builder()
        .policy(Policy::built_in("archive").expect("built in"))
        .build()
        .check_in(&text, &mut conversation);
    assert!(outcome.findings.len() >= 3, "the message holds identifiers: {}", outcome.findings.len());
    assert_silent("Outcome", &format!("{outcome:?} {outcome:#?}"));
    assert_silent("Conversation", &format!("{conversation:?}"));
    assert_silent("Engine", &format!("{:?}", *ENGINE));
    assert_silent("Folded", &format!("{:?}", Folded::new(&text)));
    assert_silent("Offsets", &format!("{:?}", Offsets::new(&text)));

    let mut scratch = Scratch::default();
    let detector =
        Detector::builder().staff("Quillfeather").allow("zymurgical").build().expect("small lists");
    let findings = detector.scan_with(&mut scratch, &text);
    assert_silent("Scratch", &format!("{scratch:?}"));
    assert_silent("Detector", &format!("{detector:?}"));
    assert_silent("Finding", &format!("{findings:?}"));
}

#[test]
fn evidence_is_the_programs_own_words() {
    for finding in ENGINE.findings(&secret_message()) {
        for why in &finding.evidence {
            assert_silent("Evidence", why.0);
        }
        assert!(!finding.evidence.is_empty(), "every finding says why");
    }
}

#[test]
fn one_long_text_gives_the_findings_of_its_parts() {
    let part =
        "pt Mrs Okonkwo NHS 999 123 4004, ward 7B bed 12, mail a.b@trust.example. K 4.1, home today\n\n";
    let alone = ENGINE.findings(part);
    assert!(alone.len() >= 4);
    for copies in [2, 30, 400] {
        let whole = ENGINE.findings(&part.repeat(copies));
        assert_eq!(whole.len(), alone.len() * copies);
        for (index, finding) in whole.iter().enumerate() {
            let expected = &alone[index % alone.len()];
            let shift = index / alone.len() * part.len();
            assert_eq!(finding.span, expected.span.shifted(shift));
            assert_eq!(finding.label, expected.label);
        }
    }
}

#[test]
fn customer_lists_are_found_and_permitted() {
    let engine = Engine::builder()
        .detector(
            Detector::builder()
                .staff("Zebedee")
                .site("Blue Block")
                .ward("Toadstool")
                .deny(presend::Label::OtherId, None, "red folder")
                .allow("Okonkwo")
                .build()
                .expect("small lists"),
        )
        .policy(Policy::built_in("redact").expect("built in"))
        .build();
    let outcome = engine.check("zebedee on toadstool in blue block, red folder. Mrs Okonkwo home");
    assert_eq!(outcome.text, "[NAME] on [WARD/BED] in [ORGANISATION], [REFERENCE]. Mrs Okonkwo home");
}

#[test]
fn a_name_beside_a_placeholder_is_not_taken_for_one() {
    let engine = Engine::builder().policy(Policy::built_in("redact").expect("built in")).build();
    for text in ["Mrs [NAME] Okafor, NHS *** *** 4004 and 999 123 4551", "[PATIENT 1] Mrs Okafor"] {
        let outcome = engine.check(text);
        assert!(!outcome.text.contains("Okafor") && !outcome.text.contains("4551"), "{}", outcome.text);
    }
    assert_eq!(engine.check("Mrs [NAME] in [WARD/BED]").text, "Mrs [NAME] in [WARD/BED]");
}

/// Text as chats hold it: words, numbers, marks, emoji, identifiers, odd characters.
fn chat() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,9}",
        "[A-Z][a-z]{1,8}",
        "[0-9]{1,11}",
        "[ \n\t.,:;()/@#-]{1,3}",
        Just("Mrs Okafor".to_owned()),
        Just("999 123 4004".to_owned()),
        Just("bed 4".to_owned()),
        Just("dob 3.2.61".to_owned()),
        Just("a.b@trust.example".to_owned()),
        Just("nine nine nine".to_owned()),
        Just("👩🏽‍⚕️".to_owned()),
        Just("Ｆｏｏ１２３".to_owned()),
        "\\PC{1,3}",
    ];
    proptest::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn findings_are_sound_disjoint_and_the_same_every_time(text in chat()) {
        let findings = ENGINE.findings(&text);
        let mut scratch = Scratch::default();
        let _ = ENGINE.findings_with(&mut scratch, "Mrs Adeyemi, bed 3, another message");
        prop_assert_eq!(&findings, &ENGINE.findings_with(&mut scratch, &text));
        let mut end = 0;
        for finding in &findings {
            prop_assert!(finding.span.start() >= end && finding.span.of(&text).is_some_and(|words| !words.is_empty()));
            prop_assert!((0.0..=1.0).contains(&finding.confidence));
            end = finding.span.end();
        }
    }

    #[test]
    fn what_is_no_identifier_leaves_byte_for_byte(text in chat(), policy in 0..Policies::built_in_names().count()) {
        let engine = Engine::builder().policy(Policy::built_in(Policies::built_in_names().nth(policy).expect("in range")).expect("built in")).build();
        let outcome = engine.check(&text);
        let mut rest = outcome.text.as_str();
        let mut at = 0;
        for (finding, decision) in outcome.findings.iter().zip(&outcome.decisions) {
            if !decision.action.rewrites() {
                continue;
            }
            let kept = Span::new(at, finding.span.start()).of(&text).expect("on boundaries");
            rest = rest.strip_prefix(kept).expect("the text before a finding is untouched");
            // The rewriting ends where the rest of the original goes on; skip to the next untouched stretch.
            at = finding.span.end();
            let next = outcome
                .findings
                .iter()
                .zip(&outcome.decisions)
                .find(|(other, decision)| other.span.start() >= at && decision.action.rewrites())
                .map_or(text.len(), |(other, _)| other.span.start());
            let following = Span::new(at, next).of(&text).expect("on boundaries");
            let skip = rest.find(following).expect("the text after a finding is untouched");
            rest = &rest[skip..];
        }
        prop_assert!(rest.ends_with(&text[at..]));
        prop_assert_eq!(outcome.text.matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn a_redacted_placeholder_is_not_found_again_as_a_direct_identifier(text in chat()) {
        let outcome = ENGINE.check(&text);
        for finding in ENGINE.findings(&outcome.text) {
            let words = finding.span.of(&outcome.text).expect("on boundaries");
            prop_assert!(finding.label.kind() != Kind::Direct || !words.contains('['), "a placeholder was found again");
        }
    }
}

#[test]
fn what_the_api_needs_can_be_named() {
    use presend::{
        BirthDate, Confidence, Features, ListError, NumberKind, PatientError, PatientList,
        PatientListBuilder, PatientNumber, PatientRecord, Plan, Reading, StateError, SurnameAlone, Word,
    };

    fn list() -> Result<PatientList, PatientError> {
        let mut list = PatientListBuilder::new(*b"sixteen key byte").surname_alone(SurnameAlone::AfterTitle);
        let numbers = &[PatientNumber { kind: NumberKind::Nhs, value: "999 123 4004" }];
        let date_of_birth = BirthDate::new(1941, 3, 4);
        let names = PatientRecord { given: "Doris", family: "Ekwueme", ..PatientRecord::default() };
        list.add(&PatientRecord { date_of_birth, numbers, ..names })?;
        Ok(list.build())
    }

    let detector: Result<Detector, ListError> =
        Detector::builder().recogniser(Box::new(list().expect("a patient"))).build();
    let text = "Doris Ekwueme is home";
    let mut reading = Reading::default();
    let detector = detector.expect("a short list");
    detector.read(&mut Scratch::default(), text, &mut reading);
    let words: &[Word] = reading.words();
    let features: Option<Features> = words.first().map(|word| word.features);
    assert!(features.is_some_and(Features::is_name));
    let findings = detector.scan(text);
    let plan: Plan = Policy::default().plan(text, &findings, &Default::default(), Default::default());
    assert_eq!(plan.decisions.len(), 1);
    assert!(Confidence::default().likely < 1.0);
    let _: Option<StateError> = None;
}
