//! The built-in models over the project's corpora.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads files")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use presend_detect::{Detector, Finding, Label, Review, Scratch};
use presend_eval::gold::{self, Message};
use presend_eval::{Prediction, compare};
use presend_ner::{Bundle, Model, Runtime};

fn corpus(name: &str) -> Vec<Message> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(name);
    gold::parse(&std::fs::read_to_string(path).unwrap(), 1).unwrap()
}

fn detector(bundle: &Bundle, always: bool) -> Detector {
    let model = Model::new(bundle, &Runtime::BuiltIn).unwrap().always_on(always);
    Detector::new().with_reviewer(Box::new(model))
}

static SMALL: LazyLock<Detector> = LazyLock::new(|| detector(&Bundle::small(), false));
static TINY: LazyLock<Detector> = LazyLock::new(|| detector(&Bundle::tiny(), false));

fn predictions(detector: &Detector, message: &Message) -> Vec<Prediction> {
    detector.scan(&message.text).iter().map(Prediction::from).collect()
}

#[test]
fn the_cascade_loses_no_protected_span() {
    for (bundle, cascade) in [(Bundle::small(), &SMALL), (Bundle::tiny(), &TINY)] {
        let always = detector(&bundle, true);
        for name in ["dev.txt", "validation.txt", "traps.txt"] {
            let messages = corpus(name);
            let found = compare(&messages, |m| predictions(&always, m), |m| predictions(cascade, m));
            let lost: Vec<&str> =
                found.differences.iter().filter(|d| !d.lost.is_empty()).map(|d| d.message.as_str()).collect();
            assert!(lost.is_empty(), "{name}: spans lost in the messages {lost:?}");
        }
    }
}

#[test]
fn messages_give_the_same_alone_and_together() {
    let messages = corpus("dev.txt");
    let texts: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    for detector in [&*SMALL, &*TINY] {
        let mut scratch = Scratch::default();
        let together = detector.scan_many(&mut scratch, &texts);
        assert_eq!(together.len(), texts.len());
        for (text, (findings, review)) in texts.iter().zip(together) {
            let (alone, alone_review) = detector.scan_reviewed(&mut scratch, text);
            assert_eq!(review, alone_review);
            let shape = |findings: &[Finding]| -> Vec<_> {
                findings.iter().map(|found| (found.span, found.label, found.role)).collect()
            };
            assert_eq!(shape(&findings), shape(&alone));
        }
    }
}

#[test]
fn findings_are_sorted_apart_and_on_characters() {
    for name in ["adversarial.txt", "dev.txt"] {
        for message in corpus(name) {
            let findings = SMALL.scan(&message.text);
            assert!(
                findings.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()),
                "{}",
                message.id
            );
            for found in &findings {
                assert!(
                    found.span.of(&message.text).is_some_and(|words| !words.trim().is_empty()),
                    "{}",
                    message.id
                );
                assert!((0.0..=1.0).contains(&found.confidence));
                assert!(!found.evidence.is_empty());
            }
        }
    }
}

/// A list of so many lines, each with a patient of another name.
fn list(lines: usize) -> (String, Vec<String>) {
    const GIVEN: [&str; 7] = ["Oluwaseun", "Siobhan", "Mohammed", "Agnieszka", "Priya", "Gethin", "Nguyen"];
    const FAMILY: [&str; 5] = ["Okonkwo", "MacAllister", "Kowalczyk", "Ramasamy", "Pritchard"];
    let names: Vec<String> = (0..lines)
        .map(|line| format!("{} {}", GIVEN[line % GIVEN.len()], FAMILY[line / GIVEN.len() % FAMILY.len()]))
        .collect();
    let text = names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("{}. {name}: bloods at 6, home if K ok\n", at % 30 + 1));
    (text.collect(), names)
}

#[test]
fn a_text_longer_than_the_window_is_read_to_its_end() {
    let (text, names) = list(400);
    for detector in [&*SMALL, &*TINY] {
        let (findings, review) = detector.scan_reviewed(&mut Scratch::default(), &text);
        assert_eq!(review, Review::Read);
        let mut start = 0;
        for (line, name) in text.split_inclusive('\n').zip(&names) {
            let at = start + line.find(name.as_str()).unwrap();
            let touched = findings.iter().any(|found| {
                found.label == Label::Person && found.span.start() < at + name.len() && at < found.span.end()
            });
            assert!(touched, "nobody is found in the line at byte {start} of {}", text.len());
            start += line.len();
        }
    }
}

#[test]
fn one_line_without_any_break_is_read_to_its_end() {
    let text = "bloods fine and then again ".repeat(200) + "mrs okonkwo";
    let findings = SMALL.scan(&text);
    assert!(findings.iter().any(|found| found.span.of(&text) == Some("okonkwo")), "{findings:?}");
}

#[test]
fn what_cannot_be_used_is_an_error_that_says_which_file() {
    use std::borrow::Cow;
    let good = Bundle::tiny();
    let bad = |change: fn(&mut Bundle)| {
        let mut bundle = good.clone();
        change(&mut bundle);
        Model::new(&bundle, &Runtime::BuiltIn).unwrap_err()
    };
    let tokenizer = bad(|bundle| bundle.tokenizer = Cow::Borrowed(b"{}"));
    assert!(tokenizer.is_bundle() && tokenizer.to_string().contains("tokenizer.json"), "{tokenizer}");
    let settings = bad(|bundle| bundle.settings = Cow::Borrowed(b"{\"id\": \"x\"}"));
    assert!(settings.is_bundle() && settings.to_string().contains("settings.json"), "{settings}");
    let graph = bad(|bundle| bundle.graph = Cow::Borrowed(b"not a graph"));
    assert!(graph.is_backend(), "{graph}");
    let library = Model::new(&good, &Runtime::OnnxRuntime(PathBuf::from("/nowhere/libonnxruntime.so")));
    assert!(library.unwrap_err().is_backend());
    let fallback = Model::new(&good, &Runtime::FirstOf(vec![PathBuf::from("/nowhere/libonnxruntime.so")]));
    assert!(fallback.is_ok());
}

#[test]
fn nothing_that_is_shown_holds_the_message() {
    let text = "Zebedee Quillfeather in bed 9";
    let mut reading = presend_detect::Reading::default();
    SMALL.read(&mut Scratch::default(), text, &mut reading);
    let shown = format!("{reading:?} {:?} {:?}", SMALL.scan(text), &*SMALL);
    for word in ["zebedee", "quillfeather"] {
        assert!(!shown.to_lowercase().contains(word), "{shown}");
    }
}

#[test]
fn the_files_are_those_of_the_manifest() {
    use sha2::{Digest as _, Sha256};
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let manifest = std::fs::read_to_string(models.join("manifest.json")).unwrap();
    let manifest: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest.len(), 6);
    for (name, about) in manifest {
        let bytes = std::fs::read(models.join(&name)).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (about["bytes"].as_u64(), about["sha256"].as_str()),
            (Some(bytes.len() as u64), Some(&*digest)),
            "{name}"
        );
    }
}

#[test]
fn the_models_are_as_small_as_they_are_said_to_be() {
    assert!(Bundle::small().graph.len() < 20_000_000);
    assert!(Bundle::tiny().graph.len() < 6_000_000);
}

#[test]
fn an_allowed_term_is_no_finding_of_the_model_either() {
    let text = "grace in b4 c/o cp again, trop at 6";
    let model = || Box::new(Model::new(&Bundle::small(), &Runtime::BuiltIn).unwrap());
    let words = |detector: &Detector| -> Vec<&str> {
        detector.scan(text).iter().filter_map(|found| found.span.of(text)).collect()
    };
    assert_eq!(words(&Detector::new().with_reviewer(model())), ["grace", "b4"]);
    let allowing = Detector::builder().allow("Grace").build().unwrap().with_reviewer(model());
    assert_eq!(words(&allowing), ["b4"]);
}

/// Results that stand beside a number are no part of it and no number of their own.
#[test]
fn numbers_end_where_the_rules_say() {
    for (text, numbers) in [
        ("reviewed NHS 999 123 4004 114 and wait", &["999 123 4004"][..]),
        ("NHS 999 123 4004 120/80 stable", &["999 123 4004"]),
        ("MRN: H501131 114 crp", &["H501131"]),
        ("CRP 114 bleep 2231 please", &["2231"]),
    ] {
        for detector in [&*SMALL, &*TINY] {
            let found: Vec<&str> =
                detector.scan(text).iter().filter_map(|finding| finding.span.of(text)).collect();
            assert_eq!(found, numbers, "{text}");
        }
    }
}

/// Rows of observations and volumes are no number of anything.
#[test]
fn rows_of_results_are_no_numbers() {
    for text in ["obs 36.8 78 18 120/70", "obs 37.8 98 22 110/60", "uo 400 300 250 200 150 100 50 30"] {
        for detector in [&*SMALL, &*TINY] {
            assert_eq!(detector.scan(text), [], "{text}");
        }
    }
}

/// What is done at a bed stays: it is no part of where.
#[test]
fn jobs_are_no_part_of_beds() {
    let text = "ECG bed 9, AF 128?";
    for detector in [&*SMALL, &*TINY] {
        let found: Vec<&str> =
            detector.scan(text).iter().filter_map(|finding| finding.span.of(text)).collect();
        assert_eq!(found, ["bed 9"]);
    }
}

/// What is said of the patient before a bed stays; the unit that the bed is in does not.
#[test]
fn diagnoses_and_scores_are_no_part_of_beds() {
    for (text, bed) in [
        ("?SAH bed 2 for CT head", "bed 2"),
        ("?PE bed 3 needs ctpa", "bed 3"),
        ("SVT bed 2", "bed 2"),
        ("NBM bed 3", "bed 3"),
        ("PPH room 3", "room 3"),
        ("sepsis bed 4", "bed 4"),
        ("lactate 5 bed 2", "bed 2"),
        ("MEWS 6 bed 12", "bed 12"),
        ("GCS 7 bed 3", "bed 3"),
        ("AMU bed 22", "AMU bed 22"),
        ("ortho bed 9", "ortho bed 9"),
        ("stroke bed 4", "stroke bed 4"),
        ("vascular bay 4", "vascular bay 4"),
    ] {
        let found: Vec<&str> = SMALL.scan(text).iter().filter_map(|finding| finding.span.of(text)).collect();
        assert_eq!(found, [bed], "{text}");
    }
}

/// What the rules are right about stays, with the label and the span that they give it.
#[test]
fn what_the_rules_know_stands() {
    for (text, label, words) in [
        (
            "The Laurels Care Home: https://maps.example.org/?q=1",
            Label::Organisation,
            "The Laurels Care Home",
        ),
        (
            "Royal Cornwall Hospital: https://maps.google.com/?q=50.2,-5.1",
            Label::Organisation,
            "Royal Cornwall Hospital",
        ),
        ("Penrice Hospital tomorrow", Label::Organisation, "Penrice Hospital"),
        ("Wembley Clinic is shut", Label::Organisation, "Wembley Clinic"),
        ("NHS no |9|9|9| |1|2|3| |4|5|5|1|", Label::NhsNumber, "9|9|9| |1|2|3| |4|5|5|1"),
        (
            r#"2024-03-12T14:05:00Z,"Polglase, Tegen",ok,W6,999 000 0026,+447700900457,1952-11-30"#,
            Label::DateOfBirth,
            "1952-11-30",
        ),
        ("mrs crimble 66f", Label::Age, "66"),
        ("82yoF with cough", Label::Age, "82yo"),
        ("45yM chest pain", Label::Age, "45y"),
        ("F82 with sepsis", Label::Age, "82"),
        ("M45 chest pain", Label::Age, "45"),
        (
            "reg mike tango one nine xray yankee zulu",
            Label::VehicleRegistration,
            "mike tango one nine xray yankee zulu",
        ),
        ("ward 22 & 23 shut", Label::WardBed, "23"),
    ] {
        let found = SMALL.scan(text);
        let is_kept = found.iter().any(|found| found.label == label && found.span.of(text) == Some(words));
        assert!(is_kept, "{text}: {found:?}");
        let stray = |found: &&Finding| found.label == Label::Date && found.span.of(text).unwrap().len() < 3;
        assert!(!found.iter().any(|found| stray(&found)), "{text}: {found:?}");
    }
}

/// What lacks the check digit or the form of its label is none where the model alone says so.
#[test]
fn look_alikes_are_nothing() {
    for (text, wanted) in [
        ("d/w dr patel 1430 re ct", &["patel"][..]),
        ("bleeped by sr kaur 2215", &["kaur"]),
        ("d/w dr patel ext 1430", &["patel", "1430"]),
        ("fatuma ali, 3/7 post lap app", &["fatuma ali"]),
        ("kim lee, 5/7 post lscs", &["kim lee"]),
        (r#""from_id": "user987654321""#, &["user987654321"]),
        (r#"date="1710252000000""#, &[]),
        ("enrolled in NCT04381936", &[]),
        ("SNOMED 195967001 asthma", &[]),
        ("PO number 4500441277", &[]),
        ("HN13B tariff", &[]),
        ("see [2022] EWHC 1123 (QB)", &[]),
        ("start esom 40 od", &[]),
    ] {
        let found: Vec<&str> = SMALL.scan(text).iter().filter_map(|finding| finding.span.of(text)).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

/// Each is all that is found, and no two share a word.
#[test]
fn spans_are_whole_and_keep_to_their_cells() {
    for (text, wanted) in [
        ("P v Cheshire West and Chester Council", &["Cheshire West and Chester Council"][..]),
        ("Leeds and York Partnership Trust", &["Leeds and York Partnership Trust"]),
        (
            "9992200332,Hargreaves,Olwen,02/01/1939,ok,Mistry",
            &["9992200332", "Hargreaves", "Olwen", "02/01/1939", "Mistry"],
        ),
        ("Ward\tBed\tPatient", &[]),
        ("Ward:\tJuniper\tBed:\t14", &["Juniper"]),
        ("Total\t82\t81\t1\t4", &[]),
        ("thx @bev_ for that", &["@bev_"]),
        ("ask @jo_smith_ please", &["@jo_smith_"]),
    ] {
        let found: Vec<&str> = SMALL.scan(text).iter().filter_map(|finding| finding.span.of(text)).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

/// What has a form of its own is nothing that lacks it.
#[test]
fn forms_are_kept() {
    for (text, wanted) in [
        (
            r#"{"resourceType":"MedicationRequest","medicationCodeableConcept":{"text":"amoxicillin"}}"#,
            &[][..],
        ),
        (r#""Medsecs Cardiology" <cs@stmarks.example.org>"#, &["cs@stmarks.example.org"]),
        ("DTSTAMP:20270115T083000Z", &[]),
        ("ROS: neg", &[]),
    ] {
        let found: Vec<&str> = SMALL.scan(text).iter().filter_map(|finding| finding.span.of(text)).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

/// An initial before an age belongs to the name; an honour and potassium do not.
#[test]
fn names_end_where_they_end() {
    for (text, wanted) in [
        ("Begum N 34F", &["Begum N"][..]),
        ("Patel R 54M, Morris R 77M", &["Patel R", "Morris R"]),
        ("Khan S 39F, Kaur S 71F", &["Khan S", "Kaur S"]),
        ("Ward P 71F chest pain", &["Ward P"]),
        ("Tom Hyde QC for the trust", &["Tom Hyde"]),
        ("Sarah Lunn OBE visited", &["Sarah Lunn"]),
        ("Mr Bradley Martin KC", &["Bradley Martin"]),
        ("Mr Bishal KC", &["Bishal KC"]),
        ("bankole K 5.9, repeat", &["bankole"]),
        ("chen K 5.9", &["chen"]),
    ] {
        let found: Vec<&str> = SMALL
            .scan(text)
            .iter()
            .filter(|finding| finding.label == Label::Person)
            .filter_map(|finding| finding.span.of(text))
            .collect();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn a_model_that_is_told_to_stop_leaves_off_and_says_so() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    let text = "okafor in b4 is worse, ask haddow. ".repeat(100);
    let mut scratch = Scratch::default();
    scratch.stop_by(Some(Arc::new(AtomicBool::new(true))));
    assert_eq!(TINY.scan_reviewed(&mut scratch, &text).1, Review::Failed);
    scratch.stop_by(None);
    assert_eq!(TINY.scan_reviewed(&mut scratch, &text).1, Review::Read);
}
