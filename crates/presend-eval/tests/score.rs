//! The figures against cases worked out by hand.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use std::ops::Range;

use presend_detect::{Evidence, Finding, Label, Role};
use presend_eval::gold::{self, Message};
use presend_eval::report::{self, Examples};
use presend_eval::{
    Class, ExampleKind, Figures, NUMBERS_AND_CONTACTS, Prediction, Score, ScoreOptions, Share, class,
    compare, score,
};
use presend_text::Span;

fn options() -> ScoreOptions {
    ScoreOptions { resamples: 0, ..ScoreOptions::default() }
}

fn predicted(range: Range<usize>, label: Label) -> Prediction {
    Prediction { span: range.into(), label, role: None, rule: None }
}

fn person(range: Range<usize>, role: Role) -> Prediction {
    Prediction { role: Some(role), ..predicted(range, Label::Person) }
}

fn share(hits: u64, of: u64) -> Share {
    Share { hits, of }
}

/// The score of one marked message under the predictions.
fn one(marked: &str, predictions: &[Prediction]) -> Score {
    let messages = gold::parse_marked(marked, 0).unwrap();
    assert_eq!(messages.len(), 1);
    score(&messages, |_| predictions.to_vec(), &options())
}

const CORPUS: &str = "\
# setting=gp style=chat
[[PERSON:patient|Jo Bloggs]] seen by Dr [[PERSON:staff|Ng]] at [[POSTCODE|PH2]]
---
# setting=gp style=sms
ring [[PHONE|07700 900123]] or [[POSTCODE|EX16 9LF]]
---
# setting=ed style=sms
wells score 4
---
ok
";

fn corpus() -> Vec<Message> {
    gold::parse_marked(CORPUS, 0).unwrap()
}

fn answers(message: &Message) -> Vec<Prediction> {
    match message.id.as_str() {
        "1" => vec![person(0..9, Role::Relative), person(18..23, Role::Staff)],
        "2" => vec![predicted(5..17, Label::OtherId), predicted(21..25, Label::Postcode)],
        "3" => vec![Prediction { rule: Some("surname"), ..predicted(0..5, Label::Person) }],
        _ => Vec::new(),
    }
}

#[test]
fn a_small_corpus_worked_by_hand() {
    let scored = score(&corpus(), answers, &options());
    assert_eq!((scored.messages, scored.gold_spans, scored.predictions), (4, 5, 5));
    assert_eq!(scored.invalid_predictions, 0);
    let expected = Figures {
        // Jo Bloggs and the phone number, but four of the seven characters of EX16 9LF.
        direct_recall: share(2, 3),
        safe_messages: share(1, 2),
        staff_recall: share(1, 1),
        // PH2 alone is an outward code.
        quasi_recall: share(0, 1),
        numbers_and_contacts: share(1, 3),
        protected: share(3, 5),
        // The phone number went as OTHER_ID; EX16 is too little but has the right label.
        typed: share(3, 5),
        role_accuracy: share(1, 2),
        span_precision: share(4, 5),
        // 8 + 2 + 11 + 4 letters and digits in gold; "Dr" and "wells" outside.
        char_precision: share(25, 32),
        // Outside gold: "seen by Dr at" 10, "ring or" 6, "wells score 4" 11, "ok" 2.
        text_damage: share(7, 29),
        clean_alarm: share(1, 2),
    };
    assert_eq!(scored.overall, expected);

    let label = |label| scored.by_label[&label];
    assert_eq!(label(Label::Person).protected, share(2, 2));
    assert_eq!(label(Label::Person).typed, share(2, 2));
    assert_eq!(label(Label::Person).span_precision, share(2, 3));
    assert_eq!(label(Label::Person).label_precision, share(2, 3));
    assert_eq!(label(Label::Postcode).protected, share(0, 2));
    assert_eq!(label(Label::Postcode).typed, share(1, 2));
    assert_eq!(label(Label::Phone).protected, share(1, 1));
    assert_eq!(label(Label::Phone).typed, share(0, 1));
    assert_eq!(label(Label::OtherId).protected, share(0, 0));
    assert_eq!(label(Label::OtherId).span_precision, share(1, 1));
    assert_eq!(label(Label::OtherId).label_precision, share(0, 1));
    assert_eq!(scored.by_label.len(), 4);

    assert_eq!(scored.by_role[&Role::Patient].protected, share(1, 1));
    assert_eq!(scored.by_role[&Role::Patient].role_accuracy, share(0, 1));
    assert_eq!(scored.by_role[&Role::Staff].role_accuracy, share(1, 1));

    let (messages, gp) = scored.by_meta["setting"]["gp"];
    assert_eq!(messages, 2);
    assert_eq!((gp.direct_recall, gp.text_damage, gp.clean_alarm), (share(2, 3), share(2, 16), share(0, 0)));
    let (messages, sms) = scored.by_meta["style"]["sms"];
    assert_eq!((messages, sms.span_precision, sms.clean_alarm), (2, share(2, 3), share(1, 1)));
    assert_eq!(scored.by_meta.values().map(|values| values.len()).collect::<Vec<_>>(), [2, 2]);

    let misses: Vec<_> = scored
        .misses
        .iter()
        .map(|e| (e.message.as_str(), e.label, e.class.unwrap(), e.covered.unwrap(), e.words.as_str()))
        .collect();
    assert_eq!(
        misses,
        [
            ("1", Label::Postcode, Class::Quasi, share(0, 3), "PH2"),
            ("2", Label::Postcode, Class::Direct, share(4, 7), "EX16 9LF"),
        ]
    );
    assert_eq!(scored.misses[0].before, "by Dr Ng at ");
    let [alarm] = scored.false_alarms.as_slice() else { panic!("one false alarm") };
    assert_eq!((alarm.kind, alarm.rule), (ExampleKind::FalseAlarm, Some("surname")));
    assert_eq!(
        (alarm.before.as_str(), alarm.words.as_str(), alarm.after.as_str()),
        ("", "wells", " score 4")
    );
}

#[test]
fn ninety_per_cent_of_letters_and_digits() {
    let protected = |predictions: &[Prediction]| {
        one("no [[NHS_NUMBER|999 000 0018]] ok", predictions).overall.direct_recall.hits == 1
    };
    // Ten digits at 3..15: nine of them are enough, eight are not, and the spaces do not count.
    assert!(protected(&[predicted(3..15, Label::NhsNumber)]));
    assert!(protected(&[predicted(4..15, Label::Phone)]));
    assert!(!protected(&[predicted(5..15, Label::NhsNumber)]));
    assert!(!protected(&[predicted(0..13, Label::NhsNumber)]));
    assert!(protected(&[predicted(0..14, Label::Mrn)]));
    // Several predictions count together, and twice over does not count twice.
    assert!(protected(&[
        predicted(3..6, Label::Age),
        predicted(7..10, Label::Age),
        predicted(11..14, Label::Age)
    ]));
    assert!(!protected(&[predicted(3..10, Label::Age), predicted(3..10, Label::Date)]));
    assert!(!protected(&[]));
}

#[test]
fn a_span_without_letters_or_digits_goes_by_its_characters() {
    let marked = "pt [[PERSON:patient|🩺🩺]] ok";
    assert_eq!(one(marked, &[person(3..11, Role::Patient)]).overall.direct_recall, share(1, 1));
    assert_eq!(one(marked, &[person(3..7, Role::Patient)]).overall.direct_recall, share(0, 1));
}

#[test]
fn touching_is_sharing_a_byte() {
    // "see Jo Ray now": the name is 4..10.
    let marked = "see [[PERSON:patient|Jo Ray]] now";
    let precision = |range: Range<usize>| {
        let scored = one(marked, &[predicted(range, Label::Place)]);
        assert_eq!(scored.overall.typed.hits, 0);
        scored.overall.span_precision.hits == 1
    };
    assert!(!precision(0..3));
    assert!(!precision(0..4), "ends where the span starts");
    assert!(!precision(10..14), "starts where the span ends");
    assert!(precision(0..5));
    assert!(precision(9..14));
    assert!(precision(6..7), "the space inside the name");
    assert!(precision(0..14));
    // One character is enough to be typed, though not to protect.
    let scored = one(marked, &[person(9..10, Role::Patient)]);
    assert_eq!((scored.overall.typed, scored.overall.protected), (share(1, 1), share(0, 1)));
}

#[test]
fn one_prediction_over_two_spans_and_the_role_of_the_larger_overlap() {
    let scored = one("[[PERSON:patient|Jo]] [[PERSON:relative|Ann]]", &[person(0..6, Role::Patient)]);
    assert_eq!(scored.overall.protected, share(2, 2));
    assert_eq!(scored.overall.span_precision, share(1, 1));
    assert_eq!(scored.overall.role_accuracy, share(1, 2));
    let marked = "[[PERSON:patient|Jo Bloggs]]";
    let role = |predictions: &[Prediction]| one(marked, predictions).overall.role_accuracy;
    assert_eq!(role(&[person(0..2, Role::Staff), person(3..9, Role::Patient)]), share(1, 1));
    assert_eq!(
        role(&[person(0..6, Role::Staff), person(3..9, Role::Patient)]),
        share(0, 1),
        "the first of equals"
    );
    assert_eq!(role(&[predicted(0..9, Label::Person)]), share(0, 1), "no role is not the right role");
    assert_eq!(role(&[predicted(0..9, Label::Place)]), share(0, 0), "not typed");
}

#[test]
fn safe_messages_need_every_direct_identifier() {
    let marked = "[[PERSON:patient|Jo]] [[MRN|K1]] [[PERSON:staff|Ng]] [[AGE|82]]";
    let safe = |predictions: &[Prediction]| one(marked, predictions).overall.safe_messages;
    assert_eq!(safe(&[predicted(0..2, Label::Person)]), share(0, 1));
    assert_eq!(safe(&[predicted(0..2, Label::Person), predicted(3..5, Label::Age)]), share(1, 1));
    let quasi_only = one("[[PERSON:staff|Ng]] [[AGE|82]] [[POSTCODE|LS1]]", &[]).overall;
    assert_eq!((quasi_only.safe_messages, quasi_only.direct_recall), (share(0, 0), share(0, 0)));
    assert_eq!((quasi_only.staff_recall, quasi_only.quasi_recall), (share(0, 1), share(0, 2)));
}

#[test]
fn classes() {
    let classes = |marked: &str| -> Vec<Class> {
        let messages = gold::parse_marked(marked, 0).unwrap();
        messages[0].spans.iter().map(|span| class(span, &messages[0].text)).collect()
    };
    for outward in ["M1", "PH2", "n17", "EX16", "W1A", "EC1A", "EC1A.", "L 8"] {
        assert_eq!(classes(&format!("[[POSTCODE|{outward}]]")), [Class::Quasi], "{outward}");
    }
    for full in
        ["BB9 7QT", "N17 6XE", "ec1a1bb", "M1 1AA", "sw nineteen two xx", "EX16 9", "9LF", "N", "ABC1", "é1"]
    {
        assert_eq!(classes(&format!("[[POSTCODE|{full}]]")), [Class::Direct], "{full}");
    }
    for label in Label::ALL.iter().filter(|label| !matches!(label, Label::Person | Label::Postcode)) {
        let quasi = ["PLACE", "ORGANISATION", "WARD_BED", "DATE", "AGE", "PROFESSION", "DEMOGRAPHIC"];
        let expected = if quasi.contains(&label.name()) { Class::Quasi } else { Class::Direct };
        assert_eq!(classes(&format!("[[{label}|x1]]")), [expected], "{label}");
    }
    for role in Role::ALL {
        let expected = if *role == Role::Staff { Class::Staff } else { Class::Direct };
        assert_eq!(classes(&format!("[[PERSON:{role}|Jo]]")), [expected], "{role}");
    }
    let direct_but: Vec<&Label> = Label::ALL
        .iter()
        .filter(|label| label.kind() == presend_detect::Kind::Direct && !NUMBERS_AND_CONTACTS.contains(label))
        .collect();
    assert_eq!(direct_but, [&Label::Person, &Label::Address]);
}

#[test]
fn nothing_marked_or_nothing_predicted() {
    let none: [Prediction; 0] = [];
    let empty = score(&[], |_| none, &ScoreOptions::default());
    assert!(empty.overall.named().iter().all(|(_, share)| share.percent().is_none()));
    assert!(empty.intervals.is_empty());

    let silent = score(&corpus(), |_| none, &options());
    assert_eq!((silent.overall.protected, silent.overall.span_precision), (share(0, 5), share(0, 0)));
    assert_eq!((silent.overall.text_damage, silent.overall.clean_alarm), (share(0, 29), share(0, 2)));
    assert_eq!((silent.misses.len(), silent.false_alarms.len()), (5, 0));

    let perfect = score(&corpus(), |m: &Message| m.spans.clone(), &options());
    for (name, share) in perfect.overall.named() {
        let expected = if matches!(name, "text_damage" | "clean_alarm") { 0.0 } else { 100.0 };
        assert_eq!(share.percent(), Some(expected), "{name}");
    }
}

#[test]
fn predictions_that_do_not_fit_count_and_cover_nothing() {
    let marked = "é [[AGE|82]]";
    let misfits = [
        predicted(1..5, Label::Age),
        predicted(3..9, Label::Age),
        predicted(4..4, Label::Age),
        predicted(0..usize::MAX, Label::Age),
    ];
    let scored = one(marked, &misfits);
    assert_eq!((scored.predictions, scored.invalid_predictions), (4, 4));
    assert_eq!((scored.overall.protected, scored.overall.typed), (share(0, 1), share(0, 1)));
    assert_eq!((scored.overall.span_precision, scored.overall.text_damage), (share(0, 4), share(0, 1)));
    assert_eq!(scored.false_alarms.len(), 4);
    assert!(report::table(&scored).contains("4 predictions do not fit their message"));
}

#[test]
fn findings_are_predictions() {
    let finding = Finding {
        span: Span::new(0, 2),
        label: Label::Age,
        role: None,
        confidence: 0.9,
        rule: "age",
        evidence: vec![Evidence("unit")],
    };
    let messages = gold::parse_marked("[[AGE|82]]", 0).unwrap();
    let scored = score(&messages, |_| vec![finding.clone()], &options());
    assert_eq!(scored.overall.typed, share(1, 1));
    assert_eq!(Prediction::from(&finding).rule, Some("age"));
}

#[test]
fn bootstrap_intervals() {
    let file = (0..100)
        .map(|n| if n % 2 == 0 { "[[MRN|K1]] x" } else { "[[AGE|9]] y" })
        .collect::<Vec<_>>()
        .join("\n---\n");
    let messages = gold::parse_marked(&file, 0).unwrap();
    // Half of the spans are protected: the interval of a share of 100 is 50 with nearly ten on either side.
    let half = |m: &Message| (m.text.starts_with('K')).then(|| predicted(0..2, Label::Mrn));
    let scored = score(&messages, half, &ScoreOptions::default());
    let interval = scored.intervals["protected"];
    assert!((37.0..=43.0).contains(&interval.low) && (57.0..=63.0).contains(&interval.high), "{interval:?}");
    assert_eq!((scored.intervals["direct_recall"].low, scored.intervals["quasi_recall"].high), (100.0, 0.0));
    assert!(!scored.intervals.contains_key("clean_alarm"), "no clean message, so nothing to draw");
    let again = score(&messages, half, &ScoreOptions::default());
    assert_eq!(again.intervals, scored.intervals);
    // A seed changes what is drawn; over so few resamples the ends move.
    let seeded = |seed| {
        let options = ScoreOptions { seed, resamples: 20, ..ScoreOptions::default() };
        score(&messages, half, &options).intervals["protected"]
    };
    assert!((1..6).any(|seed| seeded(seed) != seeded(0)));
}

#[test]
fn table_and_listing() {
    let scored = score(&corpus(), answers, &options());
    let table = report::table(&scored);
    let head: Vec<&str> = table.lines().take(15).collect();
    assert_eq!(
        head,
        [
            "4 messages, 5 gold spans, 5 predictions",
            "",
            "figure                    %  95 % interval  count",
            "direct_recall          66.7              -    2/3",
            "safe_messages          50.0              -    1/2",
            "staff_recall          100.0              -    1/1",
            "quasi_recall            0.0              -    0/1",
            "numbers_and_contacts   33.3              -    1/3",
            "protected              60.0              -    3/5",
            "typed                  60.0              -    3/5",
            "role_accuracy          50.0              -    1/2",
            "span_precision         80.0              -    4/5",
            "char_precision         78.1              -  25/32",
            "text_damage           24.14              -   7/29",
            "clean_alarm            50.0              -    1/2",
        ]
    );
    assert!(!table.contains("Bloggs") && !table.contains("wells"));
    let listing = report::listing(&scored);
    assert!(listing.contains("quasi 0/3   by Dr Ng at ‹PH2›\n"), "{listing}");
    assert!(listing.contains("direct 4/7  ring 07700 900123 or ‹EX16 9LF›\n"), "{listing}");
    assert!(listing.contains("surname  ‹wells› score 4\n"), "{listing}");
    assert_eq!(report::listing(&score(&corpus(), |m: &Message| m.spans.clone(), &options())), "");
}

#[test]
fn json_has_stable_names() {
    let scored = score(&corpus(), answers, &ScoreOptions::default());
    let json = report::json(&scored, Examples::Leave).unwrap();
    assert!(!json.contains("Bloggs") && !json.contains("wells"));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "by_label",
            "by_meta",
            "by_role",
            "gold_spans",
            "intervals",
            "invalid_predictions",
            "messages",
            "overall",
            "predictions"
        ]
    );
    assert_eq!(value["overall"]["direct_recall"]["percent"], 66.6667);
    assert_eq!(value["overall"]["direct_recall"]["of"], 3);
    assert_eq!(value["by_label"]["OTHER_ID"]["protected"]["percent"], serde_json::Value::Null);
    assert_eq!(value["by_role"]["staff"]["role_accuracy"]["hits"], 1);
    assert_eq!(value["by_meta"]["setting"]["gp"]["messages"], 2);
    assert_eq!(value["by_meta"]["setting"]["gp"]["text_damage"]["of"], 16);
    assert_eq!(value["overall"].as_object().unwrap().len(), scored.overall.named().len());
    assert!(value["intervals"]["protected"]["low"].as_f64().unwrap() <= 60.0);
    assert!(value["intervals"]["protected"]["high"].as_f64().unwrap() >= 60.0);

    let value: serde_json::Value =
        serde_json::from_str(&report::json(&scored, Examples::Include).unwrap()).unwrap();
    assert_eq!(value["misses"][1]["words"], "EX16 9LF");
    assert_eq!(value["misses"][1]["class"], "direct");
    assert_eq!(value["false_alarms"][0]["rule"], "surname");
    assert_eq!(value["false_alarms"][0]["end_byte"], 5);
}

#[test]
fn comparisons_are_rendered_without_text() {
    let none: [Prediction; 0] = [];
    let compared = compare(&corpus(), answers, |_| none);
    let text = report::comparison(&compared);
    assert!(text.starts_with("4 messages, 3 differ\n"), "{text}");
    assert!(text.contains("direct_recall          66.7   0.0   -66.7\n"), "{text}");
    assert!(text.contains("span_precision         80.0     -       -\n"), "{text}");
    assert!(!text.contains("Bloggs") && !text.contains("wells"));
}

#[test]
fn debug_output_holds_no_text() {
    let scored = score(&corpus(), answers, &options());
    let debug = format!("{scored:?}");
    for words in ["Bloggs", "wells", "EX16", "PH2", "Ng at", "score 4"] {
        assert!(!debug.contains(words), "{words}");
    }
    assert!(debug.contains("words_bytes: 5"));
}
